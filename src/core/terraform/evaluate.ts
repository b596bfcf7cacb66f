import type {
  Binary,
  Call,
  Conditional,
  Expression,
  ForExpression,
  ObjectExpression,
  Splat,
  Template,
  TemplatePart,
  Unary,
} from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert, parseNumber, sameValue, unify } from "../values/convert.ts";
import { equalTypes } from "../values/equality.ts";
import { calculate } from "../values/float.ts";
import {
  bool,
  BOOL,
  DYNAMIC,
  ExactDecimal,
  NULL,
  number,
  NUMBER,
  object,
  string,
  STRING,
  TRUE,
  FALSE,
  list,
  tuple,
  unknown,
} from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { NumberValue, Type, UnknownValue, Value } from "../values/value.ts";
import { callFunction } from "./functions/call.ts";
import { affordable, type EvaluationScope, type ScopeEntry, spend, withNames } from "./scope.ts";
import { type Piece, textOfPieces } from "./text-pieces.ts";
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
      return evaluateTemplate(expression, scope);
    case "variable":
    case "getAttribute":
    case "index":
      return valueOf(resolve(expression, scope));
    case "splat":
      return evaluateSplat(expression, scope);
    case "splatElement":
      return scope.splatElement ?? unknown(DYNAMIC, { kind: "syntax", detail: "splat" });
    case "call":
      return evaluateCall(expression, scope);
    case "unary":
      return evaluateUnary(expression, scope);
    case "binary":
      return evaluateBinary(expression, scope);
    case "conditional":
      return evaluateConditional(expression, scope);
    case "parentheses":
      return evaluate(expression.inner, scope);
    case "tuple":
      return tuple(expression.elements.map((element) => evaluate(element, scope)));
    case "object":
      return evaluateObject(expression, scope);
    case "for":
      return affordable(evaluateFor(expression, scope), expression, scope);
    case "missing":
      return unknown(DYNAMIC, { kind: "syntax", detail: "unreadable expression" });
  }
}

