import type { JsonObject } from "../../../core/snapshots/model.ts";

/*
 * What the double knows of the API: which calls there are, and how lists are paged, from the API documentation. It is no part of the
 * client, which has its own idea of the same: where they differ, a test fails.
 */

/** Versions by product; the product is the first label of the host. */
export const versions: Readonly<Record<string, string>> = {
  apigateway: "2018-08-08",
  as: "2018-04-19",
  cam: "2019-01-16",
  cbs: "2017-03-12",
  cdb: "2017-03-20",
  cdn: "2018-06-06",
  cfs: "2019-07-19",
  cfw: "2019-09-04",
  ckafka: "2019-08-19",
  clb: "2018-03-17",
  cloudaudit: "2019-03-19",
  cls: "2020-10-16",
  config: "2022-08-02",
  csip: "2022-11-21",
  cvm: "2017-03-12",
  cwp: "2018-02-28",
  cynosdb: "2019-01-07",
  es: "2018-04-16",
  kms: "2019-01-18",
  lighthouse: "2020-03-24",
  mongodb: "2019-07-25",
  monitor: "2018-07-24",
  organization: "2021-03-31",
  postgres: "2017-03-12",
  redis: "2018-04-12",
  scf: "2018-04-16",
  sqlserver: "2018-03-28",
  ssl: "2019-12-05",
  ssm: "2019-09-23",
  sts: "2018-08-13",
  tcr: "2019-09-24",
  tdmq: "2020-02-17",
  tke: "2018-05-25",
  vpc: "2017-03-12",
  waf: "2018-01-25",
};

export interface Operation {
  /** Where the answer has its list, and how many there are in all. */
  readonly list?: string;
  readonly total?: string;
  /** undefined: the whole list at once. */
  readonly paged?: "offset" | "page" | "cursor";
  readonly offset?: string;
  readonly limit?: string;
  /** Member of the request that holds the paging. */
  readonly within?: string;
  readonly cursor?: { readonly from: string; readonly to: string };
  /** Most at a time, and how many come where the request does not say. */
  readonly most: number;
  readonly usual: number;
  /** Offset and Limit are texts. */
  readonly text?: boolean;
  readonly required?: readonly string[];
  /** What is answered where the state says nothing. A list is empty then; another call finds nothing. */
  readonly empty?: JsonObject;
}

const plain: Operation = { most: 0, usual: 0 };
const of = (...required: readonly string[]): Operation => ({ ...plain, required });
const all = (list: string, required: readonly string[] = [], total?: string): Operation => ({
  ...plain,
  list,
  required,
  ...(total === undefined ? {} : { total }),
});
const offset = (list: string, more: Partial<Operation> = {}): Operation => ({
  list,
  total: "TotalCount",
  paged: "offset",
  most: 100,
  usual: 20,
  ...more,
});
const page = (
  list: string,
  total: string,
  names: readonly [string, string],
  most: number,
  more: Partial<Operation> = {},
): Operation => ({
  list,
  total,
  paged: "page",
  offset: names[0],
  limit: names[1],
  most,
  usual: 20,
  ...more,
});
const cam = (list: string, required: readonly string[] = []): Operation =>
  page(list, "TotalNum", ["Page", "Rp"], 200, { required });

