/** How an operation answers: where its list is and how it is cut into pages. From the API's documentation. */
export interface Operation {
  /** Where the elements are; undefined: one object. */
  readonly list?: string;
  readonly paging?: "number" | "token" | "marker" | "none";
  /** Names where they are not the usual ones. */
  readonly page?: string;
  readonly size?: string;
  readonly total?: string;
  readonly token?: string;
  /** Says beside the token whether there is more. */
  readonly truncates?: boolean;
  /** Elements of a page: usual and most. */
  readonly pages?: readonly [number, number];
  /** Parameters that say what is asked about. Missing ones are refused. */
  readonly of?: readonly string[];
  /** Parameters that choose among the elements, by a path in them. */
  readonly where?: Readonly<Record<string, string>>;
  /** What an unknown thing is answered with; undefined: an empty list. */
  readonly missing?: readonly [status: number, code: string];
  /** Of resource style: `/clusters/{ClusterId}/nodepools`. */
  readonly path?: string;
  /** Permission, where it is another than the operation. */
  readonly permission?: string;
}

export interface Api {
  readonly version: string;
  /** First half of its permissions. */
  readonly permissions: string;
  /** Hosts: first label, with the region behind it or without. */
  readonly label: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

const numbered = (list: string, most: number, more: Operation = {}): Operation => ({
  list,
  paging: "number",
  pages: [10, most],
  ...more,
});
const tokened = (list: string, most: number, more: Operation = {}): Operation => ({
  list,
  paging: "token",
  size: "MaxResults",
  pages: [Math.min(20, most), most],
  ...more,
});
const marked = (list: string, more: Operation = {}): Operation => ({
  list,
  paging: "marker",
  size: "MaxItems",
  pages: [100, 1000],
  ...more,
});
const one = (...of: readonly string[]): Operation => ({ of });

const ofDatabase: Operation = { of: ["DBInstanceId"], missing: [404, "InvalidDBInstanceId.NotFound"] };
const ofCluster: Operation = { of: ["DBClusterId"], missing: [404, "InvalidDBClusterId.NotFound"] };
const ofInstance: Operation = { of: ["InstanceId"], missing: [404, "InvalidInstanceId.NotFound"] };

/** By product. */
export const apis: Readonly<Record<string, Api>> = {
  sts: {
    version: "2015-04-01",
    permissions: "sts",
    label: "sts",
    operations: {
      GetCallerIdentity: {},
      AssumeRole: one("RoleArn", "RoleSessionName"),
      AssumeRoleWithOIDC: one("RoleArn", "OIDCProviderArn"),
    },
  },
  ecs: {
    version: "2014-05-26",
    permissions: "ecs",
    label: "ecs",
    operations: {
      DescribeRegions: { list: "Regions.Region", paging: "none" },
      DescribeInstances: tokened("Instances.Instance", 100, { where: { VpcId: "VpcAttributes.VpcId" } }),
      DescribeUserData: { of: ["InstanceId"], missing: [404, "InvalidInstanceId.NotFound"] },
      DescribeInstanceRamRole: { list: "InstanceRamRoleSets.InstanceRamRoleSet", paging: "number", pages: [10, 50] },
      DescribeDisks: tokened("Disks.Disk", 500, { where: { InstanceId: "InstanceId" } }),
      DescribeImages: numbered("Images.Image", 100, { where: { ImageOwnerAlias: "ImageOwnerAlias" } }),
      DescribeImageSharePermission: numbered("Accounts.Account", 100, {
        of: ["ImageId"],
        missing: [404, "InvalidImageId.NotFound"],
      }),
      DescribeSecurityGroups: tokened("SecurityGroups.SecurityGroup", 100),
      DescribeSecurityGroupAttribute: tokened("Permissions.Permission", 1000, {
        of: ["SecurityGroupId"],
        missing: [404, "InvalidSecurityGroupId.NotFound"],
      }),
      DescribeLaunchTemplates: numbered("LaunchTemplateSets.LaunchTemplateSet", 50),
      DescribeLaunchTemplateVersions: numbered("LaunchTemplateVersionSets.LaunchTemplateVersionSet", 50, {
        of: ["LaunchTemplateId"],
        where: { DefaultVersion: "DefaultVersion" },
        missing: [404, "InvalidLaunchTemplate.NotFound"],
      }),
      DescribeDiskEncryptionByDefaultStatus: {},
    },
  },
  ess: {
    version: "2014-08-28",
    permissions: "ess",
    label: "ess",
    operations: { DescribeScalingConfigurations: numbered("ScalingConfigurations.ScalingConfiguration", 50) },
  },
  vpc: {
    version: "2016-04-28",
    permissions: "vpc",
    label: "vpc",
    operations: {
      DescribeVpcs: numbered("Vpcs.Vpc", 50),
      DescribeVSwitches: numbered("VSwitches.VSwitch", 50, { where: { VpcId: "VpcId" } }),
      DescribeFlowLogs: numbered("FlowLogs.FlowLog", 50),
      DescribeEipAddresses: numbered("EipAddresses.EipAddress", 100),
      DescribeIpv6Addresses: numbered("Ipv6Addresses.Ipv6Address", 50),
      DescribeIpv6EgressOnlyRules: numbered("Ipv6EgressOnlyRules.Ipv6EgressOnlyRule", 50, { of: ["Ipv6GatewayId"] }),
      DescribeRouteTableList: numbered("RouterTableList.RouterTableListType", 50),
      DescribeRouteEntryList: {
        list: "RouteEntrys.RouteEntry",
        paging: "token",
        size: "MaxResult",
        pages: [50, 100],
        of: ["RouteTableId"],
      },
    },
  },
  vpcpeer: {
    version: "2022-01-01",
    permissions: "vpc",
    label: "vpcpeer",
    operations: { ListVpcPeerConnections: tokened("VpcPeerConnects", 100) },
  },
  ram: {
    version: "2015-05-01",
    permissions: "ram",
    label: "ram",
    operations: {
      GetAccountAlias: {},
      ListUsers: marked("Users.User"),
      GetUser: { of: ["UserName"], missing: [404, "EntityNotExist.User"] },
      GetLoginProfile: { of: ["UserName"], missing: [404, "EntityNotExist.User.LoginProfile"] },
      GetUserMFAInfo: { of: ["UserName"], missing: [404, "EntityNotExist.User.MFADevice"] },
      ListAccessKeys: { list: "AccessKeys.AccessKey", paging: "none", of: ["UserName"] },
      GetAccessKeyLastUsed: { of: ["UserName", "UserAccessKeyId"], missing: [404, "EntityNotExist.User.AccessKey"] },
      ListPoliciesForUser: { list: "Policies.Policy", paging: "none", of: ["UserName"] },
      ListGroups: marked("Groups.Group"),
      ListRoles: marked("Roles.Role"),
      GetRole: { of: ["RoleName"], missing: [404, "EntityNotExist.Role"] },
      ListPoliciesForRole: { list: "Policies.Policy", paging: "none", of: ["RoleName"] },
      ListPolicies: marked("Policies.Policy", { where: { PolicyType: "PolicyType" } }),
      GetPolicyVersion: { of: ["PolicyName", "PolicyType", "VersionId"], missing: [404, "EntityNotExist.Policy.Version"] },
      GetPasswordPolicy: {},
    },
  },
  ims: {
    version: "2019-08-15",
    permissions: "ram",
    label: "ims",
    operations: {
      GetSecurityPreference: {},
      GetAccountMFAInfo: {},
      GenerateCredentialReport: {},
      GetCredentialReport: {},
    },
  },
  actiontrail: {
    version: "2020-07-06",
    permissions: "actiontrail",
    label: "actiontrail",
    operations: { DescribeTrails: { list: "TrailList", paging: "none" } },
  },
  sas: {
    version: "2018-12-03",
    permissions: "yundun-sas",
    label: "tds",
    operations: {
      DescribeVersionConfig: {},
      GetCheckConfig: {},
      GetCheckSale: { of: ["RegionId"] },
      DescribeNoticeConfig: { list: "NoticeConfigList", paging: "none" },
      DescribeVulConfig: { list: "TargetConfigs", paging: "none" },
      DescribeAccesskeyLeakList: numbered("AccessKeyLeakList", 100, { page: "CurrentPage", where: { Status: "DealType" } }),
      DescribeSuspiciousUUIDConfig: { of: ["Type"] },
      DescribeCloudCenterInstances: numbered("Instances", 1000, { page: "CurrentPage", total: "PageInfo.TotalCount" }),
      DescribeWebPath: numbered("ConfigList", 100, { page: "CurrentPage" }),
      GetPropertyScheduleConfig: { of: ["Type"] },
      DescribeLogMeta: { list: "LogMetaList", paging: "none" },
    },
  },
  kms: {
    version: "2016-01-20",
    permissions: "kms",
    label: "kms",
    operations: {
      ListKeys: numbered("Keys.Key", 100),
      DescribeKey: { of: ["KeyId"], missing: [404, "Forbidden.KeyNotFound"] },
      GetKeyPolicy: { of: ["KeyId"], missing: [404, "Forbidden.KeyNotFound"] },
    },
  },
  rds: {
    version: "2014-08-15",
    permissions: "rds",
    label: "rds",
    operations: {
      DescribeDBInstances: numbered("Items.DBInstance", 100, { total: "TotalRecordCount" }),
      DescribeDBInstanceIPArrayList: { list: "Items.DBInstanceIPArray", ...ofDatabase },
      DescribeDBInstanceSSL: ofDatabase,
      DescribeDBInstanceTDE: ofDatabase,
      DescribeDBInstanceEncryptionKey: ofDatabase,
      DescribeSQLCollectorPolicy: ofDatabase,
      DescribeSQLCollectorRetention: ofDatabase,
      DescribeParameters: { list: "RunningParameters.DBInstanceParameter", ...ofDatabase },
      DescribeDBInstanceNetInfo: { list: "DBInstanceNetInfos.DBInstanceNetInfo", ...ofDatabase },
    },
  },
  polardb: {
    version: "2017-08-01",
    permissions: "polardb",
    label: "polardb",
    operations: {
      DescribeDBClusters: numbered("Items.DBCluster", 100, { total: "TotalRecordCount" }),
      DescribeDBClusterAccessWhitelist: { list: "Items.DBClusterIPArray", ...ofCluster },
      DescribeDBClusterEndpoints: { list: "Items", ...ofCluster },
    },
  },
  kvstore: {
    version: "2015-01-01",
    permissions: "kvstore",
    label: "r-kvstore",
    operations: {
      DescribeInstances: numbered("Instances.KVStoreInstance", 100),
      DescribeSecurityIps: { list: "SecurityIpGroups.SecurityIpGroup", ...ofInstance },
      DescribeInstanceAttribute: { list: "Instances.DBInstanceAttribute", ...ofInstance },
      DescribeInstanceSSL: ofInstance,
      DescribeDBInstanceNetInfo: { list: "NetInfoItems.InstanceNetInfo", ...ofInstance },
      DescribeAuditLogConfig: ofInstance,
    },
  },
  dds: {
    version: "2015-12-01",
    permissions: "dds",
    label: "mongodb",
    operations: {
      DescribeDBInstances: numbered("DBInstances.DBInstance", 100, { where: { DBInstanceType: "DBInstanceType" } }),
      DescribeSecurityIps: { list: "SecurityIpGroups.SecurityIpGroup", ...ofDatabase },
      DescribeDBInstanceSSL: ofDatabase,
      DescribeReplicaSetRole: { list: "ReplicaSets.ReplicaSet", ...ofDatabase },
      DescribeShardingNetworkAddress: { list: "NetworkAddresses.NetworkAddress", ...ofDatabase },
    },
  },
  slb: {
    version: "2014-05-15",
    permissions: "slb",
    label: "slb",
    operations: {
      DescribeLoadBalancers: numbered("LoadBalancers.LoadBalancer", 100),
      DescribeLoadBalancerAttribute: { of: ["LoadBalancerId"], missing: [404, "InvalidLoadBalancerId.NotFound"] },
      DescribeLoadBalancerListeners: tokened("Listeners", 100),
      DescribeAccessControlLists: numbered("Acls.Acl", 50),
      DescribeAccessControlListAttribute: numbered("AclEntrys.AclEntry", 50, {
        page: "Page",
        total: "TotalAclEntry",
        of: ["AclId"],
        missing: [404, "InvalidParameter.AclNotExist"],
      }),
    },
  },
  alb: {
    version: "2020-06-16",
    permissions: "alb",
    label: "alb",
    operations: {
      ListLoadBalancers: tokened("LoadBalancers", 100),
      GetLoadBalancerAttribute: { of: ["LoadBalancerId"], missing: [404, "ResourceNotFound.LoadBalancer"] },
      ListListeners: tokened("Listeners", 100),
      ListSecurityPolicies: tokened("SecurityPolicies", 100),
    },
  },
  nlb: {
    version: "2022-04-30",
    permissions: "nlb",
    label: "nlb",
    operations: {
      ListLoadBalancers: tokened("LoadBalancers", 100),
      GetLoadBalancerAttribute: { of: ["LoadBalancerId"], missing: [404, "ResourceNotFound.loadBalancer"] },
    },
  },
  adb: {
    version: "2019-03-15",
    permissions: "adb",
    label: "adb",
    operations: {
      DescribeDBClusters: numbered("Items.DBCluster", 100),
      DescribeDBClusterAccessWhiteList: { list: "Items.IPArray", ...ofCluster },
    },
  },
  adbLake: {
    version: "2021-12-01",
    permissions: "adb",
    label: "adb",
    operations: {
      DescribeDBClusters: numbered("Items.DBCluster", 100),
      DescribeClusterAccessWhiteList: { list: "Items.IPArray", ...ofCluster },
    },
  },
  gpdb: {
    version: "2016-05-03",
    permissions: "gpdb",
    label: "gpdb",
    operations: {
      DescribeDBInstances: numbered("Items.DBInstance", 100, { total: "TotalRecordCount" }),
      DescribeDBInstanceIPArrayList: { list: "Items.DBInstanceIPArray", ...ofDatabase },
    },
  },
  clickhouse: {
    version: "2019-11-11",
    permissions: "clickhouse",
    label: "clickhouse",
    operations: {
      DescribeDBClusters: numbered("DBClusters.DBCluster", 100),
      DescribeDBClusterAccessWhiteList: { list: "DBClusterAccessWhiteList.IPArray", ...ofCluster },
    },
  },
  clickhouseEnterprise: {
    version: "2023-05-22",
    permissions: "clickhouse",
    label: "clickhouse",
    operations: {
      DescribeDBInstances: numbered("Data.DBInstances", 100, { total: "Data.TotalCount" }),
      DescribeSecurityIPList: { list: "Data.GroupItems", ...ofDatabase },
    },
  },
  elasticsearch: {
    version: "2017-06-13",
    permissions: "elasticsearch",
    label: "elasticsearch",
    operations: {
      ListInstance: numbered("Result", 100, {
        path: "/openapi/instances",
        page: "page",
        size: "size",
        total: "Headers.X-Total-Count",
      }),
      DescribeInstance: { path: "/openapi/instances/{InstanceId}", of: ["InstanceId"], missing: [404, "InstanceNotFound"] },
    },
  },
  nas: {
    version: "2017-06-26",
    permissions: "nas",
    label: "nas",
    operations: {
      DescribeAccessGroups: numbered("AccessGroups.AccessGroup", 100, { where: { FileSystemType: "FileSystemType" } }),
      DescribeFileSystems: numbered("FileSystems.FileSystem", 100),
      DescribeAccessRules: numbered("AccessRules.AccessRule", 100, {
        of: ["AccessGroupName"],
        missing: [404, "InvalidAccessGroup.NotFound"],
      }),
    },
  },
  cs: {
    version: "2015-12-15",
    permissions: "cs",
    label: "cs",
    operations: {
      DescribeClustersV1: numbered("clusters", 100, {
        path: "/api/v1/clusters",
        page: "page_number",
        size: "page_size",
        total: "page_info.total_count",
      }),
      DescribeClusterDetail: { path: "/clusters/{ClusterId}", of: ["ClusterId"], missing: [404, "ErrorClusterNotFound"] },
      CheckControlPlaneLogEnable: {
        path: "/clusters/{ClusterId}/controlplanelog",
        of: ["ClusterId"],
        missing: [404, "ErrorClusterNotFound"],
      },
      DescribeClusterAddonsVersion: {
        path: "/clusters/{ClusterId}/components/version",
        of: ["ClusterId"],
        missing: [404, "ErrorClusterNotFound"],
      },
      ListClusterInspectReports: { list: "reports", path: "/clusters/{ClusterId}/inspectReports", of: ["ClusterId"] },
      DescribeClusterNodePools: { list: "nodepools", path: "/clusters/{ClusterId}/nodepools", of: ["ClusterId"] },
      DescribeClusterNodePoolDetail: {
        path: "/clusters/{ClusterId}/nodepools/{NodepoolId}",
        of: ["ClusterId", "NodepoolId"],
        missing: [404, "ErrorNodePoolNotFound"],
      },
      // The whole answer is the list.
      DescribeUserPermission: { list: "", path: "/permissions/users/{uid}", of: ["uid"] },
    },
  },
  cr: {
    version: "2018-12-01",
    permissions: "cr",
    label: "cr",
    operations: {
      ListInstance: numbered("Instances", 100, { page: "PageNo" }),
      ListNamespace: numbered("Namespaces", 100, { page: "PageNo", of: ["InstanceId"] }),
      ListRepository: numbered("Repositories", 100, { page: "PageNo", of: ["InstanceId"] }),
    },
  },
  fc: {
    version: "2023-03-30",
    permissions: "fc",
    label: "fcv3",
    operations: {
      ListFunctions: {
        list: "functions",
        path: "/2023-03-30/functions",
        paging: "token",
        token: "nextToken",
        size: "limit",
        pages: [20, 100],
      },
      GetFunction: { path: "/2023-03-30/functions/{functionName}", of: ["functionName"], missing: [404, "FunctionNotFound"] },
      ListTriggers: {
        list: "triggers",
        path: "/2023-03-30/functions/{functionName}/triggers",
        of: ["functionName"],
        paging: "token",
        token: "nextToken",
        size: "limit",
        pages: [20, 100],
      },
    },
  },
  cloudapi: {
    version: "2016-07-14",
    permissions: "apigateway",
    label: "apigateway",
    operations: {
      DescribeApis: numbered("ApiSummarys.ApiSummary", 100),
      DescribeApi: { of: ["GroupId", "ApiId"], missing: [404, "NotFoundApi"] },
      DescribePluginsByApi: { list: "Plugins.PluginAttribute", of: ["GroupId", "ApiId", "StageName"] },
      DescribePlugins: numbered("Plugins.PluginAttribute", 100),
    },
  },
  cloudfw: {
    version: "2017-12-07",
    permissions: "yundun-cloudfirewall",
    label: "cloudfw",
    operations: {
      DescribeUserBuyVersion: {},
      DescribeControlPolicy: numbered("Policys", 50, { page: "CurrentPage", where: { Direction: "Direction" } }),
    },
  },
  waf: {
    version: "2021-10-01",
    permissions: "yundun-waf",
    label: "wafopenapi",
    operations: { DescribeInstance: {}, DescribeSlsLogStoreStatus: one("InstanceId") },
  },
  ddoscoo: {
    version: "2020-01-01",
    permissions: "yundun-ddoscoo",
    label: "ddoscoo",
    operations: { DescribeInstances: numbered("Instances", 50), DescribeLogStoreExistStatus: {} },
  },
  cas: {
    version: "2020-04-07",
    permissions: "yundun-cert",
    label: "cas",
    operations: {
      ListUserCertificateOrder: numbered("CertificateOrderList", 50, { page: "CurrentPage", size: "ShowSize", of: ["OrderType"] }),
    },
  },
  mse: {
    version: "2019-05-31",
    permissions: "mse",
    label: "mse",
    operations: { ListClusters: numbered("Data", 100, { page: "PageNum" }), QueryClusterDetail: { ...ofInstance } },
  },
  cloudsso: {
    version: "2021-05-15",
    permissions: "cloudsso",
    label: "cloudsso",
    operations: {
      ListDirectories: { list: "Directories" },
      ListAccessConfigurations: tokened("AccessConfigurations", 100, {
        of: ["DirectoryId"],
        total: "TotalCounts",
        truncates: true,
      }),
      ListPermissionPoliciesInAccessConfiguration: { list: "PermissionPolicies", of: ["DirectoryId", "AccessConfigurationId"] },
    },
  },
};
