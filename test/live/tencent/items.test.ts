import assert from "node:assert/strict";
import type { AccountData, LiveResource } from "../../../src/core/accounts/model.ts";
import type { Outcome } from "../../../src/core/checks/model.ts";
import { isJsonObject, type Json } from "../../../src/core/snapshots/model.ts";
import type { BlockSchema } from "../../../src/core/terraform/schema.ts";
import { actionsOf } from "../../../src/live/collect.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/tencent/account.ts";
import type { DoubleOptions, StateAnswer, TencentState } from "../../../src/live/sample/tencent/double.ts";
import { operations, versions } from "../../../src/live/sample/tencent/operations.ts";
import { tencent } from "../../../src/live/tencent/access.ts";
import { bundled } from "../../harness/check-world.ts";
import { judge, liveItems, needsOf, read } from "./engine.ts";
import { expected, other, type Expected } from "./expected.ts";
import { bare, careful, seeds, singletons } from "./seeds.ts";
import { closeAll, connect, strangers, type Connected } from "./support.ts";

const keys = { secretId: sampleKeys.id, secretKey: sampleKeys.secret, token: undefined };
const now = Date.now();
const today = new Date(now).toISOString();

function withSample(first: readonly StateAnswer[], more: readonly StateAnswer[]): TencentState {
  const sample = sampleAccount(now);
  return { ...sample, answers: [...first, ...sample.answers, ...more] };
}

const whole = withSample(singletons, seeds);
const turned = withSample([...careful, ...bare], seeds);

async function readAll(
  state: TencentState,
  options: DoubleOptions = {},
): Promise<{ readonly data: AccountData; readonly connected: Connected }> {
  const connected = await connect(state, { ...options, keys });
  return { data: await read(connected.session, await liveItems()), connected };
}

function table(outcomes: ReadonlyMap<string, Outcome>): Expected {
  const of = (kind: Outcome["kind"]): string =>
    [...outcomes]
      .filter(([, outcome]) => outcome.kind === kind)
      .map(([id]) => id.replace(/-1250000000$/, ""))
      .join(" ");
  return [of("pass"), of("fail"), of("notApplicable"), of("unknown")];
}

const filled = ([pass, fail, notApplicable = "", open = ""]: Expected): Expected => [pass, fail, notApplicable, open];

/** Outcomes of all items, by item and instance. */
async function everything(data: AccountData): Promise<ReadonlyMap<string, Outcome>> {
  const all = new Map<string, Outcome>();
  for (const item of await liveItems()) {
    for (const [id, outcome] of await judge(item, data, today)) all.set(`${item.id} ${id}`, outcome);
  }
  return all;
}

