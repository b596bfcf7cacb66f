import * as vscode from "vscode";
import { recommendedQuota } from "../core/billing/estimate.ts";
import type { PlanAction } from "../core/billing/plan.ts";
import * as protocol from "../live/protocol.ts";
import type { Account, LedgerView } from "../live/protocol.ts";
import type { FromPlanPage, PlanPageData, ToPlanPage } from "../webview/plan/messages.ts";
import type { LiveProcess } from "./live-process.ts";
import { openPanel } from "./webview.ts";

export interface PlanPageParts {
  readonly live: LiveProcess;
  readonly log: vscode.LogOutputChannel;
  readonly changed: (account: string) => void;
  readonly openCost: (account: Account) => Promise<void>;
  readonly showPolicy: (account: Account) => Promise<void>;
}

/** Plan pages, one an account. */
export class PlanPages {
  readonly #context: vscode.ExtensionContext;
  readonly #parts: PlanPageParts;
  readonly #open = new Map<string, vscode.WebviewPanel>();

  constructor(context: vscode.ExtensionContext, parts: PlanPageParts) {
    this.#context = context;
    this.#parts = parts;
  }

  open(account: Account): void {
    const shown = this.#open.get(account.key);
    if (shown !== undefined) {
      shown.reveal();
      void this.#show(shown, account);
      return;
    }
    const panel = openPanel(this.#context, "plan", vscode.l10n.t("Plan of {0}", account.alias ?? account.account));
    this.#open.set(account.key, panel);
    panel.onDidDispose(() => this.#open.delete(account.key));
    panel.webview.onDidReceiveMessage((message: FromPlanPage) => void this.#receive(panel, account, message));
  }

  async #receive(panel: vscode.WebviewPanel, account: Account, message: FromPlanPage): Promise<void> {
    switch (message.kind) {
      case "ready":
        await this.#show(panel, account);
        return;
      case "change":
        await this.#change(panel, account, message.action);
        return;
      case "cost":
        await this.#parts.openCost(account);
        return;
      case "authorize":
        await this.#parts.showPolicy(account);
        return;
    }
  }

  async #change(panel: vscode.WebviewPanel, account: Account, action: PlanAction): Promise<void> {
    if (!(await this.#isConfirmed(account, action))) return;
    try {
      const connection = await this.#parts.live.connection();
      await connection.sendRequest(protocol.changePlan, { account: account.key, action });
    } catch (error) {
      this.#problem(panel, error);
      return;
    }
    this.#parts.changed(account.key);
    await this.#show(panel, account);
  }

  /** What ends or shrinks a plan is asked about once more. */
  async #isConfirmed(account: Account, action: PlanAction): Promise<boolean> {
    if (action.kind !== "refund" && action.kind !== "downgrade") return true;
    const yes = action.kind === "refund" ? vscode.l10n.t("Refund") : vscode.l10n.t("Downgrade");
    const question = vscode.l10n.t("Change the plan of {0}?", account.alias ?? account.account);
    const detail = vscode.l10n.t("Scan times that were paid for may be lost.");
    return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
  }

  async #show(panel: vscode.WebviewPanel, account: Account): Promise<void> {
    try {
      const connection = await this.#parts.live.connection();
      const ledger = await connection.sendRequest(protocol.ledger, { account: account.key });
      this.#send(panel, { kind: "plan", data: pageData(account, ledger) });
    } catch (error) {
      this.#problem(panel, error);
    }
  }

  #problem(panel: vscode.WebviewPanel, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.log.error("plan page", message);
    this.#send(panel, { kind: "problem", message });
  }

  #send(panel: vscode.WebviewPanel, message: ToPlanPage): void {
    void panel.webview.postMessage(message);
  }
}

function pageData(account: Account, { plan, price, charges, days, changes, instances }: LedgerView): PlanPageData {
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
    unit: plan.unit,
    freeOnly: plan.freeOnly ?? null,
    remaining: plan.remaining ?? null,
    recommendedQuota: instances === 0 ? null : recommendedQuota(instances),
    changes: changes.map(({ at, action, after }) => ({ at, action, after })),
    days,
    scans: [...scans.values()].reverse(),
  };
}
