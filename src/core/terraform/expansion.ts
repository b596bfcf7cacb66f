import { equalValues } from "../values/equality.ts";
import { number, string, unknown } from "../values/make.ts";
import type { Reason, Type, Value } from "../values/value.ts";
import type { InstanceKey } from "./model.ts";
import { sameReasons } from "./unknowns.ts";

/** What `count` or `for_each` makes of a block. */
export type Expansion =
  | { readonly kind: "single" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "each"; readonly elements: ReadonlyMap<string, Value> }
  /** One instance that may not exist stands for all. */
  | { readonly kind: "unknown"; readonly by: "count" | "for_each"; readonly reasons: readonly Reason[] };

/** What `count.index`, `each.key` and `each.value` are in one instance. */
export interface Repetition {
  readonly index: Value | undefined;
  readonly key: Value | undefined;
  readonly value: Value | undefined;
}

export const SINGLE: Expansion = { kind: "single" };
export const NO_REPETITION: Repetition = { index: undefined, key: undefined, value: undefined };

/** More instances of one block than this, over all instances of its module, are not evaluated. */
export const INSTANCE_LIMIT = 20_000;
/** The same for the instances of one module call. */
export const MODULE_LIMIT = 5_000;

const NUMBER: Type = { kind: "number" };
const STRING: Type = { kind: "string" };
const DYNAMIC: Type = { kind: "dynamic" };

export function keysOf(expansion: Expansion): readonly InstanceKey[] {
  switch (expansion.kind) {
    case "single":
    case "unknown":
      return [undefined];
    case "count":
      return Array.from({ length: expansion.count }, (_, index) => index);
    case "each":
      return [...expansion.elements.keys()];
  }
}

export function repetitionOf(expansion: Expansion, key: InstanceKey): Repetition {
  switch (expansion.kind) {
    case "single":
      return NO_REPETITION;
    case "count":
      return {
        ...NO_REPETITION,
        index: typeof key === "number" ? number(key) : unknown(NUMBER, { kind: "count", detail: "count.index" }),
      };
    case "each": {
      const value = typeof key === "string" ? expansion.elements.get(key) : undefined;
      if (typeof key === "string" && value !== undefined) return { ...NO_REPETITION, key: string(key), value };
      return { ...NO_REPETITION, key: unknown(STRING, GONE), value: unknown(DYNAMIC, GONE) };
    }
    case "unknown":
      if (expansion.by === "count") return { ...NO_REPETITION, index: unknown(NUMBER, expansion.reasons) };
      return { ...NO_REPETITION, key: unknown(STRING, expansion.reasons), value: unknown(DYNAMIC, expansion.reasons) };
  }
}

/** A key that the expansion had when it was asked for and has no longer. */
const GONE: Reason = { kind: "count", detail: "each.key" };

export interface ExpansionResult {
  readonly expansion: Expansion;
  readonly problem: { readonly code: string; readonly message: string } | undefined;
}

/** Reads the value of `count`. */
export function expansionOfCount(value: Value, limit: number): ExpansionResult {
  if (value.sensitive === true || value.ephemeral === true) return invalid("count", "`count` can't come from a sensitive value.");
  if (value.kind === "unknown") return { expansion: { kind: "unknown", by: "count", reasons: value.reasons }, problem: undefined };
  if (value.kind === "null") return invalid("count", "`count` can't be null.");
  const count = value.kind === "number" ? value.value : value.kind === "string" ? Number(value.value) : undefined;
  if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0)
    return invalid("count", "`count` takes a whole number from 0.");
  if (count > limit) return tooMany("count");
  return { expansion: { kind: "count", count }, problem: undefined };
}

/** Reads the value of `for_each`: a map, an object or a set of strings. */
export function expansionOfEach(value: Value, limit: number): ExpansionResult {
  if (value.sensitive === true || value.ephemeral === true)
    return invalid("for_each", "`for_each` can't come from a sensitive value.");
  switch (value.kind) {
    case "unknown":
      return { expansion: { kind: "unknown", by: "for_each", reasons: value.reasons }, problem: undefined };
    case "null":
      return invalid("for_each", "`for_each` can't be null.");
    case "map":
    case "object":
      if (value.entries.size > limit) return tooMany("for_each");
      return { expansion: { kind: "each", elements: value.entries }, problem: undefined };
    case "set": {
      if (value.rest !== undefined)
        return { expansion: { kind: "unknown", by: "for_each", reasons: value.rest }, problem: undefined };
      if (value.items.length > limit) return tooMany("for_each");
      const elements = new Map<string, Value>();
      for (const item of value.items) {
        if (item.kind === "unknown")
          return { expansion: { kind: "unknown", by: "for_each", reasons: item.reasons }, problem: undefined };
        if (item.kind !== "string") return invalid("for_each", "`for_each` takes a set of strings.");
        if (item.sensitive === true) return invalid("for_each", "`for_each` can't come from a sensitive value.");
        elements.set(item.value, item);
      }
      return { expansion: { kind: "each", elements }, problem: undefined };
    }
    default:
      return invalid("for_each", "`for_each` takes a map or a set of strings: wrap a list in toset(…).");
  }
}

function invalid(by: "count" | "for_each", message: string): ExpansionResult {
  const problem = { code: `invalid-${by.replace("_", "-")}`, message };
  return { expansion: { kind: "unknown", by, reasons: [{ kind: "invalid", detail: `invalid ${by}` }] }, problem };
}

function tooMany(by: "count" | "for_each"): ExpansionResult {
  const problem = {
    code: "budget",
    message: "Too many instances: they are not evaluated one by one.",
  };
  return { expansion: { kind: "unknown", by, reasons: [{ kind: "budget", detail: `${by} over the limit` }] }, problem };
}

/** Why the instances of a block may not exist, those of the module around it included. */
export function maybeOf(outer: readonly Reason[] | undefined, expansion: Expansion): readonly Reason[] | undefined {
  if (expansion.kind !== "unknown") return outer;
  return outer === undefined ? expansion.reasons : [...outer, ...expansion.reasons];
}

export function sameExpansion(a: Expansion, b: Expansion): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "single":
      return b.kind === "single";
    case "count":
      return b.kind === "count" && a.count === b.count;
    case "each":
      if (b.kind !== "each" || a.elements.size !== b.elements.size) return false;
      for (const [key, value] of a.elements) {
        const other = b.elements.get(key);
        if (other === undefined || !equalValues(value, other)) return false;
      }
      return true;
    case "unknown":
      return b.kind === "unknown" && a.by === b.by && sameReasons(a.reasons, b.reasons);
  }
}
