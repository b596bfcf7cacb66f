import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { CredentialSource } from "../session.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** How the command line of the cloud keeps its keys. */
export interface Profile {
  readonly name: string;
  readonly mode: string;
  /** All members, as they are written. */
  readonly members: Readonly<Record<string, string | undefined>>;
}

export interface ProfileFile {
  readonly path: string;
  readonly current: string | undefined;
  readonly profiles: readonly Profile[];
  /** Why it can't be read. */
  readonly problem: string | undefined;
}

export function profilePath(environment: Environment): string {
  return join(environment["HOME"] ?? environment["USERPROFILE"] ?? homedir(), ".aliyun", "config.json");
}

/** undefined: there is none. */
export async function readProfiles(environment: Environment): Promise<ProfileFile | undefined> {
  const path = profilePath(environment);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    return { path, current: undefined, profiles: [], problem: "it can't be read" };
  }
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    const file = isRecord(parsed) ? parsed : {};
    const profiles = Array.isArray(file["profiles"]) ? (file["profiles"] as unknown[]).filter(isRecord).map(profileOf) : [];
    return { path, current: textOf(file["current"]), profiles, problem: undefined };
  } catch {
    // The parser's message would quote what may be a key.
    return { path, current: undefined, profiles: [], problem: "it is not JSON" };
  }
}

function profileOf(raw: Readonly<Record<string, unknown>>): Profile {
  const members = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, textOf(value)]));
  return { name: members["name"] ?? "", mode: members["mode"] ?? "", members };
}

/** What a mode can't do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  AK: ["access_key_id", "access_key_secret"],
  StsToken: ["access_key_id", "access_key_secret", "sts_token"],
  RamRoleArn: ["access_key_id", "access_key_secret", "ram_role_arn"],
  EcsRamRole: [],
  RamRoleArnWithRoleName: ["ram_role_arn"],
  ChainableRamRoleArn: ["source_profile", "ram_role_arn"],
  External: ["process_command"],
  CredentialsURI: ["credentials_uri"],
  OIDC: ["oidc_provider_arn", "oidc_token_file", "ram_role_arn"],
  CloudSSO: ["cloud_sso_sign_in_url", "cloud_sso_account_id", "cloud_sso_access_config", "access_token"],
};

const modeTitles: Readonly<Record<string, string>> = {
  AK: "AccessKey",
  StsToken: "temporary keys",
  RamRoleArn: "RAM role",
  EcsRamRole: "role of this ECS instance",
  RamRoleArnWithRoleName: "RAM role, by the role of this ECS instance",
  ChainableRamRoleArn: "RAM role, by another profile",
  External: "external program",
  CredentialsURI: "credentials URI",
  OIDC: "OIDC role",
  CloudSSO: "CloudSSO",
};

/** Why a profile can't be used; undefined: it can. `after`: profiles that lead to it. */
export function problemOf(profile: Profile, file: ProfileFile, after: readonly string[] = []): string | undefined {
  const needed = needs[profile.mode];
  if (needed === undefined) {
    return profile.mode === "" ? "the profile has no mode" : `the mode "${profile.mode}" is not supported`;
  }
  const missing = needed.filter((member) => (profile.members[member] ?? "") === "");
  if (missing.length > 0) return `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing`;
  if (profile.mode !== "ChainableRamRoleArn") return undefined;
  const source = profile.members["source_profile"] ?? "";
  if (source === profile.name || after.includes(source)) return "its source profiles go in a circle";
  const next = file.profiles.find(({ name }) => name === source);
  if (next === undefined) return `its source profile "${source}" is not there`;
  const problem = problemOf(next, file, [...after, profile.name]);
  return problem === undefined ? undefined : `its source profile "${source}" can't be used: ${problem}`;
}

export async function discover(environment: Environment): Promise<readonly CredentialSource[]> {
  const sources: CredentialSource[] = [];
  const inEnvironment = environmentSource(environment);
  if (inEnvironment !== undefined) sources.push(inEnvironment);
  const file = await readProfiles(environment);
  if (file === undefined) return sources;
  if (file.problem !== undefined) {
    const title = "profiles of the Alibaba Cloud command line";
    return [...sources, { id: "profiles", cloud: "alibaba", title, from: file.path, problem: file.problem }];
  }
  const wanted = environment["ALIBABA_CLOUD_PROFILE"] ?? file.current;
  // The one in use comes first.
  const ordered = [...file.profiles].sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
  for (const profile of ordered) {
    sources.push({
      id: `profile:${profile.name}`,
      cloud: "alibaba",
      title: `profile ${profile.name === "" ? "without a name" : profile.name} (${modeTitles[profile.mode] ?? profile.mode})`,
      from: file.path,
      problem: problemOf(profile, file),
    });
  }
  return sources;
}

/** Keys of the environment, by the names of the SDKs and of the Terraform provider. */
export function environmentKeys(environment: Environment): {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  readonly token: string | undefined;
} {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
  return {
    id: first("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID"),
    secret: first("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY_SECRET"),
    token: first("ALIBABA_CLOUD_SECURITY_TOKEN", "ALICLOUD_SECURITY_TOKEN"),
  };
}

export function environmentRegion(environment: Environment): string | undefined {
  return ["ALIBABA_CLOUD_REGION_ID", "ALIBABA_CLOUD_REGION", "ALICLOUD_REGION"]
    .map((name) => environment[name])
    .find((value) => value !== undefined && value !== "");
}

function environmentSource(environment: Environment): CredentialSource | undefined {
  const from = "environment variables";
  const source = (title: string, problem?: string): CredentialSource => ({
    id: "environment",
    cloud: "alibaba",
    title: `environment (${title})`,
    from,
    problem,
  });
  const { id, secret, token } = environmentKeys(environment);
  if (id !== undefined || secret !== undefined) {
    if (secret === undefined) return source("AccessKey", "ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing");
    if (id === undefined) return source("AccessKey", "ALIBABA_CLOUD_ACCESS_KEY_ID is missing");
    return source(token === undefined ? "AccessKey" : "temporary keys");
  }
  if (set(environment, "ALIBABA_CLOUD_OIDC_TOKEN_FILE") || set(environment, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")) {
    const missing = ["ALIBABA_CLOUD_OIDC_TOKEN_FILE", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "ALIBABA_CLOUD_ROLE_ARN"].filter(
      (name) => !set(environment, name),
    );
    const verb = missing.length === 1 ? "is" : "are";
    return source("OIDC role", missing.length === 0 ? undefined : `${missing.join(" and ")} ${verb} missing`);
  }
  if (set(environment, "ALIBABA_CLOUD_CREDENTIALS_URI")) return source("credentials URI");
  if (set(environment, "ALIBABA_CLOUD_ECS_METADATA")) return source("role of this ECS instance");
  return undefined;
}

function set(environment: Environment, name: string): boolean {
  return (environment[name] ?? "") !== "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
