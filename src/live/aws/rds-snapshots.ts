import type { DBClusterSnapshot, DBSnapshot } from "@aws-sdk/client-rds";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { pages, send, service, type AwsSession } from "./client.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

/* Snapshots that people made: those that AWS makes by itself can't be given to others. */

const rds = service("rds", () => import("./sdk/rds.ts"));
const listSnapshots = "rds:DescribeDBSnapshots";
const listClusterSnapshots = "rds:DescribeDBClusterSnapshots";

export const snapshots: Collector<AwsSession> = {
  types: ["aws_db_snapshot"],
  scope: "region",
  actions: [listSnapshots],
  list: async (session, region) => {
    const all = await pages(
      session,
      rds,
      region,
      listSnapshots,
      (sdk, Marker) => new sdk.DescribeDBSnapshotsCommand({ SnapshotType: "manual", Marker, MaxRecords: 100 }),
      ({ DBSnapshots }) => DBSnapshots,
      ({ Marker }) => Marker,
    );
    return all.map(snapshot);
  },
  details: [
    {
      of: "aws_db_snapshot",
      actions: ["rds:DescribeDBSnapshotAttributes"],
      read: async (session, { id }, region) => {
        const { DBSnapshotAttributesResult } = await send(
          session,
          rds,
          region,
          "rds:DescribeDBSnapshotAttributes",
          (sdk) => new sdk.DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: id }),
        );
        return { attributes: sharedAccounts(DBSnapshotAttributesResult?.DBSnapshotAttributes) };
      },
    },
  ],
};

export const clusterSnapshots: Collector<AwsSession> = {
  types: ["aws_db_cluster_snapshot"],
  scope: "region",
  actions: [listClusterSnapshots],
  list: async (session, region) => {
    const all = await pages(
      session,
      rds,
      region,
      listClusterSnapshots,
      (sdk, Marker) => new sdk.DescribeDBClusterSnapshotsCommand({ SnapshotType: "manual", Marker, MaxRecords: 100 }),
      ({ DBClusterSnapshots }) => DBClusterSnapshots,
      ({ Marker }) => Marker,
    );
    return all.map(clusterSnapshot);
  },
  details: [
    {
      of: "aws_db_cluster_snapshot",
      actions: ["rds:DescribeDBClusterSnapshotAttributes"],
      read: async (session, { id }, region) => {
        const { DBClusterSnapshotAttributesResult } = await send(
          session,
          rds,
          region,
          "rds:DescribeDBClusterSnapshotAttributes",
          (sdk) => new sdk.DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: id }),
        );
        return { attributes: sharedAccounts(DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes) };
      },
    },
  ],
};

interface Attribute {
  readonly AttributeName?: string | undefined;
  readonly AttributeValues?: readonly string[] | undefined;
}

/** Without the answer's list it was not read; a list that does not name the attribute says that nobody may restore. */
function sharedAccounts(attributes: readonly Attribute[] | undefined): JsonObject {
  if (attributes === undefined) return {};
  const restore = attributes.find(({ AttributeName }) => AttributeName === "restore");
  return { shared_accounts: restore?.AttributeValues ?? [] };
}

function snapshot(of: DBSnapshot): Found {
  const id = must(of.DBSnapshotIdentifier, listSnapshots);
  return thing(
    "aws_db_snapshot",
    id,
    { name: id, tags: tagged(of.TagList) },
    {
      db_snapshot_identifier: id,
      ...always({
        db_snapshot_arn: of.DBSnapshotArn,
        db_instance_identifier: of.DBInstanceIdentifier,
        allocated_storage: of.AllocatedStorage,
        encrypted: of.Encrypted,
        engine: of.Engine,
        engine_version: of.EngineVersion,
        snapshot_type: of.SnapshotType,
        status: of.Status,
        storage_type: of.StorageType,
      }),
      ...optional({
        availability_zone: of.AvailabilityZone,
        iops: of.Iops,
        kms_key_id: of.KmsKeyId,
        license_model: of.LicenseModel,
        option_group_name: of.OptionGroupName,
        port: of.Port,
        source_db_snapshot_identifier: of.SourceDBSnapshotIdentifier,
        source_region: of.SourceRegion,
        vpc_id: of.VpcId,
      }),
    },
  );
}

function clusterSnapshot(of: DBClusterSnapshot): Found {
  const id = must(of.DBClusterSnapshotIdentifier, listClusterSnapshots);
  return thing(
    "aws_db_cluster_snapshot",
    id,
    { name: id, tags: tagged(of.TagList) },
    {
      db_cluster_snapshot_identifier: id,
      ...always({
        db_cluster_snapshot_arn: of.DBClusterSnapshotArn,
        db_cluster_identifier: of.DBClusterIdentifier,
        allocated_storage: of.AllocatedStorage,
        availability_zones: of.AvailabilityZones,
        engine: of.Engine,
        engine_version: of.EngineVersion,
        snapshot_type: of.SnapshotType,
        status: of.Status,
        storage_encrypted: of.StorageEncrypted,
      }),
      ...optional({
        kms_key_id: of.KmsKeyId,
        license_model: of.LicenseModel,
        port: of.Port,
        source_db_cluster_snapshot_arn: of.SourceDBClusterSnapshotArn,
        vpc_id: of.VpcId,
      }),
    },
  );
}
