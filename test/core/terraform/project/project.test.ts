import { deepEqual, equal, ok } from "node:assert/strict";
import { Query } from "../../../../src/core/memo/memo.ts";
import { displayValue } from "../../../../src/core/values/text.ts";
import { SparseEntries } from "../../../../src/core/values/sparse.ts";
import type { Value } from "../../../../src/core/values/value.ts";
import { instancesOf, projectOf, setText, valueOf } from "./workspace.ts";

const addresses = (project: ReturnType<typeof projectOf>): string[] => [...instancesOf(project).keys()];
const shown = (project: ReturnType<typeof projectOf>, address: string, path: string): string =>
  displayValue(valueOf(project, address, path));
const codes = (project: ReturnType<typeof projectOf>): string[] => project.problems().map((problem) => problem.code);

describe("roots", () => {
  it("are the directories that nobody calls", () => {
    const project = projectOf({ "a/main.tf": 'module "b" { source = "../b" }', "b/main.tf": "", "c/main.tf": "" });
    deepEqual(
      project.roots().map((root) => root.directory),
      ["/w/a", "/w/c"],
    );
  });

  it("include a module that only its examples and tests call", () => {
    const call = 'module "it" { source = "../.." }';
    const project = projectOf({ "main.tf": "", "examples/full/main.tf": call, "tests/one/main.tf": call });
    deepEqual(
      project.roots().map((root) => root.directory),
      ["/w", "/w/examples/full", "/w/tests/one"],
    );
  });

  it("include a module that calls itself, and modules that only call each other", () => {
    const project = projectOf({
      "a/main.tf": 'module "a" { source = "../a" }',
      "b/main.tf": 'module "c" { source = "../c" }',
      "c/main.tf": 'module "b" { source = "../b" }',
    });
    deepEqual(
      project.roots().map((root) => root.directory),
      ["/w/a", "/w/b"],
    );
    deepEqual(codes(project), ["module-source", "module-source"]);
  });

  it("leave out excluded and downloaded directories", () => {
    const files = { "a/main.tf": "", "b/main.tf": "", ".terraform/modules/x/main.tf": "" };
    const project = projectOf(files, { excluded: (path) => path === "/w/b" });
    deepEqual(
      project.roots().map((root) => root.directory),
      ["/w/a"],
    );
  });

  it("keep the identity of modules and units over edits", () => {
    const project = projectOf({ "main.tf": 'resource "aws_s3_bucket" "b" {}', "m/main.tf": "" });
    const [root] = project.roots();
    const [unit] = project.units("/w");
    setText(project, "main.tf", '\nresource "aws_s3_bucket" "b" { bucket = "x" }\nmodule "m" { source = "./m" }');
    equal(project.roots()[0], root);
    equal(project.units("/w")[0], unit);
    const [, module] = project.modules("/w");
    const moved = '\n\nresource "aws_s3_bucket" "b" { bucket = "y" }\nmodule "m" {\n source = "./m"\n x = 1\n}';
    setText(project, "main.tf", moved);
    equal(project.modules("/w")[1], module);
    equal(module?.call?.item.base, moved.indexOf("module"));
  });
});

