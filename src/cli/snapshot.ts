import type { Service } from "../core/service.ts";
import { readSnapshotText } from "../host/snapshot-file.ts";
import { toFilePath } from "../host/workspace-files.ts";
import type { SnapshotOption } from "./arguments.ts";

/** Hands a plan or state to the service. What is wrong, for people; undefined: nothing. */
export function openSnapshotFile(service: Service, { kind, file }: SnapshotOption): string | undefined {
  const read = readSnapshotText(file);
  if ("wrong" in read) return `${file}: ${read.wrong}`;
  const problem = service.setSnapshot({ kind, file: toFilePath(file), text: read.text });
  return problem === undefined ? undefined : `${file}: ${problem.message}`;
}
