import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Before, type Expected, type Remedy } from "../../remedy.ts";
import { apiCall } from "../calls.ts";

/* Sources: the API documentation of each product, each action by its name; the models of tencentcloud-sdk-nodejs. */

interface Switch {
  readonly title: string;
  readonly on: string;
  readonly off: string;
  /** What both calls take. */
  readonly request: (before: Before) => JsonObject;
  readonly more?: { readonly on?: JsonObject; readonly off?: JsonObject };
  readonly expected: (before: Before) => JsonObject;
  /** Of another thing than the instance, which has the same id. */
  readonly type?: string;
  readonly lost?: string;
  /** Until when the change is under way. */
  readonly settled?: {
    readonly action: string;
    readonly path: string;
    readonly on: readonly Json[];
    readonly off: readonly Json[];
  };
}

/** One call turns it on, another one off. */
function switched({ title, on, off, request, more, expected, type, lost, settled }: Switch): Remedy {
  return (before) => {
    const { resource, region } = before;
    const given = request(before);
    const attributes = expected(before);
    const plan = setting(
      title,
      apiCall(on, region, { ...given, ...more?.on }),
      apiCall(off, region, { ...given, ...more?.off }),
      { type: type ?? resource.type, id: resource.id, attributes },
      lost,
    );
    if (settled === undefined) return plan;
    const until = (values: readonly Json[]) => ({ call: apiCall(settled.action, region, given), path: settled.path, values });
    return { ...plan, steps: plan.steps.map((step) => ({ ...step, settled: until(settled.on), undone: until(settled.off) })) };
  };
}

const instance = ({ resource }: Before): JsonObject => ({ InstanceId: resource.id });
const newAddress = "It comes back with another address.";

const audit: Remedy = ({ resource, resources, region, settings }) => {
  const type = "tencentcloud_mysql_audit_service";
  const was = resources.find((each) => each.type === type && each.id === resource.id)?.attributes["log_expire_day"];
  // Only these are taken.
  const days = [7, 30, 90, 180, 365, 1095, 1825].find((each) => each >= Number(settings["days"]));
  if (days === undefined) throw new NotPossible("MySQL keeps audit logs for 1,825 days at most.");
  const request = { InstanceId: resource.id, LogExpireDay: days };
  const expected: Expected = { type, id: resource.id, attributes: { instance_id: resource.id, log_expire_day: days } };
  if (typeof was === "number") {
    const put = (LogExpireDay: number) => apiCall("cdb:ModifyAuditService", region, { InstanceId: resource.id, LogExpireDay });
    return setting(
      "Keep the audit log longer",
      put(days),
      put(was),
      expected,
      "Log entries that are older than before are deleted then.",
    );
  }
  return setting(
    "Turn on the audit",
    apiCall("cdb:OpenAuditService", region, { ...request, AuditAll: true }),
    apiCall("cdb:CloseAuditService", region, { InstanceId: resource.id }),
    expected,
    "The audit log is deleted then.",
  );
};

const https: Remedy = ({ resource, region }) => {
  const was = resource.attributes["https_config"];
  const config = isJsonObject(was) ? was : {};
  const redirect = isJsonObject(config["force_redirect"]) ? config["force_redirect"] : {};
  if (config["https_switch"] !== "on") throw new NotPossible(`${resource.name} serves no HTTPS yet: give it a certificate first.`);
  const put = (of: JsonObject) =>
    apiCall("cdn:UpdateDomainConfig", region, {
      Domain: resource.id,
      ForceRedirect: {
        Switch: of["switch"] ?? "off",
        RedirectType: of["redirect_type"] ?? "http",
        RedirectStatusCode: of["redirect_status_code"] ?? 302,
      },
    });
  const changed = {
    ...redirect,
    switch: "on",
    redirect_type: "https",
    redirect_status_code: redirect["redirect_status_code"] ?? 302,
  };
  return setting("Redirect to HTTPS", put(changed), put(redirect), {
    type: resource.type,
    id: resource.id,
    attributes: { https_config: { ...config, force_redirect: changed } },
  });
};

const track: Remedy = ({ resources, region }, { track: name }) => {
  const type = "tencentcloud_audit_track";
  const all = resources.filter((each) => each.type === type);
  const found = all.find((each) => each.id === name || each.name === name);
  if (found === undefined)
    throw new NotPossible(
      `There is no tracking set "${textOf(name) ?? ""}". ${all.length === 0 ? "Make one first." : `There is ${all.map((each) => each.name).join(", ")}.`}`,
    );
  const of = found.attributes;
  const put = (its: JsonObject) =>
    apiCall("cloudaudit:ModifyAuditTrack", region, {
      TrackId: Number(found.id),
      Status: its["status"] ?? null,
      ActionType: its["action_type"] ?? null,
      ResourceType: its["resource_type"] ?? null,
      EventNames: its["event_names"] ?? null,
    });
  const changed = { status: 1, action_type: "*", resource_type: "*", event_names: ["*"] };
  return setting("Record everything", put(changed), put(of), { type, id: found.id, attributes: changed });
};

