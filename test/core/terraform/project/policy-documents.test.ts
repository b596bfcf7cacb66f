import { deepEqual, equal, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { structureOfPieces } from "../../../../src/core/values/json-pieces.ts";
import type { Value } from "../../../../src/core/values/value.ts";
import { projectOf, valueOf } from "./workspace.ts";

/**
 * Answers of the provider's own code (hashicorp/aws, internal/service/iam/policy_document_data_source.go and policy_model.go): what
 * it makes of a configuration.
 */
interface Answer {
  readonly name: string;
  readonly data: unknown;
  readonly json: string;
  readonly minified_json: string;
}

const answers = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/policy-documents/aws.json"), "utf8"),
) as readonly Answer[];

describe("aws_iam_policy_document writes what the provider writes", () => {
  for (const { name, data, json, minified_json } of answers) {
    it(name, () => {
      // Texts stand for themselves in the answers, and "${" would begin a template here.
      const text = JSON.stringify({ data: { aws_iam_policy_document: { d: data } } }).replaceAll("${", "$${");
      const project = projectOf({ "main.tf.json": text });
      const shown = (path: string): unknown => {
        const value = valueOf(project, "data.aws_iam_policy_document.d", path);
        return value.kind === "string" ? value.value : value;
      };
      equal(shown("json"), json);
      equal(shown("minified_json"), minified_json);
      deepEqual(project.problems(), []);
    });
  }
});

const unknowns = 'variable "x" {\n  type = string\n}\nvariable "xs" {\n  type = list(string)\n}\nresource "aws_s3_bucket" "b" {}\n';

/** The structure of the document that an output holds, unknowns as `?`. */
function structure(terraform: string, files: Readonly<Record<string, string>> = {}): unknown {
  const project = projectOf({ "main.tf": unknowns + terraform, ...files });
  const value = valueOf(project, "output.o", "value");
  if (value.kind === "string") return JSON.parse(value.value);
  if (value.kind !== "unknown") return plain(value);
  const { document, pieces } = value.refinement ?? {};
  const inside = document ?? (pieces === undefined ? undefined : structureOfPieces(pieces));
  return inside === undefined ? "?" : plain(inside);
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case "unknown":
      return value.refinement?.pieces?.map((piece) => (typeof piece === "string" ? piece : "?")).join("") ?? "?";
    case "tuple":
    case "list":
    case "set":
      return [...value.items.map(plain), ...(value.rest === undefined ? [] : ["…"])];
    case "object":
    case "map":
      return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item)]));
    case "null":
      return null;
    default:
      return "value" in value ? value.value : "?";
  }
}

const document = (body: string): string =>
  `data "aws_iam_policy_document" "d" {\n${body}\n}\noutput "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n`;
const statement = (body: string): string => `statement {\n  actions = ["s3:*"]\n${body}\n}`;

describe("a policy document with unknown parts", () => {
  it("keeps what is known around them", () => {
    deepEqual(structure(document(statement('resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]\nsid = var.x'))), {
      Version: "2012-10-17",
      Statement: [{ Sid: "?", Effect: "Allow", Action: "s3:*", Resource: ["?", "?/*"] }],
    });
  });

  it("never drops principals that may come on top of known ones", () => {
    const known = 'principals {\n  type        = "AWS"\n  identifiers = ["111122223333"]\n}\n';
    const of = (principals: string): unknown => {
      const whole = structure(document(statement(principals))) as {
        readonly Statement: readonly [{ readonly Principal: unknown }];
      };
      return whole.Statement[0].Principal;
    };
    deepEqual(
      of(
        `${known}dynamic "principals" {\n  for_each = var.xs\n  content {\n    type = "AWS"\n    identifiers = [principals.value]\n  }\n}`,
      ),
      {
        AWS: ["111122223333", "…"],
        Federated: ["…"],
        Service: ["…"],
      },
    );
    deepEqual(of('principals {\n  type        = "AWS"\n  identifiers = concat(["111122223333"], var.xs)\n}'), { AWS: ["…"] });
    deepEqual(of(`${known}principals {\n  type        = var.x\n  identifiers = ["*"]\n}`), {
      AWS: ["111122223333", "…"],
      Federated: ["…"],
      Service: ["…"],
    });
  });

  it("never takes conditions that may come on top for none", () => {
    const condition = 'condition {\n  test     = "StringEquals"\n  variable = "aws:SourceVpc"\n  values   = ["v"]\n}\n';
    const whole = structure(
      document(
        statement(
          `${condition}dynamic "condition" {\n  for_each = var.xs\n  content {\n    test = "Bool"\n    variable = "x"\n    values = [condition.value]\n  }\n}`,
        ),
      ),
    );
    deepEqual((whole as { readonly Statement: readonly [{ readonly Condition: unknown }] }).Statement[0].Condition, {
      "": "?",
      StringEquals: { "aws:SourceVpc": "v" },
    });
  });

  it("leaves open what an unknown document replaces, and what has no sid as it is", () => {
    const own = `${statement('sid = "A"')}\n${statement('effect = "Deny"')}`;
    deepEqual(structure(document(`${own}\noverride_policy_documents = [var.x]`)), {
      Version: "2012-10-17",
      Statement: ["?", { Effect: "Deny", Action: "s3:*" }, "…"],
    });
    deepEqual(structure(document(`${own}\nsource_policy_documents = [var.x]`)), {
      Version: "2012-10-17",
      Statement: [{ Sid: "A", Effect: "Allow", Action: "s3:*" }, { Effect: "Deny", Action: "s3:*" }, "…"],
    });
    const other = `jsonencode({ Statement = [{ Sid = var.x, Effect = "Allow", Action = "a:b" }] })`;
    deepEqual(structure(document(`${own}\noverride_policy_documents = [${other}]`)), {
      Version: "2012-10-17",
      Statement: ["?", { Effect: "Deny", Action: "s3:*" }, { Sid: "?", Effect: "Allow", Action: "a:b" }],
    });
  });

  it("is read out of other documents that are texts with holes", () => {
    const heredoc =
      '<<-EOT\n    {"Statement": [{"Sid": "A", "Effect": "Deny", "Action": "a:b", "Resource": "${aws_s3_bucket.b.arn}/*"}]}\n  EOT\n';
    deepEqual(structure(document(`${statement('sid = "A"')}\noverride_policy_documents = [${heredoc}]`)), {
      Version: "2012-10-17",
      Statement: [{ Sid: "A", Effect: "Deny", Action: "a:b", Resource: "?/*" }],
    });
  });
});

