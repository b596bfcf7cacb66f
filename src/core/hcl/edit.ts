import type { TextEdit, TextRange } from "../text/text.ts";
import type { Attribute, Block, Body, Expression, ObjectExpression, ObjectItem, SourceFile, TopLevel, Tuple } from "./syntax.ts";

/*
 * Edits that keep everything else as it is: comments, blank lines, line ends. Every function gives edits of one file of native
 * syntax that do not overlap those of another construct. `tidied` (align.ts) then aligns what they touched, as `terraform fmt` does.
 */

/** A node and the absolute offset that its own offsets count from. */
export interface Placed<Node> {
  readonly node: Node;
  readonly base: number;
}

/** Where in the file a node is. */
export function absolute({ node, base }: Placed<TextRange>): TextRange {
  return { start: base + node.start, end: base + node.end };
}

/** Text to be edited: a file's, or what a string in it says. */
export type EditedText = Pick<SourceFile, "text">;

/** Arguments that open a block by habit: a new one does not go among them. */
const leadingArguments = new Set(["count", "for_each", "provider", "source", "version", "depends_on"]);

/** Sets an argument: replaces its expression, or adds it behind the body's plain arguments. */
export function setAttribute(source: SourceFile, body: Placed<Body>, name: string, expressionText: string): readonly TextEdit[] {
  const existing = body.node.items.find((item): item is Attribute => item.kind === "attribute" && item.name.name === name);
  if (existing) return replaceExpression(source, { node: existing.value, base: body.base }, expressionText);
  return addItem(source, body, `${name} = ${expressionText}`, anchorOf(source, body), false);
}

/** Adds several arguments, and then blocks, to a body that has none of them. */
export function addItems(
  source: SourceFile,
  body: Placed<Body>,
  argumentLines: readonly string[],
  blockTexts: readonly string[],
): readonly TextEdit[] {
  const open = body.base + body.node.start;
  const oneLine = !source.text.slice(open, body.base + body.node.end).includes("\n");
  if (argumentLines.length > 0 && blockTexts.length > 0 && (oneLine || body.node.items.length === 0)) {
    const text = [argumentLines.join("\n"), ...blockTexts].join("\n\n");
    return addItem(source, body, text, body.node.items.at(-1), false);
  }
  const edits: TextEdit[] = [];
  if (argumentLines.length > 0) edits.push(...addItem(source, body, argumentLines.join("\n"), anchorOf(source, body), false));
  if (blockTexts.length > 0) edits.push(...addBlock(source, body, blockTexts.join("\n\n")));
  return edits;
}

/** Adds a nested block at the body's end, a blank line before it unless it is the first item. */
export function addBlock(source: SourceFile, body: Placed<Body>, blockText: string): readonly TextEdit[] {
  const last = body.node.items.at(-1);
  return addItem(source, body, blockText, last, last !== undefined);
}

/** Adds a top-level item behind another one, or at the file's end, with a blank line between. */
export function appendBlock(source: SourceFile, after: TopLevel | undefined, text: string): readonly TextEdit[] {
  const { text: whole } = source;
  const newline = lineBreak(source);
  const block = text.replaceAll("\n", newline);
  const last = after ?? source.items.at(-1);
  if (last === undefined) {
    const gap = whole.trim() === "" ? "" : whole.endsWith("\n") ? newline : newline + newline;
    return [insertion(whole.length, `${gap}${block}${newline}`)];
  }
  const end = lineEndOf(whole, last.base + last.node.end);
  const nextLine = whole.indexOf("\n", end) + 1;
  const crowded = nextLine > 0 && nextLine < whole.length && whole.slice(nextLine, lineEndOf(whole, nextLine)).trim() !== "";
  return [insertion(end, `${newline}${newline}${block}${crowded || end === whole.length ? newline : ""}`)];
}

/** Adds an assignment as a file's last line (`*.tfvars`). */
export function appendAttribute(source: SourceFile, name: string, expressionText: string): readonly TextEdit[] {
  const { text } = source;
  const newline = lineBreak(source);
  const gap = text === "" || text.endsWith("\n") ? "" : newline;
  return [insertion(text.length, `${gap}${name} = ${expressionText.replaceAll("\n", newline)}${newline}`)];
}

