import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import type { Failure } from "./apis.ts";
import type { AccountState, Recorded } from "./state.ts";

/*
 * Operations that change the sample account, by the API references: what they do to what the account answers. Nothing of it comes from
 * the client.
 */

type Open = Record<string, Json>;

/** A call that changes something. */
export interface Change {
  /** `s3:PutBucketVersioning` */
  readonly name: string;
  readonly region: string;
  /** Members of a form, a path or a query, and the texts of a JSON body. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Refused in the API's own way. */
export class ChangeRefused extends Error {
  readonly failure: Failure;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.failure = { status, code, message };
  }
}

class Account {
  readonly #recorded: Recorded[];
  readonly #region: string;

  constructor(recorded: Recorded[], region: string) {
    this.#recorded = recorded;
    this.#region = region;
  }

  #find(operation: string, of: Readonly<Record<string, string>>): Recorded | undefined {
    return this.#recorded.find(
      (each) =>
        each.operation === operation &&
        (each.region === undefined || each.region === this.#region) &&
        Object.entries(of).every(([name, value]) => each.of?.[name] === value),
    );
  }

  /** What an operation answers about something, to be changed. Throws ChangeRefused where there is no such thing. */
  answer(operation: string, of: Readonly<Record<string, string>> = {}): Open {
    const found = this.#find(operation, of);
    if (found === undefined || !isJsonObject(found.answer))
      throw new ChangeRefused(404, "ResourceNotFoundException", "The double's account has no such thing.");
    return found.answer;
  }

  put(operation: string, of: Readonly<Record<string, string>>, answer: Json): void {
    this.remove(operation, of);
    this.#recorded.unshift({ operation, of, answer });
  }

  remove(operation: string, of: Readonly<Record<string, string>>): void {
    const found = this.#find(operation, of);
    if (found !== undefined) this.#recorded.splice(this.#recorded.indexOf(found), 1);
  }
}

/** Elements of an XML list. */
function elements(of: Json | undefined, name: string): Open[] {
  const list = isJsonObject(of) ? of[name] : undefined;
  return (isJsonList(list) ? [...list] : list === undefined ? [] : [list]) as Open[];
}

const one = (list: readonly Open[], member: string, value: string | undefined): Open => {
  const found = list.find((each) => each[member] === value);
  if (found === undefined) throw new ChangeRefused(400, "InvalidParameterValue", `${member} ${value ?? ""} does not exist.`);
  return found;
};

const xmlText = (body: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];

type Run = (account: Account, change: Change) => Json | undefined;

const bucket = ({ parameters }: Change) => ({ Bucket: parameters.get("Bucket") ?? "" });
const json = ({ body }: Change): JsonObject => JSON.parse(body) as JsonObject;
const typed = (text: string): Json =>
  text === "true" ? true : text === "false" ? false : /^\d+$/.test(text) ? Number(text) : text;

const blockMembers = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

function revoke(account: Account, { parameters }: Change): undefined {
  const answer = account.answer("ec2:DescribeSecurityGroupRules");
  const rules = elements(answer["securityGroupRuleSet"], "item");
  const ids = [...parameters].filter(([name]) => name.startsWith("SecurityGroupRuleId.")).map(([, id]) => id);
  for (const id of ids) rules.splice(rules.indexOf(one(rules, "securityGroupRuleId", id)), 1);
  answer["securityGroupRuleSet"] = { item: rules };
}

let made = 0;

function authorize(isEgress: boolean): Run {
  return (account, { parameters }) => {
    const answer = account.answer("ec2:DescribeSecurityGroupRules");
    const rules = elements(answer["securityGroupRuleSet"], "item");
    for (let index = 1; parameters.has(`IpPermissions.${index}.IpProtocol`); index++) {
      const get = (name: string): string | undefined => parameters.get(`IpPermissions.${index}.${name}`);
      const [cidrIpv4, cidrIpv6] = [get("IpRanges.1.CidrIp"), get("Ipv6Ranges.1.CidrIpv6")];
      const [groupId, description] = [get("Groups.1.GroupId"), get("IpRanges.1.Description")];
      rules.push({
        securityGroupRuleId: `sgr-made${String(++made).padStart(4, "0")}`,
        groupId: parameters.get("GroupId") ?? "",
        groupOwnerId: "111122223333",
        isEgress,
        ipProtocol: get("IpProtocol") ?? "",
        fromPort: Number(get("FromPort") ?? -1),
        toPort: Number(get("ToPort") ?? -1),
        ...(cidrIpv4 === undefined ? {} : { cidrIpv4 }),
        ...(cidrIpv6 === undefined ? {} : { cidrIpv6 }),
        ...(groupId === undefined ? {} : { referencedGroupInfo: { groupId } }),
        ...(description === undefined ? {} : { description }),
      });
    }
    answer["securityGroupRuleSet"] = { item: rules };
    return undefined;
  };
}