describe("alicloud_ram_policy_document", () => {
  it("writes what the provider writes, and keeps what is known around unknown parts", () => {
    const data = (body: string): string =>
      `data "alicloud_ram_policy_document" "d" {\n  statement {\n${body}\n}\n}\noutput "o" {\n  value = data.alicloud_ram_policy_document.d.document\n}\n`;
    const principal = (entity: string, identifiers: string): string =>
      `principal {\n  entity      = ${entity}\n  identifiers = ${identifiers}\n}\n`;
    deepEqual(structure(data(`action = ["sts:AssumeRole"]\n${principal('"RAM"', '["acs:ram::1:root", "acs:ram::2:root"]')}`)), {
      Version: "1",
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: ["acs:ram::2:root", "acs:ram::1:root"] } }],
    });
    deepEqual(
      structure(data(`action = ["oss:*", var.x]\nresource = var.xs\n${principal('"RAM"', '["a"]')}${principal("var.x", '["*"]')}`)),
      {
        Version: "1",
        Statement: [
          {
            Effect: "Allow",
            Action: ["oss:*", "?"],
            Resource: ["…"],
            Principal: { Federated: ["…"], RAM: ["a", "…"], Service: ["…"] },
          },
        ],
      },
    );
  });
});

describe("JSON text", () => {
  const whole = { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "?/*" }] };
  const text = '{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "${aws_s3_bucket.b.arn}/*"}]}';
  const output = (expression: string): string => `output "o" {\n  value = ${expression}\n}\n`;

  for (const [how, terraform] of [
    [
      "jsonencode",
      output('jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.b.arn}/*" }] })'),
    ],
    ["a heredoc", output(`<<-EOT\n    ${text}\n  EOT\n`)],
    ["a template file", output('templatefile("${path.module}/p.tftpl", { arn = aws_s3_bucket.b.arn })')],
    [
      "join",
      output(
        'join("", ["{\\"Statement\\": [", jsonencode({ Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.b.arn}/*" }), "]}"])',
      ),
    ],
    [
      "format",
      output(
        'format("{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"s3:*\\", \\"Resource\\": \\"%s/*\\"}]}", aws_s3_bucket.b.arn)',
      ),
    ],
    ["replace", output(`replace(file("\${path.module}/p.json"), "BUCKET", aws_s3_bucket.b.arn)`)],
    [
      "jsondecode of jsonencode",
      output(
        'jsondecode(jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "${aws_s3_bucket.b.arn}/*" }] }))',
      ),
    ],
    ["jsondecode of a heredoc", output(`jsondecode(<<-EOT\n    ${text}\n  EOT\n  )`)],
    ["jsondecode of a template file", output('jsondecode(templatefile("${path.module}/p.tftpl", { arn = aws_s3_bucket.b.arn }))')],
    [
      "jsonencode of jsondecode",
      output(`jsonencode(jsondecode(replace(file("\${path.module}/p.json"), "BUCKET", aws_s3_bucket.b.arn)))`),
    ],
  ] as const) {
    it(`keeps its structure through ${how}`, () => {
      deepEqual(
        structure(terraform, {
          "p.tftpl": text.replace("aws_s3_bucket.b.arn", "arn"),
          "p.json": text.replace("${aws_s3_bucket.b.arn}", "BUCKET"),
        }),
        whole,
      );
    });
  }

  it("gives single members back that are known beside unknown ones", () => {
    const project = projectOf({
      "main.tf": `${unknowns}locals {\n  p = jsondecode(<<-EOT\n    ${text}\n  EOT\n  )\n}\noutput "o" {\n  value = local.p.Statement[0].Action\n}\n`,
    });
    deepEqual(valueOf(project, "output.o", "value"), { kind: "string", value: "s3:*" });
    ok(valueOf(project, "output.o", "value").kind === "string");
  });

  it("with unknown names is not read", () => {
    equal(structure(output('jsondecode("{\\"${var.x}:sub\\": 1}")')), "?");
  });
});
