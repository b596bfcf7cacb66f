import assert from "node:assert/strict";
import { parseExpression, parseFile, parseTemplateText } from "../../../src/core/hcl/parse.ts";
import type { SourceFile } from "../../../src/core/hcl/syntax.ts";
import { children, fixture, gaps, nativeFiles, nativeFixtures, OWN_CHARACTERS, randomNumbers, readNative } from "./tree.ts";
import type { AnyNode } from "./tree.ts";

const nasty = [
  '"',
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "${",
  "%{",
  "<<EOT\n",
  "=",
  "\n",
  ",",
  "\\",
  "#",
  "/*",
  "*/",
  ".",
  "x",
  "é",
  "\u{1F600}",
  "for",
  '"${',
  "~}",
  "$",
  "\r",
  "?",
  ":",
];
const whole = nativeFixtures.map(fixture).join("\n");

/** Ranges nest, are ordered, and lie in the file. */
function checkRanges(source: SourceFile): void {
  const visit = (node: AnyNode, from: number, to: number): void => {
    assert.ok(
      node.start >= from && node.start <= node.end && node.end <= to,
      `range ${node.start}-${node.end} outside ${from}-${to}`,
    );
    for (const child of children(node)) visit(child, node.start, node.end);
  };
  let at = 0;
  for (const item of source.items) {
    assert.ok(item.base >= at, "items overlap");
    visit(item.node, 0, source.text.length - item.base);
    at = item.base + item.node.end;
  }
  for (const problem of source.problems)
    assert.ok(problem.range.start >= 0 && problem.range.end <= source.text.length && problem.message !== "");
}

/** The blocks of all fixtures, examples and layouts; arguments at the top level are of a file each. */
function everyFixture(): string {
  return nativeFiles()
    .filter((name) => name.endsWith(".tf"))
    .map(readNative)
    .join("\n");
}

function keepsUntouched(text: string, seed: number, trials: number): void {
  const original = parseFile("/a.tf", text);
  assert.deepEqual(original.problems, []);
  const random = randomNumbers(seed);
  let kept = 0;
  let lost = 0;
  const misses: string[] = [];
  const untouched = original.items.map((item) => JSON.stringify(item.node));
  for (let trial = 0; trial < trials; trial++) {
    const victim = original.items[random(original.items.length)];
    assert.ok(victim);
    const at = victim.base + random(victim.node.end);
    const insertion = random(2) === 0;
    const removed = insertion ? 0 : Math.min(1 + random(5), victim.base + victim.node.end - at);
    const inserted = insertion ? (nasty[random(nasty.length)] ?? "") : "";
    const broken = text.slice(0, at) + inserted + text.slice(at + removed);
    const after = new Set(parseFile("/a.tf", broken).items.map((item) => JSON.stringify(item.node)));
    for (const [index, item] of original.items.entries()) {
      if (item === victim) continue;
      if (after.has(untouched[index] ?? "")) kept++;
      else {
        lost++;
        misses.push(
          JSON.stringify(
            `${broken.slice(Math.max(0, at - 15), at)}⟨${inserted || `-${removed}`}⟩${broken.slice(at + inserted.length, at + 15)}`,
          ),
        );
      }
    }
  }
  assert.ok(kept / (kept + lost) >= 0.995, `${kept} kept, ${lost} lost: ${[...new Set(misses)].slice(0, 20).join("\n")}`);
}

