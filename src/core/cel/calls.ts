import type { ASTNode } from "@marcbachmann/cel-js";
import { didYouMean } from "../text/nearest.ts";
import { BOOL, DYNAMIC, FALSE, list, NULL, reason, TRUE, unknown } from "../values/make.ts";
import type { Reason, Value } from "../values/value.ts";
import { sameness } from "./compare.ts";
import type { Context } from "./expressions.ts";
import { compileNode, constantNode, problem, wants, withOnlyPath } from "./expressions.ts";
import type { FunctionSpec } from "./functions.ts";
import { FUNCTIONS, METHODS } from "./functions.ts";
import type { Frame, Node, Traced } from "./node.ts";
import { childAt, derivedFrom, mergePaths, mergeReasons, NONE, nullOperand, traced, undetermined, valueType } from "./node.ts";
import { compileEmpty, compileQuantifier, QUANTIFIERS, sizeOf } from "./quantifiers.ts";
import { commonType, elementType, listType, staticTypeName } from "./static-types.ts";

const SPECIAL = ["has", "empty", "flat", "size", "unknown", "literal", "table"] as const;

export function compileFunction(ast: ASTNode, name: string, args: readonly ASTNode[], context: Context): Node {
  const [first, second] = args;
  const arity = (count: number): Node | undefined =>
    args.length === count
      ? undefined
      : problem(context, ast, `\`${name}\` takes ${count === 1 ? "one argument" : `${count} arguments`}, not ${args.length}.`);
  switch (name) {
    case "has":
      return arity(1) ?? (first === undefined ? problem(context, ast, "") : compileHas(ast, compileNode(first, context)));
    case "empty":
      return arity(1) ?? (first === undefined ? problem(context, ast, "") : compileEmpty(ast, first, context));
    case "size":
      return arity(1) ?? (first === undefined ? problem(context, ast, "") : compileSize(ast, compileNode(first, context), context));
    case "flat":
      return arity(1) ?? (first === undefined ? problem(context, ast, "") : compileFlat(ast, first, context));
    case "literal":
      return (
        arity(1) ?? (first === undefined ? problem(context, ast, "") : compileLiteral(ast, compileNode(first, context), context))
      );
    case "table":
      return (
        arity(2) ??
        (first === undefined || second === undefined
          ? problem(context, ast, "")
          : compileTable(ast, compileNode(first, context), compileNode(second, context), context))
      );
    case "unknown": {
      const wrong = arity(1);
      if (wrong !== undefined) return wrong;
      const detail = first === undefined ? undefined : compileNode(first, context).constant;
      if (detail?.kind !== "string") return problem(context, ast, "The reason of `unknown` must be written as a string.");
      const value = unknown(DYNAMIC, reason("unknown", detail.value));
      return { range: ast.range, type: DYNAMIC, run: () => value, explain: () => traced(value) };
    }
  }
  const spec = FUNCTIONS.get(name);
  if (spec === undefined) {
    const hint = QUANTIFIERS.has(name) ? ` Write \`list.${name}(x, …)\`.` : didYouMean(name, [...FUNCTIONS.keys(), ...SPECIAL]);
    return problem(context, ast, `There is no function \`${name}\`.${hint}`);
  }
  return callNode(
    ast,
    name,
    spec,
    args.map((arg) => compileNode(arg, context)),
    context,
  );
}

export function compileMethod(ast: ASTNode, name: string, receiverAst: ASTNode, args: readonly ASTNode[], context: Context): Node {
  if (QUANTIFIERS.has(name)) return compileQuantifier(ast, name, receiverAst, args, context);
  const receiver = compileNode(receiverAst, context);
  if (name === "size" && args.length === 0) return compileSize(ast, receiver, context);
  const candidates = METHODS.get(name) ?? [];
  const spec = candidates.find((one) => accepts(one, receiver)) ?? candidates[0];
  if (spec === undefined) {
    const known = [...METHODS.keys(), ...QUANTIFIERS];
    return problem(context, ast, `There is no method \`${name}\`.${didYouMean(name, known)}`);
  }
  return callNode(ast, name, spec, [receiver, ...args.map((arg) => compileNode(arg, context))], context);
}

function accepts(spec: FunctionSpec, receiver: Node): boolean {
  const [first] = spec.parameters;
  if (first === undefined || first === "any" || receiver.type.kind === "dynamic") return true;
  return typeof first === "string" ? first === receiver.type.kind : first === receiver.type;
}

