import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import type { Turn } from "./turns.ts";

export interface KeystrokeTimes {
  readonly startSeconds: number;
  readonly firstDiagnosticsSeconds: number;
  /** Milliseconds from didChange to the diagnostics of that version. */
  readonly inBlock: readonly number[];
  readonly inVariable: readonly number[];
  /** CPU of the server for one stroke: what a busy machine does not stretch. NaN where the system does not tell. */
  readonly cpuInBlock: number;
  readonly cpuInVariable: number;
  readonly peakMegabytes: number;
  /** Milliseconds from a request for quick fixes to edits that are verified, each finding asked once. */
  readonly quickFixes: readonly number[];
  /** Milliseconds that turns of the server's event loop took while somebody typed, pauses of the garbage collector left out. */
  readonly turns: readonly number[];
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { readonly range: unknown }[];
}

/**
 * Types into a workspace through a real server over stdio, without the debounce. `meanwhile` is started before the first stroke, once
 * the server has settled, and has begun its work when it resolves.
 */
export async function measureKeystrokes(
  cli: string,
  workspace: string,
  strokes: number,
  meanwhile?: () => Promise<void>,
): Promise<KeystrokeTimes> {
  const begun = performance.now();
  const turnsFile = join(mkdtempSync(join(tmpdir(), "plumbline-turns-")), "turns.json");
  const preload = pathToFileURL(join(import.meta.dirname, "turns.ts")).href;
  const child = spawn(process.execPath, ["--import", preload, cli, "lsp", "--stdio"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, PLUMBLINE_TURNS: turnsFile },
  });
  const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const waiting = new Map<string, (published: Published) => void>();
  let first: (() => void) | undefined;
  connection.onNotification("textDocument/publishDiagnostics", (published: Published) => {
    first?.();
    waiting.get(`${published.uri}@${published.version ?? ""}`)?.(published);
  });
  connection.onRequest("workspace/configuration", (params: { items: unknown[] }) => params.items.map(() => ({ debounce: 0 })));
  for (const request of ["client/registerCapability", "window/workDoneProgress/create", "workspace/diagnostic/refresh"]) {
    connection.onRequest(request, () => null);
  }
  connection.listen();
  const folder = pathToFileURL(workspace).href;
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: folder,
    capabilities: {
      textDocument: {
        publishDiagnostics: { versionSupport: true, relatedInformation: true },
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
      },
      workspace: { configuration: true, workspaceFolders: true },
    },
    workspaceFolders: [{ uri: folder, name: "bench" }],
    initializationOptions: { debounce: 0 },
  });
  const startSeconds = (performance.now() - begun) / 1000;
  const published = new Promise<void>((resolve) => (first = resolve));
  await connection.sendNotification("initialized", {});
  await published;
  const firstDiagnosticsSeconds = (performance.now() - begun) / 1000;

  await meanwhile?.();
  const typedFrom = Date.now();
  let cpu = cpuOf(child);
  const inBlock = await type(connection, waiting, join(workspace, "stacks/stack0/file0.tf"), strokes, (text, n) =>
    text.replace(
      /cidr_blocks = var\.open_cidrs|cidr_blocks = \["198\.51\.100\.\d+\/32"\]|cidr_blocks {7}= var\.open_cidrs|cidr_blocks {7}= \["[^"]*"\]/,
      n % 2 === 0 ? `cidr_blocks       = ["198.51.100.${n % 250}/32"]` : "cidr_blocks       = var.open_cidrs",
    ),
  );
  const cpuInBlock = (cpuOf(child) - cpu) / strokes;
  cpu = cpuOf(child);
  const inVariable = await type(connection, waiting, join(workspace, "stacks/stack0/variables.tf"), strokes, (text, n) =>
    text.replace(
      /default = \["[\d.]+\/\d+"\]\n\}\n\nvariable "ports"/,
      `default = ["${n % 2 === 0 ? "198.51.100.0/24" : "0.0.0.0/0"}"]\n}\n\nvariable "ports"`,
    ),
  );
  const cpuInVariable = (cpuOf(child) - cpu) / strokes;
  const typedTo = Date.now();
  const peakMegabytes = peakOf(child);
  const quickFixes = await askForFixes(connection, waiting, workspace);
  await connection.sendRequest("shutdown");
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await connection.sendNotification("exit");
  const impatience = setTimeout(() => child.kill(), 10_000);
  await ended;
  clearTimeout(impatience);
  connection.dispose();
  const turns = (JSON.parse(readFileSync(turnsFile, "utf8")) as readonly Turn[])
    .filter(({ end }) => end >= typedFrom && end <= typedTo)
    .map(({ milliseconds }) => milliseconds);
  rmSync(dirname(turnsFile), { recursive: true });
  return {
    startSeconds,
    firstDiagnosticsSeconds,
    inBlock,
    inVariable,
    cpuInBlock,
    cpuInVariable,
    peakMegabytes,
    quickFixes,
    turns,
  };
}

/** Opens files one after the other and asks for the fixes of every finding in them. */
async function askForFixes(
  connection: MessageConnection,
  waiting: Map<string, (published: Published) => void>,
  workspace: string,
): Promise<number[]> {
  const times: number[] = [];
  for (const index of [1, 5, 8, 13, 17, 21]) {
    const file = join(workspace, `stacks/stack0/file${index}.tf`);
    const uri = pathToFileURL(file).href;
    const answered = new Promise<Published>((resolve) => waiting.set(`${uri}@1`, resolve));
    const text = readFileSync(file, "utf8");
    await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "terraform", version: 1, text } });
    const { diagnostics } = await answered;
    waiting.delete(`${uri}@1`);
    for (const diagnostic of diagnostics) {
      const begun = performance.now();
      const actions = await connection.sendRequest<readonly { readonly title: string; readonly edit?: unknown }[] | null>(
        "textDocument/codeAction",
        { textDocument: { uri }, range: diagnostic.range, context: { diagnostics: [diagnostic], only: ["quickfix"] } },
      );
      const took = performance.now() - begun;
      // Every finding can be ignored with a comment: that is no fix.
      if (actions?.some(({ title, edit }) => edit !== undefined && !title.startsWith("Ignore ")) === true) times.push(took);
    }
    await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }
  return times;
}

async function type(
  connection: MessageConnection,
  waiting: Map<string, (published: Published) => void>,
  file: string,
  strokes: number,
  change: (text: string, n: number) => string,
): Promise<number[]> {
  const uri = pathToFileURL(file).href;
  let text = readFileSync(file, "utf8");
  let version = 1;
  const next = (): Promise<void> =>
    new Promise((resolve) =>
      waiting.set(`${uri}@${version}`, () => {
        waiting.delete(`${uri}@${version}`);
        resolve();
      }),
    );
  let answered = next();
  await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "terraform", version, text } });
  await answered;
  const times: number[] = [];
  for (let stroke = 0; stroke < strokes; stroke++) {
    const changed = change(text, stroke);
    if (changed === text) throw new Error(`the stroke changes nothing in ${file}`);
    text = changed;
    version++;
    answered = next();
    const begun = performance.now();
    await connection.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
    await answered;
    times.push(performance.now() - begun);
  }
  await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  return times;
}

/** Milliseconds so far. The system counts in hundredths of a second: only many strokes together say something. */
function cpuOf(child: ChildProcess): number {
  try {
    const fields =
      readFileSync(`/proc/${child.pid ?? 0}/stat`, "utf8")
        .split(") ")[1]
        ?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function peakOf(child: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
  } catch {
    return Number.NaN;
  }
}
