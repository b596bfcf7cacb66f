import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { Facts, Found } from "../collector.ts";
import { absent } from "../failure.ts";
import type { Session } from "./client.ts";
import { parseXml } from "./cos-client.ts";
import { at, known, loose, string } from "./shape.ts";
import { satellite, type TencentCollector, type TencentDetail } from "./things.ts";

const bucketType = "tencentcloud_cos_bucket";
const policyType = "tencentcloud_cos_bucket_policy";
const refererType = "tencentcloud_cos_bucket_referer";

/** Every bucket of the account, wherever it is. */
const bucketCollector: TencentCollector = {
  types: [bucketType],
  scope: "account",
  actions: ["cos:GetService"],
  list: async (session) => {
    const found: Found[] = [];
    for (let marker: string | undefined; ;) {
      const parameters: Record<string, string> = { "max-keys": "1000", ...(marker === undefined ? {} : { marker }) };
      const answer = await document(session, "cos:GetService", { parameters });
      const result = at(answer, "ListAllMyBucketsResult");
      if (!isJsonObject(result)) throw new Error("no list of buckets in the answer");
      for (const bucket of many(result, "Buckets.Bucket")) {
        const name = string(bucket, "Name");
        const region = string(bucket, "Location");
        // The other forms that Terraform has of settings are never used here: each setting is in one place.
        found.push({ type: bucketType, id: name, name, region, attributes: { id: name, bucket: name } });
      }
      const next = loose(result, "NextMarker");
      if (loose(result, "IsTruncated") !== "true" || next === "" || next === marker) return found;
      marker = next;
    }
  },
  details: [
    setting("GetBucketACL", "acl", [], (xml, body) => ({ acl: cannedAcl(xml), acl_body: body })),
    setting("GetBucketEncryption", "encryption", ["NoSuchEncryptionConfiguration"], (xml) => {
      const rule = "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault";
      if (xml === null) return { encryption_algorithm: null, kms_id: null };
      const algorithm = at(xml, `${rule}.SSEAlgorithm`);
      return known({ encryption_algorithm: algorithm, kms_id: at(xml, `${rule}.KMSMasterKeyID`) ?? null });
    }),
    setting("GetBucketVersioning", "versioning", [], (xml) => {
      // A bucket that never had versions has no status.
      const status = loose(xml ?? {}, "VersioningConfiguration.Status");
      return { versioning_enable: status === "Enabled" };
    }),
    setting("GetBucketLogging", "logging", [], (xml) => {
      const enabled = at(xml ?? {}, "BucketLoggingStatus.LoggingEnabled");
      if (!isJsonObject(enabled)) return { log_enable: false, log_target_bucket: null, log_prefix: null };
      return known({ log_enable: true, log_target_bucket: at(enabled, "TargetBucket"), log_prefix: at(enabled, "TargetPrefix") });
    }),
    setting("GetBucketLifecycle", "lifecycle", ["NoSuchLifecycleConfiguration"], (xml) => ({
      // A rule that is off does nothing.
      lifecycle_rules: many(xml ?? {}, "LifecycleConfiguration.Rule")
        .filter((rule) => loose(rule, "Status") === "Enabled")
        .map((rule) => known({ id: at(rule, "ID"), filter_prefix: at(rule, "Filter.Prefix") ?? "" })),
    })),
    setting("GetBucketReplication", "replication", ["ReplicationConfigurationnotFoundError"], (xml) => ({
      replica_role: at(xml ?? {}, "ReplicationConfiguration.Role") ?? null,
      replica_rules: many(xml ?? {}, "ReplicationConfiguration.Rule").map((rule) =>
        known({
          id: at(rule, "ID"),
          status: at(rule, "Status"),
          prefix: at(rule, "Prefix"),
          destination_bucket: at(rule, "Destination.Bucket"),
          destination_storage_class: at(rule, "Destination.StorageClass"),
        }),
      ),
    })),
    setting("GetBucketCORS", "cors", ["NoSuchCORSConfiguration"], (xml) => ({
      cors_rules: many(xml ?? {}, "CORSConfiguration.CORSRule").map((rule) => ({
        allowed_origins: texts(rule, "AllowedOrigin"),
        allowed_methods: texts(rule, "AllowedMethod"),
        allowed_headers: texts(rule, "AllowedHeader"),
        expose_headers: texts(rule, "ExposeHeader"),
      })),
    })),
    setting("GetBucketWebsite", "website", ["NoSuchWebsiteConfiguration"], (xml) => ({
      website:
        xml === null
          ? null
          : {
              index_document: at(xml, "WebsiteConfiguration.IndexDocument.Suffix") ?? null,
              error_document: at(xml, "WebsiteConfiguration.ErrorDocument.Key") ?? null,
            },
    })),
    {
      of: bucketType,
      actions: ["cos:HeadBucket"],
      read: async (session, bucket) => {
        const { headers } = await session.cos("cos:HeadBucket", { method: "HEAD", ...placeOf(bucket) });
        // Of one zone nothing is said.
        return { attributes: { multi_az: headers["x-cos-bucket-az-type"] === "MAZ" } };
      },
    },
    {
      of: bucketType,
      actions: ["cos:GetBucketPolicy"],
      gives: [policyType],
      read: async (session, bucket) => {
        const ask = session.cos("cos:GetBucketPolicy", { ...placeOf(bucket), resource: "policy" });
        const answer = await ask.catch(absent(["NoSuchBucketPolicy", "NoSuchPolicy"], undefined));
        if (answer === undefined || answer.body === "") return {};
        // What is no JSON is no policy that could be judged.
        JSON.parse(answer.body);
        return { satellites: [satellite(policyType, bucket.id, { bucket: bucket.id, policy: answer.body })] };
      },
    },
    {
      of: bucketType,
      actions: ["cos:GetBucketReferer"],
      gives: [refererType],
      read: async (session, bucket) => {
        const xml = await document(session, "cos:GetBucketReferer", { ...placeOf(bucket), resource: "referer" });
        const referer = at(xml, "RefererConfiguration");
        if (!isJsonObject(referer) || loose(referer, "Status") === "") return {};
        const members = known({
          status: at(referer, "Status"),
          referer_type: at(referer, "RefererType"),
          domain_list: texts(referer, "DomainList.Domain"),
          // Deny is the default.
          empty_refer_configuration: at(referer, "EmptyReferConfiguration") ?? "Deny",
        });
        return { satellites: [satellite(refererType, bucket.id, { bucket: bucket.id, ...members })] };
      },
    },
  ],
};

