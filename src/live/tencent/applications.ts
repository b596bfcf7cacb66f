import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import type { Session } from "./client.ts";
import { at, attributes, each, known, list, loose, reference, string, tags, truth, word, type Source } from "./shape.ts";
import { pages, satellite, thing, type TencentCollector } from "./things.ts";

const functionType = "tencentcloud_scf_function";

/** Functions of every namespace. */
const functionCollector: TencentCollector = {
  types: [functionType],
  scope: "region",
  actions: ["scf:ListFunctions", "scf:ListNamespaces"],
  list: async (session, region) => {
    const namespaces = await session.list("scf:ListNamespaces", pages("Namespaces"), {}, region);
    const found = await Promise.all(
      namespaces.map(async (namespace): Promise<readonly Found[]> => {
        const parameters = { Namespace: string(namespace, "Name") };
        const functions = await session.list("scf:ListFunctions", pages("Functions"), parameters, region);
        return functions.map((it) => {
          const id = `${string(it, "Namespace")}+${string(it, "FunctionName")}`;
          return {
            type: functionType,
            id,
            name: string(it, "FunctionName"),
            tags: tags(it, "Tags"),
            attributes: {
              id,
              ...attributes(it, {
                name: "FunctionName",
                namespace: "Namespace",
                function_id: "FunctionId",
                runtime: "Runtime",
                func_type: "Type",
                description: "Description",
                status: "Status",
              }),
            },
          };
        });
      }),
    );
    return found.flat();
  },
  details: [
    {
      of: functionType,
      actions: ["scf:GetFunction"],
      read: async (session, { attributes: its }, region) => {
        const parameters = { FunctionName: its["name"] ?? null, Namespace: its["namespace"] ?? null, ShowCode: "FALSE" };
        const it = await session.call("scf:GetFunction", parameters, region);
        return {
          attributes: attributes(it, {
            handler: "Handler",
            runtime: "Runtime",
            role: reference("Role"),
            mem_size: "MemorySize",
            timeout: "Timeout",
            vpc_id: reference("VpcConfig.VpcId"),
            subnet_id: reference("VpcConfig.SubnetId"),
            environment: variables,
            enable_public_net: word("PublicNetConfig.PublicNetStatus", { ENABLE: true, DISABLE: false }),
            image_config: (answer) => {
              const image = at(answer, "ImageConfig");
              if (image === undefined) return undefined;
              // A function of code has none, or an empty one.
              return loose(answer, "ImageConfig.ImageUri") === ""
                ? []
                : [attributes(answer, { image_type: "ImageConfig.ImageType", image_uri: "ImageConfig.ImageUri" })];
            },
          }),
        };
      },
    },
  ],
};

function variables(it: JsonObject): Json | undefined {
  const all = at(it, "Environment.Variables");
  if (all === null) return null;
  if (!Array.isArray(all)) return undefined;
  const pairs = (all as readonly Json[])
    .filter(isJsonObject)
    .map((one): [string, string] => [string(one, "Key"), string(one, "Value")]);
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}

const serviceType = "tencentcloud_api_gateway_service";
const apiType = "tencentcloud_api_gateway_api";

function gatewayServices(session: Session, region: string): Promise<readonly JsonObject[]> {
  return session.once(`apigateway ${region}`, () =>
    session.list("apigateway:DescribeServicesStatus", pages("Result.ServiceSet", "Result.TotalCount"), {}, region),
  );
}

const serviceCollector: TencentCollector = {
  types: [serviceType],
  scope: "region",
  actions: ["apigateway:DescribeServicesStatus"],
  list: async (session, region) =>
    (await gatewayServices(session, region)).map((service) =>
      thing(
        serviceType,
        service,
        { id: "ServiceId", name: "ServiceName", tags: tags(service, "Tags") },
        {
          service_name: "ServiceName",
          service_desc: "ServiceDesc",
          protocol: "Protocol",
          net_type: "NetTypes",
          ip_version: "IpVersion",
          outer_sub_domain: "OuterSubDomain",
          create_time: "CreatedTime",
          modify_time: "ModifiedTime",
        },
      ),
    ),
};

