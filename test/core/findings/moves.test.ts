import assert from "node:assert/strict";
import { coversAddress } from "../../../src/core/findings/inner-address.ts";
import { earlierAddresses, readMoves } from "../../../src/core/findings/moves.ts";
import { parseFile } from "../../../src/core/hcl/parse.ts";

describe("the earlier addresses of an instance", () => {
  const moves = (...pairs: [string, string][]): { module: string; from: string; to: string }[] =>
    pairs.map(([from, to]) => ({ module: "", from, to }));

  it("follow resources, keys, modules and chains of moves", () => {
    const known = moves(
      ["aws_s3_bucket.a", "aws_s3_bucket.b"],
      ["aws_s3_bucket.b", 'module.store.aws_s3_bucket.this["x"]'],
      ["module.old", "module.new"],
    );
    assert.deepEqual(earlierAddresses('module.store.aws_s3_bucket.this["x"]', known), [
      "aws_s3_bucket.b",
      "aws_s3_bucket.a",
      "aws_s3_bucket.b[0]",
      "aws_s3_bucket.a[0]",
    ]);
    assert.ok(earlierAddresses('module.new["k"].aws_sqs_queue.q', known).includes('module.old["k"].aws_sqs_queue.q'));
  });

  it("know that a resource may get or lose count by itself", () => {
    assert.deepEqual(earlierAddresses("aws_s3_bucket.a[0]", []), ["aws_s3_bucket.a"]);
    assert.deepEqual(earlierAddresses("aws_s3_bucket.a", []), ["aws_s3_bucket.a[0]"]);
    assert.deepEqual(earlierAddresses('aws_s3_bucket.a["k"]', []), []);
  });

  it("are no others that begin alike", () => {
    assert.deepEqual(earlierAddresses('aws_s3_bucket.bb["k"]', moves(["aws_s3_bucket.a", "aws_s3_bucket.b"])), []);
  });

  it("end where moves form a circle", () => {
    const circle = moves(["aws_x.a", "aws_x.b"], ["aws_x.b", "aws_x.a"]);
    assert.deepEqual(earlierAddresses('aws_x.a["k"]', circle), ['aws_x.b["k"]']);
  });

  it("of a module's own moves count from the module", () => {
    const inside = [{ module: "module.m[0]", from: "aws_x.a", to: "aws_x.b" }];
    assert.ok(earlierAddresses("module.m[0].aws_x.b", inside).includes("module.m[0].aws_x.a"));
    assert.ok(!earlierAddresses("module.m[1].aws_x.b", inside).includes("module.m[1].aws_x.a"));
  });

  it("are read from moved blocks of both syntaxes", () => {
    const native = parseFile(
      "/w/main.tf",
      'moved {\n  from = aws_x.a\n  to   = module.m.aws_x.b["k"]\n}\n\nmoved {\n  from = aws_x.c\n}\n',
    );
    assert.deepEqual(readMoves(native), [{ from: "aws_x.a", to: 'module.m.aws_x.b["k"]' }]);
    const json = parseFile("/w/main.tf.json", '{"moved": [{"from": "aws_x.a", "to": "aws_x.b[\\"k\\"]"}]}');
    assert.deepEqual(readMoves(json), [{ from: "aws_x.a", to: 'aws_x.b["k"]' }]);
  });
});

describe("an address in an ignore comment", () => {
  it("covers itself, what lies inside it, and every key that it does not name", () => {
    for (const [inner, address] of [
      ["aws_s3_bucket.b", "aws_s3_bucket.b"],
      ["aws_s3_bucket.b", 'aws_s3_bucket.b["x"]'],
      ["module.a", 'module.a["k"].aws_s3_bucket.b[0]'],
      ['module.a.aws_s3_bucket.b["x.y"]', 'module.a[0].aws_s3_bucket.b["x.y"]'],
      ['["x"]', '["x"]'],
    ] as const) {
      assert.ok(coversAddress(inner, address), `${inner} ${address}`);
    }
    for (const [inner, address] of [
      ["aws_s3_bucket.b", "aws_s3_bucket.bb"],
      ['aws_s3_bucket.b["x"]', 'aws_s3_bucket.b["y"]'],
      ["aws_s3_bucket.b[0]", "aws_s3_bucket.b"],
      ["module.b", "module.a.module.b"],
      ["", "aws_s3_bucket.b"],
    ] as const) {
      assert.ok(!coversAddress(inner, address), `${inner} ${address}`);
    }
  });
});
