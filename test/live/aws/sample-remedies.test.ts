import assert from "node:assert/strict";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/aws/account.ts";
import { startDouble, type Double } from "../../../src/live/sample/aws/server.ts";
import type { CloudAccess } from "../../../src/live/session.ts";
import { loop, loopAccount, type LoopAccount, type LoopOptions } from "../remedy-loop.ts";
import { quickAccess } from "./moto.ts";

/** What a new user can fix and take back without a credential. */
const cases: readonly (readonly [item: string, instance: string, options?: LoopOptions])[] = [
  ["s3-bucket-public-access-block", "pinewood-media"],
  ["s3-bucket-policy-public", "pinewood-uploads"],
  ["s3-bucket-versioning", "pinewood-media", { differs: true }],
  ["s3-bucket-secure-transport", "pinewood-uploads"],
  ["s3-bucket-logging", "pinewood-uploads", { parameters: { target: "pinewood-logs" } }],
  ["ec2-sg-ssh-open", "sg-0a1b2c3d4e5f60002", { differs: true }],
  ["ec2-sg-rdp-open", "sg-0a1b2c3d4e5f60002", { differs: true }],
  ["ec2-sg-database-ports-open", "sg-0a1b2c3d4e5f60002", { differs: true }],
  ["ec2-sg-default-restricted", "sg-0a1b2c3d4e5f60004", { differs: true }],
  ["ec2-instance-imdsv2", "i-0a1b2c3d4e5f60002"],
  ["ebs-default-encryption", "us-east-1"],
  ["vpc-subnet-auto-public-ip", "subnet-0a1b2c3d4e5f60002"],
  ["iam-password-policy-expiry", "iam-account-password-policy"],
  ["iam-password-policy-lowercase", "iam-account-password-policy"],
  ["iam-password-policy-reuse", "iam-account-password-policy"],
  ["iam-user-access-key-unused", "AKIAPINEWOODEMIL0001"],
  ["cloudtrail-logging-on", "first-try"],
  ["cloudtrail-log-validation", "first-try"],
  ["kms-key-rotation", "0a1b2c3d-0000-4000-8000-000000000002"],
  ["dynamodb-deletion-protection", "sessions"],
  ["dynamodb-pitr", "sessions"],
  ["ecr-immutable-tags", "tools"],
  ["ecr-scan-on-push", "tools"],
  ["rds-instance-public", "legacy-cms"],
  ["rds-instance-deletion-protection", "legacy-cms"],
  ["rds-instance-backup", "legacy-cms"],
];

describe("remedies of the AWS sample account", function () {
  this.timeout(60_000);
  let double: Double;
  let account: LoopAccount;

  before(async () => {
    double = await startDouble(sampleAccount(new Date()));
    account = await loopAccount("aws", quickAccess() as CloudAccess<unknown>, sampleKeys, double.url);
  });
  after(() => double.close());

  for (const [item, instance, options] of cases)
    it(`aws-${item}: fails, is fixed, passes, is undone, fails`, async () => {
      await loop(account, `aws-${item}`, instance, options);
    });

  it("wait where the cloud throttles a change, and make it once", async () => {
    const action = "s3:PutBucketVersioning";
    const before = double.calls.length;
    double.inject({ action, kind: "throttle", times: 2 });
    const { applied } = await loop(account, "aws-s3-bucket-versioning", "pinewood-uploads");
    assert.equal(applied.state, "applied");
    const statuses = double.calls.slice(before).filter((call) => call.action === action);
    // Refused twice, done, and taken back.
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [0, 0, 200, 200],
    );
  });
});
