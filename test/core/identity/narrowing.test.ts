import assert from "node:assert/strict";
import type { Dialect } from "../../../src/core/identity/document.ts";
import { policyValue } from "../../../src/core/identity/policy-value.ts";
import { shown, toValue } from "../cel/world.ts";

/* Conditions on a statement that names everyone: operator, key, values, and whether the statement stays public. */

type Row = readonly [operator: string, key: string, values: string | readonly string[], stays: boolean];

const AWS: readonly Row[] = [
  ["Bool", "elasticfilesystem:AccessedViaMountTarget", "true", false],
  ["Bool", "elasticfilesystem:AccessedViaMountTarget", "false", true],
  ["Bool", "elasticfilesystem:AccessedViaMountTarget", ["true", "false"], true],
  ["BoolIfExists", "elasticfilesystem:AccessedViaMountTarget", "true", true],
  ["StringEquals", "aws:PrincipalOrgID", "o-example", false],
  ["StringLike", "aws:PrincipalOrgPaths", "o-example/*", false],
  ["StringEquals", "aws:SourceAccount", "111122223333", false],
  ["StringEquals", "AWS:SourceVpce", "vpce-0123456789abcdef0", false],
  ["ArnLike", "aws:SourceArn", "arn:aws:sns:*:111122223333:example", false],
  ["ArnLike", "aws:SourceArn", "arn:aws:s3:::example", false],
  ["ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", false],
  ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "2001:db8::/32"], false],
  ["IpAddress", "aws:SourceIp", "10.0.0.0/8", false],
  ["IpAddress", "aws:SourceIp", "203.0.113.7", false],
  ["ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-example/r-ab12/", false],
  // Too wide.
  ["IpAddress", "aws:SourceIp", "0.0.0.0/0", true],
  ["IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"], true],
  ["IpAddress", "aws:SourceIp", "::/0", true],
  ["IpAddress", "aws:SourceIp", ["203.0.113.0/24", "0.0.0.0/0"], true],
  ["StringLike", "aws:SourceAccount", "*", true],
  ["StringLike", "aws:userid", "*:*", true],
  ["ArnLike", "aws:SourceArn", "arn:aws:s3:::*", true],
  ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/example", true],
  ["ArnLike", "aws:PrincipalArn", "*:role/example", true],
  ["StringEquals", "aws:SourceAccount", [], true],
  // Passed by a request that lacks the key.
  ["StringEqualsIfExists", "aws:SourceVpc", "vpc-0123456789abcdef0", true],
  ["ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-example/*", true],
  ["StringNotEquals", "aws:SourceVpc", "vpc-0123456789abcdef0", true],
  ["NotIpAddress", "aws:SourceIp", "203.0.113.0/24", true],
  ["Null", "aws:PrincipalOrgID", "false", true],
  // Says nothing about who.
  ["StringEquals", "aws:PrincipalTag/team", "example", true],
  ["StringEquals", "aws:username", "example", true],
  ["IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", true],
  ["StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com", true],
  ["StringLike", "aws:Referer", "https://www.example.com/*", true],
  ["StringLike", "aws:UserAgent", "example", true],
  ["Bool", "aws:SecureTransport", "true", true],
];

const ALIBABA: readonly Row[] = [
  ["IpAddress", "acs:SourceIp", "203.0.113.0/24", false],
  ["StringEquals", "acs:SourceVpc", "vpc-example", false],
  ["StringEquals", "acs:PrincipalRDId", "rd-example", false],
  ["IpAddress", "acs:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"], true],
  ["NotIpAddress", "acs:SourceIp", "203.0.113.0/24", true],
  ["IpAddress", "acs:VpcSourceIp", "10.0.0.0/8", true],
  ["Bool", "acs:SecureTransport", "true", true],
  ["StringLike", "acs:SourceVpc", "*", true],
];

