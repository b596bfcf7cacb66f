import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import { absent } from "../failure.ts";
import type { Paging } from "./client.ts";
import { at, attributes, each, known, list, loose, reference, string, tags, truth, type Source } from "./shape.ts";
import { pages, satellite, thing, type TencentCollector } from "./things.ts";

/** Keys that the account made; those that services made for themselves are theirs. */
const keyCollector: TencentCollector = {
  types: ["tencentcloud_kms_key"],
  scope: "region",
  actions: ["kms:ListKeyDetail"],
  list: async (session, region) =>
    (await session.list("kms:ListKeyDetail", pages("KeyMetadatas", "TotalCount", 200), { Role: 0 }, region)).map((key) =>
      thing(
        "tencentcloud_kms_key",
        key,
        { id: "KeyId", name: "Alias" },
        {
          alias: "Alias",
          description: "Description",
          key_state: "KeyState",
          key_usage: "KeyUsage",
          key_rotation_enabled: "KeyRotationEnabled",
          hsm_cluster_id: reference("HsmClusterId"),
          is_enabled: (it) => (at(it, "KeyState") === undefined ? undefined : at(it, "KeyState") === "Enabled"),
          is_archived: (it) => (at(it, "KeyState") === undefined ? undefined : at(it, "KeyState") === "Archived"),
        },
      ),
    ),
};

/** Secrets by the API's types: 0 the user's own, 1 of databases. */
function secretCollector(kind: number, type: string, more: Readonly<Record<string, Source>>): TencentCollector {
  return {
    types: [type],
    scope: "region",
    actions: ["ssm:ListSecrets"],
    list: async (session, region) =>
      (await session.list("ssm:ListSecrets", pages("SecretMetadatas"), { SecretType: kind }, region))
        .filter((secret) => string(secret, "SecretType") === String(kind))
        .map((secret) =>
          thing(
            type,
            secret,
            { id: "SecretName", name: "SecretName" },
            {
              secret_name: "SecretName",
              description: "Description",
              status: "Status",
              secret_type: "SecretType",
              kms_key_id: ownKey,
              ...more,
            },
          ),
        ),
  };
}

/** The key that Secrets Manager made for itself is none of the account's. */
function ownKey(secret: JsonObject): Json | undefined {
  const kind = at(secret, "KmsKeyType");
  if (kind === "DEFAULT" || at(secret, "EncryptType") === 1) return null;
  return kind === "CUSTOMER" ? at(secret, "KmsKeyId") : undefined;
}

const secretCollectors: readonly TencentCollector[] = [
  secretCollector(0, "tencentcloud_ssm_secret", {}),
  secretCollector(1, "tencentcloud_ssm_product_secret", {
    product_name: "ProductName",
    instance_id: "ResourceID",
    rotation_frequency: "RotationFrequency",
    enable_rotation: (it) => truth(at(it, "RotationStatus")),
  }),
];

/** Revoked, refunded and cancelled ones protect nothing any more. */
const overCertificates: readonly Json[] = [7, 10, 14];

const certificateCollector: TencentCollector = {
  types: ["tencentcloud_ssl_certificate"],
  scope: "account",
  actions: ["ssl:DescribeCertificates"],
  list: async (session) =>
    (await session.list("ssl:DescribeCertificates", pages("Certificates")))
      .filter((certificate) => !overCertificates.includes(at(certificate, "Status") ?? null))
      .map((certificate) =>
        thing(
          "tencentcloud_ssl_certificate",
          certificate,
          { id: "CertificateId", name: "Alias", tags: tags(certificate, "Tags", "TagKey", "TagValue") },
          {
            name: "Alias",
            type: "CertificateType",
            status: "Status",
            domain: "Domain",
            subject_names: list("SubjectAltName"),
            product_zh_name: "ProductZhName",
            begin_time: reference("CertBeginTime"),
            end_time: reference("CertEndTime"),
            create_time: "InsertTime",
          },
        ),
      ),
};

const trackType = "tencentcloud_audit_track";
const trackPages: Paging = {
  items: "Tracks",
  total: "TotalCount",
  by: "page",
  offset: "PageNumber",
  limit: "PageSize",
  size: 100,
};

