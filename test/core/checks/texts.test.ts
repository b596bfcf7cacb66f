import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { root } from "../../../scripts/check-files.ts";
import { loadCatalogue } from "../../../src/core/checks/catalogue.ts";
import { loadTexts } from "../../../src/core/checks/load.ts";
import { languageOf } from "../../../src/core/text/language.ts";
import { readYaml } from "../../../src/core/instances/yaml-text.ts";
import { createService } from "../../../src/core/service.ts";
import { LineIndex } from "../../../src/core/text/text.ts";
import { bundled, someDay } from "../../harness/check-world.ts";
import { checkAll } from "../../harness/engine.ts";

const tree = await bundled();
const schema = JSON.parse(await readFile(join(root, "checks/schema/texts.schema.json"), "utf8")) as object;
const validate = new Ajv({ strictTypes: false }).compile(schema);

const english = `title: Bucket ACL is private
instance: aws_s3_bucket_acl
dimensions: [security]
category: data
risk: medium
tier: free
assert: acl == "private" || acl == parameters.allowed
message: "The ACL is {acl}, which lets {acl == 'public-read' ? 'everyone' : 'some'} read."
why: It may leak.
advice: Make it private.
parameters: { allowed: { type: string, default: "private", title: Allowed as well } }
fix:
  source:
    - title: Make the ACL private
      when: acl == "public-read"
      edits: [{ op: set, at: acl, value: { ask: { label: Which ACL, type: string, default: private } } }]
  live: { title: Make it private, risk: none, restores: partial, restoresNote: Not the owner., permissions: ["s3:PutBucketAcl"] }
references: ["https://example.com"]
examples: { pass: ["x"], fail: ["x"] }
`;

const chinese = `title: 存储桶 ACL 为私有
message: "ACL 为 {acl},允许{acl == 'public-read' ? '所有人' : '部分人'}读取。"
why: 数据可能泄露。
advice: 将其设为私有。
fixes: [将 ACL 设为私有]
remedy: 设为私有
restoresNote: 不包括所有者。
parameters: { allowed: 另外允许的 ACL }
labels: { Which ACL: 使用哪个 ACL }
`;

const itemPath = "aws/s3/acl-texts.yaml";
const textsPath = "aws/s3/acl-texts.zh-cn.yaml";

function load(texts: string, item = english): { readonly problems: readonly string[]; readonly valid: boolean } {
  const its = readYaml(textsPath, texts);
  const lines = new LineIndex(texts);
  const problems = [
    ...its.problems,
    ...loadTexts([its.source], new Map([[itemPath, readYaml(itemPath, item).source]]), tree.types),
  ];
  return {
    problems: problems.map(({ range, message }) => {
      const { line, character } = lines.positionAt(range.start);
      return `${line + 1}:${character + 1} ${message}`;
    }),
    valid: validate(its.source.data),
  };
}

describe("texts of an item in another language", () => {
  it("load when they say what the item says", () => {
    assert.deepEqual(load(chinese), { problems: [], valid: true });
  });

  it("translate the words of an expression, behind a plus sign too", () => {
    const some = "acl == 'public-read' ? 'everyone' : 'some'";
    const message = (text: string): string => `acl == 'public-read' ? '${text}' : '${text}' + string(acl) + '${text}'`;
    const texts = chinese.replace(/acl == 'public-read' \? '[^']*' : '[^']*'/, message("所有人"));
    assert.deepEqual(load(texts, english.replace(some, message("one"))).problems, []);
    assert.match(load(texts).problems.join(), /The values in braces must be/);
  });

  const wrong: readonly (readonly [what: string, texts: string, problem: RegExp])[] = [
    ["an unknown field", `${chinese}titel: x\n`, /^10:1 A file of texts has no field `titel`.*`title`/],
    ["no message", chinese.replace(/^message.*\n/m, ""), /Add the field `message`/],
    [
      "another number of fixes",
      chinese.replace("[将 ACL 设为私有]", "[一, 二]"),
      /^5:8 Write one title for each source fix.* has 1, and here are 2/,
    ],
    ["no titles of fixes", chinese.replace(/^fixes.*\n/m, ""), /has 1, and here are 0/],
    ["a value too few", chinese.replace("{acl},", ""), /^2:10 The values in braces must be .*`\{acl\}`/],
    ["another condition", chinese.replace("acl == 'public-read'", "acl == 'private'"), /^2:10 The values in braces/],
    ["a value that is not there", chinese.replace("{acl}", "{akl}"), /^2:18 .*`akl`/],
    ["no title of the remedy", chinese.replace(/^remedy.*\n/m, ""), /Add the field `remedy`/],
    ["a reason that the item has not", `${chinese}noFix: 没有。\n`, /^10:1 The item has nothing that `noFix` would translate/],
    ["no title of a parameter", chinese.replace(/^parameters.*\n/m, ""), /Translate `allowed` in `parameters`/],
    [
      "a parameter that is not there",
      chinese.replace("allowed:", "alowed:"),
      /^8:15 The item has no parameter `alowed`.*`allowed`/,
    ],
    ["no label of a question", chinese.replace(/^labels.*\n/m, ""), /Translate `Which ACL` in `labels`/],
  ];
  for (const [what, texts, problem] of wrong) {
    it(`are refused with ${what}`, () => {
      const { problems } = load(texts);
      assert.match(problems.join("\n"), problem);
    });
  }

  it("are refused without an item", () => {
    const { source } = readYaml("aws/s3/other.zh-cn.yaml", chinese);
    assert.match(loadTexts([source], new Map(), tree.types)[0]?.message ?? "", /nothing beside these texts/);
  });

  it("have the titles of instance types beside them, one for each", () => {
    const file = readYaml(
      "aws/s3/instances.yaml",
      "service: s3\ntypes: { aws_s3_bucket: { title: Bucket }, aws_s3_object: {} }\n",
    ).source;
    const titles = readYaml("aws/s3/instances.zh-cn.yaml", "{ aws_s3_bucket: 存储桶, aws_s3_buket: 存储桶 }\n").source;
    assert.deepEqual(
      loadTexts([titles], new Map([[file.path, file]]), tree.types).map(({ message }) => message),
      [
        "The instances.yaml beside this has no type `aws_s3_buket`. Did you mean `aws_s3_bucket`?",
        "Add the title of `aws_s3_object`.",
      ],
    );
  });
});

