import type { Json } from "../../../core/snapshots/model.ts";
import { arn, sampleAccountId, sampleRegion, type Clock } from "./account-basics.ts";
import type { Recorded } from "./state.ts";

/** Networks, servers and their disks. All in one region; the other is empty but for what every region has. */
export function networkState(clock: Clock, regions: readonly string[]): readonly Recorded[] {
  return [
    {
      operation: "ec2:DescribeRegions",
      answer: {
        regionInfo: items(
          ...regions.map((name) => ({
            regionName: name,
            regionEndpoint: `ec2.${name}.amazonaws.com`,
            optInStatus: "opt-in-not-required",
          })),
        ),
      },
    },
    ...networks(clock),
    ...groups(),
    ...servers(clock),
    ...disks(clock),
    ...regions.flatMap(defaults),
  ];
}

const items = (...of: readonly Json[]): Json => ({ item: of });
const named = (name: string): Json => items({ key: "Name", value: name }, { key: "team", value: "shop" });
const inRegion = (operation: string, answer: Json, of?: Readonly<Record<string, string>>): Recorded => ({
  operation: `ec2:${operation}`,
  region: sampleRegion,
  ...(of === undefined ? {} : { of }),
  answer,
});

const shop = "vpc-0a1b2c3d4e5f60001";
const legacy = "vpc-0a1b2c3d4e5f60002";

function networks({ iso }: Clock): Recorded[] {
  const vpc = (vpcId: string, name: string, isDefault: boolean): Json => ({
    vpcId,
    ownerId: sampleAccountId,
    state: "available",
    cidrBlock: isDefault ? "172.31.0.0/16" : "10.0.0.0/16",
    dhcpOptionsId: "dopt-0a1b2c3d4e5f60001",
    instanceTenancy: "default",
    isDefault,
    tagSet: named(name),
  });
  const subnet = (subnetId: string, vpcId: string, mapPublicIpOnLaunch: boolean): Json => ({
    subnetId,
    subnetArn: arn("ec2", `subnet/${subnetId}`),
    vpcId,
    ownerId: sampleAccountId,
    state: "available",
    cidrBlock: vpcId === shop ? "10.0.1.0/24" : "172.31.0.0/20",
    availabilityZone: `${sampleRegion}a`,
    availabilityZoneId: "euw1-az1",
    defaultForAz: vpcId === legacy,
    mapPublicIpOnLaunch,
    assignIpv6AddressOnCreation: false,
    availableIpAddressCount: 200,
    tagSet: named(subnetId),
  });
  const entry = (ruleNumber: number, egress: boolean, ruleAction: string): Json => ({
    ruleNumber,
    protocol: "-1",
    ruleAction,
    egress,
    cidrBlock: "0.0.0.0/0",
  });
  const acl = (networkAclId: string, vpcId: string): Json => ({
    networkAclId,
    vpcId,
    ownerId: sampleAccountId,
    default: true,
    entrySet: items(entry(100, true, "allow"), entry(32767, true, "deny"), entry(100, false, "allow"), entry(32767, false, "deny")),
  });
  return [
    inRegion("DescribeVpcs", { vpcSet: items(vpc(shop, "shop", false), vpc(legacy, "default", true)) }),
    inRegion("DescribeSubnets", {
      subnetSet: items(subnet("subnet-0a1b2c3d4e5f60001", shop, false), subnet("subnet-0a1b2c3d4e5f60002", legacy, true)),
    }),
    inRegion("DescribeNetworkAcls", {
      networkAclSet: items(acl("acl-0a1b2c3d4e5f60001", shop), acl("acl-0a1b2c3d4e5f60002", legacy)),
    }),
    inRegion("DescribeFlowLogs", {
      flowLogSet: items({
        flowLogId: "fl-0a1b2c3d4e5f60001",
        flowLogStatus: "ACTIVE",
        resourceId: shop,
        trafficType: "REJECT",
        logDestinationType: "s3",
        logDestination: "arn:aws:s3:::pinewood-trail/flow",
        deliverLogsStatus: "SUCCESS",
        maxAggregationInterval: 600,
        creationTime: iso(400),
      }),
    }),
    inRegion("DescribeRouteTables", {
      routeTableSet: items({
        routeTableId: "rtb-0a1b2c3d4e5f60001",
        vpcId: shop,
        ownerId: sampleAccountId,
        routeSet: items({ destinationCidrBlock: "10.0.0.0/16", gatewayId: "local", state: "active", origin: "CreateRouteTable" }),
      }),
    }),
  ];
}

