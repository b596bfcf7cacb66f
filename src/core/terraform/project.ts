import { parseExpression } from "../hcl/parse.ts";
import type { SourceFile } from "../hcl/syntax.ts";
import { sameItems } from "../memo/equal.ts";
import { Input, lasting, Query, QueryFamily, withoutDepthLimit } from "../memo/memo.ts";
import { directoryOf, isInside, joinPath } from "../text/path.ts";
import type { FilePath, Problem } from "../text/text.ts";
import type { Reason, Value } from "../values/value.ts";
import { evaluate } from "./evaluate.ts";
import { NO_REPETITION } from "./expansion.ts";
import { fileRole } from "./file-names.ts";
import type {
  DirectoryContent,
  FileContent,
  InstancePath,
  ModuleInstance,
  Provenance,
  ReadRequest,
  ResourceInstance,
  Root,
  Unit,
} from "./model.ts";
import { isExampleCaller, localSource } from "./module-calls.ts";
import { ModuleEvaluator, type ProjectContext } from "./module-evaluator.ts";
import { placeProblem, type PlacedProblem, sameProblems } from "./placed-problem.ts";
import { traceProvenance } from "./provenance.ts";
import type { Schemas } from "./schema.ts";
import { type Budget, DEFAULT_BUDGET, type FunctionFiles, newBudget } from "./scope.ts";
import { Sources } from "./sources.ts";
import { lineAt, type Spot, spotAt } from "./spot.ts";
import { lineValue, spotSize, type SpotValue, spotValues } from "./spot-values.ts";
import { plainText } from "./plain-text.ts";
import { attributeNamed } from "./symbols.ts";
import type { RootInputs } from "./variable-files.ts";
import { workspaceOf } from "./workspaces.ts";

interface SkippedFile {
  readonly file: FilePath;
  readonly why: string;
}

export interface ProjectOptions {
  readonly schemas: Schemas;
  readonly budget?: Pick<Budget, "maximumSteps" | "maximumElements">;
}

export interface ProjectSettings {
  /** Read for every root, later ones win. */
  readonly variableFiles?: readonly FilePath[];
  /** `-var`: name to text. */
  readonly variables?: ReadonlyMap<string, string>;
  /** `TF_VAR_name`: name to text. */
  readonly environmentVariables?: ReadonlyMap<string, string>;
  /** `TF_AWS_DEFAULT_TAGS_name`: name to text. */
  readonly defaultTags?: ReadonlyMap<string, string>;
  /** `TF_WORKSPACE`: without it, what is selected in a root's `.terraform/environment`. */
  readonly workspace?: string | undefined;
  /** Directories of these files are no roots. */
  readonly excluded?: (path: FilePath) => boolean;
}

/**
 * The Terraform files of a workspace, evaluated when asked and as far as asked. Every reading method may be called inside a memo
 * query, which then depends on exactly what it read.
 */
export class Project {
  readonly #sources = new Sources();
  readonly #folders = new Input<readonly FilePath[]>([]);
  readonly #settings = new Input<ProjectSettings>({});
  readonly #inputs: Query<RootInputs>;
  readonly #context: ProjectContext;
  readonly #evaluators = new Map<FilePath, ModuleEvaluator>();
  readonly #callees: QueryFamily<FilePath, readonly FilePath[]>;
  readonly #called: Query<ReadonlySet<FilePath>>;
  readonly #roots: Query<readonly Root[]>;
  readonly #modules: QueryFamily<FilePath, readonly ModuleEvaluator[]>;
  readonly #units: QueryFamily<FilePath, readonly Unit[]>;
  readonly #fileProblems: QueryFamily<FilePath, readonly Problem[]>;
  readonly #rootProblems: QueryFamily<FilePath, readonly PlacedProblem[]>;
  readonly #problems: Query<readonly Problem[]>;
  readonly #skippedFor: QueryFamily<FilePath, string | undefined>;
  readonly #skipped: Query<readonly SkippedFile[]>;
  readonly #evaluatorOf = new WeakMap<ModuleInstance, ModuleEvaluator>();
  readonly #files = new Map<FilePath, FunctionFiles>();

