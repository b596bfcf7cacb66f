import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Facts, Found } from "../collector.ts";
import type { Paging } from "./client.ts";
import { at, attributes, each, known, list, loose, objects, reference, string, tags, type Source } from "./shape.ts";
import { inBatches, pages, satellite, thing, type TencentCollector } from "./things.ts";

/** Older calls of the VPC take Offset and Limit as text. */
const textPages = (items: string): Paging => ({ items, total: "TotalCount", size: 100, text: true });

const groupType = "tencentcloud_security_group";
const ruleSetType = "tencentcloud_security_group_rule_set";

const groupCollector: TencentCollector = {
  types: [groupType],
  scope: "region",
  actions: ["vpc:DescribeSecurityGroups"],
  list: async (session, region) =>
    (await session.list("vpc:DescribeSecurityGroups", textPages("SecurityGroupSet"), {}, region)).map((group) =>
      thing(
        groupType,
        group,
        { id: "SecurityGroupId", name: "SecurityGroupName", tags: tags(group, "TagSet") },
        { name: "SecurityGroupName", description: "SecurityGroupDesc", project_id: "ProjectId" },
      ),
    ),
  details: [
    {
      of: groupType,
      actions: ["vpc:DescribeSecurityGroupPolicies"],
      gives: [ruleSetType],
      read: async (session, { id }, region) => {
        const answer = await session.call("vpc:DescribeSecurityGroupPolicies", { SecurityGroupId: id }, region);
        const members = attributes(answer, {
          version: "SecurityGroupPolicySet.Version",
          ingress: rules("SecurityGroupPolicySet.Ingress"),
          egress: rules("SecurityGroupPolicySet.Egress"),
        });
        return { satellites: [satellite(ruleSetType, id, { security_group_id: id, ...members })] };
      },
    },
    {
      of: groupType,
      actions: ["vpc:DescribeSecurityGroupAssociationStatistics"],
      readAll: async (session, found, region) => {
        const rows = await inBatches(found, 20, async (batch) => {
          const parameters = { SecurityGroupIds: batch.map(({ id }) => id) };
          const answer = await session.call("vpc:DescribeSecurityGroupAssociationStatistics", parameters, region);
          return objects(answer, "SecurityGroupAssociationStatisticsSet");
        });
        return new Map(rows.map((row): [string, Facts] => [string(row, "SecurityGroupId"), { attributes: associations(row) }]));
      },
    },
  ],
};

/** The total leaves out the groups whose rules name this one. */
function associations(row: JsonObject): JsonObject {
  const total = at(row, "TotalCount");
  const groups = at(row, "SG");
  return typeof total === "number" && typeof groups === "number" ? { associations: total + groups } : {};
}

/** In the order in which they are tried. */
function rules(path: string): Source {
  const made = each(path, (rule) => rule);
  return (it) => {
    const all = typeof made === "string" ? undefined : made(it);
    if (!Array.isArray(all)) return all;
    return (all as readonly JsonObject[]).toSorted((a, b) => index(a) - index(b)).map(ruleOf);
  };
}

const index = (rule: JsonObject): number => Number(at(rule, "PolicyIndex") ?? 0);

/** A rule has either a protocol or a template of them, and either an address or a template: the other is not set. */
function ruleOf(rule: JsonObject): JsonObject {
  const protocol = loose(rule, "Protocol");
  const address = loose(rule, "CidrBlock") + loose(rule, "Ipv6CidrBlock") + loose(rule, "SecurityGroupId");
  const unless = (set: string, path: string): Json | undefined => {
    const value = at(rule, path);
    if (value === undefined) return set === "" ? undefined : null;
    return value === "" ? null : value;
  };
  const upper = (path: string): Json | undefined => {
    const value = at(rule, path);
    return typeof value === "string" && value !== "" ? value.toUpperCase() : value === "" ? null : value;
  };
  return known({
    action: at(rule, "Action"),
    cidr_block: unless(address, "CidrBlock"),
    ipv6_cidr_block: unless(address, "Ipv6CidrBlock"),
    source_security_id: unless(address, "SecurityGroupId"),
    protocol: upper("Protocol"),
    port: upper("Port"),
    service_template_id: unless(protocol, "ServiceTemplate.ServiceId"),
    service_template_group: unless(protocol, "ServiceTemplate.ServiceGroupId"),
    address_template_id: unless(address, "AddressTemplate.AddressId"),
    address_template_group: unless(address, "AddressTemplate.AddressGroupId"),
    description: at(rule, "PolicyDescription"),
    policy_index: at(rule, "PolicyIndex"),
  });
}

