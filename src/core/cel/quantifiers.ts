import type { ASTNode } from "@marcbachmann/cel-js";
import { BOOL, bool, DYNAMIC, FALSE, list, number, reason, string, TRUE } from "../values/make.ts";
import { PlacedEntries, plainEntries } from "../values/placed.ts";
import type { Path, Reason, Value } from "../values/value.ts";
import type { Context, Variable } from "./expressions.ts";
import { compileNode, constantNode, problem, wants, withOnlyPath } from "./expressions.ts";
import type { Decision, Frame, Node, Traced } from "./node.ts";
import {
  childAt,
  derivedFrom,
  explained,
  mergePaths,
  mergeReasons,
  NONE,
  pathEvidence,
  reasonsOf,
  traced,
  undetermined,
  valueType,
} from "./node.ts";
import { exists } from "./paths.ts";
import type { StaticType } from "./program.ts";
import { elementType, listType, staticTypeName } from "./static-types.ts";
import { spend } from "./steps.ts";

export const QUANTIFIERS: ReadonlySet<string> = new Set(["all", "exists", "exists_one", "filter", "map"]);

interface Element {
  /** What the variable is bound to. */
  readonly value: Value;
  /** Why it may not be there. */
  readonly maybe: readonly Reason[] | undefined;
  /** As it stands in the list. */
  readonly item: Value;
}

interface Elements {
  readonly elements: readonly Element[];
  readonly rest: readonly Reason[];
}

export function compileQuantifier(
  ast: ASTNode,
  name: string,
  receiverAst: ASTNode,
  args: readonly ASTNode[],
  context: Context,
): Node {
  const receiver = compileNode(receiverAst, context);
  const element = elementType(receiver.type);
  if (element === undefined) {
    return problem(context, receiverAst, `\`${name}\` needs a list, but this is a ${staticTypeName(receiver.type)}.`);
  }
  const [binding, ...bodies] = args;
  const wanted = name === "map" ? [1, 2] : [1];
  if (binding?.op !== "id" || !wanted.includes(bodies.length)) {
    return problem(context, ast, `\`${name}\` takes a name and an expression: \`${name}(x, …)\`.`);
  }
  const slot = context.unit.slots++;
  const variable: Variable = {
    name: binding.args,
    slot,
    type: element,
    reads: receiver.path?.reads === undefined ? undefined : [...receiver.path.reads, "*"],
    ...(receiver.derived === true ? { derived: true } : {}),
  };
  const inner: Context = {
    ...context,
    variables: [...context.variables, variable],
    negated: name === "all" || name === "exists" ? context.negated : false,
  };
  const nodes = bodies.map((body) => compileNode(body, inner));
  const [body, second] = nodes;
  if (body === undefined) return problem(context, ast, "An expression is missing.");
  if (name !== "map" && !wants(context, body, ["bool"], `What \`${name}\` asks of each element`)) return constantNode(ast, FALSE);
  switch (name) {
    case "all":
    case "exists":
      return quantifier(ast, name, receiver, body, slot, element, context);
    case "exists_one":
      return existsOne(ast, receiver, body, slot, element);
    case "filter":
      return filterNode(ast, receiver, body, slot, context);
    default:
      return second === undefined
        ? mapNode(ast, receiver, body, slot)
        : mapNode(ast, filterNode(receiverAst, receiver, body, slot, context), second, slot);
  }
}

