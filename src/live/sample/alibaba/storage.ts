import { createHash } from "node:crypto";
import { plainText, type JsonObject } from "../../../core/snapshots/model.ts";
import type { Received } from "./signatures.ts";
import type { AccountState, Bucket } from "./state.ts";

/* OSS and the Log Service, whose answers are not the gateway's. */

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Permission of each sub-resource, and what is answered when it is not configured (undefined: there always is one). */
const parts: Readonly<Record<string, { readonly permission: string; readonly missing?: string }>> = {
  acl: { permission: "oss:GetBucketAcl" },
  bucketInfo: { permission: "oss:GetBucketInfo" },
  encryption: { permission: "oss:GetBucketEncryption", missing: "NoSuchServerSideEncryptionRule" },
  logging: { permission: "oss:GetBucketLogging" },
  policy: { permission: "oss:GetBucketPolicy", missing: "NoSuchBucketPolicy" },
  publicAccessBlock: { permission: "oss:GetBucketPublicAccessBlock", missing: "NoSuchPublicAccessBlockConfiguration" },
  referer: { permission: "oss:GetBucketReferer" },
  tagging: { permission: "oss:GetBucketTagging" },
  versioning: { permission: "oss:GetBucketVersioning" },
};

export interface Asked {
  readonly action: string;
  readonly answer: () => Answer;
}

/** Root of the document of each sub-resource that can be put. */
const documents: Readonly<Record<string, string>> = {
  encryption: "ServerSideEncryptionRule",
  logging: "BucketLoggingStatus",
  publicAccessBlock: "PublicAccessBlockConfiguration",
  versioning: "VersioningConfiguration",
};

