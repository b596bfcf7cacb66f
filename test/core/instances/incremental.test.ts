import assert from "node:assert/strict";
import type { Scope } from "../../../src/core/cel/program.ts";
import { Query } from "../../../src/core/memo/memo.ts";
import { bundled, fileWorld } from "../../harness/check-world.ts";

const tree = await bundled();

const text = `resource "aws_s3_bucket" "a" {
  bucket = "a"
}

resource "aws_s3_bucket" "b" {
  bucket = "b"
}

resource "aws_s3_bucket_versioning" "a" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration {
    status = "Enabled"
  }
}
`;

const scope: Omit<Scope, "instance"> = {
  parameters: { kind: "object", entries: new Map() },
  now: "2026-06-15T12:00:00Z",
  table: () => ({ kind: "null", type: { kind: "dynamic" } }),
  literal: () => ({ kind: "bool", value: false }),
};

describe("after an edit", () => {
  const { project, world, root } = fileWorld(tree, { "main.tf": text });
  const computed: string[] = [];
  const check = tree.checks.find(({ id }) => id === "aws-s3-bucket-versioning");
  const verdicts = new Map(
    ["a", "b"].map((name) => [
      name,
      new Query(() => {
        computed.push(name);
        const instance = world.instancesOf(root, "aws_s3_bucket").find(({ address }) => address.endsWith(`.${name}`));
        const value = instance === undefined ? undefined : check?.assert.evaluate({ instance, ...scope });
        return value?.kind === "bool" && value.value;
      }),
    ]),
  );
  const edit = (changed: string): readonly string[] => {
    project.setFile("/w/main.tf", { kind: "text", text: changed });
    computed.length = 0;
    for (const query of verdicts.values()) query.get();
    return computed;
  };

  it("what does not depend on it is as it was", () => {
    edit(text);
    assert.deepEqual([verdicts.get("a")?.get(), verdicts.get("b")?.get()], [true, false]);
    assert.deepEqual(edit(`# A comment above\n${text}`), []);
    assert.deepEqual(edit(`${text}\nresource "aws_sns_topic" "t" {\n  name = "t"\n}\n`), []);
  });

  it("what depends on it is computed again", () => {
    edit(text);
    edit(text.replace('"Enabled"', '"Suspended"'));
    assert.equal(verdicts.get("a")?.get(), false);
    edit(text.replace("aws_s3_bucket.a.id", "aws_s3_bucket.b.id"));
    assert.deepEqual([verdicts.get("a")?.get(), verdicts.get("b")?.get()], [false, true]);
    edit(text);
    assert.deepEqual([verdicts.get("a")?.get(), verdicts.get("b")?.get()], [true, false]);
  });
});