/** Removes an argument with its line and trailing comment. Comment lines above it stay. */
export function removeAttribute(source: SourceFile, body: Placed<Body>, name: string): readonly TextEdit[] {
  const existing = body.node.items.find((item) => item.kind === "attribute" && item.name.name === name);
  return existing ? removeItem(source, body, existing) : [];
}

export function removeBlock(source: SourceFile, body: Placed<Body>, block: Block): readonly TextEdit[] {
  return removeItem(source, body, block);
}

/** Removes a top-level item and one of the blank lines around it. */
export function removeTopLevel(source: SourceFile, item: TopLevel): readonly TextEdit[] {
  return [{ range: linesOf(source.text, item.base, item.base + item.node.end), newText: "" }];
}

export function replaceExpression(source: SourceFile, expression: Placed<Expression>, text: string): readonly TextEdit[] {
  const range = absolute(expression);
  const wanted = reindented(source, range.start, text);
  const { text: whole } = source;

  return whole.slice(range.start, range.end) === wanted ? [] : [{ range, newText: wanted }];
}

/** Sets a key of an object expression: replaces its value, or adds it as the last item. */
export function setObjectItem(
  source: SourceFile,
  object: Placed<ObjectExpression>,
  key: string,
  expressionText: string,
): readonly TextEdit[] {
  const existing = object.node.items.find((item) => keyOf(item) === key);
  if (existing) return replaceExpression(source, { node: existing.value, base: object.base }, expressionText);
  const separator = colonOf(source, object) ?? " = ";
  const written = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key) && separator === " = " ? key : JSON.stringify(key);
  const [first, second] = object.node.items;
  const between = first && second ? source.text.slice(object.base + first.end, object.base + second.start) : "";
  const commas = between.trimStart().startsWith(",") ? "between" : "none";
  return addToBrackets(source, object, object.node.items, `${written}${separator}${expressionText}`, " ", commas);
}

export function removeObjectItem(source: SourceFile, object: Placed<ObjectExpression>, key: string): readonly TextEdit[] {
  const { items } = object.node;
  const at = items.findIndex((item) => keyOf(item) === key);
  return at < 0 ? [] : removeFromBrackets(source, object, items, new Set([at]));
}

/** Adds an element at a tuple's end. */
export function insertElement(source: SourceFile, tuple: Placed<Tuple>, text: string): readonly TextEdit[] {
  return addToBrackets(source, tuple, tuple.node.elements, text, "", "always");
}

/** Removes elements with their commas; on lines of their own with their lines and trailing comments. */
export function removeElements(source: SourceFile, tuple: Placed<Tuple>, indexes: ReadonlySet<number>): readonly TextEdit[] {
  return removeFromBrackets(source, tuple, tuple.node.elements, indexes);
}

/** Adds a comment line above a top-level item or a nested one, at the item's own indentation. */
export function insertLineAbove(source: SourceFile, offset: number, text: string): readonly TextEdit[] {
  const start = lineStartOf(source.text, offset);
  return [insertion(start, `${indentationAt(source.text, start)}${text}${lineBreak(source)}`)];
}

/** The key of an object item where it is written as a name or plain string. */
export function keyOf(item: ObjectItem): string | undefined {
  if (item.key.kind === "variable") return item.key.name;
  if (item.key.kind !== "template") return undefined;
  const [part] = item.key.parts;
  return item.key.parts.length === 1 && part?.kind === "text" ? part.value : undefined;
}

export function lineBreak(source: EditedText): string {
  return source.text.includes("\r\n") ? "\r\n" : "\n";
}

function insertion(at: number, newText: string): TextEdit {
  return { range: { start: at, end: at }, newText };
}

function lineStartOf(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Before the line break. */
function lineEndOf(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return end > offset && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStartOf(text, offset), offset + 200))?.[0] ?? "";
}

/** Lines behind the first get the indentation of the line where the text begins; a heredoc's own lines keep theirs. */
function reindented(source: EditedText, at: number, text: string): string {
  if (!text.includes("\n")) return text;
  return indented(source, text, indentationAt(source.text, at));
}

/** Indents all lines but the first; blank ones stay empty. */
function indented(source: EditedText, text: string, indentation: string): string {
  return text.replace(/\n(?=[^\n])/g, `\n${indentation}`).replaceAll("\n", lineBreak(source));
}

