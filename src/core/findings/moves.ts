import type { Block, SourceFile } from "../hcl/syntax.ts";

/** A `moved` block of one module: addresses relative to it, as written. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** A `moved` block, with the address of the module instance that it speaks of. */
export interface PlacedMove extends Move {
  /** `""` for the root module. */
  readonly module: string;
}

/** The `moved` blocks of a file. One whose addresses are incomplete says nothing. */
export function readMoves(source: SourceFile): readonly Move[] {
  return source.items.flatMap(({ node, base }) => {
    if (node.kind !== "block" || node.type.name !== "moved") return [];
    const from = addressIn(source, node, base, "from");
    const to = addressIn(source, node, base, "to");
    return from === undefined || to === undefined || from === to ? [] : [{ from, to }];
  });
}

function addressIn(source: SourceFile, block: Block, base: number, name: string): string | undefined {
  const attribute = block.body.items.find((item) => item.kind === "attribute" && item.name.name === name);
  if (attribute?.kind !== "attribute") return undefined;
  const text = source.text.slice(base + attribute.value.start, base + attribute.value.end).trim();
  // In JSON the address is a string.
  const address = source.syntax === "json" ? text.replace(/^"(.*)"$/s, "$1").replaceAll('\\"', '"') : text;
  return /^[A-Za-z_][^\s]*$/.test(address) ? address : undefined;
}

/** More hops than any history has: moves that form a circle end here. */
const mostHops = 32;

/**
 * The addresses under which an instance may have been known before, nearest first, by the `moved` blocks and by what Terraform
 * moves by itself (a resource that gets or loses `count`). Never the address itself.
 */
export function earlierAddresses(address: string, moves: readonly PlacedMove[]): readonly string[] {
  const known = [address];
  for (let at = 0; at < known.length && known.length <= mostHops; at++) {
    const current = known[at] ?? "";
    for (const move of moves) {
      const before = undo(current, move);
      if (before !== undefined && !known.includes(before)) known.push(before);
    }
    const other = withOrWithoutCount(current);
    if (other !== undefined && !known.includes(other)) known.push(other);
  }
  return known.slice(1);
}

/** The address before one move; undefined when the move does not speak of it. */
function undo(address: string, { module, from, to }: PlacedMove): string | undefined {
  const prefix = module === "" ? "" : `${module}.`;
  if (!address.startsWith(prefix + to)) return undefined;
  const rest = address.slice(prefix.length + to.length);
  // `aws_x.a` is not the beginning of `aws_x.ab`, but of `aws_x.a[0]`, and `module.m` of all that lies in it.
  if (rest !== "" && !rest.startsWith("[") && !rest.startsWith(".")) return undefined;
  return prefix + from + rest;
}

function withOrWithoutCount(address: string): string | undefined {
  if (address.endsWith("[0]")) return address.slice(0, -3);
  return address.endsWith("]") ? undefined : `${address}[0]`;
}
