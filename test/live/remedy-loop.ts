import assert from "node:assert/strict";
import type { Cloud } from "../../src/core/instances/model.ts";
import type { Json } from "../../src/core/snapshots/model.ts";
import { Database } from "../../src/live/database.ts";
import { LiveService } from "../../src/live/live-service.ts";
import type { RemedyPreview } from "../../src/live/remedy-service.ts";
import type { RemedyRecord } from "../../src/live/remedy-journal.ts";
import type { CloudAccess, KeptKeys } from "../../src/live/session.ts";
import { testCatalogue } from "./fake-cloud.ts";

/* The life of a remedy on a cloud that answers: fail, preview, apply, pass, undo, fail, and the instance is as it was. */

const never = new AbortController().signal;

export interface LoopAccount {
  readonly live: LiveService;
  readonly key: string;
}

/** Connects to an account at an address of ours, with keys that may read and change it. */
export async function loopAccount(
  cloud: Cloud,
  access: CloudAccess<unknown>,
  keys: KeptKeys,
  endpoint: string,
  { regions, now }: { readonly regions?: readonly string[]; readonly now?: () => string } = {},
): Promise<LoopAccount> {
  const live = new LiveService({
    database: new Database(":memory:"),
    catalogue: await testCatalogue(),
    clouds: { [cloud]: () => Promise.resolve(access) },
    samples: {},
    environment: {},
    now: now ?? (() => new Date().toISOString()),
    holder: "test",
    person: "tester",
    sleep: () => Promise.resolve(),
  });
  const { key } = await live.connect(
    { cloud, source: "kept", keys, endpoint, ...(regions === undefined ? {} : { regions }) },
    never,
  );
  live.accounts.authorize(key, (await live.authorization(cloud, { selection: {} })).actions);
  await live.allowFixing(key, { source: "kept", keys }, never);
  return { live, key };
}

export interface LoopOptions {
  readonly parameters?: Readonly<Record<string, Json>>;
  /** What the item says once the remedy is undone; `fail` unless undoing can't bring it back. */
  readonly undone?: string;
  /** Undoing leaves something different, as the preview says. */
  readonly differs?: boolean;
}

export interface Looped {
  readonly preview: RemedyPreview;
  readonly applied: RemedyRecord;
  readonly undone: RemedyRecord;
}

/** Throws where any of it is not so. Every call that was made has its permission in the item's `fix.live`. */
export async function loop(
  { live, key }: LoopAccount,
  item: string,
  instance: string,
  { parameters = {}, undone: outcome = "fail", differs = false }: LoopOptions = {},
): Promise<Looped> {
  const account = live.account(key);
  const { remedies } = live;
  const preview = await remedies.preview(account, { item, instance, parameters }, never);
  assert.equal(preview.expected, "pass", `${item}: what is expected does not pass: ${preview.after}`);
  assert.notEqual(preview.before, preview.after, `${item}: the preview shows no change`);
  const declared = new Set(preview.fix.permissions);
  for (const { call, undo, find, settled, undone } of preview.steps) {
    for (const { action } of [call, ...undo]) assert.ok(declared.has(action), `${item}: ${action} is not in its permissions`);
    const reads = new Set((await live.fixAuthorization(account.cloud, { selection: { checks: [item] } })).actions);
    for (const asked of [find?.call, settled?.call, undone?.call])
      if (asked !== undefined) assert.ok(reads.has(asked.action), `${item}: ${asked.action} is not in its permissions`);
  }
  const isLost = preview.steps.some(({ undo, lost }) => undo.length === 0 || lost !== undefined);
  assert.ok(preview.fix.restores !== "exact" || !isLost, `${item}: restores exactly, and the steps say otherwise`);
  const applied = await remedies.apply(preview.id, preview.fix.risk, never);
  assert.deepEqual([applied.state, applied.why, applied.verified], ["applied", undefined, "pass"], item);
  const back = await remedies.undoPreview(account, applied.id, never);
  assert.equal(back.changedSince, false, `${item}: ${back.now} is not ${applied.leftAs ?? ""}`);
  const undone = await remedies.undo(account, applied.id, false, never);
  assert.deepEqual([undone.state, undone.verified], ["undone", outcome], `${item}: ${undone.why ?? ""}`);
  assert.equal(/Not everything/.test(undone.why ?? ""), differs, `${item}: ${undone.why ?? "all is as it was"}`);
  return { preview, applied, undone };
}
