import assert from "node:assert/strict";
import { printProblem, problemsByItem } from "../../scripts/check-files.ts";
import { primaryPath } from "../../src/core/checks/evaluate.ts";
import type { Example } from "../../src/core/checks/examples.ts";
import type { CheckItem, Result } from "../../src/core/checks/model.ts";
import { formatPath, parsePath } from "../../src/core/values/path.ts";
import { bundled, exampleResults } from "../harness/check-world.ts";

/* Examples are the documentation of a check and its tests at once: each must give exactly the verdict that it stands under. */

const tree = await bundled();

describe("the bundled checks", () => {
  it("load without a problem", () => {
    assert.deepEqual(
      tree.problems.map((problem) => printProblem(problem, tree.texts)),
      [],
    );
  });
});

// An item that does not load has no examples to run: it fails under its own id, so that `--grep` finds it.
for (const [id, problems] of problemsByItem(tree.problems)) {
  describe(id, () => {
    it("loads", () => {
      assert.fail(problems.map((problem) => printProblem(problem, tree.texts)).join("\n"));
    });
  });
}

for (const check of tree.checks) {
  describe(check.id, () => {
    for (const example of tree.examples.get(check.id) ?? []) {
      it(nameOf(example), () => {
        const { results, problems } = exampleResults(tree, check, example);
        assert.deepEqual(problems, [], "the example itself is wrong");
        assertVerdict(check, example, results);
      });
    }
  });
}

function nameOf(example: Example): string {
  const place = `${example.verdict} ${String(example.path.at(-1))}`;
  return example.title === undefined ? place : `${place}: ${example.title}`;
}

function assertVerdict(check: CheckItem, example: Example, results: readonly Result[]): void {
  const told = results.map(tell).join("\n");
  if (example.verdict === "none") {
    assert.equal(results.length, 0, `expected no result:\n${told}`);
    return;
  }
  assert.ok(results.length > 0, "there is nothing that the check assesses");
  // A failing example may hold things that are right as well.
  const others = example.verdict === "fail" ? ["fail", "pass", "notApplicable"] : [example.verdict];
  assert.ok(
    results.some(({ outcome }) => outcome.kind === example.verdict) &&
      results.every(({ outcome }) => others.includes(outcome.kind)),
    `expected ${example.verdict}:\n${told}`,
  );
  for (const result of results) {
    if (result.outcome.kind !== "fail") continue;
    assert.match(result.message, /\S\.$/, "a message is a sentence");
    assert.doesNotMatch(result.message, /\(unknown\)|\[object/, `a message says what is there: ${result.message}`);
  }
  if (example.at !== undefined) {
    const deciding = results.find(({ outcome }) => outcome.kind === example.verdict);
    const wanted = formatPath(parsePath(example.at) ?? []);
    assert.equal(deciding === undefined ? undefined : primaryPath(deciding), wanted, `evidence: ${told}`);
  }
  assert.ok(
    results.every(({ outcome }) => outcome.kind !== "notChecked"),
    `${check.id} could not be checked:\n${told}`,
  );
}

function tell({ instance, outcome, evidence, message }: Result): string {
  const why =
    outcome.kind === "unknown"
      ? outcome.reasons.map(({ kind, detail }) => `${kind} ${detail}`).join(", ")
      : outcome.kind === "notChecked"
        ? outcome.reason.detail
        : message;
  return `${instance.address}: ${outcome.kind} ${why} [${evidence.map(formatPath).join(", ")}]`;
}
