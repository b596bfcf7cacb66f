import type { Attribute, Block } from "../hcl/syntax.ts";
import { untracked } from "../memo/memo.ts";
import { object, string } from "../values/make.ts";
import { withMembers } from "../values/sparse.ts";
import type { ObjectValue, Value } from "../values/value.ts";
import { resourceSchema } from "./built-in-types.ts";
import { blockOf, placed } from "./declarations.ts";
import { withDefaultTags } from "./default-tags.ts";
import { evaluate } from "./evaluate.ts";
import { type ExpansionEvaluation, NOTHING, type ResourceEvaluation } from "./evaluations.ts";
import { keysOf, maybeOf, NO_REPETITION, type Repetition, repetitionOf, SINGLE } from "./expansion.ts";
import type { ResourceInstance } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { NO_PROBLEMS, onePerPlace, type PlacedProblem } from "./placed-problem.ts";
import { policyDocument } from "./policy-documents.ts";
import { impliedProvider, providerReference } from "./provider-configurations.ts";
import { type BodyReader, META_ARGUMENTS, NO_ITERATIONS, readBody, readWritten } from "./resource-body.ts";
import { type Budget, type EvaluationScope, newBudget } from "./scope.ts";
import type { Declared } from "./sources.ts";
import { attributeNamed } from "./symbols.ts";
import { typeText } from "./variables.ts";

/** More blocks made by `dynamic` in one instance than this are not evaluated. */
const BLOCK_LIMIT = 20_000;

const POLICY_DOCUMENTS: ReadonlySet<string> = new Set([
  "aws_iam_policy_document",
  "alicloud_ram_policy_document",
  "tencentcloud_cam_policy_document",
]);

const NOT_REPEATED: ExpansionEvaluation = { expansion: SINGLE, problems: NO_PROBLEMS };

/** The instances of one block in a module instance. */
export function evaluateUnit(module: ModuleEvaluator, symbol: string): ResourceEvaluation {
  const declared = module.declared(symbol);
  const block = blockOf(declared);
  if (declared === undefined || block === undefined) return NOTHING;
  switch (declared.kind) {
    case "managed":
    case "data":
      return evaluateResource(module, declared, block, declared.kind);
    case "provider":
      return evaluateProvider(module, declared, block);
    case "variable":
    case "output":
      return evaluateValueBlock(module, declared, block, declared.kind);
    default:
      return NOTHING;
  }
}

function evaluateResource(module: ModuleEvaluator, declared: Declared, block: Block, mode: "managed" | "data"): ResourceEvaluation {
  const { symbol, declaration } = declared;
  const [type = "", name = ""] = symbol.split(".").slice(mode === "data" ? 1 : 0);
  const schema = mode === "data" ? module.context.schemas.data(type) : resourceSchema(module.context.schemas, type);
  let providerAttribute: Attribute | undefined;
  let isRepeated = false;
  for (const item of block.body.items) {
    if (item.kind !== "attribute") continue;
    const { name } = item.name;
    if (name === "provider") providerAttribute ??= item;
    else if (name === "count" || name === "for_each") isRepeated = true;
  }
  // No query for the many blocks that nothing repeats.
  const { expansion, problems: expansionProblems } = isRepeated ? module.expansionOf(symbol) : NOT_REPEATED;
  const problems = [...expansionProblems];
  const localName = providerAttribute === undefined ? undefined : providerReference(providerAttribute.value);
  const providerName = localName ?? impliedProvider(type);
  const provider = module.provider(providerName);
  const maybe = maybeOf(module.module.maybe, expansion);
  const instances: ResourceInstance[] = [];
  const budget = unitBudget(module);
  for (const key of keysOf(expansion)) {
    const address = module.addressOf(symbol, key);
    const reader = readerOf(module, declared, problems, repetitionOf(expansion, key), address, mode, budget);
    let values =
      schema === undefined
        ? readWritten(block.body, reader, NO_ITERATIONS, META_ARGUMENTS)
        : readBody(block.body, schema, reader, NO_ITERATIONS, []);
    if (mode === "data" && POLICY_DOCUMENTS.has(type)) values = withPolicyDocument(type, values);
    values = withDefaultTags(type, mode, values, () => module.tagDefaults(providerName));
    instances.push({ address, mode, type, name, key, module: module.module, provider, values, maybe, declaration, schema });
  }
  return { instances, expansion, problems: onePerPlace(problems) };
}

