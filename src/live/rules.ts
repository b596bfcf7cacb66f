import type { LiveItem } from "../core/accounts/judge.ts";
import type { AccountData } from "../core/accounts/model.ts";
import { AccountWorld } from "../core/accounts/world.ts";
import type { Catalogue } from "../core/checks/catalogue.ts";
import type { CheckItem } from "../core/checks/model.ts";
import { readNeeds } from "../core/checks/permissions.ts";
import { loadConfiguration } from "../core/configuration/load.ts";
import type { Configuration } from "../core/configuration/model.ts";
import { loadOwnChecks, noOwnChecks, type OwnChecks } from "../core/configuration/own-checks.ts";
import { isOfAccounts, selectChecks } from "../core/configuration/select.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { Schemas } from "../core/terraform/schema.ts";
import type { Language } from "../core/text/language.ts";
import { LineIndex, type FilePath, type Problem } from "../core/text/text.ts";
import { uncollected, type Needs } from "./collect.ts";
import type { Collector } from "./collector.ts";
import { definitionOf, ownItemOf, type OwnItem } from "./own-items.ts";
import type { ScanSelection } from "./scans.ts";

/** Which check items, and by which configuration. */
export interface ItemRequest {
  readonly selection: ScanSelection;
  /**
   * A plumbline.yaml: its folder, path and text. Items, risks, parameters and the workspace's own check items are taken from it, so
   * that it is told of trusted workspaces only.
   */
  readonly configuration?: { readonly folder: string; readonly file: string; readonly text: string } | undefined;
}

/** What own check items are loaded with. */
export interface OwnItemOptions {
  readonly schemas: Schemas;
  readonly language: Language;
  /** The YAML files below folders of a workspace. */
  readonly read: (folders: readonly FilePath[]) => readonly { readonly path: FilePath; readonly text: string }[];
}

export interface RulesOptions {
  readonly catalogue: Catalogue;
  /** undefined: own check items are not looked at. */
  readonly own?: OwnItemOptions | undefined;
  /** ISO 8601, UTC. */
  readonly now: () => string;
}

/** What is wrong with a plumbline.yaml, or with a check item of a workspace. */
export interface RuleProblem {
  readonly file: FilePath;
  /** One-based. */
  readonly line: number;
  readonly severity: Problem["severity"];
  readonly message: string;
}

interface LoadedOwn {
  readonly items: OwnChecks;
  readonly problems: readonly RuleProblem[];
}

/** The check items and instance types that a request goes by: the product's, and those of its workspace. */
export class Rules {
  readonly #catalogue: Catalogue;
  readonly #settings: Configuration;
  readonly #own: OwnChecks;
  readonly #now: () => string;
  readonly #ownProblems: readonly RuleProblem[];
  readonly #text: string;

  /** `text` is that of the settings. */
  constructor(catalogue: Catalogue, settings: Configuration, text: string, own: LoadedOwn, now: () => string) {
    this.#catalogue = catalogue;
    this.#settings = settings;
    this.#text = text;
    this.#own = own.items;
    this.#ownProblems = own.problems;
    this.#now = now;
  }

