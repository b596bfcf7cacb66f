import type { ASTNode } from "@marcbachmann/cel-js";
import { Decimal } from "decimal.js";
import { didYouMean } from "../text/nearest.ts";
import {
  BOOL,
  DYNAMIC,
  FALSE,
  list,
  listOf,
  mapOf,
  NULL,
  NUMBER,
  number,
  object,
  reason,
  STRING,
  string,
  TRUE,
} from "../values/make.ts";
import type { Reason, Type, Value } from "../values/value.ts";
import { compileBranch, compileJunction, compileNot } from "./logic.ts";
import { equal, notEqual } from "./compare.ts";
import { applyArithmetic, applyOrder, membership } from "./operators.ts";
import { compileFunction, compileMethod } from "./calls.ts";
import type { Frame, Node, StaticPath, Traced } from "./node.ts";
import { mergePaths, mergeReasons, NONE, pathEvidence, traced, undetermined, valueType, withPath } from "./node.ts";
import type { Environment, StaticType } from "./program.ts";
import { compileIndex, compileSelect, nameNode, selfNode } from "./paths.ts";
import { commonType, comparable, elementType, listType, staticTypeName } from "./static-types.ts";

export interface Variable {
  readonly name: string;
  readonly slot: number;
  readonly type: StaticType;
  readonly reads: readonly string[] | undefined;
  /** An element of what a function made. */
  readonly derived?: true;
}

/** What is shared by everything in one expression. */
export interface Unit {
  readonly text: string;
  readonly environment: Environment;
  readonly problems: { readonly range: { readonly start: number; readonly end: number }; readonly message: string }[];
  readonly reads: Map<string, readonly string[]>;
  slots: number;
  usesLiteral: boolean;
  readonly quantifiers: { readonly start: number; readonly failing: StaticType }[];
}

/** Where in the expression we are. */
export interface Context {
  readonly unit: Unit;
  readonly variables: readonly Variable[];
  /** Parts that are certainly not null here, as `partKey` names them. */
  readonly guards: ReadonlySet<string>;
  /** Under an odd number of negations. */
  readonly negated: boolean;
}

export function problem(context: Context, at: { readonly start: number; readonly end: number }, message: string): Node {
  context.unit.problems.push({ range: { start: at.start, end: at.end }, message });
  const value = undetermined(DYNAMIC, [reason("error", message)]);
  return { range: at, type: DYNAMIC, run: () => value, explain: () => traced(value) };
}

export function compileNode(ast: ASTNode, context: Context): Node {
  switch (ast.op) {
    case "value":
      return literalNode(ast, context);
    case "id":
      return identifier(ast, ast.args, context);
    case ".":
      return compileSelect(ast, compileNode(ast.args[0], context), ast.args[1], context);
    case "[]":
      return compileIndex(ast, compileNode(ast.args[0], context), compileNode(ast.args[1], context), context);
    case "call":
      return compileFunction(ast, ast.args[0], ast.args[1], context);
    case "rcall":
      return compileMethod(ast, ast.args[0], ast.args[1], ast.args[2], context);
    case "list":
      return listNode(
        ast,
        ast.args.map((item) => compileNode(item, context)),
      );
    case "map":
      return mapNode(ast, context);
    case "?:":
      return compileBranch(ast, ast.args, context);
    case "&&":
    case "||":
      return compileJunction(ast, ast.op, ast.args, context);
    case "!_":
      return compileNot(ast, ast.args, context);
    case "-_":
      return arithmetic(ast, "-", [constantNode(ast, number(0)), compileNode(ast.args, context)], context);
    case "==":
    case "!=":
      return equality(ast, ast.op, ast.args, context);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparison(ast, ast.op, [compileNode(ast.args[0], context), compileNode(ast.args[1], context)], context);
    case "+":
    case "-":
    case "*":
      return arithmetic(ast, ast.op, [compileNode(ast.args[0], context), compileNode(ast.args[1], context)], context);
    case "/":
    case "%":
      return problem(context, ast, `\`${ast.op}\` is not part of the check language: numbers are exact here.`);
    case "in":
      return memberNode(ast, [compileNode(ast.args[0], context), compileNode(ast.args[1], context)], context);
    case ".?":
    case "[?]":
      return problem(context, ast, "Optional selection is not part of the check language: selecting from null is null.");
  }
}

