/*
 * Asks the real `terraform console` and writes what it prints to test/fixtures/console.json, which a test of the command line replays.
 *
 *   node scripts/record-console.ts
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { questions } from "../test/cli/console-questions.ts";
import { worldFolder } from "../test/core/terraform/expressions/world.ts";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-console-")));
const environment = { ...process.env, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" };

function terraform(args: readonly string[], input = ""): { readonly status: number | null; readonly stdout: string } {
  return spawnSync("terraform", args, { cwd: directory, encoding: "utf8", input, env: environment });
}

try {
  cpSync(worldFolder, directory, { recursive: true });
  terraform(["init", "-input=false"]);
  const lines = questions.map((question) => {
    const { status, stdout } = terraform(["console"], `${question}\n`);
    return JSON.stringify([question, status === 0 ? stdout.replace(/\n$/, "") : null]);
  });
  writeFileSync(new URL("../test/fixtures/console.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
