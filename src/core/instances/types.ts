import type { StaticType } from "../cel/program.ts";
import { parseTypeNotation } from "../terraform/schema-reader.ts";
import { plainAttribute, type BlockSchema, type Schemas } from "../terraform/schema.ts";
import type { Path, Type } from "../values/value.ts";
import { compareStrings, DYNAMIC, NULL } from "../values/make.ts";
import { fromJson } from "../values/json.ts";
import { elementEnvironment, elementStaticType, environmentOf, type TypeSource } from "./environment.ts";
import { didYouMean } from "../text/nearest.ts";
import { Fields, isData, type Complaints } from "./fields.ts";
import { LazyProgram } from "./lazy-program.ts";
import type { Cloud, IdentityForm, InstanceType, OnCreate, Part, View, ViewSource } from "./model.ts";
import { typeAt } from "./schema-types.ts";
import type { DataSource } from "./yaml-text.ts";

/** One `instances.yaml`. */
export interface InstanceFile extends DataSource {
  readonly cloud: Cloud;
  /** The folder's name. */
  readonly service: string;
}

/** All instance types: those declared, and any resource or data source type of the schemas, bare. Built when first asked for. */
export interface InstanceTypes extends TypeSource {
  /** Names written in instances.yaml files, other names of the same thing included. */
  declared(): readonly string[];
  has(name: string): boolean;
  /** The name and the other names of the identical type (`sameAs`), the declared one first. */
  family(name: string): readonly string[];
  /** The type and part that adopt satellites of a type whose owner is not in the files. */
  adopters(satellite: string): readonly { readonly type: string; readonly part: string }[];
}

/** Where a declared type is written. */
export interface Declared {
  readonly fields: Fields;
  readonly file: InstanceFile;
  /** The name in the file; differs for a `sameAs` name. */
  readonly name: string;
}

export const TYPE_FIELDS = [
  "title",
  "identity",
  "singleton",
  "sameAs",
  "collectedAs",
  "attributes",
  "read",
  "onCreate",
  "parts",
  "views",
] as const;
const PART_FIELDS = ["type", "by", "to", "scope", "many", "open", "liveOnly", "orphans", "read"] as const;
const VIEW_FIELDS = ["list", "from", "value", "cel"] as const;

/** Reads declarations; complaints go to each file's `problems`. */
export function instanceTypes(
  files: readonly { readonly file: InstanceFile; readonly complaints: Complaints }[],
  schemas: Schemas,
  table: (name: string) => StaticType | undefined,
): InstanceTypes & { readonly declarations: ReadonlyMap<string, Declared> } {
  const declarations = new Map<string, Declared>();
  const families = new Map<string, readonly string[]>();
  for (const { file, complaints } of files) {
    if (!isData(file.data)) continue;
    const whole = new Fields(complaints, [], file.data).only(["service", "types", "schemas"], "An instances.yaml");
    for (const [name, fields] of whole.fields("types")?.entries() ?? []) {
      const family = [name, ...fields.texts("sameAs")];
      for (const member of family) {
        if (declarations.has(member)) {
          const other = declarations.get(member)?.file.path ?? "";
          whole.fields("types")?.complain(name, "duplicate-type", `\`${member}\` is declared in ${other} already.`, "key");
          continue;
        }
        declarations.set(member, { fields, file, name });
        families.set(member, family);
      }
    }
  }
  const built = new Map<string, InstanceType | undefined>();
  let adopters: Map<string, { type: string; part: string }[]> | undefined;
  const types: InstanceTypes = {
    get(name) {
      if (!built.has(name)) built.set(name, build(name, declarations.get(name), schemas, types));
      return built.get(name);
    },
    table,
    declared: () => [...declarations.keys()],
    has: (name) => declarations.has(name) || bareSchema(name, schemas) !== undefined,
    family: (name) => families.get(name) ?? [name],
    adopters(satellite) {
      adopters ??= readAdopters(declarations);
      return adopters.get(satellite) ?? [];
    },
  };
  return { ...types, declarations };
}

/** `a.b` as a path. */
export function dottedPath(text: string): Path {
  return text.split(".");
}

function readAdopters(declarations: ReadonlyMap<string, Declared>): Map<string, { type: string; part: string }[]> {
  const adopters = new Map<string, { type: string; part: string }[]>();
  for (const [type, { fields, name }] of declarations) {
    if (type !== name) continue;
    const parts = fields.data["parts"];
    if (!isData(parts)) continue;
    for (const [part, raw] of Object.entries(parts)) {
      if (!isData(raw) || raw["orphans"] !== true) continue;
      for (const satellite of [raw["type"]].flat()) {
        if (typeof satellite === "string") adopters.set(satellite, [...(adopters.get(satellite) ?? []), { type, part }]);
      }
    }
  }
  return adopters;
}

function bareSchema(name: string, schemas: Schemas): BlockSchema | undefined {
  return name.startsWith("data.") ? schemas.data(name.slice("data.".length)) : schemas.resource(name);
}

