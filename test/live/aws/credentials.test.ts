import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discover } from "../../../src/live/aws/credentials.ts";

/** Shared files in a folder of their own, and the variables that name them. */
function files(config: string, credentials = ""): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-aws-"));
  const at = { AWS_CONFIG_FILE: join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") };
  writeFileSync(at.AWS_CONFIG_FILE, config);
  writeFileSync(at.AWS_SHARED_CREDENTIALS_FILE, credentials);
  return at;
}

const titles = async (environment: Record<string, string>): Promise<string[]> =>
  (await discover(environment)).map(({ title, problem }) => (problem === undefined ? title : `${title}: ${problem}`));

describe("credentials of AWS", () => {
  it("are found in the environment, without their values", async () => {
    const environment = { ...files(""), AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "a-secret" };
    const found = await discover(environment);
    assert.deepEqual(found, [
      { id: "environment", cloud: "aws", title: "environment variables", from: "AWS_ACCESS_KEY_ID", problem: undefined },
    ]);
    assert.ok(!JSON.stringify(found).includes("a-secret"));
  });

  it("that are half there say what is missing", async () => {
    assert.deepEqual(await titles({ ...files(""), AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE" }), [
      "environment variables: Half a key: AWS_SECRET_ACCESS_KEY is missing.",
    ]);
    assert.deepEqual(await titles({ ...files(""), AWS_SECRET_ACCESS_KEY: "x" }), [
      "environment variables: Half a key: AWS_ACCESS_KEY_ID is missing.",
    ]);
    assert.deepEqual(await titles({ ...files(""), AWS_WEB_IDENTITY_TOKEN_FILE: "/token" }), [
      "environment variables (web identity): AWS_ROLE_ARN is missing.",
    ]);
  });

  it("of a container and of a web identity are found", async () => {
    assert.deepEqual(
      await titles({
        ...files(""),
        AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/x",
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x",
      }),
      ["container credentials"],
    );
    assert.deepEqual(
      await titles({ ...files(""), AWS_WEB_IDENTITY_TOKEN_FILE: "/token", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/ci" }),
      ["environment variables (web identity)"],
    );
  });

  it("are found in the shared files, each by its kind", async () => {
    const config = `
# Comments, and settings of settings.
[default]
region = eu-central-1
s3 =
  max_concurrent_requests = 20

[profile production]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Audit ; the least

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1

[profile old-sso]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Audit

[profile deploy]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = base
[profile runner]
role_arn = arn:aws:iam::111122223333:role/runner
credential_source = Ec2InstanceMetadata
[profile vault]
credential_process = /usr/local/bin/vault --secret-of-mine
[profile ci]
role_arn = arn:aws:iam::111122223333:role/ci
web_identity_token_file = /var/run/token
[profile "with space"]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = very-secret
[services local]
s3 =
  endpoint_url = http://127.0.0.1:9000
`;
    const environment = files(config, "[base]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\naws_secret_access_key=very-secret\n");
    assert.deepEqual(await titles(environment), [
      "profile default: The profile says nothing about credentials: no keys, SSO, role or process.",
      "profile production (SSO)",
      "profile old-sso (SSO)",
      "profile deploy (role through profile base)",
      "profile runner (role through Ec2InstanceMetadata)",
      "profile vault (process)",
      "profile ci (web identity)",
      "profile with space (keys)",
      "profile base (keys)",
    ]);
    const found = await discover(environment);
    assert.ok(!/very-secret|secret-of-mine|AKIA/.test(JSON.stringify(found)), "no secret leaves the files");
    assert.equal(found.at(-1)?.from, `credentials file ${environment["AWS_SHARED_CREDENTIALS_FILE"] ?? ""}`);
    assert.equal(found[1]?.from, `configuration file ${environment["AWS_CONFIG_FILE"] ?? ""}`);
  });

  it("that can't work say why", async () => {
    const config = `
[profile half]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
[profile lost]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = nowhere
[profile a]
role_arn = arn:aws:iam::111122223333:role/a
source_profile = b
[profile b]
role_arn = arn:aws:iam::111122223333:role/b
source_profile = a
[profile mfa]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = half
mfa_serial = arn:aws:iam::111122223333:mfa/me
[profile half-sso]
sso_session = gone
sso_account_id = 111122223333
sso_role_name = Audit
[profile through-half]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = half
[profile lonely]
role_arn = arn:aws:iam::111122223333:role/x
[profile itself]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = itself
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = x
`;
    assert.deepEqual(await titles(files(config)), [
      "profile half (keys): Half a key: aws_secret_access_key is missing.",
      "profile lost (role through profile nowhere): There is no profile nowhere, which it takes its role through.",
      "profile a (role through profile b): The profiles take their roles through each other: a, b.",
      "profile b (role through profile a): The profiles take their roles through each other: b, a.",
      "profile mfa (role through profile half): It asks for an MFA code, which can't be given here. Sign in with a tool that keeps a session, and use that profile.",
      "profile half-sso (SSO): There is no section [sso-session gone].",
      "profile through-half (role through profile half): Profile half: Half a key: aws_secret_access_key is missing.",
      "profile lonely (role): source_profile or credential_source is missing.",
      "profile itself (role through profile itself)",
    ]);
  });

  it("are looked for without harm where there is nothing, or nonsense", async () => {
    assert.deepEqual(await discover({ HOME: "/nonexistent" }), []);
    assert.deepEqual(await discover({ AWS_CONFIG_FILE: tmpdir(), AWS_SHARED_CREDENTIALS_FILE: tmpdir() }), []);
    assert.deepEqual(await discover(files("\u0000[[[\n=\n]x=", "aws_access_key_id = outside\n[")), []);
  });
});
