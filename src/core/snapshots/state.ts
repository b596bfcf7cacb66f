import type { FilePath } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import {
  isJsonObject,
  keyOf,
  listOf,
  localProvider,
  memberOf,
  parseModuleAddress,
  textOf,
  type Json,
  type JsonObject,
  type RecordedResource,
  type Snapshot,
} from "./model.ts";

/** What `terraform show -json` prints of a state. */
export function readState(file: FilePath, json: JsonObject): Snapshot {
  return ofState(file, resourcesOfModules(json["values"], ["values"]));
}

/** A state as Terraform keeps it: `terraform.tfstate`, `terraform state pull`. */
export function readStateFile(file: FilePath, json: JsonObject): Snapshot {
  const resources: RecordedResource[] = [];
  for (const [index, block] of listOf(json["resources"]).entries()) {
    if (!isJsonObject(block)) continue;
    const { mode, type, name } = block;
    const modulePath = parseModuleAddress(textOf(block["module"]) ?? "");
    if ((mode !== "managed" && mode !== "data") || typeof type !== "string" || typeof name !== "string") continue;
    if (modulePath === undefined) continue;
    const provider = configuredProvider(textOf(block["provider"]));
    for (const [at, instance] of listOf(block["instances"]).entries()) {
      if (!isJsonObject(instance) || instance["deposed"] !== undefined || !isJsonObject(instance["attributes"])) continue;
      resources.push({
        modulePath,
        mode,
        type,
        name,
        key: keyOf(instance["index_key"]),
        values: instance["attributes"],
        unknown: null,
        sensitive: markedPaths(instance["sensitive_attributes"]),
        exists: true,
        maybe: undefined,
        provider,
        place: ["resources", index, "instances", at],
      });
    }
  }
  return ofState(file, resources);
}

function ofState(file: FilePath, resources: readonly RecordedResource[]): Snapshot {
  return { kind: "state", file, resources, configuration: undefined, variables: new Map(), problems: [] };
}

/** Resources of a root module and all modules in it, as `values`, `planned_values` and `prior_state` hold them. */
export function resourcesOfModules(values: Json | undefined, place: Path): readonly RecordedResource[] {
  const found: RecordedResource[] = [];
  const visit = (module: Json | undefined, at: Path): void => {
    if (!isJsonObject(module)) return;
    const modulePath = parseModuleAddress(textOf(module["address"]) ?? "");
    if (modulePath === undefined) return;
    for (const [index, resource] of listOf(module["resources"]).entries()) {
      if (!isJsonObject(resource) || resource["deposed_key"] !== undefined) continue;
      const { mode, type, name } = resource;
      if ((mode !== "managed" && mode !== "data") || typeof type !== "string" || typeof name !== "string") continue;
      found.push({
        modulePath,
        mode,
        type,
        name,
        key: keyOf(resource["index"]),
        values: resource["values"] ?? null,
        unknown: null,
        sensitive: resource["sensitive_values"] ?? null,
        exists: true,
        maybe: undefined,
        provider: localProvider(textOf(resource["provider_name"])),
        place: [...at, "resources", index],
      });
    }
    for (const [index, child] of listOf(module["child_modules"]).entries()) visit(child, [...at, "child_modules", index]);
  };
  visit(memberOf(values, "root_module"), [...place, "root_module"]);
  return found;
}

const providerAddress = /^(?:(module\..*?)\.)?provider\["([^"]*)"\](?:\.(.+))?$/;

/** `module.a.provider["registry.terraform.io/hashicorp/aws"].west` as the configuration calls it: `module.a.aws.west`. */
function configuredProvider(text: string | undefined): string | undefined {
  const match = text === undefined ? null : providerAddress.exec(text);
  if (match === null) return undefined;
  const [, module, source, alias] = match;
  return [module, localProvider(source), alias].filter((part) => part !== undefined).join(".");
}

type Marks = { [step: string]: Marks | true };

/** The paths that are marked as sensitive in the shape of the values; list steps are members with digits for names. */
function markedPaths(paths: Json | undefined): Json {
  const marks: Marks = {};
  for (const path of listOf(paths)) {
    const steps = listOf(path).flatMap((step) => {
      if (!isJsonObject(step)) return [];
      const { value } = step;
      if (typeof value === "string") return [value];
      const key = isJsonObject(value) ? value["value"] : undefined;
      return typeof key === "string" || typeof key === "number" ? [String(key)] : [];
    });
    let at: Marks = marks;
    for (const [index, step] of steps.entries()) {
      const inner = at[step];
      if (inner === true) break;
      if (index === steps.length - 1) at[step] = true;
      else {
        const next: Marks = inner ?? {};
        at[step] = next;
        at = next;
      }
    }
  }
  return marks;
}
