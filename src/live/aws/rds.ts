import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, block, blocks, list, must, optional, tagged, thing } from "./shape.ts";

/* One API has the databases of RDS, DocumentDB and Neptune; the engine tells which is which. */

const rds = service("rds", () => import("./sdk/rds.ts"));
const listInstances = "rds:DescribeDBInstances";
const listClusters = "rds:DescribeDBClusters";

export const instances: Collector<AwsSession> = {
  types: ["aws_db_instance", "aws_rds_cluster_instance"],
  scope: "region",
  actions: [listInstances],
  list: async (session, region) => {
    const all = await pages(
      session,
      rds,
      region,
      listInstances,
      (sdk, Marker) => new sdk.DescribeDBInstancesCommand({ Marker, MaxRecords: 100 }),
      ({ DBInstances }) => DBInstances,
      ({ Marker }) => Marker,
    );
    return all.flatMap((of) => {
      if (of.Engine === "docdb" || of.Engine === "neptune") return [];
      return [
        of.DBClusterIdentifier === undefined || of.DBClusterIdentifier === "" ? instance(of) : member(of, of.DBClusterIdentifier),
      ];
    });
  },
};

/** What a database of its own and a member of a cluster have in common. */
function shared(of: DBInstance): JsonObject {
  return {
    ...always({
      arn: of.DBInstanceArn,
      identifier: of.DBInstanceIdentifier,
      auto_minor_version_upgrade: of.AutoMinorVersionUpgrade,
      availability_zone: of.AvailabilityZone,
      ca_cert_identifier: of.CACertificateIdentifier,
      copy_tags_to_snapshot: of.CopyTagsToSnapshot,
      engine: of.Engine,
      engine_version: of.EngineVersion,
      engine_version_actual: of.EngineVersion,
      instance_class: of.DBInstanceClass,
      network_type: of.NetworkType,
      publicly_accessible: of.PubliclyAccessible,
      storage_encrypted: of.StorageEncrypted,
      performance_insights_enabled: of.PerformanceInsightsEnabled,
    }),
    ...optional({
      db_subnet_group_name: of.DBSubnetGroup?.DBSubnetGroupName,
      custom_iam_instance_profile: of.CustomIamInstanceProfile,
      kms_key_id: of.KmsKeyId,
      monitoring_role_arn: of.MonitoringRoleArn,
      performance_insights_kms_key_id: of.PerformanceInsightsKMSKeyId,
      performance_insights_retention_period: of.PerformanceInsightsRetentionPeriod,
      port: of.Endpoint?.Port ?? of.DbInstancePort,
    }),
    // Left out where nothing is measured.
    monitoring_interval: of.MonitoringInterval ?? 0,
  };
}

