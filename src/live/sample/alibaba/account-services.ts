import type { JsonObject } from "../../../core/snapshots/model.ts";
import { sampleAccountId, type Clock } from "./account-basics.ts";
import type { LogProject, Recorded } from "./state.ts";

const region = "cn-hangzhou";

/** Databases, keys and load balancers of the sample account. */
export function serviceState(ago: Clock): readonly Recorded[] {
  return [...databases(ago), ...keys(ago), ...balancers()];
}

function databases(ago: Clock): Recorded[] {
  const instance = (DBInstanceId: string, DBInstanceDescription: string, more: JsonObject): JsonObject => ({
    DBInstanceId,
    DBInstanceDescription,
    Engine: "MySQL",
    EngineVersion: "8.0",
    DBInstanceClass: "mysql.n2.medium.2c",
    DBInstanceType: "Primary",
    DBInstanceStatus: "Running",
    DBInstanceStorageType: "cloud_essd",
    DBInstanceNetType: "Intranet",
    InstanceNetworkType: "VPC",
    PayType: "Postpaid",
    RegionId: region,
    ZoneId: `${region}-h`,
    VpcId: "vpc-bp1shop00000000000001",
    VSwitchId: "vsw-bp1shop00000000000001",
    CreateTime: ago(480),
    ...more,
  });
  const of = (DBInstanceId: string): { region: string; of: Record<string, string> } => ({ region, of: { DBInstanceId } });
  const list = (DBInstanceIPArrayName: string, SecurityIPList: string, attribute = ""): JsonObject => ({
    DBInstanceIPArrayName,
    DBInstanceIPArrayAttribute: attribute,
    SecurityIPList,
    SecurityIPType: "IPv4",
    WhitelistNetworkType: "MIX",
  });
  const net = (IPType: string, ConnectionString: string, IPAddress: string): JsonObject => ({
    IPType,
    ConnectionString,
    IPAddress,
    Port: "3306",
    ConnectionStringType: "Normal",
  });
  const orders = "rm-bp1orders000000001";
  const reports = "pgm-bp1reports0000001";
  return [
    {
      operation: "rds:DescribeDBInstances",
      region,
      items: [
        instance(orders, "orders", { DeletionProtection: true }),
        instance(reports, "reports", {
          Engine: "PostgreSQL",
          EngineVersion: "14.0",
          DBInstanceClass: "pg.n2.medium.2c",
          DeletionProtection: false,
        }),
      ],
    },
    {
      operation: "rds:DescribeDBInstanceIPArrayList",
      ...of(orders),
      items: [list("default", "10.0.0.0/16"), list("hdm_security_ips", "100.104.0.0/16", "hidden")],
    },
    { operation: "rds:DescribeDBInstanceIPArrayList", ...of(reports), items: [list("default", "0.0.0.0/0,10.0.1.0/24")] },
    { operation: "rds:DescribeDBInstanceSSL", ...of(orders), body: { SSLEnabled: "Yes", RequireUpdate: "No" } },
    { operation: "rds:DescribeDBInstanceSSL", ...of(reports), body: { SSLEnabled: "off", RequireUpdate: "0" } },
    {
      operation: "rds:DescribeDBInstanceTDE",
      ...of(orders),
      body: { TDEStatus: "Enabled", TDEMode: "Customer_Provided_Key", EncryptionKey: "key-hzz0000000000000000000" },
    },
    {
      operation: "rds:DescribeDBInstanceTDE",
      ...of(reports),
      body: { TDEStatus: "Disabled", TDEMode: "Unknown", EncryptionKey: "" },
    },
    { operation: "rds:DescribeDBInstanceEncryptionKey", ...of(orders), body: { EncryptionKey: "" } },
    { operation: "rds:DescribeDBInstanceEncryptionKey", ...of(reports), body: { EncryptionKey: "" } },
    { operation: "rds:DescribeSQLCollectorPolicy", ...of(orders), body: { SQLCollectorStatus: "Enable", StoragePeriod: 0 } },
    { operation: "rds:DescribeSQLCollectorPolicy", ...of(reports), body: { SQLCollectorStatus: "Disabled", StoragePeriod: 0 } },
    { operation: "rds:DescribeSQLCollectorRetention", ...of(orders), body: { ConfigValue: "180" } },
    { operation: "rds:DescribeSQLCollectorRetention", ...of(reports), body: { ConfigValue: "30" } },
    { operation: "rds:DescribeParameters", ...of(orders), items: [{ ParameterName: "max_connections", ParameterValue: "2000" }] },
    {
      operation: "rds:DescribeParameters",
      ...of(reports),
      items: [
        { ParameterName: "log_connections", ParameterValue: "off" },
        { ParameterName: "log_disconnections", ParameterValue: "off" },
        { ParameterName: "log_duration", ParameterValue: "on" },
      ],
    },
    {
      operation: "rds:DescribeDBInstanceNetInfo",
      ...of(orders),
      items: [net("Private", `${orders}.mysql.rds.aliyuncs.com`, "10.0.1.20")],
    },
    {
      operation: "rds:DescribeDBInstanceNetInfo",
      ...of(reports),
      items: [
        net("Private", `${reports}.pg.rds.aliyuncs.com`, "10.0.1.21"),
        net("Public", "harbourreports.pg.rds.aliyuncs.com", "203.0.113.40"),
      ],
    },
  ];
}

