import { deepEqual, equal, ok } from "node:assert/strict";
import { terraformEnvironment } from "../../../../src/host/environment.ts";
import { displayValue } from "../../../../src/core/values/text.ts";
import { instancesOf, projectOf, setText, valueOf } from "./workspace.ts";

const codes = (project: ReturnType<typeof projectOf>): string[] =>
  project.problems().map(({ file, severity, code }) => `${file.slice("/w/".length)} ${severity} ${code}`);
const shown = (project: ReturnType<typeof projectOf>, address: string, path: string): string =>
  displayValue(valueOf(project, address, path));
const reasons = (project: ReturnType<typeof projectOf>, address: string, path: string): unknown => {
  const value = valueOf(project, address, path);
  return value.kind === "unknown" ? value.reasons : displayValue(value);
};

describe("terraform.workspace", () => {
  const files = { "main.tf": 'resource "aws_s3_bucket" "b" {\n bucket = terraform.workspace\n}' };

  it("is what was selected in the root, once the host has said so, and default without that", () => {
    const project = projectOf(files);
    deepEqual(reasons(project, "aws_s3_bucket.b", "bucket"), [{ kind: "loading", detail: "terraform.workspace" }]);
    deepEqual(project.requests(), [{ kind: "file", path: "/w/.terraform/environment" }]);
    project.setFile("/w/.terraform/environment", { kind: "absent" });
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "default");
    setText(project, ".terraform/environment", "staging\n");
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "staging");
  });

  it("is TF_WORKSPACE before that", () => {
    const project = projectOf(files, terraformEnvironment({ TF_WORKSPACE: "ci" }));
    setText(project, ".terraform/environment", "staging");
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "ci");
  });

  for (const [what, block, expected] of [
    ["the one that a cloud block names", 'cloud {\n workspaces {\n name = "prod"\n }\n }', "prod"],
    ["open with tags", 'cloud {\n workspaces {\n tags = ["app"]\n }\n }', undefined],
    ["default for the remote backend's one", 'backend "remote" {\n workspaces {\n name = "prod"\n }\n }', "default"],
    ["open with a prefix", 'backend "remote" {\n workspaces {\n prefix = "app-"\n }\n }', undefined],
    ["default for another backend", 'backend "s3" {\n bucket = "b"\n }', "default"],
  ] as const) {
    it(`is ${what}`, () => {
      const project = projectOf({ ...files, "terraform.tf": `terraform {\n ${block}\n}` });
      project.setFile("/w/.terraform/environment", { kind: "absent" });
      const value = valueOf(project, "aws_s3_bucket.b", "bucket");
      equal(value.kind === "string" ? value.value : undefined, expected);
    });
  }

  it("is read from JSON, too", () => {
    const project = projectOf({ ...files, "terraform.tf.json": '{"terraform": {"cloud": {"workspaces": {"name": "prod"}}}}' });
    project.setFile("/w/.terraform/environment", { kind: "absent" });
    equal(shown(project, "aws_s3_bucket.b", "bucket"), "prod");
  });
});

describe("variable files", () => {
  const files = { "main.tf": 'variable "a" {}\nvariable "b" { default = 1 }' };

  it("with what Terraform refuses are problems where it stands", () => {
    const project = projectOf({
      ...files,
      "terraform.tfvars": 'a = upper("x")\nb = [{ x = var.a }]\nblock {\n}\n',
    });
    deepEqual(codes(project), [
      "terraform.tfvars error not-constant",
      "terraform.tfvars error not-constant",
      "terraform.tfvars error misplaced-block",
    ]);
  });

  it("that are read automatically and set what nobody declares say so; others may be another root's", () => {
    const project = projectOf(
      { ...files, "a.auto.tfvars.json": '{"a": 1, "c": 2}', "terraform.tfvars": "d = 1", "shared.tfvars": "e = 1" },
      { variableFiles: ["/w/shared.tfvars"] },
    );
    deepEqual(codes(project), ["a.auto.tfvars.json warning undeclared-variable", "terraform.tfvars warning undeclared-variable"]);
    setText(project, "more.tf", 'variable "c" {}\nvariable "d" {}');
    deepEqual(codes(project), []);
  });

  it("in JSON hold strings as they stand, and so do defaults", () => {
    const project = projectOf({
      "main.tf.json": '{"variable": {"a": {}, "b": {"default": ["${x}"]}}}',
      "terraform.tfvars.json": '{"a": "${not.a.reference} %{ if"}',
    });
    equal(shown(project, "var.a", "value"), "${not.a.reference} %{ if");
    equal(shown(project, "var.b", "value"), "${x}");
    deepEqual(codes(project), []);
  });
});

