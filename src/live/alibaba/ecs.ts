import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Facts, Found } from "../collector.ts";
import { at, entries, flag, known, listed, number, required, tagsOf, text, textOrNull, texts } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { byNumber, byToken } from "./paging.ts";

function disksOf(session: AlibabaSession, region: string): Promise<readonly JsonObject[]> {
  const call = { product: "ecs", operation: "DescribeDisks", region, list: "Disks.Disk", size: 500 } as const;
  return session.once(`ecs:DescribeDisks ${region}`, () => byToken(session, { ...call, parameters: { RegionId: region } }));
}

const instances: Collector<AlibabaSession> = {
  types: ["alicloud_instance"],
  scope: "region",
  actions: ["ecs:DescribeInstances"],
  list: async (session, region) => {
    const call = { product: "ecs", operation: "DescribeInstances", region, list: "Instances.Instance", size: 100 } as const;
    const all = await byToken(session, { ...call, parameters: { RegionId: region } });
    return all.map((instance) => {
      const id = required("ecs:DescribeInstances", instance, "InstanceId");
      const tags = tagsOf(instance, "Tags.Tag");
      return {
        type: "alicloud_instance",
        id,
        name: text(instance, "InstanceName") ?? id,
        tags,
        attributes: known({
          id,
          tags,
          instance_name: text(instance, "InstanceName"),
          description: textOrNull(instance, "Description"),
          host_name: text(instance, "HostName"),
          image_id: text(instance, "ImageId"),
          instance_type: text(instance, "InstanceType"),
          availability_zone: text(instance, "ZoneId"),
          // Classic networks have none.
          vpc_id: textOrNull(instance, "VpcAttributes.VpcId"),
          vswitch_id: textOrNull(instance, "VpcAttributes.VSwitchId"),
          security_groups: texts(instance, "SecurityGroupIds.SecurityGroupId"),
          internet_charge_type: textOrNull(instance, "InternetChargeType"),
          internet_max_bandwidth_out: number(instance, "InternetMaxBandwidthOut"),
          internet_max_bandwidth_in: number(instance, "InternetMaxBandwidthIn"),
          instance_charge_type: text(instance, "InstanceChargeType"),
          deletion_protection: flag(instance, "DeletionProtection"),
          http_endpoint: nonEmpty(instance, "MetadataOptions.HttpEndpoint"),
          http_tokens: nonEmpty(instance, "MetadataOptions.HttpTokens"),
          key_name: textOrNull(instance, "KeyPairName"),
          resource_group_id: text(instance, "ResourceGroupId"),
          status: text(instance, "Status"),
          create_time: text(instance, "CreationTime"),
          // Only asked for on creation; the agent's status tells what became of it.
          security_enhancement_strategy: null,
          launch_template_id: null,
          launch_template_name: null,
        }),
      };
    });
  },
  details: [
    {
      of: "alicloud_instance",
      actions: ["ecs:DescribeUserData"],
      read: async (session, { id }, region) => {
        const answer = await session.rpc("ecs", "DescribeUserData", region, { RegionId: region, InstanceId: id });
        const data = textOrNull(answer, "UserData");
        return { attributes: known({ user_data: data === null || data === undefined ? data : decoded(data) }) };
      },
    },
    {
      of: "alicloud_instance",
      actions: ["ecs:DescribeDisks"],
      readAll: async (session, found, region) => {
        const byInstance = new Map<string, JsonObject[]>();
        for (const disk of await disksOf(session, region)) {
          const owner = text(disk, "InstanceId") ?? "";
          byInstance.set(owner, [...(byInstance.get(owner) ?? []), disk]);
        }
        return new Map(found.map(({ id }) => [id, disksAsBlocks(byInstance.get(id) ?? [])]));
      },
    },
    {
      of: "alicloud_instance",
      actions: ["ecs:DescribeInstanceRamRole"],
      readAll: async (session, found, region) => {
        const facts = new Map<string, Facts>();
        // A list of one page: the API takes so many instances at once.
        for (let from = 0; from < found.length; from += 50) {
          const ids = found.slice(from, from + 50).map(({ id }) => id);
          const parameters = { RegionId: region, InstanceIds: JSON.stringify(ids), PageSize: 50 };
          const answer = await session.rpc("ecs", "DescribeInstanceRamRole", region, parameters);
          for (const role of listed("ecs:DescribeInstanceRamRole", answer, "InstanceRamRoleSets.InstanceRamRoleSet")) {
            const name = textOrNull(role, "RamRoleName");
            const id = text(role, "InstanceId");
            if (id !== undefined && name !== undefined) facts.set(id, { attributes: { role_name: name } });
          }
        }
        return facts;
      },
    },
    {
      of: "alicloud_instance",
      actions: ["yundun-sas:DescribeCloudCenterInstances"],
      readAll: async (session) => {
        const all = await byNumber(session, {
          product: "sas",
          operation: "DescribeCloudCenterInstances",
          region: session.home,
          list: "Instances",
          page: "CurrentPage",
          size: 100,
          total: "PageInfo.TotalCount",
          parameters: { MachineTypes: "ecs" },
        });
        // A machine that the Security Center does not list was not looked at.
        const agents = all.map((machine) => {
          const gone = text(machine, "ClientSubStatus") === "uninstalled";
          return [
            text(machine, "InstanceId") ?? "",
            { attributes: known({ agent_status: gone ? null : text(machine, "ClientStatus") }) },
          ] as const;
        });
        return new Map<string, Facts>(agents);
      },
    },
  ],
};

