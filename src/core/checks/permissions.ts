import type { Program } from "../cel/program.ts";
import type { InstanceType } from "../instances/model.ts";
import type { InstanceTypes } from "../instances/types.ts";
import type { CheckItem } from "./model.ts";

/**
 * The actions that a live scan with the item calls, beside listing its instances: derived from the paths that its expressions read,
 * through `read` in instances.yaml. Sorted.
 */
export function readPermissions(check: CheckItem, types: InstanceTypes): readonly string[] {
  return readNeeds(check, types).actions;
}

/** The instance types that a live scan with the item lists, its own and those of parts, and what it calls beside. Both sorted. */
export function readNeeds(
  check: CheckItem,
  types: InstanceTypes,
): { readonly types: readonly string[]; readonly actions: readonly string[] } {
  if (check.in === "files") return { types: [], actions: [] };
  const reading = new Reading(types);
  const message = check.message.filter((piece): piece is Program => typeof piece !== "string");
  const programs = [check.assert, ...(check.when === undefined ? [] : [check.when]), ...message];
  for (const name of check.instance) {
    const type = types.get(name);
    if (type === undefined) continue;
    reading.types.add(name);
    for (const program of programs) reading.follow(type, program);
  }
  return { types: [...reading.types].sort(), actions: [...reading.actions].sort() };
}

/** By instance type: the attributes and blocks that any of the items reads, of its own instances and of their parts. */
export function readAttributes(checks: readonly CheckItem[], types: InstanceTypes): ReadonlyMap<string, ReadonlySet<string>> {
  const reading = new Reading(types);
  for (const check of checks) {
    for (const name of check.instance) {
      const type = types.get(name);
      if (type === undefined) continue;
      for (const program of [check.assert, ...(check.when === undefined ? [] : [check.when])]) reading.follow(type, program);
    }
  }
  return reading.attributes;
}

class Reading {
  readonly attributes = new Map<string, Set<string>>();
  readonly actions = new Set<string>();
  readonly types = new Set<string>();
  readonly #types: InstanceTypes;
  /** Views and paths that were followed already: views may use each other. */
  readonly #seen = new Set<string>();

  constructor(types: InstanceTypes) {
    this.#types = types;
  }

  follow(type: InstanceType, program: Program): void {
    for (const path of program.reads) this.#path(type, path);
  }

  #path(type: InstanceType, path: readonly string[]): void {
    const steps = path.filter((step) => step !== "*" && step !== "self");
    const key = `${type.name} ${steps.join(".")}`;
    const [name] = steps;
    if (name === undefined || this.#seen.has(key)) return;
    this.#seen.add(key);
    const part = type.parts.get(name);
    if (part !== undefined) {
      for (const action of part.read) this.actions.add(action);
      // What we refer with must be read as well.
      if (part.join.kind === "to") for (const ours of part.join.paths) this.#path(type, ours.map(String));
      for (const satellite of part.types) {
        this.types.add(satellite);
        const its = this.#types.get(satellite);
        if (its !== undefined) this.#path(its, steps.slice(1));
      }
      return;
    }
    const view = type.views.get(name);
    if (view !== undefined) {
      const sources = view.sources.flatMap(({ each, when, set }) => [each, when, ...(set?.values() ?? [])]);
      for (const program of [...sources, view.value]) if (program !== undefined) this.follow(type, program);
      return;
    }
    const read = this.attributes.get(type.name);
    if (read === undefined) this.attributes.set(type.name, new Set([name]));
    else read.add(name);
    for (const action of type.attributes.get(name)?.read ?? []) this.actions.add(action);
    const dotted = steps.join(".");
    for (const [action, paths] of type.read) {
      if (paths.some((served) => served === "*" || meets(served, dotted))) this.actions.add(action);
    }
  }
}

/** Whether one path leads to, or through, the other. */
function meets(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}
