import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { entries, flag, known, number, required, tagsOf, text, textOrNull, texts } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { byNumber, byToken } from "./paging.ts";
import { nameOf, regional, type RegionalList } from "./regional.ts";

/** Numbered pages of a list of the VPC's API. */
const pages = (operation: string, list: string, size = 50): RegionalList => ({
  product: "vpc",
  operation,
  list,
  size,
  paging: "number",
});

const vpcs = regional(pages("DescribeVpcs", "Vpcs.Vpc"), ["alicloud_vpc"], (vpc, action) => {
  const id = required(action, vpc, "VpcId");
  const tags = tagsOf(vpc, "Tags.Tag");
  const attributes = known({
    id,
    tags,
    vpc_name: textOrNull(vpc, "VpcName"),
    cidr_block: text(vpc, "CidrBlock"),
    description: textOrNull(vpc, "Description"),
    is_default: flag(vpc, "IsDefault"),
    secondary_cidr_blocks: texts(vpc, "SecondaryCidrBlocks.SecondaryCidrBlock"),
    user_cidrs: texts(vpc, "UserCidrs.UserCidr"),
    resource_group_id: text(vpc, "ResourceGroupId"),
    router_id: text(vpc, "VRouterId"),
    region_id: text(vpc, "RegionId"),
    status: text(vpc, "Status"),
    create_time: text(vpc, "CreationTime"),
  });
  return [{ type: "alicloud_vpc", id, name: nameOf(vpc, "VpcName", id), tags, attributes }];
});

const vswitches = regional(pages("DescribeVSwitches", "VSwitches.VSwitch"), ["alicloud_vswitch"], (vswitch, action) => {
  const id = required(action, vswitch, "VSwitchId");
  const tags = tagsOf(vswitch, "Tags.Tag");
  const attributes = known({
    id,
    tags,
    vswitch_name: textOrNull(vswitch, "VSwitchName"),
    vpc_id: text(vswitch, "VpcId"),
    cidr_block: text(vswitch, "CidrBlock"),
    zone_id: text(vswitch, "ZoneId"),
    is_default: flag(vswitch, "IsDefault"),
    description: textOrNull(vswitch, "Description"),
    status: text(vswitch, "Status"),
    create_time: text(vswitch, "CreationTime"),
  });
  return [{ type: "alicloud_vswitch", id, name: nameOf(vswitch, "VSwitchName", id), tags, attributes }];
});

const flowLogs = regional(pages("DescribeFlowLogs", "FlowLogs.FlowLog"), ["alicloud_vpc_flow_log"], (log, action) => {
  const id = required(action, log, "FlowLogId");
  const attributes = known({
    id,
    flow_log_id: id,
    flow_log_name: textOrNull(log, "FlowLogName"),
    resource_id: text(log, "ResourceId"),
    resource_type: text(log, "ResourceType"),
    traffic_type: text(log, "TrafficType"),
    status: text(log, "Status"),
    project_name: text(log, "ProjectName"),
    log_store_name: text(log, "LogStoreName"),
    aggregation_interval: text(log, "AggregationInterval"),
  });
  return [{ type: "alicloud_vpc_flow_log", id, name: nameOf(log, "FlowLogName", id), attributes }];
});

/** An address is a thing of its own in the cloud; what an instance has of it is the association. */
const addresses = regional(
  pages("DescribeEipAddresses", "EipAddresses.EipAddress", 100),
  ["alicloud_eip_association"],
  (address, action) => {
    const allocation = required(action, address, "AllocationId");
    const instance = text(address, "InstanceId") ?? "";
    if (instance === "") return [];
    const id = `${allocation}:${instance}`;
    const attributes = known({
      id,
      allocation_id: allocation,
      instance_id: instance,
      instance_type: text(address, "InstanceType"),
    });
    return [{ type: "alicloud_eip_association", id, name: text(address, "IpAddress") ?? id, attributes }];
  },
);

const ipv6Addresses = regional(
  pages("DescribeIpv6Addresses", "Ipv6Addresses.Ipv6Address"),
  ["alicloud_vpc_ipv6_address", "alicloud_vpc_ipv6_internet_bandwidth"],
  (address, action) => {
    const id = required(action, address, "Ipv6AddressId");
    const attributes = known({
      id,
      ipv6_address: text(address, "Ipv6Address"),
      ipv6_address_name: textOrNull(address, "Ipv6AddressName"),
      ipv6_address_description: textOrNull(address, "Ipv6AddressDescription"),
      vswitch_id: text(address, "VSwitchId"),
      status: text(address, "Status"),
    });
    const gateway = text(address, "Ipv6GatewayId");
    const found: Found = {
      type: "alicloud_vpc_ipv6_address",
      id,
      name: nameOf(address, "Ipv6AddressName", id),
      attributes,
      handle: gateway === "" ? undefined : gateway,
    };
    const bandwidth = text(address, "Ipv6InternetBandwidth.Ipv6InternetBandwidthId") ?? "";
    if (bandwidth === "" && text(address, "NetworkType") !== "Public") return [found];
    const satellite = known({
      id: bandwidth === "" ? undefined : bandwidth,
      ipv6_address_id: id,
      ipv6_gateway_id: gateway,
      bandwidth: number(address, "Ipv6InternetBandwidth.Bandwidth"),
      internet_charge_type: text(address, "Ipv6InternetBandwidth.InternetChargeType"),
    });
    const type = "alicloud_vpc_ipv6_internet_bandwidth";
    return [found, { type, id: bandwidth === "" ? id : bandwidth, attributes: satellite }];
  },
  [
    {
      of: "alicloud_vpc_ipv6_address",
      actions: ["vpc:DescribeIpv6EgressOnlyRules"],
      gives: ["alicloud_vpc_ipv6_egress_rule"],
      readAll: async (session, found, region) => {
        const facts = new Map<string, Facts>();
        const gateways = new Set(found.flatMap(({ handle }) => (typeof handle === "string" ? [handle] : [])));
        for (const gateway of gateways) {
          const rules = await byNumber(session, {
            product: "vpc",
            operation: "DescribeIpv6EgressOnlyRules",
            region,
            list: "Ipv6EgressOnlyRules.Ipv6EgressOnlyRule",
            size: 50,
            parameters: { RegionId: region, Ipv6GatewayId: gateway },
          });
          for (const one of found.filter(({ handle }) => handle === gateway)) {
            const own = rules.filter((rule) => text(rule, "InstanceId") === one.id);
            facts.set(one.id, { satellites: own.map((rule) => egressRule(gateway, rule)) });
          }
        }
        return facts;
      },
    },
  ],
);

