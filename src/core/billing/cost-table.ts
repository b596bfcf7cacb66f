import type { Risk, Tier } from "../checks/model.ts";
import { covered, feeOf, isCharged, type Coverage, type Estimate } from "./estimate.ts";
import type { Money } from "./money.ts";
import type { Allowance } from "./plan.ts";
import { priceOf } from "./price.ts";

/*
 * What a scan may look at, counted by item, type and region instead of named by instance: small enough for a page, which says at once
 * what a switch changes, by the same arithmetic as the estimate and the ledger.
 */

/** A check item that may be switched off. `types`: those of its instances that there are. */
export interface CostItem {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly risk: Risk;
  readonly tier: Tier;
  readonly types: readonly string[];
}

/** Plain JSON. */
export interface CostTable {
  /** In the user's order. */
  readonly items: readonly CostItem[];
  /** How many instances there are, by type and region; `-` is what belongs to no region. */
  readonly instances: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly freeTiers: readonly Tier[];
  readonly allowance: Allowance;
  /** As `priceText` writes it. */
  readonly price: string;
}

/** What is switched off. What belongs to no region stays on whatever the regions. */
export interface SwitchedOff {
  readonly items: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
}

/** The same as plain JSON. */
export interface Switches {
  readonly items: readonly string[];
  readonly services: readonly string[];
  readonly regions: readonly string[];
}

export function switchedOff({ items, services, regions }: Switches): SwitchedOff {
  return { items: new Set(items), services: new Set(services), regions: new Set(regions) };
}

export interface ItemCost extends Coverage {
  readonly item: CostItem;
  /** What it would take if it were on, within the regions that are. */
  readonly scanTimes: number;
  readonly isOn: boolean;
  /** It is on, and the plan covers it. */
  readonly charged: boolean;
}

export interface Cost {
  /** In the order of the table. */
  readonly items: readonly ItemCost[];
  readonly instances: number;
  readonly ceiling: number;
  readonly exact: number;
  readonly billable: number;
  readonly fee: Money;
  readonly quota: Estimate["quota"];
}

/** Counts an estimate's pairs; items of one type have the same instances. `describe` gives an item's texts. */
export function costTable(
  { items }: Pick<Estimate, "items">,
  order: readonly string[],
  describe: (id: string) => Pick<CostItem, "title" | "service">,
  terms: { readonly freeTiers: ReadonlySet<Tier>; readonly allowance: Allowance; readonly price: string },
): CostTable {
  const cells = new Map<string, { readonly type: string; readonly region: string }>();
  const instances: Record<string, Record<string, number>> = {};
  const typesOf = new Map<string, ReadonlySet<string>>();
  for (const { item } of items) {
    const types = new Set<string>();
    for (const instance of item.instances) {
      let cell = cells.get(instance);
      if (cell === undefined) {
        const [type = "", region = "-"] = instance.split(" ", 2);
        cells.set(instance, (cell = { type, region }));
        const byRegion = (instances[type] ??= {});
        byRegion[region] = (byRegion[region] ?? 0) + 1;
      }
      types.add(cell.type);
    }
    typesOf.set(item.id, types);
  }
  const byId = new Map(items.map(({ item }) => [item.id, item]));
  return {
    items: order.flatMap((id): CostItem[] => {
      const item = byId.get(id);
      if (item === undefined) return [];
      return [{ id, ...describe(id), risk: item.risk, tier: item.tier, types: [...(typesOf.get(id) ?? [])] }];
    }),
    instances,
    freeTiers: [...terms.freeTiers],
    allowance: terms.allowance,
    price: terms.price,
  };
}

export function costOf(table: CostTable, off: SwitchedOff): Cost {
  const free = new Set(table.freeTiers);
  const countOf = new Map<string, number>();
  for (const [type, byRegion] of Object.entries(table.instances)) {
    let count = 0;
    for (const [region, number] of Object.entries(byRegion)) if (!off.regions.has(region)) count += number;
    countOf.set(type, count);
  }
  const distinct = (items: readonly CostItem[]): number => {
    const types = new Set(items.flatMap((item) => item.types));
    return [...types].reduce((sum, type) => sum + (countOf.get(type) ?? 0), 0);
  };
  const counted = table.items.map((item) => ({
    item,
    tier: item.tier,
    risk: item.risk,
    scanTimes: item.types.reduce((sum, type) => sum + (countOf.get(type) ?? 0), 0),
    isOn: !off.items.has(item.id) && !off.services.has(item.service),
  }));
  const on = counted.filter(({ isOn }) => isOn);
  const coverages = new Map(covered(on, free, table.allowance).map(({ item, coverage }) => [item.item.id, coverage]));
  const items = counted.map(({ item, scanTimes, isOn }): ItemCost => {
    const coverage = coverages.get(item.id) ?? { free: free.has(item.tier), left: undefined };
    return { item, scanTimes, isOn, ...coverage, charged: isOn && isCharged(coverage) };
  });
  const charged = items.filter((item) => item.charged);
  const billable = charged.reduce((sum, { scanTimes }) => sum + scanTimes, 0);
  const instances = distinct(on.map(({ item }) => item));
  const { allowance } = table;
  return {
    items,
    instances,
    ceiling: instances * on.length,
    exact: on.reduce((sum, { scanTimes }) => sum + scanTimes, 0),
    billable,
    fee: feeOf(priceOf(table.price), billable, () => distinct(charged.map(({ item }) => item))),
    quota: allowance.kind === "quota" ? { before: allowance.remaining, after: allowance.remaining - billable } : undefined,
  };
}