const placeOf = ({ id, region }: Found): { bucket: string; region: string } => ({ bucket: id, region: region ?? "" });

/** A setting that COS answers as a document; `none`: codes for "there is none", which is null then. */
function setting(
  call: string,
  resource: string,
  none: readonly string[],
  facts: (xml: JsonObject | null, body: string) => JsonObject,
): TencentDetail {
  const action = `cos:${call}`;
  return {
    of: bucketType,
    actions: [action],
    read: async (session, bucket): Promise<Facts> => {
      const ask = session.cos(action, { ...placeOf(bucket), resource });
      const answer = await ask.catch(absent(none, undefined));
      if (answer === undefined) return { attributes: facts(null, "") };
      return { attributes: facts(await parsed(answer.body), answer.body) };
    },
  };
}

async function document(session: Session, action: string, query: Parameters<Session["cos"]>[1]): Promise<JsonObject> {
  return parsed((await session.cos(action, query)).body);
}

async function parsed(body: string): Promise<JsonObject> {
  const xml = await parseXml(body);
  if (!isJsonObject(xml) || Object.keys(xml).length === 0) throw new Error("the answer is no document");
  return xml;
}

/** XML does not tell one element from a list of one. */
function many(it: JsonObject, path: string): readonly JsonObject[] {
  const value = at(it, path);
  const list: readonly Json[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.filter(isJsonObject);
}

function texts(it: JsonObject, path: string): readonly string[] {
  const value = at(it, path);
  const list: readonly Json[] = Array.isArray(value) ? value : [value ?? ""];
  return list.filter((one): one is string => typeof one === "string" && one !== "");
}

/** Which of the canned ACLs the grants amount to. */
function cannedAcl(xml: JsonObject | null): string {
  if (!isJsonObject(at(xml ?? {}, "AccessControlPolicy"))) throw new Error("no access control list in the answer");
  const of = (group: string): readonly string[] =>
    many(xml ?? {}, "AccessControlPolicy.AccessControlList.Grant")
      .filter((grant) => loose(grant, "Grantee.URI").endsWith(`/groups/global/${group}`))
      .map((grant) => string(grant, "Permission"));
  const all = of("AllUsers");
  if (all.some((permission) => permission === "WRITE" || permission === "FULL_CONTROL")) return "public-read-write";
  if (all.includes("READ")) return "public-read";
  return of("AuthenticatedUsers").length > 0 ? "authenticated-read" : "private";
}

export const cosCollectors: readonly TencentCollector[] = [bucketCollector];
