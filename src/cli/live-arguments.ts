import { LANGUAGES, type Language } from "../core/text/language.ts";
import { parseArgs } from "node:util";
import { didYouMean } from "../core/text/nearest.ts";
import type { Cloud } from "../core/instances/model.ts";
import type { PlanAction, ScanSelection } from "../live/protocol.ts";
import { remedyCommand, remedyCommands, remedyHelp, type RemedyCommand } from "./remedy-arguments.ts";

export const liveCommands = [
  "accounts",
  "inventory",
  "estimate",
  "scan",
  "results",
  "drift",
  "export",
  "verify",
  "except",
  "policy",
  "plan",
  "ledger",
  ...remedyCommands,
] as const;

export type ResultFormat = "text" | "json" | "sarif" | "html" | "csv" | "junit" | "markdown";

interface Common {
  /** undefined: the only one that is connected. */
  readonly account: string | undefined;
  readonly format: ResultFormat;
  readonly output: string | undefined;
  readonly language: Language;
  readonly yes: boolean;
  /** Folder of the plumbline.yaml that chooses items. */
  readonly folder: string;
  readonly selection: ScanSelection;
}

export type LiveCommand = Common &
  (
    | { readonly kind: "accounts list" | "accounts sources" | "accounts disconnect" | "accounts forbid-fixes" }
    | { readonly kind: "accounts allow-fixes"; readonly source: string | undefined }
    | RemedyCommand
    | { readonly kind: "accounts connect"; readonly cloud: Cloud; readonly source: string | undefined }
    | { readonly kind: "accounts regions"; readonly regions: readonly string[] | undefined }
    | { readonly kind: "inventory"; readonly refresh: boolean }
    | { readonly kind: "estimate"; readonly refresh: boolean }
    | {
        readonly kind: "scan";
        readonly refresh: boolean;
        readonly resume: boolean;
        /** USD; undefined: no limit. */
        readonly maximumCost: string | undefined;
      }
    | {
        readonly kind: "results";
        readonly scan: string | undefined;
        readonly history: boolean;
        readonly all: boolean;
        /** Folder of Terraform whose blocks the results are placed at. */ readonly place: string | undefined;
      }
    | { readonly kind: "export"; readonly instance: string }
    | { readonly kind: "drift"; readonly place: string; readonly take: boolean }
    | { readonly kind: "verify"; readonly item: string; readonly instance: string | undefined }
    | {
        readonly kind: "except";
        readonly item: string;
        readonly instance: string;
        readonly reason: string | undefined;
        readonly until: string | undefined;
        readonly remove: boolean;
      }
    | { readonly kind: "except list" }
    | { readonly kind: "policy read" | "policy fix"; readonly cloud: Cloud }
    | { readonly kind: "plan"; readonly action: PlanAction | undefined }
    | { readonly kind: "plan repair" }
    | { readonly kind: "ledger" }
  );

export const liveHelp = `Live accounts:
  accounts                         list connected accounts
  accounts sources                 credentials that this machine has
  accounts connect CLOUD           connect: aws, alibaba or tencent, with --source ID; --source sample is an account on this machine
  accounts regions [REGION…]       choose regions; none: all that are enabled
  accounts disconnect
  inventory                        instances of the account, by service
  estimate                         what a scan would look at and cost
  scan                             estimate, ask, and scan
  results                          results of the newest scan, or of --scan ID; --history lists scans
  drift [DIR]                      where the files of a folder say one thing and the account another; --take-live writes the account's
                                   values into the files
  export INSTANCE                  an instance as Terraform, with an import block
  verify CHECK [INSTANCE]          check one item, or one instance, again
  except CHECK|* [INSTANCE]        white-list with --reason; --remove takes it back; without arguments lists
  policy read CLOUD                the API actions that are called, and the least policy that allows them
  plan [ACTION]                    show or change the plan: activate, subscribe, suspend, resume, scale-out, downgrade, renew, refund
  plan repair                      make a plan anew that was edited or cut short, from what was written down
  ledger                           scan times that were charged

Options of these commands:
  --account NAME                   key (aws:123456789012), id or alias; not needed where one account is connected
  --checks ID[,ID…]                these check items only; * stands for anything
  --services, --regions NAME[,…]   these only
  --tag NAME=VALUE                 instances with this tag only (may be repeated)
  --min-risk high|medium|low
  --free-only                      free check items only
  --refresh                        list instances again, however young the inventory is
  --yes                            do not ask; agrees to the calls and to the cost
  --max-cost USD                   with scan: refuse what would cost more
  --resume                         with scan: go on with a scan that was interrupted
  --place DIR                      with results: the Terraform block that manages each instance
  --quota N, --months N            with plan
  --accept-terms                   with plan activate and plan subscribe
  --config DIR                     folder whose plumbline.yaml chooses items (default: .)
  --format text|json, for results and scan also sarif, html, csv, junit, markdown
  --account all                    with estimate, scan and results: every account (text, json, html, csv); plumbline.yaml
                                   can name them under \`scan.accounts\`, with regions, services and tags
  --language en|zh-cn              language of what check items say, and of the HTML report (default: en)
  --output FILE

Exit codes of scan, verify and results: 0 nothing failed; 1 something failed; 2 could not run, or nothing failed and not all could be
checked. Of drift: 0 none; 1 some; 2 could not run, or none was found and not all could be compared. Of remedy: 0 fixed; 1 changed, and it still fails; 2 not changed, or not to the end.

${remedyHelp}`;

