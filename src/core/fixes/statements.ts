import { addToBrackets, insertElement, keyOf, removeElements, removeFromBrackets, setObjectItem } from "../hcl/edit.ts";
import type { EditedText, Placed } from "../hcl/edit.ts";
import { readJson } from "../hcl/json-reader.ts";
import type { JsonArray, JsonNode, JsonString } from "../hcl/json-reader.ts";
import { Scan } from "../hcl/scan.ts";
import { readPlain } from "../hcl/templates.ts";
import type { Block, Body, Expression, ObjectExpression, SourceFile, Template, TemplatePart } from "../hcl/syntax.ts";
import type { Cloud, Instance } from "../instances/model.ts";
import type { ResourceInstance } from "../terraform/model.ts";
import type { FilePath, TextEdit, TextRange } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import { renderDraft } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { computed, firstOf, notWritable, removeNamed, removeResource } from "./operations.ts";
import type { Attempt, Refusal } from "./operations.ts";
import { addStatementMember, removeStatementMember } from "./statement-members.ts";

/** Where a policy document is written. */
export type Site =
  | {
      readonly kind: "object";
      readonly file: FilePath;
      readonly object: Placed<ObjectExpression>;
      /** The expression is in a string of a file in JSON syntax: it is edited as it reads there. */
      readonly inside?: { readonly source: SourceFile; readonly place: JsonText["place"] };
    }
  | { readonly kind: "text"; readonly file: FilePath; readonly document: JsonNode; readonly json: JsonText }
  | { readonly kind: "data"; readonly file: FilePath; readonly block: Placed<Block> };

/** Plain JSON in a string, as it reads there. A quoted string has it escaped in the file, where a change of it goes by `place`. */
export interface JsonText extends EditedText {
  readonly quoted: boolean;
  readonly place: (edits: readonly TextEdit[]) => readonly TextEdit[];
}

/** Removes a statement; the last one goes with the argument, or with the resource, that holds the document. */
export function removeStatement(attempt: Attempt, owner: Instance, resource: ResourceInstance, path: Path, inside: Path): Refusal {
  const index = inside[1];
  const site = siteOf(attempt, resource, path);
  if (typeof site === "string") return site;
  if (typeof index !== "number") return "Which statement decides can't be told.";
  const { file } = site;
  const whenEmpty = (): void => {
    // What verification finds wrong with the rest keeps the fix from being offered.
    if (owner === attempt.instance) removeNamed(attempt, resource, path);
    else removeResource(attempt, resource);
  };
  switch (site.kind) {
    case "object": {
      const item = site.object.node.items.find((one) => keyOf(one)?.toLowerCase() === "statement");
      const { base } = site.object;
      const list = item?.value;
      if (list?.kind === "tuple") {
        if (index >= list.elements.length) return "Which statement decides can't be told.";
        const { inside } = site;
        const remove = (source: SourceFile, indexes: ReadonlySet<number>) =>
          inside === undefined
            ? removeElements(source, { node: list, base }, indexes)
            : inside.place(removeElements(inside.source, { node: list, base }, indexes));
        attempt.plan.removeElement(list, index, { file, length: list.elements.length, remove, whenEmpty });
        return undefined;
      }
      if (list?.kind !== "object") return "The statements are computed by an expression: change them by hand.";
      attempt.plan.removeElement(list, 0, { file, length: 1, remove: () => [], whenEmpty });
      return undefined;
    }
    case "text": {
      const list = statementsOf(site.document);
      if (list === undefined || index >= list.elements.length) return "Which statement decides can't be told.";
      const remove = (_: SourceFile, indexes: ReadonlySet<number>) =>
        site.json.place(removeFromBrackets(site.json, { node: list, base: 0 }, list.elements, indexes, "json"));
      attempt.plan.removeElement(list, index, { file, length: list.elements.length, remove, whenEmpty });
      return undefined;
    }
    case "data": {
      const { body } = site.block.node;
      const source = attempt.host.source(file);
      if (source?.syntax === "json") return removeStatementMember(attempt, { ...site, source }, index);
      const block = statementBlock(body, index);
      if (block === undefined) return "Which statement decides can't be told.";
      if (source) attempt.plan.removeBlock(file, source, { node: body, base: site.block.base }, block);
      return undefined;
    }
  }
}

