import type { BlockSchema } from "../terraform/schema.ts";
import type { Origin, Path, Step, Type } from "../values/value.ts";
import {
  isJsonList,
  isJsonObject,
  joinAddress,
  keyText,
  listOf,
  memberOf,
  moduleAddress,
  plainText,
  symbolOf,
  textOf,
  type Json,
  type JsonObject,
  type ModuleStep,
  type RecordedResource,
} from "./model.ts";
import { longestReferences, type Reference } from "./references.ts";

/** What the configuration of a plan says of an attribute whose value is known after apply. */
export type Written =
  /** Nothing is written, or null: the provider decides. */
  | { readonly kind: "omitted" }
  /** An expression. `origin`: it is that attribute and nothing else; `among`: all that it refers to, where that can be said. */
  | { readonly kind: "written"; readonly origin: Origin | undefined; readonly among: ReadonlySet<string> | undefined }
  /** A `dynamic` block may have written it, or an expression may have come out as null: a plan does not tell. */
  | { readonly kind: "unclear" };

const OMITTED: Written = { kind: "omitted" };
const UNCLEAR: Written = { kind: "unclear" };
const MAXIMUM_DEPTH = 20;

/** What a set of references comes to. */
interface Resolved {
  /** Addresses of resources; undefined: something can't be followed. */
  readonly among: ReadonlySet<string> | undefined;
  /** The one attribute that the expression can only be. */
  readonly origin: Origin | undefined;
  /** Everything is known while planning. */
  readonly known: boolean;
}

/** The instance in whose block or call an expression stands: what `each.value` and a variable mean. */
interface Surroundings {
  readonly modulePath: readonly ModuleStep[];
  readonly forEach: Json | undefined;
}

/** The `configuration` of a plan: expressions without their text, but with what they refer to. */
export class PlanConfiguration {
  readonly #json: JsonObject;
  readonly #modules = new Map<string, Map<string, JsonObject>>();

  constructor(json: JsonObject) {
    this.#json = json;
  }

  /** False: the configuration has no such block. undefined: it can't be told. */
  declares(resource: RecordedResource): boolean | undefined {
    return this.#module(resource.modulePath) === undefined ? undefined : this.#resource(resource) !== undefined;
  }

