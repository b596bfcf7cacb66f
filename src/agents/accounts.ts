import type { MessageConnection } from "vscode-jsonrpc";
import * as protocol from "../live/protocol.ts";
import type { Account, PreviewView, ResultsView, ScanRequest } from "../live/protocol.ts";
import { readInput, type Input } from "./inputs.ts";
import { ToolRefusal, type AccountToolName } from "./tools.ts";

export interface AccountDoor {
  readonly connection: Pick<MessageConnection, "sendRequest">;
  /** Items and parameters: of a plumbline.yaml that the user trusts. */
  readonly configuration: ScanRequest["configuration"];
  /** Asks the user, who sees the question as it is. A text: nobody can be asked, and what to do instead. */
  readonly agree: (question: string) => Promise<boolean | string>;
  readonly token: protocol.Token | undefined;
}

/** The answer as JSON. Spends nothing that the user has not agreed to. Throws ToolRefusal, and what the live process refuses. */
export async function answerAboutAccounts(name: AccountToolName, input: unknown, door: AccountDoor): Promise<object> {
  switch (name) {
    case "plumbline_accounts":
      readInput(name, input);
      return {
        accounts: await Promise.all((await door.connection.sendRequest(protocol.accounts)).map((each) => told(each, door))),
      };
    case "plumbline_preview_scan":
      return costOf(await preview(readInput(name, input), door));
    case "plumbline_scan":
      return scan(readInput(name, input), door);
    case "plumbline_scan_results":
      return results(readInput(name, input), door);
  }
}

async function told(
  { key, cloud, account, alias, principal, sample, regions, enabledRegions }: Account,
  { connection }: AccountDoor,
): Promise<object> {
  const { plan, freeOnly, remaining, unit } = await connection.sendRequest(protocol.plan, { account: key });
  const [last] = await connection.sendRequest(protocol.history, { account: key });
  return {
    key,
    cloud,
    account,
    alias,
    principal,
    // It runs on this machine: nothing in it is the user's.
    sample,
    regions: regions ?? enabledRegions,
    plan: { ...plan, unit, remaining, freeOnly: freeOnly?.why },
    lastScan:
      last === undefined
        ? undefined
        : { at: last.startedAt, state: last.state, counts: last.counts, charged: last.charged, fee: last.fee },
  };
}

type Scope = Input<"plumbline_preview_scan">;

function requestOf({ account: _, ...selection }: Scope, { key }: Account, { configuration }: AccountDoor): ScanRequest {
  return { account: key, selection, configuration };
}

async function preview(scope: Scope, door: AccountDoor): Promise<PreviewView> {
  const account = await chosen(scope.account, door);
  if (!account.sample && account.authorized === undefined)
    throw new ToolRefusal(
      `The user has not agreed yet to the API actions that are called in ${account.key}: \`plumbline estimate --account ${account.key}\` or the Accounts view in VS Code shows them.`,
    );
  return door.connection.sendRequest(protocol.preview, requestOf(scope, account, door), door.token);
}

function costOf({
  account,
  items,
  instances,
  ceiling,
  exact,
  billable,
  fee,
  unit,
  quota,
  plan,
  inventoryAt,
  unlisted,
  unsupported,
  problems,
  actions,
}: PreviewView): object {
  const left = (why: "quota" | "plan"): readonly string[] => items.filter((item) => item.left === why).map(({ id }) => id);
  return {
    account,
    scanTimes: exact,
    ceiling,
    charged: billable,
    unit,
    fee,
    quota,
    freeOnly: plan.freeOnly?.why,
    instances,
    instancesAsOf: inventoryAt,
    byItem: items
      .filter((item) => item.left === undefined && item.scanTimes > 0)
      .map(({ id, service, risk, free, scanTimes }) => ({ id, service, risk, free, scanTimes })),
    notCovered: { byQuota: left("quota"), byPlan: left("plan") },
    notPossible: unsupported,
    notListed: unlisted,
    problems,
    actions,
  };
}

async function scan(scope: Scope, door: AccountDoor): Promise<object> {
  const shown = await preview(scope, door);
  const account = await chosen(scope.account, door);
  const what = `${String(shown.exact)} scan ${shown.exact === 1 ? "time" : "times"}, ${String(shown.billable)} of them charged: ${shown.fee}`;
  const agreed = await door.agree(`Scan ${shown.account}${account.sample ? " (a sample account on this machine)" : ""}? ${what}.`);
  if (agreed !== true) {
    const why = agreed === false ? "The user did not agree." : agreed;
    throw new ToolRefusal(`Nothing was scanned, and nothing was charged. ${why}`);
  }
  // What was agreed to, and nothing else: the live process refuses where anything has changed since.
  const { state, why, requests } = await door.connection.sendRequest(
    protocol.scan,
    { preview: shown.id, request: requestOf(scope, account, door) },
    door.token,
  );
  return { state, why, requests, ...(await results({ account: account.key, limit: 50 }, door)) };
}

const risks = ["high", "medium", "low"] as const;

async function results({ account: name, minimumRisk, limit }: Input<"plumbline_scan_results">, door: AccountDoor): Promise<object> {
  const account = await chosen(name, door);
  const view = await door.connection.sendRequest(protocol.results, { account: account.key });
  if (view === null)
    throw new ToolRefusal(`${account.key} was never scanned: plumbline_preview_scan shows what a scan would cost.`);
  const least = risks.indexOf(minimumRisk ?? "low");
  const open = view.results
    .filter(({ status, risk, fixedAt }) => status === "fail" && fixedAt === undefined && risks.indexOf(risk) <= least)
    .sort((a, b) => risks.indexOf(a.risk) - risks.indexOf(b.risk));
  const { scan: last, reconciliation } = view;
  return {
    account: account.key,
    scannedAt: last.startedAt,
    counts: last.counts,
    passRate: last.passRate,
    charged: last.charged,
    fee: last.fee,
    reconciliation,
    shown: Math.min(limit, open.length),
    of: open.length,
    failed: open.slice(0, limit).map(({ item, title, risk, type, region, name: instance, id, message, evidence, change }) => ({
      item,
      title,
      risk,
      type,
      region,
      instance,
      id,
      message,
      evidence,
      change,
      advice: view.items[item]?.advice,
    })),
    notChecked: notChecked(view),
    notListed: view.unlisted,
  };
}

/** Why how many pairs were not checked: never as if they had passed. */
function notChecked({ results: all }: ResultsView): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { status, reason } of all) {
    if (status !== "notChecked") continue;
    const why = reason === undefined ? "not known" : `${reason.kind}: ${reason.detail}`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a).slice(0, 20));
}

async function chosen(name: string | undefined, { connection }: AccountDoor): Promise<Account> {
  const all = await connection.sendRequest(protocol.accounts);
  const found = name === undefined ? all : all.filter(({ key, account, alias }) => [key, account, alias].includes(name));
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  const keys = all.map(({ key }) => key).join(", ");
  if (all.length === 0)
    throw new ToolRefusal(
      "No account is connected. The user can do that: `plumbline accounts connect`, or the Accounts view in VS Code.",
    );
  throw new ToolRefusal(
    only === undefined ? `${name ?? ""} is not connected. Connected: ${keys}.` : `Which account? Connected: ${keys}.`,
  );
}
