import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout-soundness.ts";

const fixtures = join(import.meta.dirname, "../fixtures");

/** The workspaces in test/fixtures/layouts and modules, every item on: without the settings that choose some. */
export function layouts(): readonly Layout[] {
  return ["layouts", "modules"].flatMap((kind) =>
    readdirSync(join(fixtures, kind)).map((name) => ({ name, files: filesIn(join(fixtures, kind, name)) })),
  );
}

function filesIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(tf|tfvars)(\.json)?$/.test(name) || /\.(tftpl|tpl|json|sh)$/.test(name),
  );
  return Object.fromEntries(
    names
      .filter((name) => !/(?:^|\/)(?:plan|run)\.json$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}
