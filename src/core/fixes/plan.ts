import { differences, tidied } from "../hcl/align.ts";
import { absolute, addItems, appendAttribute, appendBlock, removeAttribute, removeBlock, removeTopLevel } from "../hcl/edit.ts";
import type { Placed } from "../hcl/edit.ts";
import {
  addResources,
  addToMember,
  addVariables,
  hasMember,
  removeMembers,
  removeResourceAt,
  setMembers,
  type JsonDraft,
} from "../hcl/json-edit.ts";
import type { Attribute, Block, Body, SourceFile, TopLevel } from "../hcl/syntax.ts";
import type { BlockSchema, NestedBlockSchema } from "../terraform/schema.ts";
import type { FilePath, TextEdit, TextRange, WorkspaceEdit } from "../text/text.ts";
import { jsonOf, renderBlock, renderBody, unmarked } from "./draft.ts";
import type { AskSpec, Draft } from "./draft.ts";
import type { Ask, FixHost } from "./model.ts";

interface Insertion {
  readonly file: FilePath;
  readonly body: Placed<Body>;
  readonly schema: BlockSchema | undefined;
  readonly attributes: Map<string, Draft>;
  /** Blocks that several edits may fill together. */
  readonly merged: Map<string, { draft: Draft; readonly schema: NestedBlockSchema }>;
  readonly blocks: { readonly name: string; readonly draft: Draft; readonly schema: BlockSchema | undefined }[];
}

/** Elements of one list that go, however many edits say so. */
export interface ListRemoval {
  readonly file: FilePath;
  readonly length: number;
  readonly remove: (source: SourceFile, indexes: ReadonlySet<number>) => readonly TextEdit[];
  /** What goes instead when nothing would stay; undefined: the list becomes empty. */
  readonly whenEmpty: (() => void) | undefined;
}

/**
 * What a fix does to files, collected over its edits, so that two edits of one construct become one change of text. Nothing is
 * applied here: `finish` gives the edit.
 */
export class EditPlan {
  readonly #host: FixHost;
  readonly #edits = new Map<FilePath, TextEdit[]>();
  readonly #insertions = new Map<Body, Insertion>();
  readonly #removals = new Map<object, { readonly removal: ListRemoval; readonly indexes: Set<number> }>();
  readonly #removedItems = new Set<object>();
  readonly #memberRemovals = new Map<
    string,
    { readonly file: FilePath; readonly object: TextRange; readonly names: Set<string> }
  >();
  readonly #memberSets = new Map<
    string,
    { readonly file: FilePath; readonly object: TextRange; readonly members: Map<string, Draft> }
  >();
  readonly #variables = new Map<FilePath, Map<string, JsonDraft>>();
  readonly #resources = new Map<FilePath, Map<string, Map<string, JsonDraft>>>();
  /** Names of variables that the fix adds. */
  readonly newVariables = new Set<string>();

  constructor(host: FixHost) {
    this.#host = host;
  }

  add(file: FilePath, edits: readonly TextEdit[]): void {
    const list = this.#edits.get(file);
    if (list) list.push(...edits);
    else this.#edits.set(file, [...edits]);
  }

  setNew(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined, name: string, draft: Draft): void {
    this.#insertion(file, body, schema).attributes.set(name, draft);
  }

  /** A nested block that is not there: further values for it go into the same one. */
  setInNewBlock(
    file: FilePath,
    body: Placed<Body>,
    schema: BlockSchema | undefined,
    name: string,
    nestedSchema: NestedBlockSchema,
    draft: Draft,
  ): void {
    const { merged } = this.#insertion(file, body, schema);
    const present = merged.get(name);
    merged.set(name, { draft: present ? mergedDraft(present.draft, draft) : draft, schema: nestedSchema });
  }

  addBlock(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined, name: string, draft: Draft): void {
    this.#insertion(file, body, schema).blocks.push({ name, draft, schema: schema?.blocks.get(name) });
  }

  /** `list` is the node that stands for the list. */
  removeElement(list: object, index: number, removal: ListRemoval): void {
    const present = this.#removals.get(list);
    if (present) present.indexes.add(index);
    else this.#removals.set(list, { removal, indexes: new Set([index]) });
  }

