import assert from "node:assert/strict";
import { join } from "node:path";
import { readArguments } from "../../src/cli/arguments.ts";
import { runInspect } from "../../src/cli/inspect.ts";
import { openService, withFolder, type Ran } from "../harness/engine.ts";

const files = {
  "main.tf": `variable "acl" {
  default = "public-read"
}

variable "key" {
  type      = string
  sensitive = true
}

locals {
  acl = var.acl
}

resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

module "site" {
  source = "./site"
  acl    = local.acl
  key    = var.key
}
`,
  "site/main.tf": `variable "acl" {}

variable "key" {}

resource "tencentcloud_cos_bucket" "this" {
  bucket = "site-1250000000"
  acl    = var.acl

  dynamic "cors_rules" {
    for_each = toset(["https://example.com"])
    content {
      allowed_origins = [cors_rules.value]
      allowed_methods = ["GET"]
      allowed_headers = []
    }
  }
}

resource "aws_ssm_parameter" "key" {
  name  = "key"
  type  = "SecureString"
  value = var.key
}
`,
};

async function run(args: readonly string[]): Promise<Ran> {
  const command = readArguments(args);
  if (command.kind !== "instances" && command.kind !== "explain") {
    return { code: 2, out: "", error: command.kind === "wrong" ? command.message : command.kind };
  }
  let out = "";
  let error = "";
  const code = await runInspect(command, await openService(), "1.2.3", {
    out: (text) => (out += text),
    error: (text) => (error += text),
    environment: {},
  });
  return { code, out, error };
}

interface Listed {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, { readonly instances: readonly string[] }>>;
  readonly unknown: readonly { readonly path: string; readonly reasons: readonly { readonly kind: string }[] }[];
}

describe("plumbline instances", function () {
  this.timeout(60_000);

  it("prints every instance with its values, parts, and what is not known and why", async () => {
    await withFolder(files, async (folder) => {
      const { code, out } = await run(["instances", folder, "--format", "json"]);
      assert.equal(code, 0);
      const { instances } = JSON.parse(out) as { instances: readonly Listed[] };
      const found = new Map(instances.map((instance) => [instance.address, instance]));
      assert.deepEqual([...found.keys()].filter((address) => !/var\./.test(address)).sort(), [
        "aws_s3_bucket.logs",
        "aws_s3_bucket_versioning.logs",
        "module.site.aws_ssm_parameter.key",
        "module.site.tencentcloud_cos_bucket.this",
      ]);
      const bucket = found.get("aws_s3_bucket.logs");
      assert.equal(bucket?.values["bucket"], "example-logs");
      // The provider's default, and what only the provider knows.
      assert.equal(bucket.values["force_destroy"], false);
      assert.equal(bucket.values["arn"], "(unknown)");
      assert.deepEqual(bucket.parts["bucketVersioning"]?.instances, ["aws_s3_bucket_versioning.logs"]);
      const arn = bucket.unknown.find(({ path }) => path === "arn");
      assert.deepEqual(arn?.reasons, [{ kind: "computed", detail: "aws_s3_bucket.logs.arn" }]);
      assert.equal(found.get("module.site.aws_ssm_parameter.key")?.values["value"], "(sensitive)");

      const text = (await run(["instances", folder])).out;
      assert.match(text, /^aws_s3_bucket\.logs\n {2}type {7}aws_s3_bucket\n {2}place {6}main\.tf:14\n/m);
      assert.match(text, /^ {4}bucketVersioning: aws_s3_bucket_versioning\.logs$/m);
      assert.match(text, /^ {4}arn: computed: aws_s3_bucket\.logs\.arn$/m);
    });
  });

  it("never prints a sensitive value, given or in a state", async () => {
    const state = JSON.stringify({
      version: 4,
      serial: 1,
      lineage: "x",
      resources: [
        {
          mode: "managed",
          module: "module.site",
          type: "aws_ssm_parameter",
          name: "key",
          provider: 'provider["registry.terraform.io/hashicorp/aws"]',
          instances: [{ attributes: { name: "key", value: "s3kr1t-value" }, sensitive_attributes: [] }],
        },
      ],
    });
    await withFolder({ ...files, "x.tfstate": state }, async (folder) => {
      for (const args of [
        ["instances", folder, "--var", "key=s3kr1t-value"],
        ["instances", folder, "--var", "key=s3kr1t-value", "--format", "json"],
        ["explain", "module.site.aws_ssm_parameter.key.value", folder, "--var", "key=s3kr1t-value"],
        ["instances", folder, "--state", join(folder, "x.tfstate")],
        ["instances", folder, "--state", join(folder, "x.tfstate"), "--format", "json"],
        ["explain", "module.site.aws_ssm_parameter.key.value", folder, "--state", join(folder, "x.tfstate")],
      ]) {
        const { code, out, error } = await run(args);
        assert.equal(code, 0, error);
        assert.match(out, /\(sensitive\)/);
        assert.doesNotMatch(out + error, /s3kr1t/);
      }
    });
  });
});

