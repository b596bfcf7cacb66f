import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  PutBucketAclCommand,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateAccessPointCommand,
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
  S3ControlClient,
} from "@aws-sdk/client-s3-control";
import { read, some, verdicts } from "./assess.ts";
import { account, connect, emptyMoto, Front, region, seeding } from "./moto.ts";

const everyone = "http://acs.amazonaws.com/groups/global/AllUsers";
const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const blocked = { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true };

const policyOf = (bucket: string, Statement: object): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Resource: `arn:aws:s3:::${bucket}/*`, ...Statement }] });

describe("S3 of an account", () => {
  let endpoint: string;
  let client: S3Client;
  let control: S3ControlClient;
  const bucket = (Bucket: string, where = region) =>
    new S3Client(seeding(endpoint, where)).send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: where as "eu-west-1" } }),
    );

  beforeEach(async () => {
    endpoint = await emptyMoto();
    client = new S3Client(seeding(endpoint));
    control = new S3ControlClient({ ...seeding(endpoint), endpointProvider: () => ({ url: new URL(endpoint) }) });
  });

  it("gives buckets of all regions, and what belongs to each", async () => {
    await bucket("full");
    await bucket("bare", "us-west-2");
    const policy = policyOf("full", { Effect: "Allow", Principal: "*", Action: "s3:GetObject" });
    await client.send(new PutBucketPolicyCommand({ Bucket: "full", Policy: policy }));
    await client.send(new PutBucketVersioningCommand({ Bucket: "full", VersioningConfiguration: { Status: "Enabled" } }));
    await client.send(new PutPublicAccessBlockCommand({ Bucket: "full", PublicAccessBlockConfiguration: all }));
    await client.send(
      new PutBucketEncryptionCommand({
        Bucket: "full",
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "k" }, BucketKeyEnabled: true }],
        },
      }),
    );
    await client.send(
      new PutBucketOwnershipControlsCommand({
        Bucket: "full",
        OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      }),
    );
    const { one, ids, data } = await read(await connect(endpoint), ["aws_s3_bucket"]);
    assert.deepEqual(some(one("aws_s3_bucket", "full"), ["bucket", "region", "arn", "acl", "policy", "logging"]), {
      bucket: "full",
      region,
      arn: "arn:aws:s3:::full",
      acl: null,
      policy: null,
      logging: [],
    });
    assert.equal(one("aws_s3_bucket", "full").region, region);
    assert.equal(one("aws_s3_bucket", "bare").region, "us-west-2");
    assert.equal(one("aws_s3_bucket_versioning", "bare").region, "us-west-2");
    assert.deepEqual(one("aws_s3_bucket_policy").attributes, { id: "full", bucket: "full", policy });
    assert.deepEqual(one("aws_s3_bucket_versioning", "full").attributes["versioning_configuration"], {
      status: "Enabled",
      mfa_delete: "Disabled",
    });
    assert.deepEqual(one("aws_s3_bucket_versioning", "bare").attributes["versioning_configuration"], {
      status: "Disabled",
      mfa_delete: "Disabled",
    });
    assert.deepEqual(one("aws_s3_bucket_public_access_block", "full").attributes, { id: "full", bucket: "full", ...blocked });
    assert.deepEqual(one("aws_s3_bucket_server_side_encryption_configuration", "full").attributes["rule"], [
      { bucket_key_enabled: true, apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "k" } },
    ]);
    assert.deepEqual(one("aws_s3_bucket_ownership_controls", "full").attributes["rule"], [{ object_ownership: "ObjectWriter" }]);
    assert.deepEqual(ids("aws_s3_bucket_policy"), ["full"], "a bucket without a policy has none");
    const acl = one("aws_s3_bucket_acl", "bare").attributes;
    assert.equal(acl["acl"], null);
    assert.deepEqual(
      Object.values(one("aws_s3_bucket", "bare").reads),
      [null, null, null, null, null, null, null],
      "all calls were answered",
    );
    assert.ok(data.listings.every(({ failure }) => failure === null));
  });

  it("is judged, open and closed", async () => {
    for (const name of ["bad", "good", "logs"]) await bucket(name);
    const open = (Permission: "READ" | "WRITE") => ({ Grantee: { Type: "Group", URI: everyone }, Permission }) as const;
    await client.send(
      new PutBucketAclCommand({
        Bucket: "bad",
        AccessControlPolicy: { Owner: { ID: "0123" }, Grants: [open("READ"), open("WRITE")] },
      }),
    );
    await client.send(
      new PutBucketPolicyCommand({
        Bucket: "bad",
        Policy: policyOf("bad", { Effect: "Allow", Principal: "*", Action: ["s3:GetObject", "s3:PutObject"] }),
      }),
    );
    await client.send(new PutBucketVersioningCommand({ Bucket: "bad", VersioningConfiguration: { Status: "Suspended" } }));
    await client.send(
      new PutBucketPolicyCommand({
        Bucket: "good",
        Policy: policyOf("good", {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws:s3:::good", "arn:aws:s3:::good/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      }),
    );
    await client.send(
      new PutBucketVersioningCommand({
        Bucket: "good",
        VersioningConfiguration: { Status: "Enabled", MFADelete: "Enabled" },
        MFA: "arn 123456",
      }),
    );
    await client.send(new PutPublicAccessBlockCommand({ Bucket: "good", PublicAccessBlockConfiguration: all }));
    const logDelivery = { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" } } as const;
    const owner = { ID: "0123" };
    await client.send(
      new PutBucketAclCommand({
        Bucket: "logs",
        AccessControlPolicy: {
          Owner: owner,
          Grants: [
            { ...logDelivery, Permission: "WRITE" },
            { ...logDelivery, Permission: "READ_ACP" },
          ],
        },
      }),
    );
    await client.send(
      new PutBucketLoggingCommand({
        Bucket: "good",
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket: "logs", TargetPrefix: "good/" } },
      }),
    );
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_s3_bucket"]);
    assert.deepEqual(some(one("aws_s3_bucket_logging"), ["bucket", "target_bucket", "target_prefix"]), {
      bucket: "good",
      target_bucket: "logs",
      target_prefix: "good/",
    });
    const grants = (
      one("aws_s3_bucket_acl", "bad").attributes["access_control_policy"] as {
        grant: { permission: string; grantee: { uri: string | null } }[];
      }
    ).grant;
    assert.deepEqual(
      grants
        .filter(({ grantee }) => grantee.uri === everyone)
        .map(({ permission }) => permission)
        .sort(),
      ["READ", "WRITE"],
    );
    const found = await verdicts(session, [
      "aws-s3-bucket-acl-public-read",
      "aws-s3-bucket-acl-public-write",
      "aws-s3-bucket-policy-public",
      "aws-s3-bucket-policy-public-write",
      "aws-s3-bucket-public-access-block",
      "aws-s3-bucket-secure-transport",
      "aws-s3-bucket-versioning",
      "aws-s3-bucket-mfa-delete",
      "aws-s3-bucket-logging",
    ]);
    assert.deepEqual(found, {
      "aws-s3-bucket-acl-public-read": { bad: "fail", good: "pass", logs: "pass" },
      "aws-s3-bucket-acl-public-write": { bad: "fail", good: "pass", logs: "pass" },
      "aws-s3-bucket-policy-public": { bad: "fail", good: "pass" },
      "aws-s3-bucket-policy-public-write": { bad: "fail", good: "pass" },
      "aws-s3-bucket-public-access-block": { bad: "fail", good: "pass", logs: "fail" },
      "aws-s3-bucket-secure-transport": { bad: "fail", good: "pass", logs: "fail" },
      "aws-s3-bucket-versioning": { bad: "fail", good: "pass", logs: "fail" },
      "aws-s3-bucket-mfa-delete": { good: "fail" },
      "aws-s3-bucket-logging": { bad: "fail", good: "pass", logs: "pass" },
    });
  });

  it("sees that versions need a device to go", async () => {
    await bucket("good");
    const body =
      '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete></VersioningConfiguration>';
    const front = await Front.start(endpoint, ({ url }) => (/versioning/.test(url) ? { status: 200, body } : undefined));
    const item = "aws-s3-bucket-mfa-delete";
    assert.deepEqual((await verdicts(await connect(front.endpoint), [item]))[item], { good: "pass" });
    await front.stop();
  });

  it("counts the block of the account, and that there is none", async () => {
    await bucket("open");
    await client.send(
      new PutBucketPolicyCommand({
        Bucket: "open",
        Policy: policyOf("open", { Effect: "Allow", Principal: "*", Action: "s3:GetObject" }),
      }),
    );
    const items = ["aws-s3-account-public-access-block", "aws-s3-bucket-policy-public", "aws-s3-bucket-public-access-block"];
    assert.deepEqual(await verdicts(await connect(endpoint), items), {
      "aws-s3-account-public-access-block": { [account]: "fail" },
      "aws-s3-bucket-policy-public": { open: "fail" },
      "aws-s3-bucket-public-access-block": { open: "fail" },
    });
    await control.send(new PutAccountBlockCommand({ AccountId: account, PublicAccessBlockConfiguration: all }));
    assert.deepEqual(await verdicts(await connect(endpoint), items), {
      "aws-s3-account-public-access-block": { [account]: "pass" },
      "aws-s3-bucket-policy-public": { open: "pass" },
      "aws-s3-bucket-public-access-block": { open: "pass" },
    });
    const { one } = await read(await connect(endpoint), ["aws_s3_account_public_access_block"]);
    assert.deepEqual(one("aws_s3_account_public_access_block").attributes, { id: account, account_id: account, ...blocked });
  });

  it("gives access points", async () => {
    await bucket("data");
    await control.send(
      new CreateAccessPointCommand({
        AccountId: account,
        Name: "open",
        Bucket: "data",
        PublicAccessBlockConfiguration: { ...all, BlockPublicPolicy: false },
      }),
    );
    await control.send(
      new CreateAccessPointCommand({
        AccountId: account,
        Name: "inside",
        Bucket: "data",
        VpcConfiguration: { VpcId: "vpc-1" },
        PublicAccessBlockConfiguration: all,
      }),
    );
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_s3_access_point"]);
    assert.deepEqual(
      some(one("aws_s3_access_point", `${account}:open`), [
        "name",
        "bucket",
        "network_origin",
        "vpc_configuration",
        "public_access_block_configuration",
      ]),
      {
        name: "open",
        bucket: "data",
        network_origin: "Internet",
        vpc_configuration: null,
        public_access_block_configuration: { ...blocked, block_public_policy: false },
      },
    );
    assert.deepEqual(some(one("aws_s3_access_point", `${account}:inside`), ["network_origin", "vpc_configuration"]), {
      network_origin: "VPC",
      vpc_configuration: { vpc_id: "vpc-1" },
    });
    const item = "aws-s3-access-point-public";
    assert.equal((await verdicts(session, [item]))[item]![`${account}:open`], "fail");
  });

  it("says of each bucket alone what was denied", async () => {
    await bucket("shut");
    await bucket("open");
    const body = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
    const front = await Front.start(endpoint, ({ url }) => (/^\/shut\/?\?.*policy/.test(url) ? { status: 403, body } : undefined));
    const found = await verdicts(await connect(front.endpoint), ["aws-s3-bucket-policy-public", "aws-s3-bucket-secure-transport"]);
    await front.stop();
    assert.deepEqual(found, {
      "aws-s3-bucket-policy-public": { shut: "unknown: denied s3:GetBucketPolicy" },
      "aws-s3-bucket-secure-transport": { open: "fail", shut: "unknown: denied s3:GetBucketPolicy" },
    });
  });
});
