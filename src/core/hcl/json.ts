import type { FilePath, Problem } from "../text/text.ts";
import { readJson } from "./json-reader.ts";
import type { JsonNode, JsonObject, JsonProperty, JsonString } from "./json-reader.ts";
import { adoptNodes } from "./reuse.ts";
import { Scan } from "./scan.ts";
import type {
  Attribute,
  Block,
  Comment,
  Expression,
  Name,
  ObjectItem,
  SourceFile,
  Template,
  TemplatePart,
  TopLevel,
} from "./syntax.ts";
import { readPlain } from "./templates.ts";

/** How many label levels stand between a block type and its body. */
const labelLevels: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["ephemeral", 2],
  ["module", 1],
  ["provider", 1],
  ["variable", 1],
  ["output", 1],
  ["check", 1],
  ["locals", 0],
  ["terraform", 0],
  ["moved", 0],
  ["removed", 0],
  ["import", 0],
  ["language", 0],
  ["list", 2],
  ["action", 2],
]);

interface Conversion {
  readonly path: FilePath;
  readonly text: string;
  readonly items: TopLevel[];
  readonly comments: Comment[];
  readonly problems: Problem[];
  /** Terraform takes strings as they stand where nothing can be referred to: in variable files and defaults of variables. */
  readonly literal: boolean;
}

/**
 * Reads JSON syntax into the tree of the native one. What may be an argument or a block in a body is an attribute here: only a
 * schema can tell. A block's type and labels all have the range of the innermost property's key.
 */
export function readJsonFile(path: FilePath, text: string, previous: SourceFile | undefined): SourceFile {
  const { value, problems } = readJson(path, text);
  const conversion: Conversion = { path, text, items: [], comments: [], problems, literal: path.endsWith(".tfvars.json") };
  if (value.kind !== "object") {
    if (text.trim() !== "")
      report(conversion, "not-an-object", value.start, value.end, "A Terraform file in JSON holds one object.");
  } else if (conversion.literal) {
    for (const property of value.properties) {
      if (!takeComment(conversion, property))
        conversion.items.push({ node: attributeOf(conversion, property, property.start), base: property.start });
    }
  } else convertFile(conversion, value);
  const items = conversion.items.sort((a, b) => a.base - b.base);
  if (previous !== undefined) adoptNodes(text, items, previous, 0, previous.items.length, 0, items.length);
  return {
    path,
    text,
    syntax: "json",
    items,
    comments: conversion.comments,
    problems: problems.sort((a, b) => a.range.start - b.range.start),
  };
}

function report(conversion: Conversion, code: string, start: number, end: number, message: string): void {
  conversion.problems.push({ file: conversion.path, range: { start, end }, severity: "error", code, message });
}

function takeComment(conversion: Conversion, property: JsonProperty): boolean {
  if (property.key.value !== "//") return false;
  const { value } = property;
  const text = value.kind === "string" ? value.value : conversion.text.slice(value.start, value.end);
  conversion.comments.push({ start: value.start, end: value.end, text });
  return true;
}

function convertFile(conversion: Conversion, file: JsonObject): void {
  for (const property of file.properties) {
    if (takeComment(conversion, property)) continue;
    const type = property.key.value;
    const levels = labelLevels.get(type);
    if (levels === undefined) {
      report(conversion, "unknown-block", property.key.start, property.key.end, `Terraform has no top-level block \`${type}\`.`);
    } else convertBlocks(conversion, type, [], property, levels);
  }
}

