import type { Declaration, InstanceKey, ModuleInstance, ResourceInstance, Unit } from "../terraform/model.ts";
import type { FilePath } from "../text/text.ts";
import { Query, QueryFamily } from "../memo/memo.ts";
import { numberText } from "../values/text.ts";
import type { Path, Value } from "../values/value.ts";
import {
  isJsonList,
  keyText,
  memberOf,
  moduleAddress,
  plainText,
  symbolOf,
  type Json,
  type ModuleStep,
  type RecordedResource,
} from "./model.ts";
import { inside, type Recorded } from "./values.ts";

/** The configuration of a root: `Project` of core/terraform. Every read is a tracked query. */
export interface Configuration {
  modules(root: FilePath): readonly ModuleInstance[];
  units(root: FilePath): readonly Unit[];
  instances(unit: Unit): readonly ResourceInstance[];
}

/** What the configuration has for the resources of a plan or state. */
export class Counterparts {
  readonly #configuration: Configuration;
  readonly #root: FilePath;
  readonly #modules: Query<ReadonlyMap<string, ModuleInstance>>;
  readonly #units: Query<ReadonlyMap<string, Unit>>;
  readonly #instances: QueryFamily<Unit, ReadonlyMap<InstanceKey, ResourceInstance>>;

  constructor(configuration: Configuration, root: FilePath) {
    this.#configuration = configuration;
    this.#root = root;
    this.#modules = new Query<ReadonlyMap<string, ModuleInstance>>(() => {
      const modules = new Map<string, ModuleInstance>();
      for (const module of configuration.modules(root)) modules.set(module.address, module);
      return modules;
    });
    this.#units = new Query<ReadonlyMap<string, Unit>>(
      () => new Map(configuration.units(root).map((unit) => [unitKey(unit.module.address, unit.symbol), unit])),
    );
    this.#instances = new QueryFamily<Unit, ReadonlyMap<InstanceKey, ResourceInstance>>(
      (unit) => new Map(configuration.instances(unit).map((instance) => [instance.key, instance])),
    );
  }

  get root(): FilePath {
    return this.#root;
  }

  /** Units that only a configuration has: providers, variables and outputs. */
  unitsWithoutResources(): readonly Unit[] {
    return this.#configuration.units(this.#root).filter(({ mode }) => mode !== "managed" && mode !== "data");
  }

  instances(unit: Unit): readonly ResourceInstance[] {
    return this.#configuration.instances(unit);
  }

  /** The module with that address; where the configuration does not know its keys, the one that stands for all. */
  module(path: readonly ModuleStep[]): ModuleInstance | undefined {
    const modules = this.#modules.get();
    const exact = modules.get(moduleAddress(path));
    if (exact !== undefined) return exact;
    let address = "";
    for (const { name, key } of path) {
      const call = address === "" ? `module.${name}` : `${address}.module.${name}`;
      address = modules.has(call + keyText(key)) ? call + keyText(key) : call;
      if (!modules.has(address)) return undefined;
    }
    return modules.get(address);
  }

  unit(resource: RecordedResource): Unit | undefined {
    const module = this.module(resource.modulePath);
    return module === undefined ? undefined : this.#units.get().get(unitKey(module.address, symbolOf(resource)));
  }

  /** The same instance; where the configuration does not know the keys, the one that stands for all. */
  instance(resource: RecordedResource): ResourceInstance | undefined {
    const unit = this.unit(resource);
    if (unit === undefined) return undefined;
    const instances = this.#instances.get(unit);
    return instances.get(resource.key) ?? (instances.size === 1 ? instances.get(undefined) : undefined);
  }

  /** Any instance of the same block: where it is written. */
  declaration(resource: RecordedResource): Declaration | undefined {
    const unit = this.unit(resource);
    if (unit === undefined) return undefined;
    const [first] = this.#instances.get(unit).values();
    return first?.declaration;
  }
}

function unitKey(module: string, symbol: string): string {
  return `${module} ${symbol}`;
}

/**
 * The path in the configuration's values that stands for a path in a recorded resource, and the value there. Elements of sets are
 * found by what they hold: a plan sorts them, a configuration has them as they are written.
 */
export function counterpartPath(
  recorded: Recorded,
  values: Value,
  path: Path,
): { readonly path: Path; readonly value: Value | undefined } {
  const found: (string | number)[] = [];
  let at: Recorded = recorded;
  let value: Value | undefined = values;
  for (const [position, step] of path.entries()) {
    if (step === "#" || value === undefined) return { path: [...found, ...path.slice(position)], value: undefined };
    if (typeof step === "string") {
      // A single block is selected without its number.
      if (isJsonList(at.values) || isJsonList(at.unknown)) at = inside(at, 0);
      if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") value = value.items[0];
      at = inside(at, step);
      found.push(step);
      value = value?.kind === "object" || value?.kind === "map" ? value.entries.get(step) : below(value);
      continue;
    }
    if (value.kind !== "list" && value.kind !== "set" && value.kind !== "tuple") {
      found.push(step);
      at = inside(at, step);
      value = below(value);
      continue;
    }
    const index: number = value.kind === "set" ? elementIndex(at, step, value.items) : step;
    at = inside(at, step);
    found.push(index);
    value = value.items[index];
  }
  return { path: found, value };
}

function below(value: Value | undefined): Value | undefined {
  return value?.kind === "unknown" ? value : undefined;
}

/** The element of a set as it is written; the number itself where nothing fits. */
function elementIndex(set: Recorded, index: number, items: readonly Value[]): number {
  const wanted = inside(set, index);
  if (wanted.unknown === true) {
    // Wholly unknown ones are taken in order.
    let nth = 0;
    for (let i = 0; i < index; i++) if (memberOf(set.unknown, i) === true) nth++;
    const open = items.flatMap((item, at) => (item.kind === "unknown" ? [at] : []));
    return open[nth] ?? open.at(-1) ?? index;
  }
  const fitting = items.flatMap((item, at) => (mayBe(item, wanted.values, wanted.unknown) ? [at] : []));
  return fitting.includes(index) && fitting.length > 1 ? index : (fitting[0] ?? index);
}

/** Whether a value can come out as what is recorded. */
function mayBe(value: Value, json: Json | undefined, unknown: Json | undefined): boolean {
  if (unknown === true || value.kind === "unknown") return true;
  switch (value.kind) {
    case "null":
      // The provider fills in what is not written.
      return true;
    case "bool":
    case "string":
      return json === value.value;
    case "number":
      return plainText(json) === numberText(value.value);
    case "list":
    case "set":
    case "tuple": {
      if (value.rest !== undefined) return true;
      const count = isJsonList(json) ? json.length : 0;
      if (value.items.length !== count) return false;
      if (value.kind !== "set")
        return value.items.every((item, index) => mayBe(item, memberOf(json, index), memberOf(unknown, index)));
      return value.items.every((item) =>
        ((json as readonly Json[] | undefined) ?? []).some((_, index) =>
          mayBe(item, memberOf(json, index), memberOf(unknown, index)),
        ),
      );
    }
    case "map":
    case "object":
      return [...value.entries].every(([name, item]) => mayBe(item, memberOf(json, name), memberOf(unknown, name)));
    case "instance":
      return false;
  }
}
