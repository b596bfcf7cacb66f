import assert from "node:assert/strict";
import { alibabaAccess } from "../../src/live/alibaba/access.ts";
import { limits } from "../../src/live/alibaba/client.ts";
import { awsAccess } from "../../src/live/aws/access.ts";
import * as alibaba from "../../src/live/sample/alibaba/account.ts";
import { startDouble as startAlibaba } from "../../src/live/sample/alibaba/server.ts";
import * as aws from "../../src/live/sample/aws/account.ts";
import { startDouble as startAws } from "../../src/live/sample/aws/server.ts";
import type { CloudAccess } from "../../src/live/session.ts";
import { loopAccount } from "./remedy-loop.ts";

const never = new AbortController().signal;

describe("looking at the cost again", function () {
  this.timeout(60_000);

  for (const [cloud, start, keys, access] of [
    ["aws", () => startAws(aws.sampleAccount(new Date())), aws.sampleKeys, () => awsAccess({})],
    [
      "alibaba",
      () => startAlibaba(alibaba.sampleAccount(new Date())),
      alibaba.sampleKeys,
      () => alibabaAccess({ HOME: "/nowhere" }, limits()),
    ],
  ] as const)
    it(`asks ${cloud} nothing while the inventory is young`, async () => {
      const double = await start();
      try {
        const { live, key } = await loopAccount(cloud, access() as CloudAccess<unknown>, keys, double.url);
        const first = await live.preview({ account: key, selection: {} }, never);
        const calls = double.calls.length;
        const second = await live.preview({ account: key, selection: {} }, never);
        assert.equal(double.calls.length, calls);
        assert.deepEqual(second.estimate, first.estimate);
        await live.preview({ account: key, selection: {}, refresh: true }, never);
        assert.ok(double.calls.length > calls);
      } finally {
        await double.close();
      }
    });
});
