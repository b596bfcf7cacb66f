import type { Evidence, Judgement } from "../core/accounts/judge.ts";
import type { Allowance } from "../core/billing/plan.ts";
import { useQuota } from "../core/billing/plan.ts";
import type { Estimate } from "../core/billing/estimate.ts";
import { reconcile, type PairStatus, type Reconciliation } from "../core/billing/ledger.ts";
import { priceOf, priceText, type Price } from "../core/billing/price.ts";
import type { Risk, Tier } from "../core/checks/model.ts";
import type { Reason } from "../core/values/value.ts";
import type { CollectedPart } from "./collect.ts";
import { parsed, text, type Database, type Row } from "./database.ts";
import type { OwnItem } from "./own-items.ts";
import { chargeOf, type Plans } from "./plans.ts";

export type ScanState = "running" | "done" | "cancelled" | "failed";

/** An item as a scan was approved with it. */
export interface ScanItem {
  readonly id: string;
  readonly tier: Tier;
  readonly risk: Risk;
  readonly free: boolean;
  /** Why it is not used; undefined: it is. */
  readonly left: "quota" | "plan" | undefined;
  /** Of an item of the workspace. */
  readonly own?: OwnItem;
}

export interface Scan {
  readonly id: string;
  readonly account: string;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly state: ScanState;
  /** Why it failed. */
  readonly why: string | undefined;
  /** What was chosen, for people. */
  readonly selection: ScanSelection;
  readonly items: readonly ScanItem[];
  readonly allowance: Allowance;
  readonly price: Price;
  readonly requests: number;
}

/** What a scan is asked to look at; undefined: everything. */
export interface ScanSelection {
  /** Ids and patterns of check items. */
  readonly checks?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Keys, ids or names of instances. */
  readonly instances?: readonly string[] | undefined;
  readonly minimumRisk?: Risk | undefined;
  readonly freeOnly?: boolean | undefined;
}

export type Status = "pass" | "fail" | "notApplicable" | "suppressed" | "notChecked" | "vanished";

/** What became of one pair. */
export interface PairResult {
  readonly item: string;
  readonly instance: string;
  readonly free: boolean;
  /** undefined: still to be done. */
  readonly status: Status | undefined;
  /** Of a suppressed pair: what it would have been. */
  readonly outcome: "pass" | "fail" | "notApplicable" | undefined;
  readonly reason: Reason | undefined;
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** One pair in one scan. */
export interface PairHistory {
  readonly scan: string;
  /** ISO 8601. */
  readonly at: string;
  readonly status: Status;
  readonly reason: Reason | undefined;
  readonly message: string;
}

export const noCounts = (): Record<Status, number> => ({
  pass: 0,
  fail: 0,
  notApplicable: 0,
  suppressed: 0,
  notChecked: 0,
  vanished: 0,
});

/** A check item whose instances could not be listed in a region: nobody knows whether there are any. */
export interface Unlisted {
  readonly item: string;
  /** undefined: the whole account. */
  readonly region: string | undefined;
  readonly reason: Reason;
}

/** Scans in the database: a pair's result and its charge are one transaction, and a charge is never made twice or taken back. */
export class Scans {
  readonly #database: Database;
  readonly #plans: Plans;
  readonly #now: () => string;

  constructor(database: Database, plans: Plans, now: () => string) {
    this.#database = database;
    this.#plans = plans;
    this.#now = now;
  }

