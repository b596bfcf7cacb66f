import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import assert from "node:assert/strict";
import type { CloudAccess } from "../../../src/live/session.ts";
import { loop, loopAccount, type LoopAccount } from "../remedy-loop.ts";
import { connection, emptyMoto, quickAccess, region, seeding } from "./moto.ts";

describe("remedies of S3", function () {
  this.timeout(60_000);
  let account: LoopAccount;
  let s3: S3Client;

  before(async () => {
    const endpoint = await emptyMoto();
    s3 = new S3Client(seeding(endpoint));
    for (const Bucket of ["plain", "suspended"])
      await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: "suspended", VersioningConfiguration: { Status: "Suspended" } }));
    const { keys } = connection(endpoint);
    assert.ok(keys);
    account = await loopAccount("aws", quickAccess() as CloudAccess<unknown>, keys, endpoint, { regions: [region] });
  });
  after(() => s3.destroy());

  it("turn on versioning, which nothing takes away again", async () => {
    const { preview, undone } = await loop(account, "aws-s3-bucket-versioning", "plain", { differs: true });
    assert.match(preview.before, /status += "Disabled"/);
    assert.match(preview.after, /status += "Enabled"/);
    assert.match(undone.why ?? "", /never returns/);
  });

  it("block public access, and take the block away", async () => {
    const { preview } = await loop(account, "aws-s3-bucket-public-access-block", "plain");
    assert.equal(preview.before, "");
    assert.match(preview.after, /restrict_public_buckets = true/);
  });
});
