import { list, NUMBER, number, object, objectOf, reason, STRING, string, unknown } from "../values/make.ts";
import type { Reason, Type, Value } from "../values/value.ts";
import { fromJson } from "../values/json.ts";
import { decodeBase64 } from "./base64.ts";
import {
  ASSIGNMENT,
  CHPASSWD,
  CONNECTION,
  HEADER,
  isPasswordName,
  isSecretName,
  looksSecret,
  OPTION,
  PATTERNS,
  USER,
} from "./patterns.ts";

interface Hit {
  readonly kind: string;
  readonly line: number;
}

const HIT: Type = objectOf(
  new Map([
    ["kind", STRING],
    ["line", NUMBER],
  ]),
);

/**
 * What looks like a secret in a text, or in the entries of a map: kind and line, never the secret. Of a text with holes the known
 * pieces are searched, a hole that is sensitive is a hit, any other hole leaves a rest.
 */
export function findSecrets(value: Value | undefined): Value {
  if (value === undefined) return unknown({ kind: "list", element: HIT }, reason("null operand"));
  const hits: Hit[] = [];
  const rest: Reason[] = [];
  const { pieces, document } = (value.kind === "unknown" ? value.refinement : undefined) ?? {};
  if (value.kind === "unknown" && value.sensitive !== true && pieces === undefined && document === undefined) {
    const open = unknown({ kind: "list", element: HIT }, value.reasons);
    return value.path === undefined ? open : { ...open, path: value.path };
  }
  collect(value, "", hits, rest);
  const items = hits.map((hit) => {
    const item = object([
      ["kind", string(hit.kind)],
      ["line", number(hit.line)],
    ]);
    return value.path === undefined ? item : { ...item, path: value.path };
  });
  return rest.length === 0 ? list(HIT, items) : list(HIT, items, rest);
}

function collect(value: Value, name: string, hits: Hit[], rest: Reason[]): void {
  if (value.sensitive === true) {
    // An empty one hides nothing.
    if (value.kind !== "null" && !(value.kind === "string" && value.value === "")) hits.push({ kind: "sensitive value", line: 1 });
    return;
  }
  switch (value.kind) {
    case "string": {
      const structure = structureOf(value.value);
      if (structure !== undefined) collect(structure, name, hits, rest);
      scan(value.value, 1, hits);
      scanEncoded(value.value, hits, rest);
      if (name !== "" && isSecretName(name) && looksSecret(name, value.value)) push(hits, { kind: "credential", line: 1 });
      return;
    }
    case "unknown":
      collectUnknown(value, name, hits, rest);
      return;
    case "map":
    case "object": {
      const pair = pairOf(value.entries);
      for (const [key, item] of value.entries) collect(item, pair?.value === key ? pair.name : key, hits, rest);
      return;
    }
    case "list":
    case "set":
    case "tuple":
      for (const item of value.items) collect(item, "", hits, rest);
      if (value.rest !== undefined) rest.push(...value.rest);
      return;
    case "number":
      // A password of digits is one all the same.
      if (isPasswordName(name) && looksSecret(name, String(value.value))) {
        push(hits, { kind: "credential", line: 1 });
      }
      return;
    case "null":
    case "bool":
    case "instance":
      return;
  }
}

/** `{ "name": "DB_PASSWORD", "value": "…" }`, as container definitions and parameters write it: the value stands under the name. */
function pairOf(entries: ReadonlyMap<string, Value>): { readonly name: string; readonly value: string } | undefined {
  const find = (words: readonly string[]): string | undefined =>
    [...entries.keys()].find((key) => words.includes(key.toLowerCase()));
  const [nameKey, valueKey] = [
    find(["name", "key", "parameter_name", "parameterkey"]),
    find(["value", "parameter_value", "parametervalue"]),
  ];
  const name = nameKey === undefined ? undefined : entries.get(nameKey);
  return valueKey === undefined || name?.kind !== "string" ? undefined : { name: name.value, value: valueKey };
}

/** Of a text in JSON. */
function structureOf(text: string): Value | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return fromJson(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function collectUnknown(value: Extract<Value, { kind: "unknown" }>, name: string, hits: Hit[], rest: Reason[]): void {
  const document = value.refinement?.document;
  if (document !== undefined) {
    collect(document, name, hits, rest);
    return;
  }
  const pieces = value.refinement?.pieces;
  if (pieces === undefined) {
    rest.push(...value.reasons);
    return;
  }
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      const line = text.split("\n").length;
      if (piece.sensitive === true) push(hits, { kind: "sensitive value", line });
      else rest.push(...piece.reasons);
      // Stands for the hole: a reference, so an assignment of it is no literal.
      text += "${}";
    }
  }
  scan(text, 1, hits);
}

/** Arguments such as user data are often given in base64: what it holds is searched too. Compressed text can't be read. */
function scanEncoded(text: string, hits: Hit[], rest: Reason[]): void {
  const written = text.replace(/\s+/g, "");
  if (text.startsWith("\x1f\uFFFD\b")) rest.push(reason("invalid", "compressed"));
  if (written.length < 16 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(written)) return;
  if (written.startsWith("H4sI")) {
    rest.push(reason("invalid", "compressed"));
    return;
  }
  const decoded = decodeBase64(written);
  // Names and digests look like base64 too, but decode to bytes that are no text.
  if (decoded.kind === "string" && !/[\0-\x08\x0e-\x1f\x7f\uFFFD]/.test(decoded.value)) scan(decoded.value, 1, hits);
}

function scan(text: string, firstLine: number, hits: Hit[]): void {
  const lineAt = (offset: number): number => firstLine + (text.slice(0, offset).match(/\n/g)?.length ?? 0);
  for (const { kind, pattern } of PATTERNS) {
    for (const match of text.matchAll(pattern)) push(hits, { kind, line: lineAt(match.index) });
  }
  for (const match of text.matchAll(ASSIGNMENT)) {
    const secret = match[2] ?? match[3] ?? match[4] ?? "";
    const line = lineAt(match.index);
    const bare = match[4] !== undefined;
    if (looksSecret(match[1] ?? "", secret, bare) && !hits.some((hit) => hit.line === line))
      push(hits, { kind: "credential", line });
  }
  for (const match of text.matchAll(OPTION)) {
    const secret = match[2] ?? match[3] ?? match[4] ?? "";
    const line = lineAt(match.index + match[0].length);
    if (looksSecret(match[1] ?? "", secret, match[4] !== undefined) && !hits.some((hit) => hit.line === line))
      push(hits, { kind: "credential", line });
  }
  for (const match of text.matchAll(HEADER)) {
    if (looksSecret("token", match[1] ?? "")) push(hits, { kind: "authorization header", line: lineAt(match.index) });
  }
  for (const pattern of [USER, CHPASSWD]) {
    for (const match of text.matchAll(pattern)) {
      if (looksSecret("password", match[1] ?? ""))
        push(hits, { kind: "password of a user", line: lineAt(match.index + match[0].length) });
    }
  }
  for (const match of text.matchAll(CONNECTION)) {
    if (looksSecret("password", match[1] ?? "")) push(hits, { kind: "password in a URL", line: lineAt(match.index) });
  }
}

function push(hits: Hit[], hit: Hit): void {
  if (!hits.some((other) => other.kind === hit.kind && other.line === hit.line)) hits.push(hit);
}
