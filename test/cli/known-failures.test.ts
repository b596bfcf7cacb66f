import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sarifComplaints } from "../core/reports/sarif-schema.ts";
import { plumbline, withFolder } from "../harness/engine.ts";

/* --baseline, --write-baseline and --since: only what is new is reported, and what is known is counted. */

const check = ["--checks", "tencent-cos-bucket-public-read"];

function bucket(name: string, acl = "public-read"): string {
  return `resource "tencentcloud_cos_bucket" "${name}" {\n  bucket = "${name}-1250000000"\n  acl    = "${acl}"\n}\n`;
}

function git(folder: string, ...args: string[]): void {
  const identity = ["-c", "user.name=example", "-c", "user.email=example@example.com", "-c", "commit.gpgsign=false"];
  const { status, stderr } = spawnSync("git", ["-C", folder, ...identity, ...args], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

/** Addresses of the findings. */
async function findings(args: readonly string[]): Promise<string[]> {
  const { out } = await plumbline([...args, ...check, "--format", "json"]);
  const report = JSON.parse(out) as { findings: { instances: { address: string }[] }[] };
  return report.findings.flatMap(({ instances }) => instances.map(({ address }) => address)).sort();
}

describe("a baseline", function () {
  this.timeout(300_000);

  it("holds the failures of now; only later ones are reported, and the known ones counted", async () => {
    await withFolder({ "main.tf": bucket("old") }, async (folder) => {
      const baseline = join(folder, "baseline.json");
      const written = await plumbline([folder, ...check, "--write-baseline", baseline]);
      assert.equal(written.code, 1);
      assert.match(written.error, /1 known failure in/);
      writeFileSync(join(folder, "main.tf"), `# Moved down.\n\n${bucket("new")}\n${bucket("old")}`);
      const { code, out } = await plumbline([folder, ...check, "--baseline", baseline]);
      assert.equal(code, 1);
      assert.match(out, /tencentcloud_cos_bucket\.new/);
      assert.doesNotMatch(out, /tencentcloud_cos_bucket\.old/);
      assert.match(out, /^Known from the baseline: 1 failing result\.$/m);
      writeFileSync(join(folder, "main.tf"), bucket("old"));
      assert.equal((await plumbline([folder, ...check, "--baseline", baseline])).code, 0);
    });
  });

  it("is the same wherever the command runs and whichever folder is named", async () => {
    await withFolder({ "stacks/a/main.tf": bucket("old"), "stacks/b/main.tf": bucket("old") }, async (folder) => {
      const baseline = join(folder, "baseline.json");
      await plumbline([join(folder, "stacks"), ...check, "--write-baseline", baseline]);
      assert.deepEqual(await findings([join(folder, "stacks/a"), "--baseline", baseline]), []);
      assert.deepEqual(await findings([folder, "--baseline", baseline]), []);
      writeFileSync(join(folder, "stacks/b/more.tf"), bucket("more"));
      assert.deepEqual(await findings([folder, "--baseline", baseline]), ["tencentcloud_cos_bucket.more"]);
    });
  });

  it("follows moved blocks, into modules too", async () => {
    const module = `variable "acl" {}\n\nresource "tencentcloud_cos_bucket" "this" {\n  bucket = "old-1250000000"\n  acl    = var.acl\n}\n`;
    await withFolder({ "main.tf": bucket("old"), "store/main.tf": module }, async (folder) => {
      const baseline = join(folder, "baseline.json");
      await plumbline([folder, ...check, "--write-baseline", baseline]);
      const call = 'module "store" {\n  source = "./store"\n  acl    = "public-read"\n}\n';
      writeFileSync(join(folder, "main.tf"), call);
      assert.deepEqual(await findings([folder, "--baseline", baseline]), ["module.store.tencentcloud_cos_bucket.this"]);
      const moved = "moved {\n  from = tencentcloud_cos_bucket.old\n  to   = module.store.tencentcloud_cos_bucket.this\n}\n";
      writeFileSync(join(folder, "main.tf"), `${call}\n${moved}`);
      assert.deepEqual(await findings([folder, "--baseline", baseline]), []);
    });
  });

  it("may be named in plumbline.yaml, for the editor too", async () => {
    await withFolder({ "main.tf": bucket("old"), "plumbline.yaml": "baseline: known.json\n" }, async (folder) => {
      await plumbline([folder, ...check, "--write-baseline", join(folder, "known.json")]);
      assert.deepEqual(await findings([folder]), []);
    });
  });

  it("that is missing, broken, or no baseline excuses nothing and says so", async () => {
    await withFolder({ "main.tf": bucket("old"), "other.json": '{"version": 1}', "broken.json": "{" }, async (folder) => {
      const missing = await plumbline([folder, ...check, "--baseline", join(folder, "none.json")]);
      assert.deepEqual([missing.code, missing.out], [2, ""]);
      assert.match(missing.error, /there is no baseline .* --write-baseline makes it/);
      for (const [name, message] of [
        ["other.json", /no baseline, so nothing counts as known/],
        ["broken.json", /not valid JSON, so nothing counts as known/],
      ] as const) {
        const { code, out } = await plumbline([folder, ...check, "--baseline", join(folder, name)]);
        assert.equal(code, 1);
        assert.match(out, message);
        assert.match(out, /tencentcloud_cos_bucket\.old/);
      }
    });
  });

  it("shows in SARIF as the state of each result", async () => {
    await withFolder({ "main.tf": `${bucket("old")}\n${bucket("fine", "private")}` }, async (folder) => {
      const baseline = join(folder, "baseline.json");
      await plumbline([folder, ...check, "--write-baseline", baseline]);
      writeFileSync(join(folder, "new.tf"), bucket("new"));
      const { out } = await plumbline([folder, ...check, "--baseline", baseline, "--format", "sarif", "--show", "all"]);
      const log = JSON.parse(out) as { runs: { results: { kind: string; baselineState: string }[] }[] };
      assert.deepEqual(sarifComplaints(log), []);
      assert.deepEqual(log.runs[0]?.results.map(({ kind, baselineState }) => `${kind} ${baselineState}`).sort(), [
        "fail new",
        "fail unchanged",
        "pass new",
      ]);
    });
  });

  it("reads well in a review: one failure a line, in order, without what is ignored", async () => {
    const text = `${bucket("b")}\n${bucket("a")}\n# plumbline:ignore tencent-cos-bucket-public-read A public site.\n${bucket("site")}`;
    await withFolder({ "main.tf": text }, async (folder) => {
      await plumbline([folder, ...check, "--write-baseline", join(folder, "baseline.json")]);
      assert.equal(
        readFileSync(join(folder, "baseline.json"), "utf8"),
        `{
"plumbline": "baseline",
"version": 1,
"results": [
 {"check":"tencent-cos-bucket-public-read","root":".","address":"tencentcloud_cos_bucket.a","at":"acl"},
 {"check":"tencent-cos-bucket-public-read","root":".","address":"tencentcloud_cos_bucket.b","at":"acl"}
]
}
`,
      );
    });
  });
});

describe("plumbline check --since", function () {
  this.timeout(300_000);

  it("reports what was not there at the revision, committed or not", async () => {
    await withFolder({ "main.tf": bucket("old") }, async (folder) => {
      git(folder, "init", "-q", "-b", "main");
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "one");
      git(folder, "tag", "one");
      assert.deepEqual(await findings([folder, "--since", "one"]), []);
      writeFileSync(join(folder, "second.tf"), bucket("second"));
      assert.deepEqual(await findings([folder, "--since", "HEAD"]), ["tencentcloud_cos_bucket.second"]);
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "two");
      assert.deepEqual(await findings([folder, "--since", "HEAD"]), []);
      assert.deepEqual(await findings([folder, "--since", "one"]), ["tencentcloud_cos_bucket.second"]);
    });
  });

  it("sees that a change in one file makes a failure in another, and knows renamed files", async () => {
    const module =
      'variable "acl" {}\n\nresource "tencentcloud_cos_bucket" "b" {\n  bucket = "b-1250000000"\n  acl    = var.acl\n}\n';
    const call = (acl: string): string => `module "b" {\n  source = "./b"\n  acl    = "${acl}"\n}\n`;
    await withFolder(
      { "infra/main.tf": call("private"), "infra/old.tf": bucket("old"), "infra/b/main.tf": module },
      async (top) => {
        const folder = join(top, "infra");
        git(top, "init", "-q", "-b", "main");
        git(top, "add", ".");
        git(top, "commit", "-qm", "one");
        git(top, "mv", "infra/old.tf", "infra/renamed.tf");
        writeFileSync(join(folder, "main.tf"), call("public-read"));
        assert.deepEqual(await findings([folder, "--since", "HEAD"]), ["module.b.tencentcloud_cos_bucket.b"]);
      },
    );
  });

  it("takes what Git ignores from the disk: a local variable file is no news", async () => {
    const files = {
      "main.tf": `variable "acl" {\n  default = "private"\n}\n\n${bucket("old", "${var.acl}")}`,
      ".gitignore": "*.tfvars\n",
    };
    await withFolder({ ...files, "terraform.tfvars": 'acl = "public-read"\n' }, async (folder) => {
      git(folder, "init", "-q", "-b", "main");
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "one");
      assert.deepEqual(await findings([folder]), ["tencentcloud_cos_bucket.old"]);
      assert.deepEqual(await findings([folder, "--since", "HEAD"]), []);
    });
  });

  it("judges both states by today's plumbline.yaml", async () => {
    await withFolder({ "main.tf": bucket("old"), "plumbline.yaml": "checks:\n  exclude: [tencent-*]\n" }, async (folder) => {
      git(folder, "init", "-q", "-b", "main");
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "one");
      writeFileSync(join(folder, "plumbline.yaml"), "minimumRisk: low\n");
      assert.deepEqual(await findings([folder, "--since", "HEAD"]), []);
    });
  });

  it("says what is wrong outside of Git and with a revision that is not there", async () => {
    await withFolder({ "main.tf": bucket("old") }, async (folder) => {
      const outside = await plumbline([folder, "--since", "HEAD"]);
      assert.equal(outside.code, 2);
      assert.match(outside.error, /is in no Git work tree, or git is not installed/);
      git(folder, "init", "-q", "-b", "main");
      git(folder, "add", ".");
      git(folder, "commit", "-qm", "one");
      const unknown = await plumbline([folder, "--since", "nowhere"]);
      assert.equal(unknown.code, 2);
      assert.match(unknown.error, /there is no revision "nowhere" here/);
    });
  });
});
