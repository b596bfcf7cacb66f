import assert from "node:assert/strict";
import { loadChecks } from "../../../src/core/checks/load.ts";
import type { CheckItem, Result } from "../../../src/core/checks/model.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { formatPath } from "../../../src/core/values/path.ts";
import { bundled, fileWorld } from "../../harness/check-world.ts";

const tree = await bundled();

function checkOf(assertion: string, more = "", message = "It fails.", instance = "aws_s3_bucket"): CheckItem {
  const text = `title: A check
instance: ${instance}
dimensions: [security]
category: data
risk: low
tier: free
assert: ${JSON.stringify(assertion)}
message: ${JSON.stringify(message)}
why: Because.
advice: Change it.
${more}`;
  const { source } = readYaml("check.yaml", text);
  const { checks, problems } = loadChecks(
    [{ ...source, cloud: "aws", service: "s3", name: "a-check", builtIn: false }],
    tree.types,
  );
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error").map((problem) => problem.message),
    [],
  );
  const [check] = checks;
  assert.ok(check);
  return check;
}

function assess(check: CheckItem, terraform: string): Result {
  const [result, ...others] = fileWorld(tree, { "main.tf": terraform }).results(check);
  assert.equal(others.length, 0);
  assert.ok(result);
  return result;
}

const bucket = (more = ""): string =>
  `variable "v" {\n  type = string\n}\nresource "aws_s3_bucket" "a" {\n  bucket = "a"\n${more}}\n`;

describe("a check over an instance", () => {
  it("passes, fails, or can't be determined", () => {
    const check = checkOf('bucket == "a" && acl != "public-read"');
    assert.equal(assess(check, bucket()).outcome.kind, "pass");
    assert.equal(assess(check, bucket('  acl = "public-read"\n')).outcome.kind, "fail");
    const { outcome } = assess(check, bucket("  acl = var.v\n"));
    assert.deepEqual(outcome, { kind: "unknown", reasons: [{ kind: "variable", detail: "var.v" }] });
  });

  it("does not apply where its condition is false, and is unknown where that is", () => {
    const check = checkOf("force_destroy == true", 'when: acl == "private"\n');
    assert.equal(assess(check, bucket()).outcome.kind, "notApplicable");
    assert.equal(assess(check, bucket("  acl = var.v\n")).outcome.kind, "unknown");
    assert.equal(assess(check, bucket('  acl = "private"\n')).outcome.kind, "fail");
  });

  it("that may not exist never fails", () => {
    const check = checkOf('bucket == "b"');
    const { outcome } = assess(check, bucket('  count = var.v == "x" ? 1 : 0\n'));
    assert.equal(outcome.kind, "unknown");
    assert.equal(assess(checkOf('bucket == "a"'), bucket('  count = var.v == "x" ? 1 : 0\n')).outcome.kind, "pass");
  });

  it("is not checked where the expression breaks, so that nothing unclear passes", () => {
    const check = checkOf("true");
    const broken: CheckItem = {
      ...check,
      assert: {
        ...check.assert,
        evaluate: () => {
          throw new Error("a defect");
        },
      },
    };
    assert.deepEqual(assess(broken, bucket()).outcome, { kind: "notChecked", reason: { kind: "error", detail: "a defect" } });
  });

  it("says in its message what is there, and never what is secret", () => {
    const check = checkOf('bucket == "b"', "", "The bucket `{bucket}` has ACL {acl} and no {{braces}}.");
    assert.equal(assess(check, bucket()).message, "The bucket `a` has ACL not set and no {braces}.");
    const secret = `variable "s" {\n  default   = "hunter2"\n  sensitive = true\n}\nresource "aws_s3_bucket" "a" {\n  bucket = var.s\n}\n`;
    assert.equal(assess(check, secret).message, "The bucket `(sensitive)` has ACL not set and no {braces}.");
  });

  it("points at what decided, through views and parts", () => {
    const check = checkOf("policies.all(p, p.json == 'x')");
    const text = `${bucket()}resource "aws_s3_bucket_policy" "p" {\n  bucket = aws_s3_bucket.a.id\n  policy = "y"\n}\n`;
    const result = assess(check, text);
    assert.deepEqual(result.evidence.map(formatPath), ["bucketPolicy.policy"]);
    const place = result.instance.locate(result.evidence[0] ?? []);
    assert.deepEqual([place.instance.address, formatPath(place.path)], ["aws_s3_bucket_policy.p", "policy"]);
    assert.deepEqual(
      result.witnesses.map(({ path }) => formatPath(path ?? [])),
      ["bucketPolicy"],
    );
  });

  it("points at the missing part's owner", () => {
    const result = assess(checkOf("bucketPolicy != null"), bucket());
    assert.deepEqual(result.evidence.map(formatPath), ["bucketPolicy"]);
    const place = result.instance.locate(["bucketPolicy"]);
    assert.deepEqual([place.instance.address, formatPath(place.path)], ["aws_s3_bucket.a", "bucketPolicy"]);
  });

  it("takes rules of instances that may not exist as they are when they pass, and as unknown when they fail", () => {
    const check = checkOf(
      'rules.all(r, r.direction == "egress" || r.cidrs.all(c, c != "0.0.0.0/0"))',
      "",
      "Open.",
      "aws_security_group",
    );
    const rule = (cidr: string): string => `variable "on" {
  type = bool
}
resource "aws_security_group" "a" {
  name = "a"
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  count             = var.on ? 1 : 0
  security_group_id = aws_security_group.a.id
  ip_protocol       = "-1"
  cidr_ipv4         = "${cidr}"
}
`;
    assert.equal(assess(check, rule("10.0.0.0/8")).outcome.kind, "pass");
    assert.equal(assess(check, rule("0.0.0.0/0")).outcome.kind, "unknown");
  });
});
