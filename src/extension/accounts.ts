import * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-jsonrpc";
import type { LanguageClient } from "vscode-languageclient/node";
import * as protocol from "../live/protocol.ts";
import type { Account, CredentialSource, ScanRequest } from "../live/protocol.ts";
import { SHOW_COSTS, type CostParameters, type DriftItem } from "../server/protocol.ts";
import { AccountsTree, type AccountNode } from "./accounts-view.ts";
import { registerCommand } from "./commands.ts";
import { CONNECTED } from "./cost-item.ts";
import { CostPages } from "./cost-page.ts";
import type { GroupingChoice } from "./grouping.ts";
import { registerTools } from "./language-model-tools.ts";
import { LiveProcess } from "./live-process.ts";
import { LIVE_SCHEME, LiveDocuments } from "./live-documents.ts";
import { applyInTerminal, LiveInFiles } from "./live-in-files.ts";
import { ACCOUNTS_VIEW, COMMANDS } from "./manifest.ts";
import { registerReports } from "./reports.ts";
import { registerRemedies } from "./remedies.ts";
import { PlanPages } from "./plan-page.ts";
import { QuotaItem } from "./quota-item.ts";
import { ACCOUNT_SCHEME, AccountPages, resultMarkdown } from "./result-page.ts";

/** The Accounts view and its commands. Nothing is started before the view is seen or a command is run. */
export function registerAccounts(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  client: LanguageClient,
  selector: vscode.DocumentSelector,
  grouping: GroupingChoice,
): { readonly filesChanged: () => void } {
  const live = new LiveProcess(context, log);
  const inFiles = new LiveInFiles(live, client, log);
  const documents = new LiveDocuments(live);
  const tree = new AccountsTree(live, grouping);
  const pages = new AccountPages();
  const view = vscode.window.createTreeView(ACCOUNTS_VIEW, { treeDataProvider: tree, showCollapseAll: true });
  const quota = new QuotaItem(live, (accounts) => {
    const connected = accounts > 0;
    if (connected === context.globalState.get(CONNECTED, false)) return;
    void context.globalState.update(CONNECTED, connected);
    const parameters: CostParameters = { connected };
    if (client.isRunning()) void client.sendNotification(SHOW_COSTS, parameters);
  });
  const refresh = (): void => {
    tree.refresh();
    inFiles.update().catch((error: unknown) => log.warn("Results could not be shown in the files.", String(error)));
    quota.refresh().catch((error: unknown) => log.warn("The quota could not be shown.", String(error)));
  };
  // An account that was found in a row of the view may be older than what was saved since.
  const current = async (account: Account): Promise<Account> => {
    const connection = await live.connection();
    const accounts = await connection.sendRequest(protocol.accounts);
    return accounts.find(({ key }) => key === account.key) ?? account;
  };
  const showPolicy = async ({ key }: Account): Promise<void> => {
    const connection = await live.connection();
    const { policy } = await connection.sendRequest(protocol.agreement, { account: key, ...(await configuration()) });
    await pages.openText(`${key}/read-policy.json`, policy, "json");
  };
  const plans: PlanPages = new PlanPages(context, {
    live,
    log,
    changed: (account) => {
      refresh();
      costs.planChanged(account);
    },
    openCost: async (account) => {
      if (await authorized(live, account, pages)) costs.open(await current(account));
    },
    showPolicy,
  });
  const costs: CostPages = new CostPages(context, {
    live,
    log,
    configuration,
    changed: refresh,
    openPlan: (account) => plans.open(account),
  });
  const register = (command: string, run: (...values: readonly unknown[]) => unknown): vscode.Disposable =>
    registerCommand(log, command, run);
  context.subscriptions.push(
    live,
    registerTools({ client, live, configuration, scanned: refresh }),
    ...registerReports(log, {
      client,
      live,
      version: (context.extension.packageJSON as { readonly version: string }).version,
      accountOf: (node) => accountOf(live, node),
    }),
    view,
    quota,
    inFiles,
    documents,
    vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
      for (const { input } of closed) if (input instanceof vscode.TabInputText) documents.closed(input.uri);
    }),
    vscode.workspace.registerTextDocumentContentProvider(LIVE_SCHEME, documents),
    vscode.languages.registerCodeActionsProvider({ scheme: LIVE_SCHEME }, documents, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.languages.registerCodeActionsProvider(selector, inFiles, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    // An account may have been connected while nobody looked.
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) refresh();
    }),
    vscode.workspace.registerTextDocumentContentProvider(ACCOUNT_SCHEME, pages),
    ...registerRemedies(log, {
      inFiles,
      changed: (account, instance) => {
        refresh();
        documents
          .refresh(account, instance)
          .catch((error: unknown) => log.warn("A document could not be read again.", String(error)));
      },
      live,
      tree,
      pages,
      accountOf: (node) => accountOf(live, node),
      withProgress: (title, work) => withProgress(live, title, work),
      chooseSource: async (cloud) => {
        const connection = await live.connection();
        const picked = await pickSource(await connection.sendRequest(protocol.sources), [cloud], false);
        return picked === undefined ? undefined : chosenSource(picked);
      },
    }),
    register(COMMANDS.connectAccount, async () => {
      await connect(live);
      refresh();
    }),
    register(COMMANDS.disconnectAccount, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined) return;
      const connection = await live.connection();
      await connection.sendRequest(protocol.disconnect, { account: account.key });
      await live.keep(account.key, undefined);
      await live.keep(account.key, undefined, "fixing");
      refresh();
    }),
    register(COMMANDS.refreshInventory, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined || !(await authorized(live, account, pages))) return;
      await withProgress(live, vscode.l10n.t("Listing instances of {0}", account.key), async (token) => {
        const connection = await live.connection();
        await connection.sendRequest(protocol.inventory, { account: account.key, refresh: true }, token);
      });
      tree.refresh();
    }),
    register(COMMANDS.scanAccount, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined || !(await authorized(live, account, pages))) return;
      if (await resumed(live, account)) refresh();
      else costs.open(await current(account));
    }),
    register(COMMANDS.previewCost, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined || !(await authorized(live, account, pages))) return;
      costs.open(await current(account));
    }),
    register(COMMANDS.compareAccount, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined || !(await authorized(live, account, pages))) return;
      const { differences, compared } = await withProgress(live, vscode.l10n.t("Comparing with {0}", account.key), (token) =>
        inFiles.compare(account, token),
      );
      const show = vscode.l10n.t("Show Problems");
      const message = vscode.l10n.t(
        "{0} differences in {1} resources of {2}.",
        differences,
        compared,
        account.alias ?? account.key,
      );
      void vscode.window.showInformationMessage(message, ...(differences > 0 ? [show] : [])).then((choice) => {
        if (choice === show) void vscode.commands.executeCommand("workbench.actions.view.problems");
      });
    }),
    register(COMMANDS.pullStates, async () => {
      await pullStates(inFiles);
    }),
    register(COMMANDS.takeLiveValue, async (subject) => {
      const { account, item } = subject as { readonly account: Account; readonly item: DriftItem };
      await inFiles.takeLive(account, item);
    }),
    register(COMMANDS.applyFileValue, (subject) => applyInTerminal((subject as { readonly item: DriftItem }).item)),
    register(COMMANDS.openBlock, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "result") return;
      const block = inFiles.blockOf(chosen.account.key, chosen.result.instance);
      if (block === undefined)
        throw new Error(vscode.l10n.t("No block of the workspace is known to manage {0}.", chosen.result.name));
      await showRange(block.uri, block.range);
    }),
    register(COMMANDS.showAsTerraform, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "instance" && chosen?.kind !== "result") return;
      const { account } = chosen;
      const [instance, name] =
        chosen.kind === "instance" ? [chosen.key, chosen.name] : [chosen.result.instance, chosen.result.name];
      if (!(await authorized(live, account, pages))) return;
      await withProgress(live, vscode.l10n.t("Looking at {0}", name), (token) => documents.open(account, instance, name, token));
    }),
    register(COMMANDS.copyLiveDocument, async (uri) => {
      const shown = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
      if (shown !== undefined) await documents.copy(shown);
    }),
    register(COMMANDS.openPlan, async (node) => {
      const account = await accountOf(live, node);
      if (account !== undefined) plans.open(account);
    }),
    register(COMMANDS.openResult, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "result") return;
      const { result, view: results, account } = chosen;
      const connection = await live.connection();
      const { item, instance } = result;
      const history = await connection.sendRequest(protocol.pairHistory, { account: account.key, item, instance });
      await pages.openMarkdown(`${account.key}/${item} ${result.name}`, resultMarkdown(result, results, account.key, history));
    }),
    register(COMMANDS.showReadPolicy, async (node) => {
      const account = await accountOf(live, node);
      if (account === undefined) return;
      await showPolicy(account);
    }),
  );
  return { filesChanged: () => inFiles.filesChanged() };
}

