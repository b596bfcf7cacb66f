import type { JsonObject } from "../../../core/snapshots/model.ts";
import type { StateAnswer } from "./double.ts";

const gz = "ap-guangzhou";

interface Machine {
  readonly id: string;
  readonly name: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly group: string;
  readonly role: string | null;
  readonly address: string | null;
  readonly protected: boolean;
  readonly system: string;
  readonly data: readonly string[];
  readonly userData: string;
  readonly agent: string;
  /** Host security's own id; empty where its agent was never there. */
  readonly uuid: string;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const machines: readonly Machine[] = [
  {
    id: "ins-web00001",
    name: "web-1",
    vpc: "vpc-shop0001",
    subnet: "subnet-shop1",
    group: "sg-web00001",
    role: "shop-web",
    address: null,
    protected: true,
    system: "disk-web0sys",
    data: ["disk-web0dat"],
    userData: base64("#!/bin/sh\nsystemctl start shop\n"),
    agent: "ONLINE",
    uuid: "0a1b-web",
  },
  {
    id: "ins-admin001",
    name: "admin-box",
    vpc: "vpc-shop0001",
    subnet: "subnet-shop2",
    group: "sg-admin001",
    role: "legacy-worker",
    address: "203.0.113.10",
    protected: false,
    system: "disk-adm0sys",
    data: ["disk-adm0dat"],
    userData: base64("#!/bin/sh\nexport DB_PASSWORD=Sup3r-Tea-Leaf-2024\n"),
    agent: "OFFLINE",
    uuid: "0a1b-admin",
  },
  {
    id: "ins-test0001",
    name: "somebody's test",
    vpc: "vpc-default1",
    subnet: "subnet-plain",
    group: "sg-guarded1",
    role: null,
    address: null,
    protected: false,
    system: "disk-tst0sys",
    data: [],
    userData: "",
    agent: "UNINSTALLED",
    uuid: "",
  },
];

interface Disk {
  readonly id: string;
  readonly of: string | null;
  readonly usage: string;
  readonly encrypted: boolean;
  /** Policies that make snapshots of it. */
  readonly policies: readonly string[];
}

const disks: readonly Disk[] = [
  { id: "disk-web0sys", of: "ins-web00001", usage: "SYSTEM_DISK", encrypted: true, policies: ["asp-daily001"] },
  { id: "disk-web0dat", of: "ins-web00001", usage: "DATA_DISK", encrypted: true, policies: ["asp-daily001"] },
  { id: "disk-adm0sys", of: "ins-admin001", usage: "SYSTEM_DISK", encrypted: false, policies: [] },
  { id: "disk-adm0dat", of: "ins-admin001", usage: "DATA_DISK", encrypted: false, policies: [] },
  { id: "disk-tst0sys", of: "ins-test0001", usage: "SYSTEM_DISK", encrypted: false, policies: [] },
  { id: "disk-left0001", of: null, usage: "DATA_DISK", encrypted: false, policies: [] },
];

function instanceOf(machine: Machine): JsonObject {
  return {
    InstanceId: machine.id,
    InstanceName: machine.name,
    InstanceType: "SA5.MEDIUM4",
    InstanceState: "RUNNING",
    RestrictState: "NORMAL",
    InstanceChargeType: "POSTPAID_BY_HOUR",
    Placement: { Zone: "ap-guangzhou-3", ProjectId: 0 },
    CPU: 2,
    Memory: 4,
    ImageId: "img-shop0001",
    OsName: "TencentOS Server 4",
    SystemDisk: { DiskType: "CLOUD_BSSD", DiskId: machine.system, DiskSize: 50 },
    DataDisks: machine.data.map((id) => ({ DiskType: "CLOUD_BSSD", DiskId: id, DiskSize: 100, DeleteWithInstance: false })),
    PrivateIpAddresses: ["10.0.1.4"],
    PublicIpAddresses: machine.address === null ? null : [machine.address],
    InternetAccessible: {
      InternetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
      InternetMaxBandwidthOut: machine.address === null ? 0 : 5,
      PublicIpAssigned: null,
    },
    VirtualPrivateCloud: { VpcId: machine.vpc, SubnetId: machine.subnet, AsVpcGateway: false },
    SecurityGroupIds: [machine.group],
    LoginSettings: { KeyIds: ["skey-ops00001"] },
    Tags: [{ Key: "team", Value: "shop" }],
    CreatedTime: "2024-01-10T02:00:00Z",
    ExpiredTime: null,
    Uuid: `0000-${machine.id}`,
    CamRoleName: machine.role ?? "",
    DisableApiTermination: machine.protected,
  };
}

function diskOf({ id, of, usage, encrypted }: Disk): JsonObject {
  return {
    DiskId: id,
    DiskName: id,
    DiskType: "CLOUD_BSSD",
    DiskUsage: usage,
    DiskSize: usage === "SYSTEM_DISK" ? 50 : 100,
    DiskState: of === null ? "UNATTACHED" : "ATTACHED",
    DiskChargeType: "POSTPAID_BY_HOUR",
    Attached: of !== null,
    InstanceId: of ?? "",
    Encrypt: encrypted,
    KmsKeyId: encrypted ? "11111111-0000-4000-8000-000000000001" : null,
    Placement: { Zone: "ap-guangzhou-3", ProjectId: 0 },
    CreateTime: "2024-01-10 10:00:00",
    ThroughputPerformance: 0,
    Tags: [],
  };
}

const template = (id: string, encrypted: boolean): StateAnswer => ({
  action: "cvm:DescribeLaunchTemplateVersions",
  when: { LaunchTemplateId: id },
  answer: {
    LaunchTemplateVersionSet: [
      {
        LaunchTemplateVersion: 1,
        LaunchTemplateId: id,
        IsDefaultVersion: true,
        LaunchTemplateVersionData: {
          ImageId: "img-shop0001",
          InstanceType: "SA5.MEDIUM4",
          CamRoleName: "",
          SecurityGroupIds: ["sg-web00001"],
          DataDisks: [{ DiskType: "CLOUD_BSSD", DiskSize: 100, DeleteWithInstance: true, Encrypt: encrypted }],
        },
      },
    ],
  },
});

const image = (id: string, name: string): JsonObject => ({
  ImageId: id,
  ImageName: name,
  ImageDescription: "",
  ImageType: "PRIVATE_IMAGE",
  ImageState: "NORMAL",
  OsName: "TencentOS Server 4",
  CreatedTime: "2024-02-01T00:00:00Z",
  Tags: [],
});

const snapshot = (id: string, disk: string): JsonObject => ({
  SnapshotId: id,
  SnapshotName: id,
  SnapshotState: "NORMAL",
  DiskId: disk,
  DiskSize: 100,
  DiskUsage: "DATA_DISK",
  Percent: 100,
  CreateTime: "2024-06-01 03:00:00",
  Encrypt: false,
  Tags: [],
});

const configuration = (id: string, name: string, bandwidth: number): JsonObject => ({
  LaunchConfigurationId: id,
  LaunchConfigurationName: name,
  ImageId: "img-shop0001",
  InstanceType: "SA5.MEDIUM4",
  InstanceTypes: ["SA5.MEDIUM4"],
  InternetAccessible: {
    InternetChargeType: "TRAFFIC_POSTPAID_BY_HOUR",
    InternetMaxBandwidthOut: bandwidth,
    PublicIpAssigned: bandwidth > 0,
  },
  SecurityGroupIds: ["sg-web00001"],
  SystemDisk: { DiskType: "CLOUD_BSSD", DiskSize: 50 },
  CamRoleName: "",
  UserData: "",
  LaunchConfigurationStatus: "NORMAL",
  CreatedTime: "2024-03-01T00:00:00Z",
  Tags: [],
});

/** Machines, their disks, and what new ones are made of. */
export const computers: readonly StateAnswer[] = [
  { action: "cvm:DescribeInstances", region: gz, answer: { InstanceSet: machines.map(instanceOf) } },
  {
    action: "cvm:DescribeInstancesAttributes",
    region: gz,
    answer: { InstanceSet: machines.map(({ id, userData }) => ({ InstanceId: id, Attributes: { UserData: userData } })) },
  },
  { action: "cbs:DescribeDisks", region: gz, answer: { DiskSet: disks.map(diskOf) } },
  ...disks.map(({ id, policies }) => ({
    action: "cbs:DescribeDiskAssociatedAutoSnapshotPolicy",
    when: { DiskId: id },
    answer: {
      AutoSnapshotPolicySet: policies.map((policy) => ({
        AutoSnapshotPolicyId: policy,
        AutoSnapshotPolicyName: "daily",
        AutoSnapshotPolicyState: "NORMAL",
        IsActivated: true,
        RetentionDays: 7,
      })),
    },
  })),
  {
    action: "cbs:DescribeSnapshots",
    region: gz,
    answer: { SnapshotSet: [snapshot("snap-own00001", "disk-web0dat"), snapshot("snap-shared01", "disk-adm0dat")] },
  },
  {
    action: "cbs:DescribeSnapshotSharePermission",
    when: { SnapshotId: "snap-shared01" },
    answer: { SharePermissionSet: [{ AccountId: "100000088888", CreatedTime: "2024-06-02 03:00:00" }] },
  },
  {
    action: "cvm:DescribeImages",
    region: gz,
    when: { Filters: [{ Name: "image-type", Values: ["PRIVATE_IMAGE"] }] },
    answer: { ImageSet: [image("img-shop0001", "shop"), image("img-given001", "for-the-agency")] },
  },
  {
    action: "cvm:DescribeImageSharePermission",
    when: { ImageId: "img-given001" },
    answer: { SharePermissionSet: [{ AccountId: "100000099999", CreatedTime: "2024-02-02T00:00:00Z" }] },
  },
  {
    action: "cvm:DescribeLaunchTemplates",
    region: gz,
    answer: {
      LaunchTemplateSet: ["lt-sealed001", "lt-open00001"].map((id) => ({
        LaunchTemplateId: id,
        LaunchTemplateName: id,
        LatestVersionNumber: 1,
        DefaultVersionNumber: 1,
        LaunchTemplateVersionCount: 1,
        CreatedBy: "100000000002",
        CreationTime: "2024-03-01T00:00:00Z",
      })),
    },
  },
  template("lt-sealed001", true),
  template("lt-open00001", false),
  {
    action: "as:DescribeLaunchConfigurations",
    region: gz,
    answer: { LaunchConfigurationSet: [configuration("asc-inner001", "inner", 0), configuration("asc-public01", "public", 5)] },
  },
  {
    action: "cwp:DescribeMachines",
    when: { MachineRegion: gz },
    answer: {
      Machines: machines.map(({ id, name, agent, uuid }) => ({
        InstanceId: id,
        MachineName: name,
        MachineStatus: agent,
        AgentStatus: agent,
        Uuid: uuid,
        Quuid: `q-${id}`,
        VulNum: uuid === "0a1b-admin" ? 2 : 0,
      })),
    },
  },
  {
    action: "cwp:DescribeVulList",
    when: { Filters: [{ Name: "Uuid", Values: ["0a1b-admin"] }] },
    answer: {
      VulInfoList: [
        { Ids: "1", Name: "a hole in the kernel", VulId: 1, Level: 4, Status: 0, HostCount: 1, CveId: "CVE-2024-0001" },
        { Ids: "2", Name: "another one", VulId: 2, Level: 4, Status: 0, HostCount: 1, CveId: "CVE-2024-0002" },
      ],
    },
  },
];
