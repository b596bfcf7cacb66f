import assert from "node:assert/strict";
import { CreateStreamCommand, KinesisClient, StartStreamEncryptionCommand } from "@aws-sdk/client-kinesis";
import { CreateBrokerCommand, MqClient } from "@aws-sdk/client-mq";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

const policy = (principal: unknown, action: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: principal, Action: action, Resource: "*" }] });

describe("messages of an AWS account", () => {
  it("topics of SNS, their policies and who listens", async () => {
    const endpoint = await emptyMoto();
    const sns = new SNSClient(seeding(endpoint));
    const make = async (Name: string, Attributes: Record<string, string> = {}) =>
      (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? "";
    const good = await make("good", { KmsMasterKeyId: "alias/own" });
    const bad = await make("bad");
    const opened = { AttributeName: "Policy", AttributeValue: policy("*", "sns:Publish") };
    await sns.send(new SetTopicAttributesCommand({ TopicArn: bad, ...opened }));
    await sns.send(new SubscribeCommand({ TopicArn: good, Protocol: "sqs", Endpoint: "arn:aws:sqs:eu-west-1:123456789012:q" }));
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-sns-encryption", "aws-sns-public"]);
    assert.deepEqual(verdicts, {
      "aws-sns-encryption": { good: "pass", bad: "fail" },
      "aws-sns-public": { good: "pass", bad: "fail" },
    });
    assert.equal(thing("aws_sns_topic", "bad").attributes["policy"], null);
    assert.equal(thing("aws_sns_topic_policy", "bad").attributes["arn"], bad);
    assert.equal(thing("aws_sns_topic", "good").attributes["kms_master_key_id"], "alias/own");
  });

  it("queues of SQS and their policies", async () => {
    const endpoint = await emptyMoto();
    const sqs = new SQSClient(seeding(endpoint));
    const make = async (QueueName: string, Attributes: Record<string, string>) =>
      (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
    await make("managed", { SqsManagedSseEnabled: "true" });
    await make("keyed", { KmsMasterKeyId: "alias/own", SqsManagedSseEnabled: "false" });
    const bad = await make("bad", { SqsManagedSseEnabled: "false" });
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: bad,
        Attributes: { Policy: policy("*", "sqs:SendMessage"), VisibilityTimeout: "45" },
      }),
    );
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: await make("own", { SqsManagedSseEnabled: "true" }),
        Attributes: { Policy: policy({ AWS: "arn:aws:iam::123456789012:root" }, "sqs:SendMessage") },
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-sqs-encryption", "aws-sqs-public"]);
    assert.deepEqual(verdicts, {
      "aws-sqs-encryption": { managed: "pass", keyed: "pass", bad: "fail", own: "pass" },
      "aws-sqs-public": { managed: "notApplicable", keyed: "notApplicable", bad: "fail", own: "pass" },
    });
    const { attributes } = thing("aws_sqs_queue", "bad");
    assert.equal(attributes["visibility_timeout_seconds"], 45);
    assert.equal(attributes["arn"], "arn:aws:sqs:eu-west-1:123456789012:bad");
    assert.equal(attributes["policy"], null);
  });

  it("streams of Kinesis, page by page", async () => {
    const endpoint = await emptyMoto();
    const kinesis = new KinesisClient({ ...seeding(endpoint), requestHandler: new SQSClient({}).config.requestHandler });
    for (let index = 0; index < 12; index++) {
      await kinesis.send(new CreateStreamCommand({ StreamName: `bad-${String(index).padStart(2, "0")}`, ShardCount: 1 }));
    }
    await kinesis.send(new CreateStreamCommand({ StreamName: "good", ShardCount: 2 }));
    await kinesis.send(new StartStreamEncryptionCommand({ StreamName: "good", EncryptionType: "KMS", KeyId: "alias/aws/kinesis" }));
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-kinesis-encryption"]);
    const of = verdicts["aws-kinesis-encryption"] ?? {};
    assert.equal(Object.keys(of).length, 13);
    assert.equal(of["good"], "pass");
    assert.equal(of["bad-11"], "fail");
    const { attributes } = thing("aws_kinesis_stream", "good");
    assert.equal(attributes["kms_key_id"], "alias/aws/kinesis");
    assert.equal(attributes["shard_count"], 2);
  });

  it("brokers of Amazon MQ", async () => {
    const endpoint = await emptyMoto();
    const mq = new MqClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await mq.send(
        new CreateBrokerCommand({
          BrokerName: name,
          EngineType: "RABBITMQ",
          EngineVersion: "3.13",
          HostInstanceType: "mq.m5.large",
          DeploymentMode: "SINGLE_INSTANCE",
          PubliclyAccessible: name === "bad",
          AutoMinorVersionUpgrade: true,
          Users: [{ Username: "root", Password: "example-password" }],
        }),
      );
    }
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-mq-public"]);
    assert.deepEqual(verdicts["aws-mq-public"], { good: "pass", bad: "fail" });
    assert.equal(thing("aws_mq_broker", "good").attributes["engine_type"], "RABBITMQ");
  });

  it("clusters of Kafka, of which serverless ones are none (moto's have times that the SDK can't read)", async () => {
    const cluster = (name: string, access: object, transit: object) => ({
      clusterType: "PROVISIONED",
      clusterArn: `arn:aws:kafka:eu-west-1:123456789012:cluster/${name}/8d1d7c5a-0000-4000-8000-000000000000-2`,
      clusterName: name,
      creationTime: "2026-01-02T03:04:05.000Z",
      currentVersion: "K3P5ROKL5A1OLE",
      state: "ACTIVE",
      tags: {},
      provisioned: {
        brokerNodeGroupInfo: {
          brokerAZDistribution: "DEFAULT",
          clientSubnets: ["subnet-1", "subnet-2", "subnet-3"],
          instanceType: "kafka.m7g.large",
          securityGroups: ["sg-1"],
          storageInfo: { ebsStorageInfo: { volumeSize: 100 } },
          ...access,
        },
        currentBrokerSoftwareInfo: { kafkaVersion: "3.9.x" },
        encryptionInfo: { encryptionAtRest: { dataVolumeKMSKeyId: "arn:aws:kms:eu-west-1:123456789012:key/one" }, ...transit },
        enhancedMonitoring: "DEFAULT",
        numberOfBrokerNodes: 3,
      },
    });
    const type = (of: string) => ({ connectivityInfo: { publicAccess: { type: of } } });
    const transit = (clientBroker: string) => ({ encryptionInTransit: { clientBroker, inCluster: true } });
    const front = await double({
      "GET /api/v2/clusters": (_: string, url: string) =>
        url.includes("nextToken")
          ? {
              clusterInfoList: [cluster("bad", type("SERVICE_PROVIDED_EIPS"), transit("TLS_PLAINTEXT")), cluster("untold", {}, {})],
            }
          : {
              nextToken: "more",
              clusterInfoList: [
                cluster("good", type("DISABLED"), transit("TLS")),
                {
                  clusterType: "SERVERLESS",
                  clusterArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/serverless/1",
                  clusterName: "serverless",
                },
              ],
            },
    });
    try {
      const { verdicts, thing } = await scan(await connect(front.endpoint), collectors, ["aws-msk-encryption", "aws-msk-public"]);
      const unread = (name: string) => `unknown (unsupported: \`${name}\` is not read from accounts)`;
      assert.deepEqual(verdicts, {
        "aws-msk-encryption": { good: "pass", bad: "fail", untold: unread("encryption_info") },
        "aws-msk-public": { good: "pass", bad: "fail", untold: unread("broker_node_group_info") },
      });
      const { attributes } = thing("aws_msk_cluster", "good");
      assert.equal(attributes["number_of_broker_nodes"], 3);
      assert.equal(attributes["kafka_version"], "3.9.x");
    } finally {
      await front.stop();
    }
  });
});
