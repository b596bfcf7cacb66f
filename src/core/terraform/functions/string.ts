import { RE2JS } from "re2js";
import { bool, BOOL, list, listOf, nullOf, NUMBER, object, string, STRING, tuple, DYNAMIC } from "../../values/make.ts";
import type { Value } from "../../values/value.ts";
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
  let result = "";
  for (const character of text) {
    const mapped = convert(character);
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

export const stringFunctions: FunctionTable = {
  chomp: { parameters: one, result: STRING, run: ([text]) => string(textOf(text).replace(/[\r\n]+$/, "")) },
  endswith: { parameters: two, result: BOOL, run: ([text, end]) => bool(textOf(text).endsWith(textOf(end))) },
  startswith: { parameters: two, result: BOOL, run: ([text, start]) => bool(textOf(text).startsWith(textOf(start))) },
  strcontains: { parameters: two, result: BOOL, run: ([text, part]) => bool(textOf(text).includes(textOf(part))) },
  format: {
    parameters: one,
    variadic: { type: DYNAMIC, null: true },
    result: STRING,
    run: ([template, ...values]) => {
      const made = formatText(textOf(template), values);
      return "failure" in made ? made : string(made.text);
    },
  },
  formatlist: {
    parameters: one,
    variadic: { type: DYNAMIC, null: true },
    result: listOf(STRING),
    run: ([template, ...values]) => {
      const lengths = values.flatMap((value) => ("items" in value ? [value.items.length] : []));
      const length = lengths[0] ?? 1;
      if (lengths.some((other) => other !== length)) return fail("all lists must have the same length");
      const items: Value[] = [];
      for (let index = 0; index < length; index++) {
        const made = formatText(
          textOf(template),
          values.map((value) => ("items" in value ? (value.items[index] ?? value) : value)),
        );
        if ("failure" in made) return made;
        items.push(string(made.text));
      }
      return list(STRING, items);
    },
  },
  indent: {
    parameters: [{ type: NUMBER }, { type: STRING }],
    result: STRING,
    run: ([spaces, text]) => string(textOf(text).replaceAll("\n", `\n${" ".repeat(Math.max(0, decimalOf(spaces).toNumber()))}`)),
  },
  join: {
    parameters: [{ type: STRING }],
    variadic: { type: listOf(STRING) },
    result: STRING,
    run: ([separator, ...lists]) => {
      const items = lists.flatMap(itemsOf);
      if (items.some((item) => item.kind === "null")) return fail("a list holds null");
      const hole = items.find((item) => item.kind === "unknown");
      if (hole !== undefined) return { ...hole, type: STRING };
      return string(items.map(textOf).join(textOf(separator)));
    },
  },
  lower: { parameters: one, result: STRING, run: ([text]) => string(mapCase(textOf(text), (c) => c.toLowerCase())) },
  upper: { parameters: one, result: STRING, run: ([text]) => string(mapCase(textOf(text), (c) => c.toUpperCase())) },
  title: {
    parameters: one,
    result: STRING,
    run: ([text]) =>
      string(
        textOf(text).replaceAll(
          /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
          (_all, before: string, letter: string) => before + mapCase(letter, (c) => c.toUpperCase()),
        ),
      ),
  },
  regex: {
    parameters: two,
    result: DYNAMIC,
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
      return list(found[0]?.kind === "string" || found.length === 0 ? STRING : DYNAMIC, found);
    },
  },
  replace: {
    parameters: three,
    result: STRING,
    run: ([text, what, by]) => {
      const search = textOf(what);
      if (search.length > 1 && search.startsWith("/") && search.endsWith("/")) {
        const re = pattern(search.slice(1, -1));
        if (re === undefined) return fail("the pattern is no valid RE2 expression");
        // Go writes $1 and ${1}; the library takes the first form.
        return string(
          re
            .matcher(textOf(text))
            .replaceAll(
              textOf(by).replaceAll(/\$\{(\w+)\}/g, (_all, name: string) => (/^\d+$/.test(name) ? `$${name}` : `\${${name}}`)),
            ),
        );
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
      const start = from < 0 ? all.length + from : from;
      if (start < 0) return string("");
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
