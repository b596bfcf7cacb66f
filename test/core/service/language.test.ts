import assert from "node:assert/strict";
import { checkAll, openService } from "../../harness/engine.ts";

/* What findings say of other places, in the reader's language. */

const files = {
  "main.tf": `module "logs" {
  source = "./bucket"
  for_each = { a = "private", b = "public-read", c = "public-read" }
  acl    = each.value
}

module "fixed" {
  source = "./bucket"
}
`,
  "bucket/main.tf": `variable "acl" {
  default = "public-read"
}

resource "aws_s3_bucket" "this" {}

resource "aws_s3_bucket_acl" "this" {
  bucket = aws_s3_bucket.this.id
  acl    = var.acl
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket            = aws_s3_bucket.this.id
  block_public_acls = false
}
`,
};

describe("places that a finding speaks of", () => {
  it("are told in the language that is asked for", async () => {
    const told = async (language: "en" | "zh-cn"): Promise<readonly string[]> => {
      const service = await openService(undefined, language);
      for (const [path, text] of Object.entries(files)) service.setFile(`/w/${path}`, { kind: "text", text });
      service.setFolders(["/w"]);
      const { findings } = await checkAll(service, files);
      return findings.flatMap(({ message, related }) => [message, ...related.map((place) => place.message)]);
    };
    const english = await told("en");
    assert.ok(english.some((text) => / \(in \d of \d callers\)$/.test(text)));
    assert.ok(english.includes("var.acl is passed here."));
    assert.ok(english.some((text) => text.endsWith(" has it.")));
    const chinese = await told("zh-cn");
    assert.equal(chinese.length, english.length);
    for (const text of chinese) assert.match(text, /[\u4e00-\u9fff]/);
    assert.ok(chinese.some((text) => /（\d 个调用方中的 \d 个）$/.test(text)));
  });
});
