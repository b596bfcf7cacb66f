import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  FileChangeType,
  LogMessageNotification,
  MessageType,
  TextDocumentSyncKind,
  TextDocuments,
  WatchKind,
  type CodeAction,
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type FileSystemWatcher,
  type InitializeParams,
  type InitializeResult,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CheckItem } from "../core/checks/model.ts";
import { languageOf, type Language } from "../core/text/language.ts";
import type { Report } from "../core/findings/model.ts";
import { countByRisk } from "../core/reports/context.ts";
import type { LiveCost } from "../core/inspection/live-cost.ts";
import { spotText } from "../core/reports/spot-values.ts";
import type { Service } from "../core/service.ts";
import { baseName, directoryOf, isInside, joinPath, relativePath } from "../core/text/path.ts";
import type { FilePath } from "../core/text/text.ts";
import type { TerraformEnvironment } from "../host/environment.ts";
import { abilitiesOf, readInitializationOptions, type Abilities } from "./abilities.ts";
import { Actions, FIX_ALL_KIND, suppressEdit, textsOf } from "./actions.ts";
import { BesideAccounts } from "./beside.ts";
import { coverageLine, coveragePage } from "./coverage.ts";
import { DiagnosticBuilder, NO_DIAGNOSTICS, sameDiagnostics } from "./diagnostics.ts";
import { protocolEdit, rangeOf } from "./edits.ts";
import { costLenses } from "./lenses.ts";
import { hoverAt, type HoveredValue } from "./hover.ts";
import { checkPage } from "./pages.ts";
import type { Pages } from "./product-pages.ts";
import {
  BESIDE,
  COVERAGE_PAGE,
  AGENT,
  DOCUMENTATION_SCHEME,
  FINDINGS,
  FIX_ALL,
  FIXES,
  MANAGED_TYPES,
  PAGE,
  RELOAD,
  REPORT,
  STATUS,
  SUPPRESS,
  TAKE_LIVE,
  TRUSTED,
  SET_ACCOUNT,
  SET_ENVIRONMENT,
  SHOW_COSTS,
  type AccountParameters,
  type BesideAnswer,
  type BesideParameters,
  type EditAnswer,
  type AgentAnswer,
  type AgentParameters,
  type CostParameters,
  type EnvironmentParameters,
  type FindingItem,
  type FixAllParameters,
  type FixesParameters,
  type FixItem,
  type InitializationOptions,
  type PageParameters,
  type ReportParameters,
  type Status,
  type SuppressParameters,
  type TakeLiveAnswer,
  type TakeLiveParameters,
} from "./protocol.ts";
import { explain, safely } from "./safely.ts";
import { DEFAULT_SETTINGS, isObject, readSettings, type Settings } from "./settings.ts";
import { pathOf, uriOf } from "./uris.ts";
import { wordsOf, type Words } from "./words.ts";
import { Workspace, type Disk, type Pause, type Snapshot } from "./workspace.ts";

export interface ServerOptions {
  /** What the environment tells Terraform, so that the editor and the command line agree. */
  readonly environment?: TerraformEnvironment;
  /** In the language of the editor. */
  readonly createService: (language: Language) => Service;
  readonly disk: Disk;
  readonly pages: Pages;
  readonly version: string;
}

/** Wires a service to a connection and listens. All state of the session lives in here. */
export function serve(connection: Connection, options: ServerOptions): void {
  const log = (message: string): void => {
    void connection.sendNotification(LogMessageNotification.type, { type: MessageType.Info, message });
  };
  connection.onInitialize((parameters) => {
    const session = new Session(connection, options, parameters, log);
    session.listen();
    return session.capabilities();
  });
  connection.listen();
}

/** What takes part without being asked for; deletions of anything, because a deleted folder is told as one path. */
const WATCHED = [
  "**/*.{tf,tofu,tfvars}",
  "**/*.{tf,tofu,tfvars}.json",
  "**/plumbline.yaml",
  "**/{aws,alibaba,tencent}/*/*.{yaml,yml}",
  "**/.terraform/modules/modules.json",
];

/** Milliseconds without a change after which the workspace's cost is counted. */
const IDLE = 300;

