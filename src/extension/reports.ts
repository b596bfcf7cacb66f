import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { languageOf } from "../core/text/language.ts";
import type { ReportedScan } from "../core/reports/scan-report.ts";
import * as protocol from "../live/protocol.ts";
import type { Account } from "../live/protocol.ts";
import { REPORT, type ReportFormat, type ReportParameters } from "../server/protocol.ts";
import { registerCommand } from "./commands.ts";
import type { LiveProcess } from "./live-process.ts";
import { COMMANDS } from "./manifest.ts";

export interface ReportSurroundings {
  readonly client: LanguageClient;
  readonly live: LiveProcess;
  readonly version: string;
  readonly accountOf: (node: unknown) => Promise<Account | undefined>;
}

const endings: Readonly<Record<ReportFormat, string>> = {
  html: "html",
  csv: "csv",
  json: "json",
  sarif: "sarif",
  markdown: "md",
  junit: "xml",
};

/** Reports of the workspace and of accounts: shown as a page, or saved for others. */
export function registerReports(log: vscode.LogOutputChannel, its: ReportSurroundings): vscode.Disposable[] {
  return [
    registerCommand(log, COMMANDS.showReport, async () => {
      show(vscode.l10n.t("Report of the workspace"), await ofWorkspace(its, "html"));
    }),
    registerCommand(log, COMMANDS.saveReport, async () => {
      const format = await pickFormat(["html", "csv", "markdown", "json", "sarif", "junit"]);
      if (format !== undefined) await save("plumbline", format, await ofWorkspace(its, format));
    }),
    registerCommand(log, COMMANDS.showAccountReport, async (node) => {
      const account = await its.accountOf(node);
      if (account !== undefined) show(vscode.l10n.t("Report of {0}", account.key), await ofAccount(its, account, "html"));
    }),
    registerCommand(log, COMMANDS.saveAccountReport, async (node) => {
      const account = await its.accountOf(node);
      if (account === undefined) return;
      const format = await pickFormat(["html", "csv", "json"] as const);
      if (format !== undefined) await save(`plumbline-${account.account}`, format, await ofAccount(its, account, format));
    }),
  ];
}

async function ofWorkspace({ client }: ReportSurroundings, format: ReportFormat): Promise<string> {
  const parameters: ReportParameters = { format };
  const text = await client.sendRequest<string | null>(REPORT, parameters);
  if (text === null) throw new Error(vscode.l10n.t("The workspace could not be checked."));
  return text;
}

async function ofAccount(
  { live, version }: ReportSurroundings,
  { key }: Account,
  format: "html" | "csv" | "json",
): Promise<string> {
  const connection = await live.connection();
  const view = await connection.sendRequest(protocol.results, { account: key });
  if (view === null) throw new Error(vscode.l10n.t("{0} has not been scanned.", key));
  const scan: ReportedScan = { ...view, history: await connection.sendRequest(protocol.history, { account: key }) };
  const { scanCsv, scanHtml } = await import("../core/reports/scan-report.ts");
  switch (format) {
    case "html":
      return scanHtml([scan], { version, language: languageOf(vscode.env.language), all: false });
    case "csv":
      return scanCsv([scan], true);
    case "json":
      return `${JSON.stringify(view, null, 2)}\n`;
  }
}

/** The page as it would be saved: its own policy lets it load nothing, and run and style itself with just what it brings. */
function show(title: string, html: string): void {
  const panel = vscode.window.createWebviewPanel("plumbline.report", title, vscode.ViewColumn.Active, {
    enableScripts: true,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = html;
}

async function pickFormat<Format extends ReportFormat>(formats: readonly Format[]): Promise<Format | undefined> {
  const names: Readonly<Record<ReportFormat, string>> = {
    html: "HTML",
    csv: "CSV",
    json: "JSON",
    sarif: "SARIF",
    markdown: "Markdown",
    junit: "JUnit",
  };
  const items = formats.map((format) => ({ label: names[format], description: `.${endings[format]}`, format }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Format of the report") }))?.format;
}

async function save(name: string, format: ReportFormat, text: string): Promise<void> {
  const file = `${name}.${endings[format]}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, file) }),
    filters: { [format.toUpperCase()]: [endings[format]] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  const open = vscode.l10n.t("Open");
  const choice = await vscode.window.showInformationMessage(vscode.l10n.t("The report is in {0}.", target.path), open);
  if (choice === open) await vscode.commands.executeCommand("vscode.open", target);
}
