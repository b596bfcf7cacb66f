import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { flag, known, listed, number, required, text, textOrNull } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { byToken } from "./paging.ts";

/** Pages of RAM: a marker, and a word whether there is more. */
const marked = { product: "ram", size: 1000, perPage: "MaxItems", token: "Marker", more: "IsTruncated" } as const;

export function usersOf(session: AlibabaSession, region: string): Promise<readonly JsonObject[]> {
  return session.once("ram:ListUsers", () => byToken(session, { ...marked, operation: "ListUsers", region, list: "Users.User" }));
}

const users: Collector<AlibabaSession> = {
  types: ["alicloud_ram_user"],
  scope: "account",
  actions: ["ram:ListUsers"],
  list: async (session, region) =>
    (await usersOf(session, region)).map((user) => {
      const name = required("ram:ListUsers", user, "UserName");
      return {
        type: "alicloud_ram_user",
        id: text(user, "UserId") ?? name,
        name,
        attributes: known({
          id: text(user, "UserId"),
          name,
          display_name: textOrNull(user, "DisplayName"),
          comments: textOrNull(user, "Comments"),
          create_date: text(user, "CreateDate"),
        }),
      };
    }),
  details: [
    {
      of: "alicloud_ram_user",
      actions: ["ram:GetUser"],
      read: async (session, { name }, region) => {
        const answer = await session.rpc("ram", "GetUser", region, { UserName: name ?? "" });
        // Without a date: there was no sign-in yet.
        const last = text(answer, "User.LastLoginDate");
        return {
          attributes: known({
            last_login: last === undefined || last === "" ? null : last,
            email: textOrNull(answer, "User.Email"),
            mobile: textOrNull(answer, "User.MobilePhone"),
          }),
        };
      },
    },
    {
      of: "alicloud_ram_user",
      actions: ["ram:GetUserMFAInfo"],
      read: async (session, { name }, region) => {
        const none = absent<JsonObject | null>(["EntityNotExist.User.MFADevice"], null);
        const answer = await session.rpc("ram", "GetUserMFAInfo", region, { UserName: name ?? "" }).catch(none);
        return {
          attributes: { mfa_device: answer === null ? null : required("ram:GetUserMFAInfo", answer, "MFADevice.SerialNumber") },
        };
      },
    },
    {
      of: "alicloud_ram_user",
      actions: ["ram:GetLoginProfile"],
      gives: ["alicloud_ram_login_profile"],
      read: async (session, { name = "" }, region) => {
        const none = absent<JsonObject | null>(["EntityNotExist.User.LoginProfile"], null);
        const answer = await session.rpc("ram", "GetLoginProfile", region, { UserName: name }).catch(none);
        if (answer === null) return {};
        const attributes = known({
          id: name,
          user_name: name,
          mfa_bind_required: flag(answer, "LoginProfile.MFABindRequired"),
          password_reset_required: flag(answer, "LoginProfile.PasswordResetRequired"),
          create_time: text(answer, "LoginProfile.CreateDate"),
        });
        return { satellites: [{ type: "alicloud_ram_login_profile", id: name, name, attributes }] };
      },
    },
    {
      of: "alicloud_ram_user",
      actions: ["ram:ListPoliciesForUser"],
      gives: ["alicloud_ram_user_policy_attachment"],
      read: (session, { name = "" }, region) => attached(session, region, "User", name),
    },
  ],
};

/** Policies of a user or a role. */
async function attached(session: AlibabaSession, region: string, kind: "User" | "Role", name: string): Promise<Facts> {
  const operation = `ListPoliciesFor${kind}`;
  const answer = await session.rpc("ram", operation, region, { [`${kind}Name`]: name });
  const type = `alicloud_ram_${kind.toLowerCase()}_policy_attachment`;
  const satellites = listed(`ram:${operation}`, answer, "Policies.Policy").map((policy): Found => {
    const [policyName, policyType] = ["PolicyName", "PolicyType"].map((member) => required(`ram:${operation}`, policy, member));
    const id = `${kind.toLowerCase()}:${policyName}:${policyType}:${name}`;
    const owner = { [`${kind.toLowerCase()}_name`]: name };
    return { type, id, name: policyName, attributes: known({ id, ...owner, policy_name: policyName, policy_type: policyType }) };
  });
  return { satellites };
}

