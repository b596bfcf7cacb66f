import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import type { Path, Type } from "../values/value.ts";

/** A block's type as checks see it: single blocks (`max: 1`) are objects, repeated ones lists or sets of objects. */
export function blockType(block: BlockSchema): Extract<Type, { kind: "object" }> {
  let type = blockTypes.get(block);
  if (type === undefined) {
    const attributes = new Map<string, Type>();
    for (const [name, attribute] of block.attributes) attributes.set(name, attribute.type);
    for (const [name, nested] of block.blocks) attributes.set(name, nestedType(nested));
    type = { kind: "object", attributes };
    blockTypes.set(block, type);
  }
  return type;
}

const blockTypes = new WeakMap<BlockSchema, Extract<Type, { kind: "object" }>>();

export function nestedType(nested: NestedBlockSchema): Type {
  const element = blockType(nested);
  if (nested.maximum === 1 && nested.nesting !== "map") return element;
  return { kind: nested.nesting === "map" ? "map" : nested.nesting === "set" ? "set" : "list", element };
}

/** Type of an attribute or block of a schema; undefined: no such name. */
export function memberType(block: BlockSchema, name: string): Type | undefined {
  const attribute = block.attributes.get(name);
  if (attribute !== undefined) return attribute.type;
  const nested = block.blocks.get(name);
  return nested === undefined ? undefined : nestedType(nested);
}

/** Type at a path of names, lists and sets stepped through by themselves. */
export function typeAt(block: BlockSchema, path: Path): Type | undefined {
  const [first, ...rest] = path;
  let type = memberType(block, String(first));
  for (const step of rest) {
    while (type?.kind === "list" || type?.kind === "set") type = type.element;
    if (type?.kind === "object") type = type.attributes.get(String(step));
    else if (type?.kind === "map") type = type.element;
    else if (type?.kind !== "dynamic") return undefined;
  }
  return type;
}

/** The names that would have been right where `path` stops being so. */
export function namesAlong(
  block: BlockSchema,
  path: Path,
): { readonly wrong: string; readonly known: readonly string[] } | undefined {
  for (let length = 1; length <= path.length; length++) {
    if (typeAt(block, path.slice(0, length)) !== undefined) continue;
    const wrong = String(path[length - 1]);
    if (length === 1) return { wrong, known: [...block.attributes.keys(), ...block.blocks.keys()] };
    let holder = typeAt(block, path.slice(0, length - 1));
    while (holder?.kind === "list" || holder?.kind === "set") holder = holder.element;
    return { wrong, known: holder?.kind === "object" ? [...holder.attributes.keys()] : [] };
  }
  return undefined;
}

/** Whether two static types are the same. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind === "list" || a.kind === "set" || a.kind === "map") return b.kind === a.kind && sameType(a.element, b.element);
  if (a.kind === "tuple") {
    return (
      b.kind === "tuple" &&
      a.elements.length === b.elements.length &&
      a.elements.every((element, i) => sameType(element, b.elements[i] ?? element))
    );
  }
  if (a.kind === "object") {
    if (b.kind !== "object" || a.attributes.size !== b.attributes.size) return false;
    for (const [name, type] of a.attributes) {
      const other = b.attributes.get(name);
      if (other === undefined || !sameType(type, other)) return false;
    }
    return true;
  }
  return a.kind === b.kind;
}
