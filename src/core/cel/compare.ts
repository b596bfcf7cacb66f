import type { Decimal } from "decimal.js";
import { compareStrings, ExactDecimal, FALSE, reason, TRUE } from "../values/make.ts";
import type { Reason, UnknownValue, Value } from "../values/value.ts";
import { mergeReasons, reasonsOf, undetermined } from "./node.ts";

const BOOLEAN = { kind: "bool" } as const;

/** `==` of the check language, three-valued: null equals null only. */
export function equal(a: Value, b: Value): Value {
  const result = sameness(a, b);
  return result === true ? TRUE : result === false ? FALSE : undetermined(BOOLEAN, result);
}

export function notEqual(a: Value, b: Value): Value {
  const result = sameness(a, b);
  return result === true ? FALSE : result === false ? TRUE : undetermined(BOOLEAN, result);
}

/** Whether two values are certainly the same, certainly not, or why that is not known. */
export function sameness(a: Value, b: Value): boolean | readonly Reason[] {
  if (a.kind === "unknown" || b.kind === "unknown") return unknownSameness(a, b);
  if (a.kind === "instance" || b.kind === "instance") return instanceSameness(a, b);
  if (a.kind === "null" || b.kind === "null") return a.kind === b.kind;
  switch (a.kind) {
    case "bool":
    case "string":
      return b.kind === a.kind && a.value === b.value;
    case "number":
      return b.kind === "number" && compareNumbers(a.value, b.value) === 0;
    case "list":
    case "set":
    case "tuple":
      return b.kind === "list" || b.kind === "set" || b.kind === "tuple" ? sameLists(a, b) : false;
    case "map":
    case "object":
      return b.kind === "map" || b.kind === "object" ? sameEntries(a.entries, b.entries) : false;
  }
}

/** `<` and its kin: negative, zero, positive, or the reasons why not known. */
export function order(a: Value, b: Value): number | readonly Reason[] {
  if (a.kind === "number" && b.kind === "number") return compareNumbers(a.value, b.value);
  if (a.kind === "string" && b.kind === "string") return compareStrings(a.value, b.value);
  const known = (value: Value): boolean => value.kind !== "unknown" && value.kind !== "null";
  if (known(a) && known(b)) return [reason("error", `a ${a.kind} has no order beside a ${b.kind}`)];
  return mergeReasons(known(a) ? [] : reasonsOf(a), known(b) ? [] : reasonsOf(b));
}

/** Bounds of a number, known or refined; undefined: none. */
export function bounds(value: Value): { readonly minimum?: number | Decimal; readonly maximum?: number | Decimal } | undefined {
  if (value.kind === "number") return { minimum: value.value, maximum: value.value };
  if (value.kind !== "unknown" || value.refinement?.notNull !== true) return undefined;
  const { minimum, maximum } = value.refinement;
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) };
}

export function compareNumbers(a: number | Decimal, b: number | Decimal): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return new ExactDecimal(a).comparedTo(b);
}

function unknownSameness(a: Value, b: Value): boolean | readonly Reason[] {
  if (a.kind === "unknown" && b.kind === "unknown") return mergeReasons(a.reasons, b.reasons);
  const [open, known] = a.kind === "unknown" ? [a, b] : [b, a];
  if (open.kind !== "unknown") return [reason("error")];
  if (isIdentifier(open) && (known.kind === "null" || (known.kind === "string" && known.value === ""))) return false;
  const { refinement } = open;
  if (refinement !== undefined) {
    if (known.kind === "null" && refinement.notNull === true) return false;
    if (known.kind === "string" && refinement.prefix !== undefined && !known.value.startsWith(refinement.prefix)) return false;
    if (known.kind === "number") {
      if (refinement.minimum !== undefined && compareNumbers(known.value, refinement.minimum) < 0) return false;
      if (refinement.maximum !== undefined && compareNumbers(known.value, refinement.maximum) > 0) return false;
    }
  }
  return open.reasons;
}

/** Whatever id or ARN the cloud will choose for something that is made, it chooses one. */
function isIdentifier({ origin }: UnknownValue): boolean {
  const [name, ...rest] = origin?.path ?? [];
  if (origin === undefined || rest.length > 0) return false;
  // AWS makes names up as well, where none is given.
  return name === "id" || name === "arn" || ((name === "name" || name === "key_id") && /(?:^|\.)aws_\w+\./.test(origin.address));
}

function instanceSameness(a: Value, b: Value): boolean | readonly Reason[] {
  if (a.kind === "instance" && b.kind === "instance") {
    if (a.maybe === undefined && b.maybe === undefined) return a.target === b.target;
    return mergeReasons(a.maybe ?? [], b.maybe ?? []);
  }
  const [instance, other] = a.kind === "instance" ? [a, b] : [b, a];
  if (instance.kind === "instance" && other.kind === "null" && instance.maybe !== undefined) return instance.maybe;
  return false;
}

type Sequence = Extract<Value, { kind: "list" | "set" | "tuple" }>;

function sameLists(a: Sequence, b: Sequence): boolean | readonly Reason[] {
  const maybes = (list: Sequence): readonly Reason[] =>
    list.items.reduce<readonly Reason[]>(
      (reasons, item) => (item.kind === "instance" && item.maybe !== undefined ? mergeReasons(reasons, item.maybe) : reasons),
      list.rest ?? [],
    );
  const open = mergeReasons(maybes(a), maybes(b));
  if (open.length > 0) return open;
  if (a.kind === "set" || b.kind === "set") return sameSets(a.items, b.items);
  if (a.items.length !== b.items.length) return false;
  let reasons: readonly Reason[] = [];
  for (let i = 0; i < a.items.length; i++) {
    const x = a.items[i];
    const y = b.items[i];
    if (x === undefined || y === undefined) return false;
    const same = sameness(x, y);
    if (same === false) return false;
    if (same !== true) reasons = mergeReasons(reasons, same);
  }
  return reasons.length === 0 ? true : reasons;
}

/** Sets: an unknown element may equal another one, so only wholly known sets compare. */
function sameSets(a: readonly Value[], b: readonly Value[]): boolean | readonly Reason[] {
  let open: readonly Reason[] = [];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const item of from) {
      let found = false;
      let reasons: readonly Reason[] = [];
      for (const other of to) {
        const same = sameness(item, other);
        if (same === true) {
          found = true;
          break;
        }
        if (same !== false) reasons = mergeReasons(reasons, same);
      }
      if (found) continue;
      if (reasons.length === 0) return false;
      open = mergeReasons(open, reasons);
    }
  }
  return open.length === 0 ? true : open;
}

function sameEntries(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean | readonly Reason[] {
  if (a.size !== b.size) return false;
  let reasons: readonly Reason[] = [];
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined) return false;
    const same = sameness(value, other);
    if (same === false) return false;
    if (same !== true) reasons = mergeReasons(reasons, same);
  }
  return reasons.length === 0 ? true : reasons;
}
