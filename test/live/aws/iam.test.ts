import assert from "node:assert/strict";
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  AddRoleToInstanceProfileCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
  UpdateAccountPasswordPolicyCommand,
  UploadServerCertificateCommand,
} from "@aws-sdk/client-iam";
import { answering, reportOf } from "./gaps.ts";
import { read, some, verdicts } from "./assess.ts";
import { account, connect, emptyMoto, Front, seeding } from "./moto.ts";

const statement = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
const admin = statement({ Effect: "Allow", Action: "*", Resource: "*" });
const harmless = statement({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::example/*" });
const trust = statement({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" });
const administrators = "arn:aws:iam::aws:policy/AdministratorAccess";
const arn = (resource: string): string => `arn:aws:iam::${account}:${resource}`;

describe("IAM of an account", () => {
  let endpoint: string;
  let client: IAMClient;
  const fronts: Front[] = [];
  const inFront = async (answers: Parameters<typeof answering>[0]): Promise<string> => {
    const front = await Front.start(endpoint, answering(answers));
    fronts.push(front);
    return front.endpoint;
  };

  const start = async (managedPolicies: boolean): Promise<void> => {
    endpoint = await emptyMoto({ managedPolicies });
    client = new IAMClient(seeding(endpoint));
  };

  beforeEach(() => start(false));
  afterEach(async () => {
    for (const front of fronts.splice(0)) await front.stop();
  });

  it("gives users, groups and roles with what is inline and what is attached", async () => {
    await start(true);
    await client.send(
      new CreateUserCommand({
        UserName: "ada",
        Path: "/people/",
        Tags: [{ Key: "team", Value: "a" }],
        PermissionsBoundary: administrators,
      }),
    );
    await client.send(new PutUserPolicyCommand({ UserName: "ada", PolicyName: "own", PolicyDocument: harmless }));
    await client.send(new AttachUserPolicyCommand({ UserName: "ada", PolicyArn: administrators }));
    await client.send(new CreateGroupCommand({ GroupName: "people" }));
    await client.send(new AddUserToGroupCommand({ GroupName: "people", UserName: "ada" }));
    await client.send(new PutGroupPolicyCommand({ GroupName: "people", PolicyName: "own", PolicyDocument: harmless }));
    await client.send(new AttachGroupPolicyCommand({ GroupName: "people", PolicyArn: administrators }));
    await client.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: trust, Description: "runs 100% of it" }));
    await client.send(new PutRolePolicyCommand({ RoleName: "app", PolicyName: "own", PolicyDocument: admin }));
    const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: "shared", PolicyDocument: harmless }));
    await client.send(new CreatePolicyVersionCommand({ PolicyArn: Policy!.Arn, PolicyDocument: admin, SetAsDefault: true }));
    await client.send(new AttachRolePolicyCommand({ RoleName: "app", PolicyArn: Policy!.Arn! }));
    const { one, ids } = await read(await connect(endpoint), ["aws_iam_user"], []);
    assert.deepEqual(some(one("aws_iam_user"), ["name", "path", "arn", "permissions_boundary", "tags", "password_last_used"]), {
      name: "ada",
      path: "/people/",
      arn: arn("user/people/ada"),
      permissions_boundary: null,
      tags: { team: "a" },
    });
    assert.deepEqual(one("aws_iam_user").tags, { team: "a" });
    assert.deepEqual(one("aws_iam_user_policy").attributes, { id: "ada:own", name: "own", user: "ada", policy: harmless });
    assert.deepEqual(one("aws_iam_user_policy_attachment").attributes["policy_arn"], administrators);
    assert.deepEqual(some(one("aws_iam_group"), ["name", "path"]), { name: "people", path: "/" });
    assert.deepEqual(some(one("aws_iam_group_policy"), ["group", "policy"]), { group: "people", policy: harmless });
    assert.deepEqual(some(one("aws_iam_group_policy_attachment"), ["group", "policy_arn"]), {
      group: "people",
      policy_arn: administrators,
    });
    assert.deepEqual(
      some(one("aws_iam_role"), ["name", "assume_role_policy", "inline_policy", "managed_policy_arns", "permissions_boundary"]),
      {
        name: "app",
        assume_role_policy: trust,
        inline_policy: [],
        managed_policy_arns: [],
        permissions_boundary: null,
      },
    );
    assert.deepEqual(some(one("aws_iam_role_policy"), ["role", "policy"]), { role: "app", policy: admin });
    assert.deepEqual(some(one("aws_iam_role_policy_attachment"), ["role", "policy_arn"]), {
      role: "app",
      policy_arn: arn("policy/shared"),
    });
    // The version that holds, not the first.
    assert.deepEqual(some(one("aws_iam_policy"), ["arn", "name", "policy"]), {
      arn: arn("policy/shared"),
      name: "shared",
      policy: admin,
    });
    assert.deepEqual(ids("aws_iam_policy"), [arn("policy/shared")], "AWS's own policies are nobody's");
  });

  it("is judged by its policies", async () => {
    await start(true);
    await client.send(new CreateUserCommand({ UserName: "bad" }));
    await client.send(new CreateUserCommand({ UserName: "good" }));
    await client.send(new PutUserPolicyCommand({ UserName: "bad", PolicyName: "all", PolicyDocument: admin }));
    await client.send(new CreateGroupCommand({ GroupName: "good" }));
    await client.send(new PutGroupPolicyCommand({ GroupName: "good", PolicyName: "some", PolicyDocument: harmless }));
    await client.send(
      new CreateRoleCommand({
        RoleName: "bad",
        AssumeRolePolicyDocument: statement({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
      }),
    );
    await client.send(new AttachRolePolicyCommand({ RoleName: "bad", PolicyArn: administrators }));
    await client.send(new CreateRoleCommand({ RoleName: "good", AssumeRolePolicyDocument: trust }));
    await client.send(new CreateRoleCommand({ RoleName: "hidden", AssumeRolePolicyDocument: trust }));
    const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName: "all", PolicyDocument: admin }));
    await client.send(new AttachRolePolicyCommand({ RoleName: "hidden", PolicyArn: Policy!.Arn! }));
    await client.send(new CreatePolicyCommand({ PolicyName: "some", PolicyDocument: harmless }));
    const found = await verdicts(await connect(endpoint), [
      "aws-iam-policy-full-admin",
      "aws-iam-role-trust-any-principal",
      "aws-iam-role-admin-policy",
      "aws-iam-user-admin-policy",
      "aws-iam-user-direct-policy",
      "aws-iam-policy-admin-managed-attached",
    ]);
    assert.deepEqual(found, {
      "aws-iam-policy-full-admin": {
        [`aws_iam_policy ${arn("policy/all")}`]: "fail",
        [`aws_iam_policy ${arn("policy/some")}`]: "pass",
        "aws_iam_user bad": "fail",
        "aws_iam_group good": "pass",
      },
      "aws-iam-role-trust-any-principal": { bad: "fail", good: "pass", hidden: "pass" },
      "aws-iam-role-admin-policy": { good: "pass", hidden: "fail" },
      "aws-iam-user-admin-policy": { bad: "pass", good: "pass" },
      "aws-iam-user-direct-policy": { bad: "fail", good: "pass" },
      "aws-iam-policy-admin-managed-attached": {
        "aws_iam_role bad": "fail",
        "aws_iam_role good": "pass",
        "aws_iam_role hidden": "pass",
        "aws_iam_user bad": "pass",
        "aws_iam_user good": "pass",
        "aws_iam_group good": "pass",
      },
    });
  });

  it("tells of passwords, keys and devices, and is judged by them", async () => {
    for (const UserName of ["console", "careful", "machine"]) await client.send(new CreateUserCommand({ UserName }));
    for (const UserName of ["console", "careful"])
      await client.send(new CreateLoginProfileCommand({ UserName, Password: "Example-1234" }));
    const { VirtualMFADevice } = await client.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "careful" }));
    await client.send(
      new EnableMFADeviceCommand({
        UserName: "careful",
        SerialNumber: VirtualMFADevice!.SerialNumber,
        AuthenticationCode1: "123456",
        AuthenticationCode2: "654321",
      }),
    );
    const first = (await client.send(new CreateAccessKeyCommand({ UserName: "machine" }))).AccessKey!;
    const second = (await client.send(new CreateAccessKeyCommand({ UserName: "machine" }))).AccessKey!;
    await client.send(new UpdateAccessKeyCommand({ UserName: "machine", AccessKeyId: second.AccessKeyId, Status: "Inactive" }));
    await client.send(new CreateAccessKeyCommand({ UserName: "console" }));
    const session = await connect(endpoint);
    const { one, ids, data } = await read(session, ["aws_iam_user", "aws_iam_access_key"]);
    assert.deepEqual([...ids("aws_iam_user_login_profile")].sort(), ["careful", "console"]);
    assert.deepEqual(ids("aws_iam_virtual_mfa_device"), [VirtualMFADevice!.SerialNumber]);
    assert.equal(one("aws_iam_virtual_mfa_device").attributes["user_name"], "careful");
    assert.deepEqual(some(one("aws_iam_access_key", first.AccessKeyId), ["user", "status", "last_used"]), {
      user: "machine",
      status: "Active",
      last_used: null,
    });
    assert.match(JSON.stringify(one("aws_iam_access_key", first.AccessKeyId).attributes["create_date"]), /^"\d{4}-\d\d-\d\dT/);
    assert.equal(one("aws_iam_access_key", second.AccessKeyId).attributes["status"], "Inactive");
    assert.equal(one("aws_iam_user", "console").attributes["password_last_used"], null);
    assert.ok(!JSON.stringify(data).includes(first.SecretAccessKey!));
    const found = await verdicts(session, [
      "aws-iam-user-console-mfa",
      "aws-iam-user-console-and-keys",
      "aws-iam-user-two-active-keys",
    ]);
    assert.deepEqual(found, {
      "aws-iam-user-console-mfa": { console: "fail", careful: "pass" },
      "aws-iam-user-console-and-keys": { console: "fail", careful: "pass" },
      "aws-iam-user-two-active-keys": { console: "pass", careful: "pass", machine: "pass" },
    });
    // As it stands in half a year.
    const later = new Date(Date.now() + 180 * 86_400_000).toISOString();
    const old = await verdicts(session, ["aws-iam-user-access-key-age", "aws-iam-user-access-key-unused"], later);
    assert.equal(old["aws-iam-user-access-key-age"]![first.AccessKeyId!], "fail");
    assert.equal(old["aws-iam-user-access-key-unused"]![first.AccessKeyId!], "fail");
    const now = await verdicts(session, ["aws-iam-user-access-key-age", "aws-iam-user-access-key-unused"]);
    assert.equal(now["aws-iam-user-access-key-age"]![first.AccessKeyId!], "pass");
    assert.equal(now["aws-iam-user-access-key-unused"]![first.AccessKeyId!], "pass");
  });

  it("reads the credential report, also of users with commas in their names", async () => {
    for (const UserName of ["sleeper", "a,b", "new"]) await client.send(new CreateUserCommand({ UserName }));
    const long = "2024-01-01T00:00:00+00:00";
    const Content = reportOf({
      "<root_account>": {
        password_enabled: "not_supported",
        password_last_used: "2026-11-20T10:00:00+00:00",
        access_key_1_last_used_date: "N/A",
        access_key_2_last_used_date: long,
      },
      sleeper: { arn: arn("user/sleeper"), password_enabled: "true", password_last_used: long, password_last_changed: long },
      "a,b": { arn: arn("user/a,b"), password_enabled: "true", password_last_used: "no_information", password_last_changed: long },
      new: { arn: arn("user/new"), password_enabled: "false", password_last_used: "N/A" },
    });
    const session = await connect(await inFront({ GetCredentialReport: { Content } }));
    const { one, ids } = await read(session, ["aws_iam_user", "aws_account"], ["iam:GetCredentialReport"]);
    assert.deepEqual(some(one("aws_account"), ["console_passwords", "root_password_last_used", "root_key_last_used"]), {
      console_passwords: 2,
      root_password_last_used: "2026-11-20T10:00:00+00:00",
      root_key_last_used: long,
    });
    assert.equal(one("aws_iam_user", "sleeper").attributes["password_last_used"], long);
    assert.equal(one("aws_iam_user", "a,b").attributes["password_last_used"], null);
    assert.equal(one("aws_iam_user", "a,b").attributes["password_last_changed"], long);
    assert.equal(one("aws_iam_user", "new").attributes["password_last_changed"], null);
    assert.deepEqual([...ids("aws_iam_user_login_profile")].sort(), ["a,b", "sleeper"]);
    const at = "2026-11-26T00:00:00Z";
    assert.deepEqual(
      await verdicts(session, ["aws-iam-root-recent-use", "aws-iam-user-password-unused", "aws-iam-saml-federation"], at),
      {
        "aws-iam-root-recent-use": { [account]: "fail" },
        "aws-iam-user-password-unused": { sleeper: "fail", "a,b": "fail" },
        "aws-iam-saml-federation": { [account]: "pass" },
      },
    );
  });

  it("does not take a report without the root user for one of a root user who never came", async () => {
    await client.send(new CreateUserCommand({ UserName: "ada" }));
    const found = await verdicts(await connect(endpoint), ["aws-iam-root-recent-use"]);
    assert.match(found["aws-iam-root-recent-use"]![account]!, /^unknown/);
  });

  it("judges the root user", async () => {
    const items = ["aws-iam-root-access-key", "aws-iam-root-mfa", "aws-iam-root-hardware-mfa"];
    const summary = (SummaryMap: object) => inFront({ GetAccountSummary: { SummaryMap } });
    const bad = await summary({ AccountAccessKeysPresent: 1, AccountMFAEnabled: 0, AccountPasswordPresent: 1 });
    assert.deepEqual(await verdicts(await connect(bad), items), {
      "aws-iam-root-access-key": { [account]: "fail" },
      "aws-iam-root-mfa": { [account]: "fail" },
      "aws-iam-root-hardware-mfa": { [account]: "fail" },
    });
    const good = await summary({ AccountAccessKeysPresent: 0, AccountMFAEnabled: 1, AccountPasswordPresent: 1 });
    assert.deepEqual(await verdicts(await connect(good), items), {
      "aws-iam-root-access-key": { [account]: "pass" },
      "aws-iam-root-mfa": { [account]: "pass" },
      "aws-iam-root-hardware-mfa": { [account]: "pass" },
    });
    const silent = await summary({ Users: 1 });
    for (const item of items) assert.match((await verdicts(await connect(silent), [item]))[item]![account]!, /^unknown/, item);
  });

  it("judges the password policy, and that there is none", async () => {
    const items = ["length", "lowercase", "uppercase", "number", "symbol", "reuse", "expiry", "user-change"].map((what) =>
      what === "length" ? "aws-iam-password-policy-min-length" : `aws-iam-password-policy-${what}`,
    );
    const all = (found: Record<string, Record<string, string>>): string[] =>
      items.map((item) => `${item} ${Object.values(found[item] ?? {}).join()}`);
    const none = await verdicts(await connect(endpoint), items);
    assert.deepEqual(
      all(none),
      items.map((item) => `${item} fail`),
    );
    await client.send(
      new UpdateAccountPasswordPolicyCommand({
        MinimumPasswordLength: 16,
        RequireLowercaseCharacters: true,
        RequireUppercaseCharacters: true,
        RequireNumbers: true,
        RequireSymbols: true,
        PasswordReusePrevention: 24,
        MaxPasswordAge: 90,
        AllowUsersToChangePassword: true,
      }),
    );
    assert.deepEqual(
      all(await verdicts(await connect(endpoint), items)),
      items.map((item) => `${item} pass`),
    );
    await client.send(new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 8 }));
    assert.deepEqual(
      all(await verdicts(await connect(endpoint), items)),
      items.map((item) => `${item} fail`),
    );
    const { one } = await read(await connect(endpoint), ["aws_iam_account_password_policy"]);
    assert.deepEqual(
      some(one("aws_iam_account_password_policy"), ["max_password_age", "password_reuse_prevention", "minimum_password_length"]),
      {
        max_password_age: 0,
        password_reuse_prevention: 0,
        minimum_password_length: 8,
      },
    );
  });

  it("counts who may open cases with AWS's support", async () => {
    await start(true);
    const item = "aws-iam-support-role";
    assert.deepEqual((await verdicts(await connect(endpoint), [item]))[item], { [account]: "fail" });
    await client.send(new CreateRoleCommand({ RoleName: "support", AssumeRolePolicyDocument: trust }));
    await client.send(new AttachRolePolicyCommand({ RoleName: "support", PolicyArn: "arn:aws:iam::aws:policy/AWSSupportAccess" }));
    assert.deepEqual((await verdicts(await connect(endpoint), [item]))[item], { [account]: "pass" });
  });

  it("gives instance profiles, with their role or without", async () => {
    await client.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: trust }));
    for (const InstanceProfileName of ["with", "without"])
      await client.send(new CreateInstanceProfileCommand({ InstanceProfileName }));
    await client.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "with", RoleName: "app" }));
    const { one } = await read(await connect(endpoint), ["aws_iam_instance_profile"]);
    assert.deepEqual(some(one("aws_iam_instance_profile", "with"), ["role", "arn"]), {
      role: "app",
      arn: arn("instance-profile/with"),
    });
    assert.deepEqual(some(one("aws_iam_instance_profile", "without"), ["role"]), { role: null });
  });

  it("gives server certificates", async () => {
    await client.send(
      new UploadServerCertificateCommand({ ServerCertificateName: "site", CertificateBody: "body", PrivateKey: "the-private-key" }),
    );
    const session = await connect(endpoint);
    const { one, data } = await read(session, ["aws_iam_server_certificate"]);
    const { name, arn: its } = one("aws_iam_server_certificate").attributes;
    assert.deepEqual([name, its], ["site", arn("server-certificate/site")]);
    assert.ok(!JSON.stringify(data).includes("the-private-key"));
  });

  it("knows the central root access of an organization, and accounts that manage none", async () => {
    const item = "aws-iam-root-credentials-centralized";
    const on = await inFront({
      ListOrganizationsFeatures: { OrganizationId: "o-example", EnabledFeatures: ["RootCredentialsManagement"] },
    });
    assert.deepEqual((await verdicts(await connect(on), [item]))[item], { "o-example": "pass" });
    const off = await inFront({ ListOrganizationsFeatures: { OrganizationId: "o-example", EnabledFeatures: [] } });
    assert.deepEqual((await verdicts(await connect(off), [item]))[item], { "o-example": "fail" });
    const saying = (error: string) => inFront({ ListOrganizationsFeatures: { error, message: "no", status: 400 } });
    assert.deepEqual((await verdicts(await connect(await saying("ServiceAccessNotEnabledException")), [item]))[item], {
      [account]: "fail",
    });
    assert.deepEqual(
      (await verdicts(await connect(await saying("AccountNotManagementOrDelegatedAdministratorException")), [item]))[item],
      {},
    );
    assert.deepEqual((await verdicts(await connect(await saying("AccessDenied")), [item]))[item], {
      unlisted: "denied iam:ListOrganizationsFeatures",
    });
  });
});
