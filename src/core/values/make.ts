import { Decimal } from "decimal.js";
import type {
  BooleanValue,
  ListValue,
  MapValue,
  NullValue,
  NumberValue,
  ObjectValue,
  Origin,
  Path,
  Reason,
  ReasonKind,
  Refinement,
  StringValue,
  TupleValue,
  Type,
  UnknownValue,
  Value,
} from "./value.ts";

export const BOOL: Type = { kind: "bool" };
export const NUMBER: Type = { kind: "number" };
export const STRING: Type = { kind: "string" };
export const DYNAMIC: Type = { kind: "dynamic" };

export function listOf(element: Type): Type {
  return { kind: "list", element };
}

export function setOf(element: Type): Type {
  return { kind: "set", element };
}

export function mapOf(element: Type): Type {
  return { kind: "map", element };
}

export function tupleOf(elements: readonly Type[]): Type {
  return { kind: "tuple", elements };
}

export function objectOf(attributes: ReadonlyMap<string, Type>, optional?: ReadonlySet<string>): Type {
  return optional === undefined || optional.size === 0 ? { kind: "object", attributes } : { kind: "object", attributes, optional };
}

export const TRUE: BooleanValue = { kind: "bool", value: true };
export const FALSE: BooleanValue = { kind: "bool", value: false };
/** The null of no particular type. */
export const NULL: NullValue = { kind: "null", type: DYNAMIC };

export function nullOf(type: Type): NullValue {
  return { kind: "null", type };
}

export function bool(value: boolean): BooleanValue {
  return value ? TRUE : FALSE;
}

/** Terraform's strings are NFC-normalised; ASCII needs no pass. */
export function string(value: string): StringValue {
  return { kind: "string", value: isAscii(value) ? value : value.normalize("NFC") };
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Enough decimal digits to hold what Terraform's 512-bit mantissa holds. */
export const ExactDecimal: typeof Decimal = Decimal.clone({
  precision: 160,
  toExpNeg: -9e15,
  toExpPos: 9e15,
  rounding: Decimal.ROUND_HALF_EVEN,
});

/** Canonical: a safe integer is a JS number, everything else a Decimal. Not for NaN or infinities. */
export function number(value: number | Decimal): NumberValue {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return { kind: "number", value: value === 0 ? 0 : value };
    return { kind: "number", value: new ExactDecimal(value) };
  }
  if (value.isInteger() && value.abs().lessThanOrEqualTo(Number.MAX_SAFE_INTEGER)) {
    const small = value.toNumber();
    return { kind: "number", value: small === 0 ? 0 : small };
  }
  return { kind: "number", value };
}

export function list(element: Type, items: readonly Value[], rest?: readonly Reason[]): ListValue {
  return rest === undefined ? { kind: "list", element, items } : { kind: "list", element, items, rest };
}

export function tuple(items: readonly Value[], rest?: readonly Reason[]): TupleValue {
  return rest === undefined ? { kind: "tuple", items } : { kind: "tuple", items, rest };
}

/** Sorts by key. */
export function map(element: Type, entries: Iterable<readonly [string, Value]>): MapValue {
  return { kind: "map", element, entries: sortedEntries(entries) };
}

/** Sorts by key. */
export function object(entries: Iterable<readonly [string, Value]>): ObjectValue {
  return { kind: "object", entries: sortedEntries(entries) };
}

/** Key order of Terraform's maps and objects: by code point. A map in that order is kept: nobody changes one that made a value. */
export function sortedEntries(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  if (entries instanceof Map && isSorted(entries as ReadonlyMap<string, Value>)) return entries as ReadonlyMap<string, Value>;
  const all = [...entries];
  let sorted = true;
  for (let i = 1; i < all.length; i++) {
    if (compareStrings(all[i - 1]?.[0] ?? "", all[i]?.[0] ?? "") > 0) {
      sorted = false;
      break;
    }
  }
  if (!sorted) all.sort((a, b) => compareStrings(a[0], b[0]));
  return new Map(all);
}

function isSorted(entries: ReadonlyMap<string, Value>): boolean {
  if (entries.size < 2) return true;
  let before = "";
  for (const key of entries.keys()) {
    if (compareStrings(before, key) > 0) return false;
    before = key;
  }
  return true;
}

/** Order by code points, as Go compares UTF-8 bytes. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above the rest of the plane.
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    if (xs !== ys) return xs ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

export function reason(kind: ReasonKind, detail = ""): Reason {
  return { kind, detail };
}

export function unknown(
  type: Type,
  reasons: Reason | readonly Reason[],
  more: {
    readonly origin?: Origin;
    readonly refinement?: Refinement;
    readonly sensitive?: true;
    readonly ephemeral?: true;
    readonly path?: Path;
  } = {},
): UnknownValue {
  return { kind: "unknown", type, reasons: "kind" in reasons ? [reasons] : reasons, ...more };
}
