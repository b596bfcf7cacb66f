import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from "node:fs";
import { resolve } from "node:path";
import { fileRole } from "../core/terraform/file-names.ts";
import type { DirectoryContent, FileContent } from "../core/terraform/model.ts";
import type { FilePath } from "../core/text/text.ts";

/*
 * Reading folders and files for core: what the disk holds, told as data. A file that is odd (binary, not UTF-8, too large, gone,
 * not permitted) is a FileContent that says so; nothing here throws on what it finds.
 */

/** A place of a walk that could not be looked into. */
export interface WalkProblem {
  readonly path: FilePath;
  readonly message: string;
}

/** Above this a file is not read: no person writes it, and every list of its lines would cost memory for nothing. */
const largestFile = 16 * 1024 * 1024;

/** Never walked. What evaluation needs of `.terraform/modules` it asks for by name. */
const skippedFolders = new Set([".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", "node_modules"]);

const ownCheckFile = /(?:^|\/)(?:aws|alibaba|tencent)\/[^/]+\/[^/]+\.ya?ml$/;

/** A path of the operating system as core writes it: absolute, forward slashes. */
export function toFilePath(path: string): FilePath {
  return resolve(path).replaceAll("\\", "/");
}

/** Whether a file takes part without being asked for: Terraform, plumbline.yaml, and what may be a check item of the workspace. */
export function isWorkspaceFile(path: FilePath): boolean {
  return fileRole(path).kind !== "other" || path.endsWith("/plumbline.yaml") || ownCheckFile.test(path);
}

/** Every workspace file below `folder`, sorted within each directory. Follows links, each directory once: loops end. */
export function walkWorkspace(folder: FilePath): {
  readonly files: readonly FilePath[];
  readonly problems: readonly WalkProblem[];
} {
  const files: FilePath[] = [];
  const problems: WalkProblem[] = [];
  const seen = new Set<string>();
  const linked: FilePath[] = [];
  visit(folder);
  // Real directories first, so that one that is also linked to keeps its own name.
  for (let path = linked.shift(); path !== undefined; path = linked.shift()) visit(path);
  return { files, problems };

  function visit(directory: FilePath): void {
    let entries: Dirent[];
    try {
      const real = realpathSync.native(directory);
      if (seen.has(real)) return;
      seen.add(real);
      entries = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      if (codeOf(error) !== "ENOENT") problems.push({ path: directory, message: `The folder can't be read: ${explain(error)}.` });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = directory === "/" ? `/${entry.name}` : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) visit(path);
      } else if (entry.isSymbolicLink()) {
        if (isDirectory(path)) {
          if (!skippedFolders.has(entry.name)) linked.push(path);
        } else if (isWorkspaceFile(path)) files.push(path);
      } else if (isWorkspaceFile(path)) files.push(path);
    }
  }
}

/** The texts of the check items and instance types below folders of a workspace, in order; what can't be read is left out. */
export function readYamlBelow(folders: readonly FilePath[]): readonly { readonly path: FilePath; readonly text: string }[] {
  const paths = new Set(folders.flatMap((folder) => walkWorkspace(folder).files.filter((path) => /\.ya?ml$/.test(path))));
  return [...paths].sort().flatMap((path) => {
    const content = readContent(path);
    return content.kind === "text" ? [{ path, text: content.text }] : [];
  });
}

/** A file's text without a byte order mark, as editors hold it. */
export function readContent(path: FilePath): FileContent {
  try {
    const status = statSync(path);
    if (!status.isFile()) return unreadable("It is not a regular file.");
    if (status.size > largestFile)
      return unreadable(`It has ${Math.round(status.size / 1024 / 1024)} MB; files above 16 MB are not read.`);
    return decode(readFileSync(path));
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return unreadable(`It can't be read: ${explain(error)}.`);
  }
}

/** The names of the regular files of a directory, links to files included, and of its folders. */
export function readDirectory(path: FilePath): DirectoryContent {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() || (entry.isSymbolicLink() && !isDirectory(`${path}/${entry.name}`)))
      .map((entry) => entry.name);
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return { kind: "listing", files: files.sort(), folders: folders.sort() };
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    return { kind: "unreadable", message: `The folder can't be read: ${explain(error)}.` };
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** UTF-8, or the reason why it is no text. */
export function decode(bytes: Uint8Array): FileContent {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return unreadable("It is UTF-16 text; Terraform reads UTF-8 only. Save it as UTF-8.");
  }
  if (bytes.subarray(0, 8192).includes(0)) return unreadable("It is a binary file, not Terraform.");
  try {
    return { kind: "text", text: utf8.decode(bytes) };
  } catch {
    return unreadable(`It is not valid UTF-8: the first wrong byte is on line ${firstWrongLine(bytes)}. Save it as UTF-8.`);
  }
}

function firstWrongLine(bytes: Uint8Array): number {
  let line = 1;
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    try {
      utf8.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    line++;
    start = end;
  }
  return line;
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function unreadable(message: string): FileContent {
  return { kind: "unreadable", message };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function explain(error: unknown): string {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "its links form a loop";
    case "EMFILE":
    case "ENFILE":
      return "too many files are open";
    case "":
      return String(error);
    default:
      return codeOf(error);
  }
}
