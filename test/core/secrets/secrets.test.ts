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

describe("Secrets in structures", () => {
  const pair = (name: string, value: unknown): object => ({ name, value });

  it("are found in JSON text by the name beside the value", () => {
    const containers = JSON.stringify([
      { name: "app", image: "example", environment: [pair("DB_HOST", "db.example.com"), pair("DB_PASSWORD", "hunter2!x")] },
    ]);
    assert.deepEqual(found(containers), [{ kind: "credential", line: 1 }]);
    const references = JSON.stringify([
      { secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:eu-west-1:111122223333:parameter/p" }] },
    ]);
    assert.deepEqual(found(references), []);
  });

  it("are found in what jsonencode made of what is not known", () => {
    const definition = (value: unknown) =>
      unknown(STRING, reason("computed", "x"), {
        refinement: { document: toValue([{ environment: [pair("DB_PASSWORD", value)] }]) },
      });
    assert.deepEqual(shown(findSecrets(definition("hunter2!x"))), [{ kind: "credential", line: 1 }]);
    assert.deepEqual(shown(findSecrets(definition(open()))), ["…?"]);
    assert.deepEqual(shown(findSecrets(definition(sensitive("hunter2!x")))), [{ kind: "sensitive value", line: 1 }]);
  });

  it("are passwords of digits too", () => {
    assert.deepEqual(shown(findSecrets(toValue({ ADMIN_PASSWORD: 12345678, PORT: 12345678 }))), [{ kind: "credential", line: 1 }]);
  });
});

describe("Secrets on command lines", () => {
  const line = (text: string, kind = "credential"): void => {
    assert.deepEqual(found(`#!/bin/sh\n${text}`), [{ kind, line: 2 }], text);
  };

  it("follow options", () => {
    line("mysqladmin --password hunter2!x status");
    line("tool --api-key 'abcdef1234567890'");
    line("tool --db-password=hunter2!x");
  });

  it("are in headers and before hosts", () => {
    line(`curl -H "Authorization: Bearer ${["abcdef1234", "567890ghij"].join("")}" https://example.com`, "authorization header");
    line("curl -u admin:hunter2!x https://example.com", "password of a user");
  });

  it("are not references, placeholders, or other options", () => {
    for (const text of [
      "tool --password $PASSWORD",
      'tool --password "${db_password}"',
      "tool --password-file /run/secrets/db",
      "tool --token-ttl 3600s1234567890a",
      "tool --password --verbose",
      "curl -u admin:$PASSWORD https://example.com",
      'curl -H "Authorization: Bearer $TOKEN" https://example.com',
      "chown -u root:root /etc/x",
    ]) {
      assert.deepEqual(found(text), [], text);
    }
  });
});

describe("Shapes of issuers", () => {
  // Put together here, so that no key stands in the file.
  const long = "0123456789abcdef".repeat(8);
  for (const [kind, text] of [
    ["npm token", `npm_${long.slice(0, 36)}`],
    ["Vault token", `hvs.${long.slice(0, 24)}`],
    ["DigitalOcean token", `dop_v1_${long.slice(0, 64)}`],
    ["SendGrid key", `SG.${long.slice(0, 22)}.${long.slice(0, 43)}`],
    ["Anthropic key", `sk-ant-api03-${long.slice(0, 40)}`],
    ["Databricks token", `dapi${long.slice(0, 32)}`],
    ["Terraform token", `${long.slice(0, 14)}.atlasv1.${long.slice(0, 60)}`],
    ["Grafana token", `glsa_${long.slice(0, 32)}_${long.slice(0, 8)}`],
  ] as const) {
    it(`tell a ${kind}`, () => {
      assert.deepEqual(found(`x ${text}`), [{ kind, line: 1 }]);
      assert.deepEqual(found(`x ${text.slice(0, -8)}`), []);
    });
  }

  it("are looked for in linear time", () => {
    for (const text of [
      "a".repeat(200_000),
      "--password ".repeat(20_000),
      "-".repeat(200_000),
      "authorization: bearer ".repeat(10_000),
    ]) {
      const start = performance.now();
      findSecrets(toValue(text));
      assert.ok(performance.now() - start < 3000, `${text.slice(0, 20)}: ${performance.now() - start} ms`);
    }
  });
});

describe("base64", () => {
  it("is decoded, and unknown where it is none", () => {
    assert.equal(shown(decodeBase64("w6TDtvCfmIA=")), "äö😀");
    assert.equal(shown(decodeBase64("!")), "unknown: invalid not base64");
  });
});
