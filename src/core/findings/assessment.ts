import type { CheckItem, Result } from "../checks/model.ts";
import type { Instance, InstanceType } from "../instances/model.ts";
import { unitType, type InstanceWorld } from "../instances/instances.ts";
import type { InstanceTypes } from "../instances/types.ts";
import { sameItems } from "../memo/equal.ts";
import { Input, Query, QueryFamily } from "../memo/memo.ts";
import type { ResourceInstance, Unit } from "../terraform/model.ts";
import type { FilePath, Location } from "../text/text.ts";
import type { PlacedResult } from "./model.ts";
import { headerOf, isSamePlace, placeResult, type PlacingHost } from "./place.ts";

/** What an assessment reads of the project. Every read is a tracked query. */
export interface AssessedProject extends PlacingHost {
  units(root: FilePath): readonly Unit[];
  instances(unit: Unit): readonly ResourceInstance[];
}

/** A check item as it takes part: S is what evaluating it needs beside the item. */
export interface Participant {
  readonly check: CheckItem;
}

/**
 * The results of one folder's checks, a memo query for each block: an edit evaluates again what depends on it, and nothing else.
 * Results come placed and without regard to ignore comments.
 */
export class Assessment<P extends Participant> {
  readonly #project: AssessedProject;
  readonly #world: InstanceWorld;
  readonly #types: InstanceTypes;
  readonly #evaluate: (participant: P, instance: Instance) => Result;
  readonly #checks: Input<ReadonlyMap<string, readonly P[]>>;
  readonly #lookedAt = new Query(() => this.#listLookedAt());
  readonly #byType: QueryFamily<string, readonly P[]>;
  readonly #ofUnit: QueryFamily<Unit, readonly Result[]>;
  readonly #placedOfUnit: QueryFamily<Unit, readonly PlacedResult[]>;
  readonly #ofNoUnit: QueryFamily<FilePath, readonly Result[]>;
  readonly #placedOfNoUnit: QueryFamily<FilePath, readonly PlacedResult[]>;

  constructor(
    project: AssessedProject,
    world: InstanceWorld,
    types: InstanceTypes,
    evaluate: (participant: P, instance: Instance) => Result,
  ) {
    this.#project = project;
    this.#world = world;
    this.#types = types;
    this.#evaluate = evaluate;
    this.#checks = new Input<ReadonlyMap<string, readonly P[]>>(new Map());
    this.#byType = new QueryFamily((type) => this.#checks.get().get(type) ?? [], { equal: sameItems });
    this.#ofUnit = new QueryFamily((unit) => this.#assessUnit(unit), { equal: sameResults });
    this.#placedOfUnit = new QueryFamily((unit) => this.#place(this.#ofUnit.get(unit), unit.module.root));
    this.#ofNoUnit = new QueryFamily((root) => this.#assessRoot(root), { equal: sameResults });
    this.#placedOfNoUnit = new QueryFamily((root) => this.#place(this.#ofNoUnit.get(root), root));
  }

