import { backTo, readExpression, readOperand } from "./expressions.ts";
import { readNames } from "./collections.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CR,
  DOLLAR,
  isIdentifierPart,
  isIdentifierStart,
  LF,
  MINUS,
  OPEN_BRACE,
  PERCENT,
  QUOTE,
  SPACE,
  TAB,
  TILDE,
} from "./scan.ts";
import type { Scan } from "./scan.ts";
import type { Expression, Name, Template, TemplateFor, TemplateIf, TemplatePart } from "./syntax.ts";

/** A template is first read flat; `~` and `<<-` act on neighbours in that order, and if/for are nested last. */
type Piece = TextPiece | InterpolationPiece | DirectivePiece;

/** Heredocs: at most one line, its end included; `~` reaches no further. */
interface TextPiece {
  readonly kind: "text";
  readonly start: number;
  readonly end: number;
  value: string;
}

interface InterpolationPiece {
  readonly kind: "interpolation";
  readonly start: number;
  readonly end: number;
  readonly expression: Expression;
}

interface DirectivePiece {
  readonly kind: "directive";
  readonly start: number;
  readonly end: number;
  readonly word: "if" | "else" | "endif" | "for" | "endfor" | "";
  /** Condition or collection. */
  readonly expression: Expression | undefined;
  readonly names: { readonly keyName: Name | null; readonly valueName: Name } | undefined;
}

type Form = "quoted" | "plain";

/** `"…"`, at the quote. */
export function readQuoted(scan: Scan): Template {
  const { text, limit } = scan;
  const open = scan.pos;
  let p = open + 1;
  for (; p < limit; p++) {
    const c = text.charCodeAt(p);
    if (c === QUOTE) {
      const start = open - scan.base;
      const end = p + 1 - scan.base;
      scan.pos = p + 1;
      const parts: TemplatePart[] =
        p === open + 1 ? [] : [{ kind: "text", start: start + 1, end: end - 1, value: text.slice(open + 1, p) }];
      return { kind: "template", start, end, parts };
    }
    if (c === BACKSLASH || c === LF) break;
    if (c === DOLLAR || c === PERCENT) {
      const next = text.charCodeAt(p + 1);
      if (next === OPEN_BRACE || next === c) break;
    }
  }
  return readQuotedPieces(scan, open);
}

function readQuotedPieces(scan: Scan, open: number): Template {
  scan.pos = open + 1;
  if (!scan.enter()) return { kind: "template", start: open - scan.base, end: open + 1 - scan.base, parts: [] };
  const pieces = readPieces(scan, "quoted");
  const parts = nest(scan, pieces);
  if (scan.peek() === QUOTE) scan.pos++;
  else if (!scan.stopped) {
    scan.fail(
      "unclosed-string",
      open,
      scan.pos,
      'This string is never closed: add `"` at its end. Text over several lines needs a heredoc (`<<-EOT`).',
    );
  }
  scan.depth--;
  return { kind: "template", start: open - scan.base, end: Math.max(scan.pos, open + 1) - scan.base, parts };
}

/** `<<MARKER` or `<<-MARKER`, at the `<<`. */
export function readHeredoc(scan: Scan): Expression {
  const { text } = scan;
  const open = scan.pos;
  scan.pos += 2;
  const indented = scan.peek() === MINUS;
  if (indented) scan.pos++;
  if (!isIdentifierStart(scan.peek())) {
    scan.fail("invalid-heredoc", open, scan.pos, "A heredoc begins with `<<` or `<<-` and a marker, for example `<<-EOT`.");
    return { ...scan.missing(open), end: scan.pos - scan.base };
  }
  const marker = scan.identifier();
  const lineEnd = scan.lineEnd(scan.pos);
  if (lineEnd > scan.pos && text.slice(scan.pos, lineEnd).trim() !== "") {
    scan.fail("invalid-heredoc", open, scan.pos, `Behind \`<<${marker}\` the line must end.`);
  }
  const bodyStart = Math.min(text.charCodeAt(lineEnd) === CR ? lineEnd + 2 : lineEnd + 1, scan.limit);
  let close = scan.markerLine(marker, bodyStart);
  if (close < 0) scan.lookedTo = scan.limit;
  else if (holdsOpener(scan, bodyStart, close, marker)) {
    scan.lookedTo = close;
    close = -1;
  }
  const closed = close >= 0;
  if (!closed) {
    scan.pos = Math.min(lineEnd, scan.limit);
    scan.fail("unclosed-heredoc", open, lineEnd, `This heredoc is never closed: add a line with \`${marker}\` alone.`);
    close = scan.strict ? scan.limit : scan.nextBlockLine(lineEnd - 1);
    if (close > 0 && close < scan.limit) scan.limit = close;
  }
  if (scan.stopped || !scan.enter()) return { ...scan.missing(open), end: scan.pos - scan.base };
  const saved = { limit: scan.limit, recovering: scan.recovering, newlines: scan.newlines };
  scan.pos = Math.min(bodyStart, close);
  scan.limit = close;
  scan.recovering = false;
  const pieces = readPieces(scan, "plain");
  if (indented) removeIndentation(pieces);
  const parts = nest(scan, pieces);
  scan.recovering = saved.recovering;
  scan.newlines = saved.newlines;
  scan.depth--;
  if (!scan.ended()) {
    scan.limit = saved.limit;
    scan.pos = close;
    if (closed) {
      while (scan.peek() === SPACE || scan.peek() === TAB) scan.pos++;
      scan.pos += marker.length;
    }
  }
  const start = open - scan.base;
  return { kind: "template", start, end: Math.max(scan.pos - scan.base, start), parts, heredoc: { marker, indented } };
}

