import { Decimal } from "decimal.js";
import { bool, DYNAMIC, list, map, NULL, number, object, string, tuple } from "./make.ts";
import type { Type, Value } from "./value.ts";

/**
 * JSON data as a value. Without a type as `jsondecode` types it: arrays are tuples, objects are objects. With a type, its lists,
 * sets and maps are used where the data has the shape.
 */
export function fromJson(json: unknown, type: Type = DYNAMIC): Value {
  if (json === null || json === undefined) return type.kind === "dynamic" ? NULL : { kind: "null", type };
  if (typeof json === "string") return string(json);
  if (typeof json === "boolean") return bool(json);
  if (typeof json === "number") return number(json);
  if (json instanceof Decimal) return number(json);
  if (Array.isArray(json)) {
    if (type.kind === "list")
      return list(
        type.element,
        json.map((item) => fromJson(item, type.element)),
      );
    if (type.kind === "set") return { kind: "set", element: type.element, items: json.map((item) => fromJson(item, type.element)) };
    return tuple(json.map((item, index) => fromJson(item, type.kind === "tuple" ? type.elements[index] : undefined)));
  }
  if (typeof json === "object") {
    const entries = Object.entries(json);
    if (type.kind === "map")
      return map(
        type.element,
        entries.map(([key, item]) => [key, fromJson(item, type.element)] as const),
      );
    return object(
      entries.map(([key, item]) => [key, fromJson(item, type.kind === "object" ? type.attributes.get(key) : undefined)] as const),
    );
  }
  return NULL;
}

/**
 * A wholly known value as JSON data; undefined where it is not wholly known or is an instance. Numbers that a double can't hold
 * become strings of digits only in `toJsonText`; here they are rounded.
 */
export function toJson(value: Value): unknown {
  switch (value.kind) {
    case "null":
      return null;
    case "bool":
    case "string":
      return value.value;
    case "number":
      return typeof value.value === "number" ? value.value : value.value.toNumber();
    case "list":
    case "set":
    case "tuple": {
      if (value.rest !== undefined) return undefined;
      const items = value.items.map(toJson);
      return items.includes(undefined) ? undefined : items;
    }
    case "map":
    case "object": {
      const entries: [string, unknown][] = [];
      for (const [key, item] of value.entries) {
        const json = toJson(item);
        if (json === undefined) return undefined;
        entries.push([key, json]);
      }
      return Object.fromEntries(entries);
    }
    case "unknown":
    case "instance":
      return undefined;
  }
}
