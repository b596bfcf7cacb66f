import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { KnownKey } from "./state.ts";

/*
 * Signature Version 4, from its description and not from any client's code.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export interface Received {
  readonly method: string;
  /** As it came: still encoded. */
  readonly path: string;
  /** Without the question mark, as it came. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a request says of itself, before anybody believes it. */
export interface Claim {
  readonly key: string;
  readonly date: string;
  readonly region: string;
  /** As it is signed: `s3` for both APIs of it. */
  readonly service: string;
  readonly signed: readonly string[];
  readonly signature: string;
}

export function claimOf({ headers }: Received): Claim | undefined {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers["authorization"] ?? "",
    );
  if (found === null) return undefined;
  const [, key = "", date = "", region = "", service = "", signed = "", signature = ""] = found;
  return { key, date, region, service, signed: signed.split(";"), signature };
}

/** Requests that are older or younger are refused. */
const skew = 15 * 60_000;

export type Refusal = "unknown key" | "expired" | "skewed" | "mismatch";

/** undefined: it is who it says. */
export function refusalOf(received: Received, claim: Claim, keys: readonly KnownKey[], now: number): Refusal | undefined {
  const key = keys.find(({ id }) => id === claim.key);
  if (key === undefined || key.disabled === true) return "unknown key";
  const { headers } = received;
  if (headers["x-amz-security-token"] !== key.token) return "unknown key";
  if (key.expires !== undefined && key.expires <= now) return "expired";
  const stamp = headers["x-amz-date"] ?? "";
  const time = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Number.isNaN(time) || Math.abs(time - now) > skew) return "skewed";
  if (!stamp.startsWith(claim.date)) return "mismatch";
  // What changes the meaning of a request has to be signed.
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-") && name !== "x-amz-user-agent")];
  if (!needed.every((name) => claim.signed.includes(name))) return "mismatch";
  const expected = signatureOf(received, claim, key.secret, stamp);
  if (expected === undefined) return "mismatch";
  return timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature)) ? undefined : "mismatch";
}

const sha = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const mac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();

function signatureOf(received: Received, claim: Claim, secret: string, stamp: string): string | undefined {
  const { method, path, query, headers, body } = received;
  const digest = sha(body);
  const said = headers["x-amz-content-sha256"];
  if (said !== undefined && said !== digest) return undefined;
  const canonical = [
    method,
    // Only S3 takes a path as it is; for all others the one that is sent is encoded again.
    claim.service === "s3" ? path : path.split("/").map(encoded).join("/"),
    canonicalQuery(query),
    ...claim.signed.map((name) => `${name}:${(headers[name] ?? "").trim().replaceAll(/ +/g, " ")}`),
    "",
    claim.signed.join(";"),
    digest,
  ].join("\n");
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const key = mac(mac(mac(mac(`AWS4${secret}`, claim.date), claim.region), claim.service), "aws4_request");
  return mac(key, ["AWS4-HMAC-SHA256", stamp, scope, sha(canonical)].join("\n")).toString("hex");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair): readonly [string, string] => {
    const [name = "", ...rest] = pair.split("=");
    return [encoded(decodeURIComponent(name)), encoded(decodeURIComponent(rest.join("=")))];
  });
  const sorted = [...pairs].sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

/** Everything but the unreserved characters of RFC 3986. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
