import type { SecurityGroup, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { Collector, Found } from "../collector.ts";
import { pages, type AwsSession } from "./client.ts";
import { ec2 } from "./services.ts";
import { always, must, optional, tagged, thing } from "./shape.ts";

const describeGroups = "ec2:DescribeSecurityGroups";
const describeRules = "ec2:DescribeSecurityGroupRules";

/** Rules come as things of their own, each with its id. */
export const securityGroups: Collector<AwsSession> = {
  types: [
    "aws_security_group",
    "aws_default_security_group",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
  ],
  scope: "region",
  actions: [describeGroups, describeRules],
  list: async (session, region) => {
    const groups = await pages(
      session,
      ec2,
      region,
      describeGroups,
      (sdk, NextToken) => new sdk.DescribeSecurityGroupsCommand({ NextToken, MaxResults: 1000 }),
      ({ SecurityGroups }) => SecurityGroups,
      ({ NextToken }) => NextToken,
    );
    const rules = await pages(
      session,
      ec2,
      region,
      describeRules,
      (sdk, NextToken) => new sdk.DescribeSecurityGroupRulesCommand({ NextToken, MaxResults: 1000 }),
      ({ SecurityGroupRules }) => SecurityGroupRules,
      ({ NextToken }) => NextToken,
    );
    return [...groups.map(group), ...rules.map((of) => rule(of, session.caller.account))];
  },
};

function group(of: SecurityGroup): Found {
  const id = must(of.GroupId, describeGroups);
  // No other may have the name.
  const type = of.GroupName === "default" ? "aws_default_security_group" : "aws_security_group";
  return thing(
    type,
    id,
    { name: of.GroupName, tags: tagged(of.Tags ?? []) },
    {
      ...always({
        arn: of.SecurityGroupArn,
        description: of.Description,
        name: of.GroupName,
        owner_id: of.OwnerId,
        vpc_id: of.VpcId,
      }),
      ingress: [],
      egress: [],
    },
  );
}

function rule(of: SecurityGroupRule, account: string): Found {
  const id = must(of.SecurityGroupRuleId, describeRules);
  const other = of.ReferencedGroupInfo;
  const owner = other?.UserId === undefined || other.UserId === account ? "" : `${other.UserId}/`;
  // -1 stands for all ports, which the provider leaves unset.
  const port = (number: number | undefined): number | null => (number === undefined || number === -1 ? null : number);
  return thing(
    `aws_vpc_security_group_${of.IsEgress === true ? "egress" : "ingress"}_rule`,
    id,
    { tags: tagged(of.Tags ?? []) },
    {
      security_group_rule_id: id,
      security_group_id: must(of.GroupId, describeRules),
      ...always({ arn: of.SecurityGroupRuleArn, ip_protocol: of.IpProtocol }),
      from_port: port(of.FromPort),
      to_port: port(of.ToPort),
      // A rule has one source: what it does not have is left out.
      ...optional({
        cidr_ipv4: of.CidrIpv4,
        cidr_ipv6: of.CidrIpv6,
        prefix_list_id: of.PrefixListId,
        referenced_security_group_id: other?.GroupId === undefined ? undefined : `${owner}${other.GroupId}`,
        description: of.Description,
      }),
    },
  );
}
