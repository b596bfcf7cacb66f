import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import COS from "cos-nodejs-sdk-v5";
import { cvm } from "tencentcloud-sdk-nodejs/tencentcloud/services/cvm/index.js";
import { vpc } from "tencentcloud-sdk-nodejs/tencentcloud/services/vpc/index.js";
import { Agent } from "node:http";
import { connect as connectSocket } from "node:net";
import { CallFailure } from "../../../src/live/failure.ts";
import type { Fault, StateAnswer } from "../../../src/live/sample/tencent/double.ts";
import { kindOf } from "../../../src/live/tencent/failures.ts";
import { closeAll, connect, home, keys, stateOf } from "./support.ts";

const instances = (count: number): StateAnswer => ({
  action: "cvm:DescribeInstances",
  answer: {
    TotalCount: count,
    InstanceSet: Array.from({ length: count }, (_, index) => ({ InstanceId: `ins-${String(index)}` })),
  },
});
const paging = { items: "InstanceSet", total: "TotalCount", size: 100 };
const acl = `<AccessControlPolicy><Owner><ID>qcs::cam::uin/1:uin/1</ID></Owner><AccessControlList/></AccessControlPolicy>`;
const bucket = { name: "logs-1250000000", region: home, created: "2024-01-01T00:00:00Z", settings: { acl } };
const temporary = { secretId: "AKIDtemporary", secretKey: "temporary", token: "a token" };

async function failureOf(promise: Promise<unknown>): Promise<CallFailure> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof CallFailure, String(thrown));
  return thrown;
}

/** An agent for the official SDKs that connects to the double. */
function agentTo(endpoint: string): Agent {
  const agent = new Agent();
  const { hostname, port } = new URL(endpoint);
  agent.createConnection = () => connectSocket({ host: hostname, port: Number(port) });
  return agent;
}

describe("Tencent Cloud's double", () => {
  afterEach(closeAll);

  it("answers the official SDK of a product", async () => {
    const { double } = await connect(stateOf([instances(3)]));
    const of = { secretId: keys.secretId, secretKey: keys.secretKey };
    const profile = { httpProfile: { protocol: "http://", agent: agentTo(double.endpoint) } };
    const client = new cvm.v20170312.Client({ credential: of, region: home, profile: profile });
    const answer = await client.DescribeInstances({ Limit: 2, Offset: 1 });
    assert.deepEqual(
      answer.InstanceSet?.map((one) => one.InstanceId),
      ["ins-1", "ins-2"],
    );
    assert.equal(answer.TotalCount, 3);
    const network = new vpc.v20170312.Client({ credential: of, region: home, profile: profile });
    assert.equal((await network.DescribeVpcs({ Limit: "1", Offset: "0" })).TotalCount, 0);
    // The older calls take texts.
    await assert.rejects(network.DescribeVpcs({ Limit: 1 as never }), /type string/);
  });

  it("answers the official COS SDK", async () => {
    const { double } = await connect(stateOf([], { buckets: [bucket] }));
    const cos = new COS({ SecretId: keys.secretId, SecretKey: keys.secretKey, Protocol: "http:", Proxy: double.endpoint });
    const service = await cos.getService({});
    assert.deepEqual(
      service.Buckets.map(({ Name, Location }) => [Name, Location]),
      [[bucket.name, home]],
    );
    assert.equal((await cos.getBucketAcl({ Bucket: bucket.name, Region: home })).ACL, "private");
    await assert.rejects(cos.headBucket({ Bucket: "other-1250000000", Region: home }), { statusCode: 404 });
  });

  it("refuses wrong keys, tokens and clocks in every way that the cloud does", async () => {
    const cases: readonly [Partial<typeof temporary>, number, string, string][] = [
      [{ secretId: "AKIDunknown" }, 0, "AuthFailure.SecretIdNotFound", "InvalidAccessKeyId"],
      [{ secretKey: "wrong" }, 0, "AuthFailure.SignatureFailure", "SignatureDoesNotMatch"],
      [{ token: "old" }, 0, "AuthFailure.TokenFailure", "InvalidSecurityToken"],
      [{}, 3600_000, "AuthFailure.SignatureExpire", "AccessDenied"],
      [{}, 2 * 86_400_000, "AuthFailure.SignatureExpire", "AccessDenied"],
    ];
    for (const [wrong, later, code, cosCode] of cases) {
      const state = stateOf([instances(1)], { keys: [temporary], buckets: [bucket] });
      const { session } = await connect(state, { keys: { ...temporary, ...wrong }, now: () => Date.now() + later });
      const failed = await failureOf(session.call("cvm:DescribeInstances"));
      assert.deepEqual([failed.kind, failed.code], ["credentials", code]);
      const cos = await failureOf(session.cos("cos:GetBucketACL", { bucket: bucket.name, region: home, resource: "acl" }));
      assert.equal(cos.code, cosCode);
      for (const { message } of [failed, cos]) assert.doesNotMatch(message, /AKID|wrong|temporary|a token/);
    }
  });

  it("takes temporary keys with their token until they expire", async () => {
    const expires = Date.now() + 1000;
    const state = stateOf([instances(1)], { keys: [{ ...temporary, expires }], buckets: [bucket] });
    let now = expires - 500;
    const { session } = await connect(state, { keys: temporary, now: () => now });
    assert.equal((await session.list("cvm:DescribeInstances", paging)).length, 1);
    await session.cos("cos:GetBucketACL", { bucket: bucket.name, region: home, resource: "acl" });
    now = expires + 1;
    assert.equal((await failureOf(session.call("cvm:DescribeInstances"))).code, "AuthFailure.TokenFailure");
  });

  it("notices a body that was changed after signing", async () => {
    const { double } = await connect(stateOf([instances(1)]));
    const response = await fetch(double.endpoint, { method: "POST", body: "{}", headers: { Authorization: "TC3-HMAC-SHA256 x" } });
    assert.match(await response.text(), /NoSuchProduct/);
  });
});

