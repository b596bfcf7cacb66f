import assert from "node:assert/strict";
import type { Instance } from "../../../src/core/instances/model.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { bundled, fileWorld } from "../../harness/check-world.ts";

const tree = await bundled();

/** The instances of a type in some Terraform text, by address. */
function instances(type: string, text: string, files: Readonly<Record<string, string>> = {}): ReadonlyMap<string, Instance> {
  const { world, root } = fileWorld(tree, { "main.tf": text, ...files });
  return new Map(world.instancesOf(root, type).map((instance) => [instance.address, instance]));
}

/** A part in short: addresses, `?` for one that may not exist, `…reason` for an unknown rest, `unknown reason`, `missing`. */
function tell(value: Value | undefined): string {
  switch (value?.kind) {
    case "null":
      return "missing";
    case "unknown":
      return `unknown ${value.reasons.map(({ kind }) => kind).join("+")}`;
    case "instance":
      return value.target.address + (value.maybe === undefined ? "" : "?");
    case "list":
      return `[${[...value.items.map(tell), ...(value.rest ?? []).map(({ kind }) => `…${kind}`)].join(", ")}]`;
    default:
      return "not a part";
  }
}

const bucket = `resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\n`;
const policy = (reference: string, more = ""): string =>
  `resource "aws_s3_bucket_policy" "p" {\n  bucket = ${reference}\n  policy = "{}"\n${more}}\n`;

function policyOf(text: string, address = "aws_s3_bucket.a"): string {
  return tell(instances("aws_s3_bucket", text).get(address)?.select("bucketPolicy"));
}

