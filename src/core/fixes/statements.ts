import { addToBrackets, insertElement, keyOf, removeElements, removeFromBrackets, setObjectItem } from "../hcl/edit.ts";
import type { EditedText, Placed } from "../hcl/edit.ts";
import { readJson } from "../hcl/json-reader.ts";
import type { JsonArray, JsonNode } from "../hcl/json-reader.ts";
import type { Block, Body, Expression, ObjectExpression, SourceFile, Template } from "../hcl/syntax.ts";
import type { Cloud, Instance } from "../instances/model.ts";
import type { ResourceInstance } from "../terraform/model.ts";
import type { FilePath, TextEdit } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import { renderDraft } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { computed, jsonSyntax, notWritable, removeNamed, removeResource } from "./operations.ts";
import type { Attempt, Refusal } from "./operations.ts";

/** Where a policy document is written. */
export type Site =
  | { readonly kind: "object"; readonly file: FilePath; readonly object: Placed<ObjectExpression> }
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
        const remove = (source: SourceFile, indexes: ReadonlySet<number>) => removeElements(source, { node: list, base }, indexes);
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
      const block = statementBlock(body, index);
      if (block === undefined) return "Which statement decides can't be told.";
      const source = attempt.host.source(file);
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
      if (item === undefined) {
        const key = attempt.cloud === "tencent" ? "statement" : "Statement";
        attempt.plan.add(site.file, setObjectItem(source, site.object, key, renderDraft({ kind: "list", items: [written] })));
      } else if (item.value.kind === "tuple") {
        attempt.plan.add(site.file, insertElement(source, { node: item.value, base }, renderDraft(written)));
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
    const site = siteAt(attempt, source, hop.module.directory, { node: hop.expression.node, base: hop.expression.base });
    if (site === undefined) continue;
    if (!attempt.host.writable(site.file)) return notWritable(site.file);
    if (source.syntax !== "native") return jsonSyntax(file);
    return site;
  }
  return computed(attempt, hops);
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
  let masked = " ".repeat(base + first.start);
  for (const part of template.parts) {
    if (part.kind === "if" || part.kind === "for") return undefined;
    const start = json.inner(base + part.start);
    const text = json.text.text.slice(start, json.inner(base + part.end));
    masked = masked.padEnd(start) + (part.kind === "text" ? text : "x".repeat(text.length));
  }
  const { value } = readJson(source.path, masked);
  return value.kind === "object" ? { document: value, json: json.text } : undefined;
}

/** Text as it reads, and where in it an offset of the file is. */
interface Readable {
  readonly text: JsonText;
  readonly inner: (offset: number) => number;
}

function inPlace(source: SourceFile): Readable {
  return { text: { text: source.text, quoted: false, place: (edits) => edits }, inner: (offset) => offset };
}

/** A quoted string whose only escapes are those of quotes, backslashes and white space, as JSON in one needs them. */
function unquoted(source: SourceFile, template: Template, base: number): Readable | undefined {
  const start = base + template.start + 1;
  const end = base + template.end - 1;
  const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n", r: "\r", t: "\t" };
  const outer: number[] = [];
  let text = "";
  const interpolated = template.parts.filter(({ kind }) => kind !== "text");
  for (let at = start; at < end; at++) {
    outer.push(at);
    const escaped =
      source.text.charAt(at) === "\\" && !interpolated.some((part) => at >= base + part.start && at < base + part.end);
    if (escaped) at++;
    const character = escaped ? escapes[source.text.charAt(at)] : source.text.charAt(at);
    if (character === undefined) return undefined;
    text += character;
  }
  const places = new Map(outer.map((offset, index) => [offset, start + index]));
  const inner = (offset: number): number => (offset < start ? offset : (places.get(offset) ?? start + outer.length));
  const toOuter = (offset: number): number => (offset < start ? offset : (outer[offset - start] ?? end));
  const place = (edits: readonly TextEdit[]): readonly TextEdit[] =>
    edits.map(({ range, newText }) => ({
      range: { start: toOuter(range.start), end: toOuter(range.end) },
      newText: newText.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n"),
    }));
  return { text: { text: `${" ".repeat(start)}${text}`, quoted: true, place }, inner };
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
    for (const { node: item, base } of attempt.host.source(file)?.items ?? []) {
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