const options = {
  account: { type: "string" },
  source: { type: "string" },
  format: { type: "string" },
  output: { type: "string", short: "o" },
  language: { type: "string" },
  checks: { type: "string", multiple: true },
  services: { type: "string", multiple: true },
  regions: { type: "string", multiple: true },
  tag: { type: "string", multiple: true },
  "min-risk": { type: "string" },
  "free-only": { type: "boolean" },
  refresh: { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  resume: { type: "boolean" },
  "max-cost": { type: "string" },
  scan: { type: "string" },
  history: { type: "boolean" },
  show: { type: "string" },
  reason: { type: "string" },
  until: { type: "string" },
  remove: { type: "boolean" },
  quota: { type: "string" },
  months: { type: "string" },
  "accept-terms": { type: "boolean" },
  config: { type: "string" },
  all: { type: "boolean" },
  set: { type: "string", multiple: true },
  "dry-run": { type: "boolean" },
  "accept-risk": { type: "string" },
  overwrite: { type: "boolean" },
  place: { type: "string" },
  "take-live": { type: "boolean" },
} as const;

const clouds = ["aws", "alibaba", "tencent"] as const;
const formats = ["text", "json", "sarif", "html", "csv", "junit", "markdown"] as const;
const risks = ["high", "medium", "low"] as const;

/** Reads the arguments of a command for live accounts. A text: what is wrong. */
export function readLiveArguments(args: readonly string[]): LiveCommand | string {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    const known = Object.keys(options).map((name) => `--${name}`);
    return unknown === undefined ? message : `There is no option ${unknown}.${didYouMean(unknown, known)}`;
  }
  const { values, positionals } = parsed;
  const [name = "", ...rest] = positionals;
  const format = formats.find((each) => each === (values.format ?? "text"));
  if (format === undefined) return `--format is ${formats.join(", ")}, not "${values.format ?? ""}".`;
  if (format !== "text" && format !== "json" && !["results", "scan", "verify"].includes(name))
    return `\`plumbline ${name}\` prints text or json.`;
  const language = LANGUAGES.find((each) => each === (values.language ?? "en"));
  if (language === undefined) return `--language is ${LANGUAGES.join(" or ")}, not "${values.language ?? ""}".`;
  if (values.account === "all" && !["scan", "estimate", "results"].includes(name))
    return "--account all goes with `plumbline estimate`, `scan` and `results`.";
  const minimumRisk = risks.find((each) => each === values["min-risk"]);
  if (values["min-risk"] !== undefined && minimumRisk === undefined) return `--min-risk is high, medium or low.`;
  const tags: Record<string, string> = {};
  for (const tag of values.tag ?? []) {
    const sign = tag.indexOf("=");
    if (sign <= 0) return `--tag ${JSON.stringify(tag)} has no value: write --tag NAME=VALUE.`;
    tags[tag.slice(0, sign)] = tag.slice(sign + 1);
  }
  const common: Common = {
    account: values.account,
    format,
    output: values.output,
    language,
    yes: values.yes === true,
    folder: values.config ?? ".",
    selection: {
      checks: listOf(values.checks),
      services: listOf(values.services),
      regions: listOf(values.regions),
      tags: values.tag === undefined ? undefined : tags,
      minimumRisk,
      freeOnly: values["free-only"] === true ? true : undefined,
    },
  };
  const tooMany = (most: number): string | undefined =>
    rest.length > most ? `\`plumbline ${name}\` does not take "${rest[most] ?? ""}".` : undefined;
  switch (name) {
    case "accounts":
      return accountsCommand(rest, values.source, common);
    case "inventory":
    case "estimate":
      return tooMany(0) ?? { ...common, kind: name, refresh: values.refresh === true };
    case "scan":
      if (values["max-cost"] !== undefined && !/^\d+(\.\d{1,6})?$/.test(values["max-cost"]))
        return `--max-cost is an amount in USD such as 5 or 0.50, not "${values["max-cost"]}".`;
      return (
        tooMany(0) ?? {
          ...common,
          kind: "scan",
          refresh: values.refresh === true,
          resume: values.resume === true,
          maximumCost: values["max-cost"],
        }
      );
    case "results": {
      if (values.show !== undefined && values.show !== "fail" && values.show !== "all") return "--show is fail or all.";
      const all = values.show === "all";
      return (
        tooMany(0) ?? { ...common, kind: "results", scan: values.scan, history: values.history === true, all, place: values.place }
      );
    }
    case "export": {
      const [instance] = rest;
      if (instance === undefined) return "Write `plumbline export INSTANCE`: a key, an id or a name of `plumbline inventory`.";
      return tooMany(1) ?? { ...common, kind: "export", instance };
    }
    case "drift":
      return tooMany(1) ?? { ...common, kind: "drift", place: rest[0] ?? ".", take: values["take-live"] === true };
    case "verify": {
      const [item, instance] = rest;
      if (item === undefined) return "Write `plumbline verify CHECK [INSTANCE]`.";
      return tooMany(2) ?? { ...common, kind: "verify", item, instance };
    }
    case "except": {
      const [item, instance] = rest;
      if (item === undefined) return { ...common, kind: "except list" };
      const remove = values.remove === true;
      return (
        tooMany(2) ?? {
          ...common,
          kind: "except",
          item,
          instance: instance ?? "*",
          reason: values.reason,
          until: values.until,
          remove,
        }
      );
    }
    case "policy": {
      const [what, given] = rest;
      const cloud = clouds.find((each) => each === given);
      if ((what !== "read" && what !== "fix") || cloud === undefined)
        return "Write `plumbline policy read aws` or `plumbline policy fix aws`; the clouds are aws, alibaba and tencent.";
      return tooMany(2) ?? { ...common, kind: `policy ${what}`, cloud };
    }
    case "plan": {
      if (rest[0] === "repair") return tooMany(1) ?? { ...common, kind: "plan repair" };
      const action = planAction(rest[0], values);
      return typeof action === "string" ? action : (tooMany(1) ?? { ...common, kind: "plan", action });
    }
    case "remedy":
    case "undo":
    case "remedies": {
      const command = remedyCommand(name, rest, values);
      return typeof command === "string" ? command : { ...common, ...command };
    }
    case "ledger":
      return tooMany(0) ?? { ...common, kind: "ledger" };
    default:
      return `There is no command "${name}".${didYouMean(name, liveCommands)}`;
  }
}

