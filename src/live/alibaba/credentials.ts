import { readFile } from "node:fs/promises";
import { isJsonObject, type Json } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Connection } from "../session.ts";
import { text } from "./answers.ts";
import { AlibabaSession, failureOf, plain, type Credentials } from "./client.ts";
import { callFailure, scrubbed, type Keys } from "./failures.ts";
import type { Limits } from "../limits.ts";
import { products } from "./products.ts";
import {
  environmentKeys,
  environmentRegion,
  problemOf,
  readProfiles,
  type Environment,
  type Profile,
  type ProfileFile,
} from "./profiles.ts";

/** What a connection opens with. */
export interface Opened {
  readonly credentials: Credentials;
  /** Where account-wide APIs are called. */
  readonly home: string;
}

/** How keys come about, with what the steps need. */
export interface Place {
  readonly environment: Environment;
  readonly connect: string | undefined;
  readonly signal: AbortSignal;
  readonly limits: Limits;
}

const firstHome = "cn-hangzhou";
/** Keys are renewed so long before they expire. */
const early = 5 * 60_000;

/** Throws a CallFailure where the source can't give keys; whether the cloud takes them is seen with the first call. */
export async function credentialsOf({ source, keys }: Pick<Connection, "source" | "keys">, place: Place): Promise<Opened> {
  const fallback = environmentRegion(place.environment) ?? firstHome;
  if (keys !== undefined) {
    if (keys.id === "" || keys.secret === "") throw unusable("the AccessKey ID or its secret is empty");
    return { credentials: fixed(keys.id, keys.secret, keys.token), home: fallback };
  }
  if (source.id === "environment") return { credentials: ofEnvironment(place), home: fallback };
  const name = /^profile:(.*)$/s.exec(source.id)?.[1];
  const file = await readProfiles(place.environment);
  const profile = file?.profiles.find((one) => one.name === name);
  if (file === undefined || profile === undefined) throw unusable(`${source.title} is not there any more`);
  const problem = problemOf(profile, file);
  if (problem !== undefined) throw unusable(`${source.title}: ${problem}`);
  return { credentials: ofProfile(profile, file, place), home: profile.members["region_id"] ?? fallback };
}

function ofEnvironment(place: Place): Credentials {
  const { environment } = place;
  const { id, secret, token } = environmentKeys(environment);
  if (id !== undefined && secret !== undefined) {
    const own = fixed(id, secret, token);
    const role = environment["ALIBABA_CLOUD_ROLE_ARN"];
    return role === undefined || role === ""
      ? own
      : renewed(() => assumeRole(own, role, environment["ALIBABA_CLOUD_ROLE_SESSION_NAME"], undefined, place));
  }
  const file = environment["ALIBABA_CLOUD_OIDC_TOKEN_FILE"];
  const provider = environment["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"];
  const role = environment["ALIBABA_CLOUD_ROLE_ARN"];
  if (file !== undefined && provider !== undefined && role !== undefined) {
    return renewed(() => assumeWithToken({ file, provider, role, name: environment["ALIBABA_CLOUD_ROLE_SESSION_NAME"] }, place));
  }
  const uri = environment["ALIBABA_CLOUD_CREDENTIALS_URI"];
  if (uri !== undefined && uri !== "") return ofUri(uri);
  const instance = environment["ALIBABA_CLOUD_ECS_METADATA"];
  if (instance !== undefined && instance !== "") return ofInstance(instance);
  throw unusable("the environment has no whole set of keys");
}

function ofProfile(profile: Profile, file: ProfileFile, place: Place): Credentials {
  const member = (name: string): string => profile.members[name] ?? "";
  const optional = (name: string): string | undefined => (member(name) === "" ? undefined : member(name));
  const keys = (): Credentials => fixed(member("access_key_id"), member("access_key_secret"), optional("sts_token"));
  const assumed = (base: Credentials): Credentials =>
    renewed(() => assumeRole(base, member("ram_role_arn"), optional("ram_session_name"), optional("external_id"), place));
  switch (profile.mode) {
    case "AK":
      return fixed(member("access_key_id"), member("access_key_secret"), undefined);
    case "StsToken":
      return keys();
    case "RamRoleArn":
      return assumed(keys());
    case "ChainableRamRoleArn": {
      const source = file.profiles.find(({ name }) => name === member("source_profile"));
      if (source === undefined) throw unusable(`the profile "${member("source_profile")}" is not there`);
      return assumed(ofProfile(source, file, place));
    }
    case "EcsRamRole":
      return ofInstance(optional("ram_role_name"));
    case "RamRoleArnWithRoleName":
      return assumed(ofInstance(optional("ram_role_name")));
    case "OIDC":
      return renewed(() =>
        assumeWithToken(
          {
            file: member("oidc_token_file"),
            provider: member("oidc_provider_arn"),
            role: member("ram_role_arn"),
            name: optional("ram_session_name"),
          },
          place,
        ),
      );
    case "CredentialsURI":
      return ofUri(member("credentials_uri"));
    case "External":
      return ofProgram(member("process_command"));
    case "CloudSSO":
      return ofCloudSso(profile);
    default:
      throw unusable(`the mode "${profile.mode}" is not supported`);
  }
}

function fixed(id: string, secret: string, token: string | undefined): Credentials {
  const keys: Keys = { id, secret, token: token === "" ? undefined : token };
  return () => Promise.resolve(keys);
}

