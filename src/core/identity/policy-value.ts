import { bool, BOOL, DYNAMIC, list, NULL, object, reason, STRING, string, unknown } from "../values/make.ts";
import { SparseEntries, type Members } from "../values/sparse.ts";
import type { Reason, Value } from "../values/value.ts";
import { actionLists } from "./actions.ts";
import type { Dialect, Document, Statement, Strings } from "./document.ts";
import { narrowing } from "./narrowing.ts";
import * as ask from "./policy.ts";
import type { Found, Policy, Selection, Truth } from "./policy.ts";
import { broadWrites, crossAccountTrust, deniesWithoutMfa, serviceConfusion, services, serviceWildcards } from "./questions.ts";

/** The check language's `policy(document)`: an object, or an unknown when the document can't be read. */
export function policyValue(document: Value | undefined, dialect: Dialect): Value {
  if (document === undefined) return unknown(DYNAMIC, reason("null operand"));
  const byDialect = values.get(document) ?? new Map<Dialect, Value>();
  let value = byDialect.get(dialect);
  if (value === undefined) {
    const parsed = ask.policy(document, dialect);
    value = "dialect" in parsed ? valueOf(parsed, document) : unknown(DYNAMIC, parsed);
    byDialect.set(dialect, value);
    values.set(document, byDialect);
  }
  return value;
}

/** `policies(documents)`: one policy of many documents, as a holder of all of them has it. Nulls are no documents. */
export function policiesValue(documents: Value | undefined, dialect: Dialect): Value {
  if (documents?.kind === "unknown") return unknown(DYNAMIC, documents.reasons);
  if (documents === undefined || !("items" in documents)) return unknown(DYNAMIC, reason("null operand"));
  return valueOf(together(documents, dialect), documents);
}

function together(documents: Extract<Value, { items: readonly Value[] }>, dialect: Dialect): Policy {
  const statements: Statement[] = [];
  const rest: Reason[] = [...(documents.rest ?? [])];
  for (const one of documents.items) {
    if (one.kind === "null") continue;
    const parsed = ask.policy(one, dialect);
    if ("dialect" in parsed) {
      statements.push(...parsed.document.statements);
      rest.push(...parsed.document.rest);
    } else rest.push(...parsed);
  }
  return { dialect, document: { statements, rest: ask.distinct(rest) }, boundary: undefined };
}

/** `policy.within(boundary)`: what a permissions boundary leaves. No boundary leaves everything. */
export function boundedValue(policy: Value | undefined, boundary: Value | undefined, dialect: Dialect): Value {
  if (policy?.kind === "unknown") return policy;
  const parsed = parsedOf(policy, dialect);
  if (parsed === undefined || policy === undefined) return unknown(DYNAMIC, reason("null operand"));
  if (boundary === undefined || boundary.kind === "null") return policy;
  const limits = ask.policy(boundary, dialect);
  // A boundary that nobody can read may leave everything, or nothing.
  const document: Document = "dialect" in limits ? limits.document : { statements: [], rest: limits };
  return valueOf({ ...parsed, boundary: document }, policy);
}

/** `policy(document).grants(action, resource)`. */
export function policyGrants(policy: Value | undefined, dialect: Dialect, action: string, resource: string): Value {
  const parsed = parsedOf(policy, dialect);
  return parsed === undefined ? unknown(BOOL, reason("null operand")) : truthValue(ask.grants(parsed, action, resource));
}

/** `policy(document).broadGrants(action)`. */
export function policyBroadGrants(policy: Value | undefined, dialect: Dialect, action: string): Value {
  const parsed = parsedOf(policy, dialect);
  if (parsed === undefined) return unknown(DYNAMIC, reason("null operand"));
  return selectionValue(ask.broadGrants(parsed, action), parsed);
}

/** Documents are asked many questions: what was read of one is kept as long as it lives. */
const values = new WeakMap<Value, Map<Dialect, Value>>();
const parsedPolicies = new WeakMap<object, Policy>();
const statementValues = new WeakMap<Statement, Value>();

/** A trace copies values to give them their place: what was read of the copy's document is read again. */
function parsedOf(policy: Value | undefined, dialect: Dialect): Policy | undefined {
  if (policy?.kind !== "object") return undefined;
  const known = parsedPolicies.get(policy.entries);
  const document = policy.entries.get("document");
  if (known !== undefined || document === undefined) return known;
  if ("items" in document) return together(document, dialect);
  // The document of a policy within a boundary is a policy: its boundary is not known here.
  if (document.kind === "object" && document.entries.has("statements")) return undefined;
  const parsed = ask.policy(document, dialect);
  return "dialect" in parsed ? parsed : undefined;
}

