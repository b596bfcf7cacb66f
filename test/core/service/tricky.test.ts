import assert from "node:assert/strict";
import { checkAll, serviceWith } from "../../harness/engine.ts";

/*
 * Configurations in which a quick reader of Terraform goes wrong: each is assessed by the bundled check items, and what they say
 * of every instance is written beside it.
 */

const unknowns = `variable "text" {
  type = string
}

variable "flag" {
  type = bool
}

variable "list" {
  type = list(string)
}
`;

/** `kind address` of every result of a check, not applicable ones left out. */
async function outcomes(check: string, terraform: string, more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const files = { "main.tf": unknowns + terraform, ...more, "plumbline.yaml": `checks:\n  include: [${check}]\n` };
  const report = await checkAll(await serviceWith(files), files);
  return report.results
    .filter(({ result }) => result.outcome.kind !== "notApplicable")
    .map(({ result }) => `${result.outcome.kind} ${result.instance.address}`)
    .sort();
}

const bucket = (name: string): string => `
resource "aws_s3_bucket" "${name}" {
  bucket = "${name}"
}
`;
const versioning = (name: string, of: string, status = "Enabled", more = ""): string => `
resource "aws_s3_bucket_versioning" "${name}" {
  bucket = ${of}
  ${more}
  versioning_configuration {
    status = "${status}"
  }
}
`;
const group = (name: string, body = ""): string => `
resource "aws_security_group" "${name}" {
  ${body}
}
`;
const ingress = (more: string): string => `ingress {
    protocol  = "tcp"
    from_port = 22
    to_port   = 22
    ${more}
  }`;

describe("a part of its own resource", function () {
  this.timeout(300_000);
  const check = "aws-s3-bucket-versioning";

  it("belongs by reference, by name, through one(), a for_each over the owner, and a module's output", async () => {
    const found = await outcomes(
      check,
      `${bucket("name")}${versioning("name", '"name"')}
resource "aws_s3_bucket" "one" {
  count  = 1
  bucket = "one"
}
${versioning("one", "one(aws_s3_bucket.one[*].id)")}
resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = "each-\${each.key}"
}
resource "aws_s3_bucket_versioning" "each" {
  for_each = aws_s3_bucket.each
  bucket   = each.value.id
  versioning_configuration {
    status = each.key == "a" ? "Enabled" : "Suspended"
  }
}
module "bucket" {
  source = "./m"
}
${versioning("module", "module.bucket.id")}`,
      { "m/main.tf": `${bucket("inner")}output "id" {\n  value = aws_s3_bucket.inner.id\n}\n` },
    );
    assert.deepEqual(found, [
      'fail aws_s3_bucket.each["b"]',
      'pass aws_s3_bucket.each["a"]',
      "pass aws_s3_bucket.name",
      "pass aws_s3_bucket.one[0]",
      "pass module.bucket.aws_s3_bucket.inner",
    ]);
  });

  it("is none with count = 0, and open where there may be one, or two, or another's", async () => {
    assert.deepEqual(await outcomes(check, bucket("a") + versioning("a", "aws_s3_bucket.a.id", "Enabled", "count = 0")), [
      "fail aws_s3_bucket.a",
    ]);
    const maybe = "count = var.flag ? 1 : 0";
    for (const parts of [
      versioning("a", "aws_s3_bucket.a.id", "Enabled", maybe),
      versioning("a", "aws_s3_bucket.a.id", "Suspended", maybe),
      versioning("a", "aws_s3_bucket.a.id") + versioning("b", "aws_s3_bucket.a.bucket", "Suspended"),
      versioning("a", "var.text"),
      versioning("a", "var.flag ? aws_s3_bucket.a.id : var.text"),
    ])
      assert.deepEqual(await outcomes(check, bucket("a") + parts), ["unknown aws_s3_bucket.a"], parts);
  });

  it("of another provider configuration is another's", async () => {
    const providers = `provider "aws" {\n  region = "eu-central-1"\n}\nprovider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n`;
    const found = await outcomes(check, providers + bucket("a") + versioning("a", '"a"', "Enabled", "provider = aws.west"));
    assert.deepEqual(found, ["fail aws_s3_bucket.a"]);
  });
});

