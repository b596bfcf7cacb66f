import { convert, hasUnknown } from "../../values/convert.ts";
import { BOOL, NUMBER, STRING, unknown } from "../../values/make.ts";
import { numberText } from "../../values/text.ts";
import type { UnknownValue, Value } from "../../values/value.ts";
import { type Piece } from "../text-pieces.ts";
import { reasonsOf } from "../unknowns.ts";
import { fail, type Failure } from "./definition.ts";
import { encodeJson } from "./encoding.ts";
import { decimalOf } from "./numeric.ts";
import { graphemes } from "./string.ts";

/** Nobody pads a text to more than this. */
const WIDEST = 10_000;

/**
 * Terraform's `format`: https://developer.hashicorp.com/terraform/language/functions/format
 * The text comes in pieces: where a value is unknown, a hole.
 */
export function formatText(template: string, values: readonly Value[]): { readonly pieces: readonly Piece[] } | Failure {
  const verb = /%(?<flags>[-+ #0]*)(?<width>\d+)?(?:\.(?<precision>\d*))?(?:\[(?<index>\d+)\])?(?<kind>[a-zA-Z%])/g;
  const pieces: Piece[] = [];
  let next = 0;
  let used = 0;
  let end = 0;
  for (const match of template.matchAll(verb)) {
    pieces.push(template.slice(end, match.index));
    end = match.index + match[0].length;
    const { flags = "", width, precision, index, kind = "" } = match.groups ?? {};
    if (kind === "%") {
      pieces.push("%");
      continue;
    }
    if (index !== undefined) next = Number(index) - 1;
    if (Number(width ?? 0) > WIDEST || Number(precision ?? 0) > WIDEST) return fail("a verb is too wide");
    const value = values[next];
    next++;
    used = Math.max(used, next);
    if (value === undefined) return fail("there are more verbs than values");
    if (hasUnknown(value)) {
      const plain = /^%(\[\d+\])?[sv]$/.test(match[0]);
      pieces.push(holeOf(value, plain));
      continue;
    }
    const made = formatOne(kind, flags, precision, value);
    if (typeof made !== "string") return made;
    pieces.push(pad(made, flags, Number(width ?? 0), kind));
  }
  if (used < values.length) return fail("there are more values than verbs");
  pieces.push(template.slice(end));
  return { pieces };
}

/** What stands for a value that is not known; written as it is, it stays what it is. */
function holeOf(value: Value, plain: boolean): UnknownValue {
  const text = plain ? convert(value, STRING) : undefined;
  if (text !== undefined && "value" in text && text.value.kind === "unknown") return text.value;
  return unknown(STRING, reasonsOf([value]));
}

function pad(text: string, flags: string, width: number, kind: string): string {
  const missing = width - graphemes(text).length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (flags.includes("0") && !"sqvt".includes(kind)) {
    const sign = /^[+-]/.exec(text)?.[0] ?? "";
    return sign + "0".repeat(missing) + text.slice(sign.length);
  }
  return (flags.includes("0") && kind === "s" ? "0" : " ").repeat(missing) + text;
}

function formatOne(kind: string, flags: string, precision: string | undefined, value: Value): string | Failure {
  if (kind === "v") {
    if (flags.includes("#")) return encodeJson(value);
    if (value.kind === "string") return value.value;
    if (value.kind === "number") return numberText(value.value);
    if (value.kind === "bool") return String(value.value);
    return encodeJson(value);
  }
  if (value.kind === "null") return fail("a value is null");
  switch (kind) {
    case "s":
    case "q": {
      const converted = convert(value, STRING);
      if ("error" in converted || converted.value.kind !== "string") return fail(`%${kind} needs a string`);
      const text =
        precision === undefined ? converted.value.value : graphemes(converted.value.value).slice(0, Number(precision)).join("");
      return kind === "q" ? JSON.stringify(text) : text;
    }
    case "t": {
      const converted = convert(value, BOOL);
      if ("error" in converted || converted.value.kind !== "bool") return fail("%t needs a bool");
      return String(converted.value.value);
    }
    case "d":
    case "b":
    case "o":
    case "x":
    case "X":
    case "f":
    case "e":
    case "g": {
      const converted = convert(value, NUMBER);
      if ("error" in converted || converted.value.kind !== "number") return fail(`%${kind} needs a number`);
      const exact = decimalOf(converted.value);
      const sign = exact.isNegative() ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
      const size = exact.abs();
      if (kind === "f") return sign + size.toFixed(precision === undefined || precision === "" ? 6 : Number(precision));
      if (kind === "e")
        return (
          sign +
          size.toExponential(precision === undefined || precision === "" ? 6 : Number(precision)).replace(/e([+-])(\d)$/, "e$10$2")
        );
      if (kind === "g")
        return sign + (precision === undefined ? numberText(size) : numberText(size.toSignificantDigits(Number(precision) || 1)));
      const whole = BigInt(size.trunc().toFixed());
      if (!size.isInteger()) return fail(`%${kind} needs a whole number`);
      const radix = kind === "d" ? 10 : kind === "b" ? 2 : kind === "o" ? 8 : 16;
      const digits = whole.toString(radix);
      return sign + (kind === "X" ? digits.toUpperCase() : digits);
    }
    default:
      return fail(`there is no verb %${kind}`);
  }
}
