import type { JsonObject } from "../../../core/snapshots/model.ts";
import type { StateAnswer } from "./double.ts";

export const accountId = "100000000001";

/** As the API writes times: without a zone. */
export function daysAgo(now: number, days: number): string {
  return new Date(now - days * 86_400_000).toISOString().slice(0, 19).replace("T", " ");
}

interface Person {
  readonly name: string;
  readonly uin: number;
  readonly console: boolean;
  readonly made: number;
  /** Days since; undefined: never. */
  readonly signedIn?: number;
  readonly groups: readonly number[];
  readonly policies: readonly number[];
  readonly boundary?: number;
  /** 1: signs in, or acts, with a virtual device as well. */
  readonly login: number;
  readonly action: number;
  readonly keys: readonly { readonly id: string; readonly on: boolean; readonly made: number; readonly used: string | null }[];
}

const operators = 20001;
const developers = 20002;
const nobody = 20003;

/** Ids of policies: 1 is the cloud's own AdministratorAccess. */
const policies = { administrator: 1, deploy: 30001, everything: 30002, grants: 30003, unused: 30004, reports: 30005 };

function people(now: number): readonly Person[] {
  const day = (days: number): string => daysAgo(now, days).slice(0, 10);
  return [
    {
      name: "lin.wei",
      uin: 100000000002,
      console: true,
      made: 400,
      signedIn: 1,
      groups: [operators],
      policies: [],
      login: 1,
      action: 1,
      keys: [],
    },
    {
      name: "chen.jie",
      uin: 100000000003,
      console: true,
      made: 380,
      signedIn: 200,
      groups: [],
      policies: [policies.administrator, policies.grants],
      login: 0,
      action: 0,
      keys: [
        { id: "AKIDchenjieold", on: true, made: 380, used: day(150) },
        { id: "AKIDchenjienew", on: true, made: 30, used: day(1) },
      ],
    },
    {
      name: "zhao.min",
      uin: 100000000004,
      console: true,
      made: 120,
      groups: [developers],
      policies: [],
      login: 1,
      action: 0,
      keys: [],
    },
    {
      name: "deploy-bot",
      uin: 100000000005,
      console: false,
      made: 60,
      groups: [developers],
      policies: [policies.grants],
      boundary: policies.deploy,
      login: 0,
      action: 0,
      keys: [
        { id: "AKIDdeploybot", on: true, made: 20, used: day(1) },
        { id: "AKIDdeploybotold", on: false, made: 300, used: null },
      ],
    },
  ];
}

const flags = (on: number): JsonObject => ({ Phone: 0, Token: 0, Stoken: on, Wechat: 0, Custom: 0, Mail: 0, U2FToken: 0 });

function answersOf(person: Person, now: number): readonly StateAnswer[] {
  const { name, uin } = person;
  return [
    {
      action: "cam:GetUser",
      when: { Name: name },
      answer: {
        ...userOf(person),
        RecentlyLoginIP: person.signedIn === undefined ? "" : "203.0.113.7",
        RecentlyLoginTime: person.signedIn === undefined ? "" : daysAgo(now, person.signedIn),
      },
    },
    {
      action: "cam:DescribeSafeAuthFlagColl",
      when: { SubUin: uin },
      answer: {
        LoginFlag: flags(person.login),
        ActionFlag: flags(person.action),
        OffsiteFlag: { VerifyFlag: 0, NotifyPhone: 0, NotifyEmail: 0, NotifyWechat: 0, Tips: 0 },
        PromptTrust: 0,
      },
    },
    {
      action: "cam:ListAccessKeys",
      when: { TargetUin: uin },
      answer: {
        AccessKeys: person.keys.map((key) => ({
          AccessKeyId: key.id,
          Status: key.on ? "Active" : "Inactive",
          CreateTime: daysAgo(now, key.made),
          Description: "",
        })),
      },
    },
    {
      action: "cam:ListAttachedUserPolicies",
      when: { TargetUin: uin },
      answer: {
        List: person.policies.map((id) => ({
          PolicyId: id,
          PolicyName: policyNames[id] ?? "",
          AddTime: daysAgo(now, person.made),
          CreateMode: 2,
          PolicyType: id === policies.administrator ? "QCS" : "User",
          Remark: "",
        })),
      },
    },
    {
      action: "cam:ListGroupsForUser",
      when: { SubUin: uin },
      answer: { GroupInfo: groups(now).filter(({ GroupId }) => person.groups.includes(GroupId)) },
    },
    {
      action: "cam:GetUserPermissionBoundary",
      when: { TargetUin: uin },
      answer: {
        PolicyId: person.boundary ?? null,
        PolicyName: person.boundary === undefined ? null : (policyNames[person.boundary] ?? ""),
        PolicyDocument: null,
        PolicyType: person.boundary === undefined ? null : 1,
        CreateMode: null,
      },
    },
  ];
}

