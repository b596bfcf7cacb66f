import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import type { StateAnswer } from "../../../src/live/sample/tencent/double.ts";

/*
 * One right and one wrong thing of each service that the sample account has not, as the cloud's API answers them. Ids end in `-good`
 * and `-bad`.
 */

const region = "ap-guangzhou";
const kinds = ["good", "bad"] as const;
type Kind = (typeof kinds)[number];

/** A list of both, and details of each. */
function both(
  action: string,
  answer: (items: readonly JsonObject[]) => JsonObject,
  item: (kind: Kind) => JsonObject,
  when?: JsonObject,
): StateAnswer {
  return { action, region, answer: answer(kinds.map(item)), ...(when === undefined ? {} : { when }) };
}

function each(action: string, when: (kind: Kind) => JsonObject, answer: (kind: Kind) => JsonObject): readonly StateAnswer[] {
  return kinds.map((kind) => ({ action, when: when(kind), answer: answer(kind) }));
}

const network = { VpcId: "vpc-shop0001", SubnetId: "subnet-shop1" };
const good = (kind: Kind): boolean => kind === "good";

const cynosdb: readonly StateAnswer[] = [
  both(
    "cynosdb:DescribeClusters",
    (ClusterSet) => ({ ClusterSet }),
    (kind) => ({
      ...network,
      ClusterId: `cynosdbmysql-${kind}`,
      ClusterName: kind,
      Status: "running",
      DbType: "MYSQL",
      DbVersion: "8.0",
    }),
  ),
  ...each(
    "cynosdb:DescribeClusterInstanceGrps",
    (kind) => ({ ClusterId: `cynosdbmysql-${kind}` }),
    (kind) => ({
      InstanceGroupInfoList: [
        {
          InstanceGroupId: `cynosdbmysql-grp-${kind}`,
          Type: "ha",
          WanDomain: good(kind) ? "" : "gz.example.com",
          WanIP: good(kind) ? "" : "203.0.113.40",
          WanPort: good(kind) ? 0 : 3306,
          WanStatus: good(kind) ? "closed" : "open",
          InstanceSet: [{ InstanceId: `cynosdbmysql-ins-${kind}`, InstanceRole: "master", InstanceType: "rw" }],
        },
      ],
    }),
  ),
  ...each(
    "cynosdb:DescribeSSLStatus",
    (kind) => ({ ClusterId: `cynosdbmysql-${kind}`, InstanceId: `cynosdbmysql-ins-${kind}` }),
    (kind) => ({ IsOpenSSL: good(kind) ? "yes" : "no", DownloadUrl: "" }),
  ),
  ...each(
    "cynosdb:DescribeClusterTransparentEncryptInfo",
    (kind) => ({ ClusterId: `cynosdbmysql-${kind}` }),
    (kind) =>
      good(kind)
        ? { KeyId: "k", KeyRegion: region, KeyType: "custom", IsOpenGlobalEncryption: true }
        : { KeyId: "", KeyRegion: "", KeyType: "", IsOpenGlobalEncryption: false },
  ),
  {
    action: "cynosdb:DescribeAuditInstanceList",
    region,
    answer: { Items: [{ InstanceId: "cynosdbmysql-ins-good", AuditStatus: "ON", LogExpireDay: 365 }] },
  },
];

const mongo = (id: string, cluster: number): JsonObject => ({
  ...network,
  InstanceId: id,
  InstanceName: id,
  ClusterType: cluster,
  InstanceType: 1,
  MongoVersion: "MONGO_60_WT",
  Status: 2,
  Tags: [],
});
const mongoIds = ["cmgo-good", "cmgo-bad", "cmgo-shard-good", "cmgo-shard-bad"];
const fine = (id: string): boolean => id.endsWith("-good");

