import type { Finding } from "./model.ts";

/** Fewer are shown one by one: each has its own page and is read at a glance. */
const FOLD_FROM = 3;

/**
 * For people, low-risk findings at one place are one thing to decide about: a trail without any alarm is one message and not twelve.
 * Each list is shown as one; lists of one are findings as they are. The order is that of the first of each. Fixes, comments,
 * baselines and formats for machines know single findings only.
 */
export function foldFindings(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const low = new Map<string, [Finding, ...Finding[]]>();
  const folded: [Finding, ...Finding[]][] = [];
  for (const finding of findings) {
    if (finding.check.risk !== "low") {
      folded.push([finding]);
      continue;
    }
    const { file, range } = finding.location;
    const key = `${file}\0${range.start}\0${range.end}`;
    const list = low.get(key);
    if (list !== undefined) list.push(finding);
    else {
      const first: [Finding, ...Finding[]] = [finding];
      low.set(key, first);
      folded.push(first);
    }
  }
  return folded.flatMap((list): readonly (readonly [Finding, ...Finding[]])[] =>
    list.length >= FOLD_FROM ? [list] : list.map((finding) => [finding]),
  );
}
