import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { renderReasons, renderValue, typeJson } from "../core/reports/console-values.ts";
import type { Service } from "../core/service.ts";
import type { Answer } from "../core/terraform/answer.ts";
import type { FilePath } from "../core/text/text.ts";
import { readContent, readDirectory, toFilePath } from "../host/workspace-files.ts";
import type { ConsoleCommand } from "./arguments.ts";
import type { Terminal } from "./check.ts";
import { givenValues } from "./variables.ts";
import { deliverFolders } from "./workspace.ts";

/** How often one expression may ask for more files. */
const mostRounds = 50;

/** `plumbline console`: an answer for every line of the input; the exit code. */
export async function runConsole(
  command: ConsoleCommand,
  open: () => Promise<Service>,
  input: NodeJS.ReadableStream,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const wrong = (message: string): 2 => {
    terminal.error(`plumbline: ${message}\n`);
    return 2;
  };
  const directory = toFilePath(command.path);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return wrong(`there is no folder "${command.path}".`);
  for (const file of command.variableFiles) if (!existsSync(resolve(file))) return wrong(`there is no variable file "${file}".`);
  const service = await open();
  service.configure({
    variableFiles: command.variableFiles.map(toFilePath),
    ...givenValues(command.variables, terminal.environment),
    trusted: true,
  });
  deliverFolders(service, [directory]);
  if (answer(service, directory, "null") === undefined) return wrong(`there is no root module in "${command.path}".`);
  let refused = false;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const text = line.trim();
    if (text === "") continue;
    if (text === "exit") break;
    const found = answer(service, directory, text);
    if (found === undefined) return wrong(`there is no root module in "${command.path}".`);
    if (found.status === "error") refused = true;
    if (command.json) terminal.out(`${renderJson(found)}\n`);
    else if (found.status === "error") terminal.error(`Error: ${found.message}\n`);
    else terminal.out(`${renderValue(found.value)}\n`);
  }
  return refused ? 1 : 0;
}

/** Delivers what the expression asks for from the disk until it has everything. */
function answer(service: Service, directory: FilePath, text: string): Answer | undefined {
  const answered = new Set<string>();
  for (let round = 0; ; round++) {
    const found = service.evaluate(directory, text);
    const requests = service.requests().filter(({ kind, path }) => !answered.has(`${kind} ${path}`));
    if (requests.length === 0 || round >= mostRounds) return found;
    for (const { kind, path } of requests) {
      answered.add(`${kind} ${path}`);
      if (kind === "file") service.setFile(path, readContent(path));
      else service.setDirectory(path, readDirectory(path));
    }
  }
}

function renderJson(answer: Answer): string {
  if (answer.status === "error") return JSON.stringify({ status: answer.status, message: answer.message });
  const { status, json, type, sensitive, reasons } = answer;
  // The digits of a number are more than a double holds, so the value's text goes in as it is.
  const rest = JSON.stringify({ type: typeJson(type), sensitive, reasons: renderReasons(reasons) });
  return `{"status":${JSON.stringify(status)},"value":${json},${rest.slice(1)}`;
}
