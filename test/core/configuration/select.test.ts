import assert from "node:assert/strict";
import { loadConfiguration } from "../../../src/core/configuration/load.ts";
import { selectChecks } from "../../../src/core/configuration/select.ts";
import { bundled } from "../../harness/check-world.ts";

/* One plumbline.yaml serves files and accounts. */

describe("selecting check items", () => {
  const text =
    "checks:\n  exclude: [{ id: aws-ebs-snapshot-public }, { id: aws-provider-hardcoded-credentials }, { id: aws-nope }]\n";
  const configuration = loadConfiguration("/w", "/w/plumbline.yaml", text);

  for (const world of ["files", "live"] as const) {
    it(`takes a setting of an item of the other world for none of its own (${world})`, async () => {
      const { checks } = await bundled();
      const { checks: chosen, problems } = selectChecks(checks, configuration, undefined, [], world);
      assert.deepEqual(
        problems.map(({ range }) => text.slice(range.start, range.end)),
        ["{ id: aws-nope }"],
      );
      const other = world === "files" ? "live" : "files";
      assert.ok(chosen.length > 400);
      assert.ok(chosen.every(({ check }) => check.in !== other));
      assert.ok(chosen.every(({ check }) => !check.id.startsWith("aws-ebs-snapshot-public")));
    });
  }
});