const apiCollector: TencentCollector = {
  types: [apiType],
  scope: "region",
  actions: ["apigateway:DescribeApisStatus", "apigateway:DescribeServicesStatus"],
  list: async (session, region) => {
    const found = await Promise.all(
      (await gatewayServices(session, region)).map(async (service): Promise<readonly Found[]> => {
        const paging = pages("Result.ApiIdStatusSet", "Result.TotalCount");
        const parameters = { ServiceId: string(service, "ServiceId") };
        const apis = await session.list("apigateway:DescribeApisStatus", paging, parameters, region);
        return apis.map((api) =>
          thing(
            apiType,
            api,
            { id: "ApiId", name: "ApiName", labels: tags(api, "Tags") },
            {
              service_id: "ServiceId",
              api_name: "ApiName",
              api_desc: "ApiDesc",
              api_type: "ApiType",
              protocol: "Protocol",
              auth_type: "AuthType",
              request_config_path: "Path",
              request_config_method: "Method",
              create_time: "CreatedTime",
              update_time: "ModifiedTime",
            },
          ),
        );
      }),
    );
    return found.flat();
  },
};

const kafkaType = "tencentcloud_ckafka_instance";
const routeType = "tencentcloud_ckafka_route";

const kafkaCollector: TencentCollector = {
  types: [kafkaType],
  scope: "region",
  actions: ["ckafka:DescribeInstancesDetail"],
  list: async (session, region) =>
    (await session.list("ckafka:DescribeInstancesDetail", pages("Result.InstanceList", "Result.TotalCount", 20), {}, region)).map(
      (instance) =>
        thing(
          kafkaType,
          instance,
          { id: "InstanceId", name: "InstanceName", tags: tags(instance, "Tags") },
          {
            instance_name: "InstanceName",
            kafka_version: "Version",
            vpc_id: reference("VpcId"),
            subnet_id: reference("SubnetId"),
            vip: "Vip",
            vport: "Vport",
            disk_size: "DiskSize",
            disk_type: "DiskType",
            band_width: "Bandwidth",
            public_network: "PublicNetwork",
          },
        ),
    ),
  details: [
    {
      of: kafkaType,
      actions: ["ckafka:DescribeInstanceAttributes"],
      read: async (session, { id }, region) => {
        const answer = await session.call("ckafka:DescribeInstanceAttributes", { InstanceId: id }, region);
        return { attributes: attributes(answer, { delete_protection_enable: "Result.DeleteProtectionEnable" }) };
      },
    },
    {
      of: kafkaType,
      actions: ["ckafka:DescribeRoute"],
      gives: [routeType],
      read: async (session, { id }, region) => {
        const once = { items: "Result.Routers", by: "none", size: 0 } as const;
        const routes = await session.list("ckafka:DescribeRoute", once, { InstanceId: id }, region);
        return {
          satellites: routes
            // 3: it could not be made.
            .filter((route) => at(route, "Status") !== 3)
            .map((route) => {
              const members = attributes(route, { vip_type: "VipType", access_type: "AccessType", vpc_id: reference("VpcId") });
              return satellite(routeType, `${id}#${loose(route, "RouteId")}`, { instance_id: id, ...members });
            }),
        };
      },
    },
  ],
};

const rabbitType = "tencentcloud_tdmq_rabbitmq_vip_instance";

