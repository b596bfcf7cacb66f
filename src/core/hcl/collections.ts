import { backTo, beginsExpression, readExpression, separatorMissing, swallowed, unclosed } from "./expressions.ts";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  DOT,
  EQUALS,
  GREATER,
  isIdentifierPart,
  isIdentifierStart,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
} from "./scan.ts";
import type { Scan } from "./scan.ts";
import type { Expression, ForExpression, Name, ObjectItem } from "./syntax.ts";

/** `[…]`, or a `[for …]`. */
export function readTuple(scan: Scan): Expression {
  const open = scan.pos;
  if (!scan.enter()) return scan.missing(open);
  const saved = scan.newlines;
  scan.newlines = true;
  scan.pos++;
  scan.skip();
  const result = atFor(scan) ? readFor(scan, open, CLOSE_BRACKET) : readElements(scan, open);
  scan.newlines = saved;
  scan.depth--;
  return result;
}

function readElements(scan: Scan, open: number): Expression {
  const elements: Expression[] = [];
  let end = open + 1 - scan.base;
  for (;;) {
    scan.skip();
    let c = scan.peek();
    if (c === CLOSE_BRACKET) {
      scan.pos++;
      end = scan.pos - scan.base;
      break;
    }
    if (!beginsExpression(scan, c)) {
      unclosed(scan, open, end, "[", "]");
      break;
    }
    const before = scan.pos;
    const element = readExpression(scan);
    c = scan.peek();
    if (swallowed(scan, element, c)) {
      scan.pos = before;
      unclosed(scan, open, end, "[", "]");
      break;
    }
    elements.push(element);
    end = element.end;
    if (c === COMMA) {
      scan.pos++;
      end = scan.pos - scan.base;
    } else if (c !== CLOSE_BRACKET && !separatorMissing(scan, c, end)) {
      unclosed(scan, open, end, "[", "]");
      break;
    }
  }
  return { kind: "tuple", start: open - scan.base, end, elements: elements.slice() };
}

/** `{…}`, or a `{for …}`. */
export function readObject(scan: Scan): Expression {
  const open = scan.pos;
  if (!scan.enter()) return scan.missing(open);
  const saved = scan.newlines;
  scan.pos++;
  scan.newlines = true;
  scan.skip();
  const result = atFor(scan) ? readFor(scan, open, CLOSE_BRACE) : readItems(scan, open);
  scan.newlines = saved;
  scan.depth--;
  return result;
}

function readItems(scan: Scan, open: number): Expression {
  const items: ObjectItem[] = [];
  let end = open + 1 - scan.base;
  for (;;) {
    scan.skipLines();
    const c = scan.peek();
    if (c === CLOSE_BRACE) {
      if (scan.recovering && closesOuter(scan, open)) {
        unclosed(scan, open, end, "{", "}");
        break;
      }
      scan.pos++;
      end = scan.pos - scan.base;
      break;
    }
    if (!beginsExpression(scan, c)) {
      unclosed(scan, open, end, "{", "}");
      break;
    }
    scan.newlines = false;
    const item = readItem(scan, c);
    items.push(item);
    end = item.end;
    const next = scan.peek();
    if (next === COMMA) {
      scan.pos++;
      end = scan.pos - scan.base;
    } else if (next !== LF && next !== CR && next !== CLOSE_BRACE) {
      if (next === -1) continue;
      const from = scan.pos;
      scan.fail("missing-separator", from, from + 1, "A comma or a new line is missing before this.");
      if (!beginsExpression(scan, next)) skipRest(scan, from);
      end = Math.max(end, scan.pos - scan.base);
    }
  }
  return { kind: "object", start: open - scan.base, end, items: items.slice() };
}

/** Whether the `}` at the position stands in column 0 though what it would close was opened on an indented line. */
export function closesOuter(scan: Scan, open: number): boolean {
  const { text } = scan;
  if (scan.pos > 0 && text.charCodeAt(scan.pos - 1) !== LF) return false;
  const first = text.charCodeAt(text.lastIndexOf("\n", open) + 1);
  return first === 32 || first === 9;
}

/** Passes what can't be understood, up to the end of the line or of what encloses it; the problem covers it. */
export function skipRest(scan: Scan, from: number): void {
  const { text } = scan;
  let depth = 0;
  let p = scan.pos;
  while (p < scan.limit) {
    const c = text.charCodeAt(p);
    if (c === LF) {
      if (depth === 0) break;
      if (scan.recovering && scan.startsBlock(p + 1)) break;
    } else if (c === OPEN_BRACE) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (depth === 0) break;
      if (c === CLOSE_BRACE) depth--;
    } else if (c === QUOTE) {
      p++;
      while (p < scan.limit && text.charCodeAt(p) !== QUOTE && text.charCodeAt(p) !== LF) p += text.charCodeAt(p) === 92 ? 2 : 1;
      if (text.charCodeAt(p) !== QUOTE) continue;
    }
    p++;
  }
  if (p > scan.pos && text.charCodeAt(p - 1) === CR) p--;
  scan.pos = Math.min(p, scan.limit);
  const last = scan.problems.at(-1);
  if (last !== undefined && !scan.stopped && last.range.start <= from && last.range.end < scan.pos) {
    scan.problems[scan.problems.length - 1] = { ...last, range: { start: last.range.start, end: scan.pos } };
  }
}

