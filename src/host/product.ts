import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Language } from "../core/text/language.ts";
import { parseSchemas } from "../core/terraform/schema-reader.ts";
import type { Schemas } from "../core/terraform/schema.ts";

/** What ships beside the bundles. */
export interface Product {
  readonly catalogue: unknown;
  /** Texts of the items in another language, read when asked for. */
  readonly texts: (language: Language) => unknown;
  readonly schemas: Schemas;
  /** `dist/`, or where else the bundles lie. */
  readonly directory: string;
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
    schemas: parseSchemas(files.map((name) => readFileSync(join(schemas, name), "utf8"))),
    directory: found,
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
