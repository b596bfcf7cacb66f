import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../../src/cli/arguments.ts";
import { sarifComplaints } from "../core/reports/sarif-schema.ts";
import { plumbline, withFolder } from "../harness/engine.ts";

const bucket = `variable "acl" {
  default = "private"
}

resource "tencentcloud_cos_bucket" "open" {
  bucket = "example-1250000000"
  acl    = var.acl
}
`;

/** A plan that makes the bucket with the ACL that somebody gave with `-var`. */
function plan(more: object = {}, change: object = {}): string {
  return JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    variables: { acl: { value: "public-read" } },
    resource_changes: [
      {
        address: "tencentcloud_cos_bucket.open",
        mode: "managed",
        type: "tencentcloud_cos_bucket",
        name: "open",
        provider_name: "registry.terraform.io/tencentcloudstack/tencentcloud",
        change: {
          actions: ["create"],
          before: null,
          after: { bucket: "example-1250000000", acl: "public-read", force_clean: false },
          after_unknown: { id: true, cos_bucket_url: true },
          after_sensitive: {},
          ...change,
        },
      },
    ],
    ...more,
  });
}

function state(attributes: object, sensitive: readonly unknown[] = []): string {
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: sensitive }];
  const provider = 'provider["registry.terraform.io/tencentcloudstack/tencentcloud"]';
  const resources = [{ mode: "managed", type: "tencentcloud_cos_bucket", name: "open", provider, instances }];
  return JSON.stringify({ version: 4, terraform_version: "1.11.4", serial: 1, lineage: "x", outputs: {}, resources }, null, 2);
}

const check = ["--checks", "tencent-cos-bucket-public-read", "--no-color"];

async function run(files: Readonly<Record<string, string | Uint8Array>>, args: (folder: string) => readonly string[]) {
  return await withFolder(files, (folder) => plumbline(args(folder)));
}

