import { parseExpression } from "../hcl/parse.ts";
import type { Expression } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert } from "../values/convert.ts";
import {
  BOOL,
  DYNAMIC,
  listOf,
  list,
  map,
  mapOf,
  NUMBER,
  object,
  objectOf,
  setOf,
  STRING,
  tuple,
  tupleOf,
} from "../values/make.ts";
import type { Type, Value } from "../values/value.ts";
import { plainText } from "./plain-text.ts";

/** A variable's `type`. */
export interface TypeConstraint {
  readonly type: Type;
  readonly defaults: Defaults | undefined;
}

/** Defaults of `optional(…, default)`, down the structure of the type. */
export interface Defaults {
  /** By attribute of an object. */
  readonly values: ReadonlyMap<string, Value>;
  /** By attribute of an object, by index of a tuple; `""` for the elements of a collection. */
  readonly children: ReadonlyMap<string, Defaults>;
}

export interface ConstraintProblem {
  readonly range: TextRange;
  readonly message: string;
}

export const ANY: TypeConstraint = { type: DYNAMIC, defaults: undefined };

/** Reads a type expression; in JSON it is a string. `constant` evaluates the default of an `optional`. */
export function readTypeConstraint(
  expression: Expression,
  constant: (expression: Expression) => Value,
): TypeConstraint & { readonly problems: readonly ConstraintProblem[] } {
  const problems: ConstraintProblem[] = [];
  const read = (node: Expression): TypeConstraint => {
    if (node.kind === "parentheses") return read(node.inner);
    const keyword = node.kind === "variable" ? node.name : legacyKeyword(node);
    if (keyword !== undefined) return ofKeyword(node, keyword);
    if (node.kind === "call") {
      const [argument] = node.arguments;
      if (argument !== undefined) {
        switch (node.name.name) {
          case "list":
            return collection(listOf, read(argument));
          case "set":
            return collection(setOf, read(argument));
          case "map":
            return collection(mapOf, read(argument));
          case "tuple":
            if (argument.kind === "tuple") return ofTuple(argument.elements.map(read));
            break;
          case "object":
            if (argument.kind === "object") return ofObject(argument);
            break;
        }
      }
    }
    problems.push({
      range: node,
      message: "This is no type: write string, number, bool, any, list(…), set(…), map(…), object({…}) or tuple([…]).",
    });
    return ANY;
  };

  const ofKeyword = (node: Expression, keyword: string): TypeConstraint => {
    switch (keyword) {
      case "string":
        return { type: STRING, defaults: undefined };
      case "number":
        return { type: NUMBER, defaults: undefined };
      case "bool":
        return { type: BOOL, defaults: undefined };
      case "any":
        return ANY;
      // Terraform 0.11's unparameterised collections.
      case "list":
        return { type: listOf(DYNAMIC), defaults: undefined };
      case "set":
        return { type: setOf(DYNAMIC), defaults: undefined };
      case "map":
        return { type: mapOf(DYNAMIC), defaults: undefined };
      default:
        problems.push({ range: node, message: `\`${keyword}\` is no type.` });
        return ANY;
    }
  };

  const ofObject = (node: Extract<Expression, { kind: "object" }>): TypeConstraint => {
    const attributes = new Map<string, Type>();
    const optional = new Set<string>();
    const values = new Map<string, Value>();
    const children = new Map<string, Defaults>();
    for (const item of node.items) {
      const name = item.key.kind === "variable" ? item.key.name : plainText({ value: item.key });
      if (name === undefined) continue;
      let inner: Expression = item.value;
      let fallback: Expression | undefined;
      if (inner.kind === "call" && inner.name.name === "optional" && inner.arguments[0] !== undefined) {
        optional.add(name);
        fallback = inner.arguments[1];
        inner = inner.arguments[0];
      }
      const read1 = read(inner);
      attributes.set(name, read1.type);
      if (read1.defaults !== undefined) children.set(name, read1.defaults);
      if (fallback !== undefined) {
        const converted = convert(applyDefaults(constant(fallback), read1.defaults), read1.type);
        if ("error" in converted)
          problems.push({ range: fallback, message: `The default does not fit the type: ${converted.error}.` });
        else values.set(name, converted.value);
      }
    }
    const sorted = new Map([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { type: objectOf(sorted, optional), defaults: defaultsOf(values, children) };
  };

  const result = read(asExpression(expression));
  return { ...result, problems };
}

/** Fills in the defaults of optional attributes, before conversion, as Terraform does. */
export function applyDefaults(value: Value, defaults: Defaults | undefined): Value {
  if (defaults === undefined) return value;
  switch (value.kind) {
    case "object":
    case "map": {
      const shared = defaults.children.get("");
      const entries = new Map(value.entries);
      if (shared !== undefined) for (const [key, item] of entries) entries.set(key, applyDefaults(item, shared));
      for (const [name, fallback] of defaults.values) {
        const written = entries.get(name);
        if (written === undefined || written.kind === "null") entries.set(name, fallback);
      }
      for (const [name, inner] of defaults.children) {
        const item = entries.get(name);
        if (name !== "" && item !== undefined) entries.set(name, applyDefaults(item, inner));
      }
      // A map whose elements differ after the defaults is an object until the conversion unifies it.
      const made = shared === undefined || value.kind === "object" ? object(entries) : map(value.element, entries);
      return value.sensitive === true ? { ...made, sensitive: true } : made;
    }
    case "list":
    case "set":
    case "tuple": {
      const items = value.items.map((item, index) =>
        applyDefaults(item, defaults.children.get("") ?? defaults.children.get(String(index))),
      );
      if (value.kind === "tuple") return { ...value, items };
      return value.kind === "list" ? { ...list(value.element, items), ...marksOf(value) } : { ...tuple(items), ...marksOf(value) };
    }
    default:
      return value;
  }
}

function marksOf(value: Value): { readonly sensitive?: true } {
  return value.sensitive === true ? { sensitive: true } : {};
}

function collection(make: (element: Type) => Type, element: TypeConstraint): TypeConstraint {
  const children = element.defaults === undefined ? new Map<string, Defaults>() : new Map([["", element.defaults]]);
  return { type: make(element.type), defaults: defaultsOf(new Map(), children) };
}

function ofTuple(elements: readonly TypeConstraint[]): TypeConstraint {
  const children = new Map<string, Defaults>();
  for (const [index, element] of elements.entries()) {
    if (element.defaults !== undefined) children.set(String(index), element.defaults);
  }
  return { type: tupleOf(elements.map((element) => element.type)), defaults: defaultsOf(new Map(), children) };
}

function defaultsOf(values: ReadonlyMap<string, Value>, children: ReadonlyMap<string, Defaults>): Defaults | undefined {
  return values.size === 0 && children.size === 0 ? undefined : { values, children };
}

/** `"string"`, `"list"` and `"map"` in quotes are types of Terraform 0.11. */
function legacyKeyword(node: Expression): string | undefined {
  return node.kind === "template" ? plainText({ value: node }) : undefined;
}

/** In JSON a type is a string that holds the expression. */
function asExpression(node: Expression): Expression {
  const text = node.kind === "template" ? plainText({ value: node }) : undefined;
  return text !== undefined && /[({]/.test(text) ? parseExpression(text).expression : node;
}