  constructor(options: ProjectOptions) {
    this.#inputs = new Query(
      () => {
        const {
          variableFiles = [],
          variables = NO_VARIABLES,
          environmentVariables: environment = NO_VARIABLES,
        } = this.#settings.get();
        return { variableFiles, variables, environment };
      },
      {
        equal: (a, b) => a.variableFiles === b.variableFiles && a.variables === b.variables && a.environment === b.environment,
      },
    );
    this.#context = {
      sources: this.#sources,
      schemas: options.schemas,
      limits: options.budget ?? DEFAULT_BUDGET,
      inputs: () => this.#inputs.get(),
      defaultTags: () => this.#settings.get().defaultTags ?? NO_VARIABLES,
      workspace: (root) => workspaceOf(this.#sources, root, this.#settings.get().workspace),
      files: (root) => this.#functionFiles(root),
    };
    this.#callees = new QueryFamily((directory) => this.#findCallees(directory), { equal: sameItems });
    this.#called = new Query<ReadonlySet<FilePath>>(
      (): ReadonlySet<FilePath> => new Set(this.#sources.directories().flatMap((directory) => this.#callees.get(directory))),
    );
    this.#roots = new Query(() => this.#findRoots(), { equal: sameItems });
    this.#modules = new QueryFamily((root) => this.#listModules(root), { equal: sameItems });
    this.#units = new QueryFamily<FilePath, readonly Unit[]>(
      (root) => this.#modules.get(root).flatMap((evaluator) => evaluator.units()),
      { equal: sameItems },
    );
    this.#fileProblems = new QueryFamily((file) => this.#sources.problems(file), { equal: sameItems });
    this.#rootProblems = new QueryFamily<FilePath, readonly PlacedProblem[]>(
      (root): readonly PlacedProblem[] => {
        const problems = this.#modules.get(root).flatMap((evaluator) => evaluator.problems());
        return problems.filter(({ declaration }) => !isDownloaded(declaration.file));
      },
      { equal: sameProblems },
    );
    this.#skippedFor = new QueryFamily((file) => this.#whySkipped(file));
    this.#skipped = new Query((): readonly SkippedFile[] =>
      this.#sources.files().flatMap((file) => {
        const why = this.#skippedFor.get(file);
        return why === undefined ? [] : [{ file, why }];
      }),
    );
    this.#problems = new Query(() => this.#listProblems((root) => this.#rootProblems.get(root)));
  }

  setFolders(folders: readonly FilePath[]): void {
    this.#folders.set([...folders]);
  }

  setFile(path: FilePath, content: FileContent): void {
    this.#sources.set(path, content);
  }

  removeFile(path: FilePath): void {
    this.#sources.set(path, { kind: "absent" });
  }

  setDirectory(path: FilePath, content: DirectoryContent): void {
    this.#sources.setDirectory(path, content);
  }

  configure(settings: ProjectSettings): void {
    this.#settings.set(settings);
  }

  /** What evaluation needed so far and the host has not delivered. */
  requests(): readonly ReadRequest[] {
    return this.#sources.requests();
  }

  source(path: FilePath): SourceFile | undefined {
    return this.#sources.source(path);
  }

  /** Every delivered file, in order. */
  files(): readonly FilePath[] {
    return this.#sources.files();
  }

  roots(): readonly Root[] {
    return this.#roots.get();
  }

  /** Whether a module of the workspace calls the one in a directory. */
  isCalled(directory: FilePath): boolean {
    // Whoever evaluates a root for once may be the first to ask.
    return lasting(() => this.#called.get()).has(directory);
  }

  /** The root module and all module instances below it, callers first. */
  modules(root: FilePath): readonly ModuleInstance[] {
    return this.#evaluatorsOf(root).map((evaluator) => evaluator.module);
  }

  units(root: FilePath): readonly Unit[] {
    return withoutDepthLimit(() => this.#units.get(root));
  }

  instances(unit: Unit): readonly ResourceInstance[] {
    return withoutDepthLimit(() => this.#evaluator(unit.module).resource(unit.symbol)).instances;
  }

  /** Everything that is wrong with the files, each problem once, in order of file and place. */
  problems(): readonly Problem[] {
    return withoutDepthLimit(() => this.#problems.get());
  }

  /** What evaluating a root brought up. */
  rootProblems(root: FilePath): readonly PlacedProblem[] {
    return withoutDepthLimit(() => this.#rootProblems.get(root));
  }

  /** As `problems`, with what `rootProblems` said of roots that are forgotten since. */
  problemsWith(ofRoot: (root: FilePath) => readonly PlacedProblem[]): readonly Problem[] {
    return this.#listProblems(ofRoot);
  }

  /** Lets go of everything that was evaluated in a root: asked again, it is evaluated again. */
  forget(root: FilePath): void {
    const known = this.#rootObjects.get(root);
    if (known === undefined) return;
    this.#evaluators.get(root)?.dispose();
    this.#rootProblems.forget(root);
    this.#units.forget(root);
    this.#modules.forget(root);
    const made = new ModuleEvaluator(this.#context, known.module, undefined, "", 1);
    this.#evaluators.set(root, made);
    this.#evaluatorOf.set(known.module, made);
  }

  /** Brings `problems` up to date, a small step at a time. */
  *findProblems(): Generator<void> {
    if (this.#problems.isClean) return;
    for (const file of this.#sources.files()) {
      if (isDownloaded(file) || this.#fileProblems.isClean(file)) continue;
      this.#fileProblems.get(file);
      yield;
    }
    for (const { directory } of this.#roots.get()) {
      if (this.#rootProblems.isClean(directory)) continue;
      for (const evaluator of this.#evaluatorsOf(directory)) {
        withoutDepthLimit(() => evaluator.problems());
        yield;
      }
    }
    this.problems();
    yield;
  }

  provenance(instance: ResourceInstance, path: InstancePath): Provenance {
    const evaluator = this.#evaluator(instance.module);
    return withoutDepthLimit(() => traceProvenance(evaluator, this.#sources, () => this.#inputs.get(), instance, path));
  }

  /** The value of an expression as it would have in a module. */
  evaluateIn(module: ModuleInstance, text: string): { readonly value: Value; readonly problems: readonly Problem[] } {
    const { expression, problems: syntaxProblems } = parseExpression(text);
    const problems: Problem[] = [...syntaxProblems];
    const scope = this.#evaluator(module).scope(undefined, [], NO_REPETITION);
    const value = evaluate(expression, {
      ...scope,
      problem: ({ start, end }, code, message) =>
        problems.push({ file: "", range: { start, end }, severity: "error", code, message }),
    });
    return { value, problems };
  }

  /**
   * The expression at an offset of a file, and what it is worth wherever it is evaluated, from what is evaluated already. `more` says
   * how many values were not looked at. undefined: no expression is there, or nobody evaluates it.
   */
  valuesAt(file: FilePath, offset: number): SpotValues | undefined {
    const source = this.#sources.source(file);
    if (source === undefined) return undefined;
    if (fileRole(file).kind === "variables") return this.#lineAt(source, offset);
    const spot = spotAt(source, offset);
    if (spot === undefined) return undefined;
    return withoutDepthLimit(() => {
      const budget = newBudget(this.#context.limits);
      const values: RootedValue[] = [];
      let modules = 0;
      let more = 0;
      for (const { directory } of this.#roots.get()) {
        for (const evaluator of this.#modules.get(directory)) {
          if (evaluator.module.directory !== directoryOf(file)) continue;
          modules++;
          if (values.length >= MOST_VALUES || budget.steps > budget.maximumSteps) {
            more += spotSize(evaluator, spot);
            continue;
          }
          const before = values.length;
          for (const value of spotValues(evaluator, spot, budget)) {
            if (values.length >= MOST_VALUES) {
              more += Math.max(1, spotSize(evaluator, spot) - (values.length - before));
              break;
            }
            values.push({ root: directory, ...value });
          }
        }
      }
      return modules === 0 ? undefined : { spot, text: source.text.slice(spot.range.start, spot.range.end), values, more };
    });
  }

  /** What a line of a variable file gives the roots that read it. */
  #lineAt(source: SourceFile, offset: number): SpotValues | undefined {
    const spot = lineAt(source, offset);
    if (spot === undefined) return undefined;
    return withoutDepthLimit(() => {
      const values = this.#roots.get().flatMap(({ directory, module }): readonly RootedValue[] => {
        const value = lineValue(this.#evaluator(module), source.path, spot);
        return value === undefined ? [] : [{ root: directory, ...value }];
      });
      if (values.length === 0) return undefined;
      const shown = values.slice(0, MOST_VALUES);
      return { spot, text: source.text.slice(spot.range.start, spot.range.end), values: shown, more: values.length - shown.length };
    });
  }

  /** Files that are recognised and play no part in the evaluation. */
  skipped(): readonly SkippedFile[] {
    return this.#skipped.get();
  }

  /** Lets go of what belongs to files, blocks and modules that are gone. Cheap enough for every few hundred edits. */
  sweep(): void {
    const roots = new Set(this.#roots.get().map((root) => root.directory));
    for (const [directory, evaluator] of this.#evaluators) {
      if (roots.has(directory)) evaluator.sweep();
      else {
        evaluator.dispose();
        this.#evaluators.delete(directory);
      }
    }
    this.#units.sweep((root) => roots.has(root));
    this.#modules.sweep((root) => roots.has(root));
    this.#rootProblems.sweep((root) => roots.has(root));
    const files = new Set(this.#sources.files());
    this.#fileProblems.sweep((file) => files.has(file));
    this.#skippedFor.sweep((file) => files.has(file));
    this.#sources.sweep();
  }

  #whySkipped(file: FilePath): string | undefined {
    const role = fileRole(file);
    if (role.kind === "skipped") return role.why;
    if (role.kind === "other") return undefined;
    const content = this.#sources.content(file);
    return content?.kind === "unreadable" ? content.message : undefined;
  }

  #evaluatorsOf(root: FilePath): readonly ModuleEvaluator[] {
    return withoutDepthLimit(() => this.#modules.get(root));
  }

  #evaluator(module: ModuleInstance): ModuleEvaluator {
    const evaluator = this.#evaluatorOf.get(module);
    if (evaluator === undefined) throw new Error(`Module instance "${module.address}" is not of this project.`);
    return evaluator;
  }

  #listProblems(ofRoot: (root: FilePath) => readonly PlacedProblem[]): readonly Problem[] {
    const found = new Map<string, Problem>();
    const add = (problem: Problem): void => {
      const key = `${problem.file} ${String(problem.range.start)} ${String(problem.range.end)} ${problem.code} ${problem.message}`;
      if (!found.has(key)) found.set(key, problem);
    };
    for (const file of this.#sources.files()) {
      if (!isDownloaded(file)) this.#fileProblems.get(file).forEach(add);
    }
    for (const { directory } of this.#roots.get()) {
      for (const problem of ofRoot(directory)) add(placeProblem(problem));
    }
    return [...found.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.range.start - b.range.start));
  }

  /** Directories that the module calls of a directory name as local paths. */
  #findCallees(directory: FilePath): readonly FilePath[] {
    const found: FilePath[] = [];
    for (const { symbol, kind } of this.#sources.symbols(directory)) {
      if (kind !== "module") continue;
      const declared = this.#sources.declared(directory, symbol);
      const source = declared?.node.kind === "block" ? plainText(attributeNamed(declared.node, "source")) : undefined;
      const callee = source === undefined ? undefined : localSource(directory, source);
      if (callee !== undefined && callee !== directory) found.push(callee);
    }
    return found;
  }

  #findRoots(): readonly Root[] {
    const folders = this.#folders.get();
    const { excluded } = this.#settings.get();
    const directories = this.#sources
      .directories()
      .filter((directory) => !directory.includes("/.terraform/") && !directory.endsWith("/.terraform"))
      .filter((directory) => folders.length === 0 || folders.some((folder) => isInside(directory, folder)));
    const owned = new Set<FilePath>();
    for (const caller of directories) {
      for (const callee of this.#callees.get(caller)) if (!isExampleCaller(callee, caller)) owned.add(callee);
    }
    const roots = directories.filter((directory) => !owned.has(directory));
    // Modules that only call each other would be assessed by nobody.
    const reached = new Set<FilePath>();
    const reach = (from: FilePath): void => {
      const waiting = [from];
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
        if (reached.has(at)) continue;
        reached.add(at);
        waiting.push(...this.#callees.get(at));
      }
    };
    roots.forEach(reach);
    for (const directory of directories) {
      if (reached.has(directory)) continue;
      roots.push(directory);
      reach(directory);
    }
    return roots
      .filter((directory) => excluded?.(directory) !== true)
      .sort()
      .map((directory) => this.#root(directory));
  }

  readonly #rootObjects = new Map<FilePath, Root>();

  #root(directory: FilePath): Root {
    const evaluator = this.#evaluators.get(directory);
    const known = this.#rootObjects.get(directory);
    if (known !== undefined && evaluator !== undefined) return known;
    const module: ModuleInstance = {
      address: "",
      directory,
      root: directory,
      parent: undefined,
      call: undefined,
      key: undefined,
      downloaded: false,
      maybe: undefined,
    };
    const made = new ModuleEvaluator(this.#context, module, undefined, "", 1);
    this.#evaluators.set(directory, made);
    this.#evaluatorOf.set(module, made);
    const root = { directory, module };
    this.#rootObjects.set(directory, root);
    return root;
  }

  #listModules(root: FilePath): readonly ModuleEvaluator[] {
    this.#roots.get();
    const evaluator = this.#evaluators.get(root);
    if (evaluator === undefined) return [];
    const found: ModuleEvaluator[] = [];
    const add = (at: ModuleEvaluator): void => {
      found.push(at);
      this.#evaluatorOf.set(at.module, at);
      for (const child of at.allChildren()) add(child);
    };
    add(evaluator);
    return found;
  }

  #functionFiles(root: FilePath): FunctionFiles {
    let files = this.#files.get(root);
    if (files === undefined) {
      files = {
        workingDirectory: root,
        read: (path) => {
          const absolute = joinPath(root, path);
          if (!this.#mayRead(absolute)) return { unknown: OUTSIDE };
          const content = this.#sources.content(absolute);
          if (content === undefined) return { unknown: { kind: "loading", detail: path } };
          if (content.kind === "text") return { text: content.text };
          return content.kind === "absent"
            ? { absent: true }
            : { unknown: { kind: "unsupported", detail: "a file that is no text" } };
        },
        list: (directory, deep) => {
          const absolute = joinPath(root, directory);
          return this.#mayRead(absolute) ? this.#listFiles(absolute, deep) : { unknown: OUTSIDE };
        },
      };
      this.#files.set(root, files);
    }
    return files;
  }

  #listFiles(directory: FilePath, deep: boolean): ReturnType<FunctionFiles["list"]> {
    const files: string[] = [];
    const waiting = [""];
    for (let inside = waiting.pop(); inside !== undefined; inside = waiting.pop()) {
      if (files.length + waiting.length > MOST_LISTED) return { unknown: { kind: "budget", detail: `files in ${directory}` } };
      const content = this.#sources.listing(joinPath(directory, inside));
      if (content === undefined) return { unknown: { kind: "loading", detail: directory } };
      if (content.kind === "unreadable") return { unknown: { kind: "unsupported", detail: content.message } };
      if (content.kind === "absent") continue;
      files.push(...content.files.map((name) => inside + name));
      if (!deep) continue;
      if (content.folders === undefined) return { unknown: { kind: "unsupported", detail: `folders in ${directory}` } };
      waiting.push(...content.folders.map((name) => `${inside}${name}/`));
    }
    return { files };
  }

  #mayRead(path: FilePath): boolean {
    return this.#folders.get().some((folder) => isInside(path, folder));
  }
}

export interface SpotValues {
  readonly spot: Spot;
  /** As it is written. */
  readonly text: string;
  /** Modules in order, callers first. */
  readonly values: readonly RootedValue[];
  readonly more: number;
}

export interface RootedValue extends SpotValue {
  readonly root: FilePath;
}

/** More values of one expression than this are not compared. */
const MOST_VALUES = 50;

/** No pattern is meant to go through more files and folders. */
const MOST_LISTED = 20_000;

const NO_VARIABLES: ReadonlyMap<string, string> = new Map();
const OUTSIDE: Reason = { kind: "unsupported", detail: "a file outside of the workspace" };

function isDownloaded(file: FilePath): boolean {
  return file.includes("/.terraform/");
}
