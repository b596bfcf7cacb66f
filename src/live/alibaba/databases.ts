import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { choice, flag, known, listed, number, required, split, tagsOf, text, textOrNull } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { listOf, nameOf, regional } from "./regional.ts";

/** A group of addresses that the vendor's own services use is not the user's. */
function isOwn(group: JsonObject, attribute: string): boolean {
  return text(group, attribute) !== "hidden";
}

/** All addresses of an instance's lists; undefined where one of them was not read. */
function addresses(groups: readonly JsonObject[], attribute: string, list: string): readonly string[] | undefined {
  const own = groups.filter((group) => isOwn(group, attribute)).map((group) => split(text(group, list)));
  return own.includes(undefined) ? undefined : [...new Set(own.flatMap((one) => one ?? []))];
}

const rdsInstance = "alicloud_db_instance";

/** A call about one instance of RDS. */
function rds(operation: string, read: (answer: JsonObject) => Facts): NonNullable<Collector<AlibabaSession>["details"]>[number] {
  return {
    of: rdsInstance,
    actions: [`rds:${operation}`],
    read: async (session, { id }, region) =>
      read(await session.rpc("rds", operation, region, { RegionId: region, DBInstanceId: id })),
  };
}

const rdsInstances = regional(
  {
    product: "rds",
    operation: "DescribeDBInstances",
    list: "Items.DBInstance",
    size: 100,
    paging: "number",
    total: "TotalRecordCount",
  },
  [rdsInstance],
  (instance, action) => {
    const id = required(action, instance, "DBInstanceId");
    const attributes = known({
      id,
      engine: text(instance, "Engine"),
      engine_version: text(instance, "EngineVersion"),
      instance_name: textOrNull(instance, "DBInstanceDescription"),
      instance_type: text(instance, "DBInstanceClass"),
      instance_charge_type: chargeType(text(instance, "PayType")),
      db_instance_type: text(instance, "DBInstanceType"),
      db_instance_storage_type: text(instance, "DBInstanceStorageType"),
      deletion_protection: flag(instance, "DeletionProtection"),
      vpc_id: textOrNull(instance, "VpcId"),
      vswitch_id: textOrNull(instance, "VSwitchId"),
      zone_id: text(instance, "ZoneId"),
      resource_group_id: text(instance, "ResourceGroupId"),
      connection_string: text(instance, "ConnectionString"),
      status: text(instance, "DBInstanceStatus"),
      create_time: text(instance, "CreateTime"),
    });
    return [{ type: rdsInstance, id, name: nameOf(instance, "DBInstanceDescription", id), attributes }];
  },
  [
    rds("DescribeDBInstanceIPArrayList", (answer) => {
      const groups = listed("rds:DescribeDBInstanceIPArrayList", answer, "Items.DBInstanceIPArray");
      return { attributes: known({ security_ips: addresses(groups, "DBInstanceIPArrayAttribute", "SecurityIPList") }) };
    }),
    rds("DescribeDBInstanceSSL", (answer) => ({
      attributes: known({ ssl_action: choice(text(answer, "SSLEnabled"), { Yes: "Open", on: "Open", No: "Close", off: "Close" }) }),
    })),
    rds("DescribeDBInstanceTDE", (answer) => {
      const own = text(answer, "TDEMode") === "Customer_Provided_Key";
      const status = text(answer, "TDEStatus");
      return {
        attributes: known({
          tde_status: status === "" ? undefined : status,
          // A key of the service's own is none that the user gave.
          tde_encryption_key: own ? textOrNull(answer, "EncryptionKey") : null,
        }),
      };
    }),
    rds("DescribeDBInstanceEncryptionKey", (answer) => ({
      attributes: known({ encryption_key: textOrNull(answer, "EncryptionKey") }),
    })),
    rds("DescribeSQLCollectorPolicy", (answer) => ({
      attributes: known({
        sql_collector_status: choice(text(answer, "SQLCollectorStatus"), {
          Enable: "Enabled",
          Enabled: "Enabled",
          Disable: "Disabled",
          Disabled: "Disabled",
        }),
      }),
    })),
    rds("DescribeSQLCollectorRetention", (answer) => ({
      attributes: known({ sql_collector_config_value: number(answer, "ConfigValue") }),
    })),
    rds("DescribeParameters", (answer) => ({
      attributes: {
        parameters: listed("rds:DescribeParameters", answer, "RunningParameters.DBInstanceParameter").map((parameter) =>
          known({ name: text(parameter, "ParameterName"), value: text(parameter, "ParameterValue") }),
        ),
      },
    })),
    {
      of: rdsInstance,
      actions: ["rds:DescribeDBInstanceNetInfo"],
      gives: ["alicloud_db_connection"],
      read: async (session, { id }, region) => {
        const action = "rds:DescribeDBInstanceNetInfo";
        const answer = await session.rpc("rds", "DescribeDBInstanceNetInfo", region, { RegionId: region, DBInstanceId: id });
        const open = listed(action, answer, "DBInstanceNetInfos.DBInstanceNetInfo").filter(
          (net) => text(net, "IPType") === "Public",
        );
        return {
          satellites: open.map((net) =>
            connection("alicloud_db_connection", id, net, known({ instance_id: id, ip_address: text(net, "IPAddress") })),
          ),
        };
      },
    },
  ],
);

