import type { Block, Literal, TopLevel } from "../hcl/syntax.ts";
import { Query, QueryFamily } from "../memo/memo.ts";
import type {
  Declaration,
  InstancePath,
  ModuleInstance,
  Provenance,
  ProviderConfiguration,
  ResourceInstance,
  Root,
  Unit,
} from "../terraform/model.ts";
import { computed } from "../terraform/resource-body.ts";
import type { Schemas } from "../terraform/schema.ts";
import type { FilePath, TextRange } from "../text/text.ts";
import { fromJson } from "../values/json.ts";
import { DYNAMIC, NULL, object, unknown } from "../values/make.ts";
import type { Path, Type, UnknownValue, Value } from "../values/value.ts";
import { counterpartPath, type Configuration, type Counterparts } from "./counterparts.ts";
import {
  addressOf,
  isJsonObject,
  listOf,
  memberOf,
  moduleAddress,
  symbolOf,
  textOf,
  type Json,
  type ModuleStep,
  type RecordedResource,
  type Snapshot,
} from "./model.ts";
import { placeKey, resourcePlaces } from "./places.ts";
import { recordedBlock, recordedData, type UnknownAt } from "./values.ts";

/** What an assessment reads of the project, of a plan or of a state alike. */
export interface Resources extends Configuration {
  roots(): readonly Root[];
  provenance(instance: ResourceInstance, path: InstancePath): Provenance;
}

interface RecordedUnit {
  readonly unit: Unit;
  readonly resources: readonly RecordedResource[];
}

/**
 * The resource instances of a plan or state. Each stands for the block of the configuration with its address, where there is one:
 * its values are the snapshot's, its place and its provider are the configuration's.
 */
export class SnapshotResources implements Resources {
  readonly #snapshot: Snapshot;
  readonly #text: string;
  readonly #schemas: Schemas;
  readonly #counterparts: Counterparts | undefined;
  readonly #trace: (instance: ResourceInstance, path: InstancePath) => Provenance;
  readonly #rootModule: ModuleInstance;
  readonly #modules = new Map<string, ModuleInstance>();
  readonly #recorded: Query<ReadonlyMap<Unit, RecordedUnit>>;
  readonly #units: Query<readonly Unit[]>;
  readonly #instances: QueryFamily<Unit, readonly ResourceInstance[]>;
  readonly #recordedOf = new WeakMap<ResourceInstance, RecordedResource>();
  readonly #providers = new Map<string, ProviderConfiguration>();
  readonly #providerUnits = new Map<Unit, ResourceInstance>();
  #places: ReadonlyMap<string, TextRange> | undefined;

  constructor(of: {
    readonly snapshot: Snapshot;
    readonly text: string;
    readonly schemas: Schemas;
    /** The folder that stands for the root where there is no configuration. */
    readonly folder: FilePath;
    readonly counterparts: Counterparts | undefined;
    readonly provenance: (instance: ResourceInstance, path: InstancePath) => Provenance;
  }) {
    this.#snapshot = of.snapshot;
    this.#text = of.text;
    this.#schemas = of.schemas;
    this.#counterparts = of.counterparts;
    this.#trace = of.provenance;
    this.#rootModule =
      this.#counterparts?.module([]) ?? moduleWithout(of.counterparts?.root ?? of.folder, undefined, "", undefined);
    this.#recorded = new Query<ReadonlyMap<Unit, RecordedUnit>>(() => this.#group());
    this.#units = new Query<readonly Unit[]>(() => [...this.#recorded.get().keys(), ...this.#unitsWithoutResources()]);
    this.#instances = new QueryFamily<Unit, readonly ResourceInstance[]>((unit) => this.#make(unit));
  }

