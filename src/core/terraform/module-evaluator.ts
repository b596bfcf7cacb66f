import type { Attribute, Block, Expression, TopLevel } from "../hcl/syntax.ts";
import { Query, untracked } from "../memo/memo.ts";
import { relativePath } from "../text/path.ts";
import type { FilePath, TextRange } from "../text/text.ts";
import { equalValues } from "../values/equality.ts";
import { bool, DYNAMIC, NULL, object, string, tuple, unknown } from "../values/make.ts";
import { withMembers, writtenMembers } from "../values/sparse.ts";
import type { ObjectValue, Reason, Value } from "../values/value.ts";
import { evaluate } from "./evaluate.ts";
import {
  type Expansion,
  expansionOfCount,
  expansionOfEach,
  INSTANCE_LIMIT,
  keysOf,
  MODULE_LIMIT,
  NO_REPETITION,
  type Repetition,
  repetitionOf,
  SINGLE,
} from "./expansion.ts";
import type { Declaration, InstanceKey, ModuleInstance, ProviderConfiguration, ResourceInstance, Unit } from "./model.ts";
import { type CallTarget, findTarget, sameTarget } from "./module-calls.ts";
import { type Evaluated, NO_PROBLEMS, type PlacedProblem, sameEvaluated, sameProblems } from "./placed-problem.ts";
import { followProvider, impliedProvider, providerReference, type ProviderScope } from "./provider-configurations.ts";
import { policyDocument } from "./policy-documents.ts";
import {
  type BodyReader,
  computed,
  type Iterations,
  META_ARGUMENTS,
  NO_ITERATIONS,
  readBody,
  readWritten,
} from "./resource-body.ts";
import type { BlockSchema, Schemas } from "./schema.ts";
import {
  affordable,
  type Budget,
  type EvaluationScope,
  type FunctionFiles,
  newBudget,
  type ScopeEntry,
  type ScopeNamespace,
} from "./scope.ts";
import type { Declared, Sources } from "./sources.ts";
import { attributeNamed, plainText } from "./symbols.ts";
import {
  fitVariable,
  markVariable,
  readVariable,
  type RootInputs,
  typeText,
  unsetVariable,
  variableFileEntry,
  variableFromText,
} from "./variables.ts";

/** What all modules of a project share. */
export interface ProjectContext {
  readonly sources: Sources;
  readonly schemas: Schemas;
  readonly limits: { readonly maximumSteps: number; readonly maximumElements: number };
  inputs(): RootInputs;
  workspace(): string;
  /** Files that functions read, relative paths counting from a root. */
  files(root: FilePath): FunctionFiles;
}

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

/** Modules nested deeper than this call themselves in one way or another. */
const MAXIMUM_DEPTH = 40;

/** More blocks made by `dynamic` in one instance than this are not evaluated. */
const BLOCK_LIMIT = 20_000;

const POLICY_DOCUMENTS: ReadonlySet<string> = new Set([
  "aws_iam_policy_document",
  "alicloud_ram_policy_document",
  "tencentcloud_cam_policy_document",
]);

const NOTHING: ResourceEvaluation = { instances: [], expansion: SINGLE, problems: NO_PROBLEMS };

