import assert from "node:assert/strict";
import type { AccountData, Listing, LiveResource } from "../../../src/core/accounts/model.ts";
import { AccountWorld } from "../../../src/core/accounts/world.ts";
import { evaluateCheck } from "../../../src/core/checks/evaluate.ts";
import type { Outcome } from "../../../src/core/checks/model.ts";
import { object, unknown } from "../../../src/core/values/make.ts";
import { bundled, someDay } from "../../harness/check-world.ts";

const account = "123456789012";

function thing(type: string, id: string, attributes: LiveResource["attributes"], more: Partial<LiveResource> = {}): LiveResource {
  return { type, id, name: id, region: "eu-west-1", tags: {}, attributes, reads: {}, ...more };
}

function listed(types: readonly string[], more: Partial<Listing> = {}): Listing {
  return { types, region: "eu-west-1", actions: [], failure: null, ...more };
}

/** Outcomes of a check by instance id, over an account of one region. */
async function outcomes(
  id: string,
  resources: readonly LiveResource[],
  listings: readonly Listing[],
): Promise<Record<string, Outcome>> {
  const { checks, types, tables } = await bundled();
  const check = checks.find((each) => each.id === id);
  assert.ok(check, id);
  const data: AccountData = { cloud: "aws", account, regions: ["eu-west-1"], resources, listings };
  const table = (name: string, key: string) => tables.lookup(name, key, someDay);
  const world = new AccountWorld(data, types, { now: () => someDay, table });
  const parameters = object([...check.parameters].map(([name, parameter]) => [name, parameter.default] as const));
  const context = { parameters, now: someDay, table, literal: () => unknown({ kind: "bool" }, { kind: "live only", detail: "" }) };
  return Object.fromEntries(
    world
      .subjects(check.instance)
      .map((instance) => [world.resourceOf(instance)?.id ?? "", evaluateCheck(check, instance, context).outcome]),
  );
}

const versioning = "aws-s3-bucket-versioning";
const bucketAttributes = { bucket: "b", arn: "arn:aws:s3:::b", versioning: null };

describe("live accounts", () => {
  it("judge what was read", async () => {
    const status = (status: string) =>
      thing("aws_s3_bucket_versioning", "b", { bucket: "b", versioning_configuration: { status, mfa_delete: null } });
    const bucket = thing("aws_s3_bucket", "b", bucketAttributes, { reads: { "s3:GetBucketVersioning": null } });
    const listings = [listed(["aws_s3_bucket"])];
    assert.equal((await outcomes(versioning, [bucket, status("Enabled")], listings))["b"]?.kind, "pass");
    assert.equal((await outcomes(versioning, [bucket, status("Suspended")], listings))["b"]?.kind, "fail");
  });

  it("say that a part is missing only when it was looked for", async () => {
    const listings = [listed(["aws_s3_bucket"])];
    const read = thing(
      "aws_s3_bucket",
      "read",
      { ...bucketAttributes, bucket: "read" },
      { reads: { "s3:GetBucketVersioning": null } },
    );
    const not = thing("aws_s3_bucket", "not", { ...bucketAttributes, bucket: "not" });
    const denied = thing(
      "aws_s3_bucket",
      "denied",
      { ...bucketAttributes, bucket: "denied" },
      { reads: { "s3:GetBucketVersioning": { kind: "denied", detail: "s3:GetBucketVersioning" } } },
    );
    const found = await outcomes(versioning, [read, not, denied], listings);
    assert.equal(found["read"]?.kind, "fail");
    assert.deepEqual(found["not"], {
      kind: "unknown",
      reasons: [{ kind: "unsupported", detail: "s3:GetBucketVersioning was not called" }],
    });
    assert.deepEqual(found["denied"], { kind: "unknown", reasons: [{ kind: "denied", detail: "s3:GetBucketVersioning" }] });
  });

  it("never take an attribute that was not read for one that is not set", async () => {
    const volume = (attributes: LiveResource["attributes"]) => thing("aws_ebs_volume", "vol-1", { id: "vol-1", ...attributes });
    const listings = [listed(["aws_ebs_volume"])];
    const kind = async (attributes: LiveResource["attributes"]) =>
      (await outcomes("aws-ebs-volume-encryption", [volume(attributes)], listings))["vol-1"]?.kind;
    assert.equal(await kind({ encrypted: true }), "pass");
    assert.equal(await kind({ encrypted: false }), "fail");
    assert.equal(await kind({}), "unknown");
  });

  it("see a singleton that is not configured, and none where it could not be listed", async () => {
    const id = "aws-iam-password-policy-min-length";
    const policy = (failure: Listing["failure"]) =>
      listed(["aws_iam_account_password_policy"], { region: undefined, actions: ["iam:GetAccountPasswordPolicy"], failure });
    assert.equal((await outcomes(id, [], [policy(null)]))[account]?.kind, "fail");
    assert.deepEqual(await outcomes(id, [], [policy({ kind: "denied", detail: "iam:GetAccountPasswordPolicy" })]), {});
    // Listed, and gone when more was asked of it.
    assert.deepEqual(await outcomes(id, [], [{ ...policy(null), gone: true }]), {});
  });

  it("do not say that nothing is configured where a listing failed", async () => {
    const region = thing("aws_account_region", "eu-west-1", {});
    const recorders = (failure: Listing["failure"]) =>
      listed(["aws_config_configuration_recorder"], { actions: ["config:DescribeConfigurationRecorders"], failure });
    const id = "aws-config-recorder";
    const regions = listed(["aws_account_region"]);
    assert.equal((await outcomes(id, [region], [regions, recorders(null)]))["eu-west-1"]?.kind, "fail");
    assert.equal(
      (await outcomes(id, [region], [regions, recorders({ kind: "throttled", detail: "x" })]))["eu-west-1"]?.kind,
      "unknown",
    );
    assert.equal((await outcomes(id, [region], [regions]))["eu-west-1"]?.kind, "unknown");
  });

  it("find by ARN what is in another region", async () => {
    const trail = thing("aws_cloudtrail", "t", {
      name: "t",
      arn: `arn:aws:cloudtrail:eu-west-1:${account}:trail/t`,
      kms_key_id: `arn:aws:kms:us-east-1:${account}:key/k`,
      s3_bucket_name: "logs",
    });
    const { types } = await bundled();
    const key = thing("aws_kms_key", "k", { arn: `arn:aws:kms:us-east-1:${account}:key/k`, key_id: "k" }, { region: "us-east-1" });
    const data: AccountData = {
      cloud: "aws",
      account,
      regions: ["eu-west-1", "us-east-1"],
      resources: [trail, key],
      listings: [listed(["aws_cloudtrail"]), listed(["aws_kms_key"]), listed(["aws_kms_key"], { region: "us-east-1" })],
    };
    const world = new AccountWorld(data, types, {
      now: () => someDay,
      table: () => unknown({ kind: "dynamic" }, { kind: "error", detail: "" }),
    });
    assert.equal(world.isAccountWide("aws_kms_key", `arn:aws:kms:us-east-1:${account}:key/k`), true);
    assert.equal(world.isGone("aws_kms_key", `arn:aws:kms:us-east-1:${account}:key/other`), true);
    assert.equal(world.isGone("aws_kms_key", "arn:aws:kms:us-east-1:999999999999:key/other"), false);
    assert.equal(world.isGone("aws_kms_key", `arn:aws:kms:us-west-2:${account}:key/other`), false);
  });
});
