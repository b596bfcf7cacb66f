import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ResultsView } from "../../src/live/protocol.ts";
import { longLived, startCloudFront, temporary, type CloudFront } from "../harness/cloud-front.ts";
import { commandLine, type Ran } from "../harness/command-line.ts";

/*
 * Every way to connect, with the built program at the clouds' own hosts: what a bundle breaks, no test of the sources sees. Then an
 * account that is nobody's sample, from the calls that are agreed to, to results.
 */

type Cloud = "aws" | "alibaba" | "tencent";

describe("connections of the built program", function () {
  this.timeout(300_000);
  let front: CloudFront;
  let folder = "";
  before(async () => {
    front = await startCloudFront();
    folder = mkdtempSync(join(tmpdir(), "plumbline-connections-"));
    writeFiles();
  });
  after(async () => {
    await front.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const plumbline = (variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> =>
    commandLine(folder, { ...front.environment, ...variables })(...args);
  const write = (path: string, content: string | object): void => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  };

  function writeFiles(): void {
    write("token", "a-token-of-somebody-else");
    write(
      ".aws/config",
      `[profile keys]
region = eu-west-1
[profile role]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/audit
source_profile = keys
[profile process]
region = eu-west-1
credential_process = ${process.execPath} ${join(folder, "give.mjs")} aws
[profile sso]
region = eu-west-1
sso_session = company
sso_account_id = 111122223333
sso_role_name = Audit
[sso-session company]
sso_start_url = https://pinewood.awsapps.com/start
sso_region = eu-west-1
[profile web]
region = eu-west-1
role_arn = arn:aws:iam::111122223333:role/ci
web_identity_token_file = ${join(folder, "token")}
`,
    );
    write(".aws/credentials", `[keys]\naws_access_key_id = ${longLived.id}\naws_secret_access_key = ${longLived.secret}\n`);
    // As `aws sso login` leaves it.
    write(`.aws/sso/cache/${createHash("sha1").update("company").digest("hex")}.json`, {
      accessToken: "a-sign-in-of-the-tests",
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      region: "eu-west-1",
      startUrl: "https://pinewood.awsapps.com/start",
    });
    const { id, secret, token } = temporary;
    const aws = { Version: 1, AccessKeyId: id, SecretAccessKey: secret, SessionToken: token };
    const alibaba = { mode: "StsToken", access_key_id: id, access_key_secret: secret, sts_token: token };
    write("give.mjs", `console.log(process.argv[2] === "aws" ? '${JSON.stringify(aws)}' : '${JSON.stringify(alibaba)}');\n`);
    const ak = { access_key_id: longLived.id, access_key_secret: longLived.secret };
    const role = { ram_role_arn: "acs:ram::1029384756102938:role/audit" };
    const provider = "acs:ram::1029384756102938:oidc-provider/ci";
    write(".aliyun/config.json", {
      current: "keys",
      profiles: [
        { name: "keys", mode: "AK", ...ak },
        { name: "sts", mode: "StsToken", access_key_id: id, access_key_secret: secret, sts_token: token },
        { name: "role", mode: "RamRoleArn", ...ak, ...role },
        { name: "chain", mode: "ChainableRamRoleArn", source_profile: "role", ...role },
        { name: "oidc", mode: "OIDC", oidc_provider_arn: provider, oidc_token_file: join(folder, "token"), ...role },
        { name: "program", mode: "External", process_command: `${process.execPath} ${join(folder, "give.mjs")} alibaba` },
        { name: "uri", mode: "CredentialsURI", credentials_uri: `http://127.0.0.1:${String(front.port)}/alibaba-keys` },
        { name: "instance", mode: "EcsRamRole", ram_role_name: "auditor" },
        { name: "instance-role", mode: "RamRoleArnWithRoleName", ram_role_name: "auditor", ...role },
      ],
    });
    write(".tccli/keys.credential", { secretId: longLived.id, secretKey: longLived.secret });
    write(".tccli/sts.credential", { secretId: id, secretKey: secret, token });
    write(".tccli/role.credential", {
      secretId: longLived.id,
      secretKey: longLived.secret,
      "role-arn": "qcs::cam::uin/1:roleName/audit",
    });
    write(".tccli/browser.credential", {
      type: "oauth",
      secretId: id,
      secretKey: secret,
      token,
      expiresAt: Math.floor(Date.now() / 1000) + 3600,
    });
  }

  const accounts = { aws: "aws:111122223333", alibaba: "alibaba:1029384756102938", tencent: "tencent:100000000001" };
  const awsVariables = { AWS_REGION: "eu-west-1" };
  const ways: readonly (readonly [Cloud, string, Readonly<Record<string, string>>?])[] = [
    ...["keys", "role", "process", "sso", "web"].map((name) => ["aws", `profile:${name}`] as const),
    ["aws", "environment", { ...awsVariables, AWS_ACCESS_KEY_ID: longLived.id, AWS_SECRET_ACCESS_KEY: longLived.secret }],
    [
      "aws",
      "web-identity",
      { ...awsVariables, AWS_WEB_IDENTITY_TOKEN_FILE: "token", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/ci" },
    ],
    ["aws", "container", { ...awsVariables, AWS_CONTAINER_CREDENTIALS_FULL_URI: "" }],
    ...["keys", "sts", "role", "chain", "oidc", "program", "uri", "instance", "instance-role"].map(
      (name) => ["alibaba", `profile:${name}`] as const,
    ),
    ["alibaba", "environment", { ALIBABA_CLOUD_ACCESS_KEY_ID: longLived.id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: longLived.secret }],
    ["alibaba", "environment", { ALIBABA_CLOUD_ECS_METADATA: "auditor" }],
    ["alibaba", "environment", { ALIBABA_CLOUD_CREDENTIALS_URI: "" }],
    ...["keys", "sts", "role", "browser"].map((name) => ["tencent", `profile:${name}`] as const),
    ["tencent", "environment", { TENCENTCLOUD_SECRET_ID: longLived.id, TENCENTCLOUD_SECRET_KEY: longLived.secret }],
  ];
  for (const [cloud, source, variables = {}] of ways) {
    it([cloud, "by", source, ...Object.keys(variables)].join(" "), async () => {
      const uri = `http://127.0.0.1:${String(front.port)}/${cloud}-keys`;
      const given = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value === "" ? uri : value]));
      const { code, out, error } = await plumbline(given, "accounts", "connect", cloud, "--source", source, "--format", "json");
      assert.equal(code, 0, error);
      const account = JSON.parse(out) as { readonly key: string; readonly sample: boolean };
      assert.deepEqual([account.key, account.sample], [accounts[cloud], false]);
    });
  }

  const checks = {
    aws: "aws-s3-bucket-versioning",
    alibaba: "alibaba-oss-bucket-public-read-write",
    tencent: "tencent-cos-bucket-public-read-write",
  };
  for (const cloud of ["aws", "alibaba", "tencent"] as const) {
    it(`scan an account of ${cloud} once its user has agreed to the calls, and no secret is kept`, async () => {
      await plumbline({}, "accounts", "connect", cloud, "--source", "profile:keys");
      const account = ["--account", accounts[cloud]];
      const alone = await plumbline({}, "estimate", ...account);
      assert.equal(alone.code, 2);
      assert.match(alone.error, /API actions, and changes nothing:[\s\S]*Nobody is there to agree: add --yes/);
      const asked = front.hosts.length;
      const scanned = await plumbline({}, "scan", ...account, "--checks", checks[cloud], "--yes", "--format", "json");
      assert.ok([0, 1].includes(scanned.code), scanned.error);
      const view = JSON.parse(scanned.out) as ResultsView;
      assert.ok(view.results.length > 1 && view.results.every(({ status }) => status === "pass" || status === "fail"), scanned.out);
      const domain = { aws: "amazonaws.com", alibaba: "aliyuncs.com", tencent: "tencentcloudapi.com" }[cloud];
      assert.ok(front.hosts.slice(asked).some((host) => host.endsWith(domain)));
      const kept = `${scanned.out}${scanned.error}${readFileSync(join(folder, "live.db"), "latin1")}`;
      for (const secret of [longLived.secret, temporary.secret, temporary.token]) assert.ok(!kept.includes(secret));
    });
  }
});
