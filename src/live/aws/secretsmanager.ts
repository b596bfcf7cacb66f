import type { SecretListEntry } from "@aws-sdk/client-secrets-manager";
import type { Collector, Found } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

const secretsmanager = service("secretsmanager", () => import("./sdk/secretsmanager.ts"));
const action = "secretsmanager:ListSecrets";

export const secrets: Collector<AwsSession> = {
  types: ["aws_secretsmanager_secret"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      secretsmanager,
      region,
      action,
      (sdk, NextToken) => new sdk.ListSecretsCommand({ NextToken, MaxResults: 100 }),
      ({ SecretList }) => SecretList,
      ({ NextToken }) => NextToken,
    );
    return all.map(secret);
  },
  details: [
    {
      of: "aws_secretsmanager_secret",
      actions: ["secretsmanager:GetResourcePolicy"],
      gives: ["aws_secretsmanager_secret_policy"],
      read: async (session, { id, name }, region) => {
        const { ResourcePolicy } = await send(
          session,
          secretsmanager,
          region,
          "secretsmanager:GetResourcePolicy",
          (sdk) => new sdk.GetResourcePolicyCommand({ SecretId: id }),
        );
        // As a thing of its own.
        const attributes = { policy: null };
        if (ResourcePolicy === undefined || ResourcePolicy === "") return { attributes, satellites: [] };
        const policy = thing("aws_secretsmanager_secret_policy", id, { name }, { secret_arn: id, policy: ResourcePolicy });
        return { attributes, satellites: [policy] };
      },
    },
  ],
};

function secret(of: SecretListEntry): Found {
  const arn = must(of.ARN, action);
  return thing(
    "aws_secretsmanager_secret",
    arn,
    { name: of.Name, tags: tagged(of.Tags ?? []) },
    {
      arn,
      ...always({ name: of.Name }),
      ...optional({ description: of.Description, kms_key_id: of.KmsKeyId, type: of.Type }),
    },
  );
}