const mongodb: readonly StateAnswer[] = [
  {
    action: "mongodb:DescribeDBInstances",
    region,
    answer: {
      InstanceDetails: [
        ...mongoIds.map((id) => mongo(id, id.includes("shard") ? 1 : 0)),
        { ...mongo("cmgo-readonly", 0), InstanceType: 3 },
      ],
    },
  },
  ...mongoIds.flatMap((id): readonly StateAnswer[] => [
    {
      action: "mongodb:DescribeInstanceSSL",
      when: { InstanceId: id },
      answer: { Status: fine(id) ? 1 : 0, ExpiredTime: null, CertUrl: null },
    },
    {
      action: "mongodb:DescribeTransparentDataEncryptionStatus",
      when: { InstanceId: id },
      answer: { TransparentDataEncryptionStatus: fine(id) ? "open" : "close", KeyInfoList: null },
    },
  ]),
  {
    action: "mongodb:DescribeAuditInstanceList",
    region,
    answer: { Items: mongoIds.filter(fine).map((id) => ({ InstanceId: id, AuditStatus: "ON", LogExpireDay: 365 })) },
  },
];

const postgres: readonly StateAnswer[] = [
  both(
    "postgres:DescribeDBInstances",
    (DBInstanceSet) => ({ DBInstanceSet }),
    (kind) => ({
      ...network,
      DBInstanceId: `postgres-${kind}`,
      DBInstanceName: kind,
      DBInstanceType: "primary",
      DBVersion: "15.1",
      DeletionProtection: good(kind),
      // Says what the instance could do.
      IsSupportTDE: 1,
      DBInstanceNetInfo: [
        { NetType: "private", Status: "opened", Ip: "10.0.1.5", Port: 5432 },
        { NetType: "public", Status: good(kind) ? "initing" : "opened", Port: 0 },
      ],
    }),
  ),
  ...each(
    "postgres:DescribeEncryptionKeys",
    (kind) => ({ DBInstanceId: `postgres-${kind}` }),
    (kind) => ({ EncryptionKeys: good(kind) ? [{ KeyId: "k", IsEnabled: 1, KeyRegion: region }] : [] }),
  ),
  ...each(
    "postgres:DescribeDBInstanceSSLConfig",
    (kind) => ({ DBInstanceId: `postgres-${kind}` }),
    (kind) => ({ SSLEnabled: good(kind), CAUrl: "", ConnectAddress: "" }),
  ),
  {
    action: "postgres:DescribeAuditInstanceList",
    region,
    answer: { Items: [{ InstanceId: "postgres-good", AuditStatus: "ON", LogExpireDay: 365 }] },
  },
];

const redis: readonly StateAnswer[] = [
  both(
    "redis:DescribeInstances",
    (InstanceSet) => ({ InstanceSet }),
    (kind) => ({
      InstanceId: `crs-${kind}`,
      InstanceName: kind,
      UniqVpcId: network.VpcId,
      UniqSubnetId: network.SubnetId,
      NoAuth: !good(kind),
      WanAddress: good(kind) ? "" : "crs.example.com:6379",
      Type: 17,
      Port: 6379,
    }),
  ),
  {
    action: "redis:DescribeInstanceSecurityGroup",
    region,
    answer: {
      InstanceSecurityGroupsDetail: [
        { InstanceId: "crs-good", SecurityGroupDetails: [{ SecurityGroupId: "sg-web00001", SecurityGroupName: "web" }] },
        { InstanceId: "crs-bad", SecurityGroupDetails: [] },
      ],
    },
  },
  ...each(
    "redis:DescribeSSLStatus",
    (kind) => ({ InstanceId: `crs-${kind}` }),
    (kind) => ({ CertDownloadUrl: "", UrlExpiredTime: "", SSLConfig: good(kind), FeatureSupport: true, Status: 2 }),
  ),
];

const sqlIds = ["mssql-good", "mssql-bad", "mssql-basic-good", "mssql-basic-bad"];

