import type { PasswordPolicy } from "@aws-sdk/client-iam";
import type { Collector } from "../collector.ts";
import { absent } from "../failure.ts";
import { each, pages, send, type AwsSession } from "./client.ts";
import { authorization } from "./iam.ts";
import { iam } from "./services.ts";
import { always, must, optional, thing } from "./shape.ts";

export const accessKeys: Collector<AwsSession> = {
  types: ["aws_iam_access_key"],
  scope: "account",
  actions: ["iam:ListAccessKeys", "iam:GetAccountAuthorizationDetails"],
  list: async (session) => {
    const action = "iam:ListAccessKeys";
    const { users } = await authorization(session);
    const keys = await each(users, async ({ UserName }) =>
      pages(
        session,
        iam,
        session.home,
        action,
        (sdk, Marker) => new sdk.ListAccessKeysCommand({ UserName, Marker }),
        ({ AccessKeyMetadata }) => AccessKeyMetadata,
        ({ Marker }) => Marker,
        // Deleted since it was listed.
      ).catch(absent(["NoSuchEntity", "NoSuchEntityException"], [])),
    );
    return keys.flat().map(({ AccessKeyId, CreateDate, Status, UserName }) => {
      const id = must(AccessKeyId, action);
      return thing(
        "aws_iam_access_key",
        id,
        {},
        { user: must(UserName, action), ...always({ create_date: CreateDate, status: Status }) },
      );
    });
  },
  details: [
    {
      of: "aws_iam_access_key",
      actions: ["iam:GetAccessKeyLastUsed"],
      read: async (session, { id }) => {
        const action = "iam:GetAccessKeyLastUsed";
        const { AccessKeyLastUsed } = await send(
          session,
          iam,
          session.home,
          action,
          (sdk) => new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: id }),
        );
        // The date is left out for a key that was never used.
        return AccessKeyLastUsed === undefined ? {} : { attributes: optional({ last_used: AccessKeyLastUsed.LastUsedDate }) };
      },
    },
  ],
};

/** Without one of its own the account has none: the engine writes that as nothing set. */
export const passwordPolicy: Collector<AwsSession> = {
  types: ["aws_iam_account_password_policy"],
  scope: "account",
  actions: ["iam:GetAccountPasswordPolicy"],
  list: async (session) => {
    const action = "iam:GetAccountPasswordPolicy";
    const answer = await send(session, iam, session.home, action, (sdk) => new sdk.GetAccountPasswordPolicyCommand({})).catch(
      absent(["NoSuchEntity", "NoSuchEntityException"], undefined),
    );
    const policy: Partial<PasswordPolicy> | undefined = answer?.PasswordPolicy;
    if (policy === undefined) return [];
    return [
      thing(
        "aws_iam_account_password_policy",
        "iam-account-password-policy",
        {},
        {
          ...always({
            allow_users_to_change_password: policy.AllowUsersToChangePassword,
            expire_passwords: policy.ExpirePasswords,
            minimum_password_length: policy.MinimumPasswordLength,
            require_lowercase_characters: policy.RequireLowercaseCharacters,
            require_numbers: policy.RequireNumbers,
            require_symbols: policy.RequireSymbols,
            require_uppercase_characters: policy.RequireUppercaseCharacters,
          }),
          ...optional({ hard_expiry: policy.HardExpiry }),
          // Left out where passwords don't expire, or may be the old ones.
          max_password_age: policy.MaxPasswordAge ?? 0,
          password_reuse_prevention: policy.PasswordReusePrevention ?? 0,
        },
      ),
    ];
  },
};

export const serverCertificates: Collector<AwsSession> = {
  types: ["aws_iam_server_certificate"],
  scope: "account",
  actions: ["iam:ListServerCertificates"],
  list: async (session) => {
    const action = "iam:ListServerCertificates";
    const all = await pages(
      session,
      iam,
      session.home,
      action,
      (sdk, Marker) => new sdk.ListServerCertificatesCommand({ Marker }),
      ({ ServerCertificateMetadataList }) => ServerCertificateMetadataList,
      ({ Marker }) => Marker,
    );
    return all.map((of) => {
      const name = must(of.ServerCertificateName, action);
      return thing(
        "aws_iam_server_certificate",
        must(of.ServerCertificateId, action),
        { name },
        {
          name,
          ...always({ arn: of.Arn, path: of.Path, expiration: of.Expiration, upload_date: of.UploadDate }),
        },
      );
    });
  },
};

export const instanceProfiles: Collector<AwsSession> = {
  types: ["aws_iam_instance_profile"],
  scope: "account",
  actions: ["iam:ListInstanceProfiles"],
  list: async (session) => {
    const action = "iam:ListInstanceProfiles";
    const all = await pages(
      session,
      iam,
      session.home,
      action,
      (sdk, Marker) => new sdk.ListInstanceProfilesCommand({ Marker }),
      ({ InstanceProfiles }) => InstanceProfiles,
      ({ Marker }) => Marker,
    );
    return all.map((of) => {
      const name = must(of.InstanceProfileName, action);
      return thing(
        "aws_iam_instance_profile",
        name,
        { name },
        {
          name,
          ...always({ arn: of.Arn, path: of.Path, unique_id: of.InstanceProfileId, create_date: of.CreateDate }),
          // One at most; an empty list says that it has none.
          ...(of.Roles === undefined ? {} : optional({ role: of.Roles[0]?.RoleName })),
        },
      );
    });
  },
};

/** What an account says that manages no organization, or may not ask. */
const elsewhere = [
  "AccountNotManagementOrDelegatedAdministratorException",
  "OrganizationNotFoundException",
  "OrganizationNotInAllFeaturesModeException",
];

export const organizationsFeatures: Collector<AwsSession> = {
  types: ["aws_iam_organizations_features"],
  scope: "account",
  actions: ["iam:ListOrganizationsFeatures"],
  list: async (session) => {
    const action = "iam:ListOrganizationsFeatures";
    const answer = await send(session, iam, session.home, action, (sdk) => new sdk.ListOrganizationsFeaturesCommand({}))
      // Without trusted access none can be on, and there is an organization.
      .catch(absent(["ServiceAccessNotEnabledException"], { EnabledFeatures: [], OrganizationId: session.caller.account }))
      .catch(absent(elsewhere, undefined));
    if (answer === undefined) return [];
    const id = answer.OrganizationId ?? session.caller.account;
    return [thing("aws_iam_organizations_features", id, {}, always({ enabled_features: answer.EnabledFeatures }))];
  },
};
