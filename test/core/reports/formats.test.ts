import assert from "node:assert/strict";
import { plumbline, withFolder } from "../../harness/engine.ts";

/* HTML, JUnit and Markdown: complete, and safe whatever the files hold. */

const hostile = '<script>alert(1)</script>|`x`&"';
const files = {
  "main.tf": `variable "acl" {}

resource "tencentcloud_cos_bucket" "open" {
  for_each = toset(["plain", ${JSON.stringify(hostile)}])
  bucket   = "open-1250000000"
  acl      = "public-read"
}

# plumbline:ignore tencent-cos-bucket-public-read A public site.
resource "tencentcloud_cos_bucket" "site" {
  bucket = "site-1250000000"
  acl    = "public-read"
}

resource "tencentcloud_cos_bucket" "unknown" {
  bucket = "unknown-1250000000"
  acl    = var.acl
}

resource "tencentcloud_cos_bucket" "fine" {
  bucket = "fine-1250000000"
}
`,
  "broken.tf": 'resource "tencentcloud_cos_bucket" "x" {\n  acl = \n}\n',
};

function report(format: string, ...args: string[]): Promise<string> {
  return withFolder(files, async (folder) => {
    const { code, out } = await plumbline([folder, "--checks", "tencent-cos-bucket-public-read", "--format", format, ...args]);
    assert.equal(code, 1);
    return out;
  });
}

/** Start and end tags in order must nest: enough of XML for a document without CDATA and processing instructions. */
function assertNested(text: string, alone: ReadonlySet<string>): void {
  const open: string[] = [];
  for (const [tag, name = ""] of text.matchAll(/<\/?([a-zA-Z][\w-]*)(?:\s+[\w:-]+(?:="[^"<]*")?)*\s*\/?>/g)) {
    if (tag.startsWith("</")) assert.equal(open.pop(), name, `${tag} closes`);
    else if (!tag.endsWith("/>") && !alone.has(name)) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(text.replaceAll(/<\/?[a-zA-Z!?][^<>]*>/g, ""), /[<>]/);
}

describe("the JUnit report", () => {
  it("has a case for every instance, and lets nothing look passed that is not", async () => {
    const out = await report("junit");
    assertNested(out.replace(/^<\?.*\?>\n/, ""), new Set());
    const head = /<testsuites name="Plumbline" tests="(\d+)" failures="(\d+)" errors="(\d+)">/.exec(out)?.slice(1).map(Number);
    assert.equal(head?.[1], 2);
    assert.ok((head[2] ?? 0) >= 1, "a file that can't be parsed is an error");
    assert.equal((out.match(/<testcase /g) ?? []).length, head[0]);
    assert.match(out, /<testsuite name="tencent-cos-bucket-public-read" tests="6" failures="2" errors="0" skipped="\d">/);
    assert.match(out, /<skipped message="suppressed: A public site\."\/>/);
    assert.match(out, /<skipped message="not decided \(1 reason\): variable/);
    assert.match(out, /file="main\.tf" line="6"/);
    assert.match(out, /<testcase classname="[^"]*" name="tencentcloud_cos_bucket\.fine" file="main\.tf" line="\d+"\/>/);
    assert.doesNotMatch(out, /<script/);
  });
});

describe("the Markdown report", () => {
  it("has a row for every finding and the coverage, and lets no text of a file become markup", async () => {
    const out = await report("markdown");
    assert.match(out, /^\*\*1 finding\*\*: 🔴 1 high$/m);
    assert.match(
      out,
      /^\| 🔴 \| `main\.tf:6`<br>`+tencentcloud_cos_bucket\.open\[.*\]`+ and 1 more \| .*<sub>tencent-cos-bucket-public-read<\/sub> \|/m,
    );
    assert.match(out, /Coverage: \d+ resources seen/);
    const [row = ""] = out.split("\n").filter((line) => line.startsWith("| 🔴"));
    assert.equal(row.match(/(?<!\\)\|/g)?.length, 5, "a bar in a key makes no further cell");
    assert.doesNotMatch(out.replaceAll(/(`+).*?\1(?!`)/g, ""), /<script/);
  });
});

describe("low-risk findings at one place", () => {
  const policy = (name: string, more: string): string =>
    `resource "aws_iam_account_password_policy" "${name}" {\n  minimum_password_length = 14\n${more}}\n`;
  const checks = ["lowercase", "number", "uppercase"].map((name) => `aws-iam-password-policy-${name}`);
  const texts = { "main.tf": policy("all", "") + policy("two", "  require_numbers = true\n") };
  const shown = (format: string): Promise<string> =>
    withFolder(texts, async (folder) => (await plumbline([folder, "--checks", checks.join(","), "--format", format])).out);

  it("are read together from three on, and counted one by one", async () => {
    const out = await shown("text");
    assert.equal(out.match(/^low risk 3 findings at one place$/gm)?.length, 1);
    for (const id of checks) assert.match(out, new RegExp(`^  = ${id}: Passwords need not hold`, "m"));
    assert.equal(out.match(/^low risk .* \[aws-iam-/gm)?.length, 2, "two stay as they are");
    assert.match(out, /^5 findings: 5 low risk\.$/m);
  });

  it("are one row of the Markdown report", async () => {
    const rows = (await shown("markdown")).split("\n").filter((line) => line.startsWith("| 🔵"));
    assert.deepEqual(
      rows.map((row) => row.match(/<sub>/g)?.length),
      [3, 1, 1],
    );
  });

  it("stay apart for machines", async () => {
    const { findings } = JSON.parse(await shown("json")) as { readonly findings: readonly { readonly check: string }[] };
    assert.equal(findings.length, 5);
  });
});

describe("the HTML report", () => {
  it("is one document that loads nothing, with every finding, problem and the coverage", async () => {
    const out = await report("html", "--show", "all");
    const body = out
      .replace(/<!doctype html>/, "")
      .replace(/<style>[^]*?<\/style>/, "")
      .replace(/<script>[^]*?<\/script>/, "");
    assertNested(body, new Set(["meta", "input", "br"]));
    assert.match(out, /Content-Security-Policy" content="default-src 'none'/);
    assert.doesNotMatch(out, /<(?:link|img|iframe)|@import|url\(|src="http/);
    assert.doesNotMatch(body, /<script/);
    assert.match(out, /<h1>1 finding<\/h1>/);
    assert.match(out, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(out, /<mark>&quot;public-read&quot;<\/mark>/);
    assert.match(out, /Coverage: \d+ resources seen/);
    for (const kind of ["suppressed", "not decided", "pass"]) assert.match(out, new RegExp(`<td>${kind}</td>`));
  });
});
