import assert from "node:assert/strict";
import { bundled } from "../harness/check-world.ts";
import { randomOf, subjectsOf, tryUnknowns } from "../harness/unknown-soundness.ts";

const tree = await bundled();
const subjects = subjectsOf(tree);

/** `node bench/soundness.ts` tries thousands. */
const CASES = 400;

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
});
