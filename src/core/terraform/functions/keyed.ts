import { convert, hasUnknown, unify } from "../../values/convert.ts";
import {
  compareStrings,
  DYNAMIC,
  list,
  listOf,
  map,
  mapOf,
  NULL,
  object,
  objectOf,
  string,
  STRING,
  tuple,
  unknown,
} from "../../values/make.ts";
import { typeOf } from "../../values/type.ts";
import type { Type, Value } from "../../values/value.ts";
import { marksOf, unknownFrom, withMarks } from "../unknowns.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { itemsOf, textOf } from "./string.ts";
import { any, deepMarks, entriesOf, keyed, nullable, sequence, sequenceOnly } from "./sequences.ts";

/** Functions of maps and objects. */
export const keyedFunctions: FunctionTable = {
  keys: {
    parameters: [keyed],
    result: listOf(STRING),
    raw: true,
    run: ([value]) => {
      const entries = entriesOf(value);
      if (entries !== undefined && value !== undefined) {
        const keys = [...entries.keys()].map(string);
        return withMarks(value.kind === "map" ? list(STRING, keys) : tuple(keys), marksOf([value]));
      }
      if (value?.kind !== "unknown") return fail("the argument must be a map or an object");
      if (value.type.kind === "object")
        return withMarks(tuple([...value.type.attributes.keys()].sort(compareStrings).map(string)), marksOf([value]));
      return unknownFrom(listOf(STRING), [value]);
    },
  },
  lookup: {
    parameters: [any, { type: STRING }],
    variadic: nullable,
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value, key, otherwise]) => {
      if (
        value?.kind === "unknown" &&
        value.type.kind === "object" &&
        key?.kind === "string" &&
        otherwise === undefined &&
        !value.type.attributes.has(key.value)
      )
        return fail("the object has no such attribute, and no default is given");
      if (value?.kind === "unknown" || key?.kind === "unknown") {
        const type =
          value?.kind === "unknown" && value.type.kind === "map"
            ? value.type.element
            : value?.kind === "map"
              ? value.element
              : DYNAMIC;
        return unknownFrom(
          type,
          [value, key].filter((one): one is Value => one?.kind === "unknown"),
        );
      }
      const entries = entriesOf(value);
      if (entries === undefined || value === undefined) return fail("the first argument must be a map or an object");
      const found = entries.get(textOf(key));
      const marks = marksOf([value, ...(key === undefined ? [] : [key])]);
      if (found !== undefined) return withMarks(found, marks);
      if (otherwise === undefined) return fail("the map has no such key, and no default is given");
      if (value.kind === "map") {
        const made = convert(otherwise, value.element);
        if ("error" in made) return fail("the default has another type than the map's elements");
        return withMarks(made.value, marks);
      }
      return withMarks(otherwise, marks);
    },
  },
  merge: { parameters: [], variadic: { ...keyed, null: true }, result: DYNAMIC, raw: true, run: mergeAll },
  transpose: {
    parameters: [{ type: mapOf(listOf(STRING)) }],
    result: mapOf(listOf(STRING)),
    run: ([value]) => {
      if (value !== undefined && hasUnknown(value)) return unknownFrom(mapOf(listOf(STRING)), [value]);
      const turned = new Map<string, Value[]>();
      for (const [key, items] of entriesOf(value) ?? []) {
        if (items.kind === "null") return fail("a list is null");
        for (const item of itemsOf(items)) {
          if (item.kind === "null") return fail("a list holds null");
          const name = textOf(item);
          const keys = turned.get(name) ?? [];
          keys.push(string(key));
          turned.set(name, keys);
        }
      }
      return map(
        listOf(STRING),
        [...turned].map(([key, items]) => [key, list(STRING, items)] as const),
      );
    },
  },
  values: {
    parameters: [keyed],
    result: DYNAMIC,
    raw: true,
    run: ([value]) => {
      const entries = entriesOf(value);
      if (value?.kind === "unknown" && value.type.kind === "object") {
        const { attributes } = value.type;
        const names = [...attributes.keys()].sort(compareStrings);
        return withMarks(tuple(names.map((name) => unknown(attributes.get(name) ?? DYNAMIC, value.reasons))), marksOf([value]));
      }
      if (value?.kind === "unknown") {
        const alike = value.refinement?.element;
        const block = value.refinement?.block;
        const refinement =
          alike === undefined ? {} : { refinement: { notNull: true, element: alike, ...(block === undefined ? {} : { block }) } };
        return { ...unknownFrom(value.type.kind === "map" ? listOf(value.type.element) : DYNAMIC, [value]), ...refinement };
      }
      if (entries === undefined || value === undefined) return fail("the argument must be a map or an object");
      const items = [...entries.values()];
      return withMarks(value.kind === "map" ? list(value.element, items) : tuple(items), marksOf([value]));
    },
  },
  zipmap: {
    parameters: [{ type: listOf(STRING) }, sequenceOnly],
    result: DYNAMIC,
    inner: true,
    holes: true,
    run: ([keys, values]) => {
      const names = itemsOf(keys);
      const items = sequence(values);
      if (
        keys?.kind === "list" &&
        values?.kind === "unknown" &&
        values.type.kind === "tuple" &&
        values.type.elements.length !== names.length
      )
        return fail("keys and values must have the same length");
      const hidden = [keys, values, ...names].filter((value): value is Value => value?.kind === "unknown");
      if (hidden.length > 0) return unknownFrom(elementsMap(values), hidden);
      if (items === undefined || items.rest !== undefined) return unknownFrom(DYNAMIC, values === undefined ? [] : [values]);
      if (names.length !== items.items.length) return fail("keys and values must have the same length");
      if (names.some((name) => name.kind === "null")) return fail("a key is null");
      const marks = deepMarks(names);
      const entries = names.map((name, index) => [textOf(name), items.items[index] ?? NULL] as const);
      return withMarks(items.kind === "tuple" ? object(entries) : map(items.element, entries), marks);
    },
  },
};

/** What `zipmap` makes of values of a type. */
function elementsMap(values: Value | undefined): Type {
  const type = values === undefined ? DYNAMIC : typeOf(values);
  return type.kind === "list" || type.kind === "set" ? mapOf(type.element) : DYNAMIC;
}

/** The type of objects on top of each other. */
function merged(types: readonly Type[]): Type {
  if (!types.every(({ kind }) => kind === "object")) return DYNAMIC;
  const attributes = new Map(types.flatMap((type) => (type.kind === "object" ? [...type.attributes] : [])));
  return objectOf(new Map([...attributes].sort(([a], [b]) => compareStrings(a, b))));
}

function mergeAll(values: readonly Value[]): Value | Failure {
  const given = values.filter((value) => value.kind !== "null");
  const hidden = given.filter((value) => value.kind === "unknown");
  const marks = marksOf(given);
  if (hidden.length > 0) return withMarks(unknownFrom(merged(given.map(typeOf)), hidden), marks);
  const entries = new Map<string, Value>();
  for (const value of given) {
    const own = entriesOf(value);
    if (own === undefined) return fail("every argument must be a map or an object");
    for (const [key, item] of own) entries.set(key, item);
  }
  const maps = given.filter((value) => value.kind === "map");
  if (maps.length === values.length && maps.length > 0) {
    const type = unify(maps.map((value) => value.element));
    if (type !== undefined) {
      const converted = convert(object(entries), mapOf(type));
      if (!("error" in converted)) return withMarks(converted.value, marks);
    }
  }
  return withMarks(object(entries), marks);
}
