/**
 * Thousands of cases of test/checks/unknowns.test.ts: `node bench/soundness.ts [CASES] [SEED] [LAYOUT CASES]`. Prints every verdict
 * that was given while values were not known and does not hold for some of them.
 */
import { layouts } from "../test/harness/layouts.ts";
import { tryUnknownsIn } from "../test/harness/layout-soundness.ts";
import { serviceWith } from "../test/harness/engine.ts";
import { bundled } from "../test/harness/check-world.ts";
import { randomOf, subjectsOf, tryUnknowns } from "../test/harness/unknown-soundness.ts";

const cases = Number(process.argv[2] ?? 5000);
const random = randomOf(Number(process.argv[3] ?? 2));
const tree = await bundled();
const subjects = subjectsOf(tree);
let decided = 0;
const wrong = new Map<string, string>();
for (let index = 0; index < cases; index++) {
  const subject = subjects[random(subjects.length)];
  if (subject === undefined) continue;
  const outcome = tryUnknowns(tree, subject, random);
  decided += outcome.decided;
  for (const text of outcome.wrong) wrong.set(text.slice(0, text.indexOf(" with\n")), text);
}
const service = await serviceWith({});
const all = layouts();
const layoutCases = Number(process.argv[4] ?? cases / 20);
for (let index = 0; index < layoutCases; index++) {
  const layout = all[index % all.length];
  if (layout === undefined) continue;
  const outcome = await tryUnknownsIn(service, layout, random);
  decided += outcome.decided;
  for (const text of outcome.wrong) wrong.set(text.slice(0, text.indexOf(" with\n")), text);
}
console.log([...wrong.values()].join("\n---\n"));
console.log(
  `${cases} cases of ${subjects.length} examples and ${layoutCases} of ${all.length} layouts, ${decided} verdicts decided, ${wrong.size} of them wrong`,
);
process.exitCode = wrong.size === 0 ? 0 : 1;
