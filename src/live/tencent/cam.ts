import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import type { Paging, Session } from "./client.ts";
import { at, attributes, flag, loose, objects, reference, string, tags, text, truth } from "./shape.ts";
import { inBatches, satellite, thing, type TencentCollector } from "./things.ts";

/** CAM counts pages from 1. */
const camPages = (items: string): Paging => ({ items, total: "TotalNum", size: 200, by: "page", offset: "Page", limit: "Rp" });

export function users(session: Session): Promise<readonly JsonObject[]> {
  return session.once("cam users", () => session.list("cam:ListUsers", { items: "Data", by: "none", size: 0 }));
}

const userCollector: TencentCollector = {
  types: ["tencentcloud_cam_user"],
  scope: "account",
  actions: ["cam:ListUsers"],
  list: async (session) =>
    (await users(session)).map((user) => ({
      ...thing(
        "tencentcloud_cam_user",
        user,
        { id: "Name", name: "Name" },
        {
          name: "Name",
          uin: "Uin",
          uid: "Uid",
          remark: "Remark",
          console_login: flag("ConsoleLogin"),
          phone_num: "PhoneNum",
          country_code: "CountryCode",
          email: "Email",
          create_time: "CreateTime",
          // Says whether Terraform is to make a key; the keys that there are have a part of their own.
          use_api: () => false,
        },
      ),
    })),
  details: [
    {
      of: "tencentcloud_cam_user",
      actions: ["cam:GetUser"],
      read: async (session, { id }) => {
        const user = await session.call("cam:GetUser", { Name: id });
        return { attributes: attributes(user, { last_login: loginTime("RecentlyLoginTime") }) };
      },
    },
    {
      of: "tencentcloud_cam_user",
      actions: ["cam:DescribeSafeAuthFlagColl"],
      gives: ["tencentcloud_cam_mfa_flag"],
      read: async (session, user) => {
        const uin = uinOf(user.attributes, "uin");
        const flags = await session.call("cam:DescribeSafeAuthFlagColl", { SubUin: uin });
        const id = string(user.attributes, "uin");
        return {
          satellites: [
            satellite("tencentcloud_cam_mfa_flag", id, {
              op_uin: uin,
              ...protection(flags, "LoginFlag", "login_flag"),
              ...protection(flags, "ActionFlag", "action_flag"),
            }),
          ],
        };
      },
    },
    {
      of: "tencentcloud_cam_user",
      actions: ["cam:ListAttachedUserPolicies"],
      gives: ["tencentcloud_cam_user_policy_attachment"],
      read: async (session, user) => {
        const target = { TargetUin: uinOf(user.attributes, "uin") };
        const attached = await session.list("cam:ListAttachedUserPolicies", camPages("List"), target);
        return {
          satellites: attached.map((policy) => {
            const id = `${user.id}#${loose(policy, "PolicyId")}`;
            return satellite("tencentcloud_cam_user_policy_attachment", id, {
              user_name: user.id,
              user_id: null,
              ...attachment(policy),
            });
          }),
        };
      },
    },
    {
      of: "tencentcloud_cam_user",
      actions: ["cam:ListGroupsForUser"],
      gives: ["tencentcloud_cam_group_membership"],
      read: async (session, user) => {
        const target = { SubUin: uinOf(user.attributes, "uin") };
        const groups = await session.list("cam:ListGroupsForUser", camPages("GroupInfo"), target);
        return { satellites: groups.map((group) => membership(string(group, "GroupId"), [user.id], `#${user.id}`)) };
      },
    },
    {
      of: "tencentcloud_cam_user",
      actions: ["cam:GetUserPermissionBoundary"],
      gives: ["tencentcloud_cam_user_permission_boundary_attachment"],
      read: async (session, user) => {
        const uin = uinOf(user.attributes, "uin");
        const boundary = await session.call("cam:GetUserPermissionBoundary", { TargetUin: uin });
        const policy = at(boundary, "PolicyId");
        // Without a boundary the API gives no valid value.
        if (policy === null || policy === 0) return {};
        if (typeof policy !== "number") throw new Error("no policy id in the answer");
        const id = `${string(user.attributes, "uin")}#${String(policy)}`;
        const members = { target_uin: uin, policy_id: policy };
        return { satellites: [satellite("tencentcloud_cam_user_permission_boundary_attachment", id, members)] };
      },
    },
  ],
};