  roots(): readonly Root[] {
    return [{ directory: this.#rootModule.directory, module: this.#rootModule }];
  }

  modules(): readonly ModuleInstance[] {
    return [...new Set(this.units().map(({ module }) => module))];
  }

  units(): readonly Unit[] {
    return this.#units.get();
  }

  instances(unit: Unit): readonly ResourceInstance[] {
    return this.#instances.get(unit);
  }

  /** Where the configuration writes it; without one, the constant that a plan tells of, and nothing else. */
  provenance(instance: ResourceInstance, path: InstancePath): Provenance {
    const recorded = this.#recordedOf.get(instance);
    if (recorded === undefined) {
      const provider = [...this.#providerUnits].find(([, own]) => own === instance)?.[0];
      return provider === undefined ? this.#trace(instance, path) : this.#traceProvider(instance, path);
    }
    const counterpart = this.#counterparts?.instance(recorded);
    if (counterpart === undefined) return { hops: [], omitted: false, computed: false };
    return this.#trace(counterpart, counterpartPath(recorded, counterpart.values, path).path);
  }

  #group(): ReadonlyMap<Unit, RecordedUnit> {
    const groups = new Map<string, { unit: Unit; resources: RecordedResource[] }>();
    for (const resource of this.#snapshot.resources) {
      const symbol = symbolOf(resource);
      const key = `${moduleAddress(resource.modulePath)} ${symbol}`;
      const group = groups.get(key);
      if (group !== undefined) {
        group.resources.push(resource);
        continue;
      }
      const unit: Unit = { module: this.#module(resource.modulePath), symbol, mode: resource.mode, type: resource.type };
      groups.set(key, { unit, resources: [resource] });
    }
    return new Map([...groups.values()].map((group) => [group.unit, group]));
  }

  /** Where the configuration knows a module's keys, its own module instance; else one that stands at the same call. */
  #module(path: readonly ModuleStep[]): ModuleInstance {
    const last = path.at(-1);
    if (last === undefined) return this.#rootModule;
    const address = moduleAddress(path);
    let module = this.#modules.get(address);
    if (module === undefined) {
      const counterpart = this.#counterparts?.module(path);
      const parent = this.#module(path.slice(0, -1));
      if (counterpart?.address === address) module = counterpart;
      else if (counterpart !== undefined) module = { ...counterpart, address, parent, key: last.key, maybe: undefined };
      else module = moduleWithout(this.#rootModule.root, parent, address, last.key);
      this.#modules.set(address, module);
    }
    return module;
  }

  #make(unit: Unit): readonly ResourceInstance[] {
    const recorded = this.#recorded.get().get(unit);
    if (recorded !== undefined) return recorded.resources.map((resource) => this.#instance(unit, resource));
    const provider = this.#providerUnits.get(unit);
    return provider === undefined ? (this.#counterparts?.instances(unit) ?? []) : [provider];
  }

  #instance({ module }: Unit, resource: RecordedResource): ResourceInstance {
    const { mode, type, name, key, maybe } = resource;
    const address = addressOf(resource);
    const schema = mode === "data" ? this.#schemas.data(type) : this.#schemas.resource(type);
    const unknownAt: UnknownAt = (path, of) => this.#unknown(resource, address, path, of);
    const counterpart = this.#counterparts?.instance(resource);
    const has = schema === undefined ? undefined : this.#snapshot.configuration?.omits(resource, schema);
    const leftOut = has === undefined ? undefined : { address, mode, has };
    const instance: ResourceInstance = {
      address,
      mode,
      type,
      name,
      key,
      module,
      provider: counterpart?.provider ?? this.#provider(resource),
      values: schema === undefined ? recordedData(resource, unknownAt) : recordedBlock(resource, schema, unknownAt, [], leftOut),
      maybe,
      declaration: counterpart?.declaration ?? this.#counterparts?.declaration(resource) ?? this.#placeOf(resource.place),
      schema,
      ...(resource.exists ? { exists: true } : {}),
    };
    this.#recordedOf.set(instance, resource);
    return instance;
  }

  /**
   * What is known of a value that is known after apply: that the provider makes it, or what it refers to. The plan says what an
   * expression refers to, the configuration how: where both speak, they must agree.
   */
  #unknown(resource: RecordedResource, address: string, path: Path, type: Type): UnknownValue {
    const reader = { address, mode: resource.mode };
    const schema = resource.mode === "data" ? this.#schemas.data(resource.type) : this.#schemas.resource(resource.type);
    const own = (): UnknownValue => computed(reader, type, path);
    const written = this.#snapshot.configuration?.written(resource, schema, path) ?? { kind: "unclear" as const };
    if (written.kind === "omitted") return own();
    const counterpart = this.#counterparts?.instance(resource);
    const there = counterpart === undefined ? undefined : counterpartPath(resource, counterpart.values, path).value;
    if (counterpart !== undefined && there?.kind === "unknown") {
      if (there.origin?.address === counterpart.address) {
        if (written.kind === "unclear" || written.origin === undefined) return own();
      } else if (written.kind === "unclear" || refersTo(there, written.among)) return asPlanned(there, type);
    }
    const origin = written.kind === "written" ? written.origin : undefined;
    if (origin === undefined)
      return unknown(type, { kind: resource.mode === "data" ? "data source" : "computed", detail: AFTER_APPLY });
    const kind = /(?:^|\.)data\./.test(origin.address) ? "data source" : "computed";
    const { reasons } = computed({ address: origin.address, mode: kind === "computed" ? "managed" : "data" }, type, origin.path);
    return unknown(type, reasons, { origin });
  }

  #provider({ provider, type }: RecordedResource): ProviderConfiguration {
    const key = provider ?? type.slice(0, Math.max(0, type.indexOf("_")));
    let configuration = this.#providers.get(key);
    if (configuration === undefined) {
      const known = this.#snapshot.configuration?.providers().find((each) => each.key === key);
      configuration = {
        key,
        region: known === undefined ? unknown(DYNAMIC, UNSAID) : this.#argument(memberOf(known.expressions, "region")),
      };
      this.#providers.set(key, configuration);
    }
    return configuration;
  }

  /** An argument of a provider block: a constant, a variable of the root, or not known. */
  #argument(expression: Json | undefined): Value {
    if (expression === undefined) return NULL;
    const constant = memberOf(expression, "constant_value");
    if (constant !== undefined) return fromJson(constant);
    const references = listOf(memberOf(expression, "references")).map((text) => textOf(text) ?? "");
    return unknown(DYNAMIC, { kind: "computed", detail: references[0] ?? "" });
  }

