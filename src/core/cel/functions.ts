import { RE2JS } from "re2js";
import { boundedValue, policiesValue, policyBroadGrants, policyGrants, policyValue } from "../identity/policy-value.ts";
import { cidrContains, cidrValue } from "../network/cidr.ts";
import { openTo } from "../network/open.ts";
import { portsValue } from "../network/ports.ts";
import { protocolValue } from "../network/protocol.ts";
import { findSecrets } from "../secrets/find.ts";
import { fromJson } from "../values/json.ts";
import { structureOfPieces } from "../values/json-pieces.ts";
import { BOOL, bool, DYNAMIC, list, listOf, NUMBER, number, object, reason, STRING, string, unknown } from "../values/make.ts";
import type { Path, Type, Value } from "../values/value.ts";
import { decodeBase64 } from "../secrets/base64.ts";
import type { PolicyDialect, Scope, StaticType } from "./program.ts";
import { CIDR, POLICY, PORTS, SECRETS, STATEMENT, VERSION } from "./static-types.ts";

export interface FunctionSpec {
  /** Kind of each argument, or the very type a method is asked of. */
  readonly parameters: readonly ("any" | "string" | "number" | "bool" | "list" | Type)[];
  /** How many at the end may be left out. */
  readonly optional?: number;
  readonly result: StaticType;
  /** Otherwise a null argument gives unknown("null operand"). */
  readonly takesNull?: boolean;
  /** Otherwise an unknown argument gives unknown. */
  readonly takesUnknown?: boolean;
  /** What can be said all the same of arguments that are null or unknown. */
  readonly refined?: (args: readonly Value[]) => Value | undefined;
  /** What is wrong with constant arguments. */
  readonly check?: (constants: readonly (Value | undefined)[]) => string | undefined;
  readonly apply: (args: readonly Value[], context: { readonly scope: Scope; readonly dialect: PolicyDialect }) => Value;
  readonly elementEvidence?: (item: Value) => readonly Path[];
}

const NETWORK_RULE: Type = {
  kind: "object",
  attributes: new Map<string, Type>([
    ["direction", STRING],
    ["action", STRING],
    ["protocol", STRING],
    ["ports", PORTS],
    ["cidrs", listOf(STRING)],
    ["groups", listOf(STRING)],
    ["self", BOOL],
    ["priority", NUMBER],
    ["description", STRING],
  ]),
};

function text(value: Value | undefined): string {
  return value?.kind === "string" ? value.value : "";
}

function invalid(type: Type, what: string): Value {
  return unknown(type, reason("invalid", what));
}

export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map<string, FunctionSpec>([
  [
    "openTo",
    {
      // The port may be a list of ports.
      parameters: ["list", "string", "string", "any"],
      result: listOf(NETWORK_RULE),
      takesUnknown: true,
      takesNull: true,
      apply: ([rules, direction, protocol, port]) => openTo(rules, direction, protocol, port),
      elementEvidence: openEvidence,
    },
  ],
  ["cidr", { parameters: ["string"], result: CIDR, apply: ([one]) => cidrValue(text(one)) }],
  ["protocol", { parameters: ["any"], result: STRING, takesNull: true, apply: ([one]) => protocolValue(one) }],
  [
    "ports",
    {
      parameters: ["any", "any", "any"],
      optional: 1,
      result: PORTS,
      takesNull: true,
      takesUnknown: true,
      apply: (args) => portsValue(args),
    },
  ],
  [
    "policy",
    {
      parameters: ["any"],
      result: POLICY,
      takesUnknown: true,
      apply: ([document], { dialect }) => policyValue(document, dialect),
    },
  ],
  [
    "policies",
    {
      parameters: ["list"],
      result: POLICY,
      takesUnknown: true,
      apply: ([documents], { dialect }) => policiesValue(documents, dialect),
    },
  ],
  ["secrets", { parameters: ["any"], result: SECRETS, takesUnknown: true, apply: ([one]) => findSecrets(one) }],
  // Text that is JSON, or a string of which only the structure is known: `jsonencode([{ … = var.x }])`.
  ["json", { parameters: ["any"], result: DYNAMIC, takesUnknown: true, apply: ([one]) => jsonValue(one) }],
  ["base64", { parameters: ["string"], result: STRING, apply: ([one]) => decodeBase64(text(one)) }],
  ["version", { parameters: ["any"], result: VERSION, apply: ([one]) => versionValue(one) }],
  ["age", { parameters: ["string"], result: NUMBER, apply: ([one], { scope }) => age(text(one), scope.now) }],
  ["string", { parameters: ["any"], result: STRING, apply: ([one]) => toText(one) }],
  ["int", { parameters: ["any"], result: NUMBER, apply: ([one]) => toNumber(one) }],
  ["double", { parameters: ["any"], result: NUMBER, apply: ([one]) => toNumber(one) }],
]);