const sqlserver: readonly StateAnswer[] = [
  {
    action: "sqlserver:DescribeDBInstances",
    region,
    when: { PaginationType: "offset" },
    answer: {
      DBInstances: [
        ...sqlIds.map((id) => ({
          InstanceId: id,
          Name: id,
          InstanceType: id.includes("basic") ? "SI" : "cvmHA",
          Version: "2019",
          UniqVpcId: network.VpcId,
          UniqSubnetId: network.SubnetId,
          DnsPodDomain: fine(id) ? "" : "mssql.example.com",
          TgwWanVPort: fine(id) ? 0 : 1433,
          Status: 2,
        })),
        { InstanceId: "mssql-reader", Name: "reader", InstanceType: "cvmRO" },
      ],
    },
  },
  ...sqlIds.map((id) => ({
    action: "sqlserver:DescribeDBInstancesAttribute",
    when: { InstanceId: id },
    answer: {
      InstanceId: id,
      TDEConfig: {
        Encryption: fine(id) ? "enable" : "disable",
        CertificateAttribution: fine(id) ? "self" : "none",
        QuoteUin: null,
      },
      SSLConfig: { Encryption: fine(id) ? "enable" : "disable", SSLValidityPeriod: "", SSLValidity: 0, IsKMS: 0 },
    },
  })),
];

const tke: readonly StateAnswer[] = [
  both(
    "tke:DescribeClusters",
    (Clusters) => ({ Clusters }),
    (kind) => ({
      ClusterId: `cls-${kind}`,
      ClusterName: kind,
      ClusterVersion: good(kind) ? "1.34.1" : "1.20.6",
      ClusterType: "MANAGED_CLUSTER",
      ClusterNetworkSettings: { VpcId: network.VpcId, ClusterCIDR: "10.200.0.0/16", DataPlaneV2: false },
      DeletionProtection: good(kind),
      TagSpecification: [{ ResourceType: "cluster", Tags: [{ Key: "team", Value: "shop" }] }],
    }),
  ),
  ...each(
    "tke:DescribeClusterEndpointStatus",
    (kind) => ({ ClusterId: `cls-${kind}`, IsExtranet: true }),
    (kind) => ({ Status: good(kind) ? "NotFound" : "Created", ErrorMsg: "" }),
  ),
  ...each(
    "tke:DescribeClusterEndpoints",
    (kind) => ({ ClusterId: `cls-${kind}` }),
    (kind) => ({ SecurityGroup: good(kind) ? "" : "sg-old00001", ClusterExternalEndpoint: good(kind) ? "" : "203.0.113.50" }),
  ),
  {
    action: "tke:DescribeLogSwitches",
    region,
    answer: {
      SwitchSet: kinds.map((kind) => ({
        ClusterId: `cls-${kind}`,
        Audit: { Enable: good(kind), LogsetId: "", TopicId: "", Status: good(kind) ? "opened" : "closed" },
        Event: { Enable: good(kind), LogsetId: "", TopicId: "", Status: good(kind) ? "opened" : "closed" },
        Log: { Enable: good(kind), Status: good(kind) ? "opened" : "closed" },
      })),
    },
  },
  ...each(
    "tke:DescribeEncryptionStatus",
    (kind) => ({ ClusterId: `cls-${kind}` }),
    (kind) => ({ Status: good(kind) ? "Opened" : "Closed", ErrorMsg: "" }),
  ),
  ...each(
    "tke:DescribeAddon",
    (kind) => ({ ClusterId: `cls-${kind}` }),
    (kind) => ({ Addons: [{ AddonName: good(kind) ? "networkpolicy" : "cbs", AddonVersion: "1.0.0", Phase: "Succeeded" }] }),
  ),
  ...each(
    "tke:DescribeClusterNodePools",
    (kind) => ({ ClusterId: `cls-${kind}` }),
    (kind) => ({
      NodePoolSet: [
        {
          NodePoolId: `np-${kind}`,
          Name: kind,
          ClusterInstanceId: `cls-${kind}`,
          LifeState: "normal",
          // Those of the sample account.
          LaunchConfigurationId: good(kind) ? "asc-inner001" : "asc-public01",
          MaxNodesNum: 3,
          MinNodesNum: 1,
          DesiredNodesNum: 2,
          Tags: [],
        },
      ],
    }),
  ),
];

