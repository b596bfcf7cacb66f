import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import * as protocol from "../live/protocol.ts";
import type { Account, AccountData, ResultsView, ResultView } from "../live/protocol.ts";
import {
  BESIDE,
  FINDINGS,
  FIXES,
  MANAGED_TYPES,
  TAKE_LIVE,
  SET_ACCOUNT,
  type AccountParameters,
  type BesideAnswer,
  type BesideParameters,
  type DriftItem,
  type FindingItem,
  type FixesParameters,
  type FixItem,
  type ManagedItem,
  type TakeLiveAnswer,
  type TakeLiveParameters,
} from "../server/protocol.ts";
import type { AccountNode } from "./accounts-view.ts";
import type { LiveProcess } from "./live-process.ts";
import { COMMANDS } from "./manifest.ts";
import { momentText } from "./words.ts";

/** Results and drift at the blocks that manage the instances. */
interface Known {
  readonly account: Account;
  /** Of the newest scan; undefined: there is none. */
  readonly view: ResultsView | undefined;
  /** What the inventory knows, or all that was read for a comparison. */
  readonly data: AccountData;
  /** When it was read for a comparison, ISO 8601. */
  readonly readAt: string | undefined;
}

/** What a diagnostic of ours is about. */
type Subject =
  | { readonly kind: "result"; readonly node: AccountNode }
  | { readonly kind: "drift"; readonly account: Account; readonly item: DriftItem };

const source = "Plumbline live";
const run = promisify(execFile);