  /** Writes down what was approved before anything is asked. */
  begin(
    scan: Omit<Scan, "endedAt" | "state" | "why" | "requests" | "items">,
    estimate: Estimate,
    own: ReadonlyMap<string, OwnItem> = new Map(),
  ): void {
    this.#database.transaction(() => {
      const items = estimate.items.map(({ item, free, left }): ScanItem => {
        const { id, tier, risk } = item;
        const its = own.get(id);
        return { id, tier, risk, free, left, ...(its === undefined ? {} : { own: its }) };
      });
      this.#database.run(
        "INSERT INTO scan (id, account, started_at, state, selection, items, allowance, price) VALUES (?, ?, ?, 'running', ?, ?, ?, ?)",
        scan.id,
        scan.account,
        scan.startedAt,
        JSON.stringify(scan.selection),
        JSON.stringify(items),
        JSON.stringify(scan.allowance),
        priceText(scan.price),
      );
      for (const each of estimate.items) {
        const { id, instances } = each.item;
        const left: Reason | undefined = each.left === undefined ? undefined : { kind: each.left, detail: notCovered(each.left) };
        for (const instance of instances) {
          this.#database.run(
            "INSERT INTO pair (scan, item, instance, free, status, reason) VALUES (?, ?, ?, ?, ?, ?)",
            scan.id,
            id,
            instance,
            each.free ? 1 : 0,
            left === undefined ? null : "notChecked",
            left === undefined ? null : JSON.stringify(left),
          );
        }
      }
    });
  }

  /** Records what became of one item's pairs, and charges for those that count. Pairs that are done already stay as they are. */
  record(scan: Scan, item: ScanItem, outcomes: ReadonlyMap<string, Judgement & { readonly suppressed: boolean }>): void {
    this.#database.transaction(() => {
      let charged = 0;
      for (const [instance, { outcome, message, evidence, suppressed }] of outcomes) {
        const isSuppressed = suppressed && outcome.kind !== "notChecked";
        const changed = this.#database.run(
          "UPDATE pair SET status = ?, outcome = ?, reason = ?, message = ?, evidence = ? WHERE scan = ? AND item = ? AND instance = ? AND status IS NULL",
          isSuppressed ? "suppressed" : outcome.kind,
          isSuppressed ? outcome.kind : null,
          outcome.kind === "notChecked" ? JSON.stringify(outcome.reason) : null,
          message === "" ? null : message,
          evidence.length === 0 ? null : JSON.stringify(evidence),
          scan.id,
          item.id,
          instance,
        );
        if (changed === 0 || item.free || outcome.kind === "notChecked") continue;
        this.#database.run(
          "INSERT INTO charge (scan, item, instance, account, at) VALUES (?, ?, ?, ?, ?)",
          scan.id,
          item.id,
          instance,
          scan.account,
          this.#now(),
        );
        charged++;
      }
      if (charged > 0) {
        const { plan } = this.#plans.terms(scan.account);
        if (plan.kind === "subscription") this.#plans.save(scan.account, { plan: useQuota(plan, charged) });
      }
    });
  }

  /** What was not found where it was listed is gone; what could not be listed is not checked. */
  recordMissing(scan: Scan, item: string, instance: string, reason: Reason | undefined): void {
    this.#database.run(
      "UPDATE pair SET status = ?, reason = ? WHERE scan = ? AND item = ? AND instance = ? AND status IS NULL",
      reason === undefined ? "vanished" : "notChecked",
      reason === undefined ? null : JSON.stringify(reason),
      scan.id,
      item,
      instance,
    );
  }

  recordUnlisted(scan: Scan, { item, region, reason }: Unlisted): void {
    this.#database.run(
      "INSERT OR REPLACE INTO unlisted (scan, item, region, reason) VALUES (?, ?, ?, ?)",
      scan.id,
      item,
      region ?? "-",
      JSON.stringify(reason),
    );
  }

  /** Ends a scan; what was not reached is not checked. */
  end(scan: string, state: Exclude<ScanState, "running">, requests: number, rest: Reason, why?: string): void {
    this.#database.transaction(() => {
      this.#database.run(
        "UPDATE pair SET status = 'notChecked', reason = ? WHERE scan = ? AND status IS NULL",
        JSON.stringify(rest),
        scan,
      );
      this.#database.run(
        "UPDATE scan SET state = ?, ended_at = ?, why = ?, requests = requests + ? WHERE id = ?",
        state,
        this.#now(),
        why ?? null,
        requests,
        scan,
      );
      this.#database.run("DELETE FROM collected WHERE scan = ?", scan);
    });
  }

  keepPart(scan: string, part: CollectedPart): void {
    this.#database.run("INSERT OR REPLACE INTO collected (scan, key, part) VALUES (?, ?, ?)", scan, part.key, JSON.stringify(part));
  }

  keptParts(scan: string): ReadonlyMap<string, CollectedPart> {
    const rows = this.#database.all("SELECT key, part FROM collected WHERE scan = ?", scan);
    return new Map(rows.map((row) => [text(row["key"]), parsed<CollectedPart>(row["part"]) as CollectedPart]));
  }

  get(id: string): Scan | undefined {
    const row = this.#database.get("SELECT * FROM scan WHERE id = ?", id);
    return row === undefined ? undefined : scanOf(row);
  }

  /** The newest first. */
  of(account: string): readonly Scan[] {
    return this.#database.all("SELECT * FROM scan WHERE account = ? ORDER BY started_at DESC, rowid DESC", account).map(scanOf);
  }

  /** How often each status was given in each scan of an account, in one query: the trend. */
  counts(account: string): ReadonlyMap<string, Readonly<Record<Status, number>>> {
    const rows = this.#database.all(
      "SELECT pair.scan, pair.status, count(*) AS times FROM scan JOIN pair ON pair.scan = scan.id WHERE scan.account = ? AND pair.status IS NOT NULL GROUP BY pair.scan, pair.status",
      account,
    );
    const counts = new Map<string, Record<Status, number>>();
    for (const row of rows) {
      const scan = text(row["scan"]);
      const its = counts.get(scan) ?? noCounts();
      counts.set(scan, its);
      its[text(row["status"]) as Status] = Number(row["times"]);
    }
    return counts;
  }

  /** What became of a pair in the scans that looked at it, the newest first. */
  historyOf(account: string, item: string, instance: string): readonly PairHistory[] {
    return this.#database
      .all(
        "SELECT pair.*, scan.started_at FROM pair JOIN scan ON scan.id = pair.scan WHERE pair.instance = ? AND pair.item = ? AND scan.account = ? AND pair.status IS NOT NULL ORDER BY scan.started_at DESC LIMIT 50",
        instance,
        item,
        account,
      )
      .map((row) => {
        const { status, reason, message } = pairOf(row);
        return { scan: text(row["scan"]), at: text(row["started_at"]), status: status ?? "notChecked", reason, message };
      });
  }

  results(scan: string): readonly PairResult[] {
    return this.#database.all("SELECT * FROM pair WHERE scan = ? ORDER BY item, instance", scan).map(pairOf);
  }

  unlisted(scan: string): readonly Unlisted[] {
    return this.#database.all("SELECT * FROM unlisted WHERE scan = ? ORDER BY item, region", scan).map((row) => ({
      item: text(row["item"]),
      region: row["region"] === "-" ? undefined : text(row["region"]),
      reason: parsed<Reason>(row["reason"]) as Reason,
    }));
  }

  /** The invariant of security-center.md 3.14, over what the database holds: nothing is wrong, or what is. */
  reconcile(scan: string): Reconciliation {
    const { items = [] } = this.get(scan) ?? {};
    const results = this.results(scan);
    const byItem = new Map<string, string[]>();
    for (const { item, instance } of results) {
      const instances = byItem.get(item);
      if (instances === undefined) byItem.set(item, [instance]);
      else instances.push(instance);
    }
    const estimate: Pick<Estimate, "items"> = {
      items: items.map(({ id, tier, risk, free, left }) => {
        const instances = byItem.get(id) ?? [];
        return { item: { id, tier, risk, instances }, scanTimes: instances.length, free, left };
      }),
    };
    const statuses = new Map(results.map((result) => [`${result.item}\n${result.instance}`, statusOf(result)]));
    const charges = this.#database.all("SELECT * FROM charge WHERE scan = ?", scan).map(chargeOf);
    return reconcile(estimate as Estimate, (item, instance) => statuses.get(`${item}\n${instance}`), charges);
  }
}

