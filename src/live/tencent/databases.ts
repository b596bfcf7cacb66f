import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Facts, Found } from "../collector.ts";
import type { Session } from "./client.ts";
import { at, attributes, loose, objects, reference, string, tags, truth, word } from "./shape.ts";
import { inBatches, pages, satellite, thing, type TencentCollector, type TencentDetail } from "./things.ts";

/** Audit services of a product: instances whose audit is on. */
function audits(product: string, type: string, parameters: JsonObject = {}): TencentCollector {
  const action = `${product}:DescribeAuditInstanceList`;
  return {
    types: [type],
    scope: "region",
    actions: [action],
    list: async (session, region) =>
      (await session.list(action, pages("Items"), { AuditSwitch: 1, ...parameters }, region))
        .filter((instance) => at(instance, "AuditStatus") === "ON")
        .map((instance) => {
          const id = string(instance, "InstanceId");
          return satellite(type, id, { instance_id: id, ...attributes(instance, { log_expire_day: "LogExpireDay" }) });
        }),
  };
}

const clusterType = "tencentcloud_cynosdb_cluster";
const wanType = "tencentcloud_cynosdb_wan";
const clusterSslType = "tencentcloud_cynosdb_ssl";
const clusterEncryptionType = "tencentcloud_cynosdb_cluster_transparent_encrypt";

const cynosdbCollector: TencentCollector = {
  types: [clusterType],
  scope: "region",
  actions: ["cynosdb:DescribeClusters"],
  list: async (session, region) =>
    (await session.list("cynosdb:DescribeClusters", pages("ClusterSet"), {}, region)).map((cluster) =>
      thing(
        clusterType,
        cluster,
        { id: "ClusterId", name: "ClusterName", tags: tags(cluster, "ResourceTags", "TagKey", "TagValue") },
        {
          cluster_name: "ClusterName",
          cluster_status: "Status",
          db_type: "DbType",
          db_version: "DbVersion",
          db_mode: "DbMode",
          cynos_version: "CynosVersion",
          available_zone: "Zone",
          project_id: "ProjectID",
          vpc_id: "VpcId",
          subnet_id: "SubnetId",
          port: "Vport",
          storage_limit: "StorageLimit",
          create_time: "CreateTime",
        },
      ),
    ),
  details: [
    {
      of: clusterType,
      actions: ["cynosdb:DescribeClusterInstanceGrps"],
      gives: [wanType],
      read: async (session, { id }, region) => {
        const groups = await instanceGroups(session, id, region);
        const open = groups.filter((group) => [string(group, "WanIP"), string(group, "WanDomain")].some((one) => one !== ""));
        const writer = groups.flatMap((group) => objects(group, "InstanceSet")).find(isWriter);
        return {
          attributes: writer === undefined ? {} : { instance_id: string(writer, "InstanceId") },
          satellites: open.map((group) => {
            const its = string(group, "InstanceGroupId");
            const members = attributes(group, {
              wan_status: "WanStatus",
              wan_ip: "WanIP",
              wan_port: "WanPort",
              wan_domain: "WanDomain",
            });
            return satellite(wanType, `${id}#${its}`, { cluster_id: id, instance_grp_id: its, ...members });
          }),
        };
      },
    },
    {
      of: clusterType,
      actions: ["cynosdb:DescribeSSLStatus"],
      gives: [clusterSslType],
      read: async (session, { id }, region) => {
        const groups = await instanceGroups(session, id, region);
        const instances = groups.flatMap((group) => objects(group, "InstanceSet")).map((one) => string(one, "InstanceId"));
        const found = await Promise.all(
          [...new Set(instances)].map(async (instance): Promise<Found> => {
            const ssl = await session.call("cynosdb:DescribeSSLStatus", { ClusterId: id, InstanceId: instance }, region);
            const members = attributes(ssl, { status: word("IsOpenSSL", { yes: "ON", no: "OFF" }) });
            return satellite(clusterSslType, `${id}#${instance}`, { cluster_id: id, instance_id: instance, ...members });
          }),
        );
        return { satellites: found };
      },
    },
    {
      of: clusterType,
      actions: ["cynosdb:DescribeClusterTransparentEncryptInfo"],
      gives: [clusterEncryptionType],
      read: async (session, { id }, region) => {
        const info = await session.call("cynosdb:DescribeClusterTransparentEncryptInfo", { ClusterId: id }, region);
        // A cluster without encryption has no key. Older answers have no kind of key.
        if (loose(info, "KeyId") === "" && loose(info, "KeyType") === "") {
          if (at(info, "KeyId") === undefined || at(info, "KeyType") === undefined) throw new Error("no encryption in the answer");
          return {};
        }
        const members = attributes(info, {
          key_id: reference("KeyId"),
          key_region: reference("KeyRegion"),
          key_type: "KeyType",
          is_open_global_encryption: "IsOpenGlobalEncryption",
        });
        return { satellites: [satellite(clusterEncryptionType, id, { cluster_id: id, ...members })] };
      },
    },
  ],
};

