import type { TextRange } from "../text/text.ts";
import { convert } from "../values/convert.ts";
import { DYNAMIC, NUMBER, STRING, unknown } from "../values/make.ts";
import { typeName, typeOf } from "../values/type.ts";
import type { Type, UnknownValue, Value } from "../values/value.ts";
import { type EvaluationScope, invalid } from "./scope.ts";
import { marksOf, maybeElement, unknownFrom, withMarks } from "./unknowns.ts";

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
  const alike = value.refinement?.element;
  if (alike !== undefined && type.kind === "object" && typeof key === "string")
    return maybeElement(getAttribute(alike, key, range, scope), value);
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
      if (typeof key === "number") {
        const of = type.elements[key];
        if (of === undefined) return invalid(scope, range, "invalid-index", `The tuple has ${type.elements.length} elements.`);
        result = of;
      }
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
      // The attributes of an object are no secret.
      if (item !== undefined) return withMarks(item, value.kind === "object" ? marksOf([value]) : marks);
      return invalid(scope, range, "unknown-key", `The ${value.kind} has no element with this key.`);
    }
    case "unknown": {
      // As with the instance of a block by its index: where there is none, terraform refuses the index.
      if (value.refinement?.element !== undefined && value.type.kind !== "object")
        return withMarks(maybeElement(value.refinement.element, value), marks);
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
