import type { Attribute, Block, Body, Expression } from "../hcl/syntax.ts";
import { plainText } from "./plain-text.ts";

/*
 * One view of block bodies for both syntaxes. In JSON (and in the attribute-as-blocks style) a nested block is written as an object
 * or a list of objects; here it becomes a block all the same, with the positions of the object.
 */

/** Merges the override blocks of one symbol, as Terraform does: arguments replace, block types replace as a whole. */
export function mergeBlocks(base: Block, overrides: readonly Block[]): Block {
  let merged = base;
  for (const override of overrides) merged = mergeBlock(merged, override);
  return merged;
}

function mergeBlock(base: Block, override: Block): Block {
  const attributes = new Map<string, Attribute>();
  const blockTypes = new Set<string>();
  const lifecycles: Block[] = [];
  for (const item of override.body.items) {
    if (item.kind === "attribute") attributes.set(item.name.name, item);
    else if (item.type.name === "lifecycle") lifecycles.push(item);
    else blockTypes.add(nestedName(item));
  }
  const items: (Attribute | Block)[] = [];
  for (const item of base.body.items) {
    if (item.kind === "attribute") {
      // JSON writes blocks as properties: either form replaces the other.
      if (blockTypes.has(item.name.name)) continue;
      items.push(attributes.get(item.name.name) ?? item);
      attributes.delete(item.name.name);
    } else if (attributes.has(nestedName(item))) continue;
    else if (item.type.name === "lifecycle" && lifecycles.length > 0) {
      items.push(mergeBlocks(item, lifecycles));
      lifecycles.length = 0;
    } else if (!blockTypes.has(nestedName(item))) items.push(item);
  }
  items.push(...attributes.values(), ...lifecycles);
  for (const item of override.body.items) {
    if (item.kind === "block" && item.type.name !== "lifecycle") items.push(item);
  }
  return { ...base, body: { ...base.body, items } };
}

/** `dynamic "ingress"` counts as `ingress`. */
function nestedName(block: Block): string {
  return block.type.name === "dynamic" ? (block.labels[0]?.name ?? "dynamic") : block.type.name;
}

const blocksOfExpression = new WeakMap<Expression, readonly Block[] | null>();

/** The blocks that an attribute's object, or list of objects, stands for; undefined when it is neither. */
export function blocksOfAttribute(attribute: Attribute): readonly Block[] | undefined {
  const known = blocksOfExpression.get(attribute.value);
  if (known !== undefined) return known ?? undefined;
  const blocks = toBlocks(attribute);
  blocksOfExpression.set(attribute.value, blocks ?? null);
  return blocks;
}

function toBlocks(attribute: Attribute): readonly Block[] | undefined {
  const { value } = attribute;
  const objects = value.kind === "tuple" ? value.elements : [value];
  const blocks: Block[] = [];
  for (const object of objects) {
    if (object.kind === "literal" && object.value === null) continue;
    const block = blockOfObject(attribute, object);
    if (block === undefined) return undefined;
    blocks.push(block);
  }
  return blocks;
}

function blockOfObject(attribute: Attribute, object: Expression): Block | undefined {
  if (object.kind !== "object") return undefined;
  const items: Attribute[] = [];
  for (const item of object.items) {
    const { key } = item;
    const name = item.bareKey && key.kind === "variable" ? key.name : plainText({ value: key });
    if (name === undefined) return undefined;
    items.push({
      kind: "attribute",
      start: item.start,
      end: item.end,
      name: { name, start: key.start, end: key.end },
      value: item.value,
    });
  }
  const body: Body = { start: object.start, end: object.end, items };
  const header = { start: attribute.name.start, end: attribute.name.end };
  return { kind: "block", start: object.start, end: object.end, type: attribute.name, labels: [], body, header };
}
