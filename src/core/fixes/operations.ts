import { absolute, insertElement, keyOf, removeElements, removeObjectItem, replaceExpression, setObjectItem } from "../hcl/edit.ts";
import type { Placed } from "../hcl/edit.ts";
import { insertJsonElement, removeJsonElements, replaceValue } from "../hcl/json-edit.ts";
import type { Attribute, Block, Body, Expression, ObjectExpression, SourceFile, Tuple } from "../hcl/syntax.ts";
import type { Cloud, Instance } from "../instances/model.ts";
import type { Hop, ResourceInstance } from "../terraform/model.ts";
import type { AttributeSchema, BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import { renderString } from "../hcl/render.ts";
import { baseName } from "../text/path.ts";
import type { TextEdit } from "../text/text.ts";
import { valueAt } from "../values/path.ts";
import type { Path, Value } from "../values/value.ts";
import { jsonOf, nested, renderDraft } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { FixHost } from "./model.ts";
import { addPart } from "./new-parts.ts";
import type { EditPlan } from "./plan.ts";
import { editPart } from "./statement-parts.ts";
import { removeStatement } from "./statements.ts";
import type { Target } from "./targets.ts";

/** One attempt at a fix: where its edits go, and what is learned on the way. */
export interface Attempt {
  readonly cloud: Cloud;
  readonly host: FixHost;
  readonly plan: EditPlan;
  readonly instance: Instance;
  /** How many links before the last one of the chain of references an edit goes to: 0 is where the value is decided. */
  readonly depth: number;
  /** How far back other attempts could go. */
  depths: number;
  /** For the title: `in variable acl's default, variables.tf`. */
  place: string | undefined;
  forcesReplacement: "always" | "sometimes" | "never";
}

/** Why an edit could not be built; undefined: it was. */
export type Refusal = string | undefined;

export function setAt(attempt: Attempt, target: Target, draft: Draft): Refusal {
  if (target.path.includes("#")) return inStatement(attempt, target.path, draft);
  const { instance: owner, path } = attempt.instance.locate(target.path);
  const [first, ...rest] = path;
  if (typeof first === "string" && owner.definition.parts.has(first)) {
    const element = target.newElement;
    const inner = element ? { names: namesOf(rest), draft: elementDraft(element, draft) } : { names: namesOf(rest), draft };
    return addPart(attempt, owner, first, nested(inner.names, inner.draft));
  }
  if (owner.resource === undefined) return notWritten(owner);
  if (first === undefined) return "The fix sets a whole resource.";
  noteReplacement(attempt, owner.resource, path);
  if (target.newElement) return addKeyed(attempt, owner.resource, path, elementDraft(target.newElement, draft));
  const written = withinText(owner.resource, path, target.value, draft);
  return written
    ? write(attempt, owner.resource, path, written)
    : "What decides is only part of what is written: change it by hand.";
}

/** A part of a statement; without a draft it goes. */
function inStatement(attempt: Attempt, whole: Path, draft: Draft | undefined): Refusal {
  const document = whole.indexOf("#");
  const { instance: owner, path } = attempt.instance.locate(whole.slice(0, document));
  if (owner.resource === undefined) return notWritten(owner);
  noteReplacement(attempt, owner.resource, path);
  return editPart(attempt, owner.resource, path, whole.slice(document + 1), draft);
}

function elementDraft(element: NonNullable<Target["newElement"]>, draft: Draft): Draft {
  const key: Draft = { kind: "text", text: JSON.stringify(element.value) };
  const inner = nested(element.rest, draft);
  return { kind: "object", entries: new Map([[element.key, key], ...(inner.kind === "object" ? inner.entries : [])]) };
}

export function replaceAt(attempt: Attempt, target: Target, draft: Draft): Refusal {
  if (target.path.includes("#")) return inStatement(attempt, target.path, draft);
  const { instance: owner, path } = attempt.instance.locate(target.path);
  if (owner.resource === undefined) return notWritten(owner);
  noteReplacement(attempt, owner.resource, path);
  const written = withinText(owner.resource, path, target.value, draft);
  return written
    ? write(attempt, owner.resource, path, written)
    : "What decides is only part of what is written: change it by hand.";
}

/** A value taken from the middle of a text (`ACCEPT#0.0.0.0/0#22#TCP`) is replaced there. */
function withinText(resource: ResourceInstance, path: Path, value: Value | undefined, draft: Draft): Draft | undefined {
  const actual = valueAt(resource.values, path);
  if (actual?.kind !== "string" || value?.kind !== "string" || actual.value === value.value) return draft;
  const pieces = actual.value.split(value.value);
  if (pieces.length !== 2 || draft.kind !== "text" || !/^".*"$/s.test(draft.text)) return undefined;
  const [before = "", after = ""] = pieces.map((piece) => renderString(piece).slice(1, -1));
  return { kind: "text", text: `"${before}${draft.text.slice(1, -1)}${after}"` };
}

export function addBlockAt(attempt: Attempt, target: Target, draft: Draft): Refusal {
  const { instance: owner, path } = attempt.instance.locate(target.path);
  if (owner.resource === undefined) return notWritten(owner);
  const place = descend(attempt, owner.resource, path.slice(0, -1));
  const name = path.at(-1);
  if (typeof place === "string") return place;
  if (typeof name !== "string" || place.missing.length > 0) return "The block that the fix adds to is not written.";
  if (!attempt.host.writable(place.file)) return notWritable(place.file);
  noteReplacement(attempt, owner.resource, path);
  attempt.plan.addBlock(place.file, place.body, place.schema, name, draft);
  return undefined;
}

/** Removes what the targets name; what that leaves empty goes too. */
export function removeAll(attempt: Attempt, targets: readonly Target[]): Refusal {
  const elements = new Map<Value, Target[]>();
  for (const target of targets) {
    const { holder } = target;
    if (holder === undefined || target.path.includes("#")) {
      const refusal = removeOne(attempt, target.path);
      if (refusal !== undefined) return refusal;
      continue;
    }
    const same = elements.get(holder.list);
    if (same) same.push(target);
    else elements.set(holder.list, [target]);
  }
  for (const [list, removed] of elements) {
    const element = removed[0]?.holder?.element;
    const construct = wholeList(list, removed.length) && element && !admitsOthers(element, list) ? element.path : undefined;
    const paths = construct ? [construct] : removed.map((target) => target.path);
    for (const path of paths) {
      const refusal = removeOne(attempt, path);
      if (refusal !== undefined) return refusal;
    }
  }
  return undefined;
}

function wholeList(list: Value, removed: number): boolean {
  return "items" in list && list.rest === undefined && removed === list.items.length;
}

/** Whether the element names something else too (groups beside ranges): then it stays. */
function admitsOthers(element: Value, list: Value): boolean {
  if (element.kind !== "object") return false;
  const others = ["cidrs", "groups"]
    .map((name) => element.entries.get(name))
    .filter((value) => value !== undefined && value !== list);
  const self = element.entries.get("self");
  return others.some((value) => value && "items" in value && value.items.length > 0) || (self?.kind === "bool" && self.value);
}

function removeOne(attempt: Attempt, whole: Path): Refusal {
  const document = whole.indexOf("#");
  const { instance: owner, path } = attempt.instance.locate(document < 0 ? whole : whole.slice(0, document));
  const { resource } = owner;
  if (resource === undefined) return notWritten(owner);
  if (document >= 0 && whole.length > document + 3) return inStatement(attempt, whole, undefined);
  if (document >= 0) return removeStatement(attempt, owner, resource, path, whole.slice(document + 1));
  if (path.length === 0) return removeResource(attempt, resource);
  noteReplacement(attempt, resource, path);
  const place = descend(attempt, resource, path);
  if (typeof place !== "string" && place.missing.length === 0 && place.block) {
    if (place.block.type.name === "content")
      return `\`${String(path[0])}\` is written by a \`dynamic\` block: change what it repeats over.`;
    if (!attempt.host.writable(place.file)) return notWritable(place.file);
    const source = attempt.host.source(place.file);
    if (source) attempt.plan.removeBlock(place.file, source, place.parent, place.block);
    return undefined;
  }
  if (removeJsonBlock(attempt, resource, path)) return undefined;
  if (typeof path.at(-1) === "string") return removeNamed(attempt, resource, path);
  return removeListElement(attempt, resource, path);
}

export function removeResource(attempt: Attempt, resource: ResourceInstance): Refusal {
  const { file, item } = resource.declaration;
  if (!attempt.host.writable(file)) return notWritable(file);
  if (resource.key !== undefined)
    return `\`${resource.address}\` is one of several made by \`count\` or \`for_each\`: remove it there.`;
  const source = attempt.host.source(file);
  if (source === undefined) return notWritable(file);
  attempt.plan.removeTopLevel(file, source, item);
  return undefined;
}

/** In JSON syntax a block, or a list of one, is a member of its resource. */
function removeJsonBlock(attempt: Attempt, { declaration }: ResourceInstance, path: Path): boolean {
  const { file, item } = declaration;
  const [name, index, ...rest] = path;
  const source = attempt.host.source(file);
  if (source?.syntax !== "json" || item.node.kind !== "block" || rest.length > 0 || !attempt.host.writable(file)) return false;
  const written = item.node.body.items.find((one): one is Attribute => one.kind === "attribute" && one.name.name === name);
  if (written === undefined || (index !== undefined && written.value.kind !== "object")) return false;
  attempt.plan.removeAttribute(file, source, { node: item.node.body, base: item.base }, written);
  return true;
}

export function removeNamed(attempt: Attempt, resource: ResourceInstance, path: Path): Refusal {
  const [hop] = attempt.host.provenance(resource, path).hops;
  if (hop?.attribute === undefined || hop.block === undefined) return "The argument is not written where it could be removed.";
  const { file } = hop.location;
  const source = attempt.host.source(file);
  if (!attempt.host.writable(file)) return notWritable(file);
  if (source === undefined) return notWritable(file);
  const name = path.at(-1);
  if (hop.attribute.node.name.name === name) {
    attempt.plan.removeAttribute(file, source, { node: hop.block.node.body, base: hop.block.base }, hop.attribute.node);
    return undefined;
  }
  const object = hop.expression && holderOf(hop.attribute.node.value, hop.expression.node, "object");
  if (object === undefined || typeof name !== "string") return "The argument is not written where it could be removed.";
  const placed = { node: object, base: hop.attribute.base };
  if (source.syntax === "json") attempt.plan.removeMember(file, absolute(placed), name);
  else attempt.plan.add(file, removeObjectItem(source, placed, name));
  return undefined;
}

function removeListElement(attempt: Attempt, resource: ResourceInstance, path: Path): Refusal {
  const { hops } = attempt.host.provenance(resource, path);
  const found = hops.flatMap((hop) => {
    if (hop.expression === undefined || hop.attribute === undefined || !attempt.host.writable(hop.location.file)) return [];
    const tuple = holderOf(hop.attribute.node.value, hop.expression.node, "tuple");
    return tuple ? [{ hop, attribute: hop.attribute, tuple, element: hop.expression.node }] : [];
  });
  const chosen = choose(attempt, found);
  if (chosen === undefined) return computed(attempt, hops);
  const { hop, tuple, element, attribute } = chosen;
  const index = tuple.elements.indexOf(element);
  const { file } = hop.location;
  const { base } = attribute;
  const { block } = hop;
  const whole = (hop.kind === "attribute" || hop.kind === "element") && attribute.node.value === tuple && block !== undefined;
  attempt.plan.removeElement(tuple, index, {
    file,
    length: tuple.elements.length,
    remove: (source, indexes) =>
      source.syntax === "json"
        ? (removeJsonElements(source, absolute({ node: tuple, base }), indexes) ?? [])
        : removeElements(source, { node: tuple, base }, indexes),
    whenEmpty: whole
      ? () => {
          const source = attempt.host.source(file);
          if (source) attempt.plan.removeAttribute(file, source, { node: block.node.body, base: block.base }, attribute.node);
        }
      : undefined,
  });
  notePlace(attempt, hop, hops);
  return undefined;
}

/** Replaces what decides the value at a path, or adds what is not written. */
function write(attempt: Attempt, resource: ResourceInstance, path: Path, draft: Draft): Refusal {
  const provenance = attempt.host.provenance(resource, path);
  const [first] = provenance.hops;
  if (first === undefined) return `\`${resource.address}\` is not written in these files.`;
  if (provenance.omitted || first.kind === "header") return insert(attempt, resource, path, draft, first);
  if (provenance.computed) return computed(attempt, provenance.hops);
  const links = provenance.hops.filter(
    (hop) => hop.expression !== undefined && hop.kind !== "header" && attempt.host.writable(hop.location.file),
  );
  const hop = choose(attempt, links);
  if (hop?.expression === undefined) return notWritable(first.location.file);
  const { file } = hop.location;
  const source = attempt.host.source(file);
  if (source === undefined) return notWritable(file);
  const edits = replacement(source, hop.expression, draft);
  if (edits === undefined) return computed(attempt, provenance.hops);
  attempt.plan.add(file, edits);
  notePlace(attempt, hop, provenance.hops);
  return undefined;
}

/** undefined: in JSON syntax, what decides is computed inside a string. */
export function replacement(source: SourceFile, expression: Placed<Expression>, draft: Draft): readonly TextEdit[] | undefined {
  if (source.syntax === "json") return replaceValue(source, absolute(expression), jsonOf(draft));
  return replaceExpression(source, expression, renderDraft(draft));
}

/** The link that this attempt is for, counted from the end of the chain. */
function choose<Link>(attempt: Attempt, links: readonly Link[]): Link | undefined {
  attempt.depths = Math.max(attempt.depths, links.length);
  return links[Math.max(0, links.length - 1 - attempt.depth)];
}

function notePlace(attempt: Attempt, hop: Hop, hops: readonly Hop[]): void {
  const file = baseName(hop.location.file);
  switch (hop.kind) {
    case "variable default":
      attempt.place ??= `in ${hop.label}'s default, ${file}`;
      return;
    case "local":
      attempt.place ??= `in ${hop.label}, ${file}`;
      return;
    case "module argument":
      attempt.place ??= `in module.${hop.block?.node.labels[0]?.name ?? hop.label}'s argument, ${file}`;
      return;
    case "variable file":
    case "module output":
    case "provider":
      attempt.place ??= `${hop.label} in ${file}`;
      return;
    default: {
      const next = hops[hops.indexOf(hop) + 1];
      if (next !== undefined && next.kind !== "element") attempt.place ??= `here, in place of ${next.label}`;
    }
  }
}

interface Place {
  readonly file: string;
  readonly body: Placed<Body>;
  readonly schema: BlockSchema | undefined;
  /** The block that `body` is of, unless it is the resource's own, and the body that holds it. */
  readonly block: Block | undefined;
  readonly parent: Placed<Body>;
  /** What of the path is not written: block names, then the attribute. */
  readonly missing: Path;
}

/** The innermost written block that holds a path, or could: blocks of a set stand in another order than its elements. */
function descend(attempt: Attempt, resource: ResourceInstance, path: Path): Place | string {
  const { file, item } = resource.declaration;
  if (item.node.kind !== "block") return "The fix is for an argument outside of any block.";
  const [hop] = attempt.host.provenance(resource, path).hops;
  const inner = hop?.block && hop.location.file === file && hop.block.base === item.base ? hop.block.node : item.node;
  const chain = chainTo(item.node, inner) ?? [item.node];
  let schema = resource.schema;
  let at = 0;
  for (const block of chain.slice(1)) {
    // A dynamic block and its content are one step.
    if (block.type.name === "dynamic") continue;
    const step = path[at];
    schema = typeof step === "string" ? schema?.blocks.get(step) : undefined;
    at += typeof path[at + 1] === "number" ? 2 : 1;
  }
  const last = chain.at(-1) ?? item.node;
  const before = chain.at(-2);
  return {
    file,
    body: { node: last.body, base: item.base },
    schema,
    block: before && last,
    parent: { node: (before ?? last).body, base: item.base },
    missing: path.slice(at),
  };
}

/** By range: after an edit was tried and taken back, the tree of the same text has other nodes. */
function chainTo(from: Block, wanted: Block): readonly Block[] | undefined {
  if (from.start === wanted.start && from.end === wanted.end) return [from];
  for (const item of from.body.items) {
    const rest = item.kind === "block" ? chainTo(item, wanted) : undefined;
    if (rest) return [from, ...rest];
  }
  return undefined;
}

function insert(attempt: Attempt, resource: ResourceInstance, path: Path, draft: Draft, hop: Hop): Refusal {
  const place = descend(attempt, resource, path);
  if (typeof place === "string") return place;
  const { file } = place;
  if (!attempt.host.writable(file)) return notWritable(file);
  const source = attempt.host.source(file);
  if (source === undefined) return notWritable(file);
  const [name, ...rest] = namesOf(place.missing);
  if (name === undefined) return "The fix sets a whole block.";
  const nestedSchema = place.schema?.blocks.get(name);
  const existing = place.body.node.items.find((one): one is Attribute => one.kind === "attribute" && one.name.name === name);
  // In JSON syntax a block that is written looks like an argument.
  if (nestedSchema !== undefined && existing === undefined) {
    attempt.plan.setInNewBlock(file, place.body, place.schema, name, nestedSchema, nested(rest, draft));
    return undefined;
  }
  if (existing === undefined) {
    attempt.plan.setNew(file, place.body, place.schema, name, nested(rest, draft));
    return undefined;
  }
  const base = place.body.base;
  if (rest.length === 0) {
    if (existing.value.kind !== "literal" && existing.value.kind !== "template") return computed(attempt, [hop]);
    const edits = replacement(source, { node: existing.value, base }, draft);
    if (edits === undefined) return computed(attempt, [hop]);
    attempt.plan.add(file, edits);
    return undefined;
  }
  const [single, other] = existing.value.kind === "tuple" ? existing.value.elements : [];
  const written = source.syntax === "json" && single !== undefined && other === undefined ? single : existing.value;
  return setInObject(attempt, file, { node: written, base }, rest, draft);
}

function setInObject(
  attempt: Attempt,
  file: string,
  expression: Placed<Expression>,
  names: readonly string[],
  draft: Draft,
): Refusal {
  const source = attempt.host.source(file);
  const [name, ...rest] = names;
  if (source === undefined || name === undefined || expression.node.kind !== "object")
    return "The value that the fix adds to is computed by an expression: change it by hand.";
  const object: ObjectExpression = expression.node;
  const item = object.items.find((one) => keyOf(one) === name);
  if (item && rest.length > 0) return setInObject(attempt, file, { node: item.value, base: expression.base }, rest, draft);
  const placed = { node: object, base: expression.base };
  const value = nested(rest, draft);
  if (source.syntax === "json") attempt.plan.setMember(file, absolute(placed), name, value);
  else attempt.plan.add(file, setObjectItem(source, placed, name, renderDraft(value)));
  return undefined;
}

/** Adds an element with a key to a list of blocks or of objects. */
function addKeyed(attempt: Attempt, resource: ResourceInstance, path: Path, draft: Draft): Refusal {
  const place = descend(attempt, resource, path.slice(0, -1));
  const name = path.at(-1);
  if (typeof place === "string") return place;
  if (typeof name !== "string") return "The fix does not say which list it adds to.";
  const { file } = place;
  if (!attempt.host.writable(file)) return notWritable(file);
  if (attempt.host.source(file) === undefined) return notWritable(file);
  if (place.missing.length === 0 && place.schema?.blocks.has(name) === true) {
    attempt.plan.addBlock(file, place.body, place.schema, name, draft);
    return undefined;
  }
  const provenance = attempt.host.provenance(resource, path);
  const hop = choose(
    attempt,
    provenance.hops.filter((one) => one.expression?.node.kind === "tuple" && attempt.host.writable(one.location.file)),
  );
  if (hop?.expression?.node.kind === "tuple") {
    const tuple = { node: hop.expression.node, base: hop.expression.base };
    const list = attempt.host.source(hop.location.file);
    if (list === undefined) return notWritable(hop.location.file);
    const edits =
      list.syntax === "json" ? insertJsonElement(list, absolute(tuple), jsonOf(draft)) : insertElement(list, tuple, oneLine(draft));
    if (edits === undefined) return computed(attempt, provenance.hops);
    attempt.plan.add(hop.location.file, edits);
    notePlace(attempt, hop, provenance.hops);
    return undefined;
  }
  if (!provenance.omitted) return computed(attempt, provenance.hops);
  const [hopFirst] = provenance.hops;
  return hopFirst ? insert(attempt, resource, path, { kind: "list", items: [draft] }, hopFirst) : notWritable(file);
}

function oneLine(draft: Draft): string {
  if (draft.kind !== "object") return renderDraft(draft);
  const text = `{ ${[...draft.entries].map(([key, entry]) => `${key} = ${renderDraft(entry)}`).join(", ")} }`;
  return text.includes("\n") || text.length > 100 ? renderDraft(draft) : text;
}

/** The object or tuple under `root` that directly holds `wanted` (or is it, for an object's own value). */
function holderOf(root: Expression, wanted: Expression, kind: "tuple"): Tuple | undefined;
function holderOf(root: Expression, wanted: Expression, kind: "object"): ObjectExpression | undefined;
function holderOf(root: Expression, wanted: Expression, kind: "tuple" | "object"): Expression | undefined {
  if (root.kind === "tuple") {
    if (kind === "tuple" && root.elements.includes(wanted)) return root;
    return firstOf(root.elements, (element) => holding(element, wanted, kind));
  }
  if (root.kind === "object") {
    if (kind === "object" && root.items.some((item) => item.value === wanted)) return root;
    return firstOf(root.items, (item) => holding(item.value, wanted, kind));
  }
  if (root.kind === "parentheses") return holding(root.inner, wanted, kind);
  if (root.kind === "call") return firstOf(root.arguments, (argument) => holding(argument, wanted, kind));
  return undefined;
}

function holding(root: Expression, wanted: Expression, kind: "tuple" | "object"): Expression | undefined {
  return kind === "tuple" ? holderOf(root, wanted, "tuple") : holderOf(root, wanted, "object");
}

export function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function namesOf(path: Path): readonly string[] {
  return path.filter((step): step is string => typeof step === "string");
}

/** The strictest of what the schema says about a change at the path. */
function noteReplacement(attempt: Attempt, resource: ResourceInstance, path: Path): void {
  let schema = resource.schema;
  for (const step of path) {
    if (typeof step === "number") continue;
    const found: AttributeSchema | NestedBlockSchema | undefined = schema?.attributes.get(step) ?? schema?.blocks.get(step);
    if (found === undefined) return;
    if (found.forcesReplacement === "always") attempt.forcesReplacement = "always";
    else if (found.forcesReplacement === "sometimes" && attempt.forcesReplacement === "never")
      attempt.forcesReplacement = "sometimes";
    schema = "blocks" in found ? found : undefined;
  }
}

function notWritten(owner: Instance): string {
  return owner.orphan ? "What it belongs to is not in these files." : "It is not written in these files.";
}

export function notWritable(file: string): string {
  return `${baseName(file)} is outside the workspace or in a downloaded module.`;
}

export function computed(attempt: Attempt, hops: readonly Hop[]): string {
  const last = hops.findLast(({ kind }) => kind !== "file");
  const source = last && attempt.host.source(last.location.file);
  const text = last && source ? source.text.slice(last.location.range.start, last.location.range.end) : "";
  const shown =
    text !== "" && text.length <= 60 && !text.includes("\n") && last?.kind !== "header" ? ` \`${text}\`` : " an expression";
  return `The value is computed by${shown}: change it by hand.`;
}
