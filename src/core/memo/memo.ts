/*
 * Pull-based memoised queries with early cut-off: an input that changes marks what depends on it; a query recomputes only when
 * something it read has really changed. Reads are tracked while a query computes. Single-threaded, no clock, no I/O.
 */

type State = typeof CLEAN | typeof CHECK | typeof DIRTY;

/* A query's state and marks are bits of one number: there are as many queries as values. */
const CLEAN = 0;
/** Something that it read may have changed. */
const CHECK = 1;
/** Something that it read has changed, or it was never computed. */
const DIRTY = 2;
const STATE = 3;
const ACTIVE = 4;
/** The value comes from a cycle: it must be looked at again even if what was read is the same, since the cycle may be gone. */
const WAS_ON_CYCLE = 8;
const COMPUTED = 16;
/** It notes nothing of what it reads (see `forOnce`). */
const ONCE = 32;

/** The innermost query that is computing; its reads are its dependencies. */
let reader: Query<unknown> | undefined;
/**
 * How many of the innermost query's former reads it has repeated so far, in the same order. A query whose reads are all repeated
 * keeps them as they are. NOT_REPEATING once it has read something else.
 */
let repeated = 0;
const NOT_REPEATING = -1;

/** Every query that is being computed or brought up to date, outermost first. */
const active: Query<unknown>[] = [];
/** For each of them: where in `active` the outermost query of its cycle stands. */
const cycleStarts: number[] = [];
/** For some of them: readers that took `onCycle` while it computed. They hold that value because of the cycle, not of its own. */
const heldBack: (Set<Query<unknown>> | undefined)[] = [];

/** Queries whose observers are still to be marked. */
const toMark: Query<unknown>[] = [];

/** How deep queries may nest before `withoutDepthLimit` takes the rest in a run of its own. */
const MOST_NESTED = 60;
let nestedFrom = Infinity;

class TooDeep extends Error {
  readonly query: Query<unknown>;

  constructor(query: Query<unknown>) {
    super("Queries are nested too deep for the stack.");
    this.query = query;
  }
}

/** Queries that are made now are asked for once (see `forOnce`). */
let once = false;

/** While something is tried out: the nodes that changed, and how everything becomes again what it was before. */
let journal: { readonly nodes: Set<Node>; readonly undo: (() => void)[] } | undefined;

/** Up to so many observers an array is smaller than a set, and as fast. */
const FEW_OBSERVERS = 8;

abstract class Node {
  /** Most nodes have one observer or none: only many of them are worth a set. */
  #observers: Query<unknown> | Query<unknown>[] | Set<Query<unknown>> | undefined;
  /** The computation that read this last, so that reading in a loop is noted once. */
  #seenBy = 0;

  protected observe(): void {
    if (reader === undefined || reader.isOnce || this.#seenBy === reader.computation) return;
    this.#seenBy = reader.computation;
    reader.noteRead(this);
  }

  /** False when it is there already. */
  addObserver(observer: Query<unknown>): boolean {
    const observers = this.#observers;
    if (observers === undefined) {
      this.#observers = observer;
      return true;
    }
    if (observers instanceof Set) {
      const before = observers.size;
      return observers.add(observer).size > before;
    }
    if (Array.isArray(observers)) {
      if (observers.includes(observer)) return false;
      // A list that grows holds room for many more.
      if (observers.length < FEW_OBSERVERS) this.#observers = [...observers, observer];
      else this.#observers = new Set([...observers, observer]);
      return true;
    }
    if (observers === observer) return false;
    this.#observers = [observers, observer];
    return true;
  }

  removeObserver(observer: Query<unknown>): void {
    const observers = this.#observers;
    if (observers === observer) this.#observers = undefined;
    else if (observers instanceof Set) observers.delete(observer);
    else if (Array.isArray(observers)) {
      const at = observers.indexOf(observer);
      if (at >= 0) observers.splice(at, 1);
    }
  }

  /** How many queries read this when they last computed. */
  get observerCount(): number {
    const observers = this.#observers;
    if (observers instanceof Set) return observers.size;
    return Array.isArray(observers) ? observers.length : Number(observers !== undefined);
  }

  protected markObservers(state: typeof CHECK | typeof DIRTY, except?: ReadonlySet<Query<unknown>>): void {
    const observers = this.#observers;
    if (observers === undefined) return;
    if (observers instanceof Query) {
      if (except?.has(observers) !== true) observers.mark(state);
      return;
    }
    for (const observer of observers) if (except?.has(observer) !== true) observer.mark(state);
  }

  /** Whether this changes for the first time since something is tried out. */
  protected isNewInTrial(): boolean {
    if (journal === undefined || journal.nodes.has(this)) return false;
    journal.nodes.add(this);
    return true;
  }

  /** Brings this up to date for a query that read it before. */
  abstract refresh(asker?: Query<unknown>): void;
}

/** A value from outside. */
export class Input<T> extends Node {
  #value: T;
  readonly #equal: (a: T, b: T) => boolean;

