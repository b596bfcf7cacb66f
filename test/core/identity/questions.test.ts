import assert from "node:assert/strict";
import type { Dialect } from "../../../src/core/identity/document.ts";
import { policyValue } from "../../../src/core/identity/policy-value.ts";
import { reason, STRING, unknown } from "../../../src/core/values/make.ts";
import { formatPath } from "../../../src/core/values/path.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { compiled, environment, open, scope, shown, toValue } from "../cel/world.ts";

/* What `policy(document)` answers, row by row: the statements are of the forms that the clouds' documentation shows. */

interface Row {
  readonly says: string;
  readonly dialect?: Dialect;
  readonly statements: readonly object[];
  readonly answer: unknown;
}

function document(statements: readonly object[], dialect: Dialect = "aws"): object {
  return dialect === "tencent" ? { version: "2.0", statement: statements } : { Version: "2012-10-17", Statement: statements };
}

/** A string whose structure is known, as jsonencode leaves it. */
function structured(data: object): Value {
  return unknown(STRING, reason("computed", "x"), { refinement: { document: toValue(data) } });
}

function answers(name: string, rows: readonly Row[]): void {
  for (const { says, dialect = "aws", statements, answer } of rows) {
    it(`${says} (${dialect})`, () => {
      const all = shown(policyValue(structured(document(statements, dialect)), dialect)) as Record<string, unknown>;
      assert.deepEqual(all[name], answer);
    });
  }
}

const allow = (action: unknown, resource: unknown = "*", more: object = {}): object => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});
const deny = (action: unknown, resource: unknown = "*", more: object = {}): object => ({
  ...allow(action, resource, more),
  Effect: "Deny",
});
const cam = (action: unknown, resource: unknown = "*", more: object = {}): object => ({
  effect: "allow",
  action,
  resource,
  ...more,
});
const mfa = { Bool: { "aws:MultiFactorAuthPresent": "true" } };

describe("Services granted whole", () => {
  answers("serviceWildcards", [
    { says: "are named once each", statements: [allow(["iam:*", "kms:*", "s3:Get*"]), allow("iam:*")], answer: ["iam", "kms"] },
    { says: "are all of them with every action", statements: [allow("*")], answer: ["*"] },
    {
      says: "are all of them with all but some",
      statements: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
      answer: ["*"],
    },
    { says: "are none on named resources", statements: [allow("s3:*", "arn:aws:s3:::example/*")], answer: [] },
    { says: "are none under a condition", statements: [allow("iam:*", "*", { Condition: mfa })], answer: [] },
    { says: "are none where they are denied", statements: [allow("iam:*"), deny("iam:*")], answer: [] },
    { says: "stay where a part is denied", statements: [allow("iam:*"), deny("iam:CreateUser")], answer: ["iam"] },
    { says: "may be more where actions are not known", statements: [allow(["kms:*", open()])], answer: ["kms", "…?"] },
    { says: "are RAM's products", dialect: "alibaba", statements: [allow(["ecs:*", "ram:*"])], answer: ["ecs", "ram"] },
    { says: "are CAM's products", dialect: "tencent", statements: [cam(["name/cos:*", "cam:*"])], answer: ["cos", "cam"] },
    {
      says: "are on every resource in CAM's words",
      dialect: "tencent",
      statements: [cam("cvm:*", "qcs::cvm:*:*:*")],
      answer: ["cvm"],
    },
  ]);
});

describe("Services of which something is granted", () => {
  answers("services", [
    {
      says: "are named, conditions or not",
      statements: [allow(["S3:Get*", "sqs:SendMessage"], "x", { Condition: mfa })],
      answer: ["s3", "sqs"],
    },
    { says: "are all with every action", statements: [allow("*:*")], answer: ["*"] },
    { says: "leave out what is denied whole", statements: [allow(["s3:*", "sqs:*"]), deny("s3:*")], answer: ["sqs"] },
    { says: "leave out denials", statements: [deny("ec2:*")], answer: [] },
    { says: "may be more where the statement is not known", statements: [allow("s3:*"), open()], answer: ["s3", "…?"] },
  ]);
});

