import type { Attribute, Block, Expression } from "../hcl/syntax.ts";
import { Query, untracked } from "../memo/memo.ts";
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
  readonly #queries = new Map<string, Query<Evaluated>>();
  readonly #resources = new Map<string, Query<ResourceEvaluation>>();
  readonly #values = new Map<string, Query<ResourceValues>>();
  readonly #expansions = new Map<string, Query<ExpansionEvaluation>>();
  readonly #calls = new Map<string, Query<CallEvaluation>>();
  readonly #children = new Map<string, Query<readonly ModuleEvaluator[]>>();
  readonly #childCache = new Map<string, Map<InstanceKey, ModuleEvaluator>>();
  readonly #callDeclarations = new Map<string, Declaration>();
  readonly #providers = new Map<string, Query<ProviderConfiguration>>();
  readonly #tagDefaults = new Map<string, Query<TagDefaults>>();
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
    this.#problems = new Query(() => this.#listProblems(), { equal: sameProblems });
    this.#units = new Query(() => this.#listUnits(), {
      equal: (a, b) => a.length === b.length && a.every((unit, at) => unit === b[at]),
    });
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
    return this.#resource(symbol).get();
  }

  /** Value and problems of `var.x`, `local.x` or `output.x`. */
  symbol(symbol: string): Evaluated {
    return this.#symbol(symbol).get();
  }

  call(name: string): CallEvaluation {
    return this.#call(name).get();
  }

  /** The module instances that a call makes; none while its files are missing. */
  children(name: string): readonly ModuleEvaluator[] {
    return this.#childrenQuery(name).get();
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
    let query = this.#providers.get(key);
    if (query === undefined) {
      query = new Query(() => this.#providerOf(key), {
        equal: (a, b) => a.key === b.key && equalValues(a.region, b.region),
        onCycle: () => ({ key, region: unknown(DYNAMIC, CYCLE) }),
      });
      this.#providers.set(key, query);
    }
    return query.get();
  }

  /** What the configuration that a provider's name stands for says of tags. */
  tagDefaults(name: string): TagDefaults {
    let query = this.#tagDefaults.get(name);
    if (query === undefined) {
      query = new Query(
        () => {
          const followed = followProvider<ModuleEvaluator>(this, name);
          return tagDefaultsOf(readProvider(followed.scope, followed.name), this.context.defaultTags());
        },
        { equal: sameTagDefaults, onCycle: () => ({ tags: unknown(TAGS, CYCLE), ignored: undefined }) },
      );
      this.#tagDefaults.set(name, query);
    }
    return query.get();
  }

  callBlock(): Block | undefined {
    return blockOf(this.parent?.declared(`module.${this.callName}`));
  }

  providerBlock(key: string): Block | undefined {
    return blockOf(this.declared(`provider.${key}`));
  }

  #providerOf(name: string): ProviderConfiguration {
    const followed = followProvider<ModuleEvaluator>(this, name);
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
    for (const queries of [this.#queries, this.#values, this.#resources, this.#expansions] as readonly Map<
      string,
      Query<unknown>
    >[]) {
      for (const [symbol, query] of queries) {
        if (query.observerCount > 0 || !gone(symbol)) continue;
        query.dispose();
        queries.delete(symbol);
      }
    }
    for (const [name, children] of this.#childCache) {
      const isGone = gone(`module.${name}`);
      if (isGone) {
        this.#children.get(name)?.dispose();
        this.#calls.get(name)?.dispose();
        this.#children.delete(name);
        this.#calls.delete(name);
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
    for (const map of [
      this.#queries,
      this.#values,
      this.#resources,
      this.#expansions,
      this.#calls,
      this.#children,
      this.#providers,
      this.#tagDefaults,
    ]) {
      for (const query of map.values()) query.dispose();
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
    return this.#resourceValuesQuery(symbol).get();
  }

  #resourceValuesQuery(symbol: string): Query<ResourceValues> {
    let query = this.#values.get(symbol);
    if (query === undefined) {
      query = new Query<ResourceValues>(
        () => {
          const { instances } = this.resource(symbol);
          const [first] = instances;
          return { instances: new Map(instances.map((instance) => [instance.key, seenByOthers(instance)])), schema: first?.schema };
        },
        { equal: sameResourceValues, onCycle: () => NO_VALUES },
      );
      this.#values.set(symbol, query);
    }
    return query;
  }

  /** The expansion of a resource or module call, and what is wrong with it. */
  expansionOf(symbol: string): ExpansionEvaluation {
    let query = this.#expansions.get(symbol);
    if (query === undefined) {
      query = new Query(() => evaluateExpansion(this, this.declared(symbol)), {
        equal: sameExpansionEvaluation,
        onCycle: () => ({ expansion: { kind: "unknown", by: "count", reasons: [CYCLE] }, problems: NO_PROBLEMS }),
      });
      this.#expansions.set(symbol, query);
    }
    return query.get();
  }

  #resource(symbol: string): Query<ResourceEvaluation> {
    let query = this.#resources.get(symbol);
    if (query === undefined) {
      const made: Query<ResourceEvaluation> = new Query<ResourceEvaluation>(
        () => {
          const result = evaluateUnit(this, symbol);
          const previous = made.last()?.instances ?? [];
          const instances = result.instances.map((instance, at) => {
            const before = previous[at];
            return before !== undefined && sameInstance(before, instance) ? before : instance;
          });
          return { ...result, instances };
        },
        { equal: sameResource, onCycle: () => NOTHING, outlivesCycle: true },
      );
      query = made;
      this.#resources.set(symbol, query);
    }
    return query;
  }

  addressOf(symbol: string, key: InstanceKey): string {
    const inModule = key === undefined ? symbol : `${symbol}[${typeof key === "number" ? String(key) : JSON.stringify(key)}]`;
    return this.module.address === "" ? inModule : `${this.module.address}.${inModule}`;
  }

  #symbol(symbol: string): Query<Evaluated> {
    let query = this.#queries.get(symbol);
    if (query === undefined) {
      query = new Query(() => evaluateSymbol(this, symbol), { equal: sameEvaluated, onCycle: () => this.#cycle(symbol) });
      this.#queries.set(symbol, query);
    }
    return query;
  }

  #cycle(symbol: string): Evaluated {
    const declared = untracked(() => this.declared(symbol));
    const value = unknown(DYNAMIC, CYCLE);
    if (declared === undefined) return { value, problems: NO_PROBLEMS };
    const { node } = declared;
    const range = node.kind === "attribute" ? node.name : node.header;
    return { value, problems: [placed(declared, node, range, "cycle", `\`${symbol}\` depends on itself.`)] };
  }

  #call(name: string): Query<CallEvaluation> {
    let query = this.#calls.get(name);
    if (query === undefined) {
      query = new Query(() => evaluateCall(this, name), {
        equal: sameCall,
        onCycle: () => ({
          target: { kind: "absent", reason: CYCLE, problem: undefined },
          expansion: SINGLE,
          problems: NO_PROBLEMS,
        }),
      });
      this.#calls.set(name, query);
    }
    return query;
  }

  /** Dotted path of call names from the root, as modules.json has it. */
  path(name: string): string {
    return this.parent === undefined ? name : `${this.parent.path(this.callName)}.${name}`;
  }

  #childrenQuery(name: string): Query<readonly ModuleEvaluator[]> {
    let query = this.#children.get(name);
    if (query === undefined) {
      query = new Query(() => this.#makeChildren(name), {
        equal: (a, b) => a.length === b.length && a.every((child, at) => child === b[at]),
        onCycle: () => [],
      });
      this.#children.set(name, query);
    }
    return query;
  }

  #makeChildren(name: string): readonly ModuleEvaluator[] {
    const { target, expansion } = this.call(name);
    if (target.kind === "absent") return [];
    let cache = this.#childCache.get(name);
    if (cache === undefined) {
      cache = new Map();
      this.#childCache.set(name, cache);
    }
    let call = this.#callDeclarations.get(name);
    if (call === undefined) {
      call = new CallDeclaration(() => this.declared(`module.${name}`)?.declaration);
      this.#callDeclarations.set(name, call);
    }
    const maybe = maybeOf(this.module.maybe, expansion);
    const children: ModuleEvaluator[] = [];
    const keys = keysOf(expansion);
    const multiplicity = limitStep(this.multiplicity * keys.length);
    for (const key of keys) {
      const address = this.addressOf(`module.${name}`, key);
      const { directory, downloaded } = target;
      const module: ModuleInstance = {
        address,
        directory,
        root: this.module.root,
        parent: this.module,
        call,
        key,
        downloaded: downloaded || this.module.downloaded,
        maybe,
      };
      let child = cache.get(key);
      if (child === undefined || !sameModule(child.module, module) || child.multiplicity !== multiplicity) {
        child = new ModuleEvaluator(this.context, module, this, name, multiplicity);
        cache.set(key, child);
      }
      children.push(child);
    }
    return children;
  }
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
