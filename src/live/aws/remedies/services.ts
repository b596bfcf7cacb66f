import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Before, type Expected, type Remedy } from "../../remedy.ts";
import { call, type Api } from "../calls.ts";

/* Sources: the API references of each service, each action by its name. */

/** One attribute of a thing that one call sets. */
interface Attribute {
  readonly title: string;
  readonly action: string;
  readonly api: Api;
  readonly command: string;
  /** By the provider's name. */
  readonly name: string;
  readonly wanted: Json;
  readonly request: (before: Before, value: Json) => JsonObject;
}

/** Sets it, and sets it back to what was read. */
function attribute({ title, action, api, command, name, wanted, request }: Attribute): Remedy {
  return (before) => {
    const { resource, region } = before;
    const was = resource.attributes[name];
    if (was === undefined) throw new NotPossible(`${name} of ${resource.name} was not read, so it could not be put back.`);
    const put = (value: Json) => call(action, region, api, command, request(before, value));
    return setting(title, put(wanted), put(was), { type: resource.type, id: resource.id, attributes: { [name]: wanted } });
  };
}

/** Kinds of the same API take the identifier under another name. */
const modifyInstance =
  (member: string): Attribute["request"] =>
  ({ resource }, value) => ({
    DBInstanceIdentifier: resource.attributes["identifier"] ?? resource.id,
    [member]: value,
    ApplyImmediately: true,
  });

const rds = (title: string, name: string, member: string, wanted: Json): Remedy =>
  attribute({
    title,
    action: "rds:ModifyDBInstance",
    api: "rds",
    command: "ModifyDBInstance",
    name,
    wanted,
    request: modifyInstance(member),
  });

const backup: Remedy = (before, parameters, look) =>
  rds(
    "Keep backups for longer",
    "backup_retention_period",
    "BackupRetentionPeriod",
    before.settings["days"] ?? 7,
  )(before, parameters, look);

const publicDatabaseSnapshot: Remedy = ({ resource, region }) => {
  const cluster = resource.type === "aws_db_cluster_snapshot" ? "Cluster" : "";
  const action = `rds:ModifyDB${cluster}SnapshotAttribute`;
  const put = (member: string) =>
    call(action, region, "rds", `ModifyDB${cluster}SnapshotAttribute`, {
      [`DB${cluster}SnapshotIdentifier`]: resource.id,
      AttributeName: "restore",
      [member]: ["all"],
    });
  const shared = resource.attributes["shared_accounts"];
  return setting("Stop sharing with everyone", put("ValuesToRemove"), put("ValuesToAdd"), {
    type: resource.type,
    id: resource.id,
    attributes: { shared_accounts: isJsonList(shared) ? shared.filter((each) => each !== "all") : [] },
  });
};

const redshift: Remedy = (before, parameters, look) => {
  const lost = "The cluster may get another address.";
  const plan = attribute({
    title: "Take the public address away",
    action: "redshift:ModifyCluster",
    api: "redshift",
    command: "ModifyCluster",
    name: "publicly_accessible",
    wanted: false,
    request: ({ resource }, PubliclyAccessible) => ({ ClusterIdentifier: resource.id, PubliclyAccessible }),
  })(before, parameters, look);
  if (plan instanceof Promise) return plan;
  return { ...plan, steps: plan.steps.map((step) => ({ ...step, lost })) };
};

/** Attributes of a load balancer are set one by one, as texts. */
function balancer(title: string, key: string, name: string): Remedy {
  return attribute({
    title,
    action: "elasticloadbalancing:ModifyLoadBalancerAttributes",
    api: "elasticloadbalancing",
    command: "ModifyLoadBalancerAttributes",
    name,
    wanted: true,
    request: ({ resource }, value) => ({ LoadBalancerArn: resource.id, Attributes: [{ Key: key, Value: String(value === true) }] }),
  });
}

const accessLogs: Remedy = ({ resource, region }, { bucket }) => {
  const was = resource.attributes["access_logs"];
  const logs = isJsonObject(was) ? was : {};
  const put = (enabled: boolean, name: Json) =>
    call("elasticloadbalancing:ModifyLoadBalancerAttributes", region, "elasticloadbalancing", "ModifyLoadBalancerAttributes", {
      LoadBalancerArn: resource.id,
      Attributes: [
        { Key: "access_logs.s3.enabled", Value: String(enabled) },
        { Key: "access_logs.s3.bucket", Value: name },
      ],
    });
  return {
    ...setting("Turn on access logs", put(true, bucket ?? ""), put(false, textOf(logs["bucket"]) ?? ""), {
      type: resource.type,
      id: resource.id,
      attributes: { access_logs: { ...logs, enabled: true, bucket: bucket ?? null } },
    }),
    notes: ["The bucket's policy has to let Elastic Load Balancing write, and the bucket be in the same region."],
  };
};

