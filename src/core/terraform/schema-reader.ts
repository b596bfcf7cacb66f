import type { Type } from "../values/value.ts";
import type { AttributeSchema, BlockSchema, NestedBlockSchema, Schemas } from "./schema.ts";

/**
 * Reads the product's own schema files (schemas/README.md): each argument is the text of one `<provider>.json`. They hold a thousand
 * types, of which a workspace uses few: a type's line is parsed when it is first asked for, and the same block is handed out from then on.
 * Throws on a text that is not in that format.
 */
export function parseSchemas(texts: readonly string[]): Schemas {
  const resources = new Map<string, string>();
  const data = new Map<string, string>();
  for (const text of texts) indexTypes(text, resources, data);
  const names = [...resources.keys(), ...[...data.keys()].map((type) => `data.${type}`)];
  return { resource: onFirstUse(resources), data: onFirstUse(data), names: () => names };
}

/** Notes the JSON of each type's block, which is a line of its own, in the map of its section. */
function indexTypes(text: string, resources: Map<string, string>, data: Map<string, string>): void {
  let section: Map<string, string> | undefined;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    if (text.startsWith('"r":{', start)) section = resources;
    else if (text.startsWith('"d":{', start)) section = data;
    else if (text.startsWith('"', start)) {
      const nameEnd = text.indexOf('":', start);
      const blockEnd = text.lastIndexOf("}", end) + 1;
      if (section === undefined || nameEnd < 0 || blockEnd <= nameEnd) throw new Error("A schema file has no type a line.");
      section.set(text.slice(start + 1, nameEnd), text.slice(nameEnd + 2, blockEnd));
    }
    start = end + 1;
  }
  if (section === undefined) throw new Error("A schema file has no types.");
}

/** The type notation of the schema files and of instances.yaml: `s n b y [T] <T> {T} (k=T)`. undefined: not in the notation. */
export function parseTypeNotation(text: string): Type | undefined {
  const at = { position: 0 };
  const type = readType(text, at);
  return at.position === text.length ? type : undefined;
}

interface RawBlock {
  readonly a?: Readonly<Record<string, string | readonly [string, RawExtras]>>;
  readonly b?: Readonly<Record<string, RawNested>>;
}

interface RawNested extends RawBlock {
  readonly n: string;
  readonly min?: number;
  readonly max?: number;
  readonly f?: string;
}

interface RawExtras {
  readonly d?: unknown;
  readonly dd?: unknown;
  readonly in?: readonly unknown[];
  readonly z?: string;
}

const NO_EXTRAS: RawExtras = {};
const NESTINGS: Readonly<Record<string, NestedBlockSchema["nesting"]>> = {
  l: "list",
  s: "set",
  m: "map",
  "1": "single",
  g: "group",
};

function onFirstUse(types: Map<string, string>): (type: string) => BlockSchema | undefined {
  const built = new Map<string, BlockSchema>();
  return (type) => {
    const known = built.get(type);
    if (known !== undefined) return known;
    const raw = types.get(type);
    if (raw === undefined) return undefined;
    const block = readBlock(JSON.parse(raw) as RawBlock);
    built.set(type, block);
    types.delete(type);
    return block;
  };
}

function readBlock(raw: RawBlock): BlockSchema {
  const attributes = new Map<string, AttributeSchema>();
  for (const [name, attribute] of Object.entries(raw.a ?? {})) attributes.set(name, readAttribute(attribute));
  const blocks = new Map<string, NestedBlockSchema>();
  for (const [name, nested] of Object.entries(raw.b ?? {})) blocks.set(name, readNested(nested));
  return { attributes, blocks };
}

function readNested(raw: RawNested): NestedBlockSchema {
  const flags = raw.f ?? "";
  const nesting = NESTINGS[raw.n] ?? "list";
  return {
    ...readBlock(raw),
    nesting,
    minimum: raw.min ?? 0,
    maximum: nesting === "single" || nesting === "group" ? 1 : (raw.max ?? Infinity),
    computed: flags.includes("c"),
    forcesReplacement: replacement(flags),
  };
}

/** Schema files repeat a few hundred distinct types many thousand times. */
const typeOf = new Map<string, Type>();

function readAttribute(raw: string | readonly [string, RawExtras]): AttributeSchema {
  const [notation, extras] = typeof raw === "string" ? [raw, NO_EXTRAS] : raw;
  const colon = notation.lastIndexOf(":");
  const flags = notation.slice(colon + 1);
  const typeText = notation.slice(0, colon);
  let type = typeOf.get(typeText);
  if (type === undefined) {
    type = parseTypeNotation(typeText) ?? { kind: "dynamic" };
    typeOf.set(typeText, type);
  }
  return {
    type,
    required: flags.includes("r"),
    optional: flags.includes("o"),
    computed: flags.includes("c"),
    forcesReplacement: replacement(flags),
    sensitive: flags.includes("x"),
    writeOnly: flags.includes("w"),
    deprecated: flags.includes("z") || extras.z !== undefined ? (extras.z ?? "") : undefined,
    default: extras.d,
    documentedDefault: extras.dd,
    suppressesDiff: flags.includes("u"),
    allowed: extras.in,
  };
}

function replacement(flags: string): "always" | "sometimes" | "never" {
  if (flags.includes("f")) return "always";
  return flags.includes("F") ? "sometimes" : "never";
}

const SIMPLE: Readonly<Record<string, Type>> = {
  s: { kind: "string" },
  n: { kind: "number" },
  b: { kind: "bool" },
  y: { kind: "dynamic" },
};

const COLLECTIONS: Readonly<Record<string, { readonly kind: "list" | "set" | "map"; readonly close: string }>> = {
  "[": { kind: "list", close: "]" },
  "<": { kind: "set", close: ">" },
  "{": { kind: "map", close: "}" },
};

function readType(text: string, at: { position: number }): Type | undefined {
  const first = text[at.position++] ?? "";
  const simple = SIMPLE[first];
  if (simple !== undefined) return simple;
  const collection = COLLECTIONS[first];
  if (collection !== undefined) {
    const element = readType(text, at);
    if (element === undefined || text[at.position++] !== collection.close) return undefined;
    return { kind: collection.kind, element };
  }
  return first === "(" ? readObjectType(text, at) : undefined;
}

function readObjectType(text: string, at: { position: number }): Type | undefined {
  const attributes = new Map<string, Type>();
  if (text[at.position] === ")") {
    at.position++;
    return { kind: "object", attributes };
  }
  for (;;) {
    const equals = text.indexOf("=", at.position);
    if (equals < 0) return undefined;
    const name = text.slice(at.position, equals).trim();
    at.position = equals + 1;
    const type = readType(text, at);
    if (type === undefined) return undefined;
    attributes.set(name, type);
    const next = text[at.position++];
    if (next === ")") return { kind: "object", attributes: new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1))) };
    if (next !== ",") return undefined;
    while (text[at.position] === " ") at.position++;
  }
}
