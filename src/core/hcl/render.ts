import type { Value } from "../values/value.ts";

/**
 * A known value as HCL that `terraform fmt` leaves alone. Lists of plain values stay on one line while they fit; objects and
 * longer lists take a line an element. `indent` is the column of the text's first line; unknown values print as `null`.
 */
export function renderValue(value: Value, indent: number): string {
  switch (value.kind) {
    case "null":
    case "unknown":
    case "instance":
      return "null";
    case "bool":
      return String(value.value);
    case "number":
      return typeof value.value === "number" ? String(value.value) : value.value.toFixed();
    case "string":
      return renderString(value.value);
    case "list":
    case "set":
    case "tuple":
      return renderList(value.items, indent);
    case "map":
    case "object":
      return renderObject(value.entries, indent);
  }
}

/** A quoted string, or an indented heredoc for text over several lines. */
export function renderString(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(
      /[\u{0}-\u{1f}\u{7f}\u{fffe}\u{ffff}]/gu,
      (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    )
    .replace(/(\$+|%+)\{/g, (_, signs: string) => `${signs}${signs.charAt(0)}{`);
  return `"${escaped}"`;
}

/** An object key, quoted where it is no identifier. */
export function renderKey(key: string): string {
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key) && key !== "for" ? key : renderString(key);
}

const LINE_WIDTH = 80;

function renderList(items: readonly Value[], indent: number): string {
  if (items.length === 0) return "[]";
  const rendered = items.map((item) => renderValue(item, indent + 2));
  const oneLine = `[${rendered.join(", ")}]`;
  if (!oneLine.includes("\n") && indent + oneLine.length <= LINE_WIDTH) return oneLine;
  const space = " ".repeat(indent + 2);
  return `[\n${rendered.map((text) => `${space}${text},\n`).join("")}${" ".repeat(indent)}]`;
}

function renderObject(entries: ReadonlyMap<string, Value>, indent: number): string {
  if (entries.size === 0) return "{}";
  const items = [...entries].map(([key, value]) => ({ key: renderKey(key), text: renderValue(value, indent + 2) }));
  return renderItems(items, indent);
}

/** Aligns `=` in runs of one-line values, as `terraform fmt` does. */
export function renderItems(items: readonly { readonly key: string; readonly text: string }[], indent: number): string {
  const space = " ".repeat(indent + 2);
  return `{\n${alignedLines(items)
    .map((line) => `${space}${line}\n`)
    .join("")}${" ".repeat(indent)}}`;
}

/** Lines `key = text`; a text over several lines ends the run before it. */
export function alignedLines(items: readonly { readonly key: string; readonly text: string }[]): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < items.length;) {
    let end = i;
    while (end < items.length && items[end]?.text.includes("\n") === false) end++;
    const run = items.slice(i, Math.max(end, i + 1));
    const width = Math.max(...run.map((item) => columnCount(item.key)));
    for (const item of run) lines.push(`${item.key}${" ".repeat(width - columnCount(item.key))} = ${item.text}`);
    i += run.length;
  }
  return lines;
}

/** Characters, a surrogate pair being one. */
export function columnCount(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) !== 0xdc00) count++;
  return count;
}
