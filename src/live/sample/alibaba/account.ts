import { auditState } from "./account-audit.ts";
import { sampleAccountId, type Clock } from "./account-basics.ts";
import { computeState } from "./account-compute.ts";
import { identityState } from "./account-identity.ts";
import { sampleProjects, serviceState } from "./account-services.ts";
import { sampleBuckets } from "./account-storage.ts";
import type { AccountState } from "./state.ts";

/** Keys of the sample account. They open nothing but the double. */
export const sampleKeys = { id: "LTAI5tSampleSampleSample", secret: "sampleOnlyOpensTheDouble000000" };

/**
 * The account of a small online bookshop: two people, a deployment, a shop in Hangzhou, and what is left of its first year. Some of
 * it is in order. Ages count from `now`, so that what is old stays as old as it is.
 */
export function sampleAccount(now: Date): AccountState {
  const clock = agesFrom(now);
  return {
    account: sampleAccountId,
    alias: "harbour-books",
    principal: `acs:ram::${sampleAccountId}:user/plumbline-reader`,
    keys: [sampleKeys],
    regions: ["ap-southeast-1", "cn-hangzhou"],
    blocksPublicAccess: false,
    buckets: sampleBuckets(clock),
    recorded: [...identityState(clock), ...computeState(clock), ...auditState(clock), ...serviceState(clock)],
    projects: sampleProjects(),
  };
}

function agesFrom(now: Date): Clock {
  return (days) => new Date(now.getTime() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
}
