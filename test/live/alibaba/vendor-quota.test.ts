import assert from "node:assert/strict";
import { alibabaAccess } from "../../../src/live/alibaba/access.ts";
import { limits } from "../../../src/live/alibaba/client.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/alibaba/account.ts";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import type { CloudAccess } from "../../../src/live/session.ts";
import { loopAccount, type LoopAccount } from "../remedy-loop.ts";

const never = new AbortController().signal;
const action = "yundun-sas:GetCheckSale";

describe("the purchase at Security Center", function () {
  this.timeout(60_000);
  let double: Double;
  let its: LoopAccount;

  beforeEach(async () => {
    double = await startDouble(sampleAccount(new Date()));
    its = await loopAccount(
      "alibaba",
      alibabaAccess({ HOME: "/nowhere" }, limits()) as CloudAccess<unknown>,
      sampleKeys,
      double.url,
    );
  });
  afterEach(() => double.close());

  const read = (): ReturnType<LoopAccount["live"]["vendorQuota"]> => its.live.vendorQuota(its.live.account(its.key), never);

  it("is what the API says, of the sites where something was bought", async () => {
    assert.deepEqual(await read(), { quotas: [{ site: "cn-hangzhou", purchased: 3000, consumed: 1180 }], missing: undefined });
    assert.deepEqual(
      double.calls.filter((call) => call.action === action).map(({ region }) => region),
      ["cn-hangzhou", "ap-southeast-1"],
    );
    // Nobody pays for asking, and it is another meter than ours.
    assert.equal(its.live.plans.terms(its.key).plan.kind, "free");
  });

  it("is not known where the API refuses, and is not asked for where nobody agreed to that", async () => {
    double.deny(action);
    assert.deepEqual(await read(), { quotas: [], missing: { kind: "denied", detail: action } });
    const { actions, policy } = await its.live.authorization("alibaba", { selection: {} });
    assert.ok(actions.includes(action) && policy.includes(action));
    its.live.accounts.authorize(
      its.key,
      actions.filter((each) => each !== action),
    );
    const before = double.calls.length;
    assert.deepEqual((await read())?.missing, { kind: "elsewhere", detail: `${action} was not agreed to` });
    assert.equal(double.calls.length, before);
  });
});