  constructor(value: T, equal: (a: T, b: T) => boolean = Object.is) {
    super();
    this.#value = value;
    this.#equal = equal;
  }

  get(): T {
    this.observe();
    return this.#value;
  }

  /** The value, without becoming a dependency. */
  peek(): T {
    return this.#value;
  }

  set(value: T): void {
    if (this.#equal(this.#value, value)) return;
    const before = this.#value;
    if (this.isNewInTrial()) ifUndone(() => (this.#value = before));
    this.#value = value;
    this.markObservers(DIRTY);
  }

  refresh(): void {
    // An input is always up to date.
  }
}

/** K and O: a query's key and the owner of its family (see `QueryFamily`); a query that stands alone has neither. */
export interface QueryOptions<T, K = undefined, O = undefined> {
  /** Equal results stop the spread of a change. Default: Object.is. */
  readonly equal?: (a: T, b: T) => boolean;
  /**
   * What a query that needs itself is worth. Every query on the cycle that has one gets it, so that the result does not depend on
   * which of them is asked first. Needing a query without one from within itself throws, since it is a defect.
   */
  readonly onCycle?: (key: K, owner: O) => T;
  /** This query only lends `onCycle` to those that need it while it computes; its own result stands. */
  readonly outlivesCycle?: boolean;
}

const NO_OPTIONS = {};
/** Beyond every place in `active`. */
const NO_CYCLE = 2 ** 30;
const NO_SOURCES: readonly Node[] = [];

/** What queries that differ only in their key have in common. */
export interface QueryKind<T> {
  readonly compute: (key: unknown, owner: unknown) => T;
  readonly options: QueryOptions<T, unknown, unknown>;
  readonly owner: unknown;
}

/** Computations are numbered, so that a node knows whether the one under way has read it. */
let computations = 0;

/** A derived value. */
export class Query<T> extends Node {
  /** What the last computation read, in that order. Half of all queries read one thing. */
  #sources: Node | Node[] | undefined;
  /** Number of the computation under way, or of the last. */
  computation = 0;
  readonly #kind: QueryKind<T>;
  readonly #key: unknown;
  #marks: number = DIRTY;
  /** The outermost query of its cycle. While that one is active, whoever reads this one is on the cycle as well. */
  #cycleHead: Query<unknown> | undefined;
  #value: T | undefined;

  /** With a kind, `key` is handed to its functions. */
  constructor(compute: (() => T) | QueryKind<T>, options: QueryOptions<T> = NO_OPTIONS, key?: unknown) {
    super();
    this.#kind = typeof compute === "function" ? ({ compute, options, owner: undefined } as QueryKind<T>) : compute;
    this.#key = key;
    if (once) this.#marks = DIRTY | ONCE;
  }

  get(): T {
    this.observe();
    if ((this.#marks & ACTIVE) !== 0) {
      const { options, owner } = this.#kind;
      if (options.onCycle === undefined) throw new Error("A query needs itself and has no value for that case.");
      if (reader !== undefined) this.#joinCycle(reader);
      return options.onCycle(this.#key, owner);
    }
    this.refresh();
    return this.#value as T;
  }

  /** The value of the last computation, whatever has changed since. */
  last(): T | undefined {
    return this.#value;
  }

  /** Whether an answer is at hand: nothing that it read has changed. */
  get isClean(): boolean {
    return this.#state === CLEAN;
  }

  /** Whether its value is all that anybody will ask of it: it was made for once, and no cycle has to be looked at again. */
  get isSettled(): boolean {
    return this.#marks === (ONCE | COMPUTED | CLEAN) && this.#cycleHead === undefined;
  }

  get #state(): State {
    return (this.#marks & STATE) as State;
  }

  set #state(state: State) {
    this.#marks = (this.#marks & ~STATE) | state;
  }

  /** How many inputs and queries the last computation read. */
  get sourceCount(): number {
    return sourceList(this.#sources).length;
  }

  /** It notes nothing. */
  get isOnce(): boolean {
    return (this.#marks & ONCE) !== 0;
  }

  /** While this is the innermost query that computes. */
  noteRead(source: Node): void {
    if (repeated !== NOT_REPEATING) {
      const former = sourceList(this.#sources);
      if (former[repeated] === source) {
        repeated++;
        return;
      }
      // Another query may have read it in between, so that it does not know any more that it was read.
      if (former.lastIndexOf(source, repeated - 1) >= 0 && repeated > 0) return;
      this.#keepSources(repeated);
      repeated = NOT_REPEATING;
    }
    if (source.addObserver(this as Query<unknown>)) this.#addSource(source);
  }

  #addSource(source: Node): void {
    const sources = this.#sources;
    if (sources === undefined) this.#sources = source;
    else if (Array.isArray(sources)) sources.push(source);
    else this.#sources = [sources, source];
  }

  mark(state: typeof CHECK | typeof DIRTY): void {
    const before = this.#state;
    if (before === DIRTY || before === state) return;
    this.#remember();
    this.#state = state;
    if (before !== CLEAN) return;
    // A list in place of recursion: chains may be longer than the stack.
    toMark.push(this as Query<unknown>);
    if (toMark.length > 1) return;
    for (let at = 0; at < toMark.length; at++) toMark[at]?.markObservers(CHECK);
    toMark.length = 0;
  }

  refresh(asker?: Query<unknown>): void {
    if ((this.#marks & ACTIVE) !== 0) {
      if (asker !== undefined) this.#joinCycle(asker);
      return;
    }
    if (this.#state !== CLEAN) this.#update();
    const head = this.#cycleHead === undefined ? undefined : this.#activeHead();
    if (head !== undefined) head.#markCycle();
  }

  #update(): void {
    if (active.length - nestedFrom > MOST_NESTED) throw new TooDeep(this as Query<unknown>);
    this.#remember();
    const place = active.length;
    this.#marks |= ACTIVE;
    active.push(this as Query<unknown>);
    cycleStarts[place] = NO_CYCLE;
    heldBack[place] = undefined;
    try {
      if (this.#state === CHECK) this.#refreshSources(place);
      if (this.#state !== CLEAN) this.#recompute(place);
    } finally {
      active.pop();
      this.#marks &= ~ACTIVE;
      const start = cycleStarts[place] ?? NO_CYCLE;
      this.#cycleHead = start < active.length ? active[start] : undefined;
      heldBack[place] = undefined;
    }
  }

  /** Forgets what it read, so that nothing keeps it alive. */
  dispose(): void {
    this.#remember();
    this.#forgetSources();
    this.#state = DIRTY;
  }

  #remember(): void {
    if (!this.isNewInTrial()) return;
    const sources = this.#sources;
    const value = this.#value;
    const marks = this.#marks & ~ACTIVE;
    const cycleHead = this.#cycleHead;
    // Another array afterwards is another computation's.
    const list = sourceList(sources);
    ifUndone(() => {
      if (this.#sources !== sources) {
        this.#forgetSources();
        this.#sources = sources;
        for (const source of list) source.addObserver(this as Query<unknown>);
      }
      this.#value = value;
      this.#marks = marks;
      this.#cycleHead = cycleHead;
    });
  }

  #forgetSources(): void {
    this.#keepSources(0);
  }

  /** Forgets all but the first. A list that was computed once is never changed: a trial may have to bring it back. */
  #keepSources(count: number): void {
    const sources = sourceList(this.#sources);
    if (count >= sources.length && count > 0) {
      // Room to grow.
      if (Array.isArray(this.#sources)) this.#sources = this.#sources.slice();
      return;
    }
    for (let at = count; at < sources.length; at++) sources[at]?.removeObserver(this as Query<unknown>);
    this.#sources = count === 0 ? undefined : count === 1 ? sources[0] : sources.slice(0, count);
  }

  #refreshSources(place: number): void {
    // Untracked: a source that refreshes itself must not become a dependency of whoever asked. In the order of reading: a later
    // source may have been read only because of an earlier one.
    const outer = reader;
    reader = undefined;
    try {
      for (const source of sourceList(this.#sources)) {
        source.refresh(this as Query<unknown>);
        if (this.#state === DIRTY) return;
      }
    } finally {
      reader = outer;
    }
    this.#state = cycleStarts[place] !== NO_CYCLE || (this.#marks & WAS_ON_CYCLE) !== 0 ? DIRTY : CLEAN;
  }

  #joinCycle(asker: Query<unknown>): void {
    const place = active.indexOf(this as Query<unknown>);
    const held = (heldBack[place] ??= new Set());
    held.add(asker);
    this.#markCycle();
  }

  /** A head that is done belongs to the cycle of its own head. */
  #activeHead(): Query<unknown> | undefined {
    let head = this.#cycleHead;
    for (let hops = 0; head !== undefined && (head.#marks & ACTIVE) === 0; hops++) {
      if (hops > active.length + 1000) return undefined;
      head = head.#cycleHead;
    }
    return head;
  }

  /** Everything that is active from this query inwards is on one cycle. */
  #markCycle(): void {
    const first = active.indexOf(this as Query<unknown>);
    const start = Math.min(first, cycleStarts[first] ?? NO_CYCLE);
    for (let place = first; place < active.length; place++) {
      cycleStarts[place] = Math.min(cycleStarts[place] ?? NO_CYCLE, start);
    }
  }

  #recompute(place: number): void {
    const { compute, options, owner } = this.#kind;
    this.computation = ++computations;
    const outer = reader;
    const outerRepeated = repeated;
    reader = this as Query<unknown>;
    repeated = 0;
    let value: T;
    try {
      value = compute(this.#key, owner);
      if (cycleStarts[place] !== NO_CYCLE) {
        const { onCycle, outlivesCycle } = options;
        if (onCycle !== undefined && outlivesCycle !== true) value = onCycle(this.#key, owner);
      }
    } catch (error) {
      this.#state = DIRTY;
      throw error;
    } finally {
      if (repeated === NOT_REPEATING) {
        // A pushed array holds room for many more.
        if (Array.isArray(this.#sources) && this.#sources.length < 16) this.#sources = this.#sources.slice();
      } else if (repeated < sourceList(this.#sources).length) this.#keepSources(repeated);
      reader = outer;
      repeated = outerRepeated;
      if (outer === undefined && scratches.size > 0) clearScratches();
    }
    const { equal } = options;
    const before = this.#value as T;
    const changed = (this.#marks & COMPUTED) === 0 || !(equal === undefined ? Object.is(before, value) : equal(before, value));
    this.#marks = (this.#marks & ONCE) | ACTIVE | COMPUTED | CLEAN | (cycleStarts[place] === NO_CYCLE ? 0 : WAS_ON_CYCLE);
    if (!changed) return;
    this.#value = value;
    this.markObservers(DIRTY, heldBack[place]);
  }
}

function sourceList(sources: Node | Node[] | undefined): readonly Node[] {
  if (sources === undefined) return NO_SOURCES;
  return Array.isArray(sources) ? sources : [sources];
}

/** Stands for `undefined` where nothing is there yet is told from it. */
const NO_VALUE = Symbol();

/**
 * One query a key, made when first asked for. `compute` and the options are handed the key and `owner`: families of one kind share
 * their functions, and differ in whose they are. Of a query that is made for once only the value is kept.
 */
export class QueryFamily<K, T, O = undefined> implements QueryKind<T> {
  readonly compute: (key: unknown, owner: unknown) => T;
  readonly options: QueryOptions<T, unknown, unknown>;
  readonly owner: unknown;
  readonly #entries = new Map<K, Query<T> | T | typeof NO_VALUE>();

  constructor(
    compute: (key: K, owner: O) => T,
    options: QueryOptions<T, K, O> = NO_OPTIONS,
    ...[owner]: undefined extends O ? [owner?: O] : [owner: O]
  ) {
    this.compute = compute as (key: unknown, owner: unknown) => T;
    this.options = options as QueryOptions<T, unknown, unknown>;
    this.owner = owner;
  }

  get(key: K): T {
    const known = this.#entries.get(key);
    if (known instanceof Query) return known.get();
    if (known !== undefined) return known === NO_VALUE ? (undefined as T) : known;
    const query = new Query<T>(this, undefined, key);
    this.#entries.set(key, query);
    const value = query.get();
    if (query.isSettled) this.#entries.set(key, value === undefined ? NO_VALUE : value);
    return value;
  }

  /** Whether it was asked for before. */
  has(key: K): boolean {
    return this.#entries.has(key);
  }

  /** The value that was computed last, whatever has changed since. */
  last(key: K): T | undefined {
    const known = this.#entries.get(key);
    if (known instanceof Query) return known.last();
    return known === NO_VALUE ? undefined : known;
  }

  /** Whether the answer for a key is at hand: it was asked for before, and nothing that it read has changed. */
  isClean(key: K): boolean {
    const known = this.#entries.get(key);
    return known instanceof Query ? known.isClean : known !== undefined;
  }

  /** Drops the query of a key: asked again, it is made again. */
  forget(key: K): void {
    const known = this.#entries.get(key);
    if (known instanceof Query) known.dispose();
    this.#entries.delete(key);
  }

  /** Its queries forget what they read, so that nothing keeps them alive. */
  dispose(): void {
    for (const entry of this.#entries.values()) if (entry instanceof Query) entry.dispose();
  }

  /** Drops the queries that nothing observes and whose key `isUsed` refuses. */
  sweep(isUsed: (key: K) => boolean): void {
    for (const [key, query] of this.#entries) {
      if ((query instanceof Query && query.observerCount > 0) || isUsed(key)) continue;
      this.forget(key);
    }
  }

  get size(): number {
    return this.#entries.size;
  }
}

/**
 * Runs `read`, however long the chains of queries are that it sets off: what would nest too deep for the stack is computed first,
 * on its own, and `read` starts again with that done. So `read` and the queries below it must not mind being cut off and repeated.
 */
export function withoutDepthLimit<T>(read: () => T): T {
  const outer = nestedFrom;
  if (outer !== Infinity) return read();
  const pending: Query<unknown>[] = [];
  nestedFrom = active.length;
  try {
    for (;;) {
      const query = pending.at(-1);
      try {
        if (query === undefined) return read();
        untracked(() => query.get());
        pending.pop();
      } catch (error) {
        if (!(error instanceof TooDeep)) throw error;
        if (pending.includes(error.query)) {
          // A cycle that is longer than the limit: only the stack can tell it from a chain.
          nestedFrom = Infinity;
        } else {
          pending.push(error.query);
        }
      }
    }
  } finally {
    nestedFrom = outer;
  }
}

/**
 * Runs `body`, which may set inputs and read queries. Afterwards inputs and queries are what they were before, nothing is computed
 * again because of it, and what was changed outside of the memo is undone as far as `ifUndone` was told how.
 */
export function tentatively<T>(body: () => T): T {
  if (reader !== undefined) throw new Error("A query reads: it can't try something out.");
  const outer = journal;
  const undo: (() => void)[] = [];
  journal = { nodes: new Set(), undo };
  try {
    return body();
  } finally {
    journal = outer;
    for (const step of undo.reverse()) step();
  }
}

/**
 * Queries that are made while `body` runs don't note what they read: they take less time and memory, and nothing that lasts keeps
 * them alive. They don't learn of a change either: whoever makes them lets go of them before anything that they read changes.
 */
export function forOnce<T>(body: () => T): T {
  return making(true, body);
}

/** Makes queries that follow changes even while others are made for once. */
export function lasting<T>(make: () => T): T {
  return making(false, make);
}

function making<T>(forOneUse: boolean, body: () => T): T {
  const outer = once;
  once = forOneUse;
  try {
    return body();
  } finally {
    once = outer;
  }
}

/** How to take back a change outside of the memo, should something only be tried out. */
export function ifUndone(undo: () => void): void {
  journal?.undo.push(undo);
}

/**
 * What is found out in one computation of a query, and stays right while it lasts: nothing that a query reads changes meanwhile. It is
 * gone with the next computation, and when the outermost ends.
 */
export class Scratch<T> {
  readonly #make: () => T;
  #computation = 0;
  #value: T | undefined;

  constructor(make: () => T) {
    this.#make = make;
  }

  /** undefined outside of all queries. */
  get(): T | undefined {
    if (reader === undefined) return undefined;
    if (this.#computation !== reader.computation || this.#value === undefined) {
      this.#computation = reader.computation;
      this.#value = this.#make();
      scratches.add(this);
    }
    return this.#value;
  }

  clear(): void {
    this.#value = undefined;
  }
}

/** Those that hold something. */
const scratches = new Set<Scratch<unknown>>();

function clearScratches(): void {
  for (const scratch of scratches) scratch.clear();
  scratches.clear();
}

/** Runs `read` without making what it reads a dependency of the query that is computing. */
export function untracked<T>(read: () => T): T {
  const outer = reader;
  reader = undefined;
  try {
    return read();
  } finally {
    reader = outer;
  }
}
