import type { Instance, LaunchTemplateVersion, Volume } from "@aws-sdk/client-ec2";
import type { JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { pages, send, type AwsSession } from "./client.ts";
import { volumesOf } from "./ebs.ts";
import { ec2 } from "./services.ts";
import { always, block, must, optional, tagged, thing } from "./shape.ts";

export const instances: Collector<AwsSession> = {
  types: ["aws_instance"],
  scope: "region",
  actions: ["ec2:DescribeInstances"],
  list: async (session, region) => {
    const all = await pages(
      session,
      ec2,
      region,
      "ec2:DescribeInstances",
      (sdk, NextToken) => new sdk.DescribeInstancesCommand({ NextToken, MaxResults: 1000 }),
      ({ Reservations }) => Reservations?.flatMap(({ Instances }) => Instances ?? []),
      ({ NextToken }) => NextToken,
    );
    // Those that are gone stay in the list for an hour.
    const there = all.filter(({ State }) => State?.Name !== "terminated" && State?.Name !== "shutting-down");
    return there.map((of) => instance(of, session, region));
  },
  details: [
    {
      of: "aws_instance",
      actions: ["ec2:DescribeVolumes"],
      readAll: async (session, found, region) => {
        const volumes = new Map((await volumesOf(session, region)).map((volume) => [volume.VolumeId, volume]));
        return new Map(found.map(({ id, handle }) => [id, devices(handle as Instance, volumes)] as const));
      },
    },
    {
      of: "aws_instance",
      actions: ["ec2:DescribeInstanceAttribute"],
      read: async (session, { id }, region) => {
        const { UserData } = await send(
          session,
          ec2,
          region,
          "ec2:DescribeInstanceAttribute",
          (sdk) => new sdk.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: "userData" }),
        );
        // The answer names the attribute always, with nothing in it where the instance has none.
        const { Value } = UserData ?? {};
        return { attributes: { user_data: null, ...optional({ user_data_base64: Value === "" ? undefined : Value }) } };
      },
    },
  ],
};

function instance(of: Instance, { caller }: AwsSession, region: string): Found {
  const id = must(of.InstanceId, "ec2:DescribeInstances");
  const interfaces = of.NetworkInterfaces ?? [];
  const primary = interfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  const ipv6 = interfaces.flatMap(({ Ipv6Addresses }) => Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []);
  const address = of.PublicIpAddress !== undefined && of.PublicIpAddress !== "";
  const name = of.Tags?.find(({ Key }) => Key === "Name")?.Value;
  return thing(
    "aws_instance",
    id,
    { name, tags: tagged(of.Tags ?? []), handle: of },
    {
      arn: `arn:${caller.partition}:ec2:${region}:${caller.account}:instance/${id}`,
      ...always({
        ami: of.ImageId,
        availability_zone: of.Placement?.AvailabilityZone,
        ebs_optimized: of.EbsOptimized,
        instance_state: of.State?.Name,
        instance_type: of.InstanceType,
        monitoring: of.Monitoring?.State === undefined ? undefined : ["enabled", "pending"].includes(of.Monitoring.State),
        source_dest_check: of.SourceDestCheck,
        tenancy: of.Placement?.Tenancy,
      }),
      ...optional({
        iam_instance_profile: of.IamInstanceProfile?.Arn?.split("/").at(-1),
        instance_lifecycle: of.InstanceLifecycle,
        key_name: of.KeyName === "" ? undefined : of.KeyName,
        outpost_arn: of.OutpostArn,
        primary_network_interface_id: primary?.NetworkInterfaceId,
        private_ip: of.PrivateIpAddress,
        public_ip: address ? of.PublicIpAddress : undefined,
        subnet_id: of.SubnetId,
      }),
      associate_public_ip_address: address || interfaces.some(({ Association }) => Association?.PublicIp !== undefined),
      ipv6_addresses: ipv6,
      ipv6_address_count: ipv6.length,
      // Those of the primary interface, which the instance repeats.
      vpc_security_group_ids: [
        ...new Set([...(of.SecurityGroups ?? []), ...(primary?.Groups ?? [])].flatMap(({ GroupId }) => GroupId ?? [])),
      ],
      ...(of.MetadataOptions === undefined
        ? {}
        : {
            metadata_options: always({
              http_endpoint: of.MetadataOptions.HttpEndpoint,
              http_protocol_ipv6: of.MetadataOptions.HttpProtocolIpv6,
              http_put_response_hop_limit: of.MetadataOptions.HttpPutResponseHopLimit,
              http_tokens: of.MetadataOptions.HttpTokens,
              instance_metadata_tags: of.MetadataOptions.InstanceMetadataTags,
            }),
          }),
      // What a template or an interface brought is in the instance's own attributes by now.
      launch_template: [],
      network_interface: [],
    },
  );
}

