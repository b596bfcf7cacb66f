import { isJsonObject, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { apis } from "./operations.ts";
import type { Recorded } from "./state.ts";

/*
 * Operations that change the account, by the API documentation: what they take, and what they do to what the account answers. Nothing
 * of it comes from the client.
 */

type Open = Record<string, Json>;

/** Refused in the API's own way. */
export class ChangeRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** What a running double answers, which operations may change. */
export class Records {
  readonly #recorded: Map<string, Recorded[]>;
  readonly #region: string | undefined;

  constructor(recorded: Map<string, Recorded[]>, region: string | undefined) {
    this.#recorded = recorded;
    this.#region = region;
  }

  #of(operation: string): readonly Recorded[] {
    return (this.#recorded.get(operation) ?? []).filter(
      ({ region }) => region === undefined || this.#region === undefined || region === this.#region,
    );
  }

  items(operation: string, of: Readonly<Record<string, string>> = {}): readonly Open[] {
    return this.#of(operation)
      .filter((each) => Object.entries(of).every(([name, value]) => each.of?.[name] === undefined || each.of[name] === value))
      .flatMap(({ items }) => (items ?? []) as readonly Open[]);
  }

  /** One of the list, by a member. Throws ChangeRefused. */
  item(operation: string, member: string, value: string | null): Open {
    const found = this.items(operation).find((each) => each[member] === value);
    if (found === undefined) throw new ChangeRefused(404, `Invalid${member}.NotFound`, `${member} ${value ?? ""} does not exist.`);
    return found;
  }

  /** Puts into the list of what was recorded for these parameters, or anew. */
  add(operation: string, item: JsonObject, of: Readonly<Record<string, string>> = {}): void {
    const found = this.#of(operation).find((each) => Object.entries(of).every(([name, value]) => each.of?.[name] === value));
    if (found?.items !== undefined) (found.items as Json[]).push(item);
    else this.#put({ operation, items: [item], of, ...(this.#region === undefined ? {} : { region: this.#region }) });
  }

  remove(operation: string, wanted: (item: JsonObject) => boolean, of: Readonly<Record<string, string>> = {}): void {
    const asked = this.#of(operation).filter((each) =>
      Object.entries(of).every(([name, value]) => each.of?.[name] === undefined || each.of[name] === value),
    );
    for (const { items } of asked) {
      const index = (items ?? []).findIndex((item) => isJsonObject(item) && wanted(item));
      if (index >= 0) {
        (items as Json[]).splice(index, 1);
        return;
      }
    }
    throw new ChangeRefused(404, "EntityNotExist", "It does not exist.");
  }

  /** The answer for these parameters, made where there is none. */
  body(operation: string, of: Readonly<Record<string, string>> = {}): Open {
    const all = this.#of(operation);
    const found = all.find(
      (each) => each.body !== undefined && Object.entries(of).every(([name, value]) => each.of?.[name] === value),
    );
    if (found?.body !== undefined) return found.body;
    const common = all.find((each) => each.body !== undefined && each.of === undefined);
    const body = structuredClone(common?.body ?? {});
    this.#put({ operation, body, of, ...(this.#region === undefined ? {} : { region: this.#region }) });
    return body;
  }

  #put(made: Recorded): void {
    this.#recorded.set(made.operation, [made, ...(this.#recorded.get(made.operation) ?? [])]);
  }
}

interface Change {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  readonly run: (records: Records, parameters: URLSearchParams) => JsonObject;
}

const text = (parameters: URLSearchParams, name: string): string => parameters.get(name) ?? "";
const flag = (parameters: URLSearchParams, name: string): boolean => parameters.get(name) === "true";

/** Sets members of what an operation answers about one thing. */
function sets(
  operation: string,
  id: string,
  members: (parameters: URLSearchParams, body: Open) => JsonObject,
  optional: readonly string[],
): Change {
  return {
    required: [id],
    optional,
    run: (records, parameters) => {
      const body = records.body(operation, { [id]: text(parameters, id) });
      Object.assign(body, members(parameters, body));
      return {};
    },
  };
}

