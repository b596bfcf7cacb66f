import { hasUnknown } from "../values/convert.ts";
import { structureOfPieces } from "../values/json-pieces.ts";
import { compareStrings, DYNAMIC, NULL, object, string, STRING, tuple, unknown } from "../values/make.ts";
import type { ObjectValue, Reason, Refinement, Value } from "../values/value.ts";
import { decodeJson, encodeJson } from "./functions/encoding.ts";
import { marksOf, reasonsOf } from "./unknowns.ts";

/**
 * The document of a policy document data source as JSON text: the `json` of `aws_iam_policy_document`, the `document` of
 * `alicloud_ram_policy_document`. With unknown leaves it is an unknown string whose refinement holds the structure.
 *
 * Sources: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document,
 * https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/data-sources/ram_policy_document
 */
export function policyDocument(type: string, configuration: ObjectValue): { readonly text: Value; readonly minified: Value } {
  const document =
    type === "aws_iam_policy_document"
      ? awsDocument(configuration)
      : type === "alicloud_ram_policy_document"
        ? alibabaDocument(configuration)
        : undefined;
  if (document === undefined) {
    const text = unknown(STRING, { kind: "unsupported", detail: `data source ${type}` });
    return { text, minified: text };
  }
  const marks = deepMarks(document);
  if (!hasUnknown(document)) {
    const minified = { ...string(encodeJson(document)), ...marks };
    return { text: type === "aws_iam_policy_document" ? { ...string(indentJson(document, "")), ...marks } : minified, minified };
  }
  const text = unknown(STRING, reasonsOf([document]), { ...marks, refinement: { notNull: true, prefix: "{", document } });
  return { text, minified: text };
}

function deepMarks(value: Value): { sensitive?: true; ephemeral?: true } {
  const marks = marksOf([value]);
  const inner = "items" in value ? value.items : "entries" in value ? [...value.entries.values()] : [];
  for (const item of inner) Object.assign(marks, deepMarks(item));
  return marks;
}

function member(value: Value | undefined, name: string): Value {
  return (value?.kind === "object" ? value.entries.get(name) : undefined) ?? NULL;
}

interface Items {
  readonly items: readonly Value[];
  readonly rest: readonly Reason[] | undefined;
}

/** Elements of a list or set; an unknown one is all rest. */
function itemsOf(value: Value): Items {
  if (value.kind === "list" || value.kind === "set" || value.kind === "tuple") return { items: value.items, rest: value.rest };
  return { items: [], rest: value.kind === "unknown" ? value.reasons : undefined };
}

/** Keys in the order they are written: the provider's own, which `object()` would sort. */
function ordered(entries: readonly (readonly [string, Value | undefined])[]): ObjectValue {
  return {
    kind: "object",
    entries: new Map(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined && entry[1].kind !== "null")),
  };
}

/** As the provider's decoder: one element is a string, more are sorted backwards. */
function awsStrings(value: Value, read: (text: Value) => Value): Value | undefined {
  const { items, rest } = itemsOf(value);
  const texts = items.map(read);
  if (rest !== undefined) return texts.length === 0 ? unknown(STRING, rest) : tuple(texts, rest);
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0] : tuple(backwards(texts));
}

function backwards(texts: readonly Value[]): readonly Value[] {
  return [...texts].sort((a, b) => compareStrings(b.kind === "string" ? b.value : "", a.kind === "string" ? a.value : ""));
}

/** `&{x}` stands for `${x}`. */
function unescape(value: Value): Value {
  return value.kind === "string" && value.value.includes("&{") ? { ...value, value: value.value.replaceAll("&{", "${") } : value;
}

/** Where a statement of the whole document was written: in a block of its own, or in another document. */
export interface StatementOrigin {
  readonly argument: "statement" | "source_json" | "source_policy_documents" | "override_policy_documents" | "override_json";
  /** Of the document in a list of documents. */
  readonly document: number;
  readonly index: number;
}

interface Placed {
  readonly statement: Value;
  readonly origin: StatementOrigin;
}

interface Statements {
  readonly items: readonly Placed[];
  /** There may be more, for these reasons. */
  readonly rest: readonly Reason[] | undefined;
}

/** Sources, then the own statements, then overrides: each replaces statements of the same sid where they stand, and adds the others. */
function awsDocument(configuration: ObjectValue): Value {
  const { version, id, statements } = awsParts(configuration);
  const { items, rest } = statements;
  const list = tuple(
    items.map(({ statement }) => statement),
    rest,
  );
  return ordered([
    ["Version", version],
    ["Id", id],
    ["Statement", items.length === 0 && rest === undefined ? undefined : list],
  ]);
}

/** The origins of a document's statements, in their order. */
export function statementOrigins(configuration: ObjectValue): readonly StatementOrigin[] {
  return awsParts(configuration).statements.items.map(({ origin }) => origin);
}

