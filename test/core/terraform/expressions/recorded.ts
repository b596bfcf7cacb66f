import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Value } from "../../../../src/core/values/value.ts";
import { numberText } from "../../../../src/core/values/text.ts";
import { typeOf } from "../../../../src/core/values/type.ts";
import type { Type } from "../../../../src/core/values/value.ts";

/** What terraform says of one expression. */
export interface Recorded {
  readonly expression: string;
  /** The summary of terraform's first error. */
  readonly error?: string;
  /** JSON, with `{"?": 1}` for an unknown and `{"#": "123"}` for a number that a double can't hold. */
  readonly value?: unknown;
  /** Terraform's JSON notation of types; only of what is wholly known. */
  readonly type?: unknown;
  /** `issensitive` of the expression, unless that is unknown too. */
  readonly sensitive?: boolean;
}

export const UNKNOWN = { "?": 1 } as const;

/** A value of ours in the notation of the recordings. */
export function plain(value: Value): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "unknown":
      return UNKNOWN;
    case "bool":
    case "string":
      return value.value;
    case "number":
      return plainNumber(numberText(value.value));
    case "list":
    case "set":
    case "tuple":
      return value.items.map(plain);
    case "map":
    case "object":
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item)]));
    case "instance":
      throw new Error("Terraform has no such value.");
  }
}

/** Digits as a JSON number where a double keeps them all. */
export function plainNumber(digits: string): unknown {
  const double = Number(digits);
  if (String(double) === digits) return double;
  return { "#": digits };
}

export function plainType(value: Value): unknown {
  return describe(typeOf(value));
}

function describe(type: Type): unknown {
  switch (type.kind) {
    case "bool":
    case "number":
    case "string":
    case "dynamic":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return [type.kind, describe(type.element)];
    case "tuple":
      return ["tuple", type.elements.map(describe)];
    case "object":
      return ["object", Object.fromEntries([...type.attributes].map(([name, of]) => [name, describe(of)]))];
  }
}

/** How our answer differs from terraform's; undefined when it does not. */
export function difference(theirs: Recorded, value: Value, refused: string | undefined): string | undefined {
  if (refused !== undefined) return theirs.error === undefined ? `refused: ${refused}` : undefined;
  if (value.kind === "unknown" && value.reasons.some(({ kind }) => kind === "unsupported")) return undefined;
  if (theirs.error !== undefined) return `not refused, but ${JSON.stringify(plain(value))}`;
  // Terraform gives up on arguments with unknowns in them; a reference keeps its structure here, since it can't fail any more.
  if (/^(?:try|can)\(/.test(theirs.expression) && isDeepStrictEqual(theirs.value, UNKNOWN)) return undefined;
  // Nor does it let one operand of a logical operator decide.
  if (/ (?:\|\||&&) /.test(theirs.expression) && isDeepStrictEqual(theirs.value, UNKNOWN)) return undefined;
  const ours = plain(value);
  if (!isDeepStrictEqual(ours, theirs.value)) return `value ${JSON.stringify(ours)}`;
  const type = plainType(value);
  if (theirs.type !== undefined && !isDeepStrictEqual(type, theirs.type)) return `type ${JSON.stringify(type)}`;
  const sensitive = value.sensitive === true;
  if (theirs.sensitive !== undefined && sensitive !== theirs.sensitive) return sensitive ? "sensitive" : "not sensitive";
  return undefined;
}

const fixtures = new URL("../../../fixtures/expressions/", import.meta.url);

export function recordedGroups(): readonly string[] {
  return readdirSync(fixtures)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length));
}

export function readRecorded(group: string): readonly Recorded[] {
  return JSON.parse(readFileSync(new URL(`${group}.json`, fixtures), "utf8")) as readonly Recorded[];
}
