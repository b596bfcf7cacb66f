import type { TextEdit, TextRange } from "../text/text.ts";
import { addToBrackets, keyOf, removeFromBrackets, type EditedText, type Placed } from "./edit.ts";
import { readJson, type JsonNode, type JsonObject, type JsonProperty } from "./json-reader.ts";
import { parseExpression } from "./parse.ts";
import type { Expression, SourceFile } from "./syntax.ts";

/*
 * Edits of files in JSON syntax that keep everything else as it is: order, layout, line ends, properties named `//`. Ranges are those of
 * the syntax tree; what they stand for is looked up in the JSON itself, since the tree has no comments and no labels of their own.
 */

/** A JSON value that is to be written: text of a scalar or string, or a structure, which is laid out where it goes. */
export type JsonDraft =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "array"; readonly items: readonly JsonDraft[] }
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, JsonDraft> };

/** An expression of native syntax as JSON syntax has it: literals as they are, what is computed as `"${…}"`. */
export function jsonOfExpression(text: string): JsonDraft {
  const { expression, problems } = parseExpression(text);
  return problems.length > 0 ? interpolation(text) : draftOf(text, expression);
}

function draftOf(text: string, expression: Expression): JsonDraft {
  switch (expression.kind) {
    case "literal":
      return { kind: "text", text: text.slice(expression.start, expression.end) };
    case "template": {
      const [part] = expression.parts;
      if (part === undefined) return { kind: "text", text: '""' };
      if (expression.parts.length > 1 || part.kind !== "text") return interpolation(text.slice(expression.start, expression.end));
      const escaped = part.value.replace(/(\$+|%+)\{/g, (_, signs: string) => `${signs}${signs.charAt(0)}{`);
      return { kind: "text", text: JSON.stringify(escaped) };
    }
    case "tuple":
      return { kind: "array", items: expression.elements.map((element) => draftOf(text, element)) };
    case "object": {
      const members = new Map<string, JsonDraft>();
      for (const item of expression.items) {
        const key = keyOf(item);
        if (key === undefined) return interpolation(text.slice(expression.start, expression.end));
        members.set(key, draftOf(text, item.value));
      }
      return { kind: "object", members };
    }
    case "parentheses":
      return draftOf(text, expression.inner);
    default:
      return interpolation(text.slice(expression.start, expression.end));
  }
}

function interpolation(text: string): JsonDraft {
  return { kind: "text", text: JSON.stringify(`\${${text.trim()}}`) };
}

/** Lines behind the first are indented from column 0; whoever inserts them indents them further. */
export function renderJsonDraft(draft: JsonDraft, unit: string): string {
  const inner = (text: string): string => text.replace(/\n(?=[^\n])/g, `\n${unit}`);
  switch (draft.kind) {
    case "text":
      return draft.text;
    case "array": {
      const items = draft.items.map((item) => renderJsonDraft(item, unit));
      const oneLine = `[${items.join(", ")}]`;
      if (!oneLine.includes("\n") && oneLine.length <= 80) return oneLine;
      return `[\n${items.map((item) => `${unit}${inner(item)}`).join(",\n")}\n]`;
    }
    case "object": {
      if (draft.members.size === 0) return "{}";
      const lines = [...draft.members].map(([key, member]) => `${unit}${inner(memberText(key, member, unit))}`);
      return `{\n${lines.join(",\n")}\n}`;
    }
  }
}

function memberText(key: string, value: JsonDraft, unit: string): string {
  return `${JSON.stringify(key)}: ${renderJsonDraft(value, unit)}`;
}

/** What the file indents by. */
function unitOf({ text }: EditedText): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
}

/** Sets members of the object with this range: replaces their values, or adds them behind the others. undefined: there is no such object. */
export function setMembers(
  source: SourceFile,
  range: TextRange,
  members: ReadonlyMap<string, JsonDraft>,
): readonly TextEdit[] | undefined {
  const object = objectAt(source, range);
  if (object === undefined) return undefined;
  const edits: TextEdit[] = [];
  const added = new Map<string, JsonDraft>();
  for (const [key, value] of members) {
    const existing = memberOf(object, key);
    if (existing === undefined) added.set(key, value);
    else edits.push(...replace(source, existing.value, value));
  }
  return [...edits, ...addMembers(source, object, added)];
}

