import assert from "node:assert/strict";
import { alibabaAccess } from "../../../src/live/alibaba/access.ts";
import { limits, placed } from "../../../src/live/alibaba/client.ts";
import { kindOf, scrubbed } from "../../../src/live/alibaba/failures.ts";
import { ossText, ossXml, logService } from "../../../src/live/alibaba/storage.ts";
import { byNumber, byToken } from "../../../src/live/alibaba/paging.ts";
import { CallFailure } from "../../../src/live/failure.ts";
import { startDouble } from "../../../src/live/sample/alibaba/server.ts";
import { account, body, connection, fastClock, items, keys, region, state, world, type World } from "./world.ts";

/** What a promise rejects with, which must be a failure of a call. */
async function failure(of: Promise<unknown>): Promise<CallFailure> {
  try {
    await of;
  } catch (error) {
    assert.ok(error instanceof CallFailure, String(error));
    return error;
  }
  throw new Error("nothing failed");
}

describe("calls to Alibaba Cloud", () => {
  let here: World;
  beforeEach(async () => {
    here = await world({
      recorded: [
        items(
          "ecs:DescribeInstances",
          Array.from({ length: 101 }, (_, index) => ({ InstanceId: `i-${index}` })),
        ),
        items(
          "vpc:DescribeVpcs",
          Array.from({ length: 101 }, (_, index) => ({ VpcId: `vpc-${index}` })),
        ),
        body("ecs:DescribeUserData", { UserData: "" }, { InstanceId: "i-1" }),
      ],
      buckets: [{ name: "b", region: "cn-hangzhou", created: "2024-01-01T00:00:00.000Z", parts: {} }],
      projects: [{ region, project: { projectName: "p", region }, logstores: [] }],
    });
  });
  afterEach(() => here.close());

  const describe_ = (): Promise<unknown> => here.session.rpc("ecs", "DescribeInstances", region, { RegionId: region });

  it("read lists over the edges of their pages, by number and by token", async () => {
    const parameters = { RegionId: region };
    const instances = { product: "ecs", operation: "DescribeInstances", region, list: "Instances.Instance", parameters } as const;
    assert.equal((await byToken(here.session, { ...instances, size: 100 })).length, 101);
    const vpcs = { product: "vpc", operation: "DescribeVpcs", region, list: "Vpcs.Vpc", parameters } as const;
    const all = await byNumber(here.session, { ...vpcs, size: 50 });
    assert.equal(new Set(all.map((one) => one["VpcId"])).size, 101);
  });

  it("never take an answer without its list for an empty one", async () => {
    here.double.inject({ action: "vpc:DescribeVpcs", kind: "nothing", times: 1 });
    const vpcs = { product: "vpc", operation: "DescribeVpcs", region, list: "Vpcs.Vpc", parameters: { RegionId: region } } as const;
    const failed = await failure(byNumber(here.session, { ...vpcs, size: 50 }));
    assert.equal(failed.kind, "answer");
    assert.equal(failed.action, "vpc:DescribeVpcs");
  });

  it("wait for the next minute when ECS throttles, and complete", async () => {
    here.double.inject({ action: "ecs:DescribeInstances", kind: "throttle", times: 2 });
    await describe_();
    assert.equal(here.clock.slept.length, 2);
    // The first wait ends in the next minute, the second is a whole one.
    assert.ok(here.clock.slept[0]! <= 61_000 && here.clock.slept[1]! > 55_000, here.clock.slept.join());
  });

  it("try again after faults of the cloud, cut connections and a proxy's page", async () => {
    for (const kind of ["fault", "cut", "html"] as const) {
      here.double.inject({ action: "ecs:DescribeInstances", kind, times: 2 });
      await describe_();
      here.double.inject({ action: "oss:GetBucketPolicy", kind, times: 2 });
      assert.equal(
        (await failure(ossText(here.session, "oss:GetBucketPolicy", region, { bucket: "b", of: "policy" }))).code,
        "NoSuchBucketPolicy",
      );
    }
  });

  it("give up after some tries, and say what it was", async () => {
    here.double.inject({ action: "ecs:DescribeInstances", kind: "throttle", times: 99 });
    const failed = await failure(describe_());
    assert.equal(failed.kind, "throttled");
    assert.deepEqual(failed.reason, { kind: "throttled", detail: "ecs:DescribeInstances" });
    assert.equal(here.double.calls.filter(({ action }) => action === "ecs:DescribeInstances").length, 6);
  });

  it("tell what is denied by its permission", async () => {
    here.double.deny(
      "ecs:DescribeInstances",
      "ram:GetSecurityPreference",
      "oss:ListBuckets",
      "oss:GetBucketPolicy",
      "log:ListProject",
    );
    const denied = async (of: Promise<unknown>): Promise<unknown> => (await failure(of)).reason;
    const detail = (action: string): object => ({ kind: "denied", detail: action });
    assert.deepEqual(await denied(describe_()), detail("ecs:DescribeInstances"));
    assert.deepEqual(await denied(here.session.rpc("ims", "GetSecurityPreference", region)), detail("ram:GetSecurityPreference"));
    assert.deepEqual(await denied(ossXml(here.session, "oss:ListBuckets", region, {})), detail("oss:ListBuckets"));
    // The vendor's own method takes this refusal for "there is no policy".
    const policy = ossText(here.session, "oss:GetBucketPolicy", region, { bucket: "b", of: "policy" });
    assert.deepEqual(await denied(policy), detail("oss:GetBucketPolicy"));
    assert.deepEqual(await denied(logService(here.session, "log:ListProject", region, undefined, "/")), detail("log:ListProject"));
  });

  it("tell what is gone, unknown to the cloud, or in no region", async () => {
    const gone = here.session.rpc("ecs", "DescribeUserData", region, { RegionId: region, InstanceId: "i-none" });
    assert.equal((await failure(gone)).kind, "gone");
    assert.equal((await failure(here.session.rpc("ecs", "DescribeNothing", region))).kind, "unsupported");
    const nowhere = here.session.rpc("ecs", "DescribeInstances", region, { RegionId: "xx-none" });
    assert.equal((await failure(nowhere)).kind, "region");
  });

  it("do not read what is no JSON", async () => {
    here.double.inject({ action: "ecs:DescribeInstances", kind: "garbage", times: 1 });
    const failed = await failure(describe_());
    assert.equal(failed.kind, "answer");
    assert.doesNotMatch(failed.message, /Inst/);
  });

  it("always send POST, so that no URL holds a key", async () => {
    here.double.inject({ action: "ecs:DescribeInstances", kind: "throttle", times: 99 });
    assert.doesNotMatch((await failure(describe_())).message, /https?:|LTAI/);
  });

  it("end at once when they are cancelled, also while they wait for an answer", async () => {
    const stop = new AbortController();
    const access = alibabaAccess({ HOME: "/nowhere" }, limits(fastClock()));
    const session = await access.open(connection(here.double, { signal: stop.signal }));
    here.double.delay(60_000);
    const started = Date.now();
    const calls = [
      session.rpc("ecs", "DescribeInstances", region, { RegionId: region }),
      ossXml(session, "oss:ListBuckets", region, {}),
      session.roa("cs", "DescribeClustersV1", region, "/api/v1/clusters"),
    ].map(failure);
    setTimeout(() => stop.abort(), 50);
    assert.deepEqual(
      (await Promise.all(calls)).map(({ kind }) => kind),
      ["cancelled", "cancelled", "cancelled"],
    );
    assert.ok(Date.now() - started < 5000);
    session.close();
  });

  it("ask once for what several want, and again after a failure", async () => {
    let asked = 0;
    const ask = (): Promise<number> => (asked++ === 0 ? Promise.reject(new Error("no")) : Promise.resolve(asked));
    await assert.rejects(here.session.once("x", ask));
    assert.deepEqual(await Promise.all([here.session.once("x", ask), here.session.once("x", ask)]), [2, 2]);
  });
});

