import assert from "node:assert/strict";
import { mendedExamples, readAnswers, terraformExamples } from "../../scripts/validate-examples.ts";
import { bundled } from "../harness/check-world.ts";

/* Answers of the real terraform, recorded by scripts/validate-examples.ts. */

const tree = await bundled();
const mended = await mendedExamples(tree);
const examples = [...terraformExamples(tree), ...mended];
const answers = await readAnswers();

describe("the Terraform of the examples, and of what fixes make of them", () => {
  it("has been shown to terraform, all of it", () => {
    const unasked = examples.filter(({ key }) => !answers.has(key)).map(({ label }) => label);
    assert.deepEqual(unasked, [], "run `node scripts/validate-examples.ts` with terraform and the provider mirror at hand");
  });

  it("is valid", () => {
    assert.deepEqual(
      examples.flatMap(({ key, label }) => (answers.get(key)?.errors ?? []).map((error) => `${label}: ${error}`)),
      [],
    );
  });

  it("is formatted as terraform fmt does", () => {
    assert.deepEqual(
      examples.filter(({ key }) => answers.get(key)?.formatted === false).map(({ label }) => label),
      [],
    );
  });
});

describe("a source fix of a failing example", () => {
  it("is never offered again once it is applied", () => {
    assert.ok(mended.length > 100);
    assert.deepEqual(
      mended.filter(({ left }) => left > 0).map(({ label }) => label),
      [],
    );
  });

  it("changes the text", () => {
    assert.deepEqual(
      mended.filter(({ text, before }) => text === before).map(({ label }) => label),
      [],
    );
  });
});
