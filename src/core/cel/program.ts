import type { TextRange } from "../text/text.ts";
import type { Steps } from "./steps.ts";
import type { Path, Reason, Selectable, Type, Value } from "../values/value.ts";

/** What the compiler knows of a name before any value exists. */
export type StaticType =
  | Type
  /** A part (or `self`); null when missing. */
  | {
      readonly kind: "instance";
      readonly types: readonly string[];
      readonly select: (name: string) => StaticType | undefined;
      /** Every name, for suggestions. */
      readonly names?: () => Iterable<string>;
    }
  /** A `many` part, or a view's list of elements that are no plain values. */
  | { readonly kind: "instances"; readonly of: Extract<StaticType, { kind: "instance" }> };

/** The names an expression may use. */
export interface Environment {
  /** Attributes, parts and views of the instance type; `parameters` as an object type. undefined: no such name. */
  readonly name: (name: string) => StaticType | undefined;
  /** Every name, for suggestions. */
  readonly names?: () => Iterable<string>;
  /** Type of `failing`, in messages and fixes; undefined where it may not be used. */
  readonly failing?: StaticType;
  /** Names of the bundled data tables and their columns. */
  readonly table: (name: string) => StaticType | undefined;
  /** Grammar for `policy()`. */
  readonly dialect: PolicyDialect;
}

export type PolicyDialect = "aws" | "alibaba" | "tencent";

export interface CelProblem {
  /** Offsets in the expression's text. */
  readonly range: TextRange;
  readonly message: string;
}

/** What a program needs at run time beyond the instance. */
export interface Scope {
  readonly instance: Selectable;
  readonly parameters: Value;
  /** ISO 8601; the only clock of core. */
  readonly now: string;
  /** Row of a data table; unknown for an unknown key or an expired table. */
  readonly table: (name: string, key: string) => Value;
  /** Whether the value at a path is written in the configuration as a constant. */
  readonly literal: (path: Path) => Value;
  readonly failing?: Value;
  /** Ends the evaluation with `OutOfSteps` when they are used up. undefined: no limit. */
  readonly steps?: Steps | undefined;
}

export interface Trace {
  readonly value: Value;
  /** The paths that decided, relative to the instance under check, the primary first. Empty: nothing was read. */
  readonly evidence: readonly Path[];
  /** First deciding element (format.md section 3 "failing"), with its `path` set; null value when there is none. */
  readonly failing: Value;
  /** Every deciding element of the deciding quantifier, for `[failing]` in fixes. */
  readonly witnesses: readonly Value[];
}

/** A compiled expression. Both modes give the same value. */
export interface Program {
  readonly source: string;
  readonly type: StaticType;
  /** Type of `failing` for this assertion; undefined without a quantifier or `empty`. */
  readonly failingType: StaticType | undefined;
  /** Every instance path that the expression can read, `*` for elements: permissions and lint derive from it. */
  readonly reads: readonly (readonly string[])[];
  /** Uses `literal()`: the check is for files only. */
  readonly usesLiteral: boolean;
  evaluate(scope: Scope): Value;
  trace(scope: Scope): Trace;
}

/** A verdict of three: what an assertion's boolean value means. */
export type Verdict =
  { readonly kind: "pass" } | { readonly kind: "fail" } | { readonly kind: "unknown"; readonly reasons: readonly Reason[] };
