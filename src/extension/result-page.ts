import * as vscode from "vscode";
import { cellMarkdown, escapeMarkdown, proseMarkdown } from "../core/text/markdown.ts";
import type { PairHistory, ResultsView, ResultView } from "../live/protocol.ts";
import { changeWord, momentText, riskWord, statusWord } from "./words.ts";

export const ACCOUNT_SCHEME = "plumbline-account";

/** Pages about an account, as virtual Markdown documents that the editor shows rendered. Everything of the account is escaped. */
export class AccountPages implements vscode.TextDocumentContentProvider {
  readonly #pages = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.path) ?? vscode.l10n.t("This page is gone: open it again from the Accounts view.");
  }

  async openMarkdown(path: string, text: string): Promise<void> {
    const uri = this.#put(`${path}.md`, text);
    await vscode.commands.executeCommand("vscode.openWith", uri, "vscode.markdown.preview.editor");
  }

  async openText(path: string, text: string, language: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#put(path, text));
    await vscode.languages.setTextDocumentLanguage(document, language);
    await vscode.window.showTextDocument(document);
  }

  #put(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: ACCOUNT_SCHEME, path: `/${path}` });
    this.#pages.set(uri.path, text);
    this.#changed.fire(uri);
    return uri;
  }
}

/** Why, what to do, what decided, and what it was before. */
export function resultMarkdown(
  result: ResultView,
  { items, scan }: ResultsView,
  account: string,
  history: readonly PairHistory[],
): string {
  const texts = items[result.item];
  const { message, evidence, reason, status, change, type, name, id, region } = result;
  const lines = [
    `# ${proseMarkdown(texts?.title ?? result.item)}`,
    "",
    `**${proseMarkdown(message === "" ? statusWord(status) : message)}**`,
    "",
    `| | |`,
    `| --- | --- |`,
    row(vscode.l10n.t("Account"), account),
    row(vscode.l10n.t("Instance"), name === id ? id : `${name} (${id})`),
    row(vscode.l10n.t("Type"), type),
    ...(region === undefined ? [] : [row(vscode.l10n.t("Region"), region)]),
    row(vscode.l10n.t("Risk level"), riskWord(result.risk)),
    row(vscode.l10n.t("Check item"), result.item),
    row(vscode.l10n.t("Checked"), momentText(scan.endedAt ?? scan.startedAt)),
    ...(change === undefined ? [] : [row(vscode.l10n.t("Since the scan before"), changeWord(change))]),
    "",
  ];
  if (reason !== undefined) {
    const text = reason.kind === "denied" ? vscode.l10n.t("Denied: allow {0}.", reason.detail) : `${reason.kind}: ${reason.detail}`;
    lines.push(`## ${vscode.l10n.t("Why it was not checked")}`, "", escapeMarkdown(text), "");
  }
  if (texts !== undefined) {
    lines.push(`## ${vscode.l10n.t("Why it matters")}`, "", proseMarkdown(texts.why.trim()), "");
    lines.push(`## ${vscode.l10n.t("What to do")}`, "", proseMarkdown(texts.advice.trim()), "");
  }
  const shown = evidence.filter(({ value }) => value !== "");
  if (shown.length > 0) {
    lines.push(`## ${vscode.l10n.t("What the account says")}`, "", "| | |", "| --- | --- |");
    for (const { path, value } of shown) lines.push(row(path, value));
    lines.push("");
  }
  if (history.length > 1) {
    lines.push(`## ${vscode.l10n.t("In the scans so far")}`, "", "| | |", "| --- | --- |");
    for (const { at, status: then, message: said, reason: why } of history) {
      const detail = why === undefined ? said : `${why.kind} ${why.detail}`;
      lines.push(
        `| ${escapeMarkdown(momentText(at))} | ${cellMarkdown(detail === "" ? statusWord(then) : `${statusWord(then)}: ${detail}`)} |`,
      );
    }
    lines.push("");
  }
  return `${lines.join("\n")}\n`;
}

function row(name: string, value: string): string {
  return `| ${escapeMarkdown(name)} | ${escapeMarkdown(value.replaceAll(/\s+/g, " "))} |`;
}
