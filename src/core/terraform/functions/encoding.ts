import { Document, parseDocument, type ScalarTag, visit } from "yaml";
import { hasUnknown, parseNumber } from "../../values/convert.ts";
import { bool, DYNAMIC, list, NULL, number, object, objectOf, string, STRING, tuple, unknown } from "../../values/make.ts";
import { fromJson, toJson } from "../../values/json.ts";
import { structureOfPieces } from "../../values/json-pieces.ts";
import { numberText } from "../../values/text.ts";
import { typeOf } from "../../values/type.ts";
import type { Value } from "../../values/value.ts";
import { marksOf, reasonsOf } from "../unknowns.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { textOf } from "./string.ts";

const one = [{ type: STRING }] as const;

/** As Go's encoding/json writes it: keys sorted, `<`, `>` and `&` escaped. */
export function encodeJson(value: Value): string {
  switch (value.kind) {
    case "null":
    case "unknown":
    case "instance":
      return "null";
    case "bool":
      return String(value.value);
    case "number":
      return numberText(value.value);
    case "string":
      return encodeText(value.value);
    case "list":
    case "set":
    case "tuple":
      return `[${value.items.map(encodeJson).join(",")}]`;
    case "map":
    case "object":
      return `{${[...value.entries].map(([key, item]) => `${encodeText(key)}:${encodeJson(item)}`).join(",")}}`;
  }
}

function encodeText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** JSON text as `jsondecode` types it, numbers exact; undefined when it is no JSON. */
export function decodeJson(text: string): Value | undefined {
  try {
    return fromJson(
      JSON.parse(text, (_key: string, item: unknown, context?: { source?: string }) =>
        typeof item === "number" && !Number.isSafeInteger(item) && context?.source !== undefined
          ? (parseNumber(context.source) ?? item)
          : item,
      ),
    );
  } catch {
    return undefined;
  }
}

const encoder = new TextEncoder();

export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

export function base64(bytes: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? "=" : alphabet.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? "=" : alphabet.charAt(c & 63);
  }
  return text;
}

/** undefined when it is no base64. */
export function decodeBase64Bytes(text: string): Uint8Array | undefined {
  const body = text.replaceAll(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(body)) return undefined;
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const bytes: number[] = [];
  for (let i = 0; i < body.length; i += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((offset) => alphabet.indexOf(body.charAt(i + offset)));
    const bits = ((a ?? 0) << 18) | ((b ?? 0) << 12) | (Math.max(0, c ?? 0) << 6) | Math.max(0, d ?? 0);
    bytes.push((bits >> 16) & 255);
    if (c !== -1) bytes.push((bits >> 8) & 255);
    if (d !== -1) bytes.push(bits & 255);
  }
  return Uint8Array.from(bytes);
}

/** The text that base64 holds; undefined when it is no base64 or no UTF-8. */
export function decodeBase64(text: string): string | undefined {
  const bytes = decodeBase64Bytes(text);
  return bytes === undefined ? undefined : utf8(bytes);
}

