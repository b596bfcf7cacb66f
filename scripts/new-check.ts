/**
 * Writes a skeleton of a check item: `npm run new:check -- aws s3 bucket-x [aws_s3_bucket]`.
 * It lists what the instance type has to choose from, and one passing and one failing example to fill in. A type that no
 * instances.yaml describes yet is described there.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { typeName } from "../src/core/values/type.ts";
import type { Type } from "../src/core/values/value.ts";
import type { InstanceType } from "../src/core/instances/model.ts";
import { memberType } from "../src/core/instances/schema-types.ts";
import { type CheckTree, loadCheckTree, root } from "./check-files.ts";

const CLOUDS = { aws: "aws", alibaba: "alicloud", tencent: "tencentcloud" } as const;
const USAGE = "npm run new:check -- <aws|alibaba|tencent> <service> <name-in-kebab-case> [instance type]";

/** What is written, by path under checks/, and what to say about it; or why nothing is. */
export type NewCheck =
  | { readonly kind: "files"; readonly files: ReadonlyMap<string, string>; readonly said: string }
  | { readonly kind: "refused"; readonly said: string };

type Tree = Pick<CheckTree, "types" | "schemas" | "texts">;

export function newCheck(args: readonly string[], tree: Tree): NewCheck {
  const [cloud = "", service = "", name = "", given] = args;
  const provider = Object.entries(CLOUDS).find(([known]) => known === cloud)?.[1];
  const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
  if (provider === undefined || !kebab.test(service) || !kebab.test(name)) return refused(`Usage: ${USAGE}`);
  const folder = `${cloud}/${service}`;
  const item = `${folder}/${name}.yaml`;
  if (tree.texts.has(item)) return refused(`checks/${item} is there already.`);

  const here = tree.types.declared().filter((type) => {
    const declared = tree.types.get(type);
    return declared?.cloud === cloud && declared.service === service;
  });
  const again = `npm run new:check -- ${cloud} ${service} ${name}`;
  if (given === undefined && here.length !== 1) {
    return refused(
      here.length === 0
        ? `checks/${folder}/instances.yaml describes no type yet. Name the resource type that the item is about, and it is described there:\n  ${again} ${provider}_…`
        : `Name the type that the item is about, one of these or another of the provider:\n${here.map((type) => `  ${again} ${type}`).join("\n")}`,
    );
  }
  const chosen = given ?? here[0] ?? "";
  const files = new Map<string, string>();
  const notes: string[] = [];
  let type: Skeleton | undefined = here.includes(chosen) ? tree.types.get(chosen) : undefined;
  if (type === undefined) {
    const elsewhere = tree.types.declared().includes(chosen) ? tree.types.get(chosen) : undefined;
    if (elsewhere !== undefined) {
      return refused(
        `\`${chosen}\` is described in checks/${elsewhere.cloud}/${elsewhere.service}/instances.yaml: its items are in that folder.`,
      );
    }
    const schema = chosen.startsWith(`${provider}_`) ? tree.schemas.resource(chosen) : undefined;
    if (schema === undefined) {
      const described = here.length > 0 ? ` Described here: ${here.join(", ")}.` : "";
      return refused(
        `schemas/ holds no resource type \`${chosen}\`. If the provider has it, it goes into schemas/types.txt first (schemas/README.md).${described}`,
      );
    }
    type = { name: chosen, title: titleOf(chosen, provider), schema };
    for (const [path, text] of description(folder, type, tree)) files.set(path, text);
    notes.push(
      `Described ${chosen} in checks/${folder}/instances.yaml: say there what others refer to it by, which permission reads it, and what the cloud decides where an argument is left out.`,
    );
  }
  files.set(item, skeleton(type, service));
  files.set(`${folder}/${name}.zh-cn.yaml`, chineseSkeleton());
  notes.unshift(`Wrote checks/${item}, and its Chinese texts beside it.`);
  notes.push(`Fill them in, then: npx mocha test/checks --grep ${cloud}-${service}-${name}`);
  return { kind: "files", files, said: notes.join("\n") };
}

function refused(said: string): NewCheck {
  return { kind: "refused", said };
}

/** What of a type the skeleton shows. */
type Skeleton = Pick<InstanceType, "name" | "title" | "schema"> & Partial<Pick<InstanceType, "parts" | "views" | "attributes">>;