async function showRange(uri: string, { start, end }: DriftItem["range"]): Promise<void> {
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection });
}

/** Running a program of the workspace's choice is the user's decision, each time. */
async function pullStates(inFiles: LiveInFiles): Promise<void> {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t("Programs are not run in a workspace that you don't trust: trust it first."));
  await inFiles.update();
  const roots = inFiles.stateless;
  if (roots.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t("The state of every root module is known already."));
    return;
  }
  const items = roots.map((root) => ({ label: vscode.workspace.asRelativePath(root), picked: true, root }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t("Run `terraform state pull` in these folders?"),
    placeHolder: vscode.l10n.t("It uses your own terraform and its backend. States stay in memory: they hold secrets."),
  });
  for (const { root } of picked ?? []) await inFiles.pull(root);
}

type SourceItem = vscode.QuickPickItem & { readonly source?: CredentialSource; readonly cloud: Account["cloud"] };

async function connect(live: LiveProcess): Promise<void> {
  const connection = await live.connection();
  const sources = await connection.sendRequest(protocol.sources);
  const picked = await pickSource(sources, ["aws", "alibaba", "tencent"], true);
  const chosen = picked === undefined ? undefined : await chosenSource(picked);
  if (picked === undefined || chosen === undefined) return;
  const account = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t("Testing the connection") },
    () => connection.sendRequest(protocol.connect, { cloud: picked.cloud, ...chosen }),
  );
  if (chosen.keys !== undefined) await live.keep(account.key, chosen.keys);
  void vscode.window.showInformationMessage(
    vscode.l10n.t("Connected to {0} as {1}.", account.alias ?? account.key, account.principal),
  );
}

