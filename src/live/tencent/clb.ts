import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import type { Session } from "./client.ts";
import { at, attributes, flag, list, loose, objects, reference, string, tags, truth, type Source } from "./shape.ts";
import { pages, satellite, thing, type TencentCollector } from "./things.ts";

function balancers(session: Session, region: string): Promise<readonly JsonObject[]> {
  return session.once(`clb ${region}`, () => session.list("clb:DescribeLoadBalancers", pages("LoadBalancerSet"), {}, region));
}

const instanceCollector: TencentCollector = {
  types: ["tencentcloud_clb_instance"],
  scope: "region",
  actions: ["clb:DescribeLoadBalancers"],
  list: async (session, region) =>
    (await balancers(session, region)).map((balancer) =>
      thing(
        "tencentcloud_clb_instance",
        balancer,
        { id: "LoadBalancerId", name: "LoadBalancerName", tags: tags(balancer, "Tags", "TagKey", "TagValue") },
        {
          clb_name: "LoadBalancerName",
          network_type: "LoadBalancerType",
          project_id: "ProjectId",
          vpc_id: reference("VpcId"),
          subnet_id: reference("SubnetId"),
          clb_vips: list("LoadBalancerVips"),
          security_groups: list("SecureGroups"),
          log_set_id: reference("LogSetId"),
          log_topic_id: reference("LogTopicId"),
          address_ip_version: "AddressIPVersion",
          load_balancer_pass_to_target: "LoadBalancerPassToTarget",
          snat_pro: "SnatPro",
          domain: reference("Domain"),
          delete_protect: (it) => {
            const flags = at(it, "AttributeFlags");
            if (flags === null) return false;
            return Array.isArray(flags) ? (flags as readonly Json[]).includes("DeleteProtect") : undefined;
          },
        },
      ),
    ),
};

const listenerType = "tencentcloud_clb_listener";
const ruleType = "tencentcloud_clb_listener_rule";

/** Listeners and the rules in them, of every balancer of the region. */
const listenerCollector: TencentCollector = {
  types: [listenerType, ruleType],
  scope: "region",
  actions: ["clb:DescribeListeners", "clb:DescribeClassicalLBListeners", "clb:DescribeLoadBalancers"],
  list: async (session, region) => {
    const all = await balancers(session, region);
    return (await Promise.all(all.map((balancer) => listenersOf(session, balancer, region)))).flat();
  },
};

async function listenersOf(session: Session, balancer: JsonObject, region: string): Promise<readonly Found[]> {
  const id = string(balancer, "LoadBalancerId");
  const once = (items: string) => ({ items, by: "none", size: 0 }) as const;
  // Balancers of the first generation answer another call.
  if (at(balancer, "Forward") === 0) {
    const classical = await session.list("clb:DescribeClassicalLBListeners", once("Listeners"), { LoadBalancerId: id }, region);
    return classical.map((listener) => ({
      type: listenerType,
      id: `${id}#${string(listener, "ListenerId")}`,
      name: loose(listener, "ListenerName"),
      attributes: {
        id: `${id}#${string(listener, "ListenerId")}`,
        clb_id: id,
        ...attributes(listener, {
          listener_id: "ListenerId",
          listener_name: "ListenerName",
          protocol: (it) => string(it, "Protocol").toUpperCase(),
          port: "ListenerPort",
          end_port: () => null,
          health_check_switch: checked("HealthSwitch"),
        }),
      },
    }));
  }
  const listeners = await session.list("clb:DescribeListeners", once("Listeners"), { LoadBalancerId: id }, region);
  return listeners.flatMap((listener) => listenerAndRules(id, listener));
}

function listenerAndRules(balancer: string, listener: JsonObject): readonly Found[] {
  const listenerId = string(listener, "ListenerId");
  const id = `${balancer}#${listenerId}`;
  const made: Found = {
    type: listenerType,
    id,
    name: loose(listener, "ListenerName"),
    attributes: {
      id,
      clb_id: balancer,
      ...attributes(listener, {
        listener_id: "ListenerId",
        listener_name: "ListenerName",
        protocol: "Protocol",
        port: "Port",
        end_port: (it) => at(it, "EndPort") || (at(it, "EndPort") === undefined ? undefined : null),
        certificate_id: "Certificate.CertId",
        certificate_ssl_mode: "Certificate.SSLMode",
        certificate_ca_id: "Certificate.CertCaId",
        health_check_switch: checked("HealthCheck.HealthSwitch"),
        scheduler: "Scheduler",
        sni_switch: flag("SniSwitch"),
        target_type: "TargetType",
      }),
    },
  };
  return [made, ...objects(listener, "Rules").map((rule) => ruleOf(balancer, listenerId, rule))];
}

function ruleOf(balancer: string, listener: string, rule: JsonObject): Found {
  const id = `${balancer}#${listener}#${string(rule, "LocationId")}`;
  return satellite(ruleType, id, {
    clb_id: balancer,
    listener_id: listener,
    ...attributes(rule, {
      rule_id: "LocationId",
      domain: "Domain",
      url: "Url",
      scheduler: "Scheduler",
      certificate_id: "Certificate.CertId",
      health_check_switch: checked("HealthCheck.HealthSwitch"),
      target_type: "TargetType",
      forward_type: "ForwardType",
    }),
  });
}

/** A listener whose rules are checked, or a rule that redirects, has no check of its own: the API's null says nothing of it. */
function checked(path: string): Source {
  return (it) => truth(at(it, path)) ?? undefined;
}

const redirectionType = "tencentcloud_clb_redirection";

const redirectionCollector: TencentCollector = {
  types: [redirectionType],
  scope: "region",
  actions: ["clb:DescribeRewrite", "clb:DescribeLoadBalancers"],
  list: async (session, region) => {
    const all = (await balancers(session, region)).filter((balancer) => at(balancer, "Forward") !== 0);
    const found = await Promise.all(
      all.map(async (balancer): Promise<readonly Found[]> => {
        const id = string(balancer, "LoadBalancerId");
        const none = { items: "RewriteSet", by: "none", size: 0 } as const;
        const rules = await session.list("clb:DescribeRewrite", none, { LoadBalancerId: id }, region);
        return rules
          .filter((rule) => loose(rule, "RewriteTarget.TargetLocationId") !== "")
          .map((rule) =>
            satellite(redirectionType, `${string(rule, "LocationId")}#${loose(rule, "RewriteTarget.TargetLocationId")}`, {
              clb_id: id,
              ...attributes(rule, {
                source_listener_id: "ListenerId",
                source_rule_id: "LocationId",
                source_domian: "Domain",
                target_listener_id: "RewriteTarget.TargetListenerId",
                target_rule_id: "RewriteTarget.TargetLocationId",
                rewrite_code: "RewriteTarget.RewriteCode",
                take_url: "RewriteTarget.TakeUrl",
              }),
            }),
          );
      }),
    );
    return found.flat();
  },
};

export const clbCollectors: readonly TencentCollector[] = [instanceCollector, listenerCollector, redirectionCollector];
