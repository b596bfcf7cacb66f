import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Facts } from "../collector.ts";
import type { Session } from "./client.ts";
import { at, attributes, each, known, list, loose, objects, reference, string, tags } from "./shape.ts";
import { inBatches, pages, satellite, thing, type TencentCollector } from "./things.ts";

const instanceType = "tencentcloud_instance";

const instanceCollector: TencentCollector = {
  types: [instanceType],
  scope: "region",
  actions: ["cvm:DescribeInstances"],
  list: async (session, region) =>
    (await session.list("cvm:DescribeInstances", pages("InstanceSet"), {}, region)).map((instance) =>
      thing(
        instanceType,
        instance,
        { id: "InstanceId", name: "InstanceName", tags: tags(instance, "Tags"), handle: instance },
        {
          instance_name: "InstanceName",
          instance_type: "InstanceType",
          instance_status: "InstanceState",
          instance_charge_type: "InstanceChargeType",
          availability_zone: "Placement.Zone",
          project_id: "Placement.ProjectId",
          image_id: "ImageId",
          os_name: "OsName",
          vpc_id: reference("VirtualPrivateCloud.VpcId"),
          subnet_id: reference("VirtualPrivateCloud.SubnetId"),
          security_groups: list("SecurityGroupIds"),
          orderly_security_groups: () => null,
          cam_role_name: reference("CamRoleName"),
          disable_api_termination: "DisableApiTermination",
          // The flag of the request is not answered: whether there is an address is.
          allocate_public_ip: (it) => {
            const addresses = list("PublicIpAddresses");
            const value = typeof addresses === "string" ? undefined : addresses(it);
            return Array.isArray(value) ? value.length > 0 : undefined;
          },
          public_ip: (it) => firstOf(at(it, "PublicIpAddresses")),
          private_ip: (it) => firstOf(at(it, "PrivateIpAddresses")),
          internet_max_bandwidth_out: "InternetAccessible.InternetMaxBandwidthOut",
          internet_charge_type: "InternetAccessible.InternetChargeType",
          system_disk_id: "SystemDisk.DiskId",
          system_disk_size: "SystemDisk.DiskSize",
          system_disk_type: "SystemDisk.DiskType",
          data_disks: each("DataDisks", dataDisk),
          cpu: "CPU",
          memory: "Memory",
          create_time: "CreatedTime",
          expired_time: "ExpiredTime",
          uuid: "Uuid",
          key_ids: list("LoginSettings.KeyIds"),
          // Terraform's alone: a template is a way to make an instance, and a plain text is another way to give user data.
          launch_template_id: () => null,
          user_data_raw: () => null,
        },
      ),
    ),
  details: [
    {
      of: instanceType,
      actions: ["cvm:DescribeInstancesAttributes"],
      readAll: async (session, found, region) => {
        const rows = await inBatches(found, 20, async (batch) => {
          const parameters = { Attributes: ["UserData"], InstanceIds: batch.map(({ id }) => id) };
          return objects(await session.call("cvm:DescribeInstancesAttributes", parameters, region), "InstanceSet");
        });
        return new Map(
          rows.map((row): [string, Facts] => [
            string(row, "InstanceId"),
            { attributes: attributes(row, { user_data: reference("Attributes.UserData") }) },
          ]),
        );
      },
    },
    {
      of: instanceType,
      actions: ["cbs:DescribeDisks"],
      readAll: async (session, found, region) => {
        const instances = new Map(found.map(({ id, handle }) => [id, handle as JsonObject]));
        const ids = [...instances.values()].flatMap(disksOf).filter((id) => id !== "");
        const disks = new Map(
          (
            await inBatches([...new Set(ids)], 100, (batch) =>
              session.list("cbs:DescribeDisks", pages("DiskSet"), { DiskIds: batch }, region),
            )
          ).map((disk) => [string(disk, "DiskId"), disk]),
        );
        return new Map([...instances].map(([id, instance]): [string, Facts] => [id, { attributes: encryption(instance, disks) }]));
      },
    },
    {
      of: instanceType,
      actions: ["cwp:DescribeMachines"],
      readAll: async (session, _, region) => {
        const all = await machines(session, region);
        return new Map(
          all.map((machine): [string, Facts] => [
            string(machine, "InstanceId"),
            { attributes: attributes(machine, { agent_status: "AgentStatus" }) },
          ]),
        );
      },
    },
    {
      of: instanceType,
      actions: ["cwp:DescribeVulList"],
      read: async (session, { id }, region) => {
        const machine = (await machines(session, region)).find((one) => string(one, "InstanceId") === id);
        const uuid = machine === undefined ? "" : string(machine, "Uuid");
        // Without an agent nobody has looked for vulnerabilities: how many there are stays unknown.
        if (machine === undefined || uuid === "") return {};
        const filters = [
          { Name: "Uuid", Values: [uuid] },
          { Name: "Level", Values: ["4"] },
          { Name: "Status", Values: ["0"] },
        ];
        const found = await session.list("cwp:DescribeVulList", pages("VulInfoList"), { Filters: filters });
        // The filters ask for open ones of the highest level; what says that it is another is none.
        const open = found.filter((one) => (at(one, "Level") ?? 4) === 4 && (at(one, "Status") ?? 0) === 0);
        return { attributes: { critical_vulnerabilities: open.length } };
      },
    },
  ],
};

