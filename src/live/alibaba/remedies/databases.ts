import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, valueIn, type Before, type Expected, type Remedy } from "../../remedy.ts";
import { rpcCall } from "../calls.ts";
import type { ProductName } from "../products.ts";

/* Sources: RDS API 2014-08-15, R-kvstore API 2015-01-01, Dds API 2015-12-01, PolarDB API 2017-08-01, NAS API 2017-06-26, each by name. */

/** An entry that lets everyone in. */
const isOpen = (entry: string): boolean => /^0\.0\.0\.0$|\/0*[01]$/.test(entry);

const split = (list: Json | undefined): readonly string[] => (textOf(list) ?? "").split(/[,\s]+/).filter((entry) => entry !== "");

/** Without what is open. A list can't be empty: the one that lets nobody in is this. */
function narrowed(entries: readonly string[]): readonly string[] {
  const left = entries.filter((entry) => !isOpen(entry));
  return left.length === 0 ? ["127.0.0.1"] : left;
}

interface Lists {
  readonly product: ProductName;
  /** Operation that tells the lists, where they are, and what their members are called. */
  readonly ask: string;
  readonly lists: string;
  readonly entries: string;
  readonly name: string;
  readonly attribute: string;
  readonly read: string;
  readonly set: string;
  readonly write: string;
  /** Parameter that names the instance, and that names the list. */
  readonly id: string;
  readonly listName: string;
  readonly more?: JsonObject;
  readonly expected: (before: Before) => JsonObject;
}

/** Lists of addresses that may connect, by group: those that are open are narrowed, each by a step. */
function allowList(of: Lists): Remedy {
  return async (before, _, look) => {
    const { resource, region } = before;
    const which = { [of.id]: resource.id };
    const answer = await look(rpcCall(of.read, region, of.product, of.ask, which));
    const all = valueIn(answer, of.lists);
    const groups = (isJsonList(all) ? all : []).filter(isJsonObject).filter((group) => group[of.attribute] !== "hidden");
    const open = groups.filter((group) => split(group[of.entries]).some(isOpen));
    if (open.length === 0) throw new NotPossible(`No list of ${resource.name} is open any more.`);
    return {
      steps: open.map((group) => {
        const name = group[of.name] ?? null;
        const was = split(group[of.entries]);
        const put = (entries: readonly string[]) =>
          rpcCall(of.write, region, of.product, of.set, {
            ...which,
            SecurityIps: entries.join(","),
            [of.listName]: name,
            ...of.more,
          });
        return { title: `Narrow the list ${textOf(name) ?? ""}`, call: put(narrowed(was)), undo: [put(was)] };
      }),
      expected: [{ type: resource.type, id: resource.id, attributes: of.expected(before) }],
      notes: ["Whoever connects from an address that no other entry names is cut off."],
    };
  };
}

const entriesOf = (value: Json | undefined): readonly string[] =>
  isJsonList(value) ? value.flatMap((each) => textOf(each) ?? []) : [];

const securityIps = ({ resource }: Before): JsonObject => ({
  security_ips: narrowed(entriesOf(resource.attributes["security_ips"])),
});

const rdsList = allowList({
  product: "rds",
  read: "rds:DescribeDBInstanceIPArrayList",
  ask: "DescribeDBInstanceIPArrayList",
  lists: "Items.DBInstanceIPArray",
  entries: "SecurityIPList",
  name: "DBInstanceIPArrayName",
  attribute: "DBInstanceIPArrayAttribute",
  write: "rds:ModifySecurityIps",
  set: "ModifySecurityIps",
  id: "DBInstanceId",
  listName: "DBInstanceIPArrayName",
  more: { ModifyMode: "Cover" },
  expected: securityIps,
});

const redisList = allowList({
  product: "kvstore",
  read: "kvstore:DescribeSecurityIps",
  ask: "DescribeSecurityIps",
  lists: "SecurityIpGroups.SecurityIpGroup",
  entries: "SecurityIpList",
  name: "SecurityIpGroupName",
  attribute: "SecurityIpGroupAttribute",
  write: "kvstore:ModifySecurityIps",
  set: "ModifySecurityIps",
  id: "InstanceId",
  listName: "SecurityIpGroupName",
  more: { ModifyMode: "Cover" },
  expected: securityIps,
});

const mongoList = allowList({
  product: "dds",
  read: "dds:DescribeSecurityIps",
  ask: "DescribeSecurityIps",
  lists: "SecurityIpGroups.SecurityIpGroup",
  entries: "SecurityIpList",
  name: "SecurityIpGroupName",
  attribute: "SecurityIpGroupAttribute",
  write: "dds:ModifySecurityIps",
  set: "ModifySecurityIps",
  id: "DBInstanceId",
  listName: "SecurityIpGroupName",
  more: { ModifyMode: "Cover" },
  expected: ({ resource: { attributes } }) => {
    const groups = isJsonList(attributes["security_ip_groups"]) ? attributes["security_ip_groups"].filter(isJsonObject) : [];
    return {
      security_ip_list: narrowed(entriesOf(attributes["security_ip_list"])),
      security_ip_groups: groups.map((group) => ({
        ...group,
        security_ip_list: narrowed(split(group["security_ip_list"])).join(","),
      })),
    };
  },
});

