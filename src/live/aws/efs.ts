import type { FileSystemDescription } from "@aws-sdk/client-efs";
import type { Collector, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, block, must, optional, tagged, thing } from "./shape.ts";

const efs = service("elasticfilesystem", () => import("./sdk/efs.ts"));
const action = "elasticfilesystem:DescribeFileSystems";

export const fileSystems: Collector<AwsSession> = {
  types: ["aws_efs_file_system"],
  scope: "region",
  actions: [action],
  list: async (session, region) => {
    const all = await pages(
      session,
      efs,
      region,
      action,
      (sdk, Marker) => new sdk.DescribeFileSystemsCommand({ Marker, MaxItems: 100 }),
      ({ FileSystems }) => FileSystems,
      ({ NextMarker }) => NextMarker,
    );
    return all.map((of) => fileSystem(of, session, region));
  },
  details: [
    {
      of: "aws_efs_file_system",
      actions: ["elasticfilesystem:DescribeBackupPolicy"],
      gives: ["aws_efs_backup_policy"],
      read: async (session, { id }, region) => {
        const asked = "elasticfilesystem:DescribeBackupPolicy";
        const answer = await send(
          session,
          efs,
          region,
          asked,
          (sdk) => new sdk.DescribeBackupPolicyCommand({ FileSystemId: id }),
        ).catch(absent(["PolicyNotFound"], null));
        if (answer === null) return { satellites: [] };
        const policy = always({ status: answer.BackupPolicy?.Status });
        return { satellites: [thing("aws_efs_backup_policy", id, { name: id }, { file_system_id: id, backup_policy: policy })] };
      },
    },
    {
      of: "aws_efs_file_system",
      actions: ["elasticfilesystem:DescribeFileSystemPolicy"],
      gives: ["aws_efs_file_system_policy"],
      read: async (session, { id }, region) => {
        const asked = "elasticfilesystem:DescribeFileSystemPolicy";
        const answer = await send(
          session,
          efs,
          region,
          asked,
          (sdk) => new sdk.DescribeFileSystemPolicyCommand({ FileSystemId: id }),
        ).catch(absent(["PolicyNotFound"], null));
        if (answer === null) return { satellites: [] };
        const attributes = { file_system_id: id, ...always({ policy: answer.Policy }) };
        return { satellites: [thing("aws_efs_file_system_policy", id, { name: id }, attributes)] };
      },
    },
  ],
};

function fileSystem(of: FileSystemDescription, { caller }: AwsSession, region: string): Found {
  const id = must(of.FileSystemId, action);
  const zone = caller.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return thing(
    "aws_efs_file_system",
    id,
    { name: of.Name, tags: tagged(of.Tags) },
    {
      dns_name: `${id}.efs.${region}.${zone}`,
      ...always({
        arn: of.FileSystemArn,
        creation_token: of.CreationToken,
        encrypted: of.Encrypted,
        name: of.Name,
        number_of_mount_targets: of.NumberOfMountTargets,
        owner_id: of.OwnerId,
        performance_mode: of.PerformanceMode,
        throughput_mode: of.ThroughputMode,
      }),
      ...optional({
        availability_zone_id: of.AvailabilityZoneId,
        availability_zone_name: of.AvailabilityZoneName,
        kms_key_id: of.KmsKeyId,
        provisioned_throughput_in_mibps: of.ProvisionedThroughputInMibps,
      }),
      protection: block(of.FileSystemProtection, ({ ReplicationOverwriteProtection }) =>
        always({ replication_overwrite: ReplicationOverwriteProtection }),
      ),
    },
  );
}
