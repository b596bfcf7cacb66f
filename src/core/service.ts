import type { Benchmark } from "./checks/benchmarks.ts";
import { loadCatalogue } from "./checks/catalogue.ts";
import type { CheckItem, Result } from "./checks/model.ts";
import type { Language } from "./text/language.ts";
import type { AccountData } from "./accounts/model.ts";
import type { Beside, Drift } from "./drift/beside.ts";
import { WorkspaceDrift } from "./drift/workspace-drift.ts";
import { mergeCoverage } from "./findings/coverage.ts";
import type { Finding, Report } from "./findings/model.ts";
import { withUniqueIds } from "./findings/summary.ts";
import { ignoreEdit } from "./findings/suppress.ts";
import { fixAll, type FixAllHost } from "./fixes/fix-all.ts";
import type { Changes, FixHost, FixOffer } from "./fixes/model.ts";
import { offerFixes } from "./fixes/offer.ts";
import type { SourceFile } from "./hcl/syntax.ts";
import type { Instance } from "./instances/model.ts";
import { type InstanceDescription } from "./inspection/describe.ts";
import { WorkspaceCosts } from "./inspection/live-cost.ts";
import { type Explanation } from "./inspection/explain.ts";
import { Input, tentatively } from "./memo/memo.ts";
import { answerOf, type Answer } from "./terraform/answer.ts";
import type { DirectoryContent, FileContent, ReadRequest, ResourceInstance } from "./terraform/model.ts";
import type { SnapshotInput } from "./snapshots/model.ts";

import { readSnapshot } from "./snapshots/read.ts";
import type { SpotValues } from "./terraform/project.ts";
import type { Schemas } from "./terraform/schema.ts";
import { directoryOf, isInside } from "./text/path.ts";
import { applyEdits, type FilePath, type Problem, type WorkspaceEdit } from "./text/text.ts";
import { Folder, type OpenedSnapshot } from "./workspace/folder.ts";
import type { ServiceSettings, Shared } from "./workspace/settings.ts";

export type { ServiceSettings } from "./workspace/settings.ts";

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

/** Checks between two clean-ups of what belongs to blocks that are gone. */
const checksBetweenSweeps = 200;

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
