import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the user's database lies: `PLUMBLINE_DATABASE`, or the system's place for a program's data. Never in a workspace. */
export function databaseFile(environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const named = environment["PLUMBLINE_DATABASE"];
  if (named !== undefined && named !== "") return named;
  return join(dataFolder(environment, platform), "plumbline", "live.db");
}

function dataFolder(environment: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): string {
  const home = environment["HOME"] ?? homedir();
  if (platform === "win32") return environment["LOCALAPPDATA"] ?? join(home, "AppData", "Local");
  if (platform === "darwin") return join(home, "Library", "Application Support");
  const data = environment["XDG_DATA_HOME"];
  // The XDG base directory specification: a relative path is to be ignored.
  return data !== undefined && isAbsolute(data) ? data : join(home, ".local", "share");
}
