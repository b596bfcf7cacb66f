import { request as plain } from "node:http";
import { request as secure } from "node:https";

/** A request that is signed already. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Time for a whole exchange. */
export const readTimeout = 60_000;
export const connectTimeout = 10_000;

/**
 * Sends a signed request. `connect` is where it goes in place of the host that was signed: a double on the loopback. Rejects with
 * Node's own errors; never with the URL or a header.
 */
export function send(outgoing: Outgoing, connect: string | undefined, signal: AbortSignal): Promise<Incoming> {
  const target = connect === undefined ? outgoing.url : new URL(connect);
  return new Promise((resolve, reject) => {
    const request = (target.protocol === "http:" ? plain : secure)(
      {
        protocol: target.protocol,
        hostname: target.hostname,
        port: target.port,
        method: outgoing.method,
        path: outgoing.url.pathname + outgoing.url.search,
        headers: { ...outgoing.headers, host: outgoing.url.host },
        timeout: connectTimeout,
        signal,
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () => {
          clearTimeout(deadline);
          const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(headers), body: Buffer.concat(pieces) });
        });
      },
    );
    const timedOut = (): void => {
      request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    };
    const deadline = setTimeout(timedOut, readTimeout);
    request.on("timeout", timedOut);
    request.on("error", (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    request.end(outgoing.body);
  });
}
