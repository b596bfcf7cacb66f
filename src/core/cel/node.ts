import type { TextRange } from "../text/text.ts";
import { reason, unknown } from "../values/make.ts";
import { PlacedEntries } from "../values/placed.ts";
import type { Path, Reason, Step, Type, UnknownValue, Value } from "../values/value.ts";
import type { Scope, StaticType } from "./program.ts";

/** What a compiled expression runs against. */
export interface Frame {
  readonly scope: Scope;
  /** Elements bound by quantifiers, by slot. */
  readonly locals: Value[];
}

/** Elements that decided a quantifier or `empty`. */
export interface Decision {
  readonly type: StaticType;
  readonly witnesses: readonly Value[];
}

export interface Traced {
  readonly value: Value;
  readonly evidence: readonly Path[];
  readonly decisions: readonly Decision[];
}

/** A compiled expression. `run` and `explain` give the same value; `explain` also says what decided. */
export interface Node {
  readonly range: TextRange;
  readonly type: StaticType;
  readonly run: (frame: Frame) => Value;
  readonly explain: (frame: Frame) => Traced;
  /** Names from the instance (or a quantifier's variable) to here, `*` for elements. */
  readonly path?: StaticPath | undefined;
  /** Written as a constant. */
  readonly constant?: Value;
  /** For lists made by a function: the paths that made an element what it is, where that is not the element's own path. */
  readonly elementEvidence?: ((item: Value) => readonly Path[]) | undefined;
  /** Made by a function: what is selected from it has no path of its own. */
  readonly derived?: true;
  /** Type of the elements that decide this quantifier or `empty`. */
  readonly failing?: StaticType | undefined;
}

export interface StaticPath {
  /** `self` and bare names: "". A variable: its slot. */
  readonly root: string;
  readonly steps: readonly string[];
  /** Prefix lengths of `steps` that are parts which may be missing. */
  readonly parts: readonly number[];
  /** The instance path, for `reads`; undefined when nothing of the instance is read. */
  readonly reads: readonly string[] | undefined;
}

export const NONE: readonly never[] = [];

export function traced(value: Value, evidence: readonly Path[] = NONE, decisions: readonly Decision[] = NONE): Traced {
  return { value, evidence, decisions };
}

/** What explains a value that is known already. */
export function explained(node: Node, frame: Frame, value: Value): Traced {
  const trace = node.explain(frame);
  if (!agree(trace.value, value)) throw new Error(`trace mode says ${told(trace.value)} where the expression is ${told(value)}`);
  return trace;
}

function agree(a: Value, b: Value): boolean {
  return a.kind === b.kind && (a.kind !== "bool" || a.value === (b.kind === "bool" && b.value));
}

function told(value: Value): string {
  return value.kind === "bool" ? String(value.value) : value.kind;
}

export const nullOperand: Reason = reason("null operand");

/** What an operand that is not known makes of the whole: null is "null operand". */
export function reasonsOf(value: Value): readonly Reason[] {
  if (value.kind === "unknown") return value.reasons;
  if (value.kind === "null") return [nullOperand];
  return [reason("error", `a ${value.kind} where it does not fit`)];
}

export function mergeReasons(a: readonly Reason[], b: readonly Reason[]): readonly Reason[] {
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  const merged = [...a];
  for (const one of b) {
    if (merged.length >= 16) break;
    if (!merged.some((other) => other.kind === one.kind && other.detail === one.detail)) merged.push(one);
  }
  return merged;
}

export function undetermined(type: Type, reasons: readonly Reason[]): UnknownValue {
  return unknown(type, reasons.length === 0 ? [reason("unknown")] : reasons);
}

export function valueType(type: StaticType): Type {
  return type.kind === "instance" || type.kind === "instances" ? { kind: "dynamic" } : type;
}

export function withPath(value: Value, path: Path): Value {
  return value.path === path ? value : { ...value, path };
}

/** In trace mode: the value a step leads to, with the path it has or gets. */
export function childAt(parent: Value, step: Step, child: Value): Value {
  if (child.path !== undefined || parent.path === undefined) return child;
  return withPath(child, [...parent.path, step]);
}

/** A value that was made from one origin: it and everything in it points there, where it has no origin of its own. */
export function derivedFrom(value: Value, path: Path): Value {
  const own = value.path ?? path;
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: value.items.map((item) => derivedFrom(item, own)), path: own };
    case "map":
    case "object":
      return { ...value, entries: new PlacedEntries(value.entries, (item) => derivedFrom(item, own)), path: own };
    default:
      return withPath(value, own);
  }
}

/** Paths relative to another instance, made relative to the instance under check. */
export function rebase(value: Value, base: Path): Value {
  const path = value.path === undefined ? {} : { path: [...base, ...value.path] };
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: value.items.map((item) => rebase(item, base)), ...path };
    case "map":
    case "object":
      return { ...value, entries: new PlacedEntries(value.entries, (item) => rebase(item, base)), ...path };
    default:
      return { ...value, ...path };
  }
}

/** Nobody follows more places than this, and a list of 65,000 ranges would otherwise be compared range by range. */
const MOST_PATHS = 100;

export function mergePaths(a: readonly Path[], b: readonly Path[]): readonly Path[] {
  if (b.length === 0 || a.length >= MOST_PATHS) return a;
  if (a.length === 0) return b;
  const merged = [...a];
  for (const path of b) {
    if (merged.length >= MOST_PATHS) break;
    if (!merged.some((other) => samePath(other, path))) merged.push(path);
  }
  return merged;
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

/** Evidence of a value that was read: its path. */
export function pathEvidence(value: Value): readonly Path[] {
  return value.path === undefined ? NONE : [value.path];
}
