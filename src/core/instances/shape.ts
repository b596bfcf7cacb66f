import type { Program } from "../cel/program.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { NULL, nullOf, object, reason, unknown } from "../values/make.ts";
import { SparseEntries, withMembers, type Members, type Unwritten } from "../values/sparse.ts";
import type { ObjectValue, Path, UnknownValue, Value } from "../values/value.ts";
import type { InstanceType, OnCreate } from "./model.ts";
import { memberType, nestedType } from "./schema-types.ts";

/** As checks see a resource: single blocks (`max: 1`) are objects or null instead of lists of one. */
export function instanceShape(values: ObjectValue, schema: BlockSchema): ObjectValue {
  if (schema.blocks.size === 0) return values;
  const { entries } = values;
  if (entries instanceof SparseEntries) {
    return { ...values, entries: new SparseEntries(shapeWritten(entries.written, schema), new Shaped(entries.unwritten, schema)) };
  }
  const changed: [string, Value][] = [];
  for (const [name, value] of entries) {
    const shaped = shapeMember(name, value, schema);
    if (shaped !== value) changed.push([name, shaped]);
  }
  return changed.length === 0 ? values : withMembers(values, changed);
}

function shapeWritten(written: ReadonlyMap<string, Value>, schema: BlockSchema): ReadonlyMap<string, Value> {
  let changed: Map<string, Value> | undefined;
  for (const [name, value] of written) {
    const shaped = shapeMember(name, value, schema);
    if (shaped !== value) (changed ??= new Map(written)).set(name, shaped);
  }
  return changed ?? written;
}

/** What nobody wrote, in instance shape. */
class Shaped implements Unwritten {
  readonly #of: Unwritten;
  readonly #schema: BlockSchema;

  constructor(of: Unwritten, schema: BlockSchema) {
    this.#of = of;
    this.#schema = schema;
  }

  get members(): Members {
    return this.#of.members;
  }

  get rule(): string {
    return this.#of.rule;
  }

  key(): string {
    return `shaped ${this.#of.key()}`;
  }

  make(name: string): Value {
    return shapeMember(name, this.#of.make(name), this.#schema);
  }
}

function shapeMember(name: string, value: Value, schema: BlockSchema): Value {
  const nested = schema.blocks.get(name);
  return nested === undefined ? value : shapeBlock(value, nested);
}

function shapeBlock(value: Value, nested: NestedBlockSchema): Value {
  const type = nestedType(nested);
  if (value.kind === "object") return instanceShape(value, nested);
  if (value.kind === "unknown") return { ...value, type };
  if (value.kind !== "list" && value.kind !== "set" && value.kind !== "tuple") return value;
  if (nested.maximum === 1 && nested.nesting !== "map") {
    const [first] = value.items;
    if (first !== undefined) return shapeBlock(first, nested);
    return value.rest === undefined ? nullOf(type) : unknown(type, value.rest);
  }
  const items = value.items.map((item) => (item.kind === "object" ? instanceShape(item, nested) : item));
  return items.every((item, index) => item === value.items[index]) ? value : { ...value, items };
}

/** Gives omitted attributes the meaning that `onCreate` documents. Meanings by CEL may need parts: those stay as they are. */
export function overlayOnCreate(values: ObjectValue, definition: InstanceType, address: string): ObjectValue {
  if (values.entries instanceof SparseEntries) return overlaySparse(values, values.entries, definition, address);
  let shaped = values;
  for (const onCreate of definition.onCreate.values()) {
    if (onCreate.meaning.kind === "cel") continue;
    shaped = overlay(shaped, onCreate, definition, address, () => meaningOf(onCreate));
  }
  return shaped;
}

/** The value of one name, with the meanings in it that CEL gives. */
export function overlayByCel(
  value: Value,
  name: string,
  definition: InstanceType,
  address: string,
  computed: (program: Program) => Value,
): Value {
  let shaped: ObjectValue = { kind: "object", entries: new Map([[name, value]]) };
  for (const onCreate of meaningsByCel(definition).get(name) ?? []) {
    const { meaning } = onCreate;
    const replacement = meaning.kind === "cel" ? () => computed(meaning.program) : () => meaningOf(onCreate);
    shaped = overlay(shaped, onCreate, definition, address, replacement);
  }
  return shaped.entries.get(name) ?? NULL;
}

/**
 * Most attributes with a meaning are not written, and what is not written is replaced alike in all instances of a type. So only
 * what is written is looked at.
 */
function overlaySparse(values: ObjectValue, entries: SparseEntries, definition: InstanceType, address: string): ObjectValue {
  const { written, unwritten } = entries;
  const meanings = meaningsOf(definition, unwritten, address);
  const { deep } = meanings;
  let shaped: ObjectValue = { ...values, entries: new SparseEntries(written, new Meant(unwritten, meanings)) };
  for (const onCreate of definition.onCreate.values()) {
    if (onCreate.meaning.kind === "cel" || !(written.has(String(onCreate.path[0])) || deep.has(onCreate))) continue;
    shaped = overlay(shaped, onCreate, definition, address, () => meaningOf(onCreate));
  }
  return shaped;
}

function overlay(
  values: ObjectValue,
  { path }: OnCreate,
  definition: InstanceType,
  address: string,
  replacement: () => Value,
): ObjectValue {
  return replaceAt(values, path, (value) => isOmitted(value, definition, address, path), replacement) as ObjectValue;
}

function isOmitted(value: Value, definition: InstanceType, address: string, path: Path): boolean {
  if (value.kind === "unknown") return isOwnComputed(value, address, path);
  return value.kind === "null" && !isComputed(definition.schema, path);
}

interface Meanings {
  /** By name: what a member of the type means that nobody wrote. */
  readonly meanings: ReadonlyMap<string, Value>;
  /** Meanings inside members that the schema fills though nobody wrote them. */
  readonly deep: ReadonlySet<OnCreate>;
  /** Members that are null where nobody writes them, filled as somebody asks: there is no address in them. */
  readonly nothing: Map<string, Value>;
}

/** By rule: in a plan something else is absent than in a file. */
const meaningsByType = new WeakMap<InstanceType, Map<string, Meanings>>();

function meaningsOf(definition: InstanceType, unwritten: Unwritten, address: string): Meanings {
  let byRule = meaningsByType.get(definition);
  if (byRule === undefined) {
    byRule = new Map();
    meaningsByType.set(definition, byRule);
  }
  let found = byRule.get(unwritten.rule);
  if (found === undefined) {
    const meanings = new Map<string, Value>();
    const deep = new Set<OnCreate>();
    for (const onCreate of definition.onCreate.values()) {
      const { path, meaning } = onCreate;
      const name = String(path[0]);
      if (meaning.kind === "cel" || !unwritten.members.has.has(name)) continue;
      const value = meanings.get(name) ?? unwritten.make(name);
      if (path.length > 1) {
        const hasMembers = value.kind === "object" || ("items" in value && value.items.length > 0);
        // An omitted computed block is unknown; its attribute has a meaning all the same.
        if (hasMembers || (value.kind === "unknown" && isOmitted(value, definition, address, path))) deep.add(onCreate);
      } else if (isOmitted(value, definition, address, path)) meanings.set(name, meaningOf(onCreate));
    }
    found = { meanings, deep, nothing: new Map() };
    byRule.set(unwritten.rule, found);
  }
  return found;
}

function meaningOf({ meaning }: OnCreate): Value {
  if (meaning.kind === "value") return meaning.value;
  return unknown({ kind: "dynamic" }, reason("unknown", meaning.kind === "unknown" ? meaning.reason : "an expression"));
}

/** What nobody wrote, with the meanings that the type gives. */
class Meant implements Unwritten {
  readonly #of: Unwritten;
  readonly #meanings: Meanings;

