import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ScanRequest } from "../live/protocol.ts";
import { toFilePath } from "../host/workspace-files.ts";

/** The plumbline.yaml of a folder, which chooses items and their parameters; undefined: there is none. */
export function readConfiguration(folder: string): ScanRequest["configuration"] {
  const directory = resolve(folder);
  const file = join(directory, "plumbline.yaml");
  if (!existsSync(file)) return undefined;
  return { folder: toFilePath(directory), file: toFilePath(file), text: readFileSync(file, "utf8") };
}