const tcr: readonly StateAnswer[] = [
  both(
    "tcr:DescribeInstances",
    (Registries) => ({ Registries }),
    (kind) => ({
      RegistryId: `tcr-${kind}`,
      RegistryName: kind,
      RegistryType: "premium",
      Status: "Running",
      DeletionProtection: good(kind),
      TagSpecification: { ResourceType: "instance", Tags: [] },
    }),
  ),
  ...each(
    "tcr:DescribeExternalEndpointStatus",
    (kind) => ({ RegistryId: `tcr-${kind}` }),
    (kind) => ({ Status: good(kind) ? "Closed" : "Opened", Reason: "" }),
  ),
  ...each(
    "tcr:DescribeSecurityPolicies",
    (kind) => ({ RegistryId: `tcr-${kind}` }),
    (kind) => ({
      SecurityPolicySet: good(kind) ? [] : [{ PolicyIndex: 0, CidrBlock: "0.0.0.0/0", Description: "all", PolicyVersion: "1" }],
    }),
  ),
  ...each(
    "tcr:DescribeImmutableTagRules",
    (kind) => ({ RegistryId: `tcr-${kind}` }),
    (kind) => ({
      Rules: [
        {
          RuleId: 1,
          NsName: "shop",
          Disabled: !good(kind),
          RepositoryPattern: "**",
          RepositoryDecoration: "repoMatches",
          TagPattern: "**",
          TagDecoration: "matches",
        },
      ],
      EmptyNs: [],
    }),
  ),
  ...each(
    "tcr:DescribeNamespaces",
    (kind) => ({ RegistryId: `tcr-${kind}`, All: true }),
    (kind) => ({
      NamespaceList: [
        { Name: kind, NamespaceId: 1, Public: !good(kind), AutoScan: good(kind), PreventVUL: good(kind), Severity: "high" },
      ],
    }),
  ),
];

const scf: readonly StateAnswer[] = [
  { action: "scf:ListNamespaces", region, answer: { Namespaces: [{ Name: "default", Type: "default" }] } },
  both(
    "scf:ListFunctions",
    (Functions) => ({ Functions }),
    (kind) => ({
      FunctionName: kind,
      Namespace: "default",
      FunctionId: `lam-${kind}`,
      Runtime: good(kind) ? "Nodejs20.19" : "Python2.7",
      Type: "Event",
      Status: "Active",
      Tags: [],
    }),
    { Namespace: "default" },
  ),
  ...each(
    "scf:GetFunction",
    (kind) => ({ FunctionName: kind, Namespace: "default" }),
    (kind) => ({
      FunctionName: kind,
      Namespace: "default",
      Runtime: good(kind) ? "Nodejs20.19" : "Python2.7",
      VpcConfig: network,
      PublicNetConfig: { PublicNetStatus: good(kind) ? "DISABLE" : "ENABLE", EipConfig: { EipStatus: "DISABLE", EipAddress: [] } },
      Environment: { Variables: good(kind) ? [] : [{ Key: "DB_PASSWORD", Value: "Sup3r-Tea-Leaf-2024" }] },
      ImageConfig: null,
    }),
  ),
];

const gateway: readonly StateAnswer[] = [
  {
    action: "apigateway:DescribeServicesStatus",
    region,
    answer: {
      Result: {
        ServiceSet: kinds.map((kind) => ({
          ServiceId: `service-${kind}`,
          ServiceName: kind,
          Protocol: good(kind) ? "https" : "http&https",
          NetTypes: ["OUTER"],
          Tags: [],
        })),
      },
    },
  },
  ...each(
    "apigateway:DescribeApisStatus",
    (kind) => ({ ServiceId: `service-${kind}` }),
    (kind) => ({
      Result: {
        ApiIdStatusSet: [
          {
            ServiceId: `service-${kind}`,
            ApiId: `api-${kind}`,
            ApiName: kind,
            AuthType: good(kind) ? "SECRET" : "NONE",
            Path: "/",
            Method: "GET",
          },
        ],
      },
    }),
  ),
];

