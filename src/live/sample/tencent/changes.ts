import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { operations } from "./operations.ts";
import type { StateAnswer } from "./double.ts";

/*
 * Calls that change the account, by the API documentation: what they take, and what they do to what the account answers. Nothing of it
 * comes from the client.
 */

type Open = Record<string, Json>;

/** Refused in the API's own way. */
export class ApiError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The answers of one started double, which calls may change. */
export class Answers {
  readonly all: readonly StateAnswer[];

  constructor(answers: readonly StateAnswer[]) {
    this.all = structuredClone(answers);
  }

  replace(answers: readonly StateAnswer[]): void {
    (this.all as StateAnswer[]).splice(0, this.all.length, ...answers);
  }

  /** Things in the list of an action's answers. */
  items(action: string): readonly Open[] {
    const path = operations[action]?.list ?? "";
    return this.all
      .filter((each) => each.action === action)
      .flatMap(({ answer }) => listAt(answer, path).filter(isJsonObject) as Open[]);
  }

  /** The one whose member has the value. Throws ApiError where there is none. */
  item(action: string, member: string, value: Json | undefined): Open {
    const found = this.items(action).find((each) => each[member] === value);
    if (found === undefined) throw new ApiError("ResourceNotFound", `${member} ${JSON.stringify(value)} is not found.`);
    return found;
  }

  /** What an action answers to these parameters; made where there is none. */
  answer(action: string, when: JsonObject): Open {
    const found = this.all.find(
      (each) => each.action === action && Object.entries(when).every(([name, value]) => each.when?.[name] === value),
    );
    if (found !== undefined) return found.answer;
    const made: StateAnswer = { action, when, answer: {} };
    (this.all as StateAnswer[]).push(made);
    return made.answer;
  }

  /** The list of an action's first fitting answer. */
  list(action: string, when: JsonObject = {}): Open[] {
    const path = operations[action]?.list ?? "";
    const names = path.split(".");
    let place = this.answer(action, when);
    for (const name of names.slice(0, -1)) place = (place[name] ??= {}) as Open;
    return (place[names.at(-1) ?? ""] ??= []) as Open[];
  }
}

function listAt(answer: JsonObject, path: string): readonly Json[] {
  let value: Json | undefined = answer;
  for (const step of path.split(".")) value = isJsonObject(value) ? value[step] : undefined;
  return isJsonList(value) ? value : [];
}

interface Change {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  readonly run: (state: Answers, parameters: JsonObject, region: string) => JsonObject;
}

/** Sets members of one thing in a list. */
function sets(
  list: string,
  member: string,
  parameter: string,
  members: (parameters: JsonObject) => JsonObject,
  optional: readonly string[] = [],
): Change {
  return {
    required: [parameter],
    optional,
    run: (state, parameters) => {
      const given = parameters[parameter];
      for (const value of isJsonList(given) ? given : [given]) Object.assign(state.item(list, member, value), members(parameters));
      return {};
    },
  };
}

/** Sets members of what an action answers for one thing. */
function answers(
  action: string,
  parameter: string,
  members: (parameters: JsonObject) => JsonObject,
  more: readonly string[] = [],
): Change {
  return {
    required: [parameter],
    optional: more,
    run: (state, parameters) => {
      Object.assign(state.answer(action, { [parameter]: parameters[parameter] ?? null }), members(parameters));
      return {};
    },
  };
}

const task: JsonObject = { AsyncRequestId: "00000000-0000-4000-8000-000000000000" };
const asynchronous = (change: Change): Change => ({ ...change, run: (...all) => ({ ...change.run(...all), ...task }) });

function policies(parameters: JsonObject): { readonly direction: "Ingress" | "Egress"; readonly rules: readonly JsonObject[] } {
  const set = parameters["SecurityGroupPolicySet"];
  const its = isJsonObject(set) ? set : {};
  const directions = (["Ingress", "Egress"] as const).filter((name) => isJsonList(its[name]) && its[name].length > 0);
  const [direction, other] = directions;
  if (direction === undefined || other !== undefined)
    throw new ApiError("InvalidParameter.Coexist", "Rules of one direction have to be given, and of one only.");
  return { direction, rules: (its[direction] as readonly Json[]).filter(isJsonObject) };
}

/** The rules of a group in their order, with their places. */
function rulesOf(state: Answers, group: Json | undefined, direction: string): Open[] {
  const set = state.answer("vpc:DescribeSecurityGroupPolicies", { SecurityGroupId: group ?? null })["SecurityGroupPolicySet"] as
    Open | undefined;
  if (set === undefined) throw new ApiError("ResourceNotFound", "The security group is not found.");
  set["Version"] = String(Number(set["Version"]) + 1);
  return (set[direction] ??= []) as Open[];
}