/** Adds blocks to the list with this name: a list becomes longer, a single block becomes a list. undefined: there is none. */
export function addToMember(
  source: SourceFile,
  range: TextRange,
  key: string,
  values: readonly JsonDraft[],
): readonly TextEdit[] | undefined {
  const object = objectAt(source, range);
  const existing = object && memberOf(object, key)?.value;
  if (existing?.kind === "array") return addElements(source, existing, values);
  if (existing?.kind !== "object") return undefined;
  const unit = unitOf(source);
  const before = source.text.slice(existing.start, existing.end);
  const added = values.map((value) => reindented(source, existing.start, renderJsonDraft(value, unit)));
  return [{ range: { start: existing.start, end: existing.end }, newText: `[${[before, ...added].join(", ")}]` }];
}

/** Whether the object with this range has a member of this name. */
export function hasMember(source: SourceFile, range: TextRange, key: string): boolean {
  const object = objectAt(source, range);
  return object !== undefined && memberOf(object, key) !== undefined;
}

export function removeMembers(source: SourceFile, range: TextRange, keys: ReadonlySet<string>): readonly TextEdit[] | undefined {
  const object = objectAt(source, range);
  return (
    object &&
    without(
      source,
      object,
      object.properties,
      object.properties.filter(({ key }) => keys.has(key.value)),
    )
  );
}

/** Replaces a whole value. undefined: the range is only part of one, as what is computed inside a string is. */
export function replaceValue(source: SourceFile, range: TextRange, value: JsonDraft): readonly TextEdit[] | undefined {
  const node = nodeAt(source, range);
  return node && replace(source, node, value);
}

export function insertJsonElement(source: SourceFile, range: TextRange, value: JsonDraft): readonly TextEdit[] | undefined {
  const node = nodeAt(source, range);
  return node?.kind === "array" ? addElements(source, node, [value]) : undefined;
}

export function removeJsonElements(
  source: SourceFile,
  range: TextRange,
  indexes: ReadonlySet<number>,
): readonly TextEdit[] | undefined {
  const node = nodeAt(source, range);
  if (node?.kind !== "array") return undefined;
  return without(
    source,
    node,
    node.elements,
    node.elements.filter((_, index) => indexes.has(index)),
  );
}

/** Resources by type and name, each where others of its type are, else behind those of other types. */
export function addResources(
  source: SourceFile,
  resources: ReadonlyMap<string, ReadonlyMap<string, JsonDraft>>,
): readonly TextEdit[] | undefined {
  const { value: root } = readJson(source.path, source.text);
  if (root.kind !== "object") return undefined;
  const bodies = (members: ReadonlyMap<string, JsonDraft>): JsonDraft => ({ kind: "object", members });
  const all = new Map([...resources].map(([type, members]) => [type, bodies(members)]));
  const holder = memberOf(root, "resource")?.value;
  if (holder === undefined) return addMembers(source, root, new Map([["resource", bodies(all)]]));
  if (holder.kind === "array") return addElements(source, holder, [bodies(all)]);
  if (holder.kind !== "object") return undefined;
  const edits: TextEdit[] = [];
  const newTypes = new Map<string, JsonDraft>();
  for (const [type, members] of resources) {
    const same = memberOf(holder, type)?.value;
    if (same === undefined) newTypes.set(type, bodies(members));
    else if (same.kind === "array") edits.push(...addElements(source, same, [bodies(members)]));
    else if (same.kind === "object") edits.push(...addMembers(source, same, members));
    else return undefined;
  }
  return [...edits, ...addMembers(source, holder, newTypes)];
}

/** Variables by name, behind those that are there. */
export function addVariables(source: SourceFile, variables: ReadonlyMap<string, JsonDraft>): readonly TextEdit[] | undefined {
  const { value: root } = readJson(source.path, source.text);
  if (root.kind !== "object") return undefined;
  const holder = memberOf(root, "variable")?.value;
  if (holder === undefined) return addMembers(source, root, new Map([["variable", { kind: "object", members: variables }]]));
  if (holder.kind === "array") return addElements(source, holder, [{ kind: "object", members: variables }]);
  return holder.kind === "object" ? addMembers(source, holder, variables) : undefined;
}