describe("beside terragrunt.hcl", () => {
  it("defaults say nothing, since Terragrunt sets inputs; files still win", () => {
    const project = projectOf({
      "main.tf": 'variable "a" { default = 1 }\nvariable "b" { default = 1 }\nmodule "m" {\n  source = "./m"\n}',
      "m/main.tf": 'variable "c" { default = 3 }\noutput "o" { value = var.c }',
      "terragrunt.hcl": 'inputs = {\n  a = 2\n}\nterraform {\n  source = "x"\n}\n',
      "terraform.tfvars": "b = 5",
    });
    deepEqual(reasons(project, "var.a", "value"), [{ kind: "variable", detail: "var.a" }]);
    equal(shown(project, "var.b", "value"), "5");
    equal(shown(project, "module.m.var.c", "value"), "3");
    deepEqual(project.skipped().length, 1);
    deepEqual(codes(project), []);
  });
});

describe("files of other languages beside Terraform", () => {
  it("are recognised by name, reported as skipped, and never read as configuration", () => {
    const names = [
      "a.tftest.hcl",
      "a.tftest.json",
      "a.tofutest.hcl",
      "a.tfmock.hcl",
      "a.tfquery.hcl",
      "a.tfstack.hcl",
      "a.tfcomponent.hcl",
      "a.tfdeploy.hcl",
      "a.tfdeploy.json",
      "terragrunt.hcl",
      "terragrunt.stack.hcl",
      "root.hcl",
    ];
    const text = 'run "x" {\n  command = plan\n}\nresource "aws_s3_bucket" "no" {}\n{{{';
    const project = projectOf({ "main.tf": "", ...Object.fromEntries(names.map((name) => [`m/${name}`, text])) });
    deepEqual(
      project.skipped().map(({ file }) => file.slice("/w/m/".length)),
      [...names].sort(),
    );
    deepEqual(codes(project), []);
    deepEqual([...instancesOf(project).keys()], []);
    deepEqual(
      project.roots().map(({ directory }) => directory),
      ["/w"],
    );
  });
});

describe("module calls", () => {
  it("with arguments that the module does not declare are problems on their names", () => {
    const text = 'module "m" {\n  source = "./m"\n  acll   = "private"\n  count  = 1\n}';
    const project = projectOf({ "main.tf": text, "m/main.tf": 'variable "acl" { default = "public-read" }' });
    const [problem, ...others] = project.problems();
    equal(problem?.code, "unknown-argument");
    equal(text.slice(problem.range.start, problem.range.end), "acll");
    deepEqual(others, []);
  });

  it("with a source that variables make are followed, as OpenTofu does", () => {
    const files = {
      "main.tf": 'variable "kind" { default = "a" }\nmodule "m" {\n  source = "./modules/${var.kind}"\n}',
      "modules/a/main.tf": 'resource "aws_s3_bucket" "b" {}',
    };
    ok(instancesOf(projectOf(files)).has("module.m.aws_s3_bucket.b"));
    const open = projectOf({ ...files, "main.tf": files["main.tf"].replace('default = "a"', "") });
    deepEqual(codes(open), ["main.tf warning missing-module"]);
  });
});

describe("blocks beside resources", () => {
  it("are no instances and no problems; what a check looks up stands in its module", () => {
    const project = projectOf({
      "main.tf": `moved {
          from = aws_s3_bucket.a
          to   = aws_s3_bucket.b
        }
        import {
          for_each = { a = "x" }
          to       = aws_s3_bucket.b[each.key]
          id       = each.value
        }
        removed {
          from = module.gone
          lifecycle {
            destroy = false
          }
        }
        check "health" {
          data "aws_ami" "scoped" {
            owners = ["self"]
          }
          assert {
            condition     = data.aws_ami.scoped.name != ""
            error_message = "None."
          }
        }
        ephemeral "aws_secretsmanager_secret_version" "s" {
          secret_id = "x"
        }
        resource "aws_s3_bucket" "b" {
          for_each = toset(["a"])
          bucket   = ephemeral.aws_secretsmanager_secret_version.s.secret_string
          lifecycle {
            ignore_changes       = all
            replace_triggered_by = [terraform_data.t]
          }
        }
        resource "terraform_data" "t" {
          input = 1
        }`,
    });
    deepEqual([...instancesOf(project).keys()], ["data.aws_ami.scoped", 'aws_s3_bucket.b["a"]', "terraform_data.t"]);
    equal(shown(project, "data.aws_ami.scoped", "owners"), "self");
    const secret = valueOf(project, 'aws_s3_bucket.b["a"]', "bucket");
    ok(secret.kind === "unknown" && secret.ephemeral === true);
    deepEqual(secret.reasons, [{ kind: "computed", detail: "ephemeral.aws_secretsmanager_secret_version.s" }]);
    deepEqual(codes(project), []);
  });
});
