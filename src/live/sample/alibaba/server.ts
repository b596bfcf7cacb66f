import { change, ChangeRefused, changes, Records } from "./changes.ts";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { plainText, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import type { KeptState } from "../kept-state.ts";
import { apis, type Api, type Operation } from "./operations.ts";
import { answerLogs, answerOss, type Answer } from "./storage.ts";
import { claimOf, matches, type Received } from "./signatures.ts";
import type { AccountState, Recorded } from "./state.ts";

/** What goes wrong with the next calls of a permission name. */
export interface Fault {
  /** `ecs:DescribeInstances`, or `*`. */
  readonly action: string;
  readonly kind: "throttle" | "fault" | "html" | "cut" | "garbage" | "nothing";
  readonly times: number;
}

/** What calls change. */
type Changeable = Pick<AccountState, "recorded" | "buckets" | "blocksPublicAccess">;

/** A double of Alibaba Cloud on the loopback. */
export interface Double {
  readonly url: string;
  /** Calls by permission name and region, in the order that they came. */
  readonly calls: readonly { readonly action: string; readonly region: string | undefined; readonly status: number }[];
  readonly inject: (fault: Fault) => void;
  readonly deny: (...actions: readonly string[]) => void;
  /** Milliseconds before each answer. */
  readonly delay: (milliseconds: number) => void;
  readonly replace: (state: AccountState) => void;
  readonly close: () => Promise<void>;
}

/** Requests older or younger than this are refused. */
const skew = 15 * 60_000;

export async function startDouble(state: AccountState, kept?: KeptState<Changeable>): Promise<Double> {
  const cloud = new Cloud(state, kept);
  const server = createServer((request, response) => {
    cloud.serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: cloud.calls,
    inject: (fault) => cloud.faults.push({ ...fault }),
    deny: (...actions) => actions.forEach((action) => cloud.denied.add(action)),
    delay: (milliseconds) => (cloud.latency = milliseconds),
    replace: (next) => cloud.hold(next),
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

class Cloud {
  readonly calls: { action: string; region: string | undefined; status: number }[] = [];
  readonly faults: { action: string; kind: Fault["kind"]; times: number }[] = [];
  readonly denied = new Set<string>();
  latency = 0;
  #state: AccountState;
  #recorded = new Map<string, Recorded[]>();
  readonly #nonces = new Set<string>();

  readonly #kept: KeptState<Changeable> | undefined;

  constructor(state: AccountState, kept: KeptState<Changeable> | undefined) {
    this.#state = state;
    this.#kept = kept;
    this.hold(state);
  }

  #keep(): void {
    const { buckets = [], blocksPublicAccess = false } = this.#state;
    this.#kept?.write({ recorded: [...this.#recorded.values()].flat(), buckets, blocksPublicAccess });
  }

  hold(state: AccountState): void {
    this.#state = { ...state, buckets: (state.buckets ?? []).map((bucket) => ({ ...bucket, parts: { ...bucket.parts } })) };
    this.#recorded = new Map();
    // What is changed is changed in this double alone.
    for (const recorded of structuredClone(state.recorded) as Recorded[]) {
      const same = this.#recorded.get(recorded.operation);
      if (same === undefined) this.#recorded.set(recorded.operation, [recorded]);
      else same.push(recorded);
    }
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString("utf8");
    const url = new URL(request.url ?? "/", "http://double");
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
    );
    const received: Received = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers,
      body,
    };
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    const newer = this.#kept?.read();
    if (newer !== undefined) this.hold({ ...this.#state, ...newer });
    const { answer, action, region } = this.#answer(received);
    const fault = this.faults.find((one) => one.times > 0 && (one.action === "*" || one.action === action));
    if (fault !== undefined) {
      fault.times--;
      this.calls.push({ action, region, status: 0 });
      broken(fault.kind, response, received);
      return;
    }
    this.calls.push({ action, region, status: answer.status });
    response.writeHead(answer.status, { "content-type": answer.type, "x-acs-request-id": randomUUID() });
    response.end(answer.body);
  }

  #answer(received: Received): { answer: Answer; action: string; region: string | undefined } {
    const host = (received.headers["host"] ?? "").replace(/:\d+$/, "");
    const oss = /^(?:([a-z0-9-]+)\.)?oss-([a-z0-9-]+)\.aliyuncs\.com$/.exec(host);
    if (oss !== null) {
      const [, bucket, region = ""] = oss;
      const { action, answer } = answerOss(this.#state, region, bucket, received);
      const answered = this.#refusal(received, received.query, bucket, action, "oss") ?? answer();
      if (received.method !== "GET") this.#keep();
      return { action, region, answer: answered };
    }
    const logs = /^(?:([a-z0-9-]+)\.)?([a-z]{2}-[a-z0-9-]+)\.log\.aliyuncs\.com$/.exec(host);
    if (logs !== null) {
      const [, project, region = ""] = logs;
      const { action, answer } = answerLogs(this.#state, region, project, received);
      return { action, region, answer: this.#refusal(received, received.query, undefined, action, "log") ?? answer() };
    }
    return this.#gateway(received, host);
  }

  /** The gateway of all other APIs. */
  #gateway(received: Received, host: string): { answer: Answer; action: string; region: string | undefined } {
    const parameters = new URLSearchParams([
      ...received.query.entries(),
      ...(/x-www-form-urlencoded/.test(received.headers["content-type"] ?? "") ? new URLSearchParams(received.body).entries() : []),
    ]);
    const version = parameters.get("Version") ?? received.headers["x-acs-version"];
    const [product, api] = Object.entries(apis).find(([, one]) => one.version === version) ?? [];
    if (product === undefined || api === undefined) {
      return { action: "?", region: undefined, answer: error(404, "InvalidVersion", "Specified parameter Version is not valid.") };
    }
    const place = /^([a-z0-9-]+)(?:\.([a-z0-9-]+))?\.aliyuncs\.com$/.exec(host);
    const loopback = host === "127.0.0.1" || host === "localhost";
    if (!loopback && place?.[1] !== api.label) {
      return { action: "?", region: undefined, answer: error(404, "InvalidAction.NotFound", `${host} has no ${product}.`) };
    }
    const region = place?.[2] ?? parameters.get("RegionId") ?? undefined;
    const { name, operation, path } = operationOf(api, received, parameters);
    for (const [key, value] of Object.entries(path)) parameters.set(key, value);
    const permission = operation?.permission ?? `${api.permissions}:${name}`;
    const answered = (answer: Answer): { answer: Answer; action: string; region: string | undefined } => ({
      answer,
      action: permission,
      region,
    });
    if (operation === undefined && !Object.hasOwn(changes, `${product}:${name}`))
      return answered(error(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."));
    // That call is proved by the token of somebody else.
    const unsigned = name === "AssumeRoleWithOIDC";
    const refusal = unsigned ? undefined : this.#refusal(received, parameters, undefined, permission, product);
    if (refusal !== undefined) return answered(refusal);
    const asked = parameters.get("RegionId");
    const known = (one: string): boolean => this.#state.regions.includes(one) || one === "cn-hangzhou" || one === "ap-southeast-1";
    if (
      asked !== null &&
      (!known(asked) || (place?.[2] !== undefined && place[2] !== asked && this.#state.regions.includes(place[2])))
    ) {
      return answered(error(404, "InvalidRegionId.NotFound", "The specified RegionId does not exist."));
    }
    if (product === "sts" && name === "GetCallerIdentity") return answered(json(200, this.#caller()));
    if (operation === undefined) return answered(this.#changed(`${product}:${name}`, parameters, region));
    if (product === "ecs" && name === "DescribeRegions") {
      const items = this.#state.regions.map((id) => ({ RegionId: id, LocalName: id, RegionEndpoint: `ecs.${id}.aliyuncs.com` }));
      return answered(json(200, page(operation, items, {}, parameters)));
    }
    if (product === "ram" && name === "GetAccountAlias") return answered(json(200, { AccountAlias: this.#state.alias ?? "" }));
    return answered(this.#recordedAnswer(`${product}:${name}`, operation, region, parameters));
  }

  #changed(key: string, parameters: URLSearchParams, region: string | undefined): Answer {
    try {
      const changed = change(new Records(this.#recorded, region), key, parameters);
      this.#keep();
      return json(200, changed);
    } catch (thrown) {
      if (thrown instanceof ChangeRefused) return error(thrown.status, thrown.code, thrown.message);
      throw thrown;
    }
  }

  #caller(): JsonObject {
    return { AccountId: this.#state.account, Arn: this.#state.principal, IdentityType: "RAMUser", PrincipalId: "2" };
  }

  #recordedAnswer(key: string, operation: Operation, region: string | undefined, parameters: URLSearchParams): Answer {
    const lacking = (operation.of ?? []).find((name) => (parameters.get(name) ?? "") === "");
    if (lacking !== undefined) return error(400, `Missing${lacking}`, `${lacking} is mandatory for this action.`);
    const found = (this.#recorded.get(key) ?? []).filter(
      (one) =>
        (one.region === undefined || region === undefined || one.region === region) &&
        (operation.of ?? []).every((name) => one.of?.[name] === undefined || one.of[name] === parameters.get(name)),
    );
    const [first] = found;
    if (first?.error !== undefined) return error(first.error.status, first.error.code, first.error.message);
    if (first === undefined) {
      if (operation.missing !== undefined)
        return error(operation.missing[0], operation.missing[1], "The specified resource does not exist.");
      if (operation.list === undefined) return error(404, "InvalidParameter.NotFound", "The double holds no answer to this.");
    }
    if (operation.list === undefined) return json(200, first?.body ?? {});
    return json(
      200,
      page(
        operation,
        found.flatMap(({ items }) => items ?? []),
        first?.body ?? {},
        parameters,
      ),
    );
  }

  /** Why a request is not taken; undefined: it is. */
  #refusal(
    received: Received,
    parameters: URLSearchParams,
    bucket: string | undefined,
    permission: string,
    product: string,
  ): Answer | undefined {
    const say = (status: number, code: string, message: string): Answer =>
      product === "oss"
        ? ossError(status, code, message)
        : product === "log"
          ? logError(status, code, message)
          : error(status, code, message);
    const claim = claimOf(received, parameters, bucket);
    if (claim === undefined) return say(400, "MissingAccessKeyId", "AccessKeyId is mandatory for this action.");
    const key = this.#state.keys.find(({ id }) => id === claim.keyId);
    if (key === undefined)
      return say(
        404,
        product === "oss" ? "InvalidAccessKeyId" : "InvalidAccessKeyId.NotFound",
        "Specified access key is not found.",
      );
    if (key.disabled === true) return say(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
    if (!matches(claim, key.secret)) {
      // As the gateway does it: with what was signed, the key's id in it.
      const signed = encodeURIComponent([...parameters].map((pair) => pair.join("=")).join("&"));
      return say(
        400,
        "SignatureDoesNotMatch",
        `Specified signature is not matched with our calculation. server string to sign is:${signed}`,
      );
    }
    if (key.token !== claim.token)
      return say(400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey.");
    if (key.expires !== undefined && key.expires < Date.now())
      return say(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");
    if (claim.signedAt === undefined)
      return say(400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
    if (Math.abs(Date.now() - claim.signedAt) > skew) {
      return say(
        400,
        product === "oss" ? "RequestTimeTooSkewed" : "IllegalTimestamp",
        "The input parameter Timestamp is out of range.",
      );
    }
    if (claim.nonce !== undefined) {
      if (claim.nonce.length < 6 || this.#nonces.has(claim.nonce))
        return say(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
      this.#nonces.add(claim.nonce);
    }
    if (!this.denied.has(permission)) return undefined;
    if (product === "oss") return say(403, "AccessDenied", "You have no right to access this object because of bucket acl.");
    if (product === "log") return say(401, "Unauthorized", "denied by sts or ram");
    if (product === "ram" || product === "ims")
      return say(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM.");
    if (product === "cs") return say(403, "StatusForbidden", "no permission");
    return say(403, "Forbidden.RAM", "User not authorized to operate on the specified resource, or this API doesn't support RAM.");
  }
}

function operationOf(
  api: Api,
  received: Received,
  parameters: URLSearchParams,
): { name: string; operation: Operation | undefined; path: Readonly<Record<string, string>> } {
  const byPath = Object.entries(api.operations).flatMap(([name, operation]) => {
    if (operation.path === undefined || received.method !== "GET") return [];
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    const match = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, "([^/]+)")}$`).exec(received.path);
    return match === null
      ? []
      : [{ name, operation, path: Object.fromEntries(names.map((key, index) => [key, match[index + 1] ?? ""])) }];
  });
  const [first] = byPath;
  if (first !== undefined) return first;
  const name = parameters.get("Action") ?? received.headers["x-acs-action"] ?? "";
  const operation = api.operations[name];
  return { name, operation: operation?.path === undefined ? operation : undefined, path: {} };
}

/** One page of a list, as the API cuts it. */
function page(operation: Operation, all: readonly Json[], body: JsonObject, parameters: URLSearchParams): JsonObject {
  const chosen = all.filter((item) =>
    Object.entries(operation.where ?? {}).every(([parameter, path]) => {
      const wanted = parameters.get(parameter);
      return wanted === null || plainText(member(item, path)) === wanted;
    }),
  );
  const [usual, most] = operation.pages ?? [10, 100];
  const asked = Number(parameters.get(operation.size ?? "PageSize") ?? usual);
  const size = Math.min(asked > 0 ? asked : usual, most);
  const total = nested(operation.total ?? "TotalCount", chosen.length);
  switch (operation.paging ?? "none") {
    case "none":
      return merged(body, nested(operation.list ?? "", chosen));
    case "number": {
      const number = Math.max(1, Number(parameters.get(operation.page ?? "PageNumber") ?? 1));
      const items = chosen.slice((number - 1) * size, number * size);
      return {
        ...merged(merged(body, total), nested(operation.list ?? "", items)),
        [operation.page ?? "PageNumber"]: number,
        [operation.size ?? "PageSize"]: size,
      };
    }
    case "token": {
      const token = operation.token ?? "NextToken";
      const from = start(parameters.get(token));
      const more = from + size < chosen.length;
      const truncated = operation.truncates === true ? { IsTruncated: more } : {};
      const rest = { ...truncated, [token]: more ? `next-${from + size}` : "" };
      return { ...merged(merged(body, total), nested(operation.list ?? "", chosen.slice(from, from + size))), ...rest };
    }
    case "marker": {
      const from = start(parameters.get("Marker"));
      const more = from + size < chosen.length;
      const rest = more ? { IsTruncated: true, Marker: `next-${from + size}` } : { IsTruncated: false };
      return { ...merged(body, nested(operation.list ?? "", chosen.slice(from, from + size))), ...rest };
    }
  }
}

function start(token: string | null): number {
  return Number(/^next-(\d+)$/.exec(token ?? "")?.[1] ?? 0);
}

/** `"A.B"` and a list make `{ A: { B: list } }`; `""` is the list itself, wrapped later. */
function nested(path: string, items: Json): JsonObject {
  return path.split(".").reduceRight<Json>((inner, step) => ({ [step]: inner }), items) as JsonObject;
}

function merged(body: JsonObject, list: JsonObject): JsonObject {
  const out: Record<string, Json> = { ...body };
  for (const [name, value] of Object.entries(list)) {
    const there = out[name];
    const both =
      typeof there === "object" && there !== null && typeof value === "object" && value !== null && !Array.isArray(value);
    out[name] = both ? merged(there as JsonObject, value as JsonObject) : value;
  }
  return out;
}

function member(item: Json, path: string): Json | undefined {
  let current: Json | undefined = item;
  for (const step of path.split("."))
    current = typeof current === "object" && current !== null ? (current as JsonObject)[step] : undefined;
  return current;
}

function broken(kind: Fault["kind"], response: ServerResponse, { headers }: Received): void {
  const oss = /oss-/.test(headers["host"] ?? "");
  const say = (status: number, code: string, message: string): void => {
    const answer = oss ? ossError(status, code, message) : error(status, code, message);
    response.writeHead(answer.status, { "content-type": answer.type });
    response.end(answer.body);
  };
  switch (kind) {
    case "throttle":
      say(oss ? 503 : 400, oss ? "QpsLimitExceeded" : "Throttling.User", "Request was denied due to user flow control.");
      return;
    case "fault":
      say(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");
      return;
    case "html":
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html><head><title>502 Bad Gateway</title></head></html>");
      return;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"Instances": {"Inst');
      return;
    case "nothing":
      response.writeHead(200, { "content-type": "application/json" });
      response.end("{}");
      return;
    case "cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"Inst');
      setTimeout(() => response.destroy(), 5);
  }
}

function json(status: number, body: Json): Answer {
  const named =
    typeof body === "object" && body !== null && !Array.isArray(body) ? { RequestId: randomUUID().toUpperCase(), ...body } : body;
  // Lists without a name are the whole answer of some APIs in resource style.
  const whole = typeof named === "object" && named !== null && "" in named ? (named as JsonObject)[""] : named;
  return { status, type: "application/json;charset=utf-8", body: JSON.stringify(whole) };
}

function error(status: number, code: string, message: string): Answer {
  return json(status, { Code: code, Message: message, HostId: "double", Recommend: "" });
}

function logError(status: number, code: string, message: string): Answer {
  return json(status, { errorCode: code, errorMessage: message });
}

function ossError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message.replaceAll("&", "&amp;")}</Message><RequestId>1</RequestId></Error>`;
  return { status, type: "application/xml", body };
}
