import type { Cloud } from "../core/instances/model.ts";
import type { SampleAccount } from "./account-reader.ts";

/** Sample accounts that come with the product: served on the loopback by this process, and gone with it. */
export const samples: Readonly<Partial<Record<Cloud, () => Promise<SampleAccount>>>> = {
  aws: async () => {
    const { startDouble } = await import("./sample/aws/server.ts");
    const { sampleAccount, sampleKeys } = await import("./sample/aws/account.ts");
    const { url } = await startDouble(sampleAccount(new Date()));
    return { endpoint: url, keys: sampleKeys };
  },
  alibaba: async () => {
    const { startDouble } = await import("./sample/alibaba/server.ts");
    const { sampleAccount, sampleKeys } = await import("./sample/alibaba/account.ts");
    const { url } = await startDouble(sampleAccount(new Date()));
    return { endpoint: url, keys: sampleKeys };
  },
  tencent: async () => {
    const { startDouble } = await import("./sample/tencent/double.ts");
    const { sampleAccount, sampleKeys } = await import("./sample/tencent/account.ts");
    const { endpoint } = await startDouble(sampleAccount(Date.now()));
    return { endpoint, keys: sampleKeys };
  },
};
