export { RedshiftClient as Client, DescribeClustersCommand, DescribeLoggingStatusCommand } from "@aws-sdk/client-redshift";