/** Sets members of one of a list. */
function setsItem(
  operation: string,
  member: string,
  parameter: string,
  members: (parameters: URLSearchParams, item: Open) => JsonObject,
  optional: readonly string[],
): Change {
  return {
    required: [parameter],
    optional: ["RegionId", ...optional],
    run: (records, parameters) => {
      const item = records.item(operation, member, parameters.get(parameter));
      Object.assign(item, members(parameters, item));
      return {};
    },
  };
}

/** A list of addresses, by its name. */
function list(operation: string, id: string, name: string, entries: string, parameter: string): Change {
  return {
    required: [id, "SecurityIps"],
    optional: [parameter, "ModifyMode"],
    run: (records, parameters) => {
      const of = { [id]: text(parameters, id) };
      const group = records.items(operation, of).find((each) => each[name] === text(parameters, parameter));
      if (group === undefined) throw new ChangeRefused(404, "InvalidSecurityIPList.NotFound", "The list does not exist.");
      group[entries] = text(parameters, "SecurityIps");
      return {};
    },
  };
}

const passwordFlags = [
  "RequireLowercaseCharacters",
  "RequireUppercaseCharacters",
  "RequireNumbers",
  "RequireSymbols",
  "HardExpiry",
];
const passwordNumbers = ["MinimumPasswordLength", "MaxPasswordAge", "PasswordReusePrevention", "MaxLoginAttemps"];

/** By section of the answer. */
const preferences: Readonly<Record<string, readonly string[]>> = {
  LoginProfilePreference: [
    "MFAOperationForLogin",
    "AllowUserToChangePassword",
    "AllowUserToLoginWithPasskey",
    "EnableSaveMFATicket",
    "LoginNetworkMasks",
    "LoginSessionDuration",
    "OperationForRiskLogin",
  ],
  AccessKeyPreference: ["AllowUserToManageAccessKeys"],
  MFAPreference: ["AllowUserToManageMFADevices"],
  MaxIdleDays: ["MaxIdleDaysForAccessKeys", "MaxIdleDaysForUsers"],
};

const permissionMembers = [
  "IpProtocol",
  "PortRange",
  "Policy",
  "Priority",
  "NicType",
  "Description",
  "SourceCidrIp",
  "Ipv6SourceCidrIp",
  "SourceGroupId",
  "SourceGroupOwnerAccount",
  "SourcePrefixListId",
];

let made = 0;

