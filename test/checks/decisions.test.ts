import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundled } from "../harness/check-world.ts";

/* docs/catalogue-decisions.md is written by hand: it must not say that an item is missing which is there, or name one which is not. */

const tree = await bundled();
const ids = new Set(tree.checks.flatMap(({ id, aliases }) => [id, ...aliases]));
const text = readFileSync(join(import.meta.dirname, "../../docs/catalogue-decisions.md"), "utf8");
const rows = [...text.matchAll(/^\| ((?:aws|alibaba|tencent)-[a-z0-9-]+) +\| (\w+) +\| (.+?) +\|$/gm)];

describe("the decisions on the proposed catalogue", () => {
  it("are one a line, with a reason", () => {
    assert.ok(rows.length > 150, String(rows.length));
    assert.equal(new Set(rows.map(([, id]) => id)).size, rows.length);
    for (const [line, , decision, why = ""] of rows) {
      assert.ok(["merged", "dropped", "later"].includes(decision ?? ""), line);
      assert.ok(why.length > 10, line);
    }
  });

  it("speak of no item that is there as missing, and of none that is not as there", () => {
    assert.deepEqual(
      rows.map(([, id = ""]) => id).filter((id) => ids.has(id)),
      [],
    );
    const named = [...text.matchAll(/`((?:aws|alibaba|tencent)-[a-z0-9]+-[a-z0-9-]+)`/g)].map(([, id = ""]) => id);
    assert.deepEqual(
      named.filter((id) => !ids.has(id)),
      [],
    );
  });
});
