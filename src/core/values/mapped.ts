import type { Value } from "./value.ts";

/** The members of an object or map as somebody wants them, made when somebody looks: there may be many, and a few are read. */
export class MappedEntries implements ReadonlyMap<string, Value> {
  readonly #of: ReadonlyMap<string, Value>;
  readonly #map: (member: Value, name: string) => Value;
  #made: Map<string, Value> | undefined;

  constructor(of: ReadonlyMap<string, Value>, map: (member: Value, name: string) => Value) {
    this.#of = of;
    this.#map = map;
  }

  get size(): number {
    return this.#of.size;
  }

  has(name: string): boolean {
    return this.#of.has(name);
  }

  get(name: string): Value | undefined {
    const known = this.#made?.get(name);
    if (known !== undefined) return known;
    const member = this.#of.get(name);
    return member === undefined ? undefined : this.#make(member, name);
  }

  #make(member: Value, name: string): Value {
    this.#made ??= new Map();
    let value = this.#made.get(name);
    if (value === undefined) {
      value = this.#map(member, name);
      this.#made.set(name, value);
    }
    return value;
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [name, member] of this.#of) yield [name, this.#make(member, name)];
  }

  keys(): MapIterator<string> {
    return this.#of.keys();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
