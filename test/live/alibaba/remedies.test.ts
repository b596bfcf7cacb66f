import assert from "node:assert/strict";
import { alibabaAccess } from "../../../src/live/alibaba/access.ts";
import { limits } from "../../../src/live/alibaba/client.ts";
import { remedies } from "../../../src/live/alibaba/remedies/all.ts";
import { sampleAccount } from "../../../src/live/sample/alibaba/account.ts";
import { startDouble, type Double } from "../../../src/live/sample/alibaba/server.ts";
import type { AccountState, Recorded } from "../../../src/live/sample/alibaba/state.ts";
import type { CloudAccess } from "../../../src/live/session.ts";
import { bundled } from "../../harness/check-world.ts";
import { loop, loopAccount, type LoopAccount, type LoopOptions } from "../remedy-loop.ts";
import { servicesState } from "./services.ts";
import { fastClock } from "./world.ts";

const never = new AbortController().signal;
const account = "1029384756102938";
const reports = "pgm-bp1reports0000001";
const group = "sg-bp1legacy0000000001";

/** What is right in the sample account, wrong. */
function weak(): AccountState {
  const sample = sampleAccount(new Date());
  const rule = (id: string, PortRange: string, IpProtocol = "TCP"): Record<string, string> => ({
    SecurityGroupRuleId: id,
    Direction: "ingress",
    IpProtocol,
    PortRange,
    Policy: "Accept",
    Priority: "1",
    NicType: "intranet",
    Description: "",
    SourceCidrIp: "0.0.0.0/0",
    Ipv6SourceCidrIp: "",
    SourceGroupId: "",
    SourceGroupOwnerAccount: "",
    SourcePrefixListId: "",
  });
  const recorded: Recorded[] = [
    {
      operation: "ram:GetPasswordPolicy",
      body: {
        PasswordPolicy: {
          MinimumPasswordLength: 8,
          RequireLowercaseCharacters: false,
          RequireUppercaseCharacters: false,
          RequireNumbers: false,
          RequireSymbols: false,
          HardExpiry: false,
          MaxPasswordAge: 0,
          PasswordReusePrevention: 0,
          MaxLoginAttemps: 0,
        },
      },
    },
    {
      operation: "ims:GetSecurityPreference",
      body: {
        SecurityPreference: {
          AccessKeyPreference: { AllowUserToManageAccessKeys: true },
          LoginProfilePreference: {
            AllowUserToChangePassword: true,
            AllowUserToLoginWithPasskey: true,
            EnableSaveMFATicket: false,
            LoginNetworkMasks: "",
            LoginSessionDuration: 24,
            MFAOperationForLogin: "independent",
            OperationForRiskLogin: "autonomous",
          },
          MFAPreference: { AllowUserToManageMFADevices: true },
          MaxIdleDays: { MaxIdleDaysForAccessKeys: 730, MaxIdleDaysForUsers: 730 },
        },
      },
    },
    {
      operation: "ecs:DescribeSecurityGroupAttribute",
      region: "cn-hangzhou",
      of: { SecurityGroupId: group },
      items: [rule("sgr-rdp", "3389/3389"), rule("sgr-telnet", "23/23"), rule("sgr-all", "-1/-1", "ALL")],
    },
  ];
  const others = sample.recorded
    .filter(({ operation }) => !recorded.some((each) => each.operation === operation && each.body !== undefined))
    .map((each): Recorded => {
      if (each.operation === "actiontrail:DescribeTrails") {
        const off = { Status: "Disable", TrailRegion: "cn-hangzhou" };
        return { ...each, items: (each.items ?? []).map((trail) => ({ ...(trail as Record<string, string>), ...off })) };
      }
      if (each.operation !== "rds:DescribeParameters" || each.of?.["DBInstanceId"] !== reports) return each;
      return {
        ...each,
        items: ["log_connections", "log_disconnections", "log_duration"].map((name) => ({
          ParameterName: name,
          ParameterValue: "off",
        })),
      };
    });
  return { ...sample, recorded: [...recorded, ...others] };
}