const queues: readonly StateAnswer[] = [
  {
    action: "ckafka:DescribeInstancesDetail",
    region,
    answer: {
      Result: {
        InstanceList: kinds.map((kind) => ({
          ...network,
          InstanceId: `ckafka-${kind}`,
          InstanceName: kind,
          Status: 1,
          Version: "2.8.1",
          Tags: [],
        })),
      },
    },
  },
  ...each(
    "ckafka:DescribeInstanceAttributes",
    (kind) => ({ InstanceId: `ckafka-${kind}` }),
    (kind) => ({ Result: { InstanceId: `ckafka-${kind}`, DeleteProtectionEnable: good(kind) ? 1 : 0 } }),
  ),
  ...each(
    "ckafka:DescribeRoute",
    (kind) => ({ InstanceId: `ckafka-${kind}` }),
    (kind) => ({
      Result: {
        Routers: [
          { RouteId: 1, VipType: 3, AccessType: 0, VpcId: network.VpcId, Status: 2 },
          ...(good(kind) ? [] : [{ RouteId: 2, VipType: 1, AccessType: 1, VpcId: "", Status: 2 }]),
        ],
      },
    }),
  ),
  both(
    "tdmq:DescribeRabbitMQVipInstances",
    (Instances) => ({ Instances }),
    (kind) => ({ InstanceId: `amqp-${kind}`, InstanceName: kind, InstanceVersion: "3.13.7", Status: 1, NodeCount: 3, Tags: [] }),
  ),
  ...each(
    "tdmq:DescribeRabbitMQVipInstance",
    (kind) => ({ ClusterId: `amqp-${kind}` }),
    (kind) => ({ ClusterNetInfo: { PublicDataStreamStatus: good(kind) ? "OFF" : "ON", PublicAccessEndpoint: null } }),
  ),
];

const logs: readonly StateAnswer[] = [
  both(
    "cls:DescribeTopics",
    (Topics) => ({ Topics }),
    (kind) => ({
      TopicId: `topic-${kind}`,
      TopicName: kind,
      LogsetId: "logset",
      Period: good(kind) ? 3640 : 7,
      IsWebTracking: !good(kind),
      StorageType: "hot",
      Tags: [],
    }),
  ),
  both(
    "cls:DescribeAlarms",
    (Alarms) => ({ Alarms }),
    (kind) => ({
      AlarmId: `alarm-${kind}`,
      Name: kind,
      Status: good(kind),
      TriggerCount: 1,
      AlarmPeriod: 15,
      AlarmNoticeIds: [],
      Tags: [],
    }),
  ),
  {
    action: "monitor:DescribeAlarmPolicies",
    when: { Module: "monitor" },
    answer: {
      Policies: [
        {
          PolicyId: "policy-good",
          PolicyName: "good",
          Enable: 1,
          MonitorType: "MT_QCE",
          NoticeIds: ["notice-good"],
          HierarchicalNotices: null,
        },
        {
          PolicyId: "policy-silent-bad",
          PolicyName: "silent",
          Enable: 1,
          MonitorType: "MT_QCE",
          NoticeIds: [],
          HierarchicalNotices: null,
        },
        {
          PolicyId: "policy-off-bad",
          PolicyName: "off",
          Enable: 0,
          MonitorType: "MT_QCE",
          NoticeIds: ["notice-good"],
          HierarchicalNotices: null,
        },
      ],
    },
  },
  {
    action: "monitor:DescribeAlarmNotices",
    when: { Module: "monitor" },
    answer: {
      Notices: [
        {
          Id: "notice-good",
          Name: "good",
          NoticeType: "ALL",
          UserNotices: [
            { ReceiverType: "USER", UserIds: [5002], GroupIds: null, NoticeWay: ["EMAIL"], StartTime: 0, EndTime: 86399 },
          ],
          URLNotices: null,
        },
        { Id: "notice-bad", Name: "bad", NoticeType: "ALL", UserNotices: [], URLNotices: [] },
      ],
    },
  },
];

