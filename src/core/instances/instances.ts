import type { Program } from "../cel/program.ts";
import { sameItems, sameSet } from "../memo/equal.ts";
import { Query, QueryFamily } from "../memo/memo.ts";
import type { ProviderConfiguration, ResourceInstance, Unit } from "../terraform/model.ts";
import type { FilePath } from "../text/text.ts";
import { equalValues } from "../values/equality.ts";
import { DYNAMIC, nullOf, object, reason, unknown } from "../values/make.ts";
import type { ObjectValue, Value } from "../values/value.ts";
import { AssessedInstance } from "./instance.ts";
import { joinBy, joinScope, joinTo, NOTHING_JOINED, type ByJoin, type Joined, type JoinWorld } from "./joins.ts";
import type { Instance, InstanceType, Part } from "./model.ts";
import { identityKeys } from "./references.ts";
import { instanceShape, overlayOnCreate } from "./shape.ts";
import type { InstanceTypes } from "./types.ts";
import type { Surroundings } from "./views.ts";

/** What instances are made from: `Project` of core/terraform. Every read is a tracked query. */
export interface ResourceSource {
  units(root: FilePath): readonly Unit[];
  instances(unit: Unit): readonly ResourceInstance[];
}

const ELSEWHERE = reason("elsewhere", "written outside these files");

/** Instances of all roots with their parts joined. All reads are memo queries: an edit recomputes what it touches. */
export class InstanceWorld {
  readonly #source: ResourceSource;
  readonly #types: InstanceTypes;
  readonly #surroundings: Surroundings;
  readonly #roots = new Map<FilePath, RootInstances>();
  readonly #ofUnit: QueryFamily<Unit, readonly AssessedInstance[]>;

  constructor(source: ResourceSource, types: InstanceTypes, surroundings: Surroundings) {
    this.#source = source;
    this.#types = types;
    this.#surroundings = surroundings;
    this.#ofUnit = new QueryFamily((unit) => this.#make(unit), { equal: sameItems });
  }

  /** The instances of one block; none for a type that nothing is known of. */
  of(unit: Unit): readonly Instance[] {
    return this.#ofUnit.get(unit);
  }

  /** All instances of a type in a root, identical types under other names included. */
  instancesOf(root: FilePath, type: string): readonly Instance[] {
    return this.#root(root).instancesOf(type);
  }

  /** Owners known only by satellites (`orphans`). Only a fail of them is reported, on the satellite. */
  orphans(root: FilePath, type: string): readonly Instance[] {
    return this.#root(root).orphans(type);
  }

  /**
   * Virtual instances that a check assesses in files: one a provider configuration, if a part that the programs name has an
   * element there.
   */
  virtual(root: FilePath, type: string, programs: readonly (Program | undefined)[]): readonly Instance[] {
    return this.#root(root).virtual(type, programs);
  }

  /**
   * Everything that a check with these instance types, `when` and `assert` assesses in the files of a root. Results of orphans
   * count only when they fail.
   */
  subjects(root: FilePath, types: readonly string[], programs: readonly (Program | undefined)[]): readonly Instance[] {
    const found = types.flatMap((name) => {
      const type = this.#types.get(name);
      if (type === undefined) return [];
      return type.virtual ? this.virtual(root, name, programs) : [...this.instancesOf(root, name), ...this.orphans(root, name)];
    });
    return [...new Set(found)];
  }

  /** Drops what belonged to units and roots that are gone. */
  sweep(isUsed: (unit: Unit) => boolean, isRoot: (root: FilePath) => boolean): void {
    this.#ofUnit.sweep(isUsed);
    for (const root of this.#roots.keys()) if (!isRoot(root)) this.#roots.delete(root);
  }

  #root(root: FilePath): RootInstances {
    let instances = this.#roots.get(root);
    if (instances === undefined) {
      instances = new RootInstances(root, this.#source, this, this.#types, this.#surroundings);
      this.#roots.set(root, instances);
    }
    return instances;
  }

  #make(unit: Unit): readonly AssessedInstance[] {
    const definition = this.#types.get(unitType(unit));
    if (definition === undefined) return [];
    const root = this.#root(unit.module.root);
    const before = this.#ofUnit.last(unit) ?? NO_INSTANCES;
    const known = before.length === 0 ? undefined : new Map(before.map((instance) => [instance.resource, instance]));
    const instances = this.#source.instances(unit).map(
      (resource) =>
        known?.get(resource) ??
        new AssessedInstance(
          {
            definition,
            address: resource.address,
            provider: resource.provider,
            values: valuesOf(definition, resource),
            maybe: resource.maybe,
            resource,
            orphan: false,
            live: false,
            join: root.joinPart,
            idleParts: root.idleParts,
          },
          this.#surroundings,
        ),
    );
    // Those that are gone let go of what their queries read.
    for (const instance of before) if (!instances.includes(instance)) instance.dispose();
    return instances;
  }
}

const NO_INSTANCES: readonly AssessedInstance[] = [];

