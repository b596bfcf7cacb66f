import { Decimal } from "decimal.js";
import { equalNumbers, equalTypes } from "./equality.ts";
import { compareStrings, DYNAMIC, ExactDecimal, FALSE, map, number, object, string, STRING, TRUE, tuple } from "./make.ts";
import { numberText } from "./text.ts";
import { typeName, typeOf } from "./type.ts";
import type { ListValue, Refinement, Type, UnknownValue, Value } from "./value.ts";

export type Conversion = { readonly value: Value } | { readonly error: string };

/** Terraform's implicit conversion. The error says what is wrong with the value, in Terraform's terms, and never quotes it. */
export function convert(value: Value, type: Type): Conversion {
  if (type.kind === "dynamic" || value.kind === "instance") return { value };
  if (value.kind === "null") {
    if (value.type === type) return { value };
    if (!convertible(value.type, type)) return { error: `${typeName(type)} required` };
    return { value: keepMarks({ kind: "null", type: concrete(value.type, type) }, value) };
  }
  if (value.kind === "unknown") return convertUnknown(value, type);
  switch (type.kind) {
    case "string":
      if (value.kind === "string") return { value };
      if (value.kind === "number") return { value: keepMarks(string(numberText(value.value)), value) };
      if (value.kind === "bool") return { value: keepMarks(string(value.value ? "true" : "false"), value) };
      return { error: "string required" };
    case "number":
      if (value.kind === "number") return { value };
      if (value.kind === "string") {
        const parsed = parseNumber(value.value);
        return parsed === undefined ? { error: "a number is required" } : { value: keepMarks(number(parsed), value) };
      }
      return { error: "number required" };
    case "bool":
      if (value.kind === "bool") return { value };
      if (value.kind === "string") {
        if (value.value === "true" || value.value === "1") return { value: keepMarks(TRUE, value) };
        if (value.value === "false" || value.value === "0") return { value: keepMarks(FALSE, value) };
      }
      return { error: "bool required" };
    case "list":
    case "set":
      return convertSequence(value, type.kind, type.element);
    case "tuple": {
      if (value.kind !== "tuple" && value.kind !== "list" && value.kind !== "set") return { error: "tuple required" };
      if (value.items.length !== type.elements.length) return { error: `tuple of ${type.elements.length} elements required` };
      const items: Value[] = [];
      for (const [index, item] of value.items.entries()) {
        const converted = convert(item, type.elements[index] ?? DYNAMIC);
        if ("error" in converted) return { error: `element ${index}: ${converted.error}` };
        items.push(converted.value);
      }
      return { value: keepMarks(tuple(items), value) };
    }
    case "map": {
      if (value.kind !== "map" && value.kind !== "object") return { error: `map of ${typeName(type.element)} required` };
      if (value.kind === "map" && equalTypes(value.element, type.element)) return { value };
      const element = type.element.kind === "dynamic" ? unify([...value.entries.values()].map(typeOf)) : type.element;
      if (element === undefined) return { error: "all map elements must have the same type" };
      const entries: [string, Value][] = [];
      for (const [key, item] of value.entries) {
        const converted = convert(item, element);
        if ("error" in converted) return { error: `element ${JSON.stringify(key)}: ${converted.error}` };
        entries.push([key, converted.value]);
      }
      return { value: keepMarks(map(element, entries), value) };
    }
    case "object": {
      if (value.kind !== "object" && value.kind !== "map") return { error: "object required" };
      const entries: [string, Value][] = [];
      const missing: string[] = [];
      for (const [name, of] of type.attributes) {
        const item = value.entries.get(name);
        if (item === undefined) {
          if (type.optional?.has(name) === true) entries.push([name, { kind: "null", type: of }]);
          else missing.push(JSON.stringify(name));
          continue;
        }
        const converted = convert(item, of);
        if ("error" in converted) return { error: `attribute ${JSON.stringify(name)}: ${converted.error}` };
        entries.push([name, converted.value]);
      }
      if (missing.length === 1) return { error: `attribute ${missing[0] ?? ""} is required` };
      if (missing.length > 1) return { error: `attributes ${missing.sort().join(", ")} are required` };
      return { value: keepMarks(object(entries), value) };
    }
  }
}

/** Unknown elements of a set may turn out to be equal: how many it has is not known. */
export function mayShrink(value: Value): boolean {
  return value.kind === "set" && value.items.length > 1 && value.items.some(hasUnknown);
}

