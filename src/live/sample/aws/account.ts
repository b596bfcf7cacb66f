import { auditState } from "./account-audit.ts";
import { clockFrom, sampleAccountId, sampleRegion } from "./account-basics.ts";
import { identityState } from "./account-identity.ts";
import { networkState } from "./account-network.ts";
import { servicesState } from "./account-services.ts";
import { storageState } from "./account-storage.ts";
import type { AccountState } from "./state.ts";

/** Keys of the sample account. They open nothing but the double. */
export const sampleKeys = { id: "AKIASAMPLESAMPLESAMP", secret: "sample/OnlyOpensTheDouble/00000000000000" };

const regions = [sampleRegion, "us-east-1"];

/**
 * The account of a small shop for outdoor things: two people, a deployment, a shop in Ireland, and what is left of its first years.
 * Some of it is in order. Ages count from `now`, so that what is old stays as old as it is.
 */
export function sampleAccount(now: Date): AccountState {
  const clock = clockFrom(now);
  return {
    account: sampleAccountId,
    principal: `arn:aws:iam::${sampleAccountId}:user/plumbline-reader`,
    keys: [sampleKeys],
    regions,
    recorded: [
      ...identityState(clock),
      ...networkState(clock, regions),
      ...storageState(clock),
      ...auditState(clock),
      ...servicesState(clock),
    ],
  };
}
