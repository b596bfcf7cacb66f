import { convert } from "../values/convert.ts";
import { equalValues } from "../values/equality.ts";
import { map, mapOf, object, string, STRING, unknown } from "../values/make.ts";
import { withMembers, writtenMembers } from "../values/sparse.ts";
import type { ObjectValue, Reason, Type, Value } from "../values/value.ts";
import { marksOf, reasonsOf, withMarks } from "./unknowns.ts";

export const TAGS: Type = mapOf(STRING);

/** What a configuration of the aws provider does with the tags of everything that it manages. */
export interface TagDefaults {
  /** A map; undefined: nothing in these files configures the provider. */
  readonly tags: Value | undefined;
  /** Tags that the provider leaves to others; undefined: it is not known which. */
  readonly ignored: { readonly names: ReadonlySet<string>; readonly prefixes: readonly string[] } | undefined;
}

const NOTHING_IGNORED = { names: new Set<string>(), prefixes: [] };

/** `values`: what the `provider` block says, undefined where there is none. `environment`: the same, from environment variables. */
export function tagDefaultsOf(values: ObjectValue | undefined, environment: ReadonlyMap<string, string>): TagDefaults {
  if (values === undefined) return { tags: undefined, ignored: NOTHING_IGNORED };
  const block = onlyBlock(values, "default_tags");
  const written = block.kind === "object" ? (block.entries.get("tags") ?? NO_TAGS) : block;
  const given = map(
    STRING,
    [...environment].map(([name, text]) => [name, string(text)]),
  );
  return { tags: merged(given, written), ignored: ignoredOf(onlyBlock(values, "ignore_tags")) };
}

export function sameTagDefaults(a: TagDefaults, b: TagDefaults): boolean {
  const sameTags = a.tags === b.tags || (a.tags !== undefined && b.tags !== undefined && equalValues(a.tags, b.tags));
  return sameTags && ignoredText(a) === ignoredText(b);
}

function ignoredText({ ignored }: TagDefaults): string {
  return ignored === undefined ? "" : JSON.stringify([[...ignored.names], ignored.prefixes]);
}

/**
 * A resource of the aws provider with what becomes of its tags, `tags_all`: its own on top of the provider's `default_tags`. The
 * provider itself says so in a plan, where everything is known; here single values may be missing.
 */
export function withDefaultTags(
  type: string,
  mode: "managed" | "data",
  values: ObjectValue,
  defaultsOf: () => TagDefaults,
): ObjectValue {
  if (!type.startsWith("aws_")) return values;
  const written = writtenMembers(values);
  if (mode === "data") {
    if (type !== "aws_default_tags") return values;
    const { tags, ignored } = defaultsOf();
    return tags === undefined ? values : withMembers(values, [["tags", without(tags, ignored)]]);
  }
  if (!values.entries.has("tags_all") || written.has("tags_all")) return values;
  const { tags, ignored } = defaultsOf();
  if (tags === undefined) return values;
  return withMembers(values, [["tags_all", without(merged(tags, written.get("tags") ?? NO_TAGS), ignored)]]);
}

const NO_TAGS: Value = map(STRING, []);
const NO_BLOCK: Value = object([]);
const NULL_TAG: Reason = { kind: "unknown", detail: "a tag without a value" };

/** The only block of a name, an object, or what stands for it while that is not known; an empty one if there is none. */
function onlyBlock(values: ObjectValue, name: string): Value {
  const written = values.entries.get(name);
  if (written === undefined || written.kind === "null") return NO_BLOCK;
  if (written.kind !== "tuple" && written.kind !== "list") return written;
  if (written.rest !== undefined) return unknown(TAGS, written.rest);
  return written.items[0] ?? NO_BLOCK;
}

/** Two maps of tags, the second on top. */
function merged(below: Value, above: Value): Value {
  const entries = new Map<string, Value>();
  const marks = marksOf([below, above]);
  for (const value of [below, above]) {
    const converted = convert(value, TAGS);
    const tags = "value" in converted ? converted.value : unknown(TAGS, { kind: "invalid", detail: `tags: ${converted.error}` });
    if (tags.kind === "null") continue;
    if (tags.kind !== "map") return withMarks(unknown(TAGS, reasonsOf([tags])), marks);
    for (const [name, tag] of tags.entries) {
      if (tag.kind === "null") return withMarks(unknown(TAGS, NULL_TAG), marks);
      entries.set(name, tag);
    }
  }
  return withMarks(map(STRING, entries), marks);
}

function without(tags: Value, ignored: TagDefaults["ignored"]): Value {
  if (ignored === undefined) return unknown(TAGS, { kind: "unknown", detail: "the tags that the provider ignores" });
  if (tags.kind !== "map" || (ignored.names.size === 0 && ignored.prefixes.length === 0)) return tags;
  const left = [...tags.entries].filter(
    ([name]) => !ignored.names.has(name) && !ignored.prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return { ...tags, entries: new Map(left) };
}

function ignoredOf(block: Value): TagDefaults["ignored"] {
  if (block.kind !== "object") return undefined;
  const names = textsOf(block.entries.get("keys"));
  const prefixes = textsOf(block.entries.get("key_prefixes"));
  return names === undefined || prefixes === undefined ? undefined : { names: new Set(names), prefixes };
}

function textsOf(value: Value | undefined): readonly string[] | undefined {
  if (value === undefined || value.kind === "null") return [];
  if ((value.kind !== "list" && value.kind !== "set" && value.kind !== "tuple") || value.rest !== undefined) return undefined;
  const texts = value.items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
  return texts.length === value.items.length ? texts : undefined;
}