function awsParts(configuration: ObjectValue): Source {
  const version = member(configuration, "version");
  const own: Source = {
    version: version.kind === "null" ? string("2012-10-17") : version,
    id: member(configuration, "policy_id"),
    statements: ownStatements(itemsOf(member(configuration, "statement"))),
  };
  const documents = [
    ...sourcesOf("source_json", tuple([member(configuration, "source_json")])),
    ...sourcesOf("source_policy_documents", member(configuration, "source_policy_documents")),
    own,
    ...sourcesOf("override_policy_documents", member(configuration, "override_policy_documents")),
    ...sourcesOf("override_json", tuple([member(configuration, "override_json")])),
  ];
  let statements: Statements = { items: [], rest: undefined };
  let latest: Value = NULL;
  let id: Value = NULL;
  for (const document of documents) {
    statements = mergeStatements(statements, document.statements);
    if (document.id.kind === "unknown" || (document.id.kind === "string" && document.id.value !== "")) ({ id } = document);
    if (document === own && latest.kind === "null") latest = own.version;
    else if (document.version.kind === "unknown") latest = document.version;
    else if (document.version.kind === "string" && !(latest.kind === "string" && latest.value >= document.version.value))
      latest = latest.kind === "unknown" ? latest : document.version;
  }
  return { version: latest, id, statements };
}

interface Source {
  readonly version: Value;
  readonly id: Value;
  readonly statements: Statements;
}

function ownStatements({ items, rest }: Items): Statements {
  return {
    items: items.map((item, index) => ({ statement: awsStatement(item), origin: { argument: "statement", document: 0, index } })),
    rest,
  };
}

/** Other documents, given as JSON text. One that can't be read may hold anything. */
function sourcesOf(argument: StatementOrigin["argument"], value: Value): readonly Source[] {
  const { items, rest } = itemsOf(value);
  const sources = items.flatMap((item, document): readonly Source[] => {
    if (item.kind === "null") return [];
    const parsed =
      item.kind === "string" ? decodeJson(item.value) : item.kind === "unknown" ? structureOf(item.refinement) : undefined;
    if (parsed?.kind !== "object") {
      const reasons = item.kind === "unknown" ? item.reasons : [INVALID];
      return [{ version: NULL, id: NULL, statements: { items: [], rest: reasons } }];
    }
    const theirs = named(parsed, "Statement");
    const list = theirs.kind === "object" ? { items: [theirs], rest: undefined } : itemsOf(theirs);
    const statements = {
      items: list.items.map((each, index) => ({ statement: writtenAnew(each), origin: { argument, document, index } })),
      rest: list.rest,
    };
    return [{ version: named(parsed, "Version"), id: named(parsed, "Id"), statements }];
  });
  return rest === undefined ? sources : [...sources, { version: NULL, id: NULL, statements: { items: [], rest } }];
}

const INVALID: Reason = { kind: "invalid", detail: "a source document is no JSON" };

function structureOf(refinement: Refinement | undefined): Value | undefined {
  return refinement?.document ?? (refinement?.pieces === undefined ? undefined : structureOfPieces(refinement.pieces));
}

/** A member whatever the case of its name, as Go reads JSON. */
function named(value: Value, name: string): Value {
  if (value.kind !== "object" && value.kind !== "map") return NULL;
  for (const [key, item] of value.entries) if (key.toLowerCase() === name.toLowerCase()) return item;
  return NULL;
}

/** A statement of another document as the provider writes it again. */
function writtenAnew(statement: Value): Value {
  if (statement.kind !== "object") return statement;
  const kept = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"] as const;
  const sid = named(statement, "Sid");
  return ordered([
    ...kept.map(
      (name) => [name, name === "Sid" && sid.kind === "string" && sid.value === "" ? NULL : named(statement, name)] as const,
    ),
    ["Principal", principalsAnew(named(statement, "Principal"))],
    ["NotPrincipal", principalsAnew(named(statement, "NotPrincipal"))],
    ["Condition", conditionsAnew(named(statement, "Condition"))],
  ]);
}

function principalsAnew(value: Value): Value | undefined {
  if (value.kind === "string") return string("*");
  if (value.kind !== "object") return value;
  if (value.entries.size === 0) return undefined;
  return object(
    [...value.entries].map(([type, of]) => [type, of.kind === "tuple" ? tuple(backwards(of.items), of.rest) : of] as const),
  );
}

