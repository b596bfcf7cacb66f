import assert from "node:assert/strict";
import { checkAll, serviceWith } from "../../harness/engine.ts";

interface Planned {
  readonly address: string;
  readonly actions?: readonly string[];
  readonly after?: object | null;
  readonly unknown?: object;
  readonly sensitive?: object;
  /** `configuration` of the block: expressions, and what expands it. */
  readonly expressions?: object;
  readonly more?: object;
  readonly provider?: string;
}

/** `module.a["x"].aws_vpc.b[0]` in the parts that a plan lists. */
function partsOf(address: string): {
  module: string;
  mode: string;
  type: string;
  name: string;
  index: string | number | undefined;
} {
  const match =
    /^((?:module\.[a-z]+(?:\["[^"]*"\]|\[\d+\])?\.?)*)(data\.)?([a-z0-9_]+)\.([a-z0-9_]+)(?:\[(?:"([^"]*)"|(\d+))\])?$/.exec(
      address,
    );
  assert.ok(match !== null, address);
  const [, module = "", data, type = "", name = "", key, index] = match;
  return {
    module: module.replace(/\.$/, ""),
    mode: data === undefined ? "managed" : "data",
    type,
    name,
    index: key ?? (index === undefined ? undefined : Number(index)),
  };
}

/** A plan of root resources, with further modules as the configuration has them. */
function planOf(
  resources: readonly Planned[],
  more: { readonly configuration?: object; readonly moduleCalls?: object; readonly plan?: object } = {},
): string {
  const blocks = new Map<string, object>();
  const changes = resources.map(
    ({
      address,
      actions = ["create"],
      after = {},
      unknown = {},
      sensitive = {},
      expressions = {},
      more: its = {},
      provider = "aws",
    }) => {
      const { module, mode, type, name, index } = partsOf(address);
      if (module === "")
        blocks.set(`${type}.${name}`, {
          address: `${type}.${name}`,
          mode,
          type,
          name,
          provider_config_key: provider,
          expressions,
          ...its,
        });
      return {
        address,
        ...(module === "" ? {} : { module_address: module }),
        mode,
        type,
        name,
        ...(index === undefined ? {} : { index }),
        provider_name: "registry.terraform.io/hashicorp/aws",
        change: { actions, before: null, after, after_unknown: unknown, after_sensitive: sensitive },
      };
    },
  );
  return JSON.stringify({
    format_version: "1.2",
    resource_changes: changes,
    configuration: {
      root_module: { resources: [...blocks.values()], module_calls: more.moduleCalls ?? {} },
      ...more.configuration,
    },
    ...more.plan,
  });
}

/** `check address` to outcome. */
async function assess(plan: string, files: Readonly<Record<string, string>> = {}): Promise<ReadonlyMap<string, string>> {
  const service = await serviceWith(files);
  assert.equal(service.setSnapshot({ kind: "plan", file: "/w/plan.json", text: plan }), undefined);
  const report = await checkAll(service, files);
  return new Map(report.results.map(({ result }) => [`${result.check.id} ${result.instance.address}`, result.outcome.kind]));
}

const bucket = (name: string): Planned => ({
  address: `aws_s3_bucket.${name}`,
  after: { bucket: `example-${name}` },
  unknown: { id: true, arn: true },
  expressions: { bucket: { constant_value: `example-${name}` } },
});
const references = (...texts: string[]): object => ({ references: texts });
const versioning = (expression: object, address = "aws_s3_bucket_versioning.v"): Planned => ({
  address,
  after: { versioning_configuration: [{ status: "Enabled" }] },
  unknown: { id: true, bucket: true, versioning_configuration: [{ mfa_delete: true }] },
  expressions: { bucket: expression, versioning_configuration: [{ status: { constant_value: "Enabled" } }] },
});

describe("a plan without its files", function () {
  this.timeout(60_000);
  const check = "aws-s3-bucket-versioning aws_s3_bucket";

  it("joins a part by the one attribute that its reference names", async () => {
    const results = await assess(
      planOf([bucket("a"), bucket("b"), versioning(references("aws_s3_bucket.a.id", "aws_s3_bucket.a"))]),
    );
    assert.equal(results.get(`${check}.a`), "pass");
    assert.equal(results.get(`${check}.b`), "fail");
  });

  it("follows references through module arguments and outputs, with keys", async () => {
    const child = {
      resources: [
        {
          address: "aws_s3_bucket_versioning.v",
          mode: "managed",
          type: "aws_s3_bucket_versioning",
          name: "v",
          provider_config_key: "aws",
          expressions: { bucket: references("var.bucket"), versioning_configuration: [{ status: { constant_value: "Enabled" } }] },
        },
      ],
      variables: { bucket: {} },
    };
    const home = {
      resources: [
        {
          address: "aws_s3_bucket.b",
          mode: "managed",
          type: "aws_s3_bucket",
          name: "b",
          provider_config_key: "aws",
          expressions: { bucket: references("var.name") },
        },
      ],
      outputs: { id: { expression: references("aws_s3_bucket.b.id", "aws_s3_bucket.b") } },
    };
    const moduleCalls = {
      home: { source: "./home", for_each_expression: { constant_value: ["x", "y"] }, module: home },
      versions: {
        source: "./versions",
        expressions: { bucket: references('module.home["x"].id', 'module.home["x"]', "module.home") },
        module: child,
      },
    };
    const results = await assess(
      planOf(
        [
          { address: 'module.home["x"].aws_s3_bucket.b', after: { bucket: "x" }, unknown: { id: true } },
          { address: 'module.home["y"].aws_s3_bucket.b', after: { bucket: "y" }, unknown: { id: true } },
          { ...versioning({}), address: "module.versions.aws_s3_bucket_versioning.v" },
        ],
        { moduleCalls },
      ),
    );
    assert.equal(results.get('aws-s3-bucket-versioning module.home["x"].aws_s3_bucket.b'), "pass");
    assert.equal(results.get('aws-s3-bucket-versioning module.home["y"].aws_s3_bucket.b'), "fail");
  });

  it("leaves every candidate undecided where an expression refers to several things, or to what can't be followed", async () => {
    for (const expression of [
      references("aws_s3_bucket.a.id", "aws_s3_bucket.a", "aws_s3_bucket.b.id", "aws_s3_bucket.b"),
      references("var.x", "aws_s3_bucket.a.id", "aws_s3_bucket.a"),
      references("local.bucket"),
      {},
    ]) {
      const results = await assess(planOf([bucket("a"), bucket("b"), versioning(expression)]));
      assert.equal(results.get(`${check}.a`), "unknown", JSON.stringify(expression));
      assert.equal(results.get(`${check}.b`), "unknown", JSON.stringify(expression));
    }
  });

  it("gives what is left out its meaning on creation, and none to what is there already", async () => {
    const queue = (actions: readonly string[], after: object, unknown: object): Planned => ({
      address: "aws_sqs_queue.q",
      actions,
      after: { name: "q", ...after },
      unknown: { id: true, ...unknown },
      expressions: { name: { constant_value: "q" } },
    });
    const result = async (planned: Planned): Promise<string | undefined> =>
      (await assess(planOf([planned]))).get("aws-sqs-encryption aws_sqs_queue.q");
    const open = { sqs_managed_sse_enabled: true, kms_master_key_id: true };
    assert.equal(await result(queue(["create"], {}, open)), "pass");
    assert.equal(await result(queue(["delete", "create"], {}, open)), "pass");
    assert.equal(await result(queue(["update"], { sqs_managed_sse_enabled: false }, {})), "fail");
    assert.equal(await result(queue(["no-op"], { sqs_managed_sse_enabled: true }, {})), "pass");
    assert.equal(await result(queue(["update"], {}, open)), "unknown");
    // Written with something that is known after apply: nobody knows what it comes to.
    const written = {
      ...queue(["create"], {}, open),
      expressions: { sqs_managed_sse_enabled: references("aws_s3_bucket.a.id", "aws_s3_bucket.a") },
    };
    assert.equal((await assess(planOf([written, bucket("a")]))).get("aws-sqs-encryption aws_sqs_queue.q"), "unknown");
  });

  it("does not take a dynamic block over what is not known for none", async () => {
    const group: Planned = {
      address: "aws_security_group.g",
      after: { name: "g" },
      unknown: { id: true, ingress: true, egress: true },
      expressions: { name: { constant_value: "g" } },
    };
    assert.equal((await assess(planOf([group]))).get("aws-ec2-sg-ssh-open aws_security_group.g"), "unknown");
  });

  it("tells provider configurations apart, and sees credentials written in them", async () => {
    const block = { address: "aws_s3_account_public_access_block.p", after: { block_public_acls: true }, unknown: { id: true } };
    const configuration = {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { access_key: { constant_value: "AKIAIOSFODNN7EXAMPLE" } },
        },
        "aws.us": {
          name: "aws",
          alias: "us",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { access_key: references("var.key") },
        },
      },
    };
    const results = await assess(planOf([{ ...block, provider: "aws.us" }, bucket("a")], { configuration }));
    assert.equal(results.get("aws-provider-hardcoded-credentials provider.aws"), "fail");
    assert.equal(results.get("aws-provider-hardcoded-credentials provider.aws.us"), "unknown");
  });

  it("reads what is left of a plan: no deposed objects, nothing that goes, deferred ones as ones that may exist", async () => {
    const change = (more: object): object => ({
      mode: "managed",
      type: "aws_s3_bucket",
      change: { actions: ["no-op"], after: { bucket: "x" }, after_unknown: {} },
      ...more,
    });
    const plan = JSON.stringify({
      format_version: "1.2",
      resource_changes: [
        change({ address: "aws_s3_bucket.old", name: "old", deposed: "12345678", change: { actions: ["delete"], after: null } }),
        change({ address: "aws_s3_bucket.gone", name: "gone", change: { actions: ["delete"], after: null } }),
        change({ address: "aws_s3_bucket.forgotten", name: "forgotten", change: { actions: ["forget"], after: null } }),
        change({ address: "aws_s3_bucket.stays", name: "stays" }),
      ],
      deferred_changes: [
        { reason: "instance_count_unknown", resource_change: change({ address: "aws_s3_bucket.maybe", name: "maybe" }) },
      ],
      planned_values: {
        root_module: { resources: [{ mode: "managed", type: "aws_s3_bucket", name: "unchanged", values: { bucket: "y" } }] },
      },
    });
    const results = await assess(plan);
    const seen = [...results.keys()].filter((key) => key.startsWith("aws-s3-bucket-versioning ")).map((key) => key.split(" ")[1]);
    assert.deepEqual(seen.sort(), ["aws_s3_bucket.maybe", "aws_s3_bucket.stays", "aws_s3_bucket.unchanged"]);
    assert.equal(results.get("aws-s3-bucket-versioning aws_s3_bucket.maybe"), "unknown");
    assert.equal(results.get("aws-s3-bucket-versioning aws_s3_bucket.stays"), "fail");
  });
});

