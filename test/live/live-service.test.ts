import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { PlanAction } from "../../src/core/billing/plan.ts";
import { Database, DatabaseProblem } from "../../src/live/database.ts";
import type { LiveService, ScanRequest } from "../../src/live/live-service.ts";
import { Refusal } from "../../src/live/refusal.ts";
import { fakeCloud, liveService, type FakeCloud } from "./fake-cloud.ts";

const key = "aws:123456789012";
const never = new AbortController().signal;
const versioning = "aws-s3-bucket-versioning";
const encryption = "aws-ebs-volume-encryption";
/** Not free for anybody. */
const paid = "aws-s3-bucket-mfa-delete";

const request = (
  checks: readonly string[] = [versioning, encryption],
  rest: Partial<ScanRequest["selection"]> = {},
): ScanRequest => ({
  account: key,
  selection: { checks, ...rest },
});

async function connected(cloud: FakeCloud, service?: LiveService): Promise<LiveService> {
  const live = service ?? (await liveService(cloud));
  await live.connect({ cloud: "aws", source: "profile:good" }, never);
  live.accounts.authorize(key, (await live.authorization("aws", { selection: {} })).actions);
  return live;
}

const activate: PlanAction = { kind: "activate", termsAccepted: true };
const subscribe = (quota: number): PlanAction => ({ kind: "subscribe", quota, months: 1, termsAccepted: true });

/** `item instance: status` of every pair. */
function pairs(live: LiveService, scan: string): readonly string[] {
  return live.scans.results(scan).map(({ item, instance, status, reason }) => {
    const id = instance.split(" ").at(-1) ?? "";
    return `${item} ${id}: ${status ?? "open"}${reason === undefined ? "" : ` (${reason.kind} ${reason.detail})`}`;
  });
}

async function scanned(live: LiveService, of = request(), signal = never) {
  return live.scan(of, await live.preview(of, never), signal);
}

/** The invariant of 3.14, after whatever happened. */
function balances(live: LiveService, scan: string): void {
  const { estimated, charged, notChecked, vanished, wrong } = live.scans.reconcile(scan);
  assert.deepEqual(wrong, []);
  assert.equal(estimated, charged + notChecked + vanished);
}

