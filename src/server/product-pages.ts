import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toFilePath } from "../host/workspace-files.ts";
import { uriOf } from "./uris.ts";

/** The documentation pages in `docs/`, by their path there: `/checks/aws/<id>.md`. */
export interface Pages {
  text(path: string): string | undefined;
  /** For editors that open files only. */
  uri(path: string): string | undefined;
}

/** Pages beside the product's directory. */
export function pagesIn(directory: string): Pages {
  const uris = new Map<string, string | undefined>();
  const place = (path: string): string | undefined => {
    // The path comes from a link that anybody can write.
    if (!/^\/checks\/(?:[a-z0-9-]+\/){0,2}[a-z0-9-]+(?:\.\d+)*\.md$/.test(path)) return undefined;
    const file = join(directory, path);
    return existsSync(file) ? file : undefined;
  };
  return {
    text: (path) => {
      const file = place(path);
      return file === undefined ? undefined : readFileSync(file, "utf8");
    },
    uri: (path) => {
      // Asked for every finding.
      if (!uris.has(path)) {
        const file = place(path);
        uris.set(path, file === undefined ? undefined : uriOf(toFilePath(file)));
      }
      return uris.get(path);
    },
  };
}
