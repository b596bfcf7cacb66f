import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exportsOf, sampleData, sampleService } from "../harness/sample-accounts.ts";

/* Instances of the sample accounts as Terraform to be imported, held against what terraform said of them (scripts/validate-exports.ts). */

interface Said {
  readonly instances: number;
  readonly refused: Readonly<Record<string, readonly string[]>>;
}

/** Passwords that the sample accounts hold, in the clear and as base64. */
const seeded = /Tr0ub4dor|VHIwdWI0ZG9y|RyMHViNGRvc|UcjB1YjRkb3/;

const never = new AbortController().signal;

describe("instances as Terraform", function () {
  this.timeout(120_000);
  for (const cloud of ["aws", "alibaba", "tencent"] as const) {
    it(`of ${cloud}: terraform takes them, or the text names what is still needed`, async () => {
      const file = join(import.meta.dirname, `../fixtures/exports/${cloud}.json`);
      const { instances, refused } = JSON.parse(readFileSync(file, "utf8")) as Said;
      const all = await exportsOf(cloud);
      assert.equal(all.length, instances, "run scripts/validate-exports.ts again");
      for (const { instance, text } of all) {
        assert.match(text, /^import \{\n {2}to = \S+\n {2}id = "[^"]+"\n\}\n\n/);
        assert.doesNotMatch(text, seeded, instance);
        const errors = refused[instance] ?? [];
        if (errors.length > 0) assert.match(text, /^# Not read from an account, and needed: /m, instance);
      }
      assert.ok(
        all.some(({ text }) => /^ {2}# \S+ is not shown: it may hold a secret$/m.test(text)),
        "the account holds secrets, and no text says that one is not shown",
      );
      const said = Object.values(refused).flat();
      assert.deepEqual(
        said.filter((error) => !/^(?:Missing required argument|Insufficient .* blocks)/.test(error)),
        [],
      );
    });

    it(`of ${cloud}: findings of the newest scan stand at their lines, and nothing is charged for looking`, async () => {
      const { live, account } = await sampleService(cloud);
      live.changePlan(account, { kind: "activate", termsAccepted: true });
      const preview = await live.preview({ account, selection: {} }, never);
      const scan = await live.scan({ account, selection: {} }, preview, never);
      const charged = live.plans.charges(account).length;
      const fails = live.scans.results(scan.id).filter(({ status }) => status === "fail");
      let written = 0;
      let placed = 0;
      for (const instance of [...new Set(fails.map((each) => each.instance))].slice(0, 25)) {
        const shown = await live.asTerraform(account, instance, never).catch(() => undefined);
        if (shown === undefined) continue;
        written++;
        const own = fails.filter((each) => each.instance === instance);
        assert.deepEqual(
          shown.findings.map(({ item }) => item),
          own.map(({ item }) => item),
        );
        const lines = shown.text.split("\n");
        for (const { line } of shown.findings) {
          assert.ok(lines[line] !== undefined && lines[line] !== "", `line ${line} of ${instance}`);
          if (lines[line].startsWith("  ")) placed++;
        }
      }
      assert.ok(written > 5, `only ${written} instances could be written`);
      assert.ok(placed > 3, `only ${placed} findings stand at an argument`);
      assert.equal(live.plans.charges(account).length, charged);
    });
  }

  it("leave the process for a comparison without what may hold a secret", async () => {
    for (const cloud of ["aws", "alibaba", "tencent"] as const) {
      const { live, account } = await sampleService(cloud);
      const types = [...new Set((await sampleData(cloud)).resources.map(({ type }) => type))];
      const data = await live.things(account, types, true, never);
      assert.ok(data.resources.length > 30);
      assert.doesNotMatch(JSON.stringify(data), seeded);
    }
  });

  it("say what is gone, and what Terraform has no resource for", async () => {
    const { live, account } = await sampleService("aws");
    await assert.rejects(live.asTerraform(account, "aws_s3_bucket eu-west-1 nowhere", never), /not in aws:\d+ any more/);
    await assert.rejects(live.asTerraform(account, "aws_account - 111122223333", never), /no resource/);
  });
});
