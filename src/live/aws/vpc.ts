import type { NetworkAclEntry, Route } from "@aws-sdk/client-ec2";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Found } from "../collector.ts";
import { pages, type AwsSession } from "./client.ts";
import { ec2 } from "./services.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

/** What another account shares is for that account to change. */
const own =
  ({ caller }: AwsSession) =>
  ({ OwnerId }: { readonly OwnerId?: string | undefined }): boolean =>
    OwnerId === undefined || OwnerId === caller.account;

const arn = ({ caller: { account, partition } }: AwsSession, region: string, resource: string): string =>
  `arn:${partition}:ec2:${region}:${account}:${resource}`;

export const vpcs: Collector<AwsSession> = {
  types: ["aws_vpc"],
  scope: "region",
  actions: ["ec2:DescribeVpcs"],
  list: async (session, region) => {
    const action = "ec2:DescribeVpcs";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeVpcsCommand({ NextToken, MaxResults: 1000 }),
      ({ Vpcs }) => Vpcs,
      ({ NextToken }) => NextToken,
    );
    return all.filter(own(session)).map((of) => {
      const id = must(of.VpcId, action);
      return thing(
        "aws_vpc",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: arn(session, region, `vpc/${id}`),
          ...always({
            cidr_block: of.CidrBlock,
            dhcp_options_id: of.DhcpOptionsId,
            instance_tenancy: of.InstanceTenancy,
            owner_id: of.OwnerId,
          }),
        },
      );
    });
  },
};

export const subnets: Collector<AwsSession> = {
  types: ["aws_subnet"],
  scope: "region",
  actions: ["ec2:DescribeSubnets"],
  list: async (session, region) => {
    const action = "ec2:DescribeSubnets";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeSubnetsCommand({ NextToken, MaxResults: 1000 }),
      ({ Subnets }) => Subnets,
      ({ NextToken }) => NextToken,
    );
    return all.filter(own(session)).map((of) =>
      thing(
        "aws_subnet",
        must(of.SubnetId, action),
        { tags: tagged(of.Tags ?? []) },
        {
          ...always({
            arn: of.SubnetArn,
            assign_ipv6_address_on_creation: of.AssignIpv6AddressOnCreation,
            availability_zone: of.AvailabilityZone,
            availability_zone_id: of.AvailabilityZoneId,
            cidr_block: of.CidrBlock,
            enable_dns64: of.EnableDns64,
            ipv6_native: of.Ipv6Native,
            map_public_ip_on_launch: of.MapPublicIpOnLaunch,
            owner_id: of.OwnerId,
            vpc_id: of.VpcId,
          }),
          ...optional({ outpost_arn: of.OutpostArn }),
        },
      ),
    );
  },
};

export const networkAcls: Collector<AwsSession> = {
  types: ["aws_network_acl", "aws_default_network_acl"],
  scope: "region",
  actions: ["ec2:DescribeNetworkAcls"],
  list: async (session, region) => {
    const action = "ec2:DescribeNetworkAcls";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeNetworkAclsCommand({ NextToken, MaxResults: 1000 }),
      ({ NetworkAcls }) => NetworkAcls,
      ({ NextToken }) => NextToken,
    );
    return all.filter(own(session)).map((of): Found => {
      const id = must(of.NetworkAclId, action);
      const standard = of.IsDefault === true;
      return thing(
        standard ? "aws_default_network_acl" : "aws_network_acl",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: arn(session, region, `network-acl/${id}`),
          ...(standard ? { default_network_acl_id: id } : {}),
          ...always({ owner_id: of.OwnerId, vpc_id: of.VpcId }),
          subnet_ids: (of.Associations ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
          ...(of.Entries === undefined ? {} : { ingress: entries(of.Entries, false), egress: entries(of.Entries, true) }),
        },
      );
    });
  },
};

/** Without the last one, which every list has and which denies what nothing allowed: the provider leaves it out. */
function entries(all: readonly NetworkAclEntry[], egress: boolean): JsonObject[] {
  return all
    .filter(({ Egress, RuleNumber }) => (Egress ?? false) === egress && (RuleNumber ?? 0) < 32767)
    .map((of) => ({
      ...always({ action: of.RuleAction, protocol: of.Protocol, rule_no: of.RuleNumber }),
      ...optional({ cidr_block: of.CidrBlock, ipv6_cidr_block: of.Ipv6CidrBlock }),
      // As the provider has it: 0 to 0 where the protocol has no ports.
      from_port: of.PortRange?.From ?? 0,
      to_port: of.PortRange?.To ?? 0,
      icmp_code: of.IcmpTypeCode?.Code ?? 0,
      icmp_type: of.IcmpTypeCode?.Type ?? 0,
    }));
}