/** The block of a statement, unless blocks are made by an expression or other documents' statements stand before it. */
export function statementBlock(body: Body, index: number): Block | undefined {
  const unsure = body.items.some((one) =>
    one.kind === "block" ? one.type.name === "dynamic" : /^source_(?:policy_documents|json)$/.test(one.name.name),
  );
  if (unsure) return undefined;
  return body.items.filter((one): one is Block => one.kind === "block" && one.type.name === "statement")[index];
}

/** Adds a canonical statement (`effect`, `principals`, `actions`, `resources`, `condition`) in the document's own construct. */
export function addStatement(attempt: Attempt, resource: ResourceInstance, path: Path, statement: Draft): Refusal {
  const site = siteOf(attempt, resource, path);
  if (typeof site === "string") return site;
  if (statement.kind !== "object") return "The fix gives no statement.";
  const source = attempt.host.source(site.file);
  if (source === undefined) return notWritable(site.file);
  switch (site.kind) {
    case "object": {
      const written = inDialect(statement.entries, attempt.cloud);
      const item = site.object.node.items.find((one) => keyOf(one)?.toLowerCase() === "statement");
      const { base } = site.object;
      const { source: read, place } = site.inside ?? { source, place: (edits: readonly TextEdit[]) => edits };
      if (item === undefined) {
        const key = attempt.cloud === "tencent" ? "statement" : "Statement";
        const edits = setObjectItem(read, site.object, key, renderDraft({ kind: "list", items: [written] }));
        attempt.plan.add(site.file, place(edits));
      } else if (item.value.kind === "tuple") {
        attempt.plan.add(site.file, place(insertElement(read, { node: item.value, base }, renderDraft(written))));
      } else return "The statements are computed by an expression: change them by hand.";
      return undefined;
    }
    case "text": {
      const list = statementsOf(site.document);
      if (list === undefined) return "The document has no list of statements.";
      const written = inDialect(statement.entries, attempt.cloud);
      const text = site.json.quoted ? inlineJson(written) : renderJson(written, 0);
      const added = addToBrackets(site.json, { node: list, base: 0 }, list.elements, text, "", "between");
      attempt.plan.add(site.file, site.json.place(added));
      return undefined;
    }
    case "data": {
      const block = dataStatement(statement.entries, site.block.node.labels[0]?.name ?? "");
      if (block === undefined) return "A statement can't be written into this data source by a fix.";
      if (source.syntax === "json") return addStatementMember(attempt, { ...site, source }, block);
      attempt.plan.add(site.file, []);
      attempt.plan.addBlock(site.file, { node: site.block.node.body, base: site.block.base }, dataSchema, "statement", block);
      return undefined;
    }
  }
}

/** Tells nested blocks of a statement from its arguments. */
const nestedBlock = {
  attributes: new Map(),
  blocks: new Map(),
  nesting: "list",
  minimum: 0,
  maximum: Infinity,
  computed: false,
  forcesReplacement: "never",
} as const;
const statementBlocks = new Map(["principals", "principal", "condition"].map((name) => [name, nestedBlock] as const));
export const statementSchema = { ...nestedBlock, blocks: statementBlocks };
const dataSchema = { attributes: new Map(), blocks: new Map([["statement", statementSchema]]) };

export function siteOf(attempt: Attempt, resource: ResourceInstance, path: Path): Site | string {
  const { hops } = attempt.host.provenance(resource, path);
  for (const hop of [...hops].reverse()) {
    if (hop.expression === undefined) continue;
    const { file } = hop.location;
    const source = attempt.host.source(file);
    if (source === undefined) continue;
    const { node, base } = hop.expression;
    const site =
      source.syntax === "native"
        ? siteAt(attempt, source, hop.module.directory, { node, base })
        : siteInJson(attempt, source, hop.module.directory, { start: base + node.start, end: base + node.end });
    if (site === undefined) continue;
    if (!attempt.host.writable(site.file)) return notWritable(site.file);
    return site;
  }
  return computed(attempt, hops);
}

