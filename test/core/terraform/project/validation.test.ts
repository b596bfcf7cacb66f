import { deepEqual, ok } from "node:assert/strict";
import { projectOf } from "./workspace.ts";

function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  return projectOf(files)
    .problems()
    .map(({ file, range, code, message }) => {
      const text = files[file.slice("/w/".length)] ?? "";
      return `${file.slice("/w/".length)} ${code} ${text.slice(range.start, range.end)}: ${message}`;
    });
}

const port = `variable "port" {
  type = number
  validation {
    condition     = var.port > 1023
    error_message = "Ports below 1024 are taken, and \${var.port} is one."
  }
}`;

describe("validations of variables", () => {
  it("refuse the line of the variable file that gives the value", () => {
    deepEqual(problemsOf({ "main.tf": port, "terraform.tfvars": "port = 80" }), [
      "terraform.tfvars refused-value 80: The value of `var.port` is refused by a validation. Ports below 1024 are taken, and 80 is one.",
    ]);
  });

  it("refuse the argument of the call", () => {
    const files = { "main.tf": 'module "m" {\n  source = "./m"\n  port = 40 * 2\n}', "m/main.tf": port };
    deepEqual(problemsOf(files), [
      "main.tf refused-value 40 * 2: The value of `var.port` is refused by a validation. Ports below 1024 are taken, and 80 is one.",
    ]);
  });

  it("refuse the default", () => {
    const [found = ""] = problemsOf({ "main.tf": port.replace("type = number", "type = number\n  default = 22") });
    ok(found.startsWith("main.tf refused-value 22:"), found);
  });

  it("say nothing of a value that is not known, nor of one that fits", () => {
    deepEqual(problemsOf({ "main.tf": port }), []);
    deepEqual(problemsOf({ "main.tf": port, "terraform.tfvars": 'port = "8080"' }), []);
  });

  it("keep what is sensitive to themselves", () => {
    const files = {
      "main.tf": port.replace("type = number", "type = number\n  sensitive = true"),
      "terraform.tfvars": "port = 80",
    };
    deepEqual(problemsOf(files), ["terraform.tfvars refused-value 80: The value of `var.port` is refused by a validation."]);
  });

  it("may look at other variables, and say what is wrong with themselves", () => {
    const of = (condition: string): readonly string[] =>
      problemsOf({
        "main.tf": `variable "a" { default = 1 }\nvariable "b" {\n  default = 2\n  validation {\n    condition = ${condition}\n    error_message = "No."\n  }\n}`,
      });
    deepEqual(of("var.b > var.a"), []);
    deepEqual(of("var.b < var.a").length, 1);
    deepEqual(
      of("var.c > 1").map((problem) => problem.split(":")[0]),
      ["main.tf unknown-reference c"],
    );
  });
});