function instanceGroups(session: Session, cluster: string, region: string): Promise<readonly JsonObject[]> {
  const once = { items: "InstanceGroupInfoList", by: "none", size: 0 } as const;
  return session.once(`cynosdb ${region} ${cluster}`, () =>
    session.list("cynosdb:DescribeClusterInstanceGrps", once, { ClusterId: cluster }, region),
  );
}

const isWriter = (instance: JsonObject): boolean =>
  loose(instance, "InstanceRole") === "master" || loose(instance, "InstanceType") === "rw";

const mongoSslType = "tencentcloud_mongodb_instance_ssl";
const mongoEncryptionType = "tencentcloud_mongodb_instance_transparent_data_encryption";
const mongoTypes: Readonly<Record<string, string>> = {
  0: "tencentcloud_mongodb_instance",
  1: "tencentcloud_mongodb_sharding_instance",
};

/** Replica sets and sharded clusters; what only follows one is a type of its own in Terraform. */
const mongoCollector: TencentCollector = {
  types: Object.values(mongoTypes),
  scope: "region",
  actions: ["mongodb:DescribeDBInstances"],
  list: async (session, region) => {
    const instances = await session.list("mongodb:DescribeDBInstances", pages("InstanceDetails"), {}, region);
    return instances.flatMap((instance): readonly Found[] => {
      const type = mongoTypes[string(instance, "ClusterType")];
      if (type === undefined || string(instance, "InstanceType") !== "1") return [];
      return [
        thing(
          type,
          instance,
          { id: "InstanceId", name: "InstanceName", tags: tags(instance, "Tags", "TagKey", "TagValue") },
          {
            instance_name: "InstanceName",
            engine_version: "MongoVersion",
            machine_type: "MachineType",
            available_zone: "Zone",
            project_id: "ProjectId",
            vpc_id: reference("VpcId"),
            subnet_id: reference("SubnetId"),
            status: "Status",
            vip: "Vip",
            vport: "Vport",
            create_time: "CreateTime",
          },
        ),
      ];
    });
  },
  details: Object.values(mongoTypes).flatMap(mongoDetails),
};

function mongoDetails(of: string): readonly TencentDetail[] {
  return [
    {
      of,
      actions: ["mongodb:DescribeInstanceSSL"],
      gives: [mongoSslType],
      read: async (session, { id }, region) => {
        const ssl = await session.call("mongodb:DescribeInstanceSSL", { InstanceId: id }, region);
        const members = attributes(ssl, { status: "Status", enable: (it) => truth(at(it, "Status")) ?? undefined });
        return { satellites: [satellite(mongoSslType, id, { instance_id: id, ...members })] };
      },
    },
    {
      of,
      actions: ["mongodb:DescribeTransparentDataEncryptionStatus"],
      gives: [mongoEncryptionType],
      read: async (session, { id }, region) => {
        const answer = await session.call("mongodb:DescribeTransparentDataEncryptionStatus", { InstanceId: id }, region);
        const status = at(answer, "TransparentDataEncryptionStatus");
        if (status === "close") return { attributes: { data_encryption: "No_Encryption" } };
        if (status !== "open") throw new Error("no encryption in the answer");
        const members = { instance_id: id, transparent_data_encryption_status: status };
        return { attributes: { data_encryption: "TDE" }, satellites: [satellite(mongoEncryptionType, id, members)] };
      },
    },
  ];
}

const postgresType = "tencentcloud_postgresql_instance";
const postgresSslType = "tencentcloud_postgresql_instance_ssl_config";

