import { fromJson } from "../values/json.ts";
import { reason } from "../values/make.ts";
import type { Path, Reason, UnknownValue, Value } from "../values/value.ts";
import { isEveryone, isSomebody, maybeEveryone, namesSomebody } from "./everyone.ts";
import { structureOfPieces } from "../values/json-pieces.ts";
import { namedAccounts, type NamedAccount } from "./trust.ts";

export type Dialect = "aws" | "alibaba" | "tencent";

/** Strings of which some may not be known. */
export interface Strings {
  readonly values: readonly string[];
  readonly rest: readonly Reason[];
  /** How values of the rest end, where a template says so: `"${bucket.arn}/*"`. */
  readonly ends?: readonly string[];
  /** What of the rest looks like, names of resources that are not made yet filled in: `"${bucket.arn}/*"` is one bucket's. */
  readonly shapes?: readonly string[];
  /** Why one of the rest may look like anything. Left out: as the rest. */
  readonly shapeless?: readonly Reason[];
}

export interface Principals extends Strings {
  /** Why one of the rest may be everyone. */
  readonly wild: readonly Reason[];
  readonly accounts: readonly NamedAccount[];
  /** Why one of the rest may name an account of somebody else. */
  readonly accountRest: readonly Reason[];
  /** Services as written, and why there may be more. */
  readonly services: Strings;
}

export interface Condition {
  /** As written. */
  readonly operator: string;
  readonly key: string;
  readonly values: Strings;
  /** What a provider computes or a data source looks up is no wildcard: such values narrow although nobody knows them yet. */
  readonly computed: boolean;
}

/** One statement, in the same form for the three clouds. */
export interface Statement {
  readonly effect: "allow" | "deny" | readonly Reason[];
  readonly actions: Strings | undefined;
  readonly notActions: Strings | undefined;
  readonly resources: Strings | undefined;
  readonly notResources: Strings | undefined;
  /** `*` for everyone; AWS and RAM accounts and users as written, others as `Service:x`. */
  readonly principals: Principals | undefined;
  readonly notPrincipals: Principals | undefined;
  readonly conditions: readonly Condition[];
  readonly conditionRest: readonly Reason[];
  /** Its position in the document. */
  readonly index: number;
  readonly path: Path | undefined;
}

export interface Document {
  /** `2012-10-17`; undefined where none is written, or it is not known. */
  readonly version?: string;
  readonly statements: readonly Statement[];
  readonly rest: readonly Reason[];
}

/** Reads a policy document: JSON text, a structure, or a string whose structure is known. Reasons when it can't be read. */
export function readDocument(document: Value, dialect: Dialect): Document | readonly Reason[] {
  const read = readOnce(document, dialect);
  const { path } = document;
  if (!("statements" in read) || path === undefined) return read;
  const { statements } = read;
  return { ...read, statements: statements.map((one) => ({ ...one, path: [...path, "#", "statements", one.index] })) };
}

type Read = Document | readonly Reason[];

/*
 * Modules bring the same text for every role that they make, and each document is asked many questions, in a trace under another
 * place each: it is read once.
 */
const readTexts: Readonly<Record<Dialect, Map<string, Read>>> = { aws: new Map(), alibaba: new Map(), tencent: new Map() };
const readStructures: Readonly<Record<Dialect, WeakMap<object, Read>>> = {
  aws: new WeakMap(),
  alibaba: new WeakMap(),
  tencent: new WeakMap(),
};
const MOST_TEXTS = 500;
const LONGEST_TEXT = 20_000;

function readOnce(document: Value, dialect: Dialect): Read {
  if (document.kind === "string") {
    const texts = readTexts[dialect];
    let read = texts.get(document.value);
    if (read === undefined) {
      read = readStructure(structureOf(document), dialect);
      if (texts.size >= MOST_TEXTS) texts.clear();
      if (document.value.length <= LONGEST_TEXT) texts.set(document.value, read);
    }
    return read;
  }
  const structures = readStructures[dialect];
  const key = contentOf(document);
  const known = key === undefined ? undefined : structures.get(key);
  if (known !== undefined) return known;
  const structure = structureOf(document);
  const read = readStructure(structure, dialect);
  // Where there is no structure, the reasons are the value's own.
  if (key !== undefined && "kind" in structure) structures.set(key, read);
  return read;
}

/** What a value has in common with its copies that stand elsewhere, and with nothing else. */
function contentOf(document: Value): object | undefined {
  if (document.kind === "object" || document.kind === "map") return document.entries;
  return document.kind === "unknown" ? (document.refinement?.document ?? document.refinement?.pieces) : undefined;
}

function readStructure(structure: Value | readonly Reason[], dialect: Dialect): Read {
  if (!("kind" in structure)) return structure;
  if (structure.kind !== "object" && structure.kind !== "map") {
    return structure.kind === "unknown" ? structure.reasons : [reason("invalid", "policy document")];
  }
  const written = member(structure, "statement");
  if (written === undefined || written.kind === "null") return [reason("invalid", "policy document without statements")];
  if (written.kind === "unknown") return { statements: [], rest: written.reasons };
  const items = "items" in written ? written.items : [written];
  const rest: Reason[] = [...("items" in written ? (written.rest ?? []) : [])];
  const statements: Statement[] = [];
  items.forEach((item, index) => {
    if (item.kind === "unknown") rest.push(...item.reasons);
    else if (item.kind === "object" || item.kind === "map") statements.push(readStatement(item, dialect, index));
    else rest.push(reason("invalid", "policy statement"));
  });
  const version = member(structure, "version");
  return { ...(version?.kind === "string" ? { version: version.value } : {}), statements, rest };
}

