import { deepEqual } from "node:assert/strict";
import type { Value } from "../../../../src/core/values/value.ts";
import { projectOf } from "./workspace.ts";

function valueIn(project: ReturnType<typeof projectOf>, expression: string): Value {
  const [root] = project.modules("/w");
  if (root === undefined) throw new Error("no root");
  return project.evaluateIn(root, expression).value;
}

function names(value: Value): unknown {
  if (value.kind !== "set") return value.kind === "unknown" ? value.reasons : value;
  return value.items.map((item) => (item.kind === "string" ? item.value : item.kind));
}

describe("fileset", () => {
  it("goes through the folders below where the pattern does, and asks for them", () => {
    const project = projectOf({ "main.tf": "" });
    const find = (): unknown => names(valueIn(project, 'fileset(path.module, "**/*.json")'));
    find();
    deepEqual(project.requests(), [{ kind: "directory", path: "/w" }]);
    project.setDirectory("/w", { kind: "listing", files: ["a.json", "main.tf"], folders: ["policies"] });
    deepEqual(find(), [{ kind: "loading", detail: "/w" }]);
    project.setDirectory("/w/policies", { kind: "listing", files: ["b.json"], folders: [] });
    deepEqual(find(), ["a.json", "policies/b.json"]);
  });

  it("is not known where nobody looked for folders", () => {
    const project = projectOf({ "main.tf": "" });
    project.setDirectory("/w", { kind: "listing", files: ["a.json"] });
    deepEqual(names(valueIn(project, 'fileset(".", "*.json")')), ["a.json"]);
    deepEqual(names(valueIn(project, 'fileset(".", "**/*.json")')), [{ kind: "unsupported", detail: "folders in /w" }]);
  });
});

describe("references in try", () => {
  const files = {
    "main.tf": 'resource "aws_s3_bucket" "b" {}\nmodule "m" { source = "./m" }',
    "m/main.tf": 'output "o" { value = 1 }',
  };
  const problemsOf = (expression: string): readonly string[] =>
    projectOf({ ...files, "more.tf": `locals {\n  x = ${expression}\n}` })
      .problems()
      .map(({ code }) => code);

  it("to what is not declared are refused, as terraform does before it evaluates", () => {
    deepEqual(problemsOf("try(var.nope, 1)"), ["unknown-reference"]);
    deepEqual(problemsOf("try(aws_s3_bucket.nope.id, 1)"), ["unknown-reference"]);
    deepEqual(problemsOf("try(aws_s3_bucket.b.nope, 1)"), ["unknown-reference"]);
    deepEqual(problemsOf('aws_s3_bucket.b["x"].id'), ["unknown-reference"]);
    deepEqual(problemsOf("module"), ["unknown-reference"]);
  });

  it("to an output that a module lacks go on with the next", () => {
    deepEqual(problemsOf("try(module.m.nope, 1)"), []);
    deepEqual(problemsOf("module.m.nope"), ["unknown-attribute"]);
  });
});