function quantifier(
  ast: ASTNode,
  name: "all" | "exists",
  receiver: Node,
  body: Node,
  slot: number,
  element: StaticType,
  context: Context,
): Node {
  // `all`: one false decides; `exists`: one true does.
  const decisive = name === "exists";
  const decided = bool(decisive);
  const otherwise = bool(!decisive);
  // When the element is judged by `empty` alone, what is in that list is the failing thing.
  const delegate = body.failing !== undefined && isEmptyTest(ast, decisive);
  const failing = delegate ? body.failing : element;
  context.unit.quantifiers.push({ start: receiver.range.end, failing });
  const run = body.run;
  const bound = boundIn(context);
  return {
    range: ast.range,
    type: BOOL,
    failing: undefined,
    run: (frame) => {
      const value = receiver.run(frame);
      if ("items" in value && value.rest === undefined) {
        // The common case: nothing to allocate.
        spend(frame, value.items.length);
        let open: readonly Reason[] = NONE;
        for (const item of value.items) {
          const maybe = item.kind === "instance" ? item.maybe : undefined;
          frame.locals[slot] = maybe === undefined || item.kind !== "instance" ? item : exists(item);
          const result = run(frame);
          if (result.kind === "bool") {
            if (result.value !== decisive) continue;
            if (maybe === undefined) return decided;
            open = mergeReasons(open, maybe);
          } else open = mergeReasons(open, reasonsOf(result));
        }
        return open.length === 0 ? otherwise : undetermined(BOOL, open);
      }
      const visited = visit(frame, value, false);
      if (!("elements" in visited)) return visited;
      let open = visited.rest;
      for (const { value: bound, maybe } of visited.elements) {
        frame.locals[slot] = bound;
        const result = run(frame);
        if (result.kind === "bool") {
          if (result.value !== decisive) continue;
          if (maybe === undefined) return decided;
          open = mergeReasons(open, maybe);
        } else open = mergeReasons(open, reasonsOf(result));
      }
      return open.length === 0 ? otherwise : undetermined(BOOL, open);
    },
    explain: (frame) => {
      const holder = receiver.explain(frame);
      const visited = visit(frame, holder.value, true);
      if (!("elements" in visited)) return traced(visited, holder.evidence);
      const { elements, rest } = visited;
      // To know what is true of an element costs little beside saying why: only those that decide are asked.
      const values = elements.map((one) => bind(frame, slot, bound(one.value), run));
      const why = (wanted: (value: Value, one: Element) => boolean): Explained[] => {
        const results: Explained[] = [];
        for (const [index, one] of elements.entries()) {
          const known = values[index];
          if (known === undefined || !wanted(known, one)) continue;
          frame.locals[slot] = one.value;
          results.push({ item: one.item, maybe: one.maybe, result: explained(body, frame, known) });
        }
        return results;
      };
      const deciding = why((known, { maybe }) => isTruth(known, decisive) && maybe === undefined);
      if (deciding.length > 0) {
        return traced(decided, evidenceOf(deciding), [decisionOf(deciding, element, delegate ? failing : undefined)]);
      }
      const open = why((known) => !isTruth(known, !decisive));
      if (open.length > 0 || rest.length > 0) {
        let reasons = rest;
        for (const one of open) {
          reasons = mergeReasons(reasons, one.result.value.kind === "bool" ? (one.maybe ?? NONE) : reasonsOf(one.result.value));
        }
        const evidence = evidenceOf(open);
        return traced(undetermined(BOOL, reasons), rest.length > 0 ? mergePaths(evidence, holder.evidence) : evidence);
      }
      const results = why(() => true);
      const evidence = results.length > 0 ? evidenceOf(results) : holder.evidence;
      if (name === "all" || results.length === 0) return traced(otherwise, evidence);
      return traced(otherwise, evidence, [decisionOf(results, element, delegate ? failing : undefined)]);
    },
  };
}

interface Explained {
  readonly item: Value;
  readonly maybe: readonly Reason[] | undefined;
  readonly result: Traced;
}

/** What a variable is bound to where only the body's value is asked for: `literal()` is about a place even then. */
function boundIn({ unit }: Context): (value: Value) => Value {
  return unit.usesLiteral ? (value) => value : withoutPlaces;
}

/** An element whose members nobody has to give their places. */
function withoutPlaces(value: Value): Value {
  return value.kind === "object" && value.entries instanceof PlacedEntries
    ? { ...value, entries: plainEntries(value.entries) }
    : value;
}

/** `x.all(e, empty(…))` and `x.exists(e, !empty(…))`. */
function isEmptyTest(ast: ASTNode, negative: boolean): boolean {
  let body = ast.op === "rcall" ? ast.args[2][1] : undefined;
  let negated = false;
  while (body?.op === "!_") {
    negated = !negated;
    body = body.args;
  }
  return body?.op === "call" && body.args[0] === "empty" && negated === negative;
}

function evidenceOf(results: readonly { readonly result: Traced; readonly item: Value }[]): readonly Path[] {
  return results.reduce<readonly Path[]>(
    (paths, one) => mergePaths(paths, one.result.evidence.length > 0 ? one.result.evidence : pathEvidence(one.item)),
    NONE,
  );
}

function decisionOf(
  results: readonly { readonly result: Traced; readonly item: Value }[],
  element: StaticType,
  delegated: StaticType | undefined,
): Decision {
  if (delegated === undefined) return { type: element, witnesses: results.map((one) => one.item) };
  return { type: delegated, witnesses: results.flatMap((one) => one.result.decisions.flatMap((decision) => decision.witnesses)) };
}

function isTruth(value: Value, truth: boolean): boolean {
  return value.kind === "bool" && value.value === truth;
}

