/**
 * Generated Terraform workspaces for benchmarks: realistic in shape (variables, locals, modules, count, for_each, dynamic, three
 * clouds), the same for the same arguments. `node bench/corpus.ts DIR FILES` writes one; other benches import `corpus()`.
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Path to text. Ten resources a file; every tenth directory is a module that its root calls with for_each. */
export function corpus(files: number): Map<string, string> {
  const out = new Map<string, string>();
  const filesPerRoot = 100;
  for (let first = 0; first < files; first += filesPerRoot) {
    const stack = `stacks/stack${first / filesPerRoot}`;
    const here = Math.min(filesPerRoot, files - first);
    out.set(`${stack}/variables.tf`, variables());
    out.set(`${stack}/locals.tf`, locals());
    out.set(`${stack}/modules/bucket/main.tf`, bucketModule());
    const rest = here - 3;
    for (let index = 0; index < rest; index++) {
      const number = first + index;
      const kind = index % 10;
      out.set(`${stack}/file${index}.tf`, kind < 5 ? awsFile(number) : kind < 8 ? alibabaFile(number) : tencentFile(number));
    }
  }
  return out;
}

function variables(): string {
  return `variable "environment" {
  type    = string
  default = "prod"
}

variable "admin_cidrs" {
  type    = list(string)
  default = ["10.0.0.0/8"]
}

variable "open_cidrs" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

variable "ports" {
  type    = map(number)
  default = { http = 80, https = 443, ssh = 22 }
}

variable "encrypted" {
  type    = bool
  default = false
}

variable "from_outside" {
  type = string
}

variable "buckets" {
  type = map(object({
    versioning = optional(bool, false)
    acl        = optional(string, "private")
  }))
  default = {
    logs   = { versioning = true }
    assets = { acl = "public-read" }
    state  = {}
  }
}
`;
}

function locals(): string {
  return `locals {
  prefix = "\${var.environment}-plumb"
  tags   = merge({ Environment = var.environment }, { Owner = "platform" })
  names  = { for name, bucket in var.buckets : name => "\${local.prefix}-\${name}" }
  rules  = [for name, port in var.ports : { name = name, port = port, cidrs = name == "ssh" ? var.open_cidrs : var.admin_cidrs }]
}
`;
}

function bucketModule(): string {
  return `variable "name" {
  type = string
}

variable "versioning" {
  type    = bool
  default = true
}

variable "acl" {
  type    = string
  default = "private"
}

resource "aws_s3_bucket" "this" {
  bucket = var.name
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.versioning ? 1 : 0
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_acl" "this" {
  bucket = aws_s3_bucket.this.id
  acl    = var.acl
}

output "arn" {
  value = aws_s3_bucket.this.arn
}
`;
}

function awsFile(n: number): string {
  return `module "bucket_${n}" {
  source     = "./modules/bucket"
  for_each   = var.buckets
  name       = "\${local.names[each.key]}-${n}"
  versioning = each.value.versioning
  acl        = each.value.acl
}

resource "aws_vpc" "vpc_${n}" {
  cidr_block = cidrsubnet("10.0.0.0/8", 8, ${n % 256})
  tags       = merge(local.tags, { Name = "\${local.prefix}-${n}" })
}

resource "aws_subnet" "subnet_${n}" {
  count                   = 2
  vpc_id                  = aws_vpc.vpc_${n}.id
  cidr_block              = cidrsubnet(aws_vpc.vpc_${n}.cidr_block, 8, count.index)
  map_public_ip_on_launch = count.index == 0
}

resource "aws_security_group" "group_${n}" {
  name   = "\${local.prefix}-${n}"
  vpc_id = aws_vpc.vpc_${n}.id

  dynamic "ingress" {
    for_each = local.rules
    iterator = rule
    content {
      description = rule.value.name
      protocol    = "tcp"
      from_port   = rule.value.port
      to_port     = rule.value.port
      cidr_blocks = rule.value.cidrs
    }
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group_rule" "extra_${n}" {
  security_group_id = aws_security_group.group_${n}.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = ${n % 3 === 0 ? 22 : 8443}
  to_port           = ${n % 3 === 0 ? 22 : 8443}
  cidr_blocks       = ${n % 3 === 0 ? "var.open_cidrs" : "[var.from_outside]"}
}

resource "aws_instance" "server_${n}" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.subnet_${n}[0].id
  vpc_security_group_ids = [aws_security_group.group_${n}.id]

  metadata_options {
    http_tokens = "${n % 2 === 0 ? "required" : "optional"}"
  }

  root_block_device {
    encrypted = var.encrypted
  }
}

resource "aws_ebs_volume" "volume_${n}" {
  availability_zone = "us-east-1a"
  size              = ${10 + (n % 90)}
  encrypted         = ${n % 2 === 0 ? "true" : "var.encrypted"}
}

resource "aws_iam_role" "role_${n}" {
  name = "\${local.prefix}-role-${n}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "policy_${n}" {
  role = aws_iam_role.role_${n}.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ${n % 5 === 0 ? '"*"' : '["s3:GetObject", "s3:ListBucket"]'}
      Resource = ${n % 5 === 0 ? '"*"' : `[module.bucket_${n}["logs"].arn, "\${module.bucket_${n}["logs"].arn}/*"]`}
    }]
  })
}

resource "aws_kms_key" "key_${n}" {
  description         = "Key ${n}"
  enable_key_rotation = ${n % 2 === 0}
}

resource "aws_db_instance" "database_${n}" {
  identifier          = "\${local.prefix}-${n}"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "admin"
  password            = var.from_outside
  storage_encrypted   = var.encrypted
  publicly_accessible = ${n % 4 === 0}
  skip_final_snapshot = true
}

resource "aws_cloudwatch_log_group" "logs_${n}" {
  name              = "/\${local.prefix}/${n}"
  retention_in_days = ${n % 2 === 0 ? 365 : 3}
}
`;
}