const allMembers: Remedy = ({ resource, region }) => {
  const put = (TrackForAllMembers: number) =>
    apiCall("cloudaudit:ModifyAuditTrack", region, { TrackId: Number(resource.id), TrackForAllMembers });
  return setting("Record all members", put(1), put(0), {
    type: resource.type,
    id: resource.id,
    attributes: { track_for_all_members: 1 },
  });
};

const retention: Remedy = ({ resource, region, settings }) => {
  const was = resource.attributes["period"];
  if (typeof was !== "number") throw new NotPossible(`How long ${resource.name} keeps its logs was not read.`);
  const days = Number(settings["days"]);
  const put = (Period: number) => apiCall("cls:ModifyTopic", region, { TopicId: resource.id, Period });
  return setting(
    "Keep logs longer",
    put(days),
    put(was),
    { type: resource.type, id: resource.id, attributes: { period: days } },
    "Logs that are older than before are deleted then.",
  );
};

const sharedImage: Remedy = async ({ resource, resources, region, settings }, _, look) => {
  const { SharePermissionSet } = await look(apiCall("cvm:DescribeImageSharePermission", region, { ImageId: resource.id }));
  const allowed = isJsonList(settings["accounts"]) ? settings["accounts"] : [];
  const accounts = (isJsonList(SharePermissionSet) ? SharePermissionSet : [])
    .filter(isJsonObject)
    .flatMap(({ AccountId }) => (AccountId === undefined || allowed.includes(AccountId) ? [] : [AccountId]));
  const put = (Permission: string) =>
    apiCall("cvm:ModifyImageSharePermission", region, { ImageId: resource.id, AccountIds: accounts, Permission });
  const type = "tencentcloud_cvm_image_share_permission";
  const shares = resources.filter((each) => each.type === type && each.attributes["image_id"] === resource.id);
  return {
    steps: [{ title: `Stop sharing with ${accounts.map(String).join(", ")}`, call: put("CANCEL"), undo: [put("SHARE")] }],
    expected: shares.map(({ id, attributes }): Expected => {
      const left = (isJsonList(attributes["account_ids"]) ? attributes["account_ids"] : []).filter(
        (each) => !accounts.includes(each),
      );
      return { type, id, attributes: left.length === 0 ? null : { account_ids: left } };
    }),
  };
};

const snapshotPolicy: Remedy = ({ resource, region }, { policy }) => {
  const request = { AutoSnapshotPolicyId: policy ?? null, DiskIds: [resource.id] };
  return setting(
    "Bind the snapshot policy",
    apiCall("cbs:BindAutoSnapshotPolicy", region, request),
    apiCall("cbs:UnbindAutoSnapshotPolicy", region, request),
    {
      type: "tencentcloud_cbs_snapshot_policy_attachment",
      id: `${resource.id}#${textOf(policy) ?? ""}`,
      attributes: { storage_id: resource.id, snapshot_policy_id: policy ?? null },
    },
  );
};

const cluster = ({ resource }: Before): JsonObject => ({ ClusterId: resource.id });

