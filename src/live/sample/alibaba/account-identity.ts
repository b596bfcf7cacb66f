import type { JsonObject } from "../../../core/snapshots/model.ts";
import { sampleAccountId, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** Who may do what in the sample account. */
export function identityState(ago: Clock): readonly Recorded[] {
  return [...users(ago), ...roles(ago), ...policies(ago), ...settings(ago)];
}

function users(ago: Clock): Recorded[] {
  const user = (UserName: string, UserId: string, DisplayName: string, days: number): JsonObject => ({
    UserId,
    UserName,
    DisplayName,
    Comments: "",
    CreateDate: ago(days),
    UpdateDate: ago(days),
  });
  const wei = user("wei.chen", "210000000000000001", "Wei Chen", 900);
  const lin = user("lin.zhao", "210000000000000002", "Lin Zhao", 700);
  const deploy = user("deploy", "210000000000000003", "Deployment", 480);
  const of = (name: string): Record<string, string> => ({ UserName: name });
  const key = (AccessKeyId: string, days: number, Status = "Active"): JsonObject => ({
    AccessKeyId,
    Status,
    CreateDate: ago(days),
  });
  const used = (name: string, id: string, LastUsedDate: string): Recorded => ({
    operation: "ram:GetAccessKeyLastUsed",
    of: { UserName: name, UserAccessKeyId: id },
    body: { AccessKeyLastUsed: { LastUsedDate, ServiceName: "Ecs" } },
  });
  const policy = (PolicyName: string, PolicyType: string): JsonObject => ({
    PolicyName,
    PolicyType,
    Description: "",
    DefaultVersion: "v1",
    AttachDate: ago(300),
  });
  return [
    { operation: "ram:ListUsers", items: [wei, lin, deploy] },
    { operation: "ram:GetUser", of: of("wei.chen"), body: { User: { ...wei, Email: "", MobilePhone: "", LastLoginDate: ago(2) } } },
    {
      operation: "ram:GetUser",
      of: of("lin.zhao"),
      body: { User: { ...lin, Email: "", MobilePhone: "", LastLoginDate: ago(210) } },
    },
    { operation: "ram:GetUser", of: of("deploy"), body: { User: { ...deploy, Email: "", MobilePhone: "" } } },
    {
      operation: "ram:GetUserMFAInfo",
      of: of("wei.chen"),
      body: { MFADevice: { SerialNumber: `acs:ram::${sampleAccountId}:mfa/wei.chen`, Type: "VMFA" } },
    },
    {
      operation: "ram:GetLoginProfile",
      of: of("wei.chen"),
      body: { LoginProfile: { UserName: "wei.chen", PasswordResetRequired: false, MFABindRequired: true, CreateDate: ago(900) } },
    },
    {
      operation: "ram:GetLoginProfile",
      of: of("lin.zhao"),
      body: { LoginProfile: { UserName: "lin.zhao", PasswordResetRequired: false, MFABindRequired: false, CreateDate: ago(700) } },
    },
    { operation: "ram:ListPoliciesForUser", of: of("wei.chen"), items: [policy("AdministratorAccess", "System")] },
    { operation: "ram:ListPoliciesForUser", of: of("deploy"), items: [policy("deploy-shop", "Custom")] },
    { operation: "ram:ListAccessKeys", of: of("wei.chen"), items: [key("LTAI5tWeiChenFirstKey001", 620)] },
    {
      operation: "ram:ListAccessKeys",
      of: of("deploy"),
      items: [key("LTAI5tDeployCurrentKey01", 30), key("LTAI5tDeployFormerKey001", 400, "Inactive")],
    },
    used("wei.chen", "LTAI5tWeiChenFirstKey001", ago(310)),
    used("deploy", "LTAI5tDeployCurrentKey01", ago(1)),
    used("deploy", "LTAI5tDeployFormerKey001", "N/A"),
  ];
}

function roles(ago: Clock): Recorded[] {
  const role = (RoleName: string, RoleId: string, Description: string, days: number): JsonObject => ({
    RoleId,
    RoleName,
    Arn: `acs:ram::${sampleAccountId}:role/${RoleName.toLowerCase()}`,
    Description,
    CreateDate: ago(days),
    UpdateDate: ago(days),
    MaxSessionDuration: 3600,
  });
  const trusts = (Principal: JsonObject): string =>
    JSON.stringify({ Version: "1", Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal }] });
  const ecs = trusts({ Service: ["ecs.aliyuncs.com"] });
  const shop = role("shop-server", "310000000000000001", "Servers of the shop", 500);
  const legacy = role("legacy-server", "310000000000000002", "First server, to be retired", 900);
  const partner = role("partner-import", "310000000000000003", "Catalogue import of a partner", 640);
  const of = (name: string): Record<string, string> => ({ RoleName: name });
  const policy = (PolicyName: string, PolicyType: string): JsonObject => ({
    PolicyName,
    PolicyType,
    Description: "",
    DefaultVersion: "v1",
    AttachDate: ago(400),
  });
  return [
    { operation: "ram:ListRoles", items: [shop, legacy, partner] },
    { operation: "ram:GetRole", of: of("shop-server"), body: { Role: { ...shop, AssumeRolePolicyDocument: ecs } } },
    { operation: "ram:GetRole", of: of("legacy-server"), body: { Role: { ...legacy, AssumeRolePolicyDocument: ecs } } },
    {
      operation: "ram:GetRole",
      of: of("partner-import"),
      body: { Role: { ...partner, AssumeRolePolicyDocument: trusts({ RAM: ["*"] }) } },
    },
    { operation: "ram:ListPoliciesForRole", of: of("shop-server"), items: [policy("shop-media", "Custom")] },
    { operation: "ram:ListPoliciesForRole", of: of("legacy-server"), items: [policy("AdministratorAccess", "System")] },
    { operation: "ram:ListPoliciesForRole", of: of("partner-import"), items: [] },
  ];
}