const hosts: readonly StateAnswer[] = [
  both(
    "lighthouse:DescribeInstances",
    (InstanceSet) => ({ InstanceSet }),
    (kind) => ({
      InstanceId: `lhins-${kind}`,
      InstanceName: kind,
      BundleId: "b",
      BlueprintId: "lhbp",
      Zone: "ap-guangzhou-3",
      Tags: [],
    }),
  ),
  ...each(
    "lighthouse:DescribeFirewallRules",
    (kind) => ({ InstanceId: `lhins-${kind}` }),
    (kind) => ({
      FirewallRuleSet: [
        { AppType: "HTTPS(443)", Protocol: "TCP", Port: "443", CidrBlock: "0.0.0.0/0", Ipv6CidrBlock: "", Action: "ACCEPT" },
        {
          AppType: "custom",
          Protocol: "TCP",
          Port: "22",
          CidrBlock: good(kind) ? "198.51.100.0/24" : "",
          Ipv6CidrBlock: good(kind) ? "" : "::/0",
          Action: "ACCEPT",
        },
      ],
    }),
  ),
  both(
    "cfs:DescribeCfsPGroups",
    (PGroupList) => ({ PGroupList }),
    (kind) => ({ PGroupId: `pgroup-${kind}`, Name: kind, DescInfo: "", CDate: "2024-01-01 00:00:00", BindCfsNum: 1 }),
  ),
  ...each(
    "cfs:DescribeCfsRules",
    (kind) => ({ PGroupId: `pgroup-${kind}` }),
    (kind) => ({
      RuleList: [
        {
          RuleId: "rule",
          AuthClientIp: good(kind) ? "10.0.1.0/24" : "*",
          RWPermission: "RW",
          UserPermission: "no_root_squash",
          Priority: 1,
        },
      ],
    }),
  ),
  both(
    "es:DescribeInstances",
    (InstanceList) => ({ InstanceList }),
    (kind) => ({
      InstanceId: `es-${kind}`,
      InstanceName: kind,
      EsVersion: "7.14.2",
      LicenseType: "basic",
      SecurityType: good(kind) ? 2 : 1,
      PublicAccess: good(kind) ? "CLOSE" : "OPEN",
      EsPublicAcl: good(kind) ? null : { BlackIpList: null, WhiteIpList: ["0.0.0.0/0"] },
      KibanaPublicAccess: "OPEN",
      EsAcl: { BlackIpList: [], WhiteIpList: good(kind) ? ["127.0.0.1"] : ["0.0.0.0/0"] },
      NodeInfoList: [
        { Type: "dedicatedMaster", NodeType: "ES.S1.MEDIUM4", NodeNum: 3, DiskType: "CLOUD_SSD", DiskSize: 20, DiskEncrypt: 0 },
        {
          Type: "hotData",
          NodeType: "ES.S1.LARGE8",
          NodeNum: 2,
          DiskType: "CLOUD_SSD",
          DiskSize: 100,
          DiskEncrypt: good(kind) ? 1 : 0,
        },
      ],
      TagList: [],
    }),
  ),
];

const edge: readonly StateAnswer[] = [
  {
    action: "cdn:DescribeDomainsConfig",
    answer: {
      Domains: kinds.map((kind) => ({
        Domain: `${kind}.example.com`,
        Status: "online",
        ServiceType: "web",
        Https: good(kind) ? { Switch: "on", Http2: "on", OcspStapling: "off", TlsVersion: ["TLSv1.2"] } : null,
        ForceRedirect: good(kind) ? { Switch: "on", RedirectType: "https", RedirectStatusCode: 301 } : null,
        Referer: good(kind) ? { Switch: "on", RefererRules: [] } : { Switch: "off", RefererRules: null },
        Authentication: null,
        Tag: [],
      })),
    },
  },
  {
    action: "waf:DescribeDomains",
    answer: {
      Domains: [
        ...kinds.map((kind) => ({
          Domain: `${kind}.shop.example.com`,
          DomainId: `waf-${kind}`,
          InstanceId: "waf_1",
          Edition: "sparta-waf",
          Status: 1,
          Mode: good(kind) ? 1 : 0,
          Engine: good(kind) ? 20 : 10,
          Ports: [
            { Port: "80", Protocol: "http", UpstreamPort: "80", UpstreamProtocol: "http", NginxServerId: 1 },
            { Port: "443", Protocol: "https", UpstreamPort: "443", UpstreamProtocol: "https", NginxServerId: 2 },
          ],
        })),
        ...kinds.map((kind) => ({
          Domain: `${kind}.clb.example.com`,
          DomainId: `waf-clb-${kind}`,
          InstanceId: "waf_2",
          Edition: "clb-waf",
          Status: good(kind) ? 1 : 0,
          Mode: 1,
          Engine: 20,
          Ports: null,
        })),
      ],
    },
  },
  ...each(
    "waf:DescribeDomainDetailsSaas",
    (kind) => ({ DomainId: `waf-${kind}` }),
    (kind) => ({ DomainsPartInfo: { DomainId: `waf-${kind}`, HttpsRewrite: good(kind) ? 1 : 0, TLSVersion: 3 } }),
  ),
];

