import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import { account, items, keys, state } from "./world.ts";

const require = createRequire(import.meta.url);

/* The vendor's own clients against the double: they share no code with ours, so a double that they accept signs as the cloud does. */

interface EcsClient {
  describeInstances: (
    request: object,
  ) => Promise<{ body: { instances: { instance: { instanceId: string }[] }; nextToken: string } }>;
  describeUserData: (request: object) => Promise<unknown>;
}

const instances = Array.from({ length: 101 }, (_, index) => ({ InstanceId: `i-${index}`, InstanceName: `server ${index}` }));

describe("the double of Alibaba Cloud", () => {
  let double: Double;
  before(async () => {
    double = await startDouble(
      state({
        keys: [
          keys,
          { id: "STS.NExampleExample0001", secret: "temporary", token: "token+/=&", expires: Date.now() + 60_000 },
          { id: "STS.NExampleExample0002", secret: "temporary", token: "old", expires: Date.now() - 1000 },
        ],
        recorded: [items("ecs:DescribeInstances", instances)],
        buckets: [
          {
            name: "example-bucket",
            region: "cn-hangzhou",
            created: "2024-01-01T00:00:00.000Z",
            parts: { policy: '{"Version":"1","Statement":[]}' },
          },
        ],
      }),
    );
  });
  after(() => double.close());

  const ecs = (id = keys.id, secret = keys.secret, token?: string, version3 = true): EcsClient => {
    const { Config } = require("@alicloud/openapi-client") as { Config: new (options: object) => object };
    const { default: Client } = require("@alicloud/ecs20140526") as { default: new (config: object) => EcsClient };
    const { host } = new URL(double.url);
    const signed = version3 ? {} : { signatureAlgorithm: "v2" };
    return new Client(
      new Config({ accessKeyId: id, accessKeySecret: secret, securityToken: token, endpoint: host, protocol: "http", ...signed }),
    );
  };
  const request = (name: string, members: object): object => {
    const models = require("@alicloud/ecs20140526") as Record<string, new (members: object) => object>;
    return new models[name]!(members);
  };

  it("answers the vendor's client of ECS, which signs with version 3", async () => {
    const asked = request("DescribeInstancesRequest", { regionId: "cn-hangzhou", maxResults: 100 });
    const { body } = await ecs().describeInstances(asked);
    assert.equal(body.instances.instance.length, 100);
    const rest = request("DescribeInstancesRequest", { regionId: "cn-hangzhou", maxResults: 100, nextToken: body.nextToken });
    const second = await ecs().describeInstances(rest);
    assert.deepEqual(
      second.body.instances.instance.map((one) => one.instanceId),
      ["i-100"],
    );
  });

  it("answers it in the older style too, and takes temporary keys with their token", async () => {
    const asked = request("DescribeInstancesRequest", { regionId: "cn-hangzhou" });
    assert.equal((await ecs(keys.id, keys.secret, undefined, false).describeInstances(asked)).body.instances.instance.length, 20);
    const temporary = ecs("STS.NExampleExample0001", "temporary", "token+/=&");
    assert.equal((await temporary.describeInstances(asked)).body.instances.instance.length, 20);
  });

  it("refuses wrong secrets, unknown keys, wrong and expired tokens, and regions that are none", async () => {
    const asked = request("DescribeInstancesRequest", { regionId: "cn-hangzhou" });
    const refused = async (client: EcsClient, what: object = asked): Promise<string> => {
      try {
        await client.describeInstances(what);
      } catch (error) {
        return String((error as { code?: string }).code);
      }
      return "taken";
    };
    assert.equal(await refused(ecs(keys.id, "wrong")), "SignatureDoesNotMatch");
    assert.equal(await refused(ecs("LTAI5tNobody", "wrong")), "InvalidAccessKeyId.NotFound");
    assert.equal(await refused(ecs("STS.NExampleExample0001", "temporary", "other")), "InvalidSecurityToken.MismatchWithAccessKey");
    assert.equal(await refused(ecs("STS.NExampleExample0001", "temporary")), "InvalidSecurityToken.MismatchWithAccessKey");
    assert.equal(await refused(ecs("STS.NExampleExample0002", "temporary", "old")), "InvalidSecurityToken.Expired");
    const nowhere = request("DescribeInstancesRequest", { regionId: "xx-nowhere" });
    assert.equal(await refused(ecs(), nowhere), "InvalidRegionId.NotFound");
    await assert.rejects(
      ecs().describeUserData(request("DescribeUserDataRequest", { regionId: "cn-hangzhou", instanceId: "i-x" })),
      {
        code: "InvalidInstanceId.NotFound",
      },
    );
  });

  it("answers the vendor's client of OSS with both of its signatures", async () => {
    const OSS = require("ali-oss") as new (options: object) => {
      listBuckets: (query: object) => Promise<{ buckets: { name: string }[] }>;
      getBucketPolicy: (name: string) => Promise<{ policy: unknown }>;
    };
    const { host } = new URL(double.url);
    for (const authorizationV4 of [true, false]) {
      // The double knows OSS by its host, and the client lets nobody set that: what it would send is sent here.
      const urllib = {
        request: async (url: string, sent: { method: string; headers: Record<string, string> }) => {
          const { send } = await import("../../../src/live/alibaba/transport.ts");
          const answer = await send({ ...sent, url: new URL(url) }, `http://${host}`, new AbortController().signal);
          return { status: answer.status, headers: answer.headers, data: answer.body, res: { ...answer, data: answer.body } };
        },
      };
      const options = { accessKeyId: keys.id, accessKeySecret: keys.secret, region: "oss-cn-hangzhou", authorizationV4, urllib };
      const store = new OSS(options);
      assert.deepEqual(
        (await store.listBuckets({})).buckets.map(({ name }) => name),
        ["example-bucket"],
      );
      assert.deepEqual((await store.getBucketPolicy("example-bucket")).policy, { Version: "1", Statement: [] });
      const wrong = new OSS({ ...options, accessKeySecret: "wrong" });
      await assert.rejects(wrong.listBuckets({}), { code: "SignatureDoesNotMatch" });
    }
  });

  /** A call in the oldest style, written out by hand. */
  const byHand = async (
    change: Readonly<Record<string, string>> = {},
    sign = keys.secret,
  ): Promise<{ Code?: string; AccountId?: string }> => {
    const parameters: Record<string, string> = {
      AccessKeyId: keys.id,
      Action: "GetCallerIdentity",
      Format: "JSON",
      SignatureMethod: "HMAC-SHA1",
      SignatureNonce: randomUUID(),
      SignatureVersion: "1.0",
      Timestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      Version: "2015-04-01",
      ...change,
    };
    const encode = (text: string): string => encodeURIComponent(text).replaceAll("*", "%2A");
    const sorted = Object.keys(parameters)
      .sort()
      .map((name) => `${encode(name)}=${encode(parameters[name] ?? "")}`)
      .join("&");
    const signature = createHmac("sha1", `${sign}&`)
      .update(`POST&%2F&${encode(sorted)}`)
      .digest("base64");
    const answer = await fetch(double.url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `${sorted}&Signature=${encode(signature)}`,
    });
    return (await answer.json()) as { Code?: string; AccountId?: string };
  };

  it("takes a call once, and only while it is fresh", async () => {
    const SignatureNonce = randomUUID();
    assert.equal((await byHand({ SignatureNonce })).AccountId, account);
    assert.equal((await byHand({ SignatureNonce })).Code, "SignatureNonceUsed");
    const old = new Date(Date.now() - 20 * 60_000).toISOString().replace(/\.\d+Z$/, "Z");
    assert.equal((await byHand({ Timestamp: old })).Code, "IllegalTimestamp");
    assert.equal((await byHand({ Timestamp: "yesterday" })).Code, "InvalidTimeStamp.Format");
    assert.equal((await byHand({}, "wrong")).Code, "SignatureDoesNotMatch");
    assert.equal((await byHand({ Version: "1999-01-01" })).Code, "InvalidVersion");
    assert.equal((await byHand({ Action: "DoSomething" })).Code, "InvalidAction.NotFound");
  });
});
