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
  liveItems(type: string): LiveItems | undefined;
}

/** The items for one type. */
export interface LiveItems {
  readonly items: readonly CheckItem[];
  /** How many of them are free for everybody. */
  readonly free: number;
}

/** Items by the types of the instances that they look at. */
export function itemsByType(
  selected: readonly { readonly check: CheckItem }[],
  types: InstanceTypes,
): ReadonlyMap<string, LiveItems> {
  const byType = new Map<string, CheckItem[]>();
  for (const { check } of selected) {
    for (const type of new Set(check.instance.flatMap((name) => types.family(name)))) {
      const items = byType.get(type);
      if (items === undefined) byType.set(type, [check]);
      else items.push(check);
    }
  }
  return new Map([...byType].map(([type, items]) => [type, { items, free: items.filter(({ tier }) => tier === "free").length }]));
}

/** What everything in a workspace would use. Made by one walk over all instances, which takes a while: to be kept until something changes. */
export class WorkspaceCosts {
  readonly total: LiveCost;
  readonly #blocks = new Map<FilePath, Map<Declaration["item"], Block>>();

  constructor(folders: readonly CostedFolder[]) {
    const total = new Tally();
    for (const { resource, items } of scanned(folders)) {
      total.add(resource, items);
      this.#tally("resource", resource.declaration).add(resource, items);
      for (let module = resource.module; module.parent !== undefined; module = module.parent)
        if (module.call !== undefined) this.#tally("module", module.call).add(resource, items);
    }
    this.total = total.cost();
  }

  /** Blocks of a file that make instances, or call modules that do, from top to bottom. */
  blocks(file: FilePath): readonly BlockCost[] {
    return [...(this.#blocks.get(file)?.values() ?? [])]
      .map(({ kind, at, tally }) => ({ kind, location: headerOf(at), cost: tally.cost() }))
      .sort((a, b) => a.location.range.start - b.location.range.start);
  }

  #tally(kind: BlockCost["kind"], at: Declaration): Tally {
    let blocks = this.#blocks.get(at.file);
    if (blocks === undefined) this.#blocks.set(at.file, (blocks = new Map<Declaration["item"], Block>()));
    let block = blocks.get(at.item);
    if (block === undefined) blocks.set(at.item, (block = { kind, at, tally: new Tally() }));
    return block.tally;
  }
}

interface Block {
  readonly kind: BlockCost["kind"];
  readonly at: Declaration;
  readonly tally: Tally;
}

function* scanned(folders: readonly CostedFolder[]): Generator<{ readonly resource: ResourceInstance; readonly items: LiveItems }> {
  for (const folder of folders)
    for (const { directory } of folder.roots())
      for (const unit of folder.units(directory)) {
        const items = unit.mode === "managed" ? folder.liveItems(unit.type) : undefined;
        if (items !== undefined) for (const resource of folder.instances(unit)) yield { resource, items };
      }
}

function headerOf({ file, item }: Declaration): Location {
  const { start, end } = item.node.kind === "block" ? item.node.header : item.node.name;
  return { file, range: { start: item.base + start, end: item.base + end } };
}

/** Runs over everything after each change: what is the same for a type is looked at once. */
class Tally {
  readonly #types = new Set<LiveItems>();
  #instances = 0;
  #free = 0;
  #paid = 0;
  #atLeast = false;

  add({ maybe }: ResourceInstance, its: LiveItems): void {
    this.#types.add(its);
    this.#instances++;
    this.#free += its.free;
    this.#paid += its.items.length - its.free;
    if (maybe !== undefined) this.#atLeast = true;
  }

  cost(): LiveCost {
    return {
      instances: this.#instances,
      items: new Set([...this.#types].flatMap(({ items }) => items)).size,
      scanTimes: this.#free + this.#paid,
      free: this.#free,
      fee: formatMoney(feeOf(PER_SCAN_TIME, this.#paid, () => this.#instances)),
      atLeast: this.#atLeast,
    };
  }
}