/** The argument behind which a new one goes: the last on one line before the first nested block. */
function anchorOf(source: SourceFile, body: Placed<Body>): Attribute | undefined {
  const firstBlock = body.node.items.findIndex((item) => item.kind === "block");
  const before = (firstBlock < 0 ? body.node.items : body.node.items.slice(0, firstBlock)).filter(
    (item) => item.kind === "attribute",
  );
  const oneLine = before.filter((item) => !source.text.slice(body.base + item.start, body.base + item.end).includes("\n"));
  return oneLine.findLast((item) => !leadingArguments.has(item.name.name)) ?? before.at(-1);
}

function addItem(
  source: SourceFile,
  body: Placed<Body>,
  text: string,
  after: Attribute | Block | undefined,
  blankLine: boolean,
): readonly TextEdit[] {
  const { text: whole } = source;
  const newline = lineBreak(source);
  const open = body.base + body.node.start;
  const close = body.base + body.node.end - 1;
  const outer = indentationAt(whole, open);
  const inner = whole.slice(open + 1, close).includes("\n") ? bodyIndentation(source, body, outer) : `${outer}  `;
  const lines = `${inner}${indented(source, text, inner)}`;
  if (!whole.slice(open, close).includes("\n")) {
    // `{}` or `{ name = value }` becomes a block over several lines.
    const written = whole.slice(open + 1, close).trim();
    const first = written === "" ? "" : `${inner}${written}${newline}${blankLine ? newline : ""}`;
    return [{ range: { start: open, end: close }, newText: `{${newline}${first}${lines}${newline}${outer}` }];
  }
  if (after !== undefined) {
    const end = lineEndOf(whole, body.base + after.end);
    return [insertion(end, `${newline}${blankLine ? newline : ""}${lines}`)];
  }
  const gap = body.node.items.length > 0 ? newline : "";
  return [insertion(lineEndOf(whole, open), `${newline}${lines}${gap}`)];
}

function bodyIndentation(source: SourceFile, body: Placed<Body>, outer: string): string {
  const [first] = body.node.items;
  return first === undefined ? `${outer}  ` : indentationAt(source.text, body.base + first.start);
}

function removeItem(source: SourceFile, body: Placed<Body>, item: Attribute | Block): readonly TextEdit[] {
  const { text } = source;
  const open = body.base + body.node.start;
  const close = body.base + body.node.end - 1;
  if (!text.slice(open, close).includes("\n")) return [{ range: { start: open, end: close + 1 }, newText: "{}" }];
  return [{ range: linesOf(text, body.base + item.start, body.base + item.end), newText: "" }];
}

/** The whole lines of a construct, and a blank line that would be left doubled or at an edge of the body. */
function linesOf(text: string, start: number, end: number): TextRange {
  let from = lineStartOf(text, start);
  const breakAt = text.indexOf("\n", end);
  let to = breakAt < 0 ? text.length : breakAt + 1;
  const above = lineAbove(text, from);
  const nextLine = text.slice(to, lineEndOf(text, to)).trim();
  if (above.text.trim() === "" && from > 0 && (nextLine === "" || nextLine.startsWith("}"))) from = above.start;
  else if (above.text.trim().endsWith("{") && nextLine === "" && to < text.length) to = text.indexOf("\n", to) + 1 || text.length;
  return { start: from, end: to };
}

function lineAbove(text: string, lineStart: number): { readonly start: number; readonly text: string } {
  const start = lineStart === 0 ? 0 : lineStartOf(text, lineStart - 1);
  return { start, text: text.slice(start, Math.max(start, lineStart - 1)) };
}

/** How the object's last item writes its colon, if it has one. */
export function colonOf(source: SourceFile, object: Placed<ObjectExpression>): string | undefined {
  const last = object.node.items.at(-1);
  if (last === undefined) return undefined;
  const between = source.text.slice(object.base + last.key.end, object.base + last.value.start);
  return between.trim() === ":" && !between.includes("\n") ? between : undefined;
}

function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStartOf(text, offset), offset).trim() === "";
}

