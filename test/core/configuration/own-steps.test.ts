import assert from "node:assert/strict";
import { serviceWith } from "../../harness/engine.ts";

/* A workspace's own check items get so much work to do and no more, less in restricted mode; what ends there is not checked. */

const rules = Array.from({ length: 150 }, (_, n) => `ACCEPT#10.0.${n}.0/24#443#TCP`);
const main = `resource "tencentcloud_security_group_lite_rule" "a" {
  security_group_id = "sg-01234567"
  ingress           = ${JSON.stringify(rules)}
}
`;
const item = (assertion: string): string => `title: Rules are fine
instance: tencentcloud_security_group_lite_rule
dimensions: [security]
category: network
risk: low
tier: free
assert: ${assertion}
message: "They are not."
why: They matter.
advice: Look at them.
`;
const pairs = item('ingress.all(a, ingress.all(b, a + b != "x"))');
const triples = item('ingress.all(a, ingress.all(b, ingress.all(c, a + b + c != "x")))');

async function outcome(check: string, trusted: boolean): Promise<string> {
  const service = await serviceWith({
    "main.tf": main,
    "policies/tencent/own/rules.yaml": check,
    "policies/tencent/own/instances.yaml":
      "service: own\ntypes:\n  tencentcloud_security_group_lite_rule:\n    title: Lite rules\n    identity: [id]\n",
    "plumbline.yaml": "checkFolders: [policies]\nchecks: { include: [tencent-own-rules] }\n",
  });
  service.configure({ trusted });
  const { results } = await service.check();
  const [result] = results.filter(({ result: { check } }) => check.id === "tencent-own-rules");
  assert.ok(result, "the item was evaluated");
  const { outcome: found } = result.result;
  return found.kind === "notChecked" ? `notChecked ${found.reason.kind}` : found.kind;
}

describe("a workspace's own check item", function () {
  this.timeout(300_000);

  it("may look at every pair of a long list where the workspace is trusted", async () => {
    assert.equal(await outcome(pairs, true), "pass");
  });

  it("may do less in restricted mode, and is not checked then, never passed", async () => {
    assert.equal(await outcome(pairs, false), "notChecked budget");
  });

  it("ends in a trusted workspace too before it holds up the editor", async () => {
    assert.equal(await outcome(triples, true), "notChecked budget");
  });
});
