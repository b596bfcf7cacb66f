import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy, type Step } from "../../remedy.ts";
import { apiCall } from "../calls.ts";

/* Sources: VPC API 2017-03-12 (document/api/215), each action by its name. */

type Direction = "ingress" | "egress";

/** A rule as the API takes it, at its place in the order. */
function policyOf(rule: JsonObject): JsonObject {
  const named = {
    Protocol: "protocol",
    Port: "port",
    CidrBlock: "cidr_block",
    Ipv6CidrBlock: "ipv6_cidr_block",
    SecurityGroupId: "source_security_id",
    Action: "action",
    PolicyDescription: "description",
  };
  const given = (names: Readonly<Record<string, string>>): JsonObject =>
    Object.fromEntries(
      Object.entries(names).flatMap(([member, name]) =>
        textOf(rule[name]) === undefined ? [] : [[member, rule[name] ?? null] as const],
      ),
    );
  const service = given({ ServiceId: "service_template_id", ServiceGroupId: "service_template_group" });
  const address = given({ AddressId: "address_template_id", AddressGroupId: "address_template_group" });
  return {
    PolicyIndex: rule["policy_index"] ?? null,
    ...given(named),
    ...(Object.keys(service).length === 0 ? {} : { ServiceTemplate: service }),
    ...(Object.keys(address).length === 0 ? {} : { AddressTemplate: address }),
  };
}

function ruleText(rule: JsonObject): string {
  const source = textOf(rule["cidr_block"]) ?? textOf(rule["ipv6_cidr_block"]) ?? "an address template";
  return `${source} to ${textOf(rule["protocol"]) ?? "all protocols"} ${textOf(rule["port"]) ?? ""}`.trim();
}

const title = (direction: Direction): string => (direction === "ingress" ? "Ingress" : "Egress");

/** Rules are tried in order: the last goes first, and comes back last, so that each keeps its place. */
const deleteDeciding: Remedy = ({ resource, region, deciding }) => {
  const type = "tencentcloud_security_group_rule_set";
  const set = deciding.find((each) => each.resource.type === type)?.resource;
  if (set === undefined) throw new NotPossible(`No rule of ${resource.name} decides it alone.`);
  const steps: Step[] = [];
  const changed: Record<string, Json> = {};
  for (const direction of ["ingress", "egress"] as const) {
    const all = (isJsonList(set.attributes[direction]) ? set.attributes[direction] : []).filter(isJsonObject);
    const places = new Set(
      deciding.flatMap(({ resource: of, path }) => (of === set && path[0] === direction ? [Number(path[1])] : [])),
    );
    const its = [...places]
      .sort((a, b) => b - a)
      .map((place) => all[place])
      .filter((rule) => rule !== undefined);
    if (its.length === 0) continue;
    for (const rule of its) {
      const which = (policy: JsonObject) => ({
        SecurityGroupId: resource.id,
        SecurityGroupPolicySet: { [title(direction)]: [policy] },
      });
      steps.push({
        title: `Delete ${ruleText(rule)}`,
        call: apiCall("vpc:DeleteSecurityGroupPolicies", region, which({ PolicyIndex: rule["policy_index"] ?? null })),
        undo: [apiCall("vpc:CreateSecurityGroupPolicies", region, which(policyOf(rule)))],
      });
    }
    const left = all.filter((rule) => !its.includes(rule));
    changed[direction] = left.map((rule, index) => ({ ...rule, policy_index: index }));
  }
  if (steps.length === 0) throw new NotPossible(`No rule of ${resource.name} decides it alone.`);
  return {
    steps,
    expected: [{ type, id: set.id, attributes: changed }],
    notes: ["Whoever comes in by these rules, you perhaps, is cut off at once."],
  };
};

const flowLogOn: Remedy = ({ resource, region }) => {
  const put = (verb: "Enable" | "Disable") => apiCall(`vpc:${verb}FlowLogs`, region, { FlowLogIds: [resource.id] });
  return setting("Switch the flow log on", put("Enable"), put("Disable"), {
    type: "tencentcloud_vpc_flow_log_config",
    id: resource.id,
    attributes: { flow_log_id: resource.id, enable: true },
  });
};

const flowLog: Remedy = ({ resource, region, token }, { topic }) => {
  const expected: Expected = {
    type: "tencentcloud_vpc_flow_log",
    id: token,
    attributes: {
      vpc_id: resource.id,
      resource_id: resource.id,
      resource_type: "VPC",
      traffic_type: "ALL",
      cloud_log_id: topic ?? null,
    },
  };
  return {
    steps: [
      {
        title: "Create a flow log",
        call: apiCall("vpc:CreateFlowLog", region, {
          // Names have 60 characters at most.
          FlowLogName: token,
          ResourceType: "VPC",
          ResourceId: resource.id,
          VpcId: resource.id,
          TrafficType: "ALL",
          StorageType: "cls",
          CloudLogId: topic ?? null,
        }),
        undo: [apiCall("vpc:DeleteFlowLog", region, { FlowLogId: { response: "FlowLog[0].FlowLogId" }, VpcId: resource.id })],
        find: {
          call: apiCall("vpc:DescribeFlowLogs", region, { FlowLogName: token }),
          paths: { "FlowLog[0].FlowLogId": "FlowLog[0].FlowLogId" },
        },
      },
    ],
    expected: [expected],
  };
};

export const networkRemedies: readonly (readonly [string, Remedy])[] = [
  ...["ssh-open", "rdp-open", "admin-ports-open", "database-ports-open", "all-open", "egress-all"].map(
    (name) => [`tencent-vpc-sg-${name}`, deleteDeciding] as const,
  ),
  ["tencent-vpc-flow-log-enabled", flowLogOn],
  ["tencent-vpc-flow-log", flowLog],
];
