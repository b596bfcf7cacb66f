import { mentions } from "../hcl/enclosing.ts";
import type { Block } from "../hcl/syntax.ts";
import { directoryOf } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import { DYNAMIC, unknown } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { evaluate } from "./evaluate.ts";
import { keysOf, NO_REPETITION, type Repetition, repetitionOf } from "./expansion.ts";
import type { InstanceKey } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import type { Self } from "./module-scope.ts";
import { type BodyReader, iteratorNameOf, type Iterations, NO_ITERATIONS, unroll } from "./resource-body.ts";
import type { BlockSchema } from "./schema.ts";
import { affordable, type Budget, type EvaluationScope } from "./scope.ts";
import type { Spot } from "./spot.ts";
import { attributeNamed } from "./symbols.ts";
import { fitVariable, markVariable, readVariable } from "./variables.ts";
import { givenToRoot } from "./variable-files.ts";

/** The value of an expression where it is evaluated once. */
export interface SpotValue {
  /** Of the module instance, or of the resource instance or module call in it if the value hangs on which it is; `""`: the root. */
  readonly address: string;
  readonly value: Value;
}

const REPEATED: ReadonlySet<string> = new Set(["each", "count", "self"]);

/** An expression's values in one module instance, as many as are asked for: one for each instance and block that makes a difference. */
export function* spotValues(module: ModuleEvaluator, spot: Spot, budget: Budget): Generator<SpotValue> {
  const { symbol, kind, blocks, attribute, expression } = spot;
  const declared = module.declared(symbol);
  if (declared === undefined) return;
  // What these are worth is known already, with what a type and the marks of the block make of it.
  if (expression === attribute.value && isValueOfSymbol(spot)) {
    yield { address: module.address, value: module.symbol(symbol).value };
    return;
  }
  const isSecret = isSensitive(module, spot);
  const values = function* (repetition: Repetition, address: string, key?: InstanceKey): Generator<SpotValue> {
    const self = selfOf(spot, key);
    const scope = (iterations: Iterations): EvaluationScope =>
      module.scope(declared, [], repetition, iterations, attribute, self, budget);
    for (const iterations of iterationsOf(spot, scope)) {
      if ("open" in iterations) yield { address, value: iterations.open };
      else {
        const inner = scope(iterations.names);
        const value = affordable(evaluate(expression, inner), expression, inner);
        yield { address, value: isSecret ? { ...value, sensitive: true } : value };
      }
    }
  };
  const isExpanded = kind === "managed" || kind === "data" || kind === "module";
  const decides = blocks.length < 2 && (attribute.name.name === "count" || attribute.name.name === "for_each");
  if (!isExpanded || decides || !hangsOn(spot, REPEATED)) {
    yield* values(NO_REPETITION, module.address);
    return;
  }
  const { expansion } = module.expansionOf(symbol);
  for (const key of keysOf(expansion)) yield* values(repetitionOf(expansion, key), module.addressOf(symbol, key), key);
}

const WITH_SELF: ReadonlySet<string> = new Set(["provisioner", "connection", "postcondition"]);

/** The resource around an expression: which instance `self` is, where it may be said. */
function selfOf({ symbol, kind, blocks }: Spot, key: InstanceKey): Self | undefined {
  if (kind !== "managed" && kind !== "data") return undefined;
  return blocks.some(({ type }) => WITH_SELF.has(type.name)) ? { symbol, instance: { key } } : { symbol };
}

/** What a line of a variable file gives a root, which declares how it is read; undefined: the root does not read the file. */
export function lineValue(module: ModuleEvaluator, file: FilePath, { symbol, attribute }: Spot): SpotValue | undefined {
  const inputs = module.context.inputs();
  if (directoryOf(file) !== module.module.directory && !inputs.variableFiles.includes(file)) return undefined;
  const given = givenToRoot(module.context.sources, module.module.directory, inputs, symbol.slice("var.".length));
  const declared = module.declared(symbol);
  if (given?.kind === "file" && given.entry.attribute === attribute && declared !== undefined)
    return { address: module.address, value: module.symbol(symbol).value };
  // Another line wins, or nobody declares the variable: this is what it would give.
  const value = module.constant(attribute.value);
  if (declared?.node.kind !== "block") return { address: module.address, value };
  const declaration = readVariable(declared.node, (expression) => module.constant(expression));
  const fitted = fitVariable(value, declaration);
  return { address: module.address, value: markVariable("value" in fitted ? fitted.value : value, declaration) };
}

