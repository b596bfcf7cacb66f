import type { Json, JsonObject } from "../../core/snapshots/model.ts";
import type { Collector, Detail, Found } from "../collector.ts";
import type { Paging, Session } from "./client.ts";
import { attributes, loose, string, type Source } from "./shape.ts";

export type TencentCollector = Collector<Session>;
export type TencentDetail = Detail<Session>;

/** Offset and Limit, the usual paging of lists. */
export function pages(items: string, total = "TotalCount", size = 100): Paging {
  return { items, total, size };
}

interface ThingOptions {
  /** Where the answer has the id and the name. */
  readonly id: string;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Tags that Terraform has no attribute, or another form, for. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly handle?: unknown;
}

/** One thing of an answer: its id is an attribute as well, as Terraform has it. */
export function thing(type: string, it: JsonObject, options: ThingOptions, sources: Readonly<Record<string, Source>>): Found {
  const id = string(it, options.id);
  if (id === "") throw new Error(`no ${options.id} in the answer`);
  const labels = options.tags ?? options.labels;
  return {
    type,
    id,
    name: options.name === undefined ? undefined : loose(it, options.name),
    ...(labels === undefined ? {} : { tags: labels }),
    attributes: { id, ...(options.tags === undefined ? {} : { tags: options.tags }), ...attributes(it, sources) },
    ...(options.handle === undefined ? {} : { handle: options.handle }),
  };
}

/** Something that belongs to another, made of what is known. */
export function satellite(type: string, id: string, members: Readonly<Record<string, Json>>): Found {
  return { type, id, attributes: { id, ...members } };
}

/** Calls that take so many ids at once. */
export async function inBatches<T, R>(
  all: readonly T[],
  size: number,
  ask: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const batches: Promise<readonly R[]>[] = [];
  for (let start = 0; start < all.length; start += size) batches.push(ask(all.slice(start, start + size)));
  return (await Promise.all(batches)).flat();
}