function readItem(scan: Scan, first: number): ObjectItem {
  const key = readKey(scan, first);
  const keyEnd = scan.base + key.end;
  scan.skip();
  const c = scan.peek();
  let value: Expression;
  if (c === COLON || (c === EQUALS && scan.peekAt(scan.pos + 1) !== EQUALS)) {
    scan.pos++;
    if (c === EQUALS && scan.peek() === GREATER) scan.pos++;
    value = readExpression(scan);
  } else {
    scan.fail("missing-equals", keyEnd, keyEnd, "Behind the key, `=` and a value are missing.");
    value = c === OPEN_BRACE || c === QUOTE ? readExpression(scan) : scan.missing(keyEnd);
  }
  if (value.kind === "missing") backTo(scan, Math.max(value.end, key.end));
  scan.skip();
  return { start: key.start, end: Math.max(value.end, key.end), key, bareKey: key.kind === "variable", value };
}

function readKey(scan: Scan, first: number): Expression {
  if (isIdentifierStart(first)) {
    // The usual key, without the detour through the whole grammar; `true = …` and `a.b = …` take it.
    const begin = scan.pos;
    const name = scan.identifier();
    const end = scan.pos;
    scan.skip();
    const c = scan.peek();
    if (c === COLON || (c === EQUALS && scan.peekAt(scan.pos + 1) !== EQUALS)) {
      return { kind: "variable", start: begin - scan.base, end: end - scan.base, name };
    }
    scan.pos = begin;
  }
  return readExpression(scan);
}

function atFor(scan: Scan): boolean {
  const { pos, text } = scan;
  if (!text.startsWith("for", pos) || pos + 3 > scan.limit || isIdentifierPart(scan.peekAt(pos + 3))) return false;
  let p = pos + 3;
  while (scan.peekAt(p) <= 32 && scan.peekAt(p) >= 0) p++;
  const c = scan.peekAt(p);
  return c !== EQUALS && c !== COLON && c !== COMMA && c !== CLOSE_BRACKET && c !== DOT && c !== OPEN_BRACKET && c !== OPEN_PAREN;
}

function readFor(scan: Scan, open: number, closer: number): Expression {
  const start = open - scan.base;
  const opening = closer === CLOSE_BRACKET ? "[" : "{";
  scan.pos += 3;
  const names = readNames(scan);
  let collection: Expression;
  if (scan.text.startsWith("in", scan.pos) && !isIdentifierPart(scan.peekAt(scan.pos + 2)) && scan.pos + 2 <= scan.limit) {
    scan.pos += 2;
    collection = readExpression(scan);
  } else {
    scan.fail("invalid-for", open, scan.pos, "A `for` expression is written `for name in collection : value`.");
    collection = scan.missing(scan.base + names.valueName.end);
  }
  let key: Expression | null = null;
  let value: Expression;
  let group = false;
  let condition: Expression | null = null;
  if (scan.peek() === COLON) {
    scan.pos++;
    value = readExpression(scan);
    if (scan.peek() === EQUALS && scan.peekAt(scan.pos + 1) === GREATER) {
      scan.pos += 2;
      key = value;
      value = readExpression(scan);
    }
    if (scan.text.startsWith("...", scan.pos) && scan.pos + 3 <= scan.limit) {
      scan.pos += 3;
      group = true;
      scan.skip();
    }
    if (scan.text.startsWith("if", scan.pos) && !isIdentifierPart(scan.peekAt(scan.pos + 2)) && scan.pos + 2 <= scan.limit) {
      scan.pos += 2;
      condition = readExpression(scan);
    }
    if (closer === CLOSE_BRACE && key === null) {
      scan.fail(
        "invalid-for",
        open,
        open + 1,
        "In `{for …}` each element needs a key: `{ for name in collection : key => value }`.",
      );
      key = scan.missing(scan.base + value.start);
    }
    if (closer === CLOSE_BRACKET && key !== null) {
      scan.note("invalid-for", open, open + 1, "A `for` with `key => value` makes an object: write it in `{}`.");
    }
  } else {
    scan.fail("invalid-for", open, scan.pos, "A `for` expression is written `for name in collection : value`.");
    value = scan.missing(scan.base + collection.end);
    if (closer === CLOSE_BRACE) key = value;
  }
  let end = Math.max((condition ?? value).end, collection.end);
  if (scan.peek() === closer) {
    scan.pos++;
    end = scan.pos - scan.base;
  } else unclosed(scan, open, end, opening, closer === CLOSE_BRACKET ? "]" : "}");
  const node: ForExpression = { kind: "for", start, end, ...names, collection, key, value, group, condition };
  return node;
}

/** The one or two names behind `for`, of an expression or of a template. */
export function readNames(scan: Scan): { readonly keyName: Name | null; readonly valueName: Name } {
  const first = readName(scan);
  if (scan.peek() !== COMMA) return { keyName: null, valueName: first };
  scan.pos++;
  return { keyName: first, valueName: readName(scan) };
}

function readName(scan: Scan): Name {
  scan.skip();
  if (!isIdentifierStart(scan.peek())) {
    scan.fail("missing-name", scan.pos, scan.pos, "A name is missing here.");
    return { name: "", start: scan.pos - scan.base, end: scan.pos - scan.base };
  }
  const name = scan.name();
  scan.skip();
  return name;
}