/** The volumes that hang on an instance. One that is not in the list is too new for it: it stays unknown. */
function devices(of: Instance, volumes: ReadonlyMap<string | undefined, Volume>): Facts {
  const all = of.BlockDeviceMappings ?? [];
  const one = ({ DeviceName, Ebs }: (typeof all)[number]): JsonObject => {
    const volume = volumes.get(Ebs?.VolumeId);
    return {
      ...always({ delete_on_termination: Ebs?.DeleteOnTermination, device_name: DeviceName, volume_id: Ebs?.VolumeId }),
      ...(volume === undefined ? {} : device(volume)),
    };
  };
  const root = all.filter(({ DeviceName }) => DeviceName === of.RootDeviceName);
  const others = all.filter((each) => !root.includes(each));
  return {
    attributes: {
      // An instance without a volume as its root has no such block; that of one with it can't be missing.
      ...(of.RootDeviceType === "ebs" && root.length > 0 ? { root_block_device: root.map(one).map(withoutSnapshot) } : {}),
      ebs_block_device: others.map(one),
    },
  };
}

/** The provider's block of a root volume has no such name: its image says what it is made from. */
function withoutSnapshot(device: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(device).filter(([name]) => name !== "snapshot_id"));
}

function device(of: Volume): JsonObject {
  return {
    ...always({ encrypted: of.Encrypted, volume_size: of.Size, volume_type: of.VolumeType }),
    ...optional({
      iops: of.Iops,
      kms_key_id: of.KmsKeyId,
      snapshot_id: of.SnapshotId === "" ? undefined : of.SnapshotId,
      throughput: of.Throughput,
    }),
  };
}

export const addresses: Collector<AwsSession> = {
  types: ["aws_eip"],
  scope: "region",
  actions: ["ec2:DescribeAddresses"],
  list: async (session, region) => {
    const action = "ec2:DescribeAddresses";
    const { Addresses = [] } = await send(session, ec2, region, action, (sdk) => new sdk.DescribeAddressesCommand({}));
    return Addresses.map((of) => {
      // Those of EC2-Classic have no id.
      const id = must(of.AllocationId ?? of.PublicIp, action);
      const { account, partition } = session.caller;
      const empty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
      return thing(
        "aws_eip",
        id,
        { name: of.PublicIp, tags: tagged(of.Tags ?? []) },
        {
          arn: `arn:${partition}:ec2:${region}:${account}:elastic-ip/${id}`,
          ...always({ allocation_id: of.AllocationId, domain: of.Domain, public_ip: of.PublicIp }),
          // Left out where it is not in use.
          ...optional({
            association_id: empty(of.AssociationId),
            instance: empty(of.InstanceId),
            network_interface: empty(of.NetworkInterfaceId),
            private_ip: empty(of.PrivateIpAddress),
          }),
        },
      );
    });
  },
};

export const metadataDefaults: Collector<AwsSession> = {
  types: ["aws_ec2_instance_metadata_defaults"],
  scope: "region",
  actions: ["ec2:GetInstanceMetadataDefaults"],
  list: async (session, region) => {
    const action = "ec2:GetInstanceMetadataDefaults";
    const { AccountLevel } = await send(session, ec2, region, action, (sdk) => new sdk.GetInstanceMetadataDefaultsCommand({}));
    if (AccountLevel === undefined) return [thing("aws_ec2_instance_metadata_defaults", region, {}, {})];
    // What the account has no wish about is left out, and "no-preference" to the provider.
    return [
      thing(
        "aws_ec2_instance_metadata_defaults",
        region,
        {},
        {
          http_endpoint: AccountLevel.HttpEndpoint ?? "no-preference",
          http_put_response_hop_limit: AccountLevel.HttpPutResponseHopLimit ?? -1,
          http_tokens: AccountLevel.HttpTokens ?? "no-preference",
          instance_metadata_tags: AccountLevel.InstanceMetadataTags ?? "no-preference",
        },
      ),
    ];
  },
};

