import { unitType } from "../instances/instances.ts";
import { Query, QueryFamily } from "../memo/memo.ts";
import type { ModuleInstance, ResourceInstance, Unit } from "../terraform/model.ts";
import type { SourceFile } from "../hcl/syntax.ts";
import { directoryOf } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import type { KnownFailures } from "./baseline.ts";
import { countResults, type Counts } from "./coverage.ts";
import { groupFindings, siblingKey } from "./group.ts";
import type { Finding, PlacedResult } from "./model.ts";
import { readMoves, type Move, type PlacedMove } from "./moves.ts";
import type { Directives } from "./suppress.ts";
import { readDirectives, type Directive } from "./suppress.ts";

/** What a summary reads. Every read is a tracked query. */
export interface SummarySource {
  units(root: FilePath): readonly Unit[];
  modules(root: FilePath): readonly ModuleInstance[];
  instances(unit: Unit): readonly ResourceInstance[];
  files(): readonly FilePath[];
  source(file: FilePath): SourceFile | undefined;
  roots(): readonly FilePath[];
  placedOfUnit(unit: Unit): readonly PlacedResult[];
  placedOfNoUnit(root: FilePath): readonly PlacedResult[];
  lookedAt(): ReadonlySet<string>;
  /** Excluded by plumbline.yaml. */
  isExcluded(file: FilePath): boolean;
  /** Makes the look-up of ignore comments. */
  directives(all: readonly (readonly Directive[])[]): Directives;
  /** What baselines know. */
  known(): readonly KnownFailures[];
}

interface RootSummary {
  readonly results: readonly PlacedResult[];
  readonly fails: readonly PlacedResult[];
  readonly counts: Counts;
  readonly used: ReadonlySet<Directive>;
}

export interface FolderSummary {
  readonly results: readonly PlacedResult[];
  readonly findings: readonly Finding[];
  readonly counts: readonly Counts[];
  readonly directives: Directives;
  readonly used: ReadonlySet<Directive>;
}

/**
 * Sums up a folder's results root by root, each a memo query: after an edit only the roots that it reaches are counted and grouped
 * again. Findings in modules that several roots call are grouped over all of them.
 */
export class Summary {
  readonly #source: SummarySource;
  readonly #folder: FilePath;
  readonly #read = new WeakMap<SourceFile, readonly Directive[]>();
  readonly #comments: Query<readonly (readonly Directive[])[]>;
  readonly #directives: Query<Directives>;
  readonly #movesRead = new WeakMap<SourceFile, readonly Move[]>();
  readonly #moves: Query<ReadonlyMap<FilePath, readonly Move[]>>;
  readonly #ofRoot: QueryFamily<FilePath, RootSummary>;
  readonly #shared: Query<ReadonlySet<FilePath>>;
  readonly #findingsOf: QueryFamily<FilePath, readonly Finding[]>;
  readonly #sharedFindings: Query<readonly Finding[]>;

