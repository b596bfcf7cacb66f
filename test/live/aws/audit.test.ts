import assert from "node:assert/strict";
import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateKeyCommand,
  EnableKeyRotationCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { read, some, verdicts } from "./assess.ts";
import { account, connect, emptyMoto, Front, region, seeding } from "./moto.ts";

describe("records of what happens in an account", () => {
  let endpoint: string;
  const bucket = async (Bucket: string): Promise<void> => {
    await new S3Client(seeding(endpoint)).send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
  };
  const trails = (where = region): CloudTrailClient => new CloudTrailClient(seeding(endpoint, where));

  beforeEach(async () => {
    endpoint = await emptyMoto();
  });

  it("gives trails of all regions, whichever is scanned, each once", async () => {
    await bucket("logs");
    const everywhere = await trails("us-west-2").send(
      new CreateTrailCommand({ Name: "everywhere", S3BucketName: "logs", IsMultiRegionTrail: true, EnableLogFileValidation: true }),
    );
    const here = await trails().send(new CreateTrailCommand({ Name: "here", S3BucketName: "logs" }));
    await trails("us-west-2").send(new StartLoggingCommand({ Name: "everywhere" }));
    const { one, ids } = await read(await connect(endpoint), ["aws_cloudtrail"]);
    assert.deepEqual([...ids("aws_cloudtrail")].sort(), [here.TrailARN, everywhere.TrailARN].sort());
    assert.equal(one("aws_cloudtrail", everywhere.TrailARN).region, "us-west-2");
    assert.deepEqual(
      some(one("aws_cloudtrail", everywhere.TrailARN), [
        "name",
        "is_multi_region_trail",
        "enable_log_file_validation",
        "enable_logging",
        "s3_bucket_name",
        "kms_key_id",
        "cloud_watch_logs_group_arn",
      ]),
      {
        name: "everywhere",
        is_multi_region_trail: true,
        enable_log_file_validation: true,
        enable_logging: true,
        s3_bucket_name: "logs",
        kms_key_id: null,
        cloud_watch_logs_group_arn: null,
      },
    );
    assert.deepEqual(some(one("aws_cloudtrail", here.TrailARN), ["enable_logging", "is_multi_region_trail"]), {
      enable_logging: false,
      is_multi_region_trail: false,
    });
  });

  it("judges trails, and an account without a good one", async () => {
    const item = "aws-cloudtrail-multi-region";
    const ofAccount = async (): Promise<string | undefined> => (await verdicts(await connect(endpoint), [item]))[item]![account];
    assert.equal(await ofAccount(), "fail");
    await bucket("logs");
    const { TrailARN } = await trails().send(
      new CreateTrailCommand({ Name: "main", S3BucketName: "logs", IsMultiRegionTrail: true }),
    );
    assert.equal(await ofAccount(), "fail", "it is not on");
    await trails().send(new StartLoggingCommand({ Name: "main" }));
    const management = (include: boolean) =>
      trails().send(
        new PutEventSelectorsCommand({
          TrailName: "main",
          EventSelectors: [{ ReadWriteType: "All", IncludeManagementEvents: include, DataResources: [] }],
        }),
      );
    await management(true);
    assert.equal(await ofAccount(), "pass");
    await management(false);
    assert.equal(await ofAccount(), "fail");
    const advanced = (...FieldSelectors: { Field: string; Equals: string[] }[]) =>
      trails().send(new PutEventSelectorsCommand({ TrailName: "main", AdvancedEventSelectors: [{ Name: "n", FieldSelectors }] }));
    await advanced({ Field: "eventCategory", Equals: ["Management"] });
    const { one } = await read(await connect(endpoint), ["aws_cloudtrail"]);
    const [selector] = one("aws_cloudtrail").attributes["advanced_event_selector"] as { field_selector: object[] }[];
    assert.deepEqual(selector!.field_selector, [
      {
        field: "eventCategory",
        equals: ["Management"],
        starts_with: null,
        ends_with: null,
        not_equals: null,
        not_starts_with: null,
        not_ends_with: null,
      },
    ]);
    await trails().send(new StopLoggingCommand({ Name: "main" }));
    const items = [
      "aws-cloudtrail-logging-on",
      "aws-cloudtrail-log-validation",
      "aws-cloudtrail-kms",
      "aws-cloudtrail-cloudwatch",
      "aws-cloudtrail-bucket-logging",
      "aws-cloudtrail-bucket-private",
    ];
    assert.deepEqual(await verdicts(await connect(endpoint), items), {
      "aws-cloudtrail-logging-on": { [TrailARN!]: "fail" },
      "aws-cloudtrail-log-validation": { [TrailARN!]: "fail" },
      "aws-cloudtrail-kms": { [TrailARN!]: "fail" },
      "aws-cloudtrail-cloudwatch": { [TrailARN!]: "fail" },
      "aws-cloudtrail-bucket-logging": { [TrailARN!]: "fail" },
      "aws-cloudtrail-bucket-private": { [TrailARN!]: "pass" },
    });
  });

  it("follows a trail to its log group, filter, alarm and topic", async function () {
    const item = "aws-cloudwatch-alarm-root-usage";
    await bucket("logs");
    const logs = new CloudWatchLogsClient(seeding(endpoint));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "trail" }));
    await trails().send(
      new CreateTrailCommand({
        Name: "main",
        S3BucketName: "logs",
        IsMultiRegionTrail: true,
        CloudWatchLogsLogGroupArn: `arn:aws:logs:${region}:${account}:log-group:trail:*`,
        CloudWatchLogsRoleArn: `arn:aws:iam::${account}:role/trail`,
      }),
    );
    await trails().send(new StartLoggingCommand({ Name: "main" }));
    await logs.send(
      new PutMetricFilterCommand({
        logGroupName: "trail",
        filterName: "root",
        filterPattern:
          '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        metricTransformations: [{ metricName: "root", metricNamespace: "cis", metricValue: "1" }],
      }),
    );
    const sns = new SNSClient(seeding(endpoint));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "security" }));
    await new CloudWatchClient(seeding(endpoint)).send(
      new PutMetricAlarmCommand({
        AlarmName: "root",
        MetricName: "root",
        Namespace: "cis",
        AlarmActions: [TopicArn!],
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        EvaluationPeriods: 1,
        Period: 300,
        Statistic: "Sum",
        Threshold: 1,
      }),
    );
    const { one } = await read(await connect(endpoint), ["aws_cloudwatch_log_metric_filter", "aws_cloudwatch_metric_alarm"]);
    assert.deepEqual(some(one("aws_cloudwatch_log_metric_filter"), ["name", "log_group_name", "metric_transformation"]), {
      name: "root",
      log_group_name: "trail",
      metric_transformation: [{ name: "root", namespace: "cis", value: "1", default_value: null, dimensions: null, unit: "None" }],
    });
    assert.deepEqual(
      some(one("aws_cloudwatch_metric_alarm"), ["actions_enabled", "alarm_actions", "metric_name", "namespace", "metric_query"]),
      {
        actions_enabled: true,
        alarm_actions: [TopicArn],
        metric_name: "root",
        namespace: "cis",
        metric_query: [],
      },
    );
    // Topics are another file's: without it the verdict must not be "pass".
    const verdict = async (): Promise<string> => (await verdicts(await connect(endpoint), [item]))[item]![account]!;
    if (!collectors.some(({ types }) => types.includes("aws_sns_topic"))) {
      assert.match(await verdict(), /^unknown/);
      return;
    }
    assert.equal(await verdict(), "fail", "nobody listens");
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "security@example.com" }));
    assert.equal(await verdict(), "pass");
  });

  it("judges how long events are kept", async () => {
    const logs = new CloudWatchLogsClient(seeding(endpoint));
    for (const logGroupName of ["forever", "short", "long"]) await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: "short", retentionInDays: 3 }));
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: "long", retentionInDays: 400 }));
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_cloudwatch_log_group"]);
    assert.deepEqual(some(one("aws_cloudwatch_log_group", "forever"), ["name", "arn", "retention_in_days", "kms_key_id"]), {
      name: "forever",
      arn: `arn:aws:logs:${region}:${account}:log-group:forever`,
      retention_in_days: 0,
      kms_key_id: null,
    });
    // moto does not tell the class of a group, as AWS does.
    const group = (logGroupName: string, more: object) => ({
      logGroupName,
      logGroupArn: logGroupName,
      logGroupClass: "STANDARD",
      ...more,
    });
    const body = JSON.stringify({
      logGroups: [group("forever", {}), group("short", { retentionInDays: 3 }), group("long", { retentionInDays: 400 })],
    });
    const front = await Front.start(endpoint, ({ headers }) =>
      headers["x-amz-target"] === "Logs_20140328.DescribeLogGroups" ? { status: 200, body } : undefined,
    );
    const item = "aws-cloudwatch-log-group-retention";
    const found = (await verdicts(await connect(front.endpoint), [item]))[item]!;
    await front.stop();
    assert.deepEqual(found, { forever: found["forever"], short: "fail", long: "pass" });
  });

  it("gives the account's own keys, and judges them", async () => {
    const kms = new KMSClient(seeding(endpoint));
    const key = async (): Promise<string> =>
      (await kms.send(new CreateKeyCommand({ Description: "for data", KeyUsage: "ENCRYPT_DECRYPT", KeySpec: "SYMMETRIC_DEFAULT" })))
        .KeyMetadata!.KeyId!;
    const [bad, good, leaving] = [await key(), await key(), await key()];
    await kms.send(new EnableKeyRotationCommand({ KeyId: good, RotationPeriodInDays: 180 }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" }],
    });
    await kms.send(new PutKeyPolicyCommand({ KeyId: bad, PolicyName: "default", Policy }));
    const session = await connect(endpoint);
    const { one, ids } = await read(session, ["aws_kms_key"]);
    assert.equal(ids("aws_kms_key").length, 3);
    assert.deepEqual(
      some(one("aws_kms_key", good), [
        "key_id",
        "arn",
        "is_enabled",
        "key_usage",
        "customer_master_key_spec",
        "enable_key_rotation",
        "deletion_date",
        "custom_key_store_id",
      ]),
      {
        key_id: good,
        arn: `arn:aws:kms:${region}:${account}:key/${good}`,
        is_enabled: true,
        key_usage: "ENCRYPT_DECRYPT",
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
        enable_key_rotation: true,
        deletion_date: null,
        custom_key_store_id: null,
      },
    );
    const found = await verdicts(session, ["aws-kms-key-rotation", "aws-kms-key-policy-public", "aws-kms-key-pending-deletion"]);
    assert.deepEqual(found["aws-kms-key-rotation"], { [bad]: "fail", [good]: "pass" });
    assert.equal(found["aws-kms-key-policy-public"]![bad], "fail");
    assert.equal(found["aws-kms-key-policy-public"]![good], "pass");
    assert.deepEqual(found["aws-kms-key-pending-deletion"], { [bad]: "pass", [good]: "pass", [leaving]: "fail" });
  });

  it("leaves open whether a key rotates that can't", async () => {
    const kms = new KMSClient(seeding(endpoint));
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }));
    const { one } = await read(await connect(endpoint), ["aws_kms_key"]);
    const key = one("aws_kms_key", KeyMetadata!.KeyId);
    assert.notEqual(key.attributes["enable_key_rotation"], true);
    assert.equal(key.attributes["key_usage"], "SIGN_VERIFY");
  });
});