export const images: Collector<AwsSession> = {
  types: ["aws_ami"],
  scope: "region",
  actions: ["ec2:DescribeImages"],
  list: async (session, region) => {
    const action = "ec2:DescribeImages";
    const all = await pages(
      session,
      ec2,
      region,
      action,
      (sdk, NextToken) => new sdk.DescribeImagesCommand({ Owners: ["self"], IncludeDisabled: true, NextToken, MaxResults: 1000 }),
      ({ Images }) => Images,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const id = must(of.ImageId, action);
      return thing(
        "aws_ami",
        id,
        { name: of.Name, tags: tagged(of.Tags ?? []) },
        {
          arn: `arn:${session.caller.partition}:ec2:${region}::image/${id}`,
          ...always({
            architecture: of.Architecture,
            description: of.Description,
            image_type: of.ImageType,
            name: of.Name,
            owner_id: of.OwnerId,
            public: of.Public,
            root_device_name: of.RootDeviceName,
            virtualization_type: of.VirtualizationType,
          }),
          ...optional({ imds_support: of.ImdsSupport }),
        },
      );
    });
  },
  details: [
    {
      of: "aws_ami",
      actions: ["ec2:DescribeImageAttribute"],
      gives: ["aws_ami_launch_permission"],
      read: async (session, { id }, region) => {
        const { LaunchPermissions } = await send(
          session,
          ec2,
          region,
          "ec2:DescribeImageAttribute",
          (sdk) => new sdk.DescribeImageAttributeCommand({ ImageId: id, Attribute: "launchPermission" }),
        );
        const satellites = (LaunchPermissions ?? []).map((of) => {
          const to = of.Group ?? of.UserId ?? of.OrganizationArn ?? of.OrganizationalUnitArn ?? "";
          const whom = optional({
            account_id: of.UserId,
            group: of.Group,
            organization_arn: of.OrganizationArn,
            organizational_unit_arn: of.OrganizationalUnitArn,
          });
          return thing("aws_ami_launch_permission", `${to}-${id}`, {}, { image_id: id, ...whom });
        });
        return { satellites };
      },
    },
  ],
};

const describeTemplates = "ec2:DescribeLaunchTemplates";
const describeVersions = "ec2:DescribeLaunchTemplateVersions";

/** By their latest version, as the provider reads them. */
export const launchTemplates: Collector<AwsSession> = {
  types: ["aws_launch_template"],
  scope: "region",
  actions: [describeTemplates],
  list: async (session, region) => {
    const all = await pages(
      session,
      ec2,
      region,
      describeTemplates,
      (sdk, NextToken) => new sdk.DescribeLaunchTemplatesCommand({ NextToken, MaxResults: 200 }),
      ({ LaunchTemplates }) => LaunchTemplates,
      ({ NextToken }) => NextToken,
    );
    return all.map((of) => {
      const id = must(of.LaunchTemplateId, describeTemplates);
      const { account, partition } = session.caller;
      return thing(
        "aws_launch_template",
        id,
        { name: of.LaunchTemplateName, tags: tagged(of.Tags ?? []) },
        {
          arn: `arn:${partition}:ec2:${region}:${account}:launch-template/${id}`,
          ...always({
            default_version: of.DefaultVersionNumber,
            latest_version: of.LatestVersionNumber,
            name: of.LaunchTemplateName,
          }),
        },
      );
    });
  },
  details: [
    {
      of: "aws_launch_template",
      actions: [describeVersions],
      read: async (session, { id }, region) => {
        const { LaunchTemplateVersions } = await send(
          session,
          ec2,
          region,
          describeVersions,
          (sdk) => new sdk.DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: ["$Latest"] }),
        );
        const [latest] = LaunchTemplateVersions ?? [];
        return latest?.LaunchTemplateData === undefined ? {} : { attributes: template(latest.LaunchTemplateData) };
      },
    },
  ],
};

/** A template says what it changes; what it leaves out is for the image and the account to decide. */
function template(of: NonNullable<LaunchTemplateVersion["LaunchTemplateData"]>): JsonObject {
  const metadata = of.MetadataOptions;
  return {
    ...optional({
      image_id: of.ImageId,
      instance_type: of.InstanceType,
      key_name: of.KeyName,
      user_data: of.UserData === "" ? undefined : of.UserData,
    }),
    iam_instance_profile: block(of.IamInstanceProfile, ({ Arn, Name }) => optional({ arn: Arn, name: Name })),
    vpc_security_group_ids: of.SecurityGroupIds ?? [],
    ...(metadata === undefined
      ? {}
      : {
          metadata_options: always({
            http_endpoint: metadata.HttpEndpoint,
            http_put_response_hop_limit: metadata.HttpPutResponseHopLimit,
            http_tokens: metadata.HttpTokens,
            instance_metadata_tags: metadata.InstanceMetadataTags,
          }),
        }),
  };
}