/** Host security lists its machines account-wide, by their region. */
function machines(session: Session, region: string): Promise<readonly JsonObject[]> {
  return session.once(`cwp machines ${region}`, () =>
    session.list("cwp:DescribeMachines", pages("Machines"), { MachineType: "CVM", MachineRegion: region }),
  );
}

function firstOf(value: Json | undefined): Json | undefined {
  if (value === null) return null;
  return Array.isArray(value) ? ((value as readonly Json[])[0] ?? null) : undefined;
}

function dataDisk(disk: JsonObject): Json {
  return attributes(disk, {
    data_disk_id: "DiskId",
    data_disk_name: "DiskName",
    data_disk_size: "DiskSize",
    data_disk_type: "DiskType",
    data_disk_snapshot_id: reference("SnapshotId"),
    delete_with_instance: "DeleteWithInstance",
  });
}

function disksOf(instance: JsonObject): readonly string[] {
  return [loose(instance, "SystemDisk.DiskId"), ...objects(instance, "DataDisks").map((disk) => loose(disk, "DiskId"))];
}

/** Whether disks are encrypted is the disk service's knowledge; a local disk is not in it. */
function encryption(instance: JsonObject, disks: ReadonlyMap<string, JsonObject>): JsonObject {
  const of = (id: string): Json | undefined => at(disks.get(id), "Encrypt");
  const system = of(loose(instance, "SystemDisk.DiskId"));
  const data = at(instance, "DataDisks");
  return known({
    system_disk_encrypt: system,
    data_disks: Array.isArray(data)
      ? (data as readonly Json[]).filter(isJsonObject).map((disk) => ({
          ...(dataDisk(disk) as JsonObject),
          ...known({ encrypt: of(loose(disk, "DiskId")), kms_key_id: at(disks.get(loose(disk, "DiskId")), "KmsKeyId") }),
        }))
      : data === null
        ? []
        : undefined,
  });
}

const imageType = "tencentcloud_image";

/** Images that the account made; those of the cloud and of others are not its own. */
const imageCollector: TencentCollector = {
  types: [imageType],
  scope: "region",
  actions: ["cvm:DescribeImages"],
  list: async (session, region) => {
    const filters = [{ Name: "image-type", Values: ["PRIVATE_IMAGE"] }];
    const images = await session.list("cvm:DescribeImages", pages("ImageSet"), { Filters: filters }, region);
    return images.map((image) =>
      thing(
        imageType,
        image,
        { id: "ImageId", name: "ImageName", tags: tags(image, "Tags") },
        { image_name: "ImageName", image_description: "ImageDescription", image_family: reference("ImageFamily") },
      ),
    );
  },
  details: [
    {
      of: imageType,
      actions: ["cvm:DescribeImageSharePermission"],
      gives: ["tencentcloud_cvm_image_share_permission"],
      read: async (session, { id }, region) => {
        const none = { items: "SharePermissionSet", by: "none", size: 0 } as const;
        const shares = await session.list("cvm:DescribeImageSharePermission", none, { ImageId: id }, region);
        if (shares.length === 0) return {};
        const accounts = shares.map((share) => string(share, "AccountId"));
        return {
          satellites: [satellite("tencentcloud_cvm_image_share_permission", id, { image_id: id, account_ids: accounts })],
        };
      },
    },
  ],
};

