import { PlacedEntries } from "../values/placed.ts";
import type { Path, Value } from "../values/value.ts";

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
      return { ...value, path, entries: new PlacedEntries(value.entries, (member, name) => stamp(member, [...path, name])) };
    default:
      return { ...value, path };
  }
}