describe("Broad writes", () => {
  answers("broadWrites", [
    {
      says: "change something everywhere",
      statements: [allow(["s3:PutObject", "s3:GetObject", "ec2:Describe*"])],
      answer: ["s3:PutObject"],
    },
    {
      says: "may hide in a pattern",
      statements: [allow(["s3:*", "ec2:D*", "dynamodb:Batch*"])],
      answer: ["s3:*", "ec2:D*", "dynamodb:Batch*"],
    },
    { says: "do not count on named resources", statements: [allow("s3:PutObject", "arn:aws:s3:::example/*")], answer: [] },
    { says: "do not count under a condition", statements: [allow("s3:PutObject", "*", { Condition: mfa })], answer: [] },
    {
      says: "do not count where no resource can be named",
      statements: [allow(["cloudwatch:PutMetricData", "xray:PutTraceSegments"])],
      answer: [],
    },
    { says: "do not count where a denial covers them", statements: [allow("iam:Put*"), deny("iam:*")], answer: [] },
    {
      says: "are all but the named ones",
      statements: [{ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }],
      answer: ["all but iam:*"],
    },
    {
      says: "are on all but the named resources",
      statements: [{ Effect: "Allow", Action: "s3:PutObject", NotResource: "arn:aws:s3:::a" }],
      answer: ["s3:PutObject"],
    },
    { says: "are open where the resource is", statements: [allow("s3:PutObject", open())], answer: ["…?"] },
    {
      says: "read RAM's verbs",
      dialect: "alibaba",
      statements: [allow(["ecs:DescribeInstances", "ecs:RunInstances"])],
      answer: ["ecs:RunInstances"],
    },
    {
      says: "read CAM's verbs",
      dialect: "tencent",
      statements: [cam(["cdb:InquiryPrice", "cvm:TerminateInstances"])],
      answer: ["cvm:TerminateInstances"],
    },
  ]);
});

describe("Actions that expose credentials", () => {
  answers("credentialExposing", [
    {
      says: "are found by pattern",
      statements: [allow(["ec2:GetPassword*", "sts:AssumeRole"])],
      answer: ["ec2:GetPasswordData", "sts:AssumeRole"],
    },
    {
      says: "do not count on a named role",
      statements: [allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/example")],
      answer: [],
    },
    { says: "count on every role", statements: [allow("sts:AssumeRole", "arn:aws:iam::*:role/*")], answer: ["sts:AssumeRole"] },
    {
      says: "do not count where they are denied",
      statements: [allow("ec2:*"), deny("ec2:GetPasswordData"), deny("ec2:Describe*")],
      answer: [],
    },
    { says: "are RAM's", dialect: "alibaba", statements: [allow("ram:CreateAccessKey")], answer: ["ram:CreateAccessKey"] },
    {
      says: "are CAM's",
      dialect: "tencent",
      statements: [cam("tke:DescribeClusterKubeconfig")],
      answer: ["tke:DescribeClusterKubeconfig"],
    },
    { says: "are open where actions are", statements: [allow(open())], answer: ["…?"] },
  ]);
});

describe("Actions that take data out", () => {
  answers("dataExfiltrating", [
    {
      says: "are found by pattern",
      statements: [allow(["s3:Get*", "secretsmanager:GetSecretValue"])],
      answer: ["s3:GetObject", "s3:GetObjectVersion", "secretsmanager:GetSecretValue"],
    },
    { says: "do not count on one bucket", statements: [allow("s3:GetObject", "arn:aws:s3:::example/*")], answer: [] },
    {
      says: "count on every bucket",
      statements: [allow("s3:GetObject", ["arn:aws:s3:::*", "arn:aws:s3:::*/*"])],
      answer: ["s3:GetObject"],
    },
    {
      says: "are Alibaba Cloud's",
      dialect: "alibaba",
      statements: [allow("oss:Get*", "acs:oss:*:*:*")],
      answer: ["oss:GetObject", "oss:GetObjectVersion"],
    },
    { says: "are Tencent Cloud's", dialect: "tencent", statements: [cam(["name/cos:GetObject"])], answer: ["cos:GetObject"] },
  ]);
});

describe("Actions that change permissions", () => {
  answers("permissionsManagement", [
    {
      says: "are found by pattern",
      statements: [allow("s3:PutBucket*")],
      answer: ["s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock"],
    },
    {
      says: "do not count under a condition",
      statements: [allow("kms:CreateGrant", "*", { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } })],
      answer: [],
    },
    { says: "are Alibaba Cloud's", dialect: "alibaba", statements: [allow("oss:PutBucketAcl")], answer: ["oss:PutBucketAcl"] },
    { says: "are Tencent Cloud's", dialect: "tencent", statements: [cam("cos:PutBucketPolicy")], answer: ["cos:PutBucketPolicy"] },
  ]);
});

