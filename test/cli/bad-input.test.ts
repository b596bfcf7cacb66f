import assert from "node:assert/strict";
import { chmodSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readContent } from "../../src/host/workspace-files.ts";
import { plumbline, withFolder, type Ran } from "../harness/engine.ts";

/** One finding that must survive whatever stands beside it. */
const open = `resource "tencentcloud_cos_bucket" "open" {
  bucket = "example-1250000000"
  acl    = "public-read"
}
`;

/** Checks a folder in which `open.tf` has its finding, and more. */
function beside(files: Readonly<Record<string, string | Uint8Array>>, prepare?: (folder: string) => void): Promise<Ran> {
  return withFolder({ "open.tf": open, ...files }, async (folder) => {
    prepare?.(folder);
    const ran = await plumbline([folder]);
    assert.equal(ran.code, 1, ran.out + ran.error);
    assert.match(ran.out, /open\.tf:3:12/, ran.out);
    return ran;
  });
}

describe("bad input", function () {
  this.timeout(300_000);

  it("half-typed: the line is named, the rest is assessed", async () => {
    const { out } = await beside({
      "half.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = \n  tags = {\n\nlocals {\n  a = 1\n}\n',
    });
    assert.match(out, /error .*\n *--> half\.tf:2:/);
  });

  it("broken UTF-8, UTF-16 and binary files: named with the reason", async () => {
    const { out } = await beside({
      "latin1.tf": Buffer.from("# ok\n# gr\xfc\xdfe\nlocals {}\n", "latin1"),
      "utf16.tf": Buffer.from("\ufefflocals {}\n", "utf16le"),
      "binary.tf": new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2]),
    });
    assert.match(out, /latin1\.tf: .*not valid UTF-8.*line 2/);
    assert.match(out, /utf16\.tf: .*UTF-16/);
    assert.match(out, /binary\.tf: .*binary/);
  });

  it("a byte order mark and CRLF: read as if they were not there", async () => {
    await withFolder({ "open.tf": `\ufeff${open.replaceAll("\n", "\r\n")}` }, async (folder) => {
      const { out, code } = await plumbline([folder]);
      assert.equal(code, 1);
      assert.match(out, /open\.tf:3:12/);
      assert.ok(!out.includes("\r"));
    });
  });

  it("a file of 5 MB: assessed", async () => {
    const block = (index: number): string =>
      `resource "null_resource" "r${index}" {\n  triggers = { text = "${"x".repeat(4000)}" }\n}\n`;
    const { out } = await beside({ "large.tf": Array.from({ length: 1250 }, (_, index) => block(index)).join("") });
    assert.match(out, /125[01] resources seen/);
  });

  it("a file that is too large: named, not read", async () => {
    const { out } = await beside({ "huge.tf": new Uint8Array(17 * 1024 * 1024).fill(0x20) });
    assert.match(out, /huge\.tf: .*17 MB/);
  });

  it("loops of symbolic links: walked once", async () => {
    await beside({ "a/keep.tf": "locals {}\n" }, (folder) => {
      symlinkSync(folder, join(folder, "a/up"));
      symlinkSync(join(folder, "a"), join(folder, "a/self"));
      symlinkSync(join(folder, "loop.tf"), join(folder, "loop.tf"));
    });
  });

  it("a module that calls itself, and two that call each other", async () => {
    const { out } = await beside({
      "self/main.tf": 'module "me" {\n  source = "./"\n}\n',
      "ping/main.tf": 'module "pong" {\n  source = "../pong"\n}\n',
      "pong/main.tf": 'module "ping" {\n  source = "../ping"\n}\n',
    });
    assert.match(out, /self\/main\.tf:/);
  });

  it("a cycle in locals: named", async () => {
    const { out } = await beside({
      "cycle.tf": 'locals {\n  a = local.b\n  b = local.a\n}\n\noutput "a" {\n  value = local.a\n}\n',
    });
    assert.match(out, /cycle\.tf:[23]:/);
  });

  it("a for_each over a million: cut short, said so", async () => {
    const { out } = await beside({
      "million.tf": `resource "aws_s3_bucket" "b" {
  for_each = toset([for n in range(1000000) : tostring(n)])
  bucket   = each.key
}
`,
    });
    assert.match(out, /budget|million\.tf/);
  });

  it("a hostile pattern: ends", async () => {
    await beside({
      "regex.tf": `locals {\n  a = regexall("^(a+)+$", "${"a".repeat(2000)}!")\n}\n\noutput "a" {\n  value = local.a\n}\n`,
    });
  });

  it("a folder that can't be read: named, the rest is assessed", async () => {
    const { out } = await beside({ "locked/main.tf": "locals {}\n" }, (folder) => {
      // Permissions do not stop root, so the folder is a link that leads nowhere but to itself.
      if (process.getuid?.() === 0) rmSync(join(folder, "locked"), { recursive: true });
      if (process.getuid?.() === 0) symlinkSync("locked.tf", join(folder, "locked.tf"));
      else chmodSync(join(folder, "locked"), 0);
    });
    assert.match(out, /locked.*can't be read/);
  });

  it("a file that disappears: as if it had never been there", async () => {
    await withFolder({ "gone.tf": open }, (folder) => {
      rmSync(join(folder, "gone.tf"));
      assert.deepEqual(readContent(`${folder}/gone.tf`), { kind: "absent" });
      return Promise.resolve();
    });
  });

  it("alone makes the exit code 2, and 0 is for what was read whole", async () => {
    await withFolder({ "half.tf": 'resource "null_resource" "b" {\n' }, async (folder) => {
      assert.equal((await plumbline([folder])).code, 2);
    });
    await withFolder({ "binary.tf": new Uint8Array([1, 0, 2]) }, async (folder) => {
      assert.equal((await plumbline([folder])).code, 2);
    });
    await withFolder({ "plumbline.yaml": "cheks: {}\n", "main.tf": "locals {}\n" }, async (folder) => {
      assert.equal((await plumbline([folder])).code, 2);
    });
    await withFolder({ "main.tf": "locals {}\n" }, async (folder) => {
      assert.equal((await plumbline([folder])).code, 0);
    });
  });
});
