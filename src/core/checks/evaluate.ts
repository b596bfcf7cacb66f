import type { Program, Scope } from "../cel/program.ts";
import { OutOfSteps, type Steps } from "../cel/steps.ts";
import { verdict } from "../cel/compile.ts";
import type { Instance } from "../instances/model.ts";
import { settled } from "../instances/views.ts";
import { formatPath } from "../values/path.ts";
import { displayValue } from "../values/text.ts";
import type { Path, Value } from "../values/value.ts";
import type { CheckItem, Message, Outcome, Result } from "./model.ts";

/** What a check needs to know beyond the instance. */
export interface EvaluationContext {
  /** The check's parameters: defaults, or what plumbline.yaml sets. */
  readonly parameters: Value;
  /** ISO 8601. */
  readonly now: string;
  readonly table: (name: string, key: string) => Value;
  readonly literal: (instance: Instance, path: Path) => Value;
  /** How many elements an item of the workspace may go through, an instance. Items of the product are not limited. */
  readonly ownSteps?: number;
  /** For a report that is made once and keeps no values: results have no witnesses. */
  readonly once?: boolean;
}

/** One check item over one instance. Whatever goes wrong inside is notChecked: nothing unclear ever passes. */
export function evaluateCheck(check: CheckItem, instance: Instance, context: EvaluationContext): Result {
  const { ownSteps } = context;
  const steps = check.builtIn || ownSteps === undefined ? undefined : { left: ownSteps };
  const scope = scopeOf(instance, context, steps);
  try {
    return assess(check, instance, scope, context.once !== true);
  } catch (error) {
    if (error instanceof OutOfSteps) {
      const reason = { kind: "budget", detail: `more than ${ownSteps ?? 0} elements` } as const;
      return plain(check, instance, { kind: "notChecked", reason });
    }
    const detail = error instanceof Error ? error.message : "unknown error";
    return plain(check, instance, { kind: "notChecked", reason: { kind: "error", detail } });
  }
}

/** The scope of a check's expressions on an instance; fixes use it too. */
export function scopeOf(instance: Instance, context: EvaluationContext, steps?: Steps): Scope {
  return new CheckScope(instance, context, steps, undefined);
}

/** The same scope with an element that decided. */
export function withFailing(scope: Scope, failing: Value): Scope {
  return scope instanceof CheckScope ? scope.of(failing) : { ...scope, failing };
}

/** One is made for each check of each instance: what few expressions ask for is looked up when they do. */
class CheckScope implements Scope {
  readonly instance: Instance;
  readonly steps: Steps | undefined;
  readonly failing?: Value;
  readonly #context: EvaluationContext;

  constructor(instance: Instance, context: EvaluationContext, steps: Steps | undefined, failing: Value | undefined) {
    this.instance = instance;
    this.steps = steps;
    if (failing !== undefined) this.failing = failing;
    this.#context = context;
  }

  of(failing: Value): CheckScope {
    return new CheckScope(this.instance, this.#context, this.steps, failing);
  }

  get parameters(): Value {
    return this.#context.parameters;
  }

  get now(): string {
    return this.#context.now;
  }

  table(name: string, key: string): Value {
    return this.#context.table(name, key);
  }

  literal(path: Path): Value {
    return this.#context.literal(this.instance, path);
  }
}

function assess(check: CheckItem, instance: Instance, scope: Scope, keepsWitnesses: boolean): Result {
  if (check.when !== undefined) {
    const applies = verdict(check.when.evaluate(scope));
    if (applies.kind === "fail") return plain(check, instance, NOT_APPLICABLE);
    if (applies.kind === "unknown") return explained(check, check.when, instance, scope, applies, keepsWitnesses);
  }
  const outcome = verdict(check.assert.evaluate(scope));
  if (outcome.kind === "pass") return plain(check, instance, outcome);
  return explained(check, check.assert, instance, scope, outcome, keepsWitnesses);
}

function explained(
  check: CheckItem,
  program: Program,
  instance: Instance,
  scope: Scope,
  outcome: Extract<Outcome, { kind: "fail" | "unknown" }>,
  keepsWitnesses: boolean,
): Result {
  const trace = program.trace(scope);
  const agreed = verdict(trace.value);
  if (agreed.kind !== outcome.kind)
    throw new Error(`${check.id}: trace mode says ${agreed.kind} where the check says ${outcome.kind}`);
  // A list that grew holds room for more, and this one is kept.
  const evidence = trace.evidence.length < 2 ? trace.evidence : trace.evidence.slice();
  if (outcome.kind === "unknown") return { check, instance, outcome, evidence, witnesses: NONE, message: "" };
  if (instance.maybe !== undefined) {
    // What may not exist can't be said to fail.
    return { check, instance, outcome: { kind: "unknown", reasons: instance.maybe }, evidence, witnesses: NONE, message: "" };
  }
  const message = renderMessage(check.message, withFailing(scope, trace.failing));
  return {
    check,
    instance,
    outcome,
    evidence,
    witnesses: trace.witnesses.length === 0 || !keepsWitnesses ? NONE : trace.witnesses.map(settled),
    message,
  };
}

/** Text with the values of its expressions. One that can't be evaluated prints as unknown: a message never hides a result. */
export function renderMessage(message: Message, scope: Scope): string {
  let text = "";
  for (const piece of message) text += typeof piece === "string" ? piece : display(piece, scope);
  return text;
}

function display(program: Program, scope: Scope): string {
  try {
    return displayValue(program.evaluate(scope));
  } catch {
    return "(unknown)";
  }
}

function plain(check: CheckItem, instance: Instance, outcome: Outcome): Result {
  return { check, instance, outcome, evidence: NONE, witnesses: NONE, message: "" };
}

const NONE: readonly never[] = [];
const NOT_APPLICABLE: Outcome = { kind: "notApplicable" };

/** The primary place of a result as a check's examples write it. */
export function primaryPath(result: Result): string | undefined {
  const [primary] = result.evidence;
  return primary === undefined ? undefined : formatPath(primary);
}