  constructor(source: SummarySource, folder: FilePath) {
    this.#source = source;
    this.#folder = folder;
    this.#comments = new Query(() => this.#readComments(), { equal: sameItems });
    this.#directives = new Query(() => source.directives(this.#comments.get()));
    this.#moves = new Query(() => this.#readMoves(), { equal: sameMoves });
    this.#ofRoot = new QueryFamily((root) => this.#sumUp(root));
    this.#shared = new Query(() => this.#findShared(), { equal: sameSet });
    this.#findingsOf = new QueryFamily((root) => this.#group([root], (item) => !this.#isShared(item)));
    this.#sharedFindings = new Query(() =>
      this.#shared.get().size === 0 ? [] : this.#group(source.roots(), (item) => this.#isShared(item)),
    );
  }

  get(): FolderSummary {
    const roots = this.#source.roots();
    const summaries = roots.map((root) => this.#ofRoot.get(root));
    const findings = roots.map((root) => this.#findingsOf.get(root));
    return {
      results: joined(summaries.map(({ results }) => results)),
      findings: inOrder([...findings, this.#sharedFindings.get()].filter((list) => list.length > 0)),
      counts: summaries.map(({ counts }) => counts),
      directives: this.#directives.get(),
      used: new Set(summaries.flatMap(({ used }) => [...used])),
    };
  }

  /** Nothing that a root's results depend on has changed since they were summed up. */
  isSettled(root: FilePath): boolean {
    return this.#ofRoot.isClean(root);
  }

  sweep(isRoot: (root: FilePath) => boolean): void {
    this.#findingsOf.sweep(isRoot);
    this.#ofRoot.sweep(isRoot);
  }

  #readComments(): readonly (readonly Directive[])[] {
    const all: (readonly Directive[])[] = [];
    for (const file of this.#source.files()) {
      const source = this.#source.source(file);
      if (source === undefined || this.#source.isExcluded(file)) continue;
      let directives = this.#read.get(source);
      if (directives === undefined) {
        directives = readDirectives(source);
        this.#read.set(source, directives);
      }
      if (directives.length > 0) all.push(directives);
    }
    return all;
  }

  /** The `moved` blocks by directory. */
  #readMoves(): ReadonlyMap<FilePath, readonly Move[]> {
    const all = new Map<FilePath, readonly Move[]>();
    for (const file of this.#source.files()) {
      const source = this.#source.source(file);
      if (source === undefined) continue;
      let moves = this.#movesRead.get(source);
      if (moves === undefined) {
        moves = readMoves(source);
        this.#movesRead.set(source, moves);
      }
      const directory = directoryOf(file);
      if (moves.length > 0) all.set(directory, [...(all.get(directory) ?? []), ...moves]);
    }
    return all;
  }

  #movesOf(root: FilePath): readonly PlacedMove[] {
    const moves = this.#moves.get();
    if (moves.size === 0) return [];
    return this.#source
      .modules(root)
      .flatMap((module) => (moves.get(module.directory) ?? []).map((move) => ({ ...move, module: module.address })));
  }

  #sumUp(root: FilePath): RootSummary {
    const results: PlacedResult[] = [];
    const counts = { resources: 0, assessed: 0, unsupported: new Map<string, number>() };
    const lookedAt = this.#source.lookedAt();
    const directives = this.#directives.get();
    const used = new Set<Directive>();
    const known = this.#source.known();
    const moves = known.length === 0 ? [] : this.#movesOf(root);
    const add = (placed: readonly PlacedResult[]): void => {
      for (const item of placed) {
        if (this.#isHidden(item)) continue;
        results.push(known.reduce((result, baseline) => baseline.excuse(result, moves), directives.excuse(item, used)));
      }
    };
    for (const unit of this.#source.units(root)) {
      if (unit.mode === "managed" || unit.mode === "data") {
        const instances = this.#source.instances(unit).length;
        const type = unitType(unit);
        counts.resources += instances;
        if (lookedAt.has(type)) counts.assessed += instances;
        else if (instances > 0) counts.unsupported.set(type, (counts.unsupported.get(type) ?? 0) + instances);
      }
      add(this.#source.placedOfUnit(unit));
    }
    add(this.#source.placedOfNoUnit(root));
    const fails = results.filter(({ result, suppression }) => result.outcome.kind === "fail" && suppression === undefined);
    return { results, fails, counts: { ...counts, ...countResults(results) }, used };
  }

  #isHidden({ result, location }: PlacedResult): boolean {
    const file = result.instance.resource?.declaration.file;
    return (
      (file !== undefined && this.#source.isExcluded(file)) || (location !== undefined && this.#source.isExcluded(location.file))
    );
  }

  /** Directories that several roots have as modules. */
  #findShared(): ReadonlySet<FilePath> {
    const seen = new Set<FilePath>();
    const shared = new Set<FilePath>();
    for (const root of this.#source.roots()) {
      for (const directory of new Set(this.#source.modules(root).map((module) => module.directory))) {
        if (seen.has(directory)) shared.add(directory);
        seen.add(directory);
      }
    }
    return shared;
  }

  #isShared({ result, location }: PlacedResult): boolean {
    const shared = this.#shared.get();
    if (shared.size === 0) return false;
    const module = result.instance.resource?.module;
    return (
      (module !== undefined && shared.has(module.directory)) || (location !== undefined && shared.has(directoryOf(location.file)))
    );
  }

  #group(roots: readonly FilePath[], isWanted: (item: PlacedResult) => boolean): readonly Finding[] {
    const summaries = roots.map((root) => this.#ofRoot.get(root));
    const fails = summaries.flatMap((summary) => summary.fails).filter(isWanted);
    if (fails.length === 0) return [];
    const checks = new Set(fails.map(({ result }) => result.check));
    const siblings = new Map<string, PlacedResult[]>(fails.map((fail) => [siblingKey(fail), []]));
    for (const { results } of summaries) {
      for (const item of results) if (checks.has(item.result.check)) siblings.get(siblingKey(item))?.push(item);
    }
    return groupFindings(fails, (fail) => siblings.get(siblingKey(fail)) ?? [], this.#folder).sort(byPlace);
  }
}

const riskOrder = { high: 0, medium: 1, low: 2 } as const;

export function byPlace(a: Finding, b: Finding): number {
  return (
    (a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0) ||
    a.location.range.start - b.location.range.start ||
    riskOrder[a.check.risk] - riskOrder[b.check.risk] ||
    (a.check.id < b.check.id ? -1 : a.check.id > b.check.id ? 1 : 0)
  );
}

/** `concat` copies whole arrays: `flat` and `flatMap` go element by element. */
function joined<T>(lists: readonly (readonly T[])[]): T[] {
  return ([] as T[]).concat(...lists);
}

/** Lists that are each in order, as one. Roots lie one behind the other as a rule, so that nothing is left to sort. */
function inOrder(lists: readonly (readonly Finding[])[]): readonly Finding[] {
  const all = joined(lists);
  const follows = lists.every((list, index) => {
    const last = lists[index - 1]?.at(-1);
    const [first] = list;
    return last === undefined || first === undefined || byPlace(last, first) <= 0;
  });
  return follows ? all : all.sort(byPlace);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function sameMoves(a: ReadonlyMap<FilePath, readonly Move[]>, b: ReadonlyMap<FilePath, readonly Move[]>): boolean {
  const same = (x: Move, y: Move | undefined): boolean => x.from === y?.from && x.to === y.to;
  return (
    a.size === b.size &&
    [...a].every(([directory, moves]) => {
      const others = b.get(directory);
      return others?.length === moves.length && moves.every((move, index) => same(move, others[index]));
    })
  );
}

function sameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}
