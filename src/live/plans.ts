import { freeTiers, type Entitlement } from "../core/billing/entitlement.ts";
import { dailyBills, type Charge } from "../core/billing/ledger.ts";
import type { Money } from "../core/billing/money.ts";
import { allowanceOf, changePlan, FREE, readPlan, type Allowance, type Plan, type PlanAction } from "../core/billing/plan.ts";
import { PER_SCAN_TIME, priceOf, priceText, type Price } from "../core/billing/price.ts";
import type { Tier } from "../core/checks/model.ts";
import { parsed, text, type Database, type Row } from "./database.ts";
import { Refusal } from "./refusal.ts";

/** What an account pays by, at a moment. */
export interface Terms {
  readonly plan: Plan;
  readonly price: Price;
  readonly entitlement: Entitlement;
  readonly allowance: Allowance;
  readonly freeTiers: ReadonlySet<Tier>;
}

export interface PlanChangeRecord {
  readonly at: string;
  readonly action: PlanAction;
  readonly before: Plan;
  readonly after: Plan;
}

const NOBODY_SPECIAL: Entitlement = { edition: "basic", activated: undefined, terms: [] };

/** Plans and the ledger of charges. `now` gives ISO 8601, UTC. */
export class Plans {
  readonly #database: Database;
  readonly #now: () => string;

  constructor(database: Database, now: () => string) {
    this.#database = database;
    this.#now = now;
  }

  terms(account: string): Terms {
    const row = this.#database.get("SELECT * FROM plan WHERE account = ?", account);
    const { plan, entitlement, price } = this.#written(account, row);
    const now = this.#moment(account);
    return {
      plan,
      price,
      entitlement,
      allowance: allowanceOf(plan, now),
      freeTiers: freeTiers(entitlement, now.slice(0, 10)),
    };
  }

  /** Throws Refusal where somebody else wrote what no plan is: a guess could scan for nothing, or charge twice. */
  #written(account: string, row: Row | undefined): Pick<Terms, "plan" | "entitlement" | "price"> {
    if (row === undefined) return { plan: FREE, entitlement: NOBODY_SPECIAL, price: PER_SCAN_TIME };
    try {
      const plan = readPlan(parsed<unknown>(row["plan"]));
      const entitlement = parsed<Entitlement>(row["entitlement"]) ?? NOBODY_SPECIAL;
      if (plan !== undefined) return { plan, entitlement, price: priceOf(text(row["price"])) };
    } catch {
      // Cut short: said below.
    }
    throw new Refusal(
      `The plan of ${account} in ${this.#database.file} was edited or cut short, and can't be read. \`plumbline plan repair --account ${account}\` makes it anew from the changes and charges that were written down.`,
    );
  }

  /** The plan anew: as the last change left it, with the charges since; one of the same moment counts as made after it. */
  repair(account: string): Plan {
    return this.#database.transaction(() => {
      const rows = this.#database.all("SELECT at, after FROM plan_change WHERE account = ? ORDER BY rowid DESC", account);
      let plan: Plan = FREE;
      for (const row of rows) {
        const after = readableJson(row["after"]);
        const read = readPlan(after);
        if (read === undefined) continue;
        const since = this.#database.get(
          "SELECT count(*) AS times FROM charge WHERE account = ? AND at >= ?",
          account,
          text(row["at"]),
        );
        plan =
          read.kind === "subscription" ? { ...read, used: Math.min(read.quota, read.used + Number(since?.["times"] ?? 0)) } : read;
        break;
      }
      const row = this.#database.get("SELECT price, entitlement FROM plan WHERE account = ?", account);
      const entitlement = (readableJson(row?.["entitlement"]) as Entitlement | undefined) ?? NOBODY_SPECIAL;
      const price = readablePrice(row?.["price"]);
      this.#database.run("DELETE FROM plan WHERE account = ?", account);
      this.save(account, { plan, entitlement, price });
      return plan;
    });
  }

  /** Returns what is wrong where the change is refused; then nothing is changed. */
  change(account: string, action: PlanAction): { readonly refused: string } | { readonly plan: Plan } {
    return this.#database.transaction(() => {
      const before = this.terms(account).plan;
      const at = this.#moment(account);
      const changed = changePlan(before, action, at);
      if ("refused" in changed) return changed;
      this.save(account, { plan: changed.plan });
      this.#database.run(
        "INSERT INTO plan_change (account, at, action, before, after) VALUES (?, ?, ?, ?, ?)",
        account,
        at,
        JSON.stringify(action),
        JSON.stringify(before),
        JSON.stringify(changed.plan),
      );
      return changed;
    });
  }

  save(account: string, change: Partial<Pick<Terms, "plan" | "price" | "entitlement">>): void {
    const { plan, price, entitlement } = { ...this.terms(account), ...change };
    this.#database.run(
      "INSERT INTO plan (account, plan, price, entitlement) VALUES (?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET plan = excluded.plan, price = excluded.price, entitlement = excluded.entitlement",
      account,
      JSON.stringify(plan),
      priceText(price),
      JSON.stringify(entitlement),
    );
  }

  changes(account: string): readonly PlanChangeRecord[] {
    return this.#database.all("SELECT * FROM plan_change WHERE account = ? ORDER BY rowid", account).map((row) => ({
      at: text(row["at"]),
      action: parsed<PlanAction>(row["action"]) as PlanAction,
      before: parsed<Plan>(row["before"]) as Plan,
      after: parsed<Plan>(row["after"]) as Plan,
    }));
  }

  charges(account: string): readonly Charge[] {
    return this.#database.all("SELECT * FROM charge WHERE account = ? ORDER BY at, scan, item, instance", account).map(chargeOf);
  }

  /** How many scan times a scan was charged. */
  chargedBy(scan: string): number {
    return Number(this.#database.get("SELECT count(*) AS charged FROM charge WHERE scan = ?", scan)?.["charged"] ?? 0);
  }

  /** Pay-as-you-go by day, UTC. */
  bills(account: string): readonly { readonly day: string; readonly scanTimes: number; readonly fee: Money }[] {
    const { price } = this.terms(account);
    return price.kind === "scan time" ? dailyBills(this.charges(account), price.unit, (at) => at.slice(0, 10)) : [];
  }

  /** A clock that was set back does not bring an expired subscription or an earlier day back. */
  #moment(account: string): string {
    const now = this.#now();
    const last = this.#database.get(
      "SELECT max(at) AS at FROM (SELECT at FROM charge WHERE account = ?1 UNION ALL SELECT at FROM plan_change WHERE account = ?1)",
      account,
    );
    const latest = text(last?.["at"]);
    return latest > now ? latest : now;
  }
}

function readablePrice(value: Row[string] | undefined): Price {
  try {
    return typeof value === "string" ? priceOf(value) : PER_SCAN_TIME;
  } catch {
    return PER_SCAN_TIME;
  }
}

/** undefined: it is none. */
function readableJson(value: Row[string] | undefined): unknown {
  try {
    return parsed<unknown>(value);
  } catch {
    return undefined;
  }
}

export function chargeOf(row: Row): Charge {
  return { scan: text(row["scan"]), item: text(row["item"]), instance: text(row["instance"]), at: text(row["at"]) };
}
