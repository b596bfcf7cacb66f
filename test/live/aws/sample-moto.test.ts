import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { CreateRepositoryCommand, ECRClient, SetRepositoryPolicyCommand } from "@aws-sdk/client-ecr";
import { CreateDBInstanceCommand, CreateDBSnapshotCommand, ModifyDBSnapshotAttributeCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutResourcePolicyCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/aws/account.ts";
import { startDouble } from "../../../src/live/sample/aws/server.ts";
import { connect, emptyMoto, quickAccess, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

/*
 * What moto answers to the same things, made through the SDK, has to become the same attributes as what the sample's double answers:
 * two servers that were written apart.
 */

const theirs = "123456789012";
const ours = "111122223333";
const sampleKey = `arn:aws:kms:eu-west-1:${ours}:key/0a1b2c3d-0000-4000-8000-000000000001`;

const document = (...Statement: readonly object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** Made at its own time or by chance. */
const everywhere = ["id", "arn", "tags", "tags_all", "region"];

/** What the two say differently of the same thing, and who is right. */
const apart: Readonly<Record<string, readonly string[]>> = {
  // AWS fills in what nobody set; moto has versions, windows and certificates of its own time.
  aws_db_instance: [
    "address",
    "backup_window",
    "ca_cert_identifier",
    "copy_tags_to_snapshot",
    "db_subnet_group_name",
    "endpoint",
    "engine_version",
    "engine_version_actual",
    "hosted_zone_id",
    "latest_restorable_time",
    "license_model",
    "maintenance_window",
    "network_type",
    "option_group_name",
    "parameter_group_name",
    "performance_insights_enabled",
    "resource_id",
    "vpc_security_group_ids",
  ],
  aws_db_snapshot: [
    "availability_zone",
    "license_model",
    "option_group_name",
    "port",
    "storage_type",
    "vpc_id",
    "engine_version",
    "db_snapshot_arn",
  ],
  // moto writes the name as an ARN, and a policy of its own.
  aws_sns_topic: ["display_name", "delivery_policy", "signature_version", "tracing_config"],
  aws_sqs_queue: ["url", "kms_data_key_reuse_period_seconds"],
  aws_sqs_queue_policy: ["queue_url"],
  aws_secretsmanager_secret_policy: ["secret_arn"],
  aws_ecr_repository: ["repository_url"],
};

const compared = [
  "aws_db_instance",
  "aws_db_snapshot",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_ecr_repository_policy",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_secretsmanager_secret_policy",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_sqs_queue",
  "aws_sqs_queue_policy",
];

const ids = [
  "aws-dynamodb-deletion-protection",
  "aws-dynamodb-pitr",
  "aws-ecr-immutable-tags",
  "aws-ecr-policy-public",
  "aws-rds-instance-public",
  "aws-rds-snapshot-public",
  "aws-s3-bucket-policy-public",
  "aws-s3-bucket-public-access-block",
  "aws-s3-bucket-versioning",
  "aws-secretsmanager-policy-public",
  "aws-sns-encryption",
  "aws-sns-public",
  "aws-sqs-encryption",
  "aws-sqs-public",
];

describe("the sample account of AWS and moto", () => {
  it("say the same of the same things", async () => {
    const endpoint = await emptyMoto();
    await seed(endpoint);
    const moto = await scan(await connect(endpoint), collectors, ids);
    const double = await startDouble(sampleAccount(new Date()));
    try {
      const session = await quickAccess().open({
        source: { id: "kept:sample", cloud: "aws", title: "sample", from: "sample", problem: undefined },
        keys: sampleKeys,
        endpoint: double.url,
        signal: new AbortController().signal,
      });
      const sample = await scan(session, collectors, ids);
      const differences: string[] = [];
      let same = 0;
      for (const { type, name, attributes } of sample.data.resources) {
        if (!compared.includes(type)) continue;
        const other = moto.data.resources.find((each) => each.type === type && each.name.replaceAll(theirs, ours) === name);
        if (other === undefined) {
          differences.push(`${type} ${name} is not in moto`);
          continue;
        }
        for (const attribute of new Set([...Object.keys(attributes), ...Object.keys(other.attributes)])) {
          if (everywhere.includes(attribute) || apart[type]?.includes(attribute) === true) continue;
          const [a, b] = [shown(attributes, attribute), shown(other.attributes, attribute)];
          if (a === b) same++;
          else differences.push(`${type} ${name} ${attribute}: ${a} in the sample, ${b} in moto`);
        }
      }
      assert.deepEqual(differences, []);
      assert.ok(same > 80, `${String(same)} attributes compared`);
      for (const id of ids) assert.deepEqual(sample.verdicts[id], moto.verdicts[id], id);
    } finally {
      await double.close();
    }
  });
});

/** Documents by what they mean. */
function shown(attributes: JsonObject, name: string): string {
  const value = attributes[name];
  if (value === undefined) return "nothing";
  const text = typeof value === "string" && value.startsWith("{") ? JSON.stringify(JSON.parse(value)) : JSON.stringify(value);
  return text.replaceAll(theirs, ours);
}

async function seed(endpoint: string): Promise<void> {
  const statement = (Principal: unknown, Action: unknown, more: object = {}) => ({ Effect: "Allow", Principal, Action, ...more });

  const ecr = new ECRClient(seeding(endpoint));
  await ecr.send(
    new CreateRepositoryCommand({
      repositoryName: "shop",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
  await ecr.send(new CreateRepositoryCommand({ repositoryName: "tools" }));
  const pull = document(statement("*", ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]));
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: "tools", policyText: pull }));

  const sns = new SNSClient(seeding(endpoint));
  for (const [Name, principal] of [
    ["alarms", { Service: "cloudwatch.amazonaws.com" }],
    ["news", "*"],
  ] as const) {
    const { TopicArn = "" } = await sns.send(
      new CreateTopicCommand({ Name, ...(Name === "alarms" ? { Attributes: { KmsMasterKeyId: sampleKey } } : {}) }),
    );
    const AttributeValue = document(statement(principal, "SNS:Publish", { Resource: TopicArn }));
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }));
  }

  const sqs = new SQSClient(seeding(endpoint));
  await sqs.send(new CreateQueueCommand({ QueueName: "orders", Attributes: { SqsManagedSseEnabled: "true" } }));
  const Policy = document(statement("*", "sqs:SendMessage", { Resource: `arn:aws:sqs:eu-west-1:${theirs}:imports` }));
  await sqs.send(new CreateQueueCommand({ QueueName: "imports", Attributes: { SqsManagedSseEnabled: "false", Policy } }));

  const dynamodb = new DynamoDBClient(seeding(endpoint));
  for (const TableName of ["orders", "sessions"]) {
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: TableName === "orders",
      }),
    );
  }
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName: "orders", PointInTimeRecoverySpecification }));

  const rds = new RDSClient(seeding(endpoint));
  for (const name of ["shop", "legacy-cms"]) {
    const good = name === "shop";
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: name,
        DBInstanceClass: "db.t4g.medium",
        Engine: good ? "postgres" : "mysql",
        AllocatedStorage: 100,
        StorageType: "gp3",
        MasterUsername: "root",
        MasterUserPassword: "example-password",
        AvailabilityZone: "eu-west-1a",
        BackupRetentionPeriod: good ? 14 : 1,
        MultiAZ: good,
        AutoMinorVersionUpgrade: good,
        PubliclyAccessible: !good,
        StorageEncrypted: good,
        ...(good ? { KmsKeyId: sampleKey } : {}),
        DeletionProtection: good,
        Port: good ? 5432 : 3306,
      }),
    );
  }
  for (const DBSnapshotIdentifier of ["before-upgrade", "for-the-agency"]) {
    await rds.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier, DBInstanceIdentifier: "legacy-cms" }));
  }
  const share = { AttributeName: "restore", ValuesToAdd: ["all"] };
  await rds.send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: "for-the-agency", ...share }));

  const secrets = new SecretsManagerClient(seeding(endpoint));
  for (const [Name, principal] of [
    ["shop/database", { AWS: `arn:aws:iam::${theirs}:role/orders-function` }],
    ["partner/key", "*"],
    ["mail", undefined],
  ] as const) {
    await secrets.send(new CreateSecretCommand({ Name, SecretString: "example" }));
    if (principal === undefined) continue;
    const ResourcePolicy = document(statement(principal, "secretsmanager:GetSecretValue", { Resource: "*" }));
    await secrets.send(new PutResourcePolicyCommand({ SecretId: Name, ResourcePolicy }));
  }

  await buckets(new S3Client(seeding(endpoint)));
}

