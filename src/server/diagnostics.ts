import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import { foldFindings } from "../core/findings/fold.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FilePath, LineIndex, Problem, TextRange } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import type { Settings } from "./settings.ts";
import { uriOf } from "./uris.ts";
import type { Pause, Snapshot } from "./workspace.ts";

const SOURCE = "Plumbline";
/** The code of a diagnostic that shows several low-risk findings. */
const FOLDED = "low-risk";

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
  readonly sources: readonly (Finding | Problem)[];
  /** Of every file that they point into. */
  readonly lines: ReadonlyMap<FilePath, LineIndex>;
  readonly made: ReadonlyMap<string, Made>;
  readonly diagnostics: readonly Diagnostic[];
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

  /** Every file that has any. After each `pause` it goes on where it was. */
  async byFile(snapshot: Snapshot, pause: Pause): Promise<ReadonlyMap<FilePath, readonly Diagnostic[]>> {
    const diagnostics = new Map<FilePath, readonly Diagnostic[]>();
    if (!this.#options.settings.enable) return diagnostics;
    const files = new Map<FilePath, MadeFile>();
    const options = this.#options;
    for (const [file, sources] of sourcesByFile(snapshot.report)) {
      const before = this.#files.get(file);
      const isSame = before !== undefined && sameItems(before.sources, sources) && sameLines(before.lines, snapshot);
      const made = isSame ? before : this.#makeFile(file, sources, snapshot, before);
      files.set(file, made);
      diagnostics.set(file, made.diagnostics);
      const waiting = isSame ? undefined : pause();
      if (waiting !== undefined) await waiting;
    }
    // Made with other settings: to be made again.
    if (options === this.#options) this.#files = files;
    return diagnostics;
  }

  #makeFile(file: FilePath, sources: readonly (Finding | Problem)[], snapshot: Snapshot, before: MadeFile | undefined): MadeFile {
    const made = new Map<string, Made>();
    const linesByFile = new Map<FilePath, LineIndex>();
    const linesOf = (path: FilePath): LineIndex => {
      const lines = snapshot.lines(path);
      linesByFile.set(path, lines);
      return lines;
    };
    const diagnostics = shownOf(sources).map((shown) => {
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
    return { sources, lines: linesByFile, made, diagnostics };
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

/** Problems before findings, each in the report's order. */
function sourcesByFile(report: Snapshot["report"]): ReadonlyMap<FilePath, readonly (Finding | Problem)[]> {
  const files = new Map<FilePath, (Finding | Problem)[]>();
  let last: FilePath | undefined;
  let list: (Finding | Problem)[] = [];
  const add = (file: FilePath, source: Finding | Problem): void => {
    if (file !== last) {
      last = file;
      list = files.get(file) ?? [];
      if (list.length === 0) files.set(file, list);
    }
    list.push(source);
  };
  for (const problem of report.problems) if (problem.file !== "") add(problem.file, problem);
  for (const finding of report.findings) add(finding.location.file, finding);
  return files;
}

/** Problems and findings, low-risk findings at one place together. */
function shownOf(sources: readonly (Finding | Problem)[]): readonly Sources[] {
  const problems = sources.flatMap((source) => ("check" in source ? [] : [[source] as const]));
  return [...problems, ...foldFindings(sources.filter((source) => "check" in source))];
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
