import assert from "node:assert/strict";
import { Database } from "../../src/live/database.ts";
import { CallFailure } from "../../src/live/failure.ts";
import type { LiveOptions, LiveService } from "../../src/live/live-service.ts";
import type { RemedyPreview } from "../../src/live/remedy-service.ts";
import { NotPossible, type Remedy, type Step } from "../../src/live/remedy.ts";
import { fakeCloud, liveService, versioning, type FakeCloud } from "./fake-cloud.ts";

const key = "aws:123456789012";
const item = "aws-s3-bucket-versioning";
const never = new AbortController().signal;
const put = "s3:PutBucketVersioning";

async function fixable(cloud: FakeCloud, options: Partial<LiveOptions> = {}): Promise<LiveService> {
  const live = await liveService(cloud, options);
  await live.connect({ cloud: "aws", source: "profile:good" }, never);
  live.accounts.authorize(key, (await live.authorization("aws", { selection: {} })).actions);
  await live.allowFixing(key, { source: "profile:good" }, never);
  return live;
}

const previewOf = (live: LiveService, instance = "lost"): Promise<RemedyPreview> =>
  live.remedies.preview(live.account(key), { item, instance }, never);

function withSteps(cloud: FakeCloud, more: Partial<Step>): void {
  cloud.remedies = { byCheck: new Map([[item, versioning(more)]]) };
}

const changes = (cloud: FakeCloud): readonly string[] => cloud.calls.filter((call) => call.startsWith(put));
const states = (live: LiveService, id: string): readonly string[] =>
  live.remedies.journal.get(id)?.steps.map(({ state }) => state) ?? [];

