import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, thing } from "./shape.ts";

const sqs = service("sqs", () => import("./sdk/sqs.ts"));

export const queues: Collector<AwsSession> = {
  types: ["aws_sqs_queue"],
  scope: "region",
  actions: ["sqs:ListQueues"],
  list: async (session, region) => {
    const action = "sqs:ListQueues";
    // Without a size the answer stops at a thousand and says nothing of the rest.
    const urls = await pages(
      session,
      sqs,
      region,
      action,
      (sdk, NextToken) => new sdk.ListQueuesCommand({ NextToken, MaxResults: 1000 }),
      ({ QueueUrls }) => QueueUrls,
      ({ NextToken }) => NextToken,
    );
    const { partition } = session.caller;
    return urls.map((url) => {
      const [account = "", name = ""] = must(url, action).split("/").slice(-2);
      return thing("aws_sqs_queue", url, { name }, { url, name, arn: `arn:${partition}:sqs:${region}:${account}:${name}` });
    });
  },
  details: [
    {
      of: "aws_sqs_queue",
      actions: ["sqs:GetQueueAttributes"],
      gives: ["aws_sqs_queue_policy"],
      read: async (session, { id, name }, region) => {
        const { Attributes } = await send(
          session,
          sqs,
          region,
          "sqs:GetQueueAttributes",
          (sdk) => new sdk.GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["All"] }),
        );
        if (Attributes === undefined) return {};
        const { Policy } = Attributes;
        return {
          attributes: queue(Attributes),
          satellites:
            Policy === undefined || Policy === ""
              ? []
              : [thing("aws_sqs_queue_policy", id, { name }, { queue_url: id, policy: Policy })],
        };
      },
    },
  ],
};

function queue(of: Readonly<Record<string, string>>): JsonObject {
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
  return {
    ...always({
      arn: of.QueueArn,
      delay_seconds: number(of.DelaySeconds),
      max_message_size: number(of.MaximumMessageSize),
      message_retention_seconds: number(of.MessageRetentionPeriod),
      receive_wait_time_seconds: number(of.ReceiveMessageWaitTimeSeconds),
      visibility_timeout_seconds: number(of.VisibilityTimeout),
      // Always told, so a queue that does not tell was not read.
      sqs_managed_sse_enabled: of.SqsManagedSseEnabled === undefined ? undefined : of.SqsManagedSseEnabled === "true",
    }),
    ...optional({
      kms_data_key_reuse_period_seconds: number(of.KmsDataKeyReusePeriodSeconds),
      kms_master_key_id: of.KmsMasterKeyId,
      deduplication_scope: of.DeduplicationScope,
      fifo_throughput_limit: of.FifoThroughputLimit,
      redrive_allow_policy: of.RedriveAllowPolicy,
      redrive_policy: of.RedrivePolicy,
    }),
    fifo_queue: of.FifoQueue === "true",
    content_based_deduplication: of.ContentBasedDeduplication === "true",
    // As a thing of its own.
    policy: null,
  };
}
