import assert from "node:assert/strict";
import { checkAll, serviceWith } from "../../harness/engine.ts";

/* What `try` and `can` make of an instance that may not exist: Terraform takes the next argument where it does not. */

async function outcomeOf(acl: string, create: string): Promise<string> {
  const service = await serviceWith({
    "main.tf": `variable "create" {
  type = bool
${create}}

resource "tencentcloud_cos_bucket" "maybe" {
  count  = var.create ? 1 : 0
  bucket = "maybe-1250000000"
  acl    = "private"
}

module "maybe" {
  source = "./m"
  count  = var.create ? 1 : 0
}

resource "tencentcloud_cos_bucket" "b" {
  bucket = "b-1250000000"
  acl    = ${acl}
}
`,
    "m/main.tf": 'output "acl" {\n  value = "private"\n}\n',
  });
  service.configure({ checks: ["tencent-cos-bucket-public-read"] });
  const { results } = await checkAll(service);
  const found = results.find(({ result }) => result.instance.address === "tencentcloud_cos_bucket.b");
  assert.ok(found);
  return found.result.outcome.kind;
}

describe("an instance whose count is unknown", () => {
  const asked = [
    'try(tencentcloud_cos_bucket.maybe[0].acl, "public-read")',
    'try(module.maybe[0].acl, "public-read")',
    'can(tencentcloud_cos_bucket.maybe[0].acl) ? "private" : "public-read"',
    'try(upper(tencentcloud_cos_bucket.maybe[0].acl), "x") == "PRIVATE" ? "private" : "public-read"',
  ];
  for (const acl of asked) {
    it(`leaves open what is tried first: ${acl}`, async () => {
      assert.equal(await outcomeOf(acl, ""), "unknown");
      // Decided once the count is known, either way.
      assert.equal(await outcomeOf(acl, "  default = true\n"), "pass");
      assert.equal(await outcomeOf(acl, "  default = false\n"), "fail");
    });
  }

  it("is what it is where nothing else is tried", async () => {
    assert.equal(await outcomeOf("tencentcloud_cos_bucket.maybe[0].acl", ""), "pass");
  });
});
