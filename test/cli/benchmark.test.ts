import assert from "node:assert/strict";
import { plumbline, withFolder } from "../harness/engine.ts";

interface ControlReport {
  readonly number: string;
  readonly status: string;
  readonly items: readonly {
    readonly check: string;
    readonly in: string;
    readonly status: string;
    readonly results: Readonly<Record<string, number>>;
    readonly findings: readonly {
      readonly file: string;
      readonly start: { readonly line: number };
      readonly addresses: readonly string[];
    }[];
  }[];
}

interface BenchmarkReport {
  readonly summary: Readonly<Record<string, number>>;
  readonly controls: readonly ControlReport[];
  readonly unreadFiles: readonly string[];
}

const insecure = `resource "aws_s3_bucket" "a" {
  bucket = "example"
}
`;
const database = (encrypted: string): string => `variable "encrypted" {
  type = bool
}

resource "aws_db_instance" "a" {
  instance_class    = "db.t4g.micro"
  storage_encrypted = ${encrypted}
}
`;

async function benchmark(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  name = "cis-aws-5.0",
): Promise<{ readonly code: number; readonly report: BenchmarkReport; readonly control: (number: string) => ControlReport }> {
  return withFolder(files, async (folder) => {
    const { code, out, error } = await plumbline([folder, "--benchmark", name, "--format", "json", ...args]);
    assert.equal(error, "");
    const report = JSON.parse(out) as BenchmarkReport;
    const control = (number: string): ControlReport => {
      const found = report.controls.find((one) => one.number === number);
      assert.ok(found, number);
      return found;
    };
    return { code, report, control };
  });
}

