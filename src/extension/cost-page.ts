import * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-jsonrpc";
import type { Switches } from "../core/billing/cost-table.ts";
import * as protocol from "../live/protocol.ts";
import type { Account, PreviewView, ScanRequest, ScanView } from "../live/protocol.ts";
import type { CostPageData, FromCostPage, ScanOutcome, Shown, ToCostPage } from "../webview/cost/messages.ts";
import type { LiveProcess } from "./live-process.ts";
import { Pages, type Page } from "./webview.ts";
import { freeOnlyText } from "./words.ts";

/** What the page needs of the rest of the extension. */
export interface CostPageParts {
  readonly live: LiveProcess;
  readonly log: vscode.LogOutputChannel;
  /** Items and parameters of the workspace. */
  readonly configuration: () => Promise<Pick<ScanRequest, "configuration">>;
  /** A scan has ended, or an inventory was made. */
  readonly changed: () => void;
  readonly openPlan: (account: Account) => void;
}

const clouds = { aws: "AWS", alibaba: "Alibaba Cloud", tencent: "Tencent Cloud" } as const;

/** Cost pages, one an account. */
export class CostPages {
  readonly #parts: CostPageParts;
  readonly #pages: Pages<FromCostPage, ToCostPage>;
  readonly #open = new Map<string, CostPage>();

  constructor(context: vscode.ExtensionContext, parts: CostPageParts) {
    this.#parts = parts;
    this.#pages = new Pages(context, "cost");
  }

  /** The account's actions were agreed to. */
  open(account: Account): void {
    const page = this.#pages.open(account.key, vscode.l10n.t("Scan of {0}", account.alias ?? account.account));
    if (page === undefined) {
      this.#open.get(account.key)?.load(false, undefined);
      return;
    }
    this.#open.set(account.key, new CostPage(page, account, this.#parts));
    page.onClosed(() => this.#open.delete(account.key));
  }

  /** The plan of the account is another: so may the cost be. */
  planChanged(account: string): void {
    this.#open.get(account)?.load(false, vscode.l10n.t("The plan was changed: this is what a scan costs now."));
  }
}

class CostPage {
  readonly #page: Page<FromCostPage, ToCostPage>;
  readonly #account: Account;
  readonly #parts: CostPageParts;
  #preview: PreviewView | undefined;
  #off: Switches;
  /** The last message that says what goes on, for a page that is drawn again. */
  #state: ToCostPage | undefined;
  #running: CancellationTokenSource | undefined;

