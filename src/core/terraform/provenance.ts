import type { Attribute, Block, Body, Expression } from "../hcl/syntax.ts";
import { formatPath } from "../values/path.ts";
import type { Path, Step, Type, Value } from "../values/value.ts";
import { blocksOfAttribute } from "./bodies.ts";
import { dataDocumentSteps, documentSteps } from "./document-paths.ts";
import type { Hop, InstanceKey, InstancePath, Provenance, ResourceInstance } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { Narrowing, writtenSteps } from "./narrowing.ts";
import { statementOrigins } from "./policy-documents.ts";
import { attributePlace, type Element, locate, type Place, placeOf, readerOf, valueAt, within } from "./places.ts";
import { followProvider, providerReference } from "./provider-configurations.ts";
import { collect, NO_ITERATIONS, unroll } from "./resource-body.ts";
import { plainAttribute, type BlockSchema } from "./schema.ts";
import type { Declared, Sources } from "./sources.ts";
import { baseName, joinPath } from "../text/path.ts";
import { attributeNamed } from "./symbols.ts";
import { givenToRoot, type RootInputs } from "./variable-files.ts";

/** A chain longer than this goes in circles. */
const MOST_HOPS = 40;

/** Where the value at a path of an instance was written. */
export function traceProvenance(
  evaluator: ModuleEvaluator,
  sources: Sources,
  inputs: () => RootInputs,
  instance: ResourceInstance,
  path: InstancePath,
): Provenance {
  const declared = evaluator.declared(symbolOf(instance));
  if (declared?.node.kind !== "block") return { hops: [], omitted: true, computed: false };
  return new Tracer(sources, inputs).trace(evaluator, declared, declared.node, instance.key, instance.schema, path);
}

/** The latest: what decided is asked for result by result, and a block has many. */
let latest: { readonly of: Pick<ResourceInstance, "mode" | "type" | "name">; readonly symbol: string } | undefined;

function symbolOf({ mode, type, name }: ResourceInstance): string {
  if (latest?.of.name === name && latest.of.type === type && latest.of.mode === mode) return latest.symbol;
  const of = { mode, type, name };
  const symbol = makeSymbol(of);
  latest = { of, symbol };
  return symbol;
}

function makeSymbol(instance: Pick<ResourceInstance, "mode" | "type" | "name">): string {
  switch (instance.mode) {
    case "managed":
      return `${instance.type}.${instance.name}`;
    case "data":
      return `data.${instance.type}.${instance.name}`;
    case "provider":
      return `provider.${instance.type}${instance.name === "" ? "" : `.${instance.name}`}`;
    case "variable":
      return `var.${instance.name}`;
    case "output":
      return `output.${instance.name}`;
  }
}

/**
 * The default that a variable's type has for a member that the given value lacks, `optional(string, "x")`, and how deep in the path the
 * member is. In JSON a type is text, whose parts have no place of their own.
 */
function defaultInType(
  type: Expression,
  given: Value,
  path: Path,
): { readonly expression: Expression; readonly depth: number } | undefined {
  let node = type;
  let value: Value | undefined = given;
  for (const [depth, step] of path.entries()) {
    while (node.kind === "parentheses") node = node.inner;
    const [argument] = node.kind === "call" ? node.arguments : [];
    if (node.kind !== "call" || argument === undefined) return undefined;
    switch (node.name.name) {
      case "list":
      case "map":
        node = argument;
        break;
      case "tuple": {
        const element: Expression | undefined =
          argument.kind === "tuple" && typeof step === "number" ? argument.elements[step] : undefined;
        if (element === undefined) return undefined;
        node = element;
        break;
      }
      case "object": {
        const item =
          argument.kind === "object" ? argument.items.find(({ key }) => key.kind === "variable" && key.name === step) : undefined;
        if (item === undefined || (value.kind !== "object" && value.kind !== "map")) return undefined;
        const isOptional = item.value.kind === "call" && item.value.name.name === "optional";
        const [inner = item.value, fallback] = isOptional ? item.value.arguments : [];
        const member = value.entries.get(String(step));
        if (member === undefined || member.kind === "null")
          return fallback === undefined ? undefined : { expression: fallback, depth };
        node = inner;
        break;
      }
      default:
        return undefined;
    }
    value = memberOf(value, step);
    if (value === undefined) return undefined;
  }
  return undefined;
}

