import assert from "node:assert/strict";
import { isJsonObject } from "../../../src/core/snapshots/model.ts";
import { sampleAccount, sampleKeys } from "../../../src/live/sample/tencent/account.ts";
import { startDouble, type Double, type Fault, type StateAnswer } from "../../../src/live/sample/tencent/double.ts";
import { versions } from "../../../src/live/sample/tencent/operations.ts";
import type { CloudAccess } from "../../../src/live/session.ts";
import { tencent } from "../../../src/live/tencent/access.ts";
import { remedies } from "../../../src/live/tencent/remedies/all.ts";
import { bundled } from "../../harness/check-world.ts";
import { loop, loopAccount, type LoopAccount, type LoopOptions } from "../remedy-loop.ts";
import { seeds, singletons } from "./seeds.ts";
import { strangers } from "./support.ts";

const never = new AbortController().signal;
const bucket = (name: string): string => `lotus-${name}-1250000000`;
const account = "100000000001";

/** What each item is tried on; where undoing leaves something different the remedy says so. */
const cases: readonly (readonly [item: string, instance: string, options?: LoopOptions])[] = [
  ["account-password-length", account],
  ["account-password-retry", account],
  ["account-password-reuse", account],
  ["cam-access-key-two-active", "chen.jie", { parameters: { key: "AKIDchenjieold" } }],
  ["cam-access-key-unused", "AKIDchenjieold"],
  ["cam-administratoraccess-attached", "chen.jie"],
  ["cam-role-console-login", "4611686018400000002"],
  ["cam-role-session-duration", "4611686018400000002"],
  ["cam-user-action-mfa", "chen.jie"],
  ["cam-user-console-unused", "chen.jie"],
  ["cam-user-direct-policy", "deploy-bot"],
  ["cam-user-login-mfa", "chen.jie"],
  ["cbs-snapshot-policy", "disk-left0001", { parameters: { policy: "asp-daily001" } }],
  ["cdn-https", "bad.example.com"],
  ["clb-delete-protect", "lb-old00001"],
  ["cloudaudit-track", account, { parameters: { track: "writes-only" } }],
  ["cloudaudit-track-all-members", "1001"],
  ["cls-topic-retention", "topic-bad"],
  ["cos-bucket-acl-body-public", bucket("dropbox")],
  ["cos-bucket-cmk", bucket("dropbox"), { parameters: { key: "11111111-0000-4000-8000-000000000001" } }],
  ["cos-bucket-cors-wildcard", bucket("dropbox"), { parameters: { site: "https://shop.example.com" } }],
  ["cos-bucket-encryption", bucket("dropbox")],
  ["cos-bucket-logging", bucket("dropbox"), { parameters: { bucket: bucket("logs") } }],
  ["cos-bucket-policy-public-write", bucket("dropbox")],
  ["cos-bucket-public-read", bucket("site")],
  ["cos-bucket-public-read-write", bucket("dropbox")],
  ["cos-bucket-referer", bucket("dropbox"), { parameters: { sites: ["shop.example.com"] }, differs: true }],
  ["cos-bucket-secure-transport", bucket("dropbox")],
  ["cos-bucket-secure-transport", bucket("logs")],
  ["cos-bucket-versioning", bucket("dropbox")],
  ["cvm-image-shared", "img-given001"],
  ["cvm-instance-termination-protection", "ins-admin001"],
  ["kms-key-rotation", "11111111-0000-4000-8000-000000000002"],
  ["mysql-audit", "cdb-old00001"],
  ["mysql-public-access", "cdb-old00001"],
  ["mysql-ssl", "cdb-old00001"],
  ["postgresql-delete-protection", "postgres-bad"],
  ["postgresql-public-access", "postgres-bad"],
  ["postgresql-ssl", "postgres-bad"],
  ["redis-public-access", "crs-bad"],
  ["redis-ssl", "crs-bad"],
  ["tcr-public-access", "tcr-bad"],
  ["tke-audit", "cls-bad"],
  ["tke-deletion-protection", "cls-bad"],
  ["tke-public-endpoint", "cls-bad"],
  ["vpc-flow-log", "vpc-default1", { parameters: { topic: "topic-good" } }],
  ["vpc-flow-log-enabled", "fl-east00001"],
  ["vpc-sg-admin-ports-open", "sg-old00001"],
  ["vpc-sg-all-open", "sg-old00001"],
  ["vpc-sg-database-ports-open", "sg-data0001"],
  ["vpc-sg-egress-all", "sg-old00001"],
  ["vpc-sg-rdp-open", "sg-admin001"],
  ["vpc-sg-ssh-open", "sg-admin001"],
];

