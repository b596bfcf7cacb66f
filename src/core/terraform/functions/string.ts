import { RE2JS } from "re2js";
import { hasUnknown } from "../../values/convert.ts";
import {
  bool,
  BOOL,
  DYNAMIC,
  isAscii,
  list,
  listOf,
  nullOf,
  NUMBER,
  object,
  objectOf,
  string,
  STRING,
  tuple,
  tupleOf,
  unknown,
} from "../../values/make.ts";
import type { StringValue, Type, UnknownValue, Value } from "../../values/value.ts";
import { LONGEST, type Piece, textOfPieces } from "../text-pieces.ts";
import { marksOf, maybeElement, unknownFrom, withMarks } from "../unknowns.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";
import { formatText } from "./format.ts";
import { decimalOf } from "./numeric.ts";

export function textOf(value: Value | undefined): string {
  return value?.kind === "string" ? value.value : "";
}

export function itemsOf(value: Value | undefined): readonly Value[] {
  return value?.kind === "list" || value?.kind === "set" || value?.kind === "tuple" ? value.items : [];
}

const one = [{ type: STRING }] as const;
const two = [{ type: STRING }, { type: STRING }] as const;
const three = [{ type: STRING }, { type: STRING }, { type: STRING }] as const;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** User-perceived characters: what Terraform counts. */
export function graphemes(text: string): string[] {
  // Plain ASCII without CR needs no segmentation.
  if (/^[\x20-\x7e\t\n]*$/.test(text)) return text.split("");
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** Go maps case one code point at a time: a mapping to several code points is not made. */
function mapCase(text: string, convert: (character: string) => string): string {
  if (isAscii(text)) return convert(text);
  let result = "";
  for (const character of text) {
    // The one letter whose lower case is two in JavaScript and one in Go.
    const mapped = character === "\u0130" && convert("A") === "a" ? "i" : convert(character);
    result += [...mapped].length === 1 ? mapped : character;
  }
  return result;
}

const compiled = new Map<string, RE2JS | undefined>();

function pattern(source: string): RE2JS | undefined {
  if (!compiled.has(source)) {
    if (compiled.size > 500) compiled.clear();
    let made: RE2JS | undefined;
    try {
      made = RE2JS.compile(source);
    } catch {
      made = undefined;
    }
    compiled.set(source, made);
  }
  return compiled.get(source);
}

type Matcher = ReturnType<RE2JS["matcher"]>;

/** Text without groups, tuple of unnamed groups, or object of named ones. */
function captured(re: RE2JS, matcher: Matcher): Value {
  const count = re.groupCount();
  const group = (index: number): Value => {
    const text = matcher.group(index);
    return text === null ? nullOf(STRING) : string(text);
  };
  if (count === 0) return string(matcher.group() ?? "");
  const names = Object.entries(re.namedGroups());
  if (names.length > 0) return object(names.map(([name, index]) => [name, group(index)] as const));
  return tuple(Array.from({ length: count }, (_, index) => group(index + 1)));
}

function matchAll(source: string, text: string, first: boolean): readonly Value[] | Failure {
  const re = pattern(source);
  if (re === undefined) return fail("the pattern is no valid RE2 expression");
  const named = Object.keys(re.namedGroups()).length;
  if (named > 0 && named < re.groupCount()) return fail("a pattern can't mix named and unnamed groups");
  const found: Value[] = [];
  const matcher = re.matcher(text);
  while (matcher.find()) {
    found.push(captured(re, matcher));
    if (first) break;
  }
  return found;
}

function trimSet(text: string, characters: string): string {
  const set = new Set(characters);
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (start < end && set.has(all[start] ?? "")) start++;
  while (end > start && set.has(all[end - 1] ?? "")) end--;
  return all.slice(start, end).join("");
}

/** Letters whose title case is not their upper case. */
const TITLE_CASE: ReadonlyMap<string, string> = new Map(
  ["Ǆǅǆ", "Ǉǈǉ", "Ǌǋǌ", "Ǳǲǳ"].flatMap((letters) => [...letters].map((letter) => [letter, letters.charAt(1)] as const)),
);

/** Unknown values leave holes. Nothing is known, as terraform has it, of a text with a null of no type. */
function formatted(template: Value | undefined, values: readonly Value[]): Value | Failure {
  if (template?.kind !== "string")
    return unknownFrom(STRING, template === undefined ? values : [template, ...values], { notNull: true });
  if (values.some((value) => value.kind === "null" && value.type.kind === "dynamic"))
    return unknown(STRING, { kind: "invalid", detail: "format of null" });
  const made = formatText(template.value, values);
  if (!("failure" in made)) return textOfPieces(made.pieces);
  // As long as a value is unknown, terraform does not look at the others.
  return values.some(hasUnknown) ? unknownFrom(STRING, values, { notNull: true }) : made;
}

/** Texts with a separator in between, of which some may be unknown. */
function joined(separator: Value | undefined, lists: readonly Value[]): Value | Failure {
  const [only] = lists;
  // The text of the one, if there is one: the old way to write one(…).
  if (lists.length === 1 && only?.kind === "unknown" && only.refinement?.element !== undefined && textOf(separator) === "") {
    const made = maybeElement(only.refinement.element, only);
    return { ...made, type: STRING, refinement: { ...made.refinement, notNull: true } };
  }
  if (lists.some((value) => !("items" in value) || value.rest !== undefined))
    return unknownFrom(STRING, separator === undefined ? lists : [separator, ...lists], { notNull: true });
  const items = only !== undefined && lists.length === 1 ? itemsOf(only) : lists.flatMap(itemsOf);
  if (separator?.kind === "string" && items.every((item) => item.kind === "string")) {
    const known = joinedTexts(items, separator.value);
    if (known !== undefined) return known;
  }
  if (items.some((item) => item.kind === "null")) return fail("a list holds null");
  const pieceOf = (value: Value | undefined): Piece => (value?.kind === "unknown" ? value : textOf(value));
  return textOfPieces(items.flatMap((item, index) => (index === 0 ? [pieceOf(item)] : [pieceOf(separator), pieceOf(item)])));
}

/** undefined: that is longer than anything here. */
function joinedTexts(items: readonly StringValue[], separator: string): Value | undefined {
  let text = "";
  for (let index = 0; index < items.length; index++) {
    text += index === 0 ? (items[index]?.value ?? "") : separator + (items[index]?.value ?? "");
    if (text.length > LONGEST) return undefined;
  }
  return string(text);
}

/** The text with a hole wherever it holds what is searched for. */
function replacedByHole(text: string, search: string, by: UnknownValue): Value {
  const isPattern = search.length > 1 && search.startsWith("/") && search.endsWith("/");
  // Terraform does not look whether anything is replaced.
  if (isPattern || search === "" || !text.includes(search)) return unknownFrom(STRING, [by], { notNull: true });
  return textOfPieces(text.split(search).flatMap((piece, index): Piece[] => (index === 0 ? [piece] : [by, piece])));
}

/** Type of what `captured` gives. */
function capturedType(re: RE2JS): Type {
  const count = re.groupCount();
  if (count === 0) return STRING;
  const names = Object.keys(re.namedGroups()).sort();
  return names.length > 0
    ? objectOf(new Map(names.map((name) => [name, STRING])))
    : tupleOf(Array.from({ length: count }, () => STRING));
}

/** Replaces as Go's Expand does: `$1`, `${1}`, `$name`, `${name}`, `$$`; a group that does not exist is empty. */
function replaceAll(re: RE2JS, text: string, by: string): string {
  const matcher = re.matcher(text);
  const names = re.namedGroups();
  let result = "";
  let at = 0;
  while (matcher.find()) {
    result += text.slice(at, matcher.start());
    result += by.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (all, plain: string | undefined, braced: string | undefined) => {
      const name = plain ?? braced;
      if (name === undefined) return all === "$$" ? "$" : all;
      const index = /^\d+$/.test(name) ? Number(name) : names[name];
      return index === undefined || index > re.groupCount() ? "" : (matcher.group(index) ?? "");
    });
    at = matcher.end();
  }
  return result + text.slice(at);
}