  constructor(page: Page<FromCostPage, ToCostPage>, account: Account, parts: CostPageParts) {
    this.#page = page;
    this.#account = account;
    this.#parts = parts;
    this.#off = account.switchedOff ?? { items: [], services: [], regions: [] };
    page.onMessage((message) => void this.#receive(message));
    // A scan that was approved goes on without its page; a listing has nobody to look at it.
    page.onClosed(() => {
      if (this.#state?.kind !== "progress") this.#running?.cancel();
    });
  }

  /** Looks at the cost again, unless something is under way. */
  load(refresh: boolean, news: string | undefined): void {
    if (this.#running !== undefined) return;
    void this.#during(refresh ? vscode.l10n.t("Listing instances") : vscode.l10n.t("Looking at the cost"), async (token) => {
      await this.#look(refresh, token);
      this.#show(news);
    });
  }

  async #receive(message: FromCostPage): Promise<void> {
    switch (message.kind) {
      case "ready":
        if (this.#preview === undefined) this.load(false, undefined);
        else {
          this.#show(undefined);
          if (this.#state !== undefined) this.#send(this.#state);
        }
        return;
      case "effort": {
        this.#off = message.off;
        const preview = this.#preview;
        if (preview === undefined) return;
        const connection = await this.#parts.live.connection();
        const { configuration } = await this.#parts.configuration();
        const request = { preview: preview.id, off: message.off, ...(configuration === undefined ? {} : { configuration }) };
        try {
          const { requests, seconds } = await connection.sendRequest(protocol.effort, request);
          this.#send({ kind: "effort", serial: message.serial, requests, seconds });
        } catch (error) {
          // It is one number of many, and the page goes on without it.
          this.#parts.log.warn("How long a scan takes could not be told.", textOf(error));
        }
        return;
      }
      case "run":
        this.#off = message.off;
        if (this.#running === undefined) await this.#run(message.shown);
        return;
      case "save": {
        const connection = await this.#parts.live.connection();
        const isAll = Object.values(message.off).every((each: readonly string[]) => each.length === 0);
        try {
          const off = isAll ? null : message.off;
          await connection.sendRequest(protocol.saveSwitches, { account: this.#account.key, off });
          this.#send({ kind: "saved" });
        } catch (error) {
          this.#problem(error);
        }
        return;
      }
      case "refresh":
        this.load(true, undefined);
        return;
      case "cancel":
        this.#running?.cancel();
        return;
      case "plan":
        this.#parts.openPlan(this.#account);
        return;
      case "results":
        await vscode.commands.executeCommand("plumbline.accounts.focus");
        return;
    }
  }

  /** Runs what the page showed; where it would cost more or less by now, it is shown again instead. */
  async #run(shown: Shown): Promise<void> {
    await this.#during(vscode.l10n.t("Looking at the cost"), async (token) => {
      const { live } = this.#parts;
      const connection = await live.connection();
      const whole = await this.#look(false, token);
      const request = await this.#request(selectionOf(whole, this.#off));
      const { id, exact, billable, fee } = await connection.sendRequest(protocol.preview, request, token);
      if (exact !== shown.exact || billable !== shown.billable || fee !== shown.fee) {
        const now = vscode.l10n.t("{0} scan times, {1} charged, {2}", exact, billable, fee);
        const before = vscode.l10n.t("{0} scan times, {1} charged, {2}", shown.exact, shown.billable, shown.fee);
        this.#show(vscode.l10n.t("Instances, plan or price changed since ({0}; before: {1}). Nothing was scanned.", now, before));
        return;
      }
      this.#tell({ kind: "progress", done: 0, of: 0, what: vscode.l10n.t("Scanning") });
      const listener = live.onProgress(({ done, of, what }) => this.#tell({ kind: "progress", done, of, what }));
      try {
        const scan = await connection.sendRequest(protocol.scan, { preview: id, request }, token);
        this.#tell({ kind: "done", outcome: await this.#outcomeOf(scan) });
        if (scan.state !== "done") this.#problem(scan.why ?? vscode.l10n.t("The scan was cancelled. What it had checked is kept."));
        // What is left of the quota is shown at once.
        await this.#look(false, token).catch(() => undefined);
      } finally {
        listener.dispose();
        this.#parts.changed();
      }
    });
  }

  async #outcomeOf({ id, account, counts, charged, fee }: ScanView): Promise<ScanOutcome> {
    const connection = await this.#parts.live.connection();
    const results = await connection.sendRequest(protocol.results, { account, scan: id });
    const { remaining } = await connection.sendRequest(protocol.plan, { account });
    const { pass, fail, notApplicable, notChecked } = counts;
    const ledger = results?.reconciliation ?? { estimated: 0, charged: 0, notChecked: 0, vanished: 0, wrong: [] };
    return {
      pass,
      fail,
      notApplicable,
      notChecked,
      charged,
      fee,
      ledger: { ...ledger, wrong: ledger.wrong.length },
      remaining: remaining ?? null,
    };
  }

  async #look(refresh: boolean, token: CancellationTokenSource["token"]): Promise<PreviewView> {
    const connection = await this.#parts.live.connection();
    const request = { ...(await this.#request({})), refresh };
    const isSame = this.#preview !== undefined;
    this.#preview = await connection.sendRequest(protocol.preview, request, token);
    if (refresh || !isSame) this.#parts.changed();
    return this.#preview;
  }

  async #request(selection: ScanRequest["selection"]): Promise<ScanRequest> {
    return { account: this.#account.key, selection, ...(await this.#parts.configuration()) };
  }

  #show(news: string | undefined): void {
    if (this.#preview === undefined) return;
    this.#send({ kind: "preview", data: pageData(this.#account, this.#preview, this.#off), news: news ?? null });
  }

  async #during(what: string, work: (token: CancellationTokenSource["token"]) => Promise<void>): Promise<void> {
    const source = (this.#running = new CancellationTokenSource());
    this.#tell({ kind: "busy", what });
    try {
      await work(source.token);
    } catch (error) {
      this.#problem(error);
    } finally {
      this.#running = undefined;
      source.dispose();
    }
  }

  #problem(error: unknown): void {
    const message = textOf(error);
    this.#parts.log.error("cost page", message);
    this.#send({ kind: "problem", message });
    if (this.#state?.kind !== "done") this.#state = { kind: "problem", message };
  }

  /** Says it, and says it again to a page that is drawn anew. */
  #tell(message: ToCostPage): void {
    this.#state = message;
    this.#send(message);
  }

  #send(message: ToCostPage): void {
    if (message.kind === "preview") this.#state = undefined;
    this.#page.send(message);
  }
}

/** What is on, by name: an item that came since the page was drawn is not scanned in silence. */
function selectionOf({ table }: PreviewView, off: Switches): ScanRequest["selection"] {
  const items = new Set(off.items);
  const services = new Set(off.services);
  const checks = table.items.filter(({ id, service }) => !items.has(id) && !services.has(service)).map(({ id }) => id);
  const regions = new Set(Object.values(table.instances).flatMap((byRegion) => Object.keys(byRegion)));
  regions.delete("-");
  const on = [...regions].filter((region) => !off.regions.includes(region));
  return { checks, ...(on.length === regions.size ? {} : { regions: on }) };
}

function pageData(account: Account, preview: PreviewView, off: Switches): CostPageData {
  const titles = new Map(preview.items.map(({ id, title }) => [id, title]));
  return {
    preview: preview.id,
    account: account.alias ?? account.account,
    key: account.key,
    cloud: clouds[account.cloud],
    principal: account.principal,
    sample: account.sample,
    table: preview.table,
    plan: { kind: preview.plan.plan.kind, freeOnly: freeOnlyText(preview.plan) ?? null },
    inventoryAt: preview.inventoryAt ?? null,
    unlisted: preview.unlisted.map(({ item, region, reason }) => ({
      item: titles.get(item) ?? item,
      region: region ?? null,
      why: `${reason.kind} ${reason.detail}`,
    })),
    unsupported: preview.unsupported,
    problems: preview.problems.map(({ file, line, message }) => `${vscode.workspace.asRelativePath(file)}:${line}: ${message}`),
    off,
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
