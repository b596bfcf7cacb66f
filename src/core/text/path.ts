import type { FilePath } from "./text.ts";

/** Joins and normalises; an absolute `relative` wins. */
export function joinPath(base: FilePath, relative: string): FilePath {
  const absolute = relative.startsWith("/") || /^[A-Za-z]:\//.test(relative);
  const whole = absolute ? relative : `${base}/${relative}`;
  const drive = /^[A-Za-z]:/.exec(whole)?.[0] ?? "";
  const segments: string[] = [];
  for (const segment of whole.slice(drive.length).split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return `${drive}/${segments.join("/")}`;
}

/** `/a/b.tf` gives `/a`; the root gives itself. */
export function directoryOf(path: FilePath): FilePath {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

export function baseName(path: FilePath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function isInside(path: FilePath, directory: FilePath): boolean {
  return path === directory || path.startsWith(directory.endsWith("/") ? directory : `${directory}/`);
}

/** `path` as seen from `directory`, with `..` where it lies outside. */
export function relativePath(directory: FilePath, path: FilePath): string {
  if (directory.length > 1 && path.length > directory.length && path.startsWith(directory) && path[directory.length] === "/") {
    return path.slice(directory.length + 1);
  }
  const from = directory.split("/").filter(Boolean);
  const to = path.split("/").filter(Boolean);
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => ".."), ...to.slice(same)].join("/") || ".";
}
