import * as vscode from "vscode";
import * as protocol from "../live/protocol.ts";
import type { Account, RemedyPreviewView, RemedyRecord, RemedyView, ResultView } from "../live/protocol.ts";
import type { FindingItem } from "../server/protocol.ts";
import type { AccountNode, AccountsTree } from "./accounts-view.ts";
import { registerCommand } from "./commands.ts";
import type { LiveInFiles } from "./live-in-files.ts";
import type { LiveProcess } from "./live-process.ts";
import { COMMANDS } from "./manifest.ts";
import { previewMarkdown, recordMarkdown, riskText, undoMarkdown } from "./remedy-pages.ts";
import type { AccountPages } from "./result-page.ts";
import { verdictWord } from "./words.ts";

interface Surroundings {
  readonly live: LiveProcess;
  readonly inFiles: LiveInFiles;
  /** An instance was changed: what shows it is read again. */
  readonly changed: (account: Account, instance: string) => void;
  readonly tree: AccountsTree;
  readonly pages: AccountPages;
  readonly accountOf: (node: unknown) => Promise<Account | undefined>;
  readonly withProgress: <T>(title: string, work: (token: protocol.Token) => Promise<T>) => Promise<T>;
  /** Asks for credentials, as connecting does. */
  readonly chooseSource: (cloud: Account["cloud"]) => Promise<Pick<protocol.ConnectRequest, "source" | "keys"> | undefined>;
}

/** The commands that change an account. None of them does anything in a workspace that is not trusted. */
export function registerRemedies(log: vscode.LogOutputChannel, its: Surroundings): vscode.Disposable[] {
  const register = (command: string, run: (node: unknown) => Promise<void>): vscode.Disposable =>
    registerCommand(log, command, async (node) => {
      if (!vscode.workspace.isTrusted)
        throw new Error(vscode.l10n.t("Accounts are not changed from a workspace that you don't trust: trust it first."));
      await run(node);
    });
  return [
    register(COMMANDS.fixResult, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "result") return;
      await fix(its, chosen.account, chosen.result);
    }),
    register(COMMANDS.fixWithoutRisk, async (node) => {
      const account = await its.accountOf(node);
      if (account === undefined) return;
      await fixWithoutRisk(its, account);
      its.tree.refresh();
    }),
    register(COMMANDS.allowFixes, async (node) => {
      const account = await its.accountOf(node);
      if (account === undefined) return;
      await allowFixes(its, account);
      its.tree.refresh();
    }),
    register(COMMANDS.forbidFixes, async (node) => {
      const account = await its.accountOf(node);
      if (account === undefined) return;
      const connection = await its.live.connection();
      await connection.sendRequest(protocol.allowFixing, { account: account.key, with: null });
      await its.live.keep(account.key, undefined, "fixing");
      its.tree.refresh();
    }),
    register(COMMANDS.showFixPolicy, async (node) => {
      const account = await its.accountOf(node);
      if (account !== undefined) await showPolicy(its, account);
    }),
    register(COMMANDS.undoRemedy, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "remedy") return;
      await undo(its, chosen.account, chosen.record);
      its.tree.refresh();
    }),
    register(COMMANDS.finishRemedy, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "remedy") return;
      const { account, record } = chosen;
      const ended = await its.withProgress(vscode.l10n.t("Changing {0}", record.name), async (token) => {
        const connection = await its.live.connection();
        return connection.sendRequest(protocol.finishRemedy, { account: account.key, id: record.id }, token);
      });
      await tell(its, account, ended);
    }),
    registerCommand(log, COMMANDS.openRemedy, async (node) => {
      const chosen = node as AccountNode | undefined;
      if (chosen?.kind !== "remedy") return;
      const { account, record } = chosen;
      await its.pages.openMarkdown(`${account.key}/${record.item} ${record.name} ${record.startedAt}`, recordMarkdown(record));
    }),
  ];
}

async function fix(its: Surroundings, account: Account, result: ResultView): Promise<void> {
  if (!(await mayChange(its, account))) return;
  const connection = await its.live.connection();
  const remedies = await connection.sendRequest(protocol.remedies, { cloud: account.cloud });
  const remedy = remedies.find(({ item }) => item === result.item);
  if (remedy === undefined) throw new Error(vscode.l10n.t("{0} has no remedy: its page says what to do.", result.item));
  const parameters = await askParameters(remedy, result.name);
  if (parameters === undefined) return;
  const preview = await its.withProgress(vscode.l10n.t("Looking at what would change in {0}", result.name), (token) =>
    connection.sendRequest(
      protocol.previewRemedy,
      { account: account.key, item: result.item, instance: result.instance, parameters },
      token,
    ),
  );
  await its.pages.openMarkdown(`${account.key}/fix ${result.item} ${result.name}`, previewMarkdown(preview));
  if (!(await agreed(preview, account))) return;
  const record = await its.withProgress(vscode.l10n.t("Changing {0}", preview.name), (token) =>
    connection.sendRequest(protocol.applyRemedy, { preview: preview.id, accepted: preview.risk }, token),
  );
  await tell(its, account, record);
}

