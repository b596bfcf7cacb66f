import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type CodeAction,
  type Diagnostic,
  type Hover,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";

/** An editor as the server sees one: a real process at the other end of its pipes. */
export class Client {
  readonly connection: MessageConnection;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly registrations: Registration[] = [];
  readonly log: string[] = [];
  settings: Record<string, unknown> = { debounce: 0 };
  /** Answers per scope, over `settings`. */
  readonly scoped = new Map<string, Record<string, unknown>>();
  refreshes = 0;
  initialized: InitializeResult | undefined;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();
  readonly #texts = new Map<string, { version: number; text: string }>();

  constructor(command: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, command, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } });
    this.#child = child;
    this.connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    this.connection.onNotification("textDocument/publishDiagnostics", (published: PublishDiagnosticsParams) => {
      this.published.push(published);
      this.#wake();
    });
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.log.push(message);
      this.#wake();
    });
    this.connection.onRequest("client/registerCapability", ({ registrations }: { registrations: Registration[] }) => {
      this.registrations.push(...registrations);
      this.#wake();
      return null;
    });
    this.connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => ({ ...this.settings, ...this.scoped.get(scopeUri ?? "") })),
    );
    this.connection.onRequest("workspace/diagnostic/refresh", () => {
      this.refreshes++;
      this.#wake();
      return null;
    });
    this.connection.listen();
  }

  async start(
    folders: readonly string[],
    capabilities: ClientCapabilities = EDITOR,
    options: object = {},
    locale = "en",
  ): Promise<InitializeResult> {
    const result = await this.connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: null,
      locale,
      capabilities,
      workspaceFolders: folders.map((folder) => ({ uri: uri(folder), name: folder })),
      initializationOptions: { debounce: 0, ...options },
    });
    this.initialized = result;
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  async open(file: string, text: string, version = 1, languageId = "terraform"): Promise<void> {
    this.#texts.set(uri(file), { version, text });
    await this.connection.sendNotification("textDocument/didOpen", { textDocument: { uri: uri(file), languageId, version, text } });
  }

  async change(file: string, text: string): Promise<number> {
    const version = (this.#texts.get(uri(file))?.version ?? 0) + 1;
    this.#texts.set(uri(file), { version, text });
    const textDocument = { uri: uri(file), version };
    await this.connection.sendNotification("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
    return version;
  }

  async closeDocument(file: string): Promise<void> {
    this.#texts.delete(uri(file));
    await this.connection.sendNotification("textDocument/didClose", { textDocument: { uri: uri(file) } });
  }

  async watched(...changes: readonly { readonly file: string; readonly type: 1 | 2 | 3 }[]): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: changes.map(({ file, type }) => ({ uri: uri(file), type })),
    });
  }

  /** The latest diagnostics of a file. */
  diagnostics(file: string): readonly Diagnostic[] {
    return this.published.findLast((published) => published.uri === uri(file))?.diagnostics ?? [];
  }

  /** Resolves with the first published diagnostics of a file that satisfy the condition, those already here included. */
  async until(
    file: string,
    condition: (diagnostics: readonly Diagnostic[], version: number | undefined) => boolean,
  ): Promise<readonly Diagnostic[]> {
    await this.wait(() => {
      const last = this.published.findLast((published) => published.uri === uri(file));
      return last !== undefined && condition(last.diagnostics, last.version);
    }, `diagnostics of ${file}`);
    return this.diagnostics(file);
  }

  async wait(condition: () => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => {
        this.#waiting.delete(look);
        reject(
          new Error(`waited in vain for ${what}; last: ${JSON.stringify(this.published.slice(-3))}; log: ${this.log.join("\n")}`),
        );
      }, 15_000);
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(patience);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  async actions(file: string, range: Range, only?: readonly string[]): Promise<CodeAction[]> {
    const context = { diagnostics: [], ...(only === undefined ? {} : { only }) };
    const answer = await this.connection.sendRequest<CodeAction[] | null>("textDocument/codeAction", {
      textDocument: { uri: uri(file) },
      range,
      context,
    });
    return answer ?? [];
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest<CodeAction>("codeAction/resolve", action);
  }

  hover(file: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: uri(file) },
      position: { line, character },
    });
  }

  /** Does what an editor does with an edit; documents that are open change. Returns the new texts by file URI. */
  async apply(edit: WorkspaceEdit | undefined): Promise<ReadonlyMap<string, string>> {
    const changed = new Map<string, string>();
    const documents = (edit?.documentChanges ?? []).filter((change): change is TextDocumentEdit => "textDocument" in change);
    for (const { textDocument, edits } of documents) {
      const known = this.#texts.get(textDocument.uri);
      if (known === undefined) throw new Error(`${textDocument.uri} is not open`);
      if (textDocument.version !== known.version) throw new Error(`the edit is for version ${String(textDocument.version)}`);
      const text = applied(known.text, edits.map(plain));
      changed.set(textDocument.uri, text);
      known.text = text;
      known.version++;
      await this.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: textDocument.uri, version: known.version },
        contentChanges: [{ text }],
      });
    }
    return changed;
  }

  async stop(): Promise<number | null> {
    await this.connection.sendRequest("shutdown");
    const ended = new Promise<number | null>((resolve) => this.#child.once("exit", resolve));
    await this.connection.sendNotification("exit");
    return ended;
  }

  /** Lets go of everything, so that nothing keeps the test process alive. */
  kill(): void {
    this.#child.kill("SIGKILL");
    this.connection.dispose();
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.unref();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** An editor that can do everything. */
export const EDITOR: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } },
      resolveSupport: { properties: ["edit"] },
      dataSupport: true,
      disabledSupport: true,
      isPreferredSupport: true,
    },
  },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true, resourceOperations: ["create"], snippetEditSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
};

export function uri(file: string): string {
  return pathToFileURL(file).href;
}

/** A fresh copy of a fixture folder, or an empty one, whose name has what paths may have. */
export function temporaryFolder(fixture?: string): { readonly path: string; remove(): void } {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "plumbline ünïcode ")));
  if (fixture !== undefined) cpSync(fixture, base, { recursive: true });
  return { path: base, remove: () => rmSync(base, { recursive: true, force: true }) };
}

function plain(edit: TextDocumentEdit["edits"][number]): TextEdit {
  if ("snippet" in edit) {
    const newText = edit.snippet.value.replaceAll(/\$\{\d+:((?:\\.|[^}])*)\}/g, "$1").replaceAll(/\\([\\$}])/g, "$1");
    return { range: edit.range, newText };
  }
  return edit;
}

function applied(text: string, edits: readonly TextEdit[]): string {
  const offset = ({ line, character }: Range["start"]): number => {
    let start = 0;
    for (let n = 0; n < line; n++) start = text.indexOf("\n", start) + 1;
    return start + character;
  };
  const sorted = edits.map(({ range, newText }, index) => ({ start: offset(range.start), end: offset(range.end), newText, index }));
  sorted.sort((a, b) => b.start - a.start || b.index - a.index);
  return sorted.reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}
