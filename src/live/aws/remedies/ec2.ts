import type { LiveResource } from "../../../core/accounts/model.ts";
import { textOf, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Expected, type Remedy, type Step } from "../../remedy.ts";
import { call } from "../calls.ts";

/* Sources: Amazon EC2 API Reference, each action by its name. */

const ruleType = /^aws_vpc_security_group_(ingress|egress)_rule$/;

/** A rule as AuthorizeSecurityGroupIngress takes it. */
function permission({ attributes: of }: LiveResource): JsonObject {
  const protocol = of["ip_protocol"] ?? null;
  const [from, to] = [of["from_port"] ?? -1, of["to_port"] ?? -1];
  const Description = textOf(of["description"]);
  const described = Description === undefined ? {} : { Description };
  const [, account, group] = /^(?:(\d+)\/)?(.+)$/.exec(textOf(of["referenced_security_group_id"]) ?? "") ?? [];
  return {
    IpProtocol: protocol,
    ...(protocol === "-1" ? {} : { FromPort: from, ToPort: to }),
    ...(textOf(of["cidr_ipv4"]) === undefined ? {} : { IpRanges: [{ CidrIp: of["cidr_ipv4"] ?? null, ...described }] }),
    ...(textOf(of["cidr_ipv6"]) === undefined ? {} : { Ipv6Ranges: [{ CidrIpv6: of["cidr_ipv6"] ?? null, ...described }] }),
    ...(textOf(of["prefix_list_id"]) === undefined
      ? {}
      : { PrefixListIds: [{ PrefixListId: of["prefix_list_id"] ?? null, ...described }] }),
    ...(group === undefined
      ? {}
      : { UserIdGroupPairs: [{ GroupId: group, ...(account === undefined ? {} : { UserId: account }), ...described }] }),
  };
}

/** What a rule lets in or out, for people. */
function ruleText({ attributes: of }: LiveResource): string {
  const source = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]
    .map((name) => textOf(of[name]))
    .find((text) => text !== undefined);
  const [from, to] = [of["from_port"], of["to_port"]];
  const ports = typeof from !== "number" ? "all ports" : from === to ? String(from) : `${from}-${typeof to === "number" ? to : ""}`;
  const protocol = textOf(of["ip_protocol"]) ?? "";
  return `${source ?? "everything"} to ${protocol === "-1" ? "all protocols" : `${protocol.toUpperCase()} ${ports}`}`;
}

function revoke(group: string, region: string, direction: "Ingress" | "Egress", rules: readonly LiveResource[]): Step {
  return {
    title: `Revoke ${rules.map(ruleText).join(", ")}`,
    call: call(`ec2:RevokeSecurityGroup${direction}`, region, "ec2", `RevokeSecurityGroup${direction}`, {
      GroupId: group,
      SecurityGroupRuleIds: rules.map(({ id }) => id),
    }),
    undo: [
      call(`ec2:AuthorizeSecurityGroup${direction}`, region, "ec2", `AuthorizeSecurityGroup${direction}`, {
        GroupId: group,
        IpPermissions: rules.map(permission),
      }),
    ],
    lost: "The rules come back with new ids.",
  };
}

/** Revokes the rules that decided. Every rule of a group is a thing of its own, with one range. */
const revokeDeciding: Remedy = ({ resource, region, deciding }) => {
  const rules = [...new Map(deciding.map((each) => [each.resource.id, each.resource])).values()].filter(({ type }) =>
    ruleType.test(type),
  );
  const steps = (["Ingress", "Egress"] as const).flatMap((direction) => {
    const its = rules.filter(({ type }) => type.includes(direction.toLowerCase()));
    return its.length === 0 ? [] : [revoke(resource.id, region, direction, its)];
  });
  if (steps.length === 0) throw new NotPossible(`No rule of ${resource.name} decides it alone.`);
  const expected = rules.map(({ type, id }): Expected => ({ type, id, attributes: null }));
  return { steps, expected, notes: ["Whoever comes in by these rules, you perhaps, is cut off at once."] };
};

/** A default group is to have none. */
const revokeAll: Remedy = (before) => {
  const { resource, resources } = before;
  const rules = resources.filter(({ type, attributes }) => ruleType.test(type) && attributes["security_group_id"] === resource.id);
  return revokeDeciding({ ...before, deciding: rules.map((rule) => ({ resource: rule, path: [] })) }, {}, () =>
    Promise.resolve({}),
  );
};

const metadataOptions: Remedy = ({ resource, region }) => {
  const was = resource.attributes["metadata_options"];
  const options = (typeof was === "object" && was !== null ? was : {}) as JsonObject;
  const kept = {
    HttpEndpoint: "http_endpoint",
    HttpPutResponseHopLimit: "http_put_response_hop_limit",
    HttpProtocolIpv6: "http_protocol_ipv6",
    InstanceMetadataTags: "instance_metadata_tags",
  };
  const others = Object.entries(kept).flatMap(([member, name]) => {
    const value = options[name];
    return value === undefined || value === null ? [] : [[member, value] as const];
  });
  const put = (HttpTokens: string) =>
    call("ec2:ModifyInstanceMetadataOptions", region, "ec2", "ModifyInstanceMetadataOptions", {
      InstanceId: resource.id,
      HttpTokens,
      ...Object.fromEntries(others),
    });
  return {
    ...setting("Demand session tokens", put("required"), put(textOf(options["http_tokens"]) ?? "optional"), {
      type: resource.type,
      id: resource.id,
      attributes: { metadata_options: { ...options, http_tokens: "required" } },
    }),
    notes: ["Programs with an old SDK get no more credentials: the metric MetadataNoToken shows whether there are any."],
  };
};

