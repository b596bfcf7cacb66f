import type { Instance } from "../instances/model.ts";
import type { Hop, InstancePath, Provenance, ResourceInstance } from "../terraform/model.ts";
import type { Location } from "../text/text.ts";
import { formatPath, parsePath } from "../values/path.ts";
import type { InstanceValue, Path, Reason, Step, Value } from "../values/value.ts";

/** Where a value comes from, hop by hop, or why it is not known and what would tell. */
export interface Explanation {
  /** The instance that holds the value: with a path through parts another one than was asked for. */
  readonly address: string;
  readonly path: string;
  readonly value: Value;
  /** Nothing is written: the value is a default, or what creation makes of it. */
  readonly omitted: boolean;
  readonly hops: readonly { readonly location: Location; readonly kind: Hop["kind"]; readonly label: string }[];
  readonly unknown: readonly { readonly reason: Reason; readonly decidedBy: string }[];
}

export interface Explained {
  /** Instances by address, as checks see them; `undefined` for what has no type there. */
  instance(address: string): { readonly resource: ResourceInstance; readonly instance: Instance | undefined } | undefined;
  provenance(instance: ResourceInstance, path: InstancePath): Provenance;
}

/** Splits `ADDRESS[.path]` at the longest address that there is. */
export function splitAddress(
  text: string,
  has: (address: string) => boolean,
): { readonly address: string; readonly path: Path } | undefined {
  for (let end = text.length; end > 0; end--) {
    const next = text[end];
    if (next !== undefined && next !== "." && next !== "[") continue;
    const address = text.slice(0, end);
    if (!has(address)) continue;
    const path = parsePath(text.slice(end));
    return path === undefined ? undefined : { address, path };
  }
  return undefined;
}

/** The value at a path of an instance. A path through parts and views leads to what it was made of. */
export function explainValue(explained: Explained, address: string, path: Path): Explanation | { readonly wrong: string } {
  const found = explained.instance(address);
  if (found === undefined) return { wrong: `There is no ${address}.` };
  const { instance, resource } = found;
  const wanted: Path = path.length === 0 && (resource.mode === "variable" || resource.mode === "output") ? ["value"] : path;
  const selected = instance === undefined ? select(resource.values, wanted) : selectOf(instance, wanted);
  if (selected === undefined) return { wrong: `${address} has no ${formatPath(wanted)}.` };
  const origin = selected.path ?? wanted;
  const target = instance?.locate(origin);
  const holder = target?.instance.resource ?? resource;
  const inside = target?.path ?? origin;
  const { hops, omitted } = explained.provenance(holder, inside);
  return {
    address: target?.instance.address ?? address,
    path: formatPath(inside),
    value: selected,
    omitted,
    hops: hops.map(({ location, kind, label }) => ({ location, kind, label })),
    unknown: selected.kind === "unknown" ? selected.reasons.map((reason) => ({ reason, decidedBy: decidedBy(reason) })) : [],
  };
}

/** The value with the path, in the instance's own coordinates, that wrote it. */
function selectOf(instance: Instance, path: Path): Value | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return { kind: "instance", target: instance, path: [] };
  if (typeof first !== "string" || !isName(instance, first)) return undefined;
  let prefix: Path = [];
  let value: Value | undefined = instance.trace(first);
  for (const step of rest) {
    if (value?.kind === "instance" && typeof step === "string") {
      const { target, path: before = [] }: InstanceValue = value;
      if (!isInstance(target) || !isName(target, step)) return undefined;
      // What is inside a part has paths that count from the part.
      prefix = [...prefix, ...before];
      value = target.trace(step);
      continue;
    }
    value = value === undefined ? undefined : select(value, [step]);
  }
  return value === undefined ? undefined : { ...value, path: [...prefix, ...(value.path ?? path)] };
}

function isInstance(target: InstanceValue["target"]): target is Instance {
  return "definition" in target;
}

function isName({ definition }: Instance, name: string): boolean {
  return (
    definition.parts.has(name) ||
    definition.views.has(name) ||
    definition.attributes.has(name) ||
    definition.schema.attributes.has(name) ||
    definition.schema.blocks.has(name)
  );
}

function select(value: Value, path: Path): Value | undefined {
  let at: Value | undefined = value;
  for (const step of path) {
    switch (at?.kind) {
      case "object":
      case "map":
        at = at.entries.get(String(step));
        break;
      case "list":
      case "set":
      case "tuple":
        at = elementOf(at.items, step);
        break;
      case "null":
      case "unknown":
        return at;
      default:
        return undefined;
    }
  }
  return at;
}

/** A single block may be selected from without its number. */
function elementOf(items: readonly Value[], step: Step): Value | undefined {
  if (typeof step === "number") return items[step];
  const [only] = items;
  return only === undefined || items.length > 1 ? undefined : select(only, [step]);
}

/** What would make an unknown value known. */
export function decidedBy({ kind, detail }: Reason): string {
  switch (kind) {
    case "variable":
      return `Give ${detail} a value: in a variable file, with --var, or with --var-file.`;
    case "computed":
      return "The provider makes it on apply. A plan often knows it (--plan), a state does (--state).";
    case "data source":
      return "It is read while planning: a plan knows it (--plan).";
    case "missing module":
      return "Fetch the module: `terraform init`, or `terraform get`.";
    case "unsupported":
      return "Plumbline can't evaluate this. A plan knows it (--plan).";
    case "syntax":
    case "invalid":
      return "Terraform refuses this: correct it first.";
    case "loading":
      return "A file is not there, or was not read.";
    case "budget":
      return "There is too much of it to be evaluated one by one. A plan knows it (--plan).";
    case "null operand":
      return "An expression needs a value where none is set.";
    case "live only":
      return "Only a live account has it.";
    case "elsewhere":
      return "It is configured outside of these files.";
    case "count":
      return "Whether it exists hangs on a count or for_each that is not known. A plan knows it (--plan).";
    case "unknown":
      return "What is written leaves it open.";
    case "denied":
    case "throttled":
    case "cancelled":
    case "error":
      return "It could not be read.";
    case "quota":
    case "plan":
      return "The account's plan does not cover it.";
  }
}
