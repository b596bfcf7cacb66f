import type { FilePath, Problem, TextRange } from "../text/text.ts";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DEPTH_LIMIT,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from "./scan.ts";

/** A JSON value with absolute offsets. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonScalar;

export interface JsonObject extends TextRange {
  readonly kind: "object";
  readonly properties: readonly JsonProperty[];
}

export interface JsonProperty extends TextRange {
  readonly key: JsonString;
  readonly value: JsonNode;
}

export interface JsonArray extends TextRange {
  readonly kind: "array";
  readonly elements: readonly JsonNode[];
}

export interface JsonString extends TextRange {
  readonly kind: "string";
  /** Decoded. */
  readonly value: string;
  /** The text between the quotes is the value, character by character. */
  readonly plain: boolean;
}

export interface JsonScalar extends TextRange {
  readonly kind: "scalar";
  /** undefined: what stands here is no JSON value. */
  readonly value: null | boolean | { readonly number: string } | undefined;
}

interface Reader {
  readonly path: FilePath;
  readonly text: string;
  readonly problems: Problem[];
  pos: number;
  depth: number;
}

/** Reads JSON and keeps positions; goes on behind missing commas, values and brackets, and says so. Never throws. */
export function readJson(path: FilePath, text: string): { readonly value: JsonNode; readonly problems: Problem[] } {
  const reader: Reader = { path, text, problems: [], pos: text.charCodeAt(0) === 0xfeff ? 1 : 0, depth: 0 };
  const value = readValue(reader);
  skip(reader);
  if (reader.pos < text.length)
    report(reader, "unexpected-text", reader.pos, text.length, "Behind the JSON value, this is not understood: remove it.");
  return { value, problems: reader.problems };
}

function report(reader: Reader, code: string, start: number, end: number, message: string): void {
  reader.problems.push({ file: reader.path, range: { start, end }, severity: "error", code, message });
}

function skip(reader: Reader): void {
  while (reader.pos < reader.text.length) {
    const c = reader.text.charCodeAt(reader.pos);
    if (c !== SPACE && c !== LF && c !== 9 && c !== 13) return;
    reader.pos++;
  }
}

function readValue(reader: Reader): JsonNode {
  skip(reader);
  switch (reader.text.charCodeAt(reader.pos)) {
    case OPEN_BRACE:
      return readObject(reader);
    case OPEN_BRACKET:
      return readArray(reader);
    case QUOTE:
      return readString(reader);
    default:
      return readScalar(reader);
  }
}

function tooDeep(reader: Reader): boolean {
  if (reader.depth < DEPTH_LIMIT) return false;
  report(reader, "too-deep", reader.pos, reader.text.length, "This is nested too deeply to be read.");
  reader.pos = reader.text.length;
  return true;
}

function readObject(reader: Reader): JsonNode {
  const start = reader.pos;
  const properties: JsonProperty[] = [];
  if (tooDeep(reader)) return { kind: "object", start, end: reader.pos, properties };
  reader.depth++;
  reader.pos++;
  for (;;) {
    skip(reader);
    const c = reader.text.charCodeAt(reader.pos);
    if (c === CLOSE_BRACE) {
      reader.pos++;
      break;
    }
    if (c === QUOTE) properties.push(readProperty(reader));
    else if (!passUnexpected(reader, start, "{", "A property in double quotes is expected here.")) break;
    separate(reader, CLOSE_BRACE);
  }
  reader.depth--;
  return { kind: "object", start, end: reader.pos, properties };
}

function readProperty(reader: Reader): JsonProperty {
  const key = readString(reader);
  skip(reader);
  let value: JsonNode;
  if (reader.text.charCodeAt(reader.pos) === COLON) {
    reader.pos++;
    value = readValue(reader);
  } else {
    report(reader, "missing-value", key.end, key.end, "Behind the property, `:` and a value are missing.");
    value = { kind: "scalar", start: key.end, end: key.end, value: undefined };
    reader.pos = key.end;
  }
  return { start: key.start, end: value.end, key, value };
}

