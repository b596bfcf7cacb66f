import type { StreamDescriptionSummary } from "@aws-sdk/client-kinesis";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, list, must, optional, thing } from "./shape.ts";

const kinesis = service("kinesis", () => import("./sdk/kinesis.ts"));

export const streams: Collector<AwsSession> = {
  types: ["aws_kinesis_stream"],
  scope: "region",
  actions: ["kinesis:ListStreams"],
  list: async (session, region) => {
    const action = "kinesis:ListStreams";
    const names = await pages(
      session,
      kinesis,
      region,
      action,
      (sdk, ExclusiveStartStreamName) => new sdk.ListStreamsCommand({ ExclusiveStartStreamName, Limit: 100 }),
      ({ StreamNames }) => StreamNames,
      ({ HasMoreStreams, StreamNames }) => (HasMoreStreams === true ? StreamNames?.at(-1) : undefined),
    );
    const { partition, account } = session.caller;
    return names.map((name) => {
      const arn = `arn:${partition}:kinesis:${region}:${account}:stream/${must(name, action)}`;
      return thing("aws_kinesis_stream", arn, { name }, { name, arn });
    });
  },
  details: [
    {
      of: "aws_kinesis_stream",
      actions: ["kinesis:DescribeStreamSummary"],
      read: async (session, { attributes }, region) => {
        const { StreamDescriptionSummary: of } = await send(
          session,
          kinesis,
          region,
          "kinesis:DescribeStreamSummary",
          (sdk) => new sdk.DescribeStreamSummaryCommand({ StreamName: attributes.name as string }),
        );
        return { attributes: of === undefined ? {} : stream(of) };
      },
    },
  ],
};

function stream(of: StreamDescriptionSummary): JsonObject {
  return {
    ...always({
      arn: of.StreamARN,
      encryption_type: of.EncryptionType,
      retention_period: of.RetentionPeriodHours,
      shard_count: of.StreamModeDetails?.StreamMode === "ON_DEMAND" ? undefined : of.OpenShardCount,
      max_record_size_in_kib: of.MaxRecordSizeInKiB,
    }),
    ...optional({
      kms_key_id: of.KeyId,
      shard_level_metrics: list(of.EnhancedMonitoring?.[0]?.ShardLevelMetrics),
    }),
    stream_mode_details: block(of.StreamModeDetails, ({ StreamMode }) => always({ stream_mode: StreamMode })),
  };
}