const ANSWERS: ReadonlyMap<string, (parsed: Policy) => Value> = new Map<string, (parsed: Policy) => Value>([
  ["version", ({ document }) => (document.version === undefined ? NULL : string(document.version))],
  ["statements", (parsed) => selectionValue(parsed.document, parsed)],
  ["publicStatements", (parsed) => selectionValue(ask.publicStatements(parsed), parsed)],
  ["wildcards", (parsed) => selectionValue(ask.wildcards(parsed), parsed)],
  [
    "admin",
    (parsed) => {
      const admin = ask.admin(parsed);
      return admin === true ? placed(bool(true), ask.adminStatement(parsed)) : truthValue(admin);
    },
  ],
  ["escalations", (parsed) => foundValue(ask.escalations(parsed))],
  ["deniesInsecureTransport", (parsed) => truthValue(ask.deniesInsecureTransport(parsed))],
  ["deniesWithoutMfa", (parsed) => truthValue(deniesWithoutMfa(parsed))],
  ["serviceWildcards", (parsed) => foundValue(serviceWildcards(parsed))],
  ["services", (parsed) => foundValue(services(parsed))],
  ["broadWrites", (parsed) => foundValue(broadWrites(parsed))],
  ["credentialExposing", (parsed) => listed(parsed, "credentialExposing")],
  ["dataExfiltrating", (parsed) => listed(parsed, "dataExfiltrating")],
  ["permissionsManagement", (parsed) => listed(parsed, "permissionsManagement")],
  [
    "crossAccountTrust",
    (parsed) => {
      const { items, rest } = crossAccountTrust(parsed);
      const of = ({ account, principal, statement }: (typeof items)[number]): Value =>
        placed(
          object([
            ["account", string(account)],
            ["principal", string(principal)],
          ]),
          statement,
        );
      return listValue(items.map(of), rest);
    },
  ],
  [
    "serviceConfusion",
    (parsed) => {
      const { items, rest } = serviceConfusion(parsed);
      return listValue(
        items.map(({ service, statement }) => placed(object([["service", string(service)]]), statement)),
        rest,
      );
    },
  ],
]);

const NAMES = ["document", ...ANSWERS.keys()].sort();
const MEMBERS: Members = { names: NAMES, has: new Set(NAMES) };
let made = 0;

/** Each answer is worked out when somebody asks: most documents are asked one question of many. */
function valueOf(parsed: Policy, document: Value): Value {
  const answers = new Map<string, Value>();
  // No two policies have their answers in common.
  const key = `policy ${made++}`;
  const entries = new SparseEntries(new Map([["document", document]]), {
    members: MEMBERS,
    rule: key,
    key: () => key,
    make: (name) => {
      let answer = answers.get(name);
      if (answer === undefined) {
        answer = ANSWERS.get(name)?.(parsed) ?? NULL;
        answers.set(name, answer);
      }
      return answer;
    },
  });
  parsedPolicies.set(entries, parsed);
  return { kind: "object", entries };
}

function listed(parsed: Policy, name: keyof ReturnType<typeof actionLists>): Value {
  return foundValue(ask.broadlyGranted(parsed, actionLists(parsed.dialect)[name]));
}

function selectionValue({ statements, rest }: Selection, { dialect }: Policy): Value {
  return listValue(
    statements.map((statement) => statementValue(statement, dialect)),
    rest,
  );
}

function statementValue(statement: Statement, dialect: Dialect): Value {
  const known = statementValues.get(statement);
  if (known !== undefined) return known;
  const { keys, doubts } = narrowing(statement, dialect);
  const conditions = statement.conditions.map((condition) =>
    object([
      ["operator", string(condition.operator)],
      ["key", string(condition.key)],
      ["values", stringsValue(condition.values)],
    ]),
  );
  const value = placed(
    object([
      ["effect", typeof statement.effect === "string" ? string(statement.effect) : unknown(STRING, statement.effect)],
      ["actions", stringsValue(statement.actions)],
      ["notActions", stringsValue(statement.notActions)],
      ["resources", stringsValue(statement.resources)],
      ["notResources", stringsValue(statement.notResources)],
      ["principals", stringsValue(statement.principals)],
      ["notPrincipals", stringsValue(statement.notPrincipals)],
      ["conditions", listValue(conditions, statement.conditionRest)],
      ["narrowedBy", listValue(keys.map(string), doubts)],
    ]),
    statement,
  );
  statementValues.set(statement, value);
  return value;
}

/** The value with the place of the statement that it is about. */
function placed(value: Value, statement: Statement | undefined): Value {
  return statement?.path === undefined ? value : { ...value, path: statement.path };
}

function foundValue({ items, rest }: Found): Value {
  const texts = items.map(({ text, statement }) => placed(string(text), statement));
  return rest.length === 0 ? list(STRING, texts) : list(STRING, texts, rest);
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
