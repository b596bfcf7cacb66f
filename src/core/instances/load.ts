import type { StaticType } from "../cel/program.ts";
import type { Schemas } from "../terraform/schema.ts";
import type { Problem } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import { didYouMean } from "../text/nearest.ts";
import { complain, isData, type Fields } from "./fields.ts";
import type { LazyProgram } from "./lazy-program.ts";
import type { InstanceType } from "./model.ts";
import { memberType, namesAlong, typeAt } from "./schema-types.ts";
import { dottedPath, instanceTypes, TYPE_FIELDS, type Declared, type InstanceFile, type InstanceTypes } from "./types.ts";

/** Names that mean something else in CEL. */
const RESERVED = ["self", "parameters", "failing", "now", "it", "index", "true", "false", "null", "in"];

/** Loads all instances.yaml files, compiles every expression, and says everything that is wrong. */
export function loadInstanceTypes(
  files: readonly InstanceFile[],
  schemas: Schemas,
  table: (name: string) => StaticType | undefined = () => undefined,
): { readonly types: InstanceTypes; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const sources = files.map((file) => ({ file, complaints: { source: file, problems } }));
  const types = instanceTypes(sources, schemas, table);
  for (const { file, complaints } of sources) {
    if (!isData(file.data)) {
      if (file.data !== undefined)
        complain(complaints, [], "wrong-type", "An instances.yaml is a mapping with `service` and `types`.");
    } else if (file.data["service"] !== file.service) {
      complain(complaints, ["service"], "wrong-service", `\`service\` must be the folder's name: ${file.service}.`);
    }
  }
  for (const [name, declared] of types.declarations) {
    if (name !== declared.name) {
      if (schemas.resource(name) === undefined) {
        declared.fields.complain("sameAs", "unknown-type", `The provider schemas hold no resource type \`${name}\`.`);
      }
      continue;
    }
    const type = types.get(name);
    if (type !== undefined) check(type, declared, types, schemas);
  }
  refuseTwoAdopters(types.declarations, types);
  refuseViewCycles(types.declarations, types);
  return { types, problems };
}

/** For the precompiled catalogue, whose files were loaded with `loadInstanceTypes` when it was built. */
export function trustInstanceTypes(
  files: readonly InstanceFile[],
  schemas: Schemas,
  table: (name: string) => StaticType | undefined,
): InstanceTypes {
  return instanceTypes(
    files.map((file) => ({ file, complaints: { source: file, problems: [] } })),
    schemas,
    table,
  );
}

function check(type: InstanceType, { fields }: Declared, types: InstanceTypes, schemas: Schemas): void {
  fields.only(TYPE_FIELDS, "An instance type");
  const own = (path: Path, at: readonly (string | number)[], part: "key" | "value" = "value") => {
    complainOfPath(type, path, fields, at, part);
  };
  const ofSchema = type.virtual
    ? undefined
    : (schemas.resource(type.name) ?? (type.name.startsWith("data.") ? schemas.data(type.name.slice(5)) : undefined));
  if (ofSchema === undefined && !fields.has("attributes")) {
    complain(
      fields.complaints,
      fields.path,
      "unknown-type",
      `The provider schemas hold no type \`${type.name}\`.${didYouMean(type.name, schemas.names?.() ?? types.declared())}` +
        " A virtual type needs `attributes`.",
      "key",
    );
    return;
  }
  for (const name of type.attributes.keys()) {
    if (ofSchema !== undefined && memberType(ofSchema, name) !== undefined) {
      complain(
        fields.complaints,
        fields.at("attributes", name),
        "name-clash",
        `The provider's schema of ${type.name} has \`${name}\` already: leave it out here.`,
        "key",
      );
    }
  }
  for (const [kind, names] of [
    ["parts", type.parts.keys()],
    ["views", type.views.keys()],
  ] as const) {
    for (const name of names) complainOfName(type, kind, name, fields);
  }
  for (const [index, form] of type.identity.entries()) {
    const paths = form.kind === "path" ? [form.path] : form.pieces.filter((piece) => typeof piece !== "string");
    for (const path of paths) own(path, ["identity", index]);
  }
  for (const [action, paths] of type.read) {
    for (const [index, path] of paths.entries()) if (path !== "*") own(dottedPath(path), ["read", action, index]);
  }
  checkOnCreate(type, fields, own);
  checkParts(type, fields, types, schemas, own);
  for (const view of type.views.values()) {
    if (view.value !== undefined) complainOfCel(view.value, fields, ["views", view.name, "cel"]);
    for (const [index, source] of view.sources.entries()) {
      const at = ["views", view.name, "from", index];
      complainOfCel(source.each, fields, [...at, "each"]);
      if (source.when !== undefined) complainOfCel(source.when, fields, [...at, "when"]);
      for (const [field, program] of source.set ?? []) complainOfCel(program, fields, [...at, "set", field]);
    }
  }
}

function complainOfName(type: InstanceType, kind: "parts" | "views", name: string, fields: Fields): void {
  const at = fields.at(kind, name);
  if (memberType(type.schema, name) !== undefined || type.attributes.has(name)) {
    complain(fields.complaints, at, "name-clash", `\`${name}\` hides an attribute of ${type.name}: choose another name.`, "key");
  } else if (RESERVED.includes(name)) {
    complain(fields.complaints, at, "reserved-name", `\`${name}\` means something else in CEL: choose another name.`, "key");
  } else if (kind === "views" && type.parts.has(name)) {
    complain(fields.complaints, at, "name-clash", `\`${name}\` is a part already: choose another name.`, "key");
  }
}

