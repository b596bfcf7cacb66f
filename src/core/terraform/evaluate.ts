import type { TextRange } from "../text/text.ts";
import type { Conditional, Expression, ObjectExpression } from "../hcl/syntax.ts";
import { convert, mayShrink, parseNumber, unify } from "../values/convert.ts";
import { equalTypes } from "../values/equality.ts";
import { bool, DYNAMIC, ExactDecimal, NULL, number, nullOf, object, string, STRING, tuple, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { Refinement, Type, Value } from "../values/value.ts";
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
      return valueOf(resolve(expression, scope), expression, scope);
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

function valueOf(entry: ScopeEntry, range: TextRange, scope: EvaluationScope): Value {
  if (entry.kind === "value") return entry.value;
  return (
    entry.value() ?? invalid(scope, range, "unknown-reference", `\`${entry.label}\` can't stand alone: name what is meant in it.`)
  );
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
      if (
        from.kind === "value" &&
        from.single === true &&
        from.value.kind === "object" &&
        !from.value.entries.has(expression.name.name)
      )
        return made(
          invalid(scope, expression.name, "unknown-reference", `This object has no attribute "${expression.name.name}".`),
        );
      if (from.kind === "value") return made(getAttribute(from.value, expression.name.name, expression.name, scope));
      const entry = from.member(expression.name.name);
      if (entry !== undefined) return entry;
      const code = from.members === "attributes" ? "unknown-attribute" : "unknown-reference";
      return made(invalid(scope, expression.name, code, `${from.label}.${expression.name.name} is not declared.`));
    }
    case "index": {
      const from = resolve(expression.object, scope);
      const key = evaluate(expression.key, scope);
      if (from.kind === "namespace" && from.index !== undefined && (key.kind === "string" || key.kind === "number")) {
        const entry = from.index(key.kind === "string" ? key.value : Number(key.value));
        if (entry !== undefined) {
          if (from.maybe !== undefined) scope.perhaps?.(from.maybe);
          return entry;
        }
      }
      if (from.kind === "value" && from.single === true)
        return made(
          invalid(
            scope,
            expression.key,
            "unknown-reference",
            "This has no instances to choose from: it has neither `count` nor `for_each`.",
          ),
        );
      return made(indexValue(valueOf(from, expression.object, scope), key, expression.key, scope));
    }
    default:
      return made(evaluate(expression, scope));
  }
}

function made(value: Value): ScopeEntry {
  return { kind: "value", value };
}

function evaluateConditional(conditional: Conditional, scope: EvaluationScope): Value {
  const given = evaluate(conditional.condition, scope);
  // Terraform looks at the type of what is not known only once it is.
  const condition = given.kind === "unknown" ? given : asBool(given, conditional.condition, scope);
  // Both branches are evaluated for their type; only the taken one may complain.
  const quiet: EvaluationScope = {
    ...scope,
    root: (name) => scope.root(name),
    problem: (range, code, message) => {
      // A reference to what is not declared is refused before anything is evaluated.
      if (code === "budget" || code === "unknown-reference") scope.problem(range, code, message);
    },
    perhaps: () => undefined,
  };
  const taken = condition.kind === "bool" ? condition.value : undefined;
  const yes = evaluate(conditional.then, taken === false ? quiet : scope);
  const no = evaluate(conditional.else, taken === true ? quiet : scope);
  const type = commonType(yes, no);
  const marks = marksOf([condition, yes, no]);
  if (taken !== undefined) {
    const chosen = taken ? yes : no;
    if (type === undefined) {
      const other = taken ? no : yes;
      // A branch that terraform refuses already must not spoil the taken one.
      if (other.kind === "unknown" && other.reasons.some(({ kind }) => kind === "invalid" || kind === "syntax"))
        return withMarks(chosen, marks);
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
  if (yes.kind === "null" && no.kind === "null") return withMarks(nullOf(type), marks);
  return unknown(type, reasonsOf([condition]), { ...marks, ...eitherOf(yes, no) });
}

/** A null of no type takes the other's; what is not typed yet leaves it open. */
function commonType(yes: Value, no: Value): Type | undefined {
  const [a, b] = [typeOf(yes), typeOf(no)];
  if (yes.kind === "null" && a.kind === "dynamic") return b;
  if (no.kind === "null" && b.kind === "dynamic") return a;
  return a.kind === "dynamic" || b.kind === "dynamic" ? DYNAMIC : unify([a, b]);
}

/** What holds of both results, whichever it will be. */
function eitherOf(yes: Value, no: Value): { readonly refinement?: Refinement } {
  const notNull = isNotNull(yes) && isNotNull(no) ? { notNull: true } : {};
  const [low, high] = [numberBounds(yes), numberBounds(no)];
  const bounds =
    low === undefined || high === undefined ? {} : { minimum: Math.min(low[0], high[0]), maximum: Math.max(low[1], high[1]) };
  const [short, long] = [lengthBounds(yes), lengthBounds(no)];
  const lengths =
    short === undefined || long === undefined || !equalTypes(typeOf(yes), typeOf(no))
      ? {}
      : { minimumLength: Math.min(short[0], long[0]), maximumLength: Math.max(short[1], long[1]) };
  const refinement = Object.fromEntries(
    Object.entries({ ...notNull, ...bounds, ...lengths }).filter(([, bound]) => bound === true || Number.isFinite(bound)),
  );
  return Object.keys(refinement).length === 0 ? {} : { refinement };
}

type Bounds = readonly [lowest: number, highest: number];

function numberBounds(value: Value): Bounds | undefined {
  if (value.kind === "number") return typeof value.value === "number" ? [value.value, value.value] : undefined;
  if (value.kind !== "unknown" || value.type.kind !== "number") return undefined;
  return [value.refinement?.minimum ?? -Infinity, value.refinement?.maximum ?? Infinity];
}

function lengthBounds(value: Value): Bounds | undefined {
  switch (value.kind) {
    case "list":
    case "set":
      if (value.rest !== undefined) return undefined;
      return [mayShrink(value) ? 1 : value.items.length, value.items.length];
    case "map":
      return [value.entries.size, value.entries.size];
    case "unknown":
      if (value.type.kind !== "list" && value.type.kind !== "set" && value.type.kind !== "map") return undefined;
      return [value.refinement?.minimumLength ?? 0, value.refinement?.maximumLength ?? Infinity];
    default:
      return undefined;
  }
}

function isNotNull(value: Value): boolean {
  return value.kind === "unknown" ? value.refinement?.notNull === true : value.kind !== "null";
}

function evaluateObject(expression: ObjectExpression, scope: EvaluationScope): Value {
  const entries: [string, Value][] = [];
  const keys: Value[] = [];
  const [first] = expression.items;
  if (first?.bareKey === true && first.key.kind === "variable" && first.key.name === "for")
    return invalid(scope, first.key, "invalid-for", "Behind { stands a for expression: put a key of that name into quotes.");
  for (const item of expression.items) {
    if (!item.bareKey && item.key.kind === "getAttribute")
      return invalid(scope, item.key, "invalid-key", "Put a key that is an expression into parentheses, or into quotes.");
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