const vpcCollector: TencentCollector = {
  types: ["tencentcloud_vpc"],
  scope: "region",
  actions: ["vpc:DescribeVpcs"],
  list: async (session, region) =>
    (await session.list("vpc:DescribeVpcs", textPages("VpcSet"), {}, region)).map((vpc) =>
      thing(
        "tencentcloud_vpc",
        vpc,
        { id: "VpcId", name: "VpcName", tags: tags(vpc, "TagSet") },
        {
          name: "VpcName",
          cidr_block: "CidrBlock",
          is_default: "IsDefault",
          is_multicast: "EnableMulticast",
          dns_servers: list("DnsServerSet"),
          create_time: "CreatedTime",
        },
      ),
    ),
};

const subnetCollector: TencentCollector = {
  types: ["tencentcloud_subnet"],
  scope: "region",
  actions: ["vpc:DescribeSubnets"],
  list: async (session, region) =>
    (await session.list("vpc:DescribeSubnets", textPages("SubnetSet"), {}, region)).map((subnet) =>
      thing(
        "tencentcloud_subnet",
        subnet,
        { id: "SubnetId", name: "SubnetName", tags: tags(subnet, "TagSet") },
        {
          name: "SubnetName",
          vpc_id: "VpcId",
          cidr_block: "CidrBlock",
          availability_zone: "Zone",
          is_default: "IsDefault",
          is_multicast: "EnableBroadcast",
          route_table_id: "RouteTableId",
          available_ip_count: "AvailableIpAddressCount",
          create_time: "CreatedTime",
        },
      ),
    ),
};

const flowLogType = "tencentcloud_vpc_flow_log";
const flowLogConfigType = "tencentcloud_vpc_flow_log_config";

/** Whether a flow log is on is a thing of its own in Terraform. */
const flowLogCollector: TencentCollector = {
  types: [flowLogType, flowLogConfigType],
  scope: "region",
  actions: ["vpc:DescribeFlowLogs"],
  list: async (session, region) => {
    const logs = await session.list("vpc:DescribeFlowLogs", pages("FlowLog", "TotalNum"), {}, region);
    return logs.flatMap((log): readonly Found[] => {
      const id = string(log, "FlowLogId");
      return [
        thing(
          flowLogType,
          log,
          { id: "FlowLogId", name: "FlowLogName", tags: tags(log, "TagSet") },
          {
            flow_log_name: "FlowLogName",
            flow_log_description: "FlowLogDescription",
            resource_id: "ResourceId",
            resource_type: "ResourceType",
            traffic_type: "TrafficType",
            vpc_id: reference("VpcId"),
            storage_type: "StorageType",
            cloud_log_id: reference("CloudLogId"),
            cloud_log_region: reference("CloudLogRegion"),
          },
        ),
        { type: flowLogConfigType, id, attributes: { id, flow_log_id: id, ...attributes(log, { enable: "Enable" }) } },
      ];
    });
  },
};

const aclType = "tencentcloud_vpc_acl";
const quintupleType = "tencentcloud_vpc_network_acl_quintuple";