const trackCollector: TencentCollector = {
  types: [trackType],
  scope: "account",
  actions: ["cloudaudit:DescribeAuditTracks"],
  list: async (session) =>
    (await session.list("cloudaudit:DescribeAuditTracks", trackPages)).map((track) =>
      thing(
        trackType,
        track,
        { id: "TrackId", name: "Name" },
        {
          name: "Name",
          action_type: "ActionType",
          resource_type: "ResourceType",
          event_names: list("EventNames"),
          status: "Status",
          create_time: "CreateTime",
          storage: (it) =>
            at(it, "Storage") === undefined
              ? undefined
              : attributes(it, {
                  storage_type: "Storage.StorageType",
                  storage_region: "Storage.StorageRegion",
                  storage_name: bucketName,
                  storage_prefix: "Storage.StoragePrefix",
                  storage_account_id: reference("Storage.StorageAccountId"),
                  storage_app_id: reference("Storage.StorageAppId"),
                  compress: "Storage.Compress",
                }),
        },
      ),
    ),
  details: [
    {
      of: trackType,
      actions: ["cloudaudit:DescribeAuditTrack"],
      read: async (session, { id }) => {
        const track = await session.call("cloudaudit:DescribeAuditTrack", { TrackId: Number(id) });
        return { attributes: attributes(track, { track_for_all_members: "TrackForAllMembers" }) };
      },
    },
  ],
};

/** CloudAudit leaves out the APPID that the bucket's own name ends with. */
function bucketName(track: JsonObject): Json | undefined {
  const name = at(track, "Storage.StorageName");
  const appId = loose(track, "Storage.StorageAppId");
  if (typeof name !== "string" || at(track, "Storage.StorageType") !== "cos" || appId === "") return name;
  return name.endsWith(`-${appId}`) ? name : `${name}-${appId}`;
}

const recorderCollector: TencentCollector = {
  types: ["tencentcloud_config_recorder_config"],
  scope: "account",
  actions: ["config:DescribeConfigRecorder"],
  list: async (session) => {
    const recorder = await session.call("config:DescribeConfigRecorder");
    const members = attributes(recorder, {
      status: (it) => truth(at(it, "Status")),
      resource_types: (it) => {
        const made = each("Items", (item) => at(item, "ResourceType") ?? null);
        return typeof made === "string" ? undefined : made(it);
      },
      create_time: "CreateTime",
    });
    return [satellite("tencentcloud_config_recorder_config", "recorder", members)];
  },
};

const ipsCollector: TencentCollector = {
  types: ["tencentcloud_cfw_ips_mode_switch"],
  scope: "account",
  actions: ["cfw:DescribeIpsModeSwitch"],
  list: async (session) => {
    const answer = await session.call("cfw:DescribeIpsModeSwitch");
    if (at(answer, "ReturnCode") !== 0) throw new Error("the answer says that it failed");
    return [satellite("tencentcloud_cfw_ips_mode_switch", "ips", attributes(answer, { mode: "Data.Mode" }))];
  },
};

const hostProtectionCollector: TencentCollector = {
  types: ["tencentcloud_cwp_auto_open_proversion_config"],
  scope: "account",
  actions: ["cwp:DescribeLicenseGeneral"],
  list: async (session) => {
    const license = await session.call("cwp:DescribeLicenseGeneral");
    const members = attributes(license, {
      status: (it) => {
        const on = at(it, "AutoOpenStatus");
        return typeof on === "boolean" ? (on ? "OPEN" : "CLOSE") : undefined;
      },
      protect_type: reference("ProtectType"),
    });
    return [satellite("tencentcloud_cwp_auto_open_proversion_config", "license", members)];
  },
};

const riskScanCollector: TencentCollector = {
  types: ["tencentcloud_csip_risk_center"],
  scope: "account",
  actions: ["csip:DescribeScanTaskList"],
  list: async (session) =>
    (await session.list("csip:DescribeScanTaskList", { ...pages("Data"), within: "Filter" })).map((task) =>
      thing(
        "tencentcloud_csip_risk_center",
        task,
        { id: "TaskId", name: "TaskName" },
        {
          task_name: "TaskName",
          scan_plan_type: "TaskType",
          scan_plan_content: "ScanPlanContent",
          scan_asset_type: "ScanAssetType",
          task_mode: "TaskMode",
        },
      ),
    ),
};

const organizationType = "tencentcloud_organization_instance";
const policyConfigType = "tencentcloud_organization_org_manage_policy_config";

