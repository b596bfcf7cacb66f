/** The real server around the real service, over stdio: what the product runs, from the sources and at a fixed time. */
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { disk } from "../../src/server/disk.ts";
import { serve } from "../../src/server/server.ts";
import { openService } from "../harness/engine.ts";

const service = await openService();

serve(createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)), {
  createService: () => service,
  disk,
  pages: { text: () => undefined, uri: () => undefined },
  version: "0.0.0",
});
