import { isJsonList, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Detail, Found } from "../collector.ts";
import {
  at,
  entries,
  flag,
  known,
  listed,
  number,
  required,
  split,
  tagsOf,
  text,
  textOrNull,
  texts,
  unreadable,
} from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import type { ProductName } from "./products.ts";
import { nameOf, regional, type RegionalList } from "./regional.ts";

/** One group of addresses: its name, whether the vendor's services made it, its addresses as one text. */
interface Group {
  readonly name: string | undefined;
  readonly attribute: string | undefined;
  readonly addresses: string | undefined;
}

/** A call that gives the groups of addresses of one cluster. */
function groupsOf(
  of: string,
  product: ProductName,
  operation: string,
  action: string,
  list: string,
  parameter: string,
  attributes: (groups: readonly Group[]) => JsonObject,
): Detail<AlibabaSession> {
  return {
    of,
    actions: [action],
    read: async (session, { id }, region) => {
      const answer = await session.rpc(product, operation, region, { [parameter]: id }, action);
      const groups = listed(action, answer, list).map((group) => ({
        name: text(group, "DBClusterIPArrayName") ?? text(group, "DBInstanceIPArrayName"),
        attribute: text(group, "DBClusterIPArrayAttribute") ?? text(group, "DBInstanceIPArrayAttribute"),
        addresses: text(group, "SecurityIPList") ?? text(group, "SecurityIpList"),
      }));
      return { attributes: attributes(groups.filter(({ attribute }) => attribute !== "hidden")) };
    },
  };
}

