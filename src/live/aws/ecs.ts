import type { Cluster, Service, TaskDefinition, Volume } from "@aws-sdk/client-ecs";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { batches } from "./batches.ts";
import { each, pages, send, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, tagAttributes, thing, unlessEmpty } from "./shape.ts";

const ecs = service("ecs", () => import("./sdk/ecs.ts"));

export const clusters: Collector<AwsSession> = {
  types: ["aws_ecs_cluster"],
  scope: "region",
  actions: ["ecs:ListClusters"],
  list: async (session, region) =>
    (await clusterArns(session, region)).map((arn) => {
      const name = arn.slice(arn.lastIndexOf("/") + 1);
      return thing("aws_ecs_cluster", arn, { name }, { arn, name });
    }),
  details: [
    {
      of: "aws_ecs_cluster",
      actions: ["ecs:DescribeClusters"],
      readAll: async (session, found, region) => {
        const read = new Map<string, Facts>();
        for (const some of batches(found, 100)) {
          const answer = await send(
            session,
            ecs,
            region,
            "ecs:DescribeClusters",
            (sdk) =>
              new sdk.DescribeClustersCommand({
                clusters: some.map(({ id }) => id),
                include: ["SETTINGS", "CONFIGURATIONS", "TAGS"],
              }),
          );
          for (const of of answer.clusters ?? []) read.set(of.clusterArn ?? "", { attributes: cluster(of) });
        }
        return read;
      },
    },
  ],
};

async function clusterArns(session: AwsSession, region: string): Promise<readonly string[]> {
  return await pages(
    session,
    ecs,
    region,
    "ecs:ListClusters",
    (sdk, nextToken) => new sdk.ListClustersCommand({ nextToken, maxResults: 100 }),
    (answer) => answer.clusterArns,
    ({ nextToken }) => nextToken,
  );
}

function cluster(of: Cluster): JsonObject {
  const { configuration } = of;
  return {
    ...tagAttributes(tagsOf(of.tags)),
    // Asked for, so an answer without settings did not tell.
    ...(of.settings === undefined ? {} : { setting: blocks(of.settings, ({ name, value }) => always({ name, value })) }),
    configuration: block(configuration, ({ executeCommandConfiguration, managedStorageConfiguration }) => ({
      execute_command_configuration: block(executeCommandConfiguration, (execute) => ({
        ...always({ logging: execute.logging }),
        ...optional({ kms_key_id: execute.kmsKeyId }),
        log_configuration: block(execute.logConfiguration, (log) =>
          optional({
            cloud_watch_encryption_enabled: log.cloudWatchEncryptionEnabled,
            cloud_watch_log_group_name: log.cloudWatchLogGroupName,
            s3_bucket_encryption_enabled: log.s3EncryptionEnabled,
            s3_bucket_name: log.s3BucketName,
            s3_key_prefix: log.s3KeyPrefix,
          }),
        ),
      })),
      managed_storage_configuration: block(managedStorageConfiguration, (storage) =>
        optional({
          fargate_ephemeral_storage_kms_key_id: storage.fargateEphemeralStorageKmsKeyId,
          kms_key_id: storage.kmsKeyId,
        }),
      ),
    })),
    service_connect_defaults: block(of.serviceConnectDefaults, ({ namespace }) => always({ namespace })),
  };
}

/**
 * Services, and the task definitions that matter: of each family the newest revision, and what services run. Every deployment leaves
 * a revision behind, often hundreds of a family, which nobody can run by chance.
 */
export const services: Collector<AwsSession> = {
  types: ["aws_ecs_service", "aws_ecs_task_definition"],
  scope: "region",
  actions: ["ecs:ListClusters", "ecs:ListServices", "ecs:DescribeServices", "ecs:ListTaskDefinitions"],
  list: async (session, region) => {
    const running = (await each(await clusterArns(session, region), (arn) => servicesOf(session, region, arn), 4)).flat();
    const newestFirst = await pages(
      session,
      ecs,
      region,
      "ecs:ListTaskDefinitions",
      (sdk, nextToken) => new sdk.ListTaskDefinitionsCommand({ nextToken, maxResults: 100, sort: "DESC" }),
      ({ taskDefinitionArns }) => taskDefinitionArns,
      ({ nextToken }) => nextToken,
    );
    const newest = new Map<string, string>();
    for (const arn of newestFirst) {
      const { family, revision } = taskName(arn);
      const known = newest.get(family);
      if (known === undefined || taskName(known).revision < revision) newest.set(family, arn);
    }
    const definitions = new Set([...newest.values(), ...running.flatMap(({ tasks }) => tasks)]);
    return [...running.map(({ found }) => found), ...[...definitions].map(taskDefinition)];
  },
  details: [
    {
      of: "aws_ecs_task_definition",
      actions: ["ecs:DescribeTaskDefinition"],
      read: async (session, { id }, region) => {
        const action = "ecs:DescribeTaskDefinition";
        const answer = await send(
          session,
          ecs,
          region,
          action,
          (sdk) => new sdk.DescribeTaskDefinitionCommand({ taskDefinition: id, include: ["TAGS"] }),
        );
        if (answer.taskDefinition === undefined) return {};
        return { attributes: { ...definition(answer.taskDefinition), ...tagAttributes(tagsOf(answer.tags)) } };
      },
    },
  ],
};