/** One module instance: a memo query a symbol, each evaluated when something asks for it. */
export class ModuleEvaluator implements ProviderScope {
  readonly module: ModuleInstance;
  readonly parent: ModuleEvaluator | undefined;
  readonly #context: ProjectContext;
  readonly #callName: string;
  readonly #depth: number;
  /** How many instances of this module the calls on the way make: limits multiply. */
  readonly #multiplicity: number;
  readonly #queries = new Map<string, Query<Evaluated>>();
  readonly #resources = new Map<string, Query<ResourceEvaluation>>();
  readonly #values = new Map<string, Query<ResourceValues>>();
  readonly #expansions = new Map<string, Query<ExpansionEvaluation>>();
  readonly #calls = new Map<string, Query<CallEvaluation>>();
  readonly #children = new Map<string, Query<readonly ModuleEvaluator[]>>();
  readonly #childCache = new Map<string, Map<InstanceKey, ModuleEvaluator>>();
  readonly #callDeclarations = new Map<string, Declaration>();
  readonly #providers = new Map<string, Query<ProviderConfiguration>>();
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
    this.#multiplicity = multiplicity;
    this.#context = context;
    this.module = module;
    this.parent = parent;
    this.#callName = callName;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    this.#problems = new Query(() => this.#listProblems(), { equal: sameProblems });
    this.#units = new Query(() => this.#listUnits(), {
      equal: (a, b) => a.length === b.length && a.every((unit, at) => unit === b[at]),
    });
  }

  get address(): string {
    return this.module.address;
  }

  /** Name of the call in the parent; `""` for a root. */
  get callName(): string {
    return this.#callName;
  }

  /** The expansion of a resource or module call. */
  expansion(symbol: string): Expansion {
    return this.#expansion(symbol);
  }

  units(): readonly Unit[] {
    return this.#units.get();
  }

  declared(symbol: string): Declared | undefined {
    return this.#context.sources.declared(this.module.directory, symbol);
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
    for (const { symbol, kind } of this.#context.sources.symbols(this.module.directory)) {
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
      query = new Query(() => followProvider(this, key), {
        equal: (a, b) => a.key === b.key && equalValues(a.region, b.region),
        onCycle: () => ({ key, region: unknown(DYNAMIC, CYCLE) }),
      });
      this.#providers.set(key, query);
    }
    return query.get();
  }

  callBlock(): Block | undefined {
    return blockOf(this.parent?.declared(`module.${this.#callName}`));
  }

  providerBlock(key: string): Block | undefined {
    return blockOf(this.declared(`provider.${key}`));
  }

  providerArgument(key: string, name: string): Value {
    const declared = this.declared(`provider.${key}`);
    const block = blockOf(declared);
    const attribute = block === undefined ? undefined : attributeNamed(block, name);
    if (declared === undefined || attribute === undefined) return NULL;
    return evaluate(attribute.value, this.scope(declared, [], NO_REPETITION));
  }

  /** `each`, `count` and what the call's expansion gives this module instance. */
  repetition(): Repetition {
    return this.parent === undefined ? NO_REPETITION : repetitionOf(this.parent.call(this.#callName).expansion, this.module.key);
  }

  /** What an instance's block sees; problems go to `problems`. */
  scope(
    declared: Declared | undefined,
    problems: PlacedProblem[],
    repetition: Repetition,
    iterations: Iterations = NO_ITERATIONS,
    holder?: Attribute | Block,
    self?: string,
    budget: Budget = newBudget(this.#context.limits),
  ): EvaluationScope {
    const declaration = declared === undefined ? undefined : declarationOf(declared, holder);
    return {
      root: (name) => this.#root(name, repetition, iterations, self),
      problem: (range, code, message) => {
        if (declaration !== undefined) problems.push({ declaration, range: plainRange(range), severity: "error", code, message });
      },
      budget,
      files: this.#context.files(this.module.root),
    };
  }

  /** The value of a constant: no references. */
  constant(expression: Expression): Value {
    return evaluate(expression, {
      root: () => undefined,
      problem: () => undefined,
      budget: newBudget(this.#context.limits),
      files: this.#context.files(this.module.root),
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
    ]) {
      for (const query of map.values()) query.dispose();
    }
    for (const children of this.#childCache.values()) for (const child of children.values()) child.dispose();
  }

  #listProblems(): readonly PlacedProblem[] {
    const problems: PlacedProblem[] = [];
    for (const { symbol, kind } of this.#context.sources.symbols(this.module.directory)) {
      switch (kind) {
        case "managed":
        case "data":
        case "provider":
          problems.push(...this.resource(symbol).problems);
          break;
        case "variable":
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
    for (const { symbol, kind } of this.#context.sources.symbols(this.module.directory)) {
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

  #root(name: string, repetition: Repetition, iterations: Iterations, self: string | undefined): ScopeEntry | undefined {
    const iteration = iterations.get(name);
    if (iteration !== undefined) return { kind: "value", value: object(Object.entries(iteration)) };
    switch (name) {
      case "var":
        return this.#namespace("var", (member) => this.#declaredValue(`var.${member}`));
      case "local":
        return this.#namespace("local", (member) => this.#declaredValue(`local.${member}`));
      case "module":
        return this.#namespace("module", (member) => this.#moduleEntry(member));
      case "data":
        return this.#namespace("data", (type) =>
          this.#namespace(`data.${type}`, (member) => this.#resourceEntry(`data.${type}.${member}`, self)),
        );
      case "resource":
        return this.#namespace("resource", (type) =>
          this.#namespace(type, (member) => this.#resourceEntry(`${type}.${member}`, self)),
        );
      case "each": {
        const { key, value } = repetition;
        return key === undefined || value === undefined
          ? undefined
          : {
              kind: "value",
              value: object([
                ["key", key],
                ["value", value],
              ]),
            };
      }
      case "count":
        return repetition.index === undefined ? undefined : { kind: "value", value: object([["index", repetition.index]]) };
      case "path": {
        const inside = relativePath(this.module.root, this.module.directory);
        return {
          kind: "value",
          value: object([
            ["cwd", string(this.module.root)],
            ["module", string(inside)],
            ["root", string(".")],
          ]),
        };
      }
      case "terraform":
      case "tofu":
        return {
          kind: "value",
          value: object([
            ["applying", bool(false)],
            ["workspace", string(this.#context.workspace())],
          ]),
        };
      case "self":
        return { kind: "value", value: unknown(DYNAMIC, { kind: "unsupported", detail: "self" }) };
      case "ephemeral":
        return {
          kind: "value",
          value: { ...unknown(DYNAMIC, { kind: "computed", detail: "ephemeral resource" }), ephemeral: true },
        };
      default:
        // `aws_s3_bucket.b`: a word without underscore can't be a type that exists.
        return name.includes("_") ? this.#namespace(name, (member) => this.#resourceEntry(`${name}.${member}`, self)) : undefined;
    }
  }

  #namespace(label: string, member: (name: string) => ScopeEntry | undefined): ScopeNamespace {
    return { kind: "namespace", label, member, value: () => unknown(DYNAMIC, { kind: "invalid", detail: `\`${label}\` alone` }) };
  }

  #declaredValue(symbol: string): ScopeEntry | undefined {
    return this.declared(symbol) === undefined ? undefined : { kind: "value", value: this.#symbol(symbol).get().value };
  }

  #moduleEntry(name: string): ScopeEntry | undefined {
    const declared = this.declared(`module.${name}`);
    if (declared === undefined) return undefined;
    const { target, expansion } = this.call(name);
    const label = `module.${name}`;
    if (target.kind === "absent") {
      const nothing: ScopeNamespace = {
        kind: "namespace",
        label,
        member: () => ({ kind: "value", value: unknown(DYNAMIC, target.reason) }),
        index: () => nothing,
        value: () => unknown(DYNAMIC, target.reason),
      };
      return nothing;
    }
    const outputs = (child: ModuleEvaluator): ScopeNamespace => ({
      kind: "namespace",
      label,
      member: (output) => child.#declaredValue(`output.${output}`),
      value: () => child.#allOutputs(),
    });
    if (expansion.kind === "single") {
      const [child] = this.children(name);
      return child === undefined ? { kind: "value", value: unknown(DYNAMIC, CYCLE) } : outputs(child);
    }
    const find = (key: string | number): ScopeEntry | undefined => {
      const child = this.children(name).find((other) => expansion.kind === "unknown" || other.module.key === key);
      return child === undefined ? undefined : outputs(child);
    };
    return {
      kind: "namespace",
      label,
      index: find,
      member: (key) => (expansion.kind === "count" ? undefined : find(key)),
      value: () =>
        collectionOf(
          expansion,
          this.children(name).map((child) => [child.module.key, child.#allOutputs()]),
        ),
    };
  }

  #allOutputs(): Value {
    const entries: [string, Value][] = [];
    for (const { symbol, kind } of this.#context.sources.symbols(this.module.directory)) {
      if (kind === "output") entries.push([symbol.slice("output.".length), this.#symbol(symbol).get().value]);
    }
    return object(entries);
  }

  #resourceEntry(symbol: string, self: string | undefined): ScopeEntry | undefined {
    const declared = this.declared(symbol);
    if (declared === undefined) return undefined;
    if (symbol === self) {
      // Terraform refuses a block that refers to itself; the rest of the block is worth evaluating all the same.
      return { kind: "value", value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} refers to itself` }, {}) };
    }
    const expansion = this.#expansion(symbol);
    if (expansion.kind === "single") return this.#instanceEntry(symbol, undefined);
    const find = (key: string | number): ScopeEntry | undefined => {
      if (expansion.kind === "unknown") return this.#instanceEntry(symbol, undefined);
      const plain = expansion.kind === "count" ? Number(key) : String(key);
      const has =
        expansion.kind === "count" ? Number(plain) >= 0 && Number(plain) < expansion.count : expansion.elements.has(String(plain));
      return has ? this.#instanceEntry(symbol, plain) : undefined;
    };
    return {
      kind: "namespace",
      label: symbol,
      index: find,
      member: (key) => (expansion.kind === "each" ? find(key) : undefined),
      value: () => {
        const { instances } = this.resourceValues(symbol);
        if (expansion.kind !== "unknown") return collectionOf(expansion, [...instances]);
        const type = expansion.by === "count" ? ({ kind: "list", element: DYNAMIC } as const) : DYNAMIC;
        return unknown(type, expansion.reasons);
      },
    };
  }

  #instanceEntry(symbol: string, key: InstanceKey): ScopeEntry {
    const { instances, schema } = this.resourceValues(symbol);
    const value = instances.get(key);
    if (value === undefined) return { kind: "value", value: unknown(DYNAMIC, CYCLE) };
    if (schema !== undefined) return { kind: "value", value };
    const data = symbol.startsWith("data.");
    const origin = { address: this.#addressOf(symbol, key), mode: data ? ("data" as const) : ("managed" as const) };
    return {
      kind: "namespace",
      label: symbol,
      member: (name) => ({ kind: "value", value: value.entries.get(name) ?? computed(origin, DYNAMIC, [name]) }),
      value: () =>
        unknown(
          DYNAMIC,
          { kind: data ? "data source" : "computed", detail: origin.address },
          { origin: { address: origin.address, path: [] } },
        ),
    };
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

  #expansion(symbol: string): Expansion {
    return this.#expansionOf(symbol).expansion;
  }

  #expansionOf(symbol: string): ExpansionEvaluation {
    let query = this.#expansions.get(symbol);
    if (query === undefined) {
      query = new Query(() => this.#evaluateExpansion(this.declared(symbol)), {
        equal: (a, b) => sameExpansion(a.expansion, b.expansion) && sameProblems(a.problems, b.problems),
        onCycle: () => ({ expansion: { kind: "unknown", by: "count", reasons: [CYCLE] }, problems: NO_PROBLEMS }),
      });
      this.#expansions.set(symbol, query);
    }
    return query.get();
  }

  #evaluateExpansion(declared: Declared | undefined): {
    readonly expansion: Expansion;
    readonly problems: readonly PlacedProblem[];
  } {
    const block = blockOf(declared);
    if (block === undefined || declared === undefined) return { expansion: SINGLE, problems: NO_PROBLEMS };
    const count = attributeNamed(block, "count");
    const forEach = attributeNamed(block, "for_each");
    const attribute = count ?? forEach;
    if (attribute === undefined) return { expansion: SINGLE, problems: NO_PROBLEMS };
    const problems: PlacedProblem[] = [];
    const value = evaluate(attribute.value, this.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, attribute));
    const limit = (declared.kind === "module" ? MODULE_LIMIT : INSTANCE_LIMIT) / this.#multiplicity;
    const { expansion, problem } = count === undefined ? expansionOfEach(value, limit) : expansionOfCount(value, limit);
    if (problem !== undefined) problems.push(placed(declared, attribute, attribute.value, problem.code, problem.message));
    if (count !== undefined && forEach !== undefined) {
      problems.push(placed(declared, forEach, forEach.name, "count-and-for-each", "A block has `count` or `for_each`, not both."));
    }
    return { expansion, problems };
  }

  #resource(symbol: string): Query<ResourceEvaluation> {
    let query = this.#resources.get(symbol);
    if (query === undefined) {
      const made: Query<ResourceEvaluation> = new Query<ResourceEvaluation>(
        () => {
          const result = this.#evaluateUnit(symbol);
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

  #evaluateUnit(symbol: string): ResourceEvaluation {
    const declared = this.declared(symbol);
    const block = blockOf(declared);
    if (declared === undefined || block === undefined) return NOTHING;
    switch (declared.kind) {
      case "managed":
      case "data":
        return this.#evaluateResource(declared, block, declared.kind);
      case "provider":
        return this.#evaluateProvider(declared, block);
      case "variable":
      case "output":
        return this.#evaluateValueBlock(declared, block, declared.kind);
      default:
        return NOTHING;
    }
  }

  #evaluateResource(declared: Declared, block: Block, mode: "managed" | "data"): ResourceEvaluation {
    const { symbol, declaration } = declared;
    const [type = "", name = ""] = symbol.split(".").slice(mode === "data" ? 1 : 0);
    const schema = mode === "data" ? this.#context.schemas.data(type) : this.#context.schemas.resource(type);
    const { expansion, problems: expansionProblems } = this.#expansionOf(symbol);
    const problems = [...expansionProblems];
    const providerAttribute = attributeNamed(block, "provider");
    const localName = providerAttribute === undefined ? undefined : providerReference(providerAttribute.value);
    const provider = this.provider(localName ?? impliedProvider(type));
    const maybe = maybeOf(this.module.maybe, expansion);
    const instances: ResourceInstance[] = [];
    const budget = this.#unitBudget();
    for (const key of keysOf(expansion)) {
      const address = this.#addressOf(symbol, key);
      const reader = this.#reader(declared, problems, repetitionOf(expansion, key), address, mode, budget);
      let values =
        schema === undefined
          ? readWritten(block.body, reader, NO_ITERATIONS, META_ARGUMENTS)
          : readBody(block.body, schema, reader, NO_ITERATIONS, []);
      if (mode === "data" && POLICY_DOCUMENTS.has(type)) values = withPolicyDocument(type, values);
      instances.push({ address, mode, type, name, key, module: this.module, provider, values, maybe, declaration, schema });
    }
    return { instances, expansion, problems: onePerPlace(problems) };
  }

  /** All instances of a block share it. */
  #unitBudget(): Budget {
    const { maximumSteps, maximumElements } = this.#context.limits;
    return newBudget({ maximumSteps: 2 * maximumSteps, maximumElements });
  }

  #reader(
    declared: Declared,
    problems: PlacedProblem[],
    repetition: Repetition,
    address: string,
    mode: "managed" | "data",
    budget: Budget,
  ): BodyReader {
    const { symbol } = declared;
    let shared: EvaluationScope | undefined;
    let blocks = 0;
    return {
      address,
      mode,
      evaluate: (expression, iterations, holder) => {
        if (iterations !== NO_ITERATIONS || declared.parts.length > 1) {
          return evaluate(expression, this.scope(declared, problems, repetition, iterations, holder, symbol, budget));
        }
        shared ??= this.scope(declared, problems, repetition, iterations, holder, symbol, budget);
        return evaluate(expression, shared);
      },
      report: (range, code, message, holder) => problems.push(placed(declared, holder, range, code, message)),
      takeBlocks: (count) => (blocks += count) <= BLOCK_LIMIT,
    };
  }

  #evaluateProvider(declared: Declared, block: Block): ResourceEvaluation {
    const { symbol, declaration } = declared;
    const [, type = "", alias] = symbol.split(".");
    const problems: PlacedProblem[] = [];
    const address = this.#addressOf(symbol, undefined);
    const reader = this.#reader(declared, problems, NO_REPETITION, address, "managed", this.#unitBudget());
    const instance: ResourceInstance = {
      address,
      mode: "provider",
      type,
      name: alias ?? "",
      key: undefined,
      module: this.module,
      provider: this.provider(symbol.slice("provider.".length)),
      values: readWritten(block.body, reader, NO_ITERATIONS, new Set(["alias", "for_each"])),
      maybe: this.module.maybe,
      declaration,
      schema: undefined,
    };
    return { instances: [instance], expansion: SINGLE, problems: onePerPlace(problems) };
  }

  #evaluateValueBlock(declared: Declared, block: Block, mode: "variable" | "output"): ResourceEvaluation {
    const { symbol, declaration } = declared;
    const entries: [string, Value][] = [["value", this.#symbol(symbol).get().value]];
    const problems: PlacedProblem[] = [];
    for (const name of ["default", "sensitive", "ephemeral", "nullable", "description"]) {
      const attribute = attributeNamed(block, name);
      if (attribute !== undefined) entries.push([name, this.constant(attribute.value)]);
    }
    if (mode === "variable") {
      const text = untracked(() => this.#context.sources.source(declaration.file)?.text ?? "");
      const type = typeText(
        block,
        text,
        untracked(() => declaration.item.base),
      );
      if (type !== undefined) entries.push(["type", string(type)]);
    }
    const instance: ResourceInstance = {
      address: this.#addressOf(symbol, undefined),
      mode,
      type: mode,
      name: symbol.slice(symbol.indexOf(".") + 1),
      key: undefined,
      module: this.module,
      provider: undefined,
      values: object(entries),
      maybe: this.module.maybe,
      declaration,
      schema: undefined,
    };
    return { instances: [instance], expansion: SINGLE, problems };
  }

  #addressOf(symbol: string, key: InstanceKey): string {
    const inModule = key === undefined ? symbol : `${symbol}[${typeof key === "number" ? String(key) : JSON.stringify(key)}]`;
    return this.module.address === "" ? inModule : `${this.module.address}.${inModule}`;
  }

  #symbol(symbol: string): Query<Evaluated> {
    let query = this.#queries.get(symbol);
    if (query === undefined) {
      query = new Query(() => this.#evaluateSymbol(symbol), { equal: sameEvaluated, onCycle: () => this.#cycle(symbol) });
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

  #evaluateSymbol(symbol: string): Evaluated {
    const declared = this.declared(symbol);
    if (declared === undefined)
      return { value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} is not declared` }), problems: NO_PROBLEMS };
    const { node } = declared;
    const problems: PlacedProblem[] = [];
    if (node.kind === "attribute") {
      const scope = this.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, node);
      const value = affordable(evaluate(node.value, scope), node.value, scope);
      return { value, problems: onePerPlace(problems) };
    }
    if (declared.kind === "variable") return this.#evaluateVariable(declared, node);
    const attribute = attributeNamed(node, "value");
    if (attribute === undefined)
      return { value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} has no value` }), problems };
    const scope = this.scope(declared, problems, NO_REPETITION, NO_ITERATIONS, attribute);
    let value = affordable(evaluate(attribute.value, scope), attribute.value, scope);
    const sensitive = attributeNamed(node, "sensitive");
    if (sensitive !== undefined) {
      const flag = this.constant(sensitive.value);
      if (flag.kind === "bool" && flag.value) value = { ...value, sensitive: true };
    }
    return { value, problems: onePerPlace(problems) };
  }

  #evaluateVariable(declared: Declared, block: Block): Evaluated {
    const name = declared.symbol.slice("var.".length);
    const declaration = readVariable(block, (expression) => this.constant(expression));
    const problems: PlacedProblem[] = declaration.problems.map((problem) =>
      placed(declared, attributeNamed(block, "type") ?? block, problem.range, "invalid-type", problem.message),
    );
    const given =
      this.parent === undefined ? this.#rootValue(name, declaration.constraint.type) : this.parent.#argument(this, name);
    let value: Value | undefined;
    if (given !== undefined && !(given.value.kind === "null" && !declaration.nullable)) {
      const fitted = fitVariable(given.value, declaration);
      if ("value" in fitted) value = fitted.value;
      else {
        const message = `The value of \`var.${name}\` does not fit its type: ${fitted.error}.`;
        problems.push(given.problem?.("wrong-type", message) ?? placed(declared, block, block.header, "wrong-type", message));
        value = unknown(declaration.constraint.type, { kind: "invalid", detail: `var.${name}: ${fitted.error}` });
      }
    }
    if (value === undefined && declaration.default !== undefined) {
      const fitted = fitVariable(this.constant(declaration.default.value), declaration);
      if ("value" in fitted) value = fitted.value;
      else {
        const message = `The default does not fit the type: ${fitted.error}.`;
        problems.push(placed(declared, declaration.default, declaration.default.value, "wrong-type", message));
        value = unknown(declaration.constraint.type, { kind: "invalid", detail: `default of var.${name}` });
      }
    }
    if (value === undefined) {
      if (this.parent === undefined || given !== undefined) value = unsetVariable(name, declaration);
      else {
        const call = this.parent.declared(`module.${this.#callName}`);
        const header = blockOf(call)?.header;
        if (call !== undefined && header !== undefined) {
          problems.push(placed(call, call.node, header, "missing-argument", `The module needs a value for \`${name}\`.`));
        }
        value = unknown(declaration.constraint.type, { kind: "invalid", detail: `${name} is required` });
      }
    }
    return { value: markVariable(value, declaration), problems };
  }

  #rootValue(name: string, type: Parameters<typeof variableFromText>[1]): GivenValue | undefined {
    const inputs = this.#context.inputs();
    const text = inputs.variables.get(name);
    if (text !== undefined)
      return { value: variableFromText(text, type, (expression) => this.constant(expression)), problem: undefined };
    const entry = variableFileEntry(this.#context.sources, this.module.directory, inputs, name);
    if (entry === undefined) return undefined;
    const { file, attribute, base } = entry;
    const declaration: Declaration = { file, item: { node: attribute, base } };
    const range = plainRange(attribute.value);
    const problem = (code: string, message: string): PlacedProblem => ({ declaration, range, severity: "error", code, message });
    return { value: this.constant(attribute.value), problem };
  }

  /** What this module's call gives a child's variable. */
  #argument(child: ModuleEvaluator, name: string): GivenValue | undefined {
    const declared = this.declared(`module.${child.#callName}`);
    const block = blockOf(declared);
    const attribute = block === undefined ? undefined : attributeNamed(block, name);
    if (declared === undefined || attribute === undefined) return undefined;
    const scope = this.scope(declared, [], child.repetition(), NO_ITERATIONS, attribute);
    const value = affordable(evaluate(attribute.value, scope), attribute.value, scope);
    return { value, problem: (code, message) => placed(declared, attribute, attribute.value, code, message) };
  }

  #call(name: string): Query<CallEvaluation> {
    let query = this.#calls.get(name);
    if (query === undefined) {
      query = new Query(() => this.#evaluateCall(name), {
        equal: (a, b) =>
          sameTarget(a.target, b.target) && sameExpansion(a.expansion, b.expansion) && sameProblems(a.problems, b.problems),
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

  #evaluateCall(name: string): CallEvaluation {
    const declared = this.declared(`module.${name}`);
    const block = blockOf(declared);
    if (declared === undefined || block === undefined) {
      return {
        target: { kind: "absent", reason: { kind: "invalid", detail: `module.${name}` }, problem: undefined },
        expansion: SINGLE,
        problems: [],
      };
    }
    const { expansion, problems: expansionProblems } = this.#expansionOf(declared.symbol);
    const problems = [...expansionProblems];
    // What is wrong with arguments is told here, once, whatever the child makes of them.
    const repetition = repetitionOf(expansion, keysOf(expansion)[0]);
    for (const item of block.body.items) {
      if (item.kind !== "attribute" || CALL_META.has(item.name.name)) continue;
      evaluate(item.value, this.scope(declared, problems, repetition, NO_ITERATIONS, item));
    }
    const sourceAttribute = attributeNamed(block, "source");
    const place = sourceAttribute ?? block;
    const range = sourceAttribute?.value ?? block.header;
    let target: CallTarget;
    if (sourceAttribute === undefined) {
      target = {
        kind: "absent",
        reason: { kind: "invalid", detail: `module.${name} has no source` },
        problem: "A module call needs a `source`.",
      };
    } else {
      const call = { name, key: this.#path(name), source: plainText(sourceAttribute), directory: this.module.directory };
      target = findTarget(this.#context.sources, call, this.module.root);
      if (target.kind === "present" && this.#callsItself(target.directory)) {
        const problem = `Module "${name}" calls itself: it is not evaluated again.`;
        target = { kind: "absent", reason: { kind: "invalid", detail: `module.${name} calls itself` }, problem };
      }
    }
    if (target.kind === "absent" && target.problem !== undefined) {
      const severity = target.reason.kind === "missing module" ? "warning" : "error";
      const code = target.reason.kind === "missing module" ? "missing-module" : "module-source";
      problems.push({ ...placed(declared, place, range, code, target.problem), severity });
    }
    return { target, expansion, problems: onePerPlace(problems) };
  }

  #callsItself(directory: FilePath): boolean {
    if (this.#depth >= MAXIMUM_DEPTH) return true;
    if (this.module.directory === directory) return true;
    for (let { parent } = this.module; parent !== undefined; { parent } = parent) if (parent.directory === directory) return true;
    return false;
  }

  /** Dotted path of call names from the root, as modules.json has it. */
  #path(name: string): string {
    return this.parent === undefined ? name : `${this.parent.#path(this.#callName)}.${name}`;
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
    const multiplicity = limitStep(this.#multiplicity * keys.length);
    for (const key of keys) {
      const address = this.#addressOf(`module.${name}`, key);
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
      if (child === undefined || !sameModule(child.module, module) || child.#multiplicity !== multiplicity) {
        child = new ModuleEvaluator(this.#context, module, this, name, multiplicity);
        cache.set(key, child);
      }
      children.push(child);
    }
    return children;
  }
}

/** The same object while the call's text changes, so that an edited argument does not make a new module instance. */
class CallDeclaration implements Declaration {
  readonly #find: () => Declaration | undefined;
  #last: Declaration | undefined;

  constructor(find: () => Declaration | undefined) {
    this.#find = find;
  }

  get file(): FilePath {
    return this.#current().file;
  }

  get item(): TopLevel {
    return this.#current().item;
  }

  #current(): Declaration {
    this.#last = this.#find() ?? this.#last;
    if (this.#last === undefined) throw new Error("A module instance without a call.");
    return this.#last;
  }
}

interface GivenValue {
  readonly value: Value;
  /** A problem of the value, where it is given; undefined: outside of all files. */
  readonly problem: ((code: string, message: string) => PlacedProblem) | undefined;
}

interface ExpansionEvaluation {
  readonly expansion: Expansion;
  readonly problems: readonly PlacedProblem[];
}

interface ResourceValues {
  readonly instances: ReadonlyMap<InstanceKey, ObjectValue>;
  readonly schema: BlockSchema | undefined;
}

const NO_VALUES: ResourceValues = { instances: new Map(), schema: undefined };
const CYCLE: Reason = { kind: "invalid", detail: "depends on itself" };
const CALL_META: ReadonlySet<string> = new Set(["source", "version", "providers", "depends_on", "count", "for_each"]);

/** Rounded up to a power of two, so that one more instance does not evaluate all others anew. */
function limitStep(multiplicity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, multiplicity)));
}

function blockOf(declared: Declared | undefined): Block | undefined {
  return declared?.node.kind === "block" ? declared.node : undefined;
}

/** The declaration whose file holds an item of a merged block. */
export function declarationOf(declared: Declared, holder: Attribute | Block | undefined): Declaration {
  if (declared.parts.length > 1 && holder !== undefined) {
    for (const { node, declaration } of declared.parts) if (holds(node, holder)) return declaration;
  }
  return declared.declaration;
}

function holds(node: Attribute | Block, holder: Attribute | Block): boolean {
  return node === holder || (node.kind === "block" && node.body.items.some((item) => holds(item, holder)));
}

function placed(declared: Declared, holder: Attribute | Block, range: TextRange, code: string, message: string): PlacedProblem {
  return { declaration: declarationOf(declared, holder), range: plainRange(range), severity: "error", code, message };
}

/** Ranges come as whole syntax nodes. */
function plainRange({ start, end }: TextRange): TextRange {
  return { start, end };
}

/** Each instance of a block reports the same problem. */
function onePerPlace(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  if (problems.length < 2) return problems;
  const seen = new Set<string>();
  return problems.filter(({ declaration, range, code }) => {
    const key = `${declaration.file} ${String(range.start)} ${String(range.end)} ${code}`;
    return !seen.has(key) && seen.add(key);
  });
}

function maybeOf(outer: readonly Reason[] | undefined, expansion: Expansion): readonly Reason[] | undefined {
  if (expansion.kind !== "unknown") return outer;
  return outer === undefined ? expansion.reasons : [...outer, ...expansion.reasons];
}

function collectionOf(expansion: Expansion, items: readonly (readonly [InstanceKey, Value])[]): Value {
  switch (expansion.kind) {
    case "single":
    case "count":
      return tuple(items.map(([, value]) => value));
    case "each":
      return object(items.map(([key, value]) => [String(key), value] as const));
    case "unknown":
      return unknown(DYNAMIC, expansion.reasons);
  }
}

function withPolicyDocument(type: string, values: ObjectValue): ObjectValue {
  const json = policyDocument(type, values);
  const entries: [string, Value][] = [
    ["json", json],
    ["document", json],
    ["minified_json", json],
  ];
  return withMembers(
    values,
    entries.filter(([name]) => values.entries.has(name)),
  );
}

function sameExpansion(a: Expansion, b: Expansion): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "single":
      return b.kind === "single";
    case "count":
      return b.kind === "count" && a.count === b.count;
    case "each":
      if (b.kind !== "each" || a.elements.size !== b.elements.size) return false;
      for (const [key, value] of a.elements) {
        const other = b.elements.get(key);
        if (other === undefined || !equalValues(value, other)) return false;
      }
      return true;
    case "unknown":
      return b.kind === "unknown" && a.by === b.by && sameReasons(a.reasons, b.reasons);
  }
}

function sameReasons(a: readonly Reason[] | undefined, b: readonly Reason[] | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  return a.every((reason, at) => reason.kind === b[at]?.kind && reason.detail === b[at].detail);
}

function sameModule(a: ModuleInstance, b: ModuleInstance): boolean {
  return (
    a.address === b.address &&
    a.directory === b.directory &&
    a.parent === b.parent &&
    a.call === b.call &&
    a.downloaded === b.downloaded &&
    sameReasons(a.maybe, b.maybe)
  );
}

function sameInstance(a: ResourceInstance, b: ResourceInstance): boolean {
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

function sameResource(a: ResourceEvaluation, b: ResourceEvaluation): boolean {
  return (
    a.instances.length === b.instances.length &&
    a.instances.every((instance, at) => instance === b.instances[at]) &&
    sameExpansion(a.expansion, b.expansion) &&
    sameProblems(a.problems, b.problems)
  );
}

function sameResourceValues(a: ResourceValues, b: ResourceValues): boolean {
  if (a.schema !== b.schema || a.instances.size !== b.instances.size) return false;
  for (const [key, value] of a.instances) {
    const other = b.instances.get(key);
    if (other === undefined || (value !== other && !equalValues(value, other))) return false;
  }
  return true;
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
