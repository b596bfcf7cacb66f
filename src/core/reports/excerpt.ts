import type { Location } from "../text/text.ts";
import { maskLine } from "./mask.ts";
import type { Places, ReportContext } from "./context.ts";

/** The line that a location begins on, masked, with the columns that are meant. */
export interface Excerpt {
  /** One-based. */
  readonly line: number;
  readonly text: string;
  /** UTF-16 offsets in `text`; `to` is behind `from`. */
  readonly from: number;
  readonly to: number;
}

/** undefined where the file's text is not at hand. */
export function excerptOf(location: Location, context: ReportContext, places: Places): Excerpt | undefined {
  const text = context.text(location.file);
  if (text === undefined) return undefined;
  const { start, end } = places.region(location);
  const lineStart = location.range.start - (start.column - 1);
  const newline = text.indexOf("\n", lineStart);
  const line = text.slice(lineStart, newline < 0 ? text.length : newline).replace(/\r$/, "");
  const from = start.column - 1;
  const to = end.line === start.line ? Math.max(end.column - 1, from + 1) : Math.max(line.length, from + 1);
  return { line: start.line, text: maskLine(line), from, to };
}
