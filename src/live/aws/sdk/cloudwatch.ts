export { CloudWatchClient as Client, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
