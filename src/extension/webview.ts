import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { escapeMarkup } from "../core/reports/markup.ts";

/** Which page: its script is `dist/webview/<name>.js`. */
export type PageName = "cost" | "plan";

/** One page an account. What is said to a page that was closed meanwhile is said to nobody. */
export class Pages<FromPage, ToPage> {
  readonly #context: vscode.ExtensionContext;
  readonly #name: PageName;
  readonly #open = new Map<string, Page<FromPage, ToPage>>();

  constructor(context: vscode.ExtensionContext, name: PageName) {
    this.#context = context;
    this.#name = name;
  }

  /** undefined: the account's page is open already, and is shown. */
  open(account: string, title: string): Page<FromPage, ToPage> | undefined {
    const shown = this.#open.get(account);
    if (shown !== undefined) {
      shown.reveal();
      return undefined;
    }
    const page = new Page<FromPage, ToPage>(openPanel(this.#context, this.#name, title));
    this.#open.set(account, page);
    page.onClosed(() => this.#open.delete(account));
    return page;
  }
}

export class Page<FromPage, ToPage> {
  readonly #panel: vscode.WebviewPanel;
  #closed = false;

  constructor(panel: vscode.WebviewPanel) {
    this.#panel = panel;
    panel.onDidDispose(() => (this.#closed = true));
  }

  send(message: ToPage): void {
    if (!this.#closed) void this.#panel.webview.postMessage(message);
  }

  onMessage(receive: (message: FromPage) => void): void {
    this.#panel.webview.onDidReceiveMessage(receive);
  }

  onClosed(tell: () => void): void {
    this.#panel.onDidDispose(tell);
  }

  reveal(): void {
    this.#panel.reveal();
  }
}

/** Opens a page in an editor tab. It may load its own script and style and nothing else, and reach no network. */
function openPanel(context: vscode.ExtensionContext, name: PageName, title: string): vscode.WebviewPanel {
  const folder = vscode.Uri.joinPath(context.extensionUri, "dist", "webview");
  const panel = vscode.window.createWebviewPanel(`plumbline.${name}`, title, vscode.ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [folder],
  });
  panel.iconPath = vscode.Uri.joinPath(context.extensionUri, "media", "plumbline.svg");
  const { webview } = panel;
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const nonce = randomBytes(16).toString("base64");
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'; font-src ${webview.cspSource}`;
  const texts = vscode.l10n.bundle === undefined ? "" : JSON.stringify(vscode.l10n.bundle);
  webview.html = `<!DOCTYPE html>
<html lang="${escapeMarkup(vscode.env.language)}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
    <link rel="stylesheet" href="${escapeMarkup(uri("page.css"))}">
    <title>${escapeMarkup(title)}</title>
  </head>
  <body data-texts="${escapeMarkup(texts)}">
    <main></main>
    <script nonce="${nonce}" src="${escapeMarkup(uri(`${name}.js`))}"></script>
  </body>
</html>`;
  return panel;
}
