import { deepEqual, equal, ok } from "node:assert/strict";
import type { UnknownValue } from "../../../../src/core/values/value.ts";
import { evaluateInWorld } from "./world.ts";

function unknownOf(expression: string): UnknownValue {
  const { value, refused } = evaluateInWorld(expression);
  equal(refused, undefined, expression);
  ok(value.kind === "unknown", expression);
  return value;
}

/** The pieces with every hole as the attribute that it stands for. */
function piecesOf(expression: string): readonly string[] | undefined {
  const { refinement } = unknownOf(expression);
  return refinement?.pieces?.map((piece) =>
    typeof piece === "string" ? piece : `<${piece.origin?.address ?? "?"}.${piece.origin?.path.join(".") ?? ""}>`,
  );
}

const hole = "<terraform_data.one.id>";

describe("texts with holes", () => {
  const whole = "terraform_data.one.id";
  for (const [expression, pieces] of [
    [`"a/\${${whole}}/*"`, ["a/", hole, "/*"]],
    [`format("a/%s/*", ${whole})`, ["a/", hole, "/*"]],
    [`format("%v-%[1]s", ${whole})`, [hole, "-", hole]],
    [`format("100%% of %s and %d", ${whole}, 3)`, ["100% of ", hole, " and 3"]],
    [`format("%9s|", ${whole})`, ["<?.>", "|"]],
    [`join("/", ["a", ${whole}, "b"])`, ["a/", hole, "/b"]],
    [`join("", [${whole}, "/*"])`, [hole, "/*"]],
    [`join(${whole}, ["a", "b"])`, ["a", hole, "b"]],
  ] as const) {
    it(`remember the pieces of ${expression}`, () => deepEqual(piecesOf(expression), pieces));
  }

  it("that are a hole and nothing else stand for what the hole stands for", () => {
    for (const expression of [`format("%s", ${whole})`, `join("-", [${whole}])`, `"\${${whole}}\${""}"`]) {
      deepEqual(unknownOf(expression).origin, { address: "terraform_data.one", path: ["id"] }, expression);
    }
  });

  it("stand for no attribute when text was added", () => {
    for (const expression of [`format("%s/*", ${whole})`, `join("", [${whole}, "/*"])`, `"\${${whole}}/*"`]) {
      equal(unknownOf(expression).origin, undefined, expression);
    }
  });

  it("have a known beginning", () => {
    equal(unknownOf(`format("a-%s-b", ${whole})`).refinement?.prefix, "a-");
    equal(unknownOf(`join("-", ["a", ${whole}])`).refinement?.prefix, "a-");
  });

  it("keep the marks of what is in them", () => {
    for (const expression of [`format("a-%s", sensitive(${whole}))`, `join("-", ["a", sensitive(${whole})])`]) {
      equal(unknownOf(expression).sensitive, true, expression);
    }
  });
});
