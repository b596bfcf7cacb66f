import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Detail, Facts, Found } from "../collector.ts";
import {
  at,
  choice,
  entries,
  flag,
  known,
  listed,
  number,
  required,
  tagsOf,
  text,
  textOrNull,
  texts,
  unreadable,
} from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { usersOf } from "./ram.ts";
import { nameOf } from "./regional.ts";

const managed = "alicloud_cs_managed_kubernetes";
const dedicated = "alicloud_cs_kubernetes";
const serverless = "alicloud_cs_serverless_kubernetes";

/** The cloud has one list of clusters; Terraform has a type for each kind. Of other kinds nothing is asked. */
function typeOf(cluster: JsonObject): string | undefined {
  const profile = text(cluster, "profile");
  switch (text(cluster, "cluster_type")) {
    case "ManagedKubernetes":
      return profile === "Serverless" ? serverless : profile === "Edge" ? undefined : managed;
    case "Kubernetes":
      return dedicated;
    case "Ask":
      return serverless;
    default:
      return undefined;
  }
}

const clusterActions = ["cs:DescribeClustersV1"];

function clustersOf(session: AlibabaSession, region: string): Promise<readonly JsonObject[]> {
  return session.once(`cs:DescribeClustersV1 ${region}`, async () => {
    const all: JsonObject[] = [];
    for (let page = 1; ; page++) {
      const query = { region_id: region, page_number: String(page), page_size: "50" };
      const answer = await session.roa("cs", "DescribeClustersV1", region, "/api/v1/clusters", query);
      const here = listed("cs:DescribeClustersV1", answer, "clusters");
      all.push(...here);
      const total = number(answer, "page_info.total_count");
      if (here.length === 0 || (total === undefined ? here.length < 50 : all.length >= total)) break;
    }
    return all.filter((cluster) => text(cluster, "region_id") === region);
  });
}

const clusters: Collector<AlibabaSession> = {
  types: [managed, dedicated, serverless],
  scope: "region",
  actions: clusterActions,
  list: async (session, region) =>
    (await clustersOf(session, region)).flatMap((cluster): Found[] => {
      const type = typeOf(cluster);
      if (type === undefined) return [];
      const id = required("cs:DescribeClustersV1", cluster, "cluster_id");
      const tags = tagsOf(cluster, "tags");
      const attributes = known({
        id,
        tags,
        name: text(cluster, "name"),
        version: text(cluster, "current_version"),
        vpc_id: text(cluster, "vpc_id"),
        security_group_id: text(cluster, "security_group_id"),
        resource_group_id: text(cluster, "resource_group_id"),
        deletion_protection: flag(cluster, "deletion_protection"),
        ...(type === managed ? { profile: text(cluster, "profile"), cluster_spec: text(cluster, "cluster_spec") } : {}),
        // Components are things of their own here.
        ...(type === serverless ? {} : { addons: [] }),
      });
      return [{ type, id, name: nameOf(cluster, "name", id), tags, attributes }];
    }),
  details: [
    ...[managed, dedicated, serverless].map((type): Detail<AlibabaSession> => ({
      of: type,
      actions: ["cs:DescribeClusterDetail"],
      read: async (session, { id }, region) =>
        clusterFacts(type, await session.roa("cs", "DescribeClusterDetail", region, `/clusters/${id}`)),
    })),
    {
      of: managed,
      actions: ["cs:CheckControlPlaneLogEnable"],
      read: async (session, { id }, region) => {
        const answer = await session.roa("cs", "CheckControlPlaneLogEnable", region, `/clusters/${id}/controlplanelog`);
        return {
          attributes: known({
            control_plane_log_components: texts(answer, "components"),
            control_plane_log_project: textOrNull(answer, "log_project"),
            control_plane_log_ttl: text(answer, "log_ttl"),
          }),
        };
      },
    },
    {
      of: managed,
      actions: ["cs:DescribeClusterAddonsVersion"],
      gives: ["alicloud_cs_kubernetes_addon"],
      read: async (session, { id }, region) => {
        const answer = await session.roa("cs", "DescribeClusterAddonsVersion", region, `/clusters/${id}/components/version`);
        if (!isJsonObject(answer)) throw unreadable("cs:DescribeClusterAddonsVersion", id);
        const satellites = Object.entries(answer).flatMap(([name, addon]): Found[] => {
          const version = text(addon, "version");
          // Offered, but not installed.
          if (!isJsonObject(addon) || version === undefined || version === "") return [];
          const attributes = { id: `${id}:${name}`, cluster_id: id, name, version };
          return [{ type: "alicloud_cs_kubernetes_addon", id: attributes.id, name, attributes }];
        });
        return { satellites };
      },
    },
    {
      of: managed,
      actions: ["cs:ListClusterInspectReports"],
      read: async (session, { id }, region) => {
        const action = "cs:ListClusterInspectReports";
        const answer = await session.roa("cs", "ListClusterInspectReports", region, `/clusters/${id}/inspectReports`, {
          maxResults: "100",
        });
        const ends = listed(action, answer, "reports")
          .filter((report) => text(report, "status") === "completed")
          .map((report) => Date.parse(text(report, "endTime") ?? ""))
          .filter((time) => !Number.isNaN(time));
        return { attributes: { last_inspection: ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString() } };
      },
    },
  ],
};

