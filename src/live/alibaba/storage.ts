import { createHmac } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import type { AlibabaSession } from "./client.ts";
import { failureOf, plain } from "./client.ts";
import { callFailure, saidBy, type Keys } from "./failures.ts";
import { send, type Incoming } from "./transport.ts";

/* OSS and the Log Service are no APIs of the gateway: each has hosts, signatures and errors of its own. */

export interface OssRequest {
  /** None: the service itself. */
  readonly bucket?: string;
  /** Sub-resource: `acl`. */
  readonly of?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** A request that changes a sub-resource. */
export interface OssChange {
  readonly method: "PUT" | "DELETE";
  readonly bucket?: string;
  readonly of: string;
  /** XML, or JSON of a policy. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `oss-cn-hangzhou.aliyuncs.com`. */
export function ossHost(region: string): string {
  return `oss-${region}.aliyuncs.com`;
}

/** The answer's root element; a list of one element is that element. */
export async function ossXml(session: AlibabaSession, action: string, region: string, request: OssRequest): Promise<JsonObject> {
  const { answer, store } = await ossGet(session, action, region, request);
  try {
    const parsed = plain(await store.parseXML(answer.body));
    if (isJsonObject(parsed)) return parsed;
    // An element without members.
    if (parsed === "" || parsed === null) return {};
  } catch {
    // Below.
  }
  throw callFailure(action, { status: undefined, code: "", message: "" }, undefined);
}

/** For what is no XML: a bucket's policy. */
export async function ossText(session: AlibabaSession, action: string, region: string, request: OssRequest): Promise<string> {
  return (await ossGet(session, action, region, request)).answer.body.toString("utf8");
}

export async function ossChange(session: AlibabaSession, action: string, region: string, change: OssChange): Promise<void> {
  await ossSend(session, action, region, change);
}

function ossGet(session: AlibabaSession, action: string, region: string, request: OssRequest): ReturnType<typeof ossSend> {
  return ossSend(session, action, region, { method: "GET", ...request });
}

async function ossSend(
  session: AlibabaSession,
  action: string,
  region: string,
  {
    method,
    bucket,
    of,
    query,
    body: sent,
    headers: own,
  }: OssRequest & Omit<Partial<OssChange>, "method"> & { readonly method: "GET" | "PUT" | "DELETE" },
): Promise<{ answer: Incoming; store: { parseXML: (xml: Buffer) => Promise<unknown> } }> {
  return session.limited("oss", action, region, async (keys) => {
    const { default: OSS } = await import("ali-oss");
    let cut: unknown;
    let answer: Incoming | undefined;
    const urllib = {
      request: async (url: string, parameters: { readonly method?: string; readonly headers?: Record<string, string> }) => {
        try {
          const headers = parameters.headers ?? {};
          const outgoing = { method: parameters.method ?? "GET", url: new URL(url), headers, body: sent };
          answer = await send(outgoing, session.connect, session.signal);
        } catch (error) {
          // ali-oss would tell nothing of it.
          cut = error;
          throw error;
        }
        const { status, headers, body } = answer;
        return { status, headers, data: body, res: { status, headers } };
      },
    };
    const token = keys.token === undefined ? {} : { stsToken: keys.token, refreshSTSToken: never, refreshSTSTokenInterval: 1e15 };
    const store = new OSS({
      accessKeyId: keys.id,
      accessKeySecret: keys.secret,
      ...token,
      region: `oss-${region}`,
      endpoint: `https://${ossHost(region)}`,
      secure: true,
      // Version 4 signs every sub-resource; version 1 only those that it knew.
      authorizationV4: true,
      urllib,
    });
    try {
      // Never the client's own methods: its getBucketPolicy takes a refusal for "there is no policy".
      await store.request({
        method,
        ...(sent === undefined
          ? {}
          : { content: Buffer.from(sent), mime: sent.startsWith("{") ? "application/json" : "application/xml" }),
        ...(own === undefined ? {} : { headers: own }),
        ...(bucket === undefined ? {} : { bucket }),
        ...(of === undefined ? {} : { subres: of }),
        ...(query === undefined ? {} : { query }),
        successStatuses: [200, 204],
      });
    } catch (error) {
      throw ossFailure(action, error, cut, answer, keys);
    }
    if (answer === undefined) throw callFailure(action, { status: undefined, code: "", message: "" }, keys);
    return { answer, store };
  });
}

function ossFailure(action: string, error: unknown, cut: unknown, answer: Incoming | undefined, keys: Keys): Error {
  if (cut !== undefined) return failureOf(action, cut, undefined, keys);
  if (answer === undefined) return failureOf(action, error, undefined, keys);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== "string") {
    return callFailure(action, { status: answer.status >= 500 ? answer.status : undefined, code: "", message: "" }, keys);
  }
  return callFailure(action, { status: answer.status, code, message: typeof message === "string" ? message : "" }, keys);
}

function never(): Promise<never> {
  return Promise.reject(new Error("keys are renewed by the session"));
}

/** A call of the Log Service: of a project, or of the service where there is none. */
export async function logService(
  session: AlibabaSession,
  action: string,
  region: string,
  project: string | undefined,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Json> {
  return session.limited("log", action, region, async (keys) => {
    const url = new URL(`https://${project === undefined ? "" : `${project}.`}${region}.log.aliyuncs.com${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers = signedForLogs(keys, path, query, new Date());
    let answer: Incoming;
    try {
      answer = await send({ method: "GET", url, headers }, session.connect, session.signal);
    } catch (error) {
      throw failureOf(action, error, undefined, keys);
    }
    const parsed = parse(answer.body);
    if (answer.status >= 400) throw callFailure(action, { status: answer.status, ...saidBy(parsed) }, keys);
    if (parsed === undefined) throw callFailure(action, { status: undefined, code: "", message: "" }, keys);
    return parsed;
  });
}

/** https://www.alibabacloud.com/help/en/sls/developer-reference/request-signatures */
function signedForLogs(keys: Keys, path: string, query: Readonly<Record<string, string>>, now: Date): Record<string, string> {
  const own: Record<string, string> = {
    "x-log-apiversion": "0.6.0",
    "x-log-bodyrawsize": "0",
    "x-log-signaturemethod": "hmac-sha1",
    ...(keys.token === undefined ? {} : { "x-acs-security-token": keys.token }),
  };
  const date = now.toUTCString();
  const named = Object.keys(own)
    .sort()
    .map((name) => `${name}:${own[name] ?? ""}`);
  const pairs = Object.keys(query)
    .sort()
    .map((name) => `${name}=${query[name] ?? ""}`);
  const resource = pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
  const toSign = ["GET", "", "", date, ...named, resource].join("\n");
  const signature = createHmac("sha1", keys.secret).update(toSign).digest("base64");
  return { ...own, date, authorization: `LOG ${keys.id}:${signature}` };
}

function parse(body: Buffer): Json | undefined {
  try {
    return JSON.parse(body.toString("utf8")) as Json;
  } catch {
    return undefined;
  }
}
