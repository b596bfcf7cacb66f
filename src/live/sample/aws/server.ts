import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isJsonObject, type Json } from "../../../core/snapshots/model.ts";
import { absences, apis, permissionOf, routed, type Api, type Failure } from "./apis.ts";
import { change, ChangeRefused, isChange } from "./changes.ts";
import type { KeptState } from "../kept-state.ts";
import { claimOf, refusalOf, type Received, type Refusal } from "./signatures.ts";
import type { AccountState, Recorded } from "./state.ts";
import { answer, failure, type Answer } from "./wire.ts";

/** What goes wrong with the next calls of a permission name. */
export interface Fault {
  /** `ec2:DescribeInstances`, or `*`. */
  readonly action: string;
  readonly kind: "throttle" | "fault" | "html" | "cut" | "garbage";
  readonly times: number;
}

/** What calls change. */
type Changeable = Pick<AccountState, "recorded">;

/** A double of AWS on the loopback. */
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

export async function startDouble(state: AccountState, kept?: KeptState<Changeable>): Promise<Double> {
  const cloud = new Cloud(state, kept);
  const server = createServer((request, response) => {
    cloud.serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls: cloud.calls,
    inject: (fault) => cloud.faults.push({ ...fault }),
    deny: (...actions) => actions.forEach((action) => cloud.denied.add(action)),
    delay: (milliseconds) => (cloud.latency = milliseconds),
    replace: (next) => (cloud.state = next),
    close: () => closed(server),
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A request that is understood. */
interface Asked {
  readonly api: Api;
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** Single values only: what an operation is asked about. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: string;
}

class Cloud {
  readonly calls: { action: string; region: string | undefined; status: number }[] = [];
  readonly faults: { action: string; kind: Fault["kind"]; times: number }[] = [];
  readonly denied = new Set<string>();
  latency = 0;
  state: AccountState;
  readonly #kept: KeptState<Changeable> | undefined;

  constructor(state: AccountState, kept: KeptState<Changeable> | undefined) {
    this.#kept = kept;
    // What is changed is changed in this double alone.
    this.state = { ...state, recorded: structuredClone(state.recorded) };
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const [path = "/", ...rest] = (request.url ?? "/").split("?");
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
    );
    const received = { method: request.method ?? "", path, query: rest.join("?"), headers, body: Buffer.concat(pieces) };
    if (this.latency > 0) await new Promise((resolve) => setTimeout(resolve, this.latency));
    this.state = { ...this.state, ...this.#kept?.read() };
    const { action, region, answered, asked } = this.#answer(received);
    const fault = this.faults.find((one) => one.times > 0 && (one.action === "*" || one.action === action));
    if (fault !== undefined) {
      fault.times--;
      this.calls.push({ action, region, status: 0 });
      broken(fault.kind, asked, response);
      return;
    }
    this.calls.push({ action, region, status: answered.status });
    response.writeHead(answered.status, answered.headers).end(answered.body);
  }

  #answer(received: Received): { action: string; region: string | undefined; answered: Answer; asked: Asked | undefined } {
    const claim = claimOf(received);
    const unsigned: Failure = {
      status: 403,
      code: "MissingAuthenticationToken",
      message: "Request is missing Authentication Token",
    };
    if (claim === undefined) return { action: "?", region: undefined, answered: failure(plain, "", unsigned), asked: undefined };
    const { region, service } = claim;
    const asked = this.#understood(received, service, region);
    if (asked === undefined) {
      const unknown: Failure = { status: 400, code: "UnknownOperationException", message: "The double does not know the call." };
      return { action: "?", region, answered: failure(apis[service] ?? plain, service, unknown), asked };
    }
    const action = permissionOf(`${service}:${asked.operation}`);
    const said = (answered: Answer) => ({ action, region, answered, asked });
    const refusal = refusalOf(received, claim, this.state.keys, Date.now());
    if (refusal !== undefined) return said(failure(asked.api, service, refused(refusal, asked)));
    if (!this.state.regions.includes(region)) return said(failure(asked.api, service, refused("unknown key", asked)));
    if (this.denied.has(action)) {
      const code =
        asked.api.protocol === "ec2"
          ? "UnauthorizedOperation"
          : asked.api.protocol === "json"
            ? "AccessDeniedException"
            : "AccessDenied";
      const message = `User: ${this.state.principal} is not authorized to perform: ${action}`;
      return said(failure(asked.api, service, { status: 403, code, message }));
    }
    return said(this.#recorded(asked));
  }

  /** Which call it is, by the protocol of the API that it is signed for. */
  #understood(received: Received, service: string, region: string): Asked | undefined {
    const api = apis[service];
    if (api === undefined) return undefined;
    const query = new URLSearchParams(received.query);
    const body = received.body.toString("utf8");
    if (api.protocol === "query" || api.protocol === "ec2") {
      const form = new URLSearchParams(body);
      const operation = form.get("Action");
      return operation === null ? undefined : { api, service, operation, region, parameters: new Map(form), body };
    }
    if (api.protocol === "json") {
      const operation = received.headers["x-amz-target"]?.split(".").at(-1);
      return operation === undefined ? undefined : { api, service, operation, region, parameters: members(body), body };
    }
    const found = routed(api, received.method, received.path, query);
    if (found === undefined) return undefined;
    const parameters = new Map([...query, ...members(body), ...Object.entries(found.parameters)]);
    return { api, service, operation: found.operation, region, parameters, body };
  }

  #recorded(asked: Asked): Answer {
    const { api, service, operation, region, parameters } = asked;
    const name = `${service}:${operation}`;
    if (isChange(name)) {
      try {
        const changed = change(this.state, { name, region, parameters, body: asked.body });
        this.#kept?.write({ recorded: this.state.recorded });
        return answer(api, operation, changed);
      } catch (thrown) {
        if (thrown instanceof ChangeRefused) return failure(api, service, thrown.failure);
        throw thrown;
      }
    }
    const fits = ({ operation: of, region: where, of: about }: Recorded): boolean =>
      of === name &&
      (where === undefined || where === region) &&
      Object.entries(about ?? {}).every(([parameter, value]) => parameters.get(parameter) === value);
    const found = this.state.recorded.find(fits);
    if (found !== undefined) return answer(api, operation, found.answer);
    const absence = absences[name];
    if (absence !== undefined) return failure(api, service, absence);
    // The account has nothing of it.
    if (/^(?:List|Describe|GetRestApis|GetApis|GetDomainNames)/.test(operation)) return answer(api, operation, {});
    return failure(api, service, {
      status: 400,
      code: "UnknownOperationException",
      message: "The double holds no answer to this.",
    });
  }
}

const plain: Api = { protocol: "query" };

/** Texts at the top of a JSON body. */
function members(body: string): ReadonlyMap<string, string> {
  if (!body.startsWith("{")) return new Map();
  const json = JSON.parse(body) as Json;
  if (!isJsonObject(json)) return new Map();
  return new Map(Object.entries(json).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])));
}

