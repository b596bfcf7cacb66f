import type { Path, Step, Value } from "./value.ts";

const word = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** `ingress[2].cidr_blocks[0]`, `tags["a.b"]`, `policy#statements[1]`. */
export function formatPath(path: Path): string {
  let text = "";
  let entered = false;
  for (const step of path) {
    if (step === "#") {
      text += "#";
      entered = true;
      continue;
    }
    if (typeof step === "number") text += `[${step}]`;
    else if (word.test(step)) text += text === "" || entered ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
    entered = false;
  }
  return text;
}

/** Reads what `formatPath` writes; undefined for anything else. */
export function parsePath(text: string): Path | undefined {
  const steps: Step[] = [];
  const pattern = /\.?([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|(#)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, name, index, key, document] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (document !== undefined) steps.push("#");
    else if (key !== undefined) {
      try {
        steps.push(JSON.parse(key) as string);
      } catch {
        return undefined;
      }
    }
  }
  return steps;
}

/** The value a path leads to through lists, maps and objects; undefined where it leads nowhere. Does not enter documents. */
export function valueAt(value: Value, path: Path): Value | undefined {
  let at: Value | undefined = value;
  for (const step of path) {
    if (at === undefined) return undefined;
    switch (at.kind) {
      case "object":
      case "map":
        at = typeof step === "string" ? at.entries.get(step) : undefined;
        break;
      case "list":
      case "set":
      case "tuple":
        at = typeof step === "number" ? at.items[step] : undefined;
        break;
      case "null":
      case "unknown":
        // Nothing below is known better than this.
        return at;
      default:
        return undefined;
    }
  }
  return at;
}
