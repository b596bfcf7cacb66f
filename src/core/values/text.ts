import type { Value } from "./value.ts";

/** Numbers as Terraform prints them: digits in full, no exponent. */
export function numberText(value: Extract<Value, { kind: "number" }>["value"]): string {
  if (typeof value !== "number") return value.toFixed();
  return Object.is(value, -0) ? "-0" : String(value);
}

/** For people: "(sensitive)", "(unknown)", "not set"; lists are cut at three elements. */
export function displayValue(value: Value): string {
  if (value.sensitive === true || value.ephemeral === true) return "(sensitive)";
  switch (value.kind) {
    case "null":
      return "not set";
    case "unknown":
      return "(unknown)";
    case "bool":
      return String(value.value);
    case "number":
      return numberText(value.value);
    case "string":
      return value.value;
    case "list":
    case "set":
    case "tuple": {
      const shown = value.items.slice(0, 3).map(displayValue);
      const more = value.items.length > 3 || value.rest !== undefined;
      if (shown.length === 0) return more ? "(unknown)" : "nothing";
      return more ? `${shown.join(", ")}, …` : shown.join(", ");
    }
    case "map":
    case "object": {
      const entries = [...value.entries].filter(([, item]) => item.kind !== "null");
      const shown = entries.slice(0, 3).map(([key, item]) => `${key} = ${displayValue(item)}`);
      return `{ ${shown.join(", ")}${entries.length > 3 ? ", …" : ""} }`;
    }
    case "instance":
      return value.target.address;
  }
}