const secrets: readonly StateAnswer[] = [
  both(
    "ssm:ListSecrets",
    (SecretMetadatas) => ({ SecretMetadatas }),
    (kind) => ({
      SecretName: `secret-${kind}`,
      Status: "Enabled",
      SecretType: 0,
      KmsKeyId: "k",
      KmsKeyType: good(kind) ? "CUSTOMER" : "DEFAULT",
      EncryptType: 0,
    }),
    { SecretType: 0 },
  ),
  both(
    "ssm:ListSecrets",
    (SecretMetadatas) => ({ SecretMetadatas }),
    (kind) => ({
      SecretName: `database-${kind}`,
      Status: "Enabled",
      SecretType: 1,
      KmsKeyId: "k",
      KmsKeyType: "CUSTOMER",
      ProductName: "Mysql",
      ResourceID: "cdb-shop0001",
      RotationStatus: good(kind) ? 1 : 0,
    }),
    { SecretType: 1 },
  ),
];

const tunnels: readonly StateAnswer[] = [
  both(
    "vpc:DescribeVpnConnections",
    (VpnConnectionSet) => ({ VpnConnectionSet }),
    (kind) => ({
      VpnConnectionId: `vpnx-${kind}`,
      VpnConnectionName: kind,
      VpcId: network.VpcId,
      PreShareKey: "a key that must not be read",
      IKEOptionsSpecification: {
        PropoEncryAlgorithm: good(kind) ? "AES-CBC-256" : "3DES-CBC",
        PropoAuthenAlgorithm: good(kind) ? "SHA-256" : "MD5",
        DhGroupName: good(kind) ? "GROUP14" : "GROUP1",
        IKEVersion: "IKEV2",
      },
      IPSECOptionsSpecification: {
        EncryptAlgorithm: good(kind) ? "AES-CBC-256" : "3DES-CBC",
        IntegrityAlgorithm: good(kind) ? "SHA-256" : "MD5",
        PfsDhGroup: good(kind) ? "DH-GROUP14" : "NULL",
      },
    }),
  ),
  both(
    "vpc:DescribeVpcEndPointService",
    (EndPointServiceSet) => ({ EndPointServiceSet }),
    (kind) => ({
      EndPointServiceId: `vpcsvc-${kind}`,
      ServiceName: kind,
      VpcId: network.VpcId,
      AutoAcceptFlag: !good(kind),
      TagSet: [],
    }),
  ),
];

/** What an account has once, rightly set up; `bare` is the same account before anybody has. */
export const singletons: readonly StateAnswer[] = [
  {
    action: "organization:DescribeOrganization",
    answer: { OrgId: 70001, HostUin: 100000000001, NickName: "lotus", IsManager: true, OrgType: 1, RootNodeId: 1 },
  },
  { action: "organization:DescribePolicyConfig", when: { Type: 0 }, answer: { Status: 1, Type: "SERVICE_CONTROL_POLICY" } },
  { action: "organization:DescribePolicyConfig", when: { Type: 1 }, answer: { Status: 0, Type: "TAG_POLICY" } },
  { action: "config:DescribeConfigRecorder", answer: { Status: 1, Items: [{ ResourceType: "QCS::CVM::Instance" }] } },
  { action: "cfw:DescribeIpsModeSwitch", answer: { Data: { Mode: 1 }, ReturnCode: 0, ReturnMsg: "success" } },
  { action: "cwp:DescribeLicenseGeneral", answer: { AutoOpenStatus: true, ProtectType: "PROVERSION_PREPAY" } },
  {
    action: "csip:DescribeScanTaskList",
    answer: { Data: [{ TaskId: "task", TaskName: "weekly", TaskType: 0, ScanAssetType: 1 }] },
  },
];