/** One root's queries. */
class RootInstances implements JoinWorld {
  readonly #unitsByType: Query<ReadonlyMap<string, readonly Unit[]>>;
  readonly #instances: QueryFamily<string, readonly Instance[]>;
  readonly #identities: QueryFamily<string, ReadonlyMap<string, readonly Instance[]>>;
  readonly #joins = new Map<string, Query<ByJoin>>();
  readonly #idle: QueryFamily<InstanceType, ReadonlySet<Part>>;
  readonly #orphans: QueryFamily<string, readonly Instance[]>;
  readonly #virtual: QueryFamily<string, readonly AssessedInstance[]>;
  readonly #types: InstanceTypes;
  readonly #surroundings: Surroundings;
  readonly #adopted = new Map<string, { readonly joined: string; readonly instance: Instance }>();
  readonly #satellites = new WeakMap<Instance, number>();
  readonly #accounts = new Map<string, AssessedInstance>();
  #numbered = 0;

  constructor(root: FilePath, source: ResourceSource, world: InstanceWorld, types: InstanceTypes, surroundings: Surroundings) {
    this.#types = types;
    this.#surroundings = surroundings;
    this.#unitsByType = new Query<ReadonlyMap<string, readonly Unit[]>>(() => {
      const byType = new Map<string, Unit[]>();
      for (const unit of source.units(root)) {
        const type = types.family(unitType(unit))[0] ?? unitType(unit);
        const units = byType.get(type);
        if (units === undefined) byType.set(type, [unit]);
        else units.push(unit);
      }
      return byType;
    });
    const units = new QueryFamily((type: string) => this.#unitsByType.get().get(type) ?? [], { equal: sameItems });
    this.#instances = new QueryFamily<string, readonly Instance[]>((type) => units.get(type).flatMap((unit) => world.of(unit)), {
      equal: sameItems,
    });
    this.#identities = new QueryFamily<string, ReadonlyMap<string, readonly Instance[]>>((type) => {
      const index = new Map<string, Instance[]>();
      for (const instance of this.instancesOf(type)) {
        for (const key of new Set(identityKeys(instance.definition, instance))) {
          const named = index.get(key);
          if (named === undefined) index.set(key, [instance]);
          else named.push(instance);
        }
      }
      return index;
    });
    this.#idle = new QueryFamily<InstanceType, ReadonlySet<Part>>(
      (definition) => new Set([...definition.parts.values()].filter((part) => this.#isIdle(definition, part))),
      { equal: sameSet },
    );
    this.#orphans = new QueryFamily((type) => this.#adopt(type), { equal: sameItems });
    this.#virtual = new QueryFamily((type) => this.#makeVirtual(type), { equal: sameItems });
  }

  get(name: string): InstanceType | undefined {
    return this.#types.get(name);
  }

  table(name: string): ReturnType<InstanceTypes["table"]> {
    return this.#types.table(name);
  }

  canonical(type: string): string {
    return this.#types.family(type)[0] ?? type;
  }

  instancesOf(type: string): readonly Instance[] {
    return this.#instances.get(this.canonical(type));
  }

  identityIndex(type: string): ReadonlyMap<string, readonly Instance[]> {
    return this.#identities.get(this.canonical(type));
  }

  orphans(type: string): readonly Instance[] {
    return this.#orphans.get(type);
  }

  virtual(type: string, programs: readonly (Program | undefined)[]): readonly Instance[] {
    const definition = this.#types.get(type);
    if (definition === undefined) return [];
    const parts = partsRead(definition, programs);
    return this.#virtual.get(type).filter((instance) =>
      parts.some((part) => {
        const { items, unresolved } = instance.joined(part);
        return items.length > 0 || unresolved.length > 0;
      }),
    );
  }

  /** Functions that every instance of the root shares. */
  readonly joinPart = (part: Part, instance: Instance): Joined => {
    switch (part.join.kind) {
      case "by":
        return this.#joinBy(instance.definition, part).byOwner.get(instance.address) ?? NOTHING_JOINED;
      case "to":
        return joinTo(this, instance, part);
      case "scope":
        return joinScope(this, instance, part);
    }
  };

  /** The parts that join nothing to any instance of a type: most are of types that a root has none of. */
  readonly idleParts = (definition: InstanceType): ReadonlySet<Part> => this.#idle.get(definition);

  #isIdle(definition: InstanceType, part: Part): boolean {
    if (part.join.kind === "to") return false;
    if (part.types.every((type) => this.instancesOf(type).length === 0)) return true;
    return part.join.kind === "by" && this.#joinBy(definition, part).byOwner.size === 0;
  }

  #joinBy(owner: InstanceType, part: Part): ByJoin {
    const type = this.canonical(owner.name);
    const key = `${type}.${part.name}`;
    let query = this.#joins.get(key);
    if (query === undefined) {
      query = new Query(() => joinBy(this, this.#types.get(type) ?? owner, part));
      this.#joins.set(key, query);
    }
    return query.get();
  }

  /** Owners that are known only by their satellites, grouped by equal reference. */
  #adopt(type: string): readonly Instance[] {
    const definition = this.#types.get(type);
    if (definition === undefined || this.canonical(type) !== type) return [];
    const groups = new Map<string, Map<string, Instance[]>>();
    for (const part of definition.parts.values()) {
      if (!part.orphans) continue;
      for (const { satellite, key } of this.#joinBy(definition, part).unowned) {
        const group = `${key ?? satellite.address} ${satellite.provider?.key ?? ""}`;
        const parts = groups.get(group) ?? new Map<string, Instance[]>();
        groups.set(group, parts);
        parts.set(part.name, [...(parts.get(part.name) ?? []), satellite]);
      }
    }
    return [...groups.values()].map((parts) => this.#adopter(definition, parts));
  }

  #adopter(definition: InstanceType, parts: ReadonlyMap<string, readonly Instance[]>): Instance {
    const satellites = [...parts.values()].flat();
    const [first] = satellites;
    const address = first?.address ?? definition.name;
    // The same satellites make the same owner, so that what was computed of it stays.
    const joined = satellites.map((satellite) => this.#number(satellite)).join();
    const known = this.#adopted.get(`${definition.name} ${address}`);
    if (known?.joined === joined) return known.instance;
    const instance = new AssessedInstance(
      {
        definition,
        address,
        provider: first?.provider,
        values: allUnknown(definition),
        maybe: undefined,
        resource: undefined,
        orphan: true,
        live: false,
        join: (part) => ({ items: parts.get(part.name) ?? [], unresolved: [ELSEWHERE] }),
      },
      this.#surroundings,
    );
    this.#adopted.set(`${definition.name} ${address}`, { joined, instance });
    return instance;
  }

  #number(satellite: Instance): number {
    const known = this.#satellites.get(satellite);
    if (known !== undefined) return known;
    this.#satellites.set(satellite, ++this.#numbered);
    return this.#numbered;
  }

  #makeVirtual(type: string): readonly AssessedInstance[] {
    const definition = this.#types.get(type);
    if (definition === undefined) return [];
    const configurations = new Map<string, ProviderConfiguration | undefined>();
    for (const part of definition.parts.values()) {
      for (const satellite of part.types) {
        for (const { provider } of this.instancesOf(satellite)) configurations.set(provider?.key ?? "", provider);
      }
    }
    return [...configurations].map(([key, provider]) => {
      const address = key === "" ? type : `${type}.${key}`;
      let instance = this.#accounts.get(address);
      // Regions come from the configuration: a changed one makes another instance.
      if (instance === undefined || !sameConfiguration(instance.provider, provider)) {
        instance = new AssessedInstance(
          {
            definition,
            address,
            provider,
            values: object([...definition.schema.attributes.keys()].map((name) => [name, unknown(DYNAMIC, reason("live only"))])),
            maybe: undefined,
            resource: undefined,
            orphan: false,
            live: false,
            join: this.joinPart,
            idleParts: this.idleParts,
          },
          this.#surroundings,
        );
        this.#accounts.set(address, instance);
      }
      return instance;
    });
  }
}

