import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewView, ResultsView } from "../../src/live/protocol.ts";
import { commandLine, type Ran } from "../harness/command-line.ts";

/* Several accounts in one command, and a plumbline.yaml that says what a scan looks at. */

describe("scans of several accounts", function () {
  this.timeout(180_000);
  let folder = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-several-"));
    for (const cloud of ["aws", "tencent"]) await plumbline("accounts", "connect", cloud, "--source", "sample");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const plumbline = (...args: readonly string[]): Promise<Ran> => commandLine(folder)(...args);

  const configured = (scan: string): void => writeFileSync(join(folder, "plumbline.yaml"), `scan:\n${scan}`);

  it("ask which where nobody says so, and take all when told to", async () => {
    assert.match((await plumbline("estimate")).error, /Several accounts are connected: choose one with --account/);
    const previews = JSON.parse((await plumbline("estimate", "--account", "all", "--format", "json")).out) as PreviewView[];
    assert.deepEqual(previews.map(({ account }) => account.split(":")[0]).sort(), ["aws", "tencent"]);
    assert.match((await plumbline("scan", "--account", "all", "--yes", "--format", "sarif")).error, /sarif is of one account/);
  });

  it("look at what plumbline.yaml names: accounts, services, regions and tags", async () => {
    configured("  accounts: [aws:111122223333]\n  services: [s3]\n");
    const only = JSON.parse((await plumbline("estimate", "--format", "json")).out) as PreviewView;
    assert.equal(only.account, "aws:111122223333");
    assert.ok(only.items.length > 0 && only.items.every(({ service }) => service === "s3"));
    // What the command says wins.
    const other = JSON.parse((await plumbline("estimate", "--services", "ebs", "--format", "json")).out) as PreviewView;
    assert.ok(other.items.length > 0 && other.items.every(({ service }) => service === "ebs"));
    configured("  accounts: [aws:111122223333]\n  tags: { no: such }\n");
    assert.equal((JSON.parse((await plumbline("estimate", "--format", "json")).out) as PreviewView).exact, 0);
    configured("  accounts: [nobody]\n");
    assert.match((await plumbline("scan", "--yes")).error, /nobody is not connected/);
  });

  it("take --max-cost for all of them together", async () => {
    rmSync(join(folder, "plumbline.yaml"), { force: true });
    const previews = async (): Promise<readonly PreviewView[]> =>
      JSON.parse((await plumbline("estimate", "--account", "all", "--format", "json")).out) as PreviewView[];
    for (const { account } of await previews()) await plumbline("plan", "activate", "--accept-terms", "--account", account);
    const fees = (await previews()).map(({ fee }) => Number(fee.slice(4)));
    const [dearest, all] = [Math.max(...fees), fees.reduce((sum, fee) => sum + fee, 0)];
    assert.ok(dearest < all);
    const refused = await plumbline("scan", "--account", "all", "--yes", "--max-cost", dearest.toFixed(2));
    assert.equal(refused.code, 2);
    assert.match(refused.error, new RegExp(`would cost USD ${all.toFixed(2)}, more than --max-cost .*Nothing was scanned`));
    for (const { account } of await previews())
      assert.match((await plumbline("results", "--history", "--account", account)).out, /^(?!.*done)/s);
  });

  it("look at one item or instance that is named, whatever plumbline.yaml says", async () => {
    configured("  accounts: [aws:111122223333]\n  services: [s3]\n  regions: [us-east-1]\n");
    const named = ["verify", "aws-ebs-volume-encryption", "vol-0a1b2c3d4e5f60002", "--yes", "--account", "aws:111122223333"];
    assert.match((await plumbline(...named)).out, /aws-ebs-volume-encryption/);
  });

  it("scan each, report all, and fail where one fails", async () => {
    configured("  accounts: [aws:111122223333, tencent:100000012345]\n  services: [s3, cos]\n");
    const connected = (await plumbline("accounts")).out;
    const tencent = /tencent:\d+/.exec(connected)?.[0] ?? "";
    configured(`  accounts: [aws:111122223333, "${tencent}"]\n  services: [s3, cos]\n`);
    const scanned = await plumbline("scan", "--yes", "--format", "json");
    assert.equal(scanned.code, 1, scanned.error);
    const views = JSON.parse(scanned.out) as ResultsView[];
    assert.deepEqual(
      views.map(({ scan }) => scan.account),
      ["aws:111122223333", tencent],
    );
    for (const { results } of views) assert.ok(results.every(({ service }) => ["s3", "cos"].includes(service)));
    const html = (await plumbline("results", "--account", "all", "--format", "html")).out;
    assert.match(html, /<caption>By account<\/caption>/);
  });
});
