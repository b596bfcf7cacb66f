import { isJsonObject, plainText, type Json, type JsonObject } from "../../core/snapshots/model.ts";

/*
 * From an API's answer to attributes. Tencent Cloud's answers hold every field of the API's model: null says "no valid value". So a
 * field that is missing was not read, and stays missing here.
 */

/** Path into an answer (`Placement.Zone`), or what makes the value of it. undefined: not read. */
export type Source = string | ((it: JsonObject) => Json | undefined);

export function attributes(it: JsonObject, sources: Readonly<Record<string, Source>>): JsonObject {
  const made: Record<string, Json> = {};
  for (const [name, source] of Object.entries(sources)) {
    const value = typeof source === "string" ? at(it, source) : source(it);
    if (value !== undefined) made[name] = value;
  }
  return made;
}

/** Value at a path; null at or below a null; undefined where a step is missing. */
export function at(it: Json | undefined, path: string): Json | undefined {
  let value: Json | undefined = it;
  for (const step of path.split(".")) {
    if (value === null) return null;
    if (!isJsonObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** 1 is true and 0 false; anything else is not understood. */
export const flag =
  (path: string): Source =>
  (it) =>
    truth(at(it, path));

export function truth(value: Json | undefined): boolean | null | undefined {
  if (value === null) return null;
  if (value === 1 || value === true || value === "1") return true;
  if (value === 0 || value === false || value === "0") return false;
  return undefined;
}

/** The provider keeps ids as text that the API has as numbers. */
export const text =
  (path: string): Source =>
  (it) => {
    const value = at(it, path);
    return typeof value === "number" ? String(value) : value;
  };

/** A list, each element made of it; the API's null is an empty list. What is no list was not read. */
export const each =
  (path: string, make: (element: JsonObject) => Json): Source =>
  (it) => {
    const value = at(it, path);
    if (value === null) return [];
    if (!Array.isArray(value)) return undefined;
    const list: readonly Json[] = value;
    return list.every(isJsonObject) ? list.map(make) : undefined;
  };

/** A list of plain values; null is empty. */
export const list =
  (path: string): Source =>
  (it) => {
    const value = at(it, path);
    return value === null ? [] : Array.isArray(value) ? value : undefined;
  };

/** One word for another; a word that is not listed is not understood. */
export const word =
  (path: string, words: Readonly<Record<string, Json>>): Source =>
  (it) => {
    const value = at(it, path);
    return value === undefined || value === null ? value : words[plainText(value) ?? ""];
  };

/** The API writes "" where a reference is not set. */
export const reference =
  (path: string): Source =>
  (it) => {
    const value = at(it, path);
    return value === "" ? null : value;
  };

/** A list of objects; null is an empty one. Throws where the answer has no such list. */
export function objects(it: JsonObject, path: string): readonly JsonObject[] {
  const value = at(it, path);
  if (value === null) return [];
  if (!Array.isArray(value)) throw new Error(`no ${path} in the answer`);
  return (value as readonly Json[]).filter(isJsonObject);
}

/** A field as text; empty where the API has no value. Throws where the answer has no such field: nobody knows what it would say. */
export function string(it: Json | undefined, path: string): string {
  if (at(it, path) === undefined) throw new Error(`no ${path} in the answer`);
  return loose(it, path);
}

/** The same where a field that is missing means no more than an empty one: names, parts of an id. */
export function loose(it: Json | undefined, path: string): string {
  const value = at(it, path);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** `[{Key, Value}]`, under whatever names, as tags. */
export function tags(it: JsonObject, path: string, key = "Key", value = "Value"): Readonly<Record<string, string>> {
  const all = at(it, path);
  const list: readonly Json[] = Array.isArray(all) ? all : [];
  return Object.fromEntries(list.filter(isJsonObject).map((tag) => [loose(tag, key), loose(tag, value)]));
}

/** An object without the members that are undefined. */
export function known(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined));
}
