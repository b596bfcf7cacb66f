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

/** An answer in the fewest letters: without the type that the value shows, without `sensitive: false`. */
export function compact({ expression, error, value, type, sensitive }: Recorded): unknown {
  if (error !== undefined) return { e: expression, x: error };
  return {
    e: expression,
    v: value,
    ...(type === undefined ? { t: null } : isDeepStrictEqual(type, shownType(value)) ? {} : { t: type }),
    ...(sensitive === undefined ? { s: null } : sensitive ? { s: true } : {}),
  };
}

interface Compact {
  readonly e: string;
  readonly x?: string;
  readonly v?: unknown;
  readonly t?: unknown;
  readonly s?: boolean | null;
}

function expanded({ e, x, v, t, s }: Compact): Recorded {
  if (x !== undefined) return { expression: e, error: x };
  return {
    expression: e,
    value: v,
    ...(t === null ? {} : { type: t ?? shownType(v) }),
    ...(s === null ? {} : { sensitive: s ?? false }),
  };
}

/** The type that JSON shows by itself. */
function shownType(value: unknown): unknown {
  if (value === null) return "dynamic";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return ["tuple", value.map(shownType)];
  const names = Object.entries(value as Readonly<Record<string, unknown>>);
  if (names.length === 1 && names[0]?.[0] === "#") return "number";
  return ["object", Object.fromEntries(names.map(([name, item]) => [name, shownType(item)]))];
}

/** Functions that are left unknown, and files that are no text. */
const NOT_EVALUATED = /\b(?:base64gzip|rsadecrypt)\(|"latin1\.bin"|"parts"|"~/;

/** How our answer differs from terraform's; undefined when it does not, "more" when it only says more. */
export function difference(theirs: Recorded, value: Value, refused: string | undefined): string | undefined {
  if (refused !== undefined) return theirs.error === undefined ? `refused: ${refused}` : undefined;
  if (value.kind === "unknown" && value.reasons.some(({ kind }) => kind === "unsupported"))
    return NOT_EVALUATED.test(theirs.expression) ? undefined : "not evaluated";
  // An output of a root must not be ephemeral, which tells where that mark goes.
  if ((theirs.error === EPHEMERAL) !== hasEphemeral(value)) return hasEphemeral(value) ? "ephemeral" : "not ephemeral";
  if (theirs.error === EPHEMERAL) return undefined;
  if (theirs.error !== undefined) return `not refused, but ${JSON.stringify(plain(value))}`;
  const ours = plain(value);
  if (!isDeepStrictEqual(ours, theirs.value)) return fits(theirs.value, ours) ? "more" : `value ${JSON.stringify(ours)}`;
  const type = plainType(value);
  if (theirs.type !== undefined && !isDeepStrictEqual(type, theirs.type)) return `type ${JSON.stringify(type)}`;
  const sensitive = value.sensitive === true;
  if (theirs.sensitive !== undefined && sensitive !== theirs.sensitive) return sensitive ? "sensitive" : "not sensitive";
  return undefined;
}

/** Whether a value may be what another, known in part, turns out to be. */
export function fits(partly: unknown, whole: unknown): boolean {
  if (isDeepStrictEqual(partly, UNKNOWN) || isDeepStrictEqual(partly, whole)) return true;
  if (typeof partly !== "object" || typeof whole !== "object" || partly === null || whole === null) return false;
  const [a, b] = [Object.entries(partly), new Map(Object.entries(whole))];
  return (
    Array.isArray(partly) === Array.isArray(whole) &&
    a.length === b.size &&
    a.every(([key, item]) => b.has(key) && fits(item, b.get(key)))
  );
}

const EPHEMERAL = "Ephemeral value not allowed";

function hasEphemeral(value: Value): boolean {
  if (value.ephemeral === true) return true;
  if ("items" in value) return value.items.some(hasEphemeral);
  return "entries" in value && [...value.entries.values()].some(hasEphemeral);
}

const fixtures = new URL("../../../fixtures/expressions/", import.meta.url);

export function recordedGroups(): readonly string[] {
  return readdirSync(fixtures)
    .filter((name) => name.endsWith(".json") && name !== "settled.json")
    .map((name) => name.slice(0, -".json".length));
}

export function readRecorded(group: string): readonly Recorded[] {
  return (JSON.parse(readFileSync(new URL(`${group}.json`, fixtures), "utf8")) as readonly Compact[]).map(expanded);
}

/** By question: terraform's answers to it with its unknowns settled. */
export function readSettled(): ReadonlyMap<string, readonly Recorded[]> {
  const all = JSON.parse(readFileSync(new URL("settled.json", fixtures), "utf8")) as Readonly<Record<string, readonly Compact[]>>;
  return new Map(Object.entries(all).map(([question, answers]) => [question, answers.map(expanded)]));
}
