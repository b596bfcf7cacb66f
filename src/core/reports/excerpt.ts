import type { Location } from "../text/text.ts";
import type { Places } from "./context.ts";

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
export function excerptOf(location: Location, places: Places): Excerpt | undefined {
  const { start, end } = places.region(location);
  const text = places.quotedLine(location.file, start.line - 1);
  if (text === undefined) return undefined;
  const from = start.column - 1;
  const to = end.line === start.line ? Math.max(end.column - 1, from + 1) : Math.max(text.length, from + 1);
  return { line: start.line, text, from, to };
}
