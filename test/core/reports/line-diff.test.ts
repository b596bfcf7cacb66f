import assert from "node:assert/strict";
import fc from "fast-check";
import { lineEdits, unifiedDiff } from "../../../src/core/reports/line-diff.ts";
import { applyEdits } from "../../../src/core/text/text.ts";

const same = (line: string): string => line;

describe("line edits", () => {
  it("turn any text into any other", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "", "x\r"), { maxLength: 30 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => applyEdits(before, lineEdits(before, after)) === after),
      { numRuns: 500 },
    );
  });

  it("touch only the lines that differ", () => {
    assert.deepEqual(lineEdits("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n"), [
      { range: { start: 2, end: 4 }, newText: "B\n" },
      { range: { start: 8, end: 8 }, newText: "e\n" },
    ]);
  });

  it("end soon on texts that have nothing in common", () => {
    const before = Array.from({ length: 5000 }, (_, index) => `a${index}\n`).join("");
    const after = Array.from({ length: 5000 }, (_, index) => `b${index}\n`).join("");
    assert.equal(applyEdits(before, lineEdits(before, after)), after);
  });
});

describe("a unified diff", () => {
  const numbers = Array.from({ length: 30 }, (_, index) => `${index + 1}\n`);

  it("has three lines of context and one hunk for neighbours", () => {
    const after = numbers.map((line) => (line === "5\n" ? "five\n" : line === "9\n" ? "" : line === "25\n" ? "25\nmore\n" : line));
    assert.equal(
      unifiedDiff("a.tf", numbers.join(""), after.join(""), same),
      [
        "--- a/a.tf",
        "+++ b/a.tf",
        "@@ -2,11 +2,10 @@",
        " 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n-9\n 10\n 11\n 12",
        "@@ -23,6 +22,7 @@",
        " 23\n 24\n 25\n+more\n 26\n 27\n 28",
        "",
      ].join("\n"),
    );
  });

  it("says when a file is new and when the last line has no end", () => {
    assert.equal(unifiedDiff("n.tf", undefined, "a\n", same), "--- /dev/null\n+++ b/n.tf\n@@ -0,0 +1 @@\n+a\n");
    assert.equal(
      unifiedDiff("n.tf", "a", "b", same),
      "--- a/n.tf\n+++ b/n.tf\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
    );
  });

  it("is empty for equal texts", () => {
    assert.equal(unifiedDiff("a.tf", "a\n", "a\n", same), "");
  });
});
