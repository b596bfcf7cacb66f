import assert from "node:assert/strict";
import { CreateTableCommand, DynamoDBClient, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { CreateReplicationGroupCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { CreateClusterCommand, EnableLoggingCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { double } from "./double.ts";
import { connect, emptyMoto, seeding } from "./moto.ts";
import { scan } from "./verdicts.ts";

describe("databases of an AWS account", () => {
  it("of RDS, with clusters and their members", async () => {
    const endpoint = await emptyMoto();
    const rds = new RDSClient(seeding(endpoint));
    const database = {
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      AllocatedStorage: 20,
      MasterUsername: "root",
      MasterUserPassword: "example-password",
    };
    await rds.send(
      new CreateDBInstanceCommand({
        ...database,
        DBInstanceIdentifier: "good",
        StorageEncrypted: true,
        DeletionProtection: true,
        MultiAZ: true,
        BackupRetentionPeriod: 14,
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: true,
        Tags: [{ Key: "team", Value: "shop" }],
      }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        ...database,
        DBInstanceIdentifier: "bad",
        StorageEncrypted: false,
        DeletionProtection: false,
        MultiAZ: false,
        BackupRetentionPeriod: 0,
        PubliclyAccessible: true,
        AutoMinorVersionUpgrade: false,
      }),
    );
    const cluster = { Engine: "aurora-postgresql", MasterUsername: "root", MasterUserPassword: "example-password" };
    await rds.send(
      new CreateDBClusterCommand({ ...cluster, DBClusterIdentifier: "good", StorageEncrypted: true, DeletionProtection: true }),
    );
    await rds.send(new CreateDBClusterCommand({ ...cluster, DBClusterIdentifier: "bad", StorageEncrypted: false }));
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "member",
        DBClusterIdentifier: "bad",
        DBInstanceClass: "db.r6g.large",
        Engine: "aurora-postgresql",
        PubliclyAccessible: true,
        AutoMinorVersionUpgrade: false,
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-rds-instance-storage-encryption",
      "aws-rds-instance-deletion-protection",
      "aws-rds-instance-multi-az",
      "aws-rds-instance-backup",
      "aws-rds-instance-public",
      "aws-rds-instance-minor-upgrade",
      "aws-rds-cluster-storage-encryption",
      "aws-rds-cluster-deletion-protection",
    ]);
    assert.deepEqual(verdicts, {
      "aws-rds-instance-storage-encryption": { good: "pass", bad: "fail" },
      "aws-rds-instance-deletion-protection": { good: "pass", bad: "fail" },
      "aws-rds-instance-multi-az": { good: "pass", bad: "fail" },
      "aws-rds-instance-backup": { good: "pass", bad: "fail" },
      "aws-rds-instance-public": { good: "pass", bad: "fail", member: "fail" },
      "aws-rds-instance-minor-upgrade": { good: "pass", bad: "fail", member: "fail" },
      "aws-rds-cluster-storage-encryption": { good: "pass", bad: "fail" },
      "aws-rds-cluster-deletion-protection": { good: "pass", bad: "fail" },
    });
    const good = thing("aws_db_instance", "good");
    assert.equal(good.attributes["id"], good.attributes["resource_id"]);
    assert.deepEqual(good.tags, { team: "shop" });
    assert.deepEqual(good.attributes["tags"], { team: "shop" });
    assert.equal(good.attributes["engine"], "postgres");
    assert.equal(good.attributes["backup_retention_period"], 14);
    assert.equal(good.attributes["replicate_source_db"], null);
    assert.equal(thing("aws_rds_cluster_instance", "member").attributes["cluster_identifier"], "bad");
  });

  it("of DocumentDB and Neptune, which RDS lists as its own", async () => {
    const endpoint = await emptyMoto();
    const rds = new RDSClient(seeding(endpoint));
    await rds.send(new CreateDBClusterCommand({ Engine: "neptune", DBClusterIdentifier: "neptune-good", StorageEncrypted: true }));
    await rds.send(new CreateDBClusterCommand({ Engine: "neptune", DBClusterIdentifier: "neptune-bad", StorageEncrypted: false }));
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-neptune-encryption",
      "aws-rds-cluster-storage-encryption",
    ]);
    assert.deepEqual(verdicts, {
      "aws-neptune-encryption": { "neptune-good": "pass", "neptune-bad": "fail" },
      "aws-rds-cluster-storage-encryption": {},
    });
    assert.equal(thing("aws_neptune_cluster", "neptune-good").attributes["engine"], "neptune");
  });

  it("of DocumentDB (moto has none)", async () => {
    const cluster = (name: string, encrypted: boolean) => `
      <DBCluster>
        <AvailabilityZones><AvailabilityZone>eu-west-1a</AvailabilityZone></AvailabilityZones>
        <BackupRetentionPeriod>7</BackupRetentionPeriod>
        <DBClusterIdentifier>${name}</DBClusterIdentifier>
        <DBClusterParameterGroup>default.docdb5.0</DBClusterParameterGroup>
        <DBSubnetGroup>private</DBSubnetGroup>
        <Status>available</Status>
        <Endpoint>${name}.cluster-cabcdefghijk.eu-west-1.docdb.amazonaws.com</Endpoint>
        <Engine>docdb</Engine>
        <EngineVersion>5.0.0</EngineVersion>
        <Port>27017</Port>
        <MasterUsername>root</MasterUsername>
        <StorageEncrypted>${String(encrypted)}</StorageEncrypted>
        ${encrypted ? "<KmsKeyId>arn:aws:kms:eu-west-1:123456789012:key/one</KmsKeyId>" : ""}
        <DbClusterResourceId>cluster-${name.toUpperCase()}</DbClusterResourceId>
        <DBClusterArn>arn:aws:rds:eu-west-1:123456789012:cluster:${name}</DBClusterArn>
        <DeletionProtection>true</DeletionProtection>
        <DBClusterMembers><DBClusterMember><DBInstanceIdentifier>${name}-1</DBInstanceIdentifier></DBClusterMember></DBClusterMembers>
      </DBCluster>`;
    const front = await double({
      DescribeDBClusters: `<DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClustersResult>
        <DBClusters>${cluster("good", true)}${cluster("bad", false)}</DBClusters>
      </DescribeDBClustersResult></DescribeDBClustersResponse>`,
    });
    try {
      const ids = ["aws-docdb-encryption", "aws-rds-cluster-storage-encryption"];
      const { verdicts, thing } = await scan(await connect(front.endpoint), collectors, ids);
      assert.deepEqual(verdicts, {
        "aws-docdb-encryption": { good: "pass", bad: "fail" },
        "aws-rds-cluster-storage-encryption": {},
      });
      const { attributes } = thing("aws_docdb_cluster", "good");
      assert.equal(attributes["kms_key_id"], "arn:aws:kms:eu-west-1:123456789012:key/one");
      assert.deepEqual(attributes["cluster_members"], ["good-1"]);
      assert.equal(thing("aws_docdb_cluster", "bad").attributes["kms_key_id"], null);
    } finally {
      await front.stop();
    }
  });

  it("their snapshots, and whom they are shared with", async () => {
    const endpoint = await emptyMoto();
    const rds = new RDSClient(seeding(endpoint));
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "one",
        DBInstanceClass: "db.t4g.micro",
        Engine: "mysql",
        AllocatedStorage: 20,
        MasterUsername: "root",
        MasterUserPassword: "example-password",
      }),
    );
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: "many",
        Engine: "aurora-mysql",
        MasterUsername: "root",
        MasterUserPassword: "example-password",
      }),
    );
    for (const name of ["private", "shared", "public"]) {
      await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: "one", DBSnapshotIdentifier: name }));
      await rds.send(
        new CreateDBClusterSnapshotCommand({ DBClusterIdentifier: "many", DBClusterSnapshotIdentifier: `cluster-${name}` }),
      );
      if (name === "private") continue;
      const add = { AttributeName: "restore", ValuesToAdd: [name === "public" ? "all" : "210987654321"] };
      await rds.send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: name, ...add }));
      await rds.send(new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier: `cluster-${name}`, ...add }));
    }
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, ["aws-rds-snapshot-public"]);
    assert.deepEqual(verdicts["aws-rds-snapshot-public"], {
      private: "pass",
      shared: "pass",
      public: "fail",
      "cluster-private": "pass",
      "cluster-shared": "pass",
      "cluster-public": "fail",
    });
    assert.deepEqual(thing("aws_db_snapshot", "private").attributes["shared_accounts"], []);
    assert.deepEqual(thing("aws_db_snapshot", "shared").attributes["shared_accounts"], ["210987654321"]);
    assert.deepEqual(thing("aws_db_cluster_snapshot", "cluster-public").attributes["shared_accounts"], ["all"]);
  });

  it("tables of DynamoDB", async () => {
    const endpoint = await emptyMoto();
    const dynamodb = new DynamoDBClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await dynamodb.send(
        new CreateTableCommand({
          TableName: name,
          AttributeDefinitions: [
            { AttributeName: "id", AttributeType: "S" },
            { AttributeName: "at", AttributeType: "N" },
          ],
          KeySchema: [
            { AttributeName: "id", KeyType: "HASH" },
            { AttributeName: "at", KeyType: "RANGE" },
          ],
          BillingMode: "PAY_PER_REQUEST",
          DeletionProtectionEnabled: name === "good",
        }),
      );
    }
    await dynamodb.send(
      new UpdateContinuousBackupsCommand({
        TableName: "good",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-dynamodb-deletion-protection",
      "aws-dynamodb-pitr",
    ]);
    assert.deepEqual(verdicts, {
      "aws-dynamodb-deletion-protection": { good: "pass", bad: "fail" },
      "aws-dynamodb-pitr": { good: "pass", bad: "fail" },
    });
    const { attributes } = thing("aws_dynamodb_table", "good");
    assert.equal(attributes["billing_mode"], "PAY_PER_REQUEST");
    assert.equal(attributes["hash_key"], "id");
    assert.equal(attributes["range_key"], "at");
    assert.equal(attributes["server_side_encryption"], null);
  });

  it("clusters of Redshift and their logs", async () => {
    const endpoint = await emptyMoto();
    const redshift = new RedshiftClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await redshift.send(
        new CreateClusterCommand({
          ClusterIdentifier: name,
          NodeType: "ra3.large",
          MasterUsername: "root",
          MasterUserPassword: "Example-password1",
          Encrypted: name === "good",
          PubliclyAccessible: name === "bad",
        }),
      );
    }
    await redshift.send(new EnableLoggingCommand({ ClusterIdentifier: "good", BucketName: "logs" }));
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-redshift-encryption",
      "aws-redshift-public",
      "aws-redshift-logging",
    ]);
    assert.deepEqual(verdicts, {
      "aws-redshift-encryption": { good: "pass", bad: "fail" },
      "aws-redshift-public": { good: "pass", bad: "fail" },
      "aws-redshift-logging": { good: "pass", bad: "fail" },
    });
    assert.equal(thing("aws_redshift_cluster", "good").attributes["encrypted"], "true");
  });

  it("groups of ElastiCache", async () => {
    const endpoint = await emptyMoto();
    const elasticache = new ElastiCacheClient(seeding(endpoint));
    for (const name of ["good", "bad"]) {
      await elasticache.send(
        new CreateReplicationGroupCommand({
          ReplicationGroupId: name,
          ReplicationGroupDescription: "sessions",
          Engine: "redis",
          CacheNodeType: "cache.t4g.micro",
          AtRestEncryptionEnabled: name === "good",
          TransitEncryptionEnabled: name === "good",
        }),
      );
    }
    const { verdicts, thing } = await scan(await connect(endpoint), collectors, [
      "aws-elasticache-at-rest",
      "aws-elasticache-in-transit",
    ]);
    assert.deepEqual(verdicts, {
      "aws-elasticache-at-rest": { good: "pass", bad: "fail" },
      "aws-elasticache-in-transit": { good: "pass", bad: "fail" },
    });
    assert.equal(thing("aws_elasticache_replication_group", "good").attributes["at_rest_encryption_enabled"], "true");
  });

  it("replication instances of DMS (moto's have times that the SDK can't read)", async () => {
    const instance = (name: string, open: boolean) => ({
      ReplicationInstanceIdentifier: name,
      ReplicationInstanceClass: "dms.t3.micro",
      ReplicationInstanceStatus: "available",
      AllocatedStorage: 50,
      InstanceCreateTime: 1_700_000_000,
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-1", Status: "active" }],
      AvailabilityZone: "eu-west-1a",
      ReplicationSubnetGroup: { ReplicationSubnetGroupIdentifier: "private" },
      PreferredMaintenanceWindow: "sun:06:00-sun:14:00",
      MultiAZ: false,
      EngineVersion: "3.5.4",
      AutoMinorVersionUpgrade: true,
      KmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/one",
      ReplicationInstanceArn: `arn:aws:dms:eu-west-1:123456789012:rep:${name}`,
      PubliclyAccessible: open,
    });
    const front = await double({
      DescribeReplicationInstances: (body: string) =>
        body.includes("next")
          ? { ReplicationInstances: [instance("bad", true)] }
          : { ReplicationInstances: [instance("good", false)], Marker: "next" },
    });
    try {
      const { verdicts, thing } = await scan(await connect(front.endpoint), collectors, ["aws-dms-instance-public"]);
      assert.deepEqual(verdicts["aws-dms-instance-public"], { good: "pass", bad: "fail" });
      const { attributes } = thing("aws_dms_replication_instance", "bad");
      assert.equal(attributes["replication_instance_class"], "dms.t3.micro");
      assert.deepEqual(attributes["vpc_security_group_ids"], ["sg-1"]);
    } finally {
      await front.stop();
    }
  });
});
