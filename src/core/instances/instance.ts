import type { Program } from "../cel/program.ts";
import { QueryFamily, type QueryOptions, Scratch } from "../memo/memo.ts";
import type { ProviderConfiguration, ResourceInstance } from "../terraform/model.ts";
import { equalValues } from "../values/equality.ts";
import { DYNAMIC, list, NULL, reason, unknown } from "../values/make.ts";
import type { ObjectValue, Path, Reason, Value } from "../values/value.ts";
import { NOTHING_JOINED, refersToNobody, sameJoined, type Joined } from "./joins.ts";
import type { Instance, InstanceType, Part, View } from "./model.ts";
import { mergeReasons } from "./references.ts";
import { absent, meaningsByCel, overlayByCel } from "./shape.ts";
import { stamp } from "./trace.ts";
import { tracedView, ViewScope, viewValue, type Surroundings } from "./views.ts";

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
  /** The parts that join nothing to any instance of the type: nobody has to ask for this one. */
  readonly idleParts?: (definition: InstanceType) => ReadonlySet<Part>;
}

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
  readonly #join: Made["join"];
  readonly #idleParts: Made["idleParts"];
  readonly #names: Names;
  readonly #surroundings: Surroundings;
  /** Made when first read. */
  #joins: QueryFamily<Part, Joined, AssessedInstance> | undefined;
  #views: QueryFamily<View, Value, AssessedInstance> | undefined;
  #meanings: QueryFamily<string, Value, AssessedInstance> | undefined;

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
    this.#idleParts = made.idleParts;
    this.#names = namesOfType(made.definition);
    this.#surroundings = surroundings;
  }

  get type(): string {
    return this.definition.name;
  }

  select(name: string): Value {
    const named = this.#names.of(name);
    switch (named.kind) {
      case "part":
        return this.#part(named.part);
      case "view":
        return this.#view(named.view);
      case "self":
        return { kind: "instance", target: this };
      case "by CEL":
        return this.#live || this.resource?.exists === true ? this.#own(name) : this.#byCel(name);
      case "own":
        return this.#own(name);
    }
  }

  trace(name: string): Value {
    const named = this.#names.of(name);
    if (named.kind === "self") return { kind: "instance", target: this, path: [] };
    if (named.kind === "own" || named.kind === "by CEL") return stamp(this.select(name), named.path);
    const known = tracedHere(this);
    let value = known?.get(name);
    if (value === undefined) {
      value = named.kind === "part" ? stamp(this.#part(named.part), named.path) : this.#traceView(named.view);
      known?.set(name, value);
    }
    return value;
  }

  #traceView(view: View): Value {
    return tracedView(view, this, this.#scope(), () => this.#view(view));
  }

  locate(path: Path): { readonly instance: Instance; readonly path: Path } {
    const name = path[0];
    const part = typeof name === "string" ? this.definition.parts.get(name) : undefined;
    if (part === undefined) return { instance: this, path };
    const index = path[1];
    const items = this.joined(part).items;
    const found = part.many ? (typeof index === "number" ? items[index] : undefined) : items[0];
    return found === undefined ? { instance: this, path } : found.locate(path.slice(part.many ? 2 : 1));
  }

  /** What is joined to a part, before any meaning is given to it. */
  joined(part: Part): Joined {
    if (this.#joins?.has(part) !== true) {
      // No query for the many parts that join nothing to anything.
      if (this.#idleParts?.(this.definition).has(part) === true || refersToNobody(this, part)) return NOTHING_JOINED;
    }
    this.#joins ??= new QueryFamily(joinPart, JOIN, this);
    return this.#joins.get(part);
  }

  /** Finds what is joined; `joined` remembers it. */
  findJoined(part: Part): Joined {
    return this.#join(part, this);
  }

  /** Lets go of what its queries read. */
  dispose(): void {
    this.#joins?.dispose();
    this.#views?.dispose();
    this.#meanings?.dispose();
  }

  #own(name: string): Value {
    if (this.definition.attributes.has(name) && !this.#live && !this.values.entries.has(name)) return unknown(DYNAMIC, LIVE_ONLY);
    return this.values.entries.get(name) ?? absent(this.definition, name);
  }

  #part(part: Part): Value {
    if (part.liveOnly && !this.#live) return unknown(DYNAMIC, LIVE_ONLY);
    const { items, unresolved } = this.joined(part);
    if (items.length === 0 && unresolved.length === 0) return part.open && !this.#live ? nothingYet(part) : nothing(part);
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
    this.#views ??= new QueryFamily(AssessedInstance.#valueOf, VIEW, this);
    return this.#views.get(view);
  }

  static #valueOf(view: View, instance: AssessedInstance): Value {
    return viewValue(view, instance, instance.#scope());
  }

  #byCel(name: string): Value {
    this.#meanings ??= new QueryFamily(AssessedInstance.#meaningOf, MEANING, this);
    return this.#meanings.get(name);
  }

  static #meaningOf(name: string, instance: AssessedInstance): Value {
    const evaluated = (program: Program): Value => program.evaluate(instance.#scope());
    return overlayByCel(instance.#own(name), name, instance.definition, instance.address, evaluated);
  }

  #scope(): ViewScope {
    const { steps } = this.definition;
    return new ViewScope(this, this.#surroundings, steps === undefined ? undefined : { left: steps });
  }
}

const NO_PARTS = list(DYNAMIC, []);
const NO_PARTS_HERE = list(DYNAMIC, [], [MORE]);
const MAYBE_ELSEWHERE = unknown(DYNAMIC, MORE);

/** A part that joins nothing. */
function nothing({ many }: Part): Value {
  return many ? NO_PARTS : NULL;
}

/** A part that joins nothing in these files, and may do so elsewhere. */
function nothingYet({ many }: Part): Value {
  return many ? NO_PARTS_HERE : MAYBE_ELSEWHERE;
}

/** What an instance's name stands for, with the path that it has in a trace. */
type Named =
  | { readonly kind: "part"; readonly part: Part; readonly path: Path }
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "self" }
  | { readonly kind: "own"; readonly path: Path }
  | { readonly kind: "by CEL"; readonly path: Path };

