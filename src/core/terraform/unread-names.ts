import type { Block } from "../hcl/syntax.ts";
import type { ResourceInstance } from "./model.ts";
import { META_ARGUMENTS } from "./resource-body.ts";
import type { BlockSchema } from "./schema.ts";

/** Arguments and blocks that the provider's schema does not have, as paths: of a newer provider, or misspelt. Nothing reads them. */
export function unreadNames({ declaration, schema }: ResourceInstance): readonly string[] {
  const { node } = declaration.item;
  if (node.kind !== "block" || schema === undefined) return [];
  const names: string[] = [];
  collectUnread(node, schema, "", names);
  return names;
}

function collectUnread(block: Block, schema: BlockSchema, path: string, names: string[]): void {
  for (const item of block.body.items) {
    // Most are arguments that the schema has.
    if (item.kind === "attribute" && schema.attributes.has(item.name.name)) continue;
    const isDynamic = item.kind === "block" && item.type.name === "dynamic";
    const name = item.kind === "attribute" ? item.name.name : isDynamic ? (item.labels[0]?.name ?? "") : item.type.name;
    if (path === "" && META_ARGUMENTS.has(name)) continue;
    // JSON writes dynamic blocks as an argument.
    if (item.kind === "attribute" && name === "dynamic") continue;
    const nested = schema.blocks.get(name);
    if (nested === undefined) {
      if (!schema.attributes.has(name)) names.push(`${path}${name}`);
    } else if (item.kind === "block") {
      const bodies = isDynamic ? item.body.items.filter((inner): inner is Block => inner.kind === "block") : [item];
      for (const body of bodies) collectUnread(body, nested, `${path}${name}.`, names);
    }
  }
}
