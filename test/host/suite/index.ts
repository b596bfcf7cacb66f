import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import { extensionSuite } from "./extension.ts";

/**
 * VS Code calls this inside the extension host. The outcome goes into the file that PLUMBLINE_HOST_RESULTS names, because what is
 * printed there does not reach the terminal in every kind of host.
 */
export async function run(): Promise<void> {
  const results: { title: string; error?: string }[] = [];
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, reporter: "min" });
  mocha.suite.emit("pre-require", globalThis as Mocha.MochaGlobals, null, mocha);
  extensionSuite();
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (test) => void results.push({ title: test.fullTitle() }));
    runner.on("fail", (test, error: Error) => void results.push({ title: test.fullTitle(), error: error.stack ?? error.message }));
  });
  const file = process.env.PLUMBLINE_HOST_RESULTS;
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  const failed = results.filter(({ error }) => error !== undefined).length;
  if (failed > 0) throw new Error(`${failed} of ${results.length} failed`);
}
