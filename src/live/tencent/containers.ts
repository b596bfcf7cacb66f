import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Facts, Found } from "../collector.ts";
import type { Session } from "./client.ts";
import { at, attributes, each, loose, objects, reference, string, tags, word } from "./shape.ts";
import { inBatches, pages, satellite, thing, type TencentCollector } from "./things.ts";

const clusterType = "tencentcloud_kubernetes_cluster";
const encryptionType = "tencentcloud_kubernetes_encryption_protection";
const addonType = "tencentcloud_kubernetes_addon";

function clusters(session: Session, region: string): Promise<readonly JsonObject[]> {
  return session.once(`tke ${region}`, () => session.list("tke:DescribeClusters", pages("Clusters"), {}, region));
}

const clusterCollector: TencentCollector = {
  types: [clusterType],
  scope: "region",
  actions: ["tke:DescribeClusters"],
  list: async (session, region) =>
    (await clusters(session, region)).map((cluster) => {
      const specifications = at(cluster, "TagSpecification") === undefined ? [] : objects(cluster, "TagSpecification");
      const its = specifications.map((specification) => tags(specification, "Tags"));
      return thing(
        clusterType,
        cluster,
        { id: "ClusterId", name: "ClusterName", tags: Object.assign({}, ...its) as Record<string, string> },
        {
          cluster_name: "ClusterName",
          cluster_desc: "ClusterDescription",
          cluster_version: "ClusterVersion",
          cluster_os: "ClusterOs",
          cluster_deploy_type: "ClusterType",
          cluster_node_num: "ClusterNodeNum",
          cluster_level: "ClusterLevel",
          container_runtime: "ContainerRuntime",
          project_id: "ProjectId",
          vpc_id: "ClusterNetworkSettings.VpcId",
          cluster_cidr: "ClusterNetworkSettings.ClusterCIDR",
          service_cidr: "ClusterNetworkSettings.ServiceCIDR",
          data_plane_v2: "ClusterNetworkSettings.DataPlaneV2",
          deletion_protection: "DeletionProtection",
          // Add-ons are read as what they are, however they were installed.
          extension_addon: () => [],
        },
      );
    }),
  details: [
    {
      of: clusterType,
      actions: ["tke:DescribeClusterEndpointStatus"],
      read: async (session, { id }, region) => {
        const status = await session.call("tke:DescribeClusterEndpointStatus", { ClusterId: id, IsExtranet: true }, region);
        const words = { Created: true, Creating: true, NotFound: false };
        return { attributes: attributes(status, { cluster_internet: word("Status", words) }) };
      },
    },
    {
      of: clusterType,
      actions: ["tke:DescribeClusterEndpoints"],
      read: async (session, { id }, region) => {
        const endpoints = await session.call("tke:DescribeClusterEndpoints", { ClusterId: id }, region);
        return {
          attributes: attributes(endpoints, {
            cluster_internet_security_group: reference("SecurityGroup"),
            cluster_external_endpoint: "ClusterExternalEndpoint",
          }),
        };
      },
    },
    {
      of: clusterType,
      actions: ["tke:DescribeLogSwitches"],
      readAll: async (session, found, region) => {
        const rows = await inBatches(found, 20, (batch) => {
          const once = { items: "SwitchSet", by: "none", size: 0 } as const;
          const parameters = { ClusterIds: batch.map(({ id }) => id), ClusterType: "tke" };
          return session.list("tke:DescribeLogSwitches", once, parameters, region);
        });
        return new Map(
          rows.map((row): [string, Facts] => [
            string(row, "ClusterId"),
            {
              attributes: attributes(row, {
                cluster_audit: logSwitch("Audit"),
                event_persistence: logSwitch("Event"),
                log_agent: (it) => {
                  const enabled = at(it, "Log.Enable");
                  return typeof enabled === "boolean" ? { enabled } : undefined;
                },
              }),
            },
          ]),
        );
      },
    },
    {
      of: clusterType,
      actions: ["tke:DescribeEncryptionStatus"],
      gives: [encryptionType],
      read: async (session, { id }, region) => {
        const status = at(await session.call("tke:DescribeEncryptionStatus", { ClusterId: id }, region), "Status");
        if (typeof status !== "string") throw new Error("no status in the answer");
        if (status !== "Opened") return {};
        return { satellites: [satellite(encryptionType, id, { cluster_id: id, status })] };
      },
    },
    {
      of: clusterType,
      actions: ["tke:DescribeAddon"],
      gives: [addonType],
      read: async (session, { id }, region) => {
        const once = { items: "Addons", by: "none", size: 0 } as const;
        const addons = await session.list("tke:DescribeAddon", once, { ClusterId: id }, region);
        return {
          satellites: addons
            // One that could not be installed does nothing.
            .filter((addon) => !["InstallFailed", "Terminating"].includes(string(addon, "Phase")))
            .map((addon) => {
              const members = attributes(addon, { addon_name: "AddonName", addon_version: "AddonVersion", phase: "Phase" });
              return satellite(addonType, `${id}#${string(addon, "AddonName")}`, { cluster_id: id, ...members });
            }),
        };
      },
    },
  ],
};