function numbered(rules: Open[]): void {
  for (const [index, rule] of rules.entries()) rule["PolicyIndex"] = index;
}

const flags = (parameters: JsonObject): JsonObject =>
  Object.fromEntries(
    ["LoginFlag", "ActionFlag"].flatMap((name) => {
      const its = parameters[name];
      return isJsonObject(its) ? [[name, { Phone: 0, Token: 0, Stoken: 0, Wechat: 0, Custom: 0, ...its }] as const] : [];
    }),
  );

let made = 0;

export const changes: Readonly<Record<string, Change>> = {
  "cam:UpdatePasswordRules": {
    required: ["Rules"],
    run: (state, { Rules = null }) => {
      state.answer("cam:GetPasswordRules", {})["Rules"] = Rules;
      return {};
    },
  },
  "cam:SetMfaFlag": {
    required: ["OpUin"],
    optional: ["LoginFlag", "ActionFlag"],
    run: (state, parameters) => {
      Object.assign(state.answer("cam:DescribeSafeAuthFlagColl", { SubUin: parameters["OpUin"] ?? null }), flags(parameters));
      return {};
    },
  },
  "cam:UpdateAccessKey": {
    required: ["AccessKeyId", "Status"],
    optional: ["TargetUin"],
    run: (state, { AccessKeyId, Status = null, TargetUin }) => {
      if (Status !== "Active" && Status !== "Inactive")
        throw new ApiError("InvalidParameter.ParamError", "Status is Active or Inactive.");
      const key = state
        .list("cam:ListAccessKeys", { TargetUin: TargetUin ?? null })
        .find((each) => each["AccessKeyId"] === AccessKeyId);
      if (key === undefined) throw new ApiError("ResourceNotFound.SecretNotExist", "The key is not found.");
      key["Status"] = Status;
      return {};
    },
  },
  "cam:AttachUserPolicy": {
    required: ["PolicyId", "AttachUin"],
    run: (state, { PolicyId = null, AttachUin = null }) => {
      state.list("cam:ListAttachedUserPolicies", { TargetUin: AttachUin }).push(policyOf(state, PolicyId));
      return {};
    },
  },
  "cam:DetachUserPolicy": {
    required: ["PolicyId", "DetachUin"],
    run: (state, { PolicyId = null, DetachUin = null }) => {
      remove(state.list("cam:ListAttachedUserPolicies", { TargetUin: DetachUin }), "PolicyId", PolicyId);
      return {};
    },
  },
  "cam:AttachRolePolicy": {
    required: ["PolicyId", "AttachRoleId"],
    run: (state, { PolicyId = null, AttachRoleId = null }) => {
      state.list("cam:ListAttachedRolePolicies", { RoleId: AttachRoleId }).push(policyOf(state, PolicyId));
      return {};
    },
  },
  "cam:DetachRolePolicy": {
    required: ["PolicyId", "DetachRoleId"],
    run: (state, { PolicyId = null, DetachRoleId = null }) => {
      remove(state.list("cam:ListAttachedRolePolicies", { RoleId: DetachRoleId }), "PolicyId", PolicyId);
      return {};
    },
  },
  "cam:UpdateUser": sets("cam:ListUsers", "Name", "Name", ({ ConsoleLogin = null }) => ({ ConsoleLogin }), ["ConsoleLogin"]),
  "cam:UpdateRoleConsoleLogin": {
    required: ["ConsoleLogin", "RoleName"],
    run: (state, { ConsoleLogin = null, RoleName }) => {
      state.item("cam:DescribeRoleList", "RoleName", RoleName)["ConsoleLogin"] = ConsoleLogin;
      return {};
    },
  },
  "cam:UpdateRoleSessionDuration": sets(
    "cam:DescribeRoleList",
    "RoleName",
    "RoleName",
    ({ SessionDuration = null }) => ({ SessionDuration }),
    ["SessionDuration"],
  ),
  "cbs:BindAutoSnapshotPolicy": {
    required: ["AutoSnapshotPolicyId", "DiskIds"],
    run: (state, { AutoSnapshotPolicyId = null, DiskIds = [] }) => {
      for (const DiskId of isJsonList(DiskIds) ? DiskIds : []) {
        const bound = state.answer("cbs:DescribeDiskAssociatedAutoSnapshotPolicy", { DiskId });
        ((bound["AutoSnapshotPolicySet"] ??= []) as Json[]).push({
          AutoSnapshotPolicyId,
          AutoSnapshotPolicyName: "daily",
          IsActivated: true,
        });
      }
      return {};
    },
  },
  "cbs:UnbindAutoSnapshotPolicy": {
    required: ["AutoSnapshotPolicyId", "DiskIds"],
    run: (state, { AutoSnapshotPolicyId = null, DiskIds = [] }) => {
      for (const DiskId of isJsonList(DiskIds) ? DiskIds : []) {
        const bound = state.answer("cbs:DescribeDiskAssociatedAutoSnapshotPolicy", { DiskId });
        remove((bound["AutoSnapshotPolicySet"] ??= []) as Open[], "AutoSnapshotPolicyId", AutoSnapshotPolicyId);
      }
      return {};
    },
  },
  "cdb:CloseWanService": asynchronous(sets("cdb:DescribeDBInstances", "InstanceId", "InstanceId", () => ({ WanStatus: 2 }))),
  "cdb:OpenWanService": asynchronous(sets("cdb:DescribeDBInstances", "InstanceId", "InstanceId", () => ({ WanStatus: 1 }))),
  "cdb:OpenSSL": asynchronous(answers("cdb:DescribeSSLStatus", "InstanceId", () => ({ Status: "ON" }))),
  "cdb:CloseSSL": asynchronous(answers("cdb:DescribeSSLStatus", "InstanceId", () => ({ Status: "OFF" }))),
  "cdb:OpenAuditService": {
    required: ["InstanceId", "LogExpireDay"],
    optional: ["AuditAll", "HighLogExpireDay"],
    run: (state, { InstanceId = null, LogExpireDay = null, AuditAll = null }) => {
      state
        .list("cdb:DescribeAuditInstanceList")
        .push({ InstanceId, AuditStatus: "ON", AuditTask: 0, LogExpireDay, HighLogExpireDay: 7, AuditAll });
      return {};
    },
  },
  "cdb:CloseAuditService": {
    required: ["InstanceId"],
    run: (state, { InstanceId = null }) => {
      remove(state.list("cdb:DescribeAuditInstanceList"), "InstanceId", InstanceId);
      return {};
    },
  },
  "cdn:UpdateDomainConfig": {
    required: ["Domain"],
    optional: ["ForceRedirect"],
    run: (state, { Domain, ForceRedirect }) => {
      const domain = state.item("cdn:DescribeDomainsConfig", "Domain", Domain);
      if (isJsonObject(ForceRedirect))
        domain["ForceRedirect"] = { ...(domain["ForceRedirect"] as JsonObject | undefined), ...ForceRedirect };
      return {};
    },
  },
  "clb:ModifyLoadBalancerAttributes": sets(
    "clb:DescribeLoadBalancers",
    "LoadBalancerId",
    "LoadBalancerId",
    // Told among the attributes that only the protected have.
    ({ DeleteProtect }) => ({ AttributeFlags: DeleteProtect === true ? ["DeleteProtect"] : [] }),
    ["DeleteProtect"],
  ),
  "cloudaudit:ModifyAuditTrack": {
    required: ["TrackId"],
    optional: ["Name", "ActionType", "ResourceType", "Status", "EventNames", "Storage", "TrackForAllMembers"],
    run: (state, { TrackId, ...members }) => {
      Object.assign(state.item("cloudaudit:DescribeAuditTracks", "TrackId", TrackId), members);
      Object.assign(state.answer("cloudaudit:DescribeAuditTrack", { TrackId: TrackId ?? null }), members);
      return {};
    },
  },
  "cls:ModifyTopic": sets("cls:DescribeTopics", "TopicId", "TopicId", ({ Period = null }) => ({ Period }), ["Period"]),
  "cvm:ModifyImageSharePermission": {
    required: ["ImageId", "AccountIds", "Permission"],
    run: (state, { ImageId = null, AccountIds = [], Permission }) => {
      const shared = state.answer("cvm:DescribeImageSharePermission", { ImageId });
      const all = (shared["SharePermissionSet"] ??= []) as Open[];
      for (const AccountId of isJsonList(AccountIds) ? AccountIds : []) {
        if (Permission === "CANCEL") remove(all, "AccountId", AccountId);
        else all.push({ AccountId, CreatedTime: "2026-01-01T00:00:00Z" });
      }
      return {};
    },
  },
  "cvm:ModifyInstancesAttribute": sets(
    "cvm:DescribeInstances",
    "InstanceId",
    "InstanceIds",
    ({ DisableApiTermination = null }) => ({ DisableApiTermination }),
    ["DisableApiTermination"],
  ),
  "kms:EnableKeyRotation": sets("kms:ListKeyDetail", "KeyId", "KeyId", () => ({ KeyRotationEnabled: true }), ["RotateDays"]),
  "kms:DisableKeyRotation": sets("kms:ListKeyDetail", "KeyId", "KeyId", () => ({ KeyRotationEnabled: false })),
  "postgres:CloseDBExtranetAccess": postgresWan(false),
  "postgres:OpenDBExtranetAccess": postgresWan(true),
  "postgres:ModifyDBInstanceSSLConfig": answers(
    "postgres:DescribeDBInstanceSSLConfig",
    "DBInstanceId",
    ({ SSLEnabled = null }) => ({ SSLEnabled }),
    ["SSLEnabled", "ConnectAddress"],
  ),
  "postgres:ModifyDBInstanceDeletionProtection": sets(
    "postgres:DescribeDBInstances",
    "DBInstanceId",
    "DBInstanceId",
    ({ DeletionProtection = null }) => ({ DeletionProtection }),
    ["DeletionProtection"],
  ),
  "redis:ReleaseWanAddress": sets("redis:DescribeInstances", "InstanceId", "InstanceId", () => ({ WanAddress: "" })),
  "redis:AllocateWanAddress": sets("redis:DescribeInstances", "InstanceId", "InstanceId", () => ({
    WanAddress: "crs.example.com:6379",
  })),
  "redis:OpenSSL": answers("redis:DescribeSSLStatus", "InstanceId", () => ({ SSLConfig: true })),
  "redis:CloseSSL": answers("redis:DescribeSSLStatus", "InstanceId", () => ({ SSLConfig: false })),
  "tcr:ManageExternalEndpoint": answers(
    "tcr:DescribeExternalEndpointStatus",
    "RegistryId",
    ({ Operation }) => ({ Status: Operation === "Delete" ? "Closed" : "Opened" }),
    ["Operation"],
  ),
  "tke:EnableClusterDeletionProtection": sets("tke:DescribeClusters", "ClusterId", "ClusterId", () => ({
    DeletionProtection: true,
  })),
  "tke:DisableClusterDeletionProtection": sets("tke:DescribeClusters", "ClusterId", "ClusterId", () => ({
    DeletionProtection: false,
  })),
  "tke:EnableClusterAudit": clusterAudit(true),
  "tke:DisableClusterAudit": clusterAudit(false),
  "tke:DeleteClusterEndpoint": clusterEndpoint("NotFound", ""),
  "tke:CreateClusterEndpoint": clusterEndpoint("Created", "203.0.113.51"),
  "vpc:CreateFlowLog": {
    required: ["FlowLogName", "ResourceType", "ResourceId", "TrafficType"],
    optional: ["VpcId", "FlowLogDescription", "CloudLogId", "StorageType", "CloudLogRegion", "Period"],
    run: (state, parameters) => {
      const log = {
        FlowLogId: `fl-made${String(++made).padStart(4, "0")}`,
        FlowLogDescription: "",
        Enable: true,
        TagSet: [],
        ...parameters,
      };
      state.list("vpc:DescribeFlowLogs").push(log);
      return { FlowLog: [log] };
    },
  },
  "vpc:DeleteFlowLog": {
    required: ["FlowLogId"],
    optional: ["VpcId"],
    run: (state, { FlowLogId = null }) => {
      const lists = state.all
        .filter(({ action }) => action === "vpc:DescribeFlowLogs")
        .map(({ answer }) => answer["FlowLog"] as Open[]);
      remove(lists.find((list) => list.some((each) => each["FlowLogId"] === FlowLogId)) ?? [], "FlowLogId", FlowLogId);
      return {};
    },
  },
  "vpc:EnableFlowLogs": sets("vpc:DescribeFlowLogs", "FlowLogId", "FlowLogIds", () => ({ Enable: true })),
  "vpc:DisableFlowLogs": sets("vpc:DescribeFlowLogs", "FlowLogId", "FlowLogIds", () => ({ Enable: false })),
  "vpc:DeleteSecurityGroupPolicies": {
    required: ["SecurityGroupId", "SecurityGroupPolicySet"],
    run: (state, parameters) => {
      const { direction, rules } = policies(parameters);
      const all = rulesOf(state, parameters["SecurityGroupId"], direction);
      const places = rules.map(({ PolicyIndex }) => PolicyIndex);
      if (places.some((place) => typeof place !== "number" || all[place] === undefined))
        throw new ApiError("InvalidParameterValue", "There is no rule at this index.");
      all.splice(0, all.length, ...all.filter((_, index) => !places.includes(index)));
      numbered(all);
      return {};
    },
  },
  "vpc:CreateSecurityGroupPolicies": {
    required: ["SecurityGroupId", "SecurityGroupPolicySet"],
    run: (state, parameters) => {
      const { direction, rules } = policies(parameters);
      const all = rulesOf(state, parameters["SecurityGroupId"], direction);
      for (const { PolicyIndex, ...rule } of rules) {
        const place = typeof PolicyIndex === "number" ? PolicyIndex : all.length;
        if (place > all.length) throw new ApiError("InvalidParameterValue", "The index is beyond the last rule.");
        // What was not given is answered as empty.
        const empty = {
          Protocol: "",
          Port: "",
          CidrBlock: "",
          Ipv6CidrBlock: "",
          SecurityGroupId: "",
          Action: "",
          PolicyDescription: "",
        };
        all.splice(place, 0, { ...empty, ...rule });
      }
      numbered(all);
      return {};
    },
  },
};

