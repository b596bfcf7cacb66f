import { spawn } from "node:child_process";
import { join } from "node:path";

const cli = join(import.meta.dirname, "../../dist/cli.js");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** The built program as a person runs it in a folder that is their home, too: without the credentials of whoever runs the tests. */
export function commandLine(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): (...args: readonly string[]) => Promise<Ran> {
  return (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, ...args], {
        cwd: folder,
        env: { PATH: process.env["PATH"], HOME: folder, PLUMBLINE_DATABASE: join(folder, "live.db"), ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let out = "";
      let error = "";
      child.stdout.on("data", (data: Buffer) => (out += data.toString()));
      child.stderr.on("data", (data: Buffer) => (error += data.toString()));
      child.once("error", reject);
      child.once("exit", (code) => resolve({ code: code ?? -1, out, error }));
    });
}
