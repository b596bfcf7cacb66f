/**
 * Pictures for the README out of what the person in real VS Code photographed: `npm run test:host person`, then
 * `npm run images`. Each is looked at before it is committed.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const from = join(root, ".cache", "screenshots");
const to = join(root, "docs", "images");

/** Name in the README, and what the walk called it (test/host/person.ts). */
const pictures = {
  "quick-fix": "quick-fixes",
  cost: "cost-charged",
  drift: "drift",
  report: "report",
} as const;

if (!existsSync(from)) throw new Error("There are no photographs: run `npm run test:host person` first.");
mkdirSync(to, { recursive: true });
const taken = readdirSync(from);
for (const [name, photograph] of Object.entries(pictures)) {
  const file = taken.find((each) => each.replace(/^\d+-/, "") === `${photograph}.png`);
  if (file === undefined) throw new Error(`The walk took no photograph called ${photograph}.`);
  copyFileSync(join(from, file), join(to, `${name}.png`));
  console.log(`docs/images/${name}.png`);
}