const sets =
  (
    operation: string,
    members: (change: Change) => JsonObject,
    of: (change: Change) => Readonly<Record<string, string>> = () => ({}),
  ): Run =>
  (account, change) => {
    Object.assign(account.answer(operation, of(change)), members(change));
    return undefined;
  };

const named =
  (...names: readonly string[]) =>
  ({ parameters }: Change): Readonly<Record<string, string>> =>
    Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? ""]));

const changes: Readonly<Record<string, Run>> = {
  "s3:PutPublicAccessBlock": (account, change) => {
    const members = blockMembers.map((name) => [name, xmlText(change.body, name) === "true"] as const);
    account.put("s3:GetPublicAccessBlock", bucket(change), { PublicAccessBlockConfiguration: Object.fromEntries(members) });
    return undefined;
  },
  "s3:DeletePublicAccessBlock": (account, change) => {
    account.remove("s3:GetPublicAccessBlock", bucket(change));
    return undefined;
  },
  "s3:PutBucketVersioning": (account, change) => {
    account.put("s3:GetBucketVersioning", bucket(change), {
      VersioningConfiguration: { Status: xmlText(change.body, "Status") ?? "" },
    });
    return undefined;
  },
  "s3:PutBucketPolicy": (account, change) => {
    account.put("s3:GetBucketPolicy", bucket(change), change.body);
    return undefined;
  },
  "s3:DeleteBucketPolicy": (account, change) => {
    account.remove("s3:GetBucketPolicy", bucket(change));
    return undefined;
  },
  "s3:PutBucketLogging": (account, change) => {
    const [TargetBucket, TargetPrefix] = [xmlText(change.body, "TargetBucket"), xmlText(change.body, "TargetPrefix")];
    const enabled = TargetBucket === undefined ? {} : { LoggingEnabled: { TargetBucket, TargetPrefix: TargetPrefix ?? "" } };
    account.put("s3:GetBucketLogging", bucket(change), { BucketLoggingStatus: enabled });
    return undefined;
  },
  "ec2:RevokeSecurityGroupIngress": revoke,
  "ec2:RevokeSecurityGroupEgress": revoke,
  "ec2:AuthorizeSecurityGroupIngress": authorize(false),
  "ec2:AuthorizeSecurityGroupEgress": authorize(true),
  "ec2:EnableEbsEncryptionByDefault": sets("ec2:GetEbsEncryptionByDefault", () => ({ ebsEncryptionByDefault: true })),
  "ec2:DisableEbsEncryptionByDefault": sets("ec2:GetEbsEncryptionByDefault", () => ({ ebsEncryptionByDefault: false })),
  "ec2:EnableSnapshotBlockPublicAccess": sets("ec2:GetSnapshotBlockPublicAccessState", ({ parameters }) => ({
    state: parameters.get("State") ?? "",
  })),
  "ec2:DisableSnapshotBlockPublicAccess": sets("ec2:GetSnapshotBlockPublicAccessState", () => ({ state: "unblocked" })),
  "ec2:ModifySubnetAttribute": (account, { parameters }) => {
    const subnets = elements(account.answer("ec2:DescribeSubnets")["subnetSet"], "item");
    const subnet = one(subnets, "subnetId", parameters.get("SubnetId"));
    subnet["mapPublicIpOnLaunch"] = parameters.get("MapPublicIpOnLaunch.Value") === "true";
    return undefined;
  },
  "ec2:ModifyInstanceMetadataOptions": (account, { parameters }) => {
    const reservations = elements(account.answer("ec2:DescribeInstances")["reservationSet"], "item");
    const instances = reservations.flatMap((each) => elements(each["instancesSet"], "item"));
    const instance = one(instances, "instanceId", parameters.get("InstanceId"));
    const options = isJsonObject(instance["metadataOptions"]) ? instance["metadataOptions"] : {};
    instance["metadataOptions"] = { ...options, httpTokens: parameters.get("HttpTokens") ?? "" };
    return undefined;
  },
  "iam:UpdateAccountPasswordPolicy": sets("iam:GetAccountPasswordPolicy", ({ parameters }) => {
    // Members that are not sent go back to their defaults.
    const given = [...parameters].filter(([name]) => name !== "Action" && name !== "Version");
    const members = Object.fromEntries(given.map(([name, value]) => [name, typed(value)]));
    return { PasswordPolicy: { ExpirePasswords: parameters.has("MaxPasswordAge"), ...members } };
  }),
  "iam:UpdateAccessKey": (account, change) => {
    const { parameters } = change;
    const metadata = account.answer("iam:ListAccessKeys", named("UserName")(change))["AccessKeyMetadata"];
    one(elements(metadata, "member"), "AccessKeyId", parameters.get("AccessKeyId"))["Status"] = parameters.get("Status") ?? "";
    return undefined;
  },
  "cloudtrail:StartLogging": sets("cloudtrail:GetTrailStatus", () => ({ IsLogging: true }), named("Name")),
  "cloudtrail:StopLogging": sets("cloudtrail:GetTrailStatus", () => ({ IsLogging: false }), named("Name")),
  "cloudtrail:UpdateTrail": (account, change) => {
    const { Name, EnableLogFileValidation, IsMultiRegionTrail } = json(change);
    const trails = account.answer("cloudtrail:DescribeTrails")["trailList"] as Open[];
    const trail = one(trails, "TrailARN", Name as string);
    if (typeof EnableLogFileValidation === "boolean") trail["LogFileValidationEnabled"] = EnableLogFileValidation;
    if (typeof IsMultiRegionTrail === "boolean") trail["IsMultiRegionTrail"] = IsMultiRegionTrail;
    return undefined;
  },
  "kms:EnableKeyRotation": sets("kms:GetKeyRotationStatus", () => ({ KeyRotationEnabled: true }), named("KeyId")),
  "kms:DisableKeyRotation": sets("kms:GetKeyRotationStatus", () => ({ KeyRotationEnabled: false }), named("KeyId")),
  "dynamodb:UpdateTable": (account, change) => {
    const table = account.answer("dynamodb:DescribeTable", named("TableName")(change))["Table"] as Open;
    table["DeletionProtectionEnabled"] = json(change)["DeletionProtectionEnabled"] ?? false;
    return undefined;
  },
  "dynamodb:UpdateContinuousBackups": (account, change) => {
    const backups = account.answer("dynamodb:DescribeContinuousBackups", named("TableName")(change));
    const wanted = json(change)["PointInTimeRecoverySpecification"];
    const isOn = isJsonObject(wanted) && wanted["PointInTimeRecoveryEnabled"] === true;
    const recovery = isOn
      ? { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 35 }
      : { PointInTimeRecoveryStatus: "DISABLED" };
    (backups["ContinuousBackupsDescription"] as Open)["PointInTimeRecoveryDescription"] = recovery;
    return undefined;
  },
  "ecr:PutImageScanningConfiguration": (account, change) => {
    const repositories = account.answer("ecr:DescribeRepositories")["repositories"] as Open[];
    const repository = one(repositories, "repositoryName", change.parameters.get("repositoryName"));
    repository["imageScanningConfiguration"] = json(change)["imageScanningConfiguration"] ?? {};
    return undefined;
  },
  "ecr:PutImageTagMutability": (account, change) => {
    const repositories = account.answer("ecr:DescribeRepositories")["repositories"] as Open[];
    const repository = one(repositories, "repositoryName", change.parameters.get("repositoryName"));
    repository["imageTagMutability"] = change.parameters.get("imageTagMutability") ?? "";
    return undefined;
  },
  "rds:ModifyDBInstance": (account, { parameters }) => {
    const databases = elements(account.answer("rds:DescribeDBInstances")["DBInstances"], "DBInstance");
    const database = one(databases, "DBInstanceIdentifier", parameters.get("DBInstanceIdentifier"));
    for (const name of ["PubliclyAccessible", "DeletionProtection", "BackupRetentionPeriod", "AutoMinorVersionUpgrade"]) {
      const value = parameters.get(name);
      if (value !== undefined) database[name] = typed(value);
    }
    return undefined;
  },
};

export const isChange = (name: string): boolean => Object.hasOwn(changes, name);

/** Runs it; its answer has no members. Throws ChangeRefused. */
export function change(state: AccountState, asked: Change): JsonObject {
  changes[asked.name]?.(new Account(state.recorded as Recorded[], asked.region), asked);
  return {};
}
