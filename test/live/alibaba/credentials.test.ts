import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alibabaAccess } from "../../../src/live/alibaba/access.ts";
import { limits } from "../../../src/live/alibaba/client.ts";
import { CallFailure } from "../../../src/live/failure.ts";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import { body, connection, fastClock, keys, state } from "./world.ts";

const role = "acs:ram::1234567890123456:role/reader";
const provider = "acs:ram::1234567890123456:oidc-provider/ci";
const temporary = { id: "STS.NExampleExample0001", secret: "temporary-secret", token: "temporary-token" };

describe("credentials of Alibaba Cloud", () => {
  let home: string;
  let double: Double;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "plumbline-alibaba-"));
    await mkdir(join(home, ".aliyun"));
    const expires = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    const Credentials = {
      AccessKeyId: temporary.id,
      AccessKeySecret: temporary.secret,
      SecurityToken: temporary.token,
      Expiration: expires,
    };
    double = await startDouble(
      state({
        keys: [keys, temporary],
        recorded: [
          body("sts:AssumeRole", { Credentials }, { RoleArn: role }),
          body("sts:AssumeRoleWithOIDC", { Credentials }, { RoleArn: role, OIDCProviderArn: provider }),
        ],
      }),
    );
  });
  after(async () => {
    await double.close();
    await rm(home, { recursive: true });
  });

  const write = (content: string): Promise<void> => writeFile(join(home, ".aliyun/config.json"), content);
  const profiles = (...list: object[]): Promise<void> => write(JSON.stringify({ current: "second", profiles: list }));
  const access = (environment: Record<string, string> = {}): ReturnType<typeof alibabaAccess> =>
    alibabaAccess({ HOME: home, ...environment }, limits(fastClock()));

  /** Opens a source that was found; gives the region that is home. */
  const open = async (id: string, environment: Record<string, string> = {}): Promise<string> => {
    const cloud = access(environment);
    const source = (await cloud.discover({ HOME: home, ...environment })).find((one) => one.id === id);
    assert.ok(source, `${id} is not found`);
    const session = await cloud.open(connection(double, { source, keys: undefined }));
    const region = cloud.homeRegion(session);
    session.close();
    return region;
  };
  const refused = async (id: string, environment: Record<string, string> = {}): Promise<CallFailure> => {
    try {
      await open(id, environment);
    } catch (error) {
      assert.ok(error instanceof CallFailure, String(error));
      return error;
    }
    throw new Error("it opened");
  };
  const ak = { access_key_id: keys.id, access_key_secret: keys.secret };

  it("are found in the profiles of the command line, the one in use first, with what keeps them from use", async () => {
    await profiles(
      { name: "default", mode: "AK", ...ak },
      { name: "second", mode: "StsToken", ...ak, sts_token: "" },
      { name: "role", mode: "RamRoleArn", ...ak, ram_role_arn: role },
      { name: "chain", mode: "ChainableRamRoleArn", source_profile: "missing", ram_role_arn: role },
      { name: "a", mode: "ChainableRamRoleArn", source_profile: "b", ram_role_arn: role },
      { name: "b", mode: "ChainableRamRoleArn", source_profile: "a", ram_role_arn: role },
      { name: "browser", mode: "OAuth" },
      { name: "nothing" },
      { name: "ecs", mode: "EcsRamRole", ram_role_name: "r" },
      { name: "sso", mode: "CloudSSO", cloud_sso_sign_in_url: "https://signin.example.com" },
    );
    const found = await access().discover({ HOME: home });
    assert.deepEqual(
      found.map(({ id, problem }) => [id, problem]),
      [
        ["profile:second", "sts_token is missing"],
        ["profile:default", undefined],
        ["profile:role", undefined],
        ["profile:chain", 'its source profile "missing" is not there'],
        ["profile:a", 'its source profile "b" can\'t be used: its source profiles go in a circle'],
        ["profile:b", 'its source profile "a" can\'t be used: its source profiles go in a circle'],
        ["profile:browser", 'the mode "OAuth" is not supported'],
        ["profile:nothing", "the profile has no mode"],
        ["profile:ecs", undefined],
        ["profile:sso", "cloud_sso_account_id and cloud_sso_access_config and access_token are missing"],
      ],
    );
    assert.equal(found[1]?.title, "profile default (AccessKey)");
    assert.doesNotMatch(JSON.stringify(found), new RegExp(`${keys.id}|${keys.secret}`));
  });

  it("are none where there is no file, and a source with a problem where it is odd", async () => {
    assert.deepEqual(await access().discover({ HOME: join(home, "nobody") }), []);
    for (const odd of [`{"profiles": [{"access_key_secret": "${keys.secret}"`, ""]) {
      await write(odd);
      const [source, ...more] = await access().discover({ HOME: home });
      assert.equal(source?.problem, "it is not JSON");
      assert.deepEqual(more, []);
      assert.doesNotMatch(JSON.stringify(source), new RegExp(keys.secret));
    }
    for (const odd of ["null", "[]", '{"profiles": 1}', '{"profiles": [1, null]}']) {
      await write(odd);
      assert.deepEqual(await access().discover({ HOME: home }), []);
    }
  });

  it("open by keys, temporary keys, roles and chains of roles", async () => {
    await profiles(
      { name: "keys", mode: "AK", ...ak, region_id: "cn-shanghai" },
      {
        name: "sts",
        mode: "StsToken",
        access_key_id: temporary.id,
        access_key_secret: temporary.secret,
        sts_token: temporary.token,
      },
      { name: "role", mode: "RamRoleArn", ...ak, ram_role_arn: role, ram_session_name: "me", expired_seconds: 900 },
      { name: "chain", mode: "ChainableRamRoleArn", source_profile: "role", ram_role_arn: role },
      { name: "denied", mode: "RamRoleArn", ...ak, access_key_secret: "wrong", ram_role_arn: role },
    );
    assert.equal(await open("profile:keys"), "cn-shanghai");
    assert.equal(await open("profile:sts"), "cn-hangzhou");
    assert.equal(await open("profile:role"), "cn-hangzhou");
    assert.equal(await open("profile:chain"), "cn-hangzhou");
    const failed = await refused("profile:denied");
    assert.equal(failed.kind, "credentials");
    assert.equal(failed.action, "sts:AssumeRole");
  });

  it("open by the token of another party", async () => {
    const file = join(home, "token");
    await profiles({ name: "ci", mode: "OIDC", oidc_provider_arn: provider, oidc_token_file: file, ram_role_arn: role });
    const missing = await refused("profile:ci");
    assert.match(missing.message, /token's file .* can't be read/);
    await writeFile(file, "ey.secret.token\n");
    assert.equal(await open("profile:ci"), "cn-hangzhou");
    const environment = {
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: file,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: provider,
      ALIBABA_CLOUD_ROLE_ARN: role,
      ALIBABA_CLOUD_REGION_ID: "cn-shanghai",
    };
    assert.equal(await open("environment", environment), "cn-shanghai");
    const elsewhere = await refused("environment", {
      ...environment,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/x",
    });
    assert.doesNotMatch(elsewhere.message, /secret/);
  });

  it("open by a program or an address that gives keys, and say no key where that fails", async () => {
    const given = { mode: "AK", access_key_id: keys.id, access_key_secret: keys.secret };
    const program = join(home, "give.mjs");
    await writeFile(program, `console.log(${JSON.stringify(JSON.stringify(given))})`);
    const server = createServer((request, response) => {
      const good = {
        Code: "Success",
        AccessKeyId: temporary.id,
        AccessKeySecret: temporary.secret,
        SecurityToken: temporary.token,
      };
      const expires = { Expiration: new Date(Date.now() + 3_600_000).toISOString() };
      response.end(request.url === "/good" ? JSON.stringify({ ...good, ...expires }) : `{"AccessKeySecret": "${keys.secret}"}`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await profiles(
      { name: "program", mode: "External", process_command: `${process.execPath} ${program}` },
      { name: "broken", mode: "External", process_command: `${process.execPath} ${join(home, "none.mjs")} ${keys.secret}` },
      { name: "uri", mode: "CredentialsURI", credentials_uri: `${uri}/good` },
      { name: "odd", mode: "CredentialsURI", credentials_uri: `${uri}/odd` },
    );
    try {
      assert.equal(await open("profile:program"), "cn-hangzhou");
      assert.equal(await open("profile:uri"), "cn-hangzhou");
      for (const id of ["profile:broken", "profile:odd"]) {
        const failed = await refused(id);
        assert.equal(failed.kind, "credentials");
        assert.doesNotMatch(failed.message, new RegExp(keys.secret));
      }
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it("are found in the environment by the names of the SDKs and of Terraform", async () => {
    await profiles();
    const found = async (environment: Record<string, string>): Promise<unknown> =>
      (await access().discover({ HOME: home, ...environment })).map(({ id, title, problem }) => [id, title, problem]);
    const { id, secret } = keys;
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ ALIBABA_CLOUD_ACCESS_KEY_ID: id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret }), [
      ["environment", "environment (AccessKey)", undefined],
    ]);
    assert.deepEqual(await found({ ALIBABA_CLOUD_ACCESS_KEY_ID: id }), [
      ["environment", "environment (AccessKey)", "ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing"],
    ]);
    assert.deepEqual(await found({ ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/t" }), [
      ["environment", "environment (OIDC role)", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_ROLE_ARN are missing"],
    ]);
    assert.equal(
      await open("environment", { ALICLOUD_ACCESS_KEY: id, ALICLOUD_SECRET_KEY: secret, ALICLOUD_REGION: "cn-shanghai" }),
      "cn-shanghai",
    );
  });

  it("are asked for again when a profile is gone by the time that it is used", async () => {
    await profiles({ name: "keys", mode: "AK", ...ak });
    const cloud = access();
    const [source] = await cloud.discover({ HOME: home });
    await profiles();
    await assert.rejects(cloud.open(connection(double, { source: source!, keys: undefined })), /is not there any more/);
  });
});
