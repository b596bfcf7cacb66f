import type { AccountData } from "../../../src/core/accounts/model.ts";
import { AccountWorld } from "../../../src/core/accounts/world.ts";
import { evaluateCheck } from "../../../src/core/checks/evaluate.ts";
import type { CheckItem, Outcome } from "../../../src/core/checks/model.ts";
import { readNeeds } from "../../../src/core/checks/permissions.ts";
import { object, unknown } from "../../../src/core/values/make.ts";
import { collect, type Needs } from "../../../src/live/collect.ts";
import { tencent } from "../../../src/live/tencent/access.ts";
import type { Session } from "../../../src/live/tencent/client.ts";
import { bundled } from "../../harness/check-world.ts";
import { account, home } from "./support.ts";

/** Items that can be judged on a live Tencent Cloud account. */
export async function liveItems(): Promise<readonly CheckItem[]> {
  const { checks } = await bundled();
  return checks.filter(
    (check) => check.cloud === "tencent" && check.in !== "files" && !check.instance.some((type) => type.startsWith("provider.")),
  );
}

/** Types and permissions that the items need. */
export async function needsOf(items: readonly CheckItem[]): Promise<Needs> {
  const { types } = await bundled();
  const all = items.map((item) => readNeeds(item, types));
  return { types: new Set(all.flatMap((one) => one.types)), actions: new Set(all.flatMap(({ actions }) => actions)) };
}

/** Reads what the items need. */
export async function read(session: Session, items: readonly CheckItem[]): Promise<AccountData> {
  return collect({
    cloud: "tencent",
    account,
    session,
    collectors: await tencent.collectors(),
    homeRegion: home,
    regions: [home, "ap-shanghai"],
    needs: await needsOf(items),
    signal: new AbortController().signal,
  });
}

/** Outcomes of an item by instance id. */
export async function judge(item: CheckItem, data: AccountData, now: string): Promise<ReadonlyMap<string, Outcome>> {
  const { types, tables } = await bundled();
  const table = (name: string, key: string) => tables.lookup(name, key, now);
  const world = new AccountWorld(data, types, { now: () => now, table });
  const parameters = object([...item.parameters].map(([name, parameter]) => [name, parameter.default] as const));
  const literal = () => unknown({ kind: "bool" }, { kind: "live only", detail: "" });
  return new Map(
    world
      .subjects(item.instance)
      .map((instance) => [
        world.resourceOf(instance)?.id ?? "",
        evaluateCheck(item, instance, { parameters, now, table, literal }).outcome,
      ]),
  );
}
