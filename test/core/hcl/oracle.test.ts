import assert from "node:assert/strict";
import hcl2 from "hcl2-parser";
import { corpus } from "../../../bench/corpus.ts";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import { bundled } from "../../harness/check-world.ts";
import { Converter } from "./structure.ts";
import { fixture, gaps, nativeFiles, nativeFixtures, OWN_CHARACTERS, readNative } from "./tree.ts";

const oracle = hcl2 as { parseToObject(text: string): readonly unknown[] };

/** Files that the other parser can't read, or reads wrongly, and why. */
const NOT_FOR_THE_ORACLE: Readonly<Record<string, string>> = {};

/** hashicorp/hcl, compiled to JavaScript, and our parser agree on a text. */
function checkStructure(name: string, text: string): void {
  const source = parseFile(`/${name}`, text);
  assert.deepEqual(source.problems, [], name);
  const [expected, error] = oracle.parseToObject(text);
  assert.equal(error, null, `${name}: hashicorp/hcl reads it`);
  assert.deepEqual(new Converter(source).file(), expected, name);
}

function checkCoverage(name: string, text: string): void {
  for (const gap of gaps(parseFile(`/${name}`, text))) assert.match(gap, OWN_CHARACTERS, `${name}: ${gap}`);
}

describe("HCL structure", () => {
  for (const name of nativeFiles()) {
    it(`of ${name} is what hashicorp/hcl reads, and covers every byte`, () => {
      const text = readNative(name);
      if (!(name in NOT_FOR_THE_ORACLE)) checkStructure(name, text);
      checkCoverage(name, text);
    });
  }

  it("of generated workspaces is what hashicorp/hcl reads", () => {
    const files = corpus(100);
    assert.equal(files.size, 100);
    for (const [name, text] of files) {
      checkStructure(name, text);
      checkCoverage(name, text);
    }
  });

  it("of the items' own examples is what hashicorp/hcl reads", async () => {
    const texts = [...(await bundled()).examples].flatMap(([id, examples]) =>
      examples.flatMap(({ terraform }, at) => (terraform === undefined ? [] : [[`${id} ${at}`, terraform] as const])),
    );
    assert.ok(texts.length > 2000);
    for (const [at, [name, text]] of texts.entries()) {
      checkCoverage(name, text);
      // The other parser takes 10 ms a text: every fifth.
      if (at % 5 === 0) checkStructure(name, text);
    }
  });

  it("is refused where hashicorp/hcl refuses it", () => {
    for (const text of [
      "a =\n",
      "a\n",
      "a { b = 1\n}\n",
      "a = 1 b = 2\n",
      "a = [1 2]\n",
      "a = {b = 1 c = 2}\n",
      'a = "x\ny"\n',
      "a = f(1,,2)\n",
      "a = <<EOT\nx\n",
      "a = (1\n",
      "a = 1\na = 2\n",
      "a = b ? c\n",
      "a = [for x : x]\n",
      'a = "%{ if x }y"\n',
      "a {\n",
      "}\n",
      "a = b..c\n",
      "a = 1 +\n",
      'a "b" = 1\n',
      "a = '1'\n",
    ]) {
      assert.ok(oracle.parseToObject(text)[0] === null, `hashicorp/hcl reads ${text}`);
      assert.ok(parseFile("/a.tf", text).problems.length > 0, `We read ${text}`);
    }
  });

  for (const name of nativeFixtures) {
    it(`of ${name} is the same with CRLF and a byte order mark`, () => {
      const text = fixture(name);
      const source = parseFile(`/${name}`, `\u{feff}${text.replaceAll("\n", "\r\n")}`);
      assert.deepEqual(source.problems, []);
      const plain = JSON.stringify(new Converter(parseFile(`/${name}`, text)).file());
      assert.equal(JSON.stringify(new Converter(source).file()).replaceAll("\\r\\n", "\\n"), plain);
    });
  }
});
