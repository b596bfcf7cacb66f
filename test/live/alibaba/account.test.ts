import assert from "node:assert/strict";
import { sampleAccount } from "../../../src/live/sample/alibaba/account.ts";
import { scan, type Scan } from "./verdicts.ts";

/*
 * The sample account through the real client, the double, the collectors, the engine and the check items: what it holds is in the
 * cloud's own shape, and each item must tell the good from the bad.
 */

const now = new Date();

/** Item, instance, outcome. */
const expected: readonly (readonly [check: string, instance: string | undefined, outcome: string])[] = [
  ["alibaba-account-root-access-key", undefined, "fail"],
  ["alibaba-account-root-mfa", undefined, "pass"],
  ["alibaba-account-root-recent-login", undefined, "fail"],
  ["alibaba-sas-ak-leak", undefined, "pass"],
  ["alibaba-sas-asset-fingerprint", undefined, "pass"],
  ["alibaba-sas-auto-quarantine", undefined, "fail"],
  ["alibaba-sas-log-analysis", undefined, "fail"],
  ["alibaba-sas-notifications", undefined, "fail"],
  ["alibaba-sas-vul-scan", undefined, "fail"],
  ["alibaba-sas-webshell-scan", undefined, "pass"],
  ["alibaba-sas-cspm-policy", undefined, "fail"],
  ["alibaba-sas-edition", undefined, "fail"],
  ["alibaba-actiontrail-all-regions", undefined, "pass"],
  ["alibaba-actiontrail-all-events", "harbour", "fail"],
  ["alibaba-actiontrail-bucket-private", "harbour", "pass"],
  ["alibaba-actiontrail-enabled", "harbour", "pass"],
  ["alibaba-ram-access-key-age", "LTAI5tWeiChenFirstKey001", "fail"],
  ["alibaba-ram-access-key-age", "LTAI5tDeployCurrentKey01", "pass"],
  ["alibaba-ram-access-key-age", "LTAI5tDeployFormerKey001", "notApplicable"],
  ["alibaba-ram-access-key-unused", "LTAI5tWeiChenFirstKey001", "fail"],
  ["alibaba-ram-access-key-unused", "LTAI5tDeployCurrentKey01", "pass"],
  ["alibaba-ram-administratoraccess-attached", "210000000000000001", "fail"],
  ["alibaba-ram-administratoraccess-attached", "210000000000000002", "pass"],
  ["alibaba-ram-administratoraccess-attached", "210000000000000003", "pass"],
  ["alibaba-ram-user-direct-policy", "210000000000000002", "pass"],
  ["alibaba-ram-user-direct-policy", "210000000000000003", "fail"],
  ["alibaba-ram-user-console-mfa", "210000000000000001", "pass"],
  ["alibaba-ram-user-console-mfa", "210000000000000002", "fail"],
  ["alibaba-ram-user-console-mfa", "210000000000000003", "notApplicable"],
  ["alibaba-ram-user-console-unused", "210000000000000001", "pass"],
  ["alibaba-ram-user-console-unused", "210000000000000002", "fail"],
  ["alibaba-ram-login-profile-mfa-required", "210000000000000001", "pass"],
  ["alibaba-ram-login-profile-mfa-required", "210000000000000002", "fail"],
  ["alibaba-ram-role-admin-service", "shop-server", "pass"],
  ["alibaba-ram-role-admin-service", "legacy-server", "fail"],
  ["alibaba-ram-role-trust-any", "shop-server", "pass"],
  ["alibaba-ram-role-trust-any", "partner-import", "fail"],
  ["alibaba-ram-policy-full-admin", "everything-for-now", "fail"],
  ["alibaba-ram-policy-full-admin", "deploy-shop", "pass"],
  ["alibaba-ram-policy-privilege-escalation", "people-admin", "fail"],
  ["alibaba-ram-policy-privilege-escalation", "shop-media", "pass"],
  ["alibaba-ram-policy-service-wildcard", "all-of-oss", "fail"],
  ["alibaba-ram-policy-service-wildcard", "shop-media", "pass"],
  ["alibaba-ram-policy-passrole-wildcard", "deploy-shop", "pass"],
  ["alibaba-ram-password-policy-min-length", undefined, "fail"],
  ["alibaba-ram-password-policy-symbol", undefined, "fail"],
  ["alibaba-ram-password-policy-number", undefined, "pass"],
  ["alibaba-ram-password-policy-lowercase", undefined, "pass"],
  ["alibaba-ram-password-policy-uppercase", undefined, "pass"],
  ["alibaba-ram-password-policy-reuse", undefined, "pass"],
  ["alibaba-ram-password-policy-expiry", undefined, "fail"],
  ["alibaba-ram-password-policy-login-attempts", undefined, "pass"],
  ["alibaba-ram-security-preference-mfa", undefined, "fail"],
  ["alibaba-ram-security-preference-self-keys", undefined, "pass"],
  ["alibaba-ram-security-preference-session", undefined, "fail"],
  ["alibaba-ecs-sg-ssh-open", "sg-bp1legacy0000000001", "fail"],
  ["alibaba-ecs-sg-ssh-open", "sg-bp1shopweb000000001", "pass"],
  ["alibaba-ecs-sg-database-ports-open", "sg-bp1legacy0000000001", "fail"],
  ["alibaba-ecs-sg-database-ports-open", "sg-bp1shopweb000000001", "pass"],
  ["alibaba-ecs-sg-rdp-open", "sg-bp1legacy0000000001", "pass"],
  ["alibaba-ecs-sg-all-ports-open", "sg-bp1legacy0000000001", "pass"],
  ["alibaba-ecs-instance-imdsv2", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-imdsv2", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-public-ip", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-public-ip", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-deletion-protection", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-deletion-protection", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-user-data-secrets", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-user-data-secrets", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-system-disk-encrypted", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-system-disk-encrypted", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-data-disk-encrypted", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-data-disk-encrypted", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-classic-network", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-security-agent", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-security-agent", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-instance-exposed-with-admin-role", "i-bp1legacycms00000001", "fail"],
  ["alibaba-ecs-instance-exposed-with-admin-role", "i-bp1shopweb0000000001", "pass"],
  ["alibaba-ecs-disk-encryption", "d-bp1legacydata0000001", "fail"],
  ["alibaba-ecs-disk-encryption", "d-bp1shopdata000000001", "pass"],
  ["alibaba-ecs-disk-snapshot-policy", "d-bp1legacydata0000001", "fail"],
  ["alibaba-ecs-disk-snapshot-policy", "d-bp1shopdata000000001", "pass"],
  ["alibaba-ecs-image-public", "m-bp1legacy000000000001", "fail"],
  ["alibaba-ecs-image-public", "m-bp1shop00000000000001", "pass"],
  ["alibaba-ecs-image-shared", "m-bp1legacy000000000001", "fail"],
  ["alibaba-ecs-image-shared", "m-bp1shop00000000000001", "pass"],
  ["alibaba-vpc-flow-log", "vpc-bp1legacy000000000001", "fail"],
  ["alibaba-vpc-flow-log", "vpc-bp1shop00000000000001", "pass"],
  ["alibaba-oss-account-public-access-block", undefined, "fail"],
  ["alibaba-oss-bucket-public-access-block", "harbour-books-media", "fail"],
  ["alibaba-oss-bucket-public-access-block", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-public-read", "harbour-books-media", "fail"],
  ["alibaba-oss-bucket-public-read", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-public-read-write", "harbour-books-uploads", "fail"],
  ["alibaba-oss-bucket-public-read-write", "harbour-books-media", "pass"],
  ["alibaba-oss-bucket-policy-public", "harbour-books-uploads", "fail"],
  ["alibaba-oss-bucket-policy-public", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-policy-public-write", "harbour-books-uploads", "fail"],
  ["alibaba-oss-bucket-secure-transport", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-secure-transport", "harbour-books-media", "fail"],
  ["alibaba-oss-bucket-versioning", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-versioning", "harbour-books-uploads", "fail"],
  ["alibaba-oss-bucket-versioning", "harbour-books-media", "fail"],
  ["alibaba-oss-bucket-encryption", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-encryption", "harbour-books-media", "fail"],
  ["alibaba-oss-bucket-cmk", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-cmk", "harbour-books-uploads", "fail"],
  ["alibaba-oss-bucket-logging", "harbour-books-backups", "pass"],
  ["alibaba-oss-bucket-logging", "harbour-books-media", "fail"],
];

describe("the sample account of Alibaba Cloud", () => {
  let seen: Scan;
  before(async () => {
    seen = await scan(sampleAccount(now), now.toISOString());
  });

  for (const [check, instance, outcome] of expected) {
    it(`${check} says ${outcome}${instance === undefined ? "" : ` of ${instance}`}`, () => {
      const found = seen.outcome(check, instance);
      assert.equal(found?.kind, outcome, JSON.stringify(found));
    });
  }

  it("lists every kind without a failure", () => {
    const failed = seen.data.listings.filter(({ failure }) => failure !== null);
    assert.deepEqual(failed, []);
  });
});
