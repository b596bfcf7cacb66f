import { createHash } from "node:crypto";
import type { CheckItem } from "../core/checks/model.ts";

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

export function ownItemOf(check: CheckItem): OwnItem {
  const { title, service, category, dimensions, why, advice, references, benchmarks } = check;
  return { title, service, category, dimensions, why, advice, references, benchmarks, definition: definitionOf(check) };
}

/** Changes with whatever changes what the item says of an instance, or what it costs. */
export function definitionOf({ instance, tier, when, assert, parameters }: CheckItem): string {
  const rule = [instance, tier, when?.source ?? "", assert.source, [...parameters].map(([name, { type }]) => [name, type])];
  return createHash("sha256").update(JSON.stringify(rule)).digest("hex");
}