function convertBlocks(
  conversion: Conversion,
  type: string,
  labels: readonly string[],
  property: JsonProperty,
  levels: number,
): void {
  const values = property.value.kind === "array" ? property.value.elements : [property.value];
  for (const value of values) {
    if (value.kind !== "object") {
      if (value.kind !== "scalar" || value.value !== undefined) {
        report(conversion, "not-an-object", value.start, value.end, "Here stands an object, or an array of objects.");
      }
      continue;
    }
    if (levels > 0) {
      for (const inner of value.properties) {
        if (!takeComment(conversion, inner)) convertBlocks(conversion, type, [...labels, inner.key.value], inner, levels - 1);
      }
      continue;
    }
    const repeated = property.value.kind === "array";
    const base = repeated ? value.start : property.start;
    const header = repeated ? { start: 0, end: 1 } : { start: 0, end: property.key.end - base };
    const name = (text: string): Name => ({ name: text, ...header });
    const body = {
      start: value.start - base,
      end: value.end - base,
      items: attributesOf(conversion, value, base, type === "variable"),
    };
    const node: Block = {
      kind: "block",
      start: 0,
      end: value.end - base,
      type: name(type),
      labels: labels.map(name),
      body,
      header,
    };
    conversion.items.push({ node, base });
  }
}

function attributesOf(conversion: Conversion, body: JsonObject, base: number, ofVariable: boolean): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const names = new Set<string>();
  for (const property of body.properties) {
    if (takeComment(conversion, property)) continue;
    const { key } = property;
    if (names.has(key.value))
      report(conversion, "duplicate-argument", key.start, key.end, `\`${key.value}\` is set twice here: remove one of them.`);
    names.add(key.value);
    attributes.push(
      attributeOf(ofVariable && key.value === "default" ? { ...conversion, literal: true } : conversion, property, base),
    );
  }
  return attributes;
}

function attributeOf(conversion: Conversion, property: JsonProperty, base: number): Attribute {
  const { key } = property;
  const name = { name: key.value, start: key.start - base, end: key.end - base };
  return {
    kind: "attribute",
    start: property.start - base,
    end: property.end - base,
    name,
    value: expressionOf(conversion, property.value, base),
  };
}

function expressionOf(conversion: Conversion, node: JsonNode, base: number): Expression {
  const start = node.start - base;
  const end = node.end - base;
  switch (node.kind) {
    case "string":
      return templateOf(conversion, node, base);
    case "scalar":
      return node.value === undefined ? { kind: "missing", start, end } : { kind: "literal", start, end, value: node.value };
    case "array":
      return { kind: "tuple", start, end, elements: node.elements.map((element) => expressionOf(conversion, element, base)) };
    case "object":
      return { kind: "object", start, end, items: node.properties.map((property) => itemOf(conversion, property, base)) };
  }
}

function itemOf(conversion: Conversion, property: JsonProperty, base: number): ObjectItem {
  const key = templateOf(conversion, property.key, base);
  return { start: key.start, end: property.end - base, key, bareKey: false, value: expressionOf(conversion, property.value, base) };
}

function templateOf(conversion: Conversion, node: JsonString, base: number): Template {
  const start = node.start - base;
  const end = node.end - base;
  const { value } = node;
  if (conversion.literal || (!value.includes("${") && !value.includes("%{"))) {
    return { kind: "template", start, end, parts: value === "" ? [] : [{ kind: "text", start: start + 1, end: end - 1, value }] };
  }
  if (node.plain) {
    const scan = new Scan(conversion.path, conversion.text, node.start + 1, node.end - 1);
    scan.base = base;
    scan.strict = false;
    const parts = readPlain(scan);
    conversion.problems.push(...scan.problems);
    return { kind: "template", start, end, parts };
  }
  const scan = new Scan(conversion.path, value);
  scan.pos = 0;
  scan.strict = false;
  const parts = readPlain(scan);
  const range = { start: node.start, end: node.end };
  for (const problem of scan.problems) conversion.problems.push({ ...problem, range });
  return { kind: "template", start, end, parts: movedTo(parts, start, end) as TemplatePart[] };
}

/** A copy of a tree whose nodes all have one range. */
function movedTo(tree: unknown, start: number, end: number): unknown {
  if (Array.isArray(tree)) return tree.map((element) => movedTo(element, start, end));
  if (typeof tree !== "object" || tree === null) return tree;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(tree))
    copy[key] = key === "start" ? start : key === "end" ? end : movedTo(value, start, end);
  return copy;
}
