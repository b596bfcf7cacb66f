import type { ObjectValue, Value } from "./value.ts";

/** Every name that an object of a schema has. */
export interface Members {
  /** Sorted. */
  readonly names: readonly string[];
  readonly has: ReadonlySet<string>;
}

/** What the members of an object are that nobody wrote. */
export interface Unwritten {
  /** Shared by all objects of a schema. */
  readonly members: Members;
  /** Why a member is what it is: where rule and members are the same, members differ in their addresses at most. */
  readonly rule: string;
  /** Equal keys and the same members: what is not written is equal too. */
  key(): string;
  make(name: string): Value;
}

/**
 * The members of an object of which most are absent and follow from its schema: only what is written is stored, the rest is made
 * when somebody looks. A resource type has up to some hundred attributes of which a block writes five.
 */
export class SparseEntries implements ReadonlyMap<string, Value> {
  readonly written: ReadonlyMap<string, Value>;
  readonly unwritten: Unwritten;

  constructor(written: ReadonlyMap<string, Value>, unwritten: Unwritten) {
    this.written = written;
    this.unwritten = unwritten;
  }

  get size(): number {
    return this.unwritten.members.names.length;
  }

  has(name: string): boolean {
    return this.unwritten.members.has.has(name);
  }

  get(name: string): Value | undefined {
    return this.written.get(name) ?? (this.has(name) ? this.unwritten.make(name) : undefined);
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  *entries(): MapIterator<[string, Value]> {
    const { written, unwritten } = this;
    for (const name of unwritten.members.names) yield [name, written.get(name) ?? unwritten.make(name)];
  }

  keys(): MapIterator<string> {
    return this.unwritten.members.has.values();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}

/** The object with some members replaced or added; stays sparse. */
export function withMembers(value: ObjectValue, members: Iterable<readonly [string, Value]>): ObjectValue {
  const { entries } = value;
  const changed = [...members];
  if (!(entries instanceof SparseEntries) || changed.some(([name]) => !entries.has(name))) {
    return { ...value, entries: new Map([...entries, ...changed]) };
  }
  return { ...value, entries: new SparseEntries(new Map([...entries.written, ...changed]), entries.unwritten) };
}

/** Whether what is not written is the same in both, so that only what is written is left to compare. */
export function sameUnwritten(a: SparseEntries, b: SparseEntries): boolean {
  return a.unwritten === b.unwritten || (a.unwritten.members === b.unwritten.members && a.unwritten.key() === b.unwritten.key());
}

/** The members that are written, where that is known; else all of them. */
export function writtenMembers(value: ObjectValue): ReadonlyMap<string, Value> {
  return value.entries instanceof SparseEntries ? value.entries.written : value.entries;
}