function convertSequence(value: Value, kind: "list" | "set", element: Type): Conversion {
  if (value.kind !== "list" && value.kind !== "set" && value.kind !== "tuple")
    return { error: `${kind} of ${typeName(element)} required` };
  if (value.kind === kind && equalTypes(value.element, element)) return { value };
  const wanted = element.kind !== "dynamic" ? element : value.kind === "tuple" ? unify(value.items.map(typeOf)) : value.element;
  if (wanted === undefined) return { error: `all ${kind} elements must have the same type` };
  const items: Value[] = [];
  for (const [index, item] of value.items.entries()) {
    const converted = convert(item, wanted);
    if ("error" in converted) return { error: `element ${index}: ${converted.error}` };
    items.push(converted.value);
  }
  if (kind === "list" && mayShrink(value)) {
    const reasons = items.flatMap((item) => (item.kind === "unknown" ? item.reasons : []));
    const made: UnknownValue = {
      kind: "unknown",
      type: { kind, element: wanted },
      reasons: reasons.length > 0 ? reasons : [{ kind: "computed", detail: "" }],
      refinement: { notNull: true, minimumLength: 1, maximumLength: items.length },
    };
    return { value: keepMarks(made, value) };
  }
  const rest = value.rest === undefined ? {} : { rest: value.rest };
  if (kind === "list") return { value: keepMarks({ kind, element: wanted, items, ...rest }, value) };
  // A set takes its elements' marks upon itself.
  const marks = {};
  const made: ListValue = { kind, element: wanted, items: setItems(items.map((item) => withoutMarks(item, marks))), ...rest };
  return { value: keepMarks({ ...made, ...marks }, value) };
}

function convertUnknown(value: UnknownValue, type: Type): Conversion {
  if (equalTypes(value.type, type)) return { value };
  if (value.type.kind !== "dynamic" && !convertible(value.type, type)) return { error: `${typeName(type)} required` };
  const { refinement: _refinement, ...plain } = value;
  const wanted = concrete(value.type, type);
  // The elements of a tuple are as many as its type says.
  if (value.type.kind === "tuple" && wanted.kind === "list")
    return {
      value: keepMarks(
        {
          kind: "list",
          element: wanted.element,
          items: value.type.elements.map((_, index) => ({
            kind: "unknown",
            type: wanted.element,
            reasons: value.reasons,
            ...(value.origin === undefined ? {} : { origin: { ...value.origin, path: [...value.origin.path, index] } }),
          })),
        },
        value,
      ),
    };
  const refinement = refinementIn(value, wanted);
  return { value: { ...plain, type: wanted, ...(refinement === undefined ? {} : { refinement }) } };
}

/** What is still known of an unknown once it is of another type. */
function refinementIn({ type: from, refinement }: UnknownValue, to: Type): Refinement | undefined {
  if (refinement === undefined) return undefined;
  const { element: alike, block, ...others } = refinement;
  const converted = alike !== undefined && "element" in to ? convert(alike, to.element) : undefined;
  const element =
    converted !== undefined && "value" in converted ? { element: converted.value, ...(block === undefined ? {} : { block }) } : {};
  if (from.kind === to.kind || from.kind === "dynamic") return { ...others, ...element };
  const isSequence = (type: Type): boolean => type.kind === "list" || type.kind === "set";
  const { notNull, minimumLength, maximumLength } = refinement;
  return {
    ...(notNull === undefined ? {} : { notNull }),
    ...element,
    // Equal elements of a list are one of a set.
    ...(isSequence(from) && isSequence(to) && minimumLength !== undefined
      ? { minimumLength: to.kind === "set" ? Math.min(1, minimumLength) : minimumLength }
      : {}),
    ...(isSequence(from) && isSequence(to) && maximumLength !== undefined ? { maximumLength } : {}),
  };
}

/** The wanted type, with what it leaves open taken from the source. */
function concrete(from: Type, to: Type): Type {
  if (to.kind === "dynamic") return from;
  if ((to.kind === "list" || to.kind === "set" || to.kind === "map") && to.element.kind === "dynamic") {
    const element = elementType(from);
    return element === undefined ? to : { kind: to.kind, element };
  }
  return to;
}