/** Without a uin the calls would answer for whoever asks. */
function uinOf(it: JsonObject, name: string): number {
  const uin = at(it, name);
  if (typeof uin !== "number") throw new Error(`no ${name} in the answer`);
  return uin;
}

/** A time of signing in; people who never did have none. */
function loginTime(path: string): (it: JsonObject) => Json | undefined {
  return (it) => {
    const value = at(it, path);
    return value === "" || (typeof value === "string" && value.startsWith("0000")) ? null : value;
  };
}

/** Terraform knows of phones, WeChat and virtual devices; a hardware key or a passkey protects as a virtual device does. */
function protection(answer: JsonObject, from: string, to: string): JsonObject {
  const flags = at(answer, from);
  if (!isJsonObject(flags)) return {};
  const devices = ["Stoken", "Token", "U2FToken", "Passkey"].map((name) => at(flags, name));
  const device = devices.includes(1) ? 1 : at(flags, "Stoken");
  const known: Record<string, Json> = {};
  for (const [name, value] of [
    ["phone", at(flags, "Phone")],
    ["wechat", at(flags, "Wechat")],
    ["stoken", device],
  ] as const) {
    if (value !== undefined) known[name] = value;
  }
  return { [to]: known };
}

function attachment(policy: JsonObject): JsonObject {
  return attributes(policy, {
    policy_id: text("PolicyId"),
    policy_name: "PolicyName",
    policy_type: "PolicyType",
    create_mode: "CreateMode",
    create_time: "AddTime",
  });
}

function membership(group: string, names: readonly string[], suffix: string): Found {
  return satellite("tencentcloud_cam_group_membership", `${group}${suffix}`, {
    group_id: group,
    user_names: names,
    user_ids: null,
  });
}

const keyCollector: TencentCollector = {
  types: ["tencentcloud_cam_access_key"],
  scope: "account",
  actions: ["cam:ListAccessKeys", "cam:ListUsers"],
  list: async (session) => {
    const all = await users(session);
    const keys = await Promise.all(all.map((user) => keysOf(session, uinOf(user, "Uin"))));
    return keys.flat();
  },
  details: [
    {
      of: "tencentcloud_cam_access_key",
      actions: ["cam:GetSecurityLastUsed"],
      readAll: async (session, found) => {
        const rows = await inBatches(found, 10, async (batch) => {
          const answer = await session.call("cam:GetSecurityLastUsed", { SecretIdList: batch.map(({ id }) => id) });
          return objects(answer, "SecretIdLastUsedRows");
        });
        return new Map(
          rows.map((row) => [string(row, "SecretId"), { attributes: attributes(row, { last_used: reference("LastUsedDate") }) }]),
        );
      },
    },
  ],
};

async function keysOf(session: Session, uin: number): Promise<readonly Found[]> {
  const keys = await session.list("cam:ListAccessKeys", { items: "AccessKeys", by: "none", size: 0 }, { TargetUin: uin });
  return keys.map((key) =>
    thing(
      "tencentcloud_cam_access_key",
      key,
      { id: "AccessKeyId" },
      { access_key: "AccessKeyId", status: "Status", create_time: "CreateTime", target_uin: () => uin },
    ),
  );
}

const groupCollector: TencentCollector = {
  types: ["tencentcloud_cam_group"],
  scope: "account",
  actions: ["cam:ListGroups"],
  list: async (session) =>
    (await session.list("cam:ListGroups", camPages("GroupInfo"))).map((group) =>
      thing(
        "tencentcloud_cam_group",
        group,
        { id: "GroupId", name: "GroupName" },
        { name: "GroupName", remark: "Remark", create_time: "CreateTime" },
      ),
    ),
  details: [
    {
      of: "tencentcloud_cam_group",
      actions: ["cam:ListUsersForGroup"],
      gives: ["tencentcloud_cam_group_membership"],
      read: async (session, { id }) => {
        const members = await session.list("cam:ListUsersForGroup", camPages("UserInfo"), { GroupId: Number(id) });
        const names = members.map((member) => string(member, "Name"));
        return { satellites: names.length === 0 ? [] : [membership(id, names, "")] };
      },
    },
  ],
};

