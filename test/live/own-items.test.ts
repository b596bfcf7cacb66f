import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewView, ResultsView } from "../../src/live/protocol.ts";
import type { LiveService, ScanRequest } from "../../src/live/live-service.ts";
import { bundled } from "../harness/check-world.ts";
import { commandLine, type Ran } from "../harness/command-line.ts";
import { fakeCloud, liveService, testCatalogue } from "./fake-cloud.ts";

/* A workspace's own check items over a live account, as a person runs them. */

const item = (assertion: string, more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    title: "Buckets carry our prefix",
    instance: "aws_s3_bucket",
    dimensions: "[security]",
    category: "protection",
    risk: "medium",
    tier: "free",
    assert: assertion,
    message: "The bucket is called {bucket}.",
    why: "Bills are split by the prefix.",
    advice: "Make a bucket with the prefix, and move what is in this one.",
    noFix: "A bucket's name can't be changed.",
    ...more,
  })
    .map(([name, value]) => `${name}: ${JSON.stringify(value).startsWith('"[') ? value : JSON.stringify(value)}\n`)
    .join("");

describe("own check items of a workspace", function () {
  this.timeout(180_000);
  let folder = "";

  const write = (name: string, text: string): void => {
    mkdirSync(join(folder, "rules", "aws", "s3"), { recursive: true });
    writeFileSync(join(folder, "rules", "aws", "s3", `${name}.yaml`), text);
  };
  const plumbline = (...args: readonly string[]): Promise<Ran> => commandLine(folder)(...args);
  const json = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse((await plumbline(...args, "--format", "json")).out) as T;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-own-"));
    writeFileSync(join(folder, "plumbline.yaml"), "checkFolders: [rules]\n");
    write("our-prefix", item('bucket.startsWith("pinewood-m")'));
    write("paid-prefix", item('bucket.startsWith("pinewood-")', { tier: "paid", title: "Buckets carry the company's name" }));
    await plumbline("accounts", "connect", "aws", "--source", "sample");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("are part of the estimate, and what is wrong with one is said with its line", async () => {
    const found = await json<PreviewView>("estimate", "--services", "s3");
    const ours = found.items.find(({ id }) => id === "aws-s3-our-prefix");
    assert.ok(ours !== undefined && ours.free && ours.scanTimes > 1, JSON.stringify(ours));
    assert.deepEqual([ours.title, ours.service, ours.risk], ["Buckets carry our prefix", "s3", "medium"]);
    // Its tier says whether it is charged, as of any item.
    assert.equal(found.items.find(({ id }) => id === "aws-s3-paid-prefix")?.left, "plan");
    assert.deepEqual(found.problems, []);
    write("misspelt", item("bukket == 'x'"));
    const { problems, items } = await json<PreviewView>("estimate", "--services", "s3");
    assert.ok(!items.some(({ id }) => id === "aws-s3-misspelt"));
    assert.match(problems[0]?.file ?? "", /rules\/aws\/s3\/misspelt\.yaml$/);
    assert.equal(problems[0]?.line, 7);
    const estimated = await plumbline("estimate", "--services", "s3");
    assert.match(estimated.out, /misspelt\.yaml:7: error: .*bukket/);
    assert.equal(estimated.code, 2);
    // What passes is not all there is to say.
    write("named", item('bucket != ""', { title: "Buckets have names" }));
    const scanned = await plumbline("scan", "--checks", "aws-s3-named,aws-s3-misspelt", "--yes");
    assert.match(scanned.error, /misspelt\.yaml:7: error/);
    assert.deepEqual([scanned.code, /0 failed, [1-9]\d* passed/.test(scanned.out)], [2, true], scanned.out);
    rmSync(join(folder, "rules", "aws", "s3", "named.yaml"));
    const verified = await plumbline("verify", "aws-s3-misspelt");
    assert.equal(verified.code, 2);
    assert.match(verified.error, /no check item `aws-s3-misspelt`.*\n.*misspelt\.yaml:7: error/);
    rmSync(join(folder, "rules", "aws", "s3", "misspelt.yaml"));
  });

  it("are not scanned by settings that can't be read: what they leave out would be charged", async () => {
    const file = join(folder, "plumbline.yaml");
    writeFileSync(file, "checkFolders: [rules]\nchecks:\n  exclude: [{ id: aws-s3-no-such }]\nscan:\n  service: [s3]\n");
    const estimated = await plumbline("estimate");
    assert.equal(estimated.code, 2);
    assert.match(estimated.out, /plumbline\.yaml:5: error: .*`service`/);
    assert.match(estimated.out, /plumbline\.yaml:3: warning: No check item/);
    const scanned = await plumbline("scan", "--yes");
    assert.equal(scanned.code, 2);
    assert.match(scanned.error, /nothing was scanned\.\n.*plumbline\.yaml:5: error/);
    const policy = await plumbline("policy", "read", "aws");
    assert.deepEqual([policy.code, /plumbline\.yaml:5: error/.test(policy.error)], [2, true]);
    // An item of files is one here, too.
    writeFileSync(file, "checkFolders: [rules]\nchecks:\n  exclude: [{ id: aws-provider-hardcoded-credentials }]\n");
    assert.equal((await plumbline("estimate", "--services", "s3")).out.includes("plumbline.yaml:"), false);
    writeFileSync(file, "checkFolders: [rules]\n");
  });

  it("are scanned, and read where their file is gone", async () => {
    const { code, error } = await plumbline("scan", "--services", "s3", "--yes");
    assert.equal(code, 1, error);
    const found = await json<ResultsView>("results");
    const ours = found.results.filter(({ item: id }) => id === "aws-s3-our-prefix");
    assert.deepEqual([...new Set(ours.map(({ status }) => status))].sort(), ["fail", "pass"]);
    const fail = ours.find(({ status, name }) => status === "fail" && name === "pinewood-uploads");
    assert.equal(fail?.message, "The bucket is called pinewood-uploads.");
    assert.equal(fail.risk, "medium");
    const [{ status, reason } = {}] = found.results.filter(({ item: id }) => id === "aws-s3-paid-prefix");
    assert.deepEqual([status, reason?.kind], ["notChecked", "plan"]);

    assert.equal((await plumbline("verify", "aws-s3-our-prefix")).code, 1);
    const excepted = await plumbline("except", "aws-s3-our-prefix", fail.instance, "--reason", "older than the rule");
    assert.equal(excepted.code, 0, excepted.error);
    await plumbline("verify", "aws-s3-our-prefix");
    const again = await json<ResultsView>("results");
    assert.equal(again.results.find(({ instance }) => instance === fail.instance)?.status, "suppressed");

    rmSync(join(folder, "rules"), { recursive: true });
    const { items } = await json<ResultsView>("results");
    assert.equal(items["aws-s3-our-prefix"]?.title, "Buckets carry our prefix");
    assert.equal(items["aws-s3-our-prefix"].why, "Bills are split by the prefix.");
    assert.ok(!(await json<PreviewView>("estimate", "--services", "s3")).items.some(({ id }) => id === "aws-s3-our-prefix"));
  });
});

