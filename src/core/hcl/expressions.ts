import {
  AMPERSAND,
  BANG,
  CHAIN_LIMIT,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  GREATER,
  isDigit,
  isIdentifierStart,
  LESS,
  LF,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  QUOTE,
  SLASH,
  STAR,
} from "./scan.ts";
import type { Scan } from "./scan.ts";
import { readObject, readTuple } from "./collections.ts";
import type { BinaryOperator, Expression } from "./syntax.ts";
import { readHeredoc, readQuoted } from "./templates.ts";

/*
 * Expressions. Each reader starts at its first character, and leaves the position behind the expression or behind white space
 * after it; a node's end never comes from the position, but from its last part.
 */

/** Reads an expression; where there is none, a problem and a `missing`. */
export function readExpression(scan: Scan): Expression {
  scan.skip();
  const condition = readBinary(scan, 1);
  if (scan.peek() !== QUESTION) return condition;
  return readConditional(scan, condition);
}

function readConditional(scan: Scan, condition: Expression): Expression {
  const question = scan.pos;
  if (!scan.enter()) return condition;
  scan.pos++;
  const then = readExpression(scan);
  let otherwise: Expression;
  if (scan.peek() === COLON) {
    scan.pos++;
    otherwise = readExpression(scan);
  } else {
    scan.fail(
      "missing-else",
      question,
      scan.base + then.end,
      "This condition needs both results: `condition ? value : other value`.",
    );
    backTo(scan, then.end);
    otherwise = scan.missing(scan.base + then.end);
  }
  scan.depth--;
  return { kind: "conditional", start: condition.start, end: otherwise.end, condition, then, else: otherwise };
}

/** Steps back behind a node, so that a line end passed while looking for more counts again. */
export function backTo(scan: Scan, end: number): void {
  scan.pos = Math.min(scan.base + end, scan.limit);
}

function readBinary(scan: Scan, lowest: number): Expression {
  let left = readUnary(scan);
  for (let length = 0; ; length++) {
    const operator = peekOperator(scan);
    if (operator === undefined) return left;
    const level = precedence(operator);
    if (level < lowest) return left;
    if (length > CHAIN_LIMIT) {
      scan.tooDeep();
      return left;
    }
    scan.pos += operator.length;
    const right = readOperand(scan, level + 1);
    left = { kind: "binary", start: left.start, end: right.end, operator, left, right };
  }
}

/** An operand (level 0: a whole expression), unless what follows the operator is the next argument, on a later line. */
export function readOperand(scan: Scan, lowest: number): Expression {
  const at = scan.pos;
  scan.skip();
  const operand = lowest === 0 ? readExpression(scan) : readBinary(scan, lowest);
  if (!scan.newlines || !swallowed(scan, operand, scan.peek())) return operand;
  scan.fail("missing-value", at, at, "A value is missing here.");
  scan.pos = Math.min(at, scan.limit);
  return scan.missing(at);
}

function peekOperator(scan: Scan): BinaryOperator | undefined {
  switch (scan.peek()) {
    case PLUS:
      return "+";
    case MINUS:
      return "-";
    case STAR:
      return "*";
    case SLASH:
      return "/";
    case PERCENT:
      return "%";
    case LESS:
      return scan.peekAt(scan.pos + 1) === EQUALS ? "<=" : "<";
    case GREATER:
      return scan.peekAt(scan.pos + 1) === EQUALS ? ">=" : ">";
    case EQUALS:
      return scan.peekAt(scan.pos + 1) === EQUALS ? "==" : undefined;
    case BANG:
      return scan.peekAt(scan.pos + 1) === EQUALS ? "!=" : undefined;
    case AMPERSAND:
      return scan.peekAt(scan.pos + 1) === AMPERSAND ? "&&" : undefined;
    case PIPE:
      return scan.peekAt(scan.pos + 1) === PIPE ? "||" : undefined;
    default:
      return undefined;
  }
}

function precedence(operator: BinaryOperator): number {
  switch (operator) {
    case "||":
      return 1;
    case "&&":
      return 2;
    case "==":
    case "!=":
      return 3;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return 4;
    case "+":
    case "-":
      return 5;
    case "*":
    case "/":
    case "%":
      return 6;
  }
}

function readUnary(scan: Scan): Expression {
  const c = scan.peek();
  if (c !== MINUS && c !== BANG) return readSelections(scan, readTerm(scan));
  const start = scan.pos - scan.base;
  if (!scan.enter()) return scan.missing(scan.pos);
  scan.pos++;
  scan.skip();
  const operand = readUnary(scan);
  scan.depth--;
  return { kind: "unary", start, end: operand.end, operator: c === MINUS ? "-" : "!", operand };
}

function readTerm(scan: Scan): Expression {
  const c = scan.peek();
  if (isIdentifierStart(c)) return readWord(scan);
  if (c === QUOTE) return readQuoted(scan);
  if (isDigit(c)) return readNumber(scan);
  if (c === OPEN_BRACKET) return readTuple(scan);
  if (c === OPEN_BRACE) return readObject(scan);
  if (c === OPEN_PAREN) return readParentheses(scan);
  if (c === LESS && scan.peekAt(scan.pos + 1) === LESS) return readHeredoc(scan);
  const at = scan.pos;
  scan.fail("missing-value", at, at, "A value is missing here.");
  return scan.missing(at);
}

