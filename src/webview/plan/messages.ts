import type { Plan, PlanAction } from "../../core/billing/plan.ts";

/* What the plan page and the extension tell each other. Plain JSON. */

export interface PlanPageData {
  /** For people: alias or id of the account. */
  readonly account: string;
  /** `aws:123456789012`. */
  readonly key: string;
  readonly plan: Plan;
  /** As `priceText` writes it. */
  readonly price: string;
  /** Why only free items may run now; null: paid ones may. */
  readonly freeOnly: string | null;
  readonly remaining: number | null;
  /** What the cloud itself has sold and metered; null: it has no such product, or nobody has asked yet. */
  readonly vendor: PlanPageVendor | null;
  /** 20 x the instances that are known (security-center.md 3.8). */
  readonly recommendedQuota: number | null;
  readonly changes: readonly { readonly at: string; readonly action: PlanAction; readonly after: Plan }[];
  readonly days: readonly { readonly day: string; readonly scanTimes: number; readonly fee: string }[];
  /** Scan times of each scan that was charged, the newest first. */
  readonly scans: readonly { readonly scan: string; readonly at: string; readonly scanTimes: number }[];
}

export interface PlanPageVendor {
  readonly quotas: readonly { readonly site: string; readonly purchased: number; readonly consumed: number }[];
  /** Why it is not known; null: it is. */
  readonly missing: string | null;
}

export type ToPlanPage =
  { readonly kind: "plan"; readonly data: PlanPageData } | { readonly kind: "problem"; readonly message: string };

export type FromPlanPage =
  { readonly kind: "ready" } | { readonly kind: "change"; readonly action: PlanAction } | { readonly kind: "authorize" | "cost" };
