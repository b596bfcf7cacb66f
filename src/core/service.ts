import type { Benchmark } from "./checks/benchmarks.ts";
import { loadCatalogue, type Catalogue } from "./checks/catalogue.ts";
import { evaluateCheck, scopeOf, type EvaluationContext } from "./checks/evaluate.ts";
import { literalIn } from "./checks/literal.ts";
import type { CheckItem, Result } from "./checks/model.ts";
import type { Language } from "./text/language.ts";
import { matchesPath } from "./configuration/glob.ts";
import { emptyConfiguration, loadConfiguration } from "./configuration/load.ts";
import type { Configuration, Environment } from "./configuration/model.ts";
import { loadOwnChecks, noOwnChecks, type OwnChecks } from "./configuration/own-checks.ts";
import { checksByName, isOfAccounts, selectChecks, type SelectedCheck, type Selection } from "./configuration/select.ts";
import type { AccountData } from "./accounts/model.ts";
import type { Beside, Drift } from "./drift/beside.ts";
import { FolderDrift, type DriftSource } from "./drift/folder-drift.ts";
import { WorkspaceDrift } from "./drift/workspace-drift.ts";
import { Assessment } from "./findings/assessment.ts";
import { KnownFailures, readBaseline, type Baseline } from "./findings/baseline.ts";
import { addCounts, mergeCoverage } from "./findings/coverage.ts";
import type { Finding, Report } from "./findings/model.ts";
import { Settler } from "./findings/settled.ts";
import { placeWords } from "./findings/place-words.ts";
import { Summary, withUniqueIds, type SummarySource } from "./findings/summary.ts";
import { Directives, ignoreEdit } from "./findings/suppress.ts";
import { fixAll, type FixAllHost } from "./fixes/fix-all.ts";
import type { Changes, FixHost, FixOffer } from "./fixes/model.ts";
import { offerFixes } from "./fixes/offer.ts";
import type { SourceFile } from "./hcl/syntax.ts";
import { InstanceWorld } from "./instances/instances.ts";
import type { Instance } from "./instances/model.ts";
import { describeInstances, type InstanceDescription } from "./inspection/describe.ts";
import { itemsByType, WorkspaceCosts, type CostedFolder, type LiveItems } from "./inspection/live-cost.ts";
import { explainValue, splitAddress, type Explanation } from "./inspection/explain.ts";
import { forOnce, Input, tentatively } from "./memo/memo.ts";
import { answerOf, type Answer } from "./terraform/answer.ts";
import type { DirectoryContent, FileContent, ModuleInstance, ReadRequest, ResourceInstance, Unit } from "./terraform/model.ts";
import type { PlacedProblem } from "./terraform/placed-problem.ts";
import type { SnapshotInput, Snapshot } from "./snapshots/model.ts";
import { openSnapshot, plannedVariables, rootOf } from "./snapshots/open.ts";
import { readSnapshot } from "./snapshots/read.ts";
import type { Resources } from "./snapshots/resources.ts";
import { Project, type SpotValues } from "./terraform/project.ts";
import type { Schemas } from "./terraform/schema.ts";
import { directoryOf, isInside, relativePath } from "./text/path.ts";
import { applyEdits, type FilePath, type Location, type Problem, type WorkspaceEdit } from "./text/text.ts";

/** The one door to core for the language server, the command line and agents. Holds a workspace in memory; never reads or writes. */
export interface Service {
  /** Absolute workspace folders. Each may hold a plumbline.yaml. */
  setFolders(folders: readonly FilePath[]): void;
  /** Any file that matters: Terraform, variable files, plumbline.yaml, own check items, files that functions read. */
  setFile(path: FilePath, content: FileContent): void;
  setDirectory(path: FilePath, content: DirectoryContent): void;
  removeFile(path: FilePath): void;
  /** What evaluation asked for and has not got; the host delivers and checks again. */
  requests(): readonly ReadRequest[];
  /**
   * Assesses a plan or a state instead of what the files say; they only tell where things are written. For one folder that is one
   * root, or that has no Terraform files. Returns what is wrong when it can't be read: then nothing has changed.
   */
  setSnapshot(input: SnapshotInput | undefined): Problem | undefined;
  /** Text for positions in a plan or state. Never to be shown: they hold secrets in the clear. */
  snapshotText(path: FilePath): string | undefined;
  /** Variables that the plan was given otherwise than the files say: name to text, as `-var` takes it. Call it after `check`. */
  plannedVariables(): ReadonlyMap<string, string>;
  /** Overrides on top of plumbline.yaml, from the command line or the editor's settings. */
  configure(options: ServiceSettings): void;
  /**
   * Everything, incrementally. `pause` is asked after each small piece of work, and what it gives is awaited; when `signal` aborts, the promise rejects with
   * the signal's reason and the memo keeps what is done.
   */
  check(options?: { readonly signal?: AbortSignal; readonly pause?: () => Promise<void> | undefined }): Promise<Report>;
  /** Verified source fixes for a finding of the latest report, alternatives in the item's order. */
  fixes(finding: Finding): readonly FixOffer[];
  /** All safe fixes of a file (or of the workspace) as one verified edit. */
  fixAll(file?: FilePath): WorkspaceEdit;
  /** The edit that writes an ignore comment for findings at one place. */
  suppress(findings: readonly Finding[], reason: string): WorkspaceEdit;
  /** Every instance with its values, parts and views: what check items see. Call it after `check`. */
  instances(): Iterable<InstanceDescription>;
  /** Where the value of `ADDRESS[.path]` comes from, or why it is not known. Call it after `check`. */
  explain(text: string): Explanation | { readonly wrong: string };
  /**
   * Puts what was read of an account beside the files: which block manages which thing, and where a file says otherwise. `states`
   * are texts of states by the directory of their root. Call it after `check`.
   */
  beside(account: AccountData, states: ReadonlyMap<FilePath, string>): Beside;
  /** Types of the resources that the files manage. Sorted. Call it after `check`. */
  managedTypes(): readonly string[];
  /** The edit that writes into the files what the account has; why there is none. Drift of the latest `beside`. */
  takeLive(drift: Drift): WorkspaceEdit | { readonly wrong: string };
  text(path: FilePath): string | undefined;
  /** What an expression is worth in the root module of a directory; undefined: there is none. It may ask for files, as a check does. */
  evaluate(root: FilePath, expression: string): Answer | undefined;
  /** The innermost expression at an offset and what it is worth wherever its file is evaluated. Call it after `check`. */
  valueAt(file: FilePath, offset: number): SpotValues | undefined;
  /** What assessing the workspace, and each resource and module block, in an account would use. Call it after `check`. */
  costs(): WorkspaceCosts;
  /** Names of the environments that the folders' plumbline.yaml describe, and the one that is assessed. */
  environments(): { readonly names: readonly string[]; readonly current: string | undefined };
  /** Built-in and own items that loaded, by id. */
  checks(): ReadonlyMap<string, CheckItem>;
  /** The benchmarks that items may be about, by name. */
  benchmarks(): ReadonlyMap<string, Benchmark>;
}

