import type { Tier } from "../checks/model.ts";

/** Editions of Security Center (security-center.md 3.5). */
export type Edition = "basic" | "anti-virus" | "advanced" | "enterprise" | "ultimate";

/** An account's edition and, for the bought ones, how long it has been held without a break. */
export interface Entitlement {
  readonly edition: Edition;
  /** ISO date on which configuration assessment was first activated; undefined: not before the change. */
  readonly activated: string | undefined;
  /** Terms of the edition's subscription, in order: ISO dates, `end` exclusive. Basic has none. */
  readonly terms: readonly { readonly start: string; readonly end: string }[];
}

/** Who activated before this date keeps the legacy number of free items. */
const legacyUntil = "2023-07-07";

const legacyTiers: Readonly<Record<Edition, readonly Tier[]>> = {
  basic: ["free"],
  "anti-virus": ["free"],
  advanced: ["free", "advanced"],
  enterprise: ["free", "advanced", "enterprise"],
  ultimate: ["free", "advanced", "enterprise"],
};

/**
 * The tiers whose items scan without charge on a day (ISO date). Everybody has the free ones; more only for who activated before
 * 2023-07-07, while the subscription of then runs or was renewed each time before it expired.
 */
export function freeTiers({ edition, activated, terms }: Entitlement, today: string): ReadonlySet<Tier> {
  if (activated === undefined || activated >= legacyUntil) return new Set(legacyTiers.basic);
  const first = terms.findIndex(({ start, end }) => start <= activated && activated < end);
  if (first < 0) return new Set(legacyTiers.basic);
  let until = terms[first]?.end ?? "";
  for (const { start, end } of terms.slice(first + 1)) {
    // A term that begins after the one before has ended is a new subscription.
    if (start > until) break;
    if (end > until) until = end;
  }
  return new Set(today < until ? legacyTiers[edition] : legacyTiers.basic);
}
