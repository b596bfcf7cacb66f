import type { Problem } from "../text/text.ts";
import { isJsonList, isJsonObject, textOf, type Json, type JsonObject, type Snapshot, type SnapshotInput } from "./model.ts";
import { readPlan } from "./plan.ts";
import { problemOf } from "./problem.ts";
import { readState, readStateFile } from "./state.ts";

/** A plan or state, or what is wrong with the file: what it is instead, and the way out. */
export function readSnapshot({ kind, file, text: given }: SnapshotInput): Snapshot | { readonly wrong: Problem } {
  const wrong = (code: string, message: string): { readonly wrong: Problem } => ({ wrong: problemOf(file, code, message) });
  const text = given.startsWith("\ufeff") ? given.slice(1) : given;
  if (text.trim() === "") return wrong("empty-snapshot", `The file is empty. ${howTo[kind]}`);
  if (text.startsWith("PK\u0003\u0004"))
    return wrong("binary-plan", `This is a plan as \`terraform plan -out\` writes it, not JSON. ${howTo.plan}`);
  if (/^\s*\{"@level"/.test(text))
    return wrong("plan-log", `This is the log of \`terraform plan -json\`: it does not hold the plan. ${howTo.plan}`);
  let json: Json;
  try {
    json = parse(text);
  } catch (error) {
    return wrong("not-json", `${explain(text, error)} ${howTo[kind]}`);
  }
  if (!isJsonObject(json)) return wrong("not-a-snapshot", `This is JSON, and no ${kind}. ${howTo[kind]}`);
  const what = kindOf(json);
  switch (what) {
    case "encrypted":
      return wrong(
        "encrypted-snapshot",
        `The ${kind} is encrypted. Print it in the clear with \`tofu show -json\`, into a file that nobody else reads.`,
      );
    case "pointer":
      return wrong("state-pointer", `This file only says where the state is kept. ${howTo.pull}`);
    case "old state":
      return wrong(
        "old-state",
        "The state has a format from before version 4. Run `terraform apply -refresh-only` with a current Terraform, which writes it anew.",
      );
    case undefined:
      return wrong("not-a-snapshot", `This is JSON, and no ${kind} of Terraform. ${howTo[kind]}`);
    case "plan":
      if (kind === "state") return wrong("not-a-state", "This is a plan, not a state: give it with `--plan`.");
      break;
    case "state":
    case "state file":
      if (kind === "plan") return wrong("not-a-plan", "This is a state, not a plan: give it with `--state`.");
  }
  const version = what === "state file" ? undefined : unfitVersion(json, what);
  if (version !== undefined) return wrong("format-version", version);
  if (what === "plan") return readPlan(file, json);
  return what === "state" ? readState(file, json) : readStateFile(file, json);
}

const howTo = {
  plan: "Run `terraform show -json tfplan > plan.json`, with the file that `terraform plan -out=tfplan` wrote, and give plan.json.",
  state: "Run `terraform show -json > state.json`, or `terraform state pull > state.json`, and give state.json.",
  pull: "Run `terraform state pull > state.json`, and give state.json.",
} as const;

type Kind = "plan" | "state" | "state file" | "old state" | "pointer" | "encrypted";

function kindOf(json: JsonObject): Kind | undefined {
  if (json["encrypted_data"] !== undefined) return "encrypted";
  if (isJsonObject(json["resource_changes"]) || isJsonList(json["resource_changes"])) return "plan";
  if (isJsonObject(json["planned_values"]) || json["prior_state"] !== undefined) return "plan";
  if (isJsonObject(json["backend"])) return "pointer";
  if (typeof json["version"] === "number") {
    if (json["version"] === 4 && (isJsonList(json["resources"]) || json["lineage"] !== undefined)) return "state file";
    return json["modules"] !== undefined || json["serial"] !== undefined ? "old state" : undefined;
  }
  if (textOf(json["format_version"]) === undefined) return undefined;
  if (json["values"] !== undefined) return "state";
  // The state of nothing, and the plan of nothing.
  const known = ["format_version", "terraform_version", "checks"];
  return Object.keys(json).every((name) => known.includes(name))
    ? "state"
    : json["configuration"] === undefined
      ? undefined
      : "plan";
}

/** Minor versions only add members. */
function unfitVersion(json: JsonObject, what: "plan" | "state"): string | undefined {
  const version = textOf(json["format_version"]) ?? "";
  const major = /^(\d+)\.\d+/.exec(version)?.[1];
  if (major === "0" || major === "1") return undefined;
  const shown = major === undefined ? JSON.stringify(version.slice(0, 20)) : version;
  return `The ${what} has the format version ${shown}, and Plumbline reads 1.x: ${
    major === undefined ? "the file may have been changed." : "update Plumbline."
  }`;
}

const longNumber = /[:[,\s]-?\d[\d.]{15,}/;

/** Numbers that a double can't hold are kept as they are written: the schema makes exact numbers of them. */
function parse(text: string): Json {
  if (!longNumber.test(text)) return JSON.parse(text) as Json;
  return JSON.parse(text, ((_: string, value: unknown, context: { source?: string } | undefined) => {
    if (typeof value !== "number" || context?.source === undefined || String(value) === context.source) return value;
    return Number(context.source) === value && Number.isSafeInteger(value) ? value : context.source;
  }) as (key: string, value: unknown) => unknown) as Json;
}

/** What the engine says of the error quotes the file, which may hold secrets: only the place is taken from it. */
function explain(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const position = /at position (\d+)/.exec(message)?.[1];
  if (/end of JSON|Unterminated/.test(message) || (position !== undefined && Number(position) >= text.trimEnd().length)) {
    return "The JSON ends in the middle: the file is not whole.";
  }
  if (asPeopleRead.test(text)) return "This is a plan or state as people read it, not JSON.";
  const offset = position === undefined ? 0 : Number(position);
  const line = text.slice(0, offset).split("\n").length;
  return `This is no JSON: what is wrong is on line ${line}, column ${offset - text.lastIndexOf("\n", offset - 1)}.`;
}

const asPeopleRead =
  /^\s*(?:An execution plan|Terraform used|Terraform will|No changes|OpenTofu (?:used|will)|# [a-z_]+\.|\u001b\[)/;