function elementType(type: Type): Type | undefined {
  switch (type.kind) {
    case "list":
    case "set":
    case "map":
      return type.element;
    case "tuple":
      return unify(type.elements);
    case "object":
      return unify([...type.attributes.values()]);
    default:
      return undefined;
  }
}

/** Takes the marks off, at every depth, and collects them. Unmarked values are not copied. */
export function withoutMarks(value: Value, marks: { sensitive?: true; ephemeral?: true }): Value {
  if (value.sensitive === true) marks.sensitive = true;
  if (value.ephemeral === true) marks.ephemeral = true;
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple": {
      // Most have none: then nothing is made anew.
      let items: Value[] | undefined;
      for (let index = 0; index < value.items.length; index++) {
        const item = value.items[index] as Value;
        const plain = withoutMarks(item, marks);
        if (plain !== item) items ??= value.items.slice();
        if (items !== undefined) items[index] = plain;
      }
      return items === undefined ? strip(value) : strip({ ...value, items });
    }
    case "map":
    case "object": {
      let entries: Map<string, Value> | undefined;
      for (const [key, item] of value.entries) {
        const plain = withoutMarks(item, marks);
        // The key keeps its place.
        if (plain !== item) (entries ??= new Map(value.entries)).set(key, plain);
      }
      return entries === undefined ? strip(value) : strip({ ...value, entries });
    }
    default:
      return strip(value);
  }
}

/** Takes off the marks of the value itself. */
export function withoutOwnMarks(value: Value): Value {
  return strip(value);
}

function strip<T extends Value>(value: T): T {
  if (value.sensitive === undefined && value.ephemeral === undefined) return value;
  const { sensitive: _sensitive, ephemeral: _ephemeral, ...rest } = value;
  return rest as T;
}

/** Whether some value of one type converts to the other. */
function convertible(from: Type, to: Type): boolean {
  if (from.kind === "dynamic" || to.kind === "dynamic" || from.kind === to.kind) return true;
  const primitive = (type: Type): boolean => type.kind === "bool" || type.kind === "number" || type.kind === "string";
  if (primitive(from) && primitive(to)) return from.kind === "string" || to.kind === "string";
  const sequence = (type: Type): boolean => type.kind === "list" || type.kind === "set" || type.kind === "tuple";
  if (sequence(from) && sequence(to)) return true;
  return (from.kind === "map" || from.kind === "object") && (to.kind === "map" || to.kind === "object");
}

/** Terraform's number syntax in strings: decimal with fraction and exponent. undefined: not a number. */
export function parseNumber(text: string): Decimal | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) return undefined;
  return new ExactDecimal(text);
}

/** The type that all convert to, or undefined. Null's and unknown's dynamic type gives way to the others. */
export function unify(types: readonly Type[]): Type | undefined {
  const known = types.filter((type) => type.kind !== "dynamic");
  const [first, ...rest] = known;
  if (first === undefined) return DYNAMIC;
  // Structures don't say what else there may be beside what is not typed yet.
  if (known.length < types.length && isStructure(first) && rest.every(({ kind }) => kind === first.kind)) return DYNAMIC;
  let result: Type | undefined = first;
  for (const type of rest) {
    result = unifyTwo(result, type);
    if (result === undefined) return undefined;
  }
  return result;
}

function isStructure({ kind }: Type): boolean {
  return kind !== "bool" && kind !== "number" && kind !== "string" && kind !== "dynamic";
}

