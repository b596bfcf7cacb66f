import { telling } from "../hcl/enclosing.ts";
import type { Attribute, Block, Expression, SourceFile } from "../hcl/syntax.ts";
import type { TextRange } from "../text/text.ts";
import { symbolsOf, type SymbolKind, type SymbolUse } from "./symbols.ts";

/** An expression that somebody points at, and what it stands in. */
export interface Spot {
  readonly symbol: string;
  readonly kind: SymbolKind;
  /** From the top-level block to the innermost one; none for a local. */
  readonly blocks: readonly Block[];
  readonly attribute: Attribute;
  readonly expression: Expression;
  /** Absolute; with the argument's name if that is what is pointed at. */
  readonly range: TextRange;
}

/** The expression at an absolute offset of a configuration file. Native syntax only: JSON does not say what is an expression. */
export function spotAt(source: SourceFile, offset: number): Spot | undefined {
  if (source.syntax !== "native") return undefined;
  const item = source.items.find(({ node, base }) => base + node.start <= offset && offset <= base + node.end);
  if (item?.node.kind !== "block") return undefined;
  const at = offset - item.base;
  const blocks: Block[] = [];
  let attribute: Attribute | undefined;
  for (let block: Block | undefined = item.node; block !== undefined;) {
    blocks.push(block);
    const inner: Attribute | Block | undefined = block.body.items.find(({ start, end }) => start <= at && at <= end);
    block = inner?.kind === "block" ? inner : undefined;
    attribute = inner?.kind === "attribute" ? inner : undefined;
  }
  if (attribute === undefined || attribute.value.kind === "missing") return undefined;
  const { name, value } = attribute;
  // Between the name and the value stands no expression.
  if (at > name.end && at < value.start) return undefined;
  const use = symbolsOf(source).find(({ node }) => node === item.node || node === attribute);
  if (use === undefined || !hasValue(use, blocks, name.name)) return undefined;
  const onName = at < value.start;
  // A default is a constant, and what counts is what the variable is worth.
  const expression = onName || (use.kind === "variable" && name.name === "default") ? value : telling(value, at);
  return {
    symbol: use.symbol,
    kind: use.kind,
    blocks: use.kind === "local" ? [] : blocks,
    attribute,
    expression,
    range: { start: item.base + (onName ? name.start : expression.start), end: item.base + expression.end },
  };
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
  if (outer.type.name === "provisioner" && blocks.length === 2) return name !== "when" && name !== "on_failure";
  return inner?.type.name !== "dynamic" || (name !== "iterator" && name !== "labels");
}