function checkOnCreate(type: InstanceType, fields: Fields, own: (path: Path, at: string[], part: "key") => void): void {
  for (const [text, { path, meaning, source }] of type.onCreate) {
    own(path, ["onCreate", text], "key");
    if (meaning.kind === "cel") complainOfCel(meaning.program, fields, ["onCreate", text, "cel"]);
    if (meaning.kind !== "unknown" && source?.startsWith("https://") !== true) {
      complain(
        fields.complaints,
        fields.at("onCreate", text),
        "missing-source",
        "Name the documentation that says what an omitted attribute means: `source: https://…`.",
        "key",
      );
    }
  }
}

function checkParts(
  type: InstanceType,
  fields: Fields,
  types: InstanceTypes,
  schemas: Schemas,
  own: (path: Path, at: (string | number)[], part?: "key" | "value") => void,
): void {
  for (const part of type.parts.values()) {
    const at = ["parts", part.name];
    for (const satellite of part.types) {
      if (types.has(satellite)) continue;
      const suggestion = didYouMean(satellite, schemas.names?.() ?? types.declared());
      complain(fields.complaints, fields.at(...at, "type"), "unknown-type", `There is no type \`${satellite}\`.${suggestion}`);
    }
    if (part.join.kind === "to") for (const path of part.join.paths) own(path, [...at, "to"]);
    if (part.join.kind !== "by") continue;
    for (const pair of part.join.alternatives.flat()) {
      if (pair.ours !== undefined) own(pair.ours, [...at, "by"]);
      for (const satellite of part.types) {
        const theirs = types.get(satellite);
        if (theirs !== undefined) complainOfPath(theirs, pair.theirs, fields, [...at, "by"], "value");
      }
      if (pair.ours === undefined && type.identity.length === 0) {
        complain(
          fields.complaints,
          fields.at(...at, "by"),
          "no-identity",
          `${type.name} has no \`identity\` that the part could refer to: add one, or write \`{their path: our path}\`.`,
        );
      }
    }
  }
}

function complainOfPath(
  type: InstanceType,
  path: Path,
  fields: Fields,
  at: readonly (string | number)[],
  part: "key" | "value",
): void {
  if (type.attributes.has(String(path[0])) || typeAt(type.schema, path) !== undefined) return;
  const { wrong, known } = namesAlong(type.schema, path) ?? { wrong: path.join("."), known: [] };
  const message = `${type.name} has no \`${wrong}\`.${didYouMean(wrong, [...known, ...type.attributes.keys()])}`;
  complain(fields.complaints, fields.at(...at), "unknown-attribute", message, part);
}

function complainOfCel(program: unknown, fields: Fields, at: readonly (string | number)[]): void {
  for (const { range, message } of (program as LazyProgram).problems) {
    complain(fields.complaints, fields.at(...at), "cel", message, range);
  }
}

function refuseTwoAdopters(declarations: ReadonlyMap<string, Declared>, types: InstanceTypes): void {
  for (const [name, { fields, name: declaredName }] of declarations) {
    if (name !== declaredName) continue;
    for (const part of types.get(name)?.parts.values() ?? []) {
      if (!part.orphans) continue;
      for (const satellite of part.types) {
        const other = types.adopters(satellite).find((adopter) => adopter.type !== name || adopter.part !== part.name);
        if (other === undefined) continue;
        complain(
          fields.complaints,
          fields.at("parts", part.name, "orphans"),
          "two-adopters",
          `${other.type}.${other.part} adopts orphans of ${satellite} already: only one type may.`,
          "key",
        );
      }
    }
  }
}

/** A view may use other views, of parts too, as long as none needs itself. */
function refuseViewCycles(declarations: ReadonlyMap<string, Declared>, types: InstanceTypes): void {
  const edges = new Map<string, readonly string[]>();
  for (const [name, declared] of declarations) {
    const type = name === declared.name ? types.get(name) : undefined;
    for (const view of type?.views.values() ?? []) {
      const programs = [view.value, ...view.sources.flatMap(({ each, when, set }) => [each, when, ...(set?.values() ?? [])])];
      const reads = programs.flatMap((program) => program?.reads ?? []);
      edges.set(`${name}.${view.name}`, [...new Set(reads.flatMap((read) => viewsOn(types, name, read)))]);
    }
  }
  for (const [name, declared] of declarations) {
    if (name !== declared.name) continue;
    for (const view of types.get(name)?.views.keys() ?? []) {
      const cycle = wayBack(edges, `${name}.${view}`);
      if (cycle === undefined) continue;
      const message = `The view needs itself: ${cycle.join(" → ")}. Take one of them out.`;
      complain(declared.fields.complaints, declared.fields.at("views", view), "view-cycle", message, "key");
    }
  }
}

/** The views (`type.view`) that reading a path computes. */
function viewsOn(types: InstanceTypes, typeName: string, read: readonly string[]): readonly string[] {
  const found: string[] = [];
  let at: readonly string[] = [typeName];
  for (const step of read) {
    if (step === "*" || step === "self") continue;
    const next: string[] = [];
    for (const name of at) {
      const type = types.get(name);
      const part = type?.parts.get(step);
      if (part !== undefined) next.push(...part.types);
      else if (type?.views.has(step) === true) found.push(`${name}.${step}`);
    }
    if (next.length === 0) break;
    at = next;
  }
  return found;
}

function wayBack(edges: ReadonlyMap<string, readonly string[]>, start: string): readonly string[] | undefined {
  const seen = new Set<string>();
  const search = (at: string, way: readonly string[]): readonly string[] | undefined => {
    for (const next of edges.get(at) ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = search(next, [...way, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, [start]);
}