/** Adds an item at the list's end, in the layout of the others. On lines of their own, items have commas as `commas` says. */
export function addToBrackets(
  source: EditedText,
  list: Placed<TextRange>,
  items: readonly TextRange[],
  text: string,
  padding: string,
  commas: "none" | "between" | "always",
): readonly TextEdit[] {
  const { text: whole } = source;
  const newline = lineBreak(source);
  const open = list.base + list.node.start;
  const close = list.base + list.node.end - 1;
  const last = items.at(-1);
  if (last === undefined) {
    return [{ range: { start: open + 1, end: close }, newText: `${padding}${reindented(source, open, text)}${padding}` }];
  }
  const end = list.base + last.end;
  const comma = /^\s*,/.exec(whole.slice(end, close))?.[0];
  if (!beginsLine(whole, list.base + last.start)) {
    const lastLine = lineStartOf(whole, end);
    const closesOnOwnLine = lastLine > list.base + last.start && /^[ \t]*[\])}]$/.test(whole.slice(lastLine, end));
    const added = indented(source, text, indentationAt(whole, closesOnOwnLine ? end : open));
    const addition = insertion(comma === undefined ? end : end + comma.length, comma === undefined ? `, ${added}` : ` ${added},`);
    // The formatter's way with a line `}, {`: it stands as far in as what is inside.
    return closesOnOwnLine && text.includes("\n") ? [insertion(lastLine, "  "), addition] : [addition];
  }
  const indentation = indentationAt(whole, list.base + last.start);
  const added = `${newline}${indentation}${indented(source, text, indentation)}`;
  const needsComma = commas !== "none";
  const trailing = commas === "always" || comma !== undefined ? "," : "";
  const lineEnd = lineEndOf(whole, comma === undefined ? end : end + comma.length);
  const edits: TextEdit[] = [];
  if (comma === undefined && needsComma) edits.push(insertion(end, ","));
  if (lineEnd > close) return [...edits, insertion(end + (comma?.length ?? 0), `${added}${trailing}`)];
  return [...edits, insertion(lineEnd, `${added}${trailing}`)];
}

/** Removes items of a bracketed, comma-separated list: HCL's, or a JSON array's inside a string. */
export function removeFromBrackets(
  source: EditedText,
  list: Placed<TextRange>,
  items: readonly TextRange[],
  indexes: ReadonlySet<number>,
  syntax: "hcl" | "json" = "hcl",
): readonly TextEdit[] {
  const { text } = source;
  const kept = items.some((_, i) => !indexes.has(i));
  if (!kept) return [{ range: { start: list.base + list.node.start + 1, end: list.base + list.node.end - 1 }, newText: "" }];
  const edits: TextEdit[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item === undefined || !indexes.has(i)) continue;
    const start = list.base + item.start;
    const end = list.base + item.end;
    const next = items[i + 1];
    const ownLine =
      beginsLine(text, start) &&
      !/\S/.test(
        text
          .slice(end, lineEndOf(text, end))
          .replace(/^\s*,/, "")
          .replace(/^\s*(?:#|\/\/).*$/, ""),
      );
    if (ownLine) {
      const lineBreakAt = text.indexOf("\n", end);
      edits.push({ range: { start: lineStartOf(text, start), end: lineBreakAt < 0 ? text.length : lineBreakAt + 1 }, newText: "" });
    } else if (next !== undefined) {
      edits.push({ range: { start, end: list.base + next.start }, newText: "" });
    } else {
      // The last one goes with the comma before it, from the last element that stays.
      let before = i - 1;
      while (before >= 0 && indexes.has(before)) before--;
      const from = list.base + (items[before]?.end ?? item.start);
      const merged = edits.findIndex((edit) => edit.range.end > from && edit.range.start >= from);
      if (merged >= 0) edits.length = merged;
      edits.push({ range: { start: from, end }, newText: "" });
    }
  }
  // JSON takes no comma behind the last item.
  const last = items.length - 1;
  const stays = items.findLastIndex((_, i) => !indexes.has(i));
  const closing = list.base + list.node.end - 1;
  const staysEnd = list.base + (items[stays]?.end ?? 0);
  if (syntax === "json" && stays < last) {
    const comma = text.indexOf(",", staysEnd);
    const covered = edits.some(({ range }) => range.start <= comma && comma < range.end);
    if (comma >= 0 && comma < closing && !covered) edits.push({ range: { start: comma, end: comma + 1 }, newText: "" });
  }
  return edits;
}
