import { randomUUID } from "node:crypto";
import { judge, type LiveItem } from "../core/accounts/judge.ts";
import { importText } from "../core/accounts/import-text.ts";
import type { AccountData } from "../core/accounts/model.ts";
import { readNeeds } from "../core/checks/permissions.ts";
import type { AccountWorld } from "../core/accounts/world.ts";
import { costOf, costTable, type CostTable, type SwitchedOff } from "../core/billing/cost-table.ts";
import { estimate, type Estimate, type SelectedItem } from "../core/billing/estimate.ts";
import type { PlanAction } from "../core/billing/plan.ts";
import { priceText } from "../core/billing/price.ts";
import type { CheckItem } from "../core/checks/model.ts";
import type { Cloud, Instance } from "../core/instances/model.ts";
import { parsePath } from "../core/values/path.ts";
import type { Reason } from "../core/values/value.ts";
import { AccountReader, fixingKeys, isSample, sampleSource, type Opened, type ReaderOptions } from "./account-reader.ts";
import { accountKey, Accounts, type Account } from "./accounts.ts";
import { actionsOf, uncollected } from "./collect.ts";
import type { Database } from "./database.ts";
import { effortOf, type Effort } from "./effort.ts";
import { Exceptions } from "./exceptions.ts";
import { CallFailure } from "./failure.ts";
import { Inventory } from "./inventory.ts";
import { Leases } from "./leases.ts";
import { systemClock } from "./limits.ts";
import type { OwnItem } from "./own-items.ts";
import { Plans, type Terms } from "./plans.ts";
import { mayHoldSecrets, withoutSecrets } from "./sensitive.ts";
import { Scans, type PairResult, type Scan, type ScanItem, type ScanSelection, type Unlisted } from "./scans.ts";
import { Refusal } from "./refusal.ts";
import type { ItemRequest, RuleProblem, Rules } from "./rules.ts";
import { RemedyService, type RemedyServiceOptions } from "./remedy-service.ts";
import type { CredentialSource, KeptKeys, VendorQuota } from "./session.ts";
import { fixesSince } from "./views.ts";

/** What the service needs of its surroundings. */
export interface LiveOptions extends ReaderOptions {
  readonly database: Database;
  /** Names this process in leases. */
  readonly holder: string;
  /** Who sits at this machine, for the history of remedies. */
  readonly person: string;
  /** For tests: time passes as they say. */
  readonly sleep?: RemedyServiceOptions["sleep"];
}

/** Keys, or a source that was found, to connect with. */
export interface ConnectRequest {
  readonly cloud: Cloud;
  /** Id of a CredentialSource; `sample`; or `kept` with `keys`. */
  readonly source: string;
  readonly keys?: KeptKeys | undefined;
  readonly regions?: readonly string[] | undefined;
  /** Replaces the cloud's hosts. From the user's own settings or arguments, never from a workspace. */
  readonly endpoint?: string | undefined;
}

/** An instance as Terraform, with findings of the newest scan at their lines. */
export interface InstanceText {
  readonly text: string;
  /** ISO 8601; undefined: the account was never scanned. */
  readonly scannedAt: string | undefined;
  /** Lines count from 0. */
  readonly findings: readonly { readonly item: string; readonly message: string; readonly line: number }[];
}

/** What an account is asked for, and by which configuration. */
export interface ScanRequest extends ItemRequest {
  readonly account: string;
  /** List the instances again, however young the inventory is. */
  readonly refresh?: boolean | undefined;
}

/** The cloud's own meter beside ours. */
export interface VendorQuotaView {
  readonly quotas: readonly VendorQuota[];
  /** Why it is not known. */
  readonly missing: Reason | undefined;
}

