import type { JsonObject } from "../../../core/snapshots/model.ts";
import type { Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

const region = "cn-hangzhou";

/** Servers, disks, images and networks of the sample account. */
export function computeState(ago: Clock): readonly Recorded[] {
  return [...servers(ago), ...groups(ago), ...disks(ago), ...images(ago), ...networks(ago)];
}

interface Server {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly bandwidth: number;
  readonly tokens: "required" | "optional";
  readonly protectedFromDeletion: boolean;
  readonly days: number;
}

function servers(ago: Clock): Recorded[] {
  const instance = ({ id, name, group, bandwidth, tokens, protectedFromDeletion, days }: Server): JsonObject => ({
    InstanceId: id,
    InstanceName: name,
    HostName: name,
    Description: "",
    RegionId: region,
    ZoneId: `${region}-h`,
    InstanceType: "ecs.g7.large",
    ImageId: "aliyun_3_x64_20G_alibase_20240819.vhd",
    OSType: "linux",
    Status: "Running",
    InstanceNetworkType: "vpc",
    VpcAttributes: {
      VpcId: "vpc-bp1shop00000000000001",
      VSwitchId: "vsw-bp1shop00000000000001",
      NatIpAddress: "",
      PrivateIpAddress: { IpAddress: ["10.0.1.10"] },
    },
    SecurityGroupIds: { SecurityGroupId: [group] },
    InternetChargeType: "PayByTraffic",
    InternetMaxBandwidthOut: bandwidth,
    InternetMaxBandwidthIn: 100,
    PublicIpAddress: { IpAddress: bandwidth > 0 ? ["203.0.113.20"] : [] },
    EipAddress: { AllocationId: "", Bandwidth: 0, InternetChargeType: "", IpAddress: "" },
    InstanceChargeType: "PostPaid",
    DeletionProtection: protectedFromDeletion,
    KeyPairName: "harbour",
    MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: tokens, HttpPutResponseHopLimit: 1 },
    CreationTime: ago(days),
    ResourceGroupId: "",
    Tags: { Tag: [{ TagKey: "team", TagValue: "shop" }] },
  });
  const web = "i-bp1shopweb0000000001";
  const cms = "i-bp1legacycms00000001";
  const script = ["#!/bin/sh", "export DB_PASSWORD='Tr0ub4dor&3-harbour'", "systemctl start cms", ""].join("\n");
  const machine = (InstanceId: string, ClientStatus: string): JsonObject => ({
    InstanceId,
    InstanceName: InstanceId,
    Uuid: `uuid-${InstanceId}`,
    ClientStatus,
    ClientSubStatus: ClientStatus,
    RegionId: region,
    Status: "Running",
  });
  return [
    {
      operation: "ecs:DescribeInstances",
      region,
      items: [
        instance({
          id: web,
          name: "shop-web-1",
          group: "sg-bp1shopweb000000001",
          bandwidth: 0,
          tokens: "required",
          protectedFromDeletion: true,
          days: 200,
        }),
        instance({
          id: cms,
          name: "legacy-cms",
          group: "sg-bp1legacy0000000001",
          bandwidth: 5,
          tokens: "optional",
          protectedFromDeletion: false,
          days: 900,
        }),
      ],
    },
    {
      operation: "ecs:DescribeUserData",
      region,
      of: { InstanceId: web },
      body: { InstanceId: web, RegionId: region, UserData: "" },
    },
    {
      operation: "ecs:DescribeUserData",
      region,
      of: { InstanceId: cms },
      body: { InstanceId: cms, RegionId: region, UserData: Buffer.from(script).toString("base64") },
    },
    {
      operation: "ecs:DescribeInstanceRamRole",
      region,
      items: [
        { InstanceId: web, RamRoleName: "shop-server" },
        { InstanceId: cms, RamRoleName: "legacy-server" },
      ],
    },
    { operation: "ecs:DescribeDiskEncryptionByDefaultStatus", body: { Encrypted: false } },
    { operation: "sas:DescribeCloudCenterInstances", items: [machine(web, "online"), machine(cms, "offline")] },
  ];
}

