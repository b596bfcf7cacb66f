import type { FilePath, Problem } from "../text/text.ts";

/** A problem of a plan or state as a whole. */
export function problemOf(file: FilePath, code: string, message: string, severity: Problem["severity"] = "error"): Problem {
  return { file, range: { start: 0, end: 0 }, severity, code, message };
}
