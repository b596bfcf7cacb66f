import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Hover } from "vscode-languageserver/node";
import { Client } from "./client.ts";

/* What the product's server says about an expression under the pointer. */

const SERVER = [join(import.meta.dirname, "product-server.ts")];

describe("The server, asked what an expression is worth", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: string;
  let texts: Map<string, string>;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-")));
    client = new Client(SERVER);
    texts = new Map(Object.entries(FILES));
    for (const [name, text] of texts) write(name, text);
    await client.start([folder]);
  });
  after(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };

  /** The hover at `‸` in a piece of a file's text that is there once. */
  const hover = async (name: string, marked: string): Promise<Hover | null> => {
    const text = texts.get(name) ?? "";
    const piece = marked.replace("‸", "");
    const at = text.indexOf(piece);
    assert.ok(at >= 0 && text.indexOf(piece, at + 1) < 0, `"${piece}" is in ${name} once`);
    const lines = text.slice(0, at + marked.indexOf("‸")).split("\n");
    return client.hover(join(folder, name), lines.length - 1, lines.at(-1)?.length ?? 0);
  };
  const said = async (name: string, marked: string): Promise<string> =>
    ((await hover(name, marked))?.contents as { value: string } | undefined)?.value ?? "nothing";
  const pointed = async (name: string, marked: string): Promise<string> => {
    const range = (await hover(name, marked))?.range;
    const lines = (texts.get(name) ?? "").split("\n");
    assert.equal(range?.start.line, range?.end.line);
    return (lines[range?.start.line ?? -1] ?? "").slice(range?.start.character, range?.end.character);
  };
  const code = (text: string): string => `\`\`\`terraform\n${text}\n\`\`\``;

  it("shows a value that comes through a variable, with the reference as the range", async () => {
    assert.equal(await said("main.tf", "bucket = va‸r.name"), `**var.name**\n\n${code('"from-the-file"')}`);
    assert.equal(await pointed("main.tf", "bucket = va‸r.name"), "var.name");
    // The default is not what the variable is worth here.
    assert.equal(await said("main.tf", 'default = "from-‸the-default"'), `**var.name**\n\n${code('"from-the-file"')}`);
  });

  it("shows what functions make, the innermost call first", async () => {
    assert.equal(
      await said("main.tf", 'all = me‸rge({ a = upper("x") }, { b = [1, 2] })'),
      `**local.all**\n\n${code('{\n  "a" = "X"\n  "b" = [\n    1,\n    2,\n  ]\n}')}`,
    );
    assert.equal(await said("main.tf", 'a = up‸per("x")'), `**upper\\(…\\)**\n\n${code('"X"')}`);
    assert.equal(await pointed("main.tf", 'a = up‸per("x")'), 'upper("x")');
    assert.equal(await said("main.tf", "{ b = [‸1, 2] }"), await said("main.tf", "al‸l = merge("));
  });

  it("takes the `for` around a name that only exists in it", async () => {
    const whole = "[for part in var.parts : upper(part)]";
    for (const at of ["up‸per(part)", "upper(pa‸rt)"]) {
      assert.equal(await pointed("main.tf", at), whole);
      assert.match(await said("main.tf", at), /"ONE",\n {2}"TWO",/);
    }
    assert.equal(await pointed("main.tf", "part in va‸r.parts"), "var.parts");
  });

  it("says why a value is not known, and what would tell", async () => {
    const text = await said("main.tf", "value = aws_s3_bucket.site.i‸d");
    assert.match(text, /Not known: computed: aws\\_s3\\_bucket\.site\.id\. The provider makes it on apply\./);
    assert.match(
      await said("main.tf", "value = var.ope‸n"),
      /Not known: variable: var\.open\. Give var\.open a value: in a variable file/,
    );
    const partly = await said("main.tf", "mixed = {‸ id");
    assert.match(partly, /"id" = \(known after apply\)/);
    assert.match(partly, /"name" = "n"/);
    assert.match(partly, /Not known in it: computed/);
  });

  it("never shows what is sensitive, or called a secret", async () => {
    for (const at of [
      "value = var.hi‸dden",
      "joined = jo‸in(",
      'default = "hun‸ter2-sensitive"',
      "whole = [v‸ar.hidden]",
      "password = va‸r.plain",
      'password = "hunter2-li‸teral"',
      "user_data = va‸r.plain",
      'api_token = "hunter2-‸token"',
    ]) {
      const text = await said("main.tf", at);
      assert.doesNotMatch(text, /hunter2/, at);
      assert.match(text, /\(sensitive\)|\(masked\)/, at);
    }
    assert.match(await said("main.tf", "who‸le = [var.hidden]"), /\[\n {2}\(sensitive value\),\n\]/);
  });

  it("tells the module instances apart where values differ, and only there", async () => {
    assert.equal(
      await said("bucket/main.tf", "bucket = v‸ar.name"),
      `**var.name** is not the same everywhere.\n\nIn module.first:\n\n${code('"one"')}\n\nIn module.second:\n\n${code('"two"')}`,
    );
    assert.equal(await said("bucket/main.tf", "force_destroy = v‸ar.force"), `**var.force**\n\n${code("true")}`);
  });

  it("tells resource instances apart, at most three", async () => {
    const text = await said("main.tf", "bucket = each.ke‸y");
    assert.match(text, /In aws\\_s3\\_bucket\.each\\\["a"\\\]:\n\n```terraform\n"a"\n```/);
    assert.match(text, /And 2 more\.$/);
    assert.doesNotMatch(text, /"d"/);
    assert.match(await said("main.tf", "from_port = ingress.val‸ue"), /is not the same everywhere[^]*\n22\n[^]*\n443\n/);
    assert.match(await said("main.tf", "bucket = cou‸nt.index"), /has no value/);
  });

  it("keeps a hostile value inside its block", async () => {
    const text = await said("main.tf", "hostile = <<‸EOT");
    const [, fence = ""] = /\n(`{3,})terraform\n/.exec(text) ?? [];
    assert.equal(fence, "`````");
    const [before = "", inside = "", behind = "more"] = text.split(/^`{5}(?:terraform)?$/m);
    assert.equal(before, "**local.hostile**\n\n");
    assert.match(inside, /\[click\]\(command:evil\)/);
    assert.equal(behind, "");
    // The expression is a text of the user, too.
    assert.doesNotMatch(await said("main.tf", 'title = up‸per("'), /\[click\]\(|<img/);
  });

  it("cuts what is long", async () => {
    const text = await said("main.tf", "long = ra‸nge(");
    assert.ok(text.length < 500, text);
    assert.match(text, /…\n```$/);
  });

  it("tells what a line of a variable file gives, and what JSON says", async () => {
    assert.equal(await said("terraform.tfvars", 'name = "fr‸om'), `**name**\n\n${code('"from-the-file"')}`);
    assert.equal(await pointed("terraform.tfvars", 'name = "fr‸om'), '"from-the-file"');
    assert.equal(await said("more.tf.json", "${va‸r.name}"), `**var.name**\n\n${code('"from-the-file"')}`);
    assert.equal(await pointed("more.tf.json", "${va‸r.name}"), "var.name");
    assert.equal(await said("more.tf.json", '"Na‸me"'), `**Name**\n\n${code('"from-the-file"')}`);
  });

  it("says nothing where there is no expression", async () => {
    for (const at of ["type = str‸ing", "depends_on = [aws_s3_bucket.si‸te]", "# a com‸ment", 'variable "na‸me"', "lo‸cals {"]) {
      assert.equal(await hover("main.tf", at), null, at);
    }
    // Findings only.
    assert.doesNotMatch(await said("main.tf", 'resource "aws_‸s3_bucket" "site"'), /```|Not known/);
  });

  it("says it below a finding, and follows the text", async () => {
    const text = (texts.get("main.tf") ?? "").replace("from-the-default", "changed-default");
    texts.set("main.tf", text);
    await client.open(join(folder, "main.tf"), text);
    const value = await said("main.tf", "cidr_blocks = [v‸ar.world]");
    assert.match(value, / risk · /);
    assert.match(value, /\n\n---\n\n\*\*var\.world\*\*\n\n```terraform\n"0\.0\.0\.0\/0"\n```$/);
    texts.set("main.tf", text.replace("0.0.0.0/0", "10.0.0.0/8"));
    await client.change(join(folder, "main.tf"), texts.get("main.tf") ?? "");
    assert.equal(await said("main.tf", "cidr_blocks = [v‸ar.world]"), `**var.world**\n\n${code('"10.0.0.0/8"')}`);
  });
});

const FILES: Readonly<Record<string, string>> = {
  "terraform.tfvars": 'name = "from-the-file"\n',
  "more.tf.json": '{\n  "resource": { "aws_vpc": { "v": { "tags": { "Name": "${var.name}" } } } }\n}\n',
  "main.tf": `# a comment
variable "name" {
  type = string
  default = "from-the-default"
}
variable "open" {}
variable "parts" { default = ["one", "two"] }
variable "world" { default = "0.0.0.0/0" }
variable "plain" { default = "hunter2-plain" }
variable "hidden" {
  default = "hunter2-sensitive"
  sensitive = true
}
resource "aws_s3_bucket" "site" {
  bucket = var.name
}
resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b", "c", "d", "e"])
  bucket = each.key
  depends_on = [aws_s3_bucket.site]
}
resource "aws_s3_bucket" "none" {
  count = 0
  bucket = count.index
}
resource "aws_security_group" "open" {
  dynamic "ingress" {
    for_each = [22, 443]
    content {
      from_port = ingress.value
      to_port = 65535
      protocol = "tcp"
      cidr_blocks = [var.world]
    }
  }
}
resource "aws_db_instance" "first" {
  password = var.plain
}
resource "aws_db_instance" "second" {
  password = "hunter2-literal"
}
resource "aws_instance" "one" {
  user_data = var.plain
}
locals {
  all = merge({ a = upper("x") }, { b = [1, 2] })
  upper = [for part in var.parts : upper(part)]
  mixed = { id = aws_s3_bucket.site.arn, name = "n" }
  joined = join("-", ["a", var.hidden])
  whole = [var.hidden]
  api_token = "hunter2-token"
  long = range(1000)
  title = upper("[click](command:evil) <img src=x>")
  hostile = <<EOT
\`\`\`\`
\`\`\`
[click](command:evil) <img src=x>
EOT
}
output "id" {
  value = aws_s3_bucket.site.id
}
output "open" {
  value = var.open
}
output "hidden" {
  value = var.hidden
  sensitive = true
}
module "first" {
  source = "./bucket"
  name = "one"
}
module "second" {
  source = "./bucket"
  name = "two"
}
`,
  "bucket/main.tf": `variable "name" {}
variable "force" { default = true }
resource "aws_s3_bucket" "this" {
  bucket = var.name
  force_destroy = var.force
}
`,
};
