import type { ReplicationInstance } from "@aws-sdk/client-database-migration-service";
import type { Collector, Found } from "../collector.ts";
import { pages, service, type AwsSession } from "./client.ts";
import { always, list, must, optional, thing } from "./shape.ts";

const dms = service("dms", () => import("./sdk/dms.ts"));
const action = "dms:DescribeReplicationInstances";

export const replicationInstances: Collector<AwsSession> = {
  types: ["aws_dms_replication_instance"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      dms,
      region,
      action,
      (sdk, Marker) => new sdk.DescribeReplicationInstancesCommand({ Marker, MaxRecords: 100 }),
      ({ ReplicationInstances }) => ReplicationInstances,
      ({ Marker }) => Marker,
    );
    return all.map(replicationInstance);
  },
};

function replicationInstance(of: ReplicationInstance): Found {
  const id = must(of.ReplicationInstanceIdentifier, action);
  return thing(
    "aws_dms_replication_instance",
    id,
    { name: id },
    {
      replication_instance_id: id,
      ...always({
        replication_instance_arn: of.ReplicationInstanceArn,
        replication_instance_class: of.ReplicationInstanceClass,
        publicly_accessible: of.PubliclyAccessible,
        multi_az: of.MultiAZ,
        allocated_storage: of.AllocatedStorage,
        auto_minor_version_upgrade: of.AutoMinorVersionUpgrade,
        availability_zone: of.AvailabilityZone,
        engine_version: of.EngineVersion,
        kms_key_arn: of.KmsKeyId,
        network_type: of.NetworkType,
        preferred_maintenance_window: of.PreferredMaintenanceWindow,
        replication_subnet_group_id: of.ReplicationSubnetGroup?.ReplicationSubnetGroupIdentifier,
        vpc_security_group_ids: of.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
      }),
      ...optional({
        dns_name_servers: of.DnsNameServers,
        replication_instance_private_ips: list(of.ReplicationInstancePrivateIpAddresses),
        replication_instance_public_ips: list(of.ReplicationInstancePublicIpAddresses),
      }),
    },
  );
}
