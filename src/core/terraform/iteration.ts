import type { ForExpression, Splat } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert, mayShrink } from "../values/convert.ts";
import { equalTypes } from "../values/equality.ts";
import { DYNAMIC, list, number, object, string, STRING, tuple, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { Refinement, Type, UnknownValue, Value } from "../values/value.ts";
import { asBool } from "./operators.ts";
import { type Evaluate, type EvaluationScope, invalid, withNames } from "./scope.ts";
import { marksOf, unknownFrom, withMarks } from "./unknowns.ts";

export function evaluateSplat(splat: Splat, scope: EvaluationScope, evaluate: Evaluate): Value {
  if (!splat.full && splat.source.kind === "splat" && !splat.source.full)
    return invalid(scope, splat, "invalid-splat", "A .* can't follow another: write [*].");
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
      if (mayShrink(source)) return unknownFrom(DYNAMIC, [source], { notNull: true });
      return withMarks(source.kind === "tuple" ? tuple(items) : listOfOneType(items, splat, source.element), marksOf([source]));
    }
    case "unknown": {
      if (source.type.kind === "list" || source.type.kind === "set" || source.type.kind === "dynamic") {
        const of = source.type.kind === "list" || source.type.kind === "set" ? source.type.element : DYNAMIC;
        const alike = source.refinement?.element;
        const element = each(alike ?? unknown(of, source.reasons, marksOf([source])));
        const type: Type = source.type.kind === "dynamic" ? DYNAMIC : { kind: "list", element: typeOf(element) };
        const { minimumLength, maximumLength } = source.refinement ?? {};
        return unknownFrom(type, [source], {
          notNull: true,
          ...(alike === undefined ? {} : alikeAs(element, source)),
          ...(minimumLength === undefined ? {} : { minimumLength }),
          ...(maximumLength === undefined ? {} : { maximumLength }),
        });
      }
      if (source.type.kind === "tuple")
        return tuple(
          source.type.elements.map((type, index) =>
            each(
              unknown(type, source.reasons, {
                ...marksOf([source]),
                ...(source.origin === undefined ? {} : { origin: { ...source.origin, path: [...source.origin.path, index] } }),
              }),
            ),
          ),
        );
      // An unknown that may be null gives none or one element.
      return source.refinement?.notNull === true ? tuple([each(source)]) : unknownFrom(DYNAMIC, [source]);
    }
    default:
      return withMarks(tuple([each(source)]), marksOf([source]));
  }
}

/** Elements made of those of a collection whose elements are all alike. */
function alikeAs(element: Value, { refinement }: UnknownValue): Refinement {
  return { element, ...(refinement?.block === undefined ? {} : { block: refinement.block }) };
}

/** The splat of a list or set is a list, as its elements are of one type. */
function listOfOneType(items: readonly Value[], splat: Splat, element: Type): Value {
  const [first, ...others] = items;
  if (first === undefined) return splat.each.kind === "splatElement" ? list(element, []) : list(DYNAMIC, []);
  const type = typeOf(first);
  return others.every((item) => equalTypes(typeOf(item), type)) ? list(type, items) : tuple(items);
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
      if (collection.rest !== undefined || mayShrink(collection)) return undefined;
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

export function evaluateFor(expression: ForExpression, scope: EvaluationScope, evaluate: Evaluate): Value {
  if (expression.group && expression.key === null)
    return invalid(scope, expression, "invalid-for", '"..." groups the values of an object, and this makes a tuple.');
  const collection = evaluate(expression.collection, scope);
  const elements = elementsOf(collection, expression.collection, scope);
  if (elements === undefined) {
    const alike = collection.kind === "unknown" ? collection.refinement?.element : undefined;
    if (alike !== undefined && collection.kind === "unknown" && expression.key === null) {
      const key = unknown(DYNAMIC, collection.reasons);
      const names = new Map([[expression.valueName.name, alike]]);
      if (expression.keyName !== null) names.set(expression.keyName.name, key);
      return unknownFrom(DYNAMIC, [collection], {
        notNull: true,
        ...alikeAs(evaluate(expression.value, withNames(scope, names)), collection),
      });
    }
    return collection.kind === "unknown" || "rest" in collection || mayShrink(collection)
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
