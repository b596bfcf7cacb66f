import * as vscode from "vscode";
import { recommendedQuota } from "../core/billing/estimate.ts";
import type { PlanAction } from "../core/billing/plan.ts";
import * as protocol from "../live/protocol.ts";
import type { Account, LedgerView, VendorQuotaView } from "../live/protocol.ts";
import type { FromPlanPage, PlanPageData, ToPlanPage } from "../webview/plan/messages.ts";
import type { LiveProcess } from "./live-process.ts";
import { Pages, type Page } from "./webview.ts";
import { freeOnlyText } from "./words.ts";

type PlanPage = Page<FromPlanPage, ToPlanPage>;

export interface PlanPageParts {
  readonly live: LiveProcess;
  readonly log: vscode.LogOutputChannel;
  readonly changed: (account: string) => void;
  readonly openCost: (account: Account) => Promise<void>;
  readonly showPolicy: (account: Account) => Promise<void>;
}

/** Plan pages, one an account. */
export class PlanPages {
  readonly #parts: PlanPageParts;
  readonly #pages: Pages<FromPlanPage, ToPlanPage>;

  constructor(context: vscode.ExtensionContext, parts: PlanPageParts) {
    this.#parts = parts;
    this.#pages = new Pages(context, "plan");
  }

  open(account: Account): void {
    const page = this.#pages.open(account.key, vscode.l10n.t("Plan of {0}", account.alias ?? account.account));
    page?.onMessage((message) => void this.#receive(page, account, message));
  }

  async #receive(page: PlanPage, account: Account, message: FromPlanPage): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.#show(page, account);
        return;
      case "change":
        await this.#change(page, account, message.action);
        return;
      case "cost":
        await this.#parts.openCost(account);
        return;
      case "authorize":
        await this.#parts.showPolicy(account);
        return;
    }
  }

  async #change(page: PlanPage, account: Account, action: PlanAction): Promise<void> {
    if (!(await this.#isConfirmed(account, action))) return;
    try {
      const connection = await this.#parts.live.connection();
      await connection.sendRequest(protocol.changePlan, { account: account.key, action });
    } catch (error) {
      this.#problem(page, error);
      return;
    }
    this.#parts.changed(account.key);
    await this.#show(page, account);
  }

  /** What ends or shrinks a plan is asked about once more. */
  async #isConfirmed(account: Account, action: PlanAction): Promise<boolean> {
    if (action.kind !== "refund" && action.kind !== "downgrade") return true;
    const yes = action.kind === "refund" ? vscode.l10n.t("Refund") : vscode.l10n.t("Downgrade");
    const question = vscode.l10n.t("Change the plan of {0}?", account.alias ?? account.account);
    const detail = vscode.l10n.t("Scan times that were paid for may be lost.");
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
  }

  async #show(page: PlanPage, account: Account): Promise<void> {
    try {
      const connection = await this.#parts.live.connection();
      const ledger = await connection.sendRequest(protocol.ledger, { account: account.key });
      page.send({ kind: "plan", data: pageData(account, ledger, null) });
      // The cloud's answer takes a while: the page does not wait for it.
      const vendor = await connection.sendRequest(protocol.vendorQuota, { account: account.key });
      if (vendor !== null) page.send({ kind: "plan", data: pageData(account, ledger, vendor) });
    } catch (error) {
      this.#problem(page, error);
      if (error instanceof Error && error.message.includes("plumbline plan repair")) await this.#offerRepair(page, account);
    }
  }

  /** A plan that somebody else wrote over: it is made anew only when the user says so. */
  async #offerRepair(page: PlanPage, account: Account): Promise<void> {
    const repair = vscode.l10n.t("Make It Anew");
    const question = vscode.l10n.t("The plan of {0} can't be read.", account.key);
    const detail = vscode.l10n.t("It can be made anew from the changes and charges that were written down.");
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, repair)) !== repair) return;
    const connection = await this.#parts.live.connection();
    await connection.sendRequest(protocol.repairPlan, { account: account.key });
    this.#parts.changed(account.key);
    await this.#show(page, account);
  }

  #problem(page: PlanPage, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.log.error("plan page", message);
    page.send({ kind: "problem", message });
  }
}

function pageData(
  account: Account,
  { plan, price, charges, days, changes, instances }: LedgerView,
  vendor: VendorQuotaView | null,
): PlanPageData {
  const scans = new Map<string, { scan: string; at: string; scanTimes: number }>();
  for (const { scan, at } of charges) {
    const its = scans.get(scan);
    if (its === undefined) scans.set(scan, { scan, at, scanTimes: 1 });
    else its.scanTimes++;
  }
  return {
    account: account.alias ?? account.account,
    key: account.key,
    plan: plan.plan,
    price,
    freeOnly: freeOnlyText(plan) ?? null,
    remaining: plan.remaining ?? null,
    vendor:
      vendor === null
        ? null
        : {
            quotas: vendor.quotas,
            missing: vendor.missing === undefined ? null : `${vendor.missing.kind} ${vendor.missing.detail}`,
          },
    recommendedQuota: instances === 0 ? null : recommendedQuota(instances),
    changes: changes.map(({ at, action, after }) => ({ at, action, after })),
    days,
    scans: [...scans.values()].reverse(),
  };
}
