/**
 * Makes the extension's package: `npm run package`. Builds for production, packs what .vscodeignore lets in, and fails where the
 * package is bigger than it may be or lacks what the extension loads.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";

const root = join(import.meta.dirname, "..");
/** Bytes: users of slow lines install it too. */
const most = 8 * 1024 * 1024;

const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; version: string };
const packageFile = join(root, `${name}-${version}.vsix`);

const build = spawnSync(process.execPath, [join(root, "scripts/build.ts"), "--production"], { stdio: "inherit" });
if (build.status !== 0) process.exit(build.status ?? 1);

const needed = [
  "dist/extension.cjs",
  "dist/server.cjs",
  "dist/live.js",
  "dist/catalogue.json",
  "dist/webview/cost.js",
  "README.md",
];
// Dependencies are in the bundles.
const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
const missing = needed.filter((file) => !files.includes(file) || !existsSync(join(root, file)));
if (missing.length > 0) throw new Error(`The package would lack ${missing.join(", ")}.`);
await createVSIX({
  cwd: root,
  packagePath: packageFile,
  dependencies: false,
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
});
const { size } = statSync(packageFile);
console.log(`${relative(process.cwd(), packageFile)}: ${(size / 1024 / 1024).toFixed(2)} MB, ${files.length} files.`);
if (size > most) throw new Error(`The package has ${size} bytes; ${most} are allowed.`);
