/*
 * Pull-based memoised queries with early cut-off: an input that changes marks what depends on it; a query recomputes only when
 * something it read has really changed. Reads are tracked while a query computes. Single-threaded, no clock, no I/O.
 */

type State = "clean" | "check" | "dirty";

/** The innermost query that is computing; its reads are its dependencies. */
let reader: Query<unknown> | undefined;

abstract class Node {
  readonly observers = new Set<Query<unknown>>();

  protected observe(): void {
    if (reader === undefined) return;
    reader.sources.add(this);
    this.observers.add(reader);
  }

  abstract refresh(): void;
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

  set(value: T): void {
    if (this.#equal(this.#value, value)) return;
    this.#value = value;
    for (const observer of this.observers) observer.mark("dirty");
  }

  refresh(): void {
    // An input is always up to date.
  }
}

export interface QueryOptions<T> {
  /** Equal results stop the spread of a change. Default: Object.is. */
  readonly equal?: (a: T, b: T) => boolean;
  /** The value for a query that needs itself. Without it a cycle throws, since it is a defect. */
  readonly onCycle?: () => T;
}

/** A derived value. */
export class Query<T> extends Node {
  readonly sources = new Set<Node>();
  readonly #compute: () => T;
  readonly #equal: (a: T, b: T) => boolean;
  readonly #onCycle: (() => T) | undefined;
  #state: State = "dirty";
  #computing = false;
  #value: T | undefined;
  #computed = false;

  constructor(compute: () => T, options: QueryOptions<T> = {}) {
    super();
    this.#compute = compute;
    this.#equal = options.equal ?? Object.is;
    this.#onCycle = options.onCycle;
  }

  get(): T {
    this.observe();
    if (this.#computing) {
      if (this.#onCycle === undefined) throw new Error("A query needs itself and has no value for that case.");
      return this.#onCycle();
    }
    this.refresh();
    return this.#value as T;
  }

  mark(state: "check" | "dirty"): void {
    const before = this.#state;
    if (before === "dirty" || before === state) return;
    this.#state = state;
    if (before === "clean") for (const observer of this.observers) observer.mark("check");
  }

  refresh(): void {
    if (this.#state === "clean" || this.#computing) return;
    if (this.#state === "check") {
      // Untracked: a source that refreshes itself must not become a dependency of whoever asked.
      const outer = reader;
      reader = undefined;
      this.#computing = true;
      try {
        for (const source of this.sources) {
          source.refresh();
          if ((this.#state as State) === "dirty") break;
        }
      } finally {
        this.#computing = false;
        reader = outer;
      }
      if ((this.#state as State) === "check") {
        this.#state = "clean";
        return;
      }
    }
    this.#recompute();
  }

  /** Forgets what it read, so that nothing keeps it alive. */
  dispose(): void {
    for (const source of this.sources) source.observers.delete(this as Query<unknown>);
    this.sources.clear();
    this.#state = "dirty";
  }

  #recompute(): void {
    for (const source of this.sources) source.observers.delete(this as Query<unknown>);
    this.sources.clear();
    const outer = reader;
    reader = this as Query<unknown>;
    this.#computing = true;
    let value: T;
    try {
      value = this.#compute();
    } catch (error) {
      this.#state = "dirty";
      throw error;
    } finally {
      this.#computing = false;
      reader = outer;
    }
    const changed = !this.#computed || !this.#equal(this.#value as T, value);
    this.#computed = true;
    this.#state = "clean";
    if (!changed) return;
    this.#value = value;
    for (const observer of this.observers) observer.mark("dirty");
  }
}

/** One query a key, made when first asked for. */
export class QueryFamily<K, T> {
  readonly #queries = new Map<K, Query<T>>();
  readonly #compute: (key: K) => T;
  readonly #options: (key: K) => QueryOptions<T>;

  constructor(compute: (key: K) => T, options: QueryOptions<T> | ((key: K) => QueryOptions<T>) = {}) {
    this.#compute = compute;
    this.#options = typeof options === "function" ? options : () => options;
  }

  get(key: K): T {
    let query = this.#queries.get(key);
    if (query === undefined) {
      query = new Query(() => this.#compute(key), this.#options(key));
      this.#queries.set(key, query);
    }
    return query.get();
  }

  /** Drops the queries that nothing observes and whose key `isUsed` refuses. */
  sweep(isUsed: (key: K) => boolean): void {
    for (const [key, query] of this.#queries) {
      if (query.observers.size > 0 || isUsed(key)) continue;
      query.dispose();
      this.#queries.delete(key);
    }
  }

  get size(): number {
    return this.#queries.size;
  }
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