const accessKeys: Collector<AlibabaSession> = {
  types: ["alicloud_ram_access_key"],
  scope: "account",
  actions: ["ram:ListUsers", "ram:ListAccessKeys"],
  list: async (session, region) => {
    const names = (await usersOf(session, region)).map((user) => required("ram:ListUsers", user, "UserName"));
    const found = await Promise.all(
      names.map(async (name) => {
        // A user that was deleted in between has no keys.
        const gone = absent<JsonObject>(["EntityNotExist.User"], { AccessKeys: { AccessKey: [] } });
        const answer = await session.rpc("ram", "ListAccessKeys", region, { UserName: name }).catch(gone);
        return listed("ram:ListAccessKeys", answer, "AccessKeys.AccessKey").map((key): Found => {
          const id = required("ram:ListAccessKeys", key, "AccessKeyId");
          return {
            type: "alicloud_ram_access_key",
            id,
            name: `${name}: ${id}`,
            attributes: known({ id, user_name: name, status: text(key, "Status"), create_time: text(key, "CreateDate") }),
            handle: name,
          };
        });
      }),
    );
    return found.flat();
  },
  details: [
    {
      of: "alicloud_ram_access_key",
      actions: ["ram:GetAccessKeyLastUsed"],
      read: async (session, { id, handle }, region) => {
        const parameters = { UserName: String(handle), UserAccessKeyId: id };
        const answer = await session.rpc("ram", "GetAccessKeyLastUsed", region, parameters);
        const used = text(answer, "AccessKeyLastUsed.LastUsedDate");
        // A key that nobody has used has no date, or a word in its place.
        const never = used === undefined || used === "" || used === "N/A" || used === "-";
        return { attributes: { last_used: never ? null : used } };
      },
    },
  ],
};

const roles: Collector<AlibabaSession> = {
  types: ["alicloud_ram_role"],
  scope: "account",
  actions: ["ram:ListRoles"],
  list: async (session, region) =>
    (await byToken(session, { ...marked, operation: "ListRoles", region, list: "Roles.Role" })).map((role) => {
      const name = required("ram:ListRoles", role, "RoleName");
      return {
        type: "alicloud_ram_role",
        id: name,
        name,
        attributes: known({
          id: name,
          role_name: name,
          role_id: text(role, "RoleId"),
          arn: text(role, "Arn"),
          description: textOrNull(role, "Description"),
          create_time: text(role, "CreateDate"),
          max_session_duration: number(role, "MaxSessionDuration"),
          // The trust is told by `assume_role_policy_document` alone.
          document: null,
          services: [],
          ram_users: [],
        }),
      };
    }),
  details: [
    {
      of: "alicloud_ram_role",
      actions: ["ram:GetRole"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("ram", "GetRole", region, { RoleName: id });
        return { attributes: known({ assume_role_policy_document: text(answer, "Role.AssumeRolePolicyDocument") }) };
      },
    },
    {
      of: "alicloud_ram_role",
      actions: ["ram:ListPoliciesForRole"],
      gives: ["alicloud_ram_role_policy_attachment"],
      read: (session, { id }, region) => attached(session, region, "Role", id),
    },
  ],
};

const policies: Collector<AlibabaSession> = {
  types: ["alicloud_ram_policy"],
  scope: "account",
  actions: ["ram:ListPolicies"],
  list: async (session, region) => {
    const call = { ...marked, operation: "ListPolicies", region, list: "Policies.Policy", parameters: { PolicyType: "Custom" } };
    return (await byToken(session, call)).map((policy) => {
      const name = required("ram:ListPolicies", policy, "PolicyName");
      return {
        type: "alicloud_ram_policy",
        id: name,
        name,
        attributes: known({
          id: name,
          policy_name: name,
          type: text(policy, "PolicyType"),
          description: textOrNull(policy, "Description"),
          default_version: text(policy, "DefaultVersion"),
          version_id: text(policy, "DefaultVersion"),
          create_time: text(policy, "CreateDate"),
          attachment_count: number(policy, "AttachmentCount"),
          // The document is told by `policy_document` alone.
          document: null,
          statement: [],
        }),
        handle: text(policy, "DefaultVersion"),
      };
    });
  },
  details: [
    {
      of: "alicloud_ram_policy",
      actions: ["ram:GetPolicyVersion"],
      read: async (session, { id, handle }, region) => {
        if (typeof handle !== "string") return {};
        const parameters = { PolicyName: id, PolicyType: "Custom", VersionId: handle };
        const answer = await session.rpc("ram", "GetPolicyVersion", region, parameters);
        return { attributes: known({ policy_document: text(answer, "PolicyVersion.PolicyDocument") }) };
      },
    },
  ],
};

const passwordPolicy: Collector<AlibabaSession> = {
  types: ["alicloud_ram_account_password_policy"],
  scope: "account",
  actions: ["ram:GetPasswordPolicy"],
  list: async (session, region) => {
    const answer = await session.rpc("ram", "GetPasswordPolicy", region);
    const of = (member: string): string => `PasswordPolicy.${member}`;
    const attributes = known({
      minimum_password_length: number(answer, of("MinimumPasswordLength")),
      require_lowercase_characters: flag(answer, of("RequireLowercaseCharacters")),
      require_uppercase_characters: flag(answer, of("RequireUppercaseCharacters")),
      require_numbers: flag(answer, of("RequireNumbers")),
      require_symbols: flag(answer, of("RequireSymbols")),
      hard_expiry: flag(answer, of("HardExpiry")),
      max_password_age: number(answer, of("MaxPasswordAge")),
      password_reuse_prevention: number(answer, of("PasswordReusePrevention")),
      // The API spells it so.
      max_login_attempts: number(answer, of("MaxLoginAttemps")),
    });
    return [{ type: "alicloud_ram_account_password_policy", id: session.account, name: "password policy", attributes }];
  },
};