describe("check items on a Tencent Cloud account", () => {
  let data: AccountData;
  let connected: Connected;

  before(async () => {
    ({ data, connected } = await readAll(whole));
  });
  after(closeAll);

  it("say of every thing what is right and what is wrong with it", async () => {
    const found = new Map<string, Expected>();
    for (const item of await liveItems()) found.set(item.id.replace(/^tencent-/, ""), table(await judge(item, data, today)));
    assert.deepEqual([...found.keys()].sort(), Object.keys(expected).sort());
    for (const [id, its] of Object.entries(expected)) assert.deepEqual(found.get(id), filled(its), id);
  });

  it("say the opposite where an account is set up the other way", async () => {
    const { data: reverse } = await readAll(turned);
    for (const item of await liveItems()) {
      const its = other[item.id.replace(/^tencent-/, "")];
      if (its !== undefined) assert.deepEqual(table(await judge(item, reverse, today)), filled(its), item.id);
    }
  });

  it("each have a thing that passes and one that fails", async () => {
    const without = (await liveItems())
      .map((item) => item.id.replace(/^tencent-/, ""))
      .filter((id) => {
        const all = [expected[id], other[id]].filter((its) => its !== undefined);
        return !all.some(([pass]) => pass !== "") || !all.some(([, fail]) => fail !== "");
      });
    // A cluster without a public endpoint has nothing to be guarded, and one with a guarded endpoint is in a test of its own.
    assert.deepEqual(without, ["tke-endpoint-security-group"]);
  });

  it("are answered without a call that fails", () => {
    assert.deepEqual(
      data.listings.filter(({ failure }) => failure !== null),
      [],
    );
    const failed = data.resources.flatMap(({ type, id, reads }) =>
      Object.entries(reads).flatMap(([action, reason]) => (reason === null ? [] : [`${type} ${id} ${action} ${reason.detail}`])),
    );
    assert.deepEqual(failed, []);
  });

  it("ask nothing that the API does not know, and nothing twice", () => {
    const calls = connected.double.seen.filter(({ action }) => !action.startsWith("cos:"));
    const unknown = calls.flatMap(({ action, parameters }) => {
      const [product = "", name = ""] = action.split(":");
      return strangers(product, versions[product] ?? "", `${name}Request`, parameters);
    });
    assert.deepEqual([...new Set(unknown)], []);
    const asked = connected.double.seen.map((seen) => JSON.stringify(seen));
    const twice = asked.filter((call, index) => asked.indexOf(call) !== index);
    // What describes disks and launch configurations is asked for their own sake as well.
    assert.deepEqual(twice, []);
  });

  it("call what their permissions name, and only that", async () => {
    const collectors = await tencent.collectors();
    const actions = actionsOf(collectors, await needsOf(await liveItems()));
    const called = new Set(connected.double.seen.map(({ action }) => action));
    assert.deepEqual([...called].filter((action) => !actions.includes(action)).sort(), []);
    // Load balancers of the first generation and ACLs of five parts have a test of their own.
    const elsewhere = ["clb:DescribeClassicalLBListeners", "vpc:DescribeNetworkAclQuintupleEntries"];
    assert.deepEqual(actions.filter((action) => !called.has(action)).sort(), elsewhere);
  });
});

describe("what is read of a Tencent Cloud account", () => {
  let data: AccountData;

  before(async () => {
    ({ data } = await readAll(whole));
  });
  after(closeAll);

  it("has the provider's names and nesting", async () => {
    const { types } = await bundled();
    const odd = data.resources.flatMap((resource): readonly string[] => {
      const type = types.get(resource.type);
      if (type === undefined) return [`${resource.type}: no such type`];
      const own = Object.entries(resource.attributes).filter(([name]) => !type.attributes.has(name));
      return misplaced(resource, Object.fromEntries(own), type.schema, resource.type);
    });
    assert.deepEqual([...new Set(odd)], []);
    assert.ok(new Set(data.resources.map(({ type }) => type)).size >= 95);
  });

  it("has an id of its own, under which others refer to it", () => {
    const seen = data.resources.map(({ type, region, id }) => `${type} ${region ?? ""} ${id}`);
    const twice = seen.filter((one, index) => seen.indexOf(one) !== index);
    // Membership is told by both sides.
    assert.deepEqual(twice, []);
    for (const { type, id, attributes } of data.resources)
      if (type !== "tencentcloud_account") assert.equal(attributes["id"], id, type);
  });

  it("holds no pre-shared key", () => {
    assert.doesNotMatch(JSON.stringify(data), /a key that must not be read/);
  });
});

function misplaced(resource: LiveResource, json: Json, schema: BlockSchema, path: string): readonly string[] {
  if (!isJsonObject(json)) return [];
  return Object.entries(json).flatMap(([name, value]): readonly string[] => {
    if (schema.attributes.has(name)) return [];
    const nested = schema.blocks.get(name);
    if (nested === undefined) return [`${path}.${name}`];
    const inner: readonly Json[] = Array.isArray(value) ? value : [value];
    return inner.flatMap((one) => misplaced(resource, one, nested, `${path}.${name}`));
  });
}