/** For commands that check, report and end. */
export interface BatchService extends Service {
  /**
   * The report of `check` for who wants no more than that: root after root is assessed, and its values are let go of before the
   * next, so that it takes less memory and time. `answer` delivers what evaluation asks for, each request once. The results of the
   * report hold no values; asking for anything else afterwards evaluates again. Without `passes`, the results that pass or do not
   * apply are counted, and most of them are left out of `results`.
   */
  checkOnce(answer: (request: ReadRequest) => void, options: { readonly passes: boolean }): Report;
}

export interface ServiceSettings {
  readonly variableFiles?: readonly FilePath[];
  /** `-var`: name to text. */
  readonly variables?: ReadonlyMap<string, string>;
  /** `TF_VAR_name` of the environment: name to text. Variable files win over it, as they do in Terraform. */
  readonly environmentVariables?: ReadonlyMap<string, string>;
  /** `TF_AWS_DEFAULT_TAGS_name` of the environment: name to text. */
  readonly defaultTags?: ReadonlyMap<string, string>;
  /** `TF_WORKSPACE`. */
  readonly workspace?: string | undefined;
  readonly minimumRisk?: CheckItem["risk"];
  /** False in restricted mode: the workspace's own check items get less work to do. */
  readonly trusted?: boolean;
  /** Only these check items take part: ids, former ids, patterns with `*`. */
  readonly checks?: readonly string[];
  /** The environment to assess instead of the one that plumbline.yaml names, in folders that have one of that name. */
  readonly environment?: string;
  /** A baseline file instead of the one that plumbline.yaml names; null: none. */
  readonly baselineFile?: FilePath | null;
  /** Failures that are known beside those of the baseline file. */
  readonly known?: Baseline;
}

export interface ServiceOptions {
  /** `dist/catalogue.json` (scripts/build-catalogue.ts), parsed. */
  readonly catalogue: unknown;
  /** `dist/catalogue.<language>.json`, parsed, for texts in another language than English. */
  readonly texts?: unknown;
  /** Language of the texts of a workspace's own items. Default English. */
  readonly language?: Language;
  readonly schemas: Schemas;
  /** Injected clock: ISO 8601. */
  readonly now: () => string;
}

export function createService(options: ServiceOptions): BatchService {
  return new Workspace(options);
}

/** How many elements a workspace's own check item may go through on one instance. */
const ownSteps = { restricted: 10_000, trusted: 1_000_000 };
/** Checks between two clean-ups of what belongs to blocks that are gone. */
const checksBetweenSweeps = 200;

interface Shared {
  readonly catalogue: Catalogue;
  readonly language: Language;
  readonly schemas: Schemas;
  /** Moves on once a day, so that ages and dates do not undo the memo at every check. */
  readonly now: Input<string>;
  readonly contents: ReadonlyMap<FilePath, FileContent>;
}