/** Credentials of this machine, sample accounts, or keys to be entered. */
async function pickSource(
  sources: readonly CredentialSource[],
  wanted: readonly Account["cloud"][],
  samples: boolean,
): Promise<SourceItem | undefined> {
  const names = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" } as const;
  const items: SourceItem[] = [];
  for (const cloud of wanted) {
    items.push({ label: names[cloud], kind: vscode.QuickPickItemKind.Separator, cloud });
    for (const source of sources.filter((each) => each.cloud === cloud && (samples || each.id !== "sample")))
      items.push({
        label: source.id === "sample" ? vscode.l10n.t("Sample account") : source.title,
        description: source.problem ?? source.from,
        iconPath: new vscode.ThemeIcon(source.problem !== undefined ? "warning" : source.id === "sample" ? "beaker" : "account"),
        source,
        cloud,
      });
    items.push({ label: vscode.l10n.t("Enter keys…"), iconPath: new vscode.ThemeIcon("key"), cloud });
  }
  return vscode.window.showQuickPick(items, {
    title: samples ? vscode.l10n.t("Connect an account") : vscode.l10n.t("Credentials that may change the account"),
    placeHolder: samples
      ? vscode.l10n.t("Credentials of this machine, a sample account, or keys of your own")
      : vscode.l10n.t("Credentials of this machine, or keys of your own"),
    matchOnDescription: true,
  });
}

async function chosenSource({ source }: SourceItem): Promise<Pick<protocol.ConnectRequest, "source" | "keys"> | undefined> {
  if (source !== undefined) return { source: source.id };
  const keys = await askKeys();
  return keys === undefined ? undefined : { source: "kept", keys };
}

async function askKeys(): Promise<protocol.KeptKeys | undefined> {
  const ask = (prompt: string, password: boolean): Thenable<string | undefined> =>
    vscode.window.showInputBox({ prompt, password, ignoreFocusOut: true, title: vscode.l10n.t("Connect an account") });
  const id = (await ask(vscode.l10n.t("Access key id"), false))?.trim();
  if (id === undefined || id === "") return undefined;
  const secret = (await ask(vscode.l10n.t("Secret key: kept in the editor's secret storage, nowhere else"), true))?.trim();
  if (secret === undefined || secret === "") return undefined;
  const token = (await ask(vscode.l10n.t("Session token, if there is one"), true))?.trim();
  return { id, secret, ...(token === undefined || token === "" ? {} : { token }) };
}