/** All addresses; undefined where a group came without. */
function allOf(groups: readonly Group[]): readonly string[] | undefined {
  const lists = groups.map(({ addresses }) => split(addresses));
  return lists.includes(undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

const warehouse = "alicloud_adb_db_cluster";
const lake = "alicloud_adb_db_cluster_lake_version";

const clustersIn = (product: ProductName): RegionalList => ({
  product,
  operation: "DescribeDBClusters",
  list: "Items.DBCluster",
  size: 100,
  paging: "number",
});

function adbCluster(type: string, cluster: JsonObject, action: string): Found {
  const id = required(action, cluster, "DBClusterId");
  const description = textOrNull(cluster, "DBClusterDescription");
  const tags = tagsOf(cluster, "Tags.Tag");
  const attributes = known({
    id,
    ...(type === warehouse ? { description, tags } : { db_cluster_description: description }),
    vpc_id: text(cluster, "VPCId"),
    vswitch_id: text(cluster, "VSwitchId"),
    zone_id: text(cluster, "ZoneId"),
    status: text(cluster, "DBClusterStatus"),
    resource_group_id: text(cluster, "ResourceGroupId"),
  });
  return { type, id, name: description ?? id, tags, attributes };
}

const warehouses = regional(clustersIn("adb"), [warehouse], (cluster, action) => [adbCluster(warehouse, cluster, action)], [
  groupsOf(
    warehouse,
    "adb",
    "DescribeDBClusterAccessWhiteList",
    "adb:DescribeDBClusterAccessWhiteList",
    "Items.IPArray",
    "DBClusterId",
    (groups) => known({ security_ips: allOf(groups) }),
  ),
]);

const lakes = regional(clustersIn("adbLake"), [lake], (cluster, action) => [adbCluster(lake, cluster, action)], [
  groupsOf(
    lake,
    "adbLake",
    "DescribeClusterAccessWhiteList",
    "adb:DescribeClusterAccessWhiteList",
    "Items.IPArray",
    "DBClusterId",
    (groups) => known({ security_ips: allOf(groups)?.join(",") }),
  ),
]);

const greenplum = "alicloud_gpdb_instance";

const greenplums = regional(
  {
    product: "gpdb",
    operation: "DescribeDBInstances",
    list: "Items.DBInstance",
    size: 100,
    paging: "number",
    total: "TotalRecordCount",
  },
  [greenplum],
  (instance, action) => {
    const id = required(action, instance, "DBInstanceId");
    const tags = tagsOf(instance, "Tags.Tag");
    const attributes = known({
      id,
      tags,
      description: textOrNull(instance, "DBInstanceDescription"),
      engine: text(instance, "Engine"),
      engine_version: text(instance, "EngineVersion"),
      vpc_id: text(instance, "VpcId"),
      vswitch_id: text(instance, "VSwitchId"),
      zone_id: text(instance, "ZoneId"),
      status: text(instance, "DBInstanceStatus"),
      resource_group_id: text(instance, "ResourceGroupId"),
    });
    return [{ type: greenplum, id, name: nameOf(instance, "DBInstanceDescription", id), tags, attributes }];
  },
  [
    groupsOf(
      greenplum,
      "gpdb",
      "DescribeDBInstanceIPArrayList",
      "gpdb:DescribeDBInstanceIPArrayList",
      "Items.DBInstanceIPArray",
      "DBInstanceId",
      (groups) =>
        known({
          security_ip_list: allOf(groups),
          ip_whitelist: groups.map(({ name, attribute, addresses }) =>
            known({ ip_group_name: name, ip_group_attribute: attribute === "" ? null : attribute, security_ip_list: addresses }),
          ),
        }),
    ),
  ],
);

const clickhouse = "alicloud_click_house_db_cluster";

const clickhouses = regional(
  { product: "clickhouse", operation: "DescribeDBClusters", list: "DBClusters.DBCluster", size: 100, paging: "number" },
  [clickhouse],
  (cluster, action) => {
    const id = required(action, cluster, "DBClusterId");
    const attributes = known({
      id,
      db_cluster_description: textOrNull(cluster, "DBClusterDescription"),
      db_cluster_version: text(cluster, "DbVersion"),
      category: text(cluster, "Category"),
      vpc_id: text(cluster, "VpcId"),
      vswitch_id: text(cluster, "VSwitchId"),
      zone_id: text(cluster, "ZoneId"),
      status: text(cluster, "DBClusterStatus"),
      resource_group_id: text(cluster, "ResourceGroupId"),
    });
    return [{ type: clickhouse, id, name: nameOf(cluster, "DBClusterDescription", id), attributes }];
  },
  [
    groupsOf(
      clickhouse,
      "clickhouse",
      "DescribeDBClusterAccessWhiteList",
      "clickhouse:DescribeDBClusterAccessWhiteList",
      "DBClusterAccessWhiteList.IPArray",
      "DBClusterId",
      (groups) => ({
        db_cluster_access_white_list: groups.map(({ name, attribute, addresses }) =>
          known({
            db_cluster_ip_array_name: name,
            db_cluster_ip_array_attribute: attribute === "" ? null : attribute,
            security_ip_list: addresses,
          }),
        ),
      }),
    ),
  ],
);

const enterprise = "alicloud_click_house_enterprise_db_cluster";

const enterprises = regional(
  {
    product: "clickhouseEnterprise",
    operation: "DescribeDBInstances",
    list: "Data.DBInstances",
    size: 100,
    paging: "number",
    total: "Data.TotalCount",
  },
  [enterprise],
  (instance, action) => {
    const id = required(action, instance, "DBInstanceId");
    const attributes = known({ id, description: textOrNull(instance, "Description"), region_id: text(instance, "RegionId") });
    return [{ type: enterprise, id, name: nameOf(instance, "Description", id), attributes }];
  },
  [
    {
      of: enterprise,
      actions: ["clickhouse:DescribeSecurityIPList"],
      gives: ["alicloud_click_house_enterprise_db_cluster_security_ip"],
      read: async (session, { id }, region) => {
        const action = "clickhouse:DescribeSecurityIPList";
        const answer = await session.rpc("clickhouseEnterprise", "DescribeSecurityIPList", region, {
          RegionId: region,
          DBInstanceId: id,
        });
        return {
          satellites: listed(action, answer, "Data.GroupItems").map((group) => {
            const name = required(action, group, "GroupName");
            const attributes = known({
              id: `${id}:${name}`,
              db_instance_id: id,
              group_name: name,
              security_ip_list: text(group, "SecurityIPList"),
            });
            return { type: "alicloud_click_house_enterprise_db_cluster_security_ip", id: `${id}:${name}`, name, attributes };
          }),
        };
      },
    },
  ],
);

const elasticsearch: Collector<AlibabaSession> = {
  types: ["alicloud_elasticsearch_instance"],
  scope: "region",
  actions: ["elasticsearch:ListInstance"],
  list: async (session, region) => {
    const action = "elasticsearch:ListInstance";
    const all: JsonObject[] = [];
    for (let page = 1; ; page++) {
      const answer = await session.roa("elasticsearch", "ListInstance", region, "/openapi/instances", {
        page: String(page),
        size: "100",
      });
      const here = listed(action, answer, "Result");
      all.push(...here);
      const total = number(at(answer, "Headers"), "X-Total-Count");
      if (here.length === 0 || (total === undefined ? here.length < 100 : all.length >= total)) break;
    }
    return all.map((instance) => {
      const id = required(action, instance, "instanceId");
      const attributes = known({
        id,
        description: textOrNull(instance, "description"),
        version: text(instance, "esVersion"),
        status: text(instance, "status"),
        resource_group_id: text(instance, "resourceGroupId"),
      });
      return { type: "alicloud_elasticsearch_instance", id, name: nameOf(instance, "description", id), attributes };
    });
  },
  details: [
    {
      of: "alicloud_elasticsearch_instance",
      actions: ["elasticsearch:DescribeInstance"],
      read: async (session, { id }, region) => {
        const answer = await session.roa("elasticsearch", "DescribeInstance", region, `/openapi/instances/${id}`);
        const result = at(answer, "Result");
        if (result === undefined) throw unreadable("elasticsearch:DescribeInstance", "Result");
        return {
          attributes: known({
            enable_public: flag(result, "enablePublic"),
            public_whitelist: whitelist(result, "publicIpWhitelist", "PUBLIC_ES"),
            enable_kibana_public_network: flag(result, "enableKibanaPublicNetwork"),
            kibana_whitelist: whitelist(result, "kibanaIPWhitelist", "PUBLIC_KIBANA"),
            enable_kibana_private_network: flag(result, "enableKibanaPrivateNetwork"),
            protocol: text(result, "protocol"),
          }),
        };
      },
    },
  ],
};

/** One list of addresses, and groups of them beside it. */
function whitelist(result: Json, member: string, kind: string): readonly string[] | undefined {
  const flat = at(result, member);
  if (!isJsonList(flat)) return undefined;
  const groups = (entries(result, "networkConfig.whiteIpGroupList") ?? []).filter((group) => text(group, "whiteIpType") === kind);
  return [...new Set([...(texts(result, member) ?? []), ...groups.flatMap((group) => texts(group, "ips") ?? [])])];
}

/** Permission groups of the file storage, of its two kinds. */
const fileKinds = ["standard", "extreme"] as const;

const accessGroups: Collector<AlibabaSession> = {
  types: ["alicloud_nas_access_group"],
  scope: "region",
  actions: ["nas:DescribeAccessGroups"],
  list: async (session, region) => {
    const found = await Promise.all(
      fileKinds.map(async (kind) => {
        const all = await pagesOf(session, region, "DescribeAccessGroups", "AccessGroups.AccessGroup", { FileSystemType: kind });
        return all.map((group): Found => {
          const name = required("nas:DescribeAccessGroups", group, "AccessGroupName");
          const attributes = known({
            id: `${name}:${kind}`,
            access_group_name: name,
            access_group_type: text(group, "AccessGroupType"),
            description: textOrNull(group, "Description"),
            file_system_type: kind,
          });
          return { type: "alicloud_nas_access_group", id: `${name}:${kind}`, name, attributes, handle: { name, kind } };
        });
      }),
    );
    return found.flat();
  },
  details: [
    {
      of: "alicloud_nas_access_group",
      actions: ["nas:DescribeAccessRules"],
      gives: ["alicloud_nas_access_rule"],
      read: async (session, { handle }, region) => {
        const { name, kind } = handle as { readonly name: string; readonly kind: string };
        const parameters = { AccessGroupName: name, FileSystemType: kind };
        const rules = await pagesOf(session, region, "DescribeAccessRules", "AccessRules.AccessRule", parameters);
        return {
          satellites: rules.map((rule) => {
            const own = required("nas:DescribeAccessRules", rule, "AccessRuleId");
            const id = `${name}:${kind}:${own}`;
            const attributes = known({
              id,
              access_group_name: name,
              access_rule_id: own,
              file_system_type: kind,
              source_cidr_ip: textOrNull(rule, "SourceCidrIp") ?? null,
              ipv6_source_cidr_ip: textOrNull(rule, "Ipv6SourceCidrIp") ?? null,
              rw_access_type: text(rule, "RWAccess"),
              user_access_type: text(rule, "UserAccess"),
              priority: number(rule, "Priority"),
            });
            return { type: "alicloud_nas_access_rule", id, attributes };
          }),
        };
      },
    },
  ],
};

async function pagesOf(
  session: AlibabaSession,
  region: string,
  operation: string,
  list: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for (let page = 1; ; page++) {
    const answer = await session.rpc("nas", operation, region, { ...parameters, PageNumber: page, PageSize: 100 });
    const here = listed(`nas:${operation}`, answer, list);
    all.push(...here);
    const total = number(answer, "TotalCount");
    if (here.length === 0 || (total === undefined ? here.length < 100 : all.length >= total)) return all;
  }
}

const fileSystems = regional(
  { product: "nas", operation: "DescribeFileSystems", list: "FileSystems.FileSystem", size: 100, paging: "number" },
  ["alicloud_nas_file_system"],
  (system, action) => {
    const id = required(action, system, "FileSystemId");
    const tags = tagsOf(system, "Tags.Tag");
    const attributes = known({
      id,
      tags,
      description: textOrNull(system, "Description"),
      encrypt_type: number(system, "EncryptType"),
      kms_key_id: textOrNull(system, "KMSKeyId"),
      file_system_type: text(system, "FileSystemType"),
      protocol_type: text(system, "ProtocolType"),
      storage_type: text(system, "StorageType"),
      zone_id: text(system, "ZoneId"),
      status: text(system, "Status"),
      create_time: text(system, "CreateTime"),
    });
    return [{ type: "alicloud_nas_file_system", id, name: nameOf(system, "Description", id), tags, attributes }];
  },
);

export const analyticsCollectors: readonly Collector<AlibabaSession>[] = [
  warehouses,
  lakes,
  greenplums,
  clickhouses,
  enterprises,
  elasticsearch,
  accessGroups,
  fileSystems,
];
