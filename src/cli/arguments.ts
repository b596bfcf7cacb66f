import { parseArgs } from "node:util";
import type { Risk } from "../core/checks/model.ts";
import { LANGUAGES, type Language } from "../core/text/language.ts";
import type { Show } from "../core/reports/context.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { liveCommands, liveHelp, readLiveArguments, type LiveCommand } from "./live-arguments.ts";

/** What the command line asks for. */
export type Command =
  | CheckCommand
  | ConsoleCommand
  | { readonly kind: "checks list"; readonly json: boolean; readonly language: Language }
  | { readonly kind: "checks show"; readonly id: string; readonly json: boolean; readonly language: Language }
  | InspectCommand
  | { readonly kind: "lsp" }
  | { readonly kind: "mcp" }
  | { readonly kind: "live"; readonly command: LiveCommand }
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  /** The arguments make no sense: what is wrong, for people. */
  | { readonly kind: "wrong"; readonly message: string };

export interface ConsoleCommand {
  readonly kind: "console";
  readonly path: string;
  readonly json: boolean;
  readonly variableFiles: readonly string[];
  readonly variables: readonly (readonly [string, string])[];
}

export interface CheckCommand {
  readonly kind: "check";
  readonly paths: readonly string[];
  readonly format: Format;
  readonly output: string | undefined;
  readonly show: Show;
  readonly minimumRisk: Risk | undefined;
  readonly variableFiles: readonly string[];
  readonly variables: readonly (readonly [string, string])[];
  readonly checks: readonly string[];
  /** Report by the controls of a benchmark. */
  readonly benchmark: string | undefined;
  /** A name, or `all`. */
  readonly environment: string | undefined;
  /** undefined: what plumbline.yaml says. */
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  /** A Git revision. */
  readonly since: string | undefined;
  /** A plan or state to assess in place of what the files say. */
  readonly snapshot: SnapshotOption | undefined;
  readonly fix: boolean;
  readonly diff: boolean;
  readonly color: boolean | undefined;
  readonly language: Language;
}

export type Format = (typeof formats)[number];

/** `plumbline instances` and `plumbline explain`. */
export interface InspectCommand {
  readonly kind: "instances" | "explain";
  /** `ADDRESS[.path]` of explain. */
  readonly target: string;
  readonly folder: string;
  readonly json: boolean;
  readonly output: string | undefined;
  readonly variableFiles: readonly string[];
  readonly variables: readonly (readonly [string, string])[];
  readonly environment: string | undefined;
  readonly snapshot: SnapshotOption | undefined;
}

export interface SnapshotOption {
  readonly kind: "plan" | "state";
  readonly file: string;
}

export const help = `Plumbline finds what is unsafe in Terraform for AWS, Alibaba Cloud and Tencent Cloud.

Usage:
  plumbline check [DIR…]           assess the Terraform in the folders (default: this one)
  plumbline instances [DIR]        print every instance as check items see it: values, parts, views, what is not known
  plumbline explain ADDRESS[.path] [DIR]
                                   print where a value comes from, or why it is not known
  plumbline checks list            print the check items
  plumbline checks show ID         print one check item
  plumbline console [DIR]          evaluate expressions, one a line of the standard input, in a root module
  plumbline lsp --stdio            run the language server for an editor
  plumbline mcp                    serve agents over the Model Context Protocol, on standard input and output

Options of check:
  --format FORMAT                  text, json, sarif, html, csv, junit or markdown (default: text)
  --output FILE                    write the report there
  --show fail|unknown|all          also list what could not be decided, or everything (default: fail)
  --min-risk high|medium|low       report nothing below
  --checks ID,…                    only these check items; \`*\` stands for any characters
  --benchmark NAME                 report by the controls of a benchmark, such as cis-aws-5.0 (text or json)
  --var-file FILE                  read variables from there as well; may be given again
  --var NAME=VALUE                 set a variable of the root modules; may be given again
  --environment NAME|all           assess an environment of plumbline.yaml, or all of them
  --baseline FILE                  report only failures that the file does not know
  --write-baseline FILE            write every failure of now into the file
  --since REVISION                 report only failures that were not there at that Git revision
  --plan FILE                      assess a plan: the JSON of \`terraform show -json tfplan\`; DIR is its root
  --state FILE                     assess a state: terraform.tfstate, or the JSON of \`terraform show -json\`
  --fix                            write the safe fixes
  --diff                           print the safe fixes as a unified diff, and write nothing
  --language en|zh-cn              language of what check items say (default: en)
  --no-color                       no colours (NO_COLOR does the same)

Options of instances and explain:
  --format text|json, --output, --var, --var-file, --environment, --plan, --state

Options of console:
  --json                           an object a line: status, value, type, sensitive, reasons, message
  --var-file FILE, --var NAME=VALUE

Options of checks list and checks show:
  --format text|json
  --language en|zh-cn

${liveHelp}
  --help, --version

Exit codes of check: 0 no findings; 1 findings; 2 could not run, or a file could not be read or parsed and nothing was found.
`;

