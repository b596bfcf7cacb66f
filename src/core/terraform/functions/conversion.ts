import { convert } from "../../values/convert.ts";
import { bool, BOOL, DYNAMIC, listOf, mapOf, NULL, NUMBER, setOf, STRING } from "../../values/make.ts";
import { typeOf } from "../../values/type.ts";
import type { Type, Value } from "../../values/value.ts";
import { unknownFrom } from "../unknowns.ts";
import { fail, type Failure, type FunctionDefinition, type FunctionTable } from "./definition.ts";

const any = { type: DYNAMIC, null: true } as const;

function converter(type: Type, name: string): FunctionDefinition {
  return {
    parameters: [any],
    result: type,
    raw: true,
    maybeNull: true,
    run: ([value]): Value | Failure => {
      const made = convert(value ?? NULL, type);
      return "error" in made ? fail(`the value can't become a ${name}: ${made.error}`) : made.value;
    },
  };
}

/** Null in place of every ephemeral part. */
function withoutEphemeral(value: Value): Value {
  if (value.ephemeral === true)
    return { kind: "null", type: typeOf(value), ...(value.sensitive === true ? { sensitive: true } : {}) };
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: value.items.map(withoutEphemeral) };
    case "map":
    case "object":
      return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, withoutEphemeral(item)] as const)) };
    default:
      return value;
  }
}

function withoutSensitive(value: Value): Value {
  const { sensitive: _sensitive, ...rest } = value;
  return rest;
}

export const conversionFunctions: FunctionTable = {
  tostring: converter(STRING, "string"),
  tonumber: converter(NUMBER, "number"),
  tobool: converter(BOOL, "bool"),
  tolist: converter(listOf(DYNAMIC), "list"),
  toset: converter(setOf(DYNAMIC), "set"),
  tomap: converter(mapOf(DYNAMIC), "map"),
  sensitive: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value]) => ({ ...(value ?? NULL), sensitive: true }),
  },
  nonsensitive: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value]) => withoutSensitive(value ?? NULL),
  },
  issensitive: {
    parameters: [any],
    result: BOOL,
    raw: true,
    run: ([value]) =>
      value?.kind === "unknown" && value.sensitive !== true
        ? unknownFrom(BOOL, [value], { notNull: true })
        : bool(value?.sensitive === true),
  },
  ephemeralasnull: {
    parameters: [any],
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([value]) => withoutEphemeral(value ?? NULL),
  },
};
