import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from "vscode-jsonrpc/node";

/** Starts `plumbline live` and runs `use` with a connection to it; the process ends with the connection. */
export async function withLiveProcess<T>(language: string, use: (connection: MessageConnection) => Promise<T>): Promise<T> {
  // The clouds' own clients use what Node advises against.
  const child = spawn(process.execPath, ["--no-deprecation", ...liveScript()], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PLUMBLINE_LANGUAGE: language },
  });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new LiveProcessEnded(code)));
  });
  ended.catch(() => undefined);
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onError(() => undefined);
  connection.listen();
  try {
    return await Promise.race([use(connection), ended]);
  } finally {
    connection.dispose();
    child.stdin.end();
  }
}

/** It said itself why, on standard error. */
export class LiveProcessEnded extends Error {
  constructor(code: number | null) {
    super(`The live process ended${code === null ? "" : ` with ${code}`}.`);
  }
}

/** Beside the command line's own bundle; from sources, the source. */
function liveScript(): readonly string[] {
  const script = realpathSync(process.argv[1] ?? ".");
  const bundle = join(dirname(script), "live.js");
  return [existsSync(bundle) ? bundle : join(dirname(script), "../live/main.ts")];
}
