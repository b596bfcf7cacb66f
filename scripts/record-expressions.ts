/*
 * Asks terraform what expressions are worth and writes its answers to test/fixtures/expressions, which the tests replay.
 *
 *   node scripts/record-expressions.ts [--seed N] [--each N]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeGroups } from "../test/core/terraform/expressions/grammar.ts";
import { Oracle } from "../test/core/terraform/expressions/oracle.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, each: { type: "string", default: "12" } } });
const oracle = new Oracle();
try {
  for (const { name, expressions } of makeGroups(Number(values.seed), Number(values.each))) {
    const answers = oracle.ask(expressions);
    const lines = answers.map((answer) => JSON.stringify(answer)).join(",\n");
    writeFileSync(new URL(`../test/fixtures/expressions/${name}.json`, import.meta.url), `[\n${lines}\n]\n`);
    const errors = answers.filter(({ error }) => error !== undefined).length;
    process.stdout.write(`${name}: ${answers.length} expressions, ${errors} refused\n`);
  }
} finally {
  oracle.close();
}
