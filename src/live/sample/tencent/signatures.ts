import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/*
 * Checks requests' signatures as the documentation of the cloud describes them (TC3-HMAC-SHA256: document/api/213/30654; COS:
 * document/product/436/7778). It shares nothing with the clients: it would not notice a mistake that it makes as well.
 */

/** Keys that the double knows. */
export interface KnownKeys {
  readonly secretId: string;
  readonly secretKey: string;
  /** Temporary keys go with a token, up to a time (milliseconds). */
  readonly token?: string;
  readonly expires?: number;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A request as it came: header names in lower case. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, as it was sent. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac256 = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Seconds that a clock may be off. */
const skew = 300;

export function checkTc3(request: Incoming, keys: readonly KnownKeys[], now: number): Refusal | undefined {
  const { headers } = request;
  const authorization = headers["authorization"] ?? "";
  const parts =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d\d-\d\d)\/([a-z0-9]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (parts === null) return refusal("AuthFailure.InvalidAuthorization", "The Authorization header is not valid.");
  const [, secretId = "", date = "", service = "", signed = "", signature = ""] = parts;
  const known = keys.find((key) => key.secretId === secretId);
  if (known === undefined) return refusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
  const timestamp = headers["x-tc-timestamp"] ?? "";
  const seconds = Number(timestamp);
  if (!/^\d+$/.test(timestamp) || Math.abs(now / 1000 - seconds) > skew)
    return refusal("AuthFailure.SignatureExpire", "The signature has expired: check the clock.");
  if (new Date(seconds * 1000).toISOString().slice(0, 10) !== date)
    return refusal("AuthFailure.SignatureFailure", "The credential's date is not the timestamp's.");
  const host = (headers["host"] ?? "").split(":")[0] ?? "";
  if (host.split(".")[0] !== service) return refusal("AuthFailure.SignatureFailure", "The service is not the host's.");
  const names = signed.split(";");
  if (!names.includes("host") || !names.includes("content-type"))
    return refusal("AuthFailure.SignatureFailure", "host and content-type have to be signed.");
  if ([...names].sort().join(";") !== signed) return refusal("AuthFailure.SignatureFailure", "The signed headers are not sorted.");
  const canonicalHeaders = names
    .map((name) => `${name}:${(name === "host" ? host : (headers[name] ?? "")).trim().toLowerCase()}\n`)
    .join("");
  const canonical = [request.method, request.path, request.query, canonicalHeaders, signed, hex(request.body)].join("\n");
  const scope = `${date}/${service}/tc3_request`;
  const text = ["TC3-HMAC-SHA256", timestamp, scope, hex(canonical)].join("\n");
  const key = hmac256(hmac256(hmac256(`TC3${known.secretKey}`, date), service), "tc3_request");
  if (!same(hmac256(key, text).toString("hex"), signature))
    return refusal("AuthFailure.SignatureFailure", "The signature does not match.");
  return checkToken(known, headers["x-tc-token"], now)
    ? undefined
    : refusal("AuthFailure.TokenFailure", "The token is not valid, or has expired.");
}

export function checkCos(request: Incoming, keys: readonly KnownKeys[], now: number): Refusal | undefined {
  const { headers } = request;
  const fields = new Map(
    (headers["authorization"] ?? "").split("&").map((field): [string, string] => {
      const equals = field.indexOf("=");
      return [field.slice(0, equals), field.slice(equals + 1)];
    }),
  );
  const field = (name: string): string => fields.get(name) ?? "";
  if (field("q-sign-algorithm") !== "sha1") return refusal("AccessDenied", "The request is not signed.");
  const known = keys.find((key) => key.secretId === field("q-ak"));
  if (known === undefined) return refusal("InvalidAccessKeyId", "The access key is not known.");
  const keyTime = field("q-key-time");
  const [start = Number.NaN, end = Number.NaN] = field("q-sign-time").split(";").map(Number);
  if (field("q-sign-time") !== keyTime || !(start <= now / 1000 + skew && end > now / 1000))
    return refusal("AccessDenied", "Request has expired");
  const parameters = pairsOf(request.query);
  if (names(parameters) !== field("q-url-param-list")) return refusal("SignatureDoesNotMatch", "Parameters are missing.");
  const signedHeaders = field("q-header-list").split(";");
  if (!signedHeaders.includes("host")) return refusal("SignatureDoesNotMatch", "The host has to be signed.");
  const headerPairs = signedHeaders.map((name): [string, string] => [name, headers[name] ?? ""]);
  const http = [request.method.toLowerCase(), decodeURIComponent(request.path), joined(parameters), joined(headerPairs), ""].join(
    "\n",
  );
  const text = ["sha1", keyTime, createHash("sha1").update(http).digest("hex"), ""].join("\n");
  const signKey = createHmac("sha1", known.secretKey).update(keyTime).digest("hex");
  const signature = createHmac("sha1", signKey).update(text).digest("hex");
  if (!same(signature, field("q-signature"))) return refusal("SignatureDoesNotMatch", "The signature does not match.");
  return checkToken(known, headers["x-cos-security-token"], now)
    ? undefined
    : refusal("InvalidSecurityToken", "The token is not valid, or has expired.");
}

function checkToken(known: KnownKeys, token: string | undefined, now: number): boolean {
  if (known.token === undefined) return token === undefined || token === "";
  return token === known.token && (known.expires === undefined || now < known.expires);
}

function pairsOf(query: string): readonly [string, string][] {
  if (query === "") return [];
  return query.split("&").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
  });
}

const encoded = (value: string): string =>
  encodeURIComponent(value).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

function sorted(pairs: readonly [string, string][]): readonly [string, string][] {
  return pairs
    .map(([name, value]): [string, string] => [encoded(name).toLowerCase(), encoded(value)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

const joined = (pairs: readonly [string, string][]): string =>
  sorted(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

const names = (pairs: readonly [string, string][]): string =>
  sorted(pairs)
    .map(([name]) => name)
    .join(";");

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function refusal(code: string, message: string): Refusal {
  return { code, message };
}
