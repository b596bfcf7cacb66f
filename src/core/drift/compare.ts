import { writtenMembers } from "../values/sparse.ts";
import { equalNumbers } from "../values/equality.ts";
import { fromJson } from "../values/json.ts";
import type { Path, Value } from "../values/value.ts";

/** One place where a file says one thing and the account another. Both are known. */
export interface Difference {
  readonly path: Path;
  readonly written: Value;
  readonly live: Value;
}

/**
 * Where what is written differs from what was read. Only what somebody wrote and what is known on both sides is compared: an
 * omitted argument says nothing, and what was not read may be anything. Never of a sensitive value.
 */
export function differences(written: Value, live: Value, path: Path): readonly Difference[] {
  if (!isComparable(written) || !isComparable(live)) return [];
  // A provider writes null, empty and off alike where nothing is set.
  if (isNothing(written) && isNothing(live)) return [];
  if (written.kind === "null") return [];
  const members = entriesOf(written);
  const others = entriesOf(live);
  if (members !== undefined && others !== undefined) {
    return [...members].flatMap(([name, value]) => {
      if (value.kind === "null") return [];
      const other = others.get(name);
      return other === undefined ? missing(written, value, [...path, name]) : differences(value, other, [...path, name]);
    });
  }
  const items = itemsOf(written);
  const theirs = itemsOf(live);
  if (items !== undefined && theirs !== undefined) return sameItems(items, theirs) ? [] : [{ path, written, live }];
  return isSame(written, live) ? [] : [{ path, written, live }];
}

/** A key of a map that the account does not have; a member of an object that was not read says nothing. */
function missing(of: Value, written: Value, path: Path): readonly Difference[] {
  if (of.kind !== "map" || !isComparable(written) || isNothing(written)) return [];
  return [{ path, written, live: { kind: "null", type: { kind: "dynamic" } } }];
}

function isComparable(value: Value): boolean {
  if (value.kind === "unknown" || value.sensitive === true || value.ephemeral === true) return false;
  return !("rest" in value);
}

function isNothing(value: Value): boolean {
  switch (value.kind) {
    case "null":
      return true;
    case "string":
      return value.value === "";
    case "bool":
      return !value.value;
    case "number":
      return equalNumbers(value.value, 0);
    case "list":
    case "set":
    case "tuple":
      return value.items.length === 0;
    case "map":
      return value.entries.size === 0;
    default:
      return false;
  }
}

/** What somebody wrote of an object; all of a map. */
function entriesOf(value: Value): ReadonlyMap<string, Value> | undefined {
  if (value.kind === "map") return value.entries;
  return value.kind === "object" ? writtenMembers(value) : undefined;
}

function itemsOf(value: Value): readonly Value[] | undefined {
  return value.kind === "list" || value.kind === "set" || value.kind === "tuple" ? value.items : undefined;
}

/** Each has a partner: the clouds keep no order, and a block is alike if what is written of it is. Not known of one: not known of all. */
function sameItems(written: readonly Value[], live: readonly Value[]): boolean {
  const unknowns = [...written, ...live].some((value) => !isWhollyKnown(value));
  if (unknowns) return true;
  if (written.length !== live.length) return false;
  const rest = [...live];
  return written.every((value) => {
    const at = rest.findIndex((other) => differences(value, other, []).length === 0);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

function isWhollyKnown(value: Value): boolean {
  if (!isComparable(value)) return false;
  const items = itemsOf(value) ?? [...(entriesOf(value)?.values() ?? [])];
  return items.every(isWhollyKnown);
}

function isSame(a: Value, b: Value): boolean {
  const left = scalar(a);
  const right = scalar(b);
  if (left === undefined || right === undefined) return a.kind === b.kind;
  if (left === right) return true;
  const first = documentOf(left);
  const second = documentOf(right);
  if (first !== undefined && second !== undefined) return canonical(first) === canonical(second);
  return isNamedBy(left, right) || isNamedBy(right, left);
}

function scalar(value: Value): string | undefined {
  switch (value.kind) {
    case "null":
      return "";
    case "string":
      return value.value;
    case "bool":
      return String(value.value);
    case "number":
      return typeof value.value === "number" ? String(value.value) : value.value.toFixed();
    default:
      return undefined;
  }
}

/** `alias/x` and the ARN that ends with it name one thing. */
function isNamedBy(arn: string, name: string): boolean {
  return name !== "" && /^(?:arn|acs|qcs):/.test(arn) && [":", "/"].some((sign) => arn.endsWith(`${sign}${name}`));
}

function documentOf(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A document without what does not matter in a policy: order, and one thing in a list. */
function canonical(json: unknown): string {
  if (Array.isArray(json)) {
    const items = json.map(canonical).sort();
    return items.length === 1 ? (items[0] ?? "") : `[${items.join()}]`;
  }
  if (typeof json === "object" && json !== null) {
    const members = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value)}`).join()}}`;
  }
  return JSON.stringify(fromJsonText(json));
}

/** `"true"` and `true` are one in a policy. */
function fromJsonText(json: unknown): string {
  return scalar(fromJson(json)) ?? "";
}