function instance(of: DBInstance): Found {
  const { Endpoint } = of;
  return thing(
    "aws_db_instance",
    must(of.DBInstanceArn, listInstances),
    { name: of.DBInstanceIdentifier, tags: tagged(of.TagList) },
    {
      ...shared(of),
      ...always({
        id: of.DbiResourceId,
        resource_id: of.DbiResourceId,
        allocated_storage: of.AllocatedStorage,
        backup_retention_period: of.BackupRetentionPeriod,
        backup_window: of.PreferredBackupWindow,
        deletion_protection: of.DeletionProtection,
        iam_database_authentication_enabled: of.IAMDatabaseAuthenticationEnabled,
        license_model: of.LicenseModel,
        maintenance_window: of.PreferredMaintenanceWindow,
        multi_az: of.MultiAZ,
        option_group_name: of.OptionGroupMemberships?.[0]?.OptionGroupName,
        parameter_group_name: of.DBParameterGroups?.[0]?.DBParameterGroupName,
        status: of.DBInstanceStatus,
        storage_type: of.StorageType,
        username: of.MasterUsername,
        vpc_security_group_ids: of.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
      }),
      ...optional({
        address: Endpoint?.Address,
        endpoint: Endpoint?.Address === undefined ? undefined : `${Endpoint.Address}:${String(Endpoint.Port ?? "")}`,
        hosted_zone_id: Endpoint?.HostedZoneId,
        backup_target: of.BackupTarget,
        character_set_name: of.CharacterSetName,
        customer_owned_ip_enabled: of.CustomerOwnedIpEnabled,
        database_insights_mode: of.DatabaseInsightsMode,
        db_name: of.DBName,
        dedicated_log_volume: of.DedicatedLogVolume,
        domain: of.DomainMemberships?.[0]?.Domain,
        domain_iam_role_name: of.DomainMemberships?.[0]?.IAMRoleName,
        enabled_cloudwatch_logs_exports: list(of.EnabledCloudwatchLogsExports),
        engine_lifecycle_support: of.EngineLifecycleSupport,
        iops: of.Iops,
        latest_restorable_time: of.LatestRestorableTime,
        max_allocated_storage: of.MaxAllocatedStorage,
        nchar_character_set_name: of.NcharCharacterSetName,
        replica_mode: of.ReplicaMode,
        replicas: list(of.ReadReplicaDBInstanceIdentifiers),
        // A cluster may be what it is a copy of, too.
        replicate_source_db: of.ReadReplicaSourceDBInstanceIdentifier ?? of.ReadReplicaSourceDBClusterIdentifier,
        storage_throughput: of.StorageThroughput,
        timezone: of.Timezone,
      }),
      master_user_secret: secret(of.MasterUserSecret),
    },
  );
}

function member(of: DBInstance, cluster: string): Found {
  return thing(
    "aws_rds_cluster_instance",
    must(of.DBInstanceIdentifier, listInstances),
    { name: of.DBInstanceIdentifier, tags: tagged(of.TagList) },
    {
      ...shared(of),
      cluster_identifier: cluster,
      ...always({
        dbi_resource_id: of.DbiResourceId,
        db_parameter_group_name: of.DBParameterGroups?.[0]?.DBParameterGroupName,
        preferred_backup_window: of.PreferredBackupWindow,
        preferred_maintenance_window: of.PreferredMaintenanceWindow,
        promotion_tier: of.PromotionTier,
      }),
      ...optional({ endpoint: of.Endpoint?.Address }),
    },
  );
}

export const clusters: Collector<AwsSession> = {
  types: ["aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster"],
  scope: "region",
  actions: [listClusters],
  list: async (session, region) => {
    const all = await pages(
      session,
      rds,
      region,
      listClusters,
      (sdk, Marker) => new sdk.DescribeDBClustersCommand({ Marker, MaxRecords: 100 }),
      ({ DBClusters }) => DBClusters,
      ({ Marker }) => Marker,
    );
    return all.map((of) => {
      const name = must(of.DBClusterIdentifier, listClusters);
      const made = of.Engine === "docdb" ? documents(of) : of.Engine === "neptune" ? graph(of) : relations(of);
      return thing(
        made.type,
        name,
        { name, tags: tagged(of.TagList) },
        { cluster_identifier: name, ...common(of), ...made.attributes },
      );
    });
  },
};

interface Made {
  readonly type: string;
  readonly attributes: JsonObject;
}

function common(of: DBCluster): JsonObject {
  return {
    ...always({
      arn: of.DBClusterArn,
      availability_zones: of.AvailabilityZones,
      backup_retention_period: of.BackupRetentionPeriod,
      cluster_resource_id: of.DbClusterResourceId,
      cluster_members: of.DBClusterMembers?.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []),
      deletion_protection: of.DeletionProtection,
      endpoint: of.Endpoint,
      engine: of.Engine,
      engine_version: of.EngineVersion,
      port: of.Port,
      preferred_backup_window: of.PreferredBackupWindow,
      preferred_maintenance_window: of.PreferredMaintenanceWindow,
      storage_encrypted: of.StorageEncrypted,
      vpc_security_group_ids: of.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    }),
    ...optional({
      global_cluster_identifier: of.GlobalClusterIdentifier,
      hosted_zone_id: of.HostedZoneId,
      reader_endpoint: of.ReaderEndpoint,
    }),
  };
}