function userOf({ name, uin, console: signsIn }: Person): JsonObject {
  return {
    Uin: uin,
    Name: name,
    Uid: uin - 100000000000 + 5000,
    Remark: "",
    ConsoleLogin: signsIn ? 1 : 0,
    PhoneNum: "",
    CountryCode: "86",
    Email: "",
  };
}

const policyNames: Readonly<Record<number, string>> = {
  [policies.administrator]: "AdministratorAccess",
  [policies.deploy]: "shop-deploy",
  [policies.everything]: "temporary-everything",
  [policies.grants]: "manage-sub-users",
  [policies.unused]: "last-years-campaign",
  [policies.reports]: "sales-reports",
};

const allow = (action: readonly string[], resource: readonly string[]): string =>
  JSON.stringify({ version: "2.0", statement: [{ effect: "allow", action, resource }] });

const documents: Readonly<Record<number, string>> = {
  [policies.deploy]: allow(["cos:PutObject"], [`qcs::cos:ap-guangzhou:uid/1250000000:lotus-site-1250000000/*`]),
  [policies.everything]: allow(["*"], ["*"]),
  [policies.grants]: allow(["cam:AttachUserPolicy", "cam:PassRole", "cos:*"], ["*"]),
  [policies.unused]: allow(["cls:SearchLog"], ["qcs::cls:ap-guangzhou:uin/100000000001:topic/campaign"]),
  [policies.reports]: allow(["cos:GetObject", "sts:GetFederationToken"], ["*"]),
};

/** Entities that have each of the account's own policies. */
const attached: Readonly<Record<number, number>> = {
  [policies.deploy]: 1,
  [policies.everything]: 1,
  [policies.grants]: 2,
  [policies.unused]: 0,
  [policies.reports]: 1,
};

function policyAnswers(now: number): readonly StateAnswer[] {
  const ids = Object.keys(documents).map(Number);
  const list = ids.map((id) => ({
    PolicyId: id,
    PolicyName: policyNames[id] ?? "",
    AddTime: daysAgo(now, 350),
    Type: 1,
    Description: null,
    CreateMode: 2,
    Attachments: attached[id] ?? 0,
    ServiceType: "cooperator",
    AttachEntityCount: attached[id] ?? 0,
    AttachEntityBoundaryCount: id === policies.deploy ? 1 : 0,
    UpdateTime: daysAgo(now, 100),
  }));
  return [
    { action: "cam:ListPolicies", when: { Scope: "Local" }, answer: { List: list, ServiceTypeList: [] } },
    ...ids.map((id) => ({
      action: "cam:GetPolicy",
      when: { PolicyId: id },
      answer: { PolicyName: policyNames[id] ?? "", Description: "", Type: 1, PolicyDocument: documents[id] ?? "" },
    })),
  ];
}

const groups = (now: number): readonly (JsonObject & { readonly GroupId: number })[] => [
  { GroupId: operators, GroupName: "operators", CreateTime: daysAgo(now, 400), Remark: "keep the shop running" },
  { GroupId: developers, GroupName: "developers", CreateTime: daysAgo(now, 390), Remark: "" },
  { GroupId: nobody, GroupName: "interns-2023", CreateTime: daysAgo(now, 700), Remark: "" },
];

const trust = (principal: JsonObject): string =>
  JSON.stringify({ version: "2.0", statement: [{ effect: "allow", action: "name/sts:AssumeRole", principal }] });

interface Role {
  readonly id: string;
  readonly name: string;
  readonly document: string;
  readonly console: number;
  readonly seconds: number;
  readonly policies: readonly number[];
}

const roles: readonly Role[] = [
  {
    id: "4611686018400000001",
    name: "shop-web",
    document: trust({ service: ["cvm.qcloud.com"] }),
    console: 0,
    seconds: 3600,
    policies: [policies.reports],
  },
  {
    id: "4611686018400000002",
    name: "legacy-worker",
    document: trust({ service: ["cvm.qcloud.com"] }),
    console: 1,
    seconds: 43200,
    policies: [policies.administrator],
  },
  {
    id: "4611686018400000003",
    name: "agency",
    document: trust({ qcs: ["qcs::cam::uin/100000099999:root"] }),
    console: 0,
    seconds: 7200,
    policies: [policies.everything],
  },
  {
    id: "4611686018400000004",
    name: "open-door",
    document: trust({ qcs: ["*"] }),
    console: 0,
    seconds: 7200,
    policies: [],
  },
];

