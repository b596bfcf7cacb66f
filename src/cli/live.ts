import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { CancellationTokenSource, type MessageConnection } from "vscode-jsonrpc";
import type { BatchService } from "../core/service.ts";
import { scanCsv, scanHtml, type ReportedScan } from "../core/reports/scan-report.ts";
import * as protocol from "../live/protocol.ts";
import type { Account, PreviewView, ResultsView, RuleProblem, ScanRequest } from "../live/protocol.ts";
import type { LiveCommand } from "./live-arguments.ts";
import { configuredAccounts, readConfiguration } from "./live-configuration.ts";
import { openFolder } from "./beside.ts";
import { driftReport, driftText } from "./drift.ts";
import type { PlacedResults, ResultPlace } from "./live-text.ts";
import { junitOf, markdownOf, sarifOf } from "./live-formats.ts";
import { runRemedy } from "./remedy.ts";
import { Stop } from "./stop.ts";
import {
  accountsText,
  historyText,
  inventoryText,
  ledgerText,
  planText,
  plural,
  previewText,
  problemText,
  resultsText,
  vendorText,
  sourcesText,
} from "./live-text.ts";

export interface LiveHost {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Asks a person; undefined: there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly version: string;
  /** A service for the Terraform files that an account is put beside. */
  readonly openService: () => Promise<BatchService>;
}