function nonEmpty(json: JsonObject, path: string): string | undefined {
  const found = text(json, path);
  return found === "" ? undefined : found;
}

/** User data come in base64. What is not text stays as it is. */
function decoded(data: string): string {
  const bytes = Buffer.from(data, "base64");
  const plain = bytes.toString("utf8");
  return Buffer.from(plain, "utf8").equals(bytes) && !plain.includes("\u0000") ? plain : data;
}

function disksAsBlocks(disks: readonly JsonObject[]): Facts {
  const system = disks.find((disk) => text(disk, "Type") === "system");
  const data = disks.filter((disk) => text(disk, "Type") === "data");
  // Local disks apart an instance has a system disk; without it the list did not hold its disks.
  if (system === undefined) return {};
  return {
    attributes: known({
      system_disk_id: text(system, "DiskId"),
      system_disk_category: text(system, "Category"),
      system_disk_encrypted: flag(system, "Encrypted"),
      system_disk_kms_key_id: textOrNull(system, "KMSKeyId"),
      system_disk_size: number(system, "Size"),
      data_disks: data.map((disk) =>
        known({
          name: text(disk, "DiskName"),
          device: text(disk, "Device"),
          category: text(disk, "Category"),
          size: number(disk, "Size"),
          encrypted: flag(disk, "Encrypted"),
          kms_key_id: textOrNull(disk, "KMSKeyId"),
          snapshot_id: textOrNull(disk, "SourceSnapshotId"),
          performance_level: textOrNull(disk, "PerformanceLevel"),
          delete_with_instance: flag(disk, "DeleteWithInstance"),
        }),
      ),
    }),
  };
}

