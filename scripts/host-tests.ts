/**
 * The extension in real VS Code: `npm run test:host`. Two suites: inside the extension host (test/host/suite), and a person at the
 * workbench (test/host/person.ts). They run in VS Code's own server with a headless browser in front; with `VSCODE_HOST=electron`
 * the first runs in the desktop VS Code that @vscode/test-electron downloads. Last, the first steps are taken again with the package,
 * installed into a clean VS Code. `host`, `person`, `owner`, `restricted` or `package` as argument runs one of them.
 * Ends with a line `N passed, N failed`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ownerPerson, person, restrictedPerson, type Step } from "../test/host/person.ts";
import { sampleAccount, sampleKeys } from "../src/live/sample/aws/account.ts";
import { startDouble } from "../src/live/sample/aws/server.ts";
import { startWorkbench, type Workbench } from "../test/host/workbench.ts";
import { installVsCodeServer } from "./install-vscode-server.ts";

const root = join(import.meta.dirname, "..");
const home = join(root, ".cache", "host");
const screenshots = join(root, ".cache", "screenshots");
const extension = join(home, "extension");
const suite = join(home, "suite.cjs");
const resultsFile = join(home, "results.json");
const ownItem = `title: Buckets belong to their owner
instance: aws_s3_bucket
dimensions: [security]
category: data
risk: medium
tier: free
assert: ownershipControls.rule.object_ownership == "BucketOwnerEnforced"
message: Who writes an object of {bucket} keeps it.
why: Objects that others keep are others' to open.
advice: Let the bucket's owner own all objects.
noFix: Decide it bucket by bucket.
`;
const only = process.argv[2];
const outcome = { passed: 0, failed: 0 };

rmSync(home, { recursive: true, force: true });
rmSync(screenshots, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
mkdirSync(join(screenshots, "package"), { recursive: true });
// What a package would hold, and out of the way of a build that runs meanwhile.
for (const part of [
  "package.json",
  "package.nls.json",
  "package.nls.zh-cn.json",
  "l10n",
  "dist",
  "media",
  "syntaxes",
  "docs/checks",
]) {
  cpSync(join(root, part), join(extension, part), { recursive: true });
}
await build({
  absWorkingDir: root,
  entryPoints: ["test/host/suite/index.ts"],
  outfile: suite,
  bundle: true,
  platform: "node",
  format: "cjs",
  external: ["vscode", "mocha"],
  logLevel: "warning",
});
process.env.PLUMBLINE_HOST_RESULTS = resultsFile;

if (process.env.VSCODE_HOST === "electron") await inElectron();
else await inServer();
console.log(`${outcome.passed} passed, ${outcome.failed} failed`);
process.exit(outcome.failed === 0 && outcome.passed > 0 ? 0 : 1);

async function inElectron(): Promise<void> {
  const { runTests } = await import("@vscode/test-electron");
  const code = await runTests({
    extensionDevelopmentPath: extension,
    extensionTestsPath: suite,
    extensionTestsEnv: { PLUMBLINE_HOST_RESULTS: resultsFile },
    launchArgs: [workspace("electron"), "--disable-extensions", "--disable-workspace-trust"],
  }).catch((error: unknown) => {
    console.error(error);
    return 1;
  });
  readResults(code);
}

async function inServer(): Promise<void> {
  const { main, chromium } = installVsCodeServer();
  const common = { server: main, chromium, extension, directory: home };
  if (only !== "package") await inDevelopment(common);
  if (only === undefined || only === "package") await installed(common);
}

type Common = Omit<Parameters<typeof startWorkbench>[0], "trusted" | "name">;

async function inDevelopment(common: Common): Promise<void> {
  if (only !== "restricted" && only !== "owner")
    await withWorkbench({ ...common, trusted: true, name: "server-data" }, async (workbench) => {
      if (only !== "person") {
        console.log("In the extension host");
        readResults(await inHost(workbench));
      }
      if (only === "host") return;
      console.log("A person at the workbench");
      const page = await workbench.open(workspace("person"));
      await walk(
        person(page, screenshots, (theme) => workbench.chooseTheme(theme)),
        () => page.screenshot({ path: join(screenshots, "failed.png") }),
      );
    });
  if (only === "host") return;
  if (only === undefined || only === "owner") await withOwnAccount(common);
  if (only === "owner") return;
  await withWorkbench({ ...common, trusted: false, name: "server-data-restricted" }, async (workbench) => {
    console.log("A person in restricted mode");
    const folder = workspace("restricted");
    writeOwnItem(folder);
    const page = await workbench.open(folder);
    await walk(restrictedPerson(page, screenshots), () => page.screenshot({ path: join(screenshots, "failed-restricted.png") }));
  });
}

function writeOwnItem(folder: string): void {
  writeFileSync(join(folder, "plumbline.yaml"), "checkFolders: [rules]\n");
  mkdirSync(join(folder, "rules", "aws", "s3"), { recursive: true });
  writeFileSync(join(folder, "rules", "aws", "s3", "bucket-owner.yaml"), ownItem);
}

/** Of a double that VS Code takes for AWS itself. */
async function withOwnAccount(common: Common): Promise<void> {
  const folder = workspace("owner");
  const double = await startDouble({ ...sampleAccount(new Date()), keys: [sampleKeys] });
  writeOwnItem(folder);
  const credentials = join(home, "credentials");
  const { id, secret } = sampleKeys;
  writeFileSync(credentials, `[pinewood]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`);
  const environment = { AWS_ENDPOINT_URL: double.url, AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_REGION: "eu-west-1" };
  try {
    await withWorkbench({ ...common, trusted: true, name: "server-data-owner", environment }, async (workbench) => {
      console.log("A person with an account of their own");
      const page = await workbench.open(folder);
      await walk(ownerPerson(page, screenshots), () => page.screenshot({ path: join(screenshots, "failed-owner.png") }));
    });
  } finally {
    await double.close();
  }
}

