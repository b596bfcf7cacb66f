import { instanceShape } from "../instances/shape.ts";
import type { InstanceType } from "../instances/model.ts";
import { isJsonList, isJsonObject, memberOf, type Json } from "../snapshots/model.ts";
import { blockType, membersOf } from "../terraform/resource-body.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { convert } from "../values/convert.ts";
import { fromJson } from "../values/json.ts";
import { map, nullOf, object, tuple, unknown } from "../values/make.ts";
import { SparseEntries, type Members, type Unwritten } from "../values/sparse.ts";
import type { ObjectValue, Reason, Type, Value } from "../values/value.ts";
import type { LiveResource } from "./model.ts";

/** Why an attribute of the resource is not known that nothing was read of. At least one. */
export type UnreadAt = (name: string) => readonly Reason[];

/**
 * What was read of a thing, in instance shape and typed by the schema. What its collector left out is unknown: null only where the
 * cloud said so.
 */
export function liveValues({ attributes }: LiveResource, definition: InstanceType, unread: UnreadAt): ObjectValue {
  const shaped = instanceShape(liveBlock(attributes, definition.schema, unread), definition.schema);
  const own = [...definition.attributes].filter(([name]) => !shaped.entries.has(name));
  if (own.length === 0) return shaped;
  const written = own.map(([name, { type }]): [string, Value] => {
    const json = memberOf(attributes, name);
    return [name, json === undefined ? unknown(type, unread(name)) : liveValue(json, type, [name], unread)];
  });
  return object([...shaped.entries, ...written]);
}

function liveBlock(json: Json, schema: BlockSchema, unread: UnreadAt): ObjectValue {
  const members = membersOf(schema);
  const written = new Map<string, Value>();
  for (const name of members.names) {
    const inner = memberOf(json, name);
    if (inner === undefined) continue;
    const attribute = schema.attributes.get(name);
    const nested = attribute === undefined ? schema.blocks.get(name) : undefined;
    if (attribute !== undefined) {
      const value = liveValue(inner, attribute.type, [name], unread);
      written.set(name, attribute.sensitive ? { ...value, sensitive: true } : value);
    } else if (nested !== undefined) written.set(name, liveBlocks(inner, nested, name, unread));
  }
  return { kind: "object", entries: new SparseEntries(written, new NotRead(members, schema, unread)) };
}

/** A block's list; one block may be given bare, none as null. */
function liveBlocks(json: Json, nested: NestedBlockSchema, name: string, unread: UnreadAt): Value {
  const kind = nested.nesting === "set" ? "set" : "list";
  const element = blockType(nested);
  // Inside, what is missing is unknown for the reason of the whole.
  const inside: UnreadAt = () => unread(name);
  if (json === null) return { kind, element, items: [] };
  if (isJsonList(json)) return { kind, element, items: json.map((item) => liveBlock(item, nested, inside)) };
  if (isJsonObject(json)) {
    const items = nested.nesting === "map" ? Object.values(json) : [json];
    return { kind, element, items: items.map((item) => liveBlock(item, nested, inside)) };
  }
  return unknown({ kind, element }, MISSHAPEN(name));
}

function liveValue(json: Json, type: Type, path: readonly string[], unread: UnreadAt): Value {
  if (json === null) return nullOf(type);
  if (type.kind === "object") {
    if (!isJsonObject(json)) return unknown(type, MISSHAPEN(path.join(".")));
    const members = [...type.attributes].map(([name, of]): [string, Value] => {
      const inner = memberOf(json, name);
      return [name, inner === undefined ? unknown(of, unread(path[0] ?? name)) : liveValue(inner, of, [...path, name], unread)];
    });
    return object(members);
  }
  if (type.kind === "list" || type.kind === "set") {
    if (!isJsonList(json)) return unknown(type, MISSHAPEN(path.join(".")));
    return { kind: type.kind, element: type.element, items: json.map((item) => liveValue(item, type.element, path, unread)) };
  }
  if (type.kind === "map") {
    if (!isJsonObject(json)) return unknown(type, MISSHAPEN(path.join(".")));
    return map(
      type.element,
      Object.entries(json).map(([key, item]) => [key, liveValue(item, type.element, path, unread)] as const),
    );
  }
  if (type.kind === "tuple") {
    if (!isJsonList(json)) return unknown(type, MISSHAPEN(path.join(".")));
    return tuple(json.map((item, index) => liveValue(item, type.elements[index] ?? { kind: "dynamic" }, path, unread)));
  }
  const converted = convert(fromJson(json), type);
  return "value" in converted ? converted.value : unknown(type, MISSHAPEN(path.join(".")));
}

function MISSHAPEN(path: string): Reason {
  return { kind: "error", detail: `the account answered \`${path}\` in a shape that it should not have` };
}

/** Members that no collector has read. */
class NotRead implements Unwritten {
  readonly members: Members;
  readonly rule = "not read";
  readonly #schema: BlockSchema;
  readonly #unread: UnreadAt;

  constructor(members: Members, schema: BlockSchema, unread: UnreadAt) {
    this.members = members;
    this.#schema = schema;
    this.#unread = unread;
  }

  key(): string {
    return this.members.names
      .map((name) =>
        this.#unread(name)
          .map(({ kind, detail }) => `${kind} ${detail}`)
          .join(),
      )
      .join(";");
  }

  make(name: string): Value {
    const attribute = this.#schema.attributes.get(name);
    const nested = attribute === undefined ? this.#schema.blocks.get(name) : undefined;
    const type: Type =
      attribute?.type ??
      (nested === undefined
        ? { kind: "dynamic" }
        : { kind: nested.nesting === "set" ? "set" : "list", element: blockType(nested) });
    return unknown(type, this.#unread(name));
  }
}
