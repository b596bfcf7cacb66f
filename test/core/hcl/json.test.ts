import assert from "node:assert/strict";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import type { Expression, SourceFile } from "../../../src/core/hcl/syntax.ts";
import { fixture } from "./tree.ts";

function blockOf(
  source: SourceFile,
  ...path: string[]
): ReadonlyMap<string, { readonly value: Expression; readonly text: string }> {
  const item = source.items.find(
    ({ node }) => node.kind === "block" && [node.type.name, ...node.labels.map((label) => label.name)].join() === path.join(),
  );
  assert.ok(item?.node.kind === "block", path.join("."));
  return new Map(
    item.node.body.items.map((one) => {
      assert.ok(one.kind === "attribute");
      return [one.name.name, { value: one.value, text: source.text.slice(item.base + one.value.start, item.base + one.value.end) }];
    }),
  );
}

describe("Terraform's JSON syntax", () => {
  const source = parseFile("/example.tf.json", fixture("example.tf.json"));

  it("makes blocks of labelled objects and of arrays", () => {
    assert.deepEqual(source.problems, []);
    const blocks = source.items.map(({ node }) =>
      node.kind === "block" ? [node.type.name, ...node.labels.map((label) => label.name)].join(".") : "",
    );
    assert.deepEqual(blocks, [
      "variable.acl",
      "locals",
      "locals",
      "resource.alicloud_oss_bucket.site",
      "resource.alicloud_oss_bucket.media",
      "module.net",
      "output.x",
    ]);
  });

  it("reads strings as templates, with ranges in the file where nothing is escaped", () => {
    const site = blockOf(source, "resource", "alicloud_oss_bucket", "site");
    const bucket = site.get("bucket");
    assert.equal(bucket?.text, '"example-${var.acl}"');
    assert.ok(bucket.value.kind === "template");
    assert.deepEqual(
      bucket.value.parts.map((part) => part.kind),
      ["text", "interpolation"],
    );
    const tags = site.get("tags")?.value;
    assert.ok(tags?.kind === "object");
    const quoted = tags.items[0]?.value;
    assert.ok(quoted?.kind === "template");
    for (const part of quoted.parts) assert.deepEqual([part.start, part.end], [quoted.start, quoted.end]);
  });

  it("keeps comments out of the bodies", () => {
    assert.deepEqual(
      source.comments.map((comment) => comment.text),
      ["made by a generator", "public on purpose"],
    );
    assert.ok(!blockOf(source, "resource", "alicloud_oss_bucket", "site").has("//"));
  });

  it("goes on behind what is broken, and says what is wrong", () => {
    const broken = parseFile("/a.tf.json", '{"resource": {"a": {"b": {"x": , "y": 1 "z": tru}, "c": {"w": 2,}}}, "nothing": 1');
    assert.deepEqual(
      broken.items.map(({ node }) => (node.kind === "block" ? node.labels[1]?.name : "")),
      ["b", "c"],
    );
    assert.deepEqual(
      new Set(broken.problems.map((problem) => problem.code)),
      new Set(["missing-value", "missing-comma", "unexpected-text", "trailing-comma", "unclosed-bracket", "unknown-block"]),
    );
    assert.ok([...blockOf(broken, "resource", "a", "b").keys()].join() === "x,y,z");
  });

  it("reads variable files as assignments", () => {
    const values = parseFile("/a.tfvars.json", '{"//": "note", "acl": "private", "n": 1}');
    assert.deepEqual(
      values.items.map(({ node }) => (node.kind === "attribute" ? node.name.name : "")),
      ["acl", "n"],
    );
  });
});