function callNode(ast: ASTNode, name: string, spec: FunctionSpec, args: readonly Node[], context: Context): Node {
  const least = spec.parameters.length - (spec.optional ?? 0);
  if (args.length < least || args.length > spec.parameters.length) {
    const wanted = least === spec.parameters.length ? `${least}` : `${least} to ${spec.parameters.length}`;
    return problem(context, ast, `\`${name}\` takes ${wanted} arguments, not ${args.length}.`);
  }
  for (const [index, arg] of args.entries()) {
    const wanted = spec.parameters[index];
    if (wanted === undefined || wanted === "any" || arg.type.kind === "dynamic") continue;
    if (typeof wanted !== "string") {
      if (arg.type === wanted) continue;
      return problem(context, arg.range, `\`${name}\` can't be asked of a ${staticTypeName(arg.type)}.`);
    }
    const kinds = wanted === "list" ? (["list", "set", "tuple", "instances"] as const) : ([wanted] as const);
    if (!wants(context, arg, kinds, `Argument ${index + 1} of \`${name}\``)) return constantNode(ast, FALSE);
  }
  const { dialect } = context.unit.environment;
  const wrong = spec.check?.(args.map((arg) => arg.constant));
  if (wrong !== undefined) return problem(context, ast, wrong);
  const result = spec.result;
  const apply = (values: readonly Value[], frame: Frame): Value => {
    let reasons: readonly Reason[] = NONE;
    let sensitive = false;
    for (const value of values) {
      if (value.sensitive === true) sensitive = true;
      if (value.kind === "null" && spec.takesNull !== true) reasons = mergeReasons(reasons, [nullOperand]);
      else if (value.kind === "unknown" && spec.takesUnknown !== true) reasons = mergeReasons(reasons, value.reasons);
    }
    if (reasons.length > 0) {
      const refined = spec.refined?.(values);
      return refined ?? undetermined(valueType(result), reasons);
    }
    const value = spec.apply(values, { scope: frame.scope, dialect });
    return sensitive && value.kind !== "bool" ? hidden(value) : value;
  };
  return {
    range: ast.range,
    type: result,
    derived: true,
    elementEvidence: spec.elementEvidence,
    run: (frame) =>
      apply(
        args.map((arg) => arg.run(frame)),
        frame,
      ),
    explain: (frame) => {
      const results = args.map((arg) => arg.explain(frame));
      const value = apply(results.map(withOnlyPath), frame);
      let evidence: Traced["evidence"] = NONE;
      for (const one of results) evidence = mergePaths(evidence, one.evidence);
      const only = evidence[0];
      return traced(only !== undefined && evidence.length === 1 ? derivedFrom(value, only) : value, evidence);
    },
  };
}

/** What was made of a sensitive value is sensitive, all the way down. */
function hidden(value: Value): Value {
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: value.items.map(hidden) };
    case "map":
    case "object":
      return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, hidden(item)])) };
    default:
      return { ...value, sensitive: true };
  }
}

/** `has(x)`: not null. */
function compileHas(ast: ASTNode, node: Node): Node {
  const test = (value: Value): Value => {
    const same = sameness(value, NULL);
    return same === true ? FALSE : same === false ? TRUE : undetermined(BOOL, same);
  };
  return {
    range: ast.range,
    type: BOOL,
    run: (frame) => test(node.run(frame)),
    explain: (frame) => {
      const inner = node.explain(frame);
      return traced(test(inner.value), inner.evidence);
    },
  };
}

function compileSize(ast: ASTNode, node: Node, context: Context): Node {
  if (
    node.type.kind !== "object" &&
    !wants(context, node, ["list", "set", "tuple", "instances", "map", "string"], "What is sized")
  ) {
    return constantNode(ast, FALSE);
  }
  return {
    range: ast.range,
    type: { kind: "number" },
    run: (frame) => sizeOf(node.run(frame)),
    explain: (frame) => {
      const inner = node.explain(frame);
      return traced(sizeOf(inner.value), inner.evidence);
    },
  };
}

