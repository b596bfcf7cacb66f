import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector } from "../collector.ts";
import { at, flag, known, listed, number, required, tagsOf, text, textOrNull, texts } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { nameOf, regional } from "./regional.ts";

const classic = regional(
  { product: "slb", operation: "DescribeLoadBalancers", list: "LoadBalancers.LoadBalancer", size: 100, paging: "number" },
  ["alicloud_slb_load_balancer"],
  (balancer, action) => {
    const id = required(action, balancer, "LoadBalancerId");
    const tags = tagsOf(balancer, "Tags.Tag");
    const attributes = known({
      id,
      tags,
      load_balancer_name: textOrNull(balancer, "LoadBalancerName"),
      address: text(balancer, "Address"),
      address_type: text(balancer, "AddressType"),
      address_ip_version: text(balancer, "AddressIPVersion"),
      vswitch_id: textOrNull(balancer, "VSwitchId"),
      load_balancer_spec: textOrNull(balancer, "LoadBalancerSpec"),
      internet_charge_type: chargeType(text(balancer, "InternetChargeType")),
      master_zone_id: text(balancer, "MasterZoneId"),
      slave_zone_id: text(balancer, "SlaveZoneId"),
      resource_group_id: text(balancer, "ResourceGroupId"),
      status: text(balancer, "LoadBalancerStatus"),
    });
    return [{ type: "alicloud_slb_load_balancer", id, name: nameOf(balancer, "LoadBalancerName", id), tags, attributes }];
  },
  [
    {
      of: "alicloud_slb_load_balancer",
      actions: ["slb:DescribeLoadBalancerAttribute"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("slb", "DescribeLoadBalancerAttribute", region, { RegionId: region, LoadBalancerId: id });
        return {
          attributes: known({ delete_protection: text(answer, "DeleteProtection"), bandwidth: number(answer, "Bandwidth") }),
        };
      },
    },
  ],
);

const classicListeners = regional(
  {
    product: "slb",
    operation: "DescribeLoadBalancerListeners",
    list: "Listeners",
    size: 100,
    paging: "token",
    // "This parameter is not returned if the CLB instance does not have a listener."
    mayLack: true,
  },
  ["alicloud_slb_listener"],
  (listener, action) => {
    const balancer = required(action, listener, "LoadBalancerId");
    const protocol = required(action, listener, "ListenerProtocol").toLowerCase();
    const port = required(action, listener, "ListenerPort");
    const id = `${balancer}:${protocol}:${port}`;
    const acls = texts(listener, "AclIds");
    const single = text(listener, "AclId");
    const backend = number(listener, "BackendServerPort");
    const attributes = known({
      id,
      load_balancer_id: balancer,
      protocol,
      frontend_port: Number(port),
      // A listener with a group of servers has no port of its own: the group has.
      backend_port: backend === 0 ? undefined : backend,
      bandwidth: number(listener, "Bandwidth"),
      description: textOrNull(listener, "Description"),
      scheduler: text(listener, "Scheduler"),
      server_group_id: textOrNull(listener, "VServerGroupId"),
      acl_status: text(listener, "AclStatus"),
      acl_type: textOrNull(listener, "AclType"),
      acl_ids: acls !== undefined && acls.length > 0 ? acls : single === undefined ? acls : single === "" ? [] : [single],
      listener_forward: protocol === "http" ? text(listener, "HTTPListenerConfig.ListenerForward") : null,
      forward_port: protocol === "http" ? number(listener, "HTTPListenerConfig.ForwardPort") : null,
      tls_cipher_policy: protocol === "https" ? text(listener, "HTTPSListenerConfig.TLSCipherPolicy") : null,
      server_certificate_id: protocol === "https" ? text(listener, "HTTPSListenerConfig.ServerCertificateId") : null,
    });
    return [{ type: "alicloud_slb_listener", id, name: id, attributes }];
  },
);

const classicLists = regional(
  { product: "slb", operation: "DescribeAccessControlLists", list: "Acls.Acl", size: 50, paging: "number" },
  ["alicloud_slb_acl"],
  (list, action) => {
    const id = required(action, list, "AclId");
    const name = textOrNull(list, "AclName");
    const attributes = known({
      id,
      name,
      ip_version: text(list, "AddressIPVersion"),
      resource_group_id: text(list, "ResourceGroupId"),
    });
    return [{ type: "alicloud_slb_acl", id, name: name ?? id, attributes }];
  },
  [
    {
      of: "alicloud_slb_acl",
      actions: ["slb:DescribeAccessControlListAttribute"],
      read: async (session, { id }, region) => {
        const action = "slb:DescribeAccessControlListAttribute";
        const rules: JsonObject[] = [];
        for (let page = 1; ; page++) {
          const parameters = { RegionId: region, AclId: id, Page: page, PageSize: 50 };
          const answer = await session.rpc("slb", "DescribeAccessControlListAttribute", region, parameters);
          // An empty list has no member for its entries.
          const entries = at(answer, "AclEntrys") === undefined ? [] : listed(action, answer, "AclEntrys.AclEntry");
          rules.push(...entries);
          const total = number(answer, "TotalAclEntry");
          if (entries.length === 0 || (total === undefined ? entries.length < 50 : rules.length >= total)) break;
        }
        const entry_list = rules.map((rule) =>
          known({ entry: text(rule, "AclEntryIP"), comment: textOrNull(rule, "AclEntryComment") }),
        );
        return { attributes: { entry_list } };
      },
    },
  ],
);

