import { complain, type Fields } from "../instances/fields.ts";
import { fromJson } from "../values/json.ts";
import { listOf, nullOf, NUMBER, objectOf, STRING } from "../values/make.ts";
import type { Type, Value } from "../values/value.ts";
import type { Parameter } from "./model.ts";

const TYPES = ["integer", "number", "boolean", "string", "list"] as const;

/** Reads `parameters` of a check item or of its remedy. A remedy's parameter is asked for and may lack a default. */
export function readParameters(fields: Fields | undefined, needsDefault: boolean): ReadonlyMap<string, Parameter> {
  const parameters = new Map<string, Parameter>();
  for (const [name, its] of fields?.entries() ?? []) {
    its.only(["type", "of", "default", "min", "max", "in", "title"], "A parameter");
    const type = its.oneOf("type", TYPES);
    if (type === undefined) {
      if (!its.has("type")) complain(its.complaints, its.path, "missing-field", `Add \`type\`: ${TYPES.join(", ")}.`, "key");
      continue;
    }
    const of = its.textOr("of", undefined);
    const valueType = parameterType({ type, of });
    const given = its.data["default"];
    if (given === undefined && needsDefault) {
      complain(its.complaints, its.path, "missing-field", "Add `default`: a check runs without settings.", "key");
    } else if (given !== undefined && !fits(given, type)) {
      its.complain("default", "wrong-type", `The default must be of type ${type}.`);
    }
    const allowed = its.data["in"];
    parameters.set(name, {
      type,
      of,
      default: given === undefined ? nullOf(valueType) : fromJson(given, valueType),
      minimum: its.number("min"),
      maximum: its.number("max"),
      allowed: Array.isArray(allowed)
        ? (allowed as unknown[]).map((item): Value => fromJson(item, valueType.kind === "list" ? valueType.element : valueType))
        : undefined,
      title: its.text("title"),
    });
  }
  return parameters;
}

/** Type of `parameters` in CEL. */
export function parametersType(parameters: ReadonlyMap<string, Parameter>): Type {
  return objectOf(new Map([...parameters].map(([name, parameter]) => [name, parameterType(parameter)])));
}

function parameterType({ type, of }: Pick<Parameter, "type" | "of">): Type {
  switch (type) {
    case "integer":
    case "number":
      return NUMBER;
    case "boolean":
      return { kind: "bool" };
    case "string":
      return STRING;
    case "list":
      return listOf(of === "integer" || of === "number" ? NUMBER : STRING);
  }
}

function fits(value: unknown, type: Parameter["type"]): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "list":
      return Array.isArray(value);
  }
}