export const changes: Readonly<Record<string, Change>> = {
  "ecs:ModifyInstanceAttribute": setsItem(
    "ecs:DescribeInstances",
    "InstanceId",
    "InstanceId",
    (its) => ({ DeletionProtection: flag(its, "DeletionProtection") }),
    ["DeletionProtection"],
  ),
  "ecs:ModifyInstanceMetadataOptions": setsItem(
    "ecs:DescribeInstances",
    "InstanceId",
    "InstanceId",
    (its, item) => ({
      MetadataOptions: {
        ...(isJsonObject(item["MetadataOptions"]) ? item["MetadataOptions"] : {}),
        HttpEndpoint: text(its, "HttpEndpoint"),
        HttpTokens: text(its, "HttpTokens"),
      },
    }),
    ["HttpEndpoint", "HttpTokens"],
  ),
  "ecs:ModifyImageSharePermission": setsItem(
    "ecs:DescribeImages",
    "ImageId",
    "ImageId",
    (its) => ({ IsPublic: flag(its, "IsPublic") }),
    ["IsPublic"],
  ),
  "ecs:ApplyAutoSnapshotPolicy": {
    required: ["regionId", "autoSnapshotPolicyId", "diskIds"],
    run: (records, its) => {
      for (const disk of JSON.parse(text(its, "diskIds")) as readonly string[])
        Object.assign(records.item("ecs:DescribeDisks", "DiskId", disk), {
          AutoSnapshotPolicyId: text(its, "autoSnapshotPolicyId"),
          EnableAutomatedSnapshotPolicy: true,
        });
      return {};
    },
  },
  "ecs:CancelAutoSnapshotPolicy": {
    required: ["regionId", "diskIds"],
    run: (records, its) => {
      for (const disk of JSON.parse(text(its, "diskIds")) as readonly string[])
        Object.assign(records.item("ecs:DescribeDisks", "DiskId", disk), {
          AutoSnapshotPolicyId: "",
          EnableAutomatedSnapshotPolicy: false,
        });
      return {};
    },
  },
  "ecs:RevokeSecurityGroup": {
    required: ["RegionId", "SecurityGroupId"],
    optional: ["SecurityGroupRuleId.1", ...permissionMembers.map((name) => `Permissions.1.${name}`)],
    run: (records, its) => {
      const id = its.get("SecurityGroupRuleId.1");
      const group = text(its, "SecurityGroupId");
      if (records.items("ecs:DescribeSecurityGroupAttribute", { SecurityGroupId: group }).length === 0)
        throw new ChangeRefused(404, "InvalidSecurityGroupId.NotFound", "The group does not exist.");
      records.remove("ecs:DescribeSecurityGroupAttribute", (rule) =>
        id === null
          ? permissionMembers.every((name) => !its.has(`Permissions.1.${name}`) || rule[name] === its.get(`Permissions.1.${name}`))
          : rule["SecurityGroupRuleId"] === id,
      );
      return {};
    },
  },
  "ecs:AuthorizeSecurityGroup": {
    required: ["RegionId", "SecurityGroupId", "Permissions.1.IpProtocol", "Permissions.1.PortRange"],
    optional: permissionMembers.map((name) => `Permissions.1.${name}`),
    run: (records, its) => {
      // What was not given is answered as empty.
      const given = permissionMembers.map((name) => [name, its.get(`Permissions.1.${name}`) ?? ""] as const);
      const rule = {
        ...Object.fromEntries(given),
        SecurityGroupRuleId: `sgr-made${String(++made).padStart(4, "0")}`,
        Direction: "ingress",
      };
      records.add("ecs:DescribeSecurityGroupAttribute", rule, { SecurityGroupId: text(its, "SecurityGroupId") });
      return {};
    },
  },
  "vpc:CreateFlowLog": {
    required: ["RegionId", "FlowLogName", "ResourceId", "ResourceType", "TrafficType", "ProjectName", "LogStoreName"],
    run: (records, its) => {
      const FlowLogId = `fl-made${String(++made).padStart(4, "0")}`;
      const given = ["FlowLogName", "ResourceId", "ResourceType", "TrafficType", "ProjectName", "LogStoreName"];
      records.add("vpc:DescribeFlowLogs", {
        ...Object.fromEntries(given.map((name) => [name, text(its, name)])),
        FlowLogId,
        Status: "Active",
        RegionId: text(its, "RegionId"),
      });
      return { FlowLogId, Success: "true" };
    },
  },
  "vpc:DeleteFlowLog": {
    required: ["RegionId", "FlowLogId"],
    run: (records, its) => {
      records.remove("vpc:DescribeFlowLogs", (log) => log["FlowLogId"] === text(its, "FlowLogId"));
      return { Success: "true" };
    },
  },
  "slb:SetLoadBalancerDeleteProtection": {
    required: ["RegionId", "LoadBalancerId", "DeleteProtection"],
    run: (records, its) => {
      const [LoadBalancerId, DeleteProtection] = [text(its, "LoadBalancerId"), text(its, "DeleteProtection")];
      records.item("slb:DescribeLoadBalancers", "LoadBalancerId", LoadBalancerId);
      records.body("slb:DescribeLoadBalancerAttribute", { LoadBalancerId })["DeleteProtection"] = DeleteProtection;
      return {};
    },
  },
  "slb:SetLoadBalancerHTTPSListenerAttribute": {
    required: ["RegionId", "LoadBalancerId", "ListenerPort"],
    optional: ["TLSCipherPolicy"],
    run: (records, its) => {
      const listener = records
        .items("slb:DescribeLoadBalancerListeners")
        .find(
          (each) =>
            each["LoadBalancerId"] === text(its, "LoadBalancerId") &&
            String(each["ListenerPort"] as number) === text(its, "ListenerPort"),
        );
      if (listener === undefined) throw new ChangeRefused(404, "InvalidListenerPort.NotFound", "The listener does not exist.");
      const config = isJsonObject(listener["HTTPSListenerConfig"]) ? listener["HTTPSListenerConfig"] : {};
      listener["HTTPSListenerConfig"] = { ...config, TLSCipherPolicy: text(its, "TLSCipherPolicy") };
      return {};
    },
  },
  "alb:UpdateListenerAttribute": setsItem(
    "alb:ListListeners",
    "ListenerId",
    "ListenerId",
    (its) => ({ SecurityPolicyId: text(its, "SecurityPolicyId") }),
    ["SecurityPolicyId"],
  ),
  "alb:EnableLoadBalancerAccessLog": sets(
    "alb:GetLoadBalancerAttribute",
    "LoadBalancerId",
    (its) => ({ AccessLogConfig: { LogProject: text(its, "LogProject"), LogStore: text(its, "LogStore") } }),
    ["LogProject", "LogStore"],
  ),
  "alb:DisableLoadBalancerAccessLog": sets("alb:GetLoadBalancerAttribute", "LoadBalancerId", () => ({ AccessLogConfig: {} }), []),
  "ram:SetPasswordPolicy": {
    required: [],
    optional: [...passwordFlags, ...passwordNumbers],
    run: (records, its) => {
      // Members that are not sent go back to their defaults.
      const flags = passwordFlags.map((name) => [name, flag(its, name)] as const);
      const numbers = passwordNumbers.map((name) => [name, Number(its.get(name) ?? 0)] as const);
      const PasswordPolicy: JsonObject = { ...Object.fromEntries(flags), ...Object.fromEntries(numbers) };
      records.body("ram:GetPasswordPolicy")["PasswordPolicy"] = PasswordPolicy;
      return { PasswordPolicy };
    },
  },
  "ims:SetSecurityPreference": {
    required: [],
    optional: Object.values(preferences).flat(),
    run: (records, its) => {
      const body = records.body("ims:GetSecurityPreference");
      const preference = (body["SecurityPreference"] ??= {}) as Open;
      for (const [section, names] of Object.entries(preferences)) {
        const members: Open = { ...(isJsonObject(preference[section]) ? preference[section] : {}) };
        for (const name of names.filter((each) => its.has(each))) {
          const value = text(its, name);
          members[name] = value === "true" ? true : value === "false" ? false : /^\d+$/.test(value) ? Number(value) : value;
          // The older name says the same.
          if (name === "MFAOperationForLogin" && "EnforceMFAForLogin" in members)
            members["EnforceMFAForLogin"] = value === "mandatory";
        }
        preference[section] = members;
      }
      return {};
    },
  },
  "ram:UpdateLoginProfile": {
    required: ["UserName"],
    optional: ["MFABindRequired", "PasswordResetRequired"],
    run: (records, its) => {
      const body = records.body("ram:GetLoginProfile", { UserName: text(its, "UserName") });
      const { LoginProfile: profile } = body;
      if (!isJsonObject(profile)) throw new ChangeRefused(404, "EntityNotExist.User.LoginProfile", "login policy not exists");
      const given = ["MFABindRequired", "PasswordResetRequired"].filter((name) => its.has(name));
      body["LoginProfile"] = { ...profile, ...Object.fromEntries(given.map((name) => [name, flag(its, name)])) };
      return {};
    },
  },
  "ram:UpdateAccessKey": {
    required: ["UserAccessKeyId", "Status"],
    optional: ["UserName"],
    run: (records, its) => {
      const all = records.items("ram:ListAccessKeys", { UserName: text(its, "UserName") });
      const key = all.find((each) => each["AccessKeyId"] === text(its, "UserAccessKeyId"));
      if (key === undefined) throw new ChangeRefused(404, "EntityNotExist.User.AccessKey", "access key not exists");
      key["Status"] = text(its, "Status");
      return {};
    },
  },
  "ram:AttachPolicyToUser": attach(true),
  "ram:DetachPolicyFromUser": attach(false),
  "actiontrail:UpdateTrail": {
    required: ["Name"],
    optional: ["EventRW", "TrailRegion"],
    run: (records, its) => {
      const trail = trailOf(records, text(its, "Name"));
      for (const name of ["EventRW", "TrailRegion"]) if (its.has(name)) trail[name] = text(its, name);
      return { Name: text(its, "Name") };
    },
  },
  "actiontrail:StartLogging": { required: ["Name"], run: (records, its) => status(records, its, "Enable") },
  "actiontrail:StopLogging": { required: ["Name"], run: (records, its) => status(records, its, "Disable") },
  "kms:UpdateRotationPolicy": {
    required: ["KeyId", "EnableAutomaticRotation"],
    optional: ["RegionId", "RotationInterval"],
    run: (records, its) => {
      const key = records.body("kms:DescribeKey", { KeyId: text(its, "KeyId") })["KeyMetadata"] as Open;
      key["AutomaticRotation"] = flag(its, "EnableAutomaticRotation") ? "Enabled" : "Disabled";
      return {};
    },
  },
  "rds:ModifySecurityIps": list(
    "rds:DescribeDBInstanceIPArrayList",
    "DBInstanceId",
    "DBInstanceIPArrayName",
    "SecurityIPList",
    "DBInstanceIPArrayName",
  ),
  "kvstore:ModifySecurityIps": list(
    "kvstore:DescribeSecurityIps",
    "InstanceId",
    "SecurityIpGroupName",
    "SecurityIpList",
    "SecurityIpGroupName",
  ),
  "dds:ModifySecurityIps": list(
    "dds:DescribeSecurityIps",
    "DBInstanceId",
    "SecurityIpGroupName",
    "SecurityIpList",
    "SecurityIpGroupName",
  ),
  "polardb:ModifyDBClusterAccessWhitelist": list(
    "polardb:DescribeDBClusterAccessWhitelist",
    "DBClusterId",
    "DBClusterIPArrayName",
    "SecurityIps",
    "DBClusterIPArrayName",
  ),
  "rds:ModifyDBInstanceDeletionProtection": setsItem(
    "rds:DescribeDBInstances",
    "DBInstanceId",
    "DBInstanceId",
    (its) => ({ DeletionProtection: flag(its, "DeletionProtection") }),
    ["DeletionProtection"],
  ),
  "rds:ModifyDBInstanceSSL": sets(
    "rds:DescribeDBInstanceSSL",
    "DBInstanceId",
    (its) => ({ SSLEnabled: text(its, "SSLEnabled") === "1" ? "Yes" : "No" }),
    ["ConnectionString", "SSLEnabled"],
  ),
  "rds:ModifyDBInstanceTDE": sets("rds:DescribeDBInstanceTDE", "DBInstanceId", () => ({ TDEStatus: "Enabled" }), ["TDEStatus"]),
  "rds:ModifySQLCollectorPolicy": sets(
    "rds:DescribeSQLCollectorPolicy",
    "DBInstanceId",
    (its) => ({ SQLCollectorStatus: text(its, "SQLCollectorStatus") }),
    ["SQLCollectorStatus"],
  ),
  "rds:ModifyParameter": {
    required: ["DBInstanceId", "Parameters"],
    run: (records, its) => {
      const running = records.items("rds:DescribeParameters", { DBInstanceId: text(its, "DBInstanceId") });
      for (const [name, value] of Object.entries(JSON.parse(text(its, "Parameters")) as Record<string, string>)) {
        const parameter = running.find((each) => each["ParameterName"] === name);
        if (parameter === undefined) throw new ChangeRefused(400, "InvalidParameters.Format", `${name} is not known.`);
        parameter["ParameterValue"] = value;
      }
      return {};
    },
  },
  "rds:ReleaseInstancePublicConnection": {
    required: ["DBInstanceId", "CurrentConnectionString"],
    run: (records, its) => {
      const wanted = (net: JsonObject): boolean => net["ConnectionString"] === text(its, "CurrentConnectionString");
      records.remove("rds:DescribeDBInstanceNetInfo", wanted, { DBInstanceId: text(its, "DBInstanceId") });
      return {};
    },
  },
  "rds:AllocateInstancePublicConnection": {
    required: ["DBInstanceId", "ConnectionStringPrefix", "Port"],
    run: (records, its) => {
      const net = {
        ConnectionString: `${text(its, "ConnectionStringPrefix")}.pg.rds.aliyuncs.com`,
        IPType: "Public",
        IPAddress: "203.0.113.99",
        Port: text(its, "Port"),
      };
      records.add("rds:DescribeDBInstanceNetInfo", net, { DBInstanceId: text(its, "DBInstanceId") });
      return {};
    },
  },
  "kvstore:ModifyInstanceSSL": sets(
    "kvstore:DescribeInstanceSSL",
    "InstanceId",
    (its) => ({ SSLEnabled: text(its, "SSLEnabled") }),
    ["SSLEnabled"],
  ),
  "kvstore:ModifyInstanceVpcAuthMode": {
    required: ["InstanceId", "VpcAuthMode"],
    run: (records, its) => {
      const of = { InstanceId: text(its, "InstanceId") };
      for (const each of records.items("kvstore:DescribeInstanceAttribute", of)) each["VpcAuthMode"] = text(its, "VpcAuthMode");
      return {};
    },
  },
  "dds:ModifyDBInstanceSSL": sets(
    "dds:DescribeDBInstanceSSL",
    "DBInstanceId",
    (its) => ({ SSLStatus: text(its, "SSLAction") === "Open" ? "Open" : "Closed" }),
    ["SSLAction"],
  ),
  "nas:ModifyAccessRule": {
    required: ["AccessGroupName", "AccessRuleId"],
    optional: ["SourceCidrIp", "RWAccessType", "UserAccessType", "Priority", "FileSystemType"],
    run: (records, its) => {
      const of = { AccessGroupName: text(its, "AccessGroupName") };
      const rule = [...records.items("nas:DescribeAccessRules", of)].find(
        (each) => each["AccessRuleId"] === text(its, "AccessRuleId"),
      );
      if (rule === undefined) throw new ChangeRefused(404, "InvalidAccessRule.NotFound", "The rule does not exist.");
      rule["SourceCidrIp"] = text(its, "SourceCidrIp");
      return {};
    },
  },
};

