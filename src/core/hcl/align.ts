import { applyEdits, LineIndex } from "../text/text.ts";
import type { TextEdit, TextRange } from "../text/text.ts";
import { parseFile } from "./parse.ts";
import { columnCount } from "./render.ts";
import type { Attribute, Block, Expression, ObjectItem, SourceFile } from "./syntax.ts";

/**
 * The text after edits, with `=` and trailing comments aligned in the runs of lines that the edits touched: text that
 * `terraform fmt` would leave alone stays so. `map` takes an offset in the text right after the edits to the aligned text.
 */
export function tidied(
  source: SourceFile,
  edits: readonly TextEdit[],
): { readonly text: string; readonly map: (offset: number) => number } {
  const text = applyEdits(source.text, edits);
  if (source.syntax === "json" || edits.length === 0) return { text, map: (offset) => offset };
  const touched: TextRange[] = [];
  let shift = 0;
  for (const edit of [...edits].sort((a, b) => a.range.start - b.range.start)) {
    const start = edit.range.start + shift;
    touched.push({ start, end: start + edit.newText.length });
    shift += edit.newText.length - (edit.range.end - edit.range.start);
  }
  let result = text;
  const maps: ((offset: number) => number)[] = [];
  for (const align of [alignAssignments, alignComments]) {
    const current = result;
    const ranges = touched.map((range) => ({ start: through(maps, range.start), end: through(maps, range.end) }));
    const changes = align(parseFile(source.path, current), ranges);
    maps.push((offset) => shifted(changes, offset));
    result = applyEdits(current, changes);
  }
  return { text: result, map: (offset) => through(maps, offset) };
}

function through(maps: readonly ((offset: number) => number)[], offset: number): number {
  return maps.reduce((at, map) => map(at), offset);
}

function shifted(edits: readonly TextEdit[], offset: number): number {
  let shift = 0;
  for (const { range, newText } of edits) {
    if (range.end <= offset) shift += newText.length - (range.end - range.start);
  }
  return offset + shift;
}

/** A line `name = value`. */
interface Assignment {
  /** The value opens a bracket and goes on below: it is not aligned with its neighbours. Heredocs are. */
  readonly alone: boolean;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly equals: number;
}

function alignAssignments(source: SourceFile, touched: readonly TextRange[]): readonly TextEdit[] {
  const lines = new LineIndex(source.text);
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  const byFirst = new Map<number, Assignment>();
  const byLast = new Map<number, Assignment>();
  const alone = new Map<number, Assignment>();
  for (const assignment of assignments(source, lines)) {
    if (assignment.alone) alone.set(assignment.firstLine, assignment);
    else {
      byFirst.set(assignment.firstLine, assignment);
      byLast.set(assignment.lastLine, assignment);
    }
  }
  const edits: TextEdit[] = [];
  const done = new Set<Assignment>();
  for (const range of touched) {
    for (let line = lineOf(range.start) - 1; line <= lineOf(range.end) + 1; line++) {
      const start = byFirst.get(line) ?? byLast.get(line) ?? alone.get(line);
      if (start === undefined || done.has(start)) continue;
      const run = [start];
      if (!start.alone) {
        for (let up = byLast.get(start.firstLine - 1); up; up = byLast.get(up.firstLine - 1)) run.push(up);
        for (let down = byFirst.get(start.lastLine + 1); down; down = byFirst.get(down.lastLine + 1)) run.push(down);
      }
      const width = Math.max(...run.map((one) => columns(source.text, one.nameStart, one.nameEnd)));
      for (const one of run) {
        done.add(one);
        const space = " ".repeat(width - columns(source.text, one.nameStart, one.nameEnd) + 1);
        if (source.text.slice(one.nameEnd, one.equals) !== space)
          edits.push({ range: { start: one.nameEnd, end: one.equals }, newText: space });
      }
    }
  }
  return edits.sort((a, b) => a.range.start - b.range.start);
}

function columns(text: string, start: number, end: number): number {
  return columnCount(text.slice(start, end));
}

