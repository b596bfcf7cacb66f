import type { FilePath } from "../text/text.ts";
import type { SourceFile } from "./syntax.ts";

export function readJsonFile(path: FilePath, text: string, _previous: SourceFile | undefined): SourceFile {
  return { path, text, syntax: "json", items: [], comments: [], problems: [] };
}
