import assert from "node:assert/strict";
import type { CloudAccess } from "../../../src/live/session.ts";
import { remedies } from "../../../src/live/aws/remedies/all.ts";
import { bundled } from "../../harness/check-world.ts";
import { loop, loopAccount, type LoopAccount, type LoopOptions } from "../remedy-loop.ts";
import { double } from "./double.ts";
import { connection, emptyMoto, quickAccess, region, type Front } from "./moto.ts";
import { seedFailing, type Failing } from "./remedy-seeds.ts";
import { states } from "./remedy-doubles.ts";

/** What each item is tried on; where undoing leaves something different the remedy says so. */
const cases: readonly (readonly [item: string, instance: keyof Failing, options?: LoopOptions])[] = [
  ["aws-s3-bucket-versioning", "bucket", { differs: true }],
  ["aws-s3-bucket-versioning", "suspendedBucket"],
  ["aws-s3-bucket-public-access-block", "bucket"],
  ["aws-s3-bucket-policy-public", "openBucket"],
  ["aws-s3-bucket-policy-public-write", "openBucket"],
  ["aws-s3-account-public-access-block", "accountBlock"],
  ["aws-s3-bucket-acl-public-read", "openBucket"],
  ["aws-s3-bucket-acl-public-write", "openBucket"],
  ["aws-s3-bucket-secure-transport", "bucket"],
  ["aws-s3-bucket-secure-transport", "openBucket"],
  ["aws-s3-bucket-logging", "bucket", { parameters: { target: "logs-bucket" } }],
  ["aws-ec2-sg-ssh-open", "group", { differs: true }],
  ["aws-ec2-sg-rdp-open", "group", { differs: true }],
  ["aws-ec2-sg-admin-ports-open", "group", { differs: true }],
  ["aws-ec2-sg-database-ports-open", "group", { differs: true }],
  ["aws-ec2-sg-all-ports-open", "group", { differs: true }],
  ["aws-ec2-sg-default-restricted", "defaultGroup", { differs: true }],
  ["aws-ec2-instance-imdsv2", "instance"],
  ["aws-ec2-ami-public", "image"],
  ["aws-vpc-subnet-auto-public-ip", "subnet"],
  ["aws-vpc-flow-log", "vpc", { parameters: { destination: "arn:aws:s3:::logs-bucket" } }],
  ["aws-ebs-default-encryption", "region"],
  ["aws-ebs-snapshot-block-public", "region"],
  ["aws-ebs-snapshot-public", "snapshot"],
  ["aws-iam-password-policy-symbol", "passwordPolicy"],
  ["aws-iam-password-policy-number", "passwordPolicy"],
  ["aws-iam-password-policy-uppercase", "passwordPolicy"],
  ["aws-iam-password-policy-lowercase", "passwordPolicy"],
  ["aws-iam-password-policy-user-change", "passwordPolicy"],
  ["aws-iam-password-policy-min-length", "passwordPolicy"],
  ["aws-iam-password-policy-reuse", "passwordPolicy"],
  ["aws-iam-password-policy-expiry", "passwordPolicy"],
  ["aws-iam-user-access-key-unused", "accessKey"],
  ["aws-iam-user-admin-policy", "user"],
  ["aws-iam-access-analyzer", "accountRegion"],
  ["aws-cloudfront-https", "distribution"],
  ["aws-cloudtrail-log-validation", "trail"],
  ["aws-cloudtrail-logging-on", "trail"],
  ["aws-cloudtrail-multi-region", "account", { parameters: { trail: "active" } }],
  ["aws-cloudwatch-log-group-retention", "logGroup"],
  ["aws-config-recorder", "accountRegion"],
  ["aws-dynamodb-deletion-protection", "table"],
  ["aws-dynamodb-pitr", "table"],
  ["aws-ecr-immutable-tags", "repository"],
  ["aws-ecr-scan-on-push", "repository"],
  ["aws-ecs-container-insights", "ecsCluster"],
  ["aws-efs-backup", "fileSystem"],
  ["aws-eks-control-plane-logs", "cluster"],
  // moto forgets the subnets of a cluster whose endpoint is changed.
  ["aws-eks-endpoint-public", "cluster", { differs: true }],
  ["aws-elbv2-access-logs", "balancer", { parameters: { bucket: "logs-bucket" } }],
  ["aws-elbv2-deletion-protection", "balancer"],
  ["aws-elbv2-drop-invalid-headers", "balancer"],
  ["aws-guardduty-enabled", "accountRegion"],
  ["aws-kms-key-rotation", "key"],
  ["aws-lambda-public-policy", "function"],
  ["aws-lambda-url-auth", "functionUrl"],
  ["aws-rds-instance-backup", "database"],
  ["aws-rds-instance-deletion-protection", "database"],
  ["aws-rds-instance-minor-upgrade", "database"],
  ["aws-rds-instance-public", "database"],
  ["aws-rds-snapshot-public", "databaseSnapshot"],
  ["aws-redshift-public", "warehouse"],
  ["aws-sns-encryption", "topic", { parameters: { key: "alias/example" } }],
  ["aws-sqs-encryption", "queue"],
];

describe("remedies of AWS", function () {
  this.timeout(120_000);
  let account: LoopAccount;
  let failing: Failing;
  let front: Front;

  before(async () => {
    const endpoint = await emptyMoto();
    failing = await seedFailing(endpoint);
    // What moto does not have, or has wrong.
    front = await double(states());
    const { keys } = connection(endpoint);
    assert.ok(keys);
    const now = () => new Date(Date.now() + 400 * 86_400_000).toISOString();
    account = await loopAccount("aws", quickAccess() as CloudAccess<unknown>, keys, front.endpoint, { regions: [region], now });
  });
  after(() => front.stop());

  it("are there for every item that says so, and for no other", async () => {
    const { checks } = await bundled();
    const declared = checks.filter(({ cloud, live }) => cloud === "aws" && live !== undefined).map(({ id }) => id);
    assert.deepEqual([...remedies.byCheck.keys()].sort(), declared.sort());
    assert.deepEqual([...new Set(cases.map(([item]) => item))].sort(), declared);
  });

  for (const [item, instance, options] of cases) {
    it(`${item}: fails, is fixed, passes, is undone, fails (${instance})`, async () => {
      await loop(account, item, failing[instance], options);
    });
  }
});
