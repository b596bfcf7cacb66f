import type { TextRange } from "../text/text.ts";
import type { Expression, TemplatePart } from "./syntax.ts";

/** A part of an expression, and the names that only exist around it: those of a `for`, and a splat's element. */
interface Inner {
  readonly expression: Expression;
  readonly binds: readonly string[];
}

/** No name can be spelled like this. */
const ELEMENT = "*";

/**
 * The innermost reference or call at an offset that means something by itself; the expression as a whole where there is none. What
 * uses a name of a `for` around it has a value an element, so the `for` is taken. Offsets count from the item that holds it.
 */
export function telling(whole: Expression, offset: number): Expression {
  const bound = new Set<string>();
  let best = whole;
  let at: Inner | undefined = { expression: whole, binds: [] };
  /** The innermost expression around every name that is bound: what names of it are used can't be told further in. */
  let outside: Expression = whole;
  for (let traversed = false; at !== undefined;) {
    const { expression, binds }: Inner = at;
    for (const name of binds) bound.add(name);
    // The beginning of a reference is no other one.
    if (!traversed && isTelling(expression)) best = mentions(expression, bound) ? outside : expression;
    if ((expression.kind === "for" || expression.kind === "template") && !mentions(expression, bound)) outside = expression;
    const next: Inner | undefined = innerOf(expression).find((inner) => holds(inner.expression, offset));
    traversed =
      next !== undefined &&
      (expression.kind === "getAttribute" ||
        expression.kind === "splat" ||
        (expression.kind === "index" && next.expression === expression.object));
    at = next;
  }
  return best;
}

/** Whether an expression uses one of the names, those that it binds itself aside. */
export function mentions(expression: Expression, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  if (expression.kind === "variable") return names.has(expression.name);
  if (expression.kind === "splatElement") return names.has(ELEMENT);
  return innerOf(expression).some(({ expression: inner, binds }) => {
    if (binds.length === 0) return mentions(inner, names);
    return mentions(inner, new Set([...names].filter((name) => !binds.includes(name))));
  });
}

function isTelling({ kind }: Expression): boolean {
  return (
    kind === "variable" || kind === "getAttribute" || kind === "index" || kind === "splat" || kind === "call" || kind === "for"
  );
}

function holds({ start, end }: TextRange, offset: number): boolean {
  return start <= offset && offset <= end && start < end;
}

function plain(...expressions: readonly (Expression | null)[]): readonly Inner[] {
  return expressions.flatMap((expression) => (expression === null ? [] : [{ expression, binds: [] }]));
}

function innerOf(expression: Expression): readonly Inner[] {
  switch (expression.kind) {
    case "literal":
    case "variable":
    case "splatElement":
    case "missing":
      return [];
    case "template":
      return expression.parts.flatMap((part) => innerOfPart(part, []));
    case "getAttribute":
      return plain(expression.object);
    case "index":
      return plain(expression.object, expression.key);
    case "splat":
      return [...plain(expression.source), { expression: expression.each, binds: [ELEMENT] }];
    case "call":
      return plain(...expression.arguments);
    case "unary":
      return plain(expression.operand);
    case "binary":
      return plain(expression.left, expression.right);
    case "conditional":
      return plain(expression.condition, expression.then, expression.else);
    case "parentheses":
      return plain(expression.inner);
    case "tuple":
      return plain(...expression.elements);
    case "object":
      // A bare key is a name, not a reference.
      return expression.items.flatMap(({ key, bareKey, value }) => plain(bareKey ? null : key, value));
    case "for": {
      const binds = [expression.keyName, expression.valueName].flatMap((name) => (name === null ? [] : [name.name]));
      const inside = plain(expression.key, expression.value, expression.condition).map((inner) => ({ ...inner, binds }));
      return [...plain(expression.collection), ...inside];
    }
  }
}

function innerOfPart(part: TemplatePart, outer: readonly string[]): readonly Inner[] {
  const bound = (expression: Expression): Inner => ({ expression, binds: outer });
  switch (part.kind) {
    case "text":
      return [];
    case "interpolation":
      return [bound(part.expression)];
    case "if":
      return [bound(part.condition), ...[...part.then, ...part.else].flatMap((inner) => innerOfPart(inner, outer))];
    case "for": {
      const names = [part.keyName, part.valueName].flatMap((name) => (name === null ? [] : [name.name]));
      return [bound(part.collection), ...part.body.flatMap((inner) => innerOfPart(inner, [...outer, ...names]))];
    }
  }
}
