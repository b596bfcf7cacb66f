import { createHash } from "node:crypto";
import type { CheckItem } from "../core/checks/model.ts";
import { toJson } from "../core/values/json.ts";

/**
 * What a scan keeps of a workspace's own check item: what people read of it later, when its file may be gone, and by which definition
 * it was approved.
 */
export interface OwnItem extends Pick<
  CheckItem,
  "title" | "service" | "category" | "dimensions" | "why" | "advice" | "references" | "benchmarks"
> {
  readonly definition: string;
}

/** `declared`: the instance types that the workspace declares itself, as they are written. */
export function ownItemOf(check: CheckItem, declared: ReadonlyMap<string, unknown>): OwnItem {
  const { title, service, category, dimensions, why, advice, references, benchmarks } = check;
  return { title, service, category, dimensions, why, advice, references, benchmarks, definition: definitionOf(check, declared) };
}

/**
 * Changes with whatever changes what the item says of an instance, or what it costs. Of the workspace's own types all count for an
 * item of any of them: their parts may lead from one to another.
 */
export function definitionOf(
  { instance, tier, when, assert, parameters }: CheckItem,
  declared: ReadonlyMap<string, unknown>,
): string {
  const defaults = [...parameters].map(([name, { type, default: value }]) => [name, type, toJson(value)]);
  const types = instance.some((name) => declared.has(name)) ? [...declared].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
  const rule = [instance, tier, when?.source ?? "", assert.source, defaults, types];
  return createHash("sha256").update(JSON.stringify(rule)).digest("hex");
}
