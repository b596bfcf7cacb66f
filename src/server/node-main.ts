import { createConnection, IPCMessageReader, IPCMessageWriter } from "vscode-languageserver/node";
import { start } from "./start.ts";

start(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
