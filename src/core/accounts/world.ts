import { joinBy, joinScope, joinTo, NOTHING_JOINED, type ByJoin, type Joined, type JoinWorld } from "../instances/joins.ts";
import { AssessedInstance } from "../instances/instance.ts";
import type { Instance, InstanceType, Part } from "../instances/model.ts";
import { identityKeys, mergeReasons } from "../instances/references.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { Surroundings } from "../instances/views.ts";
import type { ProviderConfiguration } from "../terraform/model.ts";
import { NULL, string } from "../values/make.ts";
import type { Reason } from "../values/value.ts";
import type { AccountData, Listing, LiveResource } from "./model.ts";
import { liveValues } from "./values.ts";

/**
 * The instances of a live account with their parts joined, as `InstanceWorld` is for files. What was not read is unknown with the
 * call that would have told; a part is missing only where everything that could be it was listed.
 */
export class AccountWorld implements JoinWorld {
  readonly #data: AccountData;
  readonly #types: InstanceTypes;
  readonly #byType = new Map<string, AssessedInstance[]>();
  readonly #resources = new Map<Instance, LiveResource>();
  readonly #identities = new Map<string, ReadonlyMap<string, readonly Instance[]>>();
  readonly #joins = new Map<string, ByJoin>();
  readonly #listingsByType = new Map<string, Listing[]>();
  readonly #listingsByAction = new Map<string, Listing[]>();