function structureOf(document: Value): Value | readonly Reason[] {
  if (document.kind === "unknown") {
    const { document: known, pieces } = document.refinement ?? {};
    return known ?? (pieces === undefined ? undefined : structureOfPieces(pieces, isClaim)) ?? document.reasons;
  }
  if (document.kind !== "string") return document;
  try {
    return fromJson(JSON.parse(document.value));
  } catch {
    return [reason("invalid", "policy document is not JSON")];
  }
}

/** The name of a condition's key says enough when it ends as a token's claim does: `"${issuer}:sub"`. */
function isClaim(name: string): boolean {
  return /\$\{\}:[\w-]+$/.test(name);
}

type Structure = Extract<Value, { kind: "object" | "map" }>;

/** AWS and RAM write `Statement`, CAM `statement`: the grammars agree otherwise. */
function member(structure: Structure, name: string): Value | undefined {
  for (const [key, value] of structure.entries) if (key.toLowerCase() === name) return value;
  return undefined;
}

function readStatement(item: Structure, dialect: Dialect, index: number): Statement {
  const { conditions, rest } = readConditions(member(item, "condition"));
  return {
    effect: readEffect(member(item, "effect")),
    actions: strings(member(item, "action"), dialect),
    notActions: strings(member(item, "notaction"), dialect),
    resources: strings(member(item, "resource")),
    notResources: strings(member(item, "notresource")),
    principals: readPrincipals(member(item, "principal"), dialect),
    notPrincipals: readPrincipals(member(item, "notprincipal"), dialect),
    conditions,
    conditionRest: rest,
    index,
    path: undefined,
  };
}

function readEffect(value: Value | undefined): Statement["effect"] {
  if (value?.kind === "unknown") return value.reasons;
  const effect = value?.kind === "string" ? value.value.toLowerCase() : "";
  return effect === "allow" || effect === "deny" ? effect : [reason("invalid", "effect of a policy statement")];
}

/** CAM writes some actions with `name/` before them; they are the same actions. */
function strings(value: Value | undefined, dialect?: Dialect): Strings | undefined {
  if (value === undefined || value.kind === "null") return undefined;
  const values: string[] = [];
  const ends: string[] = [];
  const shapes: string[] = [];
  const rest: Reason[] = [...("items" in value ? (value.rest ?? []) : [])];
  const shapeless = [...rest];
  for (const item of "items" in value ? value.items : [value]) {
    if (item.kind === "string") values.push(dialect === "tencent" ? item.value.replace(/^name\//i, "") : item.value);
    else if (item.kind === "bool" || item.kind === "number") values.push(String(item.value));
    else if (item.kind === "unknown") {
      rest.push(...item.reasons);
      const end = item.refinement?.pieces?.at(-1);
      if (typeof end === "string") ends.push(end);
      const shape = shapeOf(item);
      if (shape === undefined) shapeless.push(...item.reasons);
      else shapes.push(shape);
    } else {
      rest.push(reason("invalid", "policy document"));
      shapeless.push(reason("invalid", "policy document"));
    }
  }
  return { values, rest, ends, shapes, shapeless };
}

/** A text whose holes are names of resources, with made-up names in them. */
function shapeOf(value: UnknownValue): string | undefined {
  const pieces = value.refinement?.pieces ?? [value];
  let shape = "";
  for (const piece of pieces) {
    if (typeof piece === "string") shape += piece;
    else if (namesSomebody(piece))
      shape += /(?:^|_)arn$/.test(String(piece.origin?.path.at(-1))) ? "arn:aws:x:x:x:kind/name" : "name";
    else return undefined;
  }
  return shape;
}

function readPrincipals(value: Value | undefined, dialect: Dialect): Principals | undefined {
  if (value === undefined || value.kind === "null") return undefined;
  const kinds = value.kind === "object" || value.kind === "map" ? value.entries : new Map([["*", value]]);
  const values: string[] = [];
  const rest: Reason[] = [];
  const wild: Reason[] = [];
  const accounts: NamedAccount[] = [];
  const accountRest: Reason[] = [];
  let services: Strings = { values: [], rest: [] };
  for (const [kind, of] of kinds) {
    const found = strings(of);
    if (found === undefined) continue;
    rest.push(...found.rest);
    const plain = ["aws", "ram", "qcs", "*"].includes(kind.toLowerCase());
    if (plain) {
      wild.push(...maybeEveryone(of, dialect));
      const named = namedAccounts(of, dialect);
      accounts.push(...named.accounts);
      accountRest.push(...named.rest);
    } else if (kind.toLowerCase() === "service") services = found;
    for (const one of found.values) {
      const everyone = isEveryone(one, dialect) ? "*" : one;
      values.push(plain ? everyone : `${kind}:${everyone}`);
    }
  }
  return { values, rest, wild, accounts, accountRest, services };
}

function readConditions(value: Value | undefined): { readonly conditions: readonly Condition[]; readonly rest: readonly Reason[] } {
  if (value === undefined || value.kind === "null") return { conditions: [], rest: [] };
  if (value.kind === "unknown") return { conditions: [], rest: value.reasons };
  const conditions: Condition[] = [];
  const rest: Reason[] = [];
  if (value.kind !== "object" && value.kind !== "map")
    return { conditions, rest: [reason("invalid", "condition of a policy statement")] };
  for (const [operator, keys] of value.entries) {
    if (keys.kind === "unknown") rest.push(...keys.reasons);
    else if (keys.kind === "object" || keys.kind === "map") {
      for (const [key, of] of keys.entries) {
        const values = strings(of) ?? { values: [], rest: [] };
        const computed = values.rest.length > 0 && isSomebody(of);
        conditions.push({ operator, key, values, computed });
      }
    } else rest.push(reason("invalid", "condition of a policy statement"));
  }
  return { conditions, rest };
}
