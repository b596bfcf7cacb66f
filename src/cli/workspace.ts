import type { Report } from "../core/findings/model.ts";
import type { BatchService, Service } from "../core/service.ts";
import type { DirectoryContent, FileContent, ReadRequest } from "../core/terraform/model.ts";
import type { FilePath, Problem } from "../core/text/text.ts";
import { withRoomToGrow } from "../host/v8-settings.ts";
import { readContent, readDirectory, walkWorkspace } from "../host/workspace-files.ts";

/** How often evaluation may ask for more files: modules in modules in modules. */
const mostRounds = 50;

/** Hands everything below the folders to the service. Returns what could not be looked into, and how many files there are. */
export function deliverFolders(
  service: Service,
  folders: readonly FilePath[],
): { readonly problems: readonly Problem[]; readonly files: number } {
  const problems: Problem[] = [];
  const delivered = new Set<FilePath>();
  for (const folder of folders) {
    const walk = walkWorkspace(folder);
    for (const { path, message } of walk.problems) {
      problems.push({ file: path, range: { start: 0, end: 0 }, severity: "error", code: "unreadable-folder", message });
    }
    withRoomToGrow((step) => {
      for (const path of walk.files) {
        if (delivered.has(path)) continue;
        delivered.add(path);
        service.setFile(path, readContent(path));
        step();
      }
    });
  }
  service.setFolders(folders);
  return { problems, files: delivered.size };
}

/** Where what evaluation asks for comes from. */
interface Reader {
  readonly file: (path: FilePath) => FileContent;
  readonly directory: (path: FilePath) => DirectoryContent;
}

const fromDisk: Reader = { file: readContent, directory: readDirectory };

/** For a report and nothing else: it takes less memory and time. `passes`: whether its results shall have those that pass or don't apply. */
export function checkOnce(service: BatchService, options: { readonly passes: boolean }, reader: Reader = fromDisk): Report {
  return service.checkOnce(({ kind, path }) => {
    if (kind === "file") service.setFile(path, reader.file(path));
    else service.setDirectory(path, reader.directory(path));
  }, options);
}

/**
 * Checks, delivers what evaluation asks for from the disk, and checks again until it has everything. `answered`: what an earlier check
 * of the same service asked for, which is read again.
 */
export async function checkFully(service: Service, answered = new Map<string, ReadRequest>()): Promise<Report> {
  const answer = ({ kind, path }: ReadRequest): void => {
    if (kind === "file") service.setFile(path, fromDisk.file(path));
    else service.setDirectory(path, fromDisk.directory(path));
  };
  for (const request of answered.values()) answer(request);
  for (let round = 0; ; round++) {
    const report = await service.check();
    const requests = service.requests().filter(({ kind, path }) => !answered.has(`${kind} ${path}`));
    if (requests.length === 0 || round >= mostRounds) return report;
    for (const request of requests) {
      answered.set(`${request.kind} ${request.path}`, request);
      answer(request);
    }
  }
}
