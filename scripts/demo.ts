/**
 * Assesses the sample workspace, prints its findings, and opens it in VS Code with the extension where `code` is on the path.
 * `npm run demo` installs and builds what is missing before it comes here.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const examples = join(root, "examples");
const onWindows = process.platform === "win32";

const { status } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), "check", examples], { stdio: "inherit" });
// 0 is clean and 1 is findings, which is what a demonstration is for.
if (status !== 0 && status !== 1) process.exit(status ?? 2);

const args = [`--extensionDevelopmentPath=${root}`, examples];
const quoted = onWindows ? args.map((item) => `"${item}"`) : args;
// A terminal without a screen can't open it, and says so on its own.
const opened = process.env.CI === undefined && spawnSync("code", quoted, { stdio: "ignore", shell: onWindows }).status === 0;
if (opened) console.log("\nThe sample workspace opens in VS Code with Plumbline.");
else {
  console.log(
    [
      "",
      "VS Code was not opened: its command `code` is not on the path. To see the same in the editor, run",
      `  code --extensionDevelopmentPath="${root}" "${examples}"`,
      "or open this folder in VS Code and press F5.",
    ].join("\n"),
  );
}
