import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SET_ENVIRONMENT, STATUS, type Status } from "../../src/server/protocol.ts";
import { Client } from "./client.ts";

/* The product's server: another environment of plumbline.yaml, and a baseline that comes and goes on the disk. */

const SERVER = [join(import.meta.dirname, "product-server.ts")];
const main = `variable "acl" {
  default = "private"
}

resource "tencentcloud_cos_bucket" "site" {
  bucket = "site-1250000000"
  acl    = var.acl
}
`;

/** The news of the status come after the diagnostics. */
async function until(condition: () => boolean, what: string): Promise<void> {
  for (let round = 0; !condition(); round++) {
    assert.ok(round < 1000, `waited in vain for ${what}`);
    await delay(25);
  }
}

describe("The server, in a workspace with settings", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-")));
    client = new Client(SERVER);
  });
  afterEach(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const hasFinding = (): boolean =>
    client.diagnostics(join(folder, "main.tf")).some(({ code }) => code === "tencent-cos-bucket-public-read");

  it("assesses the environment that it is told, and says which there are", async () => {
    write("main.tf", main);
    write("open.tfvars", 'acl = "public-read"\n');
    write("plumbline.yaml", "environments:\n  open:\n    variableFiles: [open.tfvars]\n  closed:\nenvironment: closed\n");
    const news: Status[] = [];
    client.connection.onNotification(STATUS, (status: Status) => void news.push(status));
    const ready = (name: string) => () => news.at(-1)?.state === "ready" && news.at(-1)?.environment === name;
    await client.start([folder]);
    await until(ready("closed"), "the default environment");
    assert.deepEqual(news.at(-1)?.environments, ["open", "closed"]);
    assert.equal(hasFinding(), false);
    await client.connection.sendNotification(SET_ENVIRONMENT, { name: "open" });
    await until(() => ready("open")() && hasFinding(), "the finding of the other environment");
    await client.connection.sendNotification(SET_ENVIRONMENT, { name: null });
    await until(() => ready("closed")() && !hasFinding(), "the default environment again");
  });

  it("leaves out what the baseline knows, and follows its changes", async () => {
    write("main.tf", main.replace('"private"', '"public-read"'));
    write("plumbline.yaml", "baseline: known.json\n");
    const failure = `{"check":"tencent-cos-bucket-public-read","root":".","address":"tencentcloud_cos_bucket.site","at":"acl"}`;
    write("known.json", `{"plumbline":"baseline","version":1,"results":[${failure}]}`);
    const news: Status[] = [];
    client.connection.onNotification(STATUS, (status: Status) => void news.push(status));
    await client.start([folder]);
    await until(() => news.at(-1)?.coverage.includes("1 known from the baseline") === true, "the known failure");
    assert.equal(hasFinding(), false);
    write("known.json", '{"plumbline":"baseline","version":1,"results":[]}');
    await client.watched({ file: join(folder, "known.json"), type: 2 });
    await until(hasFinding, "the finding that nothing knows any more");
  });
});