function readArray(reader: Reader): JsonNode {
  const start = reader.pos;
  const elements: JsonNode[] = [];
  if (tooDeep(reader)) return { kind: "array", start, end: reader.pos, elements };
  reader.depth++;
  reader.pos++;
  for (;;) {
    skip(reader);
    const c = reader.text.charCodeAt(reader.pos);
    if (c === CLOSE_BRACKET) {
      reader.pos++;
      break;
    }
    if (reader.pos < reader.text.length && c !== CLOSE_BRACE && c !== COMMA && c !== COLON) elements.push(readValue(reader));
    else if (!passUnexpected(reader, start, "[", "A value is expected here.")) break;
    separate(reader, CLOSE_BRACKET);
  }
  reader.depth--;
  return { kind: "array", start, end: reader.pos, elements };
}

/** Passes a character that does not belong; false: the text or what encloses this ends, so it was never closed. */
function passUnexpected(reader: Reader, open: number, opener: string, message: string): boolean {
  const c = reader.text.charCodeAt(reader.pos);
  if (reader.pos >= reader.text.length || c === CLOSE_BRACE || c === CLOSE_BRACKET) {
    report(
      reader,
      "unclosed-bracket",
      open,
      open + 1,
      `This \`${opener}\` is never closed: add \`${opener === "{" ? "}" : "]"}\`.`,
    );
    return false;
  }
  const at = reader.pos;
  if (c !== COMMA) {
    reader.pos++;
    while (reader.pos < reader.text.length && !/[,"\]}\n]/.test(reader.text.charAt(reader.pos))) reader.pos++;
  }
  report(reader, "unexpected-text", at, Math.max(reader.pos, at + 1), message);
  return true;
}

function separate(reader: Reader, closer: number): void {
  const before = reader.pos;
  skip(reader);
  const c = reader.text.charCodeAt(reader.pos);
  if (c === COMMA) {
    const comma = reader.pos;
    reader.pos++;
    skip(reader);
    if (reader.text.charCodeAt(reader.pos) === closer)
      report(reader, "trailing-comma", comma, comma + 1, "JSON has no comma behind the last element: remove it.");
  } else if (c !== CLOSE_BRACE && c !== CLOSE_BRACKET && reader.pos < reader.text.length) {
    report(reader, "missing-comma", before, before, "A comma is missing here.");
  }
}

function readString(reader: Reader): JsonString {
  const { text } = reader;
  const start = reader.pos;
  let plain = true;
  let p = start + 1;
  while (p < text.length) {
    const c = text.charCodeAt(p);
    if (c === QUOTE || c === LF) break;
    if (c === BACKSLASH) {
      plain = false;
      p++;
    }
    p++;
  }
  p = Math.min(p, text.length);
  const closed = text.charCodeAt(p) === QUOTE;
  const end = closed ? p + 1 : p;
  reader.pos = end;
  if (!closed) report(reader, "unclosed-string", start, end, 'This string is never closed: add `"` at its end.');
  const inner = text.slice(start + 1, p);
  return { kind: "string", start, end, value: plain ? inner : decode(reader, start, inner), plain: plain && closed };
}

function decode(reader: Reader, start: number, inner: string): string {
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch {
    report(reader, "invalid-escape", start, reader.pos, "This string holds an escape that JSON does not know.");
    return inner;
  }
}

function readScalar(reader: Reader): JsonScalar {
  const { text } = reader;
  const start = reader.pos;
  let p = start;
  while (p < text.length && !/[\s,:"[\]{}]/.test(text.charAt(p))) p++;
  const word = text.slice(start, p);
  reader.pos = p;
  const value = scalar(word);
  if (value === undefined) {
    report(
      reader,
      word === "" ? "missing-value" : "unexpected-text",
      start,
      p,
      word === "" ? "A value is missing here." : "This is no JSON value: text stands in double quotes.",
    );
  }
  return { kind: "scalar", start, end: p, value };
}

function scalar(word: string): JsonScalar["value"] {
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? { number: word } : undefined;
}
