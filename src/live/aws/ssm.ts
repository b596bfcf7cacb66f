import type { DocumentIdentifier } from "@aws-sdk/client-ssm";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, list, must, optional, tagged, thing } from "./shape.ts";

const ssm = service("ssm", () => import("./sdk/ssm.ts"));
const action = "ssm:ListDocuments";

/** The account's own: AWS publishes hundreds. */
export const documents: Collector<AwsSession> = {
  types: ["aws_ssm_document"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      ssm,
      region,
      action,
      (sdk, NextToken) =>
        new sdk.ListDocumentsCommand({ NextToken, MaxResults: 50, Filters: [{ Key: "Owner", Values: ["Self"] }] }),
      ({ DocumentIdentifiers }) => DocumentIdentifiers,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => document(of, session, region));
  },
  details: [
    {
      of: "aws_ssm_document",
      actions: ["ssm:DescribeDocumentPermission"],
      read: async (session, { id }, region) => {
        const accounts = await pages(
          session,
          ssm,
          region,
          "ssm:DescribeDocumentPermission",
          (sdk, NextToken) => new sdk.DescribeDocumentPermissionCommand({ Name: id, PermissionType: "Share", NextToken }),
          ({ AccountIds }) => AccountIds,
          ({ NextToken }) => NextToken,
        );
        if (accounts.length === 0) return { attributes: { permissions: null } };
        // Who is named beside everyone changes nothing.
        const everyone = accounts.find((account) => account.toLowerCase() === "all");
        return { attributes: { permissions: { type: "Share", account_ids: everyone ?? accounts.join(",") } } };
      },
    },
  ],
};

function document(of: DocumentIdentifier, { caller }: AwsSession, region: string): Found {
  const name = must(of.Name, action);
  return thing(
    "aws_ssm_document",
    name,
    { name, tags: tagged(of.Tags ?? []) },
    {
      name,
      arn: `arn:${caller.partition}:ssm:${region}:${caller.account}:document/${name}`,
      ...always({
        document_format: of.DocumentFormat,
        document_type: of.DocumentType,
        document_version: of.DocumentVersion,
        owner: of.Owner,
        schema_version: of.SchemaVersion,
      }),
      ...optional({
        created_date: of.CreatedDate,
        target_type: of.TargetType,
        version_name: of.VersionName,
        platform_types: list(of.PlatformTypes),
      }),
    },
  );
}

/** Their names and kinds; the values are never asked for. */
export const parameters: Collector<AwsSession> = {
  types: ["aws_ssm_parameter"],
  scope: "region",
  actions: ["ssm:DescribeParameters"],
  list: async (session, region) => {
    const asked = "ssm:DescribeParameters";
    const all = await pages(
      session,
      ssm,
      region,
      asked,
      (sdk, NextToken) => new sdk.DescribeParametersCommand({ NextToken, MaxResults: 50 }),
      ({ Parameters }) => Parameters,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const name = must(of.Name, asked);
      return thing(
        "aws_ssm_parameter",
        name,
        { name },
        {
          name,
          ...always({ arn: of.ARN, data_type: of.DataType, tier: of.Tier, type: of.Type, version: of.Version }),
          ...optional({ allowed_pattern: of.AllowedPattern, description: of.Description, key_id: of.KeyId }),
        },
      );
    });
  },
};
