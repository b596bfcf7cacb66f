import { string, STRING, unknown } from "../values/make.ts";
import type { UnknownValue, Value } from "../values/value.ts";
import { reasonsOf, withMarks } from "./unknowns.ts";

/** Known text, or a hole in it. */
export type Piece = string | UnknownValue;

/** Nothing useful in a configuration is longer. */
export const LONGEST = 1 << 24;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * What a text surely begins with: a letter at its end may become another one with what follows (`e` and a combining accent), a
 * delimiter does not.
 */
function safePrefix(text: string): string {
  const normal = text.normalize("NFC");
  if (/[-_:;/\\,.(){}[\]|?!~ \t@#$%^&*+"']$/.test(normal)) return normal;
  const last = [...segmenter.segment(normal.slice(-64))].at(-1)?.segment ?? "";
  return normal.slice(0, normal.length - last.length);
}

/** The text that the pieces make one behind the other; with holes, an unknown that remembers its pieces. */
export function textOfPieces(
  pieces: readonly Piece[],
  marks: { readonly sensitive?: true; readonly ephemeral?: true } = {},
): Value {
  const joined: Piece[] = [];
  let length = 0;
  for (const piece of pieces) if (typeof piece === "string") length += piece.length;
  if (length > LONGEST) return unknown(STRING, { kind: "budget", detail: "length of a text" }, marks);
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = last + piece;
    else if (piece !== "") joined.push(piece);
  }
  const [first = ""] = joined;
  if (joined.length <= 1 && typeof first === "string") return withMarks(string(first), marks);
  // A hole alone is what it is, and stands for what it stood for.
  if (joined.length === 1 && typeof first !== "string") {
    return withMarks({ ...first, type: STRING, refinement: { ...first.refinement, notNull: true } }, marks);
  }
  const holes = joined.filter((piece) => typeof piece !== "string");
  const prefix = typeof first === "string" ? safePrefix(first) : (first.refinement?.prefix ?? "");
  const refinement = { notNull: true, pieces: joined, ...(prefix === "" ? {} : { prefix }) } as const;
  return unknown(STRING, reasonsOf(holes), { ...marks, refinement });
}