describe("a session of Tencent Cloud", () => {
  afterEach(closeAll);

  it("reads every page, and asks no more than needed", async () => {
    for (const [count, requests] of [
      [0, 1],
      [1, 1],
      [100, 1],
      [101, 2],
      [250, 3],
    ] as const) {
      const { session, double } = await connect(stateOf([instances(count)]));
      const found = await session.list("cvm:DescribeInstances", paging);
      assert.equal(new Set(found.map(({ InstanceId }) => InstanceId)).size, count);
      assert.equal(double.seen.length, requests);
      assert.equal(session.requests, requests);
    }
  });

  it("reads lists that go on by cursor or by page number", async () => {
    const services = Array.from({ length: 201 }, (_, index) => ({ EndPointServiceId: `vpcsvc-${String(index)}` }));
    const groups = Array.from({ length: 401 }, (_, index) => ({ GroupId: index }));
    const { session, double } = await connect(
      stateOf([
        { action: "vpc:DescribeVpcEndPointService", answer: { EndPointServiceSet: services } },
        { action: "cam:ListGroups", answer: { GroupInfo: groups } },
      ]),
    );
    const cursor = { from: "NextToken", to: "NextToken" };
    const byCursor = { items: "EndPointServiceSet", by: "cursor", limit: "MaxResults", size: 100, cursor } as const;
    assert.equal((await session.list("vpc:DescribeVpcEndPointService", byCursor)).length, 201);
    const byPage = { items: "GroupInfo", total: "TotalNum", by: "page", offset: "Page", limit: "Rp", size: 200 } as const;
    assert.equal((await session.list("cam:ListGroups", byPage)).length, 401);
    assert.equal(double.seen.length, 6);
  });

  it("does not take part of a list for all of it", async () => {
    const body = JSON.stringify({ Response: { TotalCount: 5, InstanceSet: [], RequestId: "1" } });
    const missing = JSON.stringify({ Response: { TotalCount: 0, RequestId: "1" } });
    const strange = JSON.stringify({ Response: { TotalCount: 1, InstanceSet: ["text"], RequestId: "1" } });
    for (const answer of [body, missing, strange]) {
      const { session } = await connect(stateOf([]), { fault: () => ({ kind: "http", status: 200, body: answer }) });
      assert.equal((await failureOf(session.list("cvm:DescribeInstances", paging))).kind, "answer");
    }
    const none = JSON.stringify({ Response: { TotalCount: 0, InstanceSet: null, RequestId: "1" } });
    const { session } = await connect(stateOf([]), { fault: () => ({ kind: "http", status: 200, body: none }) });
    assert.deepEqual(await session.list("cvm:DescribeInstances", paging), []);
  });

  it("goes on after being throttled, after faults and after cut connections", async () => {
    const faults: readonly Fault[] = [
      { kind: "error", code: "RequestLimitExceeded" },
      { kind: "error", code: "RequestLimitExceeded.UinLimitExceeded" },
      { kind: "error", code: "InternalError" },
      { kind: "http", status: 502, body: "<html>bad gateway</html>" },
      { kind: "cut", after: "request" },
      { kind: "cut", after: "half" },
    ];
    for (const fault of faults) {
      const { session } = await connect(stateOf([instances(101)]), { fault: (_, nth) => (nth <= 2 ? fault : undefined) });
      assert.equal((await session.list("cvm:DescribeInstances", paging)).length, 101, JSON.stringify(fault));
      assert.equal(session.requests, 4);
    }
  });

  it("says in the end what kept it from an answer", async () => {
    const cases: readonly [Fault, CallFailure["kind"], string][] = [
      [{ kind: "error", code: "UnauthorizedOperation.CamNoAuth" }, "denied", "UnauthorizedOperation.CamNoAuth"],
      [{ kind: "error", code: "AuthFailure.UnauthorizedOperation" }, "denied", "AuthFailure.UnauthorizedOperation"],
      [{ kind: "error", code: "RequestLimitExceeded" }, "throttled", "RequestLimitExceeded"],
      [{ kind: "error", code: "InternalError.DBError" }, "fault", "InternalError.DBError"],
      [{ kind: "error", code: "InvalidParameterValue" }, "refused", "InvalidParameterValue"],
      [{ kind: "error", code: "UnsupportedOperation" }, "unsupported", "UnsupportedOperation"],
      [{ kind: "http", status: 200, body: "<html>hello</html>" }, "answer", "answer"],
      [{ kind: "http", status: 200, body: '{"other": 1}' }, "answer", "answer"],
      [{ kind: "http", status: 503, body: "busy" }, "fault", "HTTP 503"],
    ];
    for (const [fault, kind, code] of cases) {
      const { session } = await connect(stateOf([]), { fault: () => fault });
      const failed = await failureOf(session.call("cvm:DescribeInstances"));
      assert.deepEqual([failed.kind, failed.code, failed.action], [kind, code, "cvm:DescribeInstances"]);
    }
    const cut = await connect(stateOf([]), { fault: () => ({ kind: "cut", after: "half" }) });
    assert.equal((await failureOf(cut.session.call("cvm:DescribeInstances"))).kind, "unreachable");
    assert.equal(cut.session.requests, 6);
    const gone = await connect(stateOf([]));
    await gone.double.close();
    assert.equal((await failureOf(gone.session.call("cvm:DescribeInstances"))).kind, "unreachable");
    const elsewhere = await connect(stateOf([]));
    assert.equal((await failureOf(elsewhere.session.call("cvm:DescribeInstances", {}, "eu-moscow"))).kind, "region");
  });

  it("reads COS with the same care", async () => {
    const query = { bucket: bucket.name, region: home, resource: "acl" };
    const cases: readonly [Fault, CallFailure["kind"]][] = [
      [{ kind: "error", code: "AccessDenied" }, "denied"],
      [{ kind: "error", code: "SlowDown" }, "throttled"],
      [{ kind: "http", status: 500, body: "" }, "fault"],
      [{ kind: "http", status: 404, body: "<html>not here</html>" }, "answer"],
      [{ kind: "cut", after: "request" }, "unreachable"],
      [{ kind: "cut", after: "half" }, "unreachable"],
    ];
    for (const [fault, kind] of cases) {
      const { session } = await connect(stateOf([], { buckets: [bucket] }), { fault: () => fault });
      assert.equal((await failureOf(session.cos("cos:GetBucketACL", query))).kind, kind, JSON.stringify(fault));
    }
    const { session } = await connect(stateOf([], { buckets: [bucket] }));
    assert.equal((await session.cos("cos:GetBucketACL", query)).body, acl);
    assert.equal((await failureOf(session.cos("cos:GetBucketACL", { ...query, bucket: "other-1" }))).kind, "gone");
    const policy = session.cos("cos:GetBucketPolicy", { ...query, resource: "policy" });
    assert.equal((await failureOf(policy)).code, "NoSuchBucketPolicy");
  });

  it("stops when it is cancelled", async () => {
    const { session, abort } = await connect(stateOf([instances(1)]), { latency: 2000 });
    const call = failureOf(session.call("cvm:DescribeInstances"));
    const cos = failureOf(session.cos("cos:GetService", {}));
    await pause(50);
    abort.abort();
    assert.equal((await call).kind, "cancelled");
    assert.equal((await cos).kind, "cancelled");
  });

  it("takes only what was listed for gone", () => {
    assert.equal(kindOf("InvalidInstanceId.NotFound"), "gone");
    assert.equal(kindOf("ResourceNotFound.CdbInstanceNotFoundError"), "gone");
    assert.equal(kindOf("ResourceNotFound.ClusterNotFound"), "gone");
    assert.equal(kindOf("ResourceNotFound"), "refused");
    assert.equal(kindOf("ResourceNotFound.NoAuditConfig"), "refused");
  });
});
