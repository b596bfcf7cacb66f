import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { collectors } from "../../../src/live/aws/collectors.ts";
import { bundled } from "../../harness/check-world.ts";
import { read, verdicts } from "./assess.ts";
import { connect, emptyMoto, Front, type Fault } from "./moto.ts";
import { seedEverything } from "./seed.ts";

/*
 * Whatever goes wrong on the way: no verdict becomes "pass", or "fail", that was none without it. What could not be read is unknown.
 */

const denied: Fault = {
  status: 403,
  headers: { "x-amzn-errortype": "AccessDeniedException", "content-type": "text/xml" },
  body: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
};
const page: Fault = { status: 404, headers: { "content-type": "text/html" }, body: "<!doctype html><title>404 Not Found</title>" };

/** The same for the same question, whenever it is asked. */
function numberOf(method: string, url: string, body: string, of: number): number {
  return createHash("sha256").update(`${method} ${url} ${body}`).digest().readUInt32BE() % of;
}

describe("a scan that is disturbed", () => {
  let endpoint: string;
  let items: readonly string[];
  before(async () => {
    endpoint = await emptyMoto();
    await seedEverything(endpoint);
    const given = new Set(collectors.flatMap(({ types }) => types));
    const { checks } = await bundled();
    items = checks.filter((check) => check.in !== "files" && check.instance.some((type) => given.has(type))).map(({ id }) => id);
    assert.ok(items.length > 60, `only ${String(items.length)} items`);
  });

  const judged = async (at: string): Promise<ReadonlyMap<string, string>> => {
    const found = await verdicts(await connect(at), items, "2026-11-26T00:00:00Z");
    return new Map(
      Object.entries(found).flatMap(([item, its]) =>
        Object.entries(its).map(([id, verdict]) => [`${item} ${id}`, verdict] as const),
      ),
    );
  };

  for (const [name, fault] of [
    ["denied", denied],
    ["answered with a page", page],
  ] as const) {
    it(`says nothing sure that it would not say undisturbed: calls ${name}`, async () => {
      const calm = await judged(endpoint);
      const decided = [...calm.values()].filter((verdict) => verdict === "pass" || verdict === "fail").length;
      assert.ok(decided > 60, `only ${String(decided)} verdicts`);
      for (const rest of [0, 1, 2]) {
        const front = await Front.start(endpoint, ({ method, url, body }) =>
          !/GetCallerIdentity/.test(body) && numberOf(method, url, body, 3) === rest ? fault : undefined,
        );
        const disturbed = await judged(front.endpoint);
        await front.stop();
        const wrong = [...disturbed].filter(
          ([key, verdict]) => (verdict === "pass" || verdict === "fail") && calm.get(key) !== verdict,
        );
        assert.deepEqual(wrong, [], `part ${String(rest)}`);
        assert.ok(
          [...disturbed.values()].some((verdict) => !["pass", "fail"].includes(verdict)),
          "something was disturbed",
        );
      }
    });
  }

  it("decides nothing where all calls are denied", async () => {
    const front = await Front.start(endpoint, ({ body }) => (/GetCallerIdentity/.test(body) ? undefined : denied));
    const found = await judged(front.endpoint);
    await front.stop();
    const decided = [...found].filter(([, verdict]) => verdict === "pass" || verdict === "fail");
    assert.deepEqual(decided, []);
  });

  it("reads the same through throttling, faults and cut connections", async () => {
    const types = ["aws_iam_user", "aws_vpc", "aws_subnet", "aws_security_group", "aws_s3_bucket", "aws_instance", "aws_kms_key"];
    const calm = await read(await connect(endpoint), types);
    const faults: readonly Fault[] = [
      {
        status: 503,
        body: "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow</Message></Error></Errors></Response>",
      },
      { cut: true },
      { status: 500, body: "<Response><Errors><Error><Code>InternalError</Code><Message>oh</Message></Error></Errors></Response>" },
    ];
    const front = await Front.start(endpoint, ({ count }) => (count % 4 === 3 ? faults[Math.floor(count / 4) % 3] : undefined));
    const disturbed = await read(await connect(front.endpoint), types);
    await front.stop();
    assert.ok(front.asked.length > 20);
    assert.deepEqual(disturbed.data, calm.data);
  });
});