export function invalid(
  scope: EvaluationScope,
  range: TextRange,
  code: string,
  message: string,
  type: Type = DYNAMIC,
): UnknownValue {
  scope.problem(range, code, message);
  return unknown(type, { kind: "invalid", detail: message });
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

/** `value.name`. */
export function getAttribute(value: Value, name: string, range: TextRange, scope: EvaluationScope): Value {
  switch (value.kind) {
    case "object":
    case "map": {
      const item = value.entries.get(name);
      if (item !== undefined) return withMarks(item, marksOf([value]));
      if (value.kind === "map")
        return invalid(scope, range, "unknown-key", `The map has no element with the key "${name}".`, value.element);
      return invalid(scope, range, "unknown-attribute", `This object has no attribute "${name}".`);
    }
    case "unknown":
      return step(value, name, range, scope);
    case "null":
      return invalid(scope, range, "null-value", `Attribute "${name}" of a null value can't be read.`);
    case "list":
    case "set":
    case "tuple":
      return invalid(scope, range, "unknown-attribute", `A ${value.kind} has no attributes: name one element, or use [*] for all.`);
    default:
      return invalid(scope, range, "unknown-attribute", `A ${typeName(typeOf(value))} has no attributes.`);
  }
}

/** A step into an unknown: its type says what the result is, and the origin goes along. */
function step(value: UnknownValue, key: string | number, range: TextRange, scope: EvaluationScope): Value {
  const type = value.type;
  let result: Type = DYNAMIC;
  switch (type.kind) {
    case "object":
      if (typeof key === "string") {
        const of = type.attributes.get(key);
        if (of === undefined) return invalid(scope, range, "unknown-attribute", `This object has no attribute "${key}".`);
        result = of;
      }
      break;
    case "map":
    case "list":
      result = type.element;
      break;
    case "tuple":
      if (typeof key === "number") result = type.elements[key] ?? DYNAMIC;
      break;
    case "dynamic":
      break;
    default:
      return invalid(scope, range, "unknown-attribute", `A ${typeName(type)} has no attributes or elements.`);
  }
  return unknown(result, value.reasons, {
    ...marksOf([value]),
    ...(value.origin === undefined ? {} : { origin: { address: value.origin.address, path: [...value.origin.path, key] } }),
  });
}

/** `value[key]`. */
export function indexValue(value: Value, key: Value, range: TextRange, scope: EvaluationScope): Value {
  const marks = marksOf([value, key]);
  if (key.kind === "unknown") {
    const type = value.kind === "list" || value.kind === "map" ? value.element : DYNAMIC;
    return unknownFrom(type, [key, ...(value.kind === "unknown" ? [value] : [])]);
  }
  if (key.kind === "null") return invalid(scope, range, "null-value", "An index can't be null.");
  switch (value.kind) {
    case "list":
    case "tuple": {
      const converted = convert(key, NUMBER);
      if ("error" in converted || converted.value.kind !== "number")
        return invalid(scope, range, "invalid-index", `The index of a ${value.kind} is a number.`);
      const at = converted.value.value;
      if (value.rest !== undefined) return unknown(value.kind === "list" ? value.element : DYNAMIC, value.rest, marks);
      const item = typeof at === "number" ? value.items[at] : undefined;
      if (item === undefined) {
        return invalid(
          scope,
          range,
          "invalid-index",
          `The ${value.kind} has ${value.items.length} elements, and the index asks for another.`,
        );
      }
      return withMarks(item, marks);
    }
    case "map":
    case "object": {
      const converted = convert(key, STRING);
      if ("error" in converted || converted.value.kind !== "string")
        return invalid(scope, range, "invalid-index", `The key of a ${value.kind} is a string.`);
      const item = value.entries.get(converted.value.value);
      if (item !== undefined) return withMarks(item, marks);
      return invalid(scope, range, "unknown-key", `The ${value.kind} has no element with this key.`);
    }
    case "unknown": {
      if (key.kind === "string" || key.kind === "number") {
        if ((value.type.kind === "list" || value.type.kind === "tuple") && "error" in convert(key, NUMBER))
          return invalid(scope, range, "invalid-index", `The index of a ${value.type.kind} is a number.`);
        const plain = key.kind === "string" ? key.value : Number(key.value);
        const wantsNumber = value.type.kind === "list" || value.type.kind === "tuple";
        const stepped =
          wantsNumber && typeof plain === "string"
            ? Number(plain)
            : !wantsNumber && value.type.kind !== "dynamic"
              ? String(plain)
              : plain;
        return withMarks(step(value, stepped, range, scope), marks);
      }
      return unknownFrom(DYNAMIC, [value, key]);
    }
    case "set":
      return invalid(scope, range, "invalid-index", "Elements of a set have no index: convert it with tolist, or use one().");
    case "null":
      return invalid(scope, range, "null-value", "A null value has no elements.");
    default:
      return invalid(scope, range, "invalid-index", `A ${typeName(typeOf(value))} has no elements.`);
  }
}

function evaluateTemplate(template: Template, scope: EvaluationScope): Value {
  const [first] = template.parts;
  if (template.parts.length === 0) return string("");
  if (template.parts.length === 1 && first !== undefined && template.heredoc === undefined) {
    if (first.kind === "text") return string(first.value);
    if (first.kind === "interpolation") return evaluate(first.expression, scope);
  }
  const text = renderParts(template.parts, scope);
  if (text.kind === "unknown" && text.reasons[0]?.kind === "budget" && text.refinement === undefined)
    scope.problem(template, "budget", "This makes more than can be evaluated here: what depends on it is not known.");
  return text;
}

/** Joins template parts; an unknown part keeps its neighbours as pieces. */
export function renderParts(parts: readonly TemplatePart[], scope: EvaluationScope): Value {
  const pieces: Piece[] = [];
  const used: Value[] = [];
  appendParts(parts, scope, pieces, used);
  return textOfPieces(pieces, marksOf(used));
}

function appendParts(parts: readonly TemplatePart[], scope: EvaluationScope, pieces: Piece[], used: Value[]): void {
  for (const part of parts) {
    if (!spend(scope, 1, part)) {
      pieces.push(unknown(STRING, { kind: "budget", detail: "template" }));
      return;
    }
    switch (part.kind) {
      case "text":
        pieces.push(part.value);
        break;
      case "interpolation": {
        const value = evaluate(part.expression, scope);
        used.push(value);
        const text = convert(value, STRING);
        // Terraform waits for the value of an unknown, whatever its type.
        if ("error" in text && value.kind === "unknown") pieces.push(unknown(STRING, value.reasons));
        else if ("error" in text)
          pieces.push(
            invalid(
              scope,
              part.expression,
              "invalid-template",
              `A template can't hold a ${typeName(typeOf(value))}: ${text.error}.`,
              STRING,
            ),
          );
        else if (text.value.kind === "string") pieces.push(text.value.value);
        else if (text.value.kind === "unknown") pieces.push(text.value);
        else pieces.push(invalid(scope, part.expression, "null-value", "A template can't hold null.", STRING));
        break;
      }
      case "if": {
        const condition = asBool(evaluate(part.condition, scope), part.condition, scope);
        used.push(condition);
        if (condition.kind === "bool") appendParts(condition.value ? part.then : part.else, scope, pieces, used);
        else pieces.push(unknownFrom(STRING, [condition]));
        break;
      }
      case "for": {
        const collection = evaluate(part.collection, scope);
        used.push(collection);
        const elements = elementsOf(collection, part.collection, scope);
        if (elements === undefined) {
          pieces.push(unknownFrom(STRING, [collection]));
          break;
        }
        for (const [key, value] of elements) {
          const names = new Map([[part.valueName.name, value]]);
          if (part.keyName !== null) names.set(part.keyName.name, key);
          appendParts(part.body, withNames(scope, names), pieces, used);
        }
        break;
      }
    }
  }
}

function evaluateSplat(splat: Splat, scope: EvaluationScope): Value {
  const source = evaluate(splat.source, scope);
  const each = (element: Value): Value =>
    evaluate(splat.each, {
      ...scope,
      root: (name) => scope.root(name),
      problem: (range, code, message) => scope.problem(range, code, message),
      splatElement: element,
    });
  switch (source.kind) {
    case "null":
      return tuple([]);
    case "list":
    case "set":
    case "tuple": {
      const items = source.items.map(each);
      if (source.rest !== undefined) return unknown(DYNAMIC, source.rest, marksOf([source]));
      return withMarks(source.kind === "tuple" ? tuple(items) : listOfOneType(items, splat, source.element), marksOf([source]));
    }
    case "unknown": {
      if (source.type.kind === "list" || source.type.kind === "set" || source.type.kind === "dynamic") {
        const of = source.type.kind === "list" || source.type.kind === "set" ? source.type.element : DYNAMIC;
        const element = each(unknown(of, source.reasons, marksOf([source])));
        const type: Type = source.type.kind === "dynamic" ? DYNAMIC : { kind: "list", element: typeOf(element) };
        return unknownFrom(type, [source]);
      }
      if (source.type.kind === "tuple")
        return tuple(
          source.type.elements.map((type, index) =>
            each(step({ ...source, type: { kind: "tuple", elements: [type] } }, index, splat, scope)),
          ),
        );
      // An unknown that may be null gives none or one element.
      return source.refinement?.notNull === true ? tuple([each(source)]) : unknownFrom(DYNAMIC, [source]);
    }
    default:
      return tuple([each(source)]);
  }
}

/** The splat of a list or set is a list, as its elements are of one type. */
function listOfOneType(items: readonly Value[], splat: Splat, element: Type): Value {
  const [first, ...others] = items;
  if (first === undefined) return splat.each.kind === "splatElement" ? list(element, []) : tuple([]);
  const type = typeOf(first);
  return others.every((item) => equalTypes(typeOf(item), type)) ? list(type, items) : tuple(items);
}

function evaluateCall(call: Call, scope: EvaluationScope): Value {
  return affordable(callFunction(call, scope, evaluate), call, scope);
}

function evaluateUnary(unary: Unary, scope: EvaluationScope): Value {
  const operand = evaluate(unary.operand, scope);
  if (unary.operator === "!") {
    const value = asBool(operand, unary.operand, scope);
    return value.kind === "bool"
      ? withMarks(bool(!value.value), marksOf([value]))
      : unknown(BOOL, value.reasons, { ...marksOf([value]), refinement: { notNull: true } });
  }
  const value = asNumber(operand, unary.operand, scope);
  if (value.kind === "unknown") return unknownFrom(NUMBER, [value], { notNull: true });
  return withMarks(number(typeof value.value === "number" ? -value.value : value.value.negated()), marksOf([value]));
}

function evaluateBinary(binary: Binary, scope: EvaluationScope): Value {
  const left = evaluate(binary.left, scope);
  const right = evaluate(binary.right, scope);
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
  if ((binary.operator === "/" || binary.operator === "%") && y.isZero())
    return invalid(scope, binary.right, "division-by-zero", "The divisor is zero.", NUMBER);
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

/** Key and value of every element; undefined when the collection is unknown or no collection (which is a problem). */
export function elementsOf(
  collection: Value,
  range: TextRange,
  scope: EvaluationScope,
): readonly (readonly [Value, Value])[] | undefined {
  switch (collection.kind) {
    case "list":
    case "tuple":
      if (collection.rest !== undefined) return undefined;
      return collection.items.map((item, index) => [number(index), item] as const);
    case "set":
      if (collection.rest !== undefined) return undefined;
      return collection.items.map((item) => [item, item] as const);
    case "map":
    case "object":
      return [...collection.entries].map(([key, item]) => [string(key), item] as const);
    case "unknown":
      return undefined;
    case "null":
      invalid(scope, range, "null-value", "A null value can't be iterated over.");
      return undefined;
    default:
      invalid(scope, range, "invalid-operand", `A ${typeName(typeOf(collection))} can't be iterated over.`);
      return undefined;
  }
}

function evaluateFor(expression: ForExpression, scope: EvaluationScope): Value {
  const collection = evaluate(expression.collection, scope);
  const elements = elementsOf(collection, expression.collection, scope);
  if (elements === undefined) {
    return collection.kind === "unknown" || "rest" in collection
      ? unknownFrom(DYNAMIC, [collection])
      : unknown(DYNAMIC, { kind: "invalid", detail: "not a collection" });
  }
  if (elements.length > scope.budget.maximumElements) {
    scope.problem(expression.collection, "budget", "These are too many elements to go through here: the result is not known.");
    return unknown(DYNAMIC, { kind: "budget", detail: "elements of a for expression" });
  }
  const marks = marksOf([collection]);
  const items: Value[] = [];
  const entries = new Map<string, Value>();
  const groups = new Map<string, Value[]>();
  const hidden: Value[] = [];
  for (const [key, value] of elements) {
    const names = new Map([[expression.valueName.name, value]]);
    if (expression.keyName !== null) names.set(expression.keyName.name, key);
    const inner = withNames(scope, names);
    if (expression.condition !== null) {
      const condition = asBool(evaluate(expression.condition, inner), expression.condition, inner);
      if (condition.kind === "unknown") {
        hidden.push(condition);
        continue;
      }
      if (condition.sensitive === true) marks.sensitive = true;
      if (!condition.value) continue;
    }
    const result = evaluate(expression.value, inner);
    if (expression.key === null) {
      items.push(result);
      continue;
    }
    const text = convert(evaluate(expression.key, inner), STRING);
    if ("error" in text || text.value.kind === "null")
      return invalid(scope, expression.key, "invalid-key", "The key of a for expression is a string that is not null.");
    if (text.value.kind !== "string") {
      hidden.push(text.value);
      continue;
    }
    if (text.value.sensitive === true) marks.sensitive = true;
    const name = text.value.value;
    if (expression.group) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [result]);
      else group.push(result);
    } else if (entries.has(name)) {
      return invalid(
        scope,
        expression.key,
        "duplicate-key",
        'Two elements give the same key: make the keys different, or group them with "...".',
      );
    } else {
      entries.set(name, result);
    }
  }
  if (hidden.length > 0) return unknownFrom(DYNAMIC, hidden);
  if (expression.key === null) return withMarks(tuple(items), marks);
  return withMarks(object(expression.group ? [...groups].map(([key, group]) => [key, tuple(group)] as const) : entries), marks);
}
