import type { Instance, InstanceType, Part } from "../instances/model.ts";
import type { BlockSchema } from "../terraform/schema.ts";
import { formatPath } from "../values/path.ts";
import type { Path } from "../values/value.ts";
import type { Draft } from "./draft.ts";
import type { FixHost } from "./model.ts";
import { notWritable, setAt } from "./operations.ts";
import type { Attempt, Refusal } from "./operations.ts";

/**
 * Adds a part as a resource of its own behind the owner's block: with the reference between the two, what the fix sets, and a name
 * that is free in the module.
 */
export function addPart(attempt: Attempt, owner: Instance, name: string, draft: Draft): Refusal {
  const part = owner.definition.parts.get(name);
  const { resource } = owner;
  if (part === undefined || resource === undefined) return "What it belongs to is not in these files.";
  const { file, item } = resource.declaration;
  if (!attempt.host.writable(file)) return notWritable(file);
  const source = attempt.host.source(file);
  if (source === undefined) return notWritable(file);
  const type = typeOf(attempt.host, part, draft);
  if (type === undefined || part.liveOnly) return "It can't be written in Terraform.";
  const label = freeName(attempt, type.name, resource.module.directory, resource.name);
  const entries = new Map<string, Draft>();
  const repeat = repetition(resource.type, resource.name, resource.key);
  const reference = (attribute: Path): Draft => ({ kind: "text", text: `${repeat.reference}.${formatPath(attribute)}` });
  if (repeat.argument && part.join.kind !== "scope")
    entries.set(repeat.argument.name, { kind: "text", text: repeat.argument.text });
  if (part.join.kind === "by") {
    const alternative = part.join.alternatives.find((pairs) => pairs.every(({ theirs }) => has(type.schema, theirs)));
    const identity = identityOf(owner.definition);
    for (const { theirs, ours } of alternative ?? []) {
      const our = ours ?? identity;
      const [attribute] = theirs;
      if (our === undefined || typeof attribute !== "string" || theirs.length !== 1)
        return "The reference between the two can't be written by a fix.";
      entries.set(attribute, reference(our));
    }
    if (alternative === undefined) return "The reference between the two can't be written by a fix.";
  }
  if (draft.kind === "object") for (const [key, value] of draft.entries) entries.set(key, value);
  fillNames(type.schema, entries, resource.name);
  const lacking = [...type.schema.attributes].filter(([key, schema]) => schema.required && !entries.has(key)).map(([key]) => key);
  if (lacking.length > 0)
    return `A new \`${type.name}\` needs ${lacking.map((key) => `\`${key}\``).join(", ")}, which only you can tell.`;
  attempt.plan.addResource(file, source, item, { type: type.name, label, draft: { kind: "object", entries }, schema: type.schema });
  if (part.join.kind !== "to") return undefined;
  const [ours] = part.join.paths;
  const theirs = identityOf(type);
  if (ours === undefined || theirs === undefined) return "The reference between the two can't be written by a fix.";
  const back: Draft = { kind: "text", text: `${type.name}.${label}.${formatPath(theirs)}` };
  return setAt(attempt, { path: ours, value: undefined }, back);
}

/** The part's first type that has everything the fix sets. */
function typeOf(host: FixHost, part: Part, draft: Draft): InstanceType | undefined {
  const wanted = draft.kind === "object" ? [...draft.entries.keys()] : [];
  const types = part.types.flatMap((name) => host.instanceType(name) ?? []);
  return types.find((type) => wanted.every((key) => type.schema.attributes.has(key) || type.schema.blocks.has(key)));
}

function identityOf(type: InstanceType): Path | undefined {
  const paths = type.identity.flatMap((form) => (form.kind === "path" ? [form.path] : []));
  // By convention a reference goes to the id, or to what else names the thing.
  return paths.find((path) => path[0] === "id") ?? paths[0];
}

function has(schema: BlockSchema, path: Path): boolean {
  const [first] = path;
  return typeof first === "string" && (schema.attributes.has(first) || schema.blocks.has(first));
}

function repetition(
  type: string,
  name: string,
  key: string | number | undefined,
): { readonly reference: string; readonly argument: { readonly name: string; readonly text: string } | undefined } {
  const address = `${type}.${name}`;
  if (key === undefined) return { reference: address, argument: undefined };
  if (typeof key === "number")
    return { reference: `${address}[count.index]`, argument: { name: "count", text: `length(${address})` } };
  return { reference: "each.value", argument: { name: "for_each", text: address } };
}

function freeName(attempt: Attempt, type: string, directory: string, wanted: string): string {
  const taken = new Set<string>();
  for (const { instance } of attempt.host.results(new Map())) collect(instance, type, directory, taken);
  for (const file of attempt.host.files?.(directory) ?? []) {
    for (const { node } of attempt.host.source(file)?.items ?? []) {
      if (node.kind === "block" && node.type.name === "resource" && node.labels[0]?.name === type)
        taken.add(node.labels[1]?.name ?? "");
    }
  }
  const own = attempt.instance.resource && attempt.host.source(attempt.instance.resource.declaration.file);
  for (const { node } of own?.items ?? []) {
    if (node.kind === "block" && node.type.name === "resource" && node.labels[0]?.name === type)
      taken.add(node.labels[1]?.name ?? "");
  }
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  return name;
}

function collect(instance: Instance, type: string, directory: string, taken: Set<string>): void {
  const { resource } = instance;
  if (resource?.type === type && resource.module.directory === directory) taken.add(resource.name);
}

/** Required names get the owner's, in the spelling that clouds accept. */
function fillNames(schema: BlockSchema, entries: Map<string, Draft>, owner: string): void {
  for (const [key, attribute] of schema.attributes) {
    if (!attribute.required || entries.has(key)) continue;
    if (key === "name" || (key.endsWith("_name") && attribute.type.kind === "string")) {
      entries.set(key, { kind: "text", text: JSON.stringify(owner.replaceAll("_", "-")) });
    }
  }
}
