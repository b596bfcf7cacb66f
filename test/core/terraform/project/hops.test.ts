import { deepEqual, ok } from "node:assert/strict";
import type { ProjectSettings } from "../../../../src/core/terraform/project.ts";
import { parsePath } from "../../../../src/core/values/path.ts";
import { hopsOf, instancesOf, projectOf } from "./workspace.ts";

/*
 * From the argument to the text that decides, through every construct that can stand between: where the squiggle, its related places
 * and the fixes go.
 */

type Files = Readonly<Record<string, string>>;

const bucket = (value: string, more = ""): string => `resource "aws_s3_bucket" "b" {\n  ${more}\n  acl = ${value}\n}\n`;
const OPEN = 'variable "acl" {\n  default = "open"\n}\n';
const inModule = (call: string, module: string): Files => ({ "main.tf": call, "m/main.tf": module });
const rules = (value: string): string => `resource "aws_security_group_rule" "r" {\n  cidr_blocks = ${value}\n}\n`;

interface Case {
  readonly files: Files;
  readonly address?: string;
  readonly path?: string;
  readonly settings?: ProjectSettings;
  readonly hops: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "an override file": {
    files: { "main.tf": bucket('"private"'), "override.tf": 'resource "aws_s3_bucket" "b" {\n  acl = "open"\n}\n' },
    hops: ['attribute: "open"'],
  },
  "a block of an override file": {
    files: {
      "main.tf": 'resource "aws_s3_bucket" "b" {\n  versioning {\n    enabled = true\n  }\n}\n',
      "x_override.tf": 'resource "aws_s3_bucket" "b" {\n  versioning {\n    enabled = false\n  }\n}\n',
    },
    path: "versioning.enabled",
    hops: ["attribute: false"],
  },
  "an override file in JSON": {
    files: { "main.tf": bucket('"private"'), "override.tf.json": '{"resource": {"aws_s3_bucket": {"b": {"acl": "open"}}}}' },
    hops: ['attribute: "open"'],
  },
  "a variable's default in an override file": {
    files: { "main.tf": `variable "acl" {\n  default = "private"\n}\n${bucket("var.acl")}`, "override.tf": OPEN },
    hops: ["attribute: var.acl", 'variable default: "open"'],
  },
  "a local in an override file": {
    files: { "main.tf": `locals {\n  acl = "private"\n}\n${bucket("local.acl")}`, "override.tf": 'locals {\n  acl = "open"\n}\n' },
    hops: ["attribute: local.acl", 'local: "open"'],
  },
  "a module's argument in an override file": {
    files: {
      ...inModule('module "m" {\n  source = "./m"\n  acl = "private"\n}\n', `variable "acl" {}\n${bucket("var.acl")}`),
      "override.tf": 'module "m" {\n  acl = "open"\n}\n',
    },
    address: "module.m.aws_s3_bucket.b",
    hops: ["attribute: var.acl", 'module argument: "open"'],
  },
  "terraform.tfvars": {
    files: { "main.tf": OPEN + bucket("var.acl"), "terraform.tfvars": 'acl = "given"\n' },
    hops: ["attribute: var.acl", 'variable file: "given"'],
  },
  "terraform.tfvars.json": {
    files: { "main.tf": OPEN + bucket("var.acl"), "terraform.tfvars": 'acl = "no"\n', "terraform.tfvars.json": '{"acl": "given"}' },
    hops: ["attribute: var.acl", 'variable file: "given"'],
  },
  "an .auto.tfvars file": {
    files: { "main.tf": OPEN + bucket("var.acl"), "terraform.tfvars": 'acl = "no"\n', "z.auto.tfvars": 'acl = "given"\n' },
    hops: ["attribute: var.acl", 'variable file: "given"'],
  },
  "an .auto.tfvars.json file": {
    files: { "main.tf": OPEN + bucket("var.acl"), "a.auto.tfvars": 'acl = "no"\n', "b.auto.tfvars.json": '{"acl": "given"}' },
    hops: ["attribute: var.acl", 'variable file: "given"'],
  },
  "a file that is named": {
    files: { "main.tf": OPEN + bucket("var.acl"), "z.auto.tfvars": 'acl = "no"\n', "env/p.tfvars": 'acl = "given"\n' },
    settings: { variableFiles: ["/w/env/p.tfvars"] },
    hops: ["attribute: var.acl", 'variable file: "given"'],
  },
  "an argument of the command line: no text decides": {
    files: { "main.tf": OPEN + bucket("var.acl") },
    settings: { variables: new Map([["acl", "given"]]) },
    hops: ["attribute: var.acl"],
  },
  "the environment: no text decides": {
    files: { "main.tf": OPEN + bucket("var.acl") },
    settings: { environmentVariables: new Map([["acl", "given"]]) },
    hops: ["attribute: var.acl"],
  },
  "a map of objects in a variable file": {
    files: {
      "main.tf": `variable "buckets" {}\n${bucket("each.value.acl", "for_each = var.buckets")}`,
      "terraform.tfvars": 'buckets = {\n  a = { acl = "open" }\n}\n',
    },
    address: 'aws_s3_bucket.b["a"]',
    hops: ["attribute: each.value.acl", "element: var.buckets", 'variable file: "open"'],
  },
  "arguments over two levels": {
    files: {
      "main.tf": `${OPEN}module "a" {\n  source = "./a"\n  acl = var.acl\n}\n`,
      "a/main.tf": 'variable "acl" {}\nmodule "b" {\n  source = "../b"\n  acl = var.acl\n}\n',
      "b/main.tf": `variable "acl" {}\n${bucket("var.acl")}`,
    },
    address: "module.a.module.b.aws_s3_bucket.b",
    hops: ["attribute: var.acl", "module argument: var.acl", "module argument: var.acl", 'variable default: "open"'],
  },
  "an object that is put together half way": {
    files: {
      "main.tf": 'module "a" {\n  source = "./a"\n}\n',
      "a/main.tf": `${OPEN}module "b" {\n  source = "../b"\n  settings = { acl = var.acl }\n}\n`,
      "b/main.tf": `variable "settings" {}\n${bucket("var.settings.acl")}`,
    },
    address: "module.a.module.b.aws_s3_bucket.b",
    hops: ["attribute: var.settings.acl", "module argument: var.acl", 'variable default: "open"'],
  },
  "a default in a variable's type": {
    files: {
      "main.tf": `variable "buckets" {\n  type    = map(object({ acl = optional(string, "open") }))\n  default = { a = {}, b = { acl = "private" } }\n}\n${bucket("each.value.acl", "for_each = var.buckets")}`,
    },
    address: 'aws_s3_bucket.b["a"]',
    hops: ["attribute: each.value.acl", "element: var.buckets", "variable default: {}", 'variable default: "open"'],
  },
  "a default in the type of what a call leaves out": {
    files: inModule(
      'locals {\n  all = { a = { log = { on = true } } }\n}\nmodule "m" {\n  source = "./m"\n  buckets = local.all\n}\n',
      `variable "buckets" {\n  type = map(object({ log = optional(object({ acl = optional(string, "open") }), {}) }))\n}\n${bucket("each.value.log.acl", "for_each = var.buckets")}`,
    ),
    address: 'module.m.aws_s3_bucket.b["a"]',
    hops: [
      "attribute: each.value.log.acl",
      "element: var.buckets",
      "module argument: local.all",
      "local: { on = true }",
      'variable default: "open"',
    ],
  },
  "each.value of a module call": {
    files: inModule(
      'locals {\n  all = { x = { acl = "open" } }\n}\nmodule "m" {\n  source = "./m"\n  for_each = local.all\n  bucket = each.value\n}\n',
      `variable "bucket" {}\n${bucket("var.bucket.acl")}`,
    ),
    address: 'module.m["x"].aws_s3_bucket.b',
    hops: ["attribute: var.bucket.acl", "module argument: each.value", "element: local.all", 'local: "open"'],
  },
  "defaults that are merged in": {
    files: inModule(
      'variable "defaults" {\n  default = { acl = "open" }\n}\nmodule "m" {\n  source = "./m"\n  for_each = { x = {} }\n  bucket = merge(var.defaults, each.value)\n}\n',
      `variable "bucket" {}\n${bucket("var.bucket.acl")}`,
    ),
    address: 'module.m["x"].aws_s3_bucket.b',
    hops: ["attribute: var.bucket.acl", "module argument: var.defaults", 'variable default: "open"'],
  },
  "lookup's default": { files: { "main.tf": bucket('lookup({}, "acl", "open")') }, hops: ['element: "open"'] },
  "what try falls back to": {
    files: { "main.tf": `locals {\n  x = {}\n}\n${bucket('try(local.x.acl, "open")')}` },
    hops: ['element: "open"'],
  },
  "the branch of a condition": {
    files: { "main.tf": `variable "open" {\n  default = true\n}\n${bucket('var.open ? "open" : "private"')}` },
    hops: ['element: "open"'],
  },
  "count.index": {
    files: { "main.tf": `locals {\n  acls = ["private", "open"]\n}\n${bucket("local.acls[count.index]", "count = 2")}` },
    address: "aws_s3_bucket.b[1]",
    hops: ["attribute: local.acls[count.index]", 'local: "open"'],
  },
  "element, which goes round": {
    files: { "main.tf": `locals {\n  acls = ["private", "open"]\n}\n${bucket("element(local.acls, count.index)", "count = 4")}` },
    address: "aws_s3_bucket.b[3]",
    hops: ["element: local.acls", 'local: "open"'],
  },
  "each.key of a set, which has another order than the list": {
    files: { "main.tf": `locals {\n  acls = ["private", "open"]\n}\n${bucket("each.key", "for_each = toset(local.acls)")}` },
    address: 'aws_s3_bucket.b["open"]',
    hops: ["attribute: each.key", "element: local.acls", 'local: "open"'],
  },
  "a map by a name inside": {
    files: {
      "main.tf": `locals {\n  list = [{ name = "z", acl = "private" }, { name = "a", acl = "open" }]\n}\n${bucket("each.value.acl", "for_each = { for b in local.list : b.name => b if b.name != null }")}`,
    },
    address: 'aws_s3_bucket.b["a"]',
    hops: ["attribute: each.value.acl", "element: b", "element: local.list", 'local: "open"'],
  },
  "groups of a for": {
    files: {
      "main.tf": `locals {\n  list = [{ g = "x", acl = "no" }, { g = "y", acl = "no" }, { g = "x", acl = "open" }]\n  by   = { for b in local.list : b.g => b.acl... }\n}\n${bucket("local.by.x[1]")}`,
    },
    hops: ["attribute: local.by.x[1]", "local: b.acl", "element: local.list", 'local: "open"'],
  },
  "lists in lists, made flat": {
    files: {
      "main.tf": `locals {\n  apps = { a = { rules = [{ cidr = "10.0.0.0/8" }] }, b = { rules = [{ cidr = "172.16.0.0/12" }, { cidr = "0.0.0.0/0" }] } }\n  flat = flatten([for name, app in local.apps : [for r in app.rules : { name = name, cidr = r.cidr }]])\n}\nresource "aws_security_group_rule" "r" {\n  for_each    = { for i, r in local.flat : "\${r.name}-\${i}" => r }\n  cidr_blocks = [each.value.cidr]\n}\n`,
    },
    address: 'aws_security_group_rule.r["b-2"]',
    path: "cidr_blocks[0]",
    hops: [
      "element: each.value.cidr",
      "element: r",
      "element: local.flat",
      "local: r.cidr",
      "element: app.rules",
      "element: local.apps",
      'local: "0.0.0.0/0"',
    ],
  },
  "functions that choose among elements": {
    files: { "main.tf": rules('reverse(slice(distinct(compact(["a", "", "a", "0.0.0.0/0", "b"])), 1, 3))') },
    address: "aws_security_group_rule.r",
    path: "cidr_blocks[1]",
    hops: ['element: "0.0.0.0/0"'],
  },
  "a map's values": {
    files: { "main.tf": rules('values({ b = "10.0.0.0/8", a = "0.0.0.0/0" })') },
    address: "aws_security_group_rule.r",
    path: "cidr_blocks[0]",
    hops: ['element: "0.0.0.0/0"'],
  },
  "dynamic in dynamic": {
    files: {
      "main.tf": `variable "distributions" {\n  default = [{ origins = [{ id = "a", headers = { X = "open" } }] }]\n}\nresource "aws_cloudfront_distribution" "d" {\n  dynamic "origin" {\n    for_each = var.distributions[0].origins\n    content {\n      origin_id = origin.value.id\n      dynamic "custom_header" {\n        for_each = origin.value.headers\n        iterator = header\n        content {\n          name  = header.key\n          value = header.value\n        }\n      }\n    }\n  }\n}\n`,
    },
    address: "aws_cloudfront_distribution.d",
    path: "origin[0].custom_header[0].value",
    hops: [
      "attribute: header.value",
      "element: origin.value.headers",
      "element: var.distributions[0].origins",
      'variable default: "open"',
    ],
  },
  "a splat over a resource": {
    files: {
      "main.tf": `${bucket("one(aws_s3_bucket.x[*].acl)")}resource "aws_s3_bucket" "x" {\n  count = 1\n  acl   = "open"\n}\n`,
    },
    hops: ["element: aws_s3_bucket.x", 'attribute: "open"'],
  },
  "outputs of modules in modules": {
    files: {
      "main.tf": `module "a" {\n  source = "./a"\n}\n${bucket("module.a.acl")}`,
      "a/main.tf": 'module "b" {\n  source = "../b"\n  acl = "open"\n}\noutput "acl" {\n  value = module.b.acl\n}\n',
      "b/main.tf": 'variable "acl" {}\noutput "acl" {\n  value = var.acl\n}\n',
    },
    hops: ["attribute: module.a.acl", "module output: module.b.acl", "module output: var.acl", 'module argument: "open"'],
  },
};

describe("the way to a value", () => {
  for (const [what, { files, address = "aws_s3_bucket.b", path = "acl", settings, hops }] of Object.entries(cases)) {
    it(`goes through ${what}`, () => {
      const project = projectOf(files, settings);
      deepEqual(hopsOf(project, address, path), hops);
      const instance = instancesOf(project).get(address);
      ok(instance !== undefined);
      const provenance = project.provenance(instance, parsePath(path) ?? []);
      ok(!provenance.computed && !provenance.omitted);
    });
  }

  it("ends where a function makes something new", () => {
    for (const value of ['file("x")', 'format("%s", "open")', '"o${"pen"}"']) {
      const project = projectOf({
        "main.tf": `${bucket(value)}resource "aws_s3_bucket" "x" {\n  count = 1\n  acl = "open"\n}\n`,
        x: "open",
      });
      const instance = instancesOf(project).get("aws_s3_bucket.b");
      ok(instance !== undefined);
      ok(project.provenance(instance, ["acl"]).computed, value);
    }
  });
});
