import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { checkFully, deliverFolders } from "../../../src/cli/workspace.ts";
import type { PlacedResult, Report } from "../../../src/core/findings/model.ts";
import type { Service } from "../../../src/core/service.ts";
import { toFilePath } from "../../../src/host/workspace-files.ts";
import { openService } from "../../harness/engine.ts";
import { markerOf, printMarkers, readMarkers, type Marker } from "../../harness/markers.ts";

const layouts = toFilePath(join(import.meta.dirname, "../../fixtures/layouts"));

interface Assessed {
  readonly report: Report;
  readonly service: Service;
  readonly folder: string;
}

async function assess(name: string): Promise<Assessed> {
  const service = await openService();
  const folder = `${layouts}/${name}`;
  deliverFolders(service, [folder]);
  return { report: await checkFully(service), service, folder };
}

function expected(folder: string, service: Service): Marker[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tf(\.json)?$/.test(name))
    .map((name) => name.replaceAll("\\", "/"))
    .flatMap((name) => readMarkers(name, service.text(`${folder}/${name}`) ?? ""))
    .filter(({ check }) => pinned(folder, service).has(check));
}

/** The items that a layout's plumbline.yaml includes: markers and findings of others say nothing here. */
function pinned(folder: string, service: Service): ReadonlySet<string> {
  const text = service.text(`${folder}/plumbline.yaml`) ?? "";
  return new Set([...text.matchAll(/^ {4}- ([a-z0-9-]+)$/gm)].map(([, id = ""]) => id));
}

function found({ report, service, folder }: Assessed): Marker[] {
  return report.findings.map(({ check, location: { file, range } }) =>
    markerOf(file.slice(folder.length + 1), service.text(file) ?? "", range, check.id),
  );
}

/** `address check` of the results of a kind. */
function of(kind: PlacedResult["result"]["outcome"]["kind"], { report }: Assessed): string[] {
  return report.results
    .filter(({ result, suppression }) => result.outcome.kind === kind && suppression === undefined)
    .map(({ result }) => `${result.instance.address} ${result.check.id}`)
    .sort();
}

/** How many results are unknown for which reasons. */
function unknowns({ report }: Assessed): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { result } of report.results) {
    if (result.outcome.kind !== "unknown") continue;
    const reasons = result.outcome.reasons.map(({ kind, detail }) => `${kind}: ${detail}`).sort();
    const text = reasons.join("; ");
    counts[text] = (counts[text] ?? 0) + 1;
  }
  return counts;
}

function problems({ report, folder }: Assessed): string[] {
  return report.problems.map(({ file, code }) => `${file.slice(folder.length + 1)} ${code}`);
}

