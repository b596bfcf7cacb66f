import { isJsonList, isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Detail, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import { at, flag, known, required, text, textOrNull, unreadable } from "./answers.ts";
import type { AlibabaSession } from "./client.ts";
import { ossText, ossXml, type OssRequest } from "./storage.ts";

const buckets: Collector<AlibabaSession> = {
  types: ["alicloud_oss_bucket"],
  scope: "account",
  actions: ["oss:ListBuckets"],
  list: async (session, region) => {
    const found: Found[] = [];
    let marker: string | undefined;
    do {
      const query = { "max-keys": "1000", ...(marker === undefined ? {} : { marker }) };
      const answer = await ossXml(session, "oss:ListBuckets", region, { query });
      if (!("Buckets" in answer)) throw unreadable("oss:ListBuckets", "Buckets");
      found.push(...elements(at(answer, "Buckets.Bucket")).map((bucket) => bucketOf(bucket, answer)));
      marker = text(answer, "IsTruncated") === "true" ? required("oss:ListBuckets", answer, "NextMarker") : undefined;
    } while (marker !== undefined);
    return found;
  },
  details: [
    part("oss:GetBucketAcl", "alicloud_oss_bucket_acl", async (ask, bucket) => {
      const answer = await ask("acl");
      return { bucket, acl: required("oss:GetBucketAcl", answer, "AccessControlList.Grant") };
    }),
    {
      of: "alicloud_oss_bucket",
      actions: ["oss:GetBucketPolicy"],
      gives: ["alicloud_oss_bucket_policy"],
      read: async (session, { id, region = "" }) => {
        const policy = await ossText(session, "oss:GetBucketPolicy", region, { bucket: id, of: "policy" }).catch(
          absent<string | null>(["NoSuchBucketPolicy"], null),
        );
        if (policy === null) return {};
        return { satellites: [{ type: "alicloud_oss_bucket_policy", id, name: id, attributes: { id, bucket: id, policy } }] };
      },
    },
    part("oss:GetBucketPublicAccessBlock", "alicloud_oss_bucket_public_access_block", async (ask, bucket) => {
      // A bucket for which nobody has set it blocks nothing.
      const never = absent<JsonObject>(["NoSuchPublicAccessBlockConfiguration"], { BlockPublicAccess: "false" });
      return known({ bucket, block_public_access: flag(await ask("publicAccessBlock").catch(never), "BlockPublicAccess") });
    }),
    part("oss:GetBucketVersioning", "alicloud_oss_bucket_versioning", async (ask, bucket) => {
      // Without a status: versioning was never turned on.
      const status = text(await ask("versioning"), "Status");
      return status === undefined || status === "" ? undefined : { bucket, status };
    }),
    part("oss:GetBucketEncryption", "alicloud_oss_bucket_server_side_encryption", async (ask, bucket) => {
      const none = absent<JsonObject | null>(["NoSuchServerSideEncryptionRule"], null);
      const answer = await ask("encryption").catch(none);
      if (answer === null) return undefined;
      const rule = at(answer, "ApplyServerSideEncryptionByDefault");
      return {
        bucket,
        sse_algorithm: required("oss:GetBucketEncryption", rule, "SSEAlgorithm"),
        kms_master_key_id: textOrNull(rule, "KMSMasterKeyID") ?? null,
        kms_data_encryption: textOrNull(rule, "KMSDataEncryption") ?? null,
      };
    }),
    part("oss:GetBucketLogging", "alicloud_oss_bucket_logging", async (ask, bucket) => {
      const enabled = at(await ask("logging"), "LoggingEnabled");
      if (!isJsonObject(enabled)) return undefined;
      const target = required("oss:GetBucketLogging", enabled, "TargetBucket");
      return { bucket, target_bucket: target, target_prefix: textOrNull(enabled, "TargetPrefix") ?? null };
    }),
  ],
};

/** What one sub-resource of a bucket tells: a thing of its own, as in Terraform; undefined where it is not set up. */
function part(
  action: string,
  type: string,
  read: (ask: (of: string) => Promise<JsonObject>, bucket: string) => Promise<JsonObject | undefined>,
): Detail<AlibabaSession> {
  return {
    of: "alicloud_oss_bucket",
    actions: [action],
    gives: [type],
    read: async (session, { id, region = "" }) => {
      const ask = (of: string): Promise<JsonObject> => {
        const request: OssRequest = { bucket: id, of };
        return ossXml(session, action, region, request);
      };
      const attributes = await read(ask, id);
      return attributes === undefined ? {} : { satellites: [{ type, id, name: id, attributes: { id, ...attributes } }] };
    },
  };
}

function bucketOf(bucket: JsonObject, answer: JsonObject): Found {
  const name = required("oss:ListBuckets", bucket, "Name");
  const location = required("oss:ListBuckets", bucket, "Location");
  return {
    type: "alicloud_oss_bucket",
    id: name,
    name,
    region: location.replace(/^oss-/, ""),
    attributes: known({
      id: name,
      bucket: name,
      location,
      creation_date: text(bucket, "CreationDate"),
      extranet_endpoint: text(bucket, "ExtranetEndpoint"),
      intranet_endpoint: text(bucket, "IntranetEndpoint"),
      storage_class: text(bucket, "StorageClass"),
      owner: text(answer, "Owner.ID"),
      // What has a resource of its own is told by that.
      acl: null,
      policy: null,
      logging: null,
      versioning: null,
      server_side_encryption_rule: null,
    }),
  };
}

/** XML knows no lists: one element comes alone. */
function elements(json: Json | undefined): readonly JsonObject[] {
  if (json === undefined) return [];
  return isJsonList(json) ? json.filter(isJsonObject) : isJsonObject(json) ? [json] : [];
}

const accountBlock: Collector<AlibabaSession> = {
  types: ["alicloud_oss_account_public_access_block"],
  scope: "account",
  actions: ["oss:GetPublicAccessBlock"],
  list: async (session, region) => {
    const never = absent<JsonObject>(["NoSuchPublicAccessBlockConfiguration"], { BlockPublicAccess: "false" });
    const answer = await ossXml(session, "oss:GetPublicAccessBlock", region, { of: "publicAccessBlock" }).catch(never);
    const attributes = known({ id: session.account, block_public_access: flag(answer, "BlockPublicAccess") });
    return [{ type: "alicloud_oss_account_public_access_block", id: session.account, name: "public access block", attributes }];
  },
};

export const ossCollectors: readonly Collector<AlibabaSession>[] = [buckets, accountBlock];
