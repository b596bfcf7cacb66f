export { EC2Client as Client, DescribeAddressesCommand, DescribeRegionsCommand } from "@aws-sdk/client-ec2";
