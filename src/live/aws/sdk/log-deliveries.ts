export { CloudWatchLogsClient as Client, DescribeDeliverySourcesCommand } from "@aws-sdk/client-cloudwatch-logs";