function readWord(scan: Scan): Expression {
  const start = scan.pos - scan.base;
  const name = scan.identifier();
  const end = scan.pos - scan.base;
  if (name === "true") return { kind: "literal", start, end, value: true };
  if (name === "false") return { kind: "literal", start, end, value: false };
  if (name === "null") return { kind: "literal", start, end, value: null };
  scan.skip();
  const next = scan.peek();
  if (next === OPEN_PAREN) return readCall(scan, start, end, name);
  if (next === COLON && scan.peekAt(scan.pos + 1) === COLON) return readNamespacedCall(scan, start, end, name);
  return { kind: "variable", start, end, name };
}

function readNamespacedCall(scan: Scan, start: number, firstEnd: number, first: string): Expression {
  let name = first;
  let end = firstEnd;
  while (scan.peek() === COLON && scan.peekAt(scan.pos + 1) === COLON) {
    scan.pos += 2;
    scan.skip();
    if (!isIdentifierStart(scan.peek())) break;
    name += `::${scan.identifier()}`;
    end = scan.pos - scan.base;
    scan.skip();
  }
  if (scan.peek() === OPEN_PAREN) return readCall(scan, start, end, name);
  scan.fail("missing-arguments", scan.base + start, scan.base + end, `\`${name}\` is a function: call it with \`(…)\`.`);
  backTo(scan, end);
  return { kind: "call", start, end, name: { name, start, end }, arguments: [], expand: false };
}

function readCall(scan: Scan, start: number, nameEnd: number, name: string): Expression {
  const open = scan.pos;
  const label = { name, start, end: nameEnd };
  if (!scan.enter()) return { kind: "call", start, end: nameEnd, name: label, arguments: [], expand: false };
  const saved = scan.newlines;
  scan.newlines = true;
  scan.pos++;
  const given: Expression[] = [];
  let expand = false;
  let end = open + 1 - scan.base;
  for (;;) {
    scan.skip();
    let c = scan.peek();
    if (c === CLOSE_PAREN) {
      scan.pos++;
      end = scan.pos - scan.base;
      break;
    }
    if (!beginsExpression(scan, c)) {
      unclosed(scan, open, end, "(", ")");
      break;
    }
    const before = scan.pos;
    const argument = readExpression(scan);
    c = scan.peek();
    if (swallowed(scan, argument, c)) {
      scan.pos = before;
      unclosed(scan, open, end, "(", ")");
      break;
    }
    given.push(argument);
    end = argument.end;
    if (c === DOT && scan.text.startsWith("...", scan.pos)) {
      scan.pos += 3;
      expand = true;
      end = scan.pos - scan.base;
      scan.skip();
      c = scan.peek();
    }
    if (c === COMMA) {
      scan.pos++;
      end = scan.pos - scan.base;
    } else if (c !== CLOSE_PAREN && !separatorMissing(scan, c, end)) {
      unclosed(scan, open, end, "(", ")");
      break;
    }
  }
  scan.newlines = saved;
  scan.depth--;
  return { kind: "call", start, end, name: label, arguments: given.slice(), expand };
}

/** Whether an expression may begin with the character. */
export function beginsExpression(scan: Scan, c: number): boolean {
  return (
    isIdentifierStart(c) ||
    c === QUOTE ||
    isDigit(c) ||
    c === OPEN_BRACKET ||
    c === OPEN_BRACE ||
    c === OPEN_PAREN ||
    c === MINUS ||
    (c === BANG && scan.peekAt(scan.pos + 1) !== EQUALS) ||
    (c === LESS && scan.peekAt(scan.pos + 1) === LESS)
  );
}

/** Whether what was read as an element is the beginning of the next argument or block: the bracket was never closed. */
export function swallowed(scan: Scan, element: Expression, next: number): boolean {
  if (element.kind !== "variable") return false;
  if (next === EQUALS) return scan.peekAt(scan.pos + 1) !== EQUALS;
  return (next === OPEN_BRACE || next === QUOTE) && beginsLine(scan, scan.base + element.start);
}

function beginsLine(scan: Scan, offset: number): boolean {
  let p = offset - 1;
  while (p >= 0 && (scan.text.charCodeAt(p) === 32 || scan.text.charCodeAt(p) === 9)) p--;
  return p < 0 || scan.text.charCodeAt(p) === LF;
}

/** With something that can only be the next element, a comma is missing: reading goes on. */
export function separatorMissing(scan: Scan, c: number, end: number): boolean {
  if (!beginsExpression(scan, c)) return false;
  scan.fail("missing-comma", scan.base + end, scan.pos, "A comma is missing between these elements.");
  return !scan.stopped;
}

