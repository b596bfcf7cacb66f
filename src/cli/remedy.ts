import type { MessageConnection } from "vscode-jsonrpc";
import * as protocol from "../live/protocol.ts";
import type { Account, RemedyPreviewView, RemedyRecord } from "../live/protocol.ts";
import type { LiveHost } from "./live.ts";
import type { RemedyCommand } from "./remedy-arguments.ts";
import { remediesText, remedyHistoryText, remedyPreviewText, remedyText, shortId, undoPreviewText } from "./remedy-text.ts";
import { Stop } from "./stop.ts";

interface Work {
  readonly connection: MessageConnection;
  readonly host: LiveHost;
  readonly print: (text: string, json: unknown) => void;
  readonly yes: boolean;
  /** The plumbline.yaml whose parameters items have. */
  readonly configuration: protocol.ScanRequest["configuration"];
  readonly account: () => Promise<Account>;
}

/** Runs a command that changes an account, or shows what was changed; the exit code. */
export async function runRemedy(command: RemedyCommand, work: Work): Promise<number> {
  const { connection, print } = work;
  if (command.kind === "remedies list") {
    const remedies = await connection.sendRequest(protocol.remedies, { cloud: command.cloud });
    print(remediesText(remedies), remedies);
    return 0;
  }
  const account = await work.account();
  switch (command.kind) {
    case "remedy":
      return command.instance === undefined
        ? applyAll(command, account, work)
        : applyOne({ ...command, instance: command.instance }, account, work);
    case "undo":
      return undo(command, account, work);
    case "remedies history": {
      const records = await connection.sendRequest(protocol.remedyHistory, { account: account.key });
      print(remedyHistoryText(records), records);
      return 0;
    }
    case "remedies finish":
    case "remedies verify": {
      const request = command.kind === "remedies finish" ? protocol.finishRemedy : protocol.verifyRemedy;
      return ended(await connection.sendRequest(request, { account: account.key, id: command.id }), work);
    }
  }
}

type Apply = Extract<RemedyCommand, { kind: "remedy" }>;

async function applyOne(command: Apply & { readonly instance: string }, account: Account, work: Work): Promise<number> {
  const { connection, host, print } = work;
  await warnOfInterrupted(account, work);
  const preview = await previewOf(command.item, command.instance, command.parameters, account, work);
  if (command.dryRun) {
    print(remedyPreviewText(preview), preview);
    return 0;
  }
  host.error(remedyPreviewText(preview));
  await agree(preview, command, work);
  return ended(await connection.sendRequest(protocol.applyRemedy, { preview: preview.id, accepted: preview.risk }), work);
}

/** One question for all; what has a risk is named and left to be looked at by itself. */
async function applyAll(command: Apply, account: Account, work: Work): Promise<number> {
  const { connection, host, print } = work;
  const remedies = await connection.sendRequest(protocol.remedies, { cloud: account.cloud });
  const results = await connection.sendRequest(protocol.results, { account: account.key });
  if (results === null) throw new Stop(`${account.key} has not been scanned: \`plumbline scan\`.`);
  const byItem = new Map(remedies.map((remedy) => [remedy.item, remedy]));
  const failing = results.results.filter(
    ({ status, item }) => status === "fail" && (command.item === "*" || item === command.item),
  );
  const previews: RemedyPreviewView[] = [];
  const left: string[] = [];
  for (const { item, instance, name } of failing) {
    const remedy = byItem.get(item);
    if (remedy === undefined) continue;
    if (remedy.risk !== "none") {
      left.push(`${item} on ${name}: its risk is ${remedy.risk}, so it wants a look of its own.`);
      continue;
    }
    try {
      previews.push(await previewOf(item, instance, command.parameters, account, work));
    } catch (error) {
      left.push(`${item} on ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const lines = previews.map(({ title, item, name }) => `${title}: ${item} on ${name}`);
  const summary = [...lines, ...left.map((line) => `Left alone: ${line}`), ""].join("\n");
  if (command.dryRun || previews.length === 0) {
    print(previews.length === 0 ? `${summary}Nothing is to be done.\n` : summary, { previews, left });
    return 0;
  }
  host.error(summary);
  await confirm(`Change ${previews.length} instances of ${account.key}? [y/N] `, work);
  const records: RemedyRecord[] = [];
  for (const preview of previews)
    records.push(await connection.sendRequest(protocol.applyRemedy, { preview: preview.id, accepted: "none" }));
  print(records.map(remedyText).join(""), records);
  return records.every(isFixed) ? 0 : 1;
}

async function undo(command: Extract<RemedyCommand, { kind: "undo" }>, account: Account, work: Work): Promise<number> {
  const { connection, host, print } = work;
  const { id, dryRun, overwrite } = command;
  const preview = await connection.sendRequest(protocol.previewUndo, { account: account.key, id });
  if (dryRun) {
    print(undoPreviewText(preview), preview);
    return 0;
  }
  host.error(undoPreviewText(preview));
  if (preview.changedSince && !overwrite) throw new Stop("Nothing was undone: add --overwrite.");
  await confirm(`Undo it in ${account.key}? [y/N] `, work);
  const record = await connection.sendRequest(protocol.undoRemedy, { account: account.key, id: preview.id, overwrite });
  print(remedyText(record), record);
  return record.state === "undone" ? 0 : 2;
}

function previewOf(
  item: string,
  instance: string,
  parameters: Readonly<Record<string, string>>,
  account: Account,
  { connection, configuration }: Work,
): Promise<RemedyPreviewView> {
  return connection.sendRequest(protocol.previewRemedy, { account: account.key, item, instance, parameters, configuration });
}

/** Where something is at stake one yes is not enough: the risk is named as well. */
async function agree(preview: RemedyPreviewView, { accepted }: Apply, work: Work): Promise<void> {
  const { risk, name, account } = preview;
  if (risk === "none") return confirm(`Change ${name} in ${account}? [y/N] `, work);
  if (accepted === risk && work.yes) return;
  if (work.host.ask === undefined || work.yes)
    throw new Stop(`The risk is "${risk}": add --yes --accept-risk ${risk}. Nothing was changed.`);
  const answer = (await work.host.ask(`The risk is "${risk}". Write the name of the instance to go on: `)).trim();
  if (answer !== name) throw new Stop("Nothing was changed.");
}

async function confirm(question: string, { yes, host }: Work): Promise<void> {
  if (yes) return;
  if (host.ask === undefined) throw new Stop("Nobody is there to agree: add --yes. Nothing was changed.");
  if (!/^y(es)?$/i.test((await host.ask(question)).trim())) throw new Stop("Nothing was changed.");
}

async function warnOfInterrupted(account: Account, { connection, host }: Work): Promise<void> {
  for (const { id, item, name, state } of await connection.sendRequest(protocol.interruptedRemedies, { account: account.key })) {
    host.error(
      `${item} on ${name} was interrupted ${state === "applied" ? "before it was looked at again" : `while ${state}`}: \`plumbline remedies finish ${shortId(id)}\` goes on, \`plumbline undo ${shortId(id)}\` takes it back.\n`,
    );
  }
}

function ended(record: RemedyRecord, { print }: Work): number {
  print(remedyText(record), record);
  if (record.state !== "applied") return 2;
  return isFixed(record) ? 0 : 1;
}

function isFixed({ state, verified }: RemedyRecord): boolean {
  return state === "applied" && verified === "pass";
}
