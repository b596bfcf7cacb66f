import type { Finding } from "../findings/model.ts";
import { differences } from "../hcl/align.ts";
import { applyEdits } from "../text/text.ts";
import type { FilePath, TextEdit, WorkspaceEdit } from "../text/text.ts";
import type { FixHost, FixOffer } from "./model.ts";
import { offerFixes } from "./offer.ts";
import { keyOf } from "./verify.ts";

/** What fixing everything needs: to try edits one upon the other. */
export interface FixAllHost extends FixHost {
  /** Runs `body` in the workspace as it would be with the edit; afterwards the workspace is as before. */
  within<T>(edit: WorkspaceEdit, body: (host: FixHost, findings: readonly Finding[]) => T): T;
}

/** Rounds in which the fixes of one round make those of the next possible. */
const mostRounds = 5;

/** All safe fixes of the findings that `wanted` admits, as one edit that was verified as a whole. */
export function fixAll(host: FixAllHost, wanted: (finding: Finding) => boolean): WorkspaceEdit {
  const texts = new Map<FilePath, string>();
  let edit: WorkspaceEdit = new Map();
  for (let round = 0; round < mostRounds; round++) {
    const changed = host.within(edit, (current, findings) => {
      const chosen = safeFixes(findings.filter(wanted), current);
      return [...chosen].map(([file, edits]) => [file, applyEdits(current.source(file)?.text ?? "", edits)] as const);
    });
    if (changed.length === 0) break;
    for (const [file, text] of changed) texts.set(file, text);
    const next = new Map([...texts].map(([file, text]) => [file, differences(host.source(file)?.text ?? "", text)] as const));
    if (addsFails(host, next)) break;
    edit = next;
  }
  return edit;
}

/** The first safe offer of each finding, as far as they do not touch the same text. */
function safeFixes(findings: readonly Finding[], host: FixHost): WorkspaceEdit {
  const merged = new Map<FilePath, TextEdit[]>();
  for (const finding of findings) {
    const offer = offerFixes(finding, host).find(
      (one): one is Extract<FixOffer, { kind: "available" }> => one.kind === "available" && one.safe,
    );
    if (offer === undefined) continue;
    if ([...offer.edit].some(([file, edits]) => overlaps(merged.get(file) ?? [], edits))) continue;
    for (const [file, edits] of offer.edit) merged.set(file, [...(merged.get(file) ?? []), ...edits]);
  }
  return merged;
}

/** Touching counts: two insertions at one place would be in no particular order. */
function overlaps(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((one) => b.some((other) => one.range.start <= other.range.end && other.range.start <= one.range.end));
}

function addsFails(host: FixHost, edit: WorkspaceEdit): boolean {
  const failed = new Set(host.results(edit).flatMap((result) => (result.outcome.kind === "fail" ? [keyOf(result)] : [])));
  return host.resultsAfter(edit).results.some((result) => result.outcome.kind === "fail" && !failed.has(keyOf(result)));
}