describe("connecting to Alibaba Cloud", () => {
  const open = async (more: Parameters<typeof connection>[1], other: Parameters<typeof state>[0] = {}): Promise<CallFailure> => {
    const double = await startDouble(state(other));
    try {
      return await failure(alibabaAccess({ HOME: "/nowhere" }, limits(fastClock())).open(connection(double, more)));
    } finally {
      await double.close();
    }
  };

  it("tells who we are and which regions there are", async () => {
    const here = await world();
    const access = alibabaAccess({ HOME: "/nowhere" }, limits(fastClock()));
    assert.deepEqual(await access.identify(here.session), {
      account,
      principal: `acs:ram::${account}:user/scanner`,
      alias: "example",
    });
    assert.deepEqual(await access.regions(here.session), ["cn-hangzhou", "cn-shanghai"]);
    here.double.deny("ram:GetAccountAlias");
    assert.equal((await access.identify(here.session)).alias, undefined);
    assert.equal(access.requests(here.session), 4);
    await here.close();
  });

  it("says of wrong, unknown, disabled and expired keys that they are it, without a retry or a secret", async () => {
    const secret = "s3cr3t+/=&value";
    const token = "t0k3n+/=&value";
    const temporary = { id: "STS.NExampleExample0001", secret, token };
    const failures = [
      await open({ keys: { id: keys.id, secret } }),
      await open({ keys: { id: "LTAI5tUnknownUnknown00", secret } }),
      await open({ keys }, { keys: [{ ...keys, disabled: true }] }),
      await open({ keys: temporary }, { keys: [{ ...temporary, expires: 1 }] }),
      await open({ keys: { ...temporary, token: "another" } }, { keys: [temporary] }),
      await open({ keys: { id: "", secret } }),
    ];
    for (const failed of failures) {
      assert.equal(failed.kind, "credentials", failed.message);
      assert.doesNotMatch(failed.message, /s3cr3t|t0k3n|another|LTAI|STS\.N|%3D|AccessKeyId=/i);
    }
  });

  it("says when nobody answers", async () => {
    const failed = await failure(
      alibabaAccess({ HOME: "/nowhere" }, limits(fastClock())).open(connection({ url: "http://127.0.0.1:9" })),
    );
    assert.equal(failed.kind, "unreachable");
    assert.equal(failed.code, "ECONNREFUSED");
  });

  it("gives the least policy as the cloud writes it", () => {
    const access = alibabaAccess({}, limits(fastClock()));
    assert.deepEqual(JSON.parse(access.readPolicy(["ram:ListUsers", "ecs:DescribeInstances", "ram:ListUsers"])), {
      Version: "1",
      Statement: [{ Effect: "Allow", Action: ["ecs:DescribeInstances", "ram:ListUsers"], Resource: "*" }],
    });
  });
});