function memberOf(value: Value, step: Step): Value | undefined {
  if (value.kind === "object" || value.kind === "map") return value.entries.get(String(step));
  if (value.kind === "list" || value.kind === "tuple") return typeof step === "number" ? value.items[step] : undefined;
  return undefined;
}

/** An attribute that holds objects may be written as blocks: what is known of those. */
function blockOf(type: Type | undefined): BlockSchema | undefined {
  if ((type?.kind !== "list" && type?.kind !== "set") || type.element.kind !== "object") return undefined;
  const attributes = [...type.element.attributes].map(([name, its]) => [name, plainAttribute(its)] as const);
  return { attributes: new Map(attributes), blocks: new Map() };
}

function isTagsOfProvider(declared: Declared, block: Block, schema: BlockSchema | undefined, [name]: Path): boolean {
  const isAws = declared.kind === "managed" && declared.symbol.startsWith("aws_");
  return isAws && name === "tags_all" && schema?.attributes.has(name) === true && attributeNamed(block, name) === undefined;
}

interface Items {
  readonly body: Body;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
}

/** Of the body that was asked for last: the checks of a block ask one after the other. */
let lastItems: Items | undefined;

function itemsOf(body: Body): Items {
  if (lastItems?.body !== body) {
    const attributes = new Map<string, Attribute>();
    const blocks = new Map<string, Block[]>();
    collect(body, attributes, blocks);
    lastItems = { body, attributes, blocks };
  }
  return lastItems;
}

class Tracer {
  readonly #sources: Sources;
  readonly #inputs: () => RootInputs;
  readonly #hops: Hop[] = [];
  readonly #narrowing: Narrowing;
  #omitted = false;

  constructor(sources: Sources, inputs: () => RootInputs) {
    this.#sources = sources;
    this.#inputs = inputs;
    this.#narrowing = new Narrowing(sources);
  }

  trace(
    evaluator: ModuleEvaluator,
    declared: Declared,
    block: Block,
    key: InstanceKey,
    schema: BlockSchema | undefined,
    path: Path,
  ): Provenance {
    const isValueOfVariable = declared.kind === "variable" && path[0] === "value";
    if (isValueOfVariable)
      this.#followVariable(placeOf(evaluator, declared, block, key), declared.symbol.slice("var.".length), path.slice(1));
    else if (isTagsOfProvider(declared, block, schema, path))
      this.#tags(placeOf(evaluator, declared, block, key), block, schema, path);
    else this.#inBlock(placeOf(evaluator, declared, block, key), block, schema, path, path);
    return { hops: this.#hops, omitted: this.#omitted, computed: this.#narrowing.computed };
  }

  /** `tags_all`, which the provider makes of the block's own tags and its configuration's. */
  #tags(place: Place, block: Block, schema: BlockSchema | undefined, path: Path): void {
    const [, name, ...rest] = path;
    const own = attributeNamed(block, "tags");
    const tags = own === undefined ? undefined : valueAt(within(place, own, block), own.value);
    const isOwn =
      name === undefined ||
      tags?.kind === "unknown" ||
      ((tags?.kind === "object" || tags?.kind === "map") && tags.entries.has(String(name)));
    if (own !== undefined && isOwn) {
      this.#inBlock(place, block, schema, ["tags", ...path.slice(1)], path);
      return;
    }
    this.#header(place, block, path, true);
    const provider = attributeNamed(block, "provider")?.value;
    const { scope, name: local } = followProvider<ModuleEvaluator>(
      place.evaluator,
      (provider === undefined ? undefined : providerReference(provider)) ?? "aws",
    );
    const declared = scope.declared(`provider.${local}`);
    if (declared?.node.kind !== "block") return;
    const before = this.#hops.length;
    const inside = ["default_tags", 0, "tags", ...(name === undefined ? [] : [name]), ...rest];
    this.#inBlock(placeOf(scope, declared, declared.node, undefined), declared.node, undefined, inside, inside);
    const [hop] = this.#hops.slice(before);
    if (hop !== undefined && hop.kind !== "header")
      this.#hops[before] = { ...hop, kind: "provider", label: `\`${formatPath(path)}\`` };
    else this.#hops.length = before;
    this.#omitted = true;
  }