/** Undefined where the bytes are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function encodeUrl(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parseCsv(text: string): readonly (readonly string[])[] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return undefined;
        cell += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    } else {
      const end = text.slice(at).search(/[,\r\n]/);
      cell = end < 0 ? text.slice(at) : text.slice(at, at + end);
      at += cell.length;
    }
    row.push(cell);
    if (text[at] === ",") {
      at++;
      if (at === text.length) row.push("");
      continue;
    }
    if (text[at] === "\r") at++;
    if (at < text.length && text[at] !== "\n") return undefined;
    at++;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

export const encodingFunctions: FunctionTable = {
  base64decode: {
    parameters: one,
    result: STRING,
    run: ([text]) => {
      const decoded = decodeBase64(textOf(text));
      return decoded === undefined ? fail("the text is no base64 of UTF-8 text") : string(decoded);
    },
  },
  base64encode: { parameters: one, result: STRING, run: ([text]) => string(base64(bytesOf(textOf(text)))) },
  csvdecode: {
    parameters: one,
    result: DYNAMIC,
    run: ([text]) => {
      const rows = parseCsv(textOf(text));
      const [header, ...lines] = rows ?? [];
      if (rows === undefined || header === undefined) return fail("the text is no CSV with a header line");
      if (new Set(header).size < header.length) return fail("two columns have the same name");
      if (lines.some((line) => line.length !== header.length)) return fail("a line has another number of columns than the header");
      const type = objectOf(new Map(header.map((name) => [name, STRING])));
      return list(
        type,
        lines.map((line) => object(header.map((name, index) => [name, string(line[index] ?? "")] as const))),
      );
    },
  },
  jsondecode: {
    parameters: one,
    result: DYNAMIC,
    raw: true,
    maybeNull: true,
    run: ([text]) => {
      if (text?.kind === "unknown") {
        const { document = text.refinement?.pieces && structureOfPieces(text.refinement.pieces) } = text.refinement ?? {};
        return document === undefined ? unknown(DYNAMIC, text.reasons, marksOf([text])) : { ...document, ...marksOf([text]) };
      }
      const decoded = decodeJson(textOf(text));
      if (decoded === undefined) return fail("the text is no JSON");
      return text === undefined ? decoded : { ...decoded, ...marksOf([text]) };
    },
  },
  jsonencode: {
    parameters: [{ type: DYNAMIC, null: true }],
    result: STRING,
    raw: true,
    run: ([value]) => {
      if (value === undefined) return NULL;
      const marks: { sensitive?: true; ephemeral?: true } = {};
      collectMarks(value, marks);
      if (!hasUnknown(value)) return { ...string(encodeJson(value)), ...marks };
      const prefix = firstLetter(value);
      return unknown(STRING, reasonsOf([value]), {
        ...marks,
        refinement: {
          notNull: true,
          ...(value.kind === "unknown" ? {} : { document: value }),
          ...(prefix === undefined ? {} : { prefix }),
        },
      });
    },
  },
  urlencode: { parameters: one, result: STRING, run: ([text]) => string(encodeUrl(textOf(text))) },
  yamldecode: { parameters: one, result: DYNAMIC, maybeNull: true, run: ([text]) => decodeYaml(textOf(text)) },
  yamlencode: {
    parameters: [{ type: DYNAMIC, null: true }],
    result: STRING,
    run: ([value]) => {
      if (value === undefined || hasUnknown(value))
        return unknown(STRING, reasonsOf(value === undefined ? [] : [value]), { refinement: { notNull: true } });
      return string(encodeYaml(value));
    },
  },
};

/** What the JSON of a value that is not wholly known begins with. */
function firstLetter(value: Value): string | undefined {
  if (value.kind === "unknown" && value.refinement?.notNull !== true) return undefined;
  const { kind } = typeOf(value);
  if (kind === "string") return '"';
  if (kind === "object" || kind === "map") return "{";
  return kind === "list" || kind === "set" || kind === "tuple" ? "[" : undefined;
}

function collectMarks(value: Value, marks: { sensitive?: true; ephemeral?: true }): void {
  Object.assign(marks, marksOf([value]));
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple")
    for (const item of value.items) collectMarks(item, marks);
  else if (value.kind === "map" || value.kind === "object") for (const item of value.entries.values()) collectMarks(item, marks);
}

const yesAndNo: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (text) => /^(?:y|on)/i.test(text),
};

function encodeYaml(value: Value): string {
  const document = new Document(toJson(value));
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === "string") scalar.type = scalar.value.includes("\n") ? "BLOCK_LITERAL" : "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({ lineWidth: 0, indentSeq: false });
  if (value.kind === "string") return text.replaceAll(/\n(?=.)/g, "\n  ");
  // A plain scalar alone is closed explicitly.
  return value.kind === "number" || value.kind === "bool" || value.kind === "null" ? `${text}...\n` : text;
}

const timestamp: ScalarTag = {
  tag: "tag:yaml.org,2002:timestamp",
  default: true,
  test: /^\d{4}-\d\d-\d\d$/,
  resolve: (text) => `${text}T00:00:00Z`,
};

/** Terraform reads YAML 1.2 core, and `yes`, `no`, `on`, `off` as booleans. */
function decodeYaml(text: string): Value | Failure {
  try {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      customTags: (tags) => [yesAndNo, timestamp, ...tags],
      uniqueKeys: true,
      merge: true,
    });
    if (document.errors.length > 0) return fail("the text is no YAML that terraform reads");
    visit(document, {
      // Quotes make a string, whatever the tag.
      Scalar(_key, scalar) {
        if (scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE") scalar.value = scalar.source;
      },
    });
    const data = document.toJS({ maxAliasCount: 100 }) as unknown;
    if (/^\s*$/.test(text)) return fail("the text is empty");
    return hasInfinity(data) ? fail("a number is not finite") : yamlValue(data);
  } catch {
    return fail("the text is no YAML that terraform reads");
  }
}

function hasInfinity(data: unknown): boolean {
  if (typeof data === "number") return !Number.isFinite(data);
  if (typeof data !== "object" || data === null) return false;
  return Object.values(data).some(hasInfinity);
}

function yamlValue(data: unknown): Value {
  if (data === null || data === undefined) return NULL;
  if (typeof data === "boolean") return bool(data);
  if (typeof data === "number") return number(data);
  if (typeof data === "bigint") return number(Number(data));
  if (Array.isArray(data)) return tuple(data.map(yamlValue));
  if (typeof data === "object") return object(Object.entries(data).map(([key, item]) => [key, yamlValue(item)] as const));
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return string(text);
}
