import { convert, sameValue, unify, withoutMarks } from "../../values/convert.ts";
import { DYNAMIC, list, listOf, setOf, tuple } from "../../values/make.ts";
import { typeOf } from "../../values/type.ts";
import type { ListValue, TupleValue, Type, Value } from "../../values/value.ts";

/* What functions of collections share: kinds of parameters, and what is asked of their arguments. */

export const any = { type: DYNAMIC } as const;
export const sequenceOnly = { type: DYNAMIC, kinds: ["list", "tuple"] } as const;
export const iterable = { type: DYNAMIC, kinds: ["list", "set", "tuple"] } as const;
export const keyed = { type: DYNAMIC, kinds: ["map", "object"] } as const;
export const anyList = { type: listOf(DYNAMIC) } as const;
export const anySet = { type: setOf(DYNAMIC) } as const;
export const nullable = { type: DYNAMIC, null: true } as const;
export type Sequence = ListValue | TupleValue;

export function sequence(value: Value | undefined): Sequence | undefined {
  return value?.kind === "list" || value?.kind === "set" || value?.kind === "tuple" ? value : undefined;
}

export function entriesOf(value: Value | undefined): ReadonlyMap<string, Value> | undefined {
  return value?.kind === "map" || value?.kind === "object" ? value.entries : undefined;
}

/** A list of what the items have in common, else a tuple. */
export function listOfItems(items: readonly Value[]): Value {
  const type = unify(items.map(typeOf));
  if (type === undefined) return tuple(items);
  const converted: Value[] = [];
  for (const item of items) {
    const made = convert(item, type);
    if ("error" in made) return tuple(items);
    converted.push(made.value);
  }
  return list(type, converted);
}

/** Same kind and type as the source where that is a list, a tuple where it is one. */
export function like(source: Sequence, items: readonly Value[]): Value {
  return source.kind === "tuple" ? tuple(items) : list(source.element, items);
}

export function deepMarks(values: readonly Value[]): { sensitive?: true; ephemeral?: true } {
  const marks = {};
  for (const value of values) withoutMarks(value, marks);
  return marks;
}

export function elementOf(value: Value): Type {
  const type = typeOf(value);
  return type.kind === "set" || type.kind === "list" ? type.element : DYNAMIC;
}

export function holds(items: readonly Value[], item: Value): boolean {
  return items.some((other) => sameValue(other, item) === true);
}
