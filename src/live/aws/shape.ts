import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Found } from "../collector.ts";
import { CallFailure } from "../failure.ts";

/* How an answer of AWS becomes attributes. What is not there says one of two things, and each mapper says which. */

type Field = Json | Date | undefined;
type Fields = Readonly<Record<string, Field>>;

/** Of fields that the API always tells: one that is missing was not read, and stays unknown. */
export function always(fields: Fields): JsonObject {
  const read: Record<string, Json> = {};
  for (const [name, field] of Object.entries(fields)) if (field !== undefined) read[name] = plain(field);
  return read;
}

/** Of fields that the API leaves out where nothing is set: null then. */
export function optional(fields: Fields): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field === undefined ? null : plain(field)]));
}

/** Times are written as the provider does. */
function plain(field: Json | Date): Json {
  return field instanceof Date ? field.toISOString().replace(/\.000Z$/, "Z") : field;
}

/** A block, or null where the API gives no such thing. */
export function block<T>(of: T | null | undefined, map: (of: T) => JsonObject): JsonObject | null {
  return of === undefined || of === null ? null : map(of);
}

/** Blocks; none where the API gives none. */
export function blocks<T>(of: readonly T[] | undefined, map: (of: T) => JsonObject): JsonObject[] {
  return (of ?? []).map(map);
}

/** A block that says nothing but whether it is empty is none: `VPCOptions: {}`. */
export function unlessEmpty<T extends object>(of: T | undefined): T | undefined {
  const says = (value: unknown): boolean => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
  return of !== undefined && Object.values(of).some(says) ? of : undefined;
}

/** A list that is left out where it would be empty, or is empty where it says "none": null, as the provider has it. */
export function list(of: readonly string[] | undefined): readonly string[] | null {
  return of === undefined || of.length === 0 ? null : of;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Of the usual form of tags. undefined: the answer has none, which says nothing. */
export function tagged(tags: readonly Tag[] | undefined): Record<string, string> | undefined {
  if (tags === undefined) return undefined;
  return Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ""]])));
}

interface Of {
  readonly name?: string | undefined;
  /** Left out: the answer tells of none. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly handle?: unknown;
}

/** Something of an answer, with what every type has. */
export function thing(type: string, id: string, { name, tags, handle }: Of, attributes: JsonObject): Found {
  return {
    type,
    id,
    ...(name === undefined ? {} : { name }),
    ...(tags === undefined ? {} : { tags }),
    attributes: { id, ...attributes, ...(tags === undefined ? {} : tagAttributes(tags)) },
    ...(handle === undefined ? {} : { handle }),
  };
}

/** For tags that a detail call tells of. AWS's own are none for the provider. */
export function tagAttributes(tags: Readonly<Record<string, string>>): JsonObject {
  const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));
  return { tags: own, tags_all: own };
}

/** What every such answer has. Without it the answer is of no use, and leaving the thing out would say that it is not there. */
export function must(value: string | undefined, action: string): string {
  if (value !== undefined && value !== "") return value;
  throw new CallFailure({
    kind: "answer",
    action,
    code: "Incomplete",
    message: "The answer leaves out what a thing is called by.",
  });
}
