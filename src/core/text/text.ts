/** A file's name inside core: absolute, forward slashes, no `.` or `..` segments. The edges (cli, server) convert. */
export type FilePath = string;

/** UTF-16 offsets into one text, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Zero-based line and UTF-16 character, as LSP counts them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A place in a file. */
export interface Location {
  readonly file: FilePath;
  readonly range: TextRange;
}

export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/** Edits of several files, as one change. A file that is not there yet is created. */
export type WorkspaceEdit = ReadonlyMap<FilePath, readonly TextEdit[]>;

/** What is wrong with a user's text: never thrown, always returned beside the value. */
export interface Problem {
  readonly file: FilePath;
  readonly range: TextRange;
  readonly severity: "error" | "warning" | "information";
  /** Stable kebab-case name of the kind of problem. */
  readonly code: string;
  /** What is wrong and the way out. Never holds a sensitive value. */
  readonly message: string;
}

/** Translates offsets to positions; made once a text. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
    this.#starts = starts;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.#starts[low] ?? 0) };
  }

  offsetAt(position: Position): number {
    if (position.line >= this.#starts.length) return this.#length;
    const start = this.#starts[Math.max(0, position.line)] ?? 0;
    const next = this.#starts[position.line + 1] ?? this.#length + 1;
    return Math.max(start, Math.min(start + position.character, next - 1, this.#length));
  }

  /** Offset of the first character of a zero-based line; the text's length past the last line. */
  lineStart(line: number): number {
    return this.#starts[line] ?? this.#length;
  }
}

/** Applies edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.range.start - b.edit.range.start || a.index - b.index);
  let result = "";
  let at = 0;
  for (const { edit } of sorted) {
    result += text.slice(at, edit.range.start) + edit.newText;
    at = Math.max(at, edit.range.end);
  }
  return result + text.slice(at);
}
