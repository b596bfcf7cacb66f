import { textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy } from "../../remedy.ts";
import { call } from "../calls.ts";

/* Sources: AWS Identity and Access Management API Reference, IAM Access Analyzer API Reference, each action by its name. */

const flags = {
  RequireSymbols: "require_symbols",
  RequireNumbers: "require_numbers",
  RequireUppercaseCharacters: "require_uppercase_characters",
  RequireLowercaseCharacters: "require_lowercase_characters",
  AllowUsersToChangePassword: "allow_users_to_change_password",
  HardExpiry: "hard_expiry",
} as const;

/** UpdateAccountPasswordPolicy resets every member that is not sent: so all of them are. */
function passwordPolicy(change: (settings: JsonObject) => JsonObject): Remedy {
  return ({ resource, resources, region, settings }) => {
    const { type, id } = resource;
    const was = resources.find((each) => each.type === type)?.attributes;
    // What AWS asks of passwords where an account has no policy.
    const now = {
      minimum_password_length: 8,
      max_password_age: 0,
      password_reuse_prevention: 0,
      ...(was ?? { allow_users_to_change_password: true }),
    };
    const put = (of: JsonObject) =>
      call("iam:UpdateAccountPasswordPolicy", region, "iam", "UpdateAccountPasswordPolicy", {
        MinimumPasswordLength: of["minimum_password_length"] ?? null,
        ...Object.fromEntries(Object.entries(flags).map(([member, name]) => [member, of[name] === true])),
        // Zero stands for none, which the API does not take.
        ...positive("MaxPasswordAge", of["max_password_age"]),
        ...positive("PasswordReusePrevention", of["password_reuse_prevention"]),
      });
    const changed = change(settings);
    const back =
      was === undefined ? call("iam:DeleteAccountPasswordPolicy", region, "iam", "DeleteAccountPasswordPolicy", {}) : put(now);
    return {
      ...setting("Set the password policy", put({ ...now, ...changed }), back, { type, id, attributes: changed }),
      notes: "max_password_age" in changed ? ["Users whose password is older have to change it at their next sign-in."] : [],
    };
  };
}

function positive(member: string, value: Json | undefined): JsonObject {
  return typeof value === "number" && value > 0 ? { [member]: value } : {};
}

const accessKey: Remedy = ({ resource, region }) => {
  const UserName = resource.attributes["user"] ?? null;
  const put = (Status: string) =>
    call("iam:UpdateAccessKey", region, "iam", "UpdateAccessKey", { UserName, AccessKeyId: resource.id, Status });
  const used = textOf(resource.attributes["last_used"]);
  return {
    ...setting("Make the key inactive", put("Inactive"), put("Active"), {
      type: resource.type,
      id: resource.id,
      attributes: { status: "Inactive" },
    }),
    notes: [used === undefined ? "The key was never used, as far as AWS tells." : `The key was used last at ${used}.`],
  };
};

const adminPolicies: Remedy = ({ resource, resources, region, deciding }) => {
  const type = "aws_iam_user_policy_attachment";
  // The attachment decides where the policy is one of AWS's, and else the policy.
  const decisive = new Set(deciding.flatMap(({ resource: each }) => [each.id, textOf(each.attributes["arn"]) ?? each.id]));
  const attachments = resources.filter(
    ({ type: of, id, attributes }) =>
      of === type &&
      attributes["user"] === resource.attributes["name"] &&
      (decisive.has(id) || decisive.has(textOf(attributes["policy_arn"]) ?? "")),
  );
  if (attachments.length === 0) {
    throw new NotPossible(
      `${resource.name} is an administrator by a policy of its own or by a group: edit that, or leave the group.`,
    );
  }
  const of = (operation: "Attach" | "Detach", PolicyArn: Json) =>
    call(`iam:${operation}UserPolicy`, region, "iam", `${operation}UserPolicy`, {
      UserName: resource.attributes["name"] ?? null,
      PolicyArn,
    });
  return {
    steps: attachments.map(({ name, attributes }) => {
      const arn = attributes["policy_arn"] ?? null;
      return { title: `Detach ${name}`, call: of("Detach", arn), undo: [of("Attach", arn)] };
    }),
    expected: attachments.map(({ id }): Expected => ({ type, id, attributes: null })),
  };
};

const analyzer: Remedy = ({ region, token }) => ({
  steps: [
    {
      title: "Create an analyzer for the account",
      call: call("access-analyzer:CreateAnalyzer", region, "access-analyzer", "CreateAnalyzer", {
        analyzerName: token,
        type: "ACCOUNT",
        clientToken: token,
      }),
      undo: [call("access-analyzer:DeleteAnalyzer", region, "access-analyzer", "DeleteAnalyzer", { analyzerName: token })],
    },
  ],
  expected: [{ type: "aws_accessanalyzer_analyzer", id: token, attributes: { analyzer_name: token, type: "ACCOUNT" } }],
});

const numberOf = (settings: JsonObject, name: string): number => Number(settings[name] ?? 0);

export const iamRemedies: readonly (readonly [string, Remedy])[] = [
  ["aws-iam-password-policy-symbol", passwordPolicy(() => ({ require_symbols: true }))],
  ["aws-iam-password-policy-number", passwordPolicy(() => ({ require_numbers: true }))],
  ["aws-iam-password-policy-uppercase", passwordPolicy(() => ({ require_uppercase_characters: true }))],
  ["aws-iam-password-policy-lowercase", passwordPolicy(() => ({ require_lowercase_characters: true }))],
  ["aws-iam-password-policy-user-change", passwordPolicy(() => ({ allow_users_to_change_password: true }))],
  ["aws-iam-password-policy-min-length", passwordPolicy((its) => ({ minimum_password_length: numberOf(its, "length") }))],
  ["aws-iam-password-policy-reuse", passwordPolicy((its) => ({ password_reuse_prevention: numberOf(its, "passwords") }))],
  ["aws-iam-password-policy-expiry", passwordPolicy((its) => ({ max_password_age: numberOf(its, "days") }))],
  ["aws-iam-user-access-key-unused", accessKey],
  ["aws-iam-user-admin-policy", adminPolicies],
  ["aws-iam-access-analyzer", analyzer],
];