describe("a part that refers to its owner", () => {
  it("joins by the origin of a computed identity, and no other owner", () => {
    const text = `resource "aws_s3_bucket" "b" {}\n${bucket}${policy("aws_s3_bucket.b.id")}`;
    assert.equal(policyOf(text, "aws_s3_bucket.b"), "aws_s3_bucket_policy.p");
    assert.equal(policyOf(text), "missing");
  });

  it("joins by a known value", () => {
    assert.equal(policyOf(bucket + policy('"a"')), "aws_s3_bucket_policy.p");
    assert.equal(policyOf(bucket + policy('"b"')), "missing");
  });

  it("joins where owner and part have the same unknown name", () => {
    const text = `resource "random_id" "r" {\n  byte_length = 4\n}\nresource "aws_s3_bucket" "a" {\n  bucket = random_id.r.hex\n}\n`;
    assert.equal(policyOf(text + policy("aws_s3_bucket.a.bucket")), "aws_s3_bucket_policy.p");
    const variable = `variable "v" {\n  type = string\n}\nresource "aws_s3_bucket" "a" {\n  bucket = var.v\n}\n`;
    assert.equal(policyOf(variable + policy("aws_s3_bucket.a.bucket")), "aws_s3_bucket_policy.p");
  });

  it("joins instances of count and for_each one by one", () => {
    const text = `resource "aws_s3_bucket" "a" {\n  for_each = toset(["x", "y"])\n  bucket   = each.key\n}\n`;
    const found = instances("aws_s3_bucket", text + policy('aws_s3_bucket.a["x"].id'));
    assert.equal(tell(found.get('aws_s3_bucket.a["x"]')?.select("bucketPolicy")), "aws_s3_bucket_policy.p");
    assert.equal(tell(found.get('aws_s3_bucket.a["y"]')?.select("bucketPolicy")), "missing");
  });

  it("joins through module outputs and arguments", () => {
    const found = instances("aws_s3_bucket", `module "m" {\n  source = "./m"\n}\n${policy("module.m.id")}`, {
      "m/main.tf": `resource "aws_s3_bucket" "a" {}\noutput "id" {\n  value = aws_s3_bucket.a.id\n}\n`,
    });
    assert.equal(tell(found.get("module.m.aws_s3_bucket.a")?.select("bucketPolicy")), "aws_s3_bucket_policy.p");
  });

  it("is unknown on every candidate where its reference is", () => {
    const variable = `variable "v" {\n  type = string\n}\n`;
    assert.equal(policyOf(variable + bucket + policy("var.v")), "unknown variable");
    const other = `provider "aws" {\n  alias  = "west"\n  region = "us-west-2"\n}\n`;
    assert.equal(policyOf(variable + other + bucket + policy("var.v", "  provider = aws.west\n")), "missing");
  });

  it("leaves certain what joined for certain", () => {
    const variable = `variable "v" {\n  type = string\n}\n`;
    assert.equal(
      policyOf(variable + bucket + policy("aws_s3_bucket.a.id") + policy("var.v").replace('"p"', '"q"')),
      "aws_s3_bucket_policy.p",
    );
  });

  it("may not exist where its count is unknown", () => {
    const text = `variable "on" {\n  type = bool\n}\n${bucket}${policy("aws_s3_bucket.a.id", "  count = var.on ? 1 : 0\n")}`;
    assert.match(policyOf(text), /^aws_s3_bucket_policy\.p.*\?$/);
  });

  it("joins through what is one of none or one", () => {
    const text = `variable "create" {\n  type = bool\n}\nresource "aws_s3_bucket" "a" {\n  count  = var.create ? 1 : 0\n  bucket = "a"\n}\n`;
    const count = "  count  = var.create ? 1 : 0\n";
    for (const reference of [
      "one(aws_s3_bucket.a[*].id)",
      "one(aws_s3_bucket.a.*.id)",
      "one([for b in aws_s3_bucket.a : b.id])",
      "element(aws_s3_bucket.a[*].id, 0)",
      "element(aws_s3_bucket.a, 0).id",
      "(aws_s3_bucket.a[*].id)[0]",
      "(aws_s3_bucket.a[*])[0].id",
      'join("", aws_s3_bucket.a[*].id)',
      "one(aws_s3_bucket.a).id",
    ])
      assert.equal(policyOf(text + policy(reference, count)), "aws_s3_bucket_policy.p?", reference);
    // A known name may be anyone's.
    assert.equal(policyOf(text + policy("one(aws_s3_bucket.a[*].bucket)", count)), "unknown variable");
    const other = `resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n`;
    assert.equal(policyOf(text + other + policy("one(aws_s3_bucket.a[*].id)", count), "aws_s3_bucket.b"), "missing");
    const module = 'module "m" {\n  count  = var.create ? 1 : 0\n  source = "./m"\n}\nvariable "create" {\n  type = bool\n}\n';
    const files = {
      "m/main.tf": 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\noutput "id" {\n  value = aws_s3_bucket.a.id\n}\n',
    };
    const found = instances("aws_s3_bucket", module + policy("one(module.m[*].id)", count), files);
    assert.equal(tell([...found.values()][0]?.select("bucketPolicy")), "aws_s3_bucket_policy.p?");
  });

  it("is not certain of whom a block of an unknown count only passes on", () => {
    const text = (reference: string): string =>
      `variable "create" {\n  type = bool\n}\nresource "aws_s3_bucket" "a" {}\nresource "aws_s3_bucket_acl" "x" {\n  count  = var.create ? 1 : 0\n  bucket = aws_s3_bucket.a.id\n}\n${policy(reference)}`;
    assert.equal(policyOf(text("one(aws_s3_bucket_acl.x[*].bucket)")).startsWith("unknown"), true);
    assert.equal(policyOf(text('try(one(aws_s3_bucket_acl.x).bucket, "b")')).startsWith("unknown"), true);
  });

  it("joins through a list of those of an unknown count", () => {
    const text = `variable "n" {\n  type = number\n}\nresource "aws_security_group" "a" {\n  count = var.n\n}\nresource "aws_security_group" "b" {}\nresource "aws_instance" "i" {\n  ami = "ami-1"\n  vpc_security_group_ids = aws_security_group.a[*].id\n}\n`;
    const [instance] = instances("aws_instance", text).values();
    assert.equal(tell(instance?.select("securityGroups")), "[aws_security_group.a?]");
  });

  it("joins the look-up whose first find is referred to", () => {
    const look = 'data "alicloud_images" "d" {\n  owners = "system"\n}\n';
    const found = (image: string): string =>
      tell(
        instances("alicloud_instance", `${look}resource "alicloud_instance" "a" {\n  image_id = ${image}\n}\n`)
          .get("alicloud_instance.a")
          ?.select("imageSearch"),
      );
    for (const first of ["images[0].id", "images.0.id", "ids[0]"]) {
      assert.equal(found(`data.alicloud_images.d.${first}`), "data.alicloud_images.d", first);
    }
    assert.match(found("data.alicloud_images.other.ids[0]"), /^unknown/);
    assert.match(found("data.alicloud_images.d.ids[1]"), /^unknown/);
  });

  it("joins through a data source that looks for the owner by name", () => {
    const data = (argument: string): string => `data "aws_s3_bucket" "d" {\n  bucket = ${argument}\n}\n`;
    assert.equal(policyOf(bucket + data('"a"') + policy("data.aws_s3_bucket.d.id")), "aws_s3_bucket_policy.p");
    assert.equal(policyOf(bucket + data('"b"') + policy("data.aws_s3_bucket.d.id")), "missing");
  });

  it("stays in its region", () => {
    const text = bucket.replace("}", '  region = "eu-west-1"\n}') + policy('"a"', '  region = "us-east-1"\n');
    assert.equal(policyOf(text), "missing");
  });
});

