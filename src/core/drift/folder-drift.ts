import type { AccountData } from "../accounts/model.ts";
import type { CheckItem } from "../checks/model.ts";
import { readAttributes } from "../checks/permissions.ts";
import type { Instance } from "../instances/model.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { Surroundings } from "../instances/views.ts";
import type { RecordedResource } from "../snapshots/model.ts";
import type { ModuleInstance, Provenance, ResourceInstance, Root, Unit } from "../terraform/model.ts";
import type { FilePath } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import { beside, type FoundDrift, type Managed } from "./beside.ts";
import { LiveSide } from "./manage.ts";

/** A folder of the workspace as it stands. */
export interface DriftSource {
  /** Of the same identity while they are the same. */
  readonly types: InstanceTypes;
  readonly checks: readonly CheckItem[];
  readonly surroundings: Surroundings;
  roots(): readonly Root[];
  units(root: FilePath): readonly Unit[];
  modules(root: FilePath): readonly ModuleInstance[];
  instances(unit: Unit): readonly Instance[];
  provenance(resource: ResourceInstance, path: Path): Provenance;
}

/** By the directory of the root; undefined: it can't be read. */
export type States = ReadonlyMap<FilePath, readonly RecordedResource[] | undefined>;

/** Accounts beside one folder's files. What depends on the account or the check items alone is kept from one change to the next. */
export class FolderDrift {
  readonly #source: () => DriftSource;
  #made: Pick<DriftSource, "types" | "checks"> | undefined;
  #sides = new WeakMap<AccountData, LiveSide>();
  #attributes: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  constructor(source: () => DriftSource) {
    this.#source = source;
  }

  beside(account: AccountData, states: States): { readonly managed: readonly Managed[]; readonly drift: readonly FoundDrift[] } {
    const source = this.#source();
    this.#renew(source);
    let side = this.#sides.get(account);
    if (side === undefined) this.#sides.set(account, (side = new LiveSide(account, source.types, source.surroundings)));
    const roots = source.roots().map(({ directory }) => ({
      root: directory,
      instances: managedUnits(source, directory)
        .flatMap((unit) => source.instances(unit))
        .filter(({ resource }) => resource !== undefined),
      state: states.get(directory),
    }));
    const provenance: DriftSource["provenance"] = (resource, path) => source.provenance(resource, path);
    return beside({ roots, attributes: this.#attributes, provenance }, side);
  }

  /** Types of the resources that the files manage. */
  managedTypes(): readonly string[] {
    const source = this.#source();
    return source.roots().flatMap(({ directory }) => managedUnits(source, directory).map(({ type }) => type));
  }

  /** How many modules are evaluated from a directory. */
  modules(directory: FilePath): number {
    const source = this.#source();
    const all = source.roots().flatMap((root) => source.modules(root.directory));
    return all.filter((module) => module.directory === directory).length;
  }

  #renew({ types, checks }: DriftSource): void {
    if (this.#made?.types === types && this.#made.checks === checks) return;
    this.#made = { types, checks };
    this.#sides = new WeakMap();
    this.#attributes = readAttributes(checks, types);
  }
}

function managedUnits(source: DriftSource, root: FilePath): readonly Unit[] {
  return source.units(root).filter(({ mode }) => mode === "managed");
}
