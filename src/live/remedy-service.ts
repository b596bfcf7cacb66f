import { createHash, randomUUID } from "node:crypto";
import type { AccountData, LiveResource } from "../core/accounts/model.ts";
import { terraformText } from "../core/accounts/terraform-text.ts";
import { instanceKey, type AccountWorld } from "../core/accounts/world.ts";
import { evaluateCheck } from "../core/checks/evaluate.ts";
import type { LiveFix, Result } from "../core/checks/model.ts";
import { mostActionable, type LiveItem } from "../core/accounts/judge.ts";
import type { Catalogue } from "../core/checks/catalogue.ts";
import type { Json, JsonObject } from "../core/snapshots/model.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { fromJson, toJson } from "../core/values/json.ts";
import { object, reason, unknown } from "../core/values/make.ts";
import { typeOf } from "../core/values/type.ts";
import type { ObjectValue } from "../core/values/value.ts";
import type { AccountReader, Opened } from "./account-reader.ts";
import type { Account } from "./accounts.ts";
import type { Database } from "./database.ts";
import { CallFailure } from "./failure.ts";
import type { Leases } from "./leases.ts";
import { Refusal } from "./refusal.ts";
import type { ItemRequest } from "./rules.ts";
import { RemedyJournal, type RemedyRecord, type StepRecord } from "./remedy-journal.ts";
import { remedyParameters } from "./remedy-parameters.ts";
import {
  filled,
  hasHoles,
  NotPossible,
  valueIn,
  type Before,
  type Call,
  type Deciding,
  type Expected,
  type Remediation,
  type RemedyParameters,
  type Step,
} from "./remedy.ts";

export interface RemedyServiceOptions {
  readonly database: Database;
  readonly catalogue: Catalogue;
  readonly reader: AccountReader;
  readonly leases: Leases;
  /** As it is connected now; throws Refusal. */
  readonly account: (key: string) => Account;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  /** Who sits at this machine. */
  readonly person: string;
  /** Rejects when the signal says so. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** How long a change may take before it is reported as unfinished. */
  readonly patience?: number;
}

export interface RemedyRequest {
  /** Check id. */
  readonly item: string;
  /** Instance key, id or name. */
  readonly instance: string;
  readonly parameters?: Readonly<Record<string, Json>> | undefined;
  readonly configuration?: ItemRequest["configuration"];
  /** By which the item was judged before, in place of the configuration. */
  readonly itemParameters?: JsonObject;
}

/** What a remedy would do. Nothing has been changed. */
export interface RemedyPreview {
  readonly id: string;
  readonly account: Account;
  readonly request: RemedyRequest;
  readonly item: string;
  readonly title: string;
  readonly instance: string;
  readonly name: string;
  readonly fix: LiveFix;
  readonly parameters: RemedyParameters;
  readonly itemParameters: JsonObject;
  readonly steps: readonly Step[];
  readonly touched: readonly Expected[];
  /** What it changes, as Terraform. */
  readonly before: string;
  readonly after: string;
  readonly notes: readonly string[];
  /** The item's outcome on what is expected afterwards: `pass`, or why not. */
  readonly expected: string;
}

export interface UndoPreview {
  readonly record: RemedyRecord;
  readonly calls: readonly Call[];
  readonly lost: readonly string[];
  /** Somebody changed it since: undoing would overwrite that. */
  readonly changedSince: boolean;
  /** As it is now. */
  readonly now: string;
}

export interface RemedyProgress {
  readonly step: number;
  readonly of: number;
  readonly title: string;
}

const defaultPatience = 15 * 60_000;

/** Previews, applies, verifies and takes back remedies. One change of an instance at a time, over all processes. */
export class RemedyService {
  readonly journal: RemedyJournal;
  readonly #options: RemedyServiceOptions;
  readonly #previews = new Map<string, RemedyPreview>();

  constructor(options: RemedyServiceOptions) {
    this.#options = options;
    this.journal = new RemedyJournal(options.database, options.now);
  }

  /** Throws Refusal where there is nothing to be done or nothing can be, CallFailure. */
  async preview(account: Account, request: RemedyRequest, signal: AbortSignal): Promise<RemedyPreview> {
    return this.#inAccount(account, request, signal, async (its) => {
      const preview = await this.#plan(account, request, its, `plumbline-${randomUUID()}`, signal);
      this.#previews.set(preview.id, preview);
      for (const old of [...this.#previews.keys()].slice(0, -50)) this.#previews.delete(old);
      return preview;
    });
  }

