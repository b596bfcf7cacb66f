import type { Path, Reason, Value } from "../values/value.ts";
import type { Instance, InstanceType, Part } from "./model.ts";
import { identityKeys, isIdentity, mergeReasons, originOf, readReference, textKey, typeOfAddress, visit } from "./references.ts";
import type { TypeSource } from "./environment.ts";

/** What joined one part of one owner. */
export interface Joined {
  /** Sorted by address. */
  readonly items: readonly Instance[];
  /** Why there may be more: references that could not be resolved. */
  readonly unresolved: readonly Reason[];
}

export const NOTHING_JOINED: Joined = { items: [], unresolved: [] };

export function sameJoined(a: Joined, b: Joined): boolean {
  return (
    a.items.length === b.items.length &&
    a.items.every((item, index) => item === b.items[index]) &&
    a.unresolved.length === b.unresolved.length &&
    a.unresolved.every((reason, index) => sameReason(reason, b.unresolved[index]))
  );
}

function sameReason(a: Reason, b: Reason | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.detail === b.detail;
}

/** The instances of one root, as joins need them. Every read is a tracked query. */
export interface JoinWorld extends TypeSource {
  /** All instances of a type and of the identical types under other names. */
  instancesOf(type: string): readonly Instance[];
  /** Identity keys of those instances. */
  identityIndex(type: string): ReadonlyMap<string, readonly Instance[]>;
  /** One name for all names of identical types. */
  canonical(type: string): string;
  /** Accounts: whether a text names the same thing of a type wherever it is written. Else it means the holder's own region. */
  isAccountWide?(type: string, text: string): boolean;
  /** Accounts: whether there is certainly nothing of a type that a text names. */
  isGone?(type: string, text: string): boolean;
}

/** A part that satellites refer to their owner by: everything joined, by the owner's address. */
export interface ByJoin {
  readonly byOwner: ReadonlyMap<string, Joined>;
  /** Satellites whose owner is not in the files, with the key of their reference (undefined: unresolved). */
  readonly unowned: readonly { readonly satellite: Instance; readonly key: string | undefined }[];
}

/** Satellites refer to us. */
export function joinBy(world: JoinWorld, owner: InstanceType, part: Part): ByJoin {
  if (part.join.kind !== "by") return { byOwner: new Map(), unowned: [] };
  const owners = world.instancesOf(owner.name);
  const items = new Map<string, Instance[]>();
  const unresolved = new Map<string, (readonly Reason[])[]>();
  const unowned: { satellite: Instance; key: string | undefined }[] = [];
  for (const satellite of part.types.filter(firstOfFamily(world)).flatMap((type) => world.instancesOf(type))) {
    const matched = new Set<Instance>();
    const open: Reason[] = [];
    let elsewhere = false;
    let key: string | undefined;
    let referred = false;
    for (const alternative of part.join.alternatives) {
      const [first] = alternative;
      if (alternative.length === 1 && first !== undefined && first.ours === undefined) {
        for (const value of visit(satellite.values, first.theirs)) {
          const found = resolve(world, owner.name, value, satellite);
          if (found.kind === "none") continue;
          referred = true;
          if (found.kind === "unresolved") open.push(...found.reasons);
          else if (found.kind === "elsewhere") elsewhere = true;
          else {
            key ??= found.key;
            for (const one of found.instances) matched.add(one);
          }
        }
      } else {
        for (const one of owners) {
          if (!candidates(one, satellite)) continue;
          const holds = pairsHold(alternative, satellite, one);
          if (holds === true) matched.add(one);
          else if (holds !== false) push(unresolved, one.address, holds);
        }
      }
    }
    for (const one of matched) push(items, one.address, satellite);
    if (open.length > 0) {
      for (const one of owners) if (!matched.has(one) && candidates(one, satellite)) push(unresolved, one.address, open);
    }
    if (matched.size === 0 && referred && !elsewhere) unowned.push({ satellite, key: open.length > 0 ? undefined : key });
  }
  const byOwner = new Map<string, Joined>();
  for (const { address } of owners) {
    const joined = items.get(address) ?? [];
    const reasons = mergeReasons(...(unresolved.get(address) ?? []));
    if (joined.length > 0 || reasons.length > 0) byOwner.set(address, { items: sorted(joined), unresolved: reasons });
  }
  return { byOwner, unowned };
}

