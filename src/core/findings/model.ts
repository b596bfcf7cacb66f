import type { CheckItem, Outcome, Result } from "../checks/model.ts";
import type { Location, Problem } from "../text/text.ts";
import type { FilePath } from "../text/text.ts";

/** Why a fail is not reported as a finding. */
export interface Suppression {
  readonly by: "comment" | "baseline";
  readonly reason: string;
  /** ISO date, inclusive. */
  readonly until: string | undefined;
  readonly location: Location;
}

/** Another place that a finding speaks of. */
export interface RelatedPlace {
  readonly location: Location;
  readonly message: string;
  /** `instance`: one of those that have the finding, where it is called. `value`: where what decides comes from. */
  readonly about: "value" | "instance";
}

/** A result with its place in the workspace. */
export interface PlacedResult {
  readonly root: FilePath;
  readonly result: Result;
  /** `fail` that a comment excuses, or that the baseline knows. */
  readonly suppression: Suppression | undefined;
  /** Where the deciding value is written (in the workspace: never inside a downloaded module). */
  readonly location: Location | undefined;
  readonly related: readonly RelatedPlace[];
  /** The configured environment, when several were assessed. */
  readonly environment?: string;
}

/** What a person sees: results with the same check, range and message, grouped. */
export interface Finding {
  /** Stable over line moves: check, root, address, normalised evidence. */
  readonly id: string;
  readonly check: CheckItem;
  readonly location: Location;
  readonly message: string;
  readonly results: readonly PlacedResult[];
  readonly related: readonly RelatedPlace[];
  /** The configured environments in which it holds, when several were assessed and it does not hold in all. */
  readonly environments?: readonly string[];
}

/** So that silence never looks like clean. Counts are of resource and data instances of all roots. */
export interface Coverage {
  readonly resources: number;
  readonly assessed: number;
  /** Type to count: no check item looks at them. */
  readonly unsupported: ReadonlyMap<string, number>;
  /** `type.argument` to count of blocks: written in assessed resources, and not in the provider's schema. They are skipped. */
  readonly unreadNames: ReadonlyMap<string, number>;
  readonly results: Readonly<Record<Outcome["kind"] | "suppressed" | "known", number>>;
  /** Reason (`kind: detail`) to count of unknown results. */
  readonly unknownReasons: ReadonlyMap<string, number>;
  /** Selected items, and those that plumbline.yaml turned off, by id. */
  readonly checks: number;
  readonly checksOff: readonly string[];
  /** Files recognised and not evaluated (tests, stacks), unreadable files. */
  readonly skippedFiles: readonly { readonly file: FilePath; readonly why: string }[];
  /** Files that could not be read, or not parsed as a whole: what is in them may not have been assessed. */
  readonly unreadFiles: readonly FilePath[];
}

export interface Report {
  readonly roots: readonly FilePath[];
  readonly findings: readonly Finding[];
  /** All results of all kinds, in order of root, file, offset, check id. */
  readonly results: readonly PlacedResult[];
  readonly problems: readonly Problem[];
  readonly coverage: Coverage;
  /** Findings are those that a baseline does not know. */
  readonly hasBaseline: boolean;
  /** One a configured environment, when several were assessed; `coverage` is their sum then. */
  readonly environments: readonly EnvironmentCoverage[];
}

export interface EnvironmentCoverage {
  readonly name: string;
  readonly coverage: Coverage;
}
