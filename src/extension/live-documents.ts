import * as vscode from "vscode";
import * as protocol from "../live/protocol.ts";
import type { Account } from "../live/protocol.ts";
import type { AccountNode } from "./accounts-view.ts";
import type { LiveProcess } from "./live-process.ts";
import { COMMANDS } from "./manifest.ts";

export const LIVE_SCHEME = "plumbline-live";

interface Shown {
  readonly text: string;
  readonly account: Account;
  readonly instance: string;
}

/** Instances of accounts as read-only Terraform documents, with what the newest scan found at its lines. */
export class LiveDocuments implements vscode.TextDocumentContentProvider, vscode.CodeActionProvider, vscode.Disposable {
  readonly #live: LiveProcess;
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("plumbline live documents");
  readonly #nodes = new WeakMap<vscode.Diagnostic, AccountNode>();
  readonly onDidChange = this.#changed.event;

  constructor(live: LiveProcess) {
    this.#live = live;
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const gone = vscode.l10n.t("This document is gone: open it again from the Accounts view.");
    return this.#shown.get(uri.path)?.text ?? `# ${gone}\n`;
  }

  /** Nobody looks at it any more: neither does the list of problems. */
  closed(uri: vscode.Uri): void {
    if (uri.scheme !== LIVE_SCHEME) return;
    this.#shown.delete(uri.path);
    this.#diagnostics.delete(uri);
  }

  /** Reads the instance now and opens it beside what is looked at. */
  async open(account: Account, instance: string, name: string, token: protocol.Token): Promise<void> {
    const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}.tf`;
    const uri = vscode.Uri.from({ scheme: LIVE_SCHEME, path: `/${account.key}/${encodeURIComponent(instance)}/${file}` });
    await vscode.window.showTextDocument(await this.#read(uri, account, instance, token), { preview: false });
  }

  async #read(uri: vscode.Uri, account: Account, instance: string, token?: protocol.Token): Promise<vscode.TextDocument> {
    const connection = await this.#live.connection();
    const request = { account: account.key, instance };
    const view =
      token === undefined
        ? await connection.sendRequest(protocol.asTerraform, request)
        : await connection.sendRequest(protocol.asTerraform, request, token);
    const results = await connection.sendRequest(protocol.results, { account: account.key });
    const remedies = await connection.sendRequest(protocol.remedies, { cloud: account.cloud });
    const remediable = new Set(remedies.map(({ item }) => item));
    this.#shown.set(uri.path, { text: view.text, account, instance });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, "terraform");
    this.#diagnostics.set(
      uri,
      view.findings.map(({ item, message, line }) => {
        const range = document.lineAt(Math.min(line, document.lineCount - 1)).range;
        const inner = new vscode.Range(
          range.start.with({ character: document.lineAt(range.start.line).firstNonWhitespaceCharacterIndex }),
          range.end,
        );
        const result = results?.results.find((each) => each.item === item && each.instance === instance);
        const diagnostic = new vscode.Diagnostic(inner, message.replaceAll("`", ""), severityOf(result?.risk));
        diagnostic.source = "Plumbline live";
        diagnostic.code = item;
        if (results !== null && result !== undefined) {
          this.#nodes.set(diagnostic, { kind: "result", account, view: results, result, fixable: remediable.has(item) });
        }
        return diagnostic;
      }),
    );
    return document;
  }

  /** Something was changed in the instance: what shows it is read again. */
  async refresh(account: Account, instance: string): Promise<void> {
    for (const [path, shown] of this.#shown) {
      if (shown.account.key !== account.key || shown.instance !== instance) continue;
      const uri = vscode.Uri.from({ scheme: LIVE_SCHEME, path });
      if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString()))
        await this.#read(uri, account, instance);
      else this.#shown.delete(path);
    }
  }

  /** Appends the document to a Terraform file of the workspace, where `terraform plan` imports it. */
  async copy(uri: vscode.Uri): Promise<void> {
    const shown = this.#shown.get(uri.path);
    if (shown === undefined) throw new Error(vscode.l10n.t("This document is gone: open it again from the Accounts view."));
    const files = await vscode.workspace.findFiles("**/*.{tf,tofu}", "**/.terraform/**", 500);
    const made = vscode.l10n.t("A new file, imported.tf…");
    const items = [
      { label: made, uri: undefined },
      ...files
        .map((file) => ({ label: vscode.workspace.asRelativePath(file), uri: file }))
        .sort((a, b) => (a.label < b.label ? -1 : 1)),
    ];
    const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Copy into which file?") });
    if (picked === undefined) return;
    const edit = new vscode.WorkspaceEdit();
    let target = picked.uri;
    if (target === undefined) {
      const folder = vscode.workspace.workspaceFolders?.[0];
      if (folder === undefined) throw new Error(vscode.l10n.t("Open a folder first."));
      target = vscode.Uri.joinPath(folder.uri, "imported.tf");
      edit.createFile(target, { ignoreIfExists: true });
      const exists = files.some((file) => file.toString() === target?.toString());
      edit.insert(target, new vscode.Position(exists ? 1_000_000 : 0, 0), exists ? `\n${shown.text}` : shown.text);
    } else {
      const document = await vscode.workspace.openTextDocument(target);
      const end = document.lineAt(document.lineCount - 1).range.end;
      const gap = document.getText() === "" ? "" : end.character === 0 ? "\n" : "\n\n";
      edit.insert(target, end, `${gap}${shown.text}`);
    }
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error(vscode.l10n.t("The files changed meanwhile. Try again."));
    await vscode.window.showTextDocument(target);
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const copy = new vscode.CodeAction(vscode.l10n.t("Copy into the workspace, to be imported…"), vscode.CodeActionKind.QuickFix);
    copy.command = { command: COMMANDS.copyLiveDocument, title: copy.title, arguments: [document.uri] };
    const lines = new vscode.Range(range.start.with({ character: 0 }), document.lineAt(range.end.line).range.end);
    const here = (this.#diagnostics.get(document.uri) ?? []).filter((each) => each.range.intersection(lines) !== undefined);
    const actions = here.flatMap((diagnostic) => {
      const node = this.#nodes.get(diagnostic);
      if (node?.kind !== "result") return [];
      const action = (title: string, command: string): vscode.CodeAction => {
        const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        made.diagnostics = [diagnostic];
        made.command = { command, title, arguments: [node] };
        return made;
      };
      return [
        ...(node.fixable ? [action(vscode.l10n.t("Fix in the Account: {0}…", node.result.item), COMMANDS.fixResult)] : []),
        action(vscode.l10n.t("Show what the account says"), COMMANDS.openResult),
      ];
    });
    return [...actions, copy];
  }

  dispose(): void {
    this.#changed.dispose();
    this.#diagnostics.dispose();
  }
}

function severityOf(risk: "high" | "medium" | "low" | undefined): vscode.DiagnosticSeverity {
  if (risk === "high") return vscode.DiagnosticSeverity.Error;
  return risk === "low" ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
}