describe("a catalogue in another language", () => {
  const files = {
    [itemPath]: readYaml(itemPath, english).source.data,
    "aws/s3/instances.yaml": tree.sources.get("aws/s3/instances.yaml")?.data,
  };
  const read = (texts: unknown) => loadCatalogue({ format: 1, files }, tree.schemas, { format: 1, files: texts });

  it("says everything in it", () => {
    const { checks, types } = read({
      [itemPath]: readYaml(textsPath, chinese).source.data,
      "aws/s3/instances.yaml": { aws_s3_bucket: "存储桶" },
    });
    const [check] = checks;
    assert.ok(check);
    assert.equal(check.title, "存储桶 ACL 为私有");
    assert.deepEqual([check.why, check.advice], ["数据可能泄露。", "将其设为私有。"]);
    assert.deepEqual(check.fixes[0]?.title, ["将 ACL 设为私有"]);
    const value = check.fixes[0].edits[0]?.value;
    assert.equal(value?.kind === "ask" && value.label, "使用哪个 ACL");
    assert.deepEqual([check.live?.title, check.live?.restoresNote], ["设为私有", "不包括所有者。"]);
    assert.equal(check.parameters.get("allowed")?.title, "另外允许的 ACL");
    assert.equal(types.get("aws_s3_bucket")?.title, "存储桶");
  });

  it("says in English what is not translated, or translated in no usable form", () => {
    const [check] = read({ [itemPath]: { title: "标题", why: 7, fixes: "x", labels: [], parameters: null } }).checks;
    assert.ok(check);
    assert.deepEqual([check.title, check.why], ["标题", "It may leak."]);
    assert.deepEqual(check.fixes[0]?.title, ["Make the ACL private"]);
    assert.equal(read(undefined).checks[0]?.title, "Bucket ACL is private");
  });
});

describe("a workspace's own items", () => {
  const main = 'resource "aws_s3_bucket_acl" "a" {\n  bucket = "example"\n  acl    = "public-read"\n}\n';
  const own = english.replace(/ {2}live:.*\n/, "");
  const ownTexts = chinese.replace(/^(remedy|restoresNote).*\n/gm, "");
  const run = async (language: "en" | "zh-cn", texts: string): Promise<{ messages: string[]; problems: string[] }> => {
    const service = createService({ catalogue: { format: 1, files: {} }, schemas: tree.schemas, now: () => someDay, language });
    const files = {
      "main.tf": main,
      "plumbline.yaml": "checkFolders: [own]\n",
      [`own/${itemPath}`]: own,
      [`own/${textsPath}`]: texts,
    };
    for (const [path, text] of Object.entries(files)) service.setFile(`/w/${path}`, { kind: "text", text });
    service.setFolders(["/w"]);
    const report = await checkAll(service, files);
    return { messages: report.findings.map(({ message }) => message), problems: report.problems.map(({ message }) => message) };
  };

  it("speak the language that is asked for", async () => {
    assert.deepEqual(await run("zh-cn", ownTexts), { messages: ["ACL 为 public-read,允许所有人读取。"], problems: [] });
    assert.deepEqual(await run("en", ownTexts), { messages: ["The ACL is public-read, which lets everyone read."], problems: [] });
  });

  it("work in English while their texts are wrong", async () => {
    const { messages, problems } = await run("zh-cn", ownTexts.replace("{acl},", ""));
    assert.deepEqual(messages, ["The ACL is public-read, which lets everyone read."]);
    assert.match(problems.join(), /values in braces/);
  });
});

describe("the language of a locale", () => {
  for (const [locale, language] of [
    ["zh-cn", "zh-cn"],
    ["zh_CN.UTF-8", "zh-cn"],
    ["zh-Hans-SG", "zh-cn"],
    ["zh", "zh-cn"],
    ["zh-TW", "en"],
    ["zh-Hant", "en"],
    ["en-GB", "en"],
    ["de", "en"],
    ["zha", "en"],
    [undefined, "en"],
  ] as const) {
    it(`${String(locale)} is ${language}`, () => {
      assert.equal(languageOf(locale), language);
    });
  }
});