const polarList = allowList({
  product: "polardb",
  read: "polardb:DescribeDBClusterAccessWhitelist",
  ask: "DescribeDBClusterAccessWhitelist",
  lists: "Items.DBClusterIPArray",
  entries: "SecurityIps",
  name: "DBClusterIPArrayName",
  attribute: "DBClusterIPArrayAttribute",
  write: "polardb:ModifyDBClusterAccessWhitelist",
  set: "ModifyDBClusterAccessWhitelist",
  id: "DBClusterId",
  listName: "DBClusterIPArrayName",
  more: { ModifyMode: "Cover" },
  expected: (before) => {
    const arrays = before.resource.attributes["db_cluster_ip_array"];
    const its = isJsonList(arrays) ? arrays.filter(isJsonObject) : [];
    return {
      ...securityIps(before),
      db_cluster_ip_array: its.map((array) => ({ ...array, security_ips: narrowed(entriesOf(array["security_ips"])) })),
    };
  },
});

/** One operation sets it, and sets it back. */
function toggle(
  title: string,
  product: ProductName,
  action: string,
  operation: string,
  id: string,
  on: JsonObject,
  off: JsonObject,
  attributes: JsonObject,
): Remedy {
  return ({ resource, region }) => {
    const put = (more: JsonObject) => rpcCall(action, region, product, operation, { [id]: resource.id, ...more });
    return setting(title, put(on), put(off), { type: resource.type, id: resource.id, attributes });
  };
}

/** A certificate is made for one address: that of the private network. */
const rdsSsl: Remedy = async ({ resource, region }, _, look) => {
  const answer = await look(
    rpcCall("rds:DescribeDBInstanceNetInfo", region, "rds", "DescribeDBInstanceNetInfo", { DBInstanceId: resource.id }),
  );
  const nets = valueIn(answer, "DBInstanceNetInfos.DBInstanceNetInfo");
  const all = (isJsonList(nets) ? nets : []).filter(isJsonObject);
  const host = (all.find((net) => net["IPType"] !== "Public") ?? all[0])?.["ConnectionString"];
  if (textOf(host) === undefined)
    throw new NotPossible(`No address of ${resource.name} is known: its certificate is made for one.`);
  const put = (SSLEnabled: number) =>
    rpcCall("rds:ModifyDBInstanceSSL", region, "rds", "ModifyDBInstanceSSL", {
      DBInstanceId: resource.id,
      ConnectionString: host ?? null,
      SSLEnabled,
    });
  return setting("Turn on SSL", put(1), put(0), { type: resource.type, id: resource.id, attributes: { ssl_action: "Open" } });
};

const rdsTde: Remedy = ({ resource, region }) => ({
  steps: [
    {
      title: "Encrypt the data",
      call: rpcCall("rds:ModifyDBInstanceTDE", region, "rds", "ModifyDBInstanceTDE", {
        DBInstanceId: resource.id,
        TDEStatus: "Enabled",
      }),
      undo: [],
      lost: "Encryption can't be turned off again.",
    },
  ],
  expected: [{ type: resource.type, id: resource.id, attributes: { tde_status: "Enabled" } }],
});

/** A parameter of PostgreSQL. */
function parameter(name: string): Remedy {
  return ({ resource, region }) => {
    const all = resource.attributes["parameters"];
    const its = isJsonList(all) ? all.filter(isJsonObject) : [];
    const was = its.find((each) => each["name"] === name)?.["value"];
    if (textOf(was) === undefined) throw new NotPossible(`${name} of ${resource.name} was not read.`);
    const put = (value: Json) =>
      rpcCall("rds:ModifyParameter", region, "rds", "ModifyParameter", {
        DBInstanceId: resource.id,
        Parameters: JSON.stringify({ [name]: value }),
      });
    return setting(`Turn on ${name}`, put("on"), put(was ?? null), {
      type: resource.type,
      id: resource.id,
      attributes: { parameters: its.map((each) => (each["name"] === name ? { ...each, value: "on" } : each)) },
    });
  };
}