function conditionsAnew(value: Value): Value | undefined {
  if (value.kind !== "object") return value;
  const operators: [string, Value][] = [];
  for (const [operator, variables] of value.entries) {
    if (variables.kind !== "object") {
      operators.push([operator, variables]);
      continue;
    }
    const entries = [...variables.entries].flatMap(([variable, of]): readonly (readonly [string, Value])[] => {
      if (of.kind === "bool") return [[variable, string(String(of.value))]];
      const [first, ...others] = of.kind === "tuple" && of.rest === undefined ? of.items : [];
      if (first !== undefined && others.length === 0) return [[variable, first]];
      // The provider reads texts only.
      return of.kind === "string" || of.kind === "tuple" || of.kind === "unknown" ? [[variable, of]] : [];
    });
    if (entries.length > 0) operators.push([operator, object(entries)]);
  }
  return operators.length === 0 ? undefined : object(operators);
}

/** Sid of a statement: undefined for none. */
function sidOf(statement: Value): string | readonly Reason[] | undefined {
  if (statement.kind === "unknown") return statement.reasons;
  const sid = member(statement, "Sid");
  if (sid.kind === "unknown") return sid.reasons;
  return sid.kind === "string" && sid.value !== "" ? sid.value : undefined;
}

/** Where a sid is not known, a statement may or may not replace another: that other one is then not known either. */
function mergeStatements(base: Statements, over: Statements): Statements {
  let items = [...base.items];
  const doubt = (reasons: readonly Reason[], isMeant: (sid: string | readonly Reason[]) => boolean): void => {
    items = items.map((placed) => {
      const sid = sidOf(placed.statement);
      if (sid === undefined || placed.statement.kind === "unknown" || !isMeant(sid)) return placed;
      return { ...placed, statement: unknown(DYNAMIC, reasons) };
    });
  };
  for (const placed of over.items) {
    const sid = sidOf(placed.statement);
    if (typeof sid === "object") doubt(sid, () => true);
    else if (sid !== undefined) {
      const at = items.findIndex((other) => sidOf(other.statement) === sid);
      if (at >= 0) {
        items[at] = placed;
        continue;
      }
      for (const other of base.items) {
        const theirs = sidOf(other.statement);
        if (typeof theirs === "object") doubt(theirs, (its) => its === theirs);
      }
    }
    items.push(placed);
  }
  if (over.rest !== undefined) doubt(over.rest, () => true);
  return { items, rest: base.rest ?? over.rest };
}

function awsStatement(statement: Value): Value {
  if (statement.kind === "unknown") return statement;
  const effect = member(statement, "effect");
  const sid = member(statement, "sid");
  return ordered([
    ["Sid", sid.kind === "string" && sid.value === "" ? undefined : sid],
    ["Effect", effect.kind === "null" ? string("Allow") : effect],
    ["Action", awsStrings(member(statement, "actions"), (text) => text)],
    ["NotAction", awsStrings(member(statement, "not_actions"), (text) => text)],
    ["Resource", awsStrings(member(statement, "resources"), unescape)],
    ["NotResource", awsStrings(member(statement, "not_resources"), unescape)],
    ["Principal", awsPrincipals(member(statement, "principals"))],
    ["NotPrincipal", awsPrincipals(member(statement, "not_principals"))],
    ["Condition", conditions(member(statement, "condition"), "test", awsConditionValues)],
  ]);
}

function awsPrincipals(value: Value): Value | undefined {
  const { items, rest } = itemsOf(value);
  if (rest === undefined && items.length === 0) return undefined;
  const byType = new Map<string, { readonly items: Value[]; rest: readonly Reason[] | undefined; blocks: number }>();
  const ofType = (type: string): { readonly items: Value[]; rest: readonly Reason[] | undefined; blocks: number } => {
    const known = byType.get(type) ?? { items: [], rest: undefined, blocks: 0 };
    byType.set(type, known);
    return known;
  };
  // Of what type more of them are is not known: they may be of any.
  const ofAnyType = (reasons: readonly Reason[]): void => {
    for (const type of ["AWS", "Service", "Federated"]) ofType(type).rest ??= reasons;
  };
  if (rest !== undefined) ofAnyType(rest);
  for (const item of items) {
    const type = member(item, "type");
    if (type.kind !== "string") {
      ofAnyType(reasonsOf([type.kind === "null" ? item : type]));
      continue;
    }
    const own = ofType(type.value);
    const identifiers = itemsOf(member(item, "identifiers"));
    own.blocks++;
    own.items.push(...backwards(identifiers.items.map(unescape)));
    own.rest ??= identifiers.rest;
  }
  const everyone = byType.size === 1 ? byType.get("*") : undefined;
  const [only] = everyone?.rest === undefined ? (everyone?.items ?? []) : [];
  if (everyone?.items.length === 1 && only?.kind === "string" && only.value === "*") return string("*");
  return object(
    [...byType].map(([type, own]) => {
      const [first] = own.items;
      const lone = own.items.length === 1 && own.blocks === 1 && own.rest === undefined ? first : undefined;
      return [type, lone ?? tuple(own.items, own.rest)] as const;
    }),
  );
}

