import assert from "node:assert/strict";
import { structureOfPieces } from "../../../src/core/values/json-pieces.ts";
import { policyValue } from "../../../src/core/identity/policy-value.ts";
import { object, reason, string, STRING, unknown } from "../../../src/core/values/make.ts";
import type { UnknownValue } from "../../../src/core/values/value.ts";
import { shown } from "../cel/world.ts";

const hole = (detail = "var.x"): UnknownValue => unknown(STRING, reason("variable", detail));

describe("JSON text with holes", () => {
  it("keeps every hole in its place", () => {
    const structure = structureOfPieces([
      '{"a": "',
      hole(),
      '/*", "b": ',
      hole(),
      ', "c": ["',
      hole(),
      '", "d\\"',
      hole(),
      '"], "e": 1}',
    ]);
    assert.ok(structure?.kind === "object");
    assert.deepEqual(structure.entries.get("e"), { kind: "number", value: 1 });
    const a = structure.entries.get("a");
    assert.deepEqual(a?.kind === "unknown" ? a.refinement?.pieces : undefined, [hole(), "/*"]);
    assert.deepEqual(structure.entries.get("b"), hole());
    const c = structure.entries.get("c");
    assert.deepEqual(c !== undefined && "items" in c ? c.items.map((item) => item.kind) : [], ["unknown", "unknown"]);
  });

  it("takes the structure that jsonencode told of a hole", () => {
    const inner = unknown(STRING, reason("variable", "var.x"), { refinement: { document: object([["a", string("b")]]) } });
    const structure = structureOfPieces(['{"x": ', inner, "}"]);
    assert.deepEqual(structure, object([["x", object([["a", string("b")]])]]));
  });

  it("is not read where a hole may be anything", () => {
    assert.equal(structureOfPieces(['{"a": 1 ', hole(), "}"]), undefined);
    assert.equal(structureOfPieces(['{"', hole(), '": 1}']), undefined);
    assert.equal(structureOfPieces(['{"a": ', hole(), hole(), "}"]), undefined);
    assert.equal(structureOfPieces(['{"a": "\\', hole(), '"}']), undefined);
    assert.equal(structureOfPieces(["[", hole()]), undefined);
  });

  it("makes a policy whose known statements count", () => {
    const admin = (effect: string, resource: string): unknown => {
      const pieces = [`{"Statement": [{"Effect": "${effect}", "Action": "*", "Resource": "${resource}`, hole(), '"}]}'];
      const document = unknown(STRING, reason("variable", "var.x"), { refinement: { notNull: true, pieces } });
      const policy = policyValue(document, "aws");
      return policy.kind === "object" ? shown(policy.entries.get("admin") ?? policy) : shown(policy);
    };
    assert.equal(admin("Deny", "*"), false);
    assert.equal(admin("Allow", ""), "unknown: variable var.x");
  });
});
