import type { Instance } from "../instances/model.ts";
import type { InstancePath, Provenance, ResourceInstance } from "../terraform/model.ts";
import { bool, reason, unknown } from "../values/make.ts";
import type { Path, Value } from "../values/value.ts";

/** The meaning of `literal(path)`: the value is written in the configuration as a constant, through locals and variables too. */
export function literalIn(
  provenance: (instance: ResourceInstance, path: InstancePath) => Provenance,
): (instance: Instance, path: Path) => Value {
  return (instance, path) => {
    const target = instance.locate(path);
    const { resource } = target.instance;
    if (resource === undefined) return unknown({ kind: "bool" }, reason("live only"));
    const { hops, omitted, computed } = provenance(resource, target.path);
    // A plan or state without the configuration that it was made from.
    if (hops.length === 0 && !omitted) return unknown({ kind: "bool" }, reason("elsewhere", "the configuration"));
    const last = hops.at(-1)?.expression?.node;
    if (omitted || computed || last === undefined) return bool(false);
    if (last.kind === "literal") return bool(last.value !== null);
    return bool(last.kind === "template" && last.parts.every((part) => part.kind === "text") && last.parts.length > 0);
  };
}
