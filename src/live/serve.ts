import { randomUUID } from "node:crypto";
import { ResponseError, type MessageConnection } from "vscode-jsonrpc";
import type { CheckItem } from "../core/checks/model.ts";
import type { InstanceTypes } from "../core/instances/types.ts";
import { switchedOff } from "../core/billing/cost-table.ts";
import { formatMoney } from "../core/billing/money.ts";
import { priceText } from "../core/billing/price.ts";
import { fixingKeys } from "./account-reader.ts";
import { DatabaseProblem } from "./database.ts";
import { CallFailure, redacted } from "./failure.ts";
import type { LiveService, Preview } from "./live-service.ts";
import * as protocol from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { noCounts, type Scan } from "./scans.ts";
import { signalOf } from "./signal.ts";
import { serveRemedies } from "./serve-remedies.ts";
import {
  fixesSince,
  inventoryView,
  planView,
  previewView,
  resultViews,
  scanView,
  type ItemTexts,
  type ResultsView,
  type ScanView,
} from "./views.ts";

/** Answers requests until the connection closes. */
export function serve(
  connection: MessageConnection,
  live: LiveService,
  catalogue: { readonly checks: readonly CheckItem[]; readonly types: InstanceTypes },
): void {
  const checks = new Map(catalogue.checks.map((check) => [check.id, check]));
  const previews = new Map<string, Preview>();
  const tell = (progress: protocol.Progress): void => void connection.sendNotification(protocol.progress, progress);
  const viewsOf = (scans: readonly Scan[], account: string): readonly ScanView[] => {
    const counts = live.scans.counts(account);
    return scans.map((scan) => scanView(scan, counts.get(scan.id) ?? noCounts(), live.plans.chargedBy(scan.id)));
  };
  const viewOf = (scan: Scan): ScanView => {
    const counts = noCounts();
    for (const { status } of live.scans.results(scan.id)) if (status !== undefined) counts[status]++;
    return scanView(scan, counts, live.plans.chargedBy(scan.id));
  };

  connection.onRequest(protocol.sources, () => answer(() => live.sources()));
  connection.onRequest(protocol.connect, (request, token) => answer(() => live.connect(request, signalOf(token))));
  connection.onRequest(protocol.disconnect, ({ account }) =>
    answer(() => {
      live.disconnect(live.account(account).key);
      return null;
    }),
  );
  connection.onRequest(protocol.accounts, () => answer(() => live.accounts.all()));
  connection.onRequest(protocol.chooseRegions, ({ account, regions }) =>
    answer(() => {
      const { key, enabledRegions } = live.account(account);
      const unknown = regions?.filter((region) => !enabledRegions.includes(region)) ?? [];
      if (unknown.length > 0)
        throw new Refusal(`${unknown.join(", ")}: not enabled. The account has ${enabledRegions.join(", ")}.`);
      live.accounts.chooseRegions(key, regions);
      return live.account(key);
    }),
  );
  connection.onRequest(protocol.authorization, ({ cloud, ...request }) => answer(() => live.authorization(cloud, request)));
  connection.onRequest(protocol.authorize, ({ account, actions }) =>
    answer(() => {
      live.authorize(account, actions);
      return null;
    }),
  );
  connection.onRequest(protocol.agreement, ({ account, configuration }) => answer(() => live.agreement(account, configuration)));
  connection.onRequest(protocol.inventory, ({ account, refresh }, token) =>
    answer(async () => {
      const its = live.account(account);
      const isListed = live.inventories.listings(its.key).length > 0;
      if (refresh || !isListed) await live.refreshInventory(its, signalOf(token), tell);
      return inventoryView(live.inventories.instances(its.key), live.inventories.listings(its.key), catalogue.types);
    }),
  );
  connection.onRequest(protocol.things, ({ account, types, read }, token) =>
    answer(() => live.things(account, types, read, signalOf(token), tell)),
  );
  connection.onRequest(protocol.asTerraform, ({ account, instance }, token) =>
    answer(() => live.asTerraform(account, instance, signalOf(token))),
  );
  connection.onRequest(protocol.preview, (request, token) =>
    answer(async () => {
      const preview = await live.preview(request, signalOf(token), tell);
      const id = randomUUID();
      previews.set(id, preview);
      // A person looks at one at a time; each toggle makes another.
      for (const old of [...previews.keys()].slice(0, -20)) previews.delete(old);
      return previewView(id, preview);
    }),
  );
  connection.onRequest(protocol.effort, ({ preview, configuration, off }) =>
    answer(async () => {
      const shown = previews.get(preview);
      if (shown === undefined) throw new Refusal(forgotten);
      return live.effort(shown, configuration, switchedOff(off));
    }),
  );
  connection.onRequest(protocol.saveSwitches, ({ account, off }) =>
    answer(() => {
      const { key } = live.account(account);
      live.accounts.saveSwitches(key, off ?? undefined);
      return live.account(key);
    }),
  );
  connection.onRequest(protocol.scan, ({ preview, request }, token) =>
    answer(async () => {
      const approved = previews.get(preview);
      if (approved === undefined) throw new Refusal(forgotten);
      return viewOf(await live.scan(request, approved, signalOf(token), tell));
    }),
  );
  connection.onRequest(protocol.interrupted, ({ account }) =>
    answer(() => live.interrupted(live.account(account).key).map(viewOf)),
  );
  connection.onRequest(protocol.resume, ({ scan, request }, token) =>
    answer(async () => viewOf(await live.resume(scan, request, signalOf(token), tell))),
  );
  connection.onRequest(protocol.results, ({ account, scan }) =>
    answer((): ResultsView | null => {
      const { key, cloud } = live.account(account);
      const all = live.scans.of(key);
      const chosen = scan === undefined ? all[0] : all.find(({ id }) => id === scan || id.startsWith(scan));
      if (chosen === undefined && scan !== undefined) throw new Refusal(`There is no scan ${scan} of ${key}.`);
      if (chosen === undefined) return null;
      const before = all.slice(all.indexOf(chosen) + 1).find(({ state }) => state === "done");
      const pairs = live.scans.results(chosen.id);
      const names = new Map(live.inventories.instances(key).map((instance) => [instance.key, instance.name]));
      const earlier = before === undefined ? [] : live.scans.results(before.id);
      const ids = new Set(pairs.map(({ item }) => item));
      const kept = new Map(
        chosen.items.flatMap(({ id, risk, own }) => (own === undefined ? [] : [[id, { ...own, risk }] as const])),
      );
      const textsOf = (item: string): ItemTexts | undefined => checks.get(item) ?? kept.get(item);
      return {
        scan: viewOf(chosen),
        cloud,
        results: resultViews(
          pairs,
          earlier,
          names,
          textsOf,
          fixesSince(live.remedies.journal.of(key), chosen.endedAt ?? chosen.startedAt),
        ),
        unlisted: live.scans.unlisted(chosen.id),
        reconciliation: live.scans.reconcile(chosen.id),
        items: Object.fromEntries(
          [...ids].flatMap((id) => {
            const check = textsOf(id);
            if (check === undefined) return [];
            const { title, why, advice, references, benchmarks } = check;
            return [[id, { title, why, advice, references, benchmarks }]];
          }),
        ),
      };
    }),
  );
  connection.onRequest(protocol.history, ({ account }) =>
    answer(() => {
      const { key } = live.account(account);
      return viewsOf(live.scans.of(key), key);
    }),
  );
  connection.onRequest(protocol.pairHistory, ({ account, item, instance }) =>
    answer(() => live.scans.historyOf(live.account(account).key, item, instance)),
  );
  connection.onRequest(protocol.exceptions, ({ account }) => answer(() => live.exceptions.all(live.account(account).key)));
  connection.onRequest(protocol.except, ({ account, item, instance, reason, until }) =>
    answer(() => {
      const { key } = live.account(account);
      const isOwn = (): boolean =>
        live.scans.of(key).some(({ items }) => items.some(({ id, own }) => id === item && own !== undefined));
      if (item !== "*" && !checks.has(item) && !isOwn())
        throw new Refusal(`There is no check item \`${item}\`. One of a workspace is known once it was scanned.`);
      const wrong = live.exceptions.add(key, { item, instance, reason, until });
      if (wrong !== undefined) throw new Refusal(wrong);
      return null;
    }),
  );
  connection.onRequest(protocol.unexcept, ({ account, item, instance }) =>
    answer(() => live.exceptions.remove(live.account(account).key, item, instance)),
  );
  connection.onRequest(protocol.plan, ({ account }) => answer(() => planView(live.plans.terms(live.account(account).key))));
  connection.onRequest(protocol.changePlan, ({ account, action }) => answer(() => planView(live.changePlan(account, action))));
  connection.onRequest(protocol.repairPlan, ({ account }) =>
    answer(() => {
      const { key } = live.account(account);
      live.plans.repair(key);
      return planView(live.plans.terms(key));
    }),
  );
  connection.onRequest(protocol.vendorQuota, ({ account }, token) =>
    answer(async () => (await live.vendorQuota(live.account(account), signalOf(token))) ?? null),
  );
  connection.onRequest(protocol.ledger, ({ account }) =>
    answer(() => {
      const { key } = live.account(account);
      const terms = live.plans.terms(key);
      return {
        plan: planView(terms),
        price: priceText(terms.price),
        instances: live.inventories.instances(key).length,
        charges: live.plans.charges(key),
        days: live.plans.bills(key).map(({ day, scanTimes, fee }) => ({ day, scanTimes, fee: formatMoney(fee) })),
        changes: live.plans.changes(key),
      };
    }),
  );
  connection.onNotification(protocol.useKeys, ({ account, keys, fixing }) =>
    live.useKeys(fixing === true ? fixingKeys(account) : account, keys),
  );
  serveRemedies(connection, live, checks, answer);
  connection.listen();
}

/** Whatever goes wrong becomes an error for people; what a defect says may hold anything, so only its kind is told. */
async function answer<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ResponseError(codes.failed, messageOf(error), { kind: kindOf(error) });
  }
}

const forgotten = "The estimate is not known any more: look at the cost again.";
const codes = { failed: -32_000 };

function kindOf(error: unknown): string {
  if (error instanceof Refusal) return "refusal";
  if (error instanceof DatabaseProblem) return "database";
  return error instanceof CallFailure ? error.kind : "defect";
}

function messageOf(error: unknown): string {
  if (error instanceof Refusal || error instanceof DatabaseProblem) return error.message;
  if (error instanceof CallFailure) return `${error.action}: ${redacted(error.message)}`;
  return `A defect of Plumbline: ${redacted(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`;
}
