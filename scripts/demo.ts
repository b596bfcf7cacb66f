/**
 * Assesses the sample workspace, prints its findings, shows what a scan of a sample account costs, finds and would change, and opens it in VS Code with the extension where `code` is on the path.
 * `npm run demo` installs and builds what is missing before it comes here.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const examples = join(root, "examples");
const onWindows = process.platform === "win32";

const { status } = spawnSync(process.execPath, [join(root, "dist", "cli.js"), "check", examples], { stdio: "inherit" });
// 0 is clean and 1 is findings, which is what a demonstration is for.
if (status !== 0 && status !== 1) process.exit(status ?? 2);

// A sample account: served on this machine, in a database that goes with the demonstration.
const folder = mkdtempSync(join(tmpdir(), "plumbline-demo-"));
const environment = { ...process.env, PLUMBLINE_DATABASE: join(folder, "live.db") };
const live = (...of: readonly string[]): string =>
  spawnSync(process.execPath, [join(root, "dist", "cli.js"), ...of], { encoding: "utf8", env: environment }).stdout;
try {
  console.log("\nThe same check items on a live account: a sample one, without a credential and without a cloud.\n");
  live("accounts", "connect", "aws", "--source", "sample");
  const scan = [
    "plumbline estimate",
    "plumbline scan --free-only --yes --checks aws-s3-*,aws-ebs-*",
    "plumbline remedy aws-s3-bucket-versioning pinewood-media --yes",
  ] as const;
  console.log(`$ ${scan[0]}\n${live("estimate", "--free-only")}`);
  const results = live("scan", "--free-only", "--yes", "--checks", "aws-s3-*,aws-ebs-*").split("\n");
  console.log(`$ ${scan[1]}\n${results.slice(0, 14).join("\n")}\n…\n${results.slice(-3).join("\n")}`);
  const remedy = ["remedy", "aws-s3-bucket-versioning", "pinewood-media"] as const;
  const preview = live(...remedy, "--dry-run");
  const applied = live(...remedy, "--yes");
  console.log(`$ ${scan[2]}\n${preview}${applied}`);
  const undo = /plumbline (undo \w+)/.exec(applied)?.[1] ?? "undo";
  console.log(`$ plumbline ${undo} --yes\n${live(...undo.split(" "), "--yes")}`);
  console.log("In VS Code: Plumbline: Connect an Account…, then Scan the Account… for the page with the cost, fix and undo.");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

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
