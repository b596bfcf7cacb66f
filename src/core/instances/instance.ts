import type { Program, Scope } from "../cel/program.ts";
import { currentComputation, Query } from "../memo/memo.ts";
import type { ProviderConfiguration, ResourceInstance } from "../terraform/model.ts";
import { equalValues } from "../values/equality.ts";
import { DYNAMIC, list, NULL, object, reason, unknown } from "../values/make.ts";
import type { ObjectValue, Path, Reason, Selectable, Value } from "../values/value.ts";
import { sameJoined, type Joined } from "./joins.ts";
import type { Instance, InstanceType, Part, View, ViewSource } from "./model.ts";
import { mergeReasons } from "./references.ts";
import { absent, namesByCel, overlayOnCreate } from "./shape.ts";
import { stamp } from "./trace.ts";

/** What expressions of instance types need at run time. */
export interface Surroundings {
  /** ISO 8601. */
  now(): string;
  table(name: string, key: string): Value;
}

/** What makes an instance of any world. */
export interface Made {
  readonly definition: InstanceType;
  readonly address: string;
  readonly provider: ProviderConfiguration | undefined;
  readonly values: ObjectValue;
  readonly maybe: readonly Reason[] | undefined;
  readonly resource: ResourceInstance | undefined;
  readonly orphan: boolean;
  /** Files only: attributes that only a live account has are unknown. */
  readonly live: boolean;
  readonly join: (part: Part, instance: Instance) => Joined;
}

const EMPTY = object([]);
const SEVERAL = reason("unknown", "several parts where there is one");
const LIVE_ONLY = reason("live only");
const MORE = reason("elsewhere", "more may be configured outside these files");

/** An instance whose parts and views are memo queries: who reads them depends on what they were made of. */
export class AssessedInstance implements Instance {
  readonly definition: InstanceType;
  readonly address: string;
  readonly provider: ProviderConfiguration | undefined;
  readonly values: ObjectValue;
  readonly maybe: readonly Reason[] | undefined;
  readonly resource: ResourceInstance | undefined;
  readonly orphan: boolean;
  readonly #live: boolean;
  readonly #join: (part: Part, instance: Instance) => Joined;
  readonly #surroundings: Surroundings;
  /** Of parts and views, by name: made when first read. */
  #joins: Map<string, Query<Joined>> | undefined;
  #views: Map<string, Query<Value>> | undefined;

  constructor(made: Made, surroundings: Surroundings) {
    this.definition = made.definition;
    this.address = made.address;
    this.provider = made.provider;
    this.values = made.values;
    this.maybe = made.maybe;
    this.resource = made.resource;
    this.orphan = made.orphan;
    this.#live = made.live;
    this.#join = made.join;
    this.#surroundings = surroundings;
  }

  get type(): string {
    return this.definition.name;
  }

  select(name: string): Value {
    const { definition } = this;
    const part = definition.parts.get(name);
    if (part !== undefined) return this.#part(part);
    const view = definition.views.get(name);
    if (view !== undefined) return this.#view(view);
    if (name === "self") return { kind: "instance", target: this };
    const exists = this.#live || this.resource?.exists === true;
    return !exists && namesByCel(definition).has(name) ? this.#byCel(name) : this.#own(name);
  }

  trace(name: string): Value {
    if (name === "self") return { kind: "instance", target: this, path: [] };
    const known = tracedHere(this);
    let value = known?.get(name);
    if (value === undefined) {
      value = this.#trace(name);
      known?.set(name, value);
    }
    return value;
  }

  #trace(name: string): Value {
    const part = this.definition.parts.get(name);
    if (part !== undefined) return stamp(this.#part(part), [name]);
    const view = this.definition.views.get(name);
    return view === undefined ? stamp(this.select(name), [name]) : this.#traceView(view);
  }

  locate(path: Path): { readonly instance: Instance; readonly path: Path } {
    const [name, ...rest] = path;
    const part = typeof name === "string" ? this.definition.parts.get(name) : undefined;
    if (part === undefined) return { instance: this, path };
    const [index, ...inner] = rest;
    const items = this.joined(part).items;
    const found = part.many ? (typeof index === "number" ? items[index] : undefined) : items[0];
    return found === undefined ? { instance: this, path } : found.locate(part.many ? inner : rest);
  }

  /** What is joined to a part, before any meaning is given to it. */
  joined(part: Part): Joined {
    this.#joins ??= new Map();
    let query = this.#joins.get(part.name);
    if (query === undefined) {
      query = new Query<Joined>(joinPart, JOIN, { part, instance: this });
      this.#joins.set(part.name, query);
    }
    return query.get();
  }

  /** Finds what is joined; `joined` remembers it. */
  findJoined(part: Part): Joined {
    return this.#join(part, this);
  }

