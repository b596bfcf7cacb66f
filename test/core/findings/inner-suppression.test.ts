import assert from "node:assert/strict";
import { checkAll, serviceWith } from "../../harness/engine.ts";

/* An ignore comment on a module call that names what it means inside. */

const inner = `variable "acls" {}

resource "tencentcloud_cos_bucket" "b" {
  for_each = var.acls
  bucket   = "\${each.key}-1250000000"
  acl      = each.value
}
`;
const outer = `variable "acls" {}

module "deep" {
  for_each = toset(["east", "west"])
  source   = "../inner"
  acls     = var.acls
}
`;

async function failing(comment: string): Promise<{ addresses: string[]; problems: string[] }> {
  const main = `# plumbline:ignore tencent-cos-bucket-public-read ${comment}
module "store" {
  source = "./outer"
  acls   = { a = "public-read", b = "public-read" }
}
`;
  const service = await serviceWith({ "main.tf": main, "outer/main.tf": outer, "inner/main.tf": inner });
  service.configure({ checks: ["tencent-cos-bucket-public-read"] });
  const report = await checkAll(service);
  return {
    addresses: report.findings.flatMap(({ results }) => results.map(({ result }) => result.instance.address)).sort(),
    problems: report.problems.map(({ code }) => code),
  };
}

const all = ["east", "west"].flatMap((deep) =>
  ["a", "b"].map((key) => `module.store.module.deep["${deep}"].tencentcloud_cos_bucket.b["${key}"]`),
);

describe("an ignore comment on a module call", () => {
  it("reaches everything inside without an address", async () => {
    assert.deepEqual((await failing("Reviewed.")).addresses, []);
  });

  it("reaches one instance of one inner call with its address", async () => {
    const { addresses, problems } = await failing('address=module.deep["east"].tencentcloud_cos_bucket.b["a"] Reviewed.');
    assert.deepEqual(addresses, all.slice(1));
    assert.deepEqual(problems, []);
  });

  it("reaches all keys that the address leaves open", async () => {
    assert.deepEqual((await failing('address=module.deep.tencentcloud_cos_bucket.b["b"] Reviewed.')).addresses, [all[0], all[2]]);
    assert.deepEqual((await failing('address=module.deep["west"] Reviewed.')).addresses, all.slice(0, 2));
  });

  it("that means nothing inside excuses nothing, and is reported", async () => {
    const { addresses, problems } = await failing("address=module.shallow Reviewed.");
    assert.deepEqual([addresses, problems], [all, ["ignore-unused"]]);
    assert.deepEqual((await failing("address= Reviewed.")).problems, ["ignore-malformed"]);
  });
});

describe("an ignore comment on a resource", () => {
  it("may name one of its instances", async () => {
    const text = `# plumbline:ignore tencent-cos-bucket-public-read address=["a"] until=2026-12-31 A site.
resource "tencentcloud_cos_bucket" "b" {
  for_each = toset(["a", "b"])
  bucket   = "\${each.key}-1250000000"
  acl      = "public-read"
}
`;
    const service = await serviceWith({ "main.tf": text });
    service.configure({ checks: ["tencent-cos-bucket-public-read"] });
    const report = await checkAll(service);
    assert.deepEqual(
      report.findings.flatMap(({ results }) => results.map(({ result }) => result.instance.address)),
      ['tencentcloud_cos_bucket.b["b"]'],
    );
    const suppressed = report.results.flatMap(({ suppression }) => (suppression === undefined ? [] : [suppression]));
    assert.deepEqual(
      suppressed.map(({ reason, until }) => [reason, until]),
      [["A site.", "2026-12-31"]],
    );
  });
});