export const METHODS: ReadonlyMap<string, readonly FunctionSpec[]> = new Map<string, readonly FunctionSpec[]>([
  [
    "startsWith",
    [
      {
        parameters: ["string", "string"],
        result: BOOL,
        refined: startsWithRefined,
        apply: ([one, other]) => bool(text(one).startsWith(text(other))),
      },
    ],
  ],
  [
    "endsWith",
    [
      {
        parameters: ["string", "string"],
        result: BOOL,
        refined: endsWithRefined,
        apply: ([one, other]) => bool(text(one).endsWith(text(other))),
      },
    ],
  ],
  [
    "contains",
    [
      {
        parameters: ["string", "string"],
        result: BOOL,
        refined: containsRefined,
        apply: ([one, other]) => bool(text(one).includes(text(other))),
      },
      { parameters: [CIDR, "string"], result: BOOL, apply: ([one, other]) => cidrContains(entry(one, "text"), text(other)) },
    ],
  ],
  [
    "matches",
    [
      {
        parameters: ["string", "string"],
        result: BOOL,
        check: ([, pattern]) =>
          pattern?.kind === "string" && compiled(pattern.value) === undefined
            ? "The pattern is not a valid RE2 regular expression."
            : undefined,
        apply: ([one, pattern]) => {
          const matcher = compiled(text(pattern));
          return matcher === undefined ? invalid(BOOL, "regular expression") : bool(matcher.matcher(text(one)).find());
        },
      },
    ],
  ],
  [
    "lowerAscii",
    [{ parameters: ["string"], result: STRING, apply: ([one]) => string(text(one).replace(/[A-Z]/g, (c) => c.toLowerCase())) }],
  ],
  [
    "upperAscii",
    [{ parameters: ["string"], result: STRING, apply: ([one]) => string(text(one).replace(/[a-z]/g, (c) => c.toUpperCase())) }],
  ],
  ["trim", [{ parameters: ["string"], result: STRING, apply: ([one]) => string(text(one).trim()) }]],
  [
    "split",
    [
      {
        parameters: ["string", "string", "number"],
        optional: 1,
        result: listOf(STRING),
        apply: ([one, by, limit]) => split(text(one), text(by), limit),
      },
    ],
  ],
  [
    "join",
    [
      {
        parameters: ["list", "string"],
        optional: 1,
        result: STRING,
        apply: ([items, by]) => join(items, text(by)),
      },
    ],
  ],
  ["substring", [{ parameters: ["string", "number", "number"], optional: 1, result: STRING, apply: substring }]],
  [
    "replace",
    [
      {
        parameters: ["string", "string", "string"],
        result: STRING,
        apply: ([one, from, to]) => string(text(one).replaceAll(text(from), text(to))),
      },
    ],
  ],
  [
    "indexOf",
    [{ parameters: ["string", "string"], result: NUMBER, apply: ([one, other]) => number(text(one).indexOf(text(other))) }],
  ],
  [
    "grants",
    [
      {
        parameters: [POLICY, "string", "string"],
        result: BOOL,
        apply: ([one, action, resource], { dialect }) => policyGrants(one, dialect, text(action), text(resource)),
      },
    ],
  ],
  [
    "broadGrants",
    [
      {
        parameters: [POLICY, "string"],
        result: listOf(STATEMENT),
        apply: ([one, action], { dialect }) => policyBroadGrants(one, dialect, text(action)),
      },
    ],
  ],
  [
    "within",
    [
      {
        parameters: [POLICY, "any"],
        result: POLICY,
        takesNull: true,
        takesUnknown: true,
        apply: ([one, boundary], { dialect }) => boundedValue(one, boundary, dialect),
      },
    ],
  ],
  [
    "compare",
    [
      {
        parameters: [VERSION, "string"],
        result: NUMBER,
        apply: ([one, other]) => compareVersions(entry(one, "text"), text(other)),
      },
    ],
  ],
]);

/** A rule is open by its networks of length zero: these are its evidence. */
function openEvidence(item: Value): readonly Path[] {
  const cidrs = item.kind === "object" ? item.entries.get("cidrs") : undefined;
  if (cidrs === undefined || !("items" in cidrs)) return [];
  return cidrs.items.flatMap((one) => (one.path === undefined ? [] : [one.path]));
}

function entry(value: Value | undefined, name: string): string {
  return value?.kind === "object" ? text(value.entries.get(name)) : "";
}

function startsWithRefined([one, other]: readonly Value[]): Value | undefined {
  if (one?.kind !== "unknown" || other?.kind !== "string" || one.refinement?.prefix === undefined) return undefined;
  const { prefix } = one.refinement;
  if (prefix.startsWith(other.value)) return one.refinement.notNull === true ? bool(true) : undefined;
  return other.value.startsWith(prefix) || one.refinement.notNull !== true ? undefined : bool(false);
}

/** `"com.amazonaws.${region}.s3"` ends as its last piece does, as far as that reaches. */
function endsWithRefined([one, other]: readonly Value[]): Value | undefined {
  if (one?.kind !== "unknown" || other?.kind !== "string") return undefined;
  const last = one.refinement?.pieces?.at(-1);
  if (typeof last !== "string") return undefined;
  if (last.endsWith(other.value)) return bool(true);
  return other.value.endsWith(last) ? undefined : bool(false);
}

