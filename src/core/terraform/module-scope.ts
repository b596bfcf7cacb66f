import { relativePath } from "../text/path.ts";
import { bool, DYNAMIC, object, string, tuple, unknown, listOf, NULL } from "../values/make.ts";
import type { Value } from "../values/value.ts";
import { CYCLE } from "./evaluations.ts";
import type { Expansion, Repetition } from "./expansion.ts";
import type { InstanceKey } from "./model.ts";
import type { ModuleEvaluator } from "./module-evaluator.ts";
import { computed, type Iterations } from "./resource-body.ts";
import type { ScopeEntry, ScopeNamespace } from "./scope.ts";

/** The block that an expression stands in. */
export interface Self {
  readonly symbol: string;
  /** Where `self` may be said, in provisioners, connections and postconditions: which instance it is. */
  readonly instance?: { readonly key: InstanceKey };
}

/** What a name at the start of a reference stands for in a module instance: everything behind it is evaluated when it is asked for. */
export function rootEntry(
  module: ModuleEvaluator,
  name: string,
  repetition: Repetition,
  iterations: Iterations,
  self: Self | undefined,
): ScopeEntry | undefined {
  const iteration = iterations.get(name);
  if (iteration !== undefined) return { kind: "value", value: object(Object.entries(iteration)) };
  switch (name) {
    case "var":
      return namespaceOf("var", (member) => declaredValue(module, `var.${member}`));
    case "local":
      return namespaceOf("local", (member) => declaredValue(module, `local.${member}`));
    case "module":
      return namespaceOf("module", (member) => moduleEntry(module, member));
    case "data":
      return namespaceOf("data", (type) =>
        namespaceOf(`data.${type}`, (member) => resourceEntry(module, `data.${type}.${member}`, self)),
      );
    case "resource":
      return namespaceOf("resource", (type) => namespaceOf(type, (member) => resourceEntry(module, `${type}.${member}`, self)));
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
      const inside = relativePath(module.module.root, module.module.directory);
      return {
        kind: "value",
        value: object([
          ["cwd", string(module.module.root)],
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
          ["applying", { ...bool(false), ephemeral: true }],
          ["workspace", module.context.workspace(module.module.root)],
        ]),
      };
    case "self":
      return self?.instance === undefined ? undefined : instanceEntry(module, self.symbol, self.instance.key);
    case "ephemeral":
      return namespaceOf("ephemeral", (type) =>
        namespaceOf(`ephemeral.${type}`, (member) => {
          const reason = { kind: "computed", detail: `ephemeral.${type}.${member}` } as const;
          return { kind: "value", value: unknown(DYNAMIC, reason, { ephemeral: true }) };
        }),
      );
    default:
      // `aws_s3_bucket.b`: a word without underscore can't be a type that exists.
      return name.includes("_") ? namespaceOf(name, (member) => resourceEntry(module, `${name}.${member}`, self)) : undefined;
  }
}

function namespaceOf(label: string, member: (name: string) => ScopeEntry | undefined): ScopeNamespace {
  return { kind: "namespace", label, member, value: () => undefined };
}

function declaredValue(module: ModuleEvaluator, symbol: string): ScopeEntry | undefined {
  return module.declared(symbol) === undefined ? undefined : { kind: "value", value: module.symbol(symbol).value };
}

function moduleEntry(module: ModuleEvaluator, name: string): ScopeEntry | undefined {
  const declared = module.declared(`module.${name}`);
  if (declared === undefined) return undefined;
  const { target, expansion } = module.call(name);
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
    members: "attributes",
    member: (output) => declaredValue(child, `output.${output}`),
    value: () => allOutputs(child),
  });
  if (expansion.kind === "single") {
    const [child] = module.children(name);
    return child === undefined ? { kind: "value", value: unknown(DYNAMIC, CYCLE) } : outputs(child);
  }
  const find = (key: string | number): ScopeEntry | undefined => {
    const child = module.children(name).find((other) => expansion.kind === "unknown" || other.module.key === key);
    return child === undefined ? undefined : outputs(child);
  };
  return {
    kind: "namespace",
    label,
    ...(expansion.kind === "unknown" ? { maybe: expansion.reasons } : {}),
    index: find,
    member: (key) => (expansion.kind === "count" ? undefined : find(key)),
    value: () =>
      collectionOf(
        expansion,
        module.children(name).map((child) => [child.module.key, allOutputs(child)]),
        module.addressOf(label, undefined),
      ),
  };
}

function allOutputs(module: ModuleEvaluator): Value {
  const entries: [string, Value][] = [];
  for (const { symbol, kind } of module.context.sources.symbols(module.module.directory)) {
    if (kind === "output") entries.push([symbol.slice("output.".length), module.symbol(symbol).value]);
  }
  return object(entries);
}

function resourceEntry(module: ModuleEvaluator, symbol: string, self: Self | undefined): ScopeEntry | undefined {
  const declared = module.declared(symbol);
  if (declared === undefined) return undefined;
  if (symbol === self?.symbol) {
    // Terraform refuses a block that refers to itself; the rest of the block is worth evaluating all the same.
    return { kind: "value", value: unknown(DYNAMIC, { kind: "invalid", detail: `${symbol} refers to itself` }, {}) };
  }
  const expansion = module.expansion(symbol);
  if (expansion.kind === "single") return instanceEntry(module, symbol, undefined);
  const find = (key: string | number): ScopeEntry | undefined => {
    if (expansion.kind === "unknown") return instanceEntry(module, symbol, undefined);
    const plain = expansion.kind === "count" ? Number(key) : String(key);
    const has =
      expansion.kind === "count" ? Number(plain) >= 0 && Number(plain) < expansion.count : expansion.elements.has(String(plain));
    return has ? instanceEntry(module, symbol, plain) : undefined;
  };
  return {
    kind: "namespace",
    label: symbol,
    ...(expansion.kind === "unknown" ? { maybe: expansion.reasons } : {}),
    index: find,
    member: (key) => (expansion.kind === "each" ? find(key) : undefined),
    value: () => {
      const block = module.addressOf(symbol, undefined);
      if (expansion.kind !== "unknown") return collectionOf(expansion, [...module.resourceValues(symbol).instances], block);
      const one = instanceEntry(module, symbol, undefined);
      return collectionOf(expansion, [[undefined, one.kind === "value" ? one.value : (one.value() ?? NULL)]], block);
    },
  };
}

function instanceEntry(module: ModuleEvaluator, symbol: string, key: InstanceKey): ScopeEntry {
  const { instances, schema } = module.resourceValues(symbol);
  const value = instances.get(key);
  if (value === undefined) return { kind: "value", value: unknown(DYNAMIC, CYCLE) };
  if (schema !== undefined)
    return module.expansion(symbol).kind === "single" ? { kind: "value", value, single: true } : { kind: "value", value };
  const data = symbol.startsWith("data.");
  const origin = { address: module.addressOf(symbol, key), mode: data ? ("data" as const) : ("managed" as const) };
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

function collectionOf(expansion: Expansion, items: readonly (readonly [InstanceKey, Value])[], block: string): Value {
  switch (expansion.kind) {
    case "single":
    case "count":
      return tuple(items.map(([, value]) => value));
    case "each":
      return object(items.map(([key, value]) => [String(key), value] as const));
    case "unknown": {
      const [first] = items;
      const refinement = { notNull: true, ...(first === undefined ? {} : { element: first[1], block }) };
      return unknown(expansion.by === "count" ? listOf(DYNAMIC) : DYNAMIC, expansion.reasons, { refinement });
    }
  }
}
