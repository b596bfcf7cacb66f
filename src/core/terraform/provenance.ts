import type { InstancePath, Provenance, ResourceInstance } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import type { Sources } from "./sources.ts";
import type { RootInputs } from "./variables.ts";

/** Where the value at a path of an instance was written. */
export function traceProvenance(
  evaluator: ModuleEvaluator,
  sources: Sources,
  inputs: () => RootInputs,
  instance: ResourceInstance,
  path: InstancePath,
): Provenance {
  void evaluator;
  void sources;
  void inputs;
  void instance;
  void path;
  return { hops: [], omitted: true, computed: false };
}
