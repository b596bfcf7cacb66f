/** `*` stands for any characters, `?` for one. Linear in practice: no backtracking beyond the last star. */
export function matchesName(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      mark = n;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/**
 * A path pattern as .gitignore users expect it: segments with `*` and `?`, `**` for any number of segments, relative to the
 * workspace folder. A pattern that matches a directory holds for everything in it; one without a slash matches at any depth.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const anchored = pattern.replace(/^\.?\//, "").replace(/\/+$/, "");
  const segments = anchored.split("/").filter((segment, index, all) => segment !== "**" || all[index - 1] !== "**");
  const wanted = pattern.replace(/\/+$/, "").includes("/") ? segments : ["**", ...segments];
  return matchSegments([...wanted, "**"], path.split("/"));
}

function matchSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < path.length) {
    const segment = pattern[p];
    if (segment === "**") {
      star = p++;
      mark = n;
    } else if (segment !== undefined && matchesName(segment, path[n] ?? "")) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === "**") p++;
  return p === pattern.length;
}
