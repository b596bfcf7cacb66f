import type { ReplicationGroup } from "@aws-sdk/client-elasticache";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, blocks, list, must, optional, thing } from "./shape.ts";

const elasticache = service("elasticache", () => import("./sdk/elasticache.ts"));
const action = "elasticache:DescribeReplicationGroups";

export const replicationGroups: Collector<AwsSession> = {
  types: ["aws_elasticache_replication_group"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      elasticache,
      region,
      action,
      (sdk, Marker) => new sdk.DescribeReplicationGroupsCommand({ Marker, MaxRecords: 100 }),
      ({ ReplicationGroups }) => ReplicationGroups,
      ({ Marker }) => Marker,
    );
    return all.map(replicationGroup);
  },
};

function replicationGroup(of: ReplicationGroup): Found {
  const id = must(of.ReplicationGroupId, action);
  const on = (status: string | undefined): boolean | undefined =>
    status === undefined ? undefined : status === "enabled" || status === "enabling";
  return thing(
    "aws_elasticache_replication_group",
    id,
    { name: id },
    {
      replication_group_id: id,
      ...always({
        arn: of.ARN,
        // A text for the provider.
        at_rest_encryption_enabled: of.AtRestEncryptionEnabled?.toString(),
        transit_encryption_enabled: of.TransitEncryptionEnabled,
        auto_minor_version_upgrade: of.AutoMinorVersionUpgrade?.toString(),
        automatic_failover_enabled: on(of.AutomaticFailover),
        multi_az_enabled: on(of.MultiAZ),
        cluster_enabled: of.ClusterEnabled,
        cluster_mode: of.ClusterMode,
        data_tiering_enabled: on(of.DataTiering),
        description: of.Description,
        engine: of.Engine,
        ip_discovery: of.IpDiscovery,
        network_type: of.NetworkType,
        node_type: of.CacheNodeType,
        member_clusters: of.MemberClusters,
        num_cache_clusters: of.MemberClusters?.length,
        num_node_groups: of.NodeGroups?.length,
        snapshot_retention_limit: of.SnapshotRetentionLimit,
      }),
      ...optional({
        configuration_endpoint_address: of.ConfigurationEndpoint?.Address,
        global_replication_group_id: of.GlobalReplicationGroupInfo?.GlobalReplicationGroupId,
        kms_key_id: of.KmsKeyId,
        primary_endpoint_address: of.NodeGroups?.[0]?.PrimaryEndpoint?.Address,
        snapshot_window: of.SnapshotWindow,
        transit_encryption_mode: of.TransitEncryptionMode,
        user_group_ids: list(of.UserGroupIds),
      }),
      log_delivery_configuration: blocks(of.LogDeliveryConfigurations, (log) => ({
        ...always({ destination_type: log.DestinationType, log_format: log.LogFormat, log_type: log.LogType }),
        ...always({
          destination:
            log.DestinationDetails?.CloudWatchLogsDetails?.LogGroup ??
            log.DestinationDetails?.KinesisFirehoseDetails?.DeliveryStream,
        }),
      })),
    },
  );
}