const places = { sample: () => sampleAccount(new Date()), weak, services: () => servicesState };

/** What each item is tried on; where undoing leaves something different the remedy says so. */
const cases: readonly (readonly [item: string, where: keyof typeof places, instance: string, options?: LoopOptions])[] = [
  ["actiontrail-all-events", "sample", "harbour"],
  ["actiontrail-enabled", "weak", "harbour"],
  ["alb-access-log", "services", "alb-bad", { parameters: { project: "logs", store: "alb" } }],
  ["alb-listener-tls-policy", "services", "lsn-bad"],
  ["ecs-disk-snapshot-policy", "sample", "d-bp1legacydata0000001", { parameters: { policy: "sp-daily" } }],
  ["ecs-image-public", "sample", "m-bp1legacy000000000001"],
  ["ecs-instance-deletion-protection", "sample", "i-bp1legacycms00000001"],
  ["ecs-instance-imdsv2", "sample", "i-bp1legacycms00000001"],
  ["ecs-sg-admin-ports-open", "weak", group, { differs: true }],
  ["ecs-sg-all-ports-open", "weak", group, { differs: true }],
  ["ecs-sg-database-ports-open", "sample", group, { differs: true }],
  ["ecs-sg-rdp-open", "weak", group, { differs: true }],
  ["ecs-sg-ssh-open", "sample", group, { differs: true }],
  ["kms-key-rotation", "sample", "key-hzz0000000000000000001"],
  ["mongodb-ssl", "services", "dds-bad"],
  ["mongodb-whitelist-open", "services", "dds-bad"],
  ["nas-access-rule-open", "services", "bad:standard", { parameters: { network: "10.0.0.0/8" } }],
  ["oss-account-public-access-block", "sample", account],
  ["oss-bucket-encryption", "sample", "harbour-books-media"],
  ["oss-bucket-logging", "sample", "harbour-books-media", { parameters: { bucket: "harbour-books-trail" } }],
  ["oss-bucket-policy-public", "sample", "harbour-books-uploads"],
  ["oss-bucket-policy-public-write", "sample", "harbour-books-uploads"],
  ["oss-bucket-public-access-block", "sample", "harbour-books-media"],
  ["oss-bucket-public-read", "sample", "harbour-books-media"],
  ["oss-bucket-public-read-write", "sample", "harbour-books-uploads"],
  ["oss-bucket-secure-transport", "sample", "harbour-books-media"],
  ["oss-bucket-secure-transport", "sample", "harbour-books-uploads"],
  ["oss-bucket-versioning", "sample", "harbour-books-media", { differs: true }],
  ["polardb-whitelist-open", "services", "pc-bad"],
  ["ram-access-key-unused", "sample", "LTAI5tWeiChenFirstKey001"],
  ["ram-administratoraccess-attached", "sample", "210000000000000001"],
  ["ram-login-profile-mfa-required", "sample", "210000000000000002"],
  ["ram-password-policy-expiry", "weak", account],
  ["ram-password-policy-login-attempts", "weak", account],
  ["ram-password-policy-lowercase", "weak", account],
  ["ram-password-policy-min-length", "weak", account],
  ["ram-password-policy-number", "weak", account],
  ["ram-password-policy-reuse", "weak", account],
  ["ram-password-policy-symbol", "weak", account],
  ["ram-password-policy-uppercase", "weak", account],
  ["ram-security-preference-mfa", "sample", account],
  ["ram-security-preference-self-keys", "weak", account],
  ["rds-deletion-protection", "sample", reports],
  ["rds-instance-public-endpoint", "sample", reports],
  ["rds-pg-log-connections", "weak", reports],
  ["rds-pg-log-disconnections", "weak", reports],
  ["rds-pg-log-duration", "weak", reports],
  ["rds-sql-audit", "sample", reports],
  ["rds-ssl", "sample", reports],
  ["rds-whitelist-open", "sample", reports],
  ["redis-password-free", "services", "r-bad"],
  ["redis-ssl", "services", "r-bad"],
  ["redis-whitelist-open", "services", "r-bad"],
  ["slb-deletion-protection", "sample", "lb-bp1legacy00000000001"],
  ["slb-listener-tls-policy", "sample", "lb-bp1legacy00000000001:https:443"],
  ["vpc-flow-log", "sample", "vpc-bp1legacy000000000001", { parameters: { project: "logs", store: "vpc" } }],
];

