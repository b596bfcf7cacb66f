import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallFailure } from "../../../src/live/failure.ts";
import { startDouble } from "../../../src/live/sample/tencent/double.ts";
import type { Connection, CredentialSource } from "../../../src/live/session.ts";
import { tencent } from "../../../src/live/tencent/access.ts";
import { keysOf } from "../../../src/live/tencent/credentials.ts";
import { account, home, keys, stateOf } from "./support.ts";

const role = "qcs::cam::uin/100000000009:roleName/audit";
const temporary = { secretId: "AKIDtemporary", secretKey: "temporary", token: "a token" };

/** A home folder with tccli's files in it. */
function homeWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "tencent-"));
  mkdirSync(join(folder, ".tccli"));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, ".tccli", name), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}

const own = { secretId: keys.secretId, secretKey: keys.secretKey };

describe("credentials of Tencent Cloud", () => {
  const folders: string[] = [];
  const made = (files: Readonly<Record<string, unknown>>): { readonly HOME: string } => {
    const folder = homeWith(files);
    folders.push(folder);
    return { HOME: folder };
  };
  const connection = (id: string): Connection => ({
    source: { id, cloud: "tencent", title: id, from: "", problem: undefined },
    keys: undefined,
    endpoint: undefined,
    signal: new AbortController().signal,
  });
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it("are found where tccli keeps them, and what is wrong with one is said", async () => {
    const found = await tencent.discover(
      made({
        "default.credential": own,
        "default.configure": { _sys_param: { region: "ap-shanghai" } },
        "half.credential": { secretId: "AKIDhalf" },
        "role.credential": { ...own, "role-arn": role, "role-session-name": "me" },
        "browser.credential": { ...own, token: "t", type: "oauth", expiresAt: Date.now() / 1000 + 3600 },
        "old.credential": { ...own, token: "t", type: "oauth", expiresAt: Date.now() / 1000 - 3600 },
        "oldsso.credential": { ...own, token: "t", type: "sso", expiresAt: 1 },
        "vm.credential": { type: "cvm-role" },
        "new.credential": { ...own, type: "magic" },
        "broken.credential": `{"secretId": "AKIDbroken", "secretKey": ${keys.secretKey}`,
        "list.credential": [],
        "notes.txt": "nothing",
      }),
    );
    const byId = (id: string): CredentialSource | undefined => found.find((source) => source.id === `profile:${id}`);
    assert.equal(found.length, 10);
    assert.deepEqual([byId("default")?.title, byId("default")?.problem], ["profile default", undefined]);
    assert.deepEqual([byId("role")?.title, byId("role")?.problem], ["profile role (assumed role)", undefined]);
    assert.deepEqual([byId("browser")?.title, byId("browser")?.problem], ["profile browser (browser sign-in)", undefined]);
    assert.match(byId("half")?.problem ?? "", /secretKey is missing/);
    assert.match(byId("old")?.problem ?? "", /expired.*tccli auth login/);
    assert.match(byId("oldsso")?.problem ?? "", /expired.*tccli sso login/);
    assert.match(byId("vm")?.problem ?? "", /on the instance only/);
    assert.match(byId("new")?.problem ?? "", /"magic" are not known/);
    assert.match(byId("broken")?.problem ?? "", /can't be read as JSON/);
    assert.match(byId("list")?.problem ?? "", /does not hold a profile/);
    assert.doesNotMatch(JSON.stringify(found), new RegExp(`${keys.secretKey}|AKID`));
  });

  it("are found in the environment", async () => {
    const HOME = "/nowhere";
    assert.deepEqual(await tencent.discover({ HOME }), []);
    const [whole] = await tencent.discover({ HOME, TENCENTCLOUD_SECRET_ID: "AKIDa", TENCENTCLOUD_SECRET_KEY: "k" });
    assert.deepEqual([whole?.id, whole?.problem], ["environment", undefined]);
    const [half] = await tencent.discover({ HOME, TENCENTCLOUD_SECRET_ID: "AKIDa", TENCENTCLOUD_SECRET_KEY: " " });
    assert.equal(half?.problem, "TENCENTCLOUD_SECRET_KEY is not set.");
    const [other] = await tencent.discover({ HOME, TENCENTCLOUD_SECRET_KEY: "k" });
    assert.equal(other?.problem, "TENCENTCLOUD_SECRET_ID is not set.");
  });

  it("become keys, a region and a role", async () => {
    const environment = made({
      "default.credential": { ...own, token: "t" },
      "default.configure": { _sys_param: { region: "ap-shanghai" }, cvm: {} },
      "role.credential": { ...own, "role-arn": role },
      "half.credential": { secretId: "AKIDhalf" },
    });
    assert.deepEqual(await keysOf(connection("profile:default"), environment), {
      keys: { ...own, token: "t" },
      region: "ap-shanghai",
      role: undefined,
    });
    const assumed = await keysOf(connection("profile:role"), environment);
    assert.deepEqual(assumed.role, { arn: role, session: "plumbline", seconds: 3600, externalId: undefined });
    await assert.rejects(keysOf(connection("profile:half"), environment), CallFailure);
    await assert.rejects(keysOf(connection("profile:none"), environment), /not there/);
    await assert.rejects(keysOf(connection("environment"), environment), CallFailure);
    const variables = {
      TENCENTCLOUD_SECRET_ID: "AKIDa ",
      TENCENTCLOUD_SECRET_KEY: "k",
      TENCENTCLOUD_TOKEN: "t",
      TENCENTCLOUD_REGION: "ap-beijing",
      TENCENTCLOUD_ASSUME_ROLE_ARN: role,
      TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME: "me",
      TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION: "7200",
      TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID: "x",
    };
    assert.deepEqual(await keysOf(connection("environment"), variables), {
      keys: { secretId: "AKIDa", secretKey: "k", token: "t" },
      region: "ap-beijing",
      role: { arn: role, session: "me", seconds: 7200, externalId: "x" },
    });
    const kept = { ...connection("kept:1"), keys: { id: " AKIDa ", secret: "k" } };
    assert.deepEqual((await keysOf(kept, {})).keys, { secretId: "AKIDa", secretKey: "k", token: undefined });
    await assert.rejects(keysOf({ ...kept, keys: { id: "AKIDa", secret: "" } }, {}), /Both/);
  });
});

describe("access to Tencent Cloud", () => {
  it("says who we are and which regions there are", async () => {
    const double = await startDouble(stateOf([]));
    try {
      const session = await tencent.open({
        source: { id: "kept:1", cloud: "tencent", title: "kept keys", from: "", problem: undefined },
        keys: { id: keys.secretId, secret: keys.secretKey },
        endpoint: double.endpoint,
        signal: new AbortController().signal,
      });
      assert.deepEqual(await tencent.identify(session), {
        account,
        principal: `qcs::cam::uin/${account}:uin/100000000002`,
        alias: undefined,
      });
      assert.deepEqual(await tencent.regions(session), [home, "ap-shanghai"]);
      assert.equal(tencent.homeRegion(session), home);
      assert.equal(tencent.requests(session), 2);
      assert.deepEqual([...new Set(double.seen.map(({ action }) => action))].sort(), tencent.actions);
      tencent.close(session);
    } finally {
      await double.close();
    }
  });

  it("takes a role", async () => {
    const answer = {
      Credentials: { Token: temporary.token, TmpSecretId: temporary.secretId, TmpSecretKey: temporary.secretKey },
      ExpiredTime: 1,
      Expiration: "2026-01-01T00:00:00Z",
    };
    const state = stateOf([{ action: "sts:AssumeRole", when: { RoleArn: role, RoleSessionName: "me" }, answer }], {
      keys: [own, temporary],
    });
    const double = await startDouble(state);
    const folder = homeWith({ "role.credential": { ...own, "role-arn": role, "role-session-name": "me" } });
    const before = process.env["HOME"];
    process.env["HOME"] = folder;
    try {
      const session = await tencent.open({
        source: { id: "profile:role", cloud: "tencent", title: "role", from: "", problem: undefined },
        keys: undefined,
        endpoint: double.endpoint,
        signal: new AbortController().signal,
      });
      assert.equal((await tencent.identify(session)).account, account);
      tencent.close(session);
    } finally {
      process.env["HOME"] = before;
      rmSync(folder, { recursive: true });
      await double.close();
    }
  });

  it("writes the least policy as the console takes it", () => {
    const policy = tencent.readPolicy(["cvm:DescribeInstances", "cos:GetBucketACL", "apigateway:DescribeServicesStatus"]);
    assert.deepEqual(JSON.parse(policy), {
      version: "2.0",
      statement: [
        {
          effect: "allow",
          action: ["apigw:DescribeServicesStatus", "cos:GetBucketACL", "cos:GetService", "cvm:DescribeInstances"],
          resource: ["*"],
        },
      ],
    });
  });
});