async function buckets(s3: S3Client): Promise<void> {
  const names = ["pinewood-trail", "pinewood-backups", "pinewood-media", "pinewood-uploads"];
  for (const Bucket of names) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }));
  }
  const overHttps = (name: string) => ({
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const trail = {
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::pinewood-trail/AWSLogs/${theirs}/*`,
    Condition: { StringEquals: { "aws:SourceAccount": theirs } },
  };
  const everybody = {
    Effect: "Allow",
    Principal: "*",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "arn:aws:s3:::pinewood-uploads/*",
  };
  const policies = {
    "pinewood-backups": document(overHttps("pinewood-backups")),
    "pinewood-trail": document(trail, overHttps("pinewood-trail")),
    "pinewood-uploads": document(everybody),
  };
  for (const [Bucket, Policy] of Object.entries(policies)) await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  for (const [Bucket, Status] of [
    ["pinewood-backups", "Enabled"],
    ["pinewood-trail", "Enabled"],
    ["pinewood-uploads", "Suspended"],
  ] as const) {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  }
  for (const [Bucket, on] of [
    ["pinewood-backups", true],
    ["pinewood-trail", true],
    ["pinewood-media", false],
  ] as const) {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: on,
      IgnorePublicAcls: on,
      BlockPublicPolicy: on,
      RestrictPublicBuckets: on,
    };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
  }
  for (const Bucket of names) {
    const keyed = Bucket === "pinewood-backups";
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: keyed
                ? { SSEAlgorithm: "aws:kms", KMSMasterKeyID: sampleKey }
                : { SSEAlgorithm: "AES256" },
              BucketKeyEnabled: keyed,
            },
          ],
        },
      }),
    );
  }
}