const application = regional(
  { product: "alb", operation: "ListLoadBalancers", list: "LoadBalancers", size: 100, paging: "token" },
  ["alicloud_alb_load_balancer"],
  (balancer, action) => {
    const id = required(action, balancer, "LoadBalancerId");
    const tags = tagsOf(balancer, "Tags");
    const attributes = known({
      id,
      tags,
      load_balancer_name: textOrNull(balancer, "LoadBalancerName"),
      load_balancer_edition: text(balancer, "LoadBalancerEdition"),
      address_type: text(balancer, "AddressType"),
      address_ip_version: text(balancer, "AddressIpVersion"),
      dns_name: text(balancer, "DNSName"),
      vpc_id: text(balancer, "VpcId"),
      resource_group_id: text(balancer, "ResourceGroupId"),
      status: text(balancer, "LoadBalancerStatus"),
      create_time: text(balancer, "CreateTime"),
    });
    return [{ type: "alicloud_alb_load_balancer", id, name: nameOf(balancer, "LoadBalancerName", id), tags, attributes }];
  },
  [
    {
      of: "alicloud_alb_load_balancer",
      actions: ["alb:GetLoadBalancerAttribute"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("alb", "GetLoadBalancerAttribute", region, { LoadBalancerId: id });
        const project = text(answer, "AccessLogConfig.LogProject") ?? "";
        return {
          attributes: known({
            ipv6_address_type: text(answer, "Ipv6AddressType"),
            // A balancer whose logs go nowhere has no such member.
            access_log_config:
              project === "" ? null : { log_project: project, log_store: text(answer, "AccessLogConfig.LogStore") ?? null },
            deletion_protection_enabled: flag(answer, "DeletionProtectionConfig.Enabled"),
          }),
        };
      },
    },
  ],
);

const applicationListeners = regional(
  { product: "alb", operation: "ListListeners", list: "Listeners", size: 100, paging: "token" },
  ["alicloud_alb_listener"],
  (listener, action) => {
    const id = required(action, listener, "ListenerId");
    const attributes = known({
      id,
      load_balancer_id: text(listener, "LoadBalancerId"),
      listener_protocol: text(listener, "ListenerProtocol"),
      listener_port: number(listener, "ListenerPort"),
      listener_description: textOrNull(listener, "ListenerDescription"),
      // Only of listeners that speak TLS.
      security_policy_id: text(listener, "SecurityPolicyId"),
      http2_enabled: flag(listener, "Http2Enabled"),
      status: text(listener, "ListenerStatus"),
    });
    return [{ type: "alicloud_alb_listener", id, name: nameOf(listener, "ListenerDescription", id), attributes }];
  },
);

const securityPolicies = regional(
  { product: "alb", operation: "ListSecurityPolicies", list: "SecurityPolicies", size: 100, paging: "token" },
  ["alicloud_alb_security_policy"],
  (policy, action) => {
    const id = required(action, policy, "SecurityPolicyId");
    const attributes = known({
      id,
      security_policy_name: text(policy, "SecurityPolicyName"),
      tls_versions: texts(policy, "TLSVersions"),
      ciphers: texts(policy, "Ciphers"),
      status: text(policy, "SecurityPolicyStatus"),
    });
    return [{ type: "alicloud_alb_security_policy", id, name: nameOf(policy, "SecurityPolicyName", id), attributes }];
  },
);

const network = regional(
  { product: "nlb", operation: "ListLoadBalancers", list: "LoadBalancers", size: 100, paging: "token" },
  ["alicloud_nlb_load_balancer"],
  (balancer, action) => {
    const id = required(action, balancer, "LoadBalancerId");
    const tags = tagsOf(balancer, "Tags");
    const attributes = known({
      id,
      tags,
      load_balancer_name: textOrNull(balancer, "LoadBalancerName"),
      address_type: text(balancer, "AddressType"),
      address_ip_version: text(balancer, "AddressIpVersion"),
      dns_name: text(balancer, "DNSName"),
      vpc_id: text(balancer, "VpcId"),
      security_group_ids: texts(balancer, "SecurityGroupIds"),
      status: text(balancer, "LoadBalancerStatus"),
      create_time: text(balancer, "CreateTime"),
    });
    return [{ type: "alicloud_nlb_load_balancer", id, name: nameOf(balancer, "LoadBalancerName", id), tags, attributes }];
  },
  [
    {
      of: "alicloud_nlb_load_balancer",
      actions: ["nlb:GetLoadBalancerAttribute"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("nlb", "GetLoadBalancerAttribute", region, { RegionId: region, LoadBalancerId: id });
        return { attributes: known({ ipv6_address_type: text(answer, "Ipv6AddressType") }) };
      },
    },
  ],
);

export const balancerCollectors: readonly Collector<AlibabaSession>[] = [
  classic,
  classicListeners,
  classicLists,
  application,
  applicationListeners,
  securityPolicies,
  network,
];

/** The API says `paybytraffic`, the provider `PayByTraffic`. */
function chargeType(said: string | undefined): string | undefined {
  return ["PayByBandwidth", "PayByTraffic"].find((each) => each.toLowerCase() === said?.toLowerCase()) ?? said;
}