describe("an account that does not answer everything", () => {
  after(closeAll);

  /** Where an outcome is not what it is with all answers, nobody may take it for good. */
  async function compare(before: ReadonlyMap<string, Outcome>, data: AccountData): Promise<void> {
    const wrong = [...(await everything(data))].filter(
      ([key, outcome]) => outcome.kind === "pass" && before.get(key)?.kind !== "pass",
    );
    assert.deepEqual(
      wrong.map(([key]) => key),
      [],
    );
  }

  it("passes nothing for a call that was denied, and names the call", async () => {
    const before = await everything((await readAll(whole)).data);
    const all = Object.keys(operations).filter((action) => !action.startsWith("sts:"));
    for (const third of [0, 1, 2]) {
      const denied = new Set(all.filter((_, index) => index % 3 === third));
      const { data } = await readAll(whole, {
        fault: ({ action }) => (denied.has(action) ? { kind: "error", code: "UnauthorizedOperation.CamNoAuth" } : undefined),
      });
      await compare(before, data);
      const reasons = data.listings.flatMap(({ failure }) => (failure === null ? [] : [failure]));
      assert.ok(reasons.length > 5);
      for (const reason of reasons) assert.ok(reason.kind === "denied" && denied.has(reason.detail), JSON.stringify(reason));
    }
  });

  it("passes nothing for a field that is missing from an answer", async () => {
    const before = await everything((await readAll(whole)).data);
    for (let round = 1; round <= 3; round++) {
      const random = generator(round);
      const answers = whole.answers.map((one) => {
        const list = operations[one.action]?.list?.split(".") ?? [];
        return { ...one, answer: thinned(one.answer, random, list) as StateAnswer["answer"] };
      });
      await compare(before, (await readAll({ ...whole, answers })).data);
    }
  });
});

/** The same in every run. */
function generator(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** An answer of which some fields are left out. The double makes a list that is missing, so that of the answer stays. */
function thinned(json: Json, random: () => number, list: readonly string[]): Json {
  if (Array.isArray(json)) return (json as readonly Json[]).map((one) => thinned(one, random, list));
  if (!isJsonObject(json)) return json;
  const kept = Object.entries(json).filter(([name]) => name === list[0] || random() > 0.12);
  return Object.fromEntries(kept.map(([name, value]) => [name, thinned(value, random, name === list[0] ? list.slice(1) : [])]));
}

describe("the sample account of Tencent Cloud", () => {
  after(closeAll);

  it("answers as the API does", () => {
    const states = [whole, turned];
    const odd = states.flatMap(({ answers }) =>
      answers.flatMap(({ action, answer }) => {
        const [product = "", name = ""] = action.split(":");
        // A refusal looks the same everywhere.
        if (answer["Error"] !== undefined) return [];
        return strangers(product, versions[product] ?? "", `${name}Response`, answer);
      }),
    );
    assert.deepEqual([...new Set(odd)], []);
    assert.deepEqual(
      states.flatMap(({ answers }) => answers.filter(({ action }) => operations[action] === undefined).map(({ action }) => action)),
      [],
    );
  });

  it("shows right and wrong things for at least forty items", async () => {
    const { data } = await readAll(sampleAccount(now));
    let both = 0;
    const open: string[] = [];
    for (const item of await liveItems()) {
      const outcomes = await judge(item, data, today);
      const kinds = new Set([...outcomes.values()].map(({ kind }) => kind));
      if (kinds.has("pass") && kinds.has("fail")) both++;
      for (const [id, { kind }] of outcomes) if (kind === "unknown") open.push(`${item.id} ${id}`);
    }
    assert.ok(both >= 40, String(both));
    // Nobody looks for vulnerabilities where there is no agent.
    assert.deepEqual(open, ["tencent-cvm-vulnerability ins-test0001"]);
    assert.deepEqual(
      data.listings.filter(({ failure }) => failure !== null),
      [],
    );
  });
});