/** All folders of a workspace, each with a project and settings of its own. */
class Workspace implements BatchService, FixAllHost {
  readonly #clock: () => string;
  readonly #shared: Shared;
  readonly #contents = new Map<FilePath, FileContent>();
  readonly #directories = new Map<FilePath, DirectoryContent>();
  #folders: readonly Folder[] = [];
  #settings: ServiceSettings = {};
  #snapshot: OpenedSnapshot | undefined;
  #report: Report | undefined;
  /** Offers for findings of the report, while nothing has changed since. */
  #offers = new Map<string, readonly FixOffer[]>();
  /** While nothing has changed since. */
  #costs: WorkspaceCosts | undefined;
  #changed = true;
  readonly #drift = new WorkspaceDrift({
    drifts: () => this.#folders.map((folder) => folder.drift),
    hypothetically: (edit, body) => this.#hypothetically(edit, body),
    source: (path) => this.source(path),
    provenance: (resource, path) => this.provenance(resource, path),
    writable: (file) => this.writable(file),
  });
  #checks = 0;

  constructor(options: ServiceOptions) {
    this.#clock = options.now;
    this.#shared = {
      catalogue: loadCatalogue(options.catalogue, options.schemas, options.texts),
      language: options.language ?? "en",
      schemas: options.schemas,
      now: new Input(options.now()),
      contents: this.#contents,
    };
  }

  setFolders(paths: readonly FilePath[]): void {
    this.#change();
    const known = new Map(this.#folders.map((folder) => [folder.path, folder]));
    this.#folders = [...new Set(paths)].map((path) => known.get(path) ?? new Folder(path, this.#shared));
    const others = (folder: Folder): FilePath[] => paths.filter((path) => path !== folder.path && isInside(path, folder.path));
    for (const folder of this.#folders) {
      folder.setNested(others(folder));
      folder.configure(this.#settings);
      folder.setSnapshot(this.#snapshot);
      for (const [path, content] of this.#contents) if (folder.owns(path)) folder.setFile(path, content);
    }
  }

  setFile(path: FilePath, content: FileContent): void {
    this.#change();
    this.#contents.set(path, content);
    for (const folder of this.#folders) if (folder.owns(path) || folder.wants(path)) folder.setFile(path, content);
  }

  setDirectory(path: FilePath, content: DirectoryContent): void {
    this.#change();
    this.#directories.set(path, content);
    for (const folder of this.#folders) if (folder.wants(path)) folder.setDirectory(path, content);
  }

  removeFile(path: FilePath): void {
    this.#change();
    this.#contents.delete(path);
    for (const folder of this.#folders) folder.removeFile(path);
  }

  requests(): readonly ReadRequest[] {
    const requests = new Map<string, ReadRequest>();
    for (const folder of this.#folders) {
      for (const request of folder.requests()) requests.set(`${request.kind} ${request.path}`, request);
    }
    return [...requests.values()];
  }

  configure(settings: ServiceSettings): void {
    this.#change();
    this.#settings = settings;
    for (const folder of this.#folders) folder.configure(settings);
  }

  setSnapshot(input: SnapshotInput | undefined): Problem | undefined {
    const read = input === undefined ? undefined : readSnapshot(input);
    if (read !== undefined && "wrong" in read) return read.wrong;
    this.#change();
    this.#snapshot = read === undefined || input === undefined ? undefined : { snapshot: read, text: input.text };
    for (const folder of this.#folders) folder.setSnapshot(this.#snapshot);
    return undefined;
  }

  snapshotText(path: FilePath): string | undefined {
    return this.#snapshot?.snapshot.file === path ? this.#snapshot.text : undefined;
  }

  plannedVariables(): ReadonlyMap<string, string> {
    return new Map(this.#folders.flatMap((folder) => [...folder.plannedVariables]));
  }

  async check(options: { readonly signal?: AbortSignal; readonly pause?: () => Promise<void> | undefined } = {}): Promise<Report> {
    const { signal, pause } = options;
    signal?.throwIfAborted();
    this.#moveClock();
    do {
      for (const folder of this.#folders) {
        folder.refresh();
        for (const _ of folder.assess()) {
          const waiting = pause?.();
          if (waiting !== undefined) await waiting;
          signal?.throwIfAborted();
        }
      }
    } while (this.#deliverKnown());
    this.#report = this.#assemble();
    this.#changed = false;
    if (++this.#checks % checksBetweenSweeps === 0) for (const folder of this.#folders) folder.sweep();
    return this.#report;
  }

  checkOnce(answer: (request: ReadRequest) => void, { passes }: { readonly passes: boolean }): Report {
    this.#moveClock();
    const answered = new Set<string>();
    const deliver = (): boolean => {
      let any = this.#deliverKnown();
      for (const request of this.requests()) {
        const key = `${request.kind} ${request.path}`;
        if (answered.has(key)) continue;
        answered.add(key);
        answer(request);
        any = true;
      }
      return any;
    };
    const report = mergeReports(this.#folders.map((folder) => folder.reportOnce(deliver, passes)));
    // Nothing is left of it: who asks for a fix gets what is evaluated then.
    this.#change();
    return report;
  }

  fixes(finding: Finding): readonly FixOffer[] {
    const current = this.#current(finding);
    // Whether an edit helps would be seen in a new plan only.
    if (current === undefined || this.#snapshot !== undefined) return [];
    let offers = this.#offers.get(current.id);
    if (offers === undefined) {
      offers = offerFixes(current, this);
      this.#offers.set(current.id, offers);
    }
    return offers;
  }

  fixAll(file?: FilePath): WorkspaceEdit {
    this.#moveClock();
    if (this.#snapshot !== undefined) return new Map();
    for (const folder of this.#folders) folder.refresh();
    return fixAll(this, (finding) => file === undefined || finding.location.file === file);
  }

  suppress(findings: readonly Finding[], reason: string): WorkspaceEdit {
    const current = findings.map((finding) => this.#current(finding)).filter((finding) => finding !== undefined);
    const [first] = current;
    if (first === undefined) return new Map();
    const checks = new Set(current.map(({ check }) => check.id));
    return ignoreEdit(this.source(first.location.file), first.location, [...checks], reason);
  }

  *instances(): Generator<InstanceDescription> {
    for (const folder of this.#folders) yield* folder.instances();
  }

  explain(text: string): Explanation | { readonly wrong: string } {
    for (const folder of this.#folders) {
      const explanation = folder.explain(text);
      if (explanation !== undefined) return explanation;
    }
    return { wrong: `There is no instance "${text}". \`plumbline instances\` prints all.` };
  }

  beside(account: AccountData, states: ReadonlyMap<FilePath, string>): Beside {
    return this.#drift.beside(account, states);
  }

  managedTypes(): readonly string[] {
    return this.#drift.managedTypes();
  }

  takeLive(drift: Drift): WorkspaceEdit | { readonly wrong: string } {
    return this.#drift.takeLive(drift);
  }

  costs(): WorkspaceCosts {
    return (this.#costs ??= new WorkspaceCosts(this.#folders.map((folder) => folder.costed)));
  }

  text(path: FilePath): string | undefined {
    const content = this.#contents.get(path);
    return content?.kind === "text" ? content.text : undefined;
  }

  evaluate(root: FilePath, expression: string): Answer | undefined {
    const folder = this.#folderOf(root);
    folder.refresh();
    const evaluated = (): Answer | undefined => {
      const [module] = folder.project.modules(root);
      if (module === undefined) return undefined;
      const { value, problems } = folder.project.evaluateIn(module, expression);
      return answerOf(value, problems);
    };
    let answer = evaluated();
    while (this.#deliverKnown()) answer = evaluated();
    return answer;
  }

  valueAt(file: FilePath, offset: number): SpotValues | undefined {
    for (const folder of this.#folders) {
      const found = folder.owns(file) ? folder.project.valuesAt(file, offset) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  environments(): ReturnType<Service["environments"]> {
    for (const folder of this.#folders) folder.refresh();
    return {
      names: [...new Set(this.#folders.flatMap((folder) => folder.configuration.environments.map(({ name }) => name)))],
      current: this.#folders.map((folder) => folder.environment?.name).find((name) => name !== undefined),
    };
  }

  benchmarks(): ReadonlyMap<string, Benchmark> {
    return this.#shared.catalogue.benchmarks;
  }

  checks(): ReadonlyMap<string, CheckItem> {
    for (const folder of this.#folders) folder.refresh();
    const all = [...this.#shared.catalogue.checks, ...this.#folders.flatMap((folder) => folder.own.checks)];
    return new Map(all.map((check) => [check.id, check]));
  }

  source(path: FilePath): SourceFile | undefined {
    for (const folder of this.#folders) {
      const source = folder.project.source(path);
      if (source !== undefined) return source;
    }
    return undefined;
  }

  provenance(instance: ResourceInstance, path: Parameters<FixHost["provenance"]>[1]): ReturnType<FixHost["provenance"]> {
    return this.#folderOf(instance.module.root).project.provenance(instance, path);
  }

  scope(check: CheckItem, instance: Instance): ReturnType<FixHost["scope"]> {
    return this.#folderOf(instance.resource?.module.root ?? "").scope(check, instance);
  }

  instanceType(name: string): ReturnType<FixHost["instanceType"]> {
    for (const folder of this.#folders) {
      const type = folder.own.types.get(name);
      if (type !== undefined) return type;
    }
    return this.#shared.catalogue.types.get(name);
  }

  files(directory: FilePath): readonly FilePath[] {
    return [...this.#contents]
      .filter(([path, content]) => content.kind === "text" && directoryOf(path) === directory)
      .map(([path]) => path)
      .sort();
  }

  writable(file: FilePath): boolean {
    return !file.includes("/.terraform/") && this.#folders.some((folder) => isInside(file, folder.path));
  }

  results(edit: WorkspaceEdit): readonly Result[] {
    return this.#folders.flatMap((folder) => folder.resultsOf([...edit.keys()]));
  }

  resultsAfter(edit: WorkspaceEdit): { readonly results: readonly Result[]; readonly problems: readonly Problem[] } {
    return this.#hypothetically(edit, () => ({
      results: this.results(edit),
      problems: this.#folders.flatMap((folder) => folder.project.problems()).filter(({ file }) => edit.has(file)),
    }));
  }

  changes(edit: WorkspaceEdit): Changes {
    const files = [...edit.keys()];
    const groups = (): ReadonlySet<readonly Result[]> => new Set(this.#folders.flatMap((folder) => folder.resultGroupsOf(files)));
    const before = groups();
    return this.#hypothetically(edit, () => {
      const after = groups();
      return {
        before: [...before].flatMap((group) => (after.has(group) ? [] : group)),
        after: [...after].flatMap((group) => (before.has(group) ? [] : group)),
        problems: this.#folders.flatMap((folder) => folder.project.problems()).filter(({ file }) => edit.has(file)),
      };
    });
  }

  within<T>(edit: WorkspaceEdit, body: (host: FixHost, findings: readonly Finding[]) => T): T {
    return this.#hypothetically(edit, () => body(this, this.#assemble().findings));
  }

  #hypothetically<T>(edit: WorkspaceEdit, body: () => T): T {
    const before = new Map([...edit.keys()].map((path) => [path, this.#contents.get(path)]));
    try {
      return tentatively(() => {
        for (const [path, edits] of edit) {
          const content: FileContent = { kind: "text", text: applyEdits(this.text(path) ?? "", edits) };
          this.#contents.set(path, content);
          for (const folder of this.#folders) if (folder.owns(path) || folder.wants(path)) folder.setFile(path, content);
        }
        return body();
      });
    } finally {
      for (const [path, content] of before) {
        if (content === undefined) this.#contents.delete(path);
        else this.#contents.set(path, content);
      }
    }
  }

  /** The finding as it is now; the one that is handed in may be of an older report. */
  #current(finding: Finding): Finding | undefined {
    if (this.#changed || this.#report === undefined) {
      for (const folder of this.#folders) folder.refresh();
      this.#report = this.#assemble();
      this.#changed = false;
    }
    return this.#report.findings.find(({ id }) => id === finding.id);
  }

  #change(): void {
    this.#changed = true;
    this.#offers = new Map();
    this.#costs = undefined;
  }

  #moveClock(): void {
    const now = this.#clock();
    const { now: known } = this.#shared;
    if (known.get().slice(0, 10) !== now.slice(0, 10)) known.set(now);
  }

  /** Hands a folder what it asks for and another one has brought already. */
  #deliverKnown(): boolean {
    let any = false;
    for (const folder of this.#folders) {
      for (const { kind, path } of folder.requests()) {
        const content = this.#contents.get(path);
        const listing = this.#directories.get(path);
        if (kind === "file" && content !== undefined) folder.setFile(path, content);
        else if (kind === "directory" && listing !== undefined) folder.setDirectory(path, listing);
        else continue;
        any = true;
      }
    }
    return any;
  }

  #folderOf(root: FilePath): Folder {
    const folder = this.#folders.find(({ path, nested }) => isInside(root, path) && !nested.some((inner) => isInside(root, inner)));
    const chosen = folder ?? this.#folders[0];
    if (chosen === undefined) throw new Error("The workspace has no folder.");
    return chosen;
  }

  #assemble(): Report {
    return mergeReports(this.#folders.map((folder) => folder.report()));
  }
}

/** What is left of a root that was assessed for once. */
interface SettledRoot {
  readonly modules: readonly ModuleInstance[];
  readonly problems: readonly PlacedProblem[];
}

interface OpenedSnapshot {
  readonly snapshot: Snapshot;
  readonly text: string;
}

/** One workspace folder: its project, its settings, its own check items. */
class Folder {
  readonly path: FilePath;
  readonly project: Project;
  readonly #shared: Shared;
  readonly #wanted = new Set<FilePath>();
  /** Roots that were assessed before. */
  readonly #assessed = new Set<FilePath>();
  #nested: readonly FilePath[] = [];
  #settings: ServiceSettings = {};
  #stale = true;
  #configuration: Configuration = emptyConfiguration;
  #configurationText: string | undefined;
  #ownTexts = "";
  #selection: Selection = { checks: [], off: [], problems: [] };
  #own: OwnChecks;
  #world: InstanceWorld;
  #assessment: Assessment<SelectedCheck>;
  #summary: Summary;
  readonly #literal: EvaluationContext["literal"];
  readonly #known = new Input<readonly KnownFailures[]>([]);
  /** The baseline file's content that is in force. */
  #baseline: { readonly file: FilePath; readonly content: FileContent } | undefined;
  #baselineProblems: readonly Problem[] = [];
  /** The selected items alone. */
  #chosen: readonly CheckItem[] = [];
  /** What a scan by the settings of this folder would look at, by type. */
  #liveItems: ReadonlyMap<string, LiveItems> = new Map();
  readonly drift = new FolderDrift(() => this.#driftSource());
  #snapshot: OpenedSnapshot | undefined;
  /** What is assessed: the project itself, or a plan or state in its place. */
  #resources: Resources;
  #snapshotProblem: Problem | undefined;
  /** What the plan gives variables that the files give otherwise. */
  plannedVariables: ReadonlyMap<string, string> = new Map();

  constructor(path: FilePath, shared: Shared) {
    this.path = path;
    this.#shared = shared;
    this.project = new Project({ schemas: shared.schemas });
    this.project.setFolders([path]);
    this.#resources = this.project;
    this.#literal = literalIn((instance, at) => this.#resources.provenance(instance, at));
    this.#own = noOwnChecks(shared.catalogue);
    [this.#world, this.#assessment, this.#summary] = this.#engine();
  }

  get nested(): readonly FilePath[] {
    return this.#nested;
  }

  get configuration(): Configuration {
    return this.#configuration;
  }

  get environment(): Environment | undefined {
    const { environments, environment } = this.#configuration;
    const named = (name: string | undefined): Environment | undefined => environments.find((candidate) => candidate.name === name);
    return named(this.#settings.environment) ?? named(environment);
  }

  get own(): OwnChecks {
    return this.#own;
  }

  /** Whether a file belongs here and to no folder inside this one. */
  owns(path: FilePath): boolean {
    return isInside(path, this.path) && !this.#nested.some((inner) => isInside(path, inner));
  }

  /** Whether it was asked for by name. */
  wants(path: FilePath): boolean {
    return this.#wanted.has(path);
  }

  setNested(nested: readonly FilePath[]): void {
    this.#nested = nested;
  }

  setFile(path: FilePath, content: FileContent): void {
    if (/\.ya?ml$/.test(path) || path === this.#baselineFile()) this.#stale = true;
    this.project.setFile(path, content);
  }

  setDirectory(path: FilePath, content: DirectoryContent): void {
    this.project.setDirectory(path, content);
  }

  removeFile(path: FilePath): void {
    if (/\.ya?ml$/.test(path) || path === this.#baselineFile()) this.#stale = true;
    this.project.removeFile(path);
  }

  requests(): readonly ReadRequest[] {
    const requests = [...this.project.requests()];
    const baseline = this.#baselineFile();
    if (baseline !== undefined && this.#shared.contents.get(baseline) === undefined)
      requests.push({ kind: "file", path: baseline });
    for (const { path } of requests) this.#wanted.add(path);
    return requests;
  }

  configure(settings: ServiceSettings): void {
    this.#settings = settings;
    this.#configurationText = undefined;
    this.#stale = true;
  }

  setSnapshot(snapshot: OpenedSnapshot | undefined): void {
    if (this.#snapshot === snapshot) return;
    this.#snapshot = snapshot;
    this.#configurationText = undefined;
    this.#stale = true;
  }

  scope(check: CheckItem, instance: Instance): ReturnType<FixHost["scope"]> {
    const selected = this.#selection.checks.find((candidate) => candidate.check === check);
    return scopeOf(instance, this.#context(selected?.parameters ?? { kind: "object", entries: new Map() }));
  }

  /** Reads plumbline.yaml and the own check items again if they may have changed. */
  refresh(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const file = `${this.path === "/" ? "" : this.path}/plumbline.yaml`;
    const content = this.#shared.contents.get(file);
    const text = content?.kind === "text" ? content.text : "";
    const changed = text !== this.#configurationText;
    if (changed) {
      this.#configurationText = text;
      this.#configuration = content?.kind === "text" ? loadConfiguration(this.path, file, text) : emptyConfiguration;
      if (content?.kind === "unreadable") {
        const message = `The settings can't be read (${content.message}): none of them is in force.`;
        const problem = { file, range: { start: 0, end: 0 }, severity: "error", code: "unreadable-file", message } as const;
        this.#configuration = { ...emptyConfiguration, file, problems: [problem] };
      }
      this.#configureProject(new Map());
      this.#openSnapshot();
    }
    const ownChanged = this.#loadOwn();
    this.#loadBaseline(changed || ownChanged);
    if (!changed && !ownChanged) return;
    const checks = [...this.#shared.catalogue.checks, ...this.#own.checks];
    this.#selection = selectChecks(checks, this.#configuration, this.#settings.minimumRisk, this.#settings.checks);
    this.#chosen = this.#selection.checks.map(({ check }) => check);
    const live = selectChecks(checks.filter(isOfAccounts), this.#configuration, undefined, [], "live");
    this.#liveItems = itemsByType(live.checks, this.#own.types);
    if (changed || ownChanged) [this.#world, this.#assessment, this.#summary] = this.#engine();
    this.#assessment.setChecks(this.#selection.checks);
  }

  #configureProject(planned: ReadonlyMap<string, string>): void {
    const environment = this.environment;
    this.project.configure({
      variableFiles: [
        ...this.#configuration.variableFiles,
        ...(environment?.variableFiles ?? []),
        ...(this.#settings.variableFiles ?? []),
      ],
      variables: new Map([...(this.#settings.variables ?? []), ...planned]),
      environmentVariables: this.#settings.environmentVariables ?? new Map(),
      defaultTags: this.#settings.defaultTags ?? new Map(),
      workspace: environment?.workspace ?? this.#settings.workspace,
      excluded: (path) => this.#isExcluded(path),
    });
  }

  /** Puts a plan or state in the project's place. */
  #openSnapshot(): void {
    this.#resources = this.project;
    this.#snapshotProblem = undefined;
    this.plannedVariables = new Map();
    if (this.#snapshot === undefined) return;
    const { snapshot, text } = this.#snapshot;
    const chosen = rootOf(snapshot, this.project.roots(), this.path);
    if ("root" in chosen && chosen.root !== undefined) {
      this.plannedVariables = plannedVariables(snapshot, this.project, chosen.root);
      if (this.plannedVariables.size > 0) this.#configureProject(this.plannedVariables);
    }
    const opened = openSnapshot(snapshot, text, this.project, this.path, this.#shared.schemas);
    if ("problem" in opened) this.#snapshotProblem = opened.problem;
    else this.#resources = opened.resources;
  }

  /** Brings everything that a report is made of up to date, a small step at a time. Roots that an edit does not reach are passed by. */
  *assess(): Generator<void> {
    for (const { directory } of this.#resources.roots()) {
      if (this.#summary.isSettled(directory)) continue;
      const units = this.#resources.units(directory);
      yield;
      if (!this.#assessed.has(directory)) {
        // The first check that looks at a type asks for all instances of it.
        for (const unit of units) {
          this.#resources.instances(unit);
          yield;
        }
        for (const unit of units) {
          this.#world.of(unit);
          yield;
        }
        this.#assessed.add(directory);
      }
      yield* this.#summary.prepare(directory);
    }
    yield* this.project.findProblems();
  }

  /** Results of the roots that the files take part in. */
  resultsOf(files: readonly FilePath[]): readonly Result[] {
    return this.resultGroupsOf(files).flat();
  }

  /** The same block by block: what did not change is the same list. */
  resultGroupsOf(files: readonly FilePath[]): readonly (readonly Result[])[] {
    const directories = new Set(files.map(directoryOf));
    const variableFiles = [...this.#configuration.variableFiles, ...(this.environment?.variableFiles ?? [])];
    const everywhere = files.some((file) => variableFiles.includes(file) || file.endsWith(".yaml"));
    return this.#resources
      .roots()
      .filter(
        ({ directory }) => everywhere || this.#resources.modules(directory).some((module) => directories.has(module.directory)),
      )
      .flatMap(({ directory }) => [
        ...this.#resources.units(directory).map((unit) => this.#assessment.ofUnit(unit)),
        this.#assessment.ofNoUnit(directory),
      ]);
  }

  /** Assesses root by root and keeps no values, and no `passes` where they are not wanted. `deliver` brings what was asked for; false: there was nothing new. */
  reportOnce(deliver: () => boolean, passes: boolean): Report {
    // A plan is one root, and what it is made of is not evaluated.
    if (this.#snapshot !== undefined) {
      do {
        this.refresh();
        for (const _ of this.assess());
      } while (deliver());
      return this.report();
    }
    do this.refresh();
    while (deliver());
    const settled = new Map<FilePath, SettledRoot>();
    let assessment = this.#assessment;
    // In a module that others call, a finding says in how many of them it holds.
    const needsPasses = ({ module }: ResourceInstance): boolean => passes || this.project.isCalled(module.directory);
    let settler = new Settler(needsPasses);
    const summary = this.#summarize({
      modules: (root) => settled.get(root)?.modules ?? this.#resources.modules(root),
      // The same for every root.
      lookedAt: () => this.#assessment.lookedAt(),
      placedOfUnit: (unit) => assessment.placedOnce(unit),
      placedOfNoUnit: (root) => assessment.placedOfNoUnit(root),
      keep: (results) => settler.settle(results),
    });
    const assess = (root: FilePath): SettledRoot | undefined => {
      this.project.forget(root);
      const units = this.#resources.units(root);
      // The first check that looks at a type asks for all instances of it.
      for (const unit of units) this.#resources.instances(unit);
      if (deliver()) return undefined;
      [, assessment] = this.#makeAssessment({ once: true });
      assessment.setChecks(this.#selection.checks);
      settler = new Settler(needsPasses);
      summary.sumUpOnce(root);
      const modules = this.#resources.modules(root).map((module) => settler.module(module));
      return { modules, problems: this.project.rootProblems(root) };
    };
    // Files that come while a root is assessed may be those of another.
    const next = (): FilePath | undefined => this.#resources.roots().find(({ directory }) => !settled.has(directory))?.directory;
    for (let root = next(); root !== undefined; root = next()) {
      const current = root;
      let done: SettledRoot | undefined;
      do {
        // The layout lasts longer than a root.
        this.#resources.roots();
        done = forOnce(() => assess(current));
      } while (done === undefined);
      settled.set(current, done);
      // Nothing of it is alive while the next is evaluated.
      assessment = this.#assessment;
      settler = new Settler(needsPasses);
      this.project.forget(current);
    }
    const report = this.#reportOf(
      summary,
      this.project.problemsWith((root) => settled.get(root)?.problems ?? []),
    );
    // What an earlier check keeps was made of what is forgotten now.
    this.#configurationText = undefined;
    this.#stale = true;
    return report;
  }

  report(): Report {
    return this.#reportOf(this.#summary, this.project.problems());
  }

  #reportOf(summary: Summary, projectProblems: readonly Problem[]): Report {
    const { results, findings, counts, directives, comments, used } = summary.get();
    const names = [...checksByName([...this.#shared.catalogue.checks, ...this.#own.checks]).keys()];
    const problems = [
      ...this.#withSnapshotProblems(projectProblems),
      ...this.#configuration.problems,
      ...this.#selection.problems,
      ...this.#own.problems,
      ...this.#baselineProblems,
      ...directives.problems(comments, names, new Set(this.#selection.off), used),
    ].filter(({ file }) => this.#speaksOf(file));
    let listed: Report["results"] | undefined;
    return {
      roots: this.#resources.roots().map(({ directory }) => directory),
      findings,
      get results() {
        return (listed ??= results());
      },
      problems: problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.range.start - b.range.start)),
      coverage: {
        ...addCounts(counts),
        checks: this.#selection.checks.length,
        checksOff: this.#selection.off,
        skippedFiles: this.project.skipped().filter(({ file }) => this.owns(file) && !this.#isExcluded(file)),
        unreadFiles: this.#unread(problems),
      },
      hasBaseline: this.#known.peek().length > 0,
      environments: [],
    };
  }

  #driftSource(): DriftSource {
    const now = this.#shared.now.get();
    const { tables } = this.#shared.catalogue;
    return {
      types: this.#own.types,
      checks: this.#chosen,
      surroundings: { now: () => now, table: (name, key) => tables.lookup(name, key, now) },
      roots: () => this.#resources.roots(),
      units: (root) => this.#resources.units(root),
      modules: (root) => this.#resources.modules(root),
      instances: (unit) => this.#world.of(unit),
      provenance: (resource, path) => this.#resources.provenance(resource, path),
    };
  }

  get costed(): CostedFolder {
    const resources = this.#resources;
    const byType = this.#liveItems;
    return {
      roots: () => resources.roots(),
      units: (root) => resources.units(root),
      instances: (unit) => resources.instances(unit),
      liveItems: (type) => byType.get(type),
    };
  }

  *instances(): Generator<InstanceDescription> {
    const resources = this.#resources;
    const world = this.#world;
    yield* describeInstances({
      roots: () => resources.roots(),
      units: (root) => resources.units(root),
      instances: (unit) => resources.instances(unit),
      world,
    });
  }

  /** undefined: no instance here has such an address. */
  explain(text: string): Explanation | { readonly wrong: string } | undefined {
    const units = new Map<string, Unit>();
    for (const { directory } of this.#resources.roots()) {
      for (const unit of this.#resources.units(directory)) {
        for (const { address } of this.#resources.instances(unit)) if (!units.has(address)) units.set(address, unit);
      }
    }
    const split = splitAddress(text, (address) => units.has(address));
    if (split === undefined) return undefined;
    const find = (address: string): ReturnType<Parameters<typeof explainValue>[0]["instance"]> => {
      const unit = units.get(address);
      const resource = unit === undefined ? undefined : this.#resources.instances(unit).find((one) => one.address === address);
      if (unit === undefined || resource === undefined) return undefined;
      return { resource, instance: this.#world.of(unit).find((one) => one.resource === resource) };
    };
    const provenance: Resources["provenance"] = (instance, path) => this.#resources.provenance(instance, path);
    return explainValue({ instance: find, provenance }, split.address, split.path);
  }

  sweep(): void {
    this.project.sweep();
    const roots = new Set(this.#resources.roots().map(({ directory }) => directory));
    const units = new Set([...roots].flatMap((root) => this.#resources.units(root)));
    this.#assessment.sweep(
      (unit) => units.has(unit),
      (root) => roots.has(root),
    );
    this.#summary.sweep((root) => roots.has(root));
    this.#world.sweep(
      (unit) => units.has(unit),
      (root) => roots.has(root),
    );
  }

  #engine(): [InstanceWorld, Assessment<SelectedCheck>, Summary] {
    const [world, assessment] = this.#makeAssessment();
    const summary = this.#summarize({
      modules: (root) => this.#resources.modules(root),
      lookedAt: () => assessment.lookedAt(),
      placedOfUnit: (unit) => assessment.placedOfUnit(unit),
      placedOfNoUnit: (root) => assessment.placedOfNoUnit(root),
    });
    return [world, assessment, summary];
  }

  #makeAssessment(more: Pick<EvaluationContext, "once"> = {}): [InstanceWorld, Assessment<SelectedCheck>] {
    const { now, catalogue } = this.#shared;
    const resources = this.#resources;
    const world = new InstanceWorld(resources, this.#own.types, {
      now: () => now.get(),
      table: (name, key) => catalogue.tables.lookup(name, key, now.get()),
    });
    const host = {
      units: (root: FilePath) => resources.units(root),
      instances: (unit: Unit) => resources.instances(unit),
      provenance: (instance: ResourceInstance, path: Parameters<Project["provenance"]>[1]) => resources.provenance(instance, path),
      providerBlock: (root: FilePath, key: string) => this.#providerBlock(root, key),
      rootLocation: (root: FilePath) => this.#rootLocation(root),
      words: placeWords(this.#shared.language),
    };
    const contexts = new Map<SelectedCheck, EvaluationContext>();
    const evaluate = (selected: SelectedCheck, instance: Instance): Result => {
      let context = contexts.get(selected);
      if (context === undefined) {
        context = this.#context(selected.parameters, more);
        contexts.set(selected, context);
      }
      return evaluateCheck(selected.check, instance, context);
    };
    return [world, new Assessment(host, world, this.#own.types, evaluate)];
  }

  #summarize(assessed: Pick<SummarySource, "modules" | "lookedAt" | "placedOfUnit" | "placedOfNoUnit" | "keep">): Summary {
    const { now, catalogue } = this.#shared;
    const resources = this.#resources;
    const source: SummarySource = {
      ...assessed,
      units: (root) => resources.units(root),
      instances: (unit) => resources.instances(unit),
      files: () => this.project.files(),
      source: (file) => this.project.source(file),
      roots: () => resources.roots().map(({ directory }) => directory),
      isExcluded: (file) => this.#isExcluded(file),
      directives: (of) => {
        const names = checksByName([...catalogue.checks, ...this.#own.checks]);
        return new Directives(of, (id) => names.get(id)?.id ?? id, now.get().slice(0, 10));
      },
      known: () => this.#known.get(),
      words: placeWords(this.#shared.language),
    };
    return new Summary(source, this.path);
  }

  #context(parameters: EvaluationContext["parameters"], more: Pick<EvaluationContext, "once"> = {}): EvaluationContext {
    const { now, catalogue } = this.#shared;
    return {
      parameters,
      // Few expressions ask for it, and only those are evaluated again when a day is over.
      get now() {
        return now.get();
      },
      table: (name, key) => catalogue.tables.lookup(name, key, now.get()),
      literal: this.#literal,
      ownSteps: this.#settings.trusted === false ? ownSteps.restricted : ownSteps.trusted,
      ...more,
    };
  }

  /** A plan has what the configuration's missing modules make; what else is wrong with the files does not keep it from being read. */
  #withSnapshotProblems(problems: readonly Problem[]): readonly Problem[] {
    if (this.#snapshot === undefined) return problems;
    const own = this.#snapshotProblem === undefined ? [] : [this.#snapshotProblem];
    return [...this.#snapshot.snapshot.problems, ...own, ...problems.filter(({ code }) => code !== "missing-module")];
  }

  #loadOwn(): boolean {
    const files: { path: FilePath; text: string }[] = [];
    const folders = this.#configuration.checkFolders;
    if (folders.length > 0) {
      for (const [path, content] of this.#shared.contents) {
        if (content.kind !== "text" || !/\.ya?ml$/.test(path)) continue;
        if (folders.some((folder) => path !== folder && isInside(path, folder))) files.push({ path, text: content.text });
      }
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const texts = JSON.stringify(files);
    if (texts === this.#ownTexts || (files.length === 0 && this.#ownTexts === "")) return false;
    this.#ownTexts = files.length === 0 ? "" : texts;
    this.#own = loadOwnChecks(files, this.#shared.catalogue, this.#shared.schemas, this.#shared.language);
    return true;
  }

  #baselineFile(): FilePath | undefined {
    const { baselineFile = this.#configuration.baseline } = this.#settings;
    return baselineFile ?? undefined;
  }

  #loadBaseline(again: boolean): void {
    const file = this.#baselineFile();
    const content = file === undefined ? undefined : this.#shared.contents.get(file);
    if (!again && content === this.#baseline?.content && file === this.#baseline?.file) return;
    this.#baseline = file === undefined || content === undefined ? undefined : { file, content };
    this.#baselineProblems = [];
    const baselines = this.#settings.known === undefined ? [] : [this.#settings.known];
    if (file !== undefined && content?.kind === "text") {
      const { baseline, problems } = readBaseline(file, content.text, directoryOf(file));
      if (baseline !== undefined) baselines.push(baseline);
      this.#baselineProblems = problems;
    } else if (file !== undefined && content !== undefined) {
      const why = content.kind === "unreadable" ? `can't be read (${content.message})` : "is not there";
      const message = `The baseline ${why}, so nothing counts as known. Make it with \`plumbline check --write-baseline FILE\`.`;
      this.#baselineProblems = [{ file, range: { start: 0, end: 0 }, severity: "error", code: "unreadable-baseline", message }];
    }
    const names = checksByName([...this.#shared.catalogue.checks, ...this.#own.checks]);
    this.#known.set(baselines.map((baseline) => new KnownFailures(baseline, (id) => names.get(id)?.id ?? id)));
  }

  #isExcluded(path: FilePath): boolean {
    const { excludedPaths } = this.#configuration;
    if (excludedPaths.length === 0 || !isInside(path, this.path)) return false;
    const relative = relativePath(this.path, path);
    return relative !== "." && excludedPaths.some((pattern) => matchesPath(pattern, relative));
  }

  /** Problems of a folder inside this one are that folder's to tell; those of downloaded modules are nobody's here. */
  #speaksOf(file: FilePath): boolean {
    return !this.#nested.some((inner) => isInside(file, inner)) && !file.includes("/.terraform/") && !this.#isExcluded(file);
  }

  #unread(problems: readonly Problem[]): readonly FilePath[] {
    const files = new Set<FilePath>();
    for (const { file, severity, code } of problems) {
      if (severity !== "error" || files.has(file)) continue;
      const unread = code.startsWith("unreadable") || file === this.#configuration.file || /\.ya?ml$/.test(file);
      if (unread || this.project.source(file)?.problems.some((problem) => problem.severity === "error") === true) files.add(file);
    }
    return [...files].sort();
  }

  #providerBlock(root: FilePath, key: string): ResourceInstance | undefined {
    const unit = this.#resources
      .units(root)
      .find(({ mode, symbol, module }) => mode === "provider" && module.parent === undefined && symbol === `provider.${key}`);
    return unit === undefined ? undefined : this.#resources.instances(unit)[0];
  }

  #rootLocation(root: FilePath): Location | undefined {
    const file = this.project.files().find((path) => directoryOf(path) === root && this.project.source(path) !== undefined);
    if (file !== undefined) return { file, range: { start: 0, end: 0 } };
    return this.#snapshot === undefined ? undefined : { file: this.#snapshot.snapshot.file, range: { start: 0, end: 0 } };
  }
}

function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first !== undefined && reports.length === 1) return first;
  // Two folders may hold copies of one configuration.
  const findings = withUniqueIds(([] as Finding[]).concat(...reports.map((report) => report.findings)));
  let results: Report["results"] | undefined;
  return {
    roots: reports.flatMap((report) => report.roots),
    findings,
    get results() {
      return (results ??= ([] as Report["results"][number][]).concat(...reports.map((report) => report.results)));
    },
    problems: reports.flatMap((report) => report.problems),
    coverage: mergeCoverage(reports.map((report) => report.coverage)),
    hasBaseline: reports.some((report) => report.hasBaseline),
    environments: [],
  };
}
