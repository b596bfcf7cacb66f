import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CallFailure } from "../failure.ts";
import type { Connection, CredentialSource } from "../session.ts";
import type { Keys } from "./client.ts";
import { classify } from "./errors.ts";
import { modeOf, sharedFiles, type SharedFile, type SharedFiles } from "./profiles.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What people have already. Looks at files and variables only: nothing is called and nothing signed in. */
export async function discover(environment: Environment): Promise<readonly CredentialSource[]> {
  const paths = pathsOf(environment);
  const files = await readShared(environment);
  const sources = [...fromVariables(environment)];
  for (const profile of files.profiles.values()) {
    const { mode, problem } = modeOf(profile, files);
    const file = profile.file === paths.credentials ? "credentials file" : "configuration file";
    sources.push({
      id: `profile:${profile.name}`,
      cloud: "aws",
      title: mode === "nothing" ? `profile ${profile.name}` : `profile ${profile.name} (${mode})`,
      from: `${file} ${profile.file}`,
      problem,
    });
  }
  return sources;
}

function fromVariables(environment: Environment): CredentialSource[] {
  const set = (name: string): boolean => (environment[name] ?? "") !== "";
  const found: CredentialSource[] = [];
  const add = (id: string, title: string, from: string, problem?: string): unknown =>
    found.push({ id, cloud: "aws", title, from, problem });
  const id = set("AWS_ACCESS_KEY_ID");
  const secret = set("AWS_SECRET_ACCESS_KEY");
  if (id || secret) {
    const missing = id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID";
    const from = id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
    add("environment", "environment variables", from, id && secret ? undefined : `Half a key: ${missing} is missing.`);
  }
  if (set("AWS_WEB_IDENTITY_TOKEN_FILE")) {
    const problem = set("AWS_ROLE_ARN") ? undefined : "AWS_ROLE_ARN is missing.";
    add("web-identity", "environment variables (web identity)", "AWS_WEB_IDENTITY_TOKEN_FILE", problem);
  }
  for (const name of ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]) {
    if (set(name) && !found.some((source) => source.id === "container")) add("container", "container credentials", name);
  }
  return found;
}

function pathsOf(environment: Environment): { readonly config: string; readonly credentials: string } {
  const home = environment["HOME"] ?? environment["USERPROFILE"] ?? homedir();
  const at = (path: string): string => path.replace(/^~(?=$|[/\\])/, home);
  return {
    config: at(environment["AWS_CONFIG_FILE"] || join(home, ".aws", "config")),
    credentials: at(environment["AWS_SHARED_CREDENTIALS_FILE"] || join(home, ".aws", "credentials")),
  };
}

async function readShared(environment: Environment): Promise<SharedFiles> {
  const read = async (path: string): Promise<SharedFile | undefined> => {
    try {
      return { path, text: await readFile(path, "utf8") };
    } catch {
      // Missing, a folder, not ours to read: then it offers nothing.
      return undefined;
    }
  };
  const { config, credentials } = pathsOf(environment);
  return sharedFiles(await read(config), await read(credentials));
}

/** The profile that a source stands for; undefined: none. */
export function profileOf(source: CredentialSource): string | undefined {
  return source.id.startsWith("profile:") ? source.id.slice("profile:".length) : undefined;
}

/** Where account-wide APIs are called: what the profile or the environment say, else the region that every account has. */
export async function homeOf({ source }: Connection, environment: Environment): Promise<string> {
  const profile = profileOf(source);
  const files = profile === undefined ? undefined : await readShared(environment);
  const named = files?.profiles.get(profile ?? "")?.settings["region"];
  return named ?? (environment["AWS_REGION"] || environment["AWS_DEFAULT_REGION"] || "us-east-1");
}

/** Fails with a CallFailure. Temporary keys are fetched again shortly before they expire. */
export function keysOf(connection: Connection, environment: Environment, region: string): () => Promise<Keys> {
  const fetch = provider(connection, environment, region);
  let current: Promise<Keys> | undefined;
  let until = Infinity;
  return async () => {
    if (current !== undefined && Date.now() < until - 300_000) return await current;
    until = Infinity;
    const asked = fetch().catch((thrown: unknown) => {
      current = undefined;
      throw credentialFailure(thrown);
    });
    current = asked;
    const keys = await asked;
    until = keys.expiration?.getTime() ?? Infinity;
    return keys;
  };
}

function provider({ source, keys, endpoint }: Connection, environment: Environment, region: string): () => Promise<Keys> {
  const value = (name: string): string => environment[name] ?? "";
  if (source.problem !== undefined) return () => Promise.reject(bad(source.problem ?? ""));
  if (keys !== undefined) {
    const { id, secret, token } = keys;
    return () =>
      Promise.resolve({ accessKeyId: id, secretAccessKey: secret, ...(token === undefined ? {} : { sessionToken: token }) });
  }
  // Roles are taken where everything else is called.
  const clientConfig = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  const profile = profileOf(source);
  if (profile !== undefined) {
    const { config, credentials } = pathsOf(environment);
    return async () => {
      const { fromIni } = await import("./sdk/credentials.ts");
      return await fromIni({ profile, configFilepath: config, filepath: credentials, ignoreCache: true, clientConfig })();
    };
  }
  if (source.id === "environment") {
    const accessKeyId = value("AWS_ACCESS_KEY_ID");
    const secretAccessKey = value("AWS_SECRET_ACCESS_KEY");
    const sessionToken = value("AWS_SESSION_TOKEN") || undefined;
    if (accessKeyId === "" || secretAccessKey === "") return () => Promise.reject(bad("The variables are not set any more."));
    return () => Promise.resolve({ accessKeyId, secretAccessKey, sessionToken });
  }
  if (source.id === "web-identity") {
    const webIdentityTokenFile = value("AWS_WEB_IDENTITY_TOKEN_FILE");
    const roleArn = value("AWS_ROLE_ARN");
    const roleSessionName = value("AWS_ROLE_SESSION_NAME") || "plumbline";
    return async () => {
      const { fromTokenFile } = await import("./sdk/credentials.ts");
      return await fromTokenFile({ webIdentityTokenFile, roleArn, roleSessionName, clientConfig })();
    };
  }
  if (source.id === "container") {
    const relative = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const full = value("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const token = value("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    const tokenFile = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    return async () => {
      const { fromHttp } = await import("./sdk/credentials.ts");
      return await fromHttp({
        ...(relative === "" ? {} : { awsContainerCredentialsRelativeUri: relative }),
        ...(full === "" ? {} : { awsContainerCredentialsFullUri: full }),
        ...(token === "" ? {} : { awsContainerAuthorizationToken: token }),
        ...(tokenFile === "" ? {} : { awsContainerAuthorizationTokenFile: tokenFile }),
      })();
    };
  }
  return () => Promise.reject(bad("There are no keys for it."));
}

function bad(message: string): CallFailure {
  return new CallFailure({ kind: "credentials", action: "sts:GetCallerIdentity", code: "NoCredentials", message });
}

/** Whatever stands in the way of getting keys is about the credentials, but for what may be better in a moment. */
function credentialFailure(thrown: unknown): CallFailure {
  const failure = classify(thrown, "sts:AssumeRole");
  if (["unreachable", "throttled", "fault", "cancelled", "credentials"].includes(failure.kind)) return failure;
  const { action, code, message } = failure;
  return new CallFailure({ kind: "credentials", action, code, message });
}
