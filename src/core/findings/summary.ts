import { unitType } from "../instances/instances.ts";
import { sameItems, sameSet } from "../memo/equal.ts";
import { lasting, Query, QueryFamily } from "../memo/memo.ts";
import type { ModuleInstance, ResourceInstance, Unit } from "../terraform/model.ts";
import type { SourceFile } from "../hcl/syntax.ts";
import { unreadNames } from "../terraform/unread-names.ts";
import { directoryOf } from "../text/path.ts";
import type { FilePath } from "../text/text.ts";
import type { KnownFailures } from "./baseline.ts";
import { addCounts, countResults, type Counts } from "./coverage.ts";
import { groupFindings, isOfOne, isSibling, siblingsKey, type SiblingsKey } from "./group.ts";
import type { Finding, PlacedResult } from "./model.ts";
import { readMoves, type Move, type PlacedMove } from "./moves.ts";
import type { PlaceWords } from "./place-words.ts";
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
  /** Makes the look-up of ignore comments; `of` has those of a file. */
  directives(of: (file: FilePath) => readonly Directive[]): Directives;
  /** What baselines know. */
  known(): readonly KnownFailures[];
  /**
   * For who sums up once: what is kept of a block's results when they are counted. Fails are, and everything of a block of which there
   * are several, since a finding says in how many of them it holds. Default: all of it.
   */
  readonly keep?: (results: readonly PlacedResult[]) => readonly PlacedResult[];
  readonly words: PlaceWords;
}

/** Some units of a root, or what belongs to none of its units: summed up again only when one of them changes. */
interface Slice {
  readonly root: FilePath;
  /** undefined: what belongs to no unit. */
  readonly index: number | undefined;
}

/** How many units are summed up together: few enough to pass by most of a root, many enough to have few slices. */
const sliceLength = 24;

interface SliceSummary {
  /** Results block by block: what did not change is the same list. */
  readonly groups: readonly (readonly PlacedResult[])[];
  readonly fails: readonly PlacedResult[];
  readonly counts: Counts;
  readonly used: ReadonlySet<Directive>;
}

interface RootSummary {
  readonly slices: readonly SliceSummary[];
  readonly counts: Counts;
  readonly used: ReadonlySet<Directive>;
}

export interface FolderSummary {
  /** Listed when somebody asks: most don't. */
  readonly results: () => readonly PlacedResult[];
  readonly findings: readonly Finding[];
  readonly counts: readonly Counts[];
  readonly directives: Directives;
  /** All ignore comments, file by file. */
  readonly comments: readonly (readonly Directive[])[];
  readonly used: ReadonlySet<Directive>;
}

/** The results of one block after looking at what excuses them. */
interface Excused {
  readonly directives: Directives;
  /** The ignore comments that were looked at, by file. */
  readonly comments: ReadonlyMap<FilePath, readonly Directive[]>;
  readonly known: readonly KnownFailures[];
  readonly results: readonly PlacedResult[];
  readonly used: ReadonlySet<Directive>;
}

/** The findings of a root that show in one file: grouped again only when one of its fails changes. */
interface FileOfRoot {
  readonly root: FilePath;
  readonly file: FilePath;
}

/** Fails to group, and all results of the blocks that they are of. */
interface Group {
  readonly fails: readonly PlacedResult[];
  readonly siblings: ReadonlyMap<SiblingsKey, readonly (readonly PlacedResult[])[]>;
}

const NONE_USED: ReadonlySet<Directive> = new Set();
const NONE_CONSULTED: Excused["comments"] = new Map();
const NO_DIRECTIVES: readonly Directive[] = [];
const NO_GROUP: Group = { fails: [], siblings: new Map() };

/**
 * Sums up a folder's results root by root, each a memo query: after an edit only the roots that it reaches are counted and grouped
 * again. Findings in modules that several roots call are grouped over all of them.
 */