function cloudOf(name: string): Cloud {
  const bare = name.replace(/^(data|provider)\./, "");
  return bare.startsWith("alicloud") ? "alibaba" : bare.startsWith("tencentcloud") ? "tencent" : "aws";
}

function build(name: string, declared: Declared | undefined, schemas: Schemas, types: InstanceTypes): InstanceType | undefined {
  const provided = bareSchema(name, schemas);
  if (declared === undefined) return provided === undefined ? undefined : bareType(name, provided);
  const { fields, file } = declared;
  const attributes = new Map<string, { type: Type; read: readonly string[] }>();
  for (const [attribute, its] of fields.fields("attributes")?.entries() ?? []) {
    its.only(["type", "read"], "An attribute");
    const notation = its.text("type");
    const type = parseTypeNotation(notation);
    if (type === undefined && notation !== "") {
      its.complain("type", "unknown-type", `\`${notation}\` is no type; write s, n, b, y, [T], <T>, {T} or (name=T).`);
    }
    attributes.set(attribute, { type: type ?? DYNAMIC, read: its.texts("read") });
  }
  const parts = readParts(fields, types);
  const singleton = fields.oneOf("singleton", ["account", "region"]);
  // An account or region as such, even where a provider has a resource of the same name (`aws_account_region`).
  const stands = singleton !== undefined && [...parts.values()].some(({ join }) => join.kind === "scope");
  const schema = provided === undefined || stands ? schemaOf(attributes) : provided;
  return {
    name,
    cloud: file.cloud,
    service: file.service,
    title: fields.text("title"),
    identity: fields.texts("identity").map(identityForm),
    singleton,
    collectedAs: fields.textOr("collectedAs", undefined),
    schema,
    virtual: stands || (provided === undefined && !/^(provider\.|variable$|output$)/.test(name)),
    attributes,
    read: readActions(fields),
    onCreate: readOnCreate(name, fields, schema, types),
    parts,
    views: readViews(name, fields, file, types),
  };
}

function bareType(name: string, schema: BlockSchema): InstanceType {
  const empty = new Map<string, never>();
  return {
    name,
    cloud: cloudOf(name),
    service: "",
    title: name,
    identity: [],
    singleton: undefined,
    collectedAs: undefined,
    schema,
    virtual: false,
    attributes: empty,
    read: empty,
    onCreate: empty,
    parts: empty,
    views: empty,
  };
}

/** The schema of a type that no provider declares. */
function schemaOf(attributes: ReadonlyMap<string, { readonly type: Type }>): BlockSchema {
  const entries = [...attributes].map(([name, { type }]) => [name, plainAttribute(type)] as const);
  return { attributes: new Map(entries), blocks: new Map() };
}

function identityForm(text: string): IdentityForm {
  if (!text.includes("{")) return { kind: "path", path: dottedPath(text) };
  const pieces = text.split(/\{([^}]*)\}/).map((piece, index) => (index % 2 === 0 ? piece : dottedPath(piece)));
  return { kind: "form", pieces: pieces.filter((piece) => piece !== "") };
}

function readActions(fields: Fields): ReadonlyMap<string, readonly string[]> {
  const read = fields.fields("read");
  return new Map(Object.keys(read?.data ?? {}).map((action) => [action, read?.texts(action) ?? []]));
}

function readOnCreate(name: string, fields: Fields, schema: BlockSchema, types: InstanceTypes): ReadonlyMap<string, OnCreate> {
  const meanings = new Map<string, OnCreate>();
  for (const [text, its] of fields.fields("onCreate")?.entries() ?? []) {
    its.only(["value", "cel", "unknown", "source"], "An `onCreate` entry");
    const path = dottedPath(text);
    const given = ["value", "cel", "unknown"].filter((kind) => its.has(kind));
    if (given.length !== 1) {
      fields.fields("onCreate")?.complain(text, "wrong-choice", "Give exactly one of `value`, `cel` and `unknown`.", "key");
      continue;
    }
    const cel = its.textOr("cel", undefined);
    const reason = its.textOr("unknown", undefined);
    if (cel !== undefined) {
      const program = new LazyProgram(cel, () => environmentOf(types, [name]));
      meanings.set(text, { path, meaning: { kind: "cel", program }, source: its.textOr("source", undefined) });
    } else if (reason !== undefined) {
      meanings.set(text, { path, meaning: { kind: "unknown", reason }, source: its.textOr("source", undefined) });
    } else {
      const type = typeAt(schema, path) ?? DYNAMIC;
      const raw = its.data["value"];
      const value = raw === null ? { ...NULL, type } : fromJson(raw, type);
      meanings.set(text, { path, meaning: { kind: "value", value }, source: its.textOr("source", undefined) });
    }
  }
  return meanings;
}

