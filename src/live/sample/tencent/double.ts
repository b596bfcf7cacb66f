import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { isJsonObject, type Json, type JsonObject } from "../../../core/snapshots/model.ts";
import { Answers, ApiError, change, changes } from "./changes.ts";
import type { KeptState } from "../kept-state.ts";
import { answerCos, type Bucket } from "./cos-double.ts";
import { operations, versions, type Operation } from "./operations.ts";
import { checkTc3, type Incoming, type KnownKeys } from "./signatures.ts";

/*
 * A protocol double of Tencent Cloud on the loopback, for sample accounts and tests: it checks what the cloud checks and answers in the
 * cloud's own shape from a state that is data.
 */

/** One answer of the account. `when`: parameters that the request has to have. Answers of several regions are told apart by `region`. */
export interface StateAnswer {
  readonly action: string;
  readonly region?: string;
  readonly when?: JsonObject;
  /** Without RequestId; whole lists, which the double pages. */
  readonly answer: JsonObject;
}

export interface TencentState {
  readonly keys: readonly KnownKeys[];
  /** Regions that are asked for a service; others are refused. */
  readonly regions: readonly string[];
  readonly answers: readonly StateAnswer[];
  readonly buckets: readonly Bucket[];
  /** Owner of the buckets. */
  readonly account: string;
}

/** The state of a double that runs. */
export interface Running extends TencentState {
  readonly changeable: Answers;
  buckets: readonly Bucket[];
}

/** A call that reached the double with a valid signature. */
export interface Seen {
  /** `cvm:DescribeInstances`, `cos:GetBucketACL`. */
  readonly action: string;
  readonly region: string;
  readonly parameters: JsonObject;
}