function policies(ago: Clock): Recorded[] {
  const allow = (Action: string | readonly string[], Resource: string | readonly string[]): JsonObject => ({
    Effect: "Allow",
    Action,
    Resource,
  });
  const documents: Readonly<Record<string, readonly JsonObject[]>> = {
    "shop-media": [allow(["oss:GetObject", "oss:PutObject"], ["acs:oss:*:*:harbour-books-media/covers/*"])],
    "deploy-shop": [
      allow(["ecs:DescribeInstances", "ecs:RunCommand"], "*"),
      allow("ram:PassRole", `acs:ram:*:${sampleAccountId}:role/shop-server`),
    ],
    "everything-for-now": [allow("*", "*")],
    "people-admin": [allow(["ram:CreateAccessKey", "ram:AttachPolicyToUser"], "*")],
    "all-of-oss": [allow("oss:*", "*")],
  };
  const names = Object.keys(documents);
  return [
    {
      operation: "ram:ListPolicies",
      items: names.map((PolicyName) => ({
        PolicyName,
        PolicyType: "Custom",
        Description: "",
        DefaultVersion: "v2",
        CreateDate: ago(600),
        UpdateDate: ago(300),
        AttachmentCount: 1,
      })),
    },
    ...names.map((PolicyName): Recorded => {
      const PolicyDocument = JSON.stringify({ Version: "1", Statement: documents[PolicyName] ?? [] });
      return {
        operation: "ram:GetPolicyVersion",
        of: { PolicyName, PolicyType: "Custom", VersionId: "v2" },
        body: { PolicyVersion: { VersionId: "v2", IsDefaultVersion: true, PolicyDocument, CreateDate: ago(300) } },
      };
    }),
  ];
}

function settings(ago: Clock): Recorded[] {
  const columns = [
    ["user", "<root>"],
    ["user_creation_time", ago(1000)],
    ["user_last_logon", ago(3)],
    ["password_exist", "TRUE"],
    ["password_active", "N/A"],
    ["password_last_changed", ago(400)],
    ["password_next_rotation", "-"],
    ["mfa_active", "TRUE"],
    ["access_key_1_exist", "TRUE"],
    ["access_key_1_active", "TRUE"],
    ["access_key_1_last_rotated", ago(1000)],
    ["access_key_1_last_used", ago(990)],
    ["access_key_2_exist", "FALSE"],
    ["access_key_2_active", "-"],
    ["access_key_2_last_rotated", "-"],
    ["access_key_2_last_used", "-"],
  ];
  const report = [0, 1].map((part) => columns.map((column) => column[part] ?? "").join(",")).join("\n");
  return [
    {
      operation: "ram:GetPasswordPolicy",
      body: {
        PasswordPolicy: {
          MinimumPasswordLength: 8,
          RequireLowercaseCharacters: true,
          RequireUppercaseCharacters: true,
          RequireNumbers: true,
          RequireSymbols: false,
          HardExpiry: false,
          MaxPasswordAge: 0,
          PasswordReusePrevention: 5,
          MaxLoginAttemps: 5,
        },
      },
    },
    {
      operation: "ims:GetSecurityPreference",
      body: {
        SecurityPreference: {
          AccessKeyPreference: { AllowUserToManageAccessKeys: false },
          LoginProfilePreference: {
            AllowUserToChangePassword: true,
            AllowUserToLoginWithPasskey: true,
            EnableSaveMFATicket: false,
            LoginNetworkMasks: "",
            LoginSessionDuration: 24,
            MFAOperationForLogin: "independent",
            OperationForRiskLogin: "autonomous",
          },
          MFAPreference: { AllowUserToManageMFADevices: true },
          MaxIdleDays: { MaxIdleDaysForAccessKeys: 730, MaxIdleDaysForUsers: 730 },
        },
      },
    },
    { operation: "ims:GetAccountMFAInfo", body: { IsMFAEnable: true } },
    { operation: "ims:GenerateCredentialReport", body: { State: "COMPLETE" } },
    {
      operation: "ims:GetCredentialReport",
      body: { Content: Buffer.from(`${report}\n`).toString("base64"), GeneratedTime: ago(0), IsTruncated: "false" },
    },
  ];
}