describe("plumbline explain", function () {
  this.timeout(60_000);

  it("goes from an argument to what decides it, hop by hop", async () => {
    await withFolder(files, async (folder) => {
      const { code, out } = await run(["explain", "module.site.tencentcloud_cos_bucket.this.acl", folder]);
      assert.equal(code, 0);
      assert.equal(
        out,
        `module.site.tencentcloud_cos_bucket.this.acl = "public-read"

  site/main.tf:7:12  acl is written here
      acl    = var.acl
  ← main.tf:28:12  var.acl is passed here
      acl    = local.acl
  ← main.tf:11:9  local.acl is set here
      acl = var.acl
  ← main.tf:2:13  var.acl has this default
      default = "public-read"
`,
      );
      const json = await run(["explain", "module.site.tencentcloud_cos_bucket.this.acl", folder, "--format", "json"]);
      const { value, hops } = JSON.parse(json.out) as { value: unknown; hops: readonly { kind: string; file: string }[] };
      assert.equal(value, "public-read");
      assert.deepEqual(
        hops.map(({ kind }) => kind),
        ["attribute", "module argument", "local", "variable default"],
      );
    });
  });

  it("follows dynamic blocks, parts, variables and what is not written", async () => {
    await withFolder(files, async (folder) => {
      const explain = async (target: string): Promise<string> => (await run(["explain", target, folder])).out;
      assert.match(
        await explain("module.site.tencentcloud_cos_bucket.this.cors_rules[0].allowed_origins[0]"),
        /= "https:\/\/example\.com"[^]*for_each = toset/,
      );
      const status = await explain("aws_s3_bucket.logs.bucketVersioning.versioning_configuration.status");
      assert.match(status, /^aws_s3_bucket_versioning\.logs\.versioning_configuration\.status = "Enabled"\n\n {2}main\.tf:22:14/);
      assert.match(await explain("var.acl"), /= "public-read"[^]*main\.tf:2:13/);
      assert.match(
        await explain("aws_s3_bucket.logs.arn"),
        /not known: computed: aws_s3_bucket\.logs\.arn\n {2}The provider makes it on apply/,
      );
      assert.match(await explain("module.site.aws_ssm_parameter.key.value"), /not known: variable: var\.key|\(sensitive\)/);
    });
  });

  it("says what there is no instance of, and how to write it", async () => {
    await withFolder(files, async (folder) => {
      const wrong = async (...args: string[]): Promise<string> => {
        const { code, error } = await run(args);
        assert.equal(code, 2);
        return error;
      };
      assert.match(await wrong("explain", "aws_s3_bucket.other", folder), /There is no instance "aws_s3_bucket\.other"/);
      assert.match(await wrong("explain", "aws_s3_bucket.logs.nonsense", folder), /aws_s3_bucket\.logs has no nonsense/);
      assert.match(await wrong("explain"), /Write `plumbline explain ADDRESS/);
      assert.match(await wrong("instances", join(folder, "nothing")), /there is no/);
      assert.match(await wrong("instances", folder, "--format", "sarif"), /--format is text or json/);
    });
  });
});
