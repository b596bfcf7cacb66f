import type { TencentState } from "./double.ts";
import { computers } from "./sample-compute.ts";
import { buckets, dataAnswers } from "./sample-data.ts";
import { network } from "./sample-network.ts";
import { accountId, peopleAnswers } from "./sample-people.ts";

/** Keys of the sample account. They open nothing but the double. */
export const sampleKeys = { id: "AKIDsampleaccountofplumbline", secret: "a-key-that-opens-nothing" };

/**
 * A sample account: a small shop for tea, "Lotus Leaf", in Guangzhou with a second leg in Shanghai. What is kept is what the cloud's
 * own API would answer; much of it is right, and some is not. Times count from `now`, in milliseconds.
 */
export function sampleAccount(now: number): TencentState {
  return {
    account: accountId,
    keys: [{ secretId: sampleKeys.id, secretKey: sampleKeys.secret }],
    regions: ["ap-guangzhou", "ap-shanghai"],
    answers: [...peopleAnswers(now), ...network, ...computers, ...dataAnswers(now)],
    buckets,
  };
}
