import type { Json } from "../../../core/snapshots/model.ts";

export const sampleAccountId = "111122223333";
export const sampleRegion = "eu-west-1";

/** Times so many days ago. */
export interface Clock {
  /** As XML has them. */
  readonly iso: (days: number) => string;
  /** As JSON has them. */
  readonly seconds: (days: number) => number;
}

export function clockFrom(now: Date): Clock {
  const time = (days: number): number => Math.floor(now.getTime() / 1000) - days * 86_400;
  return { seconds: time, iso: (days) => new Date(time(days) * 1000).toISOString().replace(".000Z", "Z") };
}

/** A policy document. */
export function policy(...statements: readonly Json[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Tags as XML of most APIs has them. */
export const tags = (of: Readonly<Record<string, string>>): Json[] => Object.entries(of).map(([Key, Value]) => ({ Key, Value }));

export const arn = (service: string, rest: string, region = sampleRegion): string =>
  `arn:aws:${service}:${region}:${sampleAccountId}:${rest}`;
