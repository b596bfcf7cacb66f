import assert from "node:assert/strict";
import { actionsOf, collect, uncollected, type CollectedPart, type Collecting, type Needs } from "../../src/live/collect.ts";
import type { Collector, Found } from "../../src/live/collector.ts";
import { CallFailure, type FailureKind } from "../../src/live/failure.ts";

/** An account of buckets by region; calls are written down. */
interface Session {
  readonly calls: string[];
  readonly fails: ReadonlyMap<string, FailureKind>;
}

const call = (session: Session, action: string, of: string): void => {
  session.calls.push(`${action} ${of}`);
  const kind = session.fails.get(`${action} ${of}`);
  if (kind !== undefined) throw new CallFailure({ kind, action, code: kind, message: kind });
};

const found = (type: string, id: string): Found => ({ type, id, attributes: { id } });

const buckets: Collector<Session> = {
  types: ["bucket"],
  scope: "region",
  actions: ["s3:List"],
  list: (session, region) => {
    call(session, "s3:List", region);
    return Promise.resolve([found("bucket", `${region}-a`), found("bucket", `${region}-b`), found("bucket", `${region}-a`)]);
  },
  details: [
    {
      of: "bucket",
      actions: ["s3:GetPolicy"],
      gives: ["policy"],
      read: (session, { id }) => {
        call(session, "s3:GetPolicy", id);
        return Promise.resolve({ attributes: { owner: { policy: true } }, satellites: [found("policy", id)] });
      },
    },
    {
      of: "bucket",
      actions: ["s3:GetOwner"],
      readAll: (session, all) => {
        call(session, "s3:GetOwner", String(all.length));
        return Promise.resolve(new Map(all.map(({ id }) => [id, { attributes: { owner: { name: id } } }])));
      },
    },
  ],
};

const users: Collector<Session> = {
  types: ["user"],
  scope: "account",
  actions: ["iam:List"],
  list: (session, region) => {
    call(session, "iam:List", region);
    return Promise.resolve([found("user", "u")]);
  },
};

function work(needs: Needs, fails: Record<string, FailureKind> = {}): Collecting<Session> {
  return {
    cloud: "aws",
    account: "1",
    session: { calls: [], fails: new Map(Object.entries(fails)) },
    collectors: [buckets, users],
    homeRegion: "home",
    regions: ["east", "west"],
    needs,
    signal: new AbortController().signal,
  };
}

const needs = (types: readonly string[], actions?: readonly string[]): Needs => ({
  types: new Set(types),
  actions: actions === undefined ? undefined : new Set(actions),
});

describe("collecting an account", () => {
  it("calls what is needed and nothing else", async () => {
    const inventory = work(needs(["bucket"]));
    await collect(inventory);
    assert.deepEqual(inventory.session.calls.sort(), ["s3:List east", "s3:List west"]);
    const detailed = work(needs(["bucket", "user"], ["s3:GetOwner"]));
    await collect(detailed);
    assert.deepEqual(detailed.session.calls.sort(), [
      "iam:List home",
      "s3:GetOwner 2",
      "s3:GetOwner 2",
      "s3:List east",
      "s3:List west",
    ]);
  });

  it("gives each thing once, filled up by its details", async () => {
    const { resources } = await collect(work(needs(["bucket"], ["s3:GetPolicy", "s3:GetOwner"])));
    assert.deepEqual(
      resources.map(({ type, id, region }) => `${type} ${id} ${region ?? "-"}`),
      ["bucket east-a east", "policy east-a east", "bucket east-b east", "policy east-b east"]
        .flatMap((each) => [each])
        .concat(["bucket west-a west", "policy west-a west", "bucket west-b west", "policy west-b west"]),
    );
    const [first] = resources;
    assert.ok(first);
    assert.deepEqual(first.attributes, { id: "east-a", owner: { policy: true, name: "east-a" } });
    assert.deepEqual(first.reads, { "s3:GetPolicy": null, "s3:GetOwner": null });
  });

  it("notes a denied list and goes on", async () => {
    const { resources, listings } = await collect(work(needs(["bucket"]), { "s3:List east": "denied" }));
    assert.deepEqual(
      listings.map(({ region, failure }) => [region, failure]),
      [
        ["east", { kind: "denied", detail: "s3:List" }],
        ["west", null],
      ],
    );
    assert.deepEqual(new Set(resources.map(({ region }) => region)), new Set(["west"]));
  });

  it("notes a denied detail on that thing alone, and leaves out what is gone", async () => {
    const { resources, listings } = await collect(
      work(needs(["bucket"], ["s3:GetPolicy"]), { "s3:GetPolicy east-a": "denied", "s3:GetPolicy east-b": "gone" }),
    );
    assert.deepEqual(
      listings.filter(({ gone }) => gone === true).map(({ region }) => region),
      ["east"],
    );
    const east = resources.filter(({ region, type }) => region === "east" && type === "bucket");
    assert.deepEqual(
      east.map(({ id, reads }) => [id, reads]),
      [["east-a", { "s3:GetPolicy": { kind: "denied", detail: "s3:GetPolicy" } }]],
    );
  });

  it("ends when the credentials are refused", async () => {
    await assert.rejects(
      collect(work(needs(["bucket"]), { "s3:List east": "credentials" })),
      (error: CallFailure) => error.kind === "credentials",
    );
  });

  it("does not repeat what an interrupted run has read", async () => {
    const wanted = needs(["bucket", "user"], ["s3:GetOwner"]);
    const first = work(wanted);
    const parts = new Map<string, CollectedPart>();
    const before = await collect({ ...first, progress: (part) => parts.set(part.key, part) });
    parts.delete("bucket west");
    const second = { ...work(wanted), known: parts };
    assert.deepEqual(await collect(second), before);
    assert.deepEqual(second.session.calls, ["s3:List west", "s3:GetOwner 2"]);
  });

  it("names the calls beforehand, and what no collector gives", () => {
    assert.deepEqual(actionsOf([buckets, users], needs(["user"])), ["iam:List"]);
    assert.deepEqual(actionsOf([buckets, users], needs(["policy"], ["s3:GetPolicy"])), ["s3:GetPolicy", "s3:List"]);
    assert.deepEqual(uncollected([buckets, users], needs(["policy", "vpc"])), ["vpc"]);
  });
});
