import { alignedLines, renderKey, renderString, renderValue } from "../hcl/render.ts";
import type { InstanceType } from "../instances/model.ts";
import { isJsonList, isJsonObject, type Json, type JsonObject } from "../snapshots/model.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { fromJson } from "../values/json.ts";
import type { Type } from "../values/value.ts";
import { findSecrets } from "../secrets/find.ts";
import { exportRules } from "./export-rules.ts";
import type { LiveResource } from "./model.ts";
import { mayHoldSecret } from "./secret-names.ts";

export interface TextOptions {
  /** Name of the block: `aws_s3_bucket.this`. The type's words and `this` where it is left out. */
  readonly name?: string;
  /** These attributes and blocks only, with `null` for those that are not set. undefined: all that can be written in a file. */
  readonly only?: ReadonlySet<string>;
}

/**
 * A thing of an account as a resource block that `terraform fmt` leaves alone. What may hold a secret is named in a comment and not
 * shown; what was not read is left out.
 */
export function terraformText(resource: LiveResource, definition: InstanceType, { name = "this", only }: TextOptions = {}): string {
  const leftOut = only === undefined ? (exportRules[resource.type]?.leaveOut ?? []) : [];
  const kept = Object.entries(resource.attributes).filter(([attribute]) => !leftOut.includes(attribute));
  const lines = blockLines(Object.fromEntries(kept), definition, definition.schema, only, only === undefined, 2);
  return `resource ${renderString(resource.type)} ${renderString(name)} {\n${lines.map(indented).join("")}}\n`;
}

/**
 * What the provider wants and is not written: what no collector reads, and what is not shown. `password`,
 * `access_control_policy.owner.id`. Sorted.
 */
export function missingArguments({ type, attributes }: LiveResource, { schema }: InstanceType): readonly string[] {
  const needs = exportRules[type]?.needs;
  return [...new Set(missingIn(attributes, schema, "")), ...(needs === undefined ? [] : [needs])].sort();
}

function missingIn(json: JsonObject, schema: BlockSchema, path: string): readonly string[] {
  const own = [...schema.attributes].flatMap(([name, { required, sensitive }]) => {
    const value = json[name] ?? null;
    const isHidden = sensitive || isSecret(name, value, true);
    return required && (value === null || isHidden) ? [`${path}${name}`] : [];
  });
  const inner = [...schema.blocks].flatMap(([name, nested]) => {
    const value = json[name] ?? null;
    const items = isJsonList(value) ? value : [value];
    if (isSecret(name, value, true)) return [];
    return items.flatMap((item) => (isJsonObject(item) ? missingIn(item, nested, `${path}${name}.`) : []));
  });
  return [...own, ...inner];
}

const indented = (line: string): string => (line === "" ? "\n" : `  ${line}\n`);

function blockLines(
  json: JsonObject,
  definition: InstanceType | undefined,
  schema: BlockSchema,
  only: ReadonlySet<string> | undefined,
  whole: boolean,
  indent: number,
): readonly string[] {
  const written: { key: string; text: string }[] = [];
  const hidden: string[] = [];
  const blocks: (readonly string[])[] = [];
  const names = only === undefined ? Object.keys(json) : [...only].filter((name) => Object.hasOwn(json, name));
  for (const name of names.sort()) {
    const value = json[name] ?? null;
    const nested = schema.blocks.get(name);
    if (nested !== undefined) {
      if (isSecret(name, value, whole)) hidden.push(name);
      else blocks.push(...blockTexts(name, value, nested, whole, indent));
      continue;
    }
    const attribute = schema.attributes.get(name);
    const type = attribute?.type ?? definition?.attributes.get(name)?.type;
    if (type === undefined) continue;
    const isWritable = attribute !== undefined && (attribute.required || attribute.optional) && attribute.deprecated === undefined;
    if (only === undefined && (!isWritable || (name === "id" && definition !== undefined) || value === null)) continue;
    if (attribute?.sensitive === true || isSecret(name, value, whole)) hidden.push(name);
    else written.push({ key: renderKey(name), text: valueText(value, type, indent) });
  }
  const lines = hidden.map((name) => `# ${name} is not shown: it may hold a secret`);
  lines.push(...alignedLines(written).flatMap((line) => line.split("\n")));
  for (const block of blocks) lines.push(...(lines.length === 0 ? [] : [""]), ...block);
  return lines;
}

/** By its name, or because what it says looks like one. */
function isSecret(name: string, value: Json, anything: boolean): boolean {
  if (mayHoldSecret(name, value, anything)) return true;
  if (value === null || typeof value === "boolean" || typeof value === "number") return false;
  // `…:secret:name` of an ARN reads like an assignment.
  if (typeof value === "string" && /^(?:arn|acs|qcs):/.test(value)) return false;
  const found = findSecrets(fromJson(value));
  return found.kind === "list" && found.items.length > 0;
}

function blockTexts(
  name: string,
  json: Json,
  schema: NestedBlockSchema,
  whole: boolean,
  indent: number,
): readonly (readonly string[])[] {
  const items: readonly (readonly [string, Json])[] = isJsonList(json)
    ? json.map((item) => ["", item] as const)
    : schema.nesting === "map" && isJsonObject(json)
      ? Object.entries(json)
      : [["", json]];
  return items.flatMap(([label, item]) => {
    if (!isJsonObject(item)) return [];
    const lines = blockLines(item, undefined, schema, undefined, whole, indent + 2);
    const head = label === "" ? renderKey(name) : `${renderKey(name)} ${renderString(label)}`;
    return [lines.length === 0 ? [`${head} {}`] : [`${head} {`, ...lines.map((line) => (line === "" ? "" : `  ${line}`)), "}"]];
  });
}

/** A text that holds a JSON document is written as one. Lines after the first lose the indent that the block puts before each. */
function valueText(json: Json, type: Type, indent: number): string {
  const document = typeof json === "string" ? documentOf(json) : undefined;
  const inner = indent - 2;
  const text =
    document === undefined ? renderValue(fromJson(json, type), inner) : `jsonencode(${renderValue(fromJson(document), inner)})`;
  return inner === 0 ? text : text.replaceAll(`\n${" ".repeat(inner)}`, "\n");
}

function documentOf(text: string): JsonObject | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const document = JSON.parse(text) as Json;
    return isJsonObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
