import assert from "node:assert/strict";
import { matchesName, matchesPath } from "../../../src/core/configuration/glob.ts";

describe("patterns", () => {
  it("of names know * and ?", () => {
    for (const [pattern, name] of [
      ["aws-s3-*", "aws-s3-bucket-versioning"],
      ["*", ""],
      ["*-public", "alibaba-oss-bucket-public"],
      ["a?c", "abc"],
      ["a*b*c", "a-x-b-y-b-z-c"],
    ] as const)
      assert.ok(matchesName(pattern, name), `${pattern} ${name}`);
    for (const [pattern, name] of [
      ["aws", "aws-s3"],
      ["a?c", "ac"],
      ["a*b", "abc"],
      ["", "a"],
    ] as const)
      assert.ok(!matchesName(pattern, name), `${pattern} ${name}`);
  });

  it("of paths hold for all below a folder, at any depth without a slash", () => {
    for (const [pattern, path] of [
      ["legacy", "legacy/main.tf"],
      ["legacy", "envs/legacy/main.tf"],
      ["legacy/**", "legacy/a/b.tf"],
      ["./legacy/", "legacy/a.tf"],
      ["envs/*/main.tf", "envs/prod/main.tf"],
      ["**/test/**", "a/b/test/c.tf"],
      ["**/test/**", "test/c.tf"],
      ["*.generated.tf", "a/b.generated.tf"],
      ["/a", "a/b.tf"],
    ] as const)
      assert.ok(matchesPath(pattern, path), `${pattern} ${path}`);
    for (const [pattern, path] of [
      ["envs/*/main.tf", "envs/prod/eu/main.tf"],
      ["/legacy", "envs/legacy/main.tf"],
      ["legacy", "legacy2/main.tf"],
      ["a/b", "x/a/b/c.tf"],
    ] as const)
      assert.ok(!matchesPath(pattern, path), `${pattern} ${path}`);
  });

  it("that are hostile end as well", () => {
    assert.ok(!matchesName("*a".repeat(200), "a".repeat(5000) + "b"));
    assert.ok(!matchesPath("**/a/".repeat(100) + "x", "a/".repeat(1000) + "b"));
  });
});