/** All instances of a block share it. */
function unitBudget(module: ModuleEvaluator): Budget {
  const { maximumSteps, maximumElements } = module.context.limits;
  return newBudget({ maximumSteps: 2 * maximumSteps, maximumElements });
}

function readerOf(
  module: ModuleEvaluator,
  declared: Declared,
  problems: PlacedProblem[],
  repetition: Repetition,
  address: string,
  mode: "managed" | "data",
  budget: Budget,
): BodyReader {
  const self = { symbol: declared.symbol };
  let shared: EvaluationScope | undefined;
  let blocks = 0;
  return {
    address,
    mode,
    evaluate: (expression, iterations, holder) => {
      if (iterations !== NO_ITERATIONS || declared.parts.length > 1) {
        return evaluate(expression, module.scope(declared, problems, repetition, iterations, holder, self, budget));
      }
      shared ??= module.scope(declared, problems, repetition, iterations, holder, self, budget);
      return evaluate(expression, shared);
    },
    report: (range, code, message, holder) => problems.push(placed(declared, holder, range, code, message)),
    takeBlocks: (count) => (blocks += count) <= BLOCK_LIMIT,
  };
}

function evaluateProvider(module: ModuleEvaluator, declared: Declared, block: Block): ResourceEvaluation {
  const { symbol, declaration } = declared;
  const [, type = "", alias] = symbol.split(".");
  const problems: PlacedProblem[] = [];
  const instance: ResourceInstance = {
    address: module.addressOf(symbol, undefined),
    mode: "provider",
    type,
    name: alias ?? "",
    key: undefined,
    module: module.module,
    provider: module.provider(symbol.slice("provider.".length)),
    values: providerValues(module, declared, block, problems),
    maybe: module.module.maybe,
    declaration,
    schema: undefined,
  };
  return { instances: [instance], expansion: SINGLE, problems: onePerPlace(problems) };
}

function providerValues(module: ModuleEvaluator, declared: Declared, block: Block, problems: PlacedProblem[]): ObjectValue {
  const address = module.addressOf(declared.symbol, undefined);
  const reader = readerOf(module, declared, problems, NO_REPETITION, address, "managed", unitBudget(module));
  return readWritten(block.body, reader, NO_ITERATIONS, new Set(["alias", "for_each"]));
}

/** What a `provider` block of a module says. */
export function readProvider(module: ModuleEvaluator, name: string): ObjectValue | undefined {
  const declared = module.declared(`provider.${name}`);
  const block = blockOf(declared);
  return declared === undefined || block === undefined ? undefined : providerValues(module, declared, block, []);
}

function evaluateValueBlock(
  module: ModuleEvaluator,
  declared: Declared,
  block: Block,
  mode: "variable" | "output",
): ResourceEvaluation {
  const { symbol, declaration } = declared;
  const entries: [string, Value][] = [["value", module.symbol(symbol).value]];
  const problems: PlacedProblem[] = [];
  for (const name of ["default", "sensitive", "ephemeral", "nullable", "description"]) {
    const attribute = attributeNamed(block, name);
    if (attribute !== undefined) entries.push([name, module.constant(attribute.value)]);
  }
  if (mode === "variable") {
    const text = untracked(() => module.context.sources.source(declaration.file)?.text ?? "");
    const type = typeText(
      block,
      text,
      untracked(() => declaration.item.base),
    );
    if (type !== undefined) entries.push(["type", string(type)]);
  }
  const instance: ResourceInstance = {
    address: module.addressOf(symbol, undefined),
    mode,
    type: mode,
    name: symbol.slice(symbol.indexOf(".") + 1),
    key: undefined,
    module: module.module,
    provider: undefined,
    values: object(entries),
    maybe: module.module.maybe,
    declaration,
    schema: undefined,
  };
  return { instances: [instance], expansion: SINGLE, problems };
}

function withPolicyDocument(type: string, values: ObjectValue): ObjectValue {
  const { text, minified } = policyDocument(type, values);
  const entries: [string, Value][] = [
    ["json", text],
    ["document", text],
    ["minified_json", minified],
  ];
  return withMembers(
    values,
    entries.filter(([name]) => values.entries.has(name)),
  );
}