describe("live service", () => {
  it("connects an account, says who we are, and forgets it", async () => {
    const live = await connected(fakeCloud());
    const account = live.account("acme");
    assert.equal(account.principal, "arn:aws:iam::123456789012:user/dev");
    assert.deepEqual(account.enabledRegions, ["eu-west-1", "us-east-1"]);
    live.disconnect(key);
    assert.throws(() => live.account(key), /No account is/);
  });

  it("remembers what is left out of an account's scans, and forgets it with the account", async () => {
    const live = await connected(fakeCloud());
    assert.equal(live.account(key).switchedOff, undefined);
    const off = { items: [versioning], services: ["ebs"], regions: ["us-east-1"] };
    live.accounts.saveSwitches(key, off);
    await live.connect({ cloud: "aws", source: "profile:good" }, never);
    assert.deepEqual(live.account(key).switchedOff, off);
    live.disconnect(key);
    await live.connect({ cloud: "aws", source: "profile:good" }, never);
    assert.equal(live.account(key).switchedOff, undefined);
  });

  it("says how many requests a scan will make, and makes as many", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    live.changePlan(key, activate);
    const preview = await live.preview(request(), never);
    const none = { items: new Set<string>(), services: new Set<string>(), regions: new Set<string>() };
    const all = await live.effort(preview, undefined, none);
    cloud.calls.length = 0;
    await live.scan(request(), preview, never);
    // And one that asks who we are.
    assert.equal(cloud.calls.length, all.requests + 1);
    const volumes = await live.effort(preview, undefined, { ...none, items: new Set([versioning]) });
    assert.equal(volumes.requests, 2, "one list in each region");
    const one = await live.effort(preview, undefined, { ...none, items: new Set([versioning]), regions: new Set(["us-east-1"]) });
    assert.equal(one.requests, 1);
  });

  it("refuses half credentials, unknown ones and regions that are not enabled", async () => {
    const live = await liveService(fakeCloud());
    await assert.rejects(live.connect({ cloud: "aws", source: "profile:half" }, never), /no secret key/);
    await assert.rejects(live.connect({ cloud: "aws", source: "profile:none" }, never), /Found: profile:good, profile:half/);
    await assert.rejects(live.connect({ cloud: "aws", source: "profile:good", regions: ["mars-1"] }, never), /mars-1: not enabled/);
  });

  it("calls nothing in an account before the calls were shown and agreed to", async () => {
    const cloud = fakeCloud();
    const live = await liveService(cloud);
    const account = await live.connect({ cloud: "aws", source: "profile:good" }, never);
    cloud.calls.length = 0;
    await assert.rejects(live.preview(request(), never), /You have not agreed to 2 calls/);
    await assert.rejects(live.refreshInventory(account, never), Refusal);
    // What was agreed to for listing is not all that a scan calls.
    live.accounts.authorize(key, ["s3:ListAllMyBuckets", "ec2:DescribeVolumes"]);
    const scan = await scanned(live);
    assert.equal(scan.state, "failed");
    assert.match(scan.why ?? "", /s3:GetBucketVersioning/);
    assert.ok(!cloud.calls.some((call) => call.startsWith("s3:GetBucketVersioning")));
    balances(live, scan.id);
  });

  it("lists again what failed only when it is told to", async () => {
    const cloud = fakeCloud();
    cloud.fails.set("ec2:DescribeVolumes eu-west-1", "denied");
    const live = await connected(cloud);
    await live.preview(request(), never);
    cloud.calls.length = 0;
    assert.equal((await live.preview(request(), never)).unlisted.length, 1);
    assert.deepEqual(cloud.calls, []);
    cloud.fails.clear();
    assert.deepEqual((await live.preview({ ...request(), refresh: true }, never)).unlisted, []);
  });

  it("estimates by pairs, without asking for details", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    cloud.calls.length = 0;
    const { estimate, instances } = await live.preview(request(), never);
    assert.equal(instances, 4);
    assert.equal(estimate.exact, 4);
    assert.equal(estimate.ceiling, 8);
    assert.ok(!cloud.calls.some((call) => call.startsWith("s3:GetBucketVersioning")), cloud.calls.join());
    // Young enough: nothing is listed again.
    cloud.calls.length = 0;
    await live.preview(request(), never);
    assert.deepEqual(cloud.calls, []);
  });

  it("scans, judges and balances", async () => {
    const live = await connected(fakeCloud());
    live.changePlan(key, activate);
    const scan = await scanned(live);
    assert.equal(scan.state, "done");
    assert.deepEqual(pairs(live, scan.id), [
      `${encryption} vol-open: fail`,
      `${encryption} vol-safe: pass`,
      `${versioning} kept: pass`,
      `${versioning} lost: fail`,
    ]);
    balances(live, scan.id);
    const [fail] = live.scans.results(scan.id);
    assert.match(fail?.message ?? "", /encrypted/i);
    assert.deepEqual(fail?.evidence, [{ path: "encrypted", value: "false" }]);
  });

  it("charges paid items only, and free ones never", async () => {
    const live = await connected(fakeCloud());
    live.changePlan(key, activate);
    const scan = await scanned(live, request([versioning, paid]));
    assert.deepEqual(
      live.plans.charges(key).map(({ item, instance, scan: of }) => [of, item, instance.split(" ").at(-1)]),
      [
        [scan.id, paid, "kept"],
        [scan.id, paid, "lost"],
      ],
    );
    const { price } = live.plans.terms(key);
    assert.equal(price.kind, "scan time");
    assert.deepEqual(live.plans.bills(key), [{ day: "2026-06-15", scanTimes: 2, fee: { micros: 40_000n, currency: "USD" } }]);
  });

  it("uses free items alone without a plan, and says so", async () => {
    const live = await connected(fakeCloud());
    const scan = await scanned(live, request([versioning, paid]));
    assert.deepEqual(pairs(live, scan.id), [
      `${paid} kept: notChecked (plan the plan has free check items only)`,
      `${paid} lost: notChecked (plan the plan has free check items only)`,
      `${versioning} kept: pass`,
      `${versioning} lost: fail`,
    ]);
    assert.deepEqual(live.plans.charges(key), []);
    balances(live, scan.id);
  });

  it("says which action was denied, on exactly what it serves", async () => {
    const cloud = fakeCloud();
    cloud.fails.set("s3:GetBucketVersioning lost", "denied");
    const live = await connected(cloud);
    live.changePlan(key, activate);
    const scan = await scanned(live);
    assert.ok(pairs(live, scan.id).includes(`${versioning} lost: notChecked (denied s3:GetBucketVersioning)`));
    assert.ok(pairs(live, scan.id).includes(`${versioning} kept: pass`));
    balances(live, scan.id);
  });

  it("never looks clean where a list was denied", async () => {
    const cloud = fakeCloud();
    cloud.fails.set("ec2:DescribeVolumes eu-west-1", "denied");
    const live = await connected(cloud);
    const preview = await live.preview(request([encryption]), never);
    assert.deepEqual(preview.unlisted, [
      { item: encryption, region: "eu-west-1", reason: { kind: "denied", detail: "ec2:DescribeVolumes" } },
    ]);
    const scan = await live.scan(request([encryption]), preview, never);
    assert.deepEqual(live.scans.unlisted(scan.id), preview.unlisted);
  });

  it("tells what vanished since the estimate from what could not be listed any more", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    live.changePlan(key, activate);
    const preview = await live.preview(request(), never);
    cloud.buckets.delete("lost");
    cloud.fails.set("ec2:DescribeVolumes us-east-1", "throttled");
    // New since: not approved, so not scanned.
    cloud.buckets.set("new", undefined);
    const scan = await live.scan(request(), preview, never);
    assert.deepEqual(pairs(live, scan.id), [
      `${encryption} vol-open: fail`,
      `${encryption} vol-safe: notChecked (throttled ec2:DescribeVolumes)`,
      `${versioning} kept: pass`,
      `${versioning} lost: vanished`,
    ]);
    balances(live, scan.id);
  });

  it("covers whole items by a short quota, and counts what it used", async () => {
    const cloud = fakeCloud();
    for (let index = 0; index < 1200; index++) cloud.buckets.set(`bucket-${index}`, undefined);
    const live = await connected(cloud);
    live.changePlan(key, subscribe(2000));
    const of = request([versioning, paid]);
    const preview = await live.preview(of, never);
    assert.deepEqual(preview.estimate.quota, { before: 2000, after: 2000 - preview.estimate.billable });
    const first = await live.scan(of, preview, never);
    balances(live, first.id);
    const { plan } = live.plans.terms(key);
    assert.equal(plan.kind === "subscription" ? plan.used : -1, live.plans.charges(key).length);
    // 1,202 of 2,000 are used: the rest does not cover the item once more, and it is left out whole.
    const second = await scanned(live, request([paid]));
    assert.ok(live.scans.results(second.id).every(({ status, reason }) => status === "notChecked" && reason?.kind === "quota"));
    assert.equal(live.plans.charges(key).filter(({ scan }) => scan === second.id).length, 0);
    balances(live, second.id);
  });

  it("refuses a scan that would cost more than what was approved", async () => {
    const live = await connected(fakeCloud());
    const of = request([versioning, paid]);
    const preview = await live.preview(of, never);
    live.changePlan(key, activate);
    await assert.rejects(live.scan(of, preview, never), Refusal);
    assert.deepEqual(live.scans.of(key), []);
  });

  it("ends as cancelled, with the rest not checked and not charged", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    live.changePlan(key, activate);
    const preview = await live.preview(request(), never);
    const stop = new AbortController();
    cloud.onCall = (call) => {
      if (call.startsWith("s3:GetBucketVersioning")) stop.abort();
    };
    const scan = await live.scan(request(), preview, stop.signal);
    assert.equal(scan.state, "cancelled");
    assert.ok(live.scans.results(scan.id).every(({ status }) => status === "notChecked"));
    assert.deepEqual(live.plans.charges(key), []);
    balances(live, scan.id);
  });

  for (const [when, phase, done] of [
    ["while it read", "reading", 1],
    ["after a part of the results was written", "judging", 1],
    ["before it could end", "judging", 3],
  ] as const) {
    it(`resumes a scan that was killed ${when}, asking and charging nothing twice`, async () => {
      const cloud = fakeCloud();
      const database = new Database(":memory:");
      const first = await connected(cloud, await liveService(cloud, { database }));
      first.changePlan(key, activate);
      const of = request([versioning, encryption, paid]);
      const preview = await first.preview(of, never);
      // What a kill leaves: the scan runs, and nobody holds on to it.
      const killed = first.scan(of, preview, never, (at) => {
        if (at.phase === phase && at.done === done) throw new Error("killed");
      });
      await assert.rejects(killed, /killed/);
      const second = await liveService(cloud, { database, holder: "second" });
      const [open] = second.interrupted(key);
      assert.ok(open);
      const before = second.plans.charges(key);
      const listed = cloud.calls.filter((call) => call.startsWith("ec2:DescribeVolumes")).length;
      const scan = await second.resume(open.id, of, never);
      assert.equal(scan.state, "done");
      balances(second, scan.id);
      assert.deepEqual(pairs(second, scan.id), [
        `${encryption} vol-open: fail`,
        `${encryption} vol-safe: pass`,
        `${paid} kept: fail`,
        `${paid} lost: notApplicable`,
        `${versioning} kept: pass`,
        `${versioning} lost: fail`,
      ]);
      assert.equal(second.plans.charges(key).length, 4);
      for (const charge of before) assert.ok(second.plans.charges(key).some((each) => each.at === charge.at));
      // All was read before results were written.
      if (phase === "judging") {
        const again = cloud.calls.filter((call) => call.startsWith("ec2:DescribeVolumes")).length;
        assert.equal(again, listed);
      }
      await assert.rejects(second.resume(scan.id, of, never), /has ended/);
    });
  }

  for (const written of [
    '{"kind":"subscr',
    '{"kind":"subscription","start":"2026-06-15T12:00:00.000Z","end":"2026-07-15T12:00:00.000Z","quota":-5,"used":0,"suspended":false}',
    '{"kind":"subscription","start":"tomorrow","end":"2026-07-15T12:00:00.000Z","quota":1000,"used":0,"suspended":false}',
    '{"kind":"unlimited"}',
    "null",
  ])
    it(`says that a plan was edited or cut short, scans nothing by it, and makes it anew: ${written.slice(0, 60)}`, async () => {
      const cloud = fakeCloud();
      const database = new Database(":memory:");
      const live = await connected(cloud, await liveService(cloud, { database }));
      live.changePlan(key, { kind: "subscribe", quota: 1000, months: 1, termsAccepted: true });
      const of = request([versioning, encryption, paid]);
      const preview = await live.preview(of, never);
      await live.scan(of, preview, never);
      database.run("UPDATE plan SET plan = ? WHERE account = ?", written, key);
      await assert.rejects(live.preview(of, never), /was edited or cut short.*`plumbline plan repair --account aws:123456789012`/);
      await assert.rejects(live.scan(of, preview, never), /was edited or cut short/);
      assert.equal(live.plans.charges(key).length, 4);
      live.plans.repair(key);
      const { plan, allowance } = live.plans.terms(key);
      assert.equal(plan.kind === "subscription" && plan.used, 4);
      assert.equal(allowance.kind === "quota" && allowance.remaining, 996);
      await live.scan(of, await live.preview(of, never), never);
      assert.equal(live.plans.charges(key).length, 8);
    });

  it("loses and doubles nothing when the clock is set back in the middle", async () => {
    const cloud = fakeCloud();
    const database = new Database(":memory:");
    let now = "2026-06-15T12:00:00.000Z";
    const live = await connected(cloud, await liveService(cloud, { database, now: () => now }));
    live.changePlan(key, { kind: "subscribe", quota: 1000, months: 1, termsAccepted: true });
    const of = request([versioning, encryption, paid]);
    const preview = await live.preview(of, never);
    const scan = await live.scan(of, preview, never, ({ phase }) => {
      if (phase === "judging") now = "2026-06-10T12:00:00.000Z";
    });
    assert.equal(scan.state, "done");
    balances(live, scan.id);
    const charged = live.plans.charges(key).length;
    assert.equal(charged, 4);
    // Time does not run backwards for the plan: what was used stays used, and nothing is given twice.
    for (const later of ["2026-06-10T12:00:00.000Z", "2026-06-16T12:00:00.000Z"]) {
      now = later;
      const { allowance } = live.plans.terms(key);
      assert.equal(allowance.kind === "quota" && allowance.remaining, 996);
    }
    assert.equal(live.plans.charges(key).length, charged);
  });

  it("charges what was approved when the subscription expires in the middle, and nothing afterwards", async () => {
    const cloud = fakeCloud();
    const database = new Database(":memory:");
    let now = "2026-06-15T12:00:00.000Z";
    const live = await connected(cloud, await liveService(cloud, { database, now: () => now }));
    live.changePlan(key, { kind: "subscribe", quota: 1000, months: 1, termsAccepted: true });
    now = "2026-07-15T11:59:00.000Z";
    const of = request([versioning, encryption, paid]);
    const approved = await live.preview(of, never);
    const scan = await live.scan(of, approved, never, ({ phase }) => {
      if (phase === "reading") now = "2026-07-15T12:30:00.000Z";
    });
    assert.equal(scan.state, "done");
    balances(live, scan.id);
    assert.equal(live.plans.charges(key).length, 4);
    const { allowance, plan } = live.plans.terms(key);
    assert.equal(allowance.kind === "free only" && allowance.reason, "expired");
    assert.equal(plan.kind === "subscription" && plan.used, 4);
    // What was approved before it expired and begins only now costs nothing, and is named as not checked.
    const late = await live.scan(of, approved, never);
    balances(live, late.id);
    assert.equal(live.plans.charges(key).length, 4);
    assert.ok(live.scans.results(late.id).some(({ reason }) => reason?.kind === "plan"));
  });

  it("lets one process scan an account at a time", async () => {
    const cloud = fakeCloud();
    const database = new Database(":memory:");
    const live = await connected(cloud, await liveService(cloud, { database }));
    const other = await liveService(cloud, { database, holder: "another window" });
    const preview = await live.preview(request(), never);
    database.run("INSERT INTO lease VALUES (?, 'another window', '2026-06-15T11:59:50.000Z')", key);
    await assert.rejects(live.scan(request(), preview, never), /being scanned by another window/);
    // A holder that has been silent for long is gone.
    database.run("UPDATE lease SET heartbeat = '2026-06-15T11:00:00.000Z'");
    assert.equal((await live.scan(request(), preview, never)).state, "done");
    assert.equal((await other.scan(request(), await other.preview(request(), never), never)).state, "done");
  });

  it("suppresses what is white-listed while it lasts, and counts it", async () => {
    const live = await connected(fakeCloud());
    live.changePlan(key, activate);
    assert.match(live.exceptions.add(key, { item: encryption, instance: "*", reason: " ", until: undefined }) ?? "", /reason/);
    assert.match(live.exceptions.add(key, { item: "*", instance: "*", reason: "x", until: undefined }) ?? "", /not both/);
    assert.match(live.exceptions.add(key, { item: "a", instance: "*", reason: "x", until: "2026-02-31" }) ?? "", /no date/);
    assert.equal(live.exceptions.add(key, { item: encryption, instance: "*", reason: "lab", until: "2026-07-01" }), undefined);
    assert.equal(live.exceptions.add(key, { item: versioning, instance: "*", reason: "old", until: "2026-06-14" }), undefined);
    const scan = await scanned(live);
    const of = (item: string, id = scan.id) => live.scans.results(id).filter((each) => each.item === item);
    assert.deepEqual(
      of(encryption).map(({ status, outcome }) => [status, outcome]),
      [
        ["suppressed", "fail"],
        ["suppressed", "pass"],
      ],
    );
    assert.ok(of(versioning).every(({ status }) => status !== "suppressed"));
    balances(live, scan.id);
    // The day that is named is the last on which it holds.
    assert.equal(live.exceptions.add(key, { item: versioning, instance: "*", reason: "old", until: "2026-06-15" }), undefined);
    const last = await scanned(live);
    assert.ok(of(versioning, last.id).every(({ status }) => status === "suppressed"));
  });

  it("looks only where it is told to", async () => {
    const live = await connected(fakeCloud());
    const ids = async (rest: Partial<ScanRequest["selection"]>) => {
      const { estimate } = await live.preview(request(undefined, rest), never);
      return estimate.items.flatMap(({ item }) => item.instances.map((each) => each.split(" ").at(-1))).sort();
    };
    assert.deepEqual(await ids({ regions: ["eu-west-1"] }), ["vol-open"]);
    assert.deepEqual(await ids({ tags: { team: "a" } }), ["kept"]);
    assert.deepEqual(await ids({ services: ["s3"] }), ["kept", "lost"]);
  });

  it("reads nothing when the credentials have come to belong to another account", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    cloud.account = "999999999999";
    cloud.calls.length = 0;
    await assert.rejects(live.preview(request(), never), /now belongs to account 999999999999/);
    assert.deepEqual(cloud.calls, ["sts:GetCallerIdentity -"]);
  });

  it("fails with the cloud's words when the credentials expire, and charges nothing", async () => {
    const cloud = fakeCloud();
    const live = await connected(cloud);
    live.changePlan(key, activate);
    const preview = await live.preview(request(), never);
    cloud.fails.set("s3:ListAllMyBuckets", "credentials");
    const scan = await live.scan(request(), preview, never);
    assert.equal(scan.state, "failed");
    assert.match(scan.why ?? "", /credentials by the cloud/);
    assert.deepEqual(live.plans.charges(key), []);
    balances(live, scan.id);
  });

  it("takes items, risks and parameters from plumbline.yaml", async () => {
    const live = await connected(fakeCloud());
    const configuration = { folder: "/w", file: "/w/plumbline.yaml", text: `checks:\n  exclude: [${versioning}]\n` };
    const { estimate } = await live.preview({ ...request(), configuration }, never);
    assert.deepEqual(
      estimate.items.map(({ item }) => item.id),
      [encryption],
    );
  });

  it("says what it calls and the policy for it", async () => {
    const live = await liveService(fakeCloud());
    const { actions, policy } = await live.authorization("aws", request([versioning]));
    assert.deepEqual(actions, ["s3:GetBucketVersioning", "s3:ListAllMyBuckets", "sts:GetCallerIdentity"]);
    assert.match(policy, /GetBucketVersioning/);
  });
});