  /** Finds a path in a block's body. */
  #inBlock(place: Place, block: Block, schema: BlockSchema | undefined, path: Path, whole: Path): void {
    const [name, ...rest] = path;
    if (typeof name !== "string") {
      this.#header(place, block, whole, path.length > 0);
      return;
    }
    const { attributes, blocks } = itemsOf(block.body);
    const attribute = attributes.get(name);
    const written = [...(blocks.get(name) ?? [])];
    const nested = schema?.blocks.get(name);
    const fromAttribute = attribute !== undefined && nested !== undefined ? blocksOfAttribute(attribute) : undefined;
    if (fromAttribute !== undefined) written.push(...fromAttribute);
    if (attribute !== undefined && fromAttribute === undefined) {
      const inner = within(place, attribute, block);
      const type = schema?.attributes.get(name)?.type;
      const steps = type?.kind === "set" ? writtenSteps(valueAt(inner, attribute.value), type, rest) : rest;
      this.#expression(inner, attribute.value, steps, "attribute", formatPath(whole));
      return;
    }
    if (written.length === 0) {
      this.#header(place, block, whole, true);
      return;
    }
    const [first, ...others] = rest;
    const index = typeof first === "number" ? first : 0;
    const inside = typeof first === "number" ? others : rest;
    const unrolled = unroll(name, written, readerOf(place), place.iterations);
    const chosen = unrolled.blocks[index];
    if (chosen === undefined) {
      this.#unrolledRest(place, written, block, whole);
      return;
    }
    const elements = new Map(place.elements);
    if (chosen.dynamic !== undefined && chosen.key !== undefined) {
      const forEach = attributeNamed(chosen.dynamic, "for_each");
      const step = stepOf(chosen.key, unrolled.blocks.filter((other) => other.dynamic === chosen.dynamic).indexOf(chosen));
      for (const [iterator, iteration] of chosen.iterations) {
        if (place.iterations.get(iterator) === iteration || forEach === undefined) continue;
        const outer = within(place, forEach, chosen.dynamic);
        elements.set(iterator, { place: outer, expression: forEach.value, step });
      }
    }
    const there: Place = { ...within(place, undefined, chosen.block), iterations: chosen.iterations, elements };
    if (inside.length === 0) this.#header(there, chosen.block, whole, false);
    else this.#inBlock(there, chosen.block, nested ?? blockOf(schema?.attributes.get(name)?.type), inside, whole);
  }

  /** An element that an unknown `dynamic` may make. */
  #unrolledRest(place: Place, written: readonly Block[], block: Block, whole: Path): void {
    for (const candidate of written) {
      const forEach = candidate.type.name === "dynamic" ? attributeNamed(candidate, "for_each") : undefined;
      if (forEach === undefined) continue;
      this.#narrowing.computed = true;
      this.#expression(within(place, forEach, candidate), forEach.value, [], "attribute", formatPath(whole));
      return;
    }
    this.#header(place, block, whole, true);
  }

  #header(place: Place, block: Block, whole: Path, omitted: boolean): void {
    this.#omitted = omitted;
    this.#hops.push({
      kind: omitted ? "header" : "attribute",
      location: locate(place, block.header),
      expression: undefined,
      attribute: undefined,
      block: { node: block, base: place.base },
      module: place.evaluator.module,
      label: formatPath(whole),
    });
  }

  /** Narrows an expression by a path, notes the hop, and goes where it refers to. */
  #expression(place: Place, expression: Expression, path: Path, kind: Hop["kind"], label: string): void {
    if (this.#hops.length >= MOST_HOPS) return;
    const narrowed = this.#narrowing.narrow(place, expression, path);
    const { node } = narrowed;
    const inside = node !== expression && kind === "attribute";
    this.#hops.push({
      kind: inside ? "element" : kind,
      location: locate(narrowed.place, narrowed.range ?? node),
      expression: { node, base: narrowed.place.base },
      attribute: place.attribute === undefined ? undefined : { node: place.attribute, base: place.base },
      block: place.block === undefined ? undefined : { node: place.block, base: place.base },
      module: place.evaluator.module,
      label,
    });
    if (!narrowed.done) this.#follow(narrowed.place, node, narrowed.path);
    else this.#readFile(narrowed.place, node);
  }

  /** A file whose text decides. It is no Terraform: nothing in it is followed. */
  #readFile(place: Place, node: Expression): void {
    const argument = fileArgument(node);
    const name = argument === undefined ? undefined : valueAt(place, argument);
    if (name?.kind !== "string" || name.sensitive === true) return;
    const { context, module } = place.evaluator;
    const files = context.files(module.root);
    if (!("text" in files.read(name.value))) return;
    const file = joinPath(files.workingDirectory, name.value);
    this.#hops.push({
      kind: "file",
      location: { file, range: { start: 0, end: 0 } },
      expression: undefined,
      attribute: undefined,
      block: undefined,
      module: place.evaluator.module,
      label: baseName(file),
    });
  }

  /** Goes on where a reference leads. */
  #follow(place: Place, node: Expression, path: Path): void {
    const reference = this.#referenceOf(place, node);
    if (reference === undefined) return;
    const { root, steps } = reference;
    const whole = [...steps, ...path];
    const element = place.elements.get(root);
    if (element !== undefined) {
      const isFor = place.values.has(root);
      if (!isFor && steps[0] !== "value") return;
      this.#expression(element.place, element.expression, [element.step, ...(isFor ? whole : whole.slice(1))], "element", root);
      return;
    }
    const [name] = steps;
    if (typeof name !== "string") return;
    switch (root) {
      case "var":
        this.#followVariable(place, name, whole.slice(1));
        return;
      case "local": {
        const declared = place.evaluator.declared(`local.${name}`);
        if (declared?.node.kind !== "attribute") return;
        const there = attributePlace(place.evaluator, declared, declared.node);
        this.#expression(there, declared.node.value, whole.slice(1), "local", `local.${name}`);
        return;
      }
      case "each":
        this.#followEach(place, name, whole.slice(1));
        return;
      case "module":
        this.#followModule(place, name, whole.slice(1));
        return;
      case "data":
        if (typeof steps[1] === "string") this.#followResource(place, `data.${name}.${steps[1]}`, whole.slice(2));
        return;
      default:
        if (root.includes("_")) this.#followResource(place, `${root}.${name}`, whole.slice(1));
    }
  }

  #followVariable(place: Place, name: string, path: Path): void {
    const { evaluator } = place;
    const declared = evaluator.declared(`var.${name}`);
    if (declared?.node.kind !== "block") return;
    const { node } = declared;
    const label = `var.${name}`;
    const here = placeOf(evaluator, declared, node, undefined);
    const type = attributeNamed(node, "type");
    const follow = (there: Place, expression: Expression, kind: Hop["kind"]): void => {
      const missing = type === undefined ? undefined : defaultInType(type.value, valueAt(there, expression), path);
      if (type === undefined || missing === undefined) {
        this.#expression(there, expression, path, kind, label);
        return;
      }
      // What lacks the member is no place to write the member's value.
      const before = this.#hops.length;
      this.#expression(there, expression, path.slice(0, missing.depth), kind, label);
      for (let at = before; at < this.#hops.length; at++) {
        const hop = this.#hops[at];
        if (hop !== undefined) this.#hops[at] = { ...hop, expression: undefined };
      }
      this.#expression(within(here, type, node), missing.expression, path.slice(missing.depth + 1), "variable default", label);
    };
    const { parent } = evaluator;
    if (parent !== undefined) {
      const call = parent.declared(`module.${evaluator.callName}`);
      const argument = call?.node.kind === "block" ? attributeNamed(call.node, name) : undefined;
      if (call?.node.kind === "block" && argument !== undefined) {
        const outer = placeOf(parent, call, call.node, evaluator.module.key);
        follow(within(outer, argument, call.node), argument.value, "module argument");
        return;
      }
    } else {
      const given = givenToRoot(this.#sources, evaluator.module.directory, this.#inputs(), name);
      if (given?.kind === "file") {
        const { file, base, attribute } = given.entry;
        follow({ ...here, declared: undefined, file, base, attribute, block: undefined }, attribute.value, "variable file");
        return;
      }
      // Given on the command line or in the environment: no text in these files decides.
      if (given !== undefined) return;
    }
    const fallback = attributeNamed(node, "default");
    if (fallback !== undefined) follow(within(here, fallback, node), fallback.value, "variable default");
    else if (this.#hops.length === 0) this.#header(here, node, ["value"], true);
  }

  #followEach(place: Place, name: string, path: Path): void {
    const { declared } = place;
    const block = declared?.node.kind === "block" ? declared.node : undefined;
    const forEach = block === undefined ? undefined : attributeNamed(block, "for_each");
    const key = place.repetition.key;
    if (forEach === undefined || block === undefined || key?.kind !== "string") return;
    const there = { ...within(place, forEach, block), iterations: NO_ITERATIONS, elements: new Map<string, Element>() };
    const before = this.#hops.length;
    this.#expression(there, forEach.value, [key.value, ...path], "element", `each.${name}`);
    // Of a set, key and value are one.
    if (name === "key" && valueAt(there, forEach.value).kind !== "set") this.#pointToKeys(before);
  }

  /** Of a map's element its key is meant, which is no expression that a fix could replace: others refer to what it names. */
  #pointToKeys(from: number): void {
    for (let at = from; at < this.#hops.length; at++) {
      const hop = this.#hops[at];
      if (hop?.expression === undefined) continue;
      const { expression, location, attribute } = hop;
      const key = attribute === undefined ? undefined : keyOfValue(attribute.node.value, expression.node);
      const range = key === undefined ? location.range : { start: expression.base + key.start, end: expression.base + key.end };
      this.#hops[at] = { ...hop, expression: undefined, location: { file: location.file, range } };
    }
  }

  #followModule(place: Place, name: string, path: Path): void {
    let rest = path;
    let key: InstanceKey;
    const { expansion } = place.evaluator.call(name);
    if (expansion.kind !== "single") {
      key = path[0];
      rest = path.slice(1);
    }
    const child = place.evaluator.children(name).find((other) => expansion.kind === "unknown" || other.module.key === key);
    const [output] = rest;
    const declared = child?.declared(`output.${String(output)}`);
    const value = declared?.node.kind === "block" ? attributeNamed(declared.node, "value") : undefined;
    if (child === undefined || declared?.node.kind !== "block" || value === undefined) return;
    const there = within(placeOf(child, declared, declared.node, undefined), value, declared.node);
    this.#expression(there, value.value, rest.slice(1), "module output", `module.${name}`);
  }

  /** Another block's argument, or a statement of a policy document data source. */
  #followResource(place: Place, symbol: string, path: Path): void {
    const declared = place.evaluator.declared(symbol);
    if (declared?.node.kind !== "block") return;
    const expansion = place.evaluator.expansion(symbol);
    let rest = path;
    let key: InstanceKey;
    if (expansion.kind !== "single") {
      key = expansion.kind === "unknown" ? undefined : path[0];
      rest = path.slice(1);
    }
    const hash = rest.indexOf("#");
    const document = rest.slice(hash + 1);
    const inside = hash < 0 ? rest : (writtenElsewhere(place.evaluator, symbol, key, document) ?? dataDocumentSteps(document));
    const there = placeOf(place.evaluator, declared, declared.node, key);
    const before = this.#hops.length;
    const omitted = this.#omitted;
    this.#inBlock(there, declared.node, undefined, inside, inside);
    const [hop] = this.#hops.slice(before);
    if (hop?.kind === "header" && hash < 0) {
      // What the other block computes is not written anywhere.
      this.#hops.length = before;
    } else if (hop !== undefined) this.#hops[before] = { ...hop, label: symbol };
    this.#omitted = omitted;
  }

  #referenceOf(place: Place, node: Expression): { readonly root: string; readonly steps: readonly Step[] } | undefined {
    switch (node.kind) {
      case "variable":
        return { root: node.name, steps: [] };
      case "getAttribute": {
        const from = this.#referenceOf(place, node.object);
        return from === undefined ? undefined : { root: from.root, steps: [...from.steps, node.name.name] };
      }
      case "index": {
        const from = this.#referenceOf(place, node.object);
        const key = valueAt(place, node.key);
        if (from === undefined || (key.kind !== "string" && key.kind !== "number")) return undefined;
        return { root: from.root, steps: [...from.steps, key.kind === "string" ? key.value : Number(key.value)] };
      }
      case "parentheses":
        return this.#referenceOf(place, node.inner);
      default:
        return undefined;
    }
  }
}