const trailAttribute = (title: string, name: string, member: string): Remedy =>
  attribute({
    title,
    action: "cloudtrail:UpdateTrail",
    api: "cloudtrail",
    command: "UpdateTrail",
    name,
    wanted: true,
    request: ({ resource }, value) => ({ Name: resource.id, [member]: value }),
  });

/** The account's item; the trail is named by the user. */
const multiRegion: Remedy = (before, { trail }, look) => {
  const trails = before.resources.filter(({ type }) => type === "aws_cloudtrail");
  const resource = trails.find(({ id, name }) => id === trail || name === trail);
  if (resource === undefined) {
    const names = trails.map(({ name }) => name).join(", ");
    throw new NotPossible(
      `There is no trail "${textOf(trail) ?? ""}". ${names === "" ? "The account has none: make one first." : `There is ${names}.`}`,
    );
  }
  const extend = trailAttribute("Extend the trail to every region", "is_multi_region_trail", "IsMultiRegionTrail");
  return extend({ ...before, resource, region: resource.region ?? before.region }, {}, look);
};

const logging: Remedy = ({ resource, region }) => {
  const put = (verb: "Start" | "Stop") =>
    call(`cloudtrail:${verb}Logging`, region, "cloudtrail", `${verb}Logging`, { Name: resource.id });
  return setting("Start the trail", put("Start"), put("Stop"), {
    type: resource.type,
    id: resource.id,
    attributes: { enable_logging: true },
  });
};

const recorder: Remedy = ({ resources, region }) => {
  const type = "aws_config_configuration_recorder";
  const found = resources.find((each) => each.type === type && each.region === region);
  if (found === undefined)
    throw new NotPossible(`AWS Config has no recorder in ${region}: make one with a role and a delivery channel first.`);
  const put = (verb: "Start" | "Stop") =>
    call(`config:${verb}ConfigurationRecorder`, region, "config", `${verb}ConfigurationRecorder`, {
      ConfigurationRecorderName: found.id,
    });
  return setting("Start the recorder", put("Start"), put("Stop"), {
    type: `${type}_status`,
    id: found.id,
    attributes: { name: found.id, is_enabled: true },
  });
};

const guardDuty: Remedy = ({ resources, region, token }) => {
  const type = "aws_guardduty_detector";
  const found = resources.find((each) => each.type === type && each.region === region);
  if (found !== undefined) {
    const put = (Enable: boolean) =>
      call("guardduty:UpdateDetector", region, "guardduty", "UpdateDetector", { DetectorId: found.id, Enable });
    return setting("Turn on the detector", put(true), put(false), { type, id: found.id, attributes: { enable: true } });
  }
  return {
    steps: [
      {
        title: "Turn on GuardDuty",
        call: call("guardduty:CreateDetector", region, "guardduty", "CreateDetector", { Enable: true, ClientToken: token }),
        undo: [call("guardduty:DeleteDetector", region, "guardduty", "DeleteDetector", { DetectorId: { response: "DetectorId" } })],
        // A region has one at most.
        find: {
          call: call("guardduty:ListDetectors", region, "guardduty", "ListDetectors", {}),
          paths: { DetectorId: "DetectorIds[0]" },
        },
      },
    ],
    expected: [{ type, id: token, attributes: { enable: true } }],
  };
};

const keyRotation: Remedy = ({ resource, region }) => {
  const put = (verb: "Enable" | "Disable") =>
    call(`kms:${verb}KeyRotation`, region, "kms", `${verb}KeyRotation`, { KeyId: resource.id });
  return setting("Rotate the key every year", put("Enable"), put("Disable"), {
    type: resource.type,
    id: resource.id,
    attributes: { enable_key_rotation: true },
  });
};

const recovery: Remedy = ({ resource, region }) => {
  const was = resource.attributes["point_in_time_recovery"];
  const put = (PointInTimeRecoveryEnabled: boolean) =>
    call("dynamodb:UpdateContinuousBackups", region, "dynamodb", "UpdateContinuousBackups", {
      TableName: resource.id,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
    });
  return setting(
    "Turn on point-in-time recovery",
    put(true),
    put(false),
    {
      type: resource.type,
      id: resource.id,
      attributes: { point_in_time_recovery: { ...(isJsonObject(was) ? was : {}), enabled: true } },
    },
    "The history that was kept is gone then.",
  );
};

