import type { Evidence } from "../core/accounts/judge.ts";
import type { CostTable } from "../core/billing/cost-table.ts";
import { isCharged, recommendedQuota } from "../core/billing/estimate.ts";
import type { Charge, Reconciliation } from "../core/billing/ledger.ts";
import { formatMoney } from "../core/billing/money.ts";
import type { FreeOnly, Plan } from "../core/billing/plan.ts";
import type { Price } from "../core/billing/price.ts";
import type { Category, CheckItem, Dimension, Risk, Tier } from "../core/checks/model.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { InstanceTypes } from "../core/instances/types.ts";
import type { Reason } from "../core/values/value.ts";
import type { InventoryInstance, InventoryListing } from "./inventory.ts";
import type { Preview } from "./live-service.ts";
import type { PlanChangeRecord, Terms } from "./plans.ts";
import type { RemedyRecord } from "./remedy-journal.ts";
import type { RuleProblem } from "./rules.ts";
import type { PairResult, Scan, ScanSelection, ScanState, Status, Unlisted } from "./scans.ts";

/** What results say of their check item. */
export type ItemTexts = Pick<
  CheckItem,
  "title" | "service" | "category" | "dimensions" | "why" | "advice" | "references" | "benchmarks" | "risk"
>;

/*
 * What the live process tells others: plain JSON. Amounts are texts with their currency, `USD 0.02`.
 */

export interface ItemView {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly risk: Risk;
  readonly tier: Tier;
  readonly free: boolean;
  readonly left: "quota" | "plan" | undefined;
  readonly scanTimes: number;
}

export interface PreviewView {
  /** Names the estimate when it is approved. */
  readonly id: string;
  readonly account: string;
  readonly selection: ScanSelection;
  readonly items: readonly ItemView[];
  /** The same for trying switches on. */
  readonly table: CostTable;
  readonly instances: number;
  readonly ceiling: number;
  readonly exact: number;
  readonly billable: number;
  readonly fee: string;
  readonly unit: string;
  readonly quota: { readonly before: number; readonly after: number } | undefined;
  readonly recommendedQuota: number;
  readonly plan: PlanView;
  /** ISO 8601. */
  readonly inventoryAt: string | undefined;
  readonly unlisted: readonly Unlisted[];
  readonly unsupported: readonly string[];
  readonly actions: readonly string[];
  /** What is wrong with plumbline.yaml, and with check items of the workspace. */
  readonly problems: readonly RuleProblem[];
}

export interface PlanView {
  readonly plan: Plan;
  readonly unit: string;
  /** Why only free items may run; undefined: paid ones may. */
  readonly freeOnly: FreeOnly | undefined;
  readonly remaining: number | undefined;
}

export interface ServiceView {
  readonly service: string;
  readonly type: string;
  readonly title: string;
  readonly instances: readonly InventoryInstance[];
  /** Where it could not be listed. */
  readonly failures: readonly { readonly region: string | undefined; readonly reason: Reason }[];
  /** When it was listed last, the oldest region counting. */
  readonly at: string;
}

export interface ResultView {
  readonly item: string;
  readonly title: string;
  readonly service: string;
  readonly risk: Risk;
  readonly category: Category;
  readonly dimensions: readonly Dimension[];
  readonly instance: string;
  readonly type: string;
  readonly region: string | undefined;
  readonly id: string;
  /** As the inventory has it. */
  readonly name: string;
  readonly status: Status | "open";
  readonly outcome: PairResult["outcome"];
  readonly reason: Reason | undefined;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** Against the scan before: whether it failed there, too. undefined: there is none, or it did not look at this pair. */
  readonly change: "new" | "fixed" | "still" | undefined;
  /** When a remedy made it pass since the scan and was not undone, ISO 8601; undefined: none did. */
  readonly fixedAt: string | undefined;
}

export interface ScanView {
  readonly id: string;
  readonly account: string;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly state: ScanState;
  readonly why: string | undefined;
  readonly requests: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** pass of pass and fail, in hundredths; undefined: nothing was decided. */
  readonly passRate: number | undefined;
  readonly charged: number;
  readonly fee: string;
}

export interface ResultsView {
  readonly scan: ScanView;
  readonly cloud: Cloud;
  readonly results: readonly ResultView[];
  readonly unlisted: readonly Unlisted[];
  readonly reconciliation: Reconciliation;
  /** By item: what people need to read. */
  readonly items: Readonly<
    Record<
      string,
      {
        readonly title: string;
        readonly why: string;
        readonly advice: string;
        readonly references: readonly string[];
        readonly benchmarks: readonly string[];
      }
    >
  >;
}

export interface LedgerView {
  readonly plan: PlanView;
  /** As `priceText` writes it. */
  readonly price: string;
  /** That the inventory knows. */
  readonly instances: number;
  readonly charges: readonly Charge[];
  readonly changes: readonly PlanChangeRecord[];
  /** Pay-as-you-go by day, UTC. */
  readonly days: readonly { readonly day: string; readonly scanTimes: number; readonly fee: string }[];
}

