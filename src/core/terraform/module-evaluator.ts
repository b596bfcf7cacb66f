import type { Attribute, Block, Expression } from "../hcl/syntax.ts";
import { sameItems } from "../memo/equal.ts";
import { Query, QueryFamily, type QueryOptions, untracked } from "../memo/memo.ts";
import type { FilePath } from "../text/text.ts";
import { equalValues } from "../values/equality.ts";
import { DYNAMIC, NULL, unknown } from "../values/make.ts";
import { withMembers, writtenMembers } from "../values/sparse.ts";
import type { ObjectValue, Value } from "../values/value.ts";
import { evaluateCall, evaluateExpansion } from "./call-evaluation.ts";
import { blockOf, CallDeclaration, declarationOf, placed, plainRange } from "./declarations.ts";
import { evaluate } from "./evaluate.ts";
import {
  type CallEvaluation,
  CYCLE,
  type ExpansionEvaluation,
  NO_VALUES,
  NOTHING,
  type ResourceEvaluation,
  type ResourceValues,
  sameCall,
  sameExpansionEvaluation,
  sameInstance,
  sameModule,
  sameResource,
  sameResourceValues,
} from "./evaluations.ts";
import { type Expansion, keysOf, maybeOf, NO_REPETITION, type Repetition, repetitionOf, SINGLE } from "./expansion.ts";
import type { Declaration, InstanceKey, ModuleInstance, ProviderConfiguration, ResourceInstance, Unit } from "./model.ts";
import { rootEntry, type Self } from "./module-scope.ts";
import { sameTagDefaults, type TagDefaults, tagDefaultsOf, TAGS } from "./default-tags.ts";
import { type Evaluated, NO_PROBLEMS, type PlacedProblem, sameEvaluated, sameProblems } from "./placed-problem.ts";
import { followProvider, type ProviderScope } from "./provider-configurations.ts";
import { type Iterations, NO_ITERATIONS } from "./resource-body.ts";
import type { Schemas } from "./schema.ts";
import { type Budget, type EvaluationScope, type FunctionFiles, newBudget } from "./scope.ts";
import type { Declared, Sources } from "./sources.ts";
import { evaluateSymbol } from "./symbol-evaluation.ts";
import { validateVariable } from "./variable-validation.ts";
import { attributeNamed } from "./symbols.ts";
import { evaluateUnit, readProvider } from "./unit-evaluation.ts";
import type { RootInputs } from "./variable-files.ts";

/** What all modules of a project share. */
export interface ProjectContext {
  readonly sources: Sources;
  readonly schemas: Schemas;
  readonly limits: { readonly maximumSteps: number; readonly maximumElements: number };
  inputs(): RootInputs;
  /** `TF_AWS_DEFAULT_TAGS_name`: name to text. */
  defaultTags(): ReadonlyMap<string, string>;
  /** `terraform.workspace` of a root. */
  workspace(root: FilePath): Value;
  /** Files that functions read, relative paths counting from a root. */
  files(root: FilePath): FunctionFiles;
}

/** One module instance: a memo query a symbol, each evaluated when something asks for it. */
export class ModuleEvaluator implements ProviderScope {
  readonly module: ModuleInstance;
  readonly parent: ModuleEvaluator | undefined;
  readonly context: ProjectContext;
  /** Name of the call in the parent; `""` for a root. */
  readonly callName: string;
  readonly depth: number;
  /** How many instances of this module the calls on the way make: limits multiply. */
  readonly multiplicity: number;
  readonly #symbols: QueryFamily<string, Evaluated, ModuleEvaluator>;
  readonly #resources: QueryFamily<string, ResourceEvaluation, ModuleEvaluator>;
  readonly #values: QueryFamily<string, ResourceValues, ModuleEvaluator>;
  readonly #expansions: QueryFamily<string, ExpansionEvaluation, ModuleEvaluator>;
  readonly #calls: QueryFamily<string, CallEvaluation, ModuleEvaluator>;
  readonly #children: QueryFamily<string, readonly ModuleEvaluator[], ModuleEvaluator>;
  readonly #providers: QueryFamily<string, ProviderConfiguration, ModuleEvaluator>;
  readonly #tagDefaults: QueryFamily<string, TagDefaults, ModuleEvaluator>;
  readonly #childCache = new Map<string, Map<InstanceKey, ModuleEvaluator>>();
  readonly #callDeclarations = new Map<string, Declaration>();
  readonly #units: Query<readonly Unit[]>;
  readonly #problems: Query<readonly PlacedProblem[]>;
  readonly #unitCache = new Map<string, Unit>();

