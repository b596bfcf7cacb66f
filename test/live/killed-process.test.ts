import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from "vscode-jsonrpc/node";
import * as protocol from "../../src/live/protocol.ts";
import { sampleAccount, sampleKeys } from "../../src/live/sample/aws/account.ts";
import { startDouble, type Double } from "../../src/live/sample/aws/server.ts";

/* The real live process, killed without a word in the middle of its work, against a double of AWS that outlives it. */

const account = "aws:111122223333";
const item = "aws-s3-bucket-versioning";

interface Live {
  readonly connection: MessageConnection;
  readonly kill: () => Promise<void>;
}

describe("the live process, killed", function () {
  this.timeout(300_000);
  let folder = "";
  const running = new Set<Live>();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-killed-"));
  });
  afterEach(async () => {
    for (const each of running) await each.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(double: Double): Promise<Live> {
    const child = spawn(process.execPath, ["--no-deprecation", join(import.meta.dirname, "../../dist/live.js")], {
      env: { PATH: process.env["PATH"], HOME: folder, PLUMBLINE_DATABASE: join(folder, "live.db") },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.onError(() => undefined);
    connection.listen();
    const live = {
      connection,
      kill: async () => {
        running.delete(live);
        child.kill("SIGKILL");
        await ended;
        connection.dispose();
      },
    };
    running.add(live);
    const by = { cloud: "aws", source: "kept", keys: sampleKeys, endpoint: double.url } as const;
    await connection.sendRequest(protocol.connect, by);
    const { actions } = await connection.sendRequest(protocol.authorization, { cloud: "aws", selection: {} });
    await connection.sendRequest(protocol.authorize, { account, actions });
    await connection.sendRequest(protocol.allowFixing, { account, with: { source: "kept", keys: sampleKeys } });
    return live;
  }

  /** Kills it when the double has answered so many calls from now on; false: it ended before. */
  async function killAfter(double: Double, calls: number, live: Live, work: Promise<unknown>): Promise<boolean> {
    const before = double.calls.length;
    const state = { ended: false };
    const done = work.then(
      () => (state.ended = true),
      () => (state.ended = true),
    );
    while (!state.ended && double.calls.length < before + calls) await new Promise((resolve) => setTimeout(resolve, 1));
    if (state.ended) return false;
    await live.kill();
    await done;
    return true;
  }

  const changes = (double: Double): number => double.calls.filter(({ action }) => action === "s3:PutBucketVersioning").length;

  it("in a remedy: the next start says so, and finishes it or takes it back", async () => {
    const double = await startDouble(sampleAccount(new Date()));
    const seen: string[] = [];
    try {
      for (let calls = 0, killed = true; killed; calls++) {
        const first = await start(double);
        const preview = await first.connection.sendRequest(protocol.previewRemedy, { account, item, instance: "pinewood-media" });
        double.delay(60);
        const before = changes(double);
        const applied = first.connection.sendRequest(protocol.applyRemedy, { preview: preview.id, accepted: "none" });
        killed = await killAfter(double, calls, first, applied);
        double.delay(0);
        const changed = changes(double) > before;
        const { connection, kill } = killed ? await start(double) : first;
        const open = await connection.sendRequest(protocol.interruptedRemedies, { account });
        const [newest] = await connection.sendRequest(protocol.remedyHistory, { account });
        // A change that the cloud may have made is in the history, whenever the process died.
        if (changed) assert.ok(newest !== undefined && newest.state !== "undone", `${calls}: changed, and nobody knows`);
        // Unless all was done, and written down, in the moment before.
        const isOver = newest?.state === "applied" && newest.verified !== undefined;
        if (killed && changed) assert.equal(open.length, isOver ? 0 : 1, `${calls}: changed, and nobody says so`);
        const [left] = open;
        if (left !== undefined) {
          const finish = calls % 2 === 0;
          seen.push(`${left.steps.map(({ state }) => state).join(" ")}, ${finish ? "finished" : "taken back"}`);
          if (finish) {
            const done = await connection.sendRequest(protocol.finishRemedy, { account, id: left.id });
            assert.deepEqual([done.state, done.verified], ["applied", "pass"], `${calls}`);
          } else {
            const undone = await connection.sendRequest(protocol.undoRemedy, { account, id: left.id, overwrite: false });
            assert.deepEqual([undone.state, undone.verified], ["undone", "fail"], `${calls}: ${undone.why}`);
          }
        }
        assert.deepEqual(await connection.sendRequest(protocol.interruptedRemedies, { account }), []);
        const [last] = await connection.sendRequest(protocol.remedyHistory, { account });
        if (last?.state === "applied") {
          const undone = await connection.sendRequest(protocol.undoRemedy, { account, id: last.id, overwrite: false });
          assert.equal(undone.state, "undone", undone.why);
        }
        // Whatever way it went, it is as it was.
        const again = await connection.sendRequest(protocol.previewRemedy, { account, item, instance: "pinewood-media" });
        assert.equal(again.expected, "pass");
        await kill();
      }
    } finally {
      await double.close();
    }
    assert.ok(seen.some((each) => each.endsWith("finished")) && seen.some((each) => each.endsWith("taken back")), seen.join("; "));
  });

  it("in a scan: it goes on where it was, asks little again and charges nothing twice", async () => {
    const double = await startDouble(sampleAccount(new Date()));
    try {
      const request: protocol.ScanRequest = { account, selection: { checks: ["aws-s3-*", "aws-iam-*", "aws-ec2-*", "aws-kms-*"] } };
      const first = await start(double);
      await first.connection.sendRequest(protocol.changePlan, {
        account,
        action: { kind: "activate", termsAccepted: true },
      });
      const preview = await first.connection.sendRequest(protocol.preview, request);
      const begun = double.calls.length;
      double.delay(10);
      let live = first;
      let work: Promise<protocol.ScanView> = live.connection.sendRequest(protocol.scan, { preview: preview.id, request });
      let kills = 0;
      for (const calls of [1, 8, 20, 20]) {
        if (!(await killAfter(double, calls, live, work))) break;
        kills++;
        live = await start(double);
        const [open] = await live.connection.sendRequest(protocol.interrupted, { account });
        assert.ok(open !== undefined, `${calls}: nobody says that a scan was interrupted`);
        work = live.connection.sendRequest(protocol.resume, { scan: open.id, request });
      }
      assert.ok(kills >= 3, `killed ${kills} times`);
      const done = await work;
      const results = await live.connection.sendRequest(protocol.results, { account, scan: done.id });
      assert.equal(done.state, "done", done.why);
      assert.deepEqual(results?.reconciliation.wrong, []);
      assert.equal(results.reconciliation.estimated, preview.billable);
      const ledger = await live.connection.sendRequest(protocol.ledger, { account });
      assert.equal(ledger.charges.length, done.charged);
      // What was answered before a kill is not asked again, but for who the caller is and what was in flight.
      const counts = new Map<string, number>();
      for (const { action } of double.calls.slice(begun)) counts.set(action, (counts.get(action) ?? 0) + 1);
      assert.ok((counts.get("iam:ListUsers") ?? 0) <= 2, `iam:ListUsers ${counts.get("iam:ListUsers")}`);
    } finally {
      await double.close();
    }
  });
});
