import { fromJson } from "./json.ts";
import { object, STRING, unknown } from "./make.ts";
import type { Reason, UnknownValue, Value } from "./value.ts";

type Piece = string | UnknownValue;

/** Characters of private use that stand around a hole's number: no policy has them. */
const OPEN = "\uE000";
const CLOSE = "\uE001";
const HOLE = new RegExp(`${OPEN}(\\d+)${CLOSE}`);
const HOLES = new RegExp(HOLE, "g");

/**
 * The structure of JSON text with holes, as heredocs and template files make it: a hole inside a text leaves that text unknown, a
 * hole in the place of a value leaves the value unknown, or known as far as `jsonencode` told. undefined: where the holes stand,
 * the text can't be read without them. A name with a hole says enough for some readers: `isGoodName` tells, with `${}` for the hole.
 */
export function structureOfPieces(pieces: readonly Piece[], isGoodName?: (name: string) => boolean): Value | undefined {
  const holes: UnknownValue[] = [];
  let text = "";
  let quoted = false;
  let escaped = false;
  for (const piece of pieces) {
    if (typeof piece !== "string") {
      if (escaped) return undefined;
      const mark = `${OPEN}${holes.length}${CLOSE}`;
      text += quoted ? mark : `"${mark}"`;
      holes.push(piece);
      continue;
    }
    if (piece.includes(OPEN) || piece.includes(CLOSE)) return undefined;
    for (const character of piece) {
      if (escaped) escaped = false;
      else if (character === "\\") escaped = quoted;
      else if (character === '"') quoted = !quoted;
    }
    text += piece;
  }
  try {
    return filled(fromJson(JSON.parse(text)), holes, isGoodName);
  } catch {
    return undefined;
  }
}

/** The value with its holes in place. undefined: a member's name is not known. */
function filled(
  value: Value,
  holes: readonly UnknownValue[],
  isGoodName: ((name: string) => boolean) | undefined,
): Value | undefined {
  if (value.kind === "string") return withHoles(value.value, holes);
  if ("items" in value) {
    const items: Value[] = [];
    for (const item of value.items) {
      const own = filled(item, holes, isGoodName);
      if (own === undefined) return undefined;
      items.push(own);
    }
    return { ...value, items };
  }
  if (value.kind !== "object" && value.kind !== "map") return value;
  const entries: [string, Value][] = [];
  for (const [key, item] of value.entries) {
    const own = filled(item, holes, isGoodName);
    const name = key.replaceAll(HOLES, "${}");
    if (own === undefined || (name !== key && isGoodName?.(name) !== true)) return undefined;
    entries.push([name, own]);
  }
  return object(entries);
}

function withHoles(text: string, holes: readonly UnknownValue[]): Value {
  const parts = text.split(HOLE);
  if (parts.length === 1) return { kind: "string", value: text };
  // Every second part is a hole's number.
  const pieces = parts.flatMap((part, index): Piece[] => {
    if (index % 2 === 0) return part === "" ? [] : [part];
    const hole = holes[Number(part)];
    return hole === undefined ? [] : [hole];
  });
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined && typeof only !== "string") return only.refinement?.document ?? only;
  const reasons: Reason[] = pieces.flatMap((piece) => (typeof piece === "string" ? [] : piece.reasons));
  return unknown(STRING, reasons, { refinement: { notNull: true, pieces } });
}