function relations(of: DBCluster): Made {
  return {
    type: "aws_rds_cluster",
    attributes: {
      ...always({
        copy_tags_to_snapshot: of.CopyTagsToSnapshot,
        db_cluster_parameter_group_name: of.DBClusterParameterGroup,
        engine_mode: of.EngineMode,
        engine_version_actual: of.EngineVersion,
        iam_database_authentication_enabled: of.IAMDatabaseAuthenticationEnabled,
        master_username: of.MasterUsername,
      }),
      ...optional({
        allocated_storage: of.AllocatedStorage,
        auto_minor_version_upgrade: of.AutoMinorVersionUpgrade,
        backtrack_window: of.BacktrackWindow,
        database_insights_mode: of.DatabaseInsightsMode,
        database_name: of.DatabaseName,
        db_cluster_instance_class: of.DBClusterInstanceClass,
        db_subnet_group_name: of.DBSubnetGroup,
        db_system_id: of.DBSystemId,
        enable_http_endpoint: of.HttpEndpointEnabled,
        enabled_cloudwatch_logs_exports: list(of.EnabledCloudwatchLogsExports),
        engine_lifecycle_support: of.EngineLifecycleSupport,
        iops: of.Iops,
        kms_key_id: of.KmsKeyId,
        network_type: of.NetworkType,
        performance_insights_enabled: of.PerformanceInsightsEnabled,
        performance_insights_kms_key_id: of.PerformanceInsightsKMSKeyId,
        replication_source_identifier: of.ReplicationSourceIdentifier,
        storage_type: of.StorageType,
        iam_roles: list(roles(of)),
      }),
      master_user_secret: secret(of.MasterUserSecret),
      serverlessv2_scaling_configuration: block(of.ServerlessV2ScalingConfiguration, (scaling) => ({
        ...always({ min_capacity: scaling.MinCapacity, max_capacity: scaling.MaxCapacity }),
        ...optional({ seconds_until_auto_pause: scaling.SecondsUntilAutoPause }),
      })),
    },
  };
}

function documents(of: DBCluster): Made {
  return {
    type: "aws_docdb_cluster",
    attributes: {
      ...always({ db_cluster_parameter_group_name: of.DBClusterParameterGroup, master_username: of.MasterUsername }),
      ...optional({
        db_subnet_group_name: of.DBSubnetGroup,
        enabled_cloudwatch_logs_exports: list(of.EnabledCloudwatchLogsExports),
        kms_key_id: of.KmsKeyId,
        network_type: of.NetworkType,
        storage_type: of.StorageType,
      }),
      master_user_secret: secret(of.MasterUserSecret),
    },
  };
}

function graph(of: DBCluster): Made {
  return {
    type: "aws_neptune_cluster",
    attributes: {
      ...always({
        copy_tags_to_snapshot: of.CopyTagsToSnapshot,
        iam_database_authentication_enabled: of.IAMDatabaseAuthenticationEnabled,
        neptune_cluster_parameter_group_name: of.DBClusterParameterGroup,
      }),
      ...optional({
        enable_cloudwatch_logs_exports: list(of.EnabledCloudwatchLogsExports),
        iam_roles: list(roles(of)),
        kms_key_arn: of.KmsKeyId,
        neptune_subnet_group_name: of.DBSubnetGroup,
        replication_source_identifier: of.ReplicationSourceIdentifier,
        storage_type: of.StorageType,
      }),
    },
  };
}

function roles(of: DBCluster): string[] | undefined {
  return of.AssociatedRoles?.flatMap(({ RoleArn }) => RoleArn ?? []);
}

function secret(of: DBInstance["MasterUserSecret"]): JsonObject[] {
  return blocks(of === undefined ? [] : [of], ({ KmsKeyId, SecretArn, SecretStatus }) =>
    always({ kms_key_id: KmsKeyId, secret_arn: SecretArn, secret_status: SecretStatus }),
  );
}
