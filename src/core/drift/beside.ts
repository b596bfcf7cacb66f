import { headerOf } from "../findings/place.ts";
import { renderValue } from "../hcl/render.ts";
import type { Instance } from "../instances/model.ts";
import { instanceShape } from "../instances/shape.ts";
import type { Hop, Provenance, ResourceInstance } from "../terraform/model.ts";
import type { FilePath, Location } from "../text/text.ts";
import { object, string, tuple } from "../values/make.ts";
import { formatPath } from "../values/path.ts";
import { writtenMembers } from "../values/sparse.ts";
import type { Path, Value } from "../values/value.ts";
import { differences } from "./compare.ts";
import { ignoredChanges, isIgnored } from "./ignored.ts";
import { manage, type LiveSide, type ManagedRoot, type Management, type Matched } from "./manage.ts";

/** What an account is put beside. */
export interface Files {
  readonly roots: readonly ManagedRoot[];
  /** By type: what check items read. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
  provenance(resource: ResourceInstance, path: Path): Provenance;
}

/** A thing of the account with the block that manages it. */
export interface Managed {
  /** Key of the thing: type, region, id. */
  readonly instance: string;
  readonly root: FilePath;
  readonly address: string;
  readonly by: Matched;
  /** The block's header. */
  readonly location: Location;
}

/** The file says one thing, the account another: of an attribute that a check item reads. */
export interface Drift extends Pick<Managed, "instance" | "root" | "address" | "by"> {
  readonly type: string;
  /** `versioning_configuration.status`. */
  readonly path: string;
  /** As HCL; long values are cut. */
  readonly written: string;
  readonly live: string;
  /** The expression that decides. */
  readonly location: Location;
}

export interface Beside {
  readonly managed: readonly Managed[];
  readonly drift: readonly Drift[];
}

/** A drift with what its fixes need. */
export interface FoundDrift {
  readonly drift: Drift;
  readonly resource: ResourceInstance;
  readonly at: Path;
  readonly value: Value;
}

/** Puts an account beside the files. Without attributes in `account` only what manages what is told. */
export function beside(
  files: Files,
  live: LiveSide,
): { readonly managed: readonly Managed[]; readonly drift: readonly FoundDrift[] } {
  const matches = manage(files.roots, live);
  return {
    managed: matches.flatMap((match): Managed[] => {
      const { resource } = match.written;
      return resource === undefined ? [] : [{ ...identified(match), location: headerOf(resource) }];
    }),
    drift: matches.flatMap((match) => driftsOf(files, match)),
  };
}

function identified({ root, written, live, by }: Management): Omit<Managed, "location"> {
  return { instance: live.address, root, address: written.address, by };
}

function driftsOf(files: Files, match: Management): readonly FoundDrift[] {
  const { written, live } = match;
  const { resource, definition } = written;
  if (resource === undefined) return [];
  const names = files.attributes.get(definition.name) ?? new Set();
  const ignored = ignoredChanges(resource);
  const mine = instanceShape(resource.values, definition.schema);
  const found: FoundDrift[] = [];
  for (const name of [...names].sort()) {
    const value = mine.entries.get(name);
    const other = liveValue(live, name);
    if (value === undefined || other === undefined) continue;
    for (const difference of differences(value, other, [name])) {
      if (isIgnored(difference.path, ignored)) continue;
      const { hops, omitted } = files.provenance(resource, difference.path);
      // A default of the schema is nothing that the file says.
      if (omitted) continue;
      const drift = {
        ...identified(match),
        type: definition.name,
        path: formatPath(difference.path),
        written: shown(difference.written),
        live: shown(difference.live),
        location: placeOf(hops, resource),
      };
      found.push({ drift, resource, at: difference.path, value: difference.live });
    }
  }
  return found;
}

/**
 * What the account says of an attribute. Some have a resource of their own beside the attribute (`acl` of a bucket and
 * `aws_s3_bucket_acl`), and an account is read in one form only: that nothing is set in the other says nothing.
 */
function liveValue(live: Instance, name: string): Value | undefined {
  const { definition, values } = live;
  const own = values.entries.get(name);
  if (own?.kind !== "null" && !(own !== undefined && isEmptyList(own))) return own;
  const parts = [...definition.parts.values()].filter(({ join, many }) => join.kind === "by" && !many);
  const [other] = parts
    .filter(({ types }) => types.includes(`${definition.name}_${name}`))
    .flatMap((part) => partOf(live, part.name));
  if (other !== undefined) return other.values.entries.get(name);
  return parts.length > 0 ? undefined : own;
}

function partOf(live: Instance, name: string): readonly Instance[] {
  const value = live.select(name);
  return value.kind === "instance" ? [value.target as Instance] : [];
}

function isEmptyList(value: Value): boolean {
  return (value.kind === "list" || value.kind === "set") && value.items.length === 0;
}

/** The attribute in the block itself: what it refers to is not wrong because the account is another. */
function placeOf(hops: readonly Hop[], resource: ResourceInstance): Location {
  const first = hops[0];
  return first === undefined || resource.module.downloaded ? headerOf(resource) : first.location;
}

/** A block that the account lacks may hold what is not to be shown. */
function masked(value: Value): Value {
  if (value.sensitive === true || value.ephemeral === true) return string("(sensitive)");
  switch (value.kind) {
    case "list":
    case "set":
    case "tuple":
      return tuple(value.items.map(masked));
    case "map":
      return object([...value.entries].map(([name, inner]) => [name, masked(inner)]));
    case "object":
      return object([...writtenMembers(value)].map(([name, inner]) => [name, masked(inner)]));
    default:
      return value;
  }
}

const longest = 120;

function shown(value: Value): string {
  const text = renderValue(masked(value), 0).replaceAll(/\s+/g, " ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
