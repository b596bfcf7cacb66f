import type { CheckItem, Outcome, Risk } from "../checks/model.ts";
import type { Report } from "../findings/model.ts";
import { isInside, relativePath } from "../text/path.ts";
import { LineIndex, type FilePath, type Location, type Position } from "../text/text.ts";
import type { Reason } from "../values/value.ts";

/** What every report format needs beside the report itself. */
export interface ReportContext {
  /** Version of Plumbline. */
  readonly version: string;
  /** Paths are shown relative to it. */
  readonly base: FilePath;
  readonly text: (path: FilePath) => string | undefined;
  /** Text for positions in files that are never quoted: plans and states hold secrets in the clear. */
  readonly unquotedText?: (path: FilePath) => string | undefined;
  /** `fail`: findings. `unknown`: and what could not be decided. `all`: and passes, not applicable and suppressed results. */
  readonly show: Show;
}

export type Show = "fail" | "unknown" | "all";

export const risks = ["high", "medium", "low"] as const satisfies readonly Risk[];

/** Positions of offsets, one index a file. */
export class Places {
  readonly #context: ReportContext;
  readonly #indexes = new Map<FilePath, LineIndex>();

  constructor(context: ReportContext) {
    this.#context = context;
  }

  /** Zero-based. */
  position(file: FilePath, offset: number): Position {
    let index = this.#indexes.get(file);
    if (index === undefined) {
      index = new LineIndex(this.#context.text(file) ?? this.#context.unquotedText?.(file) ?? "");
      this.#indexes.set(file, index);
    }
    return index.positionAt(offset);
  }

  /** One-based start and end (exclusive). */
  region(location: Location): { readonly start: OneBased; readonly end: OneBased } {
    return { start: this.#oneBased(location.file, location.range.start), end: this.#oneBased(location.file, location.range.end) };
  }

  path(file: FilePath): string {
    return isInside(file, this.#context.base) ? relativePath(this.#context.base, file) : file;
  }

  #oneBased(file: FilePath, offset: number): OneBased {
    const { line, character } = this.position(file, offset);
    return { line: line + 1, column: character + 1 };
  }
}

export interface OneBased {
  readonly line: number;
  readonly column: number;
}

/** Whether a result of this kind is listed. Fails are listed as findings. */
export function isListed(outcome: Outcome, suppressed: boolean, show: Show): boolean {
  switch (outcome.kind) {
    case "fail":
      return !suppressed || show === "all";
    case "unknown":
    case "notChecked":
      return show !== "fail";
    case "pass":
    case "notApplicable":
      return show === "all";
  }
}

export function reasonText(reason: Reason): string {
  return reason.detail === "" ? reason.kind : `${reason.kind}: ${reason.detail}`;
}

export function outcomeReasons(outcome: Outcome): readonly Reason[] {
  if (outcome.kind === "unknown") return outcome.reasons;
  return outcome.kind === "notChecked" ? [outcome.reason] : [];
}

/** The titles of a check's source fixes, where they hold no expression. */
export function fixTitles(check: CheckItem): readonly { readonly title: string; readonly safe: boolean }[] {
  return check.fixes.map((fix) => ({
    title: fix.title.map((part) => (typeof part === "string" ? part : "…")).join(""),
    safe: fix.safe,
  }));
}

export function countByRisk(report: Report): Readonly<Record<Risk, number>> {
  const counts = { high: 0, medium: 0, low: 0 };
  for (const finding of report.findings) counts[finding.check.risk]++;
  return counts;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
