import type { Risk, Tier } from "../checks/model.ts";
import { roundForBill, times, type Money } from "./money.ts";
import type { Allowance } from "./plan.ts";
import type { Price } from "./price.ts";

/*
 * What a configuration check will use and cost. Preview and ledger count with the same functions: an estimate lists the pairs of
 * check item and instance, and each ends as charged, not checked, or vanished (security-center.md 3.2, 3.3, 3.7, 3.14).
 */

/** A check item as it takes part in a scan; in the user's order. */
export interface SelectedItem {
  readonly id: string;
  readonly tier: Tier;
  readonly risk: Risk;
  /** Ids of the instances of its type: the pairs that it makes. Each once. */
  readonly instances: readonly string[];
}

export interface ItemEstimate {
  readonly item: SelectedItem;
  readonly scanTimes: number;
  /** Never charged, never counted against a quota. */
  readonly free: boolean;
  /** Why it will not scan; undefined: it will. An item is covered whole or not at all. */
  readonly left: "quota" | "plan" | undefined;
}

export interface Estimate {
  /** In the order in which items are covered: risk level, then the user's order. */
  readonly items: readonly ItemEstimate[];
  /** Instances x items, as the vendor's documentation counts. */
  readonly ceiling: number;
  /** Pairs of an item and an instance of its type. */
  readonly exact: number;
  /** Scan times that will be charged. */
  readonly billable: number;
  readonly fee: Money;
  /** Of a subscription; undefined for other plans. */
  readonly quota: { readonly before: number; readonly after: number } | undefined;
}

const riskOrder: Readonly<Record<Risk, number>> = { high: 0, medium: 1, low: 2 };

/** `free` are the tiers that the account scans without charge. */
export function estimate(selected: readonly SelectedItem[], free: ReadonlySet<Tier>, allowance: Allowance, price: Price): Estimate {
  const counted = selected.map((item) => ({ ...item, item, scanTimes: item.instances.length }));
  const items = covered(counted, free, allowance).map(({ item, coverage }): ItemEstimate => ({
    item: item.item,
    scanTimes: item.scanTimes,
    ...coverage,
  }));
  const instances = new Set(selected.flatMap((item) => item.instances));
  const charged = items.filter(isCharged);
  const billable = total(charged);
  return {
    items,
    ceiling: instances.size * selected.length,
    exact: total(items),
    billable,
    fee: feeOf(price, billable, () => new Set(charged.flatMap(({ item }) => item.instances)).size),
    quota: allowance.kind === "quota" ? { before: allowance.remaining, after: allowance.remaining - billable } : undefined,
  };
}

/** What decides whether an item scans. */
export interface Counted {
  readonly tier: Tier;
  readonly risk: Risk;
  readonly scanTimes: number;
}

export type Coverage = Pick<ItemEstimate, "free" | "left">;

/**
 * Items in the order in which they are covered, each with what becomes of it: a quota goes to the higher risk first and then by the
 * user's order, and an item that it does not cover whole leaves it to the next (3.7).
 */
export function covered<Item extends Counted>(
  items: readonly Item[],
  free: ReadonlySet<Tier>,
  allowance: Allowance,
): readonly { readonly item: Item; readonly coverage: Coverage }[] {
  let remaining = allowance.kind === "quota" ? allowance.remaining : Number.POSITIVE_INFINITY;
  const ordered = items
    .map((item, index) => ({ item, index }))
    .sort((a, b) => riskOrder[a.item.risk] - riskOrder[b.item.risk] || a.index - b.index);
  return ordered.map(({ item }) => {
    if (free.has(item.tier)) return { item, coverage: { free: true, left: undefined } };
    if (allowance.kind === "free only") return { item, coverage: { free: false, left: "plan" } };
    if (item.scanTimes > remaining) return { item, coverage: { free: false, left: "quota" } };
    remaining -= item.scanTimes;
    return { item, coverage: { free: false, left: undefined } };
  });
}

export function isCharged({ free, left }: Coverage): boolean {
  return !free && left === undefined;
}

/**
 * Fee of one configuration check, rounded once. `instances` counts those that a paid item scans, each once: what prices by instance
 * are for, one period of them.
 */
export function feeOf(price: Price, scanTimes: number, instances: () => number): Money {
  return roundForBill(times(price.unit, BigInt(price.kind === "scan time" ? scanTimes : instances())));
}

function total(items: readonly ItemEstimate[]): number {
  return items.reduce((scanTimes, item) => scanTimes + item.scanTimes, 0);
}

/** Fee of a subscription: unit price x quota x duration (3.6). */
export function subscriptionFee(unit: Money, quota: number, months: number): Money {
  return roundForBill(times(unit, BigInt(quota) * BigInt(months)));
}

/** 20 x the number of instances (3.8). */
export function recommendedQuota(instances: number): number {
  return 20 * instances;
}
