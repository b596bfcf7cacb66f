import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { applyEdits, type FilePath, type WorkspaceEdit } from "../core/text/text.ts";

export interface Written {
  readonly files: readonly FilePath[];
  readonly failures: readonly { readonly file: FilePath; readonly message: string }[];
}

/** Writes each file as a whole or not at all. A file that changed since it was read is left alone. */
export function writeEdit(edit: WorkspaceEdit, text: (path: FilePath) => string | undefined): Written {
  const files: FilePath[] = [];
  const failures: { file: FilePath; message: string }[] = [];
  for (const [file, edits] of edit) {
    try {
      writeFile(file, text(file), edits);
      files.push(file);
    } catch (error) {
      failures.push({ file, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files, failures };
}

function writeFile(file: FilePath, before: string | undefined, edits: Parameters<typeof applyEdits>[1]): void {
  const after = applyEdits(before ?? "", edits);
  if (before === undefined) {
    writeFileSync(file, after, { flag: "wx" });
    return;
  }
  const target = realpathSync(file);
  const now = readFileSync(target, "utf8");
  const mark = now.startsWith("\ufeff") ? "\ufeff" : "";
  if (now.slice(mark.length) !== before) throw new Error("it changed since it was read: run the command again");
  const temporary = `${target}.plumbline-${process.pid}`;
  try {
    writeFileSync(temporary, mark + after, { flag: "wx" });
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
