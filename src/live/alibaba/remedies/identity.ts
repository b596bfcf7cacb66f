import { textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy } from "../../remedy.ts";
import { rpcCall } from "../calls.ts";

/* Sources: RAM API 2015-05-01, IMS API 2019-08-15, ActionTrail API 2020-07-06, KMS API 2016-01-20, each operation by its name. */

/** What was read, by the names of the API; what was not is left out. */
function members(names: Readonly<Record<string, string>>, of: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(names).flatMap(([member, name]) => {
      const value = of[name];
      return value === undefined || value === null ? [] : [[member, value] as const];
    }),
  );
}

const passwordMembers = {
  MinimumPasswordLength: "minimum_password_length",
  RequireLowercaseCharacters: "require_lowercase_characters",
  RequireUppercaseCharacters: "require_uppercase_characters",
  RequireNumbers: "require_numbers",
  RequireSymbols: "require_symbols",
  HardExpiry: "hard_expiry",
  MaxPasswordAge: "max_password_age",
  PasswordReusePrevention: "password_reuse_prevention",
  // The API spells it so.
  MaxLoginAttemps: "max_login_attempts",
};

/** SetPasswordPolicy sets the whole policy: the others are sent as they were read. */
function passwordPolicy(change: (settings: JsonObject) => JsonObject): Remedy {
  return ({ resource, region, settings }) => {
    const was = resource.attributes;
    const unread = Object.values(passwordMembers).find((name) => was[name] === undefined || was[name] === null);
    if (unread !== undefined)
      throw new NotPossible(`${unread} of the password policy was not read, so the policy could not be put back.`);
    const put = (of: JsonObject) =>
      rpcCall("ram:SetPasswordPolicy", region, "ram", "SetPasswordPolicy", members(passwordMembers, of));
    const changed = change(settings);
    return {
      ...setting("Set the password policy", put({ ...was, ...changed }), put(was), {
        type: resource.type,
        id: resource.id,
        attributes: changed,
      }),
      notes: "max_password_age" in changed ? ["Users whose password is older have to change it at their next sign-in."] : [],
    };
  };
}

const preferenceMembers = {
  MFAOperationForLogin: "mfa_operation_for_login",
  AllowUserToChangePassword: "allow_user_to_change_password",
  AllowUserToLoginWithPasskey: "allow_user_to_login_with_passkey",
  EnableSaveMFATicket: "enable_save_mfa_ticket",
  LoginNetworkMasks: "login_network_masks",
  LoginSessionDuration: "login_session_duration",
  OperationForRiskLogin: "operation_for_risk_login",
  AllowUserToManageAccessKeys: "allow_user_to_manage_access_keys",
  AllowUserToManageMFADevices: "allow_user_to_manage_mfa_devices",
  MaxIdleDaysForAccessKeys: "max_idle_days_for_access_keys",
  MaxIdleDaysForUsers: "max_idle_days_for_users",
};

function preference(title: string, changed: JsonObject): Remedy {
  return ({ resource, region }) => {
    const was = resource.attributes;
    const put = (of: JsonObject) =>
      rpcCall("ram:SetSecurityPreference", region, "ims", "SetSecurityPreference", members(preferenceMembers, of));
    for (const name of Object.keys(changed))
      if (name in Object.fromEntries(Object.values(preferenceMembers).map((each) => [each, true])) && was[name] === undefined)
        throw new NotPossible(`${name} was not read, so it could not be put back.`);
    return setting(title, put({ ...was, ...changed }), put(was), { type: resource.type, id: resource.id, attributes: changed });
  };
}

const loginProfile: Remedy = ({ resource, resources, region }) => {
  const type = "alicloud_ram_login_profile";
  const found = resources.find((each) => each.type === type && each.attributes["user_name"] === resource.name);
  const was = found?.attributes["mfa_bind_required"];
  if (found === undefined || typeof was !== "boolean") throw new NotPossible(`How ${resource.name} signs in was not read.`);
  const reset = found.attributes["password_reset_required"];
  const put = (MFABindRequired: boolean) =>
    rpcCall("ram:UpdateLoginProfile", region, "ram", "UpdateLoginProfile", {
      UserName: resource.name,
      MFABindRequired,
      ...(typeof reset === "boolean" ? { PasswordResetRequired: reset } : {}),
    });
  return {
    ...setting("Demand an MFA device", put(true), put(was), { type, id: found.id, attributes: { mfa_bind_required: true } }),
    notes: ["Who has no device yet binds one at the next sign-in."],
  };
};

const accessKey: Remedy = ({ resource, region }) => {
  const put = (Status: string) =>
    rpcCall("ram:UpdateAccessKey", region, "ram", "UpdateAccessKey", {
      UserName: resource.attributes["user_name"] ?? null,
      UserAccessKeyId: resource.id,
      Status,
    });
  const used = textOf(resource.attributes["last_used"]);
  return {
    ...setting("Disable the key", put("Inactive"), put("Active"), {
      type: resource.type,
      id: resource.id,
      attributes: { status: "Inactive" },
    }),
    notes: [used === undefined ? "The key was never used, as far as Alibaba Cloud tells." : `The key was used last at ${used}.`],
  };
};

