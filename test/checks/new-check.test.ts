import assert from "node:assert/strict";
import { problemsByItem } from "../../scripts/check-files.ts";
import { newCheck } from "../../scripts/new-check.ts";
import { loadChecks } from "../../src/core/checks/load.ts";
import { loadInstanceTypes } from "../../src/core/instances/load.ts";
import { readYaml } from "../../src/core/instances/yaml-text.ts";
import { bundled } from "../harness/check-world.ts";

/* The generator of check items. */

const tree = await bundled();

function files(...args: readonly string[]): ReadonlyMap<string, string> {
  const result = newCheck(args, tree);
  if (result.kind === "refused") assert.fail(result.said);
  return result.files;
}

function refusal(...args: readonly string[]): string {
  const result = newCheck(args, tree);
  assert.equal(result.kind, "refused");
  return result.said;
}

describe("npm run new:check", () => {
  it("writes an item of a described type, and its Chinese texts", () => {
    const written = files("aws", "s3", "bucket-example", "aws_s3_bucket");
    assert.deepEqual([...written.keys()], ["aws/s3/bucket-example.yaml", "aws/s3/bucket-example.zh-cn.yaml"]);
    assert.match(written.get("aws/s3/bucket-example.yaml") ?? "", /^instance: aws_s3_bucket$/m);
  });

  it("describes a type that nothing describes yet, in a service that is new", () => {
    const written = files("aws", "example", "stream-encryption", "aws_api_gateway_domain_name_access_association");
    const text = written.get("aws/example/instances.yaml") ?? "";
    assert.match(
      text,
      /^service: example\ntypes:\n {2}aws_api_gateway_domain_name_access_association:\n {4}title: Api gateway domain name access association$/m,
    );
    const { source } = readYaml("aws/example/instances.yaml", text);
    const { types, problems } = loadInstanceTypes([{ ...source, cloud: "aws", service: "example" }], tree.schemas);
    assert.deepEqual(problems, []);
    assert.deepEqual(types.declared(), ["aws_api_gateway_domain_name_access_association"]);
    assert.match(written.get("aws/example/instances.zh-cn.yaml") ?? "", /^aws_api_gateway_domain_name_access_association: /m);
  });

  it("describes a type at the end of the types of its service, and keeps all else", () => {
    const before = tree.texts.get("alibaba/ram/instances.yaml") ?? "";
    assert.match(before, /^schemas:/m, "the file has something behind its types");
    const after = files("alibaba", "ram", "example", "alicloud_ram_role_attachment").get("alibaba/ram/instances.yaml") ?? "";
    const entry = /^ {2}alicloud_ram_role_attachment:\n(?: {4}.*\n)+(?=schemas:)/m.exec(after)?.[0] ?? "";
    assert.notEqual(entry, "");
    assert.equal(after.replace(entry, ""), before);
  });

  it("asks for the type where a service has several, with the commands to choose from", () => {
    const said = refusal("alibaba", "ram", "security-preference-example");
    assert.match(said, /npm run new:check -- alibaba ram security-preference-example alicloud_ram_security_preference$/m);
    assert.match(said, /alicloud_ram_policy$/m);
  });

  it("asks for the type where a service has none", () => {
    assert.match(refusal("aws", "example", "one"), /npm run new:check -- aws example one aws_…/);
  });

  it("refuses a type that no provider has, one of another cloud, and one of another service", () => {
    assert.match(
      refusal("aws", "s3", "example", "aws_s3_buckets"),
      /no resource type `aws_s3_buckets`\. .*schemas\/types\.txt.* Described here: .*aws_s3_bucket/,
    );
    assert.match(refusal("aws", "s3", "example", "alicloud_oss_bucket"), /alibaba\/oss/);
    assert.match(refusal("aws", "s3", "example", "aws_instance"), /checks\/aws\/ec2\/instances\.yaml/);
  });

  it("overwrites nothing", () => {
    assert.equal(
      refusal("aws", "s3", "bucket-versioning", "aws_s3_bucket"),
      "checks/aws/s3/bucket-versioning.yaml is there already.",
    );
  });

  for (const args of [[], ["aws"], ["aws", "s3"], ["azure", "s3", "x"], ["aws", "s3", "Upper"], ["aws", "../s3", "x"]]) {
    it(`says how it is called: ${JSON.stringify(args)}`, () => {
      assert.match(refusal(...args), /^Usage: npm run new:check/);
    });
  }
});

describe("the skeleton of an item", () => {
  it("loads but for what it must be filled in with", () => {
    const written = files("tencent", "waf", "example", "tencentcloud_waf_saas_domain");
    const path = "tencent/waf/example.yaml";
    const { source, problems } = readYaml(path, written.get(path) ?? "");
    assert.deepEqual(problems, []);
    const loaded = loadChecks([{ ...source, cloud: "tencent", service: "waf", name: "example", builtIn: true }], tree.types);
    assert.deepEqual(
      loaded.problems.map(({ code }) => code),
      [],
    );
  });
});

describe("what is wrong with items", () => {
  const problem = (file: string) => ({
    file,
    range: { start: 0, end: 0 },
    severity: "error" as const,
    code: "example",
    message: "",
  });

  it("stands under the item's id, so that a test with `--grep` finds it", () => {
    const wrong = ["aws/s3/x.yaml", "aws/s3/x.zh-cn.yaml", "aws/s3/instances.yaml"].map(problem);
    assert.deepEqual(
      [...problemsByItem(wrong)].map(([id, problems]) => [id, problems.length]),
      [
        ["aws-s3-x", 2],
        ["aws/s3/instances.yaml", 1],
      ],
    );
  });
});
