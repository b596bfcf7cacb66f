import assert from "node:assert/strict";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import { bundled, fileWorld } from "../../harness/check-world.ts";
import { offersFor } from "./fix-world.ts";

/* Every fix of every bundled check over its failing examples. Whether terraform finds the texts valid and formatted: test/checks. */

const tree = await bundled();

for (const check of tree.checks) {
  if (check.fixes.length === 0) continue;
  describe(`the fixes of ${check.id}`, () => {
    for (const example of tree.examples.get(check.id) ?? []) {
      const { terraform } = example;
      if (example.verdict !== "fail" || terraform === undefined) continue;
      it(`mend its failing example ${example.title ?? String(example.path.at(-1))}`, () => {
        const offers = offersFor(tree, check, { "main.tf": terraform });
        assert.ok(
          example.fixed === undefined || offers.some(({ offer }) => offer.kind === "available"),
          offers.map(({ offer }) => `${offer.title}: ${offer.kind === "unavailable" ? offer.why : ""}`).join("\n"),
        );
        for (const { offer, after } of offers) {
          if (offer.kind !== "available") continue;
          const text = after["main.tf"] ?? "";
          const world = fileWorld(tree, after);
          assert.deepEqual(
            world.project.problems().map(({ message }) => message),
            [],
            text,
          );
          for (const result of world.results(check)) assert.notEqual(result.outcome.kind, "fail", text);
          for (const comment of parseFile("/main.tf", terraform).comments) assert.ok(text.includes(comment.text), text);
          for (const ask of offer.asks) assert.equal(text.slice(ask.range.start, ask.range.end), ask.default);
        }
      });
    }
  });
}
