import type { LiveResource } from "../../../core/accounts/model.ts";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy } from "../../remedy.ts";
import { apiCall } from "../calls.ts";

/* Sources: CAM API 2019-01-16 (document/api/598), each action by its name. */

const accountType = "tencentcloud_account";

/** UpdatePasswordRules takes all rules: the others are sent as they are. */
function passwordRule(member: string, name: string, wanted: (settings: JsonObject) => Json): Remedy {
  return async ({ resource, region, settings }, _, look) => {
    const { Rules: was } = await look(apiCall("cam:GetPasswordRules", region, {}));
    if (!isJsonObject(was)) throw new NotPossible("CAM does not tell the password rules, so they could not be put back.");
    const put = (Rules: JsonObject) => apiCall("cam:UpdatePasswordRules", region, { Rules });
    const value = wanted(settings);
    return setting("Set the password rules", put({ ...was, [member]: value }), put(was), {
      type: accountType,
      id: resource.id,
      attributes: { [name]: value },
    });
  };
}

function mfa(member: "LoginFlag" | "ActionFlag", name: "login_flag" | "action_flag"): Remedy {
  return ({ resource, resources, region }) => {
    const type = "tencentcloud_cam_mfa_flag";
    const uin = resource.attributes["uin"] ?? null;
    const found = resources.find((each) => each.type === type && each.attributes["op_uin"] === uin);
    const was = found?.attributes[name];
    if (found === undefined || !isJsonObject(was)) throw new NotPossible(`The protection of ${resource.name} was not read.`);
    const put = (flags: JsonObject) =>
      apiCall("cam:SetMfaFlag", region, {
        OpUin: uin,
        [member]: { Phone: flags["phone"] ?? 0, Wechat: flags["wechat"] ?? 0, Stoken: flags["stoken"] ?? 0 },
      });
    const changed = { ...was, stoken: 1 };
    return {
      ...setting("Demand a virtual MFA device", put(changed), put(was), { type, id: found.id, attributes: { [name]: changed } }),
      notes: ["Who has no device yet binds one at the next sign-in."],
    };
  };
}

function keyStatus(key: LiveResource, region: string): ReturnType<Remedy> {
  const put = (Status: string) =>
    apiCall("cam:UpdateAccessKey", region, { AccessKeyId: key.id, Status, TargetUin: key.attributes["target_uin"] ?? null });
  const used = textOf(key.attributes["last_used"]);
  return {
    ...setting(`Disable ${key.id}`, put("Inactive"), put("Active"), {
      type: key.type,
      id: key.id,
      attributes: { status: "Inactive" },
    }),
    notes: [used === undefined ? "When the key was used last is not known." : `The key was used last at ${used}.`],
  };
}

const unusedKey: Remedy = ({ resource, region }) => keyStatus(resource, region);

const secondKey: Remedy = ({ resource, resources, region }, { key }) => {
  const its = resources.filter(
    ({ type, attributes }) => type === "tencentcloud_cam_access_key" && attributes["target_uin"] === resource.attributes["uin"],
  );
  const chosen = its.find(({ id }) => id === key);
  if (chosen === undefined)
    throw new NotPossible(`${textOf(key) ?? ""} is no key of ${resource.name}: it has ${its.map(({ id }) => id).join(", ")}.`);
  return keyStatus(chosen, region);
};

/** Takes attachments of a user or a role away. */
function detach(chosen: (attachment: LiveResource) => boolean): Remedy {
  return ({ resource, resources, region }) => {
    const isUser = resource.type === "tencentcloud_cam_user";
    const type = isUser ? "tencentcloud_cam_user_policy_attachment" : "tencentcloud_cam_role_policy_attachment";
    const whose = isUser ? "user_name" : "role_id";
    const its = resources.filter((each) => each.type === type && each.attributes[whose] === resource.id && chosen(each));
    if (its.length === 0)
      throw new NotPossible(`${resource.name} has it by a group: take it out of the group, or the policy away from that.`);
    const put = (verb: "Attach" | "Detach", policy: Json) =>
      isUser
        ? apiCall(`cam:${verb}UserPolicy`, region, { PolicyId: Number(policy), [`${verb}Uin`]: resource.attributes["uin"] ?? null })
        : apiCall(`cam:${verb}RolePolicy`, region, { PolicyId: Number(policy), [`${verb}RoleId`]: resource.id });
    return {
      steps: its.map(({ attributes }) => {
        const policy = attributes["policy_id"] ?? null;
        const name = textOf(attributes["policy_name"]) ?? "";
        return { title: `Detach ${name}`, call: put("Detach", policy), undo: [put("Attach", policy)] };
      }),
      expected: its.map(({ id }): Expected => ({ type, id, attributes: null })),
    };
  };
}

const consoleOff: Remedy = ({ resource, region }) => {
  const put = (ConsoleLogin: number) => apiCall("cam:UpdateUser", region, { Name: resource.id, ConsoleLogin });
  return setting(
    "Take console access away",
    put(0),
    put(1),
    { type: resource.type, id: resource.id, attributes: { console_login: false } },
    "The user needs a new password then.",
  );
};

const roleConsoleOff: Remedy = ({ resource, region }) => {
  const put = (ConsoleLogin: number) =>
    apiCall("cam:UpdateRoleConsoleLogin", region, {
      // Ids of roles are longer than a number of JSON.
      RoleName: resource.name,
      ConsoleLogin,
    });
  return setting("Turn console sign-in off", put(0), put(1), {
    type: resource.type,
    id: resource.id,
    attributes: { console_login: false },
  });
};

const sessionDuration: Remedy = ({ resource, region, settings }) => {
  const was = resource.attributes["session_duration"];
  if (typeof was !== "number") throw new NotPossible(`How long sessions of ${resource.name} last was not read.`);
  const most = Number(settings["hours"]) * 3600;
  const put = (SessionDuration: number) =>
    apiCall("cam:UpdateRoleSessionDuration", region, { RoleName: resource.name, SessionDuration });
  return setting("Shorten sessions", put(most), put(was), {
    type: resource.type,
    id: resource.id,
    attributes: { session_duration: most },
  });
};

export const camRemedies: readonly (readonly [string, Remedy])[] = [
  ["tencent-account-password-length", passwordRule("MinimumLength", "password_minimum_length", (its) => its["length"] ?? null)],
  ["tencent-account-password-retry", passwordRule("RetryPasswordLimit", "password_retry_limit", (its) => its["tries"] ?? null)],
  ["tencent-account-password-reuse", passwordRule("ReusePasswordLimit", "password_reuse_limit", (its) => its["passwords"] ?? null)],
  ["tencent-cam-user-login-mfa", mfa("LoginFlag", "login_flag")],
  ["tencent-cam-user-action-mfa", mfa("ActionFlag", "action_flag")],
  ["tencent-cam-access-key-unused", unusedKey],
  ["tencent-cam-access-key-two-active", secondKey],
  ["tencent-cam-administratoraccess-attached", detach(({ attributes }) => attributes["policy_name"] === "AdministratorAccess")],
  ["tencent-cam-user-direct-policy", detach(() => true)],
  ["tencent-cam-user-console-unused", consoleOff],
  ["tencent-cam-role-console-login", roleConsoleOff],
  ["tencent-cam-role-session-duration", sessionDuration],
];
