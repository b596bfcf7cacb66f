import type { Reason, Value } from "../values/value.ts";
import type { Dialect, Document, Principals, Statement, Strings } from "./document.ts";
import { readDocument } from "./document.ts";
import { escalationPaths } from "./escalation.ts";
import { globMatches, isBroadResource, isEveryAction, isEveryActionOfService, isEveryObject, isEveryResource } from "./match.ts";
import { narrowing } from "./narrowing.ts";

/** Yes, no, or the reasons why there is no telling. */
export type Truth = boolean | readonly Reason[];

/** Statements of which it is known, and why there may be more. */
export interface Selection {
  readonly statements: readonly Statement[];
  readonly rest: readonly Reason[];
}

export interface ParsedPolicy {
  readonly dialect: Dialect;
  readonly document: Document;
  /** Allow everyone without a narrowing condition. */
  readonly publicStatements: Selection;
  /** Allow statements with every action, or every action of a service. */
  readonly wildcards: Selection;
  readonly admin: Truth;
  /** The first statement that makes `admin` true. */
  readonly adminStatement: Statement | undefined;
  readonly escalations: {
    readonly paths: readonly { readonly actions: readonly string[]; readonly statement: Statement | undefined }[];
    readonly rest: readonly Reason[];
  };
  readonly deniesInsecureTransport: Truth;
}

/** Reads a policy document in one of the three grammars; the reasons when it can't be read at all. */
export function policy(document: Value, dialect: Dialect): ParsedPolicy | readonly Reason[] {
  const read = readDocument(document, dialect);
  if (!("statements" in read)) return read;
  return {
    dialect,
    document: read,
    publicStatements: select(read, (statement) => isPublic(statement, dialect)),
    wildcards: select(read, hasWildcard),
    admin: isAdmin(read),
    adminStatement: read.statements.find((statement) => effectIs(statement, "allow") === true && everything(statement) === true),
    escalations: escalationsOf(read, dialect),
    deniesInsecureTransport: deniesInsecureTransport(read),
  };
}

/**
 * Whether the policy lets its holders do `action` on `resource`, deny over allow. Patterns match the text asked for, so `*` asks for
 * every resource. Conditions of allow statements are taken to hold, those of deny statements not to.
 */
export function grants(parsed: ParsedPolicy, action: string, resource: string): Truth {
  return allowed(parsed.document, action, (statement) => onResource(statement, resource));
}

function select(document: Document, test: (statement: Statement) => Truth): Selection {
  const statements: Statement[] = [];
  let rest = document.rest;
  for (const statement of document.statements) {
    const result = test(statement);
    if (result === true) statements.push(statement);
    else if (result !== false) rest = [...rest, ...result];
  }
  return { statements, rest: distinct(rest) };
}

function isPublic(statement: Statement, dialect: Dialect): Truth {
  const everyone: Truth =
    statement.notPrincipals !== undefined
      ? true
      : statement.principals === undefined
        ? false
        : includesEveryone(statement.principals);
  const { keys, doubts } = narrowing(statement, dialect);
  if (keys.length > 0) return false;
  return both(both(effectIs(statement, "allow"), everyone), doubts.length === 0 ? true : doubts);
}

function hasWildcard(statement: Statement): Truth {
  if (statement.actions === undefined) return statement.notActions === undefined ? false : effectIs(statement, "allow");
  return both(
    effectIs(statement, "allow"),
    some(statement.actions, (one) => isEveryAction(one) || isEveryActionOfService(one)),
  );
}

function isAdmin(document: Document): Truth {
  const allows = anyOf(document, (statement) => both(effectIs(statement, "allow"), everything(statement)));
  if (allows === false) return false;
  const denies = anyOf({ ...document, rest: [] }, (statement) => both(effectIs(statement, "deny"), everything(statement)));
  return both(allows, not(denies));
}

/** Every action on every resource, under no condition. */
function everything(statement: Statement): Truth {
  if (statement.conditions.length > 0) return false;
  const actions: Truth = statement.actions === undefined ? false : some(statement.actions, isEveryAction);
  const resources: Truth =
    statement.resources === undefined ? statement.notResources === undefined : some(statement.resources, isEveryResource);
  return both(both(actions, resources), statement.conditionRest.length === 0 ? true : statement.conditionRest);
}