/** In the order in which they are written, a single one without list. */
function awsConditionValues(values: Value): Value | undefined {
  const { items, rest } = itemsOf(values);
  const [first] = items;
  return items.length === 1 && first !== undefined && rest === undefined ? unescape(first) : tuple(items.map(unescape), rest);
}

/** `{operator: {variable: values}}`. What may come on top of it stands under no operator. */
function conditions(value: Value, operatorName: string, render: (values: Value) => Value | undefined): Value | undefined {
  const { items, rest } = itemsOf(value);
  if (rest === undefined && items.length === 0) return undefined;
  const operators = new Map<string, Map<string, Value>>();
  const more: Reason[] = [...(rest ?? [])];
  for (const item of items) {
    const operator = member(item, operatorName);
    const variable = member(item, "variable");
    if (operator.kind !== "string" || variable.kind !== "string") {
      more.push(...reasonsOf(item.kind === "unknown" ? [item] : [operator, variable]));
      continue;
    }
    const variables = operators.get(operator.value) ?? new Map<string, Value>();
    const values = render(member(item, "values")) ?? tuple([]);
    const before = variables.get(variable.value);
    const both =
      before === undefined ? undefined : { items: [...listed(before), ...listed(values)], rest: restOf(before) ?? restOf(values) };
    variables.set(variable.value, both === undefined ? values : tuple(both.items, both.rest));
    operators.set(operator.value, variables);
  }
  const entries: (readonly [string, Value])[] = [...operators].map(([operator, variables]) => [operator, object(variables)]);
  if (more.length > 0) entries.push(["", unknown(DYNAMIC, more)]);
  return object(entries);
}

function listed(value: Value): readonly Value[] {
  return value.kind === "tuple" ? value.items : [value];
}

function restOf(value: Value): readonly Reason[] | undefined {
  return value.kind === "tuple" ? value.rest : undefined;
}

function alibabaDocument(configuration: ObjectValue): Value {
  const own = itemsOf(member(configuration, "statement"));
  const version = member(configuration, "version");
  const strings = (value: Value): Value | undefined => {
    const { items, rest } = itemsOf(value);
    if (items.length === 0 && rest === undefined) return undefined;
    const [first] = items;
    return items.length === 1 && rest === undefined ? first : tuple(items, rest);
  };
  const statements = own.items.map((statement) => {
    if (statement.kind === "unknown") return statement;
    const effect = member(statement, "effect");
    const principals = itemsOf(member(statement, "principal"));
    const entries = new Map<string, { readonly items: Value[]; rest: readonly Reason[] | undefined }>();
    const add = (entity: string, items: readonly Value[], rest: readonly Reason[] | undefined): void => {
      const known = entries.get(entity) ?? { items: [], rest: undefined };
      known.items.push(...backwards(items));
      known.rest ??= rest;
      entries.set(entity, known);
    };
    // Of what kind more of them are is not known: they may be of any.
    const addAny = (reasons: readonly Reason[]): void => {
      for (const entity of ["RAM", "Service", "Federated"]) add(entity, [], reasons);
    };
    if (principals.rest !== undefined) addAny(principals.rest);
    for (const item of principals.items) {
      const entity = member(item, "entity");
      const identifiers = itemsOf(member(item, "identifiers"));
      if (entity.kind === "string") add(entity.value, identifiers.items, identifiers.rest);
      else addAny(reasonsOf([entity.kind === "null" ? item : entity]));
    }
    const principal =
      entries.size === 0
        ? undefined
        : object([...entries].map(([entity, { items, rest }]) => [entity, tuple(items, rest)] as const));
    return ordered([
      ["Effect", effect.kind === "null" ? string("Allow") : effect],
      ["Action", strings(member(statement, "action"))],
      ["Resource", strings(member(statement, "resource"))],
      ["Principal", principal],
      ["Condition", conditions(member(statement, "condition"), "operator", strings)],
    ]);
  });
  return ordered([
    ["Version", version.kind === "null" ? string("1") : version],
    ["Statement", tuple(statements, own.rest)],
  ]);
}

/** Go's MarshalIndent with two spaces, keys as they stand. */
function indentJson(value: Value, indent: string): string {
  const inner = `${indent}  `;
  if (value.kind === "object" || value.kind === "map") {
    if (value.entries.size === 0) return "{}";
    return `{\n${[...value.entries].map(([key, item]) => `${inner}${encodeJson(string(key))}: ${indentJson(item, inner)}`).join(",\n")}\n${indent}}`;
  }
  if (value.kind === "tuple" || value.kind === "list" || value.kind === "set") {
    if (value.items.length === 0) return "[]";
    return `[\n${value.items.map((item) => inner + indentJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  return encodeJson(value);
}