const organizationCollector: TencentCollector = {
  types: [organizationType],
  scope: "account",
  actions: ["organization:DescribeOrganization"],
  list: async (session) => {
    const none = ["ResourceNotFound.OrganizationNotExist", "ResourceNotFound.MemberNotExist"];
    const organization = await session.call("organization:DescribeOrganization").catch(absent(none, undefined));
    if (organization === undefined) return [];
    if (at(organization, "OrgId") === undefined) throw new Error("no organization in the answer");
    // An account that is in none.
    if (at(organization, "OrgId") === null || at(organization, "OrgId") === 0) return [];
    return [
      thing(
        organizationType,
        organization,
        { id: "OrgId", name: "NickName" },
        {
          org_id: "OrgId",
          org_type: "OrgType",
          host_uin: "HostUin",
          nick_name: "NickName",
          is_manager: "IsManager",
          root_node_id: "RootNodeId",
          create_time: "CreateTime",
        },
      ),
    ];
  },
  details: [
    {
      of: organizationType,
      actions: ["organization:DescribePolicyConfig"],
      gives: [policyConfigType],
      read: async (session, { id }) => {
        const kinds = { SERVICE_CONTROL_POLICY: 0, TAG_POLICY: 1 };
        const found = await Promise.all(
          Object.entries(kinds).map(async ([type, number]): Promise<readonly Found[]> => {
            const parameters = { OrganizationId: Number(id), Type: number };
            const config = await session.call("organization:DescribePolicyConfig", parameters);
            const status = at(config, "Status");
            if (typeof status !== "number") throw new Error("no status in the answer");
            if (status !== 1) return [];
            const members = known({ organization_id: Number(id), policy_type: type });
            return [satellite(policyConfigType, `${id}#${type}`, members)];
          }),
        );
        return { satellites: found.flat() };
      },
    },
  ],
};

const saasType = "tencentcloud_waf_saas_domain";
const clbType = "tencentcloud_waf_clb_domain";
const modeType = "tencentcloud_waf_protection_mode";
const wafTypes: Readonly<Record<string, string>> = { "sparta-waf": saasType, "clb-waf": clbType, "cdc-clb-waf": clbType };

const wafCollector: TencentCollector = {
  types: [saasType, clbType, modeType],
  scope: "account",
  actions: ["waf:DescribeDomains"],
  list: async (session) =>
    (await session.list("waf:DescribeDomains", pages("Domains", "Total"))).flatMap((domain): readonly Found[] => {
      const type = wafTypes[string(domain, "Edition")];
      if (type === undefined) return [];
      const made = thing(
        type,
        domain,
        { id: "DomainId", name: "Domain" },
        {
          domain: "Domain",
          domain_id: "DomainId",
          instance_id: "InstanceId",
          status: "Status",
          cls_status: "ClsStatus",
          bot_status: "BotStatus",
          ...(type === saasType
            ? { ports: each("Ports", portOf) }
            : { engine: "Engine", flow_mode: "FlowMode", region: "Region", alb_type: "AlbType" }),
        },
      );
      const mode = at(domain, "Mode");
      const members = known({ domain: at(domain, "Domain"), edition: at(domain, "Edition"), mode, type: 0 });
      return [made, satellite(modeType, made.id, members)];
    }),
  details: [
    {
      of: saasType,
      actions: ["waf:DescribeDomainDetailsSaas"],
      read: async (session, { id, attributes: its }) => {
        const parameters = { Domain: its["domain"] ?? null, DomainId: id, InstanceId: its["instance_id"] ?? null };
        const details = await session.call("waf:DescribeDomainDetailsSaas", parameters);
        return {
          attributes: attributes(details, {
            https_rewrite: "DomainsPartInfo.HttpsRewrite",
            tls_version: "DomainsPartInfo.TLSVersion",
          }),
        };
      },
    },
  ],
};

function portOf(port: JsonObject): Json {
  return attributes(port, {
    port: "Port",
    protocol: "Protocol",
    upstream_port: "UpstreamPort",
    upstream_protocol: "UpstreamProtocol",
  });
}

export const securityCollectors: readonly TencentCollector[] = [
  keyCollector,
  ...secretCollectors,
  certificateCollector,
  trackCollector,
  recorderCollector,
  ipsCollector,
  hostProtectionCollector,
  riskScanCollector,
  organizationCollector,
  wafCollector,
];
