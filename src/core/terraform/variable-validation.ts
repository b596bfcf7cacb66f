import type { Block } from "../hcl/syntax.ts";
import { blockOf, placed, plainRange } from "./declarations.ts";
import { evaluate } from "./evaluate.ts";
import { NO_REPETITION } from "./expansion.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { onePerPlace, type PlacedProblem } from "./placed-problem.ts";
import { NO_ITERATIONS } from "./resource-body.ts";
import type { Declared } from "./sources.ts";
import { attributeNamed } from "./symbols.ts";
import { givenValue } from "./symbol-evaluation.ts";
import { readVariable } from "./variables.ts";

/**
 * What the `validation` blocks of a variable say of its value. A condition that is known to be false is a problem where the value is
 * given; one that is not known says nothing.
 */
export function validateVariable(module: ModuleEvaluator, symbol: string): readonly PlacedProblem[] {
  const declared = module.declared(symbol);
  const block = blockOf(declared);
  if (declared === undefined || block === undefined) return [];
  const problems: PlacedProblem[] = [];
  for (const item of block.body.items) {
    if (item.kind === "block" && item.type.name === "validation") validate(module, declared, block, item, problems);
  }
  return onePerPlace(problems);
}

function validate(module: ModuleEvaluator, declared: Declared, block: Block, validation: Block, problems: PlacedProblem[]): void {
  const condition = attributeNamed(validation, "condition");
  if (condition === undefined) {
    problems.push(placed(declared, validation, validation.header, "missing-argument", "A validation needs a `condition`."));
    return;
  }
  const scope = module.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, validation);
  const holds = evaluate(condition.value, scope);
  const isRefused = (holds.kind === "bool" && !holds.value) || (holds.kind === "string" && holds.value === "false");
  if (!isRefused) return;
  const name = declared.symbol.slice("var.".length);
  const text = attributeNamed(validation, "error_message");
  const reason = text === undefined ? undefined : evaluate(text.value, { ...scope, problem: () => undefined });
  const said = reason?.kind === "string" && reason.sensitive !== true && reason.ephemeral !== true ? ` ${reason.value.trim()}` : "";
  const message = `The value of \`var.${name}\` is refused by a validation.${said}`;
  const declaration = readVariable(block, (expression) => module.constant(expression));
  const given = givenValue(module, name, declaration);
  const isGiven = given !== undefined && !(given.value.kind === "null" && !declaration.nullable);
  const placeOfDefault = declaration.default;
  problems.push(
    (isGiven ? given.problem?.("refused-value", message) : undefined) ??
      (isGiven || placeOfDefault === undefined
        ? placed(declared, condition, plainRange(condition.value), "refused-value", message)
        : placed(declared, placeOfDefault, placeOfDefault.value, "refused-value", message)),
  );
}
