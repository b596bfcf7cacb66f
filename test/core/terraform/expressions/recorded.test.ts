import { deepEqual, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseExpression } from "../../../../src/core/hcl/parse.ts";
import { functionNames } from "../../../../src/core/terraform/functions/call.ts";
import { tofuFunctions } from "../../../../src/core/terraform/functions/tofu.ts";
import { hasTerraform, Oracle } from "./oracle.ts";
import { difference, fits, plain, readRecorded, readSettled, type Recorded, recordedGroups } from "./recorded.ts";
import { evaluateInWorld } from "./world.ts";

const groups = recordedGroups();
const all = groups.flatMap(readRecorded);
const terraformFunctions = readFileSync(new URL("../../../fixtures/expressions/function-names.txt", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** As few as ask about all a function does. */
const LEAST_OF_ONE = 15;
const LEAST_OF_ALL = 4000;

const settledAnswers = readSettled();

function differences(recorded: readonly Recorded[]): readonly string[] {
  return recorded.flatMap((theirs) => {
    const { value, refused } = evaluateInWorld(theirs.expression);
    const why = difference(theirs, value, refused);
    if (why === undefined || (why === "more" && isProven(theirs.expression, plain(value)))) return [];
    return [`${theirs.expression}\n    ours: ${why}\n    terraform: ${JSON.stringify({ ...theirs, expression: undefined })}`];
  });
}

/** Our answer to a question with unknowns is terraform's answer to the question with each of them settled. */
function isProven(question: string, ours: unknown): boolean {
  const answers = settledAnswers.get(question) ?? [];
  const known = answers.filter((answer) => answer.error === undefined && answer.type !== undefined);
  return known.length > 0 && known.every(({ value }) => fits(ours, value));
}

/** Every call in an expression, wherever it stands. */
function callsIn(node: unknown, found: Set<string>): Set<string> {
  if (typeof node !== "object" || node === null) return found;
  if ("kind" in node && node.kind === "call" && "name" in node) {
    const { name } = node.name as { readonly name: string };
    found.add(name.replace(/^core::/, ""));
  }
  for (const member of Object.values(node)) callsIn(member, found);
  return found;
}

describe("expressions", () => {
  it(`are ${LEAST_OF_ALL} and more, recorded from terraform`, () => ok(all.length >= LEAST_OF_ALL, `only ${all.length}`));

  it("are all different", () => {
    const texts = groups.map((group) => readRecorded(group).map(({ expression }) => expression));
    for (const own of texts) deepEqual(own.length, new Set(own).size);
  });

  for (const group of groups) {
    it(`are worth what terraform says: ${group}`, () => deepEqual(differences(readRecorded(group)), []));
  }

  it(`ask each function ${LEAST_OF_ONE} times and more, and most of them with unknown, sensitive and refused arguments`, () => {
    const counts = new Map(terraformFunctions.map((name) => [name, 0]));
    for (const { expression } of all)
      for (const name of callsIn(parseExpression(expression).expression, new Set())) {
        const count = counts.get(name);
        if (count !== undefined) counts.set(name, count + 1);
      }
    deepEqual(
      [...counts].filter(([, count]) => count < LEAST_OF_ONE),
      [],
    );
  });

  it("are still worth that for the terraform on this machine", function () {
    // Without terraform the recordings above are all there is to compare with.
    if (!hasTerraform()) return;
    this.timeout(300_000);
    const sample = groups.flatMap((group) => readRecorded(group).filter((_, index) => index % 47 === 7));
    const oracle = new Oracle();
    try {
      deepEqual(oracle.ask(sample.map(({ expression }) => expression)), sample);
    } finally {
      oracle.close();
    }
  });
});

describe("the functions", () => {
  it("are terraform's, and some more of OpenTofu", () => {
    deepEqual(functionNames(), [...terraformFunctions, ...Object.keys(tofuFunctions), "convert"].sort());
  });

  it("are still terraform's on this machine", () => {
    if (!hasTerraform()) return;
    const text = execFileSync("terraform", ["metadata", "functions", "-json"], {
      encoding: "utf8",
      env: { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const { function_signatures: signatures } = JSON.parse(text) as {
      readonly function_signatures: Readonly<Record<string, unknown>>;
    };
    const names = Object.keys(signatures).sort();
    deepEqual(names, [...terraformFunctions.map((name) => `core::${name}`), ...terraformFunctions].sort());
  });
});
