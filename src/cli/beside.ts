import { existsSync, statSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import type { AccountData } from "../core/accounts/model.ts";
import type { Beside, Drift } from "../core/drift/beside.ts";
import type { BatchService } from "../core/service.ts";
import { applyEdits, LineIndex, type Location } from "../core/text/text.ts";
import { localStates } from "../host/local-state.ts";
import { readContent, toFilePath } from "../host/workspace-files.ts";
import { Stop } from "./stop.ts";
import { checkFully, deliverFolders } from "./workspace.ts";

/** A folder of Terraform that accounts are put beside. */
export interface OpenedFolder {
  /** Types of the resources that it manages. */
  readonly types: readonly string[];
  /** Root modules that keep no state here, relative to the folder: things are matched by name there. */
  readonly stateless: readonly string[];
  beside(account: AccountData): Beside;
  /** `modules/logs/main.tf:12`, relative to the folder. */
  place(location: Location): string;
  line(location: Location): number;
  file(location: Location): string;
  /** Writes the live value into the file; why that is not possible. */
  takeLive(drift: Drift): string | undefined;
}

/** Throws Stop where there is nothing to read. */
export async function openFolder(folder: string, service: BatchService): Promise<OpenedFolder> {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Stop(`"${folder}" is no folder.`);
  const base = toFilePath(folder);
  const { files } = deliverFolders(service, [base]);
  if (files === 0) throw new Stop(`There are no Terraform files in ${folder}.`);
  const report = await checkFully(service);
  const states = localStates(report.roots, readContent);
  const shown = (file: string): string => relative(base, file) || ".";
  const line = ({ file, range }: Location): number => new LineIndex(service.text(file) ?? "").positionAt(range.start).line + 1;
  return {
    types: service.managedTypes(),
    stateless: report.roots.filter((root) => !states.has(root)).map(shown),
    beside: (account) => service.beside(account, states),
    line,
    file: ({ file }) => shown(file),
    place: (location) => `${shown(location.file)}:${line(location)}`,
    takeLive: (drift) => {
      const edit = service.takeLive(drift);
      if ("wrong" in edit) return edit.wrong;
      for (const [file, edits] of edit) {
        const text = applyEdits(service.text(file) ?? "", edits);
        writeFileSync(file, text);
        service.setFile(file, { kind: "text", text });
      }
      return undefined;
    },
  };
}
