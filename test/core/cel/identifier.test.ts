import assert from "node:assert/strict";
import { equal } from "../../../src/core/cel/compare.ts";
import { NULL, STRING, reason, string, unknown } from "../../../src/core/values/make.ts";
import type { Value } from "../../../src/core/values/value.ts";

/** What an attribute of a resource that is not made yet stands for. */
function computed(...path: string[]): Value {
  return unknown(STRING, reason("computed", path.join(".")), { origin: { address: "aws_kms_key.a", path } });
}

describe("an id that only an apply decides", () => {
  it("is neither null nor empty, as everything that is made gets one", () => {
    for (const name of ["id", "arn"]) {
      assert.deepEqual([equal(computed(name), NULL).kind, equal(computed(name), NULL)], ["bool", { kind: "bool", value: false }]);
      assert.deepEqual(equal(string(""), computed(name)), { kind: "bool", value: false });
    }
  });

  it("may be any text", () => {
    assert.equal(equal(computed("id"), string("kms-1")).kind, "unknown");
  });

  it("says nothing of other attributes, which may be null", () => {
    assert.equal(equal(computed("public_ip"), NULL).kind, "unknown");
    assert.equal(equal(computed("network", "id"), NULL).kind, "unknown");
  });
});