function postgresWan(open: boolean): Change {
  return {
    required: ["DBInstanceId"],
    optional: ["IsIpv6"],
    run: (state, { DBInstanceId }) => {
      const instance = state.item("postgres:DescribeDBInstances", "DBInstanceId", DBInstanceId);
      const addresses = instance["DBInstanceNetInfo"] as Open[];
      for (const each of addresses) if (each["NetType"] === "public") each["Status"] = open ? "opened" : "closed";
      return {};
    },
  };
}

function clusterAudit(Enable: boolean): Change {
  return {
    required: ["ClusterId"],
    optional: ["LogsetId", "TopicId", "TopicRegion", "ClusterType", "DeleteLogSetAndTopic"],
    run: (state, { ClusterId }) => {
      const switches = state.item("tke:DescribeLogSwitches", "ClusterId", ClusterId);
      switches["Audit"] = { ...(switches["Audit"] as JsonObject | undefined), Enable, Status: Enable ? "opened" : "closed" };
      return {};
    },
  };
}

function clusterEndpoint(Status: string, address: string): Change {
  return {
    required: ["ClusterId"],
    optional: ["IsExtranet", "SecurityGroup", "SubnetId", "Domain"],
    run: (state, { ClusterId = null, IsExtranet, SecurityGroup = "" }) => {
      if (IsExtranet !== true) throw new ApiError("InvalidParameter", "The double knows the public endpoint only.");
      state.answer("tke:DescribeClusterEndpointStatus", { ClusterId, IsExtranet: true })["Status"] = Status;
      const endpoints = state.answer("tke:DescribeClusterEndpoints", { ClusterId });
      endpoints["ClusterExternalEndpoint"] = address;
      if (address !== "") endpoints["SecurityGroup"] = SecurityGroup;
      return {};
    },
  };
}

