/**
 * Installs moto, a server that answers as AWS does, for the tests of live accounts: `node scripts/moto.ts` installs, and with `start`
 * runs it in the foreground. It lives in a virtual environment in `.cache/`; nothing happens when it is there.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VERSION = "5.2.5";
/** What moto leans on most: others of these have changed answers of the same moto. */
const packages = [`moto[server]==${VERSION}`, "boto3==1.44.8", "Werkzeug==3.1.9", "Flask==3.1.3"];
const cache = join(import.meta.dirname, "..", ".cache");
const home = join(cache, `moto-${VERSION}`);
const windows = process.platform === "win32";
const executable = join(home, windows ? "Scripts" : "bin", windows ? "python.exe" : "python");

/** The Python that has moto. */
export function installMoto(): string {
  const done = join(home, "installed");
  if (existsSync(done)) return executable;
  const python = findPython();
  console.log(`Installing moto ${VERSION} into .cache/ …`);
  mkdirSync(cache, { recursive: true });
  run(python, ["-m", "venv", "--clear", home], "Install it (Debian, Ubuntu: `apt-get install python3-venv`).");
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
  run(executable, ["-m", "pip", "install", ...quiet, ...packages], "pip needs a package index that it can reach.");
  writeFileSync(done, `${packages.join("\n")}\n`);
  return executable;
}

/** A server of its own on a free port of the loopback, with nothing in it but, on demand and slowly, the policies that AWS keeps. */
export async function startMoto(
  options: { readonly managedPolicies?: boolean } = {},
): Promise<{ readonly endpoint: string; readonly process: ChildProcess }> {
  const started = spawn(installMoto(), ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    // No settings of the user's own, and no metadata service.
    env: {
      // Its public images come with a thousand snapshots, which it gives as the account's own.
      MOTO_EC2_LOAD_DEFAULT_AMIS: "false",
      MOTO_IAM_LOAD_MANAGED_POLICIES: String(options.managedPolicies === true),
      PATH: process.env["PATH"],
      HOME: cache,
      SYSTEMROOT: process.env["SYSTEMROOT"],
      PYTHONUNBUFFERED: "1",
    },
  });
  const { stderr } = started;
  let said = "";
  return await new Promise((resolve, reject) => {
    stderr.setEncoding("utf8").on("data", (text: string) => {
      // It logs every request: only what it says before it is ready, or when it ends, is of interest.
      said = (said + text).slice(-4000);
      const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
      if (endpoint !== undefined) resolve({ endpoint, process: started });
    });
    started.once("error", reject);
    started.once("exit", (code) => reject(new Error(`moto ended with ${String(code)}:\n${said}`)));
  });
}

function findPython(): string {
  const named = process.env["PYTHON"];
  const recent = "import sys; sys.exit(0 if sys.version_info >= (3, 10) else 1)";
  for (const python of named === undefined ? ["python3", "python", "py"] : [named])
    if (succeeds(python, ["-c", recent])) return python;
  throw new Error(
    "The tests of live AWS accounts need Python 3.10 or later with its venv module: no python3 was found on the PATH. " +
      "Install it (Debian, Ubuntu: `apt-get install python3 python3-venv`; macOS: `brew install python`), or name one in the variable PYTHON.",
  );
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

function run(command: string, args: readonly string[], help: string): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "inherit", "pipe"] });
  if (status === 0) return;
  rmSync(home, { recursive: true, force: true });
  throw new Error(`\`${[command, ...args].join(" ")}\` failed. ${help}\n${error?.message ?? stderr}`);
}

if (process.argv[1] === import.meta.filename) {
  installMoto();
  if (process.argv[2] === "start") {
    const { endpoint, process: moto } = await startMoto();
    console.log(endpoint);
    process.once("SIGINT", () => moto.kill());
  }
}
