import { deepEqual, equal } from "node:assert/strict";
import { terraformEnvironment } from "../../../../src/host/environment.ts";
import { displayValue } from "../../../../src/core/values/text.ts";
import { hopsOf, instancesOf, projectOf, valueOf } from "./workspace.ts";

const provider = (body: string, alias = ""): string => `provider "aws" {\n${alias}\n${body}\n}\n`;
const TAGGED = 'resource "aws_vpc" "v" {\n  tags = { Name = "v", Team = "own" }\n}\n';
const DEFAULTS = provider('default_tags {\n tags = { Owner = "platform", Team = "all" }\n}');

const tagsOf = (files: Readonly<Record<string, string>>, address = "aws_vpc.v", environment = {}): string =>
  displayValue(valueOf(projectOf(files, terraformEnvironment(environment)), address, "tags_all"));

describe("tags_all", () => {
  it("is a resource's tags on top of its provider's default_tags", () => {
    equal(tagsOf({ "main.tf": DEFAULTS + TAGGED }), "{ Name = v, Owner = platform, Team = own }");
    equal(tagsOf({ "main.tf": `${DEFAULTS}resource "aws_vpc" "v" {}\n` }), "{ Owner = platform, Team = all }");
    equal(tagsOf({ "main.tf": provider('region = "eu-west-1"') + TAGGED }), "{ Name = v, Team = own }");
    equal(tagsOf({ "main.tf": `${provider("")}resource "aws_vpc" "v" {}\n` }), "{  }");
  });

  it("leaves out what the provider ignores", () => {
    const ignoring = provider(
      'default_tags {\n tags = { Owner = "x", "kube/a" = "1" }\n}\nignore_tags {\n keys = ["Team"]\n key_prefixes = ["kube/"]\n}',
    );
    equal(tagsOf({ "main.tf": ignoring + TAGGED }), "{ Name = v, Owner = x }");
    const unknown = provider("ignore_tags {\n keys = var.keys\n}") + 'variable "keys" {}\n';
    equal(tagsOf({ "main.tf": unknown + TAGGED }), "(unknown)");
  });

  it("knows each tag by itself", () => {
    const files = {
      "main.tf": `${DEFAULTS}variable "name" {}\nresource "aws_vpc" "v" {\n  tags = { Name = var.name, Count = 1 }\n}\n`,
    };
    equal(tagsOf(files), "{ Count = 1, Name = (unknown), Owner = platform, … }");
    equal(displayValue(valueOf(projectOf(files), "aws_vpc.v", "tags_all.Team")), "all");
  });

  it("is unknown where the tags, the provider's or its configuration are", () => {
    equal(tagsOf({ "main.tf": TAGGED }), "(unknown)");
    const variable = 'variable "tags" {\n type = map(string)\n}\n';
    equal(tagsOf({ "main.tf": variable + provider("default_tags {\n tags = var.tags\n}") + TAGGED }), "(unknown)");
    equal(tagsOf({ "main.tf": `${variable}${DEFAULTS}resource "aws_vpc" "v" {\n tags = var.tags\n}\n` }), "(unknown)");
    const dynamic = provider('dynamic "default_tags" {\n for_each = var.tags\n content {\n tags = {}\n }\n}');
    equal(tagsOf({ "main.tf": variable + dynamic + TAGGED }), "(unknown)");
    equal(tagsOf({ "main.tf": `${DEFAULTS}resource "aws_vpc" "v" {\n tags = { Owner = null }\n}\n` }), "(unknown)");
    const each =
      'provider "aws" {\n alias = "by"\n for_each = toset(["a"])\n default_tags {\n tags = { Region = each.key }\n }\n}\n';
    equal(tagsOf({ "main.tf": `${each}resource "aws_vpc" "v" {\n provider = aws.by["a"]\n}\n` }), "{ Region = (unknown) }");
  });

  it("follows the provider into modules, through aliases", () => {
    const files = {
      "main.tf":
        DEFAULTS +
        provider('default_tags {\n tags = { Owner = "west" }\n}', 'alias = "west"') +
        'module "a" {\n source = "./m"\n}\nmodule "b" {\n source = "./m"\n providers = { aws = aws.west }\n}\n' +
        'resource "aws_vpc" "own" {\n provider = aws.west\n}\n',
      "m/main.tf": TAGGED,
    };
    equal(tagsOf(files, "module.a.aws_vpc.v"), "{ Name = v, Owner = platform, Team = own }");
    equal(tagsOf(files, "module.b.aws_vpc.v"), "{ Name = v, Owner = west, Team = own }");
    equal(tagsOf(files, "aws_vpc.own"), "{ Owner = west }");
  });

  it("has what the environment adds below the provider's own", () => {
    const environment = { TF_AWS_DEFAULT_TAGS_Owner: "ci", TF_AWS_DEFAULT_TAGS_Pipeline: "7" };
    equal(tagsOf({ "main.tf": DEFAULTS + TAGGED }, "aws_vpc.v", environment), "{ Name = v, Owner = platform, Pipeline = 7, … }");
  });

  it("stays secret, and is nothing but the text where it is written", () => {
    const secret = 'variable "owner" {\n sensitive = true\n default = "x"\n}\n';
    const files = { "main.tf": secret + provider("default_tags {\n tags = { Owner = var.owner }\n}") + TAGGED };
    equal(tagsOf(files), "{ Name = v, Owner = (sensitive), Team = own }");
    equal(tagsOf({ "main.tf": `${DEFAULTS}resource "aws_vpc" "v" {\n tags_all = { a = "b" }\n}\n` }), "{ a = b }");
  });

  it("reads JSON, and gives the data source of the name its tags", () => {
    const files = {
      "main.tf.json": JSON.stringify({
        provider: { aws: { default_tags: { tags: { Owner: "json" } } } },
        data: { aws_default_tags: { all: {} } },
        resource: { aws_vpc: { v: { tags: { Name: "${data.aws_default_tags.all.tags.Owner}" } } } },
      }),
    };
    equal(tagsOf(files), "{ Name = json, Owner = json }");
  });

  it("survives a provider that depends on what it tags", () => {
    const files = { "main.tf": `${provider("default_tags {\n tags = { Vpc = aws_vpc.v.id }\n}")}resource "aws_vpc" "v" {}\n` };
    equal(tagsOf(files), "(unknown)");
  });

  it("changes with the provider", () => {
    const project = projectOf({ "main.tf": TAGGED, "provider.tf": DEFAULTS });
    const [before] = [instancesOf(project).get("aws_vpc.v")];
    project.setFile("/w/provider.tf", { kind: "text", text: DEFAULTS.replace("platform", "other") });
    equal(displayValue(valueOf(project, "aws_vpc.v", "tags_all.Owner")), "other");
    project.setFile("/w/provider.tf", { kind: "text", text: `# Moved.\n\n${DEFAULTS}` });
    deepEqual(instancesOf(project).get("aws_vpc.v")?.values, before?.values);
  });

  it("is traced to the tag that decides, in the block or at the provider", () => {
    const project = projectOf({
      "main.tf":
        'variable "owner" {\n default = "me"\n}\n' +
        provider("default_tags {\n tags = { Owner = var.owner, Team = 1 }\n}") +
        TAGGED,
    });
    deepEqual(hopsOf(project, "aws_vpc.v", "tags_all.Team"), ['element: "own"']);
    deepEqual(hopsOf(project, "aws_vpc.v", "tags_all"), ['attribute: { Name = "v", Team = "own" }']);
    deepEqual(hopsOf(project, "aws_vpc.v", "tags_all.Owner"), [
      'header: resource "aws_vpc" "v"',
      "provider: var.owner",
      'variable default: "me"',
    ]);
    deepEqual(hopsOf(project, "aws_vpc.v", "tags_all.Other"), [
      'header: resource "aws_vpc" "v"',
      "provider: { Owner = var.owner, Team = 1 }",
    ]);
  });
});
