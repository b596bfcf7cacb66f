import type { Call, Expression } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import type { Path, Step, Value } from "../values/value.ts";
import { documentSteps, rangeInJsonText } from "./document-paths.ts";
import { keyAt, type Place, valueAt } from "./places.ts";
import type { Sources } from "./sources.ts";

/** From an expression and a path into its value to the part of the expression that decides. */
export interface Narrowed {
  readonly place: Place;
  readonly node: Expression;
  readonly path: Path;
  /** Nothing to follow from here. */
  readonly done: boolean;
  /** A part of `node` that has no node of its own: JSON in a heredoc. */
  readonly range: TextRange | undefined;
}

export class Narrowing {
  readonly #sources: Sources;
  /** Whether something that can't be edited as text was passed. */
  computed = false;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  narrow(place: Place, expression: Expression, path: Path): Narrowed {
    let at: Narrowed = { place, node: expression, path, done: false, range: undefined };
    for (let depth = 0; depth < 200; depth++) {
      const next = this.#narrowOnce(at);
      if (next === undefined) return at;
      at = next;
    }
    return at;
  }

  #narrowOnce(at: Narrowed): Narrowed | undefined {
    const { place, node, path } = at;
    if (at.done) return undefined;
    const [first, ...rest] = path;
    switch (node.kind) {
      case "parentheses":
        return { ...at, node: node.inner };
      case "template": {
        const [part] = node.parts;
        if (node.parts.length === 1 && part?.kind === "interpolation" && node.heredoc === undefined)
          return { ...at, node: part.expression };
        if (first === "#") {
          const text = this.#sources.source(place.file)?.text.slice(place.base + node.start, place.base + node.end) ?? "";
          const found = node.heredoc === undefined ? undefined : rangeInJsonText(text, rest);
          const range = found === undefined ? undefined : { start: node.start + found.start, end: node.start + found.end };
          return { ...at, path: [], done: true, range };
        }
        if (node.parts.some((each) => each.kind !== "text")) this.computed = true;
        return { ...at, done: true };
      }
      case "object": {
        if (first === "#") return this.#narrowDocument(at, rest);
        if (typeof first !== "string") return undefined;
        const item = node.items.findLast((candidate) => keyAt(place, candidate.key, candidate.bareKey) === first);
        return item === undefined ? { ...at, done: true } : { ...at, node: item.value, path: rest };
      }
      case "tuple": {
        if (first === "#") return this.#narrowDocument(at, rest);
        const element = typeof first === "number" ? node.elements[first] : undefined;
        return element === undefined ? undefined : { ...at, node: element, path: rest };
      }
      case "conditional": {
        const condition = valueAt(place, node.condition);
        if (condition.kind === "bool") return { ...at, node: condition.value ? node.then : node.else };
        this.computed = true;
        return { ...at, done: true };
      }
      case "call":
        return this.#narrowCall(at, node);
      case "for": {
        if (node.condition !== null || node.group) break;
        const collection = valueAt(place, node.collection);
        const found = elementAt(collection, first, node.key === null);
        if (found === undefined) break;
        const values = new Map(place.values);
        const elements = new Map(place.elements);
        values.set(node.valueName.name, found.value);
        if (node.keyName !== null) values.set(node.keyName.name, found.key);
        elements.set(node.valueName.name, { place, expression: node.collection, step: found.step });
        return { ...at, place: { ...place, values, elements }, node: node.value, path: rest };
      }
      case "variable":
      case "getAttribute":
      case "index":
      case "literal":
        return undefined;
      case "splat":
      case "splatElement":
      case "unary":
      case "binary":
      case "missing":
        break;
    }
    this.computed = true;
    return { ...at, done: true };
  }

  #narrowCall(at: Narrowed, call: Call): Narrowed | undefined {
    const { place, path } = at;
    const [first, ...rest] = path;
    const name = call.name.name.replace(/^core::/, "");
    const [argument] = call.arguments;
    if (argument !== undefined && !call.expand) {
      switch (name) {
        case "jsonencode":
          if (first === "#") return this.#narrowDocument({ ...at, node: argument }, rest);
          break;
        case "tolist":
        case "toset":
        case "tomap":
        case "tostring":
        case "tonumber":
        case "tobool":
        case "sensitive":
        case "nonsensitive":
          return { ...at, node: argument };
        case "merge":
          for (const candidate of typeof first === "string" ? [...call.arguments].reverse() : []) {
            const value = valueAt(place, candidate);
            if ((value.kind === "object" || value.kind === "map") && value.entries.has(String(first)))
              return { ...at, node: candidate };
            if (value.kind === "unknown") break;
          }
          break;
        case "try":
        case "coalesce":
          for (const candidate of call.arguments) {
            const value = valueAt(place, candidate);
            if (value.kind === "unknown" && value.reasons.some((reason) => reason.kind !== "invalid")) break;
            if (value.kind !== "unknown" && (name === "try" || value.kind !== "null")) return { ...at, node: candidate };
          }
          break;
        case "concat": {
          let index = typeof first === "number" ? first : -1;
          for (const candidate of index < 0 ? [] : call.arguments) {
            const value = valueAt(place, candidate);
            if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "set") break;
            if (index < value.items.length) return { ...at, node: candidate, path: [index, ...rest] };
            index -= value.items.length;
          }
          break;
        }
        case "compact": {
          const value = valueAt(place, argument);
          if (typeof first !== "number" || (value.kind !== "list" && value.kind !== "tuple")) break;
          const kept = value.items.flatMap((item, index) =>
            item.kind === "null" || (item.kind === "string" && item.value === "") ? [] : [index],
          );
          const index = kept[first];
          if (index !== undefined) return { ...at, node: argument, path: [index, ...rest] };
          break;
        }
        case "lookup": {
          const [, key, fallback] = call.arguments;
          const map = valueAt(place, argument);
          const name1 = key === undefined ? undefined : valueAt(place, key);
          if ((map.kind !== "map" && map.kind !== "object") || name1?.kind !== "string") break;
          if (map.entries.has(name1.value)) return { ...at, node: argument, path: [name1.value, ...path] };
          if (fallback !== undefined) return { ...at, node: fallback };
          break;
        }
      }
    }
    this.computed = true;
    return { ...at, done: true };
  }

  /** Steps of a policy document into the object that jsonencode gets, in the document's own spelling. */
  #narrowDocument(at: Narrowed, path: Path): Narrowed {
    let current: Narrowed = { ...at, path: [] };
    for (const [position, step] of path.entries()) {
      const plain = this.narrow(current.place, current.node, []);
      const { node } = plain;
      let next: Narrowed | undefined;
      if (node.kind === "object") {
        const spellings = documentSteps(step);
        const item = node.items.findLast((each) => spellings.includes(keyAt(plain.place, each.key, each.bareKey) ?? ""));
        // A lone statement may stand without its list.
        next = item === undefined ? (typeof step === "number" ? plain : undefined) : { ...plain, node: item.value };
      } else if (node.kind === "tuple") {
        const element = typeof step === "number" ? node.elements[step] : undefined;
        next = element === undefined ? undefined : { ...plain, node: element };
      } else if (node.kind === "template" && typeof step === "number") next = plain;
      else if (node.kind === "variable" || node.kind === "getAttribute" || node.kind === "index") {
        return { ...plain, path: ["#", ...path.slice(position)], done: false };
      } else {
        // Through a function or a `for`, where the element can be told.
        const inner = this.narrow(plain.place, node, [step]);
        if (inner.node !== node && inner.path.length === 0) next = inner;
      }
      if (next === undefined) return { ...plain, done: true };
      current = { ...next, path: [], done: false };
    }
    return { ...current, path: [] };
  }
}

function elementAt(
  collection: Value,
  step: Step | undefined,
  isTuple: boolean,
): { readonly key: Value; readonly value: Value; readonly step: Step } | undefined {
  const items =
    collection.kind === "map" || collection.kind === "object"
      ? [...collection.entries].map(([key, value]) => ({ key: { kind: "string" as const, value: key }, value, step: key }))
      : collection.kind === "list" || collection.kind === "set" || collection.kind === "tuple"
        ? collection.items.map((value, index) => ({
            key: collection.kind === "set" ? value : { kind: "number" as const, value: index },
            value,
            step: index,
          }))
        : [];
  // An object's keys are made by an expression: only those that keep the collection's keys are followed.
  return isTuple ? (typeof step === "number" ? items[step] : undefined) : items.find((item) => item.step === step);
}