  constructor(
    context: ProjectContext,
    module: ModuleInstance,
    parent: ModuleEvaluator | undefined,
    callName: string,
    multiplicity: number,
  ) {
    this.multiplicity = multiplicity;
    this.context = context;
    this.module = module;
    this.parent = parent;
    this.callName = callName;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.#symbols = new QueryFamily(evaluateSymbolOf, SYMBOL, this);
    this.#resources = new QueryFamily(ModuleEvaluator.#evaluateResource, RESOURCE, this);
    this.#values = new QueryFamily(valuesOf, VALUES, this);
    this.#expansions = new QueryFamily(evaluateExpansionOf, EXPANSION, this);
    this.#calls = new QueryFamily(evaluateCallOf, CALL, this);
    this.#children = new QueryFamily(ModuleEvaluator.#makeChildren, CHILDREN, this);
    this.#providers = new QueryFamily(ModuleEvaluator.#providerOf, PROVIDER, this);
    this.#tagDefaults = new QueryFamily(tagDefaultsOfProvider, TAG_DEFAULTS, this);
    this.#problems = new Query(() => this.#listProblems(), { equal: sameProblems });
    this.#units = new Query(() => this.#listUnits(), { equal: sameItems });
  }

  get address(): string {
    return this.module.address;
  }

  /** The expansion of a resource or module call. */
  expansion(symbol: string): Expansion {
    return this.expansionOf(symbol).expansion;
  }

  units(): readonly Unit[] {
    return this.#units.get();
  }

  declared(symbol: string): Declared | undefined {
    return this.context.sources.declared(this.module.directory, symbol);
  }

  /** Instances of a unit. */
  resource(symbol: string): ResourceEvaluation {
    return this.#resources.get(symbol);
  }

  /** Value and problems of `var.x`, `local.x` or `output.x`. */
  symbol(symbol: string): Evaluated {
    return this.#symbols.get(symbol);
  }

  call(name: string): CallEvaluation {
    return this.#calls.get(name);
  }

  /** The module instances that a call makes; none while its files are missing. */
  children(name: string): readonly ModuleEvaluator[] {
    return this.#children.get(name);
  }

  /** All module instances of calls, in order. */
  allChildren(): readonly ModuleEvaluator[] {
    const found: ModuleEvaluator[] = [];
    for (const { symbol, kind } of this.context.sources.symbols(this.module.directory)) {
      if (kind === "module") found.push(...this.children(symbol.slice("module.".length)));
    }
    return found;
  }

  /** What is wrong with the symbols of this module instance. */
  problems(): readonly PlacedProblem[] {
    return this.#problems.get();
  }

  provider(key: string): ProviderConfiguration {
    return this.#providers.get(key);
  }

  /** What the configuration that a provider's name stands for says of tags. */
  tagDefaults(name: string): TagDefaults {
    return this.#tagDefaults.get(name);
  }

  callBlock(): Block | undefined {
    return blockOf(this.parent?.declared(`module.${this.callName}`));
  }

  providerBlock(key: string): Block | undefined {
    return blockOf(this.declared(`provider.${key}`));
  }

  static #providerOf(name: string, module: ModuleEvaluator): ProviderConfiguration {
    const followed = followProvider(module, name);
    return { key: followed.key, region: followed.scope.#providerRegion(followed.name) };
  }

