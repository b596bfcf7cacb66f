import { readPermissions } from "../../../src/core/checks/permissions.ts";
import { evaluateCheck } from "../../../src/core/checks/evaluate.ts";
import type { CheckItem, Outcome } from "../../../src/core/checks/model.ts";
import { AccountWorld } from "../../../src/core/accounts/world.ts";
import type { AccountData } from "../../../src/core/accounts/model.ts";
import { object, unknown } from "../../../src/core/values/make.ts";
import { alibabaAccess, type AlibabaSession } from "../../../src/live/alibaba/access.ts";
import { limits } from "../../../src/live/alibaba/client.ts";
import { collectors } from "../../../src/live/alibaba/collectors.ts";
import { collect } from "../../../src/live/collect.ts";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import type { AccountState } from "../../../src/live/sample/alibaba/state.ts";
import { bundled } from "../../harness/check-world.ts";
import { connection, fastClock } from "./world.ts";

/** What a scan with some items says of an account. */
export interface Scan {
  readonly data: AccountData;
  /** Outcome of an item on the instance with an id, or of its first instance. */
  readonly outcome: (check: string, id?: string) => Outcome | undefined;
  readonly double: Double;
  readonly requests: number;
}

/** Items of the cloud that have a live read. */
export async function liveItems(): Promise<readonly CheckItem[]> {
  const { checks } = await bundled();
  return checks.filter((check) => check.id.startsWith("alibaba-") && check.in !== "files");
}

/** Scans the account that the state tells of, through the real client and the double. All live items where none are named. */
export async function scan(
  state: AccountState,
  at: string,
  ids?: readonly string[],
  prepare?: (double: Double) => void,
): Promise<Scan> {
  const { types, tables } = await bundled();
  const items = (await liveItems()).filter(({ id }) => ids === undefined || ids.includes(id));
  const double = await startDouble(state);
  prepare?.(double);
  try {
    const access = alibabaAccess({ HOME: "/nowhere" }, limits(fastClock()));
    const [keys] = state.keys;
    const session: AlibabaSession = await access.open(connection(double, { keys }));
    const data = await collect({
      cloud: "alibaba",
      account: session.account,
      session,
      collectors,
      homeRegion: session.home,
      regions: await access.regions(session),
      needs: {
        types: new Set(
          collectors.flatMap(({ types, details }) => [...types, ...(details ?? []).flatMap(({ gives }) => gives ?? [])]),
        ),
        actions: new Set(items.flatMap((item) => readPermissions(item, types))),
      },
      signal: new AbortController().signal,
    });
    const table = (name: string, key: string): ReturnType<typeof tables.lookup> => tables.lookup(name, key, at);
    const world = new AccountWorld(data, types, { now: () => at, table });
    const outcome = (id: string, instance?: string): Outcome | undefined => {
      const check = items.find((item) => item.id === id);
      if (check === undefined) throw new Error(`there is no live item ${id}`);
      const subjects = world.subjects(check.instance);
      const subject = subjects.find((one) => instance === undefined || world.resourceOf(one)?.id === instance);
      if (subject === undefined) return undefined;
      const parameters = object([...check.parameters].map(([name, parameter]) => [name, parameter.default] as const));
      const literal = (): ReturnType<typeof unknown> => unknown({ kind: "bool" }, { kind: "live only", detail: "" });
      return evaluateCheck(check, subject, { parameters, now: at, table, literal }).outcome;
    };
    session.close();
    return { data, outcome, double, requests: session.requests };
  } finally {
    await double.close();
  }
}