function unifyTwo(a: Type, b: Type): Type | undefined {
  if (equalTypes(a, b)) return a;
  if (a.kind === "dynamic" || b.kind === "dynamic") return unify([a, b]);
  const primitive = (type: Type): boolean => type.kind === "bool" || type.kind === "number" || type.kind === "string";
  if (primitive(a) && primitive(b)) return a.kind === "string" || b.kind === "string" ? STRING : undefined;
  if (a.kind === "object" && b.kind === "object") {
    const same = a.attributes.size === b.attributes.size && [...a.attributes.keys()].every((name) => b.attributes.has(name));
    if (same) {
      const attributes = new Map<string, Type>();
      for (const [name, type] of a.attributes) {
        const unified = unifyTwo(type, b.attributes.get(name) ?? type);
        if (unified === undefined) return undefined;
        attributes.set(name, unified);
      }
      return { kind: "object", attributes };
    }
    const element = unify([...a.attributes.values(), ...b.attributes.values()]);
    return element === undefined ? undefined : { kind: "map", element };
  }
  if ((a.kind === "map" || a.kind === "object") && (b.kind === "map" || b.kind === "object")) {
    const of = (type: Type): readonly Type[] =>
      type.kind === "map" ? [type.element] : type.kind === "object" ? [...type.attributes.values()] : [];
    const element = unify([...of(a), ...of(b)]);
    return element === undefined ? undefined : { kind: "map", element };
  }
  if (a.kind === "tuple" && b.kind === "tuple" && a.elements.length === b.elements.length) {
    const elements: Type[] = [];
    for (const [index, type] of a.elements.entries()) {
      const unified = unifyTwo(type, b.elements[index] ?? type);
      if (unified === undefined) return undefined;
      elements.push(unified);
    }
    return { kind: "tuple", elements };
  }
  const sequence = (type: Type): readonly Type[] | undefined =>
    type.kind === "list" || type.kind === "set" ? [type.element] : type.kind === "tuple" ? type.elements : undefined;
  const left = sequence(a);
  const right = sequence(b);
  if (left !== undefined && right !== undefined) {
    const element = unify([...left, ...right]);
    if (element === undefined) return undefined;
    const set = (a.kind === "set" && b.kind !== "list") || (b.kind === "set" && a.kind !== "list");
    return { kind: set ? "set" : "list", element };
  }
  return undefined;
}

/** Distinct, in Terraform's order: strings by code point, numbers by value, others by a text of their content; then unknown, then null. */
export function setItems(items: readonly Value[]): readonly Value[] {
  const distinct: Value[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    const key = contentKey(item);
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    distinct.push(item);
  }
  return distinct
    .map((item, index) => ({ item, index }))
    .sort((a, b) => compareForSet(a.item, b.item) || a.index - b.index)
    .map(({ item }) => item);
}

/** Equal for values that are the same, whatever their marks; undefined for what is not wholly known. */
export function contentKey(value: Value): string | undefined {
  switch (value.kind) {
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return numberText(value.value);
    case "bool":
      return String(value.value);
    case "null":
      return "null";
    case "list":
    case "set":
    case "tuple": {
      if (value.rest !== undefined) return undefined;
      const keys = value.items.map(contentKey);
      return keys.includes(undefined) ? undefined : `${value.kind}[${keys.join()}]`;
    }
    case "map":
    case "object": {
      const keys: string[] = [];
      for (const [name, member] of value.entries) {
        const key = contentKey(member);
        if (key === undefined) return undefined;
        keys.push(`${JSON.stringify(name)}:${key}`);
      }
      return `${value.kind}{${keys.join()}}`;
    }
    default:
      return undefined;
  }
}

function compareForSet(a: Value, b: Value): number {
  if (a.kind === "null" || b.kind === "null") return Number(a.kind === "null") - Number(b.kind === "null");
  if (a.kind === "unknown" || b.kind === "unknown") return Number(a.kind === "unknown") - Number(b.kind === "unknown");
  if (a.kind === "string" && b.kind === "string") return compareStrings(a.value, b.value);
  if (a.kind === "number" && b.kind === "number") return new Decimal(a.value).comparedTo(b.value);
  if (a.kind === "bool" && b.kind === "bool") return Number(a.value) - Number(b.value);
  return compareStrings(orderText(a), orderText(b));
}