  /** Settings that can't be used are not in force, and check items with an error are left out. */
  get problems(): readonly RuleProblem[] {
    const all = [...this.#catalogue.checks, ...this.#own.checks];
    const { problems: chosen } = selectChecks(all, this.#settings, undefined, [], "live");
    return [...placed([...this.#settings.problems, ...chosen], () => this.#text), ...this.#ownProblems];
  }

  /** Check items of a cloud that a selection chooses, with their parameters. */
  items(cloud: Cloud, selection: ScanSelection): readonly LiveItem[] {
    const all = [...this.#catalogue.checks, ...this.#own.checks];
    const ofCloud = all.filter((check) => check.cloud === cloud && isOfAccounts(check));
    const { checks: chosen } = selectChecks(ofCloud, this.#settings, selection.minimumRisk, selection.checks ?? [], "live");
    return chosen.filter(({ check }) => selection.services === undefined || selection.services.includes(check.service));
  }

  /** What a scan keeps of an item of the workspace; undefined: it is the product's own. */
  ownItem(check: CheckItem): OwnItem | undefined {
    return check.builtIn ? undefined : ownItemOf(check, this.#own.declared);
  }

  /** By which an item of the workspace was approved. */
  definition(check: CheckItem): string {
    return definitionOf(check, this.#own.declared);
  }

  world(data: AccountData): AccountWorld {
    const moment = this.#now();
    return new AccountWorld(data, this.#own.types, {
      now: () => moment,
      table: (name, key) => this.#catalogue.tables.lookup(name, key, moment),
    });
  }

  /** Items of which at least the own instance types can be listed. */
  supported(
    items: readonly LiveItem[],
    collectors: readonly Collector<unknown>[],
  ): { readonly supported: readonly LiveItem[]; readonly unsupported: readonly LiveItem[] } {
    const supported: LiveItem[] = [];
    const unsupported: LiveItem[] = [];
    for (const item of items) {
      const types = this.listedTypes(item.check);
      const missing = new Set(uncollected(collectors, { types: new Set(types), actions: undefined }));
      (types.some((type) => !missing.has(type)) ? supported : unsupported).push(item);
    }
    return { supported, unsupported };
  }

  /** The item's own types, without those that an account has in another form only. */
  listedTypes(check: CheckItem): readonly string[] {
    return check.instance.filter((name) => this.#own.types.get(name)?.collectedAs === undefined);
  }

  needs(items: readonly LiveItem[], collectors: readonly Collector<unknown>[]): Needs {
    const types = new Set<string>();
    const actions = new Set<string>();
    for (const { check } of this.supported(items, collectors).supported) {
      const needs = readNeeds(check, this.#own.types);
      for (const type of needs.types) types.add(type);
      for (const action of needs.actions) actions.add(action);
    }
    return { types, actions };
  }
}

/** Makes the rules of requests. Own check items are loaded again when one of their files has changed. */
export class RuleMaker {
  readonly #options: RulesOptions;
  readonly #none: LoadedOwn;
  #loaded: { readonly files: string; readonly own: LoadedOwn } | undefined;

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#none = { items: noOwnChecks(options.catalogue), problems: [] };
  }

  /** Without a request: the product's own. */
  of(request?: Pick<ItemRequest, "configuration">): Rules {
    const { catalogue, now } = this.#options;
    const settings = settingsOf(request?.configuration);
    return new Rules(catalogue, settings, request?.configuration?.text ?? "", this.#ownOf(settings), now);
  }

  #ownOf({ checkFolders }: Configuration): LoadedOwn {
    const { own, catalogue } = this.#options;
    if (own === undefined || checkFolders.length === 0) return this.#none;
    const read = own.read(checkFolders);
    const files = JSON.stringify(read);
    if (this.#loaded?.files !== files) {
      const items = loadOwnChecks(read, catalogue, own.schemas, own.language);
      const texts = new Map(read.map(({ path, text }) => [path, text]));
      this.#loaded = { files, own: { items, problems: placed(items.problems, (file) => texts.get(file)) } };
    }
    return this.#loaded.own;
  }
}

function placed(problems: readonly Problem[], textOf: (file: FilePath) => string | undefined): readonly RuleProblem[] {
  return problems.flatMap(({ file, range, severity, message }): RuleProblem[] => {
    // Advice for writers of items: theirs to read in `plumbline check`.
    if (severity === "information") return [];
    const { line } = new LineIndex(textOf(file) ?? "").positionAt(range.start);
    return [{ file, line: line + 1, severity, message }];
  });
}

export function settingsOf(configuration: ItemRequest["configuration"]): Configuration {
  return loadConfiguration(configuration?.folder ?? "/", configuration?.file ?? "/plumbline.yaml", configuration?.text ?? "");
}