/** Before the first use of an account its owner sees every action that will be called. */
async function authorized(live: LiveProcess, account: Account, pages: AccountPages): Promise<boolean> {
  if (account.sample) return true;
  const connection = await live.connection();
  const { fresh, policy } = await connection.sendRequest(protocol.agreement, {
    account: account.key,
    ...(await configuration()),
  });
  if (fresh.length === 0) return true;
  const allow = vscode.l10n.t("Read the Account");
  const show = vscode.l10n.t("Show Policy");
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t("May Plumbline read {0}?", account.key),
    {
      modal: true,
      detail: vscode.l10n.t(
        "As {0}, with {1} API actions that only read:\n{2}",
        account.principal,
        fresh.length,
        `${fresh.slice(0, 30).join(", ")}${fresh.length > 30 ? ", …" : ""}`,
      ),
    },
    allow,
    show,
  );
  if (choice === show) await pages.openText(`${account.key}/read-policy.json`, policy, "json");
  if (choice !== allow) return false;
  await connection.sendRequest(protocol.authorize, { account: account.key, actions: fresh });
  return true;
}

/** Offers to go on with a scan that was interrupted. Whether there is nothing more to do. */
async function resumed(live: LiveProcess, account: Account): Promise<boolean> {
  const connection = await live.connection();
  const [open] = await connection.sendRequest(protocol.interrupted, { account: account.key });
  if (open === undefined) return false;
  const resume = vscode.l10n.t("Resume");
  const fresh = vscode.l10n.t("Start a New One");
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t("A scan of {0} was interrupted. What was charged is not charged again.", account.key),
    { modal: true },
    resume,
    fresh,
  );
  if (choice === fresh) return false;
  if (choice === resume) {
    const request: ScanRequest = { account: account.key, selection: {}, ...(await configuration()) };
    const { counts, state, why, fee } = await withProgress(live, vscode.l10n.t("Scanning {0}", account.key), (token) =>
      connection.sendRequest(protocol.resume, { scan: open.id, request }, token),
    );
    if (state !== "done") throw new Error(why ?? vscode.l10n.t("The scan was cancelled."));
    void vscode.window.showInformationMessage(
      vscode.l10n.t("{0} failed, {1} passed, {2} not checked; charged {3}.", counts.fail, counts.pass, counts.notChecked, fee),
    );
  }
  return true;
}

/** Items and parameters of the first folder; credentials, endpoints and the database are never taken from a workspace. */
async function configuration(): Promise<Pick<ScanRequest, "configuration">> {
  const folder = vscode.workspace.isTrusted ? vscode.workspace.workspaceFolders?.[0] : undefined;
  if (folder === undefined) return {};
  const file = vscode.Uri.joinPath(folder.uri, "plumbline.yaml");
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    return { configuration: { folder: folder.uri.path, file: file.path, text } };
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return {};
    throw error;
  }
}

async function accountOf(live: LiveProcess, node: unknown): Promise<Account | undefined> {
  if (typeof node === "object" && node !== null && "account" in node) return (node as AccountNode).account;
  const connection = await live.connection();
  const accounts = await connection.sendRequest(protocol.accounts);
  const [only, other] = accounts;
  if (only === undefined) throw new Error(vscode.l10n.t("No account is connected."));
  if (other === undefined) return only;
  const items = accounts.map((account) => ({ label: account.alias ?? account.account, description: account.key, account }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Account") }))?.account;
}

function withProgress<T>(
  live: LiveProcess,
  title: string,
  work: (token: CancellationTokenSource["token"]) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (progress, token) => {
      const source = new CancellationTokenSource();
      token.onCancellationRequested(() => source.cancel());
      let told = 0;
      const listener = live.onProgress(({ done, of, what }) => {
        const percent = Math.floor((done * 100) / Math.max(1, of));
        // Another phase begins at nothing again; the bar only grows.
        progress.report({ message: `${done}/${of} ${what}`, increment: Math.max(0, percent - told) });
        told = Math.max(told, percent);
      });
      try {
        return await work(source.token);
      } finally {
        listener.dispose();
      }
    }),
  );
}