function existsOne(ast: ASTNode, receiver: Node, body: Node, slot: number, element: StaticType): Node {
  const count = (visited: Elements, results: readonly Value[]): Value => {
    let certain = 0;
    let open = visited.rest;
    results.forEach((result, i) => {
      const maybe = visited.elements[i]?.maybe;
      if (result.kind !== "bool") open = mergeReasons(open, reasonsOf(result));
      else if (result.value && maybe !== undefined) open = mergeReasons(open, maybe);
      else if (result.value) certain++;
    });
    if (certain > 1) return FALSE;
    return open.length > 0 ? undetermined(BOOL, open) : bool(certain === 1);
  };
  return {
    range: ast.range,
    type: BOOL,
    run: (frame) => {
      const visited = visit(frame, receiver.run(frame), false);
      if (!("elements" in visited)) return visited;
      return count(
        visited,
        visited.elements.map((one) => bind(frame, slot, one.value, body.run)),
      );
    },
    explain: (frame) => {
      const holder = receiver.explain(frame);
      const visited = visit(frame, holder.value, true);
      if (!("elements" in visited)) return traced(visited, holder.evidence);
      const results = visited.elements.map((one) => ({ ...one, result: bind(frame, slot, one.value, body.explain) }));
      const value = count(
        visited,
        results.map((one) => one.result.value),
      );
      const hits = results.filter((one) => !isTruth(one.result.value, false));
      const evidence = evidenceOf(hits.length > 0 ? hits : results);
      const decisions = hits.length > 0 ? [{ type: element, witnesses: hits.map((one) => one.item) }] : NONE;
      return traced(value, evidence.length > 0 ? evidence : holder.evidence, decisions);
    },
  };
}

function filterNode(ast: ASTNode, receiver: Node, body: Node, slot: number, context: Context): Node {
  const type = listType(elementType(receiver.type) ?? DYNAMIC);
  const keep = (visited: Elements, results: readonly Value[]): Value => {
    const items: Value[] = [];
    let rest = visited.rest;
    results.forEach((result, i) => {
      const one = visited.elements[i];
      if (one === undefined) return;
      if (isTruth(result, true)) items.push(one.item);
      else if (!isTruth(result, false)) rest = mergeReasons(rest, reasonsOf(result));
    });
    return listWith(type, items, rest);
  };
  const bound = boundIn(context);
  const judge = (frame: Frame, one: Element): Value => bind(frame, slot, bound(one.value), body.run);
  return collector(ast, type, receiver, body, slot, keep, judge);
}

function mapNode(ast: ASTNode, receiver: Node, body: Node, slot: number): Node {
  const type = listType(body.type);
  const make = (visited: Elements, results: readonly Value[]): Value => {
    const items: Value[] = [];
    let rest = visited.rest;
    results.forEach((result, i) => {
      const maybe = visited.elements[i]?.maybe;
      if (maybe === undefined) items.push(result);
      else if (result.kind === "instance") items.push({ ...result, maybe: mergeReasons(maybe, result.maybe ?? NONE) });
      else rest = mergeReasons(rest, maybe);
    });
    return listWith(type, items, rest);
  };
  const place = (frame: Frame, one: Element): Value => {
    const value = withOnlyPath(bind(frame, slot, one.value, body.explain));
    return value.path === undefined && one.item.path !== undefined ? derivedFrom(value, one.item.path) : value;
  };
  return { ...collector(ast, type, receiver, body, slot, make, place), elementEvidence: undefined };
}

function collector(
  ast: ASTNode,
  type: StaticType,
  receiver: Node,
  body: Node,
  slot: number,
  make: (visited: Elements, results: readonly Value[]) => Value,
  /** The body's value in a trace. */
  ofTraced: (frame: Frame, element: Element) => Value,
): Node {
  return {
    range: ast.range,
    type,
    elementEvidence: receiver.elementEvidence,
    run: (frame) => {
      const visited = visit(frame, receiver.run(frame), false);
      if (!("elements" in visited)) return undetermined(valueType(type), visited.reasons);
      return make(
        visited,
        visited.elements.map((one) => bind(frame, slot, one.value, body.run)),
      );
    },
    explain: (frame) => {
      const holder = receiver.explain(frame);
      const visited = visit(frame, holder.value, true);
      if (!("elements" in visited)) return traced(undetermined(valueType(type), visited.reasons), holder.evidence);
      const results = visited.elements.map((one) => ofTraced(frame, one));
      return traced(make(visited, results), holder.evidence);
    },
  };
}

function bind<T>(frame: Frame, slot: number, value: Value, run: (frame: Frame) => T): T {
  frame.locals[slot] = value;
  return run(frame);
}