function clusterFacts(type: string, answer: Json): Facts {
  const reached = publicEndpoint(text(answer, "master_url"));
  if (type === serverless) return { attributes: known({ endpoint_public_access_enabled: reached }) };
  const common = { slb_internet_enabled: reached, deletion_protection: flag(answer, "deletion_protection") };
  if (type === dedicated) return { attributes: known(common) };
  const metadata = parsed(text(answer, "meta_data"));
  // A cluster for which it was never turned on has no such member.
  const rrsa =
    flag(answer, "rrsa_config.enabled") ?? flag(metadata, "RRSAConfig.enabled") ?? (metadata === undefined ? undefined : false);
  const auto = flag(answer, "auto_mode.enable");
  return {
    attributes: known({
      ...common,
      enable_rrsa: rrsa,
      auto_mode: auto === undefined ? null : { enabled: auto },
      cluster_spec: text(answer, "cluster_spec"),
    }),
  };
}

/** JSON inside the JSON. */
function parsed(json: string | undefined): JsonObject | undefined {
  try {
    const value = JSON.parse(json ?? "") as Json;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function publicEndpoint(urls: string | undefined): boolean | undefined {
  const endpoints = parsed(urls);
  return endpoints === undefined ? undefined : (text(endpoints, "api_server_endpoint") ?? "") !== "";
}

const nodePools: Collector<AlibabaSession> = {
  types: ["alicloud_cs_kubernetes_node_pool"],
  scope: "region",
  actions: [...clusterActions, "cs:DescribeClusterNodePools"],
  list: async (session, region) => {
    const action = "cs:DescribeClusterNodePools";
    const own = (await clustersOf(session, region)).filter((cluster) => [managed, dedicated].includes(typeOf(cluster) ?? ""));
    const found = await Promise.all(
      own.map(async (cluster) => {
        const id = required("cs:DescribeClustersV1", cluster, "cluster_id");
        const answer = await session.roa("cs", "DescribeClusterNodePools", region, `/clusters/${id}/nodepools`);
        return listed(action, answer, "nodepools").map((pool) => poolOf(id, pool, action));
      }),
    );
    return found.flat();
  },
  details: [
    {
      of: "alicloud_cs_kubernetes_node_pool",
      actions: ["cs:DescribeClusterNodePoolDetail"],
      read: async (session, { id }, region) => {
        const [cluster = "", pool = ""] = id.split(":");
        const answer = await session.roa("cs", "DescribeClusterNodePoolDetail", region, `/clusters/${cluster}/nodepools/${pool}`);
        const config = at(answer, "node_config");
        // Nothing is said of nodes that nobody has configured; where the member is missing, nothing was said at all.
        if (!isJsonObject(config)) return {};
        return { attributes: { kubelet_configuration: kubelet(config) } };
      },
    },
  ],
};

function kubelet(config: JsonObject): Json {
  const own = at(config, "kubelet_configuration");
  if (!isJsonObject(own)) return null;
  return { read_only_port: text(own, "readOnlyPort") ?? null };
}

function poolOf(cluster: string, pool: JsonObject, action: string): Found {
  const own = required(action, pool, "nodepool_info.nodepool_id");
  const id = `${cluster}:${own}`;
  const tokens = text(pool, "scaling_group.instance_metadata_options.http_tokens");
  const bond = flag(pool, "auto_scaling.is_bond_eip");
  const attributes = known({
    id,
    cluster_id: cluster,
    node_pool_id: own,
    node_pool_name: text(pool, "nodepool_info.name"),
    type: text(pool, "nodepool_info.type"),
    install_cloud_monitor: flag(pool, "kubernetes_config.cms_enabled"),
    runtime_name: text(pool, "kubernetes_config.runtime"),
    internet_max_bandwidth_out: number(pool, "scaling_group.internet_max_bandwidth_out"),
    internet_charge_type: textOrNull(pool, "scaling_group.internet_charge_type"),
    instance_types: texts(pool, "scaling_group.instance_types"),
    vswitch_ids: texts(pool, "scaling_group.vswitch_ids"),
    instance_metadata_options: tokens === undefined || tokens === "" ? undefined : { http_tokens: tokens },
    scaling_config: bond === undefined ? undefined : known({ is_bond_eip: bond, enable: flag(pool, "auto_scaling.enable") }),
  });
  return { type: "alicloud_cs_kubernetes_node_pool", id, name: nameOf(pool, "nodepool_info.name", id), attributes };
}

/** What users of the account may do in its clusters. Users without a role in any have no such thing. */
const permissions: Collector<AlibabaSession> = {
  types: ["alicloud_cs_kubernetes_permissions"],
  scope: "account",
  actions: ["ram:ListUsers", "cs:DescribeUserPermission"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await usersOf(session, region)).map(async (user): Promise<Found | undefined> => {
        const uid = required("ram:ListUsers", user, "UserId");
        const answer = await session.roa("cs", "DescribeUserPermission", region, `/permissions/users/${uid}`);
        if (!isJsonList(answer)) throw unreadable("cs:DescribeUserPermission", uid);
        const own = answer.filter(isJsonObject).map((permission) => {
          const role = text(permission, "role_type");
          return known({
            cluster: textOrNull(permission, "resource_id"),
            role_type:
              text(permission, "resource_id") === "all-clusters"
                ? "all-clusters"
                : choice(text(permission, "resource_type"), {
                    cluster: "cluster",
                    namespace: "namespace",
                    console: "all-clusters",
                  }),
            // Only roles that somebody made have names of their own.
            role_name: role === "custom" ? text(permission, "role_name") : role,
            is_custom: role === undefined ? undefined : role === "custom",
          });
        });
        if (own.length === 0) return undefined;
        return {
          type: "alicloud_cs_kubernetes_permissions",
          id: uid,
          name: text(user, "UserName") ?? uid,
          attributes: { id: uid, uid, permissions: own },
        };
      }),
    );
    return found.filter((one) => one !== undefined);
  },
};

