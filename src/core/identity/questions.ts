import type { Reason } from "../values/value.ts";
import { writes } from "./actions.ts";
import type { Statement } from "./document.ts";
import { globMatches, isEveryAction, isEveryActionOfService, isWholeService } from "./match.ts";
import { narrowsAccounts, narrowsDeputies } from "./narrowing.ts";
import { anyOf, both, distinct, effectIs, includesEveryone, isUnconditional, not, some, someShape } from "./policy.ts";
import type { Found, Policy, Truth } from "./policy.ts";
import { isDeputy, type NamedAccount } from "./trust.ts";

/** Names with the statement that each stands in. */
type Named<T> = { readonly items: readonly (T & { readonly statement: Statement })[]; readonly rest: readonly Reason[] };

/** Services that are granted whole, on every resource and under no condition: `iam` for `iam:*`, `*` for all. */
export function serviceWildcards(parsed: Policy): Found {
  return collected(parsed, (statement) => {
    if (!isUnconditional(statement)) return none;
    const about = both(effectIs(statement, "allow"), onEverything(statement));
    if (about === false) return none;
    const { actions, notActions } = statement;
    const values = notActions !== undefined ? ["*"] : (actions?.values ?? []);
    const services = values.flatMap((one) => (isEveryAction(one) ? ["*"] : isEveryActionOfService(one) ? [serviceOf(one)] : []));
    const kept = services.filter((service) => !wholeServiceTaken(parsed, service));
    return said(about, kept, actions?.rest ?? []);
  });
}

/** Every service of which something is granted, `*` for all: to compare with what was used. */
export function services(parsed: Policy): Found {
  return collected(parsed, (statement) => {
    const allows = effectIs(statement, "allow");
    if (allows === false) return none;
    const { actions, notActions } = statement;
    const values = notActions !== undefined ? ["*"] : (actions?.values ?? []);
    const names = values.map((one) => (isEveryAction(one) ? "*" : serviceOf(one)));
    const kept = names.filter((service) => !wholeServiceTaken(parsed, service));
    return allows === true ? { items: kept, rest: actions?.rest ?? [] } : { items: [], rest: allows };
  });
}

/** Patterns of actions that change something, allowed on every resource and under no condition. */
export function broadWrites(parsed: Policy): Found {
  return collected(parsed, (statement) => {
    if (!isUnconditional(statement)) return none;
    const about = both(effectIs(statement, "allow"), onEverything(statement));
    if (about === false) return none;
    const { actions, notActions } = statement;
    const patterns =
      notActions !== undefined ? [`all but ${notActions.values.join(", ")}`] : (actions?.values ?? []).filter(writes);
    const kept = patterns.filter((pattern) => !isTaken(parsed, pattern));
    return said(about, kept, actions?.rest ?? []);
  });
}

/** Accounts that an allow statement lets in by their ids alone: no external id, no organisation, nothing that narrows. */
export function crossAccountTrust({ document, dialect }: Policy): Named<NamedAccount> {
  const items: (NamedAccount & { readonly statement: Statement })[] = [];
  let rest = document.rest;
  for (const statement of document.statements) {
    const { principals } = statement;
    if (principals === undefined) continue;
    const open = both(effectIs(statement, "allow"), not(narrowsAccounts(statement, dialect)));
    if (open === false) continue;
    if (open === true) {
      items.push(...principals.accounts.map((named) => ({ ...named, statement })));
      rest = [...rest, ...principals.accountRest];
    } else if (principals.accounts.length > 0 || principals.accountRest.length > 0) rest = [...rest, ...open];
  }
  return { items, rest: distinct(rest) };
}

/** Services that act for others and are let in without a word for whom. Only AWS has keys for it. */
export function serviceConfusion({ document, dialect }: Policy): Named<{ readonly service: string }> {
  const items: { readonly service: string; readonly statement: Statement }[] = [];
  let rest = document.rest;
  if (dialect !== "aws") return { items, rest };
  for (const statement of document.statements) {
    const services = statement.principals?.services;
    if (services === undefined) continue;
    const open = both(effectIs(statement, "allow"), not(narrowsDeputies(statement, dialect)));
    if (open === false) continue;
    const assumes = isTrust(statement);
    const deputies = services.values.filter((service) => assumes !== true || isDeputy(service));
    if (open === true) {
      // What is not known to be a trust policy may be a role's, and most services take only their own account's roles.
      const certain = deputies.filter((service) => assumes === false || isDeputy(service));
      items.push(...certain.map((service) => ({ service, statement })));
      if (typeof assumes === "object" && certain.length < deputies.length) rest = [...rest, ...assumes];
      rest = [...rest, ...services.rest];
    } else if (deputies.length > 0 || services.rest.length > 0) rest = [...rest, ...open];
  }
  return { items, rest: distinct(rest) };
}