  /** Lets go of what its queries read. */
  dispose(): void {
    for (const query of this.#joins?.values() ?? []) query.dispose();
    for (const query of this.#views?.values() ?? []) query.dispose();
  }

  #own(name: string): Value {
    if (this.definition.attributes.has(name) && !this.#live && !this.values.entries.has(name)) return unknown(DYNAMIC, LIVE_ONLY);
    return this.values.entries.get(name) ?? absent(this.definition, name);
  }

  #part(part: Part): Value {
    if (part.liveOnly && !this.#live) return unknown(DYNAMIC, LIVE_ONLY);
    const { items, unresolved } = this.joined(part);
    const element = (target: Instance): Value =>
      target.maybe === undefined ? { kind: "instance", target } : { kind: "instance", target, maybe: target.maybe };
    const isOpen = part.open && !this.#live;
    if (part.many) {
      const rest = isOpen ? mergeReasons(unresolved, [MORE]) : unresolved;
      return list(DYNAMIC, items.map(element), rest.length > 0 ? rest : undefined);
    }
    const [first, second] = items;
    // The one that is applied last decides, and nobody knows which that is.
    if (second !== undefined) return unknown(DYNAMIC, mergeReasons([SEVERAL], ...items.map((one) => one.maybe ?? [])));
    if (first !== undefined) return element(first);
    if (unresolved.length > 0) return unknown(DYNAMIC, unresolved);
    return isOpen ? unknown(DYNAMIC, MORE) : NULL;
  }

  #view(view: View): Value {
    return this.#query(view.name, () => {
      const scope = this.#scope(this);
      if (view.value !== undefined) return view.value.evaluate(scope);
      return this.#list(view, scope, (program, its) => program.evaluate(its));
    });
  }

  #traceView(view: View): Value {
    const scope = this.#scope(this);
    if (view.value !== undefined) return traced(view.value, scope);
    return this.#list(view, scope, traced);
  }

  #list(view: View, scope: Scope, run: (program: Program, scope: Scope) => Value): Value {
    const items: Value[] = [];
    const rest: Reason[] = [];
    for (const source of view.sources) {
      const each = elements(run(source.each, scope));
      if (each.rest !== undefined) rest.push(...each.rest);
      for (const [index, it] of each.items.entries()) {
        if (it.kind === "null") continue;
        const inner: Scope = { ...scope, instance: new Element(this, existing(it), index) };
        const wanted = source.when === undefined ? undefined : run(source.when, inner);
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

  #byCel(name: string): Value {
    return this.#query(name, () => {
      const entries = new Map([[name, this.#own(name)]]);
      const overlaid = overlayOnCreate({ kind: "object", entries }, this.definition, this.address, ({ meaning }) =>
        meaning.kind === "cel" ? meaning.program.evaluate(this.#scope(this)) : NULL,
      );
      return overlaid.entries.get(name) ?? NULL;
    });
  }

  #query(name: string, compute: () => Value): Value {
    this.#views ??= new Map();
    let query = this.#views.get(name);
    if (query === undefined) {
      query = new Query(compute, VIEW, `${this.type}.${name}`);
      this.#views.set(name, query);
    }
    return query.get();
  }

  #scope(instance: Selectable): Scope {
    const surroundings = this.#surroundings;
    const { steps } = this.definition;
    return {
      instance,
      steps: steps === undefined ? undefined : { left: steps },
      parameters: EMPTY,
      get now() {
        return surroundings.now();
      },
      table: (name, key) => surroundings.table(name, key),
      literal: () => unknown({ kind: "bool" }, reason("unsupported", "literal() in a view")),
    };
  }
}

const JOIN = { equal: sameJoined };

function joinPart(of: unknown): Joined {
  const { part, instance } = of as { readonly part: Part; readonly instance: AssessedInstance };
  return instance.findJoined(part);
}

const VIEW = {
  equal: equalValues,
  onCycle: (name: unknown): Value => unknown(DYNAMIC, reason("error", `${String(name)} needs itself`)),
};

/** What was traced in the computation under way: many checks read the same view of an instance. */
let traces: Map<AssessedInstance, Map<string, Value>> = new Map();
let tracedIn = 0;

function tracedHere(instance: AssessedInstance): Map<string, Value> | undefined {
  const computation = currentComputation();
  if (computation === 0) return undefined;
  if (computation !== tracedIn) {
    tracedIn = computation;
    traces = new Map();
  }
  let known = traces.get(instance);
  if (known === undefined) {
    known = new Map();
    traces.set(instance, known);
  }
  return known;
}

/** The names of a view's element: `it`, `index`, and those of the instance. */
class Element implements Selectable {
  readonly #outer: AssessedInstance;
  readonly #it: Value;
  readonly #index: number;

  constructor(outer: AssessedInstance, it: Value, index: number) {
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
    return { ...this.select(name), path: this.#it.path ?? [] };
  }
}

/** Elements of what `each` yields: of a list its own, of a single thing itself, of null none. */
function elements(value: Value): { readonly items: readonly Value[]; readonly rest?: readonly Reason[] } {
  switch (value.kind) {
    case "null":
      return { items: [] };
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

/** The element taken to exist: that it may not is said of what is made from it. */
function existing(it: Value): Value {
  if (it.kind !== "instance" || it.maybe === undefined) return it;
  return it.path === undefined ? { kind: "instance", target: it.target } : { kind: "instance", target: it.target, path: it.path };
}

function elementValue(it: Value, source: ViewSource, run: (program: Program) => Value): Value {
  if (source.set === undefined) return it;
  const entries = new Map<string, Value>();
  for (const [field, program] of source.set) entries.set(field, run(program));
  const element: Value = { ...object(entries), ...(it.path === undefined ? {} : { path: it.path }) };
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
