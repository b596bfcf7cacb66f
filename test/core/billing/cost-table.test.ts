import assert from "node:assert/strict";
import fc from "fast-check";
import { costOf, costTable, type SwitchedOff } from "../../../src/core/billing/cost-table.ts";
import { estimate, type SelectedItem } from "../../../src/core/billing/estimate.ts";
import type { Allowance } from "../../../src/core/billing/plan.ts";
import { PER_INSTANCE_DAY, PER_SCAN_TIME, priceText } from "../../../src/core/billing/price.ts";
import type { Tier } from "../../../src/core/checks/model.ts";

/* What the page counts is what the estimate of the same pairs says: by whatever switches, plan and price. */

const types = ["aws_s3_bucket", "aws_instance", "aws_iam_user"];
const regions = ["-", "eu-west-1", "us-east-1"];
const services = ["s3", "ec2", "iam"];
const free: ReadonlySet<Tier> = new Set(["free"]);

const account = fc.array(
  fc.record({ type: fc.constantFrom(...types), region: fc.constantFrom(...regions), id: fc.integer({ min: 0, max: 99 }) }),
  { maxLength: 40 },
);
const chosen = fc.array(
  fc.record({
    types: fc.subarray(types, { minLength: 1 }),
    tier: fc.constantFrom<Tier>("free", "paid", "advanced"),
    risk: fc.constantFrom("high", "medium", "low"),
    service: fc.constantFrom(...services),
  }),
  { maxLength: 12 },
);
const allowances = fc.oneof(
  fc.constant<Allowance>({ kind: "unlimited" }),
  fc.constant<Allowance>({ kind: "free only", reason: "no plan", why: "" }),
  fc.nat({ max: 60 }).map((remaining): Allowance => ({ kind: "quota", remaining })),
);
const prices = fc.constantFrom(PER_SCAN_TIME, PER_INSTANCE_DAY);

describe("cost table", () => {
  it("counts what the estimate of the same pairs counts, whatever is switched off", () => {
    fc.assert(
      fc.property(
        account,
        chosen,
        allowances,
        prices,
        fc.subarray(services),
        fc.subarray(regions.slice(1)),
        fc.array(fc.nat({ max: 11 })),
        (things, wanted, allowance, price, offServices, offRegions, offItems) => {
          const keys = [...new Set(things.map(({ type, region, id }) => `${type} ${region} ${id} name with spaces`))];
          const selected = wanted.map((each, n): SelectedItem & { service: string } => ({
            id: `item-${n}`,
            tier: each.tier,
            risk: each.risk,
            service: each.service,
            instances: keys.filter((key) => each.types.includes(key.split(" ")[0]!)),
          }));
          const off: SwitchedOff = {
            items: new Set(offItems.map((n) => `item-${n}`)),
            services: new Set(offServices),
            regions: new Set(offRegions),
          };
          const table = costTable(
            estimate(selected, free, allowance, price),
            selected.map(({ id }) => id),
            (id) => ({ title: id, service: selected.find((item) => item.id === id)!.service }),
            { freeTiers: free, allowance, price: priceText(price) },
          );
          // It travels to a page.
          const cost = costOf(JSON.parse(JSON.stringify(table)) as typeof table, off);
          const again = estimate(
            selected
              .filter(({ id, service }) => !off.items.has(id) && !off.services.has(service))
              .map((item) => ({ ...item, instances: item.instances.filter((key) => !off.regions.has(key.split(" ")[1]!)) })),
            free,
            allowance,
            price,
          );
          assert.deepEqual(
            { exact: cost.exact, ceiling: cost.ceiling, billable: cost.billable, fee: cost.fee, quota: cost.quota },
            { exact: again.exact, ceiling: again.ceiling, billable: again.billable, fee: again.fee, quota: again.quota },
          );
          const on = cost.items.filter(({ isOn }) => isOn).map(({ item, left, scanTimes }) => [item.id, left, scanTimes]);
          assert.deepEqual(on.sort(), again.items.map(({ item, left, scanTimes }) => [item.id, left, scanTimes]).sort());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps the user's order, which decides who gets the quota among items of one risk", () => {
    const item = (id: string, count: number): SelectedItem => ({
      id,
      tier: "paid",
      risk: "medium",
      instances: Array.from({ length: count }, (_, n) => `t${id} - ${n}`),
    });
    const selected = [item("b", 3), item("a", 3)];
    const allowance = { kind: "quota", remaining: 4 } as const;
    const table = costTable(estimate(selected, free, allowance, PER_SCAN_TIME), ["b", "a"], (id) => ({ title: id, service: "s" }), {
      freeTiers: free,
      allowance,
      price: priceText(PER_SCAN_TIME),
    });
    const none: SwitchedOff = { items: new Set(), services: new Set(), regions: new Set() };
    assert.deepEqual(
      costOf(table, none).items.map(({ item: { id }, left }) => [id, left]),
      [
        ["b", undefined],
        ["a", "quota"],
      ],
    );
    // Switching the first one off makes room for the second.
    const { items, quota } = costOf(table, { ...none, items: new Set(["b"]) });
    assert.deepEqual(
      items.map(({ isOn, left }) => [isOn, left]),
      [
        [false, undefined],
        [true, undefined],
      ],
    );
    assert.deepEqual(quota, { before: 4, after: 1 });
  });
});
