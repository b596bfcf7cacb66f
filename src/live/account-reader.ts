import type { AccountData } from "../core/accounts/model.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Account } from "./accounts.ts";
import { actionsOf, collect, type CollectedPart, type Needs } from "./collect.ts";
import type { Collector } from "./collector.ts";
import { Refusal } from "./refusal.ts";
import { RuleMaker, settingsOf, type ItemRequest, type RulesOptions } from "./rules.ts";
import type { CloudAccess, CredentialSource, KeptKeys } from "./session.ts";

export interface SampleAccount {
  readonly endpoint: string;
  readonly keys: KeptKeys;
  readonly close: () => Promise<void>;
}

/** A sample account that comes with the product. */
export interface Sample {
  /** Serves it on the loopback, until the process ends. */
  readonly start: () => Promise<SampleAccount>;
  /** It is as new from the next start on. */
  readonly forget: () => void;
}

export interface ReaderOptions extends RulesOptions {
  /** Loaded when an account of the cloud is first used. */
  readonly clouds: Readonly<Partial<Record<Cloud, () => Promise<CloudAccess<unknown>>>>>;
  readonly samples: Readonly<Partial<Record<Cloud, Sample>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A session with what its cloud can do. */
export interface Opened {
  readonly access: CloudAccess<unknown>;
  readonly session: unknown;
  readonly collectors: readonly Collector<unknown>[];
}

/** Opens connected accounts and reads them. Holds the keys of this process' time; stores nothing. */
export class AccountReader {
  readonly rules: RuleMaker;
  readonly #options: ReaderOptions;
  readonly #keys = new Map<string, KeptKeys>();
  readonly #endpoints = new Map<string, string>();
  readonly #samples = new Map<Cloud, Promise<SampleAccount>>();

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.rules = new RuleMaker(options);
  }

  /** Keys and address by which the account is reached from now on; undefined leaves what is known. */
  remember(account: string, keys: KeptKeys | undefined, endpoint: string | undefined): void {
    if (keys !== undefined) this.#keys.set(account, keys);
    if (endpoint !== undefined) this.#endpoints.set(account, endpoint);
  }

  endpoint(account: string): string | undefined {
    return this.#endpoints.get(account);
  }

  forgetKeys(account: string): void {
    this.#keys.delete(account);
  }

  forget(account: string): void {
    this.#keys.delete(account);
    this.#keys.delete(fixingKeys(account));
    this.#endpoints.delete(account);
  }

  /** The cloud's sample account is as new from now on. */
  forgetSample(cloud: Cloud): void {
    // One that could not be started was told of where it was asked for.
    this.#samples
      .get(cloud)
      ?.then(({ close }) => close())
      .catch(() => undefined);
    this.#samples.delete(cloud);
    this.#options.samples[cloud]?.forget();
  }

  /** The request with what its configuration says of scans, where it says nothing itself. Items and instances by name are meant. */
  narrowed<Request extends ItemRequest>(request: Request): Request {
    const { regions, services, tags } = settingsOf(request.configuration).scan;
    const { selection } = request;
    return {
      ...request,
      selection: {
        ...selection,
        services: selection.services ?? (selection.checks === undefined ? services : undefined),
        ...(selection.instances === undefined ? { regions: selection.regions ?? regions, tags: selection.tags ?? tags } : {}),
      },
    };
  }