/**
 * Whether what looks like the heredoc's text holds a top-level block and then a heredoc with the same marker: then the marker
 * line closes that one, and this one was left open.
 */
function holdsOpener(scan: Scan, from: number, to: number, marker: string): boolean {
  const { text } = scan;
  for (let p = text.indexOf("<<", from); p >= 0 && p < to; p = text.indexOf("<<", p + 2)) {
    const name = text.charCodeAt(p + 2) === MINUS ? p + 3 : p + 2;
    if (!text.startsWith(marker, name)) continue;
    if (text.slice(name + marker.length, scan.lineEnd(name)).trim() !== "") continue;
    for (let line = text.indexOf("\n", from - 1); line >= 0 && line < p; line = text.indexOf("\n", line + 1)) {
      if (scan.startsBlock(line + 1)) return true;
    }
  }
  return false;
}

/** A template without quotes: a file for `templatefile`, or the text of a JSON string. Reads up to the limit. */
export function readPlain(scan: Scan): TemplatePart[] {
  return nest(scan, readPieces(scan, "plain"));
}

function readPieces(scan: Scan, form: Form): Piece[] {
  const { text } = scan;
  const quoted = form === "quoted";
  const pieces: Piece[] = [];
  let begin = scan.pos;
  let value = "";
  let copied = begin;
  let trimNext = false;
  const flush = (to: number): void => {
    if (to <= begin) return;
    let whole = value + text.slice(copied, to);
    if (trimNext) whole = whole.trimStart();
    trimNext = false;
    pieces.push({ kind: "text", start: begin - scan.base, end: to - scan.base, value: whole });
  };
  const startAt = (at: number): void => {
    begin = at;
    copied = at;
    value = "";
  };
  for (;;) {
    const c = scan.peek();
    if (c === -1 || (quoted && (c === QUOTE || c === LF || (c === CR && scan.peekAt(scan.pos + 1) === LF)))) break;
    if (c === LF) {
      scan.pos++;
      flush(scan.pos);
      startAt(scan.pos);
    } else if (quoted && c === BACKSLASH) {
      value += text.slice(copied, scan.pos) + readEscape(scan);
      copied = scan.pos;
    } else if (c === DOLLAR || c === PERCENT) {
      const at = scan.pos;
      let run = at + 1;
      while (scan.peekAt(run) === c) run++;
      scan.pos = run;
      if (scan.peekAt(run) !== OPEN_BRACE) continue;
      if (run > at + 1) {
        // A doubled sign stands for one, and the brace for itself.
        value += text.slice(copied, run - 1) + "{";
        scan.pos = run + 1;
        copied = scan.pos;
        continue;
      }
      flush(at);
      const sign = scan.peekAt(run + 1) === TILDE;
      const previous = pieces.at(-1);
      if (sign && previous?.kind === "text" && previous.end === at - scan.base) previous.value = previous.value.trimEnd();
      scan.pos = sign ? run + 2 : run + 1;
      pieces.push(c === DOLLAR ? readInterpolation(scan, at) : readDirective(scan, at));
      trimNext = text.charCodeAt(scan.pos - 2) === TILDE && text.charCodeAt(scan.pos - 1) === CLOSE_BRACE;
      startAt(scan.pos);
    } else scan.pos++;
  }
  flush(scan.pos);
  return pieces;
}