function remove(list: Open[], member: string, value: Json): void {
  const index = list.findIndex((each) => each[member] === value);
  if (index < 0) throw new ApiError("ResourceNotFound", `${member} ${JSON.stringify(value)} is not found.`);
  list.splice(index, 1);
}

/** As it is attached: the account lists its policies, and knows those of the cloud by their attachments. */
function policyOf(state: Answers, PolicyId: Json): Open {
  const listed = state.items("cam:ListPolicies").find((each) => each["PolicyId"] === PolicyId);
  const name = listed?.["PolicyName"] ?? (PolicyId === 1 ? "AdministratorAccess" : "ReadOnlyAccess");
  return {
    PolicyId,
    PolicyName: name,
    PolicyType: listed === undefined ? "QCS" : "User",
    CreateMode: 2,
    AddTime: "2026-01-01 00:00:00",
  };
}

/** Runs a call that changes something; undefined: it is none. Throws ApiError. */
export function change(state: Answers, action: string, parameters: JsonObject, region: string): JsonObject | undefined {
  const known = Object.hasOwn(changes, action) ? changes[action] : undefined;
  if (known === undefined) return undefined;
  const missing = known.required.find((name) => parameters[name] === undefined || parameters[name] === null);
  if (missing !== undefined) throw new ApiError("MissingParameter", `The parameter ${missing} is missing.`);
  const strange = Object.keys(parameters).find((name) => !known.required.includes(name) && known.optional?.includes(name) !== true);
  if (strange !== undefined) throw new ApiError("UnknownParameter", `The parameter ${strange} is not known.`);
  return known.run(state, parameters, region);
}
