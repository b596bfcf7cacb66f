import assert from "node:assert/strict";
import { renderText } from "../../../src/core/reports/text.ts";
import { checkAll, openService, serviceWith } from "../../harness/engine.ts";

/* Through every construct: the squiggle is on the expression that decides, and each hop to where its value comes from is told. */

type Files = Readonly<Record<string, string>>;

const bucket = (acl: string, more = ""): string =>
  `resource "alicloud_oss_bucket" "x" {\n${more}  bucket = "b"\n  acl    = ${acl}\n}\n`;
const local = (value: string): string => `locals {\n  l = ${value}\n}\n`;

/** What decides, and the hops behind it: `line «text» message`. */
const constructs: readonly (readonly [name: string, files: Files, ...expected: string[]])[] = [
  ["a literal", { "main.tf": bucket('"public-read"') }, '3 «"public-read"»'],
  [
    "a variable's default",
    { "main.tf": `variable "a" {\n  default = "public-read"\n}\n${bucket("var.a")}` },
    "6 «var.a»",
    '2 «"public-read"» var.a has this default.',
  ],
  [
    "each.value of a map",
    { "main.tf": local('{ a = "public-read" }') + bucket("each.value", "  for_each = local.l\n") },
    "7 «each.value»",
    "5 «local.l» It is written here.",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a member of each.value",
    { "main.tf": local('{ a = { acl = "public-read" } }') + bucket("each.value.acl", "  for_each = local.l\n") },
    "7 «each.value.acl»",
    "5 «local.l» It is written here.",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "each.key of a map",
    { "main.tf": local("{ public-read = 1 }") + bucket("each.key", "  for_each = local.l\n") },
    "7 «each.key»",
    "5 «local.l» It is written here.",
    "2 «public-read» local.l is set here.",
  ],
  [
    "each.key of a set",
    { "main.tf": bucket("each.key", '  for_each = toset(["public-read"])\n') },
    "4 «each.key»",
    '2 «"public-read"» It is written here.',
  ],
  [
    "an index",
    { "main.tf": local('["private", "public-read"]') + bucket("local.l[count.index]", "  count = 2\n") },
    "7 «local.l[count.index]»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a splat",
    { "main.tf": local('[{ acl = "public-read" }]') + bucket("one(local.l[*].acl)") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a legacy splat",
    { "main.tf": local('[{ acl = "private" }, { acl = "public-read" }]') + bucket("local.l.*.acl[1]") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a splat of what is no list",
    { "main.tf": local('{ acl = "public-read" }') + bucket("one(local.l[*].acl)") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a merge",
    { "main.tf": local('{ acl = "private" }') + bucket('merge(local.l, { acl = "public-read" }).acl') },
    '6 «"public-read"»',
  ],
  [
    "a merge of names",
    { "main.tf": local('{ acl = "public-read" }') + bucket("merge({ acl = 1 }, local.l).acl") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a merge of all that a for makes",
    {
      "main.tf":
        local('{ e = [{ n = "a", acl = "public-read" }], f = [] }') +
        bucket('merge([for k, list in local.l : { for b in list : "${k}-${b.n}" => b }]...)["e-a"].acl'),
    },
    "6 «b»",
    "6 «list» It is written here.",
    "6 «local.l» It is written here.",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a concat of lists in a list",
    { "main.tf": local('[["private"], ["public-read"]]') + bucket("concat(local.l...)[1]") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a zipmap",
    { "main.tf": local('["private", "public-read"]') + bucket('zipmap(["a", "b"], local.l)["b"]') },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a lookup",
    { "main.tf": local('{ acl = "public-read" }') + bucket('lookup(local.l, "acl", "private")') },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  ["a lookup's default", { "main.tf": bucket('lookup({}, "acl", "public-read")') }, '3 «"public-read"»'],
  ["a try", { "main.tf": local("{}") + bucket('try(local.l.acl, "public-read")') }, '6 «"public-read"»'],
  [
    "a coalesce",
    { "main.tf": local('"public-read"') + bucket("coalesce(null, local.l)") },
    "6 «local.l»",
    '2 «"public-read"» local.l is set here.',
  ],
  ["a condition", { "main.tf": bucket('true ? "public-read" : "private"') }, '3 «"public-read"»'],
  [
    "a for",
    { "main.tf": local('{ a = "public-read" }') + bucket("[for k, v in local.l : v][0]") },
    "6 «v»",
    "6 «local.l» It is written here.",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a for that makes an object",
    { "main.tf": local('["public-read"]') + bucket("{ for v in local.l : v => { acl = v } }.public-read.acl") },
    "6 «v»",
    "6 «local.l» It is written here.",
    '2 «"public-read"» local.l is set here.',
  ],
  [
    "a module's output",
    {
      "main.tf": `module "m" {\n  source = "./m"\n}\n${bucket("module.m.acl")}`,
      "m/out.tf": 'output "acl" {\n  value = "public-read"\n}\n',
    },
    "6 «module.m.acl»",
    'm/out.tf:2 «"public-read"» module.m comes from here.',
  ],
  [
    "a module's argument",
    {
      "main.tf": 'module "m" {\n  source = "./m"\n  acl    = "public-read"\n}\n',
      "m/in.tf": `variable "acl" {}\n${bucket("var.acl")}`,
    },
    "m/in.tf:4 «var.acl»",
    'main.tf:3 «"public-read"» var.acl is passed here.',
  ],
  [
    "another resource",
    {
      "main.tf": `resource "alicloud_oss_bucket" "o" {\n  bucket = "o"\n  acl    = "public-read"\n}\n${bucket("alicloud_oss_bucket.o.acl")}`,
    },
    "7 «alicloud_oss_bucket.o.acl»",
    '3 «"public-read"» It is written here.',
  ],
  [
    "a file",
    { "main.tf": bucket('trimspace(file("${path.module}/acl.txt"))'), "acl.txt": "public-read\n" },
    '3 «trimspace(file("${path.module}/acl.txt"))»',
    "acl.txt:1 «» It is read from acl.txt.",
  ],
  [
    "a file of JSON",
    { "main.tf": local('jsondecode(file("${path.module}/c.json"))') + bucket("local.l.acl"), "c.json": '{"acl": "public-read"}' },
    "6 «local.l.acl»",
    '2 «jsondecode(file("${path.module}/c.json"))» local.l is set here.',
    "c.json:1 «» It is read from c.json.",
  ],
];

describe("the place of a value", () => {
  for (const [name, files, ...expected] of constructs) {
    it(`is found through ${name}`, async () => {
      const service = await openService();
      for (const [path, text] of Object.entries(files))
        if (path.endsWith(".tf")) service.setFile(`/w/${path}`, { kind: "text", text });
      service.setFolders(["/w"]);
      const { findings } = await checkAll(service, files);
      const finding = findings.filter(({ check }) => check.id === "alibaba-oss-bucket-public-read").at(-1);
      assert.ok(finding);
      const names = Object.keys(files).length > 1 && expected.some((text) => /^[\w/]+\.tf:/.test(text));
      const shown = ({ file, range }: typeof finding.location): string => {
        const path = file.slice("/w/".length);
        const text = files[path] ?? "";
        const line = `${String(text.slice(0, range.start).split("\n").length)} «${text.slice(range.start, range.end)}»`;
        return (names && expected.some((each) => each.startsWith(`${path}:`))) || !path.endsWith(".tf") ? `${path}:${line}` : line;
      };
      // What the block lacks (a public access block) decides with every ACL.
      const hops = finding.related.filter(
        ({ message }) => !message.startsWith("What this block lacks") && !/has it\.$|is about\.$/.test(message),
      );
      assert.deepEqual(
        [shown(finding.location), ...hops.map(({ location, message }) => `${shown(location)} ${message}`)],
        expected,
      );
    });
  }

  it("is never quoted from a file that is no Terraform: it may be a secret", async () => {
    const text = bucket('jsondecode(file("secrets.json")).acl');
    const files = { "main.tf": text, "secrets.json": '{"acl": "public-read", "other": "do not show"}' };
    const service = await serviceWith({ "main.tf": text });
    const report = await checkAll(service, files);
    const shown = renderText(report, {
      version: "0",
      base: "/w",
      text: (path) => service.text(path),
      show: "all",
      color: false,
    });
    assert.match(shown, /secrets\.json:1:1/);
    assert.doesNotMatch(shown, /do not show/);
  });
});
