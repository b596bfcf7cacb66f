import type { AttachedPolicy, GroupDetail, ManagedPolicyDetail, PolicyDetail, RoleDetail, UserDetail } from "@aws-sdk/client-iam";
import type { Json } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { keep, pages, type AwsSession } from "./client.ts";
import { credentialReport, reportActions, timeIn } from "./credential-report.ts";
import { iam } from "./services.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

const action = "iam:GetAccountAuthorizationDetails";

/** Users, groups, roles and policies come together, a thousand to a page, where calls for each would take hours. */
export const principals: Collector<AwsSession> = {
  types: [
    "aws_iam_user",
    "aws_iam_user_policy",
    "aws_iam_user_policy_attachment",
    "aws_iam_group",
    "aws_iam_group_policy",
    "aws_iam_group_policy_attachment",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_iam_role_policy_attachment",
    "aws_iam_policy",
  ],
  scope: "account",
  actions: [action],
  list: async (session) => {
    const { users, groups, roles, policies } = await authorization(session);
    return [...users.flatMap(user), ...groups.flatMap(group), ...roles.flatMap(role), ...policies.map(policy)];
  },
  details: [
    {
      of: "aws_iam_user",
      actions: reportActions,
      gives: ["aws_iam_user_login_profile"],
      readAll: async (session, users) => {
        const report = await credentialReport(session);
        return new Map(users.flatMap(({ id }) => (report.has(id) ? [[id, passwordOf(id, report.get(id))] as const] : [])));
      },
    },
    {
      of: "aws_iam_user",
      actions: ["iam:ListMFADevices"],
      gives: ["aws_iam_virtual_mfa_device"],
      read: async (session, { id }) => {
        const devices = await pages(
          session,
          iam,
          session.home,
          "iam:ListMFADevices",
          (sdk, Marker) => new sdk.ListMFADevicesCommand({ UserName: id, Marker }),
          ({ MFADevices }) => MFADevices,
          ({ Marker }) => Marker,
        );
        // Of hardware and passkeys Terraform knows nothing: they stand here as what they are worth, a device of the user.
        const satellites = devices.map(({ SerialNumber, EnableDate }) => {
          const arn = must(SerialNumber, "iam:ListMFADevices");
          return thing(
            "aws_iam_virtual_mfa_device",
            arn,
            {},
            { user_name: id, ...always({ arn, serial_number: arn, enable_date: EnableDate }) },
          );
        });
        return { satellites };
      },
    },
  ],
};

interface Authorization {
  readonly users: readonly UserDetail[];
  readonly groups: readonly GroupDetail[];
  readonly roles: readonly RoleDetail[];
  /** The account's own. */
  readonly policies: readonly ManagedPolicyDetail[];
}

export async function authorization(session: AwsSession): Promise<Authorization> {
  return await keep(session, "authorization", async () => {
    const all = await pages(
      session,
      iam,
      session.home,
      action,
      (sdk, Marker) =>
        new sdk.GetAccountAuthorizationDetailsCommand({
          Filter: ["User", "Group", "Role", "LocalManagedPolicy"],
          MaxItems: 1000,
          Marker,
        }),
      (page) => [page],
      ({ IsTruncated, Marker }) => (IsTruncated === false ? undefined : Marker),
    );
    return {
      users: all.flatMap(({ UserDetailList }) => UserDetailList ?? []),
      groups: all.flatMap(({ GroupDetailList }) => GroupDetailList ?? []),
      roles: all.flatMap(({ RoleDetailList }) => RoleDetailList ?? []),
      policies: all.flatMap(({ Policies }) => Policies ?? []),
    };
  });
}

/** Documents come as in a URL. */
function document(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // It holds a bare "%", so it was never encoded.
    return text;
  }
}

function user(of: UserDetail): Found[] {
  const name = must(of.UserName, action);
  return [
    thing(
      "aws_iam_user",
      name,
      { name, tags: tagged(of.Tags) },
      {
        name,
        ...always({ arn: of.Arn, path: of.Path, unique_id: of.UserId }),
        ...optional({ permissions_boundary: of.PermissionsBoundary?.PermissionsBoundaryArn }),
      },
    ),
    ...inline("user", name, of.UserPolicyList),
    ...attached("user", name, of.AttachedManagedPolicies),
  ];
}

function group(of: GroupDetail): Found[] {
  const name = must(of.GroupName, action);
  return [
    thing("aws_iam_group", name, { name }, { name, ...always({ arn: of.Arn, path: of.Path, unique_id: of.GroupId }) }),
    ...inline("group", name, of.GroupPolicyList),
    ...attached("group", name, of.AttachedManagedPolicies),
  ];
}

function role(of: RoleDetail): Found[] {
  const name = must(of.RoleName, action);
  return [
    thing(
      "aws_iam_role",
      name,
      { name, tags: tagged(of.Tags) },
      {
        name,
        ...always({
          arn: of.Arn,
          path: of.Path,
          unique_id: of.RoleId,
          assume_role_policy: document(of.AssumeRolePolicyDocument),
          create_date: of.CreateDate,
        }),
        ...optional({ permissions_boundary: of.PermissionsBoundary?.PermissionsBoundaryArn }),
        // They follow as things of their own.
        inline_policy: [],
        managed_policy_arns: [],
      },
    ),
    ...inline("role", name, of.RolePolicyList),
    ...attached("role", name, of.AttachedManagedPolicies),
  ];
}

function inline(kind: "user" | "group" | "role", owner: string, policies: readonly PolicyDetail[] | undefined): Found[] {
  return (policies ?? []).map(({ PolicyName, PolicyDocument }) => {
    const name = must(PolicyName, action);
    return thing(
      `aws_iam_${kind}_policy`,
      `${owner}:${name}`,
      { name },
      { name, [kind]: owner, ...always({ policy: document(PolicyDocument) }) },
    );
  });
}

function attached(kind: "user" | "group" | "role", owner: string, policies: readonly AttachedPolicy[] | undefined): Found[] {
  return (policies ?? []).map(({ PolicyArn, PolicyName }) => {
    const arn = must(PolicyArn, action);
    return thing(`aws_iam_${kind}_policy_attachment`, `${owner}/${arn}`, { name: PolicyName }, { [kind]: owner, policy_arn: arn });
  });
}

function policy(of: ManagedPolicyDetail): Found {
  const arn = must(of.Arn, action);
  const current = of.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true);
  return thing(
    "aws_iam_policy",
    arn,
    { name: of.PolicyName },
    {
      arn,
      ...always({
        name: of.PolicyName ?? arn.split("/").at(-1),
        path: of.Path,
        policy_id: of.PolicyId,
        attachment_count: of.AttachmentCount,
        policy: document(current?.Document),
      }),
    },
  );
}

function passwordOf(name: string, line: ReadonlyMap<string, string> | undefined): Facts {
  if (line === undefined) return {};
  const attributes: Record<string, Json> = {};
  for (const column of ["password_last_used", "password_last_changed"]) {
    const time = timeIn(line, column);
    if (time !== undefined) attributes[column] = time;
  }
  const profile = thing("aws_iam_user_login_profile", name, {}, { user: name });
  return { attributes, satellites: line.get("password_enabled") === "true" ? [profile] : [] };
}
