import type { Call, Expression, ForExpression } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { convert, sameValue } from "../values/convert.ts";
import { equalValues } from "../values/equality.ts";
import { DYNAMIC, unknown } from "../values/make.ts";
import type { Path, Step, Type, Value } from "../values/value.ts";
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
        const found = iterationOf(place, node, path);
        if (found === undefined) break;
        return { ...at, place: found.place, node: node.value, path: found.path };
      }
      case "getAttribute":
      case "index": {
        if (isReference(node)) return undefined;
        // Of what a function, a `for` or a splat makes: the member decides.
        const step = node.kind === "getAttribute" ? node.name.name : stepAt(place, node.key);
        if (step !== undefined) return { ...at, node: node.object, path: [step, ...path] };
        break;
      }
      case "splat": {
        const steps = stepsOfEach(place, node.each);
        const source = valueAt(place, node.source);
        const isList = source.kind === "list" || source.kind === "tuple";
        if (typeof first !== "number" || steps === undefined || (!isList && first !== 0)) break;
        return { ...at, node: node.source, path: [...(isList ? [first] : []), ...steps, ...rest] };
      }
      case "variable":
      case "literal":
        return undefined;
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
    if (name === "merge" || name === "concat") {
      const found = first === undefined ? undefined : ofArguments(name, argumentsOf(place, call), first);
      if (found !== undefined) return { ...at, node: found.node, path: [...found.steps, ...rest] };
    }
    if (argument !== undefined && !call.expand) {
      switch (name) {
        case "jsonencode":
          if (first === "#") return this.#narrowDocument({ ...at, node: argument }, rest);
          break;
        case "toset": {
          const type: Type = { kind: "set", element: DYNAMIC };
          return { ...at, node: argument, path: writtenSteps(valueAt(place, argument), type, path) };
        }
        case "tolist":
        case "tomap":
        case "tostring":
        case "tonumber":
        case "tobool":
        case "sensitive":
        case "nonsensitive":
          return { ...at, node: argument };
        case "zipmap": {
          const [, values] = call.arguments;
          const keys = valueAt(place, argument);
          const index =
            keys.kind === "list" || keys.kind === "tuple"
              ? keys.items.findLastIndex((key) => key.kind === "string" && key.value === first)
              : -1;
          if (values !== undefined && index >= 0) return { ...at, node: values, path: [index, ...rest] };
          break;
        }
        case "try":
        case "coalesce":
          for (const candidate of call.arguments) {
            const value = valueAt(place, candidate);
            if (value.kind === "unknown" && value.reasons.some((reason) => reason.kind !== "invalid")) break;
            if (value.kind !== "unknown" && (name === "try" || value.kind !== "null")) return { ...at, node: candidate };
          }
          break;
        case "compact":
        case "distinct":
        case "reverse":
        case "slice":
        case "flatten":
        case "values": {
          const steps = typeof first === "number" ? elementSteps(place, name, call, first) : undefined;
          if (steps !== undefined) return { ...at, node: argument, path: [...steps, ...rest] };
          break;
        }
        case "element":
        case "one": {
          const value = valueAt(place, argument);
          const index = name === "one" ? 0 : numberOf(place, call.arguments[1]);
          if ((value.kind !== "list" && value.kind !== "tuple") || value.items.length === 0 || index === undefined) break;
          return { ...at, node: argument, path: [index % value.items.length, ...path] };
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

/** A name with members, all the way down. */
function isReference(node: Expression): boolean {
  switch (node.kind) {
    case "variable":
      return true;
    case "getAttribute":
    case "index":
      return isReference(node.object);
    case "parentheses":
      return isReference(node.inner);
    default:
      return false;
  }
}

function stepAt(place: Place, key: Expression): Step | undefined {
  const value = valueAt(place, key);
  if (value.kind === "string") return value.value;
  const number = value.kind === "number" ? Number(value.value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** The members that a splat takes of each element. */
function stepsOfEach(place: Place, node: Expression): readonly Step[] | undefined {
  if (node.kind === "splatElement") return [];
  if (node.kind !== "getAttribute" && node.kind !== "index") return undefined;
  const outer = stepsOfEach(place, node.object);
  const step = node.kind === "getAttribute" ? node.name.name : stepAt(place, node.key);
  return outer === undefined || step === undefined ? undefined : [...outer, step];
}

/** What a call gets: its arguments, and the elements of the last where that is expanded (`...`). */
interface Argument {
  readonly node: Expression;
  /** Within the expression. */
  readonly steps: Path;
  readonly value: Value;
}

/** Those of an expanded list that is not wholly known are one, unknown. */
function argumentsOf(place: Place, call: Call): readonly Argument[] {
  return call.arguments.flatMap((node, index): readonly Argument[] => {
    const value = valueAt(place, node);
    const isList = value.kind === "list" || value.kind === "tuple";
    if (!call.expand || index < call.arguments.length - 1) return [{ node, steps: [], value }];
    if (!isList || value.rest !== undefined) return [{ node, steps: [], value: UNKNOWN }];
    return value.items.map((item, at) => ({ node, steps: [at], value: item }));
  });
}

const UNKNOWN = unknown(DYNAMIC, { kind: "computed", detail: "" });

/** The argument that a member of a merged map, or an element of a list made of several, comes from. */
function ofArguments(
  name: "merge" | "concat",
  candidates: readonly Argument[],
  first: Step,
): { readonly node: Expression; readonly steps: Path } | undefined {
  if (name === "merge") {
    for (const { node, steps, value } of typeof first === "string" ? [...candidates].reverse() : []) {
      if ((value.kind === "object" || value.kind === "map") && value.entries.has(String(first)))
        return { node, steps: [...steps, first] };
      if (value.kind === "unknown") return undefined;
    }
    return undefined;
  }
  let index = typeof first === "number" ? first : -1;
  for (const { node, steps, value } of index < 0 ? [] : candidates) {
    if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "set") return undefined;
    if (index < value.items.length) return { node, steps: [...steps, index] };
    index -= value.items.length;
  }
  return undefined;
}

/** Above this many elements nobody looks which one it is. */
const MOST_ELEMENTS = 2000;

/** The round of a `for` that makes an element, and the path into its result. */
function iterationOf(place: Place, node: ForExpression, path: Path): { readonly place: Place; readonly path: Path } | undefined {
  const [first, ...rest] = path;
  const items = itemsOf(valueAt(place, node.collection));
  if (items === undefined || items.length > MOST_ELEMENTS) return undefined;
  let position = 0;
  for (const { key, value, step } of items) {
    const values = new Map(place.values);
    const elements = new Map(place.elements);
    values.set(node.valueName.name, value);
    if (node.keyName !== null) values.set(node.keyName.name, key);
    elements.set(node.valueName.name, { place, expression: node.collection, step });
    const inner = { ...place, values, elements };
    if (node.condition !== null) {
      const condition = valueAt(inner, node.condition);
      if (condition.kind !== "bool") return undefined;
      if (!condition.value) continue;
    }
    if (node.key === null) {
      if (position++ === first) return { place: inner, path: rest };
      continue;
    }
    const made = keyAt(inner, node.key, false);
    if (made === undefined) return undefined;
    if (made !== first) continue;
    if (!node.group) return { place: inner, path: rest };
    if (position++ === rest[0]) return { place: inner, path: rest.slice(1) };
  }
  return undefined;
}

/** Steps to the element of a function's first argument that is at an index of its result. */
function elementSteps(place: Place, name: string, call: Call, index: number): Path | undefined {
  const value = call.arguments[0] === undefined ? undefined : valueAt(place, call.arguments[0]);
  if (name === "values") {
    const key = value?.kind === "map" || value?.kind === "object" ? [...value.entries.keys()][index] : undefined;
    return key === undefined ? undefined : [key];
  }
  if ((value?.kind !== "list" && value?.kind !== "tuple") || value.rest !== undefined || value.items.length > MOST_ELEMENTS)
    return undefined;
  const { items } = value;
  switch (name) {
    case "flatten":
      return flattened(value, [])[index];
    case "reverse":
      return [items.length - 1 - index];
    case "slice": {
      const from = numberOf(place, call.arguments[1]);
      return from === undefined ? undefined : [from + index];
    }
    default: {
      const kept = items.flatMap((item, at) => {
        const isGone =
          name === "compact"
            ? item.kind === "null" || (item.kind === "string" && item.value === "")
            : items.slice(0, at).some((other) => sameValue(other, item) === true);
        return isGone ? [] : [at];
      });
      const found = kept[index];
      return found === undefined ? undefined : [found];
    }
  }
}

/** Where the elements of a flattened list come from; what is not known stands for itself. */
function flattened(value: Value, path: Path): readonly Path[] {
  if (value.kind !== "list" && value.kind !== "tuple" && value.kind !== "set") return [path];
  return value.items.flatMap((item, index) => flattened(item, [...path, index]));
}

function numberOf(place: Place, expression: Expression | undefined): number | undefined {
  const value = expression === undefined ? undefined : valueAt(place, expression);
  const number = value?.kind === "number" ? Number(value.value) : Number.NaN;
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** A set's elements are in Terraform's order, its expression's in the author's: the step to the element that was written. */
export function writtenSteps(written: Value, type: Type, path: Path): Path {
  const [first, ...rest] = path;
  if (first === undefined || (written.kind !== "tuple" && written.kind !== "list")) return path;
  const whole = convert(written, type);
  if (!("value" in whole) || whole.value.kind !== "set") return path;
  const { element, items } = whole.value;
  // A set of texts is asked for by text, as the key of what it makes.
  const wanted = typeof first === "number" ? items[first] : items.find((item) => item.kind === "string" && item.value === first);
  const index = written.items.findIndex((item) => {
    const converted = convert(item, element);
    return wanted !== undefined && "value" in converted && equalValues(converted.value, wanted);
  });
  return index < 0 ? path : [index, ...rest];
}

function itemsOf(collection: Value): readonly { readonly key: Value; readonly value: Value; readonly step: Step }[] | undefined {
  switch (collection.kind) {
    case "map":
    case "object":
      return [...collection.entries].map(([key, value]) => ({ key: { kind: "string", value: key }, value, step: key }));
    case "list":
    case "set":
    case "tuple":
      if (collection.rest !== undefined) return undefined;
      return collection.items.map((value, index) => ({
        key: collection.kind === "set" ? value : { kind: "number", value: index },
        value,
        step: index,
      }));
    default:
      return undefined;
  }
}
