import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceView } from "../../src/live/protocol.ts";
import * as alibaba from "../../src/live/sample/alibaba/account.ts";
import * as aws from "../../src/live/sample/aws/account.ts";
import * as tencent from "../../src/live/sample/tencent/account.ts";
import { commandLine } from "../harness/command-line.ts";

/*
 * Secrets that the sample accounts hold, and the keys that open them, are searched in everything that the commands print and write:
 * reports in every format, errors, exported Terraform, drift, the database and its journal.
 */

const clouds = ["aws", "alibaba", "tencent"] as const;
const formats = ["text", "json", "sarif", "html", "csv", "junit", "markdown"] as const;

/** Passwords in user data and environments of the sample accounts, plain and as base64 at each of its three alignments. */
const secrets = ["Tr0ub4dor&3-pinewood", "Tr0ub4dor&3-harbour", "Sup3r-Tea-Leaf-2024"].flatMap((secret) => [
  secret,
  ...[0, 1, 2].map((skipped) =>
    Buffer.from(" ".repeat(skipped) + secret)
      .toString("base64")
      .slice(skipped === 0 ? 0 : 4, -4),
  ),
]);
const keys = [aws.sampleKeys.secret, alibaba.sampleKeys.secret, tencent.sampleKeys.secret];

describe("secrets", function () {
  this.timeout(300_000);
  let folder = "";
  const said: { readonly by: string; readonly text: string }[] = [];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-secrets-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const plumbline = async (...args: readonly string[]): Promise<string> => {
    const { out, error } = await commandLine(folder)(...args);
    said.push({ by: args.join(" "), text: out + error });
    return out;
  };

  it("of accounts, and the keys to them, are in nothing that is printed or written", async () => {
    const files = join(folder, "files");
    mkdirSync(files);
    for (const cloud of clouds) {
      await plumbline("accounts", "connect", cloud, "--source", "sample");
      const account = new RegExp(`${cloud}:\\d+`).exec(await plumbline("accounts"))?.[0] ?? "";
      const of = ["--account", account];
      await plumbline("plan", "activate", "--accept-terms", ...of);
      const services = JSON.parse(await plumbline("inventory", "--format", "json", ...of)) as ServiceView[];
      await plumbline("scan", "--yes", ...of);
      await Promise.all(formats.map((format) => plumbline("results", "--all", "--format", format, ...of)));
      const held = services.flatMap(({ instances }) => instances).filter(({ key }) => /instance|function|lambda/.test(key));
      assert.ok(held.length > 0);
      await Promise.all(
        held.map(async ({ key }, index) => {
          writeFileSync(join(files, `${cloud}-${index}.tf`), await plumbline("export", key, ...of));
        }),
      );
      await plumbline("drift", files, "--format", "json", ...of);
      await plumbline("remedy", "*", "--all", "--dry-run", ...of);
      await plumbline("remedy", "*", "--all", "--yes", ...of);
      await plumbline("remedies", "history", "--format", "json", ...of);
      await plumbline("ledger", "--format", "json", ...of);
    }
    await plumbline("check", files, "--show", "all", "--format", "json");
    for (const name of readdirSync(folder).filter((each) => each.startsWith("live.db") && !each.includes("-sample-")))
      said.push({ by: name, text: readFileSync(join(folder, name), "latin1") });
    // The findings about them are there: it is the values that are not.
    assert.ok(said.some(({ text }) => text.includes("user-data-secrets")));
    assert.ok(said.map(({ text }) => text.length).reduce((sum, length) => sum + length, 0) > 500_000);
    const found = said.flatMap(({ by, text }) => [...secrets, ...keys].filter((secret) => text.includes(secret)).map(() => by));
    assert.deepEqual([...new Set(found)], []);
  });
});