const subnet: Remedy = ({ resource, region }) => {
  const put = (Value: boolean) =>
    call("ec2:ModifySubnetAttribute", region, "ec2", "ModifySubnetAttribute", {
      SubnetId: resource.id,
      MapPublicIpOnLaunch: { Value },
    });
  return setting("Give no public addresses", put(false), put(true), {
    type: resource.type,
    id: resource.id,
    attributes: { map_public_ip_on_launch: false },
  });
};

const defaultEncryption: Remedy = ({ resource, region }) =>
  setting(
    "Turn on encryption by default",
    call("ec2:EnableEbsEncryptionByDefault", region, "ec2", "EnableEbsEncryptionByDefault", {}),
    call("ec2:DisableEbsEncryptionByDefault", region, "ec2", "DisableEbsEncryptionByDefault", {}),
    { type: resource.type, id: resource.id, attributes: { enabled: true } },
  );

const snapshotBlock: Remedy = ({ resource, region }) => {
  const was = textOf(resource.attributes["state"]);
  const enable = (State: string) =>
    call("ec2:EnableSnapshotBlockPublicAccess", region, "ec2", "EnableSnapshotBlockPublicAccess", { State });
  const disable = call("ec2:DisableSnapshotBlockPublicAccess", region, "ec2", "DisableSnapshotBlockPublicAccess", {});
  return setting(
    "Block public snapshots",
    enable("block-all-sharing"),
    was === undefined || was === "unblocked" ? disable : enable(was),
    {
      type: resource.type,
      id: resource.id,
      attributes: { state: "block-all-sharing" },
    },
  );
};

const publicSnapshot: Remedy = ({ resource, region }) => {
  const put = (OperationType: "add" | "remove") =>
    call("ec2:ModifySnapshotAttribute", region, "ec2", "ModifySnapshotAttribute", {
      SnapshotId: resource.id,
      Attribute: "createVolumePermission",
      OperationType,
      GroupNames: ["all"],
    });
  return setting("Stop sharing with everyone", put("remove"), put("add"), {
    type: resource.type,
    id: resource.id,
    attributes: { public: false },
  });
};

const publicImage: Remedy = ({ resource, resources, region }) => {
  const put = (operation: "Add" | "Remove") =>
    call("ec2:ModifyImageAttribute", region, "ec2", "ModifyImageAttribute", {
      ImageId: resource.id,
      LaunchPermission: { [operation]: [{ Group: "all" }] },
    });
  const expected = resources
    .filter(
      ({ type, attributes }) =>
        type === "aws_ami_launch_permission" && attributes["image_id"] === resource.id && attributes["group"] === "all",
    )
    .map(({ type, id }): Expected => ({ type, id, attributes: null }));
  return { steps: [{ title: "Stop sharing with everyone", call: put("Remove"), undo: [put("Add")] }], expected };
};

const flowLog: Remedy = ({ resource, region, token }, { destination }) => {
  const arn = textOf(destination) ?? "";
  if (!/^arn:[\w-]+:s3:::.+/.test(arn)) throw new NotPossible(`"${arn}" is not the ARN of an S3 bucket: arn:aws:s3:::name.`);
  const tag = { Key: "plumbline-remedy", Value: token };
  return {
    steps: [
      {
        title: "Create a flow log",
        call: call("ec2:CreateFlowLogs", region, "ec2", "CreateFlowLogs", {
          ResourceIds: [resource.id],
          ResourceType: "VPC",
          TrafficType: "ALL",
          LogDestinationType: "s3",
          LogDestination: arn,
          ClientToken: token,
          TagSpecifications: [{ ResourceType: "vpc-flow-log", Tags: [tag] }],
        }),
        undo: [call("ec2:DeleteFlowLogs", region, "ec2", "DeleteFlowLogs", { FlowLogIds: [{ response: "FlowLogIds[0]" }] })],
        find: {
          call: call("ec2:DescribeFlowLogs", region, "ec2", "DescribeFlowLogs", {
            Filter: [{ Name: `tag:${tag.Key}`, Values: [token] }],
          }),
          paths: { "FlowLogIds[0]": "FlowLogs[0].FlowLogId" },
        },
      },
    ],
    expected: [
      {
        type: "aws_flow_log",
        id: token,
        attributes: { vpc_id: resource.id, traffic_type: "ALL", log_destination: arn, log_destination_type: "s3" },
      },
    ],
  };
};

export const ec2Remedies: readonly (readonly [string, Remedy])[] = [
  ["aws-ec2-sg-ssh-open", revokeDeciding],
  ["aws-ec2-sg-rdp-open", revokeDeciding],
  ["aws-ec2-sg-admin-ports-open", revokeDeciding],
  ["aws-ec2-sg-database-ports-open", revokeDeciding],
  ["aws-ec2-sg-all-ports-open", revokeDeciding],
  ["aws-ec2-sg-default-restricted", revokeAll],
  ["aws-ec2-instance-imdsv2", metadataOptions],
  ["aws-ec2-ami-public", publicImage],
  ["aws-vpc-subnet-auto-public-ip", subnet],
  ["aws-vpc-flow-log", flowLog],
  ["aws-ebs-default-encryption", defaultEncryption],
  ["aws-ebs-snapshot-block-public", snapshotBlock],
  ["aws-ebs-snapshot-public", publicSnapshot],
];
