import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { queryObjects } from "node:v8";
import { corpus } from "../../../bench/corpus.ts";
import { checkOnce, checkFully, deliverFolders } from "../../../src/cli/workspace.ts";
import { knownFailures, renderBaseline } from "../../../src/core/findings/baseline.ts";
import type { Report } from "../../../src/core/findings/model.ts";
import { renderJson } from "../../../src/core/reports/json.ts";
import { renderSarif } from "../../../src/core/reports/sarif.ts";
import type { BatchService, Service } from "../../../src/core/service.ts";
import { ModuleEvaluator } from "../../../src/core/terraform/module-evaluator.ts";
import { toFilePath } from "../../../src/host/workspace-files.ts";
import { openService, withFolder } from "../../harness/engine.ts";

/* A check that keeps nothing says what the one that keeps everything says, word for word. */

const project = join(import.meta.dirname, "../../..");

function rendered(service: Service, report: Report, base: string, show: "all" | "unknown" = "all"): string {
  const context = { version: "", base, text: (path: string) => service.text(path), show };
  return renderJson(report, context) + renderSarif(report, context);
}

/** The report of either kind of check over folders on disk, which must be the same; a service after the check for once. */
async function compare(
  folders: readonly string[],
  settings: Parameters<Service["configure"]>[0] = {},
): Promise<[BatchService, Report]> {
  const open = async (): Promise<BatchService> => {
    const service = await openService();
    service.configure(settings);
    deliverFolders(service, folders);
    return service;
  };
  const [keeping, once] = [await open(), await open()];
  const expected = await checkFully(keeping);
  const base = folders[0] ?? "";
  const few = checkOnce(once, { passes: false });
  assert.equal(rendered(once, few, base, "unknown"), rendered(keeping, expected, base, "unknown"));
  const report = checkOnce(once, { passes: true });
  assert.equal(rendered(once, report, base), rendered(keeping, expected, base));
  return [once, report];
}

const module = `variable "cidr" { type = string }

variable "policy" {
  type    = string
  default = "{}"
}

resource "aws_security_group" "this" {
  name = "shared"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.cidr]
  }
}

resource "aws_iam_policy" "this" {
  policy = var.policy
}

resource "aws_ebs_volume" "this" {
  availability_zone = "us-east-1a"
  encrypted         = false
}
`;

const caller = (cidr: string): string => `module "net" {
  source = "../modules/net"
  cidr   = "${cidr}"
  policy = file("\${path.module}/../policies/all.json")
}

module "missing" {
  source = "../modules/missing"
}
`;

/** What spans roots, and what is asked for on the way. */
const files = {
  "a/main.tf": caller("0.0.0.0/0"),
  "b/main.tf": caller("10.0.0.0/8"),
  "c/main.tf": `${caller("0.0.0.0/0")}
# plumbline:ignore aws-ebs-volume-encryption -- scratch
module "outside" {
  source = "../../elsewhere/volume"
}

moved {
  from = aws_s3_bucket.before
  to   = aws_s3_bucket.after
}

resource "aws_s3_bucket" "after" {
  bucket = local.cycle
}

locals {
  cycle = local.other
  other = "\${local.cycle}x"
}
`,
  "excluded/main.tf": module,
  "broken/main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = \n',
  "modules/net/main.tf": `${module}\n# plumbline:ignore-file aws-nothing -- no such item\n`,
  "policies/all.json": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  "plumbline.yaml": "exclude: [excluded]\nbaseline: known.json\n",
};
const elsewhere = {
  "elsewhere/volume/main.tf": module.replace('variable "cidr" { type = string }', 'variable "cidr" { default = "0.0.0.0/0" }'),
};

