import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/*
 * What a request of Alibaba Cloud must be signed with, from the vendor's documentation of the signatures and not from any client:
 * - RPC version 1: https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism
 * - ROA version 1: https://www.alibabacloud.com/help/en/sdk/product-overview/roa-mechanism
 * - version 3 of both: https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 * - OSS versions 1 and 4: https://www.alibabacloud.com/help/en/oss/developer-reference/authorize-access-1
 * - Log Service: https://www.alibabacloud.com/help/en/sls/developer-reference/request-signatures
 */

/** A request as it came in. Names of headers are in lower case. */
export interface Received {
  readonly method: string;
  readonly path: string;
  /** Decoded. */
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a signature claims, before anybody has looked up the secret. */
export interface Claim {
  readonly keyId: string;
  readonly token: string | undefined;
  readonly signature: string;
  /** When it was signed; undefined: that is not a time. */
  readonly signedAt: number | undefined;
  /** A request must not come twice. */
  readonly nonce: string | undefined;
  readonly expected: (secret: string) => string;
}

export function matches(claim: Claim, secret: string): boolean {
  const [ours, theirs] = [Buffer.from(claim.expected(secret)), Buffer.from(claim.signature)];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

/** undefined: the request is not signed. */
export function claimOf(request: Received, parameters: URLSearchParams, bucket: string | undefined): Claim | undefined {
  const authorization = request.headers["authorization"] ?? "";
  if (authorization.startsWith("ACS3-HMAC-SHA256 ")) return version3(request, authorization);
  if (authorization.startsWith("acs ")) return roa1(request, authorization);
  if (authorization.startsWith("OSS4-HMAC-SHA256 ")) return oss4(request, authorization, bucket);
  if (authorization.startsWith("OSS ")) return oss1(request, authorization, bucket);
  if (authorization.startsWith("LOG ")) return log(request, authorization);
  return parameters.has("Signature") ? rpc1(request, parameters) : undefined;
}

function rpc1(request: Received, parameters: URLSearchParams): Claim {
  const names = [...new Set(parameters.keys())].filter((name) => name !== "Signature").sort();
  const canonical = names.map((name) => `${percent(name)}=${percent(parameters.get(name) ?? "")}`).join("&");
  const toSign = `${request.method}&${percent("/")}&${percent(canonical)}`;
  const supported = parameters.get("SignatureMethod") === "HMAC-SHA1" && parameters.get("SignatureVersion") === "1.0";
  return {
    keyId: parameters.get("AccessKeyId") ?? "",
    token: parameters.get("SecurityToken") ?? undefined,
    signature: supported ? (parameters.get("Signature") ?? "") : "",
    signedAt: isoTime(parameters.get("Timestamp")),
    nonce: parameters.get("SignatureNonce") ?? undefined,
    expected: (secret) => hmac("sha1", `${secret}&`, toSign).toString("base64"),
  };
}

function roa1(request: Received, authorization: string): Claim {
  const { headers } = request;
  const [keyId, signature] = split(authorization.slice("acs ".length));
  const acs = Object.keys(headers)
    .filter((name) => name.startsWith("x-acs-"))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`)
    .join("");
  const query = [...request.query.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  const resource = query.length === 0 ? request.path : `${request.path}?${query.join("&")}`;
  const named = ["accept", "content-md5", "content-type", "date"].map((name) => headers[name] ?? "");
  const toSign = `${[request.method, ...named].join("\n")}\n${acs}${resource}`;
  return {
    keyId,
    token: headers["x-acs-security-token"],
    signature,
    signedAt: anyTime(headers["date"]),
    nonce: headers["x-acs-signature-nonce"],
    expected: (secret) => hmac("sha1", secret, toSign).toString("base64"),
  };
}

function version3(request: Received, authorization: string): Claim {
  const members = named(authorization.slice("ACS3-HMAC-SHA256 ".length));
  const signed = (members.get("SignedHeaders") ?? "").split(";");
  const query = [...request.query.entries()]
    .map(([name, value]) => [percent(name), percent(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const payload = hash(request.body);
  const canonical = [
    request.method,
    request.path,
    query.join("&"),
    ...signed.map((name) => `${name}:${(request.headers[name] ?? "").trim()}`),
    "",
    signed.join(";"),
    payload,
  ].join("\n");
  // The hash that a request claims must be that of its body.
  const honest = request.headers["x-acs-content-sha256"] === payload;
  return {
    keyId: members.get("Credential") ?? "",
    token: request.headers["x-acs-security-token"],
    signature: honest ? (members.get("Signature") ?? "") : "",
    signedAt: isoTime(request.headers["x-acs-date"]),
    nonce: request.headers["x-acs-signature-nonce"],
    expected: (secret) => hmac("sha256", secret, `ACS3-HMAC-SHA256\n${hash(canonical)}`).toString("hex"),
  };
}

/** Sub-resources that version 1 signs; it knows no newer ones. */
const oss1Signed = new Set(
  "acl cors delete encryption lifecycle location logging objectMeta policy referer requestPayment stat tagging versioning website worm bucketInfo publicAccessBlock".split(
    " ",
  ),
);

function oss1(request: Received, authorization: string, bucket: string | undefined): Claim {
  const { headers } = request;
  const [keyId, signature] = split(authorization.slice("OSS ".length));
  const date = headers["x-oss-date"] ?? headers["date"] ?? "";
  const own = ossHeaders(headers).map(([name, value]) => `${name}:${value}\n`);
  const signed = [...request.query.entries()]
    .filter(([name]) => oss1Signed.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const place = bucket === undefined ? "/" : `/${bucket}/`;
  const resource = signed.length === 0 ? place : `${place}?${signed.join("&")}`;
  const first = [request.method, headers["content-md5"] ?? "", headers["content-type"] ?? "", date].join("\n");
  return {
    keyId,
    token: headers["x-oss-security-token"],
    signature,
    signedAt: anyTime(date),
    nonce: undefined,
    expected: (secret) => hmac("sha1", secret, `${first}\n${own.join("")}${resource}`).toString("base64"),
  };
}

function oss4(request: Received, authorization: string, bucket: string | undefined): Claim {
  const { headers } = request;
  const members = named(authorization.slice("OSS4-HMAC-SHA256 ".length));
  const [keyId = "", day = "", region = "", service = "", kind = ""] = (members.get("Credential") ?? "").split("/");
  const time = headers["x-oss-date"] ?? "";
  const query = [...request.query.entries()]
    .map(([name, value]) => [percent(name), value === "" ? "" : `=${percent(value)}`] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value);
  const signed = Object.keys(headers)
    .filter((name) => name === "content-type" || name === "content-md5" || name.startsWith("x-oss-"))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? "").trim()}\n`);
  const canonical = [
    request.method,
    bucket === undefined ? "/" : `/${bucket}/`,
    query.join("&"),
    signed.join(""),
    "",
    headers["x-oss-content-sha256"] ?? "UNSIGNED-PAYLOAD",
  ].join("\n");
  const toSign = ["OSS4-HMAC-SHA256", time, `${day}/${region}/${service}/${kind}`, hash(canonical)].join("\n");
  const key = (secret: string): Buffer =>
    [day, region, service, kind].reduce<string | Buffer>(
      (last, step) => hmac("sha256", last, step),
      `aliyun_v4${secret}`,
    ) as Buffer;
  const compact = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  const whole = service === "oss" && kind === "aliyun_v4_request" && time.startsWith(day);
  return {
    keyId,
    token: headers["x-oss-security-token"],
    signature: whole ? (members.get("Signature") ?? "") : "",
    signedAt: compact === null ? undefined : isoTime(time.replace(/^(....)(..)(..T..)(..)(..)Z$/, "$1-$2-$3:$4:$5Z")),
    nonce: undefined,
    expected: (secret) => hmac("sha256", key(secret), toSign).toString("hex"),
  };
}

function log(request: Received, authorization: string): Claim {
  const { headers } = request;
  const [keyId, signature] = split(authorization.slice("LOG ".length));
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-log-") || name.startsWith("x-acs-"))
    .sort()
    .map((name) => `${name}:${(headers[name] ?? "").trim()}`);
  const query = [...request.query.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  const resource = query.length === 0 ? request.path : `${request.path}?${query.join("&")}`;
  const named = ["content-md5", "content-type", "date"].map((name) => headers[name] ?? "");
  const toSign = [request.method, ...named, ...own, resource].join("\n");
  return {
    keyId,
    token: headers["x-acs-security-token"],
    signature,
    signedAt: anyTime(headers["date"]),
    nonce: undefined,
    expected: (secret) => hmac("sha1", secret, toSign).toString("base64"),
  };
}

function ossHeaders(headers: Received["headers"]): [string, string][] {
  return Object.keys(headers)
    .filter((name) => name.startsWith("x-oss-"))
    .sort()
    .map((name) => [name, (headers[name] ?? "").trim()]);
}

/** RFC 3986. */
function percent(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(algorithm: "sha1" | "sha256", key: string | Buffer, text: string): Buffer {
  return createHmac(algorithm, key).update(text).digest();
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** `id:signature`. */
function split(pair: string): [string, string] {
  const colon = pair.indexOf(":");
  return colon < 0 ? [pair, ""] : [pair.slice(0, colon), pair.slice(colon + 1)];
}

/** `Credential=a, Signature=b`. */
function named(list: string): Map<string, string> {
  return new Map(
    list.split(",").map((member) => {
      const equals = member.indexOf("=");
      return [member.slice(0, equals).trim(), member.slice(equals + 1).trim()];
    }),
  );
}

function isoTime(text: string | null | undefined): number | undefined {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text ?? "") ? anyTime(text) : undefined;
}

function anyTime(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}
