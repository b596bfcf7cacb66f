import type { IdentityPool } from "@aws-sdk/client-cognito-identity";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, blocks, list, must, optional, tagAttributes, thing } from "./shape.ts";

const cognito = service("cognito-identity", () => import("./sdk/cognito-identity.ts"));

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
