import type { JsonObject } from "../../../core/snapshots/model.ts";
import type { StateAnswer } from "./double.ts";

const gz = "ap-guangzhou";
const sh = "ap-shanghai";

interface Rule {
  readonly from: string;
  readonly protocol: string;
  readonly port: string;
  readonly action?: string;
  readonly note?: string;
}

/** As the API answers a rule: templates and the other kind of address are empty texts. */
const rules = (all: readonly Rule[]): readonly JsonObject[] =>
  all.map(({ from, protocol, port, action, note }, index) => ({
    PolicyIndex: index,
    Protocol: protocol,
    Port: port,
    ServiceTemplate: { ServiceId: "", ServiceGroupId: "" },
    CidrBlock: from.includes(":") || from.startsWith("sg-") ? "" : from,
    Ipv6CidrBlock: from.includes(":") ? from : "",
    SecurityGroupId: from.startsWith("sg-") ? from : "",
    AddressTemplate: { AddressId: "", AddressGroupId: "" },
    Action: action ?? "ACCEPT",
    PolicyDescription: note ?? "",
    ModifyTime: "2024-03-01 10:00:00",
  }));

interface Group {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  readonly uses: number;
}

const inside = { from: "10.0.0.0/16", protocol: "ALL", port: "ALL" };

const groups: readonly Group[] = [
  {
    id: "sg-web00001",
    name: "web",
    note: "HTTP and HTTPS from everywhere",
    ingress: [
      { from: "0.0.0.0/0", protocol: "TCP", port: "80,443" },
      { from: "::/0", protocol: "TCP", port: "80,443" },
    ],
    egress: [inside, { from: "0.0.0.0/0", protocol: "TCP", port: "443" }],
    uses: 2,
  },
  {
    id: "sg-admin001",
    name: "admin",
    note: "from the office, and once from home",
    ingress: [
      { from: "198.51.100.0/24", protocol: "TCP", port: "22" },
      { from: "0.0.0.0/0", protocol: "TCP", port: "22", note: "only for today" },
      { from: "0.0.0.0/0", protocol: "TCP", port: "3389" },
    ],
    egress: [{ from: "0.0.0.0/0", protocol: "ALL", port: "ALL" }],
    uses: 1,
  },
  {
    id: "sg-data0001",
    name: "data",
    note: "",
    ingress: [
      { from: "sg-web00001", protocol: "TCP", port: "3306" },
      { from: "0.0.0.0/0", protocol: "TCP", port: "3306" },
    ],
    egress: [inside],
    uses: 1,
  },
  {
    id: "sg-guarded1",
    name: "guarded",
    note: "what is dropped first is dropped",
    ingress: [
      { from: "0.0.0.0/0", protocol: "TCP", port: "22", action: "DROP" },
      { from: "0.0.0.0/0", protocol: "TCP", port: "1-1000" },
    ],
    egress: [inside],
    uses: 1,
  },
  {
    id: "sg-old00001",
    name: "old",
    note: "nobody knows",
    ingress: [{ from: "0.0.0.0/0", protocol: "ALL", port: "ALL" }],
    egress: [{ from: "0.0.0.0/0", protocol: "ALL", port: "ALL" }],
    uses: 0,
  },
];

const vpc = (id: string, name: string, block: string, isDefault: boolean): JsonObject => ({
  VpcId: id,
  VpcName: name,
  CidrBlock: block,
  IsDefault: isDefault,
  EnableMulticast: false,
  CreatedTime: "2023-09-01 08:00:00",
  DnsServerSet: ["183.60.83.19", "183.60.82.98"],
  EnableDhcp: true,
  Ipv6CidrBlock: "",
  TagSet: isDefault ? [] : [{ Key: "team", Value: "shop" }],
  AssistantCidrSet: [],
});

const subnet = (id: string, of: string, block: string, zone: string): JsonObject => ({
  SubnetId: id,
  SubnetName: id,
  VpcId: of,
  CidrBlock: block,
  Zone: zone,
  IsDefault: false,
  EnableBroadcast: false,
  RouteTableId: "rtb-main0001",
  NetworkAclId: "",
  AvailableIpAddressCount: 250,
  CreatedTime: "2023-09-01 08:00:00",
  TagSet: [],
});

const flowLog = (id: string, of: string, enabled: boolean): JsonObject => ({
  FlowLogId: id,
  FlowLogName: id,
  FlowLogDescription: "",
  ResourceType: "VPC",
  ResourceId: of,
  VpcId: "",
  TrafficType: "ALL",
  StorageType: "cls",
  CloudLogId: "5a2b0001-0000-4000-8000-000000000001",
  CloudLogState: "SUCCESS",
  CloudLogRegion: gz,
  CreatedTime: "2023-09-02 08:00:00",
  Enable: enabled,
  TagSet: [],
});

