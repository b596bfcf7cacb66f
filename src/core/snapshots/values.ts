import { blockType, membersOf, computed } from "../terraform/resource-body.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { convert } from "../values/convert.ts";
import { fromJson } from "../values/json.ts";
import { DYNAMIC, map, NULL, nullOf, object, tuple } from "../values/make.ts";
import { SparseEntries, type Members, type Unwritten } from "../values/sparse.ts";
import type { ObjectValue, Path, Type, UnknownValue, Value } from "../values/value.ts";
import { isJsonList, isJsonObject, memberOf, type Json } from "./model.ts";

/** What is known of one place of a recorded resource. */
export interface Recorded {
  readonly values: Json | undefined;
  readonly unknown: Json | undefined;
  readonly sensitive: Json | undefined;
}

/** Makes the unknown that stands at a path. */
export type UnknownAt = (path: Path, type: Type) => UnknownValue;

/** What the configuration leaves to the provider: its values are made when somebody looks. */
export interface LeftOut {
  readonly address: string;
  readonly mode: "managed" | "data";
  /** Whether nothing is written for an attribute. */
  has(name: string): boolean;
}

/** The values in the shape that the evaluator gives to a resource: typed by the schema, every member there. */
export function recordedBlock(
  recorded: Recorded,
  schema: BlockSchema,
  unknownAt: UnknownAt,
  path: Path,
  leftOut?: LeftOut,
): ObjectValue {
  const written = new Map<string, Value>();
  const names = new Set([...namesOf(recorded.values), ...namesOf(recorded.unknown)]);
  const members = membersOf(schema);
  const made: string[] = [];
  for (const name of members.names) {
    if (!names.has(name)) continue;
    if (leftOut !== undefined && memberOf(recorded.unknown, name) === true && schema.attributes.has(name) && leftOut.has(name)) {
      made.push(name);
      continue;
    }
    const inner = inside(recorded, name);
    const at = [...path, name];
    const attribute = schema.attributes.get(name);
    const nested = attribute === undefined ? schema.blocks.get(name) : undefined;
    let value: Value | undefined;
    if (attribute !== undefined) {
      value = recordedValue(inner, attribute.type, unknownAt, at);
      if (attribute.sensitive && value.sensitive !== true) value = { ...value, sensitive: true };
    } else if (nested !== undefined) value = recordedBlocks(inner, nested, unknownAt, at);
    if (value !== undefined && (value.kind !== "null" || value.sensitive === true)) written.set(name, value);
  }
  const unwritten =
    leftOut === undefined || made.length === 0 ? nullMembers(members, schema) : new MadeMembers(members, schema, made, leftOut);
  return { kind: "object", entries: new SparseEntries(written, unwritten) };
}

function recordedBlocks(recorded: Recorded, nested: NestedBlockSchema, unknownAt: UnknownAt, path: Path): Value {
  const kind = nested.nesting === "set" ? "set" : "list";
  const element = blockType(nested);
  if (recorded.unknown === true) return marked(unknownAt(path, { kind, element }), recorded.sensitive);
  const at = (step: string | number, index: number): Value => {
    const inner = inside(recorded, step);
    return inner.unknown === true
      ? unknownAt([...path, index], element)
      : recordedBlock(inner, nested, unknownAt, [...path, index]);
  };
  const { values, unknown } = recorded;
  let items: readonly Value[] = [];
  if (isJsonList(values) || isJsonList(unknown)) {
    const count = Math.max(isJsonList(values) ? values.length : 0, isJsonList(unknown) ? unknown.length : 0);
    items = Array.from({ length: count }, (_, index) => at(index, index));
  } else if (isJsonObject(values)) {
    items =
      nested.nesting === "map"
        ? Object.keys(values).map((key, index) => at(key, index))
        : [recordedBlock(recorded, nested, unknownAt, [...path, 0])];
  }
  return marked({ kind, element, items }, recorded.sensitive);
}

/** Data of a type that nothing is known of: as its JSON has it. */
export function recordedData(recorded: Recorded, unknownAt: UnknownAt): ObjectValue {
  const value = recordedValue(recorded, DYNAMIC, unknownAt, []);
  return value.kind === "object" ? value : object([]);
}

export function recordedValue(recorded: Recorded, type: Type, unknownAt: UnknownAt, path: Path): Value {
  return marked(unmarkedValue(recorded, type, unknownAt, path), recorded.sensitive);
}

