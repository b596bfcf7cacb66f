import type { CodeLens } from "vscode-languageserver/node";
import type { Service } from "../core/service.ts";
import type { FilePath } from "../core/text/text.ts";
import { rangeOf } from "./edits.ts";
import type { Words } from "./words.ts";
import type { Snapshot } from "./workspace.ts";

/** What assessing each resource and module of a file in an account would use. `command`: of the editor, that shows more. */
export function costLenses(
  service: Service,
  snapshot: Snapshot,
  file: FilePath,
  command: string | undefined,
  words: Words,
): CodeLens[] {
  return service
    .costs()
    .blocks(file)
    .map(({ location, cost }) => ({
      range: rangeOf(location.range, snapshot.lines(file)),
      command: { title: words.cost(cost), command: command ?? "" },
    }));
}