async function installed(common: Common): Promise<void> {
  const made = spawnSync(process.execPath, [join(root, "scripts/package.ts")], { encoding: "utf8" });
  const [, file] = /^(\S+\.vsix): /m.exec(made.stdout) ?? [];
  tell("the package is made and small enough", file === undefined ? `${made.stdout}\n${made.stderr}` : undefined);
  if (file === undefined) return;
  await withWorkbench({ ...common, extension: join(root, file), trusted: true, name: "server-data-package" }, async (workbench) => {
    console.log("A person who installed the package");
    const page = await workbench.open(workspace("package"));
    await walk(
      person(page, join(screenshots, "package"), (theme) => workbench.chooseTheme(theme)).filter(({ first }) => first === true),
      () => page.screenshot({ path: join(screenshots, "failed-package.png") }),
    );
  });
}

async function withWorkbench(
  options: Parameters<typeof startWorkbench>[0],
  use: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const workbench = await startWorkbench(options);
  try {
    await use(workbench);
  } finally {
    await workbench.close();
  }
}

function inHost(workbench: Workbench): Promise<number> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => resolve(-1), 300_000);
    const opened = workbench.open(workspace("suite"), {
      tests: suite,
      onExit: (code) => {
        clearTimeout(patience);
        void opened.then((page) => page.context().close()).then(() => resolve(code));
      },
    });
    opened.catch(reject);
  });
}

async function walk(steps: readonly Step[], photograph: () => Promise<unknown>): Promise<void> {
  for (const { title, run } of steps) {
    try {
      await run();
      tell(title, undefined);
    } catch (error) {
      await photograph().catch(() => undefined);
      tell(title, error instanceof Error ? (error.stack ?? error.message) : String(error));
      // Each step stands on the one before.
      return;
    }
  }
}

function readResults(code: number): void {
  let results: { readonly title: string; readonly error?: string }[];
  try {
    results = JSON.parse(readFileSync(resultsFile, "utf8")) as typeof results;
  } catch {
    tell("the suite in the extension host", `it ended with ${code} and left no results`);
    return;
  }
  for (const { title, error } of results) tell(title, error);
}

function tell(title: string, error: string | undefined): void {
  if (error === undefined) outcome.passed++;
  else outcome.failed++;
  console.log(error === undefined ? `  ✔ ${title}` : `  ✖ ${title}\n${error.replaceAll(/^/gm, "      ")}`);
}

/** A fresh copy: people and tests change files. */
function workspace(name: string): string {
  const copy = join(home, name, "my wörkspace");
  cpSync(join(root, "test", "host", "fixtures", "workspace"), copy, { recursive: true });
  return copy;
}
