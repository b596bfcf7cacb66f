import type { Scope } from "../cel/program.ts";
import type { FixValue } from "../checks/model.ts";
import { jsonOfExpression, type JsonDraft } from "../hcl/json-edit.ts";
import { alignedLines, renderItems, renderKey, renderValue } from "../hcl/render.ts";
import type { BlockSchema } from "../terraform/schema.ts";
import type { Value } from "../values/value.ts";

/** A fix's value on its way to text: objects stay objects, since a schema decides whether they become blocks. */
export type Draft =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Draft[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, Draft> };

export interface AskSpec {
  readonly label: string;
  readonly type: string;
  readonly allowed: readonly string[];
  /** Text of the default, or an example of the type where there is none. */
  readonly default: string;
  readonly hasDefault: boolean;
}

/** Private-use characters that mark a placeholder in text until the edit is finished: begin, number, middle, text, end. */
const BEGIN = "\u{e000}";
const MIDDLE = "\u{e001}";
const END = "\u{e002}";
const markers = /\u{e000}(\d+)\u{e001}([^\u{e002}]*)\u{e002}/u;

const examples: Readonly<Record<string, string>> = {
  integer: "1",
  boolean: "true",
  cidr: "10.0.0.0/8",
  arn: "arn:aws:iam::123456789012:role/example",
};

/** Unique local addresses (RFC 4193), as 10.0.0.0/8 is private. */
const privateNetwork6 = "fd00::/8";

export interface DraftContext {
  readonly scope: Scope;
  readonly asks: AskSpec[];
  /** What is replaced is an IPv6 range: a network that is asked for is one too. */
  readonly version6: boolean;
}

/** The draft, or why there is none. */
export function draftOf(value: FixValue, context: DraftContext): Draft | string {
  switch (value.kind) {
    case "literal":
      return draftOfValue(value.value);
    case "hcl":
      return { kind: "text", text: value.text.trimEnd() };
    case "cel": {
      const result = value.program.evaluate(context.scope);
      return usable(result) ? draftOfValue(result) : "The new value can't be worked out from what is written here.";
    }
    case "ask":
      return draftOfAsk(value, context);
    case "list": {
      const items: Draft[] = [];
      for (const item of value.items) {
        const draft = draftOf(item, context);
        if (typeof draft === "string") return draft;
        items.push(draft);
      }
      return { kind: "list", items };
    }
    case "object": {
      const entries = new Map<string, Draft>();
      for (const [key, entry] of value.entries) {
        const draft = draftOf(entry, context);
        if (typeof draft === "string") return draft;
        entries.set(key, draft);
      }
      return { kind: "object", entries };
    }
  }
}

function draftOfAsk(value: Extract<FixValue, { kind: "ask" }>, context: DraftContext): Draft | string {
  const { label, type, allowed } = value;
  let text = value.allowed[0] ?? value.example ?? examples[value.type] ?? "example";
  const hasDefault = value.default !== undefined;
  if (value.default?.kind === "literal" || value.default?.kind === "cel") {
    const result = value.default.kind === "literal" ? value.default.value : value.default.program.evaluate(context.scope);
    if (result.kind === "string") text = result.value;
    else if (usable(result)) text = renderValue(result, 0);
    else return "The new value's default can't be worked out from what is written here.";
  }
  if (type === "cidr" && context.version6 && !text.includes(":")) text = privateNetwork6;
  const number = context.asks.push({ label, type, allowed, default: text, hasDefault }) - 1;
  const marked = `${BEGIN}${number}${MIDDLE}${text}${END}`;
  return { kind: "text", text: type === "integer" || type === "boolean" ? marked : `"${marked}"` };
}

/** Known through and through, and no secret: it will stand in the file. */
function usable(value: Value): boolean {
  if (value.sensitive || value.kind === "unknown" || value.kind === "instance") return false;
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return value.rest === undefined && value.items.every(usable);
    case "map":
    case "object":
      return [...value.entries.values()].every(usable);
    default:
      return true;
  }
}

