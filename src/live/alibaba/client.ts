import { Agent as PlainAgent, type ClientRequest } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type PopCore from "@alicloud/pop-core";
import { isJsonObject, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import { exponential, Limits, systemClock, type Call, type Clock, type Policy } from "../limits.ts";
import { callFailure, saidBy, scrubbed, type Failed, type Keys } from "./failures.ts";
import { products, type Product, type ProductName } from "./products.ts";
import { connectTimeout, readTimeout } from "./transport.ts";

/** Gives keys that are valid now; rejects with a CallFailure. */
export type Credentials = () => Promise<Keys>;

export interface SessionParts {
  readonly credentials: Credentials;
  readonly home: string;
  /** Replaces all hosts. */
  readonly connect: string | undefined;
  readonly signal: AbortSignal;
  readonly limits: Limits;
  readonly clock?: Clock;
}

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Requests that an API takes from one account are published for some; the rest is held to what none refuses. */
export function limits(clock: Clock = systemClock): Limits {
  const policy: Policy = {
    rate: (call) => ({ perSecond: perSecond.get(call.service) ?? 10, burst: 20, per: "action" }),
    inFlight: 10,
    tries: 6,
    wait: (call, failure, retry, now) => waitOf(call, failure, retry, now, clock.random()),
  };
  return new Limits(policy, clock);
}

const perSecond = new Map<string, number>(
  Object.entries(products).flatMap(([name, product]: [string, Product]) =>
    product.perSecond === undefined ? [] : [[name, product.perSecond]],
  ),
);

/** ECS takes nothing more of a user that it throttled until the next minute begins. */
function waitOf(call: Call, failure: CallFailure, retry: number, now: number, random: number): number {
  if (call.service === "ecs" && failure.kind === "throttled" && failure.retryAfterMilliseconds === undefined) {
    return 60_000 - (now % 60_000) + Math.round(random * 2000);
  }
  return exponential(failure, retry, random);
}

type Client = InstanceType<typeof PopCore.RPCClient> | InstanceType<typeof PopCore.ROAClient>;

/** A connected account. */
export class AlibabaSession {
  readonly home: string;
  readonly connect: string | undefined;
  readonly signal: AbortSignal;
  readonly credentials: Credentials;
  /** Known once the cloud has said who we are. */
  account = "";
  principal = "";
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #clients = new Map<string, Client>();
  readonly #agents = { "http:": new PlainAgent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };
  readonly #kept = new Map<string, Promise<unknown>>();
  #requests = 0;

  constructor(parts: SessionParts) {
    this.credentials = parts.credentials;
    this.home = parts.home;
    this.connect = parts.connect;
    this.signal = parts.signal;
    this.#limits = parts.limits;
    this.#clock = parts.clock ?? systemClock;
  }

  get requests(): number {
    return this.#requests;
  }

  close(): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
    this.#clients.clear();
    this.#kept.clear();
  }

  /** An operation of an RPC API. `action` is its permission name where that is not the product's and the operation's. */
  async rpc(
    name: ProductName,
    operation: string,
    region: string,
    parameters: Parameters = {},
    action = `${products[name].permissions}:${operation}`,
  ): Promise<JsonObject> {
    const product = products[name];
    const host = product.host(region);
    return this.limited(name, action, region, async (keys) => {
      const core = await import("@alicloud/pop-core");
      const client = this.#client(`rpc ${host} ${product.version}`, () => {
        const configuration = { endpoint: this.connect ?? `https://${host}`, apiVersion: product.version };
        return new core.default.RPCClient({ ...configuration, credentialsProvider: { getCredentials: this.#pair } }, true);
      }) as InstanceType<typeof PopCore.RPCClient>;
      const exchange = this.#exchange();
      try {
        // Never GET: the client writes the URL into the messages of its errors, and with GET that holds the keys.
        const answered = await client.request(operation, parameters, {
          method: "POST",
          formatParams: false,
          headers: { host },
          connectTimeout,
          readTimeout,
          agent: exchange.agent,
        });
        return answerOf(action, plain(Array.isArray(answered) ? (answered as unknown[])[0] : answered), exchange.status(), keys);
      } catch (error) {
        throw placed(failureOf(action, error, exchange.status(), keys), host, region);
      }
    });
  }

  /** A call of an API in the style of resources: always GET here. */
  async roa(
    name: ProductName,
    operation: string,
    region: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    action = `${products[name].permissions}:${operation}`,
  ): Promise<Json> {
    const product = products[name];
    const host = product.host(region);
    return this.limited(name, action, region, async (keys) => {
      const core = await import("@alicloud/pop-core");
      const client = this.#client(`roa ${host} ${product.version}`, () => {
        const configuration = { endpoint: this.connect ?? `https://${host}`, apiVersion: product.version };
        return new core.default.ROAClient({ ...configuration, credentialsProvider: { getCredentials: this.#pair } });
      }) as InstanceType<typeof PopCore.ROAClient>;
      const exchange = this.#exchange();
      try {
        const options = { connectTimeout, readTimeout, agent: exchange.agent };
        const answered = await client.request("GET", path, query, "", { host }, options);
        // What is no JSON comes back as it is.
        if (typeof answered === "string") throw new SyntaxError("no JSON");
        return plain(answered);
      } catch (error) {
        throw placed(failureOf(action, error, exchange.status(), keys), host, region);
      }
    });
  }

  /** What was kept of answers is asked again. */
  forget(): void {
    this.#kept.clear();
  }

  /** What several collectors need and one call gives: asked for once in a session. What failed is asked for again. */
  async once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(key) as Promise<T> | undefined;
    if (kept !== undefined) return kept;
    const asked = ask();
    this.#kept.set(key, asked);
    asked.catch(() => this.#kept.delete(key));
    return asked;
  }

  /** Time for the cloud to get something ready. */
  async pause(milliseconds: number): Promise<void> {
    await this.#clock.sleep(milliseconds, this.signal);
  }

  /** Sends one request within the cloud's limits, as often as it is worth. */
  async limited<T>(service: string, action: string, region: string, attempt: (keys: Keys) => Promise<T>): Promise<T> {
    const call: Call = { cloud: "alibaba", account: this.account, region, service, action };
    return this.#limits.run(call, this.signal, async () => {
      const keys = await this.credentials();
      this.#requests++;
      return attempt(keys);
    });
  }

  /** As pop-core wants the keys. */
  readonly #pair = async (): Promise<{ accessKeyId: string; accessKeySecret: string; securityToken: string | undefined }> => {
    const keys = await this.credentials();
    return { accessKeyId: keys.id, accessKeySecret: keys.secret, securityToken: keys.token };
  };

  /** Clients are kept: with a new one for each call a call takes four times as long. */
  #client(key: string, make: () => Client): Client {
    const kept = this.#clients.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    this.#clients.set(key, made);
    return made;
  }

  /**
   * pop-core tells no status of an answer that it can't parse, and knows no AbortSignal. An agent sees each request, so this one
   * notes the status, ends the request when the session ends, and else does what the shared agent does.
   */
  #exchange(): { readonly agent: PlainAgent; readonly status: () => number | undefined } {
    const shared = this.#agents[this.connect?.startsWith("http:") === true ? "http:" : "https:"] as unknown as {
      addRequest: (request: ClientRequest, ...rest: unknown[]) => void;
    };
    let status: number | undefined;
    const addRequest = (request: ClientRequest, ...rest: unknown[]): void => {
      const stop = (): void => {
        request.destroy(Object.assign(new Error("cancelled"), { code: "ABORT_ERR" }));
      };
      this.signal.addEventListener("abort", stop, { once: true });
      request.once("close", () => this.signal.removeEventListener("abort", stop));
      request.once("response", (response) => (status = response.statusCode));
      shared.addRequest(request, ...rest);
    };
    const agent = Object.create(shared, { addRequest: { value: addRequest } }) as PlainAgent;
    return { agent, status: () => status };
  }
}

