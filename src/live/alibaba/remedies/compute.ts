import { textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy, type Step } from "../../remedy.ts";
import { rpcCall } from "../calls.ts";

/* Sources: ECS API 2014-05-26, VPC API 2016-04-28, SLB API 2014-05-15, ALB API 2020-06-16, each operation by its name. */

const ruleType = "alicloud_security_group_rule";

/** A rule as AuthorizeSecurityGroup takes it. */
function permissionOf(rule: JsonObject): JsonObject {
  const members = {
    IpProtocol: "ip_protocol",
    PortRange: "port_range",
    Policy: "policy",
    Priority: "priority",
    NicType: "nic_type",
    Description: "description",
    SourceCidrIp: "cidr_ip",
    Ipv6SourceCidrIp: "ipv6_cidr_ip",
    SourceGroupId: "source_security_group_id",
    SourceGroupOwnerAccount: "source_group_owner_account",
    SourcePrefixListId: "prefix_list_id",
  };
  return Object.fromEntries(
    Object.entries(members).flatMap(([member, name]) => {
      const value = rule[name];
      const text = typeof value === "number" ? String(value) : textOf(value);
      return text === undefined || text === "" ? [] : [[`Permissions.1.${member}`, text] as const];
    }),
  );
}

const revoke: Remedy = ({ resource, region, deciding }) => {
  const rules = [...new Map(deciding.map((each) => [each.resource.id, each.resource])).values()].filter(
    ({ type }) => type === ruleType,
  );
  if (rules.length === 0) throw new NotPossible(`No rule of ${resource.name} decides it alone.`);
  const group = { RegionId: region, SecurityGroupId: resource.id };
  return {
    steps: rules.map(({ id, attributes: of }): Step => {
      const own = textOf(of["security_group_rule_id"]);
      // Rules of before 2021 have no id: they are named by what they are.
      const which = own === undefined || own === "" ? permissionOf(of) : { "SecurityGroupRuleId.1": id };
      const source = textOf(of["cidr_ip"]) ?? textOf(of["ipv6_cidr_ip"]) ?? "";
      return {
        title: `Revoke ${source} to ${textOf(of["ip_protocol"]) ?? ""} ${textOf(of["port_range"]) ?? ""}`.trim(),
        call: rpcCall("ecs:RevokeSecurityGroup", region, "ecs", "RevokeSecurityGroup", { ...group, ...which }),
        undo: [rpcCall("ecs:AuthorizeSecurityGroup", region, "ecs", "AuthorizeSecurityGroup", { ...group, ...permissionOf(of) })],
        lost: "The rule comes back with a new id.",
      };
    }),
    expected: rules.map(({ type, id }): Expected => ({ type, id, attributes: null })),
    notes: ["Whoever comes in by these rules, you perhaps, is cut off at once."],
  };
};

const deletionProtection: Remedy = ({ resource, region }) => {
  const put = (DeletionProtection: boolean) =>
    rpcCall("ecs:ModifyInstanceAttribute", region, "ecs", "ModifyInstanceAttribute", {
      InstanceId: resource.id,
      DeletionProtection,
    });
  return setting("Protect the instance from release", put(true), put(false), {
    type: resource.type,
    id: resource.id,
    attributes: { deletion_protection: true },
  });
};

const metadata: Remedy = ({ resource, region }) => {
  const put = (HttpTokens: string) =>
    rpcCall("ecs:ModifyInstanceMetadataOptions", region, "ecs", "ModifyInstanceMetadataOptions", {
      RegionId: region,
      InstanceId: resource.id,
      HttpEndpoint: "enabled",
      HttpTokens,
    });
  return {
    ...setting("Demand session tokens", put("required"), put("optional"), {
      type: resource.type,
      id: resource.id,
      attributes: { http_tokens: "required" },
    }),
    notes: ["Programs that ask for metadata without a token get no more answers."],
  };
};

const publicImage: Remedy = ({ resource, region }) => {
  const put = (IsPublic: boolean) =>
    rpcCall("ecs:ModifyImageSharePermission", region, "ecs", "ModifyImageSharePermission", {
      RegionId: region,
      ImageId: resource.id,
      IsPublic,
    });
  return setting("Take the image out of the community", put(false), put(true), {
    type: resource.type,
    id: resource.id,
    attributes: { is_public: false },
  });
};

const snapshotPolicy: Remedy = ({ resource, region }, { policy }) => {
  const disks = { regionId: region, diskIds: JSON.stringify([resource.id]) };
  return setting(
    "Apply the snapshot policy",
    rpcCall("ecs:ApplyAutoSnapshotPolicy", region, "ecs", "ApplyAutoSnapshotPolicy", {
      ...disks,
      autoSnapshotPolicyId: policy ?? null,
    }),
    rpcCall("ecs:CancelAutoSnapshotPolicy", region, "ecs", "CancelAutoSnapshotPolicy", disks),
    {
      type: "alicloud_ecs_auto_snapshot_policy_attachment",
      id: `${textOf(policy) ?? ""}:${resource.id}`,
      attributes: { disk_id: resource.id, auto_snapshot_policy_id: policy ?? null },
    },
  );
};