function keys(ago: Clock): Recorded[] {
  const key = (KeyId: string, Description: string, more: JsonObject): Recorded => ({
    operation: "kms:DescribeKey",
    region,
    of: { KeyId },
    body: {
      KeyMetadata: {
        KeyId,
        Arn: `acs:kms:${region}:${sampleAccountId}:key/${KeyId}`,
        Description,
        KeyState: "Enabled",
        KeyUsage: "ENCRYPT/DECRYPT",
        KeySpec: "Aliyun_AES_256",
        Origin: "Aliyun_KMS",
        ProtectionLevel: "SOFTWARE",
        Creator: sampleAccountId,
        CreationDate: ago(490),
        ...more,
      },
    },
  });
  const policy = (KeyId: string, who: string): Recorded => {
    const statement = {
      Sid: "kms default key policy",
      Effect: "Allow",
      Principal: { RAM: [who] },
      Action: ["kms:*"],
      Resource: ["*"],
    };
    return {
      operation: "kms:GetKeyPolicy",
      region,
      of: { KeyId },
      body: { Policy: JSON.stringify({ Version: "1", Statement: [statement] }) },
    };
  };
  const all = ["key-hzz0000000000000000000", "key-hzz0000000000000000001", "key-hzz0000000000000000002"];
  return [
    {
      operation: "kms:ListKeys",
      region,
      items: all.map((KeyId) => ({ KeyId, KeyArn: `acs:kms:${region}:${sampleAccountId}:key/${KeyId}` })),
    },
    key("key-hzz0000000000000000000", "shop", {
      AutomaticRotation: "Enabled",
      RotationInterval: "31536000s",
      DeletionProtection: "Enabled",
    }),
    key("key-hzz0000000000000000001", "first attempt", { AutomaticRotation: "Disabled", DeletionProtection: "Disabled" }),
    policy("key-hzz0000000000000000000", `acs:ram::${sampleAccountId}:*`),
    policy("key-hzz0000000000000000001", "*"),
    // Made by the object storage for itself.
    key("key-hzz0000000000000000002", "default key of OSS", { Creator: "Oss", AutomaticRotation: "Disabled" }),
  ];
}

