import type { Outcome } from "../checks/model.ts";
import { isCharged, type Estimate } from "./estimate.ts";
import { roundForBill, times, type Money } from "./money.ts";

/** How a pair of check item and instance ended. Exactly one a pair. */
export type PairStatus =
  | { readonly kind: "result"; readonly outcome: Outcome["kind"] | "suppressed" }
  /** Quota, plan, denied, throttled, cancelled, unsupported, error. */
  | { readonly kind: "notChecked"; readonly reason: string }
  /** The instance was gone when its turn came. */
  | { readonly kind: "vanished" };

/** pass, fail, not applicable and suppressed were evaluated and count; what could not be checked never does (3.14). */
export function counts(status: PairStatus): boolean {
  return status.kind === "result" && status.outcome !== "notChecked" && status.outcome !== "unknown";
}

/** One charge: an append-only line of the ledger, unique by (scan, item, instance). */
export interface Charge {
  readonly scan: string;
  readonly item: string;
  readonly instance: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Reconciliation {
  readonly estimated: number;
  readonly charged: number;
  readonly notChecked: number;
  readonly vanished: number;
  /** Pairs of the estimate that have no status, and pairs with a charge that they may not have. Empty when all is well. */
  readonly wrong: readonly { readonly item: string; readonly instance: string; readonly why: string }[];
}

/**
 * Holds a scan's estimate against what became of each paid pair: estimate = charged + not checked + vanished, pair by pair.
 * `statusOf` is undefined for a pair that the scan never recorded.
 */
export function reconcile(
  { items }: Estimate,
  statusOf: (item: string, instance: string) => PairStatus | undefined,
  charges: readonly Charge[],
): Reconciliation {
  const charged = new Map<string, number>();
  for (const { item, instance } of charges) charged.set(key(item, instance), (charged.get(key(item, instance)) ?? 0) + 1);
  const totals = { estimated: 0, charged: 0, notChecked: 0, vanished: 0 };
  const wrong: { item: string; instance: string; why: string }[] = [];
  for (const estimated of items) {
    const { id, instances } = estimated.item;
    for (const instance of instances) {
      const times = charged.get(key(id, instance)) ?? 0;
      charged.delete(key(id, instance));
      const say = (why: string): void => void wrong.push({ item: id, instance, why });
      if (estimated.free) {
        if (times > 0) say("a free check item was charged");
        continue;
      }
      totals.estimated++;
      const status = statusOf(id, instance);
      if (times > 1) say(`charged ${times} times`);
      if (status === undefined) say("no status");
      else if (!counts(status)) {
        if (status.kind === "vanished") totals.vanished++;
        else totals.notChecked++;
        if (times > 0) say("charged without having been checked");
      } else {
        totals.charged++;
        if (times === 0) say("checked without a charge");
        if (!isCharged(estimated)) say("checked although it was not covered");
      }
    }
  }
  for (const pair of charged.keys()) {
    const [item = "", instance = ""] = pair.split("\n");
    wrong.push({ item, instance, why: "charged without having been estimated" });
  }
  return { ...totals, wrong };
}

/** Pay-as-you-go: the scan times and the fee of each day (3.9). `dayOf` gives the day of a moment in the time zone of the bill. */
export function dailyBills(
  charges: readonly Charge[],
  unit: Money,
  dayOf: (moment: string) => string,
): readonly { readonly day: string; readonly scanTimes: number; readonly fee: Money }[] {
  const days = new Map<string, number>();
  for (const { at } of charges) days.set(dayOf(at), (days.get(dayOf(at)) ?? 0) + 1);
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, scanTimes]) => ({ day, scanTimes, fee: roundForBill(times(unit, BigInt(scanTimes))) }));
}

function key(item: string, instance: string): string {
  return `${item}\n${instance}`;
}
