import type { Expression } from "../hcl/syntax.ts";
import type { FilePath, TextRange } from "../text/text.ts";
import { DYNAMIC, unknown } from "../values/make.ts";
import type { Reason, Type, UnknownValue, Value } from "../values/value.ts";
import { weightOf } from "./weight.ts";

/** What an expression may refer to, and what evaluating it may cost. Modules make scopes; `for` and splats stack names on top. */
export interface EvaluationScope {
  /** The root of a traversal: `var`, `local`, `each`, `aws_s3_bucket`, a `for` name. undefined: no such name. */
  root(name: string): ScopeEntry | undefined;
  /** What terraform would refuse. `range` is relative to the item that holds the expression. */
  problem(range: TextRange, code: string, message: string): void;
  readonly budget: Budget;
  readonly files: FunctionFiles;
  /** Element of the nearest splat. */
  readonly splatElement?: Value;
  /** Told of every instance that is asked for by its key and may not exist: terraform may refuse there, which `try` cares about. */
  readonly perhaps?: (reasons: readonly Reason[]) => void;
}

/** `evaluate`, handed to what it calls for parts of an expression. */
export type Evaluate = (expression: Expression, scope: EvaluationScope) => Value;

/** A value, or a namespace whose members are evaluated when they are asked for. */
export type ScopeEntry =
  | {
      readonly kind: "value";
      readonly value: Value;
      /** The one instance of a block without `count` and `for_each`: no index may follow. */
      readonly single?: true;
    }
  | ScopeNamespace;

export interface ScopeNamespace {
  readonly kind: "namespace";
  /** `local.x`: the entry, or undefined when there is none. */
  member(name: string): ScopeEntry | undefined;
  /** One that is not there is an attribute that is missing, not a reference to nothing: `try` goes on with the next. */
  readonly members?: "attributes";
  /** `module.m["k"]`, for what is expanded; undefined when the namespace takes no index. */
  index?(key: string | number): ScopeEntry | undefined;
  /** Why there may be nothing at the index. */
  readonly maybe?: readonly Reason[];
  /** The whole, when it is used as a value; undefined where it can't be. */
  value(): Value | undefined;
  /** For messages: `local`, `module.m`. */
  readonly label: string;
}

/** Counts work; shared by everything that one query evaluates. Past the limit values are unknown("budget"). */
export interface Budget {
  steps: number;
  /** Whether it was said that the steps are used up. */
  reported: boolean;
  readonly maximumSteps: number;
  readonly maximumElements: number;
}

export const DEFAULT_BUDGET = { maximumSteps: 1_000_000, maximumElements: 100_000 } as const;

/** Work on the elements of one value that counts as one step. */
const ELEMENTS_A_STEP = 4;

/** A value whose elements are more work than this many times the limit of elements is not kept. */
const MOST_WEIGHT = 4;

export function newBudget(limits: { readonly maximumSteps: number; readonly maximumElements: number } = DEFAULT_BUDGET): Budget {
  return { steps: 0, reported: false, ...limits };
}

/** Counts steps. False: they are used up, which is a problem where it happens first. */
export function spend(scope: EvaluationScope, steps: number, range: TextRange): boolean {
  const { budget } = scope;
  budget.steps += steps;
  if (budget.steps <= budget.maximumSteps) return true;
  if (!budget.reported) {
    budget.reported = true;
    scope.problem(range, "budget", "This is too much work to evaluate here: what depends on it is not known.");
  }
  return false;
}

/** The value, unless walking it would take too long. */
export function affordable(value: Value, range: TextRange, scope: EvaluationScope): Value {
  if (value.kind !== "string" && !("items" in value) && !("entries" in value)) return value;
  const weight = weightOf(value);
  const limit = MOST_WEIGHT * scope.budget.maximumElements;
  if (weight <= limit && spend(scope, weight / ELEMENTS_A_STEP, range)) return value;
  if (weight > limit)
    scope.problem(range, "budget", "This makes more than can be evaluated here: what depends on it is not known.");
  return unknown({ kind: "dynamic" }, { kind: "budget", detail: "size" });
}

/** Says what terraform would refuse, and stands for its value. */
export function invalid(
  scope: EvaluationScope,
  range: TextRange,
  code: string,
  message: string,
  type: Type = DYNAMIC,
): UnknownValue {
  scope.problem(range, code, message);
  return unknown(type, { kind: "invalid", detail: message });
}

/** What functions such as `file` and `templatefile` may see. Paths are as the expression gives them. */
export interface FunctionFiles {
  /** path.module: what relative paths count from is `workingDirectory`. */
  readonly workingDirectory: FilePath;
  read(path: FilePath): { readonly text: string } | { readonly absent: true } | { readonly unknown: Reason };
  /** Regular files in a directory, and with `deep` in all below it, relative to it. */
  list(directory: FilePath, deep: boolean): { readonly files: readonly string[] } | { readonly unknown: Reason };
}

/** A scope with more names on top: `for` variables. */
export function withNames(scope: EvaluationScope, names: ReadonlyMap<string, Value>): EvaluationScope {
  return {
    root(name) {
      const value = names.get(name);
      return value === undefined ? scope.root(name) : { kind: "value", value };
    },
    problem: (range, code, message) => scope.problem(range, code, message),
    budget: scope.budget,
    files: scope.files,
    ...(scope.splatElement === undefined ? {} : { splatElement: scope.splatElement }),
    ...(scope.perhaps === undefined ? {} : { perhaps: scope.perhaps }),
  };
}
