import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewView, ResultsView } from "../../src/live/protocol.ts";
import { commandLine, type Ran } from "../harness/command-line.ts";

/* The commands for live accounts as a person runs them: the built program, the live process, a sample account on the loopback. */

describe("commands for live accounts", function () {
  this.timeout(180_000);
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-live-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const plumbline = (...args: readonly string[]): Promise<Ran> => commandLine(folder)(...args);
  const json = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse((await plumbline(...args, "--format", "json")).out) as T;

  it("say what to do where nothing is connected", async () => {
    const { code, error } = await plumbline("scan", "--yes");
    assert.equal(code, 2);
    assert.match(error, /No account is connected: `plumbline accounts connect`/);
    assert.match((await plumbline("accounts")).out, /--source sample/);
  });

  it("show the scan that they went on with, when there is a newer one", async () => {
    const home = mkdtempSync(join(tmpdir(), "plumbline-resumed-"));
    try {
      const run = commandLine(home);
      await run("accounts", "connect", "aws", "--source", "sample");
      const first = "aws-s3-bucket-versioning";
      await run("scan", "--checks", first, "--yes");
      await run("scan", "--checks", "aws-s3-bucket-public-access-block", "--yes");
      // As a process leaves it that was killed in the middle of the first.
      const database = new DatabaseSync(join(home, "live.db"));
      const [{ scan } = { scan: "" }] = database.prepare("SELECT scan FROM pair WHERE item = ?").all(first);
      database.prepare("UPDATE scan SET state = 'running', ended_at = NULL WHERE id = ?").run(scan ?? null);
      database.prepare("UPDATE pair SET status = NULL WHERE scan = ? AND status <> 'notChecked'").run(scan ?? null);
      database.close();
      const { out, error } = await run("scan", "--resume", "--yes", "--format", "json");
      const view = JSON.parse(out || error) as ResultsView;
      assert.equal(view.scan.id, scan);
      assert.deepEqual([...new Set(view.results.map(({ item }) => item))], [first]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("refuse what is misspelt", async () => {
    for (const [args, message] of [
      [["acounts"], /Did you mean `accounts`/],
      [["accounts", "conect"], /Did you mean `connect`/],
      [["scan", "--al"], /There is no option --al/],
      [["plan", "subscribe"], /needs --quota/],
      [["scan", "--max-cost", "much"], /--max-cost is an amount/],
      [["inventory", "--format", "sarif"], /prints text or json/],
    ] as const) {
      const { code, error } = await plumbline(...args);
      assert.equal(code, 2, error);
      assert.match(error, message);
    }
  });

  it("connect, estimate and scan a sample account; the estimate balances with what was charged", async () => {
    assert.equal((await plumbline("accounts", "connect", "alibaba", "--source", "sample")).code, 0);
    const { out } = await plumbline("inventory");
    assert.match(out, /OSS bucket +4/);
    const before = await json<PreviewView>("estimate");
    assert.equal(before.billable, 0);
    assert.match(before.plan.freeOnly?.why ?? "", /No plan/);

    assert.match(
      (await plumbline("plan")).out,
      /Security Center itself \(cn-hangzhou\): 1180 of 3000 purchased scan times are used/,
    );
    assert.match((await plumbline("plan", "activate")).error, /Accept the terms/);
    assert.equal((await plumbline("plan", "activate", "--accept-terms")).code, 0);
    const preview = await json<PreviewView>("estimate");
    assert.ok(preview.billable > 0);
    const refused = await plumbline("scan");
    assert.equal(refused.code, 2);
    assert.match(refused.error, new RegExp(`Nobody is there to approve ${preview.fee} for ${preview.billable} scan times`));
    const dear = await plumbline("scan", "--yes", "--max-cost", "0.01");
    assert.match(dear.error, /more than --max-cost 0.01. Nothing was scanned/);

    const scanned = await plumbline("scan", "--yes");
    assert.equal(scanned.code, 1);
    const view = await json<ResultsView>("results");
    assert.equal(view.scan.state, "done");
    assert.deepEqual(view.reconciliation.wrong, []);
    const { estimated, charged, notChecked, vanished } = view.reconciliation;
    assert.equal(estimated, preview.billable);
    assert.equal(estimated, charged + notChecked + vanished);
    assert.equal(view.scan.charged, charged);
    assert.match((await plumbline("ledger")).out, new RegExp(`${charged} scan times? charged so far`));
    // What nobody has read is never a pass.
    for (const { status, reason } of view.results) if (status === "notChecked") assert.ok(reason);
  });

  it("report for machines, with exit codes for CI", async () => {
    const sarif = JSON.parse((await plumbline("results", "--format", "sarif")).out) as { runs: { results: { kind: string }[] }[] };
    assert.ok(sarif.runs[0]?.results.every(({ kind }) => kind === "fail"));
    assert.match((await plumbline("results", "--format", "junit")).out, /<failure type="high risk"/);
    const markdown = await plumbline("results", "--format", "markdown", "--output", "report.md");
    assert.equal(markdown.code, 1);
    assert.match(readFileSync(join(folder, "report.md"), "utf8"), /\| 🔴 \|/);
    const html = (await plumbline("results", "--format", "html")).out;
    assert.match(html, /^<!doctype html>/);
    assert.match(html, /<caption>Instances with most findings<\/caption>/);
    assert.equal((html.match(/<details class="finding"/g) ?? []).length, sarif.runs[0]?.results.length);
    assert.match((await plumbline("results", "--format", "html", "--language", "zh-cn")).out, /发现最多的主体/);
    const csv = (await plumbline("results", "--format", "csv", "--account", "all")).out.split("\r\n");
    assert.match(csv[0] ?? "", /^account,scanned,status,risk,check,title/);
    assert.equal(
      csv.filter((line) => line.startsWith("alibaba:1029384756102938,") && line.includes(",fail,")).length,
      sarif.runs[0]?.results.length,
    );
    assert.match((await plumbline("inventory", "--account", "all")).error, /--account all goes with `plumbline estimate`/);
    const clean = await plumbline("scan", "--yes", "--checks", "alibaba-oss-bucket-versioning,alibaba-none-*", "--tag", "no=such");
    assert.equal(clean.code, 0, clean.error);
  });

  it("white-list, verify and compare", async () => {
    const item = "alibaba-ram-user-direct-policy";
    await plumbline("scan", "--yes");
    assert.match((await plumbline("except", item)).error, /Give a reason/);
    assert.equal((await plumbline("except", item, "--reason", "moves to groups in July", "--until", "2099-01-01")).code, 0);
    const verified = await plumbline("verify", item, "--yes");
    assert.equal(verified.code, 0, verified.error);
    assert.match(verified.out, /suppressed/);
    assert.equal((await plumbline("except", item, "--remove")).code, 0);
    assert.equal((await plumbline("verify", item, "--yes")).code, 1);
    assert.match((await plumbline("results", "--history")).out, /done/);
  });

  it("take items and parameters from plumbline.yaml", async () => {
    writeFileSync(join(folder, "plumbline.yaml"), 'checks:\n  include: [{ id: "alibaba-oss-*" }]\n');
    const { items } = await json<PreviewView>("estimate");
    assert.ok(items.length > 0 && items.every(({ service }) => service === "oss"));
    rmSync(join(folder, "plumbline.yaml"));
  });

  it("show what a remedy would do, do it when told, and write it down", async () => {
    const [item, instance] = ["alibaba-oss-bucket-public-read-write", "harbour-books-uploads"];
    assert.match(
      (await plumbline("remedies", "list", "alibaba")).out,
      /alibaba-oss-bucket-public-read-write +.*traffic may be cut/,
    );
    const shown = await plumbline("remedy", item, instance, "--dry-run");
    assert.equal(shown.code, 0, shown.error);
    assert.match(shown.out, /- +acl +=? *.*public-read-write|public-read-write/);
    assert.match(shown.out, /oss:PutBucketAcl/);
    assert.match(shown.out, /The check item will pass then/);
    assert.equal((await plumbline("remedies", "history")).out, "Nothing was changed.\n");
    assert.match((await plumbline("remedy", item, instance)).error, /--yes --accept-risk traffic\. Nothing was changed/);
    assert.match((await plumbline("remedy", item, instance, "--yes")).error, /--accept-risk traffic/);
    const applied = await plumbline("remedy", item, instance, "--yes", "--accept-risk", "traffic");
    assert.equal(applied.code, 0, applied.error);
    assert.match(applied.out, /applied, and the check item says: pass/);
    const id = /plumbline undo (\w+)/.exec(applied.out)?.[1] ?? "";
    assert.match((await plumbline("remedies", "history")).out, new RegExp(`^${id}  .*applied  ${item}  ${instance}  now pass`));
    // The sample account outlives the process that changed it.
    assert.match((await plumbline("verify", item, instance, "--yes")).out, /pass/);
    const undone = await plumbline("undo", id, "--yes");
    assert.equal(undone.code, 0, undone.error);
    assert.match(undone.out, /undone, and the check item says: fail/);
    assert.match((await plumbline("undo", id, "--yes")).error, /undone already/);
    await plumbline("scan", "--yes", "--checks", "alibaba-oss-bucket-*");
    const all = await plumbline("remedy", "*", "--all", "--dry-run");
    assert.match(all.out, /Turn on versioning: alibaba-oss-bucket-versioning on harbour-books-media/);
    assert.equal(all.code, 0, all.error);
    assert.match(all.out, /Left alone: .*its risk is traffic/);
  });

  it("place results at the blocks that manage their instances, and find where files and account differ", async () => {
    const files = join(folder, "workspace");
    mkdirSync(files);
    const main = join(files, "main.tf");
    const text = `
resource "alicloud_oss_bucket" "uploads" {
  bucket = "harbour-books-uploads"
  acl    = "private"
}

resource "alicloud_oss_bucket" "elsewhere" {
  bucket = "not-in-the-account"
}
`;
    writeFileSync(main, text);
    const placed = await plumbline("results", "--place", files);
    assert.match(placed.out, /harbour-books-uploads.*main\.tf:2 alicloud_oss_bucket\.uploads/);
    const sarif = JSON.parse((await plumbline("results", "--place", files, "--format", "sarif")).out) as {
      runs: { results: { locations: { physicalLocation?: { region: { startLine: number } } }[] }[] }[];
    };
    const lines = sarif.runs[0]!.results.flatMap(({ locations }) => locations[0]?.physicalLocation?.region.startLine ?? []);
    assert.deepEqual([...new Set(lines)], [2]);
    const drift = await plumbline("drift", files);
    assert.equal(drift.code, 1, drift.error);
    assert.match(drift.out, /main\.tf:4 {2}alicloud_oss_bucket\.uploads {2}acl/);
    assert.match(drift.out, /the file says "private", alibaba:\d+ has "public-read-write" {2}\(matched by name\)/);
    assert.match(drift.out, /1 difference in 1 resource/);
    assert.equal((await plumbline("drift", files, "--take-live")).code, 0);
    assert.equal(readFileSync(main, "utf8"), text.replace('"private"', '"public-read-write"'));
    assert.match((await plumbline("drift", files)).out, /0 differences in 1 resource/);
    assert.match((await plumbline("drift", join(folder, "nowhere"))).error, /is no folder/);
  });

  it("refuse what makes no sense of a remedy", async () => {
    for (const [args, message] of [
      [["remedy"], /Write `plumbline remedy CHECK INSTANCE`/],
      [["remedy", "a", "b", "--set", "x"], /has no value/],
      [["remedy", "a", "b", "--accept-risk", "much"], /--accept-risk is traffic, restart, irreversible/],
      [["remedy", "alibaba-oss-bucket-acl", "b"], /There is no check item/],
      [["undo", "nothing"], /There is no remedy nothing/],
      [["remedies", "lst"], /Did you mean `list`/],
    ] as const) {
      const { code, error } = await plumbline(...args);
      assert.equal(code, 2, error);
      assert.match(error, message);
    }
    const { out } = await plumbline("policy", "fix", "alibaba", "--checks", "alibaba-oss-bucket-public-read");
    assert.match(out, /oss:PutBucketAcl/);
  });

  it("print the calls and the least policy for them", async () => {
    const { out, code } = await plumbline("policy", "read", "alibaba", "--checks", "alibaba-oss-bucket-versioning");
    assert.equal(code, 0);
    const policy = JSON.parse(out) as { Statement: { Action: string[] }[] };
    assert.ok(policy.Statement.flatMap(({ Action }) => Action).every((action) => /^(?:oss|sts|ram|ecs):/.test(action)));
  });

  it("forget an account, and keep what was charged", async () => {
    assert.equal((await plumbline("accounts", "disconnect")).code, 0);
    assert.equal((await plumbline("results")).code, 2);
    await plumbline("accounts", "connect", "alibaba", "--source", "sample");
    assert.ok(!readdirSync(folder).some((name) => name.includes("-sample-")), "the sample account is not as new");
    assert.match((await plumbline("ledger")).out, /[1-9]\d* scan times? charged/);
  });

  it("leave no key of the account in the database", () => {
    const bytes = readdirSync(folder)
      .filter((name) => name.startsWith("live.db"))
      .map((name) => readFileSync(join(folder, name), "latin1"))
      .join("");
    assert.ok(bytes.includes("1029384756102938"));
    for (const secret of ["LTAI5tSampleSampleSample", "sampleOnlyOpensTheDouble"]) assert.ok(!bytes.includes(secret), secret);
  });
});