/** Whether an instance refers to nobody by a part, whatever else is written. */
export function refersToNobody({ values }: Instance, { join }: Part): boolean {
  return join.kind === "to" && join.paths.every((path) => visit(values, path).every(({ kind }) => kind === "null"));
}

/** We refer to them: each path may hold one reference or many. */
export function joinTo(world: JoinWorld, owner: Instance, part: Part): Joined {
  if (part.join.kind !== "to") return NOTHING_JOINED;
  const items = new Set<Instance>();
  const unresolved: (readonly Reason[])[] = [];
  for (const path of part.join.paths) {
    for (const value of visit(owner.values, path)) {
      let nobody: string | undefined;
      let joined = false;
      for (const type of part.types.filter(firstOfFamily(world))) {
        const found = resolve(world, type, value, owner);
        if (found.kind === "instances") {
          for (const one of found.instances) items.add(one);
          joined ||= found.instances.length > 0;
          if (found.instances.length === 0 && !isGone(world, type, value)) nobody = found.label;
        } else if (found.kind === "elsewhere") nobody = found.label;
        else if (found.kind === "unresolved") unresolved.push(found.reasons);
      }
      // Known, and nobody here: somewhere else there is one.
      if (!joined && nobody !== undefined) unresolved.push([{ kind: "elsewhere", detail: nobody }]);
    }
  }
  return { items: sorted([...items]), unresolved: items.size > 0 && !part.many ? [] : mergeReasons(...unresolved) };
}

/** Everything of the same account (and region). */
export function joinScope(world: JoinWorld, owner: Instance, part: Part): Joined {
  if (part.join.kind !== "scope") return NOTHING_JOINED;
  const { scope } = part.join;
  const items = part.types
    .filter(firstOfFamily(world))
    .flatMap((type) => world.instancesOf(type))
    .filter((one) => one !== owner && sameProvider(one, owner) && (scope === "account" || sameRegion(one, owner)));
  return { items: sorted(items), unresolved: [] };
}

type Resolved =
  | { readonly kind: "none" }
  | {
      readonly kind: "instances";
      readonly instances: readonly Instance[];
      readonly key: string | undefined;
      readonly label: string;
    }
  | { readonly kind: "elsewhere"; readonly label: string }
  | { readonly kind: "unresolved"; readonly reasons: readonly Reason[] };

/** Whom of a type a reference names, in the eyes of the instance that holds it. */
function resolve(world: JoinWorld, typeName: string, value: Value, holder: Instance): Resolved {
  const reference = readReference(value);
  if (reference.kind !== "keys") return reference;
  const index = world.identityIndex(typeName);
  const origin = originOf(value);
  for (const key of reference.keys) {
    const found = index.get(key);
    if (found === undefined) continue;
    // An origin names that very instance; a text names whoever has it where the holder looks.
    const fitting = origin === undefined ? whereHolderLooks(world, typeName, value, found, holder) : found;
    if (fitting.length > 0) return { kind: "instances", instances: fitting, key, label: describe(value) };
  }
  if (value.kind === "string" && ownedByProvider.test(value.value)) return { kind: "none" };
  if (value.kind !== "unknown") return { kind: "instances", instances: [], key: reference.keys[0], label: describe(value) };
  const unresolved: Resolved = { kind: "unresolved", reasons: value.reasons };
  if (origin === undefined) return unresolved;
  const originType = typeOfAddress(origin.address);
  if (originType === undefined) return unresolved;
  if (originType.startsWith("data.")) {
    const keys = dataSourceKeys(world, typeName, originType, origin.address, origin.path);
    if (keys === undefined) return unresolved;
    const found = [...new Set(keys.flatMap((key) => index.get(key) ?? []))].filter((one) => candidates(one, holder));
    return { kind: "instances", instances: found, key: keys[0], label: origin.address };
  }
  const definition = world.get(originType);
  const names = origin.path.filter((step) => typeof step === "string");
  // The identity of something else that is written here: resolved, and none of ours.
  return definition !== undefined && isIdentity(definition, names) ? { kind: "elsewhere", label: origin.address } : unresolved;
}

function whereHolderLooks(
  world: JoinWorld,
  typeName: string,
  value: Value,
  found: readonly Instance[],
  holder: Instance,
): readonly Instance[] {
  const near = found.filter((one) => candidates(one, holder));
  if (near.length > 0 || value.kind !== "string" || world.isAccountWide?.(typeName, value.value) !== true) return near;
  return found.filter((one) => sameProvider(one, holder));
}

