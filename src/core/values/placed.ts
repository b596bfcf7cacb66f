import type { Value } from "./value.ts";

/**
 * The members of an object or map with the places that they have in a trace, each made when somebody looks: there may be many, and
 * a few are read. But for their places they are the same as those of `plain`.
 */
export class PlacedEntries implements ReadonlyMap<string, Value> {
  readonly plain: ReadonlyMap<string, Value>;
  /** Places that can be made in the computation under way only: who keeps the value beyond it makes them first. */
  readonly isBrief: boolean;
  readonly #place: (member: Value, name: string) => Value;
  #made: Map<string, Value> | undefined;

  constructor(plain: ReadonlyMap<string, Value>, place: (member: Value, name: string) => Value, isBrief = false) {
    this.plain = plain;
    this.#place = place;
    this.isBrief = isBrief;
  }

  get size(): number {
    return this.plain.size;
  }

  has(name: string): boolean {
    return this.plain.has(name);
  }

  get(name: string): Value | undefined {
    const known = this.#made?.get(name);
    if (known !== undefined) return known;
    const member = this.plain.get(name);
    return member === undefined ? undefined : this.#make(member, name);
  }

  #make(member: Value, name: string): Value {
    this.#made ??= new Map();
    let value = this.#made.get(name);
    if (value === undefined) {
      value = this.#place(member, name);
      this.#made.set(name, value);
    }
    return value;
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [name, member] of this.plain) yield [name, this.#make(member, name)];
  }

  keys(): MapIterator<string> {
    return this.plain.keys();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}

/** The members without the places of a trace, for whoever does not ask where they stand. */
export function plainEntries(entries: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  let plain = entries;
  while (plain instanceof PlacedEntries) plain = plain.plain;
  return plain;
}

/** Whether there are places that can be made in the computation under way only. */
export function isBrief(entries: ReadonlyMap<string, Value>): boolean {
  let inner = entries;
  while (inner instanceof PlacedEntries) {
    if (inner.isBrief) return true;
    inner = inner.plain;
  }
  return false;
}