function listWith(type: StaticType, items: readonly Value[], rest: readonly Reason[]): Value {
  const element = type.kind === "list" ? type.element : DYNAMIC;
  return rest.length === 0 ? list(element, items) : list(element, items, rest);
}

/** The elements, paid for. */
function visit(frame: Frame, value: Value, trace: boolean): ReturnType<typeof elementsOf> {
  const visited = elementsOf(value, trace);
  if ("elements" in visited) spend(frame, visited.elements.length);
  return visited;
}

/** The elements a quantifier visits: none of null, the keys of a map; an unknown when there is no telling. */
function elementsOf(value: Value, trace: boolean): Elements | Extract<Value, { kind: "unknown" }> {
  switch (value.kind) {
    case "null":
      return { elements: NONE, rest: NONE };
    case "unknown":
      return undetermined(BOOL, value.reasons);
    case "list":
    case "set":
    case "tuple":
      return {
        rest: value.rest ?? NONE,
        elements: value.items.map((item, index) => {
          const own = trace ? childAt(value, index, item) : item;
          const maybe = own.kind === "instance" ? own.maybe : undefined;
          return { item: own, maybe, value: own.kind === "instance" && maybe !== undefined ? exists(own) : own };
        }),
      };
    case "map":
    case "object":
      return {
        rest: NONE,
        elements: [...value.entries.keys()].map((key) => {
          const item = trace ? childAt(value, key, string(key)) : string(key);
          return { item, maybe: undefined, value: item };
        }),
      };
    default:
      return undetermined(BOOL, [reason("error", `a ${value.kind} where a list was due`)]);
  }
}

/** `empty(list)`: no element; unknown if there are only a rest or elements that may not exist. */
export function compileEmpty(ast: ASTNode, arg: ASTNode, context: Context): Node {
  const node = compileNode(arg, context);
  const element = elementType(node.type);
  if (element === undefined) {
    return problem(context, arg, `\`empty\` needs a list or a map, but this is a ${staticTypeName(node.type)}.`);
  }
  context.unit.quantifiers.push({ start: ast.start, failing: element });
  return {
    range: ast.range,
    type: BOOL,
    failing: element,
    run: (frame) => emptiness(node.run(frame)),
    explain: (frame) => {
      const holder = node.explain(frame);
      const value = emptiness(holder.value);
      const visited = elementsOf(holder.value, true);
      if (value.kind !== "bool" || value.value || !("elements" in visited)) return traced(value, holder.evidence);
      const present = visited.elements.filter((one) => one.maybe === undefined).map((one) => one.item);
      const evidence = present.reduce<readonly Path[]>((paths, item) => {
        const made = node.elementEvidence?.(item) ?? NONE;
        return mergePaths(paths, made.length > 0 ? made : pathEvidence(item));
      }, NONE);
      return traced(value, evidence.length > 0 ? evidence : holder.evidence, [{ type: element, witnesses: present }]);
    },
  };
}

function emptiness(value: Value): Value {
  if (value.kind === "unknown" && (value.refinement?.minimumLength ?? 0) > 0 && value.refinement?.notNull === true) return FALSE;
  const visited = elementsOf(value, false);
  if (!("elements" in visited)) return visited;
  let open = visited.rest;
  for (const { maybe } of visited.elements) {
    if (maybe === undefined) return FALSE;
    open = mergeReasons(open, maybe);
  }
  return open.length === 0 ? TRUE : undetermined(BOOL, open);
}

/** Number of elements or characters. */
export function sizeOf(value: Value): Value {
  if (value.kind === "string") return number([...value.value].length);
  if (value.kind === "map" || value.kind === "object") return number(value.entries.size);
  const visited = value.kind === "null" ? undetermined(BOOL, reasonsOf(value)) : elementsOf(value, false);
  if (!("elements" in visited)) {
    const refinement = value.kind === "unknown" ? value.refinement : undefined;
    const known = undetermined({ kind: "number" }, visited.reasons);
    if (refinement?.notNull !== true || refinement.minimumLength === undefined) return known;
    const { minimumLength: minimum, maximumLength: maximum } = refinement;
    return { ...known, refinement: { notNull: true, minimum, ...(maximum === undefined ? {} : { maximum }) } };
  }
  const certain = visited.elements.filter((one) => one.maybe === undefined).length;
  let open = visited.rest;
  for (const { maybe } of visited.elements) if (maybe !== undefined) open = mergeReasons(open, maybe);
  if (open.length === 0) return number(certain);
  const bounds = visited.rest.length === 0 ? { maximum: visited.elements.length } : {};
  return { ...undetermined({ kind: "number" }, open), refinement: { notNull: true, minimum: certain, ...bounds } };
}
