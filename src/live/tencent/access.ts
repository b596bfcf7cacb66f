import { isJsonObject } from "../../core/snapshots/model.ts";
import type { CloudAccess, Connection, Identity } from "../session.ts";
import { CallFailure } from "../failure.ts";
import { sendCall } from "./calls.ts";
import { Session, sharedLimits, type Keys } from "./client.ts";
import { discover, keysOf, type Role } from "./credentials.ts";
import { fixPolicy, readPolicy } from "./policy.ts";
import { at, loose, string } from "./shape.ts";

/** Where the account-wide APIs are called unless the profile names a region: the one that all of them are offered in. */
const usualHome = "ap-guangzhou";

async function open(connection: Connection): Promise<Session> {
  const { keys, region, role } = await keysOf(connection);
  const made = (use: Keys): Session =>
    new Session({
      keys: use,
      home: region ?? usualHome,
      endpoint: connection.endpoint,
      signal: connection.signal,
      limits: sharedLimits(),
    });
  const first = made(keys);
  if (role === undefined) return first;
  try {
    return made(await assume(first, role));
  } finally {
    first.close();
  }
}

async function assume(session: Session, role: Role): Promise<Keys> {
  const answer = await session.call("sts:AssumeRole", {
    RoleArn: role.arn,
    RoleSessionName: role.session,
    DurationSeconds: role.seconds,
    ...(role.externalId === undefined ? {} : { ExternalId: role.externalId }),
  });
  const credentials = at(answer, "Credentials");
  if (!isJsonObject(credentials)) {
    const message = "the answer holds no keys";
    throw new CallFailure({ kind: "answer", action: "sts:AssumeRole", code: "answer", message });
  }
  const token = loose(credentials, "Token");
  return {
    secretId: string(credentials, "TmpSecretId"),
    secretKey: string(credentials, "TmpSecretKey"),
    token: token === "" ? undefined : token,
  };
}

async function identify(session: Session): Promise<Identity> {
  const caller = await session.call("sts:GetCallerIdentity");
  const account = string(caller, "AccountId");
  session.account = account;
  return { account, principal: string(caller, "Arn"), alias: undefined };
}

async function regions(session: Session): Promise<readonly string[]> {
  const found = await session.list("cvm:DescribeRegions", { items: "RegionSet", by: "none", size: 0 });
  return found
    .filter((region) => string(region, "RegionState") === "AVAILABLE")
    .map((region) => string(region, "Region"))
    .sort();
}

export const tencent: CloudAccess<Session> = {
  cloud: "tencent",
  discover,
  open,
  identify,
  regions,
  homeRegion: (session) => session.home,
  rate: (action) => sharedLimits().rate("tencent", action),
  call: sendCall,
  remedies: async () => (await import("./remedies/all.ts")).remedies,
  forget: (session) => {
    session.forget();
  },
  partition: () => "qcs",
  collectors: async () => (await import("./collectors.ts")).collectors,
  actions: ["cvm:DescribeRegions", "sts:GetCallerIdentity"],
  requests: (session) => session.requests,
  close: (session) => {
    session.close();
  },
  readPolicy,
  fixPolicy,
};
