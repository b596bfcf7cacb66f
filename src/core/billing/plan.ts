/*
 * The plan of an account: free, pay-as-you-go or a subscription to scan times (security-center.md 3.4, 3.6, 3.9 to 3.11). Every
 * change is an action at a moment; what is not allowed is refused with the way out, and nothing is changed.
 */

/** Scan times are whole numbers; a subscription buys at least so many. */
export const leastQuota = 1_000;
/** Beyond, arithmetic of scan times is not exact. */
const mostQuota = Number.MAX_SAFE_INTEGER;

/** `at` are ISO 8601 moments in UTC. */
export type Plan =
  | { readonly kind: "free" }
  | { readonly kind: "pay-as-you-go"; readonly since: string; readonly suspended: boolean }
  | {
      readonly kind: "subscription";
      readonly start: string;
      /** Exclusive. */
      readonly end: string;
      readonly quota: number;
      readonly used: number;
      readonly suspended: boolean;
    };

/** A plan as it was written down; undefined: it is none, or was changed to something that can't be. */
export function readPlan(value: unknown): Plan | undefined {
  if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
  const plan = value as Readonly<Record<string, unknown>>;
  const isMoment = (text: unknown): boolean => typeof text === "string" && !Number.isNaN(Date.parse(text));
  const isCount = (number: unknown): boolean => typeof number === "number" && Number.isSafeInteger(number) && number >= 0;
  switch (plan["kind"]) {
    case "free":
      return FREE;
    case "pay-as-you-go":
      return isMoment(plan["since"]) && typeof plan["suspended"] === "boolean" ? (value as Plan) : undefined;
    case "subscription": {
      const { start, end, quota, used, suspended } = plan;
      const isWhole = isMoment(start) && isMoment(end) && isCount(quota) && isCount(used) && typeof suspended === "boolean";
      return isWhole && String(start) < String(end) ? (value as Plan) : undefined;
    }
    default:
      return undefined;
  }
}

export type PlanAction =
  /** Pay-as-you-go, with the terms accepted. */
  | { readonly kind: "activate"; readonly termsAccepted: boolean }
  | { readonly kind: "subscribe"; readonly quota: number; readonly months: number; readonly termsAccepted: boolean }
  /** Stops paid scans; a subscription runs on. */
  | { readonly kind: "suspend" }
  | { readonly kind: "resume" }
  /** Buys more quota for the running term. */
  | { readonly kind: "scale out"; readonly quota: number }
  /** Reduces the quota to a number, or to none, which ends the subscription. */
  | { readonly kind: "downgrade"; readonly quota: number }
  | { readonly kind: "renew"; readonly months: number }
  /** Gives the subscription back. */
  | { readonly kind: "refund" };

export type PlanChange = { readonly plan: Plan } | { readonly refused: string };

export const FREE: Plan = { kind: "free" };

/** `why` says it in English. */
export interface FreeOnly {
  readonly reason: "no plan" | "suspended" | "expired" | "not begun";
  readonly why: string;
}

/** Whether paid items may run, and within which quota. */
export type Allowance =
  | ({ readonly kind: "free only" } & FreeOnly)
  | { readonly kind: "unlimited" }
  | { readonly kind: "quota"; readonly remaining: number };

export function allowanceOf(plan: Plan, now: string): Allowance {
  switch (plan.kind) {
    case "free":
      return freeOnly("no plan", "No plan is active: only free check items scan accounts.");
    case "pay-as-you-go":
      return plan.suspended ? freeOnly("suspended", "Pay-as-you-go is suspended.") : { kind: "unlimited" };
    case "subscription":
      if (now >= plan.end) return freeOnly("expired", `The subscription expired on ${plan.end.slice(0, 10)}: renew it.`);
      // The clock was set back, or the term is yet to begin.
      if (now < plan.start) return freeOnly("not begun", `The subscription begins on ${plan.start.slice(0, 10)}.`);
      if (plan.suspended) return freeOnly("suspended", "The subscription is suspended.");
      return { kind: "quota", remaining: Math.max(0, plan.quota - plan.used) };
  }
}

function freeOnly(reason: FreeOnly["reason"], why: string): Allowance {
  return { kind: "free only", reason, why };
}