  /**
   * Does what the preview showed, or refuses where the instance has changed since. `accepted` is the risk that the user was shown and
   * accepted. Returns when it is verified, or has failed: the record says which.
   */
  async apply(
    id: string,
    accepted: LiveFix["risk"],
    signal: AbortSignal,
    progress?: (at: RemedyProgress) => void,
  ): Promise<RemedyRecord> {
    const preview = this.#previews.get(id);
    if (preview === undefined) throw new Refusal("This preview is not known any more: look at it again.");
    const { request, fix } = preview;
    const account = this.#options.account(preview.account.key);
    if (accepted !== fix.risk) throw new Refusal(`The risk of this remedy is "${fix.risk}", and "${accepted}" was accepted.`);
    return this.#alone(account, preview.instance, () =>
      this.#inAccount(account, request, signal, async (its) => {
        const again = await this.#plan(account, { ...request, parameters: preview.parameters }, its, preview.id, signal);
        if (fingerprint(again) !== fingerprint(preview)) {
          this.#previews.delete(id);
          throw new Refusal(`${preview.name} has changed since it was looked at, and nothing was done: look at the preview again.`);
        }
        this.#previews.delete(id);
        const { principal } = await its.opened.access.identify(its.opened.session);
        const { item, instance, name, parameters, itemParameters, touched, before, after } = preview;
        this.journal.begin(
          {
            id,
            account: account.key,
            item,
            instance,
            name,
            risk: fix.risk,
            parameters,
            principal,
            person: this.#options.person,
            startedAt: this.#options.now(),
            itemParameters,
            touched,
            before,
            after,
          },
          preview.steps,
        );
        return this.#run(id, its, signal, progress);
      }),
    );
  }

  /** Goes on with a remedy that was killed or failed: steps that are done are not done again. */
  async finish(account: Account, id: string, signal: AbortSignal, progress?: (at: RemedyProgress) => void): Promise<RemedyRecord> {
    const record = this.#record(account, id);
    if (isUnseen(record)) return this.verify(account, id, signal);
    if (record.state !== "applying" && record.state !== "failed")
      throw new Refusal(`Remedy ${id} is ${record.state}: there is nothing to finish.`);
    return this.#alone(account, record.instance, () =>
      this.#inAccount(account, requestOf(record), signal, (its) => this.#run(id, its, signal, progress)),
    );
  }

  /** Looks again whether the item passes: for a change that took the cloud longer than we waited. */
  async verify(account: Account, id: string, signal: AbortSignal): Promise<RemedyRecord> {
    const record = this.#record(account, id);
    await this.#inAccount(account, requestOf(record), signal, async (its) => {
      const { result } = await this.#look(account, its, record.instance, signal);
      this.journal.setVerified(id, outcomeText(result));
    });
    return this.#record(account, id);
  }

  async undoPreview(account: Account, id: string, signal: AbortSignal): Promise<UndoPreview> {
    const record = this.#undoable(account, id);
    return this.#inAccount(account, requestOf(record), signal, async (its) => {
      const { data } = await this.#look(account, its, record.instance, signal);
      const now = this.#textOf(data, record.touched);
      const toUndo = undoOrder(record);
      return {
        record,
        calls: toUndo.flatMap(({ step, answer }) => step.undo.map((call) => known(call, answer))),
        lost: toUndo.flatMap(({ step }) => step.lost ?? []),
        changedSince: isChanged(record, now),
        now,
      };
    });
  }

  /** Walks completed steps backwards. `overwrite`: also what somebody changed since. */
  async undo(
    account: Account,
    id: string,
    overwrite: boolean,
    signal: AbortSignal,
    progress?: (at: RemedyProgress) => void,
  ): Promise<RemedyRecord> {
    const record = this.#undoable(account, id);
    return this.#alone(account, record.instance, () =>
      this.#inAccount(account, requestOf(record), signal, async (its) => {
        const { data } = await this.#look(account, its, record.instance, signal);
        if (!overwrite && isChanged(record, this.#textOf(data, record.touched))) {
          throw new Refusal(
            `${record.name} was changed since the remedy, and undoing would overwrite that. Look at it, then undo with --overwrite.`,
          );
        }
        return this.#walkBack(account, record, its, signal, progress);
      }),
    );
  }

  /** Begun, and not ended by whoever began it, or not looked at again: killed, as far as anybody can tell. */
  interrupted(account: Account): readonly RemedyRecord[] {
    return this.journal
      .of(account.key)
      .filter(
        (record) =>
          (record.state === "applying" || record.state === "undoing" || isUnseen(record)) &&
          this.#options.leases.holder(leaseOf(account, record.instance)) === undefined,
      );
  }

  async #run(id: string, its: Its, signal: AbortSignal, progress?: (at: RemedyProgress) => void): Promise<RemedyRecord> {
    const { account } = its;
    const record = this.#record(account, id);
    this.journal.setState(id, "applying");
    for (const recorded of record.steps) {
      if (recorded.state === "done") continue;
      progress?.({ step: recorded.number + 1, of: record.steps.length, title: recorded.step.title });
      const failure = await this.#runStep(id, recorded, its, signal);
      if (failure !== undefined) {
        this.journal.setState(id, "failed", failure);
        return this.#record(account, id);
      }
    }
    this.journal.setState(id, "applied");
    await this.#settleVerdict(account, id, record.instance, its, signal, "pass");
    return this.#record(account, id);
  }

  /** Why it failed; undefined: it is done. */
  async #runStep(id: string, { number, step, state }: StepRecord, its: Its, signal: AbortSignal): Promise<string | undefined> {
    try {
      let answer = state === "started" && step.find !== undefined ? await this.#found(step, its) : undefined;
      if (answer === undefined) {
        this.journal.setStep(id, number, "started");
        answer = await its.call(step.call);
      }
      this.journal.answered(id, number, neededOf(step, answer));
      if (step.settled !== undefined) await this.#settle(step.settled, answer, its, signal);
      return undefined;
    } catch (error) {
      const why = whyOf(error);
      // Nobody knows whether a call without an answer was carried out: it stays started, and undoing takes it back as well.
      if (!isUnclear(error)) {
        const isDone = this.#record(its.account, id).steps[number]?.state === "done";
        if (!isDone) this.journal.setStep(id, number, "failed", why);
      }
      return why;
    }
  }

  /** The answer that a crash lost; undefined: the call was not carried out. */
  async #found(step: Step, its: Its): Promise<JsonObject | undefined> {
    if (step.find === undefined) return undefined;
    const answer = await its.call(step.find.call);
    const found = new Map<string, Json>();
    for (const [hole, path] of Object.entries(step.find.paths)) {
      const value = valueIn(answer, path);
      if (value === undefined || value === null) return undefined;
      found.set(hole, value);
    }
    return withValues(found);
  }

  async #settle(settled: NonNullable<Step["settled"]>, answer: JsonObject, its: Its, signal: AbortSignal): Promise<void> {
    const call = known(settled.call, answer);
    const patience = this.#options.patience ?? defaultPatience;
    for (let waited = 0, pause = 500; ; pause = Math.min(pause * 2, 15_000)) {
      const value = valueIn(await its.call(call), settled.path);
      if (value !== undefined && settled.values.includes(value)) return;
      if (value !== undefined && settled.failed?.includes(value) === true)
        throw new Refusal(`${call.action} says ${JSON.stringify(value)}: the cloud did not carry it out.`);
      if (waited >= patience)
        throw new Refusal(
          `After ${Math.round(patience / 60_000)} minutes ${call.action} still says ${JSON.stringify(value ?? null)}.`,
        );
      await this.#options.sleep(pause, signal);
      waited += pause;
    }
  }

  /** Reads again until the item says what it should, for as long as the cloud may take to tell. */
  async #settleVerdict(
    account: Account,
    id: string,
    instance: string,
    its: Its,
    signal: AbortSignal,
    wanted: "pass" | "fail",
  ): Promise<void> {
    for (const pause of [0, 1000, 2000, 4000, 8000, 15_000]) {
      try {
        if (pause > 0) await this.#options.sleep(pause, signal);
        const { data, result } = await this.#look(account, its, instance, signal);
        this.journal.setVerified(id, outcomeText(result));
        this.journal.setLeftAs(id, this.#textOf(data, this.#record(account, id).touched));
        if (result === undefined || outcomeText(result) === wanted) return;
      } catch (error) {
        this.journal.setVerified(id, `not determined: ${whyOf(error)}`);
        if (error instanceof CallFailure && (error.kind === "cancelled" || error.kind === "credentials")) return;
      }
    }
  }

  async #walkBack(
    account: Account,
    record: RemedyRecord,
    its: Its,
    signal: AbortSignal,
    progress?: (at: RemedyProgress) => void,
  ): Promise<RemedyRecord> {
    const { id } = record;
    this.journal.setState(id, "undoing");
    const all = undoOrder(record);
    const gone: string[] = [];
    for (const [index, { number, step, state, answer: kept }] of all.entries()) {
      progress?.({ step: index + 1, of: all.length, title: step.title });
      try {
        const answer =
          kept ??
          (state === "started" || step.undo.some(({ request }) => hasHoles(request)) ? await this.#found(step, its) : undefined);
        this.journal.setStep(id, number, "undoing");
        for (const call of step.undo) {
          const request = filled(call.request, answer ?? {});
          // The step was never carried out: there is nothing of it.
          if (request === undefined) continue;
          await its.call({ ...call, request: request as JsonObject }).catch((error: unknown) => {
            if (!(error instanceof CallFailure) || error.kind !== "gone") throw error;
            gone.push(`${call.action}: ${error.message}`);
          });
        }
        if (step.undone !== undefined && gone.length === 0) await this.#settle(step.undone, answer ?? {}, its, signal);
        this.journal.setStep(id, number, "undone", step.undo.length === 0 ? step.lost : undefined);
      } catch (error) {
        this.journal.setStep(id, number, "undo failed", whyOf(error));
        this.journal.setState(id, "undo failed", whyOf(error));
        return this.#record(account, id);
      }
    }
    const { data, result } = await this.#look(account, its, record.instance, signal);
    this.journal.setVerified(id, outcomeText(result));
    if (result === undefined || gone.length > 0) {
      const why = `What was changed is not there any more: ${gone.join("; ") || record.name}.`;
      this.journal.setState(id, "undone", why);
      return this.#record(account, id);
    }
    const differs =
      this.#textOf(data, record.touched) === record.before ? undefined : "Not everything is as it was before the remedy.";
    this.journal.setState(
      id,
      "undone",
      [differs, ...all.flatMap(({ step }) => step.lost ?? [])].filter((each) => each !== undefined).join(" ") || undefined,
    );
    return this.#record(account, id);
  }

  async #plan(account: Account, request: RemedyRequest, its: Its, id: string, signal: AbortSignal): Promise<RemedyPreview> {
    const { item, fix } = its;
    const remedy = (await its.opened.access.remedies()).byCheck.get(item.check.id);
    if (remedy === undefined)
      throw new Refusal(`The remedy of ${item.check.id} is not built for ${account.cloud} yet. ${item.check.advice.trim()}`);
    const parameters = remedyParameters(fix.parameters, request.parameters ?? {});
    const { data, world, resource, result } = await this.#look(account, its, request.instance, signal);
    if (resource === undefined || result === undefined) {
      throw new Refusal(
        `${request.instance} is not an instance of ${item.check.id} in ${account.key}, or it is gone. \`plumbline inventory\` lists them.`,
      );
    }
    const name = resource.name;
    if (result.outcome.kind === "pass" || result.outcome.kind === "notApplicable")
      throw new Refusal(`${name} does not fail ${item.check.id} any more: there is nothing to be done.`);
    if (result.outcome.kind !== "fail")
      throw new Refusal(`Whether ${name} fails ${item.check.id} is not determined: ${outcomeText(result)}.`);
    const { access, session } = its.opened;
    const before: Before = {
      account: account.account,
      partition: access.partition(session),
      region: resource.region ?? access.homeRegion(session),
      resource,
      resources: data.resources,
      deciding: decidingOf(result, world),
      settings: (toJson(item.parameters) ?? {}) as JsonObject,
      token: id,
    };
    const remediation = await this.#remediation(() => remedy(before, parameters, its.call));
    const expected = patched(data, remediation.expected, resource.region);
    return {
      id,
      account,
      request,
      item: item.check.id,
      title: fix.title,
      instance: instanceKey(resource),
      name,
      fix,
      parameters,
      itemParameters: (toJson(item.parameters) ?? {}) as JsonObject,
      steps: remediation.steps,
      touched: touchedBy(remediation),
      before: this.#textOf(data, remediation.expected),
      after: this.#textOf(expected, remediation.expected),
      notes: remediation.notes ?? [],
      expected: outcomeText(this.#judge(its, expected, instanceKey(resource)).result),
    };
  }

  async #remediation(plan: () => Remediation | Promise<Remediation>): Promise<Remediation> {
    try {
      return await plan();
    } catch (error) {
      if (error instanceof NotPossible) throw new Refusal(error.message);
      throw error;
    }
  }

  /** Reads the instance and what is joined to it, now. */
  async #look(account: Account, its: Its, name: string, signal: AbortSignal): Promise<Looked> {
    const { reader } = this.#options;
    const only = partsOf(name);
    // What was read before a change says nothing of what is there after it.
    its.opened.access.forget(its.opened.session);
    if (only !== undefined) {
      const data = await reader.collect(account, its.opened, its.needs, signal, { only });
      const looked = { data, ...this.#judge(its, data, name) };
      // Others of its type may have a say: then all of them are read.
      if (looked.result?.outcome.kind !== "unknown") return looked;
      its.opened.access.forget(its.opened.session);
    }
    const data = await reader.collect(account, its.opened, its.needs, signal, {});
    return { data, ...this.#judge(its, data, name) };
  }

  #judge({ item }: Its, data: AccountData, name: string): Omit<Looked, "data"> {
    const { reader, catalogue, now } = this.#options;
    const world = reader.rules.of().world(data);
    const moment = now();
    const found = world.subjects(item.check.instance).filter((instance) => {
      const resource = world.resourceOf(instance);
      return instance.address === name || resource?.id === name || resource?.name === name;
    });
    const [instance, other] = found;
    if (other !== undefined)
      throw new Refusal(`Several instances are called ${name}: ${found.map(({ address }) => address).join(", ")}.`);
    if (instance === undefined) return { world, resource: undefined, result: undefined };
    const result = evaluateCheck(item.check, instance, {
      parameters: item.parameters,
      now: moment,
      table: (table, key) => catalogue.tables.lookup(table, key, moment),
      literal: () => unknown({ kind: "bool" }, reason("live only")),
    });
    return { world, resource: world.resourceOf(instance), result };
  }

  /** The attributes that are expected to change, of everything that changes. */
  #textOf(data: AccountData, expected: readonly Expected[]): string {
    const { types } = this.#options.catalogue;
    const blocks = expected.map(({ type, id, attributes }) => {
      const definition = types.get(type);
      const resource = data.resources.find((each) => each.type === type && each.id === id);
      if (definition === undefined || resource === undefined) return "";
      // What was not read is shown as not set, so that before and after have the same lines.
      const names = Object.keys(attributes ?? {});
      const shown = { ...Object.fromEntries(names.map((name) => [name, null])), ...resource.attributes };
      return terraformText({ ...resource, attributes: shown }, definition, attributes === null ? {} : { only: new Set(names) });
    });
    return blocks.filter((block) => block !== "").join("\n");
  }

  #inAccount<T>(account: Account, request: RemedyRequest, signal: AbortSignal, work: (its: Its) => Promise<T>): Promise<T> {
    const { reader, catalogue } = this.#options;
    const { configuration, itemParameters } = request;
    const [chosen] = reader.rules.of({ configuration }).items(account.cloud, { checks: [request.item] });
    if (chosen === undefined) {
      const ids = catalogue.checks.filter(({ cloud, live }) => cloud === account.cloud && live !== undefined).map(({ id }) => id);
      throw new Refusal(`There is no check item ${request.item} for ${account.key}.${didYouMean(request.item, ids)}`);
    }
    const item = itemParameters === undefined ? chosen : { ...chosen, parameters: retyped(itemParameters, chosen.parameters) };
    const fix = item.check.live;
    if (fix === undefined) throw new Refusal(`${item.check.id} has no remedy. ${item.check.advice.trim()}`);
    return this.#open(account, item, fix, signal, work);
  }

  async #open<T>(account: Account, item: LiveItem, fix: LiveFix, signal: AbortSignal, work: (its: Its) => Promise<T>): Promise<T> {
    const { reader } = this.#options;
    const collectors = await (await reader.access(account.cloud)).collectors();
    const needs = reader.rules.of().needs([item], collectors);
    return reader.withSession(
      account,
      needs,
      signal,
      (opened) => work({ account, item, fix, needs, opened, call: (call) => opened.access.call(opened.session, call) }),
      "fixing",
    );
  }

  async #alone<T>(account: Account, instance: string, work: () => Promise<T>): Promise<T> {
    const held = await this.#options.leases.hold(leaseOf(account, instance), work);
    if ("value" in held) return held.value;
    throw new Refusal(`${instance} is being changed by ${held.busy}: wait until that has ended, and look again.`);
  }

  #undoable(account: Account, id: string): RemedyRecord {
    const record = this.#record(account, id);
    if (record.state === "undone") throw new Refusal(`Remedy ${record.id} is undone already.`);
    if (undoOrder(record).every(({ step }) => step.undo.length === 0))
      throw new Refusal(
        `Nothing of remedy ${record.id} can be taken back. ${record.steps.flatMap(({ step }) => step.lost ?? []).join(" ")}`,
      );
    return record;
  }

  /** By its id or how that begins. */
  #record(account: Account, id: string): RemedyRecord {
    const exact = this.journal.get(id);
    if (exact !== undefined && exact.account === account.key) return exact;
    const [only, other] = this.journal
      .of(account.key)
      .filter((record) => record.id.startsWith(id) || record.id.startsWith(`plumbline-${id}`));
    if (only !== undefined && other === undefined) return only;
    throw new Refusal(`There is no remedy ${id} in ${account.key}. \`plumbline remedies history\` lists them.`);
  }
}

