import type { Block, Body, Expression } from "../hcl/syntax.ts";
import type { Placed } from "../hcl/edit.ts";
import type { Hop, ResourceInstance } from "../terraform/model.ts";
import { baseName, directoryOf } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import { computed, notWritable, replacement, type Attempt, type Refusal } from "./operations.ts";
import type { Target } from "./targets.ts";

/**
 * Takes a secret out of the configuration: what is written gives way to a reference to a new sensitive variable without a value, or the
 * default of the variable that holds it goes. The secret itself is written nowhere.
 */
export function moveToVariable(attempt: Attempt, target: Target): Refusal {
  const { host } = attempt;
  const { instance: owner, path } = attempt.instance.locate(target.path);
  const { resource } = owner;
  if (resource === undefined) return "It is not written in these files.";
  const { hops, omitted, computed: isComputed } = host.provenance(resource, path);
  const hop = hops.at(-1);
  if (omitted || hop?.expression === undefined) return "There is nothing written here that could move.";
  if (isComputed || isReference(hop.expression.node)) return computed(attempt, hops);
  const { file } = hop.location;
  if (hop.kind === "variable file") {
    return `It is in ${baseName(file)}: keep that file out of the repository, or give the value in the environment (TF_VAR_…).`;
  }
  // A module that demands another argument breaks those who call it.
  if (hop.module.parent !== undefined) return "The callers of the module would have to give the new variable a value.";
  if (!host.writable(file)) return notWritable(file);
  const source = host.source(file);
  if (source === undefined) return notWritable(file);
  if (hop.kind === "variable default") return withoutDefault(attempt, hop, file);
  const name = freeVariable(attempt, file, wantedName(resource, hop, path.at(-1)));
  const edits = replacement(source, hop.expression, { kind: "text", text: `var.${name}` });
  if (edits === undefined) return computed(attempt, hops);
  attempt.plan.add(file, edits);
  const home = variablesFile(attempt, file);
  const homeSource = host.source(home);
  if (homeSource === undefined) return notWritable(home);
  attempt.plan.addSecretVariable(home, homeSource, home === file ? itemOf(resource, file) : undefined, name);
  return undefined;
}

/** What it refers to gets its value from outside of the files. */
function isReference({ kind }: Expression): boolean {
  return kind === "variable" || kind === "getAttribute" || kind === "index";
}

/** The variable stays, is sensitive, and whoever applies gives it a value. */
function withoutDefault(attempt: Attempt, { block, attribute }: Hop, file: FilePath): Refusal {
  const source = attempt.host.source(file);
  if (source === undefined || block === undefined || attribute?.node.name.name !== "default")
    return "The default is not written where it could go.";
  if (isSensitive(block.node)) {
    const body: Placed<Body> = { node: block.node.body, base: block.base };
    attempt.plan.removeAttribute(file, source, body, attribute.node);
  } else {
    const { node, base } = attribute;
    const newText = source.syntax === "json" ? '"sensitive": true' : "sensitive = true";
    attempt.plan.add(file, [{ range: { start: base + node.start, end: base + node.end }, newText }]);
  }
  return undefined;
}

function isSensitive(block: Block): boolean {
  return block.body.items.some((item) => item.kind === "attribute" && item.name.name === "sensitive");
}

/** Behind the block that has the secret, where variables have no file of their own. */
function itemOf({ declaration }: ResourceInstance, file: FilePath): ResourceInstance["declaration"]["item"] | undefined {
  return declaration.file === file ? declaration.item : undefined;
}

function variablesFile({ host }: Attempt, file: FilePath): FilePath {
  const directory = directoryOf(file);
  const wanted = `${directory === "/" ? "" : directory}/variables.tf`;
  return host.files?.(directory).includes(wanted) === true && host.writable(wanted) ? wanted : file;
}

/** `database_password` for `aws_db_instance.database`'s `password`, the local's own name for a local. */
function wantedName(resource: ResourceInstance, hop: Hop, last: string | number | undefined): string {
  const words =
    hop.kind === "local"
      ? [hop.label.replace(/^local\./, "")]
      : [resource.mode === "provider" ? resource.type : resource.name, typeof last === "string" ? last : "secret"];
  const name = words
    .join("_")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_");
  return /^[a-z_]/.test(name) ? name : `secret_${name}`;
}

/** Not a variable of the module yet, nor one that this fix adds. */
function freeVariable({ host, plan }: Attempt, file: FilePath, wanted: string): string {
  const taken = new Set(plan.newVariables);
  for (const other of new Set([file, ...(host.files?.(directoryOf(file)) ?? [])])) {
    for (const { node } of host.source(other)?.items ?? []) {
      if (node.kind === "block" && node.type.name === "variable") taken.add(node.labels[0]?.name ?? "");
    }
  }
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  plan.newVariables.add(name);
  return name;
}