/** The names of a type that somebody has asked for. */
class Names {
  readonly #definition: InstanceType;
  readonly #known = new Map<string, Named>();

  constructor(definition: InstanceType) {
    this.#definition = definition;
  }

  of(name: string): Named {
    let named = this.#known.get(name);
    if (named === undefined) {
      named = this.#find(name);
      this.#known.set(name, named);
    }
    return named;
  }

  #find(name: string): Named {
    const definition = this.#definition;
    const part = definition.parts.get(name);
    if (part !== undefined) return { kind: "part", part, path: [name] };
    const view = definition.views.get(name);
    if (view !== undefined) return { kind: "view", view };
    if (name === "self") return { kind: "self" };
    return { kind: meaningsByCel(definition).has(name) ? "by CEL" : "own", path: [name] };
  }
}

const namesByType = new WeakMap<InstanceType, Names>();

function namesOfType(definition: InstanceType): Names {
  let names = namesByType.get(definition);
  if (names === undefined) {
    names = new Names(definition);
    namesByType.set(definition, names);
  }
  return names;
}

const JOIN: QueryOptions<Joined, Part, AssessedInstance> = { equal: sameJoined };

function joinPart(part: Part, instance: AssessedInstance): Joined {
  return instance.findJoined(part);
}

const VIEW: QueryOptions<Value, View, AssessedInstance> = {
  equal: equalValues,
  onCycle: ({ name }, instance) => needsItself(instance, name),
};

const MEANING: QueryOptions<Value, string, AssessedInstance> = {
  equal: equalValues,
  onCycle: (name, instance) => needsItself(instance, name),
};

function needsItself(instance: AssessedInstance, name: string): Value {
  return unknown(DYNAMIC, reason("error", `${instance.type}.${name} needs itself`));
}

/** What was traced: many checks read the same view of an instance. */
const traces = new Scratch(() => new Map<AssessedInstance, Map<string, Value>>());

function tracedHere(instance: AssessedInstance): Map<string, Value> | undefined {
  const all = traces.get();
  let known = all?.get(instance);
  if (all !== undefined && known === undefined) {
    known = new Map();
    all.set(instance, known);
  }
  return known;
}