/** In a file in JSON syntax: an expression in a string, or the text of one. */
function siteInJson(attempt: Attempt, source: SourceFile, directory: FilePath, range: TextRange): Site | undefined {
  const string = stringAt(readJson(source.path, source.text).value, range);
  if (string === undefined) return undefined;
  const read = unescaped(source, string.start, string.end, (at) => jsonEscape(source.text, at));
  if (read === undefined) return undefined;
  const { text: json } = read;
  const start = string.start + 1;
  const scan = new Scan(source.path, json.text, start);
  scan.strict = false;
  const parts = readPlain(scan);
  if (scan.problems.length > 0) return undefined;
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "interpolation") {
    const inner: SourceFile = { path: source.path, text: json.text, syntax: "native", items: [], comments: [], problems: [] };
    const site = siteAt(attempt, inner, directory, { node: only.expression, base: 0 });
    // A string in the expression in the string: nobody writes that.
    if (site?.kind === "text") return undefined;
    // An object of another file is a local value's.
    return site?.kind === "object" && site.file === source.path ? { ...site, inside: { source: inner, place: json.place } } : site;
  }
  const masked = maskedText(json, parts, start);
  const document = masked === undefined ? undefined : documentIn(source.path, masked);
  return document && { kind: "text", file: source.path, document, json };
}

function stringAt(node: JsonNode, range: TextRange): JsonString | undefined {
  if (range.start < node.start || range.end > node.end) return undefined;
  switch (node.kind) {
    case "string":
      return node;
    case "array":
      return firstOf(node.elements, (element) => stringAt(element, range));
    case "object":
      return firstOf(node.properties, ({ value }) => stringAt(value, range));
    case "scalar":
      return undefined;
  }
}

const SIMPLE: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** What an escape of JSON at an offset stands for, and how long it is; undefined: it is none. */
function jsonEscape(text: string, at: number): Escape | undefined {
  const unit = /^\\u([\da-f]{4})/i.exec(text.slice(at, at + 6))?.[1];
  if (unit !== undefined) return { meaning: String.fromCharCode(Number.parseInt(unit, 16)), length: 6 };
  const meaning = SIMPLE[text.charAt(at + 1)];
  return meaning === undefined ? undefined : { meaning, length: 2 };
}

function siteAt(attempt: Attempt, source: SourceFile, directory: FilePath, expression: Placed<Expression>): Site | undefined {
  const { node, base } = expression;
  if (node.kind === "parentheses") return siteAt(attempt, source, directory, { node: node.inner, base });
  if (node.kind === "call" && node.name.name === "jsonencode") {
    const [argument] = node.arguments;
    if (argument?.kind === "object") return { kind: "object", file: source.path, object: { node: argument, base } };
    return argument?.kind === "getAttribute" ? localObject(attempt, source, directory, argument) : undefined;
  }
  if (node.kind === "object") return { kind: "object", file: source.path, object: { node, base } };
  if (node.kind === "template") {
    const [only] = node.parts;
    if (node.parts.length === 1 && only?.kind === "interpolation")
      return siteAt(attempt, source, directory, { node: only.expression, base });
    const found = jsonIn(source, node, base);
    return found && { kind: "text", file: source.path, ...found };
  }
  if (node.kind === "getAttribute") return dataSource(attempt, source, directory, node);
  return undefined;
}

/** The JSON of a string. What is interpolated is masked: it can't hold a bracket of the document. */
function jsonIn(
  source: SourceFile,
  template: Template,
  base: number,
): Pick<Site & { kind: "text" }, "document" | "json"> | undefined {
  const [first] = template.parts;
  const last = template.parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const json = template.heredoc === undefined ? unquoted(source, template, base) : inPlace(source);
  if (json === undefined) return undefined;
  const parts = template.parts.map(({ kind, start, end }) => ({
    kind,
    start: json.inner(base + start),
    end: json.inner(base + end),
  }));
  const masked = maskedText(json.text, parts, base + first.start);
  const document = masked === undefined ? undefined : documentIn(source.path, masked);
  return document && { document, json: json.text };
}

/** undefined: the text is made by directives. */
function maskedText(
  { text }: EditedText,
  parts: readonly (TextRange & Pick<TemplatePart, "kind">)[],
  start: number,
): string | undefined {
  let masked = " ".repeat(start);
  for (const part of parts) {
    if (part.kind === "if" || part.kind === "for") return undefined;
    const shown = text.slice(part.start, part.end);
    masked = masked.padEnd(part.start) + (part.kind === "text" ? shown : "x".repeat(shown.length));
  }
  return masked;
}

function documentIn(path: FilePath, masked: string): JsonNode | undefined {
  const { value } = readJson(path, masked);
  return value.kind === "object" ? value : undefined;
}

/** Text as it reads, and where in it an offset of the file is. */
interface Readable {
  readonly text: JsonText;
  readonly inner: (offset: number) => number;
}