const postgresCollector: TencentCollector = {
  types: [postgresType],
  scope: "region",
  actions: ["postgres:DescribeDBInstances"],
  list: async (session, region) =>
    (await session.list("postgres:DescribeDBInstances", pages("DBInstanceSet"), {}, region))
      .filter((instance) => string(instance, "DBInstanceType") === "primary")
      .map((instance) =>
        thing(
          postgresType,
          instance,
          { id: "DBInstanceId", name: "DBInstanceName", tags: tags(instance, "TagList", "TagKey", "TagValue") },
          {
            name: "DBInstanceName",
            availability_zone: "Zone",
            project_id: "ProjectId",
            vpc_id: "VpcId",
            subnet_id: "SubnetId",
            engine_version: "DBVersion",
            db_major_version: "DBMajorVersion",
            db_kernel_version: "DBKernelVersion",
            memory: "DBInstanceMemory",
            storage: "DBInstanceStorage",
            charset: "DBCharset",
            create_time: "CreateTime",
            delete_protection: "DeletionProtection",
            public_access_switch: isPublic,
          },
        ),
      ),
  details: [
    {
      of: postgresType,
      actions: ["postgres:DescribeEncryptionKeys"],
      read: async (session, { id }, region) => {
        const once = { items: "EncryptionKeys", by: "none", size: 0 } as const;
        const keys = await session.list("postgres:DescribeEncryptionKeys", once, { DBInstanceId: id }, region);
        const used = keys.find((key) => at(key, "IsEnabled") === 1);
        if (used === undefined) return { attributes: { need_support_tde: 0 } };
        return {
          attributes: { need_support_tde: 1, ...attributes(used, { kms_key_id: "KeyId", kms_region: "KeyRegion" }) },
        };
      },
    },
    {
      of: postgresType,
      actions: ["postgres:DescribeDBInstanceSSLConfig"],
      gives: [postgresSslType],
      read: async (session, { id }, region) => {
        const ssl = await session.call("postgres:DescribeDBInstanceSSLConfig", { DBInstanceId: id }, region);
        const members = attributes(ssl, { ssl_enabled: "SSLEnabled" });
        return { satellites: [satellite(postgresSslType, id, { db_instance_id: id, ...members })] };
      },
    },
  ],
};

/** A public address counts from when it is being opened until it is closed. */
function isPublic(instance: JsonObject): Json | undefined {
  const networks = at(instance, "DBInstanceNetInfo");
  if (!Array.isArray(networks)) return undefined;
  const all = (networks as readonly Json[]).filter(isJsonObject);
  if (all.some((one) => at(one, "NetType") === undefined || at(one, "Status") === undefined)) return undefined;
  return all.some((one) => at(one, "NetType") === "public" && !["initing", "closed"].includes(string(one, "Status")));
}

const redisType = "tencentcloud_redis_instance";
const redisSslType = "tencentcloud_redis_ssl";

const redisCollector: TencentCollector = {
  types: [redisType],
  scope: "region",
  actions: ["redis:DescribeInstances"],
  list: async (session, region) =>
    (await session.list("redis:DescribeInstances", pages("InstanceSet"), {}, region)).map((instance) =>
      thing(
        redisType,
        instance,
        { id: "InstanceId", name: "InstanceName", tags: tags(instance, "InstanceTags", "TagKey", "TagValue") },
        {
          name: "InstanceName",
          type_id: "Type",
          mem_size: "Size",
          port: "Port",
          project_id: "ProjectId",
          vpc_id: reference("UniqVpcId"),
          subnet_id: reference("UniqSubnetId"),
          ip: "WanIp",
          no_auth: "NoAuth",
          wan_address: reference("WanAddress"),
          wan_address_switch: (it) => {
            const address = at(it, "WanAddress");
            return address === undefined ? undefined : address === "" || address === null ? "close" : "open";
          },
          redis_shard_num: "RedisShardNum",
          redis_replicas_num: "RedisReplicasNum",
          create_time: "Createtime",
        },
      ),
    ),
  details: [
    {
      of: redisType,
      actions: ["redis:DescribeInstanceSecurityGroup"],
      readAll: async (session, found, region) => {
        const rows = await inBatches(found, 100, async (batch) => {
          const parameters = { InstanceIds: batch.map(({ id }) => id) };
          const once = { items: "InstanceSecurityGroupsDetail", by: "none", size: 0 } as const;
          return session.list("redis:DescribeInstanceSecurityGroup", once, parameters, region);
        });
        return new Map(
          rows.map((row): [string, Facts] => [
            string(row, "InstanceId"),
            {
              attributes: {
                security_groups: objects(row, "SecurityGroupDetails").map((group) => string(group, "SecurityGroupId")),
              },
            },
          ]),
        );
      },
    },
    {
      of: redisType,
      actions: ["redis:DescribeSSLStatus"],
      gives: [redisSslType],
      read: async (session, { id }, region) => {
        const ssl = await session.call("redis:DescribeSSLStatus", { InstanceId: id }, region);
        const members = attributes(ssl, { ssl_config: word("SSLConfig", { true: "enabled", false: "disabled" }) });
        return { satellites: [satellite(redisSslType, id, { instance_id: id, ...members })] };
      },
    },
  ],
};

