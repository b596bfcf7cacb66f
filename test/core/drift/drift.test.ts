import assert from "node:assert/strict";
import type { AccountData, LiveResource } from "../../../src/core/accounts/model.ts";
import type { JsonObject } from "../../../src/core/snapshots/model.ts";
import type { Service } from "../../../src/core/service.ts";
import { applyEdits } from "../../../src/core/text/text.ts";
import { checkAll, serviceWith } from "../../harness/engine.ts";

/* What was read of an account beside the files: which block manages what, and where the files say otherwise. */

const region = "eu-west-1";

function thing(type: string, id: string, attributes: JsonObject, rest: Partial<LiveResource> = {}): LiveResource {
  return { type, id, name: id, region, tags: {}, attributes: { id, ...attributes }, reads: {}, ...rest };
}

function account(...resources: readonly LiveResource[]): AccountData {
  const types = [...new Set(resources.map(({ type }) => type))];
  const listings = [{ types, region: undefined, actions: ["s3:GetBucketVersioning"], failure: null }];
  return { cloud: "aws", account: "111122223333", regions: [region], resources, listings };
}

async function opened(files: Readonly<Record<string, string>>): Promise<Service> {
  const service = await serviceWith(files);
  await checkAll(service, files);
  return service;
}

const none = new Map<string, string>();

const bucket = (name = "reports"): LiveResource =>
  thing("aws_s3_bucket", name, { bucket: name, arn: `arn:aws:s3:::${name}`, object_lock_enabled: false });
const versioning = (status: string, name = "reports"): LiveResource =>
  thing("aws_s3_bucket_versioning", name, { bucket: name, versioning_configuration: { status, mfa_delete: null } });

const versioned = `
resource "aws_s3_bucket" "reports" {
  bucket = "reports"
}

resource "aws_s3_bucket_versioning" "reports" {
  bucket = aws_s3_bucket.reports.id

  versioning_configuration {
    status = "Enabled"
  }
}
`;

function textAt(service: Service, { file, range }: { file: string; range: { start: number; end: number } }): string {
  return (service.text(file) ?? "").slice(range.start, range.end);
}

describe("management", () => {
  it("is told by a name that is unique on both sides, and for what belongs to it by its owner", async () => {
    const service = await opened({ "main.tf": versioned });
    const { managed } = service.beside(account(bucket(), versioning("Enabled"), bucket("other")), none);
    assert.deepEqual(
      managed.map(({ instance, address, by, location }) => [instance, address, by, textAt(service, location)]),
      [
        [`aws_s3_bucket ${region} reports`, "aws_s3_bucket.reports", "name", 'resource "aws_s3_bucket" "reports"'],
        [
          `aws_s3_bucket_versioning ${region} reports`,
          "aws_s3_bucket_versioning.reports",
          "owner",
          'resource "aws_s3_bucket_versioning" "reports"',
        ],
      ],
    );
  });

  it("is not guessed where two blocks or two things have the name", async () => {
    const two = await opened({
      "a/main.tf": 'resource "aws_iam_user" "a" {\n  name = "dev"\n}\n',
      "b/main.tf": 'resource "aws_iam_user" "b" {\n  name = "dev"\n}\n',
    });
    assert.deepEqual(two.beside(account(thing("aws_iam_user", "dev", { name: "dev" })), none).managed, []);
    const one = await opened({ "main.tf": 'resource "aws_security_group" "web" {\n  name = "web"\n}\n' });
    const groups = ["sg-1", "sg-2"].map((id) => thing("aws_security_group", id, { name: "web" }, { name: "web" }));
    assert.deepEqual(one.beside(account(...groups), none).managed, []);
    assert.equal(one.beside(account(groups[0]!), none).managed.length, 1);
  });

  it("is told by the id of a state, which also says what was not made", async () => {
    const files = {
      "main.tf": `
resource "aws_security_group" "web" {
  count = 2
  name  = "web"
}

resource "aws_iam_user" "dev" {
  name = "dev"
}
`,
    };
    const service = await opened(files);
    const recorded = (index: number, id: string): object => ({
      index_key: index,
      attributes: { id, arn: `arn:aws:ec2:${region}:111122223333:security-group/${id}`, name: "web" },
    });
    const state = (accountId = "111122223333"): string =>
      JSON.stringify({
        version: 4,
        terraform_version: "1.11.0",
        resources: [
          {
            mode: "managed",
            type: "aws_security_group",
            name: "web",
            provider: 'provider["registry.terraform.io/hashicorp/aws"]',
            instances: [recorded(0, "sg-1"), recorded(1, "sg-2")],
          },
        ],
      }).replaceAll("111122223333", accountId);
    const lives = account(
      thing("aws_security_group", "sg-2", { name: "web" }, { name: "web" }),
      thing("aws_security_group", "sg-3", { name: "web" }, { name: "web" }),
      thing("aws_iam_user", "dev", { name: "dev" }),
    );
    assert.deepEqual(
      service.beside(lives, new Map([["/w", state()]])).managed.map(({ instance, address, by }) => [instance, address, by]),
      // The user is not in the state: Terraform has not made it, whoever has.
      [[`aws_security_group ${region} sg-2`, "aws_security_group.web[1]", "state"]],
    );
    assert.deepEqual(service.beside(lives, new Map([["/w", state("999900001111")]])).managed, [], "of another account");
    assert.deepEqual(service.beside(lives, new Map([["/w", "{ cut"]])).managed.length, 1, "a state that can't be read is none");
  });
});

