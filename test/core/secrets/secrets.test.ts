import assert from "node:assert/strict";
import { decodeBase64 } from "../../../src/core/secrets/base64.ts";
import { findSecrets } from "../../../src/core/secrets/find.ts";
import { reason, STRING, unknown } from "../../../src/core/values/make.ts";
import { open, sensitive, shown, toValue } from "../cel/world.ts";

const hole = unknown(STRING, reason("variable", "var.x"));
// Put together here, so that no key stands in the file.
const fakes = {
  aws: ["AKIA", "IOSFODNN7EXAMPLE"].join(""),
  alibaba: ["LTAI", "5tExampleExample1234"].join(""),
  tencent: ["AKID", "ExampleExample1234567890"].join(""),
};

function found(text: string): unknown {
  return shown(findSecrets(toValue(text)));
}

describe("Secrets", () => {
  it("are found by shape, with their line and without themselves", () => {
    assert.deepEqual(found(`#!/bin/sh\nexport A=${fakes.aws}`), [{ kind: "AWS access key", line: 2 }]);
    assert.deepEqual(found(fakes.alibaba), [{ kind: "Alibaba Cloud access key", line: 1 }]);
    assert.deepEqual(found(fakes.tencent), [{ kind: "Tencent Cloud secret id", line: 1 }]);
    assert.deepEqual(found(["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ")), [{ kind: "private key", line: 1 }]);
    assert.deepEqual(found("DB_PASSWORD=hunter2!x"), [{ kind: "credential", line: 1 }]);
    assert.deepEqual(found("mysql://app:s3cr3t-99@db.example.com"), [{ kind: "password in a URL", line: 1 }]);
  });

  it("are not placeholders, references or names of secrets", () => {
    for (const text of [
      "PASSWORD=changeme",
      "password: $DB_PASSWORD",
      "token = <your-token>",
      "secret_name: prod/db/password-1",
      "apt-get update",
      "SECRET_ARN=arn:aws:secretsmanager:x",
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });

  it("may stand where a text has holes; a sensitive hole is one", () => {
    const template = (piece: typeof hole): unknown =>
      shown(
        findSecrets(unknown(STRING, reason("variable", "var.x"), { refinement: { pieces: ["echo ", piece, `\nA=${fakes.aws}`] } })),
      );
    assert.deepEqual(template(hole), [{ kind: "AWS access key", line: 2 }, "…?"]);
    assert.deepEqual(template({ ...hole, sensitive: true }), [
      { kind: "sensitive value", line: 1 },
      { kind: "AWS access key", line: 2 },
    ]);
    assert.equal(shown(findSecrets(open())), "unknown: variable var.x");
    assert.deepEqual(shown(findSecrets(sensitive("x"))), [{ kind: "sensitive value", line: 1 }]);
  });

  it("are found in maps by the entry's name", () => {
    assert.deepEqual(shown(findSecrets(toValue({ DB_PASSWORD: "hunter2!x", DB_HOST: "db.example.com" }))), [
      { kind: "credential", line: 1 },
    ]);
  });
});

describe("base64", () => {
  it("is decoded, and unknown where it is none", () => {
    assert.equal(shown(decodeBase64("w6TDtvCfmIA=")), "äö😀");
    assert.equal(shown(decodeBase64("!")), "unknown: invalid not base64");
  });
});