/** Stores what was put, or takes it away; undefined: the request asks. */
function changed(bucket: Bucket, name: string, { method, headers, body }: Received): Answer | undefined {
  const its = bucket.parts as Record<string, string>;
  if (method === "DELETE") {
    Reflect.deleteProperty(its, name);
    return { status: 204, type: "application/xml", body: "" };
  }
  if (method !== "PUT") return undefined;
  const canned = headers["x-oss-acl"];
  if (name === "acl" && canned !== undefined) {
    if (!["private", "public-read", "public-read-write"].includes(canned)) return failed(400, "InvalidArgument", "no such ACL");
    its["acl"] =
      `<AccessControlPolicy><Owner><ID>0</ID></Owner><AccessControlList><Grant>${canned}</Grant></AccessControlList></AccessControlPolicy>`;
    return { status: 200, type: "application/xml", body: "" };
  }
  const digest = headers["content-md5"];
  if (digest !== undefined && digest !== createHash("md5").update(body).digest("base64"))
    return failed(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
  if (name === "policy") {
    try {
      JSON.parse(body);
    } catch {
      return failed(400, "InvalidPolicyDocument", "The policy is no JSON.");
    }
  } else {
    const root = documents[name];
    if (root === undefined || !body.startsWith(`<${root}>`) || !body.endsWith(`</${root}>`))
      return failed(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema.",
      );
  }
  its[name] = body;
  return { status: 200, type: "application/xml", body: "" };
}

export function answerOss(state: AccountState, region: string, bucket: string | undefined, received: Received): Asked {
  const { query, method } = received;
  const verb = method === "PUT" ? "Put" : method === "DELETE" ? "Delete" : "Get";
  if (bucket === undefined) {
    if (query.has("publicAccessBlock")) {
      return {
        action: `oss:${verb}PublicAccessBlock`,
        answer: () => {
          if (method === "PUT")
            (state as { blocksPublicAccess?: boolean }).blocksPublicAccess = received.body.includes("<BlockPublicAccess>true<");
          return accountBlock(state);
        },
      };
    }
    return { action: "oss:ListBuckets", answer: () => buckets(state, query) };
  }
  const [name = ""] = [...query.keys()].filter((key) => Object.hasOwn(parts, key));
  const part = parts[name];
  if (part === undefined) return { action: "oss:?", answer: () => failed(400, "InvalidArgument", "no such sub-resource") };
  const found = state.buckets?.find((one) => one.name === bucket);
  return {
    action: part.permission.replace(/:Get/, `:${verb}`),
    answer: () => {
      if (found === undefined) return failed(404, "NoSuchBucket", "The specified bucket does not exist.");
      if (found.region !== region) {
        return failed(
          403,
          "AccessDenied",
          "The bucket you are attempting to access must be addressed using the specified endpoint.",
        );
      }
      const change = changed(found, name, received);
      if (change !== undefined) return change;
      const text = found.parts[name];
      if (text === undefined && part.missing !== undefined) return failed(404, part.missing, "There is none.");
      if (name === "policy") return { status: 200, type: "application/json", body: text ?? "" };
      return xml(text ?? whole(name, found));
    },
  };
}

/** What OSS says of a sub-resource that always is there. */
function whole(name: string, bucket: Bucket): string {
  switch (name) {
    case "acl":
      return "<AccessControlPolicy><Owner><ID>0</ID></Owner><AccessControlList><Grant>private</Grant></AccessControlList></AccessControlPolicy>";
    case "logging":
      return "<BucketLoggingStatus></BucketLoggingStatus>";
    case "referer":
      return "<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList/></RefererConfiguration>";
    case "tagging":
      return "<Tagging><TagSet></TagSet></Tagging>";
    case "versioning":
      return "<VersioningConfiguration></VersioningConfiguration>";
    default:
      return `<BucketInfo><Bucket><Name>${bucket.name}</Name></Bucket></BucketInfo>`;
  }
}

function accountBlock(state: AccountState): Answer {
  const value = state.blocksPublicAccess ?? false;
  return xml(`<PublicAccessBlockConfiguration><BlockPublicAccess>${value}</BlockPublicAccess></PublicAccessBlockConfiguration>`);
}

function buckets(state: AccountState, query: URLSearchParams): Answer {
  const size = Math.min(Number(query.get("max-keys") ?? 100), 1000);
  const after = query.get("marker") ?? "";
  const all = [...(state.buckets ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)).filter(({ name }) => name > after);
  const here = all.slice(0, size);
  const more = all.length > size;
  const items = here.map(
    ({ name, region, created }) =>
      `<Bucket><CreationDate>${created}</CreationDate><ExtranetEndpoint>oss-${region}.aliyuncs.com</ExtranetEndpoint>` +
      `<IntranetEndpoint>oss-${region}-internal.aliyuncs.com</IntranetEndpoint><Location>oss-${region}</Location>` +
      `<Name>${name}</Name><Region>${region}</Region><StorageClass>Standard</StorageClass></Bucket>`,
  );
  const next = more ? `<NextMarker>${here.at(-1)?.name ?? ""}</NextMarker>` : "";
  const owner = `<Owner><ID>${state.account}</ID><DisplayName>${state.account}</DisplayName></Owner>`;
  return xml(
    `<ListAllMyBucketsResult>${owner}<Prefix></Prefix><Marker>${after}</Marker><MaxKeys>${size}</MaxKeys>` +
      `<IsTruncated>${more}</IsTruncated>${next}<Buckets>${items.join("")}</Buckets></ListAllMyBucketsResult>`,
  );
}

function xml(body: string): Answer {
  return { status: 200, type: "application/xml", body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}

function failed(status: number, code: string, message: string): Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`), status };
}

export function answerLogs(state: AccountState, region: string, project: string | undefined, { path, query }: Received): Asked {
  const projects = (state.projects ?? []).filter((one) => one.region === region);
  if (project === undefined) {
    return {
      action: "log:ListProject",
      answer: () =>
        rows(
          "projects",
          projects.map((one) => one.project),
          query,
        ),
    };
  }
  const found = projects.find((one) => one.project["projectName"] === project);
  const none = (): Answer => say(404, { errorCode: "ProjectNotExist", errorMessage: `The Project does not exist : ${project}` });
  if (path === "/logstores") {
    const names = found?.logstores.map((one) => plainText(one["logstoreName"]) ?? "") ?? [];
    return { action: "log:ListLogStores", answer: () => (found === undefined ? none() : rows("logstores", names, query)) };
  }
  if (path === "/alerts") {
    return { action: "log:ListAlerts", answer: () => (found === undefined ? none() : rows("results", found.alerts ?? [], query)) };
  }
  const name = /^\/logstores\/([^/]+)$/.exec(path)?.[1];
  const store = found?.logstores.find((one) => one["logstoreName"] === name);
  return {
    action: "log:GetLogStore",
    answer: () =>
      store === undefined ? say(404, { errorCode: "LogStoreNotExist", errorMessage: "logstore does not exist" }) : say(200, store),
  };
}

function rows(name: string, all: readonly (JsonObject | string)[], query: URLSearchParams): Answer {
  const from = Number(query.get("offset") ?? 0);
  const size = Math.min(Number(query.get("size") ?? 100), 500);
  const here = all.slice(from, from + size);
  return say(200, { [name]: here, count: here.length, total: all.length });
}

function say(status: number, body: JsonObject): Answer {
  return { status, type: "application/json", body: JSON.stringify(body) };
}
