export { DescribeClusterCommand, EKSClient as Client, UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
