import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { startMoto } from "../../../scripts/moto.ts";
import { awsAccess } from "../../../src/live/aws/access.ts";
import type { AwsSession } from "../../../src/live/aws/client.ts";
import { awsPolicy } from "../../../src/live/aws/rates.ts";
import { Limits, systemClock } from "../../../src/live/limits.ts";
import type { CloudAccess, Connection } from "../../../src/live/session.ts";

/*
 * moto in front of the real client code. One server serves all tests of a process, each with an empty account; what they seed, they
 * seed with the SDK, as somebody who uses AWS does.
 */

/** moto's own account. */
export const account = "123456789012";
export const region = "eu-west-1";

const running = new Map<boolean, Promise<string>>();

/** Started with the first question and ended with the process. */
export async function moto(managedPolicies = false): Promise<string> {
  let server = running.get(managedPolicies);
  if (server === undefined) {
    server = startMoto({ managedPolicies }).then(({ endpoint, process: started }) => {
      process.once("exit", () => started.kill("SIGKILL"));
      // It must not keep the tests' process alive.
      started.unref();
      started.stderr?.removeAllListeners("data").resume();
      return endpoint;
    });
    running.set(managedPolicies, server);
  }
  return await server;
}

/** The address of an empty account; where a test needs them, with the policies that AWS keeps, which are slow to make. */
export async function emptyMoto({ managedPolicies = false } = {}): Promise<string> {
  const endpoint = await moto(managedPolicies);
  await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
  return endpoint;
}

/** For clients that seed: `new EC2Client(seeding(endpoint))`. */
export function seeding(endpoint: string, where = region) {
  return {
    region: where,
    endpoint,
    credentials: { accessKeyId: "seed", secretAccessKey: "seed" },
    forcePathStyle: true,
    disableHostPrefix: true,
  };
}

/** Keys of nobody: moto takes any. */
export const connection = (endpoint: string, signal = new AbortController().signal): Connection => ({
  source: { id: "kept:test", cloud: "aws", title: "test", from: "test", problem: undefined },
  keys: { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
  endpoint,
  signal,
});

/** The product's own access, in a hurry: neither rates nor long waits. */
export function quickAccess(environment: Readonly<Record<string, string | undefined>> = {}): CloudAccess<AwsSession> {
  const environmentOfRegion = { AWS_REGION: region, HOME: "/nonexistent", ...environment };
  return awsAccess(
    environmentOfRegion,
    new Limits({ ...awsPolicy, rate: () => ({ perSecond: 1e6, burst: 1e6, per: "service" }), wait: () => 5 }, systemClock),
  );
}

export async function connect(endpoint: string, signal?: AbortSignal): Promise<AwsSession> {
  return await quickAccess().open(connection(endpoint, signal));
}

/** What a front does with a request in place of passing it on; undefined: passes it on. */
export type Fault =
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection; with `after`, when that many bytes of the answer are out. */
  | { readonly cut: true; readonly after?: number }
  | { readonly delay: number };

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** How many requests came before. */
  readonly count: number;
}

/** A server on the loopback before moto (or nothing), which does what `fault` says. */
export class Front {
  readonly endpoint: string;
  readonly asked: Asked[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  static async start(behind: string, fault: (asked: Asked) => Fault | undefined): Promise<Front> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const front = new Front(server);
    server.on("request", (incoming: IncomingMessage, answer: ServerResponse) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const { method = "GET", url = "/", headers } = incoming;
        const asked: Asked = { method, url, headers, body: body.toString("utf8"), count: front.asked.length };
        front.asked.push(asked);
        const what = fault(asked);
        if (what !== undefined && "status" in what) {
          // As all answers of AWS have, and pages of something in between don't.
          const id = /^\s*<(?:!doctype|html)/i.test(what.body) ? {} : { "x-amzn-requestid": "1" };
          answer.writeHead(what.status, { ...id, ...what.headers }).end(what.body);
        } else if (what !== undefined && "cut" in what && what.after === undefined) {
          incoming.socket.destroy();
        } else {
          setTimeout(() => pass(behind, asked, body, answer, what), what !== undefined && "delay" in what ? what.delay : 0);
        }
      });
    });
    return front;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function pass(
  behind: string,
  { method, url, headers }: Asked,
  body: Buffer,
  answer: ServerResponse,
  what: Fault | undefined,
): void {
  const passed = request(`${behind}${url}`, { method, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      const text = Buffer.concat(chunks);
      answer.writeHead(response.statusCode ?? 500, response.headers);
      if (what !== undefined && "cut" in what && what.after !== undefined) {
        answer.write(text.subarray(0, what.after), () => answer.destroy());
      } else {
        answer.end(text);
      }
    });
  });
  passed.on("error", () => answer.destroy());
  passed.end(body);
}
