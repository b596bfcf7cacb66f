import assert from "node:assert/strict";
import { plumbline, withFolder } from "../harness/engine.ts";

const check = ["--checks", "tencent-cos-bucket-public-read"];
const main = `variable "acl" {
  default = "private"
}

resource "tencentcloud_cos_bucket" "site" {
  bucket = "site-1250000000"
  acl    = var.acl
}

resource "tencentcloud_cos_bucket" "work" {
  bucket = "work-1250000000"
  acl    = terraform.workspace == "blue" ? "public-read" : "private"
}
`;
const settings = `environments:
  production:
    variableFiles: [production.tfvars]
    workspace: blue
  test:
    workspace: blue
  empty:
`;
const files = { "main.tf": main, "plumbline.yaml": settings, "production.tfvars": 'acl = "public-read"\n' };

interface JsonReport {
  readonly findings: readonly { readonly message: string; readonly environments?: readonly string[]; readonly line?: number }[];
  readonly results: readonly { readonly kind: string; readonly environment?: string }[];
}

async function run(folder: string, ...args: string[]): Promise<JsonReport> {
  return JSON.parse((await plumbline([folder, ...check, "--format", "json", ...args])).out) as JsonReport;
}

describe("environments of plumbline.yaml", function () {
  this.timeout(300_000);

  it("bring variable files and the workspace's name", async () => {
    await withFolder(files, async (folder) => {
      const count = async (...args: string[]): Promise<number> => (await run(folder, ...args)).findings.length;
      assert.equal(await count(), 0);
      assert.equal(await count("--environment", "production"), 2);
      assert.equal(await count("--environment", "test"), 1);
      assert.equal(await count("--environment", "empty"), 0);
    });
  });

  it("are assessed in turn with `all`; a finding names those that it holds in, once", async () => {
    await withFolder(files, async (folder) => {
      const report = await run(folder, "--environment", "all", "--show", "all");
      assert.deepEqual(
        report.findings.map(({ environments }) => environments),
        [["production"], ["production", "test"]],
      );
      assert.match(report.findings[0]?.message ?? "", / \(production\)$/);
      const passed = report.results.filter(({ kind }) => kind === "pass").map(({ environment }) => environment);
      assert.deepEqual(passed, ["test", "empty", "empty"]);
      const { out } = await plumbline([folder, ...check, "--environment", "all"]);
      assert.match(
        out,
        /Environment production:\nCoverage: 2 resources seen, 2 assessed.*\nEnvironment test:\nCoverage: 2 resources seen/,
      );
    });
  });

  it("may have a default", async () => {
    await withFolder({ ...files, "plumbline.yaml": `${settings}environment: production\n` }, async (folder) => {
      assert.equal((await run(folder)).findings.length, 2);
      assert.equal((await run(folder, "--environment", "empty")).findings.length, 0);
    });
  });

  it("are asked for by a name that exists", async () => {
    await withFolder(files, async (folder) => {
      const { code, error } = await plumbline([folder, "--environment", "staging"]);
      assert.equal(code, 2);
      assert.match(error, /there is no "staging"\. There are production, test, empty, and all\./);
    });
    await withFolder({ "main.tf": main }, async (folder) => {
      const { code, error } = await plumbline([folder, "--environment", "all"]);
      assert.equal(code, 2);
      assert.match(error, /plumbline\.yaml describes no environments/);
    });
  });

  it("that are written wrongly are said in plumbline.yaml", async () => {
    const wrong = "environment: prod\nenvironments:\n  production:\n    varFiles: [a.tfvars]\n  all: {}\n";
    await withFolder({ "main.tf": main, "plumbline.yaml": wrong }, async (folder) => {
      const { out } = await plumbline([folder, ...check]);
      assert.match(out, /There is no environment `prod`/);
      assert.match(out, /`varFiles` is not a setting of `environments\.production`/);
      assert.match(out, /`all` stands for every environment/);
    });
  });
});

describe("risk levels of plumbline.yaml", function () {
  this.timeout(300_000);

  it("replace the item's own everywhere: in reports, selections and the minimum", async () => {
    const open = main.replace('"private"', '"public-read"');
    await withFolder({ "main.tf": open, "plumbline.yaml": "checks:\n  risk:\n    tencent-cos-*: low\n" }, async (folder) => {
      const { out } = await plumbline([folder, ...check]);
      assert.match(out, /^low risk Bucket ACL/m);
      const strict = await plumbline([folder, ...check, "--min-risk", "medium", "--show", "all"]);
      assert.equal(strict.code, 0);
      assert.match(strict.out, /Turned off: .*tencent-cos-bucket-public-read/);
    });
  });

  it("for items that are not there are reported", async () => {
    const yaml = "checks:\n  risk:\n    tencent-cos-bucket-public-reed: low\n    aws-*: severe\n";
    await withFolder({ "main.tf": main, "plumbline.yaml": yaml }, async (folder) => {
      const { out } = await plumbline([folder, ...check]);
      assert.match(out, /There is no check item `tencent-cos-bucket-public-reed`\. Did you mean `?tencent-cos-bucket-public-read/);
      assert.match(out, /`aws-\*` is one of `high`, `medium` and `low`/);
    });
  });
});