describe("rules of a security group", function () {
  this.timeout(300_000);
  const check = "aws-ec2-sg-ssh-open";

  it("admit everyone in many ways", async () => {
    const found = await outcomes(
      check,
      group("v6", ingress('ipv6_cidr_blocks = ["::/0"]')) +
        group("halves", ingress('cidr_blocks = ["0.0.0.0/1", "128.0.0.0/1"]')) +
        group("some_known", ingress('cidr_blocks = [var.text, "0.0.0.0/0"]')) +
        group("all", 'ingress {\n protocol = -1\n from_port = 0\n to_port = 0\n cidr_blocks = ["0.0.0.0/0"]\n }') +
        group("number", 'ingress {\n protocol = "6"\n from_port = "0"\n to_port = "1024"\n cidr_blocks = ["0.0.0.0/0"]\n }') +
        group(
          "dynamic",
          `dynamic "ingress" {
    for_each = toset([for port in [22, 443] : tostring(port) if port != 443])
    content {
      protocol    = "tcp"
      from_port   = ingress.key
      to_port     = ingress.value
      cidr_blocks = [for one in ["0.0.0.0/0", "10.0.0.0/8"] : one if one != "10.0.0.0/8"]
    }
  }`,
        ) +
        group("separate") +
        `resource "aws_security_group_rule" "separate" {
  for_each          = { for port in [22, 3389] : tostring(port) => port }
  security_group_id = aws_security_group.separate.id
  type              = each.key == "22" ? "ingress" : "egress"
  protocol          = "TCP"
  from_port         = each.value
  to_port           = each.value
  cidr_blocks       = ["0.0.0.0/0"]
}
`,
    );
    const names = ["all", "dynamic", "halves", "number", "separate", "some_known", "v6"];
    assert.deepEqual(
      found,
      names.map((name) => `fail aws_security_group.${name}`),
    );
  });

  it("admit nobody from anywhere in many ways", async () => {
    const found = await outcomes(
      check,
      group("udp", 'ingress {\n protocol = "udp"\n from_port = 22\n to_port = 22\n cidr_blocks = ["0.0.0.0/0"]\n }') +
        group("self", ingress("self = true")) +
        group("null", ingress("cidr_blocks = null")) +
        group("argument", "ingress = []") +
        group(
          "nothing",
          'dynamic "ingress" {\n for_each = {}\n content {\n protocol = "-1"\n from_port = 0\n to_port = 0\n }\n }',
        ) +
        group("other") +
        `resource "aws_vpc_security_group_ingress_rule" "other" {
  for_each          = {}
  security_group_id = aws_security_group.other.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}
`,
    );
    const names = ["argument", "nothing", "null", "other", "self", "udp"];
    assert.deepEqual(
      found,
      names.map((name) => `pass aws_security_group.${name}`),
    );
  });

  it("of an unknown number are no pass", async () => {
    const rule = (more: string): string =>
      `${group("a")}resource "aws_vpc_security_group_ingress_rule" "a" {
  ${more}
  security_group_id = aws_security_group.a.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
`;
    for (const more of [
      "for_each = toset(var.list)\n cidr_ipv4 = each.value",
      "count = length(var.list)\n cidr_ipv4 = var.list[count.index]",
      'count = var.flag ? 1 : 0\n cidr_ipv4 = "0.0.0.0/0"',
      "cidr_ipv4 = var.text",
    ])
      assert.deepEqual(await outcomes(check, rule(more)), ["unknown aws_security_group.a"], more);
    assert.deepEqual(await outcomes(check, rule('count = var.flag ? 1 : 0\n cidr_ipv4 = "10.0.0.0/8"')), [
      "pass aws_security_group.a",
    ]);
    assert.deepEqual(await outcomes(check, group("a", ingress("cidr_blocks = concat(var.list, [])"))), [
      "unknown aws_security_group.a",
    ]);
  });
});

describe("a policy", function () {
  this.timeout(300_000);
  const trust = (name: string, principal: string): string => `
resource "aws_iam_role" "${name}" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = ${principal} }]
  })
}
`;

  it("trusts an account, a role and a service whose names are not known yet, and perhaps everyone", async () => {
    const found = await outcomes(
      "aws-iam-role-trust-any-principal",
      `data "aws_caller_identity" "this" {}
data "aws_ssm_parameter" "this" {
  name = "a"
}
${trust("account", '{ AWS = "arn:aws:iam::${data.aws_caller_identity.this.account_id}:root" }')}
${trust("role", "{ AWS = aws_iam_role.account.arn }")}
${trust("service", "{ Service = var.text }")}
${trust("named", '{ AWS = ["arn:aws:iam::111122223333:role/${var.text}"] }')}
${trust("parameter", "{ AWS = data.aws_ssm_parameter.this.value }")}
${trust("variable", "{ AWS = concat([aws_iam_role.account.arn], [var.text]) }")}
${trust("either", '{ AWS = aws_iam_role.account.arn == "x" ? "*" : aws_iam_role.account.arn }')}
${trust("everyone", '{ AWS = [var.text, "*"] }')}`,
    );
    assert.deepEqual(found, [
      "fail aws_iam_role.everyone",
      "pass aws_iam_role.account",
      "pass aws_iam_role.named",
      "pass aws_iam_role.role",
      "pass aws_iam_role.service",
      "unknown aws_iam_role.either",
      "unknown aws_iam_role.parameter",
      "unknown aws_iam_role.variable",
    ]);
  });

  it("is read from heredocs and template files with holes", async () => {
    const policy = (name: string, text: string): string => `
resource "aws_iam_policy" "${name}" {
  policy = ${text}
}
`;
    const heredoc = (statement: string): string => `<<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [${statement}]
    }
  EOT`;
    const found = await outcomes(
      "aws-iam-policy-full-admin",
      policy("wide", heredoc('{"Effect": "Allow", "Action": "*", "Resource": ["${var.text}", "*"]}')) +
        policy("narrow", heredoc('{"Effect": "Allow", "Action": "s3:*", "Resource": "${var.text}"}')) +
        policy("deny", heredoc('{"Effect": "Deny", "Action": "*", "Resource": "${var.text}"}')) +
        policy("more", heredoc("${var.text}")) +
        policy("hole", heredoc('{"Effect": "Allow", "Action": ${jsonencode(var.list)}, "Resource": "*"}')) +
        policy("template", 'templatefile("policy.tftpl", { actions = ["*"], name = var.text })') +
        policy(
          "merged",
          'jsonencode(merge({ Version = "2012-10-17" }, { Statement = [for a in ["*"] : { Effect = "Allow", Action = a, Resource = a }] }))',
        ),
      { "policy.tftpl": '{"Statement": {"Effect": "Allow", "Action": ${jsonencode(actions)}, "Resource": "*", "Sid": "${name}"}}' },
    );
    assert.deepEqual(found, [
      "fail aws_iam_policy.merged",
      "fail aws_iam_policy.template",
      "fail aws_iam_policy.wide",
      "pass aws_iam_policy.deny",
      "pass aws_iam_policy.narrow",
      "unknown aws_iam_policy.hole",
      "unknown aws_iam_policy.more",
    ]);
  });
});