export function previewView(id: string, preview: Preview): PreviewView {
  const { estimate, account, selection, instances, terms, inventoryAt, unlisted, unsupported, actions, checks, problems } = preview;
  return {
    id,
    account: account.key,
    selection,
    items: estimate.items.map((each) => {
      const { item, free, left, scanTimes } = each;
      const check = checks.get(item.id);
      const { risk, tier } = item;
      return { id: item.id, title: check?.title ?? item.id, service: check?.service ?? "", risk, tier, free, left, scanTimes };
    }),
    table: preview.table,
    instances,
    ceiling: estimate.ceiling,
    exact: estimate.exact,
    billable: estimate.items.filter(isCharged).reduce((sum, { scanTimes }) => sum + scanTimes, 0),
    fee: formatMoney(estimate.fee),
    unit: unitText(terms.price),
    quota: estimate.quota,
    recommendedQuota: recommendedQuota(instances),
    plan: planView(terms),
    inventoryAt,
    unlisted,
    unsupported,
    actions,
    problems,
  };
}

export function planView({ plan, price, allowance }: Terms): PlanView {
  return {
    plan,
    unit: unitText(price),
    freeOnly: allowance.kind === "free only" ? { reason: allowance.reason, why: allowance.why } : undefined,
    remaining: allowance.kind === "quota" ? allowance.remaining : undefined,
  };
}

function unitText(price: Price): string {
  return `${formatMoney(price.unit)} ${price.kind === "scan time" ? "a scan time" : `an instance and ${price.per}`}`;
}

/** Instances by service and type; a type of which nothing is there or known is left out. */
export function inventoryView(
  instances: readonly InventoryInstance[],
  listings: readonly InventoryListing[],
  types: InstanceTypes,
): readonly ServiceView[] {
  const byType = new Map<string, InventoryInstance[]>();
  for (const instance of instances) {
    const list = byType.get(instance.type);
    if (list === undefined) byType.set(instance.type, [instance]);
    else list.push(instance);
  }
  const views: ServiceView[] = [];
  for (const type of new Set(listings.map((listing) => listing.type))) {
    const of = listings.filter((listing) => listing.type === type);
    const failures = of.flatMap(({ region, failure }) => (failure === undefined ? [] : [{ region, reason: failure }]));
    const found = byType.get(type) ?? [];
    if (found.length === 0 && failures.length === 0) continue;
    // What instances.yaml does not name is a part of something that it does.
    const definition = types.declared().includes(type) ? types.get(type) : undefined;
    if (definition === undefined) continue;
    views.push({
      service: definition.service,
      type,
      title: definition.title,
      instances: found,
      failures,
      at: of.map(({ at }) => at).sort()[0] ?? "",
    });
  }
  return views.sort((a, b) => (`${a.service} ${a.title}` < `${b.service} ${b.title}` ? -1 : 1));
}

export function scanView(scan: Scan, counts: Readonly<Record<Status, number>>, charged: number): ScanView {
  const { id, account, startedAt, endedAt, state, why, requests, price } = scan;
  const decided = counts.pass + counts.fail;
  return {
    id,
    account,
    startedAt,
    endedAt,
    state,
    why,
    requests,
    counts,
    passRate: decided === 0 ? undefined : Math.floor((counts.pass * 100) / decided),
    charged,
    fee:
      price.kind === "scan time"
        ? formatMoney({ micros: price.unit.micros * BigInt(charged), currency: price.unit.currency })
        : "by instance",
  };
}

export function resultViews(
  results: readonly PairResult[],
  before: readonly PairResult[],
  names: ReadonlyMap<string, string>,
  textsOf: (item: string) => ItemTexts | undefined,
  fixes: ReadonlyMap<string, string>,
): readonly ResultView[] {
  const earlier = new Map(before.map(({ item, instance, status }) => [`${item}\n${instance}`, status]));
  return results.flatMap((result): ResultView[] => {
    const check = textsOf(result.item);
    const [type = "", region = "-", ...id] = result.instance.split(" ");
    return [
      {
        item: result.item,
        title: check?.title ?? result.item,
        service: check?.service ?? "",
        risk: check?.risk ?? "low",
        category: check?.category ?? "protection",
        dimensions: check?.dimensions ?? [],
        instance: result.instance,
        type,
        region: region === "-" ? undefined : region,
        id: id.join(" "),
        name: names.get(result.instance) ?? id.join(" "),
        status: result.status ?? "open",
        outcome: result.outcome,
        reason: result.reason,
        message: result.message,
        evidence: result.evidence,
        change: changeOf(result.status, earlier.get(`${result.item}\n${result.instance}`)),
        fixedAt: result.status === "fail" ? fixes.get(`${result.item}\n${result.instance}`) : undefined,
      },
    ];
  });
}

/** Remedies that made a pair pass after a moment and are in force: when, by item and instance. `records`: the newest first. */
export function fixesSince(records: readonly RemedyRecord[], moment: string): ReadonlyMap<string, string> {
  const fixes = new Map<string, string>();
  const seen = new Set<string>();
  for (const { item, instance, state, verified, endedAt } of records) {
    const pair = `${item}\n${instance}`;
    if (seen.has(pair)) continue;
    seen.add(pair);
    if (state === "applied" && verified === "pass" && endedAt !== undefined && endedAt > moment) fixes.set(pair, endedAt);
  }
  return fixes;
}

function changeOf(now: Status | undefined, before: Status | undefined): ResultView["change"] {
  if (before === undefined) return undefined;
  if (now === "fail") return before === "fail" ? "still" : "new";
  return before === "fail" && (now === "pass" || now === "vanished" || now === "notApplicable") ? "fixed" : undefined;
}
