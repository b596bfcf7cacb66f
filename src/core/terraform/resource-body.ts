import type { Attribute, Block, Body, Expression } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert } from "../values/convert.ts";
import { fromJson } from "../values/json.ts";
import { nullOf, object, string, number, tuple, unknown } from "../values/make.ts";
import { SparseEntries, type Members, type Unwritten } from "../values/sparse.ts";
import type { ObjectValue, Path, Reason, Type, UnknownValue, Value } from "../values/value.ts";
import { blocksOfAttribute } from "./bodies.ts";
import type { AttributeSchema, BlockSchema, NestedBlockSchema } from "./schema.ts";

/** A dynamic block's iterator: what `<name>.key` and `<name>.value` are. */
export interface Iteration {
  readonly key: Value;
  readonly value: Value;
}

export type Iterations = ReadonlyMap<string, Iteration>;
export const NO_ITERATIONS: Iterations = new Map();

/** What decoding a block needs of its surroundings. */
export interface BodyReader {
  /** The instance's address: origin of what is computed. */
  readonly address: string;
  readonly mode: "managed" | "data";
  evaluate(expression: Expression, iterations: Iterations, holder: Attribute | Block): Value;
  report(range: TextRange, code: string, message: string, holder: Attribute | Block): void;
  /** Whether the instance may have so many more blocks made by `dynamic`. */
  takeBlocks(count: number): boolean;
}

/** Arguments and blocks of a resource that belong to Terraform, not to the provider. */
export const META_ARGUMENTS: ReadonlySet<string> = new Set([
  "count",
  "for_each",
  "provider",
  "depends_on",
  "lifecycle",
  "provisioner",
  "connection",
]);

/** The body by the provider's schema: every attribute and block is there afterwards. */
export function readBody(body: Body, schema: BlockSchema, reader: BodyReader, iterations: Iterations, path: Path): ObjectValue {
  const attributes = new Map<string, Attribute>();
  const blocks = new Map<string, Block[]>();
  collect(body, attributes, blocks);
  const written = new Map<string, Value>();
  const read = (name: string): void => {
    if (written.has(name)) return;
    const attribute = schema.attributes.get(name);
    const nested = attribute === undefined ? schema.blocks.get(name) : undefined;
    if (attribute !== undefined) {
      written.set(name, readAttribute(name, attribute, attributes.get(name), blocks.get(name), reader, iterations, path));
    } else if (nested !== undefined) {
      written.set(name, readNested(name, nested, attributes.get(name), blocks.get(name), reader, iterations, path));
    }
  };
  for (const name of attributes.keys()) read(name);
  for (const name of blocks.keys()) read(name);
  return { kind: "object", entries: new SparseEntries(written, new Implied(schema, reader, path)) };
}

/** What a block's schema implies. Holds no more than that: it lives as long as the value. */
class Implied implements Unwritten, Pick<BodyReader, "address" | "mode"> {
  readonly members: Members;
  readonly address: string;
  readonly mode: BodyReader["mode"];
  readonly #schema: BlockSchema;
  readonly #path: Path;

  constructor(schema: BlockSchema, { address, mode }: Pick<BodyReader, "address" | "mode">, path: Path) {
    this.members = membersOf(schema);
    this.address = address;
    this.mode = mode;
    this.#schema = schema;
    this.#path = path;
  }

  get rule(): string {
    return this.mode;
  }

  key(): string {
    return `${this.mode} ${this.address} ${this.#path.join(".")}`;
  }