describe("a layout of modules", function () {
  this.timeout(300_000);

  for (const name of readdirSync(layouts)) {
    it(`has exactly the findings that are marked: ${name}`, async () => {
      const assessed = await assess(name);
      const markers = expected(assessed.folder, assessed.service);
      assert.ok(markers.length > 0);
      assert.deepEqual(printMarkers(found(assessed)), printMarkers(markers));
      assert.deepEqual(of("notChecked", assessed), []);
    });
  }

  it("evaluates a map of buckets to the last argument", async () => {
    const assessed = await assess("bucket-collection");
    assert.deepEqual(unknowns(assessed), {});
    assert.deepEqual(of("fail", assessed), [
      'module.bucket["assets"].aws_s3_bucket.this[0] aws-s3-bucket-logging',
      'module.bucket["assets"].aws_s3_bucket.this[0] aws-s3-bucket-public-access-block',
      'module.bucket["assets"].aws_s3_bucket.this[0] aws-s3-bucket-secure-transport',
      'module.bucket["cache"].aws_s3_bucket.this[0] aws-s3-bucket-logging',
      'module.bucket["cache"].aws_s3_bucket.this[0] aws-s3-bucket-secure-transport',
      'module.bucket["cache"].aws_s3_bucket.this[0] aws-s3-bucket-versioning',
      'module.bucket["logs"].aws_s3_bucket.this[0] aws-s3-bucket-logging',
      'module.bucket["logs"].aws_s3_bucket.this[0] aws-s3-bucket-secure-transport',
    ]);
    assert.ok(of("pass", assessed).includes('module.bucket["logs"].aws_s3_bucket.this[0] aws-s3-bucket-versioning'));
    assert.ok(assessed.report.results.every(({ result }) => !result.instance.address.startsWith("module.no_bucket")));
  });

  it("tells the callers of one firewall module apart", async () => {
    const assessed = await assess("tiered-network");
    // Whether its volumes are encrypted.
    assert.deepEqual(unknowns(assessed), { "elsewhere: ami-0123456789abcdef0; unknown: the image decides": 1 });
    assert.deepEqual(
      of("pass", assessed).filter((line) => line.endsWith("ssh-open")),
      ["module.web.aws_security_group.this aws-ec2-sg-ssh-open"],
    );
    const open = assessed.report.findings.find(({ check }) => check.id === "aws-ec2-sg-ssh-open");
    assert.match(open?.message ?? "", /\(in 1 of 2 callers\)$/);
  });

  it("does not take an unknown number of rules for none", async () => {
    const assessed = await assess("three-clouds");
    assert.deepEqual(unknowns(assessed), {
      "unknown: buckets made before October 2025 block nothing": 1,
      "variable: var.operators": 7,
    });
    assert.deepEqual(of("unknown", assessed), [
      "module.archive.alicloud_oss_bucket.archive alibaba-oss-bucket-public-access-block",
      "module.gateway.alicloud_security_group.gateway alibaba-ecs-sg-ssh-open",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-admin-ports-open",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-all-open",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-database-ports-open",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-egress-all",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-rdp-open",
      "module.gateway.tencentcloud_security_group.gateway tencent-vpc-sg-ssh-open",
    ]);
  });

  it("reads clusters, their nodes' rules and their logs on two clouds", async () => {
    const assessed = await assess("kubernetes-two-clouds");
    assert.deepEqual(unknowns(assessed), {
      "unknown: TKE chooses one of its supported versions": 1,
      "unknown: the cluster's edition decides": 1,
    });
    const passes = of("pass", assessed);
    for (const line of [
      'alicloud_log_store.this["audit"] alibaba-sls-logstore-retention',
      'tencentcloud_cls_topic.this["audit"] tencent-cls-topic-retention',
      "tencentcloud_kubernetes_cluster.this tencent-tke-audit",
      "tencentcloud_security_group.nodes tencent-vpc-sg-rdp-open",
    ])
      assert.ok(passes.includes(line), line);
  });

  it("applies variable files, override files, JSON files and ignore comments in Terraform's order", async () => {
    const assessed = await assess("application-stack");
    assert.deepEqual(
      assessed.report.results
        .filter(({ suppression }) => suppression !== undefined)
        .map(({ result, suppression }) => `${result.instance.address} ${result.check.id}: ${suppression?.reason ?? ""}`),
      [
        "module.scratch.aws_s3_bucket.this aws-s3-bucket-secure-transport: Scratch data that nobody restores.",
        "module.scratch.aws_s3_bucket.this aws-s3-bucket-versioning: Scratch data that nobody restores.",
      ],
    );
    assert.deepEqual(problems(assessed), ["main.tf ignore-expired"]);
    const passes = of("pass", assessed);
    for (const line of [
      "aws_db_instance.this aws-rds-instance-public",
      "module.uploads.aws_s3_bucket.this aws-s3-bucket-versioning",
      'aws_iam_role.service["orders"] aws-iam-policy-full-admin',
      'aws_iam_role.service["orders"] aws-iam-role-trust-any-principal',
    ])
      assert.ok(passes.includes(line), line);
  });

  it("neither fails nor passes what hangs on what nobody knows", async () => {
    const assessed = await assess("much-unknown");
    assert.deepEqual(problems(assessed), ["main.tf missing-module"]);
    const judged = new Set([...PASSES, ...UNKNOWNS].map(checkOf));
    const about = (lines: readonly string[]): string[] => lines.filter((line) => judged.has(checkOf(line)));
    assert.deepEqual(about(of("pass", assessed)), PASSES);
    assert.deepEqual(about(of("unknown", assessed)), UNKNOWNS);
  });
});

function checkOf(line: string): string {
  return line.slice(line.lastIndexOf(" ") + 1);
}

/** Of the checks here. None of these reads what is unknown; a volume or group that may not exist passes if it would. */
const PASSES: readonly string[] = [
  "aws_ebs_volume.maybe aws-ebs-volume-encryption",
  "aws_s3_bucket.single aws-s3-bucket-acl-public-read",
  "aws_s3_bucket.single aws-s3-bucket-acl-public-write",
  "aws_s3_bucket.this aws-s3-bucket-acl-public-read",
  "aws_s3_bucket.this aws-s3-bucket-acl-public-write",
  "module.firewall.aws_security_group.known aws-ec2-sg-all-ports-open",
  "module.firewall.aws_security_group.known aws-ec2-sg-rdp-open",
  "module.firewall.aws_security_group.known aws-ec2-sg-ssh-open",
];

const UNKNOWNS: readonly string[] = [
  "aws_db_instance.this aws-rds-instance-deletion-protection",
  "aws_db_instance.this aws-rds-instance-public",
  "aws_db_instance.this aws-rds-instance-storage-encryption",
  "aws_ebs_volume.maybe_open aws-ebs-volume-encryption",
  "aws_iam_role.this aws-iam-policy-full-admin",
  "aws_iam_role.this aws-iam-role-trust-any-principal",
  "aws_instance.this aws-ec2-instance-imdsv2",
  "aws_instance.this aws-ec2-user-data-secrets",
  "aws_lambda_function.this aws-lambda-env-secrets",
  "aws_lambda_function.this aws-lambda-runtime-eol",
  "aws_s3_bucket.single aws-s3-bucket-policy-public",
  "aws_s3_bucket.single aws-s3-bucket-secure-transport",
  "aws_s3_bucket.single aws-s3-bucket-versioning",
  "aws_s3_bucket.this aws-s3-bucket-public-access-block",
  "aws_s3_bucket.this aws-s3-bucket-secure-transport",
  "aws_s3_bucket.this aws-s3-bucket-versioning",
  "module.firewall.aws_security_group.dynamic aws-ec2-sg-all-ports-open",
  "module.firewall.aws_security_group.dynamic aws-ec2-sg-rdp-open",
  "module.firewall.aws_security_group.dynamic aws-ec2-sg-ssh-open",
  "module.firewall.aws_security_group.inline aws-ec2-sg-all-ports-open",
  "module.firewall.aws_security_group.inline aws-ec2-sg-rdp-open",
  "module.firewall.aws_security_group.inline aws-ec2-sg-ssh-open",
];