/** An account that is open for a check item's remedy. */
interface Its {
  readonly account: Account;
  readonly item: LiveItem;
  readonly fix: LiveFix;
  readonly needs: Parameters<AccountReader["collect"]>[2];
  readonly opened: Opened;
  readonly call: (call: Call) => Promise<JsonObject>;
}

interface Looked {
  readonly data: AccountData;
  readonly world: AccountWorld;
  /** undefined: there is no such instance. */
  readonly resource: LiveResource | undefined;
  readonly result: Result | undefined;
}

/** Parameters that were written down, typed as the item's are. */
function retyped(json: JsonObject, like: ObjectValue): ObjectValue {
  return object(
    [...like.entries].map(
      ([name, value]) => [name, Object.hasOwn(json, name) ? fromJson(json[name], typeOf(value)) : value] as const,
    ),
  );
}

function leaseOf(account: Account, instance: string): string {
  return `${account.key} ${instance}`;
}

function requestOf({ item, instance, parameters, itemParameters }: RemedyRecord): RemedyRequest {
  return { item, instance, parameters, itemParameters };
}

/** An instance key's parts; undefined: it is a name. */
function partsOf(key: string): { readonly type: string; readonly region: string | undefined; readonly id: string } | undefined {
  const match = /^([a-z]\w*) (\S+) (.+)$/s.exec(key);
  if (match === null) return undefined;
  const [, type = "", region = "-", id = ""] = match;
  return { type, region: region === "-" ? undefined : region, id };
}