export const routeTables: Collector<AwsSession> = {
  types: ["aws_route_table"],
  scope: "region",
  actions: ["ec2:DescribeRouteTables"],
  list: async (session, region) => {
    const action = "ec2:DescribeRouteTables";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeRouteTablesCommand({ NextToken, MaxResults: 100 }),
      ({ RouteTables }) => RouteTables,
      ({ NextToken }) => NextToken,
    );
    return all.filter(own(session)).map((of) => {
      const id = must(of.RouteTableId, action);
      return thing(
        "aws_route_table",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: arn(session, region, `route-table/${id}`),
          ...always({ owner_id: of.OwnerId, vpc_id: of.VpcId }),
          propagating_vgws: (of.PropagatingVgws ?? []).flatMap(({ GatewayId }) => GatewayId ?? []),
          ...(of.Routes === undefined ? {} : { route: of.Routes.filter(written).map(route) }),
        },
      );
    });
  },
};

/** Not the route inside the VPC, those that a gateway announces, or those of gateway endpoints: AWS keeps them itself. */
function written({ DestinationPrefixListId, GatewayId, Origin }: Route): boolean {
  if (GatewayId === "local" && Origin === "CreateRouteTable") return false;
  if (Origin === "EnableVgwRoutePropagation") return false;
  return !(DestinationPrefixListId !== undefined && GatewayId?.startsWith("vpce-") === true);
}

/** One destination and one target; what the route does not have is left out. */
function route(of: Route): JsonObject {
  const endpoint = of.GatewayId?.startsWith("vpce-") === true ? of.GatewayId : undefined;
  return optional({
    carrier_gateway_id: of.CarrierGatewayId,
    cidr_block: of.DestinationCidrBlock,
    core_network_arn: of.CoreNetworkArn,
    destination_prefix_list_id: of.DestinationPrefixListId,
    egress_only_gateway_id: of.EgressOnlyInternetGatewayId,
    gateway_id: endpoint === undefined ? of.GatewayId : undefined,
    ipv6_cidr_block: of.DestinationIpv6CidrBlock,
    local_gateway_id: of.LocalGatewayId,
    nat_gateway_id: of.NatGatewayId,
    network_interface_id: of.NetworkInterfaceId,
    odb_network_arn: of.OdbNetworkArn,
    transit_gateway_id: of.TransitGatewayId,
    vpc_endpoint_id: endpoint,
    vpc_peering_connection_id: of.VpcPeeringConnectionId,
  });
}

export const flowLogs: Collector<AwsSession> = {
  types: ["aws_flow_log"],
  scope: "region",
  actions: ["ec2:DescribeFlowLogs"],
  list: async (session, region) => {
    const action = "ec2:DescribeFlowLogs";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeFlowLogsCommand({ NextToken, MaxResults: 1000 }),
      ({ FlowLogs }) => FlowLogs,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const id = must(of.FlowLogId, action);
      const on = (prefix: string): string | undefined => (of.ResourceId?.startsWith(prefix) === true ? of.ResourceId : undefined);
      return thing(
        "aws_flow_log",
        id,
        { tags: tagged(of.Tags ?? []) },
        {
          arn: arn(session, region, `vpc-flow-log/${id}`),
          ...always({
            log_destination: of.LogDestination,
            log_destination_type: of.LogDestinationType,
            log_format: of.LogFormat,
            max_aggregation_interval: of.MaxAggregationInterval,
          }),
          // The id says what is logged. Of a transit gateway there is no type of traffic.
          ...(of.ResourceId === undefined
            ? {}
            : optional({
                eni_id: on("eni-"),
                subnet_id: on("subnet-"),
                vpc_id: on("vpc-"),
                transit_gateway_attachment_id: on("tgw-attach-"),
                transit_gateway_id: on("tgw-attach-") === undefined ? on("tgw-") : undefined,
              })),
          ...optional({ iam_role_arn: of.DeliverLogsPermissionArn, traffic_type: of.TrafficType }),
        },
      );
    });
  },
};