/**
 * A host that nobody knows and that is named after a region: the region does not offer the service. To ask again and again would
 * hold up the scan in every such region.
 */
export function placed(failure: CallFailure, host: string, region: string): CallFailure {
  if (failure.code !== "ENOTFOUND" || !host.includes(`.${region}.`)) return failure;
  const message = `There is no ${host}: the region does not offer the service, or names can't be looked up.`;
  return new CallFailure({ kind: "region", action: failure.action, code: failure.code, message });
}

/** What the client threw, as a CallFailure. */
export function failureOf(action: string, error: unknown, status: number | undefined, keys: Keys | undefined): CallFailure {
  if (error instanceof CallFailure) return error;
  const thrown = (typeof error === "object" && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly name?: unknown;
    readonly message?: unknown;
    readonly data?: unknown;
    readonly result?: unknown;
    readonly statusCode?: unknown;
  };
  const said = saidBy(plain(thrown.data ?? thrown.result));
  if (said.code !== "" || said.message !== "") return callFailure(action, { status, ...said }, keys);
  const code = [thrown.code, thrown.name].find((one) => typeof one === "string" && one !== "" && one !== "Error") as
    string | undefined;
  // A parser's error: of the answer nothing but the status can be told.
  if (code === undefined || /syntax|format/i.test(code) || code === "TypeError") {
    return callFailure(action, { status: status !== undefined && status >= 500 ? status : undefined, code: "", message: "" }, keys);
  }
  const message = typeof thrown.message === "string" ? thrown.message : "";
  return callFailure(action, { status, code, message: /^(?:E[A-Z]+|CERT|UNABLE)/.test(code) ? "" : scrubbed(message, keys) }, keys);
}

function answerOf(action: string, answer: Json, status: number | undefined, keys: Keys): JsonObject {
  if (!isJsonObject(answer)) throw callFailure(action, { status: undefined, code: "", message: "" }, keys);
  const refused = answer["Success"] === false || answer["Success"] === "false" || answer["IsSuccess"] === false;
  if ((status ?? 200) >= 400 || refused) {
    const failed: Failed = { status, ...saidBy(answer) };
    throw callFailure(action, refused && failed.code === "" ? { ...failed, code: "NoSuccess" } : failed, keys);
  }
  return answer;
}

/** Plain data of what json-bigint gives: a number that a double can't hold is its text. */
export function plain(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return null;
  if ("isInteger" in value && "toFixed" in value && typeof value.toFixed === "function") {
    return (value as { toFixed: () => string }).toFixed();
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