export function changePlan(plan: Plan, action: PlanAction, now: string): PlanChange {
  switch (action.kind) {
    case "activate":
      if (!action.termsAccepted) return refuse("Accept the terms first.");
      if (plan.kind === "pay-as-you-go" && !plan.suspended) return refuse("Pay-as-you-go is active already.");
      if (isRunning(plan, now)) {
        return refuse("A subscription runs: let it end, downgrade it to no quota, or have it refunded before pay-as-you-go.");
      }
      return { plan: { kind: "pay-as-you-go", since: now, suspended: false } };
    case "subscribe": {
      if (!action.termsAccepted) return refuse("Accept the terms first.");
      if (plan.kind === "pay-as-you-go" && !plan.suspended) return refuse("Suspend pay-as-you-go before you subscribe.");
      if (isRunning(plan, now)) return refuse("A subscription runs already: scale it out, or renew it.");
      const wrong = wrongQuota(action.quota, leastQuota) ?? wrongMonths(action.months);
      if (wrong !== undefined) return refuse(wrong);
      const end = addMonths(now, action.months);
      return { plan: { kind: "subscription", start: now, end, quota: action.quota, used: 0, suspended: false } };
    }
    case "suspend":
      if (plan.kind === "free") return refuse("No plan is active.");
      return plan.suspended ? refuse("The plan is suspended already.") : { plan: { ...plan, suspended: true } };
    case "resume":
      if (plan.kind === "free") return refuse("No plan is active.");
      return plan.suspended ? { plan: { ...plan, suspended: false } } : refuse("The plan is not suspended.");
    case "scale out": {
      if (plan.kind !== "subscription") return refuse("Only a subscription has a quota.");
      if (!isRunning(plan, now)) return refuse("The subscription has expired: renew it first.");
      const wrong = wrongQuota(action.quota, 1) ?? wrongQuota(plan.quota + action.quota, leastQuota);
      return wrong === undefined ? { plan: { ...plan, quota: plan.quota + action.quota } } : refuse(wrong);
    }
    case "downgrade": {
      if (plan.kind !== "subscription") return refuse("Only a subscription has a quota.");
      if (action.quota === 0) return { plan: FREE };
      if (action.quota >= plan.quota) return refuse(`The quota is ${plan.quota}: a downgrade makes it smaller.`);
      const wrong = wrongQuota(action.quota, leastQuota);
      return wrong === undefined ? { plan: { ...plan, quota: action.quota } } : refuse(wrong);
    }
    case "renew": {
      if (plan.kind !== "subscription") return refuse("Only a subscription is renewed.");
      const wrong = wrongMonths(action.months);
      if (wrong !== undefined) return refuse(wrong);
      // What was used stays used in a term that is extended; one that had ended begins anew.
      return isRunning(plan, now)
        ? { plan: { ...plan, end: addMonths(plan.end, action.months) } }
        : { plan: { ...plan, start: now, end: addMonths(now, action.months), used: 0, suspended: false } };
    }
    case "refund":
      return plan.kind === "subscription" ? { plan: FREE } : refuse("Only a subscription is refunded.");
  }
}

/** The plan after scan times were used. They are counted even past the quota: what was scanned was scanned. */
export function useQuota(plan: Plan, scanTimes: number): Plan {
  return plan.kind === "subscription" ? { ...plan, used: plan.used + scanTimes } : plan;
}

/** The same day of a later month, or that month's last day; the time of day stays. */
export function addMonths(moment: string, months: number): string {
  const date = new Date(moment);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.toISOString();
}

function isRunning(plan: Plan, now: string): boolean {
  return plan.kind === "subscription" && now < plan.end;
}

function refuse(refused: string): PlanChange {
  return { refused };
}

function wrongQuota(quota: number, least: number): string | undefined {
  if (!Number.isInteger(quota)) return "A quota is a whole number of scan times.";
  if (quota < least) return `A quota has at least ${least} scan times.`;
  return quota > mostQuota ? "This quota is too large to be counted exactly." : undefined;
}

function wrongMonths(months: number): string | undefined {
  return Number.isInteger(months) && months >= 1 && months <= 120 ? undefined : "A duration is 1 to 120 whole months.";
}