/** `flat([x, [y]])`: lists joined, nulls dropped; what is unknown becomes the rest. */
function compileFlat(ast: ASTNode, arg: ASTNode, context: Context): Node {
  const parts = arg.op === "list" ? arg.args.map((item) => compileNode(item, context)) : undefined;
  const whole = parts === undefined ? compileNode(arg, context) : undefined;
  if (whole !== undefined && elementType(whole.type) === undefined) {
    return problem(context, arg, `\`flat\` needs a list, but this is a ${staticTypeName(whole.type)}.`);
  }
  const sources = parts?.map((part) => part.type) ?? [whole === undefined ? DYNAMIC : (elementType(whole.type) ?? DYNAMIC)];
  const type = listType(
    commonType(sources.map((one) => (one.kind === "map" || one.kind === "object" ? one : (elementType(one) ?? one)))),
  );
  const join = (values: readonly Value[], trace: boolean): Value => {
    const items: Value[] = [];
    let rest: readonly Reason[] = NONE;
    const add = (value: Value): void => {
      if (value.kind === "null") return;
      if (value.kind === "unknown") {
        // A value that is surely one element stays one.
        if (value.refinement?.notNull === true && !["list", "set", "tuple", "dynamic"].includes(value.type.kind)) items.push(value);
        else rest = mergeReasons(rest, value.reasons);
      } else items.push(value);
    };
    for (const value of values) {
      if ("items" in value) {
        value.items.forEach((item, index) => add(trace ? childAt(value, index, item) : item));
        if (value.rest !== undefined) rest = mergeReasons(rest, value.rest);
      } else add(value);
    }
    const element = type.kind === "list" ? type.element : DYNAMIC;
    return rest.length === 0 ? list(element, items) : list(element, items, rest);
  };
  if (whole !== undefined) {
    const open = (value: Value): Value =>
      value.kind === "unknown" || value.kind === "null"
        ? join([value], false)
        : "items" in value
          ? withRest(join(value.items, false), value.rest)
          : join([value], false);
    return {
      range: ast.range,
      type,
      run: (frame) => open(whole.run(frame)),
      explain: (frame) => {
        const inner = whole.explain(frame);
        const { value } = inner;
        const spread = "items" in value ? { ...value, items: value.items.map((item, i) => childAt(value, i, item)) } : value;
        const joined = "items" in spread ? withRest(join(spread.items, true), spread.rest) : open(spread);
        return traced(joined, inner.evidence);
      },
    };
  }
  const nodes = parts ?? [];
  return {
    range: ast.range,
    type,
    run: (frame) =>
      join(
        nodes.map((node) => node.run(frame)),
        false,
      ),
    explain: (frame) => {
      const results = nodes.map((node) => node.explain(frame));
      return traced(
        join(results.map(withOnlyPath), true),
        results.reduce<Traced["evidence"]>((paths, one) => mergePaths(paths, one.evidence), NONE),
      );
    },
  };
}

function withRest(value: Value, rest: readonly Reason[] | undefined): Value {
  if (rest === undefined || !("items" in value)) return value;
  return { ...value, rest: mergeReasons(value.rest ?? NONE, rest) };
}

/** `literal(path)`: the place matters, not the value, so the argument is always traced. */
function compileLiteral(ast: ASTNode, node: Node, context: Context): Node {
  context.unit.usesLiteral = true;
  if (node.path === undefined) return problem(context, ast, "`literal` needs the path of an attribute.");
  const explain = (frame: Frame): Traced => {
    const inner = node.explain(frame);
    if (inner.value.kind === "null") return traced(FALSE, inner.evidence);
    const { path } = inner.value;
    if (path === undefined) return traced(undetermined(BOOL, [reason("unsupported", "literal()")]), inner.evidence);
    return traced(frame.scope.literal(path), inner.evidence);
  };
  return { range: ast.range, type: BOOL, run: (frame) => explain(frame).value, explain };
}

function compileTable(ast: ASTNode, name: Node, key: Node, context: Context): Node {
  if (name.constant?.kind !== "string") return problem(context, name.range, "The name of a table must be written as a string.");
  const table = name.constant.value;
  const type = context.unit.environment.table(table);
  if (type === undefined) return problem(context, name.range, `There is no table \`${table}\`.`);
  if (!wants(context, key, ["string", "number"], "The key of a table")) return constantNode(ast, FALSE);
  const look = (value: Value, frame: Frame): Value => {
    if (value.kind === "string") return frame.scope.table(table, value.value);
    if (value.kind === "number") return frame.scope.table(table, String(value.value));
    return undetermined(valueType(type), value.kind === "unknown" ? value.reasons : [nullOperand]);
  };
  return {
    range: ast.range,
    type,
    derived: true,
    run: (frame) => look(key.run(frame), frame),
    explain: (frame) => {
      const inner = key.explain(frame);
      const value = look(inner.value, frame);
      const only = inner.evidence[0];
      return traced(only !== undefined && inner.evidence.length === 1 ? derivedFrom(value, only) : value, inner.evidence);
    },
  };
}