function decidingOf(result: Result, world: AccountWorld): readonly Deciding[] {
  return result.evidence.flatMap((path) => {
    const place = result.instance.locate(path);
    const resource = world.resourceOf(place.instance);
    return resource === undefined ? [] : [{ resource, path: place.path }];
  });
}

/** Things that are to come will be where the instance is, or of the whole account where all of their type are. */
function patched(data: AccountData, expected: readonly Expected[], region: string | undefined): AccountData {
  const resources = [...data.resources];
  for (const { type, id, attributes } of expected) {
    const index = resources.findIndex((each) => each.type === type && each.id === id);
    const found = resources[index];
    if (attributes === null) {
      if (index >= 0) resources.splice(index, 1);
    } else if (found === undefined)
      resources.push({
        type,
        id,
        name: id,
        region: isAccountWide(data, type) ? undefined : region,
        tags: {},
        attributes,
        reads: {},
      });
    else resources[index] = { ...found, attributes: { ...found.attributes, ...attributes } };
  }
  return { ...data, resources };
}

function isAccountWide({ listings }: AccountData, type: string): boolean {
  return listings.some((listing) => listing.types.includes(type) && listing.region === undefined);
}

/** What a person agreed to. */
function fingerprint({ steps, before, after }: RemedyPreview): string {
  return createHash("sha256")
    .update(JSON.stringify([steps, before, after]))
    .digest("hex");
}