describe("an own check item of which something changes", () => {
  const key = "aws:123456789012";
  const never = new AbortController().signal;
  const path = "/w/rules/aws/s3/our-prefix.yaml";
  const configuration = { folder: "/w", file: "/w/plumbline.yaml", text: "checkFolders: [rules]\n" };
  const request: ScanRequest = { account: key, selection: { checks: ["aws-s3-our-prefix"] }, configuration };

  async function connected(files: { path: string; text: string }[]): Promise<LiveService> {
    const { schemas } = await bundled();
    const live = await liveService(fakeCloud(), { own: { schemas, language: "en", read: () => files } });
    await live.connect({ cloud: "aws", source: "profile:good" }, never);
    live.accounts.authorize(key, (await live.authorization("aws", { selection: {}, configuration })).actions);
    return live;
  }
  const outcomes = (live: LiveService, scan: string): readonly string[] =>
    live.scans.results(scan).map(({ status, reason }) => `${status ?? "open"} ${reason?.detail ?? ""}`.trim());

  it("is judged by the definition that was approved, or not at all", async () => {
    const files = [{ path, text: item('bucket == "kept"') }];
    const live = await connected(files);
    const scan = await live.scan(request, await live.preview(request, never), never);
    assert.deepEqual([...outcomes(live, scan.id)].sort(), ["fail", "pass"]);

    const approved = await live.preview(request, never);
    files[0] = { path, text: item('bucket != ""') };
    const changed = await live.scan(request, approved, never);
    assert.deepEqual(outcomes(live, changed.id), Array(2).fill("notChecked the check item was changed after the estimate"));

    const known = await live.preview(request, never);
    // Other words are the same rule.
    files[0] = { path, text: item('bucket != ""', { title: "Buckets have names", why: "So that people find them." }) };
    assert.deepEqual(outcomes(live, (await live.scan(request, known, never)).id), ["pass", "pass"]);
    files.pop();
    assert.deepEqual(
      outcomes(live, (await live.scan(request, known, never)).id),
      Array(2).fill("notChecked the check item is no longer selected"),
    );
  });

  it("is not scanned on, nor in a resumed scan, by settings with an error", async () => {
    const live = await connected([{ path, text: item('bucket == "kept"') }]);
    const approved = await live.preview(request, never);
    const broken = { ...request, configuration: { ...configuration, text: `${configuration.text}checks: { parameter: {} }\n` } };
    await assert.rejects(live.scan(broken, approved, never), /plumbline\.yaml:2: .*nothing was scanned/);
    const { id } = await live.scan(request, approved, never);
    const before = live.scans.get(id);
    assert.ok(before !== undefined);
    live.scans.get = () => ({ ...before, state: "running" });
    await assert.rejects(live.resume(id, broken, never), /plumbline\.yaml:2: .*nothing was scanned/);
  });

  it("is another rule with another default of a parameter, or another instance type", async () => {
    const parameter = (prefix: string): string =>
      `${item("bucket.startsWith(parameters.prefix)")}parameters: { prefix: { type: string, default: ${prefix}, title: The prefix } }\n`;
    const files = [{ path, text: parameter("kept") }];
    const live = await connected(files);
    const approved = await live.preview(request, never);
    assert.deepEqual(approved.problems, []);
    files[0] = { path, text: parameter("lost") };
    assert.deepEqual(
      outcomes(live, (await live.scan(request, approved, never)).id),
      Array(2).fill("notChecked the check item was changed after the estimate"),
    );

    const types = (view: string): { path: string; text: string } => ({
      path: "/w/rules/aws/s3/instances.yaml",
      text: `service: s3\ntypes:\n  aws_s3_bucket_object_lock_configuration:\n    title: Object lock\n    parts: { owner: { type: aws_s3_bucket, to: bucket } }\n    views: { called: { value: s, cel: ${view} } }\n`,
    });
    files.splice(
      0,
      1,
      { path, text: item("called != ''", { instance: "aws_s3_bucket_object_lock_configuration" }) },
      types("bucket"),
    );
    const known = live.reader.rules
      .of(request)
      .items("aws", {})
      .find(({ check }) => check.id === "aws-s3-our-prefix");
    const before = live.reader.rules.of(request);
    files[1] = types("bucket + 'x'");
    const after = live.reader.rules.of(request);
    assert.deepEqual([before.problems, after.problems], [[], []]);
    assert.ok(known !== undefined);
    assert.notEqual(before.definition(known.check), after.definition(known.check));
  });

  it("asks for its calls before an account is read, where no item of the product makes them", async () => {
    const { schemas } = await bundled();
    const all = await testCatalogue();
    const text = item("encrypted", { instance: "aws_ebs_volume", message: "No.", title: "Volumes are encrypted" });
    const live = await liveService(fakeCloud(), {
      catalogue: { ...all, checks: all.checks.filter(({ service }) => service === "s3") },
      own: { schemas, language: "en", read: () => [{ path: "/w/rules/aws/ebs/encrypted.yaml", text }] },
    });
    await live.connect({ cloud: "aws", source: "profile:good" }, never);
    const first = await live.agreement(key, undefined);
    assert.ok(first.fresh.length > 0 && !first.fresh.includes("ec2:DescribeVolumes"));
    live.authorize(key, first.fresh);
    assert.deepEqual((await live.agreement(key, undefined)).fresh, []);

    const wanted: ScanRequest = { account: key, selection: { checks: ["aws-ebs-encrypted"] }, configuration };
    await assert.rejects(live.preview(wanted, never), /not agreed to 1 calls.*ec2:DescribeVolumes/);
    const { fresh, policy } = await live.agreement(key, configuration);
    assert.deepEqual(fresh, ["ec2:DescribeVolumes"]);
    assert.match(policy, /ec2:DescribeVolumes/);
    live.authorize(key, fresh);
    const { problems, estimate } = await live.preview(wanted, never);
    assert.deepEqual([problems, estimate.items[0]?.scanTimes], [[], 2]);
    // What was agreed to for one workspace is not asked again for another.
    assert.deepEqual((await live.agreement(key, undefined)).fresh, []);
    assert.deepEqual((await live.agreement(key, configuration)).fresh, []);
  });

  it("is not looked at for a request that tells of no workspace", async () => {
    const live = await connected([{ path, text: item('bucket == "kept"') }]);
    const { estimate } = await live.preview({ account: key, selection: {} }, never);
    assert.ok(!estimate.items.some(({ item: { id } }) => id === "aws-s3-our-prefix"));
  });

  it("is named where its type can't be read from an account", async () => {
    const text = item("storage_encrypted", { instance: "aws_db_instance", message: "No.", title: "Encrypted" });
    const live = await connected([{ path: "/w/rules/aws/rds/encrypted.yaml", text }]);
    const { unsupported } = await live.preview({ ...request, selection: { checks: ["aws-rds-encrypted"] } }, never);
    assert.deepEqual(unsupported, ["aws-rds-encrypted"]);
  });

  it("is not checked where it goes through too much", async () => {
    const often = Array.from({ length: 7 }, (_, at) => `[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(x${String(at)}, `).join("");
    const live = await connected([{ path, text: item(`bucket != null && ${often}bucket != "")))))))`) }]);
    const preview = await live.preview(request, never);
    assert.deepEqual(preview.problems, []);
    const scan = await live.scan(request, preview, never);
    assert.deepEqual(outcomes(live, scan.id), Array(2).fill("notChecked more than 1000000 elements"));
  });
});