const flowLog: Remedy = ({ resource, region, token }, { project, store }) => ({
  steps: [
    {
      title: "Create a flow log",
      call: rpcCall("vpc:CreateFlowLog", region, "vpc", "CreateFlowLog", {
        RegionId: region,
        FlowLogName: token,
        ResourceId: resource.id,
        ResourceType: "VPC",
        TrafficType: "All",
        ProjectName: project ?? null,
        LogStoreName: store ?? null,
      }),
      undo: [
        rpcCall("vpc:DeleteFlowLog", region, "vpc", "DeleteFlowLog", { RegionId: region, FlowLogId: { response: "FlowLogId" } }),
      ],
      find: {
        call: rpcCall("vpc:DescribeFlowLogs", region, "vpc", "DescribeFlowLogs", { RegionId: region, FlowLogName: token }),
        paths: { FlowLogId: "FlowLogs.FlowLog[0].FlowLogId" },
      },
    },
  ],
  expected: [
    {
      type: "alicloud_vpc_flow_log",
      id: token,
      attributes: {
        resource_id: resource.id,
        resource_type: "VPC",
        traffic_type: "All",
        status: "Active",
        project_name: project ?? null,
        log_store_name: store ?? null,
      },
    },
  ],
});

const balancerProtection: Remedy = ({ resource, region }) => {
  const put = (DeleteProtection: string) =>
    rpcCall("slb:SetLoadBalancerDeleteProtection", region, "slb", "SetLoadBalancerDeleteProtection", {
      RegionId: region,
      LoadBalancerId: resource.id,
      DeleteProtection,
    });
  return setting("Turn on deletion protection", put("on"), put("off"), {
    type: resource.type,
    id: resource.id,
    attributes: { delete_protection: "on" },
  });
};

const classicTls: Remedy = ({ resource, region }) => {
  const {
    load_balancer_id: LoadBalancerId = null,
    frontend_port: ListenerPort = null,
    tls_cipher_policy: was,
  } = resource.attributes;
  if (textOf(was) === undefined) throw new NotPossible(`The TLS policy of ${resource.name} was not read.`);
  const put = (TLSCipherPolicy: Json) =>
    rpcCall("slb:SetLoadBalancerHTTPSListenerAttribute", region, "slb", "SetLoadBalancerHTTPSListenerAttribute", {
      RegionId: region,
      LoadBalancerId,
      ListenerPort,
      TLSCipherPolicy,
    });
  const wanted = "tls_cipher_policy_1_2";
  return setting("Demand TLS 1.2", put(wanted), put(was ?? null), {
    type: resource.type,
    id: resource.id,
    attributes: { tls_cipher_policy: wanted },
  });
};

const applicationTls: Remedy = ({ resource, region }) => {
  const was = resource.attributes["security_policy_id"];
  if (textOf(was) === undefined) throw new NotPossible(`The TLS policy of ${resource.name} was not read.`);
  const put = (SecurityPolicyId: Json) =>
    rpcCall("alb:UpdateListenerAttribute", region, "alb", "UpdateListenerAttribute", { ListenerId: resource.id, SecurityPolicyId });
  const wanted = "tls_cipher_policy_1_2";
  return setting("Demand TLS 1.2", put(wanted), put(was ?? null), {
    type: resource.type,
    id: resource.id,
    attributes: { security_policy_id: wanted },
  });
};

const accessLog: Remedy = ({ resource, region }, { project, store }) =>
  setting(
    "Turn on access logs",
    rpcCall("alb:EnableLoadBalancerAccessLog", region, "alb", "EnableLoadBalancerAccessLog", {
      LoadBalancerId: resource.id,
      LogProject: project ?? null,
      LogStore: store ?? null,
    }),
    rpcCall("alb:DisableLoadBalancerAccessLog", region, "alb", "DisableLoadBalancerAccessLog", { LoadBalancerId: resource.id }),
    {
      type: resource.type,
      id: resource.id,
      attributes: { access_log_config: { log_project: project ?? null, log_store: store ?? null } },
    },
  );

export const computeRemedies: readonly (readonly [string, Remedy])[] = [
  ...["ssh-open", "rdp-open", "admin-ports-open", "database-ports-open", "all-ports-open"].map(
    (name) => [`alibaba-ecs-sg-${name}`, revoke] as const,
  ),
  ["alibaba-ecs-instance-deletion-protection", deletionProtection],
  ["alibaba-ecs-instance-imdsv2", metadata],
  ["alibaba-ecs-image-public", publicImage],
  ["alibaba-ecs-disk-snapshot-policy", snapshotPolicy],
  ["alibaba-vpc-flow-log", flowLog],
  ["alibaba-slb-deletion-protection", balancerProtection],
  ["alibaba-slb-listener-tls-policy", classicTls],
  ["alibaba-alb-listener-tls-policy", applicationTls],
  ["alibaba-alb-access-log", accessLog],
];