const address = (id: string, ip: string, status: string, instance: string | null): JsonObject => ({
  AddressId: id,
  AddressName: id,
  AddressStatus: status,
  AddressIp: ip,
  InstanceId: instance,
  NetworkInterfaceId: null,
  PrivateAddressIp: instance === null ? null : "10.0.1.4",
  IsArrears: false,
  IsBlocked: false,
  AddressType: "EIP",
  InternetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
  Bandwidth: 5,
  TagSet: [],
});

const aclEntry = (block: string, port: string, action: string): JsonObject => ({
  Protocol: port === "ALL" ? "ALL" : "TCP",
  Port: port,
  CidrBlock: block,
  Ipv6CidrBlock: "",
  Action: action,
  Description: "",
});

const acl = (id: string, name: string, ingress: readonly JsonObject[]): JsonObject => ({
  NetworkAclId: id,
  NetworkAclName: name,
  VpcId: "vpc-shop0001",
  CreatedTime: "2023-09-03 08:00:00",
  NetworkAclType: "TRIPLE",
  SubnetSet: [],
  IngressEntries: ingress,
  EgressEntries: [aclEntry("0.0.0.0/0", "ALL", "ACCEPT")],
  TagSet: [],
});

interface Balancer {
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly protect: boolean;
  readonly groups: readonly string[];
  readonly topic: string;
  readonly listeners: readonly JsonObject[];
}

const checked = (on: number): JsonObject => ({ HealthSwitch: on, TimeOut: 2, IntervalTime: 5, HealthNum: 3, UnHealthNum: 3 });

const listener = (id: string, protocol: string, port: number, more: JsonObject): JsonObject => ({
  ListenerId: id,
  ListenerName: `${protocol.toLowerCase()}-${String(port)}`,
  Protocol: protocol,
  Port: port,
  EndPort: 0,
  Certificate: null,
  HealthCheck: null,
  Scheduler: "WRR",
  SniSwitch: 0,
  TargetType: "NODE",
  Rules: null,
  ...more,
});

const rule = (id: string, of: string, domain: string, more: JsonObject): JsonObject => ({
  LocationId: id,
  ListenerId: of,
  Domain: domain,
  Url: "/",
  Scheduler: "WRR",
  HealthCheck: checked(1),
  RewriteTarget: { TargetListenerId: null, TargetLocationId: null, RewriteCode: 0, TakeUrl: null, RewriteType: null },
  ...more,
});

const redirected = { TargetListenerId: "lbl-https001", TargetLocationId: "loc-https001", RewriteCode: 301, TakeUrl: true };

const balancers: readonly Balancer[] = [
  {
    id: "lb-shop0001",
    name: "shop",
    network: "OPEN",
    protect: true,
    groups: ["sg-web00001"],
    topic: "5a2b0001-0000-4000-8000-000000000002",
    listeners: [
      listener("lbl-https001", "HTTPS", 443, {
        Certificate: { SSLMode: "UNIDIRECTIONAL", CertId: "cert0001", CertCaId: "" },
        Rules: [rule("loc-https001", "lbl-https001", "shop.example.com", {})],
      }),
      listener("lbl-http0001", "HTTP", 80, {
        Rules: [
          rule("loc-http0001", "lbl-http0001", "shop.example.com", { RewriteTarget: { ...redirected, RewriteType: "MANUAL" } }),
        ],
      }),
      listener("lbl-tcp00001", "TCP", 9443, { HealthCheck: checked(1) }),
    ],
  },
  {
    id: "lb-old00001",
    name: "before-the-move",
    network: "OPEN",
    protect: false,
    groups: [],
    topic: "",
    listeners: [
      listener("lbl-plain001", "HTTP", 80, {
        Rules: [rule("loc-plain001", "lbl-plain001", "old.example.com", { HealthCheck: checked(0) })],
      }),
      listener("lbl-mysql001", "TCP", 3306, { HealthCheck: checked(0) }),
    ],
  },
  {
    id: "lb-inner001",
    name: "inside",
    network: "INTERNAL",
    protect: true,
    groups: [],
    topic: "",
    listeners: [listener("lbl-inner001", "TCP", 8080, { HealthCheck: checked(1) })],
  },
];