/** Instances of the registry: everything else is asked of each. */
async function registries(session: AlibabaSession, region: string): Promise<readonly string[]> {
  return session.once(`cr:ListInstance ${region}`, async () => {
    const all = await pagesOf(session, region, "ListInstance", "Instances", {});
    return all.map((instance) => required("cr:ListInstance", instance, "InstanceId"));
  });
}

async function pagesOf(
  session: AlibabaSession,
  region: string,
  operation: string,
  list: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  for (let page = 1; ; page++) {
    const answer = await session.rpc("cr", operation, region, { ...parameters, PageNo: page, PageSize: 100 });
    const total = number(answer, "TotalCount");
    const here = total === 0 ? (entries(answer, list) ?? []) : listed(`cr:${operation}`, answer, list);
    all.push(...here);
    if (here.length === 0 || (total === undefined ? here.length < 100 : all.length >= total)) return all;
  }
}

function registry(
  type: string,
  operation: string,
  list: string,
  found: (item: JsonObject, instance: string, action: string) => Found,
  more: Readonly<Record<string, string>> = {},
): Collector<AlibabaSession> {
  const action = `cr:${operation}`;
  return {
    types: [type],
    scope: "region",
    actions: ["cr:ListInstance", action],
    list: async (session, region) => {
      const all = await Promise.all(
        (await registries(session, region)).map(async (instance) => {
          const items = await pagesOf(session, region, operation, list, { InstanceId: instance, ...more });
          return items.map((item) => found(item, instance, action));
        }),
      );
      return all.flat();
    },
  };
}

const namespaces = registry("alicloud_cr_ee_namespace", "ListNamespace", "Namespaces", (namespace, instance, action) => {
  const name = required(action, namespace, "NamespaceName");
  const attributes = known({
    id: `${instance}:${name}`,
    instance_id: instance,
    name,
    default_visibility: text(namespace, "DefaultRepoType"),
    auto_create: flag(namespace, "AutoCreateRepo"),
  });
  return { type: "alicloud_cr_ee_namespace", id: `${instance}:${name}`, name, attributes };
});

const repositories = registry(
  "alicloud_cr_ee_repo",
  "ListRepository",
  "Repositories",
  (repository, instance, action) => {
    const [namespace, name] = ["RepoNamespaceName", "RepoName"].map((member) => required(action, repository, member));
    const id = `${instance}:${namespace}:${name}`;
    const attributes = known({
      id,
      instance_id: instance,
      namespace,
      name,
      repo_id: text(repository, "RepoId"),
      repo_type: text(repository, "RepoType"),
      summary: textOrNull(repository, "Summary"),
      tag_immutability: flag(repository, "TagImmutability"),
    });
    return { type: "alicloud_cr_ee_repo", id, name: `${namespace}/${name}`, attributes };
  },
  { RepoStatus: "ALL" },
);

export const containerCollectors: readonly Collector<AlibabaSession>[] = [
  clusters,
  nodePools,
  permissions,
  namespaces,
  repositories,
];