export type Fault =
  /** The API's own error. */
  | { readonly kind: "error"; readonly code: string; readonly message?: string }
  | { readonly kind: "http"; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The connection ends before the answer, or in the middle of it. */
  | { readonly kind: "cut"; readonly after: "request" | "half" };

export interface DoubleOptions {
  /** Milliseconds that each answer takes. */
  readonly latency?: number;
  /** Asked for each call before it is answered. `nth`: how often the action was called, from 1. */
  readonly fault?: (seen: Seen, nth: number) => Fault | undefined;
  readonly now?: () => number;
  readonly kept?: KeptState<Changeable> | undefined;
}

/** What calls change. */
export type Changeable = Pick<TencentState, "answers" | "buckets">;

export interface Double {
  readonly endpoint: string;
  readonly seen: readonly Seen[];
  readonly close: () => Promise<void>;
}

/** What is sent back. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is changed is changed in this double alone. */
export async function startDouble(initial: TencentState, options: DoubleOptions = {}): Promise<Double> {
  const answers = new Answers(initial.answers);
  const state: Running = {
    ...initial,
    changeable: answers,
    answers: answers.all,
    buckets: initial.buckets.map((bucket) => ({ ...bucket, settings: { ...bucket.settings } })),
  };
  const seen: Seen[] = [];
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  const faultOf = (call: Seen): Fault | undefined => {
    seen.push(call);
    const nth = (counts.get(call.action) ?? 0) + 1;
    counts.set(call.action, nth);
    return options.fault?.(call, nth);
  };
  const renew = (): void => {
    const newer = options.kept?.read();
    if (newer === undefined) return;
    answers.replace(newer.answers);
    state.buckets = newer.buckets;
  };
  const server = createServer((request, response) => {
    void receive(request).then(async (incoming) => {
      renew();
      const now = (options.now ?? Date.now)();
      const reply = isCos(incoming) ? answerCos : answerApi;
      const made = reply(state, incoming, faultOf, now);
      if (changesSomething(incoming)) options.kept?.write({ answers: state.answers, buckets: state.buckets });
      if (options.latency !== undefined) await new Promise((resolve) => setTimeout(resolve, options.latency));
      send(response, made);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

async function receive(request: IncomingMessage): Promise<Incoming> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  // A client that was told of a proxy sends the whole address.
  const url = new URL(request.url ?? "/", "http://double");
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.search.slice(1),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(pieces).toString(),
  };
}

function send(response: ServerResponse, reply: Reply | Extract<Fault, { kind: "cut" }>): void {
  if (!("kind" in reply)) {
    response.writeHead(reply.status, { "Content-Length": Buffer.byteLength(reply.body), ...reply.headers });
    response.end(reply.body);
    return;
  }
  if (reply.after === "request") {
    response.destroy();
    return;
  }
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": 1000 });
  response.write('{"Response":{"TotalCount":', () => response.destroy());
}

function changesSomething(incoming: Incoming): boolean {
  if (isCos(incoming)) return incoming.method === "PUT" || incoming.method === "DELETE";
  return Object.hasOwn(changes, `${hostOf(incoming).split(".")[0] ?? ""}:${incoming.headers["x-tc-action"] ?? ""}`);
}

function isCos(incoming: Incoming): boolean {
  return hostOf(incoming).includes(".cos.") || hostOf(incoming).startsWith("service.cos.");
}

export function hostOf({ headers }: Incoming): string {
  return (headers["host"] ?? "").split(":")[0] ?? "";
}

function answerApi(
  state: Running,
  incoming: Incoming,
  faultOf: (call: Seen) => Fault | undefined,
  now: number,
): Reply | Extract<Fault, { kind: "cut" }> {
  const product = hostOf(incoming).split(".")[0] ?? "";
  const { headers } = incoming;
  const version = versions[product];
  if (version === undefined) return error("NoSuchProduct", "The product is not known.");
  const refused = checkTc3(incoming, state.keys, now);
  if (refused !== undefined) return error(refused.code, refused.message);
  if (headers["x-tc-version"] !== version) return error("NoSuchVersion", "The version is not known.");
  const action = `${product}:${headers["x-tc-action"] ?? ""}`;
  const operation = operations[action];
  if (operation === undefined && !Object.hasOwn(changes, action)) return error("InvalidAction", "The action is not known.");
  const region = headers["x-tc-region"] ?? "";
  if (!state.regions.includes(region)) return error("UnsupportedRegion", "The region is not supported.");
  let parameters: Json;
  try {
    parameters = JSON.parse(incoming.body) as Json;
  } catch {
    return error("InvalidParameter", "The body is no JSON.");
  }
  if (!isJsonObject(parameters)) return error("InvalidParameter", "The body is no object.");
  const fault = faultOf({ action, region, parameters });
  if (fault?.kind === "cut") return fault;
  if (fault?.kind === "http") return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  if (fault?.kind === "error") return error(fault.code, fault.message ?? "");
  if (operation !== undefined) return answered(state, { action, region, parameters }, operation);
  try {
    return ok(change(state.changeable, action, parameters, region) ?? {});
  } catch (thrown) {
    if (thrown instanceof ApiError) return error(thrown.code, thrown.message);
    throw thrown;
  }
}

function answered(state: TencentState, { action, region, parameters }: Seen, operation: Operation): Reply {
  const missing = (operation.required ?? []).find((name) => parameters[name] === undefined);
  if (missing !== undefined) return error("MissingParameter", `The parameter ${missing} is missing.`);
  const fitting = state.answers
    .filter((one) => one.action === action && (one.region ?? region) === region && includes(parameters, one.when ?? {}))
    .sort((a, b) => Object.keys(b.when ?? {}).length - Object.keys(a.when ?? {}).length);
  const [known] = fitting;
  if (operation.list === undefined) {
    if (known !== undefined) return ok(known.answer);
    return operation.empty === undefined ? error("ResourceNotFound", "The resource is not found.") : ok(operation.empty);
  }
  return pageOf(known?.answer ?? operation.empty ?? {}, parameters, operation);
}

/** One page of a list, with the limits that the API has. */
function pageOf(answer: JsonObject, parameters: JsonObject, operation: Operation): Reply {
  const { list = "", total, within } = operation;
  const holder = within === undefined ? parameters : isJsonObject(parameters[within]) ? parameters[within] : {};
  const items = itemsAt(answer, list);
  const size = holder[operation.limit ?? "Limit"];
  const limit = size === undefined ? operation.usual : Number(size);
  if (operation.paged === undefined) return ok(replaced(answer, list, items, total, items.length));
  const wanted = operation.text === true ? "string" : "number";
  const given = [holder[operation.offset ?? "Offset"], size].filter((value) => value !== undefined);
  if (given.some((value) => typeof value !== wanted)) return error("InvalidParameter", `Paging is of type ${wanted}.`);
  if (!Number.isInteger(limit) || limit < 1 || limit > operation.most)
    return error("InvalidParameterValue.LimitExceeded", `At most ${String(operation.most)} at a time.`);
  if (operation.paged === "cursor") {
    const from = Number(holder[operation.cursor?.to ?? ""] ?? 0);
    const next = from + limit < items.length ? String(from + limit) : "";
    const page = replaced(answer, list, items.slice(from, from + limit), total, items.length);
    return ok({ ...page, [operation.cursor?.from ?? ""]: next });
  }
  const start = Number(holder[operation.offset ?? "Offset"] ?? (operation.paged === "page" ? 1 : 0));
  if (!Number.isInteger(start) || start < (operation.paged === "page" ? 1 : 0))
    return error("InvalidParameterValue", "The page is not valid.");
  const from = operation.paged === "page" ? (start - 1) * limit : start;
  return ok(replaced(answer, list, items.slice(from, from + limit), total, items.length));
}

function itemsAt(answer: JsonObject, path: string): readonly Json[] {
  let value: Json | undefined = answer;
  for (const step of path.split(".")) value = isJsonObject(value) ? value[step] : undefined;
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function replaced(answer: JsonObject, path: string, items: readonly Json[], total: string | undefined, count: number): JsonObject {
  const made = put(answer, path.split("."), items);
  return total === undefined ? made : put(made, total.split("."), count);
}

function put(holder: JsonObject, [step = "", ...rest]: readonly string[], value: Json): JsonObject {
  const inner = holder[step];
  return { ...holder, [step]: rest.length === 0 ? value : put(isJsonObject(inner) ? inner : {}, rest, value) };
}

/** Whether the parameters hold the others, at every depth; a list holds another if it has each of its elements. */
function includes(parameters: Json | undefined, wanted: Json): boolean {
  if (isJsonObject(wanted))
    return isJsonObject(parameters) && Object.entries(wanted).every(([name, value]) => includes(parameters[name], value));
  if (Array.isArray(wanted)) {
    const all: readonly Json[] = wanted;
    return Array.isArray(parameters) && all.every((one) => (parameters as readonly Json[]).some((other) => includes(other, one)));
  }
  return parameters === wanted;
}

let requests = 0;
const requestId = (): string => `00000000-0000-4000-8000-${String(++requests).padStart(12, "0")}`;

function ok(answer: JsonObject): Reply {
  return reply({ Response: { ...answer, RequestId: requestId() } });
}

function error(code: string, message: string): Reply {
  return reply({ Response: { Error: { Code: code, Message: message }, RequestId: requestId() } });
}

function reply(body: JsonObject): Reply {
  return { status: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