const balancerAnswers: readonly StateAnswer[] = [
  {
    action: "clb:DescribeLoadBalancers",
    region: gz,
    answer: {
      LoadBalancerSet: balancers.map(({ id, name, network: type, protect, groups: its, topic }) => ({
        LoadBalancerId: id,
        LoadBalancerName: name,
        LoadBalancerType: type,
        Forward: 1,
        Domain: "",
        LoadBalancerVips: [type === "OPEN" ? "203.0.113.80" : "10.0.1.80"],
        Status: 1,
        ProjectId: 0,
        VpcId: "vpc-shop0001",
        SubnetId: type === "OPEN" ? "" : "subnet-shop1",
        Tags: [{ TagKey: "team", TagValue: "shop" }],
        SecureGroups: its,
        AddressIPVersion: "ipv4",
        LogSetId: topic === "" ? null : "5a2b0001-0000-4000-8000-000000000009",
        LogTopicId: topic === "" ? null : topic,
        LoadBalancerPassToTarget: true,
        SnatPro: false,
        AttributeFlags: protect ? ["DeleteProtect"] : [],
      })),
    },
  },
  ...balancers.map(({ id, listeners }) => ({
    action: "clb:DescribeListeners",
    when: { LoadBalancerId: id },
    answer: { Listeners: listeners },
  })),
  {
    action: "clb:DescribeRewrite",
    when: { LoadBalancerId: "lb-shop0001" },
    answer: {
      RewriteSet: [
        rule("loc-http0001", "lbl-http0001", "shop.example.com", { RewriteTarget: { ...redirected, RewriteType: "MANUAL" } }),
      ],
    },
  },
];

/** Networks, what guards them, and what stands at their doors. */
export const network: readonly StateAnswer[] = [
  {
    action: "vpc:DescribeSecurityGroups",
    region: gz,
    answer: {
      SecurityGroupSet: groups.map(({ id, name, note }) => ({
        SecurityGroupId: id,
        SecurityGroupName: name,
        SecurityGroupDesc: note,
        ProjectId: "0",
        IsDefault: false,
        CreatedTime: "2023-09-01 09:00:00",
        TagSet: [],
      })),
    },
  },
  ...groups.map(({ id, ingress, egress }) => ({
    action: "vpc:DescribeSecurityGroupPolicies",
    when: { SecurityGroupId: id },
    answer: { SecurityGroupPolicySet: { Version: "7", Ingress: rules(ingress), Egress: rules(egress) } },
  })),
  {
    action: "vpc:DescribeSecurityGroupAssociationStatistics",
    region: gz,
    answer: {
      SecurityGroupAssociationStatisticsSet: groups.map(({ id, uses }) => ({
        SecurityGroupId: id,
        CVM: uses,
        CDB: 0,
        ENI: 0,
        SG: 0,
        CLB: 0,
        InstanceStatistics: [],
        TotalCount: uses,
      })),
    },
  },
  {
    action: "vpc:DescribeVpcs",
    region: gz,
    answer: {
      VpcSet: [vpc("vpc-shop0001", "shop", "10.0.0.0/16", false), vpc("vpc-default1", "Default-VPC", "172.16.0.0/16", true)],
    },
  },
  { action: "vpc:DescribeVpcs", region: sh, answer: { VpcSet: [vpc("vpc-east0001", "east", "10.1.0.0/16", false)] } },
  {
    action: "vpc:DescribeSubnets",
    region: gz,
    answer: {
      SubnetSet: [
        subnet("subnet-shop1", "vpc-shop0001", "10.0.1.0/24", "ap-guangzhou-3"),
        subnet("subnet-shop2", "vpc-shop0001", "10.0.2.0/24", "ap-guangzhou-4"),
        subnet("subnet-plain", "vpc-default1", "172.16.0.0/20", "ap-guangzhou-3"),
      ],
    },
  },
  {
    action: "vpc:DescribeFlowLogs",
    region: gz,
    answer: { FlowLog: [flowLog("fl-shop00001", "vpc-shop0001", true)] },
  },
  {
    action: "vpc:DescribeFlowLogs",
    region: sh,
    answer: { FlowLog: [flowLog("fl-east00001", "vpc-east0001", false)] },
  },
  {
    action: "vpc:DescribeNetworkAcls",
    region: gz,
    answer: {
      NetworkAclSet: [
        acl("acl-tight001", "tight", [aclEntry("10.0.0.0/8", "ALL", "ACCEPT"), aclEntry("0.0.0.0/0", "443", "ACCEPT")]),
        acl("acl-loose001", "loose", [aclEntry("0.0.0.0/0", "ALL", "ACCEPT")]),
      ],
    },
  },
  {
    action: "vpc:DescribeAddresses",
    region: gz,
    answer: {
      AddressSet: [
        address("eip-admin001", "203.0.113.10", "BIND", "ins-admin001"),
        address("eip-spare001", "203.0.113.11", "UNBIND", null),
      ],
    },
  },
  ...balancerAnswers,
];
