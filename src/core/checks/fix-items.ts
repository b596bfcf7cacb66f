import type { Environment, StaticType } from "../cel/program.ts";
import { complain, isData, type Fields } from "../instances/fields.ts";
import { LazyProgram } from "../instances/lazy-program.ts";
import type { DataPath } from "../instances/yaml-text.ts";
import { fromJson } from "../values/json.ts";
import { LazyMessage } from "./lazy-message.ts";
import { STATEMENT_PARTS } from "./model.ts";
import type { FixEdit, FixPath, FixStep, FixValue, LiveFix, SourceFix } from "./model.ts";
import { readParameters } from "./parameters.ts";

const OPERATIONS = ["set", "remove", "replace", "addBlock", "addPart", "addStatement", "moveToVariable"] as const;
/** What they do needs no value. */
const WITHOUT_VALUE: readonly string[] = ["remove", "addBlock", "moveToVariable"];
const ASK_TYPES = ["string", "integer", "boolean", "cidr", "arn", "choice"] as const;

/** What an eager load compiles after reading. */
export interface Compilable {
  readonly at: DataPath;
  readonly compiled: LazyProgram | LazyMessage;
}

/** Reads `fix.source`. `environment` may use `failing`. */
export function readSourceFixes(
  fix: Fields | undefined,
  environment: () => Environment,
  compilables: Compilable[],
): readonly SourceFix[] {
  const fixes: SourceFix[] = [];
  for (const its of fix?.items("source") ?? []) {
    its.only(["title", "when", "safe", "edits"], "A source fix");
    const title = new LazyMessage(its.text("title"), environment);
    compilables.push({ at: its.at("title"), compiled: title });
    const condition = its.textOr("when", undefined);
    const when = condition === undefined ? undefined : new LazyProgram(condition, environment);
    if (when !== undefined) compilables.push({ at: its.at("when"), compiled: when });
    const edits = [...its.items("edits")].flatMap((edit) => readEdit(edit, environment, compilables) ?? []);
    if (edits.length === 0) complain(its.complaints, its.path, "missing-field", "A source fix needs `edits`.", "key");
    fixes.push({
      get title() {
        return title.message;
      },
      when,
      safe: its.flag("safe"),
      edits,
    });
  }
  return fixes;
}

/** Reads `fix.live`. */
export function readLiveFix(its: Fields | undefined): LiveFix | undefined {
  if (its === undefined) return undefined;
  its.only(["title", "risk", "restores", "restoresNote", "permissions", "parameters"], "A remedy");
  const risk = its.oneOf("risk", ["none", "traffic", "restart", "irreversible"]);
  const restores = its.oneOf("restores", ["exact", "partial", "none"]);
  for (const name of ["risk", "restores", "permissions"]) {
    if (!its.has(name)) complain(its.complaints, its.path, "missing-field", `A remedy needs \`${name}\`.`, "key");
  }
  return {
    title: its.text("title"),
    risk: risk ?? "irreversible",
    restores: restores ?? "none",
    restoresNote: its.textOr("restoresNote", undefined),
    permissions: its.texts("permissions"),
    parameters: readParameters(its.fields("parameters"), false),
  };
}

/** `rules[failing].cidrs[failing]`, `policy#statements[failing]`, `parameter[name="x"].value`; undefined: not a path. */
export function parseFixPath(text: string): FixPath | undefined {
  const steps: FixStep[] = [];
  const pattern = /(?:\.?([A-Za-z_][\w-]*))|\[(\d+)\]|\[(\*)\]|\[(failing)\]|\[([A-Za-z_][\w-]*)\s*=\s*"([^"]*)"\]|(#)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, name, index, all, failing, key, value, document] = match;
    if (name !== undefined) {
      // `self.parameters` is the instance's own attribute.
      if (name !== "self" || steps.length > 0) steps.push({ kind: "name", name });
    } else if (index !== undefined) steps.push({ kind: "index", index: Number(index) });
    else if (all !== undefined) steps.push({ kind: "all" });
    else if (failing !== undefined) steps.push({ kind: "failing" });
    else if (key !== undefined) steps.push({ kind: "key", name: key, value: value ?? "" });
    else if (document !== undefined) steps.push({ kind: "document" });
  }
  return steps.length === 0 ? undefined : steps;
}

/** The name in a path of a fix that nothing is called, if there is one. */
export function unknownName(path: FixPath, environment: Environment): string | undefined {
  let type: StaticType | undefined;
  for (const [index, step] of path.entries()) {
    if (step.kind === "document") return undefined;
    if (step.kind !== "name") {
      if (type?.kind === "instances") type = type.of;
      else if (type?.kind === "list" || type?.kind === "set") type = type.element;
      continue;
    }
    if (index === 0) type = ownName(environment, step.name);
    else if (type === undefined || type.kind === "dynamic") return undefined;
    else type = member(type, step.name);
    if (type === undefined) return step.name;
  }
  return undefined;
}

/** Paths count from the instance: `parameters` is its attribute here. */
function ownName(environment: Environment, name: string): StaticType | undefined {
  const self = environment.name("self");
  return self?.kind === "instance" ? self.select(name) : environment.name(name);
}

function member(type: StaticType, name: string): StaticType | undefined {
  switch (type.kind) {
    case "instance":
      return type.select(name);
    case "instances":
      return type.of.select(name);
    case "object":
      return type.attributes.get(name);
    case "list":
    case "set":
      return member(type.element, name);
    case "map":
      return type.element;
    default:
      return undefined;
  }
}