function roleAnswers(now: number): readonly StateAnswer[] {
  const list = roles.map(({ id, name, document, console: signsIn, seconds }) => ({
    RoleId: id,
    RoleName: name,
    PolicyDocument: document,
    Description: "",
    AddTime: daysAgo(now, 300),
    UpdateTime: daysAgo(now, 200),
    ConsoleLogin: signsIn,
    RoleType: "user",
    SessionDuration: seconds,
    Tags: [],
    RoleArn: `qcs::cam::uin/${accountId}:roleName/${name}`,
  }));
  return [
    { action: "cam:DescribeRoleList", answer: { List: list } },
    ...roles.map((role) => ({
      action: "cam:ListAttachedRolePolicies",
      when: { RoleId: role.id },
      answer: {
        List: role.policies.map((id) => ({
          PolicyId: id,
          PolicyName: policyNames[id] ?? "",
          AddTime: daysAgo(now, 300),
          PolicyType: id === policies.administrator ? "QCS" : "User",
          CreateMode: 2,
          Description: "",
        })),
      },
    })),
  ];
}

/** Users, keys, groups, roles and policies, and the main user's own settings. */
export function peopleAnswers(now: number): readonly StateAnswer[] {
  const all = people(now);
  return [
    {
      action: "sts:GetCallerIdentity",
      answer: {
        Arn: `qcs::cam::uin/${accountId}:uin/100000000002`,
        AccountId: accountId,
        UserId: "100000000002",
        PrincipalId: "100000000002",
        Type: "CAMUser",
      },
    },
    {
      action: "cvm:DescribeRegions",
      answer: {
        RegionSet: [
          { Region: "ap-guangzhou", RegionName: "South China (Guangzhou)", RegionState: "AVAILABLE" },
          { Region: "ap-shanghai", RegionName: "East China (Shanghai)", RegionState: "AVAILABLE" },
        ],
      },
    },
    {
      action: "cam:DescribeSafeAuthFlagColl",
      when: { SubUin: Number(accountId) },
      answer: {
        LoginFlag: flags(1),
        ActionFlag: flags(1),
        OffsiteFlag: { VerifyFlag: 0, NotifyPhone: 1, NotifyEmail: 1, NotifyWechat: 0, Tips: 0 },
        PromptTrust: 0,
      },
    },
    {
      action: "cam:ListAccessKeys",
      when: { TargetUin: Number(accountId) },
      answer: {
        AccessKeys: [{ AccessKeyId: "AKIDmainuser", Status: "Active", CreateTime: daysAgo(now, 700), Description: null }],
      },
    },
    {
      action: "cam:GetPasswordRules",
      answer: {
        Rules: {
          MinimumLength: 8,
          MustContain: "upper,lower,number",
          ForcePasswordChange: 90,
          ReusePasswordLimit: 24,
          RetryPasswordLimit: 10,
          PasswordExpirationInvalidation: 2,
        },
        UpdateTime: daysAgo(now, 300),
        Modifier: accountId,
      },
    },
    { action: "cam:DescribeUserSAMLConfig", answer: { SAMLMetadata: "", Status: 0, AuxiliaryDomain: "" } },
    { action: "cam:DescribeUserOIDCConfig", answer: { ProviderType: 12, Status: 0, Scope: [] } },
    { action: "cam:ListSAMLProviders", answer: { SAMLProviderSet: [] } },
    {
      action: "cam:ListUsers",
      answer: { Data: all.map((person) => ({ ...userOf(person), CreateTime: daysAgo(now, person.made), NickName: "" })) },
    },
    { action: "cam:ListGroups", answer: { GroupInfo: groups(now) } },
    ...groups(now).map(({ GroupId }) => ({
      action: "cam:ListUsersForGroup",
      when: { GroupId },
      answer: {
        UserInfo: all.filter((person) => person.groups.includes(GroupId)).map(({ name, uin }) => ({ Name: name, Uin: uin })),
      },
    })),
    {
      action: "cam:GetSecurityLastUsed",
      answer: {
        SecretIdLastUsedRows: all.flatMap(({ keys }) =>
          keys.map(({ id, used }) => ({ SecretId: id, LastUsedDate: used, LastSecretUsedDate: null })),
        ),
      },
    },
    ...all.flatMap((person) => answersOf(person, now)),
    ...policyAnswers(now),
    ...roleAnswers(now),
  ];
}
