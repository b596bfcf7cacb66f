import assert from "node:assert/strict";
import type { CheckItem } from "../../../src/core/checks/model.ts";
import { bundled } from "../../harness/check-world.ts";
import { checkOf, offersFor } from "./fix-world.ts";

/* Edits below a statement: what they write in each construct and dialect. That terraform takes the texts: test/checks. */

const tree = await bundled();

const statement = "policy#statements[failing]";
const condition = "{ operator: StringEquals, key: 'aws:PrincipalOrgID', values: o-a1b2c3d4e5 }";

function item(place: string, instance: string, edit: string, asserted = "empty(policy(self.policy).publicStatements)"): CheckItem {
  return checkOf(
    tree,
    place,
    `
title: Example
instance: ${instance}
dimensions: [security]
category: network
risk: high
tier: free
assert: ${asserted}
message: It is not so.
why: Because.
advice: Change it.
benchmarks: []
references: ["https://example.com"]
fix: { source: [{ title: Narrow it, edits: [${edit}] }] }
examples: { pass: [""], fail: [""] }
`,
  );
}

const aws = (edit: string, asserted?: string): CheckItem => item("aws/sqs/example", "aws_sqs_queue_policy", edit, asserted);
const ram = (edit: string): CheckItem => item("alibaba/kms/example", "alicloud_kms_key", edit);
const cam = (edit: string): CheckItem => item("tencent/cos/example", "tencentcloud_cos_bucket_policy", edit);
const orgOnly = aws(`{ op: set, at: "${statement}.condition", value: ${condition} }`);
const account = aws(`{ op: set, at: "${statement}.principals", value: "111122223333" }`);

/** The text after the only fix, or why there is none. */
function after(check: CheckItem, text: string): string {
  const offers = offersFor(tree, check, { "main.tf": text });
  assert.equal(offers.length, 1);
  const [{ offer, after: files } = assert.fail()] = offers;
  return offer.kind === "available" ? (files["main.tf"] ?? "") : offer.why;
}

const queue = (policy: string, rest = ""): string => `resource "aws_sqs_queue_policy" "a" {
  queue_url = "example"
  policy    = ${policy}
}
${rest}`;

const encoded = (body: string): string =>
  queue(`jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
${body.replace(/^(?=.)/gm, "        ")}
      }
    ]
  })`);

const open = `Effect    = "Allow" # for now
Principal = "*"
Action    = "sqs:SendMessage"
Resource  = "*"`;

