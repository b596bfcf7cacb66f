import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyEdits } from "../../../src/core/text/text.ts";
import type { TextEdit } from "../../../src/core/text/text.ts";
import { differences, tidied } from "../../../src/core/hcl/align.ts";
import {
  addBlock,
  appendBlock,
  insertElement,
  insertLineAbove,
  keyOf,
  removeAttribute,
  removeBlock,
  removeElements,
  removeObjectItem,
  replaceExpression,
  setAttribute,
  setObjectItem,
} from "../../../src/core/hcl/edit.ts";
import type { Placed } from "../../../src/core/hcl/edit.ts";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import type { Attribute, Block, Body, Expression, ObjectExpression, SourceFile, Tuple } from "../../../src/core/hcl/syntax.ts";
import { fixture, nativeFixtures, randomNumbers } from "./tree.ts";

const recorded = join(import.meta.dirname, "../../fixtures/hcl/edits.sha256");

function edited(text: string, edit: (source: SourceFile, body: Placed<Body>) => readonly TextEdit[]): string {
  const source = parseFile("/a.tf", text);
  const [item] = source.items;
  assert.ok(item?.node.kind === "block");
  return tidied(source, edit(source, { node: item.node.body, base: item.base })).text;
}

function bodies(source: SourceFile): readonly Placed<Body>[] {
  const found: Placed<Body>[] = [];
  const visit = (block: Block, base: number): void => {
    found.push({ node: block.body, base });
    for (const item of block.body.items) if (item.kind === "block") visit(item, base);
  };
  for (const { node, base } of source.items) if (node.kind === "block") visit(node, base);
  return found;
}

function expressions<Kind extends Expression["kind"]>(
  source: SourceFile,
  kind: Kind,
): readonly Placed<Extract<Expression, { kind: Kind }>>[] {
  const found: Placed<Extract<Expression, { kind: Kind }>>[] = [];
  const visit = (tree: unknown, base: number): void => {
    if (Array.isArray(tree)) for (const element of tree) visit(element, base);
    else if (typeof tree === "object" && tree !== null) {
      if ("kind" in tree && tree.kind === kind) found.push({ node: tree as unknown as Extract<Expression, { kind: Kind }>, base });
      for (const value of Object.values(tree)) visit(value, base);
    }
  };
  for (const { node, base } of source.items) visit(node, base);
  return found;
}