function groups(ago: Clock): Recorded[] {
  const group = (SecurityGroupId: string, SecurityGroupName: string): JsonObject => ({
    SecurityGroupId,
    SecurityGroupName,
    Description: "",
    SecurityGroupType: "normal",
    VpcId: "vpc-bp1shop00000000000001",
    CreationTime: ago(500),
    ResourceGroupId: "",
    Tags: { Tag: [] },
  });
  const rule = (SecurityGroupRuleId: string, more: JsonObject): JsonObject => ({
    SecurityGroupRuleId,
    Direction: "ingress",
    IpProtocol: "TCP",
    Policy: "Accept",
    Priority: "1",
    NicType: "intranet",
    Description: "",
    SourceCidrIp: "",
    SourceGroupId: "",
    SourcePortRange: "",
    SourcePrefixListId: "",
    Ipv6SourceCidrIp: "",
    DestCidrIp: "",
    DestGroupId: "",
    DestPrefixListId: "",
    Ipv6DestCidrIp: "",
    CreateTime: ago(500),
    ...more,
  });
  const anywhere = "0.0.0.0/0";
  const of = (id: string): Record<string, string> => ({ SecurityGroupId: id });
  return [
    {
      operation: "ecs:DescribeSecurityGroups",
      region,
      items: [group("sg-bp1shopweb000000001", "shop-web"), group("sg-bp1legacy0000000001", "legacy")],
    },
    {
      operation: "ecs:DescribeSecurityGroupAttribute",
      region,
      of: of("sg-bp1shopweb000000001"),
      items: [
        rule("sgr-bp1web443", { PortRange: "443/443", SourceCidrIp: anywhere }),
        // Wide, but refused before: a drop of the same priority comes first.
        rule("sgr-bp1web22", { PortRange: "22/22", SourceCidrIp: anywhere, Priority: "50" }),
        rule("sgr-bp1web22x", { PortRange: "22/22", SourceCidrIp: anywhere, Priority: "50", Policy: "Drop" }),
      ],
    },
    {
      operation: "ecs:DescribeSecurityGroupAttribute",
      region,
      of: of("sg-bp1legacy0000000001"),
      items: [
        rule("sgr-bp1leg22", { PortRange: "22/22", SourceCidrIp: anywhere }),
        rule("sgr-bp1leg3306", { PortRange: "3306/3306", Ipv6SourceCidrIp: "::/0" }),
        rule("sgr-bp1legout", { Direction: "egress", IpProtocol: "ALL", PortRange: "-1/-1", DestCidrIp: anywhere }),
      ],
    },
  ];
}

function disks(ago: Clock): Recorded[] {
  const disk = (
    DiskId: string,
    Type: string,
    InstanceId: string,
    Encrypted: boolean,
    AutoSnapshotPolicyId: string,
  ): JsonObject => ({
    DiskId,
    DiskName: DiskId,
    Description: "",
    Type,
    Category: "cloud_essd",
    PerformanceLevel: "PL0",
    Size: 40,
    Device: Type === "system" ? "/dev/xvda" : "/dev/xvdb",
    InstanceId,
    Encrypted,
    KMSKeyId: Encrypted ? "key-hzz0000000000000000000" : "",
    SourceSnapshotId: "",
    AutoSnapshotPolicyId,
    DeleteWithInstance: true,
    DeleteAutoSnapshot: true,
    EnableAutoSnapshot: true,
    Status: "In_use",
    RegionId: region,
    ZoneId: `${region}-h`,
    CreationTime: ago(300),
    ResourceGroupId: "",
    Tags: { Tag: [] },
  });
  return [
    {
      operation: "ecs:DescribeDisks",
      region,
      items: [
        disk("d-bp1shopsystem0000001", "system", "i-bp1shopweb0000000001", true, "sp-bp1daily0000000001"),
        disk("d-bp1shopdata000000001", "data", "i-bp1shopweb0000000001", true, "sp-bp1daily0000000001"),
        disk("d-bp1legacysystem00001", "system", "i-bp1legacycms00000001", false, ""),
        disk("d-bp1legacydata0000001", "data", "i-bp1legacycms00000001", false, ""),
      ],
    },
  ];
}

