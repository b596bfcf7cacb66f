import type { TableDescription } from "@aws-sdk/client-dynamodb";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, must, optional, thing } from "./shape.ts";

const dynamodb = service("dynamodb", () => import("./sdk/dynamodb.ts"));

export const tables: Collector<AwsSession> = {
  types: ["aws_dynamodb_table"],
  scope: "region",
  actions: ["dynamodb:ListTables"],
  list: async (session, region) => {
    const action = "dynamodb:ListTables";
    const names = await pages(
      session,
      dynamodb,
      region,
      action,
      (sdk, ExclusiveStartTableName) => new sdk.ListTablesCommand({ ExclusiveStartTableName, Limit: 100 }),
      ({ TableNames }) => TableNames,
      ({ LastEvaluatedTableName }) => LastEvaluatedTableName,
    );
    const { partition, account } = session.caller;
    return names.map((name) => {
      const arn = `arn:${partition}:dynamodb:${region}:${account}:table/${must(name, action)}`;
      return thing("aws_dynamodb_table", name, { name }, { name, arn });
    });
  },
  details: [
    {
      of: "aws_dynamodb_table",
      actions: ["dynamodb:DescribeTable"],
      read: async (session, { id }, region) => {
        const action = "dynamodb:DescribeTable";
        const { Table } = await send(session, dynamodb, region, action, (sdk) => new sdk.DescribeTableCommand({ TableName: id }));
        return { attributes: Table === undefined ? {} : table(Table) };
      },
    },
    {
      of: "aws_dynamodb_table",
      actions: ["dynamodb:DescribeContinuousBackups"],
      read: async (session, { id }, region) => {
        const action = "dynamodb:DescribeContinuousBackups";
        const answer = await send(
          session,
          dynamodb,
          region,
          action,
          (sdk) => new sdk.DescribeContinuousBackupsCommand({ TableName: id }),
        );
        const recovery = answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
        if (recovery?.PointInTimeRecoveryStatus === undefined) return {};
        return {
          attributes: {
            point_in_time_recovery: {
              enabled: recovery.PointInTimeRecoveryStatus === "ENABLED",
              ...optional({ recovery_period_in_days: recovery.RecoveryPeriodInDays }),
            },
          },
        };
      },
    },
  ],
};

function table(of: TableDescription): JsonObject {
  const key = (type: string): string | undefined => of.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const sse = of.SSEDescription;
  return {
    ...always({
      arn: of.TableArn,
      deletion_protection_enabled: of.DeletionProtectionEnabled,
      hash_key: key("HASH"),
      read_capacity: of.ProvisionedThroughput?.ReadCapacityUnits,
      write_capacity: of.ProvisionedThroughput?.WriteCapacityUnits,
    }),
    ...optional({
      range_key: key("RANGE"),
      stream_arn: of.LatestStreamArn,
      stream_label: of.LatestStreamLabel,
      stream_view_type: of.StreamSpecification?.StreamViewType,
    }),
    // What the API leaves out of a table that was made without it.
    billing_mode: of.BillingModeSummary?.BillingMode ?? "PROVISIONED",
    table_class: of.TableClassSummary?.TableClass ?? "STANDARD",
    stream_enabled: of.StreamSpecification?.StreamEnabled ?? false,
    // Left out: the key is one that DynamoDB owns.
    server_side_encryption: block(sse?.Status === undefined ? undefined : sse, ({ Status, KMSMasterKeyArn }) => ({
      enabled: Status !== "DISABLED" && Status !== "DISABLING",
      ...optional({ kms_key_arn: KMSMasterKeyArn }),
    })),
    attribute: blocks(of.AttributeDefinitions, ({ AttributeName, AttributeType }) =>
      always({ name: AttributeName, type: AttributeType }),
    ),
  };
}
