import { textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Before, type Remedy } from "../../remedy.ts";
import { ossCall } from "../calls.ts";

/* Sources: OSS API Reference, PUT and DELETE of each sub-resource of a bucket. */

/** A part of the bucket: each has its name as its id. */
function part({ resources, resource }: Before, type: string): JsonObject | undefined {
  return resources.find((each) => each.type === type && each.id === resource.id)?.attributes;
}

function put({ resource }: Before, action: string, of: string, sent: { readonly body?: string; readonly headers?: JsonObject }) {
  return ossCall(`oss:PutBucket${action}`, resource.region ?? "", { method: "PUT", bucket: resource.id, of, ...sent });
}

function remove({ resource }: Before, action: string, of: string) {
  return ossCall(`oss:DeleteBucket${action}`, resource.region ?? "", { method: "DELETE", bucket: resource.id, of });
}

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const acl: Remedy = (before) => {
  const type = "alicloud_oss_bucket_acl";
  const was = part(before, type)?.["acl"];
  if (textOf(was) === undefined) throw new NotPossible(`The ACL of ${before.resource.name} was not read.`);
  const of = (value: Json) => put(before, "Acl", "acl", { headers: { "x-oss-acl": value } });
  return setting("Make the ACL private", of("private"), of(was ?? null), {
    type,
    id: before.resource.id,
    attributes: { acl: "private" },
  });
};

const versioning: Remedy = (before) => {
  const type = "alicloud_oss_bucket_versioning";
  const was = part(before, type)?.["status"];
  const of = (status: string) =>
    put(before, "Versioning", "versioning", {
      body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
    });
  return setting(
    "Turn on versioning",
    of("Enabled"),
    of("Suspended"),
    { type, id: before.resource.id, attributes: { bucket: before.resource.id, status: "Enabled" } },
    was === "Suspended" ? undefined : "Versioning is suspended then: a bucket never returns to having had none.",
  );
};

const encryption: Remedy = (before) => {
  const body =
    "<ServerSideEncryptionRule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></ServerSideEncryptionRule>";
  return setting(
    "Encrypt new objects",
    put(before, "Encryption", "encryption", { body }),
    remove(before, "Encryption", "encryption"),
    {
      type: "alicloud_oss_bucket_server_side_encryption",
      id: before.resource.id,
      attributes: { bucket: before.resource.id, sse_algorithm: "AES256" },
    },
  );
};

const logging: Remedy = (before, { bucket }) => {
  const prefix = `${before.resource.id}/`;
  const body = `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${xml(textOf(bucket) ?? "")}</TargetBucket><TargetPrefix>${xml(prefix)}</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`;
  return setting("Log requests to the bucket", put(before, "Logging", "logging", { body }), remove(before, "Logging", "logging"), {
    type: "alicloud_oss_bucket_logging",
    id: before.resource.id,
    attributes: { bucket: before.resource.id, target_bucket: bucket ?? null, target_prefix: prefix },
  });
};

const blocking = (value: boolean): string =>
  `<PublicAccessBlockConfiguration><BlockPublicAccess>${value}</BlockPublicAccess></PublicAccessBlockConfiguration>`;

/** Where nobody has set it OSS says so, and the collector calls that off: taking it away is what brings that back. */
const publicAccessBlock: Remedy = (before) =>
  setting(
    "Block public access",
    put(before, "PublicAccessBlock", "publicAccessBlock", { body: blocking(true) }),
    remove(before, "PublicAccessBlock", "publicAccessBlock"),
    {
      type: "alicloud_oss_bucket_public_access_block",
      id: before.resource.id,
      attributes: { bucket: before.resource.id, block_public_access: true },
    },
  );

const accountBlock: Remedy = ({ resource, region }) => {
  const of = (value: boolean) =>
    ossCall("oss:PutPublicAccessBlock", region, { method: "PUT", of: "publicAccessBlock", body: blocking(value) });
  return setting("Block public access for the account", of(true), of(false), {
    type: resource.type,
    id: resource.id,
    attributes: { block_public_access: true },
  });
};

const secureTransport: Remedy = (before) => {
  const { resource, account } = before;
  const type = "alicloud_oss_bucket_policy";
  const written = textOf(part(before, type)?.["policy"]);
  const was = written === undefined ? { Version: "1" } : (JSON.parse(written) as JsonObject);
  const deny = {
    Effect: "Deny",
    Principal: ["*"],
    Action: ["oss:*"],
    Resource: [`acs:oss:*:${account}:${resource.id}`, `acs:oss:*:${account}:${resource.id}/*`],
    Condition: { Bool: { "acs:SecureTransport": ["false"] } },
  };
  const body = JSON.stringify({ ...was, Statement: [...[was["Statement"] ?? []].flat(), deny] });
  const back = written === undefined ? remove(before, "Policy", "policy") : put(before, "Policy", "policy", { body: written });
  return setting("Deny requests without TLS", put(before, "Policy", "policy", { body }), back, {
    type,
    id: resource.id,
    attributes: { bucket: resource.id, policy: body },
  });
};

export const ossRemedies: readonly (readonly [string, Remedy])[] = [
  ["alibaba-oss-bucket-public-read", acl],
  ["alibaba-oss-bucket-public-read-write", acl],
  ["alibaba-oss-bucket-versioning", versioning],
  ["alibaba-oss-bucket-encryption", encryption],
  ["alibaba-oss-bucket-logging", logging],
  ["alibaba-oss-bucket-public-access-block", publicAccessBlock],
  ["alibaba-oss-bucket-policy-public", publicAccessBlock],
  ["alibaba-oss-bucket-policy-public-write", publicAccessBlock],
  ["alibaba-oss-account-public-access-block", accountBlock],
  ["alibaba-oss-bucket-secure-transport", secureTransport],
];
