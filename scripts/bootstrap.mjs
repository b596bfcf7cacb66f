// Runs a script of this project on a fresh clone: `node scripts/bootstrap.mjs scripts/demo.ts [argument …]`.
// Plain JavaScript for whatever Node started it; installs and builds what is missing, then goes on in the project's own Node.
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: environment,
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

const newest = (path) =>
  statSync(path).isDirectory() ? Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name)))) : statSync(path).mtimeMs;

const installed = join(root, "node_modules", ".package-lock.json");
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs) {
  // `npm ci` empties what a link points to, which others may be using.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error("node_modules is a link and older than package-lock.json. Run `npm ci` where it points, or remove the link.");
    process.exit(1);
  }
  console.log("Installing the packages that Plumbline is built with …");
  run("npm", ["ci", "--loglevel=error"]);
}
const built = join(root, "dist", "cli.js");
if (!existsSync(built) || ["src", "checks", "schemas"].some((folder) => newest(join(root, folder)) > statSync(built).mtimeMs)) {
  console.log("Building …");
  run("node", ["scripts/build.ts"]);
}
const [script, ...rest] = process.argv.slice(2);
if (script) run("node", [script, ...rest]);