describe("plumbline check --plan", function () {
  this.timeout(300_000);

  it("with --since reports what the plan makes otherwise than the files made it then", async () => {
    const commit = (folder: string): void => {
      for (const args of [
        ["init", "-q"],
        ["add", "-A"],
        ["commit", "-q", "-m", "one"],
      ])
        execFileSync("git", ["-c", "user.email=a@example.com", "-c", "user.name=A", ...args], { cwd: folder, stdio: "ignore" });
    };
    const since = (folder: string): readonly string[] => [folder, "--plan", join(folder, "p.json"), "--since", "HEAD", ...check];
    const files = { "main.tf": bucket, "p.json": plan() };
    await withFolder(files, async (folder) => {
      commit(folder);
      // The variable was given with -var, now as then.
      const before = await plumbline(since(folder));
      assert.match(before.out, /No findings[^]*Known from the baseline: 1 failing result/);
      writeFileSync(
        join(folder, "p.json"),
        plan({ variables: { acl: { value: "public-read" } } })
          .replaceAll("cos_bucket.open", "cos_bucket.new")
          .replace('"open"', '"new"'),
      );
      writeFileSync(join(folder, "main.tf"), bucket.replace('"open"', '"new"'));
      const after = await plumbline(since(folder));
      assert.match(after.out, /1 finding/);
    });
  });

  it("refuses all environments, and takes one", async () => {
    const yaml = "environments:\n  prod: {}\n  staging: {}\n";
    const files = { "main.tf": bucket, "p.json": plan(), "plumbline.yaml": yaml };
    const all = readArguments(["check", "--plan", "p.json", "--environment", "all"]);
    assert.ok(all.kind === "wrong");
    assert.match(all.message, /--environment all can't go with --plan, which is of one environment: name that one/);
    const one = await run(files, (folder) => [folder, "--plan", join(folder, "p.json"), "--environment", "prod", ...check]);
    assert.match(one.out, /1 finding/);
  });

  it("assesses what the plan says, and shows where the files say it", async () => {
    const { code, out } = await run({ "main.tf": bucket, "plan.json": plan() }, (folder) => [
      folder,
      ...check,
      "--plan",
      join(folder, "plan.json"),
    ]);
    assert.equal(code, 1);
    assert.match(out, /--> main\.tf:7:12\n/);
    assert.match(out, /7 \| {3}acl {4}= var\.acl/);
    assert.match(out, /The ACL `public-read` lets everyone read/);
    assert.match(out, /Coverage: 1 resource seen, 1 assessed/);
  });

  it("gives a finding the identity that it has in the files", async () => {
    const files = { "main.tf": bucket.replace("private", "public-read"), "plan.json": plan() };
    await withFolder(files, async (folder) => {
      const identities = async (args: readonly string[]): Promise<unknown> => {
        const { out } = await plumbline([folder, ...check, "--format", "json", ...args]);
        const { findings } = JSON.parse(out) as { findings: { id: string; line: number; instances: { fingerprint: string }[] }[] };
        return findings.map(({ id, instances }) => [id, instances.map(({ fingerprint }) => fingerprint)]);
      };
      const inFiles = await identities([]);
      assert.notDeepEqual(inFiles, []);
      assert.deepEqual(await identities(["--plan", join(folder, "plan.json")]), inFiles);
      const sarif = await plumbline([folder, ...check, "--format", "sarif", "--plan", join(folder, "plan.json")]);
      assert.deepEqual(sarifComplaints(JSON.parse(sarif.out)), []);
      assert.match(sarif.out, /"uri": "main\.tf"/);
    });
  });

  it("names the place in the plan where there are no files, and quotes nothing of it", async () => {
    const text = JSON.stringify(JSON.parse(plan({}, { after: { acl: "public-read", bucket: "hidden-1250000000" } })), null, 2);
    await withFolder({ "plan.json": text, "elsewhere/readme.md": "" }, async (folder) => {
      const { code, out } = await plumbline([join(folder, "elsewhere"), ...check, "--plan", join(folder, "plan.json")]);
      assert.equal(code, 1);
      const line = text.split("\n").findIndex((each) => each.includes('"address"')) + 1;
      assert.match(out, new RegExp(`plan\\.json:${line}:18\\n`));
      assert.doesNotMatch(out, /hidden-1250000000/);
    });
  });

  it("honours ignore comments and plumbline.yaml", async () => {
    const plans = (folder: string): string[] => [folder, "--no-color", "--plan", join(folder, "plan.json"), "--show", "all"];
    const commented = bucket.replace("  acl ", "  # plumbline:ignore tencent-cos-bucket-public-read A public site.\n  acl ");
    const ignored = await run({ "main.tf": commented, "plan.json": plan() }, plans);
    assert.match(ignored.out, /suppressed tencent-cos-bucket-public-read tencentcloud_cos_bucket\.open .*A public site\./);
    const off = "checks:\n  exclude: [tencent-cos-*]\n";
    const turnedOff = await run({ "main.tf": bucket, "plan.json": plan(), "plumbline.yaml": off }, plans);
    assert.equal(turnedOff.code, 0, turnedOff.out);
  });

  it("does not take a bucket that goes for one that stays", async () => {
    const gone = plan({}, { actions: ["delete"], after: null, before: { acl: "public-read" } });
    const { code, out } = await run({ "main.tf": bucket, "plan.json": gone }, (folder) => [
      folder,
      ...check,
      "--plan",
      join(folder, "plan.json"),
    ]);
    assert.equal(code, 0);
    assert.match(out, /Coverage: 0 resources seen/);
  });

  it("says what is wrong with a file that is no plan, and the way out", async () => {
    const utf16 = Buffer.from(`\ufeff${plan()}`, "utf16le");
    const cases: readonly (readonly [name: string, content: string | Uint8Array, message: RegExp])[] = [
      ["tfplan", Buffer.from("PK\u0003\u0004\u0014\u0000\b\u0000tfplan", "latin1"), /not JSON\. Run `terraform show -json tfplan/],
      ["cut.json", plan().slice(0, 200), /ends in the middle: the file is not whole/],
      ["empty.json", "", /is empty\. Run `terraform show -json/],
      ["main.tf", bucket, /is no JSON: what is wrong is on line 1, column 1\./],
      ["later.json", plan({ format_version: "2.0" }), /format version 2\.0, and Plumbline reads 1\.x: update Plumbline/],
      ["strange.json", plan({ format_version: "x" }), /format version "x"/],
      ["package.json", '{"name": "x", "version": "1.0.0"}', /JSON, and no plan of Terraform/],
      ["list.json", "[]", /JSON, and no plan/],
      ["state.json", state({}), /This is a state, not a plan: give it with `--state`/],
      ["log.json", '{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}\n', /the log of `terraform plan -json`/],
      ["plan.txt", "Terraform used the selected providers to generate the following", /as people read it, not JSON/],
      ["sealed.json", '{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}', /encrypted\. Print it in the clear/],
    ];
    await withFolder(
      { ...Object.fromEntries(cases.map(([name, content]) => [`in/${name}`, content])), "x/main.tf": bucket },
      async (folder) => {
        for (const [name, , message] of cases) {
          const { code, out, error } = await plumbline([join(folder, "x"), "--plan", join(folder, "in", name)]);
          assert.equal(code, 2, name);
          assert.equal(out, "", name);
          assert.match(error, message, name);
          assert.doesNotMatch(error, /public-read/, name);
        }
        const missing = await plumbline([join(folder, "x"), "--plan", join(folder, "nothing.json")]);
        assert.deepEqual([missing.code, /There is no such file\./.test(missing.error)], [2, true]);
      },
    );
    // A byte order mark takes nothing away: PowerShell writes one, and UTF-16 too.
    for (const content of [utf16, Buffer.from(`\ufeff${plan()}`)]) {
      const marked = await run({ "main.tf": bucket, "plan.json": content }, (folder) => [
        folder,
        ...check,
        "--plan",
        join(folder, "plan.json"),
      ]);
      assert.equal(marked.code, 1);
    }
  });

  it("refuses several roots, several folders, fixes, and a plan and a state at once", async () => {
    await withFolder({ "a/main.tf": bucket, "b/main.tf": bucket, "plan.json": plan() }, async (folder) => {
      const several = await plumbline([folder, "--plan", join(folder, "plan.json")]);
      assert.equal(several.code, 2);
      assert.match(several.error, /The folder has 2 roots \(a, b\), and a plan is of one/);
      assert.equal((await plumbline([join(folder, "a"), ...check, "--plan", join(folder, "plan.json")])).code, 1);
    });
    const wrong = (...args: string[]): string => {
      const command = readArguments(["check", ...args]);
      return command.kind === "wrong" ? command.message : command.kind;
    };
    assert.match(wrong("--plan", "p", "--state", "s"), /not both/);
    assert.match(wrong("--plan", "p", "--fix"), /--fix can't go with --plan/);
    assert.match(wrong("--state", "p", "--diff"), /--diff can't go with --state/);
    assert.match(wrong("--plan", "p", "a", "b"), /is of one root/);
  });

  it("tells of a plan that is not whole", async () => {
    const targeted = await run({ "main.tf": bucket, "plan.json": plan({ complete: false }) }, (folder) => [
      folder,
      ...check,
      "--plan",
      join(folder, "plan.json"),
    ]);
    assert.match(targeted.out, /warning .*plan\.json: This plan is not complete/);
  });
});

describe("plumbline check --state", function () {
  this.timeout(300_000);

  it("reads terraform.tfstate and what `terraform show -json` prints", async () => {
    const shown = JSON.stringify({
      format_version: "1.0",
      values: {
        root_module: {
          resources: [
            {
              address: "tencentcloud_cos_bucket.open",
              mode: "managed",
              type: "tencentcloud_cos_bucket",
              name: "open",
              provider_name: "registry.terraform.io/tencentcloudstack/tencentcloud",
              values: { acl: "public-read" },
              sensitive_values: {},
            },
          ],
        },
      },
    });
    for (const text of [shown, state({ acl: "public-read" })]) {
      const { code, out } = await run({ "main.tf": bucket, "x.tfstate": text }, (folder) => [
        folder,
        ...check,
        "--state",
        join(folder, "x.tfstate"),
      ]);
      assert.equal(code, 1);
      assert.match(out, /--> main\.tf:7:12\n/);
    }
  });

  it("never prints what is sensitive", async () => {
    const marks = [[{ type: "get_attr", value: "acl" }]];
    const { out } = await run({ "main.tf": bucket, "x.tfstate": state({ acl: "public-read" }, marks) }, (folder) => [
      folder,
      ...check,
      "--state",
      join(folder, "x.tfstate"),
    ]);
    assert.match(out, /The ACL ?`?\(sensitive\)`? lets everyone read/);
  });

  it("says where the state is when the file only points there, and what to do with old and encrypted ones", async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [
        '{"version":3,"serial":1,"lineage":"x","backend":{"type":"s3","config":{}}}',
        /only says where the state is kept\. Run `terraform state pull/,
      ],
      ['{"version":3,"serial":1,"lineage":"x","modules":[]}', /format from before version 4/],
      ['{"serial":1,"lineage":"","meta":{},"encrypted_data":"x","encryption_version":"v0"}', /The state is encrypted/],
      [plan(), /This is a plan, not a state: give it with `--plan`/],
    ];
    for (const [text, message] of cases) {
      const { code, error } = await run({ "main.tf": bucket, "x.tfstate": text }, (folder) => [
        folder,
        "--state",
        join(folder, "x.tfstate"),
      ]);
      assert.equal(code, 2);
      assert.match(error, message);
    }
  });
});