function alibabaFile(n: number): string {
  const buckets = [0, 1, 2]
    .map(
      (i) => `resource "alicloud_oss_bucket" "bucket_${n}_${i}" {
  bucket = "\${local.prefix}-${n}-${i}"
}

resource "alicloud_oss_bucket_acl" "acl_${n}_${i}" {
  bucket = alicloud_oss_bucket.bucket_${n}_${i}.bucket
  acl    = "${i === 2 ? "public-read" : "private"}"
}
`,
    )
    .join("\n");
  return `resource "alicloud_security_group" "group_${n}" {
  security_group_name = "\${local.prefix}-${n}"
}

resource "alicloud_security_group_rule" "rule_${n}" {
  count             = length(var.open_cidrs)
  type              = "ingress"
  ip_protocol       = "tcp"
  port_range        = "${n % 2 === 0 ? "22/22" : "443/443"}"
  security_group_id = alicloud_security_group.group_${n}.id
  cidr_ip           = var.open_cidrs[count.index]
}

${buckets}
resource "alicloud_ram_policy" "policy_${n}" {
  policy_name = "\${local.prefix}-${n}"
  policy_document = jsonencode({
    Version   = "1"
    Statement = [{ Effect = "Allow", Action = ["${n % 4 === 0 ? "*" : "oss:GetObject"}"], Resource = ["*"] }]
  })
}

resource "alicloud_ecs_disk" "disk_${n}" {
  zone_id   = "cn-hangzhou-i"
  size      = 40
  encrypted = var.encrypted
}
`;
}

function tencentFile(n: number): string {
  const buckets = [0, 1, 2, 3, 4]
    .map(
      (i) => `resource "tencentcloud_cos_bucket" "bucket_${n}_${i}" {
  bucket = "plumb-${n}-${i}-1250000000"
  acl    = "${i === 0 ? "public-read" : "private"}"
}
`,
    )
    .join("\n");
  return `resource "tencentcloud_security_group" "group_${n}" {
  name = "\${local.prefix}-${n}"
}

resource "tencentcloud_security_group_rule_set" "rules_${n}" {
  security_group_id = tencentcloud_security_group.group_${n}.id

  ingress {
    action     = "ACCEPT"
    cidr_block = ${n % 2 === 0 ? '"0.0.0.0/0"' : "var.admin_cidrs[0]"}
    protocol   = "TCP"
    port       = "22"
  }
}

resource "tencentcloud_security_group_lite_rule" "lite_${n}" {
  security_group_id = tencentcloud_security_group.group_${n}.id
  ingress           = [for cidr in var.open_cidrs : "ACCEPT#\${cidr}#${n % 3 === 0 ? 3389 : 80}#TCP"]
}

${buckets}
resource "tencentcloud_cbs_storage" "disk_${n}" {
  storage_type      = "CLOUD_PREMIUM"
  storage_name      = "\${local.prefix}-${n}"
  storage_size      = 50
  availability_zone = "ap-guangzhou-3"
  encrypt           = var.encrypted
}
`;
}

export function writeCorpus(directory: string, files: number): void {
  rmSync(directory, { recursive: true, force: true });
  for (const [path, text] of corpus(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

const [, script, directory, count] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  if (directory === undefined) throw new Error("usage: node bench/corpus.ts DIR [FILES]");
  writeCorpus(directory, Number(count ?? 1000));
}
