import type { Finding } from "../findings/model.ts";
import { differences } from "../hcl/align.ts";
import { applyEdits } from "../text/text.ts";
import type { FilePath, TextEdit, WorkspaceEdit } from "../text/text.ts";
import type { FixHost } from "./model.ts";
import { safeEdit } from "./offer.ts";
import { effectOf, isMended, newFailure } from "./verify.ts";

/** What fixing everything needs: to try edits one upon the other. */
export interface FixAllHost extends FixHost {
  /** Runs `body` in the workspace as it would be with the edit; afterwards the workspace is as before. */
  within<T>(edit: WorkspaceEdit, body: (host: FixHost, findings: readonly Finding[]) => T): T;
}

/** Rounds in which the fixes of one round make those of the next possible. */
const mostRounds = 5;

interface Mending {
  readonly finding: Finding;
  readonly edit: WorkspaceEdit;
}

/** All safe fixes of the findings that `wanted` admits, as one edit that was verified as a whole. */
export function fixAll(host: FixAllHost, wanted: (finding: Finding) => boolean): WorkspaceEdit {
  const texts = new Map<FilePath, string>();
  const rejected = new Set<string>();
  let edit: WorkspaceEdit = new Map();
  for (let round = 0; round < mostRounds; round++) {
    const changed = host.within(edit, (current, findings) => {
      const candidates = mendings(
        findings.filter((finding) => wanted(finding) && !rejected.has(finding.id)),
        current,
      );
      const good = admissible(candidates, current);
      for (const one of candidates) if (!good.includes(one)) rejected.add(one.finding.id);
      return [...merged(good)].map(([file, edits]) => [file, applyEdits(current.source(file)?.text ?? "", edits)] as const);
    });
    if (changed.length === 0) break;
    for (const [file, text] of changed) texts.set(file, text);
    edit = new Map([...texts].map(([file, text]) => [file, differences(host.source(file)?.text ?? "", text)]));
  }
  return edit;
}

/** A safe edit for each finding, as far as they do not touch the same text: the rest waits for the next round. */
function mendings(findings: readonly Finding[], host: FixHost): readonly Mending[] {
  const taken = new Map<FilePath, TextEdit[]>();
  const chosen: Mending[] = [];
  for (const finding of findings) {
    const edit = safeEdit(finding, host);
    if (edit === undefined || [...edit].some(([file, edits]) => overlaps(taken.get(file) ?? [], edits))) continue;
    for (const [file, edits] of edit) taken.set(file, [...(taken.get(file) ?? []), ...edits]);
    chosen.push({ finding, edit });
  }
  return chosen;
}

/** Touching counts: two insertions at one place would be in no particular order. */
function overlaps(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((one) => b.some((other) => one.range.start <= other.range.end && other.range.start <= one.range.end));
}

/** Those that together mend what they are for and bring nothing new: verified at once, and in halves where that fails. */
function admissible(list: readonly Mending[], host: FixHost): readonly Mending[] {
  if (list.length === 0 || mends(list, host)) return list;
  if (list.length === 1) return [];
  const middle = list.length >> 1;
  const left = admissible(list.slice(0, middle), host);
  const both = [...left, ...admissible(list.slice(middle), host)];
  return mends(both, host) ? both : left;
}

function mends(list: readonly Mending[], host: FixHost): boolean {
  if (list.length === 0) return true;
  const edit = merged(list);
  const effect = effectOf(edit, host);
  if (newFailure(effect) !== undefined) return false;
  const unchanged: WorkspaceEdit = new Map([...edit.keys()].map((file) => [file, []]));
  const errors = effect.problems.filter((problem) => problem.severity === "error").length;
  if (errors > 0 && errors > effectOf(unchanged, host).problems.filter((problem) => problem.severity === "error").length)
    return false;
  return list.every(({ finding }) => isMended(finding, effect));
}

function merged(list: readonly Mending[]): WorkspaceEdit {
  const edits = new Map<FilePath, TextEdit[]>();
  for (const { edit } of list) for (const [file, own] of edit) edits.set(file, [...(edits.get(file) ?? []), ...own]);
  return edits;
}
