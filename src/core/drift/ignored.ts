import type { Expression } from "../hcl/syntax.ts";
import type { ResourceInstance } from "../terraform/model.ts";
import type { Path, Step } from "../values/value.ts";

/** Paths that the block's `lifecycle` leaves to others: `ignore_changes`; "all": every one. */
export function ignoredChanges({ declaration }: ResourceInstance): readonly Path[] | "all" {
  const { node } = declaration.item;
  if (node.kind !== "block") return [];
  const paths: Path[] = [];
  for (const lifecycle of node.body.items) {
    if (lifecycle.kind !== "block" || lifecycle.type.name !== "lifecycle") continue;
    for (const argument of lifecycle.body.items) {
      if (argument.kind !== "attribute" || argument.name.name !== "ignore_changes") continue;
      const { value } = argument;
      if (nameOf(value) === "all") return "all";
      if (value.kind !== "tuple") continue;
      for (const element of value.elements) {
        const path = pathOf(element);
        if (path !== undefined) paths.push(path);
      }
    }
  }
  return paths;
}

/** Whether `ignore_changes` covers a path: it names the path, something that holds it, or something in it. */
export function isIgnored(path: Path, ignored: readonly Path[] | "all"): boolean {
  if (ignored === "all") return true;
  // A single block is `[0]` in one form and nothing in the other.
  const steps = path.filter((step) => step !== 0);
  return ignored.some((each) => {
    const other = each.filter((step) => step !== 0);
    const shared = Math.min(steps.length, other.length);
    return other.slice(0, shared).every((step, index) => step === steps[index]);
  });
}

/** Written as a traversal, or in JSON and in old configurations as a text. */
function pathOf(expression: Expression): Path | undefined {
  switch (expression.kind) {
    case "variable":
      return [expression.name];
    case "getAttribute": {
      const inner = pathOf(expression.object);
      return inner === undefined ? undefined : [...inner, expression.name.name];
    }
    case "index": {
      const inner = pathOf(expression.object);
      const key = keyOf(expression.key);
      return inner === undefined || key === undefined ? undefined : [...inner, key];
    }
    case "template": {
      const [part, more] = expression.parts;
      return part?.kind === "text" && more === undefined ? part.value.split(/\.|\[|\]/).filter((step) => step !== "") : undefined;
    }
    default:
      return undefined;
  }
}

function keyOf(expression: Expression): Step | undefined {
  if (expression.kind === "template") {
    const [part] = expression.parts;
    return part?.kind === "text" ? part.value : undefined;
  }
  if (expression.kind === "literal" && typeof expression.value === "object" && expression.value !== null)
    return Number(expression.value.number);
  return undefined;
}

function nameOf(expression: Expression): string | undefined {
  if (expression.kind === "variable") return expression.name;
  const path = expression.kind === "template" ? pathOf(expression) : undefined;
  return path?.length === 1 ? String(path[0]) : undefined;
}
