import type { WorkGroup, WorkGroupConfiguration } from "@aws-sdk/client-athena";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, must, optional, thing, unlessEmpty } from "./shape.ts";

const athena = service("athena", () => import("./sdk/athena.ts"));

export const workgroups: Collector<AwsSession> = {
  types: ["aws_athena_workgroup"],
  scope: "region",
  actions: ["athena:ListWorkGroups"],
  list: async (session, region) => {
    const action = "athena:ListWorkGroups";
    const all = await pages(
      session,
      athena,
      region,
      action,
      (sdk, NextToken) => new sdk.ListWorkGroupsCommand({ NextToken, MaxResults: 50 }),
      ({ WorkGroups }) => WorkGroups,
      ({ NextToken }) => NextToken,
    );
    const { partition, account } = session.caller;
    return all.map(({ Name, State, Description }) => {
      const name = must(Name, action);
      const arn = `arn:${partition}:athena:${region}:${account}:workgroup/${name}`;
      const attributes = { name, arn, ...always({ state: State }), ...optional({ description: Description }) };
      return thing("aws_athena_workgroup", name, { name }, attributes);
    });
  },
  details: [
    {
      of: "aws_athena_workgroup",
      actions: ["athena:GetWorkGroup"],
      read: async (session, { id }, region) => {
        const action = "athena:GetWorkGroup";
        const answer = await send(session, athena, region, action, (sdk) => new sdk.GetWorkGroupCommand({ WorkGroup: id }));
        return { attributes: answer.WorkGroup === undefined ? {} : workgroup(answer.WorkGroup) };
      },
    },
  ],
};

function workgroup({ Configuration, State, Description }: WorkGroup): JsonObject {
  return {
    ...always({ state: State, ...(Configuration === undefined ? {} : { configuration: configuration(Configuration) }) }),
    ...optional({ description: Description }),
  };
}

function configuration(of: WorkGroupConfiguration): JsonObject {
  return {
    ...always({
      enforce_workgroup_configuration: of.EnforceWorkGroupConfiguration,
      publish_cloudwatch_metrics_enabled: of.PublishCloudWatchMetricsEnabled,
      requester_pays_enabled: of.RequesterPaysEnabled,
    }),
    ...optional({
      bytes_scanned_cutoff_per_query: of.BytesScannedCutoffPerQuery,
      execution_role: of.ExecutionRole,
    }),
    // Off until somebody turns it on, and then the API tells.
    enable_minimum_encryption_configuration: of.EnableMinimumEncryptionConfiguration ?? false,
    customer_content_encryption_configuration: block(of.CustomerContentEncryptionConfiguration, ({ KmsKey }) =>
      always({ kms_key: KmsKey }),
    ),
    engine_version: block(of.EngineVersion, (engine) =>
      always({
        effective_engine_version: engine.EffectiveEngineVersion,
        selected_engine_version: engine.SelectedEngineVersion,
      }),
    ),
    identity_center_configuration: block(of.IdentityCenterConfiguration, (identity) =>
      always({
        enable_identity_center: identity.EnableIdentityCenter,
        identity_center_instance_arn: identity.IdentityCenterInstanceArn,
      }),
    ),
    managed_query_results_configuration: block(of.ManagedQueryResultsConfiguration, (managed) => ({
      ...always({ enabled: managed.Enabled }),
      encryption_configuration: block(managed.EncryptionConfiguration, ({ KmsKey }) => always({ kms_key: KmsKey })),
    })),
    result_configuration: block(unlessEmpty(of.ResultConfiguration), (result) => ({
      ...optional({ output_location: result.OutputLocation, expected_bucket_owner: result.ExpectedBucketOwner }),
      acl_configuration: block(result.AclConfiguration, ({ S3AclOption }) => always({ s3_acl_option: S3AclOption })),
      encryption_configuration: block(result.EncryptionConfiguration, ({ EncryptionOption, KmsKey }) => ({
        ...always({ encryption_option: EncryptionOption }),
        ...optional({ kms_key_arn: KmsKey }),
      })),
    })),
  };
}