class Session {
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #parameters: InitializeParams;
  readonly #log: (message: string) => void;
  readonly #initial: InitializationOptions;
  readonly #abilities: Abilities;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #language: Language;
  readonly #words: Words;
  readonly #service: Service;
  readonly #workspace: Workspace;
  readonly #actions: Actions;
  readonly #beside: BesideAccounts;
  readonly #builder: DiagnosticBuilder;
  #settings: Settings;
  #trusted: boolean;
  #environment: string | undefined;
  /** Whether the user has connected an account. */
  #connected = false;
  #total: LiveCost | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;
  /** By path; a file without an entry has none. */
  #diagnostics: ReadonlyMap<FilePath, readonly Diagnostic[]> = new Map();
  readonly #published = new Map<
    FilePath,
    {
      readonly uri: string;
      readonly version: number | undefined;
      readonly result: number;
      readonly diagnostics: readonly Diagnostic[];
    }
  >();
  /** The findings of the latest report by risk. */
  #counted: { readonly report: Report; readonly findings: Status["findings"] } | undefined;
  #lastResult = 0;
  readonly #watchedReads = new Set<FilePath>();

  constructor(connection: Connection, options: ServerOptions, parameters: InitializeParams, log: (message: string) => void) {
    this.#connection = connection;
    this.#options = options;
    this.#parameters = parameters;
    this.#log = log;
    this.#initial = readInitializationOptions(parameters.initializationOptions);
    this.#abilities = abilitiesOf(parameters.capabilities, this.#initial);
    this.#settings = readSettings(parameters.initializationOptions, DEFAULT_SETTINGS);
    this.#trusted = this.#initial.trusted ?? true;
    this.#environment = this.#initial.environment;
    this.#connected = this.#initial.connected ?? false;
    this.#language = languageOf(parameters.locale);
    this.#words = wordsOf(this.#language);
    this.#service = options.createService(this.#language);
    this.#actions = new Actions(this.#service, this.#abilities.actions, this.#words.actions);
    this.#beside = new BesideAccounts(this.#service, options.disk);
    this.#builder = new DiagnosticBuilder(this.#diagnosticOptions());
    this.#workspace = new Workspace({
      service: this.#service,
      disk: options.disk,
      debounce: () => this.#settings.debounce,
      log,
      onChecking: () => this.#status("checking"),
      onReport: (snapshot, pause) => this.#report(snapshot, pause),
      onFailure: (error) => {
        log(`The check failed: ${explain(error)}`);
        this.#status("failed");
      },
      onRead: (paths) => this.#watchReads(paths),
    });
  }

  capabilities(): InitializeResult {
    const pull = this.#abilities.diagnostics === "pull";
    return {
      serverInfo: { name: "Plumbline", version: this.#options.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        ...(this.#abilities.literals
          ? {
              codeActionProvider: {
                codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND],
                resolveProvider: this.#abilities.actions.resolveEdit,
              },
            }
          : {}),
        ...(pull
          ? { diagnosticProvider: { identifier: "plumbline", interFileDependencies: true, workspaceDiagnostics: true } }
          : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  listen(): void {
    const connection = this.#connection;
    const safe = <P, R>(name: string, answer: (parameters: P) => R | Promise<R>, fallback: R) =>
      safely(name, this.#log, answer, fallback);

    connection.onInitialized(
      () => void this.#initialized().catch((error: unknown) => this.#log(`Start failed: ${explain(error)}`)),
    );
    connection.onShutdown(() => {
      clearTimeout(this.#counting);
      this.#workspace.dispose();
    });
    connection.onDidChangeConfiguration((change) => void this.#configure(change.settings));
    connection.onDidChangeWatchedFiles(({ changes }) => {
      const known = changes.flatMap(({ uri, type }) => {
        const path = pathOf(uri);
        return path === undefined ? [] : [{ path, deleted: type === FileChangeType.Deleted }];
      });
      if (known.length > 0) this.#workspace.changedOnDisk(known);
    });
    connection.onNotification(TRUSTED, () => {
      this.#trusted = true;
      this.#applySettings();
    });
    connection.onNotification(SET_ENVIRONMENT, ({ name }: EnvironmentParameters) => {
      this.#environment = name ?? undefined;
      this.#applySettings();
    });
    connection.onNotification(SHOW_COSTS, ({ connected }: CostParameters) => {
      this.#connected = connected;
      this.#costsChanged();
    });
    connection.onCodeLens(
      safe(
        "Code lens",
        async ({ textDocument }) => {
          const file = pathOf(textDocument.uri);
          const snapshot = await this.#current();
          return file === undefined || snapshot === undefined || !this.#showsCosts
            ? []
            : costLenses(this.#service, snapshot, file, this.#initial.costCommand, this.#words);
        },
        [],
      ),
    );
    connection.onHover(
      safe(
        "Hover",
        async ({ textDocument, position }) => {
          const path = pathOf(textDocument.uri);
          const snapshot = path === undefined ? undefined : await this.#current();
          if (path === undefined || snapshot === undefined || !this.#settings.enable) return null;
          const valueAt = (offset: number): HoveredValue | undefined => this.#valueAt(path, offset);
          return hoverAt(snapshot, path, position, (check) => this.#documentation(check), valueAt, this.#words);
        },
        null,
      ),
    );
    connection.onCodeAction(
      safe(
        "Code actions",
        async ({ textDocument, range, context }) => {
          const path = pathOf(textDocument.uri);
          const snapshot = path === undefined ? undefined : await this.#current();
          if (path === undefined || snapshot === undefined || !this.#settings.enable) return [];
          const lines = snapshot.lines(path);
          const offsets = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
          return this.#actions.at(snapshot, path, offsets, context, this.#diagnostics.get(path) ?? []);
        },
        [],
      ),
    );
    connection.onCodeActionResolve((action, token) =>
      safely<CodeAction, CodeAction>(
        "Code action",
        this.#log,
        async (wanted) => {
          const snapshot = await this.#current();
          return snapshot === undefined ? wanted : this.#actions.resolve(snapshot, wanted);
        },
        action,
      )(action, token),
    );
    if (this.#abilities.diagnostics === "pull") this.#listenToPulls();
    this.#listenToExtension(safe);
    this.#listenToDocuments();
  }

  /** Nothing when the latest check failed or is being made again: positions and values would be of two versions. */
  #valueAt(path: FilePath, offset: number): HoveredValue | undefined {
    if (!this.#workspace.isSettled) return undefined;
    try {
      const found = this.#service.valueAt(path, offset);
      if (found === undefined) return undefined;
      return { ...spotText(found, (root) => this.#shown(root)), range: found.spot.range };
    } catch (error) {
      // What the findings say is worth showing all the same.
      this.#log(`The value failed: ${explain(error)}`);
      return undefined;
    }
  }

  #listenToDocuments(): void {
    const opened = (document: TextDocument): void => {
      const path = pathOf(document.uri);
      if (path === undefined) return;
      this.#workspace.open(path, { uri: document.uri, version: document.version, text: document.getText() });
    };
    // Also fires when a document opens.
    this.#documents.onDidChangeContent(({ document }) => opened(document));
    this.#documents.onDidClose(({ document }) => {
      const path = pathOf(document.uri);
      if (path !== undefined) this.#workspace.close(path);
    });
    this.#documents.listen(this.#connection);
  }

  #listenToPulls(): void {
    const report = (path: FilePath | undefined, previous: string | undefined): DocumentDiagnosticReport => {
      const result = path === undefined ? undefined : this.#published.get(path)?.result;
      const resultId = result === undefined ? "none" : String(result);
      if (previous === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      const items = path === undefined ? [] : [...(this.#diagnostics.get(path) ?? [])];
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items };
    };
    this.#connection.languages.diagnostics.on(
      safely(
        "Diagnostics",
        this.#log,
        async ({ textDocument, previousResultId }: DocumentDiagnosticParams): Promise<DocumentDiagnosticReport> => {
          await this.#current();
          return report(pathOf(textDocument.uri), previousResultId);
        },
        { kind: DocumentDiagnosticReportKind.Full, items: [] },
      ),
    );
    this.#connection.languages.diagnostics.onWorkspace(
      safely(
        "Workspace diagnostics",
        this.#log,
        async ({ previousResultIds }: WorkspaceDiagnosticParams): Promise<WorkspaceDiagnosticReport> => {
          const snapshot = await this.#current();
          const previous = new Map(previousResultIds.map(({ uri, value }) => [pathOf(uri), value]));
          const items = [...new Set([...this.#diagnostics.keys(), ...previous.keys()])].flatMap((path) => {
            if (path === undefined) return [];
            const document = snapshot?.documents.get(path);
            const item: WorkspaceDocumentDiagnosticReport = {
              ...report(path, previous.get(path)),
              uri: document?.uri ?? uriOf(path),
              version: document?.version ?? null,
            };
            return [item];
          });
          return { items };
        },
        { items: [] },
      ),
    );
  }

  #listenToExtension(
    safe: <P, R>(name: string, answer: (parameters: P) => R | Promise<R>, fallback: R) => ReturnType<typeof safely<P, R>>,
  ): void {
    const connection = this.#connection;
    connection.onRequest(
      FINDINGS,
      safe<unknown, FindingItem[] | null>(
        "Findings",
        async () => {
          // The view is filled after each check: it must not start the next one before the debounce.
          const snapshot = this.#workspace.latest ?? (await this.#current());
          return snapshot === undefined || !this.#settings.enable ? [] : findingItems(snapshot);
        },
        // Nothing that looks like "none": the view keeps what it shows.
        null,
      ),
    );
    connection.onRequest(
      PAGE,
      safe<PageParameters, string | null>(
        "Documentation",
        async ({ path }) => {
          if (path !== COVERAGE_PAGE) return this.#page(path) ?? null;
          const snapshot = await this.#current();
          return snapshot === undefined ? null : coveragePage(snapshot.report, (file) => this.#shown(file), this.#words.coverage);
        },
        null,
      ),
    );
    connection.onRequest(
      FIX_ALL,
      safe<FixAllParameters, EditAnswer>(
        "Fix all",
        async ({ uri }) => {
          const snapshot = await this.#current();
          const edit = snapshot === undefined ? undefined : this.#service.fixAll(uri === undefined ? undefined : pathOf(uri));
          if (snapshot === undefined || edit === undefined || edit.size === 0) return null;
          return protocolEdit(edit, [], textsOf(snapshot), this.#abilities.actions);
        },
        null,
      ),
    );
    connection.onRequest(
      REPORT,
      safe<ReportParameters, string | null>(
        "Report",
        async ({ format }) => {
          const snapshot = await this.#current();
          if (snapshot === undefined) return null;
          const { report } = snapshot;
          const about = { version: this.#options.version, language: this.#language, folders: this.#workspace.folders };
          const { workspaceReport } = await import("./reports.ts");
          return workspaceReport({ report, text: (path) => snapshot.text(path) }, format, about);
        },
        null,
      ),
    );
    connection.onRequest(
      AGENT,
      safe<AgentParameters, AgentAnswer>(
        "Agent",
        async (parameters) => {
          const snapshot = await this.#current();
          if (snapshot === undefined) return { refused: "The files could not be checked: the log of Plumbline says why." };
          // Few windows are asked: what the answer takes is loaded with the first question.
          const { answerAgent } = await import("./agents.ts");
          return answerAgent(parameters, this.#service, snapshot, this.#workspace.folders);
        },
        { refused: "The question could not be answered: the log of Plumbline says why." },
      ),
    );
    connection.onRequest(
      FIXES,
      safe<FixesParameters, readonly FixItem[]>(
        "Fixes",
        async ({ finding }) => {
          const snapshot = await this.#current();
          return snapshot === undefined ? [] : this.#actions.fixesOf(snapshot, finding);
        },
        [],
      ),
    );
    connection.onRequest(
      SUPPRESS,
      safe<SuppressParameters, EditAnswer>(
        "Suppress",
        async ({ findings, reason }) => {
          const snapshot = await this.#current();
          if (snapshot === undefined) return null;
          return suppressEdit(this.#service, snapshot, findings, reason, this.#abilities.actions) ?? null;
        },
        null,
      ),
    );
    connection.onRequest(
      MANAGED_TYPES,
      safe<unknown, readonly string[]>(
        "Managed types",
        async () => ((await this.#current()) === undefined ? [] : this.#service.managedTypes()),
        [],
      ),
    );
    connection.onNotification(SET_ACCOUNT, (parameters: AccountParameters) => this.#beside.set(parameters));
    connection.onRequest(
      BESIDE,
      safe<BesideParameters, BesideAnswer | null>(
        "Account beside the files",
        async ({ account }) => {
          const snapshot = await this.#current();
          return snapshot === undefined ? null : (this.#beside.put(snapshot, account) ?? null);
        },
        null,
      ),
    );
    connection.onRequest(
      TAKE_LIVE,
      safe<TakeLiveParameters, TakeLiveAnswer>(
        "Live value",
        async (parameters) => {
          const snapshot = await this.#current();
          if (snapshot === undefined) return { wrong: "The workspace could not be checked." };
          return this.#beside.take(snapshot, parameters, this.#abilities.actions);
        },
        { wrong: "It could not be worked out: the log says why." },
      ),
    );
    connection.onRequest(
      RELOAD,
      safe<unknown, null>(
        "Reload",
        async () => {
          this.#workspace.reload();
          await this.#current();
          return null;
        },
        null,
      ),
    );
  }

  async #initialized(): Promise<void> {
    const { workspaceFolders } = this.#parameters;
    // The older member is all that some editors send.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const single = this.#parameters.rootUri;
    this.#workspace.setFolders(paths(workspaceFolders?.map(({ uri }) => uri) ?? (single === null ? [] : [single])));
    // Trust is known already; the settings come later.
    this.#applySettings();
    const configured = this.#configure(undefined);
    if (this.#abilities.folders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        const kept = this.#workspace.folders.filter((folder) => !gone.has(folder));
        this.#workspace.setFolders([...new Set([...kept, ...paths(added.map(({ uri }) => uri))])]);
        void this.#configure(undefined);
      });
    }
    if (this.#abilities.configuration && this.#abilities.configurationRegistration) {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, { section: "plumbline" });
    }
    if (this.#abilities.watchers) {
      const watchers: FileSystemWatcher[] = WATCHED.map((globPattern) => ({ globPattern }));
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [...watchers, { globPattern: "**/*", kind: WatchKind.Delete }],
      });
    }
    await configured;
    await this.#workspace.current();
  }

  /** Asks the editor for its settings, or takes what it pushed. */
  async #configure(pushed: unknown): Promise<void> {
    if (this.#abilities.configuration) {
      const folders = this.#workspace.folders;
      const scopes = folders.map((folder) => ({ section: "plumbline", scopeUri: uriOf(folder) }));
      const answers: unknown = await this.#connection.workspace.getConfiguration([{ section: "plumbline" }, ...scopes]);
      const [general, ...scoped] = Array.isArray(answers) ? (answers as unknown[]) : [];
      const base = readSettings(this.#parameters.initializationOptions, DEFAULT_SETTINGS);
      const files = scoped.flatMap((value, index) =>
        readSettings(value).variableFiles.map((file) => joinPath(folders[index] ?? "/", file.replaceAll("\\", "/"))),
      );
      this.#settings = { ...readSettings(general, base), variableFiles: files };
    } else if (isObject(pushed)) {
      this.#settings = readSettings(pushed.plumbline ?? pushed, this.#settings);
    }
    this.#applySettings();
  }

  #applySettings(): void {
    const { variableFiles, minimumRisk } = this.#settings;
    const trusted = this.#trusted;
    this.#builder.options = this.#diagnosticOptions();
    this.#workspace.change((service) =>
      service.configure({
        variableFiles,
        minimumRisk,
        trusted,
        ...this.#options.environment,
        ...(this.#environment === undefined ? {} : { environment: this.#environment }),
      }),
    );
  }

  async #current(): Promise<Snapshot | undefined> {
    return this.#workspace.current();
  }

  async #report(snapshot: Snapshot, pause: Pause): Promise<void> {
    const made = this.#builder.of(snapshot);
    // What somebody looks at comes first.
    const paths = new Set([...snapshot.documents.keys(), ...made.files, ...this.#published.keys()]);
    for (const path of paths) {
      const diagnostics = made.of(path);
      const document = snapshot.documents.get(path);
      const uri = document?.uri ?? this.#published.get(path)?.uri ?? uriOf(path);
      const version = document?.version;
      const last = this.#published.get(path);
      const same = sameDiagnostics(last?.diagnostics ?? NO_DIAGNOSTICS, diagnostics);
      if (
        last === undefined
          ? diagnostics.length === 0 && version === undefined
          : same && last.version === version && last.uri === uri
      )
        continue;
      if (diagnostics.length === 0 && version === undefined) this.#published.delete(path);
      else {
        const result = same && last !== undefined ? last.result : ++this.#lastResult;
        this.#published.set(path, { uri, version, result, diagnostics });
      }
      if (this.#abilities.diagnostics === "push") {
        const stamp = version === undefined ? {} : { version };
        void this.#connection.sendDiagnostics({ uri, ...stamp, diagnostics: [...diagnostics] });
      }
      const waiting = pause();
      if (waiting !== undefined) await waiting;
    }
    this.#diagnostics = made.all();
    if (this.#abilities.diagnostics === "pull" && this.#abilities.refreshDiagnostics) {
      void this.#connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
    }
    this.#status(this.#settings.enable ? "ready" : "off");
    this.#costsChanged();
  }

  get #showsCosts(): boolean {
    return this.#settings.enable && (this.#settings.costs === "on" || (this.#settings.costs === "auto" && this.#connected));
  }

  /**
   * The workspace's cost is counted again when nothing has changed for a while: who types does not wait for it. A change in one file may
   * change what another file's blocks make.
   */
  #costsChanged(): void {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => {
      void this.#current().then((snapshot) => {
        if (snapshot === undefined) return;
        const before = JSON.stringify(this.#total);
        this.#total = this.#showsCosts ? this.#service.costs().total : undefined;
        if (JSON.stringify(this.#total) === before) return;
        if (this.#abilities.refreshLenses) void this.#connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
        this.#status(this.#settings.enable ? "ready" : "off");
      });
    }, IDLE);
    this.#counting.unref();
  }

  #status(state: Status["state"]): void {
    const report = this.#workspace.latest?.report;
    if (report !== undefined && report !== this.#counted?.report) this.#counted = { report, findings: countByRisk(report) };
    const environments = this.#service.environments();
    const status: Status = {
      state,
      findings: this.#settings.enable && this.#counted !== undefined ? this.#counted.findings : { high: 0, medium: 0, low: 0 },
      coverage: report === undefined ? "" : coverageLine(report.coverage, this.#words.coverage),
      problems: report?.problems.length ?? 0,
      environments: environments.names,
      environment: environments.current ?? null,
      cost: this.#total ?? null,
    };
    void this.#connection.sendNotification(STATUS, status);
  }

  #diagnosticOptions() {
    return {
      settings: this.#settings,
      related: this.#abilities.related,
      documentation: (check: CheckItem) => this.#documentation(check),
    };
  }

  #documentation(check: CheckItem): string | undefined {
    const path = pagePath(check);
    if (this.#initial.documentation === "virtual") return `${DOCUMENTATION_SCHEME}:${path}`;
    if (!check.builtIn) return uriOf(check.file);
    const { pages } = this.#options;
    return pages.uri(this.#translated(path)) ?? pages.uri(path);
  }

  #page(path: string): string | undefined {
    const check = [...this.#service.checks().values()].find((item) => pagePath(item) === path);
    if (check !== undefined && !check.builtIn) return checkPage(check, this.#language);
    const { pages } = this.#options;
    const written = pages.text(this.#translated(path)) ?? pages.text(path);
    return written ?? (check === undefined ? undefined : checkPage(check, this.#language));
  }

  /** Where the page in the editor's language would be. */
  #translated(path: string): string {
    return this.#language === "en" ? path : path.replace(/^\/checks\//, `/checks/${this.#language}/`);
  }

  /** As seen from the workspace folder that holds it. */
  #shown(path: FilePath): string {
    const folders = this.#workspace.folders;
    const folder = folders.find((candidate) => isInside(path, candidate));
    if (folder === undefined) return path;
    const inside = relativePath(folder, path);
    if (inside === ".") return baseName(folder);
    return folders.length === 1 ? inside : `${baseName(folder)}/${inside}`;
  }

  /** Files that functions read lie anywhere under any name, so each is watched by itself. */
  #watchReads(read: readonly FilePath[]): void {
    const fresh = read.filter((path) => !this.#watchedReads.has(path));
    for (const path of fresh) this.#watchedReads.add(path);
    if (!this.#abilities.watchers || !this.#abilities.relativePatterns || fresh.length === 0) return;
    const watchers = fresh.map((path) => ({
      globPattern: { baseUri: uriOf(directoryOf(path)), pattern: baseName(path).replaceAll(/[[\]{}?*]/g, "[$&]") },
    }));
    void this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch((error: unknown) => {
      this.#log(`Watching failed: ${explain(error)}`);
    });
  }
}

function paths(uris: readonly string[]): FilePath[] {
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}

function pagePath(check: CheckItem): string {
  return `/checks/${check.cloud}/${check.id}.md`;
}

function findingItems(snapshot: Snapshot): FindingItem[] {
  return snapshot.report.findings.map(({ id, check, message, location, results }) => ({
    id,
    check: check.id,
    title: check.title,
    message,
    risk: check.risk,
    dimensions: check.dimensions,
    cloud: check.cloud,
    service: check.service,
    uri: snapshot.documents.get(location.file)?.uri ?? uriOf(location.file),
    range: rangeOf(location.range, snapshot.lines(location.file)),
    addresses: results.map(({ result }) => result.instance.address),
  }));
}