const administrator: Remedy = ({ resource, resources, region }) => {
  const type = "alicloud_ram_user_policy_attachment";
  const its = resources.filter(
    ({ type: of, attributes }) =>
      of === type && attributes["user_name"] === resource.name && attributes["policy_name"] === "AdministratorAccess",
  );
  if (its.length === 0)
    throw new NotPossible(`${resource.name} is an administrator by a policy of your own or by a group: edit that.`);
  const put = (verb: "AttachPolicyToUser" | "DetachPolicyFromUser", of: JsonObject) =>
    rpcCall(`ram:${verb}`, region, "ram", verb, {
      PolicyType: of["policy_type"] ?? null,
      PolicyName: of["policy_name"] ?? null,
      UserName: resource.name,
    });
  return {
    steps: its.map(({ name, attributes }) => ({
      title: `Detach ${name}`,
      call: put("DetachPolicyFromUser", attributes),
      undo: [put("AttachPolicyToUser", attributes)],
    })),
    expected: its.map(({ id }): Expected => ({ type, id, attributes: null })),
  };
};

/** Trails belong to the region where they were made. */
function trail(member: string, name: string, wanted: string): Remedy {
  return ({ resource, region }) => {
    const was = resource.attributes[name];
    if (textOf(was) === undefined) throw new NotPossible(`${name} of ${resource.name} was not read.`);
    const put = (value: Json) =>
      rpcCall("actiontrail:UpdateTrail", region, "actiontrail", "UpdateTrail", { Name: resource.name, [member]: value });
    return setting("Extend the trail", put(wanted), put(was ?? null), {
      type: resource.type,
      id: resource.id,
      attributes: { [name]: wanted },
    });
  };
}

const allRegions: Remedy = (before, { trail: name }, look) => {
  const trails = before.resources.filter(({ type }) => type === "alicloud_actiontrail_trail");
  const resource = trails.find((each) => each.id === name || each.name === name);
  if (resource === undefined) {
    const names = trails.map((each) => each.name).join(", ");
    throw new NotPossible(`There is no trail "${textOf(name) ?? ""}". ${names === "" ? "Make one first." : `There is ${names}.`}`);
  }
  return trail("TrailRegion", "trail_region", "All")({ ...before, resource, region: resource.region ?? before.region }, {}, look);
};

const logging: Remedy = ({ resource, region }) => {
  const put = (verb: "Start" | "Stop") =>
    rpcCall(`actiontrail:${verb}Logging`, region, "actiontrail", `${verb}Logging`, { Name: resource.name });
  return setting("Start the trail", put("Start"), put("Stop"), {
    type: resource.type,
    id: resource.id,
    attributes: { status: "Enable" },
  });
};

const keyRotation: Remedy = ({ resource, region }) => {
  const put = (more: JsonObject) =>
    rpcCall("kms:UpdateRotationPolicy", region, "kms", "UpdateRotationPolicy", { RegionId: region, KeyId: resource.id, ...more });
  return setting(
    "Rotate the key every year",
    put({ EnableAutomaticRotation: true, RotationInterval: "365d" }),
    put({ EnableAutomaticRotation: false }),
    { type: resource.type, id: resource.id, attributes: { automatic_rotation: "Enabled" } },
  );
};

const numberOf = (settings: JsonObject, name: string): number => Number(settings[name] ?? 0);

export const identityRemedies: readonly (readonly [string, Remedy])[] = [
  ["alibaba-ram-password-policy-symbol", passwordPolicy(() => ({ require_symbols: true }))],
  ["alibaba-ram-password-policy-number", passwordPolicy(() => ({ require_numbers: true }))],
  ["alibaba-ram-password-policy-uppercase", passwordPolicy(() => ({ require_uppercase_characters: true }))],
  ["alibaba-ram-password-policy-lowercase", passwordPolicy(() => ({ require_lowercase_characters: true }))],
  ["alibaba-ram-password-policy-min-length", passwordPolicy((its) => ({ minimum_password_length: numberOf(its, "length") }))],
  ["alibaba-ram-password-policy-reuse", passwordPolicy((its) => ({ password_reuse_prevention: numberOf(its, "count") }))],
  ["alibaba-ram-password-policy-expiry", passwordPolicy((its) => ({ max_password_age: numberOf(its, "days") }))],
  ["alibaba-ram-password-policy-login-attempts", passwordPolicy((its) => ({ max_login_attempts: numberOf(its, "attempts") }))],
  [
    "alibaba-ram-security-preference-mfa",
    preference("Demand MFA at every sign-in", { mfa_operation_for_login: "mandatory", enforce_mfa_for_login: true }),
  ],
  [
    "alibaba-ram-security-preference-self-keys",
    preference("Let users make no keys of their own", { allow_user_to_manage_access_keys: false }),
  ],
  ["alibaba-ram-login-profile-mfa-required", loginProfile],
  ["alibaba-ram-access-key-unused", accessKey],
  ["alibaba-ram-administratoraccess-attached", administrator],
  ["alibaba-actiontrail-all-events", trail("EventRW", "event_rw", "All")],
  ["alibaba-actiontrail-all-regions", allRegions],
  ["alibaba-actiontrail-enabled", logging],
  ["alibaba-kms-key-rotation", keyRotation],
];
