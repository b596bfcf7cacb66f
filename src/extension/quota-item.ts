import * as vscode from "vscode";
import * as protocol from "../live/protocol.ts";
import type { Account, PlanView } from "../live/protocol.ts";
import type { LiveProcess } from "./live-process.ts";
import { COMMANDS } from "./manifest.ts";
import { freeOnlyText, numberText } from "./words.ts";

/** What an account may still scan, in a few words. */
export function planText({ plan, remaining }: PlanView): string {
  switch (plan.kind) {
    case "free":
      return vscode.l10n.t("free items only");
    case "pay-as-you-go":
      return plan.suspended ? vscode.l10n.t("pay-as-you-go, suspended") : vscode.l10n.t("pay-as-you-go");
    case "subscription":
      if (remaining === undefined) return vscode.l10n.t("subscription, not usable now");
      return vscode.l10n.t("{0} of {1} scan times used", numberText(plan.used), numberText(plan.quota));
  }
}

/** Used quota in the status bar, once an account with a plan is known. Nothing is started for it. */
export class QuotaItem implements vscode.Disposable {
  readonly #live: LiveProcess;
  /** Told how many accounts are connected. */
  readonly #known: (accounts: number) => void;
  #item: vscode.StatusBarItem | undefined;

  constructor(live: LiveProcess, known: (accounts: number) => void) {
    this.#live = live;
    this.#known = known;
  }

  async refresh(): Promise<void> {
    const connection = await this.#live.connection();
    const accounts = await connection.sendRequest(protocol.accounts);
    this.#known(accounts.length);
    const plans: { account: Account; view: PlanView }[] = [];
    for (const account of accounts) {
      const view = await connection.sendRequest(protocol.plan, { account: account.key });
      if (view.plan.kind !== "free") plans.push({ account, view });
    }
    const subscribed = plans.filter(({ view }) => view.plan.kind === "subscription");
    const [first] = subscribed.length > 0 ? subscribed : plans;
    if (first === undefined) {
      this.#item?.hide();
      return;
    }
    this.#item ??= vscode.window.createStatusBarItem("plumbline.quota", vscode.StatusBarAlignment.Right, 90);
    this.#item.name = vscode.l10n.t("Plumbline scan times");
    this.#item.text = `$(dashboard) ${plans.length === 1 ? planText(first.view) : vscode.l10n.t("{0} plans", plans.length)}`;
    this.#item.tooltip = plans
      .map(
        ({ account, view }) => `${account.alias ?? account.key}: ${[planText(view), freeOnlyText(view) ?? []].flat().join("\n")}`,
      )
      .join("\n");
    const isLow = subscribed.some(
      ({ view: { plan, remaining } }) => plan.kind === "subscription" && (remaining ?? 0) * 10 < plan.quota,
    );
    this.#item.backgroundColor = isLow ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.command = { command: COMMANDS.openPlan, title: vscode.l10n.t("Plan"), arguments: [{ account: first.account }] };
    this.#item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }
}
