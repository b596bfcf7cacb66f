import type { Reason, UnknownValue, Value } from "../values/value.ts";
import type { Dialect } from "./document.ts";

/** The ways to write everyone, and what else the accounts' wildcards allow. */
const EVERYONE: Readonly<Record<Dialect, RegExp>> = {
  aws: /^(?:\*|arn:aws[\w-]*:iam::\*:(?:root|\*))$/i,
  alibaba: /^(?:\*|acs:ram::\*:(?:root|\*))$/i,
  tencent: /^(?:\*|qcs::cam::(?:anyone|\*|uin\/\*):(?:anyone|\*|root|uin\/\*)(?:[:/]\*)?)$/i,
};

/** The texts that match, to compare with what is known of a text. */
const WRITTEN: Readonly<Record<Dialect, readonly string[]>> = {
  aws: ["*", ...["aws", "aws-cn", "aws-us-gov"].flatMap((one) => [`arn:${one}:iam::*:root`, `arn:${one}:iam::*:*`])],
  alibaba: ["*", "acs:ram::*:root", "acs:ram::*:*"],
  tencent: [
    "*",
    ...["anyone", "*", "uin/*"].flatMap((account) =>
      ["anyone", "*", "root", "uin/*"].flatMap((user) => ["", ":*", "/*"].map((end) => `qcs::cam::${account}:${user}${end}`)),
    ),
  ],
};

export function isEveryone(principal: string, dialect: Dialect): boolean {
  return EVERYONE[dialect].test(principal);
}

/** Why a principal that is not wholly known may be everyone. Empty: whatever it turns out to be, it names somebody. */
export function maybeEveryone(value: Value, dialect: Dialect): readonly Reason[] {
  if (value.kind === "unknown") return couldBe(value, dialect) ? value.reasons : [];
  if (!("items" in value)) return [];
  return [...value.items.flatMap((item) => maybeEveryone(item, dialect)), ...(value.rest ?? [])];
}

/**
 * Whether a condition's value that is not wholly known leaves something out whatever it turns out to be: an attribute that a
 * provider computes or a data source looks up, with no wildcard in front of it.
 */
export function isSomebody(value: Value): boolean {
  if (value.kind === "unknown") {
    const pieces = value.refinement?.pieces;
    if (pieces === undefined) return namesSomebody(value) || value.reasons.every(({ kind }) => kind === "computed");
    const hole = pieces.findIndex((piece) => typeof piece !== "string");
    const first = pieces[hole];
    if (first === undefined || typeof first === "string") return false;
    return !pieces.slice(0, hole).some((piece) => typeof piece === "string" && /[*?]/.test(piece)) && isSomebody(first);
  }
  if (!("items" in value)) return true;
  return value.items.every(isSomebody) && (value.rest ?? []).every(({ kind }) => kind === "computed");
}

function couldBe(value: UnknownValue, dialect: Dialect): boolean {
  const pieces = value.refinement?.pieces ?? [value];
  // A pattern of many holes is not worth its time.
  if (pieces.length > 12) return true;
  const source = pieces.map((piece) => (typeof piece === "string" ? escaped(piece) : namesSomebody(piece) ? NO_WILDCARD : ".*"));
  const possible = new RegExp(`^${source.join("")}$`, "is");
  return WRITTEN[dialect].some((one) => possible.test(one));
}

const NO_WILDCARD = "(?:(?!anyone)[^*])*";

/**
 * What a provider computes, and the accounts and names that data sources look up, are no wildcards. Only of the attribute itself:
 * what a condition makes of it may be anything.
 */
export function namesSomebody({ origin, reasons }: UnknownValue): boolean {
  if (origin === undefined || reasons.some(({ kind }) => kind !== "computed" && kind !== "data source")) return false;
  const looksUp = /(?:^|\.)data\.([\w-]+)\./.exec(origin.address);
  if (looksUp === null) return true;
  const [, type = ""] = looksUp;
  const name = String(origin.path.at(-1));
  if (name === "id") return /_(?:account|caller_identity|partition)$/.test(type);
  return type !== "external" && type !== "http" && LOOKED_UP.has(name);
}

const LOOKED_UP: ReadonlySet<string> = new Set([
  "arn",
  "iam_arn",
  "account_id",
  "user_id",
  "unique_id",
  "partition",
  "dns_suffix",
  "uin",
  "owner_uin",
]);

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
