import assert from "node:assert/strict";
import { Database } from "../../src/live/database.ts";
import { sampleService } from "../harness/sample-accounts.ts";

const never = new AbortController().signal;

describe("a disk that is full", function () {
  this.timeout(120_000);

  for (const pages of [0, 4, 16, 40])
    it(`in a scan, with ${pages} pages left: says so, and goes on when there is room`, async () => {
      const database = new Database(":memory:");
      const { live, account } = await sampleService("aws", database);
      live.changePlan(account, { kind: "activate", termsAccepted: true });
      const of = { account, selection: {} };
      const preview = await live.preview(of, never);
      // SQLite answers as it does where the disk has no more.
      const used = Number(database.get("PRAGMA page_count")?.["page_count"]);
      database.get(`PRAGMA max_page_count = ${used + pages}`);
      await assert.rejects(live.scan(of, preview, never), /the disk is full\. Free some space and resume/);
      const before = live.plans.charges(account).length;
      database.get("PRAGMA max_page_count = 1000000");
      const [open] = live.interrupted(account);
      // It was refused before it had begun, or there is something to go on with.
      const done = open === undefined ? await live.scan(of, preview, never) : await live.resume(open.id, of, never);
      assert.equal(done.state, "done", done.why);
      const { estimated, charged, notChecked, vanished, wrong } = live.scans.reconcile(done.id);
      assert.deepEqual(wrong, []);
      assert.equal(estimated, charged + notChecked + vanished);
      assert.equal(live.plans.charges(account).length, charged);
      assert.ok(before <= charged);
    });
});
