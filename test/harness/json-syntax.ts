import { parseFile } from "../../src/core/hcl/parse.ts";
import { keyOf } from "../../src/core/hcl/edit.ts";
import type { Block, Body, Expression } from "../../src/core/hcl/syntax.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Members = Record<string, Json>;

/** Arguments that Terraform reads as names in JSON syntax, not as expressions. */
const plain = new Set(["provider", "depends_on", "ignore_changes", "replace_triggered_by", "type", "from", "to", "providers"]);

/** A file of native syntax in JSON syntax, as a person would write it: one nested block as an object, several as a list. */
export function inJsonSyntax(terraform: string): string {
  const source = parseFile("/main.tf", terraform);
  const root: Members = {};
  for (const { node, base } of source.items) {
    if (node.kind !== "block") continue;
    add(root, [node.type.name, ...node.labels.map(({ name }) => name)], bodyOf(node, terraform.slice(base)));
  }
  return `${JSON.stringify(root, undefined, 2)}\n`;
}

function add(into: Members, path: readonly string[], value: Json): void {
  const [name = "", ...rest] = path;
  if (rest.length > 0) {
    const inner = (into[name] ??= {}) as Members;
    add(inner, rest, value);
    return;
  }
  const before = into[name];
  into[name] =
    before === undefined
      ? name === "ingress" || name === "egress"
        ? [value]
        : value
      : [...(Array.isArray(before) ? (before as readonly Json[]) : [before]), value];
}

function bodyOf({ body, type }: { readonly body: Body; readonly type: Block["type"] }, text: string): Json {
  const members: Members = {};
  for (const item of body.items) {
    if (item.kind === "attribute") {
      const { name } = item.name;
      const isPlain = plain.has(name) && (name !== "type" || type.name === "variable");
      members[name] = isPlain ? names(item.value, text) : valueOf(item.value, text);
    } else add(members, [item.type.name, ...item.labels.map(({ name }) => name)], bodyOf(item, text));
  }
  return members;
}

function names(expression: Expression, text: string): Json {
  if (expression.kind === "tuple") return expression.elements.map((element) => names(element, text));
  return expression.kind === "template" ? valueOf(expression, text) : text.slice(expression.start, expression.end);
}

function valueOf(expression: Expression, text: string): Json {
  switch (expression.kind) {
    case "literal":
      return JSON.parse(text.slice(expression.start, expression.end)) as Json;
    case "tuple":
      return expression.elements.map((element) => valueOf(element, text));
    case "object":
      return Object.fromEntries(expression.items.map((item) => [keyOf(item) ?? "", valueOf(item.value, text)]));
    case "template": {
      const [part] = expression.parts;
      if (part === undefined) return "";
      if (expression.parts.length === 1 && part.kind === "text") return part.value.replaceAll(/([$%])\{/g, "$1$1{");
      return `\${${text.slice(expression.start, expression.end)}${expression.heredoc === undefined ? "" : "\n"}}`;
    }
    default:
      return `\${${text.slice(expression.start, expression.end)}}`;
  }
}
