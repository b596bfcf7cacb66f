import type { ObjectValue, Value } from "./value.ts";

/**
 * The members of an object of which most are absent and follow from its schema: only what is written is stored, the rest is made
 * when somebody looks. A resource type has up to some hundred attributes of which a block writes five.
 */
export class SparseEntries implements ReadonlyMap<string, Value> {
  readonly written: ReadonlyMap<string, Value>;
  /** Every member, sorted; shared by all objects of a schema. */
  readonly names: readonly string[];
  readonly members: ReadonlySet<string>;
  readonly absent: (name: string) => Value;
  /** Equal keys and equal `names`: absent members are equal too. */
  readonly absentKey: string;

  constructor(of: {
    readonly written: ReadonlyMap<string, Value>;
    readonly names: readonly string[];
    readonly members: ReadonlySet<string>;
    readonly absent: (name: string) => Value;
    readonly absentKey: string;
  }) {
    this.written = of.written;
    this.names = of.names;
    this.members = of.members;
    this.absent = of.absent;
    this.absentKey = of.absentKey;
  }

  get size(): number {
    return this.names.length;
  }

  has(name: string): boolean {
    return this.members.has(name);
  }

  get(name: string): Value | undefined {
    return this.written.get(name) ?? (this.members.has(name) ? this.absent(name) : undefined);
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const name of this.names) yield [name, this.written.get(name) ?? this.absent(name)];
  }

  keys(): MapIterator<string> {
    return this.members.values();
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
  return { ...value, entries: new SparseEntries({ ...entries, written: new Map([...entries.written, ...changed]) }) };
}

/** The members that are written, where that is known; else all of them. */
export function writtenMembers(value: ObjectValue): ReadonlyMap<string, Value> {
  return value.entries instanceof SparseEntries ? value.entries.written : value.entries;
}
