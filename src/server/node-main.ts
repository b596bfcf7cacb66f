import { createConnection, IPCMessageReader, IPCMessageWriter } from "vscode-languageserver/node";
import { saveMemory } from "../host/memory.ts";
import { start } from "./start.ts";

saveMemory();
start(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
