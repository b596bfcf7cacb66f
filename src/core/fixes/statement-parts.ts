import type { StatementPart } from "../checks/model.ts";
import {
  addToBrackets,
  colonOf,
  keyOf,
  removeFromBrackets,
  removeObjectItem,
  replaceExpression,
  setObjectItem,
} from "../hcl/edit.ts";
import type { Placed } from "../hcl/edit.ts";
import type { JsonObject } from "../hcl/json-reader.ts";
import { renderKey } from "../hcl/render.ts";
import type { Attribute, Block, Expression, ObjectExpression, SourceFile } from "../hcl/syntax.ts";
import type { Cloud } from "../instances/model.ts";
import type { ResourceInstance } from "../terraform/model.ts";
import type { FilePath, TextEdit } from "../text/text.ts";
import type { Path } from "../values/value.ts";
import { renderDraft } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { notWritable } from "./operations.ts";
import type { Attempt, Refusal } from "./operations.ts";
import { computedPart, editMember, membersOfStatement, notThere, plainText } from "./statement-members.ts";
import { cased, inlineJson, principalOf, single, siteOf, statementBlock, statementIn, statementSchema } from "./statements.ts";
import type { JsonText, Site } from "./statements.ts";

/*
 * Changes of one statement of a policy document: `#statements[failing].condition`. Parts have the names of the canonical statement;
 * how they are written is the matter of the dialect and of the construct.
 */

/** Sets a part of the statement at `inside` (`statements`, its index, the part), or removes it: no draft. */
export function editPart(
  attempt: Attempt,
  resource: ResourceInstance,
  path: Path,
  inside: Path,
  draft: Draft | undefined,
): Refusal {
  const site = siteOf(attempt, resource, path);
  if (typeof site === "string") return site;
  const [, index, part] = inside;
  if (typeof index !== "number") return "Which statement decides can't be told.";
  const source = attempt.host.source(site.file);
  if (source === undefined) return notWritable(site.file);
  const its = part as StatementPart;
  if (site.kind === "data") return inBlock(attempt, site, source, index, its, draft);
  const statement = statementAt(attempt, site, source, index);
  if (typeof statement === "string") return statement;
  if (draft === undefined) {
    const entry = statement.find(WRITTEN[its]);
    if (entry === undefined) return notThere;
    statement.remove(entry.key);
    return undefined;
  }
  return setIn(statement, its, draft, attempt.cloud);
}

/** The singular that all three grammars write, in lower case. */
const WRITTEN: Readonly<Record<StatementPart, string>> = {
  effect: "effect",
  principals: "principal",
  actions: "action",
  resources: "resource",
  condition: "condition",
};

const computedStatement = "The statement is computed by an expression: change it by hand.";
const negated = "The statement names what it leaves out: change it by hand.";

/** An object of a document, HCL's or JSON's, edited alike. Names are found in any case, as the grammars read them. */
interface Holder {
  find(name: string): { readonly key: string; readonly holder: Holder | undefined } | undefined;
  set(key: string, draft: Draft): void;
  remove(key: string): void;
}

function statementAt(attempt: Attempt, site: Exclude<Site, { kind: "data" }>, source: SourceFile, index: number): Holder | string {
  if (site.kind === "object") {
    const { base } = site.object;
    const value = site.object.node.items.find((one) => keyOf(one)?.toLowerCase() === "statement")?.value;
    const list = value && bare(value);
    const statement = list?.kind === "tuple" ? list.elements[index] : index === 0 ? list : undefined;
    const object = statement && bare(statement);
    const { source: read, place } = site.inside ?? { source, place: (edits: readonly TextEdit[]) => edits };
    return object?.kind === "object" ? hclHolder(attempt, read, { node: object, base }, place) : computedStatement;
  }
  const list = statementIn(site.document);
  const statement = list?.kind === "array" ? list.elements[index] : index === 0 ? list : undefined;
  return statement?.kind === "object" ? jsonHolder(attempt, site.file, site.json, statement) : computedStatement;
}