/** Reasons of what a plan does not cover, beside those of values. */
export function notCovered(left: "quota" | "plan" | undefined): string {
  return left === "quota" ? "the remaining quota does not cover this check item" : "the plan has free check items only";
}

function statusOf({ status, outcome, reason }: PairResult): PairStatus | undefined {
  switch (status) {
    case undefined:
      return undefined;
    case "vanished":
      return { kind: "vanished" };
    case "notChecked":
      return { kind: "notChecked", reason: reason?.detail ?? "" };
    case "suppressed":
      return { kind: "result", outcome: outcome ?? "suppressed" };
    default:
      return { kind: "result", outcome: status };
  }
}

function scanOf(row: Row): Scan {
  return {
    id: text(row["id"]),
    account: text(row["account"]),
    startedAt: text(row["started_at"]),
    endedAt: row["ended_at"] === null ? undefined : text(row["ended_at"]),
    state: text(row["state"]) as ScanState,
    why: row["why"] === null ? undefined : text(row["why"]),
    selection: parsed<ScanSelection>(row["selection"]) ?? {},
    items: parsed<readonly ScanItem[]>(row["items"]) ?? [],
    allowance: parsed<Allowance>(row["allowance"]) as Allowance,
    price: priceOf(text(row["price"])),
    requests: Number(row["requests"]),
  };
}

function pairOf(row: Row): PairResult {
  return {
    item: text(row["item"]),
    instance: text(row["instance"]),
    free: row["free"] === 1,
    status: row["status"] === null ? undefined : (text(row["status"]) as Status),
    outcome: row["outcome"] === null ? undefined : (text(row["outcome"]) as PairResult["outcome"]),
    reason: parsed<Reason>(row["reason"]),
    message: text(row["message"]),
    evidence: parsed<readonly Evidence[]>(row["evidence"]) ?? [],
  };
}