describe("failures of Alibaba Cloud", () => {
  it("are classified by their codes, and by the status where there is none", () => {
    const cases: readonly [string, number | undefined, string][] = [
      ["Forbidden.RAM", 403, "denied"],
      ["NoPermission", 403, "denied"],
      ["AccessDenied", 403, "denied"],
      ["StatusForbidden", 403, "denied"],
      ["InvalidAccessKeyId.NotFound", 404, "credentials"],
      ["InvalidAccessKeyId.Inactive", 400, "credentials"],
      ["SignatureDoesNotMatch", 400, "credentials"],
      ["InvalidSecurityToken.Expired", 400, "credentials"],
      ["IllegalTimestamp", 400, "credentials"],
      ["RequestTimeTooSkewed", 403, "credentials"],
      ["Throttling", 400, "throttled"],
      ["Throttling.User", 400, "throttled"],
      ["Rejected.Throttling", 400, "throttled"],
      ["ServiceUnavailable", 503, "fault"],
      ["InternalError", 500, "fault"],
      ["SignatureNonceUsed", 400, "fault"],
      ["InvalidRegionId.NotFound", 404, "region"],
      ["InvalidRegionId", 400, "region"],
      ["InvalidInstanceId.NotFound", 404, "gone"],
      ["Forbidden.KeyNotFound", 404, "gone"],
      ["EntityNotExist.User", 404, "gone"],
      ["NoSuchBucket", 404, "gone"],
      ["InvalidAction.NotFound", 404, "unsupported"],
      ["InvalidParameter", 400, "refused"],
      ["ServiceNotOpen", 400, "refused"],
      ["", 502, "fault"],
      ["", 429, "throttled"],
      ["", 403, "denied"],
      ["", 400, "answer"],
      ["", undefined, "answer"],
      ["ECONNRESET", undefined, "unreachable"],
      ["RequestTimeoutError", undefined, "unreachable"],
      ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined, "unreachable"],
    ];
    for (const [code, status, kind] of cases) assert.equal(kindOf({ code, status, message: "" }), kind, code);
  });

  it("take a host that is not there for a service that the region does not offer, where it is named after the region", () => {
    const failed = new CallFailure({ kind: "unreachable", action: "mse:ListClusters", code: "ENOTFOUND", message: "" });
    assert.equal(placed(failed, "mse.me-east-1.aliyuncs.com", "me-east-1").kind, "region");
    assert.equal(placed(failed, "sts.aliyuncs.com", "me-east-1").kind, "unreachable");
    const refused = new CallFailure({ kind: "unreachable", action: "mse:ListClusters", code: "ECONNREFUSED", message: "" });
    assert.equal(placed(refused, "mse.me-east-1.aliyuncs.com", "me-east-1").kind, "unreachable");
  });

  it("lose keys in every spelling, signed addresses and what was signed", () => {
    const used = { id: "LTAI5tExampleExample0001", secret: "a+b/c=", token: "x&y=z+" };
    const twice = (text: string): string => encodeURIComponent(encodeURIComponent(text));
    const said =
      `bad a+b/c= ${encodeURIComponent("x&y=z+")} ${twice("x&y=z+")} ${used.id}, ` +
      `URL: https://ecs.aliyuncs.com/?Signature=abc server string to sign is:POST&%2F&AccessKeyId%3DLTAI`;
    assert.equal(scrubbed(said, used), "bad … … … …");
  });
});
