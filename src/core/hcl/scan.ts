import type { FilePath, Problem } from "../text/text.ts";
import type { Comment, Missing, Name } from "./syntax.ts";

export const TAB = 9;
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const BANG = 33;
export const QUOTE = 34;
export const HASH = 35;
export const DOLLAR = 36;
export const PERCENT = 37;
export const AMPERSAND = 38;
export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const STAR = 42;
export const PLUS = 43;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const SLASH = 47;
export const ZERO = 48;
export const NINE = 57;
export const COLON = 58;
export const LESS = 60;
export const EQUALS = 61;
export const GREATER = 62;
export const QUESTION = 63;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const PIPE = 124;
export const CLOSE_BRACE = 125;
export const TILDE = 126;
const BYTE_ORDER_MARK = 0xfeff;
const NO_BREAK_SPACE = 0xa0;

/** Nesting deeper than this is refused: every reader of the tree may then recurse. */
export const DEPTH_LIMIT = 200;
/** Length of one chain of operators or selections, for the same reason: the tree of a chain is as deep as it is long. */
export const CHAIN_LIMIT = 1000;

const IDENTIFIER_START = 1;
const IDENTIFIER_PART = 2;
const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const letter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
  const digit = c >= ZERO && c <= NINE;
  classes[c] = (letter ? IDENTIFIER_START : 0) | (letter || digit || c === MINUS ? IDENTIFIER_PART : 0);
}

export function isIdentifierStart(code: number): boolean {
  return code < 128
    ? ((classes[code] ?? 0) & IDENTIFIER_START) !== 0
    : code > NO_BREAK_SPACE && /\p{ID_Start}/u.test(String.fromCharCode(code));
}

