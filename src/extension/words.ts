import * as vscode from "vscode";
import type { PlanView, RemedyRecord, ResultView } from "../live/protocol.ts";

/* What the live process tells in single words, as people read it in their language. */

export function riskWord(risk: ResultView["risk"]): string {
  return { high: vscode.l10n.t("high"), medium: vscode.l10n.t("medium"), low: vscode.l10n.t("low") }[risk];
}

export function statusWord(status: ResultView["status"]): string {
  switch (status) {
    case "pass":
      return vscode.l10n.t("pass");
    case "fail":
      return vscode.l10n.t("fail");
    case "notApplicable":
      return vscode.l10n.t("not applicable");
    case "suppressed":
      return vscode.l10n.t("suppressed");
    case "notChecked":
      return vscode.l10n.t("not checked");
    case "vanished":
      return vscode.l10n.t("gone");
    case "open":
      return vscode.l10n.t("open");
  }
}

export function changeWord(change: NonNullable<ResultView["change"]>): string {
  return { new: vscode.l10n.t("new"), still: vscode.l10n.t("still there"), fixed: vscode.l10n.t("fixed") }[change];
}

/** A moment as the reader's language writes it. The process' own language is the machine's, not the editor's. */
export function momentText(iso: string): string {
  return new Date(iso).toLocaleString(vscode.env.language);
}

/** `12,345`, as the reader's language writes it. */
export function numberText(value: number): string {
  return value.toLocaleString(vscode.env.language);
}

/** Why only free items may run; undefined: paid ones may. */
export function freeOnlyText({ plan, freeOnly }: PlanView): string | undefined {
  switch (freeOnly?.reason) {
    case undefined:
      return undefined;
    case "no plan":
      return vscode.l10n.t("No plan is active: only free check items scan accounts.");
    case "suspended":
      return plan.kind === "subscription"
        ? vscode.l10n.t("The subscription is suspended: only free check items scan accounts.")
        : vscode.l10n.t("Pay-as-you-go is suspended: only free check items scan accounts.");
    case "expired":
      return vscode.l10n.t("The subscription expired on {0}: renew it.", plan.kind === "subscription" ? plan.end.slice(0, 10) : "");
    case "not begun":
      return vscode.l10n.t("The subscription begins on {0}.", plan.kind === "subscription" ? plan.start.slice(0, 10) : "");
  }
}

/** Of a remedy, or of a step of one. */
export function stateWord(state: RemedyRecord["state"] | RemedyRecord["steps"][number]["state"]): string {
  switch (state) {
    case "planned":
      return vscode.l10n.t("planned");
    case "started":
      return vscode.l10n.t("started");
    case "done":
      return vscode.l10n.t("done");
    case "applying":
      return vscode.l10n.t("applying");
    case "applied":
      return vscode.l10n.t("applied");
    case "failed":
      return vscode.l10n.t("failed");
    case "undoing":
      return vscode.l10n.t("undoing");
    case "undone":
      return vscode.l10n.t("undone");
    case "undo failed":
      return vscode.l10n.t("undo failed");
  }
}

/** What a check item says after a remedy: an outcome, or why nobody knows. */
export function verdictWord(verified: string): string {
  return verified === "pass" || verified === "fail" || verified === "notApplicable" ? statusWord(verified) : verified;
}