function trailOf(records: Records, name: string): Open {
  const found = records.items("actiontrail:DescribeTrails").find((each) => each["Name"] === name);
  if (found === undefined) throw new ChangeRefused(404, "TrailNotFoundException", "The trail does not exist.");
  return found;
}

function status(records: Records, its: URLSearchParams, value: string): JsonObject {
  trailOf(records, text(its, "Name"))["Status"] = value;
  return {};
}

function attach(isAttached: boolean): Change {
  return {
    required: ["PolicyType", "PolicyName", "UserName"],
    run: (records, its) => {
      const of = { UserName: text(its, "UserName") };
      const [PolicyName, PolicyType] = [text(its, "PolicyName"), text(its, "PolicyType")];
      if (isAttached) records.add("ram:ListPoliciesForUser", { PolicyName, PolicyType, DefaultVersion: "v1" }, of);
      else records.remove("ram:ListPoliciesForUser", (each) => each["PolicyName"] === PolicyName, of);
      return {};
    },
  };
}

/** Of every request of the gateway. */
const common = new Set(
  "Action Format Version AccessKeyId Signature SignatureMethod SignatureVersion SignatureNonce Timestamp SecurityToken RegionId".split(
    " ",
  ),
);

/** Runs it. Throws ChangeRefused. */
export function change(records: Records, key: string, parameters: URLSearchParams): JsonObject {
  const known = changes[key];
  if (known === undefined || !Object.hasOwn(apis, key.split(":")[0] ?? ""))
    throw new ChangeRefused(404, "InvalidAction.NotFound", "no such operation");
  const missing = known.required.find((name) => (parameters.get(name) ?? "") === "");
  if (missing !== undefined) throw new ChangeRefused(400, `Missing${missing}`, `${missing} is mandatory for this action.`);
  const strange = [...parameters.keys()].find(
    (name) => !common.has(name) && !known.required.includes(name) && known.optional?.includes(name) !== true,
  );
  if (strange !== undefined)
    throw new ChangeRefused(400, "UnsupportedParameter", `The double knows no parameter ${strange} of ${key}.`);
  return known.run(records, parameters);
}
