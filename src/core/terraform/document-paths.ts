import type { TextRange } from "../text/text.ts";
import type { Path, Step } from "../values/value.ts";

/*
 * Evidence names the parts of a policy document canonically (`statements[1].actions[0]`); the text spells them as the cloud does.
 */

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  statements: ["Statement", "statement"],
  effect: ["Effect", "effect"],
  actions: ["Action", "action", "NotAction"],
  resources: ["Resource", "resource", "NotResource"],
  principals: ["Principal", "principal", "NotPrincipal"],
  conditions: ["Condition", "condition"],
};

/** How a JSON document may spell a canonical step. */
export function documentSteps(step: Step): readonly Step[] {
  return typeof step === "string" ? [step, ...(SPELLINGS[step] ?? [])] : [step];
}

/** The same steps into the blocks of a policy document data source. */
export function dataDocumentSteps(path: Path): Path {
  return path.map((step) =>
    step === "statements" || step === "Statement" ? "statement" : step === "conditions" ? "condition" : step,
  );
}

/**
 * The range that a path has in JSON text with template parts, as heredocs hold it. `text` begins anywhere before the document. The
 * deepest part that is found; undefined when there is no document.
 */
export function rangeInJsonText(text: string, path: Path): TextRange | undefined {
  const start = text.search(/[{[]/);
  if (start < 0) return undefined;
  let range = valueRange(text, start);
  for (const step of path) {
    const inner = childRange(text, range, step);
    if (inner === undefined) break;
    range = inner;
  }
  return range;
}

function childRange(text: string, range: TextRange, step: Step): TextRange | undefined {
  const open = text[range.start];
  if (open === "{") {
    if (typeof step === "number") return range;
    for (const candidate of documentSteps(step)) {
      for (const [key, value] of members(text, range)) if (key === candidate) return value;
    }
    return undefined;
  }
  if (open === "[" && typeof step === "number") {
    let index = 0;
    for (const [, value] of members(text, range)) if (index++ === step) return value;
  }
  // A single action may stand without its list.
  return typeof step === "number" && open === '"' ? range : undefined;
}

/** Members of an object, or elements of an array, with their ranges. */
function members(text: string, range: TextRange): readonly (readonly [string, TextRange])[] {
  const found: (readonly [string, TextRange])[] = [];
  const isObject = text[range.start] === "{";
  let at = skipSpace(text, range.start + 1);
  while (at < range.end - 1) {
    let key = "";
    if (isObject) {
      const name = valueRange(text, at);
      key = text.slice(name.start + 1, name.end - 1);
      at = skipSpace(text, name.end);
      if (text[at] !== ":") break;
      at = skipSpace(text, at + 1);
    }
    const value = valueRange(text, at);
    if (value.end <= at) break;
    found.push([key, value]);
    at = skipSpace(text, value.end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return found;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "x")) at++;
  return at;
}

/** The range of the JSON value that starts here, `${…}` inside included. */
function valueRange(text: string, start: number): TextRange {
  let at = start;
  let depth = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') at = stringEnd(text, at);
    else if (char === "$" && text[at + 1] === "{") at = templateEnd(text, at);
    else {
      if (char === "{" || char === "[") depth++;
      else if (char === "}" || char === "]") {
        if (depth === 0) return { start, end: at };
        depth--;
      } else if (depth === 0 && (char === "," || char === ":" || /\s/.test(char ?? ""))) return { start, end: at };
      at++;
    }
    if (depth === 0 && (char === '"' || char === "}" || char === "]")) return { start, end: at };
  }
  return { start, end: at };
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === "\\") at += 2;
    else at = text[at] === "$" && text[at + 1] === "{" ? templateEnd(text, at) : at + 1;
  }
  return at + 1;
}

function templateEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at + 1;
  }
  return text.length;
}