describe("a part that we refer to", () => {
  const metric = `resource "aws_cloudwatch_log_group" "g" {\n  name = "g"\n}\n`;
  const trail = (group: string): string =>
    `resource "aws_cloudtrail" "t" {\n  name                       = "t"\n  s3_bucket_name             = "b"\n  cloud_watch_logs_group_arn = ${group}\n}\n`;
  const groupOf = (text: string): string => tell(instances("aws_cloudtrail", text).get("aws_cloudtrail.t")?.select("logGroup"));

  it("joins by a form of the identity", () => {
    assert.equal(groupOf(metric + trail('"${aws_cloudwatch_log_group.g.arn}:*"')), "aws_cloudwatch_log_group.g");
  });

  it("is missing for null, elsewhere for what is not here, unknown for what can't be resolved", () => {
    assert.equal(groupOf(metric + trail("null")), "missing");
    assert.equal(groupOf(metric + trail('"arn:aws:logs:eu-west-1:111122223333:log-group:x:*"')), "unknown elsewhere");
    assert.equal(groupOf(`variable "v" {\n  type = string\n}\n${metric}${trail("var.v")}`), "unknown variable");
  });
});

describe("several parts", () => {
  const group = `resource "aws_security_group" "a" {\n  name = "a"\n}\n`;
  const rule = (name: string, reference: string): string =>
    `resource "aws_vpc_security_group_ingress_rule" "${name}" {\n  security_group_id = ${reference}\n  ip_protocol = "-1"\n}\n`;
  const rulesOf = (text: string): string =>
    tell(instances("aws_security_group", text).get("aws_security_group.a")?.select("ingressRules"));

  it("are sorted by address, with a rest for references that can't be resolved", () => {
    const text = group + rule("z", "aws_security_group.a.id") + rule("b", "aws_security_group.a.id");
    assert.equal(rulesOf(text), "[aws_vpc_security_group_ingress_rule.b, aws_vpc_security_group_ingress_rule.z]");
    const variable = `variable "v" {\n  type = string\n}\n`;
    assert.equal(rulesOf(`${variable}${text}${rule("c", "var.v")}`).replace(/.*…/, "…"), "…variable]");
  });

  it("make an owner known only by them where the owner is not in the files", () => {
    const { world, root } = fileWorld(tree, { "main.tf": group + rule("x", '"sg-1"') + rule("y", '"sg-1"') + rule("z", '"sg-2"') });
    const orphans = world.orphans(root, "aws_security_group");
    assert.deepEqual(
      orphans.map((orphan) => tell(orphan.select("ingressRules"))),
      [
        "[aws_vpc_security_group_ingress_rule.x, aws_vpc_security_group_ingress_rule.y, …elsewhere]",
        "[aws_vpc_security_group_ingress_rule.z, …elsewhere]",
      ],
    );
    assert.equal(orphans[0]?.select("name").kind, "unknown");
  });

  it("make none where the owner is of another type that adopts nobody", () => {
    const text = `resource "aws_default_security_group" "d" {}\n${rule("x", "aws_default_security_group.d.id")}`;
    const { world, root } = fileWorld(tree, { "main.tf": text });
    assert.deepEqual(world.orphans(root, "aws_security_group"), []);
  });
});

describe("an omitted argument", () => {
  it("has the meaning that onCreate documents, and stays unknown without one", () => {
    const one = instances("aws_s3_bucket", bucket).get("aws_s3_bucket.a");
    assert.equal(one?.select("acl").kind, "null");
    assert.equal(one.select("arn").kind, "unknown");
  });

  it("keeps what is written", () => {
    const [one] = instances("aws_s3_bucket", bucket.replace("}", '  acl = "private"\n}')).values();
    assert.deepEqual(one?.select("acl"), { kind: "string", value: "private" });
  });

  it("may depend on a part", () => {
    const volume = `resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size = 1\n}\n`;
    const encrypted = (text: string): Value | undefined =>
      instances("aws_ebs_volume", text).get("aws_ebs_volume.v")?.select("encrypted");
    assert.deepEqual(encrypted(`${volume}resource "aws_ebs_encryption_by_default" "d" {\n  enabled = true\n}\n`), {
      kind: "bool",
      value: true,
    });
    assert.deepEqual(encrypted(volume), { kind: "bool", value: false });
  });

  it("has its meaning inside a block that is omitted as a whole, and only it", () => {
    const instance = `resource "aws_instance" "i" {\n  ami = "ami-0123456789abcdef0"\n  instance_type = "t3.micro"\n}\n`;
    const region = `resource "aws_ec2_instance_metadata_defaults" "d" {\n  http_tokens = "required"\n}\n`;
    const options = (text: string): Value | undefined =>
      instances("aws_instance", text).get("aws_instance.i")?.select("metadata_options");
    const block = options(instance + region);
    assert.ok(block?.kind === "object");
    assert.deepEqual(block.entries.get("http_tokens"), { kind: "string", value: "required" });
    assert.equal(block.entries.get("http_endpoint")?.kind, "unknown");
    const [template] = instances("aws_launch_template", `resource "aws_launch_template" "t" {}\n`).values();
    const inTemplate = template?.select("metadataService");
    assert.deepEqual(inTemplate, { kind: "string", value: "enabled" });
    const without = options(instance);
    assert.equal(without?.kind === "object" ? without.entries.get("http_tokens")?.kind : without?.kind, "unknown");
  });
});
