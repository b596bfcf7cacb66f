import * as vscode from "vscode";
import { LanguageClient, TransportKind, type DocumentSelector } from "vscode-languageclient/node";
import {
  COVERAGE_PAGE,
  DOCUMENTATION_SCHEME,
  FINDINGS,
  FIX_ALL,
  RELOAD,
  SET_ENVIRONMENT,
  STATUS,
  SUPPRESS,
  TRUSTED,
  type EditAnswer,
  type EnvironmentParameters,
  type FindingItem,
  type InitializationOptions,
  type Status,
  type SuppressParameters,
  type SuppressTarget,
} from "../server/protocol.ts";
import { registerAccounts } from "./accounts.ts";
import { registerCommand } from "./commands.ts";
import { CONNECTED, CostItem } from "./cost-item.ts";
import { checkPagePath, DocumentationProvider, openPage } from "./documentation.ts";
import { findingOf, FindingsTree } from "./findings-view.ts";
import { GroupingChoice } from "./grouping.ts";
import { COMMANDS, CONTEXT, FINDINGS_VIEW } from "./manifest.ts";
import { openSample } from "./sample.ts";
import { EnvironmentItem, Progress, StatusItem } from "./status-item.ts";

const SELECTOR: DocumentSelector = [
  { scheme: "file", language: "terraform" },
  { scheme: "file", language: "terraform-vars" },
  { scheme: "file", pattern: "**/*.{tf,tofu,tfvars}" },
  { scheme: "file", pattern: "**/*.{tf,tofu,tfvars}.json" },
  { scheme: "file", pattern: "**/plumbline.yaml" },
  { scheme: "file", pattern: "**/{aws,alibaba,tencent}/*/*.{yaml,yml}" },
];