  /** `aws.west`, followed through modules. */
  providerKey(resource: RecordedResource): string | undefined {
    const key = textOf(this.#resource(resource)?.["provider_config_key"]);
    return key === undefined ? undefined : configurationName(key);
  }

  /** Every provider configuration: its name as instances have it, and its arguments' expressions. */
  providers(): readonly { readonly key: string; readonly name: string; readonly module: string; readonly expressions: Json }[] {
    const configurations = this.#json["provider_config"];
    if (!isJsonObject(configurations)) return [];
    return Object.entries(configurations).flatMap(([key, json]) => {
      const name = textOf(memberOf(json, "name"));
      if (name === undefined) return [];
      return [
        {
          key: configurationName(key),
          name,
          module: textOf(memberOf(json, "module_address")) ?? "",
          expressions: memberOf(json, "expressions") ?? {},
        },
      ];
    });
  }

  /** Tells of a resource's attributes whether nothing is written for them; undefined: the plan does not say. */
  omits(resource: RecordedResource, schema: BlockSchema): ((name: string) => boolean) | undefined {
    const block = this.#resource(resource);
    if (block === undefined) return undefined;
    const expressions = block["expressions"] ?? {};
    return (name) => {
      const attribute = schema.attributes.get(name);
      return attribute !== undefined && memberOf(expressions, name) === undefined && !mayBeBlocks(attribute.type);
    };
  }

  /** What is written at a path of a resource where the plan knows no value. */
  written(resource: RecordedResource, schema: BlockSchema | undefined, path: Path): Written {
    const block = this.#resource(resource);
    if (block === undefined || schema === undefined) return UNCLEAR;
    const surroundings = { modulePath: resource.modulePath, forEach: block["for_each_expression"] };
    return this.#inBlock(block["expressions"] ?? {}, resource.values, schema, path, surroundings);
  }

  #inBlock(expressions: Json, values: Json | undefined, schema: BlockSchema, path: Path, surroundings: Surroundings): Written {
    const [name, ...rest] = path;
    if (typeof name !== "string") return UNCLEAR;
    const expression = memberOf(expressions, name);
    const attribute = schema.attributes.get(name);
    if (attribute !== undefined) {
      if (expression === undefined) return mayBeBlocks(attribute.type) ? UNCLEAR : OMITTED;
      return this.#expression(expression, attribute.type, memberOf(values, name), rest, surroundings);
    }
    const nested = schema.blocks.get(name);
    if (nested === undefined || expression === undefined) return UNCLEAR;
    const [index, ...inner] = rest;
    const element = memberOf(memberOf(values, name), typeof index === "number" ? index : 0) ?? memberOf(values, name);
    if (!isJsonList(expression)) return this.#inBlock(expression, element, nested, inner, surroundings);
    const count = listOf(memberOf(values, name)).length;
    // More blocks than are written come from a `dynamic`, fewer can't be.
    if (typeof index !== "number" || expression.length !== count) return UNCLEAR;
    if (nested.nesting !== "set") return this.#inBlock(expression[index] ?? {}, element, nested, inner, surroundings);
    const fitting = expression.filter((candidate) => fits(candidate, element));
    const [first, ...others] = fitting.map((candidate) => this.#inBlock(candidate, element, nested, inner, surroundings));
    return first !== undefined && others.every((other) => sameWritten(first, other)) ? first : UNCLEAR;
  }

  #expression(expression: Json, type: Type, value: Json | undefined, path: Path, surroundings: Surroundings): Written {
    const constant = memberOf(expression, "constant_value");
    if (constant === null) return OMITTED;
    if (constant !== undefined) return UNCLEAR;
    const resolved = this.#resolve(expression, surroundings, 0);
    if (resolved.known) {
      // It came out as null; a function that is evaluated while applying could hide in a text only.
      return (type.kind === "bool" || type.kind === "number") && path.length === 0 ? OMITTED : UNCLEAR;
    }
    if (path.length === 0) return { kind: "written", origin: resolved.origin, among: resolved.among };
    return { kind: "written", origin: this.#elementOrigin(expression, value, path, resolved, surroundings), among: resolved.among };
  }

  /** The elements of a list that are not known are its references, if there are as many. */
  #elementOrigin(
    expression: Json,
    value: Json | undefined,
    path: Path,
    resolved: Resolved,
    surroundings: Surroundings,
  ): Origin | undefined {
    const [index] = path;
    if (path.length !== 1 || typeof index !== "number" || !isJsonList(value)) return undefined;
    const open = value.flatMap((item, at) => (item === null ? [at] : []));
    if (open.length === 1) return value.length === 1 ? resolved.origin : undefined;
    const references = longestReferences(listOf(memberOf(expression, "references")).flatMap((text) => textOf(text) ?? []));
    if (references?.length !== open.length) return undefined;
    const reference = references[open.indexOf(index)];
    return reference === undefined ? undefined : this.#resolveOne(reference, surroundings, 0).origin;
  }

  #resolve(expression: Json | undefined, surroundings: Surroundings, depth: number): Resolved {
    if (memberOf(expression, "constant_value") !== undefined) return { among: new Set(), origin: undefined, known: true };
    const texts = listOf(memberOf(expression, "references")).flatMap((text) => textOf(text) ?? []);
    const references = longestReferences(texts);
    // An expression without references that is no constant calls a function such as `timestamp`, or is made of blocks.
    if (references === undefined || references.length === 0 || depth > MAXIMUM_DEPTH) return UNRESOLVED;
    const resolved = references.map((reference) => this.#resolveOne(reference, surroundings, depth));
    const [only] = resolved;
    let among: Set<string> | undefined = new Set<string>();
    for (const one of resolved) {
      if (one.among === undefined) among = undefined;
      else for (const address of one.among) among?.add(address);
    }
    return {
      among,
      origin: resolved.length === 1 ? only?.origin : undefined,
      known: resolved.every((one) => one.known),
    };
  }

