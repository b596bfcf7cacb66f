import { parse } from "@marcbachmann/cel-js";
import type { ASTNode } from "@marcbachmann/cel-js";
import { NULL, reason } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import type { Unit } from "./expressions.ts";
import { compileNode, withOnlyPath } from "./expressions.ts";
import type { Frame, Node } from "./node.ts";
import { NONE, nullOperand } from "./node.ts";
import type { CelProblem, Environment, Program, Scope, StaticType, Trace, Verdict } from "./program.ts";
import { sameShape } from "./static-types.ts";

/** Compiles an expression of the check language. There is a program only when nothing is wrong. */
export function compile(
  text: string,
  environment: Environment,
): { readonly program: Program | undefined; readonly problems: readonly CelProblem[] } {
  const ast = parseText(text);
  if ("message" in ast) return { program: undefined, problems: [ast] };
  const unit: Unit = { text, environment, problems: [], reads: new Map(), slots: 0, usesLiteral: false, quantifiers: [] };
  const node = compileNode(ast, { unit, variables: [], guards: new Set(), negated: false });
  if (unit.problems.length > 0) return { program: undefined, problems: unit.problems };
  return { program: programOf(text, node, unit), problems: [] };
}

/** Compiles a text with CEL in braces; `{{` is a brace. Literal pieces and programs, in order. */
export function compileMessage(
  text: string,
  environment: Environment,
): { readonly message: (string | Program)[]; readonly problems: readonly CelProblem[] } {
  const message: (string | Program)[] = [];
  const problems: CelProblem[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    if (open < 0) break;
    literal += text.slice(at, open).replaceAll("}}", "}");
    if (text[open + 1] === "{") {
      literal += "{";
      at = open + 2;
      continue;
    }
    const close = closingBrace(text, open + 1);
    if (close < 0) {
      problems.push({
        range: { start: open, end: text.length },
        message: "This brace is not closed. A brace itself is written `{{`.",
      });
      return { message, problems };
    }
    const compiled = compile(text.slice(open + 1, close), environment);
    for (const one of compiled.problems) {
      problems.push({ range: { start: one.range.start + open + 1, end: one.range.end + open + 1 }, message: one.message });
    }
    if (compiled.program !== undefined) {
      if (literal !== "") message.push(literal);
      literal = "";
      message.push(compiled.program);
    }
    at = close + 1;
  }
  literal += text.slice(at).replaceAll("}}", "}");
  if (literal !== "") message.push(literal);
  return { message, problems };
}

/** The expressions in a text's braces, as written. */
export function messageExpressions(text: string): readonly string[] {
  const expressions: string[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf("{", at);
    if (open < 0) return expressions;
    if (text[open + 1] === "{") {
      at = open + 2;
      continue;
    }
    const close = closingBrace(text, open + 1);
    if (close < 0) return expressions;
    expressions.push(text.slice(open + 1, close));
    at = close + 1;
  }
}

const PASS: Verdict = { kind: "pass" };
const FAIL: Verdict = { kind: "fail" };

/** What an assertion's value means. Null and anything that is no boolean are unknown, never a pass. */
export function verdict(value: Value): Verdict {
  if (value.kind === "bool") return value.value ? PASS : FAIL;
  if (value.kind === "unknown") return { kind: "unknown", reasons: value.reasons };
  return {
    kind: "unknown",
    reasons: [value.kind === "null" ? nullOperand : reason("error", `the assertion gave a ${value.kind}`)],
  };
}

const RESERVED = /^Reserved identifier: (.+)$/;

function parseText(text: string): ASTNode | CelProblem {
  try {
    return parse(text).ast;
  } catch (error) {
    const range = rangeOf(error) ?? { start: 0, end: text.length };
    const summary = summaryOf(error);
    const reserved = RESERVED.exec(summary)?.[1];
    if (reserved !== undefined) {
      return { range, message: `\`${reserved}\` is a reserved word of CEL. The attribute is \`self.${reserved}\`.` };
    }
    return { range, message: `${summary}.` };
  }
}

function rangeOf(error: unknown): CelProblem["range"] | undefined {
  if (typeof error !== "object" || error === null || !("range" in error)) return undefined;
  const { range } = error;
  if (typeof range !== "object" || range === null || !("start" in range) || !("end" in range)) return undefined;
  return typeof range.start === "number" && typeof range.end === "number" ? { start: range.start, end: range.end } : undefined;
}

function summaryOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "summary" in error && typeof error.summary === "string") return error.summary;
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "The expression can't be parsed";
}

/** Offset of the brace that ends an expression; braces in its strings and maps don't. */
function closingBrace(text: string, from: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (quote !== undefined) {
      if (c === "\\") i++;
      else if (c === quote) quote = undefined;
    } else if (c === '"' || c === "'") quote = c;
    else if (c === "{") depth++;
    else if (c === "}" && depth-- === 0) return i;
  }
  return -1;
}

function programOf(text: string, node: Node, unit: Unit): Program {
  const { run } = node;
  const { slots, usesLiteral } = unit;
  const [first] = unit.quantifiers.toSorted((a, b) => a.start - b.start);
  const failingType = first?.failing;
  const frameOf = (scope: Scope): Frame => ({ scope, locals: slots === 0 ? NO_LOCALS : new Array<Value>(slots).fill(NULL) });
  return {
    source: text,
    type: node.type,
    failingType,
    reads: [...unit.reads.values()],
    usesLiteral,
    // `literal()` needs the paths that only a trace knows.
    evaluate: usesLiteral ? (scope) => node.explain(frameOf(scope)).value : (scope) => run(frameOf(scope)),
    trace: (scope) => traceOf(node, frameOf(scope), failingType),
  };
}

const NO_LOCALS: Value[] = [];

function traceOf(node: Node, frame: Frame, failingType: StaticType | undefined): Trace {
  const result = node.explain(frame);
  const decision =
    failingType === undefined || result.decisions.length === 0
      ? undefined
      : result.decisions.find((one) => one.witnesses.length > 0 && sameShape(one.type, failingType));
  const witnesses = decision?.witnesses ?? NONE;
  return { value: withOnlyPath(result), evidence: result.evidence, failing: witnesses[0] ?? NULL, witnesses };
}
