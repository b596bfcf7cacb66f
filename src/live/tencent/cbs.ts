import { at, reference, string, tags } from "./shape.ts";
import { pages, satellite, thing, type TencentCollector } from "./things.ts";

const diskType = "tencentcloud_cbs_storage";
const attachmentType = "tencentcloud_cbs_snapshot_policy_attachment";

const diskCollector: TencentCollector = {
  types: [diskType],
  scope: "region",
  actions: ["cbs:DescribeDisks"],
  list: async (session, region) =>
    (await session.list("cbs:DescribeDisks", pages("DiskSet"), {}, region)).map((disk) =>
      thing(
        diskType,
        disk,
        { id: "DiskId", name: "DiskName", tags: tags(disk, "Tags") },
        {
          storage_name: "DiskName",
          storage_type: "DiskType",
          storage_size: "DiskSize",
          storage_status: "DiskState",
          charge_type: "DiskChargeType",
          availability_zone: "Placement.Zone",
          project_id: "Placement.ProjectId",
          encrypt: "Encrypt",
          kms_key_id: reference("KmsKeyId"),
          attached: "Attached",
          throughput_performance: "ThroughputPerformance",
        },
      ),
    ),
  details: [
    {
      of: diskType,
      actions: ["cbs:DescribeDiskAssociatedAutoSnapshotPolicy"],
      gives: [attachmentType],
      read: async (session, { id }, region) => {
        const none = { items: "AutoSnapshotPolicySet", by: "none", size: 0 } as const;
        const policies = await session.list("cbs:DescribeDiskAssociatedAutoSnapshotPolicy", none, { DiskId: id }, region);
        return {
          satellites: policies
            // A policy that is paused makes no snapshots.
            .filter((policy) => at(policy, "IsActivated") !== false)
            .map((policy) => {
              const its = string(policy, "AutoSnapshotPolicyId");
              return satellite(attachmentType, `${id}#${its}`, { storage_id: id, storage_ids: null, snapshot_policy_id: its });
            }),
        };
      },
    },
  ],
};

const snapshotType = "tencentcloud_cbs_snapshot";
const shareType = "tencentcloud_cbs_snapshot_share_permission";

const snapshotCollector: TencentCollector = {
  types: [snapshotType],
  scope: "region",
  actions: ["cbs:DescribeSnapshots"],
  list: async (session, region) =>
    (await session.list("cbs:DescribeSnapshots", pages("SnapshotSet"), {}, region)).map((snapshot) =>
      thing(
        snapshotType,
        snapshot,
        { id: "SnapshotId", name: "SnapshotName", tags: tags(snapshot, "Tags") },
        {
          snapshot_name: "SnapshotName",
          snapshot_status: "SnapshotState",
          storage_id: "DiskId",
          storage_size: "DiskSize",
          disk_usage: "DiskUsage",
          percent: "Percent",
          create_time: "CreateTime",
        },
      ),
    ),
  details: [
    {
      of: snapshotType,
      actions: ["cbs:DescribeSnapshotSharePermission"],
      gives: [shareType],
      read: async (session, { id }, region) => {
        const none = { items: "SharePermissionSet", by: "none", size: 0 } as const;
        const shares = await session.list("cbs:DescribeSnapshotSharePermission", none, { SnapshotId: id }, region);
        if (shares.length === 0) return {};
        const accounts = shares.map((share) => string(share, "AccountId"));
        return { satellites: [satellite(shareType, id, { snapshot_id: id, account_ids: accounts })] };
      },
    },
  ],
};

export const cbsCollectors: readonly TencentCollector[] = [diskCollector, snapshotCollector];
