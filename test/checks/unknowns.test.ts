import assert from "node:assert/strict";
import { bundled } from "../harness/check-world.ts";
import { serviceWith } from "../harness/engine.ts";
import { tryUnknownsIn } from "../harness/layout-soundness.ts";
import { layouts } from "../harness/layouts.ts";
import { randomOf, subjectsOf, tryUnknowns } from "../harness/unknown-soundness.ts";

const tree = await bundled();
const subjects = subjectsOf(tree);

/** `node bench/soundness.ts` tries thousands. */
const CASES = 400;
const CASES_A_LAYOUT = 2;

describe("a verdict that is given while values are not known", function () {
  this.timeout(120_000);

  it("is the verdict for whatever they turn out to be", () => {
    const random = randomOf(1);
    let decided = 0;
    const wrong: string[] = [];
    for (let index = 0; index < CASES; index++) {
      const subject = subjects[random(subjects.length)];
      if (subject === undefined) continue;
      const outcome = tryUnknowns(tree, subject, random);
      decided += outcome.decided;
      wrong.push(...outcome.wrong);
    }
    assert.deepEqual(wrong, []);
    // What never decides proves nothing.
    assert.ok(decided > CASES / 4, `only ${decided} verdicts were decided`);
  });

  it("is that in whole layouts, too, through all their modules", async () => {
    const random = randomOf(3);
    const service = await serviceWith({});
    const all = layouts();
    let decided = 0;
    const wrong: string[] = [];
    for (const layout of all) {
      for (let index = 0; index < CASES_A_LAYOUT; index++) {
        const outcome = await tryUnknownsIn(service, layout, random, 2);
        decided += outcome.decided;
        wrong.push(...outcome.wrong);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(decided > 20 * all.length, `only ${decided} verdicts were decided`);
  });
});
