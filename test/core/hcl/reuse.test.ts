import assert from "node:assert/strict";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import { fixture, nativeFixtures, randomNumbers } from "./tree.ts";

const whole = nativeFixtures.map(fixture).join("\n");

describe("reading HCL again", () => {
  it("hands out the same nodes for items below inserted text", () => {
    const before = parseFile("/a.tf", whole);
    const after = parseFile("/a.tf", `# a comment\n\n${whole}`, before);
    assert.equal(after.items.length, before.items.length);
    for (const [i, item] of after.items.entries()) {
      assert.equal(item.node, before.items[i]?.node);
      assert.equal(item.base, (before.items[i]?.base ?? 0) + 13);
    }
    assert.equal(after.comments[0]?.text, "# a comment");
    assert.equal(after.comments.length, before.comments.length + 1);
  });

  it("keeps all nodes but the edited one, also when the text is broken and repaired", () => {
    const at = whole.indexOf('"public-read"');
    const first = parseFile("/a.tf", whole);
    const broken = parseFile("/a.tf", `${whole.slice(0, at + 5)}\n${whole.slice(at + 5)}`, first);
    const repaired = parseFile("/a.tf", whole, broken);
    for (const source of [broken, repaired]) {
      const same = source.items.filter((item) => first.items.some((other) => other.node === item.node)).length;
      assert.equal(same, first.items.length - 1);
    }
  });

  it("never shares one node between two items", () => {
    const item = 'variable "a" {}\n';
    const source = parseFile("/a.tf", item.repeat(3), parseFile("/a.tf", item.repeat(2)));
    assert.equal(new Set(source.items.map((one) => one.node)).size, 3);
  });

  it("does the same for JSON, and minds the labels", () => {
    const text = fixture("example.tf.json");
    const before = parseFile("/a.tf.json", text);
    const after = parseFile("/a.tf.json", text.replace("made by", "made \\n by"), before);
    assert.ok(after.items.every((item, i) => item.node === before.items[i]?.node));
    const renamed = parseFile("/a.tf.json", text.replace('"media"', '"films"'), before);
    assert.ok(renamed.items.some((item) => item.node.kind === "block" && item.node.labels[1]?.name === "films"));
  });

  it("gives what a reading from nothing gives, over random edits", () => {
    const random = randomNumbers(3);
    const pieces = ['"', "{", "}", "\n", 'resource "a" "b" {\n}\n', "x = 1\n", "#", "/*", "[", "<<EOT\n", "EOT\n", " ", "a"];
    for (let trial = 0; trial < 60; trial++) {
      let source = parseFile("/a.tf", fixture(nativeFixtures[trial % 3] ?? "aws.tf"));
      for (let step = 0; step < 12; step++) {
        const at = random(source.text.length);
        const text =
          step % 3 === 2
            ? fixture(nativeFixtures[trial % 3] ?? "aws.tf")
            : source.text.slice(0, at) + (pieces[random(pieces.length)] ?? "") + source.text.slice(at + random(3));
        source = parseFile("/a.tf", text, source);
        assert.deepEqual(source, parseFile("/a.tf", text));
      }
    }
  });
});
