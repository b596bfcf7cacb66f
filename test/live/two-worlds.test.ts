import assert from "node:assert/strict";
import type { LiveResource } from "../../src/core/accounts/model.ts";
import type { InstanceTypes } from "../../src/core/instances/types.ts";
import { terraformText } from "../../src/core/accounts/terraform-text.ts";
import { checkAll, serviceWith } from "../harness/engine.ts";
import { bundled } from "../harness/check-world.ts";
import { sampleData, sampleService } from "../harness/sample-accounts.ts";

/*
 * One rule in two worlds: the instances of an account as the cloud tells of them, and the same as Terraform, get the same verdicts
 * wherever the file decides.
 */

const never = new AbortController().signal;
/** Where the sample accounts live: a configuration has one region, unless it names more. */
const homes = { aws: "eu-west-1", alibaba: "cn-hangzhou", tencent: "ap-guangzhou" } as const;

/** What an export leaves out because it may hold a secret, and a thing that no file makes. */
const explained = {
  aws: ["aws-ec2-user-data-secrets legacy-cms: live fail, file pass", "aws-lambda-env-secrets thumbnails: live fail, file pass"],
  alibaba: [
    "alibaba-ecs-instance-user-data-secrets legacy-cms: live fail, file pass",
    "alibaba-rds-pg-log-duration reports: live pass, file fail",
  ],
  tencent: [
    "tencent-cvm-instance-user-data-secrets admin-box: live fail, file pass",
    "tencent-cvm-instance-default-vpc somebody's test: live fail, file pass",
  ],
} as const;

describe("the same account, live and as Terraform", function () {
  this.timeout(300_000);

  for (const cloud of ["aws", "alibaba", "tencent"] as const)
    it(`of ${cloud} gets the same verdicts`, async () => {
      const { live, account } = await sampleService(cloud);
      live.changePlan(account, { kind: "activate", termsAccepted: true });
      const scan = await live.scan({ account, selection: {} }, await live.preview({ account, selection: {} }, never), never);
      const verdicts = new Map(live.scans.results(scan.id).map((each) => [`${each.item} ${each.instance}`, each.status]));
      const { types } = await bundled();
      const { resources } = await sampleData(cloud);
      const here = resources.filter(({ type, region }) => {
        const definition = types.get(type);
        return definition?.virtual === false && !type.startsWith("data.") && (region === undefined || region === homes[cloud]);
      });
      const references = namesOf(here, types);
      const blocks = new Map<string, LiveResource>();
      let text = "";
      for (const [index, resource] of here.entries()) {
        const name = `r${index}`;
        const own = `${resource.type}.${name}`;
        blocks.set(own, resource);
        const written = terraformText(resource, types.get(resource.type)!, { name });
        // Whoever writes Terraform refers to what is in it.
        text += `${written.replaceAll(/"([^"\n]+)"/g, (quoted, value: string) => {
          const reference = references.get(value);
          return reference === undefined || reference.startsWith(`${own}.`) ? quoted : reference;
        })}\n`;
      }
      const files = { "main.tf": text };
      const service = await serviceWith(files);
      const report = await checkAll(service, files);
      assert.deepEqual(
        report.problems.filter(({ severity }) => severity === "error").map(({ message }) => message),
        [],
      );
      const compared = { same: 0, undecided: 0 };
      const differ: string[] = [];
      for (const { result } of report.results) {
        const resource = blocks.get(result.instance.address);
        if (resource === undefined || result.check.in === "files") continue;
        const key = `${resource.type} ${resource.region ?? "-"} ${resource.id}`;
        const found = verdicts.get(`${result.check.id} ${key}`);
        const { kind } = result.outcome;
        if ((found !== "pass" && found !== "fail") || (kind !== "pass" && kind !== "fail")) compared.undecided++;
        else if (kind === found) compared.same++;
        else differ.push(`${result.check.id} ${resource.name}: live ${found}, file ${kind}`);
      }
      assert.ok(compared.same > 140, `only ${compared.same} verdicts were compared`);
      assert.deepEqual(differ.sort(), [...explained[cloud]].sort());
    });
});

/**
 * What names things, by the types' identities, and how Terraform refers to it. What is set apart from a thing often has its id, too:
 * the thing itself is what does not hold it as something else's, or else has the shortest type.
 */
function namesOf(resources: readonly LiveResource[], types: InstanceTypes): ReadonlyMap<string, string> {
  const found = new Map<string, { readonly refers: boolean; readonly type: string; readonly reference: string }[]>();
  for (const [index, { type, id, attributes }] of resources.entries()) {
    const names = (types.get(type)?.identity ?? []).flatMap((form) =>
      form.kind === "path" && form.path.length === 1 ? form.path : [],
    );
    for (const name of new Set(["id", "arn", ...names])) {
      const value = attributes[String(name)] ?? (name === "id" ? id : undefined);
      if (typeof value !== "string" || value.length < 5) continue;
      const refers = Object.entries(attributes).some(([other, held]) => held === value && other !== "id" && !names.includes(other));
      const candidates = found.get(value) ?? [];
      candidates.push({ refers, type, reference: `${type}.r${index}.${name}` });
      found.set(value, candidates);
    }
  }
  const chosen = new Map<string, string>();
  for (const [value, candidates] of found) {
    candidates.sort((a, b) => Number(a.refers) - Number(b.refers) || a.type.length - b.type.length);
    const [first, second] = candidates;
    if (first === undefined) continue;
    const own = first.type === second?.type && first.reference.replace(/\.\w+$/, "") !== second.reference.replace(/\.\w+$/, "");
    if (!own) chosen.set(value, first.reference);
  }
  return chosen;
}
