/** The real server around the fake service, over stdio: a process for tests. */
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { disk } from "../../src/server/disk.ts";
import { serve } from "../../src/server/server.ts";
import { fakeService } from "./fake-service.ts";

serve(createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout)), {
  createService: fakeService,
  disk,
  pages: { text: () => undefined, uri: () => undefined },
  version: "0.0.0",
});