/** The text that terraform puts elements with a structure in order by. */
function orderText(value: Value): string {
  switch (value.kind) {
    case "null":
      return "~";
    case "bool":
      return value.value ? "T" : "F";
    case "number":
      return numberText(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "list":
    case "set":
      return `[${value.items.map((item) => `${orderText(item)};`).join("")}]`;
    case "tuple":
      return `<${value.items.map((item) => `${orderText(item)};`).join("")}>`;
    case "map":
      return `{${[...value.entries].map(([key, item]) => `${JSON.stringify(key)}:${orderText(item)};`).join("")}}`;
    case "object":
      return `<${[...value.entries.values()].map((item) => `${orderText(item)};`).join("")}>`;
    default:
      return "?";
  }
}

/** Terraform's `==`: no conversion, unknown where an unknown decides. */
export function sameValue(a: Value, b: Value): boolean | undefined {
  if (a.kind === "unknown" || b.kind === "unknown") {
    const [hidden, other] = a.kind === "unknown" ? [a, b] : [b, a];
    if (hidden.kind !== "unknown") return undefined;
    if (other.kind === "null" && hidden.refinement?.notNull === true) return false;
    if (hidden.refinement !== undefined && isExcluded(other, hidden.refinement)) return false;
    // Values of two types are not the same, whatever the unknown turns out to be.
    if (other.kind !== "unknown" && other.kind !== "null" && !hasDynamic(hidden.type)) {
      const type = typeOf(other);
      if (!hasDynamic(type) && !equalTypes(type, hidden.type)) return false;
    }
    return undefined;
  }
  if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
  if (a.kind === "instance" || b.kind === "instance")
    return a.kind === "instance" && b.kind === "instance" && a.target === b.target;
  switch (a.kind) {
    case "bool":
      return b.kind === "bool" && a.value === b.value;
    case "string":
      return b.kind === "string" && a.value === b.value;
    case "number":
      return b.kind === "number" && equalNumbers(a.value, b.value);
    case "list":
    case "set":
    case "tuple": {
      if (b.kind !== "list" && b.kind !== "set" && b.kind !== "tuple") return false;
      if (a.rest !== undefined || b.rest !== undefined) return undefined;
      if (a.kind !== b.kind || differentElements(a, b)) return false;
      if (a.kind === "set" && (a.items.some(hasUnknown) || b.items.some(hasUnknown))) return undefined;
      if (a.items.length !== b.items.length) return false;
      return allSame(a.items.map((item, index) => [item, b.items[index]]));
    }
    case "map":
    case "object": {
      if (b.kind !== a.kind || differentElements(a, b)) return false;
      if (a.entries.size !== b.entries.size) return false;
      return allSame([...a.entries].map(([key, item]) => [item, b.entries.get(key)]));
    }
  }
}

/** Whether what is known of an unknown rules a value out. */
function isExcluded(value: Value, { prefix, minimum, maximum, minimumLength, maximumLength }: Refinement): boolean {
  switch (value.kind) {
    case "string":
      return prefix !== undefined && !value.value.startsWith(prefix);
    case "number":
      return (
        (minimum !== undefined && new Decimal(value.value).lessThan(minimum)) ||
        (maximum !== undefined && new Decimal(value.value).greaterThan(maximum))
      );
    case "list":
    case "set":
    case "map": {
      if (value.kind !== "map" && (value.rest !== undefined || (value.kind === "set" && value.items.some(hasUnknown))))
        return false;
      const length = value.kind === "map" ? value.entries.size : value.items.length;
      return (minimumLength !== undefined && length < minimumLength) || (maximumLength !== undefined && length > maximumLength);
    }
    default:
      return false;
  }
}

function differentElements(a: Value, b: Value): boolean {
  if (!("element" in a) || !("element" in b)) return false;
  return !hasDynamic(a.element) && !hasDynamic(b.element) && !equalTypes(a.element, b.element);
}

function hasDynamic(type: Type): boolean {
  switch (type.kind) {
    case "dynamic":
      return true;
    case "list":
    case "set":
    case "map":
      return hasDynamic(type.element);
    case "tuple":
      return type.elements.some(hasDynamic);
    case "object":
      for (const of of type.attributes.values()) if (hasDynamic(of)) return true;
      return false;
    default:
      return false;
  }
}

function allSame(pairs: readonly (readonly [Value, Value | undefined])[]): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [a, b] of pairs) {
    const same = b === undefined ? false : sameValue(a, b);
    if (same === false) return false;
    if (same === undefined) result = undefined;
  }
  return result;
}

export function hasUnknown(value: Value): boolean {
  switch (value.kind) {
    case "unknown":
      return true;
    case "list":
    case "set":
    case "tuple":
      return value.rest !== undefined || value.items.some(hasUnknown);
    case "map":
    case "object":
      for (const item of value.entries.values()) if (hasUnknown(item)) return true;
      return false;
    default:
      return false;
  }
}

function keepMarks<T extends Value>(made: T, from: Value): T {
  if (from.sensitive === undefined && from.ephemeral === undefined && from.path === undefined) return made;
  return {
    ...made,
    ...(from.sensitive === undefined ? {} : { sensitive: from.sensitive }),
    ...(from.ephemeral === undefined ? {} : { ephemeral: from.ephemeral }),
    ...(from.path === undefined ? {} : { path: from.path }),
  };
}