/** What is to be taken back, the last first: done, and what nobody knows of. */
function undoOrder({ steps }: RemedyRecord): readonly StepRecord[] {
  return steps.filter(({ state }) => ["started", "done", "undoing", "undo failed"].includes(state)).toReversed();
}

/** Whether somebody changed it after the remedy had run. */
function isChanged({ state, leftAs, before }: RemedyRecord, now: string): boolean {
  return state === "applied" && leftAs !== undefined && now !== leftAs && now !== before;
}

/** What is changed, without the values. */
function touchedBy({ expected }: Remediation): readonly Expected[] {
  return expected.map(({ type, id, attributes }) => ({
    type,
    id,
    attributes: attributes === null ? null : Object.fromEntries(Object.keys(attributes).map((name) => [name, null])),
  }));
}

function known(call: Call, answer: JsonObject | undefined): Call {
  const request = filled(call.request, answer ?? {});
  return request === undefined ? call : { ...call, request: request as JsonObject };
}

/** An answer that has the values at their paths. */
function withValues(values: ReadonlyMap<string, Json>): JsonObject {
  const answer: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const names = [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index ?? "");
    let place = answer;
    for (const name of names.slice(0, -1)) place = (place[name] ??= {}) as Record<string, unknown>;
    place[names.at(-1) ?? ""] = value;
  }
  return answer as JsonObject;
}