  #providerRegion(name: string): Value {
    const declared = this.declared(`provider.${name}`);
    const block = blockOf(declared);
    const attribute = block === undefined ? undefined : attributeNamed(block, "region");
    if (declared === undefined || attribute === undefined) return NULL;
    return evaluate(attribute.value, this.scope(declared, [], NO_REPETITION));
  }

  /** `each`, `count` and what the call's expansion gives this module instance. */
  repetition(): Repetition {
    return this.parent === undefined ? NO_REPETITION : repetitionOf(this.parent.call(this.callName).expansion, this.module.key);
  }

  /** What an instance's block sees; problems go to `problems`. */
  scope(
    declared: Declared | undefined,
    problems: PlacedProblem[],
    repetition: Repetition,
    iterations: Iterations = NO_ITERATIONS,
    holder?: Attribute | Block,
    self?: Self,
    budget: Budget = newBudget(this.context.limits),
  ): EvaluationScope {
    const declaration = declared === undefined ? undefined : declarationOf(declared, holder);
    return {
      root: (name) => rootEntry(this, name, repetition, iterations, self),
      problem: (range, code, message) => {
        if (declaration !== undefined) problems.push({ declaration, range: plainRange(range), severity: "error", code, message });
      },
      budget,
      files: this.context.files(this.module.root),
    };
  }

  /** The value of a constant: no references. */
  constant(expression: Expression): Value {
    return evaluate(expression, {
      root: () => undefined,
      problem: () => undefined,
      budget: newBudget(this.context.limits),
      files: this.context.files(this.module.root),
    });
  }

  /** Drops what belongs to symbols that are gone. */
  sweep(): void {
    const gone = (symbol: string): boolean => untracked(() => this.declared(symbol)) === undefined;
    const isUsed = (symbol: string): boolean => !gone(symbol);
    this.#symbols.sweep(isUsed);
    this.#values.sweep(isUsed);
    this.#resources.sweep(isUsed);
    this.#expansions.sweep(isUsed);
    for (const [name, children] of this.#childCache) {
      const isGone = gone(`module.${name}`);
      if (isGone) {
        this.#children.forget(name);
        this.#calls.forget(name);
        this.#childCache.delete(name);
      }
      const used = new Set(isGone ? [] : untracked(() => this.children(name)));
      for (const [key, child] of children) {
        if (used.has(child)) child.sweep();
        else {
          child.dispose();
          children.delete(key);
        }
      }
    }
  }

  /** Lets go of everything outside. */
  dispose(): void {
    this.#units.dispose();
    this.#problems.dispose();
    for (const family of [
      this.#symbols,
      this.#values,
      this.#resources,
      this.#expansions,
      this.#calls,
      this.#children,
      this.#providers,
      this.#tagDefaults,
    ]) {
      family.dispose();
    }
    for (const children of this.#childCache.values()) for (const child of children.values()) child.dispose();
  }

  #listProblems(): readonly PlacedProblem[] {
    const problems: PlacedProblem[] = [];
    for (const { symbol, kind } of this.context.sources.symbols(this.module.directory)) {
      switch (kind) {
        case "managed":
        case "data":
        case "provider":
          problems.push(...this.resource(symbol).problems);
          break;
        case "variable":
          problems.push(...this.symbol(symbol).problems, ...validateVariable(this, symbol));
          break;
        case "local":
        case "output":
          problems.push(...this.symbol(symbol).problems);
          break;
        case "module":
          problems.push(...this.call(symbol.slice("module.".length)).problems);
          break;
        case "terraform":
          break;
      }
    }
    return problems;
  }

  #listUnits(): readonly Unit[] {
    const units: Unit[] = [];
    for (const { symbol, kind } of this.context.sources.symbols(this.module.directory)) {
      if (kind === "local" || kind === "module" || kind === "terraform") continue;
      let unit = this.#unitCache.get(symbol);
      if (unit === undefined) {
        const parts = symbol.split(".");
        const type = kind === "managed" ? parts[0] : kind === "data" || kind === "provider" ? parts[1] : kind;
        unit = { module: this.module, symbol, mode: kind, type: type ?? "" };
        this.#unitCache.set(symbol, unit);
      }
      units.push(unit);
    }
    if (this.#unitCache.size > 2 * units.length + 100) {
      const used = new Set(units.map((unit) => unit.symbol));
      for (const symbol of this.#unitCache.keys()) if (!used.has(symbol)) this.#unitCache.delete(symbol);
    }
    return units;
  }

  /** What others see of a resource: instance values by key. Cut off by value, so that a moved block moves nothing. */
  resourceValues(symbol: string): ResourceValues {
    return this.#values.get(symbol);
  }

  /** The expansion of a resource or module call, and what is wrong with it. */
  expansionOf(symbol: string): ExpansionEvaluation {
    return this.#expansions.get(symbol);
  }

  /** What did not change is the same instance as before. */
  static #evaluateResource(symbol: string, module: ModuleEvaluator): ResourceEvaluation {
    const result = evaluateUnit(module, symbol);
    const previous = module.#resources.last(symbol)?.instances;
    if (previous === undefined) return result;
    const instances = result.instances.map((instance, at) => {
      const before = previous[at];
      return before !== undefined && sameInstance(before, instance) ? before : instance;
    });
    return { ...result, instances };
  }

  addressOf(symbol: string, key: InstanceKey): string {
    const inModule = key === undefined ? symbol : `${symbol}[${typeof key === "number" ? String(key) : JSON.stringify(key)}]`;
    return this.module.address === "" ? inModule : `${this.module.address}.${inModule}`;
  }

  /** Dotted path of call names from the root, as modules.json has it. */
  path(name: string): string {
    return this.parent === undefined ? name : `${this.parent.path(this.callName)}.${name}`;
  }

  static #makeChildren(name: string, parent: ModuleEvaluator): readonly ModuleEvaluator[] {
    const { target, expansion } = parent.call(name);
    if (target.kind === "absent") return [];
    let cache = parent.#childCache.get(name);
    if (cache === undefined) {
      cache = new Map();
      parent.#childCache.set(name, cache);
    }
    let call = parent.#callDeclarations.get(name);
    if (call === undefined) {
      call = new CallDeclaration(() => parent.declared(`module.${name}`)?.declaration);
      parent.#callDeclarations.set(name, call);
    }
    const maybe = maybeOf(parent.module.maybe, expansion);
    const children: ModuleEvaluator[] = [];
    const keys = keysOf(expansion);
    const multiplicity = limitStep(parent.multiplicity * keys.length);
    for (const key of keys) {
      const address = parent.addressOf(`module.${name}`, key);
      const { directory, downloaded } = target;
      const module: ModuleInstance = {
        address,
        directory,
        root: parent.module.root,
        parent: parent.module,
        call,
        key,
        downloaded: downloaded || parent.module.downloaded,
        maybe,
      };
      let child = cache.get(key);
      if (child === undefined || !sameModule(child.module, module) || child.multiplicity !== multiplicity) {
        child = new ModuleEvaluator(parent.context, module, parent, name, multiplicity);
        cache.set(key, child);
      }
      children.push(child);
    }
    return children;
  }
}