/** Runs a command for live accounts over a connection to the live process; the exit code. */
export async function runLive(command: LiveCommand, connection: MessageConnection, host: LiveHost): Promise<number> {
  try {
    return await run(command, connection, host);
  } catch (error) {
    host.error(`plumbline: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

/** A person at a terminal, if there is one. */
export function terminal(): LiveHost["ask"] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
}

async function run(command: LiveCommand, connection: MessageConnection, host: LiveHost): Promise<number> {
  const print = (text: string, json: unknown): void => {
    const rendered = command.format === "json" ? `${JSON.stringify(json, undefined, 2)}\n` : text;
    if (command.output === undefined) host.out(rendered);
    else writeFileSync(command.output, rendered);
  };
  switch (command.kind) {
    case "accounts list": {
      const accounts = await connection.sendRequest(protocol.accounts);
      print(accountsText(accounts), accounts);
      return 0;
    }
    case "accounts sources": {
      const sources = await connection.sendRequest(protocol.sources);
      print(sourcesText(sources), sources);
      return 0;
    }
    case "accounts connect": {
      const { cloud, selection } = command;
      const source = command.source ?? (await onlySource(connection, cloud));
      const account = await connection.sendRequest(protocol.connect, { cloud, source, regions: selection.regions });
      print(accountsText([account]), account);
      return 0;
    }
    case "accounts regions": {
      const account = await chosenAccount(command, connection);
      const changed = await connection.sendRequest(protocol.chooseRegions, { account: account.key, regions: command.regions });
      print(accountsText([changed]), changed);
      return 0;
    }
    case "accounts disconnect": {
      const account = await chosenAccount(command, connection);
      await connection.sendRequest(protocol.disconnect, { account: account.key });
      print(`${account.key} is disconnected. Its scans and charges are kept.\n`, account);
      return 0;
    }
    case "accounts allow-fixes": {
      const account = await chosenAccount(command, connection);
      const source = command.source ?? (await onlySource(connection, account.cloud));
      const changed = await connection.sendRequest(protocol.allowFixing, { account: account.key, with: { source } });
      print(
        `${account.key} may be changed with ${changed.fixing?.title ?? source}. Each change is shown before it is made.\n`,
        changed,
      );
      return 0;
    }
    case "accounts forbid-fixes": {
      const account = await chosenAccount(command, connection);
      const changed = await connection.sendRequest(protocol.allowFixing, { account: account.key, with: null });
      print(`${account.key} is only read.\n`, changed);
      return 0;
    }
    case "policy fix": {
      const answer = await connection.sendRequest(protocol.fixAuthorization, { cloud: command.cloud, ...requestOf(command) });
      print(answer.policy.endsWith("\n") ? answer.policy : `${answer.policy}\n`, answer);
      return 0;
    }
    case "remedy":
    case "undo":
    case "remedies list":
    case "remedies history":
    case "remedies finish":
    case "remedies verify":
      return runRemedy(command, {
        connection,
        host,
        print,
        yes: command.yes,
        configuration: requestOf(command).configuration,
        account: () => authorizedAccount(command, connection, host),
      });
    case "policy read": {
      const { cloud } = command;
      const answer = await connection.sendRequest(protocol.authorization, { cloud, ...requestOf(command) });
      print(answer.policy.endsWith("\n") ? answer.policy : `${answer.policy}\n`, answer);
      for (const problem of answer.problems) host.error(`${problemText(problem)}\n`);
      return hasErrors(answer.problems) ? 2 : 0;
    }
    case "inventory": {
      const account = await authorizedAccount(command, connection, host);
      const { refresh } = command;
      const services = await withProgress(connection, host, () =>
        connection.sendRequest(protocol.inventory, { account: account.key, refresh }),
      );
      print(inventoryText(services), services);
      return 0;
    }
    case "estimate": {
      const previews: PreviewView[] = [];
      for (const account of await scannedAccounts(command, connection, host))
        previews.push(await previewOf(command, account, connection, host, command.refresh));
      const several = previews.length > 1;
      const text = previews.map((preview) => `${several ? `${preview.account}\n` : ""}${previewText(preview)}`).join("\n");
      print(text, several ? previews : previews[0]);
      return previews.some(({ problems }) => hasErrors(problems)) ? 2 : 0;
    }
    case "scan": {
      const views: ResultsView[] = [];
      const accounts = await scannedAccounts(command, connection, host);
      await refuseDear(command, accounts, connection, host);
      let leftOut = false;
      for (const account of accounts) {
        const { id, problems } = await scan(command, account, connection, host);
        leftOut ||= hasErrors(problems);
        views.push(await resultsOf(account, id, connection));
      }
      const [only, other] = views;
      const code =
        only !== undefined && other === undefined
          ? await finish(only, command, print, host, connection, false)
          : await finishAll(views, { ...command, all: false }, connection, print, host);
      return leftOut && code === 0 ? 2 : code;
    }
    case "verify": {
      const account = await authorizedAccount(command, connection, host);
      const { item, instance } = command;
      const selection = { ...command.selection, checks: [item], ...(instance === undefined ? {} : { instances: [instance] }) };
      const narrowed = { ...command, selection };
      const preview = await previewOf(narrowed, account, connection, host, true);
      refuseSettings(preview, command.folder);
      if (preview.items.length === 0) {
        const wrong = preview.problems.map((problem) => `\n  ${problemText(problem)}`).join("");
        throw new Stop(`There is no check item \`${item}\` for this account's cloud.${wrong}`);
      }
      await approve(preview, command.yes, host);
      const scan = { preview: preview.id, request: requestFor(narrowed, account) };
      const { id } = await connection.sendRequest(protocol.scan, scan);
      return await finish(await resultsOf(account, id, connection), command, print, host, connection, true);
    }
    case "results": {
      if (command.account === "all") return everyAccount(command, connection, print, host);
      const account = await chosenAccount(command, connection);
      if (command.history) {
        const scans = await connection.sendRequest(protocol.history, { account: account.key });
        print(historyText(scans), scans);
        return 0;
      }
      const view = await resultsOf(account, command.scan, connection);
      const placed = command.place === undefined ? view : await placedView(view, account, command.place, connection, host);
      return await finish(placed, command, print, host, connection, command.all);
    }
    case "export": {
      const account = await authorizedAccount(command, connection, host);
      const services = await connection.sendRequest(protocol.inventory, { account: account.key, refresh: false });
      const found = services
        .flatMap(({ instances }) => instances)
        .filter(({ key, id, name }) => [key, id, name].includes(command.instance));
      const [only, other] = found;
      if (only === undefined)
        throw new Stop(`There is no ${command.instance} in ${account.key}: \`plumbline inventory\` lists what there is.`);
      if (other !== undefined)
        throw new Stop(`Several instances are called ${command.instance}: ${found.map(({ key }) => `"${key}"`).join(", ")}.`);
      const view = await connection.sendRequest(protocol.asTerraform, { account: account.key, instance: only.key });
      print(view.text, view);
      return 0;
    }
    case "drift": {
      const account = await authorizedAccount(command, connection, host);
      const folder = await openFolder(command.place, await host.openService());
      const report = await withProgress(connection, host, (token) => driftReport(folder, account, connection, token, command.take));
      print(driftText(report), report);
      const open = report.drift.filter(({ notTaken }) => notTaken !== null);
      return open.length > 0 ? 1 : report.unlisted.length > 0 ? 2 : 0;
    }
    case "except list": {
      const account = await chosenAccount(command, connection);
      const exceptions = await connection.sendRequest(protocol.exceptions, { account: account.key });
      const lines = exceptions.map(
        ({ item, instance, reason, until }) => `${item}  ${instance}  ${until === undefined ? "" : `until ${until}  `}${reason}`,
      );
      print(lines.length === 0 ? "Nothing is white-listed.\n" : `${lines.join("\n")}\n`, exceptions);
      return 0;
    }
    case "except": {
      const account = await chosenAccount(command, connection);
      const { item, instance, reason, until, remove } = command;
      if (remove) {
        const was = await connection.sendRequest(protocol.unexcept, { account: account.key, item, instance });
        if (!was) throw new Stop(`${item} ${instance} is not white-listed.`);
        print(`${item} ${instance} is assessed again.\n`, { item, instance });
        return 0;
      }
      if (reason === undefined) throw new Stop("Give a reason: --reason TEXT.");
      await connection.sendRequest(protocol.except, { account: account.key, item, instance, reason, until });
      print(`${item} ${instance} is white-listed: later scans show it as suppressed.\n`, { item, instance, reason, until });
      return 0;
    }
    case "plan": {
      const account = await chosenAccount(command, connection);
      const { action } = command;
      const view =
        action === undefined
          ? await connection.sendRequest(protocol.plan, { account: account.key })
          : await connection.sendRequest(protocol.changePlan, { account: account.key, action });
      const vendor = action === undefined ? await connection.sendRequest(protocol.vendorQuota, { account: account.key }) : null;
      print(`${planText(view)}${vendorText(vendor)}`, vendor === null ? view : { ...view, vendor });
      return 0;
    }
    case "plan repair": {
      const account = await chosenAccount(command, connection);
      const view = await connection.sendRequest(protocol.repairPlan, { account: account.key });
      print(`Made anew from what was written down.\n${planText(view)}`, view);
      return 0;
    }
    case "ledger": {
      const account = await chosenAccount(command, connection);
      const view = await connection.sendRequest(protocol.ledger, { account: account.key });
      print(ledgerText(view), view);
      return 0;
    }
  }
}

