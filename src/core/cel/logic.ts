import type { ASTNode } from "@marcbachmann/cel-js";
import { BOOL, FALSE, TRUE } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { sameness } from "./compare.ts";
import type { Context } from "./expressions.ts";
import { compileNode, constantNode, partKey, problem, wants } from "./expressions.ts";
import type { Node, Traced } from "./node.ts";
import { explained, mergePaths, mergeReasons, reasonsOf, traced, undetermined, valueType } from "./node.ts";
import { commonType, comparable, staticTypeName } from "./static-types.ts";

/** `&&` and `||` with Kleene's tables: an unknown does not matter beside what decides. */
export function compileJunction(ast: ASTNode, op: "&&" | "||", args: readonly [ASTNode, ASTNode], context: Context): Node {
  const guards = new Set(context.guards);
  // Either side may hold the test: both are evaluated when it matters.
  for (const arg of flatten(ast, op)) for (const key of partsTested(arg, op === "&&", context)) guards.add(key);
  const inner = { ...context, guards };
  const a = compileNode(args[0], inner);
  const b = compileNode(args[1], inner);
  if (!wants(context, a, ["bool"], `The left side of \`${op}\``) || !wants(context, b, ["bool"], `The right side of \`${op}\``)) {
    return constantNode(ast, FALSE);
  }
  const decisive = op === "||";
  const decided = decisive ? TRUE : FALSE;
  const otherwise = decisive ? FALSE : TRUE;
  const combine = (x: Value, y: Value): Value => {
    if (x.kind === "bool" && x.value === decisive) return decided;
    if (y.kind === "bool" && y.value === decisive) return decided;
    if (x.kind === "bool" && y.kind === "bool") return otherwise;
    return undetermined(BOOL, mergeReasons(x.kind === "bool" ? [] : reasonsOf(x), y.kind === "bool" ? [] : reasonsOf(y)));
  };
  const left = a.run;
  const right = b.run;
  const ofBoth = (value: Value, x: Traced, y: Traced): Traced => {
    // Authors write what excuses first and what is demanded last: where both sides of `||` are false, the demand comes first.
    const demandFirst = op === "||" && value.kind === "bool";
    const evidence = demandFirst ? mergePaths(y.evidence, x.evidence) : mergePaths(x.evidence, y.evidence);
    return traced(value, evidence, bothDecisions(x.decisions, y.decisions));
  };
  return {
    range: ast.range,
    type: BOOL,
    run: (frame) => {
      const x = left(frame);
      if (x.kind === "bool" && x.value === decisive) return decided;
      const y = right(frame);
      if (x.kind === "bool") {
        if (y.kind === "bool") return y.value === decisive ? decided : otherwise;
      }
      return combine(x, y);
    },
    explain: (frame) => {
      // To know what a side is worth costs little beside saying why: only a side that decides is asked.
      const x = left(frame);
      const y = right(frame);
      const value = combine(x, y);
      const truth = value.kind === "bool" ? value.value : undefined;
      if (!decides(y, truth)) return ofOne(value, explained(a, frame, x));
      if (!decides(x, truth)) return ofOne(value, explained(b, frame, y));
      return ofBoth(value, explained(a, frame, x), explained(b, frame, y));
    },
  };
}

function ofOne(value: Value, { evidence, decisions }: Traced): Traced {
  return traced(value, evidence, decisions);
}

function decides(value: Value, truth: boolean | undefined): boolean {
  return truth === undefined ? value.kind !== "bool" : value.kind === "bool" && value.value === truth;
}

function bothDecisions(a: Traced["decisions"], b: Traced["decisions"]): Traced["decisions"] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

export function compileNot(ast: ASTNode, arg: ASTNode, context: Context): Node {
  const node = compileNode(arg, { ...context, negated: !context.negated });
  if (!wants(context, node, ["bool"], "What `!` negates")) return constantNode(ast, FALSE);
  const negate = (value: Value): Value =>
    value.kind === "bool" ? (value.value ? FALSE : TRUE) : undetermined(BOOL, reasonsOf(value));
  return {
    range: ast.range,
    type: BOOL,
    run: (frame) => negate(node.run(frame)),
    explain: (frame) => {
      const inner = node.explain(frame);
      return traced(negate(inner.value), inner.evidence, inner.decisions);
    },
    failing: node.failing,
  };
}