function logSwitch(name: string) {
  return (it: JsonObject): JsonObject | undefined => {
    const enabled = at(it, `${name}.Enable`);
    if (typeof enabled !== "boolean") return undefined;
    const members = attributes(it, { log_set_id: reference(`${name}.LogsetId`), topic_id: reference(`${name}.TopicId`) });
    return { enabled, ...members };
  };
}

const poolType = "tencentcloud_kubernetes_node_pool";

const poolCollector: TencentCollector = {
  types: [poolType],
  scope: "region",
  actions: ["tke:DescribeClusterNodePools", "tke:DescribeClusters"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await clusters(session, region)).map(async (cluster): Promise<readonly Found[]> => {
        const id = string(cluster, "ClusterId");
        const once = { items: "NodePoolSet", total: "TotalCount", by: "none", size: 0 } as const;
        const pools = await session.list("tke:DescribeClusterNodePools", once, { ClusterId: id }, region);
        return pools.map((pool) => ({
          type: poolType,
          id: `${id}#${string(pool, "NodePoolId")}`,
          name: loose(pool, "Name"),
          tags: tags(pool, "Tags"),
          handle: loose(pool, "LaunchConfigurationId"),
          attributes: {
            id: `${id}#${string(pool, "NodePoolId")}`,
            cluster_id: id,
            ...attributes(pool, {
              name: "Name",
              status: "LifeState",
              launch_config_id: "LaunchConfigurationId",
              auto_scaling_group_id: "AutoscalingGroupId",
              max_size: "MaxNodesNum",
              min_size: "MinNodesNum",
              desired_capacity: "DesiredNodesNum",
              node_os: "NodePoolOs",
              deletion_protection: "DeletionProtection",
            }),
          },
        }));
      }),
    );
    return found.flat();
  },
  details: [
    {
      of: poolType,
      actions: ["as:DescribeLaunchConfigurations"],
      // What new nodes are made with lies in the pool's launch configuration.
      readAll: async (session, found, region) => {
        const ids = [...new Set(found.map(({ handle }) => handle as string))].filter((id) => id !== "");
        const all = await inBatches(ids, 100, (batch) => {
          const parameters = { LaunchConfigurationIds: batch };
          return session.list("as:DescribeLaunchConfigurations", pages("LaunchConfigurationSet"), parameters, region);
        });
        const byId = new Map(all.map((one) => [string(one, "LaunchConfigurationId"), one]));
        return new Map(
          found.flatMap(({ id, handle }): [string, Facts][] => {
            const its = byId.get(handle as string);
            return its === undefined ? [] : [[id, { attributes: { auto_scaling_config: scalingConfig(its) } }]];
          }),
        );
      },
    },
  ],
};

function scalingConfig(configuration: JsonObject): JsonObject {
  return attributes(configuration, {
    instance_type: "InstanceType",
    internet_max_bandwidth_out: "InternetAccessible.InternetMaxBandwidthOut",
    internet_charge_type: "InternetAccessible.InternetChargeType",
    public_ip_assigned: "InternetAccessible.PublicIpAssigned",
    system_disk_type: "SystemDisk.DiskType",
    system_disk_size: "SystemDisk.DiskSize",
    orderly_security_group_ids: "SecurityGroupIds",
  });
}

