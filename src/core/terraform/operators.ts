import type { Binary, Unary } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert, sameValue } from "../values/convert.ts";
import { calculate } from "../values/float.ts";
import { bool, BOOL, ExactDecimal, FALSE, number, NUMBER, TRUE, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { NumberValue, UnknownValue, Value } from "../values/value.ts";
import { type EvaluationScope, invalid } from "./scope.ts";
import { marksOf, unknownFrom, withMarks } from "./unknowns.ts";

export function evaluateUnary(unary: Unary, operand: Value, scope: EvaluationScope): Value {
  if (unary.operator === "!") {
    const value = asBool(operand, unary.operand, scope);
    return value.kind === "bool"
      ? withMarks(bool(!value.value), marksOf([value]))
      : unknown(BOOL, value.reasons, { ...marksOf([value]), refinement: { notNull: true } });
  }
  const value = asNumber(operand, unary.operand, scope);
  if (value.kind === "unknown") return unknownFrom(NUMBER, [value], { notNull: true });
  // Terraform's zero has a sign, which shows once it is printed.
  if (value.value === 0) return withMarks({ kind: "number", value: Object.is(value.value, -0) ? 0 : -0 }, marksOf([value]));
  return withMarks(number(typeof value.value === "number" ? -value.value : value.value.negated()), marksOf([value]));
}

export function evaluateBinary(binary: Binary, left: Value, right: Value, scope: EvaluationScope): Value {
  const marks = marksOf([left, right]);
  switch (binary.operator) {
    case "==":
    case "!=": {
      const same = compareDeep(left, right);
      if (same === undefined) return withMarks(unknownFrom(BOOL, [left, right], { notNull: true }), deepMarks([left, right]));
      return withMarks(bool(same === (binary.operator === "==")), deepMarks([left, right]));
    }
    case "&&":
    case "||": {
      const a = asBool(left, binary.left, scope);
      const b = asBool(right, binary.right, scope);
      const decides = binary.operator === "||";
      if ((a.kind === "bool" && a.value === decides) || (b.kind === "bool" && b.value === decides))
        return withMarks(bool(decides), marks);
      if (a.kind === "unknown" || b.kind === "unknown") return unknownFrom(BOOL, [a, b], { notNull: true });
      return withMarks(bool(!decides), marks);
    }
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const a = asNumber(left, binary.left, scope);
      const b = asNumber(right, binary.right, scope);
      if (a.kind === "unknown" || b.kind === "unknown")
        return compareBounds(binary.operator, a, b) ?? unknownFrom(BOOL, [a, b], { notNull: true });
      const order = compareNumbers(a, b);
      return withMarks(
        bool(
          binary.operator === "<"
            ? order < 0
            : binary.operator === "<="
              ? order <= 0
              : binary.operator === ">"
                ? order > 0
                : order >= 0,
        ),
        marks,
      );
    }
    default: {
      const a = asNumber(left, binary.left, scope);
      const b = asNumber(right, binary.right, scope);
      if (a.kind === "unknown" || b.kind === "unknown") return unknownFrom(NUMBER, [a, b], { notNull: true });
      return withMarks(arithmetic(binary, binary.operator, a, b, scope), marks);
    }
  }
}

function compareBounds(
  operator: "<" | "<=" | ">" | ">=",
  a: NumberValue | UnknownValue,
  b: NumberValue | UnknownValue,
): Value | undefined {
  const bound = (value: NumberValue | UnknownValue, side: "minimum" | "maximum"): number | undefined =>
    value.kind === "number" ? (typeof value.value === "number" ? value.value : undefined) : value.refinement?.[side];
  const [low, high] = operator === "<" || operator === "<=" ? [a, b] : [b, a];
  const strict = operator === "<" || operator === ">";
  const lowMaximum = bound(low, "maximum");
  const highMinimum = bound(high, "minimum");
  const lowMinimum = bound(low, "minimum");
  const highMaximum = bound(high, "maximum");
  const marks = marksOf([a, b]);
  if (lowMaximum !== undefined && highMinimum !== undefined && (strict ? lowMaximum < highMinimum : lowMaximum <= highMinimum))
    return withMarks(TRUE, marks);
  if (lowMinimum !== undefined && highMaximum !== undefined && (strict ? lowMinimum >= highMaximum : lowMinimum > highMaximum))
    return withMarks(FALSE, marks);
  return undefined;
}

function compareNumbers(a: NumberValue, b: NumberValue): number {
  if (typeof a.value === "number" && typeof b.value === "number") return a.value - b.value;
  return new ExactDecimal(a.value).comparedTo(b.value);
}

function arithmetic(
  binary: Binary,
  operator: "+" | "-" | "*" | "/" | "%",
  a: NumberValue,
  b: NumberValue,
  scope: EvaluationScope,
): Value {
  if (typeof a.value === "number" && typeof b.value === "number") {
    const quick =
      binary.operator === "+"
        ? a.value + b.value
        : binary.operator === "-"
          ? a.value - b.value
          : binary.operator === "*"
            ? a.value * b.value
            : undefined;
    if (quick !== undefined && Number.isSafeInteger(quick)) return number(quick);
  }
  const y = new ExactDecimal(b.value);
  if ((operator === "/" || operator === "%") && y.isZero()) {
    if (operator === "%" && a.value !== 0) return a;
    return invalid(scope, binary.right, "division-by-zero", "The divisor is zero.", NUMBER);
  }
  return number(calculate(operator, new ExactDecimal(a.value), y));
}

/** `==` over whole structures: marks of inner values count, types of null do not. */
function compareDeep(a: Value, b: Value): boolean | undefined {
  return sameValue(a, b);
}

function deepMarks(values: readonly Value[]): { sensitive?: true; ephemeral?: true } {
  const marks = marksOf(values);
  const visit = (value: Value): void => {
    Object.assign(marks, marksOf([value]));
    if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") value.items.forEach(visit);
    else if (value.kind === "map" || value.kind === "object") value.entries.forEach(visit);
  };
  values.forEach(visit);
  return marks;
}

export function asBool(value: Value, range: TextRange, scope: EvaluationScope): Extract<Value, { kind: "bool" | "unknown" }> {
  const converted = convert(value, BOOL);
  if ("error" in converted)
    return invalid(scope, range, "invalid-operand", `A bool is required here, not a ${typeName(typeOf(value))}.`, BOOL);
  const result = converted.value;
  if (result.kind === "bool" || result.kind === "unknown") return result;
  return invalid(scope, range, "null-value", "A bool is required here, not null.", BOOL);
}

function asNumber(value: Value, range: TextRange, scope: EvaluationScope): NumberValue | UnknownValue {
  if (value.kind === "number") return value;
  const converted = convert(value, NUMBER);
  if ("error" in converted)
    return invalid(scope, range, "invalid-operand", `A number is required here, not a ${typeName(typeOf(value))}.`, NUMBER);
  const result = converted.value;
  if (result.kind === "number" || result.kind === "unknown") return result;
  return invalid(scope, range, "null-value", "A number is required here, not null.", NUMBER);
}
