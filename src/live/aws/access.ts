import { CallFailure } from "../failure.ts";
import { Limits } from "../limits.ts";
import type { CloudAccess } from "../session.ts";
import { sendCall } from "./calls.ts";
import { keep, send, whoami, type AwsSession } from "./client.ts";
import { discover, homeOf, keysOf, profileOf, type Environment } from "./credentials.ts";
import { fixPolicy, readPolicy } from "./policy.ts";
import { awsPolicy } from "./rates.ts";
import { ec2, iam } from "./services.ts";

/** `environment` and `limits` are others in tests only. */
export function awsAccess(environment: Environment = process.env, limits = new Limits(awsPolicy)): CloudAccess<AwsSession> {
  return {
    cloud: "aws",
    discover,
    open: async (connection) => {
      const home = await homeOf(connection, environment);
      const session: AwsSession = {
        caller: { account: "", arn: "", partition: "aws" },
        home,
        endpoint: connection.endpoint,
        profile: connection.keys === undefined ? profileOf(connection.source) : undefined,
        keys: keysOf(connection, environment, home),
        limits,
        signal: connection.signal,
        clients: new Map(),
        kept: new Map(),
        requests: 0,
      };
      session.caller = await whoami(session);
      return session;
    },
    identify: async (session) => ({ account: session.caller.account, principal: session.caller.arn, alias: await alias(session) }),
    regions: enabledRegions,
    homeRegion: (session) => session.home,
    rate: (action) => limits.rate("aws", action),
    call: sendCall,
    remedies: async () => (await import("./remedies/all.ts")).remedies,
    forget: (session) => session.kept.clear(),
    partition: (session) => session.caller.partition,
    collectors: async () => (await import("./collectors.ts")).collectors,
    actions: ["ec2:DescribeRegions", "iam:ListAccountAliases", "sts:GetCallerIdentity"],
    requests: (session) => session.requests,
    close: (session) => {
      for (const client of session.clients.values()) {
        client.then(
          (made) => made.destroy(),
          () => undefined,
        );
      }
      session.clients.clear();
    },
    readPolicy,
    fixPolicy,
  };
}

export const aws = awsAccess();

/** Best effort: an account may have none, and reading it be denied. */
async function alias(session: AwsSession): Promise<string | undefined> {
  try {
    const action = "iam:ListAccountAliases";
    const { AccountAliases } = await send(session, iam, session.home, action, (sdk) => new sdk.ListAccountAliasesCommand({}));
    return AccountAliases?.[0];
  } catch (error) {
    if (error instanceof CallFailure && error.kind !== "cancelled") return undefined;
    throw error;
  }
}

/** Sorted. Regions that need no opting in, and those that the account has opted in to. */
export async function enabledRegions(session: AwsSession): Promise<readonly string[]> {
  return await keep(session, "regions", async () => {
    const action = "ec2:DescribeRegions";
    const { Regions } = await send(
      session,
      ec2,
      session.home,
      action,
      (sdk) => new sdk.DescribeRegionsCommand({ AllRegions: false }),
    );
    const enabled = (Regions ?? []).filter(({ OptInStatus }) => OptInStatus !== "not-opted-in");
    const names = enabled.flatMap(({ RegionName }) => RegionName ?? []).sort();
    if (names.length > 0) return names;
    throw new CallFailure({ kind: "answer", action, code: "Empty", message: "The answer names no region." });
  });
}
