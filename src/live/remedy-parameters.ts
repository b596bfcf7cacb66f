import type { Parameter } from "../core/checks/model.ts";
import type { Json } from "../core/snapshots/model.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { equalValues } from "../core/values/equality.ts";
import { fromJson, toJson } from "../core/values/json.ts";
import { Refusal } from "./refusal.ts";
import type { RemedyParameters } from "./remedy.ts";

/** What the user gave, checked, with defaults for the rest. Texts stand for numbers and booleans, as a command line gives them. Throws Refusal. */
export function remedyParameters(
  declared: ReadonlyMap<string, Parameter>,
  given: Readonly<Record<string, Json>>,
): RemedyParameters {
  for (const name of Object.keys(given)) {
    if (declared.has(name)) continue;
    const known = [...declared.keys()];
    const hint = known.length === 0 ? " It takes none." : didYouMean(name, known) || ` It takes ${known.join(", ")}.`;
    throw new Refusal(`The remedy has no parameter \`${name}\`.${hint}`);
  }
  const values: Record<string, Json> = {};
  for (const [name, parameter] of declared) {
    const value = Object.hasOwn(given, name) ? read(name, parameter, given[name] ?? null) : toJson(parameter.default);
    if (value === undefined || value === null) {
      throw new Refusal(`The remedy needs \`${name}\`: ${parameter.title === "" ? parameter.type : parameter.title}.`);
    }
    values[name] = value as Json;
  }
  return values;
}

function read(name: string, parameter: Parameter, given: Json): Json {
  const value = typeof given === "string" ? fromText(parameter, given) : given;
  if (value === undefined || !fits(parameter, value))
    throw new Refusal(`\`${name}\` is of type ${parameter.type}, and ${JSON.stringify(given)} is not.`);
  const { minimum, maximum, allowed } = parameter;
  if (typeof value === "number" && minimum !== undefined && value < minimum)
    throw new Refusal(`\`${name}\` is at least ${minimum}, not ${value}.`);
  if (typeof value === "number" && maximum !== undefined && value > maximum)
    throw new Refusal(`\`${name}\` is at most ${maximum}, not ${value}.`);
  if (allowed !== undefined) {
    const all: readonly Json[] = parameter.type === "list" && Array.isArray(value) ? (value as readonly Json[]) : [value];
    const wrong = all.find((each) => !allowed.some((one) => equalValues(one, fromJson(each))));
    if (wrong !== undefined)
      throw new Refusal(
        `\`${name}\` is one of ${allowed.map((one) => JSON.stringify(toJson(one))).join(", ")}, not ${JSON.stringify(wrong)}.`,
      );
  }
  return value;
}

function fromText({ type, of }: Parameter, text: string): Json | undefined {
  switch (type) {
    case "string":
      return text;
    case "integer":
    case "number":
      return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "list": {
      const items = text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
      return of === "integer" || of === "number" ? items.map(Number) : items;
    }
  }
}

function fits({ type }: Parameter, value: Json): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string" && value !== "";
    case "list":
      return Array.isArray(value);
  }
}
