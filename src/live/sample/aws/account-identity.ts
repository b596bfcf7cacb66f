import type { Json } from "../../../core/snapshots/model.ts";
import { arn, policy, sampleAccountId, tags, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** Who may do what in the sample account. */
export function identityState(clock: Clock): readonly Recorded[] {
  return [authorization(clock), ...keys(clock), ...devices(clock), ...report(clock), ...settings(clock)];
}

const iamArn = (rest: string): string => arn("iam", rest, "");
const managed = (PolicyName: string): Json => ({ PolicyName, PolicyArn: `arn:aws:iam::aws:policy/${PolicyName}` });
/** IAM writes documents as in a URL. */
const inUrl = encodeURIComponent;
const allow = (Action: Json, Resource: Json): Json => ({ Effect: "Allow", Action, Resource });

function authorization({ iso }: Clock): Recorded {
  const user = (UserName: string, UserId: string, days: number, more: object): Json => ({
    Path: "/",
    UserName,
    UserId,
    Arn: iamArn(`user/${UserName}`),
    CreateDate: iso(days),
    ...more,
  });
  const members = (...of: readonly Json[]): Json => ({ member: of });
  const trusts = (Principal: Json, Condition?: Json): string =>
    inUrl(policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...(Condition === undefined ? {} : { Condition }) }));
  const role = (RoleName: string, RoleId: string, document: string, more: object): Json => ({
    Path: "/",
    RoleName,
    RoleId,
    Arn: iamArn(`role/${RoleName}`),
    CreateDate: iso(600),
    AssumeRolePolicyDocument: document,
    ...more,
  });
  const own = (PolicyName: string, PolicyId: string, AttachmentCount: number, document: string): Json => ({
    PolicyName,
    PolicyId,
    Arn: iamArn(`policy/${PolicyName}`),
    Path: "/",
    DefaultVersionId: "v1",
    AttachmentCount,
    IsAttachable: true,
    CreateDate: iso(500),
    UpdateDate: iso(500),
    PolicyVersionList: members({ Document: inUrl(document), VersionId: "v1", IsDefaultVersion: true, CreateDate: iso(500) }),
  });
  const media = policy(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::pinewood-media/*"));
  return {
    operation: "iam:GetAccountAuthorizationDetails",
    answer: {
      IsTruncated: false,
      UserDetailList: members(
        user("nora", "AIDAPINEWOODNORA00001", 900, {
          GroupList: members("administrators"),
          Tags: members(...tags({ team: "platform" })),
        }),
        user("emil", "AIDAPINEWOODEMIL00001", 700, {
          AttachedManagedPolicies: members(managed("AdministratorAccess")),
          UserPolicyList: members({ PolicyName: "media", PolicyDocument: inUrl(media) }),
        }),
        user("deploy", "AIDAPINEWOODDEPLOY001", 480, { GroupList: members("deployment") }),
      ),
      GroupDetailList: members(
        {
          Path: "/",
          GroupName: "administrators",
          GroupId: "AGPAPINEWOODADMINS001",
          Arn: iamArn("group/administrators"),
          CreateDate: iso(900),
          AttachedManagedPolicies: members(managed("AdministratorAccess")),
        },
        {
          Path: "/",
          GroupName: "deployment",
          GroupId: "AGPAPINEWOODDEPLOY001",
          Arn: iamArn("group/deployment"),
          CreateDate: iso(480),
          AttachedManagedPolicies: members({ PolicyName: "deploy-shop", PolicyArn: iamArn("policy/deploy-shop") }),
        },
      ),
      RoleDetailList: members(
        role("shop-server", "AROAPINEWOODSERVER001", trusts({ Service: "ec2.amazonaws.com" }), {
          RolePolicyList: members({ PolicyName: "media", PolicyDocument: inUrl(media) }),
        }),
        role("orders-function", "AROAPINEWOODORDERS001", trusts({ Service: "lambda.amazonaws.com" }), {
          AttachedManagedPolicies: members(managed("service-role/AWSLambdaBasicExecutionRole")),
        }),
        role("partner-import", "AROAPINEWOODPARTNER01", trusts({ AWS: "*" }), {}),
        role(
          "support",
          "AROAPINEWOODSUPPORT01",
          trusts({ AWS: iamArn("root") }, { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
          {
            AttachedManagedPolicies: members(managed("AWSSupportAccess")),
          },
        ),
      ),
      Policies: members(
        own(
          "deploy-shop",
          "ANPAPINEWOODDEPLOY001",
          1,
          policy(allow(["ecs:UpdateService", "ecs:DescribeServices"], arn("ecs", "service/shop/*"))),
        ),
        own("everything", "ANPAPINEWOODEVERY0001", 1, policy(allow("*", "*"))),
      ),
    },
  };
}

function keys({ iso }: Clock): Recorded[] {
  const key = (UserName: string, AccessKeyId: string, days: number, Status = "Active"): Json => ({
    UserName,
    AccessKeyId,
    Status,
    CreateDate: iso(days),
  });
  const of = (UserName: string, ...all: readonly Json[]): Recorded => ({
    operation: "iam:ListAccessKeys",
    of: { UserName },
    answer: { UserName, IsTruncated: false, AccessKeyMetadata: { member: all } },
  });
  const used = (AccessKeyId: string, UserName: string, days: number | undefined): Recorded => ({
    operation: "iam:GetAccessKeyLastUsed",
    of: { AccessKeyId },
    answer: {
      UserName,
      AccessKeyLastUsed:
        days === undefined
          ? { ServiceName: "N/A", Region: "N/A" }
          : { LastUsedDate: iso(days), ServiceName: "s3", Region: "eu-west-1" },
    },
  });
  return [
    of("nora"),
    of("emil", key("emil", "AKIAPINEWOODEMIL0001", 620)),
    of("deploy", key("deploy", "AKIAPINEWOODDEPLOY01", 30), key("deploy", "AKIAPINEWOODDEPLOY02", 400, "Inactive")),
    used("AKIAPINEWOODEMIL0001", "emil", 310),
    used("AKIAPINEWOODDEPLOY01", "deploy", 1),
    used("AKIAPINEWOODDEPLOY02", "deploy", undefined),
  ];
}

function devices({ iso }: Clock): Recorded[] {
  const of = (UserName: string, ...all: readonly Json[]): Recorded => ({
    operation: "iam:ListMFADevices",
    of: { UserName },
    answer: { IsTruncated: false, MFADevices: { member: all } },
  });
  return [
    of("nora", { UserName: "nora", SerialNumber: iamArn("mfa/nora"), EnableDate: iso(880) }),
    of("emil"),
    of("deploy"),
    { operation: "iam:ListVirtualMFADevices", answer: { IsTruncated: false, VirtualMFADevices: {} } },
  ];
}

const columns =
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
  "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
  "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
  "cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

function report({ iso }: Clock): Recorded[] {
  const time = (days: number): string => iso(days).replace("Z", "+00:00");
  const none = ["false", "N/A", "N/A", "N/A", "N/A"];
  const certificates = ["false", "N/A", "false", "N/A"];
  const lines = [
    [
      "<root_account>",
      iamArn("root"),
      time(1200),
      "not_supported",
      time(4),
      "not_supported",
      "not_supported",
      "false",
      ...none,
      ...none,
    ],
    ["nora", iamArn("user/nora"), time(900), "true", time(1), time(60), "N/A", "true", ...none, ...none],
    [
      "emil",
      iamArn("user/emil"),
      time(700),
      "true",
      time(200),
      time(690),
      "N/A",
      "false",
      "true",
      time(620),
      time(310),
      "eu-west-1",
      "s3",
      ...none,
    ],
    [
      "deploy",
      iamArn("user/deploy"),
      time(480),
      "false",
      "N/A",
      "N/A",
      "N/A",
      "false",
      "true",
      time(30),
      time(1),
      "eu-west-1",
      "ecs",
      "false",
      time(400),
      "N/A",
      "N/A",
      "N/A",
    ],
  ];
  const text = [columns, ...lines.map((line) => [...line, ...certificates].join(","))].join("\n");
  return [
    { operation: "iam:GenerateCredentialReport", answer: { State: "COMPLETE" } },
    {
      operation: "iam:GetCredentialReport",
      answer: { Content: Buffer.from(text).toString("base64"), ReportFormat: "text/csv", GeneratedTime: iso(0) },
    },
  ];
}

function settings(clock: Clock): Recorded[] {
  const count = (key: string, value: number): Json => ({ key, value });
  return [
    {
      operation: "iam:GetAccountSummary",
      answer: {
        SummaryMap: {
          entry: [
            count("AccountMFAEnabled", 1),
            count("AccountAccessKeysPresent", 0),
            count("AccountPasswordPresent", 1),
            count("Users", 3),
          ],
        },
      },
    },
    {
      operation: "iam:GetAccountPasswordPolicy",
      answer: {
        PasswordPolicy: {
          MinimumPasswordLength: 14,
          RequireSymbols: true,
          RequireNumbers: true,
          RequireUppercaseCharacters: true,
          RequireLowercaseCharacters: false,
          AllowUsersToChangePassword: true,
          ExpirePasswords: false,
          PasswordReusePrevention: 5,
        },
      },
    },
    {
      operation: "iam:ListEntitiesForPolicy",
      of: { PolicyArn: "arn:aws:iam::aws:policy/AWSSupportAccess" },
      answer: { IsTruncated: false, PolicyRoles: { member: [{ RoleName: "support", RoleId: "AROAPINEWOODSUPPORT01" }] } },
    },
    {
      operation: "iam:ListInstanceProfiles",
      answer: {
        IsTruncated: false,
        InstanceProfiles: {
          member: [
            {
              InstanceProfileName: "shop-server",
              InstanceProfileId: "AIPAPINEWOODSERVER001",
              Arn: iamArn("instance-profile/shop-server"),
              Path: "/",
              CreateDate: clock.iso(600),
              Roles: {
                member: [
                  {
                    RoleName: "shop-server",
                    RoleId: "AROAPINEWOODSERVER001",
                    Arn: iamArn("role/shop-server"),
                    Path: "/",
                    CreateDate: clock.iso(600),
                  },
                ],
              },
            },
          ],
        },
      },
    },
    { operation: "iam:ListServerCertificates", answer: { IsTruncated: false, ServerCertificateMetadataList: {} } },
    {
      operation: "sts:GetCallerIdentity",
      answer: { Arn: iamArn("user/plumbline-reader"), UserId: "AIDAPINEWOODREADER001", Account: sampleAccountId },
    },
    {
      operation: "iam:ListAccountAliases",
      answer: { IsTruncated: false, AccountAliases: { member: ["pinewood-outdoor"] } },
    },
    {
      operation: "account:GetContactInformation",
      answer: {
        ContactInformation: {
          FullName: "Pinewood Outdoor",
          AddressLine1: "1 Harbour Street",
          City: "Dublin",
          CountryCode: "IE",
          PostalCode: "D01",
          PhoneNumber: "+35310000000",
        },
      },
    },
    {
      operation: "account:GetAlternateContact",
      of: { AlternateContactType: "BILLING" },
      answer: {
        AlternateContact: {
          AlternateContactType: "BILLING",
          EmailAddress: "billing@example.com",
          Name: "Nora",
          PhoneNumber: "+35310000000",
          Title: "Owner",
        },
      },
    },
  ];
}