/** Keys that end: asked for once, by all who want them, and again shortly before they end. */
function renewed(ask: () => Promise<Keys & { readonly until: number }>): Credentials {
  let asked: Promise<Keys & { readonly until: number }> | undefined;
  let until = 0;
  return async () => {
    if (asked === undefined || Date.now() > until - early) {
      const asking = ask();
      asked = asking;
      until = Infinity;
      asking.then(
        (keys) => (until = keys.until),
        () => (asked = undefined),
      );
    }
    return asked;
  };
}

async function assumeRole(
  base: Credentials,
  role: string,
  name: string | undefined,
  externalId: string | undefined,
  place: Place,
): Promise<Keys & { readonly until: number }> {
  const session = new AlibabaSession({ ...place, credentials: base, home: firstHome });
  try {
    const parameters = { RoleArn: role, RoleSessionName: name ?? "plumbline", DurationSeconds: 3600 };
    const more = externalId === undefined ? {} : { ExternalId: externalId };
    return keysOf("sts:AssumeRole", await session.rpc("sts", "AssumeRole", firstHome, { ...parameters, ...more }));
  } finally {
    session.close();
  }
}

/** No key signs this call: the token of the other party is the proof. */
async function assumeWithToken(
  { file, provider, role, name }: { file: string; provider: string; role: string; name: string | undefined },
  place: Place,
): Promise<Keys & { readonly until: number }> {
  const action = "sts:AssumeRoleWithOIDC";
  let token: string;
  try {
    token = (await readFile(file, "utf8")).trim();
  } catch {
    throw unusable(`the OIDC token's file ${file} can't be read`);
  }
  const core = await import("@alicloud/pop-core");
  const host = products.sts.host(firstHome);
  const client = new core.default.RPCClient({
    endpoint: place.connect ?? `https://${host}`,
    apiVersion: products.sts.version,
    credentialsProvider: { getCredentials: () => Promise.resolve({}) },
  });
  const parameters = { OIDCProviderArn: provider, OIDCToken: token, RoleArn: role, RoleSessionName: name ?? "plumbline" };
  try {
    const options = {
      method: "POST",
      headers: { host },
      formatParams: false,
      connectTimeout: 10_000,
      readTimeout: 30_000,
    } as const;
    return keysOf(action, plain(await client.request("AssumeRoleWithOIDC", parameters, options)));
  } catch (error) {
    throw failureOf(action, error, undefined, { id: "", secret: "", token });
  }
}

function keysOf(action: string, answer: Json): Keys & { readonly until: number } {
  const [id, secret, token, until] = ["AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"].map((name) =>
    text(answer, `Credentials.${name}`),
  );
  if (!isJsonObject(answer) || id === undefined || secret === undefined || token === undefined) {
    throw callFailure(action, { status: undefined, code: "", message: "" }, undefined);
  }
  const end = Date.parse(until ?? "");
  return { id, secret, token, until: Number.isNaN(end) ? Date.now() + 15 * 60_000 : end };
}

interface Provider {
  readonly getCredentials: () => Promise<{
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken?: string | undefined;
  }>;
}

/** A provider of the vendor's package, which renews what it gives. What it says of a failure may quote an answer with keys. */
function provided(of: string, advice: string, make: () => Promise<Provider>): Credentials {
  let provider: Promise<Provider> | undefined;
  return async () => {
    try {
      provider ??= make();
      const { accessKeyId, accessKeySecret, securityToken } = await (await provider).getCredentials();
      if (accessKeyId === "" || accessKeySecret === "") throw new Error("no keys");
      return { id: accessKeyId, secret: accessKeySecret, token: securityToken === "" ? undefined : securityToken };
    } catch (error) {
      provider = undefined;
      const why = error instanceof Error ? (/^[^:{]*/.exec(scrubbed(error.message, undefined))?.[0].trim() ?? "") : "";
      throw unusable(`${of} gave no keys${why === "" ? "" : ` (${why})`}. ${advice}`);
    }
  };
}

function ofInstance(role: string | undefined): Credentials {
  return provided("the metadata service", "Only an ECS instance with a RAM role has it.", async () => {
    const { ECSRAMRoleCredentialsProvider } = await import("./providers.ts");
    const builder = ECSRAMRoleCredentialsProvider.builder();
    return (role === undefined ? builder : builder.withRoleName(role)).build();
  });
}

function ofUri(uri: string): Credentials {
  return provided("the credentials URI", "Look whether its server runs.", async () => {
    const { URICredentialsProvider } = await import("./providers.ts");
    return URICredentialsProvider.builder().withCredentialsURI(uri).build();
  });
}

/** Without the package's profile reader: that writes what the program gives into the user's file. */
function ofProgram(command: string): Credentials {
  return provided("the external program", "Run it by hand to see what it says.", async () => {
    const { default: External } = await import("@alicloud/credentials/dist/src/providers/external.js");
    return External.default.builder().withProcessCommand(command).build();
  });
}

function ofCloudSso({ members }: Profile): Credentials {
  const member = (name: string): string => members[name] ?? "";
  return provided("CloudSSO", "Sign in again: `aliyun configure --mode CloudSSO`.", async () => {
    const { default: CloudSso } = await import("@alicloud/credentials/dist/src/providers/cloud_sso.js");
    return CloudSso.default
      .builder()
      .withSignInUrl(member("cloud_sso_sign_in_url"))
      .withAccountId(member("cloud_sso_account_id"))
      .withAccessConfig(member("cloud_sso_access_config"))
      .withAccessToken(member("access_token"))
      .withAccessTokenExpire(Number(member("cloud_sso_access_token_expire")))
      .build();
  });
}

function unusable(why: string): CallFailure {
  return new CallFailure({
    kind: "credentials",
    action: "sts:GetCallerIdentity",
    code: "NoCredentials",
    message: `There are no keys to use: ${why}`,
  });
}
