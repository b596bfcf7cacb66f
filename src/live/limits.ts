import { CallFailure } from "./failure.ts";

/** What a call counts against. */
export interface Call {
  readonly cloud: "aws" | "alibaba" | "tencent";
  readonly account: string;
  readonly region: string;
  /** The API: `ec2`, `ecs`. */
  readonly service: string;
  /** Permission name: `ec2:DescribeInstances`. */
  readonly action: string;
}

/** Published limits of one API in one account and region. */
export interface Rate {
  /** Calls a second, over time. */
  readonly perSecond: number;
  /** Calls that may go at once after a pause. */
  readonly burst: number;
  /** What shares the rate: one action, or all of the API. */
  readonly per: "action" | "service";
}

export interface Policy {
  readonly rate: (call: Call) => Rate;
  /** Calls of an API under way at once. */
  readonly inFlight: number;
  /** Tries of one call, the first included. */
  readonly tries: number;
  /** How long to wait before a try (1: the first retry), in milliseconds; `now` is the clock's. */
  readonly wait: (call: Call, failure: CallFailure, retry: number, now: number) => number;
}

/** Injected, so that tests need no time. */
export interface Clock {
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** 0 up to 1. */
  readonly random: () => number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal.addEventListener("abort", stop, { once: true });
    }),
};

/** Exponential with full jitter, from 200 ms up to 20 s; what the cloud says itself goes first. */
export function exponential(failure: CallFailure, retry: number, random: number): number {
  return failure.retryAfterMilliseconds ?? Math.round(Math.min(20_000, 200 * 2 ** retry) * (0.5 + random / 2));
}

const retried: ReadonlySet<string> = new Set(["throttled", "fault", "unreachable"]);

/** Keeps calls within a cloud's limits, and tries again what is worth it. One of it serves all accounts of a cloud. */
export class Limits {
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #lanes = new Map<string, { free: number; waiting: (() => void)[] }>();
  #calls = 0;

  constructor(policy: Policy, clock: Clock = systemClock) {
    this.#policy = policy;
    this.#clock = clock;
  }

  /** Requests sent, retries included. */
  get calls(): number {
    return this.#calls;
  }

  /** The rate of an action, before anything is called. */
  rate(cloud: Call["cloud"], action: string): Rate {
    return this.#policy.rate({ cloud, account: "", region: "", service: action.split(":")[0] ?? "", action });
  }

  /** `attempt` sends one request and throws a CallFailure where it fails. Throws that of the last try, or one of kind cancelled. */
  async run<T>(call: Call, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    for (let retry = 0; ; retry++) {
      let failed: CallFailure;
      try {
        return await this.#once(call, signal, attempt);
      } catch (error) {
        if (signal.aborted) throw cancelled(call);
        if (!(error instanceof CallFailure)) throw error;
        failed = error;
      }
      if (!retried.has(failed.kind) || retry + 1 >= this.#policy.tries) throw failed;
      await this.#sleep(call, this.#policy.wait(call, failed, retry + 1, this.#clock.now()), signal);
    }
  }

  async #once<T>(call: Call, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const place = `${call.account} ${call.region} ${call.service}`;
    const leave = await this.#enter(place);
    try {
      await this.#token(call, signal);
      if (signal.aborted) throw cancelled(call);
      this.#calls++;
      return await attempt();
    } finally {
      leave();
    }
  }

  #enter(place: string): Promise<() => void> {
    let lane = this.#lanes.get(place);
    if (lane === undefined) this.#lanes.set(place, (lane = { free: this.#policy.inFlight, waiting: [] }));
    const { waiting } = lane;
    const mine = lane;
    const leave = (): void => {
      const next = waiting.shift();
      if (next === undefined) mine.free++;
      else next();
    };
    if (lane.free > 0) {
      lane.free--;
      return Promise.resolve(leave);
    }
    return new Promise((resolve) => waiting.push(() => resolve(leave)));
  }

  /** Tokens are handed out in the order of asking. */
  async #token(call: Call, signal: AbortSignal): Promise<void> {
    const rate = this.#policy.rate(call);
    const key = `${call.account} ${call.region} ${rate.per === "action" ? call.action : call.service}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, (bucket = { tokens: rate.burst, at: this.#clock.now() }));
    }
    const now = this.#clock.now();
    bucket.tokens = Math.min(rate.burst, bucket.tokens + (Math.max(0, now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    bucket.tokens--;
    if (bucket.tokens >= 0) return;
    await this.#sleep(call, (-bucket.tokens / rate.perSecond) * 1000, signal);
  }

  async #sleep(call: Call, milliseconds: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(milliseconds, signal);
    } catch (error) {
      if (signal.aborted) throw cancelled(call);
      throw error;
    }
  }
}

function cancelled({ action }: Call): CallFailure {
  return new CallFailure({ kind: "cancelled", action, code: "Cancelled", message: "The scan was cancelled." });
}