export class Summary {
  readonly #source: SummarySource;
  readonly #folder: FilePath;
  readonly #directivesIn: QueryFamily<FilePath, readonly Directive[]>;
  readonly #comments: Query<readonly (readonly Directive[])[]>;
  readonly #directives: Query<Directives>;
  readonly #movesRead = new WeakMap<SourceFile, readonly Move[]>();
  readonly #moves: Query<ReadonlyMap<FilePath, readonly Move[]>>;
  readonly #slices: QueryFamily<FilePath, readonly Slice[]>;
  readonly #unitsOf: QueryFamily<Slice, readonly Unit[]>;
  readonly #ofSlice: QueryFamily<Slice, SliceSummary>;
  readonly #slicesByRoot = new Map<FilePath, Slice[]>();
  readonly #ofRoot: QueryFamily<FilePath, RootSummary>;
  readonly #shared: Query<ReadonlySet<FilePath>>;
  readonly #excused = new WeakMap<readonly PlacedResult[], Excused>();
  /** Ignore comments that were looked at for a block, until they are kept with its results. */
  #consulted: Map<FilePath, readonly Directive[]> | undefined;
  readonly #filesOf = new Map<FilePath, Map<FilePath, FileOfRoot>>();
  readonly #groupsByFile: QueryFamily<FilePath, ReadonlyMap<FilePath, Group>>;
  readonly #groupOf: QueryFamily<FileOfRoot, Group>;
  readonly #findingsIn: QueryFamily<FileOfRoot, readonly Finding[]>;
  readonly #findingsOf: QueryFamily<FilePath, readonly Finding[]>;
  readonly #uniqueOf: QueryFamily<FilePath, readonly Finding[]>;
  readonly #sharedFindings: Query<readonly Finding[]>;

