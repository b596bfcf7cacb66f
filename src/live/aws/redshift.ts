import type { Cluster } from "@aws-sdk/client-redshift";
import type { Collector, Found } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, list, must, optional, tagged, thing } from "./shape.ts";

const redshift = service("redshift", () => import("./sdk/redshift.ts"));
const action = "redshift:DescribeClusters";

export const clusters: Collector<AwsSession> = {
  types: ["aws_redshift_cluster"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      redshift,
      region,
      action,
      (sdk, Marker) => new sdk.DescribeClustersCommand({ Marker, MaxRecords: 100 }),
      ({ Clusters }) => Clusters,
      ({ Marker }) => Marker,
    );
    return all.map((of) => cluster(of, session, region));
  },
  details: [
    {
      of: "aws_redshift_cluster",
      actions: ["redshift:DescribeLoggingStatus"],
      gives: ["aws_redshift_logging"],
      read: async (session, { id }, region) => {
        const of = await send(
          session,
          redshift,
          region,
          "redshift:DescribeLoggingStatus",
          (sdk) => new sdk.DescribeLoggingStatusCommand({ ClusterIdentifier: id }),
        );
        if (of.LoggingEnabled !== true) return { satellites: [] };
        const attributes = {
          cluster_identifier: id,
          ...optional({
            bucket_name: of.BucketName,
            log_destination_type: of.LogDestinationType,
            log_exports: list(of.LogExports),
            s3_key_prefix: of.S3KeyPrefix,
          }),
        };
        return { satellites: [thing("aws_redshift_logging", id, { name: id }, attributes)] };
      },
    },
  ],
};

function cluster(of: Cluster, { caller }: AwsSession, region: string): Found {
  const id = must(of.ClusterIdentifier, action);
  const { Endpoint } = of;
  return thing(
    "aws_redshift_cluster",
    id,
    { name: id, tags: tagged(of.Tags) },
    {
      cluster_identifier: id,
      arn: `arn:${caller.partition}:redshift:${region}:${caller.account}:cluster:${id}`,
      ...always({
        allow_version_upgrade: of.AllowVersionUpgrade,
        automated_snapshot_retention_period: of.AutomatedSnapshotRetentionPeriod,
        availability_zone: of.AvailabilityZone,
        cluster_parameter_group_name: of.ClusterParameterGroups?.[0]?.ParameterGroupName,
        cluster_type: of.NumberOfNodes === undefined ? undefined : of.NumberOfNodes > 1 ? "multi-node" : "single-node",
        cluster_version: of.ClusterVersion,
        database_name: of.DBName,
        // A text for the provider.
        encrypted: of.Encrypted?.toString(),
        enhanced_vpc_routing: of.EnhancedVpcRouting,
        maintenance_track_name: of.MaintenanceTrackName,
        manual_snapshot_retention_period: of.ManualSnapshotRetentionPeriod,
        master_username: of.MasterUsername,
        multi_az: of.MultiAZ === undefined ? undefined : of.MultiAZ.toLowerCase() === "enabled",
        node_type: of.NodeType,
        number_of_nodes: of.NumberOfNodes,
        preferred_maintenance_window: of.PreferredMaintenanceWindow,
        publicly_accessible: of.PubliclyAccessible,
        vpc_security_group_ids: of.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
      }),
      ...optional({
        cluster_namespace_arn: of.ClusterNamespaceArn,
        cluster_subnet_group_name: of.ClusterSubnetGroupName,
        default_iam_role_arn: of.DefaultIamRoleArn,
        dns_name: Endpoint?.Address,
        endpoint: Endpoint?.Address === undefined ? undefined : `${Endpoint.Address}:${String(Endpoint.Port ?? "")}`,
        elastic_ip: of.ElasticIpStatus?.ElasticIp,
        iam_roles: list(of.IamRoles?.flatMap(({ IamRoleArn }) => IamRoleArn ?? [])),
        kms_key_id: of.KmsKeyId,
        master_password_secret_arn: of.MasterPasswordSecretArn,
        port: Endpoint?.Port,
      }),
    },
  );
}