function readParts(fields: Fields, types: InstanceTypes): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const [name, its] of fields.fields("parts")?.entries() ?? []) {
    its.only(PART_FIELDS, "A part");
    const join = readJoin(its);
    const written = its.textOrTexts("type");
    if (written.length === 0) its.complain("type", "missing-field", "Name the part's resource type in `type`.", "key");
    parts.set(name, {
      name,
      types: [...new Set(written.flatMap((type) => types.family(type)))],
      join,
      many: its.flag("many"),
      open: its.flag("open"),
      liveOnly: its.flag("liveOnly"),
      orphans: its.flag("orphans"),
      read: its.texts("read"),
    });
  }
  return parts;
}

function readJoin(its: Fields): Part["join"] {
  const kinds = ["by", "to", "scope"].filter((kind) => its.has(kind));
  if (kinds.length !== 1) {
    its.complain(kinds[0] ?? "type", "wrong-choice", "A part joins in exactly one way: `by`, `to` or `scope`.", "key");
  }
  if (its.has("to")) return { kind: "to", paths: its.textOrTexts("to").map(dottedPath) };
  if (its.has("by")) {
    const by = its.data["by"];
    const alternatives = (Array.isArray(by) ? (by as unknown[]) : [by]).map((alternative) => {
      if (typeof alternative === "string") return [{ theirs: dottedPath(alternative), ours: undefined }];
      if (!isData(alternative)) {
        its.complain("by", "wrong-type", "`by` holds paths, or mappings from their path to ours.");
        return [];
      }
      return Object.entries(alternative).map(([theirs, ours]) => ({
        theirs: dottedPath(theirs),
        ours: typeof ours === "string" ? dottedPath(ours) : undefined,
      }));
    });
    return { kind: "by", alternatives };
  }
  return { kind: "scope", scope: its.oneOf("scope", ["account", "region"]) ?? "account" };
}

function readViews(typeName: string, fields: Fields, file: InstanceFile, types: InstanceTypes): ReadonlyMap<string, View> {
  const views = new Map<string, View>();
  for (const [name, its] of fields.fields("views")?.entries() ?? []) {
    its.only(VIEW_FIELDS, "A view");
    if (its.has("list") === its.has("value")) {
      fields.fields("views")?.complain(name, "wrong-choice", "A view has either `list` with `from`, or `value` with `cel`.", "key");
      continue;
    }
    if (its.has("value")) {
      const notation = its.text("value");
      const type = parseTypeNotation(notation);
      if (type === undefined)
        its.complain("value", "unknown-type", `\`${notation}\` is no type; write s, n, b, y, [T], {T} or (name=T).`);
      const value = new LazyProgram(its.text("cel"), () => environmentOf(types, [typeName]));
      views.set(name, { name, kind: "value", type: type ?? DYNAMIC, sources: [], value });
      continue;
    }
    const schemaName = its.text("list");
    const type = elementSchema(schemaName, file, its);
    const sources = [...its.items("from")].map((source) => readViewSource(typeName, source, type, types));
    views.set(name, { name, kind: "list", type, sources, value: undefined });
  }
  return views;
}

function readViewSource(typeName: string, its: Fields, element: Type, types: InstanceTypes): ViewSource {
  its.only(["each", "when", "set"], "A source of a view");
  const each = new LazyProgram(its.text("each"), () => environmentOf(types, [typeName]));
  const environment = () => elementEnvironment(types, typeName, elementStaticType(each.type));
  const when = its.textOr("when", undefined);
  const set = its.fields("set");
  const known = element.kind === "object" ? [...element.attributes.keys()] : [];
  set?.only(known, "The view's element schema");
  return {
    each,
    when: when === undefined ? undefined : new LazyProgram(when, environment),
    // In the order of an object's attributes: an element is made of them as they come.
    set:
      set === undefined
        ? undefined
        : new Map(
            Object.keys(set.data)
              .sort(compareStrings)
              .map((field) => [field, new LazyProgram(set.textOr(field, "null"), environment)]),
          ),
  };
}

const NETWORK_RULE = parseTypeNotation(
  "(direction=s,action=s,protocol=s,ports=[(from=n,to=n)],cidrs=[s],groups=[s],self=b,priority=n,description=s)",
);

function elementSchema(name: string, file: InstanceFile, its: Fields): Type {
  if (name === "networkRule" && NETWORK_RULE !== undefined) return NETWORK_RULE;
  const schemas = isData(file.data) && isData(file.data["schemas"]) ? file.data["schemas"] : {};
  const schema = schemas[name];
  if (!isData(schema)) {
    const known = ["networkRule", ...Object.keys(schemas)];
    its.complain("list", "unknown-schema", `No element schema is called \`${name}\`.${didYouMean(name, known)}`);
    return { kind: "object", attributes: new Map() };
  }
  const attributes = new Map<string, Type>();
  for (const [field, notation] of Object.entries(schema)) {
    attributes.set(field, (typeof notation === "string" ? parseTypeNotation(notation) : undefined) ?? DYNAMIC);
  }
  return { kind: "object", attributes };
}