function egressRule(gateway: string, rule: JsonObject): Found {
  const id = required("vpc:DescribeIpv6EgressOnlyRules", rule, "Ipv6EgressOnlyRuleId");
  const attributes = known({
    id: `${gateway}:${id}`,
    ipv6_gateway_id: gateway,
    ipv6_egress_rule_id: id,
    ipv6_egress_rule_name: textOrNull(rule, "Name"),
    instance_id: text(rule, "InstanceId"),
    instance_type: text(rule, "InstanceType"),
    status: text(rule, "Status"),
  });
  return { type: "alicloud_vpc_ipv6_egress_rule", id, attributes };
}

const peerings: Collector<AlibabaSession> = {
  types: ["alicloud_vpc_peer_connection"],
  scope: "region",
  actions: ["vpc:ListVpcPeerConnections"],
  list: async (session, region) => {
    const call = { product: "vpcpeer", operation: "ListVpcPeerConnections", region, list: "VpcPeerConnects", size: 100 } as const;
    const all = await byToken(session, { ...call, parameters: { RegionId: region } });
    return all.map((peering) => {
      const id = required("vpc:ListVpcPeerConnections", peering, "InstanceId");
      const tags = tagsOf(peering, "Tags");
      return {
        type: "alicloud_vpc_peer_connection",
        id,
        name: nameOf(peering, "Name", id),
        tags,
        attributes: known({
          id,
          tags,
          peer_connection_name: textOrNull(peering, "Name"),
          vpc_id: text(peering, "Vpc.VpcId"),
          accepting_vpc_id: text(peering, "AcceptingVpc.VpcId"),
          accepting_region_id: text(peering, "AcceptingRegionId"),
          accepting_ali_uid: number(peering, "AcceptingOwnerUid"),
          bandwidth: number(peering, "Bandwidth"),
          description: textOrNull(peering, "Description"),
          region_id: text(peering, "RegionId"),
          status: text(peering, "Status"),
        }),
        handle: peering,
      };
    });
  },
  details: [
    {
      of: "alicloud_vpc_peer_connection",
      actions: ["vpc:DescribeRouteTableList", "vpc:DescribeRouteEntryList"],
      gives: ["alicloud_route_entry"],
      read: async (session, { id, handle }) => {
        const peering = handle as JsonObject;
        // Routes on both sides, as far as the sides are ours.
        const ends = [
          { region: text(peering, "RegionId"), vpc: text(peering, "Vpc.VpcId"), owner: text(peering, "OwnerId") },
          {
            region: text(peering, "AcceptingRegionId"),
            vpc: text(peering, "AcceptingVpc.VpcId"),
            owner: text(peering, "AcceptingOwnerUid"),
          },
        ];
        const satellites: Found[] = [];
        for (const { region, vpc, owner } of ends) {
          if (region === undefined || vpc === undefined || (owner !== undefined && owner !== session.account)) continue;
          satellites.push(...(await routesThrough(session, region, vpc, id)));
        }
        return { satellites };
      },
    },
  ],
};

async function routesThrough(session: AlibabaSession, region: string, vpc: string, hop: string): Promise<readonly Found[]> {
  const tables = await byNumber(session, {
    product: "vpc",
    operation: "DescribeRouteTableList",
    region,
    list: "RouterTableList.RouterTableListType",
    size: 50,
    parameters: { RegionId: region, VpcId: vpc },
  });
  const found: Found[] = [];
  for (const table of tables) {
    const tableId = required("vpc:DescribeRouteTableList", table, "RouteTableId");
    const routes = await byToken(session, {
      product: "vpc",
      operation: "DescribeRouteEntryList",
      region,
      list: "RouteEntrys.RouteEntry",
      perPage: "MaxResult",
      size: 100,
      parameters: { RegionId: region, RouteTableId: tableId, NextHopType: "VpcPeer", NextHopId: hop },
    });
    for (const route of routes) {
      // The filter is the cloud's; that the hop is ours is looked at here.
      const hops = entries(route, "NextHops.NextHop") ?? [];
      if (!hops.some((one) => text(one, "NextHopId") === hop)) continue;
      const destination = text(route, "DestinationCidrBlock");
      const id = `${tableId}:${destination ?? ""}:VpcPeer:${hop}`;
      const attributes = known({
        id,
        route_table_id: tableId,
        destination_cidrblock: destination,
        nexthop_type: "VpcPeer",
        nexthop_id: hop,
        name: textOrNull(route, "RouteEntryName"),
      });
      found.push({ type: "alicloud_route_entry", id, attributes });
    }
  }
  return found;
}

export const vpcCollectors: readonly Collector<AlibabaSession>[] = [vpcs, vswitches, flowLogs, addresses, ipv6Addresses, peerings];
