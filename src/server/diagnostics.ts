import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import { foldFindings } from "../core/findings/fold.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FilePath, LineIndex, Problem, TextRange } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import type { Settings } from "./settings.ts";
import { uriOf } from "./uris.ts";
import type { Snapshot } from "./workspace.ts";

const SOURCE = "Plumbline";
/** The code of a diagnostic that shows several low-risk findings. */
const FOLDED = "low-risk";
export const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

export interface DiagnosticOptions {
  readonly settings: Settings;
  readonly related: boolean;
  /** The address of a check item's page. */
  readonly documentation: (check: CheckItem) => string | undefined;
}

interface Made {
  /** What it shows: a problem, a finding, or low-risk findings at one place. */
  readonly sources: Sources;
  readonly lines: readonly LineIndex[];
  readonly diagnostic: Diagnostic;
}

type Sources = readonly [Problem] | readonly [Finding, ...Finding[]];

interface MadeFile {
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  /** Of every file that they point into. */
  readonly lines: ReadonlyMap<FilePath, LineIndex>;
  readonly made: ReadonlyMap<string, Made>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The diagnostics of one report, made file by file in the order of asking. */
export interface ReportDiagnostics {
  /** Every file that has any. */
  readonly files: ReadonlySet<FilePath>;
  of(file: FilePath): readonly Diagnostic[];
  /** Of all files, once each was asked for. */
  all(): ReadonlyMap<FilePath, readonly Diagnostic[]>;
}

/**
 * Findings and problems as diagnostics. A file's are looked at only when one of them or a text that they point into changed, and
 * each is made again only when it says something else: a key stroke in a large workspace makes few, and the others are known to be
 * the same by identity.
 */
export class DiagnosticBuilder {
  #options: DiagnosticOptions;
  #files: ReadonlyMap<FilePath, MadeFile> = new Map();

  constructor(options: DiagnosticOptions) {
    this.#options = options;
  }

  set options(options: DiagnosticOptions) {
    this.#options = options;
    this.#files = new Map();
  }

  of(snapshot: Snapshot): ReportDiagnostics {
    const options = this.#options;
    const before = this.#files;
    const places = options.settings.enable ? placesOf(snapshot.report) : new Map<FilePath, PlacesInFile>();
    const files = new Map<FilePath, MadeFile>();
    return {
      files: new Set(places.keys()),
      of: (file) => {
        const its = places.get(file);
        if (its === undefined) return NO_DIAGNOSTICS;
        const known = before.get(file);
        const made =
          known !== undefined && isSame(known, its, snapshot)
            ? known
            : this.#makeFile(file, read(its, snapshot.report), snapshot, known);
        files.set(file, made);
        return made.diagnostics;
      },
      all: () => {
        // Made with other settings: to be made again.
        if (options === this.#options) this.#files = files;
        return new Map([...files].map(([file, { diagnostics }]) => [file, diagnostics]));
      },
    };
  }

  #makeFile(
    file: FilePath,
    { problems, findings }: Pick<MadeFile, "problems" | "findings">,
    snapshot: Snapshot,
    before: MadeFile | undefined,
  ): MadeFile {
    const made = new Map<string, Made>();
    const linesByFile = new Map<FilePath, LineIndex>();
    const linesOf = (path: FilePath): LineIndex => {
      const lines = snapshot.lines(path);
      linesByFile.set(path, lines);
      return lines;
    };
    const shownTogether: readonly Sources[] = [...problems.map((problem) => [problem] as const), ...foldFindings(findings)];
    const diagnostics = shownTogether.map((shown) => {
      const [first] = shown;
      const key = "check" in first ? first.id : `${first.code} ${String(first.range.start)}`;
      const lines = [linesOf(file)];
      if (this.#options.related) for (const source of shown) lines.push(...relatedFiles(source).map(linesOf));
      const known = before?.made.get(key);
      const isSame = known !== undefined && sameSources(known.sources, shown) && sameItems(known.lines, lines);
      const diagnostic = isSame ? known.diagnostic : this.#make(shown, snapshot);
      made.set(key, { sources: shown, lines, diagnostic });
      return diagnostic;
    });
    return { problems, findings, lines: linesByFile, made, diagnostics };
  }

  #make(sources: Sources, snapshot: Snapshot): Diagnostic {
    const [first] = sources;
    if (!("check" in first)) return problemDiagnostic(first, snapshot.lines(first.file));
    const findings = sources as readonly [Finding, ...Finding[]];
    return findings.length === 1 ? this.#finding(first, snapshot) : this.#folded(findings, snapshot);
  }

  /** Their fixes and pages are offered one by one in the light bulb: only what they say is together. */
  #folded(findings: readonly [Finding, ...Finding[]], snapshot: Snapshot): Diagnostic {
    const places = this.#options.related ? findings.flatMap((finding) => relatedOf(finding, snapshot)) : [];
    const { location, check } = findings[0];
    return {
      range: rangeOf(location.range, snapshot.lines(location.file)),
      severity: this.#options.settings.severity[check.risk],
      source: SOURCE,
      code: FOLDED,
      message: [
        `${findings.length} low-risk findings:`,
        ...findings.map((finding) => `- ${finding.message} [${finding.check.id}]`),
      ].join("\n"),
      ...(places.length === 0 ? {} : { relatedInformation: distinct(places) }),
      data: findings.map(({ id }) => id),
    };
  }

