import assert from "node:assert/strict";
import { itemsByControl, loadBenchmarks } from "../../../src/core/checks/benchmarks.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { bundled } from "../../harness/check-world.ts";

const tree = await bundled();

const right = `name: some-1.0
title: Some Benchmark
version: 1.0.0
cloud: aws
source: https://example.com
controls:
  - { number: "1.1", level: 1, assessment: automated, title: It is so }
  - { number: "1.10", level: 2, assessment: manual, title: It is thought about }
`;

function problems(text: string): readonly string[] {
  const { source } = readYaml("benchmarks/some-1.0.yaml", text);
  return loadBenchmarks([source]).problems.map(({ message }) => message);
}

describe("a benchmark", () => {
  it("loads when it is right", () => {
    assert.deepEqual(problems(right), []);
  });

  it("is refused with numbers that are not texts, twice, or without an assessment", () => {
    assert.match(problems(right.replace('"1.10"', "1.10")).join(), /1\.10 is not 1\.1/);
    assert.match(problems(right.replace('"1.10"', '"1.1"')).join(), /1\.1 is there twice/);
    assert.match(problems(right.replace("assessment: manual, ", "")).join(), /Add `assessment`/);
    assert.match(problems(right.replace("some-1.0", "other")).join(), /must be the file's name/);
    assert.match(problems(right.replace("cloud: aws", "clod: aws")).join(), /no field `clod`/);
  });
});

/** As published: CIS AWS 3.0.0, 5.0.0, 7.0.0 and CIS Alibaba Cloud 2.0.0. */
const PUBLISHED = { "cis-aws-3.0": 62, "cis-aws-5.0": 63, "cis-aws-7.0": 70, "cis-alibaba-2.0": 85 } as const;

describe("the bundled benchmarks", () => {
  it("are complete", () => {
    assert.deepEqual(Object.fromEntries([...tree.benchmarks.values()].map(({ name, controls }) => [name, controls.length])), {
      ...PUBLISHED,
    });
  });

  it("state each control in a short sentence of our own", () => {
    for (const { name, controls } of tree.benchmarks.values()) {
      for (const { number, title } of controls) {
        assert.ok(title.length <= 90 && /^[A-Z]/.test(title) && !/[.]$|\bensure\b/i.test(title), `${name}/${number}: ${title}`);
      }
    }
  });

  it("stand in the publisher's order", () => {
    const key = (number: string): number =>
      number.split(".").reduce((sum, part, index) => sum + Number(part) * 1000 ** (3 - index), 0);
    for (const { controls } of tree.benchmarks.values()) {
      const keys = controls.map(({ number }) => key(number));
      assert.deepEqual(
        keys,
        keys.toSorted((a, b) => a - b),
      );
    }
  });

  it("are covered in part by items", () => {
    for (const benchmark of tree.benchmarks.values()) assert.ok(itemsByControl(benchmark, tree.checks).size >= 15, benchmark.name);
  });
});
