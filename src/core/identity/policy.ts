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

/** A policy that questions can be asked of. Each question is worked out when asked. */
export interface Policy {
  readonly dialect: Dialect;
  readonly document: Document;
  /** What a permissions boundary leaves of it; undefined: no boundary. */
  readonly boundary: Document | undefined;
}

/** Reads a policy document in one of the three grammars; the reasons when it can't be read at all. */
export function policy(document: Value, dialect: Dialect): Policy | readonly Reason[] {
  const read = readDocument(document, dialect);
  return "statements" in read ? { dialect, document: read, boundary: undefined } : read;
}

/** Allow everyone without a narrowing condition. */
export function publicStatements({ document, dialect }: Policy): Selection {
  return select(document, (statement) => isPublic(statement, dialect));
}

/** Allow statements with every action, or every action of a service. */
export function wildcards({ document }: Policy): Selection {
  return select(document, hasWildcard);
}

/** Every action on every resource, and why that may not be known. */
export function admin({ document, boundary }: Policy): Truth {
  return both(isAdmin(document), boundary === undefined ? true : isAdmin(boundary));
}

/** The first statement that makes `admin` true. */
export function adminStatement({ document }: Policy): Statement | undefined {
  return document.statements.find((statement) => effectIs(statement, "allow") === true && everything(statement) === true);
}

/**
 * Whether the policy lets its holders do `action` on `resource`, deny over allow. Patterns match the text asked for, so `*` asks for
 * every resource. Conditions of allow statements are taken to hold, those of deny statements not to.
 */
export function grants({ document, boundary }: Policy, action: string, resource: string): Truth {
  const on = (statement: Statement): Truth => onResource(statement, resource);
  return both(allowed(document, action, on), boundary === undefined ? true : allowed(boundary, action, on));
}

/**
 * Whether the policy lets its holders do an action on every resource of its kind under no condition: an allow statement under one grants
 * less than it says. The conditions of a boundary are taken to hold.
 */
function broadGranter({ document, boundary }: Policy): (action: string) => Truth {
  const unconditional = { ...document, statements: document.statements.filter(isUnconditional) };
  return (action) => {
    const granted = allowed(unconditional, action, onBroadResource);
    if (granted === false || boundary === undefined) return granted;
    return both(granted, allowed(boundary, action, onBroadResource));
  };
}

/** The first statement by which an action is granted broadly. */
function broadStatement({ document }: Policy, action: string): Statement | undefined {
  return document.statements.find(
    (one) => isUnconditional(one) && one.effect === "allow" && hasAction(one, action) === true && onBroadResource(one) === true,
  );
}

/** Allow statements that give an action on every resource of its kind, whatever their conditions, where no denial takes it away. */
export function broadGrants({ document, boundary }: Policy, action: string): Selection {
  const about = (statement: Statement): Truth => both(hasAction(statement, action), onBroadResource(statement));
  const denied = not(isDenied(document, about));
  const bounded = boundary === undefined ? true : allowed(boundary, action, onBroadResource);
  const left = both(denied, bounded);
  return select(document, (statement) => both(both(effectIs(statement, "allow"), about(statement)), left));
}

/** Names of several actions, each with the statement that gives it broadly. */
export interface Found {
  readonly items: readonly { readonly text: string; readonly statement: Statement | undefined }[];
  readonly rest: readonly Reason[];
}

/** The actions of a list that the policy grants broadly. */
export function broadlyGranted(parsed: Policy, actions: readonly string[]): Found {
  return found(actions, broadGranter(parsed), (action) => broadStatement(parsed, action));
}

/** Actions that together let their holder gain permissions, joined with ` + `. */
export function escalations(parsed: Policy): Found {
  const known = new Map<string, Truth>();
  const grants = broadGranter(parsed);
  const granted = (action: string): Truth => {
    const result = known.get(action) ?? grants(action);
    known.set(action, result);
    return result;
  };
  const paths = escalationPaths(parsed.dialect);
  return found(
    paths.keys(),
    (path) => {
      let all: Truth = true;
      for (const action of paths.get(path) ?? []) {
        all = both(all, granted(action));
        if (all === false) return false;
      }
      return all;
    },
    (path) => broadStatement(parsed, paths.get(path)?.at(-1) ?? ""),
  );
}