const registryType = "tencentcloud_tcr_instance";
const tagRuleType = "tencentcloud_tcr_immutable_tag_rule";
const namespaceType = "tencentcloud_tcr_namespace";

function registries(session: Session, region: string): Promise<readonly JsonObject[]> {
  return session.once(`tcr ${region}`, () => session.list("tcr:DescribeInstances", pages("Registries"), {}, region));
}

const registryCollector: TencentCollector = {
  types: [registryType],
  scope: "region",
  actions: ["tcr:DescribeInstances"],
  list: async (session, region) =>
    (await registries(session, region)).map((registry) =>
      thing(
        registryType,
        registry,
        { id: "RegistryId", name: "RegistryName", tags: tags(registry, "TagSpecification.Tags") },
        {
          name: "RegistryName",
          instance_type: "RegistryType",
          status: "Status",
          public_domain: "PublicDomain",
          internal_end_point: "InternalEndpoint",
          deletion_protection: "DeletionProtection",
        },
      ),
    ),
  details: [
    {
      of: registryType,
      actions: ["tcr:DescribeExternalEndpointStatus"],
      read: async (session, { id }, region) => {
        const status = await session.call("tcr:DescribeExternalEndpointStatus", { RegistryId: id }, region);
        const words = { Opened: true, Opening: true, Closed: false };
        return {
          attributes: attributes(status, { public_status: "Status", open_public_operation: word("Status", words) }),
        };
      },
    },
    {
      of: registryType,
      actions: ["tcr:DescribeSecurityPolicies"],
      read: async (session, { id }, region) => {
        const answer = await session.call("tcr:DescribeSecurityPolicies", { RegistryId: id }, region);
        const policy = each("SecurityPolicySet", (one) =>
          attributes(one, { cidr_block: "CidrBlock", description: "Description", index: "PolicyIndex", version: "PolicyVersion" }),
        );
        return { attributes: attributes(answer, { security_policy: policy }) };
      },
    },
    {
      of: registryType,
      actions: ["tcr:DescribeImmutableTagRules"],
      gives: [tagRuleType],
      read: async (session, { id }, region) => {
        const paging = { items: "Rules", total: "Total", by: "page", offset: "Page", limit: "PageSize", size: 100 } as const;
        const rules = await session.list("tcr:DescribeImmutableTagRules", paging, { RegistryId: id }, region);
        return {
          satellites: rules.map((rule) => {
            const namespace = string(rule, "NsName");
            const its = attributes(rule, {
              disabled: "Disabled",
              id: "RuleId",
              ns_name: "NsName",
              repository_pattern: "RepositoryPattern",
              repository_decoration: "RepositoryDecoration",
              tag_pattern: "TagPattern",
              tag_decoration: "TagDecoration",
            });
            const key = `${id}#${namespace}#${loose(rule, "RuleId")}`;
            return satellite(tagRuleType, key, { registry_id: id, namespace_name: namespace, rule: its });
          }),
        };
      },
    },
  ],
};

const namespaceCollector: TencentCollector = {
  types: [namespaceType],
  scope: "region",
  actions: ["tcr:DescribeNamespaces", "tcr:DescribeInstances"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await registries(session, region)).map(async (registry): Promise<readonly Found[]> => {
        const instance = string(registry, "RegistryId");
        const once = { items: "NamespaceList", total: "TotalCount", by: "none", size: 0 } as const;
        const namespaces = await session.list("tcr:DescribeNamespaces", once, { RegistryId: instance, All: true }, region);
        return namespaces.map((namespace) => ({
          type: namespaceType,
          id: `${instance}#${string(namespace, "Name")}`,
          name: string(namespace, "Name"),
          tags: tags(namespace, "TagSpecification.Tags"),
          attributes: {
            id: `${instance}#${string(namespace, "Name")}`,
            instance_id: instance,
            ...attributes(namespace, {
              name: "Name",
              is_public: "Public",
              is_auto_scan: "AutoScan",
              is_prevent_vul: "PreventVUL",
              severity: reference("Severity"),
            }),
          },
        }));
      }),
    );
    return found.flat();
  },
};

export const containerCollectors: readonly TencentCollector[] = [
  clusterCollector,
  poolCollector,
  registryCollector,
  namespaceCollector,
];
