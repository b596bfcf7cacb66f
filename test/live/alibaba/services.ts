import type { Json, JsonObject } from "../../../src/core/snapshots/model.ts";
import type { AccountState, Recorded } from "../../../src/live/sample/alibaba/state.ts";
import { account, region, state } from "./world.ts";

const list = (operation: string, items: readonly Json[], of?: Readonly<Record<string, string>>): Recorded => ({
  operation,
  region,
  items,
  ...(of === undefined ? {} : { of }),
});
const one = (operation: string, body: JsonObject, of?: Readonly<Record<string, string>>): Recorded => ({
  operation,
  region,
  body,
  ...(of === undefined ? {} : { of }),
});

function kubernetes(): Recorded[] {
  const cluster = (cluster_id: string, cluster_type: string, profile: string, more: JsonObject = {}): JsonObject => ({
    cluster_id,
    cluster_type,
    profile,
    name: cluster_id,
    region_id: region,
    current_version: "1.30.1-aliyun.1",
    cluster_spec: "ack.pro.small",
    state: "running",
    vpc_id: "vpc-1",
    security_group_id: "sg-1",
    resource_group_id: "rg-1",
    deletion_protection: false,
    tags: [{ key: "team", value: "shop" }],
    ...more,
  });
  const good = cluster("c-good", "ManagedKubernetes", "Default", {
    deletion_protection: true,
    master_url: JSON.stringify({ intranet_api_server_endpoint: "https://10.0.0.1:6443" }),
    meta_data: JSON.stringify({ RRSAConfig: { enabled: true } }),
  });
  const bad = cluster("c-bad", "ManagedKubernetes", "Default", {
    master_url: JSON.stringify({
      api_server_endpoint: "https://203.0.113.1:6443",
      intranet_api_server_endpoint: "https://10.0.0.2:6443",
    }),
    meta_data: JSON.stringify({ Provider: "alicloud" }),
  });
  const ask = cluster("c-ask", "ManagedKubernetes", "Serverless", {
    master_url: JSON.stringify({ api_server_endpoint: "https://203.0.113.2:6443" }),
  });
  const own = cluster("c-own", "Kubernetes", "Default", {
    master_url: JSON.stringify({ api_server_endpoint: "", intranet_api_server_endpoint: "https://10.0.0.3:6443" }),
  });
  const edge = cluster("c-edge", "ManagedKubernetes", "Edge");
  const elsewhere = cluster("c-elsewhere", "ManagedKubernetes", "Default", { region_id: "cn-shanghai" });
  const addon = (component_name: string, version: string): JsonObject => ({
    component_name,
    version,
    next_version: "",
    can_upgrade: false,
  });
  const pool = (
    nodepool_id: string,
    bandwidth: number,
    http_tokens: string,
    cms_enabled: boolean,
    is_bond_eip: boolean,
  ): JsonObject => ({
    nodepool_info: { nodepool_id, name: nodepool_id, type: "ess", region_id: region },
    scaling_group: {
      internet_max_bandwidth_out: bandwidth,
      internet_charge_type: "",
      instance_metadata_options: { http_tokens },
      instance_types: ["ecs.g7.large"],
      vswitch_ids: ["vsw-1"],
    },
    kubernetes_config: { cms_enabled, runtime: "containerd" },
    auto_scaling: { enable: true, is_bond_eip },
  });
  const of = (ClusterId: string): Record<string, string> => ({ ClusterId });
  const components = ["apiserver", "kcm", "scheduler", "ccm"];
  const report = (endTime: string, status: string): JsonObject => ({ reportId: endTime, startTime: endTime, endTime, status });
  return [
    list("cs:DescribeClustersV1", [good, bad, ask, own, edge, elsewhere]),
    one("cs:DescribeClusterDetail", good, of("c-good")),
    one("cs:DescribeClusterDetail", bad, of("c-bad")),
    one("cs:DescribeClusterDetail", ask, of("c-ask")),
    one("cs:DescribeClusterDetail", own, of("c-own")),
    one(
      "cs:CheckControlPlaneLogEnable",
      { aliuid: account, components, log_project: "k8s-log-c-good", log_ttl: "30" },
      of("c-good"),
    ),
    one("cs:CheckControlPlaneLogEnable", { aliuid: account, components: [], log_project: "", log_ttl: "" }, of("c-bad")),
    one(
      "cs:DescribeClusterAddonsVersion",
      { "terway-eniip": addon("terway-eniip", "v1.9.0"), "kubernetes-dashboard": addon("kubernetes-dashboard", "") },
      of("c-good"),
    ),
    one(
      "cs:DescribeClusterAddonsVersion",
      { flannel: addon("flannel", "v0.15"), "kubernetes-dashboard": addon("kubernetes-dashboard", "v2.7.0") },
      of("c-bad"),
    ),
    list(
      "cs:ListClusterInspectReports",
      [report("2026-06-12T19:40:16.778333+08:00", "completed"), report("2025-01-01T00:00:00+08:00", "completed")],
      of("c-good"),
    ),
    list("cs:ListClusterInspectReports", [report("2026-06-14T00:00:00+08:00", "running")], of("c-bad")),
    list(
      "cs:DescribeClusterNodePools",
      [pool("np-good", 0, "required", true, false), pool("np-bad", 5, "optional", false, true)],
      of("c-good"),
    ),
    list("cs:DescribeClusterNodePools", [], of("c-bad")),
    one(
      "cs:DescribeClusterNodePoolDetail",
      { nodepool_info: { nodepool_id: "np-good" }, node_config: { kubelet_configuration: { maxPods: 64 } } },
      { ClusterId: "c-good", NodepoolId: "np-good" },
    ),
    one(
      "cs:DescribeClusterNodePoolDetail",
      {
        nodepool_info: { nodepool_id: "np-bad" },
        node_config: {
          kubelet_configuration: { readOnlyPort: 10255 },
        },
      },
      { ClusterId: "c-good", NodepoolId: "np-bad" },
    ),
    list(
      "cs:DescribeUserPermission",
      [{ resource_id: "all-clusters", resource_type: "cluster", role_type: "admin", role_name: "admin", is_owner: 0 }],
      { uid: "1" },
    ),
    list(
      "cs:DescribeUserPermission",
      [{ resource_id: "c-good", resource_type: "cluster", role_type: "custom", role_name: "viewer", is_owner: 0 }],
      { uid: "2" },
    ),
    {
      operation: "ram:ListUsers",
      items: ["1", "2", "3"].map((UserId) => ({ UserId, UserName: `user-${UserId}`, CreateDate: "2024-01-01T00:00:00Z" })),
    },
    list("cr:ListInstance", [{ InstanceId: "cri-1", InstanceName: "shop", InstanceStatus: "RUNNING" }]),
    list(
      "cr:ListRepository",
      [
        { RepoId: "crr-1", RepoName: "web", RepoNamespaceName: "shop", RepoType: "PRIVATE", Summary: "", TagImmutability: true },
        { RepoId: "crr-2", RepoName: "demo", RepoNamespaceName: "shop", RepoType: "PUBLIC", Summary: "", TagImmutability: false },
      ],
      { InstanceId: "cri-1" },
    ),
    list(
      "cr:ListNamespace",
      [
        { NamespaceName: "shop", DefaultRepoType: "PRIVATE", AutoCreateRepo: false },
        { NamespaceName: "open", DefaultRepoType: "PUBLIC", AutoCreateRepo: true },
      ],
      { InstanceId: "cri-1" },
    ),
  ];
}

