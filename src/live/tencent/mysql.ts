import { at, attributes, known, reference, string, tags } from "./shape.ts";
import { pages, satellite, thing, type TencentCollector } from "./things.ts";

const instanceType = "tencentcloud_mysql_instance";
const sslType = "tencentcloud_mysql_ssl";
const encryptionType = "tencentcloud_mysql_instance_encryption_operation";
const auditType = "tencentcloud_mysql_audit_service";
const backupType = "tencentcloud_mysql_backup_encryption_status";
const passwordType = "tencentcloud_mysql_password_complexity";

/** Main instances: those that only follow one are types of their own in Terraform. */
const instanceCollector: TencentCollector = {
  types: [instanceType],
  scope: "region",
  actions: ["cdb:DescribeDBInstances"],
  list: async (session, region) => {
    const parameters = { InstanceTypes: [1], QueryClusterInfo: true };
    const instances = await session.list("cdb:DescribeDBInstances", pages("Items"), parameters, region);
    return instances
      .filter((instance) => string(instance, "InstanceType") === "1")
      .map((instance) =>
        thing(
          instanceType,
          instance,
          { id: "InstanceId", name: "InstanceName", tags: tags(instance, "TagList", "TagKey", "TagValue") },
          {
            instance_name: "InstanceName",
            engine_version: "EngineVersion",
            engine_type: "EngineType",
            device_type: "DeviceType",
            availability_zone: "Zone",
            project_id: "ProjectId",
            vpc_id: reference("UniqVpcId"),
            subnet_id: reference("UniqSubnetId"),
            cpu: "Cpu",
            mem_size: "Memory",
            volume_size: "Volume",
            intranet_ip: "Vip",
            intranet_port: "Vport",
            // 1 is on; 0 was never on, 2 was switched off.
            internet_service: (it) => {
              const status = at(it, "WanStatus");
              return status === 1 ? 1 : status === 0 || status === 2 ? 0 : undefined;
            },
            slave_deploy_mode: "DeployMode",
            slave_sync_mode: "ProtectMode",
            // Anything but "on" is off.
            destroy_protect: (it) => {
              const value = at(it, "DestroyProtect");
              return value === undefined ? undefined : value === "on" ? "on" : "off";
            },
            // Nodes are told of the cluster edition only.
            cluster_topology: (it) => {
              const nodes = at(it, "ClusterInfo");
              return nodes === undefined ? undefined : Array.isArray(nodes) && nodes.length > 0 ? [{}] : null;
            },
            status: "Status",
          },
        ),
      );
  },
  details: [
    {
      of: instanceType,
      actions: ["cdb:DescribeDBSecurityGroups"],
      read: async (session, { id }, region) => {
        const none = { items: "Groups", by: "none", size: 0 } as const;
        const groups = await session.list("cdb:DescribeDBSecurityGroups", none, { InstanceId: id }, region);
        return { attributes: { security_groups: groups.map((group) => string(group, "SecurityGroupId")) } };
      },
    },
    {
      of: instanceType,
      actions: ["cdb:DescribeSSLStatus"],
      gives: [sslType],
      read: async (session, { id }, region) => {
        const ssl = await session.call("cdb:DescribeSSLStatus", { InstanceId: id }, region);
        const members = attributes(ssl, { status: "Status" });
        return { satellites: [satellite(sslType, id, { instance_id: id, ...members })] };
      },
    },
    {
      of: instanceType,
      actions: ["cdb:DescribeDBInstanceInfo"],
      gives: [encryptionType],
      read: async (session, { id }, region) => {
        const info = await session.call("cdb:DescribeDBInstanceInfo", { InstanceId: id }, region);
        const encryption = at(info, "Encryption");
        if (encryption === "NO") return {};
        if (encryption !== "YES") throw new Error("no encryption in the answer");
        const members = attributes(info, { key_id: reference("KeyId"), key_region: reference("KeyRegion") });
        return { satellites: [satellite(encryptionType, id, { instance_id: id, ...members })] };
      },
    },
    {
      of: instanceType,
      actions: ["cdb:DescribeBackupEncryptionStatus"],
      gives: [backupType],
      read: async (session, { id }, region) => {
        const status = await session.call("cdb:DescribeBackupEncryptionStatus", { InstanceId: id }, region);
        const members = attributes(status, { encryption_status: "EncryptionStatus" });
        return { satellites: [satellite(backupType, id, { instance_id: id, ...members })] };
      },
    },
    {
      of: instanceType,
      actions: ["cdb:DescribeInstanceParams"],
      gives: [passwordType],
      read: async (session, { id }, region) => {
        const once = { items: "Items", total: "TotalCount", by: "none", size: 0 } as const;
        const parameters = await session.list("cdb:DescribeInstanceParams", once, { InstanceId: id }, region);
        // Without the component that validates passwords there are no such parameters.
        const its = parameters.filter((one) => string(one, "Name").startsWith("validate_password"));
        if (its.length === 0) return {};
        const rows = its.map((one) => known({ name: at(one, "Name"), current_value: at(one, "CurrentValue") }));
        return { satellites: [satellite(passwordType, id, { instance_id: id, param_list: rows })] };
      },
    },
  ],
};

const auditCollector: TencentCollector = {
  types: [auditType],
  scope: "region",
  actions: ["cdb:DescribeAuditInstanceList"],
  list: async (session, region) => {
    const audited = await session.list("cdb:DescribeAuditInstanceList", pages("Items"), { AuditSwitch: 1 }, region);
    return audited
      .filter((instance) => at(instance, "AuditStatus") === "ON")
      .map((instance) => {
        const id = string(instance, "InstanceId");
        const members = attributes(instance, {
          log_expire_day: "LogExpireDay",
          high_log_expire_day: "HighLogExpireDay",
          audit_all: "AuditAll",
        });
        return satellite(auditType, id, { instance_id: id, ...members });
      });
  },
};

export const mysqlCollectors: readonly TencentCollector[] = [instanceCollector, auditCollector];
