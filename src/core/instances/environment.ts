import type { Environment, PolicyDialect, StaticType } from "../cel/program.ts";
import type { Type } from "../values/value.ts";
import type { InstanceType } from "./model.ts";
import { memberType, sameType } from "./schema-types.ts";

/** What environments need to know of the world. */
export interface TypeSource {
  get(name: string): InstanceType | undefined;
  /** Row type of a bundled data table. */
  table(name: string): StaticType | undefined;
}

/** The names of a check on `types`: attributes, parts, views, `self`, `parameters`. Every name exists in each type. */
export function environmentOf(source: TypeSource, types: readonly string[], parameters?: Type, failing?: StaticType): Environment {
  const self = instanceStaticType(source, types);
  return {
    name: (name) => (name === "self" ? self : name === "parameters" && parameters !== undefined ? parameters : self.select(name)),
    names: () => self.names?.() ?? [],
    ...(failing === undefined ? {} : { failing }),
    table: (name) => source.table(name),
    dialect: dialectOf(source, types),
  };
}

/** The names of a view's element: those of the instance, and `it` and `index`. */
export function elementEnvironment(source: TypeSource, type: string, it: StaticType): Environment {
  const outer = environmentOf(source, [type]);
  return {
    ...outer,
    name: (name) => (name === "it" ? it : name === "index" ? { kind: "number" } : outer.name(name)),
  };
}

export function instanceStaticType(source: TypeSource, types: readonly string[]): Extract<StaticType, { kind: "instance" }> {
  const known = new Map<string, StaticType | undefined>();
  const select = (name: string): StaticType | undefined => {
    if (known.has(name)) return known.get(name);
    const found = types.map((type) => selectFrom(source, type, name));
    const first = found[0];
    const agreed =
      first !== undefined && found.every((other) => other !== undefined && sameStaticType(first, other)) ? first : undefined;
    known.set(name, agreed);
    return agreed;
  };
  return { kind: "instance", types, select, names: () => types.flatMap((type) => [...namesOrNone(source.get(type))]) };
}

/** The type of one element when `each` of a view yields it: of a list its elements, of a single thing itself. */
export function elementStaticType(type: StaticType): StaticType {
  if (type.kind === "instances") return type.of;
  if (type.kind === "list" || type.kind === "set") return type.element;
  if (type.kind === "tuple") return type.elements[0] ?? { kind: "dynamic" };
  return type;
}

/** Every name that can be selected, for suggestions. */
export function namesOf(definition: InstanceType): readonly string[] {
  return [
    ...definition.parts.keys(),
    ...definition.views.keys(),
    ...definition.attributes.keys(),
    ...definition.schema.attributes.keys(),
    ...definition.schema.blocks.keys(),
  ];
}

function namesOrNone(type: InstanceType | undefined): readonly string[] {
  return type === undefined ? [] : namesOf(type);
}

function selectFrom(source: TypeSource, typeName: string, name: string): StaticType | undefined {
  const type = source.get(typeName);
  if (type === undefined) return undefined;
  const part = type.parts.get(name);
  if (part !== undefined) {
    const of = instanceStaticType(source, part.types);
    return part.many ? { kind: "instances", of } : of;
  }
  const view = type.views.get(name);
  if (view !== undefined) return view.kind === "list" ? { kind: "list", element: view.type } : view.type;
  return type.attributes.get(name)?.type ?? memberType(type.schema, name);
}

function sameStaticType(a: StaticType, b: StaticType): boolean {
  if (a.kind === "instance") return b.kind === "instance" && a.types.join() === b.types.join();
  if (a.kind === "instances") return b.kind === "instances" && sameStaticType(a.of, b.of);
  if (b.kind === "instance" || b.kind === "instances") return false;
  return sameType(a, b);
}

function dialectOf(source: TypeSource, types: readonly string[]): PolicyDialect {
  return source.get(types[0] ?? "")?.cloud ?? "aws";
}