/** One yes where nothing is at stake, and the instance's name where something is. */
async function agreed(preview: RemedyPreviewView, account: Account): Promise<boolean> {
  const apply = vscode.l10n.t("Apply");
  const detail = [
    ...preview.steps.map(({ title, call }) => `${title} (${call.action})`),
    "",
    riskText(preview.risk),
    ...(preview.restoresNote === undefined ? [] : [preview.restoresNote]),
    ...preview.notes,
    ...(preview.expected === "pass" ? [] : [vscode.l10n.t("The check item will not pass by this alone: {0}", preview.expected)]),
  ].join("\n");
  const question = vscode.l10n.t("{0}: {1} in {2}?", preview.title, preview.name, account.alias ?? account.key);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, apply)) !== apply) return false;
  if (preview.risk === "none") return true;
  const typed = await vscode.window.showInputBox({
    title: riskText(preview.risk),
    prompt: vscode.l10n.t("Write the name of the instance to go on: {0}", preview.name),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === "" || preview.name.startsWith(text) ? undefined : vscode.l10n.t("It is called {0}.", preview.name),
  });
  return typed === preview.name;
}

async function askParameters(remedy: RemedyView, name: string): Promise<Record<string, string> | undefined> {
  const given: Record<string, string> = {};
  for (const { name: parameter, title, type, default: standard, allowed } of remedy.parameters) {
    const prompt = title === "" ? parameter : title;
    const value =
      allowed === undefined
        ? await vscode.window.showInputBox({
            title: `${remedy.title}: ${name}`,
            prompt,
            ignoreFocusOut: true,
            ...(standard === null ? {} : { value: textOf(standard) }),
            validateInput: (text) =>
              text.trim() === ""
                ? vscode.l10n.t("It is needed.")
                : type === "integer" && !/^-?\d+$/.test(text.trim())
                  ? vscode.l10n.t("It is a whole number.")
                  : undefined,
          })
        : await vscode.window.showQuickPick(allowed.map(String), { title: `${remedy.title}: ${name}`, placeHolder: prompt });
    if (value === undefined) return undefined;
    given[parameter] = value.trim();
  }
  return given;
}

/** As it is typed: lists with commas. */
function textOf(value: RemedyView["parameters"][number]["default"]): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(textOf).join(",") : JSON.stringify(value);
}

/** All that failed in the newest scan whose remedy asks for nothing and puts nothing at stake, after one look at the list. */
async function fixWithoutRisk(its: Surroundings, account: Account): Promise<void> {
  if (!(await mayChange(its, account))) return;
  const connection = await its.live.connection();
  const results = await connection.sendRequest(protocol.results, { account: account.key });
  if (results === null) throw new Error(vscode.l10n.t("{0} has not been scanned.", account.key));
  const remedies = await connection.sendRequest(protocol.remedies, { cloud: account.cloud });
  const easy = new Map(
    remedies
      .filter(({ risk, parameters }) => risk === "none" && parameters.every((parameter) => parameter.default !== null))
      .map((remedy) => [remedy.item, remedy]),
  );
  const previews: RemedyPreviewView[] = [];
  const left: string[] = [];
  await its.withProgress(vscode.l10n.t("Looking at what would change in {0}", account.key), async (token) => {
    for (const { item, instance, name, status } of results.results) {
      if (status !== "fail" || !easy.has(item)) continue;
      try {
        previews.push(await connection.sendRequest(protocol.previewRemedy, { account: account.key, item, instance }, token));
      } catch (error) {
        left.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  });
  if (previews.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Nothing can be fixed without a risk. What has one is fixed from its own row."),
    );
    return;
  }
  const text = previews.map(previewMarkdown).join("\n");
  await its.pages.openMarkdown(`${account.key}/fix without risk`, text);
  const apply = vscode.l10n.t("Apply All");
  const detail = [...previews.map(({ title, name }) => `${title}: ${name}`), ...left].slice(0, 30).join("\n");
  const question = vscode.l10n.t("Change {0} instances in {1}?", previews.length, account.alias ?? account.key);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, apply)) !== apply) return;
  let fixed = 0;
  await its.withProgress(vscode.l10n.t("Changing {0}", account.key), async (token) => {
    for (const { id } of previews) {
      const record = await connection.sendRequest(protocol.applyRemedy, { preview: id, accepted: "none" }, token);
      if (record.state === "applied" && record.verified === "pass") fixed++;
    }
  });
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} of {1} are fixed. The account's Changes list them, and take them back.", fixed, previews.length),
  );
}