  setChecks(participants: readonly P[]): void {
    const byType = new Map<string, P[]>();
    for (const participant of participants) {
      const types = new Set(participant.check.instance.flatMap((name) => this.#types.family(name)));
      for (const type of types) {
        const list = byType.get(type);
        if (list === undefined) byType.set(type, [participant]);
        else list.push(participant);
      }
    }
    for (const list of byType.values()) list.sort((a, b) => (a.check.id < b.check.id ? -1 : 1));
    this.#checks.set(byType);
  }

  /** Results of a block's instances. */
  ofUnit(unit: Unit): readonly Result[] {
    return this.#ofUnit.get(unit);
  }

  /** Results of what no block stands for: accounts, and owners known only by their satellites. */
  ofNoUnit(root: FilePath): readonly Result[] {
    return this.#ofNoUnit.get(root);
  }

  placedOfUnit(unit: Unit): readonly PlacedResult[] {
    // No query for the many blocks that no check looks at.
    if (this.#byType.get(unitType(unit)).length === 0) return NOTHING_PLACED;
    return this.#placedOfUnit.get(unit);
  }

  placedOfNoUnit(root: FilePath): readonly PlacedResult[] {
    return this.#placedOfNoUnit.get(root);
  }

  /** As `placedOfUnit`, for who asks once: nothing is kept, so that what decided a result is let go of with it. */
  placedOnce(unit: Unit): readonly PlacedResult[] {
    if (this.#byType.get(unitType(unit)).length === 0) return NOTHING_PLACED;
    // As one computation: what many checks read of an instance is looked up once while it lasts.
    return new Query(() => this.#place(this.#assessUnit(unit), unit.module.root)).get();
  }

  /** Types that a selected check looks at, itself or as a part. */
  lookedAt(): ReadonlySet<string> {
    return this.#lookedAt.get();
  }

  sweep(isUnit: (unit: Unit) => boolean, isRoot: (root: FilePath) => boolean): void {
    this.#placedOfUnit.sweep(isUnit);
    this.#ofUnit.sweep(isUnit);
    this.#placedOfNoUnit.sweep(isRoot);
    this.#ofNoUnit.sweep(isRoot);
  }

  #listLookedAt(): ReadonlySet<string> {
    const seen = new Set<string>();
    const follow = (type: InstanceType | undefined): void => {
      for (const part of type?.parts.values() ?? []) {
        for (const name of part.types) {
          if (seen.has(name)) continue;
          seen.add(name);
          follow(this.#types.get(name));
        }
      }
    };
    for (const type of this.#checks.get().keys()) {
      seen.add(type);
      follow(this.#types.get(type));
    }
    return seen;
  }

  #assessUnit(unit: Unit): readonly Result[] {
    const participants = this.#byType.get(unitType(unit));
    if (participants.length === 0) return [];
    return this.#world.of(unit).flatMap((instance) => participants.map((participant) => this.#evaluate(participant, instance)));
  }

  #assessRoot(root: FilePath): readonly Result[] {
    const results: Result[] = [];
    for (const [name, participants] of this.#checks.get()) {
      const type = this.#types.get(name);
      if (type === undefined) continue;
      const adopts = !type.virtual && [...type.parts.values()].some((part) => part.orphans);
      if (!type.virtual && !adopts) continue;
      for (const participant of participants) {
        const { check } = participant;
        const instances = type.virtual
          ? this.#world.virtual(root, name, [check.when, check.assert])
          : this.#world.orphans(root, name);
        for (const instance of instances) {
          const result = this.#evaluate(participant, instance);
          // Of an owner that is known only by its satellites, only a fail says something.
          if (type.virtual || result.outcome.kind === "fail") results.push(result);
        }
      }
    }
    return results;
  }

  #place(results: readonly Result[], root: FilePath): readonly PlacedResult[] {
    let header: { readonly of: ResourceInstance; readonly location: Location } | undefined;
    return results.map((result) => {
      const { kind } = result.outcome;
      const { resource } = result.instance;
      if ((kind === "pass" || kind === "notApplicable") && resource !== undefined) {
        if (header?.of !== resource) header = { of: resource, location: headerOf(resource) };
        return { root, result, suppression: undefined, location: header.location, related: NOTHING_RELATED };
      }
      const { location, related } = placeResult(result, root, this.#project);
      // What a block lacks shows on its header: the same place for all.
      if (resource !== undefined && header?.of !== resource) header = { of: resource, location: headerOf(resource) };
      const known = header !== undefined && location !== undefined && isSamePlace(location, header.location);
      return { root, result, suppression: undefined, location: known ? header?.location : location, related };
    });
  }
}

const NOTHING_PLACED: readonly PlacedResult[] = [];
const NOTHING_RELATED: PlacedResult["related"] = [];

function sameResults(a: readonly Result[], b: readonly Result[]): boolean {
  return a.length === b.length && a.every((result, index) => sameResult(result, b[index]));
}

function sameResult(a: Result, b: Result | undefined): boolean {
  if (a === b) return true;
  return (
    b !== undefined &&
    a.check === b.check &&
    a.instance === b.instance &&
    a.message === b.message &&
    a.outcome.kind === b.outcome.kind &&
    (a.outcome.kind === "pass" || a.outcome.kind === "notApplicable")
  );
}