function balancers(): Recorded[] {
  const balancer = (LoadBalancerId: string, LoadBalancerName: string, AddressType: string, Address: string): JsonObject => ({
    LoadBalancerId,
    LoadBalancerName,
    Address,
    AddressType,
    AddressIPVersion: "ipv4",
    LoadBalancerStatus: "active",
    LoadBalancerSpec: "slb.s1.small",
    InternetChargeType: "paybytraffic",
    NetworkType: "vpc",
    VpcId: "vpc-bp1shop00000000000001",
    VSwitchId: AddressType === "intranet" ? "vsw-bp1shop00000000000001" : "",
    MasterZoneId: `${region}-h`,
    SlaveZoneId: `${region}-i`,
    RegionId: region,
    Tags: { Tag: [] },
  });
  const shop = "lb-bp1shop0000000000001";
  const legacy = "lb-bp1legacy00000000001";
  const listener = (LoadBalancerId: string, ListenerProtocol: string, ListenerPort: number, more: JsonObject): JsonObject => ({
    LoadBalancerId,
    ListenerProtocol,
    ListenerPort,
    BackendServerPort: 8080,
    Bandwidth: -1,
    Scheduler: "wrr",
    Status: "running",
    Description: "",
    AclStatus: "off",
    AclType: "",
    AclIds: [],
    ...more,
  });
  return [
    {
      operation: "slb:DescribeLoadBalancers",
      region,
      items: [balancer(shop, "shop", "internet", "203.0.113.10"), balancer(legacy, "legacy", "internet", "203.0.113.11")],
    },
    {
      operation: "slb:DescribeLoadBalancerAttribute",
      region,
      of: { LoadBalancerId: shop },
      body: { LoadBalancerId: shop, DeleteProtection: "on", Bandwidth: -1 },
    },
    {
      operation: "slb:DescribeLoadBalancerAttribute",
      region,
      of: { LoadBalancerId: legacy },
      body: { LoadBalancerId: legacy, DeleteProtection: "off", Bandwidth: 5 },
    },
    {
      operation: "slb:DescribeLoadBalancerListeners",
      region,
      items: [
        listener(shop, "https", 443, {
          HTTPSListenerConfig: { TLSCipherPolicy: "tls_cipher_policy_1_2_strict", ServerCertificateId: "1-example" },
        }),
        listener(shop, "http", 80, { HTTPListenerConfig: { ListenerForward: "on", ForwardPort: 443 } }),
        listener(shop, "tcp", 22, {
          BackendServerPort: 22,
          AclStatus: "on",
          AclType: "white",
          AclIds: ["acl-bp1office00000000001"],
        }),
        listener(legacy, "https", 443, {
          HTTPSListenerConfig: { TLSCipherPolicy: "tls_cipher_policy_1_0", ServerCertificateId: "1-example" },
        }),
        listener(legacy, "http", 80, { HTTPListenerConfig: { ListenerForward: "off" } }),
        listener(legacy, "tcp", 3306, { BackendServerPort: 3306 }),
      ],
    },
    {
      operation: "slb:DescribeAccessControlLists",
      region,
      items: [{ AclId: "acl-bp1office00000000001", AclName: "office", AddressIPVersion: "ipv4" }],
    },
    {
      operation: "slb:DescribeAccessControlListAttribute",
      region,
      of: { AclId: "acl-bp1office00000000001" },
      items: [{ AclEntryIP: "198.51.100.0/28", AclEntryComment: "office" }],
    },
  ];
}

/** Logs of the sample account, and the rules that somebody made over them. */
export function sampleProjects(): readonly LogProject[] {
  const rule = (name: string, displayName: string, status: string, query: string): JsonObject => ({
    name,
    displayName,
    description: "",
    status,
    createTime: 1_700_000_000,
    configuration: {
      type: "default",
      version: "2.0",
      threshold: 1,
      muteUntil: 0,
      dashboard: "internal-alert-analysis",
      queryList: [
        {
          project: "harbour-trail-logs",
          region,
          store: "actiontrail_harbour",
          storeType: "log",
          query,
          start: "-300s",
          end: "now",
        },
      ],
    },
    schedule: { type: "FixedRate", interval: "5m" },
  });
  const store = (logstoreName: string, ttl: number, enable_tracking: boolean): JsonObject => ({
    logstoreName,
    ttl,
    enable_tracking,
    shardCount: 2,
    autoSplit: true,
    appendMeta: true,
    hot_ttl: 30,
    mode: "standard",
    telemetryType: "",
  });
  return [
    {
      region,
      project: { projectName: "harbour-trail-logs", description: "", region, status: "Normal" },
      logstores: [store("actiontrail_harbour", 365, false)],
      alerts: [
        rule(
          "alert-root",
          "Use of the root account",
          "ENABLED",
          "* | select count(1) as n from log where \"event.userIdentity.type\" = 'root-account'",
        ),
        rule(
          "alert-mfa",
          "Sign-in without MFA",
          "DISABLED",
          "event.eventName: ConsoleSignin and addionalEventData.mfaChecked: false",
        ),
      ],
    },
    {
      region,
      project: { projectName: "harbour-flow-logs", description: "", region, status: "Normal" },
      logstores: [store("vpc", 7, false), store("web-clicks", 30, true)],
    },
  ];
}
