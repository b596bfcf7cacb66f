/**
 * Writes a skeleton of a check item: `npm run new:check -- aws s3 bucket-x [aws_s3_bucket]`.
 * It lists what the instance type has to choose from, and one passing and one failing example to fill in.
 */
import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { typeName } from "../src/core/values/type.ts";
import type { Type } from "../src/core/values/value.ts";
import type { InstanceType } from "../src/core/instances/model.ts";
import { memberType } from "../src/core/instances/schema-types.ts";
import { loadCheckTree, root } from "./check-files.ts";

const [cloud, service, name, chosen] = process.argv.slice(2);
if (cloud === undefined || service === undefined || name === undefined || !/^[a-z0-9-]+$/.test(name)) {
  fail("Usage: npm run new:check -- <aws|alibaba|tencent> <service> <name-in-kebab-case> [instance type]");
} else {
  await write(cloud, service, name, chosen);
}

async function write(cloudName: string, serviceName: string, checkName: string, typeGiven: string | undefined): Promise<void> {
  const target = join(root, "checks", cloudName, serviceName, `${checkName}.yaml`);
  const instances = join(dirname(target), "instances.yaml");
  const { types } = await loadCheckTree();
  const here = types.declared().filter((type) => types.get(type)?.cloud === cloudName && types.get(type)?.service === serviceName);
  const chosenType = typeGiven ?? here[0];
  const type = chosenType === undefined ? undefined : types.get(chosenType);
  if (type === undefined) {
    fail(`Name an instance type: ${here.length > 0 ? here.join(", ") : `declare one in ${instances} first`}.`);
    return;
  }
  if (await exists(target)) {
    fail(`${target} is there already.`);
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, skeleton(type, serviceName));
  await writeFile(target.replace(/\.yaml$/, ".zh-cn.yaml"), chineseSkeleton());
  if (!(await exists(instances))) await writeFile(instances, `service: ${serviceName}\ntypes: {}\n`);
  const id = `${cloudName}-${serviceName}-${checkName}`;
  process.stdout.write(
    `Wrote ${target}, and its Chinese texts beside it.\nFill them in, then: npx mocha test/checks --grep ${id}\n`,
  );
}

function skeleton(type: InstanceType, service: string): string {
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
# fix:
#   source:
#     - title: Set it right
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

function choices(type: InstanceType): string {
  const lines = [
    ...[...type.parts.values()].map((part) => `#   ${part.name}: part, ${part.many ? "list of " : ""}${part.types.join(" or ")}`),
    ...[...type.views.values()].map(
      (view) => `#   ${view.name}: view, ${view.kind === "list" ? "list of " : ""}${typeName(view.type)}`,
    ),
    ...[...type.attributes].map(([name, { type: its }]) => `#   ${name}: ${typeName(its)}, live accounts only`),
    ...[...type.schema.attributes.keys(), ...type.schema.blocks.keys()].sort().map((name) => {
      const its = memberType(type.schema, name);
      return `#   ${name}: ${its === undefined ? "unknown" : typeName(its)}`;
    }),
  ];
  return lines.map((line) => (line.length > 140 ? `${line.slice(0, 139)}…` : line)).join("\n");
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
