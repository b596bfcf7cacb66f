import { renderString } from "../hcl/render.ts";
import type { Instance } from "../instances/model.ts";
import type { Path } from "../values/value.ts";
import type { LiveResource } from "./model.ts";
import { missingArguments, terraformText } from "./terraform-text.ts";
import type { AccountWorld } from "./world.ts";

/** A thing of an account as Terraform to be imported: import blocks and resource blocks, as `terraform fmt` leaves them alone. */
export interface ImportText {
  readonly text: string;
  /** Line, from 0, where an attribute of the thing or of one of its parts stands; the block's header where it is not written. */
  lineOf(path: Path): number;
}

interface Written {
  readonly instance: Instance;
  readonly lines: readonly string[];
  readonly start: number;
}

/** The instance and the resources that stand for its single parts. undefined: no resource of Terraform is what it is. */
export function importText(world: AccountWorld, instance: Instance): ImportText | undefined {
  const own = world.resourceOf(instance);
  if (own === undefined || instance.definition.virtual) return undefined;
  const used = new Set<string>();
  const blocks: Written[] = [];
  const lines: string[] = [];
  const add = (target: Instance, resource: LiveResource): void => {
    const name = nameOf(resource, used);
    const missing = missingArguments(resource, target.definition);
    const body = terraformText(resource, target.definition, { name }).trimEnd().split("\n");
    if (lines.length > 0) lines.push("");
    lines.push("import {", `  to = ${resource.type}.${name}`, `  id = ${renderString(importId(resource, target))}`, "}", "");
    for (const each of missing) lines.push(`# Not read from an account, and needed: ${each}.`);
    blocks.push({ instance: target, lines: body, start: lines.length });
    lines.push(...body);
  };
  add(instance, own);
  for (const part of instance.definition.parts.values()) {
    if (part.join.kind !== "by" || part.many) continue;
    const value = instance.select(part.name);
    if (value.kind !== "instance") continue;
    const target = value.target as Instance;
    const resource = world.resourceOf(target);
    // Another thing's own settings are not this one's.
    if (resource === undefined || target.definition.virtual || resource.type.startsWith("data.")) continue;
    if (blocks.every((block) => block.instance !== target)) add(target, resource);
  }
  return {
    text: `${lines.join("\n")}\n`,
    lineOf: (path) => {
      const located = instance.locate(path);
      const block = blocks.find((each) => each.instance === located.instance) ?? blocks[0];
      return block === undefined ? 0 : block.start + lineIn(block.lines, block.instance === located.instance ? located.path : []);
    },
  };
}

/** As far into nested blocks as the path is written. */
function lineIn(lines: readonly string[], path: Path): number {
  let at = 0;
  let indent = 2;
  for (const step of path) {
    if (typeof step === "number") continue;
    const wanted = `${" ".repeat(indent)}${step}`;
    const next = lines.findIndex(
      (line, index) => index > at && line.startsWith(wanted) && /^\s*(?:=|\{)/.test(line.slice(wanted.length)),
    );
    if (next < 0) return at;
    at = next;
    indent += 2;
  }
  return at;
}

/** What `terraform import` takes for most types: the provider's id, which an ARN is for some only. */
function importId({ id, attributes, name }: LiveResource, { definition }: Instance): string {
  const own = attributes["id"];
  if (typeof own === "string" && own !== "") return own;
  for (const form of definition.identity) {
    const [first, ...rest] = form.kind === "path" ? form.path : [];
    const value = typeof first === "string" && rest.length === 0 ? attributes[first] : undefined;
    if (typeof value === "string" && value !== "" && !/^(?:arn|acs|qcs):/.test(value)) return value;
  }
  const identifier = attributes["identifier"] ?? attributes["name"];
  if (/^(?:arn|acs|qcs):/.test(id) && identifier === name) return name;
  return id;
}

function nameOf({ name, type }: LiveResource, used: Set<string>): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  const base = plain === "" ? "this" : /^\d/.test(plain) ? `r_${plain}` : plain.slice(0, 60);
  let chosen = base;
  for (let n = 2; used.has(`${type}.${chosen}`); n++) chosen = `${base}_${n}`;
  used.add(`${type}.${chosen}`);
  return chosen;
}