const disks: Collector<AlibabaSession> = {
  types: ["alicloud_ecs_disk", "alicloud_ecs_auto_snapshot_policy_attachment"],
  scope: "region",
  actions: ["ecs:DescribeDisks"],
  list: async (session, region) =>
    (await disksOf(session, region)).flatMap((disk): Found[] => {
      const id = required("ecs:DescribeDisks", disk, "DiskId");
      const tags = tagsOf(disk, "Tags.Tag");
      const found: Found = {
        type: "alicloud_ecs_disk",
        id,
        name: text(disk, "DiskName") ?? id,
        tags,
        attributes: known({
          id,
          tags,
          disk_name: text(disk, "DiskName"),
          description: textOrNull(disk, "Description"),
          category: text(disk, "Category"),
          size: number(disk, "Size"),
          encrypted: flag(disk, "Encrypted"),
          kms_key_id: textOrNull(disk, "KMSKeyId"),
          snapshot_id: textOrNull(disk, "SourceSnapshotId"),
          instance_id: textOrNull(disk, "InstanceId"),
          zone_id: text(disk, "ZoneId"),
          performance_level: textOrNull(disk, "PerformanceLevel"),
          delete_with_instance: flag(disk, "DeleteWithInstance"),
          delete_auto_snapshot: flag(disk, "DeleteAutoSnapshot"),
          enable_auto_snapshot: flag(disk, "EnableAutoSnapshot"),
          resource_group_id: text(disk, "ResourceGroupId"),
          status: text(disk, "Status"),
          create_time: text(disk, "CreationTime"),
        }),
      };
      const policy = text(disk, "AutoSnapshotPolicyId") ?? "";
      if (policy === "") return [found];
      const attributes = { id: `${policy}:${id}`, auto_snapshot_policy_id: policy, disk_id: id };
      return [found, { type: "alicloud_ecs_auto_snapshot_policy_attachment", id: attributes.id, attributes }];
    }),
};

const images: Collector<AlibabaSession> = {
  types: ["alicloud_image"],
  scope: "region",
  actions: ["ecs:DescribeImages"],
  list: async (session, region) => {
    const call = { product: "ecs", operation: "DescribeImages", region, list: "Images.Image", size: 100 } as const;
    const all = await byNumber(session, { ...call, parameters: { RegionId: region, ImageOwnerAlias: "self" } });
    return all.map((image) => {
      const id = required("ecs:DescribeImages", image, "ImageId");
      const tags = tagsOf(image, "Tags.Tag");
      return {
        type: "alicloud_image",
        id,
        name: text(image, "ImageName") ?? id,
        tags,
        attributes: known({
          id,
          tags,
          image_name: text(image, "ImageName"),
          description: textOrNull(image, "Description"),
          architecture: text(image, "Architecture"),
          platform: text(image, "Platform"),
          is_public: flag(image, "IsPublic"),
          image_family: textOrNull(image, "ImageFamily"),
          resource_group_id: text(image, "ResourceGroupId"),
          status: text(image, "Status"),
          create_time: text(image, "CreationTime"),
          disk_device_mapping: entries(image, "DiskDeviceMappings.DiskDeviceMapping")?.map((mapping) =>
            known({
              device: text(mapping, "Device"),
              disk_type: text(mapping, "Type"),
              size: number(mapping, "Size"),
              snapshot_id: textOrNull(mapping, "SnapshotId"),
              format: textOrNull(mapping, "Format"),
            }),
          ),
        }),
      };
    });
  },
  details: [
    {
      of: "alicloud_image",
      actions: ["ecs:DescribeImageSharePermission"],
      gives: ["alicloud_image_share_permission"],
      read: async (session, { id }, region) => {
        const call = {
          product: "ecs",
          operation: "DescribeImageSharePermission",
          region,
          list: "Accounts.Account",
          size: 100,
        } as const;
        const accounts = await byNumber(session, { ...call, parameters: { RegionId: region, ImageId: id } });
        return {
          satellites: accounts.map((account) => {
            const with_ = required("ecs:DescribeImageSharePermission", account, "AliyunId");
            const attributes = { id: `${id}:${with_}`, image_id: id, account_id: with_ };
            return { type: "alicloud_image_share_permission", id: attributes.id, attributes };
          }),
        };
      },
    },
  ],
};

