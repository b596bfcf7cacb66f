import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFully, deliverFolders } from "../../../src/cli/workspace.ts";
import { toFilePath } from "../../../src/host/workspace-files.ts";
import { openService } from "../../harness/engine.ts";

/*
 * Somebody looked at every failing result of the sample workspace: `right` is a mistake that the sample makes, `accepted` one that its
 * ignore comments excuse. A result that is not listed is looked at first: if it is right its line is added, if it is a false alarm the
 * item is mended, and if the sample should be as it is an ignore comment says why.
 */

const project = toFilePath(join(import.meta.dirname, "../../.."));
const folder = `${project}/examples/landing-zone`;
const list = `${project}/test/fixtures/sample-findings.tsv`;

describe("the sample workspace", function () {
  this.timeout(300_000);

  it("fails where somebody has looked, and nowhere else", async () => {
    const service = await openService();
    deliverFolders(service, [folder]);
    const report = await checkFully(service);
    const found = report.results
      .filter(({ result }) => result.outcome.kind === "fail")
      .map(({ result, suppression }) =>
        [suppression === undefined ? "right" : "accepted", result.check.id, result.instance.address].join("\t"),
      );
    const marked = readFileSync(list, "utf8").trimEnd().split("\n");
    assert.deepEqual(found.toSorted(), marked.toSorted());
    assert.ok(report.results.every(({ suppression }) => suppression === undefined || suppression.reason.length > 10));
  });
});
