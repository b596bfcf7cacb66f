import type { Collector, Found } from "../collector.ts";
import type { JsonObject } from "../../core/snapshots/model.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, thing } from "./shape.ts";

const sns = service("sns", () => import("./sdk/sns.ts"));

export const topics: Collector<AwsSession> = {
  types: ["aws_sns_topic"],
  scope: "region",
  actions: ["sns:ListTopics"],
  list: async (session, region) => {
    const action = "sns:ListTopics";
    const all = await pages(
      session,
      sns,
      region,
      action,
      (sdk, NextToken) => new sdk.ListTopicsCommand({ NextToken }),
      ({ Topics }) => Topics,
      ({ NextToken }) => NextToken,
    );
    return all.map(({ TopicArn }) => {
      const arn = must(TopicArn, action);
      const name = arn.split(":").at(-1) ?? arn;
      return thing("aws_sns_topic", arn, { name }, { arn, name, fifo_topic: name.endsWith(".fifo") });
    });
  },
  details: [
    {
      of: "aws_sns_topic",
      actions: ["sns:GetTopicAttributes"],
      gives: ["aws_sns_topic_policy"],
      read: async (session, { id, name }, region) => {
        const action = "sns:GetTopicAttributes";
        const { Attributes } = await send(
          session,
          sns,
          region,
          action,
          (sdk) => new sdk.GetTopicAttributesCommand({ TopicArn: id }),
        );
        if (Attributes === undefined) return {};
        const { Policy, Owner } = Attributes;
        const policy = { arn: id, ...always({ policy: Policy, owner: Owner }) };
        return {
          attributes: topic(Attributes),
          satellites: Policy === undefined || Policy === "" ? [] : [thing("aws_sns_topic_policy", id, { name }, policy)],
        };
      },
    },
    {
      of: "aws_sns_topic",
      actions: ["sns:ListSubscriptionsByTopic"],
      gives: ["aws_sns_topic_subscription"],
      read: async (session, { id }, region) => {
        const all = await pages(
          session,
          sns,
          region,
          "sns:ListSubscriptionsByTopic",
          (sdk, NextToken) => new sdk.ListSubscriptionsByTopicCommand({ TopicArn: id, NextToken }),
          ({ Subscriptions }) => Subscriptions,
          ({ NextToken }) => NextToken,
        );
        return { satellites: all.flatMap((of) => subscription(of, id)) };
      },
    },
  ],
};

/** The API leaves out what is not set. */
function topic(of: Readonly<Record<string, string>>): JsonObject {
  return {
    ...always({ owner: of.Owner }),
    ...optional({
      archive_policy: of.ArchivePolicy,
      delivery_policy: of.DeliveryPolicy,
      display_name: of.DisplayName,
      fifo_throughput_scope: of.FifoThroughputScope,
      kms_master_key_id: of.KmsMasterKeyId,
      signature_version: of.SignatureVersion === undefined ? undefined : Number(of.SignatureVersion),
      tracing_config: of.TracingConfig,
    }),
    fifo_topic: of.FifoTopic === "true",
    content_based_deduplication: of.ContentBasedDeduplication === "true",
    // As a thing of its own.
    policy: null,
  };
}

interface Subscription {
  readonly SubscriptionArn?: string | undefined;
  readonly Protocol?: string | undefined;
  readonly Endpoint?: string | undefined;
  readonly Owner?: string | undefined;
}

/** One that nobody has confirmed yet has no ARN, and receives nothing. One that was deleted shows for a while. */
function subscription({ SubscriptionArn, Protocol, Endpoint, Owner }: Subscription, topicArn: string): readonly Found[] {
  if (SubscriptionArn === "PendingConfirmation" || SubscriptionArn === "Deleted") return [];
  const arn = must(SubscriptionArn, "sns:ListSubscriptionsByTopic");
  const attributes = {
    arn,
    topic_arn: topicArn,
    pending_confirmation: false,
    ...always({ protocol: Protocol, endpoint: Endpoint, owner_id: Owner }),
  };
  return [thing("aws_sns_topic_subscription", arn, { name: Endpoint }, attributes)];
}
