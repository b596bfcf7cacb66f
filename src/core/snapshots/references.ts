import type { Step } from "../values/value.ts";

/** A reference as a plan lists it: `module.logs["a"].bucket_id`, `aws_s3_bucket.b[0].id`, `var.x`, `each.value`. */
export interface Reference {
  readonly steps: readonly Step[];
}

const step = /\.?([^.[\]\s"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

export function parseReference(text: string): Reference | undefined {
  const steps: Step[] = [];
  step.lastIndex = 0;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (match === null) return undefined;
    const [, name, index, key] = match;
    steps.push(name ?? (index !== undefined ? Number(index) : (key ?? "").replaceAll(/\\(.)/g, "$1")));
  }
  return steps.length === 0 ? undefined : { steps };
}

/** A plan lists `a.b.c`, `a.b` for one reference: the longest of each. undefined: one of them can't be read. */
export function longestReferences(texts: readonly string[]): readonly Reference[] | undefined {
  const all: Reference[] = [];
  for (const text of new Set(texts)) {
    const reference = parseReference(text);
    if (reference === undefined) return undefined;
    all.push(reference);
  }
  return all.filter((one) => !all.some((other) => other !== one && isPrefix(one.steps, other.steps)));
}

function isPrefix(short: readonly Step[], long: readonly Step[]): boolean {
  return short.length < long.length && short.every((each, index) => each === long[index]);
}
