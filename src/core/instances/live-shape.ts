import { fromJson } from "../values/json.ts";
import { list, nullOf, object } from "../values/make.ts";
import type { Type, Value } from "../values/value.ts";
import { namesOf, type TypeSource } from "./environment.ts";
import { didYouMean } from "../text/nearest.ts";
import { isData } from "./fields.ts";
import { AssessedInstance } from "./instance.ts";
import { NOTHING_JOINED } from "./joins.ts";
import type { Instance, InstanceType } from "./model.ts";
import { blockType } from "./schema-types.ts";
import type { Surroundings } from "./views.ts";

/**
 * An instance from plain data with the names of its type, as a collector of a live account gives it and as examples write it:
 * attributes, single blocks as mappings, repeated ones as lists of mappings, parts as (lists of) such instances. What is absent is
 * null, or a missing part.
 */
export function liveInstance(
  definition: InstanceType,
  data: unknown,
  types: TypeSource,
  surroundings: Surroundings,
  address = definition.name,
): { readonly instance: Instance; readonly problems: readonly string[] } {
  const problems: string[] = [];
  return { instance: build(definition, data, types, surroundings, address, problems), problems };
}

function build(
  definition: InstanceType,
  raw: unknown,
  types: TypeSource,
  surroundings: Surroundings,
  address: string,
  problems: string[],
): Instance {
  const data = isData(raw) ? raw : {};
  if (!isData(raw)) problems.push(`${address} must be a mapping of the attributes and parts of ${definition.name}.`);
  const known = namesOf(definition);
  for (const name of Object.keys(data)) {
    if (!known.includes(name) || definition.views.has(name)) {
      problems.push(`${definition.name} has no attribute or part \`${name}\`.${didYouMean(name, known)}`);
    }
  }
  const schemaType = blockType(definition.schema);
  const attributeTypes: [string, Type][] = [
    ...schemaType.attributes,
    ...[...definition.attributes].map(([name, { type }]): [string, Type] => [name, type]),
  ];
  const values = object(attributeTypes.map(([name, type]): [string, Value] => [name, complete(data[name], type)]));
  const parts = new Map<string, readonly Instance[]>();
  for (const part of definition.parts.values()) {
    const given = data[part.name];
    const items = given === undefined || given === null ? [] : Array.isArray(given) ? (given as unknown[]) : [given];
    if (!part.many && items.length > 1) problems.push(`${address}.${part.name} is one ${part.types[0] ?? "part"}, not a list.`);
    const instances = items.map((item, index) => {
      const type = types.get(partType(item, part.types));
      const place = part.many ? `${address}.${part.name}[${index}]` : `${address}.${part.name}`;
      return type === undefined ? undefined : build(type, withoutType(item), types, surroundings, place, problems);
    });
    parts.set(
      part.name,
      instances.filter((one) => one !== undefined),
    );
  }
  return new AssessedInstance(
    {
      definition,
      address,
      provider: undefined,
      values,
      maybe: undefined,
      resource: undefined,
      orphan: false,
      live: true,
      join: (part) => {
        const items = parts.get(part.name) ?? [];
        return items.length === 0 ? NOTHING_JOINED : { items, unresolved: [] };
      },
    },
    surroundings,
  );
}

/** A part of several types names its own in `type$`; else it is the first. */
function partType(item: unknown, types: readonly string[]): string {
  const named = isData(item) ? item["type$"] : undefined;
  return typeof named === "string" ? named : (types[0] ?? "");
}

function withoutType(item: unknown): unknown {
  if (!isData(item) || item["type$"] === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => name !== "type$"));
}

/** Typed, with every member that is not given null, and absent lists of blocks empty. */
function complete(raw: unknown, type: Type): Value {
  if (raw === undefined || raw === null) {
    return (type.kind === "list" || type.kind === "set") && type.element.kind === "object" ? list(type.element, []) : nullOf(type);
  }
  if (type.kind === "object" && isData(raw)) {
    return object([...type.attributes].map(([name, member]): [string, Value] => [name, complete(raw[name], member)]));
  }
  if ((type.kind === "list" || type.kind === "set") && Array.isArray(raw)) {
    return {
      kind: type.kind,
      element: type.element,
      items: (raw as unknown[]).map((item) => complete(item, type.element)),
    };
  }
  return fromJson(raw, type);
}
