import type { TextEdit } from "../text/text.ts";

/** A run of lines that differs: zero-based, end exclusive. */
export interface Hunk {
  readonly before: { readonly start: number; readonly end: number };
  readonly after: { readonly start: number; readonly end: number };
}

/** Lines with their line ends. */
export function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Myers' shortest edit script, on what is left between the common beginning and end. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const a = before.slice(head, before.length - tail);
  const b = after.slice(head, after.length - tail);
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  for (const match of [...commonLines(a, b), { a: a.length, b: b.length }]) {
    if (match.a > i || match.b > j) {
      hunks.push({ before: { start: head + i, end: head + match.a }, after: { start: head + j, end: head + match.b } });
    }
    [i, j] = [match.a + 1, match.b + 1];
  }
  return hunks;
}

/** Past this many steps the middle counts as replaced: a fix never comes near. */
const mostSteps = 2000;

function commonLines(a: readonly string[], b: readonly string[]): { readonly a: number; readonly b: number }[] {
  const most = Math.min(a.length + b.length, mostSteps);
  const trace: Int32Array[] = [];
  let frontier = new Int32Array(2 * most + 3);
  const at = (row: Int32Array, diagonal: number): number => row[diagonal + most + 1] ?? 0;
  for (let steps = 0; steps <= most; steps++) {
    trace.push(frontier.slice());
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const down = diagonal === -steps || (diagonal !== steps && at(frontier, diagonal - 1) < at(frontier, diagonal + 1));
      let x = down ? at(frontier, diagonal + 1) : at(frontier, diagonal - 1) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      frontier[diagonal + most + 1] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a.length, b.length, at);
    }
    frontier = frontier.slice();
  }
  return [];
}

function walkBack(
  trace: readonly Int32Array[],
  endA: number,
  endB: number,
  at: (row: Int32Array, diagonal: number) => number,
): { readonly a: number; readonly b: number }[] {
  const matches: { a: number; b: number }[] = [];
  let [x, y] = [endA, endB];
  for (let steps = trace.length - 1; steps >= 0; steps--) {
    const row = trace[steps] ?? new Int32Array();
    const diagonal = x - y;
    const down = diagonal === -steps || (diagonal !== steps && at(row, diagonal - 1) < at(row, diagonal + 1));
    const from = down ? diagonal + 1 : diagonal - 1;
    const startX = steps === 0 ? 0 : at(row, from);
    const startY = steps === 0 ? 0 : startX - from;
    while (x > startX && y > startY) matches.push({ a: --x, b: --y });
    [x, y] = [startX, startY];
  }
  return matches.reverse();
}

/** The change from one text to another as edits of whole lines. */
export function lineEdits(before: string, after: string): readonly TextEdit[] {
  const [a, b] = [splitLines(before), splitLines(after)];
  const starts = [0];
  for (const line of a) starts.push((starts.at(-1) ?? 0) + line.length);
  return diffLines(a, b).map((hunk) => ({
    range: { start: starts[hunk.before.start] ?? before.length, end: starts[hunk.before.end] ?? before.length },
    newText: b.slice(hunk.after.start, hunk.after.end).join(""),
  }));
}

/** A unified diff with three lines of context, as `diff -u` and Git print it. `path` is relative; an absent file is "". */
export function unifiedDiff(path: string, before: string | undefined, after: string, show: (line: string) => string): string {
  const [a, b] = [splitLines(before ?? ""), splitLines(after)];
  const hunks = diffLines(a, b);
  if (hunks.length === 0) return "";
  let text = `--- ${before === undefined ? "/dev/null" : `a/${path}`}\n+++ b/${path}\n`;
  for (let index = 0; index < hunks.length;) {
    let last = index;
    while ((hunks[last + 1]?.before.start ?? Infinity) - (hunks[last]?.before.end ?? 0) <= 6) last++;
    text += printHunks(hunks.slice(index, last + 1), a, b, show);
    index = last + 1;
  }
  return text;
}

function printHunks(hunks: readonly Hunk[], a: readonly string[], b: readonly string[], show: (line: string) => string): string {
  const [first, last] = [hunks[0], hunks.at(-1)];
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(3, first.before.start);
  const trail = Math.min(3, a.length - last.before.end);
  const fromA = first.before.start - lead;
  const fromB = first.after.start - lead;
  const countA = last.before.end + trail - fromA;
  const countB = last.after.end + trail - fromB;
  let text = `@@ -${span(fromA, countA)} +${span(fromB, countB)} @@\n`;
  let at = fromA;
  const print = (sign: string, line: string): void => {
    const shown = show(line.replace(/\n$/, ""));
    text += `${sign}${shown}${line.endsWith("\n") ? "" : "\n\\ No newline at end of file"}\n`;
  };
  for (const hunk of hunks) {
    for (; at < hunk.before.start; at++) print(" ", a[at] ?? "");
    for (; at < hunk.before.end; at++) print("-", a[at] ?? "");
    for (let line = hunk.after.start; line < hunk.after.end; line++) print("+", b[line] ?? "");
  }
  for (; at < last.before.end + trail; at++) print(" ", a[at] ?? "");
  return text;
}

function span(start: number, count: number): string {
  return count === 0 ? `${start},0` : count === 1 ? String(start + 1) : `${start + 1},${count}`;
}