describe("a plan beside its files", function () {
  this.timeout(60_000);

  it("believes the plan where files have changed since", async () => {
    const files = {
      "main.tf": `resource "aws_s3_bucket" "a" {
  bucket = "example-a"
}

resource "aws_s3_bucket" "b" {
  bucket = "example-b"
}

resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.id

  versioning_configuration {
    status = "Enabled"
  }
}
`,
    };
    const results = await assess(
      planOf([bucket("a"), bucket("b"), versioning(references("aws_s3_bucket.a.id", "aws_s3_bucket.a"))]),
      files,
    );
    assert.equal(results.get("aws-s3-bucket-versioning aws_s3_bucket.a"), "pass");
    assert.equal(results.get("aws-s3-bucket-versioning aws_s3_bucket.b"), "fail");
  });

  it("knows from the files that a template is more than the reference in it", async () => {
    const files = {
      "main.tf": `resource "aws_s3_bucket" "a" {}\n\nresource "aws_s3_bucket_versioning" "v" {\n  bucket = "x-\${aws_s3_bucket.a.id}"\n\n  versioning_configuration {\n    status = "Enabled"\n  }\n}\n`,
    };
    const results = await assess(planOf([bucket("a"), versioning(references("aws_s3_bucket.a.id", "aws_s3_bucket.a"))]), files);
    assert.notEqual(results.get("aws-s3-bucket-versioning aws_s3_bucket.a"), "pass");
  });

  it("knows from the files that no dynamic block stands for rules that are left out", async () => {
    const files = { "main.tf": `resource "aws_security_group" "g" {\n  name = "g"\n}\n` };
    const group = {
      address: "aws_security_group.g",
      after: { name: "g" },
      unknown: { id: true, ingress: true, egress: true },
      expressions: { name: { constant_value: "g" } },
    };
    assert.equal((await assess(planOf([group]), files)).get("aws-ec2-sg-ssh-open aws_security_group.g"), "pass");
    const dynamic = {
      "main.tf": `variable "rules" {}\n\nresource "aws_security_group" "g" {\n  name = "g"\n  dynamic "ingress" {\n    for_each = var.rules\n    content {\n      from_port = 22\n      to_port = 22\n      protocol = "tcp"\n    }\n  }\n}\n`,
    };
    assert.equal((await assess(planOf([group]), dynamic)).get("aws-ec2-sg-ssh-open aws_security_group.g"), "unknown");
  });

  it("takes variables from the plan that the files leave open, so that instances match", async () => {
    const files = {
      "main.tf": `variable "names" {\n  type = set(string)\n}\n\nmodule "b" {\n  source   = "./b"\n  for_each = var.names\n}\n`,
      "b/main.tf": `resource "aws_s3_bucket" "b" {\n  # plumbline:ignore aws-s3-bucket-versioning Caches only.\n  bucket = "b"\n}\n`,
    };
    const plan = planOf([{ address: 'module.b["x"].aws_s3_bucket.b', after: { bucket: "b" }, unknown: { id: true } }], {
      plan: { variables: { names: { value: ["x"] } } },
    });
    const service = await serviceWith(files);
    service.setSnapshot({ kind: "plan", file: "/w/plan.json", text: plan });
    const report = await checkAll(service, files);
    const versions = report.results.filter(({ result }) => result.check.id === "aws-s3-bucket-versioning");
    assert.deepEqual(
      versions.map(({ result, location }) => [result.instance.address, location?.file]),
      [['module.b["x"].aws_s3_bucket.b', "/w/b/main.tf"]],
    );
    assert.deepEqual(report.roots, ["/w"]);
  });
});
