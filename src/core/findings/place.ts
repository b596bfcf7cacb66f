import type { Result } from "../checks/model.ts";
import type { Instance } from "../instances/model.ts";
import type { Hop, ModuleInstance, Provenance, ResourceInstance } from "../terraform/model.ts";
import type { FilePath, Location } from "../text/text.ts";
import { formatPath } from "../values/path.ts";
import type { Path, Value } from "../values/value.ts";
import type { RelatedPlace } from "./model.ts";
import type { PlaceWords } from "./place-words.ts";

/** What placing needs to know of the project. */
export interface PlacingHost {
  provenance(instance: ResourceInstance, path: Path): Provenance;
  /** The block of a provider configuration in a root module. */
  providerBlock(root: FilePath, key: string): ResourceInstance | undefined;
  /** Where a root's files begin, for what belongs to no block at all. */
  rootLocation(root: FilePath): Location | undefined;
  readonly words: PlaceWords;
}

export interface Placement {
  readonly location: Location | undefined;
  readonly related: readonly RelatedPlace[];
}

const NOTHING: Placement["related"] = [];

/** Enough to see why; more hides the reason. */
const mostRelated = 8;

/**
 * Where a result that did not pass shows: on the expression in the block that decides, with the places that it gets its value
 * from as related ones. Never in a downloaded module: there, on the nearest argument or call in the workspace.
 */
export function placeResult(result: Result, root: FilePath, host: PlacingHost): Placement {
  const chains: (readonly Link[])[] = [];
  for (const path of result.evidence) {
    const links = chainOf(result.instance, path, host);
    if (links.length > 0) chains.push(links);
    if (chains.length > mostRelated) break;
  }
  // Where something that is written and something that is missing decide together, the text shows what to change.
  const written = chains.findIndex(([link]) => link?.written === true);
  if (written > 0) chains.unshift(...chains.splice(written, 1));
  const first = chains[0] ?? fallback(result.instance, root, host);
  const primary = first[0];
  if (primary === undefined) return { location: host.rootLocation(root), related: NOTHING };

  const owner = result.instance.resource;
  const isForeignPlace = owner !== undefined && primary.resource !== owner;
  if (chains.length < 2 && first.length === 1 && !isForeignPlace) return { location: primary.location, related: NOTHING };
  const { words } = host;
  const related: RelatedPlace[] = [];
  const add = (location: Location, message: string): void => {
    if (related.length >= mostRelated || isSamePlace(location, primary.location)) return;
    if (!related.some((other) => isSamePlace(location, other.location))) related.push({ location, message, about: "value" });
  };
  for (const link of first.slice(1)) add(link.location, describe(link.hop, words) ?? words.written);
  if (isForeignPlace) add(headerOf(owner), words.about(owner.address));
  for (const links of chains.slice(1)) {
    const link = links[0];
    if (link !== undefined) add(link.location, describe(link.hop, words) ?? alsoDecides(link, words));
  }
  return { location: primary.location, related };
}

/** The block's header, or the `module` keyword of the call that brings the block from a downloaded module. */
export function headerOf(resource: ResourceInstance): Location {
  const call = workspaceCall(resource.module);
  if (call !== undefined) return call;
  const { file, item } = resource.declaration;
  const range = item.node.kind === "block" ? item.node.header : item.node.name;
  return { file, range: { start: item.base + range.start, end: item.base + range.end } };
}

interface Link {
  readonly location: Location;
  readonly resource: ResourceInstance;
  /** undefined: the header of a block that lacks something. */
  readonly hop: Hop | undefined;
  /** What the hop gives a value. */
  readonly path: Path;
  /** An expression, not the header of what lacks one. */
  readonly written: boolean;
}

const NO_LINKS: readonly Link[] = [];

function lacking(resource: ResourceInstance): readonly Link[] {
  return [{ location: headerOf(resource), resource, hop: undefined, path: [], written: false }];
}

/** For people, when this is not the primary place. */
function alsoDecides({ hop, path, written }: Link, words: PlaceWords): string {
  if (hop === undefined) return words.lacking;
  return written ? words.alsoDecides(formatPath(path)) : words.notSet(formatPath(path));
}

function chainOf(instance: Instance, path: Path, host: PlacingHost): readonly Link[] {
  const target = instance.locate(path);
  const resource = target.instance.resource;
  if (resource === undefined) return NO_LINKS;
  const name = target.path[0];
  if (name === undefined || (typeof name === "string" && target.instance.definition.parts.has(name))) {
    return lacking(resource);
  }
  const { hops } = host.provenance(resource, target.path);
  const visible = hops.some((hop) => isForeign(hop.module)) ? hops.filter((hop) => !isForeign(hop.module)) : hops;
  if (visible.length === 0) return lacking(resource);
  return visible.map((hop) => ({ location: hop.location, resource, hop, path: target.path, written: hop.kind !== "header" }));
}

/** For people; undefined for a place in the block that decides. */
function describe(hop: Hop | undefined, words: PlaceWords): string | undefined {
  switch (hop?.kind) {
    case undefined:
    case "attribute":
    case "element":
    case "header":
      return undefined;
    case "local":
    case "variable file":
      return words.set(hop.label);
    case "variable default":
      return words.default(hop.label);
    case "module argument":
      return words.passed(hop.label);
    case "file":
      return words.readFrom(hop.label);
    case "module output":
    case "provider":
      return words.origin(hop.label);
  }
}

/** For results that nothing written decided: the own block, a part that is written, the provider block. */
function fallback(instance: Instance, root: FilePath, host: PlacingHost): readonly Link[] {
  const resource = instance.resource ?? writtenPart(instance) ?? host.providerBlock(root, instance.provider?.key ?? "");
  return resource === undefined ? NO_LINKS : lacking(resource);
}

function writtenPart(instance: Instance): ResourceInstance | undefined {
  for (const name of instance.definition.parts.keys()) {
    const found = resourceIn(instance.select(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function resourceIn(value: Value): ResourceInstance | undefined {
  if (value.kind === "instance") return "resource" in value.target ? (value.target as Instance).resource : undefined;
  if (value.kind !== "list" && value.kind !== "tuple") return undefined;
  for (const item of value.items) {
    const found = resourceIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isForeign(module: ModuleInstance): boolean {
  return module.downloaded;
}

function workspaceCall(module: ModuleInstance): Location | undefined {
  let inner: ModuleInstance | undefined = module;
  let location: Location | undefined;
  while (inner !== undefined && isForeign(inner)) {
    const call = inner.call;
    if (call?.item.node.kind === "block") {
      const { type } = call.item.node;
      location = { file: call.file, range: { start: call.item.base + type.start, end: call.item.base + type.end } };
    }
    inner = inner.parent;
  }
  return location;
}

export function isSamePlace(a: Location, b: Location): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.file === b.file;
}