function readEscape(scan: Scan): string {
  const at = scan.pos;
  const c = scan.text[at + 1];
  scan.pos = Math.min(at + 2, scan.limit);
  switch (c) {
    case "n":
      return "\n";
    case "r":
      return "\r";
    case "t":
      return "\t";
    case '"':
    case "\\":
      return c;
    case "u":
    case "U": {
      const digits = c === "u" ? 4 : 8;
      const hex = scan.text.slice(at + 2, Math.min(at + 2 + digits, scan.limit));
      const code = hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) ? parseInt(hex, 16) : Infinity;
      if (code <= 0x10ffff) {
        scan.pos = at + 2 + digits;
        return String.fromCodePoint(code);
      }
      scan.note("invalid-escape", at, scan.pos, `\`\\${c}\` needs ${digits} hexadecimal digits of a Unicode character.`);
      return scan.text.slice(at, scan.pos);
    }
    default:
      // The line end closes the string, whatever stands before it.
      if (c === "\n" || c === "\r") scan.pos = at + 1;
      scan.note(
        "invalid-escape",
        at,
        scan.pos,
        'This escape is not known: use \\n, \\r, \\t, \\", \\\\, \\uXXXX or \\UXXXXXXXX, and \\\\ for a backslash.',
      );
      return scan.text.slice(at, scan.pos);
  }
}

function readInterpolation(scan: Scan, start: number): InterpolationPiece {
  const saved = scan.newlines;
  scan.newlines = true;
  const expression = scan.enter() ? readOperand(scan, 0) : undefined;
  if (expression !== undefined) scan.depth--;
  closeSequence(scan, start, expression?.end ?? scan.pos - scan.base, "${");
  scan.newlines = saved;
  return {
    kind: "interpolation",
    start: start - scan.base,
    end: scan.pos - scan.base,
    expression: expression ?? scan.missing(scan.pos),
  };
}

function readDirective(scan: Scan, start: number): DirectivePiece {
  const saved = scan.newlines;
  scan.newlines = true;
  scan.skip();
  const at = scan.pos;
  const read = isIdentifierStart(scan.peek()) ? scan.identifier() : "";
  const word = isDirective(read) ? read : "";
  let expression: Expression | undefined;
  let names: DirectivePiece["names"];
  if (word === "") {
    scan.fail(
      "invalid-directive",
      start,
      Math.max(scan.pos, at),
      "A directive is `%{ if … }`, `%{ else }`, `%{ endif }`, `%{ for … in … }` or `%{ endfor }`; write `%%{` for the text.",
    );
  } else if (word === "if") expression = readExpression(scan);
  else if (word === "for") {
    names = readNames(scan);
    if (scan.text.startsWith("in", scan.pos) && scan.pos + 2 <= scan.limit && !isIdentifierPart(scan.peekAt(scan.pos + 2))) {
      scan.pos += 2;
      expression = readExpression(scan);
    } else {
      scan.fail("invalid-for", start, scan.pos, "A `for` directive is written `%{ for name in collection }`.");
      expression = scan.missing(scan.pos);
    }
  }
  scan.skip();
  closeSequence(scan, start, expression?.end ?? Math.max(at, at + read.length) - scan.base, "%{");
  scan.newlines = saved;
  return { kind: "directive", start: start - scan.base, end: scan.pos - scan.base, word, expression, names };
}

function isDirective(word: string): word is Exclude<DirectivePiece["word"], ""> {
  return word === "if" || word === "else" || word === "endif" || word === "for" || word === "endfor";
}

/** Passes the `}` of an interpolation or directive; without one, what is left of it on the line. */
function closeSequence(scan: Scan, open: number, end: number, opener: string): void {
  let c = scan.peek();
  if (c === TILDE) c = scan.peekAt(scan.pos + 1);
  if (c === CLOSE_BRACE) {
    scan.pos += scan.peek() === TILDE ? 2 : 1;
    return;
  }
  if (scan.stopped) return;
  backTo(scan, end);
  const at = scan.pos;
  let p = at;
  while (p < scan.limit) {
    const code = scan.text.charCodeAt(p);
    if (code === CLOSE_BRACE || code === LF || code === QUOTE) break;
    p++;
  }
  if (scan.peekAt(p) === CLOSE_BRACE) {
    scan.fail("unexpected-text", at, p, `This is not understood: between \`${opener}\` and \`}\` stands one expression.`);
    if (!scan.ended()) scan.pos = p + 1;
    return;
  }
  scan.fail(
    "unclosed-template",
    open,
    Math.max(open + 2, p),
    `This \`${opener}\` is never closed: add \`}\`, or write \`${opener.slice(0, 1)}${opener}\` for the text.`,
  );
  if (scan.ended()) return;
  scan.pos = p > 0 && scan.peekAt(p) === LF && scan.text.charCodeAt(p - 1) === CR ? p - 1 : p;
}

