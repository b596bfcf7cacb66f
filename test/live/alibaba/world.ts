import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import { alibabaAccess, type AlibabaSession } from "../../../src/live/alibaba/access.ts";
import { limits } from "../../../src/live/alibaba/client.ts";
import type { Clock } from "../../../src/live/limits.ts";
import type { Connection } from "../../../src/live/session.ts";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import type { AccountState, Recorded } from "../../../src/live/sample/alibaba/state.ts";

export const keys = { id: "LTAI5tExampleExample0001", secret: "exampleexampleexampleexample01" };
export const account = "1234567890123456";
export const region = "cn-hangzhou";

export function state(more: Partial<AccountState> = {}): AccountState {
  return {
    account,
    alias: "example",
    principal: `acs:ram::${account}:user/scanner`,
    keys: [keys],
    regions: ["cn-hangzhou", "cn-shanghai"],
    recorded: [],
    ...more,
  };
}

/** Time passes when somebody sleeps, so that retries cost nothing. */
export function fastClock(): Clock & { readonly slept: number[] } {
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now() + ahead,
    random: () => 0.5,
    sleep: (milliseconds, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      slept.push(milliseconds);
      ahead += milliseconds;
      return Promise.resolve();
    },
  };
}

export interface World {
  readonly double: Double;
  readonly session: AlibabaSession;
  readonly clock: ReturnType<typeof fastClock>;
  readonly close: () => Promise<void>;
}

export function connection(double: Pick<Double, "url">, more: Partial<Connection> = {}): Connection {
  return {
    source: { id: "kept:1", cloud: "alibaba", title: "kept keys", from: "this editor", problem: undefined },
    keys,
    endpoint: double.url,
    signal: new AbortController().signal,
    ...more,
  };
}

export async function world(more: Partial<AccountState> = {}): Promise<World> {
  const double = await startDouble(state(more));
  const clock = fastClock();
  const access = alibabaAccess({ HOME: "/nowhere" }, limits(clock));
  const session = await access.open(connection(double));
  const close = async (): Promise<void> => {
    session.close();
    await double.close();
  };
  return { double, session, clock, close };
}

/** A list's elements in a region. */
export function items(operation: string, list: readonly JsonObject[], of?: Readonly<Record<string, string>>): Recorded {
  return { operation, items: list, ...(of === undefined ? {} : { of }) };
}

/** An answer that is no list. */
export function body(operation: string, answer: JsonObject, of?: Readonly<Record<string, string>>): Recorded {
  return { operation, body: answer, ...(of === undefined ? {} : { of }) };
}
