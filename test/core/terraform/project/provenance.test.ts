import { deepEqual, equal, ok } from "node:assert/strict";
import { hopsOf, instancesOf, projectOf } from "./workspace.ts";

const files = {
  "main.tf": `variable "rules" {
  default = [{ port = 22, cidrs = ["0.0.0.0/0"] }, { port = 80, cidrs = ["10.0.0.0/8", "::/0"] }]
}
variable "acl" { default = "public-read" }
variable "given" {}
locals {
  defaults = { acl = "private", on = false }
  buckets  = { a = { acl = "log" }, b = {} }
  merged   = { for name, bucket in local.buckets : name => merge(local.defaults, bucket) }
}
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = var.rules
    iterator = it
    content {
      from_port   = it.value.port
      cidr_blocks = it.value.cidrs
    }
  }
  egress {
    cidr_blocks = ["10.0.0.0/8", var.acl]
  }
}
resource "aws_s3_bucket" "each" {
  for_each = local.merged
  acl      = each.value.acl
}
resource "aws_s3_bucket" "file" {
  acl = var.given
  versioning { enabled = local.defaults.on }
  policy = upper(var.acl)
}
module "m" {
  source = "./m"
  acl    = var.acl == "x" ? "a" : "b"
  policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions = ["s3:*"]
  }
}
data "aws_iam_policy_document" "joined" {
  source_policy_documents   = compact(["", data.aws_iam_policy_document.d.json, local.given])
  override_policy_documents = [jsonencode({ Statement = [{ Sid = "own", Action = "over:ridden" }] })]
  statement {
    sid     = "own"
    actions = ["own:replaced"]
  }
  dynamic "statement" {
    for_each = { first = ["a:b"], second = [var.acl] }
    content {
      sid     = statement.key
      actions = statement.value
    }
  }
}
locals {
  given = jsonencode({ Statement = [{ Action = "given:one" }, { Action = "given:two" }] })
}
resource "aws_s3_bucket_policy" "joined" {
  policy = data.aws_iam_policy_document.joined.json
}
resource "aws_s3_bucket_policy" "text" {
  bucket = module.m.acl
  policy = <<-EOT
    { "Statement": [{ "Effect": "Allow", "Action": "s3:*" }, { "Effect": "Deny", "Resource": "\${module.m.id}/*" }] }
  EOT
}
`,
  "terraform.tfvars": 'given = "public"\n',
  "m/main.tf": `variable "acl" {}
variable "policy" {}
locals { document = { Statement = [{ Effect = "Allow", Action = ["a", "b"] }] } }
resource "aws_s3_bucket" "b" {
  acl = var.acl
}
resource "aws_s3_bucket_policy" "data" {
  policy = var.policy
}
resource "aws_s3_bucket_policy" "encoded" {
  policy = jsonencode(local.document)
}
output "id" { value = aws_s3_bucket.b.id }
output "acl" { value = var.acl }
`,
};
const project = projectOf(files);

