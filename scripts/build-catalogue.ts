/** Precompiles checks/ into one JSON file: `node scripts/build-catalogue.ts`. Refuses while anything in checks/ is wrong. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CompiledCatalogue } from "../src/core/checks/catalogue.ts";
import { checkPlace } from "../src/core/checks/load.ts";
import { loadCheckTree, printProblem, root } from "./check-files.ts";

export async function buildCatalogue(checks: string, target: string): Promise<void> {
  const tree = await loadCheckTree(checks);
  const errors = tree.problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new Error(`checks/ has ${errors.length} errors:\n${errors.map((error) => printProblem(error, tree.texts)).join("\n")}`);
  }
  const files: Record<string, unknown> = {};
  for (const [path, { data }] of tree.sources) {
    // Examples are documentation and tests: the product has the generated pages.
    if (checkPlace(path) === undefined) files[path] = data;
    else files[path] = Object.fromEntries(Object.entries(data as object).filter(([name]) => name !== "examples"));
  }
  const catalogue: CompiledCatalogue = { format: 1, files };
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, JSON.stringify(catalogue));
  // Nobody who reads English pays for other languages.
  for (const [language, translations] of tree.translations) {
    const texts: CompiledCatalogue = {
      format: 1,
      files: Object.fromEntries([...translations].map(([path, { data }]) => [path, data])),
    };
    await writeFile(target.replace(/\.json$/, `.${language}.json`), JSON.stringify(texts));
  }
}

if (import.meta.main) {
  try {
    await buildCatalogue(join(root, "checks"), join(root, "dist/catalogue.json"));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
