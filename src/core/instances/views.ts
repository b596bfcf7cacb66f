import type { Program, Scope } from "../cel/program.ts";
import type { Steps } from "../cel/steps.ts";
import { list, NULL, object, reason, unknown } from "../values/make.ts";
import { isBrief, PlacedEntries } from "../values/placed.ts";
import type { ObjectValue, Path, Reason, Selectable, Value } from "../values/value.ts";
import type { View, ViewSource } from "./model.ts";
import { mergeReasons } from "./references.ts";

/** What expressions of instance types need at run time. */
export interface Surroundings {
  /** ISO 8601. */
  now(): string;
  table(name: string, key: string): Value;
}

/** What a view is of. */
type Outer = Selectable & { trace(name: string): Value };

const EMPTY = object([]);

/** What a view's expressions run against. */
export class ViewScope implements Scope {
  readonly instance: Selectable;
  readonly steps: Steps | undefined;
  readonly #surroundings: Surroundings;

  constructor(instance: Selectable, surroundings: Surroundings, steps: Steps | undefined) {
    this.instance = instance;
    this.steps = steps;
    this.#surroundings = surroundings;
  }

  /** The same, and the same steps, for an element of the view. */
  of(instance: Selectable): ViewScope {
    return new ViewScope(instance, this.#surroundings, this.steps);
  }

  get parameters(): Value {
    return EMPTY;
  }

  get now(): string {
    return this.#surroundings.now();
  }

  table(name: string, key: string): Value {
    return this.#surroundings.table(name, key);
  }

  literal(): Value {
    return unknown({ kind: "bool" }, reason("unsupported", "literal() in a view"));
  }
}

export function viewValue(view: View, outer: Outer, scope: ViewScope): Value {
  if (view.value !== undefined) return view.value.evaluate(scope);
  return listOf(view, outer, scope, (program, its) => program.evaluate(its));
}

/** The view with the place of everything in it. `plain` is the view without: its fields are traced only where somebody looks. */
export function tracedView(view: View, outer: Outer, scope: ViewScope, plain: () => Value): Value {
  if (view.value !== undefined) return traced(view.value, scope);
  return placedList(view, outer, scope, plain()) ?? listOf(view, outer, scope, traced);
}

function listOf(view: View, outer: Outer, scope: ViewScope, run: (program: Program, scope: Scope) => Value): Value {
  const items: Value[] = [];
  const rest: Reason[] = [];
  for (const source of view.sources) {
    const each = elements(run(source.each, scope));
    if (each.rest !== undefined) rest.push(...each.rest);
    for (const [index, it] of each.items.entries()) {
      if (it.kind === "null") continue;
      const inner = scope.of(new Element(outer, existing(it), index));
      const wanted = source.when?.evaluate(inner);
      if (wanted?.kind === "bool" && !wanted.value) continue;
      if (wanted !== undefined && wanted.kind !== "bool") {
        // It can't be said whether the element belongs to the view.
        rest.push(...(wanted.kind === "unknown" ? wanted.reasons : [reason("null operand", "when")]));
        continue;
      }
      if (it.kind === "unknown" && source.set === undefined) {
        rest.push(...it.reasons);
        continue;
      }
      items.push(elementValue(it, source, (program) => run(program, inner)));
    }
  }
  return list(view.type, items, rest.length > 0 ? mergeReasons(rest) : undefined);
}

/** undefined: an element of the plain list is none that can be given its places one by one. */
function placedList(view: View, outer: Outer, scope: ViewScope, plain: Value): Value | undefined {
  if (!("items" in plain)) return undefined;
  const items: Value[] = [];
  for (const source of view.sources) {
    for (const [index, it] of elements(traced(source.each, scope)).items.entries()) {
      if (it.kind === "null" || (it.kind === "unknown" && source.set === undefined)) continue;
      const inner = scope.of(new Element(outer, existing(it), index));
      const wanted = source.when?.evaluate(inner);
      if (wanted !== undefined && !(wanted.kind === "bool" && wanted.value)) continue;
      const { set } = source;
      if (set === undefined) {
        items.push(it);
        continue;
      }
      const known = plain.items[items.length];
      if (known?.kind !== "object") return undefined;
      const place = (field: Value, name: string): Value => {
        const program = set.get(name);
        return program === undefined ? field : traced(program, inner);
      };
      // Each is traced when somebody looks: `settled` ends that.
      const entries = new PlacedEntries(known.entries, place, true);
      items.push({ kind: "object", entries, ...(it.path === undefined ? {} : { path: it.path }) });
    }
  }
  return items.length === plain.items.length ? { ...plain, items } : undefined;
}

/** The value as it is now: what is kept beyond a computation must not be traced in a later one. */
export function settled(value: Value): Value {
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple": {
      const items = value.items.map(settled);
      return items.every((item, index) => item === value.items[index]) ? value : { ...value, items };
    }
    case "object":
      return isBrief(value.entries)
        ? { ...value, entries: new Map([...value.entries].map(([name, field]) => [name, settled(field)])) }
        : value;
    default:
      return value;
  }
}