describe("a check that keeps nothing", () => {
  it("finds what spans roots: shared modules, files that are asked for, ignore comments, a baseline, moved blocks", async () => {
    const below = Object.fromEntries(Object.entries(files).map(([path, text]) => [`work/${path}`, text]));
    const before = {
      "work/c/main.tf": below["work/c/main.tf"]?.replaceAll("after", "before").replace(/moved \{[^}]*\}/, "") ?? "",
    };
    await withFolder({ ...below, ...elsewhere, ...before }, async (folder) => {
      const [, first] = await compare([`${folder}/work`]);
      const baseline = renderBaseline(
        knownFailures(
          first.results.filter(({ root }) => root.endsWith("/c")),
          `${folder}/work`,
        ),
      );
      await withFolder({ ...below, ...elsewhere, "work/known.json": baseline }, async (next) => {
        const [, report] = await compare([`${next}/work`]);
        const messages = report.findings.map(({ message }) => message).join("\n");
        assert.match(messages, /\(in 2 of 3 callers\)/);
        const kinds = new Set(report.results.map(({ suppression }) => suppression?.by));
        assert.deepEqual([...kinds].sort(), ["baseline", "comment", undefined]);
        assert.ok(
          report.findings.some(({ check }) => check.id.includes("policy")),
          "the file that was asked for",
        );
        assert.ok(report.problems.some(({ code }) => code === "missing-module"));
        assert.ok(report.problems.some(({ code }) => code === "cycle"));
        assert.ok(report.hasBaseline);
        assert.ok(!report.problems.some(({ file }) => file.endsWith("plumbline.yaml")));
        assert.ok(report.findings.every(({ location }) => !location.file.includes("/excluded/")));
        await compare([`${next}/work/a`, `${next}/work/c`, `${next}/work`]);
      });
    });
  });

  it("says of every example and layout what the other check says", async function () {
    this.timeout(120_000);
    const layouts = join(project, "test/fixtures/layouts");
    await compare([toFilePath(layouts)]);
    await compare([toFilePath(join(project, "examples"))]);
    for (const name of readdirSync(join(project, "examples/landing-zone/environments"))) {
      await compare([toFilePath(join(project, "examples/landing-zone"))], { environment: name.replace(/\..*$/, "") });
    }
  });

  it("says of a large workspace what the other check says", async function () {
    this.timeout(120_000);
    await withFolder(Object.fromEntries(corpus(106)), async (folder) => {
      await compare([folder]);
    });
  });

  it("leaves out what passes where nobody wants it, and counts it", async () => {
    await withFolder({ "main.tf": caller("10.0.0.0/8"), "modules/net/main.tf": module }, async (folder) => {
      const service = await openService();
      deliverFolders(service, [folder]);
      const [few, all] = [checkOnce(service, { passes: false }), checkOnce(service, { passes: true })];
      const passing = ({ results }: Report): number => results.filter(({ result }) => result.outcome.kind === "pass").length;
      assert.equal(passing(few), 0);
      assert.ok(passing(all) > 0);
      assert.equal(few.coverage.results.pass, passing(all));
      assert.deepEqual(few.coverage, all.coverage);
    });
  });

  it("lets go of each root before the next", async () => {
    const root = `module "net" {
  source   = "../modules/net"
  for_each = toset([for number in range(10) : tostring(number)])
  cidr     = "10.0.0.0/8"
}
`;
    const roots = {
      "a/main.tf": root,
      "b/main.tf": root,
      "c/main.tf": `${root}
output "late" { value = file("late.txt") }
`,
    };
    await withFolder({ ...roots, "modules/net/main.tf": module, "c/late.txt": "" }, async (folder) => {
      const service = await openService();
      deliverFolders(service, [folder]);
      const alive = (): number => queryObjects(ModuleEvaluator, { format: "count" });
      const before = alive();
      let during = 0;
      service.checkOnce(
        ({ kind, path }) => {
          assert.equal(kind, "file");
          // The third root is being assessed: it has eleven modules, and of the others there is at most the root module.
          if (path.endsWith("late.txt")) during = alive();
          service.setFile(path, { kind: "text", text: "" });
        },
        { passes: false },
      );
      assert.ok(during >= 11 && during - before <= 13, `${during} module evaluators are alive, ${before} of other tests`);
    });
  });

  it("leaves a service that evaluates again what it is asked for, and follows edits", async () => {
    await withFolder({ ...files, "plumbline.yaml": "" }, async (folder) => {
      const [service, report] = await compare([folder]);
      const finding = report.findings.find(({ location }) => location.file.endsWith("modules/net/main.tf"));
      assert.ok(finding !== undefined);
      const keeping = await openService();
      deliverFolders(keeping, [folder]);
      const kept = await checkFully(keeping);
      const same = kept.findings.find(({ id }) => id === finding.id);
      assert.ok(same !== undefined);
      const offers = (of: Service, one: typeof finding): readonly string[] => of.fixes(one).map(({ title }) => title);
      assert.ok(offers(keeping, same).length > 0);
      assert.deepEqual(offers(service, finding), offers(keeping, same));
      for (const one of [service, keeping]) {
        await checkFully(one);
        if (one === service) checkOnce(one, { passes: true });
        one.setFile(`${folder}/a/main.tf`, { kind: "text", text: caller("10.1.0.0/16") });
      }
      const expected = await checkFully(keeping);
      assert.equal(rendered(service, await checkFully(service), folder), rendered(keeping, expected, folder));
      assert.equal(rendered(service, checkOnce(service, { passes: true }), folder), rendered(keeping, expected, folder));
    });
  });
});
