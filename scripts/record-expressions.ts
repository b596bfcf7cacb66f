/*
 * Asks terraform what expressions are worth and writes its answers to test/fixtures/expressions, which the tests replay.
 *
 *   node scripts/record-expressions.ts [--seed N] [--each N]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeGroups } from "../test/core/terraform/expressions/grammar.ts";
import { Oracle } from "../test/core/terraform/expressions/oracle.ts";
import { compact, difference, type Recorded } from "../test/core/terraform/expressions/recorded.ts";
import { settled } from "../test/core/terraform/expressions/settle.ts";
import { evaluateInWorld } from "../test/core/terraform/expressions/world.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, each: { type: "string", default: "18" } } });

function write(name: string, text: string): void {
  writeFileSync(new URL(`../test/fixtures/expressions/${name}.json`, import.meta.url), text);
}

function saysMore(theirs: Recorded): boolean {
  const { value, refused } = evaluateInWorld(theirs.expression);
  return difference(theirs, value, refused) === "more";
}

const oracle = new Oracle();
try {
  const more: string[] = [];
  for (const { name, expressions } of makeGroups(Number(values.seed), Number(values.each))) {
    const answers = oracle.ask(expressions);
    write(name, `[\n${answers.map((answer) => JSON.stringify(compact(answer))).join(",\n")}\n]\n`);
    more.push(...answers.filter(saysMore).map(({ expression }) => expression));
    const errors = answers.filter(({ error }) => error !== undefined).length;
    process.stdout.write(`${name}: ${answers.length} expressions, ${errors} refused\n`);
  }
  const questions = [...new Set(more)];
  const ways = questions.map(settled);
  const answers = oracle.ask(ways.flat());
  const lines = questions.map((question, index) => {
    const own = answers.slice(index * 3, index * 3 + 3).map(compact);
    return `${JSON.stringify(question)}: ${JSON.stringify(own)}`;
  });
  write("settled", `{\n${lines.join(",\n")}\n}\n`);
  process.stdout.write(`settled: ${questions.length} expressions\n`);
} finally {
  oracle.close();
}
