import type { AccountData, Listing, LiveResource } from "../core/accounts/model.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Json, JsonObject } from "../core/snapshots/model.ts";
import type { Reason } from "../core/values/value.ts";
import type { Collector, Detail, Facts, Found } from "./collector.ts";
import { CallFailure } from "./failure.ts";

/** What check items need to have read. */
export interface Needs {
  readonly types: ReadonlySet<string>;
  /** Permission names of detail calls. undefined: none, as for an inventory. */
  readonly actions: ReadonlySet<string> | undefined;
}

export interface Collecting<Session> {
  readonly cloud: Cloud;
  readonly account: string;
  readonly session: Session;
  readonly collectors: readonly Collector<Session>[];
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly needs: Needs;
  readonly signal: AbortSignal;
  /** Told after each list or detail phase of a collector in a region. */
  readonly progress?: (done: CollectedPart, of: number) => void;
  /** Of this type only the thing with the id is asked for details: the rest is listed. */
  readonly only?: { readonly type: string; readonly id: string };
  /** What an earlier, interrupted run has read already. */
  readonly known?: ReadonlyMap<string, CollectedPart>;
}

/** What one collector gave in one region. */
export interface CollectedPart {
  /** Names the collector and the region: the same in every run. */
  readonly key: string;
  readonly resources: readonly LiveResource[];
  readonly listings: readonly Listing[];
}

/** Lists at once; each waits for the network most of its time, and `Limits` holds the calls to what the cloud allows. */
const atOnce = 24;

/**
 * Runs the collectors that the needs name, in every region. What fails is noted where it fails and the rest goes on; only broken
 * credentials and a cancelled scan end it (CallFailure of kind `credentials` or `cancelled`).
 */
export async function collect<Session>(work: Collecting<Session>): Promise<AccountData> {
  const jobs = jobsOf(work);
  const results = await eachAtMost(jobs, atOnce, async (job) => {
    const part = work.known?.get(job.key) ?? (await runJob(work, job));
    work.progress?.(part, jobs.length);
    return part;
  });
  return {
    cloud: work.cloud,
    account: work.account,
    regions: work.regions,
    // In the order of jobs: the same account gives the same data however the answers came in.
    resources: results.flatMap(({ resources }) => resources),
    listings: results.flatMap(({ listings }) => listings),
  };
}

/** Permission names that a run with these needs calls. Sorted. */
export function actionsOf<Session>(collectors: readonly Collector<Session>[], needs: Needs): readonly string[] {
  const actions = new Set<string>();
  for (const collector of collectors) {
    if (!isNeeded(collector, needs)) continue;
    for (const action of collector.actions) actions.add(action);
    for (const detail of neededDetails(collector, needs)) for (const action of detail.actions) actions.add(action);
  }
  return [...actions].sort();
}

/** Calls that a run with these needs makes where every list fits one page. `count`: instances of a type in a region; undefined: in all. */
export function callsOf<Session>(
  collectors: readonly Collector<Session>[],
  needs: Needs,
  regions: readonly string[],
  count: (type: string, region: string | undefined) => number,
): readonly { readonly action: string; readonly region: string | undefined; readonly calls: number }[] {
  return collectors
    .filter((collector) => isNeeded(collector, needs))
    .flatMap((collector) => {
      const details = neededDetails(collector, needs);
      const places = collector.scope === "account" ? [undefined] : regions;
      return places.flatMap((region) => [
        ...collector.actions.map((action) => ({ action, region, calls: 1 })),
        ...details.flatMap((detail) => {
          const found = count(detail.of, region);
          const calls = "readAll" in detail ? Math.min(1, found) : found;
          return detail.actions.map((action) => ({ action, region, calls }));
        }),
      ]);
    })
    .filter(({ calls }) => calls > 0);
}

/** Types of the needs that no collector gives, virtual and real. Sorted. */
export function uncollected<Session>(collectors: readonly Collector<Session>[], needs: Needs): readonly string[] {
  const given = new Set(collectors.flatMap(typesOf));
  return [...needs.types].filter((type) => !given.has(type)).sort();
}

interface Job<Session> {
  readonly key: string;
  readonly collector: Collector<Session>;
  readonly details: readonly Detail<Session>[];
  /** Where it is called. */
  readonly region: string;
}

function typesOf<Session>({ types, details }: Collector<Session>): readonly string[] {
  return [...types, ...(details ?? []).flatMap(({ gives }) => gives ?? [])];
}

function isNeeded<Session>(collector: Collector<Session>, needs: Needs): boolean {
  // Or satellites of something that nobody asked for itself.
  return collector.types.some((type) => needs.types.has(type)) || givesSome(collector, needs);
}

function givesSome<Session>({ details }: Collector<Session>, { types }: Needs): boolean {
  return (details ?? []).some(({ gives }) => gives?.some((type) => types.has(type)) === true);
}

function neededDetails<Session>({ details }: Collector<Session>, { types, actions }: Needs): readonly Detail<Session>[] {
  return (details ?? []).filter(
    (detail) =>
      detail.actions.some((action) => actions?.has(action) === true) || detail.gives?.some((type) => types.has(type)) === true,
  );
}

function jobsOf<Session>({ collectors, needs, regions, homeRegion }: Collecting<Session>): readonly Job<Session>[] {
  return collectors
    .filter((collector) => isNeeded(collector, needs))
    .flatMap((collector) => {
      const details = neededDetails(collector, needs);
      const places = collector.scope === "account" ? [homeRegion] : regions;
      return places.map((region) => ({
        key: `${collector.types.join()} ${collector.scope === "account" ? "-" : region}`,
        collector,
        details,
        region,
      }));
    });
}