/** Shows what is known of connected accounts in the files, as diagnostics of their own. Asks no cloud unless it is told to compare. */
export class LiveInFiles implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #live: LiveProcess;
  readonly #client: LanguageClient;
  readonly #log: vscode.LogOutputChannel;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection("plumbline live");
  readonly #known = new Map<string, Known>();
  readonly #managed = new Map<string, ReadonlyMap<string, ManagedItem>>();
  readonly #subjects = new WeakMap<vscode.Diagnostic, Subject>();
  /** Ids of items with a remedy. */
  readonly #remedies = new Map<Account["cloud"], ReadonlySet<string>>();
  /** Pulled by the user, by root: only in memory, since states hold secrets. */
  readonly #states: Record<string, string> = {};
  #stateless: readonly string[] = [];
  /** What the server has of each account. */
  readonly #sent = new Map<string, AccountData>();
  /** One placing after the other: what is shown is never of an older question. */
  #placing: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: LiveProcess, client: LanguageClient, log: vscode.LogOutputChannel) {
    this.#live = live;
    this.#client = client;
    this.#log = log;
  }

  /** The block that manages an instance, if the files have one. */
  blockOf(account: string, instance: string): ManagedItem | undefined {
    return this.#managed.get(account)?.get(instance);
  }

  /** The finding of the same item that the files have for the block of an instance. */
  async findingOf(account: string, item: string, instance: string): Promise<FindingItem | undefined> {
    const block = this.blockOf(account, instance);
    if (block === undefined) return undefined;
    const findings = await this.#client.sendRequest<readonly FindingItem[] | null>(FINDINGS);
    return findings?.find(({ check, addresses }) => check === item && addresses.includes(block.address));
  }

  /** Takes in what the newest scans of all accounts found. */
  async update(): Promise<void> {
    const connection = await this.#live.connection();
    const accounts = await connection.sendRequest(protocol.accounts);
    const keys = new Set(accounts.map(({ key }) => key));
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    for (const account of accounts) {
      if (!this.#remedies.has(account.cloud)) {
        const remedies = await connection.sendRequest(protocol.remedies, { cloud: account.cloud });
        this.#remedies.set(account.cloud, new Set(remedies.map(({ item }) => item)));
      }
      const view = (await connection.sendRequest(protocol.results, { account: account.key })) ?? undefined;
      const before = this.#known.get(account.key);
      if (view === undefined && before === undefined) continue;
      const data = before?.readAt === undefined ? await this.#things(account, [], false) : before.data;
      this.#known.set(account.key, { account, view, data, readAt: before?.readAt });
    }
    await this.#place();
  }

  /** Reads what the workspace manages in an account and shows where they differ. Returns how many differences there are. */
  async compare(account: Account, token: protocol.Token): Promise<{ readonly differences: number; readonly compared: number }> {
    const types = await this.#client.sendRequest<readonly string[]>(MANAGED_TYPES);
    const data = await this.#things(account, types, true, token);
    const view = this.#known.get(account.key)?.view;
    this.#known.set(account.key, { account, view, data, readAt: new Date().toISOString() });
    const answers = await this.#place();
    const answer = answers.get(account.key);
    return { differences: answer?.drift.length ?? 0, compared: answer?.managed.length ?? 0 };
  }

  /** The files have changed: places and differences may have moved. Soon, and once for several changes. */
  filesChanged(): void {
    if (this.#known.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#place().catch((error: unknown) => this.#log.warn("Live results could not be placed.", String(error)));
    }, 400);
  }

  /** Roots whose state lies elsewhere. */
  get stateless(): readonly string[] {
    return this.#stateless;
  }

  /** Runs `terraform state pull` in a root, which the user has agreed to. The state stays in memory. */
  async pull(root: string): Promise<void> {
    const { stdout } = await run("terraform", ["state", "pull"], { cwd: root, maxBuffer: 512 * 1024 * 1024 });
    if (stdout.trim() === "") throw new Error(vscode.l10n.t("The state of {0} is empty.", root));
    this.#states[root] = stdout;
    this.#sent.clear();
    await this.#place();
  }

  async takeLive(account: Account, { root, address, path }: DriftItem): Promise<void> {
    const parameters: TakeLiveParameters = { account: account.key, root, address, path };
    const answer = await this.#client.sendRequest<TakeLiveAnswer>(TAKE_LIVE, parameters);
    if ("wrong" in answer) throw new Error(answer.wrong);
    await this.apply(answer.edit);
  }

  /** The source fixes of a finding. */
  fixesOf({ id }: FindingItem): Promise<readonly FixItem[]> {
    const parameters: FixesParameters = { finding: id };
    return this.#client.sendRequest<readonly FixItem[]>(FIXES, parameters);
  }

  async apply(edit: FixItem["edit"]): Promise<void> {
    const converted = await this.#client.protocol2CodeConverter.asWorkspaceEdit(edit);
    if (!(await vscode.workspace.applyEdit(converted))) throw new Error(vscode.l10n.t("The files changed meanwhile. Try again."));
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const ours = (this.#diagnostics.get(document.uri) ?? []).filter((each) => each.range.intersection(range) !== undefined);
    return ours.flatMap((diagnostic) => {
      const subject = this.#subjects.get(diagnostic);
      return subject === undefined ? [] : actionsOf(subject, diagnostic);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#diagnostics.dispose();
  }

  async #things(account: Account, types: readonly string[], read: boolean, token?: protocol.Token): Promise<AccountData> {
    const connection = await this.#live.connection();
    const request = { account: account.key, types, read };
    return token === undefined
      ? connection.sendRequest(protocol.things, request)
      : connection.sendRequest(protocol.things, request, token);
  }

  #place(): Promise<ReadonlyMap<string, BesideAnswer>> {
    const placed = this.#placing.then(() => this.#placeNow());
    this.#placing = placed.catch(() => undefined);
    return placed;
  }

  /** The account beside the files. A server that was started anew is given the account again. */
  async #beside(account: Account, data: AccountData): Promise<BesideAnswer | null> {
    const parameters: BesideParameters = { account: account.key };
    const ask = (): Promise<BesideAnswer | null> => this.#client.sendRequest<BesideAnswer | null>(BESIDE, parameters);
    const give = async (): Promise<void> => {
      const given: AccountParameters = { account: data, states: this.#states };
      await this.#client.sendNotification(SET_ACCOUNT, given);
      this.#sent.set(account.key, data);
    };
    if (this.#sent.get(account.key) === data) {
      const answer = await ask();
      if (answer !== null) return answer;
    }
    await give();
    return ask();
  }

  async #placeNow(): Promise<ReadonlyMap<string, BesideAnswer>> {
    const answers = new Map<string, BesideAnswer>();
    if (!this.#client.isRunning()) return answers;
    const findings = (await this.#client.sendRequest<readonly FindingItem[] | null>(FINDINGS)) ?? [];
    // What a file says itself need not be said twice.
    const said = new Set(findings.flatMap(({ check, addresses }) => addresses.map((address) => `${check} ${address}`)));
    const byFile = new Map<string, vscode.Diagnostic[]>();
    const add = (uri: string, diagnostic: vscode.Diagnostic, subject: Subject): void => {
      this.#subjects.set(diagnostic, subject);
      const list = byFile.get(uri);
      if (list === undefined) byFile.set(uri, [diagnostic]);
      else list.push(diagnostic);
    };
    for (const { account, data } of this.#known.values()) {
      const answer = await this.#beside(account, data);
      if (answer !== null) answers.set(account.key, answer);
    }
    const ambiguous = inSeveral([...answers.values()]);
    this.#managed.clear();
    for (const { account, view, readAt } of this.#known.values()) {
      const answer = answers.get(account.key);
      if (answer === undefined) continue;
      this.#stateless = answer.stateless;
      const blocks = new Map(
        answer.managed.flatMap((item) => (ambiguous.has(placeOf(item)) ? [] : [[item.instance, item] as const])),
      );
      this.#managed.set(account.key, blocks);
      for (const result of view?.results ?? []) {
        const block = blocks.get(result.instance);
        if (
          view === undefined ||
          block === undefined ||
          result.status !== "fail" ||
          result.fixedAt !== undefined ||
          said.has(`${result.item} ${block.address}`)
        )
          continue;
        const node: AccountNode = {
          kind: "result",
          account,
          view,
          result,
          fixable: this.#remedies.get(account.cloud)?.has(result.item) === true,
        };
        add(block.uri, resultDiagnostic(account, view, result, block), { kind: "result", node });
      }
      if (readAt === undefined) continue;
      for (const item of answer.drift)
        if (!ambiguous.has(placeOf(item))) add(item.uri, driftDiagnostic(account, readAt, item), { kind: "drift", account, item });
    }
    this.#diagnostics.clear();
    for (const [uri, diagnostics] of byFile) this.#diagnostics.set(vscode.Uri.parse(uri), diagnostics);
    return answers;
  }
}

function placeOf({ root, address }: ManagedItem): string {
  return `${root} ${address}`;
}

/** Blocks that things of several accounts are called like: nobody knows whose they are. A state does. */
function inSeveral(answers: readonly BesideAnswer[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { managed } of answers)
    for (const item of managed) if (item.by !== "state") counts.set(placeOf(item), (counts.get(placeOf(item)) ?? 0) + 1);
  return new Set([...counts].flatMap(([place, count]) => (count > 1 ? [place] : [])));
}

function itemOf(node: AccountNode): string {
  return node.kind === "result" ? node.result.item : "";
}

function rangeOf({ start, end }: ManagedItem["range"]): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
} as const;