const roleCollector: TencentCollector = {
  types: ["tencentcloud_cam_role"],
  scope: "account",
  actions: ["cam:DescribeRoleList"],
  list: async (session) =>
    (await session.list("cam:DescribeRoleList", camPages("List"))).map((role) =>
      thing(
        "tencentcloud_cam_role",
        role,
        { id: "RoleId", name: "RoleName", tags: tags(role, "Tags") },
        {
          name: "RoleName",
          document: "PolicyDocument",
          description: "Description",
          console_login: flag("ConsoleLogin"),
          // Null and 0 are no durations: the API does not say what holds then.
          session_duration: (it) => at(it, "SessionDuration") || undefined,
          role_arn: "RoleArn",
          create_time: "AddTime",
          update_time: "UpdateTime",
        },
      ),
    ),
  details: [
    {
      of: "tencentcloud_cam_role",
      actions: ["cam:ListAttachedRolePolicies"],
      gives: ["tencentcloud_cam_role_policy_attachment"],
      read: async (session, { id }) => {
        const attached = await session.list("cam:ListAttachedRolePolicies", camPages("List"), { RoleId: id });
        return {
          satellites: attached.map((policy) =>
            satellite("tencentcloud_cam_role_policy_attachment", `${id}#${loose(policy, "PolicyId")}`, {
              role_id: id,
              ...attachment(policy),
            }),
          ),
        };
      },
    },
  ],
};

/** The account's own policies; those of the cloud are the same everywhere. */
const policyCollector: TencentCollector = {
  types: ["tencentcloud_cam_policy"],
  scope: "account",
  actions: ["cam:ListPolicies"],
  list: async (session) =>
    (await session.list("cam:ListPolicies", camPages("List"), { Scope: "Local" })).map((policy) =>
      thing(
        "tencentcloud_cam_policy",
        policy,
        { id: "PolicyId", name: "PolicyName", tags: tags(policy, "Tags") },
        {
          name: "PolicyName",
          type: "Type",
          description: "Description",
          create_time: "AddTime",
          update_time: "UpdateTime",
          attached_entities: attachedEntities,
        },
      ),
    ),
  details: [
    {
      of: "tencentcloud_cam_policy",
      actions: ["cam:GetPolicy"],
      read: async (session, { id }) => {
        const policy = await session.call("cam:GetPolicy", { PolicyId: Number(id) });
        return { attributes: attributes(policy, { document: "PolicyDocument" }) };
      },
    },
  ],
};

/** Nobody has the policy only where both counts say so. */
function attachedEntities(policy: JsonObject): Json | undefined {
  const has = at(policy, "AttachEntityCount");
  const bounds = at(policy, "AttachEntityBoundaryCount");
  if (typeof has === "number" && typeof bounds === "number") return has + bounds;
  const some = [has, bounds, at(policy, "Attachments")].find((count) => typeof count === "number" && count > 0);
  return some;
}

const samlConfigCollector: TencentCollector = {
  types: ["tencentcloud_cam_user_saml_config"],
  scope: "account",
  actions: ["cam:DescribeUserSAMLConfig"],
  list: async (session) => {
    const config = await session.call("cam:DescribeUserSAMLConfig");
    const status = at(config, "Status");
    if (typeof status !== "number") throw new Error("no status in the answer");
    // 0: never set up.
    if (status === 0) return [];
    const members = attributes(config, { status: "Status", auxiliary_domain: reference("AuxiliaryDomain") });
    return [satellite("tencentcloud_cam_user_saml_config", "user-saml", members)];
  },
};

