import { telling } from "../hcl/enclosing.ts";
import type { Attribute, Block, Expression, SourceFile } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { blocksOfAttribute } from "./bodies.ts";
import { symbolsOf, type SymbolKind, type SymbolUse } from "./symbols.ts";

/** An expression that somebody points at, and what it stands in. */
export interface Spot {
  readonly symbol: string;
  readonly kind: SymbolKind;
  /** From the symbol's own block to the innermost one; none for a local and for a line of a variable file. */
  readonly blocks: readonly Block[];
  readonly attribute: Attribute;
  readonly expression: Expression;
  /** Absolute; with the argument's name if that is what is pointed at. */
  readonly range: TextRange;
}

/** The expression at an absolute offset of a configuration file. */
export function spotAt(source: SourceFile, offset: number): Spot | undefined {
  const item = source.items.find(({ node, base }) => base + node.start <= offset && offset <= base + node.end);
  if (item?.node.kind !== "block") return undefined;
  const at = offset - item.base;
  const chain = chainAt(item.node, at, source.syntax === "json");
  if (chain === undefined) return undefined;
  const { blocks, attribute } = chain;
  if (attribute.value.kind === "missing") return undefined;
  const { name, value } = attribute;
  // Between the name and the value stands no expression.
  if (at > name.end && at < value.start) return undefined;
  const uses = symbolsOf(source);
  const use = uses.find(({ node }) => node === attribute || blocks.some((block) => isBlock(block, node)));
  if (use === undefined) return undefined;
  const own = blocks.slice(blocks.findIndex((block) => isBlock(block, use.node)));
  if (!hasValue(use, own, name.name)) return undefined;
  const onName = at < value.start;
  // A default is a constant, and what counts is what the variable is worth.
  const expression = onName || (use.kind === "variable" && name.name === "default") ? value : tellingOf(source, value, at);
  return {
    symbol: use.symbol,
    kind: use.kind,
    blocks: use.kind === "local" ? [] : own,
    attribute,
    expression,
    range: { start: item.base + (onName ? name.start : expression.start), end: item.base + expression.end },
  };
}

/** The line of a variable file at an absolute offset. */
export function lineAt(source: SourceFile, offset: number): Spot | undefined {
  const item = source.items.find(({ node, base }) => base + node.start <= offset && offset <= base + node.end);
  if (item?.node.kind !== "attribute" || item.node.value.kind === "missing") return undefined;
  const { node: attribute, base } = item;
  const { name, value } = attribute;
  const at = offset - base;
  if (at > name.end && at < value.start) return undefined;
  const range = { start: base + (at < value.start ? name.start : value.start), end: base + value.end };
  return { symbol: `var.${name.name}`, kind: "variable", blocks: [], attribute, expression: value, range };
}

/** A block that JSON writes as an object is made anew by who reads it, of the same body. */
function isBlock(block: Block, node: Block | Attribute): boolean {
  return node.kind === "block" && block.body === node.body;
}

interface Chain {
  readonly blocks: readonly Block[];
  readonly attribute: Attribute;
}

/** The blocks around an offset, outermost first, and the argument there. */
function chainAt(top: Block, at: number, isJson: boolean): Chain | undefined {
  const blocks: Block[] = [];
  // In JSON only a resource's and a provider's objects can be blocks, and to point at a name in another object means something, too.
  const hasObjects = isJson && !["locals", "variable", "output", "module", "terraform"].includes(top.type.name);
  for (let block = top; ;) {
    blocks.push(block);
    const inner = block.body.items.find(({ start, end }) => start <= at && at <= end);
    if (inner === undefined) return undefined;
    if (inner.kind === "block") block = inner;
    else {
      const next = hasObjects ? blockIn(inner, at) : undefined;
      if (next === undefined) return { blocks, attribute: inner };
      block = next;
    }
  }
}

/** The block that an attribute of JSON stands for, where an offset lies in its object. */
function blockIn(attribute: Attribute, at: number): Block | undefined {
  const found = blocksOfAttribute(attribute)?.find(({ start, end }) => start < at && at < end);
  if (found === undefined || (attribute.name.name !== "dynamic" && attribute.name.name !== "data")) return found;
  // {"dynamic": {"ingress": {…}}}, and a check's own {"data": {"http": {"site": {…}}}}.
  const levels = attribute.name.name === "dynamic" ? 1 : 2;
  const labels: Attribute["name"][] = [];
  let block: Block = found;
  for (let level = 0; level < levels; level++) {
    const inner = block.body.items.find(({ start, end }) => start <= at && at <= end);
    const next =
      inner?.kind === "attribute" ? blocksOfAttribute(inner)?.find(({ start, end }) => start < at && at < end) : undefined;
    if (inner?.kind !== "attribute" || next === undefined) return found;
    labels.push(inner.name);
    block = next;
  }
  return { ...block, type: attribute.name, labels };
}

/** JSON text with escapes has one range for all that is in it: then it is taken as a whole. */
function tellingOf(source: SourceFile, value: Expression, at: number): Expression {
  const found = telling(value, at);
  if (source.syntax !== "json") return found;
  const text = textAt(value, at);
  return text !== undefined && found.start === text.start && found.end === text.end ? text : found;
}

/** The string of JSON at an offset. */
function textAt(value: Expression, at: number): Expression | undefined {
  switch (value.kind) {
    case "template":
      return value;
    case "tuple":
      return firstAt(value.elements, at);
    case "object":
      return firstAt(
        value.items.flatMap((item) => [item.key, item.value]),
        at,
      );
    default:
      return undefined;
  }
}

function firstAt(expressions: readonly Expression[], at: number): Expression | undefined {
  const found = expressions.find(({ start, end }) => start <= at && at <= end);
  return found === undefined ? undefined : textAt(found, at);
}

/** References to what is not a value, types and keywords look like expressions. */
const NO_VALUES: Readonly<Record<SymbolKind, ReadonlySet<string>>> = {
  managed: new Set(["provider", "depends_on"]),
  data: new Set(["provider", "depends_on"]),
  module: new Set(["source", "version", "providers", "depends_on"]),
  provider: new Set(["alias", "version", "for_each"]),
  output: new Set(["depends_on", "sensitive", "ephemeral"]),
  variable: new Set(["type", "sensitive", "ephemeral", "nullable"]),
  local: new Set(),
  terraform: new Set(),
};

function hasValue({ kind }: SymbolUse, blocks: readonly Block[], name: string): boolean {
  const [, outer] = blocks;
  const inner = blocks.at(-1);
  if (kind === "terraform") return false;
  if (outer === undefined || kind === "local") return !NO_VALUES[kind].has(name);
  if (inner?.type.name === "lifecycle") return false;
  // In JSON the provisioner's own type is a level of its own.
  if (outer.type.name === "provisioner" && inner?.type.name !== "connection") return name !== "when" && name !== "on_failure";
  return inner?.type.name !== "dynamic" || (name !== "iterator" && name !== "labels");
}
