import type { CheckItem, Outcome, Risk } from "../checks/model.ts";
import type { Report } from "../findings/model.ts";
import { fileRole } from "../terraform/file-names.ts";
import { isInside, relativePath } from "../text/path.ts";
import { LineIndex, type FilePath, type Location, type Position } from "../text/text.ts";
import type { Reason } from "../values/value.ts";
import { maskLine } from "./mask.ts";

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

interface PlacesInFile {
  readonly index: LineIndex;
  /** undefined: never quoted. */
  readonly text: string | undefined;
  /** Lines that were quoted, masked: many findings are at one place. */
  readonly quoted: Map<number, string>;
}

/** Positions of offsets and the lines around them. */
export class Places {
  readonly #context: ReportContext;
  readonly #files = new Map<FilePath, PlacesInFile>();

  constructor(context: ReportContext) {
    this.#context = context;
  }

  /** Zero-based. */
  position(file: FilePath, offset: number): Position {
    return this.#in(file).index.positionAt(offset);
  }

  /** A zero-based line as a report may quote it: without its end, masked. undefined where the file's text is not at hand. */
  quotedLine(file: FilePath, line: number): string | undefined {
    const { text, index, quoted } = this.#in(file);
    if (text === undefined || !isQuoted(file)) return undefined;
    let shown = quoted.get(line);
    if (shown === undefined) {
      shown = maskLine(text.slice(index.lineStart(line), index.lineStart(line + 1)).replace(/\r?\n$|\r$/, ""));
      quoted.set(line, shown);
    }
    return shown;
  }

  /** One-based start and end (exclusive). */
  region(location: Location): { readonly start: OneBased; readonly end: OneBased } {
    return { start: this.#oneBased(location.file, location.range.start), end: this.#oneBased(location.file, location.range.end) };
  }

  path(file: FilePath): string {
    return isInside(file, this.#context.base) ? relativePath(this.#context.base, file) : file;
  }

  #in(file: FilePath): PlacesInFile {
    let its = this.#files.get(file);
    if (its === undefined) {
      const text = this.#context.text(file);
      its = { index: new LineIndex(text ?? this.#context.unquotedText?.(file) ?? ""), text, quoted: new Map() };
      this.#files.set(file, its);
    }
    return its;
  }

  #oneBased(file: FilePath, offset: number): OneBased {
    const { line, character } = this.position(file, offset);
    return { line: line + 1, column: character + 1 };
  }
}

/** What Terraform reads with `file()` may be a secret through and through, which nobody can tell by its looks. */
function isQuoted(file: FilePath): boolean {
  return fileRole(file).kind !== "other" || /\.ya?ml$/.test(file);
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