/** What a scan would look at and cost. */
export interface Preview {
  readonly account: Account;
  readonly selection: ScanSelection;
  readonly estimate: Estimate;
  /** The same, counted: what switches are tried on. Its items are in the user's order. */
  readonly table: CostTable;
  readonly terms: Terms;
  /** When the oldest listing that counts was made; undefined: there is none. */
  readonly inventoryAt: string | undefined;
  readonly instances: number;
  readonly unlisted: readonly Unlisted[];
  /** Items that no collector serves: they are not in the estimate. */
  readonly unsupported: readonly string[];
  readonly actions: readonly string[];
  /** The items that are looked at, by id. */
  readonly checks: ReadonlyMap<string, CheckItem>;
  /** Those of the workspace, as they are approved. */
  readonly own: ReadonlyMap<string, OwnItem>;
  /** What is wrong with plumbline.yaml: that is not in force; and with check items of the workspace: they are left out. */
  readonly problems: readonly RuleProblem[];
}

export interface Progress {
  readonly phase: "inventory" | "reading" | "judging" | "changing";
  readonly done: number;
  readonly of: number;
  /** What was done last: a service, an item. */
  readonly what: string;
}

const changedSince = "the check item was changed after the estimate";

/** How old an inventory may be before it is listed again for an estimate. */
const inventoryAge = 15 * 60_000;

/** Everything that can be done with live accounts. One of it runs in the live process; it knows no protocol and no editor. */
export class LiveService {
  readonly accounts: Accounts;
  readonly plans: Plans;
  readonly inventories: Inventory;
  readonly scans: Scans;
  readonly exceptions: Exceptions;
  readonly remedies: RemedyService;
  readonly reader: AccountReader;
  readonly #options: LiveOptions;
  readonly #leases: Leases;

  constructor(options: LiveOptions) {
    const { database, now } = options;
    this.#options = options;
    this.reader = new AccountReader(options);
    this.accounts = new Accounts(database);
    this.plans = new Plans(database, now);
    this.inventories = new Inventory(database);
    this.scans = new Scans(database, this.plans, now);
    this.exceptions = new Exceptions(database, now);
    this.#leases = new Leases(database, now, options.holder);
    this.remedies = new RemedyService({
      sleep: systemClock.sleep,
      ...options,
      reader: this.reader,
      leases: this.#leases,
      account: (key) => this.account(key),
    });
  }

