import { createConnection, IPCMessageReader, IPCMessageWriter } from "vscode-languageserver/node";
import { growOnce } from "../host/memory.ts";
import { start } from "./start.ts";

growOnce();
start(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
