import { DYNAMIC } from "./make.ts";
import type { Type, Value } from "./value.ts";

/** The type of a value. Collections say their declared element type; tuples and objects are built from their members. */
export function typeOf(value: Value): Type {
  switch (value.kind) {
    case "null":
    case "unknown":
      return value.type;
    case "bool":
    case "number":
    case "string":
      return { kind: value.kind };
    case "list":
    case "set":
    case "map":
      return { kind: value.kind, element: value.element };
    case "tuple":
      return { kind: "tuple", elements: value.items.map(typeOf) };
    case "object":
      return { kind: "object", attributes: new Map([...value.entries].map(([name, item]) => [name, typeOf(item)])) };
    case "instance":
      return DYNAMIC;
  }
}

/** Terraform's notation: `list(string)`, `object({a=number})`. */
export function typeName(type: Type): string {
  switch (type.kind) {
    case "bool":
    case "number":
    case "string":
      return type.kind;
    case "dynamic":
      return "any";
    case "list":
    case "set":
    case "map":
      return `${type.kind}(${typeName(type.element)})`;
    case "tuple":
      return `tuple([${type.elements.map(typeName).join(", ")}])`;
    case "object":
      return `object({${[...type.attributes].map(([name, of]) => `${name}=${type.optional?.has(name) === true ? `optional(${typeName(of)})` : typeName(of)}`).join(", ")}})`;
  }
}
