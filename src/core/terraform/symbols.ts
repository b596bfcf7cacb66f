import type { Attribute, Block, SourceFile, TopLevel } from "../hcl/syntax.ts";
import type { Problem } from "../text/text.ts";
import { blocksOfAttribute } from "./bodies.ts";
import { plainText } from "./plain-text.ts";

/** A top-level block, or one attribute of a `locals` block, by the name that is unique in its module. */
export interface SymbolUse {
  /** `aws_s3_bucket.b`, `data.aws_ami.x`, `var.x`, `local.x`, `output.x`, `module.x`, `provider.aws.west`, `terraform`. */
  readonly symbol: string;
  readonly kind: SymbolKind;
  readonly node: Block | Attribute;
  /** The top-level item that holds `node`: itself, or the `locals` block of an attribute. */
  readonly item: TopLevel["node"];
}

export type SymbolKind = "managed" | "data" | "variable" | "local" | "output" | "module" | "provider" | "terraform";

const LABELS: ReadonlyMap<string, { readonly kind: SymbolKind; readonly labels: number; readonly prefix: string }> = new Map([
  ["resource", { kind: "managed", labels: 2, prefix: "" }],
  ["data", { kind: "data", labels: 2, prefix: "data." }],
  ["variable", { kind: "variable", labels: 1, prefix: "var." }],
  ["output", { kind: "output", labels: 1, prefix: "output." }],
  ["module", { kind: "module", labels: 1, prefix: "module." }],
]);

/** Other blocks that Terraform and OpenTofu know at the top level. */
const WITHOUT_SYMBOL: ReadonlySet<string> = new Set([
  "moved",
  "removed",
  "import",
  "check",
  "ephemeral",
  "language",
  "list",
  "action",
]);

/** Memory of an item's symbols, since items keep their identity while their text does. */
const symbolsOfItem = new WeakMap<TopLevel["node"], readonly SymbolUse[]>();

/** The symbols that a configuration file declares, in order. */
export function symbolsOf(source: SourceFile): readonly SymbolUse[] {
  const found: SymbolUse[] = [];
  for (const { node } of source.items) {
    let symbols = symbolsOfItem.get(node);
    if (symbols === undefined) {
      symbols = node.kind === "block" ? symbolsOfBlock(node) : [];
      symbolsOfItem.set(node, symbols);
    }
    found.push(...symbols);
  }
  return found;
}

function symbolsOfBlock(block: Block): readonly SymbolUse[] {
  const type = block.type.name;
  const shape = LABELS.get(type);
  if (shape !== undefined) {
    const labels = block.labels.slice(0, shape.labels).map((label) => label.name);
    if (labels.length < shape.labels || labels.some((label) => label === "")) return [];
    return [{ symbol: shape.prefix + labels.join("."), kind: shape.kind, node: block, item: block }];
  }
  if (type === "provider") {
    const name = block.labels[0]?.name;
    if (name === undefined || name === "") return [];
    const alias = plainText(attributeNamed(block, "alias"));
    return [{ symbol: `provider.${name}${alias === undefined ? "" : `.${alias}`}`, kind: "provider", node: block, item: block }];
  }
  if (type === "locals") {
    return block.body.items.flatMap((item) =>
      item.kind === "attribute" ? [{ symbol: `local.${item.name.name}`, kind: "local" as const, node: item, item: block }] : [],
    );
  }
  if (type === "check") {
    // A data source of a check's own stands in its module's namespace.
    return block.body.items.flatMap((item) => {
      const own = item.kind === "attribute" ? dataInJson(item) : item.type.name === "data" ? [item] : [];
      return own.flatMap(symbolsOfBlock).map((use) => ({ ...use, item: block }));
    });
  }
  return type === "terraform" ? [{ symbol: "terraform", kind: "terraform", node: block, item: block }] : [];
}

/** {"data": {"http": {"site": {…}}}} of a check. */
function dataInJson(attribute: Attribute): readonly Block[] {
  if (attribute.name.name !== "data") return [];
  const inside = (block: Block): readonly Attribute[] =>
    block.body.items.flatMap((item) => (item.kind === "attribute" ? [item] : []));
  return (blocksOfAttribute(attribute) ?? [])
    .flatMap(inside)
    .flatMap((type) =>
      (blocksOfAttribute(type) ?? [])
        .flatMap(inside)
        .flatMap((name) =>
          (blocksOfAttribute(name) ?? []).map((block) => ({ ...block, type: attribute.name, labels: [type.name, name.name] })),
        ),
    );
}

/** Blocks that no Terraform version knows, and blocks with missing labels. */
export function structureProblems(source: SourceFile): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { node, base } of source.items) {
    const report = (start: number, end: number, code: string, message: string): void => {
      problems.push({ file: source.path, range: { start: base + start, end: base + end }, severity: "error", code, message });
    };
    if (node.kind === "attribute") {
      report(
        node.name.start,
        node.name.end,
        "misplaced-argument",
        `An argument can't stand outside of a block: \`${node.name.name}\`.`,
      );
      continue;
    }
    const type = node.type.name;
    const expected = LABELS.get(type)?.labels ?? (type === "provider" ? 1 : undefined);
    if (expected === undefined) {
      if (type !== "locals" && type !== "terraform" && !WITHOUT_SYMBOL.has(type)) {
        report(node.type.start, node.type.end, "unknown-block", `Terraform has no top-level block \`${type}\`.`);
      }
    } else if (node.labels.length !== expected) {
      const wanted = expected === 2 ? "a type and a name" : "a name";
      report(node.header.start, node.header.end, "labels", `\`${type}\` takes ${wanted} in quotes, and nothing else.`);
    }
  }
  return problems;
}

/** First attribute of a name in a block's body. */
export function attributeNamed(block: Block, name: string): Attribute | undefined {
  for (const item of block.body.items) if (item.kind === "attribute" && item.name.name === name) return item;
  return undefined;
}
