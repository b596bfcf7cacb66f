import { unitType, type InstanceWorld } from "../instances/instances.ts";
import type { Instance } from "../instances/model.ts";
import { headerOf } from "../findings/place.ts";
import type { ResourceInstance, Root, Unit } from "../terraform/model.ts";
import type { FilePath, Location } from "../text/text.ts";
import { writtenMembers } from "../values/sparse.ts";
import type { ObjectValue, Path, Reason, Value } from "../values/value.ts";

/** An instance as a writer of check items looks at it. */
export interface InstanceDescription {
  readonly root: FilePath;
  readonly address: string;
  /** As instances.yaml names it. */
  readonly type: string;
  /** Name of the provider configuration. */
  readonly provider: string | undefined;
  readonly location: Location | undefined;
  /** Present: whether it exists is not known. */
  readonly maybe: readonly Reason[] | undefined;
  readonly values: ObjectValue;
  readonly parts: readonly PartDescription[];
  readonly views: readonly { readonly name: string; readonly value: Value }[];
  /** Every path of the values that is not known, and why. */
  readonly unknown: readonly { readonly path: Path; readonly reasons: readonly Reason[] }[];
}

export interface PartDescription {
  readonly name: string;
  readonly many: boolean;
  readonly addresses: readonly string[];
  /** Why there may be more. */
  readonly unresolved: readonly Reason[];
}

/** What descriptions are made from. */
export interface Inspected {
  roots(): readonly Root[];
  units(root: FilePath): readonly Unit[];
  instances(unit: Unit): readonly ResourceInstance[];
  readonly world: InstanceWorld;
}

/** Every instance of every root, in order of the files; what nothing is known of is shown as it is written. */
export function* describeInstances(inspected: Inspected): Generator<InstanceDescription> {
  for (const { directory } of inspected.roots()) {
    for (const unit of inspected.units(directory)) {
      const known = new Map(inspected.world.of(unit).map((instance) => [instance.resource, instance]));
      for (const resource of inspected.instances(unit)) yield describe(directory, unit, resource, known.get(resource));
    }
  }
}

function describe(root: FilePath, unit: Unit, resource: ResourceInstance, instance: Instance | undefined): InstanceDescription {
  const values = instance === undefined ? resource.values : withMeanings(instance);
  return {
    root,
    address: resource.address,
    type: unitType(unit),
    provider: resource.provider?.key,
    location: headerOf(resource),
    maybe: resource.maybe,
    values,
    parts: instance === undefined ? [] : partsOf(instance),
    views:
      instance === undefined ? [] : [...instance.definition.views.keys()].map((name) => ({ name, value: instance.select(name) })),
    unknown: unknownPaths(values),
  };
}

/** What is written, and what omitted attributes mean: the provider's defaults, what CEL says of them, and what only the provider knows. */
function withMeanings(instance: Instance): ObjectValue {
  const { definition } = instance;
  const meant = new Set(attributesWithMeaning(instance));
  const stated = new Set([...writtenMembers(instance.values).keys(), ...meant]);
  const names = new Set([...stated, ...definition.schema.attributes.keys(), ...definition.schema.blocks.keys()]);
  const entries = new Map<string, Value>();
  for (const name of [...names].sort()) {
    if (definition.parts.has(name) || definition.views.has(name)) continue;
    // An attribute may be called as something is in check items: `self`.
    const value = meant.has(name) ? instance.select(name) : instance.values.entries.get(name);
    if (value !== undefined && (stated.has(name) || value.kind !== "null")) entries.set(name, value);
  }
  return { kind: "object", entries };
}

function attributesWithMeaning(instance: Instance): readonly string[] {
  return [...instance.definition.onCreate.values()].map(({ path }) => String(path[0]));
}

function partsOf(instance: Instance): readonly PartDescription[] {
  return [...instance.definition.parts.values()].map((part) => {
    const value = instance.select(part.name);
    const items = value.kind === "list" ? value.items : [value];
    const addresses = items.flatMap((item) => (item.kind === "instance" ? [item.target.address] : []));
    const open = value.kind === "list" ? (value.rest ?? []) : value.kind === "unknown" ? value.reasons : [];
    return { name: part.name, many: part.many, addresses, unresolved: open };
  });
}

const mostUnknown = 200;

function unknownPaths(values: ObjectValue): InstanceDescription["unknown"] {
  const found: { path: Path; reasons: readonly Reason[] }[] = [];
  const visit = (value: Value, path: Path): void => {
    if (found.length >= mostUnknown) return;
    switch (value.kind) {
      case "unknown":
        found.push({ path, reasons: value.reasons });
        return;
      case "list":
      case "set":
      case "tuple":
        value.items.forEach((item, index) => {
          visit(item, [...path, index]);
        });
        if (value.rest !== undefined) found.push({ path: [...path, "…"], reasons: value.rest });
        return;
      case "map":
      case "object":
        for (const [name, item] of value.kind === "object" ? writtenMembers(value) : value.entries) visit(item, [...path, name]);
        return;
      default:
    }
  };
  visit(values, []);
  return found;
}
