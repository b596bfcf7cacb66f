import { createHash } from "node:crypto";
import { hostOf, type Fault, type Reply, type Seen, type TencentState } from "./double.ts";
import { checkCos, type Incoming } from "./signatures.ts";

/** A bucket as COS keeps it: each of its settings is the document that COS answers with. */
export interface Bucket {
  /** With the APPID: `logs-1250000000`. */
  readonly name: string;
  readonly region: string;
  readonly created: string;
  /** `acl`, `encryption`, `policy`, …: XML, or JSON for the policy. What is not here is not set. */
  readonly settings: Readonly<Record<string, string>>;
  /** Answer headers of HEAD: `x-cos-bucket-az-type: MAZ`. */
  readonly head?: Readonly<Record<string, string>>;
}

/** What each setting is called in permissions, and what COS says where it is not set: an error's code, or an empty document. */
const settings: Readonly<Record<string, { readonly action: string; readonly missing: string }>> = {
  acl: { action: "GetBucketACL", missing: "" },
  cors: { action: "GetBucketCORS", missing: "NoSuchCORSConfiguration" },
  encryption: { action: "GetBucketEncryption", missing: "NoSuchEncryptionConfiguration" },
  lifecycle: { action: "GetBucketLifecycle", missing: "NoSuchLifecycleConfiguration" },
  logging: { action: "GetBucketLogging", missing: "<BucketLoggingStatus/>" },
  policy: { action: "GetBucketPolicy", missing: "NoSuchBucketPolicy" },
  referer: { action: "GetBucketReferer", missing: "<RefererConfiguration/>" },
  replication: { action: "GetBucketReplication", missing: "ReplicationConfigurationnotFoundError" },
  tagging: { action: "GetBucketTagging", missing: "NoSuchTagSet" },
  versioning: { action: "GetBucketVersioning", missing: "<VersioningConfiguration/>" },
  website: { action: "GetBucketWebsite", missing: "NoSuchWebsiteConfiguration" },
};

export function answerCos(
  state: TencentState,
  incoming: Incoming,
  faultOf: (call: Seen) => Fault | undefined,
  now: number,
): Reply | Extract<Fault, { kind: "cut" }> {
  const refused = checkCos(incoming, state.keys, now);
  if (refused !== undefined) return error(403, refused.code, refused.message);
  const service = hostOf(incoming).startsWith("service.cos.");
  const [, name = "", region = ""] = /^(.+)\.cos\.([a-z0-9-]+)\.myqcloud\.com$/.exec(hostOf(incoming)) ?? [];
  const resource = incoming.query.split("&")[0]?.replace(/=.*$/, "") ?? "";
  const setting = settings[resource];
  const verb = { PUT: "Put", DELETE: "Delete" }[incoming.method] ?? "Get";
  const action = service
    ? "GetService"
    : incoming.method === "HEAD"
      ? "HeadBucket"
      : (setting?.action.replace(/^Get/, verb) ?? "GetBucket");
  const fault = faultOf({ action: `cos:${action}`, region, parameters: service ? {} : { Bucket: name } });
  if (fault?.kind === "cut") return fault;
  if (fault?.kind === "http") return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  if (fault?.kind === "error") return error(fault.code === "SlowDown" ? 503 : 403, fault.code, fault.message ?? "");
  if (service) return listed(state, incoming);
  const bucket = state.buckets.find((one) => one.name === name && one.region === region);
  if (bucket === undefined) return error(404, "NoSuchBucket", "The specified bucket does not exist.");
  if (incoming.method === "HEAD") return { status: 200, headers: { "x-cos-bucket-region": region, ...bucket.head }, body: "" };
  if (setting === undefined) return error(501, "NotImplemented", "The double does not know the request.");
  if (incoming.method === "PUT") return stored(bucket, resource, incoming);
  if (incoming.method === "DELETE") {
    // There is nothing to delete: no error.
    Reflect.deleteProperty(bucket.settings, resource);
    return { status: 204, headers: {}, body: "" };
  }
  const document = bucket.settings[resource];
  if (document !== undefined) return ok(document);
  if (setting.missing.startsWith("<")) return ok(setting.missing);
  if (setting.missing !== "") return error(404, setting.missing, "There is none.");
  return error(500, "InternalError", "The state has no such document.");
}

/** Names of the document of each setting that can be put. */
const documents: Readonly<Record<string, string>> = {
  acl: "AccessControlPolicy",
  cors: "CORSConfiguration",
  encryption: "ServerSideEncryptionConfiguration",
  logging: "BucketLoggingStatus",
  referer: "RefererConfiguration",
  versioning: "VersioningConfiguration",
};

function stored(bucket: Bucket, resource: string, { body, headers }: Incoming): Reply {
  const its = bucket.settings as Record<string, string>;
  const canned = headers["x-cos-acl"];
  if (resource === "acl" && canned !== undefined) {
    if (canned !== "private" || body !== "") return error(400, "InvalidArgument", "The double knows the private ACL only.");
    its["acl"] = (its["acl"] ?? "").replaceAll(/<Grant>(?:(?!<\/Grant>)[\s\S])*<URI>[\s\S]*?<\/Grant>/g, "");
    return ok("");
  }
  const digest = createHash("md5").update(body).digest("base64");
  if (headers["content-md5"] !== digest) return error(400, "InvalidDigest", "The Content-MD5 is missing, or not the body's.");
  if (resource === "policy") {
    try {
      JSON.parse(body);
    } catch {
      return error(400, "MalformedPolicy", "The policy is no JSON.");
    }
  } else {
    const root = documents[resource];
    const fits = root !== undefined && (body === `<${root}/>` || (body.startsWith(`<${root}>`) && body.endsWith(`</${root}>`)));
    if (!fits) return error(400, "MalformedXML", "The document is not of this setting.");
  }
  its[resource] = body;
  return ok("");
}

function listed(state: TencentState, { query }: Incoming): Reply {
  const parameters = new URLSearchParams(query);
  const most = Math.min(2000, Number(parameters.get("max-keys") ?? 2000));
  const from = Number(parameters.get("marker") ?? 0);
  const page = state.buckets.slice(from, from + most);
  const truncated = from + most < state.buckets.length;
  const buckets = page.map(
    (bucket) =>
      `<Bucket><Name>${bucket.name}</Name><Location>${bucket.region}</Location><CreationDate>${bucket.created}</CreationDate><BucketType>cos</BucketType></Bucket>`,
  );
  const next = truncated ? `<NextMarker>${String(from + most)}</NextMarker>` : "";
  const owner = `qcs::cam::uin/${state.account}:uin/${state.account}`;
  return ok(
    `<?xml version="1.0" encoding="utf-8" ?><ListAllMyBucketsResult><Owner><ID>${owner}</ID><DisplayName>${state.account}</DisplayName></Owner><Buckets>${buckets.join("")}</Buckets><IsTruncated>${String(truncated)}</IsTruncated>${next}</ListAllMyBucketsResult>`,
  );
}

function ok(body: string): Reply {
  return { status: 200, headers: { "Content-Type": body.startsWith("{") ? "application/json" : "application/xml" }, body };
}

function error(status: number, code: string, message: string): Reply {
  return {
    status,
    headers: { "Content-Type": "application/xml" },
    body: `<?xml version="1.0" encoding="utf-8" ?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  };
}