async function servicesOf(
  session: AwsSession,
  region: string,
  cluster: string,
): Promise<readonly { readonly found: Found; readonly tasks: readonly string[] }[]> {
  const arns = await pages(
    session,
    ecs,
    region,
    "ecs:ListServices",
    (sdk, nextToken) => new sdk.ListServicesCommand({ cluster, nextToken, maxResults: 100 }),
    ({ serviceArns }) => serviceArns,
    ({ nextToken }) => nextToken,
  );
  const action = "ecs:DescribeServices";
  const answers = await each(
    batches(arns, 10),
    (some) =>
      send(
        session,
        ecs,
        region,
        action,
        (sdk) => new sdk.DescribeServicesCommand({ cluster, services: [...some], include: ["TAGS"] }),
      ),
    4,
  );
  // One that was deleted since is said to be INACTIVE for a while.
  const all = answers.flatMap((answer) => answer.services ?? []).filter(({ status }) => status !== "INACTIVE");
  return all.map((of) => ({
    found: ecsService(of, must(of.serviceArn, action)),
    tasks: [of, ...(of.deployments ?? []), ...(of.taskSets ?? [])].flatMap(({ taskDefinition: arn }) => arn ?? []),
  }));
}

function ecsService(of: Service, arn: string): Found {
  const controller = of.deploymentController?.type ?? "ECS";
  const network = of.networkConfiguration?.awsvpcConfiguration;
  return thing(
    "aws_ecs_service",
    arn,
    { name: of.serviceName, tags: tagsOf(of.tags) },
    {
      arn,
      ...always({
        name: of.serviceName,
        cluster: of.clusterArn,
        desired_count: of.desiredCount,
        enable_ecs_managed_tags: of.enableECSManagedTags,
        enable_execute_command: of.enableExecuteCommand,
        scheduling_strategy: of.schedulingStrategy,
        availability_zone_rebalancing: of.availabilityZoneRebalancing,
        deployment_maximum_percent: of.deploymentConfiguration?.maximumPercent,
        deployment_minimum_healthy_percent: of.deploymentConfiguration?.minimumHealthyPercent,
      }),
      ...optional({
        health_check_grace_period_seconds: of.healthCheckGracePeriodSeconds,
        iam_role: of.roleArn,
        launch_type: of.launchType,
        platform_version: of.platformVersion,
        propagate_tags: of.propagateTags,
        task_definition: of.taskDefinition,
      }),
      deployment_controller: { type: controller },
      deployment_circuit_breaker: block(of.deploymentConfiguration?.deploymentCircuitBreaker, ({ enable, rollback }) =>
        always({ enable, rollback }),
      ),
      // A service of task sets has a network for each of them instead.
      ...(network === undefined && controller !== "ECS"
        ? {}
        : {
            network_configuration: block(network, (its) => ({
              ...always({
                subnets: its.subnets,
                assign_public_ip: its.assignPublicIp === undefined ? undefined : its.assignPublicIp === "ENABLED",
              }),
              security_groups: list(its.securityGroups),
            })),
          }),
      load_balancer: blocks(of.loadBalancers, (its) => ({
        ...always({ container_name: its.containerName, container_port: its.containerPort }),
        ...optional({ elb_name: its.loadBalancerName, target_group_arn: its.targetGroupArn }),
      })),
    },
  );
}

function taskName(arn: string): { readonly family: string; readonly revision: number } {
  const [, family = "", revision = "0"] = /([^/]+):(\d+)$/.exec(arn) ?? [];
  return { family, revision: Number(revision) };
}

function taskDefinition(arn: string): Found {
  const { family, revision } = taskName(arn);
  return thing(
    "aws_ecs_task_definition",
    arn,
    { name: `${family}:${revision}` },
    { id: family, arn, family, revision, arn_without_revision: arn.replace(/:\d+$/, "") },
  );
}

function definition(of: TaskDefinition): JsonObject {
  return {
    ...(of.containerDefinitions === undefined ? {} : { container_definitions: JSON.stringify(of.containerDefinitions) }),
    ...optional({
      cpu: of.cpu,
      memory: of.memory,
      enable_fault_injection: of.enableFaultInjection,
      execution_role_arn: of.executionRoleArn,
      task_role_arn: of.taskRoleArn,
      ipc_mode: of.ipcMode,
      pid_mode: of.pidMode,
      // Left out: the one that Docker takes by itself, which is not the host's.
      network_mode: of.networkMode,
      requires_compatibilities: list(of.requiresCompatibilities),
    }),
    ephemeral_storage: block(of.ephemeralStorage, ({ sizeInGiB }) => always({ size_in_gib: sizeInGiB })),
    runtime_platform: block(unlessEmpty(of.runtimePlatform), (platform) =>
      optional({
        cpu_architecture: platform.cpuArchitecture,
        operating_system_family: platform.operatingSystemFamily,
      }),
    ),
    volume: blocks(of.volumes, volume),
  };
}

function volume(of: Volume): JsonObject {
  return {
    ...always({ name: of.name }),
    ...optional({ configure_at_launch: of.configuredAtLaunch, host_path: of.host?.sourcePath }),
    docker_volume_configuration: block(of.dockerVolumeConfiguration, (docker) =>
      optional({ autoprovision: docker.autoprovision, driver: docker.driver, scope: docker.scope }),
    ),
    efs_volume_configuration: block(of.efsVolumeConfiguration, (efs) => ({
      ...always({ file_system_id: efs.fileSystemId }),
      ...optional({
        root_directory: efs.rootDirectory,
        transit_encryption: efs.transitEncryption,
        transit_encryption_port: efs.transitEncryptionPort,
      }),
      authorization_config: block(efs.authorizationConfig, (its) => optional({ access_point_id: its.accessPointId, iam: its.iam })),
    })),
  };
}

function tagsOf(tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined) {
  return Object.fromEntries((tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? ""] as const])));
}