/** The provider writes the first letter large. */
function chargeType(type: string | undefined): string | undefined {
  return choice(type?.toLowerCase(), { postpaid: "Postpaid", prepaid: "Prepaid", serverless: "Serverless" });
}

function connection(type: string, owner: string, net: JsonObject, more: JsonObject): Found {
  const host = text(net, "ConnectionString");
  const prefix = host?.split(".")[0];
  const id = `${owner}:${prefix ?? ""}`;
  return { type, id, name: host ?? id, attributes: known({ id, connection_string: host, port: text(net, "Port"), ...more }) };
}

const polarCluster = "alicloud_polardb_cluster";

const polarClusters = regional(
  {
    product: "polardb",
    operation: "DescribeDBClusters",
    list: "Items.DBCluster",
    size: 100,
    paging: "number",
    total: "TotalRecordCount",
  },
  [polarCluster],
  (cluster, action) => {
    const id = required(action, cluster, "DBClusterId");
    const tags = tagsOf(cluster, "Tags.Tag");
    const attributes = known({
      id,
      tags,
      description: textOrNull(cluster, "DBClusterDescription"),
      db_type: text(cluster, "DBType"),
      db_version: text(cluster, "DBVersion"),
      pay_type: choice(text(cluster, "PayType"), {
        Postpaid: "PostPaid",
        Prepaid: "PrePaid",
        PostPaid: "PostPaid",
        PrePaid: "PrePaid",
      }),
      vpc_id: text(cluster, "VpcId"),
      zone_id: text(cluster, "ZoneId"),
      resource_group_id: text(cluster, "ResourceGroupId"),
      deletion_lock: number(cluster, "DeletionLock"),
      status: text(cluster, "DBClusterStatus"),
      create_time: text(cluster, "CreateTime"),
    });
    return [{ type: polarCluster, id, name: nameOf(cluster, "DBClusterDescription", id), tags, attributes }];
  },
  [
    {
      of: polarCluster,
      actions: ["polardb:DescribeDBClusterAccessWhitelist"],
      read: async (session, { id }, region) => {
        const action = "polardb:DescribeDBClusterAccessWhitelist";
        const answer = await session.rpc("polardb", "DescribeDBClusterAccessWhitelist", region, { DBClusterId: id });
        const groups = listed(action, answer, "Items.DBClusterIPArray").filter((group) =>
          isOwn(group, "DBClusterIPArrayAttribute"),
        );
        return {
          attributes: known({
            security_ips: addresses(groups, "DBClusterIPArrayAttribute", "SecurityIps"),
            db_cluster_ip_array: groups.map((group) =>
              known({
                db_cluster_ip_array_name: text(group, "DBClusterIPArrayName"),
                security_ips: split(text(group, "SecurityIps")),
              }),
            ),
          }),
        };
      },
    },
    {
      of: polarCluster,
      actions: ["polardb:DescribeDBClusterEndpoints"],
      gives: ["alicloud_polardb_endpoint_address"],
      read: async (session, { id }, region) => {
        const action = "polardb:DescribeDBClusterEndpoints";
        const answer = await session.rpc("polardb", "DescribeDBClusterEndpoints", region, { DBClusterId: id });
        const satellites = listed(action, answer, "Items").flatMap((endpoint) =>
          listed(action, endpoint, "AddressItems")
            .filter((address) => text(address, "NetType") === "Public")
            .map((address) => {
              const more = { db_cluster_id: id, db_endpoint_id: text(endpoint, "DBEndpointId") ?? null, net_type: "Public" };
              return connection("alicloud_polardb_endpoint_address", id, address, more);
            }),
        );
        return { satellites };
      },
    },
  ],
);