describe("drift", () => {
  it("is found at the argument, with both values", async () => {
    const service = await opened({ "main.tf": versioned });
    const { drift } = service.beside(account(bucket(), versioning("Suspended")), none);
    assert.deepEqual(
      drift.map(({ address, path, written, live, location }) => [address, path, written, live, textAt(service, location)]),
      [["aws_s3_bucket_versioning.reports", "versioning_configuration.status", '"Enabled"', '"Suspended"', '"Enabled"']],
    );
    assert.deepEqual(service.beside(account(bucket(), versioning("Enabled")), none).drift, []);
  });

  it("is not found in what nobody wrote, nobody knows, nobody read, or nobody checks", async () => {
    const service = await opened({
      "main.tf": `
variable "kept" {
  type = string
}

resource "aws_s3_bucket" "reports" {
  bucket        = "reports"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "reports" {
  bucket = aws_s3_bucket.reports.id

  versioning_configuration {
    status = var.kept
  }
}

resource "aws_db_instance" "orders" {
  identifier = "orders"
  password   = "example-of-a-password"
}
`,
    });
    const database = thing("aws_db_instance", "orders", { identifier: "orders", publicly_accessible: true, password: "another" });
    const { drift, managed } = service.beside(account(bucket(), versioning("Suspended"), database), none);
    assert.equal(managed.length, 3);
    assert.deepEqual(drift, []);
  });

  it("asks the resource that stands for an attribute, and takes an attribute that is read in another form for nothing", async () => {
    const service = await opened({
      "main.tf": `
resource "alicloud_oss_bucket" "books" {
  bucket = "books"
  acl    = "private"

  server_side_encryption_rule {
    sse_algorithm = "AES256"
  }
}
`,
    });
    const books = (...acl: readonly LiveResource[]): AccountData => ({
      ...account(thing("alicloud_oss_bucket", "books", { bucket: "books", acl: null, server_side_encryption_rule: null }), ...acl),
      cloud: "alibaba",
    });
    const acl = (value: string): LiveResource => thing("alicloud_oss_bucket_acl", "books", { bucket: "books", acl: value });
    assert.deepEqual(service.beside(books(acl("private")), none).drift, []);
    assert.deepEqual(service.beside(books(), none).drift, []);
    assert.deepEqual(
      service.beside(books(acl("public-read")), none).drift.map(({ path, live }) => [path, live]),
      [["acl", '"public-read"']],
    );
  });

  it("tells values apart that only end alike, and never shows a sensitive one in a block that the account lacks", async () => {
    const service = await opened({
      "main.tf": `
variable "code" {
  type      = string
  sensitive = true
  default   = "example-of-a-code"
}

resource "aws_instance" "web" {
  ami           = "ami-1"
  instance_type = "t3.micro"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = var.code
  }

  tags = {
    Name = "web"
  }
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "keys/data"
}
`,
    });
    const instance = thing("aws_instance", "i-1", { metadata_options: null }, { name: "web" });
    const topic = (key: string): LiveResource => thing("aws_sns_topic", "news", { name: "news", kms_master_key_id: key });
    const { drift } = service.beside(account(instance, topic("data")), none);
    const text = JSON.stringify(drift);
    assert.match(text, /\(sensitive\)/, "the block that the account lacks is not found");
    assert.doesNotMatch(text, /example-of-a-code/);
    const keyOf = (key: string): readonly string[] =>
      service
        .beside(account(topic(key)), none)
        .drift.filter(({ path }) => path === "kms_master_key_id")
        .map(({ live }) => live);
    assert.deepEqual(keyOf("data"), ['"data"']);
    // The ARN names the same key.
    assert.deepEqual(keyOf("arn:aws:kms:eu-west-1:111122223333:keys/data"), []);
  });

  it("honours ignore_changes in every form", async () => {
    const lives = account(bucket(), versioning("Suspended"));
    const within = (ignored: string): string =>
      versioned.replace(/\n}\n$/, `\n\n  lifecycle {\n    ignore_changes = ${ignored}\n  }\n}\n`);
    for (const ignored of [
      "all",
      "[versioning_configuration]",
      "[versioning_configuration[0].status]",
      '["versioning_configuration"]',
    ]) {
      const service = await opened({ "main.tf": within(ignored) });
      assert.deepEqual(service.beside(lives, none).drift, [], ignored);
    }
    const other = await opened({ "main.tf": within("[expected_bucket_owner]") });
    assert.equal(other.beside(lives, none).drift.length, 1);
  });

  it("does not take another order, another way to write a policy, or a name for its ARN as a difference", async () => {
    const service = await opened({
      "main.tf": `
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole"], Principal = { Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"] } }]
  })
}

resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  encrypted         = true
  kms_key_id        = "alias/data"

  tags = {
    Name = "data"
  }
}
`,
    });
    const policy = (services: readonly string[], action = "sts:AssumeRole"): string =>
      JSON.stringify({
        Statement: { Principal: { Service: services }, Action: action, Effect: "Allow" },
        Version: "2012-10-17",
      });
    const role = (text: string): LiveResource => thing("aws_iam_role", "app", { name: "app", assume_role_policy: text });
    const volume = thing(
      "aws_ebs_volume",
      "vol-1",
      { encrypted: true, kms_key_id: "arn:aws:kms:eu-west-1:111122223333:alias/data" },
      { name: "data" },
    );
    const same = service.beside(account(role(policy(["lambda.amazonaws.com", "ec2.amazonaws.com"])), volume), none);
    assert.equal(same.managed.length, 2);
    assert.deepEqual(same.drift, []);
    const { drift } = service.beside(account(role(policy(["*"])), { ...volume, attributes: { encrypted: false } }), none);
    assert.deepEqual(drift.map(({ path }) => path).sort(), ["assume_role_policy", "encrypted"]);
  });

  it("is taken into the file where the value is decided, and refused where the text is shared or computed", async () => {
    const files = {
      "main.tf": versioned.replace('"Enabled"', "var.status"),
      "variables.tf": 'variable "status" {\n  type    = string\n  default = "Enabled"\n}\n',
    };
    const service = await opened(files);
    const [drift] = service.beside(account(bucket(), versioning("Suspended")), none).drift;
    const edit = service.takeLive(drift!);
    assert.ok(!("wrong" in edit), JSON.stringify(edit));
    const [[file, edits]] = [...edit] as [[string, Parameters<typeof applyEdits>[1]]];
    assert.equal(file, "/w/variables.tf");
    assert.equal(applyEdits(service.text(file)!, edits), files["variables.tf"].replace('"Enabled"', '"Suspended"'));
    // Nothing was left behind by trying it.
    assert.equal(service.text(file), files["variables.tf"]);
    const computed = await opened({ "main.tf": versioned.replace('"Enabled"', 'title("enabled")') });
    const [other] = computed.beside(account(bucket(), versioning("Suspended")), none).drift;
    assert.match(JSON.stringify(computed.takeLive(other!)), /computed/);
    const module =
      'resource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\n' +
      `
variable "name" {
  type = string
}

resource "aws_s3_bucket_versioning" "b" {
  bucket = aws_s3_bucket.b.id

  versioning_configuration {
    status = "Enabled"
  }
}
`;
    const twice = await opened({
      "main.tf":
        'module "one" {\n  source = "./bucket"\n  name   = "reports"\n}\n\nmodule "two" {\n  source = "./bucket"\n  name   = "elsewhere"\n}\n',
      "bucket/main.tf": module,
    });
    const [decided] = twice.beside(account(bucket(), versioning("Suspended")), none).drift;
    assert.match(JSON.stringify(twice.takeLive(decided!)), /called several times/);
    const shared = await opened({
      "main.tf": versioned
        .replace('bucket = "reports"', 'for_each = toset(["reports"])\n  bucket = each.key')
        .replace("  bucket = aws", "  for_each = aws_s3_bucket.reports\n  bucket = aws")
        .replace("reports.id", "reports[each.key].id"),
    });
    const [third] = shared.beside(account(bucket(), versioning("Suspended")), none).drift;
    assert.match(JSON.stringify(shared.takeLive(third!)), /several instances/);
  });
});
