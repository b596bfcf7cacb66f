import type { Coverage, PlacedResult } from "./model.ts";

/** Counts results by kind, and unknown ones by their reasons. */
export function countResults(results: readonly PlacedResult[]): Pick<Coverage, "results" | "unknownReasons"> {
  const counts = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, notChecked: 0, suppressed: 0 };
  const reasons = new Map<string, number>();
  for (const { result, suppression } of results) {
    const { outcome } = result;
    counts[suppression === undefined ? outcome.kind : "suppressed"]++;
    const why = outcome.kind === "unknown" ? outcome.reasons : outcome.kind === "notChecked" ? [outcome.reason] : [];
    for (const { kind, detail } of why) {
      const name = detail === "" ? kind : `${kind}: ${detail}`;
      reasons.set(name, (reasons.get(name) ?? 0) + 1);
    }
  }
  return { results: counts, unknownReasons: new Map([...reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) };
}