const aclCollector: TencentCollector = {
  types: [aclType],
  scope: "region",
  actions: ["vpc:DescribeNetworkAcls"],
  list: async (session, region) =>
    (await session.list("vpc:DescribeNetworkAcls", pages("NetworkAclSet"), {}, region)).map((acl) =>
      thing(
        aclType,
        acl,
        { id: "NetworkAclId", name: "NetworkAclName", tags: tags(acl, "TagSet"), handle: loose(acl, "NetworkAclType") },
        {
          name: "NetworkAclName",
          vpc_id: "VpcId",
          create_time: "CreatedTime",
          ingress: each("IngressEntries", entryText),
          egress: each("EgressEntries", entryText),
        },
      ),
    ),
  details: [
    {
      of: aclType,
      actions: ["vpc:DescribeNetworkAclQuintupleEntries"],
      gives: [quintupleType],
      read: async (session, { id, handle }, region) => {
        // The other kind has all of its entries in the list.
        if (handle === "TRIPLE") return {};
        const paging = pages("NetworkAclQuintupleSet");
        const entries = await session.list("vpc:DescribeNetworkAclQuintupleEntries", paging, { NetworkAclId: id }, region);
        const sorted = entries.toSorted((a, b) => Number(at(a, "Priority") ?? 0) - Number(at(b, "Priority") ?? 0));
        const of = (direction: string): readonly JsonObject[] =>
          sorted.filter((entry) => at(entry, "NetworkAclDirection") === direction).map(quintuple);
        const set = { ingress: of("INGRESS"), egress: of("EGRESS") };
        return { satellites: [satellite(quintupleType, id, { network_acl_id: id, network_acl_quintuple_set: set })] };
      },
    },
  ],
};

/** As the provider writes an entry: ACCEPT#0.0.0.0/0#22#TCP. */
function entryText(entry: JsonObject): Json {
  const four = loose(entry, "CidrBlock");
  const address = four === "" ? string(entry, "Ipv6CidrBlock") : four;
  const port = string(entry, "Port") === "" ? "ALL" : string(entry, "Port").toUpperCase();
  return [string(entry, "Action").toUpperCase(), address, port, string(entry, "Protocol").toUpperCase()].join("#");
}

function quintuple(entry: JsonObject): JsonObject {
  const address = (four: string, six: string): Source => {
    return (it) => (at(it, four) === "" || at(it, four) === null ? at(it, six) : at(it, four));
  };
  // All protocols and ICMP have no port.
  const port =
    (path: string): Source =>
    (it) => {
      const value = at(it, path);
      return value === "" || value === null ? "ALL" : value;
    };
  return attributes(entry, {
    action: "Action",
    protocol: "Protocol",
    description: "Description",
    source_cidr: address("SourceCidr", "SourceIPv6Cidr"),
    source_port: port("SourcePort"),
    destination_cidr: address("DestinationCidr", "DestinationIPv6Cidr"),
    destination_port: port("DestinationPort"),
    priority: "Priority",
    network_acl_direction: "NetworkAclDirection",
    network_acl_quintuple_entry_id: "NetworkAclQuintupleEntryId",
  });
}

const addressType = "tencentcloud_eip";
const associationType = "tencentcloud_eip_association";

const addressCollector: TencentCollector = {
  types: [addressType, associationType],
  scope: "region",
  actions: ["vpc:DescribeAddresses"],
  list: async (session, region) => {
    const addresses = await session.list("vpc:DescribeAddresses", pages("AddressSet"), {}, region);
    return addresses.flatMap((address): readonly Found[] => {
      const eip = thing(
        addressType,
        address,
        { id: "AddressId", name: "AddressName", tags: tags(address, "TagSet") },
        {
          name: "AddressName",
          status: "AddressStatus",
          public_ip: "AddressIp",
          type: "AddressType",
          internet_charge_type: "InternetChargeType",
          internet_max_bandwidth_out: "Bandwidth",
          internet_service_provider: "InternetServiceProvider",
        },
      );
      const members = attributes(address, {
        instance_id: reference("InstanceId"),
        network_interface_id: reference("NetworkInterfaceId"),
        private_ip: reference("PrivateAddressIp"),
      });
      if (members["instance_id"] === null && members["network_interface_id"] === null) return [eip];
      const to = loose(address, "InstanceId") || loose(address, "NetworkInterfaceId");
      return [eip, satellite(associationType, `${eip.id}::${to}`, { eip_id: eip.id, ...members })];
    });
  },
};