/** Each family of APIs has its own names for it. */
function refused(refusal: Refusal, { api, service }: Asked): Failure {
  const of = (ec2: string, json: string, s3: string, other: string): string =>
    api.protocol === "ec2" ? ec2 : api.protocol === "json" || api.protocol === "rest-json" ? json : service === "s3" ? s3 : other;
  switch (refusal) {
    case "unknown key":
      return {
        status: 403,
        code: of("AuthFailure", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidClientTokenId"),
        message: "The security token included in the request is invalid.",
      };
    case "expired":
      return {
        status: 403,
        code: of("RequestExpired", "ExpiredTokenException", "ExpiredToken", "ExpiredToken"),
        message: "The security token included in the request is expired",
      };
    case "skewed":
      return {
        status: 403,
        code: of("RequestExpired", "InvalidSignatureException", "RequestTimeTooSkewed", "SignatureDoesNotMatch"),
        message: "Signature expired: the difference between the request time and the current time is too large.",
      };
    case "mismatch":
      return {
        status: 403,
        code: of("AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch"),
        message: "The request signature we calculated does not match the signature you provided.",
      };
  }
}

function broken(kind: Fault["kind"], asked: Asked | undefined, response: ServerResponse): void {
  const api = asked?.api ?? plain;
  const service = asked?.service ?? "";
  switch (kind) {
    case "throttle": {
      const code =
        api.protocol === "ec2" ? "RequestLimitExceeded" : api.protocol === "query" ? "Throttling" : "ThrottlingException";
      const { status, headers, body } = failure(api, service, { status: 400, code, message: "Rate exceeded" });
      response.writeHead(status, headers).end(body);
      return;
    }
    case "fault": {
      const { status, headers, body } = failure(api, service, { status: 503, code: "ServiceUnavailable", message: "Try again." });
      response.writeHead(status, headers).end(body);
      return;
    }
    case "html":
      response.writeHead(404, { "content-type": "text/html" }).end("<!doctype html><title>404 Not Found</title>");
      return;
    case "garbage":
      response.writeHead(200, { "content-type": "application/json" }).end('{"half":');
      return;
    case "cut":
      response.writeHead(200, { "content-type": "text/xml", "content-length": "1000" });
      response.write("<half");
      response.destroy();
  }
}
