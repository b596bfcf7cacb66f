import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { CallFailure, redacted } from "../failure.ts";

/*
 * One request and its answer. The SDKs' own transports are not used: that of the API waits for its timeout where a connection is cut
 * in the middle of an answer, and that of COS tries again out of sight of the limits.
 */

export interface Outgoing {
  /** For failures. */
  readonly action: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** What was signed. */
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const timeout = 30_000;

/** Sends to the host, or to an endpoint in place of every host: the name that is signed stays the same. */
export class Transport {
  readonly #endpoint: URL | undefined;
  readonly #agent: HttpAgent;
  readonly #signal: AbortSignal;

  constructor(endpoint: string | undefined, signal: AbortSignal) {
    this.#endpoint = endpoint === undefined ? undefined : new URL(endpoint);
    this.#signal = signal;
    // Newer Nodes go through the proxy that the environment names.
    const options = { keepAlive: true, proxyEnv: process.env };
    this.#agent = this.#endpoint === undefined ? new HttpsAgent(options) : new HttpAgent({ keepAlive: true });
  }

  send({ action, method, host, path, headers, body }: Outgoing): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error & { readonly code?: string }): void => {
        const code = error.code ?? "network";
        reject(new CallFailure({ kind: "unreachable", action, code, message: redacted(error.message) }));
      };
      const answered = (response: IncomingMessage): void => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", failed);
        response.on("end", () => {
          const all = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
          const text = Buffer.concat(pieces).toString();
          resolve({ status: response.statusCode ?? 0, body: text, headers: Object.fromEntries(all) });
        });
      };
      const common = { method, path, headers: { ...headers, Host: host }, agent: this.#agent, signal: this.#signal, timeout };
      const request =
        this.#endpoint === undefined
          ? httpsRequest({ ...common, host }, answered)
          : httpRequest({ ...common, host: this.#endpoint.hostname, port: this.#endpoint.port }, answered);
      request.on("error", failed);
      request.on("timeout", () => request.destroy(new Error("no answer within 30 seconds")));
      request.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
