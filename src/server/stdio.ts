import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { growOnce } from "../host/v8-settings.ts";
import { start } from "./start.ts";

/** `plumbline lsp --stdio`. The process ends with the client's `exit`, or when its input closes. */
export function runStdio(): void {
  growOnce();
  start(createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)));
}
