import assert from "node:assert/strict";
import { Directives, ignoreEdit, readDirectives, type Directive } from "../../../src/core/findings/suppress.ts";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import { applyEdits } from "../../../src/core/text/text.ts";

function read(text: string, path = "/w/main.tf"): readonly Directive[] {
  return readDirectives(parseFile(path, text));
}

/** What a comment's target is, as text. */
function target(text: string): string {
  const directive = read(text)[0];
  assert.ok(directive);
  const { target } = directive;
  if (target.kind === "block") {
    const { node, base } = target.item;
    return `block ${text.slice(base + node.start, base + node.end).split("\n")[0] ?? ""}`;
  }
  if (target.kind === "range") return `range ${text.slice(target.range.start, target.range.end).split("\n")[0] ?? ""}`;
  return target.kind;
}

function problems(text: string, known = ["aws-s3-bucket-versioning"]): string[] {
  const comments = read(text);
  const directives = new Directives(
    () => comments,
    (id) => id,
    "2026-06-15",
  );
  return directives
    .problems([comments], known, new Set(), new Set())
    .map(({ code, severity, range }) => `${severity} ${code} ${text.slice(range.start, range.end)}`);
}

describe("an ignore comment", () => {
  it("holds ids, a date and a reason", () => {
    const [directive] = read('# plumbline:ignore aws-a, aws-b until=2027-01-31 Public on purpose, see #12\nresource "a" "b" {}\n');
    assert.deepEqual(
      directive?.ids.map(({ id }) => id),
      ["aws-a", "aws-b"],
    );
    assert.deepEqual([directive.until, directive.reason], ["2027-01-31", "Public on purpose, see #12"]);
  });

  it("may be written in every comment style", () => {
    for (const comment of [
      "# plumbline:ignore aws-a reason here",
      "// plumbline:ignore aws-a reason here",
      "/* plumbline:ignore aws-a reason here */",
      "/*\n * plumbline:ignore aws-a reason\n * here\n */",
    ]) {
      const [directive] = read(`${comment}\nresource "a" "b" {}\n`);
      assert.deepEqual([directive?.ids.map(({ id }) => id), directive?.reason], [["aws-a"], "reason here"], comment);
    }
  });

  it("belongs to the block or argument below, on its line, or around it", () => {
    assert.equal(target('# plumbline:ignore x r\nresource "a" "b" {\n}\n'), 'block resource "a" "b" {');
    assert.equal(target('# plumbline:ignore x r\n# more words\n\tresource "a" "b" {\n}\n'), 'block resource "a" "b" {');
    assert.equal(
      target('resource "a" "b" { # plumbline:ignore x r\n  c = 1\n}\n'),
      'block resource "a" "b" { # plumbline:ignore x r',
    );
    assert.equal(target('resource "a" "b" {} # plumbline:ignore x r\n'), 'block resource "a" "b" {}');
    assert.equal(target('resource "a" "b" {\n  # plumbline:ignore x r\n  c = 1\n}\n'), "range c = 1");
    assert.equal(target('resource "a" "b" {\n  c = 1 # plumbline:ignore x r\n  d = 2\n}\n'), "range c = 1");
    assert.equal(target('resource "a" "b" {\n  # plumbline:ignore x r\n  c {\n    d = 1\n  }\n}\n'), "range c {");
    assert.equal(target('resource "a" "b" {\n  c {\n    d = 1\n\n    # plumbline:ignore x r\n  }\n}\n'), "range c {");
    assert.equal(target('resource "a" "b" {\n  c = 1\n\n  # plumbline:ignore x r\n\n  d = 1\n}\n'), 'block resource "a" "b" {');
    assert.equal(target('module "m" {\n  c = [\n    1, # plumbline:ignore x r\n  ]\n}\n'), "range c = [");
  });

  it("belongs to nothing behind an empty line", () => {
    assert.equal(target('# plumbline:ignore x r\n\nresource "a" "b" {\n}\n'), "nothing");
    assert.equal(target('# plumbline:ignore-file x r\n\nresource "a" "b" {\n}\n'), "file");
  });

  it("is spoken of when it is expired, has no reason, is unknown, unused or malformed", () => {
    const block = '\nresource "a" "b" {}\n';
    assert.deepEqual(problems(`# plumbline:ignore aws-s3-bucket-versioning until=2026-06-14 why${block}`), [
      "warning ignore-expired # plumbline:ignore aws-s3-bucket-versioning until=2026-06-14 why",
    ]);
    assert.deepEqual(problems(`# plumbline:ignore aws-s3-bucket-versioning until=2026-06-15${block}`), [
      "information ignore-unused # plumbline:ignore aws-s3-bucket-versioning until=2026-06-15",
      "information ignore-without-reason # plumbline:ignore aws-s3-bucket-versioning until=2026-06-15",
    ]);
    assert.deepEqual(problems(`# plumbline:ignore aws-s3-bucket-verzioning why${block}`), [
      "warning ignore-unknown-check aws-s3-bucket-verzioning",
    ]);
    assert.deepEqual(problems(`# plumbline:ignore aws-s3-bucket-versioning until=2026-02-30 why${block}`), [
      "warning ignore-malformed until=2026-02-30",
    ]);
    assert.deepEqual(problems(`# plumbline:ignore${block}`), ["warning ignore-malformed # plumbline:ignore"]);
    assert.deepEqual(problems(`# plumbline:ignroe aws-s3-bucket-versioning why${block}`), [
      "warning ignore-malformed plumbline:ignroe",
    ]);
    assert.deepEqual(problems(`# plumbline:ignore aws-s3-bucket-versioning why\n\n`), [
      "warning ignore-unattached # plumbline:ignore aws-s3-bucket-versioning why",
    ]);
  });

  it("is written above the block with the block's indentation and line ends", () => {
    const text = 'locals {}\r\n\r\n  resource "a" "b" {\r\n    c = 1\r\n  }\r\n';
    const edit = ignoreEdit(
      parseFile("/w/main.tf", text),
      { file: "/w/main.tf", range: { start: text.indexOf("c = 1"), end: 0 } },
      ["aws-x", "aws-y"],
      "by\ndesign ",
    );
    assert.equal(
      applyEdits(text, edit.get("/w/main.tf") ?? []),
      'locals {}\r\n\r\n  # plumbline:ignore aws-x, aws-y by design\r\n  resource "a" "b" {\r\n    c = 1\r\n  }\r\n',
    );
  });

  it("is a property of the block in JSON, and is read there", () => {
    const text = '{\n  "resource": {\n    "a": {\n      "b": {\n        "c": 1\n      }\n    }\n  }\n}\n';
    const source = parseFile("/w/main.tf.json", text);
    const at = text.indexOf('"c"');
    const edit = ignoreEdit(source, { file: source.path, range: { start: at, end: at + 1 } }, ["aws-x"], "by design");
    const after = applyEdits(text, edit.get(source.path) ?? []);
    assert.deepEqual((JSON.parse(after) as { resource: { a: { b: object } } }).resource.a.b, {
      "//": "plumbline:ignore aws-x by design",
      c: 1,
    });
    const [directive] = read(after, source.path);
    assert.deepEqual([directive?.ids[0]?.id, directive?.target.kind], ["aws-x", "block"]);
  });
});