describe("editing HCL", () => {
  it("adds an argument behind the plain ones and aligns the run", () => {
    assert.equal(
      edited('resource "a" "b" {\n  a  = 1 # one\n  bb = 2\n\n  c {\n  }\n}\n', (source, body) =>
        setAttribute(source, body, "longer", "true"),
      ),
      'resource "a" "b" {\n  a      = 1 # one\n  bb     = 2\n  longer = true\n\n  c {\n  }\n}\n',
    );
  });

  it("opens an empty or one-line block", () => {
    assert.equal(
      edited('a "b" {}\n', (source, body) => setAttribute(source, body, "x", "1")),
      'a "b" {\n  x = 1\n}\n',
    );
    assert.equal(
      edited("a { y = 2 }\n", (source, body) => setAttribute(source, body, "xyz", "1")),
      "a {\n  y   = 2\n  xyz = 1\n}\n",
    );
    assert.equal(
      edited("a {\n}\n", (source, body) => addBlock(source, body, "b {\n  c = 1\n}")),
      "a {\n  b {\n    c = 1\n  }\n}\n",
    );
    assert.equal(
      edited("a { y = 2 }\n", (source, body) => addBlock(source, body, "b {}")),
      "a {\n  y = 2\n\n  b {}\n}\n",
    );
  });

  it("keeps CRLF", () => {
    assert.equal(
      edited("a {\r\n  b = 1\r\n}\r\n", (source, body) => setAttribute(source, body, "c", "1")),
      "a {\r\n  b = 1\r\n  c = 1\r\n}\r\n",
    );
    const after = edited("a {\r\n  b = 1\r\n}\r\n", (source) => appendBlock(source, undefined, "c {\n}"));
    assert.equal(after, "a {\r\n  b = 1\r\n}\r\n\r\nc {\r\n}\r\n");
  });

  it("removes an argument with its trailing comment, not the comment above", () => {
    assert.equal(
      edited("a {\n  # about\n  bbb = 1 # why\n  c   = 2\n}\n", (source, body) => removeAttribute(source, body, "bbb")),
      "a {\n  # about\n  c = 2\n}\n",
    );
  });

  it("removes elements with their commas and comments", () => {
    const remove = (list: string, ...indexes: number[]): string =>
      edited(`a {\n  b = ${list}\n}\n`, (source) => {
        const [tuple] = expressions(source, "tuple");
        assert.ok(tuple);
        return removeElements(source, tuple, new Set(indexes));
      }).slice(10, -3);
    assert.equal(remove('["a", "b", "c"]', 0), '["b", "c"]');
    assert.equal(remove('["a", "b", "c"]', 1), '["a", "c"]');
    assert.equal(remove('["a", "b", "c"]', 2), '["a", "b"]');
    assert.equal(remove('["a", "b", "c"]', 1, 2), '["a"]');
    assert.equal(remove('["a", "b", "c"]', 0, 2), '["b"]');
    assert.equal(remove('["a", "b", "c",]', 0, 1, 2), "[]");
    assert.equal(remove('[\n    "a", # one\n    "b",\n  ]', 0), '[\n    "b",\n  ]');
    assert.equal(remove('[\n    "a", # one\n    "b"  # two\n  ]', 1), '[\n    "a", # one\n  ]');
    assert.equal(remove("[\n    { x = 1 },\n    {\n      x = 2\n    },\n  ]", 1), "[\n    { x = 1 },\n  ]");
  });

  it("inserts elements and object items in the layout of their neighbours", () => {
    const insert = (list: string): string =>
      edited(`a {\n  b = ${list}\n}\n`, (source) => {
        const [tuple] = expressions(source, "tuple");
        const [object] = expressions(source, "object");
        if (tuple) return insertElement(source, tuple, "9");
        assert.ok(object);
        return setObjectItem(source, object, "key", "9");
      }).slice(10, -3);
    assert.equal(insert("[]"), "[9]");
    assert.equal(insert("[1]"), "[1, 9]");
    assert.equal(insert("[\n    1 # one\n  ]"), "[\n    1, # one\n    9,\n  ]");
    assert.equal(insert("{}"), "{ key = 9 }");
    assert.equal(insert("{ a = 1 }"), "{ a = 1, key = 9 }");
    assert.equal(insert('{\n    "a" : 1,\n  }'), '{\n    "a" : 1,\n    "key" : 9,\n  }');
    assert.equal(insert("{\n    a = 1 # x\n  }"), "{\n    a   = 1 # x\n    key = 9\n  }");
  });

  it("adds a comment line at the item's indentation", () => {
    assert.equal(
      edited("a {\n  b {\n  }\n}\n", (source, body) => insertLineAbove(source, body.node.items[0]?.start ?? 0, "# x")),
      "a {\n  # x\n  b {\n  }\n}\n",
    );
  });

  it("says a change in edits that make it again", () => {
    const random = randomNumbers(5);
    for (let trial = 0; trial < 300; trial++) {
      const before = Array.from({ length: random(12) }, () => `line ${random(5)}\n`).join("");
      const after = Array.from({ length: random(12) }, () => `line ${random(5)}\n`)
        .join("")
        .slice(random(2));
      assert.equal(applyEdits(before, differences(before, after)), after);
    }
  });

  it("gives text that reads back and that terraform's formatter leaves alone, for random edits", () => {
    const random = randomNumbers(11);
    const values = ['"x"', "12", "null", "[\n  1,\n]", "{\n  a  = 1\n  bc = 2\n}", "var.some_name", "<<-EOT\n  text\nEOT"];
    const names = ["a", "acl", "a_very_long_argument_name", "tags"];
    const results: string[] = [];
    for (let trial = 0; trial < 700; trial++) {
      const text = fixture(nativeFixtures[trial % nativeFixtures.length] ?? "aws.tf");
      const source = parseFile("/a.tf", text);
      const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
      const body = pick(bodies(source));
      const name = pick(names);
      const value = pick(values);
      let edits: readonly TextEdit[];
      switch (trial % 8) {
        case 0:
        case 1:
          edits = setAttribute(source, body, name, value);
          break;
        case 2: {
          const attribute = body.node.items.find((item): item is Attribute => item.kind === "attribute");
          edits = attribute ? removeAttribute(source, body, attribute.name.name) : [];
          break;
        }
        case 3:
          edits = addBlock(source, body, "nested {\n  some = 1\n}");
          break;
        case 4: {
          const tuple: Placed<Tuple> = pick(expressions(source, "tuple"));
          edits = random(2) === 0 ? insertElement(source, tuple, "9") : removeElements(source, tuple, new Set([0, random(3)]));
          break;
        }
        case 5: {
          const object: Placed<ObjectExpression> = pick(expressions(source, "object"));
          const [first] = object.node.items;
          edits =
            random(2) === 0 || !first
              ? setObjectItem(source, object, name, "9")
              : removeObjectItem(source, object, keyOf(first) ?? "");
          break;
        }
        case 6: {
          const block = body.node.items.find((item): item is Block => item.kind === "block");
          edits = block
            ? removeBlock(source, body, block)
            : appendBlock(source, source.items[random(source.items.length)], "x {\n}");
          break;
        }
        default: {
          const attribute = body.node.items.find((item): item is Attribute => item.kind === "attribute");
          edits = attribute ? replaceExpression(source, { node: attribute.value, base: body.base }, "[\n  1,\n]") : [];
        }
      }
      const { text: after } = tidied(source, edits);
      const reread = parseFile("/a.tf", after);
      assert.deepEqual(
        reread.problems.filter((problem) => problem.code !== "invalid-one-line-block"),
        [],
        after,
      );
      assert.equal(applyEdits(text, differences(text, after)), after);
      assert.deepEqual(
        source.comments.filter((comment) => !reread.comments.some((other) => other.text === comment.text)).length <= 2,
        true,
      );
      results.push(after);
    }
    const digest = createHash("sha256").update(results.join("\u{0}")).digest("hex");
    const terraform = hasTerraform();
    if (terraform) assert.deepEqual(unformatted(results), []);
    if (terraform && process.env.UPDATE === "1") writeFileSync(recorded, `${digest}\n`);
    // Where terraform is not, the digest stands for its answer.
    assert.equal(
      digest,
      readFileSync(recorded, "utf8").trim(),
      "the edits changed: run this test where terraform is, with UPDATE=1",
    );
  }).timeout(300_000);
});

function hasTerraform(): boolean {
  return spawnSync("terraform", ["version"]).status === 0;
}

/** What terraform's formatter would change. */
function unformatted(texts: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-edits-"));
  try {
    mkdirSync(folder, { recursive: true });
    for (const [i, text] of texts.entries()) writeFileSync(join(folder, `${i}.tf`), text);
    const { stdout } = spawnSync("terraform", ["fmt", "-write=false", "-diff", folder], {
      encoding: "utf8",
      env: { ...process.env, TF_CLI_CONFIG_FILE: "" },
    });
    return stdout === "" ? [] : stdout.split("\n").slice(0, 60);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