const rabbitCollector: TencentCollector = {
  types: [rabbitType],
  scope: "region",
  actions: ["tdmq:DescribeRabbitMQVipInstances"],
  list: async (session, region) =>
    (await session.list("tdmq:DescribeRabbitMQVipInstances", pages("Instances"), {}, region)).map((instance) =>
      thing(
        rabbitType,
        instance,
        { id: "InstanceId", name: "InstanceName", labels: tags(instance, "Tags", "TagKey", "TagValue") },
        {
          cluster_name: "InstanceName",
          cluster_version: "InstanceVersion",
          node_num: "NodeCount",
          node_spec: "SpecName",
          band_width: "MaxBandWidth",
          storage_size: "MaxStorage",
          pay_mode: "PayMode",
        },
      ),
    ),
  details: [
    {
      of: rabbitType,
      actions: ["tdmq:DescribeRabbitMQVipInstance"],
      read: async (session, { id }, region) => {
        const answer = await session.call("tdmq:DescribeRabbitMQVipInstance", { ClusterId: id }, region);
        // An address counts from when it is being made until it is gone.
        const words = { ON: true, CREATING: true, DELETING: true, DELETE_FAILURE: true, OFF: false, CREATE_FAILURE: false };
        return {
          attributes: attributes(answer, {
            enable_public_access: word("ClusterNetInfo.PublicDataStreamStatus", words),
            public_access_endpoint: "ClusterNetInfo.PublicAccessEndpoint",
          }),
        };
      },
    },
  ],
};

const lighthouseType = "tencentcloud_lighthouse_instance";
const firewallType = "tencentcloud_lighthouse_firewall_rule";

const lighthouseCollector: TencentCollector = {
  types: [lighthouseType],
  scope: "region",
  actions: ["lighthouse:DescribeInstances"],
  list: async (session, region) =>
    (await session.list("lighthouse:DescribeInstances", pages("InstanceSet"), {}, region)).map((instance) =>
      thing(
        lighthouseType,
        instance,
        { id: "InstanceId", name: "InstanceName", labels: tags(instance, "Tags") },
        {
          instance_name: "InstanceName",
          bundle_id: "BundleId",
          blueprint_id: "BlueprintId",
          renew_flag: "RenewFlag",
          zone: "Zone",
          public_addresses: list("PublicAddresses"),
          private_addresses: list("PrivateAddresses"),
        },
      ),
    ),
  details: [
    {
      of: lighthouseType,
      actions: ["lighthouse:DescribeFirewallRules"],
      gives: [firewallType],
      read: async (session, { id }, region) => {
        const rules = await session.list("lighthouse:DescribeFirewallRules", pages("FirewallRuleSet"), { InstanceId: id }, region);
        const made = rules.map((rule) =>
          known({
            protocol: at(rule, "Protocol"),
            port: at(rule, "Port"),
            action: at(rule, "Action"),
            firewall_rule_description: at(rule, "FirewallRuleDescription"),
            cidr_block: source(rule),
          }),
        );
        return { satellites: [satellite(firewallType, id, { instance_id: id, firewall_rules: made })] };
      },
    },
  ],
};

/** Without an address a rule is for everyone, by IPv6 where the protocol is. */
function source(rule: JsonObject): string {
  const four = loose(rule, "CidrBlock");
  if (four !== "") return four;
  const six = string(rule, "Ipv6CidrBlock");
  if (six !== "") return six;
  return string(rule, "Protocol").toUpperCase() === "ICMPV6" ? "::/0" : "0.0.0.0/0";
}

const groupType = "tencentcloud_cfs_access_group";
const accessRuleType = "tencentcloud_cfs_access_rule";

const fileAccessCollector: TencentCollector = {
  types: [groupType],
  scope: "region",
  actions: ["cfs:DescribeCfsPGroups"],
  list: async (session, region) => {
    const groups = await session.list("cfs:DescribeCfsPGroups", { items: "PGroupList", by: "none", size: 0 }, {}, region);
    return groups.map((group) =>
      thing(groupType, group, { id: "PGroupId", name: "Name" }, { name: "Name", description: "DescInfo", create_time: "CDate" }),
    );
  },
  details: [
    {
      of: groupType,
      actions: ["cfs:DescribeCfsRules"],
      gives: [accessRuleType],
      read: async (session, { id }, region) => {
        const once = { items: "RuleList", by: "none", size: 0 } as const;
        const rules = await session.list("cfs:DescribeCfsRules", once, { PGroupId: id }, region);
        return {
          satellites: rules.map((rule) => {
            const members = attributes(rule, {
              auth_client_ip: "AuthClientIp",
              rw_permission: "RWPermission",
              user_permission: "UserPermission",
              priority: "Priority",
            });
            return satellite(accessRuleType, `${id}#${loose(rule, "RuleId")}`, { access_group_id: id, ...members });
          }),
        };
      },
    },
  ],
};

