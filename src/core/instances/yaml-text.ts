import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from "yaml";
import type { FilePath, Problem, TextRange } from "../text/text.ts";

/** Path into parsed YAML data. */
export type DataPath = readonly (string | number)[];

/** Which text of the node at a path is meant: its key, its value, or offsets inside the scalar's value. */
export type DataPart = "key" | "value" | TextRange;

/** Where data was written: the narrowest range that is known. */
export type Locate = (path: DataPath, part: DataPart) => TextRange;

/** Parsed data with its place. Data of the precompiled catalogue has no `locate`. */
export interface DataSource {
  readonly path: FilePath;
  readonly data: unknown;
  readonly locate?: Locate;
}

/** Reads one YAML document, merge keys and anchors resolved. `data` is undefined when the text is no YAML. */
export function readYaml(path: FilePath, text: string): { readonly source: DataSource; readonly problems: readonly Problem[] } {
  const document = parseDocument(text, { merge: true, lineCounter: new LineCounter(), prettyErrors: false });
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    file: path,
    range: { start: error.pos[0], end: Math.max(error.pos[0] + 1, error.pos[1]) },
    severity: "error",
    code: "yaml-syntax",
    message: `This is not valid YAML: ${error.message}`,
  }));
  const locate: Locate = (at, part) => locateNode(document, text, at, part);
  if (document.errors.length > 0) return { source: { path, data: undefined, locate }, problems };
  try {
    return { source: { path, data: document.toJS({ maxAliasCount: 200 }), locate }, problems };
  } catch (error) {
    problems.push({
      file: path,
      range: { start: 0, end: Math.min(1, text.length) },
      severity: "error",
      code: "yaml-syntax",
      message: `This YAML can't be read: ${error instanceof Error ? error.message : "unknown error"}`,
    });
    return { source: { path, data: undefined, locate }, problems };
  }
}

function locateNode(document: Document, text: string, path: DataPath, part: DataPart): TextRange {
  let node: Node | null = document.contents;
  let key: Node | undefined;
  for (const step of path) {
    const found: { key: Node | undefined; value: Node | null } | undefined = childOf(document, node, step);
    if (found === undefined) break;
    key = found.key;
    node = found.value;
  }
  const target: Node | null = part === "key" && key !== undefined ? key : (resolve(document, node) ?? key ?? null);
  const range = target?.range;
  if (range == null) return { start: 0, end: Math.min(1, text.length) };
  const whole = { start: range[0], end: range[1] };
  if (part === "key" || part === "value" || !isScalar(target) || typeof target.value !== "string") return whole;
  const offsets = sourceOffsets(text.slice(whole.start, whole.end), target.value);
  const start = whole.start + (offsets[part.start] ?? 0);
  const last = offsets[Math.max(part.start, part.end - 1)];
  return { start, end: last === undefined ? whole.end : Math.max(start + 1, whole.start + last + 1) };
}

function resolve(document: Document, node: Node | null | undefined): Node | null {
  if (node == null) return null;
  return isAlias(node) ? (node.resolve(document) ?? node) : node;
}

function childOf(
  document: Document,
  parent: Node | null,
  step: string | number,
): { key: Node | undefined; value: Node | null } | undefined {
  const node = resolve(document, parent);
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    if (item === undefined || isPair(item)) return undefined;
    return { key: undefined, value: item as Node };
  }
  if (!isMap(node)) return undefined;
  const pairs = node.items as Pair<Node, Node | null>[];
  for (const pair of pairs)
    if (isScalar(pair.key) && pair.key.source !== "<<" && String(pair.key.value) === String(step))
      return { key: pair.key, value: pair.value };
  for (const pair of pairs) {
    if (!isScalar(pair.key) || pair.key.source !== "<<") continue;
    const merged = resolve(document, pair.value);
    for (const source of isSeq(merged) ? (merged.items as Node[]) : [merged]) {
      const found = childOf(document, source, step);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** For each character of a scalar's value its offset in the scalar's source: quotes, escapes and folded lines shift it. */
function sourceOffsets(source: string, value: string): readonly number[] {
  const offsets: number[] = [];
  let at = /^["'|>]/.test(source) ? 1 : 0;
  if (source.startsWith("|") || source.startsWith(">")) at = source.indexOf("\n") + 1;
  for (const character of value) {
    const blank = /\s/.test(character);
    while (at < source.length && (blank ? !/\s/.test(source[at] ?? "") : source[at] !== character)) at++;
    for (let unit = 0; unit < character.length; unit++) offsets.push(Math.min(at + unit, source.length - 1));
    at += character.length;
    if (blank) while (/\s/.test(source[at] ?? "") && !/\s/.test(value[offsets.length] ?? "")) at++;
  }
  return offsets;
}