const retention: Remedy = ({ resource, region, settings }) => {
  const was = resource.attributes["retention_in_days"];
  // Only these are taken; zero stands for ever.
  const days = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653].find(
    (each) => each >= Number(settings["days"]),
  );
  const keep = (retentionInDays: Json) =>
    call("logs:PutRetentionPolicy", region, "logs", "PutRetentionPolicy", { logGroupName: resource.id, retentionInDays });
  const forEver = call("logs:DeleteRetentionPolicy", region, "logs", "DeleteRetentionPolicy", { logGroupName: resource.id });
  if (typeof was !== "number") throw new NotPossible(`How long ${resource.name} keeps its events was not read.`);
  return setting(
    "Keep events longer",
    days === undefined ? forEver : keep(days),
    keep(was),
    { type: resource.type, id: resource.id, attributes: { retention_in_days: days ?? 0 } },
    "Events that are older than before are deleted then.",
  );
};

const insights: Remedy = ({ resource, region }) => {
  const was = resource.attributes["setting"];
  const settings = (isJsonList(was) ? was : []).filter(isJsonObject);
  const before = textOf(settings.find(({ name }) => name === "containerInsights")?.["value"]) ?? "disabled";
  const put = (value: string) =>
    call("ecs:UpdateClusterSettings", region, "ecs", "UpdateClusterSettings", {
      cluster: resource.id,
      settings: [{ name: "containerInsights", value }],
    });
  const others = settings.filter(({ name }) => name !== "containerInsights");
  return setting("Turn on Container Insights", put("enabled"), put(before), {
    type: resource.type,
    id: resource.id,
    attributes: { setting: [...others, { name: "containerInsights", value: "enabled" }] },
  });
};

const backupPolicy: Remedy = ({ resource, region }) => {
  const put = (Status: string) =>
    call("elasticfilesystem:PutBackupPolicy", region, "elasticfilesystem", "PutBackupPolicy", {
      FileSystemId: resource.id,
      BackupPolicy: { Status },
    });
  return setting("Turn on automatic backups", put("ENABLED"), put("DISABLED"), {
    type: "aws_efs_backup_policy",
    id: resource.id,
    attributes: { file_system_id: resource.id, backup_policy: { status: "ENABLED" } },
  });
};

/** What settles after a change of a cluster: nothing else can be changed until then. */
function eks(before: Before, title: string, change: JsonObject, back: JsonObject, attributes: JsonObject): ReturnType<Remedy> {
  const { resource, region } = before;
  const name = resource.attributes["name"] ?? resource.id;
  const put = (more: JsonObject) => call("eks:UpdateClusterConfig", region, "eks", "UpdateClusterConfig", { name, ...more });
  const settled = {
    call: call("eks:DescribeCluster", region, "eks", "DescribeCluster", { name }),
    path: "cluster.status",
    values: ["ACTIVE"],
    failed: ["FAILED"],
  };
  return {
    steps: [{ title, call: put(change), undo: [put(back)], settled, undone: settled }],
    expected: [{ type: resource.type, id: resource.id, attributes }],
  };
}

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const controlPlaneLogs: Remedy = (before) => {
  const was = before.resource.attributes["enabled_cluster_log_types"];
  if (!isJsonList(was)) throw new NotPossible(`The log types of ${before.resource.name} were not read.`);
  const off = logTypes.filter((type) => !was.includes(type));
  const put = (on: readonly Json[], without: readonly Json[]) => ({
    logging: {
      clusterLogging: [
        { types: on, enabled: true },
        { types: without, enabled: false },
      ].filter(({ types }) => types.length > 0),
    },
  });
  return eks(before, "Turn on every log type", put(logTypes, []), put(was, off), { enabled_cluster_log_types: logTypes });
};

const publicEndpoint: Remedy = (before, { cidrs }) => {
  const was = before.resource.attributes["vpc_config"];
  if (!isJsonObject(was)) throw new NotPossible(`The endpoint of ${before.resource.name} was not read.`);
  const allowed = isJsonList(cidrs) ? cidrs.filter((cidr) => cidr !== "") : [];
  const put = (of: JsonObject) => ({
    resourcesVpcConfig: {
      endpointPublicAccess: of["endpoint_public_access"] ?? null,
      endpointPrivateAccess: of["endpoint_private_access"] ?? null,
      ...(of["endpoint_public_access"] === true ? { publicAccessCidrs: of["public_access_cidrs"] ?? null } : {}),
    },
  });
  // Without a network that may come in, the endpoint is closed, and nodes reach it from inside.
  const changed =
    allowed.length === 0
      ? { ...was, endpoint_public_access: false, endpoint_private_access: true }
      : { ...was, public_access_cidrs: allowed };
  return eks(before, allowed.length === 0 ? "Close the public endpoint" : "Limit the public endpoint", put(changed), put(was), {
    vpc_config: changed,
  });
};