const redisInstance = "alicloud_kvstore_instance";

/** A call about one instance of Redis or Tair. */
function kvstore(
  operation: string,
  read: (answer: JsonObject, id: string) => Facts,
  gives: readonly string[] = [],
): NonNullable<Collector<AlibabaSession>["details"]>[number] {
  return {
    of: redisInstance,
    actions: [`kvstore:${operation}`],
    gives,
    read: async (session, { id }, region) => read(await session.rpc("kvstore", operation, region, { InstanceId: id }), id),
  };
}

const redisInstances = regional(
  { product: "kvstore", operation: "DescribeInstances", list: "Instances.KVStoreInstance", size: 100, paging: "number" },
  [redisInstance],
  (instance, action) => {
    const id = required(action, instance, "InstanceId");
    const tags = tagsOf(instance, "Tags.Tag");
    const attributes = known({
      id,
      tags,
      db_instance_name: textOrNull(instance, "InstanceName"),
      instance_type: text(instance, "InstanceType"),
      instance_class: text(instance, "InstanceClass"),
      engine_version: text(instance, "EngineVersion"),
      payment_type: text(instance, "ChargeType"),
      vswitch_id: textOrNull(instance, "VSwitchId"),
      zone_id: text(instance, "ZoneId"),
      port: number(instance, "Port"),
      connection_domain: text(instance, "ConnectionDomain"),
      resource_group_id: text(instance, "ResourceGroupId"),
      status: text(instance, "InstanceStatus"),
    });
    return [{ type: redisInstance, id, name: nameOf(instance, "InstanceName", id), tags, attributes }];
  },
  [
    kvstore("DescribeSecurityIps", (answer) => {
      const groups = listed("kvstore:DescribeSecurityIps", answer, "SecurityIpGroups.SecurityIpGroup");
      return { attributes: known({ security_ips: addresses(groups, "SecurityIpGroupAttribute", "SecurityIpList") }) };
    }),
    kvstore("DescribeInstanceAttribute", (answer) => {
      const [instance] = listed("kvstore:DescribeInstanceAttribute", answer, "Instances.DBInstanceAttribute");
      const mode = text(instance, "VpcAuthMode");
      return { attributes: known({ vpc_auth_mode: mode === "" ? undefined : mode }) };
    }),
    kvstore("DescribeInstanceSSL", (answer) => ({
      attributes: known({ ssl_enable: choice(text(answer, "SSLEnabled"), { Enable: "Enable", Disable: "Disable" }) }),
    })),
    kvstore(
      "DescribeDBInstanceNetInfo",
      (answer, id) => {
        const nets = listed("kvstore:DescribeDBInstanceNetInfo", answer, "NetInfoItems.InstanceNetInfo");
        const open = nets.filter((net) => text(net, "IPType") === "Public" || text(net, "DBInstanceNetType") === "0");
        return { satellites: open.map((net) => connection("alicloud_kvstore_connection", id, net, { instance_id: id })) };
      },
      ["alicloud_kvstore_connection"],
    ),
    kvstore(
      "DescribeAuditLogConfig",
      (answer, id) => {
        const attributes = known({
          id,
          instance_id: id,
          db_audit: flag(answer, "DbAudit"),
          retention: number(answer, "Retention"),
        });
        return { satellites: [{ type: "alicloud_kvstore_audit_log_config", id, attributes }] };
      },
      ["alicloud_kvstore_audit_log_config"],
    ),
  ],
);

const replicaSet = "alicloud_mongodb_instance";
const sharded = "alicloud_mongodb_sharding_instance";

