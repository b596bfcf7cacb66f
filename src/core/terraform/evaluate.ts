import type { Conditional, Expression, ObjectExpression } from "../hcl/syntax.ts";
import { convert, parseNumber, unify } from "../values/convert.ts";
import { bool, DYNAMIC, ExactDecimal, NULL, number, object, string, STRING, tuple, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { Value } from "../values/value.ts";
import { getAttribute, indexValue } from "./access.ts";
import { callFunction } from "./functions/call.ts";
import { evaluateFor, evaluateSplat } from "./iteration.ts";
import { asBool, evaluateBinary, evaluateUnary } from "./operators.ts";
import { affordable, type EvaluationScope, invalid, type ScopeEntry, spend } from "./scope.ts";
import { evaluateTemplate } from "./templates.ts";
import { marksOf, reasonsOf, unknownFrom, withMarks } from "./unknowns.ts";

/**
 * Terraform's value of an expression. Never throws on a user's text: what terraform would refuse is a problem in the scope and the
 * value unknown("invalid").
 */
export function evaluate(expression: Expression, scope: EvaluationScope): Value {
  if (!spend(scope, 1, expression)) return unknown(DYNAMIC, { kind: "budget", detail: "evaluation" });
  switch (expression.kind) {
    case "literal":
      return literal(expression.value);
    case "template":
      return evaluateTemplate(expression, scope, evaluate);
    case "variable":
    case "getAttribute":
    case "index":
      return valueOf(resolve(expression, scope));
    case "splat":
      return evaluateSplat(expression, scope, evaluate);
    case "splatElement":
      return scope.splatElement ?? unknown(DYNAMIC, { kind: "syntax", detail: "splat" });
    case "call":
      return affordable(callFunction(expression, scope, evaluate), expression, scope);
    case "unary":
      return evaluateUnary(expression, evaluate(expression.operand, scope), scope);
    case "binary":
      return evaluateBinary(expression, evaluate(expression.left, scope), evaluate(expression.right, scope), scope);
    case "conditional":
      return evaluateConditional(expression, scope);
    case "parentheses":
      return evaluate(expression.inner, scope);
    case "tuple":
      return tuple(expression.elements.map((element) => evaluate(element, scope)));
    case "object":
      return evaluateObject(expression, scope);
    case "for":
      return affordable(evaluateFor(expression, scope, evaluate), expression, scope);
    case "missing":
      return unknown(DYNAMIC, { kind: "syntax", detail: "unreadable expression" });
  }
}

function literal(value: null | boolean | { readonly number: string }): Value {
  if (value === null) return NULL;
  if (typeof value === "boolean") return bool(value);
  const text = value.number;
  if (text.length < 16 && /^\d+$/.test(text)) return number(Number(text));
  return number(parseNumber(text) ?? new ExactDecimal(0));
}

function valueOf(entry: ScopeEntry): Value {
  return entry.kind === "value" ? entry.value : entry.value();
}

/** Traversals step through namespaces lazily: `local.x` evaluates x alone. */
function resolve(expression: Expression, scope: EvaluationScope): ScopeEntry {
  switch (expression.kind) {
    case "variable": {
      const entry = scope.root(expression.name);
      if (entry !== undefined) return entry;
      return made(invalid(scope, expression, "unknown-reference", `Nothing named "${expression.name}" can be referred to here.`));
    }
    case "getAttribute": {
      const from = resolve(expression.object, scope);
      if (from.kind === "value") return made(getAttribute(from.value, expression.name.name, expression.name, scope));
      const entry = from.member(expression.name.name);
      if (entry !== undefined) return entry;
      return made(invalid(scope, expression.name, "unknown-reference", `${from.label}.${expression.name.name} is not declared.`));
    }
    case "index": {
      const from = resolve(expression.object, scope);
      const key = evaluate(expression.key, scope);
      if (from.kind === "namespace" && from.index !== undefined && (key.kind === "string" || key.kind === "number")) {
        const entry = from.index(key.kind === "string" ? key.value : Number(key.value));
        if (entry !== undefined) return entry;
      }
      return made(indexValue(valueOf(from), key, expression.key, scope));
    }
    default:
      return made(evaluate(expression, scope));
  }
}

function made(value: Value): ScopeEntry {
  return { kind: "value", value };
}

function evaluateConditional(conditional: Conditional, scope: EvaluationScope): Value {
  const condition = asBool(evaluate(conditional.condition, scope), conditional.condition, scope);
  // Both branches are evaluated for their type; only the taken one may complain.
  const quiet: EvaluationScope = {
    ...scope,
    root: (name) => scope.root(name),
    problem: (range, code, message) => {
      if (code === "budget") scope.problem(range, code, message);
    },
  };
  const taken = condition.kind === "bool" ? condition.value : undefined;
  const yes = evaluate(conditional.then, taken === false ? quiet : scope);
  const no = evaluate(conditional.else, taken === true ? quiet : scope);
  const type = unify([typeOf(yes), typeOf(no)]);
  const marks = marksOf([condition, yes, no]);
  if (taken !== undefined) {
    const chosen = taken ? yes : no;
    if (type === undefined) {
      const other = taken ? no : yes;
      // An unusable other branch (already unknown for a reason) must not spoil the taken one.
      if (other.kind === "unknown") return withMarks(chosen, marks);
      return invalid(
        scope,
        conditional,
        "inconsistent-types",
        `The two results of the condition have types that don't fit together: ${typeName(typeOf(yes))} and ${typeName(typeOf(no))}.`,
      );
    }
    const converted = convert(chosen, type);
    return withMarks("error" in converted ? chosen : converted.value, marks);
  }
  if (type === undefined)
    return invalid(
      scope,
      conditional,
      "inconsistent-types",
      `The two results of the condition have types that don't fit together: ${typeName(typeOf(yes))} and ${typeName(typeOf(no))}.`,
    );
  const notNull = isNotNull(yes) && isNotNull(no);
  return unknown(type, reasonsOf([condition]), {
    ...marks,
    ...(notNull ? { refinement: { notNull: true } } : {}),
  });
}

function isNotNull(value: Value): boolean {
  return value.kind === "unknown" ? value.refinement?.notNull === true : value.kind !== "null";
}

function evaluateObject(expression: ObjectExpression, scope: EvaluationScope): Value {
  const entries: [string, Value][] = [];
  const keys: Value[] = [];
  for (const item of expression.items) {
    const key = item.bareKey && item.key.kind === "variable" ? string(item.key.name) : evaluate(item.key, scope);
    const value = evaluate(item.value, scope);
    const text = convert(key, STRING);
    if ("error" in text) return invalid(scope, item.key, "invalid-key", "The key of an object is a string.");
    if (text.value.kind === "null") return invalid(scope, item.key, "null-value", "The key of an object can't be null.");
    keys.push(text.value);
    if (text.value.kind === "string") entries.push([text.value.value, value]);
  }
  if (keys.some((key) => key.kind === "unknown")) return unknownFrom(DYNAMIC, keys);
  return withMarks(object(entries), marksOf(keys));
}