function unmarkedValue(recorded: Recorded, type: Type, unknownAt: UnknownAt, path: Path): Value {
  const { values, unknown } = recorded;
  if (unknown === true) return unknownAt(path, type);
  if (isJsonList(values) || (isJsonList(unknown) && unknown.length > 0)) {
    const count = Math.max(isJsonList(values) ? values.length : 0, isJsonList(unknown) ? unknown.length : 0);
    const element = (index: number): Type =>
      type.kind === "list" || type.kind === "set"
        ? type.element
        : type.kind === "tuple"
          ? (type.elements[index] ?? DYNAMIC)
          : DYNAMIC;
    const items = Array.from({ length: count }, (_, index) =>
      recordedValue(inside(recorded, index), element(index), unknownAt, [...path, index]),
    );
    return type.kind === "list" || type.kind === "set" ? { kind: type.kind, element: type.element, items } : tuple(items);
  }
  if (isJsonObject(values) || (isJsonObject(unknown) && Object.keys(unknown).length > 0)) {
    const names = new Set([...namesOf(values), ...namesOf(unknown)]);
    const member = (name: string): Type =>
      type.kind === "map" ? type.element : type.kind === "object" ? (type.attributes.get(name) ?? DYNAMIC) : DYNAMIC;
    const entries = [...names].map((name): [string, Value] => [
      name,
      recordedValue(inside(recorded, name), member(name), unknownAt, [...path, name]),
    ]);
    if (type.kind === "map") return map(type.element, entries);
    if (type.kind !== "object") return object(entries);
    const missing = [...type.attributes].filter(([name]) => !names.has(name));
    return object([...entries, ...missing.map(([name, of]): [string, Value] => [name, nullOf(of)])]);
  }
  if (values === null || values === undefined) return nullOf(type);
  const value = fromJson(values);
  // The provider that made the file may be of another version than the schema.
  const converted = convert(value, type);
  return "value" in converted ? converted.value : value;
}

export function inside(recorded: Recorded, step: string | number): Recorded {
  const { sensitive } = recorded;
  // A state file marks elements by their number, as members.
  const mark = typeof step === "number" && isJsonObject(sensitive) ? memberOf(sensitive, String(step)) : memberOf(sensitive, step);
  return { values: memberOf(recorded.values, step), unknown: memberOf(recorded.unknown, step), sensitive: mark };
}

function marked<T extends Value>(value: T, sensitive: Json | undefined): T {
  return sensitive === true ? { ...value, sensitive: true } : value;
}

function namesOf(json: Json | undefined): readonly string[] {
  return isJsonObject(json) ? Object.keys(json) : [];
}

function nullMembers(members: Members, schema: BlockSchema): Unwritten {
  return { members, rule: "null", key: () => "null", make: (name) => nullMember(name, schema) };
}

/** Sets of names, of which a type has a few: one object each. */
const nameSets = new Map<string, ReadonlySet<string>>();
const MOST_SETS = 1000;

function nameSet(names: readonly string[]): { readonly text: string; readonly names: ReadonlySet<string> } {
  const text = names.join(" ");
  let found = nameSets.get(text);
  if (found === undefined) {
    found = new Set(names);
    if (nameSets.size >= MOST_SETS) nameSets.clear();
    nameSets.set(text, found);
  }
  return { text, names: found };
}

/** What is not written: known after apply, or null. */
class MadeMembers implements Unwritten {
  readonly members: Members;
  readonly rule: string;
  readonly #schema: BlockSchema;
  readonly #made: ReadonlySet<string>;
  readonly #reader: { readonly address: string; readonly mode: "managed" | "data" };

  constructor(members: Members, schema: BlockSchema, made: readonly string[], { address, mode }: LeftOut) {
    const { text, names } = nameSet(made);
    this.members = members;
    this.rule = text;
    this.#schema = schema;
    this.#made = names;
    this.#reader = { address, mode };
  }

  key(): string {
    return `${this.#reader.mode} ${this.#reader.address} ${this.rule}`;
  }

  make(name: string): Value {
    const attribute = this.#schema.attributes.get(name);
    if (attribute === undefined || !this.#made.has(name)) return nullMember(name, this.#schema);
    const value = computed(this.#reader, attribute.type, [name]);
    return attribute.sensitive ? { ...value, sensitive: true } : value;
  }
}

/** What is not there is null, or no block at all. */
function nullMember(name: string, schema: BlockSchema): Value {
  const attribute = schema.attributes.get(name);
  if (attribute !== undefined) return nullOf(attribute.type);
  const nested = schema.blocks.get(name);
  if (nested === undefined) return NULL;
  return { kind: nested.nesting === "set" ? "set" : "list", element: blockType(nested), items: [] };
}
