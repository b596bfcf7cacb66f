import { bool, ExactDecimal, FALSE, list, number, reason, STRING, string, TRUE, unknown } from "../values/make.ts";
import { numberText } from "../values/text.ts";
import type { Reason, Type, UnknownValue, Value } from "../values/value.ts";
import { bounds, compareNumbers, order, sameness } from "./compare.ts";
import { mergeReasons, nullOperand, reasonsOf, undetermined } from "./node.ts";

const BOOLEAN: Type = { kind: "bool" };

/** `<`, `<=`, `>`, `>=`; bounds of unknown numbers count. */
export function applyOrder(op: "<" | "<=" | ">" | ">="): (a: Value, b: Value) => Value {
  const holds =
    op === "<"
      ? (n: number) => n < 0
      : op === "<="
        ? (n: number) => n <= 0
        : op === ">"
          ? (n: number) => n > 0
          : (n: number) => n >= 0;
  return (a, b) => {
    const ordered = order(a, b);
    if (typeof ordered === "number") return holds(ordered) ? TRUE : FALSE;
    return bounded(op, a, b) ?? undetermined(BOOLEAN, ordered);
  };
}

function bounded(op: "<" | "<=" | ">" | ">=", a: Value, b: Value): Value | undefined {
  const x = bounds(a);
  const y = bounds(b);
  if (x === undefined || y === undefined) return undefined;
  const [low, high] = op === "<" || op === "<=" ? [x, y] : [y, x];
  const strict = op === "<" || op === ">";
  if (low.maximum !== undefined && high.minimum !== undefined) {
    const apart = compareNumbers(low.maximum, high.minimum);
    if (apart < 0 || (apart === 0 && !strict)) return TRUE;
  }
  if (low.minimum !== undefined && high.maximum !== undefined) {
    const apart = compareNumbers(low.minimum, high.maximum);
    if (apart > 0 || (apart === 0 && strict)) return FALSE;
  }
  return undefined;
}

/** `+`, `-`, `*`; strings join with strings and numbers, lists with lists. */
export function applyArithmetic(op: "+" | "-" | "*", type: Type): (a: Value, b: Value) => Value {
  return (a, b) => {
    const sensitive = a.sensitive === true || b.sensitive === true;
    const value = (op === "+" ? joinedText(a, b) : undefined) ?? compute(op, type, a, b);
    return sensitive ? { ...value, sensitive: true } : value;
  };
}

function compute(op: "+" | "-" | "*", type: Type, a: Value, b: Value): Value {
  const open = (value: Value): boolean => value.kind === "unknown" || value.kind === "null";
  if (open(a) || open(b)) return undetermined(type, mergeReasons(open(a) ? reasonsOf(a) : [], open(b) ? reasonsOf(b) : []));
  if (a.kind === "number" && b.kind === "number" && type.kind !== "string") {
    if (typeof a.value === "number" && typeof b.value === "number") {
      const quick = op === "+" ? a.value + b.value : op === "-" ? a.value - b.value : a.value * b.value;
      if (Number.isSafeInteger(quick)) return number(quick);
    }
    const x = new ExactDecimal(a.value);
    return number(op === "+" ? x.plus(b.value) : op === "-" ? x.minus(b.value) : x.times(b.value));
  }
  if (op === "+") {
    const x = textOf(a);
    const y = textOf(b);
    if (x !== undefined && y !== undefined) return string(x + y);
    if ("items" in a && "items" in b) {
      const rest = mergeReasons(a.rest ?? [], b.rest ?? []);
      const element = type.kind === "list" ? type.element : { kind: "dynamic" as const };
      return rest.length === 0 ? list(element, [...a.items, ...b.items]) : list(element, [...a.items, ...b.items], rest);
    }
  }
  return undetermined(type, [reason("error", `\`${op}\` on a ${a.kind} and a ${b.kind}`)]);
}

/** Text with an unknown text: what is known of it stays known, as in a template. */
function joinedText(a: Value, b: Value): Value | undefined {
  const holes = [a, b].filter((value) => value.kind === "unknown");
  const x = piecesOf(a);
  const y = piecesOf(b);
  if (holes.length === 0 || x === undefined || y === undefined) return undefined;
  return unknown(
    STRING,
    holes.reduce<readonly Reason[]>((all, hole) => mergeReasons(all, reasonsOf(hole)), []),
    { refinement: { pieces: [...x, ...y] } },
  );
}

function piecesOf(value: Value): readonly (string | UnknownValue)[] | undefined {
  if (value.kind !== "unknown") {
    const text = textOf(value);
    return text === undefined ? undefined : [text];
  }
  return value.type.kind === "string" ? (value.refinement?.pieces ?? [value]) : undefined;
}

function textOf(value: Value): string | undefined {
  if (value.kind === "string") return value.value;
  return value.kind === "number" ? numberText(value.value) : undefined;
}

/** `in`: an element equal to it, or a key of a map. */
export function membership(item: Value, collection: Value): Value {
  if (collection.kind === "unknown" || collection.kind === "null") return undetermined(BOOLEAN, reasonsOf(collection));
  if (collection.kind === "map" || collection.kind === "object") {
    if (item.kind === "string") return bool(collection.entries.has(item.value));
    return undetermined(BOOLEAN, item.kind === "null" ? [nullOperand] : reasonsOf(item));
  }
  if (!("items" in collection)) return undetermined(BOOLEAN, [reason("error", `\`in\` on a ${collection.kind}`)]);
  let open: readonly Reason[] = collection.rest ?? [];
  for (const other of collection.items) {
    const same = sameness(item, other);
    if (same === true) {
      if (other.kind !== "instance" || other.maybe === undefined) return TRUE;
      open = mergeReasons(open, other.maybe);
    } else if (same !== false) open = mergeReasons(open, same);
  }
  return open.length === 0 ? FALSE : undetermined(BOOLEAN, open);
}
