/**
 * All tests but those of VS Code: `npm test`. In two processes side by side, each with about half of the work: what the first says is
 * seen at once, what the second says when both are done.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { join, sep } from "node:path";

const root = join(import.meta.dirname, "..");
const mocha = join(root, "node_modules/mocha/bin/mocha.js");

const files = globSync("test/{core,checks,server,live,cli,tidy}/**/*.test.ts", { cwd: root }).sort();
/** Live accounts but those of AWS, whose tests share a server. */
const isSecond = (file: string): boolean => /^test\/live\/(?!aws\/)/.test(file.split(sep).join("/"));

/** Whether all of them pass, and what is left to say. */
async function run(
  group: readonly string[],
  stdout: "inherit" | "pipe",
): Promise<{ readonly passed: boolean; readonly said: string }> {
  const child = spawn(process.execPath, [mocha, ...group], { cwd: root, stdio: ["ignore", stdout, stdout] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const passed = await new Promise<boolean>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0));
  });
  return { passed, said };
}

const groups = await Promise.all([
  run(
    files.filter((file) => !isSecond(file)),
    "inherit",
  ),
  run(files.filter(isSecond), "pipe"),
]);
for (const { said } of groups) process.stdout.write(said);
process.exitCode = groups.every(({ passed }) => passed) ? 0 : 1;
