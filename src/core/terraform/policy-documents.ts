import { hasUnknown } from "../values/convert.ts";
import { compareStrings, NULL, object, string, STRING, tuple, unknown } from "../values/make.ts";
import type { ObjectValue, Reason, Value } from "../values/value.ts";
import { decodeJson, encodeJson } from "./functions/encoding.ts";
import { marksOf, reasonsOf } from "./unknowns.ts";

/**
 * The document of a policy document data source as JSON text: the `json` of `aws_iam_policy_document`, the `document` of
 * `alicloud_ram_policy_document`. With unknown leaves it is an unknown string whose refinement holds the structure.
 *
 * Sources: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document,
 * https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/data-sources/ram_policy_document
 */
export function policyDocument(type: string, configuration: ObjectValue): Value {
  const document =
    type === "aws_iam_policy_document"
      ? awsDocument(configuration)
      : type === "alicloud_ram_policy_document"
        ? alibabaDocument(configuration)
        : undefined;
  if (document === undefined) return unknown(STRING, { kind: "unsupported", detail: `data source ${type}` });
  const marks = deepMarks(document);
  if (!hasUnknown(document))
    return { ...string(type === "aws_iam_policy_document" ? indentJson(document, "") : encodeJson(document)), ...marks };
  return unknown(STRING, reasonsOf([document]), { ...marks, refinement: { notNull: true, prefix: "{", document } });
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

/** As the provider's decoder: one element is a string, more are sorted backwards; `&{x}` stands for `${x}`. */
function awsStrings(value: Value): Value | undefined {
  const { items, rest } = itemsOf(value);
  const texts = items.map(unescape);
  if (rest !== undefined) return texts.length === 0 ? unknown(STRING, rest) : tuple(texts, rest);
  if (texts.length === 0) return undefined;
  if (texts.length === 1) return texts[0];
  return tuple([...texts].sort((a, b) => compareStrings(b.kind === "string" ? b.value : "", a.kind === "string" ? a.value : "")));
}

function unescape(value: Value): Value {
  return value.kind === "string" && value.value.includes("&{") ? { ...value, value: value.value.replaceAll("&{", "${") } : value;
}

function awsDocument(configuration: ObjectValue): Value {
  const own = itemsOf(member(configuration, "statement"));
  let statements: readonly Value[] = own.items.map(awsStatement);
  let rest = own.rest;
  const policyId = member(configuration, "policy_id");
  const join = (sources: Value, overrides: boolean): void => {
    const given = itemsOf(sources);
    rest ??= given.rest;
    for (const source of given.items) {
      const parsed =
        source.kind === "string" ? decodeJson(source.value) : source.kind === "unknown" ? source.refinement?.document : undefined;
      if (source.kind === "null") continue;
      if (parsed === undefined) {
        rest ??= source.kind === "unknown" ? source.reasons : [{ kind: "invalid", detail: "a source document is no JSON" }];
        continue;
      }
      const theirs = member(parsed, "Statement");
      const list = theirs.kind === "object" ? [theirs] : itemsOf(theirs).items;
      rest ??= itemsOf(theirs).rest;
      statements = overrides ? mergeStatements(statements, list) : mergeStatements(list, statements);
    }
  };
  const sources = itemsOf(member(configuration, "source_policy_documents"));
  // The last source stands nearest to the own statements, so they are joined from the last to the first.
  join(tuple([...sources.items].reverse(), sources.rest), false);
  join(tuple([member(configuration, "source_json")]), false);
  join(member(configuration, "override_policy_documents"), true);
  join(tuple([member(configuration, "override_json")]), true);
  const version = member(configuration, "version");
  return ordered([
    ["Version", version.kind === "null" ? string("2012-10-17") : version],
    ["Id", policyId],
    ["Statement", statements.length === 0 && rest === undefined ? undefined : tuple(statements, rest)],
  ]);
}

/** Statements with the same sid are replaced where they stand; the others follow. */
function mergeStatements(base: readonly Value[], over: readonly Value[]): readonly Value[] {
  const sid = (statement: Value): string | undefined => {
    const value = member(statement, "Sid");
    return value.kind === "string" && value.value !== "" ? value.value : undefined;
  };
  const result = [...base];
  for (const statement of over) {
    const name = sid(statement);
    const at = name === undefined ? -1 : result.findIndex((other) => sid(other) === name);
    if (at >= 0) result[at] = statement;
    else result.push(statement);
  }
  return result;
}

function awsStatement(statement: Value): Value {
  if (statement.kind === "unknown") return statement;
  const effect = member(statement, "effect");
  const sid = member(statement, "sid");
  return ordered([
    ["Sid", sid.kind === "string" && sid.value === "" ? undefined : sid],
    ["Effect", effect.kind === "null" ? string("Allow") : effect],
    ["Action", awsStrings(member(statement, "actions"))],
    ["NotAction", awsStrings(member(statement, "not_actions"))],
    ["Resource", awsStrings(member(statement, "resources"))],
    ["NotResource", awsStrings(member(statement, "not_resources"))],
    ["Principal", awsPrincipals(member(statement, "principals"))],
    ["NotPrincipal", awsPrincipals(member(statement, "not_principals"))],
    ["Condition", conditions(member(statement, "condition"), "test", awsStrings)],
  ]);
}

function awsPrincipals(value: Value): Value | undefined {
  const { items, rest } = itemsOf(value);
  if (rest !== undefined && items.length === 0) return unknown(STRING, rest);
  if (items.length === 0) return undefined;
  const byType = new Map<string, Value[]>();
  for (const item of items) {
    const type = member(item, "type");
    if (type.kind !== "string") return unknown(STRING, reasonsOf([type.kind === "null" ? item : type]));
    const identifiers = member(item, "identifiers");
    const list = itemsOf(identifiers);
    if (list.rest !== undefined && list.items.length === 0)
      byType.set(type.value, [...(byType.get(type.value) ?? []), unknown(STRING, list.rest)]);
    else byType.set(type.value, [...(byType.get(type.value) ?? []), ...list.items]);
  }
  const everyone = byType.get("*");
  if (everyone?.length === 1 && everyone[0]?.kind === "string" && everyone[0].value === "*") return string("*");
  return object([...byType].map(([type, identifiers]) => [type, awsStrings(tuple(identifiers)) ?? NULL] as const));
}

/** `{operator: {variable: values}}`. */
function conditions(value: Value, operatorName: string, render: (values: Value) => Value | undefined): Value | undefined {
  const { items, rest } = itemsOf(value);
  if (rest !== undefined && items.length === 0) return unknown(STRING, rest);
  if (items.length === 0) return undefined;
  const operators = new Map<string, Map<string, Value>>();
  for (const item of items) {
    const operator = member(item, operatorName);
    const variable = member(item, "variable");
    if (operator.kind !== "string" || variable.kind !== "string") return unknown(STRING, reasonsOf([operator, variable]));
    const variables = operators.get(operator.value) ?? new Map<string, Value>();
    const values = render(member(item, "values")) ?? tuple([]);
    const before = variables.get(variable.value);
    variables.set(variable.value, before === undefined ? values : tuple([...listed(before), ...listed(values)]));
    operators.set(operator.value, variables);
  }
  return object([...operators].map(([operator, variables]) => [operator, object(variables)] as const));
}

function listed(value: Value): readonly Value[] {
  return value.kind === "tuple" ? value.items : [value];
}

function alibabaDocument(configuration: ObjectValue): Value {
  const own = itemsOf(member(configuration, "statement"));
  const version = member(configuration, "version");
  const strings = (value: Value): Value | undefined => {
    const { items, rest } = itemsOf(value);
    return items.length === 0 && rest === undefined ? undefined : tuple(items, rest);
  };
  const statements = own.items.map((statement) => {
    if (statement.kind === "unknown") return statement;
    const effect = member(statement, "effect");
    const principals = itemsOf(member(statement, "principal"));
    const entries = principals.items.map(
      (item) => [member(item, "entity"), strings(member(item, "identifiers")) ?? tuple([])] as const,
    );
    const principal =
      principals.rest !== undefined || entries.some(([entity]) => entity.kind !== "string")
        ? unknown(STRING, principals.rest ?? reasonsOf(entries.map(([entity]) => entity)))
        : entries.length === 0
          ? undefined
          : object(entries.map(([entity, identifiers]) => [entity.kind === "string" ? entity.value : "", identifiers] as const));
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
