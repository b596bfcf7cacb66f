/** An amount in millionths of the currency's unit, exact. Amounts of two currencies never meet. */
export interface Money {
  readonly micros: bigint;
  /** ISO 4217: `USD`. */
  readonly currency: string;
}

const microsPerUnit = 1_000_000n;

/** Reads a decimal such as `0.02`, with at most six places. undefined: it is no such number, or negative. */
export function money(text: string, currency: string): Money | undefined {
  const [, whole, fraction = ""] = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  return { micros: BigInt(whole) * microsPerUnit + BigInt(fraction.padEnd(6, "0")), currency };
}

export function times({ micros, currency }: Money, count: bigint): Money {
  return { micros: micros * count, currency };
}

export function sum(amounts: readonly Money[], currency: string): Money {
  const other = amounts.find((amount) => amount.currency !== currency);
  if (other !== undefined) throw new Error(`An amount in ${other.currency} can't be added to one in ${currency}.`);
  return { micros: amounts.reduce((total, { micros }) => total + micros, 0n), currency };
}

/** To the hundredth, half up: done once a bill, so that small charges are neither lost nor multiplied. */
export function roundForBill({ micros, currency }: Money): Money {
  const hundredth = microsPerUnit / 100n;
  return { micros: ((micros + hundredth / 2n) / hundredth) * hundredth, currency };
}

/** `USD 15.00`; places beyond the second only where they are not zero. */
export function formatMoney({ micros, currency }: Money): string {
  const digits = (micros % microsPerUnit)
    .toString()
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${currency} ${(micros / microsPerUnit).toString()}.${digits}`;
}
