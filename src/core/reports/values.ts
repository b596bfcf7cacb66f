import { numberText } from "../values/text.ts";
import type { Value } from "../values/value.ts";
import { maskNamed } from "./mask.ts";

/**
 * A value as plain data for people and programs: "(sensitive)" and "(unknown)" stand for what can't be shown, nulls are left out of
 * objects, and what looks like a secret is masked.
 */
export function shownValue(value: Value, name = ""): unknown {
  if (value.sensitive === true || value.ephemeral === true) return "(sensitive)";
  switch (value.kind) {
    case "null":
      return null;
    case "unknown":
      return "(unknown)";
    case "bool":
      return value.value;
    case "number":
      return typeof value.value === "number" ? value.value : numberText(value.value);
    case "string":
      return maskNamed(name, value.value);
    case "list":
    case "set":
    case "tuple": {
      const items = value.items.map((item) => shownValue(item, name));
      return value.rest === undefined ? items : [...items, "(unknown: maybe more)"];
    }
    case "map":
    case "object": {
      const entries: [string, unknown][] = [];
      for (const [key, item] of value.entries) if (item.kind !== "null") entries.push([key, shownValue(item, key)]);
      return Object.fromEntries(entries);
    }
    case "instance":
      return value.target.address === "" ? elementData(value) : value.target.address;
  }
}

/** An element of a view that may not exist. */
function elementData(value: Extract<Value, { kind: "instance" }>): unknown {
  return value.maybe === undefined ? value.target.type : "(unknown: may not exist)";
}
