import { feeOf } from "../billing/estimate.ts";
import { formatMoney } from "../billing/money.ts";
import { PER_SCAN_TIME } from "../billing/price.ts";
import type { CheckItem } from "../checks/model.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { Declaration, ResourceInstance, Unit } from "../terraform/model.ts";
import type { FilePath, Location } from "../text/text.ts";

/**
 * What assessing instances in an account would use: pairs of a check item and an instance (security-center.md 3.2), by the list price.
 * What is in files costs nothing.
 */
export interface LiveCost {
  readonly instances: number;
  /** Different check items that apply. */
  readonly items: number;
  readonly scanTimes: number;
  /** Of them, scan times of items that are free for everybody. */
  readonly free: number;
  /** Of the others: `USD 0.24`. */
  readonly fee: string;
  /** How many instances a block makes is not known: each such block counts once. */
  readonly atLeast: boolean;
}

export interface BlockCost {
  readonly kind: "resource" | "module";
  /** The block's header. */
  readonly location: Location;
  readonly cost: LiveCost;
}

/** A folder's resources, and the items that a scan by the folder's plumbline.yaml would have for their types. */
export interface CostedFolder {
  roots(): readonly { readonly directory: FilePath }[];
  units(root: FilePath): readonly Unit[];
  instances(unit: Unit): readonly ResourceInstance[];
  liveItems(type: string): readonly CheckItem[];
}

/** Items by the types of the instances that they look at. */
export function itemsByType(
  selected: readonly { readonly check: CheckItem }[],
  types: InstanceTypes,
): ReadonlyMap<string, readonly CheckItem[]> {
  const byType = new Map<string, CheckItem[]>();
  for (const { check } of selected) {
    for (const type of new Set(check.instance.flatMap((name) => types.family(name)))) {
      const items = byType.get(type);
      if (items === undefined) byType.set(type, [check]);
      else items.push(check);
    }
  }
  return byType;
}

/** Everything in the folders. */
export function totalCost(folders: readonly CostedFolder[]): LiveCost {
  const tally = new Tally();
  for (const { resource, items } of scanned(folders)) tally.add(resource, items);
  return tally.cost();
}

/** Blocks of a file that make instances, or call modules that do, from top to bottom. */
export function blockCosts(folders: readonly CostedFolder[], file: FilePath): readonly BlockCost[] {
  const blocks = new Map<
    Declaration["item"],
    { readonly kind: BlockCost["kind"]; readonly at: Declaration; readonly tally: Tally }
  >();
  const tallyOf = (kind: BlockCost["kind"], at: Declaration): Tally => {
    let block = blocks.get(at.item);
    if (block === undefined) blocks.set(at.item, (block = { kind, at, tally: new Tally() }));
    return block.tally;
  };
  for (const { resource, items } of scanned(folders)) {
    if (resource.declaration.file === file) tallyOf("resource", resource.declaration).add(resource, items);
    for (let module = resource.module; module.parent !== undefined; module = module.parent)
      if (module.call?.file === file) tallyOf("module", module.call).add(resource, items);
  }
  return [...blocks.values()]
    .map(({ kind, at, tally }) => ({ kind, location: headerOf(at), cost: tally.cost() }))
    .sort((a, b) => a.location.range.start - b.location.range.start);
}

function* scanned(
  folders: readonly CostedFolder[],
): Generator<{ readonly resource: ResourceInstance; readonly items: readonly CheckItem[] }> {
  for (const folder of folders)
    for (const { directory } of folder.roots())
      for (const unit of folder.units(directory)) {
        const items = unit.mode === "managed" ? folder.liveItems(unit.type) : [];
        if (items.length > 0) for (const resource of folder.instances(unit)) yield { resource, items };
      }
}

function headerOf({ file, item }: Declaration): Location {
  const { start, end } = item.node.kind === "block" ? item.node.header : item.node.name;
  return { file, range: { start: item.base + start, end: item.base + end } };
}

class Tally {
  readonly #items = new Set<CheckItem>();
  #instances = 0;
  #free = 0;
  #paid = 0;
  #atLeast = false;

  add({ maybe }: ResourceInstance, items: readonly CheckItem[]): void {
    this.#instances++;
    for (const item of items) {
      this.#items.add(item);
      if (item.tier === "free") this.#free++;
      else this.#paid++;
    }
    if (maybe !== undefined) this.#atLeast = true;
  }

  cost(): LiveCost {
    return {
      instances: this.#instances,
      items: this.#items.size,
      scanTimes: this.#free + this.#paid,
      free: this.#free,
      fee: formatMoney(feeOf(PER_SCAN_TIME, this.#paid, () => this.#instances)),
      atLeast: this.#atLeast,
    };
  }
}
