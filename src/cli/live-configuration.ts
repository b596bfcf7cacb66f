import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfiguration } from "../core/configuration/load.ts";
import type { ScanRequest } from "../live/protocol.ts";
import { toFilePath } from "../host/workspace-files.ts";

/** The accounts that a folder's plumbline.yaml names for scans; undefined: it names none. */
export function configuredAccounts(folder: string): readonly string[] | undefined {
  const read = readConfiguration(folder);
  return read === undefined ? undefined : loadConfiguration(read.folder, read.file, read.text).scan.accounts;
}

/** The plumbline.yaml of a folder, which chooses items and their parameters; undefined: there is none. */
export function readConfiguration(folder: string): ScanRequest["configuration"] {
  const directory = resolve(folder);
  const file = join(directory, "plumbline.yaml");
  if (!existsSync(file)) return undefined;
  return { folder: toFilePath(directory), file: toFilePath(file), text: readFileSync(file, "utf8") };
}
