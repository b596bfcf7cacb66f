import assert from "node:assert/strict";
import fc from "fast-check";
import { freeTiers, type Edition } from "../../../src/core/billing/entitlement.ts";
import { estimate, recommendedQuota, subscriptionFee, type SelectedItem } from "../../../src/core/billing/estimate.ts";
import { counts, dailyBills, reconcile, type Charge, type PairStatus } from "../../../src/core/billing/ledger.ts";
import { formatMoney, money, roundForBill, sum, times, type Money } from "../../../src/core/billing/money.ts";
import { addMonths, allowanceOf, changePlan, FREE, useQuota, type Plan, type PlanAction } from "../../../src/core/billing/plan.ts";
import { PER_INSTANCE_DAY, PER_INSTANCE_MONTH, PER_SCAN_TIME } from "../../../src/core/billing/price.ts";
import type { Tier } from "../../../src/core/checks/model.ts";

/* The billing rules of the model, section 3 of the requirements, line by line. */

const everybody: ReadonlySet<Tier> = new Set(["free"]);
const unlimited = { kind: "unlimited" } as const;
const now = "2026-06-15T12:00:00.000Z";

function usd(text: string): Money {
  const amount = money(text, "USD");
  assert.ok(amount, text);
  return amount;
}

function items(count: number, instances: readonly string[], rest: Partial<SelectedItem> = {}): SelectedItem[] {
  return Array.from({ length: count }, (_, n) => ({ id: `item-${n}`, tier: "paid", risk: "medium", instances, ...rest }) as const);
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `i-${n}`);
}

function changed(plan: Plan, action: PlanAction, at = now): Plan {
  const change = changePlan(plan, action, at);
  assert.ok("plan" in change, "refused" in change ? change.refused : "");
  return change.plan;
}

function refusal(plan: Plan, action: PlanAction, at = now): string {
  const change = changePlan(plan, action, at);
  assert.ok("refused" in change, `${action.kind} is allowed`);
  return change.refused;
}

const subscribed = (quota = 1000, months = 1): Plan => changed(FREE, { kind: "subscribe", quota, months, termsAccepted: true });
const payAsYouGo = (): Plan => changed(FREE, { kind: "activate", termsAccepted: true });

