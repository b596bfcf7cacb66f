import assert from "node:assert/strict";
import {
  CreateFlowLogsCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTransitGatewayCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  CreateVpcEndpointServiceConfigurationCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateLoadBalancerCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { read, some, verdicts } from "./assess.ts";
import { account, connect, emptyMoto, Front, region, seeding } from "./moto.ts";

const arn = (resource: string): string => `arn:aws:ec2:${region}:${account}:${resource}`;

describe("networks of an account", () => {
  let endpoint: string;
  let client: EC2Client;
  const vpcOf = async (CidrBlock: string): Promise<string> => (await client.send(new CreateVpcCommand({ CidrBlock }))).Vpc!.VpcId!;
  const subnetOf = async (VpcId: string, CidrBlock: string): Promise<string> =>
    (await client.send(new CreateSubnetCommand({ VpcId, CidrBlock }))).Subnet!.SubnetId!;

  beforeEach(async () => {
    endpoint = await emptyMoto();
    client = new EC2Client(seeding(endpoint));
  });

  it("judges flow logs of a VPC, and of all its subnets", async () => {
    const logged = await vpcOf("10.1.0.0/16");
    const bySubnets = await vpcOf("10.2.0.0/16");
    const half = await vpcOf("10.3.0.0/16");
    const accepted = await vpcOf("10.4.0.0/16");
    const log = (ResourceIds: string[], ResourceType: "VPC" | "Subnet", TrafficType: "ALL" | "ACCEPT") =>
      client.send(
        new CreateFlowLogsCommand({
          ResourceIds,
          ResourceType,
          TrafficType,
          LogDestinationType: "s3",
          LogDestination: "arn:aws:s3:::flow-logs",
        }),
      );
    const s3 = await import("@aws-sdk/client-s3");
    await new s3.S3Client(seeding(endpoint)).send(
      new s3.CreateBucketCommand({ Bucket: "flow-logs", CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    await log([logged], "VPC", "ALL");
    const one = await subnetOf(bySubnets, "10.2.1.0/24");
    const two = await subnetOf(bySubnets, "10.2.2.0/24");
    await log([one, two], "Subnet", "ALL");
    await log([await subnetOf(half, "10.3.1.0/24")], "Subnet", "ALL");
    await subnetOf(half, "10.3.2.0/24");
    await log([accepted], "VPC", "ACCEPT");
    const session = await connect(endpoint);
    const found = (await verdicts(session, ["aws-vpc-flow-log"]))["aws-vpc-flow-log"]!;
    assert.deepEqual(
      [logged, bySubnets, half, accepted].map((id) => found[id]),
      ["pass", "pass", "fail", "fail"],
    );
    const { data } = await read(session, ["aws_flow_log"]);
    const its = data.resources.find(({ attributes }) => attributes["vpc_id"] === logged)!;
    assert.deepEqual(
      some(its, ["traffic_type", "log_destination", "log_destination_type", "vpc_id", "subnet_id", "eni_id", "transit_gateway_id"]),
      {
        traffic_type: "ALL",
        log_destination: "arn:aws:s3:::flow-logs",
        log_destination_type: "s3",
        vpc_id: logged,
        subnet_id: null,
        eni_id: null,
        transit_gateway_id: null,
      },
    );
  });

  it("judges subnets and endpoints", async () => {
    const vpc = await vpcOf("10.1.0.0/16");
    const bad = await subnetOf(vpc, "10.1.1.0/24");
    const good = await subnetOf(vpc, "10.1.2.0/24");
    await client.send(new ModifySubnetAttributeCommand({ SubnetId: bad, MapPublicIpOnLaunch: { Value: true } }));
    const with_ = await vpcOf("10.2.0.0/16");
    await subnetOf(with_, "10.2.1.0/24");
    await client.send(
      new CreateVpcEndpointCommand({ VpcEndpointType: "Gateway", VpcId: with_, ServiceName: `com.amazonaws.${region}.s3` }),
    );
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_subnet", "aws_vpc", "aws_vpc_endpoint"]);
    assert.deepEqual(
      some(one("aws_subnet", bad), ["vpc_id", "cidr_block", "map_public_ip_on_launch", "assign_ipv6_address_on_creation"]),
      {
        vpc_id: vpc,
        cidr_block: "10.1.1.0/24",
        map_public_ip_on_launch: true,
        assign_ipv6_address_on_creation: false,
      },
    );
    assert.deepEqual(some(one("aws_vpc", vpc), ["arn", "cidr_block", "owner_id"]), {
      arn: arn(`vpc/${vpc}`),
      cidr_block: "10.1.0.0/16",
      owner_id: account,
    });
    assert.deepEqual(some(one("aws_vpc_endpoint"), ["vpc_id", "service_name", "vpc_endpoint_type"]), {
      vpc_id: with_,
      service_name: `com.amazonaws.${region}.s3`,
      vpc_endpoint_type: "Gateway",
    });
    const found = await verdicts(session, ["aws-vpc-subnet-auto-public-ip", "aws-vpc-endpoints-used"]);
    const subnets = found["aws-vpc-subnet-auto-public-ip"]!;
    const of = (id: string): string | undefined => subnets[`aws_subnet ${id}`] ?? subnets[id];
    assert.deepEqual([of(bad), of(good)], ["fail", "pass"]);
    const vpcs = found["aws-vpc-endpoints-used"]!;
    assert.deepEqual([vpcs[vpc], vpcs[with_]], ["fail", "pass"]);
  });

  it("judges network ACLs by their entries", async () => {
    const VpcId = await vpcOf("10.1.0.0/16");
    const acl = async (): Promise<string> => (await client.send(new CreateNetworkAclCommand({ VpcId }))).NetworkAcl!.NetworkAclId!;
    const bad = await acl();
    const good = await acl();
    const entry = (NetworkAclId: string, RuleNumber: number, RuleAction: "allow" | "deny", CidrBlock: string, port?: number) =>
      client.send(
        new CreateNetworkAclEntryCommand({
          NetworkAclId,
          RuleNumber,
          RuleAction,
          CidrBlock,
          Egress: false,
          Protocol: port === undefined ? "-1" : "6",
          ...(port === undefined ? {} : { PortRange: { From: port, To: port } }),
        }),
      );
    await entry(bad, 100, "allow", "0.0.0.0/0", 22);
    await entry(good, 90, "deny", "0.0.0.0/0", 22);
    await entry(good, 100, "allow", "10.0.0.0/8", 22);
    const session = await connect(endpoint);
    const { one, ids } = await read(session, ["aws_network_acl"]);
    assert.deepEqual(one("aws_network_acl", bad).attributes["ingress"], [
      {
        action: "allow",
        protocol: "6",
        rule_no: 100,
        cidr_block: "0.0.0.0/0",
        ipv6_cidr_block: null,
        from_port: 22,
        to_port: 22,
        icmp_code: 0,
        icmp_type: 0,
      },
    ]);
    assert.deepEqual(one("aws_network_acl", bad).attributes["egress"], []);
    const found = (await verdicts(session, ["aws-vpc-nacl-admin-ports-open"]))["aws-vpc-nacl-admin-ports-open"]!;
    assert.deepEqual([found[`aws_network_acl ${bad}`], found[`aws_network_acl ${good}`]], ["fail", "pass"]);
    // The one that each VPC comes with lets all in.
    assert.deepEqual(
      ids("aws_default_network_acl").map((id) => found[`aws_default_network_acl ${id}`]),
      ids("aws_default_network_acl").map(() => "fail"),
    );
  });

  it("judges routes over peerings", async () => {
    const VpcId = await vpcOf("10.1.0.0/16");
    const PeerVpcId = await vpcOf("10.2.0.0/16");
    const peering = await client.send(new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId }));
    const VpcPeeringConnectionId = peering.VpcPeeringConnection!.VpcPeeringConnectionId!;
    const table = async (DestinationCidrBlock: string): Promise<string> => {
      const { RouteTable } = await client.send(new CreateRouteTableCommand({ VpcId }));
      await client.send(
        new CreateRouteCommand({ RouteTableId: RouteTable!.RouteTableId, DestinationCidrBlock, VpcPeeringConnectionId }),
      );
      return RouteTable!.RouteTableId!;
    };
    const bad = await table("10.2.0.0/16");
    const good = await table("10.2.7.0/24");
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_route_table"]);
    const routes = one("aws_route_table", bad).attributes["route"] as Record<string, unknown>[];
    assert.deepEqual(
      routes.map(({ cidr_block, gateway_id, vpc_peering_connection_id }) => ({
        cidr_block,
        gateway_id,
        vpc_peering_connection_id,
      })),
      [{ cidr_block: "10.2.0.0/16", gateway_id: null, vpc_peering_connection_id: VpcPeeringConnectionId }],
      "without the route inside the VPC",
    );
    const found = (await verdicts(session, ["aws-vpc-peering-route-wide"]))["aws-vpc-peering-route-wide"]!;
    assert.deepEqual([found[`aws_route_table ${bad}`], found[`aws_route_table ${good}`]], ["fail", "pass"]);
    assert.equal(Object.keys(found).length, 2, "tables without a peering don't count");
  });

  it("judges transit gateways and endpoint services", async () => {
    const gateway = async (AutoAcceptSharedAttachments: "enable" | "disable"): Promise<string> =>
      (await client.send(new CreateTransitGatewayCommand({ Options: { AutoAcceptSharedAttachments } }))).TransitGateway!
        .TransitGatewayId!;
    const bad = await gateway("enable");
    const good = await gateway("disable");
    const { Subnets } = await client.send(new DescribeSubnetsCommand({}));
    const { LoadBalancers } = await new ElasticLoadBalancingV2Client(seeding(endpoint)).send(
      new CreateLoadBalancerCommand({ Name: "nlb", Type: "network", Subnets: [Subnets![0]!.SubnetId!] }),
    );
    const service = async (AcceptanceRequired: boolean): Promise<string> =>
      (
        await client.send(
          new CreateVpcEndpointServiceConfigurationCommand({
            AcceptanceRequired,
            NetworkLoadBalancerArns: [LoadBalancers![0]!.LoadBalancerArn!],
          }),
        )
      ).ServiceConfiguration!.ServiceId!;
    const open = await service(false);
    const closed = await service(true);
    assert.deepEqual(
      await verdicts(await connect(endpoint), ["aws-vpc-transit-gateway-auto-accept", "aws-vpc-endpoint-service-acceptance"]),
      {
        "aws-vpc-transit-gateway-auto-accept": { [bad]: "fail", [good]: "pass" },
        "aws-vpc-endpoint-service-acceptance": { [open]: "fail", [closed]: "pass" },
      },
    );
  });

  it("judges client VPNs, which moto does not have", async () => {
    const one = (id: string, enabled: boolean): string =>
      `<item><clientVpnEndpointId>${id}</clientVpnEndpointId><status><code>available</code></status><splitTunnel>true</splitTunnel>` +
      `<connectionLogOptions><Enabled>${String(enabled)}</Enabled><CloudwatchLogGroup>vpn</CloudwatchLogGroup></connectionLogOptions></item>`;
    const items = `<clientVpnEndpoint>${one("cvpn-endpoint-1", false)}${one("cvpn-endpoint-2", true)}</clientVpnEndpoint>`;
    const body = `<DescribeClientVpnEndpointsResponse><requestId>1</requestId>${items}</DescribeClientVpnEndpointsResponse>`;
    const front = await Front.start(endpoint, (asked) =>
      /DescribeClientVpnEndpoints/.test(asked.body) ? { status: 200, body } : undefined,
    );
    const session = await connect(front.endpoint);
    const { one: thing } = await read(session, ["aws_ec2_client_vpn_endpoint"]);
    const item = "aws-vpc-clientvpn-logging";
    const found = (await verdicts(session, [item]))[item];
    await front.stop();
    assert.deepEqual(found, { "cvpn-endpoint-1": "fail", "cvpn-endpoint-2": "pass" });
    assert.deepEqual(some(thing("aws_ec2_client_vpn_endpoint", "cvpn-endpoint-2"), ["split_tunnel", "connection_log_options"]), {
      split_tunnel: true,
      connection_log_options: { enabled: true, cloudwatch_log_group: "vpn", cloudwatch_log_stream: null },
    });
  });
});
