import { readContent, readDirectory, walkWorkspace } from "../host/workspace-files.ts";
import type { Disk } from "./workspace.ts";

/** The real one. */
export const disk: Disk = { walk: walkWorkspace, file: readContent, directory: readDirectory };
