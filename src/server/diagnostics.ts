import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FilePath, LineIndex, Problem, TextRange } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import type { Settings } from "./settings.ts";
import { uriOf } from "./uris.ts";
import type { Snapshot } from "./workspace.ts";

const SOURCE = "Plumbline";

export interface DiagnosticOptions {
  readonly settings: Settings;
  readonly related: boolean;
  /** The address of a check item's page. */
  readonly documentation: (check: CheckItem) => string | undefined;
}

interface Made {
  readonly source: Finding | Problem;
  readonly lines: readonly LineIndex[];
  readonly diagnostic: Diagnostic;
}

/**
 * Findings and problems as diagnostics. One is made again only when it says something else or a text that it points into changed, so
 * that a key stroke in a large workspace makes few, and the others are known to be the same by identity.
 */
export class DiagnosticBuilder {
  #options: DiagnosticOptions;
  #made = new Map<string, Made>();

  constructor(options: DiagnosticOptions) {
    this.#options = options;
  }

  set options(options: DiagnosticOptions) {
    this.#options = options;
    this.#made = new Map();
  }

  /** Every file that has any. */
  byFile(snapshot: Snapshot): ReadonlyMap<FilePath, readonly Diagnostic[]> {
    const files = new Map<FilePath, Diagnostic[]>();
    if (!this.#options.settings.enable) return files;
    const before = this.#made;
    this.#made = new Map();
    const add = (file: FilePath, key: string, source: Finding | Problem, lines: LineIndex[], make: () => Diagnostic): void => {
      const known = before.get(key);
      const made = known !== undefined && sameSource(known.source, source) && sameItems(known.lines, lines);
      const diagnostic = made ? known.diagnostic : make();
      this.#made.set(key, made && known.source === source ? known : { source, lines, diagnostic });
      const list = files.get(file);
      if (list === undefined) files.set(file, [diagnostic]);
      else list.push(diagnostic);
    };
    for (const problem of snapshot.report.problems) {
      const { file, range, code } = problem;
      if (file === "") continue;
      const lines = snapshot.lines(file);
      add(file, `${file} ${code} ${range.start}`, problem, [lines], () => problemDiagnostic(problem, lines));
    }
    for (const finding of snapshot.report.findings) {
      const { file } = finding.location;
      const lines = [snapshot.lines(file)];
      if (this.#options.related) for (const { location } of finding.related) lines.push(snapshot.lines(location.file));
      add(file, finding.id, finding, lines, () => this.#finding(finding, snapshot));
    }
    return files;
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

function sameSource(a: Finding | Problem, b: Finding | Problem): boolean {
  if (a === b) return true;
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

function relatedOf(finding: Finding, snapshot: Snapshot): DiagnosticRelatedInformation[] {
  return finding.related.map(({ location, message }) => ({
    location: {
      uri: snapshot.documents.get(location.file)?.uri ?? uriOf(location.file),
      range: rangeOf(location.range, snapshot.lines(location.file)),
    },
    message,
  }));
}
