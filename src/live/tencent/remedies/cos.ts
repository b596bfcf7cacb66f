import { isJsonList, isJsonObject, textOf, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { NotPossible, setting, type Before, type Look, type Remedy } from "../../remedy.ts";
import { cosCall } from "../calls.ts";

/* Sources: COS API (document/product/436), PUT and DELETE of each setting of a bucket. */

const type = "tencentcloud_cos_bucket";
const policyType = "tencentcloud_cos_bucket_policy";

/** `cos:PutBucketACL`, of the bucket, with a document or a header. */
function put(
  { resource }: Before,
  name: string,
  resourceName: string,
  sent: { readonly body?: string; readonly headers?: JsonObject },
) {
  return cosCall(`cos:PutBucket${name}`, resource.region ?? "", {
    method: "PUT",
    bucket: resource.id,
    resource: resourceName,
    ...sent,
  });
}

function remove({ resource }: Before, name: string, resourceName: string) {
  return cosCall(`cos:DeleteBucket${name}`, resource.region ?? "", {
    method: "DELETE",
    bucket: resource.id,
    resource: resourceName,
  });
}

/** A setting's document as COS has it; undefined: there is none. */
async function documentOf({ resource }: Before, name: string, resourceName: string, look: Look): Promise<string | undefined> {
  const call = cosCall(`cos:GetBucket${name}`, resource.region ?? "", {
    method: "GET",
    bucket: resource.id,
    resource: resourceName,
  });
  return textOf((await look(call))["body"]);
}

const xml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const privateAcl: Remedy = async (before, _, look) => {
  const { resource } = before;
  const was = await documentOf(before, "ACL", "acl", look);
  if (was === undefined) throw new NotPossible(`The ACL of ${resource.name} was not read.`);
  return setting(
    "Make the ACL private",
    put(before, "ACL", "acl", { headers: { "x-cos-acl": "private" } }),
    put(before, "ACL", "acl", { body: was }),
    {
      type,
      id: resource.id,
      attributes: {
        acl: "private",
        acl_body: was.replaceAll(/<Grant>(?:(?!<\/Grant>)[\s\S])*groups\/global\/[\s\S]*?<\/Grant>\s*/g, ""),
      },
    },
  );
};

function encryption(
  algorithm: (parameters: Readonly<Record<string, Json>>) => { readonly name: string; readonly key: Json },
): Remedy {
  return async (before, parameters, look) => {
    const was = await documentOf(before, "Encryption", "encryption", look);
    const { name, key } = algorithm(parameters);
    const id = textOf(key) === undefined ? "" : `<KMSMasterKeyID>${xml(textOf(key) ?? "")}</KMSMasterKeyID>`;
    const body = `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${name}</SSEAlgorithm>${id}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;
    const back =
      was === undefined ? remove(before, "Encryption", "encryption") : put(before, "Encryption", "encryption", { body: was });
    return setting("Encrypt new objects", put(before, "Encryption", "encryption", { body }), back, {
      type,
      id: before.resource.id,
      attributes: { encryption_algorithm: name, kms_id: key },
    });
  };
}

const versioning: Remedy = (before) => {
  const body = (status: string) => `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`;
  return setting(
    "Turn on versioning",
    put(before, "Versioning", "versioning", { body: body("Enabled") }),
    put(before, "Versioning", "versioning", { body: body("Suspended") }),
    { type, id: before.resource.id, attributes: { versioning_enable: true } },
    "Versioning is suspended then: a bucket never returns to having had none.",
  );
};

const logging: Remedy = async (before, { bucket }, look) => {
  const was = (await documentOf(before, "Logging", "logging", look)) ?? "<BucketLoggingStatus/>";
  const prefix = `${before.resource.id}/`;
  const body = `<BucketLoggingStatus><LoggingEnabled><TargetBucket>${xml(textOf(bucket) ?? "")}</TargetBucket><TargetPrefix>${xml(prefix)}</TargetPrefix></LoggingEnabled></BucketLoggingStatus>`;
  return setting(
    "Log requests to the bucket",
    put(before, "Logging", "logging", { body }),
    put(before, "Logging", "logging", { body: was }),
    {
      type,
      id: before.resource.id,
      attributes: { log_enable: true, log_target_bucket: bucket ?? null, log_prefix: prefix },
    },
  );
};

const referer: Remedy = async (before, { sites }, look) => {
  const was = await documentOf(before, "Referer", "referer", look);
  const domains = (isJsonList(sites) ? sites : []).flatMap((site) => textOf(site) ?? []);
  if (domains.length === 0) throw new NotPossible("Name at least one site that may embed what the bucket holds.");
  const list = domains.map((domain) => `<Domain>${xml(domain)}</Domain>`).join("");
  const body = `<RefererConfiguration><Status>Enabled</Status><RefererType>White-List</RefererType><DomainList>${list}</DomainList><EmptyReferConfiguration>Deny</EmptyReferConfiguration></RefererConfiguration>`;
  // One that has none is one that is off, which keeps the list.
  const off = body.replace("<Status>Enabled", "<Status>Disabled");
  const isSet = was !== undefined && was.includes("<Status>");
  return setting(
    "Name the sites",
    put(before, "Referer", "referer", { body }),
    put(before, "Referer", "referer", { body: isSet ? was : off }),
    {
      type: "tencentcloud_cos_bucket_referer",
      id: before.resource.id,
      attributes: {
        bucket: before.resource.id,
        status: "Enabled",
        referer_type: "White-List",
        domain_list: domains,
        empty_refer_configuration: "Deny",
      },
    },
    isSet ? undefined : "The list stays, and is off.",
  );
};

const cors: Remedy = async (before, { site }, look) => {
  const { resource } = before;
  const was = await documentOf(before, "CORS", "cors", look);
  if (was === undefined) throw new NotPossible(`${resource.name} has no rules for other sites.`);
  const narrow = (rule: string): string =>
    /<AllowedMethod>(?:PUT|POST|DELETE)<\/AllowedMethod>/.test(rule)
      ? rule.replaceAll("<AllowedOrigin>*</AllowedOrigin>", `<AllowedOrigin>${xml(textOf(site) ?? "")}</AllowedOrigin>`)
      : rule;
  const body = was.replaceAll(/<CORSRule>[\s\S]*?<\/CORSRule>/g, narrow);
  const rules = (isJsonList(resource.attributes["cors_rules"]) ? resource.attributes["cors_rules"] : []).filter(isJsonObject);
  return setting(
    "Name the site that may write",
    put(before, "CORS", "cors", { body }),
    put(before, "CORS", "cors", { body: was }),
    {
      type,
      id: resource.id,
      attributes: {
        cors_rules: rules.map((rule) => {
          const methods = isJsonList(rule["allowed_methods"]) ? rule["allowed_methods"] : [];
          const origins = isJsonList(rule["allowed_origins"]) ? rule["allowed_origins"] : [];
          if (!methods.some((method) => ["PUT", "POST", "DELETE"].includes(textOf(method) ?? ""))) return rule;
          return { ...rule, allowed_origins: origins.map((origin) => (origin === "*" ? (site ?? null) : origin)) };
        }),
      },
    },
  );
};

/** The bucket's policy with other statements. */
function policy(title: string, change: (statements: readonly JsonObject[], before: Before) => readonly JsonObject[]): Remedy {
  return (before) => {
    const { resource, resources } = before;
    const written = textOf(resources.find((each) => each.type === policyType && each.id === resource.id)?.attributes["policy"]);
    const was = written === undefined ? { version: "2.0" } : (JSON.parse(written) as JsonObject);
    // COS takes names in either case.
    const member = Object.keys(was).find((name) => name.toLowerCase() === "statement") ?? "statement";
    const statements = [was[member] ?? []].flat().filter(isJsonObject);
    const changed = change(statements, before);
    const body = JSON.stringify({ ...was, [member]: changed });
    const call = changed.length === 0 ? remove(before, "Policy", "policy") : put(before, "Policy", "policy", { body });
    const back = written === undefined ? remove(before, "Policy", "policy") : put(before, "Policy", "policy", { body: written });
    const attributes = changed.length === 0 ? null : { bucket: resource.id, policy: body };
    return setting(title, call, back, { type: policyType, id: resource.id, attributes });
  };
}

const memberOf = (statement: JsonObject, name: string): Json | undefined =>
  Object.entries(statement).find(([key]) => key.toLowerCase() === name)?.[1];

const listed = (value: Json | undefined): readonly string[] => [value ?? []].flat().flatMap((each) => textOf(each) ?? []);

/** Allows everyone to change what is in the bucket. */
function isPublicWrite(statement: JsonObject): boolean {
  const principal = memberOf(statement, "principal");
  const people = isJsonObject(principal) ? Object.values(principal).flatMap(listed) : listed(principal);
  const actions = listed(memberOf(statement, "action")).map((action) => action.replace(/^name\//i, ""));
  return (
    textOf(memberOf(statement, "effect"))?.toLowerCase() === "allow" &&
    memberOf(statement, "condition") === undefined &&
    people.some((each) => each === "*" || each.endsWith("anyone:anyone")) &&
    actions.some((action) =>
      /^(?:\*|cos:(?:\*|put|post|delete|append|initiate|upload|complete|abort|rename|create).*)$/i.test(action),
    )
  );
}

const noPublicWrite = policy("Remove the statement that lets everyone write", (statements, { resource }) => {
  const left = statements.filter((statement) => !isPublicWrite(statement));
  if (left.length === statements.length)
    throw new NotPossible(`No statement of ${resource.name} can be told to be the one: edit the policy.`);
  return left;
});

const secureTransport = policy("Deny requests without TLS", (statements) => [
  ...statements,
  {
    effect: "deny",
    principal: { qcs: ["qcs::cam::anyone:anyone"] },
    action: ["name/cos:*"],
    resource: ["*"],
    condition: { bool_equal: { "cos:secure-transport": "false" } },
  },
]);

export const cosRemedies: readonly (readonly [string, Remedy])[] = [
  ["tencent-cos-bucket-acl-body-public", privateAcl],
  ["tencent-cos-bucket-public-read", privateAcl],
  ["tencent-cos-bucket-public-read-write", privateAcl],
  ["tencent-cos-bucket-encryption", encryption(() => ({ name: "AES256", key: null }))],
  ["tencent-cos-bucket-cmk", encryption(({ key }) => ({ name: "KMS", key: key ?? null }))],
  ["tencent-cos-bucket-versioning", versioning],
  ["tencent-cos-bucket-logging", logging],
  ["tencent-cos-bucket-referer", referer],
  ["tencent-cos-bucket-cors-wildcard", cors],
  ["tencent-cos-bucket-policy-public-write", noPublicWrite],
  ["tencent-cos-bucket-secure-transport", secureTransport],
];
