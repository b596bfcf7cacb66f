import type { Coverage, PlacedResult } from "./model.ts";

/** The part of a coverage that is counted root by root. */
export type Counts = Pick<Coverage, "resources" | "assessed" | "unsupported" | "unreadNames" | "results" | "unknownReasons">;

/** Counts results by kind, and unknown ones by their reasons. */
export function countResults(groups: readonly (readonly PlacedResult[])[]): Pick<Coverage, "results" | "unknownReasons"> {
  const counts = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, notChecked: 0, suppressed: 0, known: 0 };
  const reasons = new Map<string, number>();
  for (const group of groups) {
    for (const { result, suppression } of group) {
      const { outcome } = result;
      counts[suppression === undefined ? outcome.kind : suppression.by === "baseline" ? "known" : "suppressed"]++;
      const why = outcome.kind === "unknown" ? outcome.reasons : outcome.kind === "notChecked" ? [outcome.reason] : [];
      for (const { kind, detail } of why) {
        const name = detail === "" ? kind : `${kind}: ${detail}`;
        reasons.set(name, (reasons.get(name) ?? 0) + 1);
      }
    }
  }
  return { results: counts, unknownReasons: new Map([...reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) };
}

/** The sum over roots, or folders. */
export function addCounts(all: readonly Counts[]): Counts {
  const results = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, notChecked: 0, suppressed: 0, known: 0 };
  for (const counts of all) {
    for (const kind of Object.keys(results) as (keyof typeof results)[]) results[kind] += counts.results[kind];
  }
  return {
    resources: all.reduce((total, counts) => total + counts.resources, 0),
    assessed: all.reduce((total, counts) => total + counts.assessed, 0),
    unsupported: addMaps(all.map((counts) => counts.unsupported)),
    unreadNames: addMaps(all.map((counts) => counts.unreadNames)),
    results,
    unknownReasons: addMaps(all.map((counts) => counts.unknownReasons)),
  };
}

/** The coverage of several folders. */
export function mergeCoverage(all: readonly Coverage[]): Coverage {
  return {
    ...addCounts(all),
    checks: Math.max(0, ...all.map((coverage) => coverage.checks)),
    checksOff: [...new Set(all.flatMap((coverage) => coverage.checksOff))].sort(),
    skippedFiles: all.flatMap((coverage) => coverage.skippedFiles),
    unreadFiles: all.flatMap((coverage) => coverage.unreadFiles),
  };
}

function addMaps(maps: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const map of maps) for (const [name, count] of map) counts.set(name, (counts.get(name) ?? 0) + count);
  return new Map([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