const templateType = "tencentcloud_cvm_launch_template";

const templateCollector: TencentCollector = {
  types: [templateType],
  scope: "region",
  actions: ["cvm:DescribeLaunchTemplates"],
  list: async (session, region) =>
    (await session.list("cvm:DescribeLaunchTemplates", pages("LaunchTemplateSet"), {}, region)).map((template) =>
      thing(
        templateType,
        template,
        { id: "LaunchTemplateId", name: "LaunchTemplateName" },
        { launch_template_name: "LaunchTemplateName" },
      ),
    ),
  details: [
    {
      of: templateType,
      actions: ["cvm:DescribeLaunchTemplateVersions"],
      // What instances are made with unless a version is named.
      read: async (session, { id }, region) => {
        const parameters = { LaunchTemplateId: id, DefaultVersion: true };
        const versions = await session.list(
          "cvm:DescribeLaunchTemplateVersions",
          pages("LaunchTemplateVersionSet"),
          parameters,
          region,
        );
        const version = versions.find((one) => at(one, "IsDefaultVersion") === true);
        const data = version === undefined ? undefined : at(version, "LaunchTemplateVersionData");
        if (!isJsonObject(data)) throw new Error("no default version in the answer");
        return {
          attributes: attributes(data, {
            image_id: "ImageId",
            instance_type: "InstanceType",
            cam_role_name: reference("CamRoleName"),
            security_group_ids: list("SecurityGroupIds"),
            user_data: reference("UserData"),
            disable_api_termination: "DisableApiTermination",
            data_disks: each("DataDisks", (disk) =>
              attributes(disk, {
                disk_size: "DiskSize",
                disk_type: "DiskType",
                delete_with_instance: "DeleteWithInstance",
                // What the template does not say is off.
                encrypt: (it) => at(it, "Encrypt") ?? false,
                snapshot_id: reference("SnapshotId"),
              }),
            ),
          }),
        };
      },
    },
  ],
};

const configurationType = "tencentcloud_as_scaling_config";

const configurationCollector: TencentCollector = {
  types: [configurationType],
  scope: "region",
  actions: ["as:DescribeLaunchConfigurations"],
  list: async (session, region) =>
    (await session.list("as:DescribeLaunchConfigurations", pages("LaunchConfigurationSet"), {}, region)).map((configuration) =>
      thing(
        configurationType,
        configuration,
        { id: "LaunchConfigurationId", name: "LaunchConfigurationName", tags: tags(configuration, "Tags") },
        {
          configuration_name: "LaunchConfigurationName",
          image_id: "ImageId",
          instance_types: list("InstanceTypes"),
          internet_max_bandwidth_out: "InternetAccessible.InternetMaxBandwidthOut",
          internet_charge_type: "InternetAccessible.InternetChargeType",
          public_ip_assigned: "InternetAccessible.PublicIpAssigned",
          security_group_ids: list("SecurityGroupIds"),
          cam_role_name: reference("CamRoleName"),
          system_disk_type: "SystemDisk.DiskType",
          system_disk_size: "SystemDisk.DiskSize",
          user_data: reference("UserData"),
          status: "LaunchConfigurationStatus",
          create_time: "CreatedTime",
        },
      ),
    ),
};

export const cvmCollectors: readonly TencentCollector[] = [
  instanceCollector,
  imageCollector,
  templateCollector,
  configurationCollector,
];
