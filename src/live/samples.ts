import type { Cloud } from "../core/instances/model.ts";
import type { Sample } from "./account-reader.ts";
import { KeptState } from "./sample/kept-state.ts";

/**
 * Sample accounts that come with the product. What is changed in them is kept beside the file, which is the user's database; without
 * one it is gone with the process.
 */
export function samplesBeside(file: string | undefined): Readonly<Record<Cloud, Sample>> {
  const kept = <State>(cloud: Cloud): KeptState<State> | undefined =>
    file === undefined ? undefined : new KeptState(`${file}-sample-${cloud}.json`);
  return {
    aws: {
      start: async () => {
        const { startDouble } = await import("./sample/aws/server.ts");
        const { sampleAccount, sampleKeys } = await import("./sample/aws/account.ts");
        const { url, close } = await startDouble(sampleAccount(new Date()), kept("aws"));
        return { endpoint: url, keys: sampleKeys, close };
      },
      forget: () => kept("aws")?.forget(),
    },
    alibaba: {
      start: async () => {
        const { startDouble } = await import("./sample/alibaba/server.ts");
        const { sampleAccount, sampleKeys } = await import("./sample/alibaba/account.ts");
        const { url, close } = await startDouble(sampleAccount(new Date()), kept("alibaba"));
        return { endpoint: url, keys: sampleKeys, close };
      },
      forget: () => kept("alibaba")?.forget(),
    },
    tencent: {
      start: async () => {
        const { startDouble } = await import("./sample/tencent/double.ts");
        const { sampleAccount, sampleKeys } = await import("./sample/tencent/account.ts");
        const { endpoint, close } = await startDouble(sampleAccount(Date.now()), { kept: kept("tencent") });
        return { endpoint, keys: sampleKeys, close };
      },
      forget: () => kept("tencent")?.forget(),
    },
  };
}