/** Where the workspace's state keeps the chosen environment. */
const ENVIRONMENT = "plumbline.environment";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("Plumbline", { log: true });
  const client = createClient(context, log);
  const status = new StatusItem(SELECTOR as vscode.DocumentSelector);
  const environments = new EnvironmentItem(SELECTOR as vscode.DocumentSelector);
  const pages = new DocumentationProvider(client);
  const grouping = new GroupingChoice(context.workspaceState);
  const tree = new FindingsTree(grouping, () => loadFindings(client, log));
  const view = vscode.window.createTreeView(FINDINGS_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  const accounts = registerAccounts(context, log, client, SELECTOR as vscode.DocumentSelector, grouping);
  const costs = new CostItem();
  const progress = new Progress((news) => {
    status.show(news);
    costs.show(news);
    environments.show(news);
    void vscode.commands.executeCommand("setContext", CONTEXT.state, news.state);
    if (news.state === "checking") return;
    const total = news.findings.high + news.findings.medium + news.findings.low;
    view.badge = total === 0 ? undefined : { value: total, tooltip: vscode.l10n.t("{0} findings", total) };
    pages.refreshCoverage();
    tree.refresh();
    accounts.filesChanged();
  });
  context.subscriptions.push(
    log,
    grouping,
    status,
    costs,
    environments,
    view,
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENTATION_SCHEME, pages),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUSTED)),
    client.onNotification(STATUS, (news: Status) => progress.tell(news)),
    progress,
    ...registerCommands(context, client, grouping, log),
    registerCommand(log, COMMANDS.selectEnvironment, () => selectEnvironment(context, client, environments)),
  );
  try {
    await client.start();
  } catch (error) {
    status.failed();
    void vscode.commands.executeCommand("setContext", CONTEXT.state, "failed");
    log.error("The language server did not start.", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  context.subscriptions.push({ dispose: () => void client.dispose() });
}

function createClient(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): LanguageClient {
  const module = context.asAbsolutePath("dist/server.cjs");
  // A function: a restarted server is told what holds then.
  const initializationOptions = (): InitializationOptions => {
    const environment = context.workspaceState.get<string>(ENVIRONMENT);
    return {
      trusted: vscode.workspace.isTrusted,
      documentation: "virtual",
      suppressCommand: COMMANDS.suppress,
      costCommand: COMMANDS.previewCost,
      connected: context.globalState.get(CONNECTED, false),
      ...(environment === undefined ? {} : { environment }),
    };
  };
  return new LanguageClient(
    "plumbline",
    "Plumbline",
    {
      run: { module, transport: TransportKind.ipc },
      debug: {
        module,
        transport: TransportKind.ipc,
        options: { execArgv: ["--nolazy", "--inspect=6011", "--enable-source-maps"] },
      },
    },
    { documentSelector: SELECTOR, outputChannel: log, initializationOptions, diagnosticCollectionName: "plumbline" },
  );
}

async function loadFindings(client: LanguageClient, log: vscode.LogOutputChannel): Promise<readonly FindingItem[] | undefined> {
  if (!client.isRunning()) return undefined;
  try {
    return (await client.sendRequest<FindingItem[] | null>(FINDINGS)) ?? undefined;
  } catch (error) {
    log.warn("The findings view could not be filled.", String(error));
    return undefined;
  }
}

function registerCommands(
  context: vscode.ExtensionContext,
  client: LanguageClient,
  grouping: GroupingChoice,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const register = (command: string, run: (...values: readonly unknown[]) => unknown): vscode.Disposable =>
    registerCommand(log, command, run);
  return [
    register(COMMANDS.checkWorkspace, () =>
      vscode.window.withProgress({ location: { viewId: FINDINGS_VIEW }, title: vscode.l10n.t("Checking the workspace") }, () =>
        client.sendRequest(RELOAD),
      ),
    ),
    register(COMMANDS.fixAll, async () => {
      const edit = await client.sendRequest<EditAnswer>(FIX_ALL, {});
      if (edit === null) {
        void vscode.window.showInformationMessage(vscode.l10n.t("No finding has a safe fix."));
        return;
      }
      await applyEdit(client, edit);
    }),
    register(COMMANDS.suppress, (target) => suppress(client, targetOf(target))),
    register(COMMANDS.openDocumentation, async (target) => {
      const check = typeof target === "string" ? target : (findingOf(target)?.check ?? (await pickCheck(client, log)));
      if (check !== undefined) await openPage(checkPagePath(check));
    }),
    register(COMMANDS.showCoverage, () => openPage(COVERAGE_PAGE)),
    register(COMMANDS.openFinding, async (target) => {
      const finding = findingOf(target);
      if (finding === undefined) return;
      const { start, end } = finding.range;
      const selection = new vscode.Range(start.line, start.character, end.line, end.character);
      await vscode.window.showTextDocument(vscode.Uri.parse(finding.uri), { selection });
    }),
    register(COMMANDS.openSample, () => openSample(context)),
    register(COMMANDS.groupByRisk, () => grouping.choose("risk")),
    register(COMMANDS.groupByDimension, () => grouping.choose("dimension")),
    register(COMMANDS.groupByService, () => grouping.choose("service")),
    register(COMMANDS.showLog, () => log.show()),
    register(COMMANDS.restartServer, () => client.restart()),
  ];
}

function targetOf(argument: unknown): SuppressTarget | undefined {
  const finding = findingOf(argument);
  if (finding !== undefined) return { findings: [finding.id], title: finding.check };
  return typeof argument === "object" && argument !== null && "findings" in argument ? (argument as SuppressTarget) : undefined;
}

async function suppress(client: LanguageClient, target: SuppressTarget | undefined): Promise<void> {
  if (target === undefined) return;
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t("Ignore {0}", target.title),
    prompt: vscode.l10n.t("Why is this accepted? The reason goes into the comment."),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === "" ? vscode.l10n.t("A reason is needed.") : undefined),
  });
  if (reason === undefined) return;
  const parameters: SuppressParameters = { findings: target.findings, reason: reason.trim() };
  const edit = await client.sendRequest<EditAnswer>(SUPPRESS, parameters);
  if (edit !== null) await applyEdit(client, edit);
  else void vscode.window.showInformationMessage(vscode.l10n.t("The finding is gone already."));
}

/** Remembered for the workspace, on this machine: what a colleague looks at is theirs. */
async function selectEnvironment(
  context: vscode.ExtensionContext,
  client: LanguageClient,
  { names, current }: EnvironmentItem,
): Promise<void> {
  if (names.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("plumbline.yaml describes no environments. Write them under `environments:` with their variable files."),
    );
    return;
  }
  const items = names.map((label) => ({ label, ...(label === current ? { description: vscode.l10n.t("checked now") } : {}) }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Environment to check") });
  if (picked === undefined) return;
  await context.workspaceState.update(ENVIRONMENT, picked.label);
  const parameters: EnvironmentParameters = { name: picked.label };
  await client.sendNotification(SET_ENVIRONMENT, parameters);
}

async function pickCheck(client: LanguageClient, log: vscode.LogOutputChannel): Promise<string | undefined> {
  const findings = (await loadFindings(client, log)) ?? [];
  const checks = new Map(findings.map(({ check, title }) => [check, title]));
  const items = [...checks].map(([label, detail]) => ({ label, detail }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Check items with findings in this workspace"),
    matchOnDetail: true,
  });
  return picked?.label;
}

async function applyEdit(client: LanguageClient, edit: NonNullable<EditAnswer>): Promise<void> {
  const converted = await client.protocol2CodeConverter.asWorkspaceEdit(edit);
  const applied = await vscode.workspace.applyEdit(converted);
  if (!applied) throw new Error(vscode.l10n.t("The files changed meanwhile. Try again."));
}
