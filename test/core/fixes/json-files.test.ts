import assert from "node:assert/strict";
import { parseFile } from "../../../src/core/hcl/parse.ts";
import { bundled, fileWorld } from "../../harness/check-world.ts";
import { inJsonSyntax } from "../../harness/json-syntax.ts";
import { offersFor } from "./fix-world.ts";

/* Fixes of files in JSON syntax: the failing examples of the catalogue, written so, and layouts that people have. */

const tree = await bundled();
const file = "main.tf.json";

/** Its rules come from a list that is made of another argument. */
const odd = new Set(["tencent-lighthouse-firewall-open"]);

describe("a failing example in JSON syntax", () => {
  let mended = 0;
  for (const check of tree.checks) {
    const examples = (tree.examples.get(check.id) ?? []).filter(
      ({ verdict, fixed, terraform }) => verdict === "fail" && fixed !== undefined && terraform !== undefined,
    );
    if (check.fixes.length === 0 || examples.length === 0) continue;
    it(`of ${check.id} fails as in native syntax, and is mended`, () => {
      for (const { terraform = "" } of examples) {
        const json = inJsonSyntax(terraform);
        const fails = (name: string, text: string): number =>
          fileWorld(tree, { [name]: text })
            .results(check)
            .filter(({ outcome }) => outcome.kind === "fail").length;
        assert.equal(fails(file, json), fails("main.tf", terraform), json);
        const offers = offersFor(tree, check, { [file]: json });
        if (!odd.has(check.id)) {
          const refused = offers.flatMap(({ offer }) => (offer.kind === "unavailable" ? [offer.why] : []));
          assert.ok(
            offers.some(({ offer }) => offer.kind === "available"),
            refused.join("\n"),
          );
        }
        for (const { offer, after } of offers) {
          if (offer.kind !== "available") continue;
          mended++;
          const text = after[file] ?? "";
          assert.doesNotThrow(() => JSON.parse(text) as unknown, text);
          const world = fileWorld(tree, after);
          assert.deepEqual(
            world.project.problems().map(({ message }) => message),
            [],
            text,
          );
          for (const result of world.results(check)) assert.notEqual(result.outcome.kind, "fail", text);
          for (const ask of offer.asks) assert.equal(text.slice(ask.range.start, ask.range.end), ask.default);
        }
      }
    });
  }
  after(() => assert.ok(mended > 750, `only ${String(mended)} fixes`));
});