function accountsCommand(rest: readonly string[], source: string | undefined, common: Common): LiveCommand | string {
  const [what = "list", ...more] = rest;
  switch (what) {
    case "list":
    case "sources":
    case "disconnect":
    case "forbid-fixes":
      return more.length > 0
        ? `\`plumbline accounts ${what}\` does not take "${more[0] ?? ""}".`
        : { ...common, kind: `accounts ${what}` };
    case "connect": {
      const cloud = clouds.find((each) => each === more[0]);
      if (cloud === undefined || more.length > 1) return "Write `plumbline accounts connect aws`, `alibaba` or `tencent`.";
      return { ...common, kind: "accounts connect", cloud, source };
    }
    case "allow-fixes":
      return more.length > 0
        ? "Write `plumbline accounts allow-fixes --source ID`."
        : { ...common, kind: "accounts allow-fixes", source };
    case "regions":
      return { ...common, kind: "accounts regions", regions: more.length === 0 ? undefined : more };
    default:
      return `There is no \`plumbline accounts ${what}\`.${didYouMean(what, ["list", "sources", "connect", "regions", "disconnect", "allow-fixes", "forbid-fixes"])}`;
  }
}

const planActions = ["activate", "subscribe", "suspend", "resume", "scale-out", "downgrade", "renew", "refund"] as const;

/** undefined: show the plan. A text: what is wrong. */
function planAction(
  name: string | undefined,
  values: {
    readonly quota?: string | undefined;
    readonly months?: string | undefined;
    readonly "accept-terms"?: boolean | undefined;
  },
): PlanAction | undefined | string {
  if (name === undefined) return undefined;
  const quota = wholeNumber(values.quota);
  const months = wholeNumber(values.months);
  const termsAccepted = values["accept-terms"] === true;
  const needs = (option: string): string => `\`plumbline plan ${name}\` needs --${option} with a whole number.`;
  switch (planActions.find((each) => each === name)) {
    case "activate":
      return { kind: "activate", termsAccepted };
    case "subscribe":
      if (quota === undefined) return needs("quota");
      return months === undefined ? needs("months") : { kind: "subscribe", quota, months, termsAccepted };
    case "suspend":
      return { kind: "suspend" };
    case "resume":
      return { kind: "resume" };
    case "scale-out":
      return quota === undefined ? needs("quota") : { kind: "scale out", quota };
    case "downgrade":
      return quota === undefined ? needs("quota") : { kind: "downgrade", quota };
    case "renew":
      return months === undefined ? needs("months") : { kind: "renew", months };
    case "refund":
      return { kind: "refund" };
    case undefined:
      return `There is no plan action "${name}".${didYouMean(name, planActions)}`;
  }
}

/** Negative and enormous numbers are numbers, too: the arithmetic says what is wrong with them. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,30}$/.test(text) ? Number(text) : undefined;
}

function listOf(given: readonly string[] | undefined): readonly string[] | undefined {
  const names = given?.flatMap((list) => list.split(",").map((each) => each.trim())).filter((each) => each !== "");
  return names === undefined || names.length === 0 ? undefined : names;
}