const trust = (principal: unknown, condition?: object): object => ({
  Effect: "Allow",
  Principal: principal,
  Action: "sts:AssumeRole",
  ...(condition === undefined ? {} : { Condition: condition }),
});
const computed = (address: string, attribute: string): Value =>
  unknown(STRING, reason(address.startsWith("data.") ? "data source" : "computed", address), {
    origin: { address, path: [attribute] },
    refinement: { notNull: true },
  });
const template = (...pieces: readonly (string | Value)[]): Value =>
  unknown(
    STRING,
    pieces.flatMap((piece) => (typeof piece !== "string" && piece.kind === "unknown" ? piece.reasons : [])),
    {
      refinement: {
        notNull: true,
        pieces: pieces.flatMap((piece) => (typeof piece === "string" || piece.kind === "unknown" ? [piece] : [])),
      },
    },
  );
const foreign = (principal = "arn:aws:iam::111122223333:root"): object => ({ account: /\d{5,}/.exec(principal)?.[0], principal });

describe("Trust in other accounts", () => {
  const root = "arn:aws:iam::111122223333:root";
  answers("crossAccountTrust", [
    { says: "is told of an account by its id", statements: [trust({ AWS: "111122223333" })], answer: [foreign("111122223333")] },
    {
      says: "is told of roots, roles and users",
      statements: [trust({ AWS: [root, "arn:aws:iam::111122223333:role/x"] })],
      answer: [foreign(), foreign("arn:aws:iam::111122223333:role/x")],
    },
    {
      says: "is narrowed by an external id",
      statements: [trust({ AWS: root }, { StringEquals: { "sts:ExternalId": "example" } })],
      answer: [],
    },
    {
      says: "is not narrowed by any external id",
      statements: [trust({ AWS: root }, { StringLike: { "sts:ExternalId": "*" } })],
      answer: [foreign()],
    },
    {
      says: "is not narrowed by an external id that may be absent",
      statements: [trust({ AWS: root }, { StringEqualsIfExists: { "sts:ExternalId": "example" } })],
      answer: [foreign()],
    },
    {
      says: "is narrowed by an organisation",
      statements: [trust({ AWS: root }, { StringEquals: { "aws:PrincipalOrgID": "o-example" } })],
      answer: [],
    },
    { says: "is not about services", statements: [trust({ Service: "ec2.amazonaws.com" })], answer: [] },
    { says: "is not about denials", statements: [{ ...trust({ AWS: root }), Effect: "Deny" }], answer: [] },
    {
      says: "is not about who is asking",
      statements: [trust({ AWS: template("arn:aws:iam::", computed("data.aws_caller_identity.a", "account_id"), ":root") })],
      answer: [],
    },
    {
      says: "is not about what this configuration creates",
      statements: [trust({ AWS: computed("aws_iam_role.a", "arn") })],
      answer: [],
    },
    {
      says: "knows the account of a name that is not known",
      statements: [trust({ AWS: template("arn:aws:iam::111122223333:role/", open()) })],
      answer: [foreign("arn:aws:iam::111122223333:role/…")],
    },
    {
      says: "is open where the account is",
      statements: [trust({ AWS: template("arn:aws:iam::", open(), ":root") })],
      answer: ["…?"],
    },
    {
      says: "is open where a data source may name anybody",
      statements: [trust({ AWS: computed("data.terraform_remote_state.a", "account_id") })],
      answer: ["…?"],
    },
    {
      says: "is open where the condition is",
      statements: [trust({ AWS: root }, { StringEquals: { "sts:ExternalId": open() } })],
      answer: ["…?"],
    },
    {
      says: "is RAM's",
      dialect: "alibaba",
      statements: [trust({ RAM: ["acs:ram::1234567890123456:root"] })],
      answer: [foreign("acs:ram::1234567890123456:root")],
    },
    {
      says: "is narrowed in RAM",
      dialect: "alibaba",
      statements: [trust({ RAM: ["acs:ram::1234567890123456:root"] }, { StringEquals: { "sts:ExternalId": ["example"] } })],
      answer: [],
    },
    {
      says: "is of a bucket's users",
      dialect: "alibaba",
      statements: [{ Effect: "Allow", Principal: ["20214760404935"], Action: ["oss:GetObject"], Resource: ["*"] }],
      answer: [foreign("20214760404935")],
    },
    {
      says: "is CAM's",
      dialect: "tencent",
      statements: [{ effect: "allow", action: "name/sts:AssumeRole", principal: { qcs: ["qcs::cam::uin/100000000001:root"] } }],
      answer: [foreign("qcs::cam::uin/100000000001:root")],
    },
    {
      says: "is narrowed in CAM",
      dialect: "tencent",
      statements: [
        {
          effect: "allow",
          action: "name/sts:AssumeRole",
          principal: { qcs: ["qcs::cam::uin/100000000001:root"] },
          condition: { string_equal: { "sts:external_id": "example" } },
        },
      ],
      answer: [],
    },
  ]);
});