export function constantNode(at: { readonly start: number; readonly end: number }, value: Value, type?: Type): Node {
  const result = traced(value);
  const own: Type =
    type ?? (value.kind === "bool" || value.kind === "number" || value.kind === "string" ? { kind: value.kind } : DYNAMIC);
  return { range: { start: at.start, end: at.end }, type: own, run: () => value, explain: () => result, constant: value };
}

/** A node whose value is a function of its operands; each operand's evidence is its own. */
export function binaryNode(
  at: { readonly start: number; readonly end: number },
  type: StaticType,
  operands: readonly [Node, Node],
  apply: (a: Value, b: Value) => Value,
): Node {
  const [a, b] = operands;
  const { run: left } = a;
  const { run: right } = b;
  return {
    range: { start: at.start, end: at.end },
    type,
    run: (frame) => apply(left(frame), right(frame)),
    explain: (frame) => {
      const x = a.explain(frame);
      const y = b.explain(frame);
      const value = apply(x.value, y.value);
      // Of an undetermined comparison only what is not known decided.
      const evidence = value.kind === "unknown" ? undeterminedEvidence(x, y) : mergePaths(x.evidence, y.evidence);
      return traced(value, evidence, x.decisions.length > 0 ? x.decisions : y.decisions);
    },
  };
}

function undeterminedEvidence(x: Traced, y: Traced): Traced["evidence"] {
  const open = (one: Traced): boolean => one.value.kind === "unknown" || one.value.kind === "null";
  if (open(x) === open(y)) return mergePaths(x.evidence, y.evidence);
  const only = open(x) ? x : y;
  return only.evidence.length > 0 ? only.evidence : mergePaths(x.evidence, y.evidence);
}

/** Records what an expression can read of the instance. */
export function noteRead(context: Context, path: StaticPath | undefined): void {
  if (path?.reads !== undefined && path.reads.length > 0) context.unit.reads.set(path.reads.join("\u0000"), path.reads);
}

export function wants(context: Context, node: Node, kinds: readonly StaticType["kind"][], what: string): boolean {
  if (node.type.kind === "dynamic" || kinds.includes(node.type.kind)) return true;
  problem(
    context,
    node.range,
    `${what} must be ${article(kinds[0] ?? "value")}, but this is ${article(staticTypeName(node.type))}.`,
  );
  return false;
}

