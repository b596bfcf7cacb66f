import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../../src/cli/arguments.ts";
import { listChecks, showCheck } from "../../src/cli/checks.ts";
import { sarifComplaints } from "../core/reports/sarif-schema.ts";
import { openService, plumbline, withFolder } from "../harness/engine.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
const bucket = `variable "acl" {
  default = "public-read"
}

resource "tencentcloud_cos_bucket" "open" {
  bucket = "example-1250000000"
  acl    = var.acl
}
`;
const check = ["--checks", "tencent-cos-bucket-public-read"];

interface SarifLog {
  readonly runs: readonly [
    {
      readonly columnKind: string;
      readonly originalUriBaseIds: { readonly SRCROOT: { readonly uri: string } };
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly kind: string;
        readonly level: string;
        readonly partialFingerprints: Readonly<Record<string, string>>;
        readonly suppressions?: readonly { readonly kind: string; readonly justification?: string }[];
        readonly locations: readonly [
          {
            readonly physicalLocation: { readonly artifactLocation: object; readonly region: object };
            readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }];
          },
        ];
      }[];
    },
  ];
}

describe("plumbline check", function () {
  this.timeout(300_000);

  it("prints findings with the source, where values come from, and the coverage", async () => {
    await withFolder({ "main.tf": bucket }, async (folder) => {
      const { code, out } = await plumbline([folder, ...check]);
      assert.equal(code, 1);
      const text = out.replaceAll(/ +$/gm, "");
      assert.ok(
        text.startsWith(`high risk Bucket ACL does not let everyone read [tencent-cos-bucket-public-read]
 --> main.tf:7:12
  |
7 |   acl    = var.acl
  |            ^^^^^^^ The ACL \`public-read\` lets everyone read the bucket's objects.
 ::: main.tf:2:13
  |
2 |   default = "public-read"
  |             ------------- var.acl has this default.
  = resource: tencentcloud_cos_bucket.open
`),
        text,
      );
      assert.match(
        text,
        /\n1 finding: 1 high risk\.\nCoverage: 1 resource seen, 1 assessed by 1 check, 0 of types that it does not look at\.\n/,
      );
    });
  });

  it("takes variables from the command line, the environment and files", async () => {
    await withFolder({ "main.tf": bucket, "private.tfvars": 'acl = "private"\n' }, async (folder) => {
      assert.equal((await plumbline([folder, ...check, "--var", "acl=private"])).code, 0);
      assert.equal((await plumbline([folder, ...check], { TF_VAR_acl: "private" })).code, 0);
      assert.equal((await plumbline([folder, ...check, "--var-file", join(folder, "private.tfvars")])).code, 0);
      assert.equal((await plumbline([folder, ...check, "--var-file", join(folder, "absent.tfvars")])).code, 2);
    });
  });

  it("leaves out what is below the risk asked for", async () => {
    await withFolder({ "main.tf": bucket }, async (folder) => {
      const { out } = await plumbline([folder, "--min-risk", "high", "--format", "json"]);
      const report = JSON.parse(out) as { findings: { risk: string }[]; coverage: { checksOff: string[] } };
      assert.deepEqual([...new Set(report.findings.map(({ risk }) => risk))], ["high"]);
      assert.ok(report.coverage.checksOff.length > 0);
    });
  });

  it("says in how many of the groups that no block stands for a finding holds, whatever the last check item finds", async () => {
    const rule = (name: string, group: string, from: number): string => `
resource "aws_vpc_security_group_ingress_rule" "${name}" {
  security_group_id = "sg-0123456789abcdef${group}"
  ip_protocol       = "tcp"
  from_port         = ${from}
  to_port           = 3389
  cidr_ipv4         = "0.0.0.0/0"
}
`;
    // The first group alone is open to SSH, which is looked at last.
    await withFolder({ "main.tf": rule("one", "1", 22) + rule("two", "2", 3389) }, async (folder) => {
      const { out } = await plumbline([folder, "--checks", "aws-ec2-sg-rdp-open,aws-ec2-sg-ssh-open", "--format", "json"]);
      const { findings } = JSON.parse(out) as { findings: { check: string; message: string }[] };
      assert.deepEqual(
        findings.map(({ check: id, message }) => `${id}: ${message}`),
        [
          "aws-ec2-sg-rdp-open: Ingress from 0.0.0.0/0 reaches TCP 3389. (in 1 of 2 instances)",
          "aws-ec2-sg-ssh-open: Ingress from 0.0.0.0/0 reaches TCP 22.",
          "aws-ec2-sg-rdp-open: Ingress from 0.0.0.0/0 reaches TCP 3389. (in 1 of 2 instances)",
        ],
      );
    });
  });

  it("names an instance alike in every format, whichever folders are checked together", async () => {
    const files = {
      "a/main.tf": `${bucket}\nresource "tencentcloud_cos_bucket" "two" {\n  count  = 2\n  bucket = "two-1250000000"\n  acl    = "public-read"\n}\n`,
      "b/c/main.tf": bucket,
    };
    await withFolder(files, async (folder) => {
      for (const targets of [[folder], [join(folder, "a")], [join(folder, "a"), join(folder, "b/c")]]) {
        const json = JSON.parse((await plumbline([...targets, ...check, "--format", "json"])).out) as {
          findings: { instances: { address: string; fingerprint: string }[] }[];
        };
        const sarif = JSON.parse((await plumbline([...targets, ...check, "--format", "sarif"])).out) as SarifLog;
        const inJson = json.findings.flatMap(({ instances }) => instances.map((one) => `${one.address} ${one.fingerprint}`));
        const inSarif = sarif.runs[0].results.map(({ partialFingerprints, locations: [{ logicalLocations }] }) =>
          [logicalLocations[0].fullyQualifiedName, ...Object.values(partialFingerprints)].join(" "),
        );
        assert.ok(inJson.length >= 3);
        assert.deepEqual(inJson.sort(), inSarif.sort());
      }
    });
  });

  it("writes SARIF that the schema accepts, with kinds, levels, addresses and stable fingerprints", async () => {
    const files = {
      "main.tf": `${bucket}
# plumbline:ignore tencent-cos-bucket-public-read A web site.
resource "tencentcloud_cos_bucket" "site" {
  bucket = "site-1250000000"
  acl    = "public-read"
}

variable "later" {}

module "m" {
  for_each = toset(["ä", "b"])
  source   = "./m"
  acl      = each.key == "b" ? var.later : "private"
}
`,
      "m/main.tf":
        'variable "acl" {}\n\nresource "tencentcloud_cos_bucket" "this" {\n  bucket = "x-1250000000"\n  acl    = var.acl\n}\n',
    };
    await withFolder(files, async (folder) => {
      const { out } = await plumbline([folder, ...check, "--format", "sarif", "--show", "all"]);
      const log = JSON.parse(out) as SarifLog;
      assert.deepEqual(sarifComplaints(log), []);
      const [run] = log.runs;
      assert.equal(run.columnKind, "utf16CodeUnits");
      assert.equal(run.originalUriBaseIds.SRCROOT.uri, `file://${folder}/`);
      assert.deepEqual(
        run.results.map(({ kind, level, suppressions, locations: [{ logicalLocations }] }) =>
          [kind, level, suppressions?.[0]?.justification ?? "", logicalLocations[0].fullyQualifiedName].join(" "),
        ),
        [
          "fail error  tencentcloud_cos_bucket.open",
          "fail error A web site. tencentcloud_cos_bucket.site",
          'open none  module.m["b"].tencentcloud_cos_bucket.this',
          'pass none  module.m["ä"].tencentcloud_cos_bucket.this',
        ],
      );
      const [first] = run.results;
      assert.equal(run.tool.driver.rules[first?.ruleIndex ?? -1]?.id, first?.ruleId);
      assert.deepEqual(first?.locations[0].physicalLocation, {
        artifactLocation: { uri: "main.tf", uriBaseId: "SRCROOT" },
        region: { startLine: 7, startColumn: 12, endLine: 7, endColumn: 19 },
      });
      const plain = JSON.parse((await plumbline([folder, ...check, "--format", "sarif"])).out) as SarifLog;
      assert.deepEqual(
        plain.runs[0].results.map(({ kind }) => kind),
        ["fail"],
      );
      assert.deepEqual(plain.runs[0].results[0]?.partialFingerprints, first.partialFingerprints);
    });
  });

  it("fixes what is safe, keeps the byte order mark, and then has nothing left to fix", async () => {
    const policy = '\ufeffresource "aws_iam_account_password_policy" "p" {\n  minimum_password_length = 6\n}\n';
    const only = ["--checks", "aws-iam-password-policy-min-length"];
    await withFolder({ "main.tf": policy }, async (folder) => {
      const file = join(folder, "main.tf");
      const diff = await plumbline([folder, ...only, "--diff"]);
      assert.equal(diff.code, 1);
      assert.match(diff.out, /^--- a\/main\.tf\n\+\+\+ b\/main\.tf\n@@ -1,3 \+1,3 @@\n.*\n-.*= 6\n\+.*= 14\n/);
      assert.equal(readFileSync(file, "utf8"), policy);

      const fixed = await plumbline([folder, ...only, "--fix"]);
      assert.equal(fixed.code, 0, fixed.out + fixed.error);
      assert.match(fixed.error, /fixed 1 finding in 1 file/);
      assert.equal(readFileSync(file, "utf8"), policy.replace("= 6", "= 14"));
      assert.match((await plumbline([folder, ...only, "--fix"])).error, /no safe fixes/);
    });
  });

  it("never prints a secret", async () => {
    const secret = ["wJalrXUtnFEMI", "K7MDENGbPxRfiCYEXAMPLEKEY"].join("/");
    const files = {
      "main.tf": `provider "aws" {
  access_key = "AKIA${"Q".repeat(16)}"
  secret_key = "${secret}"
}

resource "aws_instance" "i" {
  ami       = "ami-12345678"
  user_data = <<-EOT
    #!/bin/sh
    export AWS_SECRET_ACCESS_KEY="${secret}"
  EOT
}
`,
    };
    await withFolder(files, async (folder) => {
      for (const format of ["text", "json", "sarif"]) {
        const { out, error } = await plumbline([folder, "--format", format, "--show", "all"]);
        assert.ok(!`${out}${error}`.includes(secret), format);
        assert.match(out, /aws-provider-hardcoded-credentials/);
      }
      const { out } = await plumbline([folder, "--diff"]);
      assert.ok(!out.includes(secret));
    });
  });

  it("writes to a file, and takes single files", async () => {
    await withFolder(
      { "a.tf": bucket, "b.tf": 'resource "tencentcloud_cos_bucket" "b" {\n  bucket = "b-1250000000"\n  acl = "public-read"\n}\n' },
      async (folder) => {
        const output = join(folder, "report.json");
        const { out } = await plumbline([join(folder, "b.tf"), ...check, "--format", "json", "--output", output]);
        assert.equal(out, "");
        assert.ok(existsSync(output));
        const report = JSON.parse(readFileSync(output, "utf8")) as { findings: { file: string }[] };
        assert.deepEqual(
          report.findings.map(({ file }) => file),
          ["b.tf"],
        );
      },
    );
  });

  it("says what is wrong with its arguments", () => {
    const messages = [
      ["chek"],
      ["check", "--fromat", "json"],
      ["check", "--format", "xml"],
      ["check", "--var", "x"],
      ["checks", "shwo"],
      ["check", "--language", "fr"],
      ["checks", "list", "--language", "fr"],
    ].map((args) => {
      const command = readArguments(args);
      return command.kind === "wrong" ? command.message : command.kind;
    });
    assert.deepEqual(messages, [
      'There is no command "chek". Did you mean `check` or `checks`?',
      "There is no option --fromat. Did you mean `--format`?",
      '--format is text, json, sarif, html, csv, junit or markdown, not "xml".',
      '--var "x" has no value: write --var NAME=VALUE.',
      "Write `plumbline checks list` or `plumbline checks show ID`.",
      '--language is en or zh-cn, not "fr".',
      '--language is en or zh-cn, not "fr".',
    ]);
  });

  it("lists and shows check items as an array of objects", async () => {
    const checks = [...(await openService()).checks().values()];
    const listed = JSON.parse(listChecks(checks, true)) as Record<string, unknown>[];
    assert.ok(listed.length >= 36);
    for (const item of listed) {
      for (const name of ["id", "cloud", "service", "instance", "dimensions", "category", "risk", "tier"])
        assert.ok(name in item, name);
      const fix = item["fix"] as Record<string, unknown>;
      assert.deepEqual([typeof fix["source"], typeof fix["live"]], ["boolean", "boolean"]);
    }
    const shown = showCheck(checks, "aws-s3-bucket-versioning", true);
    assert.ok("text" in shown && Array.isArray(JSON.parse(shown.text)));
    const unknown = showCheck(checks, "aws-s3-bucket-versionin", false);
    assert.ok("wrong" in unknown && unknown.wrong.includes("Did you mean `aws-s3-bucket-versioning`?"));
  });

  it("runs as a program", () => {
    const run = (...args: string[]): { status: number | null; stdout: string } =>
      spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
    const help = run("--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, /Usage:/);
    assert.equal(run("--version").status, 0);
    assert.equal(run("check", "/nonexistent-folder").status, 2);
  });
});
