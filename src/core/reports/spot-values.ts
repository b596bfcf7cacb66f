import type { Expression } from "../hcl/syntax.ts";
import { decidedBy } from "../inspection/explain.ts";
import type { SpotValues } from "../terraform/project.ts";
import { reasonsOf } from "../terraform/unknowns.ts";
import { hasUnknown } from "../values/convert.ts";
import { writtenMembers } from "../values/sparse.ts";
import type { Value } from "../values/value.ts";
import { renderValue } from "./console-values.ts";
import { reasonText } from "./context.ts";
import { maskLine, maskNamed } from "./mask.ts";

/** What is said about an expression where somebody points at it; nothing secret in it. */
export interface SpotText {
  /** The expression, or the name of what it is the value of. */
  readonly label: string;
  /** Values that differ, in order; one: it is the same everywhere. */
  readonly values: readonly SpotValueText[];
  /** How many places have a value that is not among them, or was not looked at. */
  readonly more: number;
}

export interface SpotValueText {
  /** Addresses of the module instances, resources or calls where it is so. */
  readonly where: readonly string[];
  /** As `plumbline console` prints it, cut; undefined: not known at all. */
  readonly text: string | undefined;
  /** Why it, or something in it, is not known, and what would tell. */
  readonly unknown: readonly { readonly reason: string; readonly decidedBy: string }[];
}

const MOST_VALUES = 3;
const MOST_PLACES = 3;
const MOST_REASONS = 3;
const MOST_LINES = 8;
const MOST_CHARACTERS = 300;

/** `rootName` tells roots apart when there are several. */
export function spotText({ spot, text, values, more }: SpotValues, rootName: (root: string) => string): SpotText {
  const { attribute, expression, symbol, kind } = spot;
  const { name } = attribute.name;
  const isSymbol = kind === "local" || (kind === "variable" && name === "default") || (kind === "output" && name === "value");
  const argument = isSymbol ? symbol : name;
  const onName = spot.range.end - spot.range.start > expression.end - expression.start;
  const isWhole = onName || (expression === attribute.value && !isReference(expression));
  const label = isWhole ? argument : labelOf(expression, text);
  // A value that is called a secret is one, whatever calls it so.
  const names = `${argument} ${namesIn(expression).join(" ")}`;
  const severalRoots = new Set(values.map(({ root }) => root)).size > 1;
  const groups = new Map<string, { readonly where: string[]; readonly shown: Omit<SpotValueText, "where"> }>();
  let others = more;
  for (const { root, address, value } of values) {
    const shown = shownText(value, names);
    const key = JSON.stringify(shown);
    const place = address === "" ? "the root module" : address;
    const where = severalRoots ? `${place} of ${rootName(root)}` : place;
    const group = groups.get(key);
    if (group !== undefined) group.where.push(where);
    else if (groups.size < MOST_VALUES) groups.set(key, { where: [where], shown });
    else others++;
  }
  const found = [...groups.values()].map(({ where, shown }) => ({ where: places([...new Set(where)]), ...shown }));
  return { label, values: found, more: others };
}

/** A call's arguments are in sight, and may hold what is to stay there. */
function labelOf(expression: Expression, text: string): string {
  if (expression.kind === "call") return `${expression.name.name}(…)`;
  return expression.kind === "for" ? "for …" : maskLine(text.replaceAll(/\s+/g, " ")).slice(0, 80);
}

function isReference({ kind }: Expression): boolean {
  return kind === "variable" || kind === "getAttribute" || kind === "index" || kind === "splat";
}

/** What a reference calls its value: all names on the way from a variable or local, for others the last one. */
function namesIn(expression: Expression): readonly string[] {
  const names: string[] = [];
  let at = expression;
  for (;;) {
    if (at.kind === "getAttribute") {
      names.push(at.name.name);
      at = at.object;
    } else if (at.kind === "index") {
      const [part] = at.key.kind === "template" ? at.key.parts : [];
      if (part?.kind === "text") names.push(part.value);
      at = at.object;
    } else break;
  }
  return at.kind === "variable" && (at.name === "var" || at.name === "local") ? names : names.slice(0, 1);
}

function places(all: readonly string[]): readonly string[] {
  return all.length <= MOST_PLACES ? all : [...all.slice(0, MOST_PLACES), `${String(all.length - MOST_PLACES)} more`];
}

function shownText(value: Value, names: string): Omit<SpotValueText, "where"> {
  const hidden = value.sensitive === true || value.ephemeral === true;
  const reasons = (!hidden || value.kind === "unknown") && hasUnknown(value) ? reasonsOf([value]) : [];
  const unknown = reasons.slice(0, MOST_REASONS).map((reason) => ({ reason: reasonText(reason), decidedBy: decidedBy(reason) }));
  if (value.kind === "unknown") return { text: undefined, unknown };
  if (hidden) return { text: value.sensitive === true ? "(sensitive)" : "(ephemeral)", unknown };
  const room = { left: MOST_PARTS, cut: false };
  const lines = renderValue(shortened(value, names, room))
    .split("\n")
    .map(maskLine);
  const kept = lines.slice(0, MOST_LINES).join("\n");
  const isCut = room.cut || lines.length > MOST_LINES || kept.length > MOST_CHARACTERS;
  return { text: isCut ? `${kept.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, "")}…` : kept, unknown };
}

/** More than what is shown is not gone through. */
const MOST_PARTS = 100;

interface Room {
  left: number;
  cut: boolean;
}

/** No more of a value than can be shown, with what looks like a secret masked. */
function shortened(value: Value, name: string, room: Room): Value {
  if (value.sensitive === true || value.ephemeral === true) return value;
  switch (value.kind) {
    case "string": {
      if (value.value.length > MOST_TEXT) room.cut = true;
      return { ...value, value: maskNamed(name, value.value.slice(0, MOST_TEXT)).slice(0, 2 * MOST_CHARACTERS) };
    }
    case "list":
    case "set":
    case "tuple":
      return { ...value, items: taken(value.items, room).map((item) => shortened(item, name, room)) };
    case "map":
      return { ...value, entries: new Map(entriesOf(value.entries, name, room)) };
    case "object":
      return { ...value, entries: new Map(entriesOf(writtenMembers(value), name, room)) };
    default:
      return value;
  }
}

/** Enough for what looks like a secret to be seen as a whole. */
const MOST_TEXT = 4000;

function entriesOf(entries: ReadonlyMap<string, Value>, name: string, room: Room): [string, Value][] {
  return taken(entries, room).map(([key, value]) => [key, shortened(value, `${name} ${key}`, room)]);
}

function taken<T>(all: Iterable<T>, room: Room): readonly T[] {
  const found: T[] = [];
  for (const one of all) {
    if (room.left <= 0) {
      room.cut = true;
      break;
    }
    room.left--;
    found.push(one);
  }
  return found;
}