export const bare: readonly StateAnswer[] = [
  {
    action: "organization:DescribeOrganization",
    answer: { OrgId: 70001, HostUin: 100000000001, NickName: "lotus", IsManager: true, OrgType: 1, RootNodeId: 1 },
  },
  { action: "organization:DescribePolicyConfig", answer: { Status: 0, Type: "" } },
  { action: "config:DescribeConfigRecorder", answer: { Status: 0, Items: null } },
  { action: "cfw:DescribeIpsModeSwitch", answer: { Data: { Mode: 0 }, ReturnCode: 0, ReturnMsg: "success" } },
  { action: "cwp:DescribeLicenseGeneral", answer: { AutoOpenStatus: false, ProtectType: "" } },
  { action: "csip:DescribeScanTaskList", answer: { Data: [{ TaskId: "task", TaskName: "once", TaskType: 1, ScanAssetType: 1 }] } },
];

export const seeds: readonly StateAnswer[] = [
  ...cynosdb,
  ...mongodb,
  ...postgres,
  ...redis,
  ...sqlserver,
  ...tke,
  ...tcr,
  ...scf,
  ...gateway,
  ...queues,
  ...logs,
  ...hosts,
  ...edge,
  ...secrets,
  ...tunnels,
];

/** The sample account's own settings, put right: these go before its answers. */
export const careful: readonly StateAnswer[] = [
  {
    action: "cam:DescribeSafeAuthFlagColl",
    when: { SubUin: 100000000001 },
    answer: {
      LoginFlag: { Phone: 0, Token: 0, Stoken: 0, Wechat: 0, Custom: 0, Mail: 1, U2FToken: 0 },
      ActionFlag: { Phone: 1, Token: 0, Stoken: 0, Wechat: 0, Custom: 0, Mail: 0, U2FToken: 0 },
      OffsiteFlag: { VerifyFlag: 1, NotifyPhone: 1, NotifyEmail: 1, NotifyWechat: 0, Tips: 0 },
      PromptTrust: 0,
    },
  },
  {
    action: "cam:ListAccessKeys",
    when: { TargetUin: 100000000001 },
    answer: {
      AccessKeys: [{ AccessKeyId: "AKIDmainuser", Status: "Inactive", CreateTime: "2020-01-01 00:00:00", Description: null }],
    },
  },
  {
    action: "cam:GetPasswordRules",
    answer: { Rules: { MinimumLength: 14, ReusePasswordLimit: 0, RetryPasswordLimit: 5 }, UpdateTime: "", Modifier: "" },
  },
  { action: "cam:DescribeUserSAMLConfig", answer: { SAMLMetadata: "", Status: 11, AuxiliaryDomain: "" } },
  {
    action: "cloudaudit:DescribeAuditTracks",
    answer: {
      Tracks: [
        {
          TrackId: 1002,
          Name: "everything",
          ActionType: "*",
          ResourceType: "*",
          EventNames: ["*"],
          Status: 1,
          Storage: {
            StorageType: "cos",
            StorageRegion: region,
            StorageName: "lotus-logs",
            StorageAppId: "1250000000",
            Compress: 1,
          },
          CreateTime: "2023-09-10 08:00:00",
        },
      ],
    },
  },
  {
    action: "cloudaudit:DescribeAuditTrack",
    when: { TrackId: 1002 },
    answer: { Name: "everything", ActionType: "*", ResourceType: "*", Status: 1, TrackForAllMembers: 1 },
  },
  { action: "monitor:DescribeAlarmPolicies", when: { Module: "monitor" }, answer: { Policies: [] } },
];
