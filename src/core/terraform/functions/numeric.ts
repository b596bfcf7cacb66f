import type { Decimal } from "decimal.js";
import { parseNumber } from "../../values/convert.ts";
import { ExactDecimal, number, NUMBER, STRING } from "../../values/make.ts";
import type { Value } from "../../values/value.ts";
import { fail, type Failure, type FunctionTable } from "./definition.ts";

export function decimalOf(value: Value | undefined): Decimal {
  return new ExactDecimal(value?.kind === "number" ? value.value : 0);
}

const one = [{ type: NUMBER }] as const;
const two = [{ type: NUMBER }, { type: NUMBER }] as const;

function double(value: number): Value | Failure {
  return Number.isFinite(value) ? number(value) : fail("the result is no finite number");
}

export const numericFunctions: FunctionTable = {
  abs: { parameters: one, result: NUMBER, run: ([x]) => number(decimalOf(x).abs()) },
  ceil: { parameters: one, result: NUMBER, run: ([x]) => number(decimalOf(x).ceil()) },
  floor: { parameters: one, result: NUMBER, run: ([x]) => number(decimalOf(x).floor()) },
  log: {
    parameters: two,
    result: NUMBER,
    run: ([x, base]) => double(Math.log(decimalOf(x).toNumber()) / Math.log(decimalOf(base).toNumber())),
  },
  max: {
    parameters: one,
    variadic: { type: NUMBER },
    result: NUMBER,
    run: (values) => number(ExactDecimal.max(...values.map(decimalOf))),
  },
  min: {
    parameters: one,
    variadic: { type: NUMBER },
    result: NUMBER,
    run: (values) => number(ExactDecimal.min(...values.map(decimalOf))),
  },
  parseint: {
    parameters: [{ type: STRING, kinds: ["string"] }, { type: NUMBER }],
    result: NUMBER,
    run: ([text, base]) => {
      const radix = decimalOf(base).toNumber();
      if (text?.kind !== "string" || !Number.isInteger(radix) || radix < 2 || radix > 62)
        return fail("the base must be a whole number from 2 to 62");
      const parsed = parseInteger(text.value, radix);
      return parsed === undefined ? fail("the text is no whole number in this base") : number(parsed);
    },
  },
  // Terraform computes powers in doubles.
  pow: { parameters: two, result: NUMBER, run: ([x, y]) => double(power(decimalOf(x).toNumber(), decimalOf(y).toNumber())) },
  signum: {
    parameters: one,
    result: NUMBER,
    run: ([x]) => {
      const exact = decimalOf(x);
      if (!exact.isInteger() || exact.abs().greaterThan("9223372036854775807")) return fail("it takes a whole number of 64 bits");
      return number(Math.sign(exact.toNumber()));
    },
  },
};

/** Rounded once, where the engine's own exponential is off by a bit at times. */
const Precise = ExactDecimal.clone({ precision: 40 });

/** As Go computes it, to the last bit: by squaring, and the fraction of the exponent through the logarithm. */
function power(x: number, y: number): number {
  if (!(x > 0) || !Number.isFinite(x) || !Number.isFinite(y) || Math.abs(y) === 0.5 || Math.abs(y) >= 2 ** 31) return x ** y;
  let whole = Math.trunc(Math.abs(y));
  let fraction = Math.abs(y) - whole;
  let result = 1;
  if (fraction > 0.5) {
    fraction--;
    whole++;
  }
  if (fraction !== 0) result = new Precise(fraction * Math.log(x)).exp().toNumber();
  for (let factor = x; whole > 0; whole = Math.floor(whole / 2), factor *= factor) if (whole % 2 === 1) result *= factor;
  return y < 0 ? 1 / result : result;
}

function parseInteger(text: string, radix: number): Decimal | undefined {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const negative = text.startsWith("-");
  const body = text.replace(/^[+-]/, "");
  if (body === "") return undefined;
  if (radix === 10) return /^\d+$/.test(body) ? parseNumber(text) : undefined;
  let value = new ExactDecimal(0);
  for (const character of radix <= 36 ? body.toLowerCase() : body) {
    const digit = digits.indexOf(character);
    if (digit < 0 || digit >= radix) return undefined;
    value = value.times(radix).plus(digit);
  }
  return negative ? value.negated() : value;
}
