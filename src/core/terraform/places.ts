import type { Attribute, Block, Expression } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import type { Step, Value } from "../values/value.ts";
import { declarationOf } from "./declarations.ts";
import { evaluate } from "./evaluate.ts";
import { type Repetition, repetitionOf } from "./expansion.ts";
import type { Declaration, Hop, InstanceKey } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { type BodyReader, type Iterations, NO_ITERATIONS } from "./resource-body.ts";
import { withNames } from "./scope.ts";
import type { Declared } from "./sources.ts";

/** Where an expression stands, and what its names mean there. */
export interface Place {
  readonly evaluator: ModuleEvaluator;
  /** undefined: a variable file, where nothing can be referred to. */
  readonly declared: Declared | undefined;
  readonly file: string;
  readonly base: number;
  readonly attribute: Attribute | undefined;
  readonly block: Block | undefined;
  readonly repetition: Repetition;
  readonly iterations: Iterations;
  /** Values of `for` names. */
  readonly values: ReadonlyMap<string, Value>;
  /** What `each.value`, an iterator's `value` or a `for` name stands for. */
  readonly elements: ReadonlyMap<string, Element>;
}

/** An element of a collection: the expression of the collection, and the step into it. */
export interface Element {
  readonly place: Place;
  readonly expression: Expression;
  readonly step: Step;
}

const NO_ELEMENTS: ReadonlyMap<string, Element> = new Map();
const NO_VALUES: ReadonlyMap<string, Value> = new Map();

export function placeOf(evaluator: ModuleEvaluator, declared: Declared, block: Block, key: InstanceKey): Place {
  const expandable = declared.kind === "managed" || declared.kind === "data" || declared.kind === "module";
  const expansion = expandable ? evaluator.expansion(declared.symbol) : ({ kind: "single" } as const);
  const { declaration } = declared;
  return {
    evaluator,
    declared,
    file: declaration.file,
    base: declaration.item.base,
    attribute: undefined,
    block,
    repetition: repetitionOf(expansion, key),
    iterations: NO_ITERATIONS,
    values: NO_VALUES,
    elements: NO_ELEMENTS,
  };
}

export function attributePlace(evaluator: ModuleEvaluator, declared: Declared, attribute: Attribute): Place {
  const declaration: Declaration = declared.parts.find((part) => part.node === attribute)?.declaration ?? declared.declaration;
  const { node, base } = declaration.item;
  return {
    evaluator,
    declared,
    file: declaration.file,
    base,
    attribute,
    block: node.kind === "block" ? node : undefined,
    repetition: repetitionOf({ kind: "single" }, undefined),
    iterations: NO_ITERATIONS,
    values: NO_VALUES,
    elements: NO_ELEMENTS,
  };
}

/** The same place at one of its items, in the file that holds it. */
export function within(place: Place, attribute: Attribute | undefined, block: Block | undefined): Place {
  if (place.declared === undefined) return { ...place, attribute, block };
  const declaration = declarationOf(place.declared, attribute ?? block);
  return { ...place, file: declaration.file, base: declaration.item.base, attribute, block };
}

export function locate(place: Place, range: TextRange): Hop["location"] {
  return { file: place.file, range: { start: place.base + range.start, end: place.base + range.end } };
}

export function readerOf(place: Place): BodyReader {
  return {
    address: "",
    mode: "managed",
    evaluate: (expression, iterations) => {
      const scope = place.evaluator.scope(place.declared, [], place.repetition, iterations);
      return evaluate(expression, place.values.size === 0 ? scope : withNames(scope, place.values));
    },
    report: () => undefined,
    takeBlocks: () => true,
  };
}

/** What an expression evaluates to in a place. */
export function valueAt(place: Place, expression: Expression): Value {
  if (place.declared === undefined) return place.evaluator.constant(expression);
  const scope = place.evaluator.scope(place.declared, [], place.repetition, place.iterations);
  return evaluate(expression, place.values.size === 0 ? scope : withNames(scope, place.values));
}

/** The key of an object item. */
export function keyAt(place: Place, key: Expression, bare: boolean): string | undefined {
  if (bare && key.kind === "variable") return key.name;
  const value = valueAt(place, key);
  return value.kind === "string" || value.kind === "number" || value.kind === "bool" ? String(value.value) : undefined;
}
