import * as vscode from "vscode";
import type { Status } from "../server/protocol.ts";
import { COMMANDS } from "./manifest.ts";

/** Plumbline's line in the language status: what it is doing, what it found, what it looked at. */
export class StatusItem {
  readonly #item: vscode.LanguageStatusItem;

  constructor(selector: vscode.DocumentSelector) {
    this.#item = vscode.languages.createLanguageStatusItem("plumbline.status", selector);
    this.#item.name = "Plumbline";
    this.#item.text = vscode.l10n.t("Plumbline is starting");
    this.#item.busy = true;
    this.#item.command = { command: COMMANDS.showCoverage, title: vscode.l10n.t("Show Coverage") };
  }

  show(status: Status): void {
    const item = this.#item;
    item.busy = status.state === "checking";
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.command = { command: COMMANDS.showCoverage, title: vscode.l10n.t("Show Coverage") };
    item.detail = status.coverage;
    switch (status.state) {
      case "off":
        item.text = vscode.l10n.t("Plumbline is turned off");
        break;
      case "failed":
        this.failed();
        break;
      case "checking":
      case "ready":
        item.text = findingsText(status);
        break;
    }
  }

  failed(): void {
    this.#item.busy = false;
    this.#item.severity = vscode.LanguageStatusSeverity.Error;
    this.#item.text = vscode.l10n.t("Plumbline could not check");
    this.#item.command = { command: COMMANDS.showLog, title: vscode.l10n.t("Show Log") };
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Which environment of plumbline.yaml is assessed, with the way to another; only where some are described. */
export class EnvironmentItem {
  readonly #selector: vscode.DocumentSelector;
  #item: vscode.LanguageStatusItem | undefined;
  #names: readonly string[] = [];
  #current: string | null = null;

  constructor(selector: vscode.DocumentSelector) {
    this.#selector = selector;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  get current(): string | null {
    return this.#current;
  }

  show({ environments, environment }: Status): void {
    this.#names = environments;
    this.#current = environment;
    if (environments.length === 0) {
      this.dispose();
      return;
    }
    this.#item ??= vscode.languages.createLanguageStatusItem("plumbline.environment", this.#selector);
    this.#item.name = vscode.l10n.t("Plumbline environment");
    this.#item.text = environment ?? vscode.l10n.t("No environment");
    this.#item.detail = vscode.l10n.t("environment that is checked");
    this.#item.command = { command: COMMANDS.selectEnvironment, title: vscode.l10n.t("Switch") };
  }

  dispose(): void {
    this.#item?.dispose();
    this.#item = undefined;
  }
}

/** A check that a key stroke starts is over before anybody could read that it runs: only one that lasts is told. */
export class Progress {
  readonly #show: (status: Status) => void;
  #shown = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: (status: Status) => void) {
    this.#show = show;
  }

  tell(status: Status): void {
    clearTimeout(this.#timer);
    if (status.state === "checking" && this.#shown) this.#timer = setTimeout(() => this.#show(status), 500);
    else this.#show(status);
    this.#shown = true;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

function findingsText({ findings }: Status): string {
  const total = findings.high + findings.medium + findings.low;
  if (total === 0) return vscode.l10n.t("Plumbline: no findings");
  return vscode.l10n.t("Plumbline: {0} high, {1} medium, {2} low", findings.high, findings.medium, findings.low);
}
