import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { root } from "../../../scripts/check-files.ts";
import { loadChecks } from "../../../src/core/checks/load.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { LineIndex } from "../../../src/core/text/text.ts";
import { bundled } from "../../harness/check-world.ts";

const tree = await bundled();
const schema = JSON.parse(await readFile(join(root, "checks/schema/check.schema.json"), "utf8")) as object;
const validate = new Ajv({ allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(schema);

const right = `title: Bucket keeps versions
instance: aws_s3_bucket
dimensions: [security]
category: data
risk: medium
tier: free
assert: bucket == "x"
message: "The bucket is {bucket}."
why: It may be lost.
advice: Keep versions.
examples:
  pass: ["x"]
  fail: ["x"]
`;

function load(
  text: string,
  builtIn = true,
  name = "some-check",
): { problems: readonly string[]; ids: readonly string[]; valid: boolean } {
  const { source, problems } = readYaml("some-check.yaml", text);
  const loaded = loadChecks([{ ...source, cloud: "aws", service: "s3", name, builtIn }], tree.types, tree.ids);
  const lines = new LineIndex(text);
  return {
    problems: [...problems, ...loaded.problems].map(({ range, message }) => {
      const { line, character } = lines.positionAt(range.start);
      return `${line + 1}:${character + 1} ${message}`;
    }),
    ids: loaded.checks.map(({ id }) => id),
    valid: validate(source.data),
  };
}

describe("a check item", () => {
  it("loads when it is right", () => {
    assert.deepEqual(load(right), { problems: [], ids: ["aws-s3-some-check"], valid: true });
  });

  const wrong: readonly (readonly [what: string, text: string, problem: RegExp, schemaSees: boolean])[] = [
    ["an unknown field", `${right}asert: true\n`, /^14:1 A check item has no field `asert`\. Did you mean `assert`\?/, true],
    ["an unknown instance type", right.replace("aws_s3_bucket", "aws_s3_buket"), /^2:11 .*Did you mean `aws_s3_bucket`/, false],
    ["an unknown attribute", right.replace("assert: bucket", "assert: buckt"), /^7:9 .*`buckt`.*Did you mean.*`bucket`/, false],
    ["an unknown attribute in a message", right.replace("{bucket}", "{buckt}"), /^8:26 .*`buckt`/, false],
    [
      "a wrong choice",
      right.replace("risk: medium", "risk: hihg"),
      /^5:7 `risk` must be one of high, medium, low\. Did you mean `high`/,
      true,
    ],
    ["a missing field", right.replace("tier: free\n", ""), /Add the field `tier`/, true],
    ["a long why", right.replace("It may be lost.", "x".repeat(401)), /401 characters long; the limit is 400/, true],
    ["no failing example", right.replace('  fail: ["x"]\n', ""), /^11:1 .*lacks fail/, false],
    ["an assertion that is no condition", right.replace('bucket == "x"', "bucket"), /^7:9 `assert` must be true or false/, false],
    [
      "a path of a fix that leads nowhere",
      `${right}fix: { source: [{ title: x, edits: [{ op: set, at: vers.on, value: true }] }] }\n`,
      /`vers`/,
      false,
    ],
    [
      "a reason for no fix beside a fix",
      `${right}noFix: It is late.\nfix: { source: [{ title: x, edits: [{ op: set, at: acl, value: private }] }] }\n`,
      /^14:1 `noFix` says why there is no source fix/,
      false,
    ],
    [
      "an edit without a value",
      `${right}fix: { source: [{ title: x, edits: [{ op: set, at: acl }] }] }\n`,
      /`set` needs a `value`/,
      false,
    ],
    ...(
      [
        [
          "a part that no statement has",
          "set, at: 'policy#statements[failing].who', value: x",
          /The parts of a statement are effect/,
        ],
        ["a value for a whole statement", "set, at: 'policy#statements[failing]', value: x", /can only be removed/, false],
        ["a block in a statement", "addBlock, at: 'policy#statements[failing].condition'", /`addBlock` is not for a part/, false],
        ["a document without statements", "remove, at: 'policy#rules[failing]'", /Behind `#` goes `statements\[failing\]`/],
        [
          "a condition of another form",
          "set, at: 'policy#statements[failing].condition', value: { StringEquals: { a: b } }",
          /A condition is `\{ operator, key, values \}`/,
          false,
        ],
      ] as const
    ).map(
      ([what, edit, problem, schemaSees = true]) =>
        [what, `${right}fix: { source: [{ title: x, edits: [{ op: ${edit} }] }] }\n`, problem, schemaSees] as const,
    ),
    ["a parameter without a default", `${right}parameters: { days: { type: integer, title: x } }\n`, /Add `default`/, false],
    ["an example that is neither", right.replace('fail: ["x"]', "fail: [{ title: x }]"), /either `terraform`/, true],
  ];
  for (const [what, text, problem, schemaSees] of wrong) {
    it(`is refused with ${what}`, () => {
      const { problems, ids, valid } = load(text);
      assert.match(problems.join("\n"), problem);
      assert.deepEqual(ids, []);
      if (schemaSees) assert.equal(valid, false, "the JSON schema accepts it");
    });
  }

  it("can't take a built-in id, by its place or as an alias", () => {
    assert.match(load(right, true, "bucket-versioning").problems.join(), /`aws-s3-bucket-versioning` is a built-in check/);
    assert.match(
      load(`${right}aliases: [aws-s3-bucket-versioning]\n`).problems.join(),
      /^14:11 `aws-s3-bucket-versioning` is a built-in/,
    );
  });

  it("of a workspace may do without examples, and carries no remedy", () => {
    const bare = right.slice(0, right.indexOf("examples"));
    assert.deepEqual(load(bare, false).ids, ["aws-s3-some-check"]);
    const remedy = "fix: { live: { title: x, risk: none, restores: exact, permissions: [] } }\n";
    assert.match(load(bare + remedy, false).problems.join(), /carry no remedies/);
  });

  it("is for files only where it looks at what accounts do not have", () => {
    const items = tree.checks.filter(
      ({ instance, assert }) => instance.some((name) => name.startsWith("provider.")) || assert.usesLiteral,
    );
    assert.ok(items.length > 0);
    assert.ok(items.every((item) => item.in === "files"));
  });
});
