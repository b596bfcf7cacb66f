import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, temporaryFolder } from "./client.ts";

/* The product's server: low-risk findings at one place are shown as one, and fixed and accepted as a person wants. */

const SERVER = [join(import.meta.dirname, "product-server.ts")];
const main = `resource "aws_iam_account_password_policy" "main" {
  minimum_password_length   = 14
  password_reuse_prevention = 24
  max_password_age          = 90
}

resource "aws_iam_account_password_policy" "other" {
  minimum_password_length   = 14
  password_reuse_prevention = 24
  max_password_age          = 90
  require_lowercase_characters = true
  require_numbers              = true
  require_symbols              = true
}
`;
const CHECKS = ["aws-iam-password-policy-lowercase", "aws-iam-password-policy-number", "aws-iam-password-policy-uppercase"];

describe("Low-risk findings at one place", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    file = join(folder.path, "main.tf");
    writeFileSync(file, main);
    client = new Client(SERVER);
    await client.start([folder.path]);
    await client.open(file, main);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const textOf = ({ message }: { message: string | { value: string } }): string =>
    typeof message === "string" ? message : message.value;

  it("are one diagnostic from three on, with what each says", async () => {
    const list = await client.until(file, ({ length }) => length > 0);
    const [folded, ...others] = list.filter(({ code }) => code === "low-risk");
    assert.ok(folded !== undefined);
    assert.deepEqual(others, []);
    const lines = textOf(folded).split("\n");
    assert.match(lines[0] ?? "", /^\d low-risk findings:$/);
    for (const id of CHECKS) assert.equal(lines.filter((line) => line.startsWith("- ") && line.endsWith(`[${id}]`)).length, 1, id);
    assert.equal(folded.severity, 3);
    // Two at one place stay as they are.
    assert.ok(list.some(({ code }) => code === CHECKS[2]));
  });

  it("are fixed one by one, and the rest is shown anew", async () => {
    const [folded] = (await client.until(file, ({ length }) => length > 0)).filter(({ code }) => code === "low-risk");
    assert.ok(folded !== undefined);
    const before = (folded.data as string[]).length;
    const actions = await client.actions(file, folded.range);
    const fix = actions.find(({ title }) => title === "Demand a digit");
    assert.deepEqual(fix?.diagnostics?.[0]?.data, folded.data);
    const { edit } = await client.resolve(fix!);
    await client.apply(edit);
    await client.until(
      file,
      (list, version) => version === 2 && list.every(({ data }) => !Array.isArray(data) || data.length === before - 1),
    );
  });

  it("are accepted with one comment", async () => {
    const [folded] = (await client.until(file, ({ length }) => length > 0)).filter(({ code }) => code === "low-risk");
    assert.ok(folded !== undefined);
    const count = (folded.data as string[]).length;
    const action = (await client.actions(file, folded.range)).find(
      ({ title }) => title === `Ignore these ${count} low-risk findings here, with a reason …`,
    );
    const { edit } = await client.resolve(action!);
    await client.apply(edit);
    const list = await client.until(file, (_, version) => version === 2);
    assert.ok(list.every(({ range, code }) => range.start.line > 1 || !CHECKS.includes(String(code))));
    assert.ok(list.every(({ code }) => code !== "low-risk"));
    const [change] = edit?.documentChanges ?? [];
    assert.ok(change !== undefined && "edits" in change && change.edits[0] !== undefined && "newText" in change.edits[0]);
    for (const id of CHECKS) assert.ok(change.edits[0].newText.includes(id), id);
  });
});
