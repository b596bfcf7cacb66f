import type { AccountData } from "../accounts/model.ts";
import { AccountWorld } from "../accounts/world.ts";
import type { Instance } from "../instances/model.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { Surroundings } from "../instances/views.ts";
import { visit } from "../instances/references.ts";
import { addressOf, memberOf, type RecordedResource } from "../snapshots/model.ts";
import type { FilePath } from "../text/text.ts";
import type { Value } from "../values/value.ts";

/** The managed resources of one root module. */
export interface ManagedRoot {
  readonly root: FilePath;
  /** Instances that a resource block makes. */
  readonly instances: readonly Instance[];
  /** What the root's state records; undefined: nobody has a state. */
  readonly state: readonly RecordedResource[] | undefined;
}

/** An account as it is matched with files. Made once for what was read: it is asked again after every change of a file. */
export class LiveSide {
  readonly account: string;
  readonly #world: AccountWorld;
  readonly #named = new Map<string, ReadonlyMap<string, readonly Instance[]>>();

  constructor(data: AccountData, types: InstanceTypes, surroundings: Surroundings) {
    this.account = data.account;
    this.#world = new AccountWorld(data, types, surroundings);
  }

  /** A type and the other names of it are one. */
  canonical(type: string): string {
    return this.#world.canonical(type);
  }

  /** Things of a type by what they are called: id, name, and the ARN if it was read. */
  named(type: string): ReadonlyMap<string, readonly Instance[]> {
    const canonical = this.canonical(type);
    let index = this.#named.get(canonical);
    if (index === undefined) {
      index = indexed(this.#world.instancesOf(canonical), (instance) => liveNames(instance, this.#world));
      this.#named.set(canonical, index);
    }
    return index;
  }
}

/** How it is known that a block manages a thing. */
export type Matched =
  /** The state records its id. */
  | "state"
  /** The only block and the only thing of the type with that name. */
  | "name"
  /** It belongs to something that is matched. */
  | "owner";

export interface Management {
  readonly root: FilePath;
  /** In the files. */
  readonly written: Instance;
  /** In the account. */
  readonly live: Instance;
  readonly by: Matched;
}

/**
 * Which resource instance of the files manages which thing of an account: by the id or ARN that a state records, where a root has no
 * state by a name that is unique on both sides, and through both by the parts that they have. Never two for one.
 */
export function manage(roots: readonly ManagedRoot[], live: LiveSide): readonly Management[] {
  const found = new Map<Instance, Management>();
  const taken = new Set<Instance>();
  const add = (management: Management): boolean => {
    if (found.has(management.written) || taken.has(management.live)) return false;
    found.set(management.written, management);
    taken.add(management.live);
    return true;
  };
  for (const root of roots) for (const match of byState(root, live)) add(match);
  for (const match of byName(roots, live)) add(match);
  const queue = [...found.values()];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const match of byOwner(next)) if (add(match)) queue.push(match);
  }
  return [...found.values()];
}

function* byState({ root, instances, state }: ManagedRoot, side: LiveSide): Generator<Management> {
  if (state === undefined) return;
  const recorded = new Map(state.flatMap((each) => (each.mode === "managed" ? [[addressOf(each), each] as const] : [])));
  for (const written of instances) {
    const record = recorded.get(written.address);
    if (record === undefined) continue;
    const index = side.named(written.definition.name);
    const arn = plain(record, "arn");
    // The same name in another account is another thing.
    const owner = arn === undefined ? "" : (arn.split(":")[arn.startsWith("acs:") ? 3 : 4] ?? "");
    if (owner !== "" && /^\d+$/.test(owner) && owner !== side.account) continue;
    const live = (arn === undefined ? undefined : only(index.get(arn))) ?? only(index.get(plain(record, "id") ?? ""));
    if (live !== undefined) yield { root, written, live, by: "state" };
  }
}

function* byName(roots: readonly ManagedRoot[], side: LiveSide): Generator<Management> {
  const groups = new Map<string, { readonly root: ManagedRoot; readonly written: Instance }[]>();
  for (const root of roots) {
    for (const written of root.instances) {
      const canonical = side.canonical(written.definition.name);
      const group = groups.get(canonical);
      if (group === undefined) groups.set(canonical, [{ root, written }]);
      else group.push({ root, written });
    }
  }
  for (const [type, group] of groups) {
    const lives = side.named(type);
    if (lives.size === 0) continue;
    const rootOf = new Map(group.map(({ root, written }) => [written, root]));
    const named = indexed([...rootOf.keys()], (written) => namesOf(written));
    for (const [name, written] of named) {
      const one = only(written);
      const live = only(lives.get(name));
      const root = one === undefined ? undefined : rootOf.get(one);
      // A state knows what was made, and what it does not know was not.
      if (one === undefined || live === undefined || root?.state !== undefined || root === undefined) continue;
      yield { root: root.root, written: one, live, by: "name" };
    }
  }
}

function* byOwner({ root, written, live }: Management): Generator<Management> {
  for (const part of written.definition.parts.values()) {
    if (part.many || part.join.kind !== "by") continue;
    const its = live.definition.parts.get(part.name);
    if (its === undefined) continue;
    const mine = only(joined(written, part.name));
    const theirs = only(joined(live, part.name));
    if (mine?.resource?.mode !== "managed" || theirs === undefined || mine.maybe !== undefined) continue;
    yield { root, written: mine, live: theirs, by: "owner" };
  }
}

function joined(instance: Instance, part: string): readonly Instance[] {
  const value = instance.select(part);
  const items = value.kind === "list" || value.kind === "set" || value.kind === "tuple" ? value.items : [value];
  return items.flatMap((item) => (item.kind === "instance" ? [item.target as Instance] : []));
}

function liveNames(instance: Instance, world: AccountWorld): readonly string[] {
  const resource = world.resourceOf(instance);
  if (resource === undefined) return [];
  const { id, name, attributes } = resource;
  const others = ["id", "arn"].flatMap((attribute) => {
    const value = memberOf(attributes, attribute);
    return typeof value === "string" ? [value] : [];
  });
  return [...new Set([id, name, ...others])].filter((text) => text !== "");
}

/** What a block says that it will be called: identities that are known, and arguments that name it. */
function namesOf(written: Instance): readonly string[] {
  if (written.maybe !== undefined) return [];
  const { definition, values } = written;
  const paths = definition.identity.flatMap((form) => (form.kind === "path" ? [form.path] : []));
  const naming = [...definition.schema.attributes.keys()].filter(
    (name) => name === "name" || (name.endsWith("_name") && definition.name.endsWith(`_${name.slice(0, -"_name".length)}`)),
  );
  const all = [...paths, ...naming.map((name) => [name]), ["tags", "Name"]];
  const texts = all.flatMap((path) => visit(values, path).flatMap(textOf));
  return [...new Set(texts)].filter((text) => text !== "");
}

function textOf(value: Value): readonly string[] {
  return value.kind === "string" && value.sensitive !== true ? [value.value] : [];
}

function plain({ values }: RecordedResource, name: string): string | undefined {
  const value = memberOf(values, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function only<T>(items: readonly T[] | undefined): T | undefined {
  return items?.length === 1 ? items[0] : undefined;
}

function indexed(instances: readonly Instance[], namesOf: (instance: Instance) => readonly string[]): Map<string, Instance[]> {
  const index = new Map<string, Instance[]>();
  for (const instance of instances) {
    for (const name of namesOf(instance)) {
      const list = index.get(name);
      if (list === undefined) index.set(name, [instance]);
      else list.push(instance);
    }
  }
  return index;
}
