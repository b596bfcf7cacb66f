import type { Attribute, Block } from "../hcl/syntax.ts";
import type { FilePath } from "../text/text.ts";
import { blockOf, placed } from "./declarations.ts";
import { evaluate } from "./evaluate.ts";
import type { CallEvaluation, ExpansionEvaluation } from "./evaluations.ts";
import {
  expansionOfCount,
  expansionOfEach,
  INSTANCE_LIMIT,
  keysOf,
  MODULE_LIMIT,
  NO_REPETITION,
  repetitionOf,
  SINGLE,
} from "./expansion.ts";
import { type CallTarget, findTarget } from "./module-calls.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { NO_PROBLEMS, onePerPlace, type PlacedProblem } from "./placed-problem.ts";
import { NO_ITERATIONS } from "./resource-body.ts";
import type { Declared } from "./sources.ts";
import { plainText } from "./plain-text.ts";
import { attributeNamed } from "./symbols.ts";

/** Modules nested deeper than this call themselves in one way or another. */
const MAXIMUM_DEPTH = 40;

const CALL_META: ReadonlySet<string> = new Set(["source", "version", "providers", "depends_on", "count", "for_each"]);

/** What a block's `count` or `for_each` makes of it. */
export function evaluateExpansion(module: ModuleEvaluator, declared: Declared | undefined): ExpansionEvaluation {
  const block = blockOf(declared);
  if (block === undefined || declared === undefined) return { expansion: SINGLE, problems: NO_PROBLEMS };
  const count = attributeNamed(block, "count");
  const forEach = attributeNamed(block, "for_each");
  const attribute = count ?? forEach;
  if (attribute === undefined) return { expansion: SINGLE, problems: NO_PROBLEMS };
  const problems: PlacedProblem[] = [];
  const value = evaluate(attribute.value, module.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, attribute));
  const limit = (declared.kind === "module" ? MODULE_LIMIT : INSTANCE_LIMIT) / module.multiplicity;
  const { expansion, problem } = count === undefined ? expansionOfEach(value, limit) : expansionOfCount(value, limit);
  if (problem !== undefined) problems.push(placed(declared, attribute, attribute.value, problem.code, problem.message));
  if (count !== undefined && forEach !== undefined) {
    problems.push(placed(declared, forEach, forEach.name, "count-and-for-each", "A block has `count` or `for_each`, not both."));
  }
  return { expansion, problems };
}

/** Where a module call leads, how often, and what is wrong with its arguments. */
export function evaluateCall(module: ModuleEvaluator, name: string): CallEvaluation {
  const declared = module.declared(`module.${name}`);
  const block = blockOf(declared);
  if (declared === undefined || block === undefined) {
    return {
      target: { kind: "absent", reason: { kind: "invalid", detail: `module.${name}` }, problem: undefined },
      expansion: SINGLE,
      problems: [],
    };
  }
  const { expansion, problems: expansionProblems } = module.expansionOf(declared.symbol);
  const problems = [...expansionProblems];
  // What is wrong with arguments is told here, once, whatever the child makes of them.
  const repetition = repetitionOf(expansion, keysOf(expansion)[0]);
  for (const item of block.body.items) {
    if (item.kind !== "attribute" || CALL_META.has(item.name.name)) continue;
    evaluate(item.value, module.scope(declared, problems, repetition, NO_ITERATIONS, item));
  }
  const sourceAttribute = attributeNamed(block, "source");
  const place = sourceAttribute ?? block;
  const range = sourceAttribute?.value ?? block.header;
  let target: CallTarget;
  if (sourceAttribute === undefined) {
    target = {
      kind: "absent",
      reason: { kind: "invalid", detail: `module.${name} has no source` },
      problem: "A module call needs a `source`.",
    };
  } else {
    const source = plainText(sourceAttribute) ?? madeSource(module, declared, sourceAttribute);
    const call = { name, key: module.path(name), source, directory: module.module.directory };
    target = findTarget(module.context.sources, call, module.module.root);
    if (target.kind === "present" && callsItself(module, target.directory)) {
      const problem = `Module "${name}" calls itself: it is not evaluated again.`;
      target = { kind: "absent", reason: { kind: "invalid", detail: `module.${name} calls itself` }, problem };
    }
  }
  if (target.kind === "present") problems.push(...undeclaredArguments(module, declared, block, target.directory));
  if (target.kind === "absent" && target.problem !== undefined) {
    const severity = target.reason.kind === "missing module" ? "warning" : "error";
    const code = target.reason.kind === "missing module" ? "missing-module" : "module-source";
    problems.push({ ...placed(declared, place, range, code, target.problem), severity });
  }
  return { target, expansion, problems: onePerPlace(problems) };
}

/** OpenTofu lets variables and locals make a source. */
function madeSource(module: ModuleEvaluator, declared: Declared, attribute: Attribute): string | undefined {
  const value = evaluate(attribute.value, module.scope(declared, [], NO_REPETITION, NO_ITERATIONS, attribute));
  return value.kind === "string" && value.sensitive !== true ? value.value : undefined;
}

function undeclaredArguments(
  module: ModuleEvaluator,
  declared: Declared,
  block: Block,
  directory: FilePath,
): readonly PlacedProblem[] {
  return block.body.items.flatMap((item) => {
    if (item.kind !== "attribute" || CALL_META.has(item.name.name)) return [];
    const { name } = item.name;
    if (module.context.sources.declared(directory, `var.${name}`) !== undefined) return [];
    return [
      placed(declared, item, item.name, "unknown-argument", `The module has no variable \`${name}\`: the argument has no effect.`),
    ];
  });
}

function callsItself(module: ModuleEvaluator, directory: FilePath): boolean {
  if (module.depth >= MAXIMUM_DEPTH) return true;
  if (module.module.directory === directory) return true;
  for (let { parent } = module.module; parent !== undefined; { parent } = parent) if (parent.directory === directory) return true;
  return false;
}