function databases(): Recorded[] {
  const of = (DBInstanceId: string): Record<string, string> => ({ DBInstanceId });
  const cluster = (DBClusterId: string): Record<string, string> => ({ DBClusterId });
  const array = (SecurityIPList: string): JsonObject => ({
    DBClusterIPArrayName: "default",
    DBClusterIPArrayAttribute: "",
    SecurityIPList,
  });
  const security = (SecurityIpList: string): JsonObject => ({
    SecurityIpGroupName: "default",
    SecurityIpGroupAttribute: "",
    SecurityIpList,
  });
  const hidden = { SecurityIpGroupName: "hdm_security_ips", SecurityIpGroupAttribute: "hidden", SecurityIpList: "100.104.0.0/16" };
  const dds = (DBInstanceId: string, DBInstanceType: string): JsonObject => ({
    DBInstanceId,
    DBInstanceType,
    DBInstanceDescription: "",
    Engine: "MongoDB",
    EngineVersion: "6.0",
    NetworkType: "VPC",
    ChargeType: "PostPaid",
    ZoneId: `${region}-h`,
    Tags: { Tag: [] },
  });
  const replica = (NetworkType: string): JsonObject => ({
    NetworkType,
    ConnectionDomain: `dds-${NetworkType}.mongodb.rds.aliyuncs.com`,
    ConnectionPort: "3717",
    ReplicaSetRole: "Primary",
  });
  const redis = (InstanceId: string): JsonObject => ({
    InstanceId,
    InstanceName: "",
    InstanceType: "Redis",
    EngineVersion: "7.0",
    InstanceClass: "tair.rdb.1g",
    ChargeType: "PostPaid",
    InstanceStatus: "Normal",
    NetworkType: "VPC",
    Port: 6379,
    ZoneId: `${region}-h`,
    Tags: { Tag: [] },
  });
  const redisNet = (IPType: string, DBInstanceNetType: string): JsonObject => ({
    IPType,
    DBInstanceNetType,
    ConnectionString: `r-${IPType}.redis.rds.aliyuncs.com`,
    Port: "6379",
  });
  const r = (InstanceId: string): Record<string, string> => ({ InstanceId });
  const polar = (DBClusterId: string): JsonObject => ({
    DBClusterId,
    DBClusterDescription: "",
    DBType: "MySQL",
    DBVersion: "8.0",
    PayType: "Postpaid",
    DBClusterStatus: "Running",
    DeletionLock: 0,
    Tags: { Tag: [] },
  });
  const endpoint = (NetType: string): JsonObject => ({
    DBEndpointId: "pe-1",
    EndpointType: "Cluster",
    AddressItems: [
      { NetType, ConnectionString: `pc-${NetType}.mysql.polardb.rds.aliyuncs.com`, Port: "3306", IPAddress: "10.0.0.1" },
    ],
  });
  return [
    list("polardb:DescribeDBClusters", [polar("pc-good"), polar("pc-bad")]),
    list(
      "polardb:DescribeDBClusterAccessWhitelist",
      [{ DBClusterIPArrayName: "default", DBClusterIPArrayAttribute: "", SecurityIps: "10.0.0.0/8,127.0.0.1" }],
      cluster("pc-good"),
    ),
    list(
      "polardb:DescribeDBClusterAccessWhitelist",
      [{ DBClusterIPArrayName: "default", DBClusterIPArrayAttribute: "", SecurityIps: "10.0.0.0/8,0.0.0.0/0" }],
      cluster("pc-bad"),
    ),
    list("polardb:DescribeDBClusterEndpoints", [endpoint("Private")], cluster("pc-good")),
    list("polardb:DescribeDBClusterEndpoints", [endpoint("Private"), endpoint("Public")], cluster("pc-bad")),
    list("kvstore:DescribeInstances", [redis("r-good"), redis("r-bad")]),
    list("kvstore:DescribeSecurityIps", [security("10.0.0.0/8"), hidden], r("r-good")),
    list("kvstore:DescribeSecurityIps", [security("0.0.0.0/0")], r("r-bad")),
    list("kvstore:DescribeInstanceAttribute", [{ InstanceId: "r-good", VpcAuthMode: "Open" }], r("r-good")),
    list("kvstore:DescribeInstanceAttribute", [{ InstanceId: "r-bad", VpcAuthMode: "Close" }], r("r-bad")),
    one("kvstore:DescribeInstanceSSL", { SSLEnabled: "Enable", InstanceId: "r-good" }, r("r-good")),
    one("kvstore:DescribeInstanceSSL", { SSLEnabled: "Disable", InstanceId: "r-bad" }, r("r-bad")),
    list("kvstore:DescribeDBInstanceNetInfo", [redisNet("Private", "2")], r("r-good")),
    list("kvstore:DescribeDBInstanceNetInfo", [redisNet("Private", "2"), redisNet("Public", "0")], r("r-bad")),
    one("kvstore:DescribeAuditLogConfig", { DbAudit: "true", Retention: "30" }, r("r-good")),
    one("kvstore:DescribeAuditLogConfig", { DbAudit: "false", Retention: "" }, r("r-bad")),
    list("dds:DescribeDBInstances", [dds("dds-good", "replicate"), dds("dds-bad", "replicate"), dds("dds-shard", "sharding")]),
    list("dds:DescribeSecurityIps", [security("10.0.0.0/8"), hidden], of("dds-good")),
    list("dds:DescribeSecurityIps", [security("10.0.0.0/8,0.0.0.0/0")], of("dds-bad")),
    list("dds:DescribeSecurityIps", [security("10.0.0.0/8")], of("dds-shard")),
    one("dds:DescribeDBInstanceSSL", { SSLStatus: "Open" }, of("dds-good")),
    one("dds:DescribeDBInstanceSSL", { SSLStatus: "Closed" }, of("dds-bad")),
    one("dds:DescribeDBInstanceSSL", { SSLStatus: "Closed" }, of("dds-shard")),
    list("dds:DescribeReplicaSetRole", [replica("VPC")], of("dds-good")),
    list("dds:DescribeReplicaSetRole", [replica("VPC"), replica("Public")], of("dds-bad")),
    list(
      "dds:DescribeShardingNetworkAddress",
      [{ NodeId: "s-1", NodeType: "mongos", NetworkType: "Public", NetworkAddress: "s-1.mongodb.rds.aliyuncs.com", Port: "3717" }],
      of("dds-shard"),
    ),
    list("adb:DescribeDBClusters", [
      { DBClusterId: "am-good", DBClusterDescription: "" },
      { DBClusterId: "am-bad", DBClusterDescription: "" },
    ]),
    list("adb:DescribeDBClusterAccessWhiteList", [array("10.0.0.0/8")], cluster("am-good")),
    list("adb:DescribeDBClusterAccessWhiteList", [array("0.0.0.0/0")], cluster("am-bad")),
    list("adbLake:DescribeDBClusters", [{ DBClusterId: "amv-bad", DBClusterDescription: "lake" }]),
    list("adbLake:DescribeClusterAccessWhiteList", [array("127.0.0.1"), array("0.0.0.0/0")], cluster("amv-bad")),
    list("gpdb:DescribeDBInstances", [
      { DBInstanceId: "gp-good", Engine: "gpdb" },
      { DBInstanceId: "gp-bad", Engine: "gpdb" },
    ]),
    list(
      "gpdb:DescribeDBInstanceIPArrayList",
      [{ DBInstanceIPArrayName: "default", DBInstanceIPArrayAttribute: "", SecurityIPList: "127.0.0.1" }],
      of("gp-good"),
    ),
    list(
      "gpdb:DescribeDBInstanceIPArrayList",
      [{ DBInstanceIPArrayName: "default", DBInstanceIPArrayAttribute: "", SecurityIPList: "0.0.0.0/0" }],
      of("gp-bad"),
    ),
    list("clickhouse:DescribeDBClusters", [
      { DBClusterId: "cc-good", DBClusterDescription: "" },
      { DBClusterId: "cc-bad", DBClusterDescription: "" },
    ]),
    list("clickhouse:DescribeDBClusterAccessWhiteList", [array("10.0.0.0/8")], cluster("cc-good")),
    list("clickhouse:DescribeDBClusterAccessWhiteList", [array("0.0.0.0/0")], cluster("cc-bad")),
    list("clickhouseEnterprise:DescribeDBInstances", [{ DBInstanceId: "cce-good" }, { DBInstanceId: "cce-bad" }]),
    list("clickhouseEnterprise:DescribeSecurityIPList", [{ GroupName: "default", SecurityIPList: "10.0.0.0/8" }], of("cce-good")),
    list("clickhouseEnterprise:DescribeSecurityIPList", [{ GroupName: "default", SecurityIPList: "0.0.0.0/0" }], of("cce-bad")),
    list("elasticsearch:ListInstance", [
      { instanceId: "es-good", description: "logs" },
      { instanceId: "es-bad", description: "" },
    ]),
    one(
      "elasticsearch:DescribeInstance",
      {
        Result: {
          instanceId: "es-good",
          enablePublic: false,
          publicIpWhitelist: [],
          enableKibanaPublicNetwork: true,
          kibanaIPWhitelist: ["198.51.100.1"],
          protocol: "HTTPS",
        },
      },
      r("es-good"),
    ),
    one(
      "elasticsearch:DescribeInstance",
      {
        Result: {
          instanceId: "es-bad",
          enablePublic: true,
          publicIpWhitelist: ["127.0.0.1"],
          enableKibanaPublicNetwork: true,
          kibanaIPWhitelist: ["::/0"],
          // Groups beside the plain list.
          networkConfig: { whiteIpGroupList: [{ groupName: "all", whiteIpType: "PUBLIC_ES", ips: ["0.0.0.0/0"] }] },
        },
      },
      r("es-bad"),
    ),
  ];
}

