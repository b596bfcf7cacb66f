import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from "vscode-languageserver/node";
import type { CheckItem } from "../core/checks/model.ts";
import type { Finding } from "../core/findings/model.ts";
import type { FilePath, LineIndex, Problem } from "../core/text/text.ts";
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

/** Findings and problems as diagnostics, remembered while neither they nor the texts they point into change. */
export class DiagnosticBuilder {
  #options: DiagnosticOptions;
  #made = new WeakMap<Finding | Problem, { readonly lines: readonly LineIndex[]; readonly diagnostic: Diagnostic }>();

  constructor(options: DiagnosticOptions) {
    this.#options = options;
  }

  set options(options: DiagnosticOptions) {
    this.#options = options;
    this.#made = new WeakMap();
  }

  /** Every file that has any. */
  byFile(snapshot: Snapshot): ReadonlyMap<FilePath, readonly Diagnostic[]> {
    const files = new Map<FilePath, Diagnostic[]>();
    const add = (file: FilePath, diagnostic: Diagnostic): void => {
      const list = files.get(file);
      if (list === undefined) files.set(file, [diagnostic]);
      else list.push(diagnostic);
    };
    if (!this.#options.settings.enable) return files;
    for (const problem of snapshot.report.problems) if (problem.file !== "") add(problem.file, this.#problem(problem, snapshot));
    for (const finding of snapshot.report.findings) add(finding.location.file, this.#finding(finding, snapshot));
    return files;
  }

  #finding(finding: Finding, snapshot: Snapshot): Diagnostic {
    const lines = [snapshot.lines(finding.location.file)];
    if (this.#options.related) for (const { location } of finding.related) lines.push(snapshot.lines(location.file));
    return this.#remembered(finding, lines, () => {
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
    });
  }

  #problem(problem: Problem, snapshot: Snapshot): Diagnostic {
    const lines = snapshot.lines(problem.file);
    return this.#remembered(problem, [lines], () => {
      const tags = tagsOf(problem.code);
      return {
        range: rangeOf(problem.range, lines),
        severity: PROBLEM_SEVERITY[problem.severity],
        source: SOURCE,
        code: problem.code,
        message: problem.message,
        ...(tags.length === 0 ? {} : { tags }),
      };
    });
  }

  #remembered(key: Finding | Problem, lines: readonly LineIndex[], make: () => Diagnostic): Diagnostic {
    const known = this.#made.get(key);
    if (known?.lines.length === lines.length && known.lines.every((item, index) => item === lines[index])) return known.diagnostic;
    const diagnostic = make();
    this.#made.set(key, { lines, diagnostic });
    return diagnostic;
  }
}

/** Whether an editor that shows `before` has to be told `after`. */
export function sameDiagnostics(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  if (before.length !== after.length) return false;
  if (before.every((item, index) => item === after[index])) return true;
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
