import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import { exponential, Limits, systemClock, type Call, type Clock, type Policy } from "../limits.ts";
import { apiOf, rateOf, type Api } from "./apis.ts";
import { cosRequest, type CosQuery } from "./cos-client.ts";
import { answerOf } from "./failures.ts";
import { at } from "./shape.ts";
import { Transport, type Answer } from "./transport.ts";

/** Keys that calls are signed with, found or given. */
export interface Keys {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token: string | undefined;
}

/** How a list call is paged. Names are those of the request and of the answer. */
export interface Paging {
  /** Where the answer has the list. */
  readonly items: string;
  readonly total?: string;
  readonly size: number;
  /** `offset`: where the page begins. `page`: its number, from 1. `cursor`: what the page before told. `none`: all at once. */
  readonly by?: "offset" | "page" | "cursor" | "none";
  readonly offset?: string;
  readonly limit?: string;
  /** Where the answer has the next cursor, and the request takes it. */
  readonly cursor?: { readonly from: string; readonly to: string };
  /** APIs that take Offset and Limit as text. */
  readonly text?: boolean;
  /** Member of the request that holds the paging: `Filter`. */
  readonly within?: string;
}

/** The API counts calls by the second, so a throttled one waits for the next one at least. */
export function policyOf(clock: Clock): Policy {
  return {
    rate: ({ action }) => rateOf(action),
    inFlight: 10,
    tries: 6,
    wait: (_, failure, retry, now) => {
      const wait = exponential(failure, retry, clock.random());
      return failure.kind === "throttled" ? Math.max(wait, 1000 - (now % 1000)) : wait;
    },
  };
}

let shared: Limits | undefined;

/** One for all accounts: what is counted is told apart by account. */
export function sharedLimits(): Limits {
  shared ??= new Limits(policyOf(systemClock), systemClock);
  return shared;
}

export interface SessionOptions {
  readonly keys: Keys;
  readonly home: string;
  readonly endpoint: string | undefined;
  readonly signal: AbortSignal;
  readonly limits: Limits;
}

/** A connected account. */
export class Session {
  readonly home: string;
  /** What the calls count against; the account id once it is known. */
  account = "";
  readonly #options: SessionOptions;
  readonly #once = new Map<string, Promise<unknown>>();
  readonly #transport: Transport;
  #requests = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.home = options.home;
    this.#transport = new Transport(options.endpoint, options.signal);
  }

  get requests(): number {
    return this.#requests;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** One call of the API: `cvm:DescribeInstances`. Throws CallFailure. */
  async call(action: string, parameters: JsonObject = {}, region = this.home): Promise<JsonObject> {
    const api = apiOf(action);
    return this.#limited(action, api.product, region, async () => answerOf(await this.#send(api, parameters, region), action));
  }

  /** All pages of a list call. */
  async list(action: string, paging: Paging, parameters: JsonObject = {}, region = this.home): Promise<readonly JsonObject[]> {
    const found: JsonObject[] = [];
    let cursor: Json | undefined;
    for (let page = 1; ; page++) {
      const answer = await this.call(action, paged(paging, parameters, page, found.length, cursor), region);
      const items = itemsOf(answer, paging.items, action);
      found.push(...items);
      const total = paging.total === undefined ? undefined : at(answer, paging.total);
      if (paging.by === "none") {
        if (typeof total === "number" && found.length < total) throw unreadable(action);
        return found;
      }
      if (paging.by === "cursor") {
        const next = at(answer, paging.cursor?.from ?? "");
        if (next === undefined || next === null || next === "" || next === cursor) return found;
        cursor = next;
        continue;
      }
      if (typeof total === "number" ? found.length >= total : items.length < paging.size) return found;
      // There are more, and none of them come: what was read is not all there is.
      if (items.length === 0) {
        if (typeof total === "number") throw unreadable(action);
        return found;
      }
    }
  }

  /** One request to COS; the answer's text, and its headers. */
  cos(action: string, query: CosQuery): Promise<{ readonly body: string; readonly headers: Readonly<Record<string, string>> }> {
    const { keys } = this.#options;
    return this.#limited(action, "cos", query.region ?? "", () =>
      cosRequest({ ...query, action, keys, transport: this.#transport }),
    );
  }

  /** What several collectors need is asked once in a session. A failure is not kept. */
  once<T>(name: string, ask: () => Promise<T>): Promise<T> {
    const asked = this.#once.get(name) as Promise<T> | undefined;
    if (asked !== undefined) return asked;
    const asking = ask();
    this.#once.set(name, asking);
    asking.catch(() => this.#once.delete(name));
    return asking;
  }

  /** What was kept of answers is asked again. */
  forget(): void {
    this.#once.clear();
  }

  close(): void {
    this.#transport.close();
    this.#once.clear();
  }

  #limited<T>(action: string, service: string, region: string, attempt: () => Promise<T>): Promise<T> {
    const call: Call = { cloud: "tencent", account: this.account, region, service, action };
    return this.#options.limits.run(call, this.signal, () => {
      this.#requests++;
      return attempt();
    });
  }

  /** One signed request. The SDK's signature takes the product from the host's first label and leaves a port out. */
  async #send(api: Api, parameters: JsonObject, region: string): Promise<Answer> {
    const { default: sign } = await import("tencentcloud-sdk-nodejs/tencentcloud/common/sign.js");
    const { keys } = this.#options;
    const body = Buffer.from(JSON.stringify(parameters));
    const timestamp = Math.floor(Date.now() / 1000);
    const contentType = { "Content-Type": "application/json" };
    const authorization = sign.default.sign3({
      method: "POST",
      url: `https://${api.host}/`,
      payload: body,
      timestamp,
      service: api.product,
      secretId: keys.secretId,
      secretKey: keys.secretKey,
      multipart: false,
      boundary: "",
      headers: contentType,
    });
    return this.#transport.send({
      action: `${api.product}:${api.action}`,
      method: "POST",
      host: api.host,
      path: "/",
      headers: {
        ...contentType,
        Authorization: authorization,
        "X-TC-Action": api.action,
        "X-TC-Version": api.version,
        "X-TC-Timestamp": String(timestamp),
        "X-TC-Region": region,
        "X-TC-Language": "en-US",
        ...(keys.token === undefined ? {} : { "X-TC-Token": keys.token }),
      },
      body,
    });
  }
}

function paged(paging: Paging, parameters: JsonObject, page: number, offset: number, cursor: Json | undefined): JsonObject {
  if (paging.by === "none") return parameters;
  const number = (value: number): Json => (paging.text === true ? String(value) : value);
  const members: Record<string, Json> = { [paging.limit ?? "Limit"]: number(paging.size) };
  if (paging.by === "cursor") {
    if (cursor !== undefined && paging.cursor !== undefined) members[paging.cursor.to] = cursor;
  } else members[paging.offset ?? "Offset"] = number(paging.by === "page" ? page : offset);
  if (paging.within === undefined) return { ...parameters, ...members };
  const within = parameters[paging.within];
  return { ...parameters, [paging.within]: { ...(isJsonObject(within) ? within : {}), ...members } };
}

/** The list of an answer. Null says that there are none; without the list the answer is none that can be read. */
export function itemsOf(answer: JsonObject, path: string, action: string): readonly JsonObject[] {
  const items = at(answer, path);
  if (items === null) return [];
  if (!Array.isArray(items)) throw unreadable(action);
  const all = items as readonly Json[];
  if (!all.every(isJsonObject)) throw unreadable(action);
  return all;
}

function unreadable(action: string): CallFailure {
  return new CallFailure({ kind: "answer", action, code: "answer", message: "the answer can't be read" });
}