export function unclosed(scan: Scan, open: number, end: number, opener: string, closer: string): void {
  scan.fail("unclosed-bracket", open, open + 1, `This \`${opener}\` is never closed: add \`${closer}\`.`);
  if (!scan.stopped) backTo(scan, end);
}

function readNumber(scan: Scan): Expression {
  const { text, limit } = scan;
  const begin = scan.pos;
  let p = begin + 1;
  while (p < limit && isDigit(text.charCodeAt(p))) p++;
  if (p + 1 < limit && text.charCodeAt(p) === DOT && isDigit(text.charCodeAt(p + 1))) {
    p += 2;
    while (p < limit && isDigit(text.charCodeAt(p))) p++;
  }
  const mark = scan.peekAt(p) | 32;
  if (mark === 101) {
    let q = p + 1;
    if (scan.peekAt(q) === PLUS || scan.peekAt(q) === MINUS) q++;
    if (isDigit(scan.peekAt(q))) {
      p = q + 1;
      while (p < limit && isDigit(text.charCodeAt(p))) p++;
    }
  }
  scan.pos = p;
  return { kind: "literal", start: begin - scan.base, end: p - scan.base, value: { number: text.slice(begin, p) } };
}

function readParentheses(scan: Scan): Expression {
  const open = scan.pos;
  if (!scan.enter()) return scan.missing(open);
  const saved = scan.newlines;
  scan.newlines = true;
  scan.pos++;
  const inner = readOperand(scan, 0);
  let end = inner.end;
  if (scan.peek() === CLOSE_PAREN) {
    scan.pos++;
    end = scan.pos - scan.base;
  } else unclosed(scan, open, end, "(", ")");
  scan.newlines = saved;
  scan.depth--;
  return { kind: "parentheses", start: open - scan.base, end, inner };
}

function readSelections(scan: Scan, first: Expression): Expression {
  let term = first;
  for (let length = 0; ; length++) {
    scan.skip();
    const c = scan.peek();
    if (c !== DOT && c !== OPEN_BRACKET) return term;
    if (length > CHAIN_LIMIT) {
      scan.tooDeep();
      return term;
    }
    if (c === OPEN_BRACKET) {
      if (scan.peekAt(scan.pos + 1) === STAR && scan.peekAt(scan.pos + 2) === CLOSE_BRACKET) return readFullSplat(scan, term);
      term = readIndex(scan, term);
      continue;
    }
    const next = scan.peekAt(scan.pos + 1);
    if (next === DOT) return term;
    if (next === STAR) term = readAttributeSplat(scan, term);
    else {
      const selected = readSelection(scan, term);
      if (selected === undefined) return term;
      term = selected;
    }
  }
}

/** `.name` or the legacy `.0`, at the dot. */
function readSelection(scan: Scan, object: Expression): Expression | undefined {
  const dot = scan.pos;
  scan.pos++;
  scan.skip();
  const c = scan.peek();
  if (isIdentifierStart(c)) {
    const name = scan.name();
    return { kind: "getAttribute", start: object.start, end: name.end, object, name };
  }
  if (isDigit(c)) {
    const begin = scan.pos;
    while (isDigit(scan.peek())) scan.pos++;
    const start = begin - scan.base;
    const end = scan.pos - scan.base;
    const key: Expression = { kind: "literal", start, end, value: { number: scan.text.slice(begin, scan.pos) } };
    return { kind: "index", start: object.start, end, object, key };
  }
  scan.pos = Math.min(dot + 1, scan.limit);
  scan.fail("missing-name", dot, dot + 1, "An attribute name is missing behind this dot.");
  return undefined;
}

function readIndex(scan: Scan, object: Expression): Expression {
  const open = scan.pos;
  if (!scan.enter()) return object;
  const saved = scan.newlines;
  scan.newlines = true;
  scan.pos++;
  const key = readExpression(scan);
  let end = key.end;
  if (scan.peek() === CLOSE_BRACKET) {
    scan.pos++;
    end = scan.pos - scan.base;
  } else unclosed(scan, open, end, "[", "]");
  scan.newlines = saved;
  scan.depth--;
  return { kind: "index", start: object.start, end, object, key };
}

function readFullSplat(scan: Scan, source: Expression): Expression {
  if (!scan.enter()) return source;
  scan.pos += 3;
  const at = scan.pos - scan.base;
  const each = readSelections(scan, { kind: "splatElement", start: at, end: at });
  scan.depth--;
  return { kind: "splat", start: source.start, end: each.end, source, full: true, each };
}

function readAttributeSplat(scan: Scan, source: Expression): Expression {
  scan.pos += 2;
  const at = scan.pos - scan.base;
  let each: Expression = { kind: "splatElement", start: at, end: at };
  for (let length = 0; length <= CHAIN_LIMIT; length++) {
    scan.skip();
    const next = scan.peekAt(scan.pos + 1);
    if (scan.peek() !== DOT || next === DOT || next === STAR) break;
    const selected = readSelection(scan, each);
    if (selected === undefined) break;
    each = selected;
  }
  return { kind: "splat", start: source.start, end: each.end, source, full: false, each };
}
