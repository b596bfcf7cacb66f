import assert from "node:assert/strict";
import { isEveryone, maybeEveryone } from "../../../src/core/identity/everyone.ts";
import { reason, string, STRING, tuple, unknown } from "../../../src/core/values/make.ts";
import type { UnknownValue, Value } from "../../../src/core/values/value.ts";

const variable = unknown(STRING, reason("variable", "var.x"));
const of = (address: string, attribute: string): UnknownValue =>
  unknown(STRING, reason("computed", `${address}.${attribute}`), { origin: { address, path: [attribute] } });
const account = of("data.aws_caller_identity.this", "account_id");
const text = (...pieces: (string | UnknownValue)[]): Value =>
  unknown(STRING, reason("variable", "var.x"), { refinement: { notNull: true, pieces } });

describe("Everyone", () => {
  it("is written in each cloud's way", () => {
    assert.ok(isEveryone("*", "aws") && isEveryone("arn:aws-cn:iam::*:root", "aws"));
    assert.ok(isEveryone("acs:ram::*:root", "alibaba") && isEveryone("qcs::cam::anyone:anyone", "tencent"));
    assert.ok(!isEveryone("arn:aws:iam::111122223333:root", "aws") && !isEveryone("acs:ram::111122223333:root", "alibaba"));
  });

  it("may be what is not known, unless the known part or the origin names somebody", () => {
    for (const value of [
      variable,
      text("arn:aws:iam::", variable, ":root"),
      text("arn:", of("data.aws_partition.this", "partition"), ":iam::*:root"),
      tuple([string("x"), variable]),
      of("data.aws_ssm_parameter.this", "value"),
      // An attribute that a variable is written to.
      unknown(STRING, reason("variable", "var.x"), { origin: { address: "aws_ssm_parameter.a", path: ["value"] } }),
      // A condition on something computed.
      unknown(STRING, reason("computed", "aws_iam_role.a.arn")),
    ])
      assert.ok(maybeEveryone(value, "aws").length > 0, JSON.stringify(value));
    for (const value of [
      account,
      of("module.a.aws_iam_role.b[0]", "arn"),
      text("arn:aws:iam::", account, ":root"),
      text("arn:aws:iam::111122223333:role/", variable),
      tuple([text("arn:aws:iam::", account, ":user/", variable)]),
    ])
      assert.deepEqual(maybeEveryone(value, "aws"), [], JSON.stringify(value));
    assert.deepEqual(maybeEveryone(text("acs:ram::", of("data.alicloud_account.this", "id"), ":root"), "alibaba"), []);
    assert.ok(maybeEveryone(of("data.aws_ssm_parameter.this", "id"), "aws").length > 0);
    assert.equal(maybeEveryone(text("qcs::cam::uin/", account, ":root"), "tencent").length, 0);
    assert.ok(maybeEveryone(text("qcs::cam::", variable, ":root"), "tencent").length > 0);
  });
});
