/**
 * Installs VS Code's own server (from the code-server package) and Chromium, for tests in real VS Code without a desktop:
 * `node scripts/install-vscode-server.ts`. Lives in `.cache/`, apart from the project's dependencies; does nothing when it is there.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Carries VS Code 1.139.1. */
const VERSION = "4.139.1";
const home = join(import.meta.dirname, "..", ".cache", `code-server-${VERSION}`);

export interface VsCodeServer {
  /** `server-main.js`, to be run with the project's Node. */
  readonly main: string;
  readonly chromium: string;
}

export function installVsCodeServer(): VsCodeServer {
  const server = join(home, "node_modules", "code-server", "lib", "vscode");
  const done = join(home, "installed");
  if (!existsSync(done)) {
    console.log(`Installing VS Code's server (code-server ${VERSION}) into .cache/ …`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "private": true }\n');
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run("npm", ["install", `code-server@${VERSION}`, ...quiet], home);
    run("npm", ["install", "--omit=dev", ...quiet], server);
    writeFileSync(done, `${VERSION}\n`);
  }
  return { main: join(server, "out", "server-main.js"), chromium: findChromium() ?? installChromium() };
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named !== undefined) return named;
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return places.find(existsSync);
}

function installChromium(): string {
  const help = "Install Chromium (`apt-get install chromium`), or name it in the environment variable CHROMIUM.";
  if (!existsSync("/usr/bin/apt-get")) throw new Error(`No Chromium was found. ${help}`);
  console.log("Installing Chromium from the distribution …");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const aptGet = [...asRoot, "apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"];
  if (!succeeds([...aptGet, "install", "-y", "chromium"])) {
    succeeds([...aptGet, "update"]);
    if (!succeeds([...aptGet, "install", "-y", "chromium"])) {
      throw new Error(`The distribution's Chromium could not be installed. ${help}`);
    }
  }
  const found = findChromium();
  if (found === undefined) throw new Error(`Chromium was installed and can't be found. ${help}`);
  return found;
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: "inherit", shell: process.platform === "win32" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status ?? "a signal"}`);
}

function succeeds([command = "", ...args]: readonly string[]): boolean {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], env: environment }).status === 0;
}

if (import.meta.main) {
  const { main, chromium } = installVsCodeServer();
  console.log(`VS Code's server: ${main}\nChromium: ${chromium}`);
}
