import type { Result } from "../checks/model.ts";
import type { Instance, InstanceType } from "../instances/model.ts";
import type { Declaration, ModuleInstance, ResourceInstance } from "../terraform/model.ts";
import { object } from "../values/make.ts";
import type { ObjectValue, Path, Value } from "../values/value.ts";
import { isOfOne } from "./group.ts";
import type { PlacedResult } from "./model.ts";

/**
 * Placed results without the values that decided them: what grouping, ignore comments, baselines and reports ask of a result, and
 * nothing that keeps the evaluation of its root alive. One for each root.
 */
export class Settler {
  readonly #needsPasses: (block: ResourceInstance) => boolean;
  readonly #instances = new Map<Instance, SettledInstance>();
  readonly #modules = new Map<ModuleInstance, ModuleInstance>();

  /** Results that pass or do not apply are left out where a block has one instance in its root, and `needsPasses` says no. */
  constructor(needsPasses: (block: ResourceInstance) => boolean) {
    this.#needsPasses = needsPasses;
  }

  settle(placed: readonly PlacedResult[]): readonly PlacedResult[] {
    const settled: PlacedResult[] = [];
    const block = placed[0]?.result.instance.resource;
    const isAll = block === undefined || !isOfOne(placed) || this.#needsPasses(block);
    for (const { root, result, suppression, location, related } of placed) {
      const { kind } = result.outcome;
      if (!isAll && (kind === "pass" || kind === "notApplicable")) continue;
      settled.push({ root, result: this.#result(result), suppression, location, related });
    }
    return settled;
  }

  module(module: ModuleInstance): ModuleInstance {
    let settled = this.#modules.get(module);
    if (settled === undefined) {
      const { parent, call } = module;
      settled = {
        ...module,
        parent: parent === undefined ? undefined : this.module(parent),
        call: call === undefined ? undefined : settledDeclaration(call),
      };
      this.#modules.set(module, settled);
    }
    return settled;
  }

  #result(result: Result): Result {
    return new SettledResult(result, this.#instance(result.instance));
  }

  #instance(instance: Instance): Instance {
    let settled = this.#instances.get(instance);
    if (settled === undefined) {
      const { resource } = instance;
      settled = new SettledInstance(instance, resource === undefined ? undefined : this.#resource(resource));
      this.#instances.set(instance, settled);
    }
    return settled;
  }

  #resource(resource: ResourceInstance): ResourceInstance {
    return { ...resource, module: this.module(resource.module), provider: undefined, values: NO_VALUES };
  }
}

const NO_VALUES: ObjectValue = object([]);

/** A call's declaration is looked up in the module that holds it. */
function settledDeclaration({ file, item }: Declaration): Declaration {
  return { file, item };
}

/** What decided is gone: an empty list would say that nothing did. */
class SettledResult implements Result {
  readonly check: Result["check"];
  readonly instance: Instance;
  readonly outcome: Result["outcome"];
  readonly evidence: readonly Path[];
  readonly message: string;

  constructor({ check, outcome, evidence, message }: Result, instance: Instance) {
    this.check = check;
    this.instance = instance;
    this.outcome = outcome;
    this.evidence = evidence;
    this.message = message;
  }

  get witnesses(): never {
    throw new Error(`${this.check.id} was assessed once: what decided on ${this.instance.address} is gone.`);
  }
}

/** Whose result it is. Nothing can be evaluated on it any more: who tries has the wrong kind of check. */
class SettledInstance implements Instance {
  readonly definition: InstanceType;
  readonly address: string;
  readonly maybe: Instance["maybe"];
  readonly resource: ResourceInstance | undefined;
  readonly orphan: boolean;

  constructor({ definition, address, maybe, orphan }: Instance, resource: ResourceInstance | undefined) {
    this.definition = definition;
    this.address = address;
    this.maybe = maybe;
    this.resource = resource;
    this.orphan = orphan;
  }

  get type(): string {
    return this.definition.name;
  }

  get provider(): never {
    return this.#gone();
  }

  get values(): never {
    return this.#gone();
  }

  select(_name: string): Value {
    return this.#gone();
  }

  trace(_name: string): Value {
    return this.#gone();
  }

  locate(_path: Path): { readonly instance: Instance; readonly path: Path } {
    return this.#gone();
  }

  #gone(): never {
    throw new Error(`${this.address} was assessed once: its values are gone.`);
  }
}
