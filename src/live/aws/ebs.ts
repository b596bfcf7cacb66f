import type { Volume } from "@aws-sdk/client-ec2";
import type { Collector } from "../collector.ts";
import { keep, pages, send, type AwsSession } from "./client.ts";
import { ec2 } from "./services.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

const describeVolumes = "ec2:DescribeVolumes";

/** All of a region: instances ask for theirs as well. */
export async function volumesOf(session: AwsSession, region: string): Promise<readonly Volume[]> {
  return await keep(session, `volumes ${region}`, async () =>
    pages(
      session,
      ec2,
      region,
      describeVolumes,
      (sdk, NextToken) => new sdk.DescribeVolumesCommand({ NextToken, MaxResults: 500 }),
      ({ Volumes }) => Volumes,
      ({ NextToken }) => NextToken,
    ),
  );
}

export const volumes: Collector<AwsSession> = {
  types: ["aws_ebs_volume"],
  scope: "region",
  actions: [describeVolumes],
  list: async (session, region) => {
    const all = await volumesOf(session, region);
    return all.map((of) => {
      const id = must(of.VolumeId, describeVolumes);
      const { account, partition } = session.caller;
      return thing(
        "aws_ebs_volume",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: `arn:${partition}:ec2:${region}:${account}:volume/${id}`,
          ...always({
            availability_zone: of.AvailabilityZone,
            create_time: of.CreateTime,
            encrypted: of.Encrypted,
            multi_attach_enabled: of.MultiAttachEnabled,
            size: of.Size,
            type: of.VolumeType,
          }),
          ...optional({
            iops: of.Iops,
            kms_key_id: of.KmsKeyId,
            outpost_arn: of.OutpostArn,
            snapshot_id: of.SnapshotId === "" ? undefined : of.SnapshotId,
            throughput: of.Throughput,
          }),
        },
      );
    });
  },
};

export const snapshots: Collector<AwsSession> = {
  types: ["aws_ebs_snapshot"],
  scope: "region",
  actions: ["ec2:DescribeSnapshots"],
  list: async (session, region) => {
    const action = "ec2:DescribeSnapshots";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeSnapshotsCommand({ OwnerIds: ["self"], NextToken, MaxResults: 1000 }),
      ({ Snapshots }) => Snapshots,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const id = must(of.SnapshotId, action);
      return thing(
        "aws_ebs_snapshot",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: `arn:${session.caller.partition}:ec2:${region}::snapshot/${id}`,
          ...always({
            description: of.Description,
            encrypted: of.Encrypted,
            owner_id: of.OwnerId,
            storage_tier: of.StorageTier,
            volume_id: of.VolumeId,
            volume_size: of.VolumeSize,
          }),
          ...optional({ kms_key_id: of.KmsKeyId, owner_alias: of.OwnerAlias, outpost_arn: of.OutpostArn }),
        },
      );
    });
  },
  details: [
    {
      of: "aws_ebs_snapshot",
      actions: ["ec2:DescribeSnapshotAttribute"],
      read: async (session, { id }, region) => {
        const { CreateVolumePermissions } = await send(
          session,
          ec2,
          region,
          "ec2:DescribeSnapshotAttribute",
          (sdk) => new sdk.DescribeSnapshotAttributeCommand({ SnapshotId: id, Attribute: "createVolumePermission" }),
        );
        if (CreateVolumePermissions === undefined) return {};
        return { attributes: { public: CreateVolumePermissions.some(({ Group }) => Group === "all") } };
      },
    },
  ],
};

export const encryptionByDefault: Collector<AwsSession> = {
  types: ["aws_ebs_encryption_by_default"],
  scope: "region",
  actions: ["ec2:GetEbsEncryptionByDefault"],
  list: async (session, region) => {
    const action = "ec2:GetEbsEncryptionByDefault";
    const { EbsEncryptionByDefault } = await send(
      session,
      ec2,
      region,
      action,
      (sdk) => new sdk.GetEbsEncryptionByDefaultCommand({}),
    );
    return [thing("aws_ebs_encryption_by_default", region, {}, always({ enabled: EbsEncryptionByDefault }))];
  },
};

export const snapshotBlock: Collector<AwsSession> = {
  types: ["aws_ebs_snapshot_block_public_access"],
  scope: "region",
  actions: ["ec2:GetSnapshotBlockPublicAccessState"],
  list: async (session, region) => {
    const action = "ec2:GetSnapshotBlockPublicAccessState";
    const { State } = await send(session, ec2, region, action, (sdk) => new sdk.GetSnapshotBlockPublicAccessStateCommand({}));
    return [thing("aws_ebs_snapshot_block_public_access", region, {}, always({ state: State }))];
  },
};