const securityGroups: Collector<AlibabaSession> = {
  types: ["alicloud_security_group"],
  scope: "region",
  actions: ["ecs:DescribeSecurityGroups"],
  list: async (session, region) => {
    const call = {
      product: "ecs",
      operation: "DescribeSecurityGroups",
      region,
      list: "SecurityGroups.SecurityGroup",
      size: 100,
    } as const;
    const all = await byToken(session, { ...call, parameters: { RegionId: region } });
    return all.map((group) => {
      const id = required("ecs:DescribeSecurityGroups", group, "SecurityGroupId");
      const tags = tagsOf(group, "Tags.Tag");
      const name = text(group, "SecurityGroupName");
      return {
        type: "alicloud_security_group",
        id,
        name: name === undefined || name === "" ? id : name,
        tags,
        attributes: known({
          id,
          tags,
          security_group_name: textOrNull(group, "SecurityGroupName"),
          description: textOrNull(group, "Description"),
          security_group_type: text(group, "SecurityGroupType"),
          vpc_id: textOrNull(group, "VpcId"),
          resource_group_id: text(group, "ResourceGroupId"),
          create_time: text(group, "CreationTime"),
        }),
      };
    });
  },
  details: [
    {
      of: "alicloud_security_group",
      actions: ["ecs:DescribeSecurityGroupAttribute"],
      gives: ["alicloud_security_group_rule"],
      read: async (session, { id }, region) => {
        const call = {
          product: "ecs",
          operation: "DescribeSecurityGroupAttribute",
          region,
          list: "Permissions.Permission",
          size: 1000,
        } as const;
        const rules = await byToken(session, { ...call, parameters: { RegionId: region, SecurityGroupId: id } });
        return { satellites: rules.map((rule, index) => ruleOf(id, rule, index)) };
      },
    },
  ],
};

/** The other end of an ingress rule is its source, that of an egress rule its destination. */
function ruleOf(group: string, rule: JsonObject, index: number): Found {
  const direction = text(rule, "Direction");
  const side = direction === "egress" ? "Dest" : "Source";
  const ports = text(rule, "PortRange");
  const ownId = text(rule, "SecurityGroupRuleId");
  const attributes = known({
    id: ownId,
    security_group_rule_id: ownId,
    security_group_id: group,
    type: direction,
    ip_protocol: text(rule, "IpProtocol")?.toLowerCase(),
    policy: text(rule, "Policy")?.toLowerCase(),
    // A rule with a list of ports has no range of its own.
    port_range: ports === "" ? undefined : ports,
    priority: number(rule, "Priority"),
    nic_type: text(rule, "NicType"),
    description: textOrNull(rule, "Description"),
    cidr_ip: textOrNull(rule, `${side}CidrIp`),
    ipv6_cidr_ip: textOrNull(rule, `Ipv6${side}CidrIp`),
    source_security_group_id: textOrNull(rule, `${side}GroupId`),
    source_group_owner_account: textOrNull(rule, `${side}GroupOwnerAccount`),
    prefix_list_id: textOrNull(rule, `${side}PrefixListId`),
  });
  return {
    type: "alicloud_security_group_rule",
    id: ownId === undefined || ownId === "" ? `${group}:${index}` : ownId,
    attributes,
  };
}