/** `<<-`: removes the least indentation of all lines, counted in characters, from those that begin with text. */
function removeIndentation(pieces: readonly Piece[]): void {
  let least = Infinity;
  let lineStart = true;
  const starts: TextPiece[] = [];
  for (const piece of pieces) {
    if (lineStart) {
      lineStart = false;
      if (piece.kind !== "text") least = 0;
      else {
        const spaces = piece.value.length - piece.value.trimStart().length;
        const blank = spaces === piece.value.length && piece.value.endsWith("\n");
        if (!blank) {
          least = Math.min(least, spaces);
          starts.push(piece);
        }
      }
    }
    if (piece.kind === "text" && piece.value.endsWith("\n")) lineStart = true;
  }
  for (const piece of starts) piece.value = piece.value.slice(least);
}

interface Nesting {
  readonly scan: Scan;
  readonly pieces: readonly Piece[];
  at: number;
}

/** Nests what stands between directives, and joins neighbouring texts. */
function nest(scan: Scan, pieces: readonly Piece[]): TemplatePart[] {
  const nesting: Nesting = { scan, pieces, at: 0 };
  const parts: TemplatePart[] = [];
  for (;;) {
    parts.push(...readParts(nesting));
    const stray = nesting.pieces[nesting.at];
    if (stray === undefined) break;
    nesting.at++;
    if (stray.kind === "directive" && stray.word !== "") {
      const opener = stray.word === "endfor" ? "for" : "if";
      scan.note(
        "stray-directive",
        scan.base + stray.start,
        scan.base + stray.end,
        `There is no \`%{ ${opener} … }\` that this belongs to.`,
      );
    }
    parts.push({ kind: "text", start: stray.start, end: stray.end, value: "" });
  }
  return parts.slice();
}

/** Up to a directive that ends something, or one that could not be read. */
function readParts(nesting: Nesting): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const { pieces, scan } = nesting;
  for (;;) {
    const piece = pieces[nesting.at];
    if (piece === undefined) return parts;
    if (piece.kind === "text") {
      parts.push(joinedText(nesting, piece));
    } else if (piece.kind === "interpolation") {
      nesting.at++;
      parts.push({ kind: "interpolation", start: piece.start, end: piece.end, expression: piece.expression });
    } else if ((piece.word === "if" || piece.word === "for") && piece.expression !== undefined) {
      if (!scan.enter()) {
        nesting.at = pieces.length;
        return parts;
      }
      nesting.at++;
      parts.push(
        piece.word === "if" ? readIf(nesting, piece, piece.expression) : readForDirective(nesting, piece, piece.expression),
      );
      scan.depth--;
    } else return parts;
  }
}

function joinedText(nesting: Nesting, first: TextPiece): TemplatePart {
  let { end, value } = first;
  for (;;) {
    nesting.at++;
    const next = nesting.pieces[nesting.at];
    if (next?.kind !== "text") break;
    end = next.end;
    value += next.value;
  }
  return { kind: "text", start: first.start, end, value };
}

function readIf(nesting: Nesting, opener: DirectivePiece, condition: Expression): TemplateIf {
  const then = readParts(nesting);
  let otherwise: TemplatePart[] = [];
  if (wordAt(nesting) === "else") {
    nesting.at++;
    otherwise = readParts(nesting);
  }
  return { kind: "if", start: opener.start, end: endOf(nesting, opener, "endif"), condition, then, else: otherwise };
}

function readForDirective(nesting: Nesting, opener: DirectivePiece, collection: Expression): TemplateFor {
  const names = opener.names ?? { keyName: null, valueName: { name: "", start: opener.end, end: opener.end } };
  const body = readParts(nesting);
  return { kind: "for", start: opener.start, end: endOf(nesting, opener, "endfor"), ...names, collection, body };
}

function wordAt(nesting: Nesting): string | undefined {
  const piece = nesting.pieces[nesting.at];
  return piece?.kind === "directive" ? piece.word : undefined;
}

function endOf(nesting: Nesting, opener: DirectivePiece, word: "endif" | "endfor"): number {
  const { scan } = nesting;
  const piece = nesting.pieces[nesting.at];
  if (piece?.kind === "directive" && piece.word === word) {
    nesting.at++;
    return piece.end;
  }
  scan.note(
    "unclosed-directive",
    scan.base + opener.start,
    scan.base + opener.end,
    `This directive is never closed: add \`%{ ${word} }\`.`,
  );
  return nesting.pieces[nesting.at - 1]?.end ?? opener.end;
}