/** A unit's instance type as instances.yaml names it. */
export function unitType(unit: Unit): string {
  if (unit.mode === "data" || unit.mode === "provider") return `${unit.mode}.${unit.type}`;
  return unit.type;
}

function valuesOf(definition: InstanceType, resource: ResourceInstance): ObjectValue {
  const shaped = instanceShape(resource.values, definition.schema);
  if (resource.mode === "managed" && resource.exists === true) return shaped;
  if (resource.mode === "managed") return overlayOnCreate(shaped, definition, resource.address);
  if (resource.mode === "data") return shaped;
  // Providers, variables and outputs hold what is written: the rest of their attributes is null.
  const missing = [...definition.schema.attributes].filter(([name]) => !shaped.entries.has(name));
  return object([...shaped.entries, ...missing.map(([name, { type }]): [string, Value] => [name, nullOf(type)])]);
}

function allUnknown(definition: InstanceType): ObjectValue {
  const names = [...definition.schema.attributes.keys(), ...definition.schema.blocks.keys()];
  return object(names.map((name) => [name, unknown(DYNAMIC, ELSEWHERE)]));
}

/** The parts that programs name, directly or through views. */
function partsRead(definition: InstanceType, programs: readonly (Program | undefined)[]): readonly Part[] {
  const parts = new Set<Part>();
  const views = new Set<string>();
  const follow = (read: readonly string[]): void => {
    const name = read[0] === "self" ? read[1] : read[0];
    const part = name === undefined ? undefined : definition.parts.get(name);
    if (part !== undefined) parts.add(part);
    const view = name === undefined ? undefined : definition.views.get(name);
    if (view === undefined || views.has(view.name)) return;
    views.add(view.name);
    const its = [view.value, ...view.sources.flatMap(({ each, when, set }) => [each, when, ...(set?.values() ?? [])])];
    for (const program of its) program?.reads.forEach(follow);
  };
  for (const program of programs) program?.reads.forEach(follow);
  return [...parts];
}

function sameConfiguration(a: ProviderConfiguration | undefined, b: ProviderConfiguration | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.key === b.key && equalValues(a.region, b.region));
}
