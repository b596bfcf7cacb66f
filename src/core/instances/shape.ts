import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { nullOf, object, reason, unknown } from "../values/make.ts";
import { SparseEntries, withMembers } from "../values/sparse.ts";
import type { ObjectValue, Path, UnknownValue, Value } from "../values/value.ts";
import type { InstanceType, OnCreate } from "./model.ts";
import { memberType, nestedType } from "./schema-types.ts";

/** As checks see a resource: single blocks (`max: 1`) are objects or null instead of lists of one. */
export function instanceShape(values: ObjectValue, schema: BlockSchema): ObjectValue {
  if (schema.blocks.size === 0) return values;
  const { entries } = values;
  if (entries instanceof SparseEntries) {
    const written = new Map<string, Value>();
    for (const [name, value] of entries.written) written.set(name, shapeMember(name, value, schema));
    const absent = (name: string): Value => shapeMember(name, entries.absent(name), schema);
    return { ...values, entries: new SparseEntries({ ...entries, written, absent, absentKey: `shaped ${entries.absentKey}` }) };
  }
  const changed: [string, Value][] = [];
  for (const [name, value] of entries) {
    const shaped = shapeMember(name, value, schema);
    if (shaped !== value) changed.push([name, shaped]);
  }
  return changed.length === 0 ? values : withMembers(values, changed);
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

/**
 * Gives omitted attributes the meaning that `onCreate` documents. Meanings by CEL may need parts, so `computed` is asked for them:
 * without it they stay as they are.
 */
export function overlayOnCreate(
  values: ObjectValue,
  definition: InstanceType,
  address: string,
  computed?: (meaning: OnCreate) => Value,
): ObjectValue {
  let shaped = values;
  for (const onCreate of definition.onCreate.values()) {
    const { meaning, path } = onCreate;
    let replacement: (() => Value) | undefined;
    if (meaning.kind === "value") replacement = () => meaning.value;
    else if (meaning.kind === "unknown") replacement = () => unknown({ kind: "dynamic" }, reason("unknown", meaning.reason));
    else if (computed !== undefined) replacement = () => computed(onCreate);
    if (replacement === undefined) continue;
    const computedByProvider = isComputed(definition.schema, path);
    const isOmitted = (value: Value) =>
      value.kind === "unknown" ? isOwnComputed(value, address, path) : value.kind === "null" && !computedByProvider;
    shaped = replaceAt(shaped, path, isOmitted, replacement) as ObjectValue;
  }
  return shaped;
}

/** Names whose value depends on a meaning given by CEL. */
export function namesByCel(definition: InstanceType): ReadonlySet<string> {
  let names = byCel.get(definition);
  if (names === undefined) {
    const cel = [...definition.onCreate.values()].filter(({ meaning }) => meaning.kind === "cel");
    names = new Set(cel.map(({ path }) => String(path[0])));
    byCel.set(definition, names);
  }
  return names;
}

const byCel = new WeakMap<InstanceType, ReadonlySet<string>>();

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