const openPermissions: Remedy = ({ resource, region, deciding }) => {
  const type = "aws_lambda_permission";
  const found = [...new Map(deciding.map((each) => [each.resource.id, each.resource])).values()].filter(
    (each) => each.type === type,
  );
  if (found.length === 0) throw new NotPossible(`No permission of ${resource.name} decides it alone.`);
  return {
    steps: found.map(({ attributes: of }) => {
      const which = {
        FunctionName: resource.id,
        StatementId: of["statement_id"] ?? null,
        ...(textOf(of["qualifier"]) === undefined ? {} : { Qualifier: of["qualifier"] ?? null }),
      };
      const given = {
        Action: "action",
        Principal: "principal",
        SourceArn: "source_arn",
        SourceAccount: "source_account",
        PrincipalOrgID: "principal_org_id",
        EventSourceToken: "event_source_token",
        FunctionUrlAuthType: "function_url_auth_type",
      };
      const kept = Object.entries(given).flatMap(([member, name]) =>
        textOf(of[name]) === undefined ? [] : [[member, of[name] ?? null] as const],
      );
      return {
        title: `Remove the permission ${textOf(of["statement_id"]) ?? ""}`,
        call: call("lambda:RemovePermission", region, "lambda", "RemovePermission", which),
        undo: [call("lambda:AddPermission", region, "lambda", "AddPermission", { ...which, ...Object.fromEntries(kept) })],
      };
    }),
    expected: found.map(({ id }): Expected => ({ type, id, attributes: null })),
  };
};

const viewerProtocol: Remedy = ({ resource, region }) => {
  const { default_cache_behavior: standard, ordered_cache_behavior: ordered } = resource.attributes;
  if (!isJsonObject(standard) || !isJsonList(ordered))
    throw new NotPossible(`The cache behaviours of ${resource.name} were not read.`);
  const redirect = "redirect-to-https";
  const fixed = (policy: Json | undefined): Json => (policy === "allow-all" ? redirect : (policy ?? null));
  const its = ordered.filter(isJsonObject);
  const put = (of: (policy: Json | undefined) => Json) =>
    // The whole configuration may hold secrets of origins: the call reads, changes and writes it.
    call("cloudfront:UpdateDistribution", region, "cloudfront", "SetViewerProtocolPolicies", {
      Id: resource.id,
      Default: of(standard["viewer_protocol_policy"]),
      ByPattern: Object.fromEntries(its.map((each) => [textOf(each["path_pattern"]) ?? "", of(each["viewer_protocol_policy"])])),
    });
  return setting(
    "Redirect viewers to HTTPS",
    put(fixed),
    put((policy) => policy ?? null),
    {
      type: resource.type,
      id: resource.id,
      attributes: {
        default_cache_behavior: { ...standard, viewer_protocol_policy: fixed(standard["viewer_protocol_policy"]) },
        ordered_cache_behavior: its.map((each) => ({ ...each, viewer_protocol_policy: fixed(each["viewer_protocol_policy"]) })),
      },
    },
  );
};

const topicKey: Remedy = ({ resource, region }, { key }) => {
  const put = (AttributeValue: Json) =>
    call("sns:SetTopicAttributes", region, "sns", "SetTopicAttributes", {
      TopicArn: resource.id,
      AttributeName: "KmsMasterKeyId",
      AttributeValue,
    });
  return {
    ...setting("Encrypt the topic", put(key ?? ""), put(""), {
      type: resource.type,
      id: resource.id,
      attributes: { kms_master_key_id: key ?? null },
    }),
    notes: ["Who publishes needs kms:GenerateDataKey and kms:Decrypt on the key, services of AWS by the key's policy."],
  };
};

const queue: Remedy = attribute({
  title: "Encrypt the queue",
  action: "sqs:SetQueueAttributes",
  api: "sqs",
  command: "SetQueueAttributes",
  name: "sqs_managed_sse_enabled",
  wanted: true,
  request: ({ resource }, value) => ({ QueueUrl: resource.id, Attributes: { SqsManagedSseEnabled: String(value === true) } }),
});