const SYMBOL: QueryOptions<Evaluated, string, ModuleEvaluator> = { equal: sameEvaluated, onCycle: dependsOnItself };

function evaluateSymbolOf(symbol: string, module: ModuleEvaluator): Evaluated {
  return evaluateSymbol(module, symbol);
}

function dependsOnItself(symbol: string, module: ModuleEvaluator): Evaluated {
  const declared = untracked(() => module.declared(symbol));
  const value = unknown(DYNAMIC, CYCLE);
  if (declared === undefined) return { value, problems: NO_PROBLEMS };
  const { node } = declared;
  const range = node.kind === "attribute" ? node.name : node.header;
  return { value, problems: [placed(declared, node, range, "cycle", `\`${symbol}\` depends on itself.`)] };
}

const RESOURCE: QueryOptions<ResourceEvaluation, string, ModuleEvaluator> = {
  equal: sameResource,
  onCycle: () => NOTHING,
  outlivesCycle: true,
};

const VALUES: QueryOptions<ResourceValues, string, ModuleEvaluator> = { equal: sameResourceValues, onCycle: () => NO_VALUES };

function valuesOf(symbol: string, module: ModuleEvaluator): ResourceValues {
  const { instances } = module.resource(symbol);
  const [first] = instances;
  return { instances: new Map(instances.map((instance) => [instance.key, seenByOthers(instance)])), schema: first?.schema };
}

const EXPANSION: QueryOptions<ExpansionEvaluation, string, ModuleEvaluator> = {
  equal: sameExpansionEvaluation,
  onCycle: () => ({ expansion: { kind: "unknown", by: "count", reasons: [CYCLE] }, problems: NO_PROBLEMS }),
};

function evaluateExpansionOf(symbol: string, module: ModuleEvaluator): ExpansionEvaluation {
  return evaluateExpansion(module, module.declared(symbol));
}

const CALL: QueryOptions<CallEvaluation, string, ModuleEvaluator> = {
  equal: sameCall,
  onCycle: () => ({
    target: { kind: "absent", reason: CYCLE, problem: undefined },
    expansion: SINGLE,
    problems: NO_PROBLEMS,
  }),
};

function evaluateCallOf(name: string, module: ModuleEvaluator): CallEvaluation {
  return evaluateCall(module, name);
}

const CHILDREN: QueryOptions<readonly ModuleEvaluator[], string, ModuleEvaluator> = { equal: sameItems, onCycle: () => [] };

const PROVIDER: QueryOptions<ProviderConfiguration, string, ModuleEvaluator> = {
  equal: (a, b) => a.key === b.key && equalValues(a.region, b.region),
  onCycle: (key) => ({ key, region: unknown(DYNAMIC, CYCLE) }),
};

const TAG_DEFAULTS: QueryOptions<TagDefaults, string, ModuleEvaluator> = {
  equal: sameTagDefaults,
  onCycle: () => ({ tags: unknown(TAGS, CYCLE), ignored: undefined }),
};

function tagDefaultsOfProvider(name: string, module: ModuleEvaluator): TagDefaults {
  const followed = followProvider(module, name);
  return tagDefaultsOf(readProvider(followed.scope, followed.name), module.context.defaultTags());
}

/** Rounded up to a power of two, so that one more instance does not evaluate all others anew. */
function limitStep(multiplicity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, multiplicity)));
}

/**
 * An attribute whose unknown value came from elsewhere (`name = var.name`) stands, for who refers to it, for that attribute: a
 * reference to this resource's name is known to be one, whatever the name turns out to be.
 */
function seenByOthers({ address, values }: ResourceInstance): ObjectValue {
  const members: [string, Value][] = [];
  // What is not written has its origin already.
  for (const [name, value] of writtenMembers(values)) {
    if (value.kind === "unknown" && value.origin === undefined)
      members.push([name, { ...value, origin: { address, path: [name] } }]);
  }
  return members.length === 0 ? values : withMembers(values, members);
}
