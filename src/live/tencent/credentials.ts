import { readdir, readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { isJsonObject, textOf, type Json, type JsonObject } from "../../core/snapshots/model.ts";
import { CallFailure } from "../failure.ts";
import type { Connection, CredentialSource, KeptKeys } from "../session.ts";
import type { Keys } from "./client.ts";

/*
 * Where people keep keys of Tencent Cloud: tccli's profiles (`~/.tccli/<profile>.credential`, with the region in `.configure`) and
 * the environment variables that Terraform's provider and the SDKs read.
 */

type Environment = Readonly<Record<string, string | undefined>>;

/** Role to take with the keys. */
export interface Role {
  readonly arn: string;
  readonly session: string;
  readonly seconds: number;
  readonly externalId: string | undefined;
}

/** What a source leads to. */
export interface Found {
  readonly keys: Keys;
  readonly region: string | undefined;
  readonly role: Role | undefined;
}

const usualSession = "plumbline";
const usualSeconds = 3600;

export async function discover(environment: Environment): Promise<readonly CredentialSource[]> {
  const variables = fromEnvironment(environment);
  const profiles = await Promise.all((await profileNames(environment)).map((name) => describe(environment, name)));
  return [...(variables === undefined ? [] : [variables]), ...profiles];
}

function fromEnvironment(environment: Environment): CredentialSource | undefined {
  const id = environment["TENCENTCLOUD_SECRET_ID"];
  const key = environment["TENCENTCLOUD_SECRET_KEY"];
  if (!given(id) && !given(key)) return undefined;
  const missing = given(id) ? "TENCENTCLOUD_SECRET_KEY" : "TENCENTCLOUD_SECRET_ID";
  const role = given(environment["TENCENTCLOUD_ASSUME_ROLE_ARN"]);
  return {
    id: "environment",
    cloud: "tencent",
    title: role ? "environment variables (assumed role)" : "environment variables",
    from: "TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY",
    problem: given(id) && given(key) ? undefined : `${missing} is not set.`,
  };
}

async function describe(environment: Environment, name: string): Promise<CredentialSource> {
  const read = await profileFile(environment, name, "credential");
  const kind = read.content === undefined ? undefined : modeOf(read.content);
  return {
    id: `profile:${name}`,
    cloud: "tencent",
    title: `profile ${name}${kind === undefined || kind.title === "" ? "" : ` (${kind.title})`}`,
    from: read.path,
    problem: read.problem ?? problemOf(read.content ?? {}, name, kind?.unsupported),
  };
}

/** How a profile signs in, as tccli writes it. */
function modeOf(credential: JsonObject): { readonly title: string; readonly unsupported: string | undefined } {
  const type = textOf(credential["type"]) ?? "default";
  if (type === "cvm-role")
    return { title: "role of a CVM instance", unsupported: "Roles of CVM instances can be used on the instance only." };
  if (type === "oauth") return { title: "browser sign-in", unsupported: undefined };
  if (type === "sso") return { title: "SSO", unsupported: undefined };
  if (type !== "default") return { title: type, unsupported: `Profiles of type "${type}" are not known.` };
  return { title: roleArn(credential) === undefined ? "" : "assumed role", unsupported: undefined };
}

function problemOf(credential: JsonObject, name: string, unsupported: string | undefined): string | undefined {
  if (unsupported !== undefined) return unsupported;
  const signIn = textOf(credential["type"]) === "sso" ? "tccli sso login" : "tccli auth login";
  for (const member of ["secretId", "secretKey"]) {
    if (!given(textOf(credential[member]))) return `${member} is missing: run "tccli configure --profile ${name}".`;
  }
  const expires = Number(credential["expiresAt"] ?? Number.NaN);
  if (Number.isFinite(expires) && expires * 1000 <= Date.now()) return `The sign-in has expired: run "${signIn}".`;
  return undefined;
}

/** Keys of a connection's source. Throws CallFailure where there are none. */
export async function keysOf(connection: Connection, environment: Environment = process.env): Promise<Found> {
  const { source, keys } = connection;
  if (keys !== undefined) return { keys: kept(keys), region: undefined, role: undefined };
  if (source.id === "environment") return environmentKeys(environment);
  const name = source.id.startsWith("profile:") ? source.id.slice("profile:".length) : undefined;
  if (name === undefined) throw unusable(`No keys are known for ${source.title}.`);
  const credential = await profileFile(environment, name, "credential");
  if (credential.content === undefined) throw unusable(credential.problem ?? "The profile can't be read.");
  const problem = problemOf(credential.content, name, modeOf(credential.content).unsupported);
  if (problem !== undefined) throw unusable(problem);
  const configure = (await profileFile(environment, name, "configure")).content ?? {};
  const system = configure["_sys_param"];
  const arn = roleArn(credential.content);
  return {
    keys: {
      secretId: textOf(credential.content["secretId"]) ?? "",
      secretKey: textOf(credential.content["secretKey"]) ?? "",
      token: optional(textOf(credential.content["token"])),
    },
    region: optional(textOf((isJsonObject(system) ? system : configure)["region"])),
    role:
      arn === undefined
        ? undefined
        : {
            arn,
            session: optional(textOf(credential.content["role-session-name"])) ?? usualSession,
            seconds: usualSeconds,
            externalId: undefined,
          },
  };
}

function environmentKeys(environment: Environment): Found {
  const problem = fromEnvironment(environment)?.problem;
  const secretId = environment["TENCENTCLOUD_SECRET_ID"];
  const secretKey = environment["TENCENTCLOUD_SECRET_KEY"];
  if (problem !== undefined || secretId === undefined || secretKey === undefined)
    throw unusable(problem ?? "TENCENTCLOUD_SECRET_ID is not set.");
  const arn = optional(environment["TENCENTCLOUD_ASSUME_ROLE_ARN"]);
  const seconds = Number(environment["TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"]);
  return {
    keys: {
      secretId: secretId.trim(),
      secretKey: secretKey.trim(),
      // The provider reads the first, tccli the second.
      token: optional(environment["TENCENTCLOUD_SECURITY_TOKEN"]) ?? optional(environment["TENCENTCLOUD_TOKEN"]),
    },
    region: optional(environment["TENCENTCLOUD_REGION"]),
    role:
      arn === undefined
        ? undefined
        : {
            arn,
            session: optional(environment["TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"]) ?? usualSession,
            seconds: Number.isInteger(seconds) && seconds > 0 ? seconds : usualSeconds,
            externalId: optional(environment["TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"]),
          },
  };
}

function kept({ id, secret, token }: KeptKeys): Keys {
  if (id.trim() === "" || secret.trim() === "") throw unusable("Both SecretId and SecretKey are needed.");
  return { secretId: id.trim(), secretKey: secret.trim(), token: optional(token) };
}

function roleArn(credential: JsonObject): string | undefined {
  return optional(textOf(credential["role-arn"])) ?? optional(textOf(credential["roleArn"]));
}

function folder(environment: Environment): string {
  return join(optional(environment["HOME"]) ?? optional(environment["USERPROFILE"]) ?? homedir(), ".tccli");
}

async function profileNames(environment: Environment): Promise<readonly string[]> {
  try {
    const files = await readdir(folder(environment));
    return files
      .filter((file) => file.endsWith(".credential"))
      .map((file) => file.slice(0, -".credential".length))
      .sort();
  } catch {
    return [];
  }
}

async function profileFile(
  environment: Environment,
  name: string,
  kind: "credential" | "configure",
): Promise<{ readonly path: string; readonly content: JsonObject | undefined; readonly problem: string | undefined }> {
  const path = join(folder(environment), `${name}.${kind}`);
  try {
    const content = JSON.parse(await readFile(path, "utf8")) as Json;
    if (isJsonObject(content)) return { path, content, problem: undefined };
  } catch (error) {
    // A parser's message may quote what it could not read: it stays out.
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    return { path, content: undefined, problem: missing ? "The file is not there." : "The file can't be read as JSON." };
  }
  return { path, content: undefined, problem: "The file does not hold a profile." };
}

function unusable(message: string): CallFailure {
  return new CallFailure({ kind: "credentials", action: "sts:GetCallerIdentity", code: "NoCredentials", message });
}

const given = (value: string | undefined): boolean => value !== undefined && value.trim() !== "";
const optional = (value: string | undefined): string | undefined => (given(value) ? value?.trim() : undefined);