  #resolveOne({ steps }: Reference, surroundings: Surroundings, depth: number): Resolved {
    const [root, name, ...rest] = steps;
    const { modulePath } = surroundings;
    switch (root) {
      case "path":
      case "terraform":
      case "tofu":
      case "count":
        return KNOWN;
      case "each":
        if (name === "key") return KNOWN;
        return notExactly(this.#resolve(surroundings.forEach, { modulePath, forEach: undefined }, depth + 1));
      case "var": {
        const parent = modulePath.at(-1);
        if (parent === undefined) return KNOWN;
        const outer = modulePath.slice(0, -1);
        const call = memberOf(memberOf(this.#module(outer), "module_calls"), parent.name);
        if (call === undefined) return UNRESOLVED;
        const argument = memberOf(memberOf(call, "expressions"), String(name));
        // Its default.
        if (argument === undefined) return KNOWN;
        const resolved = this.#resolve(argument, { modulePath: outer, forEach: memberOf(call, "for_each_expression") }, depth + 1);
        return rest.length === 0 ? resolved : notExactly(resolved);
      }
      case "module":
        return this.#resolveOutput(typeof name === "string" ? name : "", rest, modulePath, depth);
      case "data":
        return typeof name === "string" ? this.#resolveResource(`data.${name}`, rest, modulePath) : UNRESOLVED;
      case "resource":
        return typeof name === "string" ? this.#resolveResource(name, rest, modulePath) : UNRESOLVED;
      default:
        return typeof root === "string" && root.includes("_") && name !== undefined
          ? this.#resolveResource(root, [name, ...rest], modulePath)
          : UNRESOLVED;
    }
  }

  #resolveResource(type: string, steps: readonly Step[], modulePath: readonly ModuleStep[]): Resolved {
    const [name, ...rest] = steps;
    if (typeof name !== "string") return UNRESOLVED;
    const block = this.#blocks(modulePath)?.get(`${type}.${name}`);
    if (block === undefined) return UNRESOLVED;
    const prefix = moduleAddress(modulePath);
    const whole = joinAddress(prefix, `${type}.${name}`);
    const expands = block["count_expression"] !== undefined || block["for_each_expression"] !== undefined;
    const [key, ...behind] = rest;
    if (expands && key === undefined) return { among: new Set([whole]), origin: undefined, known: false };
    const path = expands ? behind : rest;
    const address = expands ? whole + keyText(key) : whole;
    return { among: new Set([whole]), origin: path.length === 0 ? undefined : { address, path }, known: false };
  }

  #resolveOutput(name: string, steps: readonly Step[], modulePath: readonly ModuleStep[], depth: number): Resolved {
    const call = memberOf(memberOf(this.#module(modulePath), "module_calls"), name);
    if (call === undefined) return UNRESOLVED;
    const expands = memberOf(call, "count_expression") !== undefined || memberOf(call, "for_each_expression") !== undefined;
    const [key, ...behind] = steps;
    const [output, ...rest] = expands ? behind : steps;
    if (output === undefined) return UNRESOLVED;
    const child = [...modulePath, { name, key: expands ? key : undefined }];
    const expression = memberOf(memberOf(memberOf(memberOf(call, "module"), "outputs"), String(output)), "expression");
    if (expression === undefined) return UNRESOLVED;
    const resolved = this.#resolve(expression, { modulePath: child, forEach: undefined }, depth + 1);
    return rest.length === 0 ? resolved : notExactly(resolved);
  }

  #resource(resource: RecordedResource): JsonObject | undefined {
    return this.#blocks(resource.modulePath)?.get(symbolOf(resource));
  }

  #blocks(modulePath: readonly ModuleStep[]): ReadonlyMap<string, JsonObject> | undefined {
    const key = modulePath.map(({ name }) => name).join(".");
    const known = this.#modules.get(key);
    if (known !== undefined) return known;
    const module = this.#module(modulePath);
    if (module === undefined) return undefined;
    const blocks = new Map<string, JsonObject>();
    for (const block of listOf(module["resources"])) {
      const address = textOf(memberOf(block, "address"));
      if (isJsonObject(block) && address !== undefined) blocks.set(address, block);
    }
    this.#modules.set(key, blocks);
    return blocks;
  }

  #module(modulePath: readonly ModuleStep[]): JsonObject | undefined {
    let module = this.#json["root_module"];
    for (const { name } of modulePath) module = memberOf(memberOf(memberOf(module, "module_calls"), name), "module");
    return isJsonObject(module) ? module : undefined;
  }
}

const UNRESOLVED: Resolved = { among: undefined, origin: undefined, known: false };
const KNOWN: Resolved = { among: new Set(), origin: undefined, known: true };

function notExactly(resolved: Resolved): Resolved {
  return resolved.origin === undefined ? resolved : { ...resolved, origin: undefined };
}

/** `module.a:aws.west` is what instances call `module.a.aws.west`. */
function configurationName(key: string): string {
  return key.replace(":", ".");
}

/** Whether a `dynamic` block may stand for the attribute. */
function mayBeBlocks(type: Type): boolean {
  return (type.kind === "list" || type.kind === "set") && type.element.kind === "object";
}

/** Whether a block's constants are those of an element. */
function fits(expressions: Json, element: Json | undefined): boolean {
  if (!isJsonObject(expressions)) return true;
  return Object.entries(expressions).every(([name, expression]) => {
    const constant = memberOf(expression, "constant_value");
    const value = memberOf(element, name);
    const text = plainText(constant);
    return text === undefined || value === undefined || value === null || plainText(value) === text;
  });
}

function sameWritten(a: Written, b: Written): boolean {
  if (a.kind !== "written" || b.kind !== "written") return a.kind === b.kind;
  return a.origin?.address === b.origin?.address && a.origin?.path.join() === b.origin?.path.join();
}