  /**
   * Nothing is called in an account before its user was shown the calls. `fixing` opens it with the credentials that may change it:
   * those that it is read with may not.
   */
  async withSession<T>(
    account: Account,
    needs: Needs,
    signal: AbortSignal,
    work: (opened: Opened) => Promise<T>,
    purpose: "reading" | "fixing" = "reading",
  ): Promise<T> {
    const collectors = await (await this.access(account.cloud)).collectors();
    const agreed = new Set(account.authorized ?? []);
    const fresh = account.sample ? [] : actionsOf(collectors, needs).filter((action) => !agreed.has(action));
    if (fresh.length > 0) {
      throw new Refusal(
        `You have not agreed to ${fresh.length} calls in ${account.key} yet (${fresh.slice(0, 3).join(", ")}, …): look at them first.`,
      );
    }
    const source = purpose === "reading" || account.sample ? account.source : account.fixing;
    if (source === undefined) {
      throw new Refusal(
        `${account.key} is only read. Choose credentials that may change it: \`plumbline accounts allow-fixes --source ID\`, after a look at \`plumbline policy fix ${account.cloud}\`.`,
      );
    }
    const keys = this.#keys.get(purpose === "reading" ? account.key : fixingKeys(account.key));
    const opened = await this.open(source, keys, this.#endpoints.get(account.key), signal);
    try {
      const { account: now } = await opened.access.identify(opened.session);
      if (now !== account.account) {
        throw new Refusal(
          `${source.title} now belongs to account ${now}, not ${account.account}: connect it again, nothing was read.`,
        );
      }
      return await work(opened);
    } finally {
      opened.access.close(opened.session);
    }
  }

  async open(
    source: CredentialSource,
    keys: KeptKeys | undefined,
    endpoint: string | undefined,
    signal: AbortSignal,
  ): Promise<Opened> {
    const access = await this.access(source.cloud);
    if (isSample(source)) {
      const sample = await this.#sample(source.cloud);
      const session = await access.open({ source, keys: sample.keys, endpoint: sample.endpoint, signal });
      return { access, session, collectors: await access.collectors() };
    }
    if (source.id.startsWith("kept") && keys === undefined) {
      throw new Refusal(`The keys of ${source.title} are not here: connect the account again.`);
    }
    const session = await access.open({ source, keys, endpoint, signal });
    return { access, session, collectors: await access.collectors() };
  }

  access(cloud: Cloud): Promise<CloudAccess<unknown>> {
    const load = this.#options.clouds[cloud];
    if (load === undefined) throw new Refusal(`Accounts of ${cloud} can't be connected.`);
    return load();
  }

  #sample(cloud: Cloud): Promise<SampleAccount> {
    let sample = this.#samples.get(cloud);
    if (sample === undefined) {
      const its = this.#options.samples[cloud];
      if (its === undefined) throw new Refusal(`There is no sample account of ${cloud}.`);
      this.#samples.set(cloud, (sample = its.start()));
    }
    return sample;
  }

  async source(cloud: Cloud, id: string): Promise<CredentialSource> {
    if (id === "sample") return sampleSource(cloud);
    if (id === "kept" || id.startsWith("kept:"))
      return { id, cloud, title: "keys kept by the editor", from: "the editor's secret storage", problem: undefined };
    const access = await this.access(cloud);
    const sources = await access.discover(this.#options.environment);
    const found = sources.find((source) => source.id === id);
    if (found !== undefined) return found;
    const known = sources.map((source) => source.id).join(", ");
    throw new Refusal(
      `There are no credentials "${id}" of ${cloud} on this machine. ${known === "" ? "None were found." : `Found: ${known}.`}`,
    );
  }

  async collect(
    account: Account,
    { access, session, collectors }: Opened,
    needs: Needs,
    signal: AbortSignal,
    options: {
      readonly known?: ReadonlyMap<string, CollectedPart>;
      readonly keep?: (part: CollectedPart) => void;
      readonly progress?: (done: number, of: number, what: string) => void;
      /** One thing alone, and what is joined to it. */
      readonly only?: { readonly type: string; readonly region: string | undefined; readonly id: string };
    },
  ): Promise<AccountData> {
    let done = 0;
    const { only } = options;
    return collect({
      cloud: account.cloud,
      account: account.account,
      session,
      collectors,
      homeRegion: access.homeRegion(session),
      regions: only?.region === undefined ? this.regions(account) : [only.region],
      needs,
      signal,
      ...(options.known === undefined ? {} : { known: options.known }),
      ...(only === undefined ? {} : { only }),
      progress: (part, of) => {
        if (options.known?.has(part.key) !== true) options.keep?.(part);
        options.progress?.(++done, of, part.key);
      },
    });
  }

  regions({ regions, enabledRegions }: Account): readonly string[] {
    return regions ?? enabledRegions;
  }
}

/** Under which the keys for changing an account are remembered. */
export function fixingKeys(account: string): string {
  return `${account} fixing`;
}

export function sampleSource(cloud: Cloud): CredentialSource {
  return { id: "sample", cloud, title: "sample account", from: "this machine: no cloud is asked", problem: undefined };
}

export function isSample({ id }: CredentialSource): boolean {
  return id === "sample";
}
