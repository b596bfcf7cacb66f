import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CodeLens } from "vscode-languageserver/node";
import { SHOW_COSTS, STATUS, type Status } from "../../src/server/protocol.ts";
import { Client, EDITOR, uri } from "./client.ts";

/* The product's server: what assessing blocks in an account would cost, at the blocks and in sum. */

const main = `resource "aws_ebs_volume" "data" {
  count             = 2
  availability_zone = "eu-west-1a"
  encrypted         = true
}

variable "unused" {
  default = 1
}
`;

describe("The server, about costs", function () {
  this.timeout(300_000);
  let client: Client;
  let folder: string;
  let file: string;
  const statuses: Status[] = [];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-")));
    file = join(folder, "main.tf");
    writeFileSync(file, main);
    client = new Client([join(import.meta.dirname, "product-server.ts")]);
    statuses.length = 0;
    client.connection.onNotification(STATUS, (status: Status) => void statuses.push(status));
  });
  afterEach(() => {
    client.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The sum is counted when nothing has changed for a while. */
  const until = async (holds: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 200 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(holds(), JSON.stringify(statuses.at(-1)));
  };
  const lenses = (): Promise<CodeLens[]> =>
    client.connection.sendRequest("textDocument/codeLens", { textDocument: { uri: uri(file) } });

  it("says at a block what it would use, when the setting says so", async () => {
    client.settings = { ...client.settings, costs: "on" };
    await client.start([folder], EDITOR, { costCommand: "some.command" });
    await client.open(file, main);
    // The settings come in their own time.
    let found = await lenses();
    for (let tries = 0; tries < 100 && found.length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      found = await lenses();
    }
    const [lens, ...rest] = found;
    assert.deepEqual(rest, []);
    assert.deepEqual([lens?.range.start, lens?.command?.command], [{ line: 0, character: 0 }, "some.command"]);
    const [, scanTimes = "", free = "", billable = "", fee = ""] =
      /^2 instances, \d+ check items? · live: (\d+) scan times, (\d+) free, (\d+) billable: (USD [\d.]+)$/.exec(
        lens?.command?.title ?? "",
      ) ?? [];
    assert.ok(scanTimes !== "", lens?.command?.title);
    assert.equal(Number(free) + Number(billable), Number(scanTimes));
    assert.equal(fee, `USD ${(Number(billable) * 0.02).toFixed(2)}`);
    await until(() => statuses.at(-1)?.cost?.instances === 2);
    const { cost } = statuses.at(-1) ?? {};
    assert.deepEqual([cost?.instances, cost?.scanTimes, cost?.fee], [2, Number(scanTimes), fee]);
  });

  it("speaks Chinese with an editor that does", async () => {
    await client.start([folder], EDITOR, { connected: true }, "zh-cn");
    await client.open(file, main);
    const [lens] = await lenses();
    assert.match(lens?.command?.title ?? "", /^2 个实例，\d+ 个检查项 · 云账号：\d+ 次扫描，免费 \d+，计费 \d+：USD /);
    assert.match(statuses.at(-1)?.coverage ?? "", /个资源中已检查 \d+ 个/);
  });

  it("says nothing before an account is connected, unless the setting says so", async () => {
    let refreshed = 0;
    client.connection.onRequest("workspace/codeLens/refresh", () => {
      refreshed++;
      return null;
    });
    await client.start([folder], { ...EDITOR, workspace: { ...EDITOR.workspace, codeLens: { refreshSupport: true } } });
    await client.open(file, main);
    assert.deepEqual(await lenses(), []);
    assert.equal(statuses.at(-1)?.cost, null);
    await client.connection.sendNotification(SHOW_COSTS, { connected: true });
    assert.equal((await lenses()).length, 1);
    await until(() => statuses.at(-1)?.cost?.instances === 2);
    assert.equal(refreshed, 1);
    await client.connection.sendNotification(SHOW_COSTS, { connected: false });
    assert.deepEqual(await lenses(), []);
    await until(() => statuses.at(-1)?.cost === null);
    assert.equal(refreshed, 2);
  });
});
