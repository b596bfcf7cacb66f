import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { loadConfiguration } from "../../../src/core/configuration/load.ts";
import type { Configuration } from "../../../src/core/configuration/model.ts";

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../checks/schema/plumbline.schema.json"), "utf8"),
) as object;
const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);

function load(text: string): Configuration {
  return loadConfiguration("/w", "/w/plumbline.yaml", text);
}

/** What is wrong, as `"text under the range": message`. */
function problems(text: string): string[] {
  return load(text).problems.map(({ range, message }) => `${JSON.stringify(text.slice(range.start, range.end))}: ${message}`);
}

const complete = `
checks:
  include: ["aws-*", { service: oss }, { cloud: tencent, risk: high }]
  exclude: [aws-s3-bucket-logging]
  parameters:
    aws-iam-password-policy-length: { length: 16 }
variableFiles: [env/prod.tfvars]
exclude: [legacy/**, "*.generated.tf"]
checkFolders: [policies]
minimumRisk: medium
`;

describe("plumbline.yaml", () => {
  it("is read whole", () => {
    const { include, exclude, parameters, variableFiles, excludedPaths, checkFolders, minimumRisk, problems } = load(complete);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      include.map(({ range: _, ...selector }) => selector),
      [{ id: "aws-*" }, { service: "oss" }, { cloud: "tencent", risk: "high" }],
    );
    assert.deepEqual(
      exclude.map(({ id }) => id),
      ["aws-s3-bucket-logging"],
    );
    assert.deepEqual(
      parameters.map(({ check, name, value }) => ({ check, name, value })),
      [{ check: "aws-iam-password-policy-length", name: "length", value: 16 }],
    );
    assert.deepEqual([variableFiles, excludedPaths], [["/w/env/prod.tfvars"], ["legacy/**", "*.generated.tf"]]);
    assert.deepEqual([checkFolders, minimumRisk], [["/w/policies"], "medium"]);
  });

  it("says what a scan of accounts looks at", () => {
    const text = `scan:
  accounts: [aws:123456789012]
  regions: [eu-west-1]
  services: [s3, iam]
  tags: { environment: production }
`;
    const { scan, problems: none } = load(text);
    assert.deepEqual(none, []);
    assert.deepEqual(scan, {
      accounts: ["aws:123456789012"],
      regions: ["eu-west-1"],
      services: ["s3", "iam"],
      tags: { environment: "production" },
    });
    assert.ok(accepts(parse(text)));
    assert.deepEqual(load("scan:\n").scan, { accounts: undefined, regions: undefined, services: undefined, tags: undefined });
    assert.match(problems("scan: { regoins: [a] }").join(), /regions/);
    assert.match(problems("scan: { tags: [a] }").join(), /holds values by the names of tags/);
    assert.match(problems("scan: { regions: eu-west-1 }").join(), /"eu-west-1"/);
  });

  it("may be empty, or hold comments only", () => {
    for (const text of ["", "# nothing\n", "checks:\n", "exclude: []\n"]) assert.deepEqual(problems(text), [], text);
  });

  it("names the setting that is meant when one is mistyped", () => {
    assert.deepEqual(problems("cheks:\n  include: []\n"), [
      '"cheks": `cheks` is not a setting of plumbline.yaml. Did you mean `checks`?',
    ]);
    assert.match(problems("checks: { includes: [] }")[0] ?? "", /^"includes": .*Did you mean `include`\?$/);
    assert.match(
      problems("minimumRisk: hihg")[0] ?? "",
      /^"hihg": `minimumRisk` is one of `high`, `medium` and `low`\. Did you mean `high`\?$/,
    );
  });

  it("never lets a wrong selection choose everything", () => {
    const { include, problems } = load("checks: { exclude: [{ risk: urgent }], include: [{ dimensoin: ciem }] }");
    assert.deepEqual(include, []);
    assert.equal(problems.length, 2);
  });

  it("keeps own check items inside the workspace folder", () => {
    const { checkFolders, problems } = load("checkFolders: [../elsewhere, /etc, here]");
    assert.deepEqual(checkFolders, ["/w/here"]);
    assert.equal(problems.length, 2);
  });

  it("says where text is no YAML, and what is no list", () => {
    assert.match(problems("checks: [\n")[0] ?? "", /not valid YAML/);
    assert.match(problems("- a\n- b\n")[0] ?? "", /holds settings by name/);
    assert.match(problems("exclude: legacy")[0] ?? "", /^"legacy": `exclude` is a list/);
    assert.match(problems("variableFiles: [3]")[0] ?? "", /must be a text/);
  });

  it("agrees with its JSON schema on what is right", () => {
    const right = [complete, "checks:\n", "exclude:\n  - a\n"];
    const wrong = [
      "cheks: {}",
      "minimumRisk: urgent",
      "exclude: x",
      "checks: { include: [{ risk: 1 }] }",
      "checkFolders: [1]",
      "- a",
    ];
    for (const text of right) assert.deepEqual([accepts(parse(text)), problems(text).length], [true, 0], text);
    for (const text of wrong) assert.deepEqual([accepts(parse(text)), problems(text).length > 0], [false, true], text);
  });
});