/**
 * Whether the policy denies what is done without a second factor: every action, or all but a few that set one up, on every resource. A
 * request with a long-term key carries no key about it, so AWS's condition must be one that an absent key meets.
 */
export function deniesWithoutMfa({ document, dialect }: Policy): Truth {
  const absent = dialect === "aws" ? /^(?:boolifexists|null)$/i : /^bool(?:ifexists)?$/i;
  const key =
    dialect === "aws"
      ? /^aws:multifactorauth(?:present|age)$/i
      : dialect === "alibaba"
        ? /^acs:mfapresent$/i
        : /^qcs:mfa_?present$/i;
  return anyOf(document, (statement) => {
    const [condition, ...others] = statement.conditions;
    if (condition === undefined || others.length > 0) return statement.conditionRest.length > 0 ? statement.conditionRest : false;
    if (!absent.test(condition.operator) || !key.test(condition.key)) return false;
    const wanted = /^null$/i.test(condition.operator) ? "true" : "false";
    const off = some(condition.values, (one) => one.toLowerCase() === wanted);
    const everyone: Truth =
      statement.notPrincipals !== undefined ? false : statement.principals === undefined || includesEveryone(statement.principals);
    const actions: Truth =
      statement.actions === undefined ? statement.notActions !== undefined : some(statement.actions, isEveryAction);
    return [off, everyone, actions, onEverything(statement)].reduce(both, effectIs(statement, "deny"));
  });
}

interface Texts {
  readonly items: readonly string[];
  readonly rest: readonly Reason[];
}

const none: Texts = { items: [], rest: [] };

/** Where nothing could be said anyway, it does not matter whether the statement is about everything. */
function said(about: Truth, items: readonly string[], rest: readonly Reason[]): Texts {
  if (about === true) return { items, rest };
  return about === false || (items.length === 0 && rest.length === 0) ? none : { items: [], rest: about };
}

/** What each statement says, every text once. */
function collected({ document }: Policy, of: (statement: Statement) => Texts): Found {
  const items = new Map<string, Statement>();
  let rest = document.rest;
  for (const statement of document.statements) {
    const texts = of(statement);
    for (const text of texts.items) if (!items.has(text)) items.set(text, statement);
    rest = [...rest, ...texts.rest];
  }
  return { items: [...items].map(([text, statement]) => ({ text, statement })), rest: distinct(rest) };
}

function serviceOf(action: string): string {
  const [service = "", name] = action.split(":");
  return name === undefined ? "*" : service.toLowerCase();
}

function onEverything(statement: Statement): Truth {
  // A policy without resources is about the one that it is attached to.
  if (statement.resources === undefined) return statement.notResources !== undefined;
  return someShape(statement.resources, isWholeService);
}

/** Denied on every resource, under no condition; or left out by the boundary. */
function isTaken({ document, boundary }: Policy, pattern: string): boolean {
  const covers = (statement: Statement): boolean =>
    onEverything(statement) === true &&
    (statement.actions?.values ?? []).some((one) => isEveryAction(one) || globMatches(one, pattern));
  const denies = (one: Statement): boolean => one.effect === "deny" && isUnconditional(one) && covers(one);
  if (document.statements.some(denies)) return true;
  if (boundary === undefined) return false;
  if (boundary.statements.some(denies)) return true;
  // What a boundary has any part of may be left.
  const touches = boundary.statements.some(
    (one) =>
      one.effect !== "deny" &&
      (one.actions === undefined ||
        one.actions.rest.length > 0 ||
        one.actions.values.some((own) => isEveryAction(own) || globMatches(own, pattern) || globMatches(pattern, own))),
  );
  return !touches && boundary.rest.length === 0;
}

function wholeServiceTaken(parsed: Policy, service: string): boolean {
  return isTaken(parsed, service === "*" ? "*" : `${service}:*`);
}

function isTrust({ actions }: Statement): Truth {
  if (actions === undefined || actions.values.some((one) => !/^sts:/i.test(one))) return false;
  return actions.rest.length > 0 ? actions.rest : actions.values.length > 0;
}