  constructor(data: AccountData, types: InstanceTypes, surroundings: Surroundings) {
    this.#data = data;
    this.#types = types;
    for (const listing of data.listings) {
      for (const type of listing.types) push(this.#listingsByType, this.canonical(type), listing);
      for (const action of listing.actions) push(this.#listingsByAction, action, listing);
    }
    const providers = new Map<string | undefined, ProviderConfiguration>();
    const providerOf = (region: string | undefined): ProviderConfiguration => {
      let provider = providers.get(region);
      if (provider === undefined) {
        provider = { key: data.account, region: region === undefined ? NULL : string(region) };
        providers.set(region, provider);
      }
      return provider;
    };
    for (const resource of [...data.resources, ...this.#notConfigured()]) {
      const definition = types.get(resource.type);
      if (definition === undefined) continue;
      const instance = new AssessedInstance(
        {
          definition,
          address: instanceKey(resource),
          provider: providerOf(resource.region),
          values: liveValues(resource, definition, (name) => this.#unreadAttribute(definition, resource, name)),
          maybe: undefined,
          resource: undefined,
          orphan: false,
          live: true,
          join: (part, its) => this.#join(part, its),
        },
        surroundings,
      );
      push(this.#byType, this.canonical(resource.type), instance);
      this.#resources.set(instance, resource);
    }
  }

  get(name: string): InstanceType | undefined {
    return this.#types.get(name);
  }

  table(name: string): ReturnType<InstanceTypes["table"]> {
    return this.#types.table(name);
  }

  canonical(type: string): string {
    return this.#types.family(type)[0] ?? type;
  }

  instancesOf(type: string): readonly Instance[] {
    return this.#byType.get(this.canonical(type)) ?? [];
  }

  identityIndex(type: string): ReadonlyMap<string, readonly Instance[]> {
    const canonical = this.canonical(type);
    let index = this.#identities.get(canonical);
    if (index === undefined) {
      const made = new Map<string, Instance[]>();
      for (const instance of this.instancesOf(canonical)) {
        for (const key of new Set(identityKeys(instance.definition, instance))) push(made, key, instance);
      }
      this.#identities.set(canonical, (index = made));
    }
    return index;
  }

  /** ARNs name one thing wherever one looks from, and so does the name of what is listed for the whole account. */
  isAccountWide(type: string, text: string): boolean {
    if (/^(?:arn|acs|qcs):/.test(text)) return true;
    const listings = this.#listingsByType.get(this.canonical(type)) ?? [];
    return listings.length > 0 && listings.every(({ region }) => region === undefined);
  }

  /** Nobody has the identity: whether there is certainly no such thing. Only an ARN says in which account and region it would be. */
  isGone(type: string, text: string): boolean {
    const [scheme, , , region = "", account] = text.split(":");
    if (scheme !== "arn" || account !== this.#data.account) return false;
    const listings = (this.#listingsByType.get(this.canonical(type)) ?? []).filter(
      (each) => each.region === undefined || region === "" || each.region === region,
    );
    return listings.length > 0 && listings.every(({ failure }) => failure === null);
  }

  /** What an item with these instance types assesses. */
  subjects(types: readonly string[]): readonly Instance[] {
    return [...new Set(types.flatMap((type) => this.instancesOf(type)))];
  }

  /** Where instances of these types could not be listed, and why: nobody knows whether there are any. */
  unlisted(types: readonly string[]): readonly Listing[] {
    const all = types.flatMap((type) => this.#listingsByType.get(this.canonical(type)) ?? []);
    return [...new Set(all)].filter(({ failure }) => failure !== null);
  }

  /** Whether instances of the type were looked for at all. */
  wasListed(type: string): boolean {
    return this.#listingsByType.has(this.canonical(type));
  }

  resourceOf(instance: Instance): LiveResource | undefined {
    return this.#resources.get(instance);
  }

  #join(part: Part, instance: Instance): Joined {
    const joined = this.#joined(part, instance);
    const unread = this.#unreadPart(part, instance);
    if (unread.length === 0) return joined;
    return { items: joined.items, unresolved: mergeReasons(joined.unresolved, unread) };
  }

  #joined(part: Part, instance: Instance): Joined {
    if (part.join.kind === "to") return joinTo(this, instance, part);
    if (part.join.kind === "scope") return joinScope(this, instance, part);
    const type = this.canonical(instance.definition.name);
    const key = `${type}.${part.name}`;
    let joins = this.#joins.get(key);
    if (joins === undefined) this.#joins.set(key, (joins = joinBy(this, this.#types.get(type) ?? instance.definition, part)));
    return joins.byOwner.get(instance.address) ?? NOTHING_JOINED;
  }

  /** Why there may be more that belongs to a part. Empty: all of it was read. */
  #unreadPart(part: Part, instance: Instance): readonly Reason[] {
    const resource = this.#resources.get(instance);
    const region = part.join.kind === "scope" && part.join.scope === "account" ? undefined : resource?.region;
    if (part.read.length > 0) return part.read.flatMap((action) => this.#unreadBy(action, resource, region));
    return part.types.flatMap((type): readonly Reason[] => {
      // Things that an account has in another form only: that form is a part of its own.
      if (this.#types.get(type)?.collectedAs !== undefined) return [];
      return whyNot(this.#listingsByType.get(this.canonical(type)), region, `\`${type}\` is not read`);
    });
  }

  #unreadBy(action: string, resource: LiveResource | undefined, region: string | undefined): readonly Reason[] {
    const own = resource?.reads[action];
    if (own !== undefined) return own === null ? [] : [own];
    return whyNot(this.#listingsByAction.get(action), region, `${action} was not called`);
  }

  #unreadAttribute(definition: InstanceType, resource: LiveResource, name: string): readonly Reason[] {
    const actions = new Set(definition.attributes.get(name)?.read ?? []);
    for (const [action, paths] of definition.read) {
      if (paths.some((path) => path === "*" || path === name || path.startsWith(`${name}.`))) actions.add(action);
    }
    const failed = [...actions].flatMap((action) => {
      const own = resource.reads[action];
      return own === undefined || own === null ? [] : [own];
    });
    return failed.length > 0 ? failed : [{ kind: "unsupported", detail: `\`${name}\` is not read from accounts` }];
  }

  /** Singletons that were looked for and are not there: all of them is null. */
  *#notConfigured(): Generator<LiveResource> {
    const present = new Set(this.#data.resources.map(({ type, region }) => `${type} ${region ?? ""}`));
    for (const [type, listings] of this.#listingsByType) {
      const definition = this.#types.get(type);
      if (definition?.singleton === undefined) continue;
      for (const { region, failure, actions, gone } of listings) {
        if (failure !== null || gone === true || present.has(`${type} ${region ?? ""}`)) continue;
        const names = [...definition.schema.attributes.keys(), ...definition.schema.blocks.keys(), ...definition.attributes.keys()];
        yield {
          type,
          id: region ?? this.#data.account,
          name: definition.title,
          region,
          tags: {},
          attributes: Object.fromEntries(names.map((name) => [name, null])),
          reads: Object.fromEntries(actions.map((action) => [action, null])),
        };
      }
    }
  }
}

/** Names an instance in its account: in results, charges and white lists. */
export function instanceKey({ type, region, id }: Pick<LiveResource, "type" | "region" | "id">): string {
  return `${type} ${region ?? "-"} ${id}`;
}

/** Everything that failed where it matters; "not done" where nothing was done. */
function whyNot(listings: readonly Listing[] | undefined, region: string | undefined, notDone: string): readonly Reason[] {
  const there = (listings ?? []).filter((each) => region === undefined || each.region === undefined || each.region === region);
  if (there.length === 0) return [{ kind: "unsupported", detail: notDone }];
  return there.flatMap(({ failure }) => (failure === null ? [] : [failure]));
}

function push<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
