import { closesOuter, skipRest } from "./collections.ts";
import { backTo, readExpression } from "./expressions.ts";
import { CLOSE_BRACE, COLON, CR, EQUALS, isIdentifierStart, LF, OPEN_BRACE, QUOTE } from "./scan.ts";
import type { Scan } from "./scan.ts";
import type { Attribute, Block, Body, Name, TopLevel } from "./syntax.ts";
import { readQuoted } from "./templates.ts";

/** Above this many attributes, duplicates are looked up in a set. */
const FEW = 8;

/** Reads top-level items from the scan's position to the end; `known` offers nodes of an earlier reading (see reuse.ts). */
export function readItems(scan: Scan, items: TopLevel[], known: (start: number) => number): void {
  const whole = scan.limit;
  // Well-formed items below this offset were swallowed by an unclosed one: they are read in recovery at once, which keeps
  // the whole reading linear.
  let strictFrom = scan.pos;
  let names: Set<string> | undefined;
  for (;;) {
    scan.recovering = false;
    scan.atTop = true;
    scan.skipLines();
    scan.atTop = false;
    const start = scan.pos;
    if (start >= whole) return;
    const jump = start >= strictFrom ? known(start) : start;
    if (jump > start) {
      scan.pos = jump;
      continue;
    }
    const marks = { comments: scan.comments.length, problems: scan.problems.length };
    begin(scan, start, start >= strictFrom);
    let node = readTop(scan, scan.base);
    if (scan.stopped) {
      strictFrom = Math.max(strictFrom, scan.pos, scan.lookedTo);
      scan.limit = whole;
      scan.rewind(start, marks.comments, marks.problems);
      begin(scan, start, false);
      node = readTop(scan, scan.base);
    }
    if (scan.stopped) giveUp(scan, whole);
    scan.limit = whole;
    if (node === undefined) continue;
    items.push({ node, base: start });
    if (node.kind === "attribute") {
      names ??= new Set();
      if (names.has(node.name.name)) duplicate(scan, node.name);
      names.add(node.name.name);
    }
  }
}

function begin(scan: Scan, start: number, strict: boolean): void {
  scan.base = start;
  scan.depth = 0;
  scan.newlines = false;
  scan.strict = strict;
  scan.recovering = !strict;
  scan.stopped = false;
}

/** After too deep nesting: passes everything up to the next block; the last problem covers it. */
function giveUp(scan: Scan, whole: number): void {
  scan.limit = whole;
  scan.stopped = false;
  const from = scan.pos;
  scan.pos = scan.nextBlockLine(from);
  const last = scan.problems.pop();
  if (last !== undefined) scan.problems.push({ ...last, range: { start: Math.min(last.range.start, from), end: scan.pos } });
}

function readTop(scan: Scan, start: number): Attribute | Block | undefined {
  if (isIdentifierStart(scan.peek())) return readItem(scan, false);
  skipUnknown(scan, start);
  return undefined;
}

/** Passes at least one character, and what follows it on the line. */
function skipUnknown(scan: Scan, start: number): void {
  const brace = scan.peek() === CLOSE_BRACE;
  scan.fail(
    "unexpected-text",
    start,
    start + 1,
    brace
      ? "There is no block that this `}` closes: remove it."
      : 'An argument (`name = value`) or a block (`type "label" {`) is expected here.',
  );
  if (scan.stopped) return;
  scan.pos++;
  if (!brace) skipRest(scan, start);
}

/** An argument or a block, up to the line end; undefined for what is neither yet. */
function readItem(scan: Scan, singleLine: boolean): Attribute | Block | undefined {
  const name = scan.name();
  scan.skip();
  const c = scan.peek();
  if (c === EQUALS || c === COLON) {
    if (c === COLON)
      scan.fail("missing-equals", scan.pos, scan.pos + 1, "Between the name and the value of an argument stands `=`.");
    scan.pos++;
    const value = readExpression(scan);
    const end = Math.max(value.end, name.end);
    if (value.kind === "missing") backTo(scan, Math.max(end, value.start));
    finishLine(scan, singleLine, "argument");
    return { kind: "attribute", start: name.start, end, name, value };
  }
  if (c === OPEN_BRACE || c === QUOTE || isIdentifierStart(c)) {
    const block = readBlock(scan, name);
    if (block !== undefined) finishLine(scan, singleLine, "block");
    return block;
  }
  scan.fail(
    "incomplete-item",
    scan.base + name.start,
    scan.base + name.end,
    `\`${name.name}\` is neither an argument nor a block yet: add \`= value\` or \`{ }\`.`,
  );
  if (!scan.stopped) {
    backTo(scan, name.end);
    if (c !== LF && c !== CR && c !== -1 && c !== CLOSE_BRACE) skipRest(scan, scan.base + name.start);
  }
  return undefined;
}

/** What follows an item on its line. */
function finishLine(scan: Scan, singleLine: boolean, what: "argument" | "block"): void {
  scan.skip();
  const c = scan.peek();
  if (c === LF || c === CR || c === -1) return;
  if (c === CLOSE_BRACE) {
    if (!singleLine)
      scan.note("missing-newline", scan.pos, scan.pos + 1, `Behind this ${what} the line must end: move \`}\` to its own line.`);
    return;
  }
  const from = scan.pos;
  scan.fail("missing-newline", from, from + 1, `Behind this ${what} the line must end: what follows is not understood.`);
  if (!scan.stopped) skipRest(scan, from);
}

