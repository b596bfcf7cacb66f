import type { InstanceKey } from "../terraform/model.ts";
import type { FilePath, Problem } from "../text/text.ts";
import type { Path, Reason } from "../values/value.ts";
import type { PlanConfiguration } from "./configuration.ts";

/** A plan or a state as the host has read it. */
export interface SnapshotInput {
  readonly kind: "plan" | "state";
  readonly file: FilePath;
  readonly text: string;
}

/** What a plan or a state records, before schemas give it a meaning. */
export interface Snapshot {
  readonly kind: "plan" | "state";
  readonly file: FilePath;
  readonly resources: readonly RecordedResource[];
  /** What the plan tells of the configuration that it was made from. */
  readonly configuration: PlanConfiguration | undefined;
  /** Values of the root's variables, JSON. */
  readonly variables: ReadonlyMap<string, unknown>;
  /** What is odd about it and does not keep it from being read. */
  readonly problems: readonly Problem[];
}

/** One step of a module address: `module.name[key]`. */
export interface ModuleStep {
  readonly name: string;
  readonly key: InstanceKey;
}

/** One resource or data source instance that is there, or will be once the plan is applied. */
export interface RecordedResource {
  readonly modulePath: readonly ModuleStep[];
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly key: InstanceKey;
  /** JSON object: known values. */
  readonly values: Json;
  /** The same shape: `true` where the value is known after apply only. */
  readonly unknown: Json;
  /** The same shape: `true` where the value is sensitive. */
  readonly sensitive: Json;
  /** Not made by this plan: what is absent is absent. */
  readonly exists: boolean;
  readonly maybe: readonly Reason[] | undefined;
  /** Local name and alias of the provider configuration as far as the file tells: `aws`, `aws.west`. */
  readonly provider: string | undefined;
  /** Where in the file's JSON it is. */
  readonly place: Path;
}

/** A number that a double can't hold is its text. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export function isJsonObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

export function isJsonList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

export function textOf(json: Json | undefined): string | undefined {
  return typeof json === "string" ? json : undefined;
}

export function listOf(json: Json | undefined): readonly Json[] {
  return isJsonList(json) ? json : [];
}

/** A text, number or truth as text; undefined for anything else. */
export function plainText(json: unknown): string | undefined {
  if (typeof json === "string") return json;
  return typeof json === "number" || typeof json === "boolean" ? String(json) : undefined;
}

/** Member of an object, element of a list; undefined where there is none. */
export function memberOf(json: Json | undefined, step: string | number): Json | undefined {
  if (typeof step === "number") return isJsonList(json) ? json[step] : undefined;
  return isJsonObject(json) && Object.hasOwn(json, step) ? json[step] : undefined;
}

/** Address of a module instance, `""` for the root. */
export function moduleAddress(path: readonly ModuleStep[]): string {
  return path.map(({ name, key }) => `module.${name}${keyText(key)}`).join(".");
}

/** `aws_s3_bucket.b`, `data.aws_ami.x`: unique in its module. */
export function symbolOf({ mode, type, name }: Pick<RecordedResource, "mode" | "type" | "name">): string {
  return `${mode === "data" ? "data." : ""}${type}.${name}`;
}

export function addressOf(resource: RecordedResource): string {
  return joinAddress(moduleAddress(resource.modulePath), symbolOf(resource) + keyText(resource.key));
}

export function joinAddress(module: string, inModule: string): string {
  return module === "" ? inModule : `${module}.${inModule}`;
}

export function keyText(key: InstanceKey): string {
  return key === undefined ? "" : `[${typeof key === "number" ? String(key) : JSON.stringify(key)}]`;
}

const moduleStep = /module\.([^.[\]]+)(?:\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\])?(?:\.|$)/y;

/** Reads `module.a["x"].module.b[0]`; undefined for anything else. */
export function parseModuleAddress(address: string): readonly ModuleStep[] | undefined {
  const steps: ModuleStep[] = [];
  moduleStep.lastIndex = 0;
  for (let at = 0; at < address.length; at = moduleStep.lastIndex) {
    const match = moduleStep.exec(address);
    const name = match?.[1];
    if (match === null || name === undefined) return undefined;
    const [, , index, quoted] = match;
    const key = index !== undefined ? Number(index) : quoted === undefined ? undefined : unquote(quoted);
    steps.push({ name, key });
  }
  return steps;
}

/** A key as Terraform quotes it: a template sequence is escaped in it. */
function unquote(text: string): string {
  try {
    return (JSON.parse(text) as string).replaceAll("$${", "${").replaceAll("%%{", "%{");
  } catch {
    return text.slice(1, -1);
  }
}

export function keyOf(json: Json | undefined): InstanceKey {
  return typeof json === "string" || typeof json === "number" ? json : undefined;
}

/** `registry.terraform.io/hashicorp/aws` is called `aws` unless somebody says otherwise. */
export function localProvider(source: string | undefined): string | undefined {
  return source === undefined ? undefined : source.slice(source.lastIndexOf("/") + 1);
}
