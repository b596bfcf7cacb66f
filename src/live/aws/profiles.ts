/*
 * The shared files of AWS's tools, as far as they say how one gets credentials. No secret leaves the parser: of a key that may hold one
 * only that it is there is kept.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */

export interface Profile {
  readonly name: string;
  /** The file that says most: the one with the keys, else the one with the profile. */
  readonly file: string;
  /** Settings that hold no secret. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of all settings that have a value. */
  readonly has: ReadonlySet<string>;
}

const open: ReadonlySet<string> = new Set([
  "region",
  "role_arn",
  "source_profile",
  "credential_source",
  "sso_session",
  "sso_start_url",
  "sso_region",
  "sso_account_id",
  "sso_role_name",
  "mfa_serial",
  "login_session",
]);

interface Section {
  readonly kind: string;
  readonly name: string;
  readonly settings: Map<string, string>;
}

function sections(text: string): Section[] {
  const found: Section[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const header = /^\s*\[\s*(?:([\w-]+)\s+)?["']?([^\]"']+?)["']?\s*\]/.exec(line);
    if (header !== null) {
      found.push({ kind: header[1] ?? "", name: header[2] ?? "", settings: new Map() });
      continue;
    }
    // What is indented belongs to the setting above: `s3 =` and its own.
    const setting = /^([\w.-]+)\s*=\s*(.*?)(?:\s+[#;].*)?$/.exec(line);
    const [, key, value] = setting ?? [];
    if (key !== undefined && value !== undefined && value !== "") found.at(-1)?.settings.set(key.toLowerCase(), value.trim());
  }
  return found;
}

export interface SharedFiles {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly ssoSessions: ReadonlySet<string>;
}

export interface SharedFile {
  readonly path: string;
  readonly text: string;
}

/** undefined: there is no such file. */
export function sharedFiles(config: SharedFile | undefined, credentials: SharedFile | undefined): SharedFiles {
  const profiles = new Map<string, Profile>();
  const ssoSessions = new Set<string>();
  const add = (section: Section, file: string): void => {
    const before = profiles.get(section.name);
    const settings: Record<string, string> = { ...before?.settings };
    for (const [key, value] of section.settings) if (open.has(key)) settings[key] = value;
    const has = new Set([...(before?.has ?? []), ...section.settings.keys()]);
    const keys = section.settings.has("aws_access_key_id");
    profiles.set(section.name, { name: section.name, file: before === undefined || keys ? file : before.file, settings, has });
  };
  for (const section of config === undefined ? [] : sections(config.text)) {
    if (section.kind === "sso-session") ssoSessions.add(section.name);
    const profile = section.kind === "profile" || (section.kind === "" && section.name === "default");
    if (profile && config !== undefined) add(section, config.path);
  }
  for (const section of credentials === undefined ? [] : sections(credentials.text)) {
    if (section.kind === "" && credentials !== undefined) add(section, credentials.path);
  }
  return { profiles, ssoSessions };
}

/** How a profile gets its credentials, and why it can't be used as it is. The order is that of the SDK. */
export function modeOf(profile: Profile, files: SharedFiles): { readonly mode: string; readonly problem: string | undefined } {
  const { has, settings } = profile;
  const role = settings["role_arn"];
  if (role !== undefined && has.has("source_profile")) {
    return { mode: `role through profile ${settings["source_profile"] ?? ""}`, problem: roleProblem(profile, files) };
  }
  if (role !== undefined && has.has("credential_source")) {
    const from = settings["credential_source"] ?? "";
    const known = ["Environment", "Ec2InstanceMetadata", "EcsContainer"].includes(from);
    return { mode: `role through ${from}`, problem: known ? undefined : `credential_source ${from} is not known.` };
  }
  if (has.has("aws_access_key_id") || has.has("aws_secret_access_key")) {
    const half = has.has("aws_access_key_id") ? "aws_secret_access_key" : "aws_access_key_id";
    const whole = has.has("aws_access_key_id") && has.has("aws_secret_access_key");
    return { mode: "keys", problem: whole ? undefined : `Half a key: ${half} is missing.` };
  }
  if (has.has("web_identity_token_file")) {
    return { mode: "web identity", problem: role === undefined ? "role_arn is missing." : undefined };
  }
  if (has.has("credential_process")) return { mode: "process", problem: undefined };
  if (["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"].some((key) => has.has(key))) {
    return { mode: "SSO", problem: ssoProblem(profile, files) };
  }
  if (has.has("login_session")) return { mode: "console sign-in", problem: undefined };
  if (role !== undefined) return { mode: "role", problem: "source_profile or credential_source is missing." };
  return { mode: "nothing", problem: "The profile says nothing about credentials: no keys, SSO, role or process." };
}

function ssoProblem({ settings }: Profile, files: SharedFiles): string | undefined {
  const session = settings["sso_session"];
  if (session !== undefined && !files.ssoSessions.has(session)) return `There is no section [sso-session ${session}].`;
  const needed = ["sso_account_id", "sso_role_name", ...(session === undefined ? ["sso_start_url", "sso_region"] : [])];
  const missing = needed.filter((key) => settings[key] === undefined);
  return missing.length === 0 ? undefined : `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing.`;
}

function roleProblem(profile: Profile, files: SharedFiles, seen: ReadonlySet<string> = new Set()): string | undefined {
  if (profile.settings["mfa_serial"] !== undefined) {
    return "It asks for an MFA code, which can't be given here. Sign in with a tool that keeps a session, and use that profile.";
  }
  const source = profile.settings["source_profile"];
  // A profile may be its own source: the role is taken with its own keys.
  if (source === undefined || source === profile.name) return undefined;
  const next = files.profiles.get(source);
  if (next === undefined) return `There is no profile ${source}, which it takes its role through.`;
  if (seen.has(source)) return `The profiles take their roles through each other: ${[...seen, profile.name].join(", ")}.`;
  if (next.settings["role_arn"] !== undefined && next.has.has("source_profile")) {
    return roleProblem(next, files, new Set([...seen, profile.name]));
  }
  const { problem } = modeOf(next, files);
  return problem === undefined ? undefined : `Profile ${source}: ${problem}`;
}