  /** Credentials that this machine has, of all clouds; those that can't be used say why. */
  async sources(): Promise<readonly CredentialSource[]> {
    const found: CredentialSource[] = [];
    for (const cloud of Object.keys(this.#options.clouds) as Cloud[]) {
      const access = await this.reader.access(cloud);
      found.push(...(await access.discover(this.#options.environment)));
      if (this.#options.samples[cloud] !== undefined) found.push(sampleSource(cloud));
    }
    return found;
  }

  /** Tests the credentials and remembers the account. Throws CallFailure, Refusal. */
  async connect(request: ConnectRequest, signal: AbortSignal): Promise<Account> {
    const source = await this.reader.source(request.cloud, request.source);
    if (source.problem !== undefined) throw new Refusal(`${source.title}: ${source.problem}`);
    const { access, session } = await this.reader.open(source, request.keys, request.endpoint, signal);
    try {
      const identity = await access.identify(session);
      const enabledRegions = await access.regions(session);
      const unknownRegions = request.regions?.filter((region) => !enabledRegions.includes(region)) ?? [];
      if (unknownRegions.length > 0) {
        throw new Refusal(
          `${unknownRegions.join(", ")}: not enabled in account ${identity.account}. It has ${enabledRegions.join(", ")}.`,
        );
      }
      const key = accountKey(request.cloud, identity.account);
      this.reader.remember(key, request.keys, request.endpoint);
      const before = this.accounts.get(key);
      this.accounts.save({
        key,
        cloud: request.cloud,
        account: identity.account,
        alias: identity.alias,
        principal: identity.principal,
        source,
        sample: isSample(source),
        regions: request.regions ?? before?.regions,
        enabledRegions,
        authorized: before?.authorized,
        fixing: before?.fixing,
        connectedAt: this.#options.now(),
      });
      if (request.regions !== undefined) this.accounts.chooseRegions(key, request.regions);
      return this.account(key);
    } finally {
      access.close(session);
    }
  }

  /** Keys that the user keeps in the editor reach us again with each start. */
  useKeys(account: string, keys: KeptKeys | undefined, endpoint?: string): void {
    if (keys === undefined) this.reader.forgetKeys(account);
    this.reader.remember(account, keys, endpoint);
  }

  /** Lets credentials change the account: those that it is read with, or better others. Throws CallFailure, Refusal. */
  async allowFixing(name: string, request: Pick<ConnectRequest, "source" | "keys">, signal: AbortSignal): Promise<Account> {
    const account = this.account(name);
    const source = await this.reader.source(account.cloud, request.source);
    if (source.problem !== undefined) throw new Refusal(`${source.title}: ${source.problem}`);
    const { access, session } = await this.reader.open(source, request.keys, this.reader.endpoint(account.key), signal);
    try {
      const { account: id } = await access.identify(session);
      if (id !== account.account) throw new Refusal(`${source.title} belongs to account ${id}, not ${account.account}.`);
    } finally {
      access.close(session);
    }
    this.reader.remember(fixingKeys(account.key), request.keys, undefined);
    this.accounts.allowFixing(account.key, source);
    return this.account(account.key);
  }

  /** The account is only read from now on. */
  forbidFixing(name: string): Account {
    const account = this.account(name);
    this.reader.forgetKeys(fixingKeys(account.key));
    this.accounts.allowFixing(account.key, undefined);
    return this.account(account.key);
  }

  /** Ids of the check items that have a remedy. */
  async remediable(cloud?: Cloud): Promise<ReadonlyMap<Cloud, ReadonlySet<string>>> {
    const clouds = cloud === undefined ? (Object.keys(this.#options.clouds) as Cloud[]) : [cloud];
    const found = new Map<Cloud, ReadonlySet<string>>();
    for (const each of clouds) {
      const { byCheck } = await (await this.reader.access(each)).remedies();
      found.set(each, new Set(byCheck.keys()));
    }
    return found;
  }

  /** What remedies call, and the least policy that allows it: reading the instance, changing it, and taking that back. */
  async fixAuthorization(
    cloud: Cloud,
    request: Omit<ScanRequest, "account">,
  ): Promise<{ actions: readonly string[]; policy: string }> {
    const access = await this.reader.access(cloud);
    const { byCheck } = await access.remedies();
    const rules = this.reader.rules.of(request);
    const items = rules.items(cloud, request.selection).filter(({ check }) => byCheck.has(check.id));
    const collectors = await access.collectors();
    const reads = [...access.actions, ...actionsOf(collectors, rules.needs(items, collectors))];
    const actions = [...new Set([...reads, ...items.flatMap(({ check }) => check.live?.permissions ?? [])])].sort();
    return { actions, policy: access.fixPolicy(actions) };
  }

  disconnect(account: string): void {
    const { key, sample, cloud } = this.account(account);
    this.reader.forget(key);
    if (sample) this.reader.forgetSample(cloud);
    this.accounts.remove(key);
  }

  /** By key (`aws:123456789012`), account id or alias. Throws Refusal. */
  account(name: string): Account {
    const all = this.accounts.all();
    const found = all.filter(({ key, account, alias }) => key === name || account === name || alias === name);
    const [only, other] = found;
    if (only !== undefined && other === undefined) return only;
    const known = all.map(({ key }) => key).join(", ");
    throw new Refusal(
      other === undefined
        ? `${name} is not connected. ${known === "" ? "No account is: `plumbline accounts connect`." : `Connected: ${known}.`}`
        : `${name} is the name of several accounts: ${found.map(({ key }) => key).join(", ")}.`,
    );
  }

  /** What the cloud itself has sold and metered; undefined: it has no such product. Nothing is called that was not agreed to. */
  async vendorQuota(account: Account, signal: AbortSignal): Promise<VendorQuotaView | undefined> {
    const { vendorQuota } = await this.reader.access(account.cloud);
    if (vendorQuota === undefined) return undefined;
    const { action, read } = vendorQuota;
    if (!account.sample && account.authorized?.includes(action) !== true)
      return { quotas: [], missing: { kind: "elsewhere", detail: `${action} was not agreed to` } };
    try {
      const nothing = { types: new Set<string>(), actions: new Set<string>() };
      const quotas = await this.reader.withSession(account, nothing, signal, ({ session }) => read(session));
      return { quotas, missing: undefined };
    } catch (error) {
      if (error instanceof CallFailure && error.kind !== "cancelled") return { quotas: [], missing: error.reason };
      throw error;
    }
  }

  /** The calls that items make in an account, and the least policy that allows them. */
  async authorization(
    cloud: Cloud,
    request: Omit<ScanRequest, "account">,
  ): Promise<{ actions: readonly string[]; policy: string; problems: readonly RuleProblem[] }> {
    const access = await this.reader.access(cloud);
    const rules = this.reader.rules.of(request);
    const items = rules.items(cloud, request.selection);
    const collectors = await access.collectors();
    const { checks, services } = request.selection;
    // No item needs it: a policy for some items is the least without it.
    const vendor = checks === undefined && services === undefined && access.vendorQuota !== undefined;
    const own = [...access.actions, ...(vendor ? [access.vendorQuota.action] : [])];
    const actions = [...new Set([...own, ...actionsOf(collectors, rules.needs(items, collectors))])].sort();
    return { actions, policy: access.readPolicy(actions), problems: rules.problems };
  }

  /**
   * What must be agreed to before an account is read: the calls of all the product's items, so that nobody is asked with each choice,
   * and those of the workspace's own. `fresh`: what its user has not agreed to yet.
   */
  async agreement(
    name: string,
    configuration: ScanRequest["configuration"],
  ): Promise<{ readonly fresh: readonly string[]; readonly policy: string }> {
    const { cloud, sample, authorized } = this.account(name);
    const configurations = configuration === undefined ? [undefined] : [undefined, configuration];
    const all = await Promise.all(configurations.map((each) => this.authorization(cloud, { selection: {}, configuration: each })));
    const actions = [...new Set(all.flatMap((each) => each.actions))].sort();
    const known = new Set(authorized ?? []);
    const { readPolicy } = await this.reader.access(cloud);
    return { fresh: sample ? [] : actions.filter((action) => !known.has(action)), policy: readPolicy(actions) };
  }

  /** Its user was shown these calls and agreed. What was agreed to before stays so. */
  authorize(name: string, actions: readonly string[]): void {
    const { key, authorized = [] } = this.account(name);
    this.accounts.authorize(key, [...new Set([...authorized, ...actions])].sort());
  }

  /**
   * What the account has of instance types, to be put beside files: with `read` its attributes as the check items read them, without
   * those that may hold a secret; else what the inventory knows. Nothing is judged, and nothing is charged.
   */
  async things(
    name: string,
    types: readonly string[],
    read: boolean,
    signal: AbortSignal,
    progress?: (done: Progress) => void,
  ): Promise<AccountData> {
    const account = this.account(name);
    const { catalogue } = this.#options;
    const regions = this.reader.regions(account);
    if (!read) return this.inventories.data(account.cloud, account.key, account.account, regions);
    const wanted = new Set(types.flatMap((type) => catalogue.types.family(type)));
    const rules = this.reader.rules.of();
    const items = rules
      .items(account.cloud, {})
      .filter(({ check }) => readNeeds(check, catalogue.types).types.some((type) => wanted.has(type)));
    const needs = rules.needs(items, await (await this.reader.access(account.cloud)).collectors());
    const data = await this.reader.withSession(account, needs, signal, (opened) =>
      this.reader.collect(account, opened, needs, signal, {
        progress: (done, of, what) => progress?.({ phase: "reading", done, of, what }),
      }),
    );
    return { ...data, resources: data.resources.map((resource) => withoutSecrets(resource, catalogue.types)) };
  }

  /**
   * An instance as Terraform to be imported, read now, with what the newest scan found of it. Nothing is judged anew, and nothing is
   * charged. Throws Refusal, CallFailure.
   */
  async asTerraform(name: string, instance: string, signal: AbortSignal): Promise<InstanceText> {
    const account = this.account(name);
    const { catalogue } = this.#options;
    const [type = "", region = "-", ...rest] = instance.split(" ");
    const wanted = new Set(catalogue.types.family(type));
    const rules = this.reader.rules.of();
    const items = rules.items(account.cloud, {}).filter(({ check }) => check.instance.some((each) => wanted.has(each)));
    const needs = rules.needs(items, await (await this.reader.access(account.cloud)).collectors());
    const only = { type, region: region === "-" ? undefined : region, id: rest.join(" ") };
    const data = await this.reader.withSession(account, needs, signal, (opened) =>
      this.reader.collect(account, opened, needs, signal, { only }),
    );
    const world = rules.world(data);
    const found = world.instancesOf(type).find(({ address }) => address === instance);
    if (found === undefined) throw new Refusal(`${only.id} is not in ${account.key} any more.`);
    const written = importText(world, found);
    if (written === undefined) throw new Refusal(`Terraform has no resource for ${found.definition.title}.`);
    const [scan] = this.scans.of(account.key);
    const fixed = fixesSince(this.remedies.journal.of(account.key), scan?.endedAt ?? scan?.startedAt ?? "");
    const fails = (scan === undefined ? [] : this.scans.results(scan.id)).filter(
      ({ item, instance: of, status }) => of === instance && status === "fail" && !fixed.has(`${item}\n${of}`),
    );
    return {
      text: written.text,
      scannedAt: scan?.endedAt,
      findings: fails.map(({ item, message, evidence }) => {
        const path = evidence[0] === undefined ? undefined : parsePath(evidence[0].path);
        return { item, message, line: written.lineOf(path ?? []) };
      }),
    };
  }

  /** Lists the instances of every supported service. */
  async refreshInventory(account: Account, signal: AbortSignal, progress?: (done: Progress) => void): Promise<void> {
    const rules = this.reader.rules.of();
    const types = new Set(rules.items(account.cloud, {}).flatMap(({ check }) => rules.listedTypes(check)));
    await this.reader.withSession(account, { types, actions: undefined }, signal, (opened) =>
      this.#list(account, opened, types, signal, progress),
    );
  }

  /** What a scan would look at and cost. Lists instances where the inventory is old or lacks something. */
  async preview(given: ScanRequest, signal: AbortSignal, progress?: (done: Progress) => void): Promise<Preview> {
    const request = this.reader.narrowed(given);
    const account = this.account(request.account);
    const access = await this.reader.access(account.cloud);
    const collectors = await access.collectors();
    const rules = this.reader.rules.of(request);
    const chosen = rules.items(account.cloud, request.selection);
    const { supported, unsupported } = rules.supported(chosen, collectors);
    const named = new Set(supported.flatMap(({ check }) => rules.listedTypes(check)));
    // Other names of a type, and what an account has in no form that we read, are never listed: nothing becomes old for want of them.
    for (const type of uncollected(collectors, { types: named, actions: undefined })) named.delete(type);
    const types: ReadonlySet<string> = named;
    if (request.refresh === true || this.#isOld(account, types)) {
      await this.reader.withSession(account, { types, actions: undefined }, signal, (opened) =>
        this.#list(account, opened, types, signal, progress),
      );
    }
    const world = rules.world(this.inventories.data(account.cloud, account.key, account.account, this.reader.regions(account)));
    const terms = this.plans.terms(account.key);
    const wanted = (instance: Instance): boolean => isWanted(world, instance, request.selection);
    const selected = supported
      .filter(({ check }) => request.selection.freeOnly !== true || terms.freeTiers.has(check.tier))
      .map(({ check }): SelectedItem => {
        const instances = world.subjects(check.instance).filter(wanted);
        return { id: check.id, tier: check.tier, risk: check.risk, instances: instances.map(({ address }) => address) };
      });
    const used = new Set(selected.map(({ id }) => id));
    const estimated = estimate(selected, terms.freeTiers, terms.allowance, terms.price);
    const checks = new Map(supported.map(({ check }) => [check.id, check]));
    const listings = this.inventories.listings(account.key).filter(({ type }) => types.has(type));
    return {
      account,
      selection: request.selection,
      estimate: estimated,
      table: costTable(
        estimated,
        selected.map(({ id }) => id),
        (id) => ({ title: checks.get(id)?.title ?? id, service: checks.get(id)?.service ?? "" }),
        { ...terms, price: priceText(terms.price) },
      ),
      terms,
      inventoryAt: listings.map(({ at }) => at).sort()[0],
      instances: new Set(selected.flatMap(({ instances }) => instances)).size,
      unlisted: supported
        .filter(({ check }) => used.has(check.id))
        .flatMap((item) => this.#unlisted(world, item, request.selection)),
      unsupported: unsupported.map(({ check }) => check.id),
      checks,
      own: new Map(
        supported.flatMap(({ check }) => {
          const own = rules.ownItem(check);
          return own === undefined ? [] : [[check.id, own] as const];
        }),
      ),
      problems: rules.problems,
      actions: actionsOf(collectors, rules.needs(supported, collectors)),
    };
  }

  /** What a scan of a preview will ask of the cloud when something is switched off. */
  async effort(
    { account, selection, table }: Preview,
    configuration: ScanRequest["configuration"],
    off: SwitchedOff,
    latency?: number,
  ): Promise<Effort> {
    const access = await this.reader.access(account.cloud);
    const collectors = await access.collectors();
    const { items } = costOf(table, off);
    const used = new Set(items.filter(({ isOn, left }) => isOn && left === undefined).map(({ item }) => item.id));
    const rules = this.reader.rules.of({ configuration });
    const chosen = rules.items(account.cloud, selection).filter(({ check }) => used.has(check.id));
    const regions = this.reader.regions(account).filter((region) => !off.regions.has(region));
    const count = (type: string, region: string | undefined): number => {
      const byRegion = table.instances[type] ?? {};
      if (region !== undefined) return byRegion[region] ?? 0;
      return Object.values(byRegion).reduce((sum, each) => sum + each, 0);
    };
    return effortOf(collectors, rules.needs(chosen, collectors), regions, count, access.rate, latency);
  }

  /**
   * Runs what a preview showed. `approved` is the preview's estimate: a scan that would cost more by now is refused, and instances
   * that came since are not scanned. Returns the scan when it has ended or was cancelled; throws Refusal before it has begun.
   */
  async scan(request: ScanRequest, approved: Preview, signal: AbortSignal, progress?: (done: Progress) => void): Promise<Scan> {
    const account = this.account(request.account);
    this.#refuseWrong(request);
    const held = await this.#leases.hold(account.key, async () => {
      const terms = this.plans.terms(account.key);
      const again = estimate(
        approved.estimate.items.map(({ item }) => item),
        terms.freeTiers,
        terms.allowance,
        terms.price,
      );
      if (
        again.fee.micros > approved.estimate.fee.micros ||
        again.fee.currency !== approved.estimate.fee.currency ||
        again.billable > approved.estimate.billable
      ) {
        throw new Refusal(
          "The plan or the price changed since the estimate, and the scan would cost more. Look at the cost again.",
        );
      }
      const scan = {
        id: randomUUID(),
        account: account.key,
        startedAt: this.#options.now(),
        selection: approved.selection,
        allowance: terms.allowance,
        price: terms.price,
      };
      this.scans.begin(scan, again, approved.own);
      for (const unlisted of approved.unlisted) this.scans.recordUnlisted(this.#scan(scan.id), unlisted);
      return this.#run(account, this.#scan(scan.id), request, signal, progress);
    });
    return this.#unlessBusy(account, held);
  }

  /** Goes on with a scan that was killed: what was read is not asked again, what was charged is not charged again. */
  async resume(id: string, request: ScanRequest, signal: AbortSignal, progress?: (done: Progress) => void): Promise<Scan> {
    const scan = this.#scan(id);
    if (scan.state !== "running") throw new Refusal(`Scan ${id} has ended (${scan.state}): start a new one.`);
    const account = this.account(scan.account);
    this.#refuseWrong(request);
    const held = await this.#leases.hold(account.key, () =>
      this.#run(account, scan, { ...request, selection: scan.selection }, signal, progress),
    );
    return this.#unlessBusy(account, held);
  }

  /** Scans that were begun and not ended. */
  interrupted(account: string): readonly Scan[] {
    return this.scans.of(account).filter(({ state }) => state === "running");
  }

  changePlan(account: string, action: PlanAction): Terms {
    const changed = this.plans.change(this.account(account).key, action);
    if ("refused" in changed) throw new Refusal(changed.refused);
    return this.plans.terms(this.account(account).key);
  }

  /** What plumbline.yaml means to leave out would be charged, and its parameters would not be in force. */
  #refuseWrong({ configuration }: ScanRequest): void {
    const { problems } = this.reader.rules.of({ configuration });
    const wrong = problems.find(({ file, severity }) => severity === "error" && file === configuration?.file);
    if (wrong !== undefined)
      throw new Refusal(`${wrong.file}:${wrong.line}: ${wrong.message} Put that right first: nothing was scanned.`);
  }

  async #run(
    account: Account,
    scan: Scan,
    request: ScanRequest,
    signal: AbortSignal,
    progress?: (done: Progress) => void,
  ): Promise<Scan> {
    let requests = 0;
    const end = (state: "done" | "cancelled" | "failed", rest: Reason, why?: string): Scan => {
      this.scans.end(scan.id, state, requests, rest, why);
      return this.#scan(scan.id);
    };
    try {
      const used = new Map(scan.items.filter(({ left }) => left === undefined).map((item) => [item.id, item]));
      const rules = this.reader.rules.of(request);
      const items = rules.items(account.cloud, request.selection).filter(({ check }) => used.has(check.id));
      const access = await this.reader.access(account.cloud);
      const needs = rules.needs(items, await access.collectors());
      return await this.reader.withSession(account, needs, signal, async (opened) => {
        try {
          const data = await this.reader.collect(account, opened, needs, signal, {
            known: this.scans.keptParts(scan.id),
            keep: (part) => {
              if (!mayHoldSecrets(part, this.#options.catalogue.types)) this.scans.keepPart(scan.id, part);
            },
            progress: (done, of, what) => progress?.({ phase: "reading", done, of, what }),
          });
          this.#judge(account, scan, { used, items, rules, world: rules.world(data) }, signal, progress);
        } finally {
          requests = opened.access.requests(opened.session);
        }
        if (signal.aborted) return end("cancelled", { kind: "cancelled", detail: "the scan was cancelled" });
        return end("done", { kind: "error", detail: "the check item is no longer selected" });
      });
    } catch (error) {
      if (signal.aborted || (error instanceof CallFailure && error.kind === "cancelled"))
        return end("cancelled", { kind: "cancelled", detail: "the scan was cancelled" });
      if (error instanceof CallFailure) return end("failed", error.reason, error.message);
      if (error instanceof Refusal) return end("failed", { kind: "error", detail: error.message }, error.message);
      throw error;
    }
  }

  #judge(
    account: Account,
    scan: Scan,
    {
      used,
      items,
      rules,
      world,
    }: {
      readonly used: ReadonlyMap<string, ScanItem>;
      readonly items: readonly LiveItem[];
      readonly rules: Rules;
      readonly world: AccountWorld;
    },
    signal: AbortSignal,
    progress?: (done: Progress) => void,
  ): void {
    const { now, catalogue } = this.#options;
    const exceptions = this.exceptions.of(account.key);
    const open = new Map<string, PairResult[]>();
    for (const pair of this.scans.results(scan.id)) {
      if (pair.status !== undefined) continue;
      const list = open.get(pair.item);
      if (list === undefined) open.set(pair.item, [pair]);
      else list.push(pair);
    }
    // A scan that goes on after midnight judges by one clock.
    const moment = now();
    for (const [index, item] of items.entries()) {
      if (signal.aborted) return;
      const scanItem = used.get(item.check.id);
      if (scanItem === undefined) continue;
      const instances = new Map(world.subjects(item.check.instance).map((instance) => [instance.address, instance]));
      const unlisted = this.#unlisted(world, item, scan.selection);
      if (scanItem.own !== undefined && scanItem.own.definition !== rules.definition(item.check)) {
        for (const { instance } of open.get(item.check.id) ?? [])
          this.scans.recordMissing(scan, item.check.id, instance, { kind: "error", detail: changedSince });
        continue;
      }
      const outcomes = new Map<string, ReturnType<typeof judge> & { suppressed: boolean }>();
      for (const { instance: key } of open.get(item.check.id) ?? []) {
        const instance = instances.get(key);
        if (instance === undefined) {
          this.scans.recordMissing(scan, item.check.id, key, whyMissing(key, unlisted));
          continue;
        }
        const suppressed = exceptions.some((exception) => exception.covers(item.check.id, key));
        outcomes.set(key, { ...judge(item, instance, moment, catalogue.tables), suppressed });
      }
      this.scans.record(scan, scanItem, outcomes);
      for (const each of unlisted) this.scans.recordUnlisted(scan, each);
      progress?.({ phase: "judging", done: index + 1, of: items.length, what: item.check.id });
    }
  }

  #unlisted(world: AccountWorld, { check }: LiveItem, { regions }: ScanSelection): readonly Unlisted[] {
    const byRegion = new Map<string | undefined, Reason>();
    for (const { region, failure } of world.unlisted(check.instance)) {
      if (failure === null || (region !== undefined && regions !== undefined && !regions.includes(region))) continue;
      byRegion.set(region, failure);
    }
    return [...byRegion].map(([region, reason]) => ({ item: check.id, region, reason }));
  }

  #isOld(account: Account, types: ReadonlySet<string>): boolean {
    const listings = this.inventories.listings(account.key).filter(({ type }) => types.has(type));
    const known = new Set(listings.map(({ type }) => type));
    if ([...types].some((type) => !known.has(type))) return true;
    const regions = this.reader.regions(account);
    const byType = new Map<string, Set<string | undefined>>();
    for (const { type, region } of listings) byType.set(type, (byType.get(type) ?? new Set()).add(region));
    for (const found of byType.values()) {
      if (!found.has(undefined) && regions.some((region) => !found.has(region))) return true;
    }
    const oldest = Date.parse(this.#options.now()) - inventoryAge;
    // One that failed is not asked again with every look at the cost: `refresh` does.
    return listings.some(({ at }) => Date.parse(at) < oldest);
  }

  async #list(
    account: Account,
    opened: Opened,
    types: ReadonlySet<string>,
    signal: AbortSignal,
    progress?: (done: Progress) => void,
  ): Promise<void> {
    const data = await this.reader.collect(account, opened, { types, actions: undefined }, signal, {
      progress: (done, of, what) => progress?.({ phase: "inventory", done, of, what }),
    });
    this.inventories.save(account.key, data, this.#options.now());
  }

  #scan(id: string): Scan {
    const scan = this.scans.get(id);
    if (scan === undefined) throw new Refusal(`There is no scan ${id}. \`plumbline results --history\` lists them.`);
    return scan;
  }

  #unlessBusy<T>(account: Account, held: { readonly value: T } | { readonly busy: string }): T {
    if ("value" in held) return held.value;
    throw new Refusal(`${account.key} is being scanned by ${held.busy}: wait until that has ended.`);
  }
}

function isWanted(world: AccountWorld, instance: Instance, { regions, tags, instances }: ScanSelection): boolean {
  const resource = world.resourceOf(instance);
  if (resource === undefined) return false;
  if (instances !== undefined && ![instance.address, resource.id, resource.name].some((name) => instances.includes(name)))
    return false;
  if (regions !== undefined && resource.region !== undefined && !regions.includes(resource.region)) return false;
  return Object.entries(tags ?? {}).every(([name, value]) => resource.tags[name] === value);
}

/** Why an instance that was estimated is not among what was read; undefined: it is gone. */
function whyMissing(key: string, unlisted: readonly Unlisted[]): Reason | undefined {
  const [, region] = key.split(" ");
  return unlisted.find((each) => each.region === undefined || each.region === region)?.reason;
}