const securityPreference: Collector<AlibabaSession> = {
  types: ["alicloud_ram_security_preference"],
  scope: "account",
  actions: ["ram:GetSecurityPreference"],
  list: async (session, region) => {
    const answer = await session.rpc("ims", "GetSecurityPreference", region);
    const login = (member: string): string => `SecurityPreference.LoginProfilePreference.${member}`;
    const mfa = text(answer, login("MFAOperationForLogin"));
    const attributes = known({
      mfa_operation_for_login: mfa,
      // The older name of "mandatory".
      enforce_mfa_for_login: flag(answer, login("EnforceMFAForLogin")) ?? (mfa === undefined ? undefined : mfa === "mandatory"),
      allow_user_to_change_password: flag(answer, login("AllowUserToChangePassword")),
      allow_user_to_login_with_passkey: flag(answer, login("AllowUserToLoginWithPasskey")),
      enable_save_mfa_ticket: flag(answer, login("EnableSaveMFATicket")),
      login_network_masks: textOrNull(answer, login("LoginNetworkMasks")),
      login_session_duration: number(answer, login("LoginSessionDuration")),
      operation_for_risk_login: text(answer, login("OperationForRiskLogin")),
      allow_user_to_manage_access_keys: flag(answer, "SecurityPreference.AccessKeyPreference.AllowUserToManageAccessKeys"),
      allow_user_to_manage_mfa_devices: flag(answer, "SecurityPreference.MFAPreference.AllowUserToManageMFADevices"),
      max_idle_days_for_access_keys: number(answer, "SecurityPreference.MaxIdleDays.MaxIdleDaysForAccessKeys"),
      max_idle_days_for_users: number(answer, "SecurityPreference.MaxIdleDays.MaxIdleDaysForUsers"),
    });
    return [{ type: "alicloud_ram_security_preference", id: session.account, name: "security preference", attributes }];
  },
};

const cloudSso: Collector<AlibabaSession> = {
  types: ["alicloud_cloud_sso_access_configuration"],
  scope: "account",
  actions: ["cloudsso:ListDirectories", "cloudsso:ListAccessConfigurations"],
  list: async (session) => {
    const region = session.home;
    const directories = await session.rpc("cloudsso", "ListDirectories", region);
    const found: Found[] = [];
    for (const directory of listed("cloudsso:ListDirectories", directories, "Directories")) {
      const DirectoryId = required("cloudsso:ListDirectories", directory, "DirectoryId");
      const call = {
        product: "cloudsso",
        operation: "ListAccessConfigurations",
        region,
        list: "AccessConfigurations",
        size: 100,
      } as const;
      for (const configuration of await byToken(session, { ...call, more: "IsTruncated", parameters: { DirectoryId } })) {
        const own = required("cloudsso:ListAccessConfigurations", configuration, "AccessConfigurationId");
        const name = text(configuration, "AccessConfigurationName");
        const attributes = known({
          id: `${DirectoryId}:${own}`,
          directory_id: DirectoryId,
          access_configuration_id: own,
          access_configuration_name: name,
          description: textOrNull(configuration, "Description"),
          session_duration: number(configuration, "SessionDuration"),
          relay_state: textOrNull(configuration, "RelayState"),
        });
        const handle = { DirectoryId, AccessConfigurationId: own };
        found.push({ type: "alicloud_cloud_sso_access_configuration", id: own, name, attributes, handle });
      }
    }
    return found;
  },
  details: [
    {
      of: "alicloud_cloud_sso_access_configuration",
      actions: ["cloudsso:ListPermissionPoliciesInAccessConfiguration"],
      read: async (session, { handle }) => {
        const action = "cloudsso:ListPermissionPoliciesInAccessConfiguration";
        const parameters = handle as Readonly<Record<string, string>>;
        const answer = await session.rpc("cloudsso", "ListPermissionPoliciesInAccessConfiguration", session.home, parameters);
        const permission_policies = listed(action, answer, "PermissionPolicies").map((policy) =>
          known({
            permission_policy_type: text(policy, "PermissionPolicyType"),
            permission_policy_name: text(policy, "PermissionPolicyName"),
            // Only of those that are written into the configuration.
            permission_policy_document: textOrNull(policy, "PermissionPolicyDocument") ?? null,
          }),
        );
        return { attributes: { permission_policies } };
      },
    },
  ],
};

export const ramCollectors: readonly Collector<AlibabaSession>[] = [
  users,
  accessKeys,
  roles,
  policies,
  passwordPolicy,
  securityPreference,
  cloudSso,
];
