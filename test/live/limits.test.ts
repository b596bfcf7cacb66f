import assert from "node:assert/strict";
import { CallFailure, redacted } from "../../src/live/failure.ts";
import { exponential, Limits, type Call, type Clock, type Policy } from "../../src/live/limits.ts";

const call: Call = { cloud: "aws", account: "1", region: "eu-west-1", service: "ec2", action: "ec2:DescribeInstances" };
const policy: Policy = {
  rate: () => ({ perSecond: 10, burst: 2, per: "service" }),
  inFlight: 3,
  tries: 4,
  wait: (_, failure, retry) => exponential(failure, retry, 1),
};

/** Time that passes when somebody sleeps. */
function clock(): Clock & { readonly slept: number[] } {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    random: () => 0,
    sleep: (milliseconds, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      slept.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

const failure = (kind: CallFailure["kind"]): CallFailure =>
  new CallFailure({ kind, action: call.action, code: kind, message: "no" });
const never = new AbortController().signal;

describe("limits of calls", () => {
  it("let a burst through and hold the rest to the rate", async () => {
    const time = clock();
    const limits = new Limits(policy, time);
    for (let index = 0; index < 5; index++) await limits.run(call, never, () => Promise.resolve());
    assert.equal(limits.calls, 5);
    assert.deepEqual(time.slept, [100, 100, 100]);
  });

  it("have no more of an API under way than allowed", async () => {
    const limits = new Limits({ ...policy, rate: () => ({ perSecond: 1e9, burst: 1e9, per: "service" }) }, clock());
    let under = 0;
    let most = 0;
    const one = (): Promise<void> =>
      limits.run(call, never, async () => {
        most = Math.max(most, ++under);
        await new Promise(setImmediate);
        under--;
      });
    await Promise.all(Array.from({ length: 20 }, one));
    assert.equal(most, 3);
  });

  it("try again what is throttled, at fault or out of reach, and only that", async () => {
    for (const kind of ["throttled", "fault", "unreachable"] as const) {
      let tries = 0;
      const answer = await new Limits(policy, clock()).run(call, never, () =>
        ++tries < 4 ? Promise.reject(failure(kind)) : Promise.resolve("there"),
      );
      assert.equal(answer, "there", kind);
    }
    for (const kind of ["denied", "gone", "credentials", "region", "unsupported", "answer", "refused"] as const) {
      let tries = 0;
      await assert.rejects(
        new Limits(policy, clock()).run(call, never, () => (tries++, Promise.reject(failure(kind)))),
        (error: CallFailure) => error.kind === kind,
      );
      assert.equal(tries, 1, kind);
    }
  });

  it("give up after the last try, with its failure", async () => {
    const time = clock();
    let tries = 0;
    await assert.rejects(
      new Limits(policy, time).run(call, never, () => (tries++, Promise.reject(failure("throttled")))),
      (error: CallFailure) => error.kind === "throttled",
    );
    assert.equal(tries, 4);
    assert.deepEqual(
      time.slept.filter((each) => each >= 400),
      [400, 800, 1600],
    );
  });

  it("stop waiting when the scan is cancelled", async () => {
    const stop = new AbortController();
    await assert.rejects(
      new Limits(policy, clock()).run(call, stop.signal, () => {
        stop.abort(new Error("stop"));
        return Promise.reject(failure("throttled"));
      }),
      (error: CallFailure) => error.kind === "cancelled",
    );
  });
});

describe("text of clouds", () => {
  it("loses what may be a secret", () => {
    const url = "https://ecs.aliyuncs.com/?AccessKeyId=LTAI5tExampleExample&SecurityToken=CAISabc&Signature=x%3D";
    const text = redacted(`GET ${url} failed: {"SecretKey": "abc123", token=tkn} AKIAIOSFODNN7EXAMPLE`);
    for (const hidden of ["LTAI5t", "CAISabc", "x%3D", "abc123", "tkn", "AKIAIOSF"]) assert.ok(!text.includes(hidden), text);
    assert.match(text, /https:\/\/ecs\.aliyuncs\.com\/\?…/);
  });
});