function readBlock(scan: Scan, type: Name): Block | undefined {
  const labels: Name[] = [];
  for (;;) {
    scan.skip();
    const c = scan.peek();
    if (c === OPEN_BRACE) break;
    if (c === QUOTE) labels.push(readLabel(scan));
    else if (isIdentifierStart(c)) labels.push(scan.name());
    else break;
  }
  const end = labels.at(-1)?.end ?? type.end;
  const header = { start: type.start, end };
  if (scan.peek() !== OPEN_BRACE) {
    scan.fail("missing-brace", scan.base + end, scan.base + end, "This block needs a body: add `{` and `}`.");
    if (scan.stopped) return undefined;
    const c = scan.peek();
    backTo(scan, end);
    if (c !== LF && c !== CR && c !== -1) skipRest(scan, scan.pos);
    const at = scan.pos - scan.base;
    return { kind: "block", start: type.start, end: at, type, labels, body: { start: at, end: at, items: [] }, header };
  }
  const body = readBody(scan);
  return { kind: "block", start: type.start, end: body.end, type, labels: labels.slice(), body, header };
}

function readLabel(scan: Scan): Name {
  const open = scan.pos;
  const { text } = scan;
  let p = open + 1;
  while (p < scan.limit) {
    const c = text.charCodeAt(p);
    if (c === QUOTE || c === 92 || c === LF || c === 36 || c === 37) break;
    p++;
  }
  if (p < scan.limit && text.charCodeAt(p) === QUOTE) {
    scan.pos = p + 1;
    return { name: text.slice(open + 1, p), start: open - scan.base, end: p + 1 - scan.base };
  }
  const lineEnd = scan.lineEnd(open);
  const line = text.slice(open, lineEnd).trimEnd();
  if (line.endsWith("{") && !line.includes('"', 1)) {
    const name = line.slice(1, -1).trimEnd();
    scan.fail("unclosed-string", open, open + 1 + name.length, 'This label is never closed: add `"` at its end.');
    if (!scan.stopped) scan.pos = open + 1 + name.length;
    return { name, start: open - scan.base, end: open + 1 + name.length - scan.base };
  }
  const template = readQuoted(scan);
  let name = "";
  for (const part of template.parts) {
    if (part.kind === "text") name += part.value;
    else
      scan.note(
        "template-in-label",
        scan.base + part.start,
        scan.base + part.end,
        "A label is plain text: templates are not evaluated here.",
      );
  }
  return { name, start: template.start, end: template.end };
}

function readBody(scan: Scan): Body {
  const open = scan.pos;
  const start = open - scan.base;
  const items: (Attribute | Block)[] = [];
  if (!scan.enter()) return { start, end: start + 1, items };
  const saved = scan.newlines;
  scan.newlines = false;
  scan.pos++;
  scan.skip();
  const first = scan.peek();
  const singleLine = first !== LF && first !== CR && first !== CLOSE_BRACE && first !== -1;
  let attributes = 0;
  let names: Set<string> | undefined;
  let end = start + 1;
  for (;;) {
    scan.skipLines();
    const c = scan.peek();
    if (c === CLOSE_BRACE && !(scan.recovering && closesOuter(scan, open))) {
      scan.pos++;
      end = scan.pos - scan.base;
      if (singleLine) checkSingleLine(scan, open, items);
      break;
    }
    if (c === -1 || c === CLOSE_BRACE) {
      scan.fail("unclosed-block", open, open + 1, "This block is never closed: add `}`.");
      end = Math.max(end, items.at(-1)?.end ?? 0);
      if (!scan.stopped) backTo(scan, end);
      break;
    }
    if (!isIdentifierStart(c)) {
      skipUnknown(scan, scan.pos);
      end = Math.max(end, scan.pos - scan.base);
      if (scan.stopped) break;
      continue;
    }
    const item = readItem(scan, singleLine);
    if (scan.stopped) break;
    end = Math.max(end, Math.min(scan.pos, scan.limit) - scan.base);
    if (item === undefined) continue;
    if (item.kind === "attribute") {
      attributes++;
      if (attributes <= FEW) {
        if (items.some((other) => other.kind === "attribute" && other.name.name === item.name.name)) duplicate(scan, item.name);
      } else {
        names ??= new Set(items.filter((other) => other.kind === "attribute").map((other) => other.name.name));
        if (names.has(item.name.name)) duplicate(scan, item.name);
        names.add(item.name.name);
      }
    }
    items.push(item);
  }
  scan.newlines = saved;
  scan.depth--;
  // A list that grew has room for many more, and trees are kept: here and below, what is kept is a copy of the right size.
  return { start, end, items: items.slice() };
}

function checkSingleLine(scan: Scan, open: number, items: readonly (Attribute | Block)[]): void {
  const text = scan.text.slice(open, scan.pos);
  const [only] = items;
  const simple = items.length === 1 && only?.kind === "attribute" && !text.slice(0, only.start - (open - scan.base)).includes("\n");
  const brokenAfter = only !== undefined && text.slice(only.end - (open - scan.base)).includes("\n");
  if (simple && !brokenAfter) return;
  scan.note(
    "invalid-one-line-block",
    open,
    open + 1,
    "A block on one line holds one argument alone: put each item and the `}` on lines of their own.",
  );
}

function duplicate(scan: Scan, name: Name): void {
  scan.note(
    "duplicate-argument",
    scan.base + name.start,
    scan.base + name.end,
    `\`${name.name}\` is set twice here: remove one of them.`,
  );
}