describe("a fix in JSON syntax", () => {
  const mend = (
    id: string,
    title: RegExp,
    json: string,
    more: Readonly<Record<string, string>> = {},
  ): Readonly<Record<string, string>> => {
    const check = tree.checks.find((each) => each.id === id);
    assert.ok(check);
    const offers = offersFor(tree, check, { [file]: json, ...more });
    const found = offers.find(({ offer }) => offer.kind === "available" && title.test(offer.title));
    assert.ok(found, offers.map(({ offer }) => `${offer.title}: ${offer.kind === "unavailable" ? offer.why : ""}`).join("\n"));
    return found.after;
  };

  it("keeps order, indentation, line ends and comments", () => {
    const json = [
      "{",
      '\t"//": "of the shop",',
      '\t"resource": {',
      '\t\t"aws_ebs_volume": {',
      '\t\t\t"data": { "availability_zone": "eu-west-1a", "size": 10, "//": "grows" }',
      "\t\t}",
      "\t}",
      "}",
      "",
    ].join("\r\n");
    assert.equal(
      mend("aws-ebs-volume-encryption", /Encrypt/, json)[file],
      json.replace('"//": "grows" }', '"//": "grows", "encrypted": true }'),
    );
    const spread = json.replace(
      /\{ "availability_zone".*\}/,
      '{\r\n\t\t\t\t"availability_zone": "eu-west-1a",\r\n\t\t\t\t"size": 10\r\n\t\t\t}',
    );
    assert.equal(
      mend("aws-ebs-volume-encryption", /Encrypt/, spread)[file],
      spread.replace('"size": 10', '"size": 10,\r\n\t\t\t\t"encrypted": true'),
    );
  });

  it("adds a resource beside those of its type, as each form of the file has it", () => {
    const bucket = { bucket: "example" };
    for (const resource of [
      { aws_s3_bucket: { a: bucket } },
      [{ aws_s3_bucket: { a: bucket } }],
      {
        aws_s3_bucket: { a: bucket, b: bucket },
        aws_s3_bucket_versioning: { b: { bucket: "${aws_s3_bucket.b.id}", versioning_configuration: { status: "Enabled" } } },
      },
      { aws_s3_bucket: { a: [bucket] } },
    ]) {
      const text =
        mend("aws-s3-bucket-versioning", /Turn on versioning|versioning/i, `${JSON.stringify({ resource }, undefined, 4)}\n`)[
          file
        ] ?? "";
      const parsed = JSON.parse(text) as { readonly resource: unknown };
      const all = [parsed.resource].flat() as Record<string, Record<string, unknown>>[];
      const added = all.flatMap((each) => Object.keys(each["aws_s3_bucket_versioning"] ?? {}));
      assert.ok(added.includes("a"), text);
      assert.equal(text, `${JSON.stringify(parsed, undefined, 4)}\n`);
    }
  });

  it("edits where the value is decided, in files of both syntaxes", () => {
    const json = `${JSON.stringify({ resource: { aws_ebs_volume: { a: { availability_zone: "eu-west-1a", size: 1, encrypted: "${var.on}" } } } }, undefined, 2)}\n`;
    const native = 'variable "on" {\n  default = false\n}\n';
    const after = mend("aws-ebs-volume-encryption", /Encrypt/, json, { "variables.tf": native });
    assert.deepEqual(after, { [file]: json, "variables.tf": native.replace("false", "true") });
    const swapped = mend(
      "aws-ebs-volume-encryption",
      /Encrypt/,
      `${JSON.stringify({ variable: { on: { default: false } } }, undefined, 2)}\n`,
      {
        "main.tf":
          'resource "aws_ebs_volume" "a" {\n  availability_zone = "eu-west-1a"\n  size              = 1\n  encrypted         = var.on\n}\n',
      },
    );
    assert.match(swapped[file] ?? "", /"default": true/);
  });

  it("takes a secret out into a sensitive variable", () => {
    const password = ["not", "a", "real", "one", "7"].join("-");
    const { resource } = JSON.parse(
      inJsonSyntax(`resource "tencentcloud_mysql_instance" "shop" {\n  root_password = "${password}"\n}\n`),
    ) as { readonly resource: unknown };
    const text =
      mend("tencent-mysql-root-password-literal", /to a variable/, `${JSON.stringify({ resource }, undefined, 2)}\n`)[file] ?? "";
    assert.ok(!text.includes(password));
    const { variable } = JSON.parse(text) as { readonly variable: unknown };
    assert.deepEqual(variable, { shop_root_password: { type: "string", sensitive: true } });
  });

  it("narrows one statement of a document, however the document is written", () => {
    const id = "aws-ecr-policy-public";
    const policy = (text: string): string =>
      `${JSON.stringify({ resource: { aws_ecr_repository_policy: { a: { repository: "r", policy: text } } } }, undefined, 2)}\n`;
    const written = (text: string): string => {
      const { resource } = JSON.parse(text) as {
        readonly resource: { readonly aws_ecr_repository_policy: { readonly a: { readonly policy: string } } };
      };
      return resource.aws_ecr_repository_policy.a.policy;
    };
    const own = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "ecr:*", Resource: "*" };
    const everyone = { ...own, Principal: "*", Sid: "\u00e9\t${var.sid}" };

    // Text in a string, with what JSON escapes and what terraform puts in.
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [own, everyone] }, undefined, 1);
    const variable = { "variables.tf": 'variable "sid" {\n  default = "Pull"\n}\n' };
    const escaped = policy(text).replace("\u00e9", "\\u00e9");
    const narrowed = written(mend(id, /your organization/, escaped, variable)[file] ?? "");
    assert.deepEqual(JSON.parse(narrowed), {
      Version: "2012-10-17",
      Statement: [own, { ...everyone, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } } }],
    });
    assert.ok(narrowed.startsWith(text.slice(0, text.indexOf("Sid"))), "what stands before it stays as it is");

    // An expression in a string.
    const call =
      '${jsonencode({\n  Statement = [\n    # Ours.\n    { Effect = "Allow", Principal = "*", Action = "ecr:*", Resource = "*" },\n  ]\n})}';
    assert.equal(
      written(mend(id, /one account/, policy(call))[file] ?? ""),
      call.replace('Principal = "*"', 'Principal = { AWS = "111122223333" }'),
    );

    // A data source: its blocks are objects, one or a list.
    const document = (statement: unknown): string =>
      `${JSON.stringify({ data: { aws_iam_policy_document: { d: { statement } } } }, undefined, 2)}\n`;
    const beside = {
      "main.tf":
        'resource "aws_ecr_repository_policy" "a" {\n  repository = "r"\n  policy     = data.aws_iam_policy_document.d.json\n}\n',
    };
    const statement = (type: string, identifiers: readonly string[]): Record<string, unknown> => ({
      actions: ["ecr:*"],
      resources: ["*"],
      principals: [
        { type: "Service", identifiers: ["codebuild.amazonaws.com"] },
        { type, identifiers },
      ],
    });
    const [closed, open] = [statement("AWS", ["111122223333"]), statement("*", ["*"])];
    assert.deepEqual(
      JSON.parse(mend(id, /one account/, document([closed, open]), beside)[file] ?? ""),
      JSON.parse(document([closed, closed])),
    );
    assert.equal(mend(id, /Remove/, document([closed, open]), beside)[file], document([closed]));
    const condition = { test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-exampleorgid"] };
    assert.deepEqual(
      JSON.parse(mend(id, /your organization/, document(open), beside)[file] ?? ""),
      JSON.parse(document({ ...open, condition })),
    );
  });

  it("is not offered where what decides is inside a string", () => {
    const check = tree.checks.find(({ id }) => id === "aws-ebs-volume-encryption");
    assert.ok(check);
    const json = JSON.stringify({
      resource: { aws_ebs_volume: { a: { availability_zone: "eu-west-1a", size: 1, encrypted: "${1 == 2}" } } },
    });
    const [first] = offersFor(tree, check, { [file]: json });
    assert.equal(first?.offer.kind, "unavailable");
    assert.equal(parseFile(`/${file}`, json).problems.length, 0);
  });
});