function hclHolder(
  attempt: Attempt,
  source: SourceFile,
  object: Placed<ObjectExpression>,
  place: (edits: readonly TextEdit[]) => readonly TextEdit[],
): Holder {
  const { path: file } = source;
  return {
    find: (name) => {
      for (const item of object.node.items) {
        const key = keyOf(item);
        if (key?.toLowerCase() !== name.toLowerCase()) continue;
        const value = bare(item.value);
        return {
          key,
          holder: value.kind === "object" ? hclHolder(attempt, source, { node: value, base: object.base }, place) : undefined,
        };
      }
      return undefined;
    },
    set: (key, draft) => {
      attempt.plan.add(file, place(setObjectItem(source, object, key, inline(draft, colonOf(source, object)))));
    },
    remove: (key) => {
      attempt.plan.add(file, place(removeObjectItem(source, object, key)));
    },
  };
}

function jsonHolder(attempt: Attempt, file: FilePath, json: JsonText, object: JsonObject): Holder {
  const list = { node: object, base: 0 };
  return {
    find: (name) => {
      const found = object.properties.find(({ key }) => key.value.toLowerCase() === name.toLowerCase());
      if (found === undefined) return undefined;
      const { key, value } = found;
      return { key: key.value, holder: value.kind === "object" ? jsonHolder(attempt, file, json, value) : undefined };
    },
    set: (key, draft) => {
      const text = inlineJson(draft);
      const present = object.properties.find((one) => one.key.value === key)?.value;
      const edits = present
        ? [{ range: { start: present.start, end: present.end }, newText: text }]
        : addToBrackets(json, list, object.properties, `${JSON.stringify(key)}: ${text}`, " ", "between");
      attempt.plan.add(file, json.place(edits));
    },
    remove: (key) => {
      const index = object.properties.findIndex((one) => one.key.value === key);
      attempt.plan.add(file, json.place(removeFromBrackets(json, list, object.properties, new Set([index]), "json")));
    },
  };
}

function bare(expression: Expression): Expression {
  return expression.kind === "parentheses" ? bare(expression.inner) : expression;
}

function setIn(statement: Holder, part: StatementPart, draft: Draft, cloud: Cloud): Refusal {
  const name = WRITTEN[part];
  if (statement.find(`not${name}`) !== undefined) return negated;
  const found = statement.find(name);
  const key = found?.key ?? (cloud === "tencent" ? name : name.charAt(0).toUpperCase() + name.slice(1));
  switch (part) {
    case "effect":
      statement.set(key, cased(draft, cloud));
      return undefined;
    case "actions":
    case "resources":
      statement.set(key, single(listOf(draft)));
      return undefined;
    case "principals": {
      const accounts = cloud === "aws" ? "AWS" : cloud === "alibaba" ? "RAM" : "qcs";
      const kind = found?.holder?.find(accounts);
      // Services and identity providers beside the accounts stay.
      if (found?.holder === undefined || found.holder.find("*") !== undefined)
        statement.set(key, principalOf(listOf(draft), cloud));
      else found.holder.set(kind?.key ?? accounts, cloud === "aws" ? single(listOf(draft)) : listOf(draft));
      return undefined;
    }
    case "condition": {
      const condition = conditionOf(draft);
      if (condition === undefined) return noCondition;
      const { operator, variable, values } = condition;
      const keys: Draft = { kind: "object", entries: new Map([[variable, values]]) };
      if (found === undefined) {
        statement.set(key, { kind: "object", entries: new Map([[operator, keys]]) });
        return undefined;
      }
      const same = found.holder?.find(operator);
      if (found.holder === undefined || (same && same.holder === undefined)) return computedPart;
      if (same?.holder === undefined) found.holder.set(operator, keys);
      else same.holder.set(same.holder.find(variable)?.key ?? variable, values);
      return undefined;
    }
  }
}

