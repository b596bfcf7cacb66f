import { isInside, relativePath } from "../text/path.ts";
import { applyEdits, type FilePath, type WorkspaceEdit } from "../text/text.ts";
import { unifiedDiff } from "./line-diff.ts";
import { maskLine } from "./mask.ts";

/** The edit as a unified diff. Lines that may hold a secret are masked, so such a hunk can be read and not applied. */
export function renderDiff(edit: WorkspaceEdit, text: (path: FilePath) => string | undefined, base: FilePath): string {
  let diff = "";
  for (const [path, edits] of [...edit].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = text(path);
    const shown = isInside(path, base) ? relativePath(base, path) : path;
    diff += unifiedDiff(shown, before, applyEdits(before ?? "", edits), maskLine);
  }
  return diff;
}
