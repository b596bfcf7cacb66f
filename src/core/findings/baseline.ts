import { relativePath } from "../text/path.ts";
import type { FilePath, Location, Problem } from "../text/text.ts";
import { normalisedEvidence } from "./fingerprint.ts";
import type { PlacedResult, Suppression } from "./model.ts";
import { earlierAddresses, type PlacedMove } from "./moves.ts";

/*
 * Failures that were known before: a file that people commit (`--write-baseline`), or the results of an earlier state of the
 * files (`--since`). What is known is suppressed, and counted, so that it is never mixed up with clean.
 *
 * A failure is the same if check, root, address and evidence are the same, whatever lines have moved; `moved` blocks are followed.
 */

/** One known failure. `root` is relative to the folder that the baseline counts from; `at` has `*` for positions in lists. */
export interface KnownFailure {
  readonly check: string;
  readonly root: string;
  readonly address: string;
  readonly at: string;
}

export interface Baseline {
  /** Roots count from here. */
  readonly base: FilePath;
  readonly failures: readonly KnownFailure[];
  /** Says where a failure is known from. */
  readonly reason: string;
  readonly location: Location;
}

/** The failures of a report as a baseline that counts from `base`: all that no comment excuses, also those known before. */
export function knownFailures(results: readonly PlacedResult[], base: FilePath): readonly KnownFailure[] {
  const failures = new Map<string, KnownFailure>();
  for (const item of results) {
    if (item.result.outcome.kind !== "fail" || item.suppression?.by === "comment") continue;
    const failure = failureOf(item, base);
    failures.set(keyOf(failure), failure);
  }
  return [...failures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, failure]) => failure);
}

/** One failure a line, in order, so that a change of the file reads well in a review. */
export function renderBaseline(failures: readonly KnownFailure[]): string {
  const lines = failures.map(({ check, root, address, at }) => ` ${JSON.stringify({ check, root, address, at })}`);
  return `{\n"plumbline": "baseline",\n"version": 1,\n"results": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n`}]\n}\n`;
}

/** Reads a baseline file. What is no baseline is a problem that says the way out, and excuses nothing. */
export function readBaseline(
  file: FilePath,
  text: string,
  base: FilePath,
): { readonly baseline: Baseline | undefined; readonly problems: readonly Problem[] } {
  const wrong = (message: string): ReturnType<typeof readBaseline> => ({
    baseline: undefined,
    problems: [{ file, range: { start: 0, end: 0 }, severity: "error", code: "unreadable-baseline", message }],
  });
  const way = "Make one with `plumbline check --write-baseline FILE`.";
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return wrong(`The baseline is not valid JSON, so nothing counts as known. ${way}`);
  }
  if (!isRecord(data) || data["plumbline"] !== "baseline" || !Array.isArray(data["results"])) {
    return wrong(`This file is no baseline, so nothing counts as known. ${way}`);
  }
  if (data["version"] !== 1) {
    return wrong(
      "This baseline was written by a newer Plumbline, so nothing counts as known. Update Plumbline, or write it again.",
    );
  }
  const results = data["results"] as readonly unknown[];
  const failures = results.filter(isFailure);
  if (failures.length < results.length) {
    return wrong(`${results.length - failures.length} entries of the baseline lack a check, root, address or place. ${way}`);
  }
  const location = { file, range: { start: 0, end: 0 } };
  return { baseline: { base, failures, reason: "known from the baseline", location }, problems: [] };
}

/** Looks failures up in a baseline. Former ids of check items are understood. */
export class KnownFailures {
  readonly #baseline: Baseline;
  readonly #keys: ReadonlySet<string>;

  constructor(baseline: Baseline, canonical: (id: string) => string) {
    this.#baseline = baseline;
    this.#keys = new Set(baseline.failures.map((failure) => keyOf({ ...failure, check: canonical(failure.check) })));
  }

  /** The result, excused if it is a known failure. */
  excuse(item: PlacedResult, moves: readonly PlacedMove[]): PlacedResult {
    if (item.result.outcome.kind !== "fail" || item.suppression !== undefined) return item;
    const failure = failureOf(item, this.#baseline.base);
    const isKnown =
      this.#keys.has(keyOf(failure)) ||
      earlierAddresses(failure.address, moves).some((address) => this.#keys.has(keyOf({ ...failure, address })));
    if (!isKnown) return item;
    const { reason, location } = this.#baseline;
    return { ...item, suppression: { by: "baseline", reason, until: undefined, location } satisfies Suppression };
  }
}

function failureOf({ result, root }: PlacedResult, base: FilePath): KnownFailure {
  return {
    check: result.check.id,
    root: relativePath(base, root),
    address: result.instance.address,
    at: normalisedEvidence(result),
  };
}

function keyOf({ check, root, address, at }: KnownFailure): string {
  return `${check}\n${root}\n${address}\n${at}`;
}

function isFailure(value: unknown): value is KnownFailure {
  return isRecord(value) && ["check", "root", "address", "at"].every((name) => typeof value[name] === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
