import type { Collector } from "./collector.ts";
import { callsOf, type Needs } from "./collect.ts";
import type { Rate } from "./limits.ts";

/** What a scan will ask of the cloud, before it has. */
export interface Effort {
  /** Requests; more where lists have several pages or the cloud throttles. */
  readonly requests: number;
  /** How long they take within the published rates, at a usual latency. */
  readonly seconds: number;
}

/** Round trip of one request, in seconds: what people measure from another continent. */
const usual = 0.15;
/** Requests to one API in one region at once, as the limits hold it. */
const inFlight = 10;
/** Judging starts when the last answer is there; opening the session takes a few requests one after the other. */
const opening = 4;

/** `count` gives the instances of a type in a region; undefined: in all. `latency` in seconds. */
export function effortOf<Session>(
  collectors: readonly Collector<Session>[],
  needs: Needs,
  regions: readonly string[],
  count: (type: string, region: string | undefined) => number,
  rateOf: (action: string) => Rate,
  latency = usual,
): Effort {
  const byBucket = new Map<string, { calls: number; readonly rate: Rate }>();
  const byPlace = new Map<string, number>();
  let requests = 0;
  for (const { action, region, calls } of callsOf(collectors, needs, regions, count)) {
    requests += calls;
    const service = action.split(":")[0] ?? action;
    const place = `${service} ${region ?? ""}`;
    byPlace.set(place, (byPlace.get(place) ?? 0) + calls);
    const rate = rateOf(action);
    const key = `${region ?? ""} ${rate.per === "action" ? action : service}`;
    const bucket = byBucket.get(key);
    if (bucket === undefined) byBucket.set(key, { calls, rate });
    else bucket.calls += calls;
  }
  // Places run side by side: the slowest of them decides.
  const byRate = [...byBucket.values()].map(({ calls, rate }) => Math.max(0, calls - rate.burst) / rate.perSecond);
  const byLatency = [...byPlace.values()].map((calls) => Math.ceil(calls / inFlight) * latency);
  return { requests, seconds: Math.max(0, ...byRate, ...byLatency) + opening * latency };
}
