import { createHash } from "node:crypto";
import type { Json } from "../../core/snapshots/model.ts";
import { CallFailure, redacted } from "../failure.ts";
import type { Keys } from "./client.ts";
import { kindOf } from "./failures.ts";
import type { Answer, Transport } from "./transport.ts";

/*
 * Requests to COS. The COS SDK's client tries again by itself, out of sight of the limits, and gives {} for a policy that it can't read.
 * So its signature and its XML are used and nothing else of it.
 */

export interface CosQuery {
  readonly method?: "GET" | "HEAD" | "PUT" | "DELETE";
  /** undefined: the service itself, which lists buckets. */
  readonly bucket?: string;
  readonly region?: string;
  /** What is asked for: `acl`. */
  readonly resource?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** XML, or JSON of a policy. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

interface CosOptions extends CosQuery {
  readonly action: string;
  readonly keys: Keys;
  readonly transport: Transport;
}

interface CosUtil {
  readonly getAuth: (options: Readonly<Record<string, unknown>>) => string;
  readonly xml2json: (xml: string) => unknown;
}

/** The SDK's helpers alone: its client brings a whole HTTP library. */
async function cosUtil(): Promise<CosUtil> {
  const loaded: CosUtil & { readonly default?: CosUtil } = await import("cos-nodejs-sdk-v5/sdk/util.js");
  // CommonJS whose members are not all seen by a loader.
  return loaded.default ?? loaded;
}

/** The document of an answer as an object; a text where XML has only text. */
export async function parseXml(body: string): Promise<Json> {
  return (await cosUtil()).xml2json(body) as Json;
}

export async function cosRequest(
  options: CosOptions,
): Promise<{ readonly body: string; readonly headers: Readonly<Record<string, string>> }> {
  const { bucket, region, resource, keys, action } = options;
  const method = options.method ?? "GET";
  const host = bucket === undefined ? "service.cos.myqcloud.com" : `${bucket}.cos.${region ?? ""}.myqcloud.com`;
  const query: Record<string, string> = { ...(resource === undefined ? {} : { [resource]: "" }), ...options.parameters };
  const headers: Record<string, string> = {
    ...options.headers,
    ...(keys.token === undefined ? {} : { "x-cos-security-token": keys.token }),
  };
  const body = options.body === undefined ? undefined : Buffer.from(options.body);
  if (body !== undefined) {
    // COS wants the digest with documents that change settings.
    headers["Content-MD5"] = createHash("md5").update(body).digest("base64");
    headers["Content-Type"] = options.body?.startsWith("{") === true ? "application/json" : "application/xml";
    headers["Content-Length"] = String(body.length);
  }
  const { getAuth } = await cosUtil();
  headers["Authorization"] = getAuth({
    SecretId: keys.secretId,
    SecretKey: keys.secretKey,
    Method: method,
    Pathname: "/",
    Query: query,
    Headers: { Host: host, ...options.headers },
    Expires: 300,
  });
  const text = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  const path = text === "" ? "/" : `/?${text}`;
  const answer = await options.transport.send({ action, method, host, path, headers, ...(body === undefined ? {} : { body }) });
  if (answer.status >= 200 && answer.status < 300) return { body: answer.body, headers: answer.headers };
  throw await refusal(action, answer);
}

async function refusal(action: string, { status, body, headers }: Answer): Promise<CallFailure> {
  const error = errorOf(await parsed(body));
  const code = error?.code ?? `HTTP ${String(status)}`;
  const message = redacted(error?.message ?? `HTTP ${String(status)}`);
  const after = Number(headers["retry-after"]);
  // A HEAD has no body that could tell, and what is no COS error did not come from COS.
  const kind = error === undefined && body.trim() !== "" && status < 500 ? "answer" : kindOf(error?.code ?? "", status);
  const gone = error === undefined && body === "" && status === 404;
  return new CallFailure({
    kind: gone ? "gone" : kind,
    action,
    code,
    message,
    ...(Number.isFinite(after) && after > 0 ? { retryAfterMilliseconds: after * 1000 } : {}),
  });
}

async function parsed(body: string): Promise<unknown> {
  try {
    return await parseXml(body);
  } catch {
    return undefined;
  }
}

function errorOf(xml: unknown): { readonly code: string; readonly message: string } | undefined {
  const error = (xml as { Error?: { Code?: unknown; Message?: unknown } } | undefined)?.Error;
  if (typeof error?.Code !== "string") return undefined;
  return { code: error.Code, message: typeof error.Message === "string" ? error.Message : error.Code };
}
