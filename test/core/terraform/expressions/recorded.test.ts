import { deepEqual, notEqual } from "node:assert/strict";
import { hasTerraform, Oracle } from "./oracle.ts";
import { difference, readRecorded, type Recorded, recordedGroups } from "./recorded.ts";
import { evaluateInWorld } from "./world.ts";

const groups = recordedGroups();

function differences(recorded: readonly Recorded[]): readonly string[] {
  return recorded.flatMap((theirs) => {
    const { value, refused } = evaluateInWorld(theirs.expression);
    const why = difference(theirs, value, refused);
    if (why === undefined) return [];
    return [`${theirs.expression}\n    ours: ${why}\n    terraform: ${JSON.stringify({ ...theirs, expression: undefined })}`];
  });
}

describe("expressions", () => {
  it("are recorded from terraform", () => notEqual(groups.length, 0));

  for (const group of groups) {
    it(`are worth what terraform says: ${group}`, () => deepEqual(differences(readRecorded(group)), []));
  }

  it("are still worth that for the terraform on this machine", function () {
    // Without terraform the recordings above are all there is to compare with.
    if (!hasTerraform()) return;
    this.timeout(300_000);
    const sample = groups.flatMap((group) => readRecorded(group).filter((_, index) => index % 29 === 7));
    const oracle = new Oracle();
    try {
      deepEqual(oracle.ask(sample.map(({ expression }) => expression)), sample);
    } finally {
      oracle.close();
    }
  });
});
