import type { Root } from "../terraform/model.ts";
import type { Project } from "../terraform/project.ts";
import type { Schemas } from "../terraform/schema.ts";
import { relativePath } from "../text/path.ts";
import type { FilePath, Problem } from "../text/text.ts";
import { toJson } from "../values/json.ts";
import type { Type, Value } from "../values/value.ts";
import { Counterparts } from "./counterparts.ts";
import { plainText, type Snapshot } from "./model.ts";
import { problemOf } from "./problem.ts";
import { SnapshotResources } from "./resources.ts";

/** The resources of a plan or state beside the configuration of a folder, which has to be one root, or none. */
export function openSnapshot(
  snapshot: Snapshot,
  text: string,
  project: Project,
  folder: FilePath,
  schemas: Schemas,
): { readonly resources: SnapshotResources } | { readonly problem: Problem } {
  const chosen = rootOf(snapshot, project.roots(), folder);
  if ("problem" in chosen) return chosen;
  const counterparts = chosen.root === undefined ? undefined : new Counterparts(project, chosen.root.directory);
  const provenance: Project["provenance"] = (instance, path) => project.provenance(instance, path);
  return { resources: new SnapshotResources({ snapshot, text, schemas, folder, counterparts, provenance }) };
}

const mostNamed = 5;

/** The folder itself, or the only root in it. */
export function rootOf(
  snapshot: Pick<Snapshot, "kind" | "file">,
  roots: readonly Root[],
  folder: FilePath,
): { readonly root: Root | undefined } | { readonly problem: Problem } {
  const own = roots.find(({ directory }) => directory === folder);
  if (own !== undefined || roots.length <= 1) return { root: own ?? roots[0] };
  const names = roots.slice(0, mostNamed).map(({ directory }) => relativePath(folder, directory));
  const more = roots.length > mostNamed ? ` and ${roots.length - mostNamed} more` : "";
  const message = `The folder has ${roots.length} roots (${names.join(", ")}${more}), and a ${snapshot.kind} is of one: name the folder of that root.`;
  return { problem: problemOf(snapshot.file, "several-roots", message) };
}

/**
 * Variables to which the plan gave another value than the files say: with them, the configuration has the instances of the plan.
 * The others stay with the files, so that a finding still leads to the line that decides.
 */
export function plannedVariables(snapshot: Snapshot, project: Project, root: Root): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [name, json] of snapshot.variables) {
    const { value } = project.evaluateIn(root.module, `var.${name}`);
    if (value.kind === "unknown" && value.reasons.some(({ kind }) => kind === "invalid")) continue;
    if (sameData(toJson(value), json)) continue;
    const text = variableText(json, typeIn(value));
    if (text !== undefined) given.set(name, text);
  }
  return given;
}

function typeIn(value: Value): Type["kind"] {
  if (value.kind === "unknown" || value.kind === "null") return value.type.kind;
  return value.kind === "instance" ? "dynamic" : value.kind;
}

/** As `-var` would give it; undefined where it can't. */
function variableText(json: unknown, type: Type["kind"]): string | undefined {
  const text = plainText(json);
  if (text !== undefined) return text;
  if (json === null || type === "dynamic" || type === "string" || type === "number" || type === "bool") return undefined;
  return JSON.stringify(json).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

/** A plan has variables as they were given: numbers and truths may be texts. */
function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b || (plainText(a) !== undefined && plainText(a) === plainText(b));
  }
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([name, item]) => right.has(name) && sameData(item, right.get(name)));
}
