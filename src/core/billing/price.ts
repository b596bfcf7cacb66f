import type { Money } from "./money.ts";
import { money } from "./money.ts";

/**
 * What scanning costs. Prices change, so they are data (`plumbline.yaml` or the user's settings), and each has a date from which it
 * holds: the vendor charged by scan time, and from 2026-06-02 by scanned instance (security-center.md 3.1, 3.12).
 */
export type Price =
  /** Each use of a paid check item on an instance. */
  | { readonly kind: "scan time"; readonly unit: Money }
  /** Each instance that a paid item scanned, on each day or month, however often and by however many items. */
  | { readonly kind: "instance"; readonly per: "day" | "month"; readonly unit: Money };

const usd = (text: string): Money => {
  const amount = money(text, "USD");
  if (amount === undefined) throw new Error(`"${text}" is no amount.`);
  return amount;
};

/** Alibaba Cloud Document Center, "Configuration assessment: Overview", 2024-05-30: USD 0.02 per scan time. */
export const PER_SCAN_TIME: Price = { kind: "scan time", unit: usd("0.02") };
/** The vendor's notice of 2026-06-02: USD 0.0732 per instance and day, pay-as-you-go. */
export const PER_INSTANCE_DAY: Price = { kind: "instance", per: "day", unit: usd("0.0732") };
/** The same notice: USD 1.46 per instance and month, prepaid. */
export const PER_INSTANCE_MONTH: Price = { kind: "instance", per: "month", unit: usd("1.46") };

/** Amounts are bigints, which JSON does not have. */
export function priceText(price: Price): string {
  return JSON.stringify({ ...price, unit: { micros: price.unit.micros.toString(), currency: price.unit.currency } });
}

export function priceOf(json: string): Price {
  const price = JSON.parse(json) as Price & { readonly unit: { readonly micros: string; readonly currency: string } };
  return { ...price, unit: { micros: BigInt(price.unit.micros), currency: price.unit.currency } };
}
