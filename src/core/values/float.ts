import type { Decimal } from "decimal.js";
import { ExactDecimal } from "./make.ts";

/*
 * Terraform's numbers are binary floats with a mantissa of 512 bits, printed with as few digits as tell them apart. A number is kept
 * here as just that print, so every operation goes from the digits to the float, computes, rounds as a float, and prints again.
 */

const BITS = 512;

/** `mantissa * 2 ** exponent`; the mantissa has BITS bits, or is 0n. */
interface Float {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Beyond this many digits numbers are left to decimal arithmetic. */
const LONGEST = 3000;

export function calculate(operator: "+" | "-" | "*" | "/" | "%", x: Decimal, y: Decimal): Decimal {
  switch (operator) {
    case "+":
      return isPlain(x.plus(y), x, y) ? x.plus(y) : print(add(floatOf(x), floatOf(y)));
    case "-":
      return isPlain(x.minus(y), x, y) ? x.minus(y) : print(add(floatOf(x), negated(floatOf(y))));
    case "*":
      return isPlain(x.times(y), x, y) ? x.times(y) : print(times(floatOf(x), floatOf(y)));
    case "/":
      return isPlain(x.dividedBy(y), x, y) ? x.dividedBy(y) : print(over(floatOf(x), floatOf(y)));
    case "%":
      if (isPlain(x, y)) return x.modulo(y);
      return calculate("-", x, calculate("*", y, calculate("/", x, y).trunc()));
  }
}

/** Whole numbers that the mantissa holds need no float; numbers too long to convert get none. */
function isPlain(...numbers: readonly Decimal[]): boolean {
  return numbers.every((number) => number.isInteger() && number.e < 154) || numbers.some((number) => Math.abs(number.e) > LONGEST);
}

function floatOf(number: Decimal): Float {
  const [whole = "0", fraction = ""] = number.abs().toFixed().split(".");
  const float = round(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
  return number.isNegative() ? negated(float) : float;
}

function negated({ mantissa, exponent }: Float): Float {
  return { mantissa: -mantissa, exponent };
}

function add(a: Float, b: Float): Float {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent));
  return scaled(sum, exponent);
}

function times(a: Float, b: Float): Float {
  return scaled(a.mantissa * b.mantissa, a.exponent + b.exponent);
}

function over(a: Float, b: Float): Float {
  const negative = a.mantissa < 0n !== b.mantissa < 0n;
  const quotient = round(absolute(a.mantissa), absolute(b.mantissa));
  const float = { mantissa: quotient.mantissa, exponent: quotient.exponent + a.exponent - b.exponent };
  return negative ? negated(float) : float;
}

function scaled(number: bigint, exponent: number): Float {
  const float = round(absolute(number), 1n);
  const result = { mantissa: float.mantissa, exponent: float.exponent + exponent };
  return number < 0n ? negated(result) : result;
}

/** The float nearest to a fraction that is not negative; a tie goes to the even mantissa. */
function round(numerator: bigint, denominator: bigint): Float {
  if (numerator === 0n) return { mantissa: 0n, exponent: 0 };
  let shift = BITS - (bitLength(numerator) - bitLength(denominator));
  let [mantissa, rest, divisor] = divide(numerator, denominator, shift);
  if (bitLength(mantissa) > BITS) [mantissa, rest, divisor] = divide(numerator, denominator, --shift);
  const twice = rest * 2n;
  if (twice > divisor || (twice === divisor && mantissa % 2n === 1n)) mantissa++;
  return { mantissa, exponent: -shift };
}

function divide(numerator: bigint, denominator: bigint, shift: number): [bigint, bigint, bigint] {
  const dividend = shift > 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift < 0 ? denominator << BigInt(-shift) : denominator;
  return [dividend / divisor, dividend % divisor, divisor];
}

/** The fewest digits that lie nearer to this float than to its neighbours. */
function print({ mantissa, exponent }: Float): Decimal {
  if (mantissa === 0n) return new ExactDecimal(0);
  const size = absolute(mantissa);
  const up = exponent >= 2 ? BigInt(exponent - 2) : 0n;
  const below = exponent < 2 ? 1n << BigInt(2 - exponent) : 1n;
  const value = (size * 4n) << up;
  const isPower = (size & (size - 1n)) === 0n;
  const low = (size * 4n - (isPower ? 1n : 2n)) << up;
  const high = (size * 4n + 2n) << up;
  const inclusive = size % 2n === 0n;
  let magnitude = value.toString().length - below.toString().length;
  if (magnitude < 0 ? value * 10n ** BigInt(-magnitude) < below : value < below * 10n ** BigInt(magnitude)) magnitude--;

  const attempt = (digits: number): { readonly digits: bigint; readonly power: number } | undefined => {
    const power = magnitude - digits + 1;
    const unit = power > 0 ? 10n ** BigInt(power) * below : below;
    const factor = power < 0 ? 10n ** BigInt(-power) : 1n;
    const found = (value * factor * 2n + unit) / (unit * 2n);
    const at = found * unit;
    const fits = inclusive ? at >= low * factor && at <= high * factor : at > low * factor && at < high * factor;
    return fits ? { digits: found, power } : undefined;
  };
  let few = 1;
  let many = 158;
  while (few < many) {
    const middle = (few + many) >> 1;
    if (attempt(middle) === undefined) few = middle + 1;
    else many = middle;
  }
  const best = attempt(few);
  const text = best === undefined ? "0" : `${mantissa < 0n ? "-" : ""}${best.digits}e${best.power}`;
  return new ExactDecimal(text);
}

function absolute(number: bigint): bigint {
  return number < 0n ? -number : number;
}

function bitLength(number: bigint): number {
  const text = number.toString(16);
  return (text.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(text.charAt(0), 16)));
}