/** `aws_athena_workgroup`: `Athena workgroup`. */
function titleOf(type: string, provider: string): string {
  const words = type.slice(provider.length + 1).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The files with a new type described, at the end of `types`. */
function description(folder: string, { name, title, schema }: Skeleton, { texts }: Tree): readonly (readonly [string, string])[] {
  const instances = `${folder}/instances.yaml`;
  const titles = `${folder}/instances.zh-cn.yaml`;
  const service = folder.slice(folder.indexOf("/") + 1);
  const identity = ["id", "arn"].filter((attribute) => attribute === "id" || schema.attributes.has(attribute));
  const entry = `  ${name}:
    title: ${title}
    identity: [${identity.join(", ")}]
    # read: { "permission": ["*"] }
    # onCreate: { attribute: { value: false, source: "https://…" } }
`;
  const before = texts.get(instances) ?? `service: ${service}\ntypes:\n`;
  const lines = before.replace(/\n*$/, "\n").split(/(?<=\n)/);
  const start = lines.findIndex((line) => /^types:/.test(line));
  const next = lines.findIndex((line, index) => index > start && /^\w/.test(line));
  lines.splice(next < 0 ? lines.length : next, 0, entry);
  const chinese = texts.get(titles);
  return [
    [instances, lines.join("")],
    [titles, `${chinese === undefined ? "" : chinese.replace(/\n*$/, "\n")}${name}: …\n`],
  ];
}

function skeleton(type: Skeleton, service: string): string {
  const resource = type.name.startsWith("data.") ? `data "${type.name.slice(5)}"` : `resource "${type.name}"`;
  const required = [...type.schema.attributes].filter(([, { required: needed }]) => needed);
  const widest = Math.max(0, ...required.map(([attribute]) => attribute.length));
  const example = [
    `      ${resource} "a" {`,
    ...required.map(([attribute, { type: its }]) => `        ${attribute.padEnd(widest)} = ${placeholder(its)}`),
    "      }",
  ];
  return `# The compliant state in at most 80 characters, without "Ensure": what a reader sees first.
title: ${type.title} …
instance: ${type.name}
dimensions: [security] # ciem, security, compliance
category: data # identity, network, data, audit, protection, monitoring
risk: medium # high, medium, low
tier: paid # \`node scripts/tiers.ts\` gives it its edition
# when: …                       # CEL; false: the check does not apply
assert: "true" # CEL over the names below; must hold
message: "The ${type.title} …." # one sentence; {CEL} in braces
why: What can happen. # at most 400 characters
advice: What to do where no fix applies.
# parameters: { limit: { type: integer, default: 1, title: Limit } } # read as parameters.limit
# fix:
#   source:
#     - title: Set it right # the failing examples that it mends say so: \`fixed: 0\`
#       edits: [{ op: set, at: attribute, value: true }]
noFix: Why no edit can mend it. # in place of \`fix.source\`, never beside it
references: ["https://…"]
examples: # documentation and tests at once; at least one pass and one fail
  pass:
    - |
${example.join("\n")}
  fail:
    - at: attribute # the path that decides
      terraform: |
${example.map((line) => `  ${line}`).join("\n")}
  # unknown: what decides is a variable without a default; notApplicable: where \`when\` is false.
  # The case with the attribute left out belongs to the verdict that it has.

# To choose from (${service}):
${choices(type)}
`;
}

function placeholder(type: Type): string {
  switch (type.kind) {
    case "number":
      return "1";
    case "bool":
      return "true";
    case "list":
    case "set":
    case "tuple":
      return "[]";
    case "map":
    case "object":
      return "{}";
    default:
      return '"example"';
  }
}

/** What the item says, in Chinese: refused until it says everything. */
function chineseSkeleton(): string {
  return `# What the item says, in Chinese; the values in braces are those of the English message.
title: …
message: "…。"
why: …。
advice: …。
noFix: …。
# fixes: [titles of \`fix.source\` in its order]
# parameters: { name: 标题 }
`;
}

function choices(type: Skeleton): string {
  const lines = [
    ...[...(type.parts?.values() ?? [])].map(
      (part) => `#   ${part.name}: part, ${part.many ? "list of " : ""}${part.types.join(" or ")}`,
    ),
    ...[...(type.views?.values() ?? [])].map(
      (view) => `#   ${view.name}: view, ${view.kind === "list" ? "list of " : ""}${typeName(view.type)}`,
    ),
    ...[...(type.attributes ?? [])].map(([name, { type: its }]) => `#   ${name}: ${typeName(its)}, live accounts only`),
    ...[...type.schema.attributes.keys(), ...type.schema.blocks.keys()].sort().map((name) => {
      const its = memberType(type.schema, name);
      return `#   ${name}: ${its === undefined ? "unknown" : typeName(its)}`;
    }),
  ];
  return lines.map((line) => (line.length > 140 ? `${line.slice(0, 139)}…` : line)).join("\n");
}

if (import.meta.main) {
  const result = newCheck(process.argv.slice(2), await loadCheckTree());
  if (result.kind === "refused") {
    process.stderr.write(`${result.said}\n`);
    process.exitCode = 1;
  } else {
    for (const [path, text] of result.files) {
      const target = join(root, "checks", path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, text);
    }
    process.stdout.write(`${result.said}\n`);
  }
}
