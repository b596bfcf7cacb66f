import assert from "node:assert/strict";
import { checkAll, serviceWith } from "../harness/engine.ts";
import { exportsOf, sampleService } from "../harness/sample-accounts.ts";

const never = new AbortController().signal;

describe("the cost of assessing what files describe", function () {
  this.timeout(120_000);

  for (const cloud of ["aws", "alibaba", "tencent"] as const)
    it(`${cloud}: of an instance as Terraform is what the estimate says of the instance itself`, async () => {
      const { live, account } = await sampleService(cloud);
      const exported = await exportsOf(cloud);
      const differ: string[] = [];
      let compared = 0;
      const files = Object.fromEntries(exported.map(({ text }, index) => [`${index}/main.tf`, text]));
      const service = await serviceWith(files);
      await checkAll(service, files);
      const { estimate } = await live.preview({ account, selection: {} }, never);
      for (const [index, { instance, text }] of exported.entries()) {
        const [type = ""] = instance.split(" ");
        const block = service
          .costs()
          .blocks(`/w/${index}/main.tf`)
          .find(({ location: { range } }) => text.slice(range.start, range.end).startsWith(`resource "${type}"`));
        const its = estimate.items.filter(({ item }) => item.instances.includes(instance));
        if (its.length === 0 && block === undefined) continue;
        compared++;
        const free = its.filter((item) => item.free).length;
        const said = block === undefined ? [0, 0] : [block.cost.scanTimes, block.cost.free];
        if (said[0] !== its.length || said[1] !== free)
          differ.push(`${instance}: file ${said.join("/")}, account ${its.length}/${free}`);
      }
      assert.ok(compared > 20, `only ${compared} were compared`);
      assert.deepEqual(differ, []);
    });

  const files = {
    "main.tf": `
module "stores" {
  source = "./stores"
  count  = 3
}

resource "aws_ebs_volume" "data" {
  for_each          = var.sizes
  availability_zone = "eu-west-1a"
  size              = each.value
}

variable "sizes" {
  type = map(number)
}

data "aws_ami" "base" {
  owners = ["self"]
}
`,
    "stores/main.tf": `
resource "aws_ebs_volume" "store" {
  count             = 2
  availability_zone = "eu-west-1a"
  size              = 8
}

output "ids" {
  value = aws_ebs_volume.store[*].id
}
`,
  };

  it("counts instances of modules, and says when their number is not known", async () => {
    const service = await serviceWith(files);
    await checkAll(service, files);
    const [module, volume, ...rest] = service.costs().blocks("/w/main.tf");
    assert.deepEqual(rest, []);
    assert.ok(module !== undefined && volume !== undefined);
    assert.deepEqual([module.kind, module.cost.instances, module.cost.atLeast], ["module", 6, false]);
    assert.deepEqual([volume.kind, volume.cost.instances, volume.cost.atLeast], ["resource", 1, true]);
    assert.equal(module.cost.scanTimes, 6 * volume.cost.scanTimes);
    const [inside] = service.costs().blocks("/w/stores/main.tf");
    assert.deepEqual({ ...inside?.cost }, { ...module.cost });
    const total = service.costs().total;
    assert.deepEqual([total.instances, total.scanTimes], [7, module.cost.scanTimes + volume.cost.scanTimes]);
    assert.equal(total.fee, `USD ${((total.scanTimes - total.free) * 0.02).toFixed(2)}`);
  });
});