export const operations: Readonly<Record<string, Operation>> = {
  "apigateway:DescribeApisStatus": offset("Result.ApiIdStatusSet", { total: "Result.TotalCount", required: ["ServiceId"] }),
  "apigateway:DescribeServicesStatus": offset("Result.ServiceSet", { total: "Result.TotalCount" }),
  "as:DescribeLaunchConfigurations": offset("LaunchConfigurationSet"),
  "cam:DescribeRoleList": cam("List", ["Page", "Rp"]),
  "cam:DescribeSafeAuthFlagColl": plain,
  "cam:DescribeUserOIDCConfig": plain,
  "cam:DescribeUserSAMLConfig": plain,
  "cam:GetPasswordRules": plain,
  "cam:GetPolicy": of("PolicyId"),
  "cam:GetSecurityLastUsed": all("SecretIdLastUsedRows", ["SecretIdList"]),
  "cam:GetUser": of("Name"),
  "cam:GetUserPermissionBoundary": of("TargetUin"),
  "cam:ListAccessKeys": all("AccessKeys"),
  "cam:ListAttachedRolePolicies": cam("List", ["Page", "Rp"]),
  "cam:ListAttachedUserPolicies": cam("List", ["TargetUin"]),
  "cam:ListGroups": cam("GroupInfo"),
  "cam:ListGroupsForUser": cam("GroupInfo"),
  "cam:ListPolicies": cam("List"),
  "cam:ListSAMLProviders": all("SAMLProviderSet", [], "TotalCount"),
  "cam:ListUsers": all("Data"),
  "cam:ListUsersForGroup": cam("UserInfo", ["GroupId"]),
  "cbs:DescribeDiskAssociatedAutoSnapshotPolicy": all("AutoSnapshotPolicySet", ["DiskId"], "TotalCount"),
  "cbs:DescribeDisks": offset("DiskSet"),
  "cbs:DescribeSnapshotSharePermission": all("SharePermissionSet", ["SnapshotId"]),
  "cbs:DescribeSnapshots": offset("SnapshotSet"),
  "cdb:DescribeAuditInstanceList": offset("Items", { most: 20_000, usual: 30 }),
  "cdb:DescribeBackupEncryptionStatus": of("InstanceId"),
  "cdb:DescribeDBInstanceInfo": of("InstanceId"),
  "cdb:DescribeDBInstances": offset("Items", { most: 2000 }),
  "cdb:DescribeDBSecurityGroups": all("Groups", ["InstanceId"]),
  "cdb:DescribeInstanceParams": all("Items", ["InstanceId"], "TotalCount"),
  "cdb:DescribeSSLStatus": plain,
  "cdn:DescribeDomainsConfig": offset("Domains", { total: "TotalNumber", usual: 100 }),
  "cfs:DescribeCfsPGroups": all("PGroupList"),
  "cfs:DescribeCfsRules": all("RuleList", ["PGroupId"]),
  "cfw:DescribeIpsModeSwitch": plain,
  "ckafka:DescribeInstanceAttributes": of("InstanceId"),
  "ckafka:DescribeInstancesDetail": offset("Result.InstanceList", { total: "Result.TotalCount", most: 20, usual: 10 }),
  "ckafka:DescribeRoute": all("Result.Routers", ["InstanceId"]),
  "clb:DescribeClassicalLBListeners": all("Listeners", ["LoadBalancerId"]),
  "clb:DescribeListeners": all("Listeners", ["LoadBalancerId"], "TotalCount"),
  "clb:DescribeLoadBalancers": offset("LoadBalancerSet"),
  "clb:DescribeRewrite": all("RewriteSet", ["LoadBalancerId"]),
  "cloudaudit:DescribeAuditTrack": of("TrackId"),
  "cloudaudit:DescribeAuditTracks": page("Tracks", "TotalCount", ["PageNumber", "PageSize"], 100, {
    required: ["PageNumber", "PageSize"],
  }),
  "cls:DescribeAlarms": offset("Alarms"),
  "cls:DescribeTopics": offset("Topics"),
  "config:DescribeConfigRecorder": plain,
  "csip:DescribeScanTaskList": offset("Data", { within: "Filter", most: 1000 }),
  "cvm:DescribeImageSharePermission": all("SharePermissionSet", ["ImageId"]),
  "cvm:DescribeImages": offset("ImageSet"),
  "cvm:DescribeInstances": offset("InstanceSet"),
  "cvm:DescribeInstancesAttributes": all("InstanceSet", ["Attributes", "InstanceIds"]),
  "cvm:DescribeLaunchTemplateVersions": offset("LaunchTemplateVersionSet", { required: ["LaunchTemplateId"] }),
  "cvm:DescribeLaunchTemplates": offset("LaunchTemplateSet"),
  "cvm:DescribeRegions": all("RegionSet", [], "TotalCount"),
  "cwp:DescribeLicenseGeneral": plain,
  "cwp:DescribeMachines": offset("Machines", { usual: 10, required: ["MachineType", "MachineRegion"] }),
  "cwp:DescribeVulList": offset("VulInfoList"),
  "cynosdb:DescribeAuditInstanceList": offset("Items", { usual: 30 }),
  "cynosdb:DescribeClusterInstanceGrps": all("InstanceGroupInfoList", ["ClusterId"], "TotalCount"),
  "cynosdb:DescribeClusterTransparentEncryptInfo": of("ClusterId"),
  "cynosdb:DescribeClusters": offset("ClusterSet"),
  "cynosdb:DescribeSSLStatus": of("ClusterId", "InstanceId"),
  "es:DescribeInstances": offset("InstanceList"),
  "kms:ListKeyDetail": offset("KeyMetadatas", { most: 200, usual: 10 }),
  "lighthouse:DescribeFirewallRules": offset("FirewallRuleSet", { required: ["InstanceId"] }),
  "lighthouse:DescribeInstances": offset("InstanceSet"),
  "mongodb:DescribeAuditInstanceList": offset("Items"),
  "mongodb:DescribeDBInstances": offset("InstanceDetails"),
  "mongodb:DescribeInstanceSSL": of("InstanceId"),
  "mongodb:DescribeTransparentDataEncryptionStatus": of("InstanceId"),
  "monitor:DescribeAlarmNotices": page("Notices", "TotalCount", ["PageNumber", "PageSize"], 200, {
    required: ["Module", "PageNumber", "PageSize", "Order"],
  }),
  "monitor:DescribeAlarmPolicies": page("Policies", "TotalCount", ["PageNumber", "PageSize"], 100, { required: ["Module"] }),
  "organization:DescribeOrganization": plain,
  "organization:DescribePolicyConfig": of("OrganizationId"),
  "postgres:DescribeAuditInstanceList": offset("Items", { required: ["Product", "AuditSwitch", "Limit", "Offset"] }),
  "postgres:DescribeDBInstanceSSLConfig": of("DBInstanceId"),
  "postgres:DescribeDBInstances": offset("DBInstanceSet", { usual: 10 }),
  "postgres:DescribeEncryptionKeys": all("EncryptionKeys", ["DBInstanceId"]),
  "redis:DescribeInstanceSecurityGroup": all("InstanceSecurityGroupsDetail", ["InstanceIds"]),
  "redis:DescribeInstances": offset("InstanceSet", { most: 1000 }),
  "redis:DescribeSSLStatus": of("InstanceId"),
  "scf:GetFunction": of("FunctionName"),
  "scf:ListFunctions": offset("Functions"),
  "scf:ListNamespaces": offset("Namespaces"),
  "sqlserver:DescribeDBInstances": offset("DBInstances", { usual: 100 }),
  "sqlserver:DescribeDBInstancesAttribute": of("InstanceId"),
  "ssl:DescribeCertificates": offset("Certificates", { most: 1000, usual: 10 }),
  "ssm:ListSecrets": offset("SecretMetadatas"),
  "sts:AssumeRole": of("RoleArn", "RoleSessionName"),
  "sts:GetCallerIdentity": plain,
  "tcr:DescribeExternalEndpointStatus": of("RegistryId"),
  "tcr:DescribeImmutableTagRules": page("Rules", "Total", ["Page", "PageSize"], 100, { required: ["RegistryId"] }),
  "tcr:DescribeInstances": offset("Registries"),
  "tcr:DescribeNamespaces": all("NamespaceList", ["RegistryId"], "TotalCount"),
  "tcr:DescribeSecurityPolicies": all("SecurityPolicySet", ["RegistryId"]),
  "tdmq:DescribeRabbitMQVipInstance": of("ClusterId"),
  "tdmq:DescribeRabbitMQVipInstances": offset("Instances"),
  "tke:DescribeAddon": all("Addons", ["ClusterId"]),
  "tke:DescribeClusterEndpointStatus": of("ClusterId"),
  "tke:DescribeClusterEndpoints": of("ClusterId"),
  "tke:DescribeClusterNodePools": all("NodePoolSet", ["ClusterId"], "TotalCount"),
  "tke:DescribeClusters": offset("Clusters"),
  "tke:DescribeEncryptionStatus": of("ClusterId"),
  "tke:DescribeLogSwitches": all("SwitchSet", ["ClusterIds"]),
  "vpc:DescribeAddresses": offset("AddressSet"),
  "vpc:DescribeFlowLogs": offset("FlowLog", { total: "TotalNum", usual: 10 }),
  "vpc:DescribeNetworkAclQuintupleEntries": offset("NetworkAclQuintupleSet", { required: ["NetworkAclId"] }),
  "vpc:DescribeNetworkAcls": offset("NetworkAclSet"),
  "vpc:DescribeSecurityGroupAssociationStatistics": all("SecurityGroupAssociationStatisticsSet", ["SecurityGroupIds"]),
  "vpc:DescribeSecurityGroupPolicies": of("SecurityGroupId"),
  "vpc:DescribeSecurityGroups": offset("SecurityGroupSet", { text: true }),
  "vpc:DescribeSubnets": offset("SubnetSet", { text: true }),
  "vpc:DescribeVpcEndPointService": offset("EndPointServiceSet", {
    paged: "cursor",
    limit: "MaxResults",
    cursor: { from: "NextToken", to: "NextToken" },
  }),
  "vpc:DescribeVpcs": offset("VpcSet", { text: true }),
  "vpc:DescribeVpnConnections": offset("VpnConnectionSet"),
  "waf:DescribeDomainDetailsSaas": of("Domain", "DomainId", "InstanceId"),
  "waf:DescribeDomains": offset("Domains", { total: "Total", required: ["Offset", "Limit"] }),
};