/** What the sample account and the seeds have right, or not far enough along. */
const failing: readonly StateAnswer[] = [
  {
    action: "cam:GetPasswordRules",
    answer: {
      Rules: {
        MinimumLength: 8,
        MustContain: "upper,lower,number",
        ForcePasswordChange: 90,
        ReusePasswordLimit: 1,
        RetryPasswordLimit: 10,
        PasswordExpirationInvalidation: 2,
      },
    },
  },
  {
    action: "cdn:DescribeDomainsConfig",
    answer: {
      Domains: [
        {
          Domain: "bad.example.com",
          Status: "online",
          ServiceType: "web",
          Https: { Switch: "on", Http2: "on", OcspStapling: "off", TlsVersion: ["TLSv1.2"] },
          ForceRedirect: { Switch: "off", RedirectType: "http", RedirectStatusCode: 302 },
          Referer: { Switch: "off", RefererRules: null },
          Authentication: null,
          Tag: [],
        },
      ],
    },
  },
];

describe("remedies of Tencent Cloud", function () {
  this.timeout(60_000);
  let its: LoopAccount;
  let double: Double;
  let fault: Fault | undefined;

  before(async () => {
    const sample = sampleAccount(Date.now());
    const state = { ...sample, answers: [...failing, ...singletons, ...sample.answers, ...seeds] };
    double = await startDouble(state, { fault: ({ action }) => (/:(?:Describe|Get|List)/.test(action) ? undefined : fault) });
    its = await loopAccount("tencent", tencent as CloudAccess<unknown>, sampleKeys, double.endpoint);
  });
  after(() => double.close());

  it("are there for every item that says so, and for no other", async () => {
    const { checks } = await bundled();
    const declared = checks.filter(({ cloud, live }) => cloud === "tencent" && live !== undefined).map(({ id }) => id);
    assert.deepEqual([...remedies.byCheck.keys()].sort(), declared.sort());
    assert.deepEqual([...new Set(cases.map(([item]) => `tencent-${item}`))].sort(), declared);
  });

  for (const [item, instance, options] of cases) {
    it(`tencent-${item}: fails, is fixed, passes, is undone, fails`, async () => {
      await loop(its, `tencent-${item}`, instance, options);
    });
  }

  it("send what the API's own models have, and nothing else", () => {
    const sent = double.seen.filter(({ action }) => !/:(?:Describe|Get|List)|^(?:cos|sts):/.test(action));
    assert.ok(sent.length > 70, String(sent.length));
    const wrong = sent.flatMap(({ action, parameters }) => {
      const [product = "", operation = ""] = action.split(":");
      assert.ok(isJsonObject(parameters));
      return strangers(product, versions[product] ?? "", `${operation}Request`, parameters);
    });
    assert.deepEqual([...new Set(wrong)], []);
  });

  it("say which permission is missing, and change nothing", async () => {
    const preview = await its.live.remedies.preview(
      its.live.account(its.key),
      { item: "tencent-clb-delete-protect", instance: "lb-old00001" },
      never,
    );
    fault = { kind: "error", code: "UnauthorizedOperation", message: "no" };
    const record = await its.live.remedies.apply(preview.id, "none", never);
    fault = undefined;
    assert.deepEqual([record.state, record.why], ["failed", "Denied: allow clb:ModifyLoadBalancerAttributes."]);
  });
});
