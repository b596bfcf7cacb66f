import { deepEqual, equal, ok } from "node:assert/strict";
import { reasonsOf } from "../../../../src/core/terraform/unknowns.ts";
import { projectOf, valueOf } from "./workspace.ts";

/** A chain of locals, each made from the one before; 40 doublings are more than any memory holds. */
function chain(first: string, step: (before: string) => string): string {
  const lines = Array.from({ length: 40 }, (_, index) => `x${String(index + 1)} = ${step(`local.x${String(index)}`)}`);
  return [`x0 = ${first}`, ...lines].join("\n");
}

describe("too much work", function () {
  // Much of it is left to do within the budget, on whatever machine.
  this.timeout(120_000);

  for (const [what, locals, last] of [
    [
      "loops in loops",
      "n = range(1000)\nx = length(flatten([for a in local.n : [for b in local.n : [for c in local.n : a + b + c]]]))",
      "x",
    ],
    ["lists that double", chain("[1, 2]", (x) => `concat(${x}, ${x})`), "x40"],
    ["lists of the same list", chain("[1, 2]", (x) => `[${x}, ${x}]`), "x40"],
    ["texts that double", chain('"abcdefgh"', (x) => `"\${${x}}\${${x}}"`), "x40"],
    ["products of sets", "n = range(300)\nx = setproduct(local.n, local.n, local.n, local.n)", "x"],
    [
      "a list in a loop",
      "n = range(1000)\nbig = flatten([for a in local.n : range(50)])\nx = [for a in local.n : reverse(local.big)]",
      "x",
    ],
  ] as const) {
    it(`ends soon, in unknowns and a problem: ${what}`, () => {
      const project = projectOf({ "main.tf": `locals {\n${locals}\n}\noutput "o" {\n  value = local.${last}\n}` });
      const value = valueOf(project, "output.o", "value");
      ok(
        reasonsOf([value]).every(({ kind }) => kind === "budget"),
        last,
      );
      deepEqual([...new Set(project.problems().map(({ code }) => code))], ["budget"]);
    });
  }

  it("is shared by all instances of a block", () => {
    const many = "length([for a in range(1000) : [for b in range(1000) : a * b]])";
    const project = projectOf({ "main.tf": `resource "aws_s3_bucket" "b" {\n  count  = 30\n  bucket = ${many}\n}` });
    deepEqual([...new Set(project.problems().map(({ code }) => code))], ["budget"]);
  });

  it("is told where it happens, also inside of try", () => {
    const text =
      'locals {\n  n = range(1000)\n  x = try(\n    [for a in local.n : [for b in local.n : a * b]],\n    "nothing",\n  )\n}';
    const [problem] = projectOf({ "main.tf": text }).problems();
    equal(problem?.code, "budget");
    equal(text.slice(0, problem.range.start).split("\n").length, 4);
  });
});