function found(texts: Iterable<string>, test: (text: string) => Truth, statement: (text: string) => Statement | undefined): Found {
  const items: { text: string; statement: Statement | undefined }[] = [];
  let rest: readonly Reason[] = [];
  for (const text of texts) {
    const result = test(text);
    if (result === true) items.push({ text, statement: statement(text) });
    else if (result !== false) rest = [...rest, ...result];
  }
  return { items, rest: distinct(rest) };
}

export function select(document: Document, test: (statement: Statement) => Truth): Selection {
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
    statement.resources === undefined ? statement.notResources === undefined : someShape(statement.resources, isEveryResource);
  return both(both(actions, resources), statement.conditionRest.length === 0 ? true : statement.conditionRest);
}

/** An allow statement under a condition grants less than it says; a deny under one may not deny. */
export function isUnconditional(statement: Statement): boolean {
  return statement.conditions.length === 0;
}

export function deniesInsecureTransport({ document }: Policy): Truth {
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
  const about = (statement: Statement): Truth => {
    const acts = hasAction(statement, action);
    return acts === false ? false : both(acts, resource(statement));
  };
  const allows = anyOf(document, (statement) => {
    const allow = effectIs(statement, "allow");
    return allow === false ? false : both(allow, about(statement));
  });
  if (allows === false) return false;
  return both(allows, not(isDenied(document, about)));
}

/** What is not known may be a deny as well, but that only matters where nothing else is open: an allow that is written counts. */
function isDenied(document: Document, about: (statement: Statement) => Truth): Truth {
  return anyOf({ ...document, rest: [] }, (statement) => {
    if (!isUnconditional(statement)) return false;
    const deny = effectIs(statement, "deny");
    return deny === false ? false : both(deny, about(statement));
  });
}

export function hasAction(statement: Statement, action: string): Truth {
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

/** Asked of each statement for every action of a list. */
const broadResources = new WeakMap<Strings, Truth>();

export function onBroadResource({ resources }: Statement): Truth {
  if (resources === undefined) return true;
  let broad = broadResources.get(resources);
  if (broad === undefined) {
    broad = someShape(resources, isBroadResource);
    broadResources.set(resources, broad);
  }
  return broad;
}

export function effectIs(statement: Statement, effect: "allow" | "deny"): Truth {
  return typeof statement.effect === "string" ? statement.effect === effect : statement.effect;
}

export function some(strings: Strings, test: (one: string) => boolean): Truth {
  if (strings.values.some(test)) return true;
  return strings.rest.length === 0 ? false : strings.rest;
}

/** For questions that the names of resources which are not made yet do not decide. */
export function someShape(strings: Strings, test: (one: string) => boolean): Truth {
  if (strings.values.some(test) || strings.shapes?.some(test) === true) return true;
  const open = strings.shapeless ?? strings.rest;
  return open.length === 0 ? false : open;
}

export function anyOf(document: Document, test: (statement: Statement) => Truth): Truth {
  let open: readonly Reason[] = document.rest;
  for (const statement of document.statements) {
    const result = test(statement);
    if (result === true) return true;
    if (result !== false) open = [...open, ...result];
  }
  return open.length === 0 ? false : distinct(open);
}

export function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) return false;
  if (a === true) return b;
  return b === true ? a : distinct([...a, ...b]);
}

export function not(a: Truth): Truth {
  return typeof a === "boolean" ? !a : a;
}

export function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(
    (one, index) => reasons.findIndex((other) => other.kind === one.kind && other.detail === one.detail) === index,
  );
}

export function includesEveryone({ values, wild }: Principals): Truth {
  return some({ values, rest: wild }, (one) => one === "*");
}