/** Of an answer only what the inverse and the polling need: the rest may hold anything. */
function neededOf(step: Step, answer: JsonObject): JsonObject | undefined {
  const paths = [
    ...step.undo,
    ...(step.settled === undefined ? [] : [step.settled.call]),
    ...(step.undone === undefined ? [] : [step.undone.call]),
  ].flatMap(({ request }) => holesOf(request));
  return paths.length === 0 ? undefined : sparse(answer, paths);
}

function holesOf(json: Json): readonly string[] {
  if (typeof json !== "object" || json === null) return [];
  if (hasHoles(json) && "response" in json && typeof json.response === "string") return [json.response];
  return Object.values(json).flatMap(holesOf);
}

function sparse(answer: JsonObject, paths: readonly string[]): JsonObject {
  // Whole top-level members: their shape has to stay for the paths.
  const heads = new Set(paths.map((path) => /^[^.[]+/.exec(path)?.[0] ?? ""));
  return Object.fromEntries(Object.entries(answer).filter(([name]) => heads.has(name)));
}

function isUnclear(error: unknown): boolean {
  return error instanceof CallFailure && ["unreachable", "fault", "cancelled", "answer"].includes(error.kind);
}

function whyOf(error: unknown): string {
  if (error instanceof CallFailure)
    return error.kind === "denied" ? `Denied: allow ${error.action}.` : `${error.action}: ${error.message}`;
  if (error instanceof Refusal) return error.message;
  return `A defect of Plumbline (${error instanceof Error ? error.name : "unknown"}).`;
}

function outcomeText(result: Result | undefined): string {
  if (result === undefined) return "not determined: the instance is gone";
  const { outcome } = result;
  switch (outcome.kind) {
    case "pass":
    case "fail":
      return outcome.kind;
    // A key that is no longer active is none to be worried about.
    case "notApplicable":
      return "pass";
    case "unknown": {
      const { kind, detail } = mostActionable(outcome.reasons);
      return `not determined: ${kind} ${detail}`;
    }
    case "notChecked":
      return `not determined: ${outcome.reason.kind} ${outcome.reason.detail}`;
  }
}

/** All of it was done, and whoever did it ended before looking whether it helped. */
function isUnseen({ state, verified }: RemedyRecord): boolean {
  return state === "applied" && verified === undefined;
}