describe("plumbline check --benchmark", () => {
  it("fails a control whose item fails, with the place", async () => {
    const { code, control } = await benchmark({ "main.tf": insecure });
    assert.equal(code, 1);
    const { status, items } = control("2.1.1");
    assert.equal(status, "fail");
    const item = items.find(({ check }) => check === "aws-s3-bucket-secure-transport");
    assert.equal(item?.status, "fail");
    assert.equal(item.results["fail"], 1);
    assert.deepEqual(
      item.findings.map(({ file, start, addresses }) => [file, start.line, ...addresses]),
      [["main.tf", 1, "aws_s3_bucket.a"]],
    );
  });

  it("passes a control when all that its items look at passes, and is undecided when one is", async () => {
    const passed = await benchmark({ "main.tf": database("true") });
    assert.equal(passed.control("2.2.1").status, "pass");
    const open = await benchmark({ "main.tf": database("var.encrypted") });
    assert.equal(open.control("2.2.1").status, "unknown");
  });

  it("never passes what only a person can judge, and fails it all the same", async () => {
    const { control, report } = await benchmark({ "main.tf": database("true") });
    assert.equal(control("1.1").status, "manual");
    assert.ok(report.controls.every(({ status, items }) => status !== "pass" || items.some((item) => item.status === "pass")));
  });

  it("says where it has no item, and where there is nothing to look at", async () => {
    const { control, report } = await benchmark({ "main.tf": database("true") });
    const root = control("1.3");
    assert.equal(root.status, "nothing");
    assert.deepEqual(
      root.items.map((item) => [item.in, item.status]),
      [["live", "nothing"]],
    );
    const counted = Object.entries(report.summary).filter(([name]) => name !== "controls");
    assert.equal(report.summary["controls"], report.controls.length);
    assert.equal(
      counted.reduce((sum, [, count]) => sum + count, 0),
      report.controls.length,
    );
    for (const { status, items } of report.controls) assert.ok(status !== "uncovered" || items.length === 0);
  });

  it("does not pass a control by turning its item off, nor by a suppression", async () => {
    const off = await benchmark({
      "main.tf": insecure,
      "plumbline.yaml": "checks:\n  exclude:\n    - aws-s3-bucket-secure-transport\n",
    });
    assert.equal(off.control("2.1.1").status, "unknown");
    assert.equal(off.control("2.1.1").items.find(({ check }) => check === "aws-s3-bucket-secure-transport")?.status, "off");
    const excused = await benchmark({
      "main.tf": `# plumbline:ignore aws-s3-bucket-secure-transport Only inside.\n${insecure}`,
    });
    assert.equal(excused.control("2.1.1").status, "excused");
  });

  it("tells the address families apart where controls do", async () => {
    const group = (rules: string): string => `variable "networks" {
  type = list(string)
}

resource "aws_security_group" "a" {
${rules}}
`;
    const rule = (networks: string): string =>
      `  ingress {\n    protocol = "tcp"\n    from_port = 22\n    to_port = 22\n${networks}  }\n`;
    const four = rule('    cidr_blocks = ["0.0.0.0/0"]\n');
    const six = rule('    ipv6_cidr_blocks = ["::/0"]\n');
    const statuses = async (text: string): Promise<readonly (string | undefined)[]> => {
      const { control } = await benchmark({ "main.tf": text });
      return ["5.3", "5.4"].map((number) => control(number).status);
    };
    assert.deepEqual(await statuses(group(four)), ["fail", "pass"]);
    assert.deepEqual(await statuses(group(six)), ["pass", "fail"]);
    assert.deepEqual(await statuses(group(four + six)), ["fail", "fail"]);
    // Open to IPv4 for certain, and to IPv6 perhaps.
    assert.deepEqual(await statuses(group(four + rule("    ipv6_cidr_blocks = var.networks\n"))), ["fail", "unknown"]);
    // A narrow network of the other family does not count.
    const mixed = group(rule('    cidr_blocks = ["0.0.0.0/0"]\n    ipv6_cidr_blocks = ["fd00::/8"]\n'));
    assert.equal((await statuses(mixed))[0], "fail");
    assert.notEqual((await statuses(mixed))[1], "fail");
    const { control } = await benchmark({ "main.tf": group(four) });
    const [item] = control("5.4").items.filter(({ check }) => check === "aws-ec2-sg-ssh-open");
    assert.deepEqual([item?.findings, item?.results["others"]], [[], 1]);
  });

  it("says what the resources are that its items do not look at", async () => {
    const other = 'resource "alicloud_vpc" "a" {}\nresource "aws_ssm_parameter" "a" {\n  name = "a"\n  type = "String"\n}\n';
    await withFolder({ "main.tf": insecure + other }, async (folder) => {
      const { out } = await plumbline([folder, "--benchmark", "cis-aws-5.0"]);
      assert.match(
        out,
        /^Coverage: 3 resources seen, 1 assessed by \d+ checks, 1 of a type that none of them looks at \(aws_ssm_parameter\), 1 of other clouds and providers\.$/m,
      );
    });
  });

  it("explains its words, those that it uses", async () => {
    await withFolder({ "main.tf": insecure }, async (folder) => {
      const { out } = await plumbline([folder, "--benchmark", "cis-aws-5.0"]);
      assert.match(out, /^ {2}fail: +a check item of the control failed somewhere\.$/m);
      assert.match(out, /^ {2}manual: +only a person can say that it holds\./m);
      assert.doesNotMatch(out, /^ {2}excused: /m);
    });
  });

  it("assesses the items of the benchmark only, and of those what --checks asks for", async () => {
    const { report } = await benchmark({ "main.tf": insecure }, ["--checks", "aws-rds-*"]);
    assert.equal(report.summary["fail"], 0);
    const nobody = await benchmark({ "main.tf": insecure }, ["--checks", "alibaba-*"]);
    assert.equal(nobody.report.summary["fail"], 0);
    assert.equal(nobody.code, 0);
  });

  it("ends with 2 when a file could not be read and nothing failed", async () => {
    const { code, report } = await benchmark({ "main.tf": "resource {{{\n" });
    assert.equal(code, 2);
    assert.deepEqual(report.unreadFiles, ["main.tf"]);
  });

  it("reads as text, control by control", async () => {
    await withFolder({ "main.tf": insecure }, async (folder) => {
      const { out, code } = await plumbline([folder, "--benchmark", "cis-aws-5.0"]);
      assert.equal(code, 1);
      assert.match(out, /^CIS Amazon Web Services Foundations Benchmark 5\.0\.0\n/);
      assert.match(
        out,
        /^fail +2\.1\.1 +Buckets deny requests over plain HTTP\n +aws-s3-bucket-secure-transport: 1 fail\n +main\.tf:1 /m,
      );
      assert.match(out, /^manual +1\.1 /m);
      assert.match(out, /^ +aws-iam-root-mfa: looks at live accounts only$/m);
      assert.match(out, /\n\d+ controls: \d+ fail, .*manual/);
      assert.match(out, /\nCoverage: /);
    });
  });

  it("says which benchmarks there are, and which formats", async () => {
    await withFolder({ "main.tf": insecure }, async (folder) => {
      const { error, code } = await plumbline([folder, "--benchmark", "cis-aws"]);
      assert.equal(code, 2);
      assert.equal(
        error,
        'plumbline: there is no benchmark "cis-aws". There are cis-alibaba-2.0, cis-aws-3.0, cis-aws-5.0, cis-aws-7.0.\n',
      );
      await assert.rejects(plumbline([folder, "--benchmark", "cis-aws-5.0", "--format", "sarif"]), /text or json/);
    });
  });
});