const web = "sg-0a1b2c3d4e5f60001";
const open = "sg-0a1b2c3d4e5f60002";

function groups(): Recorded[] {
  const group = (groupId: string, groupName: string, vpcId: string): Json => ({
    groupId,
    groupName,
    groupDescription: groupName,
    ownerId: sampleAccountId,
    vpcId,
    securityGroupArn: arn("ec2", `security-group/${groupId}`),
  });
  let last = 0;
  const rule = (groupId: string, isEgress: boolean, ipProtocol: string, port: number, source: object): Json => ({
    securityGroupRuleId: `sgr-0a1b2c3d4e5f6${String(++last).padStart(4, "0")}`,
    groupId,
    groupOwnerId: sampleAccountId,
    isEgress,
    ipProtocol,
    fromPort: port,
    toPort: port,
    ...source,
  });
  const world = { cidrIpv4: "0.0.0.0/0" };
  const balancer = { referencedGroupInfo: { groupId: "sg-0a1b2c3d4e5f60005", userId: sampleAccountId } };
  return [
    inRegion("DescribeSecurityGroups", {
      securityGroupInfo: items(
        group(web, "shop-web", shop),
        group(open, "legacy-admin", legacy),
        group("sg-0a1b2c3d4e5f60003", "default", shop),
        group("sg-0a1b2c3d4e5f60004", "default", legacy),
        group("sg-0a1b2c3d4e5f60005", "shop-balancer", shop),
      ),
    }),
    inRegion("DescribeSecurityGroupRules", {
      securityGroupRuleSet: items(
        rule(web, false, "tcp", 8080, balancer),
        rule(web, true, "-1", -1, world),
        rule("sg-0a1b2c3d4e5f60005", false, "tcp", 443, world),
        rule("sg-0a1b2c3d4e5f60005", true, "-1", -1, world),
        rule(open, false, "tcp", 22, world),
        rule(open, false, "tcp", 3389, world),
        rule(open, false, "tcp", 3306, { cidrIpv6: "::/0" }),
        rule(open, true, "-1", -1, world),
        rule("sg-0a1b2c3d4e5f60004", false, "-1", -1, {
          referencedGroupInfo: { groupId: "sg-0a1b2c3d4e5f60004", userId: sampleAccountId },
        }),
        rule("sg-0a1b2c3d4e5f60004", true, "-1", -1, world),
      ),
    }),
  ];
}

interface Server {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly volume: string;
  readonly tokens: "required" | "optional";
  readonly address: string | undefined;
  readonly profile: string | undefined;
}

