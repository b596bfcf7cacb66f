/**
 * Mutated Terraform: `node bench/fuzz.ts [INPUTS] [SEED] [SERVICE_EVERY]`. Every fixture and example is cut, spliced with another,
 * and strewn with odd bytes; each result goes through the parser, and every SERVICE_EVERYth through the whole Service, alone and as
 * an edit. Nothing may throw, and no input may take longer than a second of processor time.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseFile } from "../src/core/hcl/parse.ts";
import { bundled } from "../test/harness/check-world.ts";
import { openService } from "../test/harness/engine.ts";
import { randomOf } from "../test/harness/unknown-soundness.ts";

const inputs = Number(process.argv[2] ?? 100_000);
const seed = Number(process.argv[3] ?? 1);
const serviceEvery = Number(process.argv[4] ?? 50);
const SLOWEST = 1000;

const fixtures = join(import.meta.dirname, "../test/fixtures");
const texts = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(tf|tf\.json|tfvars)$/.test(name))
  .map((name) => readFileSync(join(fixtures, name), "utf8"))
  .filter((text) => text.length < 40_000);
const tree = await bundled();
for (const examples of tree.examples.values())
  for (const { terraform } of examples) if (terraform !== undefined) texts.push(terraform);

const ODD = [
  '"',
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  "${",
  "%{",
  "}}",
  "<<EOT\n",
  "<<-X\n",
  "EOT\n",
  "=",
  "\n",
  "\r\n",
  ",",
  "\\",
  "\\u",
  "#",
  "//",
  "/*",
  "*/",
  ".",
  "[*]",
  "...",
  "?",
  ":",
  "=>",
  "for ",
  "if ",
  "in ",
  "null",
  "each.value",
  "var.x",
  "\u0000",
  "\ufeff",
  "\u2028",
  "é",
  "\u{1F600}",
  "\ud800",
  "9".repeat(400),
  "((((((((((",
  'dynamic "x" {\n',
  'resource "a" "b" {\n',
  "count = 1e9\n",
  "for_each = {}\n",
  "~}",
];

const random = randomOf(seed);
const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];

function mutate(): string {
  let text = pick(texts) ?? "";
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(text.length + 1);
    switch (random(6)) {
      case 0: // cut off
        text = random(2) === 0 ? text.slice(0, at) : text.slice(at);
        break;
      case 1: {
        // spliced with another
        const other = pick(texts) ?? "";
        text = text.slice(0, at) + other.slice(random(other.length + 1));
        break;
      }
      case 2: // something odd
        text = text.slice(0, at) + (pick(ODD) ?? "") + text.slice(at);
        break;
      case 3: // a piece twice
        text = text.slice(0, at) + text.slice(Math.max(0, at - random(200)));
        break;
      case 4: // a piece less
        text = text.slice(0, at) + text.slice(at + random(60));
        break;
      default: // any bytes
        text =
          text.slice(0, at) +
          Array.from({ length: 1 + random(8) }, () => String.fromCharCode(random(0x300))).join("") +
          text.slice(at);
    }
  }
  return text.length > 100_000 ? text.slice(0, 100_000) : text;
}

/** Milliseconds of this process, so that a busy machine counts for nothing. */
function cost(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const failures: string[] = [];
let slowest = { milliseconds: 0, what: "", text: "" };
let assessed = 0;
const service = await openService();
service.setFolders(["/w"]);

async function attempt(what: string, text: string, body: () => unknown): Promise<void> {
  const start = cost();
  try {
    await body();
  } catch (error) {
    failures.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${JSON.stringify(text)}`);
  }
  const milliseconds = cost() - start;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, what, text };
}

for (let index = 0; index < inputs; index++) {
  const text = mutate();
  const name = random(10) === 0 ? "/w/main.tf.json" : "/w/main.tf";
  await attempt("parse", text, () => parseFile(name, text));
  if (index % serviceEvery !== 0) continue;
  assessed++;
  await attempt("assess", text, async () => {
    service.setFile(name, { kind: "text", text });
    const report = await service.check();
    const [finding] = report.findings;
    if (finding !== undefined && random(20) === 0) service.fixes(finding);
    service.removeFile(name === "/w/main.tf" ? "/w/main.tf.json" : "/w/main.tf");
  });
}
console.log(failures.slice(0, 10).join("\n\n"));
console.log(
  `${inputs} inputs parsed, ${assessed} of them assessed: ${failures.length} threw; the slowest took ${slowest.milliseconds.toFixed(0)} ms of processor time (${slowest.what})`,
);
if (slowest.milliseconds > SLOWEST) console.log(JSON.stringify(slowest.text).slice(0, 2000));
process.exitCode = failures.length > 0 || slowest.milliseconds > SLOWEST ? 1 : 0;
