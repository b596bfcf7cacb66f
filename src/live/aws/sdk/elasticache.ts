export { ElastiCacheClient as Client, DescribeReplicationGroupsCommand } from "@aws-sdk/client-elasticache";
