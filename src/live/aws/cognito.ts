import type { IdentityPool } from "@aws-sdk/client-cognito-identity";
import type { UserPoolType } from "@aws-sdk/client-cognito-identity-provider";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, tagAttributes, thing } from "./shape.ts";

const cognito = service("cognito-identity", () => import("./sdk/cognito-identity.ts"));
const userPoolApi = service("cognito-idp", () => import("./sdk/cognito-identity-provider.ts"));

export const identityPools: Collector<AwsSession> = {
  types: ["aws_cognito_identity_pool"],
  scope: "region",
  actions: ["cognito-identity:ListIdentityPools"],
  list: async (session, region) => {
    const action = "cognito-identity:ListIdentityPools";
    const all = await pages(
      session,
      cognito,
      region,
      action,
      (sdk, NextToken) => new sdk.ListIdentityPoolsCommand({ NextToken, MaxResults: 60 }),
      ({ IdentityPools }) => IdentityPools,
      ({ NextToken }) => NextToken,
    );
    const { partition, account } = session.caller;
    return all.map(({ IdentityPoolId, IdentityPoolName }) => {
      const id = must(IdentityPoolId, action);
      const arn = `arn:${partition}:cognito-identity:${region}:${account}:identitypool/${id}`;
      return thing(
        "aws_cognito_identity_pool",
        id,
        { name: IdentityPoolName },
        { arn, ...always({ identity_pool_name: IdentityPoolName }) },
      );
    });
  },
  details: [
    {
      of: "aws_cognito_identity_pool",
      actions: ["cognito-identity:DescribeIdentityPool"],
      read: async (session, { id }, region) => {
        const action = "cognito-identity:DescribeIdentityPool";
        const pool = await send(
          session,
          cognito,
          region,
          action,
          (sdk) => new sdk.DescribeIdentityPoolCommand({ IdentityPoolId: id }),
        );
        return { attributes: identityPool(pool) };
      },
    },
  ],
};

function identityPool(of: IdentityPool): JsonObject {
  return {
    ...always({
      identity_pool_name: of.IdentityPoolName,
      allow_unauthenticated_identities: of.AllowUnauthenticatedIdentities,
    }),
    // Left out where nobody turned it on.
    allow_classic_flow: of.AllowClassicFlow ?? false,
    ...optional({
      developer_provider_name: of.DeveloperProviderName,
      openid_connect_provider_arns: list(of.OpenIdConnectProviderARNs),
      saml_provider_arns: list(of.SamlProviderARNs),
      supported_login_providers: of.SupportedLoginProviders,
    }),
    cognito_identity_providers: blocks(of.CognitoIdentityProviders, (provider) =>
      always({
        client_id: provider.ClientId,
        provider_name: provider.ProviderName,
        server_side_token_check: provider.ServerSideTokenCheck,
      }),
    ),
    ...tagAttributes(of.IdentityPoolTags ?? {}),
  };
}

export const userPools: Collector<AwsSession> = {
  types: ["aws_cognito_user_pool"],
  scope: "region",
  actions: ["cognito-idp:ListUserPools"],
  list: async (session, region) => {
    const action = "cognito-idp:ListUserPools";
    const all = await pages(
      session,
      userPoolApi,
      region,
      action,
      (sdk, NextToken) => new sdk.ListUserPoolsCommand({ NextToken, MaxResults: 60 }),
      ({ UserPools }) => UserPools,
      ({ NextToken }) => NextToken,
    );
    const { partition, account } = session.caller;
    return all.map(({ Id, Name }) => {
      const id = must(Id, action);
      const arn = `arn:${partition}:cognito-idp:${region}:${account}:userpool/${id}`;
      return thing("aws_cognito_user_pool", id, { name: Name }, { arn, ...always({ name: Name }) });
    });
  },
  details: [
    {
      of: "aws_cognito_user_pool",
      actions: ["cognito-idp:DescribeUserPool"],
      read: async (session, { id }, region) => {
        const action = "cognito-idp:DescribeUserPool";
        const { UserPool } = await send(
          session,
          userPoolApi,
          region,
          action,
          (sdk) => new sdk.DescribeUserPoolCommand({ UserPoolId: id }),
        );
        return { attributes: userPool(UserPool ?? {}) };
      },
    },
  ],
};

function userPool(of: UserPoolType): JsonObject {
  return {
    ...always({ name: of.Name, mfa_configuration: of.MfaConfiguration }),
    // Left out where nobody turned it on.
    deletion_protection: of.DeletionProtection ?? "INACTIVE",
    ...optional({
      username_attributes: list(of.UsernameAttributes),
      alias_attributes: list(of.AliasAttributes),
      auto_verified_attributes: list(of.AutoVerifiedAttributes),
      user_pool_tier: of.UserPoolTier,
    }),
    password_policy: block(of.Policies?.PasswordPolicy, (policy) =>
      optional({
        minimum_length: policy.MinimumLength,
        require_lowercase: policy.RequireLowercase,
        require_numbers: policy.RequireNumbers,
        require_symbols: policy.RequireSymbols,
        require_uppercase: policy.RequireUppercase,
        temporary_password_validity_days: policy.TemporaryPasswordValidityDays,
      }),
    ),
    ...tagAttributes(of.UserPoolTags ?? {}),
  };
}