function inPlace(source: SourceFile): Readable {
  return { text: { text: source.text, quoted: false, place: (edits) => edits }, inner: (offset) => offset };
}

interface Escape {
  readonly meaning: string;
  readonly length: number;
}

/** A quoted string whose only escapes are those of quotes, backslashes and white space, as JSON in one needs them. */
function unquoted(source: SourceFile, template: Template, base: number): Readable | undefined {
  const interpolated = template.parts.filter(({ kind }) => kind !== "text");
  return unescaped(source, base + template.start, base + template.end, (at) => {
    if (interpolated.some((part) => at >= base + part.start && at < base + part.end)) return { meaning: "\\", length: 1 };
    return /["\\nrt]/.test(source.text.charAt(at + 1)) ? jsonEscape(source.text, at) : undefined;
  });
}

/** A string in quotes as it reads; it begins there where it begins in the file. `escapeAt` reads a backslash. */
function unescaped(
  source: SourceFile,
  start: number,
  end: number,
  escapeAt: (at: number) => Escape | undefined,
): Readable | undefined {
  const first = start + 1;
  const last = end - 1;
  const outer: number[] = [];
  let text = "";
  for (let at = first; at < last;) {
    const escape = source.text.charAt(at) === "\\" ? escapeAt(at) : { meaning: source.text.charAt(at), length: 1 };
    if (escape === undefined) return undefined;
    outer.push(at);
    text += escape.meaning;
    at += escape.length;
  }
  const places = new Map(outer.map((offset, index) => [offset, first + index]));
  const inner = (offset: number): number => (offset < first ? offset : (places.get(offset) ?? first + outer.length));
  const toOuter = (offset: number): number => (offset < first ? offset : (outer[offset - first] ?? last));
  const place = (edits: readonly TextEdit[]): readonly TextEdit[] =>
    edits.map(({ range, newText }) => ({
      range: { start: toOuter(range.start), end: toOuter(range.end) },
      newText: JSON.stringify(newText).slice(1, -1),
    }));
  return { text: { text: `${" ".repeat(first)}${text}`, quoted: true, place }, inner };
}

export function statementIn(document: JsonNode): JsonNode | undefined {
  if (document.kind !== "object") return undefined;
  return document.properties.find((property) => property.key.value.toLowerCase() === "statement")?.value;
}

function statementsOf(document: JsonNode): JsonArray | undefined {
  const value = statementIn(document);
  return value?.kind === "array" ? value : undefined;
}

/** `local.policy`, where that is an object. */
function localObject(attempt: Attempt, source: SourceFile, directory: FilePath, node: Expression): Site | undefined {
  if (node.kind !== "getAttribute" || node.object.kind !== "variable" || node.object.name !== "local") return undefined;
  for (const file of new Set([source.path, ...(attempt.host.files?.(directory) ?? [])])) {
    const its = attempt.host.source(file);
    // What is written in JSON is no expression.
    for (const { node: item, base } of its?.syntax === "native" ? its.items : []) {
      if (item.kind !== "block" || item.type.name !== "locals") continue;
      for (const one of item.body.items) {
        if (one.kind === "attribute" && one.name.name === node.name.name && one.value.kind === "object")
          return { kind: "object", file, object: { node: one.value, base } };
      }
    }
  }
  return undefined;
}

/** `data.aws_iam_policy_document.x.json`, in the module's files. */
function dataSource(attempt: Attempt, source: SourceFile, directory: FilePath, node: Expression): Site | undefined {
  const names: string[] = [];
  let at: Expression = node;
  while (at.kind === "getAttribute" || at.kind === "index") {
    if (at.kind === "getAttribute") names.unshift(at.name.name);
    at = at.object;
  }
  if (at.kind !== "variable" || at.name !== "data") return undefined;
  const [type, name] = names;
  for (const file of [source.path, ...(attempt.host.files?.(directory) ?? [])]) {
    for (const { node: item, base } of attempt.host.source(file)?.items ?? []) {
      if (item.kind !== "block" || item.type.name !== "data") continue;
      if (item.labels[0]?.name === type && item.labels[1]?.name === name)
        return { kind: "data", file, block: { node: item, base } };
    }
  }
  return undefined;
}

function inDialect(entries: ReadonlyMap<string, Draft>, cloud: Cloud): Draft {
  const written = new Map<string, Draft>();
  const name = (text: string): string => (cloud === "tencent" ? text : text.charAt(0).toUpperCase() + text.slice(1));
  for (const [key, draft] of entries) {
    switch (key) {
      case "effect":
        written.set(name("effect"), cased(draft, cloud));
        break;
      case "principals":
        written.set(name("principal"), principalOf(draft, cloud));
        break;
      case "actions":
        written.set(name("action"), single(draft));
        break;
      case "resources":
        written.set(name("resource"), single(draft));
        break;
      default:
        written.set(name(key), draft);
    }
  }
  return { kind: "object", entries: written };
}

export function cased(draft: Draft, cloud: Cloud): Draft {
  if (draft.kind !== "text") return draft;
  const word = draft.text.replaceAll('"', "").toLowerCase();
  return { kind: "text", text: JSON.stringify(cloud === "tencent" ? word : word.charAt(0).toUpperCase() + word.slice(1)) };
}

export function principalOf(draft: Draft, cloud: Cloud): Draft {
  const everyone =
    draft.kind === "list" && draft.items.length === 1 && draft.items[0]?.kind === "text" && draft.items[0].text === '"*"';
  if (cloud === "alibaba") return draft;
  if (cloud === "tencent") {
    const anyone: Draft = { kind: "list", items: [{ kind: "text", text: '"qcs::cam::anyone:anyone"' }] };
    return { kind: "object", entries: new Map([["qcs", everyone ? anyone : draft]]) };
  }
  return everyone ? { kind: "text", text: '"*"' } : { kind: "object", entries: new Map([["AWS", single(draft)]]) };
}

export function single(draft: Draft): Draft {
  return draft.kind === "list" && draft.items.length === 1 ? (draft.items[0] ?? draft) : draft;
}

/** A `statement` block of the two clouds' document data sources. */
function dataStatement(entries: ReadonlyMap<string, Draft>, type: string): Draft | undefined {
  const aws = type === "aws_iam_policy_document";
  if (!aws && type !== "alicloud_ram_policy_document") return undefined;
  const written = new Map<string, Draft>();
  for (const [key, draft] of entries) {
    if (key === "effect") written.set("effect", cased(draft, "aws"));
    else if (key === "actions") written.set(aws ? "actions" : "action", draft);
    else if (key === "resources") written.set(aws ? "resources" : "resource", draft);
    else if (key === "principals") {
      const everyone = renderDraft(draft) === '["*"]';
      const kind: Draft = { kind: "text", text: aws ? (everyone ? '"*"' : '"AWS"') : '"RAM"' };
      written.set(aws ? "principals" : "principal", {
        kind: "object",
        entries: new Map([
          [aws ? "type" : "entity", kind],
          ["identifiers", draft],
        ]),
      });
    } else if (key === "condition" && draft.kind === "object")
      written.set("condition", { kind: "list", items: conditionsOf(draft.entries, aws) });
    else return undefined;
  }
  return { kind: "object", entries: written };
}

function conditionsOf(operators: ReadonlyMap<string, Draft>, aws: boolean): readonly Draft[] {
  return [...operators].flatMap(([operator, keys]) =>
    keys.kind !== "object"
      ? []
      : [...keys.entries].map(([key, values]): Draft => {
          const list: Draft = values.kind === "list" ? values : { kind: "list", items: [values] };
          const text = (value: string): Draft => ({ kind: "text", text: JSON.stringify(value) });
          return {
            kind: "object",
            entries: new Map([
              [aws ? "test" : "operator", text(operator)],
              ["variable", text(key)],
              ["values", list],
            ]),
          };
        }),
  );
}

function renderJson(draft: Draft, indent: number): string {
  if (draft.kind === "text") return draft.text;
  const space = " ".repeat(indent + 2);
  if (draft.kind === "list") return `[${draft.items.map((item) => renderJson(item, indent)).join(", ")}]`;
  const lines = [...draft.entries].map(([key, value]) => `${space}${JSON.stringify(key)}: ${renderJson(value, indent + 2)}`);
  return `{\n${lines.join(",\n")}\n${" ".repeat(indent)}}`;
}

/** JSON on one line. */
export function inlineJson(draft: Draft): string {
  if (draft.kind === "text") return draft.text;
  if (draft.kind === "list") return `[${draft.items.map(inlineJson).join(", ")}]`;
  const items = [...draft.entries].map(([key, value]) => `${JSON.stringify(key)}: ${inlineJson(value)}`);
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}