/** Whether an unknown text begins with `start`, from what is known of its beginning. */
function knownStart(text: Value | undefined, start: string): boolean | undefined {
  const prefix = text?.kind === "unknown" ? text.refinement?.prefix : undefined;
  if (prefix === undefined) return undefined;
  if (prefix.startsWith(start)) return true;
  return start.startsWith(prefix) ? undefined : false;
}

export const stringFunctions: FunctionTable = {
  chomp: { parameters: one, result: STRING, run: ([text]) => string(textOf(text).replace(/[\r\n]+$/, "")) },
  endswith: { parameters: two, result: BOOL, run: ([text, end]) => bool(textOf(text).endsWith(textOf(end))) },
  startswith: {
    parameters: two,
    result: BOOL,
    raw: true,
    run: ([text, start]) => {
      const operands = [text, start].filter((value) => value !== undefined);
      const known =
        start?.kind !== "string"
          ? undefined
          : text?.kind === "string"
            ? text.value.startsWith(start.value)
            : knownStart(text, start.value);
      return known === undefined ? unknownFrom(BOOL, operands, { notNull: true }) : withMarks(bool(known), marksOf(operands));
    },
  },
  strcontains: { parameters: two, result: BOOL, run: ([text, part]) => bool(textOf(text).includes(textOf(part))) },
  format: {
    parameters: one,
    variadic: { type: DYNAMIC, null: true },
    result: STRING,
    holes: true,
    run: ([template, ...values]) => formatted(template, values),
  },
  formatlist: {
    parameters: one,
    variadic: { type: DYNAMIC, null: true },
    result: listOf(STRING),
    run: ([template, ...values]) => {
      // As with format, nothing is known of a text with a null of no type.
      if (values.some((value) => value.kind === "null" && value.type.kind === "dynamic"))
        return unknown(listOf(STRING), { kind: "invalid", detail: "format of null" });
      if (values.some((value) => "items" in value && value.items.some((item) => item.kind === "null")))
        return fail("a list holds null");
      const lengths = values.flatMap((value) => ("items" in value ? [value.items.length] : []));
      const length = lengths[0] ?? 1;
      if (lengths.some((other) => other !== length)) return fail("all lists must have the same length");
      const items: Value[] = [];
      for (let index = 0; index < length; index++) {
        const made = formatted(
          template,
          values.map((value) => ("items" in value ? (value.items[index] ?? value) : value)),
        );
        if ("failure" in made) return made;
        items.push(made);
      }
      return list(STRING, items);
    },
  },
  indent: {
    parameters: [{ type: NUMBER }, { type: STRING }],
    result: STRING,
    run: ([spaces, text]) => {
      const width = decimalOf(spaces).toNumber();
      if (!Number.isInteger(width) || width < 0 || width > 10_000)
        return fail("the number of spaces must be a whole number from 0");
      return string(textOf(text).replaceAll("\n", `\n${" ".repeat(width)}`));
    },
  },
  join: {
    parameters: [{ type: STRING }],
    variadic: { type: listOf(STRING) },
    result: STRING,
    holes: true,
    run: ([separator, ...lists]) => joined(separator, lists),
  },
  lower: { parameters: one, result: STRING, run: ([text]) => string(mapCase(textOf(text), (c) => c.toLowerCase())) },
  upper: { parameters: one, result: STRING, run: ([text]) => string(mapCase(textOf(text), (c) => c.toUpperCase())) },
  title: {
    parameters: one,
    result: STRING,
    run: ([text]) =>
      string(
        textOf(text).replaceAll(
          // Go's separators: spaces, and what is ASCII and neither letter, digit nor underscore.
          /(?<=^|\s|[\0-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f])\p{L}/gu,
          (letter) => TITLE_CASE.get(letter) ?? mapCase(letter, (c) => c.toUpperCase()),
        ),
      ),
  },
  regex: {
    parameters: two,
    result: ([source]) => {
      const re = source?.kind === "string" ? pattern(source.value) : undefined;
      return re === undefined ? DYNAMIC : capturedType(re);
    },
    run: ([source, text]) => {
      const found = matchAll(textOf(source), textOf(text), true);
      if ("failure" in found) return found;
      return found[0] ?? fail("the pattern did not match");
    },
  },
  regexall: {
    parameters: two,
    result: listOf(DYNAMIC),
    run: ([source, text]) => {
      const found = matchAll(textOf(source), textOf(text), false);
      if ("failure" in found) return found;
      const re = pattern(textOf(source));
      return list(re === undefined ? STRING : capturedType(re), found);
    },
  },
  replace: {
    parameters: three,
    result: STRING,
    holes: true,
    run: ([text, what, by]) => {
      if (text?.kind === "unknown" || what?.kind === "unknown")
        return unknownFrom(
          STRING,
          [text, what, by].filter((value) => value?.kind === "unknown"),
          { notNull: true },
        );
      const search = textOf(what);
      if (by?.kind === "unknown") return replacedByHole(textOf(text), search, by);
      if (search.length > 1 && search.startsWith("/") && search.endsWith("/")) {
        const re = pattern(search.slice(1, -1));
        if (re === undefined) return fail("the pattern is no valid RE2 expression");
        return string(replaceAll(re, textOf(text), textOf(by)));
      }
      return string(textOf(text).replaceAll(search, () => textOf(by)));
    },
  },
  split: {
    parameters: two,
    result: listOf(STRING),
    run: ([separator, text]) => {
      const parts = textOf(separator) === "" ? [...textOf(text)] : textOf(text).split(textOf(separator));
      return list(STRING, parts.map(string));
    },
  },
  strrev: { parameters: one, result: STRING, run: ([text]) => string(graphemes(textOf(text)).reverse().join("")) },
  substr: {
    parameters: [{ type: STRING }, { type: NUMBER }, { type: NUMBER }],
    result: STRING,
    run: ([text, offset, length]) => {
      const all = graphemes(textOf(text));
      const from = decimalOf(offset).toNumber();
      const count = decimalOf(length).toNumber();
      if (!Number.isInteger(from) || !Number.isInteger(count)) return fail("offset and length must be whole numbers");
      // From a negative offset, a length of 0 reaches the end.
      if (from < 0 && count === 0) return string(all.slice(from).join(""));
      const start = Math.max(0, from < 0 ? all.length + from : from);
      return string(all.slice(start, count < 0 ? undefined : start + count).join(""));
    },
  },
  trim: { parameters: two, result: STRING, run: ([text, characters]) => string(trimSet(textOf(text), textOf(characters))) },
  trimprefix: {
    parameters: two,
    result: STRING,
    run: ([text, start]) =>
      string(textOf(text).startsWith(textOf(start)) ? textOf(text).slice(textOf(start).length) : textOf(text)),
  },
  trimsuffix: {
    parameters: two,
    result: STRING,
    run: ([text, end]) =>
      string(textOf(end) !== "" && textOf(text).endsWith(textOf(end)) ? textOf(text).slice(0, -textOf(end).length) : textOf(text)),
  },
  trimspace: { parameters: one, result: STRING, run: ([text]) => string(textOf(text).trim()) },
};