async function scan(
  command: Extract<LiveCommand, { kind: "scan" }>,
  account: Account,
  connection: MessageConnection,
  host: LiveHost,
): Promise<{ readonly id: string; readonly problems: readonly RuleProblem[] }> {
  const [open] = await connection.sendRequest(protocol.interrupted, { account: account.key });
  const request = requestFor(command, account);
  if (command.resume) {
    if (open === undefined) throw new Stop("No scan of this account was interrupted: leave --resume out.");
    await withProgress(connection, host, (token) => connection.sendRequest(protocol.resume, { scan: open.id, request }, token));
    // An item that is broken by now is among its results, as not checked.
    return { id: open.id, problems: [] };
  }
  if (open !== undefined) host.error(`A scan of ${open.startedAt.slice(0, 16)} was interrupted: --resume goes on with it.\n`);
  const preview = await previewOf(command, account, connection, host, command.refresh);
  host.error(previewText(preview));
  refuseSettings(preview, command.folder);
  await approve(preview, command.yes, host);
  const scanned = { preview: preview.id, request };
  const { id } = await withProgress(connection, host, (token) => connection.sendRequest(protocol.scan, scanned, token));
  return { id, problems: preview.problems };
}

function hasErrors(problems: readonly RuleProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

/** What plumbline.yaml means to leave out would be scanned, and charged. */
function refuseSettings({ problems }: PreviewView, folder: string): void {
  const file = readConfiguration(folder)?.file;
  const wrong = problems.filter((problem) => problem.file === file && problem.severity === "error");
  if (wrong.length === 0) return;
  throw new Stop(`Put this right first; nothing was scanned.\n${wrong.map((problem) => `  ${problemText(problem)}`).join("\n")}`);
}

/** The limit is of the command: what all accounts cost together. */
async function refuseDear(
  command: Extract<LiveCommand, { kind: "scan" }>,
  accounts: readonly Account[],
  connection: MessageConnection,
  host: LiveHost,
): Promise<void> {
  const { maximumCost, resume, refresh } = command;
  // What a resumed scan costs was approved before.
  if (maximumCost === undefined || resume) return;
  let micros = 0;
  for (const account of accounts) {
    const { fee } = await previewOf(command, account, connection, host, refresh);
    micros += Math.round(Number(fee.replace(/^[A-Z]{3} /, "")) * 1e6);
  }
  if (micros > Math.round(Number(maximumCost) * 1e6))
    throw new Stop(
      `The scan would cost USD ${(micros / 1e6).toFixed(2)}, more than --max-cost ${maximumCost}. Nothing was scanned.`,
    );
}

async function approve(preview: PreviewView, yes: boolean, host: LiveHost): Promise<void> {
  if (yes || preview.billable === 0) return;
  if (host.ask === undefined) {
    throw new Stop(
      `Nobody is there to approve ${preview.fee} for ${plural(preview.billable, "scan time")} in ${preview.account}: add --yes.`,
    );
  }
  const question = `Scan ${preview.account} for ${preview.fee} (${plural(preview.billable, "scan time")})? [y/N] `;
  if (!/^y(es)?$/i.test((await host.ask(question)).trim())) throw new Stop("Nothing was scanned.");
}

function previewOf(
  command: LiveCommand,
  account: Account,
  connection: MessageConnection,
  host: LiveHost,
  refresh: boolean,
): Promise<PreviewView> {
  const request = { ...requestFor(command, account), refresh };
  return withProgress(connection, host, (token) => connection.sendRequest(protocol.preview, request, token));
}

/** The newest scan of each account that has one, as one report; what failed in any decides. */
async function everyAccount(
  command: Extract<LiveCommand, { kind: "results" }>,
  connection: MessageConnection,
  print: (text: string, json: unknown) => void,
  host: LiveHost,
): Promise<number> {
  const views: ResultsView[] = [];
  for (const { key } of await connection.sendRequest(protocol.accounts)) {
    const view = await connection.sendRequest(protocol.results, { account: key });
    if (view !== null) views.push(view);
  }
  if (views.length === 0) throw new Stop("No account was scanned yet: `plumbline scan`.");
  return finishAll(views, command, connection, print, host);
}

/** Scans of several accounts as one. What failed in any of them decides. */
async function finishAll(
  views: readonly ResultsView[],
  { format, language, all }: Pick<LiveCommand, "format" | "language"> & { readonly all: boolean },
  connection: MessageConnection,
  print: (text: string, json: unknown) => void,
  { version }: LiveHost,
): Promise<number> {
  switch (format) {
    case "html":
    case "csv": {
      const scans = await Promise.all(views.map((view) => reported(view, connection)));
      print(format === "csv" ? scanCsv(scans, all) : scanHtml(scans, { version, language, all }), undefined);
      break;
    }
    default:
      print(views.map((view) => `${view.scan.account}\n${resultsText(view, all)}`).join("\n"), views);
  }
  const codes = views.map(exitCode);
  return codes.includes(1) ? 1 : Math.max(...codes);
}

async function reported(view: ResultsView, connection: MessageConnection): Promise<ReportedScan> {
  return { ...view, history: await connection.sendRequest(protocol.history, { account: view.scan.account }) };
}

async function finish(
  view: PlacedResults,
  command: LiveCommand,
  print: (text: string, json: unknown) => void,
  host: LiveHost,
  connection: MessageConnection,
  all: boolean,
): Promise<number> {
  switch (command.format) {
    case "html": {
      const { language } = command;
      print(scanHtml([await reported(view, connection)], { version: host.version, language, all }), undefined);
      break;
    }
    case "csv":
      print(scanCsv([await reported(view, connection)], all), undefined);
      break;
    case "sarif":
      print(sarifOf(view, host.version, all), undefined);
      break;
    case "junit":
      print(junitOf(view), undefined);
      break;
    case "markdown":
      print(markdownOf(view), undefined);
      break;
    default:
      print(resultsText(view, all), view);
  }
  return exitCode(view);
}

function exitCode(view: ResultsView): number {
  if (view.scan.counts.fail > 0) return 1;
  const unclear = view.results.some(
    ({ status, reason }) => status === "open" || (status === "notChecked" && reason?.kind !== "quota" && reason?.kind !== "plan"),
  );
  return view.scan.state !== "done" || view.unlisted.length > 0 || unclear ? 2 : 0;
}

/** Results with the block that manages each instance. */
async function placedView(
  view: ResultsView,
  account: Account,
  directory: string,
  connection: MessageConnection,
  host: LiveHost,
): Promise<PlacedResults> {
  const folder = await openFolder(directory, await host.openService());
  const data = await connection.sendRequest(protocol.things, { account: account.key, types: folder.types, read: false });
  const places = new Map<string, ResultPlace>();
  for (const { instance, address, by, location } of folder.beside(data).managed)
    places.set(instance, { file: folder.file(location), line: folder.line(location), address, by });
  return {
    ...view,
    results: view.results.map((result) => {
      const place = places.get(result.instance);
      return place === undefined ? result : { ...result, place };
    }),
  };
}

async function resultsOf(account: Account, scan: string | undefined, connection: MessageConnection): Promise<ResultsView> {
  const view = await connection.sendRequest(protocol.results, { account: account.key, scan });
  if (view === null) throw new Stop(`${account.key} has not been scanned: \`plumbline scan\`.`);
  return view;
}

async function chosenAccount({ account }: LiveCommand, connection: MessageConnection): Promise<Account> {
  const all = await connection.sendRequest(protocol.accounts);
  const found = all.filter((each) => account === undefined || [each.key, each.account, each.alias].includes(account));
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  const known = (other === undefined ? all : found).map(({ key }) => key).join(", ");
  if (all.length === 0) throw new Stop("No account is connected: `plumbline accounts connect`.");
  if (account === undefined) throw new Stop(`Several accounts are connected: choose one with --account (${known}).`);
  throw new Stop(other === undefined ? `${account} is not connected. Connected: ${known}.` : `${account} means several: ${known}.`);
}

/** One account, all of them, or those that plumbline.yaml names; each once the user has seen what will be called. */
async function scannedAccounts(command: LiveCommand, connection: MessageConnection, host: LiveHost): Promise<readonly Account[]> {
  const { account } = command;
  const names =
    account === "all"
      ? (await connection.sendRequest(protocol.accounts)).map(({ key }) => key)
      : account === undefined
        ? configuredAccounts(command.folder)
        : undefined;
  if (names === undefined || names.length === 0)
    return [await authorizedAccount({ ...command, account: account === "all" ? undefined : account }, connection, host)];
  if (names.length > 1 && !["text", "json", "html", "csv"].includes(command.format))
    throw new Stop(`--format ${command.format} is of one account: choose it with --account (${names.join(", ")}).`);
  const accounts: Account[] = [];
  for (const name of names) accounts.push(await authorizedAccount({ ...command, account: name }, connection, host));
  return accounts;
}

/** The account, once the user has seen what will be called. */
async function authorizedAccount(command: LiveCommand, connection: MessageConnection, host: LiveHost): Promise<Account> {
  const account = await chosenAccount(command, connection);
  const { cloud, key } = account;
  const { fresh } = await connection.sendRequest(protocol.agreement, {
    account: key,
    configuration: requestOf(command).configuration,
  });
  if (fresh.length === 0) return account;
  const more = (account.authorized ?? []).length > 0;
  host.error(
    `Plumbline reads ${key} as ${account.principal}, with ${plural(fresh.length, "API action")}${more ? " more than before" : ""}, and changes nothing:\n${wrapped(fresh)}\n\`plumbline policy read ${cloud}\` prints the least policy that allows them.\n`,
  );
  if (!command.yes) {
    if (host.ask === undefined) throw new Stop("Nobody is there to agree: add --yes.");
    if (!/^y(es)?$/i.test((await host.ask("Go on? [y/N] ")).trim())) throw new Stop("Nothing was read.");
  }
  await connection.sendRequest(protocol.authorize, { account: key, actions: fresh });
  return account;
}

async function onlySource(connection: MessageConnection, cloud: Account["cloud"]): Promise<string> {
  const sources = (await connection.sendRequest(protocol.sources)).filter(
    (source) => source.cloud === cloud && source.id !== "sample",
  );
  const usable = sources.filter(({ problem }) => problem === undefined);
  const [only, other] = usable;
  if (only !== undefined && other === undefined) return only.id;
  if (only === undefined) {
    const why = sources.map(({ title, problem }) => ` ${title}: ${problem ?? ""}`).join(";");
    throw new Stop(
      `No credentials of ${cloud} were found on this machine.${why} \`--source sample\` connects an account on this machine.`,
    );
  }
  throw new Stop(`Choose credentials with --source: ${usable.map(({ id }) => id).join(", ")}.`);
}

function requestOf({ selection, folder }: LiveCommand): Omit<ScanRequest, "account"> {
  return { selection, configuration: readConfiguration(folder) };
}

function requestFor(command: LiveCommand, { key }: Account): ScanRequest {
  return { account: key, ...requestOf(command) };
}

/** Shows progress to a person, and cancels at the first interrupt; the second ends at once. */
async function withProgress<T>(
  connection: MessageConnection,
  host: LiveHost,
  work: (token: CancellationTokenSource["token"]) => Promise<T>,
): Promise<T> {
  const source = new CancellationTokenSource();
  const stop = (): void => {
    host.error("\nStopping; press again to end at once.\n");
    source.cancel();
    process.removeListener("SIGINT", stop);
  };
  process.on("SIGINT", stop);
  const isTerminal = process.stderr.isTTY;
  const listener = connection.onNotification(protocol.progress, ({ phase, done, of, what }) => {
    if (isTerminal) process.stderr.write(`\r\u001b[K${phase} ${done} of ${of}: ${what.slice(0, 60)}`);
  });
  try {
    return await work(source.token);
  } finally {
    if (isTerminal) process.stderr.write("\r\u001b[K");
    listener.dispose();
    process.removeListener("SIGINT", stop);
  }
}

function wrapped(words: readonly string[]): string {
  const lines: string[] = [""];
  for (const word of words) {
    const last = lines.length - 1;
    if ((lines[last] ?? "").length + word.length > 110) lines.push(`  ${word}`);
    else lines[last] = `${lines[last] === "" ? " " : (lines[last] ?? "")} ${word}`;
  }
  return lines.join("\n");
}