describe("fixes of a statement's parts", () => {
  it("add a condition to an encoded object and keep its comments", () => {
    assert.equal(
      after(orgOnly, encoded(open)),
      encoded(`${open}\nCondition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }`),
    );
  });

  it("add it on the line of a statement on one line", () => {
    const one = (more: string): string =>
      queue(`jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*"${more} }] })`);
    assert.equal(after(orgOnly, one("")), one(`, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }`));
  });

  it("add it to the conditions that are there", () => {
    assert.equal(
      after(orgOnly, encoded(`${open}\nCondition = { Bool = { "aws:SecureTransport" = "true" } }`)),
      encoded(
        `${open}\nCondition = { Bool = { "aws:SecureTransport" = "true" }, StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }`,
      ),
    );
    assert.equal(
      after(orgOnly, encoded(`${open}\nCondition = {\n  stringequals = {\n    "aws:RequestedRegion" = "eu-west-1"\n  }\n}`)),
      encoded(
        `${open}\nCondition = {\n  stringequals = {\n    "aws:RequestedRegion" = "eu-west-1"\n    "aws:PrincipalOrgID"  = "o-a1b2c3d4e5"\n  }\n}`,
      ),
    );
  });

  it("put the values of a condition of the same operator and key in place of its own", () => {
    assert.equal(
      after(orgOnly, encoded(`${open}\nCondition = { StringEquals = { "aws:principalorgid" = "*" } }`)),
      encoded(`${open}\nCondition = { StringEquals = { "aws:principalorgid" = "o-a1b2c3d4e5" } }`),
    );
  });

  it("write colons and commas where the others do", () => {
    const colons = (more: string): string =>
      queue(`jsonencode({
    "Statement" : [
      {
        "Effect" : "Allow",
        "Principal" : "*",
        "Action" : "sqs:*",
        "Resource" : "*"${more}
      }
    ]
  })`);
    assert.equal(
      after(orgOnly, colons("")),
      colons(`,\n        "Condition" : { "StringEquals" : { "aws:PrincipalOrgID" : "o-a1b2c3d4e5" } }`),
    );
  });

  it("follow a local value to the object", () => {
    const local = (more: string): string =>
      queue(
        "jsonencode(local.policy)",
        `\nlocals {\n  policy = {\n    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*"${more} }]\n  }\n}\n`,
      );
    assert.equal(after(orgOnly, local("")), local(`, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }`));
  });

  it("edit the statement that fails, of several", () => {
    const two = (more: string): string =>
      queue(`jsonencode({
    Statement = [
      { Effect = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:*", Resource = "*" },
      { Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*"${more} },
    ]
  })`);
    assert.equal(after(orgOnly, two("")), two(`, Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-a1b2c3d4e5" } }`));
  });

  it("edit a heredoc", () => {
    const heredoc = (more: string): string =>
      queue(`<<-EOT
    {
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "AWS": "*" },
          "Action": "sqs:*",
          "Resource": "\${var.arn}"${more}
        }
      ]
    }
  EOT`);
    assert.equal(
      after(orgOnly, heredoc("")),
      heredoc(`,\n          "Condition": { "StringEquals": { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }`),
    );
    assert.equal(after(account, heredoc("")), heredoc("").replace(`"AWS": "*"`, `"AWS": "111122223333"`));
  });

  it("edit a quoted string, where quotes are escaped", () => {
    const quoted = (more: string): string =>
      queue(
        String.raw`"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:*\",\"Resource\":\"${"${var.arn}"}\"${more}}]}"`,
      );
    assert.equal(
      after(orgOnly, quoted("")),
      quoted(String.raw`, \"Condition\": { \"StringEquals\": { \"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\" } }`),
    );
  });

  const data = (body: string): string =>
    queue(
      "data.aws_iam_policy_document.a.json",
      `
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["sqs:SendMessage"] # for now
    resources = ["*"]

${body.replace(/^(?=.)/gm, "    ")}
  }
}
`,
    );
  const everyone = `principals {\n  type        = "*"\n  identifiers = ["*"]\n}`;

  it("add a block to a data source's statement", () => {
    assert.equal(
      after(orgOnly, data(everyone)),
      data(
        `${everyone}\n\ncondition {\n  test     = "StringEquals"\n  variable = "aws:PrincipalOrgID"\n  values   = ["o-a1b2c3d4e5"]\n}`,
      ),
    );
  });

  it("put the values in place of those of a data source's condition", () => {
    const narrowed = (value: string): string =>
      data(
        `${everyone}\n\ncondition {\n  test     = "StringEquals"\n  variable = "aws:PrincipalOrgID"\n  values   = ["${value}"]\n}`,
      );
    assert.equal(after(orgOnly, narrowed("*")), narrowed("o-a1b2c3d4e5"));
  });

  it("name an account in place of everyone and leave services be", () => {
    assert.equal(after(account, encoded(open)), encoded(open.replace(`"*"`, `{ AWS = "111122223333" }`)));
    const mixed = open.replace(`"*"`, `{ AWS = "*", Service = "sns.amazonaws.com" }`);
    assert.equal(after(account, encoded(mixed)), encoded(mixed.replace(`"*"`, `"111122223333"`)));
    const service = `principals {\n  type        = "Service"\n  identifiers = ["sns.amazonaws.com"]\n}\n\n`;
    assert.equal(
      after(account, data(service + everyone)),
      data(`${service}principals {\n  type        = "AWS"\n  identifiers = ["111122223333"]\n}`),
    );
  });

  it("set actions and resources", () => {
    const asserted = `'!policy(self.policy).statements.exists(s, "*" in s.actions || "*" in s.resources)'`;
    const actions = aws(`{ op: set, at: "${statement}.actions", value: ["sqs:SendMessage", "sqs:ReceiveMessage"] }`, asserted);
    const text = open.replace(`"sqs:SendMessage"`, `"*"`).replace(/Resource .*/, `Resource  = "arn:aws:sqs:*:*:a"`);
    assert.equal(
      after(actions, encoded(text)),
      encoded(text.replace(/Action .*/, `Action    = ["sqs:SendMessage", "sqs:ReceiveMessage"]`)),
    );
    const resources = aws(`{ op: replace, at: "${statement}.resources", value: "arn:aws:sqs:*:*:a" }`, asserted);
    assert.equal(after(resources, data(everyone)), data(everyone).replace(`["*"]\n\n`, `["arn:aws:sqs:*:*:a"]\n\n`));
  });

  it("write as RAM and CAM do", () => {
    const ours = `{ op: set, at: "${statement}.condition", value: { operator: StringEquals, key: "acs:PrincipalAccountId", values: ["1000000000000001"] } }`;
    const key = (more: string): string => `resource "alicloud_kms_key" "a" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { RAM = ["*"] }, Action = ["kms:*"], Resource = ["*"]${more} }] })
}
`;
    assert.equal(
      after(ram(ours), key("")),
      key(`, Condition = { StringEquals = { "acs:PrincipalAccountId" = ["1000000000000001"] } }`),
    );
    const who = `{ op: set, at: "${statement}.principals", value: "acs:ram::1000000000000001:root" }`;
    assert.equal(after(ram(who), key("")), key("").replace(`["*"]`, `["acs:ram::1000000000000001:root"]`));

    const data = (who: string, more: string): string => `resource "alicloud_kms_key" "a" {
  policy = data.alicloud_ram_policy_document.a.document
}

data "alicloud_ram_policy_document" "a" {
  statement {
    action   = ["kms:*"]
    resource = ["*"]

    principal {
      entity      = "RAM"
      identifiers = ["${who}"]
    }${more}
  }
}
`;
    const block = `\n\n    condition {\n      operator = "StringEquals"\n      variable = "acs:PrincipalAccountId"\n      values   = ["1000000000000001"]\n    }`;
    assert.equal(after(ram(ours), data("*", "")), data("*", block));
    assert.equal(after(ram(who), data("*", "")), data("acs:ram::1000000000000001:root", ""));

    const network = `{ op: set, at: "${statement}.condition", value: { operator: ip_equal, key: "qcs:ip", values: ["10.0.0.0/8"] } }`;
    const bucket = (who: string, more: string): string => `resource "tencentcloud_cos_bucket_policy" "a" {
  bucket = "example-1250000000"
  policy = jsonencode({
    statement = [{
      effect    = "allow"
      principal = { qcs = ["${who}"] }
      action    = ["name/cos:GetObject"]
      resource  = ["*"]${more}
    }]
  })
}
`;
    assert.equal(
      after(cam(network), bucket("qcs::cam::anyone:anyone", "")),
      bucket("qcs::cam::anyone:anyone", `\n      condition = { ip_equal = { "qcs:ip" = ["10.0.0.0/8"] } }`),
    );
    const main = "qcs::cam::uin/100000000001:root";
    assert.equal(
      after(cam(`{ op: set, at: "${statement}.principals", value: ["${main}"] }`), bucket("qcs::cam::anyone:anyone", "")),
      bucket(main, ""),
    );
  });

  it("remove a part", () => {
    const asserted = "policy(self.policy).statements.all(s, empty(s.conditions))";
    const check = aws(`{ op: remove, at: "${statement}.condition" }`, asserted);
    const written = (more: string): string => encoded(open + more);
    assert.equal(after(check, written(`\nCondition = { Bool = { "aws:SecureTransport" = "true" } }`)), written(""));
    const block = `\n\ncondition {\n  test     = "Bool"\n  variable = "aws:SecureTransport"\n  values   = ["true"]\n}`;
    assert.equal(after(check, data(everyone + block + block.replace("true", "false"))), data(everyone));
  });

  it("say why a statement can't be edited", () => {
    const local = `\nlocals {\n  open = { Effect = "Allow", Principal = "*", Action = "sqs:*", Resource = "*" }\n}\n`;
    assert.match(after(orgOnly, queue("jsonencode({ Statement = [local.open] })", local)), /^The statement is computed/);
    const conditions = `${open}\nCondition = merge({ Bool = { "aws:SecureTransport" = "true" } })`;
    assert.match(after(orgOnly, encoded(conditions)), /^That part of the statement is computed/);
    const but = aws(
      `{ op: set, at: "${statement}.actions", value: "sqs:SendMessage" }`,
      "policy(self.policy).statements.all(s, empty(s.notActions))",
    );
    assert.match(after(but, encoded(open.replace("Action   ", "NotAction"))), /^The statement names what it leaves out/);
    const dynamic = `dynamic "statement" {\n    for_each = [1]\n    content {\n      actions   = ["sqs:*"]\n      resources = ["*"]\n      principals {\n        type        = "*"\n        identifiers = ["*"]\n      }\n    }\n  }`;
    assert.match(
      after(orgOnly, queue("data.aws_iam_policy_document.a.json", `\ndata "aws_iam_policy_document" "a" {\n  ${dynamic}\n}\n`)),
      /^Which statement decides can't be told/,
    );
  });

  it("say that statements of other documents stand before the one that fails", () => {
    const sourced = data(everyone).replace(
      "  statement {",
      `  source_policy_documents = [data.aws_iam_policy_document.b.json]\n\n  statement {`,
    );
    const other = `\ndata "aws_iam_policy_document" "b" {\n  statement {\n    actions   = ["sqs:*"]\n    resources = ["*"]\n\n    principals {\n      type        = "Service"\n      identifiers = ["sns.amazonaws.com"]\n    }\n  }\n}\n`;
    assert.match(after(orgOnly, sourced + other), /^Which statement decides can't be told/);
  });

  it("say why a statement of a downloaded module can't be edited", () => {
    const files = {
      "main.tf": 'module "m" {\n  source = "example/m/aws"\n}\n',
      ".terraform/modules/modules.json": JSON.stringify({
        Modules: [{ Key: "m", Source: "example/m/aws", Dir: ".terraform/modules/m" }],
      }),
      ".terraform/modules/m/main.tf": encoded(open),
    };
    const [{ offer } = assert.fail()] = offersFor(tree, orgOnly, files);
    assert.match(offer.kind === "unavailable" ? offer.why : "offered", /downloaded module/);
  });

  it("have an example in the place of an answer", () => {
    const asked = aws(
      `{ op: set, at: "${statement}.condition", value: { operator: StringEquals, key: "aws:PrincipalOrgID", values: { ask: { label: Organization, type: string, example: o-a1b2c3d4e5 } } } }`,
    );
    const [{ offer, after: files } = assert.fail()] = offersFor(tree, asked, { "main.tf": encoded(open) });
    assert.ok(offer.kind === "available");
    const [ask = assert.fail()] = offer.asks;
    assert.equal(ask.default, "o-a1b2c3d4e5");
    assert.equal((files["main.tf"] ?? "").slice(ask.range.start, ask.range.end), "o-a1b2c3d4e5");
  });
});
