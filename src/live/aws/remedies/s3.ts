import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Before, type Remedy } from "../../remedy.ts";
import { call } from "../calls.ts";

/* Sources: Amazon S3 API Reference, each action by its name; the provider's documentation of the resources. */

/** A part of the bucket: all parts of a bucket have its name as their id. */
function part({ resources, resource }: Before, type: string): JsonObject | undefined {
  return resources.find((each) => each.type === type && each.id === resource.id)?.attributes;
}

const versioning: Remedy = (before) => {
  const { resource, region } = before;
  const was = part(before, "aws_s3_bucket_versioning")?.["versioning_configuration"];
  const put = (Status: string) =>
    call("s3:PutBucketVersioning", region, "s3", "PutBucketVersioning", {
      Bucket: resource.id,
      VersioningConfiguration: { Status },
    });
  const configuration = isJsonObject(was) ? was : {};
  const lost = "Versioning is suspended then: a bucket never returns to having had none.";
  return setting(
    "Turn on versioning",
    put("Enabled"),
    put("Suspended"),
    {
      type: "aws_s3_bucket_versioning",
      id: resource.id,
      attributes: { versioning_configuration: { ...configuration, status: "Enabled" } },
    },
    configuration["status"] === "Suspended" ? undefined : lost,
  );
};

const blocks = {
  BlockPublicAcls: "block_public_acls",
  BlockPublicPolicy: "block_public_policy",
  IgnorePublicAcls: "ignore_public_acls",
  RestrictPublicBuckets: "restrict_public_buckets",
} as const;

function blockOf(valueOf: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(blocks).map(([member, name]) => [member, valueOf(name)]));
}

const allBlocked: JsonObject = Object.fromEntries(Object.values(blocks).map((name) => [name, true]));

const publicAccessBlock: Remedy = (before) => {
  const { resource, region } = before;
  const type = "aws_s3_bucket_public_access_block";
  const was = part(before, type);
  const action = "s3:PutBucketPublicAccessBlock";
  const put = (valueOf: (name: string) => boolean) =>
    call(action, region, "s3", "PutPublicAccessBlock", {
      Bucket: resource.id,
      PublicAccessBlockConfiguration: blockOf(valueOf),
    });
  const back =
    was === undefined
      ? call(action, region, "s3", "DeletePublicAccessBlock", { Bucket: resource.id })
      : put((name) => was[name] === true);
  const attributes = { bucket: resource.id, ...allBlocked };
  return setting(
    "Block public access",
    put(() => true),
    back,
    { type, id: resource.id, attributes },
  );
};

const accountBlock: Remedy = ({ account, resource, resources, region }) => {
  const { type, id } = resource;
  const was = resources.find((each) => each.type === type)?.attributes;
  const action = "s3:PutAccountPublicAccessBlock";
  const put = (valueOf: (name: string) => boolean) =>
    call(action, region, "s3-control", "PutPublicAccessBlock", {
      AccountId: account,
      PublicAccessBlockConfiguration: blockOf(valueOf),
    });
  const back =
    was === undefined || Object.values(blocks).every((name) => was[name] !== true)
      ? call(action, region, "s3-control", "DeletePublicAccessBlock", { AccountId: account })
      : put((name) => was[name] === true);
  return setting(
    "Block public access for the account",
    put(() => true),
    back,
    { type, id, attributes: allBlocked },
  );
};

/** A grantee as the API takes it. */
function grantee(of: Json | undefined): JsonObject {
  const one = isJsonList(of) ? of[0] : of;
  const { type, id, uri, email_address } = isJsonObject(one) ? one : {};
  return {
    Type: type ?? null,
    ...(textOf(id) === undefined ? {} : { ID: id ?? null }),
    ...(textOf(uri) === undefined ? {} : { URI: uri ?? null }),
    ...(textOf(email_address) === undefined ? {} : { EmailAddress: email_address ?? null }),
  };
}

const privateAcl: Remedy = (before) => {
  const { resource, region } = before;
  const type = "aws_s3_bucket_acl";
  const policy = part(before, type)?.["access_control_policy"];
  const { owner, grant } = isJsonObject(policy) ? policy : {};
  if (!isJsonObject(owner) || !isJsonList(grant)) throw new NotPossible(`The grants of ${resource.id} were not read.`);
  const grants = grant.filter(isJsonObject);
  const Owner = { ID: owner["id"] ?? null };
  const Grants = grants.map((each) => ({ Grantee: grantee(each["grantee"]), Permission: each["permission"] ?? null }));
  const put = (more: JsonObject) => call("s3:PutBucketAcl", region, "s3", "PutBucketAcl", { Bucket: resource.id, ...more });
  const own = grants.filter((each) => {
    const { id } = isJsonObject(each["grantee"]) ? each["grantee"] : {};
    return id === owner["id"] && each["permission"] === "FULL_CONTROL";
  });
  return setting("Make the ACL private", put({ ACL: "private" }), put({ AccessControlPolicy: { Owner, Grants } }), {
    type,
    id: resource.id,
    attributes: { access_control_policy: { owner, grant: own } },
  });
};

const secureTransport: Remedy = (before) => {
  const { resource, region, partition } = before;
  const type = "aws_s3_bucket_policy";
  const written = textOf(part(before, type)?.["policy"]);
  const was = written === undefined ? undefined : (JSON.parse(written) as JsonObject);
  const arn = `arn:${partition}:s3:::${resource.id}`;
  const deny = {
    Sid: "DenyRequestsWithoutTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const statements = [was?.["Statement"] ?? []].flat();
  const Policy = JSON.stringify({ ...(was ?? { Version: "2012-10-17" }), Statement: [...statements, deny] });
  const put = (text: string) => call("s3:PutBucketPolicy", region, "s3", "PutBucketPolicy", { Bucket: resource.id, Policy: text });
  const back =
    written === undefined
      ? call("s3:DeleteBucketPolicy", region, "s3", "DeleteBucketPolicy", { Bucket: resource.id })
      : put(written);
  return setting("Deny requests without TLS", put(Policy), back, {
    type,
    id: resource.id,
    attributes: { bucket: resource.id, policy: Policy },
  });
};

const logging: Remedy = (before, { target }) => {
  const { resource, region } = before;
  if (target === resource.id) throw new NotPossible("A bucket that logs into itself logs its logs: name another.");
  const put = (BucketLoggingStatus: JsonObject) =>
    call("s3:PutBucketLogging", region, "s3", "PutBucketLogging", { Bucket: resource.id, BucketLoggingStatus });
  const [TargetBucket, TargetPrefix] = [target ?? null, `${resource.id}/`];
  return setting("Log requests to the bucket", put({ LoggingEnabled: { TargetBucket, TargetPrefix } }), put({}), {
    type: "aws_s3_bucket_logging",
    id: resource.id,
    attributes: { bucket: resource.id, target_bucket: TargetBucket, target_prefix: TargetPrefix },
  });
};

export const s3Remedies: readonly (readonly [string, Remedy])[] = [
  ["aws-s3-bucket-versioning", versioning],
  ["aws-s3-bucket-public-access-block", publicAccessBlock],
  ["aws-s3-bucket-policy-public", publicAccessBlock],
  ["aws-s3-bucket-policy-public-write", publicAccessBlock],
  ["aws-s3-account-public-access-block", accountBlock],
  ["aws-s3-bucket-acl-public-read", privateAcl],
  ["aws-s3-bucket-acl-public-write", privateAcl],
  ["aws-s3-bucket-secure-transport", secureTransport],
  ["aws-s3-bucket-logging", logging],
];
