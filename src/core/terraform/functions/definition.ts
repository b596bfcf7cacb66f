import type { Value } from "../../values/value.ts";
import type { Type } from "../../values/value.ts";
import type { Evaluate, EvaluationScope } from "../scope.ts";

/** What a function refuses; the message follows "the call fails: ". */
export interface Failure {
  readonly failure: string;
}

export function fail(failure: string): Failure {
  return { failure };
}

export interface Parameter {
  readonly type: Type;
  readonly null?: true;
  /** Kinds of types that may stand here, where `type` leaves it open. What is not typed yet may always. */
  readonly kinds?: readonly Type["kind"][];
}

/** A function of Terraform's language. */
export interface FunctionDefinition {
  readonly parameters: readonly Parameter[];
  /** Takes any number more of these. */
  readonly variadic?: Parameter;
  /** Trailing parameters that may be left out. */
  readonly optional?: number;
  /** Type of the result, for unknown arguments. */
  readonly result: Type | ((values: readonly Value[]) => Type);
  /**
   * Arguments as they are, marks and unknowns included. Without it an unknown argument gives an unknown result before `run`, and
   * marks anywhere inside the arguments go to the result.
   */
  readonly raw?: true;
  /** Marks inside the arguments stay on the elements that have them; only those of the arguments go to the result. */
  readonly inner?: true;
  /** An unknown result may turn out to be null. */
  readonly maybeNull?: true;
  /** Unknown arguments come to `run` too, for it makes something of what is known; marks are taken care of all the same. */
  readonly holes?: true;
  /** What the types of the arguments are refused for, known or not. */
  readonly check?: (values: readonly Value[]) => Failure | undefined;
  readonly run: (values: readonly Value[], scope: EvaluationScope, evaluate: Evaluate) => Value | Failure;
}

export type FunctionTable = Readonly<Record<string, FunctionDefinition>>;
