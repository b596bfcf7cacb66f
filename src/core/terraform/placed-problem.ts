import type { Problem, TextRange } from "../text/text.ts";
import { equalValues } from "../values/equality.ts";
import type { Value } from "../values/value.ts";
import type { Declaration } from "./model.ts";

/** A problem whose range is relative to the item that holds it: it stays equal while text above moves. */
export interface PlacedProblem {
  readonly declaration: Declaration;
  readonly range: TextRange;
  readonly severity: Problem["severity"];
  readonly code: string;
  readonly message: string;
}

/** A value with what was wrong on the way to it. */
export interface Evaluated {
  readonly value: Value;
  readonly problems: readonly PlacedProblem[];
}

export const NO_PROBLEMS: readonly PlacedProblem[] = [];

export function sameEvaluated(a: Evaluated, b: Evaluated): boolean {
  return a === b || (sameProblems(a.problems, b.problems) && equalValues(a.value, b.value));
}

export function sameProblems(a: readonly PlacedProblem[], b: readonly PlacedProblem[]): boolean {
  return a === b || (a.length === b.length && a.every((problem, index) => sameProblem(problem, b[index])));
}

function sameProblem(a: PlacedProblem, b: PlacedProblem | undefined): boolean {
  return (
    b !== undefined &&
    a.declaration === b.declaration &&
    a.range.start === b.range.start &&
    a.range.end === b.range.end &&
    a.code === b.code &&
    a.message === b.message
  );
}

/** Absolute, in the file as it is now. */
export function placeProblem(problem: PlacedProblem): Problem {
  const { declaration, range, severity, code, message } = problem;
  const { base } = declaration.item;
  return { file: declaration.file, range: { start: base + range.start, end: base + range.end }, severity, code, message };
}

/** Each instance of a block reports the same problem. */
export function onePerPlace(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  if (problems.length < 2) return problems;
  const seen = new Set<string>();
  return problems.filter(({ declaration, range, code }) => {
    const key = `${declaration.file} ${String(range.start)} ${String(range.end)} ${code}`;
    return !seen.has(key) && seen.add(key);
  });
}
