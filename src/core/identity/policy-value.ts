import { bool, BOOL, DYNAMIC, list, object, reason, STRING, string, unknown } from "../values/make.ts";
import type { Reason, Value } from "../values/value.ts";
import type { Dialect, Statement, Strings } from "./document.ts";
import { narrowing } from "./narrowing.ts";
import type { ParsedPolicy, Selection, Truth } from "./policy.ts";
import { grants, policy } from "./policy.ts";

/** The check language's `policy(document)`: an object, or an unknown when the document can't be read. */
export function policyValue(document: Value | undefined, dialect: Dialect): Value {
  if (document === undefined) return unknown(DYNAMIC, reason("null operand"));
  const byDialect = values.get(document) ?? new Map<Dialect, Value>();
  let value = byDialect.get(dialect);
  if (value === undefined) {
    value = makeValue(document, dialect);
    byDialect.set(dialect, value);
    values.set(document, byDialect);
  }
  return value;
}

/** `policy(document).grants(action, resource)`. */
export function policyGrants(document: Value | undefined, dialect: Dialect, action: string, resource: string): Value {
  if (document === undefined) return unknown(BOOL, reason("null operand"));
  const parsed = policy(document, dialect);
  return "dialect" in parsed ? truthValue(grants(parsed, action, resource)) : unknown(BOOL, parsed);
}

/** Documents are asked many questions: what was read of one is kept as long as it lives. */
const values = new WeakMap<Value, Map<Dialect, Value>>();

function makeValue(document: Value, dialect: Dialect): Value {
  const parsed = policy(document, dialect);
  if (!("dialect" in parsed)) return unknown(DYNAMIC, parsed);
  const made = new Map<Statement, Value>();
  const of = (statement: Statement): Value => {
    let value = made.get(statement);
    if (value === undefined) {
      value = statementValue(statement, dialect);
      made.set(statement, value);
    }
    return value;
  };
  const selection = ({ statements, rest }: Selection): Value => listValue(statements.map(of), rest);
  return object([
    ["document", document],
    ["statements", listValue(parsed.document.statements.map(of), parsed.document.rest)],
    ["publicStatements", selection(parsed.publicStatements)],
    ["wildcards", selection(parsed.wildcards)],
    ["admin", parsed.admin === true ? placed(bool(true), parsed.adminStatement) : truthValue(parsed.admin)],
    ["escalations", escalationValue(parsed)],
    ["deniesInsecureTransport", truthValue(parsed.deniesInsecureTransport)],
  ]);
}

function statementValue(statement: Statement, dialect: Dialect): Value {
  const { keys, doubts } = narrowing(statement, dialect);
  const conditions = statement.conditions.map((condition) =>
    object([
      ["operator", string(condition.operator)],
      ["key", string(condition.key)],
      ["values", stringsValue(condition.values)],
    ]),
  );
  const value = object([
    ["effect", typeof statement.effect === "string" ? string(statement.effect) : unknown(STRING, statement.effect)],
    ["actions", stringsValue(statement.actions)],
    ["notActions", stringsValue(statement.notActions)],
    ["resources", stringsValue(statement.resources)],
    ["notResources", stringsValue(statement.notResources)],
    ["principals", stringsValue(statement.principals)],
    ["notPrincipals", stringsValue(statement.notPrincipals)],
    ["conditions", listValue(conditions, statement.conditionRest)],
    ["narrowedBy", listValue(keys.map(string), doubts)],
  ]);
  return placed(value, statement);
}

/** The value with the place of the statement that it is about. */
function placed(value: Value, statement: Statement | undefined): Value {
  return statement?.path === undefined ? value : { ...value, path: statement.path };
}

function escalationValue(parsed: ParsedPolicy): Value {
  const items = parsed.escalations.paths.map(({ actions, statement }) => {
    return placed(string(actions.join(" + ")), statement);
  });
  return items.length === 0 || parsed.escalations.rest.length > 0
    ? { ...list(STRING, items), ...(parsed.escalations.rest.length > 0 ? { rest: parsed.escalations.rest } : {}) }
    : list(STRING, items);
}

function stringsValue(strings: Strings | undefined): Value {
  return strings === undefined ? list(STRING, []) : listValue(strings.values.map(string), strings.rest);
}

function listValue(items: readonly Value[], rest: readonly Reason[]): Value {
  const element = { kind: "dynamic" } as const;
  return rest.length === 0 ? list(element, items) : list(element, items, rest);
}

function truthValue(truth: Truth): Value {
  return typeof truth === "boolean" ? bool(truth) : unknown(BOOL, truth);
}