  removeAttribute(file: FilePath, source: SourceFile, body: Placed<Body>, attribute: Attribute): void {
    if (!this.#once(attribute)) return;
    if (source.syntax === "json") this.removeMember(file, absolute(body), attribute.name.name);
    else this.add(file, removeAttribute(source, body, attribute.name.name));
  }

  /** Of an object in a file in JSON syntax. Further values for a member that is not there go into the same one. */
  setMember(file: FilePath, object: TextRange, name: string, draft: Draft): void {
    const key = `${String(object.start)} ${file}`;
    let present = this.#memberSets.get(key);
    if (present === undefined) this.#memberSets.set(key, (present = { file, object, members: new Map<string, Draft>() }));
    const before = present.members.get(name);
    present.members.set(name, before === undefined ? draft : mergedDraft(before, draft));
  }

  /** Of an object in a file in JSON syntax. */
  removeMember(file: FilePath, object: TextRange, name: string): void {
    const key = `${String(object.start)} ${file}`;
    const present = this.#memberRemovals.get(key);
    if (present) present.names.add(name);
    else this.#memberRemovals.set(key, { file, object, names: new Set([name]) });
  }

  removeBlock(file: FilePath, source: SourceFile, body: Placed<Body>, block: Block): void {
    if (this.#once(block)) this.add(file, removeBlock(source, body, block));
  }

  removeTopLevel(file: FilePath, source: SourceFile, item: TopLevel): void {
    if (!this.#once(item.node)) return;
    if (source.syntax === "native") this.add(file, removeTopLevel(source, item));
    else if (item.node.kind === "block")
      this.add(file, removeResourceAt(source, absolute({ node: item.node.body, base: item.base })) ?? []);
  }

  /** A new resource: behind `after`, or where a file in JSON syntax has its resources. */
  addResource(
    file: FilePath,
    source: SourceFile,
    after: TopLevel | undefined,
    {
      type,
      label,
      draft,
      schema,
    }: { readonly type: string; readonly label: string; readonly draft: Draft; readonly schema: BlockSchema },
  ): void {
    if (source.syntax === "native") {
      this.appendBlock(file, source, after, renderBlock(`resource "${type}" "${label}"`, draft, schema));
      return;
    }
    const ofFile = this.#resources.get(file) ?? new Map<string, Map<string, JsonDraft>>();
    const ofType = ofFile.get(type) ?? new Map<string, JsonDraft>();
    this.#resources.set(file, ofFile.set(type, ofType.set(label, jsonOf(draft))));
  }

  appendBlock(file: FilePath, source: SourceFile, after: TopLevel | undefined, text: string): void {
    this.add(file, appendBlock(source, after, text));
  }

  /** A variable for a secret: whoever applies gives it a value. */
  addSecretVariable(file: FilePath, source: SourceFile, after: TopLevel | undefined, name: string): void {
    if (source.syntax === "native") {
      this.appendBlock(file, source, after, `variable "${name}" {\n  type      = string\n  sensitive = true\n}`);
      return;
    }
    const members = new Map<string, JsonDraft>([
      ["type", { kind: "text", text: '"string"' }],
      ["sensitive", { kind: "text", text: "true" }],
    ]);
    const ofFile = this.#variables.get(file) ?? new Map<string, JsonDraft>();
    this.#variables.set(file, ofFile.set(name, { kind: "object", members }));
  }

  appendAttribute(file: FilePath, source: SourceFile, name: string, text: string): void {
    this.add(file, appendAttribute(source, name, text));
  }

  #once(node: object): boolean {
    if (this.#removedItems.has(node)) return false;
    this.#removedItems.add(node);
    return true;
  }

  #insertion(file: FilePath, body: Placed<Body>, schema: BlockSchema | undefined): Insertion {
    let insertion = this.#insertions.get(body.node);
    if (insertion === undefined) {
      insertion = { file, body, schema, attributes: new Map(), merged: new Map(), blocks: [] };
      this.#insertions.set(body.node, insertion);
    }
    return insertion;
  }

  /** The edit, aligned, and the placeholders' ranges after it. Empty: nothing would change. */
  finish(asks: readonly AskSpec[]): { readonly edit: WorkspaceEdit; readonly asks: readonly Ask[] } {
    this.#emit();
    const edit = new Map<FilePath, readonly TextEdit[]>();
    const placed: Ask[] = [];
    for (const [file, marked] of this.#edits) {
      const source = this.#host.source(file);
      if (source === undefined) continue;
      const { edits, marks } = withoutMarks(withoutOverlaps(marked));
      const { text, map } = tidied(source, edits);
      const changes = differences(source.text, text);
      if (changes.length === 0) continue;
      edit.set(file, changes);
      for (const mark of marks) {
        const ask = asks[mark.ask];
        if (ask) placed.push({ ...ask, file, range: { start: map(mark.start), end: map(mark.end) } });
      }
    }
    return {
      edit,
      asks: placed.map(({ label, type, allowed, default: text, file, range }) => ({
        label,
        type,
        allowed,
        default: text,
        file,
        range,
      })),
    };
  }

  #emit(): void {
    for (const { removal, indexes } of this.#removals.values()) {
      const source = this.#host.source(removal.file);
      if (source === undefined) continue;
      if (indexes.size >= removal.length && removal.whenEmpty) removal.whenEmpty();
      else this.add(removal.file, removal.remove(source, indexes));
    }
    for (const insertion of this.#insertions.values()) {
      const source = this.#host.source(insertion.file);
      if (source === undefined) continue;
      if (source.syntax === "json") {
        this.add(insertion.file, jsonEdits(source, insertion));
        continue;
      }
      const { lines, blocks } = renderBody(insertion.attributes, insertion.schema);
      const added = [
        ...blocks,
        ...[...insertion.merged].map(([name, { draft, schema }]) => renderBlock(name, draft, schema)),
        ...insertion.blocks.map(({ name, draft, schema }) => renderBlock(name, draft, schema)),
      ];
      this.add(insertion.file, addItems(source, insertion.body, lines, added));
    }
    for (const { file, object, members } of this.#memberSets.values()) {
      const source = this.#host.source(file);
      const drafts = new Map([...members].map(([name, draft]) => [name, jsonOf(draft)]));
      if (source !== undefined) this.add(file, setMembers(source, object, drafts) ?? []);
    }
    for (const { file, object, names } of this.#memberRemovals.values()) {
      const source = this.#host.source(file);
      if (source !== undefined) this.add(file, removeMembers(source, object, names) ?? []);
    }
    for (const [file, variables] of this.#variables) {
      const source = this.#host.source(file);
      if (source !== undefined) this.add(file, addVariables(source, variables) ?? []);
    }
    for (const [file, resources] of this.#resources) {
      const source = this.#host.source(file);
      if (source !== undefined) this.add(file, addResources(source, resources) ?? []);
    }
  }
}

/** A list of blocks is one member, however many there are. */
function jsonEdits(source: SourceFile, { body, attributes, merged, blocks }: Insertion): readonly TextEdit[] {
  const range = absolute(body);
  const members = new Map<string, JsonDraft>();
  for (const [name, draft] of attributes) members.set(name, jsonOf(draft));
  for (const [name, { draft }] of merged) members.set(name, jsonOf(draft));
  const edits: TextEdit[] = [];
  for (const name of new Set(blocks.map((block) => block.name))) {
    const values = blocks.filter((block) => block.name === name).map(({ draft }) => jsonOf(draft));
    const [only] = values;
    if (hasMember(source, range, name)) edits.push(...(addToMember(source, range, name, values) ?? []));
    else if (only !== undefined) members.set(name, values.length === 1 ? only : { kind: "array", items: values });
  }
  return [...edits, ...(setMembers(source, range, members) ?? [])];
}

function mergedDraft(a: Draft, b: Draft): Draft {
  if (a.kind !== "object" || b.kind !== "object") return b;
  const entries = new Map(a.entries);
  for (const [key, draft] of b.entries) {
    const present = entries.get(key);
    entries.set(key, present ? mergedDraft(present, draft) : draft);
  }
  return { kind: "object", entries };
}

/** Edits inside a removed range go with it; the same edit twice is one. */
function withoutOverlaps(edits: readonly TextEdit[]): readonly TextEdit[] {
  const sorted = edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.range.start - b.edit.range.start || b.edit.range.end - a.edit.range.end || a.index - b.index)
    .map(({ edit }) => edit);
  const kept: TextEdit[] = [];
  let covered = -1;
  for (const edit of sorted) {
    const insertion = edit.range.start === edit.range.end;
    if (insertion ? edit.range.start < covered : edit.range.start < covered || edit.range.end < covered) continue;
    kept.push(edit);
    covered = Math.max(covered, edit.range.end);
  }
  return kept;
}

/** `marks` are offsets in the text right after the edits, which are in order. */
function withoutMarks(edits: readonly TextEdit[]): {
  readonly edits: readonly TextEdit[];
  readonly marks: readonly { readonly ask: number; readonly start: number; readonly end: number }[];
} {
  const marks: { ask: number; start: number; end: number }[] = [];
  let shift = 0;
  const clean = edits.map((edit) => {
    const { text, marks: inner } = unmarked(edit.newText);
    const at = edit.range.start + shift;
    for (const mark of inner) marks.push({ ask: mark.ask, start: at + mark.start, end: at + mark.end });
    shift += text.length - (edit.range.end - edit.range.start);
    return { range: edit.range, newText: text };
  });
  return { edits: clean, marks };
}
