import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { COVERAGE_PAGE, DOCUMENTATION_SCHEME, PAGE, type PageParameters } from "../server/protocol.ts";

/** Pages that the server holds, under `plumbline-docs:`. */
export class DocumentationProvider implements vscode.TextDocumentContentProvider {
  readonly #client: LanguageClient;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const parameters: PageParameters = { path: uri.path };
    const text = await this.#client.sendRequest<string | null>(PAGE, parameters);
    return text ?? vscode.l10n.t("# This page does not exist\n\nThe check item may have been renamed.\n");
  }

  /** The coverage page speaks about the latest check. */
  refreshCoverage(): void {
    const open = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.scheme === DOCUMENTATION_SCHEME && uri.path === COVERAGE_PAGE,
    );
    if (open !== undefined) this.#changed.fire(open.uri);
  }
}

/** Opens a page rendered, as a link to it does. */
export async function openPage(path: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: DOCUMENTATION_SCHEME, path });
  await vscode.commands.executeCommand("vscode.openWith", uri, "vscode.markdown.preview.editor");
}

/** The path of a check item's page. Its id begins with the cloud. */
export function checkPagePath(check: string): string {
  return `/checks/${check.slice(0, check.indexOf("-"))}/${check}.md`;
}
