import type { Path, Value } from "../values/value.ts";

/** The members of an object or map with their paths, made when somebody looks: a block has many, and a check reads a few. */
class StampedEntries implements ReadonlyMap<string, Value> {
  readonly #of: ReadonlyMap<string, Value>;
  readonly #path: Path;

  constructor(of: ReadonlyMap<string, Value>, path: Path) {
    this.#of = of;
    this.#path = path;
  }

  get size(): number {
    return this.#of.size;
  }

  has(name: string): boolean {
    return this.#of.has(name);
  }

  get(name: string): Value | undefined {
    const member = this.#of.get(name);
    return member === undefined ? undefined : stamp(member, [...this.#path, name]);
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [name, member] of this.#of) yield [name, stamp(member, [...this.#path, name])];
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

/** Gives a value and everything in it the paths below `path`. What has a path already keeps it. */
export function stamp(value: Value, path: Path): Value {
  if (value.path !== undefined) return value;
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return { ...value, path, items: value.items.map((item, index) => stamp(item, [...path, index])) };
    case "map":
    case "object":
      return { ...value, path, entries: new StampedEntries(value.entries, path) };
    default:
      return { ...value, path };
  }
}