function networks(): Recorded[] {
  const alb = (LoadBalancerId: string): JsonObject => ({
    LoadBalancerId,
    LoadBalancerName: LoadBalancerId,
    AddressType: "Intranet",
    AddressIpVersion: "DualStack",
    LoadBalancerStatus: "Active",
    VpcId: "vpc-1",
    Tags: [{ Key: "team", Value: "shop" }],
  });
  const of = (LoadBalancerId: string): Record<string, string> => ({ LoadBalancerId });
  const listener = (ListenerId: string, SecurityPolicyId: string): JsonObject => ({
    ListenerId,
    LoadBalancerId: "alb-good",
    ListenerProtocol: "HTTPS",
    ListenerPort: 443,
    ListenerStatus: "Running",
    SecurityPolicyId,
  });
  const ipv6 = (Ipv6AddressId: string, NetworkType: string, bandwidth: JsonObject): JsonObject => ({
    Ipv6AddressId,
    Ipv6Address: "2408::1",
    Ipv6AddressName: "",
    Ipv6GatewayId: "ipv6gw-1",
    VSwitchId: "vsw-1",
    Status: "Available",
    NetworkType,
    Ipv6InternetBandwidth: bandwidth,
  });
  const open = (id: string): JsonObject => ({ Ipv6InternetBandwidthId: id, Bandwidth: 5, InternetChargeType: "PayByTraffic" });
  const peering = (InstanceId: string): JsonObject => ({
    InstanceId,
    Name: InstanceId,
    Status: "Activated",
    RegionId: region,
    OwnerId: Number(account),
    Vpc: { VpcId: "vpc-1" },
    AcceptingRegionId: region,
    AcceptingOwnerUid: 9876543210987654,
    AcceptingVpc: { VpcId: "vpc-theirs" },
    Bandwidth: 100,
    Tags: [],
  });
  const route = (DestinationCidrBlock: string, NextHopId: string): JsonObject => ({
    RouteTableId: "vtb-1",
    DestinationCidrBlock,
    Status: "Available",
    NextHops: { NextHop: [{ NextHopId, NextHopType: "VpcPeer" }] },
  });
  const script = (text: string): string => Buffer.from(text).toString("base64");
  const secret = script("#!/bin/sh\nexport MYSQL_PASSWORD='Tr0ub4dor&3-shop'\n");
  const template = (LaunchTemplateId: string): JsonObject => ({
    LaunchTemplateId,
    LaunchTemplateName: LaunchTemplateId,
    DefaultVersionNumber: 1,
    LatestVersionNumber: 1,
  });
  const version = (data: JsonObject): JsonObject => ({ VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: data });
  return [
    list("alb:ListLoadBalancers", [alb("alb-good"), alb("alb-bad")]),
    one(
      "alb:GetLoadBalancerAttribute",
      { ...alb("alb-good"), Ipv6AddressType: "Intranet", AccessLogConfig: { LogProject: "logs", LogStore: "alb" } },
      of("alb-good"),
    ),
    one("alb:GetLoadBalancerAttribute", { ...alb("alb-bad"), Ipv6AddressType: "Internet" }, of("alb-bad")),
    list("alb:ListListeners", [
      listener("lsn-good", "tls_cipher_policy_1_2"),
      listener("lsn-bad", "tls_cipher_policy_1_0"),
      listener("lsn-custom", "spy-good"),
    ]),
    list("alb:ListSecurityPolicies", [
      {
        SecurityPolicyId: "spy-good",
        SecurityPolicyName: "good",
        TLSVersions: ["TLSv1.2", "TLSv1.3"],
        Ciphers: ["ECDHE-RSA-AES128-GCM-SHA256"],
        SecurityPolicyStatus: "Available",
      },
      {
        SecurityPolicyId: "spy-bad",
        SecurityPolicyName: "bad",
        TLSVersions: ["TLSv1.0", "TLSv1.2"],
        Ciphers: ["AES128-SHA"],
        SecurityPolicyStatus: "Available",
      },
    ]),
    list("nlb:ListLoadBalancers", [alb("nlb-good"), alb("nlb-bad")]),
    one("nlb:GetLoadBalancerAttribute", { ...alb("nlb-good"), Ipv6AddressType: "Intranet" }, of("nlb-good")),
    one("nlb:GetLoadBalancerAttribute", { ...alb("nlb-bad"), Ipv6AddressType: "Internet" }, of("nlb-bad")),
    list("vpc:DescribeEipAddresses", [
      { AllocationId: "eip-1", IpAddress: "203.0.113.5", InstanceId: "i-1", InstanceType: "EcsInstance", Status: "InUse" },
    ]),
    list("vpc:DescribeIpv6Addresses", [
      ipv6("ipv6-good", "Private", { Ipv6InternetBandwidthId: "", Bandwidth: 0, InternetChargeType: "" }),
      ipv6("ipv6-bad", "Public", open("ipv6bw-1")),
      ipv6("ipv6-out", "Public", open("ipv6bw-2")),
    ]),
    list(
      "vpc:DescribeIpv6EgressOnlyRules",
      [{ Ipv6EgressOnlyRuleId: "ipv6py-1", InstanceId: "ipv6-out", InstanceType: "Ipv6Address", Name: "", Status: "Available" }],
      {
        Ipv6GatewayId: "ipv6gw-1",
      },
    ),
    list("vpcpeer:ListVpcPeerConnections", [peering("pcc-good"), peering("pcc-bad")]),
    list("vpc:DescribeRouteTableList", [{ RouteTableId: "vtb-1", VpcId: "vpc-1" }]),
    list("vpc:DescribeRouteEntryList", [route("10.1.1.0/24", "pcc-good"), route("10.0.0.0/8", "pcc-bad")], {
      RouteTableId: "vtb-1",
    }),
    list("ecs:DescribeInstances", [{ InstanceId: "i-old", InstanceName: "old", RegionId: region }]),
    list("ecs:DescribeDisks", [
      {
        DiskId: "d-system",
        InstanceId: "i-old",
        Type: "system",
        Device: "/dev/xvda",
        Category: "cloud_essd",
        Size: 40,
        Encrypted: false,
      },
      {
        DiskId: "d-old",
        InstanceId: "i-old",
        Type: "data",
        Device: "/dev/xvdb",
        Category: "cloud_essd",
        Size: 40,
        Encrypted: false,
        SourceSnapshotId: "",
      },
    ]),
    one("ecs:DescribeUserData", { InstanceId: "i-old", RegionId: region, UserData: "" }, { InstanceId: "i-old" }),
    list("ecs:DescribeInstanceRamRole", [{ InstanceId: "i-old", RamRoleName: "" }]),
    one("ecs:DescribeDiskEncryptionByDefaultStatus", { Encrypted: true }),
    list("ecs:DescribeLaunchTemplates", [template("lt-good"), template("lt-bad")]),
    list("ecs:DescribeLaunchTemplateVersions", [version({ ImageId: "m-1" })], { LaunchTemplateId: "lt-good" }),
    list("ecs:DescribeLaunchTemplateVersions", [version({ ImageId: "m-1", UserData: secret })], { LaunchTemplateId: "lt-bad" }),
    list("ess:DescribeScalingConfigurations", [
      {
        ScalingConfigurationId: "asc-good",
        ScalingConfigurationName: "good",
        ScalingGroupId: "asg-1",
        UserData: script("#!/bin/sh\nsystemctl start web\n"),
      },
      { ScalingConfigurationId: "asc-bad", ScalingConfigurationName: "bad", ScalingGroupId: "asg-1", UserData: secret },
    ]),
    list("nas:DescribeAccessGroups", [
      { AccessGroupName: "good", AccessGroupType: "Vpc", FileSystemType: "standard", RuleCount: 1, Description: "" },
      { AccessGroupName: "bad", AccessGroupType: "Vpc", FileSystemType: "standard", RuleCount: 1, Description: "" },
    ]),
    list("nas:DescribeFileSystems", [
      {
        FileSystemId: "nas-good",
        FileSystemType: "standard",
        ProtocolType: "NFS",
        EncryptType: 1,
        KMSKeyId: "",
        Description: "",
        Tags: { Tag: [] },
      },
      {
        FileSystemId: "nas-bad",
        FileSystemType: "standard",
        ProtocolType: "NFS",
        EncryptType: 0,
        KMSKeyId: "",
        Description: "",
        Tags: { Tag: [] },
      },
    ]),
    list(
      "nas:DescribeAccessRules",
      [{ AccessRuleId: "1", SourceCidrIp: "10.0.0.0/8", RWAccess: "RDWR", UserAccess: "no_squash", Priority: 1 }],
      { AccessGroupName: "good" },
    ),
    list(
      "nas:DescribeAccessRules",
      [{ AccessRuleId: "1", SourceCidrIp: "0.0.0.0/0", RWAccess: "RDWR", UserAccess: "no_squash", Priority: 1 }],
      { AccessGroupName: "bad" },
    ),
  ];
}