describe("module calls", () => {
  it("that can't be found make unknowns and a hint, once the host has said so", () => {
    const project = projectOf({
      "main.tf": 'module "m" {\n source = "example/m/aws"\n}\nresource "aws_s3_bucket" "b" {\n bucket = module.m.name\n}',
    });
    equal(valueOf(project, "aws_s3_bucket.b", "bucket").kind, "unknown");
    deepEqual(project.requests(), [{ kind: "file", path: "/w/.terraform/modules/modules.json" }]);
    project.setFile("/w/.terraform/modules/modules.json", { kind: "absent" });
    const value = valueOf(project, "aws_s3_bucket.b", "bucket");
    deepEqual(value.kind === "unknown" && value.reasons, [{ kind: "missing module", detail: "module.m" }]);
    deepEqual(project.requests(), []);
    const [problem] = project.problems();
    ok(problem?.message.includes("terraform init"));
  });

  it("follow modules.json, ask for the files, and mark the module as downloaded", () => {
    const project = projectOf({ "main.tf": 'module "m" {\n source = "example/m/aws"\n}' });
    project.modules("/w");
    const manifest = { Modules: [{ Key: "m", Source: "example/m/aws", Dir: ".terraform/modules/m" }] };
    setText(project, ".terraform/modules/modules.json", JSON.stringify(manifest));
    project.modules("/w");
    deepEqual(project.requests(), [{ kind: "directory", path: "/w/.terraform/modules/m" }]);
    project.setDirectory("/w/.terraform/modules/m", { kind: "listing", files: ["main.tf", "README.md"] });
    project.modules("/w");
    deepEqual(project.requests(), [{ kind: "file", path: "/w/.terraform/modules/m/main.tf" }]);
    setText(project, ".terraform/modules/m/main.tf", 'resource "aws_s3_bucket" "b" {}');
    deepEqual(addresses(project), ["module.m.aws_s3_bucket.b"]);
    ok(instancesOf(project).get("module.m.aws_s3_bucket.b")?.module.downloaded);
  });

  it("use the caller's arguments, not the defaults", () => {
    const project = projectOf({
      "main.tf": 'variable "acl" {}\nmodule "m" {\n source = "./m"\n acl = var.acl\n}',
      "m/main.tf": 'variable "acl" { default = "private" }\nresource "aws_s3_bucket" "b" {\n acl = var.acl\n}',
    });
    const value = valueOf(project, "module.m.aws_s3_bucket.b", "acl");
    deepEqual(value.kind === "unknown" && value.reasons, [{ kind: "variable", detail: "var.acl" }]);
  });

  it("miss a required argument with a problem on the call", () => {
    const project = projectOf({ "main.tf": 'module "m" {\n source = "./m"\n}', "m/main.tf": 'variable "acl" {}' });
    const [problem] = project.problems();
    equal(problem?.code, "missing-argument");
    equal(problem.file, "/w/main.tf");
  });
});

describe("count and for_each", () => {
  it("that are unknown make one instance that may not exist, and references keep their origin", () => {
    const project = projectOf({
      "main.tf": `variable "create" { type = bool }
        resource "aws_s3_bucket" "b" { count = var.create ? 1 : 0 }
        resource "aws_s3_bucket_policy" "p" {
          count = var.create ? 1 : 0
          bucket = aws_s3_bucket.b[0].id
          policy = ""
        }`,
    });
    const instance = instancesOf(project).get("aws_s3_bucket_policy.p");
    deepEqual(instance?.maybe, [{ kind: "variable", detail: "var.create" }]);
    const bucket = valueOf(project, "aws_s3_bucket_policy.p", "bucket");
    deepEqual(bucket.kind === "unknown" && bucket.origin, { address: "aws_s3_bucket.b", path: ["id"] });
  });

  it("over the limit are a problem and no hang", () => {
    const project = projectOf({ "main.tf": 'resource "aws_s3_bucket" "b" { count = 5000000 }' });
    deepEqual(codes(project), ["budget"]);
    deepEqual(instancesOf(project).get("aws_s3_bucket.b")?.maybe, [{ kind: "budget", detail: "count over the limit" }]);
  });

  it("multiply over modules, and so does their limit", () => {
    const project = projectOf({
      "main.tf": 'module "m" {\n source = "./m"\n count = 1000\n}',
      "m/main.tf": 'module "n" {\n source = "../n"\n count = 1000\n}\nresource "aws_s3_bucket" "b" { count = 1000 }',
      "n/main.tf": "",
    });
    deepEqual(codes(project), ["budget", "budget"]);
    ok(project.modules("/w").length < 5000);
  });

  it("never put sensitive keys into addresses", () => {
    const project = projectOf({
      "main.tf": `variable "s" {
          sensitive = true
          default = ["hidden"]
        }
        resource "aws_s3_bucket" "b" { for_each = toset(var.s) }`,
    });
    ok(!JSON.stringify([addresses(project), project.problems()]).includes("hidden"));
    deepEqual(codes(project), ["invalid-for-each"]);
  });
});

