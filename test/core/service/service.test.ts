import assert from "node:assert/strict";
import { applyEdits } from "../../../src/core/text/text.ts";
import { checkAll, openService, printFindings, serviceWith } from "../../harness/engine.ts";

const bucket = `resource "tencentcloud_cos_bucket" "open" {
  bucket = "example-1250000000"
  acl    = "public-read"
}
`;
const moduleBucket = `variable "acl" {
  type = string
}

resource "tencentcloud_cos_bucket" "this" {
  bucket = "example-1250000000"
  acl    = var.acl
}
`;
const acl = "tencent-cos-bucket-public-read";
const only = (ids: string): string => `checks:\n  include: [${ids}]\n`;

describe("the service", function () {
  this.timeout(300_000);

  it("finds, and finds no more once the text is right", async () => {
    const service = await serviceWith({ "main.tf": bucket, "plumbline.yaml": only(acl) });
    assert.deepEqual(printFindings(await service.check(), service), [`main.tf:3 ${acl} "public-read"`]);
    service.setFile("/w/main.tf", { kind: "text", text: bucket.replace("public-read", "private") });
    assert.deepEqual(printFindings(await service.check(), service), []);
    service.setFile("/w/main.tf", { kind: "text", text: bucket });
    assert.equal((await service.check()).findings.length, 1);
    service.removeFile("/w/main.tf");
    const report = await service.check();
    assert.deepEqual([report.findings.length, report.coverage.resources], [0, 0]);
  });

  it("keeps a finding's id when lines move", async () => {
    const service = await serviceWith({ "main.tf": bucket, "plumbline.yaml": only(acl) });
    const before = (await service.check()).findings[0];
    service.setFile("/w/main.tf", { kind: "text", text: `# One.\n\n# Two.\nlocals {}\n${bucket}` });
    const after = (await service.check()).findings[0];
    assert.equal(after?.id, before?.id);
    assert.equal(after?.location.range.start, (before?.location.range.start ?? 0) + "# One.\n\n# Two.\nlocals {}\n".length);
  });

  it("says in how many callers a module's finding holds, and where their values come from", async () => {
    const service = await serviceWith({
      "main.tf": `module "a" {
  source = "./m"
  acl    = "public-read"
}

module "b" {
  source = "./m"
  acl    = "private"
}

module "c" {
  source = "./m"
  acl    = var.acl
}

variable "acl" {
  default = "public-read"
}
`,
      "m/main.tf": moduleBucket,
      "plumbline.yaml": only(acl),
    });
    const report = await service.check();
    assert.deepEqual(printFindings(report, service), [`m/main.tf:7 ${acl} var.acl`]);
    const [finding] = report.findings;
    assert.match(finding?.message ?? "", /\(in 2 of 3 callers\)$/);
    assert.deepEqual(
      finding?.results.map(({ result }) => result.instance.address),
      ["module.a.tencentcloud_cos_bucket.this", "module.c.tencentcloud_cos_bucket.this"],
    );
    const related = finding.related.map(
      ({ location: { file, range }, message }) => `${(service.text(file) ?? "").slice(range.start, range.end)}: ${message}`,
    );
    assert.ok(
      related.some((line) => line.startsWith('"public-read": ')),
      related.join("\n"),
    );
    assert.ok(
      related.some((line) => line.startsWith('module "c": ')),
      related.join("\n"),
    );
  });

  it("shows a downloaded module's finding on the argument in the workspace, or on the call", async () => {
    const files = {
      "main.tf": `module "a" {
  source  = "example/bucket/tencentcloud"
  version = "1.0.0"
  acl     = "public-read"
}

module "b" {
  source  = "example/open/tencentcloud"
  version = "1.0.0"
}
`,
      ".terraform/modules/modules.json": JSON.stringify({
        Modules: [
          { Key: "", Source: "", Dir: "." },
          { Key: "a", Source: "registry.terraform.io/example/bucket/tencentcloud", Version: "1.0.0", Dir: ".terraform/modules/a" },
          { Key: "b", Source: "registry.terraform.io/example/open/tencentcloud", Version: "1.0.0", Dir: ".terraform/modules/b" },
        ],
      }),
      ".terraform/modules/a/main.tf": moduleBucket,
      ".terraform/modules/b/main.tf": bucket,
      "plumbline.yaml": only(acl),
    };
    const service = await serviceWith({ "main.tf": files["main.tf"], "plumbline.yaml": files["plumbline.yaml"] });
    const report = await checkAll(service, files);
    assert.deepEqual(printFindings(report, service), [`main.tf:4 ${acl} "public-read"`, `main.tf:7 ${acl} module`]);
    assert.deepEqual(
      service.fixes(report.findings[1]!).filter(({ kind }) => kind === "available"),
      [],
    );
  });

  it("offers fixes that make the finding go, and applies all safe ones", async () => {
    const service = await serviceWith({
      "main.tf": 'resource "aws_iam_account_password_policy" "p" {\n  minimum_password_length = 6 # Legacy.\n}\n',
      "plumbline.yaml": only("aws-iam-password-policy-min-length"),
    });
    const report = await service.check();
    assert.equal(report.findings.length, 1);
    const [offer] = service.fixes(report.findings[0]!);
    assert.equal(offer?.kind, "available");
    const fixed = applyEdits(service.text("/w/main.tf") ?? "", service.fixAll().get("/w/main.tf") ?? []);
    assert.match(fixed, /minimum_password_length = 14 # Legacy\./);
    assert.match(service.text("/w/main.tf") ?? "", /= 6 # Legacy/, "trying a fix must leave the workspace as it was");
    service.setFile("/w/main.tf", { kind: "text", text: fixed });
    assert.deepEqual((await service.check()).findings, []);
    assert.equal(service.fixAll().size, 0);
  });

  it("writes ignore comments that it honours", async () => {
    const service = await serviceWith({ "main.tf": bucket, "plumbline.yaml": only(acl) });
    const [finding] = (await service.check()).findings;
    const edit = service.suppress([finding!], "A public web site.");
    service.setFile("/w/main.tf", { kind: "text", text: applyEdits(bucket, edit.get("/w/main.tf") ?? []) });
    const report = await service.check();
    assert.deepEqual([report.findings.length, report.problems.length, report.coverage.results.suppressed], [0, 0, 1]);
    assert.equal(report.results.find(({ suppression }) => suppression !== undefined)?.suppression?.reason, "A public web site.");
  });

  it("binds an ignore comment on a call to that call, nested ones included", async () => {
    const call = (name: string, comment: string): string => `${comment}module "${name}" {\n  source = "./outer"\n}\n\n`;
    const service = await serviceWith({
      "main.tf": call("a", `# plumbline:ignore ${acl} Accepted for a.\n`) + call("b", ""),
      "outer/main.tf": 'module "inner" {\n  source = "../m"\n  acl    = "public-read"\n}\n',
      "m/main.tf": moduleBucket,
      "plumbline.yaml": only(acl),
    });
    const report = await service.check();
    assert.deepEqual(
      report.findings.flatMap(({ results }) => results.map(({ result }) => result.instance.address)),
      ["module.b.module.inner.tencentcloud_cos_bucket.this"],
    );
    assert.equal(report.coverage.results.suppressed, 1);
  });

  it("lets an expired comment's finding stand", async () => {
    const text = `# plumbline:ignore ${acl} until=2026-06-14 Until the site moves.\n${bucket}`;
    const service = await serviceWith({ "main.tf": text, "plumbline.yaml": only(acl) });
    const report = await service.check();
    assert.equal(report.findings.length, 1);
    assert.deepEqual(
      report.problems.map(({ code }) => code),
      ["ignore-expired"],
    );
  });

  it("follows plumbline.yaml while it is edited", async () => {
    const service = await serviceWith({ "main.tf": bucket, "legacy/main.tf": bucket, "plumbline.yaml": only(acl) });
    assert.equal((await service.check()).findings.length, 2);
    const set = async (text: string): Promise<string[]> => {
      service.setFile("/w/plumbline.yaml", { kind: "text", text });
      const report = await service.check();
      return [...printFindings(report, service), ...report.problems.map(({ message }) => message)];
    };
    assert.deepEqual(await set(`${only(acl)}exclude: [legacy]\n`), [`main.tf:3 ${acl} "public-read"`]);
    assert.deepEqual(await set(`checks:\n  include: [${acl}]\n  exclude: [{ risk: high }]\n`), []);
    const problems = await set(`checks:\n  include: [${acl}]\n  exclude: [tencent-cos-bucket-public-raed]\n`);
    assert.ok(
      problems.some((message) => message.includes(`Did you mean \`${acl}\``)),
      problems.join("\n"),
    );
    service.removeFile("/w/plumbline.yaml");
    const { coverage } = await service.check();
    assert.deepEqual(coverage.checksOff, []);
  });

  it("names the items that are off", async () => {
    const service = await serviceWith({
      "main.tf": bucket,
      "plumbline.yaml": "minimumRisk: medium\nchecks: { exclude: [aws-s3-*] }\n",
    });
    const { coverage } = await service.check();
    assert.ok(coverage.checksOff.includes("aws-s3-bucket-versioning"));
    const risks = coverage.checksOff.map((id) => service.checks().get(id)?.risk);
    assert.ok(risks.includes("low"));
    assert.equal(
      coverage.checks + coverage.checksOff.length,
      [...service.checks().values()].filter((check) => check.in !== "live").length,
    );
  });

  it("gives parameters to the item", async () => {
    const policy = 'resource "aws_iam_account_password_policy" "p" {\n  minimum_password_length = 15\n}\n';
    const id = "aws-iam-password-policy-min-length";
    const service = await serviceWith({ "main.tf": policy, "plumbline.yaml": only(id) });
    const [name] = service.checks().get(id)?.parameters.keys() ?? [];
    assert.deepEqual((await service.check()).findings, []);
    if (name === undefined) return;
    service.setFile("/w/plumbline.yaml", { kind: "text", text: `${only(id)}  parameters:\n    ${id}: { ${name}: 20 }\n` });
    assert.equal((await service.check()).findings.length, 1);
  });

  it("runs a workspace's own items, reloads them, and refuses what they may not", async () => {
    const own = `title: Buckets carry our name
instance: tencentcloud_cos_bucket
dimensions: [compliance]
category: protection
risk: low
tier: free
assert: bucket.startsWith("acme-")
message: "The bucket is called {bucket}."
why: Others can't tell whose it is.
advice: Call it acme-….
`;
    const service = await serviceWith({
      "main.tf": bucket,
      "policies/tencent/cos/our-name.yaml": own,
      "plumbline.yaml": "checkFolders: [policies]\nchecks: { include: [tencent-cos-our-name] }\n",
    });
    const first = await service.check();
    assert.deepEqual(printFindings(first, service), ['main.tf:2 tencent-cos-our-name "example-1250000000"']);
    assert.equal(first.findings[0]?.message, "The bucket is called example-1250000000.");

    service.setFile("/w/policies/tencent/cos/our-name.yaml", { kind: "text", text: own.replaceAll("acme", "example") });
    assert.deepEqual(printFindings(await service.check(), service), []);

    service.setFile("/w/policies/tencent/cos/our-name.yaml", {
      kind: "text",
      text: own.replace("bucket.startsWith", "bukcet.startsWith"),
    });
    const wrong = await service.check();
    assert.ok(
      wrong.problems.some(({ file, severity }) => file.endsWith("our-name.yaml") && severity === "error"),
      JSON.stringify(wrong.problems),
    );

    service.setFile("/w/policies/tencent/cos/bucket-public-read.yaml", { kind: "text", text: own });
    const shadowing = await service.check();
    assert.ok(shadowing.problems.some(({ code }) => code === "reserved-id"));
  });

  it("assesses folders apart, each with its own settings", async () => {
    const service = await openService();
    for (const folder of ["/a", "/b"]) service.setFile(`${folder}/main.tf`, { kind: "text", text: bucket });
    service.setFile("/a/plumbline.yaml", { kind: "text", text: `checks: { exclude: [${acl}] }\n` });
    service.setFolders(["/a", "/b"]);
    const report = await service.check();
    assert.deepEqual(
      report.findings.filter(({ check }) => check.id === acl).map(({ location }) => location.file),
      ["/b/main.tf"],
    );
    assert.deepEqual(report.roots, ["/a", "/b"]);
    const ids = report.findings.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("stops when it is told to, and goes on later", async () => {
    const blocks = Array.from({ length: 200 }, (_, index) => bucket.replace('"open"', `"b${index}"`)).join("\n");
    const service = await serviceWith({ "main.tf": blocks, "plumbline.yaml": only(acl) });
    const controller = new AbortController();
    let pauses = 0;
    const pause = (): Promise<void> => {
      if (++pauses === 3) controller.abort(new Error("enough"));
      return Promise.resolve();
    };
    await assert.rejects(service.check({ signal: controller.signal, pause }), /enough/);
    assert.equal((await service.check()).findings.length, 200);
  });

  it("evaluates only what an edit touches", async () => {
    const blocks = Array.from({ length: 50 }, (_, index) => bucket.replace('"open"', `"b${index}"`)).join("\n");
    const service = await serviceWith({ "main.tf": blocks, "plumbline.yaml": only(acl) });
    const before = await service.check();
    service.setFile("/w/main.tf", { kind: "text", text: blocks.replace("public-read", "private") });
    const after = await service.check();
    assert.equal(after.findings.length, 49);
    const same = after.findings.filter((finding) =>
      before.findings.some(({ results }) => results[0]?.result === finding.results[0]?.result),
    );
    assert.equal(same.length, 49);
  });
});
