import assert from "node:assert/strict";
import { readSchemas } from "../../../scripts/check-files.ts";
import { loadInstanceTypes } from "../../../src/core/instances/load.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { LineIndex } from "../../../src/core/text/text.ts";

const schemas = await readSchemas();

/** Problems as `line:character message`. */
function problemsOf(text: string): readonly string[] {
  const { source, problems } = readYaml("instances.yaml", text);
  const loaded = loadInstanceTypes([{ ...source, cloud: "aws", service: "s3" }], schemas);
  const lines = new LineIndex(text);
  return [...problems, ...loaded.problems].map(({ range, message }) => {
    const { line, character } = lines.positionAt(range.start);
    return `${line + 1}:${character + 1} ${message}`;
  });
}

const bucket = `service: s3
types:
  aws_s3_bucket:
    title: S3 bucket
    identity: [id, bucket]
`;

describe("an instances.yaml that is wrong", () => {
  it("names the field that it must have meant", () => {
    assert.deepEqual(problemsOf(`${bucket}    vews: {}\n`), ["6:5 An instance type has no field `vews`. Did you mean `views`?"]);
  });

  it("names the attribute that it must have meant", () => {
    assert.deepEqual(problemsOf(bucket.replace("[id, bucket]", "[id, buckett]")), [
      "5:20 aws_s3_bucket has no `buckett`. Did you mean `bucket`?",
    ]);
  });

  it("names the resource type that it must have meant", () => {
    const [problem] = problemsOf(bucket.replaceAll("aws_s3_bucket", "aws_s3_buckett"));
    assert.match(problem ?? "", /^3:3 The provider schemas hold no type `aws_s3_buckett`\. Did you mean `aws_s3_bucket`/);
  });

  it("is told about a part of an unknown type, and of a path that the type lacks", () => {
    assert.match(
      problemsOf(`${bucket}    parts:\n      p: { type: aws_s3_bucket_polcy, by: bucket }\n`).join("\n"),
      /^7:18 There is no type `aws_s3_bucket_polcy`\. Did you mean `aws_s3_bucket_policy`/,
    );
    assert.match(
      problemsOf(`${bucket}    parts:\n      p: { type: aws_s3_bucket_policy, by: buket }\n`).join("\n"),
      /^7:44 aws_s3_bucket_policy has no `buket`\. Did you mean `bucket`/,
    );
  });

  it("may not hide an attribute, nor a word of CEL", () => {
    assert.deepEqual(
      problemsOf(`${bucket}    views:\n      arn: { value: s, cel: bucket }\n      now: { value: s, cel: bucket }\n`),
      [
        "7:7 `arn` hides an attribute of aws_s3_bucket: choose another name.",
        "8:7 `now` means something else in CEL: choose another name.",
      ],
    );
  });

  it("is shown the place in the expression, also in quotes, folded text and merged mappings", () => {
    assert.match(
      problemsOf(`${bucket}    views:\n      a: { value: b, cel: "bucket == 'x' && bukket == 'y'" }\n`).join(),
      /^7:45 .*bukket/,
    );
    assert.match(
      problemsOf(
        `${bucket}    views:\n      a:\n        value: b\n        cel: >-\n          bucket == 'x'\n          && bukket == 'y'\n`,
      ).join(),
      /^11:14 .*bukket/,
    );
    assert.match(
      problemsOf(`${bucket}    views:\n      a: &a { value: b, cel: bukket == 'y' }\n      c: { <<: *a, value: b }\n`).join("\n"),
      /^7:30 .*bukket.*\n7:30 .*bukket/,
    );
  });

  it("may not have views that need each other", () => {
    const problems = problemsOf(`${bucket}    views:\n      a: { value: b, cel: c }\n      c: { value: b, cel: "!a" }\n`);
    assert.equal(
      problems[0],
      "7:7 The view needs itself: aws_s3_bucket.a → aws_s3_bucket.c → aws_s3_bucket.a. Take one of them out.",
    );
  });

  it("lets one type only adopt orphans", () => {
    const part = "p: { type: aws_s3_bucket_policy, by: bucket, orphans: true }";
    const problems = problemsOf(
      `${bucket}    parts:\n      ${part}\n  aws_s3_bucket_acl:\n    title: x\n    identity: [bucket]\n    parts:\n      ${part}\n`,
    );
    assert.match(problems.join("\n"), /7:52 aws_s3_bucket_acl\.p adopts orphans of aws_s3_bucket_policy already/);
  });

  it("names the documentation of every onCreate", () => {
    assert.match(problemsOf(`${bucket}    onCreate:\n      acl: { value: private }\n`).join(), /^7:7 Name the documentation/);
    assert.deepEqual(problemsOf(`${bucket}    onCreate:\n      acl: { unknown: "depends on the region" }\n`), []);
  });

  it("is in the folder of its service and can be no YAML at all", () => {
    assert.deepEqual(problemsOf("service: ec2\ntypes: {}\n"), ["1:10 `service` must be the folder's name: s3."]);
    assert.match(problemsOf("a: [1\n").join(), /This is not valid YAML/);
    assert.match(problemsOf("- 1\n").join(), /is a mapping/);
  });
});