async function undo(its: Surroundings, account: Account, record: RemedyRecord): Promise<void> {
  const connection = await its.live.connection();
  const preview = await its.withProgress(vscode.l10n.t("Looking at {0}", record.name), (token) =>
    connection.sendRequest(protocol.previewUndo, { account: account.key, id: record.id }, token),
  );
  await its.pages.openMarkdown(`${account.key}/undo ${record.item} ${record.name}`, undoMarkdown(preview));
  const go = preview.changedSince ? vscode.l10n.t("Overwrite") : vscode.l10n.t("Undo");
  const detail = [
    ...(preview.changedSince ? [vscode.l10n.t("It was changed since: undoing overwrites that.")] : []),
    ...preview.calls.map(({ action }) => action),
    ...preview.lost,
  ].join("\n");
  const question = vscode.l10n.t("Undo {0} on {1}?", record.item, record.name);
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) !== go) return;
  const undone = await its.withProgress(vscode.l10n.t("Changing {0}", record.name), (token) =>
    connection.sendRequest(protocol.undoRemedy, { account: account.key, id: record.id, overwrite: preview.changedSince }, token),
  );
  its.changed(account, record.instance);
  if (undone.state !== "undone") throw new Error(undone.why ?? undone.state);
  void vscode.window.showInformationMessage([vscode.l10n.t("{0} is as it was.", record.name), undone.why ?? ""].join(" ").trim());
}

/** What became of it, with the way on. */
async function tell(its: Surroundings, account: Account, record: RemedyRecord): Promise<void> {
  // What was changed is in the view whether or not anybody answers.
  its.changed(account, record.instance);
  const takeBack = vscode.l10n.t("Undo");
  const fixSource = vscode.l10n.t("Fix in the Source Too");
  const isFixed = record.state === "applied" && record.verified === "pass";
  // The next apply would bring it back.
  const finding = isFixed ? await its.inFiles.findingOf(account.key, record.item, record.instance) : undefined;
  const choice = isFixed
    ? await vscode.window.showInformationMessage(
        finding === undefined
          ? vscode.l10n.t("{0} passes now.", record.name)
          : vscode.l10n.t("{0} passes now, and the file still says otherwise: the next apply would bring it back.", record.name),
        ...(finding === undefined ? [] : [fixSource]),
        takeBack,
      )
    : await vscode.window.showWarningMessage(
        record.state === "applied"
          ? vscode.l10n.t("{0} was changed, and the check item says: {1}.", record.name, verdictWord(record.verified ?? ""))
          : vscode.l10n.t("{0} was not changed to the end: {1}", record.name, record.why ?? record.state),
        ...(record.steps.some(({ state }) => state !== "planned" && state !== "failed") ? [takeBack] : []),
      );
  if (choice === fixSource && finding !== undefined) {
    await fixInSource(its, finding);
    return;
  }
  if (choice === takeBack) await undo(its, account, record);
}

/** Shows the finding and lets its fix be chosen: those that its light bulb has. */
async function fixInSource(its: Surroundings, finding: FindingItem): Promise<void> {
  const { start, end } = finding.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(finding.uri), { selection });
  const fixes = await its.inFiles.fixesOf(finding);
  if (fixes.length === 0) throw new Error(vscode.l10n.t("{0} has no quick fix here: its page says what to write.", finding.check));
  const items = fixes.map(({ title, edit }) => ({ label: title, edit }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Fix in the Source Too") });
  if (picked !== undefined) await its.inFiles.apply(picked.edit);
}

async function mayChange(its: Surroundings, account: Account): Promise<boolean> {
  if (account.sample || account.fixing !== undefined) return true;
  const allow = vscode.l10n.t("Choose Credentials");
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t("{0} is only read.", account.key),
    { modal: true, detail: vscode.l10n.t("Changing it wants credentials of its own: better others than those it is read with.") },
    allow,
  );
  return choice === allow && (await allowFixes(its, account));
}

async function allowFixes(its: Surroundings, account: Account): Promise<boolean> {
  await showPolicy(its, account);
  const chosen = await its.chooseSource(account.cloud);
  if (chosen === undefined) return false;
  const connection = await its.live.connection();
  await connection.sendRequest(protocol.allowFixing, { account: account.key, with: chosen });
  if (chosen.keys !== undefined) await its.live.keep(account.key, chosen.keys, "fixing");
  void vscode.window.showInformationMessage(
    vscode.l10n.t("{0} may be changed now. Each change is shown before it is made.", account.key),
  );
  return true;
}

async function showPolicy(its: Surroundings, account: Account): Promise<void> {
  const connection = await its.live.connection();
  const { policy } = await connection.sendRequest(protocol.fixAuthorization, { cloud: account.cloud, selection: {} });
  await its.pages.openText(`${account.key}/fix-policy.json`, policy, "json");
}