describe("money", () => {
  it("is exact in millionths and rounds once, half up", () => {
    assert.equal(formatMoney(times(usd("0.02"), 750n)), "USD 15.00");
    assert.equal(formatMoney(usd("0.0732")), "USD 0.0732");
    assert.equal(formatMoney(roundForBill(usd("0.005"))), "USD 0.01");
    assert.equal(formatMoney(roundForBill(usd("0.0049"))), "USD 0.00");
    assert.equal(formatMoney(times(usd("0.02"), 10n ** 15n)), "USD 20000000000000.00");
  });

  it("is read from decimals only, and never mixes currencies", () => {
    for (const text of ["-1", "1e3", "0.0000001", "", "1,5", " 1"]) assert.equal(money(text, "USD"), undefined, text);
    assert.equal(money("1", "dollars"), undefined);
    assert.throws(() => sum([usd("1"), { micros: 1n, currency: "CNY" }], "USD"), /CNY can't be added/);
  });
});

describe("scan times (3.2)", () => {
  it("are instances x items: 10 cloud services x 15 instances x 5 items = 750", () => {
    const { exact, ceiling, billable, fee } = estimate(items(5, names(150)), everybody, unlimited, PER_SCAN_TIME);
    assert.deepEqual([exact, ceiling, billable], [750, 750, 750]);
    assert.equal(formatMoney(fee), "USD 15.00");
  });

  it("count an item with the instances of its type: the exact number is at most the documented ceiling", () => {
    const selection = [...items(1, ["a", "b"]), { ...items(1, ["c"])[0], id: "other" } as SelectedItem];
    const { exact, ceiling } = estimate(selection, everybody, unlimited, PER_SCAN_TIME);
    assert.deepEqual([exact, ceiling], [3, 6]);
  });

  it("cost by instance under the other price model (3.12)", () => {
    const { fee } = estimate(items(5, names(150)), everybody, unlimited, PER_INSTANCE_DAY);
    assert.equal(formatMoney(fee), "USD 10.98");
    assert.equal(formatMoney(estimate(items(5, names(150)), everybody, unlimited, PER_INSTANCE_MONTH).fee), "USD 219.00");
  });
});

describe("free items (3.3, 3.4)", () => {
  it("are never charged, whatever the plan", () => {
    for (const plan of [FREE, payAsYouGo(), subscribed()]) {
      const { billable, exact, quota } = estimate(
        items(3, names(9), { tier: "free" }),
        everybody,
        allowanceOf(plan, now),
        PER_SCAN_TIME,
      );
      assert.deepEqual([billable, exact], [0, 27]);
      if (quota !== undefined) assert.equal(quota.after, quota.before);
    }
  });

  it("are all that scans without a purchase", () => {
    const selection = [
      ...items(1, ["a"], { tier: "free" }),
      ...items(2, ["a"]).map((item) => ({ ...item, id: `paid-${item.id}` })),
    ];
    const { items: estimated } = estimate(selection, everybody, allowanceOf(FREE, now), PER_SCAN_TIME);
    assert.deepEqual(
      estimated.map(({ item, left }) => `${item.tier} ${left ?? "scans"}`),
      ["free scans", "paid plan", "paid plan"],
    );
  });
});

describe("entitlements by edition (3.5)", () => {
  const term = { start: "2023-01-01", end: "2024-01-01" };
  const tiers = (edition: Edition, activated: string | undefined, today: string, terms = [term]): string =>
    [...freeTiers({ edition, activated, terms }, today)].join();

  it("grow with the edition for who activated before 2023-07-07", () => {
    assert.equal(tiers("basic", "2023-07-06", "2023-08-01"), "free");
    assert.equal(tiers("anti-virus", "2023-07-06", "2023-08-01"), "free");
    assert.equal(tiers("advanced", "2023-07-06", "2023-08-01"), "free,advanced");
    assert.equal(tiers("enterprise", "2023-07-06", "2023-08-01"), "free,advanced,enterprise");
    assert.equal(tiers("ultimate", "2023-07-06", "2023-08-01"), "free,advanced,enterprise");
  });

  it("are the free items for everybody else", () => {
    assert.equal(tiers("ultimate", "2023-07-07", "2023-08-01"), "free");
    assert.equal(tiers("ultimate", undefined, "2023-08-01"), "free");
  });

  it("last until the subscription expires, and on if it was renewed before", () => {
    assert.equal(tiers("advanced", "2023-05-01", "2023-12-31"), "free,advanced");
    assert.equal(tiers("advanced", "2023-05-01", "2024-01-01"), "free");
    const renewed = [term, { start: "2024-01-01", end: "2026-12-31" }];
    assert.equal(tiers("advanced", "2023-05-01", "2026-06-15", renewed), "free,advanced");
    const late = [term, { start: "2024-01-02", end: "2026-12-31" }];
    assert.equal(tiers("advanced", "2023-05-01", "2026-06-15", late), "free");
  });
});

describe("a subscription (3.6 to 3.8, 3.11)", () => {
  it("buys at least 1,000 whole scan times for whole months", () => {
    const buy = (quota: number, months = 1): string => refusal(FREE, { kind: "subscribe", quota, months, termsAccepted: true });
    for (const quota of [999, 0, -1000]) assert.match(buy(quota), /at least 1000/);
    assert.match(buy(1000.5), /whole number/);
    assert.match(buy(2 ** 60), /too large/);
    assert.match(buy(1000, 0), /1 to 120 whole months/);
    assert.match(refusal(FREE, { kind: "subscribe", quota: 1000, months: 1, termsAccepted: false }), /terms/);
    assert.equal(formatMoney(subscriptionFee(usd("0.02"), 3000, 12)), "USD 720.00");
  });

  it("is recommended to hold 20 x the instances: 10 x 15 x 20 = 3,000", () => {
    assert.equal(recommendedQuota(150), 3000);
  });

  it("covers items whole, by risk level and then in the user's order; what it does not cover is named", () => {
    const item = (id: string, risk: SelectedItem["risk"], count: number): SelectedItem => ({
      id,
      risk,
      tier: "paid",
      instances: names(count),
    });
    const selection = [
      item("low", "low", 10),
      item("first", "high", 600),
      item("second", "high", 500),
      item("third", "medium", 390),
    ];
    const plan = subscribed(1000);
    const { items: estimated, billable, quota } = estimate(selection, everybody, allowanceOf(plan, now), PER_SCAN_TIME);
    assert.deepEqual(
      estimated.map(({ item: { id }, left }) => `${id} ${left ?? "covered"}`),
      ["first covered", "second quota", "third covered", "low covered"],
    );
    assert.equal(billable, 1000);
    assert.deepEqual(quota, { before: 1000, after: 0 });
  });

  it("that has expired, is suspended or used up scans nothing paid; renewing, resuming or scaling out helps", () => {
    const plan = subscribed();
    const later = "2026-07-15T12:00:00.000Z";
    assert.deepEqual(allowanceOf(plan, later), {
      kind: "free only",
      reason: "expired",
      why: "The subscription expired on 2026-07-15: renew it.",
    });
    const renewed = changed(useQuota(plan, 400), { kind: "renew", months: 1 }, later);
    assert.deepEqual(allowanceOf(renewed, later), { kind: "quota", remaining: 1000 });
    const extended = changed(useQuota(plan, 400), { kind: "renew", months: 1 });
    assert.deepEqual(allowanceOf(extended, later), { kind: "quota", remaining: 600 });
    assert.equal(allowanceOf(changed(plan, { kind: "suspend" }), now).kind, "free only");
    const used = useQuota(plan, 1000);
    assert.deepEqual(allowanceOf(used, now), { kind: "quota", remaining: 0 });
    assert.deepEqual(allowanceOf(changed(used, { kind: "scale out", quota: 500 }), now), { kind: "quota", remaining: 500 });
    assert.match(refusal(plan, { kind: "scale out", quota: 500 }, later), /expired: renew/);
  });

  it("can be made smaller, or ended; never larger by that", () => {
    const plan = subscribed(3000);
    assert.deepEqual(allowanceOf(changed(plan, { kind: "downgrade", quota: 1000 }), now), { kind: "quota", remaining: 1000 });
    assert.match(refusal(plan, { kind: "downgrade", quota: 999 }), /at least 1000/);
    assert.match(refusal(plan, { kind: "downgrade", quota: 3000 }), /smaller/);
    assert.deepEqual(changed(plan, { kind: "downgrade", quota: 0 }), FREE);
    // What was used beyond a smaller quota is no credit.
    const over = changed(useQuota(plan, 2500), { kind: "downgrade", quota: 1000 });
    assert.deepEqual(allowanceOf(over, now), { kind: "quota", remaining: 0 });
  });

  it("that begins later than the clock says allows nothing: a clock set back buys no time", () => {
    assert.equal(allowanceOf(subscribed(), "2026-06-01T00:00:00.000Z").kind, "free only");
  });
});

describe("the two methods (3.10)", () => {
  it("exclude each other", () => {
    assert.match(
      refusal(payAsYouGo(), { kind: "subscribe", quota: 1000, months: 1, termsAccepted: true }),
      /Suspend pay-as-you-go/,
    );
    const suspended = changed(payAsYouGo(), { kind: "suspend" });
    assert.equal(changed(suspended, { kind: "subscribe", quota: 1000, months: 1, termsAccepted: true }).kind, "subscription");
    const activate = { kind: "activate", termsAccepted: true } as const;
    assert.match(refusal(subscribed(), activate), /let it end, downgrade it to no quota, or have it refunded/);
    assert.equal(changed(changed(subscribed(), { kind: "refund" }), activate).kind, "pay-as-you-go");
    assert.equal(changed(changed(subscribed(), { kind: "downgrade", quota: 0 }), activate).kind, "pay-as-you-go");
    assert.equal(changed(subscribed(), activate, "2026-08-01T00:00:00.000Z").kind, "pay-as-you-go");
  });

  it("hold at every moment of every history", () => {
    const action: fc.Arbitrary<PlanAction> = fc.oneof(
      fc.record({ kind: fc.constant("activate" as const), termsAccepted: fc.boolean() }),
      fc.record({
        kind: fc.constant("subscribe" as const),
        quota: fc.integer({ min: -10, max: 5000 }),
        months: fc.integer({ min: 0, max: 3 }),
        termsAccepted: fc.boolean(),
      }),
      ...(["suspend", "resume", "refund"] as const).map((kind) => fc.constant({ kind })),
      fc.record({ kind: fc.constant("scale out" as const), quota: fc.integer({ min: -10, max: 2000 }) }),
      fc.record({ kind: fc.constant("downgrade" as const), quota: fc.integer({ min: -10, max: 2000 }) }),
      fc.record({ kind: fc.constant("renew" as const), months: fc.integer({ min: 0, max: 3 }) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(action, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 800 }))), (history) => {
        let plan: Plan = FREE;
        let day = Date.UTC(2026, 0, 1);
        for (const [step, days, scan] of history) {
          day += days * 86_400_000;
          const at = new Date(day).toISOString();
          const before = plan;
          const change = changePlan(plan, step, at);
          if ("plan" in change) plan = change.plan;
          if (before.kind === "pay-as-you-go" && plan.kind === "subscription") assert.ok(before.suspended);
          if (before.kind === "subscription" && plan.kind === "pay-as-you-go") assert.ok(at >= before.end);
          const allowance = allowanceOf(plan, at);
          if (allowance.kind === "quota") {
            assert.ok(plan.kind === "subscription" && plan.quota >= 1000 && at < plan.end);
            const { billable, quota } = estimate(items(3, names(scan)), everybody, allowance, PER_SCAN_TIME);
            assert.ok(billable <= allowance.remaining && quota?.after === allowance.remaining - billable);
            plan = useQuota(plan, billable);
          }
        }
      }),
    );
  });

  it("count months as calendars do", () => {
    assert.equal(addMonths("2026-01-31T10:00:00.000Z", 1), "2026-02-28T10:00:00.000Z");
    assert.equal(addMonths("2027-11-30T10:00:00.000Z", 3), "2028-02-29T10:00:00.000Z");
    assert.equal(addMonths("2026-12-15T10:00:00.000Z", 12), "2027-12-15T10:00:00.000Z");
  });
});