export function draftOfValue(value: Value): Draft {
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { kind: "list", items: value.items.map(draftOfValue) };
    case "map":
    case "object":
      return { kind: "object", entries: new Map([...value.entries].map(([key, entry]) => [key, draftOfValue(entry)])) };
    default:
      return { kind: "text", text: renderValue(value, 0) };
  }
}

/** `{ name: draft }`, for a path of names into something that is not written yet. */
export function nested(names: readonly string[], draft: Draft): Draft {
  return names.reduceRight<Draft>((inner, name) => ({ kind: "object", entries: new Map([[name, inner]]) }), draft);
}

/** The draft as an expression. */
export function renderDraft(draft: Draft, indent = 0): string {
  switch (draft.kind) {
    case "text":
      return draft.text;
    case "list": {
      const items = draft.items.map((item) => renderDraft(item, indent + 2));
      const oneLine = `[${items.join(", ")}]`;
      if (!oneLine.includes("\n") && plain(oneLine).length + indent <= 80) return oneLine;
      return `[\n${items.map((item) => `${" ".repeat(indent + 2)}${item},\n`).join("")}${" ".repeat(indent)}]`;
    }
    case "object": {
      if (draft.entries.size === 0) return "{}";
      const items = [...draft.entries].map(([key, entry]) => ({ key: renderKey(key), text: renderDraft(entry, indent + 2) }));
      return renderItems(items, indent);
    }
  }
}

/** The draft as JSON syntax has it. */
export function jsonOf(draft: Draft): JsonDraft {
  switch (draft.kind) {
    case "text": {
      // A number or boolean that is asked for stands without quotes.
      const bare = draft.text.startsWith(BEGIN) && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(plain(draft.text));
      return bare ? draft : jsonOfExpression(draft.text);
    }
    case "list":
      return { kind: "array", items: draft.items.map(jsonOf) };
    case "object":
      return { kind: "object", members: new Map([...draft.entries].map(([key, entry]) => [key, jsonOf(entry)])) };
  }
}

/** The lines of a block's body: arguments first, then nested blocks, as the schema tells them apart. */
export function renderBody(
  entries: ReadonlyMap<string, Draft>,
  schema: BlockSchema | undefined,
): { readonly lines: readonly string[]; readonly blocks: readonly string[] } {
  const items: { key: string; text: string }[] = [];
  const blocks: string[] = [];
  for (const [key, draft] of entries) {
    const block = schema?.blocks.get(key);
    if (block === undefined) items.push({ key, text: renderDraft(draft) });
    else for (const one of draft.kind === "list" ? draft.items : [draft]) blocks.push(renderBlock(key, one, block));
  }
  return { lines: alignedLines(items.map((item) => ({ key: item.key, text: item.text }))), blocks };
}

/** `header { … }`. */
export function renderBlock(header: string, draft: Draft, schema: BlockSchema | undefined): string {
  const { lines, blocks } = renderBody(draft.kind === "object" ? draft.entries : new Map(), schema);
  const body = [lines.join("\n"), ...blocks].filter((text) => text !== "").join("\n\n");
  return body === "" ? `${header} {\n}` : `${header} {\n${body.replace(/^(?=.)/gm, "  ")}\n}`;
}

/** Text without its placeholder marks, and where they were. */
export function unmarked(text: string): {
  readonly text: string;
  readonly marks: readonly { readonly ask: number; readonly start: number; readonly end: number }[];
} {
  const marks: { ask: number; start: number; end: number }[] = [];
  let rest = text;
  for (let match = markers.exec(rest); match; match = markers.exec(rest)) {
    const inner = match[2] ?? "";
    marks.push({ ask: Number(match[1]), start: match.index, end: match.index + inner.length });
    rest = rest.slice(0, match.index) + inner + rest.slice(match.index + match[0].length);
  }
  return { text: rest, marks };
}

function plain(text: string): string {
  return unmarked(text).text;
}
