import type { JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Limits } from "../limits.ts";
import type { CloudAccess } from "../session.ts";
import { listed, required, text } from "./answers.ts";
import { sendCall } from "./calls.ts";
import { AlibabaSession, limits } from "./client.ts";
import { credentialsOf } from "./credentials.ts";
import { fixPolicy, readPolicy } from "./policy.ts";
import { discover, type Environment } from "./profiles.ts";
import { quotaAction, readVendorQuota } from "./vendor-quota.ts";

export type { AlibabaSession } from "./client.ts";

/** For tests: an environment and limits of their own. */
export function alibabaAccess(environment: Environment, shared: Limits): CloudAccess<AlibabaSession> {
  return {
    cloud: "alibaba",
    discover,
    open: async (connection) => {
      const place = { environment, connect: connection.endpoint, signal: connection.signal, limits: shared };
      const { credentials, home } = await credentialsOf(connection, place);
      const session = new AlibabaSession({ ...place, credentials, home });
      try {
        const answer = await session.rpc("sts", "GetCallerIdentity", home);
        session.account = required("sts:GetCallerIdentity", answer, "AccountId");
        session.principal = text(answer, "Arn") ?? "";
      } catch (error) {
        session.close();
        throw error;
      }
      return session;
    },
    identify: async (session) => ({
      account: session.account,
      principal: session.principal,
      alias: await aliasOf(session),
    }),
    regions: async (session) => {
      const action = "ecs:DescribeRegions";
      // All: also those where nothing can be bought at the moment.
      const answer = await session.rpc("ecs", "DescribeRegions", session.home, { RegionId: session.home });
      return listed(action, answer, "Regions.Region")
        .map((region: JsonObject) => required(action, region, "RegionId"))
        .sort();
    },
    homeRegion: (session) => session.home,
    rate: (action) => shared.rate("alibaba", action),
    call: sendCall,
    remedies: async () => (await import("./remedies/all.ts")).remedies,
    forget: (session) => session.forget(),
    partition: () => "acs",
    collectors: async () => (await import("./collectors.ts")).collectors,
    actions: ["ecs:DescribeRegions", "ram:GetAccountAlias", "sts:GetCallerIdentity"],
    vendorQuota: { action: quotaAction, read: readVendorQuota },
    requests: (session) => session.requests,
    close: (session) => session.close(),
    readPolicy,
    fixPolicy,
  };
}

/** A name is nice to have: where we may not read it, there is none to show. */
async function aliasOf(session: AlibabaSession): Promise<string | undefined> {
  try {
    const alias = text(await session.rpc("ram", "GetAccountAlias", session.home), "AccountAlias");
    return alias === "" ? undefined : alias;
  } catch (error) {
    if (error instanceof CallFailure && error.kind !== "cancelled" && error.kind !== "credentials") return undefined;
    throw error;
  }
}

export const alibaba = alibabaAccess(process.env, limits());