describe("pay-as-you-go (3.9)", () => {
  it("bills each day for its scan times, in the time zone of the bill", () => {
    const at = (moment: string): Charge => ({ scan: "s", item: "i", instance: moment, at: moment });
    const charges = [at("2026-06-14T15:59:59.000Z"), at("2026-06-14T16:00:00.000Z"), at("2026-06-15T15:00:00.000Z")];
    const dayIn = (zone: string) => (moment: string) =>
      new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(moment));
    const bills = (zone: string): string[] =>
      dailyBills(charges, usd("0.02"), dayIn(zone)).map(({ day, scanTimes, fee }) => `${day} ${scanTimes} ${formatMoney(fee)}`);
    assert.deepEqual(bills("Asia/Shanghai"), ["2026-06-14 1 USD 0.02", "2026-06-15 2 USD 0.04"]);
    assert.deepEqual(bills("UTC"), ["2026-06-14 2 USD 0.04", "2026-06-15 1 USD 0.02"]);
  });
});

describe("after a scan (3.14)", () => {
  const status: fc.Arbitrary<PairStatus> = fc.oneof(
    fc.record({ kind: fc.constant("result" as const), outcome: fc.constantFrom("pass", "fail", "notApplicable", "suppressed") }),
    fc.record({ kind: fc.constant("notChecked" as const), reason: fc.constantFrom("denied", "throttled", "cancelled") }),
    fc.constant({ kind: "vanished" as const }),
  );

  it("estimate = charged + not checked + vanished, pair by pair, for every plan and every way a scan can end", () => {
    const selection = fc.array(
      fc.record({
        tier: fc.constantFrom<Tier>("free", "advanced", "enterprise", "paid"),
        risk: fc.constantFrom("high", "medium", "low"),
        instances: fc.integer({ min: 0, max: 5 }).map(names),
      }),
      { maxLength: 12 },
    );
    const allowance = fc.oneof(
      fc.constant({ kind: "free only", reason: "no plan", why: "" } as const),
      fc.constant(unlimited),
      fc.integer({ min: 0, max: 30 }).map((remaining) => ({ kind: "quota", remaining }) as const),
    );
    fc.assert(
      fc.property(selection, allowance, fc.array(status, { minLength: 60, maxLength: 60 }), (chosen, allowed, ends) => {
        const remaining = [...ends];
        const estimated = estimate(
          chosen.map((item, index) => ({ id: `item-${index}`, ...item })),
          everybody,
          allowed,
          PER_SCAN_TIME,
        );
        const statuses = new Map<string, PairStatus>();
        const charges: Charge[] = [];
        for (const { item, free, left } of estimated.items) {
          for (const instance of item.instances) {
            const end: PairStatus | undefined = left === undefined ? remaining.pop() : { kind: "notChecked", reason: left };
            assert.ok(end, "there are ends for 12 items of 5 instances");
            statuses.set(`${item.id} ${instance}`, end);
            if (!free && counts(end)) charges.push({ scan: "s", item: item.id, instance, at: now });
          }
        }
        const held = reconcile(estimated, (item, instance) => statuses.get(`${item} ${instance}`), charges);
        assert.deepEqual(held.wrong, []);
        assert.equal(held.estimated, held.charged + held.notChecked + held.vanished);
        assert.equal(held.charged, charges.length);
        assert.ok(held.charged <= estimated.billable);
      }),
    );
  });

  it("names every pair whose charge is wrong", () => {
    const [free, paid, other] = ["free", "paid", "paid"].map(
      (tier, n) => ({ id: `item-${n}`, tier, risk: "low", instances: ["a"] }) as SelectedItem,
    );
    assert.ok(free && paid && other);
    const estimated = estimate([free, paid, other], everybody, unlimited, PER_SCAN_TIME);
    const charge = (item: string, instance = "a"): Charge => ({ scan: "s", item, instance, at: now });
    const passed: PairStatus = { kind: "result", outcome: "pass" };
    const whys = (statusOf: (item: string) => PairStatus | undefined, charges: readonly Charge[]): string[] =>
      reconcile(estimated, statusOf, charges).wrong.map(({ item, why }) => `${item}: ${why}`);
    assert.deepEqual(
      whys(() => passed, [charge("item-0"), charge("item-1"), charge("item-1")]),
      ["item-0: a free check item was charged", "item-1: charged 2 times", "item-2: checked without a charge"],
    );
    assert.deepEqual(
      whys((item) => (item === "item-1" ? undefined : { kind: "vanished" }), [charge("item-2"), charge("item-2", "z")]),
      ["item-1: no status", "item-2: charged without having been checked", "item-2: charged without having been estimated"],
    );
  });
});