/** MongoDB lists its kinds one by one. */
function mongo(
  type: string,
  kind: string,
  publicAddresses: NonNullable<Collector<AlibabaSession>["details"]>[number],
): Collector<AlibabaSession> {
  const action = "dds:DescribeDBInstances";
  return {
    types: [type],
    scope: "region",
    actions: [action],
    list: async (session, region) => {
      const call = {
        product: "dds",
        operation: "DescribeDBInstances",
        list: "DBInstances.DBInstance",
        size: 100,
        paging: "number",
      } as const;
      const all = await listOf(session, { ...call, parameters: { DBInstanceType: kind } }, region);
      return all.map((instance) => {
        const id = required(action, instance, "DBInstanceId");
        const tags = tagsOf(instance, "Tags.Tag");
        const attributes = known({
          id,
          tags,
          name: textOrNull(instance, "DBInstanceDescription"),
          engine_version: text(instance, "EngineVersion"),
          storage_engine: text(instance, "StorageEngine"),
          network_type: text(instance, "NetworkType"),
          instance_charge_type: text(instance, "ChargeType"),
          vpc_id: text(instance, "VpcId"),
          vswitch_id: text(instance, "VSwitchId"),
          zone_id: text(instance, "ZoneId"),
          resource_group_id: text(instance, "ResourceGroupId"),
        });
        return { type, id, name: nameOf(instance, "DBInstanceDescription", id), tags, attributes };
      });
    },
    details: [
      {
        of: type,
        actions: ["dds:DescribeSecurityIps"],
        read: async (session, { id }, region) => {
          const answer = await session.rpc("dds", "DescribeSecurityIps", region, { DBInstanceId: id });
          const all = listed("dds:DescribeSecurityIps", answer, "SecurityIpGroups.SecurityIpGroup");
          const groups = all.filter((group) => isOwn(group, "SecurityIpGroupAttribute"));
          return {
            attributes: known({
              security_ip_list: addresses(groups, "SecurityIpGroupAttribute", "SecurityIpList"),
              security_ip_groups: groups.map((group) =>
                known({
                  security_ip_group_name: text(group, "SecurityIpGroupName"),
                  security_ip_group_attribute: textOrNull(group, "SecurityIpGroupAttribute"),
                  security_ip_list: text(group, "SecurityIpList"),
                }),
              ),
            }),
          };
        },
      },
      {
        of: type,
        actions: ["dds:DescribeDBInstanceSSL"],
        read: async (session, { id }, region) => {
          const answer = await session.rpc("dds", "DescribeDBInstanceSSL", region, { DBInstanceId: id });
          const status = choice(text(answer, "SSLStatus"), { Open: "Open", Closed: "Close", Close: "Close" });
          return { attributes: known({ ssl_action: status, ssl_status: text(answer, "SSLStatus") }) };
        },
      },
      publicAddresses,
    ],
  };
}

const mongoInstances = mongo(replicaSet, "replicate", {
  of: replicaSet,
  actions: ["dds:DescribeReplicaSetRole"],
  gives: ["alicloud_mongodb_public_network_address"],
  read: async (session, { id }, region) => {
    const answer = await session.rpc("dds", "DescribeReplicaSetRole", region, { DBInstanceId: id });
    const open = listed("dds:DescribeReplicaSetRole", answer, "ReplicaSets.ReplicaSet").filter(
      (one) => text(one, "NetworkType") === "Public",
    );
    if (open.length === 0) return {};
    const sets = open.map((one) =>
      known({
        connection_domain: text(one, "ConnectionDomain"),
        connection_port: text(one, "ConnectionPort"),
        network_type: "Public",
        replica_set_role: text(one, "ReplicaSetRole"),
      }),
    );
    return {
      satellites: [
        { type: "alicloud_mongodb_public_network_address", id, attributes: { id, db_instance_id: id, replica_sets: sets } },
      ],
    };
  },
});

const mongoClusters = mongo(sharded, "sharding", {
  of: sharded,
  actions: ["dds:DescribeShardingNetworkAddress"],
  gives: ["alicloud_mongodb_sharding_network_public_address"],
  read: async (session, { id }, region) => {
    const answer = await session.rpc("dds", "DescribeShardingNetworkAddress", region, { DBInstanceId: id });
    const all = listed("dds:DescribeShardingNetworkAddress", answer, "NetworkAddresses.NetworkAddress");
    const open = all.filter((address) => text(address, "NetworkType") === "Public");
    return {
      satellites: open.map((address, index): Found => {
        const node = text(address, "NodeId") ?? String(index);
        const its: Json = [
          known({
            network_address: text(address, "NetworkAddress"),
            network_type: "Public",
            node_type: text(address, "NodeType"),
            port: text(address, "Port"),
          }),
        ];
        const attributes = { id: `${id}:${node}`, db_instance_id: id, node_id: node, network_address: its };
        return { type: "alicloud_mongodb_sharding_network_public_address", id: `${id}:${node}:${index}`, attributes };
      }),
    };
  },
});

export const databaseCollectors: readonly Collector<AlibabaSession>[] = [
  rdsInstances,
  polarClusters,
  redisInstances,
  mongoInstances,
  mongoClusters,
];