  constructor(source: SummarySource, folder: FilePath) {
    this.#source = source;
    this.#folder = folder;
    this.#comments = new Query(() => this.#readComments(), { equal: sameItems });
    this.#directivesIn = new QueryFamily((file) => this.#readDirectives(file));
    this.#directives = new Query(() =>
      source.directives((file) => {
        const directives = this.#commentsIn(file);
        (this.#consulted ??= new Map<FilePath, readonly Directive[]>()).set(file, directives);
        return directives;
      }),
    );
    this.#moves = new Query(() => this.#readMoves(), { equal: sameMoves });
    this.#slices = new QueryFamily((root) => this.#slice(root), { equal: sameItems });
    this.#unitsOf = new QueryFamily(({ root, index = 0 }) => unitsAt(source.units(root), index), { equal: sameItems });
    this.#ofSlice = new QueryFamily((slice) => this.#sumUpSlice(slice), { equal: sameSlice });
    this.#ofRoot = new QueryFamily((root) => this.#sumUp(root));
    this.#shared = new Query(() => this.#findShared(), { equal: sameSet });
    this.#groupsByFile = new QueryFamily((root) => this.#splitByFile(root));
    this.#groupOf = new QueryFamily(({ root, file }) => this.#groupsByFile.get(root).get(file) ?? NO_GROUP, { equal: sameGroup });
    this.#findingsIn = new QueryFamily((key) => this.#findingsOfGroup(this.#groupOf.get(key)));
    this.#findingsOf = new QueryFamily((root): readonly Finding[] => {
      const files = [...this.#groupsByFile.get(root).keys()].sort();
      return joined(files.map((file) => this.#findingsIn.get(this.#fileOf(root, file))));
    });
    this.#uniqueOf = new QueryFamily((root): readonly Finding[] => withUniqueIds(this.#findingsOf.get(root)));
    this.#sharedFindings = new Query(() => {
      if (this.#shared.get().size === 0) return [];
      const summaries = source.roots().map((root) => this.#ofRoot.get(root));
      const slices = summaries.flatMap((summary) => summary.slices);
      const fails = joined(slices.map((slice) => slice.fails)).filter((item) => this.#isShared(item));
      const groups = joined(slices.map((slice) => slice.groups));
      return this.#findingsOfGroup({ fails, siblings: siblingsOf(fails, groups) });
    });
  }

  get(): FolderSummary {
    const roots = this.#source.roots();
    const summaries = roots.map((root) => this.#ofRoot.get(root));
    const shared = this.#sharedFindings.get();
    // An id holds its root: only a finding in shared modules can have the id of a root's own.
    const findings =
      shared.length === 0
        ? inOrder(roots.map((root) => this.#uniqueOf.get(root)))
        : withUniqueIds(inOrder([...roots.map((root) => this.#findingsOf.get(root)), shared]));
    return {
      results: () => joined(summaries.flatMap(({ slices }) => slices.map(({ groups }) => joined(groups)))),
      findings,
      counts: summaries.map(({ counts }) => counts),
      directives: this.#directives.get(),
      comments: this.#comments.get(),
      used: union(summaries.map(({ used }) => used)),
    };
  }

  /**
   * Sums up one root for who sums it up once: of its blocks nothing is kept, since they keep its values alive. Its findings are grouped
   * when all roots are summed up: they may lie in modules that others call too.
   */
  sumUpOnce(root: FilePath): void {
    this.#ofRoot.get(root);
    for (const slice of this.#slices.get(root)) this.#unitsOf.forget(slice);
  }

  /** Brings one root up to date, a step at a time. What an edit does not reach is passed by. */
  *prepare(root: FilePath): Generator<void> {
    for (const slice of this.#slices.get(root)) {
      if (this.#ofSlice.isClean(slice)) continue;
      if (slice.index === undefined) this.#source.placedOfNoUnit(root);
      else {
        for (const unit of this.#unitsOf.get(slice)) {
          this.#source.placedOfUnit(unit);
          yield;
        }
      }
      this.#ofSlice.get(slice);
      yield;
    }
    this.#ofRoot.get(root);
    yield;
    for (const file of this.#groupsByFile.get(root).keys()) {
      this.#findingsIn.get(this.#fileOf(root, file));
      yield;
    }
    this.#uniqueOf.get(root);
    yield;
  }

  /** Nothing that a root's results depend on has changed since they were summed up. */
  isSettled(root: FilePath): boolean {
    return this.#ofRoot.isClean(root);
  }

  sweep(isRoot: (root: FilePath) => boolean): void {
    this.#uniqueOf.sweep(isRoot);
    this.#findingsOf.sweep(isRoot);
    for (const root of this.#filesOf.keys()) if (!isRoot(root)) this.#filesOf.delete(root);
    for (const root of this.#slicesByRoot.keys()) if (!isRoot(root)) this.#slicesByRoot.delete(root);
    const isUsed = ({ root, file }: FileOfRoot): boolean => isRoot(root) && this.#groupsByFile.get(root).has(file);
    this.#findingsIn.sweep(isUsed);
    this.#groupOf.sweep(isUsed);
    this.#groupsByFile.sweep(isRoot);
    this.#ofRoot.sweep(isRoot);
    const isSlice = (slice: Slice): boolean => isRoot(slice.root) && this.#slices.get(slice.root).includes(slice);
    this.#ofSlice.sweep(isSlice);
    this.#unitsOf.sweep(isSlice);
    this.#slices.sweep(isRoot);
    const files = new Set(this.#source.files());
    this.#directivesIn.sweep((file) => files.has(file));
  }

  /** Also while roots are assessed for once: files come later that are looked at already. */
  #commentsIn(file: FilePath): readonly Directive[] {
    return lasting(() => this.#directivesIn.get(file));
  }

  #readDirectives(file: FilePath): readonly Directive[] {
    const source = this.#source.source(file);
    if (source === undefined || this.#source.isExcluded(file)) return NO_DIRECTIVES;
    const directives = readDirectives(source);
    return directives.length === 0 ? NO_DIRECTIVES : directives;
  }

  #readComments(): readonly (readonly Directive[])[] {
    return this.#source
      .files()
      .map((file) => this.#commentsIn(file))
      .filter((directives) => directives.length > 0);
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

  /** The same slices as before, as far as there are units. */
  #slice(root: FilePath): readonly Slice[] {
    let slices = this.#slicesByRoot.get(root);
    if (slices === undefined) this.#slicesByRoot.set(root, (slices = [{ root, index: undefined }]));
    const count = Math.ceil(this.#source.units(root).length / sliceLength);
    while (slices.length <= count) slices.push({ root, index: slices.length - 1 });
    // What belongs to no unit comes last.
    return [...slices.slice(1, count + 1), ...slices.slice(0, 1)];
  }

  #sumUpSlice(slice: Slice): SliceSummary {
    const { root } = slice;
    const groups: (readonly PlacedResult[])[] = [];
    const counts = { resources: 0, assessed: 0, unsupported: new Map<string, number>(), unreadNames: new Map<string, number>() };
    const lookedAt = this.#source.lookedAt();
    const directives = this.#directives.get();
    const used = new Set<Directive>();
    const known = this.#source.known();
    const moves = known.length === 0 ? [] : this.#movesOf(root);
    const add = (placed: readonly PlacedResult[]): void => {
      if (placed.length === 0) return;
      const excused = this.#excuse(placed, directives, known, moves);
      groups.push(excused.results);
      for (const directive of excused.used) used.add(directive);
    };
    for (const unit of slice.index === undefined ? [] : this.#unitsOf.get(slice)) {
      if (unit.mode === "managed" || unit.mode === "data") {
        const all = this.#source.instances(unit);
        const [first] = all;
        const instances = all.length;
        const type = unitType(unit);
        counts.resources += instances;
        if (lookedAt.has(type)) {
          counts.assessed += instances;
          for (const name of first === undefined ? [] : unreadNames(first)) {
            const path = `${type}.${name}`;
            counts.unreadNames.set(path, (counts.unreadNames.get(path) ?? 0) + 1);
          }
        } else if (instances > 0) counts.unsupported.set(type, (counts.unsupported.get(type) ?? 0) + instances);
      }
      add(this.#source.placedOfUnit(unit));
    }
    if (slice.index === undefined) add(this.#source.placedOfNoUnit(root));
    const counted = { ...counts, ...countResults(groups) };
    const { keep } = this.#source;
    const kept = keep === undefined ? groups : groups.map(keep);
    const fails: PlacedResult[] = [];
    for (const group of kept) {
      for (const item of group) if (item.result.outcome.kind === "fail" && item.suppression === undefined) fails.push(item);
    }
    return { groups: kept, fails, counts: counted, used };
  }

  #sumUp(root: FilePath): RootSummary {
    const slices = this.#slices.get(root).map((slice) => this.#ofSlice.get(slice));
    return { slices, counts: addCounts(slices.map(({ counts }) => counts)), used: union(slices.map(({ used }) => used)) };
  }

  /** What a block's results are depends on ignore comments, and on moves where there is a baseline. */
  #excuse(
    placed: readonly PlacedResult[],
    directives: Directives,
    known: readonly KnownFailures[],
    moves: readonly PlacedMove[],
  ): Excused {
    const before = this.#excused.get(placed);
    if (before !== undefined && before.directives === directives && before.known === known && moves.length === 0) {
      let isSame = true;
      for (const [file, comments] of before.comments) if (this.#commentsIn(file) !== comments) isSame = false;
      if (isSame) return before;
    }
    const used = new Set<Directive>();
    let results: PlacedResult[] | undefined;
    for (let at = 0; at < placed.length; at++) {
      const item = placed[at] as PlacedResult;
      const hidden = this.#isHidden(item);
      const result =
        hidden || item.result.outcome.kind !== "fail"
          ? item
          : known.reduce((excused, baseline) => baseline.excuse(excused, moves), directives.excuse(item, used));
      if (hidden || result !== item) results ??= placed.slice(0, at);
      if (!hidden) results?.push(result);
    }
    const excused: Excused = {
      directives,
      comments: this.#takeConsulted(),
      known,
      results: results ?? placed,
      used: used.size === 0 ? NONE_USED : used,
    };
    // Nobody asks again for what is kept of it.
    if (this.#source.keep === undefined) this.#excused.set(placed, excused);
    return excused;
  }

  #takeConsulted(): Excused["comments"] {
    const consulted = this.#consulted ?? NONE_CONSULTED;
    this.#consulted = undefined;
    return consulted;
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

  #fileOf(root: FilePath, file: FilePath): FileOfRoot {
    let files = this.#filesOf.get(root);
    if (files === undefined) {
      files = new Map();
      this.#filesOf.set(root, files);
    }
    let key = files.get(file);
    if (key === undefined) {
      key = { root, file };
      files.set(file, key);
    }
    return key;
  }

  /** A root's fails by the file that they show in, those in shared modules left out. */
  #splitByFile(root: FilePath): ReadonlyMap<FilePath, Group> {
    const { slices } = this.#ofRoot.get(root);
    const fails = joined(slices.map((slice) => slice.fails));
    const groups = joined(slices.map((slice) => slice.groups));
    const failsByFile = new Map<FilePath, PlacedResult[]>();
    for (const fail of fails) {
      const file = fail.location?.file;
      if (file === undefined || this.#isShared(fail)) continue;
      const list = failsByFile.get(file);
      if (list === undefined) failsByFile.set(file, [fail]);
      else list.push(fail);
    }
    const siblings = siblingsOf(fails, groups);
    return new Map(
      [...failsByFile].map(([file, here]) => {
        const keys = new Set(here.map(siblingsKey));
        return [file, { fails: here, siblings: new Map([...keys].map((key) => [key, siblings.get(key) ?? []])) }];
      }),
    );
  }

  #findingsOfGroup({ fails, siblings }: Group): readonly Finding[] {
    const ofCheck = (fail: PlacedResult): readonly PlacedResult[] => {
      const lists = siblings.get(siblingsKey(fail)) ?? [];
      // Most blocks have one instance.
      const [only] = lists;
      if (lists.length === 1 && only !== undefined && isOfOne(only)) return [fail];
      return lists.flatMap((list) => list.filter((item) => isSibling(fail, item)));
    };
    return groupFindings(fails, ofCheck, this.#folder, this.#source.words).sort(byPlace);
  }
}

/** All results that may be siblings of fails, by key. */
function siblingsOf(fails: readonly PlacedResult[], groups: readonly (readonly PlacedResult[])[]): Group["siblings"] {
  const siblings = new Map<SiblingsKey, (readonly PlacedResult[])[]>();
  for (const fail of fails) {
    const key = siblingsKey(fail);
    if (!siblings.has(key)) siblings.set(key, []);
  }
  for (const group of groups) {
    // A block's results share its declaration; what no block stands for is of several types.
    const [first] = group;
    const isOfBlock = first?.result.instance.resource !== undefined;
    for (const key of new Set((isOfBlock ? [first] : group).map(siblingsKey))) siblings.get(key)?.push(group);
  }
  return siblings;
}

function unitsAt(units: readonly Unit[], index: number): readonly Unit[] {
  return units.slice(index * sliceLength, (index + 1) * sliceLength);
}

function union(sets: readonly ReadonlySet<Directive>[]): ReadonlySet<Directive> {
  const filled = sets.filter((set) => set.size > 0);
  return filled.length === 0 ? NONE_USED : new Set(filled.flatMap((set) => [...set]));
}

function sameSlice(a: SliceSummary, b: SliceSummary): boolean {
  return sameItems(a.groups, b.groups) && sameSet(a.used, b.used) && sameCounts(a.counts, b.counts);
}

/** Counts of the same results. */
function sameCounts(a: Counts, b: Counts): boolean {
  return (
    a.resources === b.resources &&
    a.assessed === b.assessed &&
    sameNumbers(a.unsupported, b.unsupported) &&
    sameNumbers(a.unreadNames, b.unreadNames)
  );
}

function sameNumbers(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([name, number]) => b.get(name) === number);
}

function sameGroup(a: Group, b: Group): boolean {
  return (
    sameItems(a.fails, b.fails) &&
    a.siblings.size === b.siblings.size &&
    [...a.siblings].every(([key, lists]) => {
      const others = b.siblings.get(key);
      return others !== undefined && sameItems(lists, others);
    })
  );
}

/** One value may be wrong in several ways: their fingerprints are equal. */
export function withUniqueIds(findings: readonly Finding[]): readonly Finding[] {
  const ids = new Set<string>();
  return findings.map((finding) => {
    let { id } = finding;
    for (let copy = 2; ids.has(id); copy++) id = `${finding.id}-${copy}`;
    ids.add(id);
    return id === finding.id ? finding : { ...finding, id };
  });
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
function inOrder(of: readonly (readonly Finding[])[]): readonly Finding[] {
  const lists = of.filter((list) => list.length > 0);
  const all = joined(lists);
  const follows = lists.every((list, index) => {
    const last = lists[index - 1]?.at(-1);
    const [first] = list;
    return last === undefined || first === undefined || byPlace(last, first) <= 0;
  });
  return follows ? all : all.sort(byPlace);
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