function resultDiagnostic(account: Account, view: ResultsView, result: ResultView, block: ManagedItem): vscode.Diagnostic {
  const name = account.alias ?? account.account;
  const at = momentText(view.scan.endedAt ?? view.scan.startedAt);
  const said = result.message === "" ? result.title : result.message;
  const message = vscode.l10n.t("Live in {0}, scanned {1}: {2}", name, at, said.replaceAll("`", ""));
  const setting = vscode.workspace.getConfiguration("plumbline").get<keyof typeof severities>(`severity.${result.risk}`);
  const diagnostic = new vscode.Diagnostic(rangeOf(block.range), message, severities[setting ?? "warning"]);
  diagnostic.source = source;
  diagnostic.code = result.item;
  return diagnostic;
}

function driftDiagnostic(account: Account, readAt: string, item: DriftItem): vscode.Diagnostic {
  const name = account.alias ?? account.account;
  const at = momentText(readAt);
  const message = vscode.l10n.t("The file says {0}, {1} has {2} ({3}, read {4}).", item.written, name, item.live, item.path, at);
  const diagnostic = new vscode.Diagnostic(rangeOf(item.range), message, vscode.DiagnosticSeverity.Warning);
  diagnostic.source = source;
  diagnostic.code = "drift";
  return diagnostic;
}

function actionsOf(subject: Subject, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const action = (title: string, command: string, argument: unknown): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.diagnostics = [diagnostic];
    made.command = { command, title, arguments: [argument] };
    return made;
  };
  if (subject.kind === "result") {
    const isFixable = subject.node.kind === "result" && subject.node.fixable;
    return [
      ...(isFixable
        ? [action(vscode.l10n.t("Fix in the Account: {0}…", itemOf(subject.node)), COMMANDS.fixResult, subject.node)]
        : []),
      action(vscode.l10n.t("Show what the account says"), COMMANDS.openResult, subject.node),
    ];
  }
  const { item } = subject;
  return [
    action(vscode.l10n.t("Write the account's value into the file: {0}", item.live), COMMANDS.takeLiveValue, subject),
    action(vscode.l10n.t("Apply the file's value with terraform…"), COMMANDS.applyFileValue, subject),
  ];
}

/** Puts the command into a terminal and leaves running it to its user, who sees Terraform's own plan first. */
export function applyInTerminal({ root, address }: DriftItem): void {
  const terminal = vscode.window.createTerminal({ name: "Plumbline: terraform apply", cwd: root });
  terminal.show();
  terminal.sendText(`terraform apply -target='${address}'`, false);
}