/** The key of the object item with this value. */
function keyOfValue(root: Expression, value: Expression): Expression | undefined {
  switch (root.kind) {
    case "object":
      for (const item of root.items) {
        const found = item.value === value ? item.key : keyOfValue(item.value, value);
        if (found !== undefined) return found;
      }
      return undefined;
    case "tuple":
      return firstKey(root.elements, value);
    case "call":
      return firstKey(root.arguments, value);
    case "parentheses":
      return keyOfValue(root.inner, value);
    default:
      return undefined;
  }
}

function firstKey(among: readonly Expression[], value: Expression): Expression | undefined {
  for (const each of among) {
    const found = keyOfValue(each, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The name of the file that an expression reads, through functions of one text: `jsondecode(file("…"))`. */
function fileArgument(node: Expression): Expression | undefined {
  if (node.kind === "parentheses") return fileArgument(node.inner);
  if (node.kind !== "call") return undefined;
  const [argument] = node.arguments;
  const name = node.name.name.replace(/^core::/, "");
  if (name === "file" || name === "templatefile" || name === "filebase64") return argument;
  return argument === undefined ? undefined : fileArgument(argument);
}

/** The path to a statement in the arguments of a policy document that joins it from others. */
function writtenElsewhere(evaluator: ModuleEvaluator, symbol: string, key: InstanceKey, path: Path): Path | undefined {
  const [first, index, ...rest] = path;
  const values = evaluator.resourceValues(symbol).instances.get(key);
  const isJoined = symbol.startsWith("data.aws_iam_policy_document.") && documentSteps("statements").includes(first ?? "");
  if (!isJoined || values === undefined || typeof index !== "number") return undefined;
  const origin = statementOrigins(values)[index];
  if (origin === undefined) return undefined;
  if (origin.argument === "statement") return dataDocumentSteps(["statements", origin.index, ...rest]);
  const inside = ["#", "statements", origin.index, ...rest];
  return origin.argument.endsWith("_documents") ? [origin.argument, origin.document, ...inside] : [origin.argument, ...inside];
}

/** The step from a collection to the element that an iterator stands at. */
function stepOf(key: Value, position: number): Step {
  if (key.kind === "string") return key.value;
  return key.kind === "number" ? Number(key.value) : position;
}