/** Path to hops. */
const chains: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "aws_security_group.g",
    "ingress[1].cidr_blocks[1]",
    ["attribute: it.value.cidrs", "element: var.rules", 'variable default: "::/0"'],
  ],
  ["aws_security_group.g", "ingress[0].from_port", ["attribute: it.value.port", "element: var.rules", "variable default: 22"]],
  ["aws_security_group.g", "ingress[0].self", ["header: content"]],
  ["aws_security_group.g", "egress[0].cidr_blocks[0]", ['element: "10.0.0.0/8"']],
  ["aws_security_group.g", "egress[0].cidr_blocks[1]", ["element: var.acl", 'variable default: "public-read"']],
  ["aws_security_group.g", "tags.Name", ['header: resource "aws_security_group" "g"']],
  [
    'aws_s3_bucket.each["a"]',
    "acl",
    ["attribute: each.value.acl", "element: local.merged", "local: bucket", "element: local.buckets", 'local: "log"'],
  ],
  [
    'aws_s3_bucket.each["b"]',
    "acl",
    ["attribute: each.value.acl", "element: local.merged", "local: local.defaults", 'local: "private"'],
  ],
  ["aws_s3_bucket.file", "acl", ["attribute: var.given", 'variable file: "public"']],
  ["aws_s3_bucket.file", "versioning.enabled", ["attribute: local.defaults.on", "local: false"]],
  ["aws_s3_bucket.file", "versioning.mfa_delete", ["header: versioning"]],
  ["aws_s3_bucket.file", "logging.target_bucket", ['header: resource "aws_s3_bucket" "file"']],
  ["module.m.aws_s3_bucket.b", "acl", ["attribute: var.acl", 'module argument: "b"']],
  ["aws_s3_bucket_policy.text", "bucket", ["attribute: module.m.acl", "module output: var.acl", 'module argument: "b"']],
  ["aws_s3_bucket_policy.text", "policy#statements[0].actions[0]", ['attribute: "s3:*"']],
  ["aws_s3_bucket_policy.text", "policy#statements[1]", ['attribute: { "Effect": "Deny", "Resource": "${module.m.id}/*" }']],
  ["module.m.aws_s3_bucket_policy.encoded", "policy#statements[0].actions[1]", ["element: local.document", 'local: "b"']],
  [
    "module.m.aws_s3_bucket_policy.data",
    "policy#statements[0].actions[0]",
    ["attribute: var.policy", "module argument: data.aws_iam_policy_document.d.json", 'element: "s3:*"'],
  ],
  [
    "aws_s3_bucket_policy.joined",
    "policy#statements[0].actions[0]",
    ["attribute: data.aws_iam_policy_document.joined.json", "element: data.aws_iam_policy_document.d.json", 'element: "s3:*"'],
  ],
  [
    "aws_s3_bucket_policy.joined",
    "policy#statements[2].actions[0]",
    ["attribute: data.aws_iam_policy_document.joined.json", "element: local.given", 'local: "given:two"'],
  ],
  [
    "aws_s3_bucket_policy.joined",
    "policy#statements[3].actions[0]",
    ["attribute: data.aws_iam_policy_document.joined.json", 'element: "over:ridden"'],
  ],
  [
    "aws_s3_bucket_policy.joined",
    "policy#statements[5].actions[0]",
    [
      "attribute: data.aws_iam_policy_document.joined.json",
      "attribute: statement.value",
      "element: var.acl",
      'variable default: "public-read"',
    ],
  ],
  ["var.acl", "default", ['attribute: "public-read"']],
  ["var.given", "value", ['variable file: "public"']],
];

describe("provenance", () => {
  for (const [address, path, hops] of chains) {
    it(`of ${address} ${path}`, () => deepEqual(hopsOf(project, address, path), hops));
  }

  it("says when nothing is written, and when a function stands between", () => {
    const instance = instancesOf(project).get("aws_s3_bucket.file");
    ok(instance !== undefined);
    ok(project.provenance(instance, ["tags"]).omitted);
    ok(!project.provenance(instance, ["acl"]).omitted);
    ok(project.provenance(instance, ["policy"]).computed);
    ok(!project.provenance(instance, ["acl"]).computed);
  });

  it("names the innermost block and the argument, with positions that follow the text", () => {
    const moved = projectOf({ ...files, "main.tf": `# above\n${files["main.tf"]}` });
    const instance = instancesOf(moved).get("aws_s3_bucket.file");
    ok(instance !== undefined);
    const [hop] = moved.provenance(instance, ["versioning", "enabled"]).hops;
    equal(hop?.block?.node.type.name, "versioning");
    equal(hop.attribute?.node.name.name, "enabled");
    equal(hop.attribute.base + hop.attribute.node.value.start, hop.location.range.start);
    equal(moved.source("/w/main.tf")?.text.slice(hop.location.range.start, hop.location.range.end), "local.defaults.on");
  });
});
