import { isJsonList, isJsonObject, memberOf, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";

/*
 * Reading answers. What an answer does not hold is undefined, and attributes that are undefined are left out: they are unknown then.
 * A collector writes null where the API's documentation says that the absent member means "not set".
 */

/** `"VpcAttributes.VpcId"`; undefined where a step is missing. */
export function at(json: Json | undefined, path: string): Json | undefined {
  let current = json;
  for (const step of path.split(".")) current = memberOf(current, step);
  return current;
}

export function text(json: Json | undefined, path: string): string | undefined {
  const found = at(json, path);
  if (typeof found === "string") return found;
  return typeof found === "number" || typeof found === "boolean" ? String(found) : undefined;
}

/** "" is how many of the APIs write that a text is not set. */
export function textOrNull(json: Json | undefined, path: string): string | null | undefined {
  const found = text(json, path);
  return found === "" || at(json, path) === null ? null : found;
}

/** What a double can't hold exactly (some account ids) is left out. */
export function number(json: Json | undefined, path: string): number | undefined {
  const found = at(json, path);
  if (typeof found === "number") return found;
  if (typeof found !== "string" || !/^-?\d+(?:\.\d+)?$/.test(found)) return undefined;
  const value = Number(found);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : value;
}

/** The APIs write truth as true, "true", "True", 1. */
export function flag(json: Json | undefined, path: string): boolean | undefined {
  const found = text(json, path)?.toLowerCase();
  if (found === "true" || found === "1") return true;
  return found === "false" || found === "0" ? false : undefined;
}

/** By value: what is none of them is unknown. */
export function choice<T>(found: string | undefined, values: Readonly<Record<string, T>>): T | undefined {
  return found !== undefined && Object.hasOwn(values, found) ? values[found] : undefined;
}

/** Objects of a list; undefined where there is no list. */
export function entries(json: Json | undefined, path: string): readonly JsonObject[] | undefined {
  const found = at(json, path);
  return isJsonList(found) ? found.filter(isJsonObject) : undefined;
}

export function texts(json: Json | undefined, path: string): readonly string[] | undefined {
  const found = at(json, path);
  return isJsonList(found)
    ? found.flatMap((one) => (typeof one === "string" || typeof one === "number" ? [String(one)] : []))
    : undefined;
}

/** `"a,b"`, without blanks; "" has none. */
export function split(joined: string | undefined): readonly string[] | undefined {
  if (joined === undefined) return undefined;
  return joined
    .split(/[,\s;]+/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** Only what is known. */
export function known(attributes: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** Tags in the spellings of the APIs. */
export function tagsOf(json: Json | undefined, path: string): Readonly<Record<string, string>> {
  const pairs = (entries(json, path) ?? []).map(
    (tag) =>
      [
        text(tag, "TagKey") ?? text(tag, "Key") ?? text(tag, "key") ?? "",
        text(tag, "TagValue") ?? text(tag, "Value") ?? text(tag, "value") ?? "",
      ] as const,
  );
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
}

/** The list that an answer must hold. One without it is none that we understand: never "there are none". */
export function listed(action: string, answer: Json, path: string): readonly JsonObject[] {
  const found = entries(answer, path);
  if (found === undefined) throw unreadable(action, path);
  return found;
}

export function required(action: string, json: Json | undefined, path: string): string {
  const found = text(json, path);
  if (found === undefined || found === "") throw unreadable(action, path);
  return found;
}

export function unreadable(action: string, path: string): CallFailure {
  return new CallFailure({ kind: "answer", action, code: "MissingMember", message: `The answer has no \`${path}\`.` });
}