const functionUrl: Remedy = attribute({
  title: "Demand IAM authentication",
  action: "lambda:UpdateFunctionUrlConfig",
  api: "lambda",
  command: "UpdateFunctionUrlConfig",
  name: "authorization_type",
  wanted: "AWS_IAM",
  request: ({ resource: { attributes } }, AuthType) => ({
    FunctionName: attributes["function_name"] ?? null,
    AuthType,
    ...(textOf(attributes["qualifier"]) === undefined ? {} : { Qualifier: attributes["qualifier"] ?? null }),
  }),
});

export const serviceRemedies: readonly (readonly [string, Remedy])[] = [
  ["aws-cloudfront-https", viewerProtocol],
  ["aws-cloudtrail-log-validation", trailAttribute("Turn on validation", "enable_log_file_validation", "EnableLogFileValidation")],
  ["aws-cloudtrail-logging-on", logging],
  ["aws-cloudtrail-multi-region", multiRegion],
  ["aws-cloudwatch-log-group-retention", retention],
  ["aws-config-recorder", recorder],
  [
    "aws-dynamodb-deletion-protection",
    attribute({
      title: "Protect the table from deletion",
      action: "dynamodb:UpdateTable",
      api: "dynamodb",
      command: "UpdateTable",
      name: "deletion_protection_enabled",
      wanted: true,
      request: ({ resource }, DeletionProtectionEnabled) => ({ TableName: resource.id, DeletionProtectionEnabled }),
    }),
  ],
  ["aws-dynamodb-pitr", recovery],
  [
    "aws-ecr-immutable-tags",
    attribute({
      title: "Make tags immutable",
      action: "ecr:PutImageTagMutability",
      api: "ecr",
      command: "PutImageTagMutability",
      name: "image_tag_mutability",
      wanted: "IMMUTABLE",
      request: ({ resource }, imageTagMutability) => ({ repositoryName: resource.id, imageTagMutability }),
    }),
  ],
  [
    "aws-ecr-scan-on-push",
    attribute({
      title: "Scan images on push",
      action: "ecr:PutImageScanningConfiguration",
      api: "ecr",
      command: "PutImageScanningConfiguration",
      name: "image_scanning_configuration",
      wanted: { scan_on_push: true },
      request: ({ resource }, value) => ({
        repositoryName: resource.id,
        imageScanningConfiguration: { scanOnPush: isJsonObject(value) && value["scan_on_push"] === true },
      }),
    }),
  ],
  ["aws-ecs-container-insights", insights],
  ["aws-efs-backup", backupPolicy],
  ["aws-eks-control-plane-logs", controlPlaneLogs],
  ["aws-eks-endpoint-public", publicEndpoint],
  ["aws-elbv2-access-logs", accessLogs],
  [
    "aws-elbv2-deletion-protection",
    balancer("Protect the load balancer from deletion", "deletion_protection.enabled", "enable_deletion_protection"),
  ],
  [
    "aws-elbv2-drop-invalid-headers",
    balancer("Drop invalid headers", "routing.http.drop_invalid_header_fields.enabled", "drop_invalid_header_fields"),
  ],
  ["aws-guardduty-enabled", guardDuty],
  ["aws-kms-key-rotation", keyRotation],
  ["aws-lambda-public-policy", openPermissions],
  ["aws-lambda-url-auth", functionUrl],
  ["aws-rds-instance-backup", backup],
  [
    "aws-rds-instance-deletion-protection",
    rds("Protect the database from deletion", "deletion_protection", "DeletionProtection", true),
  ],
  [
    "aws-rds-instance-minor-upgrade",
    (before, parameters, look) =>
      withLoss(
        rds(
          "Install minor versions automatically",
          "auto_minor_version_upgrade",
          "AutoMinorVersionUpgrade",
          true,
        )(before, parameters, look),
        "A version that was installed meanwhile stays.",
      ),
  ],
  ["aws-rds-instance-public", rds("Take the public address away", "publicly_accessible", "PubliclyAccessible", false)],
  ["aws-rds-snapshot-public", publicDatabaseSnapshot],
  ["aws-redshift-public", redshift],
  ["aws-sns-encryption", topicKey],
  ["aws-sqs-encryption", queue],
];

async function withLoss(plan: ReturnType<Remedy>, lost: string): Promise<Awaited<ReturnType<Remedy>>> {
  const { steps, ...rest } = await plan;
  return { ...rest, steps: steps.map((step) => ({ ...step, lost })) };
}
