import type { ASTNode } from "@marcbachmann/cel-js";
import { list, NULL, reason } from "../values/make.ts";
import type { Reason, Selectable, Value } from "../values/value.ts";
import type { Context } from "./expressions.ts";
import { noteRead, problem, wants } from "./expressions.ts";
import type { Node, StaticPath, Traced } from "./node.ts";
import {
  childAt,
  mergePaths,
  mergeReasons,
  NONE,
  pathEvidence,
  rebase,
  reasonsOf,
  traced,
  undetermined,
  valueType,
  withPath,
} from "./node.ts";
import type { StaticType } from "./program.ts";
import { elementType, selectType, staticTypeName } from "./static-types.ts";

/** `self`: the instance under check. */
export function selfNode(ast: ASTNode, type: StaticType | undefined, context: Context): Node {
  if (type === undefined) return problem(context, ast, "There is no `self` here.");
  return {
    range: ast.range,
    type,
    run: (frame) => ({ kind: "instance", target: frame.scope.instance }),
    explain: (frame) => traced({ kind: "instance", target: frame.scope.instance, path: [] }),
    path: { root: "", steps: [], parts: [], reads: [] },
  };
}

/** An attribute, part or view by its bare name. */
export function nameNode(ast: ASTNode, name: string, type: StaticType, context: Context): Node {
  const path: StaticPath = { root: "", steps: [name], parts: type.kind === "instance" ? [1] : [], reads: [name] };
  noteRead(context, path);
  return {
    range: ast.range,
    type,
    run: (frame) => frame.scope.instance.select(name),
    explain: (frame) => {
      const value = traceName(frame.scope.instance, name);
      return traced(value, pathEvidence(value));
    },
    path,
  };
}

export function compileSelect(ast: ASTNode, of: Node, name: string, context: Context): Node {
  const type = selectType(of.type, name);
  if ("problem" in type) {
    // The name is the last thing of a selection.
    return problem(context, { start: ast.end - name.length, end: ast.end }, type.problem);
  }
  const path = extend(of, name, type);
  if (path?.reads !== undefined && of.path?.reads !== undefined) {
    // The longer path says what is read.
    if (of.path.root === "" || of.path.steps.length > 0) context.unit.reads.delete(of.path.reads.join("\u0000"));
  }
  noteRead(context, path);
  const wanted = valueType(type);
  const derived = of.derived === true;
  return {
    range: ast.range,
    type,
    ...(derived ? { derived } : {}),
    run: (frame) => selectFrom(of.run(frame), name, wanted, false),
    explain: (frame) => {
      const holder = of.explain(frame);
      const found = selectFrom(holder.value, name, wanted, true);
      // Nothing that a function made has a place of its own below it.
      const placeless = derived && holder.value.path !== undefined && found.path?.length === holder.value.path.length + 1;
      const value = placeless && found.path.at(-1) === name ? withPath(found, holder.value.path) : found;
      return traced(value, value.path === undefined ? itemEvidence(value, holder) : [value.path]);
    },
    path,
  };
}

export function compileIndex(ast: ASTNode, of: Node, index: Node, context: Context): Node {
  const { type } = of;
  if (type.kind === "map" || type.kind === "object") {
    if (!wants(context, index, ["string"], "A key")) return of;
    if (index.constant?.kind === "string" && type.kind === "object") return compileSelect(ast, of, index.constant.value, context);
  } else if (elementType(type) !== undefined) {
    if (!wants(context, index, type.kind === "dynamic" ? ["number", "string"] : ["number"], "An index")) return of;
  } else return problem(context, ast, `A ${staticTypeName(type)} can't be indexed.`);
  const element = type.kind === "map" ? type.element : (elementType(type) ?? { kind: "dynamic" as const });
  const path: StaticPath | undefined =
    of.path === undefined
      ? undefined
      : { ...of.path, steps: [...of.path.steps, "*"], reads: of.path.reads === undefined ? undefined : [...of.path.reads, "*"] };
  if (of.path?.reads !== undefined) context.unit.reads.delete(of.path.reads.join("\u0000"));
  noteRead(context, path);
  // Where a list was filtered or made, an unknown rest may stand before the element.
  const ordered = of.path !== undefined;
  const at = (holder: Value, key: Value): Value => indexInto(holder, key, valueType(element), ordered);
  return {
    range: ast.range,
    type: element,
    ...(of.derived === true ? { derived: true as const } : {}),
    run: (frame) => at(of.run(frame), index.run(frame)),
    explain: (frame) => {
      const holder = of.explain(frame);
      const key = index.explain(frame);
      const value = at(holder.value, key.value);
      return traced(value, value.path === undefined ? mergePaths(holder.evidence, key.evidence) : [value.path]);
    },
    path,
  };
}

function itemEvidence(value: Value, holder: Traced): Traced["evidence"] {
  if ("items" in value) {
    const paths = value.items.flatMap((item) => (item.path === undefined ? [] : [item.path]));
    if (paths.length > 0) return paths;
  }
  return holder.evidence;
}

function extend(of: Node, name: string, type: StaticType): StaticPath | undefined {
  const { path } = of;
  if (path === undefined) return undefined;
  const many = of.type.kind === "instances" || of.type.kind === "list" || of.type.kind === "set";
  const steps = [...path.steps, name];
  const reads = path.reads === undefined ? undefined : [...path.reads, ...(many ? ["*"] : []), name];
  return { root: path.root, steps, parts: type.kind === "instance" ? [...path.parts, steps.length] : path.parts, reads };
}

