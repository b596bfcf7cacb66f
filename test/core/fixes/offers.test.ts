import assert from "node:assert/strict";
import type { CheckItem } from "../../../src/core/checks/model.ts";
import { fixAll } from "../../../src/core/fixes/fix-all.ts";
import { bundled } from "../../harness/check-world.ts";
import { checkOf, edited, fixHost, offersFor, type Files } from "./fix-world.ts";

const tree = await bundled();

/** A check item with fixes, the rest of it being of no matter here. */
function item(place: string, instance: string, condition: string, ...fixes: readonly string[]): CheckItem {
  return checkOf(
    tree,
    place,
    `
title: Example
instance: ${instance}
dimensions: [security]
category: network
risk: high
tier: free
assert: '${condition}'
message: It is not so.
why: Because.
advice: Change it.
benchmarks: []
references: ["https://example.com"]
fix: { source: [${fixes.join(", ")}] }
examples: { pass: [""], fail: [""] }
`,
  );
}

const acl = item(
  "alibaba/oss/acl",
  "alicloud_oss_bucket_acl",
  'acl == "private"',
  "{ title: Make it private, safe: true, edits: [{ op: set, at: acl, value: private }] }",
);

/** Titles (and why a fix is not offered), and the changed files of those offered. */
function offered(check: CheckItem, files: Files, checks: readonly CheckItem[] = [check]): readonly (readonly [string, Files])[] {
  return offersFor(tree, check, files, checks).map(({ offer, after }) => [
    offer.kind === "available" ? offer.title : `${offer.title}: ${offer.why}`,
    Object.fromEntries(Object.entries(after).filter(([name, text]) => files[name] !== text)),
  ]);
}

const bucketAcl = (value: string): string => `resource "alicloud_oss_bucket_acl" "a" {\n  bucket = "x"\n  acl    = ${value}\n}\n`;