  #finding(finding: Finding, snapshot: Snapshot): Diagnostic {
    const href = this.#options.documentation(finding.check);
    return {
      range: rangeOf(finding.location.range, snapshot.lines(finding.location.file)),
      severity: this.#options.settings.severity[finding.check.risk],
      source: SOURCE,
      code: finding.check.id,
      ...(href === undefined ? {} : { codeDescription: { href } }),
      message: finding.message,
      ...(this.#options.related && finding.related.length > 0 ? { relatedInformation: relatedOf(finding, snapshot) } : {}),
      data: finding.id,
    };
  }
}

/** What shows in one file. */
interface PlacesInFile {
  readonly problems: Problem[];
  /** Where its findings stand in the report. */
  from: number;
  to: number;
  /** Findings that stand elsewhere in it: of several folders that share a module. */
  others: Finding[] | undefined;
}

/** The report has its findings in order of files: to find out that nothing changed, no list is made of them. */
function placesOf({ problems, findings }: Snapshot["report"]): ReadonlyMap<FilePath, PlacesInFile> {
  const files = new Map<FilePath, PlacesInFile>();
  const inFile = (file: FilePath, from: number): PlacesInFile => {
    let its = files.get(file);
    if (its === undefined) files.set(file, (its = { problems: [], from, to: from, others: undefined }));
    return its;
  };
  for (const problem of problems) if (problem.file !== "") inFile(problem.file, 0).problems.push(problem);
  let last: FilePath | undefined;
  let its: PlacesInFile | undefined;
  for (let at = 0; at < findings.length; at++) {
    const finding = findings[at];
    if (finding === undefined) continue;
    const { file } = finding.location;
    if (its === undefined || file !== last) {
      its = inFile(file, at);
      last = file;
      if (its.from === its.to) its.from = its.to = at;
    }
    if (its.to === at) its.to++;
    else (its.others ??= []).push(finding);
  }
  return files;
}

function read({ problems, from, to, others }: PlacesInFile, report: Snapshot["report"]): Pick<MadeFile, "problems" | "findings"> {
  const findings = report.findings.slice(from, to);
  return { problems, findings: others === undefined ? findings : [...findings, ...others] };
}

function isSame(before: MadeFile, its: PlacesInFile, snapshot: Snapshot): boolean {
  const { findings } = snapshot.report;
  const { from, to, others = [] } = its;
  const own = to - from;
  if (before.findings.length !== own + others.length) return false;
  for (let at = 0; at < own; at++) if (before.findings[at] !== findings[from + at]) return false;
  for (let at = 0; at < others.length; at++) if (before.findings[own + at] !== others[at]) return false;
  return sameItems(before.problems, its.problems) && sameLines(before.lines, snapshot);
}

function relatedFiles(source: Finding | Problem): readonly FilePath[] {
  return "check" in source ? source.related.map(({ location }) => location.file) : [];
}

function sameLines(before: ReadonlyMap<FilePath, LineIndex>, snapshot: Snapshot): boolean {
  for (const [file, lines] of before) if (snapshot.lines(file) !== lines) return false;
  return true;
}

function problemDiagnostic({ code, message, range, severity }: Problem, lines: LineIndex): Diagnostic {
  const tags = tagsOf(code);
  return {
    range: rangeOf(range, lines),
    severity: PROBLEM_SEVERITY[severity],
    source: SOURCE,
    code,
    message,
    ...(tags.length === 0 ? {} : { tags }),
  };
}

function sameSources(a: Sources, b: Sources): boolean {
  return a.length === b.length && a.every((source, index) => sameSource(source, b[index]));
}

function sameSource(a: Finding | Problem, b: Finding | Problem | undefined): boolean {
  if (a === b) return true;
  if (b === undefined) return false;
  if (a.message !== b.message) return false;
  if (!("check" in a) || !("check" in b)) {
    return !("check" in a) && !("check" in b) && a.severity === b.severity && sameRange(a, b);
  }
  if (a.id !== b.id || a.check !== b.check || !sameRange(a.location, b.location) || a.related.length !== b.related.length)
    return false;
  return a.related.every(({ location, message }, index) => {
    const other = b.related[index];
    return other?.message === message && other.location.file === location.file && sameRange(other.location, location);
  });
}

function sameRange(a: { readonly range: TextRange }, b: { readonly range: TextRange }): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Whether an editor that shows `before` has to be told `after`. */
export function sameDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  if (sameItems(before, after)) return true;
  return JSON.stringify(before) === JSON.stringify(after);
}

const PROBLEM_SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

function tagsOf(code: string): DiagnosticTag[] {
  if (code.includes("deprecated")) return [DiagnosticTag.Deprecated];
  return code.includes("unused") || code.includes("expired") ? [DiagnosticTag.Unnecessary] : [];
}

/** Findings at one place mostly point to the same call. */
function distinct(related: readonly DiagnosticRelatedInformation[]): DiagnosticRelatedInformation[] {
  return [...new Map(related.map((item) => [JSON.stringify(item), item])).values()];
}

/** Whether a diagnostic shows a finding, by itself or with others. */
export function shows({ data }: Diagnostic, finding: string): boolean {
  return data === finding || (Array.isArray(data) && data.includes(finding));
}

function relatedOf(finding: Finding, snapshot: Snapshot): DiagnosticRelatedInformation[] {
  return finding.related.map(({ location, message }) => ({
    location: {
      uri: snapshot.documents.get(location.file)?.uri ?? uriOf(location.file),
      range: rangeOf(location.range, snapshot.lines(location.file)),
    },
    message,
  }));
}
