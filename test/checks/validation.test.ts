import assert from "node:assert/strict";
import { readAnswers, terraformExamples } from "../../scripts/validate-examples.ts";
import { bundled } from "../harness/check-world.ts";

/* Answers of the real terraform, recorded by scripts/validate-examples.ts. */

const examples = terraformExamples(await bundled());
const answers = await readAnswers();

describe("the Terraform of the examples", () => {
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
