import type { StatementPart } from "../checks/model.ts";
import { absolute, keyOf } from "../hcl/edit.ts";
import type { Placed } from "../hcl/edit.ts";
import { addToMember, removeJsonElements } from "../hcl/json-edit.ts";
import type { Attribute, Block, Expression, ObjectExpression, SourceFile } from "../hcl/syntax.ts";
import type { FilePath } from "../text/text.ts";
import { jsonOf } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Attempt, Refusal } from "./operations.ts";

/*
 * Statements of a policy document's data source in a file in JSON syntax, where a block is an object, and several are a list of them.
 */

/** The block of a data source, in such a file. */
export interface JsonDocument {
  readonly file: FilePath;
  readonly source: SourceFile;
  readonly block: Placed<Block>;
}

/** How the data source calls the parts of a statement. */
export interface PartNames {
  /** Of the part that is changed. */
  readonly part: string;
  /** Of principals. */
  readonly kind: string;
  readonly accounts: string;
  /** Of conditions. */
  readonly operator: string;
}

const untold = "Which statement decides can't be told.";
export const computedPart = "That part of the statement is computed by an expression: change it by hand.";
export const notThere = "The statement does not have what the fix removes.";

export function removeStatementMember(attempt: Attempt, { file, source, block }: JsonDocument, index: number): Refusal {
  const written = statementsOf(block.node);
  const removeAll = (): void => {
    if (written !== undefined)
      attempt.plan.removeAttribute(file, source, { node: block.node.body, base: block.base }, written.attribute);
  };
  if (written?.objects[index] === undefined) return untold;
  const { value } = written.attribute;
  if (value.kind !== "tuple") removeAll();
  else {
    const range = absolute({ node: value, base: block.base });
    attempt.plan.removeElement(value, index, {
      file,
      length: written.objects.length,
      remove: (read, indexes) => removeJsonElements(read, range, indexes) ?? [],
      whenEmpty: removeAll,
    });
  }
  return undefined;
}

export function addStatementMember(attempt: Attempt, { file, source, block }: JsonDocument, statement: Draft): Refusal {
  const range = absolute({ node: block.node.body, base: block.base });
  if (attributesOf(block.node).every(({ name }) => name.name !== "statement")) {
    attempt.plan.setMember(file, range, "statement", statement);
    return undefined;
  }
  const added = addToMember(source, range, "statement", [jsonOf(statement)]);
  if (added === undefined) return "The statements are computed by an expression: change them by hand.";
  attempt.plan.add(file, added);
  return undefined;
}

/** Sets a part of a statement to what its data source calls for, or removes it: no value. */
export function editMember(
  attempt: Attempt,
  { file, source, block }: JsonDocument,
  index: number,
  part: StatementPart,
  names: PartNames,
  value: Draft | undefined,
): Refusal {
  const { base } = block;
  const statement = statementsOf(block.node)?.objects[index];
  if (statement === undefined) return untold;
  const range = absolute({ node: statement, base });
  const present = memberOf(statement, names.part);
  if (value === undefined) {
    if (present === undefined) return notThere;
    attempt.plan.removeMember(file, range, names.part);
    return undefined;
  }
  if (present === undefined || (part !== "principals" && part !== "condition")) {
    attempt.plan.setMember(file, range, names.part, value);
    return undefined;
  }
  const blocks = objectsOf(present);
  if (blocks === undefined || value.kind !== "object") return computedPart;
  const add = (): void => attempt.plan.add(file, addToMember(source, range, names.part, [jsonOf(value)]) ?? []);
  const set = (object: ObjectExpression, name: string): void => {
    const its = value.entries.get(name);
    if (its !== undefined) attempt.plan.setMember(file, absolute({ node: object, base }), name, its);
  };
  if (part === "condition") {
    const same = blocks.find((each) =>
      [names.operator, "variable"].every(
        (name) => literalOf(each, name)?.toLowerCase() === plainText(value.entries.get(name))?.toLowerCase(),
      ),
    );
    if (same === undefined) add();
    else set(same, "values");
    return undefined;
  }
  const kinds = blocks.map((each) => literalOf(each, names.kind));
  if (kinds.includes(undefined)) return computedPart;
  // Services and identity providers beside the accounts stay.
  const [first, ...others] = blocks.filter((_, at) => kinds[at] === "*" || kinds[at] === names.accounts);
  if (others.length > 0 && present.kind === "tuple") {
    const list = absolute({ node: present, base });
    for (const other of others)
      attempt.plan.removeElement(present, blocks.indexOf(other), {
        file,
        length: blocks.length,
        remove: (read, indexes) => removeJsonElements(read, list, indexes) ?? [],
        whenEmpty: undefined,
      });
  }
  if (first === undefined) add();
  else for (const name of [names.kind, "identifiers"]) set(first, name);
  return undefined;
}

/** The parts that a statement has, in the data source's words; undefined: it can't be told which statement is meant. */
export function membersOfStatement({ block }: JsonDocument, index: number): readonly string[] | undefined {
  return statementsOf(block.node)?.objects[index]?.items.flatMap((item) => keyOf(item) ?? []);
}

/** undefined: they are made by an expression, or other documents' statements stand before them. */
function statementsOf(block: Block): { readonly attribute: Attribute; readonly objects: readonly ObjectExpression[] } | undefined {
  const attributes = attributesOf(block);
  if (attributes.some(({ name }) => /^(?:dynamic|source_(?:policy_documents|json))$/.test(name.name))) return undefined;
  const attribute = attributes.find(({ name }) => name.name === "statement");
  const objects = attribute && objectsOf(attribute.value);
  return attribute && objects && { attribute, objects };
}

function attributesOf({ body }: Block): readonly Attribute[] {
  return body.items.filter((one): one is Attribute => one.kind === "attribute");
}

/** undefined: not all are written as objects. */
function objectsOf(value: Expression): readonly ObjectExpression[] | undefined {
  const all = value.kind === "tuple" ? value.elements : [value];
  const objects = all.filter((one): one is ObjectExpression => one.kind === "object");
  return objects.length === all.length ? objects : undefined;
}

function memberOf(object: ObjectExpression, name: string): Expression | undefined {
  return object.items.find((item) => keyOf(item) === name)?.value;
}

/** The text of a member that is a plain string. */
function literalOf(object: ObjectExpression, name: string): string | undefined {
  const value = memberOf(object, name);
  const [only] = value?.kind === "template" ? value.parts : [];
  return value?.kind === "template" && value.parts.length === 1 && only?.kind === "text" ? only.value : undefined;
}

export function plainText(draft: Draft | undefined): string | undefined {
  return draft?.kind === "text" ? /^"([^"\\]*)"$/.exec(draft.text)?.[1] : undefined;
}