function* assignments(source: SourceFile, lines: LineIndex): Generator<Assignment> {
  const { text } = source;
  const assignment = (base: number, key: TextRange, value: Expression): Assignment | undefined => {
    const nameStart = base + key.start;
    const lineStart = text.lastIndexOf("\n", nameStart - 1) + 1;
    if (text.slice(lineStart, nameStart).trim() !== "") return undefined;
    const nameEnd = base + key.end;
    const equals = nameEnd + text.slice(nameEnd, base + value.start).search(/\S/);
    if (text[equals] !== "=") return undefined;
    const firstLine = lines.positionAt(nameStart).line;
    const lastLine = lines.positionAt(base + value.end).line;
    const heredoc = value.kind === "template" && value.heredoc !== undefined;
    // A bracket that closes on this line but was opened above makes it no assignment of its own.
    const rest = text.slice(base + value.end, lineEnd(text, base + value.end)).trimStart();
    if (/^[,\s]*[}\])]/.test(rest)) return undefined;
    return { alone: lastLine !== firstLine && !heredoc, firstLine, lastLine, nameStart, nameEnd, equals };
  };
  function* inBody(items: readonly (Attribute | Block)[], base: number): Generator<Assignment> {
    for (const item of items) {
      if (item.kind === "block") yield* inBody(item.body.items, base);
      else {
        const found = assignment(base, item.name, item.value);
        if (found) yield found;
        yield* inExpression(item.value, base);
      }
    }
  }
  function* inExpression(tree: unknown, base: number): Generator<Assignment> {
    if (Array.isArray(tree)) for (const element of tree) yield* inExpression(element, base);
    else if (typeof tree === "object" && tree !== null) {
      if ("bareKey" in tree) {
        const item = tree as ObjectItem;
        const found = assignment(base, item.key, item.value);
        if (found) yield found;
      }
      for (const value of Object.values(tree)) if (typeof value === "object") yield* inExpression(value, base);
    }
  }
  for (const { node, base } of source.items) yield* inBody([node], base);
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function alignComments(source: SourceFile, touched: readonly TextRange[]): readonly TextEdit[] {
  const { text } = source;
  const lines = new LineIndex(text);
  const trailing = new Map<number, { readonly end: number; readonly start: number; readonly column: number }>();
  for (const comment of source.comments) {
    const { line } = lines.positionAt(comment.start);
    const before = text.slice(lines.lineStart(line), comment.start);
    const closes = lineEnd(text, comment.end) === comment.end || text.slice(comment.end, lineEnd(text, comment.end)).trim() === "";
    if (before.trim() === "" || !closes) continue;
    const code = before.trimEnd();
    trailing.set(line, { start: comment.start, end: lines.lineStart(line) + code.length, column: columns(code, 0, code.length) });
  }
  const edits: TextEdit[] = [];
  const done = new Set<number>();
  for (const range of touched) {
    for (let line = lines.positionAt(range.start).line - 1; line <= lines.positionAt(range.end).line + 1; line++) {
      if (!trailing.has(line) || done.has(line)) continue;
      let first = line;
      while (trailing.has(first - 1)) first--;
      let last = line;
      while (trailing.has(last + 1)) last++;
      let width = 0;
      for (let i = first; i <= last; i++) width = Math.max(width, trailing.get(i)?.column ?? 0);
      for (let i = first; i <= last; i++) {
        done.add(i);
        const one = trailing.get(i);
        if (one === undefined) continue;
        const space = " ".repeat(width - one.column + 1);
        if (text.slice(one.end, one.start) !== space) edits.push({ range: { start: one.end, end: one.start }, newText: space });
      }
    }
  }
  return edits.sort((a, b) => a.range.start - b.range.start);
}

/** The smallest line-wise edits from one text to another. */
export function differences(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const old = before.split(/(?<=\n)/);
  const now = after.split(/(?<=\n)/);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const a = old.slice(head, old.length - tail);
  const b = now.slice(head, now.length - tail);
  let offset = old.slice(0, head).join("").length;
  const edits: TextEdit[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...commonLines(a, b), [a.length, b.length] as const]) {
    const removed = a.slice(i, nextI).join("");
    const added = b.slice(j, nextJ).join("");
    if (removed !== "" || added !== "") edits.push(narrowed(offset, removed, added));
    offset += removed.length + (a[nextI]?.length ?? 0);
    i = nextI + 1;
    j = nextJ + 1;
  }
  return edits;
}

/** Without the characters that both begin and end with. */
function narrowed(offset: number, removed: string, added: string): TextEdit {
  const shortest = Math.min(removed.length, added.length);
  let head = 0;
  while (head < shortest && removed[head] === added[head]) head++;
  let tail = 0;
  while (tail < shortest - head && removed[removed.length - 1 - tail] === added[added.length - 1 - tail]) tail++;
  return { range: { start: offset + head, end: offset + removed.length - tail }, newText: added.slice(head, added.length - tail) };
}

/** A longest common subsequence as index pairs; none where that would take long. */
function commonLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  if (a.length * b.length > 1_000_000) return [];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return pairs;
}