describe("an argument", function () {
  this.timeout(300_000);

  it("set to null is omitted, and other types convert", async () => {
    const volume = (name: string, encrypted: string): string => `
resource "aws_ebs_volume" "${name}" {
  availability_zone = "eu-central-1a"
  size              = 1
  encrypted         = ${encrypted}
}
`;
    const found = await outcomes(
      "aws-ebs-volume-encryption",
      volume("omitted", "null") +
        volume("text", '"true"') +
        volume("fallback", 'try(tobool("no"), true)') +
        volume("coalesced", "coalesce(null, false)") +
        volume("looked_up", 'lookup({ a = "false" }, "a", true)') +
        volume("open", "var.text") +
        volume("called", "module.twice[1].out") +
        `module "twice" {
  source = "./m"
  count  = 2
  value  = count.index == 0 ? null : "false"
}
resource "aws_ebs_volume" "none" {
  for_each          = {}
  availability_zone = "eu-central-1a"
  size              = 1
}
`,
      { "m/main.tf": 'variable "value" {\n  type = bool\n  default = true\n}\noutput "out" {\n  value = var.value\n}\n' },
    );
    assert.deepEqual(found, [
      "fail aws_ebs_volume.called",
      "fail aws_ebs_volume.coalesced",
      "fail aws_ebs_volume.looked_up",
      "fail aws_ebs_volume.omitted",
      "pass aws_ebs_volume.fallback",
      "pass aws_ebs_volume.text",
      "unknown aws_ebs_volume.open",
    ]);
  });

  it("of a block that `dynamic` makes none of is left to the provider, as without the block", async () => {
    const instance = (name: string, body: string): string => `
resource "aws_instance" "${name}" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  ${body}
}
`;
    const found = await outcomes(
      "aws-ec2-instance-imdsv2",
      instance("absent", "") +
        instance("none", 'dynamic "metadata_options" {\n for_each = []\n content {\n http_tokens = "required"\n }\n }') +
        instance("one", 'dynamic "metadata_options" {\n for_each = [1]\n content {\n http_tokens = "required"\n }\n }'),
    );
    assert.deepEqual(found, ["pass aws_instance.one", "unknown aws_instance.absent", "unknown aws_instance.none"]);
  });

  it("that is sensitive and not known is still a secret in an environment", async () => {
    const lambda = (name: string, variables: string): string => `
resource "aws_lambda_function" "${name}" {
  function_name = "${name}"
  role          = "arn:aws:iam::111122223333:role/example"
  filename      = "function.zip"
  handler       = "main.handler"
  runtime       = "nodejs22.x"

  environment {
    variables = ${variables}
  }
}
`;
    const found = await outcomes(
      "aws-lambda-env-secrets",
      `variable "key" {
  type      = string
  sensitive = true
}
${lambda("sensitive", "{ KEY = var.key }")}
${lambda("url", '{ URL = "postgres://app:aB3dE6gH9kLm@${var.text}/app" }')}
${lambda("made", '{ for k, v in { db_password = "aB3dE6gH9kLm" } : upper(k) => v }')}
${lambda("open", "{ NAME = var.text }")}
${lambda("plain", '{ NAME = "example" }')}`,
    );
    assert.deepEqual(found, [
      "fail aws_lambda_function.made",
      "fail aws_lambda_function.sensitive",
      "fail aws_lambda_function.url",
      "pass aws_lambda_function.plain",
      "unknown aws_lambda_function.open",
    ]);
  });
});
