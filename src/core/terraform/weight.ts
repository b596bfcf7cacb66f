import type { Value } from "../values/value.ts";

/** A list that holds another one twice is small in memory and twice as much work for whoever walks it: known ones are added up. */
const weights = new WeakMap<Value, number>();

/** Letters that weigh as much as one element. */
const LETTERS = 32;

/** How much work it is to walk a value, every element counted as often as it can be reached. */
export function weightOf(value: Value): number {
  switch (value.kind) {
    case "string":
      return 1 + value.value.length / LETTERS;
    case "list":
    case "set":
    case "tuple":
      return weighed(value, value.items);
    case "map":
    case "object":
      return weighed(value, value.entries.values());
    default:
      return 1;
  }
}

function weighed(value: Value, members: Iterable<Value>): number {
  let weight = weights.get(value);
  if (weight === undefined) {
    weight = 1;
    for (const member of members) weight += weightOf(member);
    weights.set(value, weight);
  }
  return weight;
}