/** Selecting from null is null, from a list visits every element. */
function selectFrom(holder: Value, name: string, wanted: ReturnType<typeof valueType>, trace: boolean): Value {
  switch (holder.kind) {
    case "instance": {
      const { target, path, maybe } = holder;
      if (trace && path !== undefined) {
        const found = traceName(target, name);
        return certain(path.length === 0 ? found : rebase(found, path), maybe, wanted);
      }
      return certain(target.select(name), maybe, wanted);
    }
    case "object":
    case "map": {
      const found = holder.entries.get(name) ?? NULL;
      const value = holder.sensitive === true && found.sensitive !== true ? { ...found, sensitive: true as const } : found;
      return trace ? childAt(holder, name, value) : value;
    }
    case "null":
      return trace && holder.path !== undefined ? { kind: "null", type: wanted, path: [...holder.path, name] } : NULL;
    case "unknown": {
      // A structure with unknown leaves can be known where it is looked at.
      const document = holder.refinement?.document;
      if (document !== undefined && holder.type.kind !== "string") return selectFrom(document, name, wanted, trace);
      const value = undetermined(wanted, holder.reasons);
      return trace && holder.path !== undefined ? withPath(value, [...holder.path, name]) : value;
    }
    case "list":
    case "set":
    case "tuple":
      return selectEach(holder, name, wanted, trace);
    default:
      return undetermined(wanted, [reason("error", `\`${name}\` of a ${holder.kind}`)]);
  }
}

/** What is selected from an instance that may not exist may be null instead. */
function certain(value: Value, maybe: readonly Reason[] | undefined, wanted: ReturnType<typeof valueType>): Value {
  if (maybe === undefined || value.kind === "null") return value;
  const open = undetermined(wanted, mergeReasons(maybe, value.kind === "unknown" ? value.reasons : NONE));
  return value.path === undefined ? open : withPath(open, value.path);
}

function selectEach(
  holder: Extract<Value, { kind: "list" | "set" | "tuple" }>,
  name: string,
  wanted: ReturnType<typeof valueType>,
  trace: boolean,
): Value {
  const items: Value[] = [];
  let rest: readonly Reason[] = holder.rest ?? NONE;
  const element = wanted.kind === "list" || wanted.kind === "set" ? wanted.element : wanted;
  holder.items.forEach((item, index) => {
    const own = trace ? childAt(holder, index, item) : item;
    const maybe = own.kind === "instance" ? own.maybe : undefined;
    const found = selectFrom(own.kind === "instance" && maybe !== undefined ? exists(own) : own, name, element, trace);
    if (found.kind === "null") return;
    if (maybe !== undefined) {
      // What belongs to an instance that may not exist may not exist either.
      for (const one of "items" in found ? found.items : [found]) {
        if (one.kind === "instance") items.push({ ...one, maybe: mergeReasons(maybe, one.maybe ?? NONE) });
        else rest = mergeReasons(rest, maybe);
      }
      if ("rest" in found) rest = mergeReasons(rest, found.rest);
    } else if ("items" in found) {
      found.items.forEach((one, i) => items.push(trace ? childAt(found, i, one) : one));
      if (found.rest !== undefined) rest = mergeReasons(rest, found.rest);
    } else if (found.kind === "unknown") rest = mergeReasons(rest, found.reasons);
    else items.push(found);
  });
  return rest.length === 0 ? list(element, items) : list(element, items, rest);
}

/** The instance, taken to exist. */
export function exists(value: Extract<Value, { kind: "instance" }>): Value {
  return value.path === undefined
    ? { kind: "instance", target: value.target }
    : { kind: "instance", target: value.target, path: value.path };
}

function indexInto(holder: Value, key: Value, wanted: ReturnType<typeof valueType>, ordered: boolean): Value {
  if (holder.kind === "null") return holder.path === undefined ? NULL : { kind: "null", type: wanted, path: holder.path };
  if (holder.kind === "unknown" || key.kind === "unknown" || key.kind === "null") {
    return undetermined(
      wanted,
      mergeReasons(
        holder.kind === "unknown" ? holder.reasons : NONE,
        key.kind === "unknown" || key.kind === "null" ? reasonsOf(key) : NONE,
      ),
    );
  }
  if ((holder.kind === "map" || holder.kind === "object") && key.kind === "string") {
    return childAt(holder, key.value, inherit(holder, holder.entries.get(key.value) ?? NULL));
  }
  if ("items" in holder && key.kind === "number") {
    const index = typeof key.value === "number" ? key.value : -1;
    const item = holder.items[index];
    if (holder.rest !== undefined && (item === undefined || !ordered)) return undetermined(wanted, holder.rest);
    for (const before of holder.items.slice(0, index + 1)) {
      if (before.kind === "instance" && before.maybe !== undefined) return undetermined(wanted, before.maybe);
    }
    return item === undefined ? NULL : childAt(holder, index, inherit(holder, item));
  }
  return undetermined(wanted, [reason("error", `a ${holder.kind} indexed by a ${key.kind}`)]);
}

function inherit(holder: Value, value: Value): Value {
  return holder.sensitive === true && value.sensitive !== true ? { ...value, sensitive: true } : value;
}

/** Reads a name with its path, relative to the instance it is read from. */
function traceName(target: Selectable, name: string): Value {
  const value = canTrace(target) ? target.trace(name) : target.select(name);
  return value.path === undefined ? withPath(value, [name]) : value;
}

function canTrace(target: Selectable): target is Selectable & { trace(name: string): Value } {
  return "trace" in target && typeof target.trace === "function";
}
