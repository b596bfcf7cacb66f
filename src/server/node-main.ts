import { createConnection, IPCMessageReader, IPCMessageWriter } from "vscode-languageserver/node";
import { growOnce } from "../host/v8-settings.ts";
import { start } from "./start.ts";

growOnce();
start(createConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
