import { isJsonList, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { at, flag, known, number, required, split, tagsOf, text, textOrNull, unreadable } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { byNumber } from "./paging.ts";
import { isChina } from "./products.ts";
import { nameOf, regional } from "./regional.ts";

/** The security products know two regions. */
function site(session: AlibabaSession): string {
  return isChina(session.home) ? "cn-hangzhou" : "ap-southeast-1";
}

const firewall: Collector<AlibabaSession> = {
  types: ["alicloud_cloud_firewall_instance_v2"],
  scope: "account",
  actions: ["yundun-cloudfirewall:DescribeUserBuyVersion"],
  list: async (session) => {
    const answer = await session.rpc("cloudfw", "DescribeUserBuyVersion", site(session));
    // Nobody has bought one, or it has ended.
    if (text(answer, "InstanceStatus") === "free" || flag(answer, "UserStatus") === false) return [];
    const id = required("yundun-cloudfirewall:DescribeUserBuyVersion", answer, "InstanceId");
    const attributes = known({
      id,
      cfw_log: flag(answer, "LogStatus"),
      user_status: text(answer, "UserStatus"),
      status: text(answer, "InstanceStatus"),
    });
    return [{ type: "alicloud_cloud_firewall_instance_v2", id, name: "Cloud Firewall", attributes }];
  },
};

const firewallPolicies: Collector<AlibabaSession> = {
  types: ["alicloud_cloud_firewall_control_policy"],
  scope: "account",
  actions: ["yundun-cloudfirewall:DescribeControlPolicy"],
  list: async (session) => {
    const found = await Promise.all(
      ["in", "out"].map(async (direction) => {
        const all = await byNumber(session, {
          product: "cloudfw",
          operation: "DescribeControlPolicy",
          region: site(session),
          list: "Policys",
          page: "CurrentPage",
          size: 50,
          parameters: { Direction: direction },
        });
        return all.map((policy) => policyOf(direction, policy));
      }),
    );
    return found.flat();
  },
};

function policyOf(direction: string, policy: JsonObject): Found {
  const uuid = required("yundun-cloudfirewall:DescribeControlPolicy", policy, "AclUuid");
  const id = `${uuid}:${direction}`;
  const attributes = known({
    id,
    acl_uuid: uuid,
    direction,
    acl_action: text(policy, "AclAction"),
    source: text(policy, "Source"),
    source_type: text(policy, "SourceType"),
    destination: text(policy, "Destination"),
    destination_type: text(policy, "DestinationType"),
    proto: text(policy, "Proto"),
    // One of the two says which ports; the other is empty.
    dest_port: textOrNull(policy, "DestPort"),
    dest_port_group: textOrNull(policy, "DestPortGroup"),
    dest_port_type: textOrNull(policy, "DestPortType"),
    application_name: textOrNull(policy, "ApplicationName"),
    description: textOrNull(policy, "Description"),
    release: text(policy, "Release")?.toLowerCase(),
  });
  return { type: "alicloud_cloud_firewall_control_policy", id, name: nameOf(policy, "Description", uuid), attributes };
}

const waf: Collector<AlibabaSession> = {
  types: ["alicloud_wafv3_instance"],
  scope: "account",
  actions: ["yundun-waf:DescribeInstance"],
  list: async (session) => {
    const region = site(session);
    const answer = await session.rpc("waf", "DescribeInstance", region, { RegionId: region });
    const id = text(answer, "InstanceId") ?? "";
    // An account that has none is answered without an id.
    if (id === "") return [];
    const attributes = known({ id, instance_id: id, status: text(answer, "Status") });
    return [{ type: "alicloud_wafv3_instance", id, name: id, attributes }];
  },
  details: [
    {
      of: "alicloud_wafv3_instance",
      actions: ["yundun-waf:DescribeSlsLogStoreStatus"],
      read: async (session, { id }) => {
        const region = site(session);
        const answer = await session.rpc("waf", "DescribeSlsLogStoreStatus", region, { RegionId: region, InstanceId: id });
        return { attributes: known({ log_service: flag(answer, "ExistStatus") }) };
      },
    },
  ],
};

const ddos: Collector<AlibabaSession> = {
  types: ["alicloud_ddoscoo_instance"],
  scope: "account",
  actions: ["yundun-ddoscoo:DescribeInstances"],
  list: async (session) => {
    const region = site(session);
    const call = { product: "ddoscoo", operation: "DescribeInstances", region, list: "Instances", size: 50 } as const;
    const all = await byNumber(session, { ...call, parameters: { RegionId: region } });
    return all.map((instance) => {
      const id = required("yundun-ddoscoo:DescribeInstances", instance, "InstanceId");
      const attributes = known({ id, name: textOrNull(instance, "Remark"), status: number(instance, "Status") });
      return { type: "alicloud_ddoscoo_instance", id, name: nameOf(instance, "Remark", id), attributes };
    });
  },
  details: [
    {
      of: "alicloud_ddoscoo_instance",
      actions: ["yundun-ddoscoo:DescribeLogStoreExistStatus"],
      // One answer for the account.
      readAll: async (session, found) => {
        const region = site(session);
        const answer = await session.rpc("ddoscoo", "DescribeLogStoreExistStatus", region, { RegionId: region });
        const facts = { attributes: known({ log_analysis: flag(answer, "ExistStatus") }) };
        return new Map(found.map(({ id }) => [id, facts]));
      },
    },
  ],
};

/** Certificates that were bought and those that were brought along are two lists. */
const certificates: Collector<AlibabaSession> = {
  types: ["alicloud_ssl_certificates_service_certificate"],
  scope: "account",
  actions: ["yundun-cert:ListUserCertificateOrder"],
  list: async (session) => {
    const found = await Promise.all(
      ["CERT", "UPLOAD"].map(async (kind) => {
        const all = await byNumber(session, {
          product: "cas",
          operation: "ListUserCertificateOrder",
          region: site(session),
          list: "CertificateOrderList",
          page: "CurrentPage",
          perPage: "ShowSize",
          size: 50,
          parameters: { OrderType: kind },
        });
        return all.map(certificateOf);
      }),
    );
    return found.flat();
  },
};

function certificateOf(certificate: JsonObject): Found {
  const id = required("yundun-cert:ListUserCertificateOrder", certificate, "CertificateId");
  const name = text(certificate, "Name") ?? text(certificate, "CommonName");
  const attributes = known({ id, certificate_name: name, name, end_date: endOf(certificate) });
  return { type: "alicloud_ssl_certificates_service_certificate", id, name: name ?? id, attributes };
}

/** The day that it ends on: its beginning, to be on the safe side. */
function endOf(certificate: JsonObject): string | undefined {
  const day = text(certificate, "EndDate");
  return day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T00:00:00Z` : undefined;
}

const microservices = regional(
  { product: "mse", operation: "ListClusters", list: "Data", size: 100, paging: "number", page: "PageNum" },
  ["alicloud_mse_cluster"],
  (cluster, action) => {
    const id = required(action, cluster, "InstanceId");
    const tags = tagsOf(cluster, "Tags");
    const attributes = known({
      id,
      tags,
      cluster_alias_name: textOrNull(cluster, "ClusterAliasName"),
      cluster_type: text(cluster, "ClusterType"),
      version_code: text(cluster, "VersionCode"),
      app_version: text(cluster, "AppVersion"),
      mse_version: text(cluster, "MseVersion"),
    });
    return [{ type: "alicloud_mse_cluster", id, name: nameOf(cluster, "ClusterAliasName", id), tags, attributes }];
  },
  [
    {
      of: "alicloud_mse_cluster",
      actions: ["mse:QueryClusterDetail"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("mse", "QueryClusterDetail", region, { InstanceId: id, AclSwitch: true });
        const data = at(answer, "Data");
        if (data === undefined) throw unreadable("mse:QueryClusterDetail", "Data");
        return {
          attributes: known({
            net_type: text(data, "NetType"),
            pub_network_flow: text(data, "PubNetworkFlow"),
            acl_entry_list: entriesOf(at(data, "AclEntryList")),
            connection_type: text(data, "ConnectionType"),
            vpc_id: text(data, "VpcId"),
            vswitch_id: text(data, "VSwitchId"),
          }),
        };
      },
    },
  ],
);

/** A list, written as JSON or with commas. */
function entriesOf(list: Json | undefined): readonly string[] | undefined {
  if (isJsonList(list)) return list.filter((one) => typeof one === "string");
  if (typeof list !== "string") return undefined;
  return split(list.replaceAll(/[[\]"]/g, ""));
}

export const protectionCollectors: readonly Collector<AlibabaSession>[] = [
  firewall,
  firewallPolicies,
  waf,
  ddos,
  certificates,
  microservices,
];