function article(name: string): string {
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

function literalNode(ast: ASTNode & { op: "value" }, context: Context): Node {
  const value = ast.args;
  if (value === null) return constantNode(ast, NULL);
  if (typeof value === "boolean") return constantNode(ast, value ? TRUE : FALSE);
  if (typeof value === "string") return constantNode(ast, string(value));
  if (typeof value === "bigint") return constantNode(ast, number(new Decimal(value.toString())));
  if (typeof value === "number") {
    const text = context.unit.text.slice(ast.start, ast.end);
    return constantNode(ast, number(/^[\d.]+(?:[eE][+-]?\d+)?$/.test(text) ? new Decimal(text) : value));
  }
  return problem(context, ast, "Bytes and unsigned integers are not part of the check language.");
}

function identifier(ast: ASTNode, name: string, context: Context): Node {
  const variable = context.variables.findLast((one) => one.name === name);
  if (variable !== undefined) return variableNode(ast, variable, context);
  const { environment } = context.unit;
  switch (name) {
    case "now":
      return scopeNode(ast, STRING, (frame) => string(frame.scope.now));
    case "self":
      return selfNode(ast, environment.name("self"), context);
    case "failing":
      if (environment.failing === undefined) {
        return problem(
          context,
          ast,
          "`failing` can be used in the messages and fixes of an assertion with a quantifier or `empty` only.",
        );
      }
      return scopeNode(ast, environment.failing, (frame) => frame.scope.failing ?? NULL);
    case "parameters": {
      const type = environment.name(name);
      if (type?.kind === "object") return scopeNode(ast, type, (frame) => frame.scope.parameters);
      return problem(
        context,
        ast,
        type === undefined
          ? "There are no parameters here."
          : "`parameters` are those of the check; the attribute is `self.parameters`.",
      );
    }
  }
  const type = environment.name(name);
  if (type === undefined) {
    return problem(context, ast, `There is no \`${name}\` here.${didYouMean(name, environment.names?.() ?? [])}`);
  }
  return nameNode(ast, name, type, context);
}

function scopeNode(ast: ASTNode, type: StaticType, read: (frame: Frame) => Value): Node {
  return {
    range: ast.range,
    type,
    run: read,
    explain: (frame) => {
      const value = read(frame);
      return traced(value, pathEvidence(value));
    },
  };
}

function variableNode(ast: ASTNode, variable: Variable, context: Context): Node {
  const { slot } = variable;
  const path: StaticPath = { root: `#${slot}`, steps: [], parts: [], reads: variable.reads };
  noteRead(context, path);
  const run = (frame: Frame): Value => frame.locals[slot] ?? NULL;
  return {
    range: ast.range,
    type: variable.type,
    ...(variable.derived === true ? { derived: true } : {}),
    run,
    explain: (frame) => {
      const value = run(frame);
      return traced(value, pathEvidence(value));
    },
    path,
  };
}

function listNode(ast: ASTNode, items: readonly Node[]): Node {
  const element = commonType(items.map((item) => item.type));
  const type = items.length === 0 ? listOf(DYNAMIC) : listType(element);
  if (items.every((item) => item.constant !== undefined)) {
    const values = items.flatMap((item) => (item.constant === undefined ? [] : [item.constant]));
    return { ...constantNode(ast, list(valueType(element), values)), type };
  }
  const make = (values: readonly Value[]): Value => {
    const known: Value[] = [];
    let rest: readonly Reason[] = NONE;
    for (const value of values) {
      // `unknown(reason)` stands for any number of elements.
      if (value.kind === "unknown" && value.type.kind === "dynamic" && value.reasons.every((one) => one.kind === "unknown")) {
        rest = mergeReasons(rest, value.reasons);
      } else known.push(value);
    }
    return rest.length === 0 ? list(valueType(element), known) : list(valueType(element), known, rest);
  };
  return {
    range: ast.range,
    type,
    run: (frame) => make(items.map((item) => item.run(frame))),
    explain: (frame) => {
      const results = items.map((item) => item.explain(frame));
      return traced(
        make(results.map((result) => withOnlyPath(result))),
        results.reduce<Traced["evidence"]>((paths, result) => mergePaths(paths, result.evidence), NONE),
      );
    },
  };
}

/** A value with the one path that made it, if there is one. */
export function withOnlyPath({ value, evidence }: Traced): Value {
  const only = evidence[0];
  return value.path !== undefined || only === undefined || evidence.length > 1 ? value : withPath(value, only);
}

function mapNode(ast: ASTNode & { op: "map" }, context: Context): Node {
  const entries = ast.args.map(([key, value]) => [compileNode(key, context), compileNode(value, context)] as const);
  const keys: string[] = [];
  for (const [key] of entries) {
    if (key.constant?.kind !== "string") return problem(context, key.range, "The keys of a map must be written as strings.");
    keys.push(key.constant.value);
  }
  const nodes = entries.map(([, value]) => value);
  const make = (values: readonly Value[]): Value => object(keys.map((key, i) => [key, values[i] ?? NULL] as const));
  return {
    range: ast.range,
    type: mapOf(valueType(commonType(nodes.map((node) => node.type)))),
    run: (frame) => make(nodes.map((node) => node.run(frame))),
    explain: (frame) => {
      const results = nodes.map((node) => node.explain(frame));
      return traced(
        make(results.map((result) => result.value)),
        results.reduce<Traced["evidence"]>((paths, result) => mergePaths(paths, result.evidence), NONE),
      );
    },
  };
}

function equality(ast: ASTNode, op: "==" | "!=", args: readonly [ASTNode, ASTNode], context: Context): Node {
  const a = compileNode(args[0], context);
  const b = compileNode(args[1], context);
  if (!comparable(a.type, b.type)) {
    return problem(context, ast, `A ${staticTypeName(a.type)} never equals a ${staticTypeName(b.type)}.`);
  }
  const toNull = a.constant?.kind === "null" || b.constant?.kind === "null";
  if (!toNull && (op === "!=") !== context.negated) {
    refuseMissingPart(context, a);
    refuseMissingPart(context, b);
  }
  return binaryNode(ast, BOOL, [a, b], op === "==" ? equal : notEqual);
}

/** A negation about a part that may be missing passes when it is: the likeliest way to a false pass. */
export function refuseMissingPart(context: Context, node: Node): void {
  const { path } = node;
  if (path === undefined || node.type.kind === "instance") return;
  for (const length of path.parts) {
    if (length >= path.steps.length && length > 0 && path.steps.length !== length) continue;
    const key = partKey(path, length);
    if (context.guards.has(key)) continue;
    const name = path.steps.slice(0, length).join(".");
    problem(
      context,
      node.range,
      `This negation holds when \`${name}\` is missing. Say what is meant with \`${name} != null &&\` or \`${name} == null ||\`.`,
    );
    return;
  }
}

export function partKey(path: StaticPath, length: number): string {
  return `${path.root}:${path.steps.slice(0, length).join(".")}`;
}

function comparison(ast: ASTNode, op: "<" | "<=" | ">" | ">=", operands: readonly [Node, Node], context: Context): Node {
  const [a, b] = operands;
  if (!wants(context, a, ["number", "string"], `The left side of \`${op}\``)) return constantNode(ast, FALSE);
  if (!wants(context, b, ["number", "string"], `The right side of \`${op}\``)) return constantNode(ast, FALSE);
  if (!comparable(a.type, b.type)) {
    return problem(context, ast, `A ${staticTypeName(a.type)} has no order beside a ${staticTypeName(b.type)}.`);
  }
  return binaryNode(ast, BOOL, operands, applyOrder(op));
}

function arithmetic(ast: ASTNode, op: "+" | "-" | "*", operands: readonly [Node, Node], context: Context): Node {
  const [a, b] = operands;
  const kinds = [a.type.kind, b.type.kind];
  const join = op === "+" && kinds.some((kind) => kind === "string");
  const append = op === "+" && kinds.some((kind) => kind === "list" || kind === "set" || kind === "tuple" || kind === "instances");
  const allowed: StaticType["kind"][] = join
    ? ["string", "number"]
    : append
      ? ["list", "set", "tuple", "instances"]
      : op === "+"
        ? ["number", "string"]
        : ["number"];
  if (!wants(context, a, allowed, `The left side of \`${op}\``)) return constantNode(ast, NULL);
  if (!wants(context, b, allowed, `The right side of \`${op}\``)) return constantNode(ast, NULL);
  const type: StaticType = join
    ? STRING
    : append
      ? listType(commonType([elementType(a.type) ?? DYNAMIC, elementType(b.type) ?? DYNAMIC]))
      : kinds.includes("dynamic") && op === "+"
        ? DYNAMIC
        : NUMBER;
  return binaryNode(ast, type, operands, applyArithmetic(op, valueType(type)));
}

function memberNode(ast: ASTNode, operands: readonly [Node, Node], context: Context): Node {
  const [item, collection] = operands;
  const element = collection.type.kind === "object" ? STRING : elementType(collection.type);
  if (element === undefined) {
    return problem(context, collection.range, `\`in\` needs a list or a map, but this is a ${staticTypeName(collection.type)}.`);
  }
  if (!comparable(item.type, element)) {
    return problem(context, ast, `A ${staticTypeName(item.type)} is never in a list of ${staticTypeName(element)}.`);
  }
  if (context.negated) refuseMissingPart(context, item);
  return binaryNode(ast, BOOL, operands, membership);
}