const TENCENT: readonly Row[] = [
  ["ip_equal", "qcs:ip", "203.0.113.0/24", false],
  ["string_equal", "vpc:requester_vpc", "vpc-example", false],
  ["string_equal", "qcs:uin", "100000000001", false],
  ["ip_equal", "qcs:ip", "0.0.0.0/0", true],
  ["ip_equal", "qcs:ip", ["203.0.113.0/24", "0.0.0.0/1"], true],
  ["ip_not_equal", "qcs:ip", "203.0.113.0/24", true],
  ["ip_equal_if_exist", "qcs:ip", "203.0.113.0/24", true],
  ["bool_equal", "cos:secure-transport", "true", true],
  ["string_like", "cos:referer", "https://www.example.com/*", true],
];

function isPublic(dialect: Dialect, [operator, key, values]: Row): boolean {
  const condition = { [operator]: { [key]: values } };
  const document =
    dialect === "tencent"
      ? {
          version: "2.0",
          statement: [
            {
              effect: "allow",
              principal: { qcs: ["qcs::cam::anyone:anyone"] },
              action: ["name/cos:GetObject"],
              resource: ["*"],
              condition,
            },
          ],
        }
      : { Statement: [{ Effect: "Allow", Principal: "*", Action: "*:Get*", Resource: "*", Condition: condition }] };
  const { publicStatements } = shown(policyValue(toValue(JSON.stringify(document)), dialect)) as { publicStatements: unknown[] };
  return publicStatements.length > 0;
}

const tables: readonly (readonly [Dialect, readonly Row[]])[] = [
  ["aws", AWS],
  ["alibaba", ALIBABA],
  ["tencent", TENCENT],
];

for (const [dialect, rows] of tables) {
  describe(`A condition in a policy of ${dialect} on a statement for everyone`, () => {
    for (const row of rows) {
      const [operator, key, values, stays] = row;
      it(`${stays ? "leaves it public" : "narrows it"}: ${operator} ${key} ${JSON.stringify(values)}`, () => {
        assert.equal(isPublic(dialect, row), stays);
      });
    }
  });
}

describe("A denial of requests without TLS", () => {
  const denies = (dialect: Dialect, statement: object): unknown => {
    const document = dialect === "tencent" ? { version: "2.0", statement: [statement] } : { Statement: [statement] };
    return (shown(policyValue(toValue(JSON.stringify(document)), dialect)) as { deniesInsecureTransport: unknown })
      .deniesInsecureTransport;
  };
  const aws = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::example", "arn:aws:s3:::example/*"],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };

  it("is for everyone, every action and every object", () => {
    assert.equal(denies("aws", aws), true);
    assert.equal(denies("aws", { ...aws, Resource: "arn:aws:s3:::example*" }), true);
    assert.equal(denies("aws", { ...aws, Resource: "arn:aws:s3:::example/private/*" }), false);
    assert.equal(denies("aws", { ...aws, Action: "s3:GetObject" }), false);
    assert.equal(denies("aws", { ...aws, Principal: { AWS: "arn:aws:iam::111122223333:root" } }), false);
  });

  it("exempts nobody and nothing", () => {
    assert.equal(denies("aws", { ...aws, Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }), false);
    assert.equal(denies("aws", { ...aws, Resource: undefined, NotResource: "arn:aws:s3:::example/a/*" }), false);
    assert.equal(denies("aws", { ...aws, Condition: { ...aws.Condition, StringEquals: { "aws:SourceVpc": "vpc-1" } } }), false);
  });

  it("knows the key of each cloud only", () => {
    const tencent = (key: string): object => ({
      effect: "deny",
      principal: { qcs: ["qcs::cam::anyone:anyone"] },
      action: ["name/cos:*"],
      resource: ["*"],
      condition: { bool_equal: { [key]: "false" } },
    });
    assert.equal(denies("tencent", tencent("cos:secure-transport")), true);
    assert.equal(denies("tencent", tencent("qcs:secure-transport")), false);
    assert.equal(
      denies("alibaba", {
        ...aws,
        Action: ["oss:*"],
        Resource: ["acs:oss:*:*:example", "acs:oss:*:*:example/*"],
        Condition: { Bool: { "acs:SecureTransport": ["false"] } },
      }),
      true,
    );
  });
});