function images(ago: Clock): Recorded[] {
  const image = (ImageId: string, ImageName: string, IsPublic: boolean): JsonObject => ({
    ImageId,
    ImageName,
    Description: "",
    ImageOwnerAlias: "self",
    IsPublic,
    Architecture: "x86_64",
    Platform: "Aliyun",
    OSType: "linux",
    Status: "Available",
    Size: 40,
    ImageFamily: "",
    CreationTime: ago(300),
    ResourceGroupId: "",
    DiskDeviceMappings: {
      DiskDeviceMapping: [{ Device: "/dev/xvda", Type: "system", Size: "40", SnapshotId: "s-bp1image00000000001", Format: "" }],
    },
    Tags: { Tag: [] },
  });
  return [
    {
      operation: "ecs:DescribeImages",
      region,
      items: [image("m-bp1shop00000000000001", "shop-2024", false), image("m-bp1legacy000000000001", "legacy-cms", true)],
    },
    { operation: "ecs:DescribeImageSharePermission", region, of: { ImageId: "m-bp1shop00000000000001" }, items: [] },
    {
      operation: "ecs:DescribeImageSharePermission",
      region,
      of: { ImageId: "m-bp1legacy000000000001" },
      items: [{ AliyunId: "1998877665544332" }],
    },
  ];
}

function networks(ago: Clock): Recorded[] {
  const vpc = (VpcId: string, VpcName: string, CidrBlock: string): JsonObject => ({
    VpcId,
    VpcName,
    CidrBlock,
    Description: "",
    IsDefault: false,
    RegionId: region,
    Status: "Available",
    CreationTime: ago(900),
    ResourceGroupId: "",
    VRouterId: `vrt-${VpcId}`,
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    UserCidrs: { UserCidr: [] },
    Tags: { Tag: [{ Key: "team", Value: "shop" }] },
  });
  const vswitch = (VSwitchId: string, VpcId: string, CidrBlock: string): JsonObject => ({
    VSwitchId,
    VpcId,
    CidrBlock,
    VSwitchName: "",
    Description: "",
    IsDefault: false,
    ZoneId: `${region}-h`,
    Status: "Available",
    CreationTime: ago(900),
    Tags: { Tag: [] },
  });
  return [
    {
      operation: "vpc:DescribeVpcs",
      region,
      items: [vpc("vpc-bp1shop00000000000001", "shop", "10.0.0.0/16"), vpc("vpc-bp1legacy000000000001", "legacy", "172.16.0.0/16")],
    },
    {
      operation: "vpc:DescribeVSwitches",
      region,
      items: [
        vswitch("vsw-bp1shop00000000000001", "vpc-bp1shop00000000000001", "10.0.1.0/24"),
        vswitch("vsw-bp1legacy000000000001", "vpc-bp1legacy000000000001", "172.16.0.0/24"),
      ],
    },
    {
      operation: "vpc:DescribeFlowLogs",
      region,
      items: [
        {
          FlowLogId: "fl-bp1shop000000000000001",
          FlowLogName: "shop",
          ResourceType: "VPC",
          ResourceId: "vpc-bp1shop00000000000001",
          TrafficType: "All",
          Status: "Active",
          ProjectName: "harbour-flow-logs",
          LogStoreName: "vpc",
          AggregationInterval: 10,
          RegionId: region,
        },
      ],
    },
    {
      operation: "vpc:DescribeEipAddresses",
      region,
      items: [
        {
          AllocationId: "eip-bp1spare00000000000001",
          IpAddress: "203.0.113.99",
          InstanceId: "",
          InstanceType: "",
          Status: "Available",
          RegionId: region,
        },
      ],
    },
  ];
}