/** The names of a view's element: `it`, `index`, and those of the instance. */
class Element implements Selectable {
  readonly #outer: Outer;
  readonly #it: Value;
  readonly #index: number;

  constructor(outer: Outer, it: Value, index: number) {
    this.#outer = outer;
    this.#it = it;
    this.#index = index;
  }

  get type(): string {
    return this.#outer.type;
  }

  get address(): string {
    return this.#outer.address;
  }

  select(name: string): Value {
    if (name === "it") return this.#it;
    return name === "index" ? { kind: "number", value: this.#index } : this.#outer.select(name);
  }

  /** `it` was traced when `each` was; what has no origin of its own belongs to the element, or to the instance as a whole. */
  trace(name: string): Value {
    if (name !== "it" && name !== "index") return this.#outer.trace(name);
    const value = this.select(name);
    return name === "it" && value.path !== undefined ? value : { ...value, path: this.#it.path ?? NOWHERE };
  }
}

const NOWHERE: Path = [];

/** Elements of what `each` yields: of a list its own, of a single thing itself, of null none. */
function elements(value: Value): { readonly items: readonly Value[]; readonly rest?: readonly Reason[] } {
  switch (value.kind) {
    case "null":
      return NO_ELEMENTS;
    case "unknown":
      return { items: [], rest: value.reasons };
    case "list":
    case "set":
    case "tuple":
      return value.rest === undefined ? { items: value.items } : { items: value.items, rest: value.rest };
    default:
      return { items: [value] };
  }
}

const NO_ELEMENTS = { items: [] };

/** The element taken to exist: that it may not is said of what is made from it. */
function existing(it: Value): Value {
  if (it.kind !== "instance" || it.maybe === undefined) return it;
  return it.path === undefined ? { kind: "instance", target: it.target } : { kind: "instance", target: it.target, path: it.path };
}

function elementValue(it: Value, source: ViewSource, run: (program: Program) => Value): Value {
  if (source.set === undefined) return it;
  const entries = new Map<string, Value>();
  for (const [field, program] of source.set) entries.set(field, run(program));
  const element: ObjectValue = it.path === undefined ? { kind: "object", entries } : { kind: "object", entries, path: it.path };
  return it.kind === "instance" && it.maybe !== undefined ? withMaybe(element, it.maybe) : element;
}

/** An element made from an instance that may not exist stays one: selecting from it goes to the same fields. */
function withMaybe(element: ObjectValue, maybe: readonly Reason[]): Value {
  const select = (name: string): Value => element.entries.get(name) ?? NULL;
  const { path } = element;
  if (path === undefined) return { kind: "instance", target: { type: VIEW_ELEMENT, address: "", select }, maybe };
  const trace = (name: string): Value => {
    const value = select(name);
    return value.path === undefined ? { ...value, path } : value;
  };
  // The fields' paths count from the instance itself, not from the element.
  const target: Selectable & { trace(name: string): Value } = { type: VIEW_ELEMENT, address: "", select, trace };
  return { kind: "instance", target, maybe, path: [] };
}

const VIEW_ELEMENT = "element of a view";

/** The value with the path that decided it, where the value itself does not say. */
function traced(program: Program, scope: Scope): Value {
  const { value, evidence } = program.trace(scope);
  const [primary] = evidence;
  return value.path !== undefined || primary === undefined ? value : { ...value, path: primary };
}