  make(name: string): Value {
    return absentMember(name, this.#schema, this, this.#path);
  }
}

/** What an attribute or block that is not written means. */
function absentMember(name: string, schema: BlockSchema, instance: Pick<BodyReader, "address" | "mode">, path: Path): Value {
  const attribute = schema.attributes.get(name);
  if (attribute !== undefined) return absent(name, attribute, instance, path);
  const nested = schema.blocks.get(name);
  if (nested === undefined) return nullOf({ kind: "dynamic" });
  const kind = nested.nesting === "set" ? "set" : "list";
  const element = blockType(nested);
  return nested.computed ? computed(instance, { kind, element }, [...path, name]) : { kind, element, items: [] };
}

/** The body of a type without schema: what is written, blocks as tuples of objects. */
export function readWritten(body: Body, reader: BodyReader, iterations: Iterations, skip: ReadonlySet<string>): ObjectValue {
  const attributes = new Map<string, Attribute>();
  const blocks = new Map<string, Block[]>();
  collect(body, attributes, blocks);
  const entries: [string, Value][] = [];
  for (const [name, attribute] of attributes) {
    if (!skip.has(name)) entries.push([name, reader.evaluate(attribute.value, iterations, attribute)]);
  }
  for (const [name, written] of blocks) {
    if (skip.has(name)) continue;
    const { items, rest } = expandBlocks(name, written, reader, iterations, (inner, scope) =>
      readWritten(inner, reader, scope, new Set()),
    );
    entries.push([name, tuple(items, rest)]);
  }
  return object(entries);
}

/** One nested block as written, with the iteration of the `dynamic` that made it. */
export interface WrittenBlock {
  /** The block itself, or the `content` of a dynamic block. */
  readonly block: Block;
  readonly dynamic: Block | undefined;
  readonly iterations: Iterations;
  readonly key: Value | undefined;
}

/** The blocks of one type in order, `dynamic` unrolled. */
export function unroll(
  name: string,
  written: readonly Block[],
  reader: BodyReader,
  iterations: Iterations,
): { readonly blocks: readonly WrittenBlock[]; readonly rest: readonly Reason[] | undefined } {
  const blocks: WrittenBlock[] = [];
  let rest: readonly Reason[] | undefined;
  for (const block of written) {
    if (block.type.name !== "dynamic" || block.labels[0]?.name !== name) {
      blocks.push({ block, dynamic: undefined, iterations, key: undefined });
      continue;
    }
    const unrolled = unrollDynamic(name, block, reader, iterations);
    blocks.push(...unrolled.blocks);
    if (unrolled.rest !== undefined) rest = rest === undefined ? unrolled.rest : [...rest, ...unrolled.rest];
  }
  return { blocks, rest };
}

/** Groups a body's items; `dynamic "x"` stands with the blocks of x. A later attribute of the same name does not count. */
export function collect(body: Body, attributes: Map<string, Attribute>, blocks: Map<string, Block[]>): void {
  for (const item of body.items) {
    if (item.kind === "attribute") {
      if (item.name.name === "dynamic") {
        // JSON: {"dynamic": {"ingress": {…}}}
        for (const outer of blocksOfAttribute(item) ?? []) {
          for (const inner of outer.body.items) {
            if (inner.kind !== "attribute") continue;
            for (const block of blocksOfAttribute(inner) ?? []) {
              add(blocks, inner.name.name, { ...block, type: { ...inner.name, name: "dynamic" }, labels: [inner.name] });
            }
          }
        }
      } else if (!attributes.has(item.name.name)) attributes.set(item.name.name, item);
      continue;
    }
    add(blocks, item.type.name === "dynamic" ? (item.labels[0]?.name ?? "dynamic") : item.type.name, item);
  }
}

function add(blocks: Map<string, Block[]>, name: string, block: Block): void {
  const list = blocks.get(name);
  if (list === undefined) blocks.set(name, [block]);
  else list.push(block);
}

function unrollDynamic(
  name: string,
  dynamic: Block,
  reader: BodyReader,
  iterations: Iterations,
): { readonly blocks: readonly WrittenBlock[]; readonly rest: readonly Reason[] | undefined } {
  const attributes = new Map<string, Attribute>();
  const nested = new Map<string, Block[]>();
  collect(dynamic.body, attributes, nested);
  const contentAttribute = attributes.get("content");
  const content =
    nested.get("content")?.[0] ?? (contentAttribute === undefined ? undefined : blocksOfAttribute(contentAttribute)?.[0]);
  const forEach = attributes.get("for_each");
  if (content === undefined || forEach === undefined) {
    reader.report(dynamic.header, "dynamic-block", `\`dynamic "${name}"\` needs \`for_each\` and a \`content\` block.`, dynamic);
    return { blocks: [], rest: [{ kind: "invalid", detail: `dynamic "${name}"` }] };
  }
  const iterator = attributes.get("iterator")?.value;
  const iteratorName = iterator === undefined ? name : iteratorNameOf(iterator);
  const collection = reader.evaluate(forEach.value, iterations, forEach);
  const elements = elementsOf(collection);
  if (elements.problem !== undefined) reader.report(forEach.value, "invalid-for-each", elements.problem, forEach);
  if (!reader.takeBlocks(elements.items.length)) {
    reader.report(forEach.value, "budget", "Too many blocks: they are not evaluated one by one.", forEach);
    return { blocks: [], rest: [{ kind: "budget", detail: "for_each over the limit" }] };
  }
  const blocks = elements.items.map(({ key, value }): WrittenBlock => {
    const inner = new Map(iterations);
    inner.set(iteratorName, { key, value });
    return { block: content, dynamic, iterations: inner, key };
  });
  return { blocks, rest: elements.rest };
}

/** An iterator is a name; in JSON, text. */
export function iteratorNameOf(expression: Expression): string {
  if (expression.kind === "variable") return expression.name;
  const [part] = expression.kind === "template" ? expression.parts : [];
  return part?.kind === "text" ? part.value : "";
}

interface Elements {
  readonly items: readonly { readonly key: Value; readonly value: Value }[];
  readonly rest: readonly Reason[] | undefined;
  readonly problem: string | undefined;
}

/** The elements that a dynamic block goes through. */
function elementsOf(collection: Value): Elements {
  switch (collection.kind) {
    case "unknown":
      return { items: [], rest: collection.reasons, problem: undefined };
    case "map":
    case "object": {
      const items = [...collection.entries].map(([key, value]) => ({ key: string(key), value }));
      return { items, rest: undefined, problem: undefined };
    }
    case "list":
    case "tuple":
      return {
        items: collection.items.map((value, index) => ({ key: number(index), value })),
        rest: collection.rest,
        problem: undefined,
      };
    case "set":
      return { items: collection.items.map((value) => ({ key: value, value })), rest: collection.rest, problem: undefined };
    default: {
      const problem = collection.kind === "null" ? "`for_each` can't be null." : "`for_each` takes a list, a set or a map.";
      return { items: [], rest: [{ kind: "invalid", detail: "for_each" }], problem };
    }
  }
}

function readAttribute(
  name: string,
  schema: AttributeSchema,
  attribute: Attribute | undefined,
  blocks: readonly Block[] | undefined,
  reader: BodyReader,
  iterations: Iterations,
  path: Path,
): Value {
  let value: Value | undefined;
  if (attribute !== undefined) value = readWrittenAttribute(schema, attribute, reader, iterations);
  else if (blocks !== undefined) value = readAttributeBlocks(name, schema, blocks, reader, iterations);
  if (value === undefined || (value.kind === "null" && value.sensitive !== true)) return absent(name, schema, reader, path);
  return schema.sensitive && value.sensitive !== true ? { ...value, sensitive: true } : value;
}

function readWrittenAttribute(schema: AttributeSchema, attribute: Attribute, reader: BodyReader, iterations: Iterations): Value {
  const value = reader.evaluate(attribute.value, iterations, attribute);
  const converted = convert(value, lenient(schema.type));
  if ("value" in converted) return converted.value;
  const { name } = attribute.name;
  reader.report(attribute.value, "wrong-type", `\`${name}\` has the wrong type: ${converted.error}.`, attribute);
  return unknown(schema.type, { kind: "invalid", detail: `${name}: ${converted.error}` });
}

/** The style that some list-of-object attributes allow: `ingress { … }` for `ingress = [{ … }]`. */
function readAttributeBlocks(
  name: string,
  schema: AttributeSchema,
  written: readonly Block[],
  reader: BodyReader,
  iterations: Iterations,
): Value | undefined {
  const { type } = schema;
  if ((type.kind !== "list" && type.kind !== "set") || type.element.kind !== "object") return undefined;
  const element = lenient(type.element);
  const { items, rest } = expandBlocks(name, written, reader, iterations, (body, inner) => {
    const object1 = readWritten(body, reader, inner, new Set());
    const converted = convert(object1, element);
    if ("value" in converted) return converted.value;
    const [first] = written;
    if (first !== undefined)
      reader.report(first.header, "wrong-type", `\`${name}\` has the wrong type: ${converted.error}.`, first);
    return unknown(element, { kind: "invalid", detail: `${name}: ${converted.error}` });
  });
  return { kind: type.kind, element: type.element, items, ...(rest === undefined ? {} : { rest }) };
}

function readNested(
  name: string,
  schema: NestedBlockSchema,
  attribute: Attribute | undefined,
  blocks: readonly Block[] | undefined,
  reader: BodyReader,
  iterations: Iterations,
  path: Path,
): Value {
  const kind = schema.nesting === "set" ? "set" : "list";
  const element = blockType(schema);
  const fromAttribute = attribute === undefined ? undefined : blocksOfAttribute(attribute);
  const written = [...(blocks ?? []), ...(fromAttribute ?? [])];
  if (written.length === 0) {
    if (attribute !== undefined && fromAttribute === undefined)
      return readBlockArgument(name, schema, attribute, reader, iterations);
    if (schema.computed) return computed(reader, { kind, element }, [...path, name]);
    return { kind, element, items: [] };
  }
  const { items, rest } = expandBlocks(name, written, reader, iterations, (body, inner, index) =>
    readBody(body, schema, reader, inner, [...path, name, index]),
  );
  // A `dynamic` over nothing is no block at all.
  if (schema.computed && items.length === 0 && rest === undefined) return computed(reader, { kind, element }, [...path, name]);
  return { kind, element, items, ...(rest === undefined ? {} : { rest }) };
}

/** A block written as an argument whose value is no literal object: Terraform refuses it. */
function readBlockArgument(
  name: string,
  schema: NestedBlockSchema,
  attribute: Attribute,
  reader: BodyReader,
  iterations: Iterations,
): Value {
  const value = reader.evaluate(attribute.value, iterations, attribute);
  const type: Type = { kind: schema.nesting === "set" ? "set" : "list", element: blockType(schema) };
  if (value.kind === "unknown") return { ...value, type };
  reader.report(
    attribute.name,
    "block-expected",
    `\`${name}\` is a block: write \`${name} { … }\`, or a \`dynamic\` block.`,
    attribute,
  );
  return unknown(type, { kind: "invalid", detail: `${name} is a block` });
}

function expandBlocks(
  name: string,
  written: readonly Block[],
  reader: BodyReader,
  iterations: Iterations,
  read: (body: Body, iterations: Iterations, index: number) => Value,
): { readonly items: readonly Value[]; readonly rest: readonly Reason[] | undefined } {
  const { blocks, rest } = unroll(name, written, reader, iterations);
  return { items: blocks.map(({ block, iterations: inner }, index) => read(block.body, inner, index)), rest };
}

const defaults = new WeakMap<AttributeSchema, Value>();

function absent(name: string, schema: AttributeSchema, reader: Pick<BodyReader, "address" | "mode">, path: Path): Value {
  if (schema.default !== undefined) {
    let value = defaults.get(schema);
    if (value === undefined) {
      value = defaultValue(schema);
      defaults.set(schema, value);
    }
    return value;
  }
  if (schema.computed) return computed(reader, schema.type, path.length === 0 ? topLevelPath(name) : [...path, name]);
  if (schema.required) return unknown(schema.type, { kind: "invalid", detail: `${name} is required` });
  return nullOf(schema.type);
}

function defaultValue(schema: AttributeSchema): Value {
  const converted = convert(fromJson(schema.default), schema.type);
  const value = "value" in converted ? converted.value : nullOf(schema.type);
  return schema.sensitive ? { ...value, sensitive: true } : value;
}

/** The unknown that an attribute of an instance is until the provider has made it. */
export function computed(reader: Pick<BodyReader, "address" | "mode">, type: Type, path: Path): UnknownValue {
  return unknown(
    type,
    { kind: reader.mode === "data" ? "data source" : "computed", detail: `${reader.address}.${pathText(path)}` },
    {
      origin: { address: reader.address, path },
    },
  );
}

function pathText(path: Path): string {
  if (path.length === 1) return String(path[0]);
  let text = "";
  for (const step of path) text += typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`;
  return text;
}

/** One array a name: most origins are the same few hundred names. */
const topLevelPaths = new Map<string, Path>();

function topLevelPath(name: string): Path {
  let path = topLevelPaths.get(name);
  if (path === undefined) {
    path = [name];
    topLevelPaths.set(name, path);
  }
  return path;
}

const memberNames = new WeakMap<BlockSchema, Members>();

/** Names of a block's attributes and blocks, the same object for the same schema. */
export function membersOf(schema: BlockSchema): Members {
  let found = memberNames.get(schema);
  if (found === undefined) {
    const names = [...new Set([...schema.attributes.keys(), ...schema.blocks.keys()])].sort();
    found = { names, has: new Set(names) };
    memberNames.set(schema, found);
  }
  return found;
}

const blockTypes = new WeakMap<BlockSchema, Type>();

/** The object type of one block. */
export function blockType(schema: BlockSchema): Type {
  let type = blockTypes.get(schema);
  if (type === undefined) {
    const attributes = new Map<string, Type>();
    for (const name of membersOf(schema).names) {
      const attribute = schema.attributes.get(name);
      const nested = schema.blocks.get(name);
      if (attribute !== undefined) attributes.set(name, attribute.type);
      else if (nested !== undefined)
        attributes.set(name, { kind: nested.nesting === "set" ? "set" : "list", element: blockType(nested) });
    }
    type = { kind: "object", attributes };
    blockTypes.set(schema, type);
  }
  return type;
}

const lenientTypes = new WeakMap<Type, Type>();

/** The schema files do not say which members of an object attribute may be left out: none is missed. */
function lenient(type: Type): Type {
  if (type.kind === "string" || type.kind === "bool" || type.kind === "number" || type.kind === "dynamic") return type;
  const known = lenientTypes.get(type);
  if (known !== undefined) return known;
  let result: Type = type;
  switch (type.kind) {
    case "object": {
      const attributes = new Map([...type.attributes].map(([name, of]) => [name, lenient(of)] as const));
      result = { kind: "object", attributes, optional: new Set(attributes.keys()) };
      break;
    }
    case "list":
    case "set":
    case "map": {
      const element = lenient(type.element);
      if (element !== type.element) result = { kind: type.kind, element };
      break;
    }
    case "tuple":
      break;
  }
  lenientTypes.set(type, result);
  return result;
}