function readEdit(its: Fields, environment: () => Environment, compilables: Compilable[]): FixEdit | undefined {
  its.only(["op", "at", "value"], "An edit");
  const op = its.oneOf("op", OPERATIONS);
  const text = its.text("at");
  const at = parseFixPath(text);
  if (at === undefined) {
    if (text !== "")
      its.complain("at", "wrong-path", `\`${text}\` is no path; write for example \`rules[failing].cidrs[failing]\`.`);
    return undefined;
  }
  if (op === undefined) {
    if (!its.has("op")) complain(its.complaints, its.path, "missing-field", `Add \`op\`: ${OPERATIONS.join(", ")}.`, "key");
    return undefined;
  }
  if (!WITHOUT_VALUE.includes(op) && !its.has("value")) {
    complain(its.complaints, its.path, "missing-field", `\`${op}\` needs a \`value\`.`, "key");
  }
  if (op === "moveToVariable" && its.has("value"))
    its.complain("value", "not-allowed", "`moveToVariable` takes no value: the variable has none.", "key");
  const value = its.has("value") ? readValue(its, its.data["value"], its.at("value"), environment, compilables) : undefined;
  const problem = documentProblem(op, at, value);
  if (problem !== undefined) its.complain(problem.field, "wrong-path", problem.message);
  return { op, at, value };
}

/** What is wrong with an edit inside a policy document. */
function documentProblem(
  op: FixEdit["op"],
  at: FixPath,
  value: FixValue | undefined,
): { readonly field: "op" | "at" | "value"; readonly message: string } | undefined {
  const inside = at.slice(at.findIndex((step) => step.kind === "document") + 1);
  if (inside.length === at.length) return undefined;
  const [list, which, part, ...others] = inside;
  const places = list?.kind === "name" && list.name === "statements" && (which?.kind === "failing" || which?.kind === "index");
  if (!places || others.length > 0)
    return { field: "at", message: "Behind `#` goes `statements[failing]`, and for a part of it `.condition` or the like." };
  if (part === undefined) return op === "remove" ? undefined : { field: "op", message: "A whole statement can only be removed." };
  if (part.kind !== "name" || !STATEMENT_PARTS.some((known) => known === part.name))
    return { field: "at", message: `The parts of a statement are ${STATEMENT_PARTS.join(", ")}.` };
  if (op !== "set" && op !== "replace" && op !== "remove")
    return { field: "op", message: `\`${op}\` is not for a part of a statement: \`set\` it, or \`remove\` it.` };
  if (part.name !== "condition" || op === "remove" || isCondition(value)) return undefined;
  return { field: "value", message: "A condition is `{ operator, key, values }`." };
}

function isCondition(value: FixValue | undefined): boolean {
  const entries =
    value?.kind === "object"
      ? value.entries
      : value?.kind === "literal" && "entries" in value.value
        ? value.value.entries
        : undefined;
  return entries?.size === 3 && ["operator", "key", "values"].every((name) => entries.has(name));
}

function readValue(its: Fields, raw: unknown, at: DataPath, environment: () => Environment, compilables: Compilable[]): FixValue {
  if (Array.isArray(raw)) {
    const items = (raw as unknown[]).map((item, index) => readValue(its, item, [...at, index], environment, compilables));
    return items.every((item) => item.kind === "literal") ? literal(raw) : { kind: "list", items };
  }
  if (!isData(raw)) return literal(raw);
  const keys = Object.keys(raw);
  const [only] = keys;
  if (keys.length === 1 && only === "cel") {
    const program = new LazyProgram(String(raw["cel"]), environment);
    compilables.push({ at: [...at, "cel"], compiled: program });
    return { kind: "cel", program };
  }
  if (keys.length === 1 && only === "hcl") return { kind: "hcl", text: String(raw["hcl"]) };
  if (keys.length === 1 && only === "ask") return readAsk(its, raw["ask"], [...at, "ask"], environment, compilables);
  const entries = keys.map((name) => [name, readValue(its, raw[name], [...at, name], environment, compilables)] as const);
  return entries.every(([, value]) => value.kind === "literal") ? literal(raw) : { kind: "object", entries: new Map(entries) };
}

function readAsk(its: Fields, raw: unknown, at: DataPath, environment: () => Environment, compilables: Compilable[]): FixValue {
  const data = isData(raw) ? raw : {};
  const { label, type, in: allowed, example } = data;
  for (const name of Object.keys(data)) {
    if (!["label", "type", "in", "example", "default"].includes(name)) {
      complain(its.complaints, [...at, name], "unknown-field", `A question has no field \`${name}\`.`, "key");
    }
  }
  if (typeof label !== "string") complain(its.complaints, at, "missing-field", "A question needs a `label`.", "key");
  if (!ASK_TYPES.some((known) => known === type)) {
    complain(its.complaints, at, "wrong-choice", `A question's \`type\` is one of ${ASK_TYPES.join(", ")}.`, "key");
  }
  return {
    kind: "ask",
    label: typeof label === "string" ? label : "",
    type: typeof type === "string" ? type : "string",
    allowed: Array.isArray(allowed) ? (allowed as unknown[]).map(String) : [],
    example: typeof example === "string" ? example : undefined,
    default:
      data["default"] === undefined ? undefined : readValue(its, data["default"], [...at, "default"], environment, compilables),
  };
}

function literal(raw: unknown): FixValue {
  return { kind: "literal", value: fromJson(raw) };
}
