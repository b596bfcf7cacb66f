/**
 * Writes the numbers of the catalogue into README.md, between its marks: `node scripts/generate-counts.ts`.
 * With `--check` it writes nothing and fails when they are stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { loadCheckTree, root } from "./check-files.ts";
import { countCatalogue, countsText } from "./counts.ts";

const file = join(root, "README.md");
const before = readFileSync(file, "utf8");
const marks = /(<!-- counts: npm run gen -->\n)[\s\S]*?(<!-- \/counts -->)/;
if (!marks.test(before)) throw new Error("README.md lacks the marks `<!-- counts: npm run gen -->` and `<!-- /counts -->`.");
const text = countsText(countCatalogue(await loadCheckTree()));
const written = before.replace(marks, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`);
const after = await format(written, { ...(await resolveConfig(file)), filepath: file });
if (after !== before) {
  if (process.argv.includes("--check")) {
    console.error("The numbers in README.md are stale: run `npm run gen`.");
    process.exitCode = 1;
  } else writeFileSync(file, after);
}