export const serviceRemedies: readonly (readonly [string, Remedy])[] = [
  [
    "tencent-cvm-instance-termination-protection",
    ({ resource, region }) => {
      const put = (DisableApiTermination: boolean) =>
        apiCall("cvm:ModifyInstancesAttribute", region, { InstanceIds: [resource.id], DisableApiTermination });
      return setting("Turn on termination protection", put(true), put(false), {
        type: resource.type,
        id: resource.id,
        attributes: { disable_api_termination: true },
      });
    },
  ],
  ["tencent-cvm-image-shared", sharedImage],
  ["tencent-cbs-snapshot-policy", snapshotPolicy],
  [
    "tencent-clb-delete-protect",
    ({ resource, region }) => {
      const put = (DeleteProtect: boolean) =>
        apiCall("clb:ModifyLoadBalancerAttributes", region, { LoadBalancerId: resource.id, DeleteProtect });
      return setting("Turn on deletion protection", put(true), put(false), {
        type: resource.type,
        id: resource.id,
        attributes: { delete_protect: true },
      });
    },
  ],
  ["tencent-cdn-https", https],
  ["tencent-cloudaudit-track", track],
  ["tencent-cloudaudit-track-all-members", allMembers],
  ["tencent-cls-topic-retention", retention],
  [
    "tencent-kms-key-rotation",
    switched({
      title: "Rotate the key every year",
      on: "kms:EnableKeyRotation",
      off: "kms:DisableKeyRotation",
      request: ({ resource }) => ({ KeyId: resource.id }),
      expected: () => ({ key_rotation_enabled: true }),
    }),
  ],
  [
    "tencent-mysql-public-access",
    switched({
      title: "Close the public address",
      on: "cdb:CloseWanService",
      off: "cdb:OpenWanService",
      request: instance,
      expected: () => ({ internet_service: 0 }),
      lost: newAddress,
    }),
  ],
  [
    "tencent-mysql-ssl",
    switched({
      title: "Turn on SSL",
      on: "cdb:OpenSSL",
      off: "cdb:CloseSSL",
      request: instance,
      type: "tencentcloud_mysql_ssl",
      expected: () => ({ status: "ON" }),
      settled: { action: "cdb:DescribeSSLStatus", path: "Status", on: ["ON"], off: ["OFF"] },
    }),
  ],
  ["tencent-mysql-audit", audit],
  [
    "tencent-postgresql-public-access",
    switched({
      title: "Close the public address",
      on: "postgres:CloseDBExtranetAccess",
      off: "postgres:OpenDBExtranetAccess",
      request: ({ resource }) => ({ DBInstanceId: resource.id }),
      expected: () => ({ public_access_switch: false }),
      lost: newAddress,
    }),
  ],
  [
    "tencent-postgresql-ssl",
    switched({
      title: "Turn on SSL",
      on: "postgres:ModifyDBInstanceSSLConfig",
      off: "postgres:ModifyDBInstanceSSLConfig",
      request: ({ resource }) => ({ DBInstanceId: resource.id }),
      more: { on: { SSLEnabled: true }, off: { SSLEnabled: false } },
      type: "tencentcloud_postgresql_instance_ssl_config",
      expected: () => ({ ssl_enabled: true }),
      settled: { action: "postgres:DescribeDBInstanceSSLConfig", path: "SSLEnabled", on: [true], off: [false] },
    }),
  ],
  [
    "tencent-postgresql-delete-protection",
    switched({
      title: "Turn on deletion protection",
      on: "postgres:ModifyDBInstanceDeletionProtection",
      off: "postgres:ModifyDBInstanceDeletionProtection",
      request: ({ resource }) => ({ DBInstanceId: resource.id }),
      more: { on: { DeletionProtection: true }, off: { DeletionProtection: false } },
      expected: () => ({ delete_protection: true }),
    }),
  ],
  [
    "tencent-redis-public-access",
    switched({
      title: "Close the public address",
      on: "redis:ReleaseWanAddress",
      off: "redis:AllocateWanAddress",
      request: instance,
      expected: () => ({ wan_address_switch: "close" }),
      lost: newAddress,
    }),
  ],
  [
    "tencent-redis-ssl",
    switched({
      title: "Turn on SSL",
      on: "redis:OpenSSL",
      off: "redis:CloseSSL",
      request: instance,
      type: "tencentcloud_redis_ssl",
      expected: () => ({ ssl_config: "enabled" }),
      settled: { action: "redis:DescribeSSLStatus", path: "SSLConfig", on: [true], off: [false] },
    }),
  ],
  [
    "tencent-tcr-public-access",
    switched({
      title: "Close the public endpoint",
      on: "tcr:ManageExternalEndpoint",
      off: "tcr:ManageExternalEndpoint",
      request: ({ resource }) => ({ RegistryId: resource.id }),
      more: { on: { Operation: "Delete" }, off: { Operation: "Create" } },
      expected: () => ({ open_public_operation: false }),
      lost: "Allowed addresses have to be entered again.",
    }),
  ],
  [
    "tencent-tke-deletion-protection",
    switched({
      title: "Turn on deletion protection",
      on: "tke:EnableClusterDeletionProtection",
      off: "tke:DisableClusterDeletionProtection",
      request: cluster,
      expected: () => ({ deletion_protection: true }),
    }),
  ],
  [
    "tencent-tke-audit",
    switched({
      title: "Turn on the audit log",
      on: "tke:EnableClusterAudit",
      off: "tke:DisableClusterAudit",
      request: cluster,
      expected: ({ resource }) => {
        const was = resource.attributes["cluster_audit"];
        return { cluster_audit: { ...(isJsonObject(was) ? was : {}), enabled: true } };
      },
    }),
  ],
  [
    "tencent-tke-public-endpoint",
    (before) => {
      const { resource, region } = before;
      const group = resource.attributes["cluster_internet_security_group"];
      return setting(
        "Close the public endpoint",
        apiCall("tke:DeleteClusterEndpoint", region, { ...cluster(before), IsExtranet: true }),
        apiCall("tke:CreateClusterEndpoint", region, {
          ...cluster(before),
          IsExtranet: true,
          ...(textOf(group) === undefined ? {} : { SecurityGroup: group ?? null }),
        }),
        { type: resource.type, id: resource.id, attributes: { cluster_internet: false } },
        newAddress,
      );
    },
  ],
];
