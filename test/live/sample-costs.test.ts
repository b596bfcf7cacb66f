import assert from "node:assert/strict";
import { costOf, type SwitchedOff } from "../../src/core/billing/cost-table.ts";
import { formatMoney } from "../../src/core/billing/money.ts";
import type { PlanAction } from "../../src/core/billing/plan.ts";
import { sampleService } from "../harness/sample-accounts.ts";

/* What a page says before a scan of a sample account, against what the ledger says after it (security-center.md 3.14). */

const never = new AbortController().signal;
const nothing: SwitchedOff = { items: new Set(), services: new Set(), regions: new Set() };
const plans: Readonly<Record<string, readonly PlanAction[]>> = {
  free: [],
  "pay-as-you-go": [{ kind: "activate", termsAccepted: true }],
  "a subscription": [{ kind: "subscribe", quota: 1000, months: 1, termsAccepted: true }],
};

describe("costs of a sample account", function () {
  this.timeout(120_000);
  for (const cloud of ["aws", "alibaba", "tencent"] as const) {
    for (const [name, actions] of Object.entries(plans)) {
      it(`of ${cloud}, ${name}: the page says what the ledger says`, async () => {
        const { live, account } = await sampleService(cloud);
        for (const action of actions) live.changePlan(account, action);
        const whole = await live.preview({ account, selection: {} }, never);
        if (name === "a subscription") {
          // The first scan leaves a quota that is too short for the second.
          await live.scan({ account, selection: {} }, whole, never);
          while (live.plans.terms(account).allowance.kind === "quota") {
            const { allowance } = live.plans.terms(account);
            if (allowance.kind !== "quota" || allowance.remaining < whole.estimate.billable) break;
            await live.scan({ account, selection: {} }, await live.preview({ account, selection: {} }, never), never);
          }
        }
        const preview = await live.preview({ account, selection: {} }, never);
        const page = costOf(preview.table, nothing);
        assert.equal(page.exact, preview.estimate.exact);
        assert.equal(page.billable, preview.estimate.billable);
        assert.equal(formatMoney(page.fee), formatMoney(preview.estimate.fee));
        assert.deepEqual(page.quota, preview.estimate.quota);
        const left = page.items.filter(({ left, scanTimes }) => left !== undefined && scanTimes > 0);
        if (name === "a subscription") assert.ok(left.length > 0, "the quota covers everything");
        const effort = await live.effort(preview, undefined, nothing);
        const scan = await live.scan({ account, selection: {} }, preview, never);
        const { estimated, charged, notChecked, vanished, wrong } = live.scans.reconcile(scan.id);
        assert.deepEqual(wrong, []);
        assert.equal(estimated, charged + notChecked + vanished);
        assert.equal(live.plans.chargedBy(scan.id), charged);
        const notCovered = left.reduce((sum, { scanTimes }) => sum + scanTimes, 0);
        assert.equal(estimated, page.billable + notCovered);
        assert.ok(charged <= page.billable);
        if (page.quota !== undefined) {
          const { allowance } = live.plans.terms(account);
          assert.equal(allowance.kind === "quota" && allowance.remaining, page.quota.before - charged);
        }
        // The estimate counts one page a list and no retries.
        assert.ok(
          effort.requests > scan.requests * 0.7 && effort.requests < scan.requests * 1.4,
          `${effort.requests} requests were announced, ${scan.requests} were made`,
        );
      });
    }

    it(`of ${cloud}: what is switched off is neither scanned nor charged`, async () => {
      const { live, account } = await sampleService(cloud);
      live.changePlan(account, { kind: "activate", termsAccepted: true });
      const whole = await live.preview({ account, selection: {} }, never);
      const services = [...new Set(whole.table.items.map(({ service }) => service))];
      const off = { ...nothing, services: new Set(services.slice(1)) };
      const page = costOf(whole.table, off);
      const checks = page.items.filter(({ isOn }) => isOn).map(({ item }) => item.id);
      const request = { account, selection: { checks } };
      const chosen = await live.preview(request, never);
      assert.equal(chosen.estimate.billable, page.billable);
      const scan = await live.scan(request, chosen, never);
      assert.ok(live.scans.results(scan.id).every(({ item }) => checks.includes(item)));
      assert.ok(live.plans.chargedBy(scan.id) <= page.billable);
      const { requests } = await live.effort(whole, undefined, off);
      assert.ok(requests < (await live.effort(whole, undefined, nothing)).requests);
    });
  }
});
