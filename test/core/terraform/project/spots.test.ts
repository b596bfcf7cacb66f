import { deepEqual, equal, ok } from "node:assert/strict";
import type { ProjectSettings } from "../../../../src/core/terraform/project.ts";
import { displayValue } from "../../../../src/core/values/text.ts";
import { instancesOf, projectOf, valueOf } from "./workspace.ts";

type Files = Readonly<Record<string, string>>;

/** What is pointed at with `‸` in one of the files, and what it is worth: `text`, then `address: value` of each place. */
function pointedAt(files: Files, settings: ProjectSettings = {}): readonly string[] | undefined {
  const marked = Object.entries(files).find(([, text]) => text.includes("‸"));
  ok(marked !== undefined);
  const [name, text] = marked;
  const project = projectOf({ ...files, [name]: text.replace("‸", "") }, settings);
  instancesOf(project);
  const found = project.valuesAt(`/w/${name}`, text.indexOf("‸"));
  if (found === undefined) return undefined;
  return [
    found.text,
    ...found.values.map(({ address, value }) => `${address}: ${value.sensitive === true ? "(sensitive)" : displayValue(value)}`),
  ];
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

describe("what an expression in JSON is worth", () => {
  const bucket = (body: Record<string, unknown>): Files => ({
    "main.tf.json": json({
      variable: { name: { default: "site" }, secret: { default: "x", sensitive: true } },
      locals: { all: { first: "${var.name}-1", second: ["a", "${upper(var.name)}"] } },
      resource: { aws_s3_bucket: { b: body } },
    }),
  });
  const at = (body: Record<string, unknown>, from: string, to: string): readonly string[] | undefined => {
    const files = bucket(body);
    const text = files["main.tf.json"] ?? "";
    ok(text.includes(from), text);
    return pointedAt({ "main.tf.json": text.replace(from, to) });
  };

  it("is told at a reference, a call, a plain text and a name", () => {
    deepEqual(at({ bucket: "${var.name}-x" }, "${var.name}-x", "${v‸ar.name}-x"), ["var.name", ": site"]);
    deepEqual(at({ bucket: "${upper(var.name)}" }, "${upper(var.name)}", "${up‸per(var.name)}"), ["upper(var.name)", ": SITE"]);
    deepEqual(at({ bucket: "plain" }, '"plain"', '"pla‸in"'), ['"plain"', ": plain"]);
    deepEqual(at({ bucket: "${var.name}-x" }, '"bucket"', '"buc‸ket"'), ['"bucket": "${var.name}-x"', ": site-x"]);
  });

  it("is told inside objects and lists", () => {
    deepEqual(at({ tags: { Name: "${var.name}" } }, "Name", "Na‸me"), ['"Name": "${var.name}"', ": site"]);
    deepEqual(at({ versioning: [{ enabled: "${var.name == 1}" }] }, "${var.name == 1}", "${v‸ar.name == 1}"), [
      "var.name",
      ": site",
    ]);
    deepEqual(at({}, '"a"', '"‸a"')?.slice(1), [": { first = site-1, second = a, SITE }"]);
    deepEqual(at({}, "${upper(var.name)}", "${upper(v‸ar.name)}"), ["var.name", ": site"]);
  });

  it("is told instance by instance, and block by block", () => {
    deepEqual(at({ for_each: { x: "1", y: "2" }, bucket: "b-${each.key}" }, "b-${each.key}", "b-${ea‸ch.key}"), [
      "each.key",
      'aws_s3_bucket.b["x"]: x',
      'aws_s3_bucket.b["y"]: y',
    ]);
    const dynamic = { dynamic: { logging: { for_each: ["l", "m"], iterator: "it", content: { target_bucket: "${it.value}" } } } };
    deepEqual(at(dynamic, "${it.value}", "${it.va‸lue}"), ["it.value", ": l", ": m"]);
  });

  it("takes a text with escapes as a whole", () => {
    const [text, value] = at({ bucket: 'é\n"${var.name}"' }, String.raw`\"${"$"}{var.name}`, String.raw`\"${"$"}{v‸ar.name}`) ?? [];
    ok(text?.startsWith('"é\\n'));
    equal(value, ': é\n"site"');
  });

  it("keeps secrets", () => {
    deepEqual(at({ bucket: "${var.secret}" }, "${var.secret}", "${var.se‸cret}"), ["var.secret", ": (sensitive)"]);
    const database = (text: string): Files => ({
      "main.tf.json": json({ resource: { aws_db_instance: { d: { password: "hunter2" } } } }).replace("hunter2", text),
    });
    deepEqual(pointedAt(database("hun‸ter2"))?.[1], ": (sensitive)");
  });

  it("is nothing for what is no value", () => {
    equal(at({ depends_on: ["aws_s3_bucket.a"] }, "aws_s3_bucket.a", "aws_s3_‸bucket.a"), undefined);
    equal(at({ lifecycle: { ignore_changes: ["tags"] } }, '"tags"', '"ta‸gs"'), undefined);
    equal(at({ provisioner: [{ "local-exec": { when: "destroy" } }] }, '"destroy"', '"dest‸roy"'), undefined);
    equal(at({}, '"aws_s3_bucket"', '"aws_‸s3_bucket"'), undefined);
  });
});

describe("what a line of a variable file is worth", () => {
  const main = 'variable "name" {\n  type = string\n}\nvariable "secret" {\n  sensitive = true\n}\n';

  it("is what the variable gets", () => {
    deepEqual(pointedAt({ "main.tf": main, "terraform.tfvars": "name = ‸5\n" }), ["5", ": 5"]);
    deepEqual(pointedAt({ "main.tf": main, "terraform.tfvars": "na‸me = 5\n" }), ["name = 5", ": 5"]);
    deepEqual(pointedAt({ "main.tf": main, "terraform.tfvars.json": '{"name": "‸${x}"}' }), ['"${x}"', ": ${x}"]);
    deepEqual(pointedAt({ "main.tf": main, "a.auto.tfvars": 'secret = "‸x"\n' }), ['"x"', ": (sensitive)"]);
  });

  it("is its own where another line wins, and in a file that is named", () => {
    deepEqual(
      pointedAt({ "main.tf": main, "terraform.tfvars": 'name = "‸one"\n', "z.auto.tfvars": 'name = "two"\n' })?.[1],
      ": one",
    );
    const files = { "main.tf": main, "environments/prod.tfvars": 'name = "‸prod"\n' };
    equal(pointedAt(files), undefined);
    deepEqual(pointedAt(files, { variableFiles: ["/w/environments/prod.tfvars"] }), ['"prod"', ": prod"]);
  });

  it("is told without a declaration, and not in between or behind", () => {
    deepEqual(pointedAt({ "main.tf": main, "terraform.tfvars": "other = [1, ‸2]\n" }), ["[1, 2]", ": 1, 2"]);
    equal(pointedAt({ "main.tf": main, "terraform.tfvars": "name   ‸  = 1\n" }), undefined);
    equal(pointedAt({ "main.tf": main, "terraform.tfvars": "name = 1\n‸\n" }), undefined);
  });
});

describe("self", () => {
  const block = (inner: string): Files => ({
    "main.tf": `resource "aws_instance" "i" {\n  count = 2\n  instance_type = "t3.\${count.index}"\n${inner}\n}\n`,
  });

  it("is the instance, in provisioners, connections and postconditions", () => {
    const both = ["aws_instance.i[0]: t3.0", "aws_instance.i[1]: t3.1"];
    for (const inner of [
      'provisioner "local-exec" {\n command = se‸lf.instance_type\n}',
      'provisioner "local-exec" {\n connection {\n host = self.‸instance_type\n}\n}',
      "connection {\n host = self.‸instance_type\n}",
      'lifecycle {\n postcondition {\n condition = self.instance‸_type != ""\n error_message = "x"\n}\n}',
    ])
      deepEqual(pointedAt(block(inner)), ["self.instance_type", ...both], inner);
    deepEqual(pointedAt(block('provisioner "local-exec" {\n command = "echo ${upper(se‸lf.instance_type)}"\n}'))?.slice(1), both);
  });

  it("knows what the provider will make as unknown, by name", () => {
    const files = block("connection {\n host = self.public‸_ip\n}");
    deepEqual(pointedAt(files), ["self.public_ip", "aws_instance.i[0]: (unknown)", "aws_instance.i[1]: (unknown)"]);
  });

  it("is refused elsewhere, as Terraform does", () => {
    for (const inner of ["user_data = self.instance_type", "tags = { a = self.instance_type }"]) {
      const project = projectOf(block(inner));
      instancesOf(project);
      deepEqual(
        project.problems().map(({ code }) => code),
        ["unknown-reference"],
        inner,
      );
    }
    const precondition = 'lifecycle {\n precondition {\n condition = se‸lf.instance_type != ""\n error_message = "x"\n}\n}';
    deepEqual(pointedAt(block(precondition))?.[1], "aws_instance.i[0]: (unknown)");
  });

  it("is read from JSON", () => {
    const text = json({
      resource: {
        aws_instance: { i: { instance_type: "t3", provisioner: [{ "local-exec": { command: "${se‸lf.instance_type}" } }] } },
      },
    });
    deepEqual(pointedAt({ "main.tf.json": text }), ["self.instance_type", "aws_instance.i: t3"]);
  });
});

describe("data of a check's own, in JSON", () => {
  const files = {
    "main.tf.json": json({
      check: {
        up: {
          data: { aws_iam_policy_document: { own: { statement: [{ actions: ["s3:*"], resources: ["*"] }] } } },
          assert: { condition: '${data.aws_iam_policy_document.own.json != ""}', error_message: "Down." },
        },
      },
      output: { document: { value: "${jsondecode(data.aws_iam_policy_document.own.json).Statement[0].Action}" } },
    }),
  };

  it("is declared and evaluated like any other", () => {
    const project = projectOf(files);
    equal(displayValue(valueOf(project, "output.document", "value")), "s3:*");
    deepEqual([...instancesOf(project).keys()].sort(), ["data.aws_iam_policy_document.own", "output.document"]);
    deepEqual(project.problems(), []);
  });

  it("is pointed at and traced", () => {
    deepEqual(pointedAt({ "main.tf.json": files["main.tf.json"].replace('"s3:*"', '"s3‸:*"') })?.slice(1), [": s3:*"]);
    const native =
      'check "up" {\n  data "aws_caller_identity" "me" {\n    provider = aws\n  }\n  assert {\n    condition = true\n    error_message = "x"\n  }\n}\n';
    deepEqual([...instancesOf(projectOf({ "main.tf": native })).keys()], ["data.aws_caller_identity.me"]);
  });
});
