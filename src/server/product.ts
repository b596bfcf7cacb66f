import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Language } from "../core/checks/texts.ts";
import { parseSchemas } from "../core/terraform/schema-reader.ts";
import type { Schemas } from "../core/terraform/schema.ts";
import { toFilePath } from "../host/workspace-files.ts";
import { uriOf } from "./uris.ts";

/** What ships beside the bundles. */
export interface Product {
  readonly catalogue: unknown;
  /** Texts of the items in another language, read when asked for. */
  readonly texts: (language: Language) => unknown;
  readonly schemas: Schemas;
  readonly pages: Pages;
}

/** The documentation pages in `docs/`, by their path there: `/checks/aws/<id>.md`. */
export interface Pages {
  text(path: string): string | undefined;
  /** For editors that open files only. */
  uri(path: string): string | undefined;
}

/** Reads `dist/`, which the running bundle lies in; a source run from the project finds it beside `src/`. */
export function readProduct(): Product {
  const script = dirname(realpathSync(process.argv[1] ?? "."));
  const found = [script, join(script, "../../dist")].find((directory) => existsSync(join(directory, "catalogue.json")));
  if (found === undefined) throw new Error("catalogue.json is not beside the program: build it with `npm run build`.");
  const schemas = join(found, "schemas");
  const files = readdirSync(schemas).filter((name) => name.endsWith(".json"));
  return {
    catalogue: readJson(join(found, "catalogue.json")),
    texts: (language) => {
      const file = join(found, `catalogue.${language}.json`);
      return language !== "en" && existsSync(file) ? readJson(file) : undefined;
    },
    schemas: parseSchemas(files.map((name) => readJson(join(schemas, name)))),
    pages: pagesIn(join(found, "..", "docs")),
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

function pagesIn(directory: string): Pages {
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