/** `c ? a : b`: an unknown condition does not matter where both branches agree. */
export function compileBranch(ast: ASTNode, args: readonly [ASTNode, ASTNode, ASTNode], context: Context): Node {
  const condition = compileNode(args[0], { ...context, negated: false });
  const under = (truth: boolean): Context => ({
    ...context,
    guards: new Set([...context.guards, ...partsTested(args[0], truth, context)]),
  });
  const a = compileNode(args[1], under(true));
  const b = compileNode(args[2], under(false));
  if (!wants(context, condition, ["bool"], "The condition")) return constantNode(ast, FALSE);
  const isNull = (node: Node): boolean => node.constant?.kind === "null";
  if (!isNull(a) && !isNull(b) && !comparable(a.type, b.type)) {
    return problem(context, ast, `One branch is a ${staticTypeName(a.type)}, the other a ${staticTypeName(b.type)}.`);
  }
  const type = isNull(a) ? b.type : isNull(b) ? a.type : commonType([a.type, b.type]);
  const open = (test: Value, x: Value, y: Value): Value => {
    if (x.kind !== "unknown" && sameness(x, y) === true) return x;
    const own = mergeReasons(
      mergeReasons(reasonsOf(test), x.kind === "unknown" ? x.reasons : []),
      y.kind === "unknown" ? y.reasons : [],
    );
    return undetermined(valueType(type), own);
  };
  return {
    range: ast.range,
    type,
    run: (frame) => {
      const test = condition.run(frame);
      if (test.kind === "bool") return test.value ? a.run(frame) : b.run(frame);
      return open(test, a.run(frame), b.run(frame));
    },
    explain: (frame) => {
      const test = condition.explain(frame);
      if (test.value.kind === "bool") {
        const branch = test.value.value ? a.explain(frame) : b.explain(frame);
        // The value comes from the branch alone; the condition decided with it.
        const decisions = bothDecisions(branch.decisions, test.decisions);
        if (type.kind !== "bool")
          return traced(branch.value, branch.evidence.length > 0 ? branch.evidence : test.evidence, decisions);
        return traced(branch.value, mergePaths(branch.evidence, test.evidence), decisions);
      }
      const x = a.explain(frame);
      const y = b.explain(frame);
      const value = open(test.value, x.value, y.value);
      if (value.kind !== "unknown") return traced(value, mergePaths(x.evidence, y.evidence), x.decisions);
      return traced(value, mergePaths(test.evidence, mergePaths(x.evidence, y.evidence)));
    },
  };
}

function flatten(ast: ASTNode, op: "&&" | "||"): readonly ASTNode[] {
  if (ast.op !== op) return [ast];
  const [a, b] = ast.args;
  return [...flatten(a, op), ...flatten(b, op)];
}

/** The parts that are certainly there when the expression has the given truth. */
function partsTested(ast: ASTNode, truth: boolean, context: Context): readonly string[] {
  switch (ast.op) {
    case "!_":
      return partsTested(ast.args, !truth, context);
    case "&&":
    case "||":
      // A true conjunction has both true, a false disjunction both false.
      return (ast.op === "&&") === truth ? ast.args.flatMap((arg) => partsTested(arg, truth, context)) : [];
    case "==":
    case "!=": {
      const same = (ast.op === "==") === truth;
      const [a, b] = ast.args;
      const other = isNull(a) ? b : isNull(b) ? a : undefined;
      if (other !== undefined) return same ? [] : keysOf(other, context);
      // Equal to a constant: not null.
      if (same && b.op === "value") return keysOf(a, context);
      return same && a.op === "value" ? keysOf(b, context) : [];
    }
    case "call":
      return truth && ast.args[0] === "has" && ast.args[1][0] !== undefined ? keysOf(ast.args[1][0], context) : [];
    case "id":
    case ".":
      // A boolean that holds: selecting it from null would not.
      return truth ? keysOf(ast, context) : [];
    default:
      return [];
  }
}

function isNull(ast: ASTNode): boolean {
  return ast.op === "value" && ast.args === null;
}

function keysOf(ast: ASTNode, context: Context): readonly string[] {
  const steps: string[] = [];
  let at = ast;
  while (at.op === ".") {
    steps.unshift(at.args[1]);
    at = at.args[0];
  }
  if (at.op !== "id") return [];
  const name = at.args;
  const variable = context.variables.findLast((one) => one.name === name);
  let root = "";
  if (variable !== undefined) root = `#${variable.slot}`;
  else if (name !== "self") steps.unshift(name);
  const path = { root, steps, parts: [], reads: undefined };
  return steps.map((_, index) => partKey(path, index + 1));
}