describe("remedies of Alibaba Cloud", function () {
  this.timeout(60_000);
  const doubles = new Map<string, Double>();
  const accounts = new Map<string, LoopAccount>();

  before(async () => {
    for (const [name, state] of Object.entries(places)) {
      const held = state();
      const double = await startDouble(held);
      doubles.set(name, double);
      const [keys] = held.keys;
      assert.ok(keys);
      const access = alibabaAccess({ HOME: "/nowhere" }, limits(fastClock())) as CloudAccess<unknown>;
      accounts.set(name, await loopAccount("alibaba", access, keys, double.url));
    }
  });
  after(() => Promise.all([...doubles.values()].map((double) => double.close())));

  it("are there for every item that says so, and for no other", async () => {
    const { checks } = await bundled();
    const declared = checks.filter(({ cloud, live }) => cloud === "alibaba" && live !== undefined).map(({ id }) => id);
    assert.deepEqual([...remedies.byCheck.keys()].sort(), declared.sort());
    // These two have tests of their own below.
    const tried = [...new Set(cases.map(([item]) => `alibaba-${item}`)), "alibaba-actiontrail-all-regions", "alibaba-rds-tde"];
    assert.deepEqual(tried.sort(), declared);
  });

  for (const [item, where, instance, options] of cases) {
    it(`alibaba-${item}: fails, is fixed, passes, is undone, fails`, async () => {
      const its = accounts.get(where);
      assert.ok(its);
      await loop(its, `alibaba-${item}`, instance, options);
    });
  }

  it("encrypt a database, which nothing takes back", async () => {
    const its = accounts.get("sample");
    assert.ok(its);
    const { remedies: service } = its.live;
    const preview = await service.preview(its.live.account(its.key), { item: "alibaba-rds-tde", instance: reports }, never);
    assert.deepEqual([preview.fix.risk, preview.expected], ["irreversible", "pass"]);
    await assert.rejects(service.apply(preview.id, "none", never), /The risk of this remedy is "irreversible"/);
    const applied = await service.apply(preview.id, "irreversible", never);
    assert.deepEqual([applied.state, applied.verified], ["applied", "pass"]);
    await assert.rejects(
      service.undo(its.live.account(its.key), applied.id, false, never),
      /Nothing of remedy .* can be taken back/,
    );
  });

  it("extend the trail that the user names, and say which there are", async () => {
    const its = accounts.get("weak");
    assert.ok(its);
    const item = "alibaba-actiontrail-all-regions";
    const connected = its.live.account(its.key);
    const preview = (trail: string) =>
      its.live.remedies.preview(connected, { item, instance: account, parameters: { trail } }, never);
    await assert.rejects(preview("nobody"), /There is no trail "nobody"\. There is harbour/);
    const { steps, expected } = await preview("harbour");
    assert.deepEqual(
      steps.map(({ call }) => call.request["parameters"]),
      [{ Name: "harbour", TrailRegion: "All" }],
    );
    // It is off as well: that is another item's.
    assert.equal(expected, "fail");
  });

  it("say which permission is missing, and change nothing", async () => {
    const its = accounts.get("sample");
    const double = doubles.get("sample");
    assert.ok(its && double);
    const request = { item: "alibaba-slb-deletion-protection", instance: "lb-bp1legacy00000000001" };
    const preview = await its.live.remedies.preview(its.live.account(its.key), request, never);
    double.deny("slb:SetLoadBalancerDeleteProtection");
    const record = await its.live.remedies.apply(preview.id, "none", never);
    assert.deepEqual([record.state, record.why], ["failed", "Denied: allow slb:SetLoadBalancerDeleteProtection."]);
  });
});