function functions(): Recorded[] {
  const of = (functionName: string): Record<string, string> => ({ functionName });
  const trigger = (authType: string): JsonObject => ({
    triggerName: "http",
    triggerType: "http",
    triggerConfig: JSON.stringify({ methods: ["GET"], authType, disableURLInternet: false }),
    qualifier: "LATEST",
  });
  const api = (ApiId: string): JsonObject => ({
    ApiId,
    ApiName: ApiId,
    GroupId: "g-1",
    GroupName: "shop",
    RegionId: region,
    Visibility: "PUBLIC",
  });
  const a = (ApiId: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    GroupId: "g-1",
    ApiId,
    ...more,
  });
  return [
    list("fc:ListFunctions", [
      { functionName: "good", runtime: "nodejs20" },
      { functionName: "bad", runtime: "nodejs20" },
    ]),
    one("fc:GetFunction", { functionName: "good", environmentVariables: { STAGE: "production" } }, of("good")),
    one("fc:GetFunction", { functionName: "bad", environmentVariables: { DB_PASSWORD: "Tr0ub4dor&3-shop" } }, of("bad")),
    list("fc:ListTriggers", [trigger("function")], of("good")),
    list("fc:ListTriggers", [trigger("anonymous")], of("bad")),
    list("cloudapi:DescribeApis", [api("api-good"), api("api-plugin"), api("api-bad")]),
    one("cloudapi:DescribeApi", { ...api("api-good"), AuthType: "APP" }, a("api-good")),
    one("cloudapi:DescribeApi", { ...api("api-plugin"), AuthType: "ANONYMOUS" }, a("api-plugin")),
    one("cloudapi:DescribeApi", { ...api("api-bad"), AuthType: "ANONYMOUS" }, a("api-bad")),
    list(
      "cloudapi:DescribePluginsByApi",
      [{ PluginId: "p-1", PluginName: "jwt", PluginType: "jwtAuth" }],
      a("api-plugin", { StageName: "RELEASE" }),
    ),
    list("cloudapi:DescribePlugins", [{ PluginId: "p-1", PluginName: "jwt", PluginType: "jwtAuth", Description: "" }]),
  ];
}