export function isIdentifierPart(code: number): boolean {
  return code < 128
    ? ((classes[code] ?? 0) & IDENTIFIER_PART) !== 0
    : code > NO_BREAK_SPACE && /\p{ID_Continue}/u.test(String.fromCharCode(code));
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** Blocks that stand at the top level of Terraform's files. */
const blockKeywords = new Set([
  "resource",
  "data",
  "variable",
  "locals",
  "module",
  "output",
  "provider",
  "terraform",
  "moved",
  "removed",
  "import",
  "check",
  "ephemeral",
]);

/** Labelled blocks that never stand at the top level. */
const nestedKeywords = new Set(["dynamic", "provisioner"]);

/**
 * The state of reading one text. Two modes: a strict reading stops at the first structural problem (`stopped`), and its item is
 * then read again in recovery, where a line that begins a block in column 0 ends everything that is open. So well-formed text
 * that is merely unindented is never misread.
 */
export class Scan {
  readonly path: FilePath;
  readonly text: string;
  pos: number;
  /** Nothing at or behind it is read. Lowered to end an item early. */
  limit: number;
  /** Offset that the current item's nodes count from. */
  base = 0;
  /** White space includes line ends: inside (), [] and ${}. */
  newlines = false;
  depth = 0;
  strict = true;
  /** Recovery lines count; off inside heredocs that are properly closed. */
  recovering = false;
  /** The item's reading was ended, by a problem in strict mode or by too deep nesting. */
  stopped = false;
  /** How far ahead a strict reading looked for the end of something that turned out to be unclosed. */
  lookedTo = 0;
  comments: Comment[] = [];
  problems: Problem[] = [];
  /** Between the items of the file. */
  atTop = false;
  #commentEnd = -1;
  /** A comment that begins at or behind it is never closed. */
  #unclosedFrom = Infinity;
  #markerLines: Map<string, number[]> | undefined;

  constructor(path: FilePath, text: string, pos = 0, limit = text.length) {
    this.path = path;
    this.text = text;
    this.pos = pos;
    this.limit = limit;
    if (pos === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK) this.pos = 1;
  }

  /** The character at the position, -1 at the end. */
  peek(): number {
    return this.pos < this.limit ? this.text.charCodeAt(this.pos) : -1;
  }

  peekAt(offset: number): number {
    return offset < this.limit ? this.text.charCodeAt(offset) : -1;
  }

  /** Skips white space and comments; line ends only where they are white space. */
  skip(): void {
    const { text, limit } = this;
    let p = this.pos;
    while (p < limit) {
      const c = text.charCodeAt(p);
      if (c === SPACE || c === TAB) p++;
      else if (c === LF) {
        if (!this.newlines) break;
        p++;
        if (this.recovering && p < limit && this.startsBlock(p)) {
          this.limit = p;
          break;
        }
      } else if (c === CR) {
        if (!this.newlines && this.peekAt(p + 1) === LF) break;
        p++;
      } else if (c === HASH) p = this.#lineComment(p);
      else if (c === SLASH) {
        const next = this.peekAt(p + 1);
        if (next === SLASH) p = this.#lineComment(p);
        else if (next === STAR) p = this.#blockComment(p);
        else break;
      } else break;
    }
    this.pos = p;
  }

  /** Skips white space, comments and line ends. */
  skipLines(): void {
    const saved = this.newlines;
    this.newlines = true;
    this.skip();
    this.newlines = saved;
  }

  #lineComment(start: number): number {
    let end = this.text.indexOf("\n", start);
    if (end < 0 || end > this.limit) end = this.limit;
    if (this.text.charCodeAt(end - 1) === CR) end--;
    this.#comment(start, end);
    return end;
  }

  #blockComment(start: number): number {
    const close = start < this.#unclosedFrom ? this.text.indexOf("*/", start + 2) : -1;
    if (close >= 0 && close + 2 <= this.limit) {
      this.#comment(start, close + 2);
      return close + 2;
    }
    if (close < 0) this.#unclosedFrom = Math.min(this.#unclosedFrom, start);
    // It hides no more than the block that it stands in.
    const end = this.strict || this.recovering || this.atTop ? this.nextBlockLine(start) : this.limit;
    if (this.strict && !this.atTop) {
      this.stop();
      return end;
    }
    if (start > this.#commentEnd)
      this.note("unclosed-comment", start, start + 2, "This comment is never closed: end it with `*/`.");
    this.#comment(start, end);
    if (!this.atTop) this.limit = end;
    return end;
  }

  /** A comment may be passed twice when the reader steps back; it is kept once. */
  #comment(start: number, end: number): void {
    if (start < this.#commentEnd) return;
    this.#commentEnd = end;
    this.comments.push({ start, end, text: this.text.slice(start, end) });
  }

  /** Forgets comments and problems from there on, for a second reading. */
  rewind(pos: number, comments: number, problems: number): void {
    this.pos = pos;
    this.comments.length = comments;
    this.problems.length = problems;
    this.#commentEnd = this.comments.at(-1)?.end ?? -1;
  }

  /** A problem that leaves the structure intact. Offsets are absolute. */
  note(code: string, start: number, end: number, message: string): void {
    if (this.stopped) return;
    this.problems.push({ file: this.path, range: { start, end: Math.max(end, start) }, severity: "error", code, message });
  }

  /** A problem that may be a sign of something unclosed. */
  fail(code: string, start: number, end: number, message: string): void {
    if (this.stopped) return;
    if (this.strict) this.stop();
    else this.note(code, start, end, message);
  }

  /** Whether the item's reading was ended. A function, since any reader may have ended it. */
  ended(): boolean {
    return this.stopped;
  }

  /** Makes everything see the end of the text. */
  stop(): void {
    this.stopped = true;
    this.limit = this.pos;
  }

  /** Enters one level of nesting; false: too deep, and the item is given up. Pair with `depth--` when true. */
  enter(): boolean {
    if (this.depth < DEPTH_LIMIT) {
      this.depth++;
      return true;
    }
    this.tooDeep();
    return false;
  }

  tooDeep(): void {
    this.fail("too-deep", this.pos, this.pos + 1, "This is nested too deeply to be read: split it up with locals.");
    if (!this.stopped) this.stop();
  }

  missing(at: number): Missing {
    return { kind: "missing", start: at - this.base, end: at - this.base };
  }

  /** Reads the identifier at the position, which must be its start. */
  identifier(): string {
    const { text, limit } = this;
    const start = this.pos;
    let p = start + 1;
    while (p < limit) {
      const c = text.charCodeAt(p);
      if (c < 128 ? ((classes[c] ?? 0) & IDENTIFIER_PART) === 0 : !isIdentifierPart(c)) break;
      p++;
    }
    this.pos = p;
    return text.slice(start, p);
  }

  name(): Name {
    const start = this.pos;
    const name = this.identifier();
    return { name, start: start - this.base, end: this.pos - this.base };
  }

  /** The offset of the line end at or behind `from`, at most the limit. */
  lineEnd(from: number): number {
    const end = this.text.indexOf("\n", from);
    if (end < 0 || end >= this.limit) return this.limit;
    return end > from && this.text.charCodeAt(end - 1) === CR ? end - 1 : end;
  }

  /** Whether the line that begins at `at` begins a top-level block: `resource "…`, `locals {`, `name "label" {`. */
  startsBlock(at: number): boolean {
    if (!isIdentifierStart(this.text.charCodeAt(at))) return false;
    const { text } = this;
    let p = at + 1;
    while (p < text.length && isIdentifierPart(text.charCodeAt(p))) p++;
    const word = text.slice(at, p);
    p = this.#spaces(p);
    const next = text.charCodeAt(p);
    if (blockKeywords.has(word)) {
      if (next === OPEN_BRACE || next === QUOTE) return true;
    } else if (nestedKeywords.has(word)) return false;
    return this.#labelsAndBrace(p);
  }

  #spaces(from: number): number {
    let p = from;
    while (this.text.charCodeAt(p) === SPACE || this.text.charCodeAt(p) === TAB) p++;
    return p;
  }

  #labelsAndBrace(from: number): boolean {
    const { text } = this;
    let p = from;
    for (let labels = 0; ; labels++) {
      const c = text.charCodeAt(p);
      if (c === OPEN_BRACE) return labels > 0;
      if (c === QUOTE) {
        p++;
        while (p < text.length && text.charCodeAt(p) !== QUOTE && text.charCodeAt(p) !== LF) p++;
        if (text.charCodeAt(p) !== QUOTE) return false;
        p++;
      } else if (isIdentifierStart(c)) {
        while (p < text.length && isIdentifierPart(text.charCodeAt(p))) p++;
      } else return false;
      p = this.#spaces(p);
    }
  }

  /** Offset of the first line behind `from` that begins a block, else the limit. */
  nextBlockLine(from: number): number {
    for (let p = this.text.indexOf("\n", from); p >= 0 && p + 1 < this.limit; p = this.text.indexOf("\n", p + 1)) {
      if (this.startsBlock(p + 1)) return p + 1;
    }
    return this.limit;
  }

  /**
   * Offset of the line that consists of `marker` alone, at or behind `from`; -1: none. In recovery an index of such lines is
   * kept, or many unclosed heredocs would take quadratic time.
   */
  markerLine(marker: string, from: number): number {
    if (this.recovering) {
      this.#markerLines ??= this.#indexMarkers();
      const lines = this.#markerLines.get(marker) ?? [];
      let low = 0;
      for (let high = lines.length; low < high;) {
        const middle = (low + high) >> 1;
        if ((lines[middle] ?? 0) < from) low = middle + 1;
        else high = middle;
      }
      const line = lines[low] ?? -1;
      return line < this.limit ? line : -1;
    }
    const { text, limit } = this;
    for (let line = from; line < limit;) {
      const p = this.#spaces(line);
      if (text.startsWith(marker, p) && this.#endsLine(p + marker.length)) return line;
      const next = text.indexOf("\n", p);
      if (next < 0) break;
      line = next + 1;
    }
    return -1;
  }

  #endsLine(at: number): boolean {
    const p = this.#spaces(at);
    if (p >= this.limit) return true;
    const c = this.text.charCodeAt(p);
    return c === LF || (c === CR && this.text.charCodeAt(p + 1) === LF);
  }

  #indexMarkers(): Map<string, number[]> {
    const index = new Map<string, number[]>();
    const pattern = /^[ \t]*([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?$/gmu;
    for (const match of this.text.matchAll(pattern)) {
      const marker = match[1] ?? "";
      const lines = index.get(marker);
      if (lines) lines.push(match.index);
      else index.set(marker, [match.index]);
    }
    return index;
  }
}