/** Whether the provider calls the argument sensitive: then so is whatever makes it. */
function isSensitive({ context: { schemas } }: ModuleEvaluator, { kind, blocks, attribute }: Spot): boolean {
  if (kind !== "managed" && kind !== "data") return false;
  const [outer, ...inner] = blocks;
  const type = outer?.labels[0]?.name ?? "";
  let schema: BlockSchema | undefined = kind === "data" ? schemas.data(type) : schemas.resource(type);
  for (const [at, block] of inner.entries()) {
    if (block.type.name === "content" && inner[at - 1]?.type.name === "dynamic") continue;
    // In JSON an argument's object looks like a block.
    if (schema?.attributes.get(block.type.name)?.sensitive === true) return true;
    schema = schema?.blocks.get(block.type.name === "dynamic" ? (block.labels[0]?.name ?? "") : block.type.name);
  }
  return schema?.attributes.get(attribute.name.name)?.sensitive === true;
}

/** Whether the argument is what the symbol is worth. */
function isValueOfSymbol({ kind, blocks, attribute }: Spot): boolean {
  if (kind === "local") return true;
  const name = kind === "variable" ? "default" : "value";
  return (kind === "variable" || kind === "output") && blocks.length === 1 && attribute.name.name === name;
}

/** How many values `spotValues` has at least. */
export function spotSize(module: ModuleEvaluator, spot: Spot): number {
  const isExpanded = spot.kind === "managed" || spot.kind === "data" || spot.kind === "module";
  return isExpanded && hangsOn(spot, REPEATED) ? keysOf(module.expansionOf(spot.symbol).expansion).length : 1;
}

/** Whether the expression uses one of the names, or stands in a `dynamic` block whose elements do. */
function hangsOn({ expression, blocks }: Spot, names: ReadonlySet<string>): boolean {
  return (
    mentions(expression, names) ||
    dynamicsAround(blocks).some((block) =>
      block.body.items.some((item) => item.kind === "attribute" && item.name.name === "for_each" && mentions(item.value, names)),
    )
  );
}

/** The `dynamic` blocks whose `content` the innermost block is in. */
function dynamicsAround(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter((block, at) => block.type.name === "dynamic" && blocks[at + 1]?.type.name === "content");
}

/** What the iterators of the `dynamic` blocks around an expression are, block by block. */
function* iterationsOf(
  { expression, blocks }: Spot,
  scope: (iterations: Iterations) => EvaluationScope,
): Generator<{ readonly names: Iterations } | { readonly open: Value }> {
  const reader: BodyReader = {
    address: "",
    mode: "managed",
    evaluate: (inner, iterations) => evaluate(inner, scope(iterations)),
    report: () => undefined,
    takeBlocks: (count) => count <= 20_000,
  };
  const step = function* (
    dynamics: readonly Block[],
    iterations: Iterations,
  ): Generator<{ readonly names: Iterations } | { readonly open: Value }> {
    const [first, ...rest] = dynamics;
    if (first === undefined) {
      yield { names: iterations };
      return;
    }
    const unrolled = unroll(first.labels[0]?.name ?? "", [first], reader, iterations);
    for (const block of unrolled.blocks) yield* step(rest, block.iterations);
    if (unrolled.rest !== undefined) yield { open: unknown(DYNAMIC, unrolled.rest) };
  };
  const dynamics = dynamicsAround(blocks);
  const names = new Set(dynamics.map(iteratorOf));
  if (mentions(expression, names)) yield* step(dynamics, NO_ITERATIONS);
  else yield { names: NO_ITERATIONS };
}

function iteratorOf(dynamic: Block): string {
  const iterator = attributeNamed(dynamic, "iterator");
  return iterator === undefined ? (dynamic.labels[0]?.name ?? "") : iteratorNameOf(iterator.value);
}