const sqlType = "tencentcloud_sqlserver_instance";
const sqlBasicType = "tencentcloud_sqlserver_basic_instance";
const sqlWanType = "tencentcloud_sqlserver_wan_ip_config";
const sqlSslType = "tencentcloud_sqlserver_db_instance_ssl_config";
const sqlTdeType = "tencentcloud_sqlserver_instance_tde";

/** By the API's kinds of instances. Those that only read, and those for business intelligence, are other types. */
const sqlTypes: Readonly<Record<string, string>> = {
  SI: sqlBasicType,
  HA: sqlType,
  cvmHA: sqlType,
  MultiHA: sqlType,
  cvmMultiHA: sqlType,
};

/** Older answers have no kind: they say whether an instance stands alone (2), or only reads. */
function sqlKind(instance: JsonObject): string {
  if (at(instance, "InstanceType") !== undefined) return string(instance, "InstanceType");
  if (string(instance, "ROFlag") !== "") return "RO";
  return string(instance, "Model") === "2" ? "SI" : "HA";
}

const sqlCollector: TencentCollector = {
  types: [sqlType, sqlBasicType, sqlWanType],
  scope: "region",
  actions: ["sqlserver:DescribeDBInstances"],
  list: async (session, region) => {
    const parameters = { PaginationType: "offset" };
    const instances = await session.list("sqlserver:DescribeDBInstances", pages("DBInstances"), parameters, region);
    return instances.flatMap((instance): readonly Found[] => {
      const type = sqlTypes[sqlKind(instance)];
      if (type === undefined) return [];
      const made = thing(
        type,
        instance,
        { id: "InstanceId", name: "Name", tags: tags(instance, "ResourceTags", "TagKey", "TagValue") },
        {
          name: "Name",
          engine_version: "Version",
          availability_zone: "Zone",
          project_id: "ProjectId",
          memory: "Memory",
          storage: "Storage",
          vpc_id: reference("UniqVpcId"),
          subnet_id: reference("UniqSubnetId"),
          vip: "Vip",
          vport: "Vport",
          status: "Status",
          create_time: "CreateTime",
        },
      );
      const domain = at(instance, "DnsPodDomain");
      const members = attributes(instance, {
        enable_wan_ip: () => (domain === undefined ? undefined : domain !== null && domain !== ""),
        dns_pod_domain: reference("DnsPodDomain"),
        tgw_wan_vport: "TgwWanVPort",
      });
      return [made, satellite(sqlWanType, made.id, { instance_id: made.id, ...members })];
    });
  },
  details: [sqlType, sqlBasicType].map((of): TencentDetail => ({
    of,
    actions: ["sqlserver:DescribeDBInstancesAttribute"],
    gives: [sqlSslType, sqlTdeType],
    read: async (session, { id }, region) => {
      const answer = await session.call("sqlserver:DescribeDBInstancesAttribute", { InstanceId: id }, region);
      const encryption = at(answer, "TDEConfig.Encryption");
      if (encryption !== "enable" && encryption !== "disable") throw new Error("no encryption in the answer");
      const ssl = attributes(answer, { encryption: "SSLConfig.Encryption", is_kms: "SSLConfig.IsKMS" });
      const tde = attributes(answer, { certificate_attribution: "TDEConfig.CertificateAttribution" });
      const its = [satellite(sqlSslType, id, { instance_id: id, ...ssl })];
      return { satellites: encryption === "enable" ? [...its, satellite(sqlTdeType, id, { instance_id: id, ...tde })] : its };
    },
  })),
};

export const databaseCollectors: readonly TencentCollector[] = [
  cynosdbCollector,
  audits("cynosdb", "tencentcloud_cynosdb_audit_service"),
  mongoCollector,
  audits("mongodb", "tencentcloud_mongodb_audit_service"),
  postgresCollector,
  audits("postgres", "tencentcloud_postgres_audit_service", { Product: "postgres" }),
  redisCollector,
  sqlCollector,
];