const launchTemplates: Collector<AlibabaSession> = {
  types: ["alicloud_ecs_launch_template"],
  scope: "region",
  actions: ["ecs:DescribeLaunchTemplates"],
  list: async (session, region) => {
    const call = {
      product: "ecs",
      operation: "DescribeLaunchTemplates",
      region,
      list: "LaunchTemplateSets.LaunchTemplateSet",
      size: 50,
    } as const;
    const all = await byNumber(session, { ...call, parameters: { RegionId: region } });
    return all.map((template) => {
      const id = required("ecs:DescribeLaunchTemplates", template, "LaunchTemplateId");
      const tags = tagsOf(template, "Tags.Tag");
      return {
        type: "alicloud_ecs_launch_template",
        id,
        name: text(template, "LaunchTemplateName") ?? id,
        tags,
        attributes: known({
          id,
          launch_template_name: text(template, "LaunchTemplateName"),
          default_version_number: number(template, "DefaultVersionNumber"),
          latest_version_number: number(template, "LatestVersionNumber"),
          template_resource_group_id: text(template, "ResourceGroupId"),
          template_tags: tags,
          // The former name of `user_data`.
          userdata: null,
        }),
      };
    });
  },
  details: [
    {
      of: "alicloud_ecs_launch_template",
      actions: ["ecs:DescribeLaunchTemplateVersions"],
      read: async (session, { id }, region) => {
        const parameters = { RegionId: region, LaunchTemplateId: id, DefaultVersion: true, PageSize: 50 };
        const action = "ecs:DescribeLaunchTemplateVersions";
        const answer = await session.rpc("ecs", "DescribeLaunchTemplateVersions", region, parameters);
        const [version] = listed(action, answer, "LaunchTemplateVersionSets.LaunchTemplateVersionSet");
        const data = at(version, "LaunchTemplateData");
        if (data === undefined) return {};
        const script = textOrNull(data, "UserData");
        return {
          attributes: known({
            // What a version does not set is left out of it.
            user_data: script === undefined || script === null ? null : decoded(script),
            image_id: orNull(data, "ImageId"),
            instance_type: orNull(data, "InstanceType"),
            http_endpoint: text(data, "HttpEndpoint"),
            http_tokens: text(data, "HttpTokens"),
            internet_max_bandwidth_out: number(data, "InternetMaxBandwidthOut"),
            ram_role_name: orNull(data, "RamRoleName"),
            security_group_id: orNull(data, "SecurityGroupId"),
            security_group_ids: texts(data, "SecurityGroupIds.SecurityGroupId"),
            security_enhancement_strategy: orNull(data, "SecurityEnhancementStrategy"),
          }),
        };
      },
    },
  ],
};

function orNull(json: Json, path: string): string | null {
  return textOrNull(json, path) ?? null;
}

const encryptionByDefault: Collector<AlibabaSession> = {
  types: ["alicloud_ecs_disk_encryption_by_default"],
  scope: "region",
  actions: ["ecs:DescribeDiskEncryptionByDefaultStatus"],
  list: async (session, region) => {
    const answer = await session.rpc("ecs", "DescribeDiskEncryptionByDefaultStatus", region, { RegionId: region });
    const attributes = known({ id: region, encrypted: flag(answer, "Encrypted") });
    return [{ type: "alicloud_ecs_disk_encryption_by_default", id: region, name: "disk encryption by default", attributes }];
  },
};

const scalingConfigurations: Collector<AlibabaSession> = {
  types: ["alicloud_ess_scaling_configuration"],
  scope: "region",
  actions: ["ess:DescribeScalingConfigurations"],
  list: async (session, region) => {
    const call = {
      product: "ess",
      operation: "DescribeScalingConfigurations",
      region,
      list: "ScalingConfigurations.ScalingConfiguration",
    } as const;
    const all = await byNumber(session, { ...call, size: 50, parameters: { RegionId: region } });
    return all.map((configuration) => {
      const id = required("ess:DescribeScalingConfigurations", configuration, "ScalingConfigurationId");
      const script = textOrNull(configuration, "UserData");
      return {
        type: "alicloud_ess_scaling_configuration",
        id,
        name: text(configuration, "ScalingConfigurationName") ?? id,
        attributes: known({
          id,
          scaling_configuration_name: text(configuration, "ScalingConfigurationName"),
          scaling_group_id: text(configuration, "ScalingGroupId"),
          image_id: textOrNull(configuration, "ImageId"),
          instance_type: textOrNull(configuration, "InstanceType"),
          security_group_id: textOrNull(configuration, "SecurityGroupId"),
          role_name: textOrNull(configuration, "RamRoleName"),
          internet_max_bandwidth_out: number(configuration, "InternetMaxBandwidthOut"),
          // What a configuration does not set is left out of it.
          user_data: script === undefined || script === null ? null : decoded(script),
        }),
      };
    });
  },
};

export const ecsCollectors: readonly Collector<AlibabaSession>[] = [
  instances,
  disks,
  images,
  securityGroups,
  launchTemplates,
  encryptionByDefault,
  scalingConfigurations,
];