const oidcConfigCollector: TencentCollector = {
  types: ["tencentcloud_cam_oidc_sso"],
  scope: "account",
  actions: ["cam:DescribeUserOIDCConfig"],
  list: async (session) => {
    const config = await session.call("cam:DescribeUserOIDCConfig");
    const status = at(config, "Status");
    if (typeof status !== "number") throw new Error("no status in the answer");
    // Terraform's form has no switch: one that is off is none.
    if (status !== 11) return [];
    const members = attributes(config, {
      identity_url: "IdentityUrl",
      client_id: "ClientId",
      authorization_endpoint: "AuthorizationEndpoint",
      scope: "Scope",
      response_type: "ResponseType",
      response_mode: "ResponseMode",
      mapping_filed: "MappingFiled",
    });
    return [satellite("tencentcloud_cam_oidc_sso", "user-oidc", members)];
  },
};

const samlProviderCollector: TencentCollector = {
  types: ["tencentcloud_cam_saml_provider"],
  scope: "account",
  actions: ["cam:ListSAMLProviders"],
  list: async (session) => {
    const providers = await session.list("cam:ListSAMLProviders", { items: "SAMLProviderSet", by: "none", size: 0 });
    return providers.map((provider) =>
      thing(
        "tencentcloud_cam_saml_provider",
        provider,
        { id: "Name", name: "Name" },
        { name: "Name", description: "Description", create_time: "CreateTime", update_time: "ModifyTime" },
      ),
    );
  },
};

const accountType = "tencentcloud_account";

/** Settings of the account that are no thing of their own, and its main user. */
const accountCollector: TencentCollector = {
  types: [accountType],
  scope: "account",
  actions: ["sts:GetCallerIdentity"],
  list: async (session) => {
    const id = await accountId(session);
    return [{ type: accountType, id, attributes: {} }];
  },
  details: [
    {
      of: accountType,
      actions: ["cam:DescribeSafeAuthFlagColl"],
      read: async (session, { id }) => {
        const flags = await session.call("cam:DescribeSafeAuthFlagColl", { SubUin: Number(id) });
        return {
          attributes: attributes(flags, {
            root_mfa: secondFactor("LoginFlag"),
            root_offsite_verification: (it) => truth(at(it, "OffsiteFlag.VerifyFlag")),
          }),
        };
      },
    },
    {
      of: accountType,
      actions: ["cam:ListAccessKeys"],
      read: async (session, { id }) => {
        const keys = await keysOf(session, Number(id));
        const states = keys.map((key) => key.attributes["status"]);
        // Unless each says which it is, nobody knows how many are on.
        if (!states.every((state) => state === "Active" || state === "Inactive")) return {};
        return { attributes: { root_active_keys: states.filter((state) => state === "Active").length } };
      },
    },
    {
      of: accountType,
      actions: ["cam:GetPasswordRules"],
      read: async (session) => {
        const rules = await session.call("cam:GetPasswordRules");
        return {
          attributes: attributes(rules, {
            password_minimum_length: "Rules.MinimumLength",
            password_reuse_limit: "Rules.ReusePasswordLimit",
            password_retry_limit: "Rules.RetryPasswordLimit",
          }),
        };
      },
    },
  ],
};

export async function accountId(session: Session): Promise<string> {
  if (session.account === "") session.account = string(await session.call("sts:GetCallerIdentity"), "AccountId");
  return session.account;
}

/** Mail is no factor of its own; without one, all of the usual ones have to say so. */
function secondFactor(path: string): (it: JsonObject) => Json | undefined {
  return (it) => {
    const flags = ["Phone", "Wechat", "Stoken", "Token", "U2FToken", "Passkey"].map((name) => at(it, `${path}.${name}`));
    if (flags.includes(1)) return true;
    return flags.slice(0, 3).every((value) => value === 0) ? false : undefined;
  };
}

export const camCollectors: readonly TencentCollector[] = [
  accountCollector,
  userCollector,
  keyCollector,
  groupCollector,
  roleCollector,
  policyCollector,
  samlConfigCollector,
  oidcConfigCollector,
  samlProviderCollector,
];