const vpnCollector: TencentCollector = {
  types: ["tencentcloud_vpn_connection"],
  scope: "region",
  actions: ["vpc:DescribeVpnConnections"],
  list: async (session, region) =>
    (await session.list("vpc:DescribeVpnConnections", pages("VpnConnectionSet"), {}, region)).map((connection) =>
      // The pre-shared key stays where it is.
      thing(
        "tencentcloud_vpn_connection",
        connection,
        { id: "VpnConnectionId", name: "VpnConnectionName", tags: tags(connection, "TagSet") },
        {
          name: "VpnConnectionName",
          vpc_id: reference("VpcId"),
          vpn_gateway_id: "VpnGatewayId",
          customer_gateway_id: "CustomerGatewayId",
          route_type: "RouteType",
          state: "State",
          net_status: "NetStatus",
          ike_proto_encry_algorithm: "IKEOptionsSpecification.PropoEncryAlgorithm",
          ike_proto_authen_algorithm: "IKEOptionsSpecification.PropoAuthenAlgorithm",
          ike_exchange_mode: "IKEOptionsSpecification.ExchangeMode",
          ike_dh_group_name: "IKEOptionsSpecification.DhGroupName",
          ike_sa_lifetime_seconds: "IKEOptionsSpecification.IKESaLifetimeSeconds",
          ike_version: "IKEOptionsSpecification.IKEVersion",
          ipsec_encrypt_algorithm: "IPSECOptionsSpecification.EncryptAlgorithm",
          // The older field has the name misspelt.
          ipsec_integrity_algorithm: (it) =>
            at(it, "IPSECOptionsSpecification.IntegrityAlgorithm") ?? at(it, "IPSECOptionsSpecification.IntegrityAlgorith"),
          ipsec_pfs_dh_group: "IPSECOptionsSpecification.PfsDhGroup",
          ipsec_sa_lifetime_seconds: "IPSECOptionsSpecification.IPSECSaLifetimeSeconds",
          ipsec_sa_lifetime_traffic: "IPSECOptionsSpecification.IPSECSaLifetimeTraffic",
          create_time: "CreatedTime",
        },
      ),
    ),
};

const cursor: Paging = {
  items: "EndPointServiceSet",
  by: "cursor",
  limit: "MaxResults",
  size: 100,
  cursor: { from: "NextToken", to: "NextToken" },
};

const endpointServiceCollector: TencentCollector = {
  types: ["tencentcloud_vpc_end_point_service"],
  scope: "region",
  actions: ["vpc:DescribeVpcEndPointService"],
  list: async (session, region) =>
    // Of IPv6 as well, which the API gives by cursor only.
    (await session.list("vpc:DescribeVpcEndPointService", cursor, { IpAddressType: "DualStack" }, region)).map((service) =>
      thing(
        "tencentcloud_vpc_end_point_service",
        service,
        { id: "EndPointServiceId", name: "ServiceName", labels: tags(service, "TagSet") },
        {
          end_point_service_name: "ServiceName",
          vpc_id: "VpcId",
          auto_accept_flag: "AutoAcceptFlag",
          service_instance_id: "ServiceInstanceId",
          service_vip: "ServiceVip",
          service_owner: "ServiceOwner",
          service_type: "ServiceType",
          end_point_count: "EndPointCount",
          create_time: "CreateTime",
        },
      ),
    ),
};

export const vpcCollectors: readonly TencentCollector[] = [
  groupCollector,
  vpcCollector,
  subnetCollector,
  flowLogCollector,
  aclCollector,
  addressCollector,
  vpnCollector,
  endpointServiceCollector,
];