function isGone(world: JoinWorld, type: string, value: Value): boolean {
  return value.kind === "string" && world.isGone?.(type, value.value) === true;
}

/** An ARN with the account `aws` names something that AWS itself keeps (a managed policy): no resource of anybody's is meant. */
const ownedByProvider = /^arn:aws[\w-]*:[^:]*:[^:]*:aws:/;

/** A data source that looks for one thing by an argument which is an identity names that thing. */
function dataSourceKeys(
  world: JoinWorld,
  typeName: string,
  dataType: string,
  address: string,
  path: Path,
): readonly string[] | undefined {
  const definition = world.get(typeName);
  if (definition === undefined || dataType !== `data.${typeName}` || !isIdentity(definition, path)) return undefined;
  const source = world.instancesOf(dataType).find((one) => one.address === address);
  if (source === undefined) return undefined;
  const keys = definition.identity.flatMap((form) => {
    if (form.kind !== "path" || form.path.length !== 1) return [];
    const value = source.values.entries.get(String(form.path[0]));
    return value?.kind === "string" ? [textKey(value.value)] : [];
  });
  return keys.length > 0 ? keys : undefined;
}

/** All pairs of an alternative: true, false, or why that can't be said. */
function pairsHold(
  pairs: readonly { readonly theirs: Path; readonly ours: Path | undefined }[],
  satellite: Instance,
  owner: Instance,
): true | false | readonly Reason[] {
  const prefix = commonPrefix(pairs.map(({ theirs }) => theirs));
  let open: readonly Reason[] | undefined;
  for (const element of visit(satellite.values, prefix)) {
    let verdict: true | false | readonly Reason[] = true;
    for (const { theirs, ours } of pairs) {
      const holds = anyEqual(
        visit(element, theirs.slice(prefix.length)),
        ours === undefined ? undefined : visit(owner.values, ours),
        owner,
      );
      if (holds === false) verdict = false;
      else if (holds !== true && verdict === true) verdict = holds;
    }
    if (verdict === true) return true;
    if (verdict !== false) open = verdict;
  }
  return open ?? false;
}

function anyEqual(theirs: readonly Value[], ours: readonly Value[] | undefined, owner: Instance): true | false | readonly Reason[] {
  const known = new Set<string>(ours === undefined ? identityKeys(owner.definition, owner) : []);
  let open: readonly Reason[] | undefined;
  for (const value of ours ?? []) {
    const reference = readReference(value);
    if (reference.kind === "keys") for (const key of reference.keys) known.add(key);
    if (value.kind === "unknown") open = value.reasons;
  }
  for (const value of theirs) {
    const reference = readReference(value);
    if (reference.kind === "keys" && reference.keys.some((key) => known.has(key))) return true;
    if (value.kind === "unknown") open = value.reasons;
  }
  return theirs.some((value) => value.kind !== "null") ? (open ?? false) : false;
}

/** The longest path that all begin with, the last name of each left out. */
function commonPrefix(paths: readonly Path[]): Path {
  const [first = [], ...others] = paths;
  let length = 0;
  while (length < first.length - 1 && others.every((other) => length < other.length - 1 && other[length] === first[length]))
    length++;
  return first.slice(0, length);
}

function candidates(one: Instance, other: Instance): boolean {
  return sameProvider(one, other) && sameRegion(one, other);
}

function sameProvider(one: Instance, other: Instance): boolean {
  return one.provider?.key === other.provider?.key;
}

/** Unknown or unwritten regions may be the same. */
function sameRegion(one: Instance, other: Instance): boolean {
  const region = regionOf(one);
  const otherRegion = regionOf(other);
  return region === undefined || otherRegion === undefined || region === otherRegion;
}

function regionOf(instance: Instance): string | undefined {
  const own = instance.values.entries.get("region");
  if (own?.kind === "string") return own.value;
  const configured = instance.provider?.region;
  return configured?.kind === "string" ? configured.value : undefined;
}

/** `instancesOf` answers for a whole family: ask once. */
function firstOfFamily(world: JoinWorld): (type: string, index: number, types: readonly string[]) => boolean {
  return (type, index, types) => types.findIndex((other) => world.canonical(other) === world.canonical(type)) === index;
}

function describe(value: Value): string {
  if (value.sensitive === true) return "(sensitive)";
  if (value.kind === "string") return value.value;
  return originOf(value)?.address ?? "a reference";
}

function sorted(instances: readonly Instance[]): readonly Instance[] {
  return instances.length < 2
    ? instances
    : [...instances].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
