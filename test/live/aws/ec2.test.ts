import assert from "node:assert/strict";
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { read, some, verdicts } from "./assess.ts";
import { answering } from "./gaps.ts";
import { account, connect, emptyMoto, Front, region, seeding } from "./moto.ts";

const arn = (resource: string): string => `arn:aws:ec2:${region}:${account}:${resource}`;

describe("machines and disks of an account", () => {
  let endpoint: string;
  let client: EC2Client;
  let subnet: string;
  let vpc: string;
  const fronts: Front[] = [];
  const inFront = async (answers: Parameters<typeof answering>[0]): Promise<string> => {
    const front = await Front.start(endpoint, answering(answers));
    fronts.push(front);
    return front.endpoint;
  };
  const run = async (of: Partial<RunInstancesCommandInput> = {}): Promise<string> => {
    const input = { ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, InstanceType: "t3.micro", SubnetId: subnet, ...of } as const;
    const { SubnetId: _, ...withInterfaces } = input;
    const { Instances } = await client.send(new RunInstancesCommand(of.NetworkInterfaces === undefined ? input : withInterfaces));
    return Instances![0]!.InstanceId!;
  };
  const group = async (GroupName: string): Promise<string> =>
    (await client.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId: vpc }))).GroupId!;

  beforeEach(async () => {
    endpoint = await emptyMoto();
    client = new EC2Client(seeding(endpoint));
    vpc = (await client.send(new DescribeVpcsCommand({}))).Vpcs![0]!.VpcId!;
    subnet = (await client.send(new DescribeSubnetsCommand({}))).Subnets![0]!.SubnetId!;
  });
  afterEach(async () => {
    for (const front of fronts.splice(0)) await front.stop();
  });

  it("gives security groups, with a thing for each rule", async () => {
    const web = await group("web");
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: web,
        IpPermissions: [
          { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "all" }] },
          { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: web }] },
        ],
      }),
    );
    const { one, ids, data } = await read(await connect(endpoint), ["aws_security_group"]);
    assert.deepEqual(some(one("aws_security_group", web), ["name", "description", "vpc_id", "owner_id", "ingress", "egress"]), {
      name: "web",
      description: "web",
      vpc_id: vpc,
      owner_id: account,
      ingress: [],
      egress: [],
    });
    const rules = data.resources.filter(
      ({ type, attributes }) => type.endsWith("_rule") && attributes["security_group_id"] === web,
    );
    const shown = rules.map((rule) => ({
      type: rule.type.split("_")[4],
      ...some(rule, [
        "ip_protocol",
        "from_port",
        "to_port",
        "cidr_ipv4",
        "cidr_ipv6",
        "prefix_list_id",
        "referenced_security_group_id",
      ]),
    }));
    const none = { cidr_ipv4: null, cidr_ipv6: null, prefix_list_id: null, referenced_security_group_id: null };
    assert.deepEqual(shown, [
      { type: "egress", ip_protocol: "-1", from_port: null, to_port: null, ...none, cidr_ipv4: "0.0.0.0/0" },
      { type: "ingress", ip_protocol: "tcp", from_port: 22, to_port: 22, ...none, cidr_ipv4: "0.0.0.0/0" },
      { type: "ingress", ip_protocol: "-1", from_port: null, to_port: null, ...none, referenced_security_group_id: web },
    ]);
    assert.equal(ids("aws_default_security_group").length, 1);
  });

  it("judges security groups by their rules", async () => {
    const open = async (GroupId: string, IpProtocol: string, port: number | undefined, ipv6 = false): Promise<void> => {
      const to = ipv6 ? { Ipv6Ranges: [{ CidrIpv6: "::/0" }] } : { IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
      const ports = port === undefined ? {} : { FromPort: port, ToPort: port };
      await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol, ...ports, ...to }] }));
    };
    const ssh = await group("ssh");
    await open(ssh, "tcp", 22);
    const rdp = await group("rdp");
    await open(rdp, "tcp", 3389, true);
    const everything = await group("all");
    await open(everything, "-1", undefined);
    const inside = await group("inside");
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: inside,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 0, ToPort: 65535, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
      }),
    );
    const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupNames: ["default"] }));
    const standard = SecurityGroups![0]!.GroupId!;
    const found = await verdicts(await connect(endpoint), [
      "aws-ec2-sg-ssh-open",
      "aws-ec2-sg-rdp-open",
      "aws-ec2-sg-all-ports-open",
      "aws-ec2-sg-default-restricted",
    ]);
    const of = (item: string, id: string): string | undefined => found[item]![`aws_security_group ${id}`];
    assert.deepEqual(
      [ssh, rdp, everything, inside].map((id) => of("aws-ec2-sg-ssh-open", id)),
      ["fail", "pass", "fail", "pass"],
    );
    assert.deepEqual(
      [ssh, rdp, everything, inside].map((id) => of("aws-ec2-sg-rdp-open", id)),
      ["pass", "fail", "fail", "pass"],
    );
    assert.deepEqual(
      [ssh, rdp, everything, inside].map((id) => of("aws-ec2-sg-all-ports-open", id)),
      ["pass", "pass", "fail", "pass"],
    );
    assert.deepEqual(found["aws-ec2-sg-default-restricted"], { [standard]: "fail" });
    await client.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: standard,
        IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    const { data } = await read(await connect(endpoint), ["aws_security_group"]);
    const left = data.resources.filter(({ attributes }) => attributes["security_group_id"] === standard);
    const emptied = await verdicts(await connect(endpoint), ["aws-ec2-sg-default-restricted"]);
    assert.deepEqual(emptied["aws-ec2-sg-default-restricted"], { [standard]: left.length === 0 ? "pass" : "fail" });
    await client.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: standard,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 1, ToPort: 2, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
      }),
    );
    const again = await verdicts(await connect(endpoint), ["aws-ec2-sg-default-restricted"]);
    assert.deepEqual(again["aws-ec2-sg-default-restricted"], { [standard]: "fail" });
  });

  it("gives instances with what they have got, and their disks", async () => {
    const web = await group("web");
    const id = await run({
      SecurityGroupIds: [web],
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "front" }] }],
      MetadataOptions: { HttpTokens: "required", HttpEndpoint: "enabled" },
      UserData: Buffer.from("#!/bin/sh\nexport PASSWORD=hunter2hunter2\n").toString("base64"),
      BlockDeviceMappings: [{ DeviceName: "/dev/sdb", Ebs: { VolumeSize: 5, Encrypted: true } }],
    });
    const gone = await run();
    await client.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
    const session = await connect(endpoint);
    const { one, ids } = await read(session, ["aws_instance"]);
    assert.deepEqual(ids("aws_instance"), [id]);
    const instance = one("aws_instance");
    assert.equal(instance.name, "front");
    assert.deepEqual(
      some(instance, [
        "arn",
        "ami",
        "instance_type",
        "subnet_id",
        "vpc_security_group_ids",
        "iam_instance_profile",
        "launch_template",
        "network_interface",
      ]),
      {
        arn: arn(`instance/${id}`),
        ami: "ami-12c6146b",
        instance_type: "t3.micro",
        subnet_id: subnet,
        vpc_security_group_ids: [web],
        iam_instance_profile: null,
        launch_template: [],
        network_interface: [],
      },
    );
    const { http_tokens, http_endpoint } = instance.attributes["metadata_options"] as Record<string, string>;
    assert.deepEqual([http_tokens, http_endpoint], ["required", "enabled"]);
    assert.equal(
      Buffer.from(instance.attributes["user_data_base64"] as string, "base64").toString(),
      "#!/bin/sh\nexport PASSWORD=hunter2hunter2\n",
    );
    const disks = [instance.attributes["root_block_device"] ?? [], instance.attributes["ebs_block_device"]].flat() as Record<
      string,
      unknown
    >[];
    const disk = disks.find(({ device_name }) => device_name === "/dev/sdb");
    assert.deepEqual([disk?.["encrypted"], disk?.["volume_size"]], [true, 5]);
    assert.deepEqual(instance.reads, { "ec2:DescribeVolumes": null, "ec2:DescribeInstanceAttribute": null });
    // What was not asked for is not known, and never passes.
    const { one: bare } = await read(session, ["aws_instance"], []);
    for (const name of ["root_block_device", "ebs_block_device", "user_data", "user_data_base64"]) {
      assert.ok(!Object.hasOwn(bare("aws_instance").attributes, name), name);
    }
  });

  it("judges instances", async () => {
    const bad = await run({
      MetadataOptions: { HttpTokens: "optional", HttpEndpoint: "enabled" },
      UserData: Buffer.from("#!/bin/sh\nexport AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI7K7MDENGbPxRfiCYzzKEXAMPL3\n").toString("base64"),
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: true }],
    });
    const iam = new IAMClient(seeding(endpoint));
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument }));
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "app-profile" }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "app-profile", RoleName: "app" }));
    const good = await run({
      MetadataOptions: { HttpTokens: "required" },
      IamInstanceProfile: { Name: "app-profile" },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress: false }],
    });
    const found = await verdicts(await connect(endpoint), [
      "aws-ec2-instance-imdsv2",
      "aws-ec2-instance-profile",
      "aws-ec2-instance-public-ip",
      "aws-ec2-user-data-secrets",
    ]);
    assert.deepEqual(found, {
      "aws-ec2-instance-imdsv2": { [bad]: "fail", [good]: "pass" },
      "aws-ec2-instance-profile": { [bad]: "fail", [good]: "pass" },
      "aws-ec2-instance-public-ip": { [bad]: "fail", [good]: "pass" },
      // Without user data it does not apply.
      "aws-ec2-user-data-secrets": {
        [bad]: "fail",
        ...(found["aws-ec2-user-data-secrets"]![good] === "pass" ? { [good]: "pass" } : {}),
      },
    });
    const { AllocationId } = await client.send(new AllocateAddressCommand({ Domain: "vpc" }));
    await client.send(new AssociateAddressCommand({ AllocationId, InstanceId: good }));
    const { one } = await read(await connect(endpoint), ["aws_eip"]);
    assert.deepEqual(some(one("aws_eip"), ["allocation_id", "domain", "instance"]), {
      allocation_id: AllocationId,
      domain: "vpc",
      instance: good,
    });
    assert.deepEqual((await verdicts(await connect(endpoint), ["aws-ec2-instance-public-ip"]))["aws-ec2-instance-public-ip"], {
      [bad]: "fail",
      [good]: "fail",
    });
  });

  it("joins an instance with its groups, its address and its role", async () => {
    const item = "aws-ec2-instance-exposed-with-admin-role";
    const open = await group("open");
    await client.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: open,
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      }),
    );
    const iam = new IAMClient(seeding(endpoint));
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    for (const [name, Action] of [
      ["admin", "*"],
      ["reader", "s3:GetObject"],
    ] as const) {
      await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
      const Resource = Action === "*" ? "*" : "arn:aws:s3:::example/*";
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: "own",
          PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] }),
        }),
      );
      await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
      await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
    }
    const exposed = (Name: string, AssociatePublicIpAddress: boolean): Promise<string> =>
      run({
        IamInstanceProfile: { Name },
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, AssociatePublicIpAddress, Groups: [open] }],
      });
    const bad = await exposed("admin", true);
    const reader = await exposed("reader", true);
    const hidden = await exposed("admin", false);
    assert.deepEqual((await verdicts(await connect(endpoint), [item]))[item], {
      [bad]: "fail",
      [reader]: "pass",
      [hidden]: "pass",
    });
    const denied = await Front.start(endpoint, ({ body }) =>
      /Action=ListInstanceProfiles/.test(body)
        ? { status: 403, body: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>" }
        : undefined,
    );
    fronts.push(denied);
    const unknown = (await verdicts(await connect(denied.endpoint), [item]))[item]!;
    assert.match(unknown[bad]!, /^unknown: .*denied iam:ListInstanceProfiles/);
  });

  it("judges disks, and what new ones get", async () => {
    const volume = async (Encrypted: boolean): Promise<string> =>
      (await client.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1, Encrypted }))).VolumeId!;
    const bad = await volume(false);
    const good = await volume(true);
    const items = ["aws-ebs-volume-encryption", "aws-ebs-default-encryption"];
    assert.deepEqual(await verdicts(await connect(endpoint), items), {
      "aws-ebs-volume-encryption": { [bad]: "fail", [good]: "pass" },
      "aws-ebs-default-encryption": { [region]: "fail" },
    });
    await client.send(new EnableEbsEncryptionByDefaultCommand({}));
    assert.deepEqual((await verdicts(await connect(endpoint), items))["aws-ebs-default-encryption"], { [region]: "pass" });
    const { one } = await read(await connect(endpoint), ["aws_ebs_volume"]);
    assert.deepEqual(some(one("aws_ebs_volume", good), ["arn", "size", "encrypted", "snapshot_id"]), {
      arn: arn(`volume/${good}`),
      size: 1,
      encrypted: true,
      snapshot_id: null,
    });
  });

  it("judges the root disk of an instance", async () => {
    const plain = await run();
    await client.send(new EnableEbsEncryptionByDefaultCommand({}));
    const encrypted = await run();
    const item = "aws-ec2-instance-root-encryption";
    const found = (await verdicts(await connect(endpoint), [item]))[item]!;
    assert.equal(found[plain], "fail");
    const { one } = await read(await connect(endpoint), ["aws_instance"]);
    const root = one("aws_instance", encrypted).attributes["root_block_device"] as { encrypted: boolean }[];
    assert.equal(found[encrypted], root[0]!.encrypted ? "pass" : "fail");
  });

  it("judges snapshots and images that everyone may use", async () => {
    const { VolumeId } = await client.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 1 }));
    const snapshot = async (): Promise<string> => (await client.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId!;
    const bad = await snapshot();
    const good = await snapshot();
    await client.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: bad,
        Attribute: "createVolumePermission",
        OperationType: "add",
        GroupNames: ["all"],
      }),
    );
    const snapshots = (await verdicts(await connect(endpoint), ["aws-ebs-snapshot-public"]))["aws-ebs-snapshot-public"]!;
    assert.deepEqual([snapshots[bad], snapshots[good]], ["fail", "pass"]);
    const InstanceId = await run();
    const image = async (Name: string): Promise<string> =>
      (await client.send(new CreateImageCommand({ InstanceId, Name }))).ImageId!;
    const shared = await image("shared");
    const own = await image("own");
    await client.send(
      new ModifyImageAttributeCommand({
        ImageId: shared,
        LaunchPermission: { Add: [{ Group: "all" }, { UserId: "111122223333" }] },
      }),
    );
    const session = await connect(endpoint);
    const images = (await verdicts(session, ["aws-ec2-ami-public"]))["aws-ec2-ami-public"]!;
    assert.deepEqual([images[`aws_ami ${shared}`], images[`aws_ami ${own}`]], ["fail", "pass"]);
    const { data } = await read(session, ["aws_ami"]);
    const permissions = data.resources.filter(({ type }) => type === "aws_ami_launch_permission");
    assert.deepEqual(
      permissions.map((each) => some(each, ["image_id", "group", "account_id"])),
      [
        { image_id: shared, group: "all", account_id: null },
        { image_id: shared, group: null, account_id: "111122223333" },
      ],
    );
  });

  it("judges the latest version of a launch template", async () => {
    const template = async (LaunchTemplateName: string, LaunchTemplateData: object): Promise<string> =>
      (await client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }))).LaunchTemplate!
        .LaunchTemplateId!;
    const bad = await template("bad", { MetadataOptions: { HttpTokens: "required" } });
    await client.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId: bad,
        LaunchTemplateData: { MetadataOptions: { HttpTokens: "optional", HttpEndpoint: "enabled" } },
      }),
    );
    const good = await template("good", { MetadataOptions: { HttpTokens: "required" }, ImageId: "ami-12c6146b" });
    const silent = await template("silent", { InstanceType: "t3.micro" });
    const session = await connect(endpoint);
    const { one } = await read(session, ["aws_launch_template"]);
    assert.deepEqual(some(one("aws_launch_template", good), ["name", "image_id", "user_data", "metadata_options"]), {
      name: "good",
      image_id: "ami-12c6146b",
      user_data: null,
      metadata_options: { http_tokens: "required" },
    });
    const found = (await verdicts(session, ["aws-ec2-launch-template-imdsv2"]))["aws-ec2-launch-template-imdsv2"]!;
    assert.equal(found[`aws_launch_template ${bad}`], "fail");
    assert.equal(found[`aws_launch_template ${good}`], "pass");
    assert.match(found[`aws_launch_template ${silent}`]!, /^unknown/, "the image and the account decide");
  });

  it("judges the defaults of a region, which moto does not have", async () => {
    const items = ["aws-ec2-account-imdsv2-default", "aws-ebs-snapshot-block-public"];
    const good = await inFront({
      GetInstanceMetadataDefaults: { AccountLevel: { HttpTokens: "required" } },
      GetSnapshotBlockPublicAccessState: { State: "block-all-sharing" },
    });
    assert.deepEqual(await verdicts(await connect(good), items), {
      "aws-ec2-account-imdsv2-default": { [region]: "pass" },
      "aws-ebs-snapshot-block-public": { [region]: "pass" },
    });
    const bad = await inFront({
      GetInstanceMetadataDefaults: { AccountLevel: {} },
      GetSnapshotBlockPublicAccessState: { State: "unblocked" },
    });
    assert.deepEqual(await verdicts(await connect(bad), items), {
      "aws-ec2-account-imdsv2-default": { [region]: "fail" },
      "aws-ebs-snapshot-block-public": { [region]: "fail" },
    });
    const found = await verdicts(await connect(endpoint), items);
    for (const item of items) assert.match(found[item]![`unlisted ${region}`]!, /^error /, "never a pass where nobody answered");
  });
});
