import type { Attribute } from "../hcl/syntax.ts";

/** The text of an attribute that is written as a plain string. */
export function plainText(attribute: Pick<Attribute, "value"> | undefined): string | undefined {
  const value = attribute?.value;
  if (value?.kind !== "template") return undefined;
  if (value.parts.length === 0) return "";
  const [part] = value.parts;
  return value.parts.length === 1 && part?.kind === "text" ? part.value : undefined;
}