describe("the database", () => {
  it("keeps charges for ever", async () => {
    const database = new Database(":memory:");
    database.run("INSERT INTO charge VALUES ('s', 'i', 'x', 'a', '2026-06-15')");
    assert.throws(() => database.run("DELETE FROM charge"), /append-only/);
    assert.throws(() => database.run("UPDATE charge SET at = '2027'"), /append-only/);
    assert.throws(() => database.run("INSERT INTO charge VALUES ('s', 'i', 'x', 'a', '2026-06-15')"), /UNIQUE/);
    await Promise.resolve();
  });

  it("says what is wrong with a file that it can't use", () => {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-live-"));
    try {
      const broken = join(folder, "broken.db");
      writeFileSync(broken, "this is no database, and long enough to be looked at as one ".repeat(100));
      assert.throws(
        () => new Database(broken),
        (error: Error) => error instanceof DatabaseProblem && /damaged or no database/.test(error.message),
      );
      const newer = join(folder, "newer.db");
      const sql = new DatabaseSync(newer);
      sql.exec("PRAGMA user_version = 99");
      sql.close();
      assert.throws(() => new Database(newer), /newer Plumbline/);
      assert.throws(() => new Database(join(newer, "below-a-file.db")), DatabaseProblem);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("holds no key and no token", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-live-"));
    try {
      const file = join(folder, "live.db");
      const live = await liveService(fakeCloud(), { database: new Database(file) });
      const keys = {
        id: "AKIAABCDEFGHIJKLMNOP",
        secret: "wJalrXUtnFEMIbPxRfiCYzzzzzzzzzzzzzzzzzzz",
        token: "FwoGZXIvYXdzEXAMPLETOKEN",
      };
      await live.connect({ cloud: "aws", source: "kept", keys }, never);
      live.accounts.authorize(key, (await live.authorization("aws", { selection: {} })).actions);
      await scanned(live);
      const bytes = readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), "latin1"))
        .join("");
      for (const secret of Object.values(keys)) assert.ok(!bytes.includes(secret));
      assert.ok(bytes.includes("123456789012"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