const noCondition = "The fix gives no condition.";

function conditionOf(draft: Draft): { readonly operator: string; readonly variable: string; readonly values: Draft } | undefined {
  if (draft.kind !== "object") return undefined;
  const operator = plainText(draft.entries.get("operator"));
  const variable = plainText(draft.entries.get("key"));
  const values = draft.entries.get("values");
  return operator === undefined || variable === undefined || values === undefined ? undefined : { operator, variable, values };
}

function listOf(draft: Draft): Draft {
  return draft.kind === "list" ? draft : { kind: "list", items: [draft] };
}

/** On one line, as small parts of a statement are written; with colons where the object that it goes into has them. */
function inline(draft: Draft, colon: string | undefined): string {
  if (draft.kind === "text") return draft.text;
  if (draft.kind === "list") return `[${draft.items.map((item) => inline(item, colon)).join(", ")}]`;
  const items = [...draft.entries].map(([key, value]) =>
    colon === undefined ? `${renderKey(key)} = ${inline(value, colon)}` : `${JSON.stringify(key)}${colon}${inline(value, colon)}`,
  );
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

/** How the two clouds' data sources call the parts of their `statement` blocks. */
const CONSTRUCTS = {
  aws_iam_policy_document: {
    actions: "actions",
    resources: "resources",
    principals: "principals",
    kind: "type",
    accounts: "AWS",
    operator: "test",
    not: "not_",
  },
  alicloud_ram_policy_document: {
    actions: "action",
    resources: "resource",
    principals: "principal",
    kind: "entity",
    accounts: "RAM",
    operator: "operator",
    not: "not_",
  },
} as const;

function inBlock(
  attempt: Attempt,
  site: Extract<Site, { kind: "data" }>,
  source: SourceFile,
  index: number,
  part: StatementPart,
  draft: Draft | undefined,
): Refusal {
  const { file } = site;
  const type = site.block.node.labels[0]?.name ?? "";
  if (type !== "aws_iam_policy_document" && type !== "alicloud_ram_policy_document") return computedStatement;
  const names = CONSTRUCTS[type];
  const name = part === "effect" || part === "condition" ? part : names[part];
  if (source.syntax === "json") {
    const document = { ...site, source };
    if (membersOfStatement(document, index)?.includes(`${names.not}${name}`) === true) return negated;
    const value = draft === undefined ? undefined : memberValue(part, draft, names);
    if (typeof value === "string") return value;
    return editMember(attempt, document, index, part, { ...names, part: name }, value);
  }
  const statement = statementBlock(site.block.node.body, index);
  if (statement === undefined) return "Which statement decides can't be told.";
  const { base } = site.block;
  if (itemsNamed(statement, `${names.not}${name}`).length > 0) return negated;
  if (itemsNamed(statement, name, "dynamic").length > 0) return computedPart;
  const present = itemsNamed(statement, name);
  const body = { node: statement.body, base };
  const addBlock = (entries: readonly (readonly [string, Draft])[]): void => {
    // The file has its place in the order of edits.
    attempt.plan.add(file, []);
    attempt.plan.addBlock(file, body, statementSchema, name, { kind: "object", entries: new Map(entries) });
  };
  if (draft === undefined) {
    if (present.length === 0) return notThere;
    for (const one of present) {
      if (one.kind === "attribute") attempt.plan.removeAttribute(file, source, body, one);
      else attempt.plan.removeBlock(file, source, body, one);
    }
    return undefined;
  }
  switch (part) {
    case "effect":
    case "actions":
    case "resources": {
      const value = part === "effect" ? cased(draft, "aws") : listOf(draft);
      const [written] = present;
      attempt.plan.add(file, []);
      if (written?.kind === "attribute")
        attempt.plan.add(file, replaceExpression(source, { node: written.value, base }, renderDraft(value)));
      else attempt.plan.setNew(file, body, statementSchema, name, value);
      return undefined;
    }
    case "principals": {
      const blocks = present.filter((one): one is Block => one.kind === "block");
      const kinds = blocks.map((block) => literalOf(block, names.kind));
      if (kinds.includes(undefined)) return computedPart;
      // Services and identity providers beside the accounts stay.
      const [first, ...others] = blocks.filter((_, at) => kinds[at] === "*" || kinds[at] === names.accounts);
      for (const other of others) attempt.plan.removeBlock(file, source, body, other);
      const accounts: Draft = { kind: "text", text: JSON.stringify(names.accounts) };
      if (first === undefined) {
        addBlock([
          [names.kind, accounts],
          ["identifiers", listOf(draft)],
        ]);
        return undefined;
      }
      const kind = attributeOf(first, names.kind);
      const identifiers = attributeOf(first, "identifiers");
      if (kind === undefined || identifiers === undefined) return computedPart;
      attempt.plan.add(file, replaceExpression(source, { node: kind.value, base }, renderDraft(accounts)));
      attempt.plan.add(file, replaceExpression(source, { node: identifiers.value, base }, renderDraft(listOf(draft))));
      return undefined;
    }
    case "condition": {
      const condition = conditionOf(draft);
      if (condition === undefined) return noCondition;
      const { operator, variable, values } = condition;
      const same = present.find(
        (one): one is Block =>
          one.kind === "block" &&
          literalOf(one, names.operator)?.toLowerCase() === operator.toLowerCase() &&
          literalOf(one, "variable")?.toLowerCase() === variable.toLowerCase(),
      );
      const its = same && attributeOf(same, "values");
      if (its) attempt.plan.add(file, replaceExpression(source, { node: its.value, base }, renderDraft(listOf(values))));
      else {
        const text = (value: string): Draft => ({ kind: "text", text: JSON.stringify(value) });
        addBlock([
          [names.operator, text(operator)],
          ["variable", text(variable)],
          ["values", listOf(values)],
        ]);
      }
      return undefined;
    }
  }
}

/** A part as a member of the statement's object, or why there is none. */
function memberValue(part: StatementPart, draft: Draft, names: (typeof CONSTRUCTS)[keyof typeof CONSTRUCTS]): Draft | string {
  const text = (value: string): Draft => ({ kind: "text", text: JSON.stringify(value) });
  switch (part) {
    case "effect":
      return cased(draft, "aws");
    case "actions":
    case "resources":
      return listOf(draft);
    case "principals":
      return {
        kind: "object",
        entries: new Map([
          [names.kind, text(names.accounts)],
          ["identifiers", listOf(draft)],
        ]),
      };
    case "condition": {
      const condition = conditionOf(draft);
      if (condition === undefined) return noCondition;
      const { operator, variable, values } = condition;
      return {
        kind: "object",
        entries: new Map([
          [names.operator, text(operator)],
          ["variable", text(variable)],
          ["values", listOf(values)],
        ]),
      };
    }
  }
}

function itemsNamed(block: Block, name: string, dynamic?: "dynamic"): readonly (Attribute | Block)[] {
  return block.body.items.filter((one) =>
    one.kind === "attribute"
      ? dynamic === undefined && one.name.name === name
      : dynamic === undefined
        ? one.type.name === name
        : one.type.name === "dynamic" && one.labels[0]?.name === name,
  );
}

function attributeOf(block: Block, name: string): Attribute | undefined {
  return block.body.items.find((one): one is Attribute => one.kind === "attribute" && one.name.name === name);
}

/** The text of an argument that is a plain string. */
function literalOf(block: Block, name: string): string | undefined {
  const value = attributeOf(block, name)?.value;
  const [only] = value?.kind === "template" ? value.parts : [];
  return value?.kind === "template" && value.parts.length === 1 && only?.kind === "text" ? only.value : undefined;
}
