import type { Block } from "../hcl/syntax.ts";
import { DYNAMIC, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { blockOf, placed, plainRange } from "./declarations.ts";
import { evaluate } from "./evaluate.ts";
import { NO_REPETITION } from "./expansion.ts";
import type { Declaration } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { type Evaluated, NO_PROBLEMS, onePerPlace, type PlacedProblem } from "./placed-problem.ts";
import { NO_ITERATIONS } from "./resource-body.ts";
import { affordable } from "./scope.ts";
import type { Declared } from "./sources.ts";
import { attributeNamed } from "./symbols.ts";
import { givenToRoot } from "./variable-files.ts";
import { fitVariable, markVariable, readVariable, unsetVariable, type VariableDeclaration, variableFromText } from "./variables.ts";

/** Value and problems of `var.x`, `local.x` or `output.x` in a module instance. */
export function evaluateSymbol(module: ModuleEvaluator, symbol: string): Evaluated {
  const declared = module.declared(symbol);
  if (declared === undefined)
    return { value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} is not declared` }), problems: NO_PROBLEMS };
  const { node } = declared;
  const problems: PlacedProblem[] = [];
  if (node.kind === "attribute") {
    const scope = module.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, node);
    const value = affordable(evaluate(node.value, scope), node.value, scope);
    return { value, problems: onePerPlace(problems) };
  }
  if (declared.kind === "variable") return evaluateVariable(module, declared, node);
  const attribute = attributeNamed(node, "value");
  if (attribute === undefined) return { value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} has no value` }), problems };
  const scope = module.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, attribute);
  let value = affordable(evaluate(attribute.value, scope), attribute.value, scope);
  for (const mark of ["sensitive", "ephemeral"] as const) {
    const written = attributeNamed(node, mark);
    const flag = written && module.constant(written.value);
    if (flag?.kind === "bool" && flag.value) value = { ...value, [mark]: true };
  }
  return { value, problems: onePerPlace(problems) };
}

function evaluateVariable(module: ModuleEvaluator, declared: Declared, block: Block): Evaluated {
  const name = declared.symbol.slice("var.".length);
  const declaration = readVariable(block, (expression) => module.constant(expression));
  const problems: PlacedProblem[] = declaration.problems.map((problem) =>
    placed(declared, attributeNamed(block, "type") ?? block, problem.range, "invalid-type", problem.message),
  );
  const given = givenValue(module, name, declaration);
  let value: Value | undefined;
  if (given !== undefined && !(given.value.kind === "null" && !declaration.nullable)) {
    const fitted = fitVariable(given.value, declaration);
    if ("value" in fitted) value = fitted.value;
    else {
      const message = `The value of \`var.${name}\` does not fit its type: ${fitted.error}.`;
      problems.push(given.problem?.("wrong-type", message) ?? placed(declared, block, block.header, "wrong-type", message));
      value = unknown(declaration.constraint.type, { kind: "invalid", detail: `var.${name}: ${fitted.error}` });
    }
  }
  if (value === undefined && declaration.default !== undefined) {
    const fitted = fitVariable(module.constant(declaration.default.value), declaration);
    if ("value" in fitted) value = fitted.value;
    else {
      const message = `The default does not fit the type: ${fitted.error}.`;
      problems.push(placed(declared, declaration.default, declaration.default.value, "wrong-type", message));
      value = unknown(declaration.constraint.type, { kind: "invalid", detail: `default of var.${name}` });
    }
  }
  if (value === undefined) {
    if (module.parent === undefined || given !== undefined) value = unsetVariable(name, declaration);
    else {
      const call = module.parent.declared(`module.${module.callName}`);
      const header = blockOf(call)?.header;
      if (call !== undefined && header !== undefined) {
        problems.push(placed(call, call.node, header, "missing-argument", `The module needs a value for \`${name}\`.`));
      }
      value = unknown(declaration.constraint.type, { kind: "invalid", detail: `${name} is required` });
    }
  }
  return { value: markVariable(value, declaration), problems };
}

/** What a variable is given from outside of its module; undefined: nothing. */
export function givenValue(module: ModuleEvaluator, name: string, declaration: VariableDeclaration): GivenValue | undefined {
  return module.parent === undefined ? rootValue(module, name, declaration) : argumentFor(module.parent, module, name);
}

function rootValue(module: ModuleEvaluator, name: string, declaration: VariableDeclaration): GivenValue | undefined {
  const { context } = module;
  const given = givenToRoot(context.sources, module.module.directory, context.inputs(), name);
  switch (given?.kind) {
    case undefined:
      return undefined;
    case "text":
      return { value: variableFromText(given.text, declaration, (expression) => module.constant(expression)), problem: undefined };
    case "elsewhere":
      return { value: unsetVariable(name, declaration), problem: undefined };
    case "file": {
      const { file, attribute, base } = given.entry;
      const item: Declaration = { file, item: { node: attribute, base } };
      const range = plainRange(attribute.value);
      const problem = (code: string, message: string): PlacedProblem => ({
        declaration: item,
        range,
        severity: "error",
        code,
        message,
      });
      return { value: module.constant(attribute.value), problem };
    }
  }
}

/** What this module's call gives a child's variable. */
function argumentFor(module: ModuleEvaluator, child: ModuleEvaluator, name: string): GivenValue | undefined {
  const declared = module.declared(`module.${child.callName}`);
  const block = blockOf(declared);
  const attribute = block === undefined ? undefined : attributeNamed(block, name);
  if (declared === undefined || attribute === undefined) return undefined;
  const scope = module.scope(declared, [], child.repetition(), NO_ITERATIONS, attribute);
  const value = affordable(evaluate(attribute.value, scope), attribute.value, scope);
  return { value, problem: (code, message) => placed(declared, attribute, attribute.value, code, message) };
}

interface GivenValue {
  readonly value: Value;
  /** A problem of the value, where it is given; undefined: outside of all files. */
  readonly problem: ((code: string, message: string) => PlacedProblem) | undefined;
}