describe("remedies", () => {
  it("show what will happen and change nothing", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const preview = await previewOf(live);
    assert.equal(preview.expected, "pass");
    assert.match(preview.before, /status += "Disabled"/);
    assert.match(preview.after, /status += "Enabled"/);
    assert.deepEqual(preview.fix.permissions, [put]);
    assert.deepEqual(changes(cloud), []);
    assert.deepEqual(live.remedies.journal.of(key), []);
  });

  it("are applied, verified, written down and taken back", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const applied = await live.remedies.apply((await previewOf(live)).id, "none", never);
    assert.deepEqual([applied.state, applied.verified, cloud.buckets.get("lost")], ["applied", "pass", "Enabled"]);
    assert.deepEqual([applied.person, applied.principal], ["tester", "arn:aws:iam::123456789012:user/dev"]);
    const account = live.account(key);
    const back = await live.remedies.undoPreview(account, applied.id, never);
    assert.deepEqual(
      back.calls.map(({ request }) => request["status"]),
      ["Suspended", "Disabled"],
    );
    const undone = await live.remedies.undo(account, applied.id, false, never);
    assert.deepEqual([undone.state, undone.verified, undone.why], ["undone", "fail", undefined]);
    assert.equal(cloud.buckets.get("lost"), "Disabled");
    await assert.rejects(live.remedies.undo(account, applied.id, false, never), /undone already/);
  });

  it("are refused where the account is only read, and where the credentials are another account's", async () => {
    const cloud = fakeCloud();
    const live = await liveService(cloud);
    await live.connect({ cloud: "aws", source: "profile:good" }, never);
    live.accounts.authorize(key, (await live.authorization("aws", { selection: {} })).actions);
    await assert.rejects(previewOf(live), /is only read.*allow-fixes.*policy fix aws/s);
    cloud.account = "999999999999";
    await assert.rejects(live.allowFixing(key, { source: "profile:good" }, never), /belongs to account 999999999999/);
    cloud.account = "123456789012";
    await live.allowFixing(key, { source: "profile:good" }, never);
    const { id } = await previewOf(live);
    live.forbidFixing(key);
    await assert.rejects(previewOf(live), /is only read/);
    await assert.rejects(live.remedies.apply(id, "none", never), /is only read/);
  });

  it("are refused where nothing fails, nothing is there, or nothing can be done", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    await assert.rejects(previewOf(live, "kept"), /does not fail .* any more/);
    await assert.rejects(previewOf(live, "nobody"), /is not an instance of/);
    const account = live.account(key);
    await assert.rejects(
      live.remedies.preview(account, { item: "aws-s3-bucket-versionin", instance: "lost" }, never),
      /Did you mean/,
    );
    await assert.rejects(
      live.remedies.preview(account, { item: "aws-ebs-volume-encryption", instance: "vol-open" }, never),
      /has no remedy/,
    );
    await assert.rejects(
      live.remedies.preview(account, { item, instance: "lost", parameters: { days: 3 } }, never),
      /no parameter `days`.*takes none/,
    );
    cloud.fails.set("s3:GetBucketVersioning lost", "denied");
    await assert.rejects(previewOf(live), /not determined: denied s3:GetBucketVersioning/);
    cloud.fails.clear();
    cloud.remedies = {
      byCheck: new Map<string, Remedy>([[item, () => Promise.reject(new NotPossible("The bucket has object lock."))]]),
    };
    await assert.rejects(previewOf(live), /object lock/);
  });

  it("take the risk that was accepted, and no other", async () => {
    const live = await fixable(fakeCloud());
    const { id } = await previewOf(live);
    await assert.rejects(live.remedies.apply(id, "traffic", never), /risk of this remedy is "none"/);
    await assert.rejects(live.remedies.apply("unknown", "none", never), /look at it again/);
  });

  it("do nothing where the instance changed since the preview", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const { id } = await previewOf(live);
    cloud.buckets.set("lost", "Suspended");
    await assert.rejects(live.remedies.apply(id, "none", never), /has changed since it was looked at, and nothing was done/);
    assert.deepEqual(changes(cloud), []);
    cloud.buckets.set("lost", "Enabled");
    await assert.rejects(previewOf(live), /does not fail/);
  });

  it("stop at a step that is denied, say so, and can be finished or taken back", async () => {
    for (const way of ["finish", "undo"] as const) {
      const cloud = fakeCloud();
      const live = await fixable(cloud);
      const { id } = await previewOf(live);
      let puts = 0;
      cloud.onCall = (call) => {
        if (call.startsWith(put) && ++puts === 2)
          throw new CallFailure({ kind: "denied", action: put, code: "AccessDenied", message: "no" });
      };
      const failed = await live.remedies.apply(id, "none", never);
      assert.deepEqual([failed.state, failed.why, failed.verified], ["failed", `Denied: allow ${put}.`, undefined]);
      assert.deepEqual(states(live, id), ["done", "failed"]);
      const account = live.account(key);
      if (way === "finish") {
        const finished = await live.remedies.finish(account, id, never);
        assert.deepEqual([finished.state, finished.verified], ["applied", "pass"]);
        // Suspended once, refused once, then turned on: what was done is not done again.
        assert.equal(puts, 3);
      } else {
        const undone = await live.remedies.undo(account, id, false, never);
        assert.deepEqual([undone.state, cloud.buckets.get("lost")], ["undone", "Disabled"]);
        assert.deepEqual(states(live, id), ["undone", "failed"]);
      }
    }
  });

  for (const when of ["before the second call", "when the answer was on its way"] as const) {
    it(`killed ${when}: the next start says so, and finishes or takes back`, async () => {
      for (const way of ["finish", "undo"] as const) {
        const cloud = fakeCloud();
        const database = new Database(":memory:");
        const live = await fixable(cloud, { database });
        const { id } = await previewOf(live);
        let puts = 0;
        const killed = new Promise<never>(() => undefined);
        cloud.onCall = (call) => {
          if (!call.startsWith(put) || ++puts !== 2) return;
          if (when === "when the answer was on its way") cloud.buckets.set("lost", "Enabled");
          cloud.hang = killed;
        };
        void live.remedies.apply(id, "none", never);
        while (cloud.hang === undefined) await new Promise((resolve) => setImmediate(resolve));
        cloud.hang = undefined;
        cloud.onCall = () => undefined;
        // What a kill leaves: a lease that nobody beats for any more.
        const next = await liveService(cloud, { database, holder: "next", now: () => "2026-06-15T13:00:00.000Z" });
        const account = next.account(key);
        assert.deepEqual(
          next.remedies.interrupted(account).map((record) => [record.id, record.state]),
          [[id, "applying"]],
        );
        assert.deepEqual(states(next, id), ["done", "started"]);
        if (way === "finish") {
          assert.equal((await next.remedies.finish(account, id, never)).verified, "pass");
          assert.equal(cloud.buckets.get("lost"), "Enabled");
        } else {
          // Nobody knows whether the second step was carried out: it is taken back as well.
          assert.deepEqual(
            [(await next.remedies.undo(account, id, false, never)).state, cloud.buckets.get("lost")],
            ["undone", "Disabled"],
          );
        }
        assert.deepEqual(next.remedies.interrupted(account), []);
      }
    });
  }

  it("wait for what the cloud does in its own time, and say when it never ends", async () => {
    const cloud = fakeCloud();
    const call = { action: "s3:GetBucketVersioning", region: "us-east-1", request: { bucket: "lost" } };
    withSteps(cloud, { settled: { call, path: "status", values: ["Enabled"], failed: ["Broken"] } });
    const live = await fixable(cloud);
    let asked = 0;
    cloud.onCall = (of) => {
      if (of.startsWith("s3:GetBucketVersioning")) asked++;
    };
    assert.equal((await live.remedies.apply((await previewOf(live)).id, "none", never)).verified, "pass");
    assert.ok(asked >= 3);

    cloud.buckets.set("lost", undefined);
    withSteps(cloud, { settled: { call, path: "status", values: ["Never"] } });
    const stuck = await live.remedies.apply((await previewOf(live)).id, "none", never);
    assert.equal(stuck.state, "failed");
    assert.match(stuck.why ?? "", /After 15 minutes s3:GetBucketVersioning still says "Enabled"/);
    assert.deepEqual(states(live, stuck.id), ["done", "done"]);
    // All steps are done: looking again is all there is to do.
    assert.equal((await live.remedies.finish(live.account(key), stuck.id, never)).verified, "pass");
  });

  it("say when the item still fails afterwards", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const { id } = await previewOf(live);
    cloud.onCall = (call) => {
      // Something else in the account puts it back at once.
      if (call.startsWith("s3:GetBucketVersioning") && changes(cloud).length === 2) cloud.buckets.set("lost", "Suspended");
    };
    const applied = await live.remedies.apply(id, "none", never);
    assert.deepEqual([applied.state, applied.verified], ["applied", "fail"]);
  });

  it("do not overwrite in silence what was changed after them", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const { id } = await live.remedies.apply((await previewOf(live)).id, "none", never);
    cloud.buckets.set("lost", "Suspended");
    const account = live.account(key);
    assert.equal((await live.remedies.undoPreview(account, id, never)).changedSince, true);
    await assert.rejects(live.remedies.undo(account, id, false, never), /was changed since the remedy/);
    assert.equal((await live.remedies.undo(account, id, true, never)).state, "undone");
    assert.equal(cloud.buckets.get("lost"), "Disabled");
  });

  it("say that an instance is gone when they are taken back", async () => {
    const cloud = fakeCloud();
    const live = await fixable(cloud);
    const { id } = await live.remedies.apply((await previewOf(live)).id, "none", never);
    cloud.buckets.delete("lost");
    const undone = await live.remedies.undo(live.account(key), id, true, never);
    assert.equal(undone.state, "undone");
    assert.match(undone.why ?? "", /not there any more/);
  });

  it("are one at a time for an instance, over all processes", async () => {
    const cloud = fakeCloud();
    const database = new Database(":memory:");
    const live = await fixable(cloud, { database });
    const { id, instance } = await previewOf(live);
    database.run("INSERT INTO lease VALUES (?, 'another window', '2026-06-15T11:59:50.000Z')", `${key} ${instance}`);
    await assert.rejects(live.remedies.apply(id, "none", never), /being changed by another window/);
    database.run("DELETE FROM lease");
    assert.equal((await live.remedies.apply(id, "none", never)).state, "applied");
  });

  it("need what is created by its answer, also where a crash lost the answer", async () => {
    const cloud = fakeCloud();
    const call = (action: string, request: Step["call"]["request"]) => ({
      action,
      region: "us-east-1",
      request: { bucket: "lost", ...request },
    });
    cloud.remedies = {
      byCheck: new Map<string, Remedy>([
        [
          item,
          ({ resource }) => ({
            steps: [
              {
                title: "Turn on versioning",
                call: call(put, { status: "Enabled" }),
                undo: [call(put, { status: "Disabled", of: { response: "status" } })],
                find: { call: call("s3:GetBucketVersioning", {}), paths: { status: "status" } },
              },
            ],
            expected: [
              {
                type: "aws_s3_bucket_versioning",
                id: resource.id,
                attributes: { versioning_configuration: { status: "Enabled" } },
              },
            ],
          }),
        ],
      ]),
    };
    const live = await fixable(cloud);
    const { id } = await live.remedies.apply((await previewOf(live)).id, "none", never);
    assert.deepEqual(live.remedies.journal.get(id)?.steps[0]?.answer, { status: "Enabled" });
    const account = live.account(key);
    assert.deepEqual((await live.remedies.undoPreview(account, id, never)).calls[0]?.request["of"], "Enabled");
    live.remedies.journal.setStep(id, 0, "started");
    live.remedies.journal.setState(id, "applying");
    cloud.calls.length = 0;
    await live.remedies.finish(account, id, never);
    assert.deepEqual(changes(cloud), [], "what was carried out is not created twice");
  });
});
