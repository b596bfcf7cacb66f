export {
  DynamoDBClient as Client,
  ListTablesCommand,
  DescribeTableCommand,
  DescribeContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
