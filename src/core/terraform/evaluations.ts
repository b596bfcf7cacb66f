import { equalValues } from "../values/equality.ts";
import type { ObjectValue, Reason } from "../values/value.ts";
import { type Expansion, sameExpansion, SINGLE } from "./expansion.ts";
import type { InstanceKey, ModuleInstance, ResourceInstance } from "./model.ts";
import { type CallTarget, sameTarget } from "./module-calls.ts";
import { NO_PROBLEMS, type PlacedProblem, sameProblems } from "./placed-problem.ts";
import type { BlockSchema } from "./schema.ts";
import { sameReasons } from "./unknowns.ts";

/*
 * What the queries of a module instance hold, and when two results are the same: the early cut-off of everything above.
 */

export interface ResourceEvaluation {
  readonly instances: readonly ResourceInstance[];
  readonly expansion: Expansion;
  readonly problems: readonly PlacedProblem[];
}

export interface CallEvaluation {
  readonly target: CallTarget;
  readonly expansion: Expansion;
  readonly problems: readonly PlacedProblem[];
}

export interface ExpansionEvaluation {
  readonly expansion: Expansion;
  readonly problems: readonly PlacedProblem[];
}

/** What others see of a resource. */
export interface ResourceValues {
  readonly instances: ReadonlyMap<InstanceKey, ObjectValue>;
  readonly schema: BlockSchema | undefined;
}

export const NOTHING: ResourceEvaluation = { instances: [], expansion: SINGLE, problems: NO_PROBLEMS };
export const NO_VALUES: ResourceValues = { instances: new Map(), schema: undefined };
export const CYCLE: Reason = { kind: "invalid", detail: "depends on itself" };

export function sameExpansionEvaluation(a: ExpansionEvaluation, b: ExpansionEvaluation): boolean {
  return sameExpansion(a.expansion, b.expansion) && sameProblems(a.problems, b.problems);
}

export function sameCall(a: CallEvaluation, b: CallEvaluation): boolean {
  return sameTarget(a.target, b.target) && sameExpansionEvaluation(a, b);
}

export function sameModule(a: ModuleInstance, b: ModuleInstance): boolean {
  return (
    a.address === b.address &&
    a.directory === b.directory &&
    a.parent === b.parent &&
    a.call === b.call &&
    a.downloaded === b.downloaded &&
    sameReasons(a.maybe, b.maybe)
  );
}

export function sameInstance(a: ResourceInstance, b: ResourceInstance): boolean {
  return (
    a.address === b.address &&
    a.declaration === b.declaration &&
    a.provider?.key === b.provider?.key &&
    (a.provider === b.provider ||
      (a.provider !== undefined && b.provider !== undefined && equalValues(a.provider.region, b.provider.region))) &&
    sameReasons(a.maybe, b.maybe) &&
    equalValues(a.values, b.values)
  );
}

export function sameResource(a: ResourceEvaluation, b: ResourceEvaluation): boolean {
  return (
    a.instances.length === b.instances.length &&
    a.instances.every((instance, at) => instance === b.instances[at]) &&
    sameExpansion(a.expansion, b.expansion) &&
    sameProblems(a.problems, b.problems)
  );
}

export function sameResourceValues(a: ResourceValues, b: ResourceValues): boolean {
  if (a.schema !== b.schema || a.instances.size !== b.instances.size) return false;
  for (const [key, value] of a.instances) {
    const other = b.instances.get(key);
    if (other === undefined || (value !== other && !equalValues(value, other))) return false;
  }
  return true;
}