const publicEndpoint: Remedy = ({ resource, resources, region }) => {
  const type = "alicloud_db_connection";
  const its = resources.filter((each) => each.type === type && each.attributes["instance_id"] === resource.id);
  if (its.length === 0) throw new NotPossible(`No public address of ${resource.name} was read.`);
  return {
    steps: its.map(({ attributes: of }) => {
      const host = textOf(of["connection_string"]) ?? "";
      return {
        title: `Release ${host}`,
        call: rpcCall("rds:ReleaseInstancePublicConnection", region, "rds", "ReleaseInstancePublicConnection", {
          DBInstanceId: resource.id,
          CurrentConnectionString: host,
        }),
        undo: [
          rpcCall("rds:AllocateInstancePublicConnection", region, "rds", "AllocateInstancePublicConnection", {
            DBInstanceId: resource.id,
            ConnectionStringPrefix: host.split(".")[0] ?? "",
            Port: of["port"] ?? null,
          }),
        ],
        lost: "The name comes back, and may stand for another address.",
      };
    }),
    expected: its.map(({ id }): Expected => ({ type, id, attributes: null })),
  };
};

const accessRule: Remedy = ({ resource, resources, region, deciding }, { network }) => {
  const type = "alicloud_nas_access_rule";
  const decisive = new Set(deciding.filter((each) => each.resource.type === type).map((each) => each.resource.id));
  const its = resources.filter(({ type: of, id }) => of === type && decisive.has(id));
  if (its.length === 0) throw new NotPossible(`No rule of ${resource.name} decides it alone.`);
  return {
    steps: its.map(({ attributes: of }) => {
      const put = (SourceCidrIp: Json) =>
        rpcCall("nas:ModifyAccessRule", region, "nas", "ModifyAccessRule", {
          AccessGroupName: of["access_group_name"] ?? null,
          AccessRuleId: of["access_rule_id"] ?? null,
          SourceCidrIp,
          RWAccessType: of["rw_access_type"] ?? null,
          UserAccessType: of["user_access_type"] ?? null,
          Priority: of["priority"] ?? null,
          ...(textOf(of["file_system_type"]) === undefined ? {} : { FileSystemType: of["file_system_type"] ?? null }),
        });
      return {
        title: `Admit ${textOf(network) ?? ""} only`,
        call: put(network ?? null),
        undo: [put(of["source_cidr_ip"] ?? null)],
      };
    }),
    expected: its.map(({ id }): Expected => ({ type, id, attributes: { source_cidr_ip: network ?? null } })),
  };
};

export const databaseRemedies: readonly (readonly [string, Remedy])[] = [
  ["alibaba-rds-whitelist-open", rdsList],
  ["alibaba-redis-whitelist-open", redisList],
  ["alibaba-mongodb-whitelist-open", mongoList],
  ["alibaba-polardb-whitelist-open", polarList],
  [
    "alibaba-rds-deletion-protection",
    toggle(
      "Protect the database from release",
      "rds",
      "rds:ModifyDBInstanceDeletionProtection",
      "ModifyDBInstanceDeletionProtection",
      "DBInstanceId",
      { DeletionProtection: true },
      { DeletionProtection: false },
      { deletion_protection: true },
    ),
  ],
  ["alibaba-rds-ssl", rdsSsl],
  ["alibaba-rds-tde", rdsTde],
  [
    "alibaba-rds-sql-audit",
    toggle(
      "Turn on the audit of SQL",
      "rds",
      "rds:ModifySQLCollectorPolicy",
      "ModifySQLCollectorPolicy",
      "DBInstanceId",
      { SQLCollectorStatus: "Enable" },
      { SQLCollectorStatus: "Disabled" },
      { sql_collector_status: "Enabled" },
    ),
  ],
  ["alibaba-rds-instance-public-endpoint", publicEndpoint],
  ["alibaba-rds-pg-log-connections", parameter("log_connections")],
  ["alibaba-rds-pg-log-disconnections", parameter("log_disconnections")],
  ["alibaba-rds-pg-log-duration", parameter("log_duration")],
  [
    "alibaba-redis-ssl",
    toggle(
      "Turn on TLS",
      "kvstore",
      "kvstore:ModifyInstanceSSL",
      "ModifyInstanceSSL",
      "InstanceId",
      { SSLEnabled: "Enable" },
      { SSLEnabled: "Disable" },
      { ssl_enable: "Enable" },
    ),
  ],
  [
    "alibaba-redis-password-free",
    toggle(
      "Demand the password",
      "kvstore",
      "kvstore:ModifyInstanceVpcAuthMode",
      "ModifyInstanceVpcAuthMode",
      "InstanceId",
      { VpcAuthMode: "Open" },
      { VpcAuthMode: "Close" },
      { vpc_auth_mode: "Open" },
    ),
  ],
  [
    "alibaba-mongodb-ssl",
    toggle(
      "Turn on TLS",
      "dds",
      "dds:ModifyDBInstanceSSL",
      "ModifyDBInstanceSSL",
      "DBInstanceId",
      { SSLAction: "Open" },
      { SSLAction: "Close" },
      { ssl_action: "Open" },
    ),
  ],
  ["alibaba-nas-access-rule-open", accessRule],
];