describe("reading broken HCL", () => {
  it("keeps a half-typed argument's neighbours", () => {
    for (const line of [
      "acl =",
      'acl = "pub',
      "acl = [",
      "acl = {",
      "acl = f(",
      "acl = (1 +",
      'acl = "${',
      "acl",
      "acl = a.",
      "acl = <<EOT",
      "acl = [for x",
      "acl = a ? b",
    ]) {
      const text = `resource "a" "one" {\n  first = 1\n  ${line}\n  last = 2\n}\n\nresource "a" "two" {\n  x = 1\n}\n`;
      const source = parseFile("/a.tf", text);
      const two = source.items.find((item) => item.node.kind === "block" && item.node.labels[1]?.name === "two");
      assert.ok(two, line);
      assert.equal(text.slice(two.base, two.base + two.node.end), 'resource "a" "two" {\n  x = 1\n}', line);
      assert.ok(source.problems.length > 0, line);
      const [one] = source.items;
      assert.ok(one?.node.kind === "block");
      const names = one.node.body.items.map((item) => (item.kind === "attribute" ? item.name.name : item.type.name));
      assert.equal(names[0], "first", line);
      if (line !== "acl = {" && line !== "acl = <<EOT") assert.ok(names.includes("last"), `${line}: ${names.join()}`);
      checkRanges(source);
    }
  });

  it("reads unindented text that is well-formed without recovery", () => {
    const source = parseFile("/a.tf", 'resource "a" "b" {\ncheck "x" {\na = 1\n}\nlifecycle {\n}\n}\n');
    assert.deepEqual(source.problems, []);
    assert.equal(source.items.length, 1);
  });

  it("knows an unclosed heredoc by the next one with the same marker", () => {
    const text = 'resource "a" "one" {\n  x = <<EOT\n  text\n}\nresource "a" "two" {\n  y = <<EOT\n  text\nEOT\n}\n';
    const source = parseFile("/a.tf", text);
    assert.equal(source.items.length, 2);
    assert.ok(source.problems.some((problem) => problem.code === "unclosed-heredoc"));
  });

  it("lets a comment that is never closed hide no more than its block", () => {
    for (const [text, names] of [
      ['resource "a" "one" {\n  x = 1 /* why\n  y = 2\n}\nresource "a" "two" {\n  z = 3\n}\n', ["one", "two"]],
      ['resource "a" "one" {\n}\n/* resource "a" "none" {\n}\nresource "a" "two" {\n}\n', ["one", "two"]],
      ['resource "a" "one" {\n  x = [1, /*\n}\n# Two.\nresource "a" "two" {\n}\n', ["one", "two"]],
      ['resource "a" "one" {\n  x = "${1 /*\n}\nlocals {\n}\n', ["one", undefined]],
      ['resource "a" "one" {\n}\n/*', ["one"]],
    ] as const) {
      const source = parseFile("/a.tf", text);
      assert.deepEqual(
        source.items.map(({ node }) => node.kind === "block" && node.labels[1]?.name),
        names,
        text,
      );
      assert.equal(source.problems.filter(({ code }) => code === "unclosed-comment").length, 1, text);
      checkRanges(source);
    }
  });

  it("leaves block lines inside a closed heredoc alone", () => {
    const text = 'resource "a" "one" {\n  x = <<EOT\nresource "b" "c" {\n}\nEOT\n  y =\n}\n';
    const source = parseFile("/a.tf", text);
    assert.equal(source.items.length, 1);
    assert.deepEqual(
      source.problems.map((problem) => problem.code),
      ["missing-value"],
    );
  });

  it("never throws, keeps ranges in order and covers every byte when text is changed at random", () => {
    const random = randomNumbers(7);
    for (let trial = 0; trial < 1500; trial++) {
      const text = fixture(nativeFixtures[trial % nativeFixtures.length] ?? "aws.tf");
      let broken = text;
      for (let changes = 1 + random(4); changes > 0; changes--) {
        const at = random(broken.length);
        const insert = nasty[random(nasty.length)] ?? "";
        broken = broken.slice(0, at) + (random(2) === 0 ? insert : "") + broken.slice(at + random(4));
      }
      const source = parseFile("/a.tf", broken);
      checkRanges(source);
      for (const gap of gaps(source)) {
        assert.match(gap, OWN_CHARACTERS);
      }
    }
  });

  it("never throws on a beginning or an end of a file", () => {
    for (const name of [...nativeFixtures, "example.tf.json"]) {
      const text = fixture(name);
      for (let at = 0; at < text.length; at += 7) {
        checkRanges(parseFile(`/${name}`, text.slice(0, at)));
        checkRanges(parseFile(`/${name}`, text.slice(at)));
      }
    }
  });

  for (const { corpus, seed, trials } of [
    { corpus: () => whole, seed: 42, trials: 800 },
    { corpus: everyFixture, seed: 1, trials: 150 },
    { corpus: everyFixture, seed: 2, trials: 150 },
  ]) {
    it(`keeps 99.5% of the untouched blocks when one is broken at random: ${trials} times, seed ${seed}`, () => {
      keepsUntouched(corpus(), seed, trials);
    });
  }

  it("refuses too deep nesting without overflowing, and reads on behind it", () => {
    for (const opener of ["[", "(", "{a=", "!", "-", "f(", '"${', "a ? b : ", "1 + ", "a.b", "[for x in "]) {
      const deep = `a = ${opener === "a.b" ? "a" + ".b".repeat(100_000) : opener.repeat(100_000)}\n`;
      const source = parseFile("/a.tf", `${deep}\nresource "a" "b" {}\n`);
      assert.ok(source.problems.length > 0);
      assert.equal(source.items.at(-1)?.node.kind, "block", opener);
      checkRanges(source);
    }
    parseFile("/a.tf", "a {\n".repeat(100_000));
    parseFile("/a.tf", `a = "${"%{if true}".repeat(20_000)}"`);
    parseFile("/a.tf.json", '{"locals":'.repeat(100_000));
    parseExpression("[".repeat(100_000));
    parseTemplateText("${[".repeat(100_000));
  });

  it("takes linear time where everything is unclosed", () => {
    // Quadratic time would be minutes here, and mocha's own limit ends the test.
    for (const line of [
      'resource "a" "b" {\n',
      'resource "a" "b" {\n x = <<EOT\n',
      "x = <<A\n",
      'a = "${\n',
      "/*\n",
      '/*\nresource "a" "b" {\n',
      'resource "a" "b" {\n /*\n',
      "a = [\n",
      "}\n",
    ])
      parseFile("/a.tf", line.repeat(20_000));
    parseFile("/a.tf", Array.from({ length: 20_000 }, (_, i) => `resource "a" "b" {\n x = <<M${i}\n`).join(""));
  });
});