describe("source fixes", () => {
  it("change the literal in the block and keep comments", () => {
    assert.deepEqual(offered(acl, { "main.tf": bucketAcl('"public-read" # for now') }), [
      ["Make it private", { "main.tf": bucketAcl('"private" # for now') }],
    ]);
  });

  it("offer every place on the way to the value, the deciding one first", () => {
    const files = {
      "main.tf": 'module "m" {\n  source = "./m"\n  acl    = var.acl\n}\n\nvariable "acl" {\n  default = "public-read" # why\n}\n',
      "m/main.tf": `variable "acl" {}\n\n${bucketAcl("var.acl")}`,
    };
    assert.deepEqual(offered(acl, files), [
      ["Make it private (in var.acl's default, main.tf)", { "main.tf": files["main.tf"].replace('"public-read"', '"private"') }],
      ["Make it private (in module.m's argument, main.tf)", { "main.tf": files["main.tf"].replace("= var.acl", '= "private"') }],
      ["Make it private (here, in place of var.acl)", { "m/main.tf": files["m/main.tf"].replace("= var.acl", '= "private"') }],
    ]);
  });

  it("change a variable file's line", () => {
    const [first] = offered(acl, {
      "main.tf": `variable "acl" {}\n\n${bucketAcl("var.acl")}`,
      "terraform.tfvars": 'acl = "public-read"\n',
    });
    assert.deepEqual(first, ["Make it private (var.acl in terraform.tfvars)", { "terraform.tfvars": 'acl = "private"\n' }]);
  });

  it("go through two levels of modules, and to an override file", () => {
    const files = {
      "main.tf": 'variable "acl" {\n  default = "private"\n}\n\nmodule "a" {\n  source = "./a"\n  acl    = var.acl\n}\n',
      "override.tf": 'variable "acl" {\n  default = "public-read"\n}\n',
      "a/main.tf": 'variable "acl" {}\n\nmodule "b" {\n  source = "../b"\n  acl    = var.acl\n}\n',
      "b/main.tf": `variable "acl" {}\n\n${bucketAcl("var.acl")}`,
    };
    assert.deepEqual(offered(acl, files), [
      [
        "Make it private (in var.acl's default, override.tf)",
        { "override.tf": files["override.tf"].replace("public-read", "private") },
      ],
      ["Make it private (in module.a's argument, main.tf)", { "main.tf": files["main.tf"].replace("= var.acl", '= "private"') }],
      [
        "Make it private (in module.b's argument, main.tf)",
        { "a/main.tf": files["a/main.tf"].replace("= var.acl", '= "private"') },
      ],
      ["Make it private (here, in place of var.acl)", { "b/main.tf": files["b/main.tf"].replace("= var.acl", '= "private"') }],
    ]);
  });

  it("change the default in a variable's type for what a caller leaves out", () => {
    const files = {
      "main.tf": 'module "m" {\n  source  = "./m"\n  buckets = { a = {} }\n}\n',
      "m/main.tf": `variable "buckets" {\n  type = map(object({ acl = optional(string, "public-read") }))\n}\n\n${bucketAcl("each.value.acl").replace("{\n", "{\n  for_each = var.buckets\n\n")}`,
    };
    assert.deepEqual(offered(acl, files), [
      [
        "Make it private (in var.buckets's default, main.tf)",
        { "m/main.tf": files["m/main.tf"].replace('"public-read"', '"private"') },
      ],
      ["Make it private", { "m/main.tf": files["m/main.tf"].replace("each.value.acl", '"private"') }],
    ]);
  });

  it("change the line that one element of a map comes from", () => {
    const files = {
      "main.tf": `variable "buckets" {}\n\n${bucketAcl("each.value.acl").replace("{\n", "{\n  for_each = { for b in var.buckets : b.name => b }\n\n")}`,
      "terraform.tfvars": 'buckets = [\n  { name = "a", acl = "private" },\n  { name = "b", acl = "public-read" }, # for now\n]\n',
    };
    const [first] = offered(acl, files);
    assert.deepEqual(first, [
      "Make it private (var.buckets in terraform.tfvars)",
      { "terraform.tfvars": files["terraform.tfvars"].replace('"public-read"', '"private"') },
    ]);
  });

  it("leave a default alone that the command line or the environment overrules", () => {
    const files = {
      "main.tf": `variable "acl" {\n  default = "private"\n}\n\n${bucketAcl("var.acl")}`,
      "terraform.tfvars.json": '{"acl": "public-read"}',
    };
    // JSON is not edited; what stands in the file itself is.
    const titles = offered(acl, files).map(([title]) => title);
    assert.ok(
      titles.some((title) => title === "Make it private (here, in place of var.acl)"),
      titles.join("\n"),
    );
    assert.ok(!titles.some((title) => title.includes("default")), titles.join("\n"));
  });

  it("say why there is none where the item says so", () => {
    const told = checkOf(
      tree,
      "alibaba/oss/told",
      `
title: Example
instance: alicloud_oss_bucket_acl
dimensions: [security]
category: network
risk: high
tier: free
assert: 'acl == "private"'
message: It is not so.
why: Because.
advice: Change it.
noFix: Whom it should be open to is not in the configuration.
references: ["https://example.com"]
examples: { pass: [""], fail: [""] }
`,
    );
    assert.deepEqual(offered(told, { "main.tf": bucketAcl('"public-read"') }), [
      ["No quick fix: Whom it should be open to is not in the configuration.", {}],
    ]);
  });

  it("are not offered where the finding could only not be told any more", () => {
    const guess = item(
      "alibaba/oss/guess",
      "alicloud_oss_bucket_acl",
      'acl == "private"',
      "{ title: Take it from elsewhere, edits: [{ op: set, at: acl, value: { hcl: var.acl } }] }",
    );
    assert.deepEqual(offered(guess, { "main.tf": `variable "acl" {}\n\n${bucketAcl('"public-read"')}` }), [
      ["Take it from elsewhere: With the change it could not be told any more whether the finding is gone.", {}],
    ]);
  });

  it("say why there is none where an expression computes the value", () => {
    assert.deepEqual(offered(acl, { "main.tf": bucketAcl('lower("PUBLIC-READ")') }), [
      ['Make it private: The value is computed by `lower("PUBLIC-READ")`: change it by hand.', {}],
    ]);
  });

  it("leave downloaded modules alone", () => {
    const files = {
      "main.tf": 'module "m" {\n  source = "./.terraform/modules/m"\n}\n',
      ".terraform/modules/m/main.tf": bucketAcl('"public-read"'),
    };
    assert.deepEqual(
      offered(acl, files).map(([title]) => title),
      ["Make it private: main.tf is outside the workspace or in a downloaded module."],
    );
  });

  it("are not offered when something else would fail", () => {
    const other = item(
      "alibaba/oss/other",
      "alicloud_oss_bucket_acl",
      'acl != "private"',
      "{ title: No, edits: [{ op: remove, at: acl }] }",
    );
    assert.deepEqual(offered(acl, { "main.tf": bucketAcl('"public-read"') }, [acl, other]), [
      ["Make it private: With the change, `alicloud_oss_bucket_acl.a` would fail alibaba-oss-other.", {}],
    ]);
  });

  it("keep CRLF", () => {
    const files = { "main.tf": bucketAcl('"public-read"').replaceAll("\n", "\r\n") };
    assert.deepEqual(offered(acl, files)[0]?.[1], { "main.tf": bucketAcl('"private"').replaceAll("\n", "\r\n") });
  });

  it("say when the change replaces the resource", () => {
    const volume = item(
      "aws/ebs/volume",
      "aws_ebs_volume",
      "encrypted == true",
      "{ title: Encrypt it, edits: [{ op: set, at: encrypted, value: true }] }",
    );
    assert.deepEqual(
      offered(volume, {
        "main.tf": 'resource "aws_ebs_volume" "a" {\n  availability_zone = "x"\n  encrypted         = false\n}\n',
      })[0]?.[0],
      "Encrypt it (replaces the resource)",
    );
  });

  it("add one missing block for all that is set in it", () => {
    const balancer = item(
      "aws/elbv2/logs",
      "aws_lb",
      'access_logs.enabled == true && access_logs.prefix == "x"',
      "{ title: Log, edits: [{ op: set, at: access_logs.bucket, value: logs }, { op: set, at: access_logs.prefix, value: x }, { op: set, at: access_logs.enabled, value: true }] }",
    );
    assert.deepEqual(offered(balancer, { "main.tf": 'resource "aws_lb" "a" {\n  name = "a"\n}\n' }), [
      [
        "Log",
        {
          "main.tf":
            'resource "aws_lb" "a" {\n  name = "a"\n\n  access_logs {\n    bucket  = "logs"\n    prefix  = "x"\n    enabled = true\n  }\n}\n',
        },
      ],
    ]);
    const written =
      'resource "aws_lb" "a" {\n  access_logs {\n    bucket  = "logs"\n    prefix  = "y"\n    enabled = true\n  }\n}\n';
    assert.deepEqual(offered(balancer, { "main.tf": written }), [["Log", { "main.tf": written.replace('"y"', '"x"') }]]);
  });

  it("remove an open range with what it leaves empty, and keep the version of an address", () => {
    const [ssh] = tree.checks.filter((check) => check.id === "aws-ec2-sg-ssh-open");
    assert.ok(ssh);
    const group = (lines: string): string =>
      `resource "aws_security_group" "a" {\n  ingress {\n    protocol         = "tcp"\n    from_port        = 22\n    to_port          = 22\n${lines}  }\n}\n`;
    const both = offersFor(tree, ssh, {
      "main.tf": group('    cidr_blocks      = ["10.0.0.0/8"]\n    ipv6_cidr_blocks = ["::/0"]\n'),
    });
    const [replaced, removed] = both.map(({ after }) => after["main.tf"]);
    assert.equal(replaced, group('    cidr_blocks      = ["10.0.0.0/8"]\n    ipv6_cidr_blocks = ["fd00::/8"]\n'));
    assert.equal(
      removed,
      group('    cidr_blocks      = ["10.0.0.0/8"]\n').replace(/ +=/g, (space) => space.slice(5)),
    );
    const only = offersFor(tree, ssh, { "main.tf": group('    cidr_blocks      = ["0.0.0.0/0"]\n') });
    assert.equal(only.at(-1)?.after["main.tf"], 'resource "aws_security_group" "a" {\n}\n');
  });

  it("do not remove one of several instances", () => {
    const [ssh] = tree.checks.filter((check) => check.id === "aws-ec2-sg-ssh-open");
    assert.ok(ssh);
    const rule =
      'resource "aws_vpc_security_group_ingress_rule" "r" {\n  count             = 2\n  security_group_id = aws_security_group.a.id\n  ip_protocol       = "tcp"\n  from_port         = 22\n  to_port           = 22\n  cidr_ipv4         = "0.0.0.0/0"\n}\n';
    const titles = offered(ssh, { "main.tf": `resource "aws_security_group" "a" {}\n\n${rule}` }).map(([title]) => title);
    assert.match(titles.at(-1) ?? "", /is one of several made by `count` or `for_each`/);
  });

  it("add a part under a free name, repeated like its owner", () => {
    const [versioning] = tree.checks.filter((check) => check.id === "aws-s3-bucket-versioning");
    assert.ok(versioning);
    const text = 'resource "aws_s3_bucket" "a" {\n  for_each = toset(["x", "y"])\n  bucket   = each.key\n}\n';
    const [, files] = offered(versioning, { "main.tf": text })[0] ?? ["", {}];
    assert.match(
      files["main.tf"] ?? "",
      /resource "aws_s3_bucket_versioning" "a" \{\n {2}for_each = aws_s3_bucket\.a\n {2}bucket {3}= each\.value\.\w+\n/,
    );
  });
});

describe("moving a secret to a variable", () => {
  const secret = item(
    "aws/rds/secret",
    "aws_db_instance",
    "!literal(password)",
    "{ title: Take it from a variable, edits: [{ op: moveToVariable, at: password }] }",
  );
  const database = (password: string): string =>
    `resource "aws_db_instance" "main" {\n  instance_class = "db.t4g.micro"\n  password       = ${password}\n}\n`;
  const variable = (name: string): string => `variable "${name}" {\n  type      = string\n  sensitive = true\n}\n`;

  it("puts a sensitive variable without a value in its place", () => {
    assert.deepEqual(offered(secret, { "main.tf": database('"hunter2-hunter2"') }), [
      ["Take it from a variable", { "main.tf": `${database("var.main_password")}\n${variable("main_password")}` }],
    ]);
  });

  it("puts it where the variables are, under a name that is free", () => {
    const files = { "main.tf": database('"hunter2-hunter2"'), "variables.tf": 'variable "main_password" {}\n' };
    assert.deepEqual(offered(secret, files), [
      [
        "Take it from a variable",
        {
          "main.tf": database("var.main_password_2"),
          "variables.tf": `variable "main_password" {}\n\n${variable("main_password_2")}`,
        },
      ],
    ]);
  });

  it("takes the default from the variable that has it", () => {
    const files = {
      "main.tf": `variable "password" {\n  type    = string\n  default = "hunter2-hunter2"\n}\n\n${database("var.password")}`,
    };
    const [offer] = offered(secret, files);
    assert.deepEqual(offer, [
      "Take it from a variable",
      { "main.tf": `variable "password" {\n  type      = string\n  sensitive = true\n}\n\n${database("var.password")}` },
    ]);
  });

  it("leaves a variable that is sensitive already without its default", () => {
    const text = (rest: string): string => `variable "password" {\n  sensitive = true\n${rest}}\n\n${database("var.password")}`;
    const [offer] = offered(secret, { "main.tf": text('  default   = "hunter2-hunter2"\n') });
    assert.deepEqual(offer, ["Take it from a variable", { "main.tf": text("") }]);
  });

  it("follows a local", () => {
    const files = { "main.tf": `locals {\n  root = "hunter2-hunter2"\n}\n\n${database("local.root")}` };
    const [[, after] = ["", {}]] = offered(secret, files);
    assert.match(after["main.tf"] ?? "", /root = var\.root\n/);
    assert.match(after["main.tf"] ?? "", /variable "root" \{/);
  });

  it("leaves the secret nowhere", () => {
    for (const [, after] of offered(secret, { "main.tf": database('"hunter2-hunter2"') })) {
      assert.doesNotMatch(JSON.stringify(after), /hunter2/);
    }
  });

  it("says why it can't in modules and variable files", () => {
    const inModule = {
      "main.tf": 'module "db" {\n  source = "./db"\n}\n',
      "db/main.tf": database('"hunter2-hunter2"'),
    };
    assert.match(String(offered(secret, inModule)[0]?.[0]), /callers of the module/);
    const inFile = {
      "main.tf": `variable "password" {}\n\n${database("var.password")}`,
      "terraform.tfvars": 'password = "hunter2-hunter2"\n',
    };
    assert.match(String(offered(secret, inFile)[0]?.[0]), /It is in terraform\.tfvars: keep that file out/);
  });
});

describe("fixing everything", () => {
  it("takes the safe fixes of all findings, round by round, as one edit", () => {
    const files = {
      "main.tf": `${bucketAcl('"public-read"')}\n${bucketAcl('"public-read-write"').replace('"a"', '"b"')}`,
      "other.tf": bucketAcl('lower("X")').replace('"a"', '"c"'),
    };
    const edit = fixAll(fixHost(tree, [acl], files), () => true);
    assert.deepEqual(edited(files, edit), {
      "main.tf": `${bucketAcl('"private"')}\n${bucketAcl('"private"').replace('"a"', '"b"')}`,
      "other.tf": files["other.tf"],
    });
  });

  it("makes no change where nothing is safe", () => {
    const careless = item(
      "alibaba/oss/careless",
      "alicloud_oss_bucket_acl",
      'acl == "private"',
      "{ title: Do it, edits: [{ op: set, at: acl, value: private }] }",
    );
    const files = { "main.tf": bucketAcl('"public-read"') };
    assert.equal(fixAll(fixHost(tree, [careless], files), () => true).size, 0);
  });
});