  constructor(of: Unwritten, meanings: Meanings) {
    this.#of = of;
    this.#meanings = meanings;
  }

  get members(): Members {
    return this.#of.members;
  }

  get rule(): string {
    return this.#of.rule;
  }

  key(): string {
    return `meant ${this.#of.key()}`;
  }

  make(name: string): Value {
    const { meanings, nothing } = this.#meanings;
    const known = meanings.get(name) ?? nothing.get(name);
    if (known !== undefined) return known;
    const value = this.#of.make(name);
    if (value.kind === "null") nothing.set(name, value);
    return value;
  }
}

/** By name, where its value depends on a meaning given by CEL: all meanings of it and in it. */
export function meaningsByCel(definition: InstanceType): ReadonlyMap<string, readonly OnCreate[]> {
  let names = byCel.get(definition);
  if (names === undefined) {
    const all = new Map<string, OnCreate[]>();
    for (const onCreate of definition.onCreate.values()) {
      const name = String(onCreate.path[0]);
      all.set(name, [...(all.get(name) ?? []), onCreate]);
    }
    names = new Map([...all].filter(([, meanings]) => meanings.some(({ meaning }) => meaning.kind === "cel")));
    byCel.set(definition, names);
  }
  return names;
}

const byCel = new WeakMap<InstanceType, ReadonlyMap<string, readonly OnCreate[]>>();

/** Value of a name of the schema that nothing says anything about. */
export function absent(definition: InstanceType, name: string): Value {
  return nullOf(memberType(definition.schema, name) ?? { kind: "dynamic" });
}

/** An omitted computed attribute is the unknown that stands for itself. */
function isOwnComputed(value: UnknownValue, address: string, path: Path): boolean {
  const origin = value.origin;
  if (origin?.address !== address) return false;
  const names = origin.path.filter((step) => typeof step === "string");
  // The whole block may be omitted, or only the attribute inside.
  return names.length <= path.length && names.every((name, index) => name === path[index]);
}

function isComputed(schema: BlockSchema, path: Path): boolean {
  let at: BlockSchema = schema;
  for (const [index, step] of path.entries()) {
    const attribute = at.attributes.get(String(step));
    if (attribute !== undefined) return attribute.computed;
    const nested = at.blocks.get(String(step));
    if (nested === undefined) return false;
    if (index === path.length - 1) return nested.computed;
    at = nested;
  }
  return false;
}

function replaceAt(value: Value, path: Path, isOmitted: (value: Value) => boolean, replacement: () => Value): Value {
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") {
    if (path.length === 0) return value;
    const items = value.items.map((item) => replaceAt(item, path, isOmitted, replacement));
    return items.every((item, index) => item === value.items[index]) ? value : { ...value, items };
  }
  const [name, ...rest] = path;
  if (name === undefined) return isOmitted(value) ? replacement() : value;
  const block = value.kind === "unknown" && isOmitted(value) ? membersOf(value) : value;
  if (block.kind !== "object") return value;
  const member = block.entries.get(String(name));
  if (member === undefined) return value;
  const replaced = replaceAt(member, rest, isOmitted, replacement);
  if (replaced === member) return value;
  return withMembers(block, [[String(name), replaced]]);
}

/** An omitted block of which one attribute has a meaning all the same: the others stay as unknown as the block was. */
function membersOf(block: UnknownValue): Value {
  const { type, origin } = block;
  if (type.kind !== "object" || origin === undefined) return block;
  return object(
    [...type.attributes].map(([name, of]): [string, Value] => [
      name,
      { ...unknown(of, block.reasons), origin: { ...origin, path: [...origin.path, name] } },
    ]),
  );
}