describe("blocks", () => {
  it("of an unknown dynamic are a list with a rest", () => {
    const project = projectOf({
      "main.tf": `variable "ports" {}
        resource "aws_security_group" "g" {
          ingress {
            from_port = 22
            to_port = 22
            protocol = "tcp"
          }
          dynamic "ingress" {
            for_each = var.ports
            content {
              from_port = ingress.value
            }
          }
        }`,
    });
    const ingress = valueOf(project, "aws_security_group.g", "ingress");
    ok(ingress.kind === "set");
    equal(ingress.items.length, 1);
    deepEqual(ingress.rest, [{ kind: "variable", detail: "var.ports" }]);
  });

  it("that are absent are empty, or unknown where the provider fills them in", () => {
    const project = projectOf({ "main.tf": 'resource "aws_instance" "i" {}' });
    equal(shown(project, "aws_instance.i", "credit_specification"), "nothing");
    const device = valueOf(project, "aws_instance.i", "root_block_device");
    deepEqual(device.kind === "unknown" && device.origin, { address: "aws_instance.i", path: ["root_block_device"] });
  });

  it("convert to the schema's types, or are a problem and an unknown", () => {
    const project = projectOf({
      "main.tf": 'resource "aws_ebs_volume" "v" {\n size = "10"\n encrypted = "maybe"\n availability_zone = "a"\n}',
    });
    deepEqual(valueOf(project, "aws_ebs_volume.v", "size"), { kind: "number", value: 10 });
    equal(valueOf(project, "aws_ebs_volume.v", "encrypted").kind, "unknown");
    deepEqual(codes(project), ["wrong-type"]);
  });

  it("of types without schema hold what is written; the rest is unknown with its origin", () => {
    const project = projectOf({
      "main.tf": `resource "example_thing" "t" { name = "n" }
        resource "aws_s3_bucket" "b" {
          bucket = example_thing.t.name
          acl = example_thing.t.made
        }`,
    });
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "n");
    const acl = valueOf(project, "aws_s3_bucket.b", "acl");
    deepEqual(acl.kind === "unknown" && acl.origin, { address: "example_thing.t", path: ["made"] });
    deepEqual(codes(project), []);
  });
});

describe("references", () => {
  it("keep the origin of computed attributes through modules, variables, locals and splats", () => {
    const project = projectOf({
      "main.tf": `module "m" { source = "./m" }
        locals { id = module.m.id }
        module "p" {
          source = "./p"
          id = local.id
        }`,
      "m/main.tf": 'resource "aws_s3_bucket" "b" { count = 1 }\noutput "id" { value = one(aws_s3_bucket.b[*].id) }',
      "p/main.tf": 'variable "id" { type = string }\nresource "aws_s3_bucket_acl" "a" { bucket = var.id }',
    });
    const bucket = valueOf(project, "module.p.aws_s3_bucket_acl.a", "bucket");
    deepEqual(bucket.kind === "unknown" && bucket.origin, { address: "module.m.aws_s3_bucket.b[0]", path: ["id"] });
  });

  it("in circles are problems and unknowns, and the rest is evaluated", () => {
    const project = projectOf({
      "main.tf": `locals {
          a = local.b
          b = local.a
        }
        resource "aws_security_group" "g" {
          name = "g"
          description = aws_security_group.h.name
        }
        resource "aws_security_group" "h" {
          name = "h"
          description = aws_security_group.g.name
        }
        resource "aws_s3_bucket" "self" {
          bucket = "kept"
          policy = aws_s3_bucket.self.arn
        }`,
    });
    deepEqual(codes(project), ["cycle", "cycle"]);
    equal(shown(project, "aws_s3_bucket.self", "bucket"), "kept");
    equal(shown(project, "aws_security_group.h", "name"), "h");
    equal(valueOf(project, "aws_security_group.g", "description").kind, "unknown");
    equal(valueOf(project, "aws_security_group.h", "description").kind, "unknown");
  });

  it("in long chains do not exhaust the stack", () => {
    const locals = Array.from({ length: 3000 }, (_, index) => ` l${index} = ${index === 0 ? "1" : `local.l${index - 1}`}`);
    const project = projectOf({
      "main.tf": `locals {\n${locals.join("\n")}\n}\nresource "aws_s3_bucket" "b" {\n bucket = local.l2999\n}`,
    });
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "1");
  });

  it("to what is not declared are problems, once", () => {
    const project = projectOf({
      "main.tf": 'resource "aws_s3_bucket" "b" {\n count = 3\n bucket = var.none\n}',
    });
    deepEqual(codes(project), ["unknown-reference"]);
  });
});

