import assert from "node:assert/strict";
import type { Dialect } from "../../../src/core/identity/document.ts";
import { policyGrants, policyValue } from "../../../src/core/identity/policy-value.ts";
import { reason, STRING, unknown } from "../../../src/core/values/make.ts";
import { formatPath } from "../../../src/core/values/path.ts";
import type { Value } from "../../../src/core/values/value.ts";
import { open, shown, toValue } from "../cel/world.ts";

interface Answers {
  publicStatements: { actions: string[] }[];
  wildcards: unknown[];
  admin: unknown;
  escalations: string[];
  deniesInsecureTransport: unknown;
}

function ask(statement: object, dialect: Dialect = "aws"): Answers {
  const text = JSON.stringify(dialect === "tencent" ? { version: "2.0", statement: [statement] } : { Statement: [statement] });
  return shown(policyValue(toValue(text), dialect)) as Answers;
}

/** A string whose structure is known, as jsonencode leaves it. */
function structured(data: object): Value {
  return unknown(STRING, reason("computed", "x"), { refinement: { document: toValue(data) } });
}

const everyone = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

describe("Policies", () => {
  it("are public when they name everyone and nothing narrows that", () => {
    const isPublic = (statement: object, dialect: Dialect = "aws"): number => ask(statement, dialect).publicStatements.length;
    assert.equal(isPublic(everyone), 1);
    assert.equal(isPublic({ ...everyone, Principal: { AWS: ["*"] } }), 1);
    assert.equal(isPublic({ ...everyone, Principal: { Service: "s3.amazonaws.com" } }), 0);
    assert.equal(isPublic({ ...everyone, Effect: "Deny" }), 0);
    assert.equal(isPublic({ ...everyone, Principal: undefined, NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }), 1);
    assert.equal(isPublic({ ...everyone, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-example" } } }), 0);
    assert.equal(isPublic({ ...everyone, Condition: { IpAddress: { "aws:SourceIp": ["0.0.0.0/0"] } } }), 1);
    assert.equal(isPublic({ ...everyone, Condition: { StringNotEquals: { "aws:SourceVpc": "vpc-1" } } }), 1);
    assert.equal(isPublic({ ...everyone, Condition: { Bool: { "aws:SecureTransport": "true" } } }), 1);
    assert.equal(isPublic({ ...everyone, Principal: ["*"] }, "alibaba"), 1);
    assert.equal(isPublic({ ...everyone, Principal: ["20214760404935xxxx"] }, "alibaba"), 0);
    assert.equal(
      isPublic(
        { effect: "allow", principal: { qcs: ["qcs::cam::anyone:anyone"] }, action: ["name/cos:GetObject"], resource: ["*"] },
        "tencent",
      ),
      1,
    );
  });

  it("are administrators with every action on every resource, unless all is denied", () => {
    assert.equal(ask({ Effect: "Allow", Action: "*", Resource: "*" }).admin, true);
    assert.equal(ask({ Effect: "Allow", Action: ["*:*"], Resource: ["*"] }).admin, true);
    assert.equal(ask({ Effect: "Allow", Action: "s3:*", Resource: "*" }).admin, false);
    assert.equal(ask({ effect: "allow", action: "*", resource: "*" }, "tencent").admin, true);
    const denied = {
      Statement: [
        { Effect: "Allow", Action: "*", Resource: "*" },
        { Effect: "Deny", Action: "*", Resource: "*" },
      ],
    };
    assert.equal((shown(policyValue(toValue(JSON.stringify(denied)), "aws")) as Answers).admin, false);
  });

  it("name the ways up", () => {
    assert.deepEqual(ask({ Effect: "Allow", Action: "iam:CreatePolicyVersion", Resource: "*" }).escalations, [
      "iam:CreatePolicyVersion",
    ]);
    assert.deepEqual(
      ask({ Effect: "Allow", Action: ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], Resource: "*" })
        .escalations,
      ["iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction"],
    );
    assert.deepEqual(
      ask({ Effect: "Allow", Action: "iam:CreatePolicyVersion", Resource: "arn:aws:iam::111122223333:policy/one" }).escalations,
      [],
    );
    assert.deepEqual(ask({ Effect: "Allow", Action: "ram:AttachPolicyToUser", Resource: "*" }, "alibaba").escalations, [
      "ram:AttachPolicyToUser",
    ]);
    assert.deepEqual(ask({ effect: "allow", action: "cam:AttachUserPolicy", resource: "*" }, "tencent").escalations, [
      "cam:AttachUserPolicy",
    ]);
  });

  it("name ways up on every resource of a kind, not on the parts of one", () => {
    const on = (action: string, resource: string, dialect: Dialect = "aws"): string[] =>
      ask(
        dialect === "tencent" ? { effect: "allow", action, resource } : { Effect: "Allow", Action: action, Resource: resource },
        dialect,
      ).escalations;
    assert.deepEqual(on("lambda:UpdateFunctionCode", "arn:aws:lambda:*:111122223333:function:*"), ["lambda:UpdateFunctionCode"]);
    assert.deepEqual(on("lambda:UpdateFunctionCode", "arn:aws:lambda:*:111122223333:function:example:*"), []);
    assert.deepEqual(on("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/*"), ["iam:AttachRolePolicy"]);
    assert.deepEqual(on("iam:AttachRolePolicy", "arn:aws:iam::111122223333:role/example/*"), []);
    assert.deepEqual(on("ram:UpdateRole", "acs:ram:*:*:role/*", "alibaba"), ["ram:UpdateRole"]);
    assert.deepEqual(on("cam:AttachRolePolicy", "qcs::cam::uin/100000000001:roleName/*", "tencent"), ["cam:AttachRolePolicy"]);
  });

  it("grant by pattern, deny over allow", () => {
    const document = toValue(
      JSON.stringify({
        Statement: [
          { Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::a/*" },
          { Effect: "Deny", Action: "s3:GetObjectAcl", Resource: "*" },
          { Effect: "Allow", NotAction: "iam:*", Resource: "arn:b" },
        ],
      }),
    );
    const granted = (action: string, resource: string): unknown =>
      shown(policyGrants(policyValue(document, "aws"), "aws", action, resource));
    assert.equal(granted("s3:GetObject", "arn:aws:s3:::a/x"), true);
    assert.equal(granted("s3:GetObjectAcl", "arn:aws:s3:::a/x"), false);
    assert.equal(granted("s3:GetObject", "*"), false);
    assert.equal(granted("ec2:RunInstances", "arn:b"), true);
    assert.equal(granted("iam:PassRole", "arn:b"), false);
  });

  it("deny plain HTTP in each cloud's words", () => {
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"] };
    assert.equal(ask({ ...deny, Condition: { Bool: { "aws:SecureTransport": "false" } } }).deniesInsecureTransport, true);
    assert.equal(ask({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } }).deniesInsecureTransport, false);
    assert.equal(
      ask(
        { ...deny, Action: "oss:*", Resource: ["acs:oss:*:*:a/*"], Condition: { Bool: { "acs:SecureTransport": ["false"] } } },
        "alibaba",
      ).deniesInsecureTransport,
      true,
    );
    const tencent = {
      effect: "deny",
      principal: { qcs: ["qcs::cam::anyone:anyone"] },
      action: ["name/cos:*"],
      resource: ["*"],
      condition: { bool_equal: { "cos:secure-transport": "false" } },
    };
    assert.equal(ask(tencent, "tencent").deniesInsecureTransport, true);
  });

  it("stay undetermined where what is not known could matter", () => {
    const of = (data: object): Answers => shown(policyValue(structured(data), "aws")) as Answers;
    assert.deepEqual(of({ Statement: [{ ...everyone, Principal: open() }] }).publicStatements, ["…?"]);
    assert.deepEqual(of({ Statement: open() }).publicStatements, ["…?"]);
    assert.equal(of({ Statement: [{ Effect: "Allow", Action: open(), Resource: "*" }] }).admin, "unknown: variable var.x");
    assert.equal(of({ Statement: [{ ...everyone, Resource: open() }] }).publicStatements.length, 1);
    assert.deepEqual(of({ Statement: [{ ...everyone, Effect: "Deny", Principal: open() }] }).publicStatements, []);
    assert.equal(shown(policyValue(toValue("{"), "aws")), "unknown: invalid policy document is not JSON");
    assert.equal(shown(policyValue(open(), "aws")), "unknown: variable var.x");
  });

  it("know where each statement stands", () => {
    const value = policyValue({ ...toValue(JSON.stringify({ Statement: [everyone] })), path: ["policy"] }, "aws");
    const found = value.kind === "object" ? value.entries.get("publicStatements") : undefined;
    const [first] = found !== undefined && "items" in found ? found.items : [];
    assert.equal(formatPath(first?.path ?? []), "policy#statements[0]");
  });

  it("have a place of their own where the same text is written twice", () => {
    const document = toValue(JSON.stringify({ Statement: [everyone] }));
    const placeOfFirst = (path?: string): string | undefined => {
      const value = policyValue(path === undefined ? document : { ...document, path: [path] }, "aws");
      const statements = value.kind === "object" ? value.entries.get("statements") : undefined;
      const [first] = statements !== undefined && "items" in statements ? statements.items : [];
      return first?.path === undefined ? undefined : formatPath(first.path);
    };
    assert.deepEqual(["policy", undefined, "trust", "policy"].map(placeOfFirst), [
      "policy#statements[0]",
      undefined,
      "trust#statements[0]",
      "policy#statements[0]",
    ]);
  });

  it("that can't be read say why in the words of their own document", () => {
    const pieces = ["no JSON ", unknown(STRING, reason("variable", "var.x"))];
    const reasonsOf = (detail: string): unknown => {
      const value = policyValue(unknown(STRING, reason("variable", detail), { refinement: { pieces } }), "aws");
      return value.kind === "unknown" ? value.reasons : undefined;
    };
    assert.deepEqual(reasonsOf("var.a"), [reason("variable", "var.a")]);
    assert.deepEqual(reasonsOf("var.b"), [reason("variable", "var.b")]);
  });
});
