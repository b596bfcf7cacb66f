import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { knownFailures, type Baseline } from "../core/findings/baseline.ts";
import type { BatchService } from "../core/service.ts";
import type { DirectoryContent, FileContent } from "../core/terraform/model.ts";
import { isInside, relativePath } from "../core/text/path.ts";
import type { FilePath } from "../core/text/text.ts";
import { decode, isWorkspaceFile, readContent, readDirectory, toFilePath, walkWorkspace } from "../host/workspace-files.ts";
import { checkOnce } from "./workspace.ts";

/**
 * The failures of the folders as they were at a Git revision, as a baseline. What Git tracks is read from the revision, what it
 * ignores (downloaded modules, local variable files) from the disk, since it has no history; so are plumbline.yaml and the
 * workspace's own check items: today's rules judge both states.
 */
export function failuresSince(
  revision: string,
  folders: readonly FilePath[],
  service: BatchService,
): { readonly baseline: Baseline } | { readonly wrong: string } {
  const histories: History[] = [];
  for (const folder of folders) {
    const history = readHistory(revision, folder);
    if ("wrong" in history) return history;
    histories.push(history);
    for (const path of history.workspaceFiles()) service.setFile(path, history.content(path));
  }
  service.setFolders(folders);
  const historyOf = (path: FilePath): History | undefined => histories.find(({ top }) => isInside(path, top));
  const then = {
    file: (path: FilePath) => historyOf(path)?.content(path) ?? readContent(path),
    directory: (path: FilePath): DirectoryContent => {
      const listing = readDirectory(path);
      const names = historyOf(path)?.namesIn(path) ?? [];
      if (listing.kind !== "listing") return names.length === 0 ? listing : { kind: "listing", files: names };
      const now = listing.files.filter((name) => historyOf(path)?.content(`${path}/${name}`).kind !== "absent");
      return { ...listing, files: [...new Set([...now, ...names])].sort() };
    },
  };
  const report = checkOnce(service, { passes: false }, then);
  const location = { file: folders[0] ?? "/", range: { start: 0, end: 0 } };
  return { baseline: { base: "/", failures: knownFailures(report.results, "/"), reason: `known since ${revision}`, location } };
}

interface History {
  /** The work tree's top folder. */
  readonly top: FilePath;
  workspaceFiles(): readonly FilePath[];
  content(path: FilePath): FileContent;
  namesIn(directory: FilePath): readonly string[];
}

function readHistory(revision: string, folder: FilePath): History | { readonly wrong: string } {
  const top = git(folder, ["rev-parse", "--show-toplevel"]);
  if (top === undefined) return { wrong: `--since needs Git: ${folder} is in no Git work tree, or git is not installed.` };
  const commit = revision.startsWith("-") ? undefined : git(folder, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  if (commit === undefined) {
    return { wrong: `--since: there is no revision "${revision}" here. A shallow clone may lack it: fetch more history.` };
  }
  // Links on the way to the folder stay as the user wrote them.
  const real = toFilePath(realpathSync.native(folder));
  const inside = relativePath(toFilePath(realpathSync.native(top.toString("utf8").trim())), real);
  const depth = inside === "." ? 0 : inside.split("/").length;
  const base =
    folder
      .split("/")
      .slice(0, depth === 0 ? undefined : -depth)
      .join("/") || "/";
  const place = (name: string): FilePath => (base === "/" ? `/${name}` : `${base}/${name}`);

  const blobs = new Map<FilePath, string>();
  for (const entry of list(git(base, ["ls-tree", "-r", "-z", "--full-tree", commit.toString("utf8").trim()]))) {
    const [, type, hash, name] = /^\d+ (\w+) ([0-9a-f]+)\t([^]*)$/.exec(entry) ?? [];
    if (type === "blob" && hash !== undefined && name !== undefined) blobs.set(place(name), hash);
  }
  const untracked = new Set(list(git(base, ["ls-files", "--others", "--exclude-standard", "-z"])).map(place));
  const tracked = new Set(list(git(base, ["ls-files", "-z"])).map(place));
  const texts = readBlobs(
    base,
    [...blobs].filter(([path]) => isInside(path, folder) && isWorkspaceFile(path)),
  );

  const content = (path: FilePath): FileContent => {
    if (/\.ya?ml$/.test(path)) return readContent(path);
    const hash = blobs.get(path);
    if (hash === undefined) return untracked.has(path) || tracked.has(path) ? { kind: "absent" } : readContent(path);
    let bytes = texts.get(path);
    if (bytes === undefined) {
      bytes = git(base, ["cat-file", "blob", hash]) ?? Buffer.alloc(0);
      texts.set(path, bytes);
    }
    return decode(bytes);
  };
  return {
    top: base,
    workspaceFiles: () => {
      const now = walkWorkspace(folder).files.filter((path) => content(path).kind !== "absent");
      return [...new Set([...now, ...texts.keys()])].sort();
    },
    content,
    namesIn: (directory) =>
      [...blobs.keys()]
        .filter((path) => path.startsWith(`${directory}/`) && !path.slice(directory.length + 1).includes("/"))
        .map((path) => path.slice(directory.length + 1)),
  };
}

/** All blobs through one process. */
function readBlobs(folder: FilePath, blobs: readonly (readonly [FilePath, string])[]): Map<FilePath, Buffer> {
  const texts = new Map<FilePath, Buffer>();
  if (blobs.length === 0) return texts;
  const answer = git(folder, ["cat-file", "--batch"], `${blobs.map(([, hash]) => hash).join("\n")}\n`) ?? Buffer.alloc(0);
  let at = 0;
  for (const [path] of blobs) {
    const newline = answer.indexOf(0x0a, at);
    const size = /^[0-9a-f]+ blob (\d+)$/.exec(answer.toString("latin1", at, newline))?.[1];
    if (newline < 0 || size === undefined) break;
    const start = newline + 1;
    texts.set(path, answer.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return texts;
}

function list(output: Buffer | undefined): readonly string[] {
  return (output?.toString("utf8") ?? "").split("\0").filter((name) => name !== "");
}

function git(folder: FilePath, args: readonly string[], input?: string): Buffer | undefined {
  const { status, stdout } = spawnSync("git", ["-C", folder, ...args], {
    maxBuffer: 1 << 30,
    stdio: ["pipe", "pipe", "ignore"],
    ...(input === undefined ? {} : { input }),
  });
  return status === 0 ? stdout : undefined;
}