/** A known piece of a template can show that the text is in it. */
function containsRefined([one, other]: readonly Value[]): Value | undefined {
  if (one?.kind !== "unknown" || other?.kind !== "string") return undefined;
  const pieces = one.refinement?.pieces ?? [];
  return pieces.some((piece) => typeof piece === "string" && piece.includes(other.value)) ? bool(true) : undefined;
}

const patterns = new Map<string, RE2JS | undefined>();

function compiled(pattern: string): RE2JS | undefined {
  if (patterns.has(pattern)) return patterns.get(pattern);
  let result: RE2JS | undefined;
  try {
    result = RE2JS.compile(pattern);
  } catch {
    // Not a pattern: the caller says so.
  }
  if (patterns.size > 500) patterns.clear();
  patterns.set(pattern, result);
  return result;
}

function jsonValue(one: Value | undefined): Value {
  if (one?.kind === "unknown") {
    const { document, pieces } = one.refinement ?? {};
    return document ?? (pieces === undefined ? undefined : structureOfPieces(pieces)) ?? unknown(DYNAMIC, one.reasons);
  }
  if (one?.kind !== "string") return one ?? unknown(DYNAMIC, reason("null operand"));
  try {
    return fromJson(JSON.parse(one.value));
  } catch {
    return invalid(DYNAMIC, "not JSON");
  }
}

function split(one: string, by: string, limit: Value | undefined): Value {
  const parts = by === "" ? [...one] : one.split(by);
  const count = limit?.kind === "number" ? Number(limit.value) : -1;
  if (count >= 0 && parts.length > count) {
    const kept = count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)];
    return list(STRING, kept.map(string));
  }
  return list(STRING, parts.map(string));
}

function join(items: Value | undefined, by: string): Value {
  if (items === undefined || !("items" in items)) return unknown(STRING, reason("error", "join"));
  if (items.rest !== undefined) return unknown(STRING, items.rest);
  const parts: string[] = [];
  for (const item of items.items) {
    if (item.kind === "unknown") return unknown(STRING, item.reasons);
    if (item.kind !== "string") return unknown(STRING, reason(item.kind === "null" ? "null operand" : "error", ""));
    parts.push(item.value);
  }
  const joined = string(parts.join(by));
  return items.items.some((item) => item.sensitive === true) ? { ...joined, sensitive: true } : joined;
}

function substring([one, from, to]: readonly Value[]): Value {
  const characters = [...text(one)];
  const start = from?.kind === "number" ? Number(from.value) : 0;
  const end = to?.kind === "number" ? Number(to.value) : characters.length;
  if (start < 0 || end > characters.length || start > end) return invalid(STRING, "substring outside the string");
  return string(characters.slice(start, end).join(""));
}

function toText(value: Value | undefined): Value {
  if (value?.kind === "string") return value;
  if (value?.kind === "number" || value?.kind === "bool") return string(String(value.value));
  return unknown(STRING, reason("error", "not a value that has a text"));
}

function toNumber(value: Value | undefined): Value {
  if (value?.kind === "number") return value;
  if (value?.kind === "string" && /^-?\d+(?:\.\d+)?$/.test(value.value.trim())) return number(Number(value.value));
  return invalid(NUMBER, "not a number");
}

/** `15.4`, `8.0.mysql_aurora.3.05`, `v1.30`, `python3.12`: the first numbers. */
function versionNumbers(one: string): readonly number[] | undefined {
  const match = /\d+(?:\.\d+)*/.exec(one);
  return match === null ? undefined : match[0].split(".").map(Number);
}

function versionValue(one: Value | undefined): Value {
  const written = one?.kind === "number" ? String(one.value) : text(one);
  const numbers = versionNumbers(written);
  if (numbers === undefined) return invalid(VERSION, "version");
  return object([
    ["text", string(written)],
    ["major", number(numbers[0] ?? 0)],
    ["minor", number(numbers[1] ?? 0)],
  ]);
}

function compareVersions(a: string, b: string): Value {
  const x = versionNumbers(a);
  const y = versionNumbers(b);
  if (x === undefined || y === undefined) return invalid(NUMBER, "version");
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return number(Math.sign(difference));
  }
  return number(0);
}

/** Whole days from a timestamp to now; negative for times to come. */
function age(timestamp: string, now: string): Value {
  const from = instant(timestamp);
  const to = instant(now);
  if (from === undefined || to === undefined) return invalid(NUMBER, "timestamp");
  return number(Math.floor((to - from) / 86_400_000));
}

/** ISO 8601, also with a space for the `T`; without a zone it is UTC. */
function instant(written: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/.exec(written.trim());
  if (match === null) return undefined;
  const time = Date.parse(`${match[1] ?? ""}T${match[2] ?? "00:00"}${match[3] ?? "Z"}`);
  return Number.isNaN(time) ? undefined : time;
}