const searchCollector: TencentCollector = {
  types: ["tencentcloud_elasticsearch_instance"],
  scope: "region",
  actions: ["es:DescribeInstances"],
  list: async (session, region) =>
    (await session.list("es:DescribeInstances", pages("InstanceList"), {}, region)).map((instance) =>
      thing(
        "tencentcloud_elasticsearch_instance",
        instance,
        { id: "InstanceId", name: "InstanceName", tags: tags(instance, "TagList", "TagKey", "TagValue") },
        {
          instance_name: "InstanceName",
          version: "EsVersion",
          license_type: "LicenseType",
          basic_security_type: openOnly("SecurityType"),
          public_access: openOnly("PublicAccess"),
          kibana_public_access: openOnly("KibanaPublicAccess"),
          kibana_private_access: openOnly("KibanaPrivateAccess"),
          vpc_id: "VpcUid",
          subnet_id: "SubnetUid",
          availability_zone: "Zone",
          deploy_mode: "DeployMode",
          es_acl: acl("EsAcl", (it) => attributes(it, { white_list: list("WhiteIpList"), black_list: list("BlackIpList") })),
          es_public_acl: acl("EsPublicAcl", (it) => attributes(it, { white_ip_list: list("WhiteIpList") })),
          node_info_list: each("NodeInfoList", (node) =>
            attributes(node, {
              node_num: "NodeNum",
              node_type: "NodeType",
              type: "Type",
              disk_type: "DiskType",
              disk_size: "DiskSize",
              encrypt: (it) => truth(at(it, "DiskEncrypt")) ?? undefined,
            }),
          ),
          create_time: "CreateTime",
        },
      ),
    ),
};

/** The API's null says that it does not know: so do we. */
function openOnly(path: string): Source {
  return (it) => at(it, path) ?? undefined;
}

function acl(path: string, make: (it: JsonObject) => JsonObject): Source {
  return (it) => {
    const value = at(it, path);
    return isJsonObject(value) ? make(value) : value === null ? null : undefined;
  };
}

/** What is delivered with what configuration; null of a feature is that it is off. */
const domainCollector: TencentCollector = {
  types: ["tencentcloud_cdn_domain"],
  scope: "account",
  actions: ["cdn:DescribeDomainsConfig"],
  list: async (session) =>
    (await session.list("cdn:DescribeDomainsConfig", pages("Domains", "TotalNumber"))).map((domain) =>
      thing(
        "tencentcloud_cdn_domain",
        domain,
        { id: "Domain", name: "Domain", tags: tags(domain, "Tag", "TagKey", "TagValue") },
        {
          domain: "Domain",
          service_type: "ServiceType",
          area: "Area",
          status: "Status",
          cname: "Cname",
          project_id: "ProjectId",
          create_time: "CreateTime",
          https_config: httpsConfig,
          referer: switched("Referer"),
          authentication: switched("Authentication"),
        },
      ),
    ),
};

function switched(path: string): Source {
  return acl(path, (it) => attributes(it, { switch: "Switch" }));
}

function httpsConfig(domain: JsonObject): Json | undefined {
  const https = at(domain, "Https");
  if (https === undefined || https === null) return https;
  const redirect = at(domain, "ForceRedirect");
  return known({
    ...attributes(domain, {
      https_switch: "Https.Switch",
      http2_switch: "Https.Http2",
      ocsp_stapling_switch: "Https.OcspStapling",
      tls_versions: list("Https.TlsVersion"),
    }),
    force_redirect: isJsonObject(redirect)
      ? attributes(redirect, { switch: "Switch", redirect_type: "RedirectType", redirect_status_code: "RedirectStatusCode" })
      : redirect,
  });
}

export const applicationCollectors: readonly TencentCollector[] = [
  functionCollector,
  serviceCollector,
  apiCollector,
  kafkaCollector,
  rabbitCollector,
  lighthouseCollector,
  fileAccessCollector,
  searchCollector,
  domainCollector,
];