describe("Services that act for others", () => {
  const events = "events.amazonaws.com";
  const topic = (condition?: object): object => ({
    ...trust({ Service: events }, condition),
    Action: "sns:Publish",
    Resource: "*",
  });
  answers("serviceConfusion", [
    { says: "are let in without a word for whom", statements: [topic()], answer: [{ service: events }] },
    {
      says: "are told for whom by account",
      statements: [topic({ StringEquals: { "aws:SourceAccount": "111122223333" } })],
      answer: [],
    },
    {
      says: "are told for whom by ARN",
      statements: [topic({ ArnLike: { "aws:SourceArn": "arn:aws:events:*:111122223333:rule/*" } })],
      answer: [],
    },
    {
      says: "are told nothing by an open ARN",
      statements: [topic({ ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/*" } })],
      answer: [{ service: events }],
    },
    {
      says: "are told nothing by a network",
      statements: [topic({ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } })],
      answer: [{ service: events }],
    },
    {
      says: "take roles",
      statements: [trust({ Service: ["scheduler.amazonaws.com", "logs.eu-west-1.amazonaws.com"] })],
      answer: [{ service: "scheduler.amazonaws.com" }, { service: "logs.eu-west-1.amazonaws.com" }],
    },
    {
      says: "are not those that take roles of their own account only",
      statements: [trust({ Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] })],
      answer: [],
    },
    {
      says: "are open where the action may be to take a role",
      statements: [{ ...trust({ Service: ["ec2.amazonaws.com", events] }), Action: open() }],
      answer: [{ service: events }, "…?"],
    },
    { says: "are none where accounts are let in", statements: [trust({ AWS: "111122223333" })], answer: [] },
    { says: "are open where the service is", statements: [{ ...topic(), Principal: { Service: open() } }], answer: ["…?"] },
    {
      says: "are open where the condition is",
      statements: [topic({ StringEquals: { "aws:SourceAccount": open() } })],
      answer: ["…?"],
    },
    {
      says: "have no such keys in RAM",
      dialect: "alibaba",
      statements: [trust({ Service: ["actiontrail.aliyuncs.com"] })],
      answer: [],
    },
  ]);
});

describe("Denying what is done without a second factor", () => {
  const notPresent = (operator: string, key = "aws:MultiFactorAuthPresent", value = "false"): object => ({
    Condition: { [operator]: { [key]: value } },
  });
  const allBut = { NotAction: ["iam:EnableMFADevice", "iam:ListMFADevices"], Action: undefined };
  answers("deniesWithoutMfa", [
    { says: "is true of everything", statements: [deny("*", "*", notPresent("BoolIfExists"))], answer: true },
    {
      says: "is true of all but setting one up",
      statements: [deny("x", "*", { ...notPresent("BoolIfExists"), ...allBut })],
      answer: true,
    },
    {
      says: "is true of sessions without its age",
      statements: [deny("*", "*", notPresent("Null", "aws:MultiFactorAuthAge", "true"))],
      answer: true,
    },
    { says: "is not true for long-term keys without IfExists", statements: [deny("*", "*", notPresent("Bool"))], answer: false },
    { says: "is not true of one service", statements: [deny("ec2:*", "*", notPresent("BoolIfExists"))], answer: false },
    { says: "is not true of one bucket", statements: [deny("*", "arn:aws:s3:::a", notPresent("BoolIfExists"))], answer: false },
    {
      says: "is not true the other way round",
      statements: [deny("*", "*", notPresent("BoolIfExists", undefined, "true"))],
      answer: false,
    },
    { says: "is not true of an allowance", statements: [allow("*", "*", { Condition: mfa })], answer: false },
    { says: "is RAM's", dialect: "alibaba", statements: [deny("*", "*", notPresent("Bool", "acs:MFAPresent"))], answer: true },
    {
      says: "is open where the value is",
      statements: [deny("*", "*", { Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": open() } } })],
      answer: "unknown: variable var.x",
    },
  ]);
});

describe("The version of a document", () => {
  answers("version", [
    { says: "is as written", statements: [], answer: "2012-10-17" },
    { says: "is CAM's", dialect: "tencent", statements: [], answer: "2.0" },
  ]);
});

describe("In the check language", () => {
  const env = environment({ a: "s", b: "s", boundary: "s" });
  const run = (text: string, data: object): unknown => shown(compiled(text, env).evaluate(scope(data)));
  const json = (...statements: readonly object[]): string => JSON.stringify(document(statements));

  it("broad grants are asked by action, with the statements", () => {
    const data = {
      a: json(
        allow("iam:PassRole", "arn:aws:iam::111122223333:role/*", {
          Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
        }),
      ),
    };
    assert.equal(run('empty(policy(a).broadGrants("iam:PassRole"))', data), false);
    assert.equal(run('policy(a).broadGrants("iam:PassRole").all(s, !empty(s.conditions))', data), true);
    assert.equal(
      run('empty(policy(a).broadGrants("iam:PassRole"))', { a: json(allow("iam:PassRole", "arn:aws:iam::111122223333:role/one")) }),
      true,
    );
    assert.equal(run('empty(policy(a).broadGrants("iam:PassRole"))', { a: json(allow("iam:*"), deny("iam:PassRole")) }), true);
  });

  it("broad grants and grants are the same where the places that decide are asked for", () => {
    const data = { a: json(allow("iam:PassRole")) };
    for (const text of ['empty(policy(a).broadGrants("iam:PassRole"))', '!policy(a).grants("iam:PassRole", "*")']) {
      const traced = compiled(`[a].all(d, ${text.replace("policy(a)", "policy(d)")})`, env).trace(scope(data));
      assert.equal(shown(traced.value), false, text);
    }
  });

  it("many documents are one policy: what one allows another denies", () => {
    const data = { a: json(allow("iam:PassRole")), b: json(allow(["lambda:CreateFunction", "lambda:InvokeFunction"])) };
    assert.equal(run("empty(policy(a).escalations) && empty(policy(b).escalations)", data), true);
    assert.equal(
      run('policies([a, b]).escalations == ["iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction"]', data),
      true,
    );
    assert.equal(run("empty(policies([a, b, boundary]).escalations)", { ...data, boundary: json(deny("iam:PassRole")) }), true);
    assert.equal(run("policies([a, b]).admin", { a: null, b: json(allow("*")) }), true);
  });

  it("a document that is not known may allow anything", () => {
    assert.equal(run("policies([a, b]).admin", { a: json(allow("s3:*")), b: open() }), "unknown: variable var.x");
    assert.equal(run("policies([a, b]).admin", { a: json(allow("*")), b: open() }), true);
  });

  it("a boundary takes away what it does not allow", () => {
    const data = { a: json(allow("*")), boundary: json(allow(["s3:*", "ec2:*"])) };
    assert.equal(run("policy(a).within(boundary).admin", data), false);
    assert.equal(run("empty(policy(a).within(boundary).escalations)", { ...data, boundary: json(allow("s3:*")) }), true);
    assert.equal(run('policy(a).within(boundary).grants("s3:GetObject", "*")', data), true);
    assert.equal(run('policy(a).within(boundary).grants("iam:CreateUser", "*")', data), false);
    assert.equal(
      run("policy(a).within(boundary).escalations", {
        ...data,
        a: json(allow("iam:*")),
        boundary: json(allow("*"), deny("iam:*")),
      })?.toString(),
      "",
    );
  });

  it("no boundary takes nothing away, and one that is not known anything", () => {
    assert.equal(run("policy(a).within(boundary).admin", { a: json(allow("*")), boundary: null }), true);
    assert.equal(run("policy(a).within(boundary).admin", { a: json(allow("*")), boundary: open() }), "unknown: variable var.x");
    assert.equal(run("policy(a).within(boundary).admin", { a: json(allow("s3:*")), boundary: open() }), false);
  });

  it("what is found stands in its statement", () => {
    const trace = compiled("empty(policy(a).credentialExposing)", env).trace(
      scope({ a: json(allow("s3:GetObject"), allow("sts:AssumeRole")) }),
    );
    assert.deepEqual(trace.evidence.map(formatPath), ["a#statements[1]"]);
    const trusts = compiled('policy(a).crossAccountTrust.all(t, t.account == "444455556666")', env).trace(
      scope({ a: json(trust({ Service: "ec2.amazonaws.com" }), trust({ AWS: "111122223333" })) }),
    );
    assert.equal(formatPath(trusts.evidence[0] ?? []), "a#statements[1]");
    assert.equal(trusts.value.kind === "bool" && trusts.value.value, false);
  });
});