const servers = ({ iso }: Clock): Recorded[] => {
  const instance = ({ id, name, group, vpc, subnet, volume, tokens, address, profile }: Server): Json => ({
    instanceId: id,
    imageId: "ami-0a1b2c3d4e5f60009",
    instanceState: { code: 16, name: "running" },
    instanceType: "t3.medium",
    launchTime: iso(300),
    placement: { availabilityZone: `${sampleRegion}a`, tenancy: "default" },
    monitoring: { state: "disabled" },
    subnetId: subnet,
    vpcId: vpc,
    privateIpAddress: "10.0.1.10",
    ...(address === undefined ? {} : { ipAddress: address }),
    sourceDestCheck: true,
    groupSet: items({ groupId: group, groupName: name }),
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/xvda",
    blockDeviceMapping: items({
      deviceName: "/dev/xvda",
      ebs: { volumeId: volume, status: "attached", attachTime: iso(300), deleteOnTermination: true },
    }),
    ebsOptimized: true,
    networkInterfaceSet: items({
      networkInterfaceId: `eni-${id.slice(2)}`,
      attachment: { deviceIndex: 0, status: "attached" },
      ...(address === undefined ? {} : { association: { publicIp: address, ipOwnerId: "amazon" } }),
    }),
    ...(profile === undefined
      ? {}
      : { iamInstanceProfile: { arn: arn("iam", `instance-profile/${profile}`, ""), id: "AIPAPINEWOODSERVER001" } }),
    metadataOptions: { state: "applied", httpTokens: tokens, httpPutResponseHopLimit: 1, httpEndpoint: "enabled" },
    tagSet: named(name),
  });
  const shopWeb = "i-0a1b2c3d4e5f60001";
  const cms = "i-0a1b2c3d4e5f60002";
  const script = ["#!/bin/sh", "export DB_PASSWORD='Tr0ub4dor&3-pinewood'", "systemctl start cms", ""].join("\n");
  const userData = (InstanceId: string, value: string): Recorded =>
    inRegion("DescribeInstanceAttribute", { instanceId: InstanceId, userData: value === "" ? {} : { value } }, { InstanceId });
  return [
    inRegion("DescribeInstances", {
      reservationSet: items(
        {
          reservationId: "r-0a1b2c3d4e5f60001",
          ownerId: sampleAccountId,
          instancesSet: items(
            instance({
              id: shopWeb,
              name: "shop-web-1",
              group: web,
              vpc: shop,
              subnet: "subnet-0a1b2c3d4e5f60001",
              volume: "vol-0a1b2c3d4e5f60001",
              tokens: "required",
              address: undefined,
              profile: "shop-server",
            }),
          ),
        },
        {
          reservationId: "r-0a1b2c3d4e5f60002",
          ownerId: sampleAccountId,
          instancesSet: items(
            instance({
              id: cms,
              name: "legacy-cms",
              group: open,
              vpc: legacy,
              subnet: "subnet-0a1b2c3d4e5f60002",
              volume: "vol-0a1b2c3d4e5f60002",
              tokens: "optional",
              address: "203.0.113.20",
              profile: undefined,
            }),
          ),
        },
      ),
    }),
    userData(shopWeb, ""),
    userData(cms, Buffer.from(script).toString("base64")),
    inRegion("DescribeAddresses", {
      addressesSet: items({ allocationId: "eipalloc-0a1b2c3d4e5f60001", publicIp: "203.0.113.40", domain: "vpc" }),
    }),
  ];
};

function disks({ iso }: Clock): Recorded[] {
  const volume = (volumeId: string, encrypted: boolean): Json => ({
    volumeId,
    size: 40,
    volumeType: "gp3",
    status: "in-use",
    availabilityZone: `${sampleRegion}a`,
    createTime: iso(300),
    encrypted,
    multiAttachEnabled: false,
    ...(encrypted ? { kmsKeyId: arn("kms", "key/0a1b2c3d-0000-4000-8000-000000000001") } : {}),
  });
  const snapshot = (snapshotId: string, volumeId: string, encrypted: boolean): Json => ({
    snapshotId,
    volumeId,
    status: "completed",
    startTime: iso(90),
    ownerId: sampleAccountId,
    volumeSize: 40,
    description: "before the move",
    encrypted,
    storageTier: "standard",
  });
  const mine = "snap-0a1b2c3d4e5f60001";
  const shared = "snap-0a1b2c3d4e5f60002";
  return [
    inRegion("DescribeVolumes", {
      volumeSet: items(volume("vol-0a1b2c3d4e5f60001", true), volume("vol-0a1b2c3d4e5f60002", false)),
    }),
    inRegion("DescribeSnapshots", {
      snapshotSet: items(snapshot(mine, "vol-0a1b2c3d4e5f60001", true), snapshot(shared, "vol-0a1b2c3d4e5f60002", false)),
    }),
    inRegion("DescribeSnapshotAttribute", { snapshotId: mine, createVolumePermission: {} }, { SnapshotId: mine }),
    inRegion(
      "DescribeSnapshotAttribute",
      { snapshotId: shared, createVolumePermission: items({ group: "all" }) },
      { SnapshotId: shared },
    ),
  ];
}

function defaults(region: string): Recorded[] {
  return [
    { operation: "ec2:GetEbsEncryptionByDefault", region, answer: { ebsEncryptionByDefault: region === sampleRegion } },
    { operation: "ec2:GetSnapshotBlockPublicAccessState", region, answer: { state: "unblocked", managedBy: "account" } },
    { operation: "ec2:GetInstanceMetadataDefaults", region, answer: { accountLevel: {} } },
  ];
}
