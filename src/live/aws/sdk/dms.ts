export {
  DatabaseMigrationServiceClient as Client,
  DescribeReplicationInstancesCommand,
} from "@aws-sdk/client-database-migration-service";
