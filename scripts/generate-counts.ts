/**
 * Writes the numbers of the catalogue into README.md and docs/live-accounts.md, between their marks: `node scripts/generate-counts.ts`.
 * With `--check` it writes nothing and fails when they are stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { loadCheckTree, root } from "./check-files.ts";
import { countCatalogue, countsText, remediesText } from "./counts.ts";

const tree = await loadCheckTree();
const marks = /(<!-- counts: npm run gen -->\n)[\s\S]*?(<!-- \/counts -->)/;

for (const [name, text] of [
  ["README.md", countsText(countCatalogue(tree))],
  ["docs/live-accounts.md", remediesText(tree)],
] as const) {
  const file = join(root, name);
  const before = readFileSync(file, "utf8");
  if (!marks.test(before)) throw new Error(`${name} lacks the marks \`<!-- counts: npm run gen -->\` and \`<!-- /counts -->\`.`);
  const written = before.replace(marks, (_, open: string, close: string) => `${open}\n${text}\n\n${close}`);
  const after = await format(written, { ...(await resolveConfig(file)), filepath: file });
  if (after === before) continue;
  if (process.argv.includes("--check")) {
    console.error(`The numbers in ${name} are stale: run \`npm run gen\`.`);
    process.exitCode = 1;
  } else writeFileSync(file, after);
}