/** The resource whose block has this body, and its type where it was the only one. */
export function removeResourceAt(source: SourceFile, body: TextRange): readonly TextEdit[] | undefined {
  const { value: root } = readJson(source.path, source.text);
  const path = root.kind === "object" ? pathTo(root, body) : undefined;
  if (path === undefined) return undefined;
  // The innermost holder that keeps something else, or the outermost.
  for (let at = path.length - 1; at >= 0; at--) {
    const step = path[at];
    if (step === undefined) continue;
    const { holder, children, child } = step;
    if (children.length > 1 || at === 0) return without(source, holder, children, [child]);
  }
  return undefined;
}

interface Step {
  readonly holder: TextRange;
  readonly children: readonly TextRange[];
  readonly child: TextRange;
}

function pathTo(node: JsonNode, wanted: TextRange): readonly Step[] | undefined {
  if (node.start === wanted.start && node.end === wanted.end) return [];
  if (node.kind === "object") {
    for (const child of node.properties) {
      const rest = child.start <= wanted.start && wanted.end <= child.end ? pathTo(child.value, wanted) : undefined;
      if (rest !== undefined) return [{ holder: node, children: node.properties, child }, ...rest];
    }
  }
  if (node.kind === "array") {
    for (const child of node.elements) {
      const rest = child.start <= wanted.start && wanted.end <= child.end ? pathTo(child, wanted) : undefined;
      if (rest !== undefined) return [{ holder: node, children: node.elements, child }, ...rest];
    }
  }
  return undefined;
}

function nodeAt(source: SourceFile, range: TextRange): JsonNode | undefined {
  return find(readJson(source.path, source.text).value, range);
}

function find(node: JsonNode, range: TextRange): JsonNode | undefined {
  if (node.start === range.start && node.end === range.end) return node;
  const children = node.kind === "object" ? node.properties.map(({ value }) => value) : node.kind === "array" ? node.elements : [];
  const inner = children.find((child) => child.start <= range.start && range.end <= child.end);
  return inner && find(inner, range);
}

function objectAt(source: SourceFile, range: TextRange): JsonObject | undefined {
  const node = nodeAt(source, range);
  return node?.kind === "object" ? node : undefined;
}

function memberOf(object: JsonObject, key: string): JsonProperty | undefined {
  return object.properties.find((property) => property.key.value === key);
}

function addMembers(source: SourceFile, object: JsonObject, members: ReadonlyMap<string, JsonDraft>): readonly TextEdit[] {
  if (members.size === 0) return [];
  const unit = unitOf(source);
  const lines = [...members].map(([key, value]) => memberText(key, value, unit));
  if (object.properties.length > 0)
    return addToBrackets(source, placed(object), object.properties, joined(source, object, lines), " ", "between");
  const inner = lines.map((line) => `${unit}${line.replace(/\n(?=[^\n])/g, `\n${unit}`)}`);
  const newText = reindented(source, object.start, `{\n${inner.join(",\n")}\n}`);
  return [{ range: { start: object.start, end: object.end }, newText }];
}

function addElements(
  source: SourceFile,
  array: JsonNode & { readonly kind: "array" },
  values: readonly JsonDraft[],
): readonly TextEdit[] {
  const unit = unitOf(source);
  const texts = values.map((value) => renderJsonDraft(value, unit));
  return addToBrackets(source, placed(array), array.elements, joined(source, array, texts), "", "between");
}

/** Each on a line of its own, where what is there is so. */
function joined({ text }: EditedText, { start, end }: TextRange, texts: readonly string[]): string {
  return texts.join(text.slice(start, end).includes("\n") ? ",\n" : ", ");
}

function replace(source: SourceFile, node: JsonNode, value: JsonDraft): readonly TextEdit[] {
  const newText = reindented(source, node.start, renderJsonDraft(value, unitOf(source)));
  return source.text.slice(node.start, node.end) === newText ? [] : [{ range: { start: node.start, end: node.end }, newText }];
}

function without(
  source: SourceFile,
  holder: TextRange,
  children: readonly TextRange[],
  gone: readonly TextRange[],
): readonly TextEdit[] {
  const indexes = new Set(gone.map((child) => children.indexOf(child)));
  return removeFromBrackets(source, placed(holder), children, indexes, "json");
}

function placed(node: TextRange): Placed<TextRange> {
  return { node, base: 0 };
}

/** Lines behind the first get the indentation of the line where the text begins. */
function reindented({ text }: EditedText, at: number, added: string): string {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? "";
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  return added.replace(/\n(?=[^\n])/g, `\n${indentation}`).replaceAll("\n", newline);
}
