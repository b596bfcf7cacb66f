import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSchemas } from "../../../src/core/terraform/schema-reader.ts";

const directory = join(import.meta.dirname, "../../../schemas");
const texts = ["aws", "alicloud", "tencentcloud"].map((name) => readFileSync(join(directory, `${name}.json`), "utf8"));

interface Section {
  readonly [type: string]: { readonly a?: object; readonly b?: object };
}

/** The file as JSON says what the reader must find line by line. */
function assertWhole(texts: readonly string[]): void {
  const schemas = parseSchemas(texts);
  const names = new Set(schemas.names?.());
  let count = 0;
  for (const text of texts) {
    const file = JSON.parse(text) as { readonly r: Section; readonly d: Section };
    for (const [section, prefix, read] of [
      [file.r, "", (type: string) => schemas.resource(type)],
      [file.d, "data.", (type: string) => schemas.data(type)],
    ] as const) {
      for (const [type, { a = {}, b = {} }] of Object.entries(section)) {
        count++;
        assert.ok(names.has(`${prefix}${type}`), type);
        const block = read(type);
        assert.deepEqual([...(block?.attributes.keys() ?? [])], Object.keys(a), type);
        assert.deepEqual([...(block?.blocks.keys() ?? [])], Object.keys(b), type);
        assert.equal(read(type), block);
      }
    }
  }
  assert.equal(names.size, count);
  assert.ok(count > 500);
}

describe("provider schemas", () => {
  it("are read line by line as they are as a whole", () => {
    assertWhole(texts);
  });

  it("may have been checked out with Windows' ends of lines", () => {
    assertWhole(texts.map((text) => text.replaceAll("\n", "\r\n")));
  });

  it("say when they are not in their format", () => {
    assert.throws(() => parseSchemas(["{}"]), /no types/);
    assert.throws(() => parseSchemas(['{"r":{"aws_vpc":{}}}']), /no types/);
    assert.throws(() => parseSchemas(['{\n"aws_vpc":{}}']), /no type a line/);
  });
});