describe("files", () => {
  it("that can't be read leave everything else working", () => {
    const project = projectOf({ "a.tf": 'resource "aws_s3_bucket" "b" { bucket = "b" }' });
    project.setFile("/w/b.tf", { kind: "unreadable", message: "not UTF-8" });
    setText(project, "c.tf", "\u0000\uFFFD {{{ ");
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "b");
    deepEqual(project.skipped(), [{ file: "/w/b.tf", why: "not UTF-8" }]);
    ok(codes(project).includes("unreadable-file"));
  });

  it("named .tofu stand in for those named .tf", () => {
    const project = projectOf({ "main.tf": 'resource "aws_s3_bucket" "a" {}', "main.tofu": 'resource "aws_s3_bucket" "b" {}' });
    deepEqual(addresses(project), ["aws_s3_bucket.b"]);
    project.removeFile("/w/main.tofu");
    deepEqual(addresses(project), ["aws_s3_bucket.a"]);
  });

  it("of tests, stacks and Terragrunt are reported as skipped", () => {
    const project = projectOf({ "main.tf": "", "a.tftest.hcl": "", "b.tfstack.hcl": "", "terragrunt.hcl": "" });
    equal(project.skipped().length, 3);
  });

  it("outside of the workspace are not read by functions; missing ones are requested", () => {
    const project = projectOf({
      "main.tf": 'resource "aws_s3_bucket" "b" {\n bucket = file("/etc/passwd")\n policy = file("${path.module}/policy.json")\n}',
    });
    equal(valueOf(project, "aws_s3_bucket.b", "bucket").kind, "unknown");
    equal(valueOf(project, "aws_s3_bucket.b", "policy").kind, "unknown");
    deepEqual(project.requests(), [{ kind: "file", path: "/w/policy.json" }]);
    setText(project, "policy.json", "{}");
    equal(shown(project, "aws_s3_bucket.b", "policy"), "{}");
  });

  it("may be declared twice: the second is a problem", () => {
    const project = projectOf({ "a.tf": 'resource "aws_s3_bucket" "b" {}', "b.tf": 'resource "aws_s3_bucket" "b" {}' });
    deepEqual(codes(project), ["duplicate-declaration"]);
    equal(addresses(project).length, 1);
  });
});

