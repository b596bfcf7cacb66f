import type { LogsConfig, Project, ProjectArtifacts, ProjectSource } from "@aws-sdk/client-codebuild";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { batches } from "./batches.ts";
import { always, block, blocks, must, optional, tagAttributes, thing, unlessEmpty } from "./shape.ts";

const codebuild = service("codebuild", () => import("./sdk/codebuild.ts"));

export const projects: Collector<AwsSession> = {
  types: ["aws_codebuild_project"],
  scope: "region",
  actions: ["codebuild:ListProjects"],
  list: async (session, region) => {
    const action = "codebuild:ListProjects";
    const names = await pages(
      session,
      codebuild,
      region,
      action,
      (sdk, nextToken) => new sdk.ListProjectsCommand({ nextToken }),
      (answer) => answer.projects,
      ({ nextToken }) => nextToken,
    );
    const { partition, account } = session.caller;
    return names.map((name) => {
      const arn = `arn:${partition}:codebuild:${region}:${account}:project/${must(name, action)}`;
      return thing("aws_codebuild_project", arn, { name }, { arn, name });
    });
  },
  details: [
    {
      of: "aws_codebuild_project",
      actions: ["codebuild:BatchGetProjects"],
      readAll: async (session, found, region) => {
        const action = "codebuild:BatchGetProjects";
        const read = new Map<string, Facts>();
        for (const names of batches(found, 100)) {
          const answer = await send(
            session,
            codebuild,
            region,
            action,
            (sdk) => new sdk.BatchGetProjectsCommand({ names: names.map(({ attributes }) => attributes.name as string) }),
          );
          for (const of of answer.projects ?? []) {
            const its = names.find(({ attributes }) => attributes.name === of.name);
            if (its !== undefined) read.set(its.id, { attributes: project(of) });
          }
        }
        return read;
      },
    },
  ],
};

function project(of: Project): JsonObject {
  const { environment } = of;
  const tags = Object.fromEntries((of.tags ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  return {
    ...tagAttributes(tags),
    ...always({
      arn: of.arn,
      service_role: of.serviceRole,
      build_timeout: of.timeoutInMinutes,
      queued_timeout: of.queuedTimeoutInMinutes,
      encryption_key: of.encryptionKey,
      auto_retry_limit: of.autoRetryLimit,
      badge_enabled: of.badge?.badgeEnabled,
      project_visibility: of.projectVisibility,
    }),
    ...optional({
      description: of.description,
      concurrent_build_limit: of.concurrentBuildLimit,
      public_project_alias: of.publicProjectAlias,
      resource_access_role: of.resourceAccessRole,
      source_version: of.sourceVersion,
    }),
    ...(of.artifacts === undefined ? {} : { artifacts: artifacts(of.artifacts) }),
    ...(of.source === undefined ? {} : { source: source(of.source) }),
    secondary_artifacts: blocks(of.secondaryArtifacts, artifacts),
    secondary_sources: blocks(of.secondarySources, (its) => ({
      ...source(its),
      ...always({ source_identifier: its.sourceIdentifier }),
    })),
    ...(environment === undefined
      ? {}
      : {
          environment: {
            ...always({
              type: environment.type,
              image: environment.image,
              compute_type: environment.computeType,
              privileged_mode: environment.privilegedMode,
              image_pull_credentials_type: environment.imagePullCredentialsType,
            }),
            ...optional({ certificate: environment.certificate }),
            environment_variable: blocks(environment.environmentVariables, ({ name, value, type }) => ({
              ...always({ name, value }),
              // What a variable is where nothing is said.
              type: type ?? "PLAINTEXT",
            })),
            registry_credential: block(environment.registryCredential, (its) =>
              always({ credential: its.credential, credential_provider: its.credentialProvider }),
            ),
          },
        }),
    logs_config: block(of.logsConfig, logs),
    vpc_config: block(unlessEmpty(of.vpcConfig), (vpc) =>
      always({ vpc_id: vpc.vpcId, subnets: vpc.subnets, security_group_ids: vpc.securityGroupIds }),
    ),
  };
}

function source(of: ProjectSource): JsonObject {
  return {
    ...always({ type: of.type }),
    ...optional({
      location: of.location,
      buildspec: of.buildspec,
      git_clone_depth: of.gitCloneDepth,
      insecure_ssl: of.insecureSsl,
      report_build_status: of.reportBuildStatus,
    }),
    auth: block(of.auth, (auth) => ({ ...always({ type: auth.type }), ...optional({ resource: auth.resource }) })),
    git_submodules_config: block(of.gitSubmodulesConfig, (modules) => always({ fetch_submodules: modules.fetchSubmodules })),
  };
}

function artifacts(of: ProjectArtifacts): JsonObject {
  return {
    ...always({ type: of.type }),
    ...optional({
      artifact_identifier: of.artifactIdentifier,
      bucket_owner_access: of.bucketOwnerAccess,
      encryption_disabled: of.encryptionDisabled,
      location: of.location,
      name: of.name,
      namespace_type: of.namespaceType,
      override_artifact_name: of.overrideArtifactName,
      packaging: of.packaging,
      path: of.path,
    }),
  };
}

function logs({ cloudWatchLogs, s3Logs }: LogsConfig): JsonObject {
  return {
    cloudwatch_logs: block(cloudWatchLogs, (of) => ({
      ...always({ status: of.status }),
      ...optional({ group_name: of.groupName, stream_name: of.streamName }),
    })),
    s3_logs: block(s3Logs, (of) => ({
      ...always({ status: of.status, encryption_disabled: of.encryptionDisabled }),
      ...optional({ location: of.location, bucket_owner_access: of.bucketOwnerAccess }),
    })),
  };
}
