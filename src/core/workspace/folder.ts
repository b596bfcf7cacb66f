import { evaluateCheck, scopeOf, type EvaluationContext } from "../checks/evaluate.ts";
import { literalIn } from "../checks/literal.ts";
import type { CheckItem, Result } from "../checks/model.ts";
import { matchesPath } from "../configuration/glob.ts";
import { emptyConfiguration, loadConfiguration } from "../configuration/load.ts";
import type { Configuration, Environment } from "../configuration/model.ts";
import { loadOwnChecks, noOwnChecks, type OwnChecks } from "../configuration/own-checks.ts";
import { checksByName, isOfAccounts, selectChecks, type SelectedCheck, type Selection } from "../configuration/select.ts";
import { FolderDrift, type DriftSource } from "../drift/folder-drift.ts";
import { Assessment } from "../findings/assessment.ts";
import { KnownFailures, readBaseline } from "../findings/baseline.ts";
import { addCounts } from "../findings/coverage.ts";
import type { Report } from "../findings/model.ts";
import { Settler } from "../findings/settled.ts";
import { placeWords } from "../findings/place-words.ts";
import { Summary, type SummarySource } from "../findings/summary.ts";
import { Directives } from "../findings/suppress.ts";
import type { FixHost } from "../fixes/model.ts";
import { InstanceWorld } from "../instances/instances.ts";
import type { Instance } from "../instances/model.ts";
import { describeInstances, type InstanceDescription } from "../inspection/describe.ts";
import { itemsByType, type CostedFolder, type LiveItems } from "../inspection/live-cost.ts";
import { explainValue, splitAddress, type Explanation } from "../inspection/explain.ts";
import { forOnce, Input } from "../memo/memo.ts";
import type { DirectoryContent, FileContent, ModuleInstance, ReadRequest, ResourceInstance, Unit } from "../terraform/model.ts";
import type { PlacedProblem } from "../terraform/placed-problem.ts";
import type { Snapshot } from "../snapshots/model.ts";
import { openSnapshot, plannedVariables, rootOf } from "../snapshots/open.ts";
import type { Resources } from "../snapshots/resources.ts";
import { Project } from "../terraform/project.ts";
import { directoryOf, isInside, relativePath } from "../text/path.ts";
import type { FilePath, Location, Problem } from "../text/text.ts";
import type { ServiceSettings, Shared } from "./settings.ts";

/** How many elements a workspace's own check item may go through on one instance. */
const ownSteps = { restricted: 10_000, trusted: 1_000_000 };

/** What is left of a root that was assessed for once. */
interface SettledRoot {
  readonly modules: readonly ModuleInstance[];
  readonly problems: readonly PlacedProblem[];
}

export interface OpenedSnapshot {
  readonly snapshot: Snapshot;
  readonly text: string;
}

/** One workspace folder: its project, its settings, its own check items. */
export class Folder {
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

  /**
   * Assesses root by root and keeps no values, and no `passes` where they are not wanted. `deliver` brings what was asked for; false:
   * there was nothing new.
   */
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