describe("variables", () => {
  it("of the wrong type are a problem where the value is given", () => {
    const files = { "main.tf": 'variable "n" {\n  type = number\n}', "terraform.tfvars": 'n = "many"\n' };
    const [problem, ...others] = projectOf(files).problems();
    deepEqual([problem?.file, problem?.range, problem?.code], ["/w/terraform.tfvars", { start: 4, end: 10 }, "wrong-type"]);
    deepEqual(others, []);
    const given = projectOf({ "main.tf": files["main.tf"] }, { variables: new Map([["n", "many"]]) });
    deepEqual(
      given.problems().map(({ file, code }) => [file, code]),
      [["/w/main.tf", "wrong-type"]],
    );
  });

  it("from -var win over files", () => {
    const project = projectOf(
      { "main.tf": 'variable "a" { type = list(number) }', "terraform.tfvars": "a = [1]" },
      { variables: new Map([["a", "[2, 3]"]]) },
    );
    equal(shown(project, "var.a", "value"), "2, 3");
  });

  it("from configured files win over automatic ones", () => {
    const files = { "main.tf": 'variable "a" {}', "terraform.tfvars": "a = 1", "env/prod.tfvars": "a = 2" };
    equal(shown(projectOf(files, { variableFiles: ["/w/env/prod.tfvars"] }), "var.a", "value"), "2");
  });
});

describe("edits", () => {
  it("recompute only what depends on them", () => {
    const files: Record<string, string> = { "variables.tf": 'variable "a" { default = "x" }\nvariable "b" { default = "y" }' };
    for (let index = 0; index < 20; index++) {
      files[`r${index}.tf`] = `resource "aws_s3_bucket" "b${index}" {\n bucket = var.${index % 2 === 0 ? "a" : "b"}\n}`;
    }
    const project = projectOf(files);
    const seen: string[] = [];
    const units = project.units("/w").filter((unit) => unit.mode === "managed");
    const watchers = units.map((unit) => new Query(() => (seen.push(unit.symbol), project.instances(unit)[0])));
    const ask = (): number => {
      seen.length = 0;
      watchers.forEach((watcher) => watcher.get());
      return seen.length;
    };
    equal(ask(), 20);
    setText(project, "variables.tf", '# moved\nvariable "a" { default = "x" }\n\nvariable "b" { default = "y" }');
    equal(ask(), 0);
    setText(project, "variables.tf", '# moved\nvariable "a" { default = "z" }\n\nvariable "b" { default = "y" }');
    equal(ask(), 10);
    setText(project, "r3.tf", 'resource "aws_s3_bucket" "b3" {\n bucket = "own"\n}');
    equal(ask(), 1);
    equal(shown(project, "aws_s3_bucket.b3", "bucket"), "own");
  });

  it("give what a fresh evaluation gives", () => {
    const project = projectOf({ "main.tf": "" });
    let text = "";
    const whole = 'locals {\n  a = { x = 1 }\n}\nresource "aws_s3_bucket" "b" {\n  for_each = local.a\n  bucket = each.key\n}\n';
    for (const letter of whole) {
      text += letter;
      setText(project, "main.tf", text);
      const fresh = projectOf({ "main.tf": text });
      deepEqual(summary(project), summary(fresh), text);
    }
  });

  it("leave nothing behind after a sweep", () => {
    const project = projectOf({ "main.tf": 'locals {\n a0 = 1\n}\nresource "aws_s3_bucket" "b" {\n bucket = local.a0\n}' });
    const read = (): unknown => [instancesOf(project), project.problems()];
    for (let index = 1; index < 50; index++) {
      setText(
        project,
        "main.tf",
        `locals {\n a${index} = 1\n}\nresource "aws_s3_bucket" "b${index}" {\n bucket = local.a${index}\n}`,
      );
      read();
    }
    project.sweep();
    read();
    deepEqual(addresses(project), ["aws_s3_bucket.b49"]);
  });
});

/** Members in full, whether stored or not. */
function printed(values: Value): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    value instanceof Map || value instanceof SparseEntries ? [...(value as Iterable<unknown>)] : value,
  );
}

function summary(project: ReturnType<typeof projectOf>): unknown {
  return {
    instances: [...instancesOf(project).values()].map(({ address, values, maybe }) => ({
      address,
      values: printed(values),
      maybe,
    })),
    problems: project.problems(),
    requests: project.requests(),
  };
}