function escalationsOf(document: Document, dialect: Dialect): ParsedPolicy["escalations"] {
  const paths: { actions: readonly string[]; statement: Statement | undefined }[] = [];
  let rest: readonly Reason[] = [];
  const unconditional: Document = { ...document, statements: document.statements.filter(isUnconditional) };
  for (const actions of escalationPaths(dialect)) {
    const results = actions.map((action) => allowed(unconditional, action, onBroadResource));
    const all = results.reduce(both, true);
    if (all === true) {
      const last = actions.at(-1) ?? "";
      const statement = document.statements.find(
        (one) => isUnconditional(one) && one.effect === "allow" && hasAction(one, last) === true && onBroadResource(one) === true,
      );
      paths.push({ actions, statement });
    } else if (all !== false) rest = [...rest, ...all];
  }
  return { paths, rest: distinct(rest) };
}

/** An allow statement under a condition grants less than it says; a deny under one may not deny. */
function isUnconditional(statement: Statement): boolean {
  return statement.conditions.length === 0;
}

function deniesInsecureTransport(document: Document): Truth {
  return anyOf(document, (statement) => {
    const [condition, ...others] = statement.conditions;
    if (condition === undefined || others.length > 0) return statement.conditionRest.length > 0 ? statement.conditionRest : false;
    if (!/^bool(?:ifexists|_equal(?:_if_exist)?)?$/i.test(condition.operator)) return false;
    if (!/^(?:aws:securetransport|acs:securetransport|cos:secure-transport)$/i.test(condition.key)) return false;
    const off = some(condition.values, (one) => one.toLowerCase() === "false");
    // What a deny exempts, it does not deny.
    if (statement.notPrincipals !== undefined || statement.notResources !== undefined) return false;
    const everyone: Truth = statement.principals === undefined ? true : includesEveryone(statement.principals);
    const actions: Truth =
      statement.actions === undefined ? false : some(statement.actions, (one) => isEveryAction(one) || isEveryActionOfService(one));
    const resources: Truth =
      statement.resources === undefined || statement.resources.ends?.some((end) => end === "*" || end === "/*") === true
        ? true
        : some(statement.resources, isEveryObject);
    return [off, everyone, actions, resources].reduce(both, effectIs(statement, "deny"));
  });
}

/** Allowed by a statement and denied by none. */
function allowed(document: Document, action: string, resource: (statement: Statement) => Truth): Truth {
  const about = (statement: Statement): Truth => both(hasAction(statement, action), resource(statement));
  const allows = anyOf(document, (statement) => both(effectIs(statement, "allow"), about(statement)));
  if (allows === false) return false;
  // What is not known may be a deny as well, but that only matters where nothing else is open: an allow that is written counts.
  const denies = anyOf({ ...document, rest: [] }, (statement) =>
    statement.conditions.length > 0 ? false : both(effectIs(statement, "deny"), about(statement)),
  );
  return both(allows, not(denies));
}

function hasAction(statement: Statement, action: string): Truth {
  if (statement.actions !== undefined) return some(statement.actions, (one) => globMatches(one, action));
  if (statement.notActions !== undefined) return not(some(statement.notActions, (one) => globMatches(one, action)));
  return false;
}

function onResource(statement: Statement, resource: string): Truth {
  if (statement.resources !== undefined)
    return some(statement.resources, (one) => globMatches(one, resource) || isEveryResource(one));
  if (statement.notResources !== undefined) return not(some(statement.notResources, (one) => globMatches(one, resource)));
  // Trust policies and some resource policies name no resource: it is the one they are attached to.
  return true;
}

function onBroadResource(statement: Statement): Truth {
  if (statement.resources !== undefined) return some(statement.resources, isBroadResource);
  return true;
}

function effectIs(statement: Statement, effect: "allow" | "deny"): Truth {
  return typeof statement.effect === "string" ? statement.effect === effect : statement.effect;
}

function some(strings: Strings, test: (one: string) => boolean): Truth {
  if (strings.values.some(test)) return true;
  return strings.rest.length === 0 ? false : strings.rest;
}

function anyOf(document: Document, test: (statement: Statement) => Truth): Truth {
  let open: readonly Reason[] = document.rest;
  for (const statement of document.statements) {
    const result = test(statement);
    if (result === true) return true;
    if (result !== false) open = [...open, ...result];
  }
  return open.length === 0 ? false : distinct(open);
}

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : distinct([...a, ...b]);
}

function not(a: Truth): Truth {
  return typeof a === "boolean" ? !a : a;
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(
    (one, index) => reasons.findIndex((other) => other.kind === one.kind && other.detail === one.detail) === index,
  );
}

function includesEveryone({ values, wild }: Principals): Truth {
  return some({ values, rest: wild }, (one) => one === "*");
}
