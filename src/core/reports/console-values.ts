import { numberText } from "../values/text.ts";
import type { Reason, Type, Value } from "../values/value.ts";

/** A value as `terraform console` prints it. What is sensitive or ephemeral is never printed. */
export function renderValue(value: Value, indent = 0): string {
  if (value.kind === "unknown") return "(known after apply)";
  if (value.sensitive === true) return "(sensitive value)";
  if (value.ephemeral === true) return "(ephemeral value)";
  switch (value.kind) {
    case "null":
      return renderNull(value.type);
    case "bool":
      return String(value.value);
    case "number":
      return numberText(value.value);
    case "string":
      return value.value.includes("\n") ? heredoc(value.value, indent) : quoted(value.value);
    case "list":
    case "set":
      if (value.rest !== undefined) return "(known after apply)";
      return `to${value.kind}(${bracketed("[", "]", value.items.map(item(indent)), indent)})`;
    case "tuple":
      if (value.rest !== undefined) return "(known after apply)";
      return bracketed("[", "]", value.items.map(item(indent)), indent);
    case "map":
      return `tomap(${bracketed("{", "}", [...value.entries].map(entry(indent)), indent)})`;
    case "object":
      return bracketed("{", "}", [...value.entries].map(entry(indent)), indent);
    case "instance":
      return value.target.address;
  }
}

function item(indent: number): (value: Value) => string {
  return (value) => `${renderValue(value, indent + 2)},`;
}

function entry(indent: number): (entry: readonly [string, Value]) => string {
  return ([key, value]) => `${quoted(key)} = ${renderValue(value, indent + 2)}`;
}

function bracketed(open: string, close: string, lines: readonly string[], indent: number): string {
  if (lines.length === 0) return open + close;
  const margin = " ".repeat(indent);
  return `${open}\n${lines.map((line) => `${margin}  ${line}\n`).join("")}${margin}${close}`;
}

function renderNull(type: Type): string {
  switch (type.kind) {
    case "dynamic":
      return "null";
    case "string":
    case "number":
    case "bool":
      return `to${type.kind}(null)`;
    case "list":
    case "set":
    case "map":
      return `to${type.kind}(null) /* of ${friendlyName(type.element)} */`;
    default:
      return `null /* ${type.kind} */`;
  }
}

/** Types as Terraform's messages have them. */
function friendlyName(type: Type): string {
  if (type.kind === "dynamic") return "dynamic";
  return "element" in type ? `${type.kind} of ${friendlyName(type.element)}` : type.kind;
}

function heredoc(text: string, indent: number): string {
  const lines = text.split("\n");
  let marker = "EOT";
  while (lines.some((line) => line.trim() === marker)) marker += "_";
  const margin = " ".repeat(indent);
  return [`${indent > 0 ? "<<-" : "<<"}${marker}`, ...[...lines, marker].map((line) => margin + line)].join("\n");
}

/** As Go quotes: what can't be seen is written by its number. */
function quoted(text: string): string {
  const named: Readonly<Record<string, string>> = {
    "\t": "\\t",
    "\r": "\\r",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\u0007": "\\a",
  };
  const escaped = text.replaceAll(/["\\]/g, "\\$&").replaceAll(/[\p{C}\p{Z}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === " ") return character;
    const hex = code.toString(16);
    return (
      named[character] ??
      (code < 0x80 ? `\\x${hex.padStart(2, "0")}` : code < 0x1_0000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`)
    );
  });
  return `"${escaped}"`;
}

/** Terraform's JSON notation of types: `"string"`, `["list", "string"]`, `["object", {"a": "number"}]`. */
export function typeJson(type: Type): unknown {
  switch (type.kind) {
    case "bool":
    case "number":
    case "string":
    case "dynamic":
      return type.kind;
    case "list":
    case "set":
    case "map":
      return [type.kind, typeJson(type.element)];
    case "tuple":
      return ["tuple", type.elements.map(typeJson)];
    case "object":
      return ["object", Object.fromEntries([...type.attributes].map(([name, of]) => [name, typeJson(of)]))];
  }
}

export function renderReasons(reasons: readonly Reason[]): readonly string[] {
  return reasons.map(({ kind, detail }) => (detail === "" ? kind : `${kind}: ${detail}`));
}