function signOn(): Recorded[] {
  const central = (operation: string, items: readonly JsonObject[], of?: Readonly<Record<string, string>>): Recorded => ({
    operation,
    items,
    ...(of === undefined ? {} : { of }),
  });
  const configuration = (AccessConfigurationId: string, AccessConfigurationName: string): JsonObject => ({
    AccessConfigurationId,
    AccessConfigurationName,
    Description: "",
    SessionDuration: 3600,
    RelayState: "",
  });
  const policies = (id: string, PermissionPolicyName: string): Recorded =>
    central(
      "cloudsso:ListPermissionPoliciesInAccessConfiguration",
      [{ PermissionPolicyType: "System", PermissionPolicyName, PermissionPolicyDocument: "" }],
      {
        DirectoryId: "d-1",
        AccessConfigurationId: id,
      },
    );
  return [
    central("cloudsso:ListDirectories", [{ DirectoryId: "d-1", DirectoryName: "shop" }]),
    central("cloudsso:ListAccessConfigurations", [configuration("ac-good", "Readers"), configuration("ac-bad", "Everybody")], {
      DirectoryId: "d-1",
    }),
    policies("ac-good", "ReadOnlyAccess"),
    policies("ac-bad", "AdministratorAccess"),
  ];
}

function protection(): Recorded[] {
  const policy = (AclUuid: string, Direction: string, Source: string, DestPort: string): JsonObject => ({
    AclUuid,
    Direction,
    AclAction: "accept",
    Source,
    SourceType: "net",
    Destination: "0.0.0.0/0",
    DestinationType: "net",
    DestPort,
    DestPortType: "port",
    DestPortGroup: "",
    Proto: "ANY",
    ApplicationName: "ANY",
    Release: "true",
    Description: "",
  });
  const mse = (InstanceId: string): JsonObject => ({ InstanceId, ClusterAliasName: InstanceId, ClusterType: "Nacos-Ans" });
  const of = (InstanceId: string): Record<string, string> => ({ InstanceId });
  return [
    one("cloudfw:DescribeUserBuyVersion", {
      InstanceId: "vipcloudfw-1",
      InstanceStatus: "normal",
      UserStatus: true,
      LogStatus: true,
      Version: 2,
    }),
    list("cloudfw:DescribeControlPolicy", [
      policy("acl-good", "in", "198.51.100.0/24", "443/443"),
      policy("acl-bad", "in", "0.0.0.0/0", "0/0"),
      policy("acl-out", "out", "0.0.0.0/0", "0/0"),
    ]),
    one("waf:DescribeInstance", { InstanceId: "waf-1", Status: 1, Edition: "default_version", PayType: "POSTPAY" }),
    one("waf:DescribeSlsLogStoreStatus", { ExistStatus: true }, of("waf-1")),
    list("ddoscoo:DescribeInstances", [{ InstanceId: "ddoscoo-1", Remark: "", Status: 1 }]),
    one("ddoscoo:DescribeLogStoreExistStatus", { ExistStatus: false }),
    list("cas:ListUserCertificateOrder", [{ CertificateId: 1, Name: "shop", EndDate: "2027-06-01" }], { OrderType: "CERT" }),
    list(
      "cas:ListUserCertificateOrder",
      [
        { CertificateId: 2, Name: "old", EndDate: "2026-06-20" },
        { CertificateId: 3, Name: "gone", EndDate: "2025-06-01", Expired: true },
      ],
      { OrderType: "UPLOAD" },
    ),
    list("mse:ListClusters", [mse("mse-good"), mse("mse-bad"), mse("mse-private")]),
    one(
      "mse:QueryClusterDetail",
      { Success: true, Data: { ...mse("mse-good"), NetType: "pubnet", PubNetworkFlow: "1", AclEntryList: '["198.51.100.0/28"]' } },
      of("mse-good"),
    ),
    one(
      "mse:QueryClusterDetail",
      { Success: true, Data: { ...mse("mse-bad"), NetType: "pubnet", PubNetworkFlow: "1", AclEntryList: "[]" } },
      of("mse-bad"),
    ),
    one(
      "mse:QueryClusterDetail",
      { Success: true, Data: { ...mse("mse-private"), NetType: "privatenet", PubNetworkFlow: "0", AclEntryList: "[]" } },
      of("mse-private"),
    ),
  ];
}

export const servicesState: AccountState = state({
  regions: [region],
  recorded: [...kubernetes(), ...databases(), ...networks(), ...functions(), ...protection(), ...signOn()],
});
