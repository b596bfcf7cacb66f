import assert from "node:assert/strict";
import { CallFailure } from "../../../src/live/failure.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/alibaba/account.ts";
import type { AccountState } from "../../../src/live/sample/alibaba/state.ts";
import { scan } from "./verdicts.ts";

/* What goes wrong in the middle of a scan: said where it matters, and never turned into a pass. */

const now = new Date("2026-06-15T12:00:00Z");
const account = (): AccountState => sampleAccount(now);
const at = now.toISOString();

describe("scans of Alibaba Cloud in which something goes wrong", () => {
  it("say which permission is missing, on what needs it alone", async () => {
    const ids = ["alibaba-oss-bucket-policy-public", "alibaba-oss-bucket-public-read", "alibaba-ram-user-console-mfa"];
    const seen = await scan(account(), at, ids, (double) => double.deny("oss:GetBucketPolicy", "ram:GetUserMFAInfo"));
    for (const [id, instance, action] of [
      ["alibaba-oss-bucket-policy-public", "harbour-books-uploads", "oss:GetBucketPolicy"],
      ["alibaba-ram-user-console-mfa", "210000000000000001", "ram:GetUserMFAInfo"],
    ] as const) {
      assert.deepEqual(seen.outcome(id, instance), { kind: "unknown", reasons: [{ kind: "denied", detail: action }] });
    }
    // The lists were read all the same, and what needs another call is decided.
    assert.equal(seen.outcome("alibaba-oss-bucket-public-read", "harbour-books-media")?.kind, "fail");
    // Who has no console sign-in needs no device.
    assert.equal(seen.outcome("alibaba-ram-user-console-mfa", "210000000000000003")?.kind, "notApplicable");
  });

  it("say that nothing is known of what may not be listed", async () => {
    const ids = ["alibaba-ecs-sg-ssh-open", "alibaba-ecs-instance-imdsv2", "alibaba-actiontrail-all-regions"];
    const seen = await scan(account(), at, ids, (double) =>
      double.deny("ecs:DescribeSecurityGroups", "actiontrail:DescribeTrails"),
    );
    assert.equal(seen.outcome("alibaba-ecs-sg-ssh-open"), undefined);
    const failures = seen.data.listings
      .filter(({ types }) => types.includes("alicloud_security_group"))
      .map(({ failure }) => failure);
    const denied = { kind: "denied", detail: "ecs:DescribeSecurityGroups" };
    assert.deepEqual(failures, [denied, denied]);
    // That no trail is seen does not mean that there is none, nor that there is one.
    assert.deepEqual(seen.outcome("alibaba-actiontrail-all-regions"), {
      kind: "unknown",
      reasons: [{ kind: "denied", detail: "actiontrail:DescribeTrails" }],
    });
    assert.equal(seen.outcome("alibaba-ecs-instance-imdsv2", "i-bp1legacycms00000001")?.kind, "fail");
  });

  it("complete when the cloud throttles, fails and cuts for a while", async () => {
    const ids = ["alibaba-ecs-sg-ssh-open", "alibaba-rds-whitelist-open", "alibaba-oss-bucket-versioning"];
    const calm = await scan(account(), at, ids);
    const stormy = await scan(account(), at, ids, (double) => {
      double.inject({ action: "ecs:DescribeSecurityGroupAttribute", kind: "throttle", times: 3 });
      double.inject({ action: "rds:DescribeDBInstanceIPArrayList", kind: "cut", times: 2 });
      double.inject({ action: "oss:GetBucketVersioning", kind: "fault", times: 2 });
      double.inject({ action: "oss:ListBuckets", kind: "html", times: 1 });
    });
    assert.deepEqual(stormy.data, calm.data);
    assert.equal(stormy.requests, calm.requests + 8);
  });

  it("leave out what was deleted since it was listed", async () => {
    const state = account();
    const gone = "sg-bp1legacy0000000001";
    const recorded = state.recorded.filter(({ of }) => of?.["SecurityGroupId"] !== gone);
    const seen = await scan({ ...state, recorded }, at, ["alibaba-ecs-sg-ssh-open"]);
    assert.equal(seen.outcome("alibaba-ecs-sg-ssh-open", gone), undefined);
    assert.equal(seen.outcome("alibaba-ecs-sg-ssh-open", "sg-bp1shopweb000000001")?.kind, "pass");
  });

  it("do not pass an instance whose answer lacks what decides, or has it as something else", async () => {
    const state = account();
    const odd = { MetadataOptions: null, SecurityGroupIds: "sg", InternetMaxBandwidthOut: "many", DeletionProtection: "perhaps" };
    const recorded = state.recorded.map((one) =>
      one.operation === "ecs:DescribeInstances"
        ? { ...one, items: (one.items ?? []).map((item) => ({ ...(item as object), ...odd })) }
        : one,
    );
    const ids = ["alibaba-ecs-instance-imdsv2", "alibaba-ecs-instance-public-ip", "alibaba-ecs-instance-deletion-protection"];
    const seen = await scan({ ...state, recorded }, at, ids);
    for (const id of ids) assert.equal(seen.outcome(id, "i-bp1shopweb0000000001")?.kind, "unknown", id);
  });

  it("end when the token expires on the way, without a word of it in the message", async () => {
    const temporary = {
      id: "STS.NExampleExample0001",
      secret: "sekret-of-the-session",
      token: "sekret-token",
      expires: Date.now() + 1500,
    };
    const state = { ...account(), keys: [temporary] };
    await assert.rejects(
      scan(state, at, undefined, (double) => double.delay(400)),
      (error: unknown) => {
        assert.ok(error instanceof CallFailure);
        assert.equal(error.kind, "credentials");
        assert.equal(error.code, "InvalidSecurityToken.Expired");
        assert.doesNotMatch(`${error.message}${error.stack ?? ""}`, /sekret/);
        return true;
      },
    );
  });

  it("tell no secret of ours to anybody, whatever fails", async () => {
    const seen = await scan(account(), at, undefined, (double) => {
      double.deny("ecs:DescribeInstances", "ram:ListUsers", "oss:ListBuckets", "log:ListProject", "kms:ListKeys");
      double.inject({ action: "rds:DescribeDBInstances", kind: "garbage", times: 9 });
      double.inject({ action: "slb:DescribeLoadBalancers", kind: "cut", times: 99 });
    });
    assert.doesNotMatch(JSON.stringify(seen.data.listings), new RegExp(`${sampleKeys.secret}|${sampleKeys.id}|Signature=`));
  });

  it("ask no more than they must: one call a page, one a thing for what is asked of each", async () => {
    const seen = await scan(account(), at, ["alibaba-ecs-sg-ssh-open"]);
    const groups = seen.double.calls.filter(({ action }) => action === "ecs:DescribeSecurityGroupAttribute");
    assert.equal(groups.length, 2);
    assert.equal(seen.double.calls.filter(({ action }) => action === "ecs:DescribeSecurityGroups").length, 2);
    const disks = await scan(account(), at, ["alibaba-ecs-disk-encryption", "alibaba-ecs-instance-system-disk-encrypted"]);
    assert.equal(disks.double.calls.filter(({ action }) => action === "ecs:DescribeDisks").length, 2);
  });
});