  #unitsWithoutResources(): readonly Unit[] {
    if (this.#counterparts !== undefined) return this.#counterparts.unitsWithoutResources();
    const providers = this.#snapshot.configuration?.providers() ?? [];
    return (
      providers
        // Without arguments it is not written: Terraform lists every provider that something needs.
        .filter(
          ({ module, key, name, expressions }) =>
            module === "" && (key !== name || (isJsonObject(expressions) && Object.keys(expressions).length > 0)),
        )
        .map(({ key, name, expressions }) => {
          const unit: Unit = { module: this.#rootModule, symbol: `provider.${key}`, mode: "provider", type: name };
          const entries = isJsonObject(expressions) ? Object.entries(expressions) : [];
          this.#providerUnits.set(unit, {
            address: unit.symbol,
            mode: "provider",
            type: name,
            name: key.slice(name.length + 1),
            key: undefined,
            module: this.#rootModule,
            provider: { key, region: this.#argument(memberOf(expressions, "region")) },
            values: object(
              entries.flatMap(([argument, json]) => (isExpression(json) ? [[argument, this.#argument(json)] as const] : [])),
            ),
            maybe: undefined,
            declaration: this.#placeOf([]),
            schema: undefined,
          });
          return unit;
        })
    );
  }

  #traceProvider(instance: ResourceInstance, path: Path): Provenance {
    const provider = this.#snapshot.configuration?.providers().find(({ key }) => `provider.${key}` === instance.address);
    const [name] = path;
    const expression = name === undefined ? undefined : memberOf(provider?.expressions, name);
    if (expression === undefined) return { hops: [], omitted: true, computed: false };
    const constant = memberOf(expression, "constant_value");
    if (constant === undefined || constant === null) return { hops: [], omitted: constant === null, computed: false };
    const node: Literal = { kind: "literal", value: true, start: 0, end: 0 };
    const hop: Provenance["hops"][number] = {
      kind: "attribute",
      location: { file: this.#snapshot.file, range: { start: 0, end: 0 } },
      expression: { node, base: 0 },
      attribute: undefined,
      block: undefined,
      module: instance.module,
      label: String(name),
    };
    return { hops: [hop], omitted: false, computed: false };
  }

  #placeOf(place: Path): Declaration {
    return new SnapshotDeclaration(this.#snapshot.file, () => {
      this.#places ??= resourcePlaces(this.#text);
      return this.#places.get(placeKey(place)) ?? { start: 0, end: 0 };
    });
  }
}

const AFTER_APPLY = "known after apply, and the plan does not tell more";
const UNSAID = { kind: "elsewhere", detail: "the provider's configuration" } as const;

/** A block of no configuration: where the plan or state speaks of it. The place is looked for when somebody asks. */
class SnapshotDeclaration implements Declaration {
  readonly file: FilePath;
  readonly #find: () => TextRange;
  #item: TopLevel | undefined;

  constructor(file: FilePath, find: () => TextRange) {
    this.file = file;
    this.#find = find;
  }

  get item(): TopLevel {
    if (this.#item === undefined) {
      const { start, end } = this.#find();
      const range = { start: 0, end: end - start };
      const node: Block = {
        kind: "block",
        ...range,
        type: { name: "resource", ...range },
        labels: [],
        body: { ...range, items: [] },
        header: range,
      };
      this.#item = { node, base: start };
    }
    return this.#item;
  }
}

function moduleWithout(
  root: FilePath,
  parent: ModuleInstance | undefined,
  address: string,
  key: ModuleInstance["key"],
): ModuleInstance {
  return { address, directory: root, root, parent, call: undefined, key, downloaded: false, maybe: undefined };
}

function isExpression(json: Json): boolean {
  return memberOf(json, "constant_value") !== undefined || memberOf(json, "references") !== undefined;
}

/** Whether everything that a value was made of is among what the plan says. */
function refersTo(value: UnknownValue, among: ReadonlySet<string> | undefined): boolean {
  if (among === undefined) return true;
  const origins = originsOf(value);
  return (
    origins.length > 0 &&
    origins.every((address) => among.has(address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "")) || among.has(address))
  );
}

function originsOf(value: UnknownValue): readonly string[] {
  const pieces = (value.refinement?.pieces ?? []).flatMap((piece) => (typeof piece === "string" ? [] : originsOf(piece)));
  return value.origin === undefined ? pieces : [value.origin.address, ...pieces];
}

/** A document with unknown parts is one unknown text in a plan: what is inside is not assessed. */
function asPlanned(value: UnknownValue, type: Type): UnknownValue {
  const { reasons, origin, refinement } = value;
  const pieces = refinement?.pieces;
  return unknown(type, reasons, {
    ...(origin === undefined ? {} : { origin }),
    ...(pieces === undefined ? {} : { refinement: { pieces } }),
  });
}
