import { constants, setPriority, userInfo } from "node:os";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { loadCatalogue } from "../core/checks/catalogue.ts";
import { LANGUAGES } from "../core/text/language.ts";
import { saveMemory } from "../host/v8-settings.ts";
import { readProduct } from "../host/product.ts";
import { readYamlBelow } from "../host/workspace-files.ts";
import { Database, DatabaseProblem } from "./database.ts";
import { databaseFile } from "./database-file.ts";
import { thisProcess } from "./holder.ts";
import { LiveService } from "./live-service.ts";
import { samplesBeside } from "./samples.ts";
import { serve } from "./serve.ts";
import type { CloudAccess } from "./session.ts";

/*
 * The live process: accounts, scans, and the only code that talks to clouds. Started by the editor or the command line with messages
 * on its standard input and output; ends with them. Secrets reach it by message only.
 */

saveMemory();
yieldToEditor();
const language = LANGUAGES.find((each) => each === process.env["PLUMBLINE_LANGUAGE"]) ?? "en";

try {
  const product = readProduct();
  const catalogue = loadCatalogue(product.catalogue, product.schemas, product.texts(language));
  const file = databaseFile(process.env, process.platform);
  const live = new LiveService({
    database: new Database(file),
    catalogue,
    own: { schemas: product.schemas, language, read: readYamlBelow },
    clouds: {
      aws: async () => anySession((await import("./aws/access.ts")).aws),
      alibaba: async () => anySession((await import("./alibaba/access.ts")).alibaba),
      tencent: async () => anySession((await import("./tencent/access.ts")).tencent),
    },
    samples: samplesBeside(file),
    environment: process.env,
    now: () => new Date().toISOString(),
    person: personOf(),
    holder: thisProcess(),
  });
  const connection = createMessageConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
  connection.onClose(() => process.exit(0));
  serve(connection, live, catalogue);
} catch (error) {
  const message = error instanceof DatabaseProblem || error instanceof Error ? error.message : String(error);
  process.stderr.write(`plumbline live: ${message}\n`);
  process.exitCode = 2;
}

/**
 * Who types waits for the language server; a scan waits for the cloud. On two cores the slowest key strokes take a third less time beside a
 * scan of low priority as beside one that is below normal, and the scan takes as long as before. Windows runs low priority when nobody
 * else wants to.
 */
function yieldToEditor(): void {
  const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;
  try {
    setPriority(process.platform === "win32" ? PRIORITY_BELOW_NORMAL : PRIORITY_LOW);
  } catch {
    // Where that is not allowed, the system shares as it likes.
  }
}

/** An account of this machine may have no name, in a container. */
function personOf(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

/** A session goes back to the access that opened it, and to nothing else. */
function anySession<Session>(access: CloudAccess<Session>): CloudAccess<unknown> {
  return access as unknown as CloudAccess<unknown>;
}