const options = {
  format: { type: "string" },
  output: { type: "string", short: "o" },
  show: { type: "string" },
  "min-risk": { type: "string" },
  "var-file": { type: "string", multiple: true },
  var: { type: "string", multiple: true },
  checks: { type: "string", multiple: true },
  benchmark: { type: "string" },
  environment: { type: "string" },
  baseline: { type: "string" },
  "write-baseline": { type: "string" },
  since: { type: "string" },
  plan: { type: "string" },
  state: { type: "string" },
  json: { type: "boolean" },
  fix: { type: "boolean" },
  diff: { type: "boolean" },
  color: { type: "boolean" },
  language: { type: "string" },
  stdio: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

const formats = ["text", "json", "sarif", "html", "csv", "junit", "markdown"] as const;
const shows = ["fail", "unknown", "all"] as const;
const riskLevels = ["high", "medium", "low"] as const;
const commands = ["check", "checks", "instances", "explain", "console", "lsp", "mcp", ...liveCommands];

/** Reads the arguments behind the program's name. */
export function readArguments(args: readonly string[]): Command {
  if (args.some((arg) => arg === "--help" || arg === "-h")) return { kind: "help" };
  if (liveCommands.some((name) => name === args[0])) {
    const command = readLiveArguments(args);
    return typeof command === "string" ? wrong(command) : { kind: "live", command };
  }
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, allowNegative: true, strict: true });
  } catch (error) {
    return wrong(explain(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [name, ...rest] = positionals;
  switch (name) {
    case undefined:
      return { kind: "help" };
    case "lsp":
      return { kind: "lsp" };
    case "mcp":
      return { kind: "mcp" };
    case "checks":
      return checksCommand(rest, values.format, values.language);
    case "instances":
    case "explain":
      return inspectCommand(name, rest, values);
    case "check":
    case "console":
      break;
    default:
      return wrong(`There is no command "${name}".${didYouMean(name, commands)}`);
  }

  const variables = variablesOf(values.var);
  if (typeof variables === "string") return wrong(variables);
  if (name === "console") {
    if (rest.length > 1) return wrong("`plumbline console` takes one folder.");
    return {
      kind: "console",
      path: rest[0] ?? ".",
      json: values.json === true,
      variableFiles: values["var-file"] ?? [],
      variables,
    };
  }
  if (values.json === true) return wrong("--json belongs to `plumbline console`: write --format json.");
  const format = word("--format", values.format ?? "text", formats);
  const show = word("--show", values.show ?? "fail", shows);
  const risk = values["min-risk"] === undefined ? undefined : word("--min-risk", values["min-risk"], riskLevels);
  const language = word("--language", values.language ?? "en", LANGUAGES);
  const snapshot = snapshotOf(values);
  if (snapshot !== undefined && "message" in snapshot) return wrong(snapshot.message);
  if (snapshot !== undefined && (values.fix === true || values.diff === true)) {
    const option = values.fix === true ? "--fix" : "--diff";
    return wrong(
      `${option} can't go with --${snapshot.kind}: a fix edits the files, and only a new ${snapshot.kind} would show what it does. Leave --${snapshot.kind} out.`,
    );
  }
  if (snapshot !== undefined && values.environment === "all")
    return wrong(`--environment all can't go with --${snapshot.kind}, which is of one environment: name that one.`);
  if (snapshot !== undefined && rest.length > 1) return wrong(`--${snapshot.kind} is of one root: name one folder, that root's.`);
  for (const choice of [format, show, risk, language])
    if (choice !== undefined && "message" in choice) return wrong(choice.message);
  if (values.benchmark !== undefined && values.format !== undefined && values.format !== "text" && values.format !== "json")
    return wrong("--benchmark reports as text or json.");
  return {
    kind: "check",
    paths: rest.length === 0 ? ["."] : rest,
    format: valueOf(format),
    output: values.output,
    show: valueOf(show),
    minimumRisk: risk === undefined ? undefined : valueOf(risk),
    variableFiles: values["var-file"] ?? [],
    variables,
    checks: (values.checks ?? []).flatMap((list) => list.split(",").map((id) => id.trim())).filter((id) => id !== ""),
    benchmark: values.benchmark,
    environment: values.environment,
    baseline: values.baseline,
    writeBaseline: values["write-baseline"],
    since: values.since,
    snapshot,
    fix: values.fix === true,
    diff: values.diff === true,
    color: values.color,
    language: valueOf(language),
  };
}

function inspectCommand(
  kind: InspectCommand["kind"],
  rest: readonly string[],
  values: {
    readonly format?: string | undefined;
    readonly output?: string | undefined;
    readonly "var-file"?: readonly string[] | undefined;
    readonly var?: readonly string[] | undefined;
    readonly environment?: string | undefined;
    readonly plan?: string | undefined;
    readonly state?: string | undefined;
  },
): Command {
  const format = word("--format", values.format ?? "text", ["text", "json"] as const);
  if ("message" in format) return wrong(format.message);
  const variables = variablesOf(values.var);
  if (typeof variables === "string") return wrong(variables);
  const snapshot = snapshotOf(values);
  if (snapshot !== undefined && "message" in snapshot) return wrong(snapshot.message);
  const [target, ...folders] = kind === "explain" ? rest : ["", ...rest];
  if (target === undefined) return wrong("Write `plumbline explain ADDRESS[.path]`: `plumbline explain aws_s3_bucket.logs.acl`.");
  if (folders.length > 1) return wrong(`\`plumbline ${kind}\` takes one folder.`);
  return {
    kind,
    target,
    folder: folders[0] ?? ".",
    json: format.value === "json",
    output: values.output,
    variableFiles: values["var-file"] ?? [],
    variables,
    environment: values.environment,
    snapshot,
  };
}

/** A text: what is wrong. */
function variablesOf(given: readonly string[] | undefined): readonly (readonly [string, string])[] | string {
  const variables: [string, string][] = [];
  for (const text of given ?? []) {
    const sign = text.indexOf("=");
    if (sign <= 0) return `--var ${JSON.stringify(text)} has no value: write --var NAME=VALUE.`;
    variables.push([text.slice(0, sign).trim(), text.slice(sign + 1)]);
  }
  return variables;
}

function snapshotOf(values: {
  readonly plan?: string | undefined;
  readonly state?: string | undefined;
}): SnapshotOption | { readonly message: string } | undefined {
  const { plan, state } = values;
  if (plan !== undefined && state !== undefined) return { message: "Give --plan or --state, not both." };
  if (plan !== undefined) return { kind: "plan", file: plan };
  return state === undefined ? undefined : { kind: "state", file: state };
}

function checksCommand(rest: readonly string[], format: string | undefined, given: string | undefined): Command {
  const chosen = word("--format", format ?? "text", ["text", "json"] as const);
  if ("message" in chosen) return wrong(chosen.message);
  const tongue = word("--language", given ?? "en", LANGUAGES);
  if ("message" in tongue) return wrong(tongue.message);
  const language = tongue.value;
  const json = chosen.value === "json";
  const [action, id, ...more] = rest;
  if ((action === "list" || action === undefined) && id === undefined) return { kind: "checks list", json, language };
  if (action === "show" && id !== undefined && more.length === 0) return { kind: "checks show", id, json, language };
  return wrong("Write `plumbline checks list` or `plumbline checks show ID`.");
}

type Choice<T> = { readonly value: T } | { readonly message: string };

function word<T extends string>(option: string, given: string, words: readonly T[]): Choice<T> {
  const value = words.find((candidate) => candidate === given);
  if (value !== undefined) return { value };
  return { message: `${option} is ${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}, not "${given}".` };
}

function valueOf<T>(choice: Choice<T>): T {
  if ("message" in choice) throw new Error(choice.message);
  return choice.value;
}

function wrong(message: string): Command {
  return { kind: "wrong", message };
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
  if (unknown === undefined) return message;
  return `There is no option ${unknown}.${didYouMean(
    unknown,
    Object.keys(options).map((name) => `--${name}`),
  )}`;
}
