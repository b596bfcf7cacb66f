import assert from "node:assert/strict";
import { wordsOf } from "../../../src/server/words.ts";
import { coverageLine } from "../../../src/server/coverage.ts";
import { checkAll, serviceWith } from "../../harness/engine.ts";

describe("names that the provider's schema does not have", function () {
  this.timeout(60_000);
  const files = {
    "main.tf": `resource "aws_s3_bucket" "b" {
  for_each          = toset(["a", "b"])
  bucket            = each.key
  of_a_newer_schema = true
  lifecycle {
    ignore_changes = all
  }
  versioning {
    enabled  = true
    mispellt = 1
  }
  dynamic "logging" {
    for_each = []
    content {
      target_bucket = "x"
      nor_this      = "x"
    }
  }
  new_block {
    inside = 1
  }
}
resource "aws_security_group" "g" {
  ingress {
    from_port = 1
    to_port   = 1
    protocol  = "tcp"
  }
}
`,
    "more.tf.json": JSON.stringify({
      resource: { aws_ebs_volume: { v: { availability_zone: "a", size: 1, odd: 2, lifecycle: { ignore_changes: ["size"] } } } },
    }),
  };

  it("are skipped, once a block whatever its instances, and counted where the coverage is told", async () => {
    const report = await checkAll(await serviceWith(files));
    assert.deepEqual([...report.coverage.unreadNames].map(([name, count]) => `${name} ${count}`).sort(), [
      "aws_ebs_volume.odd 1",
      "aws_s3_bucket.logging.nor_this 1",
      "aws_s3_bucket.new_block 1",
      "aws_s3_bucket.of_a_newer_schema 1",
      "aws_s3_bucket.versioning.mispellt 1",
    ]);
    assert.match(coverageLine(report.coverage, wordsOf("en").coverage), /5 unknown arguments skipped/);
    assert.ok(report.results.some(({ result }) => result.instance.address === 'aws_s3_bucket.b["a"]'));
  });
});
