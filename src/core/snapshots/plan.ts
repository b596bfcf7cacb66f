import { problemOf } from "./problem.ts";
import type { FilePath, Problem } from "../text/text.ts";
import { PlanConfiguration } from "./configuration.ts";
import {
  addressOf,
  isJsonObject,
  keyOf,
  listOf,
  localProvider,
  parseModuleAddress,
  textOf,
  type Json,
  type JsonObject,
  type RecordedResource,
  type Snapshot,
} from "./model.ts";
import { resourcesOfModules } from "./state.ts";

/**
 * What will be there once a plan is applied: what it makes and changes, what it leaves as it is, and the data sources that were read
 * while it was made. What it deletes or forgets is gone.
 *
 * The format: https://developer.hashicorp.com/terraform/internals/json-format
 */
export function readPlan(file: FilePath, json: JsonObject): Snapshot {
  const configuration = isJsonObject(json["configuration"]) ? new PlanConfiguration(json["configuration"]) : undefined;
  const found = new Map<string, RecordedResource>();
  const gone = new Set<string>();
  const add = (resource: RecordedResource): void => {
    found.set(addressOf(resource), resource);
  };
  for (const [index, change] of listOf(json["resource_changes"]).entries()) {
    const read = readChange(change, ["resource_changes", index], false);
    if (read === undefined) continue;
    if (read.gone) gone.add(addressOf(read.resource));
    else add(read.resource);
  }
  for (const [index, deferred] of listOf(json["deferred_changes"]).entries()) {
    if (!isJsonObject(deferred)) continue;
    const place = ["deferred_changes", index, "resource_change"];
    const read = readChange(deferred["resource_change"], place, true);
    if (read !== undefined && !read.gone) add(read.resource);
  }
  const rest = (values: Json | undefined, place: readonly (string | number)[], wanted: (mode: string) => boolean): void => {
    for (const resource of resourcesOfModules(values, place)) {
      const address = addressOf(resource);
      if (wanted(resource.mode) && !found.has(address) && !gone.has(address)) add(resource);
    }
  };
  const prior = json["prior_state"];
  rest(isJsonObject(prior) ? prior["values"] : undefined, ["prior_state", "values"], (mode) => mode === "data");
  rest(json["planned_values"], ["planned_values"], () => true);
  const resources = [...found.values()]
    .filter((resource) => resource.mode === "managed" || configuration?.declares(resource) !== false)
    .map((resource) => {
      const provider = configuration?.providerKey(resource) ?? resource.provider;
      return provider === resource.provider ? resource : { ...resource, provider };
    });
  const variables = new Map<string, unknown>();
  if (isJsonObject(json["variables"])) {
    for (const [name, given] of Object.entries(json["variables"]))
      if (isJsonObject(given)) variables.set(name, given["value"] ?? null);
  }
  return { kind: "plan", file, resources, configuration, variables, problems: oddities(file, json) };
}

function oddities(file: FilePath, json: JsonObject): readonly Problem[] {
  const problems: Problem[] = [];
  if (json["errored"] === true) {
    problems.push(
      problemOf(file, "errored-plan", "Terraform made this plan with errors: what it leaves out was not assessed.", "warning"),
    );
  } else if (json["complete"] === false) {
    const message =
      "This plan is not complete (made with `-target`, or parts were deferred): what it leaves out counts as not there.";
    problems.push(problemOf(file, "incomplete-plan", message, "warning"));
  }
  return problems;
}

function readChange(
  json: Json | undefined,
  place: readonly (string | number)[],
  deferred: boolean,
): { readonly resource: RecordedResource; readonly gone: boolean } | undefined {
  if (!isJsonObject(json) || !isJsonObject(json["change"])) return undefined;
  const { change } = json;
  const { mode, type, name } = json;
  const modulePath = parseModuleAddress(textOf(json["module_address"]) ?? "");
  if ((mode !== "managed" && mode !== "data") || typeof type !== "string" || typeof name !== "string") return undefined;
  // A deposed object is what is left of an instance that was replaced.
  if (modulePath === undefined || json["deposed"] !== undefined) return undefined;
  const actions = listOf(change["actions"]);
  const created = actions.includes("create");
  const resource: RecordedResource = {
    modulePath,
    mode,
    type,
    name,
    key: keyOf(json["index"]),
    values: change["after"] ?? null,
    unknown: change["after_unknown"] ?? null,
    sensitive: change["after_sensitive"] ?? null,
    exists: !created && mode === "managed",
    maybe: deferred ? [{ kind: "count", detail: "deferred by the plan" }] : undefined,
    provider: localProvider(textOf(json["provider_name"])),
    place,
  };
  return { resource, gone: !created && (actions.includes("delete") || actions.includes("forget")) };
}
