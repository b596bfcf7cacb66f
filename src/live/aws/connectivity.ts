import type { Collector } from "../collector.ts";
import { pages, type AwsSession } from "./client.ts";
import { ec2 } from "./services.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

/* How a VPC is joined with others and with AWS's services. */

export const vpcEndpoints: Collector<AwsSession> = {
  types: ["aws_vpc_endpoint"],
  scope: "region",
  actions: ["ec2:DescribeVpcEndpoints"],
  list: async (session, region) => {
    const action = "ec2:DescribeVpcEndpoints";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeVpcEndpointsCommand({ NextToken, MaxResults: 1000 }),
      ({ VpcEndpoints }) => VpcEndpoints,
      ({ NextToken }) => NextToken,
    );
    return all
      .filter(({ State }) => !["deleted", "deleting", "failed", "rejected", "expired"].includes(String(State).toLowerCase()))
      .map((of) =>
        thing(
          "aws_vpc_endpoint",
          must(of.VpcEndpointId, action),
          { tags: tagged(of.Tags ?? []) },
          {
            ...always({
              owner_id: of.OwnerId,
              policy: of.PolicyDocument,
              private_dns_enabled: of.PrivateDnsEnabled,
              requester_managed: of.RequesterManaged,
              service_name: of.ServiceName,
              state: of.State,
              vpc_endpoint_type: of.VpcEndpointType,
              vpc_id: of.VpcId,
            }),
            route_table_ids: of.RouteTableIds ?? [],
            subnet_ids: of.SubnetIds ?? [],
            security_group_ids: (of.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
            network_interface_ids: of.NetworkInterfaceIds ?? [],
          },
        ),
      );
  },
};

export const endpointServices: Collector<AwsSession> = {
  types: ["aws_vpc_endpoint_service"],
  scope: "region",
  actions: ["ec2:DescribeVpcEndpointServiceConfigurations"],
  list: async (session, region) => {
    const action = "ec2:DescribeVpcEndpointServiceConfigurations";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeVpcEndpointServiceConfigurationsCommand({ NextToken, MaxResults: 1000 }),
      ({ ServiceConfigurations }) => ServiceConfigurations,
      ({ NextToken }) => NextToken,
    );
    return all
      .filter(({ ServiceState }) => !["deleted", "deleting", "failed"].includes(String(ServiceState).toLowerCase()))
      .map((of) => {
        const id = must(of.ServiceId, action);
        const { account, partition } = session.caller;
        return thing(
          "aws_vpc_endpoint_service",
          id,
          { name: of.ServiceName, tags: tagged(of.Tags ?? []) },
          {
            arn: `arn:${partition}:ec2:${region}:${account}:vpc-endpoint-service/${id}`,
            ...always({
              acceptance_required: of.AcceptanceRequired,
              manages_vpc_endpoints: of.ManagesVpcEndpoints,
              service_name: of.ServiceName,
              state: of.ServiceState,
            }),
            ...optional({ private_dns_name: of.PrivateDnsName === "" ? undefined : of.PrivateDnsName }),
            availability_zones: of.AvailabilityZones ?? [],
            network_load_balancer_arns: of.NetworkLoadBalancerArns ?? [],
            gateway_load_balancer_arns: of.GatewayLoadBalancerArns ?? [],
          },
        );
      });
  },
};

export const transitGateways: Collector<AwsSession> = {
  types: ["aws_ec2_transit_gateway"],
  scope: "region",
  actions: ["ec2:DescribeTransitGateways"],
  list: async (session, region) => {
    const action = "ec2:DescribeTransitGateways";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeTransitGatewaysCommand({ NextToken, MaxResults: 1000 }),
      ({ TransitGateways }) => TransitGateways,
      ({ NextToken }) => NextToken,
    );
    return all
      .filter(({ OwnerId, State }) => State !== "deleted" && State !== "deleting" && (OwnerId ?? "") === session.caller.account)
      .map((of) => {
        const options = of.Options;
        return thing(
          "aws_ec2_transit_gateway",
          must(of.TransitGatewayId, action),
          { tags: tagged(of.Tags ?? []) },
          {
            ...always({
              amazon_side_asn: options?.AmazonSideAsn,
              arn: of.TransitGatewayArn,
              auto_accept_shared_attachments: options?.AutoAcceptSharedAttachments,
              default_route_table_association: options?.DefaultRouteTableAssociation,
              default_route_table_propagation: options?.DefaultRouteTablePropagation,
              dns_support: options?.DnsSupport,
              multicast_support: options?.MulticastSupport,
              owner_id: of.OwnerId,
              vpn_ecmp_support: options?.VpnEcmpSupport,
            }),
            ...optional({ description: of.Description }),
          },
        );
      });
  },
};

export const clientVpnEndpoints: Collector<AwsSession> = {
  types: ["aws_ec2_client_vpn_endpoint"],
  scope: "region",
  actions: ["ec2:DescribeClientVpnEndpoints"],
  list: async (session, region) => {
    const action = "ec2:DescribeClientVpnEndpoints";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeClientVpnEndpointsCommand({ NextToken, MaxResults: 1000 }),
      ({ ClientVpnEndpoints }) => ClientVpnEndpoints,
      ({ NextToken }) => NextToken,
    );
    return all
      .filter(({ Status }) => Status?.Code !== "deleted" && Status?.Code !== "deleting")
      .map((of) => {
        const id = must(of.ClientVpnEndpointId, action);
        const { account, partition } = session.caller;
        const log = of.ConnectionLogOptions;
        return thing(
          "aws_ec2_client_vpn_endpoint",
          id,
          { tags: tagged(of.Tags ?? []) },
          {
            arn: `arn:${partition}:ec2:${region}:${account}:client-vpn-endpoint/${id}`,
            ...always({ server_certificate_arn: of.ServerCertificateArn, split_tunnel: of.SplitTunnel, vpn_port: of.VpnPort }),
            ...optional({ client_cidr_block: of.ClientCidrBlock, description: of.Description, vpc_id: of.VpcId }),
            ...(log === undefined
              ? {}
              : {
                  connection_log_options: {
                    ...always({ enabled: log.Enabled }),
                    ...optional({ cloudwatch_log_group: log.CloudwatchLogGroup, cloudwatch_log_stream: log.CloudwatchLogStream }),
                  },
                }),
          },
        );
      });
  },
};
