import type { Frame } from "./node.ts";

/** What is left of the work that an evaluation may do: one step an element that a quantifier visits. */
export interface Steps {
  left: number;
}

/** Thrown where the steps end; whoever granted them says what that means. */
export class OutOfSteps extends Error {
  constructor() {
    super("The expression goes through too many elements.");
  }
}

/** Quantifiers are the only loops of the language, so counting there bounds everything. */
export function spend({ scope: { steps } }: Frame, elements: number): void {
  if (steps === undefined) return;
  steps.left -= elements;
  if (steps.left < 0) throw new OutOfSteps();
}