async function runJob<Session>(work: Collecting<Session>, job: Job<Session>): Promise<CollectedPart> {
  const { collector, region } = job;
  const place = collector.scope === "account" ? undefined : region;
  const listing = (failure: Reason | null): Listing => ({
    types: collector.types,
    region: place,
    actions: collector.actions,
    failure,
  });
  let found: readonly Found[];
  try {
    found = distinct(await collector.list(work.session, region));
  } catch (error) {
    return { key: job.key, resources: [], listings: [listing(reasonOf(error, collector.actions[0] ?? ""))] };
  }
  const growing = found.map((each) => new Growing(each, each.region ?? place));
  const listings: Listing[] = [];
  for (const detail of job.details) {
    const failure = await readDetail(work, job, detail, growing);
    if (detail.gives !== undefined) listings.push({ types: detail.gives, region: place, actions: detail.actions, failure });
  }
  const gone = growing.some((each) => each.isGone) ? ({ gone: true } as const) : {};
  listings.unshift({ ...listing(null), ...gone });
  return { key: job.key, resources: growing.flatMap((each) => each.resources()), listings };
}

/** Why not all of it was read; null: all was. */
async function readDetail<Session>(
  work: Collecting<Session>,
  job: Job<Session>,
  detail: Detail<Session>,
  all: readonly Growing[],
): Promise<Reason | null> {
  const { only } = work;
  const asked = all.filter(({ found }) => found.type === detail.of && (only?.type !== found.type || only.id === found.id));
  if (asked.length === 0) return null;
  const [action = ""] = detail.actions;
  let missed: Reason | null = null;
  if ("readAll" in detail) {
    try {
      const facts = await detail.readAll(
        work.session,
        asked.map(({ found }) => found),
        job.region,
      );
      for (const each of asked) {
        const its = facts.get(each.found.id);
        if (its !== undefined) each.learn(its, detail.actions);
        else missed ??= { kind: "error", detail: `${action}: nothing was said of ${each.found.id}` };
      }
    } catch (error) {
      missed = reasonOf(error, action);
      for (const each of asked) each.miss(detail.actions, missed);
    }
    return missed;
  }
  await eachAtMost(asked, atOnce, async (each) => {
    try {
      each.learn(await detail.read(work.session, each.found, job.region), detail.actions);
    } catch (error) {
      // Deleted since it was listed: nothing is to be said of it.
      if (error instanceof CallFailure && error.kind === "gone") each.isGone = true;
      else {
        missed = reasonOf(error, action);
        each.miss(detail.actions, missed);
      }
    }
  });
  return missed;
}

/** A thing that detail calls add to. */
class Growing {
  readonly found: Found;
  readonly #region: string | undefined;
  #attributes: JsonObject;
  readonly #reads: Record<string, Reason | null> = {};
  readonly #satellites: Found[] = [];
  isGone = false;

  constructor(found: Found, region: string | undefined) {
    this.found = found;
    this.#region = region;
    this.#attributes = found.attributes;
  }

  learn({ attributes, satellites }: Facts, actions: readonly string[]): void {
    if (attributes !== undefined) this.#attributes = merged(this.#attributes, attributes);
    if (satellites !== undefined) this.#satellites.push(...satellites);
    for (const action of actions) this.#reads[action] ??= null;
  }

  miss(actions: readonly string[], reason: Reason): void {
    for (const action of actions) this.#reads[action] = reason;
  }

  resources(): readonly LiveResource[] {
    if (this.isGone) return [];
    const { found } = this;
    const own = resource(found, this.#region, this.#attributes, this.#reads);
    return [own, ...this.#satellites.map((each) => resource(each, each.region ?? this.#region, each.attributes, {}))];
  }
}

function resource(found: Found, region: string | undefined, attributes: JsonObject, reads: LiveResource["reads"]): LiveResource {
  const { type, id, name, tags } = found;
  return { type, id, name: name === undefined || name === "" ? id : name, region, tags: tags ?? {}, attributes, reads };
}

/** Blocks that several calls fill are filled up; everything else is what came last. */
function merged(a: JsonObject, b: JsonObject): JsonObject {
  const all: Record<string, Json> = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const before = all[name];
    all[name] = isPlain(before) && isPlain(value) ? merged(before, value) : value;
  }
  return all;
}

function isPlain(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Pages that changed while they were read give a thing twice. */
function distinct(found: readonly Found[]): readonly Found[] {
  const byKey = new Map<string, Found>();
  for (const each of found) byKey.set(`${each.type} ${each.region ?? ""} ${each.id}`, each);
  return [...byKey.values()];
}

function reasonOf(error: unknown, action: string): Reason {
  if (error instanceof CallFailure) {
    if (error.kind === "credentials" || error.kind === "cancelled") throw error;
    return error.reason;
  }
  // A defect of a collector, or an answer that it did not expect. Its text may hold what the cloud said: it stays here.
  return { kind: "error", detail: `${action}: the answer could not be read (${error instanceof Error ? error.name : "unknown"})` };
}

/** Runs `work` for all, so many at once; ends with the first error, after those under way. Results in order. */
async function eachAtMost<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  let failed: unknown;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length && failed === undefined; index = next++) {
      try {
        results[index] = await work(items[index] as T);
      } catch (error) {
        failed ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  if (failed !== undefined) throw failed instanceof Error ? failed : new Error("unknown error");
  return results;
}
