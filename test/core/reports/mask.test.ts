import assert from "node:assert/strict";
import { maskLine } from "../../../src/core/reports/mask.ts";

describe("masking a source line", () => {
  it("hides what stands behind the name of a secret and keeps the columns", () => {
    for (const line of [
      '  secret_key = "wJalrXUtnFEMIexample"',
      "password: hunter22",
      'export DB_PASSWORD="hunter22"',
      "export TOKEN=hunter22abc",
      '  "api_key" = "hunter22"',
    ]) {
      const masked = maskLine(line);
      assert.equal(masked.length, line.length, line);
      assert.ok(!/hunter22|wJalr/.test(masked), masked);
    }
  });

  it("hides known shapes anywhere", () => {
    const key = ["AKIA", "IOSFODNN7EXAMPLE"].join("");
    assert.ok(!maskLine(`  description = "use ${key} here"`).includes(key));
    assert.ok(!maskLine('  url = "https://me:hunter22@example.com"').includes("hunter22"));
    assert.ok(!maskLine(["-----BEGIN RSA", "PRIVATE KEY-----"].join(" ")).includes("PRIVATE"));
  });

  it("leaves references and ordinary lines alone", () => {
    for (const line of [
      "  password = var.db_password",
      '  acl = "public-read"',
      "  secret_arn = aws_secretsmanager_secret.db.arn",
      '  password = "${var.x}"',
      "  user_data = <<-EOT",
    ])
      assert.equal(maskLine(line), line);
  });
});
